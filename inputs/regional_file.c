#include "inputs/regional_file.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "inputs/named_sectors.h"
#include "inputs/region_rows_file.h"
#include "inputs/yaml_tree.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_regional_data *d;
  const tanlu_dataset *dataset;
  tanlu_context *context;
  tanlu_status status; /* first problem; reading goes on where it can */
} reader;

static bool ok(reader *r, tanlu_status status) {
  if (r->status == TANLU_OK) r->status = status;
  return status == TANLU_OK;
}

static void fail(reader *r, const char *file, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void fail(reader *r, const char *file, const char *format, ...) {
  char text[512], path[1024];
  va_list values;
  va_start(values, format);
  (void)vsnprintf(text, sizeof text, format, values);
  va_end(values);
  (void)snprintf(path, sizeof path, "%s/%s", r->d->directory, file);
  ok(r, tanlu_fail_at(r->context, TANLU_ERR_INPUT, path, 0, 0, "%s", text));
}

static void *space(reader *r, size_t count, size_t size) {
  void *made = tanlu_allocate(r->context, count, size);
  if (made == NULL) ok(r, TANLU_ERR_MEMORY);
  return made;
}

/* A file with these columns and no others; NULL (remembered) where it cannot be read. */
static tanlu_csv *open_table(reader *r, const char *file, const char *const *names, size_t required, size_t count,
                             size_t *index) {
  char path[1024];
  tanlu_csv *table = NULL;
  (void)snprintf(path, sizeof path, "%s/%s", r->d->directory, file);
  if (!ok(r, tanlu_csv_read(&table, path, NULL, r->context))) return NULL;
  if (ok(r, tanlu_csv_columns(table, names, required, count, index, r->context))) return table;
  tanlu_csv_free(&table);
  return NULL;
}

/* ---- regions.yaml, groups.csv, regions.csv -------------------------------------------------------------------------------- */

static void read_levels(reader *r, const tanlu_yaml *root) {
  tanlu_regional_data *d = r->d;
  const tanlu_yaml *levels = tanlu_yaml_find(root, "levels");
  if (levels == NULL) return;
  if (levels->kind != TANLU_YAML_SEQUENCE) {
    ok(r, tanlu_yaml_fail(levels, r->context, "expected a list of levels, [grid, area]"));
    return;
  }
  d->level = space(r, levels->count, sizeof *d->level);
  for (size_t l = 0; d->level != NULL && l < levels->count; l++) {
    const tanlu_yaml *level = levels->child[l];
    if (level->kind != TANLU_YAML_SCALAR) {
      ok(r, tanlu_yaml_fail(level, r->context, "expected the name of a level"));
      return;
    }
    d->level[l].name = tanlu_string_copy(r->context, level->text);
    if (d->level[l].name == NULL) ok(r, TANLU_ERR_MEMORY);
    d->levels = l + 1;
  }
}

static void read_persons(reader *r, const tanlu_yaml *root) {
  const tanlu_yaml *node = tanlu_yaml_find(root, "persons");
  double *persons = &r->d->persons;
  *persons = 1.0;
  if (node == NULL || !ok(r, tanlu_yaml_number(node, persons, r->context)) || *persons > 0.0) return;
  ok(r, tanlu_yaml_fail(node, r->context, "expected the persons in one unit of the indicator of households, above 0"));
}

/* households is kept as text until the indicators are known. */
static void read_settings(reader *r, char **households) {
  static const char *const keys[] = {"name",       "title",   "region",   "level",  "levels",
                                     "households", "persons", "distance", "sources"};
  tanlu_regional_data *d = r->d;
  tanlu_yaml *root = NULL;
  char path[1024], *level = NULL;
  (void)snprintf(path, sizeof path, "%s/regions.yaml", d->directory);
  if (!ok(r, tanlu_yaml_read(&root, path, NULL, r->context))) return;
  if (ok(r, tanlu_yaml_check_keys(root, "regions.yaml", keys, sizeof keys / sizeof *keys, r->context))) {
    ok(r, tanlu_yaml_text(root, "name", true, &d->name, r->context));
    ok(r, tanlu_yaml_text(root, "title", false, &d->title, r->context));
    ok(r, tanlu_yaml_text(root, "households", false, households, r->context));
    if (ok(r, tanlu_yaml_text(root, "level", true, &level, r->context))) {
      d->value_level = tanlu_dataset_level(r->dataset, level);
      if (d->value_level == TANLU_NONE) {
        ok(r, tanlu_yaml_fail(tanlu_yaml_find(root, "level"), r->context, "dataset %s has no level '%s'",
                              r->dataset->name, level));
      }
    }
    read_persons(r, root);
    read_levels(r, root);
  }
  free(level);
  tanlu_yaml_free(&root);
}

static bool add_label(reader *r, const tanlu_csv *table, size_t row, const size_t *index, const char *noun,
                      tanlu_labels *labels) {
  const char *code = tanlu_csv_text(table, row, index[0]);
  if (*code == '\0' || code[strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0') {
    return ok(r, tanlu_csv_fail(table, row, index[0], r->context,
                                "'%s' is no code of a %s; expected lower-case letters, digits and underscores", code,
                                noun));
  }
  if (tanlu_labels_find(labels, code) != TANLU_NONE) {
    return ok(r, tanlu_csv_fail(table, row, index[0], r->context, "duplicate %s '%s'", noun, code));
  }
  return ok(r, tanlu_labels_add(labels, code, tanlu_csv_text(table, row, index[1]),
                                tanlu_csv_text(table, row, index[2]), r->context));
}

static void read_groups(reader *r) {
  static const char *const names[] = {"code", "name", "name_zh", "level"};
  size_t index[4];
  if (r->d->levels == 0) return;
  tanlu_csv *table = open_table(r, "groups.csv", names, 4, 4, index);
  const char **levels = space(r, r->d->levels, sizeof *levels);
  for (size_t l = 0; levels != NULL && l < r->d->levels; l++) levels[l] = r->d->level[l].name;
  for (size_t row = 0; table != NULL && levels != NULL && row < table->rows; row++) {
    size_t l = 0;
    if (!ok(r, tanlu_csv_word(table, row, index[3], "level", levels, r->d->levels, &l, r->context))) continue;
    add_label(r, table, row, index, "group", &r->d->level[l].group);
  }
  free(levels);
  tanlu_csv_free(&table);
}

/* tile_x and tile_y: whole numbers, a place for each region, or neither column. */
static void read_tiles(reader *r, const tanlu_csv *table, const size_t *index) {
  tanlu_regional_data *d = r->d;
  const size_t rows = table->rows;
  bool there = false;
  if (!ok(r, tanlu_region_has_tiles(table, index, &there, r->context)) || !there) return;
  d->tile = space(r, 2 * rows, sizeof *d->tile);
  for (size_t k = 0; d->tile != NULL && k < 2 * rows; k++) d->tile[k] = (double)NAN;
  for (size_t row = 0; d->tile != NULL && row < rows; row++) {
    ok(r, tanlu_region_tile(table, row, index, d->tile, rows, row, r->context));
  }
}

static void read_regions(reader *r) {
  enum { FIXED = 3, OPTIONAL = 4, MOST = 32 };
  tanlu_regional_data *d = r->d;
  const char *names[MOST] = {"code", "name", "name_zh"};
  size_t index[MOST], count = FIXED;
  if (d->levels > MOST - FIXED - OPTIONAL) {
    fail(r, "regions.yaml", "%zu levels; expected at most %d", d->levels, MOST - FIXED - OPTIONAL);
    return;
  }
  for (size_t l = 0; l < d->levels; l++) names[count++] = d->level[l].name;
  const size_t required = count;
  names[count++] = "longitude";
  names[count++] = "latitude";
  names[count++] = "tile_x";
  names[count++] = "tile_y";
  tanlu_csv *table = open_table(r, "regions.csv", names, required, count, index);
  if (table == NULL) return;
  for (size_t l = 0; l < d->levels; l++) d->level[l].of_sector = space(r, table->rows, sizeof *d->level[l].of_sector);
  for (size_t row = 0; row < table->rows; row++) {
    if (!add_label(r, table, row, index, "region", &d->region)) continue;
    for (size_t l = 0; l < d->levels; l++) {
      if (d->level[l].of_sector == NULL) continue;
      ok(r, tanlu_csv_code(table, row, index[FIXED + l], "group", &d->level[l].group, false,
                           &d->level[l].of_sector[d->region.count - 1], r->context));
    }
  }
  if (d->region.count == 0) fail(r, "regions.csv", "no regions");
  read_tiles(r, table, index + required + 2);
  tanlu_csv_free(&table);
}

/* ---- numbers by region ---------------------------------------------------------------------------------------------------- */

/* Columns `key` and the codes of `columns` into value (regions x columns): every region once, no number below zero, none missing. */
static void read_matrix(reader *r, const char *file, const char *key, const tanlu_labels *columns, double *value) {
  const size_t regions = r->d->region.count;
  const char **names = space(r, columns->count + 1, sizeof *names);
  size_t *index = space(r, columns->count + 1, sizeof *index);
  bool *seen = space(r, regions, sizeof *seen);
  tanlu_csv *table = NULL;
  if (names != NULL && index != NULL && seen != NULL) {
    names[0] = key;
    memcpy(names + 1, columns->code, columns->count * sizeof *names);
    table = open_table(r, file, names, columns->count + 1, columns->count + 1, index);
  }
  for (size_t row = 0; table != NULL && row < table->rows; row++) {
    size_t p = 0;
    if (!ok(r, tanlu_csv_code(table, row, index[0], "region", &r->d->region, false, &p, r->context))) continue;
    if (seen[p]) ok(r, tanlu_csv_fail(table, row, index[0], r->context, "duplicate region '%s'", r->d->region.code[p]));
    seen[p] = true;
    for (size_t k = 0; k < columns->count; k++) {
      ok(r, tanlu_csv_number_within(table, row, index[k + 1], (double)NAN, 0.0, HUGE_VAL, &value[k * regions + p],
                                    r->context));
    }
  }
  for (size_t p = 0; table != NULL && p < regions; p++) {
    if (!seen[p]) fail(r, file, "missing region '%s'", r->d->region.code[p]);
  }
  tanlu_csv_free(&table);
  free(seen);
  free(index);
  free(names);
}

static void read_distances(reader *r) {
  tanlu_regional_data *d = r->d;
  const size_t regions = d->region.count;
  d->distance = space(r, regions * regions, sizeof *d->distance);
  if (d->distance == NULL) return;
  read_matrix(r, "distances.csv", "code", &d->region, d->distance);
  for (size_t q = 0; r->status == TANLU_OK && q < regions; q++) {
    for (size_t p = 0; p < q; p++) {
      const double there = d->distance[q * regions + p], back = d->distance[p * regions + q];
      if (there > 0.0 && fabs(there - back) <= 1e-6 * there) continue;
      fail(r, "distances.csv", "%s and %s: %g and %g; expected the same above 0 both ways", d->region.code[p],
           d->region.code[q], there, back);
    }
  }
}

static void read_value_added(reader *r) {
  tanlu_regional_data *d = r->d;
  const tanlu_labels *group = &r->dataset->level[d->value_level].group;
  d->groups = group->count;
  d->value_added = space(r, d->region.count * group->count, sizeof *d->value_added);
  if (d->value_added != NULL) read_matrix(r, "value_added.csv", "region", group, d->value_added);
}

/* Any columns beside `region`. */
static void read_indicators(reader *r, const char *households) {
  tanlu_regional_data *d = r->d;
  char path[1024];
  tanlu_csv *table = NULL;
  (void)snprintf(path, sizeof path, "%s/indicators.csv", d->directory);
  if (!ok(r, tanlu_csv_read(&table, path, NULL, r->context))) return;
  for (size_t c = 0; c < table->columns; c++) {
    const char *code = tanlu_csv_header(table, c);
    if (strcmp(code, "region") == 0) continue;
    if (*code == '\0' || strcmp(code, "value_added") == 0 || tanlu_labels_find(&d->indicator, code) != TANLU_NONE) {
      ok(r, tanlu_fail_at(r->context, TANLU_ERR_INPUT, table->file, table->header_line, c + 1,
                          "'%s' is empty, reserved or a duplicate; expected the name of an indicator", code));
      continue;
    }
    ok(r, tanlu_labels_add(&d->indicator, code, NULL, NULL, r->context));
  }
  tanlu_csv_free(&table);
  const size_t regions = d->region.count;
  d->indicator_value = space(r, regions * d->indicator.count, sizeof *d->indicator_value);
  if (r->status != TANLU_OK) return;
  read_matrix(r, "indicators.csv", "region", &d->indicator, d->indicator_value);
  for (size_t k = 0; r->status == TANLU_OK && k < d->indicator.count; k++) {
    double sum = 0.0;
    for (size_t p = 0; p < regions; p++) sum += d->indicator_value[k * regions + p];
    if (!(sum > 0.0)) fail(r, "indicators.csv", "'%s' is zero in every region", d->indicator.code[k]);
  }
  d->households = TANLU_NONE;
  if (households == NULL || *households == '\0') return;
  d->households = tanlu_labels_find(&d->indicator, households);
  if (d->households == TANLU_NONE) fail(r, "regions.yaml", "households: no indicator '%s'", households);
}

/* ---- flows.csv ------------------------------------------------------------------------------------------------------------ */

/* The flows of a product, new ones where it has none yet. */
static double *flows_of(reader *r, size_t product) {
  tanlu_regional_data *d = r->d;
  for (size_t k = 0; k < d->known_flows; k++) {
    if (d->known[k].product == product) return d->known[k].flow;
  }
  double *flow = space(r, d->region.count * d->region.count, sizeof *flow);
  if (flow != NULL) d->known[d->known_flows++] = (tanlu_regional_flows){.product = product, .flow = flow};
  return flow;
}

/* A product is a sector, or all sectors of a group, which then share the pattern. */
static void read_flow_row(reader *r, const tanlu_csv *table, size_t row, const size_t *index, bool *seen, bool *sells) {
  const tanlu_labels *region = &r->d->region;
  size_t from = 0, to = 0;
  double value = 0.0;
  memset(sells, 0, r->dataset->accounts.n * sizeof *sells);
  ok(r, tanlu_sectors_in_cell(table, row, index[0], r->dataset, sells, r->context));
  const bool known = ok(r, tanlu_csv_code(table, row, index[1], "region", region, false, &from, r->context));
  const bool other = ok(r, tanlu_csv_code(table, row, index[2], "region", region, false, &to, r->context));
  if (!ok(r, tanlu_csv_number_within(table, row, index[3], (double)NAN, 0.0, HUGE_VAL, &value, r->context))) return;
  if (!known || !other) return;
  for (size_t j = 0; j < r->dataset->accounts.n; j++) {
    if (!sells[j]) continue;
    double *flow = flows_of(r, j);
    bool *before = &seen[(j * region->count + to) * region->count + from];
    if (flow == NULL) return;
    if (*before) ok(r, tanlu_csv_fail(table, row, index[0], r->context, "this flow stands in the file already"));
    *before = true;
    flow[to * region->count + from] = value;
  }
}

static void read_flows(reader *r) {
  static const char *const names[] = {"product", "from", "to", "value"};
  const size_t n = r->dataset->accounts.n, regions = r->d->region.count;
  char path[1024];
  size_t index[4];
  (void)snprintf(path, sizeof path, "%s/flows.csv", r->d->directory);
  FILE *there = fopen(path, "r");
  if (there == NULL) return; /* may be absent */
  (void)fclose(there);
  r->d->known = space(r, n, sizeof *r->d->known);
  bool *seen = space(r, n * regions * regions, sizeof *seen), *sells = space(r, n, sizeof *sells);
  tanlu_csv *table = open_table(r, "flows.csv", names, 4, 4, index);
  const bool ready = table != NULL && seen != NULL && sells != NULL && r->d->known != NULL;
  for (size_t row = 0; ready && row < table->rows; row++) read_flow_row(r, table, row, index, seen, sells);
  tanlu_csv_free(&table);
  free(sells);
  free(seen);
}

/* ---- all ------------------------------------------------------------------------------------------------------------------ */

void tanlu_regional_data_free(tanlu_regional_data **data) {
  tanlu_regional_data *d = *data;
  if (d == NULL) return;
  for (size_t l = 0; l < d->levels; l++) {
    free(d->level[l].name);
    tanlu_labels_clear(&d->level[l].group);
    free(d->level[l].of_sector);
  }
  for (size_t k = 0; k < d->known_flows; k++) free(d->known[k].flow);
  for (size_t j = 0; d->basis != NULL && j < d->sectors; j++) free(d->basis[j]);
  tanlu_labels_clear(&d->region);
  tanlu_labels_clear(&d->indicator);
  void *const owned[] = {
      d->name,  d->title, d->directory, d->level,      d->distance,   d->value_added, d->share,      d->indicator_value,
      d->basis, d->known, d->final,     d->own_column, d->plant_fuel, d->tile,        d->generation, d->gdp_share};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  free(d);
  *data = NULL;
}

tanlu_status tanlu_regional_data_read(tanlu_regional_data **data, const char *directory, const tanlu_dataset *dataset,
                                      tanlu_context *context) {
  *data = NULL;
  reader r = {.d = tanlu_allocate(context, 1, sizeof *r.d), .dataset = dataset, .context = context};
  char *households = NULL;
  if (r.d == NULL) return TANLU_ERR_MEMORY;
  r.d->sectors = dataset->accounts.n;
  r.d->directory = tanlu_string_copy(context, directory);
  if (r.d->directory == NULL) ok(&r, TANLU_ERR_MEMORY);
  if (r.status == TANLU_OK) read_settings(&r, &households);
  if (r.status == TANLU_OK) read_groups(&r);
  if (r.status == TANLU_OK) read_regions(&r);
  if (r.status == TANLU_OK) {
    read_distances(&r);
    read_value_added(&r);
    read_indicators(&r, households);
  }
  if (r.status == TANLU_OK) {
    ok(&r, tanlu_regional_assignment_read(r.d, dataset, context));
    read_flows(&r);
  }
  free(households);
  if (r.status != TANLU_OK) tanlu_regional_data_free(&r.d);
  *data = r.d;
  return r.status;
}
