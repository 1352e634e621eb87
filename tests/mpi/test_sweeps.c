/* Sweeps of several ranks: `make test-mpi` starts this with TANLU_MPI_PROGRAM and TANLU_MPIRUN.
 *
 * Oracle: `tanlu compare`, which compares every bit of every data variable, against the serial program on one thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "outputs/result_file.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

static const char sweep_text[] =
    "name: small\n"
    "scenario: probe\n"
    "design: monte-carlo\n"
    "samples: 1610\n"
    "seed: 7\n"
    "failures: stop\n"
    "parameters:\n"
    "  - {path: gdp.growth, mode: scale, distribution: {normal: [1, 0.3]}, label: growth}\n"
    "  - {path: energy.intensity.all, mode: replace, distribution: {uniform: [0.8, 1.2]}}\n";

static const char *program, *mpirun;

static int set_up(void **state) {
  program = getenv("TANLU_MPI_PROGRAM");
  mpirun = getenv("TANLU_MPIRUN");
  if (program == NULL || mpirun == NULL || tanlu_test_program_setup(state) != 0) return 1;
  if (tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  if (tanlu_test_write_file(f->directory, "s.yaml", sweep_text) != 0 ||
      tanlu_test_write_file(f->directory, "long.yaml", sweep_text) != 0 ||
      tanlu_test_edit(f->directory, "long.yaml", "samples: 1610", "samples: 160010") != 0) {
    return 1;
  }
  tanlu(&f->run, f->directory, "sweep", "-q", "--threads", "1", "-o", "whole.h5", "s.yaml");
  return f->run.status;
}

#define RANKS(n) "--oversubscribe", "--bind-to", "none", "-n", n, program
#define mpi(f, n, ...)                                                                                                 \
  tanlu_test_execute(&(f)->run, (f)->directory, mpirun, (const char *const[]){RANKS(n), __VA_ARGS__, NULL})

static void same(fixture *f, const char *whole, const char *file) {
  tanlu(&f->run, f->directory, "compare", whole, file);
  expect_status(&f->run, 0);
}

static void pause_for(long milliseconds) {
  const struct timespec pause = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
  (void)nanosleep(&pause, NULL);
}

/* By all ranks where they can, and by rank 0 alone. */
static void ranks_and_threads_do_not_matter(void **state) {
  fixture *f = *state;
  static const struct {
    const char *ranks, *threads, *how;
  } way[] = {
      {"1", "1", "-q"}, {"2", "1", "-q"}, {"3", "2", "-q"}, {"2", "2", "--one-writer"}, {"3", "1", "--one-writer"}};
  for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
    mpi(f, way[i].ranks, "sweep", "-qf", way[i].how, "--threads", way[i].threads, "-o", "m.h5", "s.yaml");
    expect_status(&f->run, 0);
    same(f, "whole.h5", "m.h5");
  }
}

static void what_is_kept_does_not_matter(void **state) {
  fixture *f = *state;
  static const char *const keep[] = {"full", "groups", "statistics"}, *const how[] = {"-q", "--one-writer"};
  for (size_t k = 0; k < 3; k++) {
    char text[64];
    (void)snprintf(text, sizeof text, "samples: 170\nkeep: %s", keep[k]);
    assert_int_equal(tanlu_test_write_file(f->directory, "k.yaml", sweep_text), 0);
    assert_int_equal(tanlu_test_edit(f->directory, "k.yaml", "samples: 1610", text), 0);
    tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "k1.h5", "k.yaml");
    expect_status(&f->run, 0);
    for (size_t i = 0; i < 2; i++) {
      mpi(f, "3", "sweep", "-qf", how[i], "--threads", "1", "-o", "k3.h5", "k.yaml");
      expect_status(&f->run, 0);
      same(f, "k1.h5", "k3.h5");
    }
  }
}

/* A file a rank, joined: the whole. One file in the way stops all, and those that were made are taken away again. */
static void files_of_ranks_join_to_the_whole(void **state) {
  fixture *f = *state;
  mpi(f, "3", "sweep", "--per-rank", "--threads", "1", "-o", "part.h5", "s.yaml");
  expect_status(&f->run, 0);
  expect_out(&f->run, "tanlu merge -o part.h5 part-*of3.h5");
  tanlu(&f->run, f->directory, "merge", "-q", "-o", "part.h5", "part-1of3.h5", "part-3of3.h5", "part-2of3.h5");
  expect_status(&f->run, 0);
  same(f, "whole.h5", "part.h5");
  mpi(f, "3", "sweep", "-q", "--per-rank", "-o", "part.h5", "s.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "part-1of3.h5: error: exists already");
  mpi(f, "2", "sweep", "-q", "--per-rank", "--shard", "1/2", "s.yaml");
  expect_status(&f->run, 2);
  assert_int_equal(tanlu_test_write_file(f->directory, "way-2of2.h5", ""), 0);
  mpi(f, "2", "sweep", "-q", "--per-rank", "-o", "way", "s.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "way-2of2.h5: error: exists already");
  assert_false(tanlu_test_exists(f->directory, "way-1of2.h5"));
}

/* Where no other rank is known each would do all the work. */
static void programs_that_are_alone_are_refused(void **state) {
  fixture *f = *state;
  static const char *const sweep[] = {"sweep", "-q", "--threads", "1", "-o", "alone.h5", "s.yaml", NULL};
  const char *const serial[] = {"--oversubscribe", "-n",     "2", tanlu_test_program(), "sweep", "-o",
                                "alone.h5",        "s.yaml", NULL};
  tanlu_test_execute(&f->run, f->directory, mpirun, serial);
  expect_status(&f->run, 2);
  expect_err(&f->run, "this is the program without MPI; expected tanlu-mpi");
  (void)setenv("PMI_SIZE", "4", 1); /* as srun sets it for an MPI that speaks something else */
  tanlu_test_execute(&f->run, f->directory, program, sweep);
  (void)unsetenv("PMI_SIZE");
  expect_status(&f->run, 2);
  expect_err(&f->run, "one of 4 processes (PMI_SIZE)");
  assert_false(tanlu_test_exists(f->directory, "alone.h5"));
  tanlu_test_execute(&f->run, f->directory, program, sweep);
  expect_status(&f->run, 0); /* without mpirun: one rank */
  same(f, "whole.h5", "alone.h5");
}

/* The file tells how many took part. */
static void the_file_names_the_ranks(void **state) {
  fixture *f = *state;
  char path[2 * TANLU_TEST_PATH];
  tanlu_result *result = NULL;
  mpi(f, "3", "sweep", "-qf", "--threads", "2", "-o", "m.h5", "s.yaml");
  expect_status(&f->run, 0);
  (void)snprintf(path, sizeof path, "%s/m.h5", f->directory);
  assert_int_equal(tanlu_result_open(&result, path, NULL), TANLU_OK);
  assert_string_equal(tanlu_result_attribute(result, "ranks"), "3");
  assert_string_equal(tanlu_result_attribute(result, "threads"), "2");
  tanlu_result_close(&result);
}

/* The process of a rank, a child of mpirun; 0 while there is none. */
static pid_t process_of(const tanlu_test_run *run, const char *rank) {
  char path[96], wanted[64], entry[4096];
  long child = 0;
  pid_t found = 0;
  (void)snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", (long)run->process, (long)run->process);
  (void)snprintf(wanted, sizeof wanted, "OMPI_COMM_WORLD_RANK=%s", rank);
  FILE *children = fopen(path, "r");
  while (children != NULL && found == 0 && fscanf(children, "%ld", &child) == 1) {
    (void)snprintf(path, sizeof path, "/proc/%ld/environ", child);
    FILE *environment = fopen(path, "r");
    size_t length = environment != NULL ? 1 : 0, used = 0;
    for (int c = 0; length > 0 && (c = fgetc(environment)) != EOF;) { /* strings that end in NUL */
      if (used < sizeof entry - 1) entry[used++] = (char)c;
      if (c != '\0') continue;
      if (strcmp(entry, wanted) == 0) found = (pid_t)child;
      used = 0;
    }
    if (environment != NULL) (void)fclose(environment);
  }
  if (children != NULL) (void)fclose(children);
  return found;
}

static bool any_block_is_done(const fixture *f, const char *file) {
  char path[2 * TANLU_TEST_PATH];
  tanlu_result *result = NULL;
  const tanlu_result_variable *flag = NULL;
  bool any = false;
  (void)snprintf(path, sizeof path, "%s/%s", f->directory, file);
  if (tanlu_result_open(&result, path, NULL) != TANLU_OK) return false;
  if (tanlu_result_variable_read(result, "block_done", &flag, NULL) == TANLU_OK) {
    for (size_t b = 0; b < flag->extent[0]; b++) any = any || flag->value[b] != 0.0;
  }
  tanlu_result_close(&result);
  return any;
}

/* The file is there, and some blocks are done. */
static void wait_for_blocks(const fixture *f, const char *file) {
  for (int i = 0; i < 4000 && !any_block_is_done(f, file); i++) pause_for(5);
  assert_true(any_block_is_done(f, file));
}

/* A rank is killed while all write, while rank 0 writes and while each has a file; one more run finishes, with another number of
 * ranks or without MPI. */
static void a_killed_rank_ends_the_run(void **state) {
  fixture *f = *state;
  static const struct {
    const char *ranks, *victim, *how, *file, *after; /* after: ranks; NULL: without MPI */
  } way[] = {{"2", "1", "-q", "killed.h5", "3"},
             {"3", "2", "-q", "killed.h5", NULL},
             {"2", "0", "-q", "killed.h5", "2"},
             {"2", "1", "--one-writer", "killed.h5", "3"},
             {"2", "1", "--per-rank", "killed-2of2.h5", "2"}};
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "long.h5", "long.yaml");
  expect_status(&f->run, 0);
  for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
    const char *const start[] = {RANKS(way[i].ranks), "sweep",     "-f", way[i].how, "--threads", "1", "-o",
                                 "killed.h5",         "long.yaml", NULL};
    char path[2 * TANLU_TEST_PATH], text[64];
    (void)snprintf(path, sizeof path, "%s/killed.h5", f->directory);
    (void)remove(path);
    tanlu_test_start(&f->run, f->directory, mpirun, start);
    wait_for_blocks(f, way[i].file);
    const pid_t process = process_of(&f->run, way[i].victim);
    assert_true(process > 0);
    (void)kill(process, SIGKILL);
    tanlu_test_finish(&f->run);
    assert_int_not_equal(f->run.status, 0);
    /* in our words, or where mpirun ends rank 0 before it has noticed, in those of mpirun */
    (void)snprintf(text, sizeof text, "rank %s", way[i].victim);
    expect_err(&f->run, text);
    if (way[i].after == NULL) {
      tanlu(&f->run, f->directory, "sweep", "-q", "--resume", "-o", "killed.h5", "long.yaml");
    } else {
      mpi(f, way[i].after, "sweep", "-q", way[i].how, "--threads", "1", "--resume", "-o", "killed.h5", "long.yaml");
    }
    expect_status(&f->run, 0);
    if (strcmp(way[i].how, "--per-rank") == 0) {
      tanlu(&f->run, f->directory, "merge", "-q", "-o", "killed.h5", "killed-1of2.h5", "killed-2of2.h5");
      expect_status(&f->run, 0);
    }
    same(f, "long.h5", "killed.h5");
  }
  (void)tanlu_test_write_file(f->directory, "killed.h5", "");
}

static double now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* One of two ranks that write is killed at moments spread over the whole run, from before the file is there to its end (multiples of
 * the golden ratio); one rank, three, or the serial program goes on. TANLU_KILLS: how often. */
static void kills_at_any_moment_lose_nothing(void **state) {
  fixture *f = *state;
  static const char *const victim[] = {"1", "0"}, *const after[] = {"1", NULL, "3"};
  const char *text = getenv("TANLU_KILLS");
  const int kills = text != NULL ? atoi(text) : 4;
  const char *const start[] = {RANKS("2"), "sweep", "-q", "--threads", "1", "-o", "random.h5", "long.yaml", NULL};
  double run = now();
  mpi(f, "2", "sweep", "-qf", "--threads", "1", "-o", "random.h5", "long.yaml");
  run = now() - run;
  expect_status(&f->run, 0);
  same(f, "long.h5", "random.h5");
  int early = 0, meanwhile = 0, late = 0;
  for (int i = 0; i < kills; i++) {
    char path[2 * TANLU_TEST_PATH];
    (void)snprintf(path, sizeof path, "%s/random.h5", f->directory);
    (void)remove(path);
    const double moment = 0.5 + 0.6180339887498949 * i;
    tanlu_test_start(&f->run, f->directory, mpirun, start);
    pause_for((long)(1000.0 * run * (moment - (int)moment)));
    const bool begun = any_block_is_done(f, "random.h5");
    const pid_t process = process_of(&f->run, victim[i % 2]);
    if (process > 0) (void)kill(process, SIGKILL);
    tanlu_test_finish(&f->run);
    if (process == 0 || f->run.status == 0) {
      late++;
    } else if (begun) {
      meanwhile++;
    } else {
      early++;
    }
    const char *ranks = after[i % 3];
    if (ranks == NULL) {
      tanlu(&f->run, f->directory, "sweep", "-q", "--resume", "-o", "random.h5", "long.yaml");
    } else {
      mpi(f, ranks, "sweep", "-q", "--threads", "1", "--resume", "-o", "random.h5", "long.yaml");
    }
    expect_status(&f->run, 0);
    same(f, "long.h5", "random.h5");
  }
  print_message("%d kills: %d before a block was safe, %d after, %d too late\n", kills, early, meanwhile, late);
  assert_true(meanwhile > 0);
}

/* mpirun hands SIGUSR1 on, and with it our status; for SIGTERM and SIGINT its own status is 1. The serial program goes on. */
static void signals_end_it_cleanly(void **state) {
  fixture *f = *state;
  static const struct { int signal, status; } kind[] = {{SIGUSR1, 75}, {SIGTERM, 1}, {SIGINT, 1}};
  for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
    char path[2 * TANLU_TEST_PATH];
    (void)snprintf(path, sizeof path, "%s/signal.h5", f->directory);
    (void)remove(path);
    const char *const start[] = {RANKS("2"), "sweep", "--threads", "1", "-o", "signal.h5", "long.yaml", NULL};
    tanlu_test_start(&f->run, f->directory, mpirun, start);
    wait_for_blocks(f, "signal.h5");
    (void)kill(f->run.process, kind[i].signal);
    tanlu_test_finish(&f->run);
    expect_status(&f->run, kind[i].status);
    expect_err(&f->run, "go on with --resume");
  }
  tanlu(&f->run, f->directory, "sweep", "-q", "--resume", "-o", "signal.h5", "long.yaml");
  expect_status(&f->run, 0);
  same(f, "long.h5", "signal.h5");
}

static void errors_are_said_once(void **state) {
  fixture *f = *state;
  mpi(f, "2", "sweep", "--bad", "s.yaml");
  expect_status(&f->run, 2);
  const char *first = strstr(f->run.err, "unknown");
  assert_non_null(first);
  assert_null(strstr(first + 1, "unknown"));
  mpi(f, "2", "sweep", "-q", "-o", "whole.h5", "s.yaml"); /* exists */
  expect_status(&f->run, 2);
  mpi(f, "2", "sweep", "-q", "-o", "none.h5", "nothing.yaml");
  expect_status(&f->run, 2);
  assert_false(tanlu_test_exists(f->directory, "none.h5"));
  assert_int_equal(tanlu_test_write_file(f->directory, "wild.yaml", sweep_text), 0);
  assert_int_equal(tanlu_test_edit(f->directory, "wild.yaml", "normal: [1, 0.3]", "normal: [1, 900]"), 0);
  mpi(f, "2", "sweep", "-q", "--threads", "1", "-o", "wild.h5", "wild.yaml");
  expect_status(&f->run, 3);
  expect_err(&f->run, "samples failed, 0 are allowed");
}

static void binding_is_reported_and_crowds_warned_of(void **state) {
  fixture *f = *state;
  mpi(f, "2", "sweep", "-q", "-f", "--report-binding", "--threads", "600", "-o", "b.h5", "nothing.yaml");
  expect_status(&f->run, 2);
  mpi(f, "3", "sweep", "-q", "-f", "--report-binding", "--threads", "40", "-o", "b.h5", "s.yaml");
  expect_status(&f->run, 0);
  expect_err(&f->run, "rank 0 of 3 on ");
  expect_err(&f->run, "rank 2 of 3 on ");
  expect_err(&f->run, "40 threads on ");
  if (sysconf(_SC_NPROCESSORS_ONLN) < 40) expect_err(&f->run, "warning: rank 0 on ");
  same(f, "whole.h5", "b.h5");
}

/* Kernels of another core give other bits. */
static void a_mix_of_cores_is_refused(void **state) {
  fixture *f = *state;
  const char *const mixed[] = {"--oversubscribe",
                               "-n",
                               "1",
                               "-x",
                               "OPENBLAS_CORETYPE=Haswell",
                               program,
                               "sweep",
                               "-o",
                               "mix.h5",
                               "s.yaml",
                               ":",
                               "-n",
                               "1",
                               "-x",
                               "OPENBLAS_CORETYPE=Nehalem",
                               program,
                               "sweep",
                               "-o",
                               "mix.h5",
                               "s.yaml",
                               NULL};
  tanlu_test_execute(&f->run, f->directory, mpirun, mixed);
  expect_status(&f->run, 2);
  expect_err(&f->run, "another OpenBLAS core than rank 0");
  assert_false(tanlu_test_exists(f->directory, "mix.h5"));
}

static void other_commands_run_once(void **state) {
  fixture *f = *state;
  mpi(f, "2", "check", "s.yaml");
  expect_status(&f->run, 0);
  const char *first = strstr(f->run.out, "s.yaml: ok");
  assert_non_null(first);
  assert_null(strstr(first + 1, "s.yaml: ok"));
  mpi(f, "2", "sweep", "--help");
  expect_status(&f->run, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ranks_and_threads_do_not_matter),
      cmocka_unit_test(what_is_kept_does_not_matter),
      cmocka_unit_test(files_of_ranks_join_to_the_whole),
      cmocka_unit_test(programs_that_are_alone_are_refused),
      cmocka_unit_test(the_file_names_the_ranks),
      cmocka_unit_test(a_killed_rank_ends_the_run),
      cmocka_unit_test(kills_at_any_moment_lose_nothing),
      cmocka_unit_test(signals_end_it_cleanly),
      cmocka_unit_test(errors_are_said_once),
      cmocka_unit_test(binding_is_reported_and_crowds_warned_of),
      cmocka_unit_test(a_mix_of_cores_is_refused),
      cmocka_unit_test(other_commands_run_once),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
