/* Datasets of accounts alone. Oracles: what was given to the writer, read again, to the last bit (every double has a shortest
 * decimal that reads back to it); a full dataset written as accounts alone gives the accounts of the full one, and `solve` gives
 * the same multipliers; the file system holds nothing new after a failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inputs/accounts_file.h"
#include "outputs/dataset_write.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

enum { N = 3, CATEGORIES = 2, COMPONENTS = 1, LEVELS = 2 };

/* A table of 3 sectors whose numbers have no short decimals: thirds, sevenths and a subnormal part; imports are 0. */
typedef struct {
  tanlu_labels sector, category, component, extension;
  tanlu_category_role role[CATEGORIES];
  tanlu_level level[LEVELS];
  size_t of_sector[LEVELS][N];
  tanlu_accounts accounts;
  double flows[N * N], final[N * CATEGORIES], imports[N], err[N], added[COMPONENTS * N], output[N], co2[2 * N];
  tanlu_table_heads heads;
} table;

static void label(tanlu_labels *labels, const char *code, const char *name, const char *name_zh) {
  assert_int_equal(tanlu_labels_add(labels, code, name, name_zh, NULL), TANLU_OK);
}

static void fill(table *t) {
  static const char *const codes[] = {"a1", "b-2", "c_3"};
  *t = (table){.role = {TANLU_ROLE_OTHER, TANLU_ROLE_EXPORTS}};
  for (size_t i = 0; i < N; i++) label(&t->sector, codes[i], "Sector, \"quoted\"", "部门");
  label(&t->category, "use", "Use", "");
  label(&t->category, "exports", "Exports", "出口");
  label(&t->component, "all", "All", "");
  label(&t->extension, "co2", "CO2 of all", "");
  label(&t->extension, "jobs", "Jobs", "就业");
  static char region[] = "region", kind[] = "kind";
  t->level[0].name = region;
  t->level[1].name = kind;
  label(&t->level[0].group, "here", "Here", "");
  label(&t->level[1].group, "goods", "Goods", "");
  label(&t->level[1].group, "services", "Services", "");
  t->of_sector[1][2] = 1;
  for (size_t l = 0; l < LEVELS; l++) t->level[l].of_sector = t->of_sector[l];
  for (size_t k = 0; k < N * N; k++) t->flows[k] = k == 3 ? 0.0 : (double)(k + 1) / 3.0;
  for (size_t k = 0; k < N * CATEGORIES; k++) t->final[k] = (k == 1 ? -1.0 : 10.0) / 7.0 + 5.0 * (double)k;
  for (size_t i = 0; i < N; i++) {
    double uses = 0.0, inputs = 0.0;
    for (size_t j = 0; j < N; j++) uses += t->flows[j * N + i];
    for (size_t j = 0; j < N; j++) inputs += t->flows[i * N + j];
    t->err[i] = 0.1 * (double)i;
    t->output[i] = uses + t->final[i] + t->final[N + i] + t->err[i];
    t->added[i] = t->output[i] - inputs;
    t->co2[i] = 1e-310 * (double)i;
    t->co2[N + i] = (double)i / 11.0;
  }
  t->accounts = (tanlu_accounts){.n = N,
                                 .flows = t->flows,
                                 .final_use = t->final,
                                 .imports = t->imports,
                                 .discrepancy = t->err,
                                 .value_added = t->added,
                                 .output = t->output};
  t->heads = (tanlu_table_heads){.name = "tiny-table",
                                 .title = "A \"title\" with: everything \\ #",
                                 .region = "Atlantis",
                                 .base_year = 2017,
                                 .money = "1e6 EUR",
                                 .import_treatment = TANLU_IMPORT_NONE,
                                 .balance_tolerance = 1e-9,
                                 .n = N,
                                 .sector = &t->sector,
                                 .category = &t->category,
                                 .component = &t->component,
                                 .role = t->role,
                                 .levels = LEVELS,
                                 .level = t->level,
                                 .sources = "# Sources\n\nMade up.\n"};
}

static void clear(table *t) {
  tanlu_labels *const labels[] = {&t->sector,    &t->category,       &t->component,
                                  &t->extension, &t->level[0].group, &t->level[1].group};
  for (size_t k = 0; k < sizeof labels / sizeof *labels; k++) tanlu_labels_clear(labels[k]);
}

static void path_of(const fixture *f, const char *name, char path[TANLU_TEST_PATH]) {
  assert_true(snprintf(path, TANLU_TEST_PATH, "%s/%s", f->directory, name) < TANLU_TEST_PATH);
}

/* The whole table into DIRECTORY/NAME. */
static tanlu_status write_table(const fixture *f, const char *name, bool force, const table *t,
                                tanlu_context *context) {
  static const char *const unit[] = {"Mt", "1e4 persons"};
  const tanlu_table_extensions extensions = {2, &t->extension, unit, t->co2};
  char path[TANLU_TEST_PATH];
  tanlu_dataset_writer *writer = NULL;
  path_of(f, name, path);
  tanlu_status status = tanlu_dataset_writer_create(&writer, path, force, &t->heads, context);
  if (status == TANLU_OK) status = tanlu_dataset_write_accounts(writer, &t->accounts, context);
  if (status == TANLU_OK) status = tanlu_dataset_writer_extensions(writer, &extensions, context);
  if (status == TANLU_OK) return tanlu_dataset_writer_finish(&writer, context);
  tanlu_dataset_writer_discard(&writer);
  return status;
}

static void assert_bits(const double *found, const double *wanted, size_t count) {
  assert_memory_equal(found, wanted, count * sizeof *wanted);
}

/* ---- writing and reading ----------------------------------------------------------------------------------------------- */

static void comes_back_to_the_last_bit(void **state) {
  fixture *f = *state;
  table t;
  fill(&t);
  char path[TANLU_TEST_PATH];
  tanlu_context *context = tanlu_context_create();
  tanlu_dataset *d = NULL;
  path_of(f, "out", path);
  assert_int_equal(write_table(f, "out/", false, &t, context), TANLU_OK);
  assert_true(tanlu_is_accounts_only(path));
  if (tanlu_accounts_read(&d, path, context) != TANLU_OK) tanlu_test_print_messages(context);
  assert_non_null(d);
  assert_string_equal(d->name, t.heads.name);
  assert_string_equal(d->title, t.heads.title);
  assert_string_equal(d->region, "Atlantis");
  assert_string_equal(d->money, "1e6 EUR");
  assert_int_equal(d->base_year, 2017);
  assert_true(d->accounts_only);
  assert_int_equal(d->accounts.import_treatment, TANLU_IMPORT_NONE);
  assert_int_equal(d->accounts.n, N);
  assert_string_equal(d->accounts.sector.name[1], "Sector, \"quoted\"");
  assert_string_equal(d->accounts.sector.name_zh[2], "部门");
  assert_int_equal(d->accounts.role[1], TANLU_ROLE_EXPORTS);
  assert_int_equal(d->levels, LEVELS);
  assert_int_equal(d->level[1].of_sector[2], 1);
  assert_string_equal(d->level[1].group.name[1], "Services");
  assert_bits(d->accounts.flows, t.flows, N * N);
  assert_bits(d->accounts.final_use, t.final, N * CATEGORIES);
  assert_bits(d->accounts.imports, t.imports, N);
  assert_bits(d->accounts.discrepancy, t.err, N);
  assert_bits(d->accounts.value_added, t.added, N * COMPONENTS);
  assert_bits(d->accounts.output, t.output, N);
  assert_int_equal(d->extension.label.count, 2);
  assert_string_equal(d->extension.label.name[0], "CO2 of all");
  assert_string_equal(d->extension.unit[1], "1e4 persons");
  assert_bits(d->extension.value, t.co2, 2 * N);
  /* and again from what was read */
  tanlu_dataset_writer *writer = NULL;
  char again[TANLU_TEST_PATH];
  path_of(f, "again", again);
  t.heads.level = d->level;
  assert_int_equal(tanlu_dataset_writer_create(&writer, again, false, &t.heads, context), TANLU_OK);
  assert_int_equal(tanlu_dataset_write_accounts(writer, &d->accounts, context), TANLU_OK);
  assert_int_equal(tanlu_dataset_writer_finish(&writer, context), TANLU_OK);
  char *first = tanlu_test_read_file(path, "flows.csv"), *second = tanlu_test_read_file(again, "flows.csv");
  assert_string_equal(first, second);
  assert_non_null(strstr(first, "a1,0.333333333333333"));
  free(first);
  free(second);
  tanlu_dataset_free(&d);
  tanlu_context_free(&context);
  clear(&t);
}

/* Both shipped kinds of imports: accounts of the full dataset, written, read as accounts alone. */
static void full_datasets_as_accounts(void **state) {
  fixture *f = *state;
  static const char *const source[] = {"inputs/data/china-2020", "inputs/data/china-2020-42"};
  tanlu_context *context = tanlu_context_create();
  for (size_t k = 0; k < 2; k++) {
    tanlu_dataset *full = NULL, *own = NULL;
    tanlu_dataset_writer *writer = NULL;
    char path[TANLU_TEST_PATH];
    path_of(f, k == 0 ? "p" : "s", path);
    assert_int_equal(tanlu_accounts_read(&full, source[k], context), TANLU_OK);
    assert_null(full->money);
    const tanlu_accounts *a = &full->accounts;
    const tanlu_table_heads heads = tanlu_table_heads_of(full);
    assert_int_equal(tanlu_dataset_writer_create(&writer, path, false, &heads, context), TANLU_OK);
    assert_int_equal(tanlu_dataset_write_accounts(writer, a, context), TANLU_OK);
    assert_int_equal(tanlu_dataset_writer_finish(&writer, context), TANLU_OK);
    if (tanlu_accounts_read(&own, path, context) != TANLU_OK) tanlu_test_print_messages(context);
    assert_non_null(own);
    assert_string_equal(own->money, "1e4 CNY");
    assert_bits(own->accounts.flows, a->flows, a->n * a->n);
    assert_bits(own->accounts.final_use, a->final_use, a->n * a->category.count);
    assert_bits(own->accounts.value_added, a->value_added, a->n * a->component.count);
    assert_bits(own->accounts.output, a->output, a->n);
    if (a->flows_domestic != NULL) {
      assert_bits(own->accounts.flows_domestic, a->flows_domestic, a->n * a->n);
      assert_bits(own->accounts.final_domestic, a->final_domestic, a->n * a->category.count);
    }
    tanlu_dataset_free(&full);
    tanlu_dataset_free(&own);
  }
  tanlu_context_free(&context);
}

/* ---- failures ---------------------------------------------------------------------------------------------------------- */

static void refuses_what_is_there(void **state) {
  fixture *f = *state;
  table t;
  fill(&t);
  tanlu_context *context = tanlu_context_create();
  assert_int_equal(tanlu_test_write_file(f->directory, "file", "x"), 0);
  assert_int_equal(tanlu_test_write_file(f->directory, "own/mine.txt", "x"), 0);
  const size_t before = tanlu_test_entries(f->directory);
  assert_int_equal(write_table(f, "file", true, &t, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "is no directory"));
  assert_int_equal(write_table(f, "own", false, &t, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "exists already"));
  assert_int_equal(write_table(f, "own", true, &t, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "holds 'mine.txt'"));
  assert_int_equal(write_table(f, "no/where", false, &t, context), TANLU_ERR_IO);
  assert_int_equal(tanlu_test_entries(f->directory), before);
  assert_int_equal(write_table(f, "new", false, &t, context), TANLU_OK);
  const size_t after = tanlu_test_entries(f->directory);
  assert_int_equal(write_table(f, "new", false, &t, context), TANLU_ERR_INPUT);
  assert_int_equal(write_table(f, "new", true, &t, context), TANLU_OK);
  assert_int_equal(tanlu_test_entries(f->directory), after);
  tanlu_context_free(&context);
  clear(&t);
}

static void refuses_wrong_numbers(void **state) {
  fixture *f = *state;
  tanlu_context *context = tanlu_context_create();
  const size_t before = tanlu_test_entries(f->directory);
  for (size_t k = 0; k < 6; k++) {
    table t;
    fill(&t);
    tanlu_context_clear(context);
    if (k == 0) t.flows[4] = -1e-9;
    if (k == 1) t.flows[4] = (double)NAN;
    if (k == 2) t.final[4] = HUGE_VAL;
    if (k == 3) t.added[1] = (double)NAN;
    if (k == 4) t.sector.code[1][0] = '.';
    static const char *const message[] = {"flow from 'b-2' to 'b-2' is -1e-09", "flow from 'b-2' to 'b-2' is",
                                          "'exports' of 'b-2' is inf",          "'all' of 'b-2' is",
                                          "'.-2' is no code for a sector",      "duplicate extension 'jobs'"};
    if (k == 5) {
      tanlu_labels_clear(&t.extension);
      label(&t.extension, "jobs", "", "");
      label(&t.extension, "jobs", "", "");
    }
    assert_int_equal(write_table(f, "wrong", false, &t, context), TANLU_ERR_INPUT);
    assert_true(tanlu_test_has_message(context, message[k]));
    assert_int_equal(tanlu_test_entries(f->directory), before);
    clear(&t);
  }
  tanlu_context_free(&context);
}

/* A full disk, by the limit on the size of files: in a child, as it cannot be lifted again. Every limit below the largest file. */
static void leaves_nothing_on_a_full_disk(void **state) {
  fixture *f = *state;
  const size_t before = tanlu_test_entries(f->directory);
  for (rlim_t limit = 0; limit < 100; limit += 33) {
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
      table t;
      fill(&t);
      tanlu_context *context = tanlu_context_create();
      (void)signal(SIGXFSZ, SIG_IGN);
      const struct rlimit most = {limit, limit};
      (void)setrlimit(RLIMIT_FSIZE, &most);
      _exit(write_table(f, "full", false, &t, context) == TANLU_ERR_IO ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(tanlu_test_entries(f->directory), before);
  }
}

/* Killed in the middle: nothing under the name asked for, and the next process goes through. */
static void survives_a_kill(void **state) {
  fixture *f = *state;
  table t;
  fill(&t);
  char path[TANLU_TEST_PATH];
  path_of(f, "killed", path);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    tanlu_dataset_writer *writer = NULL;
    if (tanlu_dataset_writer_create(&writer, path, false, &t.heads, NULL) == TANLU_OK) (void)raise(SIGKILL);
    _exit(1);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  assert_false(tanlu_test_exists(f->directory, "killed"));
  tanlu_context *context = tanlu_context_create();
  assert_int_equal(write_table(f, "killed", false, &t, context), TANLU_OK);
  assert_true(tanlu_test_exists(f->directory, "killed"));
  tanlu_context_free(&context);
  clear(&t);
}

/* ---- the program ------------------------------------------------------------------------------------------------------- */

static void program_takes_accounts_alone(void **state) {
  fixture *f = *state;
  table t;
  fill(&t);
  tanlu_context *context = tanlu_context_create();
  assert_int_equal(write_table(f, "eu", false, &t, context), TANLU_OK);
  tanlu(&f->run, f->directory, "check", "./eu");
  expect_status(&f->run, 0);
  expect_out(&f->run, "accounts alone, no energy: 3 sectors, 2 categories");
  expect_out(&f->run, "2 extensions");
  expect_out(&f->run, "1e6 EUR");
  expect_out(&f->run, "spectral radius of A, domestic");
  expect_not_out(&f->run, "CNY");
  tanlu(&f->run, f->directory, "solve", "-e", "eu/extensions.csv", "-c", "r.csv", "./eu");
  expect_status(&f->run, 0);
  expect_out(&f->run, "output, 1e6 EUR");
  expect_out(&f->run, "jobs");
  expect_not_out(&f->run, "CNY");
  char *csv = tanlu_test_read_file(f->directory, "r.csv");
  assert_non_null(strstr(csv, "output,use,a1,1e6 EUR,"));
  free(csv);
  assert_int_equal(
      tanlu_test_write_file(f->directory, "s.yaml", "name: s\ndataset: ./eu\nyears: {from: 2017, to: 2020}\n"), 0);
  tanlu(&f->run, f->directory, "run", "-o", "o.h5", "s.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "is a dataset of accounts alone");
  assert_false(tanlu_test_exists(f->directory, "o.h5"));
  tanlu_context_free(&context);
  clear(&t);
}

/* Commands that make a dataset, and one that takes long to. */
static const char *const makers[][8] = {
    {"regionalise", "--accounts", "-o", "made", "china-2020-42"},
    {"convert", "-o", "made", "china-2020"},
    {"aggregate", "--to", "policy_group", "--mixed", "drop", "-a", "-omade", "china-2020"},
};
enum { MAKERS = sizeof makers / sizeof *makers };

static bool holds(const char *directory, const char *part) {
  DIR *stream = opendir(directory);
  bool found = false;
  assert_non_null(stream);
  for (const struct dirent *entry; (entry = readdir(stream)) != NULL;) {
    found = found || strstr(entry->d_name, part) != NULL;
  }
  closedir(stream);
  return found;
}

/* A signal once the first file is there: all of the dataset or nothing, and 128 with the signal. It may come when all is done. */
static void ends_at_a_signal(void **state) {
  static const int signals[] = {SIGINT, SIGTERM};
  fixture *f = *state;
  for (size_t k = 0; k < MAKERS * 2; k++) {
    const char *argument[9] = {NULL};
    memcpy(argument, makers[k / 2], sizeof makers[k / 2]);
    tanlu_test_start(&f->run, f->directory, tanlu_test_program(), argument);
    for (size_t wait = 0; wait < 60000 && !holds(f->directory, "made"); wait++) (void)usleep(500);
    (void)kill(f->run.process, signals[k % 2]);
    tanlu_test_finish(&f->run);
    const bool whole = tanlu_test_exists(f->directory, "made");
    expect_status(&f->run, whole ? 0 : 128 + signals[k % 2]);
    assert_false(holds(f->directory, ".tmp"));
    if (whole) {
      char path[2 * TANLU_TEST_PATH];
      snprintf(path, sizeof path, "%s/made", f->directory);
      tanlu_test_remove_dir(path);
    } else {
      expect_err(&f->run, "stopped by a signal; nothing is written");
    }
  }
}

/* A limit on the size of files is a full disk: 4, and nothing is left. */
static void ends_at_a_file_limit(void **state) {
  fixture *f = *state;
  const size_t before = tanlu_test_entries(f->directory);
  for (size_t k = 0; k < MAKERS; k++) {
    const char *argument[12] = {"-c", "ulimit -f 8; exec \"$0\" \"$@\"", tanlu_test_program()};
    memcpy(argument + 3, makers[k], sizeof makers[k]);
    tanlu_test_execute(&f->run, f->directory, "/bin/sh", argument);
    expect_status(&f->run, 4);
    assert_int_equal(tanlu_test_entries(f->directory), before);
  }
}

static void wrong_settings(void **state) {
  fixture *f = *state;
  static const struct {
    const char *before, *after, *message;
  } wrong[] = {{"1e6 EUR", "euro", "unknown value 'euro' of 'money'; expected a power of ten and a currency"},
               {"1e6 EUR", "0 EUR", "unknown value '0 EUR'"},
               {"1e6 EUR", "1e6 EUR/h", "unknown value '1e6 EUR/h'"},
               {"sources:", "sinks: 3\nsources:", "'sinks' does not go with accounts_only: true"},
               {"accounts_only: true", "accounts_only: yes", "unknown value 'yes' of 'accounts_only'"},
               {"accounts_only: true\n", "", "missing key 'driver_level'"},
               {"{money: 1e6 EUR}", "{money: 1e6 EUR, energy: TJ}", "energy"},
               {"name: \"tiny-table\"\n", "", "missing key 'name'"}};
  table t;
  fill(&t);
  tanlu_context *context = tanlu_context_create();
  char path[TANLU_TEST_PATH];
  path_of(f, "bad", path);
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    assert_int_equal(write_table(f, "bad", true, &t, context), TANLU_OK);
    assert_int_equal(tanlu_test_edit(path, "dataset.yaml", wrong[k].before, wrong[k].after), 0);
    tanlu(&f->run, f->directory, "check", "./bad");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    expect_err(&f->run, "./bad/dataset.yaml:");
  }
  assert_int_equal(write_table(f, "bad", true, &t, context), TANLU_OK);
  assert_int_equal(tanlu_test_edit(path, "extension_units.csv", "jobs,", "job,"), 0);
  tanlu(&f->run, f->directory, "check", "./bad");
  expect_status(&f->run, 2);
  expect_err(&f->run, "extension_units.csv:3:1: error: unknown extension 'job'; did you mean 'jobs'?");
  tanlu_context_free(&context);
  clear(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(comes_back_to_the_last_bit, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(full_datasets_as_accounts, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(refuses_what_is_there, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(refuses_wrong_numbers, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(leaves_nothing_on_a_full_disk, tanlu_test_place_set_up,
                                      tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(survives_a_kill, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(program_takes_accounts_alone, tanlu_test_place_set_up,
                                      tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(ends_at_a_signal, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(ends_at_a_file_limit, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(wrong_settings, tanlu_test_place_set_up, tanlu_test_place_tear_down),
  };
  return cmocka_run_group_tests_name("dataset_write", tests, tanlu_test_program_setup, NULL);
}
