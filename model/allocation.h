/* Branch statistics to sectors: the override table first, then purchases, then output. */
#ifndef TANLU_MODEL_ALLOCATION_H
#define TANLU_MODEL_ALLOCATION_H

#include "model/dataset.h"

/* Share of each sector in a branch's use of a carrier: share is n, sums to 1, 0 outside the branch. */
tanlu_status tanlu_allocate_branch(const tanlu_dataset *dataset, size_t branch, size_t carrier, double *share,
                                   tanlu_context *context);

/* National non-energy use of a carrier over the branches: what is known of a branch, up to its use; of what is left, ranks 1, 2,
 * ... are filled up to their use, rank 0 shares the rest. amount: branches, TJ. */
void tanlu_allocate_non_energy(const tanlu_dataset *dataset, size_t carrier, double *amount);

#endif
