/* Projection: from a dataset and drivers to output, energy, power and emissions of every year. */
#ifndef TANLU_MODEL_PROJECTION_H
#define TANLU_MODEL_PROJECTION_H

#include "model/dataset.h"
#include "model/drivers.h"
#include "model/fields.h"
#include "solvers/leontief.h"

/* Everything derived once from a dataset (technology, allocated energy, calibrated power) and shared by all scenarios. */
typedef struct tanlu_model tanlu_model;
tanlu_status tanlu_model_create(tanlu_model **model, const tanlu_dataset *dataset, tanlu_context *context);
void tanlu_model_free(tanlu_model **model);

typedef struct {
  double spectral_radius, condition;                 /* of A_d: largest eigenvalue; 1-norm condition of I - A_d */
  double gdp;                                        /* value added, 10^4 CNY */
  double worst_row, worst_column;                    /* relative gap of the table's identities */
  double worst_allocation;                           /* relative gap of sectors against branch totals */
  double primary_coal_equivalent, primary_calorific; /* TJ */
  double nonfossil_share, coal_share;
  double generation, final_electricity;                    /* TJ */
  double co2_combustion, co2_process, co2_if_never_stored; /* t */
} tanlu_model_facts;
tanlu_model_facts tanlu_model_facts_of(const tanlu_model *model);
/* Base-year combustion CO2 by policy group (last entry: households) and carrier class, t: (groups + 1) x classes. */
tanlu_status tanlu_model_base_co2(const tanlu_model *model, double *co2);

/* Called after every year with the number of years done; return non-zero to stop (TANLU_INTERRUPTED). May be NULL. */
typedef int (*tanlu_progress)(void *user, size_t years_done);

/* Project one scenario. `name` is used in messages. Errors: TANLU_ERR_MODEL naming scenario, year and the cause. */
tanlu_status tanlu_project(const tanlu_model *model, const tanlu_drivers *drivers, const char *name,
                           tanlu_projection *projection, tanlu_progress progress, void *user, tanlu_context *context);

#endif
