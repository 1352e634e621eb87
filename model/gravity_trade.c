#include "model/gravity_trade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"
#include "solvers/ras.h"

/* Fractions of a flow; what regions trade in all is checked to 1e-8. */
static const tanlu_ras_options options = {.tolerance = 1e-12, .most = 100000};
static const double equal = 1e-9; /* totals of offers and wants */

static double total(const double *value, size_t n) {
  double sum = 0.0;
  for (size_t i = 0; i < n; i++) sum += value[i];
  return sum;
}

/* Offers scaled to the total of wants; an error where they differ by more than rounding. */
static tanlu_status scaled(const tanlu_gravity *g, const char *product, const double *offered, const double *wanted,
                           double *scaled_offers, double *sum, tanlu_context *context) {
  const double a = total(offered, g->regions), b = total(wanted, g->regions);
  *sum = b;
  if (!(fabs(a - b) <= equal * fmax(a, b))) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "trade of %s: %g are offered, %g are wanted; expected the same",
                      product, a, b);
  }
  for (size_t p = 0; p < g->regions; p++) scaled_offers[p] = a > 0.0 ? offered[p] * (b / a) : 0.0;
  return TANLU_OK;
}

/* The region that must trade with itself, TANLU_NONE for none: offers and wants beyond the total. */
static size_t dominant(size_t regions, const double *a, const double *b, double sum) {
  size_t found = TANLU_NONE;
  double most = sum * (1.0 - 1e-14);
  for (size_t p = 0; p < regions; p++) {
    if (a[p] + b[p] < most) continue;
    most = a[p] + b[p];
    found = p;
  }
  return found;
}

static double attraction(const tanlu_gravity *g, size_t p, size_t q) {
  return pow(g->distance[q * g->regions + p], -g->beta);
}

/* RAS of regions that have something to trade. */
static tanlu_status balance(const tanlu_gravity *g, const char *product, double *trade, const double *rows,
                            const double *columns, tanlu_context *context) {
  const char *const *const name = g->region != NULL ? (const char *const *)g->region->code : NULL;
  const tanlu_status status =
      tanlu_ras(g->regions, g->regions, trade, rows, columns, name, name, &options, NULL, context);
  return status == TANLU_OK ? status
                            : tanlu_fail(context, status, "trade of %s between regions cannot be balanced", product);
}

tanlu_status tanlu_gravity_trade(const tanlu_gravity *g, const char *product, const double *offered,
                                 const double *wanted, double *trade, tanlu_context *context) {
  const size_t regions = g->regions;
  double *a = tanlu_allocate_doubles(context, regions, 1), sum = 0.0;
  if (a == NULL) return TANLU_ERR_MEMORY;
  memset(trade, 0, regions * regions * sizeof *trade);
  tanlu_status status = scaled(g, product, offered, wanted, a, &sum, context);
  if (status != TANLU_OK || sum == 0.0) {
    free(a);
    return status;
  }
  const size_t d = dominant(regions, a, wanted, sum);
  if (d != TANLU_NONE) {
    for (size_t q = 0; q < regions; q++) {
      trade[q * regions + d] = wanted[q];
      trade[d * regions + q] = a[q];
    }
    trade[d * regions + d] = fmax(0.0, a[d] + wanted[d] - sum);
  } else {
    for (size_t q = 0; q < regions; q++) {
      for (size_t p = 0; p < regions; p++) {
        if (p != q) trade[q * regions + p] = a[p] / sum * wanted[q] * attraction(g, p, q);
      }
    }
    status = balance(g, product, trade, a, wanted, context);
  }
  free(a);
  return status;
}

/* Distance of a region to itself. */
static double own_distance(const tanlu_gravity *g, size_t p) {
  double nearest = HUGE_VAL;
  for (size_t q = 0; q < g->regions; q++) {
    if (q != p) nearest = fmin(nearest, g->distance[q * g->regions + p]);
  }
  return g->regions > 1 ? 0.5 * nearest : 1.0;
}

/* Spread `backing` of the total over all pairs. */
static void add_backing(const tanlu_gravity *g, double backing, const double *supply, const double *demand,
                        double *trade) {
  const size_t regions = g->regions;
  const double sum = total(trade, regions * regions);
  double weights = 0.0;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t q = 0; q < regions; q++) {
      for (size_t p = 0; p < regions; p++) {
        const double near = p == q ? pow(own_distance(g, p), -g->beta) : attraction(g, p, q);
        const double weight = supply[p] * demand[q] * near;
        if (pass == 0) {
          weights += weight;
        } else {
          trade[q * regions + p] += backing * sum * weight / weights;
        }
      }
    }
  }
}

tanlu_status tanlu_known_trade(const tanlu_gravity *g, const char *product, const double *known, double backing,
                               const double *supply, const double *demand, double *trade, double *moved,
                               tanlu_context *context) {
  const size_t cells = g->regions * g->regions;
  double *a = tanlu_allocate_doubles(context, g->regions, 1), sum = 0.0;
  if (a == NULL) return TANLU_ERR_MEMORY;
  memcpy(trade, known, cells * sizeof *trade);
  const double known_sum = total(known, cells);
  tanlu_status status = scaled(g, product, supply, demand, a, &sum, context);
  if (status == TANLU_OK && sum > 0.0 && !(known_sum > 0.0)) {
    status = tanlu_fail(context, TANLU_ERR_INPUT, "trade of %s: the known flows are all zero", product);
  }
  if (status == TANLU_OK && sum > 0.0) {
    if (backing > 0.0) add_backing(g, backing, a, demand, trade);
    status = balance(g, product, trade, a, demand, context);
  } else if (status == TANLU_OK) {
    memset(trade, 0, cells * sizeof *trade);
  }
  if (status == TANLU_OK && moved != NULL) {
    double difference = 0.0;
    for (size_t k = 0; k < cells && sum > 0.0; k++) difference += fabs(trade[k] / sum - known[k] / known_sum);
    *moved = 0.5 * difference;
  }
  free(a);
  return status;
}
