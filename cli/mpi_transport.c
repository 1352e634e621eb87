/* Blocks of a sweep between ranks. Rank 0 owns the file: it gives out numbers of blocks and takes in what the others computed,
 * beside its own threads. Every request is answered, by a number or by -1: no more.
 *
 *   other rank -> rank 0    REQUEST (one block, please), BLOCK (packed), ALIVE (to PING), BYE (status and message; its last)
 *   rank 0 -> other rank    ANSWER (a number), PING
 *
 * mpirun does not tell that a rank has died: it sends SIGTERM to the others and SIGKILL a second later, the same as when the user
 * ends the job. So after a signal rank 0 asks who is there; the main thread of a rank answers while its threads compute. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/mpi_private.h"
#include "cli/signals.h"
#include "model/sweep_queue.h"
#include "solvers/memory.h"

enum { TAG_REQUEST = 1, TAG_BLOCK, TAG_ALIVE, TAG_BYE, TAG_ANSWER, TAG_PING };
enum { POLL = 200000 /* nanoseconds */, BYE_TEXT = 1000 };
static const long no_more = -1;
/* Seconds of silence until a rank is asked, and until it counts as gone: after a signal, and without one. */
static const double ask_after[2] = {5.0, 0.1}, gone_after[2] = {120.0, 0.4};

typedef struct {
  int status;
  char text[BYE_TEXT];
} farewell;

typedef struct {
  size_t asked;  /* requests without an answer */
  double silent; /* seconds waited since it was heard */
  bool heard, pinged, left;
} peer;

static struct {
  peer *peer;              /* ranks; rank 0 only */
  double *packed;          /* a block on its way */
  size_t doubles;          /* of a block */
  tanlu_sweep_shape shape; /* borrows */
  size_t asked;            /* other ranks: requests without an answer */
  bool refused;            /* they were told that there is no more */
} own;

static void serve(void *user, tanlu_sweep_queue *queue, tanlu_context *context);
static tanlu_status send_block(void *user, const tanlu_sweep_block *block, tanlu_context *context);
tanlu_sweep_transport cli_mpi_transport = {.serve = serve};
tanlu_sweep_sink cli_mpi_sink = {.write = send_block};

tanlu_status cli_mpi_connect(const tanlu_sweep_shape *shape, size_t workers, tanlu_context *context) {
  own.shape = *shape;
  own.doubles = tanlu_sweep_block_doubles(shape);
  if (own.doubles > INT_MAX) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "a block has %zu numbers, MPI moves %d at once; keep less of the samples", own.doubles, INT_MAX);
  }
  own.packed = tanlu_allocate_doubles(context, own.doubles, 1);
  own.peer = tanlu_allocate(context, (size_t)cli_mpi_own.ranks, sizeof *own.peer);
  cli_mpi_transport.workers = workers;
  cli_mpi_transport.told = cli_mpi_own.rank > 0;
  return own.packed != NULL && own.peer != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static void disconnect(void) {
  free(own.packed);
  free(own.peer);
  own.packed = NULL;
  own.peer = NULL;
}

/* ---- the other ranks ----------------------------------------------------------------------------------------------------- */

static tanlu_status send_block(void *user, const tanlu_sweep_block *block, tanlu_context *context) {
  (void)user;
  tanlu_sweep_block_pack(block, &own.shape, own.packed);
  const int error = MPI_Send(own.packed, (int)own.doubles, MPI_DOUBLE, 0, TAG_BLOCK, cli_mpi_own.world);
  if (error == MPI_SUCCESS) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_IO, "a block could not be sent to rank 0");
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
      continue;
    }
    const size_t block = (size_t)number;
    own.asked--;
    if (number == no_more) own.refused = true;
    if (queue == NULL) continue;
    const tanlu_status status = tanlu_sweep_queue_add(queue, number == no_more ? NULL : &block, context);
    if (status != TANLU_OK) tanlu_sweep_queue_fail(queue, status);
  }
}

static void follow(tanlu_sweep_queue *queue, tanlu_context *context) {
  own.asked = 0;
  own.refused = false;
  while (own.asked > 0 || !tanlu_sweep_queue_finished(queue)) {
    const bool heard = hear_rank_0(queue, context);
    for (; !own.refused && own.asked < tanlu_sweep_queue_wanted(queue); own.asked++) {
      (void)MPI_Send(&no_more, 1, MPI_LONG, 0, TAG_REQUEST, cli_mpi_own.world);
    }
    const bool wrote = tanlu_sweep_queue_write(queue);
    if (!heard && !wrote) tanlu_sweep_queue_wait(queue, POLL);
  }
}

static void say_goodbye(tanlu_status status, const tanlu_context *context) {
  farewell bye = {.status = (int)status};
  for (size_t i = 0; status != TANLU_OK && i < tanlu_context_count(context); i++) {
    if (tanlu_context_severity(context, i) != TANLU_ERROR) continue;
    (void)snprintf(bye.text, sizeof bye.text, "%s", tanlu_context_message(context, i));
    break;
  }
  (void)MPI_Send(&bye, (int)sizeof bye, MPI_BYTE, 0, TAG_BYE, cli_mpi_own.world);
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
  farewell bye;
  (void)MPI_Recv(&bye, (int)sizeof bye, MPI_BYTE, rank, TAG_BYE, cli_mpi_own.world, MPI_STATUS_IGNORE);
  own.peer[rank].left = true;
  const tanlu_status status = (tanlu_status)bye.status;
  if (status == TANLU_OK) return TANLU_OK;
  (void)tanlu_fail(context, status, "rank %d: %s", rank, bye.text[0] != '\0' ? bye.text : tanlu_status_text(status));
  if (queue != NULL) tanlu_sweep_queue_fail(queue, status);
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
  return status;
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
  } else if (own.peer != NULL && own.packed != NULL) {
    status = wait_for_all(status, context);
  }
  disconnect();
  return status;
}
