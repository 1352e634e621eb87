#include "tests/sweep_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "inputs/dataset_file.h"

static const char scenario_text[] = "name: probe\n"
                                    "dataset: ./tiny\n"
                                    "years: {from: 2020, to: 2030}\n"
                                    "gdp: {growth: {2023: 5, 2030: 4}}\n"
                                    "power: {mix: {wind: {2030: 0.08}, balance: coal}}\n"
                                    "energy: {intensity: {goods: {trend: -2}}}\n"
                                    "sinks: {2030: 0.01}\n";

int sweep_set_up(void **state) {
  sweep_fixture *f = calloc(1, sizeof *f);
  char tiny[TANLU_TEST_PATH + 8];
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  snprintf(tiny, sizeof tiny, "%s/tiny", f->directory);
  snprintf(f->path, sizeof f->path, "%s/sweep.yaml", f->directory);
  f->context = tanlu_context_create();
  if (tanlu_test_write_dataset(tiny) != 0 || tanlu_test_write_file(f->directory, "probe.yaml", scenario_text) != 0) {
    return 1;
  }
  return tanlu_dataset_read(&f->dataset, tiny, f->context) == TANLU_OK ? 0 : 1;
}

int sweep_tear_down(void **state) {
  sweep_fixture *f = *state;
  tanlu_sweep_worker_free(&f->worker);
  tanlu_sweep_free(&f->sweep);
  tanlu_dataset_free(&f->dataset);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

tanlu_status sweep_read(sweep_fixture *f, const char *text) {
  assert_int_equal(tanlu_test_write_file(f->directory, "sweep.yaml", text), 0);
  tanlu_sweep_worker_free(&f->worker);
  tanlu_sweep_free(&f->sweep);
  tanlu_context_clear(f->context);
  tanlu_status status = tanlu_sweep_read(&f->sweep, f->path, f->context);
  if (status == TANLU_OK) status = tanlu_sweep_bind(f->sweep, f->dataset, f->context);
  return status;
}

void sweep_read_well(sweep_fixture *f, const char *text) {
  const tanlu_status status = sweep_read(f, text);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
  assert_int_equal(tanlu_sweep_worker_create(&f->worker, f->sweep, f->dataset, f->context), TANLU_OK);
}

void sweep_fails_with(sweep_fixture *f, const char *text, const char *part) {
  assert_int_not_equal(sweep_read(f, text), TANLU_OK);
  assert_true(tanlu_test_has_message(f->context, part));
}
