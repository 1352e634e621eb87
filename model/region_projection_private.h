/* Private to model/regional_model.c and what projects with it. */
#ifndef TANLU_MODEL_REGION_PROJECTION_PRIVATE_H
#define TANLU_MODEL_REGION_PROJECTION_PRIVATE_H

#include "model/model_private.h"
#include "model/region_projection.h"

struct tanlu_regional_model {
  const tanlu_model *nation;
  const tanlu_region_datasets *datasets;
  size_t regions;
  tanlu_model **model;
};

/* Messages of `own` into `context`, with the name of the region before them. */
void tanlu_region_name_messages(tanlu_context *context, const tanlu_context *own, const char *region,
                                tanlu_status status);

#endif
