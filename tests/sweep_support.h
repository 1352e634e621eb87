/* Shared by the tests of sweep files: a sweep of a scenario of the tiny dataset, in a directory of its own. */
#ifndef TANLU_TESTS_SWEEP_SUPPORT_H
#define TANLU_TESTS_SWEEP_SUPPORT_H

#include "inputs/sweep_file.h"
#include "tests/support.h"

typedef struct {
  char directory[TANLU_TEST_PATH], path[TANLU_TEST_PATH + 16]; /* path: of sweep.yaml */
  tanlu_context *context;
  tanlu_dataset *dataset;
  tanlu_sweep *sweep;
  tanlu_sweep_worker *worker;
} sweep_fixture;

/* Set-up and tear-down of a test whose state is a sweep_fixture; the directory holds tiny/ and probe.yaml, a scenario of it:
 *
 *   years: {from: 2020, to: 2030}
 *   gdp: {growth: {2023: 5, 2030: 4}}
 *   power: {mix: {wind: {2030: 0.08}, balance: coal}}
 *   energy: {intensity: {goods: {trend: -2}}}
 *   sinks: {2030: 0.01} */
int sweep_set_up(void **state);
int sweep_tear_down(void **state);

/* Write sweep.yaml, read and bind it. */
tanlu_status sweep_read(sweep_fixture *f, const char *text);
/* The same, which must succeed; makes a worker. */
void sweep_read_well(sweep_fixture *f, const char *text);
/* The same, which must fail with a message that contains `part`. */
void sweep_fails_with(sweep_fixture *f, const char *text, const char *part);

#define SWEEP_HEAD "name: s\nscenario: probe\ndesign: monte-carlo\nsamples: 20\nparameters:\n"

#endif
