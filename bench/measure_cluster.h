/* What a sweep costs on this machine, piece by piece: for the simulation of a cluster. Seconds, bytes. */
#ifndef TANLU_BENCH_MEASURE_CLUSTER_H
#define TANLU_BENCH_MEASURE_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>

enum { CLUSTER_BLOCKS_MAX = 4096, CLUSTER_TABLES = 2, CLUSTER_KEEPS = 4, CLUSTER_INDICATORS = 1 };
extern const char *const cluster_scenario[CLUSTER_TABLES], *const cluster_keep[CLUSTER_KEEPS];

/* Of one table and one `keep`. `core`: of a core, which other programs do not lengthen; `wall`: of the clock. */
typedef struct {
  size_t sectors, years, blocks;
  double seconds[CLUSTER_BLOCKS_MAX]; /* core, of every block: draw and project */
  double mean, deviation, longest;
  double wall;                  /* mean of a block by the clock, over the mean by its core */
  double write_core, write_all; /* a block: write it and take its statistics; by the clock, with waits for the disk */
  double file_bytes, sent_bytes, state_bytes;
  double report_bytes;        /* of a block that is kept elsewhere: what became of its samples, and their scalars */
  double pack, unpack, merge; /* a block; two states of the statistics */
} cluster_costs;

/* Messages between two ranks: see bench/mpi_messages.c. */
typedef struct {
  double request, latency, watch;
} cluster_messages;

typedef struct {
  cluster_costs costs[CLUSTER_TABLES][CLUSTER_KEEPS];
  double receive[CLUSTER_TABLES][CLUSTER_KEEPS]; /* a block from another process */
  cluster_messages messages;
  double take; /* queue of rank 0: a block given out */
} cluster_machine;

/* All of it; messages by mpirun and the program mpi_messages. Few blocks are run with other things than indicators kept: their
 * times are those with indicators, longer by as much as the same blocks were. */
bool cluster_measure(cluster_machine *machine, const char *messages);
/* A table's costs with indicators kept, once more. */
bool cluster_measure_again(cluster_machine *machine, size_t table);
/* The blocks under way that the engine allows so many threads. */
size_t cluster_window(size_t threads, const cluster_costs *costs);

/* How the ranks of this program move blocks (cli/mpi_transport.c), which nothing of it tells: how often main threads look for
 * messages, how many blocks a thread they ask for ahead, whether each rank writes its blocks into one file. */
typedef struct {
  double poll;
  size_t ahead;
  bool shared;
  double settle; /* of a shared file */
} cluster_transport;

/* Runs of this machine beside their simulation from what was measured just before each, and a table of the medians. Returns the
 * largest difference, relative; NaN when the programs cannot be run, and with no repeats. */
double cluster_compare(const cluster_machine *machine, const cluster_transport *transport, double seconds,
                       size_t repeats);

#endif
