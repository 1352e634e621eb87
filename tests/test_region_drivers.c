/* Drivers that a region inherits from the nation: the nation itself as a region, hand-worked examples, sums over regions. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inputs/scenario_file.h"
#include "model/power.h"
#include "model/region_drivers.h"
#include "tests/model_support.h"

enum { TARGET_YEAR = 2022 };

static int open_tiny(void **state) {
  static tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  *state = &m;
  return 0;
}

static int open_shipped(void **state) {
  static tanlu_test_model m;
  tanlu_test_open(&m, "china-2020-42");
  *state = &m;
  return 0;
}

static int close_model(void **state) {
  tanlu_test_close(*state);
  return 0;
}

static tanlu_drivers *inherit(const tanlu_test_model *m, const tanlu_drivers *nation, const tanlu_dataset *region,
                              const tanlu_drivers *own, const bool *const *says) {
  tanlu_drivers *drivers = NULL;
  const tanlu_status status =
      tanlu_region_drivers_create(&drivers, nation, m->dataset, region, NULL, own, says, m->context);
  if (status != TANLU_OK) tanlu_test_print_messages(m->context);
  assert_int_equal(status, TANLU_OK);
  return drivers;
}

static bool is_none(tanlu_driver_id id) {
  return id == TANLU_DRIVER_STRUCTURE_SHARE || id == TANLU_DRIVER_PRODUCT_PATH || id == TANLU_DRIVER_CAPACITY_START ||
         id == TANLU_DRIVER_CAPACITY_RETIREMENT || id == TANLU_DRIVER_CAPACITY_REPLACEMENT ||
         id == TANLU_DRIVER_CAPACITY_CAP;
}

/* A region with the nation's statistics has the nation's drivers, under a scenario that moves most of them; what has no path of its
 * own is NaN, and the category that the nation has not stays at nothing (share 0, composition 1). */
static void the_nation_as_a_region(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_scenario *scenario = NULL;
  assert_int_equal(tanlu_scenario_read(&scenario, "inputs/scenarios/dual-carbon-42.yaml", NULL, 0, m->context),
                   TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(scenario, m->dataset, m->context), TANLU_OK);
  const tanlu_drivers *nation = scenario->drivers;
  tanlu_dataset *region = tanlu_test_region(m);
  tanlu_drivers *own = inherit(m, nation, region, NULL, NULL);
  assert_int_equal(own->years, nation->years);
  assert_int_equal(own->targets, nation->targets);
  for (size_t k = 0; k < own->targets; k++) assert_int_equal(own->target_group[k], nation->target_group[k]);
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const tanlu_axis axis = tanlu_driver_table[id].axis[0];
    const size_t more = axis == TANLU_AXIS_CATEGORY ? own->inner[id] : 0;
    assert_int_equal(own->size[id], nation->size[id] + more);
    for (size_t t = 0; t < own->years; t++) {
      for (size_t k = 0; k < nation->size[id]; k++) {
        const double value = own->value[id][t * own->size[id] + k], all = nation->value[id][t * nation->size[id] + k];
        if (is_none((tanlu_driver_id)id)) {
          assert_true(isnan(value));
        } else if (!isnan(all) || !isnan(value)) {
          assert_true(fabs(value - all) <= 1e-15 * fmax(1.0, fabs(all)));
        }
      }
      for (size_t k = nation->size[id]; k < own->size[id] && more > 0; k++) {
        assert_true(own->value[id][t * own->size[id] + k] == (id == TANLU_DRIVER_CATEGORY_SHARE ? 0.0 : 1.0));
      }
    }
  }
  tanlu_drivers_free(&own);
  tanlu_dataset_free(&region);
  tanlu_scenario_free(&scenario);
}

/* Final use of the region, one product: rural 500, urban 0, government 100, capital 400, exports 0: 0.5, 0, 0.1, 0.4, 0. The nation's
 * rural share halves (rho 0.5) and urban households and exports take the same each (gamma 0.5). So the region's rural households
 * lose 0.25, of which 0.125 go to either: 0.25, 0.125, 0.1, 0.4, 0.125. */
static void retention_and_gain_by_hand(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_dataset *region = tanlu_test_region(m);
  static const double use[] = {500.0, 0.0, 100.0, 400.0, 10.0, 0.0, 77.0}; /* stocks and other regions stand apart */
  static const double expected[] = {0.25, 0.125, 0.1, 0.4, 0.0, 0.125, 0.0};
  tanlu_accounts *a = &region->accounts;
  assert_int_equal(a->category.count, 7);
  memset(a->final_use, 0, a->n * a->category.count * sizeof *a->final_use);
  for (size_t c = 0; c < a->category.count; c++) a->final_use[c * a->n + 1] = use[c];
  tanlu_drivers *nation = tanlu_test_drivers(m, TARGET_YEAR, 0);
  const double rural = tanlu_driver(nation, TANLU_DRIVER_CATEGORY_SHARE, 0, 0, 0);
  tanlu_test_set(nation, TANLU_DRIVER_CATEGORY_SHARE, 2, 0, 0, 0.5 * rural);
  for (size_t c = 1; c < 6; c += 4) {
    const double base = tanlu_driver(nation, TANLU_DRIVER_CATEGORY_SHARE, 0, c, 0);
    tanlu_test_set(nation, TANLU_DRIVER_CATEGORY_SHARE, 2, c, 0, base + 0.25 * rural);
  }
  tanlu_drivers *own = inherit(m, nation, region, NULL, NULL);
  for (size_t c = 0; c < a->category.count; c++) {
    assert_near_of(tanlu_driver(own, TANLU_DRIVER_CATEGORY_SHARE, 1, c, 0), c == 4 || c == 6 ? 0.0 : use[c] / 1000.0,
                   1e-15, 1.0);
    assert_near_of(tanlu_driver(own, TANLU_DRIVER_CATEGORY_SHARE, 2, c, 0), expected[c], 1e-15, 1.0);
  }
  tanlu_drivers_free(&own);
  tanlu_drivers_free(&nation);
  tanlu_dataset_free(&region);
}

/* ---- sums over regions ---------------------------------------------------------------------------------------------------- */

/* Generation by technology x part[i]: sources and their splits anew. */
static void scale_generation(tanlu_dataset *d, const double *part) {
  double factor[TANLU_SOURCE_SOLAR + 1] = {0.0};
  tanlu_energy_statistics *e = &d->energy;
  tanlu_power_statistics *p = &d->power;
  for (size_t i = 0; i < p->technology.count; i++) factor[p->source[i]] += p->source_share[i] * part[i];
  for (size_t i = 0; i < p->technology.count; i++) {
    if (factor[p->source[i]] > 0.0) p->source_share[i] *= part[i] / factor[p->source[i]];
  }
  e->primary_hydro *= factor[TANLU_SOURCE_HYDRO];
  e->primary_nuclear *= factor[TANLU_SOURCE_NUCLEAR];
  e->primary_wind *= factor[TANLU_SOURCE_WIND];
  e->primary_solar *= factor[TANLU_SOURCE_SOLAR];
  for (size_t r = 0; r < e->process.count; r++) {
    if (e->process_kind[r] != TANLU_PROCESS_THERMAL_POWER) continue;
    e->conversion[r * e->carrier.label.count + e->electricity] *= factor[TANLU_SOURCE_THERMAL];
  }
}

static double generation(const tanlu_dataset *d) {
  const tanlu_energy_statistics *e = &d->energy;
  double sum = e->primary_hydro + e->primary_nuclear + e->primary_wind + e->primary_solar;
  for (size_t r = 0; r < e->process.count; r++) {
    if (e->process_kind[r] == TANLU_PROCESS_THERMAL_POWER)
      sum += e->conversion[r * e->carrier.label.count + e->electricity];
  }
  return sum;
}

static double final_use(const tanlu_dataset *d) {
  const tanlu_accounts *a = &d->accounts;
  double sum = 0.0;
  for (size_t c = 0; c < a->category.count; c++) {
    for (size_t i = 0; i < a->n && !tanlu_role_apart(a->role[c]); i++) sum += a->final_use[c * a->n + i];
  }
  return sum;
}

/* Retention and gain are linear in the base list: with regions that sum to the nation, the mean of their lists weighted by base use
 * (generation) is the nation's list in every year, though the parts of a region differ by member. All lists sum to 1. */
static void lists_of_regions_add_up_to_the_nations(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_scenario *scenario = NULL;
  assert_int_equal(tanlu_scenario_read(&scenario, "inputs/scenarios/dual-carbon-42.yaml", NULL, 0, m->context),
                   TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(scenario, m->dataset, m->context), TANLU_OK);
  const tanlu_drivers *nation = scenario->drivers;
  tanlu_dataset *region[2];
  tanlu_drivers *own[2];
  double part[32], use[2], power[2];
  for (int r = 0; r < 2; r++) {
    region[r] = tanlu_test_region(m);
    tanlu_accounts *a = &region[r]->accounts;
    assert_true(region[r]->power.technology.count <= 32);
    for (size_t c = 0; c < a->category.count; c++) {
      const double first = 0.1 + 0.13 * (double)c;
      for (size_t i = 0; i < a->n; i++) a->final_use[c * a->n + i] *= r == 0 ? first : 1.0 - first;
    }
    for (size_t i = 0; i < region[r]->power.technology.count; i++) {
      const double first = i % 3 == 0 ? 0.0 : 0.9 - 0.05 * (double)i; /* the other region has all of every third */
      part[i] = r == 0 ? first : 1.0 - first;
    }
    scale_generation(region[r], part);
    own[r] = inherit(m, nation, region[r], NULL, NULL);
    use[r] = final_use(region[r]);
    power[r] = generation(region[r]);
  }
  for (size_t t = 0; t < nation->years; t++) {
    double sum[2][2] = {{0.0}};
    for (size_t c = 0; c < own[0]->size[TANLU_DRIVER_CATEGORY_SHARE]; c++) {
      double mean = 0.0;
      for (int r = 0; r < 2; r++) {
        const double share = tanlu_driver(own[r], TANLU_DRIVER_CATEGORY_SHARE, t, c, 0);
        mean += use[r] / (use[0] + use[1]) * share;
        sum[0][r] += share;
      }
      const bool known = c < nation->size[TANLU_DRIVER_CATEGORY_SHARE];
      assert_near_of(mean, known ? tanlu_driver(nation, TANLU_DRIVER_CATEGORY_SHARE, t, c, 0) : 0.0, 1e-14, 1.0);
    }
    for (size_t i = 0; i < nation->size[TANLU_DRIVER_POWER_MIX]; i++) {
      double mean = 0.0;
      for (int r = 0; r < 2; r++) {
        const double share = tanlu_driver(own[r], TANLU_DRIVER_POWER_MIX, t, i, 0);
        mean += power[r] / (power[0] + power[1]) * share;
        sum[1][r] += share;
        assert_true(share >= 0.0 && share <= 1.0);
      }
      assert_near_of(mean, tanlu_driver(nation, TANLU_DRIVER_POWER_MIX, t, i, 0), 1e-14, 1.0);
    }
    for (int r = 0; r < 2; r++) {
      assert_near(sum[0][r], 1.0, 1e-14);
      assert_near(sum[1][r], 1.0, 1e-14);
    }
  }
  /* Regions do differ: the first has none of the first technology (coal), and the second more than the nation. */
  assert_true(tanlu_driver(own[0], TANLU_DRIVER_POWER_MIX, 0, 0, 0) == 0.0);
  assert_true(tanlu_driver(own[1], TANLU_DRIVER_POWER_MIX, 0, 0, 0) >
              tanlu_driver(nation, TANLU_DRIVER_POWER_MIX, 0, 0, 0));
  for (int r = 0; r < 2; r++) {
    tanlu_drivers_free(&own[r]);
    tanlu_dataset_free(&region[r]);
  }
  tanlu_scenario_free(&scenario);
}

/* ---- single levels ---------------------------------------------------------------------------------------------------------- */

/* Population 40 million of the nation's base, whose index is 1.1 and 0.9. Urban share 0.8 in the region: the nation's rural share falls
 * to half, so 1 - 0.2 / 2 = 0.9; then the nation's urban share falls to half, so 0.4. Sinks 30 x 2; imports of electricity: the
 * nation's -10 TJ become 20, so the region's 5 become -10. A growth rate holds as it stands. */
static void levels_by_hand(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_dataset *region = tanlu_test_region(m);
  region->population = 40e6;
  region->urbanisation = 0.8;
  region->sinks = 30.0;
  region->energy.supply[region->energy.electricity] += 5.0 - tanlu_power_base_imports(region);
  tanlu_drivers *nation = tanlu_test_drivers(m, TARGET_YEAR, 0);
  const double people = nation->value[TANLU_DRIVER_POPULATION][0], urban = nation->value[TANLU_DRIVER_URBANISATION][0];
  const double imports = nation->value[TANLU_DRIVER_POWER_IMPORTS][0];
  for (size_t t = 0; t < nation->years; t++) nation->value[TANLU_DRIVER_SINKS][t] = t < 2 ? 300.0 : 600.0;
  tanlu_test_set(nation, TANLU_DRIVER_POPULATION, 1, 0, 0, 1.1 * people);
  tanlu_test_set(nation, TANLU_DRIVER_POPULATION, 2, 0, 0, 0.9 * people);
  tanlu_test_set(nation, TANLU_DRIVER_URBANISATION, 1, 0, 0, 1.0 - 0.5 * (1.0 - urban));
  tanlu_test_set(nation, TANLU_DRIVER_URBANISATION, 2, 0, 0, 0.5 * urban);
  tanlu_test_set(nation, TANLU_DRIVER_POWER_IMPORTS, 2, 0, 0, -2.0 * imports);
  tanlu_test_set(nation, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, 4.5);
  tanlu_drivers *own = inherit(m, nation, region, NULL, NULL);
  static const double expected_people[] = {40.0, 44.0, 36.0}, expected_urban[] = {0.8, 0.9, 0.4};
  static const double expected_sinks[] = {30.0, 30.0, 60.0}, expected_imports[] = {5.0, 5.0, -10.0};
  for (size_t t = 0; t < 3; t++) {
    assert_near(own->value[TANLU_DRIVER_POPULATION][t], expected_people[t], 1e-14);
    assert_near(own->value[TANLU_DRIVER_URBANISATION][t], expected_urban[t], 1e-14);
    assert_near(own->value[TANLU_DRIVER_SINKS][t], expected_sinks[t], 1e-14);
    assert_near(own->value[TANLU_DRIVER_POWER_IMPORTS][t] * TANLU_TJ_PER_TWH, expected_imports[t], 1e-12);
    assert_true(own->value[TANLU_DRIVER_GDP_GROWTH][t] == (t == 0 ? 0.0 : 4.5));
  }
  tanlu_drivers_free(&own);
  for (size_t t = 0; t < nation->years; t++) nation->value[TANLU_DRIVER_POWER_IMPORTS][t] = t == 0 ? 0.0 : 1.0;
  own = inherit(m, nation, region, NULL, NULL);
  for (size_t t = 0; t < 3; t++) assert_true(own->value[TANLU_DRIVER_POWER_IMPORTS][t] == 0.0);
  tanlu_drivers_free(&own);
  tanlu_drivers_free(&nation);
  tanlu_dataset_free(&region);
}

/* ---- what a region says itself ------------------------------------------------------------------------------------------------ */

/* Members with a flag come from the region's own drivers, all others of the same driver from the nation; targets of structure are the
 * region's own once it says something of them. */
static void what_a_region_says_wins(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_dataset *region = tanlu_test_region(m);
  tanlu_drivers *nation = tanlu_test_drivers(m, TARGET_YEAR, 1), *said = NULL;
  tanlu_test_target(m, nation, 0, "goods");
  assert_int_equal(tanlu_drivers_create(&said, region, 2020, TARGET_YEAR, 2, m->context), TANLU_OK);
  tanlu_test_target(m, said, 0, "goods");
  tanlu_test_target(m, said, 1, "coal_mining");
  for (size_t t = 1; t < nation->years; t++) {
    for (size_t g = 0; g < 3; g++) {
      nation->value[TANLU_DRIVER_INTENSITY][t * 3 + g] = 0.9;
      said->value[TANLU_DRIVER_INTENSITY][t * 3 + g] = 0.5;
    }
    said->value[TANLU_DRIVER_STRUCTURE_SHARE][t * 2 + 1] = 0.07;
  }
  const bool intensity[] = {false, true, false}, structure[] = {false, true};
  const bool *says[TANLU_DRIVER_COUNT] = {
      [TANLU_DRIVER_INTENSITY] = intensity, [TANLU_DRIVER_STRUCTURE_SHARE] = structure};
  tanlu_drivers *own = inherit(m, nation, region, said, says);
  for (size_t g = 0; g < 3; g++) {
    assert_true(tanlu_driver(own, TANLU_DRIVER_INTENSITY, 2, g, 0) == (g == 1 ? 0.5 : 0.9));
  }
  assert_int_equal(own->targets, 2);
  assert_int_equal(own->target_group[1], said->target_group[1]);
  assert_true(isnan(tanlu_driver(own, TANLU_DRIVER_STRUCTURE_SHARE, 2, 0, 0)));
  assert_true(tanlu_driver(own, TANLU_DRIVER_STRUCTURE_SHARE, 2, 1, 0) == 0.07);
  tanlu_drivers_free(&own);
  says[TANLU_DRIVER_STRUCTURE_SHARE] = NULL;
  own = inherit(m, nation, region, said, says);
  assert_int_equal(own->targets, 1);
  tanlu_drivers_free(&own);
  tanlu_drivers_free(&said);
  tanlu_drivers_free(&nation);
  tanlu_dataset_free(&region);
}

/* Imports of 900 TWh become an export of 1800 in a region with the nation's base where the nation's sign turns and doubles: beyond the
 * 1000 that a scenario may say. Years that differ are an error of the caller. */
static void bounds_and_years(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_dataset *region = tanlu_test_region(m);
  region->energy.supply[region->energy.electricity] += 900.0 * TANLU_TJ_PER_TWH;
  tanlu_drivers *nation = tanlu_test_drivers(m, TARGET_YEAR, 0), *later = tanlu_test_drivers(m, TARGET_YEAR + 1, 0);
  tanlu_drivers *own = NULL;
  tanlu_test_set(nation, TANLU_DRIVER_POWER_IMPORTS, 2, 0, 0, -2.0 * nation->value[TANLU_DRIVER_POWER_IMPORTS][0]);
  assert_int_equal(tanlu_region_drivers_create(&own, nation, m->dataset, region, NULL, NULL, NULL, m->context),
                   TANLU_ERR_MODEL);
  assert_null(own);
  assert_true(tanlu_test_has_message(m->context, "power.net_imports would be"));
  const bool *says[TANLU_DRIVER_COUNT] = {NULL};
  assert_int_equal(tanlu_region_drivers_create(&own, nation, m->dataset, region, NULL, later, says, m->context),
                   TANLU_ERR_INTERNAL);
  assert_null(own);
  tanlu_drivers_free(&later);
  tanlu_drivers_free(&nation);
  tanlu_dataset_free(&region);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_nation_as_a_region, open_shipped, close_model),
      cmocka_unit_test_setup_teardown(retention_and_gain_by_hand, open_tiny, close_model),
      cmocka_unit_test_setup_teardown(lists_of_regions_add_up_to_the_nations, open_shipped, close_model),
      cmocka_unit_test_setup_teardown(levels_by_hand, open_tiny, close_model),
      cmocka_unit_test_setup_teardown(what_a_region_says_wins, open_tiny, close_model),
      cmocka_unit_test_setup_teardown(bounds_and_years, open_tiny, close_model),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
