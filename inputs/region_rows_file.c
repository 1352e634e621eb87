#include "inputs/region_rows_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"
#include "solvers/memory.h"

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

/* ---- rows ----------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_region_rows_find(const tanlu_csv *table, size_t column, const tanlu_labels *region, size_t *row_of,
                                    tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t r = 0; r < region->count; r++) row_of[r] = TANLU_NONE;
  for (size_t row = 0; row < table->rows; row++) {
    size_t r = TANLU_NONE;
    tanlu_status own = tanlu_csv_code(table, row, column, "region", region, false, &r, context);
    if (own == TANLU_OK && row_of[r] != TANLU_NONE) {
      own = tanlu_csv_fail(table, row, column, context, "duplicate region '%s'", region->code[r]);
    }
    if (own == TANLU_OK) row_of[r] = row;
    if (status == TANLU_OK) status = own;
  }
  for (size_t r = 0; r < region->count; r++) {
    if (row_of[r] != TANLU_NONE) continue;
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, 0, 0, "missing region '%s'", region->code[r]);
  }
  return status;
}

/* ---- columns -------------------------------------------------------------------------------------------------------------- */

static const char *const column_name[TANLU_REGION_COLUMNS] = {"co2_production_mt", "co2_households_mt",
                                                              "final_energy_pj", "population", "value_added"};
static const char group_prefix[] = "value_added_";
static const char *const others[] = {"tile_x", "tile_y", "name", "name_zh"};
enum { OTHERS = sizeof others / sizeof *others };

typedef struct {
  size_t region, value[TANLU_REGION_COLUMNS], tile[2];
  size_t *group; /* columns of groups, in their order */
} columns_found;

/* Columns of the file, those that are needed first. */
static bool find_columns(tanlu_reader *r, const tanlu_csv *table, const bool *needed, tanlu_labels *group,
                         columns_found *found) {
  const size_t most = 1 + TANLU_REGION_COLUMNS + OTHERS + table->columns;
  const char **names = tanlu_reader_allocate(r, most, sizeof *names);
  size_t *place = tanlu_reader_allocate(r, most, sizeof *place), count = 1, at[TANLU_REGION_COLUMNS];
  found->group = tanlu_reader_allocate(r, table->columns, sizeof *found->group);
  bool is_read = names != NULL && place != NULL && found->group != NULL;
  if (is_read) {
    names[0] = "region";
    for (size_t k = 0; k < TANLU_REGION_COLUMNS; k++) {
      if (needed != NULL && needed[k]) names[at[k] = count++] = column_name[k];
    }
    const size_t required = count;
    for (size_t k = 0; k < TANLU_REGION_COLUMNS; k++) {
      if (needed == NULL || !needed[k]) names[at[k] = count++] = column_name[k];
    }
    const size_t first_other = count;
    for (size_t k = 0; k < OTHERS; k++) names[count++] = others[k];
    const size_t first_group = count;
    for (size_t c = 0; c < table->columns; c++) {
      const char *header = tanlu_csv_header(table, c);
      if (strncmp(header, group_prefix, sizeof group_prefix - 1) != 0) continue;
      names[count++] = header;
      tanlu_reader_ok(r, tanlu_labels_add(group, header + sizeof group_prefix - 1, NULL, NULL, r->context));
    }
    is_read = tanlu_reader_ok(r, tanlu_csv_columns(table, names, required, count, place, r->context));
    found->region = place[0];
    for (size_t k = 0; k < TANLU_REGION_COLUMNS; k++) found->value[k] = place[at[k]];
    for (size_t k = 0; k < 2; k++) found->tile[k] = place[first_other + k];
    for (size_t g = first_group; g < count; g++) found->group[g - first_group] = place[g];
  }
  free(place);
  free(names);
  return is_read;
}

/* Is anything told in it? `tanlu regionalise` leaves the population empty where it has none. */
static bool has_cells(const tanlu_csv *table, size_t column) {
  for (size_t row = 0; column != TANLU_NONE && row < table->rows; row++) {
    if (tanlu_csv_text(table, row, column)[0] != '\0') return true;
  }
  return false;
}

static void read_column(tanlu_reader *r, const tanlu_csv *table, const size_t *row_of, size_t column, bool complete,
                        size_t regions, double *value) {
  for (size_t p = 0; p < regions; p++) {
    value[p] = (double)NAN;
    if (!complete && tanlu_csv_text(table, row_of[p], column)[0] == '\0') continue;
    tanlu_reader_ok(
        r, tanlu_csv_number_within(table, row_of[p], column, (double)NAN, 0.0, HUGE_VAL, &value[p], r->context));
  }
}

static void check_population(tanlu_reader *r, const tanlu_csv *table, const size_t *row_of, size_t column,
                             size_t regions, const double *people) {
  for (size_t p = 0; p < regions; p++) {
    if (fabs(people[p]) > 0.0 || isnan(people[p])) continue;
    tanlu_reader_ok(r, tanlu_csv_fail(table, row_of[p], column, r->context,
                                      "population is %g; expected persons, above 0", people[p]));
  }
}

static void read_tiles(tanlu_reader *r, const tanlu_csv *table, const size_t *row_of, const size_t index[2],
                       size_t regions, tanlu_region_rows *rows) {
  bool there = false;
  if (!tanlu_reader_ok(r, tanlu_region_has_tiles(table, index, &there, r->context)) || !there) return;
  rows->tile = tanlu_reader_allocate(r, 2 * regions, sizeof *rows->tile);
  if (rows->tile == NULL) return;
  for (size_t k = 0; k < 2 * regions; k++) rows->tile[k] = (double)NAN;
  for (size_t p = 0; p < regions; p++) {
    tanlu_reader_ok(r, tanlu_region_tile(table, row_of[p], index, rows->tile, regions, p, r->context));
  }
}

static void read_cells(tanlu_reader *r, const tanlu_csv *table, const size_t *row_of, const columns_found *found,
                       const bool *needed, size_t regions, tanlu_region_rows *rows) {
  for (size_t k = 0; k < TANLU_REGION_COLUMNS; k++) {
    const bool is_needed = needed != NULL && needed[k];
    if (!is_needed && !has_cells(table, found->value[k])) continue;
    rows->value[k] = tanlu_reader_allocate(r, regions, sizeof **rows->value);
    if (rows->value[k] == NULL) return;
    read_column(r, table, row_of, found->value[k], is_needed, regions, rows->value[k]);
    if (k == TANLU_REGION_POPULATION) check_population(r, table, row_of, found->value[k], regions, rows->value[k]);
  }
  rows->by_group = tanlu_reader_allocate(r, regions * rows->group.count, sizeof *rows->by_group);
  for (size_t g = 0; rows->by_group != NULL && g < rows->group.count; g++) {
    read_column(r, table, row_of, found->group[g], true, regions, rows->by_group + g * regions);
  }
  read_tiles(r, table, row_of, found->tile, regions, rows);
}

tanlu_status tanlu_region_rows_read(tanlu_region_rows *rows, tanlu_dataset *dataset, size_t level, const bool *needed,
                                    tanlu_context *context) {
  static const char file[] = "regions.csv";
  const tanlu_labels *region = &dataset->level[level].group;
  tanlu_reader r = {.dataset = dataset, .directory = dataset->path, .context = context};
  columns_found found = {0};
  *rows = (tanlu_region_rows){0};
  if (needed == NULL && !tanlu_reader_has(&r, file)) return r.status;
  tanlu_csv *table = tanlu_reader_open(&r, file);
  size_t *row_of = tanlu_reader_allocate(&r, region->count, sizeof *row_of);
  if (table != NULL && row_of != NULL) {
    if (!find_columns(&r, table, needed, &rows->group, &found)) {
      if (needed != NULL && r.status == TANLU_ERR_INPUT) {
        (void)tanlu_fail(context, TANLU_ERR_INPUT,
                         "%s is not of this version; make the dataset again: tanlu regionalise", table->file);
      }
    } else if (tanlu_reader_ok(&r, tanlu_region_rows_find(table, found.region, region, row_of, context))) {
      read_cells(&r, table, row_of, &found, needed, region->count, rows);
    }
  }
  tanlu_csv_free(&table);
  free(row_of);
  free(found.group);
  if (r.status != TANLU_OK) tanlu_region_rows_clear(rows);
  return r.status;
}

double *tanlu_region_rows_take(tanlu_region_rows *rows, tanlu_region_column column) {
  double *value = rows->value[column];
  rows->value[column] = NULL;
  return value;
}

void tanlu_region_rows_clear(tanlu_region_rows *rows) {
  for (size_t k = 0; k < TANLU_REGION_COLUMNS; k++) free(rows->value[k]);
  tanlu_labels_clear(&rows->group);
  free(rows->by_group);
  free(rows->tile);
  *rows = (tanlu_region_rows){0};
}
