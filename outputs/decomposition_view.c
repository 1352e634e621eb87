#include "outputs/decomposition_view.h"

#include <math.h>
#include <stdlib.h>

#include "model/lmdi.h"
#include "outputs/csv_write.h"
#include "outputs/table.h"
#include "solvers/memory.h"

enum { DECIMALS = 1, FACTOR_DECIMALS = 4 };

static int decimals_of(const tanlu_decomposition *d) {
  return d->decimals > 0 ? d->decimals : DECIMALS;
}

/* ---- numbers ----------------------------------------------------------------------------------------------------------- */

static double sum_parts(const tanlu_decomposition *d, const double *effect, size_t k) {
  double sum = 0.0;
  for (size_t p = 0; p < d->parts->count; p++) sum += effect[k * d->parts->count + p];
  return sum;
}

/* Effects of the whole; their factors in the multiplicative form. NULL without memory or logarithm. */
static double *totals(const tanlu_decomposition *d, tanlu_context *context) {
  double *total = tanlu_allocate_doubles(context, d->effects->count, 1);
  for (size_t k = 0; total != NULL && k < d->effects->count; k++) total[k] = sum_parts(d, d->effect, k);
  if (total == NULL || !d->multiplicative) return total;
  if (tanlu_lmdi_multiplicative(d->effects->count, d->from.total, d->to.total, total)) return total;
  (void)tanlu_fail(context, TANLU_ERR_MODEL,
                   "%s goes from %.6g to %.6g %s: there is no ratio of it; expected --additive", d->what, d->from.total,
                   d->to.total, d->unit);
  free(total);
  return NULL;
}

/* All effects together: their sum or product. */
static double together(const tanlu_decomposition *d, const double *total) {
  double all = d->multiplicative ? 1.0 : 0.0;
  for (size_t k = 0; k < d->effects->count; k++) all = d->multiplicative ? all * total[k] : all + total[k];
  return all;
}

static double change(const tanlu_decomposition *d) {
  return d->multiplicative ? d->to.total / d->from.total : d->to.total - d->from.total;
}

/* ---- effects of the whole -------------------------------------------------------------------------------------------------- */

static void print_title(const tanlu_decomposition *d, FILE *stream) {
  if (d->from.year != d->to.year) {
    (void)fprintf(stream, "%s of %s, %d to %d", d->what, d->to.scenario, d->from.year, d->to.year);
  } else {
    (void)fprintf(stream, "%s in %d, %s to %s", d->what, d->to.year, d->from.scenario, d->to.scenario);
  }
  (void)fprintf(stream, ": %.*f to %.*f %s (%s%s)\n", decimals_of(d), d->from.total, decimals_of(d), d->to.total,
                d->unit, d->method, d->multiplicative ? ", multiplicative" : "");
}

/* A line of text, numbers and, in additive form, what they are of the first total. */
static void add_line(tanlu_table *table, const tanlu_decomposition *d, const char *name, double value, double chained,
                     bool with_chain) {
  const int decimals = d->multiplicative ? FACTOR_DECIMALS : decimals_of(d);
  tanlu_table_text(table, name);
  tanlu_table_number(table, value, decimals);
  if (!d->multiplicative) tanlu_table_number(table, 100.0 * value / d->from.total, 1);
  if (with_chain) tanlu_table_number(table, chained, decimals);
}

static void add_residual(tanlu_table *table, const tanlu_decomposition *d, const double *total, const double *chained) {
  char text[32];
  tanlu_table_text(table, "residual");
  (void)snprintf(text, sizeof text, "%.1e", together(d, total) - change(d));
  tanlu_table_text(table, text);
  if (!d->multiplicative) tanlu_table_text(table, "");
  if (chained == NULL) return;
  (void)snprintf(text, sizeof text, "%.1e", together(d, chained) - change(d));
  tanlu_table_text(table, text);
}

tanlu_status tanlu_decomposition_print(const tanlu_decomposition *d, const double *chained, FILE *stream,
                                       tanlu_context *context) {
  tanlu_status status = TANLU_ERR_MODEL;
  double *total = totals(d, context);
  tanlu_table *table = total != NULL ? tanlu_table_create(context) : NULL;
  char heading[96];
  if (table == NULL) goto cleanup;
  print_title(d, stream);
  tanlu_table_column(table, "effect", TANLU_LEFT);
  tanlu_table_column(table, d->multiplicative ? "factor" : d->unit, TANLU_RIGHT);
  if (d->from.year == d->to.year) {
    (void)snprintf(heading, sizeof heading, "%% of %s", d->from.scenario);
  } else {
    (void)snprintf(heading, sizeof heading, "%% of %d", d->from.year);
  }
  if (!d->multiplicative) tanlu_table_column(table, heading, TANLU_RIGHT);
  if (chained != NULL) tanlu_table_column(table, "year by year", TANLU_RIGHT);
  for (size_t k = 0; k < d->effects->count; k++) {
    add_line(table, d, d->effects->name[k], total[k], chained != NULL ? chained[k] : 0.0, chained != NULL);
  }
  add_line(table, d, d->multiplicative ? "product" : "sum", together(d, total),
           chained != NULL ? together(d, chained) : 0.0, chained != NULL);
  (void)snprintf(heading, sizeof heading, d->multiplicative ? "ratio of %s" : "change of %s", d->what);
  add_line(table, d, heading, change(d), change(d), chained != NULL);
  add_residual(table, d, total, chained);
  status = tanlu_table_print(table, stream, context);
cleanup:
  tanlu_table_free(&table);
  free(total);
  return status;
}

/* ---- parts ------------------------------------------------------------------------------------------------------------------- */

typedef struct {
  size_t part;
  double size; /* what it is sorted by: its largest effect */
} ranked;

static int largest_first(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  return x->size != y->size ? (x->size < y->size) - (x->size > y->size) : (x->part > y->part) - (x->part < y->part);
}

static int in_order(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  return (x->part > y->part) - (x->part < y->part);
}

/* Effects of parts first .. last - 1 of `order` in one line; those of columns not shown are left out. */
static void add_part(tanlu_table *table, const tanlu_decomposition *d, const char *name, const ranked *order,
                     size_t first, size_t last, const bool *shown) {
  double all = 0.0;
  tanlu_table_text(table, name);
  for (size_t k = 0; k < d->effects->count; k++) {
    double sum = 0.0;
    for (size_t i = first; i < last; i++) sum += d->effect[k * d->parts->count + order[i].part];
    if (shown[k]) tanlu_table_number(table, sum, decimals_of(d));
    all += sum;
  }
  tanlu_table_number(table, all, decimals_of(d));
}

/* Codes are words, but where they are numbers (sectors). */
static const char *part_name(const tanlu_decomposition *d, size_t part) {
  const char first = d->parts->code[0][0];
  return first >= '0' && first <= '9' ? d->parts->name[part] : d->parts->code[part];
}

static void part_columns(tanlu_table *table, const tanlu_decomposition *d, const bool *shown) {
  char heading[128];
  (void)snprintf(heading, sizeof heading, "by part, %s", d->unit);
  tanlu_table_column(table, heading, TANLU_LEFT);
  for (size_t k = 0; k < d->effects->count; k++) {
    if (!shown[k]) continue;
    (void)snprintf(heading, sizeof heading, "%s", d->effects->code[k]);
    for (char *p = heading; *p != '\0'; p++) *p = *p == '_' ? ' ' : *p;
    tanlu_table_column(table, heading, TANLU_RIGHT);
  }
  tanlu_table_column(table, "change", TANLU_RIGHT);
}

tanlu_status tanlu_decomposition_print_parts(const tanlu_decomposition *d, size_t top, FILE *stream,
                                             tanlu_context *context) {
  const size_t parts = d->parts->count, effects = d->effects->count;
  const double visible = 0.5 * pow(10.0, -decimals_of(d));
  tanlu_status status = TANLU_ERR_MEMORY;
  ranked *order = tanlu_allocate(context, parts, sizeof *order);
  bool *shown = tanlu_allocate(context, effects, sizeof *shown);
  tanlu_table *table = tanlu_table_create(context);
  if (order == NULL || shown == NULL || table == NULL) goto cleanup;
  for (size_t p = 0; p < parts; p++) {
    order[p] = (ranked){p, 0.0};
    for (size_t k = 0; k < effects; k++) {
      const double size = fabs(d->effect[k * parts + p]);
      order[p].size = fmax(order[p].size, size);
      shown[k] = shown[k] || size >= visible;
    }
  }
  qsort(order, parts, sizeof *order, largest_first);
  size_t seen = parts;
  while (seen > 0 && order[seen - 1].size < visible) seen--;
  const size_t first = seen <= top + 1 ? seen : top; /* no line "1 others" */
  qsort(order, first, sizeof *order, in_order);
  part_columns(table, d, shown);
  for (size_t i = 0; i < first; i++) add_part(table, d, part_name(d, order[i].part), order, i, i + 1, shown);
  char name[64];
  (void)snprintf(name, sizeof name, "%zu others", parts - first);
  if (first < seen) add_part(table, d, name, order, first, parts, shown);
  add_part(table, d, "all", order, 0, parts, shown);
  (void)fputc('\n', stream);
  status = tanlu_table_print(table, stream, context);
  bool left_out = false;
  for (size_t k = 0; k < effects; k++) {
    if (!shown[k]) (void)fprintf(stream, "%s%s", left_out ? ", " : "Nowhere visible: ", d->effects->code[k]);
    left_out = left_out || !shown[k];
  }
  if (left_out) (void)fputc('\n', stream);
cleanup:
  tanlu_table_free(&table);
  free(order);
  free(shown);
  return status;
}

/* ---- levers ------------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_decomposition_print_levers(const tanlu_decomposition *d, const tanlu_lever_split *split,
                                              FILE *stream, tanlu_context *context) {
  const size_t effects = d->effects->count;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  double sum[2] = {0.0, 0.0};
  (void)fputc('\n', stream);
  print_title(d, stream);
  tanlu_table_column(table, "effect", TANLU_LEFT);
  for (size_t i = 0; i < 2; i++) tanlu_table_column(table, split->name[i], TANLU_RIGHT);
  tanlu_table_column(table, "both", TANLU_RIGHT);
  for (size_t k = 0; k < effects; k++) {
    tanlu_table_text(table, d->effects->name[k]);
    for (size_t i = 0; i < 2; i++) {
      sum[i] += split->lever[i * effects + k];
      tanlu_table_number(table, split->lever[i * effects + k], decimals_of(d));
    }
    tanlu_table_number(table, split->lever[k] + split->lever[effects + k], decimals_of(d));
  }
  const struct {
    const char *name;
    double value[3];
  } last[] = {{"sum: Shapley value of the lever", {sum[0], sum[1], sum[0] + sum[1]}},
              {"the lever alone", {split->alone[0], split->alone[1], (double)NAN}},
              {"change", {(double)NAN, (double)NAN, change(d)}}};
  for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
    tanlu_table_text(table, last[i].name);
    for (size_t k = 0; k < 3; k++) {
      if (isnan(last[i].value[k])) {
        tanlu_table_text(table, "");
      } else {
        tanlu_table_number(table, last[i].value[k], decimals_of(d));
      }
    }
  }
  const tanlu_status status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- CSV ------------------------------------------------------------------------------------------------------------------- */

void tanlu_decomposition_csv_header(FILE *stream) {
  static const char *const column[] = {"method",      "quantity", "unit", "scenario_from", "year_from",
                                       "scenario_to", "year_to",  "part", "effect",        "value"};
  for (size_t i = 0; i < sizeof column / sizeof *column; i++) tanlu_csv_put_text(stream, i == 0, column[i]);
  tanlu_csv_put_end(stream);
}

static void put_record(const tanlu_decomposition *d, const char *part, const char *effect, double value, FILE *stream) {
  tanlu_csv_put_text(stream, true, d->method);
  tanlu_csv_put_text(stream, false, d->what);
  tanlu_csv_put_text(stream, false, d->multiplicative ? "1" : d->unit);
  tanlu_csv_put_text(stream, false, d->from.scenario);
  tanlu_csv_put_number(stream, false, d->from.year);
  tanlu_csv_put_text(stream, false, d->to.scenario);
  tanlu_csv_put_number(stream, false, d->to.year);
  tanlu_csv_put_text(stream, false, part);
  tanlu_csv_put_text(stream, false, effect);
  tanlu_csv_put_number(stream, false, value);
  tanlu_csv_put_end(stream);
}

tanlu_status tanlu_decomposition_csv(const tanlu_decomposition *d, FILE *stream, tanlu_context *context) {
  if (d->multiplicative) {
    double *total = totals(d, context);
    if (total == NULL) return TANLU_ERR_MODEL;
    for (size_t k = 0; k < d->effects->count; k++) put_record(d, "all", d->effects->code[k], total[k], stream);
    put_record(d, "all", "change", change(d), stream);
    free(total);
    return TANLU_OK;
  }
  for (size_t p = 0; p < d->parts->count; p++) {
    for (size_t k = 0; k < d->effects->count; k++) {
      put_record(d, d->parts->code[p], d->effects->code[k], d->effect[k * d->parts->count + p], stream);
    }
    put_record(d, d->parts->code[p], "change", d->to.part[p] - d->from.part[p], stream);
  }
  return TANLU_OK;
}
