/* Sweeps on 10^3 to 10^5 cores, simulated (bench/simulate_cluster.h) from what a sweep costs on this machine: `make bench-cluster`
 * starts it. Measured in the same run: times of blocks, writes, packing, messages, rank 0's queue. Assumed, with an option
 * for each (--NAME=VALUE), are what another machine's network and file system do:
 *
 *   latency 2e-6 s, bandwidth 10e9 B/s   a message, and the link of a node
 *   message 1e-6 s                       of a core, to send or receive a message over the network
 *   poll 2e-3 s                          how often a main thread without work looks for messages (cli/mpi_transport.c)
 *   settle 2 s                           between two times that all ranks make a shared file safe (the same)
 *   round 2e-9 s                         of rank 0, a rank: to look round all of them
 *   sync 2e-3 s                          until the file system says that a write is safe (two, one after another)
 *   rank-rate 1e9, file-rate 100e9 B/s   one process, all processes
 *   open 1e-4 s                          of the metadata server, a file a rank
 *
 * --per-core=N: blocks a core (100); the work grows with the cores. --threads=N of a rank (8). --cores=N: the most (100000).
 * Prints how well the simulation meets runs of this machine (--seconds=S of one thread: 3, --repeats=N: 3; --ahead=N blocks a
 * thread that tanlu-mpi asks for ahead: 1, --shared=1 where its ranks write one file together), tables, and a JSON line, also into
 * results/bench-cluster.jsonl; results/bench-cluster.csv is what outputs/figures/cluster-scaling.gp draws. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/measure.h"
#include "bench/measure_cluster.h"
#include "bench/simulate_cluster.h"
#include "model/sweep.h"

enum { TABLES = CLUSTER_TABLES, KEEPS = CLUSTER_KEEPS, INDICATORS = CLUSTER_INDICATORS, JOBS_MAX = 512, SIZES = 7 };
static const double good_efficiency = 0.9;
static const size_t size[SIZES] = {16, 128, 1000, 3000, 10000, 30000, 100000}; /* cores */

/* ---- what is known ------------------------------------------------------------------------------------------------------- */

typedef struct {
  cluster_machine here;
  double latency, bandwidth, message, poll, settle, round, sync, rank_rate, file_rate, open; /* assumed */
  size_t per_core, threads, most;
} world;

static size_t sectors_of(const world *w, size_t table) {
  return w->here.costs[table][0].sectors;
}

static void print_costs(const world *w) {
  printf("measured here; of a block of %d samples\n\n", TANLU_SWEEP_BLOCK);
  printf("%4s  %-10s %9s %9s %7s %8s %10s %10s %9s %9s %9s\n", "n", "keep", "mean ms", "deviation", "longest",
         "write ms", "disk ms", "file kB", "sent kB", "pack us", "unpack us");
  for (size_t n = 0; n < TABLES; n++) {
    for (size_t k = 0; k < KEEPS; k++) {
      const cluster_costs *c = &w->here.costs[n][k];
      printf("%4zu  %-10s %9.2f ", c->sectors, cluster_keep[k], 1e3 * c->mean);
      if (k == INDICATORS) printf("%9.2f %7.2f ", 1e3 * c->deviation, 1e3 * c->longest);
      if (k != INDICATORS) printf("%9s %7s ", "", "");
      printf("%8.3f %10.3f %10.1f %9.1f %9.1f %9.1f\n", 1e3 * c->write_core, 1e3 * (c->write_all - c->write_core),
             1e-3 * c->file_bytes, 1e-3 * c->sent_bytes, 1e6 * c->pack, 1e6 * c->unpack);
    }
  }
  printf("\nrank 0: %.2f us a request between two processes, %.2f us to take a block; a message takes %.2f us, a look "
         "for one\n"
         "%.1f us of a core; two states of the statistics are added in %.1f us (%.1f kB)\n",
         1e6 * w->here.messages.request, 1e6 * w->here.take, 1e6 * w->here.messages.latency,
         1e6 * w->here.messages.watch, 1e6 * w->here.costs[0][INDICATORS].merge,
         1e-3 * w->here.costs[0][INDICATORS].state_bytes);
  printf("assumed: latency %.1f us, link %.0f GB/s, %.1f us of a core a message, a look every %.0f us, %.0f ns a rank "
         "to look "
         "round,\nsync %.1f ms, all settle every %.1f s, %.1f GB/s a process and %.0f GB/s in all to files, %.0f us to "
         "open one\n\n",
         1e6 * w->latency, 1e-9 * w->bandwidth, 1e6 * w->message, 1e6 * w->poll, 1e9 * w->round, 1e3 * w->sync,
         w->settle, 1e-9 * w->rank_rate, 1e-9 * w->file_rate, 1e6 * w->open);
}

/* ---- the cluster --------------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  cluster_writing writing;
  bool divided;
  size_t ask, ahead, flush;
  size_t report; /* 0: no settling either */
} organisation;
enum { TODAY, TODAY_SYNC, SHARED, BEST, OWN_FILES, DIVIDED, ORGANISATIONS };
static const organisation organised[ORGANISATIONS] = {
    {"one writer", CLUSTER_ONE_WRITER, false, 1, 1, 1, 0},
    {"one writer, a sync every 64 blocks", CLUSTER_ONE_WRITER, false, 1, 1, 64, 0},
    {"shared file, a message a block", CLUSTER_SHARED_FILE, false, 1, 1, 1, 1},
    {"shared file, a message every 16 blocks", CLUSTER_SHARED_FILE, false, 16, 1, 16, 16},
    {"file a rank, a message every 16 blocks", CLUSTER_FILE_A_RANK, false, 16, 1, 16, 16},
    {"divided beforehand (shards)", CLUSTER_FILE_A_RANK, true, 1, 0, 1, 0},
};

typedef struct {
  const char *group, *name;
  size_t table, keep, cores;
  cluster_setting setting;
  cluster_outcome outcome;
  bool good;
} job;

static cluster_setting there(const world *w, size_t n, size_t keep, const organisation *o, size_t threads,
                             size_t cores) {
  const cluster_costs *c = &w->here.costs[n][keep];
  const size_t ranks = cores / threads;
  const bool one = o->writing == CLUSTER_ONE_WRITER;
  return (cluster_setting){.blocks = w->per_core * ranks * threads,
                           .seconds = c->seconds,
                           .times = c->blocks,
                           .seed = 1,
                           .ranks = ranks,
                           .threads = threads,
                           .divided = o->divided,
                           .ask = o->ask,
                           .ahead = o->ahead,
                           .window = one ? cluster_window(ranks * threads, c) : 4 * o->ask * ranks * threads,
                           .hold = cluster_window(threads, c),
                           .latency = w->latency,
                           .bandwidth = w->bandwidth,
                           .poll = w->poll,
                           .watch = o->divided ? 0.0 : w->here.messages.watch,
                           .request = fmax(w->here.messages.request, 2.0 * w->message) + w->here.take,
                           .round = w->round,
                           .send = w->message + (one ? c->pack : 0.0),
                           .receive = w->message + (one ? c->unpack : 0.0),
                           .unpack = one ? 0.0 : c->unpack * c->report_bytes / c->sent_bytes,
                           .sent_bytes = one ? c->sent_bytes : c->report_bytes,
                           .report = o->report,
                           .writing = o->writing,
                           .write = c->write_core,
                           .sync = w->sync,
                           .flush = o->flush,
                           .file_bytes = c->file_bytes,
                           .rank_rate = w->rank_rate,
                           .file_rate = w->file_rate,
                           .open = o->writing == CLUSTER_FILE_A_RANK ? w->open : 0.0,
                           .state_bytes = c->state_bytes,
                           .merge = c->merge + 2.0 * w->message,
                           .settle = o->report > 0 ? w->settle : 0.0};
}

typedef struct {
  job *job;
  size_t jobs;
} job_list;

static job *add(job_list *list, const char *group, const char *name, size_t n, size_t keep, size_t cores,
                cluster_setting setting) {
  job *j = &list->job[list->jobs < JOBS_MAX - 1 ? list->jobs++ : list->jobs];
  *j = (job){.group = group, .name = name, .table = n, .keep = keep, .cores = cores, .setting = setting};
  return j;
}

/* One thing changed from the last organisation that shares a file, on 42 sectors, whose blocks are short. */
static void add_changes(const world *w, job_list *list, size_t cores) {
  const cluster_setting best = there(w, 1, INDICATORS, &organised[BEST], w->threads, cores);
  static const size_t threads[] = {1, 2, 32};
  static const char *const threads_name[] = {"1 thread a rank", "2 threads a rank", "32 threads a rank"};
  (void)add(list, "change", "as it is", 1, INDICATORS, cores, best);
  for (size_t k = 0; k < 3; k++) {
    (void)add(list, "change", threads_name[k], 1, INDICATORS, cores,
              there(w, 1, INDICATORS, &organised[BEST], threads[k], cores));
  }
  add(list, "change", "a request a block", 1, INDICATORS, cores, best)->setting.ask = 1;
  add(list, "change", "a report a block", 1, INDICATORS, cores, best)->setting.report = 1;
  add(list, "change", "64 blocks a request", 1, INDICATORS, cores, best)->setting.ask = 64;
  add(list, "change", "no blocks ahead", 1, INDICATORS, cores, best)->setting.ahead = 0;
  add(list, "change", "statistics added by rank 0", 1, INDICATORS, cores, best)->setting.flat = true;
  add(list, "change", "a look for messages every 0.2 ms", 1, INDICATORS, cores, best)->setting.poll = 2e-4;
  add(list, "change", "ten times the latency", 1, INDICATORS, cores, best)->setting.latency *= 10.0;
  job *j = add(list, "change", "a tenth of the file system", 1, INDICATORS, cores, best);
  j->setting.file_rate /= 10.0;
  j->setting.rank_rate /= 10.0;
}

static void add_all(const world *w, job_list *list) {
  for (size_t s = SIZES; s-- > 0;) { /* the large ones first */
    const size_t cores = size[s];
    if (cores > w->most || cores < w->threads) continue;
    for (size_t n = 0; n < TABLES; n++) {
      for (size_t o = 0; o < ORGANISATIONS; o++) {
        (void)add(list, "organisation", organised[o].name, n, INDICATORS, cores,
                  there(w, n, INDICATORS, &organised[o], w->threads, cores));
      }
      for (size_t k = 0; k < 2 * KEEPS; k++) {
        const size_t o = k < KEEPS ? TODAY : BEST;
        if (o == TODAY && cores > 10000) continue;
        (void)add(list, k < KEEPS ? "kept, one writer" : "kept", cluster_keep[k % KEEPS], n, k % KEEPS, cores,
                  there(w, n, k % KEEPS, &organised[o], w->threads, cores));
      }
      job *fixed = add(list, "fixed", "10^8 scenario-years", n, INDICATORS, cores,
                       there(w, n, INDICATORS, &organised[BEST], w->threads, cores));
      fixed->setting.blocks = (size_t)ceil(1e8 / (double)w->here.costs[n][INDICATORS].years / TANLU_SWEEP_BLOCK);
    }
    if (cores == 10000 || cores == 100000) add_changes(w, list, cores);
  }
}

/* ---- tables -------------------------------------------------------------------------------------------------------------- */

static const job *find(const job_list *list, const char *group, const char *name, size_t n, size_t cores) {
  for (size_t k = 0; k < list->jobs; k++) {
    const job *j = &list->job[k];
    if (strcmp(j->group, group) == 0 && strcmp(j->name, name) == 0 && j->table == n && j->cores == cores) return j;
  }
  return NULL;
}

/* Efficiencies of one row by cores, the most cores with 90 %, and what limits the first with less. */
static void print_row(const world *w, const job_list *list, const char *group, const char *name, size_t n) {
  const char *limit = "-";
  size_t good = 0;
  printf("%4zu  %-41s", sectors_of(w, n), name);
  for (size_t s = 0; s < SIZES; s++) {
    const job *j = find(list, group, name, n, size[s]);
    if (j == NULL && size[s] <= w->most && size[s] >= w->threads) printf("       ");
    if (j == NULL) continue;
    printf(" %6.1f", 100.0 * j->outcome.efficiency);
    if (j->outcome.efficiency >= good_efficiency) good = size[s];
  }
  for (size_t s = SIZES; s-- > 0;) {
    const job *j = size[s] > good ? find(list, group, name, n, size[s]) : NULL;
    if (j != NULL) limit = j->outcome.limit;
  }
  printf(" %7zu  %s\n", good, limit);
}

static void print_head(const world *w, const char *what) {
  printf("\n%s\n\n%4s  %-41s", what, "n", "cores");
  for (size_t s = 0; s < SIZES; s++) {
    if (size[s] <= w->most && size[s] >= w->threads) printf(" %6zu", size[s]);
  }
  printf(" %7s  %s\n", "90 % to", "limit");
}

static void print_tables(const world *w, const job_list *list) {
  char head[160];
  snprintf(head, sizeof head, "efficiency in %%, %zu blocks a core, %zu threads a rank; keep: indicators", w->per_core,
           w->threads);
  print_head(w, head);
  for (size_t n = 0; n < TABLES; n++) {
    for (size_t o = 0; o < ORGANISATIONS; o++) print_row(w, list, "organisation", organised[o].name, n);
  }
  print_head(w, "by what is kept, one writer");
  for (size_t n = 0; n < TABLES; n++) {
    for (size_t k = 0; k < KEEPS; k++) print_row(w, list, "kept, one writer", cluster_keep[k], n);
  }
  print_head(w, "by what is kept, shared file, every 16");
  for (size_t n = 0; n < TABLES; n++) {
    for (size_t k = 0; k < KEEPS; k++) print_row(w, list, "kept", cluster_keep[k], n);
  }
  printf("\none thing changed from a shared file, a message every 16 blocks; keep: indicators\n\n%4s  %-44s "
         "%10s %10s\n",
         "n", "cores", "10000", "100000");
  for (size_t k = 0; k < list->jobs; k++) {
    const job *j = &list->job[k];
    if (strcmp(j->group, "change") != 0 || j->cores != (w->most >= 100000 ? 100000 : 10000)) continue;
    const job *less = find(list, "change", j->name, j->table, 10000);
    printf("%4zu  %-44s %10.1f %10.1f  %s\n", sectors_of(w, j->table), j->name,
           100.0 * (less != NULL ? less : j)->outcome.efficiency, 100.0 * j->outcome.efficiency, j->outcome.limit);
  }
  printf("\n10^8 scenario-years\n\n%4s  %-10s %10s %10s %12s\n", "n", "cores", "blocks", "seconds", "efficiency");
  for (size_t n = 0; n < TABLES; n++) {
    for (size_t s = 0; s < SIZES; s++) {
      const job *j = find(list, "fixed", "10^8 scenario-years", n, size[s]);
      if (j == NULL) continue;
      printf("%4zu  %-10zu %10zu %10.2f %10.1f %%\n", sectors_of(w, n), j->cores, j->setting.blocks, j->outcome.seconds,
             100.0 * j->outcome.efficiency);
    }
  }
}

static void write_csv(const world *w, const job_list *list) {
  FILE *file = fopen("results/bench-cluster.csv", "w");
  if (file == NULL) return;
  fprintf(file, "group,name,sectors,keep,cores,efficiency,seconds,limit\n");
  for (size_t k = list->jobs; k-- > 0;) {
    const job *j = &list->job[k];
    fprintf(file, "\"%s\",\"%s\",%zu,%s,%zu,%.5f,%.4f,%s\n", j->group, j->name + strspn(j->name, " "),
            sectors_of(w, j->table), cluster_keep[j->keep], j->cores, j->outcome.efficiency, j->outcome.seconds,
            j->outcome.limit);
  }
  fclose(file);
}

static void write_json(const world *w, const job_list *list, double difference, double load) {
  FILE *lines = fopen("results/bench-cluster.jsonl", "w"), *to[2] = {stdout, lines};
  char machine[128];
  bench_machine_name(machine, sizeof machine);
  for (size_t f = 0; f < 2 && to[f] != NULL; f++) {
    fprintf(to[f], "%s{\"bench\": \"cluster\", \"machine\": \"%s\", \"load\": %.2f, ", f == 0 ? "\n" : "", machine,
            load);
    if (isfinite(difference)) fprintf(to[f], "\"largest_difference\": %.4f, ", difference);
    for (size_t n = 0; n < TABLES; n++) {
      const cluster_costs *c = &w->here.costs[n][INDICATORS];
      fprintf(to[f], "\"block_ms_%zu\": %.3f, \"write_ms_%zu\": %.4f, ", c->sectors, 1e3 * c->mean, c->sectors,
              1e3 * c->write_core);
    }
    fprintf(to[f], "\"request_us\": %.3f, \"take_us\": %.3f, \"watch_us\": %.2f, \"efficiency\": [",
            1e6 * w->here.messages.request, 1e6 * w->here.take, 1e6 * w->here.messages.watch);
    bool first = true;
    for (size_t k = 0; k < list->jobs; k++) {
      const job *j = &list->job[k];
      if (strcmp(j->group, "organisation") != 0) continue;
      if (j->cores != 1000 && j->cores != 10000 && j->cores != 100000) continue;
      fprintf(to[f], "%s{\"n\": %zu, \"cores\": %zu, \"how\": \"%s\", \"value\": %.4f}", first ? "" : ", ",
              sectors_of(w, j->table), j->cores, j->name + strspn(j->name, " "), j->outcome.efficiency);
      first = false;
    }
    fprintf(to[f], "]}\n");
  }
  if (lines != NULL) fclose(lines);
}

int main(int argc, char **argv) {
  static world w;
  const double load = bench_load();
  w.latency = bench_number(argc, argv, "latency", 2e-6);
  w.bandwidth = bench_number(argc, argv, "bandwidth", 10e9);
  w.message = bench_number(argc, argv, "message", 1e-6);
  w.poll = bench_number(argc, argv, "poll", 2e-3);
  w.settle = bench_number(argc, argv, "settle", 2.0);
  w.round = bench_number(argc, argv, "round", 2e-9);
  w.sync = bench_number(argc, argv, "sync", 2e-3);
  w.rank_rate = bench_number(argc, argv, "rank-rate", 1e9);
  w.file_rate = bench_number(argc, argv, "file-rate", 100e9);
  w.open = bench_number(argc, argv, "open", 1e-4);
  w.per_core = (size_t)bench_number(argc, argv, "per-core", 100.0);
  w.threads = (size_t)bench_number(argc, argv, "threads", 8.0);
  w.most = (size_t)bench_number(argc, argv, "cores", 100000.0);
  const char *messages = bench_option(argc, argv, "messages");
  job_list list = {.job = calloc(JOBS_MAX, sizeof(job))};
  (void)mkdir("results", 0777);
  if (list.job == NULL || w.threads < 1 || w.per_core < 1 ||
      !cluster_measure(&w.here, messages != NULL ? messages : "build/bench/mpi_messages")) {
    fprintf(stderr, "bench_cluster: what a sweep costs here cannot be measured (run it by `make bench-cluster`)\n");
    return 1;
  }
  print_costs(&w);
  const cluster_transport transport = {.poll = w.poll,
                                       .ahead = (size_t)bench_number(argc, argv, "ahead", 1.0),
                                       .shared = bench_number(argc, argv, "shared", 0.0) > 0.0,
                                       .settle = w.settle};
  const double difference = cluster_compare(&w.here, &transport, bench_number(argc, argv, "seconds", 3.0),
                                            (size_t)bench_number(argc, argv, "repeats", 3.0));
  (void)fflush(stdout);
  add_all(&w, &list);
  bool good = true;
  const int processors = omp_get_num_procs(); /* OpenBLAS on one thread has told OpenMP so too */
#pragma omp parallel for num_threads(processors) schedule(dynamic, 1) reduction(&& : good)
  for (size_t k = 0; k < list.jobs; k++) {
    list.job[k].good = cluster_simulate(&list.job[k].setting, &list.job[k].outcome);
    good = good && list.job[k].good;
  }
  if (!good) {
    fprintf(stderr, "bench_cluster: a simulation has no memory\n");
    return 1;
  }
  print_tables(&w, &list);
  write_csv(&w, &list);
  write_json(&w, &list, difference, load);
  free(list.job);
  return 0;
}
