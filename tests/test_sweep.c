/* Blocks of samples over threads.
 *
 * Oracle: the same samples projected one by one with tanlu_project, which goes other ways to the same solution; and the
 * arithmetic of blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/sweep.h"
#include "tests/model_support.h"

enum { SAMPLES = 69, BLOCKS = 3, SHOWN = 2, YEARS = 2, BAD = 5, WORSE = 40, TO = 2026 };
static size_t indicators[SHOWN] = {TANLU_INDICATOR_CO2_ENERGY, TANLU_INDICATOR_GENERATION}, years[YEARS] = {0, 6};

/* All that came out. */
typedef struct {
  tanlu_test_model m;
  tanlu_drivers *base; /* the base year held: the centre of the samples */
  int stop_after;      /* blocks; < 0: never */
  int written;
  size_t order[BLOCKS];
  bool there[BLOCKS];
  int status[SAMPLES];
  double parameter[SAMPLES], value[SAMPLES][YEARS][SHOWN];
  char reason[SAMPLES][TANLU_SWEEP_REASON];
} fixture;

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL) return 1;
  f->stop_after = -1;
  tanlu_test_open_tiny(&f->m, NULL, 0);
  f->base = tanlu_test_drivers(&f->m, TO, 0);
  *state = f;
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_drivers_free(&f->base);
  tanlu_test_close(&f->m);
  free(f);
  return 0;
}

/* Growth of GDP by sample, from -2 to 4.8 percent a year. */
static double growth(size_t sample) {
  return -2.0 + 0.1 * (double)sample;
}

static tanlu_drivers *drivers_of(const fixture *f, size_t sample) {
  tanlu_drivers *d = tanlu_test_drivers(&f->m, TO, 0);
  tanlu_test_set(d, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, growth(sample));
  return d;
}

static tanlu_status draw(void *user, int thread, size_t sample, double *parameter, tanlu_sweep_drawn *drawn,
                         tanlu_context *context) {
  const fixture *f = user;
  (void)thread;
  *parameter = growth(sample);
  if (sample == BAD) return tanlu_fail(context, TANLU_ERR_INPUT, "drawn out of bounds");
  tanlu_drivers **drivers = &drawn->drivers;
  if (tanlu_drivers_create(drivers, f->m.dataset, 2020, TO, 0, context) != TANLU_OK) return TANLU_ERR_MEMORY;
  tanlu_test_set(*drivers, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, growth(sample));
  /* more final use than there is: the closure cannot meet it */
  if (sample == WORSE) tanlu_test_set(*drivers, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, (double)NAN);
  return TANLU_OK;
}

static bool done(void *user, size_t block) {
  const fixture *f = user;
  return f->there[block];
}

static tanlu_status take(void *user, const tanlu_sweep_block *b, tanlu_context *context) {
  fixture *f = user;
  (void)context;
  f->order[f->written++] = b->index;
  f->there[b->index] = true;
  memcpy(f->status + b->first, b->status, b->count * sizeof *b->status);
  memcpy(f->parameter + b->first, b->parameter, b->count * sizeof *b->parameter);
  memcpy(f->value[b->first], b->indicator, b->count * sizeof f->value[0]);
  memcpy(f->reason[b->first], b->reason, b->count * TANLU_SWEEP_REASON);
  return TANLU_OK;
}

static int stop(void *user) {
  const fixture *f = user;
  return f->stop_after >= 0 && f->written >= f->stop_after;
}

static tanlu_sweep_plan plan_of(fixture *f, int threads) {
  return (tanlu_sweep_plan){
      .model = f->m.model,
      .dataset = f->m.dataset,
      .name = "probe",
      .scenario = f->base,
      .shape = {.parameters = 1, .indicators = SHOWN, .indicator = indicators, .years = YEARS, .year = years},
      .source = {.user = f, .draw = draw},
      .sink = {.user = f, .done = done, .write = take},
      .samples = SAMPLES,
      .last_block = tanlu_sweep_blocks(SAMPLES),
      .threads = threads,
      .failures_allowed = TANLU_NONE,
      .stop = stop,
      .user = f};
}

static void blocks_are_counted(void **state) {
  (void)state;
  assert_int_equal(tanlu_sweep_blocks(0), 0);
  assert_int_equal(tanlu_sweep_blocks(1), 1);
  assert_int_equal(tanlu_sweep_blocks(TANLU_SWEEP_BLOCK), 1);
  assert_int_equal(tanlu_sweep_blocks(TANLU_SWEEP_BLOCK + 1), 2);
  assert_int_equal(tanlu_sweep_blocks(SAMPLES), BLOCKS);
}

/* Every sample is a projection, and has the same bits for one thread and for three. Products balance to 3e-11 of their output
 * in either way; the largest multiplier of tiny is below 3. */
static void samples_are_projections(void **state) {
  fixture *f = *state;
  double first[SAMPLES][YEARS][SHOWN];
  for (int threads = 1; threads <= 3; threads += 2) {
    memset(f->there, 0, sizeof f->there);
    f->written = 0;
    tanlu_sweep_plan plan = plan_of(f, threads);
    assert_int_equal(tanlu_sweep_run(&plan, f->m.context), TANLU_OK);
    assert_int_equal(f->written, BLOCKS);
    assert_int_equal(plan.failures, 2);
    for (size_t b = 0; b < BLOCKS; b++) assert_int_equal(f->order[b], b);
    for (size_t i = 0; i < SAMPLES; i++) {
      if (i == BAD || i == WORSE) continue;
      tanlu_drivers *d = drivers_of(f, i);
      tanlu_projection *p = tanlu_test_project(&f->m, d);
      assert_int_equal(f->status[i], TANLU_SAMPLE_SOLVED);
      for (size_t t = 0; t < YEARS; t++) {
        for (size_t k = 0; k < SHOWN; k++) {
          const double expected = tanlu_test_indicator(p, (tanlu_indicator_id)indicators[k], years[t]);
          assert_near(f->value[i][t][k], expected, 1e-10);
        }
      }
      tanlu_projection_free(&p);
      tanlu_drivers_free(&d);
    }
    if (threads == 1) memcpy(first, f->value, sizeof first);
    assert_memory_equal(first, f->value, sizeof first);
  }
}

/* Samples do not depend on who stands beside them: without one of its neighbours a block gives the others the same bits. */
static void neighbours_do_not_matter(void **state) {
  fixture *f = *state;
  tanlu_centres *centres = NULL;
  tanlu_projector *projector = NULL;
  enum { COUNT = 5 };
  const tanlu_drivers *drivers[COUNT];
  tanlu_drivers *own[COUNT];
  tanlu_projection *all[COUNT], *some[COUNT];
  tanlu_context *context[COUNT];
  tanlu_status status[COUNT];
  assert_int_equal(tanlu_centres_create(&centres, f->m.model, f->base, "base", f->m.context), TANLU_OK);
  assert_int_equal(tanlu_projector_create(&projector, f->m.model, f->base, 8, f->m.context), TANLU_OK);
  for (size_t i = 0; i < COUNT; i++) {
    drivers[i] = own[i] = drivers_of(f, 10 * i);
    assert_int_equal(tanlu_projection_create(&all[i], f->m.dataset, 2020, own[i]->years, f->m.context), TANLU_OK);
    assert_int_equal(tanlu_projection_create(&some[i], f->m.dataset, 2020, own[i]->years, f->m.context), TANLU_OK);
    context[i] = f->m.context;
  }
  tanlu_projector_many(projector, centres, COUNT, drivers, "x", all, status, context);
  tanlu_projector_many(projector, centres, COUNT - 1, drivers + 1, "x", some + 1, status + 1, context);
  for (size_t i = 0; i < COUNT; i++) {
    assert_int_equal(status[i], TANLU_OK);
    assert_false(all[i]->alone);
    for (int id = 0; i > 0 && id < TANLU_FIELD_COUNT; id++) {
      assert_memory_equal(all[i]->value[id], some[i]->value[id], all[i]->years * all[i]->size[id] * sizeof(double));
    }
    tanlu_drivers_free(&own[i]);
    tanlu_projection_free(&all[i]);
    tanlu_projection_free(&some[i]);
  }
  tanlu_projector_free(&projector);
  tanlu_centres_free(&centres);
}

static void failed_samples_say_why(void **state) {
  fixture *f = *state;
  tanlu_sweep_plan plan = plan_of(f, 2);
  assert_int_equal(tanlu_sweep_run(&plan, f->m.context), TANLU_OK);
  assert_int_equal(f->status[BAD], TANLU_SAMPLE_REFUSED);
  assert_string_equal(f->reason[BAD], "drawn out of bounds");
  assert_true(isnan(f->value[BAD][0][0]));
  assert_true(f->parameter[BAD] == growth(BAD));
  assert_int_equal(f->status[WORSE], TANLU_SAMPLE_UNSOLVED);
  assert_true(strlen(f->reason[WORSE]) > 10);
  assert_int_equal(tanlu_context_errors(f->m.context), 0); /* they are no errors of the sweep */
}

/* One failure is too many: the block in which it happens is kept, nothing after it. Two are allowed: all is run. */
static void too_many_failures_end_the_sweep(void **state) {
  fixture *f = *state;
  tanlu_sweep_plan plan = plan_of(f, 3);
  plan.failures_allowed = 0;
  assert_int_equal(tanlu_sweep_run(&plan, f->m.context), TANLU_ERR_MODEL);
  assert_int_equal(f->written, 1);
  assert_true(tanlu_test_has_message(f->m.context, "sample 5: drawn out of bounds"));
  plan.failures_allowed = 2;
  assert_int_equal(tanlu_sweep_run(&plan, f->m.context), TANLU_OK);
  assert_int_equal(f->written, BLOCKS);
}

/* Stopped after a block, the rest is run later: only what is not there. */
static void a_stopped_sweep_goes_on(void **state) {
  fixture *f = *state;
  f->stop_after = 1;
  tanlu_sweep_plan plan = plan_of(f, 1);
  assert_int_equal(tanlu_sweep_run(&plan, f->m.context), TANLU_INTERRUPTED);
  assert_int_equal(f->written, 1);
  f->stop_after = -1;
  assert_int_equal(tanlu_sweep_run(&plan, f->m.context), TANLU_OK);
  assert_int_equal(f->written, BLOCKS);
  assert_int_equal(f->order[1], 1);
}

/* A sample by itself has the bits it has in the sweep; a failed one says why. */
static void a_sample_alone_is_the_same(void **state) {
  fixture *f = *state;
  tanlu_sweep_plan plan = plan_of(f, 2);
  tanlu_sweep_block block;
  tanlu_projection *p = NULL;
  assert_int_equal(tanlu_sweep_run(&plan, f->m.context), TANLU_OK);
  assert_int_equal(tanlu_projection_create(&p, f->m.dataset, 2020, f->base->years, f->m.context), TANLU_OK);
  assert_int_equal(tanlu_sweep_sample_run(&plan, 66, p, &block, f->m.context), TANLU_OK);
  assert_int_equal(block.first, 64);
  assert_int_equal(block.count, SAMPLES - 64);
  assert_memory_equal(block.indicator, f->value[64], block.count * sizeof f->value[0]);
  for (size_t k = 0; k < SHOWN; k++) {
    const double value = tanlu_test_indicator(p, (tanlu_indicator_id)indicators[k], years[1]);
    assert_memory_equal(&value, &f->value[66][1][k], sizeof value);
  }
  assert_true(tanlu_test_sum(p, TANLU_FIELD_OUTPUT, 6) > 0.0); /* a field that the sweep does not keep */
  tanlu_sweep_block_clear(&block);
  assert_int_equal(tanlu_sweep_sample_run(&plan, BAD, p, &block, f->m.context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->m.context, "sample 5: drawn out of bounds"));
  tanlu_projection_free(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_are_counted),
      cmocka_unit_test_setup_teardown(samples_are_projections, set_up, tear_down),
      cmocka_unit_test_setup_teardown(neighbours_do_not_matter, set_up, tear_down),
      cmocka_unit_test_setup_teardown(failed_samples_say_why, set_up, tear_down),
      cmocka_unit_test_setup_teardown(too_many_failures_end_the_sweep, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_stopped_sweep_goes_on, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_sample_alone_is_the_same, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
