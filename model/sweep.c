#include "model/sweep.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "model/investment.h"
#include "model/sweep_private.h"
#include "model/sweep_queue.h"
#include "solvers/memory.h"

const char *const tanlu_sample_word[TANLU_SAMPLE_STATES] = {
#define X(code, word) word,
    TANLU_SAMPLE_LIST(X)
#undef X
};

const char *const tanlu_sweep_keep_word[TANLU_KEEPS] = {"indicators", "statistics", "groups", "full"};

const tanlu_field_id tanlu_grouped_field[TANLU_GROUPED] = {
#define X(field) TANLU_FIELD_GROUP_##field,
    TANLU_GROUPED_LIST(X)
#undef X
};

size_t tanlu_sweep_blocks(size_t samples) {
  return samples / TANLU_SWEEP_BLOCK + (samples % TANLU_SWEEP_BLOCK != 0);
}

/* ---- samples ----------------------------------------------------------------------------------------------------------- */

/* Work of one thread: a lane for every sample of a block. */
typedef struct {
  tanlu_projector *projector;     /* of the nation alone, */
  tanlu_sweep_regional *regional; /* or with its regions; the other one is NULL */
  tanlu_projection *projection[TANLU_SWEEP_BLOCK];
  tanlu_context *context[TANLU_SWEEP_BLOCK];
  tanlu_status status; /* what ended the work: memory */
} block_work;

static void fill_missing(double *value, size_t count) {
  for (size_t i = 0; i < count; i++) value[i] = (double)NAN;
}

/* regional: the sample's where it has regions. */
static void keep(const tanlu_sweep_plan *plan, const tanlu_projection *p, const tanlu_sweep_regional *regional,
                 double *indicator, double *summary) {
  const tanlu_sweep_shape *shape = &plan->shape;
  for (size_t t = 0; t < shape->years; t++) {
    for (size_t k = 0; k < shape->indicators; k++) {
      const size_t region = tanlu_sweep_region(shape, k);
      const tanlu_projection *of = region == TANLU_NONE ? p : regional->projection[region];
      const size_t all = of->size[TANLU_FIELD_INDICATOR];
      *indicator++ = of->value[TANLU_FIELD_INDICATOR][shape->year[t] * all + shape->indicator[k]];
    }
  }
  tanlu_summary_compute(p->value[TANLU_FIELD_INDICATOR], p->from, p->years, summary);
}

/* Fields and sums by group of row `row`; missing where p is NULL. */
static void keep_fields(const tanlu_sweep_plan *plan, const tanlu_projection *p, tanlu_sweep_block *block, size_t row) {
  const tanlu_sweep_shape *shape = &plan->shape;
  for (size_t k = 0; k < TANLU_GROUPED + (size_t)TANLU_FIELD_COUNT; k++) {
    const bool sums = k < TANLU_GROUPED;
    const size_t f = sums ? (size_t)tanlu_grouped_field[k] : k - TANLU_GROUPED,
                 own = sums ? shape->groups : shape->field[f];
    double *value = sums ? block->grouped[k] : block->field[f];
    for (size_t t = 0; value != NULL && t < shape->years; t++) {
      double *to = value + (row * shape->years + t) * own;
      if (p == NULL) {
        fill_missing(to, own);
        continue;
      }
      const double *from = p->value[f] + shape->year[t] * p->size[f], factor = tanlu_field_table[f].factor;
      for (size_t i = 0; i < own; i++) to[i] = from[i] * factor;
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

/* What has become of a sample, into its row. What is no fault of the sample (memory) ends up in work->status. */
static void finish_sample(const tanlu_sweep_plan *plan, tanlu_sweep_block *block, size_t row, tanlu_status status,
                          block_work *work) {
  const tanlu_sweep_shape *shape = &plan->shape;
  double *indicator = block->indicator + row * shape->years * shape->indicators;
  double *summary = block->summary + row * tanlu_summary_count();
  const tanlu_sample_status state = state_of(status);
  block->status[row] = (int)state;
  if (state == TANLU_SAMPLE_SOLVED) {
    keep(plan, work->projection[row], work->regional, indicator, summary);
    keep_fields(plan, work->projection[row], block, row);
  } else {
    fill_missing(indicator, shape->years * shape->indicators);
    fill_missing(summary, tanlu_summary_count());
    keep_fields(plan, NULL, block, row);
    keep_reason(work->context[row], block->reason + row * TANLU_SWEEP_REASON);
  }
  if (state == TANLU_SAMPLE_OPEN) {
    work->status = status;
  } else {
    tanlu_context_clear(work->context[row]);
  }
}

/* A sample with statistics of its own: on its own, with a model that is gone afterwards. */
static tanlu_status project_own(const tanlu_sweep_plan *plan, const tanlu_sweep_drawn *drawn,
                                tanlu_projection *projection, tanlu_context *context) {
  tanlu_model *model = NULL;
  tanlu_status status = tanlu_model_create(&model, drawn->dataset, context);
  if (status == TANLU_OK) {
    status = tanlu_project(model, drawn->drivers, plan->name, projection, NULL, NULL, context);
  }
  tanlu_model_free(&model);
  return status;
}

/* Draw a sample of a nation with its regions, project it and keep what is wanted of it. */
static void run_regional(const tanlu_sweep_plan *plan, int thread, tanlu_sweep_block *block, size_t row,
                         block_work *work) {
  tanlu_sweep_drawn drawn = {0};
  double *parameter = block->parameter + row * plan->shape.parameters;
  fill_missing(parameter, plan->shape.parameters);
  tanlu_projection_reset(work->projection[row]);
  tanlu_status status =
      plan->source.draw(plan->source.user, thread, block->first + row, parameter, &drawn, work->context[row]);
  if (status == TANLU_OK) {
    status = tanlu_sweep_regional_project(work->regional, plan, &drawn, work->projection[row], work->context[row]);
  }
  finish_sample(plan, block, row, status, work);
  tanlu_sweep_drawn_clear(&drawn, work->regional->regions);
}

/* Draw and project all samples of a block, of the nation alone. */
static void run_lanes(const tanlu_sweep_plan *plan, const tanlu_centres *centres, int thread, tanlu_sweep_block *block,
                      block_work *work) {
  tanlu_drivers *own[TANLU_SWEEP_BLOCK] = {NULL};
  const tanlu_drivers *drivers[TANLU_SWEEP_BLOCK];
  tanlu_projection *projection[TANLU_SWEEP_BLOCK];
  tanlu_context *context[TANLU_SWEEP_BLOCK];
  tanlu_status result[TANLU_SWEEP_BLOCK] = {TANLU_OK}, status[TANLU_SWEEP_BLOCK] = {TANLU_OK};
  size_t lanes = 0, row_of[TANLU_SWEEP_BLOCK] = {0};
  for (size_t row = 0; row < block->count; row++) {
    tanlu_sweep_drawn drawn = {0};
    double *parameter = block->parameter + row * plan->shape.parameters;
    fill_missing(parameter, plan->shape.parameters);
    tanlu_projection_reset(work->projection[row]); /* no sample sees what another one left */
    result[row] =
        plan->source.draw(plan->source.user, thread, block->first + row, parameter, &drawn, work->context[row]);
    own[row] = drawn.drivers;
    if (result[row] == TANLU_OK && drawn.dataset != NULL) {
      result[row] = project_own(plan, &drawn, work->projection[row], work->context[row]);
      block->own++;
    } else if (result[row] == TANLU_OK) {
      row_of[lanes] = row;
      drivers[lanes] = own[row];
      projection[lanes] = work->projection[row];
      context[lanes++] = work->context[row];
    }
    tanlu_dataset_free(&drawn.dataset);
  }
  if (lanes > 0) {
    tanlu_projector_many(work->projector, centres, lanes, drivers, plan->name, projection, status, context);
  }
  for (size_t lane = 0; lane < lanes; lane++) result[row_of[lane]] = status[lane];
  for (size_t row = 0; row < block->count; row++) {
    finish_sample(plan, block, row, result[row], work);
    tanlu_drivers_free(&own[row]);
  }
}

static void run_block(const tanlu_sweep_plan *plan, const tanlu_centres *centres, int thread, tanlu_sweep_block *block,
                      block_work *work) {
  if (plan->regions == NULL) {
    run_lanes(plan, centres, thread, block, work);
    return;
  }
  for (size_t row = 0; row < block->count; row++) run_regional(plan, thread, block, row, work);
}

static void work_free(block_work *work, int threads) {
  for (int thread = 0; work != NULL && thread < threads; thread++) {
    tanlu_projector_free(&work[thread].projector);
    tanlu_sweep_regional_free(&work[thread].regional);
    for (size_t row = 0; row < TANLU_SWEEP_BLOCK; row++) {
      tanlu_projection_free(&work[thread].projection[row]);
      tanlu_context_free(&work[thread].context[row]);
    }
  }
  free(work);
}

/* The fields that blocks are filled from; of a region: indicators alone are. */
static unsigned long fields_wanted(const tanlu_sweep_shape *shape, bool region) {
  unsigned long wanted = 1UL << TANLU_FIELD_INDICATOR;
  for (size_t k = 0; !region && shape->groups > 0 && k < TANLU_GROUPED; k++) wanted |= 1UL << tanlu_grouped_field[k];
  for (size_t f = 0; !region && f < TANLU_FIELD_COUNT; f++) wanted |= shape->field[f] > 0 ? 1UL << f : 0;
  for (size_t i = 0; i < shape->indicators; i++) {
    if (tanlu_indicator_spans_years(shape->indicator[i])) wanted |= TANLU_INVESTMENT_FIELDS;
  }
  return wanted;
}

static block_work *work_create(const tanlu_sweep_plan *plan, int threads, tanlu_context *context) {
  const tanlu_drivers *like = plan->scenario;
  block_work *work = tanlu_allocate(context, (size_t)threads, sizeof *work);
  tanlu_status status = work == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
  for (int thread = 0; status == TANLU_OK && thread < threads; thread++) {
    block_work *own = &work[thread];
    status = plan->regions != NULL
                 ? tanlu_sweep_regional_create(&own->regional, plan, fields_wanted(&plan->shape, true), context)
                 : tanlu_projector_create(&own->projector, plan->model, like, TANLU_SWEEP_BLOCK, context);
    for (size_t row = 0; status == TANLU_OK && row < TANLU_SWEEP_BLOCK; row++) {
      status = tanlu_projection_create_some(&own->projection[row], plan->dataset, like->from, like->years,
                                            fields_wanted(&plan->shape, false), context);
      own->context[row] = tanlu_context_create();
      if (status == TANLU_OK && own->context[row] == NULL) {
        status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
      }
    }
  }
  if (status == TANLU_OK) return work;
  work_free(work, threads);
  return NULL;
}

/* The path of the scenario, for its samples to stay near. Where it cannot be solved itself every sample goes its own way;
 * only memory is an error here. With regions every sample goes its own way too. */
static tanlu_status find_centres(const tanlu_sweep_plan *plan, tanlu_centres **centres, tanlu_context *context) {
  if (plan->regions != NULL) return TANLU_OK;
  tanlu_context *unheard = tanlu_context_create();
  if (unheard == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  const tanlu_status status = tanlu_centres_create(centres, plan->model, plan->scenario, plan->name, unheard);
  if (status == TANLU_ERR_MEMORY) tanlu_context_append(context, unheard);
  tanlu_context_free(&unheard);
  return status == TANLU_ERR_MEMORY ? status : TANLU_OK;
}

tanlu_status tanlu_sweep_sample_run(const tanlu_sweep_plan *plan, size_t sample, tanlu_projection *projection,
                                    tanlu_sweep_block *block, tanlu_context *context) {
  tanlu_centres *centres = NULL;
  block_work *work = NULL;
  const size_t row = sample % TANLU_SWEEP_BLOCK;
  tanlu_status status = tanlu_sweep_block_create(block, &plan->shape, context);
  if (status == TANLU_OK) status = find_centres(plan, &centres, context);
  if (status == TANLU_OK) {
    work = work_create(plan, 1, context);
    if (work == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) {
    tanlu_projection *own = work->projection[row];
    tanlu_sweep_block_place(block, plan->samples, sample / TANLU_SWEEP_BLOCK);
    work->projection[row] = projection;
    if (plan->regions != NULL) {
      run_regional(plan, 0, block, row, work);
    } else {
      run_block(plan, centres, 0, block, work);
    }
    work->projection[row] = own;
    status = work->status;
    for (size_t k = 0; k < TANLU_SWEEP_BLOCK; k++) tanlu_context_append(context, work->context[k]);
  }
  work_free(work, 1);
  tanlu_centres_free(&centres);
  if (status == TANLU_OK && block->status[row] != TANLU_SAMPLE_SOLVED) {
    status = tanlu_fail(context, block->status[row] == TANLU_SAMPLE_REFUSED ? TANLU_ERR_INPUT : TANLU_ERR_MODEL,
                        "sample %zu: %s", sample, block->reason + row * TANLU_SWEEP_REASON);
  }
  if (status != TANLU_OK) tanlu_sweep_block_clear(block);
  return status;
}

/* ---- the sweep --------------------------------------------------------------------------------------------------------- */

/* Blocks, one after the other, on one thread. */
static void work_through(const tanlu_sweep_plan *plan, const tanlu_centres *centres, int thread, block_work *work,
                         tanlu_sweep_queue *queue) {
  tanlu_sweep_block *block = NULL;
  while (work->status == TANLU_OK && tanlu_sweep_queue_take(queue, &block, work->context[0])) {
    run_block(plan, centres, thread, block, work);
    tanlu_sweep_queue_bring(queue, &block, work->status);
  }
}

/* All threads; with a transport the calling one serves it, beside them. */
static tanlu_status run_queue(const tanlu_sweep_plan *plan, const tanlu_centres *centres, block_work *work,
                              tanlu_sweep_queue *queue, tanlu_context *context) {
  const tanlu_sweep_transport *transport = plan->transport;
  const int server = transport != NULL ? 1 : 0;
  int team = 0;
#pragma omp parallel num_threads(plan->threads + server)
  {
    const int thread = omp_get_thread_num() - server;
#pragma omp master
    team = omp_get_num_threads();
#pragma omp barrier
    if (thread >= 0) {
      work_through(plan, centres, thread, &work[thread], queue);
    } else {
      if (team == 1) tanlu_sweep_queue_fail(queue, TANLU_ERR_INTERNAL);
      transport->serve(transport->user, queue, context);
    }
  }
  if (team == server) {
    (void)tanlu_fail(context, TANLU_ERR_INTERNAL,
                     "OpenMP offers one thread (OMP_THREAD_LIMIT?), expected two at least");
  }
  for (int thread = 0; thread < plan->threads; thread++) {
    for (size_t row = 0; row < TANLU_SWEEP_BLOCK; row++) tanlu_context_append(context, work[thread].context[row]);
  }
  return tanlu_sweep_queue_status(queue);
}

tanlu_status tanlu_sweep_run(tanlu_sweep_plan *plan, tanlu_context *context) {
  const bool told = plan->transport != NULL && plan->transport->told;
  const size_t most = told ? 0 : plan->last_block - plan->first_block;
  size_t *open = tanlu_allocate(context, most, sizeof *open), count = 0;
  block_work *work = work_create(plan, plan->threads, context);
  tanlu_centres *centres = NULL;
  tanlu_sweep_queue *queue = NULL;
  tanlu_status status = open != NULL && work != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < most; k++) {
    if (!plan->sink.done(plan->sink.user, plan->first_block + k)) open[count++] = plan->first_block + k;
  }
  if (status == TANLU_OK && (count > 0 || told)) status = find_centres(plan, &centres, context);
  if (status == TANLU_OK) status = tanlu_sweep_queue_create(&queue, plan, open, count, context);
  if (status == TANLU_OK) status = run_queue(plan, centres, work, queue, context);
  tanlu_sweep_queue_free(&queue);
  free(open);
  work_free(work, plan->threads);
  tanlu_centres_free(&centres);
  return status;
}
