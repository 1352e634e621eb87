#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/power.h"
#include "model/region_drivers.h"
#include "solvers/memory.h"
#include "solvers/ras.h"

static const tanlu_ras_options options = {.tolerance = 1e-12, .most = 100000};
static const double anywhere = 1e-3; /* of a share that may stand in any region */

typedef struct {
  const tanlu_dataset *nation;
  tanlu_dataset *const *region;
  size_t regions, technologies;
  double *generation; /* regions: of the base year, TJ */
  double *seed;       /* regions x technologies, column-major: TJ */
} work;

static double base(const work *w, size_t r, size_t k) {
  return w->generation[r] * tanlu_power_base_share(w->region[r], k);
}

/* A technology that the nation has not: where its like stands, otherwise by all that is generated. */
static double begins(const work *w, size_t r, size_t k) {
  const size_t like = w->nation->power.like[k];
  return like != TANLU_NONE && tanlu_power_base_share(w->nation, like) > 0.0 ? base(w, r, like) : w->generation[r];
}

static bool stands_widely(const work *w, size_t k) {
  size_t regions = 0;
  for (size_t r = 0; r < w->regions; r++) regions += base(w, r, k) > 0.0;
  return w->nation->power.variable[k] && 3 * regions >= 2 * w->regions;
}

static void find_seeds(work *w) {
  double all = 0.0;
  for (size_t r = 0; r < w->regions; r++) all += w->generation[r] = tanlu_power_base_generation(w->region[r]);
  for (size_t k = 0; k < w->technologies; k++) {
    double sum = 0.0;
    const bool widely = stands_widely(w, k);
    for (size_t r = 0; r < w->regions; r++) sum += base(w, r, k);
    for (size_t r = 0; r < w->regions; r++) {
      double *seed = &w->seed[k * w->regions + r];
      *seed = sum > 0.0 ? base(w, r, k) : begins(w, r, k);
      if (widely && *seed == 0.0) *seed = anywhere * sum * w->generation[r] / all;
    }
  }
}

/* One year: generation by region and technology into `matrix`. */
static tanlu_status share_year(const work *w, const double *nation, int year, double *matrix, double *columns,
                               tanlu_context *context) {
  double all = 0.0, sum = 0.0;
  for (size_t r = 0; r < w->regions; r++) all += w->generation[r];
  for (size_t k = 0; k < w->technologies; k++) sum += nation[k];
  for (size_t k = 0; k < w->technologies; k++) {
    columns[k] = all * nation[k] / sum;
    for (size_t r = 0; r < w->regions; r++) {
      matrix[k * w->regions + r] = columns[k] > 0.0 ? w->seed[k * w->regions + r] : 0.0;
    }
  }
  tanlu_context *inner = tanlu_context_create();
  if (inner == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  const tanlu_status status = tanlu_ras(w->regions, w->technologies, matrix, w->generation, columns, NULL,
                                        (const char *const *)w->nation->power.technology.code, &options, NULL, inner);
  if (status != TANLU_OK) {
    (void)tanlu_fail(context, status, "year %d: the power mixes of regions cannot make up the nation's: %s", year,
                     tanlu_context_count(inner) > 0 ? tanlu_context_message(inner, 0) : "no solution");
  }
  tanlu_context_free(&inner);
  return status;
}

tanlu_status tanlu_region_power_mixes(double *mix, const tanlu_drivers *nation, const tanlu_dataset *nation_dataset,
                                      tanlu_dataset *const *region, size_t regions, tanlu_context *context) {
  const size_t technologies = nation_dataset->power.technology.count, years = nation->years;
  work w = {.nation = nation_dataset, .region = region, .regions = regions, .technologies = technologies};
  double *matrix = tanlu_allocate_doubles(context, regions, technologies);
  double *columns = tanlu_allocate_doubles(context, technologies, 1);
  w.generation = tanlu_allocate_doubles(context, regions, 1);
  w.seed = tanlu_allocate_doubles(context, regions, technologies);
  tanlu_status status =
      matrix != NULL && columns != NULL && w.generation != NULL && w.seed != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) find_seeds(&w);
  for (size_t t = 0; status == TANLU_OK && t < years; t++) {
    const double *now = nation->value[TANLU_DRIVER_POWER_MIX] + t * technologies;
    status = share_year(&w, now, nation->from + (int)t, matrix, columns, context);
    for (size_t r = 0; status == TANLU_OK && r < regions; r++) {
      double sum = 0.0;
      for (size_t k = 0; k < technologies; k++) sum += matrix[k * regions + r];
      for (size_t k = 0; k < technologies; k++) mix[(r * years + t) * technologies + k] = matrix[k * regions + r] / sum;
    }
  }
  double *const owned[] = {matrix, columns, w.generation, w.seed};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  return status;
}
