/* Files of sweeps, by the built program: stopped, killed, split and joined they hold the same data.
 *
 * Oracle: `tanlu compare`, which compares every bit of every data variable, against one uninterrupted run; `tanlu run` of the
 * values that a sample drew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "outputs/result_file.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

static const char sweep_text[] =
    "name: small\n"
    "scenario: probe\n"
    "design: monte-carlo\n"
    "samples: 420\n"
    "seed: 7\n"
    "parameters:\n"
    "  - {path: gdp.growth, mode: scale, distribution: {normal: [1, 0.3]}, label: growth}\n"
    "  - {path: power.mix.wind, mode: scale, distribution: {uniform: [0.5, 2]}}\n"
    "  - {path: energy.intensity.all, mode: replace, distribution: {uniform: [0.8, 1.2]}}\n";

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  if (tanlu_test_write_file(f->directory, "s.yaml", sweep_text) != 0) return 1;
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "whole.h5", "s.yaml");
  return f->run.status;
}

static void same_as_whole(fixture *f, const char *file) {
  tanlu(&f->run, f->directory, "compare", "whole.h5", file);
  expect_status(&f->run, 0);
}

static void threads_do_not_matter(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "sweep", "-q", "--threads", "1", "-o", "one.h5", "s.yaml");
  expect_status(&f->run, 0);
  same_as_whole(f, "one.h5");
  tanlu(&f->run, f->directory, "sweep", "-q", "--threads", "5", "-o", "five.h5", "s.yaml");
  expect_status(&f->run, 0);
  same_as_whole(f, "five.h5");
}

/* Wait some milliseconds, then send a signal; true when the program was still running. */
static void interrupt(const tanlu_test_run *run, int number, long milliseconds) {
  const struct timespec pause = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
  (void)nanosleep(&pause, NULL);
  (void)kill(run->process, number);
}

/* SIGKILL at ever later moments, resumed until done. */
static void a_killed_sweep_goes_on(void **state) {
  fixture *f = *state;
  const char *const go_on[] = {"sweep", "-q", "--threads", "1", "--resume", "-o", "killed.h5", "s.yaml", NULL};
  int kills = 0;
  f->run.status = 1;
  for (long wait = 4; f->run.status != 0 && wait < 20000; wait += 4L * TANLU_TEST_SLOWER) {
    tanlu_test_start(&f->run, f->directory, tanlu_test_program(), go_on);
    interrupt(&f->run, SIGKILL, wait);
    tanlu_test_finish(&f->run);
    kills += f->run.status == 128 + SIGKILL;
  }
  expect_status(&f->run, 0);
  assert_true(kills > 0);
  same_as_whole(f, "killed.h5");
}

/* SIGTERM and SIGUSR1 end it with their status, and it goes on from there. */
static void signals_end_it_cleanly(void **state) {
  fixture *f = *state;
  static const struct { int signal, status; } kind[] = {{SIGINT, 130}, {SIGTERM, 143}, {SIGUSR1, 75}};
  assert_int_equal(tanlu_test_write_file(f->directory, "long.yaml", sweep_text), 0);
  assert_int_equal(tanlu_test_edit(f->directory, "long.yaml", "samples: 420", "samples: 100000"), 0);
  for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
    const char *const start[] = {"sweep", "--threads", "1", "--resume", "-o", "long.h5", "long.yaml", NULL};
    tanlu_test_start(&f->run, f->directory, tanlu_test_program(), start);
    interrupt(&f->run, kind[i].signal, 300);
    tanlu_test_finish(&f->run);
    expect_status(&f->run, kind[i].status);
    expect_err(&f->run, "go on with --resume");
  }
  assert_int_equal(tanlu_test_write_file(f->directory, "long.h5", ""), 0); /* give the room back */
}

static void shards_join_to_the_whole(void **state) {
  fixture *f = *state;
  static const char *const part[] = {"1/3", "2/3", "3/3"}, *const file[] = {"p1.h5", "p2.h5", "p3.h5"};
  for (int i = 0; i < 3; i++) {
    tanlu(&f->run, f->directory, "sweep", "-q", "--shard", part[i], "-o", file[i], "s.yaml");
    expect_status(&f->run, 0);
  }
  tanlu(&f->run, f->directory, "merge", "-o", "joined.h5", "p3.h5", "p1.h5", "p2.h5");
  expect_status(&f->run, 0);
  same_as_whole(f, "joined.h5");
  tanlu(&f->run, f->directory, "merge", "-o", "half.h5", "p3.h5", "p1.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "samples 128 to 287 are in none of the files"); /* 14 blocks: 4 to 8 */
  tanlu(&f->run, f->directory, "merge", "-o", "half.h5", "p3.h5", "p1.h5", "p2.h5", "p1.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "holds samples from 0 on, as does p1.h5");
  assert_false(tanlu_test_exists(f->directory, "half.h5"));
  tanlu(&f->run, f->directory, "sweep", "-q", "--shard", "28/28", "-o", "p4.h5", "s.yaml");
  assert_true(f->run.status == 0 || f->run.status == 2);
  tanlu(&f->run, f->directory, "sweep", "--shard", "4/3", "s.yaml");
  expect_status(&f->run, 2);
}

static void a_changed_sweep_is_refused(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "other.yaml", sweep_text), 0);
  assert_int_equal(tanlu_test_edit(f->directory, "other.yaml", "seed: 7", "seed: 8"), 0);
  tanlu(&f->run, f->directory, "sweep", "--resume", "-o", "whole.h5", "other.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "whole.h5: error: cannot go on: the sweep file has changed");
  assert_int_equal(tanlu_test_edit(f->directory, "probe.yaml", "2030: 4}", "2030: 4.5}"), 0);
  tanlu(&f->run, f->directory, "sweep", "--resume", "-o", "whole.h5", "s.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "the scenario has changed");
  assert_int_equal(tanlu_test_edit(f->directory, "probe.yaml", "2030: 4.5}", "2030: 4}"), 0);
  tanlu(&f->run, f->directory, "sweep", "-o", "whole.h5", "s.yaml");
  expect_status(&f->run, 2); /* exists, neither --resume nor --force */
  tanlu(&f->run, f->directory, "sweep", "-q", "--resume", "-o", "whole.h5", "s.yaml");
  expect_status(&f->run, 0); /* done already */
}

/* A second process is refused while the first holds the file. */
static void a_file_in_use_is_refused(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 16];
  snprintf(path, sizeof path, "%s/whole.h5", f->directory);
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  const int descriptor = open(path, O_RDWR);
  assert_true(descriptor >= 0 && fcntl(descriptor, F_OFD_SETLK, &whole) == 0);
  tanlu(&f->run, f->directory, "sweep", "--resume", "-o", "whole.h5", "s.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "is in use");
  tanlu(&f->run, f->directory, "sweep", "--force", "-o", "whole.h5", "s.yaml");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "show", "whole.h5"); /* reading is no harm */
  expect_status(&f->run, 0);
  expect_out(&f->run, "420 samples: ");
  (void)close(descriptor);
}

static void a_damaged_file_is_refused(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 16];
  snprintf(path, sizeof path, "%s/cut.h5", f->directory);
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "cut.h5", "s.yaml");
  expect_status(&f->run, 0);
  assert_int_equal(truncate(path, 100000), 0);
  tanlu(&f->run, f->directory, "sweep", "--resume", "-o", "cut.h5", "s.yaml");
  expect_status(&f->run, 4);
  tanlu(&f->run, f->directory, "sweep", "--resume", "-o", "s.yaml", "s.yaml");
  assert_true(f->run.status == 2 || f->run.status == 4);
}

/* A limit on file sizes stands for a full disk: said before anything is run, and nothing is left behind. */
static void a_full_disk_is_met_at_once(void **state) {
  fixture *f = *state;
  struct rlimit before, small = {.rlim_cur = 100000};
  const size_t entries = tanlu_test_entries(f->directory);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  small.rlim_max = before.rlim_max;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  tanlu(&f->run, f->directory, "sweep", "-o", "full.h5", "s.yaml");
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  expect_status(&f->run, 4);
  expect_err(&f->run, "cannot write the sweep file, which needs");
  assert_int_equal(tanlu_test_entries(f->directory), entries);
}

/* A sample alone, and as a scenario of its own, is the sample of the sweep. */
static void a_sample_can_be_had_alone(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "sweep", "-q", "--only", "5", "-o", "only.h5", "s.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "show", "--csv", "only.h5", "scenario_text");
  assert_int_equal(tanlu_test_write_file(f->directory, "list.yaml",
                                         "name: l\nscenario: probe\ndesign: grid\nlevels: 2\nparameters:\n"
                                         "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 2]}}\n"),
                   0);
  /* sample 1 of this grid doubles growth: the same, to the tolerance of the equilibrium, as settings of `tanlu run` */
  tanlu(&f->run, f->directory, "sweep", "-q", "--only", "1", "-o", "twice.h5", "list.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "--set", "name=l-1", "--set", "gdp.growth={2023: 10, 2030: 8}", "-o",
        "set.h5", "probe.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "compare", "--tolerance", "1e-9", "twice.h5", "set.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "sweep", "--only", "2", "list.yaml");
  expect_status(&f->run, 2);
}

/* Statistics alone are those of the whole file. */
static void statistics_alone_are_the_same(void **state) {
  fixture *f = *state;
  if (!tanlu_test_python_has("h5py")) skip();
  char text[sizeof sweep_text + 32];
  snprintf(text, sizeof text, "%skeep: statistics\n", sweep_text);
  assert_int_equal(tanlu_test_write_file(f->directory, "statistics.yaml", text), 0);
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "statistics.h5", "statistics.yaml");
  expect_status(&f->run, 0);
  static const char script[] =
      "import h5py, numpy as np\n"
      "a, b = h5py.File('whole.h5', 'r'), h5py.File('statistics.h5', 'r')\n"
      "assert 'indicator_value' not in b\n"
      "v = a['indicator_value'][:][a['status'][:] == 1]\n"
      "for name, own in (('mean', v.mean(0)), ('deviation', v.std(0, ddof=1)), ('minimum', v.min(0)),\n"
      "                  ('maximum', v.max(0))):\n"
      "    x, y = a['indicator_' + name][:], b['indicator_' + name][:]\n"
      "    assert (x == y).all(), name\n"
      "    assert np.allclose(x, own, rtol=1e-10, atol=1e-12 * abs(v).max()), name\n"
      "assert (a['block_done'][:] == 1).all()\n";
  tanlu_test_python(&f->run, f->directory, script, (const char *const[]){NULL});
  expect_status(&f->run, 0);
}

/* Failures by policy: allowed and counted, or the end. */
static void failures_are_handled_as_the_sweep_says(void **state) {
  fixture *f = *state;
  static const char text[] = "name: f\nscenario: probe\ndesign: grid\nlevels: 10\nparameters:\n"
                             "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 5]}}\n";
  static const struct {
    const char *policy;
    int status;
  } kind[] = {{"skip", 0}, {"stop", 3}, {"{at_most: 0.1}", 3}, {"{at_most: 0.25}", 0}};
  /* growth to 25 % where 20 % is the bound: factors 4.5 and 5 of the ten fail */
  for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
    char all[512];
    snprintf(all, sizeof all, "%sfailures: %s\n", text, kind[i].policy);
    assert_int_equal(tanlu_test_write_file(f->directory, "f.yaml", all), 0);
    tanlu(&f->run, f->directory, "sweep", "--force", "-o", "f.h5", "f.yaml");
    expect_status(&f->run, kind[i].status);
    if (kind[i].status == 0) expect_out(&f->run, "8 solved, 2 with values that are not allowed");
    if (kind[i].status != 0) expect_err(&f->run, "samples failed");
  }
}

/* Sinks are what the scenario says and nothing else: index 1, and 0 for growth, whatever the design. Their elementary effect over
 * the range 0 to 2 of 0.01 Mt is 0.02. */
static void sensitivity_knows_what_matters(void **state) {
  fixture *f = *state;
  static const char head[] = "name: s\nscenario: probe\nparameters:\n"
                             "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.9, 1.1]}, label: growth}\n"
                             "  - {path: sinks, mode: scale, distribution: {uniform: [0, 2]}, label: forests}\n"
                             "outputs: {indicators: [co2_sinks, gdp], years: [2025, 2030]}\nsamples: 128\n";
  static const struct {
    const char *design, *first, *second;
  } kind[] = {
      {"saltelli", "forests    ", "growth     0.000  0.000 to 0.000  0.000"},
      {"morris", "forests    0.0200  0.0200 to 0.0200  0.0200  0.0000", "growth     0.0000"},
      {"sobol", "forests                       1.000                     1.000", "growth                        0.000"},
      {"lhs", "forests                       1.000                     1.000", "explains 100.0 %"}};
  for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
    char text[768];
    snprintf(text, sizeof text, "%sdesign: %s\n", head, kind[i].design);
    assert_int_equal(tanlu_test_write_file(f->directory, "v.yaml", text), 0);
    tanlu(&f->run, f->directory, "sweep", "-q", "--force", "-o", "v.h5", "v.yaml");
    expect_status(&f->run, 0);
    tanlu(&f->run, f->directory, "sensitivity", "v.h5", "co2_sinks.2030");
    expect_status(&f->run, 0);
    expect_out(&f->run, kind[i].first);
    expect_out(&f->run, kind[i].second);
    double first = 1.0, low = 1.0, high = 1.0, total = 1.0; /* the estimator's error is about 1 / sqrt(128) */
    const char *row = strstr(f->run.out, "forests");
    if (i == 0) assert_int_equal(sscanf(row, "forests %lf %lf to %lf %lf", &first, &low, &high, &total), 4);
    assert_true(first > 0.8 && first < 1.2 && total > 0.8 && total < 1.2 && low <= 1.0 && high >= 1.0);
  }
  tanlu(&f->run, f->directory, "sensitivity", "v.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "gdp.2030");
  tanlu(&f->run, f->directory, "sensitivity", "v.h5", "co2_snks");
  expect_status(&f->run, 2);
  expect_err(&f->run, "did you mean 'co2_sinks'?");
  tanlu(&f->run, f->directory, "sensitivity", "v.h5", "gdp.2029");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "plain.h5", "probe.yaml");
  tanlu(&f->run, f->directory, "sensitivity", "plain.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "is not the file of a sweep");
  tanlu(&f->run, f->directory, "show", "v.h5", "gdp");
  expect_status(&f->run, 2);
  expect_err(&f->run, "is the file of a sweep");
}

/* --csv of a sweep's file gives every cell once, as the file holds it; the samples of a shard keep their numbers. */
static void samples_come_as_csv(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "show", "--csv", "whole.h5", "parameter_value");
  expect_status(&f->run, 0);
  expect_out(&f->run, "sample,parameter,unit,value\r\n0,");
  size_t lines = 0;
  for (const char *c = f->run.out; *c != '\0'; c++) lines += *c == '\n';
  assert_int_equal(lines, 1 + 3 * 420);
  tanlu_result *result = NULL;
  const tanlu_result_variable *drawn = NULL;
  char path[TANLU_TEST_PATH + 64];
  snprintf(path, sizeof path, "%s/whole.h5", f->directory);
  assert_int_equal(tanlu_result_open(&result, path, NULL), TANLU_OK);
  assert_int_equal(tanlu_result_variable_read(result, "parameter_value", &drawn, NULL), TANLU_OK);
  const char *line = f->run.out;
  for (size_t i = 0; i < 3 * 420; i++) {
    line = strchr(line, '\n') + 1;
    assert_true((size_t)strtoul(line, NULL, 10) == i / 3);
    const char *last = line + strcspn(line, "\r");
    while (last[-1] != ',') last--;
    assert_true(strtod(last, NULL) == drawn->value[i]);
  }
  tanlu_result_close(&result);
  tanlu(&f->run, f->directory, "show", "--wide", "whole.h5", "co2_net");
  expect_status(&f->run, 0);
  expect_out(&f->run, "\n419,co2_net,Mt,");
  tanlu(&f->run, f->directory, "sweep", "-qf", "--shard", "2/2", "-o", "half.h5", "s.yaml");
  tanlu(&f->run, f->directory, "show", "--csv", "half.h5", "status");
  expect_status(&f->run, 0);
  expect_out(&f->run, "sample,unit,value\r\n224,1,");
  tanlu(&f->run, f->directory, "show", "--csv", "whole.h5", "co2_nett");
  expect_status(&f->run, 2);
  expect_err(&f->run, "did you mean 'co2_net'?");
  tanlu(&f->run, f->directory, "show", "--csv", "whole.h5", "status", "co2_net");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "show", "--list", "whole.h5");
  expect_out(&f->run, "parameter_value");
  tanlu(&f->run, f->directory, "compare", "whole.h5", "half.h5");
  expect_status(&f->run, 1);
  expect_out(&f->run, "status: 420 against 196 along sample");
}

static void check_knows_sweeps(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "check", "s.yaml", "peak-drivers");
  expect_status(&f->run, 0);
  expect_out(&f->run, "s.yaml: ok (monte_carlo of probe, 3 parameters that move 4 numbers, 420 samples)");
  expect_out(&f->run, "peak-drivers: ok (saltelli of reference, 12 parameters");
  assert_int_equal(tanlu_test_write_file(f->directory, "bad.yaml", "name: s\nscenario: probe\ndesign: lhs\n"), 0);
  tanlu(&f->run, f->directory, "check", "bad.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "missing key 'samples'");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(threads_do_not_matter),
      cmocka_unit_test(a_killed_sweep_goes_on),
      cmocka_unit_test(signals_end_it_cleanly),
      cmocka_unit_test(shards_join_to_the_whole),
      cmocka_unit_test(a_changed_sweep_is_refused),
      cmocka_unit_test(a_file_in_use_is_refused),
      cmocka_unit_test(a_damaged_file_is_refused),
      cmocka_unit_test(a_full_disk_is_met_at_once),
      cmocka_unit_test(a_sample_can_be_had_alone),
      cmocka_unit_test(statistics_alone_are_the_same),
      cmocka_unit_test(failures_are_handled_as_the_sweep_says),
      cmocka_unit_test(sensitivity_knows_what_matters),
      cmocka_unit_test(samples_come_as_csv),
      cmocka_unit_test(check_knows_sweeps),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
