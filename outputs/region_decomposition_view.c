#include "outputs/region_decomposition_view.h"

#include <math.h>
#include <stdlib.h>

#include "outputs/csv_write.h"
#include "outputs/decomposition_view.h"
#include "outputs/table.h"
#include "solvers/memory.h"

/* Effect of a region, all parts. */
static double effect_of(const tanlu_region_decomposition *v, size_t k, size_t r) {
  double sum = 0.0;
  for (size_t p = 0; p < v->parts->count; p++) sum += v->effect[(k * v->parts->count + p) * v->region->count + r];
  return sum;
}

typedef struct {
  size_t region;
  double size; /* what it is sorted by */
} ranked;

static int largest_first(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  return x->size != y->size ? (x->size < y->size) - (x->size > y->size)
                            : (x->region > y->region) - (x->region < y->region);
}

/* Regions first .. last - 1 of `order` in one line. */
static void add_line(tanlu_table *table, const tanlu_region_decomposition *v, const char *name, const ranked *order,
                     size_t first, size_t last, const bool *shown) {
  double from = 0.0, to = 0.0;
  for (size_t i = first; i < last; i++) {
    from += v->from[order[i].region];
    to += v->to[order[i].region];
  }
  tanlu_table_text(table, name);
  if (v->against == NULL) tanlu_table_number(table, from, v->decimals);
  tanlu_table_number(table, to, v->decimals);
  tanlu_table_number(table, to - from, v->decimals);
  for (size_t k = 0; k < v->effects->count; k++) {
    double sum = 0.0;
    for (size_t i = first; i < last; i++) sum += effect_of(v, k, order[i].region);
    if (shown[k]) tanlu_table_number(table, sum, v->decimals);
  }
}

static void add_columns(tanlu_table *table, const tanlu_region_decomposition *v, const bool *shown) {
  char heading[128];
  (void)snprintf(heading, sizeof heading, "by region, %s", v->unit);
  tanlu_table_column(table, heading, TANLU_LEFT);
  (void)snprintf(heading, sizeof heading, "%d", v->year_from);
  if (v->against == NULL) tanlu_table_column(table, heading, TANLU_RIGHT);
  (void)snprintf(heading, sizeof heading, "%d", v->year_to);
  tanlu_table_column(table, heading, TANLU_RIGHT);
  tanlu_table_column(table, v->against == NULL ? "change" : "difference", TANLU_RIGHT);
  for (size_t k = 0; k < v->effects->count; k++) {
    (void)snprintf(heading, sizeof heading, "%s", v->effects->code[k]);
    for (char *p = heading; *p != '\0'; p++) *p = *p == '_' ? ' ' : *p;
    if (shown[k]) tanlu_table_column(table, heading, TANLU_RIGHT);
  }
}

static void name_hidden(const tanlu_region_decomposition *v, const bool *shown, FILE *out) {
  bool any = false;
  for (size_t k = 0; k < v->effects->count; k++) {
    if (!shown[k]) (void)fprintf(out, "%s%s", any ? ", " : "Nowhere visible: ", v->effects->code[k]);
    any = any || !shown[k];
  }
  if (any) (void)fputc('\n', out);
}

static tanlu_status print_regions(const tanlu_region_decomposition *v, size_t top, FILE *out, tanlu_context *context) {
  const size_t regions = v->region->count, effects = v->effects->count;
  tanlu_status status = TANLU_ERR_MEMORY;
  ranked *order = tanlu_allocate(context, regions, sizeof *order);
  bool *shown = tanlu_allocate(context, effects, sizeof *shown);
  tanlu_table *table = tanlu_table_create(context);
  if (order == NULL || shown == NULL || table == NULL) goto cleanup;
  for (size_t r = 0; r < regions; r++) {
    const double change = v->to[r] - v->from[r];
    order[r] = (ranked){r, v->against == NULL ? fabs(change) : change};
    for (size_t k = 0; k < effects; k++)
      shown[k] = shown[k] || fabs(effect_of(v, k, r)) >= 0.5 * pow(10.0, -v->decimals);
  }
  qsort(order, regions, sizeof *order, largest_first);
  const size_t lines = regions <= top + 1 ? regions : top; /* no line "1 others" */
  add_columns(table, v, shown);
  for (size_t i = 0; i < lines; i++) {
    add_line(table, v, v->region->code[order[i].region], order, i, i + 1, shown);
  }
  char name[64];
  (void)snprintf(name, sizeof name, "%zu others", regions - lines);
  if (v->against == NULL && lines < regions) add_line(table, v, name, order, lines, regions, shown);
  if (v->against == NULL) add_line(table, v, "all", order, 0, regions, shown);
  status = tanlu_table_print(table, out, context);
  if (v->against != NULL && lines < regions) (void)fprintf(out, "%s are not shown.\n", name);
  name_hidden(v, shown, out);
cleanup:
  tanlu_table_free(&table);
  free(order);
  free(shown);
  return status;
}

/* Effects over regions, all parts of each, as a decomposition of their sum. */
static tanlu_status print_whole(const tanlu_region_decomposition *v, FILE *out, tanlu_context *context) {
  const size_t regions = v->region->count;
  double *effect = tanlu_allocate_doubles(context, v->effects->count, regions), from = 0.0, to = 0.0;
  if (effect == NULL) return TANLU_ERR_MEMORY;
  for (size_t r = 0; r < regions; r++) {
    from += v->from[r];
    to += v->to[r];
    for (size_t k = 0; k < v->effects->count; k++) effect[k * regions + r] = effect_of(v, k, r);
  }
  const tanlu_decomposition whole = {.method = v->method,
                                     .what = v->what,
                                     .unit = v->unit,
                                     .effects = v->effects,
                                     .parts = v->region,
                                     .from = {.scenario = v->name, .year = v->year_from, .total = from},
                                     .to = {.scenario = v->name, .year = v->year_to, .total = to},
                                     .effect = effect,
                                     .decimals = v->decimals};
  const tanlu_status status = tanlu_decomposition_print(&whole, NULL, out, context);
  free(effect);
  (void)fputc('\n', out);
  return status;
}

static tanlu_status print_pair(const tanlu_region_decomposition *v, size_t top, FILE *out, tanlu_context *context) {
  const tanlu_decomposition pair = {.method = v->method,
                                    .what = v->what,
                                    .unit = v->unit,
                                    .effects = v->effects,
                                    .parts = v->parts,
                                    .from = {.scenario = v->against, .year = v->year_to, .total = v->from[0]},
                                    .to = {.scenario = v->region->code[0], .year = v->year_to, .total = v->to[0]},
                                    .effect = v->effect,
                                    .decimals = v->decimals};
  const tanlu_status status = tanlu_decomposition_print(&pair, NULL, out, context);
  return status != TANLU_OK ? status : tanlu_decomposition_print_parts(&pair, top, out, context);
}

tanlu_status tanlu_region_decomposition_print(const tanlu_region_decomposition *v, size_t top, FILE *out,
                                              tanlu_context *context) {
  if (v->against != NULL && v->region->count == 1) return print_pair(v, top, out, context);
  tanlu_status status = TANLU_OK;
  if (v->against == NULL) status = print_whole(v, out, context);
  if (v->against != NULL) {
    (void)fprintf(out, "%s in %d of %s, regions against %s: %.*f %s (%s)\n", v->what, v->year_to, v->name, v->against,
                  v->decimals, v->from[0], v->unit, v->method);
  }
  return status == TANLU_OK ? print_regions(v, top, out, context) : status;
}

static void put(const tanlu_region_decomposition *v, size_t r, const char *part, const char *effect, double value,
                FILE *csv) {
  tanlu_csv_put_text(csv, true, v->method);
  tanlu_csv_put_text(csv, false, v->what);
  tanlu_csv_put_text(csv, false, v->unit);
  tanlu_csv_put_text(csv, false, v->name);
  tanlu_csv_put_text(csv, false, v->against != NULL ? v->against : v->region->code[r]);
  tanlu_csv_put_number(csv, false, v->year_from);
  tanlu_csv_put_text(csv, false, v->region->code[r]);
  tanlu_csv_put_number(csv, false, v->year_to);
  tanlu_csv_put_text(csv, false, part);
  tanlu_csv_put_text(csv, false, effect);
  tanlu_csv_put_number(csv, false, value);
  tanlu_csv_put_end(csv);
}

void tanlu_region_decomposition_put(const tanlu_region_decomposition *v, FILE *csv) {
  const size_t regions = v->region->count, parts = v->parts->count;
  (void)fputs("method,quantity,unit,name,region_from,year_from,region_to,year_to,part,effect,value\r\n", csv);
  for (size_t r = 0; r < regions; r++) {
    for (size_t p = 0; p < parts; p++) {
      for (size_t k = 0; k < v->effects->count; k++) {
        put(v, r, v->parts->code[p], v->effects->code[k], v->effect[(k * parts + p) * regions + r], csv);
      }
    }
    put(v, r, "all", "change", v->to[r] - v->from[r], csv);
  }
}
