/* Efficiency tiers, technology routes and costs of power plants: the files of policy/ that dataset.yaml names. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/dataset_reader.h"
#include "solvers/memory.h"

/* Shares that add up to one but for this. */
static const double rounding = 1e-6;

static const char *const class_word[] = {
#define X(code, word, name) word,
    TANLU_CARRIER_CLASS_LIST(X)
#undef X
};

/* The file that `policy: {KEY: FILE}` names, with its columns checked; NULL where there is none or it is wrong. */
static tanlu_csv *open_named(tanlu_reader *r, const char *key, const char *const *columns, size_t count,
                             size_t *index) {
  const tanlu_yaml *node = tanlu_yaml_find(tanlu_yaml_find(r->settings, "policy"), key);
  if (!node) return NULL;
  char digest[TANLU_SHA256_TEXT], *path = NULL, *name = NULL;
  tanlu_csv *table = NULL;
  tanlu_context *inner = tanlu_context_create();
  if (node->kind != TANLU_YAML_SCALAR ||
      tanlu_input_find(&path, "policy", node->text, r->directory, inner) != TANLU_OK) {
    tanlu_reader_ok(r,
                    tanlu_yaml_fail(node, r->context, "%s: no file '%s' beside the dataset or among the policy files",
                                    key, node->text ? node->text : ""));
  } else if (tanlu_reader_ok(r, tanlu_csv_read(&table, path, digest, r->context))) {
    if (asprintf(&name, "policy/%s", node->text) < 0) name = NULL;
    tanlu_reader_record(r, name ? name : node->text, digest);
    if (!tanlu_reader_ok(r, tanlu_csv_columns(table, columns, count, count, index, r->context))) tanlu_csv_free(&table);
  }
  tanlu_context_free(&inner);
  free(path);
  free(name);
  return table;
}

/* The first of the groups in a cell that the dataset has; TANLU_NONE where it has none of them. */
static size_t own_group(tanlu_reader *r, const tanlu_csv *table, size_t row, size_t column) {
  const char *cursor = tanlu_csv_text(table, row, column);
  size_t group = TANLU_NONE;
  if (*cursor == '\0') {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, column, r->context, "a process needs the group it is part of"));
  }
  for (char *word = NULL; tanlu_reader_next_word(&cursor, &word);) {
    const size_t found = tanlu_labels_find(tanlu_dataset_policy_groups(r->dataset), word);
    if (group == TANLU_NONE) group = found;
  }
  return group;
}

/* A cell as a number within bounds; NaN stays where the cell is empty. */
static double number(tanlu_reader *r, const tanlu_csv *table, size_t row, size_t column, bool required, double lowest,
                     double highest) {
  double value = (double)NAN;
  if (!required && *tanlu_csv_text(table, row, column) == '\0') return value;
  tanlu_reader_ok(r, tanlu_csv_number_within(table, row, column, (double)NAN, lowest, highest, &value, r->context));
  return value;
}

/* ---- efficiency-tiers.csv ---------------------------------------------------------------------------------------------- */

enum {
  PROCESS,
  PROCESS_NAME,
  PROCESS_NAME_ZH,
  GROUPS,
  OUTPUT,
  BEYOND,
  FEEDSTOCK,
  YEAR,
  BELOW,
  ABOVE,
  GOAL_YEAR,
  GOAL_BELOW,
  GOAL_ABOVE,
  PRODUCT,
  NAME,
  NAME_ZH,
  WEIGHT,
  UNIT,
  BASELINE,
  BENCHMARK,
  SOURCE,
  TIER_COLUMNS
};
static const char *const tier_columns[TIER_COLUMNS] = {
    "process", "process_name", "process_name_zh", "groups",    "output",     "beyond",     "feedstock",
    "year",    "below",        "above",           "goal_year", "goal_below", "goal_above", "product",
    "name",    "name_zh",      "weight",          "unit",      "baseline",   "benchmark",  "source"};

/* Units of specific energy: GJ of the numerator. */
static const struct {
  const char *word;
  double gj;
} units[] = {{"kgce/", 0.0293076}, {"kgoe/", 0.041868}, {"kWh/", 0.0036}};

/* Shares of three tiers from those below and above; what is left lies between. */
static void read_shares(tanlu_reader *r, const tanlu_csv *table, size_t row, size_t below, size_t above,
                        double *share) {
  const double low = number(r, table, row, below, false, 0.0, 1.0);
  const double high = number(r, table, row, above, false, 0.0, 1.0);
  share[TANLU_TIER_BELOW] = low;
  share[TANLU_TIER_ABOVE] = high;
  share[TANLU_TIER_BETWEEN] = 1.0 - low - high;
  if (low + high > 1.0 + rounding) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, above, r->context,
                                      "the shares below and above add up to %g; expected at most 1", low + high));
  }
}

/* The first row of a process says what holds for all its products. False where the dataset has no such group. */
static bool read_tier_process(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  static const size_t label[] = {PROCESS, PROCESS_NAME, PROCESS_NAME_ZH};
  tanlu_tier_statistics *s = &r->dataset->tiers;
  const size_t group = own_group(r, table, row, index[GROUPS]);
  if (group == TANLU_NONE) return false;
  const size_t columns[] = {index[label[0]], index[label[1]], index[label[2]]};
  if (!tanlu_reader_label(r, table, row, columns, "process", &s->process)) return false;
  const size_t p = s->process.count - 1;
  double year = r->dataset->base_year, *share = s->share + p * TANLU_TIERS, *goal = s->goal + p * TANLU_TIERS;
  s->group[p] = group;
  s->output[p] = number(r, table, row, index[OUTPUT], true, 0.0, HUGE_VAL);
  s->beyond[p] = number(r, table, row, index[BEYOND], true, 0.0, 10.0);
  tanlu_reader_ok(r, tanlu_csv_yes_no(table, row, index[FEEDSTOCK], &s->feedstock[p], r->context));
  read_shares(r, table, row, index[BELOW], index[ABOVE], share);
  s->has_shares[p] = !isnan(share[TANLU_TIER_BETWEEN]);
  if (!s->has_shares[p] && !(isnan(share[TANLU_TIER_BELOW]) && isnan(share[TANLU_TIER_ABOVE]))) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[isnan(share[TANLU_TIER_BELOW]) ? BELOW : ABOVE], r->context,
                                      "only one share is given; expected those below and above, or none"));
  }
  for (int k = 0; k < TANLU_TIERS && !s->has_shares[p]; k++) share[k] = 0.0;
  if (s->has_shares[p]) year = number(r, table, row, index[YEAR], true, 1900.0, 2200.0);
  if (!isnan(year) && year != (double)r->dataset->base_year) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[YEAR], r->context, "shares of %g; expected those of %d", year,
                                      r->dataset->base_year));
  }
  const double goal_year = number(r, table, row, index[GOAL_YEAR], false, 1900.0, 2200.0);
  s->goal_year[p] = isnan(goal_year) ? 0 : (int)goal_year;
  read_shares(r, table, row, index[GOAL_BELOW], index[GOAL_ABOVE], goal);
  return true;
}

static void read_levels(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row, size_t process) {
  tanlu_tier_statistics *s = &r->dataset->tiers;
  const size_t columns[] = {index[PRODUCT], index[NAME], index[NAME_ZH]};
  if (!tanlu_reader_label(r, table, row, columns, "product", &s->product)) return;
  const size_t i = s->product.count - 1;
  const char *unit = tanlu_csv_text(table, row, index[UNIT]);
  s->of_process[i] = process;
  s->unit[i] = tanlu_string_copy(r->context, unit);
  if (!s->unit[i]) tanlu_reader_ok(r, TANLU_ERR_MEMORY);
  for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
    if (strncmp(unit, units[k].word, strlen(units[k].word)) == 0) s->energy[i] = units[k].gj;
  }
  if (s->energy[i] == 0.0) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[UNIT], r->context,
                                      "unit '%s'; expected kgce, kgoe or kWh per unit of output", unit));
  }
  s->weight[i] = number(r, table, row, index[WEIGHT], true, 0.0, 1.0);
  s->baseline[i] = number(r, table, row, index[BASELINE], true, -HUGE_VAL, HUGE_VAL);
  s->benchmark[i] = number(r, table, row, index[BENCHMARK], true, -HUGE_VAL, HUGE_VAL);
  if (s->benchmark[i] > s->baseline[i]) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[BENCHMARK], r->context,
                                      "the benchmark %g takes more energy than the baseline %g; expected less",
                                      s->benchmark[i], s->baseline[i]));
  }
  if (*tanlu_csv_text(table, row, index[SOURCE]) == '\0') {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[SOURCE], r->context, "levels need a source"));
  }
}

/* Does the row repeat the code of one before it? */
static bool is_repeated(const tanlu_csv *table, size_t row, size_t column) {
  for (size_t before = 0; before < row; before++) {
    if (strcmp(tanlu_csv_text(table, before, column), tanlu_csv_text(table, row, column)) == 0) return true;
  }
  return false;
}

/* Further rows of a process leave empty what its first row says. */
static void check_empty(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  for (size_t c = PROCESS_NAME; c <= GOAL_ABOVE; c++) {
    if (*tanlu_csv_text(table, row, index[c]) == '\0') continue;
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[c], r->context,
                                      "the first row of process '%s' says this; expected an empty field",
                                      tanlu_csv_text(table, row, index[PROCESS])));
  }
}

static void check_weights(tanlu_reader *r, const tanlu_csv *table, const size_t *index) {
  const tanlu_tier_statistics *s = &r->dataset->tiers;
  for (size_t row = 0; row < table->rows; row++) {
    const size_t p = tanlu_labels_find(&s->process, tanlu_csv_text(table, row, index[PROCESS]));
    double sum = 0.0;
    if (p == TANLU_NONE || is_repeated(table, row, index[PROCESS])) continue;
    for (size_t i = 0; i < s->product.count; i++) sum += s->of_process[i] == p ? s->weight[i] : 0.0;
    if (fabs(sum - 1.0) <= rounding) continue;
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[WEIGHT], r->context,
                                      "the weights of the products of '%s' add up to %g; expected 1",
                                      s->process.code[p], sum));
  }
}

static void read_tiers(tanlu_reader *r) {
  tanlu_tier_statistics *s = &r->dataset->tiers;
  size_t index[TIER_COLUMNS];
  tanlu_csv *table = open_named(r, "efficiency_tiers", tier_columns, TIER_COLUMNS, index);
  if (!table) return;
  s->group = tanlu_reader_allocate(r, table->rows, sizeof *s->group);
  s->output = tanlu_reader_allocate(r, table->rows, sizeof *s->output);
  s->beyond = tanlu_reader_allocate(r, table->rows, sizeof *s->beyond);
  s->feedstock = tanlu_reader_allocate(r, table->rows, sizeof *s->feedstock);
  s->has_shares = tanlu_reader_allocate(r, table->rows, sizeof *s->has_shares);
  s->share = tanlu_reader_allocate(r, table->rows * TANLU_TIERS, sizeof *s->share);
  s->goal_year = tanlu_reader_allocate(r, table->rows, sizeof *s->goal_year);
  s->goal = tanlu_reader_allocate(r, table->rows * TANLU_TIERS, sizeof *s->goal);
  s->of_process = tanlu_reader_allocate(r, table->rows, sizeof *s->of_process);
  s->weight = tanlu_reader_allocate(r, table->rows, sizeof *s->weight);
  s->unit = tanlu_reader_allocate(r, table->rows, sizeof *s->unit);
  s->energy = tanlu_reader_allocate(r, table->rows, sizeof *s->energy);
  s->baseline = tanlu_reader_allocate(r, table->rows, sizeof *s->baseline);
  s->benchmark = tanlu_reader_allocate(r, table->rows, sizeof *s->benchmark);
  for (size_t row = 0; row < table->rows && r->status != TANLU_ERR_MEMORY; row++) {
    const char *code = tanlu_csv_text(table, row, index[PROCESS]);
    size_t process = tanlu_labels_find(&s->process, code);
    if (is_repeated(table, row, index[PROCESS])) {
      check_empty(r, table, index, row);
    } else if (read_tier_process(r, table, index, row)) {
      process = s->process.count - 1;
    }
    if (process != TANLU_NONE) read_levels(r, table, index, row, process);
  }
  if (r->status == TANLU_OK) check_weights(r, table, index);
  tanlu_csv_free(&table);
}

/* ---- routes.csv ---------------------------------------------------------------------------------------------------------- */

enum { R_PROCESS, R_ROUTE, R_ITEM, R_MEMBER, R_VALUE, R_UNIT, R_SOURCE, ROUTE_COLUMNS };
static const char *const route_columns[ROUTE_COLUMNS] = {"process", "route", "item",  "member",
                                                         "value",   "unit",  "source"};
enum { I_GROUP, I_OUTPUT, I_SHARE, I_FINAL, I_FEEDSTOCK, I_PROCESS, I_CAPTURE, ITEMS };
static const char *const item_word[ITEMS] = {"group", "output", "share", "final", "feedstock", "process", "capture"};
static const char *const item_unit[ITEMS] = {"", "Mt", "1", "GJ/t", "GJ/t", "t/t", "1"};

typedef struct {
  tanlu_reader *reader;
  const tanlu_csv *table;
  size_t index[ROUTE_COLUMNS];
} route_reader;

/* A label by its code in a column, added where it is new. */
static size_t label_of(route_reader *f, size_t row, int column, const char *noun, tanlu_labels *labels) {
  const size_t at = tanlu_labels_find(labels, tanlu_csv_text(f->table, row, f->index[column]));
  const size_t index[] = {f->index[column], TANLU_NONE, TANLU_NONE};
  if (at != TANLU_NONE) return at;
  return tanlu_reader_label(f->reader, f->table, row, index, noun, labels) ? labels->count - 1 : TANLU_NONE;
}

/* Processes whose group the dataset has, and the routes of these. */
static void read_route_labels(route_reader *f) {
  tanlu_route_statistics *s = &f->reader->dataset->routes;
  for (size_t row = 0; row < f->table->rows; row++) {
    if (strcmp(tanlu_csv_text(f->table, row, f->index[R_ITEM]), item_word[I_GROUP]) != 0) continue;
    const size_t group = own_group(f->reader, f->table, row, f->index[R_MEMBER]);
    if (group == TANLU_NONE) continue;
    const size_t p = label_of(f, row, R_PROCESS, "process", &s->process);
    if (p != TANLU_NONE) s->group[p] = group;
  }
  for (size_t row = 0; row < f->table->rows; row++) {
    if (tanlu_labels_find(&s->process, tanlu_csv_text(f->table, row, f->index[R_PROCESS])) == TANLU_NONE ||
        *tanlu_csv_text(f->table, row, f->index[R_ROUTE]) == '\0') {
      continue;
    }
    label_of(f, row, R_ROUTE, "route", &s->route);
  }
}

/* The place that a row's number goes to; NULL after an error. */
static double *place_of(route_reader *f, size_t row, size_t p, size_t route, size_t item) {
  tanlu_dataset *d = f->reader->dataset;
  tanlu_route_statistics *s = &d->routes;
  const size_t at = p * s->route.count + route, emissions = d->products.emission.count;
  size_t member = 0;
  switch (item) {
  case I_OUTPUT:
    return &s->output[p];
  case I_SHARE:
    return &s->share[at];
  case I_CAPTURE:
    return &s->capture[at];
  case I_PROCESS:
    if (!tanlu_reader_ok(f->reader, tanlu_csv_code(f->table, row, f->index[R_MEMBER], "process emission",
                                                   &d->products.emission, false, &member, f->reader->context))) {
      return NULL;
    }
    return &s->emission[at * emissions + member];
  default:
    break;
  }
  if (!tanlu_reader_ok(f->reader, tanlu_csv_word(f->table, row, f->index[R_MEMBER], "carrier class", class_word,
                                                 TANLU_CLASS_COUNT, &member, f->reader->context))) {
    return NULL;
  }
  if (item == I_FEEDSTOCK) return &s->feedstock[at * TANLU_CLASS_COUNT + member];
  if (d->group_energy.efficiency != NULL &&
      d->group_energy.efficiency[s->group[p] * TANLU_CLASS_COUNT + member] == 0.0) {
    tanlu_reader_ok(f->reader, tanlu_csv_fail(f->table, row, f->index[R_MEMBER], f->reader->context,
                                              "no efficiency is stated for %s in group '%s'", class_word[member],
                                              tanlu_dataset_policy_groups(d)->code[s->group[p]]));
    return NULL;
  }
  return &s->final[at * TANLU_CLASS_COUNT + member];
}

static void read_route_row(route_reader *f, size_t row) {
  tanlu_reader *r = f->reader;
  tanlu_route_statistics *s = &r->dataset->routes;
  const char *route_code = tanlu_csv_text(f->table, row, f->index[R_ROUTE]);
  const size_t p = tanlu_labels_find(&s->process, tanlu_csv_text(f->table, row, f->index[R_PROCESS]));
  size_t item = 0;
  if (!tanlu_reader_ok(r,
                       tanlu_csv_word(f->table, row, f->index[R_ITEM], "item", item_word, ITEMS, &item, r->context)) ||
      p == TANLU_NONE) {
    return;
  }
  if ((item == I_GROUP || item == I_OUTPUT) != (*route_code == '\0')) {
    tanlu_reader_ok(r, tanlu_csv_fail(f->table, row, f->index[R_ROUTE], r->context, "'%s' belongs to a %s; expected %s",
                                      item_word[item], *route_code ? "process" : "route",
                                      *route_code ? "an empty field" : "a route"));
    return;
  }
  if (strcmp(item_unit[item], tanlu_csv_text(f->table, row, f->index[R_UNIT])) != 0) {
    tanlu_reader_ok(r,
                    tanlu_csv_fail(f->table, row, f->index[R_UNIT], r->context, "unit '%s' of %s; expected '%s'",
                                   tanlu_csv_text(f->table, row, f->index[R_UNIT]), item_word[item], item_unit[item]));
  }
  if (item == I_GROUP) return;
  const size_t route = *route_code ? tanlu_labels_find(&s->route, route_code) : 0;
  const double highest = item == I_SHARE ? 1.0 : item == I_CAPTURE ? 0.99 : HUGE_VAL;
  const double value = number(r, f->table, row, f->index[R_VALUE], true, 0.0, highest);
  if (*tanlu_csv_text(f->table, row, f->index[R_SOURCE]) == '\0') {
    tanlu_reader_ok(r, tanlu_csv_fail(f->table, row, f->index[R_SOURCE], r->context, "a number needs a source"));
  }
  if (route == TANLU_NONE) return;
  double *place = place_of(f, row, p, route, item);
  if (place != NULL) *place = value;
  if (item == I_SHARE) s->has[p * s->route.count + route] = true;
}

/* The same process, route, item and member twice; a route without a share. */
static void check_rows(route_reader *f) {
  const tanlu_route_statistics *s = &f->reader->dataset->routes;
  for (size_t row = 0; row < f->table->rows; row++) {
    for (size_t before = 0; before < row; before++) {
      bool same = true;
      for (int c = R_PROCESS; c <= R_MEMBER && same; c++) {
        same = strcmp(tanlu_csv_text(f->table, row, f->index[c]), tanlu_csv_text(f->table, before, f->index[c])) == 0;
      }
      if (!same) continue;
      tanlu_reader_ok(f->reader, tanlu_csv_fail(f->table, row, f->index[R_ITEM], f->reader->context,
                                                "a second value; the first is in line %zu", f->table->line[before]));
      break;
    }
    const size_t p = tanlu_labels_find(&s->process, tanlu_csv_text(f->table, row, f->index[R_PROCESS]));
    const size_t route = tanlu_labels_find(&s->route, tanlu_csv_text(f->table, row, f->index[R_ROUTE]));
    if (p == TANLU_NONE || route == TANLU_NONE || s->has[p * s->route.count + route]) continue;
    tanlu_reader_ok(f->reader, tanlu_csv_fail(f->table, row, f->index[R_ROUTE], f->reader->context,
                                              "route '%s' of '%s' has no share in the base year; expected one, if 0",
                                              s->route.code[route], s->process.code[p]));
  }
}

/* Shares of a process add up to one, and what it emits has something to be counted from. */
static void check_process(route_reader *f, size_t row, size_t p) {
  const tanlu_dataset *d = f->reader->dataset;
  const tanlu_route_statistics *s = &d->routes;
  const size_t routes = s->route.count, emissions = d->products.emission.count;
  double sum = 0.0;
  for (size_t i = 0; i < routes; i++) sum += s->share[p * routes + i];
  if (fabs(sum - 1.0) > rounding) {
    tanlu_reader_ok(f->reader, tanlu_csv_fail(f->table, row, f->index[R_PROCESS], f->reader->context,
                                              "the shares of the routes of '%s' add up to %g; expected 1",
                                              s->process.code[p], sum));
  }
  if (!(s->output[p] > 0.0)) {
    tanlu_reader_ok(f->reader, tanlu_csv_fail(f->table, row, f->index[R_PROCESS], f->reader->context,
                                              "process '%s' has no output in the base year", s->process.code[p]));
  }
  for (size_t e = 0; e < emissions; e++) {
    double base = 0.0, most = 0.0;
    for (size_t i = 0; i < routes; i++) {
      const double factor = s->emission[(p * routes + i) * emissions + e];
      base += s->share[p * routes + i] * factor;
      most = fmax(most, factor);
    }
    if (!(most > 0.0) || base > 0.0) continue;
    tanlu_reader_ok(f->reader, tanlu_csv_fail(f->table, row, f->index[R_PROCESS], f->reader->context,
                                              "no route of '%s' in use emits '%s' in the base year; expected one",
                                              s->process.code[p], d->products.emission.code[e]));
  }
}

static void read_routes(tanlu_reader *r) {
  tanlu_dataset *d = r->dataset;
  tanlu_route_statistics *s = &d->routes;
  route_reader f = {.reader = r};
  tanlu_csv *table = open_named(r, "routes", route_columns, ROUTE_COLUMNS, f.index);
  if (!table) return;
  f.table = table;
  s->group = tanlu_reader_allocate(r, table->rows, sizeof *s->group);
  if (s->group) read_route_labels(&f);
  const size_t all = s->process.count * s->route.count;
  s->output = tanlu_reader_allocate(r, s->process.count, sizeof *s->output);
  s->has = tanlu_reader_allocate(r, all, sizeof *s->has);
  s->share = tanlu_reader_allocate(r, all, sizeof *s->share);
  s->final = tanlu_reader_allocate(r, all * TANLU_CLASS_COUNT, sizeof *s->final);
  s->feedstock = tanlu_reader_allocate(r, all * TANLU_CLASS_COUNT, sizeof *s->feedstock);
  s->emission = tanlu_reader_allocate(r, all * d->products.emission.count, sizeof *s->emission);
  s->capture = tanlu_reader_allocate(r, all, sizeof *s->capture);
  for (size_t row = 0; row < table->rows && r->status != TANLU_ERR_MEMORY; row++) read_route_row(&f, row);
  if (r->status == TANLU_OK) check_rows(&f);
  for (size_t row = 0; row < table->rows && r->status == TANLU_OK; row++) {
    const size_t p = tanlu_labels_find(&s->process, tanlu_csv_text(table, row, f.index[R_PROCESS]));
    if (p != TANLU_NONE && !is_repeated(table, row, f.index[R_PROCESS])) check_process(&f, row, p);
  }
  tanlu_csv_free(&table);
}

/* ---- investment.csv ------------------------------------------------------------------------------------------------------ */

enum { V_TECHNOLOGY, V_COST, V_LIFETIME, V_SOURCE, INVESTMENT_COLUMNS };
static const char *const investment_columns[INVESTMENT_COLUMNS] = {"technology", "cost", "lifetime", "source"};

static void read_plant(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  tanlu_investment_statistics *s = &r->dataset->investment;
  size_t i = 0;
  if (!tanlu_reader_ok(r, tanlu_csv_code(table, row, index[V_TECHNOLOGY], "technology", &r->dataset->power.technology,
                                         false, &i, r->context))) {
    return;
  }
  if (is_repeated(table, row, index[V_TECHNOLOGY])) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[V_TECHNOLOGY], r->context, "a second row of '%s'",
                                      r->dataset->power.technology.code[i]));
  }
  s->cost[i] = number(r, table, row, index[V_COST], true, 0.0, 1e6);
  s->lifetime[i] = number(r, table, row, index[V_LIFETIME], true, 1.0, 200.0);
  if (*tanlu_csv_text(table, row, index[V_SOURCE]) == '\0') {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[V_SOURCE], r->context, "a cost needs a source"));
  }
}

static void read_investment(tanlu_reader *r) {
  tanlu_investment_statistics *s = &r->dataset->investment;
  const size_t technologies = r->dataset->power.technology.count;
  size_t index[INVESTMENT_COLUMNS];
  tanlu_csv *table = open_named(r, "investment", investment_columns, INVESTMENT_COLUMNS, index);
  if (!table) return;
  s->cost = tanlu_reader_allocate(r, technologies, sizeof *s->cost);
  s->lifetime = tanlu_reader_allocate(r, technologies, sizeof *s->lifetime);
  for (size_t i = 0; i < technologies && s->cost && s->lifetime; i++) s->cost[i] = s->lifetime[i] = (double)NAN;
  for (size_t row = 0; row < table->rows && s->cost && s->lifetime; row++) read_plant(r, table, index, row);
  tanlu_csv_free(&table);
}

void tanlu_dataset_read_policy(tanlu_reader *r) {
  static const char *const keys[] = {"efficiency_tiers", "routes", "investment"};
  const tanlu_yaml *policy = tanlu_yaml_find(r->settings, "policy");
  if (!policy || !tanlu_reader_ok(r, tanlu_yaml_check_keys(policy, "policy", keys, 3, r->context))) return;
  read_tiers(r);
  read_routes(r);
  read_investment(r);
}
