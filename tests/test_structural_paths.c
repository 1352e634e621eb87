/* Structural paths. Oracles: every chain of a small table written out and sorted; the telescoping identity listed + deeper + rest
 * = total, with the total from the power series; one sector, whose chains are a geometric series. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/footprint.h"
#include "model/structural_paths.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

enum { N = 4, DEPTH = 5, MOST = 6000 };
static const size_t unlimited = (size_t)-1;

/* Made up: zeros, a sector that emits nothing, one that takes CO2 in (biomass with capture), a demand below zero (inventories),
 * a sector that feeds itself. */
static const double inputs[N * N] = {0.10, 0.20, 0.00, 0.05, 0.25, 0.05, 0.15, 0.00,
                                     0.00, 0.30, 0.02, 0.11, 0.12, 0.07, 0.21, 0.31};
static const double direct[N] = {0.4, 0.0, -0.3, 2.5}, demand[N] = {100.0, 40.0, -7.0, 11.0};

/* e by the power series: column sums are at most 0.71, 200 terms leave 1e-30. */
static void total_intensity(double e[N]) {
  double term[N], next[N];
  memcpy(term, direct, sizeof term);
  memset(e, 0, N * sizeof *e);
  for (int k = 0; k < 200; k++) {
    for (size_t j = 0; j < N; j++) {
      e[j] += term[j];
      next[j] = 0.0;
      for (size_t i = 0; i < N; i++) next[j] += term[i] * inputs[j * N + i];
    }
    memcpy(term, next, sizeof term);
  }
}

typedef struct {
  double value;
  size_t length, sector[DEPTH + 1];
} chain;

typedef struct {
  chain all[MOST];
  size_t count;
} chains;

/* Every chain of at most DEPTH links with CO2 at its end. */
static void write_out(chains *c, chain *begun, double flow) {
  const size_t last = begun->sector[begun->length - 1];
  if (flow == 0.0) return;
  if (direct[last] != 0.0) {
    assert_true(c->count < MOST);
    c->all[c->count] = *begun;
    c->all[c->count++].value = direct[last] * flow;
  }
  if (begun->length == DEPTH + 1) return;
  for (size_t i = 0; i < N; i++) {
    chain longer = *begun;
    longer.sector[longer.length++] = i;
    write_out(c, &longer, flow * inputs[last * N + i]);
  }
}

static int largest_first(const void *a, const void *b) {
  const double x = fabs(((const chain *)a)->value), y = fabs(((const chain *)b)->value);
  return (x < y) - (x > y);
}

static chains *all_chains(void) {
  chains *c = calloc(1, sizeof *c);
  assert_non_null(c);
  for (size_t j = 0; j < N; j++) {
    chain begun = {.length = 1, .sector = {j}};
    write_out(c, &begun, demand[j]);
  }
  qsort(c->all, c->count, sizeof *c->all, largest_first);
  return c;
}

static tanlu_paths find(const tanlu_path_limits *limits) {
  static double e[N];
  tanlu_context *context = tanlu_context_create();
  const tanlu_path_system system = {.n = N, .inputs = inputs, .direct = direct, .total = e, .demand = demand};
  tanlu_paths paths;
  total_intensity(e);
  assert_int_equal(tanlu_paths_find(&paths, &system, limits, context), TANLU_OK);
  double total = 0.0;
  for (size_t j = 0; j < N; j++) total += e[j] * demand[j];
  assert_near(paths.total, total, 1e-14);
  assert_near(paths.listed + paths.deeper + paths.rest, total, 1e-13);
  for (size_t k = 1; k < paths.count; k++) {
    assert_true(fabs(paths.path[k].value) <= fabs(paths.path[k - 1].value) * (1.0 + 1e-14));
  }
  tanlu_context_free(&context);
  return paths;
}

/* The same chain: its value by multiplication along the sectors, and among those written out. */
static void is_listed(const tanlu_path *path, const chains *c) {
  double value = demand[path->sector[0]];
  for (size_t k = 1; k < path->length; k++) value *= inputs[path->sector[k - 1] * N + path->sector[k]];
  assert_near(path->value, value * direct[path->sector[path->length - 1]], 1e-14);
  size_t found = 0;
  for (size_t k = 0; k < c->count; k++) {
    found += c->all[k].length == path->length &&
             memcmp(c->all[k].sector, path->sector, path->length * sizeof *path->sector) == 0;
  }
  assert_int_equal(found, 1);
}

static void every_chain_in_order(void **state) {
  (void)state;
  chains *c = all_chains();
  assert_true(c->count > 1000);
  tanlu_paths paths = find(&(tanlu_path_limits){.most = MOST, .depth = DEPTH, .work = unlimited});
  assert_int_equal(paths.end, TANLU_PATHS_ALL);
  assert_int_equal(paths.count, c->count);
  for (size_t k = 0; k < c->count; k++) {
    assert_near(fabs(paths.path[k].value), fabs(c->all[k].value), 1e-13);
    is_listed(&paths.path[k], c);
  }
  assert_near_of(paths.rest, 0.0, 1e-12, 1.0);
  tanlu_paths_clear(&paths);
  assert_null(paths.path);
  free(c);
}

static void the_largest_alone(void **state) {
  (void)state;
  chains *c = all_chains();
  for (size_t depth = 0; depth <= DEPTH; depth++) {
    tanlu_paths paths = find(&(tanlu_path_limits){.most = 25, .depth = depth, .work = unlimited});
    size_t short_enough = 0;
    for (size_t k = 0; k < c->count; k++) {
      if (c->all[k].length > depth + 1) continue;
      if (short_enough < paths.count) assert_near(fabs(paths.path[short_enough].value), fabs(c->all[k].value), 1e-13);
      short_enough++;
    }
    assert_int_equal(paths.count, short_enough < 25 ? short_enough : 25);
    assert_int_equal(paths.end, short_enough < 25 ? TANLU_PATHS_ALL : TANLU_PATHS_MOST);
    if (depth == 0) assert_near(paths.deeper, paths.total - paths.listed, 1e-13);
    tanlu_paths_clear(&paths);
  }
  free(c);
}

/* Not one chain above the limit is left out, and none below it is listed. */
static void down_to_a_share(void **state) {
  (void)state;
  chains *c = all_chains();
  const double smallest = 4e-3;
  tanlu_paths paths = find(&(tanlu_path_limits){.most = 1000, .depth = DEPTH, .smallest = smallest, .work = unlimited});
  size_t above = 0;
  for (size_t k = 0; k < c->count; k++) above += fabs(c->all[k].value) >= smallest * fabs(paths.total);
  assert_true(above > 20 && above < 200);
  assert_int_equal(paths.count, above);
  assert_int_equal(paths.end, TANLU_PATHS_SMALLEST);
  tanlu_paths_clear(&paths);
  free(c);
}

/* Work that ends early lists the beginning of the same list; and best first is little work. */
static void with_little_work(void **state) {
  (void)state;
  tanlu_paths whole = find(&(tanlu_path_limits){.most = 100, .depth = unlimited, .work = unlimited});
  assert_int_equal(whole.count, 100);
  assert_int_equal(whole.deeper, 0);
  assert_true(whole.work < 1000);
  for (size_t work = 0; work < whole.work; work += 17) {
    tanlu_paths part = find(&(tanlu_path_limits){.most = 100, .depth = unlimited, .work = work});
    assert_int_equal(part.end, TANLU_PATHS_WORK);
    assert_int_equal(part.work, work);
    for (size_t k = 0; k < part.count; k++) {
      assert_int_equal(part.path[k].length, whole.path[k].length);
      assert_memory_equal(part.path[k].sector, whole.path[k].sector, part.path[k].length * sizeof(size_t));
    }
    tanlu_paths_clear(&part);
  }
  tanlu_paths_clear(&whole);
}

/* One sector: chain d has f a^d y. */
static void geometric_series(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  const double a = 0.5, f = 3.0, y = 8.0, e = f / (1.0 - a);
  const tanlu_path_system system = {.n = 1, .inputs = &a, .direct = &f, .total = &e, .demand = &y};
  tanlu_paths paths;
  const tanlu_path_limits limits = {.most = 10, .depth = unlimited, .work = unlimited};
  assert_int_equal(tanlu_paths_find(&paths, &system, &limits, context), TANLU_OK);
  assert_int_equal(paths.count, 10);
  for (size_t k = 0; k < 10; k++) {
    assert_int_equal(paths.path[k].length, k + 1);
    assert_near(paths.path[k].value, 24.0 * pow(0.5, (double)k), 1e-15);
  }
  assert_near(paths.rest, 48.0 * pow(0.5, 10.0), 1e-15);
  tanlu_paths_clear(&paths);
  const double wrong[] = {1.0, -0.1, (double)NAN};
  for (size_t k = 0; k < 3; k++) {
    const tanlu_path_system bad = {.n = 1, .inputs = &wrong[k], .direct = &f, .total = &e, .demand = &y};
    assert_int_equal(tanlu_paths_find(&paths, &bad, &limits, context), TANLU_ERR_MODEL);
    assert_int_equal(paths.count, 0);
  }
  tanlu_context_free(&context);
}

/* ---- the shipped dataset ---------------------------------------------------------------------------------------------------- */

static void depth_first(const tanlu_solved_accounts *a, const tanlu_footprint *f, size_t sector, double flow,
                        double largest, double threshold, size_t *count, double *sum) {
  if (fabs(flow) * largest < threshold) return; /* chains shrink: column sums are below 1 */
  if (fabs(f->direct[sector] * flow) >= threshold) {
    ++*count;
    *sum += f->direct[sector] * flow;
  }
  for (size_t i = 0; i < a->n; i++) {
    const double input = a->domestic_inputs[sector * a->n + i];
    if (input > 0.0) depth_first(a, f, i, flow * input, largest, threshold, count, sum);
  }
}

static tanlu_status look(void *user, const tanlu_solved_accounts *a, tanlu_context *context) {
  tanlu_footprint *f = user;
  const size_t n = a->n;
  assert_int_equal(tanlu_footprint_year(f, a, context), TANLU_OK);
  double *y = calloc(n, sizeof *y), largest = 0.0, sum = 0.0;
  for (size_t i = 0; i < n; i++) {
    y[i] = a->discrepancy[i];
    for (size_t k = 0; k < a->categories; k++) y[i] += a->final_domestic[k * n + i];
    largest = fmax(largest, fabs(f->direct[i]));
  }
  const tanlu_path_system system = {
      .n = n, .inputs = a->domestic_inputs, .direct = f->direct, .total = f->total, .demand = y};
  const double smallest = 5e-4;
  const tanlu_path_limits limits = {.most = 100000, .depth = unlimited, .smallest = smallest, .work = unlimited};
  tanlu_paths paths;
  assert_int_equal(tanlu_paths_find(&paths, &system, &limits, context), TANLU_OK);
  assert_near(paths.total, f->production, 1e-9);
  assert_near(paths.listed + paths.rest, paths.total, 1e-12);
  size_t count = 0;
  for (size_t i = 0; i < n; i++) depth_first(a, f, i, y[i], largest, smallest * paths.total, &count, &sum);
  assert_true(count > 100);
  assert_int_equal(paths.count, count);
  assert_near(paths.listed, sum, 1e-12);
  tanlu_paths_clear(&paths);
  free(y);
  return TANLU_OK;
}

/* Another search, depth first with a simple bound, finds the same chains. */
static void shipped_scenario_against_depth_first(void **state) {
  const shipped_scenarios *all = *state;
  const shipped_scenario *run = &all->run[DUAL_CARBON];
  tanlu_footprint *f = NULL;
  bool *wanted = calloc(run->drivers->years, sizeof *wanted);
  wanted[10] = true;
  assert_int_equal(tanlu_footprint_create(&f, run->dataset, all->context), TANLU_OK);
  assert_int_equal(tanlu_solved_accounts_visit(run->model, run->drivers, run->name, wanted, look, f, all->context),
                   TANLU_OK);
  tanlu_footprint_free(&f);
  free(wanted);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_chain_in_order), cmocka_unit_test(the_largest_alone),
      cmocka_unit_test(down_to_a_share),      cmocka_unit_test(with_little_work),
      cmocka_unit_test(geometric_series),     cmocka_unit_test(shipped_scenario_against_depth_first),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
