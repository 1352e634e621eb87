#include "bench/measure.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

bench_times bench_sum_up(double *seconds, size_t repeats) {
  qsort(seconds, repeats, sizeof *seconds, ascending);
  return (bench_times){seconds[0], seconds[repeats / 2]};
}

static double clock_seconds(clockid_t clock) {
  struct timespec time;
  (void)clock_gettime(clock, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

double bench_core_seconds(void) {
  return clock_seconds(CLOCK_THREAD_CPUTIME_ID);
}

static double of_timeval(struct timeval t) {
  return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

bool bench_execute(const char *const *argument, bool hushed, bench_process *process) {
  const double begin = clock_seconds(CLOCK_MONOTONIC);
  (void)fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_RDWR);
    if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 || dup2(nowhere, STDOUT_FILENO) < 0) _exit(127);
    if (hushed && dup2(nowhere, STDERR_FILENO) < 0) _exit(127);
    (void)execvp(argument[0], (char *const *)argument);
    _exit(127);
  }
  int status = 0;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) return false;
  process->seconds = clock_seconds(CLOCK_MONOTONIC) - begin;
  process->cores = of_timeval(usage.ru_utime) + of_timeval(usage.ru_stime);
  process->megabytes = (double)usage.ru_maxrss / 1024.0;
  return true;
}

void bench_machine_name(char *name, size_t size) {
  snprintf(name, size, "unknown processor");
  FILE *file = fopen("/proc/cpuinfo", "r");
  if (file == NULL) return;
  char line[256];
  while (fgets(line, sizeof line, file) != NULL) {
    const char *colon = strchr(line, ':');
    if (strncmp(line, "model name", 10) != 0 || colon == NULL) continue;
    snprintf(name, size, "%.*s", (int)strcspn(colon + 2, "\n\""), colon + 2);
    break;
  }
  fclose(file);
}

double bench_load(void) {
  double load = 0.0;
  return getloadavg(&load, 1) == 1 ? load : 0.0;
}

bool bench_directory(char *path) {
  snprintf(path, BENCH_PATH, "%s/tanlu-bench-XXXXXX", bench_environment("TMPDIR", "/tmp"));
  return mkdtemp(path) != NULL;
}

const char *bench_environment(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value != NULL && *value != '\0' ? value : otherwise;
}

const char *bench_option(int argc, char **argv, const char *name) {
  const size_t length = strlen(name);
  for (int i = 1; i < argc; i++) {
    if (strncmp(argv[i], "--", 2) == 0 && strncmp(argv[i] + 2, name, length) == 0 && argv[i][2 + length] == '=') {
      return argv[i] + 3 + length;
    }
  }
  return NULL;
}

double bench_number(int argc, char **argv, const char *name, double otherwise) {
  const char *text = bench_option(argc, argv, name);
  return text != NULL ? strtod(text, NULL) : otherwise;
}
