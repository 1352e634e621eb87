/* Carbon markets. Oracles: small markets solved by hand (derivations at the tests), closed forms of the log-normal distribution
 * against sums over quantiles, and for markets with banking the conditions of no arbitrage. Money 10^4 CNY: prices below are in that
 * unit per t, quantities in t. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/carbon_market.h"
#include "model/region_shares.h"
#include "solvers/lognormal.h"
#include "tests/model_support.h"

enum { GROUPS = 2, YEARS = 6, FIRST = 2020 };

/* ---- a market of two groups ---------------------------------------------------------------------------------------------------- */

typedef struct {
  tanlu_context *context;
  tanlu_market_rules rules;
  tanlu_market_group group[GROUPS];
  tanlu_market_accounts *accounts;
  tanlu_market *market;
} fixture;

static void hold(tanlu_timeline *timeline, double value) {
  tanlu_timeline_clear(timeline);
  assert_null(tanlu_timeline_add(timeline, 0, value, TANLU_LINEAR));
}

static void path(tanlu_timeline *timeline, int from, size_t count, const double *value) {
  tanlu_timeline_clear(timeline);
  for (size_t k = 0; k < count; k++) assert_null(tanlu_timeline_add(timeline, from + (int)k, value[k], TANLU_LINEAR));
}

/* Emissions 100 and 50 t in every year, activity 10 and 10, value added 1000 and 500, exports 100, imports 200, output 1800; all claims
 * historic with 2020 as base year, markets in 2021 .. `to`. */
static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  f->context = tanlu_context_create();
  f->rules = (tanlu_market_rules){.from = 2021, .to = 2021, .groups = GROUPS, .group = f->group};
  for (size_t g = 0; g < GROUPS; g++) {
    f->group[g] = (tanlu_market_group){.code = (char *)(g == 0 ? "first" : "second"),
                                       .name = (char *)"",
                                       .firms = (double)NAN,
                                       .sigma = (double)NAN,
                                       .variation = (double)NAN,
                                       .weight = {1.0, 0.0, 0.0},
                                       .from = FIRST,
                                       .to = FIRST};
  }
  assert_int_equal(tanlu_market_accounts_create(&f->accounts, FIRST, YEARS, GROUPS, f->context), TANLU_OK);
  for (size_t t = 0; t < YEARS; t++) {
    f->accounts->gdp[t] = 1e4;
    for (size_t g = 0; g < GROUPS; g++) {
      const size_t at = t * GROUPS + g;
      f->accounts->co2[at] = g == 0 ? 100.0 : 50.0;
      f->accounts->activity[at] = 10.0;
      f->accounts->value_added[at] = g == 0 ? 1000.0 : 500.0;
      f->accounts->output[at] = 1800.0;
      f->accounts->imports[at] = 200.0;
      f->accounts->exports[at] = 100.0;
    }
  }
  *state = f;
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_market_rules *r = &f->rules;
  tanlu_timeline *const timeline[] = {&r->cap,           &r->reserve,   &r->reserve_price, &r->price,
                                      &r->floor,         &r->ceiling,   &r->offset_limit,  &r->offset_price,
                                      &r->offset_supply, &r->compliance};
  for (size_t k = 0; k < sizeof timeline / sizeof *timeline; k++) tanlu_timeline_clear(timeline[k]);
  for (size_t g = 0; g < GROUPS; g++) {
    tanlu_timeline_clear(&f->group[g].share);
    tanlu_timeline_clear(&f->group[g].control);
    tanlu_timeline_clear(&f->group[g].auction);
  }
  tanlu_market_free(&f->market);
  tanlu_market_accounts_free(&f->accounts);
  tanlu_context_free(&f->context);
  free(f);
  return 0;
}

static void solve(fixture *f) {
  tanlu_market_free(&f->market);
  const tanlu_status status = tanlu_market_solve(&f->market, &f->rules, f->accounts, f->context);
  for (size_t k = 0; status != TANLU_OK && k < tanlu_context_count(f->context); k++) {
    print_message("%s\n", tanlu_context_message(f->context, k));
  }
  assert_int_equal(status, TANLU_OK);
}

static double year_value(const fixture *f, tanlu_market_year_value value, int year) {
  return f->market->year[value][year - f->market->from];
}

static double group_value(const fixture *f, tanlu_market_group_value value, int year, size_t g) {
  return f->market->group[value][(size_t)(year - f->market->from) * GROUPS + g];
}

/* A supply curve for both groups: nothing at 0, `share` at `price`, linear between. */
static double curve_price[2], curve_share[2];
static void abate(fixture *f, double price, double share) {
  curve_price[0] = curve_share[0] = 0.0;
  curve_price[1] = price;
  curve_share[1] = share;
  for (size_t g = 0; g < GROUPS; g++) {
    f->group[g].abatement = (tanlu_abatement){.count = 2, .price = curve_price, .share = curve_share};
  }
}

/* ---- one year ------------------------------------------------------------------------------------------------------------------ */

/* Cap 120 for 150 t: claims scaled by 0.8 (80 and 40 t). Both abate 2 p of their emissions (half at 0.25), so 150 x 2 p = 30, p = 0.1; 20 and
 * 10 t abated at a mean cost of p/2: 1 and 0.5. Nothing is traded: 100 - 20 = 80. */
static void cap_and_price_by_hand(void **state) {
  fixture *f = *state;
  f->rules.cap_kind = TANLU_CAP_PATH;
  hold(&f->rules.cap, 120.0);
  abate(f, 0.25, 0.5);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_SCALE, 2021), 0.8, 1e-15);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 0.1, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_ABATED, 2021), 30.0, 1e-13);
  assert_near(group_value(f, TANLU_GROUP_FREE, 2021, 1), 40.0, 1e-14);
  assert_near_of(group_value(f, TANLU_GROUP_BALANCE, 2021, 0), 0.0, 1e-12, 1.0);
  assert_near(group_value(f, TANLU_GROUP_ABATEMENT_COST, 2021, 0), 1.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_COST, 2021), 1.5, 1e-12);
  /* carbon cost (0.1 x 80 + 1) / 1000, trade (100 + 200) / (1800 + 200), half can be abated */
  assert_near(group_value(f, TANLU_GROUP_LEAKAGE, 2021, 0), 0.009 * 0.15 * 0.5, 1e-13);

  /* control 0.6 for the first group: claims 60 + 50 < 120, scale 1; issued 110, so 300 p = 40 */
  hold(&f->group[0].control, 0.6);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_SCALE, 2021), 1.0, 1e-15);
  assert_near(year_value(f, TANLU_YEAR_UNISSUED, 2021), 10.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 40.0 / 300.0, 1e-14);
  /* the first has 60 for 100 (1 - 4/15) = 73.33, the second sells 50 - 36.67 = 13.33 */
  assert_near(group_value(f, TANLU_GROUP_BALANCE, 2021, 0), -40.0 / 3.0, 1e-13);
  assert_near(group_value(f, TANLU_GROUP_TRADE_COST, 2021, 1), -40.0 / 3.0 * 40.0 / 300.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_SALES, 2021), 40.0 / 3.0 * 40.0 / 300.0, 1e-13);

  /* filled: 120 / 110 of the claims */
  f->rules.fill = true;
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_SCALE, 2021), 120.0 / 110.0, 1e-15);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 0.1, 1e-14);
  /* a quarter of the second group's auctioned, at 0.1 */
  hold(&f->group[1].auction, 0.25);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_AUCTIONED, 2021), 12.5 * 120.0 / 110.0, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_REVENUE, 2021), 1.25 * 120.0 / 110.0, 1e-13);
}

/* GDP grows by 21 % from 2020 to 2021 and covered CO2 per GDP is to fall by 20 %: 150 x 1.21 x 0.8. */
static void cap_from_intensity(void **state) {
  fixture *f = *state;
  f->accounts->gdp[1] = 1.21e4;
  f->rules.cap_kind = TANLU_CAP_INTENSITY;
  f->rules.cap_base = 2020;
  hold(&f->rules.cap, 0.2);
  abate(f, 1.0, 1.0);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_CAP, 2021), 150.0 * 1.21 * 0.8, 1e-14);
  /* the second group is covered by half: 125 x 1.21 x 0.8 = 121 for 125 t */
  hold(&f->group[1].share, 0.5);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_CAP, 2021), 121.0, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 4.0 / 125.0, 1e-13);
}

/* Offsets cost 0.04; at most 5 % of what is surrendered. Cap 120, a(p) = p of 150 t: 150 (1 - p) 0.95 = 120 leads to p = 1 - 16/19 = 3/19
 * above their price: the limit binds. Cap 140: the price stays at 0.04, 144 t are due, 4 t of them offsets (limit 7.2). Cap 144.5: p =
 * 5.5 / 150 is below their price, none are used. Cap 140 and a supply of 3 t: 150 (1 - p) - 3 = 140. */
static void offsets_and_their_limit(void **state) {
  fixture *f = *state;
  f->rules.cap_kind = TANLU_CAP_PATH;
  abate(f, 1.0, 1.0);
  hold(&f->rules.offset_limit, 0.05);
  hold(&f->rules.offset_price, 0.04);
  hold(&f->rules.cap, 120.0);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 3.0 / 19.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_OFFSETS, 2021), 0.05 * 150.0 * 16.0 / 19.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_OFFSET_COST, 2021), 0.04 * 120.0 / 19.0, 1e-13);
  hold(&f->rules.cap, 140.0);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 0.04, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_OFFSETS, 2021), 4.0, 1e-12);
  assert_near(group_value(f, TANLU_GROUP_OFFSETS, 2021, 0), 8.0 / 3.0, 1e-12);
  hold(&f->rules.cap, 144.5);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 5.5 / 150.0, 1e-13);
  assert_true(year_value(f, TANLU_YEAR_OFFSETS, 2021) == 0.0);
  hold(&f->rules.cap, 140.0);
  hold(&f->rules.offset_supply, 3.0);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_OFFSETS, 2021), 3.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 7.0 / 150.0, 1e-13);
}

/* a(p) = p of 150 t, cap 135: p = 0.1. A floor of 0.2 has 15 t bought back; a ceiling of 0.06 sells 6 t more. A tenth held back (13.5) and sold
 * at 0.12: 121.5 t are there, 150 x 0.88 = 132 are due, so 10.5 come out of the reserve. */
static void floor_ceiling_and_reserve(void **state) {
  fixture *f = *state;
  f->rules.cap_kind = TANLU_CAP_PATH;
  hold(&f->rules.cap, 135.0);
  abate(f, 1.0, 1.0);
  hold(&f->rules.floor, 0.2);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 0.2, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_WITHDRAWN, 2021), 15.0, 1e-12);
  assert_near(year_value(f, TANLU_YEAR_REVENUE, 2021), -3.0, 1e-12);
  tanlu_timeline_clear(&f->rules.floor);
  hold(&f->rules.ceiling, 0.06);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 0.06, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_ADDED, 2021), 6.0, 1e-12);
  assert_near(year_value(f, TANLU_YEAR_REVENUE, 2021), 0.36, 1e-12);
  tanlu_timeline_clear(&f->rules.ceiling);
  hold(&f->rules.reserve, 0.1);
  hold(&f->rules.reserve_price, 0.12);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 0.12, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_RESERVE_SOLD, 2021), 10.5, 1e-12);
}

/* At a given price of 0.1 with a(p) = p: 135 t due. Cap 120: the state sells the 15 t that are missing. Cap 150 with 30 t of surplus in the first
 * group only: none of 15 t that expire are sold, the other way round nobody buys. Offsets at 0.05 are not bought for a surplus. */
static void given_price(void **state) {
  fixture *f = *state;
  f->rules.cap_kind = TANLU_CAP_PATH;
  hold(&f->rules.cap, 120.0);
  hold(&f->rules.price, 0.1);
  abate(f, 1.0, 1.0);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_ADDED, 2021), 15.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_TRADE_COST, 2021), 1.5, 1e-13);
  hold(&f->rules.cap, 150.0);
  hold(&f->rules.offset_limit, 0.05);
  hold(&f->rules.offset_price, 0.05);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_EXPIRED, 2021), 15.0, 1e-13);
  assert_true(year_value(f, TANLU_YEAR_OFFSETS, 2021) == 0.0);
  assert_near_of(year_value(f, TANLU_YEAR_SALES, 2021), 0.0, 1e-12, 1.0);
  /* control 0.7: 70 t for 90 due, 50 for 45: the second sells its 5 t, 0.75 + ... offsets 6.75, the state sells the rest */
  hold(&f->group[0].control, 0.7);
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_OFFSETS, 2021), 6.75, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_ADDED, 2021), 15.0 - 6.75, 1e-13);
  /* banked instead of expired */
  hold(&f->group[0].control, 1.0);
  f->rules.banking = true;
  f->rules.to = 2022;
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_BANK, 2022), 30.0, 1e-13);
}

/* ---- compliance ---------------------------------------------------------------------------------------------------------------- */

/* 2 % of 150 t are not surrendered at a price of 0.006 (60 CNY/t): three times the price costs 3 x 0.006 x 3 t, in proportion 2 : 1. */
static void shenzhen_pays_three_prices(void **state) {
  fixture *f = *state;
  hold(&f->rules.price, 0.006);
  hold(&f->rules.compliance, 0.98);
  f->rules.price_multiple = 3.0;
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_OPEN, 2021), 3.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_PENALTY, 2021), 3.0 * 0.006 * 3.0, 1e-13);
  assert_near(group_value(f, TANLU_GROUP_PENALTY, 2021, 0), 2.0 * 0.006 * 3.0, 1e-13);
}

/* Twice the 3 t of 2021 are taken from the allowances of 2022, and each of 200 firms that does not comply (2 % of 200 and of 50) pays 5. */
static void guangdong_deducts_twice(void **state) {
  fixture *f = *state;
  hold(&f->rules.price, 0.006);
  hold(&f->rules.compliance, 0.98);
  f->rules.to = 2023;
  f->rules.deduct = 2.0;
  f->rules.fine = 5.0;
  f->group[0].firms = 200.0;
  f->group[1].firms = 50.0;
  solve(f);
  assert_true(year_value(f, TANLU_YEAR_DEDUCTED, 2021) == 0.0);
  assert_near(year_value(f, TANLU_YEAR_DEDUCTED, 2022), 6.0, 1e-13);
  assert_near(group_value(f, TANLU_GROUP_DEDUCTED, 2022, 0), 4.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_ADDED, 2022), 3.0, 1e-12); /* 147 surrendered of 150 - 6 */
  assert_near(year_value(f, TANLU_YEAR_PENALTY, 2021), 5.0 * (4.0 + 1.0), 1e-12);
}

/* Four for each of the 3 t left open in 2021 are due in 2022: 150 + 12 = 162, 2 % of which stay open again, and 150 + 4 x 3.24 in 2023. One
 * in four may be an offset: with a limit of zero 3 t in 2022. */
static void california_asks_for_four(void **state) {
  fixture *f = *state;
  hold(&f->rules.price, 0.006);
  hold(&f->rules.compliance, 0.98);
  hold(&f->rules.offset_limit, 0.0);
  hold(&f->rules.offset_price, 0.001);
  f->rules.to = 2023;
  f->rules.surrender = 4.0;
  f->rules.surrender_allowances = 3.0;
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_DUE, 2022), 162.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_DUE, 2023), 150.0 + 4.0 * 0.02 * 162.0, 1e-13);
  assert_near(year_value(f, TANLU_YEAR_OFFSETS, 2022), 3.0, 1e-12);
  /* half open and a hundredfold: it grows, but the horizon is short enough to be followed exactly */
  hold(&f->rules.compliance, 0.5);
  f->rules.surrender = f->rules.surrender_allowances = 100.0;
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_DUE, 2023), 150.0 + 100.0 * 0.5 * (150.0 + 100.0 * 75.0), 1e-13);
}

/* ---- banking --------------------------------------------------------------------------------------------------------------------- */

/* a(p) = p of 150 t, r = 0.1. Caps 150 and 120: alone p = 0 and 0.2; banking pays. p + 1.1 p = 0.2: p = 2/21, 150 p = 100/7 t are banked. */
static void two_years_with_banking(void **state) {
  fixture *f = *state;
  f->rules.to = 2022;
  f->rules.cap_kind = TANLU_CAP_PATH;
  path(&f->rules.cap, 2021, 2, (const double[]){150.0, 120.0});
  abate(f, 1.0, 1.0);
  solve(f); /* without banking */
  assert_true(year_value(f, TANLU_YEAR_PRICE, 2021) == 0.0);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2022), 0.2, 1e-14);
  f->rules.banking = true;
  f->rules.rate = 0.1;
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 2.0 / 21.0, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2022), 2.2 / 21.0, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_BANK, 2021), 100.0 / 7.0, 1e-13);
  assert_near_of(year_value(f, TANLU_YEAR_BANK, 2022), 0.0, 1e-12, 1.0);
  /* 10 t from before: 2.1 x 150 p = 20 */
  f->rules.stock = 10.0;
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 20.0 / 315.0, 1e-14);
  /* the other way round nothing is banked, and nothing borrowed */
  f->rules.stock = 0.0;
  path(&f->rules.cap, 2021, 2, (const double[]){120.0, 140.0});
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 0.2, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2022), 1.0 / 15.0, 1e-13);
  assert_true(year_value(f, TANLU_YEAR_BANK, 2021) == 0.0);
}

/* Caps 120, 135, 90, r = 0.1: alone 0.2, 0.1, 0.4. Years two and three pool: p + 1.1 p = 0.5, p = 5/21 > 0.22 = 1.1 x 0.2, so the first joins
 * too: p (1 + 1.1 + 1.21) = 0.7. */
static void three_years_pool(void **state) {
  fixture *f = *state;
  f->rules.to = 2023;
  f->rules.cap_kind = TANLU_CAP_PATH;
  f->rules.banking = true;
  f->rules.rate = 0.1;
  path(&f->rules.cap, 2021, 3, (const double[]){120.0, 135.0, 90.0});
  abate(f, 1.0, 1.0);
  solve(f);
  const double p = 0.7 / 3.31;
  for (int k = 0; k < 3; k++) assert_near(year_value(f, TANLU_YEAR_PRICE, 2021 + k), p * pow(1.1, k), 1e-14);
  assert_near(year_value(f, TANLU_YEAR_BANK, 2021), 150.0 * (p - 0.2), 1e-12);
  assert_near(year_value(f, TANLU_YEAR_BANK, 2022), 150.0 * (2.1 * p - 0.3), 1e-12);
  /* at 110 instead of 120 the first stays alone: 4/15 > (5/21) / 1.1 */
  path(&f->rules.cap, 2021, 3, (const double[]){110.0, 135.0, 90.0});
  solve(f);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2021), 4.0 / 15.0, 1e-14);
  assert_near(year_value(f, TANLU_YEAR_PRICE, 2022), 5.0 / 21.0, 1e-14);
  assert_true(year_value(f, TANLU_YEAR_BANK, 2021) == 0.0);
}

/* Random caps, curves, offsets with a rising price, floor and ceiling: nobody borrows, prices never rise faster than r, and at r wherever
 * something is banked; what the price has to obey stays obeyed. */
static void no_arbitrage(void **state) {
  fixture *f = *state;
  uint64_t seed = 12345;
  double pooled = 0.0, apart = 0.0;
  f->rules.to = FIRST + YEARS - 1;
  f->rules.cap_kind = TANLU_CAP_PATH;
  f->rules.banking = true;
  f->rules.rate = 0.05;
  hold(&f->rules.offset_limit, 0.1);
  hold(&f->rules.offset_price, 0.2);
  hold(&f->rules.ceiling, 0.9);
  hold(&f->rules.compliance, 0.97);
  f->rules.deduct = 2.0;
  abate(f, 1.0, 0.6);
  for (int trial = 0; trial < 200; trial++) {
    double cap[YEARS - 1];
    for (size_t t = 0; t + 1 < YEARS; t++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      cap[t] = 40.0 + 120.0 * (double)(seed >> 40) / (double)(1u << 24);
    }
    path(&f->rules.cap, 2021, YEARS - 1, cap);
    hold(&f->rules.floor, trial % 2 == 0 ? 0.0 : 0.1);
    solve(f); /* the balances are checked in there */
    for (int year = 2021; year <= f->rules.to; year++) {
      const double price = year_value(f, TANLU_YEAR_PRICE, year), bank = year_value(f, TANLU_YEAR_BANK, year);
      assert_true(bank >= 0.0);
      assert_true(price <= 0.9 * (1.0 + 1e-12) && price >= (trial % 2 == 0 ? 0.0 : 0.1 * (1.0 - 1e-12)));
      assert_true(year_value(f, TANLU_YEAR_ADDED, year) == 0.0 || price > 0.9 * (1.0 - 1e-12));
      if (year == f->rules.to) continue;
      const double next = year_value(f, TANLU_YEAR_PRICE, year + 1);
      assert_true(next <= 1.05 * price * (1.0 + 1e-12));
      if (bank > 1e-6) assert_near(next, 1.05 * price, 1e-12);
      pooled += bank > 1e-6;
      apart += bank == 0.0;
    }
  }
  assert_true(pooled > 100.0 && apart > 100.0); /* both happen */
}

/* ---- benchmarks and coverage --------------------------------------------------------------------------------------------------- */

/* Mean intensity 10 with coefficient of variation v: the median is 10 / sqrt(1 + v^2); the mean below and above a quantile is the mean; a
 * quantile of the 84.13th percentile (z = 1) is median x exp(s). */
static void benchmarks_of_a_distribution(void **state) {
  fixture *f = *state;
  tanlu_market_group *g = &f->group[0];
  const double v = 0.5, s = sqrt(log(1.25));
  hold(&f->rules.price, 0.01);
  g->weight[TANLU_CLAIM_HISTORIC] = 0.0;
  g->weight[TANLU_CLAIM_BENCHMARK] = 1.0;
  g->variation = v;
  g->benchmark = TANLU_BENCHMARK_MEDIAN;
  f->accounts->activity[GROUPS] = 20.0; /* twice that of the base year: 2021 */
  solve(f);
  assert_near(group_value(f, TANLU_GROUP_CLAIM, 2021, 0), 10.0 / sqrt(1.25) * 20.0, 1e-14);
  g->benchmark = TANLU_BENCHMARK_PERCENTILE;
  g->benchmark_value = 0.841344746068542949;
  solve(f);
  assert_near(group_value(f, TANLU_GROUP_CLAIM, 2021, 0), 10.0 / sqrt(1.25) * exp(s) * 20.0, 1e-12);
  /* the mean of the best tenth, by the sum over a million quantiles */
  g->benchmark = TANLU_BENCHMARK_BEST;
  g->benchmark_value = 0.1;
  solve(f);
  double sum = 0.0;
  enum { STEPS = 100000 };
  for (int k = 0; k < STEPS; k++) sum += tanlu_lognormal_quantile(10.0, s, 0.1 * (k + 0.5) / STEPS);
  assert_near(group_value(f, TANLU_GROUP_CLAIM, 2021, 0), sum / STEPS * 20.0, 1e-5);
  /* given, and a mix with historic intensity (10 x 20) and historic emissions (100) */
  g->benchmark = TANLU_BENCHMARK_GIVEN;
  g->benchmark_value = 8.0;
  memcpy(g->weight, (const double[]){0.5, 0.3, 0.2}, sizeof g->weight);
  solve(f);
  assert_near(group_value(f, TANLU_GROUP_CLAIM, 2021, 0), 0.5 * 100.0 + 0.3 * 200.0 + 0.2 * 160.0, 1e-14);
  /* tiers leave a quarter to save */
  g->benchmark = TANLU_BENCHMARK_TIERS;
  f->accounts->tier_saving[GROUPS] = 0.25;
  memcpy(g->weight, (const double[]){0.0, 0.0, 1.0}, sizeof g->weight);
  solve(f);
  assert_near(group_value(f, TANLU_GROUP_CLAIM, 2021, 0), 75.0, 1e-14);
}

/* Firms of log-normal emissions with mean 1: with sigma = 1 the share above T = exp(1/2) is 1 - Phi(1/2 + 1/2 - 1) = 1/2, and the number of
 * firms above it 1 - Phi(1); a threshold of zero covers all. */
static void coverage_above_a_threshold(void **state) {
  fixture *f = *state;
  f->group[0].firms = 100.0; /* of 100 t */
  f->group[0].sigma = 1.0;
  f->group[1].firms = 50.0;
  f->group[1].sigma = 0.0; /* all alike, below it */
  f->rules.threshold = exp(0.5);
  hold(&f->rules.price, 0.01);
  solve(f);
  assert_near(group_value(f, TANLU_GROUP_COVERED, 2021, 0), 0.5, 1e-14);
  assert_near(group_value(f, TANLU_GROUP_EMISSIONS, 2021, 0), 50.0, 1e-14);
  assert_true(group_value(f, TANLU_GROUP_COVERED, 2021, 1) == 0.0);
  assert_near(tanlu_market_firms(&f->rules, &f->group[0], 100.0), 100.0 * 0.158655253931457051, 1e-13);
  assert_near(tanlu_lognormal_sum_above(3.0, 0.7, 0.0), 1.0, 1e-15);
  /* what is above and below together is all: 2 log-normal with sigma 0.7 at the median, lower mean x 1/2 + sum above = mean */
  const double median = tanlu_lognormal_quantile(3.0, 0.7, 0.5);
  assert_near(0.5 * tanlu_lognormal_lower_mean(3.0, 0.7, 0.5) + 3.0 * tanlu_lognormal_sum_above(3.0, 0.7, median), 3.0,
              1e-14);
}

/* A group that takes up more than it emits has nothing to surrender. */
static void negative_emissions(void **state) {
  fixture *f = *state;
  f->accounts->co2[GROUPS] = -20.0;
  hold(&f->rules.price, 0.01);
  solve(f);
  assert_true(group_value(f, TANLU_GROUP_DUE, 2021, 0) == 0.0);
  assert_near(group_value(f, TANLU_GROUP_BALANCE, 2021, 0), 100.0, 1e-14);
}

/* ---- what cannot be ------------------------------------------------------------------------------------------------------------ */

static void nothing_clears(void **state) {
  fixture *f = *state;
  f->rules.cap_kind = TANLU_CAP_PATH;
  hold(&f->rules.cap, 120e6);
  for (size_t t = 0; t < YEARS * GROUPS; t++) f->accounts->co2[t] *= 1e6;
  abate(f, 1.0, 0.1); /* 15 of 30 Mt */
  assert_int_equal(tanlu_market_solve(&f->market, &f->rules, f->accounts, f->context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(f->context, "carbon market, 2021: 15 Mt short at any price"));
  f->rules.to = 2022;
  f->rules.banking = true;
  path(&f->rules.cap, 2021, 2, (const double[]){140e6, 120e6});
  assert_int_equal(tanlu_market_solve(&f->market, &f->rules, f->accounts, f->context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(f->context, "carbon market, 2021 to 2022: 10 Mt short at any price"));
  f->group[0].weight[0] = f->group[1].weight[0] = 0.0;
  f->rules.fill = true;
  assert_int_equal(tanlu_market_solve(&f->market, &f->rules, f->accounts, f->context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(f->context, "nobody claims allowances"));
}

/* ---- regions --------------------------------------------------------------------------------------------------------------------- */

/* CO2 3 : 1, heads 1 : 1, GDP 1 : 3, efficiency 1/3 : 9 = 1 : 27. */
static void shares_of_regions(void **state) {
  (void)state;
  char *code[] = {"a", "b"};
  double population[] = {5.0, 5.0}, gdp[] = {1.0, 3.0}, co2[] = {3.0, 1.0}, share[2], each[2 * TANLU_SHARES];
  const tanlu_regions regions = {
      .label = {.count = 2, .code = code, .name = code}, .population = population, .gdp = gdp, .co2 = co2};
  tanlu_region_shares(&regions, (const double[TANLU_SHARES]){0.4, 0.3, 0.2, 0.1, 0.0}, share, each);
  assert_same(each, ((const double[]){0.75, 0.5, 0.25, 1.0 / 28.0}), 4, 1e-15);
  assert_same(each + TANLU_SHARES, ((const double[]){0.25, 0.5, 0.75, 27.0 / 28.0}), 4, 1e-15);
  assert_near(share[0], 0.3 + 0.15 + 0.05 + 0.1 / 28.0, 1e-15);
  assert_near(share[0] + share[1], 1.0, 1e-15);
}

int main(void) {
#define with_market(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      with_market(cap_and_price_by_hand),
      with_market(cap_from_intensity),
      with_market(offsets_and_their_limit),
      with_market(floor_ceiling_and_reserve),
      with_market(given_price),
      with_market(shenzhen_pays_three_prices),
      with_market(guangdong_deducts_twice),
      with_market(california_asks_for_four),
      with_market(two_years_with_banking),
      with_market(three_years_pool),
      with_market(no_arbitrage),
      with_market(benchmarks_of_a_distribution),
      with_market(coverage_above_a_threshold),
      with_market(negative_emissions),
      with_market(nothing_clears),
      cmocka_unit_test(shares_of_regions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
