#include "model/sweep.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "solvers/memory.h"

const char *const tanlu_sample_word[TANLU_SAMPLE_STATES] = {
#define X(code, word) word,
    TANLU_SAMPLE_LIST(X)
#undef X
};

const char *const tanlu_sweep_keep_word[TANLU_KEEPS] = {"indicators", "statistics", "groups", "full"};

const tanlu_grouped_info tanlu_grouped_table[TANLU_GROUPED] = {
#define X(field, name, text) {TANLU_FIELD_##field, name, text},
    TANLU_GROUPED_LIST(X)
#undef X
};

size_t tanlu_sweep_blocks(size_t samples) {
  return samples / TANLU_SWEEP_BLOCK + (samples % TANLU_SWEEP_BLOCK != 0);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------------ */

void tanlu_sweep_block_clear(tanlu_sweep_block *block) {
  free(block->status);
  free(block->reason);
  free(block->parameter);
  free(block->indicator);
  free(block->summary);
  for (size_t g = 0; g < TANLU_GROUPED; g++) free(block->grouped[g]);
  for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) free(block->field[f]);
  *block = (tanlu_sweep_block){0};
}

static tanlu_status block_create(tanlu_sweep_block *block, const tanlu_sweep_shape *shape, tanlu_context *context) {
  const size_t rows = TANLU_SWEEP_BLOCK;
  *block = (tanlu_sweep_block){0};
  block->status = tanlu_allocate(context, rows, sizeof *block->status);
  block->reason = tanlu_allocate(context, rows, TANLU_SWEEP_REASON);
  block->parameter = tanlu_allocate_doubles(context, rows, shape->parameters);
  block->indicator = tanlu_allocate_doubles(context, rows * shape->years, shape->indicators);
  block->summary = tanlu_allocate_doubles(context, rows, tanlu_summary_count());
  bool enough = block->status != NULL && block->reason != NULL && block->parameter != NULL &&
                block->indicator != NULL && block->summary != NULL;
  for (size_t g = 0; shape->groups > 0 && g < TANLU_GROUPED; g++) {
    block->grouped[g] = tanlu_allocate_doubles(context, rows * shape->years, shape->groups);
    enough = enough && block->grouped[g] != NULL;
  }
  for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) {
    if (shape->field[f] == 0) continue;
    block->field[f] = tanlu_allocate_doubles(context, rows * shape->years, shape->field[f]);
    enough = enough && block->field[f] != NULL;
  }
  if (!enough) tanlu_sweep_block_clear(block);
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* Give the block its place among the samples and forget what it held. */
static void block_place(tanlu_sweep_block *block, const tanlu_sweep_plan *plan, size_t index) {
  block->index = index;
  block->first = index * TANLU_SWEEP_BLOCK;
  const size_t left = plan->samples - block->first;
  block->count = left < TANLU_SWEEP_BLOCK ? left : TANLU_SWEEP_BLOCK;
  memset(block->reason, 0, (size_t)TANLU_SWEEP_BLOCK * TANLU_SWEEP_REASON);
  memset(block->status, 0, TANLU_SWEEP_BLOCK * sizeof *block->status);
}

/* ---- samples ----------------------------------------------------------------------------------------------------------- */

/* Work of one thread: arrays for the years of the first sample's drivers; all samples have the same. */
typedef struct {
  tanlu_projection *projection;
  tanlu_context *context;
  tanlu_status status; /* what ended the work: memory */
} sample_work;

static void fill_missing(double *value, size_t count) {
  for (size_t i = 0; i < count; i++) value[i] = (double)NAN;
}

/* A projection that holds nothing yet: no sample sees what another one left. */
static tanlu_status clean_projection(const tanlu_sweep_plan *plan, const tanlu_drivers *drivers, sample_work *work) {
  if (work->projection == NULL) {
    return tanlu_projection_create(&work->projection, plan->dataset, drivers->from, drivers->years, work->context);
  }
  tanlu_projection *p = work->projection;
  p->iterations = 0;
  p->worst_residual = p->worst_balance = 0.0;
  for (size_t id = 0; id < TANLU_FIELD_COUNT; id++) {
    if (p->value[id] != NULL) memset(p->value[id], 0, p->years * p->size[id] * sizeof *p->value[id]);
  }
  return TANLU_OK;
}

static void keep(const tanlu_sweep_plan *plan, const tanlu_projection *p, double *indicator, double *summary) {
  const double *value = p->value[TANLU_FIELD_INDICATOR];
  const size_t all = p->size[TANLU_FIELD_INDICATOR];
  for (size_t t = 0; t < plan->shape.years; t++) {
    for (size_t k = 0; k < plan->shape.indicators; k++) {
      *indicator++ = value[plan->shape.year[t] * all + plan->shape.indicator[k]];
    }
  }
  tanlu_summary_compute(value, p->from, p->years, summary);
}

/* Sums of a field along sectors by policy group, in units of results; over its other axis too. */
static void sum_groups(const tanlu_dataset *dataset, const double *value, size_t size, double factor, size_t groups,
                       double *sum) {
  const size_t *group = dataset->level[dataset->policy_level].of_sector, sectors = dataset->accounts.sector.count;
  for (size_t g = 0; g < groups; g++) sum[g] = 0.0;
  for (size_t i = 0; i < size; i++) {
    if (group[i % sectors] < groups) sum[group[i % sectors]] += value[i];
  }
  for (size_t g = 0; g < groups; g++) sum[g] *= factor;
}

/* Fields and sums by group of row `row`; missing where p is NULL. */
static void keep_fields(const tanlu_sweep_plan *plan, const tanlu_projection *p, tanlu_sweep_block *block, size_t row) {
  const tanlu_sweep_shape *shape = &plan->shape;
  for (size_t k = 0; k < TANLU_GROUPED + (size_t)TANLU_FIELD_COUNT; k++) {
    const bool sums = k < TANLU_GROUPED;
    const size_t f = sums ? tanlu_grouped_table[k].field : k - TANLU_GROUPED,
                 own = sums ? shape->groups : shape->field[f];
    double *value = sums ? block->grouped[k] : block->field[f];
    for (size_t t = 0; value != NULL && t < shape->years; t++) {
      double *to = value + (row * shape->years + t) * own;
      if (p == NULL) {
        fill_missing(to, own);
        continue;
      }
      const double *from = p->value[f] + shape->year[t] * p->size[f], factor = tanlu_field_table[f].factor;
      if (sums) sum_groups(plan->dataset, from, p->size[f], factor, own, to);
      for (size_t i = 0; !sums && i < own; i++) to[i] = from[i] * factor;
    }
  }
}

/* The first error, without its severity. */
static void keep_reason(const tanlu_context *context, char *reason) {
  const char *text = tanlu_status_text(TANLU_ERR_MODEL);
  for (size_t i = 0; i < tanlu_context_count(context); i++) {
    if (tanlu_context_severity(context, i) != TANLU_ERROR) continue;
    text = tanlu_context_message(context, i);
    break;
  }
  static const char prefix[] = "error: ";
  if (strncmp(text, prefix, sizeof prefix - 1) == 0) text += sizeof prefix - 1;
  size_t length = strlen(text);
  if (length >= TANLU_SWEEP_REASON) {
    length = TANLU_SWEEP_REASON - 1;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--; /* no half character */
  }
  snprintf(reason, TANLU_SWEEP_REASON, "%.*s", (int)length, text);
}

static tanlu_sample_status state_of(tanlu_status status) {
  switch (status) {
  case TANLU_OK:
    return TANLU_SAMPLE_SOLVED;
  case TANLU_ERR_INPUT:
    return TANLU_SAMPLE_REFUSED;
  case TANLU_ERR_MODEL:
  case TANLU_ERR_INTERNAL: /* accounts that do not add up belong to the sample too */
    return TANLU_SAMPLE_UNSOLVED;
  default:
    return TANLU_SAMPLE_OPEN;
  }
}

/* Sample `row` of the block. What is no fault of the sample (memory) ends up in work->status. */
static void run_sample(const tanlu_sweep_plan *plan, int thread, tanlu_sweep_block *block, size_t row,
                       sample_work *work) {
  const tanlu_sweep_shape *shape = &plan->shape;
  double *parameter = block->parameter + row * shape->parameters;
  double *indicator = block->indicator + row * shape->years * shape->indicators;
  double *summary = block->summary + row * tanlu_summary_count();
  tanlu_drivers *drivers = NULL;
  fill_missing(parameter, shape->parameters);
  tanlu_status status =
      plan->source.draw(plan->source.user, thread, block->first + row, parameter, &drivers, work->context);
  if (status == TANLU_OK) status = clean_projection(plan, drivers, work);
  if (status == TANLU_OK) {
    status = tanlu_project(plan->model, drivers, plan->name, work->projection, NULL, NULL, work->context);
  }
  const tanlu_sample_status state = state_of(status);
  block->status[row] = (int)state;
  if (state == TANLU_SAMPLE_SOLVED) {
    keep(plan, work->projection, indicator, summary);
    keep_fields(plan, work->projection, block, row);
  } else {
    fill_missing(indicator, shape->years * shape->indicators);
    fill_missing(summary, tanlu_summary_count());
    keep_fields(plan, NULL, block, row);
    keep_reason(work->context, block->reason + row * TANLU_SWEEP_REASON);
  }
  if (state == TANLU_SAMPLE_OPEN) {
    work->status = status;
  } else {
    tanlu_context_clear(work->context);
  }
  tanlu_drivers_free(&drivers);
}

/* All samples of a round of blocks, spread over the threads. */
static tanlu_status run_blocks(const tanlu_sweep_plan *plan, tanlu_sweep_block *block, size_t blocks, sample_work *work,
                               tanlu_context *context) {
  const size_t all = blocks * TANLU_SWEEP_BLOCK;
#pragma omp parallel for num_threads(plan->threads) schedule(dynamic, 1)
  for (size_t k = 0; k < all; k++) {
    const size_t row = k % TANLU_SWEEP_BLOCK;
    tanlu_sweep_block *own = &block[k / TANLU_SWEEP_BLOCK];
    const int thread = omp_get_thread_num();
    if (row < own->count && work[thread].status == TANLU_OK) run_sample(plan, thread, own, row, &work[thread]);
  }
  for (int thread = 0; thread < plan->threads; thread++) {
    if (work[thread].status == TANLU_OK) continue;
    tanlu_context_append(context, work[thread].context);
    return work[thread].status;
  }
  return TANLU_OK;
}

static void work_free(sample_work *work, int threads) {
  for (int thread = 0; work != NULL && thread < threads; thread++) {
    tanlu_projection_free(&work[thread].projection);
    tanlu_context_free(&work[thread].context);
  }
  free(work);
}

static sample_work *work_create(int threads, tanlu_context *context) {
  sample_work *work = tanlu_allocate(context, (size_t)threads, sizeof *work);
  for (int thread = 0; work != NULL && thread < threads; thread++) {
    work[thread].context = tanlu_context_create();
    if (work[thread].context != NULL) continue;
    (void)tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
    work_free(work, thread);
    return NULL;
  }
  return work;
}

tanlu_status tanlu_sweep_block_run(const tanlu_sweep_plan *plan, size_t block, tanlu_sweep_block *result,
                                   tanlu_context *context) {
  tanlu_status status = block_create(result, &plan->shape, context);
  sample_work *work = status == TANLU_OK ? work_create(plan->threads, context) : NULL;
  if (work == NULL) {
    tanlu_sweep_block_clear(result);
    return TANLU_ERR_MEMORY;
  }
  block_place(result, plan, block);
  status = run_blocks(plan, result, 1, work, context);
  work_free(work, plan->threads);
  if (status != TANLU_OK) tanlu_sweep_block_clear(result);
  return status;
}

/* ---- the sweep --------------------------------------------------------------------------------------------------------- */

/* Hand a block over and count what failed in it. */
static tanlu_status hand_over(tanlu_sweep_plan *plan, const tanlu_sweep_block *block, tanlu_context *context) {
  const tanlu_status status = plan->sink.write(plan->sink.user, block, context);
  if (status != TANLU_OK) return status;
  size_t failures = 0, last = 0;
  for (size_t row = 0; row < block->count; row++) {
    if (block->status[row] == TANLU_SAMPLE_SOLVED) continue;
    failures++;
    last = row;
  }
  plan->failures += failures;
  if (plan->progress != NULL) plan->progress(plan->user, block->count, failures);
  if (plan->failures_allowed == TANLU_NONE || plan->failures <= plan->failures_allowed) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_MODEL, "%zu samples failed, %zu are allowed; the last one is sample %zu: %s",
                    plan->failures, plan->failures_allowed, block->first + last,
                    block->reason + last * TANLU_SWEEP_REASON);
}

tanlu_status tanlu_sweep_run(tanlu_sweep_plan *plan, tanlu_context *context) {
  const size_t width = (size_t)plan->threads;
  tanlu_sweep_block *block = tanlu_allocate(context, width, sizeof *block);
  sample_work *work = work_create(plan->threads, context);
  tanlu_status status = block != NULL && work != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < width; k++) status = block_create(&block[k], &plan->shape, context);
  size_t next = plan->first_block;
  while (status == TANLU_OK) {
    size_t round = 0;
    for (; round < width && next < plan->last_block; next++) {
      if (!plan->sink.done(plan->sink.user, next)) block_place(&block[round++], plan, next);
    }
    if (round == 0) break;
    if (plan->stop != NULL && plan->stop(plan->user) != 0) status = TANLU_INTERRUPTED;
    if (status == TANLU_OK) status = run_blocks(plan, block, round, work, context);
    for (size_t k = 0; status == TANLU_OK && k < round; k++) status = hand_over(plan, &block[k], context);
  }
  for (size_t k = 0; block != NULL && k < width; k++) tanlu_sweep_block_clear(&block[k]);
  free(block);
  work_free(work, plan->threads);
  return status;
}
