#include "bench/measure_cluster.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench/measure.h"
#include "bench/sweep_work.h"
#include "model/indicators.h"
#include "model/sweep_private.h"
#include "model/sweep_queue.h"
#include "solvers/blas.h"
#include "solvers/moments.h"

enum { PACKED = 8 /* blocks */, MERGES = 50, WORKERS = 20000 };

const char *const cluster_scenario[CLUSTER_TABLES] = {"reference", "reference-42"};
const char *const cluster_keep[CLUSTER_KEEPS] = {"statistics", "indicators", "groups", "full"};
static const size_t blocks_measured[CLUSTER_TABLES][CLUSTER_KEEPS] = {{12, 48, 12, 4}, {24, 128, 24, 8}};

typedef struct {
  bench_sweep_work sweep;
  tanlu_sweep_sink sink;
  cluster_costs *costs;
  double core, wall; /* when the block began */
  double walls;
  size_t packed;
  double *row;
} work;

static tanlu_status draw(void *user, int thread, size_t sample, double *parameter, tanlu_sweep_drawn *drawn,
                         tanlu_context *context) {
  work *w = user;
  if (sample % TANLU_SWEEP_BLOCK == 0) {
    w->core = bench_core_seconds();
    w->wall = omp_get_wtime();
  }
  return tanlu_sweep_source_draw(w->sweep.worker, thread, sample, parameter, drawn, context);
}

static bool is_done(void *user, size_t block) {
  const work *w = user;
  return w->sink.done(w->sink.user, block);
}

static void pack_and_unpack(work *w, const tanlu_sweep_block *block) {
  const tanlu_sweep_shape *shape = &w->sweep.sweep->shape;
  tanlu_sweep_block copy;
  if (w->packed == PACKED || tanlu_sweep_block_create(&copy, shape, NULL) != TANLU_OK) return;
  const double begin = bench_core_seconds();
  tanlu_sweep_block_pack(block, shape, w->row);
  const double middle = bench_core_seconds();
  tanlu_sweep_block_unpack(&copy, shape, w->row);
  const double end = bench_core_seconds();
  w->costs->pack = fmin(w->costs->pack, middle - begin);
  w->costs->unpack = fmin(w->costs->unpack, end - middle);
  w->packed++;
  tanlu_sweep_block_clear(&copy);
}

/* On the thread that computed the block. */
static tanlu_status take(void *user, const tanlu_sweep_block *block, tanlu_context *context) {
  work *w = user;
  cluster_costs *costs = w->costs;
  const double core = bench_core_seconds(), wall = omp_get_wtime();
  costs->seconds[costs->blocks++] = core - w->core;
  w->walls += wall - w->wall;
  const tanlu_status status = w->sink.write(w->sink.user, block, context);
  costs->write_core += bench_core_seconds() - core;
  costs->write_all += omp_get_wtime() - wall;
  pack_and_unpack(w, block);
  return status;
}

/* Two states of the statistics are added, best of some. They are those of the shape without quantiles. */
static tanlu_status measure_merge(const tanlu_sweep_shape *shape, cluster_costs *costs, tanlu_context *context) {
  const size_t cells = shape->years * shape->indicators + tanlu_summary_count() +
                       (shape->groups > 0 ? TANLU_GROUPED * shape->years * shape->groups : 0);
  tanlu_moments *one = NULL, *two = NULL;
  tanlu_status status = tanlu_moments_create(&one, cells, 1, NULL, NULL, context);
  if (status == TANLU_OK) status = tanlu_moments_create(&two, cells, 1, NULL, NULL, context);
  for (int k = 0; status == TANLU_OK && k < MERGES; k++) {
    const double begin = bench_core_seconds();
    status = tanlu_moments_merge(one, two, context);
    costs->merge = fmin(costs->merge, bench_core_seconds() - begin);
  }
  tanlu_moments_free(&one);
  tanlu_moments_free(&two);
  costs->state_bytes = (double)cells * (TANLU_MOMENTS_WORDS * sizeof(int64_t) + 2 * sizeof(double));
  return status;
}

static void average(work *w) {
  cluster_costs *costs = w->costs;
  const double n = (double)costs->blocks;
  costs->mean = costs->deviation = costs->longest = 0.0;
  for (size_t k = 0; k < costs->blocks; k++) {
    costs->mean += costs->seconds[k] / n;
    costs->longest = fmax(costs->longest, costs->seconds[k]);
  }
  for (size_t k = 0; k < costs->blocks; k++) costs->deviation += pow(costs->seconds[k] - costs->mean, 2.0) / n;
  costs->deviation = sqrt(costs->deviation);
  costs->wall = w->walls / n / costs->mean;
  costs->write_core /= n;
  costs->write_all = fmax(costs->write_all / n, costs->write_core);
}

static double file_size(const char *path) {
  struct stat file;
  return stat(path, &file) == 0 ? (double)file.st_size : 0.0;
}

static tanlu_status run_blocks(work *w, const char *output, double *bytes) {
  bench_sweep_work *sweep = &w->sweep;
  tanlu_status status = bench_sweep_store(sweep, output);
  if (status != TANLU_OK) return status;
  w->sink = tanlu_sweep_store_sink(sweep->store);
  w->row = malloc(tanlu_sweep_block_doubles(&sweep->sweep->shape) * sizeof *w->row);
  if (w->row == NULL) return TANLU_ERR_MEMORY;
  tanlu_sweep_plan plan = bench_sweep_plan(sweep, (tanlu_sweep_source){w, draw}, (tanlu_sweep_sink){w, is_done, take});
  status = tanlu_sweep_run(&plan, sweep->context);
  *bytes = file_size(output);
  return status;
}

/* The sweep's numbers, into costs; bytes: of its file. */
static bool run_sweep(const bench_sweep *what, cluster_costs *costs, double *bytes) {
  char directory[BENCH_PATH], yaml[BENCH_PATH + 16], output[BENCH_PATH + 16];
  work w = {.sweep.threads = 1, .costs = costs};
  if (!bench_directory(directory)) return false;
  snprintf(yaml, sizeof yaml, "%s/bench.yaml", directory);
  snprintf(output, sizeof output, "%s/bench.h5", directory);
  *costs = (cluster_costs){.pack = (double)INFINITY, .unpack = (double)INFINITY, .merge = (double)INFINITY};
  (void)tanlu_blas_serial();
  tanlu_status status = bench_sweep_write(what, yaml) ? bench_sweep_prepare(&w.sweep, yaml) : TANLU_ERR_IO;
  if (status == TANLU_OK) status = run_blocks(&w, output, bytes);
  if (status == TANLU_OK) {
    const tanlu_sweep_shape *shape = &w.sweep.sweep->shape;
    costs->sectors = w.sweep.dataset->accounts.n;
    costs->years = w.sweep.sweep->scenario->drivers->years;
    costs->sent_bytes = (double)tanlu_sweep_block_doubles(shape) * sizeof(double);
    costs->report_bytes =
        (double)TANLU_SWEEP_BLOCK * (double)(sizeof(int) + TANLU_SWEEP_REASON + tanlu_summary_count() * sizeof(double));
    average(&w);
    status = measure_merge(shape, costs, w.sweep.context);
  }
  bench_sweep_release(&w.sweep);
  free(w.row);
  (void)unlink(yaml);
  (void)unlink(output);
  (void)rmdir(directory);
  return status == TANLU_OK;
}

static bool measure_costs(size_t table, size_t keep, cluster_costs *costs) {
  const size_t blocks = blocks_measured[table][keep];
  double bytes = 0.0, least = 0.0;
  bench_sweep what = {cluster_scenario[table], cluster_keep[keep], TANLU_SWEEP_BLOCK, false};
  if (!run_sweep(&what, costs, &least)) return false;
  what.samples = blocks * TANLU_SWEEP_BLOCK;
  if (!run_sweep(&what, costs, &bytes)) return false;
  /* the state of the statistics is written anew with every block */
  costs->file_bytes = (bytes - least) / (double)(blocks - 1) + costs->state_bytes;
  return true;
}

/* ---- the queue ----------------------------------------------------------------------------------------------------------- */

typedef struct {
  bench_sweep_work sweep;
  int ended; /* until then the one thread that computes sleeps */
  double take;
} queue_work;

static tanlu_status sleep_through(void *user, int thread, size_t sample, double *parameter, tanlu_sweep_drawn *drawn,
                                  tanlu_context *context) {
  queue_work *w = user;
  const struct timespec pause = {.tv_nsec = 1000000};
  (void)thread;
  (void)sample;
  (void)parameter;
  (void)drawn;
  for (int ended = 0; ended == 0;) {
    (void)nanosleep(&pause, NULL);
#pragma omp atomic read
    ended = w->ended;
  }
  return tanlu_fail(context, TANLU_ERR_INPUT, "not drawn");
}

static bool none_is_done(void *user, size_t block) {
  (void)user;
  (void)block;
  return false;
}

static tanlu_status drop(void *user, const tanlu_sweep_block *block, tanlu_context *context) {
  (void)user;
  (void)block;
  (void)context;
  return TANLU_OK;
}

static void serve(void *user, tanlu_sweep_queue *queue, tanlu_context *context) {
  queue_work *w = user;
  bool given = true;
  (void)context;
  size_t block = 0;
  const double begin = bench_core_seconds();
  for (size_t k = 0; given && k < WORKERS; k++) {
    given = tanlu_sweep_queue_next(queue, &block) == TANLU_QUEUE_GIVEN;
  }
  w->take = given ? (bench_core_seconds() - begin) / WORKERS : (double)NAN;
#pragma omp atomic write
  w->ended = 1;
  tanlu_sweep_queue_fail(queue, TANLU_INTERRUPTED);
  tanlu_sweep_queue_fail(queue, TANLU_ERR_INTERNAL); /* what was given out never comes back */
}

static bool measure_queue(double *take) {
  char directory[BENCH_PATH], yaml[BENCH_PATH + 16];
  const bench_sweep what = {"reference-42", "statistics", TANLU_SWEEP_BLOCK, true};
  queue_work *w = calloc(1, sizeof *w);
  if (w == NULL || !bench_directory(directory)) return false;
  w->sweep.threads = 1;
  w->take = (double)NAN;
  snprintf(yaml, sizeof yaml, "%s/bench.yaml", directory);
  if (bench_sweep_write(&what, yaml) && bench_sweep_prepare(&w->sweep, yaml) == TANLU_OK) {
    const tanlu_sweep_transport transport = {.user = w, .workers = WORKERS, .serve = serve};
    tanlu_sweep_plan plan =
        bench_sweep_plan(&w->sweep, (tanlu_sweep_source){w, sleep_through}, (tanlu_sweep_sink){w, none_is_done, drop});
    plan.samples = (size_t)4 * WORKERS * TANLU_SWEEP_BLOCK;
    plan.last_block = tanlu_sweep_blocks(plan.samples);
    plan.transport = &transport;
    (void)tanlu_sweep_run(&plan, w->sweep.context); /* ends as it was told to */
    tanlu_context_clear(w->sweep.context);
  }
  bench_sweep_release(&w->sweep);
  (void)unlink(yaml);
  (void)rmdir(directory);
  *take = w->take;
  const bool good = isfinite(w->take);
  free(w);
  return good;
}

/* ---- messages ------------------------------------------------------------------------------------------------------------ */

static bool measure_messages(const char *program, const double *bytes, size_t sizes, cluster_messages *messages,
                             double *receive) {
  char command[2 * BENCH_PATH];
  size_t used = (size_t)snprintf(command, sizeof command, "'%s' --oversubscribe --bind-to none -n 2 '%s'",
                                 bench_environment("TANLU_MPIRUN", "mpirun"), program);
  for (size_t k = 0; k < sizes && used < sizeof command; k++) {
    used += (size_t)snprintf(command + used, sizeof command - used, " %.0f", bytes[k]);
  }
  FILE *line = used < sizeof command ? popen(command, "r") : NULL;
  if (line == NULL) return false;
  bool good = fscanf(line, "%lf %lf %lf", &messages->request, &messages->latency, &messages->watch) == 3;
  for (size_t k = 0; good && k < sizes; k++) good = fscanf(line, "%lf", &receive[k]) == 1;
  return pclose(line) == 0 && good;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------------- */

static double mean_of(const double *value, size_t count) {
  double sum = 0.0;
  for (size_t k = 0; k < count; k++) sum += value[k];
  return sum / (double)count;
}

static void spread_times(const cluster_costs *all, cluster_costs *own) {
  const double longer = mean_of(own->seconds, own->blocks) / mean_of(all->seconds, own->blocks);
  for (size_t b = 0; b < all->blocks; b++) own->seconds[b] = longer * all->seconds[b];
  own->blocks = all->blocks;
  own->mean = longer * all->mean;
}

bool cluster_measure_again(cluster_machine *m, size_t table) {
  return measure_costs(table, CLUSTER_INDICATORS, &m->costs[table][CLUSTER_INDICATORS]);
}

bool cluster_measure(cluster_machine *m, const char *messages) {
  enum { ALL = CLUSTER_TABLES * CLUSTER_KEEPS };
  double bytes[ALL], receive[ALL];
  for (size_t n = 0; n < CLUSTER_TABLES; n++) {
    for (size_t k = 0; k < CLUSTER_KEEPS; k++) {
      if (!measure_costs(n, k, &m->costs[n][k])) return false;
      bytes[n * CLUSTER_KEEPS + k] = m->costs[n][k].sent_bytes;
    }
    for (size_t k = 0; k < CLUSTER_KEEPS; k++) {
      if (k != CLUSTER_INDICATORS) spread_times(&m->costs[n][CLUSTER_INDICATORS], &m->costs[n][k]);
    }
  }
  if (!measure_queue(&m->take)) return false;
  if (!measure_messages(messages, bytes, ALL, &m->messages, receive)) return false;
  memcpy(m->receive, receive, sizeof receive);
  return true;
}
