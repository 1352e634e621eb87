#include "inputs/region_facts_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"

enum { TILES_MOST = 99 };

/* ---- tiles ---------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_region_has_tiles(const tanlu_csv *table, const size_t index[2], bool *there,
                                    tanlu_context *context) {
  const bool x = index[0] != TANLU_NONE, y = index[1] != TANLU_NONE;
  *there = x && y;
  if (x == y) return TANLU_OK;
  return tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, 0, "has %s without %s",
                       x ? "tile_x" : "tile_y", x ? "tile_y" : "tile_x");
}

tanlu_status tanlu_region_tile(const tanlu_csv *table, size_t row, const size_t index[2], double *tile, size_t count,
                               size_t place, tanlu_context *context) {
  double at[2];
  for (size_t k = 0; k < 2; k++) {
    tanlu_status status = tanlu_csv_number_within(table, row, index[k], (double)NAN, 0.0, TILES_MOST, &at[k], context);
    if (status == TANLU_OK && fabs(at[k] - round(at[k])) > 0.0) {
      status = tanlu_csv_fail(table, row, index[k], context, "'%s' is %g; expected a whole number",
                              tanlu_csv_header(table, index[k]), at[k]);
    }
    if (status != TANLU_OK) return status;
  }
  for (size_t p = 0; p < count; p++) {
    if (p == place || !(fabs(tile[p] - at[0]) + fabs(tile[count + p] - at[1]) < 0.5)) continue;
    return tanlu_csv_fail(table, row, index[0], context, "tile %g, %g is that of another region too", at[0], at[1]);
  }
  tile[place] = at[0];
  tile[count + place] = at[1];
  return TANLU_OK;
}

/* ---- regions.csv ---------------------------------------------------------------------------------------------------------- */

enum { REGION, POPULATION, HOUSEHOLDS, TILE_X, TILE_Y, PRODUCTION, ENERGY, VALUE, NAME, NAME_ZH, COLUMNS };
static const char group_prefix[] = "value_added_"; /* of groups: inputs/regional_levels_file.h */
static const char *const columns[COLUMNS] = {"region",          "population",  "co2_households_mt",
                                             "tile_x",          "tile_y",      "co2_production_mt",
                                             "final_energy_pj", "value_added", "name",
                                             "name_zh"};

/* The columns that a file may have; those of groups are not read. */
static bool find_columns(tanlu_reader *r, const tanlu_csv *table, size_t index[COLUMNS]) {
  const size_t most = COLUMNS + table->columns;
  const char **names = tanlu_reader_allocate(r, most, sizeof *names);
  size_t *place = tanlu_reader_allocate(r, most, sizeof *place), count = COLUMNS;
  bool found = false;
  if (names != NULL && place != NULL) {
    memcpy(names, columns, sizeof columns);
    for (size_t c = 0; c < table->columns; c++) {
      const char *header = tanlu_csv_header(table, c);
      if (strncmp(header, group_prefix, sizeof group_prefix - 1) == 0) names[count++] = header;
    }
    found = tanlu_reader_ok(r, tanlu_csv_columns(table, names, 1, count, place, r->context));
    if (found) memcpy(index, place, COLUMNS * sizeof *index);
  }
  free(place);
  free(names);
  return found;
}

/* Is anything told in it? `tanlu regionalise` leaves the population empty where it has none. */
static bool has_cells(const tanlu_csv *table, size_t column) {
  for (size_t row = 0; column != TANLU_NONE && row < table->rows; row++) {
    if (tanlu_csv_text(table, row, column)[0] != '\0') return true;
  }
  return false;
}

static double *space_of(tanlu_reader *r, const tanlu_csv *table, size_t column, size_t count) {
  return has_cells(table, column) ? tanlu_reader_allocate(r, count, sizeof(double)) : NULL;
}

static void read_region(tanlu_reader *r, const tanlu_csv *table, size_t row, const size_t *index,
                        tanlu_region_facts *facts, size_t regions, size_t p) {
  if (facts->population != NULL) {
    double *people = &facts->population[p];
    const tanlu_status status = tanlu_csv_number(table, row, index[POPULATION], (double)NAN, people, r->context);
    if (tanlu_reader_ok(r, status) && !(*people > 0.0)) {
      tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[POPULATION], r->context,
                                        "population is %g; expected persons, above 0", *people));
    }
  }
  if (facts->households != NULL) {
    tanlu_reader_ok(r, tanlu_csv_number(table, row, index[HOUSEHOLDS], (double)NAN, &facts->households[p], r->context));
  }
  if (facts->tile != NULL) {
    tanlu_reader_ok(r, tanlu_region_tile(table, row, index + TILE_X, facts->tile, regions, p, r->context));
  }
}

static void read_regions(tanlu_reader *r, tanlu_region_facts *facts, const tanlu_labels *region) {
  size_t index[COLUMNS];
  bool tiles = false, *seen = tanlu_reader_allocate(r, region->count, sizeof *seen);
  tanlu_csv *table = tanlu_reader_has(r, "regions.csv") ? tanlu_reader_open(r, "regions.csv") : NULL;
  if (seen != NULL && table != NULL && find_columns(r, table, index) &&
      tanlu_reader_ok(r, tanlu_region_has_tiles(table, index + TILE_X, &tiles, r->context))) {
    facts->population = space_of(r, table, index[POPULATION], region->count);
    facts->households = space_of(r, table, index[HOUSEHOLDS], region->count);
    if (tiles) facts->tile = tanlu_reader_allocate(r, 2 * region->count, sizeof *facts->tile);
    for (size_t k = 0; facts->tile != NULL && k < 2 * region->count; k++) facts->tile[k] = (double)NAN;
    for (size_t row = 0; row < table->rows; row++) {
      size_t p = 0;
      if (!tanlu_reader_ok(r, tanlu_csv_code(table, row, index[REGION], "region", region, false, &p, r->context))) {
        continue;
      }
      if (seen[p]) {
        tanlu_reader_ok(
            r, tanlu_csv_fail(table, row, index[REGION], r->context, "duplicate region '%s'", region->code[p]));
        continue;
      }
      seen[p] = true;
      read_region(r, table, row, index, facts, region->count, p);
    }
    for (size_t p = 0; p < region->count; p++) {
      if (!seen[p]) tanlu_reader_fail(r, "regions.csv", 0, 0, "missing region '%s'", region->code[p]);
    }
  }
  tanlu_csv_free(&table);
  free(seen);
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
  read_regions(&r, facts, &dataset->level[level].group);
  read_energy(&r, facts, &dataset->level[level].group);
  if (r.status != TANLU_OK) tanlu_region_facts_clear(facts);
  return r.status;
}
