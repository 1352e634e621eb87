#include "inputs/session.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/scenario_file.h"
#include "inputs/sweep_file.h"
#include "model/indicators.h"
#include "model/projection.h"
#include "solvers/blas.h"
#include "solvers/memory.h"

struct tanlu_session {
  tanlu_context *context;
  char *messages; /* NULL: none */
  char *path;     /* of the dataset */
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_projection *projection; /* NULL: no results */
  tanlu_sweep *sweep;
  tanlu_labels sweep_indicator; /* codes of its indicators */
};

tanlu_session *tanlu_session_create(void) {
  (void)tanlu_blas_serial();
  tanlu_session *s = tanlu_allocate(NULL, 1, sizeof *s);
  if (s == NULL) return NULL;
  s->context = tanlu_context_create();
  if (s->context == NULL) tanlu_session_free(&s);
  return s;
}

static void forget_dataset(tanlu_session *s) {
  tanlu_projection_free(&s->projection);
  tanlu_sweep_free(&s->sweep);
  tanlu_labels_clear(&s->sweep_indicator);
  tanlu_model_free(&s->model);
  tanlu_dataset_free(&s->dataset);
  free(s->path);
  s->path = NULL;
}

void tanlu_session_free(tanlu_session **session) {
  if (session == NULL || *session == NULL) return;
  forget_dataset(*session);
  tanlu_context_free(&(*session)->context);
  free((*session)->messages);
  free(*session);
  *session = NULL;
}

const char *tanlu_session_version(void) {
  return TANLU_VERSION;
}

/* ---- messages ------------------------------------------------------------------------------------------------------------ */

static void begin(tanlu_session *s) {
  tanlu_context_clear(s->context);
  free(s->messages);
  s->messages = NULL;
}

/* Keep what the context says and return the exit status. */
static int end(tanlu_session *s, tanlu_status status) {
  size_t length = 1;
  const size_t count = tanlu_context_count(s->context);
  for (size_t i = 0; i < count; i++) length += strlen(tanlu_context_message(s->context, i)) + 1;
  s->messages = tanlu_allocate(NULL, length, 1);
  for (size_t i = 0; s->messages != NULL && i < count; i++) {
    if (s->messages[0] != '\0') strcat(s->messages, "\n");
    strcat(s->messages, tanlu_context_message(s->context, i));
  }
  return tanlu_status_exit(status);
}

const char *tanlu_session_messages(const tanlu_session *session) {
  return session->messages != NULL ? session->messages : "";
}

/* ---- a dataset and a scenario ------------------------------------------------------------------------------------------- */

/* The dataset of this directory, read unless it is there. */
static tanlu_status hold_dataset(tanlu_session *s, const char *path) {
  if (s->path != NULL && strcmp(s->path, path) == 0) return TANLU_OK;
  forget_dataset(s);
  tanlu_status status = tanlu_dataset_read(&s->dataset, path, s->context);
  if (status == TANLU_OK) status = tanlu_model_create(&s->model, s->dataset, s->context);
  if (status == TANLU_OK) {
    s->path = tanlu_string_copy(s->context, path);
    if (s->path == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status != TANLU_OK) forget_dataset(s);
  return status;
}

int tanlu_session_load(tanlu_session *s, const char *dataset) {
  char *path = NULL;
  begin(s);
  tanlu_projection_free(&s->projection);
  tanlu_status status = tanlu_input_find(&path, "data", dataset, NULL, s->context);
  if (status == TANLU_OK) {
    forget_dataset(s);
    status = hold_dataset(s, path);
  }
  free(path);
  return end(s, status);
}

/* Room for the results of these drivers. */
static tanlu_status make_results(tanlu_session *s, const tanlu_drivers *drivers) {
  return tanlu_projection_create(&s->projection, s->dataset, drivers->from, drivers->years, s->context);
}

int tanlu_session_run(tanlu_session *s, const char *name, const char *const *setting, size_t settings) {
  tanlu_scenario *scenario = NULL;
  begin(s);
  tanlu_projection_free(&s->projection);
  tanlu_status status = tanlu_scenario_read(&scenario, name, setting, settings, s->context);
  if (status == TANLU_OK) status = hold_dataset(s, scenario->dataset_path);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(scenario, s->dataset, s->context);
  if (status == TANLU_OK) status = make_results(s, scenario->drivers);
  if (status == TANLU_OK) {
    status = tanlu_project(s->model, scenario->drivers, scenario->name, s->projection, NULL, NULL, s->context);
  }
  if (status != TANLU_OK) tanlu_projection_free(&s->projection);
  tanlu_scenario_free(&scenario);
  return end(s, status);
}

/* ---- results ------------------------------------------------------------------------------------------------------------- */

static const tanlu_field_info *find_field(const char *name) {
  for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) {
    if (strcmp(tanlu_field_table[f].name, name) == 0) return &tanlu_field_table[f];
  }
  return NULL;
}

const char *tanlu_session_field(size_t i) {
  return i < TANLU_FIELD_COUNT ? tanlu_field_table[i].name : NULL;
}

const char *tanlu_session_unit(const char *field) {
  const tanlu_field_info *info = find_field(field);
  return info != NULL ? info->unit : NULL;
}

const char *tanlu_session_long_name(const char *field) {
  const tanlu_field_info *info = find_field(field);
  return info != NULL ? info->long_name : NULL;
}

int tanlu_session_shape(const tanlu_session *s, const char *field, size_t extent[3], const char *axis[3]) {
  const tanlu_field_info *info = find_field(field);
  int rank = 1;
  if (info == NULL || s->projection == NULL) return 0;
  extent[0] = s->projection->years;
  axis[0] = tanlu_dim_name(TANLU_DIM_YEAR);
  for (size_t k = 0; k < 2; k++) {
    if (info->dim[k] == TANLU_DIM_NONE) continue;
    extent[rank] = tanlu_dim_size(s->dataset, info->dim[k]);
    axis[rank++] = tanlu_dim_name(info->dim[k]);
  }
  return rank;
}

static tanlu_status need_results(tanlu_session *s) {
  if (s->projection != NULL) return TANLU_OK;
  return tanlu_fail(s->context, TANLU_ERR_INPUT, "there are no results; run a scenario or a sample first");
}

int tanlu_session_values(tanlu_session *s, const char *field, double *value, size_t count) {
  const tanlu_field_info *info = find_field(field);
  begin(s);
  tanlu_status status = need_results(s);
  if (status == TANLU_OK && info == NULL) {
    const char *known[TANLU_FIELD_COUNT];
    for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) known[f] = tanlu_field_table[f].name;
    const char *nearest = tanlu_nearest(field, known, TANLU_FIELD_COUNT);
    status = tanlu_fail(s->context, TANLU_ERR_INPUT, "there is no field '%s'%s%s%s", field,
                        nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                        nearest != NULL ? "'?" : "");
  }
  if (status != TANLU_OK) return end(s, status);
  const size_t f = (size_t)(info - tanlu_field_table), size = s->projection->years * s->projection->size[f];
  if (count != size) {
    status = tanlu_fail(s->context, TANLU_ERR_INPUT, "%s has %zu numbers; %zu were asked for", field, size, count);
  }
  for (size_t i = 0; status == TANLU_OK && i < size; i++) value[i] = s->projection->value[f][i] * info->factor;
  return end(s, status);
}

static const tanlu_labels *find_labels(const tanlu_session *s, const char *axis) {
  for (int dim = TANLU_DIM_YEAR + 1; s->dataset != NULL && dim < TANLU_DIM_COUNT; dim++) {
    if (strcmp(tanlu_dim_name((tanlu_dim)dim), axis) == 0) return tanlu_dim_labels(s->dataset, (tanlu_dim)dim);
  }
  return NULL;
}

const char *tanlu_session_label(const tanlu_session *s, const char *axis, size_t i) {
  const tanlu_labels *labels = find_labels(s, axis);
  return labels != NULL && i < labels->count ? labels->code[i] : NULL;
}

const char *tanlu_session_label_name(const tanlu_session *s, const char *axis, size_t i) {
  const tanlu_labels *labels = find_labels(s, axis);
  return labels != NULL && i < labels->count ? labels->name[i] : NULL;
}

int tanlu_session_first_year(const tanlu_session *s) {
  return s->projection != NULL ? s->projection->from : 0;
}

int tanlu_session_indicator(tanlu_session *s, const char *code, int year, double *value) {
  begin(s);
  tanlu_status status = need_results(s);
  if (status != TANLU_OK) return end(s, status);
  const size_t i = tanlu_indicator_find(code);
  const tanlu_projection *p = s->projection;
  if (i == TANLU_NONE) {
    const char *nearest = tanlu_labels_nearest(tanlu_indicator_labels(), code);
    status = tanlu_fail(s->context, TANLU_ERR_INPUT, "there is no indicator '%s'%s%s%s", code,
                        nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                        nearest != NULL ? "'?" : "");
  } else if (year < p->from || year >= p->from + (int)p->years) {
    status = tanlu_fail(s->context, TANLU_ERR_INPUT, "there is no year %d; the results hold %d to %d", year, p->from,
                        p->from + (int)p->years - 1);
  } else {
    *value = p->value[TANLU_FIELD_INDICATOR][(size_t)(year - p->from) * p->size[TANLU_FIELD_INDICATOR] + i];
  }
  return end(s, status);
}

/* ---- sweeps --------------------------------------------------------------------------------------------------------------- */

static tanlu_status read_sweep(tanlu_session *s, const char *name) {
  tanlu_sweep *sweep = NULL;
  tanlu_sweep_free(&s->sweep);
  tanlu_labels_clear(&s->sweep_indicator);
  tanlu_status status = tanlu_sweep_read(&sweep, name, s->context);
  if (status == TANLU_OK) status = hold_dataset(s, sweep->scenario->dataset_path);
  if (status == TANLU_OK) status = tanlu_sweep_bind(sweep, s->dataset, s->context);
  if (status == TANLU_OK) status = tanlu_sweep_regions_make(sweep, s->model, s->dataset, s->context);
  if (status == TANLU_OK) tanlu_sweep_outputs_bind(sweep, s->dataset);
  for (size_t k = 0; status == TANLU_OK && k < sweep->shape.indicators; k++) {
    char code[TANLU_SWEEP_CODE];
    status = tanlu_labels_add(&s->sweep_indicator, tanlu_sweep_code(&sweep->shape, k, code), NULL, NULL, s->context);
  }
  if (status != TANLU_OK) tanlu_sweep_free(&sweep);
  s->sweep = sweep;
  return status;
}

int tanlu_session_sweep(tanlu_session *s, const char *name, size_t size[TANLU_SESSION_SIZES]) {
  begin(s);
  const tanlu_status status = read_sweep(s, name);
  for (size_t i = 0; i < TANLU_SESSION_SIZES; i++) size[i] = 0;
  if (status == TANLU_OK) {
    size[TANLU_SESSION_SAMPLES] = s->sweep->samples;
    size[TANLU_SESSION_PARAMETERS] = s->sweep->parameters;
    size[TANLU_SESSION_YEARS] = s->sweep->shape.years;
    size[TANLU_SESSION_INDICATORS] = s->sweep->shape.indicators;
    size[TANLU_SESSION_SCALARS] = tanlu_summary_count();
  }
  return end(s, status);
}

const char *tanlu_session_sweep_label(const tanlu_session *s, int of, size_t i) {
  const tanlu_sweep *w = s->sweep;
  if (w == NULL) return NULL;
  if (of == TANLU_SESSION_PARAMETERS && i < w->parameters) return w->parameter[i].label;
  if (of == TANLU_SESSION_INDICATORS && i < s->sweep_indicator.count) return s->sweep_indicator.code[i];
  if (of == TANLU_SESSION_SCALARS && i < tanlu_summary_count()) return tanlu_summary(i)->code;
  return NULL;
}

int tanlu_session_sweep_year(const tanlu_session *s, size_t i) {
  if (s->sweep == NULL || i >= s->sweep->shape.years) return 0;
  return s->sweep->scenario->drivers->from + (int)s->sweep->shape.year[i];
}

/* Arrays of the caller, which are the sink. */
typedef struct {
  const tanlu_sweep *sweep;
  int *state;
  double *parameter, *indicator, *scalar;
} arrays;

static void put(double *to, const double *from, size_t first, size_t count, size_t size) {
  if (to != NULL && size > 0) memcpy(to + first * size, from, count * size * sizeof *to);
}

static bool never_done(void *user, size_t block) {
  (void)user;
  (void)block;
  return false;
}

static tanlu_status take_block(void *user, const tanlu_sweep_block *block, tanlu_context *context) {
  const arrays *a = user;
  const tanlu_sweep_shape *shape = &a->sweep->shape;
  (void)context;
  for (size_t i = 0; a->state != NULL && i < block->count; i++) a->state[block->first + i] = block->status[i];
  put(a->parameter, block->parameter, block->first, block->count, a->sweep->parameters);
  put(a->indicator, block->indicator, block->first, block->count, shape->years * shape->indicators);
  put(a->scalar, block->summary, block->first, block->count, tanlu_summary_count());
  return TANLU_OK;
}

static void free_workers(tanlu_sweep_worker **worker, int threads) {
  for (int t = 0; worker != NULL && t < threads; t++) tanlu_sweep_worker_free(&worker[t]);
  free(worker);
}

/* One a thread; NULL after a message. */
static tanlu_sweep_worker **make_workers(tanlu_session *s, int threads) {
  tanlu_sweep_worker **worker = tanlu_allocate(s->context, (size_t)threads, sizeof *worker);
  tanlu_status status = worker != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (int t = 0; status == TANLU_OK && t < threads; t++) {
    status = tanlu_sweep_worker_create(&worker[t], s->sweep, s->dataset, s->context);
  }
  if (status == TANLU_OK) return worker;
  free_workers(worker, threads);
  return NULL;
}

static tanlu_sweep_plan plan_of(const tanlu_session *s, tanlu_sweep_worker **worker, arrays *to, int threads) {
  return (tanlu_sweep_plan){.model = s->model,
                            .dataset = s->dataset,
                            .regions = tanlu_sweep_regions_of(s->sweep),
                            .name = s->sweep->scenario->name,
                            .scenario = s->sweep->scenario->drivers,
                            .shape = s->sweep->shape,
                            .source = {.user = worker, .draw = tanlu_sweep_source_draw},
                            .sink = {.user = to, .done = never_done, .write = take_block},
                            .samples = s->sweep->samples,
                            .last_block = tanlu_sweep_blocks(s->sweep->samples),
                            .threads = threads,
                            .failures_allowed = s->sweep->failures_allowed};
}

static tanlu_status need_sweep(tanlu_session *s) {
  if (s->sweep != NULL) return TANLU_OK;
  return tanlu_fail(s->context, TANLU_ERR_INPUT, "there is no sweep; read one first");
}

int tanlu_session_sweep_run(tanlu_session *s, int threads, int *state, double *parameter, double *indicator,
                            double *scalar) {
  begin(s);
  tanlu_status status = need_sweep(s);
  if (status != TANLU_OK) return end(s, status);
  const int used = threads > 0 ? threads : omp_get_num_procs();
  arrays to = {s->sweep, state, parameter, indicator, scalar};
  tanlu_sweep_worker **worker = make_workers(s, used);
  if (worker == NULL) return end(s, TANLU_ERR_MEMORY);
  tanlu_sweep_plan plan = plan_of(s, worker, &to, used);
  status = tanlu_sweep_run(&plan, s->context);
  free_workers(worker, used);
  return end(s, status);
}

int tanlu_session_sweep_sample(tanlu_session *s, size_t sample) {
  begin(s);
  tanlu_projection_free(&s->projection);
  tanlu_status status = need_sweep(s);
  if (status == TANLU_OK && sample >= s->sweep->samples) {
    status =
        tanlu_fail(s->context, TANLU_ERR_INPUT, "there is no sample %zu; the sweep has %zu", sample, s->sweep->samples);
  }
  if (status == TANLU_OK) status = make_results(s, s->sweep->scenario->drivers);
  if (status != TANLU_OK) return end(s, status);
  tanlu_sweep_block block = {0};
  tanlu_sweep_worker **worker = make_workers(s, 1);
  status = TANLU_ERR_MEMORY;
  if (worker != NULL) {
    tanlu_sweep_plan plan = plan_of(s, worker, NULL, 1);
    status = tanlu_sweep_sample_run(&plan, sample, s->projection, &block, s->context);
    tanlu_sweep_block_clear(&block);
    free_workers(worker, 1);
  }
  if (status != TANLU_OK) tanlu_projection_free(&s->projection);
  return end(s, status);
}
