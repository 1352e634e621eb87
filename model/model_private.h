/* The parts of a tanlu_model, and the solved years of a scenario for who needs more than a projection records. */
#ifndef TANLU_MODEL_MODEL_PRIVATE_H
#define TANLU_MODEL_MODEL_PRIVATE_H

#include "model/energy_year.h"
#include "model/measures.h"
#include "model/projection.h"
#include "model/record.h"
#include "model/technology.h"

struct tanlu_model {
  const tanlu_dataset *dataset;
  tanlu_system *system;
  tanlu_technology *technology;
  tanlu_measures *measures;
  double *base_co2; /* (groups + 1) x classes: combustion, t */
  tanlu_model_facts facts;
};

/* The model of a region (model/region_datasets.h): what it lacks is as in its nation (NULL: the dataset is a nation's). */
tanlu_status tanlu_model_create_region(tanlu_model **model, const tanlu_dataset *dataset, const tanlu_model *nation,
                                       tanlu_context *context);

/* Called with every year once it is solved and recorded, the same in all lanes; what it does not return TANLU_OK for ends the
 * projection with that status. */
typedef tanlu_status (*tanlu_year_seen)(void *user, const tanlu_solved_year *year, size_t t, tanlu_context *context);
/* tanlu_project with this memory, year by year. */
tanlu_status tanlu_projector_visit(tanlu_projector *projector, const tanlu_drivers *drivers, const char *name,
                                   tanlu_projection *projection, tanlu_year_seen seen, void *user,
                                   tanlu_context *context);

#endif
