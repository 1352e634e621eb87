/* CSV tables. Oracle: RFC 4180 for what a field is; lines and fields of the problems counted by hand in the texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "tests/support.h"

typedef struct {
  char dir[TANLU_TEST_PATH];
  tanlu_context *context;
  tanlu_csv *table;
} fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  f->context = tanlu_context_create();
  *state = f;
  return tanlu_test_temp_dir(f->dir);
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_csv_free(&f->table);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->dir);
  free(f);
  return 0;
}

static tanlu_status read_text(fixture *f, const char *text) {
  char path[2 * TANLU_TEST_PATH];
  tanlu_csv_free(&f->table);
  tanlu_context_clear(f->context);
  snprintf(path, sizeof path, "%s/t.csv", f->dir);
  assert_int_equal(tanlu_test_write_file(f->dir, "t.csv", text), 0);
  return tanlu_csv_read(&f->table, path, NULL, f->context);
}

static void refuse(fixture *f, const char *text, const char *message) {
  assert_int_equal(read_text(f, text), TANLU_ERR_INPUT);
  assert_null(f->table);
  assert_true(tanlu_test_has_message(f->context, message));
}

/* Lines that begin with # are comments ahead of the header, and data behind it; a quote in a comment opens nothing. */
static void comments_stand_ahead_of_the_header(void **state) {
  fixture *f = *state;
  assert_int_equal(read_text(f, "# a \"comment, with a quote\n#\n\ncode,x\n#a,1\nb\n"), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "t.csv:6:2: error: 1 fields"));
  assert_int_equal(read_text(f, "# a\r\n# b\ncode,x\n#a,1\n"), TANLU_OK);
  assert_int_equal(f->table->header_line, 3);
  assert_int_equal(f->table->rows, 1);
  assert_string_equal(tanlu_csv_text(f->table, 0, 0), "#a");
  assert_int_equal(f->table->line[0], 4);
  refuse(f, "# only a comment\n", "t.csv:1: error: the file is empty");
}

static void reads_fields_and_lines(void **state) {
  fixture *f = *state;
  assert_int_equal(read_text(f, "code,name,x\na,\"one, two\",1\nb,\"say \"\"hi\"\"\",2\n"
                                "c,\"two\nlines\",3\nd, spaced ,4\n"),
                   TANLU_OK);
  assert_int_equal(f->table->columns, 3);
  assert_int_equal(f->table->rows, 4);
  assert_string_equal(tanlu_csv_header(f->table, 2), "x");
  assert_string_equal(tanlu_csv_text(f->table, 0, 1), "one, two");
  assert_string_equal(tanlu_csv_text(f->table, 1, 1), "say \"hi\"");
  assert_string_equal(tanlu_csv_text(f->table, 2, 1), "two\nlines");
  assert_string_equal(tanlu_csv_text(f->table, 3, 1), "spaced");
  assert_int_equal(f->table->line[2], 4);
  assert_int_equal(f->table->line[3], 6); /* the row before took two lines */
}

/* Byte order mark, CRLF, no newline at the end, blank lines: the same table. */
static void dialects_of_line_ends(void **state) {
  fixture *f = *state;
  static const char *const texts[] = {"code,x\na,1\nb,2\n",
                                      ("\xEF\xBB\xBF"
                                       "code,x\r\na,1\r\nb,2\r\n"),
                                      "code,x\na,1\nb,2", "code,x\n\na,1\n\nb,2\n\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    assert_int_equal(read_text(f, texts[i]), TANLU_OK);
    assert_int_equal(f->table->rows, 2);
    assert_string_equal(tanlu_csv_header(f->table, 0), "code");
    assert_string_equal(tanlu_csv_text(f->table, 1, 1), "2");
  }
  assert_int_equal(f->table->line[1], 5); /* of the last text */
}

static void broken_files(void **state) {
  fixture *f = *state;
  refuse(f, "a,b\n1,2\n3\n", "t.csv:3:2: error: 1 fields; expected 2 as in the header");
  refuse(f, "a,b\n1,2,3\n", "t.csv:2:3: error: 3 fields; expected 2 as in the header");
  refuse(f, "a,b\n1,\"open\n3,4\n", "t.csv:2:2: error: the quoted field begun here is not closed");
  refuse(f, "a,b\n1,2\nx\"y,3\n", "t.csv:3:1: error: a quote inside the field");
  refuse(f, "a,b\n\"x\"y,3\n", "t.csv:2:1: error: a quote inside the field");
  refuse(f, "", "t.csv:1: error: the file is empty");
  refuse(f, "a,b\n1,\xB0\n", "t.csv:2: error: not UTF-8 text");
  char path[2 * TANLU_TEST_PATH];
  assert_int_equal(tanlu_test_write_bytes(f->dir, "nul.csv", "a,b\n1,\0\n", 8), 0);
  snprintf(path, sizeof path, "%s/nul.csv", f->dir);
  assert_int_equal(tanlu_csv_read(&f->table, path, NULL, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "nul.csv:2: error: holds a NUL byte"));
  assert_int_equal(tanlu_csv_read(&f->table, "/nowhere/t.csv", NULL, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "/nowhere/t.csv: error: the file does not exist"));
}

/* Every ragged row is named, but at most 20 messages are kept. */
static void all_errors_up_to_twenty(void **state) {
  fixture *f = *state;
  char text[1024] = "a,b\n";
  for (int i = 0; i < 30; i++) strcat(text, "1\n");
  assert_int_equal(read_text(f, text), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_context_errors(f->context), 30);
  assert_int_equal(tanlu_context_count(f->context), 20);
}

static void columns_by_name(void **state) {
  fixture *f = *state;
  static const char *const names[] = {"code", "value", "share", "note"};
  size_t index[4];
  assert_int_equal(read_text(f, "share,code,value\n0.5,a,1\n"), TANLU_OK);
  assert_int_equal(tanlu_csv_columns(f->table, names, 3, 4, index, f->context), TANLU_OK);
  assert_int_equal(index[0], 1);
  assert_int_equal(index[1], 2);
  assert_int_equal(index[2], 0);
  assert_true(index[3] == TANLU_NONE);
  assert_string_equal(tanlu_csv_text(f->table, 0, index[3]), "");

  assert_int_equal(read_text(f, "code,valeu,code\na,1,b\n"), TANLU_OK);
  assert_int_equal(tanlu_csv_columns(f->table, names, 3, 4, index, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "t.csv:1:2: error: unknown column 'valeu'; did you mean 'value'?"));
  assert_true(tanlu_test_has_message(f->context, "t.csv:1:3: error: duplicate column 'code', first in field 1"));
  assert_true(tanlu_test_has_message(f->context, "t.csv:1: error: missing column 'value'"));
  assert_true(tanlu_test_has_message(f->context, "t.csv:1: error: missing column 'share'"));
  assert_int_equal(tanlu_context_errors(f->context), 4);
}

static void cells_are_strict(void **state) {
  fixture *f = *state;
  double value = 0.0;
  bool yes = false;
  size_t code = 0;
  tanlu_labels labels = {0};
  assert_int_equal(tanlu_labels_add(&labels, "raw_coal", NULL, NULL, f->context), TANLU_OK);
  assert_int_equal(read_text(f, "a,b,c,d\n0.1x,,yes,raw_cool\n1.5,-2,maybe,raw_coal\n"), TANLU_OK);
  assert_int_equal(tanlu_csv_number(f->table, 0, 0, 0.0, &value, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "t.csv:2:1: error: expected a number in column 'a', found '0.1x'"));
  assert_int_equal(tanlu_csv_number(f->table, 0, 1, 7.0, &value, f->context), TANLU_OK);
  assert_true(value == 7.0);
  assert_int_equal(tanlu_csv_number(f->table, 0, 1, (double)NAN, &value, f->context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_csv_number_within(f->table, 1, 1, 0.0, 0.0, 1.0, &value, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "t.csv:3:2: error: 'b' is -2; expected 0 to 1"));
  assert_int_equal(tanlu_csv_yes_no(f->table, 0, 2, &yes, f->context), TANLU_OK);
  assert_true(yes);
  assert_int_equal(tanlu_csv_yes_no(f->table, 1, 2, &yes, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "t.csv:3:3: error: expected yes or no in column 'c', found 'maybe'"));
  assert_int_equal(tanlu_csv_code(f->table, 0, 3, "carrier", &labels, false, &code, f->context), TANLU_ERR_INPUT);
  assert_true(
      tanlu_test_has_message(f->context, "t.csv:2:4: error: unknown carrier 'raw_cool'; did you mean 'raw_coal'?"));
  assert_int_equal(tanlu_csv_code(f->table, 1, 3, "carrier", &labels, false, &code, f->context), TANLU_OK);
  assert_int_equal(code, 0);
  tanlu_labels_clear(&labels);
}

/* What a stream handed on: every row as "LINE:FIELD|FIELD;", and where to stop. */
typedef struct {
  char text[256];
  size_t calls, stop;
} heard;

static tanlu_status hear(void *user, const tanlu_csv *table) {
  heard *h = user;
  const size_t used = strlen(h->text);
  if (table->rows == 0) {
    snprintf(h->text + used, sizeof h->text - used, "%s|%s;", tanlu_csv_header(table, 0), tanlu_csv_header(table, 1));
  } else {
    assert_int_equal(table->rows, 1);
    snprintf(h->text + used, sizeof h->text - used, "%zu:%s|%s;", table->line[0], tanlu_csv_text(table, 0, 0),
             tanlu_csv_text(table, 0, 1));
  }
  return ++h->calls == h->stop ? TANLU_ERR_MODEL : TANLU_OK;
}

/* Row by row the same fields, lines, digest and errors as in a whole table; after an error of a row the next are still handed on. */
static void row_by_row(void **state) {
  fixture *f = *state;
  char path[2 * TANLU_TEST_PATH], whole[TANLU_SHA256_TEXT], streamed[TANLU_SHA256_TEXT];
  const char *const text = "\xEF\xBB\xBF"
                           "a,b\r\n1,\"x\ny\"\n\n,long enough to move the text\n3,4";
  snprintf(path, sizeof path, "%s/t.csv", f->dir);
  assert_int_equal(tanlu_test_write_file(f->dir, "t.csv", text), 0);
  heard h = {.text = ""};
  assert_int_equal(tanlu_csv_stream(path, hear, &h, streamed, f->context), TANLU_OK);
  assert_string_equal(h.text, "a|b;2:1|x\ny;5:|long enough to move the text;6:3|4;");
  assert_int_equal(tanlu_csv_read(&f->table, path, whole, f->context), TANLU_OK);
  assert_int_equal(f->table->rows, 3);
  assert_string_equal(whole, streamed);

  h = (heard){.stop = 2};
  assert_int_equal(tanlu_csv_stream(path, hear, &h, NULL, f->context), TANLU_ERR_MODEL);
  assert_int_equal(h.calls, 2);

  h = (heard){.stop = 0};
  assert_int_equal(tanlu_test_write_file(f->dir, "t.csv", "a,b\n1\n3,4\n5,6,7\n8,9\n"), 0);
  assert_int_equal(tanlu_csv_stream(path, hear, &h, NULL, f->context), TANLU_ERR_INPUT);
  assert_string_equal(h.text, "a|b;3:3|4;5:8|9;");
  assert_true(tanlu_test_has_message(f->context, "t.csv:2:2: error: 1 fields; expected 2"));
  assert_true(tanlu_test_has_message(f->context, "t.csv:4:3: error: 3 fields; expected 2"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(reads_fields_and_lines, set_up, tear_down),
      cmocka_unit_test_setup_teardown(comments_stand_ahead_of_the_header, set_up, tear_down),
      cmocka_unit_test_setup_teardown(dialects_of_line_ends, set_up, tear_down),
      cmocka_unit_test_setup_teardown(broken_files, set_up, tear_down),
      cmocka_unit_test_setup_teardown(all_errors_up_to_twenty, set_up, tear_down),
      cmocka_unit_test_setup_teardown(columns_by_name, set_up, tear_down),
      cmocka_unit_test_setup_teardown(cells_are_strict, set_up, tear_down),
      cmocka_unit_test_setup_teardown(row_by_row, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
