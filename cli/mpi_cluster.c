/* Ranks under MPI: start, words of rank 0, end. Only the main thread calls MPI. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/mpi_private.h"
#include "outputs/mpi_sweep.h"

enum { PAUSE = 1000000 /* nanoseconds */, EXIT_BROKEN = 4 };

cli_mpi cli_mpi_own = {.world = MPI_COMM_NULL};

void cli_mpi_pause(long nanoseconds) {
  const struct timespec pause = {.tv_nsec = nanoseconds};
  (void)nanosleep(&pause, NULL);
}

double cli_mpi_now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void finish(MPI_Request *request) {
  for (int done = 0; done == 0;) {
    (void)MPI_Test(request, &done, MPI_STATUS_IGNORE);
    if (done == 0) cli_mpi_pause(PAUSE);
  }
}

int cli_mpi_tell(int number) {
  MPI_Request request;
  (void)MPI_Ibcast(&number, 1, MPI_INT, 0, cli_mpi_own.world, &request);
  finish(&request);
  return number;
}

static void gather(const void *own, size_t size, void *all) {
  MPI_Request request;
  const int count = (int)size;
  (void)MPI_Igather(own, count, MPI_BYTE, all, count, MPI_BYTE, 0, cli_mpi_own.world, &request);
  finish(&request);
}

void cli_mpi_fill(cli_mpi_report *report, tanlu_status status, const tanlu_context *context) {
  memset(report, 0, sizeof *report);
  report->status = (int)status;
  for (size_t i = 0; status != TANLU_OK && i < tanlu_context_count(context); i++) {
    if (tanlu_context_severity(context, i) != TANLU_ERROR) continue;
    const char *text = tanlu_context_message(context, i), prefix[] = "error: ";
    if (strncmp(text, prefix, sizeof prefix - 1) == 0) text += sizeof prefix - 1;
    (void)snprintf(report->text, sizeof report->text, "%s", text);
    break;
  }
}

tanlu_status cli_mpi_hear(int rank, const cli_mpi_report *report, tanlu_context *context) {
  const tanlu_status status = (tanlu_status)report->status;
  if (status == TANLU_OK || status == TANLU_INTERRUPTED) return status;
  return tanlu_fail(context, status, "rank %d: %s", rank,
                    report->text[0] != '\0' ? report->text : tanlu_status_text(status));
}

tanlu_status cli_mpi_agree(tanlu_status status, tanlu_context *context) {
  const int ranks = cli_mpi_own.ranks, rank = cli_mpi_own.rank;
  cli_mpi_report own, *all = NULL;
  cli_mpi_fill(&own, status, context);
  if (rank == 0) {
    all = calloc((size_t)ranks, sizeof *all);
    if (all == NULL) abort(); /* a kilobyte a rank: the others would wait for ever */
  }
  gather(&own, sizeof own, all);
  for (int r = 1; rank == 0 && r < ranks; r++) {
    const tanlu_status said = cli_mpi_hear(r, &all[r], context);
    if (said != TANLU_OK && (status == TANLU_OK || status == TANLU_INTERRUPTED)) status = said;
  }
  free(all);
  return (tanlu_status)cli_mpi_tell((int)status);
}

const cli_cluster *cli_mpi_start(int *argc, char ***argv) {
  static cli_cluster cluster;
  int provided = MPI_THREAD_SINGLE;
  /* Open MPI reads messages on a node straight out of the sender's memory, and ends the reader when the sender has died. */
  (void)setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 0);
  if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) exit(EXIT_BROKEN);
  cli_mpi *own = &cli_mpi_own;
  (void)MPI_Comm_dup(MPI_COMM_WORLD, &own->world);
  (void)MPI_Comm_rank(own->world, &own->rank);
  (void)MPI_Comm_size(own->world, &own->ranks);
  if (provided < MPI_THREAD_FUNNELED) {
    if (own->rank == 0) (void)fprintf(stderr, "tanlu: error: this MPI has no MPI_THREAD_FUNNELED\n");
    (void)MPI_Finalize();
    exit(EXIT_BROKEN);
  }
  cluster = (cli_cluster){.rank = own->rank,
                          .ranks = own->ranks,
                          .shares = tanlu_sweep_shared_available(),
                          .tell = cli_mpi_tell,
                          .gather = gather,
                          .agree = cli_mpi_agree,
                          .connect = cli_mpi_connect,
                          .transport = &cli_mpi_transport,
                          .sink = &cli_mpi_sink,
                          .release = cli_mpi_release};
  return own->ranks > 1 ? &cluster : NULL;
}

int cli_mpi_end(int status) {
  if (cli_mpi_own.lost) {
    (void)fflush(NULL);
    (void)MPI_Abort(cli_mpi_own.world, status);
  }
  if (cli_mpi_own.ranks > 1) {
    const bool leads = cli_mpi_own.rank == 0;
    for (status = cli_mpi_tell(status); !leads && status < 0; status = cli_mpi_tell(0)) cli_mpi_obey(status);
  }
  (void)MPI_Comm_free(&cli_mpi_own.world);
  (void)MPI_Finalize();
  return status;
}

#ifndef TANLU_SCALAPACK
void cli_mpi_obey(int order) {
  (void)order;
}

const cli_distributed *cli_mpi_distributed(int block) {
  (void)block;
  return NULL;
}
#endif
