#include "model/aggregation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Weights written as decimals add up to one but for this. */
static const double rounding = 1e-9;

/* ---- the concordance ----------------------------------------------------------------------------------------------------- */

void tanlu_concordance_free(tanlu_concordance **concordance) {
  tanlu_concordance *g = *concordance;
  if (g == NULL) return;
  free(g->start);
  free(g->member);
  free(g->weight);
  free(g);
  *concordance = NULL;
}

tanlu_status tanlu_concordance_create(tanlu_concordance **concordance, size_t from_count, size_t to_count, size_t pairs,
                                      const size_t *from, const size_t *to, const double *weight,
                                      tanlu_context *context) {
  tanlu_concordance *g = *concordance = tanlu_allocate(context, 1, sizeof *g);
  if (g == NULL) return TANLU_ERR_MEMORY;
  g->from = from_count;
  g->to = to_count;
  g->start = tanlu_allocate(context, from_count + 1, sizeof *g->start);
  g->member = tanlu_allocate(context, pairs, sizeof *g->member);
  g->weight = tanlu_allocate_doubles(context, pairs, 1);
  if (g->start == NULL || g->member == NULL || g->weight == NULL) {
    tanlu_concordance_free(concordance);
    return TANLU_ERR_MEMORY;
  }
  for (size_t k = 0; k < pairs; k++) g->start[from[k] + 1]++;
  for (size_t i = 0; i < from_count; i++) g->start[i + 1] += g->start[i];
  /* Each entry goes behind those of its sector; start[i] is moved to their end and back again. */
  for (size_t k = 0; k < pairs; k++) {
    const size_t at = g->start[from[k]]++;
    g->member[at] = to[k];
    g->weight[at] = weight[k];
  }
  for (size_t i = from_count; i > 0; i--) g->start[i] = g->start[i - 1];
  g->start[0] = 0;
  return TANLU_OK;
}

/* Sum of the weights of an old sector; NaN where one is not above 0. */
static double weight_sum(const tanlu_concordance *g, size_t i) {
  double sum = 0.0;
  for (size_t k = g->start[i]; k < g->start[i + 1]; k++) sum += g->weight[k] > 0.0 ? g->weight[k] : (double)NAN;
  return sum;
}

tanlu_status tanlu_concordance_check(tanlu_concordance *g, const tanlu_labels *sector, const char *file,
                                     const size_t *line, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < g->from; i++) {
    const double sum = weight_sum(g, i);
    const char *place = file != NULL ? file : "concordance";
    const size_t at = line != NULL ? line[i] : 0, count = g->start[i + 1] - g->start[i];
    if (count == 0) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, place, 0, 0, "no row for sector '%s'; expected where it goes",
                             sector->code[i]);
    } else if (isnan(sum)) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, place, at, 0, "sector '%s' has a weight that is not above 0",
                             sector->code[i]);
    } else if (!(fabs(sum - 1.0) <= rounding)) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, place, at, 0,
                             "the weights of sector '%s' add up to %.10g; expected 1", sector->code[i], sum);
    }
    for (size_t k = g->start[i]; k < g->start[i + 1]; k++) g->weight[k] = count == 1 ? 1.0 : g->weight[k] / sum;
  }
  return status;
}

bool tanlu_concordance_is_whole(const tanlu_concordance *g) {
  return g->start[g->from] == g->from;
}

size_t tanlu_concordance_of(const tanlu_concordance *g, size_t i) {
  return g->member[g->start[i]];
}

/* ---- accounts -------------------------------------------------------------------------------------------------------------- */

void tanlu_aggregate_columns(const tanlu_concordance *g, size_t columns, const double *old, double *wanted) {
  memset(wanted, 0, columns * g->to * sizeof *wanted);
  for (size_t c = 0; c < columns; c++) {
    for (size_t i = 0; i < g->from; i++) {
      for (size_t k = g->start[i]; k < g->start[i + 1]; k++) {
        wanted[c * g->to + g->member[k]] += g->weight[k] * old[c * g->from + i];
      }
    }
  }
}

/* W G for rows x sectors (column-major: a sector's rows lie together). */
static void aggregate_rows(const tanlu_concordance *g, size_t rows, const double *old, double *wanted) {
  for (size_t j = 0; j < g->from; j++) {
    for (size_t k = g->start[j]; k < g->start[j + 1]; k++) {
      for (size_t c = 0; c < rows; c++) wanted[g->member[k] * rows + c] += g->weight[k] * old[j * rows + c];
    }
  }
}

/* G'Z G, one old column after the other. */
static void aggregate_flows(const tanlu_concordance *g, const double *old, double *wanted, double *column) {
  for (size_t j = 0; j < g->from; j++) {
    tanlu_aggregate_columns(g, 1, old + j * g->from, column);
    for (size_t k = g->start[j]; k < g->start[j + 1]; k++) {
      double *to = wanted + g->member[k] * g->to;
      for (size_t i = 0; i < g->to; i++) to[i] += g->weight[k] * column[i];
    }
  }
}

static tanlu_status copy_labels(tanlu_labels *to, const tanlu_labels *from, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < from->count; i++) {
    status = tanlu_labels_add(to, from->code[i], from->name[i], from->name_zh[i], context);
  }
  return status;
}

static double *columns_of(const tanlu_concordance *g, size_t columns, const double *old, tanlu_context *context,
                          bool *failed) {
  if (old == NULL) return NULL;
  double *made = tanlu_allocate_doubles(context, g->to, columns);
  if (made != NULL) tanlu_aggregate_columns(g, columns, old, made);
  *failed = *failed || made == NULL;
  return made;
}

static double *flows_of(const tanlu_concordance *g, const double *old, tanlu_context *context, bool *failed) {
  if (old == NULL) return NULL;
  double *made = tanlu_allocate_doubles(context, g->to, g->to);
  double *column = tanlu_allocate_doubles(context, g->to, 1);
  if (made != NULL && column != NULL) aggregate_flows(g, old, made, column);
  *failed = *failed || made == NULL || column == NULL;
  free(column);
  return made;
}

tanlu_status tanlu_aggregate_accounts(tanlu_accounts *a, const tanlu_accounts *old, const tanlu_concordance *g,
                                      const tanlu_labels *sector, tanlu_context *context) {
  const size_t categories = old->category.count, components = old->component.count;
  bool failed = copy_labels(&a->sector, sector, context) != TANLU_OK ||
                copy_labels(&a->category, &old->category, context) != TANLU_OK ||
                copy_labels(&a->component, &old->component, context) != TANLU_OK;
  a->n = g->to;
  a->import_treatment = old->import_treatment;
  a->balance_tolerance = old->balance_tolerance;
  a->role = tanlu_allocate(context, categories, sizeof *a->role);
  if (a->role != NULL && categories > 0) memcpy(a->role, old->role, categories * sizeof *a->role);
  a->flows = flows_of(g, old->flows, context, &failed);
  a->flows_domestic = flows_of(g, old->flows_domestic, context, &failed);
  a->final_use = columns_of(g, categories, old->final_use, context, &failed);
  a->final_domestic = columns_of(g, categories, old->final_domestic, context, &failed);
  a->imports = columns_of(g, 1, old->imports, context, &failed);
  a->discrepancy = columns_of(g, 1, old->discrepancy, context, &failed);
  a->output = columns_of(g, 1, old->output, context, &failed);
  a->value_added = tanlu_allocate_doubles(context, components, g->to);
  if (a->value_added != NULL) aggregate_rows(g, components, old->value_added, a->value_added);
  return failed || a->role == NULL || a->value_added == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
}
