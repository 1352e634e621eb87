/* Which variables the file of a sweep has, and their shapes. */
#include <stdio.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/sweep_store_private.h"

const double tanlu_sweep_probability[TANLU_SWEEP_PROBABILITIES] = {0.05, 0.25, 0.5, 0.75, 0.95};

static const struct {
  const char *suffix, *long_name;
} statistic_form[TANLU_STATISTICS] = {
#define X(id, suffix, text) {suffix, text},
    TANLU_STATISTIC_LIST(X)
#undef X
};

typedef enum { FOR_ANY, FOR_GROUPED, FOR_SALTELLI, FOR_SECOND, FOR_MORRIS, FOR_OTHER } designs;
enum {
  INDEX_NONE = -1,
  INDEX_PARAMETER = TANLU_AXIS_PARAMETER,
  INDEX_FACTOR = TANLU_AXIS_FACTOR,
  INDEX_PAIR = TANLU_AXIS_PAIR
};
static const struct {
  const char *name;
  designs designs;
  int axis;
  const char *long_name;
} index_form[TANLU_INDICES] = {
#define X(id, name, designs, axis, text) {name, FOR_##designs, INDEX_##axis, text},
    TANLU_INDEX_LIST(X)
#undef X
};

const char *tanlu_sweep_index_name(size_t index) {
  return index_form[index].name;
}

const char *tanlu_sweep_output_name(size_t output) {
  if (output == TANLU_OUTPUT_INDICATOR) return "indicator";
  if (output == TANLU_OUTPUT_SUMMARY) return "summary";
  return tanlu_field_table[tanlu_grouped_field[output - TANLU_OUTPUT_GROUPED]].name;
}

const char *tanlu_sweep_axis_name(int axis) {
  static const char *const own[] = {"sample",      "parameter", "summary", "block",      "character",
                                    "probability", "output",    "factor",  "factor_pair"};
  return axis < TANLU_DIM_COUNT ? tanlu_dim_name((tanlu_dim)axis) : own[axis - TANLU_DIM_COUNT];
}

/* ---- axes --------------------------------------------------------------------------------------------------------------- */

static bool declares_range(const tanlu_sweep_shape *shape, size_t output) {
  for (size_t i = 0; i < shape->ranges; i++) {
    if (shape->range[i].output == output) return true;
  }
  return false;
}

/* Cells that declare a range: an indicator's years, a scalar, years and groups of a sum. */
static size_t ranged_cells(const tanlu_sweep_shape *shape) {
  size_t cells = 0;
  for (size_t i = 0; i < shape->ranges; i++) {
    const size_t output = shape->range[i].output;
    cells += output == TANLU_OUTPUT_SUMMARY     ? 1
             : output == TANLU_OUTPUT_INDICATOR ? shape->years
                                                : shape->years * shape->groups;
  }
  return cells;
}

size_t tanlu_sweep_extent(const tanlu_sweep_description *d, int axis) {
  const tanlu_sweep_shape *shape = &d->shape;
  const size_t first = d->first_block * TANLU_SWEEP_BLOCK, last = d->last_block * TANLU_SWEEP_BLOCK;
  const size_t scalars = tanlu_summary_count();
  switch (axis) {
  case TANLU_DIM_YEAR:
    return shape->years;
  case TANLU_DIM_INDICATOR:
    return shape->indicators;
  case TANLU_DIM_GROUP:
    return shape->groups;
  case TANLU_AXIS_SAMPLE:
    return (last < d->samples ? last : d->samples) - first;
  case TANLU_AXIS_PARAMETER:
    return shape->parameters;
  case TANLU_AXIS_SUMMARY:
    return scalars;
  case TANLU_AXIS_BLOCK:
    return d->last_block - d->first_block;
  case TANLU_AXIS_CHARACTER:
    return TANLU_SWEEP_REASON;
  case TANLU_AXIS_PROBABILITY:
    return TANLU_SWEEP_PROBABILITIES;
  case TANLU_AXIS_OUTPUT:
    return scalars + shape->years * shape->indicators;
  case TANLU_AXIS_PAIR:
    return d->factors * (d->factors - 1) / 2;
  case TANLU_AXIS_FACTOR:
    return d->factors;
  case TANLU_AXIS_PLACE:
  case TANLU_AXIS_BOUND:
    return 2;
  case TANLU_AXIS_CELL:
    return scalars + shape->years * (shape->indicators + TANLU_GROUPED * shape->groups);
  case TANLU_AXIS_SINGLE:
    return 1;
  case TANLU_AXIS_WORD:
    return TANLU_MOMENTS_WORDS;
  case TANLU_AXIS_RANGE:
    return ranged_cells(shape);
  case TANLU_AXIS_BIN:
    return TANLU_SWEEP_BINS + 2;
  default:
    return d->labels[axis] != NULL ? d->labels[axis]->count : 0;
  }
}

/* ---- variables ---------------------------------------------------------------------------------------------------------- */

/* Place a variable; an axis without members leaves it out. TANLU_DIM_NONE stands for no axis. */
static void place(const tanlu_sweep_description *d, tanlu_sweep_variable *v, tanlu_sweep_type type, const int axis[4],
                  const char *unit, const char *long_name) {
  static const size_t bytes[] = {sizeof(double), sizeof(int), 1, sizeof(int64_t)};
  v->type = type;
  v->unit = unit;
  v->long_name = long_name;
  v->row = bytes[type];
  for (int k = 0; k < 4; k++) {
    if (axis[k] == TANLU_DIM_NONE) continue;
    v->axis[v->rank] = axis[k];
    v->extent[v->rank] = tanlu_sweep_extent(d, axis[k]);
    if (v->extent[v->rank] == 0) {
      v->rank = 0;
      return;
    }
    if (v->rank > 0) v->row *= v->extent[v->rank];
    v->rank++;
  }
}

#define AXES(...) ((const int[4]){__VA_ARGS__})

/* What a cell of an output is along, and its unit. */
static void output_axes(size_t output, int axis[2], const char **unit) {
  axis[0] = output == TANLU_OUTPUT_SUMMARY ? TANLU_AXIS_SUMMARY : TANLU_DIM_YEAR;
  axis[1] = output == TANLU_OUTPUT_SUMMARY     ? TANLU_DIM_NONE
            : output == TANLU_OUTPUT_INDICATOR ? TANLU_DIM_INDICATOR
                                               : TANLU_DIM_GROUP;
  *unit = output == TANLU_OUTPUT_SUMMARY ? "see summary_unit"
          : output == TANLU_OUTPUT_INDICATOR
              ? "see indicator_unit"
              : tanlu_field_table[tanlu_grouped_field[output - TANLU_OUTPUT_GROUPED]].unit;
}

static void place_output(const tanlu_sweep_description *d, size_t output, tanlu_sweep_variable *variable) {
  static const char *const long_name[] = {"Indicators", "Scalars of the sample"};
  int axis[2];
  const char *unit;
  const bool sums = output >= TANLU_OUTPUT_GROUPED, ranged = declares_range(&d->shape, output);
  const bool kept = sums ? d->shape.keep == TANLU_KEEP_GROUPS : d->shape.keep != TANLU_KEEP_STATISTICS;
  output_axes(output, axis, &unit);
  tanlu_sweep_variable *v = &variable[TANLU_STORE_VALUE + output];
  (void)snprintf(v->name, sizeof v->name, "%s%s", tanlu_sweep_output_name(output), sums ? "" : "_value");
  if (kept) {
    place(d, v, TANLU_TYPE_REAL, AXES(TANLU_AXIS_SAMPLE, axis[0], axis[1]), unit,
          sums ? tanlu_field_table[tanlu_grouped_field[output - TANLU_OUTPUT_GROUPED]].long_name : long_name[output]);
  }
  for (size_t s = 0; s < TANLU_STATISTICS; s++) {
    v = &variable[TANLU_STORE_STATISTIC + output * TANLU_STATISTICS + s];
    const bool number = s == TANLU_STATISTIC_COUNT || s == TANLU_STATISTIC_BELOW || s == TANLU_STATISTIC_ABOVE;
    (void)snprintf(v->name, sizeof v->name, "%s_%s", tanlu_sweep_output_name(output), statistic_form[s].suffix);
    v->missing = true;
    if (s >= TANLU_STATISTIC_BELOW && !ranged) continue;
    place(d, v, TANLU_TYPE_REAL,
          AXES(s == TANLU_STATISTIC_QUANTILE ? TANLU_AXIS_PROBABILITY : TANLU_DIM_NONE, axis[0], axis[1]),
          number ? "1" : unit, statistic_form[s].long_name);
  }
}

/* Room for indices of what the samples that are kept can be asked for. */
static void place_indices(const tanlu_sweep_description *d, tanlu_sweep_variable *variable) {
  const bool saltelli = strcmp(d->design, "saltelli") == 0, morris = strcmp(d->design, "morris") == 0;
  for (size_t i = 0; i < TANLU_INDICES; i++) {
    tanlu_sweep_variable *v = &variable[TANLU_STORE_INDEX + i];
    const designs own = index_form[i].designs;
    const bool there = own == FOR_ANY || (own == FOR_GROUPED && (saltelli || morris)) ||
                       (own == FOR_SALTELLI && saltelli) || (own == FOR_SECOND && saltelli && d->second_order) ||
                       (own == FOR_MORRIS && morris) || (own == FOR_OTHER && !saltelli && !morris);
    (void)snprintf(v->name, sizeof v->name, "%s", index_form[i].name);
    v->missing = true;
    if (!there || d->shape.keep == TANLU_KEEP_STATISTICS) continue;
    const int second = index_form[i].axis == INDEX_NONE ? TANLU_DIM_NONE : index_form[i].axis;
    place(d, v, TANLU_TYPE_REAL, AXES(TANLU_AXIS_OUTPUT, second), own == FOR_MORRIS ? "unit of the output" : "1",
          index_form[i].long_name);
  }
}

static void name_variable(tanlu_sweep_variable *v, const char *name) {
  (void)snprintf(v->name, sizeof v->name, "%s", name);
}

void tanlu_sweep_variables(const tanlu_sweep_description *d, tanlu_sweep_variable *variable) {
  const bool samples = d->shape.keep != TANLU_KEEP_STATISTICS;
  tanlu_sweep_variable *v = variable;
  memset(v, 0, TANLU_STORE_ALL * sizeof *v);
  for (size_t id = 0; id < TANLU_STORE_ALL; id++) v[id].offset = -1;
  name_variable(&v[TANLU_STORE_PARAMETER], "parameter_value");
  if (samples) {
    place(d, &v[TANLU_STORE_PARAMETER], TANLU_TYPE_REAL, AXES(TANLU_AXIS_SAMPLE, TANLU_AXIS_PARAMETER),
          "see parameter_mode", "Drawn values");
  }
  name_variable(&v[TANLU_STORE_STATUS], "status");
  place(d, &v[TANLU_STORE_STATUS], TANLU_TYPE_INT, AXES(TANLU_AXIS_SAMPLE), "1", "What became of the sample");
  name_variable(&v[TANLU_STORE_REASON], samples ? "reason" : "block_reason");
  place(d, &v[TANLU_STORE_REASON], TANLU_TYPE_BYTE,
        AXES(samples ? TANLU_AXIS_SAMPLE : TANLU_AXIS_BLOCK, TANLU_AXIS_CHARACTER), "1",
        samples ? "Why it failed: UTF-8, padded with zeros"
                : "Why the first sample of the block that failed did: UTF-8, padded with zeros");
  name_variable(&v[TANLU_STORE_DONE], "block_done");
  place(d, &v[TANLU_STORE_DONE], TANLU_TYPE_BYTE, AXES(TANLU_AXIS_BLOCK), "1",
        "1: the block of samples is done; 2, 3: it is where state/place is 0, 1");
  for (size_t output = 0; output < TANLU_OUTPUTS; output++) place_output(d, output, variable);
  for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) {
    const tanlu_field_info *info = &tanlu_field_table[f];
    name_variable(&v[TANLU_STORE_FIELD + f], info->name);
    if (d->shape.field[f] == 0) continue;
    place(d, &v[TANLU_STORE_FIELD + f], TANLU_TYPE_REAL,
          AXES(TANLU_AXIS_SAMPLE, TANLU_DIM_YEAR, (int)info->dim[0], (int)info->dim[1]), info->unit, info->long_name);
  }
  name_variable(&v[TANLU_STORE_PLACE], "state/place");
  place(d, &v[TANLU_STORE_PLACE], TANLU_TYPE_BYTE, AXES(TANLU_AXIS_SINGLE), "1", "Place of the state that counts");
  name_variable(&v[TANLU_STORE_WORDS], "state/words");
  place(d, &v[TANLU_STORE_WORDS], TANLU_TYPE_WHOLE, AXES(TANLU_AXIS_PLACE, TANLU_AXIS_CELL, TANLU_AXIS_WORD), "1",
        "Whole numbers from which statistics are derived: values, missing, beyond, sum (3), sum of squares (5)");
  name_variable(&v[TANLU_STORE_EXTREMES], "state/extremes");
  place(d, &v[TANLU_STORE_EXTREMES], TANLU_TYPE_REAL, AXES(TANLU_AXIS_PLACE, TANLU_AXIS_CELL, TANLU_AXIS_BOUND), "1",
        "Smallest and largest");
  name_variable(&v[TANLU_STORE_HISTOGRAM], "state/histogram");
  place(d, &v[TANLU_STORE_HISTOGRAM], TANLU_TYPE_WHOLE, AXES(TANLU_AXIS_PLACE, TANLU_AXIS_RANGE, TANLU_AXIS_BIN), "1",
        "Values below the range, in its parts and above it");
  place_indices(d, variable);
}
