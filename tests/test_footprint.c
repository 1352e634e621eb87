/* Footprints and scopes of a year. Oracles: one sector by hand; the hypothetical example of Miller and Blair; the power series of
 * the Leontief inverse (another method than LU) on the shipped datasets; sums that must hold; the shares of CO2 that a published
 * study of the world input-output tables gives for China. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/footprint.h"
#include "tests/model_support.h"
#include "tests/scenario_support.h"

/* A dataset of which footprints need labels and roles alone. */
typedef struct {
  tanlu_dataset dataset;
  tanlu_footprint *footprint;
  tanlu_context *context;
} bench;

static void open_bench(bench *b, size_t n, const tanlu_category_role *role, size_t categories) {
  static char *code[] = {"first", "second", "third"};
  static tanlu_category_role roles[4];
  *b = (bench){.context = tanlu_context_create()};
  memcpy(roles, role, categories * sizeof *role);
  b->dataset.accounts = (tanlu_accounts){
      .n = n, .sector = {.count = n, .code = code}, .category = {.count = categories, .code = code}, .role = roles};
  assert_int_equal(tanlu_footprint_create(&b->footprint, &b->dataset, b->context), TANLU_OK);
}

static void close_bench(bench *b) {
  tanlu_footprint_free(&b->footprint);
  assert_null(b->footprint);
  tanlu_footprint_free(&b->footprint);
  tanlu_context_free(&b->context);
}

/* x = 0.4 x + 60 at home gives x = 100; with imported inputs 0.5 x, so that m = 0.1 x + 10 = 20. 200 t: f = 2.
 * At home e = 2 / 0.6; with imports made at home a = 2 / 0.5 = 4.
 *   households  e 50 = 166.67, a 60 - e 50 = 73.33;   exports  e 10 = 33.33, a 10 - e 10 = 6.67;   a m = 80
 *   consumption = 200 + 7 + 80 - 40 = 247 with 7 t of the households themselves. */
static void one_sector_by_hand(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 1, (const tanlu_category_role[]){TANLU_ROLE_RURAL, TANLU_ROLE_EXPORTS}, 2);
  const tanlu_solved_accounts a = {.dataset = &b.dataset,
                                   .year = 2020,
                                   .n = 1,
                                   .categories = 2,
                                   .power_sector = TANLU_NONE,
                                   .heat_sector = TANLU_NONE,
                                   .inputs = (const double[]){0.5},
                                   .domestic_inputs = (const double[]){0.4},
                                   .output = (const double[]){100.0},
                                   .final_use = (const double[]){60.0, 10.0},
                                   .final_domestic = (const double[]){50.0, 10.0},
                                   .imports = (const double[]){20.0},
                                   .discrepancy = (const double[]){0.0},
                                   .co2 = (const double[]){200.0},
                                   .household_co2 = {3.0, 4.0}};
  const tanlu_footprint *f = b.footprint;
  assert_int_equal(tanlu_footprint_year(b.footprint, &a, b.context), TANLU_OK);
  assert_int_equal(f->columns, 3);
  assert_near(f->direct[0], 2.0, 1e-14);
  assert_near(f->total[0], 10.0 / 3.0, 1e-14);
  assert_near(f->total_all[0], 4.0, 1e-14);
  const double home[] = {500.0 / 3.0, 100.0 / 3.0, 0.0}, abroad[] = {220.0 / 3.0, 20.0 / 3.0, 0.0};
  assert_same(f->home_sum, home, 3, 1e-14);
  assert_same(f->home, home, 3, 1e-14);
  assert_same(f->emitter, home, 3, 1e-14);
  assert_same(f->abroad_sum, abroad, 3, 1e-13);
  assert_near(f->avoided, 80.0, 1e-14);
  assert_near(f->exports, 40.0, 1e-14);
  assert_near(f->production, 200.0, 1e-14);
  assert_near(f->territorial, 207.0, 1e-14);
  assert_near(f->consumption, 247.0, 1e-14);
  assert_true(f->scope2[0] == 0.0); /* nobody sells electricity or heat: all that is bought is scope 3 */
  assert_near(f->scope3[0], 10.0 / 3.0 - 2.0, 1e-14);
  assert_true(f->exported[1] && !f->exported[0] && !f->exported[2]);
  assert_true(f->household[0] == TANLU_RURAL && f->household[1] == TANLU_NONE);
  close_bench(&b);
}

/* Miller and Blair (2nd ed., section 2.3.1, p. 21): Z = [150 500; 200 100], f = (350, 1700), x = (1000, 2000);
 * (I - A)^-1 = [0.95 0.25; 0.20 0.85] / 0.7575 = [1.254 0.330; 0.264 1.122]. CO2 of ours: 500 and 200 t. Sector 2 is the power
 * sector: sector 1 buys 0.2 of it, 0.2 x 0.1 t is its scope 2; the power sector itself has none. */
static const double book_inputs[] = {0.15, 0.20, 0.25, 0.05}, book_output[] = {1000.0, 2000.0};
static const double book_inverse[] = {0.95 / 0.7575, 0.20 / 0.7575, 0.25 / 0.7575, 0.85 / 0.7575};

static void textbook_example(void **state) {
  (void)state;
  bench b;
  open_bench(&b, 2, (const tanlu_category_role[]){TANLU_ROLE_URBAN}, 1);
  const double demand[] = {350.0, 1700.0}, co2[] = {500.0, 200.0}, nothing[2] = {0.0};
  tanlu_solved_accounts a = {.dataset = &b.dataset,
                             .year = 2020,
                             .n = 2,
                             .categories = 1,
                             .power_sector = 1,
                             .heat_sector = 1,
                             .inputs = book_inputs,
                             .domestic_inputs = book_inputs,
                             .output = book_output,
                             .final_use = demand,
                             .final_domestic = demand,
                             .imports = nothing,
                             .discrepancy = nothing,
                             .co2 = co2};
  const tanlu_footprint *f = b.footprint;
  assert_int_equal(tanlu_footprint_year(b.footprint, &a, b.context), TANLU_OK);
  const double e[] = {0.5 * book_inverse[0] + 0.1 * book_inverse[1], 0.5 * book_inverse[2] + 0.1 * book_inverse[3]};
  assert_same(f->total, e, 2, 1e-14);
  assert_near(f->home[0], e[0] * 350.0, 1e-14);
  assert_near(f->home[1], e[1] * 1700.0, 1e-14);
  assert_near(f->home_sum[0], 700.0, 1e-14);
  assert_same(f->emitter, co2, 2, 1e-14);
  assert_near_of(f->abroad_sum[0], 0.0, 1e-11, 1.0);
  const double scope2[] = {0.2 * 0.1, 0.0}, scope3[] = {e[0] - 0.5 - 0.02, e[1] - 0.1};
  assert_same(f->scope2, scope2, 2, 1e-14);
  assert_same(f->scope3, scope3, 2, 1e-13);

  const double more[] = {500.0, 200.0 + 1e-5}; /* 1.4e-8 of all CO2: output does not account for it */
  a.final_domestic = (const double[]){350.0 + 2e-4, 1700.0};
  assert_int_equal(tanlu_footprint_year(b.footprint, &a, b.context), TANLU_ERR_INTERNAL);
  assert_true(tanlu_test_has_message(b.context, "year 2020: footprints by category add up to"));
  a.final_domestic = demand;
  a.co2 = more;
  assert_int_equal(tanlu_footprint_year(b.footprint, &a, b.context), TANLU_OK); /* more CO2 is more CO2 */
  a.output = (const double[]){1000.0, 0.0};
  assert_int_equal(tanlu_footprint_year(b.footprint, &a, b.context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(b.context, "sector second emits 200 t CO2 but produces nothing"));
  close_bench(&b);
}

/* ---- the shipped datasets -------------------------------------------------------------------------------------------------- */

/* v' (I + A + A^2 + ...): the spectral radius is about 0.6, so that 120 terms leave 1e-26. */
static void power_series(size_t n, const double *a, const double *v, double *sum) {
  double *term = calloc(2 * n, sizeof *term), *next = term + n;
  memcpy(term, v, n * sizeof *term);
  memset(sum, 0, n * sizeof *sum);
  for (int k = 0; k < 120; k++) {
    for (size_t j = 0; j < n; j++) {
      sum[j] += term[j];
      next[j] = 0.0;
      for (size_t i = 0; i < n; i++) next[j] += term[i] * a[j * n + i];
    }
    memcpy(term, next, n * sizeof *term);
  }
  free(term);
}

typedef struct {
  tanlu_footprint *footprint;
  size_t seen;
} series;

static tanlu_status look(void *user, const tanlu_solved_accounts *a, tanlu_context *context) {
  series *s = user;
  tanlu_footprint *f = s->footprint;
  const size_t n = a->n;
  assert_int_equal(tanlu_footprint_year(f, a, context), TANLU_OK);
  double *by_hand = calloc(n, sizeof *by_hand), largest = 0.0;
  power_series(n, a->domestic_inputs, f->direct, by_hand);
  assert_same(f->total, by_hand, n, 1e-12);
  power_series(n, a->inputs, f->direct, by_hand);
  assert_same(f->total_all, by_hand, n, 1e-12);
  free(by_hand);
  /* territorial by final demand; consumption by final demand at home; the same by trade */
  double territorial = 0.0, consumption = 0.0, net = 0.0;
  for (size_t h = 0; h < TANLU_HOUSEHOLDS; h++) {
    territorial += a->household_co2[h];
    consumption += a->household_co2[h];
  }
  for (size_t k = 0; k < f->columns; k++) {
    double home = 0.0, emitter = 0.0;
    for (size_t i = 0; i < n; i++) {
      home += f->home[k * n + i];
      emitter += f->emitter[k * n + i];
    }
    assert_near_of(emitter, home, 1e-11, f->production);
    territorial += f->home_sum[k];
    if (!f->exported[k]) consumption += f->home_sum[k] + f->abroad_sum[k];
  }
  for (size_t i = 0; i < n; i++) {
    double exports = 0.0;
    for (size_t k = 0; k < a->categories; k++) exports += f->exported[k] ? a->final_use[k * n + i] : 0.0;
    net += f->total_all[i] * (exports - a->imports[i]);
    assert_near_of(f->direct[i] + f->scope2[i] + f->scope3[i], f->total[i], 1e-12, 1.0);
    if (i != a->power_sector && i != a->heat_sector) largest = fmax(largest, fabs(f->scope2[i]));
  }
  assert_true(largest > 0.0 && f->scope2[a->power_sector] == 0.0 && f->scope2[a->heat_sector] == 0.0);
  assert_near(1e-6 * territorial, a->indicator[TANLU_INDICATOR_CO2_TOTAL], 1e-9);
  assert_near(f->territorial, territorial, 1e-9);
  assert_near(f->consumption, consumption, 1e-9);
  assert_near(f->territorial - f->consumption, net, 1e-6); /* a difference: digits are lost */
  s->seen++;
  return TANLU_OK;
}

static void shipped_scenarios_add_up(void **state) {
  const shipped_scenarios *all = *state;
  for (size_t k = 0; k < SCENARIOS; k++) {
    const shipped_scenario *run = &all->run[k];
    series s = {0};
    bool *wanted = calloc(run->drivers->years, sizeof *wanted);
    wanted[0] = wanted[10] = wanted[run->drivers->years - 1] = true;
    assert_int_equal(tanlu_footprint_create(&s.footprint, run->dataset, all->context), TANLU_OK);
    const tanlu_status status =
        tanlu_solved_accounts_visit(run->model, run->drivers, run->name, wanted, look, &s, all->context);
    if (status != TANLU_OK) tanlu_test_print_messages(all->context);
    assert_int_equal(status, TANLU_OK);
    assert_int_equal(s.seen, 3);
    tanlu_footprint_free(&s.footprint);
    free(wanted);
  }
}

/* ---- key sectors ------------------------------------------------------------------------------------------------------------ */

/* Means of shares, not shares of means: 1 of 10 and 1 of 100 t give 0.055. */
static void means_of_shares(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  const double co2[] = {1.0, 9.0, 0.0, 1.0, 98.0, 1.0};
  double mean[3];
  assert_int_equal(tanlu_mean_shares(3, 2, co2, mean, context), TANLU_OK);
  assert_same(mean, ((const double[]){0.055, 0.94, 0.005}), 3, 1e-15);
  const double nothing[] = {1.0, 1.0, 2.0, -2.0};
  assert_int_equal(tanlu_mean_shares(2, 2, nothing, mean, context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(context, "year 2 of the period has 0 t"));
  tanlu_context_free(&context);
}

/* Shares of CO2 of China's 35 sectors (World Input-Output Database) in 1995, 2002 and 2009 as published: electricity, gas and
 * water 38.6, 51.1 and 53.5 %, the lowest sector (sale and repair of motor vehicles) 0.002, 0.002 and 0.003 %, with totals of
 * 27.231, 30.716 and 62.136 x 10^8 t, 10.519, 15.688 and 33.262 x 10^8 t and 6.221, 6.28 and 16.639 x 10^4 t. Published shares
 * have three or one digits: half a unit of the last one. */
static void published_shares(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  const double total[] = {27.231e8, 30.716e8, 62.136e8}, power[] = {10.519e8, 15.688e8, 33.262e8};
  const double lowest[] = {6.221e4, 6.28e4, 16.639e4}, power_share[] = {38.6, 51.1, 53.5},
               lowest_share[] = {0.002, 0.002, 0.003};
  double co2[9], mean[3];
  for (size_t t = 0; t < 3; t++) {
    double *year = co2 + 3 * t;
    year[0] = power[t];
    year[1] = lowest[t];
    year[2] = total[t] - power[t] - lowest[t];
    assert_int_equal(tanlu_mean_shares(3, 1, year, mean, context), TANLU_OK);
    assert_true(fabs(100.0 * mean[0] - power_share[t]) <= 0.05);
    assert_true(fabs(100.0 * mean[1] - lowest_share[t]) <= 0.0005);
  }
  assert_int_equal(tanlu_mean_shares(3, 3, co2, mean, context), TANLU_OK);
  assert_near(mean[0], (10.519 / 27.231 + 15.688 / 30.716 + 33.262 / 62.136) / 3.0, 1e-14);
  assert_true(mean[0] >= TANLU_KEY_SHARE_HIGH && mean[1] < TANLU_KEY_SHARE_LOW);
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_sector_by_hand),       cmocka_unit_test(textbook_example),
      cmocka_unit_test(shipped_scenarios_add_up), cmocka_unit_test(means_of_shares),
      cmocka_unit_test(published_shares),
  };
  return cmocka_run_group_tests(tests, shipped_set_up, shipped_tear_down);
}
