/* Other processes of the same command (ranks). A program without MPI has none: the cluster of its environment is NULL, as it is
 * with one rank. Functions are called by the main thread of every rank, in the same order. */
#ifndef TANLU_CLI_CLUSTER_H
#define TANLU_CLI_CLUSTER_H

#include "model/sweep.h"
#include "solvers/row_system.h"

typedef struct cli_cluster cli_cluster;
struct cli_cluster {
  int rank, ranks;
  /* Rank 0 tells all a number; the others wait for it without burning a core. Returns that number. */
  int (*tell)(int number);
  /* `size` bytes of every rank to rank 0: all, ranks x size; NULL elsewhere. */
  void (*gather)(const void *own, size_t size, void *all);
  /* What moves blocks. Rank 0: `workers` threads elsewhere. Other ranks: their sink too; blocks have this shape. Errors: memory. */
  tanlu_status (*connect)(const tanlu_sweep_shape *shape, size_t workers, tanlu_context *context);
  const tanlu_sweep_transport *transport;
  const tanlu_sweep_sink *sink;
  /* After the sweep, whatever became of it here. Rank 0 waits for the others and joins their errors to its own; the others say how
   * it went. Returns the status of all (rank 0) or of this rank. */
  tanlu_status (*release)(tanlu_status status, tanlu_context *context);
};

/* A system whose matrix lies in pieces in all ranks. */
typedef struct {
  tanlu_row_system system;
  void (*report)(tanlu_context *context); /* notes: ranks and blocks, memory of a rank as foreseen and as measured */
} cli_distributed;

#ifdef TANLU_MPI
/* Rank 0: pieces are blocks of so many rows and columns. NULL where the program was built without ScaLAPACK. */
const cli_distributed *cli_mpi_distributed(int block);
/* Start MPI and find the other ranks; NULL when this is the only one. Ends the program with a message where MPI lacks what is
 * needed. */
const cli_cluster *cli_mpi_start(int *argc, char ***argv);
/* End MPI; returns the exit status of rank 0. */
int cli_mpi_end(int status);
#endif

#endif
