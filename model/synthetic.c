/* Tables of regions and sectors from a seed.
 *
 *     a_(p,i),(q,j) = c t_ij v_q,ij g_pq,i s_(q,j) / column sum
 * t recipes common to all regions (few large entries, many small ones), v their variation by region, g_pq,i the share of
 * region p in q's use of product i by gravity: size of p in i over distance to the power 1.5, own region at a third of the
 * mean distance; s the share of inputs in output, 0.75 to 1.25 of the radius; c brings the spectral radius to its value. */
#include "model/synthetic.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/leontief.h"
#include "solvers/memory.h"

/* One stream of random numbers a use. */
enum {
  STREAM_X,
  STREAM_Y,
  STREAM_SIZE,
  STREAM_RECIPE,
  STREAM_VARIATION,
  STREAM_KEEP,
  STREAM_INPUTS,
  STREAM_DEMAND,
  STREAM_ZERO,
  STREAM_RADIUS
};

static const double decay = 1.5;            /* of trade with distance */
static const double own_distance = 1.0 / 6; /* a third of the mean distance on the unit square, about 0.52 */

/* The finalizer of a 64-bit hash: xor-shifts and odd multipliers, so that every input bit reaches every output bit. */
static uint64_t mix(uint64_t h) {
  h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93u;
  h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93u;
  return h ^ (h >> 32);
}

double tanlu_synthetic_uniform(uint64_t seed, uint64_t stream, uint64_t index) {
  const uint64_t key = mix(seed + 0x9e3779b97f4a7c15u * (stream + 1));
  return (double)(mix(key + 0x9e3779b97f4a7c15u * (index + 1)) >> 11) * 0x1p-53;
}

void tanlu_synthetic_free(tanlu_synthetic **table) {
  if (!table || !*table) return;
  free((*table)->a);
  free((*table)->final_demand);
  free((*table)->output);
  free((*table)->value_added);
  free((*table)->position[0]);
  free((*table)->position[1]);
  free(*table);
  *table = NULL;
}

static tanlu_status check_options(const tanlu_synthetic_options *o, tanlu_context *context) {
  enum { LARGEST = 40000 }; /* A would take 12.8 GB */
  if (o->regions == 0 || o->sectors == 0 || o->regions > LARGEST || o->sectors > LARGEST / o->regions)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%zu regions of %zu sectors; expected 1 to %d rows in all", o->regions,
                      o->sectors, LARGEST);
  if (!(o->density > 0 && o->density <= 1))
    return tanlu_fail(context, TANLU_ERR_INPUT, "a density of %g; expected more than 0, at most 1", o->density);
  if (o->radius != 0 && !(o->radius >= 0.1 && o->radius <= 0.75))
    return tanlu_fail(context, TANLU_ERR_INPUT, "a spectral radius of %g; expected 0.1 to 0.75", o->radius);
  if (o->zero >= o->regions * o->sectors)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%zu sectors without output of %zu", o->zero, o->regions * o->sectors);
  return TANLU_OK;
}

/* share: regions x regions x sectors, [(i regions + q) regions + p]: of region p in q's use of product i. */
static void trade_shares(const tanlu_synthetic *table, const tanlu_synthetic_options *o, double *share) {
  const size_t regions = o->regions;
  for (size_t i = 0; i < o->sectors; i++)
    for (size_t q = 0; q < regions; q++) {
      double *column = share + (i * regions + q) * regions, sum = 0;
      for (size_t p = 0; p < regions; p++) {
        const double size = exp(2 * tanlu_synthetic_uniform(o->seed, STREAM_SIZE, p * o->sectors + i) - 1);
        const double distance =
            hypot(table->position[0][p] - table->position[0][q], table->position[1][p] - table->position[1][q]);
        sum += column[p] = size * pow(own_distance + distance, -decay) * (p == q ? 4 : 1); /* homes are preferred */
      }
      for (size_t p = 0; p < regions; p++) column[p] /= sum;
    }
}

static void fill_coefficients(tanlu_synthetic *table, const tanlu_synthetic_options *o, const double *share,
                              const double *recipe, const unsigned char *idle, double radius) {
  const size_t n = table->n, sectors = o->sectors, regions = o->regions;
  for (size_t column = 0; column < n; column++) {
    if (idle[column]) continue;
    const size_t q = column / sectors, j = column % sectors;
    double *a = table->a + column * n, sum = 0;
    for (size_t i = 0; i < sectors; i++) {
      const double variation = 0.7 + 0.6 * tanlu_synthetic_uniform(o->seed, STREAM_VARIATION, column * sectors + i);
      for (size_t p = 0; p < regions; p++) {
        const size_t row = p * sectors + i;
        const bool kept = row == column || o->density >= 1 ||
                          tanlu_synthetic_uniform(o->seed, STREAM_KEEP, column * n + row) < o->density;
        if (!kept || idle[row]) continue;
        sum += a[row] = recipe[j * sectors + i] * variation * share[(i * regions + q) * regions + p];
      }
    }
    const double inputs = radius * (0.75 + 0.5 * tanlu_synthetic_uniform(o->seed, STREAM_INPUTS, column));
    for (size_t row = 0; row < n; row++) a[row] *= inputs / sum;
  }
}

/* Distinct sectors without output, drawn one by one. */
static void choose_idle(const tanlu_synthetic_options *o, size_t n, unsigned char *idle) {
  size_t chosen = 0;
  for (uint64_t index = 0; chosen < o->zero; index++) {
    const size_t k = (size_t)(tanlu_synthetic_uniform(o->seed, STREAM_ZERO, index) * (double)n);
    chosen += !idle[k];
    idle[k] = 1;
  }
}

/* Brings A to the spectral radius; its columns then must leave value added. */
static tanlu_status scale_to_radius(tanlu_synthetic *table, double radius, tanlu_context *context) {
  const size_t n = table->n;
  double found = 0, largest = 0;
  const tanlu_status status = tanlu_spectral_radius(table->a, n, 1e-10, &found, NULL, context);
  if (status != TANLU_OK) return status;
  if (!(found > 0)) return tanlu_fail(context, TANLU_ERR_INTERNAL, "a synthetic table without flows");
  for (size_t j = 0; j < n; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += table->a[j * n + i] *= radius / found;
    largest = fmax(largest, sum);
  }
  table->radius = radius;
  return largest < 0.995 ? TANLU_OK
                         : tanlu_fail(context, TANLU_ERR_MODEL,
                                      "inputs of a synthetic sector take %.3g of its output at a spectral radius of %g",
                                      largest, radius);
}

/* Output from final demand, value added from output. */
static tanlu_status close_accounts(tanlu_synthetic *table, const tanlu_synthetic_options *o, const unsigned char *idle,
                                   tanlu_context *context) {
  const size_t n = table->n;
  tanlu_leontief *solver = NULL;
  tanlu_status status = tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, n, context);
  for (size_t i = 0; i < n; i++) {
    const double draw = tanlu_synthetic_uniform(o->seed, STREAM_DEMAND, i);
    table->final_demand[i] = table->output[i] = idle[i] ? 0 : 1e5 * exp(5 * draw);
  }
  if (status == TANLU_OK) status = tanlu_leontief_factor(solver, table->a, n, NULL, context);
  if (status == TANLU_OK) status = tanlu_leontief_solve(solver, table->output, n, 1, context);
  tanlu_leontief_free(&solver);
  for (size_t j = 0; status == TANLU_OK && j < n; j++) {
    double inputs = 0;
    for (size_t i = 0; i < n; i++) inputs += table->a[j * n + i];
    if (idle[j]) table->output[j] = 0;
    table->value_added[j] = table->output[j] * (1 - inputs);
  }
  return status;
}

static tanlu_status build(tanlu_synthetic *table, const tanlu_synthetic_options *o, double *share, double *recipe,
                          unsigned char *idle, tanlu_context *context) {
  for (size_t r = 0; r < o->regions; r++) {
    table->position[0][r] = tanlu_synthetic_uniform(o->seed, STREAM_X, r);
    table->position[1][r] = tanlu_synthetic_uniform(o->seed, STREAM_Y, r);
  }
  for (size_t k = 0; k < o->sectors * o->sectors; k++)
    recipe[k] = 1e-4 + pow(tanlu_synthetic_uniform(o->seed, STREAM_RECIPE, k), 6);
  choose_idle(o, table->n, idle);
  trade_shares(table, o, share);
  const double radius = o->radius != 0 ? o->radius : 0.55 + 0.15 * tanlu_synthetic_uniform(o->seed, STREAM_RADIUS, 0);
  fill_coefficients(table, o, share, recipe, idle, radius);
  const tanlu_status status = scale_to_radius(table, radius, context);
  return status == TANLU_OK ? close_accounts(table, o, idle, context) : status;
}

tanlu_status tanlu_synthetic_create(tanlu_synthetic **table, const tanlu_synthetic_options *options,
                                    tanlu_context *context) {
  *table = NULL;
  tanlu_status status = check_options(options, context);
  if (status != TANLU_OK) return status;
  const size_t n = options->regions * options->sectors, regions = options->regions, sectors = options->sectors;
  tanlu_synthetic *made = tanlu_allocate(context, 1, sizeof *made);
  double *share = tanlu_allocate_doubles(context, regions * regions, sectors);
  double *recipe = tanlu_allocate_doubles(context, sectors, sectors);
  unsigned char *idle = tanlu_allocate(context, n, 1);
  status = TANLU_ERR_MEMORY;
  if (!made || !share || !recipe || !idle) goto cleanup;
  made->n = n;
  if (!(made->a = tanlu_allocate_doubles(context, n, n))) goto cleanup;
  if (!(made->final_demand = tanlu_allocate_doubles(context, n, 1))) goto cleanup;
  if (!(made->output = tanlu_allocate_doubles(context, n, 1))) goto cleanup;
  if (!(made->value_added = tanlu_allocate_doubles(context, n, 1))) goto cleanup;
  for (size_t k = 0; k < 2; k++)
    if (!(made->position[k] = tanlu_allocate_doubles(context, regions, 1))) goto cleanup;
  status = build(made, options, share, recipe, idle, context);
cleanup:
  free(share);
  free(recipe);
  free(idle);
  if (status != TANLU_OK) tanlu_synthetic_free(&made);
  *table = made;
  return status;
}
