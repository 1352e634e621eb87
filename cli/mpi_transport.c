/* Blocks of a sweep between ranks. Rank 0 gives out numbers of blocks, beside its own threads, to ranks that ask for them. Every
 * request is answered, by a number or by -1: no more. What is computed goes one of two ways:
 *
 * - Rank 0 alone has the file: blocks are sent to it, and it writes them in their order.
 * - All have the file (outputs/mpi_sweep.h): a rank writes its blocks itself and sends rank 0 what became of the samples. Now and
 *   then rank 0 has all ranks settle, and once more at the end.
 *
 *   other rank -> rank 0    REQUEST (one block, please), BLOCK (packed), ALIVE (to PING), BYE (how it went)
 *   rank 0 -> other rank    ANSWER (a number), PING, SETTLE, END (the last, where the file is shared)
 *
 * mpirun does not tell that a rank has died: it sends SIGTERM to the others and SIGKILL a second later, the same as when the user
 * ends the job. So after a signal rank 0 asks who is there; the main thread of a rank answers while its threads compute. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/mpi_private.h"
#include "cli/signals.h"
#include "model/sweep_queue.h"
#include "outputs/mpi_sweep.h"
#include "solvers/memory.h"

enum { TAG_REQUEST = 1, TAG_BLOCK, TAG_ALIVE, TAG_BYE, TAG_ANSWER, TAG_PING, TAG_SETTLE, TAG_END };
/* Between two looks at what has come: a rank has a block in hand meanwhile, and a look costs several microseconds of a core that
 * a worker would have. */
enum { POLL = 2000000 /* nanoseconds */, SENDS = 4 };
enum { POLL_SENDING = 100000 }; /* rank 0 waits for the rest of a message that it has begun to take */
static const long no_more = -1;
/* Seconds of silence until a rank is asked, and until it counts as gone: after a signal, and without one. */
static const double ask_after[2] = {5.0, 0.1}, gone_after[2] = {120.0, 0.4};
/* Seconds between two times that all settle, and these as a multiple of what one takes. */
static const double settle_pause = 0.5, settle_share = 50.0;

typedef struct {
  size_t asked;  /* requests without an answer */
  double silent; /* seconds waited since it was heard */
  bool heard, pinged, left;
} peer;

static struct {
  peer *peer;                     /* ranks; rank 0 only */
  double *packed;                 /* SENDS blocks on their way; rank 0: one */
  MPI_Request sent[SENDS];        /* other ranks */
  size_t doubles, next;           /* of a block; the block to be sent next */
  const tanlu_sweep_shape *shape; /* of what moves */
  tanlu_sweep_shared *shared;     /* NULL: rank 0 has the file */
  double settled, pause;          /* when all settled last; until the next time */
  tanlu_sweep_queue *queue;       /* other ranks, while they work */
  size_t asked;                   /* other ranks: requests without an answer */
  bool refused, ended;            /* they were told that there is no more to do, that all is over */
} own;

static void serve(void *user, tanlu_sweep_queue *queue, tanlu_context *context);
static tanlu_status take_block(void *user, const tanlu_sweep_block *block, tanlu_context *context);
tanlu_sweep_transport cli_mpi_transport = {.serve = serve};
tanlu_sweep_sink cli_mpi_sink = {.write = take_block};

/* ---- life ---------------------------------------------------------------------------------------------------------------- */

static void disconnect(void) {
  free(own.packed);
  free(own.peer);
  own.packed = NULL;
  own.peer = NULL;
}

static tanlu_status make_buffers(tanlu_context *context) {
  const size_t blocks = cli_mpi_own.rank == 0 ? 1 : SENDS;
  own.doubles = tanlu_sweep_block_doubles(own.shape);
  if (own.doubles > INT_MAX) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "a block has %zu numbers, MPI moves %d at once; keep less of the samples", own.doubles, INT_MAX);
  }
  own.packed = tanlu_allocate_doubles(context, blocks, own.doubles);
  own.peer = tanlu_allocate(context, (size_t)cli_mpi_own.ranks, sizeof *own.peer);
  return own.packed != NULL && own.peer != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

tanlu_status cli_mpi_connect(const tanlu_sweep_shape *shape, size_t workers, const cli_shared_file *file,
                             tanlu_context *context) {
  own.shape = file != NULL ? &tanlu_sweep_brief : shape;
  own.pause = settle_pause;
  for (size_t k = 0; k < SENDS; k++) own.sent[k] = MPI_REQUEST_NULL;
  cli_mpi_transport.workers = workers;
  cli_mpi_transport.told = cli_mpi_own.rank > 0;
  cli_mpi_transport.brief = file != NULL;
  tanlu_status status = cli_mpi_agree(make_buffers(context), context);
  if (status == TANLU_OK && file != NULL) {
    const tanlu_status opened =
        tanlu_sweep_shared_open(&own.shared, cli_mpi_own.world, file->path, file->description, file->store, context);
    status = cli_mpi_agree(opened, context);
    cli_mpi_own.lost = status != TANLU_OK && opened == TANLU_OK; /* a file that some have open cannot be closed */
  }
  if (status != TANLU_OK) disconnect();
  own.settled = cli_mpi_now();
  return status;
}

static tanlu_status settle(tanlu_context *context) {
  const double begin = cli_mpi_now();
  const tanlu_status status = tanlu_sweep_shared_settle(own.shared, context);
  own.settled = cli_mpi_now();
  own.pause = settle_share * (own.settled - begin);
  if (own.pause < settle_pause) own.pause = settle_pause;
  return status;
}

/* ---- the other ranks ----------------------------------------------------------------------------------------------------- */

static void hear_answer(long number, tanlu_sweep_queue *queue, tanlu_context *context) {
  const size_t block = (size_t)number;
  own.asked--;
  if (number == no_more) own.refused = true;
  if (queue == NULL) return;
  const tanlu_status status = tanlu_sweep_queue_add(queue, number == no_more ? NULL : &block, context);
  if (status != TANLU_OK) tanlu_sweep_queue_fail(queue, status);
}

/* All messages of rank 0 that are there; true when there was one. */
static bool hear_rank_0(tanlu_sweep_queue *queue, tanlu_context *context) {
  for (bool any = false;; any = true) {
    int there = 0;
    MPI_Status from;
    (void)MPI_Iprobe(0, MPI_ANY_TAG, cli_mpi_own.world, &there, &from);
    if (there == 0) return any;
    long number = no_more;
    (void)MPI_Recv(&number, 1, MPI_LONG, 0, from.MPI_TAG, cli_mpi_own.world, MPI_STATUS_IGNORE);
    if (from.MPI_TAG == TAG_PING) {
      (void)MPI_Send(&number, 1, MPI_LONG, 0, TAG_ALIVE, cli_mpi_own.world);
    } else if (from.MPI_TAG == TAG_SETTLE) {
      const tanlu_status status = settle(context);
      if (status != TANLU_OK && queue != NULL) tanlu_sweep_queue_fail(queue, status);
    } else if (from.MPI_TAG == TAG_END) {
      own.ended = true;
    } else {
      hear_answer(number, queue, context);
    }
  }
}

/* Until the buffer is free. Rank 0 is heard meanwhile: it may have begun to settle, and takes no block before all have. MPI itself
 * would wait by burning the core of a worker. */
static void wait_for_send(size_t k, tanlu_context *context) {
  for (int done = 0;;) {
    (void)MPI_Test(&own.sent[k], &done, MPI_STATUS_IGNORE);
    if (done != 0) return;
    if (!hear_rank_0(own.queue, context)) cli_mpi_pause(POLL_SENDING);
  }
}

static tanlu_status take_block(void *user, const tanlu_sweep_block *block, tanlu_context *context) {
  (void)user;
  if (block->brief) return TANLU_OK;
  tanlu_status status = TANLU_OK;
  if (own.shared != NULL) status = tanlu_sweep_shared_write(own.shared, block, context);
  if (status != TANLU_OK || cli_mpi_own.rank == 0) return status;
  double *packed = own.packed + own.next * own.doubles;
  wait_for_send(own.next, context);
  tanlu_sweep_block_pack(block, own.shape, packed);
  const int error =
      MPI_Isend(packed, (int)own.doubles, MPI_DOUBLE, 0, TAG_BLOCK, cli_mpi_own.world, &own.sent[own.next]);
  own.next = (own.next + 1) % SENDS;
  if (error == MPI_SUCCESS) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_IO, "a block could not be sent to rank 0");
}

static bool all_are_sent(void) {
  int done = 0;
  (void)MPI_Testall(SENDS, own.sent, &done, MPI_STATUSES_IGNORE);
  return done != 0;
}

static void follow(tanlu_sweep_queue *queue, tanlu_context *context) {
  own.asked = 0;
  own.refused = false;
  own.queue = queue;
  while (own.asked > 0 || !tanlu_sweep_queue_finished(queue)) {
    const bool heard = hear_rank_0(queue, context);
    for (; !own.refused && own.asked < tanlu_sweep_queue_wanted(queue); own.asked++) {
      (void)MPI_Send(&no_more, 1, MPI_LONG, 0, TAG_REQUEST, cli_mpi_own.world);
    }
    const bool wrote = tanlu_sweep_queue_write(queue);
    if (!heard && !wrote) tanlu_sweep_queue_wait(queue, all_are_sent() ? POLL : POLL_SENDING);
  }
  own.queue = NULL;
}

static void say_goodbye(tanlu_status status, tanlu_context *context) {
  cli_mpi_report bye;
  cli_mpi_fill(&bye, status, context);
  for (size_t k = 0; k < SENDS; k++) wait_for_send(k, context);
  (void)MPI_Send(&bye, (int)sizeof bye, MPI_BYTE, 0, TAG_BYE, cli_mpi_own.world);
  while (own.shared != NULL && !own.ended) {
    if (!hear_rank_0(NULL, context)) cli_mpi_pause(POLL);
  }
}

/* ---- rank 0 -------------------------------------------------------------------------------------------------------------- */

static void hear_block(int rank, tanlu_sweep_queue *queue, tanlu_context *context) {
  (void)MPI_Recv(own.packed, (int)own.doubles, MPI_DOUBLE, rank, TAG_BLOCK, cli_mpi_own.world, MPI_STATUS_IGNORE);
  if (queue == NULL) return; /* after an error */
  const tanlu_status status = tanlu_sweep_queue_put(queue, own.packed, context);
  if (status != TANLU_OK) tanlu_sweep_queue_fail(queue, status);
}

/* The last of a rank; its error becomes that of the sweep. */
static tanlu_status hear_goodbye(int rank, tanlu_sweep_queue *queue, tanlu_context *context) {
  cli_mpi_report bye;
  (void)MPI_Recv(&bye, (int)sizeof bye, MPI_BYTE, rank, TAG_BYE, cli_mpi_own.world, MPI_STATUS_IGNORE);
  own.peer[rank].left = true;
  const tanlu_status status = cli_mpi_hear(rank, &bye, context);
  if (status != TANLU_OK && queue != NULL) tanlu_sweep_queue_fail(queue, status);
  return status;
}

/* All messages that are there; true when there was one. *status: the error of a rank. */
static bool hear_all(tanlu_sweep_queue *queue, tanlu_status *status, tanlu_context *context) {
  for (bool any = false;; any = true) {
    int there = 0;
    long nothing = 0;
    MPI_Status from;
    (void)MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, cli_mpi_own.world, &there, &from);
    if (there == 0) return any;
    const int rank = from.MPI_SOURCE;
    peer *p = &own.peer[rank];
    p->heard = true;
    p->pinged = false;
    p->silent = 0.0;
    if (from.MPI_TAG == TAG_BLOCK) {
      hear_block(rank, queue, context);
    } else if (from.MPI_TAG == TAG_BYE) {
      const tanlu_status said = hear_goodbye(rank, queue, context);
      if (said != TANLU_OK) *status = said;
    } else {
      (void)MPI_Recv(&nothing, 1, MPI_LONG, rank, from.MPI_TAG, cli_mpi_own.world, MPI_STATUS_IGNORE);
      if (from.MPI_TAG == TAG_REQUEST) p->asked++;
    }
  }
}

/* Answers in the order of ranks, as far as the queue has them. */
static void answer_all(tanlu_sweep_queue *queue) {
  for (int rank = 1; rank < cli_mpi_own.ranks; rank++) {
    for (peer *p = &own.peer[rank]; p->asked > 0; p->asked--) {
      size_t block = 0;
      const tanlu_queue_answer answer = queue != NULL ? tanlu_sweep_queue_next(queue, &block) : TANLU_QUEUE_ENDED;
      if (answer == TANLU_QUEUE_LATER) return;
      const long number = answer == TANLU_QUEUE_GIVEN ? (long)block : no_more;
      (void)MPI_Send(&number, 1, MPI_LONG, rank, TAG_ANSWER, cli_mpi_own.world);
    }
  }
}

/* Ask ranks that have been silent for `waited` seconds more whether they are there. Said at once when one is not: mpirun may end
 * this process any moment. */
static bool all_are_there(double waited) {
  const int hurry = cli_signal_received() != 0;
  for (int rank = 1; rank < cli_mpi_own.ranks; rank++) {
    peer *p = &own.peer[rank];
    if (!p->heard || p->left) continue; /* one that is still reading its inputs cannot answer */
    p->silent += waited;
    if (!p->pinged && p->silent >= ask_after[hurry]) {
      MPI_Request request;
      p->pinged = true;
      p->silent = 0.0;
      (void)MPI_Isend(&no_more, 1, MPI_LONG, rank, TAG_PING, cli_mpi_own.world, &request);
      (void)MPI_Request_free(&request);
    }
    if (!p->pinged || p->silent < gone_after[hurry]) continue;
    (void)fprintf(
        stderr, "tanlu: error: rank %d has died or does not answer; what was written can go on with --resume\n", rank);
    cli_mpi_own.lost = true;
    return false;
  }
  return true;
}

static void tell_all(int tag) {
  for (int rank = 1; rank < cli_mpi_own.ranks; rank++) {
    (void)MPI_Send(&no_more, 1, MPI_LONG, rank, tag, cli_mpi_own.world);
  }
}

static tanlu_status settle_all(tanlu_context *context) {
  tell_all(TAG_SETTLE);
  return settle(context);
}

/* Not while a rank is still preparing, and not after a signal, when one may be dead: all would wait for it. */
static bool is_time_to_settle(void) {
  if (own.shared == NULL || cli_signal_received() != 0 || cli_mpi_now() - own.settled < own.pause) return false;
  for (int rank = 1; rank < cli_mpi_own.ranks; rank++) {
    if (!own.peer[rank].heard) return false;
  }
  return true;
}

static void lead(tanlu_sweep_queue *queue, tanlu_context *context) {
  double waited = 0.0;
  tanlu_status unused = TANLU_OK;
  while (!tanlu_sweep_queue_finished(queue)) {
    const bool heard = hear_all(queue, &unused, context);
    answer_all(queue);
    const bool wrote = tanlu_sweep_queue_write(queue);
    const double begin = cli_mpi_now();
    if (!all_are_there(waited)) tanlu_sweep_queue_fail(queue, TANLU_ERR_IO);
    if (!heard && !wrote) tanlu_sweep_queue_wait(queue, POLL);
    waited = cli_mpi_now() - begin;
    if (!is_time_to_settle()) continue;
    const tanlu_status status = settle_all(context);
    if (status != TANLU_OK) tanlu_sweep_queue_fail(queue, status);
  }
}

/* Until all have left. */
static tanlu_status wait_for_all(tanlu_status status, tanlu_context *context) {
  double waited = 0.0;
  for (int left = 0; left < cli_mpi_own.ranks - 1 && !cli_mpi_own.lost;) {
    tanlu_status said = TANLU_OK;
    const double begin = cli_mpi_now();
    const bool heard = hear_all(NULL, &said, context);
    if (said != TANLU_OK && (status == TANLU_OK || status == TANLU_INTERRUPTED)) status = said;
    answer_all(NULL);
    if (!all_are_there(waited)) status = TANLU_ERR_IO;
    if (!heard) cli_mpi_pause(POLL);
    waited = cli_mpi_now() - begin;
    left = 0;
    for (int rank = 1; rank < cli_mpi_own.ranks; rank++) left += own.peer[rank].left ? 1 : 0;
  }
  if (own.shared == NULL || cli_mpi_own.lost) return status;
  const tanlu_status last = settle_all(context);
  tell_all(TAG_END);
  return status == TANLU_OK || status == TANLU_INTERRUPTED ? (last != TANLU_OK ? last : status) : status;
}

/* ---- both ---------------------------------------------------------------------------------------------------------------- */

static void serve(void *user, tanlu_sweep_queue *queue, tanlu_context *context) {
  (void)user;
  if (cli_mpi_own.rank == 0) {
    lead(queue, context);
  } else {
    follow(queue, context);
  }
}

tanlu_status cli_mpi_release(tanlu_status status, tanlu_context *context) {
  if (cli_mpi_own.rank > 0) {
    say_goodbye(status, context);
  } else {
    status = wait_for_all(status, context);
  }
  if (!cli_mpi_own.lost) tanlu_sweep_shared_close(&own.shared);
  disconnect();
  return status;
}
