#include "outputs/embodied_view.h"

#include <math.h>
#include <stdlib.h>

#include "outputs/csv_write.h"
#include "outputs/table.h"

static const char *name_of(const tanlu_labels *label, size_t k) {
  return label->name[k][0] != '\0' ? label->name[k] : label->code[k];
}

enum { PRODUCTION, OWN, TO_OTHERS, ABROAD, FROM_OTHERS, CONSUMPTION, NET, NET_OF, COLUMNS };
static const char *const headings[COLUMNS] = {"production",  "for itself",  "for others", "for abroad",
                                              "from others", "consumption", "net sent",   NULL};

static void region_values(const tanlu_embodied *e, size_t p, double value[COLUMNS]) {
  const tanlu_embodied_balance all = tanlu_embodied_balance_of(e, e->total, p);
  value[PRODUCTION] = all.production;
  value[OWN] = all.own;
  value[TO_OTHERS] = all.sent;
  value[ABROAD] = all.abroad;
  value[FROM_OTHERS] = all.received;
  value[CONSUMPTION] = all.consumption;
  value[NET] = all.net;
  value[NET_OF] = e->chosen != NULL ? tanlu_embodied_balance_of(e, e->chosen, p).net : 0.0;
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

static tanlu_status print_flows(const tanlu_embodied_view *v, FILE *out, tanlu_context *context) {
  const tanlu_embodied *e = v->embodied;
  const tanlu_labels *group = &v->dataset->level[v->level].group;
  const size_t groups = e->groups;
  tanlu_embodied_flow *flows = NULL;
  size_t count = 0;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL || tanlu_embodied_flows(&flows, &count, e, context) != TANLU_OK) {
    tanlu_table_free(&table);
    return TANLU_ERR_MEMORY;
  }
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
