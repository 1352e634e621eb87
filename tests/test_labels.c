/* Labels along an axis: order, search, suggestions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/labels.h"

static void members_keep_their_order(void **state) {
  (void)state;
  tanlu_labels labels = {0};
  char code[16], name[32];
  for (int i = 0; i < 100; i++) {
    snprintf(code, sizeof code, "c%d", i);
    snprintf(name, sizeof name, "Name %d", i);
    assert_int_equal(tanlu_labels_add(&labels, code, name, "名", NULL), TANLU_OK);
  }
  assert_int_equal(labels.count, 100);
  assert_int_equal(tanlu_labels_find(&labels, "c0"), 0);
  assert_int_equal(tanlu_labels_find(&labels, "c73"), 73);
  assert_string_equal(labels.name[73], "Name 73");
  assert_string_equal(labels.name_zh[73], "名");
  assert_true(tanlu_labels_find(&labels, "c100") == TANLU_NONE);
  assert_true(tanlu_labels_find(&labels, "") == TANLU_NONE);
  tanlu_labels_clear(&labels);
  assert_int_equal(labels.count, 0);
  assert_null(labels.code);
}

static void missing_names_are_empty(void **state) {
  (void)state;
  tanlu_labels labels = {0};
  assert_int_equal(tanlu_labels_add(&labels, "coal", NULL, NULL, NULL), TANLU_OK);
  assert_string_equal(labels.name[0], "");
  assert_string_equal(labels.name_zh[0], "");
  tanlu_labels_clear(&labels);
  tanlu_labels_clear(&labels); /* a cleared list may be cleared again */
}

/* The limit is a third of the length + 1: "agricultur" (10 letters) may be 4 edits away, "x" one. */
static void the_nearest_word_is_suggested(void **state) {
  (void)state;
  static const char *const words[] = {"agriculture", "machinery", "services", "coal"};
  const size_t count = sizeof words / sizeof *words;
  assert_string_equal(tanlu_nearest("agricultur", words, count), "agriculture"); /* one letter missing */
  assert_string_equal(tanlu_nearest("machinrey", words, count), "machinery");    /* two letters changed places */
  assert_string_equal(tanlu_nearest("servcies", words, count), "services");      /* the same */
  assert_string_equal(tanlu_nearest("goal", words, count), "coal");              /* one substitution */
  assert_string_equal(tanlu_nearest("coal", words, count), "coal");              /* itself */
  assert_null(tanlu_nearest("transport", words, count));                         /* far from all */
  assert_null(tanlu_nearest("x", words, count));
  assert_null(tanlu_nearest("coal", words, 0));
  char endless[400]; /* longer than any code: no suggestion, no overflow */
  memset(endless, 'a', sizeof endless - 1);
  endless[sizeof endless - 1] = '\0';
  assert_null(tanlu_nearest(endless, words, count));
}

/* Of two candidates the nearer one, of two equally near ones the first. */
static void nearer_beats_earlier(void **state) {
  (void)state;
  tanlu_labels labels = {0};
  assert_null(tanlu_labels_nearest(&labels, "wind"));
  assert_int_equal(tanlu_labels_add(&labels, "windy", "", "", NULL), TANLU_OK);
  assert_int_equal(tanlu_labels_add(&labels, "winds", "", "", NULL), TANLU_OK);
  assert_int_equal(tanlu_labels_add(&labels, "wine", "", "", NULL), TANLU_OK);
  assert_string_equal(tanlu_labels_nearest(&labels, "wind"), "windy");
  assert_string_equal(tanlu_labels_nearest(&labels, "winds"), "winds");
  assert_string_equal(tanlu_labels_nearest(&labels, "wina"), "wine");
  tanlu_labels_clear(&labels);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(members_keep_their_order),
      cmocka_unit_test(missing_names_are_empty),
      cmocka_unit_test(the_nearest_word_is_suggested),
      cmocka_unit_test(nearer_beats_earlier),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
