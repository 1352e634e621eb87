/* The queue of a sweep and blocks on their way between processes.
 *
 * Oracles: numbers made from where they stand, which arrive as they were sent; the order of blocks; and a sweep of two processes,
 * played by two threads that share nothing but a wire, against the same sweep in one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/indicators.h"
#include "model/sweep_queue.h"
#include "tests/model_support.h"

/* ---- blocks that are made up ------------------------------------------------------------------------------------------------ */

enum {
  SAMPLES = 101,
  LAST = 3,
  PARAMETERS = 3,
  YEARS = 2,
  SHOWN = 2,
  GROUPS = 2,
  FIELD = TANLU_FIELD_OUTPUT,
  NUMBERS = 5
};
static size_t indicators[SHOWN] = {TANLU_INDICATOR_CO2_ENERGY, TANLU_INDICATOR_GENERATION}, years[YEARS] = {0, 6};

typedef struct {
  size_t written, order[64]; /* blocks that came to the sink */
  bool brief;                /* what is expected of them */
  size_t fails;              /* at this one the sink fails; TANLU_NONE: never */
} received;

/* The number at place i of array `array` of block `index`. */
static double number(size_t index, size_t array, size_t i) {
  return (double)(index * 100000 + array * 10000 + i) + 0.5;
}

/* Arrays of doubles and how many there are in a row of each. */
enum { ARRAYS = 3 + TANLU_GROUPED + 1 };
static void list_arrays(const tanlu_sweep_block *b, double *array[ARRAYS], size_t width[ARRAYS]) {
  const size_t w[3] = {PARAMETERS, YEARS * SHOWN, tanlu_summary_count()};
  double *const a[3] = {b->parameter, b->indicator, b->summary};
  for (size_t k = 0; k < 3; k++) array[k] = a[k], width[k] = w[k];
  for (size_t g = 0; g < TANLU_GROUPED; g++) array[3 + g] = b->grouped[g], width[3 + g] = YEARS * GROUPS;
  array[ARRAYS - 1] = b->field[FIELD];
  width[ARRAYS - 1] = YEARS * NUMBERS;
}

static void fill(tanlu_sweep_block *b) {
  double *array[ARRAYS];
  size_t width[ARRAYS];
  list_arrays(b, array, width);
  for (size_t k = 0; k < ARRAYS; k++) {
    for (size_t i = 0; i < b->count * width[k]; i++) array[k][i] = number(b->index, k, i);
  }
  b->own = b->index + 7;
  for (size_t row = 0; row < b->count; row++) {
    b->status[row] = row % 5 == 4 ? TANLU_SAMPLE_UNSOLVED : TANLU_SAMPLE_SOLVED;
    if (row % 5 == 4) (void)snprintf(b->reason + row * TANLU_SWEEP_REASON, TANLU_SWEEP_REASON, "row %zu", row);
  }
}

static tanlu_status take(void *user, const tanlu_sweep_block *b, tanlu_context *context) {
  received *r = user;
  double *array[ARRAYS];
  size_t width[ARRAYS];
  r->order[r->written++] = b->index;
  if (b->index == r->fails) return tanlu_fail(context, TANLU_ERR_IO, "no room for block %zu", b->index);
  assert_int_equal(b->brief, r->brief);
  assert_int_equal(b->first, b->index * TANLU_SWEEP_BLOCK);
  assert_int_equal(b->count, b->index == LAST ? SAMPLES - LAST * TANLU_SWEEP_BLOCK : TANLU_SWEEP_BLOCK);
  assert_int_equal(b->own, b->index + 7);
  list_arrays(b, array, width);
  for (size_t k = 0; !b->brief && k < ARRAYS; k++) {
    for (size_t i = 0; i < b->count * width[k]; i++) assert_true(array[k][i] == number(b->index, k, i));
  }
  for (size_t row = 0; row < b->count; row++) {
    char reason[32] = "";
    if (row % 5 == 4) (void)snprintf(reason, sizeof reason, "row %zu", row);
    assert_int_equal(b->status[row], row % 5 == 4 ? TANLU_SAMPLE_UNSOLVED : TANLU_SAMPLE_SOLVED);
    assert_string_equal(b->reason + row * TANLU_SWEEP_REASON, reason);
  }
  return TANLU_OK;
}

/* One end: leader (gives blocks out) or follower (is told them). */
typedef struct {
  tanlu_sweep_transport transport;
  tanlu_sweep_plan plan;
  received sink;
  tanlu_context *context;
  tanlu_sweep_queue *queue;
} end;

static void open_end(end *e, bool told, bool brief, size_t workers, size_t blocks) {
  size_t open[64];
  memset(e, 0, sizeof *e);
  e->context = tanlu_context_create();
  e->transport = (tanlu_sweep_transport){.told = told, .brief = brief, .workers = workers};
  e->sink = (received){.brief = brief, .fails = TANLU_NONE};
  e->plan = (tanlu_sweep_plan){.shape = {.parameters = PARAMETERS,
                                         .indicators = SHOWN,
                                         .indicator = indicators,
                                         .years = YEARS,
                                         .year = years,
                                         .keep = TANLU_KEEP_FULL,
                                         .groups = GROUPS},
                               .sink = {.user = &e->sink, .write = take},
                               .transport = &e->transport,
                               .samples = SAMPLES,
                               .threads = 1,
                               .failures_allowed = TANLU_NONE};
  e->plan.shape.field[FIELD] = NUMBERS;
  for (size_t b = 0; b < blocks; b++) open[b] = b;
  assert_int_equal(tanlu_sweep_queue_create(&e->queue, &e->plan, open, blocks, e->context), TANLU_OK);
}

static void close_end(end *e) {
  tanlu_sweep_queue_free(&e->queue);
  tanlu_context_free(&e->context);
}

/* Block `index` as a follower packs it; freed by the caller. */
static double *packed_block(size_t index, bool brief) {
  end follower;
  tanlu_sweep_block *block = NULL;
  open_end(&follower, true, brief, 0, 0);
  const tanlu_sweep_shape *shape = brief ? &tanlu_sweep_brief : &follower.plan.shape;
  assert_int_equal(tanlu_sweep_queue_add(follower.queue, &index, follower.context), TANLU_OK);
  assert_true(tanlu_sweep_queue_take(follower.queue, &block, follower.context));
  assert_int_equal(block->index, index);
  fill(block);
  double *packed = calloc(tanlu_sweep_block_doubles(shape), sizeof *packed);
  assert_non_null(packed);
  tanlu_sweep_block_pack(block, shape, packed);
  tanlu_sweep_queue_bring(follower.queue, &block, TANLU_OK);
  close_end(&follower);
  return packed;
}

static void blocks_travel_whole(void **state) {
  (void)state;
  for (int brief = 0; brief <= 1; brief++) {
    end leader;
    open_end(&leader, false, brief != 0, 3, LAST + 1);
    for (size_t b = 0; b <= LAST; b++) {
      size_t given = TANLU_NONE;
      assert_int_equal(tanlu_sweep_queue_next(leader.queue, &given), TANLU_QUEUE_GIVEN);
      assert_int_equal(given, b);
    }
    /* the last one first: nothing is written before the first has come */
    for (size_t k = LAST + 1; k-- > 0;) {
      double *packed = packed_block(k, brief != 0);
      assert_false(tanlu_sweep_queue_write(leader.queue));
      assert_int_equal(tanlu_sweep_queue_put(leader.queue, packed, leader.context), TANLU_OK);
      free(packed);
    }
    assert_false(tanlu_sweep_queue_finished(leader.queue));
    while (tanlu_sweep_queue_write(leader.queue)) continue;
    assert_true(tanlu_sweep_queue_finished(leader.queue));
    assert_int_equal(leader.sink.written, LAST + 1);
    for (size_t b = 0; b <= LAST; b++) assert_int_equal(leader.sink.order[b], b);
    assert_int_equal(leader.plan.failures, 3 * 6 + 1); /* every fifth of 32, of 5 in the last */
    close_end(&leader);
  }
  /* what moves of a brief block is a small part */
  end any;
  open_end(&any, false, false, 0, 0);
  assert_true(10 * tanlu_sweep_block_doubles(&tanlu_sweep_brief) < 13 * tanlu_sweep_block_doubles(&any.plan.shape));
  close_end(&any);
}

/* Under way are at most one block a worker and three ahead of it: 2 workers (a thread here, one elsewhere), 8 blocks. */
static void the_window_is_bounded(void **state) {
  enum { OPEN = 20, WINDOW = 8 };
  (void)state;
  end leader;
  size_t given = 0;
  open_end(&leader, false, false, 1, OPEN);
  leader.plan.samples = OPEN * TANLU_SWEEP_BLOCK;
  for (size_t b = 0; b < WINDOW; b++) assert_int_equal(tanlu_sweep_queue_next(leader.queue, &given), TANLU_QUEUE_GIVEN);
  assert_int_equal(tanlu_sweep_queue_next(leader.queue, &given), TANLU_QUEUE_LATER);
  double *packed = packed_block(0, false);
  assert_int_equal(tanlu_sweep_queue_put(leader.queue, packed, leader.context), TANLU_OK);
  assert_int_equal(tanlu_sweep_queue_next(leader.queue, &given), TANLU_QUEUE_LATER); /* done is not yet written */
  assert_true(tanlu_sweep_queue_write(leader.queue));
  assert_int_equal(tanlu_sweep_queue_next(leader.queue, &given), TANLU_QUEUE_GIVEN);
  assert_int_equal(given, WINDOW);
  free(packed);
  close_end(&leader);
}

static void what_was_not_asked_for_is_refused(void **state) {
  (void)state;
  end leader;
  size_t given = 0;
  double *packed = packed_block(1, false);
  open_end(&leader, false, false, 1, LAST + 1);
  assert_int_equal(tanlu_sweep_queue_put(leader.queue, packed, leader.context), TANLU_ERR_INTERNAL);
  assert_true(tanlu_test_has_message(leader.context, "block 1 came back unasked"));
  assert_int_equal(tanlu_sweep_queue_next(leader.queue, &given), TANLU_QUEUE_GIVEN);
  assert_int_equal(tanlu_sweep_queue_next(leader.queue, &given), TANLU_QUEUE_GIVEN);
  assert_int_equal(tanlu_sweep_queue_put(leader.queue, packed, leader.context), TANLU_OK);
  assert_int_equal(tanlu_sweep_queue_put(leader.queue, packed, leader.context), TANLU_ERR_INTERNAL); /* twice */
  free(packed);
  close_end(&leader);
}

/* A sink that fails, or a transport: nothing more is given or written, and the first reason stays. */
static void errors_end_the_queue(void **state) {
  (void)state;
  end leader;
  size_t given = 0;
  open_end(&leader, false, false, 1, LAST + 1);
  leader.sink.fails = 0;
  for (size_t b = 0; b < 2; b++) {
    double *packed = packed_block(b, false);
    assert_int_equal(tanlu_sweep_queue_next(leader.queue, &given), TANLU_QUEUE_GIVEN);
    assert_int_equal(tanlu_sweep_queue_put(leader.queue, packed, leader.context), TANLU_OK);
    free(packed);
  }
  (void)tanlu_sweep_queue_write(leader.queue);
  assert_int_equal(tanlu_sweep_queue_status(leader.queue), TANLU_ERR_IO);
  assert_true(tanlu_test_has_message(leader.context, "no room for block 0"));
  assert_int_equal(tanlu_sweep_queue_next(leader.queue, &given), TANLU_QUEUE_ENDED);
  assert_false(tanlu_sweep_queue_write(leader.queue));
  assert_true(tanlu_sweep_queue_finished(leader.queue));
  tanlu_sweep_queue_fail(leader.queue, TANLU_ERR_MEMORY);
  assert_int_equal(tanlu_sweep_queue_status(leader.queue), TANLU_ERR_IO);
  assert_int_equal(leader.sink.written, 1);
  close_end(&leader);
}

/* A process that is told its blocks wants one in hand beside those its threads wait for, until it hears that there are no more. */
static void a_block_is_asked_for_ahead(void **state) {
  (void)state;
  end follower;
  const size_t first = 1, second = 3;
  tanlu_sweep_block *block = NULL;
  open_end(&follower, true, false, 0, 0);
  assert_int_equal(tanlu_sweep_queue_wanted(follower.queue), 1);
  assert_int_equal(tanlu_sweep_queue_add(follower.queue, &first, follower.context), TANLU_OK);
  assert_int_equal(tanlu_sweep_queue_wanted(follower.queue), 0);
  assert_true(tanlu_sweep_queue_take(follower.queue, &block, follower.context));
  assert_int_equal(block->index, first);
  assert_int_equal(tanlu_sweep_queue_wanted(follower.queue), 1);
  assert_int_equal(tanlu_sweep_queue_add(follower.queue, &second, follower.context), TANLU_OK);
  assert_int_equal(tanlu_sweep_queue_add(follower.queue, NULL, follower.context), TANLU_OK);
  assert_int_equal(tanlu_sweep_queue_wanted(follower.queue), 0);
  assert_false(tanlu_sweep_queue_finished(follower.queue));
  for (size_t k = 0; k < 2; k++) {
    fill(block);
    tanlu_sweep_queue_bring(follower.queue, &block, TANLU_OK);
    assert_int_equal(tanlu_sweep_queue_take(follower.queue, &block, follower.context), k == 0);
  }
  assert_null(block);
  while (tanlu_sweep_queue_write(follower.queue)) continue;
  assert_true(tanlu_sweep_queue_finished(follower.queue));
  assert_int_equal(follower.sink.order[0], first);
  assert_int_equal(follower.sink.order[1], second);
  close_end(&follower);
}

/* ---- a sweep of two processes ------------------------------------------------------------------------------------------------ */

enum { MANY = 330, MANY_BLOCKS = 11, TO = 2026 };

typedef struct letter letter;
struct letter {
  letter *next;
  double *packed;
};

/* All that two ends share. */
typedef struct {
  pthread_mutex_t lock;
  tanlu_sweep_queue *leader; /* NULL before and after */
  bool over;
  size_t sent;
  letter *first, **last;
} wire;

typedef struct {
  tanlu_test_model *m;
  tanlu_drivers *base;
  wire *wire;
  tanlu_sweep_plan plan;
  tanlu_context *context;
  tanlu_status status;
  size_t written, order[MANY_BLOCKS];
  double value[MANY][YEARS][SHOWN];
} process;

/* The leader's threads wait for the first block of the other, or they might have done all before it asks. */
static void let_the_other_begin(const process *p) {
  const struct timespec pause = {.tv_nsec = 1000000};
  for (bool waits = p->wire != NULL && !p->plan.transport->told; waits; (void)nanosleep(&pause, NULL)) {
    (void)pthread_mutex_lock(&p->wire->lock);
    waits = p->wire->sent == 0;
    (void)pthread_mutex_unlock(&p->wire->lock);
  }
}

static tanlu_status draw(void *user, int thread, size_t sample, double *parameter, tanlu_sweep_drawn *drawn,
                         tanlu_context *context) {
  const process *p = user;
  (void)thread;
  let_the_other_begin(p);
  *parameter = -2.0 + 0.02 * (double)sample;
  tanlu_drivers **drivers = &drawn->drivers;
  if (tanlu_drivers_create(drivers, p->m->dataset, 2020, TO, 0, context) != TANLU_OK) return TANLU_ERR_MEMORY;
  tanlu_test_set(*drivers, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, *parameter);
  return TANLU_OK;
}

static bool none_is_done(void *user, size_t block) {
  (void)user;
  (void)block;
  return false;
}

static tanlu_status keep(void *user, const tanlu_sweep_block *b, tanlu_context *context) {
  process *p = user;
  (void)context;
  p->order[p->written++] = b->index;
  memcpy(p->value[b->first], b->indicator, b->count * sizeof p->value[0]);
  return TANLU_OK;
}

static tanlu_status send_away(void *user, const tanlu_sweep_block *b, tanlu_context *context) {
  process *p = user;
  (void)context;
  letter *l = calloc(1, sizeof *l);
  l->packed = calloc(tanlu_sweep_block_doubles(&p->plan.shape), sizeof(double));
  tanlu_sweep_block_pack(b, &p->plan.shape, l->packed);
  p->written++;
  (void)pthread_mutex_lock(&p->wire->lock);
  *p->wire->last = l;
  p->wire->last = &l->next;
  p->wire->sent++;
  (void)pthread_mutex_unlock(&p->wire->lock);
  return TANLU_OK;
}

static void lead(void *user, tanlu_sweep_queue *queue, tanlu_context *context) {
  process *p = user;
  (void)pthread_mutex_lock(&p->wire->lock);
  p->wire->leader = queue;
  (void)pthread_mutex_unlock(&p->wire->lock);
  while (!tanlu_sweep_queue_finished(queue)) {
    (void)pthread_mutex_lock(&p->wire->lock);
    letter *l = p->wire->first;
    if (l != NULL) p->wire->first = l->next;
    if (p->wire->first == NULL) p->wire->last = &p->wire->first;
    (void)pthread_mutex_unlock(&p->wire->lock);
    if (l != NULL && tanlu_sweep_queue_put(queue, l->packed, context) != TANLU_OK) {
      tanlu_sweep_queue_fail(queue, TANLU_ERR_INTERNAL);
    }
    if (l != NULL) free(l->packed);
    free(l);
    while (tanlu_sweep_queue_write(queue)) continue;
    if (l == NULL) tanlu_sweep_queue_wait(queue, 100000);
  }
  (void)pthread_mutex_lock(&p->wire->lock);
  p->wire->leader = NULL;
  p->wire->over = true;
  (void)pthread_mutex_unlock(&p->wire->lock);
}

static void follow(void *user, tanlu_sweep_queue *queue, tanlu_context *context) {
  process *p = user;
  for (bool refused = false; !refused || !tanlu_sweep_queue_finished(queue);) {
    while (!refused && tanlu_sweep_queue_wanted(queue) > 0) {
      size_t block = 0;
      (void)pthread_mutex_lock(&p->wire->lock);
      const tanlu_queue_answer answer = p->wire->leader != NULL ? tanlu_sweep_queue_next(p->wire->leader, &block)
                                        : p->wire->over         ? TANLU_QUEUE_ENDED
                                                                : TANLU_QUEUE_LATER;
      (void)pthread_mutex_unlock(&p->wire->lock);
      if (answer == TANLU_QUEUE_LATER) break;
      refused = answer == TANLU_QUEUE_ENDED;
      (void)tanlu_sweep_queue_add(queue, refused ? NULL : &block, context);
    }
    if (!tanlu_sweep_queue_write(queue)) tanlu_sweep_queue_wait(queue, 100000);
  }
}

static void *run_process(void *user) {
  process *p = user;
  p->status = tanlu_sweep_run(&p->plan, p->context);
  return NULL;
}

static tanlu_sweep_plan plan_of(process *p, int threads) {
  return (tanlu_sweep_plan){
      .model = p->m->model,
      .dataset = p->m->dataset,
      .name = "probe",
      .scenario = p->base,
      .shape = {.parameters = 1, .indicators = SHOWN, .indicator = indicators, .years = YEARS, .year = years},
      .source = {.user = p, .draw = draw},
      .sink = {.user = p, .done = none_is_done, .write = keep},
      .samples = MANY,
      .last_block = tanlu_sweep_blocks(MANY),
      .threads = threads,
      .failures_allowed = TANLU_NONE,
      .user = p};
}

/* Two ends of two threads each: the leader, with threads of its own, writes every block once, in order, with the bits of a sweep
 * that had no one to share with. */
static void two_processes_do_what_one_does(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  tanlu_drivers *base = tanlu_test_drivers(&m, TO, 0);
  process *alone = calloc(1, sizeof *alone), *both = calloc(2, sizeof *both);
  assert_true(alone != NULL && both != NULL);
  *alone = (process){.m = &m, .base = base, .context = tanlu_context_create()};
  alone->plan = plan_of(alone, 1);
  (void)run_process(alone);
  assert_int_equal(alone->status, TANLU_OK);
  assert_int_equal(alone->written, MANY_BLOCKS);

  wire w = {.lock = PTHREAD_MUTEX_INITIALIZER};
  w.last = &w.first;
  const tanlu_sweep_transport transport[2] = {{.user = &both[0], .workers = 2, .serve = lead},
                                              {.user = &both[1], .told = true, .serve = follow}};
  pthread_t thread[2];
  for (size_t i = 0; i < 2; i++) {
    both[i] = (process){.m = &m, .base = base, .wire = &w, .context = tanlu_context_create()};
    both[i].plan = plan_of(&both[i], 2);
    both[i].plan.transport = &transport[i];
    if (i == 1) both[i].plan.sink.write = send_away;
    assert_int_equal(pthread_create(&thread[i], NULL, run_process, &both[i]), 0);
  }
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(pthread_join(thread[i], NULL), 0);
    assert_int_equal(both[i].status, TANLU_OK);
  }
  assert_int_equal(both[0].written, MANY_BLOCKS);
  for (size_t b = 0; b < MANY_BLOCKS; b++) assert_int_equal(both[0].order[b], b);
  assert_true(both[1].written > 0);
  assert_memory_equal(both[0].value, alone->value, sizeof alone->value);
  for (size_t i = 0; i < 2; i++) tanlu_context_free(&both[i].context);
  tanlu_context_free(&alone->context);
  free(alone);
  free(both);
  tanlu_drivers_free(&base);
  tanlu_test_close(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_travel_whole),
      cmocka_unit_test(the_window_is_bounded),
      cmocka_unit_test(what_was_not_asked_for_is_refused),
      cmocka_unit_test(errors_end_the_queue),
      cmocka_unit_test(a_block_is_asked_for_ahead),
      cmocka_unit_test(two_processes_do_what_one_does),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
