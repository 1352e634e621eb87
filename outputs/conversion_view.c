#include "outputs/conversion_view.h"

#include <math.h>
#include <stdlib.h>

#include "model/table_change.h"
#include "outputs/table.h"
#include "solvers/memory.h"

static double sum_of(const double *number, size_t count) {
  double sum = 0.0;
  for (size_t k = 0; number != NULL && k < count; k++) sum += number[k];
  return sum;
}

tanlu_table_totals tanlu_table_totals_of(const tanlu_accounts *a) {
  const size_t n = a->n, categories = a->category.count;
  return (tanlu_table_totals){.output = sum_of(a->output, n),
                              .intermediate = sum_of(a->flows, n * n),
                              .intermediate_domestic = sum_of(a->flows_domestic, n * n),
                              .final_use = sum_of(a->final_use, n * categories),
                              .final_domestic = sum_of(a->final_domestic, n * categories),
                              .imports = sum_of(a->imports, n),
                              .value_added = sum_of(a->value_added, n * a->component.count),
                              .split = a->flows_domestic != NULL};
}

/* before NULL: one column. */
static tanlu_status print_totals(const tanlu_table_totals *before, const char *old, const tanlu_table_totals *now,
                                 const char *money, FILE *out, tanlu_context *context) {
  static const char *const name[] = {"gross output",   "intermediate use", "  made at home", "final use",
                                     "  made at home", "imports",          "value added"};
  const tanlu_table_totals *const totals[] = {before, now};
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "all sectors", TANLU_LEFT);
  if (before != NULL) tanlu_table_column(table, old, TANLU_RIGHT);
  tanlu_table_column(table, money, TANLU_RIGHT);
  for (size_t k = 0; k < sizeof name / sizeof *name; k++) {
    const bool part = k == 2 || k == 4;
    if (part && !now->split && (before == NULL || !before->split)) continue;
    tanlu_table_text(table, name[k]);
    for (size_t side = before != NULL ? 0 : 1; side < 2; side++) {
      const tanlu_table_totals *t = totals[side];
      const double value[] = {t->output,  t->intermediate, t->intermediate_domestic, t->final_use, t->final_domestic,
                              t->imports, t->value_added};
      tanlu_table_number(table, part && !t->split ? (double)NAN : value[k], tanlu_decimals(fabs(t->output)));
    }
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- constant prices ------------------------------------------------------------------------------------------------------- */

static void put_volume(tanlu_table *table, const char *code, const double added[2], const double output[2],
                       int decimals) {
  tanlu_table_text(table, code);
  tanlu_table_number(table, added[0], decimals);
  tanlu_table_number(table, added[1], decimals);
  tanlu_table_number(table, added[0] > 0.0 && added[1] > 0.0 ? added[0] / added[1] : (double)NAN, 3);
  tanlu_table_number(table, output[1] > 0.0 ? output[0] / output[1] : (double)NAN, 3);
}

static tanlu_status print_deflation(const tanlu_conversion_view *v, FILE *out, tanlu_context *context) {
  const tanlu_deflation *d = v->deflation;
  const size_t n = v->dataset->accounts.n;
  size_t *sector = tanlu_allocate(context, v->top, sizeof *sector);
  tanlu_table *table = tanlu_table_create(context);
  tanlu_status status = sector != NULL && table != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    const double added[] = {sum_of(d->value_added[0], n), sum_of(d->value_added[1], n)};
    const double output[] = {sum_of(d->output[0], n), sum_of(d->output[1], n)};
    const int decimals = tanlu_decimals(fabs(added[0]) / (double)n);
    const size_t count = tanlu_table_change_largest(n, d->value_added[1], d->value_added[0], v->top, sector);
    (void)fprintf(out, "\nValue added by double deflation, %s; largest changes\n", v->money);
    tanlu_table_column(table, "sector", TANLU_LEFT);
    tanlu_table_column(table, "current", TANLU_RIGHT);
    tanlu_table_column(table, "constant", TANLU_RIGHT);
    tanlu_table_column(table, "its price", TANLU_RIGHT);
    tanlu_table_column(table, "of output", TANLU_RIGHT);
    put_volume(table, "all", added, output, decimals);
    for (size_t k = 0; k < count; k++) {
      const size_t j = sector[k];
      const double own[] = {d->value_added[0][j], d->value_added[1][j]}, made[] = {d->output[0][j], d->output[1][j]};
      put_volume(table, v->dataset->accounts.sector.code[j], own, made, decimals);
    }
    status = tanlu_table_print(table, out, context);
  }
  tanlu_table_free(&table);
  free(sector);
  return status;
}

tanlu_status tanlu_conversion_print(const tanlu_conversion_view *v, FILE *out, tanlu_context *context) {
  const tanlu_table_totals now = tanlu_table_totals_of(&v->dataset->accounts);
  tanlu_status status = print_totals(&v->before, "before", &now, "now", out, context);
  if (status == TANLU_OK && v->deflation != NULL) status = print_deflation(v, out, context);
  return status;
}

/* ---- symmetric tables -------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_symmetric_print(const tanlu_dataset *dataset, FILE *out, tanlu_context *context) {
  const tanlu_table_totals now = tanlu_table_totals_of(&dataset->accounts);
  return print_totals(NULL, NULL, &now, tanlu_dataset_money(dataset), out, context);
}

tanlu_status tanlu_negative_print(const tanlu_accounts *a, size_t top, FILE *out, tanlu_context *context) {
  const size_t cells = a->n * a->n;
  size_t *cell = tanlu_allocate(context, top, sizeof *cell);
  double *above = tanlu_allocate_doubles(context, a->n, a->n);
  tanlu_table *table = tanlu_table_create(context);
  tanlu_status status = cell != NULL && above != NULL && table != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    for (size_t k = 0; k < cells; k++) above[k] = fmax(a->flows[k], 0.0);
    const size_t count = tanlu_table_change_largest(cells, a->flows, above, top, cell);
    tanlu_table_column(table, "row", TANLU_LEFT);
    tanlu_table_column(table, "column", TANLU_LEFT);
    tanlu_table_column(table, "flow", TANLU_RIGHT);
    tanlu_table_column(table, "% of the column's output", TANLU_RIGHT);
    for (size_t k = 0; k < count; k++) {
      const size_t i = cell[k] % a->n, j = cell[k] / a->n;
      tanlu_table_text(table, a->sector.code[i]);
      tanlu_table_text(table, a->sector.code[j]);
      tanlu_table_number(table, a->flows[cell[k]], tanlu_decimals(fabs(a->flows[cell[0]])));
      tanlu_table_number(table, 100.0 * a->flows[cell[k]] / a->output[j], 3);
    }
    status = tanlu_table_print(table, out, context);
  }
  tanlu_table_free(&table);
  free(above);
  free(cell);
  return status;
}
