/* Reports on sweeps, by the built program: the numbers of their figures, of every design and state of a file.
 *
 * Oracles: samples as the file holds them, sorted or counted here; a model that is linear in its parameters, whose tornado is its
 * coefficients times their deviations; the indices that `tanlu sensitivity` stores. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/result_file.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

/* ---- running ------------------------------------------------------------------------------------------------------------ */

static const char parameters[] =
    "parameters:\n"
    "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.9, 1.1]}, label: growth}\n"
    "  - {path: sinks, mode: scale, distribution: {uniform: [0.5, 1.5]}, label: forests}\n"
    "outputs: {indicators: [co2_net, gdp], years: [2022, 2026, 2030]}\n";

/* Run sweep.yaml, whose text is HEAD and TAIL, into sweep.h5 and report it as page.html and figures/. */
static void report(fixture *f, const char *head, const char *tail) {
  char text[2048], figures[TANLU_TEST_PATH + 16];
  (void)snprintf(figures, sizeof figures, "%s/figures", f->directory);
  tanlu_test_remove_dir(figures);
  (void)snprintf(text, sizeof text, "name: v\nscenario: probe\n%s%s", head, tail);
  assert_int_equal(tanlu_test_write_file(f->directory, "sweep.yaml", text), 0);
  tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "sweep.h5", "sweep.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "report", "-f", "-o", "page.html", "--figures", "figures", "--formats", "csv,svg",
        "sweep.h5");
  expect_status(&f->run, 0);
}

static char *read_page(const fixture *f) {
  char *page = tanlu_test_read_file(f->directory, "page.html");
  assert_non_null(page);
  return page;
}

static void page_has(const fixture *f, const char *part, bool wanted) {
  char *page = read_page(f);
  if ((strstr(page, part) != NULL) != wanted) fail_msg("the page %s '%s'", wanted ? "lacks" : "has", part);
  free(page);
}

static tanlu_result *open_sweep(const fixture *f) {
  char path[TANLU_TEST_PATH + 16];
  tanlu_result *result = NULL;
  (void)snprintf(path, sizeof path, "%s/sweep.h5", f->directory);
  assert_int_equal(tanlu_result_open(&result, path, NULL), TANLU_OK);
  return result;
}

static const tanlu_result_variable *variable(tanlu_result *result, const char *name) {
  const tanlu_result_variable *v = NULL;
  assert_int_equal(tanlu_result_variable_read(result, name, &v, NULL), TANLU_OK);
  return v;
}

/* ---- numbers of a figure ------------------------------------------------------------------------------------------------ */

typedef struct {
  char series[48], label[48];
  double x, value, low, high;
} row;

enum { ROWS_MOST = 3000 };

static double number(const char *text) {
  return text[0] != '\0' ? strtod(text, NULL) : (double)NAN;
}

/* Rows of figures/NAME.csv: panel, series, x, label, value, low, high, unit; no text of these tests holds a comma. */
static size_t read_rows(const fixture *f, const char *name, row *list) {
  char path[96], *rest = NULL;
  (void)snprintf(path, sizeof path, "figures/%s.csv", name);
  char *text = tanlu_test_read_file(f->directory, path);
  size_t count = 0;
  if (text == NULL) fail_msg("there is no figure %s", name);
  (void)strtok_r(text, "\r\n", &rest);
  for (char *line = strtok_r(NULL, "\r\n", &rest); line != NULL; line = strtok_r(NULL, "\r\n", &rest)) {
    char *field[8];
    size_t fields = 0;
    for (char *next = line; next != NULL && fields < 8; fields++) field[fields] = strsep(&next, ",");
    assert_true(fields == 8 && count < ROWS_MOST);
    row *r = &list[count++];
    *r = (row){.x = number(field[2]), .value = number(field[4]), .low = number(field[5]), .high = number(field[6])};
    (void)snprintf(r->series, sizeof r->series, "%s", field[1]);
    (void)snprintf(r->label, sizeof r->label, "%s", field[3]);
  }
  free(text);
  return count;
}

static const row *find_row(const row *list, size_t count, const char *series, const char *label, double x) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(list[i].series, series) != 0 || (label != NULL && strcmp(list[i].label, label) != 0)) continue;
    if (isnan(x) || !(fabs(list[i].x - x) > 0.0)) return &list[i];
  }
  fail_msg("no row '%s' %s at %g", series, label != NULL ? label : "", x);
  return NULL;
}

static bool has_figure(const fixture *f, const char *name) {
  char path[96];
  (void)snprintf(path, sizeof path, "figures/%s.svg", name);
  return tanlu_test_exists(f->directory, path);
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* ---- fans and histograms ------------------------------------------------------------------------------------------------ */

/* Of 21 samples the quantiles at 5, 25, 50, 75, 95 % are numbers 1, 5, 10, 15, 19 of the sorted ones, from 0, exactly. */
static void fans_are_sorted_samples(void **state) {
  fixture *f = *state;
  static row list[ROWS_MOST];
  report(f, "design: monte-carlo\nsamples: 21\n", parameters);
  tanlu_result *result = open_sweep(f);
  const tanlu_result_variable *v = variable(result, "indicator_value");
  static const char *const name[] = {"fan-co2-net", "fan-gdp"};
  static const double year[] = {2022.0, 2026.0, 2030.0};
  for (size_t k = 0; k < 2; k++) {
    const size_t count = read_rows(f, name[k], list);
    for (size_t t = 0; t < 3; t++) {
      double sorted[21];
      for (size_t i = 0; i < 21; i++) sorted[i] = v->value[(i * 3 + t) * 2 + k];
      qsort(sorted, 21, sizeof *sorted, ascending);
      const row *wide = find_row(list, count, "5 to 95 %", NULL, year[t]);
      const row *narrow = find_row(list, count, "25 to 75 %", NULL, year[t]);
      const double size = 1e-14 * fabs(sorted[20]); /* of two rounded products, whose weights are 1 and 0 to rounding */
      assert_true(fabs(wide->low - sorted[1]) <= size && fabs(wide->high - sorted[19]) <= size);
      assert_true(fabs(narrow->low - sorted[5]) <= size && fabs(narrow->high - sorted[15]) <= size);
      assert_true(fabs(find_row(list, count, "median", NULL, year[t])->value - sorted[10]) <= size);
    }
  }
  tanlu_result_close(&result);
}

/* Every sample that has a number is in the class that its label begins; those without are counted apart. */
static void histograms_count_samples(void **state) {
  fixture *f = *state;
  static row list[ROWS_MOST];
  static const char *const name[] = {"histogram-peak-year", "histogram-cumulative-co2"};
  static const char *const code[] = {"peak_year", "cumulative_co2"};
  report(f, "design: monte-carlo\nsamples: 200\n",
         "parameters:\n  - {path: gdp.growth, mode: scale, distribution: {uniform: [-1, 2]}, label: growth}\n");
  tanlu_result *result = open_sweep(f);
  const tanlu_result_variable *v = variable(result, "summary_value");
  size_t apart = 0;
  for (size_t n = 0; n < 2; n++) {
    const size_t rows = read_rows(f, name[n], list),
                 cell = tanlu_labels_find(tanlu_result_labels(result, "summary"), code[n]);
    double total = 0.0;
    const double step = rows > 1 ? strtod(list[1].label, NULL) - strtod(list[0].label, NULL) : 1.0;
    for (size_t k = 0; k < rows; k++) {
      const bool missing = strcmp(list[k].label, "none") == 0;
      const double from = strtod(list[k].label, NULL);
      double count = 0.0;
      for (size_t i = 0; i < 200; i++) {
        const double y = v->value[i * v->extent[1] + cell];
        count += missing ? isnan(y) : y >= from - 1e-9 * step && y < from + step * (1.0 - 1e-9);
      }
      assert_true(fabs(list[k].value - count) < 0.5);
      total += count;
      apart += missing;
    }
    assert_true(fabs(total - 200.0) < 0.5 && rows >= 2);
  }
  assert_int_equal(apart, 1);               /* growth without end has no peak year */
  page_has(f, "largest energy CO₂;", true); /* in captions a formula */
  tanlu_result_close(&result);
}

/* At factors of 1 the sample is the scenario itself: the dashed line is what `tanlu run` of it gives. */
static void a_grid_shows_the_scenario_itself(void **state) {
  fixture *f = *state;
  static row list[ROWS_MOST];
  report(f, "design: grid\n",
         "parameters:\n  - {path: gdp.growth, mode: scale, distribution: {discrete: [0.9, 1, 1.1]}, label: growth}\n"
         "  - {path: sinks, mode: scale, distribution: {discrete: [1, 2]}, label: forests}\n"
         "outputs: {indicators: [gdp], years: [2022, 2030]}\n");
  const size_t count = read_rows(f, "fan-gdp", list);
  char path[TANLU_TEST_PATH + 16];
  tanlu_result *result = NULL;
  tanlu(&f->run, f->directory, "run", "-qf", "-o", "run.h5", "./probe.yaml");
  expect_status(&f->run, 0);
  (void)snprintf(path, sizeof path, "%s/run.h5", f->directory);
  assert_int_equal(tanlu_result_open(&result, path, NULL), TANLU_OK);
  const tanlu_result_variable *v = variable(result, "indicator_value");
  const size_t gdp = tanlu_labels_find(tanlu_result_labels(result, "indicator"), "gdp");
  size_t years = 0;
  const int *year = tanlu_result_years(result, &years);
  for (size_t t = 0; t < years; t++) {
    if (year[t] != 2022 && year[t] != 2030) continue;
    const double own = v->value[t * v->extent[2] + gdp];
    assert_true(fabs(find_row(list, count, "the scenario itself", NULL, year[t])->value - own) < 1e-9 * own);
  }
  tanlu_result_close(&result);
  page_has(f, "every combination of the values", true);
}

/* ---- what matters ------------------------------------------------------------------------------------------------------- */

/* Between its knots 2028 and 2030 the sink of 2029 is half of each: a model that is linear, of coefficients 1/2 and, of 2025, 0. Bars
 * reach as far from the mean as a coefficient times the deviation of its parameter, both from the samples. */
static void a_linear_tornado_is_its_coefficients(void **state) {
  fixture *f = *state;
  static row list[ROWS_MOST];
  static const char scenario[] = "name: three\nparent: probe\nsinks: {2025: 0.01, 2028: 0.01, 2030: 0.01}\n";
  static const char *const label[] = {"early", "middle", "late"};
  static const double coefficient[] = {0.0, 0.5, 0.5};
  assert_int_equal(tanlu_test_write_file(f->directory, "three.yaml", scenario), 0);
  char text[1024];
  (void)snprintf(text, sizeof text,
                 "name: v\nscenario: three\ndesign: lhs\nsamples: 40\nparameters:\n"
                 "  - {path: sinks.2025, mode: replace, distribution: {uniform: [0, 0.02]}, label: early}\n"
                 "  - {path: sinks.2028, mode: replace, distribution: {uniform: [0.01, 0.03]}, label: middle}\n"
                 "  - {path: sinks.2030, mode: replace, distribution: {normal: [0.05, 0.01]}, label: late}\n"
                 "outputs: {indicators: [co2_sinks], years: [2025, 2029]}\n");
  assert_int_equal(tanlu_test_write_file(f->directory, "sweep.yaml", text), 0);
  tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "sweep.h5", "sweep.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "report", "-f", "-o", "page.html", "--figures", "figures", "sweep.h5");
  expect_status(&f->run, 0);
  const size_t count = read_rows(f, "tornado-co2-sinks-2029", list);
  tanlu_result *result = open_sweep(f);
  const tanlu_result_variable *x = variable(result, "parameter_value"), *y = variable(result, "indicator_value");
  double centre = 0.0;
  for (size_t i = 0; i < 40; i++) centre += y->value[i * 2 + 1] / 40.0;
  for (size_t p = 0; p < 3; p++) {
    double mean = 0.0, square = 0.0;
    for (size_t i = 0; i < 40; i++) mean += x->value[i * 3 + p] / 40.0;
    for (size_t i = 0; i < 40; i++) square += pow(x->value[i * 3 + p] - mean, 2.0);
    const double move = coefficient[p] * sqrt(square / 39.0);
    const row *up = find_row(list, count, "parameter one deviation higher", label[p], (double)NAN);
    const row *down = find_row(list, count, "parameter one deviation lower", label[p], (double)NAN);
    assert_true(fabs(up->value - centre - move) < 1e-10 && fabs(down->value - centre + move) < 1e-10);
    assert_true(fabs(fmax(up->high, down->high) - centre - move) < 1e-10);
    assert_true(fabs(fmin(up->low, down->low) - centre + move) < 1e-10);
  }
  page_has(f, "explains 100.0 % of the variance of 40 samples", true);
  tanlu_result_close(&result);
}

/* What is drawn is what `tanlu sensitivity` stores: values and intervals of the same bootstrap. */
static void indices_are_those_of_sensitivity(void **state) {
  fixture *f = *state;
  static row list[ROWS_MOST];
  static const struct {
    const char *design, *name, *figure, *series;
  } kind[] = {{"saltelli", "sobol_total", "sobol-co2-net-2030", "total: with all it interacts with"},
              {"saltelli", "sobol_first", "sobol-co2-net-2030", "first order: alone"},
              {"morris", "morris_mu_star", "morris-co2-net-2030", "mu*"}};
  for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
    char head[64], bound[64];
    (void)snprintf(head, sizeof head, "design: %s\nsamples: 32\n", kind[i].design);
    report(f, head,
           "parameters:\n"
           "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.9, 1.1]}, label: growth}\n"
           "  - {path: sinks, mode: scale, distribution: {uniform: [0.5, 1.5]}, label: forests}\n"
           "outputs: {indicators: [gdp, co2_net], years: [2022, 2030]}\n");
    /* net CO2 of the last year is the residual, which comes first and is drawn */
    const size_t count = read_rows(f, i < 2 ? "sobol-residual-co2" : "morris-residual-co2", list);
    assert_false(has_figure(f, kind[i].figure));
    tanlu(&f->run, f->directory, "sensitivity", "sweep.h5", "residual_co2");
    expect_status(&f->run, 0);
    tanlu_result *result = open_sweep(f);
    const size_t at = 2 * tanlu_labels_find(tanlu_result_labels(result, "output"), "residual_co2");
    const tanlu_result_variable *value = variable(result, kind[i].name);
    (void)snprintf(bound, sizeof bound, "%s_low", kind[i].name);
    const tanlu_result_variable *low = variable(result, bound);
    const tanlu_labels *factor = tanlu_result_labels(result, "factor");
    for (size_t k = 0; k < 2; k++) {
      const row *r = find_row(list, count, kind[i].series, factor->code[k], (double)NAN);
      assert_true(!(fabs(r->value - value->value[at + k]) > 0.0) && !(fabs(r->low - low->value[at + k]) > 0.0));
    }
    if (i == 2) {
      const tanlu_result_variable *sigma = variable(result, "morris_sigma");
      const size_t points = read_rows(f, "morris-plane-residual-co2", list);
      char *plane = tanlu_test_read_file(f->directory, "figures/morris-plane-residual-co2.svg");
      assert_non_null(strstr(plane, ">0<")); /* no effect lies on the axis, however large the smallest is */
      free(plane);
      assert_int_equal(points, 2);
      for (size_t k = 0; k < 2; k++) {
        const row *r = find_row(list, points, "parameters", factor->code[k], (double)NAN);
        assert_true(!(fabs(r->x - value->value[at + k]) > 0.0) && !(fabs(r->value - sigma->value[at + k]) > 0.0));
      }
    }
    tanlu_result_close(&result);
    assert_true(has_figure(f, "sensitivity-overview") && has_figure(f, "scatter-1-residual-co2"));
  }
}

/* Points of a scatter plot are samples; of more than 2000 about as many, and the same ones every time. */
static void scatter_plots_are_thinned(void **state) {
  fixture *f = *state;
  static row list[ROWS_MOST];
  report(f, "design: monte-carlo\nsamples: 4000\n",
         "parameters:\n  - {path: sinks, mode: scale, distribution: {uniform: [0.5, 1.5]}, label: forests}\n"
         "outputs: {indicators: [co2_net], years: [2022, 2030]}\n");
  const size_t count = read_rows(f, "scatter-1-residual-co2", list);
  /* binomial, 4000 draws of chance 1/2: a deviation of 32, six of which are 190 */
  assert_true(count > 1810 && count < 2190);
  char said[96];
  (void)snprintf(said, sizeof said, "%zu of 4000 samples are drawn", count);
  page_has(f, said, true);
  tanlu_result *result = open_sweep(f);
  const tanlu_result_variable *x = variable(result, "parameter_value"), *y = variable(result, "summary_value");
  const size_t cell = tanlu_labels_find(tanlu_result_labels(result, "summary"), "residual_co2");
  size_t at = 0;
  for (size_t i = 0; i < 4000 && at < count; i++) { /* in their order */
    at += !(fabs(x->value[i] - list[at].x) > 0.0) && !(fabs(y->value[i * y->extent[1] + cell] - list[at].value) > 0.0);
  }
  assert_int_equal(at, count);
  tanlu_result_close(&result);
  char *page = read_page(f);
  tanlu(&f->run, f->directory, "report", "-f", "-o", "page.html", "sweep.h5");
  expect_status(&f->run, 0);
  char *again = read_page(f);
  assert_string_equal(page, again);
  free(page);
  free(again);
}

/* ---- every design, every state ------------------------------------------------------------------------------------------ */

static void every_design_is_reported(void **state) {
  fixture *f = *state;
  static const struct {
    const char *head, *drawn;
  } design[] = {{"design: monte-carlo\nsamples: 30\n", "tornado-cumulative-co2"},
                {"design: lhs\nsamples: 30\n", "tornado-cumulative-co2"},
                {"design: sobol\nsamples: 32\n", "tornado-cumulative-co2"},
                {"design: saltelli\nsamples: 8\nsecond_order: true\n", "sobol-cumulative-co2"},
                {"design: morris\nsamples: 8\n", "morris-plane-cumulative-co2"}};
  for (size_t i = 0; i < sizeof design / sizeof *design; i++) {
    report(f, design[i].head, parameters);
    assert_true(has_figure(f, design[i].drawn) && has_figure(f, "fan-gdp") &&
                has_figure(f, "histogram-cumulative-co2"));
    page_has(f, "Failed", true);
    page_has(f, "Provisional", false);
    page_has(f, ">Provenance<", true);
  }
  assert_int_equal(tanlu_test_write_file(f->directory, "p.csv", "growth\n1\n0.9\n1.1\n1.2\n"), 0);
  report(f, "design: list\npoints: p.csv\n",
         "parameters:\n  - {path: gdp.growth, mode: scale, label: growth}\noutputs: {years: [2030]}\n");
  page_has(f, "there is no course to draw", true);
  assert_true(has_figure(f, "tornado-cumulative-co2")); /* one parameter */
  /* two samples are too few for a regression: said, not failed */
  assert_int_equal(tanlu_test_write_file(f->directory, "p.csv", "growth\n1\n0.9\n"), 0);
  report(f, "design: list\npoints: p.csv\n", "parameters:\n  - {path: gdp.growth, mode: scale, label: growth}\n");
  page_has(f, "There are too few samples", true);
  char *bars = tanlu_test_read_file(f->directory, "figures/histogram-cumulative-co2.svg");
  assert_non_null(strstr(bars, ">5<"));
  assert_null(strstr(bars, ">0.5<")); /* samples are whole */
  free(bars);
}

/* A simplex: one member of a regression is left out, and the index of a saltelli design is that of the whole, which has no axis of its
 * own in a scatter plot. */
static void simplexes_are_reported(void **state) {
  fixture *f = *state;
  static const char text[] =
      "parameters:\n"
      "  - {label: forests, simplex: {members: [sinks.2025, sinks.2028, sinks.2030], total: 0.06, "
      "dirichlet: [1, 2, 3]}}\n"
      "outputs: {indicators: [co2_net], years: [2025, 2030]}\n";
  assert_int_equal(tanlu_test_write_file(f->directory, "three.yaml",
                                         "name: three\nparent: probe\nsinks: {2025: 0.01, 2028: 0.01, 2030: 0.01}\n"),
                   0);
  for (int i = 0; i < 2; i++) {
    char head[96];
    (void)snprintf(head, sizeof head, "design: %s\nsamples: 32\n", i == 0 ? "lhs" : "saltelli");
    char whole[1024];
    (void)snprintf(whole, sizeof whole, "name: v\nscenario: three\n%s%s", head, text);
    assert_int_equal(tanlu_test_write_file(f->directory, "sweep.yaml", whole), 0);
    tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "sweep.h5", "sweep.yaml");
    expect_status(&f->run, 0);
    tanlu(&f->run, f->directory, "report", "-f", "-o", "page.html", "sweep.h5");
    expect_status(&f->run, 0);
    page_has(f, "Regressions leave forests: sinks.2030 out", i == 0);
    page_has(f, "figure-sobol-residual-co2", i == 1);
    page_has(f, "figure-scatter-1-residual-co2", i == 0);
  }
}

/* Statistics alone: fans of their quantiles, which are within 1/200 of the range, and of extremes where there are none; nothing of
 * samples. */
static void statistics_alone_make_fans(void **state) {
  fixture *f = *state;
  static row list[ROWS_MOST];
  report(f, "design: monte-carlo\nsamples: 60\n",
         "keep: statistics\nparameters:\n"
         "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.9, 1.1]}, label: growth}\n"
         "outputs: {indicators: [co2_net, gdp], years: [2022, 2030], quantiles: {gdp: [0, 1]}}\n");
  tanlu_result *result = open_sweep(f);
  const tanlu_result_variable *q = variable(result, "indicator_quantile"),
                              *least = variable(result, "indicator_minimum");
  size_t count = read_rows(f, "fan-gdp", list);
  for (size_t t = 0; t < 2; t++) {
    const double year = t == 0 ? 2022.0 : 2030.0;
    const row *wide = find_row(list, count, "5 to 95 %", NULL, year),
              *line = find_row(list, count, "median", NULL, year);
    assert_true(!(fabs(wide->low - q->value[t * 2 + 1]) > 0.0) &&
                !(fabs(wide->high - q->value[4 * 4 + t * 2 + 1]) > 0.0));
    assert_true(!(fabs(line->value - q->value[2 * 4 + t * 2 + 1]) > 0.0));
  }
  count = read_rows(f, "fan-co2-net", list);
  assert_true(!(fabs(find_row(list, count, "lowest to highest", NULL, 2030.0)->low - least->value[2]) > 0.0));
  tanlu_result_close(&result);
  page_has(f, "The file keeps statistics alone, no samples", true);
  page_has(f, "What matters", false);
  assert_false(has_figure(f, "histogram-peak-year"));
}

/* A shard of a design whose samples belong together has no sensitivities; of others it has those of its part. */
static void shards_say_so(void **state) {
  fixture *f = *state;
  for (int i = 0; i < 2; i++) {
    char text[1024];
    (void)snprintf(text, sizeof text, "name: v\nscenario: probe\ndesign: %s\nsamples: 80\n%s",
                   i == 0 ? "lhs" : "morris", parameters);
    assert_int_equal(tanlu_test_write_file(f->directory, "sweep.yaml", text), 0);
    tanlu(&f->run, f->directory, "sweep", "-qf", "--shard", "2/2", "-o", "sweep.h5", "sweep.yaml");
    expect_status(&f->run, 0);
    tanlu(&f->run, f->directory, "report", "-f", "-o", "page.html", "sweep.h5");
    expect_status(&f->run, 0);
    page_has(f, i == 0 ? "it holds samples 32 to 79 of 80" : "it holds samples 128 to 239 of 240", true);
    page_has(f, "sensitivities come after &#39;tanlu merge&#39;", i == 1);
    page_has(f, "figure-tornado-residual-co2", i == 0);
  }
}

/* A sweep that ended early: shares below -1 are refused, and none may fail, so that it stops in an early block of many. Page and figures
 * say what is not there; the reasons of the failures are in a table. */
static void unfinished_sweeps_say_so(void **state) {
  fixture *f = *state;
  char *page = NULL;
  char text[1024];
  (void)snprintf(text, sizeof text,
                 "name: v\nscenario: probe\ndesign: monte-carlo\nsamples: 6400\nfailures: {at_most: 0}\nparameters:\n"
                 "  - {path: power.mix.wind, mode: scale, distribution: {uniform: [0.5, 13]}, label: wind}\n"
                 "outputs: {indicators: [co2_net], years: [2022, 2030]}\n");
  assert_int_equal(tanlu_test_write_file(f->directory, "sweep.yaml", text), 0);
  tanlu(&f->run, f->directory, "sweep", "-qf", "--threads", "1", "-o", "sweep.h5", "sweep.yaml");
  expect_status(&f->run, 3);
  tanlu(&f->run, f->directory, "report", "-f", "-o", "page.html", "--figures", "figures", "sweep.h5");
  expect_status(&f->run, 0);
  page_has(f, "Provisional: the sweep is not finished.", true);
  page_has(f, "values not allowed", true);
  page_has(f, "of 6400 samples are not computed yet.", true); /* under the figures */
  page = read_page(f);
  const char *table = strstr(page, "Why samples failed");
  assert_non_null(table);
  assert_non_null(strstr(table, "wind"));
  free(page);
}

static void other_files_are_refused(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "none.h5", "nothing"), 0);
  tanlu(&f->run, f->directory, "report", "-o", "none.html", "none.h5");
  expect_status(&f->run, 2);
  assert_false(tanlu_test_exists(f->directory, "none.html"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fans_are_sorted_samples),          cmocka_unit_test(histograms_count_samples),
      cmocka_unit_test(a_grid_shows_the_scenario_itself), cmocka_unit_test(a_linear_tornado_is_its_coefficients),
      cmocka_unit_test(indices_are_those_of_sensitivity), cmocka_unit_test(scatter_plots_are_thinned),
      cmocka_unit_test(every_design_is_reported),         cmocka_unit_test(simplexes_are_reported),
      cmocka_unit_test(statistics_alone_make_fans),       cmocka_unit_test(shards_say_so),
      cmocka_unit_test(unfinished_sweeps_say_so),         cmocka_unit_test(other_files_are_refused),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_place_set_up, tanlu_test_place_tear_down);
}
