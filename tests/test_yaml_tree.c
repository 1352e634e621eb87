/* YAML trees, numbers and digests. Oracles: the places of the problems, counted by hand in the short texts below; the
 * SHA-256 of "abc" from FIPS 180-2, appendix B.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "inputs/number.h"
#include "inputs/yaml_tree.h"
#include "tests/support.h"

static tanlu_status parse(const char *text, tanlu_yaml **root, tanlu_context *context) {
  return tanlu_yaml_read_text(root, text, strlen(text), "f.yaml", context);
}

static void refuse(const char *text, const char *message) {
  tanlu_context *context = tanlu_context_create();
  tanlu_yaml *root = NULL;
  assert_int_equal(parse(text, &root, context), TANLU_ERR_INPUT);
  assert_null(root);
  assert_true(tanlu_test_has_message(context, message));
  tanlu_context_free(&context);
}

static void keeps_texts_and_places(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  tanlu_yaml *root = NULL;
  assert_int_equal(parse("name: x\ngdp:\n  growth: {2030: 4.40, 2060: \"2\"}\nlist: [a, b]\n", &root, context),
                   TANLU_OK);
  assert_int_equal(root->count, 3);
  const tanlu_yaml *growth = tanlu_yaml_find(tanlu_yaml_find(root, "gdp"), "growth");
  assert_int_equal(growth->kind, TANLU_YAML_MAPPING);
  assert_int_equal(growth->line, 3);
  assert_int_equal(growth->column, 11);
  assert_string_equal(growth->child[0]->key, "2030");
  assert_string_equal(growth->child[0]->text, "4.40");
  assert_int_equal(growth->child[0]->key_column, 12);
  assert_int_equal(growth->child[0]->column, 18);
  assert_true(growth->child[0]->plain);
  assert_false(growth->child[1]->plain);
  assert_string_equal(growth->file, "f.yaml");
  assert_int_equal(tanlu_yaml_find(root, "list")->count, 2);
  assert_null(tanlu_yaml_find(root, "growth"));
  tanlu_yaml_free(&root);
  tanlu_context_free(&context);
}

static void refuses_what_hides_values(void **state) {
  (void)state;
  refuse("a: &x 1\n", "f.yaml:1:4: error: anchors are not accepted");
  refuse("a: &x {b: 1}\n", "f.yaml:1:4: error: anchors are not accepted");
  refuse("a: &x 1\nb: *x\n", "f.yaml:2:4: error: aliases are not accepted");
  refuse("a: !!int 1\n", "f.yaml:1:4: error: tags are not accepted");
  refuse("a: !x [1]\n", "f.yaml:1:4: error: tags are not accepted");
  refuse("a: 1\nb:\n  <<: {c: 1}\n", "f.yaml:3:3: error: merge keys are not accepted");
  refuse("a: 1\n---\nb: 2\n", "f.yaml:2:1: error: a second document");
  refuse("a: 1\nb: 2\na: 3\n", "f.yaml:3:1: error: duplicate key 'a', first given in line 1");
  refuse("? [a]\n: 1\n", "f.yaml:1:3: error: a key must be a word");
  refuse("? {a: b}\n: 1\n", "f.yaml:1:3: error: a key must be a word");
  refuse("", "f.yaml:1:1: error: the document is empty");
  refuse("# nothing\n", "f.yaml:1:1: error: the document is empty");
}

static void syntax_errors_have_places(void **state) {
  (void)state;
  refuse("a: [1, 2\nb: 3\n", "f.yaml:2:");
  refuse("a: 1\n b: 2\n", "f.yaml:2:3: error: mapping values are not allowed");
  refuse("a: 1\n\tb: 2\n", "f.yaml:2:1: error:");
  refuse("a: \"open\n", "f.yaml:2:1: error:");
  refuse("a: b\001c\n", "f.yaml:1:5: error: control characters are not allowed");
}

static void reports_all_duplicates(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  tanlu_yaml *root = NULL;
  assert_int_equal(parse("a: 1\na: 2\nb: {c: 1, c: 2}\nd: &x 5\n", &root, context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_context_errors(context), 3);
  tanlu_context_free(&context);
}

/* Depth 32 is the limit: 32 lists are read, 33 are not, and 200,000 are refused as fast as 33. */
static void bombs_are_refused_at_once(void **state) {
  (void)state;
  char text[80];
  tanlu_context *context = tanlu_context_create();
  tanlu_yaml *root = NULL;
  memset(text, '[', 32);
  memset(text + 32, ']', 32);
  text[64] = '\0';
  assert_int_equal(parse(text, &root, context), TANLU_OK);
  tanlu_yaml_free(&root);
  memset(text, '[', 33);
  memset(text + 33, ']', 33);
  text[66] = '\0';
  refuse(text, "f.yaml:1:33: error: nested deeper than 32 levels");

  enum { MANY = 200000 };
  char *many = malloc(MANY + 1);
  memset(many, '[', MANY);
  many[MANY] = '\0';
  const clock_t start = clock();
  refuse(many, "f.yaml:1:33: error: nested deeper than 32 levels");
  assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 0.5); /* 4 ms measured; the room is for slow machines */
  for (size_t i = 0; i < MANY; i++) many[i] = i % 2 ? ' ' : '{';
  refuse(many, "f.yaml:1:3: error: a key must be a word");
  free(many);
  tanlu_context_free(&context);

  /* Ten levels of ten aliases each would be 10^10 values; the first anchor ends it. */
  refuse("a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n", "anchors are not accepted");
}

static void too_many_values_are_refused(void **state) {
  (void)state;
  const size_t count = 450000;
  char *text = malloc(2 * count + 3);
  text[0] = '[';
  for (size_t i = 0; i < count; i++) memcpy(text + 1 + 2 * i, "1,", 2);
  text[1 + 2 * count] = ']';
  text[2 + 2 * count] = '\0';
  refuse(text, "more than 200000 values");
  free(text);
}

static void files_have_limits(void **state) {
  (void)state;
  char dir[TANLU_TEST_PATH], path[2 * TANLU_TEST_PATH], digest[TANLU_SHA256_TEXT];
  assert_int_equal(tanlu_test_temp_dir(dir), 0);
  tanlu_context *context = tanlu_context_create();
  tanlu_yaml *root = NULL;

  snprintf(path, sizeof path, "%s/none.yaml", dir);
  assert_int_equal(tanlu_yaml_read(&root, path, NULL, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "none.yaml: error: the file does not exist"));

  const size_t size = (size_t)TANLU_YAML_BYTES + 2;
  char *big = malloc(size);
  memset(big, '#', size);
  assert_int_equal(tanlu_test_write_bytes(dir, "big.yaml", big, size), 0);
  free(big);
  snprintf(path, sizeof path, "%s/big.yaml", dir);
  assert_int_equal(tanlu_yaml_read(&root, path, NULL, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "larger than 16 MiB"));

  assert_int_equal(tanlu_test_write_file(dir, "bom.yaml", "\xEF\xBB\xBFname: x\r\nyear: 2020\r\n"), 0);
  snprintf(path, sizeof path, "%s/bom.yaml", dir);
  assert_int_equal(tanlu_yaml_read(&root, path, digest, context), TANLU_OK);
  assert_string_equal(tanlu_yaml_find(root, "name")->text, "x");
  assert_string_equal(tanlu_yaml_find(root, "year")->text, "2020");
  tanlu_yaml_free(&root);

  tanlu_context_clear(context);
  assert_int_equal(tanlu_test_write_bytes(dir, "gbk.yaml", "a: 1\nb: \xD6\xD0\n", 11), 0); /* GBK for "China" */
  snprintf(path, sizeof path, "%s/gbk.yaml", dir);
  assert_int_equal(tanlu_yaml_read(&root, path, NULL, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "gbk.yaml:2: error: not UTF-8 text"));

  assert_int_equal(tanlu_test_write_file(dir, "abc", "abc"), 0);
  snprintf(path, sizeof path, "%s/abc", dir);
  assert_int_equal(tanlu_file_sha256(path, digest, context), TANLU_OK);
  assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  tanlu_context_free(&context);
  tanlu_test_remove_dir(dir);
}

/* What is written reads back to the same keys and texts, also where quotes are needed. */
static void written_text_reads_back(void **state) {
  (void)state;
  const char *text = "name: \"a: b # c\"\ntitle: 碳路 to 2060\nempty: \"\"\nnested:\n  deep: {2030: 1e-3, 2060: .5}\n"
                     "list: [x, 'y, z', {a: 1}]\nnull-like: ~\n";
  tanlu_context *context = tanlu_context_create();
  tanlu_yaml *root = NULL, *again = NULL;
  char *first = NULL, *second = NULL;
  assert_int_equal(parse(text, &root, context), TANLU_OK);
  assert_int_equal(tanlu_yaml_write(root, &first, context), TANLU_OK);
  assert_int_equal(parse(first, &again, context), TANLU_OK);
  assert_int_equal(tanlu_yaml_write(again, &second, context), TANLU_OK);
  assert_string_equal(first, second);
  assert_string_equal(tanlu_yaml_find(again, "name")->text, "a: b # c");
  assert_string_equal(tanlu_yaml_find(again, "title")->text, "碳路 to 2060");
  assert_string_equal(tanlu_yaml_find(again, "empty")->text, "");
  assert_string_equal(tanlu_yaml_find(again, "list")->child[1]->text, "y, z");
  assert_string_equal(tanlu_yaml_find(tanlu_yaml_find(again, "nested"), "deep")->child[1]->text, ".5");
  free(first);
  free(second);
  tanlu_yaml_free(&root);
  tanlu_yaml_free(&again);
  tanlu_context_free(&context);
}

static void numbers_are_strict(void **state) {
  (void)state;
  static const char *const wrong[] = {"",     " 1",    "1 ", "0.1x", "1,5", "0x10", "nan",  "NaN",   "inf",
                                      "-inf", "1e",    "e5", "1e+",  ".",   "+",    "-",    "1e999", "1_000",
                                      "--1",  "1.2.3", "１", "~",    "1d5", "0b11", "1e5.0"};
  static const struct {
    const char *text;
    double value;
  } right[] = {{"0", 0.0},   {"-0.5", -0.5},   {"+2", 2.0},
               {".5", 0.5},  {"5.", 5.0},      {"1e-9", 1e-9},
               {"1E4", 1e4}, {"305.5", 305.5}, {"-67952.82", -67952.82},
               {"007", 7.0}, {"1e-400", 0.0},  {"0.1", 0.1}};
  double value = 42.0;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    if (tanlu_number_parse(wrong[i], &value)) fail_msg("'%s' was read as a number", wrong[i]);
    assert_true(value == 42.0);
  }
  for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
    assert_true(tanlu_number_parse(right[i].text, &value));
    assert_true(value == right[i].value);
    value = 42.0;
  }
  int year = 0;
  assert_true(tanlu_integer_parse("2030", &year));
  assert_int_equal(year, 2030);
  assert_true(tanlu_integer_parse("-1", &year));
  assert_false(tanlu_integer_parse("2030.0", &year));
  assert_false(tanlu_integer_parse("2e3", &year));
  assert_false(tanlu_integer_parse("", &year));
  assert_false(tanlu_integer_parse("99999999999", &year));
}

/* Under a locale with a decimal comma strtod reads "0,25" and stops in "0.25"; the parser does not. The locale is made
 * here, since few machines have one. */
static void the_locale_does_not_matter(void **state) {
  (void)state;
  char dir[TANLU_TEST_PATH], command[4 * TANLU_TEST_PATH];
  assert_int_equal(tanlu_test_temp_dir(dir), 0);
  assert_int_equal(tanlu_test_write_file(dir, "comma",
                                         "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \"\"\ngrouping -1\n"
                                         "END LC_NUMERIC\n"),
                   0);
  snprintf(command, sizeof command, "localedef --no-archive -c -i %s/comma %s/xx_XX >/dev/null 2>&1", dir, dir);
  const int made = system(command); /* warns about the other categories, which are not used */
  setenv("LOCPATH", dir, 1);
  const bool comma = made >= 0 && setlocale(LC_NUMERIC, "xx_XX") != NULL;
  double value = 0.0, control = 0.0;
  if (comma) {
    control = strtod("0,25", NULL);
    const bool point = tanlu_number_parse("0.25", &value);
    const bool other = tanlu_number_parse("0,25", &value);
    setlocale(LC_NUMERIC, "C");
    assert_true(control == 0.25);
    assert_true(point);
    assert_false(other);
    assert_true(value == 0.25);
  }
  unsetenv("LOCPATH");
  tanlu_test_remove_dir(dir);
  if (!comma) skip(); /* no localedef on this machine */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keeps_texts_and_places),    cmocka_unit_test(refuses_what_hides_values),
      cmocka_unit_test(syntax_errors_have_places), cmocka_unit_test(reports_all_duplicates),
      cmocka_unit_test(bombs_are_refused_at_once), cmocka_unit_test(too_many_values_are_refused),
      cmocka_unit_test(files_have_limits),         cmocka_unit_test(written_text_reads_back),
      cmocka_unit_test(numbers_are_strict),        cmocka_unit_test(the_locale_does_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
