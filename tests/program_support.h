/* Shared by the tests of the built program: start it (or another program), wait for it, look at what it said and left. */
#ifndef TANLU_TESTS_PROGRAM_SUPPORT_H
#define TANLU_TESTS_PROGRAM_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "tests/support.h"

typedef struct {
  int status;      /* exit status, or 128 + the signal that ended it */
  char *out, *err; /* what it wrote to stdout and stderr; freed by the next run and by tanlu_test_forget */
  /* while it runs */
  pid_t process;
  FILE *out_file, *err_file;
} tanlu_test_run;

enum { TANLU_TEST_ARGUMENTS = 256, TANLU_TEST_SECONDS = 300 };

/* Once per test program, from the root of the tree (a group set-up): finds the program (TANLU_PROGRAM, else build/tanlu)
 * and lets it find the shipped inputs from anywhere (TANLU_PATH). 0 on success. */
int tanlu_test_program_setup(void **state);
const char *tanlu_test_program(void); /* absolute path */
const char *tanlu_test_root(void);    /* of the tree, absolute */

/* Run `command` (a path) with arguments, the last one NULL, in `directory`; stdin is empty. A program that does not end
 * within TANLU_TEST_SECONDS is ended. Failures to start it fail the test. */
void tanlu_test_execute(tanlu_test_run *run, const char *directory, const char *command, const char *const *argument);
/* The same with stdout going into an open file or pipe instead of run->out. */
void tanlu_test_execute_into(tanlu_test_run *run, int descriptor, const char *directory, const char *command,
                             const char *const *argument);
void tanlu_test_start(tanlu_test_run *run, const char *directory, const char *command, const char *const *argument);
void tanlu_test_finish(tanlu_test_run *run);
void tanlu_test_forget(tanlu_test_run *run);

/* tanlu(&run, directory, "run", "-o", "out.h5", ...) */
#define tanlu(run, directory, ...)                                                                                     \
  tanlu_test_execute(run, directory, tanlu_test_program(), (const char *const[]){__VA_ARGS__, NULL})

/* The same where stdout shall go into a file or pipe of the test. */
#define tanlu_into(run, descriptor, directory, ...)                                                                    \
  tanlu_test_execute_into(run, descriptor, directory, tanlu_test_program(), (const char *const[]){__VA_ARGS__, NULL})

/* The expectations below show everything the program said when they fail. */
#define expect_status(run, status) tanlu_test_expect_status(run, status, __FILE__, __LINE__)
#define expect_out(run, part) tanlu_test_expect_part(run, (run)->out, part, true, __FILE__, __LINE__)
#define expect_err(run, part) tanlu_test_expect_part(run, (run)->err, part, true, __FILE__, __LINE__)
#define expect_not_out(run, part) tanlu_test_expect_part(run, (run)->out, part, false, __FILE__, __LINE__)
#define expect_not_err(run, part) tanlu_test_expect_part(run, (run)->err, part, false, __FILE__, __LINE__)
void tanlu_test_expect_status(const tanlu_test_run *run, int status, const char *file, int line);
void tanlu_test_expect_part(const tanlu_test_run *run, const char *text, const char *part, bool wanted,
                            const char *file, int line);

bool tanlu_test_exists(const char *directory, const char *name);
/* Entries of a directory and everything below it; 0 when it is missing. */
size_t tanlu_test_entries(const char *directory);

/* A tiny dataset in DIRECTORY/tiny and a scenario of it to 2030, DIRECTORY/probe.yaml, that run together. */
void tanlu_test_write_probe(const char *directory);
/* The tiny dataset in DIRECTORY/tiny changed so that its accounts hold but it is not productive, by the sector goods, which takes 1300
 * of itself for an output of 1000 (I - A_d is regular), or all of its 1000 and nothing else (singular: a column of zeros). */
void tanlu_test_write_not_productive(const char *directory, bool singular);
extern const char tanlu_test_probe[]; /* text of that scenario */

/* The indented block after the line of README.md that holds `heading`, as DIRECTORY/NAME. */
void tanlu_test_write_example(const char *directory, const char *heading, const char *name);

/* A directory of its own for a test, or a group of tests, with the probe in it, and runs of the program there. */
typedef struct {
  char directory[TANLU_TEST_PATH];
  tanlu_test_run run, other;
} tanlu_test_place;
/* *state is the place; 0 on success. */
int tanlu_test_place_set_up(void **state);
int tanlu_test_program_place_set_up(void **state); /* a group set-up: the program too */
int tanlu_test_place_tear_down(void **state);

/* Run tanlu, send it a signal after some milliseconds, and wait for its end. */
void tanlu_test_interrupt(tanlu_test_run *run, const char *directory, int number, long milliseconds,
                          const char *const *argument);

/* Sum of the last fields of those records of a CSV that hold both texts. */
double tanlu_test_csv_sum(const char *csv, const char *first, const char *second);

/* Can /usr/bin/python3 import this module? */
bool tanlu_test_python_has(const char *module);
/* Run a script given as text; *argument are its arguments, the last one NULL. */
void tanlu_test_python(tanlu_test_run *run, const char *directory, const char *script, const char *const *argument);

#endif
