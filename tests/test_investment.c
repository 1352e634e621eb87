/* Investment in power plants. Oracles: a few years by hand; on the shipped scenarios cohorts of plants that are built, age and retire
 * one by one (another way to the same additions), and sums over technologies; costs of a scenario before those of the dataset. */
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
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    tanlu_dataset *dataset = NULL;
    assert_int_equal(tanlu_test_write_file(m.directory, "plants.csv", wrong[k].text), 0);
    assert_int_equal(tanlu_dataset_read(&dataset, m.directory, m.context), TANLU_ERR_INPUT);
    if (!tanlu_test_has_message(m.context, wrong[k].message)) {
      tanlu_test_print_messages(m.context);
      fail_msg("no message '%s'", wrong[k].message);
    }
    tanlu_dataset_free(&dataset);
  }
  tanlu_test_close(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_few_years_by_hand),
      cmocka_unit_test(shipped_scenarios_by_cohorts),
      cmocka_unit_test(costs_of_a_scenario),
      cmocka_unit_test(files),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
