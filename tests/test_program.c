/* The built program from outside: what a user types, what comes back, what lies on the disk afterwards.
 *
 * Oracles: the command line as documented (exit status, defaults, where output goes); GDP worked out by hand from the growth
 * that a scenario states; the same run made twice, with other threads, or from the text stored with the results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "outputs/result_file.h"
#include "tests/program_support.h"

/* A directory of its own for each test, with a tiny dataset and probe.yaml. */
typedef tanlu_test_place fixture;

static void write_sibling(const fixture *f, const char *name, const char *growth) {
  char file[64], text[256];
  snprintf(file, sizeof file, "%s.yaml", name);
  snprintf(text, sizeof text, "name: %s\nparent: probe\ngdp: {growth: {2023: %s}}\n", name, growth);
  assert_int_equal(tanlu_test_write_file(f->directory, file, text), 0);
}

/* The last field of the record of CSV that begins with `start`; fails when there is none. */
static double csv_value(const char *csv, const char *start) {
  const char *record = strstr(csv, start);
  if (record == NULL) {
    fail_msg("no record '%s' in %s", start, csv);
    return 0.0;
  }
  const char *end = record + strcspn(record, "\r\n"), *last = end;
  while (last[-1] != ',') last--;
  return strtod(last, NULL);
}

static size_t count_lines(const char *text) {
  size_t lines = 0;
  for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++) lines++;
  return lines;
}

/* ---- run -------------------------------------------------------------------------------------------------------------- */

static void run_writes_one_file_and_a_summary(void **state) {
  fixture *f = *state;
  const size_t before = tanlu_test_entries(f->directory);
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "probe.yaml");
  expect_status(&f->run, 0);
  expect_out(&f->run, "probe"); /* a column of its own */
  expect_out(&f->run, "GDP");
  expect_out(&f->run, "Net CO2");
  expect_out(&f->run, "2030");
  expect_out(&f->run, "out.h5");
  assert_string_equal(f->run.err, "");
  assert_int_equal(tanlu_test_entries(f->directory), before + 1);
  assert_true(tanlu_test_exists(f->directory, "out.h5"));
  tanlu(&f->run, f->directory, "run", "--quiet", "-o", "other.h5", "probe"); /* by name, beside the working directory */
  expect_status(&f->run, 0);
  assert_string_equal(f->run.out, "");
  assert_string_equal(f->run.err, "");
}

static void results_go_to_a_directory_of_that_name(void **state) {
  fixture *f = *state;
  write_sibling(f, "second", "3");
  tanlu(&f->run, f->directory, "run", "probe.yaml");
  expect_status(&f->run, 0);
  assert_true(tanlu_test_exists(f->directory, "results/probe.h5"));
  tanlu(&f->run, f->directory, "run", "probe.yaml", "second.yaml");
  expect_status(&f->run, 0);
  assert_true(tanlu_test_exists(f->directory, "results/tiny-2020.h5")); /* several: the name of their dataset */
  tanlu(&f->run, f->directory, "show", "--csv", "--year", "2030", "results/tiny-2020.h5", "gdp_index");
  expect_status(&f->run, 0);
  assert_int_equal(count_lines(f->run.out), 3); /* a header and both */
  assert_true(csv_value(f->run.out, "probe,2030,") > csv_value(f->run.out, "second,2030,"));
}

static void an_existing_file_stays_unless_forced(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "probe.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "--set", "gdp.growth.2030=1", "probe.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "out.h5");
  expect_err(&f->run, "--force");
  tanlu(&f->run, f->directory, "show", "--csv", "out.h5", "gdp_index");
  const double kept = csv_value(f->run.out, "probe,2030,");
  tanlu(&f->run, f->directory, "run", "--force", "-o", "out.h5", "--set", "gdp.growth.2030=1", "probe.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "show", "--csv", "out.h5", "gdp_index");
  assert_true(csv_value(f->run.out, "probe,2030,") < kept);
}

/* Growth: 8 and 3 % recorded, 5 % in 2023, then a line to 2.6 % in 2030. */
static void a_setting_changes_the_results_and_is_recorded(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "--set", "gdp.growth.2030=2.6", "--set", "title=Slow", "probe");
  expect_status(&f->run, 0);
  double expected = 1.08 * 1.03;
  for (int year = 2023; year <= 2030; year++) expected *= 1.0 + (5.0 - 2.4 * (year - 2023) / 7.0) / 100.0;
  tanlu(&f->run, f->directory, "show", "--csv", "out.h5", "gdp_index");
  expect_status(&f->run, 0);
  assert_true(fabs(csv_value(f->run.out, "probe,2030,") - expected) < 1e-9);
  assert_true(csv_value(f->run.out, "probe,2020,") == 1.0);

  char path[TANLU_TEST_PATH + 16];
  snprintf(path, sizeof path, "%s/out.h5", f->directory);
  tanlu_result *result = NULL;
  assert_int_equal(tanlu_result_open(&result, path, NULL), 0);
  const char *text = tanlu_result_scenario_text(result, 0);
  assert_non_null(text);
  assert_non_null(strstr(text, "2.6"));
  assert_non_null(strstr(text, "Slow"));
  assert_non_null(strstr(tanlu_result_attribute(result, "history"), "--set gdp.growth.2030=2.6"));
  /* the stored text runs by itself and gives the same results */
  assert_int_equal(tanlu_test_write_file(f->directory, "stored.yaml", text), 0);
  tanlu_result_close(&result);
  tanlu(&f->run, f->directory, "run", "-o", "again.h5", "stored.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "compare", "out.h5", "again.h5");
  expect_status(&f->run, 0);
}

/* Shipped scenarios: the numbers do not depend on threads, nor on which scenarios are projected beside each other. */
static void threads_do_not_change_a_bit(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "--threads", "1", "-o", "one.h5", "reference", "structure", "energy-mix");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "--threads", "2", "-o", "two.h5", "reference", "structure", "energy-mix");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "compare", "one.h5", "two.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "no differences");
  tanlu(&f->run, f->directory, "run", "-o", "alone.h5", "energy-mix");
  tanlu(&f->run, f->directory, "show", "--csv", "alone.h5", "co2");
  char *alone = strdup(f->run.out);
  tanlu(&f->run, f->directory, "show", "--csv", "--scenario", "energy-mix", "two.h5", "co2");
  assert_string_equal(f->run.out, alone);
  free(alone);
}

/* ---- compare ---------------------------------------------------------------------------------------------------------- */

static void compare_says_what_differs(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-o", "a.h5", "probe");
  tanlu(&f->run, f->directory, "run", "-o", "b.h5", "--set", "sinks.2030=0.02", "probe");
  tanlu(&f->run, f->directory, "compare", "a.h5", "b.h5");
  expect_status(&f->run, 1);
  expect_out(&f->run, "indicator_value");
  expect_out(&f->run, "probe, 2030");
  expect_not_out(&f->run, "gross_output"); /* sinks move no output */
  assert_string_equal(f->run.err, "");
  tanlu(&f->run, f->directory, "compare", "--quiet", "a.h5", "b.h5");
  expect_status(&f->run, 1);
  assert_string_equal(f->run.out, "");
  tanlu(&f->run, f->directory, "compare", "--tolerance", "1", "a.h5", "b.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "compare", "a.h5", "a.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "compare", "a.h5", "missing.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "missing.h5: error: ");
  tanlu(&f->run, f->directory, "compare", "a.h5", "probe.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "probe.yaml: error: ");
  tanlu(&f->run, f->directory, "compare", "a.h5");
  expect_status(&f->run, 2);
}

/* ---- show ------------------------------------------------------------------------------------------------------------- */

static void show_prints_results(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "probe");
  char *summary = strdup(f->run.out);
  tanlu(&f->run, f->directory, "show", "out.h5"); /* the summary again */
  expect_status(&f->run, 0);
  expect_out(&f->run, "Net CO2");
  assert_int_equal(strncmp(f->run.out, summary, strlen(f->run.out)), 0);
  free(summary);
  tanlu(&f->run, f->directory, "show", "--list", "out.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_net");
  expect_out(&f->run, "gross_output");
  expect_out(&f->run, "1e8 CNY_2020");
  expect_out(&f->run, "peak_year");
  tanlu(&f->run, f->directory, "show", "out.h5", "co2_net",
        "generation_"); /* one of them unknown: nothing is printed */
  expect_status(&f->run, 2);
  expect_err(&f->run, "'generation'");
  assert_string_equal(f->run.out, "");
  tanlu(&f->run, f->directory, "show", "out.h5", "co2_net");
  expect_status(&f->run, 0);
  expect_out(&f->run, "Mt");
  expect_out(&f->run, "2030");
  tanlu(&f->run, f->directory, "show", "out.h5", "capacity");
  expect_status(&f->run, 0);
  expect_out(&f->run, "wind");
  expect_out(&f->run, "GW");
  assert_string_equal(f->run.err, "");
}

/* Sectors and households of the variables add up to the indicator; years x members records. */
static void show_csv_gives_every_cell(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "probe");
  tanlu(&f->run, f->directory, "show", "--csv", "out.h5", "co2");
  expect_status(&f->run, 0);
  assert_int_equal(count_lines(f->run.out), 1 + 11 * 3);
  double sum = 0.0;
  static const char *const sector[] = {"probe,2030,coal,", "probe,2030,goods,", "probe,2030,power,"};
  for (size_t i = 0; i < 3; i++) sum += csv_value(f->run.out, sector[i]);
  tanlu(&f->run, f->directory, "show", "--csv", "--year", "2030", "out.h5", "household_co2");
  expect_status(&f->run, 0);
  assert_int_equal(count_lines(f->run.out), 1 + 2);
  sum += csv_value(f->run.out, "probe,2030,urban,") + csv_value(f->run.out, "probe,2030,rural,");
  tanlu(&f->run, f->directory, "show", "--csv", "--year", "2029-2030", "out.h5", "co2_total");
  expect_status(&f->run, 0);
  assert_int_equal(count_lines(f->run.out), 1 + 2);
  assert_true(fabs(csv_value(f->run.out, "probe,2030,") - sum) < 1e-9 * sum);
  tanlu(&f->run, f->directory, "show", "--csv", "out.h5"); /* everything, in long form */
  expect_status(&f->run, 0);
  assert_true(count_lines(f->run.out) > 11 * 44);
}

static void show_refuses_what_is_not_there(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "probe");
  static const char *const wrong[][6] = {
      {"show", "out.h5", "co2_nett", NULL, "'co2_nett'", "'co2_net'"},
      {"show", "out.h5", "gros_output", NULL, "'gros_output'", "'gross_output'"},
      {"show", "--scenario=prob", "out.h5", NULL, "'prob'", "'probe'"},
      {"show", "--year=2050", "out.h5", NULL, "2050", "2030"},
      {"show", "--year=soon", "out.h5", NULL, "soon", "expected"},
      {"show", "missing.h5", "co2", NULL, "missing.h5: error: ", "missing.h5"},
      {"show", "probe.yaml", "co2", NULL, "probe.yaml: error: ", "probe.yaml"},
      {"show", "tiny", NULL, NULL, "tiny: error: ", "tiny"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), wrong[i]);
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[i][4]);
    expect_err(&f->run, wrong[i][5]);
    assert_string_equal(f->run.out, "");
  }
}

static void a_reader_that_leaves_is_no_error(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "probe");
  int end[2];
  assert_int_equal(pipe(end), 0);
  close(end[0]);
  tanlu_into(&f->run, end[1], f->directory, "show", "--csv", "out.h5");
  close(end[1]);
  assert_string_equal(f->run.err, "");
  assert_true(f->run.status == 0 || f->run.status == 128 + SIGPIPE);
}

static void tables_that_cannot_be_written_are_an_error(void **state) {
  fixture *f = *state;
  const int full = open("/dev/full", O_WRONLY);
  if (full < 0) skip();
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "probe");
  tanlu_into(&f->run, full, f->directory, "show", "--csv", "out.h5");
  expect_status(&f->run, 4);
  expect_err(&f->run, strerror(ENOSPC));
  /* in one piece that no buffer holds: nothing is left to be flushed at the end */
  tanlu_into(&f->run, full, f->directory, "goals", "--all", "out.h5");
  expect_status(&f->run, 4);
  expect_err(&f->run, strerror(ENOSPC));
  close(full);
}

/* ---- check ------------------------------------------------------------------------------------------------------------ */

static void check_sums_up_a_dataset(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "check", "tiny");
  expect_status(&f->run, 0);
  expect_out(&f->run, "3 sectors");
  expect_out(&f->run, "spectral radius");
  tanlu(&f->run, f->directory, "check", "china-2020", "china-2020-42");
  expect_status(&f->run, 0);
  expect_out(&f->run, "153 sectors");
  expect_out(&f->run, "42 sectors");
  expect_out(&f->run, "101.6"); /* value added, 1e12 CNY */
  expect_out(&f->run, "15.93"); /* non-fossil share, percent */
  expect_out(&f->run, "households");
  assert_string_equal(f->run.err, "");
  assert_true(!tanlu_test_exists(f->directory, "results"));
}

static void check_goes_on_after_a_problem(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "bad.yaml", "name: bad\nparent: probe\ngpd: 1\n"), 0);
  tanlu(&f->run, f->directory, "check", "bad.yaml", "nothing", "probe.yaml", "dual-carbon");
  expect_status(&f->run, 2);
  expect_err(&f->run, "bad.yaml:3:1: error: ");
  expect_err(&f->run, "'nothing'");
  expect_out(&f->run, "probe.yaml");
  expect_out(&f->run, "dual-carbon");
  expect_not_out(&f->run, "bad.yaml");
}

static void check_explains_where_values_come_from(void **state) {
  fixture *f = *state;
  write_sibling(f, "second", "3");
  tanlu(&f->run, f->directory, "check", "--explain", "--set", "sinks.2030=0.5", "second");
  expect_status(&f->run, 0);
  expect_out(&f->run, "gdp.growth");
  expect_out(&f->run, "second.yaml:3"); /* its own growth */
  expect_out(&f->run, "probe.yaml:6");  /* the mix of its parent */
  expect_out(&f->run, "tiny/history.yaml:1");
  expect_out(&f->run, "history");
  expect_out(&f->run, "--set");
}

/* ---- help and usage ---------------------------------------------------------------------------------------------------- */

static const char *const commands[] = {"run", "check", "show", "compare", "solve-for"};
enum { COMMANDS = sizeof commands / sizeof *commands };

static void every_command_has_help_and_a_version(void **state) {
  fixture *f = *state;
  for (size_t i = 0; i < COMMANDS; i++) {
    tanlu(&f->run, f->directory, commands[i], "--help");
    expect_status(&f->run, 0);
    char usage[64], example[64];
    snprintf(usage, sizeof usage, "Usage: tanlu %s", commands[i]);
    snprintf(example, sizeof example, "\n  tanlu %s ", commands[i]);
    expect_out(&f->run, usage);
    expect_out(&f->run, example);
    expect_out(&f->run, "Examples:");
    expect_out(&f->run, "--version");
    assert_string_equal(f->run.err, "");
    tanlu(&f->run, f->directory, commands[i], "--version");
    expect_status(&f->run, 0);
    expect_out(&f->run, "tanlu ");
  }
  tanlu(&f->run, f->directory, "--help");
  expect_status(&f->run, 0);
  for (size_t i = 0; i < COMMANDS; i++) expect_out(&f->run, commands[i]);
  expect_out(&f->run, "Examples:");
  tanlu(&f->run, f->directory, "--version");
  expect_status(&f->run, 0);
  expect_out(&f->run, "tanlu ");
}

static void wrong_usage_is_explained(void **state) {
  fixture *f = *state;
  tanlu_test_execute(&f->run, f->directory, tanlu_test_program(), (const char *const[]){NULL});
  expect_status(&f->run, 2);
  expect_err(&f->run, "tanlu --help");
  tanlu(&f->run, f->directory, "shwo");
  expect_status(&f->run, 2);
  expect_err(&f->run, "'shwo'");
  expect_err(&f->run, "'show'");
  for (size_t i = 0; i < COMMANDS; i++) {
    tanlu(&f->run, f->directory, commands[i], "--nonsense", "x");
    expect_status(&f->run, 2);
    expect_err(&f->run, "--nonsense");
    expect_err(&f->run, "--help");
    assert_string_equal(f->run.out, "");
    tanlu(&f->run, f->directory, commands[i]); /* operands are missing */
    expect_status(&f->run, 2);
    expect_err(&f->run, "expected");
  }
}

/* ---- signals ----------------------------------------------------------------------------------------------------------- */

/* Many copies of the reference, so that there is time to interrupt them. */
static void stopped_by(fixture *f, int signal_number) {
  enum { COPIES = 120 };
  static char file[COPIES][32];
  const char *argument[COPIES + 8] = {"run", "--threads", "1", "-o", "out.h5"};
  for (int i = 0; i < COPIES; i++) {
    char text[64];
    snprintf(file[i], sizeof file[i], "r%03d.yaml", i);
    snprintf(text, sizeof text, "name: r%03d\nparent: reference\n", i);
    assert_int_equal(tanlu_test_write_file(f->directory, file[i], text), 0);
    argument[5 + i] = file[i];
  }
  const size_t before = tanlu_test_entries(f->directory);
  tanlu_test_start(&f->run, f->directory, tanlu_test_program(), argument);
  nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
  kill(f->run.process, signal_number);
  tanlu_test_finish(&f->run);
  if (f->run.status == 0) skip(); /* a fast machine */
  expect_status(&f->run, 128 + signal_number);
  assert_string_equal(f->run.out, "");
  assert_int_equal(tanlu_test_entries(f->directory), before);
}

static void interrupting_leaves_nothing(void **state) {
  stopped_by(*state, SIGINT);
}
static void terminating_leaves_nothing(void **state) {
  stopped_by(*state, SIGTERM);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tanlu_test_place_set_up, tanlu_test_place_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(run_writes_one_file_and_a_summary),
      TEST(results_go_to_a_directory_of_that_name),
      TEST(an_existing_file_stays_unless_forced),
      TEST(a_setting_changes_the_results_and_is_recorded),
      TEST(threads_do_not_change_a_bit),
      TEST(compare_says_what_differs),
      TEST(show_prints_results),
      TEST(show_csv_gives_every_cell),
      TEST(show_refuses_what_is_not_there),
      TEST(a_reader_that_leaves_is_no_error),
      TEST(tables_that_cannot_be_written_are_an_error),
      TEST(check_sums_up_a_dataset),
      TEST(check_goes_on_after_a_problem),
      TEST(check_explains_where_values_come_from),
      TEST(every_command_has_help_and_a_version),
      TEST(wrong_usage_is_explained),
      TEST(interrupting_leaves_nothing),
      TEST(terminating_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_setup, NULL);
}
