#include "solvers/iman_conover.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/copula.h"
#include "solvers/memory.h"

typedef struct {
  double score;
  uint32_t sample;
} scored;

static int by_score(const void *a, const void *b) {
  const scored *x = a, *y = b;
  if (x->score != y->score) return x->score < y->score ? -1 : 1;
  return x->sample < y->sample ? -1 : x->sample > y->sample;
}

/* The scores have mean 0 and all the same variance, being permutations of each other. */
static void correlate(size_t samples, size_t dimensions, const double *score, double *correlation) {
  double square = 0.0;
  for (size_t n = 0; n < samples; n++) square += score[n] * score[n];
  for (size_t i = 0; i < dimensions; i++) {
    correlation[i * dimensions + i] = 1.0;
    for (size_t j = 0; j < i; j++) {
      double sum = 0.0;
      for (size_t n = 0; n < samples; n++) sum += score[i * samples + n] * score[j * samples + n];
      correlation[i * dimensions + j] = correlation[j * dimensions + i] = sum / square;
    }
  }
}

/* One sample: y = Q^-1 m, t = P y. */
static void transform(size_t dimensions, const double *q, const double *p, double *row) {
  for (size_t i = 0; i < dimensions; i++) {
    for (size_t j = 0; j < i; j++) row[i] -= q[i * dimensions + j] * row[j];
    row[i] /= q[i * dimensions + i];
  }
  for (size_t i = dimensions; i-- > 0;) {
    row[i] *= p[i * dimensions + i];
    for (size_t j = 0; j < i; j++) row[i] += p[i * dimensions + j] * row[j];
  }
}

/* Scores of all samples become those with the correlation asked for. */
static tanlu_status transform_all(size_t samples, size_t dimensions, double *score, const double *correlation,
                                  tanlu_context *context) {
  double *reached = tanlu_allocate_doubles(context, dimensions, dimensions);
  double *row = tanlu_allocate_doubles(context, dimensions, 1);
  tanlu_copula *wanted = NULL, *own = NULL;
  tanlu_status status = reached && row ? TANLU_OK : TANLU_ERR_MEMORY;
  if (!status) status = tanlu_copula_create(&wanted, dimensions, correlation, NULL, context);
  if (!status) {
    correlate(samples, dimensions, score, reached);
    status = tanlu_copula_create(&own, dimensions, reached, NULL, NULL);
    if (status == TANLU_ERR_INPUT)
      tanlu_fail(context, status, "%zu samples are too few to correlate %zu dimensions", samples, dimensions);
    else if (status == TANLU_ERR_MEMORY)
      tanlu_fail(context, status, "out of memory: no room for the correlation of %zu dimensions", dimensions);
  }
  for (size_t n = 0; !status && n < samples; n++) {
    for (size_t i = 0; i < dimensions; i++) row[i] = score[i * samples + n];
    transform(dimensions, tanlu_copula_factor(own), tanlu_copula_factor(wanted), row);
    for (size_t i = 0; i < dimensions; i++) score[i * samples + n] = row[i];
  }
  tanlu_copula_free(&wanted);
  tanlu_copula_free(&own);
  free(reached);
  free(row);
  return status;
}

tanlu_status tanlu_iman_conover(size_t samples, size_t dimensions, uint32_t *rank, const double *correlation,
                                tanlu_context *context) {
  double *score = tanlu_allocate_doubles(context, dimensions, samples);
  scored *order = tanlu_allocate(context, samples, sizeof *order);
  tanlu_status status = score && order ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t i = 0; !status && i < dimensions * samples; i++) {
    score[i] = gsl_cdf_ugaussian_Pinv(((double)rank[i] + 1.0) / ((double)samples + 1.0));
  }
  if (!status) status = transform_all(samples, dimensions, score, correlation, context);
  for (size_t i = 1; !status && i < dimensions; i++) {
    for (size_t n = 0; n < samples; n++) order[n] = (scored){score[i * samples + n], (uint32_t)n};
    qsort(order, samples, sizeof *order, by_score);
    for (size_t n = 0; n < samples; n++) rank[i * samples + order[n].sample] = (uint32_t)n;
  }
  free(score);
  free(order);
  return status;
}
