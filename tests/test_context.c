/* Status codes, messages, checked memory. Oracles: the exit statuses and the message format that the command line
 * promises ("FILE:LINE:COLUMN: error: text"), and sizes that cannot exist. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "solvers/context.h"
#include "solvers/memory.h"

static int context_setup(void **state) {
  *state = tanlu_context_create();
  return *state ? 0 : -1;
}

static int context_teardown(void **state) {
  tanlu_context *context = *state;
  tanlu_context_free(&context);
  return context == NULL ? 0 : -1;
}

static void exit_statuses_follow_the_command_line(void **state) {
  (void)state;
  assert_int_equal(tanlu_status_exit(TANLU_OK), 0);
  assert_int_equal(tanlu_status_exit(TANLU_DIFFERENT), 1);
  assert_int_equal(tanlu_status_exit(TANLU_ERR_INPUT), 2);
  assert_int_equal(tanlu_status_exit(TANLU_ERR_MODEL), 3);
  assert_int_equal(tanlu_status_exit(TANLU_ERR_IO), 4);
  assert_int_equal(tanlu_status_exit(TANLU_ERR_MEMORY), 4);
  assert_int_equal(tanlu_status_exit(TANLU_INTERRUPTED), 130);
  assert_string_equal(tanlu_status_text(TANLU_ERR_MEMORY), "out of memory");
  assert_int_equal(tanlu_status_exit((tanlu_status)99), 4);
  assert_string_equal(tanlu_status_text((tanlu_status)99), "unknown status");
}

static void messages_are_ready_to_print(void **state) {
  tanlu_context *context = *state;
  const tanlu_status status =
      tanlu_fail_at(context, TANLU_ERR_INPUT, "flows.csv", 12, 3, "value %d; expected a number >= 0", -4);
  assert_int_equal(status, TANLU_ERR_INPUT);
  tanlu_fail_at(context, TANLU_ERR_INPUT, "flows.csv", 12, 0, "row is short");
  tanlu_fail_at(context, TANLU_ERR_INPUT, "flows.csv", 0, 0, "no such file");
  tanlu_fail_at(context, TANLU_ERR_INPUT, "flows.csv", 0, 7, "no such file");
  assert_int_equal(tanlu_fail(context, TANLU_ERR_MODEL, "sector %s", "steel"), TANLU_ERR_MODEL);
  tanlu_warn(context, "goal missed by %.1f %%", 2.5);
  tanlu_note(context, "done");

  const char *const expected[] = {"flows.csv:12:3: error: value -4; expected a number >= 0",
                                  "flows.csv:12: error: row is short",
                                  "flows.csv: error: no such file",
                                  "flows.csv: error: no such file",
                                  "error: sector steel",
                                  "warning: goal missed by 2.5 %",
                                  "note: done"};
  assert_int_equal(tanlu_context_count(context), 7);
  for (size_t i = 0; i < 7; i++) assert_string_equal(tanlu_context_message(context, i), expected[i]);
  assert_int_equal(tanlu_context_errors(context), 5);
  assert_int_equal(tanlu_context_severity(context, 4), TANLU_ERROR);
  assert_int_equal(tanlu_context_severity(context, 5), TANLU_WARNING);
  assert_int_equal(tanlu_context_severity(context, 6), TANLU_NOTE);
  assert_string_equal(tanlu_context_message(context, 7), "");

  tanlu_context_clear(context);
  assert_int_equal(tanlu_context_count(context), 0);
  assert_int_equal(tanlu_context_errors(context), 0);
}

static void errors_beyond_the_cap_are_counted_only(void **state) {
  tanlu_context *context = *state;
  for (int i = 0; i < 35; i++) tanlu_fail(context, TANLU_ERR_INPUT, "number %d", i);
  assert_int_equal(tanlu_context_count(context), TANLU_MESSAGES_MAX);
  assert_int_equal(tanlu_context_errors(context), 35);
  assert_string_equal(tanlu_context_message(context, 0), "error: number 0");
  assert_string_equal(tanlu_context_message(context, 19), "error: number 19");
}

static void warnings_do_not_push_an_error_out(void **state) {
  tanlu_context *context = *state;
  for (int i = 0; i < 50; i++) tanlu_warn(context, "number %d", i);
  tanlu_fail(context, TANLU_ERR_MODEL, "the one that matters");
  const size_t count = tanlu_context_count(context);
  assert_int_equal(count, TANLU_MESSAGES_MAX + 1);
  assert_string_equal(tanlu_context_message(context, count - 1), "error: the one that matters");
}

static void append_keeps_order_and_counts(void **state) {
  tanlu_context *context = *state;
  tanlu_context *other = tanlu_context_create();
  assert_non_null(other);
  tanlu_fail(context, TANLU_ERR_INPUT, "first");
  tanlu_warn(other, "second");
  for (int i = 0; i < 25; i++) tanlu_fail(other, TANLU_ERR_INPUT, "number %d", i);
  tanlu_context_append(context, other);
  tanlu_context_free(&other);

  /* 1 + 25 errors seen; kept: 20 errors (the first and numbers 0 to 18) and the warning. */
  assert_int_equal(tanlu_context_errors(context), 26);
  assert_int_equal(tanlu_context_count(context), 21);
  assert_string_equal(tanlu_context_message(context, 0), "error: first");
  assert_string_equal(tanlu_context_message(context, 1), "warning: second");
  assert_string_equal(tanlu_context_message(context, 20), "error: number 18");
}

static void a_missing_context_is_accepted(void **state) {
  (void)state;
  assert_int_equal(tanlu_fail(NULL, TANLU_ERR_IO, "nobody listens"), TANLU_ERR_IO);
  tanlu_warn(NULL, "nobody listens");
  tanlu_context_append(NULL, NULL);
  tanlu_context_clear(NULL);
  tanlu_context_free(NULL);
  assert_int_equal(tanlu_context_count(NULL), 0);
  assert_int_equal(tanlu_context_errors(NULL), 0);
}

static int stopping;

static int is_stopped(void) {
  return stopping;
}

static void long_work_is_stopped(void **state) {
  tanlu_context *context = *state;
  stopping = 0;
  assert_int_equal(tanlu_context_stopped(NULL), TANLU_OK);
  assert_int_equal(tanlu_context_stopped(context), TANLU_OK);
  tanlu_context_stop_when(context, is_stopped);
  assert_int_equal(tanlu_context_stopped(context), TANLU_OK);
  stopping = 1;
  assert_int_equal(tanlu_context_stopped(context), TANLU_INTERRUPTED);
  assert_int_equal(tanlu_context_errors(context), 1);
  tanlu_context_clear(context);
  assert_int_equal(tanlu_context_stopped(context), TANLU_INTERRUPTED);
  tanlu_context_stop_when(context, NULL);
  assert_int_equal(tanlu_context_stopped(context), TANLU_OK);
}

static void memory_is_zeroed_and_aligned(void **state) {
  tanlu_context *context = *state;
  double *m = tanlu_allocate_doubles(context, 7, 3);
  assert_non_null(m);
  assert_int_equal((uintptr_t)m % 64, 0);
  for (size_t i = 0; i < 21; i++) assert_true(m[i] == 0);
  free(m);
  void *nothing = tanlu_allocate(context, 0, 8);
  assert_non_null(nothing);
  free(nothing);
  char *text = tanlu_string_copy(context, "碳路"), *empty = tanlu_string_copy(context, NULL);
  assert_string_equal(text, "碳路");
  assert_string_equal(empty, "");
  free(text);
  free(empty);
  assert_int_equal(tanlu_context_errors(context), 0);
}

static void impossible_sizes_fail_with_a_message(void **state) {
  tanlu_context *context = *state;
  assert_null(tanlu_allocate(context, SIZE_MAX / 2, 3));          /* the product overflows */
  assert_null(tanlu_allocate(context, SIZE_MAX, 1));              /* rounding up would overflow */
  assert_null(tanlu_allocate_doubles(context, SIZE_MAX / 4, 8));  /* rows x columns overflows */
  assert_null(tanlu_allocate_doubles(context, SIZE_MAX / 16, 4)); /* the bytes overflow */
  assert_null(tanlu_allocate(context, (size_t)1 << 50, 8));       /* 2^53 bytes: beyond any address space in use */
  assert_int_equal(tanlu_context_errors(context), 5);
  for (size_t i = 0; i < 5; i++) assert_non_null(tanlu_context_message(context, i));
}

int main(void) {
#define TEST(function) cmocka_unit_test_setup_teardown(function, context_setup, context_teardown)
  const struct CMUnitTest tests[] = {
      TEST(exit_statuses_follow_the_command_line),
      TEST(messages_are_ready_to_print),
      TEST(errors_beyond_the_cap_are_counted_only),
      TEST(warnings_do_not_push_an_error_out),
      TEST(append_keeps_order_and_counts),
      TEST(a_missing_context_is_accepted),
      TEST(long_work_is_stopped),
      TEST(memory_is_zeroed_and_aligned),
      TEST(impossible_sizes_fail_with_a_message),
  };
#undef TEST
  return cmocka_run_group_tests_name("context", tests, NULL, NULL);
}
