/* Other processes of the same command (ranks). A program without MPI has none: the cluster of its environment is NULL, as it is
 * with one rank. Functions are called by the main thread of every rank, in the same order. */
#ifndef TANLU_CLI_CLUSTER_H
#define TANLU_CLI_CLUSTER_H

#include "outputs/sweep_store.h"
#include "solvers/row_system.h"

/* A file that all ranks write. */
typedef struct {
  const char *path;
  const tanlu_sweep_description *description;
  tanlu_sweep_store *store; /* rank 0; NULL elsewhere */
} cli_shared_file;

typedef struct cli_cluster cli_cluster;
struct cli_cluster {
  int rank, ranks;
  bool shares; /* this program can let all ranks write one file */
  /* Rank 0 tells all a number; the others wait for it without burning a core. Returns that number. */
  int (*tell)(int number);
  /* `size` bytes of every rank to rank 0: all, ranks x size; NULL elsewhere. */
  void (*gather)(const void *own, size_t size, void *all);
  /* The worst status of all ranks, to all; rank 0 says which one it is of. */
  tanlu_status (*agree)(tanlu_status status, tanlu_context *context);
  /* What moves blocks of this shape; rank 0: to and from `workers` threads elsewhere. file: every rank writes its blocks to it;
   * NULL: they are sent to rank 0. By all ranks once the file is there; the status of all. Errors: memory, i/o. */
  tanlu_status (*connect)(const tanlu_sweep_shape *shape, size_t workers, const cli_shared_file *file,
                          tanlu_context *context);
  const tanlu_sweep_transport *transport;
  const tanlu_sweep_sink
      *sink; /* of the other ranks; with a shared file of rank 0 too. Its `done` is rank 0's affair */
  /* After the sweep, whatever became of it here. Rank 0 waits for the others and joins their errors to its own; the others say how
   * it went. A shared file is closed. Returns the status of all (rank 0) or of this rank. */
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
