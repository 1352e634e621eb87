/* Energy that regions report: carriers.csv (units), final_energy.csv, power_fuel.csv, generation.csv and generation_sources.csv of
 * regional statistics. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inputs/csv_table.h"
#include "inputs/regional_file.h"
#include "model/power.h"
#include "solvers/memory.h"

static const double rounding = 1e-12; /* of a column */

static bool has(const tanlu_regional_data *d, const char *file, char *path, size_t size) {
  (void)snprintf(path, size, "%s/%s", d->directory, file);
  return access(path, F_OK) == 0;
}

/* Columns `region` and the codes of `column` into value (regions x columns); regions without a row keep what they have. Every column
 * of the file must be one of them. */
static tanlu_status read_reports(const tanlu_regional_data *d, const char *path, const char *const *column,
                                 size_t columns, double *value, bool *reported, tanlu_context *context) {
  const char **names = tanlu_allocate(context, columns + 1, sizeof *names);
  size_t *index = tanlu_allocate(context, columns + 1, sizeof *index);
  bool *seen = tanlu_allocate(context, d->region.count, sizeof *seen);
  tanlu_csv *table = NULL;
  tanlu_status status = names == NULL || index == NULL || seen == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
  if (status == TANLU_OK) {
    names[0] = "region";
    memcpy(names + 1, column, columns * sizeof *names);
    status = tanlu_csv_read(&table, path, NULL, context);
  }
  if (status == TANLU_OK) status = tanlu_csv_columns(table, names, 1, columns + 1, index, context);
  for (size_t row = 0; status == TANLU_OK && row < table->rows; row++) {
    size_t r = 0;
    status = tanlu_csv_code(table, row, index[0], "region", &d->region, false, &r, context);
    if (status == TANLU_OK && seen[r]) {
      status = tanlu_csv_fail(table, row, index[0], context, "duplicate region '%s'", d->region.code[r]);
    }
    if (status != TANLU_OK) break;
    seen[r] = true;
    for (size_t k = 0; k < columns && status == TANLU_OK; k++) {
      if (index[k + 1] == TANLU_NONE) continue;
      reported[k] = true;
      status = tanlu_csv_number_within(table, row, index[k + 1], (double)NAN, 0.0, HUGE_VAL,
                                       &value[k * d->region.count + r], context);
    }
  }
  tanlu_csv_free(&table);
  free(seen);
  free(index);
  free(names);
  return status;
}

/* ---- carriers.csv --------------------------------------------------------------------------------------------------------- */

typedef struct {
  double *unit; /* carriers: TJ in one unit reported; 0: no row */
  size_t *like; /* carriers: the one whose pattern it takes; TANLU_NONE */
} carrier_units;

static tanlu_status read_unit(const tanlu_csv *table, size_t row, const size_t *index, const tanlu_labels *carrier,
                              carrier_units *u, tanlu_context *context) {
  size_t c = 0, like = TANLU_NONE;
  tanlu_status status = tanlu_csv_code(table, row, index[0], "carrier", carrier, false, &c, context);
  if (status == TANLU_OK) status = tanlu_csv_code(table, row, index[3], "carrier", carrier, true, &like, context);
  if (status != TANLU_OK) return status;
  if (u->unit[c] != 0.0 || u->like[c] != TANLU_NONE) {
    return tanlu_csv_fail(table, row, index[0], context, "duplicate carrier '%s'", carrier->code[c]);
  }
  u->like[c] = like;
  if (like == c) return tanlu_csv_fail(table, row, index[3], context, "'%s' is like itself", carrier->code[c]);
  if (like != TANLU_NONE) {
    return *tanlu_csv_text(table, row, index[2]) == '\0'
               ? TANLU_OK
               : tanlu_csv_fail(table, row, index[2], context, "a carrier that is like another has no unit of its own");
  }
  return tanlu_csv_number_within(table, row, index[2], (double)NAN, 1e-9, 1e9, &u->unit[c], context);
}

static tanlu_status read_units(const char *path, const tanlu_labels *carrier, carrier_units *u,
                               tanlu_context *context) {
  static const char *const names[] = {"carrier", "unit", "energy", "like", "source"};
  size_t index[5];
  tanlu_csv *table = NULL;
  for (size_t c = 0; c < carrier->count; c++) u->like[c] = TANLU_NONE;
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  if (status == TANLU_OK) status = tanlu_csv_columns(table, names, 5, 5, index, context);
  for (size_t row = 0; status == TANLU_OK && row < table->rows; row++) {
    status = read_unit(table, row, index, carrier, u, context);
  }
  tanlu_csv_free(&table);
  return status;
}

/* ---- final energy --------------------------------------------------------------------------------------------------------- */

static tanlu_status apply_units(tanlu_regional_data *d, const tanlu_labels *carrier, const carrier_units *u,
                                const char *path, tanlu_context *context) {
  const size_t regions = d->region.count;
  for (size_t c = 0; c < carrier->count; c++) {
    if (d->own_column[c] && u->unit[c] == 0.0) {
      return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "'%s' has no energy per unit in carriers.csv",
                           carrier->code[c]);
    }
    for (size_t r = 0; d->own_column[c] && r < regions; r++) d->final[c * regions + r] *= u->unit[c];
  }
  for (size_t c = 0; c < carrier->count; c++) {
    if (d->own_column[c] || u->like[c] == TANLU_NONE) continue;
    if (!d->own_column[u->like[c]]) {
      return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "'%s' is to be like '%s', which nobody reports",
                           carrier->code[c], carrier->code[u->like[c]]);
    }
    memcpy(d->final + c * regions, d->final + u->like[c] * regions, regions * sizeof *d->final);
  }
  return TANLU_OK;
}

static tanlu_status read_final(tanlu_regional_data *d, const tanlu_labels *carrier, const char *path,
                               tanlu_context *context) {
  char units_path[1024];
  carrier_units u = {.unit = tanlu_allocate_doubles(context, carrier->count, 1),
                     .like = tanlu_allocate(context, carrier->count, sizeof *u.like)};
  tanlu_status status = u.unit == NULL || u.like == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
  (void)has(d, "carriers.csv", units_path, sizeof units_path);
  if (status == TANLU_OK) status = read_units(units_path, carrier, &u, context);
  if (status == TANLU_OK) {
    status =
        read_reports(d, path, (const char *const *)carrier->code, carrier->count, d->final, d->own_column, context);
  }
  if (status == TANLU_OK) status = apply_units(d, carrier, &u, path, context);
  free(u.unit);
  free(u.like);
  return status;
}

static double *unknown(size_t rows, size_t columns, tanlu_context *context) {
  double *value = tanlu_allocate_doubles(context, rows, columns);
  for (size_t k = 0; value != NULL && k < rows * columns; k++) value[k] = (double)NAN;
  return value;
}

/* ---- generation ----------------------------------------------------------------------------------------------------------- */

/* The columns of generation.csv, which may have any names. */
static tanlu_status read_columns(const char *path, tanlu_labels *column, tanlu_context *context) {
  tanlu_csv *table = NULL;
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  for (size_t c = 0; status == TANLU_OK && c < table->columns; c++) {
    const char *code = tanlu_csv_header(table, c);
    if (strcmp(code, "region") == 0) continue;
    if (*code == '\0' || tanlu_labels_find(column, code) != TANLU_NONE) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, c + 1,
                             "'%s' is empty or a duplicate; expected the name of a source", code);
    } else {
      status = tanlu_labels_add(column, code, NULL, NULL, context);
    }
  }
  tanlu_csv_free(&table);
  return status;
}

/* How a technology takes part in the columns of generation.csv. */
typedef struct {
  size_t *column;        /* technologies: its own code where generation_sources.csv names no other; TANLU_NONE */
  size_t *level, *group; /* technologies: of the regions it stands in; TANLU_NONE: in all */
} generation_sources;

/* All groups of regions as `where` names them, "level.group", level by level. */
static tanlu_status list_places(const tanlu_regional_data *d, tanlu_labels *place, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t l = 0; l < d->levels; l++) {
    for (size_t g = 0; status == TANLU_OK && g < d->level[l].group.count; g++) {
      char code[512];
      (void)snprintf(code, sizeof code, "%s.%s", d->level[l].name, d->level[l].group.code[g]);
      status = tanlu_labels_add(place, code, NULL, NULL, context);
    }
  }
  return status;
}

static tanlu_status read_where(const tanlu_regional_data *d, const tanlu_csv *table, size_t row, size_t index,
                               size_t *level, size_t *group, tanlu_context *context) {
  tanlu_labels place = {0};
  size_t at = TANLU_NONE;
  *level = *group = TANLU_NONE;
  tanlu_status status = list_places(d, &place, context);
  if (status == TANLU_OK) {
    status = tanlu_csv_code(table, row, index, "level.group of regions", &place, true, &at, context);
  }
  tanlu_labels_clear(&place);
  if (status != TANLU_OK || at == TANLU_NONE) return status;
  *level = 0;
  while (at >= d->level[*level].group.count) at -= d->level[(*level)++].group.count;
  *group = at;
  return TANLU_OK;
}

static tanlu_status read_sources(const tanlu_regional_data *d, const tanlu_labels *technology,
                                 const tanlu_labels *column, generation_sources *s, tanlu_context *context) {
  static const char *const names[] = {"technology", "like", "source", "where"};
  size_t index[4];
  char path[1024];
  tanlu_csv *table = NULL;
  for (size_t k = 0; k < technology->count; k++) {
    s->column[k] = tanlu_labels_find(column, technology->code[k]);
    s->level[k] = s->group[k] = TANLU_NONE;
  }
  if (!has(d, "generation_sources.csv", path, sizeof path)) return TANLU_OK;
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  if (status == TANLU_OK) status = tanlu_csv_columns(table, names, 3, 4, index, context);
  for (size_t row = 0; status == TANLU_OK && row < table->rows; row++) {
    size_t k = 0, like = 0;
    status = tanlu_csv_code(table, row, index[0], "technology", technology, false, &k, context);
    if (status == TANLU_OK) {
      status = tanlu_csv_code(table, row, index[1], "column of generation.csv", column, false, &like, context);
    }
    if (status == TANLU_OK && s->column[k] != TANLU_NONE) {
      status = tanlu_csv_fail(table, row, index[0], context, "'%s' has the column '%s' of generation.csv already",
                              technology->code[k], column->code[s->column[k]]);
    }
    if (status == TANLU_OK) s->column[k] = like;
    if (status == TANLU_OK) status = read_where(d, table, row, index[3], &s->level[k], &s->group[k], context);
  }
  tanlu_csv_free(&table);
  return status;
}

/* Part that technology k has of what it shares with all of its column, or with those alone that stand anywhere: in the nation's
 * proportion, alike where the nation generates nothing. */
static double part_of_column(const tanlu_dataset *dataset, const generation_sources *s, size_t k, bool anywhere) {
  double sum = 0.0;
  size_t members = 0;
  for (size_t j = 0; j < dataset->power.technology.count; j++) {
    if (s->column[j] != s->column[k] || (anywhere && s->level[j] != TANLU_NONE)) continue;
    sum += tanlu_power_base_share(dataset, j);
    members++;
  }
  return sum > 0.0 ? tanlu_power_base_share(dataset, k) / sum : 1.0 / (double)members;
}

/* Takes technology k, which stands in a group of regions alone, out of what is left of its column: its part of the whole column,
 * over those regions as the column. left: regions. */
static tanlu_status place_in_group(tanlu_regional_data *d, const tanlu_dataset *dataset, const char *path,
                                   const generation_sources *s, size_t k, const double *column, double *left,
                                   tanlu_context *context) {
  const tanlu_level *level = &d->level[s->level[k]];
  const char *technology = dataset->power.technology.code[k], *group = level->group.code[s->group[k]];
  const size_t regions = d->region.count;
  double *to = d->generation + k * regions, all = 0.0, here = 0.0;
  for (size_t r = 0; r < regions; r++) {
    all += column[r];
    here += level->of_sector[r] == s->group[k] ? column[r] : 0.0;
  }
  const double amount = part_of_column(dataset, s, k, false) * all;
  if (amount > 0.0 && !(here > 0.0)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "%s has to generate %.6g in %s.%s, which reports none",
                         technology, amount, level->name, group);
  }
  for (size_t r = 0; r < regions; r++) {
    to[r] = amount > 0.0 && level->of_sector[r] == s->group[k] ? amount * (column[r] / here) : 0.0;
    left[r] -= to[r];
    if (fabs(left[r]) <= rounding * column[r]) left[r] = 0.0;
    if (left[r] >= 0.0) continue;
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                         "region %s: %s, which stands in %s.%s alone, would generate %.6g, more than the %.6g left of "
                         "its column",
                         d->region.code[r], technology, level->name, group, to[r], left[r] + to[r]);
  }
  return TANLU_OK;
}

/* One column: first the technologies of groups of regions, then the others in what is left. left: regions. */
static tanlu_status split_column(tanlu_regional_data *d, const tanlu_dataset *dataset, const char *path,
                                 const char *name, size_t c, const double *column, const generation_sources *s,
                                 double *left, tanlu_context *context) {
  const size_t regions = d->region.count, technologies = dataset->power.technology.count;
  tanlu_status status = TANLU_OK;
  size_t members = 0;
  memcpy(left, column, regions * sizeof *left);
  for (size_t k = 0; status == TANLU_OK && k < technologies; k++) {
    if (s->column[k] != c) continue;
    members++;
    if (s->level[k] != TANLU_NONE) status = place_in_group(d, dataset, path, s, k, column, left, context);
  }
  if (status == TANLU_OK && members == 0) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                         "'%s' is no technology of dataset %s, and none is like it in generation_sources.csv", name,
                         dataset->name);
  }
  for (size_t k = 0; status == TANLU_OK && k < technologies; k++) {
    if (s->column[k] != c || s->level[k] != TANLU_NONE) continue;
    const double part = part_of_column(dataset, s, k, true);
    for (size_t r = 0; r < regions; r++) d->generation[k * regions + r] = part * left[r];
  }
  return status;
}

/* reported: regions x columns. */
static tanlu_status apply_sources(tanlu_regional_data *d, const tanlu_dataset *dataset, const char *path,
                                  const tanlu_labels *column, const double *reported, const generation_sources *s,
                                  tanlu_context *context) {
  const size_t regions = d->region.count;
  double *left = tanlu_allocate_doubles(context, regions, 1);
  tanlu_status status = left != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t r = 0; status == TANLU_OK && column->count > 0 && r < regions; r++) {
    if (!isnan(reported[r])) continue;
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "missing region '%s'", d->region.code[r]);
  }
  for (size_t c = 0; status == TANLU_OK && c < column->count; c++) {
    status = split_column(d, dataset, path, column->code[c], c, reported + c * regions, s, left, context);
  }
  free(left);
  return status;
}

static tanlu_status read_generation(tanlu_regional_data *d, const tanlu_dataset *dataset, const char *path,
                                    tanlu_context *context) {
  const tanlu_labels *technology = &dataset->power.technology;
  tanlu_labels column = {0};
  double *reported = NULL;
  bool *seen = NULL;
  generation_sources s = {.column = tanlu_allocate(context, technology->count, sizeof *s.column),
                          .level = tanlu_allocate(context, technology->count, sizeof *s.level),
                          .group = tanlu_allocate(context, technology->count, sizeof *s.group)};
  d->technologies = technology->count;
  d->generation = unknown(d->region.count, technology->count, context);
  tanlu_status status =
      s.column == NULL || s.level == NULL || s.group == NULL || d->generation == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
  if (status == TANLU_OK) status = read_columns(path, &column, context);
  if (status == TANLU_OK) {
    reported = unknown(d->region.count, column.count, context);
    seen = tanlu_allocate(context, column.count, sizeof *seen);
    if (reported == NULL || seen == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) {
    status = read_reports(d, path, (const char *const *)column.code, column.count, reported, seen, context);
  }
  if (status == TANLU_OK) status = read_sources(d, technology, &column, &s, context);
  if (status == TANLU_OK) status = apply_sources(d, dataset, path, &column, reported, &s, context);
  tanlu_labels_clear(&column);
  free(reported);
  free(seen);
  free(s.column);
  free(s.level);
  free(s.group);
  return status;
}

tanlu_status tanlu_regional_energy_read(tanlu_regional_data *d, const tanlu_dataset *dataset, tanlu_context *context) {
  const tanlu_labels *carrier = &dataset->energy.carrier.label;
  const char *classes[TANLU_CLASS_COUNT];
  bool reported[TANLU_CLASS_COUNT] = {false};
  char path[1024];
  tanlu_status status = TANLU_OK;
  d->carriers = carrier->count;
  if (has(d, "final_energy.csv", path, sizeof path)) {
    d->final = unknown(d->region.count, carrier->count, context);
    d->own_column = tanlu_allocate(context, carrier->count, sizeof *d->own_column);
    status = d->final != NULL && d->own_column != NULL ? read_final(d, carrier, path, context) : TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK && has(d, "power_fuel.csv", path, sizeof path)) {
    for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) classes[k] = tanlu_carrier_class_word((tanlu_carrier_class)k);
    d->plant_fuel = unknown(d->region.count, TANLU_CLASS_COUNT, context);
    status = d->plant_fuel != NULL ? read_reports(d, path, classes, TANLU_CLASS_COUNT, d->plant_fuel, reported, context)
                                   : TANLU_ERR_MEMORY;
    /* a region without a row burns none */
    for (size_t k = 0; status == TANLU_OK && k < TANLU_CLASS_COUNT * d->region.count; k++) {
      if (reported[k / d->region.count] && isnan(d->plant_fuel[k])) d->plant_fuel[k] = 0.0;
    }
  }
  if (status == TANLU_OK && has(d, "generation.csv", path, sizeof path)) {
    status = read_generation(d, dataset, path, context);
  }
  return status;
}
