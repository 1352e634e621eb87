#include "outputs/csv_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/region_slice.h"
#include "outputs/result_slab.h"
#include "solvers/decimal.h"

enum { RANK_MAX = TANLU_RESULT_RANK };

void tanlu_csv_put_text(FILE *stream, bool first, const char *text) {
  if (!first) (void)fputc(',', stream);
  if (strpbrk(text, ",\"\r\n") == NULL) {
    (void)fputs(text, stream);
    return;
  }
  (void)fputc('"', stream);
  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '"') (void)fputc('"', stream);
    (void)fputc(*p, stream);
  }
  (void)fputc('"', stream);
}

void tanlu_csv_put_number(FILE *stream, bool first, double value) {
  char text[1 + TANLU_DECIMAL_TEXT] = ",";
  if (!first && isnan(value)) (void)fputc(',', stream);
  if (isnan(value)) return;
  const size_t length = tanlu_decimal_text(value, text + 1);
  (void)fwrite(text + first, 1, length + !first, stream);
}

void tanlu_csv_put_end(FILE *stream) {
  (void)fputs("\r\n", stream);
}

/* ---- variables of a result file --------------------------------------------------------------------------------------- */

/* A variable with what is needed to walk over its cells. */
typedef struct {
  const tanlu_result_variable *variable;
  const tanlu_labels *labels[RANK_MAX]; /* NULL for the years and axes without labels */
  const int *year;
  size_t year_axis, years; /* axis of the years, TANLU_NONE when there is none */
  size_t scenario_axis;
  size_t region_axis[2]; /* axes of regions, TANLU_NONE where there is none */
  const tanlu_csv_choice *choice;
  size_t first_sample; /* number of the first of a sweep's samples */
  tanlu_result_slab slab;
  tanlu_status status;
  tanlu_context *context;
} walk;

static walk walk_over(tanlu_result *result, const tanlu_result_variable *variable, const tanlu_csv_choice *choice,
                      tanlu_context *context) {
  walk w = {.variable = variable, .choice = choice, .context = context};
  const char *sample = tanlu_result_attribute(result, "first_sample");
  w.first_sample = sample != NULL ? (size_t)strtoull(sample, NULL, 10) : 0;
  w.year_axis = w.scenario_axis = w.region_axis[0] = w.region_axis[1] = TANLU_NONE;
  w.year = tanlu_result_years(result, &w.years);
  for (size_t k = 0; k < variable->rank; k++) {
    w.labels[k] = tanlu_result_labels(result, variable->dimension[k]);
    if (strcmp(variable->dimension[k], "year") == 0) w.year_axis = k;
    if (strcmp(variable->dimension[k], "scenario") == 0) w.scenario_axis = k;
    const bool region = strcmp(variable->dimension[k], "region") == 0;
    if (region || strcmp(variable->dimension[k], "region_from") == 0) w.region_axis[0] = k;
    if (region || strcmp(variable->dimension[k], "region_to") == 0) w.region_axis[1] = k;
  }
  return w;
}

static size_t offset_of(const tanlu_result_variable *variable, const size_t *index) {
  size_t offset = 0;
  for (size_t k = 1; k < variable->rank; k++) offset = offset * variable->extent[k] + index[k];
  return offset;
}

static double value_at(walk *w, const size_t *index) {
  const double *row = w->status == TANLU_OK ? tanlu_result_slab_row(&w->slab, index[0], w->context) : NULL;
  if (row == NULL) w->status = TANLU_ERR_IO;
  return row != NULL ? row[offset_of(w->variable, index)] : (double)NAN;
}

/* Begin to read, unless there is nothing. Years along the first axis are columns of the wide form: all rows at once. */
static bool begin(walk *w, tanlu_result *result, bool wide) {
  for (size_t k = 0; k < w->variable->rank; k++) {
    if (w->variable->extent[k] == 0) return false;
  }
  w->status = tanlu_result_slab_open(&w->slab, result, w->variable, wide && w->year_axis == 0, w->context);
  return w->status == TANLU_OK;
}

static tanlu_status end(walk *w) {
  tanlu_result_slab_close(&w->slab);
  return w->status;
}

static bool year_wanted(const walk *w, size_t t) {
  return t < w->years && w->year[t] >= w->choice->from && w->year[t] <= w->choice->to;
}

static bool cell_wanted(const walk *w, const size_t *index) {
  if (w->year_axis != TANLU_NONE && !year_wanted(w, index[w->year_axis])) return false;
  const size_t last = w->variable->rank - 1; /* axis of members */
  if (w->choice->member != TANLU_NONE && (last < 2 || index[last] != w->choice->member)) return false;
  if (w->choice->region != NULL && w->region_axis[0] != TANLU_NONE && !w->choice->region[index[w->region_axis[0]]] &&
      !w->choice->region[index[w->region_axis[1]]]) {
    return false; /* of what moves between regions: from or to */
  }
  if (w->choice->scenario == NULL || w->scenario_axis == TANLU_NONE || w->labels[w->scenario_axis] == NULL) return true;
  return strcmp(w->labels[w->scenario_axis]->code[index[w->scenario_axis]], w->choice->scenario) == 0;
}

static void write_member(FILE *stream, const walk *w, size_t axis, size_t i, bool first) {
  char number[32];
  if (axis == w->year_axis && i < w->years) {
    (void)snprintf(number, sizeof number, "%d", w->year[i]);
    tanlu_csv_put_text(stream, first, number);
  } else if (w->labels[axis] != NULL && i < w->labels[axis]->count) {
    tanlu_csv_put_text(stream, first, w->labels[axis]->code[i]);
  } else {
    const bool sample = strcmp(w->variable->dimension[axis], "sample") == 0;
    (void)snprintf(number, sizeof number, "%zu", sample ? w->first_sample + i : i);
    tanlu_csv_put_text(stream, first, number);
  }
}

/* Unit of a cell: that of its indicator, summary scalar or product where those differ along the axis. */
static const char *unit_of(tanlu_result *result, const tanlu_result_variable *variable, const size_t *index) {
  static const char *const axis[][2] = {
      {"indicator", "indicator_unit"}, {"summary", "summary_unit"}, {"product", "product_unit"}};
  for (size_t k = 0; k < variable->rank; k++) {
    for (size_t i = 0; i < sizeof axis / sizeof *axis; i++) {
      if (strcmp(variable->dimension[k], axis[i][0]) != 0) continue;
      const tanlu_result_texts *units = tanlu_result_texts_find(result, axis[i][1]);
      if (units != NULL && index[k] < units->count) return units->text[index[k]];
    }
  }
  return variable->unit;
}

/* Step a row-major index over all axes but `skipped` (TANLU_NONE: over all); false after the last. */
static bool step(const tanlu_result_variable *variable, size_t *index, size_t skipped) {
  for (size_t k = variable->rank; k-- > 0;) {
    if (k == skipped) continue;
    if (++index[k] < variable->extent[k]) return true;
    index[k] = 0;
  }
  return false;
}

tanlu_status tanlu_csv_write_long(FILE *stream, tanlu_result *result, const tanlu_result_variable *variable,
                                  const tanlu_csv_choice *choice, tanlu_context *context) {
  walk w = walk_over(result, variable, choice, context);
  size_t index[RANK_MAX] = {0};
  for (size_t k = 0; k < variable->rank; k++) tanlu_csv_put_text(stream, k == 0, variable->dimension[k]);
  tanlu_csv_put_text(stream, variable->rank == 0, "unit");
  tanlu_csv_put_text(stream, false, "value");
  tanlu_csv_put_end(stream);
  if (!begin(&w, result, false)) return w.status;
  do {
    if (!cell_wanted(&w, index)) continue;
    for (size_t k = 0; k < variable->rank; k++) write_member(stream, &w, k, index[k], k == 0);
    tanlu_csv_put_text(stream, variable->rank == 0, unit_of(result, variable, index));
    tanlu_csv_put_number(stream, false, value_at(&w, index));
    tanlu_csv_put_end(stream);
  } while (w.status == TANLU_OK && step(variable, index, TANLU_NONE) && !ferror(stream));
  return end(&w);
}

void tanlu_csv_put_header(FILE *stream, tanlu_result *result) {
  const bool regions = tanlu_result_regions_of(result) != NULL;
  (void)fprintf(stream, "variable,scenario,%syear,member,member_2,unit,value\r\n", regions ? "region," : "");
}

/* Scenario, region (of files with regions) and year, "" where the variable has no such axis. */
static void write_fixed(FILE *stream, const walk *w, const size_t *index, bool regions) {
  const size_t region = w->region_axis[0] == w->region_axis[1] ? w->region_axis[0] : TANLU_NONE;
  const size_t fixed[3] = {w->scenario_axis, region, w->year_axis};
  for (size_t k = 0; k < 3; k++) {
    if (k == 1 && !regions) continue;
    if (fixed[k] == TANLU_NONE) {
      tanlu_csv_put_text(stream, false, "");
    } else {
      write_member(stream, w, fixed[k], index[fixed[k]], false);
    }
  }
}

tanlu_status tanlu_csv_write_any(FILE *stream, tanlu_result *result, const tanlu_result_variable *variable,
                                 const tanlu_csv_choice *choice, tanlu_context *context) {
  walk w = walk_over(result, variable, choice, context);
  const bool regions = tanlu_result_regions_of(result) != NULL;
  size_t index[RANK_MAX] = {0};
  if (!begin(&w, result, false)) return w.status;
  do {
    if (!cell_wanted(&w, index)) continue;
    tanlu_csv_put_text(stream, true, variable->name);
    write_fixed(stream, &w, index, regions);
    size_t members = 0;
    for (size_t k = 0; k < variable->rank; k++) {
      if (k == w.scenario_axis || k == w.year_axis || strcmp(variable->dimension[k], "region") == 0) continue;
      write_member(stream, &w, k, index[k], false);
      members++;
    }
    for (; members < 2; members++) tanlu_csv_put_text(stream, false, "");
    tanlu_csv_put_text(stream, false, unit_of(result, variable, index));
    tanlu_csv_put_number(stream, false, value_at(&w, index));
    tanlu_csv_put_end(stream);
  } while (w.status == TANLU_OK && step(variable, index, TANLU_NONE) && !ferror(stream));
  return end(&w);
}

tanlu_status tanlu_csv_write_wide(FILE *stream, tanlu_result *result, const tanlu_result_variable *variable,
                                  const tanlu_csv_choice *choice, tanlu_context *context) {
  walk w = walk_over(result, variable, choice, context);
  if (w.year_axis == TANLU_NONE) {
    return tanlu_csv_write_long(stream, result, variable, choice, context);
  }
  size_t index[RANK_MAX] = {0};
  bool first = true;
  for (size_t k = 0; k < variable->rank; k++) {
    if (k == w.year_axis) continue;
    tanlu_csv_put_text(stream, first, variable->dimension[k]);
    first = false;
  }
  tanlu_csv_put_text(stream, first, "unit");
  for (size_t t = 0; t < variable->extent[w.year_axis]; t++) {
    if (year_wanted(&w, t)) write_member(stream, &w, w.year_axis, t, false);
  }
  tanlu_csv_put_end(stream);
  if (!begin(&w, result, true)) return w.status;
  do {
    size_t cell[RANK_MAX];
    memcpy(cell, index, sizeof cell);
    first = true;
    bool wanted = false;
    for (size_t t = 0; !wanted && t < variable->extent[w.year_axis]; t++) {
      cell[w.year_axis] = t;
      wanted = cell_wanted(&w, cell);
    }
    if (!wanted) continue;
    for (size_t k = 0; k < variable->rank; k++) {
      if (k == w.year_axis) continue;
      write_member(stream, &w, k, index[k], first);
      first = false;
    }
    tanlu_csv_put_text(stream, first, unit_of(result, variable, index));
    for (size_t t = 0; t < variable->extent[w.year_axis]; t++) {
      if (!year_wanted(&w, t)) continue;
      cell[w.year_axis] = t;
      tanlu_csv_put_number(stream, false, value_at(&w, cell));
    }
    tanlu_csv_put_end(stream);
  } while (w.status == TANLU_OK && step(variable, index, w.year_axis) && !ferror(stream));
  return end(&w);
}
