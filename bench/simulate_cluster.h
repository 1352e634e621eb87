/* A sweep on many cores as a discrete-event simulation: who waits for whom when rank 0 gives out blocks, blocks travel, files are
 * written and statistics are added up. Deterministic: the time of a block depends on seed and block number alone.
 *
 * Ranks have `threads` cores and as many threads that compute, and a main thread beside them that moves messages and writes; what
 * it computes is taken from the cores of its rank (a block grows by at most its own time: the two share a core evenly). Where it
 * waits for a disk the core is free.
 *
 *   ask      a rank with fewer than (1 + ahead) blocks a thread asks rank 0 for `ask` blocks at a time: latency there, the
 *            queue of rank 0 (first come, first served; `request` seconds each), latency back. Near the end a request brings
 *            fewer: no more than half of what an even share of the rest would be. Rank 0's own threads ask without a message.
 *   one writer   blocks travel to rank 0 (send, latency; there receive + sent_bytes / bandwidth), which writes them in their order, when no message waits. At most
 *            `window` blocks are given out and not written; requests wait when there are so many.
 *   shared file, file a rank   every rank writes what it computed; at most `hold` blocks of a rank are begun and not written. It
 *            tells rank 0 of every `report` blocks in one message (receive, and for each block unpack); at most `window` blocks are out. Every `settle` seconds, and at the end, all is made safe: sync,
 *            and the states of the statistics are added, while rank 0 answers nobody.
 *   a write  of up to `flush` blocks: write seconds of the core a block, beside that the bytes in the file system, then `sync`,
 *            unless all settle together.
 *            The file system is a row of channels, each as fast as one rank writes, together as fast as `file_rate`.
 *   states   of the statistics are added along a binary tree: ceil(log2(ranks)) times latency + state_bytes / bandwidth + merge;
 *            or one after another by rank 0 (flat). With one writer there is one state. */
#ifndef TANLU_BENCH_SIMULATE_CLUSTER_H
#define TANLU_BENCH_SIMULATE_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { CLUSTER_ONE_WRITER, CLUSTER_SHARED_FILE, CLUSTER_FILE_A_RANK } cluster_writing;

/* Seconds, bytes, bytes a second. A rate of 0 is no limit. */
typedef struct {
  /* work */
  size_t blocks;
  const double *seconds; /* times of blocks; each block takes one of them */
  size_t times;          /* of seconds */
  uint64_t seed;
  /* processes */
  size_t ranks, threads;
  bool alone;          /* one rank without messages: the thread that brings a block writes it (the serial program) */
  bool leader_free;    /* the cores of rank 0 compute nothing */
  bool divided;        /* blocks are divided evenly beforehand: nobody asks */
  size_t ask;          /* blocks a request */
  size_t ahead;        /* blocks a thread beside the one it computes */
  size_t window, hold; /* 0: no limit */
  /* messages */
  double latency, bandwidth;
  double poll;    /* a main thread without work looks for messages so often: the wait is uniform in 0 .. poll */
  double watch;   /* of a core of every rank, a look: blocks get longer by watch / poll / threads */
  double request; /* of rank 0, a request with its answer */
  double round;   /* of rank 0, a rank: to look round all ranks after messages, and at every write */
  double send, receive;
  double sent_bytes; /* of a block, or of its report */
  size_t report;     /* blocks a report; 0: none */
  double unpack;     /* of rank 0, a block of a report */
  /* files */
  cluster_writing writing;
  double write, sync;
  size_t flush;
  double file_bytes; /* of a block */
  double rank_rate, file_rate;
  double open; /* of the metadata server, a rank, one after another: a rank writes nothing before */
  /* end */
  double state_bytes, merge, settle; /* settle 0: at the end only, without sync */
  bool flat;
} cluster_setting;

/* What rank 0 does for others, and for the file. */
typedef enum {
  CLUSTER_ANSWERS,
  CLUSTER_RECEIVES,
  CLUSTER_WRITES,
  CLUSTER_LOOKS,
  CLUSTER_SETTLES,
  CLUSTER_DUTIES
} cluster_duty;

typedef struct {
  double seconds;              /* until all is written and added up */
  double computed, written;    /* the last block */
  double reduction;            /* seconds after the last write */
  double ideal;                /* sum of the times of blocks / cores */
  double efficiency;           /* ideal / seconds */
  double duty[CLUSTER_DUTIES]; /* seconds of rank 0 */
  double files;                /* share of the seconds that the file system was busy; 0 without a limit */
  double writers;              /* the same of the ranks' writers */
  double taken;                /* seconds of cores that blocks lost to main threads */
  double wait;                 /* mean of requests in the queue of rank 0, before their service */
  size_t requests;
  const char *limit; /* what holds it up: see cluster_limit */
} cluster_outcome;

/* False: out of memory, or a setting that makes no sense (no blocks, ranks, threads, times, ask or flush). */
bool cluster_simulate(const cluster_setting *setting, cluster_outcome *outcome);

/* "none": 90 % and more of the cores' time is used. "files": the file system is busy nine tenths of the time. "hand-out", "receiving",
 * "writing", "settling": rank 0 is, most of the time with that; writing also where the ranks' writers are, or where main threads take half of
 * what is lost from the cores. Else the larger part of what is lost: "reduction", "last blocks" (waiting for the slowest). */
const char *cluster_limit(const cluster_setting *setting, const cluster_outcome *outcome);

#endif
