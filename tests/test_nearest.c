/* The nearest point under constraints, against problems solved by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "solvers/nearest.h"
#include "tests/support.h"

enum { N = 3 };
static const double centre[N] = {1.0, 2.0, -4.0}, scale[N] = {1.0, 2.0, 4.0}, weight[N] = {1.0, 3.0, 0.5};
static const double low[N] = {-10.0, -20.0, -40.0}, high[N] = {10.0, 20.0, 40.0};

static tanlu_nearest_problem problem_of(size_t constraints, tanlu_constraints evaluate) {
  return (tanlu_nearest_problem){.n = N,
                                 .constraints = constraints,
                                 .centre = centre,
                                 .scale = scale,
                                 .weight = weight,
                                 .low = low,
                                 .high = high,
                                 .evaluate = evaluate,
                                 .tolerance = 1e-9,
                                 .evaluations = 200};
}

static tanlu_nearest_result find(const tanlu_nearest_problem *problem, double *x) {
  tanlu_nearest_result result;
  tanlu_context *context = tanlu_context_create();
  const tanlu_status status = tanlu_nearest_find(problem, x, &result, context);
  if (status != TANLU_OK) tanlu_test_print_messages(context);
  assert_int_equal(status, TANLU_OK);
  tanlu_context_free(&context);
  return result;
}

/* a'x >= b with a = (1, -2, 0.5). With D = diag(s^2 / w) the answer is x = c + D a (b - a'c) / (a' D a). */
static const double normal[N] = {1.0, -2.0, 0.5}, wanted = 3.0;

static bool above_plane(void *user, const double *x, double *g, double *jacobian) {
  (void)user;
  g[0] = wanted;
  for (size_t i = 0; i < N; i++) {
    g[0] -= normal[i] * x[i];
    jacobian[i] = -normal[i];
  }
  return true;
}

static void projection_on_a_plane(void **state) {
  (void)state;
  const tanlu_nearest_problem problem = problem_of(1, above_plane);
  double x[N], across = 0.0, gap = wanted;
  const tanlu_nearest_result result = find(&problem, x);
  for (size_t i = 0; i < N; i++) {
    across += normal[i] * normal[i] * scale[i] * scale[i] / weight[i];
    gap -= normal[i] * centre[i];
  }
  assert_true(result.satisfied);
  for (size_t i = 0; i < N; i++) {
    const double expected = centre[i] + normal[i] * scale[i] * scale[i] / weight[i] * gap / across;
    assert_true(fabs(x[i] - expected) < 1e-6);
  }
  assert_true(fabs(result.distance - gap * gap / across) < 1e-6);
}

/* A bound that is met: x_2 >= 1.5 takes the second number out of the formula above, and its part of the gap. */
static void projection_with_a_bound(void **state) {
  (void)state;
  const double tight[N] = {-10.0, 1.5, -40.0};
  tanlu_nearest_problem problem = problem_of(1, above_plane);
  problem.low = tight;
  double x[N];
  assert_true(find(&problem, x).satisfied);
  const double gap = wanted - normal[0] * centre[0] - normal[1] * 1.5 - normal[2] * centre[2];
  const double across = 1.0 / weight[0] + 0.25 * 16.0 / weight[2];
  assert_true(fabs(x[1] - 1.5) < 1e-12);
  assert_true(fabs(x[0] - (centre[0] + gap / across / weight[0])) < 1e-6);
  assert_true(fabs(x[2] - (centre[2] + 0.5 * 16.0 / weight[2] * gap / across)) < 1e-6);
}

/* On the way the function has no value beyond x_0 = 2.2: log(x_0) >= log 2 is met at x_0 = 2 all the same. */
static bool above_logarithm(void *user, const double *x, double *g, double *jacobian) {
  (void)user;
  if (x[0] <= 0.0 || x[0] > 2.2) return false;
  g[0] = log(2.0) - log(x[0]);
  jacobian[0] = -1.0 / x[0];
  jacobian[1] = jacobian[2] = 0.0;
  return true;
}

static void a_function_with_an_edge(void **state) {
  (void)state;
  const tanlu_nearest_problem problem = problem_of(1, above_logarithm);
  double x[N];
  assert_true(find(&problem, x).satisfied);
  assert_true(fabs(x[0] - 2.0) < 1e-6);
  assert_true(x[1] == centre[1] && x[2] == centre[2]);
}

/* x_0 <= -20 is out of bounds: the nearest miss is at the bound, -10. What holds anyway does not move anything. */
static bool far_left(void *user, const double *x, double *g, double *jacobian) {
  g[0] = x[0] - *(const double *)user;
  jacobian[0] = 1.0;
  jacobian[1] = jacobian[2] = 0.0;
  return true;
}

static void out_of_reach_and_already_there(void **state) {
  (void)state;
  double limit = -20.0, x[N];
  tanlu_nearest_problem problem = problem_of(1, far_left);
  problem.user = &limit;
  assert_false(find(&problem, x).satisfied);
  assert_true(fabs(x[0] + 10.0) < 1e-6);
  limit = 5.0;
  const tanlu_nearest_result result = find(&problem, x);
  assert_true(result.satisfied && result.distance == 0.0 && result.evaluations == 1);
  for (size_t i = 0; i < N; i++) assert_true(x[i] == centre[i]);
}

static bool nowhere(void *user, const double *x, double *g, double *jacobian) {
  (void)user, (void)x, (void)g, (void)jacobian;
  return false;
}

static void no_value_at_the_start(void **state) {
  (void)state;
  const tanlu_nearest_problem problem = problem_of(1, nowhere);
  tanlu_nearest_result result;
  double x[N];
  tanlu_context *context = tanlu_context_create();
  assert_int_equal(tanlu_nearest_find(&problem, x, &result, context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(context, "has no value"));
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(projection_on_a_plane),   cmocka_unit_test(projection_with_a_bound),
      cmocka_unit_test(a_function_with_an_edge), cmocka_unit_test(out_of_reach_and_already_there),
      cmocka_unit_test(no_value_at_the_start),
  };
  return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
