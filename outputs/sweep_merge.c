/* Shards of a sweep joined into the file of the whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/sweep_store_private.h"
#include "outputs/sweep_view.h"
#include "solvers/memory.h"

enum { BLOCKS_AT_ONCE = 64 };

typedef struct {
  const char *path;
  tanlu_result *result; /* labels and attributes */
  tanlu_sweep_description description;
  tanlu_sweep_store *store;
} shard;

/* ---- what a file says ---------------------------------------------------------------------------------------------------- */

static const char *attribute(const shard *s, const char *name) {
  const char *text = tanlu_result_attribute(s->result, name);
  return text != NULL ? text : "";
}

static size_t number(const shard *s, const char *name) {
  return (size_t)strtoull(attribute(s, name), NULL, 10);
}

static const char *const *texts(const shard *s, const char *name) {
  const tanlu_result_texts *found = tanlu_result_texts_find(s->result, name);
  return found != NULL ? (const char *const *)found->text : NULL;
}

static void clear_shard(shard *s) {
  tanlu_sweep_store_close(&s->store);
  free(s->description.shape.indicator);
  free(s->description.shape.year);
  tanlu_result_close(&s->result);
}

/* The description that the file was made from, as far as the data goes; provenance apart. */
static tanlu_status describe(shard *s, tanlu_context *context) {
  tanlu_sweep_description *d = &s->description;
  const tanlu_labels *indicators = tanlu_result_labels(s->result, "indicator");
  const tanlu_result_texts *parameters = tanlu_result_texts_find(s->result, "parameter");
  const tanlu_result_variable *state = tanlu_result_variable_find(s->result, "status");
  size_t years = 0;
  const int *year = tanlu_result_years(s->result, &years);
  if (!tanlu_result_is_sweep(s->result) || indicators == NULL || parameters == NULL || state == NULL ||
      number(s, "block_samples") != TANLU_SWEEP_BLOCK) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0, "is not the file of a sweep");
  }
  *d = (tanlu_sweep_description){.name = attribute(s, "sweep"),
                                 .title = attribute(s, "title"),
                                 .scenario = attribute(s, "scenario_name"),
                                 .scenario_text = attribute(s, "scenario_text"),
                                 .sweep_text = attribute(s, "sweep_text"),
                                 .dataset = attribute(s, "dataset"),
                                 .dataset_title = attribute(s, "dataset_title"),
                                 .design = attribute(s, "design"),
                                 .sweep_sha256 = attribute(s, "sweep_sha256"),
                                 .scenario_sha256 = attribute(s, "scenario_sha256"),
                                 .dataset_sha256 = attribute(s, "dataset_sha256"),
                                 .design_samples = number(s, "design_samples"),
                                 .seed = strtoull(attribute(s, "seed"), NULL, 10),
                                 .levels = number(s, "levels"),
                                 .second_order = strcmp(attribute(s, "second_order"), "true") == 0,
                                 .label = texts(s, "parameter"),
                                 .path = texts(s, "parameter_path"),
                                 .mode = texts(s, "parameter_mode"),
                                 .distribution = texts(s, "parameter_distribution"),
                                 .from = years > 0 ? year[0] : 0,
                                 .statistics_only = strcmp(attribute(s, "keep"), "statistics") == 0,
                                 .samples = number(s, "samples")};
  d->shape = (tanlu_sweep_shape){.parameters = parameters->count, .indicators = indicators->count, .years = years};
  d->first_block = number(s, "first_sample") / TANLU_SWEEP_BLOCK;
  d->last_block = d->first_block + tanlu_sweep_blocks(state->extent[0]);
  d->shape.indicator = tanlu_allocate(context, indicators->count, sizeof(size_t));
  d->shape.year = tanlu_allocate(context, years, sizeof(size_t));
  if (d->shape.indicator == NULL || d->shape.year == NULL) return TANLU_ERR_MEMORY;
  for (size_t t = 0; t < years; t++) d->shape.year[t] = (size_t)(year[t] - d->from);
  for (size_t k = 0; k < indicators->count; k++) {
    d->shape.indicator[k] = tanlu_indicator_find(indicators->code[k]);
    if (d->shape.indicator[k] != TANLU_NONE) continue;
    return tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0,
                         "has an indicator '%s' that this program does not know", indicators->code[k]);
  }
  if (d->path == NULL || d->mode == NULL || d->distribution == NULL || d->last_block > tanlu_sweep_blocks(d->samples)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0, "is not a complete file of a sweep");
  }
  return TANLU_OK;
}

static tanlu_status open_shard(shard *s, tanlu_context *context) {
  tanlu_status status = tanlu_result_open(&s->result, s->path, context);
  if (status == TANLU_OK) status = describe(s, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_open(&s->store, s->path, &s->description, false, context);
  if (status != TANLU_OK) return status;
  const size_t own = s->store->own_samples, done = tanlu_sweep_store_done(s->store);
  if (done == own) return TANLU_OK;
  return tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0,
                       "is not finished: %zu of %zu samples; go on with --resume", done, own);
}

/* ---- do they fit ---------------------------------------------------------------------------------------------------------- */

static tanlu_status compare_shards(const shard *a, const shard *b, tanlu_context *context) {
  static const char *const same[][2] = {{"sweep_sha256", "the sweep file"}, {"scenario_sha256", "the scenario"},
                                        {"dataset_sha256", "the dataset"},  {"samples", "the number of samples"},
                                        {"source", "the program"},          {"build_flags", "the build"},
                                        {"blas_core", "the OpenBLAS core"}};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    if (strcmp(attribute(a, same[i][0]), attribute(b, same[i][0])) == 0) continue;
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, b->path, 0, 0, "%s is another one than in %s ('%.16s', '%.16s')",
                           same[i][1], a->path, attribute(b, same[i][0]), attribute(a, same[i][0]));
  }
  return status;
}

static int by_block(const void *a, const void *b) {
  const shard *x = a, *y = b;
  const size_t p = x->description.first_block, q = y->description.first_block;
  return (p > q) - (p < q);
}

static tanlu_status gap(size_t from, size_t to, size_t samples, tanlu_context *context) {
  const size_t last = to * TANLU_SWEEP_BLOCK < samples ? to * TANLU_SWEEP_BLOCK : samples;
  return tanlu_fail(context, TANLU_ERR_INPUT, "samples %zu to %zu are in none of the files", from * TANLU_SWEEP_BLOCK,
                    last - 1);
}

/* Sorted by blocks; every one must be there once. */
static tanlu_status check_cover(const shard *all, size_t count, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  size_t next = 0;
  const size_t samples = all[0].description.samples, blocks = tanlu_sweep_blocks(samples);
  for (size_t i = 0; i < count; i++) {
    const tanlu_sweep_description *d = &all[i].description;
    if (d->first_block > next) status = gap(next, d->first_block, samples, context);
    if (d->first_block < next) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, all[i].path, 0, 0, "holds samples from %zu on, as does %s",
                             d->first_block * TANLU_SWEEP_BLOCK, all[i - 1].path);
    }
    if (d->last_block > next) next = d->last_block;
  }
  return next < blocks ? gap(next, blocks, samples, context) : status;
}

/* ---- joining ------------------------------------------------------------------------------------------------------------- */

/* Rows of one variable, some at a time. */
static tanlu_status copy_rows(const tanlu_sweep_store *from, const tanlu_sweep_store *to, tanlu_sweep_variable id,
                              size_t target, size_t rows, tanlu_context *context) {
  if (from->offset[id] < 0 || from->row[id] == 0) return TANLU_OK;
  const size_t most = (size_t)BLOCKS_AT_ONCE * TANLU_SWEEP_BLOCK;
  char *bytes = tanlu_allocate(context, most, from->row[id]);
  tanlu_status status = bytes != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t first = 0; status == TANLU_OK && first < rows; first += most) {
    const size_t size = (rows - first < most ? rows - first : most) * from->row[id];
    status = tanlu_sweep_store_read(from, id, first, bytes, size, context);
    if (status == TANLU_OK) status = tanlu_sweep_store_put(to, id, target + first, bytes, size, context);
  }
  free(bytes);
  return status;
}

static tanlu_status copy_shard(const tanlu_sweep_store *from, tanlu_sweep_store *to, tanlu_context *context) {
  static const tanlu_sweep_variable by_sample[] = {TANLU_STORE_PARAMETER, TANLU_STORE_STATUS, TANLU_STORE_REASON,
                                                   TANLU_STORE_INDICATOR, TANLU_STORE_SUMMARY};
  const size_t blocks = from->last_block - from->first_block;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < sizeof by_sample / sizeof *by_sample; i++) {
    status = copy_rows(from, to, by_sample[i], from->first_sample, from->own_samples, context);
  }
  if (status == TANLU_OK) status = copy_rows(from, to, TANLU_STORE_MOMENT, from->first_block, blocks, context);
  if (status == TANLU_OK) status = copy_rows(from, to, TANLU_STORE_DONE, from->first_block, blocks, context);
  if (status == TANLU_OK) memset(to->done + from->first_block, 1, blocks);
  return status;
}

static tanlu_status join(const char *path, bool force, shard *all, size_t count, const tanlu_provenance *provenance,
                         tanlu_context *context) {
  tanlu_sweep_description whole = all[0].description;
  tanlu_sweep_store *store = NULL;
  whole.first_block = 0;
  whole.last_block = tanlu_sweep_blocks(whole.samples);
  whole.provenance = *provenance;
  tanlu_status status = tanlu_sweep_store_create(&store, path, force, &whole, context);
  for (size_t i = 0; status == TANLU_OK && i < count; i++) status = copy_shard(all[i].store, store, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_finish(store, context);
  const bool made = store != NULL;
  tanlu_sweep_store_close(&store);
  if (status != TANLU_OK && made) (void)remove(path);
  return status;
}

tanlu_status tanlu_sweep_merge(const char *path, bool force, const char *const *name, size_t count,
                               const tanlu_provenance *provenance, tanlu_context *context) {
  shard *all = tanlu_allocate(context, count, sizeof *all);
  if (all == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < count; i++) {
    all[i].path = name[i];
    const tanlu_status own = open_shard(&all[i], context);
    if (status == TANLU_OK) status = own;
  }
  for (size_t i = 1; status == TANLU_OK && i < count; i++) status = compare_shards(&all[0], &all[i], context);
  if (status == TANLU_OK) qsort(all, count, sizeof *all, by_block);
  if (status == TANLU_OK) status = check_cover(all, count, context);
  if (status == TANLU_OK) status = join(path, force, all, count, provenance, context);
  for (size_t i = 0; i < count; i++) clear_shard(&all[i]);
  free(all);
  return status;
}
