/* Made-up tables: accounts that close, the spectral radius by an independent power iteration, options that do what they
 * say, the same numbers for the same seed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/synthetic.h"
#include "solvers/blas.h"
#include "tests/support.h"

static tanlu_synthetic *make(tanlu_synthetic_options options) {
  tanlu_context *context = tanlu_context_create();
  tanlu_synthetic *table = NULL;
  const tanlu_status status = tanlu_synthetic_create(&table, &options, context);
  if (status != TANLU_OK) tanlu_test_print_messages(context);
  assert_int_equal(status, TANLU_OK);
  tanlu_context_free(&context);
  return table;
}

/* 500 steps of the power method from ones; the second eigenvalue of these tables is well below the first. */
static double power_iteration(const double *a, size_t n) {
  double *x = calloc(n, sizeof *x), *y = calloc(n, sizeof *y), top = 0;
  assert_true(x && y);
  for (size_t i = 0; i < n; i++) x[i] = 1;
  for (int step = 0; step < 500; step++) {
    top = 0;
    for (size_t i = 0; i < n; i++) y[i] = 0;
    for (size_t j = 0; j < n; j++)
      for (size_t i = 0; i < n; i++) y[i] += a[j * n + i] * x[j];
    for (size_t i = 0; i < n; i++) top = fmax(top, y[i]);
    for (size_t i = 0; i < n; i++) x[i] = y[i] / top;
  }
  free(x);
  free(y);
  return top;
}

/* x = A x + y and 1'A diag(x) + v = x; every flow, demand and value added non-negative. Rounding: 1e-11 of x. */
static void check_accounts(const tanlu_synthetic *t) {
  for (size_t i = 0; i < t->n; i++) {
    double use = t->final_demand[i], cost = t->value_added[i];
    for (size_t j = 0; j < t->n; j++) {
      assert_true(t->a[j * t->n + i] >= 0);
      use += t->a[j * t->n + i] * t->output[j];
      cost += t->a[i * t->n + j] * t->output[i];
    }
    assert_true(fabs(use - t->output[i]) <= 1e-11 * t->output[i]);
    assert_true(fabs(cost - t->output[i]) <= 1e-11 * t->output[i]);
    assert_true(t->output[i] > 0 ? t->final_demand[i] > 0 && t->value_added[i] > 0 : t->value_added[i] == 0);
  }
}

static void accounts_close(void **unused) {
  (void)unused;
  for (uint64_t seed = 0; seed < 6; seed++) {
    tanlu_synthetic *t =
        make((tanlu_synthetic_options){.regions = 1 + seed, .sectors = 20, .density = 1, .seed = seed});
    assert_int_equal(t->n, (1 + seed) * 20);
    check_accounts(t);
    assert_true(t->radius >= 0.55 && t->radius <= 0.7);
    assert_true(fabs(power_iteration(t->a, t->n) - t->radius) < 1e-9);
    tanlu_synthetic_free(&t);
    assert_null(t);
  }
}

static void the_radius_is_met(void **unused) {
  (void)unused;
  tanlu_synthetic *t =
      make((tanlu_synthetic_options){.regions = 5, .sectors = 10, .density = 0.5, .radius = 0.65, .seed = 3});
  assert_true(fabs(power_iteration(t->a, t->n) - 0.65) < 1e-9);
  tanlu_synthetic_free(&t);
}

/* Of n^2 flows density n^2 are expected, with a spread of sqrt(n^2 d (1 - d)); five times that never fails by chance. */
static void density_is_met(void **unused) {
  (void)unused;
  const double density = 0.3, n = 200;
  tanlu_synthetic *t = make((tanlu_synthetic_options){.regions = 10, .sectors = 20, .density = density, .seed = 7});
  double flows = 0;
  for (size_t k = 0; k < t->n * t->n; k++) flows += t->a[k] > 0;
  check_accounts(t);
  assert_true(fabs(flows - n - density * n * (n - 1)) < 5 * sqrt(n * n * density * (1 - density)));
  tanlu_synthetic_free(&t);
}

static void sectors_without_output(void **unused) {
  (void)unused;
  tanlu_synthetic *t =
      make((tanlu_synthetic_options){.regions = 4, .sectors = 10, .density = 1, .zero = 5, .seed = 11});
  size_t idle = 0;
  check_accounts(t);
  for (size_t i = 0; i < t->n; i++) {
    if (t->output[i] > 0) continue;
    idle++;
    for (size_t j = 0; j < t->n; j++) assert_true(t->a[j * t->n + i] == 0 && t->a[i * t->n + j] == 0);
  }
  assert_int_equal(idle, 5);
  tanlu_synthetic_free(&t);
}

/* Flows to the nearer half of the partners are larger than those to the farther half, summed over all regions. */
static void trade_falls_with_distance(void **unused) {
  (void)unused;
  enum { REGIONS = 20, SECTORS = 10 };
  tanlu_synthetic *t = make((tanlu_synthetic_options){.regions = REGIONS, .sectors = SECTORS, .density = 1, .seed = 5});
  double flow[REGIONS][REGIONS] = {{0}}, near = 0, far = 0;
  for (size_t j = 0; j < t->n; j++)
    for (size_t i = 0; i < t->n; i++) flow[i / SECTORS][j / SECTORS] += t->a[j * t->n + i];
  for (size_t q = 0; q < REGIONS; q++)
    for (size_t p = 0; p < REGIONS; p++) {
      size_t nearer = 0; /* partners of q that are nearer than p */
      for (size_t o = 0; o < REGIONS; o++)
        nearer += o != q && hypot(t->position[0][o] - t->position[0][q], t->position[1][o] - t->position[1][q]) <
                                hypot(t->position[0][p] - t->position[0][q], t->position[1][p] - t->position[1][q]);
      if (p == q)
        assert_true(flow[p][q] > 0);
      else
        *(nearer < (REGIONS - 1) / 2 ? &near : &far) += flow[p][q];
    }
  assert_true(near > 1.5 * far);
  tanlu_synthetic_free(&t);
}

static void the_seed_decides(void **unused) {
  (void)unused;
  tanlu_synthetic_options options = {.regions = 3, .sectors = 8, .density = 0.6, .zero = 2, .seed = 1};
  tanlu_synthetic *a = make(options), *b = make(options);
  options.seed = 2;
  tanlu_synthetic *c = make(options);
  assert_memory_equal(a->a, b->a, a->n * a->n * sizeof(double));
  assert_memory_equal(a->output, b->output, a->n * sizeof(double));
  size_t same = 0;
  for (size_t k = 0; k < a->n * a->n; k++) same += a->a[k] == c->a[k] && a->a[k] > 0;
  assert_int_equal(same, 0);
  tanlu_synthetic_free(&a);
  tanlu_synthetic_free(&b);
  tanlu_synthetic_free(&c);
}

/* A million draws: mean 1/2 with a spread of 0.29 / 1000, and as many below 0.1 as there should be. */
static void draws_are_uniform(void **unused) {
  (void)unused;
  enum { COUNT = 1000000 };
  double sum = 0, low = 0;
  for (uint64_t k = 0; k < COUNT; k++) {
    const double u = tanlu_synthetic_uniform(1, 2, k);
    assert_true(u >= 0 && u < 1);
    sum += u;
    low += u < 0.1;
  }
  assert_true(fabs(sum / COUNT - 0.5) < 5 * 0.29 / 1000);
  assert_true(fabs(low / COUNT - 0.1) < 5 * 0.3 / 1000);
}

static void wrong_options(void **unused) {
  (void)unused;
  const tanlu_synthetic_options good = {.regions = 2, .sectors = 3, .density = 1};
  tanlu_synthetic_options bad[7] = {good, good, good, good, good, good, good};
  bad[0].regions = 0;
  bad[1].sectors = 0;
  bad[2].density = 0;
  bad[3].density = (double)NAN;
  bad[4].radius = 1;
  bad[5].zero = 6;
  bad[6].regions = SIZE_MAX / 2;
  for (size_t k = 0; k < 7; k++) {
    tanlu_synthetic *table = NULL;
    assert_int_equal(tanlu_synthetic_create(&table, bad + k, NULL), TANLU_ERR_INPUT);
    assert_null(table);
  }
}

int main(void) {
  (void)tanlu_blas_serial();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(accounts_close),
      cmocka_unit_test(the_radius_is_met),
      cmocka_unit_test(density_is_met),
      cmocka_unit_test(sectors_without_output),
      cmocka_unit_test(trade_falls_with_distance),
      cmocka_unit_test(the_seed_decides),
      cmocka_unit_test(draws_are_uniform),
      cmocka_unit_test(wrong_options),
  };
  return cmocka_run_group_tests_name("synthetic", tests, NULL, NULL);
}
