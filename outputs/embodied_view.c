#include "outputs/embodied_view.h"

#include <math.h>
#include <stdlib.h>

#include "outputs/csv_write.h"
#include "outputs/table.h"
#include "solvers/memory.h"

static const char *name_of(const tanlu_labels *label, size_t k) {
  return label->name[k][0] != '\0' ? label->name[k] : label->code[k];
}

/* Sums of row p and column q of a matrix without the diagonal. */
static double to_others(const double *matrix, size_t groups, size_t p) {
  double sum = 0.0;
  for (size_t q = 0; q < groups; q++) sum += q != p ? matrix[q * groups + p] : 0.0;
  return sum;
}

static double from_others(const double *matrix, size_t groups, size_t q) {
  double sum = 0.0;
  for (size_t p = 0; p < groups; p++) sum += q != p ? matrix[q * groups + p] : 0.0;
  return sum;
}

enum { PRODUCTION, OWN, TO_OTHERS, ABROAD, FROM_OTHERS, CONSUMPTION, NET, NET_OF, COLUMNS };
static const char *const headings[COLUMNS] = {"production",  "for itself",  "for others", "for abroad",
                                              "from others", "consumption", "net sent",   NULL};

static void region_values(const tanlu_embodied *e, size_t p, double value[COLUMNS]) {
  const size_t groups = e->groups;
  value[PRODUCTION] = e->production[p];
  value[OWN] = e->total[p * groups + p];
  value[TO_OTHERS] = to_others(e->total, groups, p);
  value[ABROAD] = e->total[groups * groups + p] + e->total[(groups + 1) * groups + p];
  value[FROM_OTHERS] = from_others(e->total, groups, p);
  value[CONSUMPTION] = e->consumption[p];
  value[NET] = value[TO_OTHERS] - value[FROM_OTHERS];
  value[NET_OF] = e->chosen != NULL ? to_others(e->chosen, groups, p) - from_others(e->chosen, groups, p) : 0.0;
}

static tanlu_status print_regions(const tanlu_embodied_view *v, FILE *out, tanlu_context *context) {
  const tanlu_embodied *e = v->embodied;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  char heading[128];
  (void)snprintf(heading, sizeof heading, "%s, %s", v->quantity, v->unit[0] != '\0' ? v->unit : "own unit");
  tanlu_table_column(table, heading, TANLU_LEFT);
  for (size_t k = 0; k < NET_OF; k++) tanlu_table_column(table, headings[k], TANLU_RIGHT);
  (void)snprintf(heading, sizeof heading, "of it %s", v->of != NULL ? v->of : "");
  if (e->chosen != NULL) tanlu_table_column(table, heading, TANLU_RIGHT);
  const size_t columns = e->chosen != NULL ? COLUMNS : NET_OF;
  double sum[COLUMNS] = {0};
  for (size_t p = 0; p <= e->groups; p++) {
    double value[COLUMNS];
    if (p < e->groups) region_values(e, p, value);
    tanlu_table_text(table, p < e->groups ? name_of(&v->dataset->level[v->level].group, p) : "all");
    for (size_t k = 0; k < columns; k++) {
      const double shown = p < e->groups ? value[k] : sum[k];
      if (p < e->groups) sum[k] += value[k];
      tanlu_table_number(table, fabs(shown) < 1e-9 * fmax(sum[PRODUCTION], 1.0) ? 0.0 : shown, 1);
    }
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

typedef struct {
  size_t from, to;
  double value;
} flow;

static int larger_first(const void *a, const void *b) {
  const flow *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? 1 : -1;
  if (x->from != y->from) return x->from < y->from ? -1 : 1;
  return x->to < y->to ? -1 : x->to > y->to;
}

static tanlu_status print_flows(const tanlu_embodied_view *v, FILE *out, tanlu_context *context) {
  const tanlu_embodied *e = v->embodied;
  const tanlu_labels *group = &v->dataset->level[v->level].group;
  const size_t groups = e->groups;
  flow *flows = tanlu_allocate(context, groups * groups, sizeof *flows);
  tanlu_table *table = tanlu_table_create(context);
  if (flows == NULL || table == NULL) {
    free(flows);
    tanlu_table_free(&table);
    return TANLU_ERR_MEMORY;
  }
  size_t count = 0;
  for (size_t q = 0; q < groups; q++) {
    for (size_t p = 0; p < groups; p++) {
      if (p != q) flows[count++] = (flow){.from = p, .to = q, .value = e->total[q * groups + p]};
    }
  }
  qsort(flows, count, sizeof *flows, larger_first);
  tanlu_table_column(table, "emitted in", TANLU_LEFT);
  tanlu_table_column(table, "for final demand of", TANLU_LEFT);
  tanlu_table_column(table, v->unit[0] != '\0' ? v->unit : v->quantity, TANLU_RIGHT);
  if (e->chosen != NULL) tanlu_table_column(table, v->of != NULL ? v->of : "", TANLU_RIGHT);
  for (size_t k = 0; k < count && k < v->top; k++) {
    tanlu_table_text(table, name_of(group, flows[k].from));
    tanlu_table_text(table, name_of(group, flows[k].to));
    tanlu_table_number(table, flows[k].value, 2);
    if (e->chosen != NULL) tanlu_table_number(table, e->chosen[flows[k].to * groups + flows[k].from], 2);
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  free(flows);
  return status;
}

tanlu_status tanlu_embodied_print(const tanlu_embodied_view *v, FILE *out, tanlu_context *context) {
  (void)fprintf(out, "%s of %s by who makes it and whose final demand it is due to\n", v->quantity, v->dataset->name);
  tanlu_status status = print_regions(v, out, context);
  (void)fprintf(out, "\n");
  if (status == TANLU_OK && v->embodied->groups > 1) status = print_flows(v, out, context);
  (void)fprintf(out,
                "\nfor abroad: exports and the discrepancy of the table; imports from outside it carry nothing here\n");
  return status;
}

void tanlu_embodied_put(const tanlu_embodied_view *v, FILE *csv) {
  const tanlu_embodied *e = v->embodied;
  const tanlu_labels *group = &v->dataset->level[v->level].group;
  (void)fprintf(csv, "from,to,quantity,unit,value%s\r\n", e->chosen != NULL ? ",of" : "");
  for (size_t q = 0; q < e->groups + 2; q++) {
    for (size_t p = 0; p < e->groups; p++) {
      tanlu_csv_put_text(csv, true, group->code[p]);
      tanlu_csv_put_text(csv, false, q < e->groups ? group->code[q] : q == e->groups ? "abroad" : "discrepancy");
      tanlu_csv_put_text(csv, false, v->quantity);
      tanlu_csv_put_text(csv, false, v->unit);
      tanlu_csv_put_number(csv, false, e->total[q * e->groups + p]);
      if (e->chosen != NULL) tanlu_csv_put_number(csv, false, e->chosen[q * e->groups + p]);
      tanlu_csv_put_end(csv);
    }
  }
}
