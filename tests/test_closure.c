/* The closure: GDP, value-added shares and product paths are met by accounts that close.
 *
 * "four" is the tiny dataset with two sectors outside the energy rows, farm (70 of 720 of value added) and goods (480). */
#include <lapacke.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/model_support.h"

enum { COAL, FARM, GOODS, POWER, N };

static int open_four(void **state) {
  static tanlu_test_model m;
  tanlu_test_open_four(&m, NULL, 0);
  *state = &m;
  return 0;
}

static int close_model(void **state) {
  tanlu_test_close(*state);
  return 0;
}

static double share_of(const tanlu_projection *p, size_t t, size_t sector) {
  return tanlu_test_field(p, TANLU_FIELD_VALUE_ADDED, t)[sector] / tanlu_test_sum(p, TANLU_FIELD_VALUE_ADDED, t);
}

static void grow(tanlu_drivers *d, double percent) {
  tanlu_test_set(d, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, percent);
}

/* ---- goals --------------------------------------------------------------------------------------------------------------- */

/* GDP compounds: 6 % and 4 % and -2 %. */
static void gdp_is_met(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2023, 0);
  const double growth[] = {0, 6, 4, -2};
  double gdp = 720;
  for (size_t t = 1; t < 4; t++) d->value[TANLU_DRIVER_GDP_GROWTH][t] = growth[t];
  tanlu_projection *p = tanlu_test_project(m, d);
  for (size_t t = 0; t < 4; t++) {
    gdp *= 1 + growth[t] / 100;
    assert_near(tanlu_test_sum(p, TANLU_FIELD_VALUE_ADDED, t), gdp, 1e-9);
    assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_GDP_INDEX, t), gdp / 720, 1e-12);
  }
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
}

/* Farming goes from 9.7 % to 5 % of value added. With theta 0 only its final demand moves; with 0.5 its use as an input
 * moves too, r = (phi / mean phi)^0.5 with the mean over domestic final demand (farm 75 x (1 - 10/127) + ..., goods). */
static void shares_are_met_with_and_without_substitution(void **state) {
  const tanlu_test_model *m = *state;
  const double theta[] = {0.0, 0.5, 1.0};
  double phi[3];
  for (int k = 0; k < 3; k++) {
    tanlu_drivers *d = tanlu_test_drivers(m, 2022, 1);
    grow(d, 5);
    tanlu_test_target(m, d, 0, "farming");
    tanlu_test_set(d, TANLU_DRIVER_STRUCTURE_SUBSTITUTION, 0, 0, 0, theta[k]);
    d->value[TANLU_DRIVER_STRUCTURE_SHARE][1] = 0.08;
    d->value[TANLU_DRIVER_STRUCTURE_SHARE][2] = 0.05;
    tanlu_projection *p = tanlu_test_project(m, d);
    assert_near(share_of(p, 0, FARM), 70.0 / 720, 1e-2); /* year 0 has no target */
    assert_near(share_of(p, 1, FARM), 0.08, 1e-9);
    assert_near(share_of(p, 2, FARM), 0.05, 1e-9);
    assert_near(tanlu_test_sum(p, TANLU_FIELD_VALUE_ADDED, 2), 720 * 1.05 * 1.05, 1e-9);
    const double *r = tanlu_test_field(p, TANLU_FIELD_INPUT_FACTOR, 2);
    const double *factor = tanlu_test_field(p, TANLU_FIELD_FINAL_FACTOR, 2);
    phi[k] = factor[FARM];
    assert_near(factor[GOODS], 1, 0); /* in no target */
    /* domestic final demand without inventories: imports 10 of 127 of farm's use at home and 90 of 925 of goods' */
    const double farm = 70 * (1 - 10.0 / 125) + 5, goods = 600 * (1 - 90.0 / 925) + 45;
    const double mean = (farm * phi[k] + goods) / (farm + goods);
    assert_near(r[FARM], pow(phi[k] / mean, theta[k]), 1e-12);
    assert_near(r[GOODS], pow(1 / mean, theta[k]), 1e-12);
    assert_near(r[COAL], 1, 0); /* energy rows follow physics */
    tanlu_projection_free(&p);
    tanlu_drivers_free(&d);
  }
  /* where inputs help, final demand has to move less */
  assert_true(phi[0] < phi[1] && phi[1] < phi[2] && phi[2] < 1.0);
}

/* A share that is reached anyway asks for nothing: phi stays 1 (the model's own share of the year before is the target). */
static void a_target_that_holds_anyway_keeps_phi(void **state) {
  const tanlu_test_model *m = *state;
  for (int with_target = 0; with_target < 2; with_target++) {
    static double reached;
    tanlu_drivers *d = tanlu_test_drivers(m, 2021, 1);
    tanlu_test_target(m, d, 0, "farming");
    if (with_target) tanlu_test_set(d, TANLU_DRIVER_STRUCTURE_SHARE, 1, 0, 0, reached);
    tanlu_projection *p = tanlu_test_project(m, d);
    reached = share_of(p, 1, FARM);
    assert_near(tanlu_test_field(p, TANLU_FIELD_FINAL_FACTOR, 1)[FARM], 1, 1e-9);
    tanlu_projection_free(&p);
    tanlu_drivers_free(&d);
  }
}

/* 12 Mt of widgets at 1.1 of the value a tonne: goods' output is 880 x 1.2 x 1.1, its activity (energy, products that
 * follow) 1.2. The factor works on final demand and on the inputs of others, not on goods' own. */
static void product_paths_are_met(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 0);
  const size_t widgets = tanlu_test_find(&m->dataset->products.product, "widgets");
  const size_t parts = tanlu_test_find(&m->dataset->products.product, "parts");
  grow(d, 30);
  tanlu_test_set(d, TANLU_DRIVER_PRODUCT_PATH, 1, widgets, 0, 12);
  tanlu_test_set(d, TANLU_DRIVER_PRODUCT_VALUE, 1, widgets, 0, 1.1);
  tanlu_projection *p = tanlu_test_project(m, d);
  assert_near(tanlu_test_field(p, TANLU_FIELD_OUTPUT, 1)[GOODS], 880 * 1.2 * 1.1, 1e-9);
  assert_near(tanlu_test_field(p, TANLU_FIELD_PRODUCT_OUTPUT, 1)[widgets], 12, 1e-12);
  assert_near(tanlu_test_field(p, TANLU_FIELD_PRODUCT_OUTPUT, 1)[parts], 2 * 1.2, 1e-12);
  assert_near(tanlu_test_field(p, TANLU_FIELD_CO2_PROCESS, 1)[GOODS], 8000 * 1.2, 1e-12);
  const size_t coke = tanlu_test_find(&m->dataset->energy.carrier.label, "coke");
  assert_near(tanlu_test_field(p, TANLU_FIELD_FINAL_ENERGY, 1)[coke * N + GOODS], 88 * 1.2, 1e-12);
  const double q = tanlu_test_field(p, TANLU_FIELD_FINAL_FACTOR, 1)[GOODS];
  assert_true(q > 1.0);
  assert_near(tanlu_test_field(p, TANLU_FIELD_INPUT_FACTOR, 1)[GOODS], q, 1e-12);
  assert_near(tanlu_test_sum(p, TANLU_FIELD_VALUE_ADDED, 1), 720 * 1.3, 1e-9);
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
}

/* Paths until 2022, as a history has them, and none after: output goes on from there by growth, without a jump back. In the
 * free year it may grow by what GDP (3 %) and the price of a tonne say, and no more than a point apart. */
static void products_continue_from_their_history(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020-42");
  const tanlu_labels *product = &m.dataset->products.product;
  const size_t cement = tanlu_test_find(product, "cement"), steel = tanlu_test_find(product, "crude_steel");
  tanlu_drivers *d = tanlu_test_drivers(&m, 2024, 0);
  grow(d, 3);
  for (size_t t = 1; t <= 2; t++) {
    d->value[TANLU_DRIVER_PRODUCT_PATH][t * d->size[TANLU_DRIVER_PRODUCT_PATH] + cement] = t == 1 ? 2200 : 1900;
    d->value[TANLU_DRIVER_PRODUCT_PATH][t * d->size[TANLU_DRIVER_PRODUCT_PATH] + steel] = t == 1 ? 1035 : 1020;
  }
  tanlu_test_set(d, TANLU_DRIVER_PRODUCT_VALUE, 1, cement, 0, 1.10);
  tanlu_projection *p = tanlu_test_project(&m, d);
  const size_t paths[] = {cement, steel};
  for (size_t k = 0; k < 2; k++) {
    const double *last = tanlu_test_field(p, TANLU_FIELD_PRODUCT_OUTPUT, 2);
    for (size_t t = 3; t <= 4; t++) {
      const double *now = tanlu_test_field(p, TANLU_FIELD_PRODUCT_OUTPUT, t);
      assert_near(now[paths[k]] / last[paths[k]], 1.03, 0.01);
      last = now;
    }
  }
  assert_near(tanlu_test_field(p, TANLU_FIELD_PRODUCT_OUTPUT, 2)[cement], 1900, 1e-12);
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
  tanlu_test_close(&m);
}

/* Category shares: of final use with exports and without inventories, in every year; inventories follow GDP and their index;
 * composition moves a group's weight within a category and leaves the others in proportion. */
static void demand_follows_shares_and_composition(void **state) {
  const tanlu_test_model *m = *state;
  enum { RURAL, URBAN, GOVERNMENT, CAPITAL, INVENTORIES, EXPORTS };
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 0);
  const size_t farming = tanlu_test_find(tanlu_dataset_policy_groups(m->dataset), "farming");
  grow(d, 10);
  tanlu_test_set(d, TANLU_DRIVER_CATEGORY_SHARE, 1, CAPITAL, 0, 200.0 / 810 - 0.05);
  tanlu_test_set(d, TANLU_DRIVER_CATEGORY_SHARE, 1, URBAN, 0, 301.0 / 810 + 0.05);
  tanlu_test_set(d, TANLU_DRIVER_INVENTORIES, 1, 0, 0, 0.5);
  tanlu_test_set(d, TANLU_DRIVER_COMPOSITION, 1, RURAL, farming, 0.6);
  tanlu_projection *p = tanlu_test_project(m, d);
  const double *y = tanlu_test_field(p, TANLU_FIELD_FINAL_DEMAND, 1);
  double category[6] = {0}, total = 0.0;
  for (size_t k = 0; k < 6; k++) {
    for (size_t i = 0; i < N; i++) category[k] += y[k * N + i];
    if (k != INVENTORIES) total += category[k];
  }
  const double share[] = {124.0 / 810, 301.0 / 810 + 0.05, 120.0 / 810, 200.0 / 810 - 0.05, 0, 65.0 / 810};
  for (size_t k = 0; k < 6; k++) {
    if (k != INVENTORIES) assert_near(category[k] / total, share[k], 1e-12);
  }
  assert_near(y[INVENTORIES * N + COAL], 5 * 1.1 * 0.5, 1e-12);
  assert_near(y[RURAL * N + FARM] / y[RURAL * N + GOODS], 0.6 * 25 / 75, 1e-12);
  assert_near(y[EXPORTS * N + FARM] / y[EXPORTS * N + GOODS], 5.0 / 45, 1e-12);
  assert_near(y[URBAN * N + POWER], 45, 1e-12); /* households' energy follows physics: unchanged */
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
}

/* Towns burn no coal in the base year, yet pay 6 for products of coal mining; later they do: what they paid stays and the
 * average price, 110 / 1430 (test_technology), is paid on what they burn. */
static void households_pay_for_what_is_new_to_them(void **state) {
  (void)state;
  static const tanlu_test_change change[] = {{"branch_energy.csv", "urban,10", "urban,0"},
                                             {"branch_energy.csv", "rural,30", "rural,40"}};
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, change, 2);
  tanlu_drivers *d = tanlu_test_drivers(&m, 2021, 0);
  const size_t buildings = tanlu_axis_find(m.dataset, TANLU_AXIS_MIX_GROUP, "buildings");
  tanlu_test_set(d, TANLU_DRIVER_RETAIN, 1, buildings, TANLU_CLASS_GAS, 0.5);
  tanlu_test_set(d, TANLU_DRIVER_GAIN, 1, buildings, TANLU_CLASS_ELECTRICITY, 0);
  tanlu_test_set(d, TANLU_DRIVER_GAIN, 1, buildings, TANLU_CLASS_COAL, 1);
  tanlu_projection *p = tanlu_test_project(&m, d);
  const double burned = 15 * 0.7 / 0.4; /* half of 30 TJ of gas at 0.7, coal at 0.4 */
  assert_near(tanlu_test_field(p, TANLU_FIELD_HOUSEHOLD_ENERGY, 1)[0], burned, 1e-12);
  const double *urban = tanlu_test_field(p, TANLU_FIELD_FINAL_DEMAND, 1) + 1 * 3;
  assert_near(urban[COAL], 6 + 110.0 / 1430 * burned, 1e-12);
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
  tanlu_test_close(&m);
}

/* Fewer imports: 0.5 of the share of every use at home, 10/125 of farm's and 90/925 of goods', and none of exports. */
static void import_shares_follow_their_index(void **state) {
  const tanlu_test_model *m = *state;
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 0);
  const tanlu_labels *groups = tanlu_dataset_policy_groups(m->dataset);
  const size_t farming = tanlu_test_find(groups, "farming");
  tanlu_test_set(d, TANLU_DRIVER_IMPORT_SHARE, 1, farming, 0, 0.5);
  tanlu_test_set(d, TANLU_DRIVER_IMPORT_SHARE, 1, tanlu_test_find(groups, "goods"), 0, 0.5);
  tanlu_test_set(d, TANLU_DRIVER_INVENTORIES, 1, 0, 0, 0); /* their imports are left as they were */
  tanlu_projection *p = tanlu_test_project(m, d);
  for (size_t i = FARM; i <= GOODS; i++) {
    const double exports = tanlu_test_field(p, TANLU_FIELD_FINAL_DEMAND, 1)[5 * N + i];
    const double imports = tanlu_test_field(p, TANLU_FIELD_IMPORTS, 1)[i];
    const double home = tanlu_test_field(p, TANLU_FIELD_OUTPUT, 1)[i] + imports - exports;
    assert_near(imports, 0.5 * (i == FARM ? 10.0 / 125 : 90.0 / 925) * home, 1e-9);
  }
  tanlu_test_set(d, TANLU_DRIVER_IMPORT_SHARE, 1, farming, 0, 13);
  assert_null(tanlu_test_project_status(m, d, TANLU_ERR_MODEL));
  assert_true(tanlu_test_has_message(m->context, "imports of farm"));
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
}

/* ---- the system behind --------------------------------------------------------------------------------------------------- */

/* China, 153 sectors, with targets and paths: A_t is put together here from the recorded r, the base table and what the
 * energy rows must be to close the columns; then x = A_d x + y_d from recorded final demand. The columns: v = 1 - sum a. The
 * test sees non-energy rows alone, so it checks them row by row: x_i + m_i = sum_j a_ij x_j + sum_k y_ki. 1e-9 of x. */
static void rows_of_the_table_close(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020");
  const tanlu_technology *g = m.model->technology;
  const tanlu_accounts *a = &m.dataset->accounts;
  const size_t n = a->n;
  tanlu_drivers *d = tanlu_test_drivers(&m, 2025, 2);
  const size_t cement = tanlu_test_find(&m.dataset->products.product, "cement");
  grow(d, 5);
  tanlu_test_target(&m, d, 0, "agriculture");
  tanlu_test_target(&m, d, 1, "construction");
  tanlu_test_set(d, TANLU_DRIVER_STRUCTURE_SHARE, 1, 0, 0, 0.072);
  tanlu_test_set(d, TANLU_DRIVER_STRUCTURE_SHARE, 1, 1, 0, 0.068);
  tanlu_test_set(d, TANLU_DRIVER_PRODUCT_PATH, 1, cement, 0, 2000);
  tanlu_projection *p = tanlu_test_project(&m, d);
  const double *x = tanlu_test_field(p, TANLU_FIELD_OUTPUT, 5), *imports = tanlu_test_field(p, TANLU_FIELD_IMPORTS, 5);
  const double *v = tanlu_test_field(p, TANLU_FIELD_VALUE_ADDED, 5),
               *y = tanlu_test_field(p, TANLU_FIELD_FINAL_DEMAND, 5);
  const double *r = tanlu_test_field(p, TANLU_FIELD_INPUT_FACTOR, 5);
  const bool *in_set = m.dataset->products.in_set + cement * n;
  const double *phi = tanlu_test_field(p, TANLU_FIELD_FINAL_FACTOR, 5);
  /* factor of the cement rows: what r has beyond theta; the mean's share cancels in s, so r is taken whole */
  double q = 0.0;
  for (size_t i = 0; i < n; i++) {
    if (in_set[i]) q = phi[i];
  }
  double *use = calloc(n + 1, sizeof *use); /* of non-energy products by all sectors */
  for (size_t j = 0; j < n; j++) {
    double sum = 0.0, base = 0.0;
    for (int pass = 0; pass < 2; pass++) {
      for (size_t i = 0; i < n; i++) {
        if (g->row_of[i] != TANLU_NONE) continue;
        const double own = in_set[i] && in_set[j] ? 1 / q : 1.0; /* a product's own block is left alone */
        const double moved = a->flows[j * n + i] * r[i] * own;
        if (pass == 0) {
          sum += moved;
          base += a->flows[j * n + i];
        } else if (sum > 0.0) {
          use[i] += moved * base / sum * x[j] / a->output[j];
        }
      }
    }
    assert_true(v[j] > 0.0);
  }
  for (size_t i = 0; i < n; i++) {
    if (g->row_of[i] != TANLU_NONE) continue;
    double final = 0.0, exports = 0.0;
    for (size_t k = 0; k < a->category.count; k++) {
      final += y[k * n + i];
      if (a->role[k] == TANLU_ROLE_EXPORTS) exports += y[k * n + i];
    }
    assert_near_of(x[i], use[i] + final - imports[i], 1e-9, 1);
    double home = final - exports + use[i], base_home = 0.0;
    for (size_t j = 0; j < n; j++) base_home += a->flows[j * n + i];
    for (size_t k = 0; k < a->category.count; k++) {
      if (a->role[k] != TANLU_ROLE_EXPORTS) base_home += a->final_use[k * n + i];
    }
    if (base_home > 0.0) assert_near_of(imports[i], a->imports[i] / base_home * home, 1e-9, x[i]);
  }
  free(use);
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
  tanlu_test_close(&m);
}

/* One projection of "four" to year 1 with a farming share and growth; output of goods. */
static double output_at(const tanlu_test_model *m, double share, double growth) {
  tanlu_drivers *d = tanlu_test_drivers(m, 2021, 1);
  tanlu_test_target(m, d, 0, "farming");
  grow(d, growth);
  tanlu_test_set(d, TANLU_DRIVER_STRUCTURE_SHARE, 1, 0, 0, share);
  tanlu_projection *p = tanlu_test_project(m, d);
  const double x = tanlu_test_field(p, TANLU_FIELD_OUTPUT, 1)[GOODS];
  tanlu_projection_free(&p);
  tanlu_drivers_free(&d);
  return x;
}

/* The answer is a smooth function of its goals: central differences with steps h and h / 2 differ by O(h^2). With h = 1 % of
 * the goal, 1e-4 times third derivatives of order one; a solution settled to 1e-11 adds 1e-9 after division by h. */
static void responses_are_smooth(void **state) {
  const tanlu_test_model *m = *state;
  const double share = 0.08, growth = 5;
  double slope[2][2];
  for (int half = 0; half < 2; half++) {
    const double h = half ? 0.5 : 1.0;
    slope[0][half] = (output_at(m, share * (1 + 0.01 * h), growth) - output_at(m, share * (1 - 0.01 * h), growth)) / h;
    slope[1][half] = (output_at(m, share, growth + h) - output_at(m, share, growth - h)) / h;
  }
  assert_near(slope[0][0], slope[0][1], 1e-3);
  assert_near(slope[1][0], slope[1][1], 1e-3);
  assert_true(slope[0][0] < 0.0 && slope[1][0] > 0.0); /* farming takes from goods; growth gives to it */
}

/* Goods electrifies half of its coal: power sells more, coal less than without. */
static void energy_feeds_back_into_the_economy(void **state) {
  const tanlu_test_model *m = *state;
  const size_t goods = tanlu_test_find(tanlu_dataset_policy_groups(m->dataset), "goods");
  double output[2][N];
  for (int electrified = 0; electrified < 2; electrified++) {
    tanlu_drivers *d = tanlu_test_drivers(m, 2021, 0);
    if (electrified) tanlu_test_set(d, TANLU_DRIVER_RETAIN, 1, goods, TANLU_CLASS_COAL, 0.5);
    /* the new electricity comes from wind, so that coal does not gain at the power plant what it loses in industry */
    const size_t wind = tanlu_test_find(&m->dataset->power.technology, "wind");
    const size_t coal = tanlu_test_find(&m->dataset->power.technology, "coal");
    if (electrified) {
      tanlu_test_set(d, TANLU_DRIVER_POWER_MIX, 1, wind, 0, 15.0 / 400 + 0.13);
      tanlu_test_set(d, TANLU_DRIVER_POWER_MIX, 1, coal, 0, 312.8 / 400 - 0.13);
    }
    tanlu_projection *p = tanlu_test_project(m, d);
    for (size_t j = 0; j < N; j++) output[electrified][j] = tanlu_test_field(p, TANLU_FIELD_OUTPUT, 1)[j];
    tanlu_projection_free(&p);
    tanlu_drivers_free(&d);
  }
  assert_true(output[1][POWER] > 1.02 * output[0][POWER]);
  assert_true(output[1][COAL] < 0.95 * output[0][COAL]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gdp_is_met),
      cmocka_unit_test(shares_are_met_with_and_without_substitution),
      cmocka_unit_test(a_target_that_holds_anyway_keeps_phi),
      cmocka_unit_test(product_paths_are_met),
      cmocka_unit_test(products_continue_from_their_history),
      cmocka_unit_test(demand_follows_shares_and_composition),
      cmocka_unit_test(households_pay_for_what_is_new_to_them),
      cmocka_unit_test(import_shares_follow_their_index),
      cmocka_unit_test(rows_of_the_table_close),
      cmocka_unit_test(responses_are_smooth),
      cmocka_unit_test(energy_feeds_back_into_the_economy),
  };
  return cmocka_run_group_tests(tests, open_four, close_model);
}
