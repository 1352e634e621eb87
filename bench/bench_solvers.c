/* Speed of solving many related systems, beside LU of each system and the matrix product that bounds them all.
 *
 *   bench_solvers [--quick] [--order N]...
 *
 * Tables are made up (model/synthetic.h). A method is first compared with LU on some systems of the case: one that differs
 * prints FAIL and is not timed. Times are medians of repeated calls, 5 (3 of large systems) or as many as half a second
 * holds; LU per system is timed at the same number of threads. A call in which other programs took more than a tenth of
 * its cores is repeated, for three seconds at most: a row for which there was no better time ends with "disturbed". The
 * numbers of systems fill whole blocks on two threads.
 * GFLOP/s counts what a method does: 2/3 n^3 + 2 n^2 a system for LU, 2 n^2 a sweep and a residual otherwise.
 * The share of the peak is of SGEMM for `batched`, whose sweeps are in single precision, else of DGEMM, measured here with
 * one set of matrices a thread. Rows go to results/bench-solvers.jsonl as well, one JSON object a line. */
#include <cblas.h>
#include <math.h>
#include <omp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "model/synthetic.h"
#include "solvers/batched_kernel_private.h"
#include "solvers/blas.h"
#include "solvers/block_private.h"
#include "solvers/memory.h"

enum {
  ENERGY_ROWS = 6,
  GEMM_ORDER = 1302,
  LARGE = 2000,
  HUGE_ORDER = 4000,
  CHECKED = 2,
  REPEATS_MAX = 51,
  ROWS_MAX = 400
};
static const double least_seconds = 0.5, most_seconds = 3; /* of repeated calls together */

typedef enum { CASE_SPREAD, CASE_ENERGY, CASE_TOGETHER, CASE_FEW } case_kind;
static const char *const case_words[] = {"spread", "energy rows", "together", "few diagonals"};

typedef struct {
  double spread;
  case_kind kind;
  bool quick; /* also in the quick run */
} bench_case;
static const bench_case cases[] = {{0.05, CASE_SPREAD, false}, {0.1, CASE_SPREAD, true},   {0.4, CASE_SPREAD, true},
                                   {0.1, CASE_ENERGY, true},   {0.4, CASE_TOGETHER, true}, {0.4, CASE_FEW, false}};
enum { CASES = sizeof cases / sizeof *cases };

static const struct {
  size_t regions, sectors, systems, lu_systems;
} sizes[] = {{1, 42, 8192, 2048}, {1, 153, 4096, 256}, {31, 42, 768, 8}, {56, 43, 384, 4}, {100, 50, 192, 2}};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* What the project aims at on two cores, as a ratio to LU per system. */
static const struct {
  size_t n;
  case_kind kind;
  double spread, ratio;
} goals[] = {{42, CASE_SPREAD, 0.1, 14},   {153, CASE_SPREAD, 0.1, 30},   {153, CASE_SPREAD, 0.4, 22},
             {153, CASE_ENERGY, 0.1, 22},  {153, CASE_TOGETHER, 0.4, 15}, {1302, CASE_SPREAD, 0.1, 130},
             {1302, CASE_SPREAD, 0.4, 90}, {2408, CASE_SPREAD, 0.4, 150}};
enum { GOALS = sizeof goals / sizeof *goals };

typedef struct {
  size_t n, systems;
  bench_case what;
  int threads;
  const char *method;
  double us, ratio, gflops, share, residual, iterations;
  size_t refactored;
  bool passed, disturbed;
} row;

typedef struct {
  bool quick;
  int repeats, teams[2], team_count;
  double dgemm[2], sgemm[2]; /* GFLOP/s for each team */
  row rows[ROWS_MAX];
  size_t row_count;
} bench;

/* The systems of one case. */
typedef struct {
  size_t n, count, rows, row[ENERGY_ROWS];
  double *centre, *diagonal, *row_values, *b, *u, *reference;
} problem;

static _Noreturn void stop(const char *what) {
  (void)fprintf(stderr, "bench_solvers: %s\n", what);
  exit(1);
}

static double *doubles(size_t count) {
  double *x = tanlu_allocate_doubles(NULL, count, 1);
  if (!x) stop("out of memory");
  return x;
}

static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *x, int count) {
  qsort(x, (size_t)count, sizeof *x, by_size);
  return count % 2 ? x[count / 2] : 0.5 * (x[count / 2 - 1] + x[count / 2]);
}

/* ---- the machine ----------------------------------------------------------------------------------------------------- */

static void print_machine(int cores) {
  char line[256], model[256] = "unknown";
  FILE *file = fopen("/proc/cpuinfo", "r");
  while (file && fgets(line, sizeof line, file)) {
    char *colon = strchr(line, ':');
    if (strncmp(line, "model name", 10) != 0 || !colon) continue;
    colon[strcspn(colon, "\n")] = '\0';
    (void)snprintf(model, sizeof model, "%s", colon + 2);
    break;
  }
  if (file) (void)fclose(file);
#if defined(__clang__)
  const char *compiler = "clang " __clang_version__;
#else
  const char *compiler = "gcc " __VERSION__;
#endif
  double load = 0;
  (void)getloadavg(&load, 1);
  printf("%s, %d cores; OpenBLAS core %s; %s\n", model, cores, tanlu_blas_core(), compiler);
  if (load > 0.5) printf("other programs are running (load %.1f): calls that they disturb are repeated\n", load);
}

/* C = A B at order n, one set of matrices a thread; best of several. */
static double gemm_gflops(bool single, int threads) {
  const int n = GEMM_ORDER;
  double best = 0;
#pragma omp parallel num_threads(threads)
  {
    double *m[3]; /* the single-precision ones use half of the memory */
    for (int k = 0; k < 3; k++) {
      m[k] = doubles((size_t)n * (size_t)n);
      for (size_t i = 0; i < (size_t)n * (size_t)n; i++) {
        if (single)
          ((float *)(void *)m[k])[i] = 1.0f + (float)(i % 7);
        else
          m[k][i] = 1.0 + (double)(i % 7);
      }
    }
    for (int repeat = 0; repeat < 5; repeat++) { /* the first warms up */
#pragma omp barrier
      const double begin = omp_get_wtime();
      if (single)
        cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0f, (float *)(void *)m[0], n,
                    (float *)(void *)m[1], n, 0.0f, (float *)(void *)m[2], n);
      else
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, m[0], n, m[1], n, 0, m[2], n);
#pragma omp barrier
#pragma omp master
      {
        const double speed = 2e-9 * pow(n, 3) * threads / (omp_get_wtime() - begin);
        if (repeat && speed > best) best = speed;
      }
    }
    for (int k = 0; k < 3; k++) free(m[k]);
  }
  return best;
}

/* ---- systems --------------------------------------------------------------------------------------------------------- */

static problem make_problem(const tanlu_synthetic *table, bench_case what, size_t count) {
  const size_t n = table->n;
  problem p = {.n = n,
               .count = count,
               .rows = what.kind == CASE_ENERGY ? ENERGY_ROWS : 0,
               .centre = doubles(n),
               .diagonal = doubles(n * count),
               .b = doubles(n * count),
               .u = doubles(n * count),
               .reference = doubles(n * count)};
  p.row_values = doubles(n * count * p.rows);
  const size_t few = n / 16 ? n / 16 : 1;
  for (size_t i = 0; i < n; i++) p.centre[i] = 1;
  for (size_t k = 0; k < p.rows; k++) p.row[k] = k * n / p.rows;
  for (size_t s = 0; s < count; s++) {
    const double shift = what.spread * (2 * tanlu_synthetic_uniform(2, 0, s) - 1);
    for (size_t i = 0; i < n; i++) {
      const double own = what.spread * (2 * tanlu_synthetic_uniform(2, 1, s * n + i) - 1);
      const bool fixed = what.kind == CASE_FEW && (i * few) % n >= few;
      p.diagonal[s * n + i] = fixed ? 1 : 1 + (what.kind == CASE_TOGETHER ? shift : own);
      p.b[s * n + i] = table->final_demand[i] * (0.8 + 0.4 * tanlu_synthetic_uniform(2, 2, s * n + i));
    }
    for (size_t k = 0; k < p.rows; k++)
      for (size_t j = 0; j < n; j++) {
        const size_t at = (s * p.rows + k) * n + j;
        p.row_values[at] = table->a[j * n + p.row[k]] * (0.5 + 0.7 * tanlu_synthetic_uniform(2, 3, at));
      }
  }
  return p;
}

static void free_problem(problem *p) {
  free(p->centre);
  free(p->diagonal);
  free(p->row_values);
  free(p->b);
  free(p->u);
  free(p->reference);
}

static bool solve(tanlu_block *block, const problem *p, size_t count, double *u, tanlu_block_report *report) {
  tanlu_context *context = tanlu_context_create();
  const tanlu_status status =
      tanlu_block_solve(block, count, p->diagonal, p->rows ? p->row_values : NULL, p->b, u, NULL, report, context);
  if (status != TANLU_OK && tanlu_context_count(context))
    (void)fprintf(stderr, "bench_solvers: %s\n", tanlu_context_message(context, 0));
  tanlu_context_free(&context);
  return status == TANLU_OK;
}

/* Largest difference from LU, relative to the largest output of the system. */
static double difference(const problem *p, size_t count) {
  double worst = 0;
  for (size_t s = 0; s < count; s++) {
    double error = 0, size = 0;
    for (size_t i = s * p->n; i < (s + 1) * p->n; i++) {
      const double d = fabs(p->u[i] - p->reference[i]);
      error = d <= error ? error : d;
      size = fmax(size, fabs(p->reference[i]));
    }
    worst = error / size <= worst ? worst : error / size;
  }
  return worst;
}

/* Of all threads of this process. */
static double cpu_seconds(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* One method on the systems of a case: checked against LU, then timed. lu: its row, NULL: this is LU. */
static row measure(const bench *b, const tanlu_synthetic *table, const problem *p, bench_case what,
                   tanlu_block_method method, size_t count, int team, const row *lu) {
  const double n = (double)p->n;
  row r = {
      .n = p->n, .systems = count, .what = what, .threads = b->teams[team], .method = tanlu_block_method_word(method)};
  const tanlu_block_options options = {.n = p->n,
                                       .a = table->a,
                                       .centre = p->centre,
                                       .rows = p->rows,
                                       .row = p->row,
                                       .method = method,
                                       .threads = b->teams[team]};
  tanlu_block *block = NULL;
  tanlu_block_report report = {0};
  if (tanlu_block_create(&block, &options, NULL) != TANLU_OK) return r;
  const bool is_lu = method == TANLU_BLOCK_DIRECT;
  const size_t checked = CHECKED < count ? CHECKED : count;
  r.passed = solve(block, p, checked, is_lu ? p->reference : p->u, &report) && report.worst_residual <= 1e-10 &&
             (is_lu || difference(p, checked) <= 1e-8);
  r.residual = report.worst_residual;
  double seconds[REPEATS_MAX], total = 0;
  const int least = p->n > LARGE && b->repeats > 3 ? 3 : b->repeats;
  int repeats = 0;
  for (bool warm = checked == count; r.passed && repeats < REPEATS_MAX && (repeats < least || total < least_seconds);) {
    const double begin = omp_get_wtime(), used = cpu_seconds();
    r.passed = solve(block, p, count, is_lu ? p->reference : p->u, &report);
    const double took = omp_get_wtime() - begin, cores = (cpu_seconds() - used) / took / r.threads;
    total += took;
    r.disturbed = total > most_seconds && (r.disturbed || cores < 0.9);
    if (warm && (cores >= 0.9 || total > most_seconds)) seconds[repeats++] = took;
    warm = true;
  }
  tanlu_block_free(&block);
  if (!r.passed) return r;
  r.us = 1e6 * median(seconds, repeats) / (double)count;
  r.ratio = lu ? lu->us / r.us : 1;
  r.disturbed = r.disturbed || (lu && lu->disturbed);
  r.residual = report.worst_residual;
  r.refactored = report.refactored;
  const bool factors = is_lu || method == TANLU_BLOCK_INTERLEAVED, batched = method == TANLU_BLOCK_BATCHED;
  /* `batched` counts the sweeps of every panel of a block; it takes a residual between its two cycles */
  const double panels = batched ? (double)report.width / TANLU_BATCHED_LANES : 1;
  r.iterations = factors ? 1 : (double)report.iterations / (double)report.blocks / panels;
  const double operations = factors ? n * n * (2.0 / 3 * n + 2) : 2 * n * n * (r.iterations + 1 + batched);
  r.gflops = 1e-3 * operations / r.us;
  r.share = r.gflops / (batched ? b->sgemm : b->dgemm)[team];
  return r;
}

/* ---- output ---------------------------------------------------------------------------------------------------------- */

static void print_row(const row *r) {
  char what[32];
  (void)snprintf(what, sizeof what, "%.0f %%%s%s", 100 * r->what.spread, r->what.kind ? ", " : "",
                 r->what.kind ? case_words[r->what.kind] : "");
  printf("%6zu  %-19s %7d  %-12s ", r->n, what, r->threads, r->method);
  if (r->passed)
    printf("%12.3f %8.1f %9.1f %6.0f %% %7.1f %9.1e %6zu/%zu%s\n", r->us, r->ratio, r->gflops, 100 * r->share,
           r->iterations, r->residual, r->refactored, r->systems, r->disturbed ? "  disturbed" : "");
  else
    printf("%12s %8s %9s %8s %7s %9.1e\n", "FAIL", "", "", "", "", r->residual);
  (void)fflush(stdout);
}

static void write_json(FILE *file, const row *r) {
  (void)fprintf(file,
                "{\"bench\": \"solvers\", \"n\": %zu, \"systems\": %zu, \"spread\": %g, \"threads\": %d, \"method\": "
                "\"%s\", \"us_per_solve\": %.6g, \"ratio_to_lu\": %.4g, \"share_of_peak\": %.4g, \"residual\": %.3g, "
                "\"status\": \"%s\", \"case\": \"%s\", \"gflops\": %.4g, \"iterations\": %.4g, \"refactored\": %zu, "
                "\"disturbed\": %s}\n",
                r->n, r->systems, r->what.spread, r->threads, r->method, r->us, r->ratio, r->share,
                isfinite(r->residual) ? r->residual : -1.0, r->passed ? "ok" : "FAIL", case_words[r->what.kind],
                r->gflops, r->iterations, r->refactored, r->disturbed ? "true" : "false");
}

static void keep(bench *b, row r) {
  print_row(&r);
  if (b->row_count < ROWS_MAX) b->rows[b->row_count++] = r;
}

static void write_file(const bench *b) {
  const char *path = "results/bench-solvers.jsonl";
  (void)mkdir("results", 0777);
  FILE *file = fopen(path, "w");
  if (!file) stop("cannot write results/bench-solvers.jsonl");
  printf("\n");
  for (size_t k = 0; k < b->row_count; k++) {
    write_json(stdout, b->rows + k);
    write_json(file, b->rows + k);
  }
  if (fclose(file) != 0) stop("cannot write results/bench-solvers.jsonl");
  printf("\nwritten to %s\n", path);
}

/* ---- the tables ------------------------------------------------------------------------------------------------------ */

static bool method_fits(tanlu_block_method method, bench_case what, size_t n, bool quick) {
  switch (method) {
  case TANLU_BLOCK_INTERLEAVED:
    return n <= 153;
  case TANLU_BLOCK_BATCHED:
    return true;
  case TANLU_BLOCK_LOWRANK:
    return what.kind == CASE_FEW;
  case TANLU_BLOCK_SERIES:
    return n <= 153 || (!quick && n <= 1302 && what.kind == CASE_SPREAD && what.spread < 0.2);
  default:
    return false;
  }
}

/* The case by which sizes and threads are compared. */
static bool is_plain(bench_case what) {
  return what.kind == CASE_SPREAD && fabs(what.spread - 0.1) < 1e-9;
}

static void run_size(bench *b, size_t regions, size_t sectors, size_t systems, size_t lu_systems) {
  const tanlu_synthetic_options options = {
      .regions = regions, .sectors = sectors, .density = 1, .radius = 0.56, .seed = 1};
  tanlu_synthetic *table = NULL;
  if (tanlu_synthetic_create(&table, &options, NULL) != TANLU_OK) stop("no table");
  for (size_t c = 0; c < CASES; c++) {
    if (b->quick && (!cases[c].quick || (cases[c].kind != CASE_SPREAD && table->n != 153))) continue;
    if (table->n > LARGE && cases[c].kind != CASE_SPREAD) continue;
    if (table->n > HUGE_ORDER && !is_plain(cases[c])) continue;
    problem p = make_problem(table, cases[c], systems);
    for (int team = 0; team < b->team_count; team++) {
      /* LU takes the same time for every case: its first systems stand for all */
      row lu = measure(b, table, &p, cases[c], TANLU_BLOCK_DIRECT, lu_systems, team, NULL);
      keep(b, lu);
      for (int m = TANLU_BLOCK_DIRECT + 1; m < TANLU_BLOCK_METHODS; m++)
        if (method_fits((tanlu_block_method)m, cases[c], table->n, b->quick))
          keep(b, measure(b, table, &p, cases[c], (tanlu_block_method)m, systems, team, &lu));
    }
    free_problem(&p);
  }
  tanlu_synthetic_free(&table);
}

static const char *verdict(double value, double goal, bool disturbed) {
  return disturbed ? "disturbed" : value >= goal ? "met" : "missed";
}

static void print_goals(const bench *b) {
  printf("\ngoals at %d threads, ratio to LU per system\n", b->teams[b->team_count - 1]);
  for (size_t g = 0; g < GOALS; g++) {
    const row *best = NULL;
    for (size_t k = 0; k < b->row_count; k++) {
      const row *r = b->rows + k;
      if (r->passed && r->n == goals[g].n && r->what.kind == goals[g].kind &&
          fabs(r->what.spread - goals[g].spread) < 1e-9 && r->threads == b->teams[b->team_count - 1] &&
          (!best || r->ratio > best->ratio))
        best = r;
    }
    if (best)
      printf("%6zu  %3.0f %% %-14s goal %4.0f, %-12s %6.1f  %s\n", goals[g].n, 100 * goals[g].spread,
             case_words[goals[g].kind], goals[g].ratio, best->method, best->ratio,
             verdict(best->ratio, goals[g].ratio, best->disturbed));
  }
}

/* The row of one method for the plain case. */
static const row *plain_row(const bench *b, size_t n, const char *method, int threads) {
  for (size_t k = 0; k < b->row_count; k++) {
    const row *r = b->rows + k;
    if (r->passed && r->n == n && r->threads == threads && strcmp(r->method, method) == 0 && is_plain(r->what))
      return r;
  }
  return NULL;
}

static void print_scaling(const bench *b) {
  static const double goal = 1.8;
  if (b->team_count < 2) return;
  printf("\n%d threads against 1, diagonals of 10 %%; goal %.1f\n", b->teams[1], goal);
  for (size_t k = 0; k < SIZES; k++) {
    const size_t n = sizes[k].regions * sizes[k].sectors;
    const row *one = plain_row(b, n, "batched", b->teams[0]), *two = plain_row(b, n, "batched", b->teams[1]);
    const row *lu_one = plain_row(b, n, "direct", b->teams[0]), *lu_two = plain_row(b, n, "direct", b->teams[1]);
    if (one && two && lu_one && lu_two)
      printf("%6zu  batched %.2f times as fast, %s (direct %.2f)\n", n, one->us / two->us,
             verdict(one->us / two->us, goal, one->disturbed || two->disturbed), lu_one->us / lu_two->us);
  }
}

/* Slope of log y against log x. */
static double exponent(const double *x, const double *y, size_t count) {
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (size_t k = 0; k < count; k++) {
    const double lx = log(x[k]), ly = log(y[k]);
    sx += lx, sy += ly, sxx += lx * lx, sxy += lx * ly;
  }
  const double m = (double)count;
  return (m * sxy - sx * sy) / (m * sxx - sx * sx);
}

static void print_growth(bench *b) {
  static const char *const words[] = {"direct", "batched"};
  const int team = b->team_count - 1;
  printf("\n");
  for (size_t w = 0; w < 2; w++) {
    double x[SIZES], y[SIZES];
    size_t count = 0;
    for (size_t k = 0; k < SIZES; k++) {
      const row *r = plain_row(b, sizes[k].regions * sizes[k].sectors, words[w], b->teams[team]);
      if (!r) continue;
      x[count] = (double)r->n;
      y[count++] = r->us;
    }
    if (count > 1)
      printf("time of a solve by %s grows as n^%.2f (%.0f to %.0f)\n", words[w], exponent(x, y, count), x[0],
             x[count - 1]);
  }
  const tanlu_synthetic_options options = {.regions = 1, .sectors = 153, .density = 1, .radius = 0.56, .seed = 1};
  tanlu_synthetic *table = NULL;
  if (tanlu_synthetic_create(&table, &options, NULL) != TANLU_OK) stop("no table");
  double x[4], y[4];
  problem p = make_problem(table, cases[1], 16384);
  (void)measure(b, table, &p, cases[1], TANLU_BLOCK_DIRECT, CHECKED, team, NULL);
  for (size_t k = 0; k < 4; k++) {
    const size_t count = (size_t)256 << (2 * k);
    const row r = measure(b, table, &p, cases[1], TANLU_BLOCK_BATCHED, count, team, NULL);
    if (!r.passed) stop("batched fails at n = 153");
    x[k] = (double)count;
    y[k] = r.us * (double)count;
  }
  printf("time of a call by batched at n = 153 grows as systems^%.2f (%.0f to %.0f)\n", exponent(x, y, 4), x[0], x[3]);
  free_problem(&p);
  tanlu_synthetic_free(&table);
}

/* numpy, one solve or one inverse a scenario, and pymrio (its Leontief inverse and output) where it can be imported, in a
 * process of their own with all threads offered. */
static void print_peers(const bench *b) {
  static const char script[] =
      "import time, numpy as np\n"
      "try:\n"
      "    import pymrio, pandas as pd\n"
      "except ImportError:\n"
      "    pymrio = None\n"
      "for n, k in ((42, 400), (153, 100), (1302, 3)):\n"
      "    a = np.eye(n) - 0.6 * np.random.default_rng(1).dirichlet(np.ones(n), n).T; y = np.ones(n)\n"
      "    def t(f):\n"
      "        f(); r = []\n"
      "        for _ in range(3):\n"
      "            s = time.perf_counter()\n"
      "            for _ in range(k): f()\n"
      "            r.append((time.perf_counter() - s) / k * 1e6)\n"
      "        return sorted(r)[1]\n"
      "    mrio = -1\n"
      "    if pymrio:\n"
      "        A = pd.DataFrame(np.eye(n) - a); Y = pd.Series(y)\n"
      "        mrio = t(lambda: pymrio.calc_x_from_L(pymrio.calc_L(A), Y))\n"
      "    print(n, t(lambda: np.linalg.solve(a, y)), t(lambda: np.linalg.inv(a) @ y), mrio)\n";
  char command[2048];
  (void)snprintf(command, sizeof command, "/usr/bin/python3 - 2>/dev/null <<'EOF'\n%sEOF\n", script);
  FILE *pipe = popen(command, "r");
  double n, us_solve, us_inverse, us_mrio;
  bool any = false;
  while (pipe && fscanf(pipe, "%lf %lf %lf %lf", &n, &us_solve, &us_inverse, &us_mrio) == 4) {
    const row *ours = plain_row(b, (size_t)n, "batched", b->teams[b->team_count - 1]);
    printf("%snumpy at n = %.0f: solve %.0f us, inv %.0f us a scenario", any ? "" : "\n", n, us_solve, us_inverse);
    if (ours) printf("; batched at 10 %% is %.0f and %.0f times as fast", us_solve / ours->us, us_inverse / ours->us);
    if (us_mrio > 0) printf("; pymrio %.0f us", us_mrio);
    if (us_mrio > 0 && ours) printf(", %.0f times", us_mrio / ours->us);
    printf("%s\n", us_mrio > 0 ? "" : "; pymrio cannot be imported");
    any = true;
  }
  if (pipe) (void)pclose(pipe);
  if (!any) printf("\nnumpy is not installed: no peer\n");
}

int main(int argc, char **argv) {
  static bench b;
  const int offered = tanlu_blas_serial();
  size_t order = 0; /* only this one */
  for (int k = 1; k < argc; k++) {
    if (strcmp(argv[k], "--quick") == 0)
      b.quick = true;
    else if (strcmp(argv[k], "--order") == 0 && k + 1 < argc)
      order = strtoul(argv[++k], NULL, 10);
    else
      stop("expected --quick or --order N");
  }
  b.repeats = b.quick ? 3 : 5;
  b.teams[0] = 1;
  b.teams[1] = 2;
  b.team_count = offered > 1 ? 2 : 1;

  print_machine(offered);
  for (int t = 0; t < b.team_count; t++) {
    b.dgemm[t] = gemm_gflops(false, b.teams[t]);
    b.sgemm[t] = gemm_gflops(true, b.teams[t]);
    printf("%d thread%s: DGEMM %.1f GFLOP/s, SGEMM %.1f\n", b.teams[t], t ? "s" : "", b.dgemm[t], b.sgemm[t]);
  }
  printf("\n%6s  %-19s %7s  %-12s %12s %8s %9s %8s %7s %9s %s\n", "n", "diagonals", "threads", "method", "us per solve",
         "x LU", "GFLOP/s", "of peak", "sweeps", "residual", "refactored");
  for (size_t k = 0; k < SIZES; k++) {
    const size_t n = sizes[k].regions * sizes[k].sectors;
    if (order ? order != n : b.quick && n > 1302) continue;
    const size_t part = b.quick && n < 1000 ? 4 : 1;
    run_size(&b, sizes[k].regions, sizes[k].sectors, sizes[k].systems / part, sizes[k].lu_systems / part);
  }
  print_goals(&b);
  print_scaling(&b);
  if (!order) {
    print_growth(&b);
    print_peers(&b);
  }
  write_file(&b);
  for (size_t k = 0; k < b.row_count; k++)
    if (!b.rows[k].passed) return 1;
  return 0;
}
