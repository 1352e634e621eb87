#include "model/sweep_queue.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/sweep_private.h"
#include "solvers/memory.h"

/* Blocks under way beside one a worker: so many a worker, as far as they fit. */
enum { AHEAD = 3, AHEAD_BYTES = 1 << 27, NANOSECONDS = 1000000000 };

typedef struct {
  tanlu_sweep_block *block; /* NULL until it is done, and when it could not be */
  tanlu_status status;
  bool done;
} queue_slot;

struct tanlu_sweep_queue {
  tanlu_sweep_plan *plan;
  tanlu_context *context;
  pthread_mutex_t lock;  /* of all below */
  pthread_cond_t moved;  /* something has changed */
  size_t *open;          /* blocks to do */
  size_t count, room;    /* of open */
  size_t given, written; /* open[0 .. given - 1] are given out, open[0 .. written - 1] written */
  size_t window;
  size_t ahead;              /* blocks to have in hand beside those that threads wait for */
  queue_slot *slot;          /* window: of open[k] at k % window */
  tanlu_sweep_block **spare; /* spares, room for window */
  size_t spares, waiting;    /* threads that wait for a block */
  bool closed, writing;      /* open is complete; a thread writes */
  tanlu_status status;
};

/* ---- life --------------------------------------------------------------------------------------------------------------- */

static void free_block(tanlu_sweep_block *block) {
  if (block == NULL) return;
  tanlu_sweep_block_clear(block);
  free(block);
}

void tanlu_sweep_queue_free(tanlu_sweep_queue **queue) {
  tanlu_sweep_queue *q = *queue;
  if (q == NULL) return;
  for (size_t k = 0; q->slot != NULL && k < q->window; k++) free_block(q->slot[k].block);
  for (size_t k = 0; k < q->spares; k++) free_block(q->spare[k]);
  free(q->slot);
  free(q->spare);
  free(q->open);
  (void)pthread_cond_destroy(&q->moved);
  (void)pthread_mutex_destroy(&q->lock);
  free(q);
  *queue = NULL;
}

tanlu_status tanlu_sweep_queue_create(tanlu_sweep_queue **queue, tanlu_sweep_plan *plan, const size_t *open,
                                      size_t count, tanlu_context *context) {
  const tanlu_sweep_transport *transport = plan->transport;
  tanlu_sweep_queue *q = tanlu_allocate(context, 1, sizeof *q);
  *queue = q;
  if (q == NULL) return TANLU_ERR_MEMORY;
  const size_t workers = (size_t)plan->threads + (transport != NULL ? transport->workers : 0);
  const size_t fit = AHEAD_BYTES / sizeof(double) / tanlu_sweep_block_doubles(&plan->shape);
  q->plan = plan;
  q->context = context;
  q->ahead = 1;
  q->window = workers + (fit < AHEAD * workers ? fit : AHEAD * workers);
  q->closed = transport == NULL || !transport->told;
  (void)pthread_mutex_init(&q->lock, NULL);
  (void)pthread_cond_init(&q->moved, NULL);
  q->count = q->room = count;
  q->open = tanlu_allocate(context, count, sizeof *q->open);
  q->slot = tanlu_allocate(context, q->window, sizeof *q->slot);
  q->spare = tanlu_allocate(context, q->window, sizeof(tanlu_sweep_block *));
  if (q->open == NULL || q->slot == NULL || q->spare == NULL) {
    tanlu_sweep_queue_free(queue);
    return TANLU_ERR_MEMORY;
  }
  if (count > 0) memcpy(q->open, open, count * sizeof *open);
  return TANLU_OK;
}

/* ---- locked ------------------------------------------------------------------------------------------------------------- */

static void lock(tanlu_sweep_queue *q) {
  (void)pthread_mutex_lock(&q->lock);
}

static void unlock(tanlu_sweep_queue *q) {
  (void)pthread_mutex_unlock(&q->lock);
}

static bool wanted(const tanlu_sweep_queue *q) { /* what was begun before a signal is kept */
  return q->status == TANLU_OK || q->status == TANLU_INTERRUPTED;
}

static tanlu_queue_answer next(tanlu_sweep_queue *q, size_t *block) {
  const bool more = q->given < q->count;
  if (q->status == TANLU_OK && more && q->plan->stop != NULL && q->plan->stop(q->plan->user) != 0) {
    q->status = TANLU_INTERRUPTED;
    (void)pthread_cond_broadcast(&q->moved);
  }
  if (q->status != TANLU_OK || (!more && q->closed)) return TANLU_QUEUE_ENDED;
  if (!more || q->given - q->written == q->window) return TANLU_QUEUE_LATER;
  *block = q->open[q->given++];
  return TANLU_QUEUE_GIVEN;
}

/* The slot of a block that is given out and not done; NULL: none. Numbers of blocks rise, with many ranks the window is wide. */
static queue_slot *slot_of(tanlu_sweep_queue *q, size_t block) {
  size_t from = q->written, to = q->given;
  while (from < to) {
    const size_t middle = from + (to - from) / 2;
    if (q->open[middle] < block) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  if (from == q->given || q->open[from] != block) return NULL;
  queue_slot *slot = &q->slot[from % q->window];
  return slot->done ? NULL : slot;
}

static tanlu_sweep_block *block_from(tanlu_sweep_queue *q) {
  return q->spares > 0 ? q->spare[--q->spares] : NULL;
}

static void give_back(tanlu_sweep_queue *q, tanlu_sweep_block *block) {
  if (block == NULL || q->spares == q->window || block->brief) {
    free_block(block);
  } else {
    q->spare[q->spares++] = block;
  }
}

static tanlu_sweep_block *block_new(const tanlu_sweep_shape *shape, tanlu_context *context) {
  tanlu_sweep_block *block = tanlu_allocate(context, 1, sizeof *block);
  if (block != NULL && tanlu_sweep_block_create(block, shape, context) == TANLU_OK) return block;
  free(block);
  return NULL;
}

/* ---- writing ------------------------------------------------------------------------------------------------------------ */

/* Hand a block over and count what failed in it. */
static tanlu_status hand_over(tanlu_sweep_plan *plan, const tanlu_sweep_block *block, tanlu_context *context) {
  const tanlu_status status = plan->sink.write(plan->sink.user, block, context);
  if (status != TANLU_OK) return status;
  size_t failures = 0, last = 0;
  for (size_t row = 0; row < block->count; row++) {
    if (block->status[row] == TANLU_SAMPLE_SOLVED) continue;
    failures++;
    last = row;
  }
  plan->failures += failures;
  if (plan->progress != NULL) plan->progress(plan->user, block, failures);
  if (plan->failures_allowed == TANLU_NONE || plan->failures <= plan->failures_allowed) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_MODEL, "%zu samples failed, %zu are allowed; the last one is sample %zu: %s",
                    plan->failures, plan->failures_allowed, block->first + last,
                    block->reason + last * TANLU_SWEEP_REASON);
}

/* Write the next block, with the lock left open meanwhile. */
static bool write_next(tanlu_sweep_queue *q) {
  queue_slot *slot = &q->slot[q->written % q->window];
  if (q->writing || q->written == q->given || !slot->done || !wanted(q)) return false;
  tanlu_status status = slot->status;
  q->writing = true;
  if (status == TANLU_OK) {
    unlock(q);
    status = hand_over(q->plan, slot->block, q->context);
    lock(q);
  }
  q->writing = false;
  give_back(q, slot->block);
  *slot = (queue_slot){0};
  q->written++;
  if (status != TANLU_OK && wanted(q)) q->status = status;
  (void)pthread_cond_broadcast(&q->moved);
  return true;
}

bool tanlu_sweep_queue_write(tanlu_sweep_queue *q) {
  lock(q);
  const bool wrote = write_next(q);
  unlock(q);
  return wrote;
}

/* ---- workers ------------------------------------------------------------------------------------------------------------ */

bool tanlu_sweep_queue_take(tanlu_sweep_queue *q, tanlu_sweep_block **block, tanlu_context *context) {
  size_t index = 0;
  tanlu_queue_answer answer;
  lock(q);
  q->waiting++;
  answer = next(q, &index);
  if (answer == TANLU_QUEUE_LATER)
    (void)pthread_cond_broadcast(&q->moved); /* who feeds it sees that a block is wanted */
  while (answer == TANLU_QUEUE_LATER) {
    (void)pthread_cond_wait(&q->moved, &q->lock);
    answer = next(q, &index);
  }
  q->waiting--;
  if (answer == TANLU_QUEUE_GIVEN) *block = block_from(q);
  unlock(q);
  if (answer != TANLU_QUEUE_GIVEN) return false;
  if (*block == NULL) *block = block_new(&q->plan->shape, context);
  if (*block == NULL) {
    tanlu_sweep_queue_fail(q, TANLU_ERR_MEMORY);
    return false;
  }
  tanlu_sweep_block_place(*block, q->plan->samples, index);
  return true;
}

void tanlu_sweep_queue_bring(tanlu_sweep_queue *q, tanlu_sweep_block **block, tanlu_status status) {
  lock(q);
  *slot_of(q, (*block)->index) = (queue_slot){.block = *block, .status = status, .done = true};
  *block = NULL;
  (void)pthread_cond_broadcast(&q->moved);
  if (q->plan->transport == NULL) {
    while (write_next(q)) continue;
  }
  unlock(q);
}

/* ---- a transport -------------------------------------------------------------------------------------------------------- */

tanlu_queue_answer tanlu_sweep_queue_next(tanlu_sweep_queue *q, size_t *block) {
  lock(q);
  const tanlu_queue_answer answer = next(q, block);
  unlock(q);
  return answer;
}

tanlu_status tanlu_sweep_queue_put(tanlu_sweep_queue *q, const double *packed, tanlu_context *context) {
  const size_t index = tanlu_sweep_block_packed_index(packed);
  const bool brief = q->plan->transport->brief;
  const tanlu_sweep_shape *shape = brief ? &tanlu_sweep_brief : &q->plan->shape;
  lock(q);
  queue_slot *slot = slot_of(q, index);
  tanlu_sweep_block *block = slot != NULL && !brief ? block_from(q) : NULL;
  unlock(q);
  if (slot == NULL) return tanlu_fail(context, TANLU_ERR_INTERNAL, "block %zu came back unasked", index);
  if (block == NULL) block = block_new(shape, context);
  if (block == NULL) return TANLU_ERR_MEMORY;
  tanlu_sweep_block_place(block, q->plan->samples, index);
  tanlu_sweep_block_unpack(block, shape, packed);
  block->brief = brief;
  lock(q);
  *slot = (queue_slot){.block = block, .done = true};
  (void)pthread_cond_broadcast(&q->moved);
  unlock(q);
  return TANLU_OK;
}

tanlu_status tanlu_sweep_queue_add(tanlu_sweep_queue *q, const size_t *block, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  lock(q);
  if (block == NULL) {
    q->closed = true;
  } else {
    if (q->count == q->room) {
      const size_t room = 2 * q->room + 64;
      size_t *grown = room <= SIZE_MAX / sizeof *grown ? realloc(q->open, room * sizeof *grown) : NULL;
      if (grown == NULL) status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a list of blocks");
      if (grown != NULL) q->open = grown;
      if (grown != NULL) q->room = room;
    }
    if (status == TANLU_OK) q->open[q->count++] = *block;
  }
  (void)pthread_cond_broadcast(&q->moved);
  unlock(q);
  return status;
}

size_t tanlu_sweep_queue_wanted(tanlu_sweep_queue *q) {
  lock(q);
  const size_t left = q->count - q->given, under_way = q->given - q->written, most = AHEAD * (size_t)q->plan->threads;
  if (q->given > 0 && q->waiting > left) q->ahead = 2 * q->ahead < most ? 2 * q->ahead : most; /* they came too late */
  const size_t wants = q->waiting + q->ahead;
  size_t count = q->status == TANLU_OK && !q->closed && wants > left ? wants - left : 0;
  if (count > q->window - under_way) count = q->window - under_way;
  unlock(q);
  return count;
}

bool tanlu_sweep_queue_finished(tanlu_sweep_queue *q) {
  lock(q);
  const bool ended = q->status == TANLU_INTERRUPTED || (q->closed && q->given == q->count);
  const bool finished = !wanted(q) || (ended && q->written == q->given);
  unlock(q);
  return finished;
}

void tanlu_sweep_queue_fail(tanlu_sweep_queue *q, tanlu_status status) {
  lock(q);
  if (wanted(q)) q->status = status;
  (void)pthread_cond_broadcast(&q->moved);
  unlock(q);
}

tanlu_status tanlu_sweep_queue_status(tanlu_sweep_queue *q) {
  lock(q);
  const tanlu_status status = q->status;
  unlock(q);
  return status;
}

void tanlu_sweep_queue_wait(tanlu_sweep_queue *q, long nanoseconds) {
  struct timespec until;
  (void)clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += nanoseconds;
  until.tv_sec += until.tv_nsec / NANOSECONDS;
  until.tv_nsec %= NANOSECONDS;
  lock(q);
  (void)pthread_cond_timedwait(&q->moved, &q->lock, &until);
  unlock(q);
}
