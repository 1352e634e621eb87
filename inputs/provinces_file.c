#include "inputs/provinces_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/accounts_file.h"
#include "inputs/csv_table.h"
#include "inputs/open_table.h"
#include "inputs/region_rows_file.h"
#include "solvers/memory.h"

static const double missing = (double)NAN, most = 1e15;

/* NULL with a message where there is none. */
static const double *find_co2(const tanlu_dataset *d, tanlu_context *context) {
  const size_t k = tanlu_labels_find(&d->extension.label, "co2");
  if (k == TANLU_NONE) {
    (void)tanlu_fail(context, TANLU_ERR_INPUT,
                     "dataset '%s' has no extension 'co2'; expected one that 'tanlu regionalise' wrote with energy",
                     d->name);
    return NULL;
  }
  if (strcmp(d->extension.unit[k], "Mt") == 0) return d->extension.value + k * d->accounts.n;
  (void)tanlu_fail(context, TANLU_ERR_INPUT, "dataset '%s': co2 is in '%s'; expected Mt", d->name,
                   d->extension.unit[k]);
  return NULL;
}

/* Industry k of the model for every group of the level. */
static tanlu_status match_industries(const tanlu_level *level, size_t *industry, tanlu_context *context) {
  for (size_t g = 0; g < level->group.count; g++) {
    industry[g] = TANLU_NONE;
    for (size_t k = 0; k < TANLU_PILOT_INDUSTRIES; k++) {
      if (strcmp(level->group.code[g], tanlu_pilot_industry(k)) == 0) industry[g] = k;
    }
    if (industry[g] != TANLU_NONE) continue;
    return tanlu_fail(context, TANLU_ERR_INPUT, "level '%s' has the group '%s'; expected primary, secondary, tertiary",
                      level->name, level->group.code[g]);
  }
  return TANLU_OK;
}

static tanlu_status copy_labels(tanlu_labels *to, const tanlu_labels *from, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < from->count; i++) {
    status = tanlu_labels_add(to, from->code[i], from->name[i], from->name_zh[i], context);
  }
  return status;
}

static tanlu_status take_sectors(tanlu_provinces *p, const tanlu_dataset *d, size_t level, tanlu_context *context) {
  const size_t n = d->accounts.n;
  size_t by_industry = 0;
  tanlu_status status = tanlu_dataset_find_level(d, "industry3", &by_industry, context);
  if (status != TANLU_OK) return status;
  const tanlu_level *region = &d->level[level], *industry3 = &d->level[by_industry];
  const double *co2 = find_co2(d, context);
  if (co2 == NULL) return TANLU_ERR_INPUT;
  size_t *industry = tanlu_allocate(context, industry3->group.count, sizeof *industry);
  p->name = tanlu_string_copy(context, d->name);
  p->base_year = d->base_year;
  p->region_of = tanlu_allocate(context, n, sizeof *p->region_of);
  p->industry_of = tanlu_allocate(context, n, sizeof *p->industry_of);
  p->co2 = tanlu_allocate_doubles(context, n, 1);
  const bool enough =
      industry != NULL && p->name != NULL && p->region_of != NULL && p->industry_of != NULL && p->co2 != NULL;
  status = enough ? match_industries(industry3, industry, context) : TANLU_ERR_MEMORY;
  for (size_t s = 0; status == TANLU_OK && s < n; s++) {
    p->region_of[s] = region->of_sector[s];
    p->industry_of[s] = industry[industry3->of_sector[s]];
    p->co2[s] = co2[s];
  }
  if (status == TANLU_OK) status = copy_labels(&p->region, &region->group, context);
  if (status == TANLU_OK) status = copy_labels(&p->sector, &d->accounts.sector, context);
  free(industry);
  return status;
}

static tanlu_status take_households(tanlu_provinces *p, tanlu_dataset *d, size_t level, tanlu_context *context) {
  static const bool needed[TANLU_REGION_COLUMNS] = {[TANLU_REGION_CO2_HOUSEHOLDS] = true};
  tanlu_region_rows rows;
  const tanlu_status status = tanlu_region_rows_read(&rows, d, level, needed, context);
  p->households = tanlu_region_rows_take(&rows, TANLU_REGION_CO2_HOUSEHOLDS);
  tanlu_region_rows_clear(&rows);
  return status;
}

static tanlu_status read_table(tanlu_provinces *p, const char *directory, tanlu_context *context) {
  size_t level = 0;
  tanlu_open_table *table = NULL;
  tanlu_status status = tanlu_open_table_read(&table, directory, context);
  if (status == TANLU_OK) {
    status = tanlu_dataset_find_level(table->dataset, "region", &level, context);
    if (status == TANLU_ERR_INPUT)
      (void)tanlu_fail(context, TANLU_ERR_INPUT, "expected regional accounts, as 'tanlu regionalise' makes");
  }
  if (status == TANLU_OK) status = tanlu_extensions_read(table->dataset, context);
  if (status == TANLU_OK) status = take_sectors(p, table->dataset, level, context);
  if (status == TANLU_OK) status = take_households(p, table->dataset, level, context);
  tanlu_open_table_free(&table);
  return status;
}

/* ---- statistics: files with a row a region ------------------------------------------------------------------------------------------ */

static tanlu_status find_column(const tanlu_csv *csv, const char *name, size_t *column, tanlu_context *context) {
  for (size_t c = 0; c < csv->columns; c++) {
    *column = c;
    if (strcmp(tanlu_csv_header(csv, c), name) == 0) return TANLU_OK;
  }
  return tanlu_fail_at(context, TANLU_ERR_INPUT, csv->file, csv->header_line, 0, "missing column '%s'", name);
}

/* value[r]: numbers of `name` for the regions that the provinces have, NaN where the file has no row of one; it may have others, too. */
static tanlu_status take_column(const tanlu_provinces *p, const tanlu_csv *csv, const char *name, double *value,
                                tanlu_context *context) {
  size_t key = 0, column = 0;
  tanlu_status status = find_column(csv, "region", &key, context);
  if (status == TANLU_OK) status = find_column(csv, name, &column, context);
  if (status != TANLU_OK) return status;
  for (size_t r = 0; r < p->region.count; r++) value[r] = missing;
  for (size_t row = 0; row < csv->rows; row++) {
    const size_t r = tanlu_labels_find(&p->region, tanlu_csv_text(csv, row, key));
    if (r == TANLU_NONE) continue;
    if (!isnan(value[r])) {
      status = tanlu_csv_fail(csv, row, key, context, "duplicate region '%s'", p->region.code[r]);
    }
    const tanlu_status read = tanlu_csv_number_within(csv, row, column, missing, 0.0, most, &value[r], context);
    if (read != TANLU_OK) status = read;
  }
  return status;
}

/* Columns of DIRECTORY/FILE, one after the other in `value` (columns x regions). */
static tanlu_status read_columns(const tanlu_provinces *p, const char *directory, const char *file,
                                 const char *const *name, size_t columns, double *value, tanlu_context *context) {
  char *path = NULL;
  tanlu_csv *csv = NULL;
  if (asprintf(&path, "%s/%s", directory, file) < 0) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_csv_read(&csv, path, NULL, context);
  for (size_t k = 0; status == TANLU_OK && k < columns; k++) {
    status = take_column(p, csv, name[k], value + k * p->region.count, context);
  }
  tanlu_csv_free(&csv);
  free(path);
  return status;
}

static tanlu_status read_sizes(tanlu_provinces *p, const char *regions, tanlu_context *context) {
  const size_t count = p->region.count;
  const char *industry[TANLU_PILOT_INDUSTRIES];
  static const char *const people[] = {"population"};
  for (size_t k = 0; k < TANLU_PILOT_INDUSTRIES; k++) industry[k] = tanlu_pilot_industry(k);
  double *value = tanlu_allocate_doubles(context, count, TANLU_PILOT_INDUSTRIES + 1);
  p->size = tanlu_allocate(context, count, sizeof *p->size);
  tanlu_status status = value != NULL && p->size != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    status = read_columns(p, regions, "value_added.csv", industry, TANLU_PILOT_INDUSTRIES, value, context);
  }
  if (status == TANLU_OK) {
    status = read_columns(p, regions, "indicators.csv", people, 1, value + TANLU_PILOT_INDUSTRIES * count, context);
  }
  for (size_t r = 0; status == TANLU_OK && r < count; r++) {
    for (size_t k = 0; k < TANLU_PILOT_INDUSTRIES; k++) p->size[r].industry[k] = value[k * count + r];
    p->size[r].population = value[TANLU_PILOT_INDUSTRIES * count + r];
  }
  free(value);
  return status;
}

tanlu_status tanlu_provinces_read(tanlu_provinces *provinces, const char *dataset, const char *regions,
                                  tanlu_context *context) {
  *provinces = (tanlu_provinces){0};
  tanlu_status status = read_table(provinces, dataset, context);
  if (status == TANLU_OK) status = read_sizes(provinces, regions, context);
  if (status != TANLU_OK) tanlu_provinces_clear(provinces);
  return status;
}
