/* Shards of a sweep joined into the file of the whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/sweep_design.h"
#include "outputs/sweep_store_private.h"
#include "outputs/sweep_view.h"
#include "solvers/memory.h"

enum { BYTES_AT_ONCE = 4 << 20 };

typedef struct {
  const char *path;
  tanlu_result *result; /* labels and attributes */
  tanlu_sweep_description description;
  size_t *factor_dimensions;
  tanlu_labels region; /* of its indicators */
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
  free(s->description.shape.region);
  tanlu_labels_clear(&s->region);
  free(s->description.shape.year);
  free(s->description.shape.range);
  free(s->factor_dimensions);
  tanlu_result_close(&s->result);
}

/* Sizes of axes and fields that the file has beside indicators and scalars. */
static void describe_fields(shard *s) {
  tanlu_sweep_description *d = &s->description;
  size_t keep = 0;
  while (keep + 1 < TANLU_KEEPS && strcmp(tanlu_sweep_keep_word[keep], attribute(s, "keep")) != 0) keep++;
  d->shape.keep = (tanlu_sweep_keep)keep;
  for (int dim = TANLU_DIM_YEAR + 1; dim < TANLU_DIM_COUNT; dim++) {
    d->labels[dim] = tanlu_result_labels(s->result, tanlu_dim_name((tanlu_dim)dim));
  }
  d->shape.groups = d->labels[TANLU_DIM_GROUP] != NULL ? d->labels[TANLU_DIM_GROUP]->count : 0;
  d->product_unit = texts(s, "product_unit");
  d->sector_group = texts(s, "sector_group");
  for (size_t f = 0; keep == TANLU_KEEP_FULL && f < TANLU_FIELD_COUNT; f++) {
    if (f == TANLU_FIELD_INDICATOR) continue;
    const tanlu_result_variable *field = tanlu_result_variable_find(s->result, tanlu_field_table[f].name);
    d->shape.field[f] = field != NULL && field->rank > 2 ? 1 : 0;
    for (size_t k = 2; field != NULL && k < field->rank; k++) d->shape.field[f] *= field->extent[k];
  }
}

/* Output and index that a range is of; false for an unknown name. */
static bool find_output(const tanlu_sweep_shape *shape, const char *name, tanlu_sweep_range *range) {
  for (size_t k = 0; k < shape->indicators; k++) {
    char code[TANLU_SWEEP_CODE];
    if (strcmp(tanlu_sweep_code(shape, k, code), name) != 0) continue;
    range->output = TANLU_OUTPUT_INDICATOR, range->index = k;
    return true;
  }
  for (size_t k = 0; k < tanlu_summary_count(); k++) {
    if (strcmp(tanlu_summary(k)->code, name) != 0) continue;
    range->output = TANLU_OUTPUT_SUMMARY, range->index = k;
    return true;
  }
  for (size_t k = 0; k < TANLU_GROUPED; k++) {
    if (strcmp(tanlu_field_table[tanlu_grouped_field[k]].name, name) != 0) continue;
    range->output = TANLU_OUTPUT_GROUPED + k, range->index = 0;
    return true;
  }
  return false;
}

/* The declared ranges, lines of "NAME: LOWER to UPPER". */
static tanlu_status describe_ranges(shard *s, tanlu_context *context) {
  tanlu_sweep_shape *shape = &s->description.shape;
  const char *line = attribute(s, "quantile_ranges");
  size_t lines = 1;
  for (const char *c = line; *c != '\0'; c++) lines += *c == '\n';
  shape->range = tanlu_allocate(context, lines, sizeof *shape->range);
  if (shape->range == NULL) return TANLU_ERR_MEMORY;
  while (*line != '\0') {
    char name[TANLU_SWEEP_CODE];
    const size_t length = strcspn(line, ":");
    tanlu_sweep_range *range = &shape->range[shape->ranges];
    (void)snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), line);
    char *end = NULL;
    range->lower = strtod(line + length + (line[length] == ':'), &end);
    range->upper = strncmp(end, " to ", 4) == 0 ? strtod(end + 4, &end) : range->lower;
    if (!find_output(shape, name, range) || !(range->lower < range->upper) || (*end != '\n' && *end != '\0')) {
      return tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0, "has a range of quantiles that is none: '%.60s'",
                           line);
    }
    shape->ranges++;
    line = *end == '\n' ? end + 1 : end;
  }
  return TANLU_OK;
}

/* Whose an indicator is. */
static tanlu_status describe_region(shard *s, size_t k, const char *code, tanlu_context *context) {
  tanlu_sweep_shape *shape = &s->description.shape;
  shape->region[k] = TANLU_NONE;
  if (code[0] == '\0') return TANLU_OK;
  shape->region[k] = tanlu_labels_find(&s->region, code);
  if (shape->region[k] != TANLU_NONE) return TANLU_OK;
  shape->region[k] = s->region.count;
  return tanlu_labels_add(&s->region, code, NULL, NULL, context);
}

/* Which indicators, and whose. */
static tanlu_status describe_indicators(shard *s, const tanlu_labels *indicators, tanlu_context *context) {
  tanlu_sweep_shape *shape = &s->description.shape;
  const char *const *region = texts(s, "indicator_region"), *const *code = texts(s, "indicator_code");
  const bool regional = region != NULL && code != NULL;
  shape->indicator = tanlu_allocate(context, shape->indicators, sizeof *shape->indicator);
  shape->region = regional ? tanlu_allocate(context, shape->indicators, sizeof *shape->region) : NULL;
  shape->regions = regional ? &s->region : NULL;
  if (shape->indicator == NULL || (regional && shape->region == NULL)) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < shape->indicators; k++) {
    shape->indicator[k] = tanlu_indicator_find(regional ? code[k] : indicators->code[k]);
    if (shape->indicator[k] == TANLU_NONE) {
      return tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0,
                           "has an indicator '%s' that this program does not know", indicators->code[k]);
    }
    const tanlu_status status = regional ? describe_region(s, k, region[k], context) : TANLU_OK;
    if (status != TANLU_OK) return status;
  }
  return TANLU_OK;
}

/* Which years and indicators. */
static tanlu_status describe_shape(shard *s, const int *year, const tanlu_labels *indicators, tanlu_context *context) {
  tanlu_sweep_shape *shape = &s->description.shape;
  shape->year = tanlu_allocate(context, shape->years, sizeof *shape->year);
  if (shape->year == NULL) return TANLU_ERR_MEMORY;
  for (size_t t = 0; t < shape->years; t++) shape->year[t] = (size_t)(year[t] - s->description.from);
  const tanlu_status status = describe_indicators(s, indicators, context);
  if (status != TANLU_OK) return status;
  describe_fields(s);
  return describe_ranges(s, context);
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
                                 .region = attribute(s, "region"),
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
                                 .simplex = texts(s, "parameter_simplex"),
                                 .factor = texts(s, "factor"),
                                 .from = years > 0 ? year[0] : 0,
                                 .samples = number(s, "samples")};
  d->shape = (tanlu_sweep_shape){.parameters = parameters->count, .indicators = indicators->count, .years = years};
  d->first_block = number(s, "first_sample") / TANLU_SWEEP_BLOCK;
  d->last_block = d->first_block + tanlu_sweep_blocks(state->extent[0]);
  tanlu_status status = describe_shape(s, year, indicators, context);
  if (status == TANLU_OK) status = tanlu_sweep_design_factors(s->result, &d->factors, &s->factor_dimensions, context);
  d->factor_dimensions = s->factor_dimensions;
  if (status != TANLU_OK) return status;
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
static tanlu_status copy_rows(const tanlu_sweep_store *from, const tanlu_sweep_store *to, size_t id, size_t target,
                              tanlu_context *context) {
  const tanlu_sweep_variable *v = &from->variable[id];
  const size_t rows = v->extent[0], most = v->row < BYTES_AT_ONCE ? BYTES_AT_ONCE / v->row : 1;
  char *bytes = tanlu_allocate(context, most, v->row);
  tanlu_status status = bytes != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t first = 0; status == TANLU_OK && first < rows; first += most) {
    const size_t count = rows - first < most ? rows - first : most;
    status = tanlu_sweep_store_read(from, id, first, count, bytes, context);
    if (status == TANLU_OK) status = tanlu_sweep_store_put(to, id, target + first, count, bytes, context);
  }
  free(bytes);
  return status;
}

/* All that belongs to samples and blocks; flags come when everything is there. */
static tanlu_status copy_shard(const tanlu_sweep_store *from, tanlu_sweep_store *to, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t id = 0; status == TANLU_OK && id < TANLU_STORE_ALL; id++) {
    if (id == TANLU_STORE_DONE) continue;
    if (tanlu_sweep_along(&from->variable[id], TANLU_AXIS_SAMPLE)) {
      status = copy_rows(from, to, id, from->first_sample, context);
    } else if (tanlu_sweep_along(&from->variable[id], TANLU_AXIS_BLOCK)) {
      status = copy_rows(from, to, id, from->first_block, context);
    }
  }
  return status == TANLU_OK ? tanlu_sweep_statistics_merge(to->statistics, from->statistics, context) : status;
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
  if (status == TANLU_OK) status = tanlu_sweep_store_complete(store, context);
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
