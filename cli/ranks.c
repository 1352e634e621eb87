#include "cli/ranks.h"

#include <omp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cluster.h"
#include "cli/options.h"
#include "inputs/number.h"
#include "solvers/blas.h"
#include "solvers/memory.h"

enum { CARD_TEXT = 128, CARD_MESSAGE = 512, CARD_CORES = 256 };

/* What a rank tells of itself; plain bytes. */
typedef struct {
  int status, threads;
  cpu_set_t cores;
  char host[CARD_TEXT];
  char same[6][CARD_TEXT]; /* what must not differ, see `compared` */
  char message[CARD_MESSAGE];
} card;

static const char *const compared[] = {
    "OpenBLAS core", "version of the program", "build of the program", "sweep file", "scenario", "dataset"};

/* The cores that the threads of this process may use. */
static cpu_set_t cores_of(int threads) {
  cpu_set_t all;
  (void)threads; /* a compiler without OpenMP sees no use */
  CPU_ZERO(&all);
#pragma omp parallel num_threads(threads)
  {
    cpu_set_t own;
    CPU_ZERO(&own);
    (void)sched_getaffinity(0, sizeof own, &own);
#pragma omp critical(tanlu_cores)
    CPU_OR(&all, &all, &own);
  }
  return all;
}

static void copy(char *to, size_t size, const char *from) {
  (void)snprintf(to, size, "%s", from != NULL ? from : "");
}

static void fill(card *c, tanlu_status status, const cli_rank_facts *facts, const tanlu_context *context) {
  const char *const same[] = {tanlu_blas_core(), cli_commit(),    cli_build_flags(),
                              facts->sweep,      facts->scenario, facts->dataset};
  memset(c, 0, sizeof *c);
  c->status = (int)status;
  c->threads = facts->threads;
  c->cores = cores_of(facts->threads);
  if (gethostname(c->host, sizeof c->host - 1) != 0) copy(c->host, sizeof c->host, "unknown host");
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) copy(c->same[i], sizeof c->same[i], same[i]);
  for (size_t i = 0; i < tanlu_context_count(context); i++) {
    if (tanlu_context_severity(context, i) != TANLU_ERROR) continue;
    copy(c->message, sizeof c->message, tanlu_context_message(context, i));
    break;
  }
}

/* "0-3,8" */
static void list_cores(const cpu_set_t *cores, char *text, size_t size) {
  size_t used = 0;
  (void)snprintf(text, size, "unknown");
  for (int first = 0; first < CPU_SETSIZE && used + 16 < size; first++) {
    if (!CPU_ISSET((size_t)first, cores)) continue;
    int last = first;
    while (last + 1 < CPU_SETSIZE && CPU_ISSET((size_t)last + 1, cores)) last++;
    const char *comma = used > 0 ? "," : "";
    used += (size_t)(first == last ? snprintf(text + used, size - used, "%s%d", comma, first)
                                   : snprintf(text + used, size - used, "%s%d-%d", comma, first, last));
    first = last;
  }
}

static void report(const card *c, int ranks) {
  char cores[CARD_CORES];
  for (int r = 0; r < ranks; r++) {
    list_cores(&c[r].cores, cores, sizeof cores);
    (void)fprintf(stderr, "tanlu: rank %d of %d on %s: %d thread%s on core%s %s\n", r, ranks, c[r].host, c[r].threads,
                  c[r].threads == 1 ? "" : "s", CPU_COUNT(&c[r].cores) == 1 ? "" : "s", cores);
  }
}

/* More threads than cores: of a rank, else of all ranks of a host. */
static void warn_of_crowds(const card *c, int ranks, tanlu_context *context) {
  for (int r = 0; r < ranks; r++) {
    const int own = CPU_COUNT(&c[r].cores);
    if (own == 0 || c[r].threads <= own) continue;
    tanlu_warn(context,
               "rank %d on %s has %d threads on %d core%s: give it more (mpirun --map-by slot:PE=%d) or fewer threads",
               r, c[r].host, c[r].threads, own, own == 1 ? "" : "s", c[r].threads);
    return;
  }
  for (int r = 0; r < ranks; r++) {
    cpu_set_t cores;
    int threads = 0, beside = 0;
    bool first = true;
    CPU_ZERO(&cores);
    for (int k = 0; k < ranks; k++) {
      if (strcmp(c[k].host, c[r].host) != 0) continue;
      first = first && k >= r;
      threads += c[k].threads;
      beside++;
      CPU_OR(&cores, &cores, &c[k].cores);
    }
    const int own = CPU_COUNT(&cores);
    if (!first || own == 0 || threads <= own) continue;
    tanlu_warn(context, "%d ranks on %s have %d threads on %d core%s: fewer ranks or threads would be as fast", beside,
               c[r].host, threads, own, own == 1 ? "" : "s");
  }
}

static tanlu_status check_same(const card *c, int ranks, tanlu_context *context) {
  for (int r = 1; r < ranks; r++) {
    if (c[r].status != TANLU_OK) {
      return tanlu_fail(context, (tanlu_status)c[r].status, "rank %d on %s: %s", r, c[r].host,
                        c[r].message[0] != '\0' ? c[r].message : tanlu_status_text((tanlu_status)c[r].status));
    }
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
      if (strcmp(c[r].same[i], c[0].same[i]) == 0) continue;
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "rank %d on %s has another %s than rank 0 on %s ('%.40s', not '%.40s'): the bits would differ",
                        r, c[r].host, compared[i], c[0].host, c[r].same[i], c[0].same[i]);
    }
  }
  return TANLU_OK;
}

tanlu_status cli_ranks_join(cli_environment *environment, tanlu_status status, const cli_rank_facts *facts,
                            size_t *workers, tanlu_context *context) {
  const cli_cluster *cluster = environment->cluster;
  const int ranks = cluster != NULL ? cluster->ranks : 1, rank = cluster != NULL ? cluster->rank : 0;
  card own, *all = NULL;
  *workers = 0;
  fill(&own, status, facts, context);
  if (rank == 0) {
    all = calloc((size_t)ranks, sizeof *all);
    if (all == NULL) abort(); /* a few kilobytes: the others would wait for ever */
    all[0] = own;
  }
  if (cluster != NULL) cluster->gather(&own, sizeof own, all);
  if (rank == 0 && status == TANLU_OK) status = check_same(all, ranks, context);
  if (rank == 0 && status == TANLU_OK) {
    for (int r = 1; r < ranks; r++) *workers += (size_t)all[r].threads;
    if (facts->report) report(all, ranks);
    if (ranks > 1) warn_of_crowds(all, ranks, context);
  }
  free(all);
  return cluster != NULL ? (tanlu_status)cluster->tell((int)status) : status;
}

int cli_ranks_check_launch(const cli_environment *environment, const char *command) {
  /* Open MPI; MPICH, Intel MPI and srun for these; MVAPICH; srun */
  static const char *const size[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"};
#ifdef TANLU_MPI
  static const char reason[] = "this MPI does not know of the others (srun --mpi=pmix or pmi2? another mpirun?)";
#else
  static const char reason[] = "this is the program without MPI; expected tanlu-mpi";
#endif
  for (size_t i = 0; environment->cluster == NULL && i < sizeof size / sizeof *size; i++) {
    int processes = 0;
    const char *text = getenv(size[i]);
    if (text == NULL || !tanlu_integer_parse(text, &processes) || processes <= 1) continue;
    return cli_wrong_usage(command, "one of %d processes (%s), but %s; unset %s where this is meant", processes,
                           size[i], reason, size[i]);
  }
  return CLI_GO_ON;
}
