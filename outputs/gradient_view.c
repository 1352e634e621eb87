#include "outputs/gradient_view.h"

#include <math.h>
#include <stdlib.h>

#include "outputs/csv_write.h"
#include "outputs/table.h"

/* What one percent of the parameter does, as a key to sort by; what has no gradient comes last. */
static double effect(const tanlu_gradient_line *line) {
  const double size = fabs(line->gradient * line->value);
  return isnan(size) ? -1.0 : size;
}

/* Equal ones stay in the order of their places, which are in one array. */
static int largest_first(const void *a, const void *b) {
  const tanlu_gradient_line *const *x = a, *const *y = b;
  const double one = effect(*x), other = effect(*y);
  return one != other ? (one < other) - (one > other) : (*x > *y) - (*x < *y);
}

static void add_number(tanlu_table *table, double value) {
  char text[40];
  (void)snprintf(text, sizeof text, "%.4g", value);
  tanlu_table_text(table, isnan(value) ? "-" : text);
}

tanlu_status tanlu_gradient_print(const tanlu_gradient_output *output, const tanlu_gradient_list *list, size_t top,
                                  FILE *stream, tanlu_context *context) {
  char heading[200];
  const tanlu_gradient_line **order = malloc((list->count + 1) * sizeof *order);
  tanlu_table *table = tanlu_table_create(context);
  if (order == NULL || table == NULL) {
    free(order);
    tanlu_table_free(&table);
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a table");
  }
  for (size_t i = 0; i < list->count; i++) order[i] = &list->line[i];
  qsort(order, list->count, sizeof *order, largest_first);
  (void)snprintf(heading, sizeof heading, "%s per unit", output->unit);
  for (size_t k = 0; k < 2; k++) {
    if (list->heading[k] != NULL) tanlu_table_column(table, list->heading[k], TANLU_LEFT);
  }
  tanlu_table_column(table, "unit", TANLU_LEFT);
  tanlu_table_column(table, "value", TANLU_RIGHT);
  tanlu_table_column(table, heading, TANLU_RIGHT);
  tanlu_table_column(table, "elasticity", TANLU_RIGHT);
  const size_t shown = list->count < top ? list->count : top;
  for (size_t i = 0; i < shown; i++) {
    for (size_t k = 0; k < 2; k++) {
      if (list->heading[k] != NULL) tanlu_table_text(table, order[i]->name[k] != NULL ? order[i]->name[k] : "");
    }
    tanlu_table_text(table, order[i]->unit);
    add_number(table, order[i]->value);
    add_number(table, order[i]->gradient);
    add_number(table, order[i]->gradient * order[i]->value / output->value);
  }
  (void)fprintf(stream, "%s, the %zu that matter most of %zu:\n", list->title, shown, list->count);
  const tanlu_status status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  free(order);
  return status;
}

void tanlu_gradient_csv_header(FILE *stream) {
  static const char *const column[] = {"output", "kind", "name", "name_2", "unit", "value", "gradient", "elasticity"};
  for (size_t i = 0; i < sizeof column / sizeof *column; i++) tanlu_csv_put_text(stream, i == 0, column[i]);
  tanlu_csv_put_end(stream);
}

void tanlu_gradient_csv(const tanlu_gradient_output *output, const tanlu_gradient_list *list, FILE *stream) {
  for (size_t i = 0; i < list->count; i++) {
    const tanlu_gradient_line *line = &list->line[i];
    tanlu_csv_put_text(stream, true, output->name);
    tanlu_csv_put_text(stream, false, list->kind);
    tanlu_csv_put_text(stream, false, line->name[0]);
    tanlu_csv_put_text(stream, false, line->name[1] != NULL ? line->name[1] : "");
    tanlu_csv_put_text(stream, false, line->unit);
    tanlu_csv_put_number(stream, false, line->value);
    tanlu_csv_put_number(stream, false, line->gradient);
    tanlu_csv_put_number(stream, false, line->gradient * line->value / output->value);
    tanlu_csv_put_end(stream);
  }
}
