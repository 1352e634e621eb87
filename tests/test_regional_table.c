/* Location quotients, trade between regions, and a national table taken apart into regions.
 *
 * Oracles: hand-worked quotients; the gravity form (cross ratios of a balanced matrix are those of the distances alone); identities
 * of the accounts: sums over regions are the nation's cells, rows and columns add up to output; one region is the nation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/regional_output.h"
#include "model/regional_table.h"
#include "model/synthetic.h"
#include "tests/support.h"

static tanlu_context *context;

static int set_up(void **state) {
  (void)state;
  context = tanlu_context_create();
  return context == NULL;
}

/* A failure shows what the library said. */
static void works(tanlu_status status) {
  if (status != TANLU_OK) tanlu_test_print_messages(context);
  assert_int_equal(status, TANLU_OK);
}

static int tear_down(void **state) {
  (void)state;
  tanlu_context_free(&context);
  return 0;
}

static void near(double found, double expected, double tolerance) {
  if (!(fabs(found - expected) <= tolerance * fmax(1.0, fabs(expected))))
    fail_msg("%.15g instead of %.15g", found, expected);
}

static tanlu_labels labels(const char *stem, size_t count) {
  tanlu_labels made = {0};
  for (size_t i = 0; i < count; i++) {
    char code[32];
    snprintf(code, sizeof code, "%s%zu", stem, i + 1);
    assert_int_equal(tanlu_labels_add(&made, code, NULL, NULL, context), TANLU_OK);
  }
  return made;
}

/* ---- quotients ----------------------------------------------------------------------------------------------------------- */

/* Region 100, 50, 50 of a nation of 400, 100, 300: shares in sectors 1/4, 1/2, 1/6; in all 200 / 800 = 1/4.
 *
 *     SLQ = 1, 2, 2/3        CILQ_ij = share_i / share_j:  (2,1): 2, (1,2): 1/2, (3,1): 2/3, (1,3): 3/2, (3,2): 1/3, (2,3): 3
 *     lambda = (log2 1.25)^0.3 = 0.32192809...^0.3; ln 0.321928095 = -1.133427020, x 0.3 = -0.340028106: lambda = 0.711750314
 *     FLQ_12 = 0.5 lambda = 0.355875157; FLQ_21 = 2 lambda = 1.4235: share 1
 *     AFLQ for buyer 2 (SLQ 2): times log2 3 = 1.584962501: AFLQ_12 = 0.564048779
 * (diagonal: SLQ). */
static void quotients_by_hand(void **state) {
  (void)state;
  const double x[] = {100, 50, 50}, nation[] = {400, 100, 300};
  const tanlu_quotient_region region = {.n = 3, .regional = x, .national = nation};
  double local[9], final[3];
  tanlu_local_shares(&region, TANLU_QUOTIENT_SLQ, 0.3, local, final);
  for (size_t j = 0; j < 3; j++) {
    near(local[3 * j], 1.0, 1e-15);
    near(local[3 * j + 1], 1.0, 1e-15);
    near(local[3 * j + 2], 2.0 / 3, 1e-15);
  }
  near(final[2], 2.0 / 3, 1e-15);
  tanlu_local_shares(&region, TANLU_QUOTIENT_CILQ, 0.3, local, final);
  const double cilq[] = {1, 1, 2.0 / 3, 0.5, 1, 1.0 / 3, 1, 1, 2.0 / 3};
  for (size_t k = 0; k < 9; k++) near(local[k], cilq[k], 1e-15);
  const double lambda = 0.711750314;
  near(tanlu_flegg_lambda(0.25, 0.3), lambda, 1e-8);
  tanlu_local_shares(&region, TANLU_QUOTIENT_FLQ, 0.3, local, final);
  const double flq[] = {lambda,           1,          2 * lambda / 3,     0.5 * lambda,
                        1 /* 2 lambda */, lambda / 3, 1 /* 1.5 lambda */, 1 /* 3 lambda */,
                        2 * lambda / 3};
  for (size_t k = 0; k < 9; k++) near(local[k], flq[k], 1e-8);
  near(final[0], lambda, 1e-8);
  tanlu_local_shares(&region, TANLU_QUOTIENT_AFLQ, 0.3, local, final);
  near(local[3], 0.564048779, 1e-8);
  near(local[0], lambda, 1e-8);             /* SLQ_1 = 1: not augmented */
  near(local[6 + 2], 2 * lambda / 3, 1e-8); /* SLQ_3 below 1 */
}

static void nothing_is_bought_where_nothing_is_made(void **state) {
  (void)state;
  const double x[] = {10, 0, 0}, nation[] = {20, 10, 0};
  double local[9], final[3];
  for (int q = 0; q < TANLU_QUOTIENTS; q++) {
    const tanlu_quotient_region region = {.n = 3, .regional = x, .national = nation};
    tanlu_local_shares(&region, (tanlu_quotient)q, 0.3, local, final);
    for (size_t k = 0; k < 9; k++) assert_true(local[k] >= 0.0 && local[k] <= 1.0);
    for (size_t i = 0; i < 3; i++) assert_true(local[3 + i] == 0.0); /* the buyer has no output */
    assert_true(local[1] == 0.0 && final[1] == 0.0);                 /* the seller has none */
  }
}

/* ---- trade --------------------------------------------------------------------------------------------------------------- */

/* Four regions. RAS keeps cross ratios: with p, q, r, s all different,
 * T_pq T_rs / (T_ps T_rq) = (d_ps d_rq / (d_pq d_rs))^beta. */
static void gravity_keeps_margins_and_cross_ratios(void **state) {
  (void)state;
  tanlu_labels region = labels("r", 4);
  double distance[16] = {0}, trade[16];
  const double d[4][4] = {{0, 2, 3, 5}, {2, 0, 4, 1}, {3, 4, 0, 6}, {5, 1, 6, 0}};
  for (size_t q = 0; q < 4; q++) {
    for (size_t p = 0; p < 4; p++) distance[4 * q + p] = d[p][q];
  }
  const double a[] = {4, 3, 2, 1}, b[] = {1, 2, 3, 4};
  const tanlu_gravity gravity = {.regions = 4, .region = &region, .distance = distance, .beta = 1.5};
  works(tanlu_gravity_trade(&gravity, "steel", a, b, trade, context));
  for (size_t p = 0; p < 4; p++) {
    double row = 0.0, column = 0.0;
    for (size_t q = 0; q < 4; q++) {
      row += trade[4 * q + p];
      column += trade[4 * p + q];
    }
    near(row, a[p], 1e-11);
    near(column, b[p], 1e-11);
    assert_true(trade[5 * p] == 0.0);
  }
  const double ratio = trade[4 * 1 + 0] * trade[4 * 3 + 2] / (trade[4 * 3 + 0] * trade[4 * 1 + 2]); /* 01 23 / 03 21 */
  near(ratio, pow(d[0][3] * d[2][1] / (d[0][1] * d[2][3]), 1.5), 1e-9);
  tanlu_labels_clear(&region);
}

/* Region 1 offers 9 of 10 and wants 8: 7 stay with it, and the others trade with it alone. */
static void a_region_too_large_for_the_others(void **state) {
  (void)state;
  tanlu_labels region = labels("r", 3);
  const double distance[] = {0, 1, 2, 1, 0, 3, 2, 3, 0}, a[] = {9, 1, 0}, b[] = {8, 0.5, 1.5};
  double trade[9];
  const tanlu_gravity gravity = {.regions = 3, .region = &region, .distance = distance, .beta = 1};
  works(tanlu_gravity_trade(&gravity, "steel", a, b, trade, context));
  const double expected[] = {7, 1, 0, 0.5, 0, 0, 1.5, 0, 0};
  for (size_t k = 0; k < 9; k++) near(trade[k], expected[k], 1e-14);
  const double one_offer[] = {3}, one_distance[] = {0};
  const tanlu_gravity alone = {.regions = 1, .region = &region, .distance = one_distance, .beta = 1};
  works(tanlu_gravity_trade(&alone, "steel", one_offer, one_offer, trade, context));
  near(trade[0], 3.0, 1e-15);
  const double more[] = {4};
  assert_int_equal(tanlu_gravity_trade(&alone, "steel", more, one_offer, trade, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "trade of steel: 4 are offered, 3 are wanted"));
  tanlu_labels_clear(&region);
}

/* Known flows that have the sums already stay; others move as little as they can. */
static void known_flows(void **state) {
  (void)state;
  tanlu_labels region = labels("r", 2);
  const double distance[] = {0, 1, 1, 0}, known[] = {6, 0, 2, 2}, supply[] = {8, 2}, demand[] = {6, 4};
  double trade[4], moved = 1.0;
  const tanlu_gravity gravity = {.regions = 2, .region = &region, .distance = distance, .beta = 1};
  works(tanlu_known_trade(&gravity, "power", known, 0.0, supply, demand, trade, &moved, context));
  for (size_t k = 0; k < 4; k++) near(trade[k], known[k], 1e-12);
  near(moved, 0.0, 1e-12);
  /* wants 7 and 3 of supply 5 and 5: from 2 to 1 there must be at least 2, which known flows alone cannot carry */
  const double other_supply[] = {5, 5}, other_demand[] = {7, 3};
  assert_int_equal(tanlu_known_trade(&gravity, "power", known, 0.0, other_supply, other_demand, trade, NULL, context),
                   TANLU_ERR_MODEL);
  tanlu_context_clear(context);
  works(tanlu_known_trade(&gravity, "power", known, 0.01, other_supply, other_demand, trade, &moved, context));
  near(trade[0] + trade[2], 5.0, 1e-11);
  near(trade[0] + trade[1], 7.0, 1e-11);
  assert_true(trade[1] >= 2.0 && moved > 0.19);
  tanlu_labels_clear(&region);
}

/* ---- tables -------------------------------------------------------------------------------------------------------------- */

enum { N = 6, CATEGORIES = 4, MOST = 7 };

typedef struct {
  tanlu_labels region, sector;
  double domestic[N * N], final[N * CATEGORIES], discrepancy[N], output[N];
  double share[MOST * N], demand[MOST * CATEGORIES], distance[MOST * MOST];
  tanlu_category_role role[CATEGORIES];
  tanlu_regional_problem problem;
} nation;

static double draw(uint64_t stream, uint64_t index) {
  return tanlu_synthetic_uniform(5, 100 + stream, index);
}

static void normalise(double *column, size_t count) {
  double sum = 0.0;
  for (size_t r = 0; r < count; r++) sum += column[r];
  for (size_t r = 0; r < count; r++) column[r] /= sum;
}

/* A table with zeros, negative inventories and a discrepancy; regions by chance. */
static void make_nation(nation *c, size_t regions) {
  memset(c, 0, sizeof *c);
  c->region = labels("r", regions);
  c->sector = labels("s", N);
  const tanlu_category_role role[CATEGORIES] = {TANLU_ROLE_URBAN, TANLU_ROLE_FIXED_CAPITAL, TANLU_ROLE_INVENTORIES,
                                                TANLU_ROLE_EXPORTS};
  memcpy(c->role, role, sizeof role);
  for (size_t k = 0; k < N * N; k++) c->domestic[k] = draw(1, k) < 0.2 ? 0.0 : 100 * draw(2, k);
  for (size_t k = 0; k < N * CATEGORIES; k++) c->final[k] = 100 * draw(3, k) - (k / N == 2 ? 60 : 0);
  for (size_t i = 0; i < N; i++) {
    c->discrepancy[i] = draw(4, i) - 0.5;
    c->output[i] = c->discrepancy[i];
    for (size_t j = 0; j < N; j++) c->output[i] += c->domestic[j * N + i];
    for (size_t k = 0; k < CATEGORIES; k++) c->output[i] += c->final[k * N + i];
  }
  for (size_t k = 0; k < regions * N; k++) c->share[k] = k % regions > 0 && draw(5, k) < 0.3 ? 0.0 : draw(6, k);
  for (size_t k = 0; k < regions * CATEGORIES; k++) c->demand[k] = 0.1 + draw(7, k);
  for (size_t j = 0; j < N; j++) normalise(c->share + j * regions, regions);
  for (size_t k = 0; k < CATEGORIES; k++) normalise(c->demand + k * regions, regions);
  for (size_t q = 0; q < regions; q++) {
    for (size_t p = 0; p < q; p++) {
      c->distance[q * regions + p] = c->distance[p * regions + q] = 100 + 1000 * draw(8, q * MOST + p);
    }
  }
  c->problem = (tanlu_regional_problem){.region = &c->region,
                                        .n = N,
                                        .categories = CATEGORIES,
                                        .sector = &c->sector,
                                        .role = c->role,
                                        .domestic = c->domestic,
                                        .final_domestic = c->final,
                                        .discrepancy = c->discrepancy,
                                        .output = c->output,
                                        .output_share = c->share,
                                        .demand_share = c->demand,
                                        .distance = c->distance,
                                        .quotient = TANLU_QUOTIENT_FLQ,
                                        .delta = 0.3,
                                        .beta = 1.0};
}

static void clear_nation(nation *c) {
  tanlu_labels_clear(&c->region);
  tanlu_labels_clear(&c->sector);
}

/* Cells over regions, rows, and origins. */
static void check_sums(const nation *c, const tanlu_regional_table *t) {
  const size_t regions = t->regions;
  double cells[N * N] = {0}, finals[N * CATEGORIES] = {0}, flow[MOST * N], use[MOST * CATEGORIES];
  for (size_t p = 0; p < regions; p++) {
    for (size_t i = 0; i < N; i++) {
      double row = c->share[i * regions + p] * c->discrepancy[i];
      tanlu_regional_table_flows(t, p, i, flow);
      tanlu_regional_table_final(t, p, i, use);
      for (size_t k = 0; k < regions * N; k++) {
        if (t->of.domestic[(k % N) * N + i] >= 0.0) assert_true(flow[k] >= 0.0);
        row += flow[k];
        cells[(k % N) * N + i] += flow[k];
      }
      for (size_t k = 0; k < regions * CATEGORIES; k++) {
        row += use[k];
        finals[(k % CATEGORIES) * N + i] += use[k];
      }
      near(row, c->share[i * regions + p] * c->output[i], 1e-10);
    }
  }
  for (size_t k = 0; k < N * N; k++) near(cells[k], c->domestic[k], 1e-12);
  for (size_t k = 0; k < N * CATEGORIES; k++) near(finals[k], c->final[k], 1e-12);
}

static void regions_add_up_to_the_nation(void **state) {
  (void)state;
  for (size_t regions = 1; regions <= MOST; regions++) {
    for (int quotient = 0; quotient < TANLU_QUOTIENTS; quotient++) {
      nation c;
      make_nation(&c, regions);
      c.problem.quotient = (tanlu_quotient)quotient;
      tanlu_regional_table *t = NULL;
      works(tanlu_regional_table_create(&t, &c.problem, context));
      check_sums(&c, t);
      tanlu_regional_table_free(&t);
      clear_nation(&c);
    }
  }
}

static void one_region_is_the_nation(void **state) {
  (void)state;
  nation c;
  make_nation(&c, 1);
  tanlu_regional_table *t = NULL;
  works(tanlu_regional_table_create(&t, &c.problem, context));
  for (size_t i = 0; i < N; i++) {
    double flow[N], use[CATEGORIES];
    tanlu_regional_table_flows(t, 0, i, flow);
    tanlu_regional_table_final(t, 0, i, use);
    for (size_t j = 0; j < N; j++) near(flow[j], c.domestic[j * N + i], 1e-15);
    for (size_t k = 0; k < CATEGORIES; k++) near(use[k], c.final[k * N + i], 1e-15);
  }
  tanlu_regional_table_free(&t);
  clear_nation(&c);
}

/* Every region a third of everything, all equally far: quotients are 1 without Flegg's lambda, so nothing is traded; with it what is
 * traded is the same in both directions. */
static void identical_regions(void **state) {
  (void)state;
  nation c;
  make_nation(&c, 3);
  for (size_t k = 0; k < 3 * N; k++) c.share[k] = 1.0 / 3;
  for (size_t k = 0; k < 3 * CATEGORIES; k++) c.demand[k] = 1.0 / 3;
  for (size_t k = 0; k < 9; k++) c.distance[k] = k % 4 == 0 ? 0.0 : 500.0;
  tanlu_regional_table *t = NULL;
  c.problem.quotient = TANLU_QUOTIENT_CILQ;
  works(tanlu_regional_table_create(&t, &c.problem, context));
  for (size_t k = 0; k < 9 * N; k++) assert_true(t->trade[k] == 0.0);
  check_sums(&c, t);
  tanlu_regional_table_free(&t);
  c.problem.quotient = TANLU_QUOTIENT_FLQ;
  works(tanlu_regional_table_create(&t, &c.problem, context));
  for (size_t i = 0; i < N; i++) {
    const double *trade = t->trade + 9 * i;
    for (size_t p = 0; p < 3; p++) {
      assert_true(trade[4 * p] == 0.0);
      for (size_t q = 0; q < 3; q++) {
        if (q != p) near(trade[3 * q + p], trade[1], 1e-10);
      }
    }
    assert_true(trade[1] > 0.0);
  }
  check_sums(&c, t);
  tanlu_regional_table_free(&t);
  clear_nation(&c);
}

/* Product 2 flows as it is known to: all of it from region 1, apart from what backing brings. */
static void a_product_with_known_flows(void **state) {
  (void)state;
  nation c;
  make_nation(&c, 4);
  double flow[16] = {0};
  for (size_t q = 0; q < 4; q++) {
    flow[5 * q] = 10.0;
    flow[4 * q] += 3.0;
  }
  const tanlu_known_flows known = {.product = 1, .flow = flow};
  c.problem.known_flows = 1;
  c.problem.known = &known;
  tanlu_regional_table *t = NULL;
  works(tanlu_regional_table_create(&t, &c.problem, context));
  check_sums(&c, t);
  assert_true(t->moved[1] >= 0.0 && t->moved[1] < 1.0 && isnan(t->moved[0]));
  for (size_t k = 0; k < 4 * N; k++) assert_true(t->local[k * N + 1] == 0.0);
  tanlu_regional_table_free(&t);
  clear_nation(&c);
}

/* ---- output -------------------------------------------------------------------------------------------------------------- */

/* Two regions, a group of two sectors with value added 60 and 40 and shares 1/2 of both; the regions have 30 and 10: scaled by 2.5 to
 * 75 and 25. RAS of proportional columns is proportional: shares 3/4 and 1/4. A third sector is alone in its group, of value added
 * 10 with regions' 1 and 3; a fourth has none and stays. */
static void output_follows_value_added(void **state) {
  (void)state;
  tanlu_labels region = labels("r", 2), sector = labels("s", 4), group = labels("g", 2);
  const size_t of_sector[] = {0, 0, 1, 1};
  const double v[] = {60, 40, 10, -5}, regional[] = {30, 10, 1, 3};
  const tanlu_regional_output_problem problem = {.regions = 2,
                                                 .n = 4,
                                                 .groups = 2,
                                                 .region = &region,
                                                 .sector = &sector,
                                                 .group = &group,
                                                 .of_sector = of_sector,
                                                 .value_added = v,
                                                 .regional = regional};
  double share[] = {0.5, 0.5, 0.5, 0.5, 0.9, 0.1, 0.2, 0.8}, scaled[2], moved[4];
  const tanlu_regional_output_report report = {.scaled = scaled, .moved = moved};
  works(tanlu_regional_output(&problem, share, &report, context));
  const double expected[] = {0.75, 0.25, 0.75, 0.25, 0.25, 0.75, 0.2, 0.8};
  for (size_t k = 0; k < 8; k++) near(share[k], expected[k], 1e-11);
  near(scaled[0], 2.5, 1e-15);
  near(moved[2], 0.65, 1e-11);
  near(moved[3], 0.0, 1e-15);
  share[0] = 0.4;
  assert_int_equal(tanlu_regional_output(&problem, share, NULL, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, "shares of regions in sector s1"));
  tanlu_labels_clear(&region);
  tanlu_labels_clear(&sector);
  tanlu_labels_clear(&group);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quotients_by_hand),
      cmocka_unit_test(nothing_is_bought_where_nothing_is_made),
      cmocka_unit_test(gravity_keeps_margins_and_cross_ratios),
      cmocka_unit_test(a_region_too_large_for_the_others),
      cmocka_unit_test(known_flows),
      cmocka_unit_test(regions_add_up_to_the_nation),
      cmocka_unit_test(one_region_is_the_nation),
      cmocka_unit_test(identical_regions),
      cmocka_unit_test(a_product_with_known_flows),
      cmocka_unit_test(output_follows_value_added),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
