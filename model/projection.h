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

/* ---- many scenarios ---------------------------------------------------------------------------------------------------- */

/* Memory to project up to `width` (at most TANLU_LANES_MAX) scenarios in step that have the same structure targets. One
 * thread at a time. */
typedef struct tanlu_projector tanlu_projector;
tanlu_status tanlu_projector_create(tanlu_projector **projector, const tanlu_model *model, const tanlu_drivers *drivers,
                                    size_t width, tanlu_context *context);
void tanlu_projector_free(tanlu_projector **projector);
/* tanlu_project with this memory. */
tanlu_status tanlu_projector_one(tanlu_projector *projector, const tanlu_drivers *drivers, const char *name,
                                 tanlu_projection *projection, tanlu_progress progress, void *user,
                                 tanlu_context *context);

/* The path of one scenario as a centre for others near it: years x (n + unknowns)^2 single-precision numbers. Errors as those of
 * tanlu_project. Read-only once created: threads share it. */
typedef struct tanlu_centres tanlu_centres;
tanlu_status tanlu_centres_create(tanlu_centres **centres, const tanlu_model *model, const tanlu_drivers *drivers,
                                  const char *name, tanlu_context *context);
void tanlu_centres_free(tanlu_centres **centres);

/* Project `count` scenarios around a centre with the years and targets of its drivers (NULL: each on its own); their number
 * and order do not matter to any of them. One that leaves the neighbourhood of the centre is projected again on its own.
 * projection, status, context: count. */
void tanlu_projector_many(tanlu_projector *projector, const tanlu_centres *centres, size_t count,
                          const tanlu_drivers *const *drivers, const char *name, tanlu_projection *const *projection,
                          tanlu_status *status, tanlu_context *const *context);

#endif
