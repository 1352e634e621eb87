/* Energy by user on the tiny dataset, and what a year makes of it.
 *
 * goods is the one sector of the group goods and of the branch manufacturing: raw coal 200, coke 100, natural gas 50 (and 10
 * as feedstock), gasoline 50 (vehicles), biomass 10, electricity 250, heat 60. Useful energy at the efficiencies of
 * efficiency.csv: coal 120, coke 60, gas 40, oil 50 x 0.25 = 12.5, biomass 5, electricity 225, heat 57; in all 519.5. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/model_support.h"

enum { COAL, GOODS, POWER, N };
enum { RAW_COAL, COKE, NATURAL_GAS, GASOLINE, BF_GAS, BIOMASS, ELECTRICITY, HEAT, HYDROGEN, CARRIERS };
enum { CLASSES = TANLU_CLASS_COUNT, USERS = N + TANLU_HOUSEHOLD_USES + 1, HEAT_SUPPLY = USERS - 1 };
enum { GROUP_COAL, GROUP_GOODS, GROUP_POWER };
static const double useful_goods = 519.5;
static const double rounding = 1e-14; /* a few operations on two-digit numbers */

/* Energy per unit of activity in the last year of drivers over the tiny dataset. */
typedef struct {
  double energetic[USERS * CARRIERS], feedstock[USERS * CARRIERS], useful[USERS * CLASSES];
} per_activity;

static per_activity energy_in(const tanlu_test_model *m, const tanlu_drivers *d) {
  per_activity e;
  const tanlu_status status = tanlu_test_per_activity(m->model->system->energy, d, d->years - 1, e.energetic,
                                                      e.feedstock, e.useful, m->context);
  assert_int_equal(status, TANLU_OK);
  return e;
}

/* ---- the base year ----------------------------------------------------------------------------------------------------- */

static void users_take_what_the_statistics_say(void **state) {
  const tanlu_energy *e = ((const tanlu_test_model *)*state)->model->system->energy;
  assert_int_equal(e->users, USERS);
  assert_same(e->final + GOODS * CARRIERS, ((double[]){200, 100, 50, 50, 0, 10, 250, 60, 0}), CARRIERS, rounding);
  assert_same(e->non_energy + GOODS * CARRIERS, ((double[]){0, 0, 10, 0, 0, 0, 0, 0, 0}), CARRIERS, rounding);
  const size_t urban = tanlu_user_household(e, TANLU_URBAN_BUILDINGS);
  assert_same(e->final + urban * CARRIERS, ((double[]){10, 0, 30, 0, 0, 0, 60, 30, 0}), CARRIERS, rounding);
  assert_same(e->final + (urban + 1) * CARRIERS, ((double[]){0, 0, 0, 40, 0, 0, 0, 0, 0}), CARRIERS, rounding);
  assert_same(e->final + HEAT_SUPPLY * CARRIERS, ((double[]){130, 0, 0, 0, 0, 0, 0, 0, 0}), CARRIERS, rounding);
}

static void useful_energy_is_final_energy_by_efficiency(void **state) {
  const tanlu_energy *e = ((const tanlu_test_model *)*state)->model->system->energy;
  double expected[CLASSES] = {0};
  expected[TANLU_CLASS_COAL] = 120;
  expected[TANLU_CLASS_COKE] = 60;
  expected[TANLU_CLASS_OIL] = 12.5;
  expected[TANLU_CLASS_GAS] = 40;
  expected[TANLU_CLASS_BIOMASS] = 5;
  expected[TANLU_CLASS_ELECTRICITY] = 225;
  expected[TANLU_CLASS_HEAT] = 57;
  assert_same(e->useful + GOODS * CLASSES, expected, CLASSES, rounding);
  assert_near(e->useful_total[GOODS], useful_goods, rounding);
  assert_near(e->useful_total[HEAT_SUPPLY], 105, rounding); /* the heat it puts out, of 130 TJ of coal */
  /* the mix of the group, and of buildings, urban and rural together */
  double share[6 * CLASSES];
  tanlu_energy_useful_share(e, share);
  for (size_t k = 0; k < CLASSES; k++) expected[k] /= useful_goods;
  assert_same(share + GROUP_GOODS * CLASSES, expected, CLASSES, rounding);
  const double coal = 0.4 * 40, gas = 0.7 * 30, biomass = 0.2 * 20, electricity = 0.9 * 90, heat = 0.95 * 36;
  const double *buildings = share + (3 + TANLU_MIX_BUILDINGS) * CLASSES;
  assert_near(buildings[TANLU_CLASS_COAL], coal / (coal + gas + biomass + electricity + heat), rounding);
  assert_near(share[(3 + TANLU_MIX_VEHICLES) * CLASSES + TANLU_CLASS_OIL], 1, rounding);
}

/* Gasoline that is never burned is feedstock in full, whatever national non-energy use says. */
static void some_carriers_are_never_burned(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {{"carriers.csv", "汽油,oil,yes,yes", "汽油,oil,no,yes"}};
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, change, 1);
  const tanlu_energy *e = m.model->system->energy;
  const double expected[] = {2, 50, 1, 0, 40, 0, 10, 0};
  for (size_t user = 0; user < USERS; user++) {
    assert_near_of(e->final[user * CARRIERS + GASOLINE], 0, 0, 0);
    assert_near_of(e->non_energy[user * CARRIERS + GASOLINE], expected[user], rounding, 1);
  }
  tanlu_test_close(&m);
}

/* Final energy comes back from useful energy to rounding, in the tiny dataset and over 153 sectors and 31 carriers. */
static void no_change_returns_the_base_year(void **state) {
  (void)state;
  static const char *const names[] = {NULL, "china-2020", "china-2020-42"};
  for (size_t i = 0; i < 3; i++) {
    tanlu_test_model m;
    if (names[i] != NULL) {
      tanlu_test_open(&m, names[i]);
    } else {
      tanlu_test_open_tiny(&m, NULL, 0);
    }
    const tanlu_energy *e = m.model->system->energy;
    const size_t count = e->users * e->carriers;
    double *energetic = calloc(count, sizeof *energetic), *feedstock = calloc(count, sizeof *feedstock);
    tanlu_drivers *d = tanlu_test_drivers(&m, 2021, 0);
    assert_int_equal(tanlu_test_per_activity(e, d, 1, energetic, feedstock, NULL, m.context), TANLU_OK);
    for (size_t k = 0; k < count; k++) {
      assert_near(energetic[k], e->final[k], 1e-12);
      assert_near(feedstock[k], e->non_energy[k], 0);
    }
    /* by carrier: what the branches use, with non-energy use */
    const tanlu_energy_statistics *s = &m.dataset->energy;
    for (size_t c = 0; c < e->carriers; c++) {
      double users = 0.0, branches = 0.0;
      for (size_t user = 0; user < tanlu_user_heat(e); user++) {
        users += energetic[user * e->carriers + c] + feedstock[user * e->carriers + c];
      }
      for (size_t b = 0; b < s->branch.count; b++) branches += s->final[b * e->carriers + c];
      assert_near(users, branches, 1e-12);
    }
    assert_true(e->worst_allocation <= 1e-9);
    tanlu_drivers_free(&d);
    free(energetic);
    free(feedstock);
    tanlu_test_close(&m);
  }
}

/* ---- the mix ----------------------------------------------------------------------------------------------------------- */

/* goods keeps half of its coal and 4/5 of its gas: 60 + 8 TJ are released, three quarters to electricity, a quarter to
 * hydrogen, which it had none of. Final energy at 0.6, 0.8, 0.9 and 0.8. */
static void retention_and_gain_by_hand(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 0);
  tanlu_test_set(d, TANLU_DRIVER_RETAIN, 1, GROUP_GOODS, TANLU_CLASS_COAL, 0.5);
  tanlu_test_set(d, TANLU_DRIVER_RETAIN, 1, GROUP_GOODS, TANLU_CLASS_GAS, 0.8);
  tanlu_test_set(d, TANLU_DRIVER_GAIN, 1, GROUP_GOODS, TANLU_CLASS_ELECTRICITY, 0.75);
  tanlu_test_set(d, TANLU_DRIVER_GAIN, 1, GROUP_GOODS, TANLU_CLASS_HYDROGEN, 0.25);
  per_activity e = energy_in(m, d);
  const double *goods = e.energetic + GOODS * CARRIERS;
  assert_near(goods[RAW_COAL], 100, rounding);
  assert_near(goods[NATURAL_GAS], 40, rounding);
  assert_near(goods[COKE], 100, rounding);
  assert_near(goods[ELECTRICITY], (225 + 0.75 * 68) / 0.9, rounding);
  assert_near(goods[HYDROGEN], 0.25 * 68 / 0.8, rounding);
  assert_near(e.energetic[COAL * CARRIERS + RAW_COAL], 20, rounding); /* another group */
  /* intensity scales all of it, the efficiency index one class, the feedstock index only feedstock */
  tanlu_test_set(d, TANLU_DRIVER_INTENSITY, 1, GROUP_GOODS, 0, 0.7);
  tanlu_test_set(d, TANLU_DRIVER_FEEDSTOCK, 1, GROUP_GOODS, 0, 0.3);
  const size_t heat = tanlu_test_find(&m->dataset->energy.use, "industry_heat");
  tanlu_test_set(d, TANLU_DRIVER_EFFICIENCY, 1, heat, TANLU_CLASS_COAL, 1.25);
  e = energy_in(m, d);
  assert_near(goods[RAW_COAL], 100 * 0.7 / 1.25, rounding);
  assert_near(goods[HYDROGEN], 0.7 * 0.25 * 68 / 0.8, rounding);
  assert_near(e.feedstock[GOODS * CARRIERS + NATURAL_GAS], 3, rounding);
  tanlu_drivers_free(&d);
}

/* The mix adds to one whatever rho and gamma are, also for users that have nothing of most classes: 200 draws over all
 * users of the Chinese statistics. Sums of nine shares: 1e-13. */
static void the_mix_always_adds_to_one(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020-42");
  const tanlu_energy *e = m.model->system->energy;
  const size_t groups = tanlu_axis_count(m.dataset, TANLU_AXIS_MIX_GROUP);
  double *energetic = calloc(e->users * e->carriers, sizeof *energetic);
  double *feedstock = calloc(e->users * e->carriers, sizeof *feedstock);
  double *useful = calloc(e->users * CLASSES, sizeof *useful);
  tanlu_drivers *d = tanlu_test_drivers(&m, 2021, 0);
  /* every class must be reachable in every use: vehicles state no coal, buildings all */
  for (size_t i = 0; i < m.dataset->energy.use.count * CLASSES; i++) {
    if (m.dataset->energy.efficiency[i] <= 0.0) m.dataset->energy.efficiency[i] = 0.5;
  }
  for (size_t i = 0; i < e->users * CLASSES; i++) {
    if (e->efficiency[i] <= 0.0) e->efficiency[i] = 0.5;
  }
  unsigned random = 12345;
  for (int draw = 0; draw < 200; draw++) {
    for (size_t g = 0; g < groups; g++) {
      double gain[CLASSES], sum = 0.0;
      for (size_t k = 0; k < CLASSES; k++) {
        random = random * 1664525u + 1013904223u; /* a linear congruential generator: any fixed sequence will do */
        const double rho = (double)(random >> 16) / 65535.0;
        tanlu_test_set(d, TANLU_DRIVER_RETAIN, 1, g, k, rho < 0.1 ? 0.0 : rho);
        random = random * 1664525u + 1013904223u;
        gain[k] = (double)(random >> 16) / 65535.0;
        sum += gain[k];
      }
      for (size_t k = 0; k < CLASSES; k++) tanlu_test_set(d, TANLU_DRIVER_GAIN, 1, g, k, gain[k] / sum);
    }
    assert_int_equal(tanlu_test_per_activity(e, d, 1, energetic, feedstock, useful, m.context), TANLU_OK);
    for (size_t user = 0; user < e->users; user++) {
      double sum = 0.0;
      for (size_t k = 0; k < CLASSES; k++) {
        assert_true(useful[user * CLASSES + k] >= 0.0);
        sum += useful[user * CLASSES + k];
      }
      assert_near(sum, e->useful_total[user], 1e-13);
    }
  }
  tanlu_drivers_free(&d);
  free(energetic);
  free(feedstock);
  free(useful);
  tanlu_test_close(&m);
}

/* A path of the group's mix is met exactly by a group of one sector. */
static void a_path_of_the_mix_is_followed(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 0);
  double share[CLASSES] = {0};
  share[TANLU_CLASS_COAL] = 0.10; /* 0.231 in the base year */
  share[TANLU_CLASS_COKE] = 0.02;
  share[TANLU_CLASS_OIL] = 0.03;
  share[TANLU_CLASS_GAS] = 0.08;
  share[TANLU_CLASS_BIOMASS] = 0.02;
  share[TANLU_CLASS_ELECTRICITY] = 0.55;
  share[TANLU_CLASS_HEAT] = 0.08;
  share[TANLU_CLASS_HYDROGEN] = 0.12; /* none in the base year */
  for (size_t k = 0; k < CLASSES; k++) tanlu_test_set(d, TANLU_DRIVER_MIX_SHARE, 1, GROUP_GOODS, k, share[k]);
  const per_activity e = energy_in(m, d);
  for (size_t k = 0; k < CLASSES; k++) {
    assert_near_of(e.useful[GOODS * CLASSES + k] / useful_goods, share[k], 1e-13, 1e-3);
  }
  assert_near(e.energetic[GOODS * CARRIERS + HYDROGEN], useful_goods * 0.12 / 0.8, 1e-13);
  tanlu_drivers_free(&d);
}

/* Blast-furnace gas is used by goods, which recovers it (process recovery), and by power's own boilers. Both keep what goods
 * keeps of its coke, 0.4, though power is told to keep all of its own; the rest becomes electricity at 0.7 / 0.9. */
static void by_product_gas_follows_coke(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {
      {"branch_energy.csv", "200,100,60,50,0", "200,100,60,50,5"},
      {"branch_energy.csv", "power_supply,0,0,0,1,0", "power_supply,0,0,0,1,3"},
      {"conversion.csv", "recovery,,,,,20", "recovery,,,,,28"},
  };
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, change, 3);
  assert_int_equal(m.model->system->energy->recovery_group, GROUP_GOODS);
  tanlu_drivers *d = tanlu_test_drivers(&m, 2021, 0);
  tanlu_test_set(d, TANLU_DRIVER_RETAIN, 1, GROUP_GOODS, TANLU_CLASS_COKE, 0.4);
  tanlu_test_set(d, TANLU_DRIVER_RETAIN, 1, GROUP_GOODS, TANLU_CLASS_BYPRODUCT_GAS, 0.9); /* without meaning */
  per_activity e = energy_in(&m, d);
  assert_near(e.energetic[GOODS * CARRIERS + BF_GAS], 0.4 * 5, rounding);
  assert_near(e.energetic[POWER * CARRIERS + BF_GAS], 0.4 * 3, rounding);
  assert_near(e.energetic[POWER * CARRIERS + ELECTRICITY], 10 + 0.6 * 3 * 0.7 / 0.9, rounding);
  /* the same when the mix of goods is given as a path: coke falls to a quarter, from 60 to 15 TJ of useful energy */
  const double total = useful_goods + 5 * 0.7;
  for (size_t k = 0; k < CLASSES; k++) {
    double share = m.dataset->useful_share[GROUP_GOODS * CLASSES + k];
    if (k == TANLU_CLASS_COKE) share -= 45 / total;
    if (k == TANLU_CLASS_ELECTRICITY) share += 45 / total;
    tanlu_test_set(d, TANLU_DRIVER_MIX_SHARE, 1, GROUP_GOODS, k, share);
  }
  e = energy_in(&m, d);
  assert_near(e.energetic[GOODS * CARRIERS + COKE], 25, 1e-12);
  assert_near(e.energetic[POWER * CARRIERS + BF_GAS], 0.25 * 3, 1e-12);
  tanlu_drivers_free(&d);
  tanlu_test_close(&m);
}

static void a_class_without_efficiency_cannot_gain(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 0);
  const size_t vehicles = 3 + TANLU_MIX_VEHICLES; /* transport states no efficiency for coal */
  tanlu_test_set(d, TANLU_DRIVER_RETAIN, 1, vehicles, TANLU_CLASS_OIL, 0.5);
  tanlu_test_set(d, TANLU_DRIVER_GAIN, 1, vehicles, TANLU_CLASS_ELECTRICITY, 0.0);
  tanlu_test_set(d, TANLU_DRIVER_GAIN, 1, vehicles, TANLU_CLASS_COAL, 1.0);
  per_activity e;
  assert_int_equal(tanlu_test_per_activity(m->model->system->energy, d, 1, e.energetic, e.feedstock, NULL, m->context),
                   TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(m->context, "year 2021: the mix of vehicles moves to coal"));
  tanlu_drivers_free(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(users_take_what_the_statistics_say),
      cmocka_unit_test(useful_energy_is_final_energy_by_efficiency),
      cmocka_unit_test(some_carriers_are_never_burned),
      cmocka_unit_test(no_change_returns_the_base_year),
      cmocka_unit_test(retention_and_gain_by_hand),
      cmocka_unit_test(the_mix_always_adds_to_one),
      cmocka_unit_test(a_path_of_the_mix_is_followed),
      cmocka_unit_test(by_product_gas_follows_coke),
      cmocka_unit_test(a_class_without_efficiency_cannot_gain),
  };
  return cmocka_run_group_tests(tests, tanlu_test_tiny_set_up, tanlu_test_model_tear_down);
}
