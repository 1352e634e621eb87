/* One file of a sweep that several MPI processes (ranks) write at the same time, through parallel HDF5.
 *
 * Rank 0 has made the file with its axes and texts, and keeps flags and statistics (outputs/sweep_store.h). The other variables are
 * contiguous and have their room, so that each rank writes the rows of its blocks to their place as soon as they are done, whatever
 * the others do (independent transfers: who computes how many blocks is not known before), and sums the statistics of its own.
 * Now and then all settle: what was written goes to the disk, statistics, whole numbers, go up a tree of ranks to rank 0, and rank 0
 * makes the blocks done, all at once. A run that is killed loses what came after that.
 *
 * Functions are called by the thread that may call MPI; those that say so by all ranks, in the same order. */
#ifndef TANLU_OUTPUTS_MPI_SWEEP_H
#define TANLU_OUTPUTS_MPI_SWEEP_H

#include <mpi.h>

#include "outputs/sweep_store.h"

typedef struct tanlu_sweep_shared tanlu_sweep_shared;

bool tanlu_sweep_shared_available(void); /* false: this program was built with serial HDF5 */

/* By all. store: of rank 0, borrowed; NULL elsewhere. Errors: TANLU_ERR_IO where HDF5 or the file system cannot, memory; a rank
 * that has failed has nothing to close. */
tanlu_status tanlu_sweep_shared_open(tanlu_sweep_shared **shared, MPI_Comm ranks, const char *path,
                                     const tanlu_sweep_description *description, tanlu_sweep_store *store,
                                     tanlu_context *context);
/* A block of this rank. */
tanlu_status tanlu_sweep_shared_write(tanlu_sweep_shared *shared, const tanlu_sweep_block *block,
                                      tanlu_context *context);
/* By all: blocks written so far become done. Rank 0: TANLU_ERR_IO when one of the ranks could not bring its part to the disk; then
 * none are done, now or later. Other ranks: their own part of that. */
tanlu_status tanlu_sweep_shared_settle(tanlu_sweep_shared *shared, tanlu_context *context);
/* By all. */
void tanlu_sweep_shared_close(tanlu_sweep_shared **shared);

#endif
