/* Decompositions of the shipped scenarios. Oracles: the change itself, in all and for every part (residual); the sum over years
 * against the change; a second computation of Kaya and of single terms from the fields of the projection; the same decomposition
 * by other parts (consistency in aggregation), backwards (reversal of time); Shapley's axioms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/co2_decomposition.h"
#include "model/decompose.h"
#include "model/kaya.h"
#include "model/structural_decomposition.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

enum { YEARS_MOST = 64 };

/* States of the years of a scenario under one plan. */
typedef struct {
  tanlu_decomposer *decomposer;
  tanlu_decompose_state *state[YEARS_MOST];
  size_t years, effects, parts;
  double *effect;
} states;

static tanlu_status keep(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  states *s = user;
  return tanlu_decompose_state_create(&s->state[s->years++], s->decomposer, accounts, context);
}

static void open_states(states *s, const shipped_scenarios *all, size_t scenario, tanlu_decompose_plan plan) {
  const shipped_scenario *run = &all->run[scenario];
  *s = (states){0};
  tanlu_status status = tanlu_decomposer_create(&s->decomposer, &plan, run->model, all->context);
  if (status == TANLU_OK) {
    status = tanlu_solved_accounts_visit(run->model, run->drivers, run->name, NULL, keep, s, all->context);
  }
  if (status != TANLU_OK) tanlu_test_print_messages(all->context);
  assert_int_equal(status, TANLU_OK);
  assert_int_equal(s->years, run->drivers->years);
  s->effects = tanlu_decomposer_effects(s->decomposer)->count;
  s->parts = tanlu_decomposer_parts(s->decomposer)->count;
  s->effect = calloc(s->effects * s->parts, sizeof *s->effect);
  assert_non_null(s->effect);
}

static void close_states(states *s) {
  for (size_t t = 0; t < s->years; t++) tanlu_decompose_state_free(&s->state[t]);
  tanlu_decomposer_free(&s->decomposer);
  free(s->effect);
}

static void between(states *s, size_t from, size_t to, const shipped_scenarios *all) {
  const tanlu_status status =
      tanlu_decompose_between(s->decomposer, s->state[from], s->state[to], s->effect, all->context);
  if (status != TANLU_OK) tanlu_test_print_messages(all->context);
  assert_int_equal(status, TANLU_OK);
}

static double sum_effect(const states *s, size_t effect) {
  double sum = 0.0;
  for (size_t p = 0; p < s->parts; p++) sum += s->effect[effect * s->parts + p];
  return sum;
}

/* Effects against the change of the whole and of every part; sizes beside which a residual counts are those of the first year. */
static void no_residual(const states *s, size_t from, size_t to) {
  const double *before = tanlu_decompose_state_parts(s->state[from]),
               *after = tanlu_decompose_state_parts(s->state[to]);
  const double size = fabs(tanlu_decompose_state_total(s->state[0]));
  double total = 0.0;
  for (size_t p = 0; p < s->parts; p++) {
    double part = 0.0;
    for (size_t k = 0; k < s->effects; k++) part += s->effect[k * s->parts + p];
    assert_near_of(part, after[p] - before[p], 1e-9, size);
    total += part;
  }
  const double change = tanlu_decompose_state_total(s->state[to]) - tanlu_decompose_state_total(s->state[from]);
  assert_near_of(total, change, 1e-9, size);
}

static const tanlu_decompose_plan plans[] = {
    {TANLU_DECOMPOSE_LMDI, TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_WHOLE},
    {TANLU_DECOMPOSE_LMDI, TANLU_DECOMPOSE_CO2_ENERGY, TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_WHOLE},
    {TANLU_DECOMPOSE_LMDI, TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_BY_SECTOR, TANLU_TECHNOLOGY_WHOLE},
    {TANLU_DECOMPOSE_LMDI, TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_BY_CARRIER, TANLU_TECHNOLOGY_WHOLE},
    {TANLU_DECOMPOSE_SDA, TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_WHOLE},
    {TANLU_DECOMPOSE_SDA, TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_BY_SECTOR, TANLU_TECHNOLOGY_ENERGY},
    {TANLU_DECOMPOSE_SDA, TANLU_DECOMPOSE_OUTPUT, TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_ENERGY},
    {TANLU_DECOMPOSE_SDA, TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_GROUPS},
};
enum { PLANS = sizeof plans / sizeof *plans };

/* All scenarios, from the first to the last year and over ten years; dual-carbon year by year, which adds up to the whole. */
static void the_change_is_explained(void **state) {
  const shipped_scenarios *all = *state;
  for (size_t i = 0; i < PLANS; i++) {
    for (size_t scenario = 0; scenario < SCENARIOS; scenario++) {
      if (plans[i].technology == TANLU_TECHNOLOGY_GROUPS && scenario != DUAL_CARBON_42)
        continue; /* 46 systems a pair */
      states s;
      open_states(&s, all, scenario, plans[i]);
      between(&s, 0, s.years - 1, all);
      no_residual(&s, 0, s.years - 1);
      between(&s, 0, 10, all);
      no_residual(&s, 0, 10);
      const bool chain = scenario == DUAL_CARBON && (i == 0 || !TANLU_TEST_SANITIZED);
      double chained = 0.0;
      for (size_t t = 1; chain && t < s.years; t++) {
        between(&s, t - 1, t, all);
        no_residual(&s, t - 1, t);
        for (size_t k = 0; k < s.effects; k++) chained += sum_effect(&s, k);
      }
      const double first = tanlu_decompose_state_total(s.state[0]),
                   last = tanlu_decompose_state_total(s.state[s.years - 1]);
      if (chain) assert_near_of(chained, last - first, 1e-9, first);
      close_states(&s);
    }
  }
}

/* Kaya by the formula of Ang, written out, from the indicators of the projection. */
static void kaya_from_indicators(void **state) {
  const shipped_scenarios *all = *state;
  const tanlu_decompose_plan plan = {TANLU_DECOMPOSE_KAYA, TANLU_DECOMPOSE_CO2_ENERGY, TANLU_DECOMPOSE_BY_GROUP,
                                     TANLU_TECHNOLOGY_WHOLE};
  states s;
  open_states(&s, all, REFERENCE, plan);
  between(&s, 0, 30, all);
  no_residual(&s, 0, 30);
  const place a = in_year(all, REFERENCE, 2020), b = in_year(all, REFERENCE, 2050);
  const double c0 = indicator(&a, TANLU_INDICATOR_CO2_ENERGY), c1 = indicator(&b, TANLU_INDICATOR_CO2_ENERGY);
  const double weight = (c1 - c0) / log(c1 / c0);
  const tanlu_indicator_id quantity[] = {TANLU_INDICATOR_POPULATION, TANLU_INDICATOR_GDP, TANLU_INDICATOR_ENERGY,
                                         TANLU_INDICATOR_CO2_ENERGY};
  double last = 0.0;
  for (size_t k = 0; k < 4; k++) {
    const double growth = log(indicator(&b, quantity[k]) / indicator(&a, quantity[k]));
    assert_near_of(s.effect[k], weight * (growth - last), 1e-9, c0);
    last = growth;
  }
  close_states(&s);
}

/* By group and by carrier are two sums of the same terms; backwards changes every sign. */
static void sums_and_signs(void **state) {
  const shipped_scenarios *all = *state;
  states group, carrier;
  open_states(&group, all, DUAL_CARBON, plans[0]);
  open_states(&carrier, all, DUAL_CARBON, plans[3]);
  between(&group, 0, 40, all);
  between(&carrier, 0, 40, all);
  double effect[TANLU_CO2_EFFECTS];
  for (size_t k = 0; k < TANLU_CO2_EFFECTS; k++) {
    effect[k] = sum_effect(&group, k);
    assert_near_of(sum_effect(&carrier, k), effect[k], 1e-9, 1e4);
  }
  between(&group, 40, 0, all);
  for (size_t k = 0; k < TANLU_CO2_EFFECTS; k++) assert_near_of(sum_effect(&group, k), -effect[k], 1e-9, 1e4);
  between(&group, 7, 7, all);
  for (size_t k = 0; k < group.effects * group.parts; k++) assert_true(group.effect[k] == 0.0);
  close_states(&group);
  close_states(&carrier);
}

/* Effects that can be said beforehand: emission factors of fuels are constant in the shipped scenarios, so that they have no effect
 * in single sectors (in a group of several sectors its composition has); capture is its indicator; hydrogen is new in dual-carbon, so that its whole CO2 is an
 * effect of the mix of carriers, but for plants with capture, which are new as well and take half of their terms. */
static void what_must_come_out(void **state) {
  const shipped_scenarios *all = *state;
  states s;
  open_states(&s, all, DUAL_CARBON, plans[3]);
  between(&s, 0, 40, all);
  const place a = in_year(all, DUAL_CARBON, 2020), b = in_year(all, DUAL_CARBON, 2060);
  const double captured = indicator(&b, TANLU_INDICATOR_CO2_CAPTURED) - indicator(&a, TANLU_INDICATOR_CO2_CAPTURED);
  assert_near(sum_effect(&s, TANLU_CO2_EFFECT_CAPTURE), -captured, 1e-9);
  const size_t hydrogen = all->run[DUAL_CARBON].dataset->energy.hydrogen;
  for (size_t k = 0; k < s.effects; k++) {
    if (k == TANLU_CO2_EFFECT_CARRIERS || k == TANLU_CO2_EFFECT_POWER_MIX) continue;
    assert_true(s.effect[k * s.parts + hydrogen] == 0.0);
  }
  const double mix = s.effect[TANLU_CO2_EFFECT_CARRIERS * s.parts + hydrogen],
               plants = s.effect[TANLU_CO2_EFFECT_POWER_MIX * s.parts + hydrogen];
  assert_near(mix + plants, tanlu_decompose_state_parts(s.state[40])[hydrogen], 1e-9);
  assert_true(mix > plants && plants > 0.0);
  close_states(&s);
  open_states(&s, all, DUAL_CARBON, plans[2]);
  between(&s, 0, 40, all);
  for (size_t p = 0; p < s.parts; p++) {
    assert_near_of(s.effect[TANLU_CO2_EFFECT_FACTORS * s.parts + p], 0.0, 1e-12, 1e4);
  }
  close_states(&s);
}

/* Output of the structural decomposition: the level of demand alone gives x0 (Y1/Y0 - 1) in the first step and x1 (1 - Y0/Y1) in
 * the last, which bound its mean effect where all sectors grow. */
static void level_of_demand(void **state) {
  const shipped_scenarios *all = *state;
  const tanlu_decompose_plan plan = {TANLU_DECOMPOSE_SDA, TANLU_DECOMPOSE_OUTPUT, TANLU_DECOMPOSE_BY_GROUP,
                                     TANLU_TECHNOLOGY_WHOLE};
  states s;
  open_states(&s, all, REFERENCE, plan);
  between(&s, 0, 5, all);
  const double x0 = tanlu_decompose_state_total(s.state[0]), x1 = tanlu_decompose_state_total(s.state[5]);
  const double effect = sum_effect(&s, TANLU_SDA_LEVEL + 1);
  assert_true(effect > 0.8 * (x1 - x0) && effect < 1.2 * (x1 - x0)); /* GDP by a third, prices and shares by little */
  close_states(&s);
}

static void plans_that_are_none(void **state) {
  const shipped_scenarios *all = *state;
  const tanlu_decompose_plan wrong[] = {
      {TANLU_DECOMPOSE_KAYA, TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_WHOLE},
      {TANLU_DECOMPOSE_LMDI, TANLU_DECOMPOSE_OUTPUT, TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_WHOLE},
      {TANLU_DECOMPOSE_SDA, TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_BY_CARRIER, TANLU_TECHNOLOGY_WHOLE},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    tanlu_decomposer *d = NULL;
    assert_int_equal(tanlu_decomposer_create(&d, &wrong[i], all->run[0].model, all->context), TANLU_ERR_INTERNAL);
    assert_null(d);
    tanlu_context_clear(all->context);
  }
  const double good[TANLU_INDICATOR_COUNT] = {[TANLU_INDICATOR_POPULATION] = 1.0,
                                              [TANLU_INDICATOR_GDP] = 2.0,
                                              [TANLU_INDICATOR_ENERGY] = 3.0,
                                              [TANLU_INDICATOR_CO2_ENERGY] = 4.0};
  double below[TANLU_INDICATOR_COUNT], effect[TANLU_KAYA_EFFECTS];
  memcpy(below, good, sizeof below);
  below[TANLU_INDICATOR_CO2_ENERGY] = -1.0;
  assert_true(tanlu_kaya_decompose(good, good, effect));
  assert_false(tanlu_kaya_decompose(good, below, effect));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_change_is_explained), cmocka_unit_test(kaya_from_indicators),
      cmocka_unit_test(sums_and_signs),          cmocka_unit_test(what_must_come_out),
      cmocka_unit_test(level_of_demand),         cmocka_unit_test(plans_that_are_none),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
