/* Sensitivity indices while a sweep runs: of one output, the first indicator in the last year that is kept, over the base
 * samples or trajectories that are complete. Holds one number a sample for the first 2^20 samples of the sweep; what comes
 * after them no longer changes what is said. */
#ifndef TANLU_OUTPUTS_SWEEP_PROVISIONAL_H
#define TANLU_OUTPUTS_SWEEP_PROVISIONAL_H

#include "outputs/sweep_store.h"

typedef struct tanlu_sweep_provisional tanlu_sweep_provisional;

/* *provisional is NULL, which all functions accept, where the design has no indices: it is neither saltelli nor morris. */
tanlu_status tanlu_sweep_provisional_create(tanlu_sweep_provisional **provisional,
                                            const tanlu_sweep_description *description, tanlu_context *context);
void tanlu_sweep_provisional_free(tanlu_sweep_provisional **provisional);
/* Samples of an earlier run, where the file keeps them. */
tanlu_status tanlu_sweep_provisional_read(tanlu_sweep_provisional *provisional, const tanlu_sweep_store *store,
                                          tanlu_context *context);
void tanlu_sweep_provisional_add(tanlu_sweep_provisional *provisional, const tanlu_sweep_block *block);
/* "co2_net.2060 after 52 base samples, total (first): growth 0.61 (0.58), ...": the three largest. False, and no text, while
 * there is too little for any index. */
bool tanlu_sweep_provisional_text(const tanlu_sweep_provisional *provisional, char *text, size_t size);

#endif
