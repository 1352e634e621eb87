/* Aggregation and disaggregation of accounts. Oracles: a table of three sectors worked by hand; sums that must stay and identities
 * of random tables; two aggregations against one by the product of their concordances; adding up what was split. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/aggregation.h"
#include "model/disaggregation.h"
#include "model/identities.h"
#include "solvers/memory.h"
#include "solvers/random.h"
#include "tests/support.h"

enum { MOST = 12, CATEGORIES = 3, COMPONENTS = 2 };

static int set_up(void **state) {
  *state = tanlu_context_create();
  return *state == NULL;
}

static int tear_down(void **state) {
  tanlu_context_free((tanlu_context **)state);
  return 0;
}

static double uniform(uint32_t stream, uint32_t *k) {
  return tanlu_random_uniform(23, TANLU_STREAM_CALLER, stream, (*k)++);
}

static void add_labels(tanlu_labels *labels, const char *stem, size_t count, tanlu_context *context) {
  for (size_t i = 0; i < count; i++) {
    char code[32];
    snprintf(code, sizeof code, "%s%zu", stem, i + 1);
    assert_int_equal(tanlu_labels_add(labels, code, code, NULL, context), TANLU_OK);
  }
}

static void allocate(tanlu_accounts *a, size_t n, bool split, tanlu_context *context) {
  *a = (tanlu_accounts){.n = n, .balance_tolerance = 1e-12};
  a->import_treatment = split ? TANLU_IMPORT_SPLIT : TANLU_IMPORT_PROPORTIONAL;
  add_labels(&a->sector, "s", n, context);
  add_labels(&a->category, "y", CATEGORIES, context);
  add_labels(&a->component, "w", COMPONENTS, context);
  a->role = tanlu_allocate(context, CATEGORIES, sizeof *a->role);
  a->flows = tanlu_allocate_doubles(context, n, n);
  a->final_use = tanlu_allocate_doubles(context, n, CATEGORIES);
  a->imports = tanlu_allocate_doubles(context, n, 1);
  a->discrepancy = tanlu_allocate_doubles(context, n, 1);
  a->value_added = tanlu_allocate_doubles(context, COMPONENTS, n);
  a->output = tanlu_allocate_doubles(context, n, 1);
  if (split) {
    a->flows_domestic = tanlu_allocate_doubles(context, n, n);
    a->final_domestic = tanlu_allocate_doubles(context, n, CATEGORIES);
  }
  a->role[CATEGORIES - 1] = TANLU_ROLE_INVENTORIES;
}

/* Z = [10 20 30; 5 15 10; 25 0 40], y = (40, 70, 35), no imports: x = (100, 100, 100), w = (60, 65, 20). */
static void by_hand(tanlu_accounts *a, tanlu_context *context) {
  static const double z[] = {10, 5, 25, 20, 15, 0, 30, 10, 40}, y[] = {40, 70, 35}, w[] = {60, 65, 20};
  allocate(a, 3, false, context);
  memcpy(a->flows, z, sizeof z);
  memcpy(a->final_use, y, sizeof y);
  for (size_t i = 0; i < 3; i++) {
    a->output[i] = 100;
    a->value_added[i * COMPONENTS] = w[i];
  }
}

/* A table that balances: uses of product i at random, imports a part of them, output the rest less the discrepancy, value added what is
 * left of output (of any sign), inventories of any sign, some flows empty. */
static void at_random(tanlu_accounts *a, size_t n, bool split, uint32_t stream, tanlu_context *context) {
  uint32_t k = 0;
  allocate(a, n, split, context);
  for (size_t i = 0; i < n; i++) {
    double uses = 0.0, home = 0.0;
    const double mu = 0.4 * uniform(stream, &k);
    for (size_t j = 0; j < n + CATEGORIES; j++) {
      double value = 1000.0 * uniform(stream, &k) * (j >= n ? 4.0 : 1.0);
      const double own = mu * (0.5 + uniform(stream, &k));
      if (j < n && uniform(stream, &k) < 0.2) value = 0.0;
      if (j == n + CATEGORIES - 1) value = 100.0 * (uniform(stream, &k) - 0.5);
      if (j < n) {
        a->flows[j * n + i] = value;
        if (split) a->flows_domestic[j * n + i] = (1.0 - own) * value;
      } else {
        a->final_use[(j - n) * n + i] = value;
        if (split) a->final_domestic[(j - n) * n + i] = (1.0 - own) * value;
      }
      uses += value;
      home += (1.0 - own) * value;
    }
    a->discrepancy[i] = 10.0 * (uniform(stream, &k) - 0.5);
    a->imports[i] = split ? uses - home : mu * uses;
    a->output[i] = uses - a->imports[i] + a->discrepancy[i];
  }
  for (size_t j = 0; j < n; j++) {
    double left = a->output[j];
    for (size_t i = 0; i < n; i++) left -= a->flows[j * n + i];
    a->value_added[j * COMPONENTS] = 0.3 * left;
    a->value_added[j * COMPONENTS + 1] = 0.7 * left;
  }
}

static void assert_close(double actual, double expected, double scale) {
  if (!(fabs(actual - expected) <= 1e-12 * fmax(fabs(expected), scale))) {
    print_error("%.17g, expected %.17g\n", actual, expected);
    fail();
  }
}

static void assert_balanced(const tanlu_accounts *a) {
  for (size_t i = 0; i < a->n; i++) {
    const tanlu_identity identity[] = {tanlu_identity_row(a, i), tanlu_identity_column(a, i)};
    for (size_t k = 0; k < 2; k++) assert_true(fabs(tanlu_identity_gap(&identity[k])) <= 1e-11 * a->output[i]);
    if (a->flows_domestic == NULL) continue;
    const tanlu_identity made = tanlu_identity_domestic(a, i);
    assert_true(fabs(tanlu_identity_gap(&made)) <= 1e-11 * a->output[i]);
  }
}

static void assert_same_array(const double *actual, const double *expected, size_t count) {
  double scale = 0.0;
  for (size_t k = 0; k < count; k++) scale = fmax(scale, fabs(expected[k]));
  for (size_t k = 0; k < count; k++) assert_close(actual[k], expected[k], 1e-3 * scale);
}

static void assert_same_accounts(const tanlu_accounts *a, const tanlu_accounts *b) {
  const size_t n = b->n;
  assert_int_equal(a->n, n);
  assert_same_array(a->flows, b->flows, n * n);
  assert_same_array(a->final_use, b->final_use, n * CATEGORIES);
  assert_same_array(a->imports, b->imports, n);
  assert_same_array(a->discrepancy, b->discrepancy, n);
  assert_same_array(a->value_added, b->value_added, n * COMPONENTS);
  assert_same_array(a->output, b->output, n);
  assert_int_equal(a->flows_domestic == NULL, b->flows_domestic == NULL);
  if (b->flows_domestic == NULL) return;
  assert_same_array(a->flows_domestic, b->flows_domestic, n * n);
  assert_same_array(a->final_domestic, b->final_domestic, n * CATEGORIES);
}

static tanlu_concordance *concordance(size_t from, size_t to, size_t pairs, const size_t *i, const size_t *j,
                                      const double *w, tanlu_context *context) {
  tanlu_concordance *g = NULL;
  assert_int_equal(tanlu_concordance_create(&g, from, to, pairs, i, j, w, context), TANLU_OK);
  return g;
}

static void aggregate(tanlu_accounts *a, const tanlu_accounts *old, const tanlu_concordance *g, const char *stem,
                      tanlu_context *context) {
  tanlu_labels sector = {0};
  *a = (tanlu_accounts){0};
  add_labels(&sector, stem, g->to, context);
  assert_int_equal(tanlu_aggregate_accounts(a, old, g, &sector, context), TANLU_OK);
  tanlu_labels_clear(&sector);
}

/* ---- aggregation ----------------------------------------------------------------------------------------------------------- */

/* Sectors 1 and 2 together: Z' = [10+20+5+15 30+10; 25+0 40]. Multipliers before, from m'(I - A) = 1': (3110, 2540, 4540) / 1537
 * (they give m'y = 300 = 1'x); after, from A' = [.25 .4; .125 .4], det(I - A') = .4: (1.8125, 2.875). First order: A y = (28.5, 16,
 * 24), A'G'y = (41.5, 27.75) against G'A y = (44.5, 24): off by 6.75 of 68.5. */
static void three_sectors_become_two(void **state) {
  static const size_t from[] = {0, 1, 2}, to[] = {0, 0, 1};
  static const double one[] = {1, 1, 1}, z[] = {50, 25, 40, 40}, x[] = {200, 100}, w[] = {125, 0, 20, 0};
  tanlu_accounts old, a;
  by_hand(&old, *state);
  tanlu_concordance *g = concordance(3, 2, 3, from, to, one, *state);
  assert_int_equal(tanlu_concordance_check(g, &old.sector, NULL, NULL, *state), TANLU_OK);
  assert_true(tanlu_concordance_is_whole(g));
  aggregate(&a, &old, g, "n", *state);
  for (size_t k = 0; k < 4; k++) assert_true(a.flows[k] == z[k] && a.value_added[k] == w[k]);
  for (size_t k = 0; k < 2; k++) assert_true(a.output[k] == x[k]);
  assert_true(a.final_use[0] == 110 && a.final_use[1] == 35);
  tanlu_aggregation_bias bias;
  assert_int_equal(tanlu_aggregation_bias_find(&bias, &old, &a, g, *state), TANLU_OK);
  const double mean = (3110.0 * 40 + 2540.0 * 70) / (1537.0 * 110);
  assert_close(bias.multiplier[0], 1.8125, 0);
  assert_close(bias.multiplier[1], 2.875, 0);
  assert_close(bias.mean[0], mean, 0);
  assert_close(bias.mean[1], 4540.0 / 1537.0, 0);
  assert_close(bias.first_order, 6.75 / 68.5, 0);
  assert_close(bias.average, (110 * fabs(1.8125 - mean) + 35 * fabs(2.875 - 4540.0 / 1537.0)) / 300, 0);
  tanlu_aggregation_bias_clear(&bias);
  tanlu_concordance_free(&g);
  tanlu_accounts_clear(&a);
  tanlu_accounts_clear(&old);
}

/* 0.3 of sector 2 goes with sector 1, 0.7 with sector 3: Z'_11 = 10 + .3 20 + .3 5 + .3 .3 15, Z'_12 = 30 + .7 20 + .3 10 + .3 .7
 * 15, Z'_21 = 25 + .3 0 + .7 5 + .7 .3 15, Z'_22 = 40 + .7 0 + .7 10 + .7 .7 15; they add up to the 155 of before. */
static void a_sector_goes_into_two(void **state) {
  static const size_t from[] = {0, 1, 2, 1}, to[] = {0, 0, 1, 1};
  static const double weight[] = {1, 0.3, 1, 0.7}, z[] = {18.85, 31.65, 50.15, 54.35};
  tanlu_accounts old, a;
  by_hand(&old, *state);
  tanlu_concordance *g = concordance(3, 2, 4, from, to, weight, *state);
  assert_int_equal(tanlu_concordance_check(g, &old.sector, NULL, NULL, *state), TANLU_OK);
  assert_false(tanlu_concordance_is_whole(g));
  aggregate(&a, &old, g, "n", *state);
  for (size_t k = 0; k < 4; k++) assert_close(a.flows[k], z[k], 0);
  assert_close(a.output[0], 130, 0);
  assert_close(a.final_use[1], 35 + 49, 0);
  assert_close(a.value_added[0], 60 + 0.3 * 65, 0);
  assert_balanced(&a);
  tanlu_concordance_free(&g);
  tanlu_accounts_clear(&a);
  tanlu_accounts_clear(&old);
}

/* A random concordance: every old sector into one to three new ones. */
static tanlu_concordance *random_concordance(size_t from, size_t to, uint32_t stream, tanlu_context *context) {
  size_t i[3 * MOST], j[3 * MOST], pairs = 0;
  double w[3 * MOST];
  uint32_t k = 100000;
  for (size_t s = 0; s < from; s++) {
    const size_t parts = 1 + (size_t)(3.0 * uniform(stream, &k));
    double sum = 0.0;
    for (size_t p = 0; p < parts; p++) sum += w[pairs + p] = 0.1 + uniform(stream, &k);
    for (size_t p = 0; p < parts; p++, pairs++) {
      w[pairs] /= sum;
      i[pairs] = s;
      j[pairs] = (s + p) % to;
    }
  }
  return concordance(from, to, pairs, i, j, w, context);
}

/* Totals stay, identities hold, and two steps are one step by the product of their weights. */
static void random_tables_keep_their_sums(void **state) {
  for (uint32_t stream = 0; stream < 40; stream++) {
    const size_t n = 6 + stream % (MOST - 5), middle = 4 + stream % 3, last = 3;
    tanlu_accounts old, a, b, c;
    at_random(&old, n, stream % 2 == 1, stream, *state);
    assert_balanced(&old);
    tanlu_concordance *g = random_concordance(n, middle, stream, *state);
    tanlu_concordance *h = random_concordance(middle, last, stream + 1000, *state);
    assert_int_equal(tanlu_concordance_check(g, &old.sector, NULL, NULL, *state), TANLU_OK);
    aggregate(&a, &old, g, "n", *state);
    aggregate(&b, &a, h, "m", *state);
    assert_balanced(&a);
    assert_balanced(&b);
    size_t i[9 * MOST], j[9 * MOST], pairs = 0;
    double w[9 * MOST], x = 0.0, y = 0.0;
    for (size_t s = 0; s < n; s++) {
      for (size_t e = g->start[s]; e < g->start[s + 1]; e++) {
        for (size_t f = h->start[g->member[e]]; f < h->start[g->member[e] + 1]; f++, pairs++) {
          i[pairs] = s;
          j[pairs] = h->member[f];
          w[pairs] = g->weight[e] * h->weight[f];
        }
      }
    }
    tanlu_concordance *product = concordance(n, last, pairs, i, j, w, *state);
    aggregate(&c, &old, product, "m", *state);
    assert_same_accounts(&b, &c);
    for (size_t s = 0; s < n; s++) x += old.output[s];
    for (size_t s = 0; s < last; s++) y += c.output[s];
    assert_close(y, x, 0);
    tanlu_concordance_free(&g);
    tanlu_concordance_free(&h);
    tanlu_concordance_free(&product);
    tanlu_accounts_clear(&old);
    tanlu_accounts_clear(&a);
    tanlu_accounts_clear(&b);
    tanlu_accounts_clear(&c);
  }
}

static void wrong_weights_name_their_sector(void **state) {
  static const size_t from[] = {0, 0, 1, 1, 3}, to[] = {0, 1, 0, 1, 1}, line[] = {3, 5, 0, 6};
  static const double weight[] = {0.5, 0.4, 1.5, -0.5, 1};
  tanlu_accounts a;
  allocate(&a, 4, false, *state);
  tanlu_concordance *g = concordance(4, 2, 5, from, to, weight, *state);
  assert_int_equal(tanlu_concordance_check(g, &a.sector, "g.csv", line, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "g.csv:3: error: the weights of sector 's1' add up to 0.9; expected 1"));
  assert_true(tanlu_test_has_message(*state, "g.csv:5: error: sector 's2' has a weight that is not above 0"));
  assert_true(tanlu_test_has_message(*state, "no row for sector 's3'"));
  assert_int_equal(tanlu_context_errors(*state), 3);
  tanlu_concordance_free(&g);
  tanlu_accounts_clear(&a);
}

/* ---- disaggregation ---------------------------------------------------------------------------------------------------------- */

typedef struct {
  size_t to, parent[3 * MOST];
  double output[3 * MOST], sales[3 * MOST];
  tanlu_labels sector;
} parts;

static void add_part(parts *p, size_t parent, double output, double sales, tanlu_context *context) {
  char code[32];
  snprintf(code, sizeof code, "p%zu", p->to + 1);
  assert_int_equal(tanlu_labels_add(&p->sector, code, code, NULL, context), TANLU_OK);
  p->parent[p->to] = parent;
  p->output[p->to] = output;
  p->sales[p->to++] = sales;
}

static tanlu_status split(tanlu_accounts *a, const tanlu_accounts *old, const parts *p, size_t cells,
                          const tanlu_known_cell *cell, tanlu_context *context) {
  const tanlu_split s = {.from = old->n,
                         .to = p->to,
                         .parent = p->parent,
                         .output = p->output,
                         .sales = p->sales,
                         .sector = &p->sector,
                         .cells = cells,
                         .cell = cell};
  *a = (tanlu_accounts){0};
  return tanlu_disaggregate_accounts(a, old, &s, context);
}

static void assert_adds_up(const tanlu_accounts *a, const tanlu_accounts *old, const parts *p, tanlu_context *context) {
  size_t from[3 * MOST];
  double one[3 * MOST];
  tanlu_accounts back;
  for (size_t i = 0; i < p->to; i++) {
    from[i] = i;
    one[i] = 1.0;
  }
  tanlu_concordance *g = concordance(p->to, old->n, p->to, from, p->parent, one, context);
  aggregate(&back, a, g, "s", context);
  assert_same_accounts(&back, old);
  assert_balanced(a);
  tanlu_concordance_free(&g);
  tanlu_accounts_clear(&back);
}

/* Sector 1 into a quarter and the rest: z_11 = 10 / 16 and so on. A flow of 2 from the quarter to itself, where shares give 0.625,
 * leaves 8 for the other three cells in proportion 3 : 3 : 9, so 1.6, 1.6 and 4.8. */
static void a_sector_becomes_two(void **state) {
  tanlu_accounts old, a;
  parts p = {0};
  const tanlu_known_cell known = {0, 0, 2};
  by_hand(&old, *state);
  add_part(&p, 0, 0.25, 0.25, *state);
  add_part(&p, 0, 0.75, 0.75, *state);
  add_part(&p, 1, 1, 1, *state);
  add_part(&p, 2, 1, 1, *state);
  assert_int_equal(split(&a, &old, &p, 0, NULL, *state), TANLU_OK);
  static const double z[] = {.625, 1.875, 1.25, 6.25, 1.875, 5.625, 3.75, 18.75, 5, 15, 15, 0, 7.5, 22.5, 10, 40};
  for (size_t k = 0; k < 16; k++) assert_true(a.flows[k] == z[k]);
  assert_true(a.output[0] == 25 && a.output[1] == 75 && a.final_use[0] == 10 && a.value_added[0] == 15);
  assert_adds_up(&a, &old, &p, *state);
  tanlu_accounts_clear(&a);
  assert_int_equal(split(&a, &old, &p, 1, &known, *state), TANLU_OK);
  assert_true(a.flows[0] == 2);
  assert_close(a.flows[1], 1.6, 0);
  assert_close(a.flows[4], 1.6, 0);
  assert_close(a.flows[5], 4.8, 0);
  assert_true(a.flows[8] < 5 && a.flows[9] > 15); /* the quarter sells less to others */
  assert_adds_up(&a, &old, &p, *state);
  tanlu_accounts_clear(&a);
  tanlu_labels_clear(&p.sector);
  tanlu_accounts_clear(&old);
}

/* Uses 80 + 40, imports 20: a half of the output of 100 and 0.55 of the sales take 66, of which 50 are made at home. */
static void sales_beyond_output_are_imported(void **state) {
  tanlu_accounts old, a;
  parts p = {0};
  allocate(&old, 1, false, *state);
  old.flows[0] = 80;
  old.final_use[0] = 40;
  old.imports[0] = 20;
  old.output[0] = 100;
  old.value_added[0] = 20;
  add_part(&p, 0, 0.5, 0.55, *state);
  add_part(&p, 0, 0.5, 0.45, *state);
  assert_int_equal(split(&a, &old, &p, 0, NULL, *state), TANLU_OK);
  assert_close(a.imports[0], 16, 0);
  assert_close(a.imports[1], 4, 0);
  assert_close(a.flows[0], 22, 0);
  assert_close(a.flows[2], 22, 0);
  assert_close(a.final_use[1], 18, 0);
  assert_adds_up(&a, &old, &p, *state);
  tanlu_accounts_clear(&a);
  p.sales[0] = 0.7; /* leaves 36 of sales for an output of 50 */
  p.sales[1] = 0.3;
  assert_int_equal(split(&a, &old, &p, 0, NULL, *state), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(*state, "sector 'p2': a share of 0.3 of the sales of 's1' and 0.5 of its output "
                                             "leave imports of -14; expected sales of at least 0.416667"));
  tanlu_accounts_clear(&a);
  tanlu_labels_clear(&p.sector);
  tanlu_accounts_clear(&old);
}

/* Random tables, of both treatments, split at random: adding up gives them back, and known cells stay. */
static void random_splits_add_up(void **state) {
  for (uint32_t stream = 0; stream < 40; stream++) {
    const bool origin = stream % 3 == 2;
    const size_t n = 4 + stream % 5;
    tanlu_accounts old, a;
    tanlu_known_cell cell[8];
    parts p = {0};
    size_t cells = 0;
    uint32_t k = 200000;
    at_random(&old, n, origin, stream + 500, *state);
    for (size_t i = 0; i < n; i++) {
      const size_t count = i % 2 == 1 ? 1 : 2 + i % 3;
      double sum = 0.0, weight[4];
      for (size_t q = 0; q < count; q++) sum += weight[q] = 0.2 + uniform(stream, &k);
      /* sales as output but for a little between the first two */
      const double move = count > 1 && old.imports[i] > 0.02 * old.output[i] ? 0.005 * weight[0] / sum : 0.0;
      for (size_t q = 0; q < count; q++) {
        const double share = weight[q] / sum;
        add_part(&p, i, share, share + (q == 0 ? move : q == 1 ? -move : 0.0), *state);
      }
    }
    assert_int_equal(split(&a, &old, &p, 0, NULL, *state), TANLU_OK);
    assert_adds_up(&a, &old, &p, *state);
    for (size_t q = 0; q < 8 && !origin; q++) { /* within a fifth of what shares give, so that a balance exists */
      cell[cells] = (tanlu_known_cell){.row = (3 * q + stream) % p.to, .column = (5 * q + 1) % p.to};
      cell[cells].value = a.flows[cell[cells].column * p.to + cell[cells].row] * (0.8 + 0.4 * uniform(stream, &k));
      bool again = old.n == p.to || (p.output[cell[cells].row] == 1.0 && p.output[cell[cells].column] == 1.0);
      for (size_t r = 0; r < cells; r++) {
        again = again || (cell[r].row == cell[cells].row && cell[r].column == cell[cells].column);
      }
      cells += !again;
    }
    tanlu_accounts_clear(&a);
    assert_int_equal(split(&a, &old, &p, cells, cell, *state), TANLU_OK);
    assert_adds_up(&a, &old, &p, *state);
    for (size_t q = 0; q < cells; q++) assert_true(a.flows[cell[q].column * p.to + cell[q].row] == cell[q].value);
    tanlu_accounts_clear(&a);
    tanlu_labels_clear(&p.sector);
    tanlu_accounts_clear(&old);
  }
}

static void expect_refused(const tanlu_accounts *old, const parts *p, tanlu_known_cell known, const char *message,
                           tanlu_context *context) {
  tanlu_accounts a;
  tanlu_context_clear(context);
  assert_int_equal(split(&a, old, p, 1, &known, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(context, message));
  tanlu_accounts_clear(&a);
}

static void wrong_cells_are_refused(void **state) {
  tanlu_accounts old, origin;
  parts p = {0};
  by_hand(&old, *state);
  at_random(&origin, 3, true, 1, *state);
  add_part(&p, 0, 0.25, 0.25, *state);
  add_part(&p, 0, 0.75, 0.75, *state);
  add_part(&p, 1, 1, 1, *state);
  add_part(&p, 2, 1, 1, *state);
  expect_refused(&old, &p, (tanlu_known_cell){2, 3, 1}, "'p3', 'p4': neither sector comes of one that is split",
                 *state);
  expect_refused(&old, &p, (tanlu_known_cell){0, 2, -1}, "'p1', 'p3' is -1; expected at least 0", *state);
  expect_refused(&old, &p, (tanlu_known_cell){0, 0, 11}, "add up to 11; expected at most 10, what 's1' uses of itself",
                 *state);
  expect_refused(&old, &p, (tanlu_known_cell){0, 2, 21},
                 "what 's1' is split into sells to 'p3' adds up to 21; expected at most 20", *state);
  expect_refused(&old, &p, (tanlu_known_cell){2, 1, 6}, "buys of 'p3' adds up to 6; expected at most 5", *state);
  expect_refused(&old, &p, (tanlu_known_cell){0, 3, 28}, "the sales of what 's1' is split into cannot be balanced",
                 *state); /* the quarter makes 25 */
  expect_refused(&origin, &p, (tanlu_known_cell){0, 0, 1}, "do not go with a table whose imports are split", *state);
  tanlu_labels_clear(&p.sector);
  tanlu_accounts_clear(&old);
  tanlu_accounts_clear(&origin);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(three_sectors_become_two, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_sector_goes_into_two, set_up, tear_down),
      cmocka_unit_test_setup_teardown(random_tables_keep_their_sums, set_up, tear_down),
      cmocka_unit_test_setup_teardown(wrong_weights_name_their_sector, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_sector_becomes_two, set_up, tear_down),
      cmocka_unit_test_setup_teardown(sales_beyond_output_are_imported, set_up, tear_down),
      cmocka_unit_test_setup_teardown(random_splits_add_up, set_up, tear_down),
      cmocka_unit_test_setup_teardown(wrong_cells_are_refused, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
