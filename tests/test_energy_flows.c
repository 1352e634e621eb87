/* Energy from source to use (outputs/energy_flows.c). Oracles: conservation in every node; what ends with users is the final energy
 * of the accounts by user, what begins is energy consumption, and electricity is generation: all from other parts of the
 * accounts than the flows. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "model/record.h"
#include "model/units.h"
#include "outputs/energy_flows.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

/* Accounts close to 1e-9 of the whole; two sums of them to a little more. */
static const double flow_tolerance = 1e-9;
static const double petajoule_per_mtce = 1e3 * TANLU_TJ_PER_TCE;

static double into(const tanlu_energy_flows *f, tanlu_flow_node node) {
  double sum = 0.0;
  for (size_t i = 0; i < TANLU_FLOW_NODES; i++) sum += f->flow[i][node];
  return sum;
}

static double out_of(const tanlu_energy_flows *f, tanlu_flow_node node) {
  double sum = 0.0;
  for (size_t i = 0; i < TANLU_FLOW_NODES; i++) sum += f->flow[node][i];
  return sum;
}

static tanlu_status look(void *user, const tanlu_solved_accounts *a, tanlu_context *context) {
  size_t *seen = user;
  static tanlu_energy_flows f; /* large for a stack */
  assert_int_equal(tanlu_energy_flows_make(&f, a, context), TANLU_OK);
  assert_int_equal(f.year, a->year);
  assert_true(tanlu_energy_flows_gap(&f) < flow_tolerance);
  double sources = 0.0, ends = 0.0, households[TANLU_HOUSEHOLDS] = {0.0};
  for (size_t i = 0; i < TANLU_FLOW_NODES; i++) {
    for (size_t k = 0; k < TANLU_FLOW_NODES; k++) {
      assert_true(f.flow[i][k] > -1e-6);                         /* links have a width */
      assert_true(f.flow[i][k] <= 0.0 || !(f.flow[k][i] > 0.0)); /* and one direction: */
      const size_t from = tanlu_flow_node_about((tanlu_flow_node)i)->column;
      const size_t to = tanlu_flow_node_about((tanlu_flow_node)k)->column;
      const bool heated = i == TANLU_FLOW_HYDROGEN && k == TANLU_FLOW_HEAT; /* heat is moved on then */
      assert_true(!(f.flow[i][k] > 1e-6) || from < to || heated);
    }
    const size_t column = tanlu_flow_node_about((tanlu_flow_node)i)->column;
    if (column == 0) assert_true(into(&f, (tanlu_flow_node)i) == 0.0);
    if (i >= TANLU_FLOW_USE_STEEL) assert_true(out_of(&f, (tanlu_flow_node)i) == 0.0);
    sources += column == 0 ? out_of(&f, (tanlu_flow_node)i) : 0.0;
    ends += i >= TANLU_FLOW_USE_STEEL ? into(&f, (tanlu_flow_node)i) : 0.0;
  }
  assert_near(ends, sources, flow_tolerance);
  double final = ends;
  final -= into(&f, TANLU_FLOW_LOSSES) + into(&f, TANLU_FLOW_EXPORTS);
  assert_near(final, petajoule_per_mtce * a->indicator[TANLU_INDICATOR_FINAL], flow_tolerance);
  assert_near(into(&f, TANLU_FLOW_USE_FEEDSTOCK), petajoule_per_mtce * a->indicator[TANLU_INDICATOR_NON_ENERGY],
              flow_tolerance);
  for (size_t h = 0; h < TANLU_HOUSEHOLDS; h++) {
    for (size_t c = 0; c < a->carriers; c++) households[h] += 1e-3 * a->household_energy[h * a->carriers + c];
  }
  assert_near(into(&f, TANLU_FLOW_USE_URBAN), households[TANLU_URBAN], flow_tolerance);
  assert_near(into(&f, TANLU_FLOW_USE_RURAL), households[TANLU_RURAL], flow_tolerance);
  /* Generation: what enters the plants' node, less what is lost in burning and what is imported. */
  const double grid = 1e-3 * a->solved->energy->losses[a->dataset->energy.electricity * a->solved->energy->width];
  const double burning = f.flow[TANLU_FLOW_POWER][TANLU_FLOW_LOSSES] - grid;
  const double imports = f.flow[TANLU_FLOW_SOURCE_TRADE][TANLU_FLOW_POWER];
  assert_near(into(&f, TANLU_FLOW_POWER) - burning - imports, 3.6 * a->indicator[TANLU_INDICATOR_GENERATION],
              flow_tolerance);
  assert_near_of(out_of(&f, TANLU_FLOW_HYDROGEN),
                 a->indicator[TANLU_INDICATOR_HYDROGEN] + f.flow[TANLU_FLOW_HYDROGEN][TANLU_FLOW_LOSSES],
                 flow_tolerance, 1.0);
  /* Energy consumption is what is mined, grown and imported, net of exports. */
  const double taken = sources - out_of(&f, TANLU_FLOW_SOURCE_RECOVERED) - out_of(&f, TANLU_FLOW_SOURCE_AMBIENT) -
                       into(&f, TANLU_FLOW_EXPORTS);
  assert_near(taken, petajoule_per_mtce * a->indicator[TANLU_INDICATOR_ENERGY_CALORIFIC], flow_tolerance);
  ++*seen;
  return TANLU_OK;
}

static void every_year_of_the_shipped_scenarios_is_conserved(void **state) {
  const shipped_scenarios *all = *state;
  for (size_t s = 0; s < SCENARIOS; s++) {
    const shipped_scenario *run = &all->run[s];
    size_t seen = 0;
    assert_int_equal(tanlu_solved_accounts_visit(run->model, run->drivers, run->name, NULL, look, &seen, all->context),
                     TANLU_OK);
    assert_int_equal(seen, run->drivers->years);
  }
}

static tanlu_status keep(void *user, const tanlu_solved_accounts *a, tanlu_context *context) {
  return tanlu_solved_accounts_copy(user, a, context);
}

/* A copy of a year has no plants any more. */
static void a_copy_is_refused(void **state) {
  const shipped_scenarios *all = *state;
  const shipped_scenario *run = &all->run[REFERENCE_42];
  bool *wanted = calloc(run->drivers->years, sizeof *wanted);
  tanlu_solved_accounts *copy = NULL;
  static tanlu_energy_flows f;
  wanted[0] = true;
  assert_int_equal(tanlu_solved_accounts_visit(run->model, run->drivers, run->name, wanted, keep, &copy, all->context),
                   TANLU_OK);
  assert_int_equal(tanlu_energy_flows_make(&f, copy, NULL), TANLU_ERR_INTERNAL);
  tanlu_solved_accounts_free(&copy);
  free(wanted);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_year_of_the_shipped_scenarios_is_conserved),
      cmocka_unit_test(a_copy_is_refused),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
