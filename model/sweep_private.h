/* Blocks of a sweep, shared by its engine and its queue. */
#ifndef TANLU_MODEL_SWEEP_PRIVATE_H
#define TANLU_MODEL_SWEEP_PRIVATE_H

#include "model/sweep.h"

tanlu_status tanlu_sweep_block_create(tanlu_sweep_block *block, const tanlu_sweep_shape *shape, tanlu_context *context);
/* Give the block its place among the samples and forget what it held. */
void tanlu_sweep_block_place(tanlu_sweep_block *block, size_t samples, size_t index);
size_t tanlu_sweep_block_packed_index(const double *packed);
/* All but its place. */
void tanlu_sweep_block_unpack(tanlu_sweep_block *block, const tanlu_sweep_shape *shape, const double *packed);

/* ---- samples with regions (model/sweep_regional.c) ---- */

/* Memory of one thread. */
typedef struct {
  size_t regions;
  tanlu_regional_projector *projector;
  tanlu_projection **projection; /* regions: of the sample at hand */
} tanlu_sweep_regional;
/* Fields that are wanted of a region. */
tanlu_status tanlu_sweep_regional_create(tanlu_sweep_regional **regional, const tanlu_sweep_plan *plan,
                                         unsigned long fields, tanlu_context *context);
void tanlu_sweep_regional_free(tanlu_sweep_regional **regional);
/* One sample, into `nation` and the projections of the regions. */
tanlu_status tanlu_sweep_regional_project(tanlu_sweep_regional *regional, const tanlu_sweep_plan *plan,
                                          const tanlu_sweep_drawn *drawn, tanlu_projection *nation,
                                          tanlu_context *context);

#endif
