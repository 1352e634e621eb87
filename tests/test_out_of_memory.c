/* Memory that runs out: every allocation of every object of solvers/, and of figures, is made to fail in turn, alone and with all later ones.
 *
 * The linker puts the functions below between the library and the C library (--wrap, see Makefile), so that no memory is
 * really short and BLAS and OpenMP are left alone. Expected each time: TANLU_ERR_MEMORY with its message, no object, and
 * everything taken given back, which is counted here and seen by the address sanitizer too. The run in which nothing fails
 * tells how many allocations there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "outputs/figure.h"
#include "solvers/blas.h"
#include "solvers/block.h"
#include "solvers/copula.h"
#include "solvers/design.h"
#include "solvers/distribution.h"
#include "solvers/estimators.h"
#include "solvers/gras.h"
#include "solvers/lane_anderson.h"
#include "solvers/leontief.h"
#include "solvers/memory.h"
#include "solvers/moments.h"
#include "solvers/ras.h"
#include "solvers/simplex.h"
#include "solvers/sobol.h"
#include "tests/support.h"

/* ---- the allocator ------------------------------------------------------------------------------------------------- */

void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *memory);
void __wrap_free(void *memory);

enum { LIVE_MAX = 1024 };
static size_t taken;         /* allocations asked for so far */
static size_t failing;       /* number of the one that fails, from 1; 0: none */
static bool later;           /* do those after it fail too? */
static void *live[LIVE_MAX]; /* taken and not given back */
static size_t alive;

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  taken++;
  if (failing && (later ? taken >= failing : taken == failing)) return NULL;
  void *memory = __real_aligned_alloc(alignment, size);
  assert_true(alive < LIVE_MAX);
  if (memory) live[alive++] = memory;
  return memory;
}

void __wrap_free(void *memory) {
  for (size_t k = 0; memory && k < alive; k++)
    if (live[k] == memory) {
      live[k] = live[--alive];
      break;
    }
  __real_free(memory);
}

/* ---- objects: each function creates, uses and frees one, and returns the first status that is not TANLU_OK ------------ */

enum { N = 12, COUNT = 60, ROWS = 2 };
static double matrix[N * N]; /* columns sum to 0.5 */
static double ones[N * COUNT], row_values[N * ROWS * COUNT];

static void agree(tanlu_status status, const void *object) {
  if (status == TANLU_OK)
    assert_non_null(object);
  else
    assert_null(object);
}

/* All memory is taken in create: a solve asks for none, also where every system goes to LU. */
static tanlu_status use_block(const void *kind, tanlu_context *context) {
  static double u[N * COUNT];
  static const size_t row[ROWS] = {1, 7};
  const tanlu_block_options options = {.n = N,
                                       .a = matrix,
                                       .centre = ones,
                                       .rows = ROWS,
                                       .row = row,
                                       .method = *(const tanlu_block_method *)kind,
                                       .threads = 2};
  tanlu_block *block = NULL;
  tanlu_status status = tanlu_block_create(&block, &options, context);
  agree(status, block);
  const size_t before = taken;
  if (status == TANLU_OK) status = tanlu_block_solve(block, COUNT, ones, row_values, ones, u, NULL, NULL, context);
  if (status == TANLU_OK)
    status = tanlu_block_solve_transposed(block, COUNT, ones, row_values, ones, u, NULL, NULL, context);
  assert_int_equal(taken, before);
  tanlu_block_free(&block);
  return status;
}

/* A with entries of both signs: its magnitudes are kept as well. */
static tanlu_status use_signed_block(const void *kind, tanlu_context *context) {
  const double a[4] = {0.2, -0.1, 0.1, 0.3}, centre[2] = {1, 1};
  const tanlu_block_options options = {
      .n = 2, .a = a, .centre = centre, .method = *(const tanlu_block_method *)kind, .threads = 1};
  tanlu_block *block = NULL;
  const tanlu_status status = tanlu_block_create(&block, &options, context);
  agree(status, block);
  tanlu_block_free(&block);
  return status;
}

static tanlu_status use_leontief(const void *unused, tanlu_context *context) {
  (void)unused;
  double x[N];
  tanlu_leontief *solver = NULL;
  tanlu_status status = tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, N, context);
  agree(status, solver);
  for (size_t i = 0; i < N; i++) x[i] = 1;
  if (status == TANLU_OK) status = tanlu_leontief_factor(solver, matrix, N, NULL, context);
  if (status == TANLU_OK) status = tanlu_leontief_solve(solver, x, N, 1, context);
  if (status == TANLU_OK) status = tanlu_leontief_solve_transposed(solver, x, N, 1, context);
  tanlu_leontief_free(&solver);
  return status;
}

static tanlu_status use_spectral_radius(const void *unused, tanlu_context *context) {
  (void)unused;
  double radius = 0;
  return tanlu_spectral_radius(matrix, N, 1e-10, &radius, NULL, context);
}

static tanlu_status use_anderson(const void *unused, tanlu_context *context) {
  (void)unused;
  double step[N] = {0};
  tanlu_lane_anderson *anderson = NULL;
  const tanlu_status status = tanlu_lane_anderson_create(&anderson, N, 3, 1, context);
  agree(status, anderson);
  for (int k = 0; status == TANLU_OK && k < 3; k++) tanlu_lane_anderson_step(anderson, ones, step);
  tanlu_lane_anderson_free(&anderson);
  return status;
}

static tanlu_status use_copula(const void *unused, tanlu_context *context) {
  (void)unused;
  const double correlation[4] = {1, 0.5, 0.5, 1};
  double u[2] = {0.3, 0.6};
  tanlu_copula *copula = NULL;
  const tanlu_status status = tanlu_copula_create(&copula, 2, correlation, NULL, context);
  agree(status, copula);
  if (status == TANLU_OK) tanlu_copula_apply(copula, u);
  tanlu_copula_free(&copula);
  return status;
}

static tanlu_status use_moments(const void *unused, tanlu_context *context) {
  (void)unused;
  const double lower[3] = {0, 0, 0}, upper[3] = {1, 2, 3}, x[3] = {0.5, 0.5, 0.5};
  tanlu_moments *one = NULL, *other = NULL;
  tanlu_status status = tanlu_moments_create(&one, 3, 8, lower, upper, context);
  agree(status, one);
  if (status == TANLU_OK) {
    status = tanlu_moments_create(&other, 3, 8, lower, upper, context);
    agree(status, other);
  }
  if (status == TANLU_OK) {
    tanlu_moments_add_row(one, x);
    status = tanlu_moments_merge(other, one, context);
  }
  tanlu_moments_free(&one);
  tanlu_moments_free(&other);
  return status;
}

static tanlu_status use_distribution(const void *unused, tanlu_context *context) {
  (void)unused;
  const double values[3] = {1, 2, 3};
  tanlu_distribution *distribution = NULL;
  const tanlu_status status = tanlu_distribution_create(
      &distribution, &(tanlu_distribution_options){.kind = TANLU_DISTRIBUTION_DISCRETE, .count = 3, .values = values},
      NULL, context);
  agree(status, distribution);
  tanlu_distribution_free(&distribution);
  return status;
}

static tanlu_status use_dirichlet(const void *unused, tanlu_context *context) {
  (void)unused;
  tanlu_simplex *simplex = NULL;
  const tanlu_status status = tanlu_simplex_dirichlet(&simplex, 3, ones, "shares", context);
  agree(status, simplex);
  tanlu_simplex_free(&simplex);
  return status;
}

static tanlu_status use_bounded_shares(const void *unused, tanlu_context *context) {
  (void)unused;
  const double lower[3] = {0.1, 0.2, 0.0}, upper[3] = {0.4, 0.6, 0.5};
  tanlu_simplex *simplex = NULL;
  const tanlu_status status = tanlu_simplex_bounded(&simplex, 3, lower, upper, "shares", context);
  agree(status, simplex);
  tanlu_simplex_free(&simplex);
  return status;
}

static tanlu_status use_sobol(const void *unused, tanlu_context *context) {
  (void)unused;
  tanlu_sobol *sobol = NULL;
  const tanlu_status status = tanlu_sobol_create(&sobol, 5, context);
  agree(status, sobol);
  tanlu_sobol_free(&sobol);
  return status;
}

enum { DIMENSIONS = 2, SAMPLES = 12 };

/* With points, levels, tails and a correlation, which only some kinds keep. */
static tanlu_status make_design(tanlu_design **design, tanlu_design_kind kind, tanlu_context *context) {
  static const size_t levels[DIMENSIONS] = {4, 3};
  static const double tails[DIMENSIONS] = {0.01, 0.01}, correlation[DIMENSIONS * DIMENSIONS] = {1, 0.4, 0.4, 1};
  const bool correlated = kind == TANLU_DESIGN_MONTE_CARLO || kind == TANLU_DESIGN_LHS || kind == TANLU_DESIGN_SOBOL;
  const tanlu_design_options options = {.kind = kind,
                                        .dimensions = DIMENSIONS,
                                        .samples = SAMPLES,
                                        .seed = 1,
                                        .second_order = kind == TANLU_DESIGN_SALTELLI,
                                        .ends = kind == TANLU_DESIGN_GRID,
                                        .levels = levels,
                                        .tails = tails,
                                        .points = row_values,
                                        .correlation = correlated ? correlation : NULL};
  const tanlu_status status = tanlu_design_create(design, &options, context);
  agree(status, *design);
  return status;
}

static tanlu_status use_design(const void *kind, tanlu_context *context) {
  double u[DIMENSIONS];
  tanlu_design *design = NULL;
  const tanlu_status status = make_design(&design, *(const tanlu_design_kind *)kind, context);
  if (status == TANLU_OK) tanlu_design_point(design, 3, u);
  tanlu_design_free(&design);
  return status;
}

/* y = u_1 + 2 u_2 on every sample. */
static void fill(const tanlu_design *design, double *x, double *y) {
  for (uint64_t s = 0; s < tanlu_design_samples(design); s++) {
    tanlu_design_point(design, s, x + s * DIMENSIONS);
    y[s] = x[s * DIMENSIONS] + 2 * x[s * DIMENSIONS + 1];
  }
}

static tanlu_status use_estimators(const void *unused, tanlu_context *context) {
  (void)unused;
  static double x[DIMENSIONS * 6 * SAMPLES], y[6 * SAMPLES];
  const tanlu_bootstrap bootstrap = {.resamples = 20, .level = 0.9, .seed = 1};
  tanlu_estimate first[DIMENSIONS], total[DIMENSIONS], second[1];
  tanlu_effect effects[DIMENSIONS];
  tanlu_design *saltelli = NULL, *morris = NULL;
  tanlu_status status = make_design(&saltelli, TANLU_DESIGN_SALTELLI, context);
  if (status == TANLU_OK) {
    fill(saltelli, x, y);
    status = tanlu_sobol_indices(saltelli, y, 1, &bootstrap, first, total, second, NULL, context);
  }
  if (status == TANLU_OK) status = make_design(&morris, TANLU_DESIGN_MORRIS, context);
  if (status == TANLU_OK) {
    fill(morris, x, y);
    status = tanlu_morris_effects(morris, y, 1, &bootstrap, effects, NULL, context);
  }
  tanlu_design_free(&saltelli);
  tanlu_design_free(&morris);
  return status;
}

static tanlu_status use_regression(const void *unused, tanlu_context *context) {
  (void)unused;
  double x[DIMENSIONS * SAMPLES], y[SAMPLES], coefficients[DIMENSIONS], explained;
  tanlu_design *design = NULL;
  tanlu_status status = make_design(&design, TANLU_DESIGN_LHS, context);
  if (status == TANLU_OK) {
    fill(design, x, y);
    y[0] += 0.1;
    status = tanlu_regression_coefficients(SAMPLES, DIMENSIONS, x, y, 1, coefficients, &explained, context);
  }
  if (status == TANLU_OK) status = tanlu_rank_correlation(SAMPLES, DIMENSIONS, x, y, 1, coefficients, context);
  tanlu_design_free(&design);
  return status;
}

/* Equal columns to a sum of 1, which leaves equal rows. */
static tanlu_status use_ras(const void *unused, tanlu_context *context) {
  (void)unused;
  double scaled[N * N];
  for (size_t k = 0; k < N * N; k++) scaled[k] = matrix[k];
  const tanlu_ras_options options = {.tolerance = 1e-12, .most = 10};
  return tanlu_ras(N, N, scaled, ones, ones, NULL, NULL, &options, NULL, context);
}

/* Two sectors that hardly trade, so that patience runs out before they converge and what might block them is looked for; an entry below
 * zero and a fixed one. */
static tanlu_status use_gras(const void *unused, tanlu_context *context) {
  (void)unused;
  static const bool fixed[] = {false, false, true, false, false, false, false, false, false};
  static const double rows[] = {1.0, 2.0, -3.0}, columns[] = {1.001, 1.999, -3.0};
  double scaled[] = {1.0, 1e-4, 0.0, 1e-4, 1.0, 0.0, 0.0, 0.0, -2.0};
  const tanlu_ras_options options = {.tolerance = 1e-9, .most = 100000};
  const tanlu_gras_problem problem = {.rows = 3, .columns = 3, .row_sum = rows, .column_sum = columns, .fixed = fixed};
  tanlu_gras_report report = {0};
  const tanlu_status status = tanlu_gras(&problem, scaled, &options, &report, context);
  if (status == TANLU_OK) assert_true(report.rounds > TANLU_GRAS_PATIENCE);
  return status;
}

/* Two panels, a gap, an interval, marks, categories, nodes: what every kind of chart takes memory for. */
static tanlu_status use_figure(const void *chart, tanlu_context *context) {
  const tanlu_chart kind = *(const tanlu_chart *)chart;
  tanlu_figure *figure = tanlu_figure_create(kind, "memory", "A figure", context);
  if (figure == NULL) return TANLU_ERR_MEMORY;
  tanlu_figure_x(figure, "Year", NULL);
  tanlu_figure_y(figure, "CO2", "Mt");
  tanlu_figure_note(figure, "Note %d", 1);
  const size_t panels = kind == TANLU_CHART_LINES ? 1 : 2;
  for (size_t panel = 0; panel < panels; panel++) (void)tanlu_figure_panel(figure, "Panel");
  for (size_t c = 0; c < 3; c++) (void)tanlu_figure_category(figure, "Category");
  for (size_t i = 0; i < 2 * panels; i++) {
    const int role = i % 2 == 0 ? TANLU_ROLE_COAL : TANLU_ROLE_TOTAL;
    const size_t series = tanlu_figure_series(figure, i / 2, i % 2 == 0 ? "Coal" : "All", role, TANLU_STYLE_SOLID);
    for (size_t k = 0; k < 3; k++) {
      const double value = k == 1 ? (double)NAN : (double)k + 1.0;
      tanlu_figure_interval(figure, series, (double)k, value, value - 0.5, value + 0.5);
    }
    tanlu_figure_point_label(figure, series, "Point");
  }
  tanlu_figure_mark(figure, 0, TANLU_MARK_DOT, 1, 1, TANLU_ROLE_TOTAL, "Peak");
  tanlu_figure_mark(figure, 0, TANLU_MARK_VERTICAL, 1, (double)NAN, TANLU_ROLE_TOTAL, "Now");
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  assert_non_null(stream);
  tanlu_status status = tanlu_figure_svg(figure, true, stream, context);
  if (status == TANLU_OK) status = tanlu_figure_csv(figure, stream, context);
  (void)fclose(stream);
  free(text);
  tanlu_figure_free(&figure);
  return status;
}

/* ---- the tests ------------------------------------------------------------------------------------------------------ */

typedef tanlu_status use(const void *data, tanlu_context *context);

/* Allocation k fails, k = 1, 2, ... until there is none left to fail. At least `least` are met. */
static void fail_each(const char *what, use *attempt, const void *data, size_t least) {
  for (int mode = 0; mode < 2; mode++)
    for (size_t k = 1;; k++) {
      tanlu_context *context = tanlu_context_create();
      assert_non_null(context);
      taken = 0, failing = k, later = mode;
      const tanlu_status status = attempt(data, context);
      failing = 0;
      const bool met = taken >= k;
      if (alive) fail_msg("%s: allocation %zu fails and %zu others are not given back", what, k, alive);
      if (status != (met ? TANLU_ERR_MEMORY : TANLU_OK)) {
        tanlu_test_print_messages(context);
        fail_msg("%s: allocation %zu of %zu fails and the status is %d", what, k, taken, (int)status);
      }
      if (met && !tanlu_test_has_message(context, "out of memory"))
        fail_msg("%s: no message of allocation %zu", what, k);
      tanlu_context_free(&context);
      if (met) continue;
      if (k <= least) fail_msg("%s takes memory %zu times; expected %zu at least", what, k - 1, least);
      break;
    }
}

static void blocks_of_every_method(void **unused) {
  (void)unused;
  for (tanlu_block_method method = TANLU_BLOCK_AUTO; method < TANLU_BLOCK_METHODS; method++) {
    fail_each(tanlu_block_method_word(method), use_block, &method, 6);
    fail_each(tanlu_block_method_word(method), use_signed_block, &method, 7);
  }
}

static void designs_of_every_kind(void **unused) {
  (void)unused;
  for (tanlu_design_kind kind = 0; kind < TANLU_DESIGN_KINDS; kind++)
    fail_each(tanlu_design_kind_name(kind), use_design, &kind, 1);
}

static void other_solvers(void **unused) {
  (void)unused;
  fail_each("leontief", use_leontief, NULL, 2);
  fail_each("spectral radius", use_spectral_radius, NULL, 4);
  fail_each("anderson", use_anderson, NULL, 5);
  fail_each("ras", use_ras, NULL, 2);
  fail_each("gras", use_gras, NULL, 20);
}

static void statistics(void **unused) {
  (void)unused;
  fail_each("copula", use_copula, NULL, 3);
  fail_each("moments", use_moments, NULL, 14);
  fail_each("distribution", use_distribution, NULL, 3);
  fail_each("dirichlet", use_dirichlet, NULL, 4);
  fail_each("bounded shares", use_bounded_shares, NULL, 5);
  fail_each("sobol", use_sobol, NULL, 2);
  fail_each("estimators", use_estimators, NULL, 12);
  fail_each("regression", use_regression, NULL, 8);
}

static void figures_of_every_kind(void **unused) {
  (void)unused;
  static const tanlu_chart charts[] = {TANLU_CHART_LINES,   TANLU_CHART_AREAS,     TANLU_CHART_BARS,
                                       TANLU_CHART_STACKED, TANLU_CHART_WATERFALL, TANLU_CHART_TORNADO,
                                       TANLU_CHART_SCATTER, TANLU_CHART_TILES};
  for (size_t k = 0; k < sizeof charts / sizeof *charts; k++) fail_each("figure", use_figure, &charts[k], 30);
}

/* Sizes whose product does not fit are refused before anything is asked for. */
static void sizes_beyond_the_address_space(void **unused) {
  (void)unused;
  tanlu_context *context = tanlu_context_create();
  taken = 0;
  assert_null(tanlu_allocate(context, SIZE_MAX / 2, 3));
  assert_null(tanlu_allocate(context, SIZE_MAX, 1)); /* rounding up would overflow */
  assert_null(tanlu_allocate_doubles(context, SIZE_MAX / 4, 5));
  assert_int_equal(tanlu_context_errors(context), 3);
  assert_true(tanlu_test_has_message(context, "more than the address space holds"));
  assert_int_equal(taken, 0);
  tanlu_context_free(&context);
}

int main(void) {
  (void)tanlu_blas_serial();
  for (size_t k = 0; k < N * N; k++) matrix[k] = 0.5 / N;
  for (size_t k = 0; k < N * COUNT; k++) ones[k] = 1;
  for (size_t k = 0; k < N * ROWS * COUNT; k++) row_values[k] = 0.5 / N;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_of_every_method), cmocka_unit_test(designs_of_every_kind),
      cmocka_unit_test(other_solvers),          cmocka_unit_test(statistics),
      cmocka_unit_test(figures_of_every_kind),  cmocka_unit_test(sizes_beyond_the_address_space),
  };
  return cmocka_run_group_tests_name("out of memory", tests, NULL, NULL);
}
