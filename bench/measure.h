/* What the benchmarks share: repeats, processes, the machine. */
#ifndef TANLU_BENCH_MEASURE_H
#define TANLU_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

enum { BENCH_PATH = 512 };

#ifdef __clang__
#define BENCH_COMPILER __VERSION__
#else
#define BENCH_COMPILER "gcc " __VERSION__
#endif

typedef struct {
  double best, median;
} bench_times;
/* Sorts them. */
bench_times bench_sum_up(double *seconds, size_t repeats);

typedef struct {
  double seconds;   /* wall clock */
  double cores;     /* seconds of cores, with those of all its children */
  double megabytes; /* largest resident size of the process or of one of its children */
} bench_process;
/* Run a program, found along PATH, to its end; what it prints to stdout is dropped, hushed: also to stderr. False when it fails. */
bool bench_execute(const char *const *argument, bool hushed, bench_process *process);

double bench_core_seconds(void); /* of the calling thread so far */
void bench_machine_name(char *name, size_t size);
double bench_load(void); /* programs that ran or wanted to, mean of the last minute */
/* A new directory in TMPDIR or /tmp; the caller removes it. path: BENCH_PATH characters. */
bool bench_directory(char *path);
/* An environment variable, or this where it is empty. */
const char *bench_environment(const char *name, const char *otherwise);
/* The value of --name=VALUE among the arguments; NULL without. */
const char *bench_option(int argc, char **argv, const char *name);
double bench_number(int argc, char **argv, const char *name, double otherwise);

#endif
