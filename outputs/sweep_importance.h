/* Which parameters of a sweep an output depends on, as its design allows (outputs/sensitivity.h says what of): numbers, from the
 * samples of a file. Nothing is written. */
#ifndef TANLU_OUTPUTS_SWEEP_IMPORTANCE_H
#define TANLU_OUTPUTS_SWEEP_IMPORTANCE_H

#include "outputs/result_file.h"
#include "solvers/estimators.h"

typedef enum { TANLU_BY_SOBOL, TANLU_BY_MORRIS, TANLU_BY_REGRESSION } tanlu_importance_method;

/* The samples of a file, opened for the analysis of one output after the other. */
typedef struct tanlu_sweep_importance tanlu_sweep_importance;

/* resamples, level: of bootstrap intervals. TANLU_ERR_INPUT for a shard of a saltelli or morris design, for a file without samples
 * or that is no sweep's. *importance is freed by the caller; it borrows the result. */
tanlu_status tanlu_sweep_importance_open(tanlu_sweep_importance **importance, tanlu_result *result, size_t resamples,
                                         double level, tanlu_context *context);
void tanlu_sweep_importance_free(tanlu_sweep_importance **importance);
tanlu_importance_method tanlu_sweep_importance_method(const tanlu_sweep_importance *importance);
bool tanlu_sweep_importance_pairs(const tanlu_sweep_importance *importance); /* are there second-order indices? */
bool tanlu_sweep_importance_finished(const tanlu_sweep_importance *importance);
size_t tanlu_sweep_importance_samples(const tanlu_sweep_importance *importance);
/* What numbers are of: parameters, whole simplexes or dimensions of them. */
const tanlu_labels *tanlu_sweep_importance_factors(const tanlu_sweep_importance *importance);

/* An output: a scalar, or an indicator in a year. */
typedef struct {
  char name[192]; /* "peak_year", "co2_net.2060", "guangdong.co2_net.2060" */
  const char *unit, *variable;
  size_t cell; /* of the variable */
} tanlu_sweep_output;

/* NAME of a scalar, NAME.YEAR of an indicator (REGION.NAME.YEAR of that of a region), or NAME in the last year. TANLU_ERR_INPUT with the nearest known one. */
tanlu_status tanlu_sweep_output_find(tanlu_sweep_output *output, tanlu_result *result, const char *name,
                                     tanlu_context *context);
/* The usual ones: four scalars and the indicators in the last year; all: every scalar, every indicator in every year. *output is
 * newly allocated. */
tanlu_status tanlu_sweep_outputs_list(tanlu_sweep_output **output, size_t *count, tanlu_result *result, bool all,
                                      tanlu_context *context);

typedef enum {
  TANLU_FINDING_NUMBERS,
  TANLU_FINDING_MISSING,  /* the output is missing in every sample */
  TANLU_FINDING_CONSTANT, /* it is the same in every one: least */
  TANLU_FINDING_TOO_FEW   /* no numbers for the reason given */
} tanlu_finding_kind;

/* What was found of an output. Arrays are NULL where the method has no such numbers. */
typedef struct {
  tanlu_finding_kind kind;
  char reason[256];
  size_t count;       /* samples that have it */
  double least, most; /* of them */
  uint64_t used;      /* base samples, trajectories or samples that the numbers are from */
  size_t factors,
      *order; /* factors from the largest number down: total, mu_star, size of the coefficient; those left out last */
  tanlu_estimate *first, *total,
      *second;          /* Sobol; second: pairs as of tanlu_sobol_indices, NULL where the design has none */
  tanlu_effect *effect; /* Morris */
  double *coefficient, *rank, explained; /* regression: standardised coefficients, partial rank correlations */
  bool *left_out;                        /* at whose expense the other members of its simplex go */
} tanlu_sweep_finding;

/* Cleared by the caller in any case. */
tanlu_status tanlu_sweep_importance_find(tanlu_sweep_finding *finding, tanlu_sweep_importance *importance,
                                         const tanlu_sweep_output *output, tanlu_context *context);
void tanlu_sweep_finding_clear(tanlu_sweep_finding *finding);
/* Samples of the output found last, NaN where it has none; of the importance. */
const double *tanlu_sweep_importance_values(const tanlu_sweep_importance *importance);

#endif
