/* What the two halves of the MPI build share. */
#ifndef TANLU_CLI_MPI_PRIVATE_H
#define TANLU_CLI_MPI_PRIVATE_H

#include <mpi.h>

#include "cli/cluster.h"

typedef struct {
  MPI_Comm world;
  int rank, ranks;
  bool lost; /* a rank is gone, or cannot go along: only MPI_Abort can end the others */
} cli_mpi;
extern cli_mpi cli_mpi_own; /* MPI itself is one a process */

void cli_mpi_pause(long nanoseconds);
double cli_mpi_now(void); /* seconds */

/* Rank 0 tells the others a number, and returns it; they wait for it without burning a core. Below 0: an order to obey. */
int cli_mpi_tell(int number);
/* Other ranks: their part of what rank 0 does (cli/mpi_distributed.c). */
void cli_mpi_obey(int order);

/* How it went on a rank, for rank 0. */
typedef struct {
  int status;
  char text[1000];
} cli_mpi_report;
void cli_mpi_fill(cli_mpi_report *report, tanlu_status status, const tanlu_context *context);
/* TANLU_OK, or the error of that rank in this context. */
tanlu_status cli_mpi_hear(int rank, const cli_mpi_report *report, tanlu_context *context);
tanlu_status cli_mpi_agree(tanlu_status status, tanlu_context *context);

tanlu_status cli_mpi_connect(const tanlu_sweep_shape *shape, size_t workers, const cli_shared_file *file,
                             tanlu_context *context);
tanlu_status cli_mpi_release(tanlu_status status, tanlu_context *context);
extern tanlu_sweep_transport cli_mpi_transport;
extern tanlu_sweep_sink cli_mpi_sink;

#endif
