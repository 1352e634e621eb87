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

#endif
