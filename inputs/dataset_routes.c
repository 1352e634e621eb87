/* Technology routes of processes, as policy/routes.csv states them. */
#include <math.h>
#include <string.h>

#include "inputs/dataset_policy_private.h"
#include "solvers/memory.h"

static const char *const class_word[] = {
#define X(code, word, name) word,
    TANLU_CARRIER_CLASS_LIST(X)
#undef X
};

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
    const size_t group = tanlu_policy_group(f->reader, f->table, row, f->index[R_MEMBER]);
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
  const double value = tanlu_policy_number(r, f->table, row, f->index[R_VALUE], true, 0.0, highest);
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
  if (fabs(sum - 1.0) > TANLU_POLICY_ROUNDING) {
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

void tanlu_dataset_read_routes(tanlu_reader *r) {
  tanlu_dataset *d = r->dataset;
  tanlu_route_statistics *s = &d->routes;
  route_reader f = {.reader = r};
  tanlu_csv *table = tanlu_policy_open(r, "routes", route_columns, ROUTE_COLUMNS, f.index);
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
    if (p != TANLU_NONE && !tanlu_policy_repeated(table, row, f.index[R_PROCESS])) check_process(&f, row, p);
  }
  tanlu_csv_free(&table);
}
