#include <math.h>
#include <stdio.h>

#include "bench/measure_cluster.h"
#include "bench/simulate_cluster.h"
#include "bench/sweep_runs.h"
#include "model/sweep.h"

enum { CASES = 4, REPEATS_MAX = 15 };
static const sweep_case cases[CASES] = {{false, 1, 1}, {false, 1, 2}, {true, 1, 2}, {true, 2, 1}};
static const double ahead_bytes = 1 << 27; /* as model/sweep_queue.c bounds what waits */

size_t cluster_window(size_t threads, const cluster_costs *costs) {
  const double fit = fmin(3.0 * (double)threads, floor(ahead_bytes / costs->sent_bytes));
  return threads + (size_t)fit;
}

/* Seconds of so many blocks on this machine, simulated from what its table cost when it was measured last. */
static double simulate(const cluster_machine *m, size_t table, const cluster_transport *transport,
                       const sweep_case *what, size_t blocks) {
  static double seconds[CLUSTER_BLOCKS_MAX];
  const cluster_costs *c = &m->costs[table][CLUSTER_INDICATORS];
  const size_t ranks = (size_t)what->ranks, threads = (size_t)what->threads;
  for (size_t k = 0; k < c->blocks; k++) seconds[k] = c->wall * c->seconds[k];
  cluster_setting setting = {.blocks = blocks,
                             .seconds = seconds,
                             .times = c->blocks,
                             .seed = 1,
                             .ranks = ranks,
                             .threads = threads,
                             .alone = ranks == 1,
                             .ask = 1,
                             .ahead = transport->ahead,
                             .window = cluster_window(ranks * threads, c),
                             .latency = m->messages.latency,
                             .poll = transport->poll,
                             .watch = m->messages.watch,
                             .request = m->messages.request + m->take,
                             .send = c->pack,
                             .receive = c->unpack + m->receive[table][CLUSTER_INDICATORS],
                             .writing = CLUSTER_ONE_WRITER,
                             .write = c->write_core,
                             .sync = c->write_all - c->write_core,
                             .flush = 1};
  if (transport->shared && !setting.alone) {
    setting.writing = CLUSTER_SHARED_FILE;
    setting.report = 1;
    setting.settle = transport->settle;
    setting.hold = cluster_window(threads, c);
  }
  cluster_outcome outcome;
  return cluster_simulate(&setting, &outcome) ? outcome.seconds : (double)NAN;
}

/* One table: all cases take turns, each repeat after what a sweep costs was measured anew. */
static double compare_table(cluster_machine *m, size_t table, const cluster_transport *transport, size_t repeats,
                            const sweep_runs *runs) {
  double measured[CASES][REPEATS_MAX], simulated[CASES][REPEATS_MAX], largest = 0.0;
  const size_t blocks = (runs->samples[SWEEP_LARGE] - runs->samples[SWEEP_SMALL]) / TANLU_SWEEP_BLOCK;
  for (size_t repeat = 0; repeat < repeats; repeat++) {
    if (!cluster_measure_again(m, table)) return (double)NAN;
    for (size_t k = 0; k < CASES; k++) {
      bench_process start, whole;
      if (!sweep_runs_run(runs, cases[k], SWEEP_SMALL, &start) ||
          !sweep_runs_run(runs, cases[k], SWEEP_LARGE, &whole)) {
        return (double)NAN;
      }
      measured[k][repeat] = whole.seconds - start.seconds;
      simulated[k][repeat] = simulate(m, table, transport, &cases[k], blocks);
    }
  }
  for (size_t k = 0; k < CASES; k++) {
    const double real = bench_sum_up(measured[k], repeats).median, model = bench_sum_up(simulated[k], repeats).median;
    printf("%4zu  %-9s %d x %d %8zu %10.2f %10.2f %+9.1f %%\n", m->costs[table][0].sectors,
           cases[k].mpi ? "tanlu-mpi" : "tanlu", cases[k].ranks, cases[k].threads, blocks, real, model,
           100.0 * (model / real - 1.0));
    largest = fmax(largest, fabs(model / real - 1.0));
  }
  return largest;
}

double cluster_compare(const cluster_machine *machine, const cluster_transport *transport, double seconds,
                       size_t repeats) {
  static sweep_runs runs;
  static cluster_machine again; /* measured anew; the caller keeps what it had */
  cluster_machine *m = &again;
  double largest = 0.0;
  if (repeats < 1 || repeats > REPEATS_MAX || !sweep_runs_open(&runs)) return (double)NAN;
  again = *machine;
  printf(
      "runs of this machine, without start-up, beside their simulation; medians of %zu\n\n%4s  %-9s %5s %8s %10s %10s "
      "%11s\n",
      repeats, "n", "program", "r x t", "blocks", "measured s", "simulated", "difference");
  for (size_t n = 0; n < CLUSTER_TABLES && isfinite(largest); n++) {
    const bool good = sweep_runs_prepare(&runs, cluster_scenario[n], seconds);
    const double own = good ? compare_table(m, n, transport, repeats, &runs) : (double)NAN;
    largest = isfinite(own) ? fmax(largest, own) : own;
  }
  sweep_runs_close(&runs);
  printf("largest difference: %.1f %%\n\n", 100.0 * largest);
  return largest;
}
