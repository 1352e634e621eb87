#include "inputs/regional_levels_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "solvers/memory.h"

static const char group_prefix[] = "value_added_";
enum { REGION, PRODUCTION, HOUSEHOLDS, ENERGY, POPULATION, VALUE_ADDED, FIXED };
enum { TILES = 2 };

tanlu_status tanlu_regional_level_find(const tanlu_dataset *dataset, size_t *level, tanlu_context *context) {
  for (*level = 0; *level < dataset->levels; (*level)++) {
    if (strcmp(dataset->level[*level].name, "region") == 0) return TANLU_OK;
  }
  return tanlu_fail(context, TANLU_ERR_INPUT,
                    "dataset %s has no level 'region'; expected one that 'tanlu regionalise' made", dataset->name);
}

/* Which row is which region: the rows of every region, TANLU_NONE before it is seen. */
static tanlu_status find_rows(const tanlu_csv *csv, size_t column, const tanlu_labels *region, size_t *row_of,
                              tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t r = 0; r < region->count; r++) row_of[r] = TANLU_NONE;
  for (size_t row = 0; row < csv->rows; row++) {
    size_t r = TANLU_NONE;
    tanlu_status own = tanlu_csv_code(csv, row, column, "region", region, false, &r, context);
    if (own == TANLU_OK && row_of[r] != TANLU_NONE) {
      own = tanlu_csv_fail(csv, row, column, context, "duplicate region '%s'", region->code[r]);
    }
    if (own == TANLU_OK) row_of[r] = row;
    if (status == TANLU_OK) status = own;
  }
  for (size_t r = 0; status == TANLU_OK && r < region->count; r++) {
    if (row_of[r] != TANLU_NONE) continue;
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, csv->file, csv->header_line, 0, "region '%s' is missing",
                           region->code[r]);
  }
  return status;
}

/* ---- regions.csv ---------------------------------------------------------------------------------------------------------- */

typedef struct {
  const tanlu_csv *csv;
  const size_t *row_of;
  tanlu_context *context;
  tanlu_status status;
} reading;

static void read_column(reading *r, size_t column, double empty, size_t regions, double *value) {
  for (size_t i = 0; i < regions; i++) {
    const tanlu_status own =
        tanlu_csv_number_within(r->csv, r->row_of[i], column, empty, 0.0, HUGE_VAL, &value[i], r->context);
    if (r->status == TANLU_OK) r->status = own;
  }
}

/* Names of the columns: the fixed ones and those of groups, which become labels. */
static tanlu_status name_columns(const tanlu_csv *csv, tanlu_regional_levels *l, const char **name,
                                 tanlu_context *context) {
  static const char *const fixed[FIXED] = {"region",          "co2_production_mt", "co2_households_mt",
                                           "final_energy_pj", "population",        "value_added"};
  const size_t length = sizeof group_prefix - 1;
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < FIXED; k++) name[k] = fixed[k];
  for (size_t c = 0; c < csv->columns && status == TANLU_OK; c++) {
    const char *header = tanlu_csv_header(csv, c);
    if (strncmp(header, group_prefix, length) != 0) continue;
    name[FIXED + l->group.count] = header;
    status = tanlu_labels_add(&l->group, header + length, NULL, NULL, context);
  }
  return status;
}

static tanlu_status read_all(const tanlu_csv *csv, tanlu_regional_levels *l, const char **name, size_t *column,
                             size_t *row_of, tanlu_context *context) {
  const size_t regions = l->region.count;
  tanlu_status status = name_columns(csv, l, name, context);
  if (status == TANLU_OK) {
    const size_t required = FIXED + l->group.count;
    name[required] = "tile_x"; /* read by inputs/region_facts_file.h */
    name[required + 1] = "tile_y";
    status = tanlu_csv_columns(csv, name, required, required + TILES, column, context);
    if (status != TANLU_OK) {
      return tanlu_fail(context, status, "%s is not of this version; make the dataset again: tanlu regionalise",
                        csv->file);
    }
  }
  if (status == TANLU_OK) status = find_rows(csv, column[REGION], &l->region, row_of, context);
  if (status != TANLU_OK) return status;
  double **const to[] = {&l->co2_production, &l->co2_households, &l->final_energy, &l->population, &l->value_added};
  enum { COUNT = sizeof to / sizeof *to };
  for (size_t k = 0; k < COUNT; k++) *to[k] = tanlu_allocate_doubles(context, regions, 1);
  l->by_group = tanlu_allocate_doubles(context, regions, l->group.count);
  if (l->by_group == NULL) return TANLU_ERR_MEMORY;
  reading r = {.csv = csv, .row_of = row_of, .context = context};
  for (size_t k = 0; k < COUNT; k++) {
    if (*to[k] == NULL) return TANLU_ERR_MEMORY;
    const double empty = PRODUCTION + k == POPULATION ? HUGE_VAL : (double)NAN;
    read_column(&r, column[PRODUCTION + k], empty, regions, *to[k]);
  }
  for (size_t i = 0; i < regions; i++) l->population[i] = isinf(l->population[i]) ? (double)NAN : l->population[i];
  for (size_t g = 0; g < l->group.count; g++) {
    read_column(&r, column[FIXED + g], (double)NAN, regions, l->by_group + g * regions);
  }
  return r.status;
}

tanlu_status tanlu_regional_levels_read(tanlu_regional_levels *levels, const tanlu_dataset *dataset, size_t level,
                                        tanlu_context *context) {
  const tanlu_labels *region = &dataset->level[level].group;
  char *path = NULL;
  tanlu_csv *csv = NULL;
  const char **name = NULL;
  size_t *column = NULL, *row_of = NULL;
  *levels = (tanlu_regional_levels){.base_year = dataset->base_year};
  if (asprintf(&path, "%s/regions.csv", dataset->path) < 0)
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  tanlu_status status = tanlu_csv_read(&csv, path, NULL, context);
  for (size_t r = 0; r < region->count && status == TANLU_OK; r++) {
    status = tanlu_labels_add(&levels->region, region->code[r], region->name[r], NULL, context);
  }
  if (status == TANLU_OK) {
    name = tanlu_allocate(context, FIXED + csv->columns + TILES, sizeof *name);
    column = tanlu_allocate(context, FIXED + csv->columns + TILES, sizeof *column);
    row_of = tanlu_allocate(context, region->count, sizeof *row_of);
    status = name != NULL && column != NULL && row_of != NULL ? read_all(csv, levels, name, column, row_of, context)
                                                              : TANLU_ERR_MEMORY;
  }
  free(name);
  free(column);
  free(row_of);
  tanlu_csv_free(&csv);
  free(path);
  if (status != TANLU_OK) tanlu_regional_levels_clear(levels);
  return status;
}

/* ---- growth --------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_regional_growth_read(const tanlu_labels *region, const char *path, double *growth,
                                        tanlu_context *context) {
  static const char *const names[] = {"region", "growth"};
  static const double lowest = -99.0, highest = 1000.0; /* percent a year */
  size_t column[2];
  tanlu_csv *csv = NULL;
  size_t *row_of = tanlu_allocate(context, region->count, sizeof *row_of);
  tanlu_status status = row_of != NULL ? tanlu_csv_read(&csv, path, NULL, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_csv_columns(csv, names, 2, 2, column, context);
  if (status == TANLU_OK) status = find_rows(csv, column[0], region, row_of, context);
  const bool found = status == TANLU_OK;
  for (size_t r = 0; found && r < region->count; r++) {
    double percent = 0.0;
    const tanlu_status own =
        tanlu_csv_number_within(csv, row_of[r], column[1], (double)NAN, lowest, highest, &percent, context);
    growth[r] = percent / 100.0;
    if (status == TANLU_OK) status = own;
  }
  tanlu_csv_free(&csv);
  free(row_of);
  return status;
}
