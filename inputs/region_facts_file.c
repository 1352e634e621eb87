#include "inputs/region_facts_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"
#include "inputs/region_rows_file.h"

/* ---- regions.csv ---------------------------------------------------------------------------------------------------------- */

/* What is drawn of a column is drawn of every region. */
static void check_complete(tanlu_reader *r, const char *column, const double *value, const tanlu_labels *region) {
  for (size_t p = 0; value != NULL && p < region->count; p++) {
    if (!isnan(value[p])) continue;
    tanlu_reader_fail(r, "regions.csv", 0, 0, "no %s of region '%s'; expected one of every region, or of none", column,
                      region->code[p]);
  }
}

static void read_regions(tanlu_reader *r, tanlu_region_facts *facts, size_t level) {
  tanlu_region_rows rows;
  if (!tanlu_reader_ok(r, tanlu_region_rows_read(&rows, r->dataset, level, NULL, r->context))) return;
  facts->population = tanlu_region_rows_take(&rows, TANLU_REGION_POPULATION);
  facts->households = tanlu_region_rows_take(&rows, TANLU_REGION_CO2_HOUSEHOLDS);
  facts->tile = rows.tile;
  rows.tile = NULL;
  tanlu_region_rows_clear(&rows);
  check_complete(r, "population", facts->population, &r->dataset->level[level].group);
  check_complete(r, "co2_households_mt", facts->households, &r->dataset->level[level].group);
}

/* ---- regional_energy.csv -------------------------------------------------------------------------------------------------- */

enum { E_REGION, E_CARRIER, E_REPORTED, E_USED, E_FACTOR, E_COLUMNS };

/* Carriers in the order in which they appear. */
static void find_carriers(tanlu_reader *r, const tanlu_csv *table, const size_t *index, tanlu_labels *carrier) {
  for (size_t row = 0; row < table->rows && r->status == TANLU_OK; row++) {
    const char *code = tanlu_csv_text(table, row, index[E_CARRIER]);
    if (code[0] == '\0') {
      tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[E_CARRIER], r->context, "expected a carrier"));
    } else if (tanlu_labels_find(carrier, code) == TANLU_NONE) {
      tanlu_reader_ok(r, tanlu_labels_add(carrier, code, NULL, NULL, r->context));
    }
  }
}

static void read_energy_rows(tanlu_reader *r, const tanlu_csv *table, const size_t *index, tanlu_region_facts *facts,
                             const tanlu_labels *region) {
  const size_t all = region->count * facts->carrier.count;
  bool *seen = tanlu_reader_allocate(r, all, sizeof *seen);
  facts->reported = tanlu_reader_allocate(r, all, sizeof *facts->reported);
  facts->used = tanlu_reader_allocate(r, all, sizeof *facts->used);
  const bool made = seen != NULL && facts->reported != NULL && facts->used != NULL;
  for (size_t k = 0; made && k < all; k++) facts->reported[k] = facts->used[k] = (double)NAN;
  for (size_t row = 0; made && row < table->rows; row++) {
    size_t p = 0, c = 0;
    double *const to[] = {facts->reported, facts->used};
    if (!tanlu_reader_ok(r, tanlu_csv_code(table, row, index[E_REGION], "region", region, false, &p, r->context)) ||
        !tanlu_reader_ok(
            r, tanlu_csv_code(table, row, index[E_CARRIER], "carrier", &facts->carrier, false, &c, r->context))) {
      continue;
    }
    const size_t cell = c * region->count + p;
    if (seen[cell]) {
      tanlu_reader_ok(r,
                      tanlu_csv_fail(table, row, index[E_CARRIER], r->context, "duplicate carrier '%s' of region '%s'",
                                     facts->carrier.code[c], region->code[p]));
    }
    seen[cell] = true;
    for (size_t k = 0; k < 2; k++) {
      if (tanlu_csv_text(table, row, index[E_REPORTED + k])[0] == '\0') continue; /* not reported */
      tanlu_reader_ok(r, tanlu_csv_number(table, row, index[E_REPORTED + k], 0.0, &to[k][cell], r->context));
    }
  }
  free(seen);
}

static void read_energy(tanlu_reader *r, tanlu_region_facts *facts, const tanlu_labels *region) {
  static const char *const names[E_COLUMNS] = {"region", "carrier", "reported_tj", "used_tj", "factor"};
  size_t index[E_COLUMNS];
  if (!tanlu_reader_has(r, "regional_energy.csv")) return;
  tanlu_csv *table = tanlu_reader_open(r, "regional_energy.csv");
  if (table != NULL && tanlu_reader_ok(r, tanlu_csv_columns(table, names, E_FACTOR, E_COLUMNS, index, r->context))) {
    find_carriers(r, table, index, &facts->carrier);
    if (r->status == TANLU_OK) read_energy_rows(r, table, index, facts, region);
  }
  tanlu_csv_free(&table);
}

tanlu_status tanlu_region_facts_read(tanlu_region_facts *facts, tanlu_dataset *dataset, size_t level,
                                     tanlu_context *context) {
  tanlu_reader r = {.dataset = dataset, .directory = dataset->path, .context = context, .status = TANLU_OK};
  *facts = (tanlu_region_facts){0};
  read_regions(&r, facts, level);
  read_energy(&r, facts, &dataset->level[level].group);
  if (r.status != TANLU_OK) tanlu_region_facts_clear(facts);
  return r.status;
}
