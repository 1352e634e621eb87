#include "cli/progress.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "outputs/table.h"

enum { BAR_WIDTH = 24 };
static const double silent_seconds = 2.0, bar_seconds = 0.1, line_seconds = 60.0;

struct cli_progress {
  omp_lock_t lock;
  const char *unit;
  size_t total, done, failed;
  bool terminal, shown;
  double begun, last; /* seconds: start, last display */
};

static double now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

cli_progress *cli_progress_start(const char *unit, size_t total, bool quiet) {
  cli_progress *progress = quiet ? NULL : calloc(1, sizeof *progress);
  if (progress == NULL) return NULL;
  omp_init_lock(&progress->lock);
  progress->unit = unit;
  progress->total = total;
  progress->terminal = isatty(STDERR_FILENO) != 0;
  progress->begun = now();
  progress->last = progress->begun;
  return progress;
}

static void display(cli_progress *p, double time) {
  const double elapsed = time - p->begun, rate = (double)p->done / elapsed;
  const long left = rate > 0.0 ? (long)((double)(p->total - p->done) / rate + 0.5) : 0;
  char bar[3 * BAR_WIDTH + 1], failed[48] = "";
  if (p->failed > 0) (void)snprintf(failed, sizeof failed, ", %zu failed", p->failed);
  if (p->terminal) {
    (void)tanlu_text_bar(bar, sizeof bar, (double)p->done, (double)p->total, BAR_WIDTH);
    const size_t filled = tanlu_text_width(bar);
    (void)fprintf(stderr, "\r\033[K[%s%*s] %zu/%zu %s, %.3g a second, %ld:%02ld left%s", bar, (int)(BAR_WIDTH - filled),
                  "", p->done, p->total, p->unit, rate, left / 60, left % 60, failed);
  } else {
    (void)fprintf(stderr, "tanlu: %zu of %zu %s, %.3g a second, %ld:%02ld left%s\n", p->done, p->total, p->unit, rate,
                  left / 60, left % 60, failed);
  }
  p->shown = true;
  p->last = time;
}

void cli_progress_add(cli_progress *progress, size_t count) {
  if (progress == NULL) return;
  omp_set_lock(&progress->lock);
  progress->done += count;
  const double time = now();
  const double pause = progress->terminal ? bar_seconds : line_seconds;
  if (time - progress->begun >= silent_seconds && time - progress->last >= pause) display(progress, time);
  omp_unset_lock(&progress->lock);
}

void cli_progress_failed(cli_progress *progress, size_t count) {
  if (progress == NULL) return;
  omp_set_lock(&progress->lock);
  progress->failed += count;
  omp_unset_lock(&progress->lock);
}

void cli_progress_finish(cli_progress **progress) {
  cli_progress *p = *progress;
  if (p == NULL) return;
  if (p->terminal && p->shown) (void)fprintf(stderr, "\r\033[K");
  omp_destroy_lock(&p->lock);
  free(p);
  *progress = NULL;
}
