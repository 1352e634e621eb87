/* The queue of a sweep: which blocks are to be done, and what became of those that were given out.
 *
 * Blocks are given out in their order and written in their order; between the two at most `window` of them are under way, so
 * that a slow one keeps no thread from working and memory stays bounded. Workers of this process take blocks and bring them;
 * a transport does the same for workers elsewhere, on the thread that called tanlu_sweep_run (the only one that need ever
 * call MPI), and then that thread also writes. Without a transport who brings a block writes what is next.
 *
 * All functions may be called by several threads at a time, except tanlu_sweep_queue_write and _put: the transport's alone. */
#ifndef TANLU_MODEL_SWEEP_QUEUE_H
#define TANLU_MODEL_SWEEP_QUEUE_H

#include "model/sweep.h"

typedef enum { TANLU_QUEUE_GIVEN, TANLU_QUEUE_LATER, TANLU_QUEUE_ENDED } tanlu_queue_answer;

/* ---- for a transport ---- */

/* The next block to do: ENDED after the last one, a signal or an error, LATER while too many are under way or none is known. */
tanlu_queue_answer tanlu_sweep_queue_next(tanlu_sweep_queue *queue, size_t *block);
/* A block that was done elsewhere, packed (tanlu_sweep_block_pack; with the shape tanlu_sweep_brief where blocks are kept there).
 * Errors: memory; TANLU_ERR_INTERNAL when it was not
 * given out. */
tanlu_status tanlu_sweep_queue_put(tanlu_sweep_queue *queue, const double *packed, tanlu_context *context);
/* Write the next block if it is there; true when one was written. Errors end the queue. */
bool tanlu_sweep_queue_write(tanlu_sweep_queue *queue);
/* One block more to do, for a process that is told its blocks (tanlu_sweep_transport.told); NULL: that was the last one. */
tanlu_status tanlu_sweep_queue_add(tanlu_sweep_queue *queue, const size_t *block, tanlu_context *context);
/* Blocks to ask for: one for every thread here that waits, and one in hand for the next; more where that was too few. */
size_t tanlu_sweep_queue_wanted(tanlu_sweep_queue *queue);
/* Nothing more is to be given or written. */
bool tanlu_sweep_queue_finished(tanlu_sweep_queue *queue);
/* End it: nothing more is given, nothing more is written. */
void tanlu_sweep_queue_fail(tanlu_sweep_queue *queue, tanlu_status status);
tanlu_status tanlu_sweep_queue_status(tanlu_sweep_queue *queue);
/* Until something has changed, or so long. */
void tanlu_sweep_queue_wait(tanlu_sweep_queue *queue, long nanoseconds);

/* ---- for the engine ---- */

/* Borrows plan, open (block numbers, rising) and context, to which only who writes adds messages. */
tanlu_status tanlu_sweep_queue_create(tanlu_sweep_queue **queue, tanlu_sweep_plan *plan, const size_t *open,
                                      size_t count, tanlu_context *context);
void tanlu_sweep_queue_free(tanlu_sweep_queue **queue);
/* Wait for a block to do, placed in *block: an empty one is made when *block is NULL. False: no more. */
bool tanlu_sweep_queue_take(tanlu_sweep_queue *queue, tanlu_sweep_block **block, tanlu_context *context);
/* A block that was taken is done or could not be; takes it over. */
void tanlu_sweep_queue_bring(tanlu_sweep_queue *queue, tanlu_sweep_block **block, tanlu_status status);

#endif
