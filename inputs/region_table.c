#include "inputs/region_table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/import_codes.h"
#include "solvers/memory.h"

void tanlu_region_table_init(tanlu_region_table *t, const char *source, tanlu_context *context) {
  *t = (tanlu_region_table){.context = context, .source = source};
}

static void clear_rows(double **rows, size_t count) {
  for (size_t k = 0; rows != NULL && k < count; k++) free(rows[k]);
  free(rows);
}

void tanlu_region_table_clear(tanlu_region_table *t) {
  const size_t n = t->sector.count;
  clear_rows(t->kept, n);
  clear_rows(t->kept_domestic, n);
  clear_rows(t->added, t->component.count);
  clear_rows(t->extended, t->extension.count);
  for (size_t k = 0; t->unit != NULL && k < t->extension.count; k++) free(t->unit[k]);
  free(t->unit);
  for (size_t k = 0; t->described != NULL && k < t->industry.count; k++) free(t->described[k]);
  free(t->described);
  tanlu_labels *const labels[] = {&t->region,   &t->industry,  &t->kind,     &t->sector,
                                  &t->category, &t->component, &t->extension};
  for (size_t k = 0; k < sizeof labels / sizeof *labels; k++) tanlu_labels_clear(labels[k]);
  tanlu_label_index *const indices[] = {&t->sectors, &t->categories, &t->regions, &t->industries, &t->kinds};
  for (size_t k = 0; k < sizeof indices / sizeof *indices; k++) tanlu_label_index_clear(indices[k]);
  for (size_t l = 0; l < 2; l++) {
    free(t->level[l].name);
    free(t->level[l].of_sector);
    tanlu_labels_clear(&t->level[l].group);
  }
  void *const rest[] = {t->sector_region,
                        t->sector_industry,
                        t->category_region,
                        t->category_kind,
                        t->output,
                        t->final_use,
                        t->final_domestic,
                        t->imports,
                        t->line,
                        t->role,
                        t->uses,
                        t->inputs,
                        t->discrepancy,
                        t->negative,
                        t->scratch,
                        t->sources,
                        t->made,
                        t->stated};
  for (size_t k = 0; k < sizeof rest / sizeof *rest; k++) free(rest[k]);
  *t = (tanlu_region_table){0};
}

/* ---- who ------------------------------------------------------------------------------------------------------------------ */

size_t tanlu_region_table_sector(const tanlu_region_table *t, const char *region, const char *industry) {
  return tanlu_label_index_find(&t->sectors, region, industry);
}

size_t tanlu_region_table_category(const tanlu_region_table *t, const char *region, const char *kind) {
  return tanlu_label_index_find(&t->categories, region, kind);
}

/* The place of a text among labels, added where it is not there; TANLU_NONE when out of memory. */
static size_t place_of(tanlu_labels *labels, tanlu_label_index *index, const char *text, tanlu_context *context) {
  size_t place = tanlu_label_index_find(index, text, "");
  if (place != TANLU_NONE) return place;
  place = labels->count;
  if (tanlu_label_index_add(index, text, "", place, context) != TANLU_OK) return TANLU_NONE;
  return tanlu_labels_add(labels, "", text, NULL, context) == TANLU_OK ? place : TANLU_NONE;
}

static bool make_room(size_t **first, size_t **second, size_t *capacity, size_t count) {
  if (count < *capacity) return true;
  const size_t larger = *capacity > 0 ? 2 * *capacity : 256;
  size_t *grown = realloc(*first, larger * sizeof *grown);
  if (grown != NULL) *first = grown;
  size_t *other = grown != NULL ? realloc(*second, larger * sizeof *other) : NULL;
  if (other == NULL) return false;
  *second = other;
  *capacity = larger;
  return true;
}

/* A label of two parts: their places, and a name that holds both. */
static tanlu_status add_pair(tanlu_region_table *t, tanlu_labels *labels, tanlu_label_index *index, const char *region,
                             const char *other, size_t a, size_t b, size_t *first, size_t *second) {
  if (a == TANLU_NONE || b == TANLU_NONE) return TANLU_ERR_MEMORY;
  const size_t length = strlen(region) + strlen(other) + 3;
  char *name = tanlu_allocate(t->context, length, 1);
  if (name == NULL) return TANLU_ERR_MEMORY;
  snprintf(name, length, "%s%s%s", region, region[0] != '\0' ? ": " : "", other);
  first[labels->count] = a;
  second[labels->count] = b;
  tanlu_status status = tanlu_label_index_add(index, region, other, labels->count, t->context);
  if (status == TANLU_OK) status = tanlu_labels_add(labels, "", name, NULL, t->context);
  free(name);
  return status;
}

tanlu_status tanlu_region_table_add_sector(tanlu_region_table *t, const char *region, const char *industry) {
  if (!make_room(&t->sector_region, &t->sector_industry, &t->sector_capacity, t->sector.count)) {
    return tanlu_fail(t->context, TANLU_ERR_MEMORY, "out of memory for the sectors");
  }
  const size_t a = place_of(&t->region, &t->regions, region, t->context);
  const size_t b = place_of(&t->industry, &t->industries, industry, t->context);
  return add_pair(t, &t->sector, &t->sectors, region, industry, a, b, t->sector_region, t->sector_industry);
}

tanlu_status tanlu_region_table_add_category(tanlu_region_table *t, const char *region, const char *kind) {
  if (!make_room(&t->category_region, &t->category_kind, &t->category_capacity, t->category.count)) {
    return tanlu_fail(t->context, TANLU_ERR_MEMORY, "out of memory for the categories");
  }
  const size_t a = place_of(&t->region, &t->regions, region, t->context);
  const size_t b = place_of(&t->kind, &t->kinds, kind, t->context);
  return add_pair(t, &t->category, &t->categories, region, kind, a, b, t->category_region, t->category_kind);
}

tanlu_status tanlu_region_table_describe(tanlu_region_table *t, const char *industry, const char *description) {
  const size_t k = tanlu_label_index_find(&t->industries, industry, "");
  if (k == TANLU_NONE || *description == '\0') return TANLU_OK;
  if (t->described == NULL) t->described = tanlu_allocate(t->context, t->industry.count, sizeof *t->described);
  if (t->described == NULL) return TANLU_ERR_MEMORY;
  if (t->described[k] == NULL) t->described[k] = tanlu_string_copy(t->context, description);
  return t->described[k] != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* ---- begin ------------------------------------------------------------------------------------------------------------------ */

/* Codes of pairs out of the codes of their parts; REGION_ is left out where the region has no name. */
static tanlu_status pair_codes(tanlu_region_table *t, tanlu_labels *labels, const size_t *region,
                               const tanlu_labels *other, const size_t *place) {
  tanlu_label_index taken = {0};
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; status == TANLU_OK && k < labels->count; k++) {
    const char *first = t->region.name[region[k]][0] != '\0' ? t->region.code[region[k]] : "";
    const char *second = other->code[place[k]];
    const size_t length = strlen(first) + strlen(second) + 26;
    char *code = tanlu_allocate(t->context, length, 1);
    if (code == NULL) {
      status = TANLU_ERR_MEMORY;
      break;
    }
    const char *bar = first[0] != '\0' ? "_" : "";
    snprintf(code, length, "%s%s%s", first, bar, second);
    for (size_t m = 2; tanlu_label_index_find(&taken, code, "") != TANLU_NONE; m++) {
      snprintf(code, length, "%s%s%s_%zu", first, bar, second, m);
    }
    free(labels->code[k]);
    labels->code[k] = code;
    status = tanlu_label_index_add(&taken, code, "", k, t->context);
  }
  tanlu_label_index_clear(&taken);
  return status;
}

/* Groups of a level: those of `labels` that have a sector, with codes that no other level has. */
static tanlu_status make_level(tanlu_region_table *t, size_t l, const char *name, const tanlu_labels *labels,
                               const size_t *of_sector) {
  tanlu_level *level = &t->level[l];
  level->name = tanlu_string_copy(t->context, name);
  level->of_sector = tanlu_allocate(t->context, t->sector.count, sizeof *level->of_sector);
  size_t *group = tanlu_allocate(t->context, labels->count, sizeof *group);
  tanlu_status status = level->name && level->of_sector && group ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t j = 0; status == TANLU_OK && j < t->sector.count; j++) {
    const size_t k = of_sector[j];
    if (group[k] == 0) {
      status = tanlu_labels_add(&level->group, labels->code[k], labels->name[k], NULL, t->context);
      group[k] = level->group.count;
    }
    level->of_sector[j] = group[k] - 1;
  }
  free(group);
  return status;
}

static tanlu_status make_codes(tanlu_region_table *t) {
  /* Words that mean something of their own where groups are named. */
  static const char *const reserved[] = {"all", "balance", "buildings", "vehicles", "heat_supply", "households", NULL};
  enum { WORDS = sizeof reserved / sizeof *reserved - 1 };
  size_t regions = 0, industries = 0;
  const char **taken = tanlu_allocate(t->context, t->region.count + WORDS + 1, sizeof *taken);
  if (taken == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_codes_assign(&t->region, reserved, &regions, t->context);
  if (status == TANLU_OK) {
    memcpy(taken, reserved, WORDS * sizeof *taken);
    for (size_t k = 0; k < t->region.count; k++) taken[WORDS + k] = t->region.code[k];
    status = tanlu_codes_assign(&t->industry, taken, &industries, t->context);
  }
  free(taken);
  if (status == TANLU_OK) status = tanlu_codes_assign(&t->kind, NULL, NULL, t->context);
  if (status == TANLU_OK) status = pair_codes(t, &t->sector, t->sector_region, &t->industry, t->sector_industry);
  if (status == TANLU_OK) status = pair_codes(t, &t->category, t->category_region, &t->kind, t->category_kind);
  if (status == TANLU_OK && regions + industries > 0) {
    status = tanlu_region_table_remark(t, "%zu codes that were taken already have a number behind them (_2, _3, ...)",
                                       regions + industries);
  }
  return status;
}

/* Once codes are made of them, names give way to what the industries are called. */
static tanlu_status put_descriptions(tanlu_region_table *t) {
  for (size_t j = 0; t->described != NULL && j < t->sector.count; j++) {
    const char *region = t->region.name[t->sector_region[j]], *text = t->described[t->sector_industry[j]];
    char *name = NULL;
    if (text == NULL) continue;
    if (asprintf(&name, "%s%s%s", region, region[0] != '\0' ? ": " : "", text) < 0) {
      return tanlu_fail(t->context, TANLU_ERR_MEMORY, "out of memory for a name");
    }
    free(t->sector.name[j]);
    t->sector.name[j] = name;
  }
  for (size_t k = 0; t->described != NULL && k < t->industry.count; k++) {
    if (t->described[k] == NULL) continue;
    free(t->industry.name[k]);
    t->industry.name[k] = t->described[k];
    t->described[k] = NULL;
  }
  return TANLU_OK;
}

static bool is_one_place(const tanlu_region_table *t) {
  for (size_t j = 1; j < t->sector.count; j++) {
    if (t->sector_region[j] != t->sector_region[0]) return false;
  }
  return true;
}

static tanlu_status make_levels(tanlu_region_table *t) {
  const bool one = is_one_place(t);
  tanlu_status status = TANLU_OK;
  if (!one) status = make_level(t, 0, "region", &t->region, t->sector_region);
  if (status == TANLU_OK) status = make_level(t, one ? 0 : 1, "sector", &t->industry, t->sector_industry);
  t->heads.levels = one ? 1 : 2;
  return status;
}

static tanlu_status make_arrays(tanlu_region_table *t) {
  const size_t n = t->sector.count, k = t->category.count;
  const bool split = t->heads.import_treatment == TANLU_IMPORT_SPLIT;
  double **const vectors[] = {&t->output,   &t->imports, &t->uses, &t->inputs, &t->discrepancy,
                              &t->negative, &t->scratch, &t->made, &t->stated};
  for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++) {
    *vectors[v] = tanlu_allocate_doubles(t->context, n, 1);
    if (*vectors[v] == NULL) return TANLU_ERR_MEMORY;
  }
  t->final_use = tanlu_allocate_doubles(t->context, n, k);
  t->final_domestic = split ? tanlu_allocate_doubles(t->context, n, k) : NULL;
  t->line = tanlu_allocate(t->context, n, sizeof *t->line);
  t->kept = tanlu_allocate(t->context, n, sizeof *t->kept);
  t->kept_domestic = tanlu_allocate(t->context, n, sizeof *t->kept_domestic);
  t->role = tanlu_allocate(t->context, k, sizeof *t->role);
  if (!t->final_use || (split && !t->final_domestic) || !t->line || !t->kept || !t->kept_domestic || !t->role) {
    return TANLU_ERR_MEMORY;
  }
  for (size_t c = 0; c < k; c++) t->role[c] = tanlu_role_of(t->kind.name[t->category_kind[c]]);
  t->missing = n;
  return TANLU_OK;
}

tanlu_status tanlu_region_table_begin(tanlu_region_table *t, const tanlu_region_heads *heads,
                                      const tanlu_table_sink *sink) {
  if (t->sector.count == 0 || t->category.count == 0) {
    return tanlu_fail_at(t->context, TANLU_ERR_INPUT, t->source, 0, 0, "holds no %s",
                         t->sector.count == 0 ? "sectors" : "final demand");
  }
  t->sink = sink;
  t->heads = (tanlu_table_heads){.name = heads->name,
                                 .title = heads->title,
                                 .region = heads->region,
                                 .base_year = heads->base_year,
                                 .money = heads->money,
                                 .import_treatment = heads->treatment,
                                 .balance_tolerance = heads->tolerance,
                                 .n = t->sector.count,
                                 .sector = &t->sector,
                                 .category = &t->category,
                                 .component = &t->component,
                                 .level = t->level};
  tanlu_status status = make_codes(t);
  if (status == TANLU_OK) status = put_descriptions(t);
  if (status == TANLU_OK) status = make_levels(t);
  if (status == TANLU_OK) status = make_arrays(t);
  t->heads.role = t->role;
  t->heads.sources = t->sources != NULL ? t->sources : "";
  return status == TANLU_OK ? sink->begin(sink->user, &t->heads, t->context) : status;
}

/* ---- numbers ------------------------------------------------------------------------------------------------------------------ */

/* A new column of n zeros beside those that labels has; the label is added last, so that a failure leaves all consistent. */
static double *add_column(tanlu_region_table *t, tanlu_labels *labels, double ***columns, const char *name) {
  double **grown = realloc(*columns, (labels->count + 1) * sizeof *grown);
  if (grown != NULL) *columns = grown;
  double *column = grown != NULL ? tanlu_allocate_doubles(t->context, t->sector.count, 1) : NULL;
  if (column == NULL || tanlu_labels_add(labels, "", name, NULL, t->context) != TANLU_OK) {
    free(column);
    tanlu_fail(t->context, TANLU_ERR_MEMORY, "out of memory for '%s'", name);
    return NULL;
  }
  return (*columns)[labels->count - 1] = column;
}

double *tanlu_region_table_component(tanlu_region_table *t, const char *name) {
  return add_column(t, &t->component, &t->added, name);
}

double *tanlu_region_table_extension(tanlu_region_table *t, const char *name, const char *unit) {
  char **grown = realloc(t->unit, (t->extension.count + 1) * sizeof *grown);
  char *copy = grown != NULL ? tanlu_string_copy(t->context, unit) : NULL;
  if (grown != NULL) t->unit = grown;
  double *column = copy != NULL ? add_column(t, &t->extension, &t->extended, name) : NULL;
  if (column == NULL) {
    free(copy);
  } else {
    t->unit[t->extension.count - 1] = copy;
  }
  return column;
}

static double *copy_row(tanlu_region_table *t, const double *row) {
  double *copy = tanlu_allocate_doubles(t->context, t->sector.count, 1);
  if (copy != NULL) memcpy(copy, row, t->sector.count * sizeof *row);
  return copy;
}

static tanlu_status hand_on(tanlu_region_table *t, const double *row, const double *domestic) {
  t->next++;
  return t->sink->flows(t->sink->user, row, domestic, t->context);
}

/* Those that waited for their turn. */
static tanlu_status hand_on_kept(tanlu_region_table *t) {
  tanlu_status status = TANLU_OK;
  while (status == TANLU_OK && t->next < t->sector.count && t->kept[t->next] != NULL) {
    const size_t i = t->next;
    status = hand_on(t, t->kept[i], t->kept_domestic[i]);
    free(t->kept[i]);
    free(t->kept_domestic[i]);
    t->kept[i] = t->kept_domestic[i] = NULL;
  }
  return status;
}

tanlu_status tanlu_region_table_row(tanlu_region_table *t, size_t i, const double *flows, const double *domestic) {
  const size_t n = t->sector.count;
  for (size_t j = 0; j < n; j++) {
    double flow = flows[j];
    if (domestic != NULL && (flow < 0.0 || domestic[j] < 0.0)) {
      return tanlu_fail_at(t->context, TANLU_ERR_INPUT, t->source, t->has_lines ? t->line[i] : 0, 0,
                           "'%s' used by '%s' is below zero; expected 0 or more in a table split by origin",
                           t->sector.code[i], t->sector.code[j]);
    }
    if (domestic != NULL) t->made[i] += domestic[j];
    if (flow < 0.0) {
      if (t->report != NULL) {
        tanlu_table_report_add(t->report, TANLU_REMARK_NEGATIVE_FLOW, flow, "%s -> %s", t->sector.code[i],
                               t->sector.code[j]);
      }
      t->negatives++;
      t->discrepancy[i] += flow;
      t->negative[j] += flow;
      flow = 0.0;
    }
    t->scratch[j] = flow;
    t->uses[i] += flow;
    t->inputs[j] += flow;
  }
  t->missing--;
  if (i == t->next) {
    const tanlu_status status = hand_on(t, t->scratch, domestic);
    return status == TANLU_OK ? hand_on_kept(t) : status;
  }
  t->kept[i] = copy_row(t, t->scratch);
  if (domestic != NULL) t->kept_domestic[i] = copy_row(t, domestic);
  return t->kept[i] != NULL && (domestic == NULL || t->kept_domestic[i] != NULL) ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* ---- remarks -------------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_region_table_remark(tanlu_region_table *t, const char *format, ...) {
  char *text = NULL;
  va_list list;
  va_start(list, format);
  const int length = vasprintf(&text, format, list);
  va_end(list);
  if (length >= 0 && t->report != NULL) {
    tanlu_table_report_fact(t->report, "%s", text);
    free(text);
    return TANLU_OK;
  }
  char *grown = length >= 0 ? realloc(t->sources, t->sources_length + (size_t)length + 4) : NULL;
  if (grown == NULL) {
    if (length >= 0) free(text);
    return tanlu_fail(t->context, TANLU_ERR_MEMORY, "out of memory for a remark");
  }
  t->sources = grown;
  t->sources_length += (size_t)snprintf(grown + t->sources_length, (size_t)length + 4, "- %s\n", text);
  free(text);
  return TANLU_OK;
}
