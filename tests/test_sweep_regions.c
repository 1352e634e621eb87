/* Sweeps of a nation with its regions, by the built program.
 *
 * Oracles: one run of the whole sweep, whose bits threads, shards, a kill and what ran before do not change; `tanlu run --set` and
 * `tanlu sweep --only` of the values of a sample, which project it with memory of its own, bit by bit; the definition of `all`. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/session.h"
#include "model/sweep.h"
#include "outputs/result_file.h"
#include "tests/program_support.h"

enum { REGIONS = 7, SAMPLES = 40 };

typedef struct {
  char directory[TANLU_TEST_PATH];
  tanlu_test_run run;
  tanlu_context *context;
} fixture;

static const char scenario_text[] = "name: grids\nparent: dual-carbon-42\nyears: {to: 2026}\n"
                                    "regions: {statistics: china-2020, level: grid}\n";
#define HEAD "name: s\nscenario: grids\n"
#define PARAMETERS                                                                                                     \
  "parameters:\n"                                                                                                      \
  "  - {label: nation, path: gdp.growth.2030, mode: replace, distribution: {uniform: [3.5, 5.5]}}\n"                   \
  "  - {label: south, path: regions.set.south_grid.gdp.growth, mode: replace, distribution: {uniform: [3, 6]}}\n"
#define OUTPUTS "outputs: {indicators: [co2_net, all.co2_energy, south_grid.gdp_per_head], years: [2025, 2026]"
static const char sweep_text[] = HEAD "design: lhs\nsamples: 40\nseed: 5\n" PARAMETERS OUTPUTS
                                      ", quantiles: {south_grid.co2_energy: [900, 1300]}}\n";

static int write_sweep(const fixture *f, const char *name, const char *text) {
  return tanlu_test_write_file(f->directory, name, text);
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0) return 1;
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  f->context = tanlu_context_create();
  if (write_sweep(f, "grids.yaml", scenario_text) != 0 || write_sweep(f, "s.yaml", sweep_text) != 0) return 1;
  tanlu(&f->run, f->directory, "sweep", "-q", "-t", "2", "-o", "whole.h5", "s.yaml");
  if (f->run.status != 0) fputs(f->run.err, stderr);
  return f->run.status;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_context_free(&f->context);
  tanlu_test_forget(&f->run);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

static void same_as_whole(fixture *f, const char *file) {
  tanlu(&f->run, f->directory, "compare", "whole.h5", file);
  expect_status(&f->run, 0);
}

static tanlu_result *open_result(fixture *f, const char *name) {
  tanlu_result *result = NULL;
  char path[TANLU_TEST_PATH + 32];
  (void)snprintf(path, sizeof path, "%s/%s", f->directory, name);
  assert_int_equal(tanlu_result_open(&result, path, f->context), TANLU_OK);
  return result;
}

static const tanlu_result_variable *read_variable(fixture *f, tanlu_result *result, const char *name) {
  const tanlu_result_variable *v = NULL;
  assert_int_equal(tanlu_result_variable_read(result, name, &v, f->context), TANLU_OK);
  return v;
}

/* ---- the same bits -------------------------------------------------------------------------------------------------------- */

static void threads_do_not_matter(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "sweep", "-q", "-t", "1", "-o", "one.h5", "s.yaml");
  expect_status(&f->run, 0);
  same_as_whole(f, "one.h5");
}

static void shards_join_to_the_whole(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "sweep", "-q", "--shard", "2/2", "-o", "p2.h5", "s.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "sweep", "-q", "--shard", "1/2", "-o", "p1.h5", "s.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "merge", "-o", "joined.h5", "p2.h5", "p1.h5");
  expect_status(&f->run, 0);
  same_as_whole(f, "joined.h5");
  tanlu_result *result = open_result(f, "joined.h5");
  const tanlu_result_texts *region = tanlu_result_texts_find(result, "indicator_region");
  const tanlu_result_texts *code = tanlu_result_texts_find(result, "indicator_code");
  const tanlu_labels *indicator = tanlu_result_labels(result, "indicator");
  assert_int_equal(indicator->count, 2 + REGIONS);
  assert_string_equal(indicator->code[0], "co2_net");
  assert_string_equal(region->text[0], "");
  for (size_t k = 1; k <= REGIONS; k++) { /* what `all` stands for */
    char expected[TANLU_SWEEP_CODE];
    (void)snprintf(expected, sizeof expected, "%s.co2_energy", region->text[k]);
    assert_string_equal(indicator->code[k], expected);
    assert_string_equal(code->text[k], "co2_energy");
  }
  assert_string_equal(tanlu_result_texts_find(result, "indicator_unit")->text[1], "Mt");
  assert_string_equal(tanlu_result_attribute(result, "quantile_ranges"), "south_grid.co2_energy: 900 to 1300");
  tanlu_result_close(&result);
}

static void a_killed_sweep_goes_on(void **state) {
  fixture *f = *state;
  const char *const go_on[] = {"sweep", "-q", "-t", "1", "--resume", "-o", "killed.h5", "s.yaml", NULL};
  int kills = 0;
  f->run.status = 1;
  for (long wait = 100; f->run.status != 0 && wait < 100000; wait *= 2) {
    tanlu_test_interrupt(&f->run, f->directory, SIGKILL, wait, go_on);
    kills += f->run.status == 128 + SIGKILL;
  }
  expect_status(&f->run, 0);
  assert_true(kills > 0);
  same_as_whole(f, "killed.h5");
}

/* Indicators of a sample in the sweep against those of a result file by region. */
static void sample_is_run(fixture *f, size_t sample, const char *file) {
  tanlu_result *sweep = open_result(f, "whole.h5"), *run = open_result(f, file);
  const tanlu_result_variable *own = read_variable(f, sweep, "indicator_value");
  const tanlu_result_variable *nation = read_variable(f, run, "indicator_value");
  const tanlu_result_variable *regional = read_variable(f, run, "regional_indicator_value");
  const tanlu_labels *indicator = tanlu_result_labels(run, "indicator"), *region = tanlu_result_labels(run, "region");
  const size_t years = own->extent[1], count = own->extent[2], all = nation->extent[1];
  assert_int_equal(years, 2);
  for (size_t t = 0; t < years; t++) { /* the last two of the run */
    for (size_t k = 0; k < count; k++) {
      const char *code = tanlu_result_texts_find(sweep, "indicator_code")->text[k];
      const char *of = tanlu_result_texts_find(sweep, "indicator_region")->text[k];
      const size_t year = all - years + t, place = tanlu_labels_find(indicator, code);
      const size_t r = of[0] != '\0' ? tanlu_labels_find(region, of) : 0;
      const double *values = of[0] != '\0' ? regional->value + r * all * indicator->count : nation->value;
      const double expected = values[year * indicator->count + place];
      assert_memory_equal(&own->value[(sample * years + t) * count + k], &expected, sizeof expected);
    }
  }
  tanlu_result_close(&run);
  tanlu_result_close(&sweep);
}

static void a_sample_is_a_run_of_its_values(void **state) {
  fixture *f = *state;
  enum { SAMPLE = 37 };
  char nation[80], south[80];
  tanlu(&f->run, f->directory, "sweep", "-q", "--only", "37", "-o", "only.h5", "s.yaml");
  expect_status(&f->run, 0);
  sample_is_run(f, SAMPLE, "only.h5");
  tanlu_result *sweep = open_result(f, "whole.h5");
  const tanlu_result_variable *drawn = read_variable(f, sweep, "parameter_value");
  (void)snprintf(nation, sizeof nation, "gdp.growth.2030=%.17g", drawn->value[(size_t)SAMPLE * 2]);
  (void)snprintf(south, sizeof south, "regions.set.south_grid.gdp.growth=%.17g", drawn->value[(size_t)SAMPLE * 2 + 1]);
  tanlu_result_close(&sweep);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "run.h5", "--set", nation, "--set", south, "./grids.yaml");
  expect_status(&f->run, 0);
  sample_is_run(f, SAMPLE, "run.h5");
}

/* The library keeps them in memory, under the same codes. */
static void the_library_runs_it_too(void **state) {
  fixture *f = *state;
  enum { CELLS = 2 * (2 + REGIONS) };
  char path[TANLU_TEST_PATH + 16];
  size_t size[TANLU_SESSION_SIZES];
  double value[SAMPLES * CELLS];
  (void)snprintf(path, sizeof path, "%s/s.yaml", f->directory);
  tanlu_session *session = tanlu_session_create();
  assert_int_equal(tanlu_session_sweep(session, path, size), 0);
  assert_int_equal(size[TANLU_SESSION_INDICATORS], 2 + REGIONS);
  assert_string_equal(tanlu_session_sweep_label(session, TANLU_SESSION_INDICATORS, 0), "co2_net");
  assert_string_equal(tanlu_session_sweep_label(session, TANLU_SESSION_INDICATORS, 1 + REGIONS),
                      "south_grid.gdp_per_head");
  assert_int_equal(tanlu_session_sweep_run(session, 1, NULL, NULL, value, NULL), 0);
  tanlu_result *sweep = open_result(f, "whole.h5");
  assert_memory_equal(value, read_variable(f, sweep, "indicator_value")->value, sizeof value);
  tanlu_result_close(&sweep);
  tanlu_session_free(&session);
}

/* The region's own growth moves the region: more in `south`, higher GDP there; the nation's GDP is the nation's. */
static void paths_of_regions_move_them(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "sensitivity", "whole.h5", "south_grid.gdp_per_head.2026", "co2_net");
  expect_status(&f->run, 0);
  const char *south = strstr(f->run.out, "south_grid.gdp_per_head.2026"), *row = strstr(f->run.out, "\nsouth ");
  assert_non_null(south);
  assert_true(row > south && strtod(row + 6, NULL) > 0.9);
  const char *net = strstr(f->run.out, "co2_net.2026");
  assert_non_null(net);
  assert_true(strtod(strstr(net, "\nnation ") + 7, NULL) > 0.99);
}

/* A sample that fails names the region and the year, and leaves nothing to the one after it, which has the values of the one before. */
static void failures_say_where_and_leave_nothing(void **state) {
  fixture *f = *state;
  assert_int_equal(write_sweep(f, "list.yaml",
                               HEAD "design: list\nparameters:\n"
                                    "  - {label: south, path: regions.set.south_grid.gdp.growth, mode: replace}\n"
                                    "  - {path: regions.set.south_grid.energy.intensity.all, mode: replace}\n"
                                    "points: [[5, 1], [5, 100], [5, 1], [3, 1], [9999, 1]]\n" OUTPUTS "}\n"),
                   0);
  tanlu(&f->run, f->directory, "sweep", "-t", "1", "-o", "list.h5", "list.yaml");
  expect_status(&f->run, 0);
  expect_out(&f->run, "5 samples: 3 solved, 1 with values that are not allowed, 1 not solvable");
  expect_out(&f->run, "sample 1: scenario grids: region south_grid: year 2025: sector 01");
  tanlu_result *result = open_result(f, "list.h5");
  const tanlu_result_variable *v = read_variable(f, result, "indicator_value");
  const size_t cells = v->extent[1] * v->extent[2];
  assert_true(isnan(v->value[cells]));
  assert_memory_equal(v->value, v->value + 2 * cells, cells * sizeof *v->value);
  assert_memory_not_equal(v->value, v->value + 3 * cells, cells * sizeof *v->value);
  tanlu_result_close(&result);
}

/* The regional statistics are part of what a sweep is of. */
static void changed_statistics_are_refused(void **state) {
  fixture *f = *state;
  char from[TANLU_TEST_PATH + 32];
  (void)snprintf(from, sizeof from, "%s/inputs/regions/china-2020", tanlu_test_root());
  tanlu_test_execute(&f->run, f->directory, "/bin/cp", (const char *const[]){"-r", from, "own", NULL});
  expect_status(&f->run, 0);
  assert_int_equal(write_sweep(f, "grids-own.yaml", scenario_text), 0);
  assert_int_equal(tanlu_test_edit(f->directory, "grids-own.yaml", "statistics: china-2020", "statistics: ./own"), 0);
  assert_int_equal(write_sweep(f, "own.yaml", "name: s\nscenario: grids-own\ndesign: lhs\nsamples: 2\n" PARAMETERS), 0);
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "own.h5", "own.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "sweep", "-q", "--resume", "-o", "own.h5", "own.yaml");
  expect_status(&f->run, 0);
  assert_int_equal(tanlu_test_edit(f->directory, "own/regions.yaml", "persons: 1e4", "persons: 1.0e4"), 0);
  tanlu(&f->run, f->directory, "sweep", "-q", "--resume", "-o", "own.h5", "own.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "the dataset has changed");
}

/* ---- what is refused ------------------------------------------------------------------------------------------------------ */

static void refuses(fixture *f, const char *text, const char *part) {
  assert_int_equal(write_sweep(f, "bad.yaml", text), 0);
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "bad.h5", "bad.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, part);
  assert_false(tanlu_test_exists(f->directory, "bad.h5"));
  tanlu(&f->run, f->directory, "check", "bad.yaml");
  expect_status(&f->run, 2);
}

#define WITH(outputs) HEAD "design: lhs\nsamples: 2\n" PARAMETERS "outputs: {indicators: [" outputs "]}\n"
#define MOVES(parameter) HEAD "design: lhs\nsamples: 2\nparameters:\n  - {" parameter "}\n"
#define UNIFORM ", distribution: {uniform: [0.9, 1.1]}"

static void wrong_outputs_are_named(void **state) {
  fixture *f = *state;
  refuses(f, WITH("co2_net, south_gird.co2_net"),
          "bad.yaml:8:33: error: unknown region 'south_gird'; did you mean 'south_grid'?");
  refuses(f, WITH("south_grid.co2_nett"), "unknown indicator 'co2_nett'; did you mean 'co2_net'?");
  refuses(f, WITH("all.co2_nett"), "unknown indicator 'co2_nett'");
  refuses(f, WITH("all.co2_net, east_grid.co2_net"), "indicator 'east_grid.co2_net' is named twice");
  refuses(f, WITH("co2_net], quantiles: {south_grid.co2_net: [0, 1]}, years: [2026"), "south_grid.co2_net");
  assert_int_equal(write_sweep(f, "nation.yaml", "name: nation\nparent: dual-carbon-42\nyears: {to: 2026}\n"), 0);
  refuses(f,
          "name: s\nscenario: nation\ndesign: lhs\nsamples: 2\nparameters:\n"
          "  - {path: gdp.growth, mode: scale" UNIFORM "}\noutputs: {indicators: [all.co2_net]}\n",
          "'all.co2_net' names a region, but the scenario has no block 'regions'");
  refuses(f,
          "name: s\nscenario: nation\ndesign: lhs\nsamples: 2\nparameters:\n"
          "  - {path: regions.set.south_grid.gdp.growth, mode: replace" UNIFORM "}\n",
          "the scenario 'nation' has no block 'regions'");
}

static void wrong_parameters_are_named(void **state) {
  fixture *f = *state;
  refuses(f, MOVES("path: regions.set.south_gird.gdp.growth, mode: replace" UNIFORM),
          "bad.yaml:6:12: error: unknown region 'south_gird'; did you mean 'south_grid'?");
  refuses(f, MOVES("path: regions.set.south_grid.gdp.groth, mode: replace" UNIFORM), "did you mean 'growth'?");
  refuses(f, MOVES("path: regions.set.south_grid.sinks.2060, mode: replace" UNIFORM), "sinks");
  refuses(f, MOVES("path: regions.set.south_grid.gdp.growth, mode: scale" UNIFORM), "it can be replaced");
  refuses(f, MOVES("path: regions.delta, mode: replace" UNIFORM), "is no number that a scenario decides");
  refuses(f, MOVES("statistic: emission_factors.all, mode: scale" UNIFORM),
          "the scenario 'grids' has regions; statistics vary in sweeps of the nation alone");
}

/* A region of a sweep is in the name of an indicator; an option that would count for nothing is refused. */
static void show_takes_no_region(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "show", "--region", "south_grid", "whole.h5");
  assert_int_equal(f->run.status, 2);
  assert_non_null(
      strstr(f->run.err, "whole.h5: error: is the file of a sweep, whose indicators of regions have names like"));
  tanlu(&f->run, f->directory, "show", "--csv", "--region", "south_grid", "whole.h5", "co2_net");
  assert_int_equal(f->run.status, 2);
  tanlu(&f->run, f->directory, "show", "--csv", "whole.h5", "south_grid.gdp_per_head");
  assert_int_equal(f->run.status, 0);
}

/* Gradients are the nation's: what would need those of regions says so. */
static void gradients_of_regions_are_refused(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "sensitivity", "--adjoint", "./grids.yaml", "south_grid.co2_net.2026");
  expect_status(&f->run, 2);
  expect_err(&f->run, "'south_grid.co2_net.2026' is an output of a region, which has no gradient");
  tanlu(&f->run, f->directory, "solve-for", "--goal", "co2_net.2026<=9000", "--vary",
        "regions.set.south_grid.gdp.growth", "-o", "found.yaml", "./grids.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "what a scenario says of a region has no gradient");
  assert_false(tanlu_test_exists(f->directory, "found.yaml"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(threads_do_not_matter),
      cmocka_unit_test(shards_join_to_the_whole),
      cmocka_unit_test(a_killed_sweep_goes_on),
      cmocka_unit_test(a_sample_is_a_run_of_its_values),
      cmocka_unit_test(the_library_runs_it_too),
      cmocka_unit_test(paths_of_regions_move_them),
      cmocka_unit_test(failures_say_where_and_leave_nothing),
      cmocka_unit_test(changed_statistics_are_refused),
      cmocka_unit_test(wrong_outputs_are_named),
      cmocka_unit_test(wrong_parameters_are_named),
      cmocka_unit_test(show_takes_no_region),
      cmocka_unit_test(gradients_of_regions_are_refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
