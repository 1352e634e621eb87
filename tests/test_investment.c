/* Investment in power plants. Oracles: a few years by hand; on the shipped scenarios cohorts of plants that are built, age and retire
 * one by one (another way to the same additions), and sums over technologies; costs of a scenario before those of the dataset. Composition of
 * fixed capital formation: two groups by hand, and sums that must hold on the shipped scenarios. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "inputs/dataset_file.h"
#include "model/investment.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

/* C = 100, 110, 90, 95. Ten years: what is left of 100 is 90, 80, 70; so 20 are built, then none (80 + 20 stand), then 95 - 70 - 20.
 * Two years: 50, 0, 0 are left; 60 are built, then 90 - 60, then 95 - 30 as the 60 are gone. */
static void a_few_years_by_hand(void **state) {
  (void)state;
  static const double capacity[] = {100.0, 110.0, 90.0, 95.0};
  static const struct {
    double lifetime, added[4];
  } cases[] = {{10.0, {0.0, 20.0, 0.0, 5.0}}, {2.0, {0.0, 60.0, 30.0, 65.0}}};
  for (size_t k = 0; k < 2; k++) {
    double added[4] = {(double)NAN};
    assert_true(isnan(tanlu_capacity_added(capacity, added, 1, 0, cases[k].lifetime)));
    for (size_t t = 1; t < 4; t++) {
      added[t] = tanlu_capacity_added(capacity, added, 1, t, cases[k].lifetime);
      assert_near_of(added[t], cases[k].added[t], 1e-13, 1.0);
    }
  }
}

/* Cohorts: the base year's capacity is `lifetime` of them of ages 1 .. lifetime; one that has reached its age leaves before the
 * year's building. */
static void look_at_cohorts(place *p) {
  enum { YEARS_MAX = 64, LIFE_MAX = 64 };
  if (p->t + 1 < p->run->drivers->years) return; /* all years at once, in the last one */
  const tanlu_dataset *d = p->run->dataset;
  const tanlu_projection *all = p->run->projection;
  const size_t size = all->size[TANLU_FIELD_CAPACITY];
  for (size_t i = 0; i < size; i++) {
    const size_t life = (size_t)d->investment.lifetime[i];
    double age[LIFE_MAX + 1] = {0.0};
    for (size_t a = 0; a < life; a++) age[a] = all->value[TANLU_FIELD_CAPACITY][i] / (double)life;
    for (size_t t = 1; t <= p->t; t++) {
      double standing = 0.0;
      for (size_t a = life; a-- > 1;) age[a] = age[a - 1];
      for (size_t a = 1; a < life; a++) standing += age[a];
      const double capacity = all->value[TANLU_FIELD_CAPACITY][t * size + i];
      age[0] = fmax(0.0, capacity - standing);
      near(p, d->power.technology.code[i], all->value[TANLU_FIELD_CAPACITY_ADDED][t * size + i], age[0], 1e-9,
           capacity + 1.0);
      near(p, "investment", all->value[TANLU_FIELD_INVESTMENT][t * size + i], 0.1 * d->investment.cost[i] * age[0],
           1e-9, 1e3 * (capacity + 1.0));
    }
  }
}

static void look_at_sums(place *p) {
  if (p->t == 0) return;
  const double money = 1e-4 * total(p, TANLU_FIELD_INVESTMENT), gdp = indicator(p, TANLU_INDICATOR_GDP);
  near(p, "investment_power", indicator(p, TANLU_INDICATOR_INVESTMENT), money, 1e-12, money);
  near(p, "investment_power_share", indicator(p, TANLU_INDICATOR_INVESTMENT_SHARE), money / gdp, 1e-12, 1.0);
  holds(p, "share of GDP", money / gdp, money / gdp > 0.001 && money / gdp < 0.04);
}

static void shipped_scenarios_by_cohorts(void **state) {
  every_year(*state, look_at_cohorts);
  every_year(*state, look_at_sums);
}

/* Half the cost of PV from 2031 on is half its investment and nobody else's. */
static void costs_of_a_scenario(void **state) {
  const shipped_scenarios *all = *state;
  const shipped_scenario *run = &all->run[DUAL_CARBON];
  const size_t pv = tanlu_test_find(&run->dataset->power.technology, "pv");
  const char *const setting[] = {"investment.power.pv={2030: 4000, 2031: 2000}"};
  tanlu_scenario *scenario = NULL;
  tanlu_projection *p = NULL;
  assert_int_equal(tanlu_scenario_read(&scenario, "inputs/scenarios/dual-carbon.yaml", setting, 1, all->context),
                   TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(scenario, run->dataset, all->context), TANLU_OK);
  assert_int_equal(tanlu_projection_create(&p, run->dataset, 2020, run->drivers->years, all->context), TANLU_OK);
  assert_int_equal(tanlu_project(run->model, scenario->drivers, "test", p, NULL, NULL, all->context), TANLU_OK);
  for (int year = 2025; year <= 2060; year += 5) {
    const place was = in_year(all, DUAL_CARBON, year);
    const double *before = field(&was, TANLU_FIELD_INVESTMENT),
                 *after = tanlu_test_field(p, TANLU_FIELD_INVESTMENT, was.t);
    for (size_t i = 0; i < p->size[TANLU_FIELD_INVESTMENT]; i++) {
      const double factor = i == pv && year > 2030 ? 0.5 : 1.0;
      assert_near_of(after[i], factor * before[i], 1e-12, 1.0);
    }
  }
  tanlu_projection_free(&p);
  tanlu_scenario_free(&scenario);
}

/* Two groups that make up 0.3 and 0.7 of fixed capital formation. Plants are 0.1 of it and buy 0.8 and 0.2, so that the rest of 0.9 is
 * 0.22 and 0.68. Plants of 0.2 that buy 0.6 and 0.4 make it 0.8 (0.22/0.9) + 0.12 = 0.284/0.9 and 0.8 (0.68/0.9) + 0.08 = 0.616/0.9. */
static void composition_by_hand(void **state) {
  (void)state;
  static const double base[] = {0.3, 0.7}, then[] = {0.08, 0.02}, now[] = {0.12, 0.08}, none[] = {0.0, 0.0};
  double index[3];
  assert_true(tanlu_investment_index(2, base, then, 0.1, then, 0.1, index) == TANLU_NONE);
  for (size_t g = 0; g < 2; g++) assert_near_of(index[g], 1.0, 1e-15, 1.0);
  assert_true(tanlu_investment_index(2, base, then, 0.1, now, 0.2, index) == TANLU_NONE);
  assert_near_of(index[0], 0.284 / 0.27, 1e-14, 1.0);
  assert_near_of(index[1], 0.616 / 0.63, 1e-14, 1.0);
  assert_near_of(base[0] * index[0] + base[1] * index[1], 1.0, 1e-15, 1.0);
  assert_true(tanlu_investment_index(2, base, then, 0.1, none, 0.0, index) == TANLU_NONE); /* the rest alone */
  assert_near_of(base[0] * index[0], 0.22 / 0.9, 1e-14, 1.0);
  assert_near_of(base[1] * index[1], 0.68 / 0.9, 1e-14, 1.0);
  /* more than there was; what there was not; and a group that nobody buys */
  static const double much[] = {0.02, 0.71}, without[] = {0.3, 0.7, 0.0}, third[] = {0.0, 0.0, 0.1};
  static const double flat[] = {0.08, 0.02, 0.0};
  assert_int_equal(tanlu_investment_index(2, base, much, 0.73, now, 0.2, index), 1);
  assert_int_equal(tanlu_investment_index(3, without, flat, 0.1, third, 0.1, index), 2);
  assert_true(tanlu_investment_index(3, without, flat, 0.1, flat, 0.1, index) == TANLU_NONE);
  assert_true(index[2] == 1.0);
}

/* Purchases add up to investment over fixed capital formation, a year or several years together; they and the rest to all of it. */
static void look_at_purchases(place *p) {
  enum { GROUPS_MAX = 64 };
  const tanlu_dataset *d = p->run->dataset;
  const size_t groups = tanlu_dataset_policy_groups(d)->count, n = d->accounts.n;
  double base[GROUPS_MAX], first[GROUPS_MAX], own[GROUPS_MAX], index[GROUPS_MAX], pi_0, pi, sum = 0.0, all = 0.0;
  if (p->t == 0) return;
  tanlu_context *context = tanlu_context_create();
  assert_non_null(context);
  const double *formation = field(p, TANLU_FIELD_FINAL_DEMAND) + tanlu_investment_category(d) * n;
  for (size_t j = 0; j < n; j++) all += formation[j];
  assert_int_equal(tanlu_investment_purchases(d, p->run->projection, p->t, p->t, own, &pi, context), TANLU_OK);
  near(p, "share of plants", pi, total(p, TANLU_FIELD_INVESTMENT) / all, 1e-9, 1e-6);
  for (size_t g = 0; g < groups; g++) sum += own[g];
  near(p, "purchases", sum, pi, 1e-12, 1e-6);
  assert_int_equal(tanlu_investment_purchases(d, p->run->projection, 1, 4, first, &pi_0, context), TANLU_OK);
  tanlu_investment_base(d, p->run->projection, base);
  assert_true(tanlu_investment_index(groups, base, first, pi_0, own, pi, index) == TANLU_NONE);
  double before = sum = 0.0;
  for (size_t g = 0; g < groups; g++) {
    before += base[g];
    sum += base[g] * index[g];
  }
  near(p, "base shares", before, 1.0, 1e-12, 1.0);
  near(p, "shares", sum, 1.0, 1e-12, 1.0);
  tanlu_context_free(&context);
}

static void shipped_purchases(void **state) {
  every_year(*state, look_at_purchases);
}

/* The dataset with this file is wrong, and a message says so. */
static void refuses(tanlu_test_model *m, const char *file, const char *text, const char *message) {
  tanlu_dataset *dataset = NULL;
  assert_int_equal(tanlu_test_write_file(m->directory, file, text), 0);
  assert_int_equal(tanlu_dataset_read(&dataset, m->directory, m->context), TANLU_ERR_INPUT);
  if (!tanlu_test_has_message(m->context, message)) {
    tanlu_test_print_messages(m->context);
    fail_msg("no message '%s'", message);
  }
  tanlu_dataset_free(&dataset);
}

/* A dataset without costs has no investment; wrong files name their place. */
static void files(void **state) {
  (void)state;
#define COLUMNS "technology,cost,lifetime,source\n"
  static const struct {
    const char *text, *message;
  } wrong[] = {
      {COLUMNS "coal,4000,30,x\ncoal,4000,30,x\n", "plants.csv:3:1: error: a second row of 'coal'"},
      {COLUMNS "coall,4000,30,x\n", "plants.csv:2:1: error: unknown technology 'coall'; did you mean 'coal'?"},
      {COLUMNS "coal,-1,30,x\n", "plants.csv:2:2: error: 'cost' is -1; expected 0 to 1e+06"},
      {COLUMNS "coal,4000,0,x\n", "plants.csv:2:3: error: 'lifetime' is 0; expected 1 to 200"},
      {COLUMNS "coal,4000,30,\n", "plants.csv:2:4: error: a cost needs a source"},
      {"technology,cost,source\n", "plants.csv:1"},
  };
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_drivers *d = tanlu_test_drivers(&m, 2022, 0);
  tanlu_projection *p = tanlu_test_project(&m, d);
  assert_true(isnan(tanlu_test_indicator(p, TANLU_INDICATOR_INVESTMENT, 1)));
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
  assert_int_equal(
      tanlu_test_edit(m.directory, "dataset.yaml", "sources:", "policy: {investment: plants.csv}\nsources:"), 0);
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) refuses(&m, "plants.csv", wrong[k].text, wrong[k].message);
  tanlu_test_close(&m);
}

/* What plants are made of: wrong files name their place. */
static void bridge_files(void **state) {
  (void)state;
#define BRIDGE "technology,group,share,source\n"
  static const struct {
    const char *text, *message;
  } wrong[] = {
      {BRIDGE "coal,goods,0.4,x\ncoal,goods,0.6,x\n", "bridge.csv:3:2: error: a second row of 'goods' for 'coal'"},
      {BRIDGE "coall,goods,1,x\n", "bridge.csv:2:1: error: unknown technology 'coall'; did you mean 'coal'?"},
      {BRIDGE "coal,good,1,x\n", "bridge.csv:2:2: error: unknown group 'good'; did you mean 'goods'?"},
      {BRIDGE "coal,goods,1.5,x\n", "bridge.csv:2:3: error: 'share' is 1.5; expected 0 to 1"},
      {BRIDGE "coal,goods,0.5,x\npv,goods,1,x\n",
       "bridge.csv:2:3: error: the shares of 'coal' add up to 0.5; expected 1"},
      {BRIDGE "coal,goods,1,\n", "bridge.csv:2:4: error: a share needs a source"},
      {"technology,group,share\n", "bridge.csv:1"},
  };
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  assert_int_equal(
      tanlu_test_edit(m.directory, "dataset.yaml", "sources:", "policy: {investment_bridge: bridge.csv}\nsources:"), 0);
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) refuses(&m, "bridge.csv", wrong[k].text, wrong[k].message);
  tanlu_test_close(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_few_years_by_hand), cmocka_unit_test(shipped_scenarios_by_cohorts),
      cmocka_unit_test(costs_of_a_scenario), cmocka_unit_test(composition_by_hand),
      cmocka_unit_test(shipped_purchases),   cmocka_unit_test(files),
      cmocka_unit_test(bridge_files),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
