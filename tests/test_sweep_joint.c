/* What several parameters of a sweep decide together: shares with a fixed sum, correlation, and lists from CSV files.
 *
 * Oracles: the fixed sum itself, closed forms of the uniform distribution on a simplex, the same design made by hand, the
 * correlation asked for, figures written in the files of this test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"
#include "tests/sweep_support.h"

#define MIX "  - {label: mix, simplex: {members: [power.mix.wind.2030, power.mix.pv.2030, power.mix.nuclear.2030], "
#define ONE(label, path) "  - {label: " label ", path: " path ", mode: scale, distribution: {uniform: [0.5, 1.5]}}\n"

/* `n` units in the last place of the total; a long double adds without rounding that would matter. */
static void sums_to(const double *value, size_t n, double total) {
  long double sum = 0.0L;
  for (size_t i = 0; i < n; i++) sum += (long double)value[i];
  const double unit = nextafter(total, 2.0 * total) - total;
  assert_true(fabsl(sum - (long double)total) <= (long double)n * (long double)unit);
}

/* ---- simplex ------------------------------------------------------------------------------------------------------------ */

/* In every design that draws: three members take two dimensions, sum to the total and reach the drivers as they are stored; the
 * balance has the rest. */
static void members_share_the_total(void **state) {
  sweep_fixture *f = *state;
  static const struct {
    const char *design;
    size_t samples; /* with four dimensions; three factors */
  } each[] = {{"monte-carlo\nsamples: 40", 40}, {"lhs\nsamples: 40", 40},   {"sobol\nsamples: 40", 40},
              {"saltelli\nsamples: 4", 20},     {"morris\nsamples: 5", 25}, {"grid\nlevels: 3", 81}};
  const size_t coal = tanlu_axis_find(f->dataset, TANLU_AXIS_TECHNOLOGY, "coal");
  static const char *const member[] = {"wind", "pv", "nuclear"};
  for (size_t d = 0; d < sizeof each / sizeof *each; d++) {
    for (int bounded = 0; bounded < 2; bounded++) {
      char text[1024];
      snprintf(text, sizeof text, "name: s\nscenario: probe\ndesign: %s\nparameters:\n%s" MIX "total: 0.3, %s}}\n%s",
               each[d].design, ONE("growth", "gdp.growth"),
               bounded ? "uniform: [[0, 0.2], [0.05, 0.3], [0, 0.1]]" : "dirichlet: [0.5, 1, 2]",
               ONE("sinks", "sinks"));
      sweep_read_well(f, text);
      assert_int_equal(f->sweep->parameters, 5);
      assert_int_equal(f->sweep->samples, each[d].samples);
      assert_string_equal(f->sweep->parameter[2].label, "mix: power.mix.pv.2030");
      for (size_t i = 0; i < f->sweep->samples; i++) {
        double drawn[5];
        tanlu_drivers *drivers = NULL;
        tanlu_sweep_draw(f->sweep, i, drawn);
        sums_to(drawn + 1, 3, 0.3);
        assert_true(drawn[0] >= 0.5 && drawn[0] <= 1.5 && drawn[4] >= 0.5 && drawn[4] <= 1.5);
        if (bounded) {
          assert_true(drawn[1] <= 0.2 + 1e-15 && drawn[2] >= 0.05 - 1e-15 && drawn[3] <= 0.1 + 1e-15);
        }
        assert_int_equal(tanlu_sweep_drivers(f->worker, drawn, NULL, &drivers, f->context), TANLU_OK);
        double rest = 1.0;
        for (size_t k = 0; k < tanlu_axis_count(f->dataset, TANLU_AXIS_TECHNOLOGY); k++) {
          if (k != coal) rest -= tanlu_driver(drivers, TANLU_DRIVER_POWER_MIX, 10, k, 0);
        }
        assert_true(fabs(tanlu_driver(drivers, TANLU_DRIVER_POWER_MIX, 10, coal, 0) - rest) < 1e-14);
        for (size_t k = 0; k < 3; k++) {
          const size_t t = tanlu_axis_find(f->dataset, TANLU_AXIS_TECHNOLOGY, member[k]);
          assert_true(tanlu_driver(drivers, TANLU_DRIVER_POWER_MIX, 10, t, 0) == drawn[1 + k]);
        }
        tanlu_drivers_free(&drivers);
      }
    }
  }
}

/* Uniform on the simplex of total 0.4: the first member is 0.4 (1 - sqrt(1 - u)), the second then uniform on the rest, with u the
 * dimensions of the same design made by hand; parameters before and behind have theirs. */
static void members_follow_their_dimensions(void **state) {
  sweep_fixture *f = *state;
  sweep_read_well(f, SWEEP_HEAD ONE("growth", "gdp.growth") MIX
                  "total: 0.4, dirichlet: [1, 1, 1]}}\n" ONE("sinks", "sinks"));
  tanlu_design *design = NULL;
  const tanlu_design_options options = {
      .kind = TANLU_DESIGN_MONTE_CARLO, .dimensions = 4, .samples = 20, .seed = f->sweep->options.seed};
  assert_int_equal(tanlu_design_create(&design, &options, f->context), TANLU_OK);
  for (size_t i = 0; i < 20; i++) {
    double u[4], drawn[5];
    tanlu_design_point(design, i, u);
    tanlu_sweep_draw(f->sweep, i, drawn);
    const double first = 0.4 * (1.0 - sqrt(1.0 - u[1]));
    assert_true(fabs(drawn[0] - (0.5 + u[0])) < 1e-15 && fabs(drawn[4] - (0.5 + u[3])) < 1e-15);
    assert_true(fabs(drawn[1] - first) < 1e-12 && fabs(drawn[2] - u[2] * (0.4 - first)) < 1e-12);
  }
  tanlu_design_free(&design);
}

static void wrong_simplexes(void **state) {
  sweep_fixture *f = *state;
#define SIMPLEX(members, rest) SWEEP_HEAD "  - {simplex: {members: [" members "], " rest "}}\n"
#define TWO "power.mix.wind.2030, power.mix.pv.2030"
  sweep_fails_with(
      f, SIMPLEX("power.mix.wind.2030, power.mix.coal.2030", "dirichlet: [1, 1]"),
      "sweep.yaml:6:47: error: 'coal' is the balance of 'power.mix': it takes the rest and has no number of "
      "its own; leave it out, and let the total be what the rest leaves");
  sweep_fails_with(f, SWEEP_HEAD "  - {path: power.mix.coal, mode: replace, distribution: {uniform: [0, 1]}}\n",
                   "sweep.yaml:6:12: error: 'coal' is the balance of 'power.mix'");
  sweep_fails_with(f, SIMPLEX("power.mix.wind.2030", "dirichlet: [1]"),
                   "sweep.yaml:6:25: error: expected 'members', a list of two paths or more");
  sweep_fails_with(f, SIMPLEX(TWO, "dirichlet: [1, 1, 1]"), "expected a list of 2 numbers");
  sweep_fails_with(f, SIMPLEX(TWO, "dirichlet: [1, 0]"), "dirichlet: alpha 2 is 0; expected more than 0");
  sweep_fails_with(f, SIMPLEX(TWO, "dirichlet: [1, 1], uniform: [[0, 1], [0, 1]]"), "expected either dirichlet");
  sweep_fails_with(f, SIMPLEX(TWO, "total: 0"), "expected more than 0");
  sweep_fails_with(f, SIMPLEX(TWO, "total: 0.5, uniform: [[0, 0.6], [0, 0.5]]"),
                   "from 0 to 0.6; expected 0 <= lowest <= highest <= 0.5");
  sweep_fails_with(f, SIMPLEX(TWO, "total: 0.5, uniform: [[0, 0.2], [0, 0.2]]"),
                   "as shares of the total: uniform: the lower bounds sum to 0 and the upper to 0.8");
  sweep_fails_with(f, SIMPLEX(TWO, "sum: 1, dirichlet: [1, 1]"), "unknown key 'sum' in simplex");
  sweep_fails_with(f, SIMPLEX("gdp.growth, sinks.2030", "dirichlet: [1, 1]"),
                   "'gdp.growth' holds 2 numbers; expected the path of one");
  sweep_fails_with(f, SIMPLEX(TWO ", power.mix.wind.2030", "dirichlet: [1, 1, 1]"), "two parameters are called");
  sweep_fails_with(f, SWEEP_HEAD "  - {label: x, simplex: {members: [" TWO "], dirichlet: [1, 1]}}\n" ONE("x", "sinks"),
                   "two are called 'x'");
  sweep_fails_with(f, SIMPLEX(TWO, "dirichlet: [1, 1]") ONE("x", "power.mix.wind"),
                   "sweep.yaml:7:5: error: this moves 'power.mix.wind.2030' again, a member of the simplex in line 6");
  sweep_fails_with(f,
                   "name: s\nscenario: probe\ndesign: list\nparameters:\n  - {simplex: {members: [" TWO "], "
                   "dirichlet: [1, 1]}}\npoints: [[1, 2]]\n",
                   "sweep.yaml:5:6: error: a list states its values; expected paths, no simplex");
}

/* ---- correlation -------------------------------------------------------------------------------------------------------- */

static double spearman(const sweep_fixture *f, size_t a, size_t b) {
  const size_t n = f->sweep->samples, k = f->sweep->parameters;
  double *drawn = calloc(n * k, sizeof *drawn), sum = 0.0;
  for (size_t i = 0; i < n; i++) tanlu_sweep_draw(f->sweep, i, drawn + i * k);
  for (size_t i = 0; i < n; i++) {
    double rank[2] = {0.0, 0.0};
    for (size_t j = 0; j < n; j++) {
      rank[0] += drawn[j * k + a] < drawn[i * k + a];
      rank[1] += drawn[j * k + b] < drawn[i * k + b];
    }
    sum += (rank[0] - 0.5 * (double)(n - 1)) * (rank[1] - 0.5 * (double)(n - 1));
  }
  free(drawn);
  return 12.0 * sum / ((double)n * ((double)n * (double)n - 1.0));
}

/* Ranks correlate as asked, within 5 / sqrt(N) of independent points and a fifth of it in a reordered Latin hypercube; `normal` 0.5
 * is (6 / pi) asin(0.25) between ranks. Pairs that are not named do not correlate. */
static void ranks_correlate_as_asked(void **state) {
  sweep_fixture *f = *state;
  enum { N = 1500 };
  static const char *const design[] = {"monte-carlo", "sobol", "lhs"};
  for (size_t d = 0; d < 3; d++) {
    char text[1024];
    snprintf(text, sizeof text,
             "name: s\nscenario: probe\ndesign: %s\nsamples: %d\nparameters:\n%s%s%s"
             "correlation:\n  - {between: [growth, sinks], rank: -0.6}\n"
             "  - {between: [wind, growth], normal: 0.5}\n",
             design[d], (int)N, ONE("growth", "gdp.growth"), ONE("wind", "power.mix.wind"), ONE("sinks", "sinks"));
    sweep_read_well(f, text);
    const double bound = (d == 2 ? 0.2 : 1.0) * 5.0 / sqrt(N), pi = acos(-1.0);
    assert_true(fabs(spearman(f, 0, 2) + 0.6) < bound);
    assert_true(fabs(spearman(f, 0, 1) - 6.0 / pi * asin(0.25)) < bound);
    assert_true(fabs(spearman(f, 1, 2)) < bound);
  }
}

static void wrong_correlations(void **state) {
  sweep_fixture *f = *state;
#define THREE ONE("a", "gdp.growth") ONE("b", "sinks") ONE("c", "power.mix.wind")
#define PAIR(a, b, rest) "  - {between: [" a ", " b "], " rest "}\n"
  sweep_fails_with(
      f,
      SWEEP_HEAD THREE "correlation:\n" PAIR("a", "b", "rank: 0.9") PAIR("a", "c", "rank: 0.9")
          PAIR("b", "c", "rank: -0.9"),
      "sweep.yaml:10:3: error: of normal scores, the correlation of a and c, 0.907981, cannot hold together "
      "with the others: the matrix is not positive definite");
  sweep_fails_with(f, SWEEP_HEAD THREE "correlation:\n" PAIR("a", "d", "rank: 0.5"),
                   "sweep.yaml:10:19: error: there is no parameter 'd'");
  sweep_fails_with(f, SWEEP_HEAD THREE "correlation:\n" PAIR("a", "a", "rank: 0.5"), "two different parameters");
  sweep_fails_with(f, SWEEP_HEAD THREE "correlation:\n" PAIR("a", "b", "rank: 1"),
                   "sweep.yaml:10:29: error: 1 is no correlation; expected more than -1 and less than 1");
  sweep_fails_with(f, SWEEP_HEAD THREE "correlation:\n" PAIR("a", "b", "rank: 0.1") PAIR("b", "a", "rank: 0.1"),
                   "sweep.yaml:11:5: error: the correlation of 'b' and 'a' is given twice");
  sweep_fails_with(f, SWEEP_HEAD THREE "correlation:\n" PAIR("a", "b", "rank: 0.1, normal: 0.1"),
                   "expected either rank: R");
  sweep_fails_with(f,
                   SWEEP_HEAD ONE("a", "gdp.growth") MIX "total: 0.3, dirichlet: [1, 1, 1]}}\ncorrelation:\n" PAIR(
                       "a", "'mix: power.mix.pv.2030'", "rank: 0.1"),
                   "is a member of a simplex");
  static const char *const design[] = {"saltelli\nsamples: 4", "morris\nsamples: 4", "grid\nlevels: 3"};
  for (size_t d = 0; d < 3; d++) {
    char text[1024];
    snprintf(text, sizeof text, "name: s\nscenario: probe\ndesign: %s\nparameters:\n%scorrelation:\n%s", design[d],
             THREE, PAIR("a", "b", "rank: 0.1"));
    sweep_fails_with(f, text, "sweep.yaml:9:1: error: only the designs monte-carlo, lhs and sobol take a correlation");
  }
  sweep_fails_with(f,
                   "name: s\nscenario: probe\ndesign: lhs\nsamples: 2\nparameters:\n" THREE
                   "correlation:\n" PAIR("a", "b", "rank: 0.1"),
                   "sweep.yaml:3:9: error: 2 samples are too few to correlate 2 dimensions");
}

/* ---- lists from files --------------------------------------------------------------------------------------------------- */

#define LIST                                                                                                           \
  "name: s\nscenario: probe\ndesign: list\nparameters:\n"                                                              \
  "  - {label: growth, path: gdp.growth, mode: scale}\n  - {label: sinks, path: sinks, mode: replace}\n"
#define FROM_FILE LIST "points: rows.csv\n"

/* Columns by label, in any order; the file beside the sweep, wherever the program runs. */
static void lists_come_from_files(void **state) {
  sweep_fixture *f = *state;
  double drawn[2];
  assert_int_equal(tanlu_test_write_file(f->directory, "rows.csv", "sinks,growth\n3,1\n4e-1,0.5\n5,1.5\n"), 0);
  sweep_read_well(f, FROM_FILE);
  assert_int_equal(f->sweep->samples, 3);
  tanlu_sweep_draw(f->sweep, 1, drawn);
  assert_true(drawn[0] == 0.5 && drawn[1] == 0.4);
  tanlu_sweep_draw(f->sweep, 2, drawn);
  assert_true(drawn[0] == 1.5 && drawn[1] == 5.0);
}

static void wrong_files_have_their_place(void **state) {
  sweep_fixture *f = *state;
  static const struct {
    const char *rows, *message;
  } wrong[] = {{"sinks,growth\n3,1\n4,x\n", "rows.csv:3:2: error: expected a number in column 'growth', found 'x'"},
               {"sinks,growth\n3,\n", "rows.csv:2:2: error: expected a number in column 'growth', found ''"},
               {"sinks,growht\n3,1\n", "rows.csv:1:2: error: unknown column 'growht'; did you mean 'growth'?"},
               {"sinks\n3\n", "rows.csv:1: error: missing column 'growth'"},
               {"sinks,growth\n3\n", "rows.csv:2:2: error: 1 fields; expected 2 as in the header"},
               {"sinks,growth\n", "rows.csv:1: error: there is no row below the header"}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_int_equal(tanlu_test_write_file(f->directory, "rows.csv", wrong[i].rows), 0);
    sweep_fails_with(f, FROM_FILE, wrong[i].message);
  }
  sweep_fails_with(f, LIST "points: other.csv\n",
                   "sweep.yaml:7:9: error: the points are not to be had from 'other.csv'");
}

/* The digest that stores compare covers the file of points: one number less in it is another sweep. */
static void the_digest_covers_the_points(void **state) {
  sweep_fixture *f = *state;
  char before[TANLU_SHA256_TEXT], file[TANLU_SHA256_TEXT];
  assert_int_equal(tanlu_test_write_file(f->directory, "rows.csv", "sinks,growth\n3,1\n"), 0);
  sweep_read_well(f, FROM_FILE);
  memcpy(before, f->sweep->sha256, sizeof before);
  assert_int_equal(tanlu_file_sha256(f->path, file, f->context), TANLU_OK);
  assert_int_equal(f->sweep->files, 2);
  assert_string_equal(f->sweep->file[0].sha256, file);
  assert_string_not_equal(before, file);
  sweep_read_well(f, FROM_FILE);
  assert_string_equal(f->sweep->sha256, before);
  assert_int_equal(tanlu_test_write_file(f->directory, "rows.csv", "sinks,growth\n3,1.0\n"), 0);
  sweep_read_well(f, FROM_FILE);
  assert_string_not_equal(f->sweep->sha256, before);
  sweep_read_well(f, LIST "points: [[1, 3]]\n");
  assert_int_equal(tanlu_file_sha256(f->path, file, f->context), TANLU_OK);
  assert_string_equal(f->sweep->sha256, file);
}

/* A sweep goes on only with the list it began with. */
static void a_changed_list_is_refused_on_resume(void **state) {
  sweep_fixture *f = *state;
  tanlu_test_run run = {0};
  assert_int_equal(tanlu_test_write_file(f->directory, "sweep.yaml", FROM_FILE), 0);
  assert_int_equal(tanlu_test_write_file(f->directory, "rows.csv", "sinks,growth\n0.01,1\n0.02,1.1\n"), 0);
  tanlu(&run, f->directory, "sweep", "-o", "s.h5", "./sweep.yaml");
  expect_status(&run, 0);
  tanlu(&run, f->directory, "sweep", "--resume", "-o", "s.h5", "./sweep.yaml");
  expect_status(&run, 0);
  assert_int_equal(tanlu_test_write_file(f->directory, "rows.csv", "sinks,growth\n0.01,1\n0.02,1.2\n"), 0);
  tanlu(&run, f->directory, "sweep", "--resume", "-o", "s.h5", "./sweep.yaml");
  expect_status(&run, 2);
  expect_err(&run, "cannot go on: the sweep file has changed");
  tanlu_test_forget(&run);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, sweep_set_up, sweep_tear_down)
  const struct CMUnitTest tests[] = {
      TEST(members_share_the_total),
      TEST(members_follow_their_dimensions),
      TEST(wrong_simplexes),
      TEST(ranks_correlate_as_asked),
      TEST(wrong_correlations),
      TEST(lists_come_from_files),
      TEST(wrong_files_have_their_place),
      TEST(the_digest_covers_the_points),
      TEST(a_changed_list_is_refused_on_resume),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_setup, NULL);
}
