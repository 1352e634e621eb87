/* The end of a table of regions: its sums are checked, what does not add up is an error or is said, margins are handed on. */
#include <math.h>
#include <stdlib.h>

#include "inputs/import_codes.h"
#include "inputs/region_table.h"
#include "solvers/memory.h"

static const double rounding = 1e-9; /* gaps that printed tables have, relative to output */

static void add_remark(tanlu_region_table *t, tanlu_remark_kind kind, double amount, size_t i) {
  if (t->report != NULL) tanlu_table_report_add(t->report, kind, amount, "%s", t->sector.code[i]);
}

static double sum_final(const tanlu_region_table *t, size_t i) {
  double sum = 0.0;
  for (size_t k = 0; k < t->category.count; k++) sum += t->final_use[k * t->sector.count + i];
  return sum;
}

static double sum_added(const tanlu_region_table *t, size_t j) {
  double sum = 0.0;
  for (size_t c = 0; c < t->component.count; c++) sum += t->added[c][j];
  return sum;
}

static tanlu_status gap_error(tanlu_region_table *t, const char *what, size_t i, const char *terms, double sum) {
  const double x = t->output[i];
  return tanlu_fail_at(t->context, TANLU_ERR_INPUT, t->source, t->has_lines ? t->line[i] : 0, 0,
                       "%s '%s' does not add up: %s = %.10g, output %.10g, gap %.3g; allowed %.1g of output", what,
                       t->sector.code[i], terms, sum, x, sum - x, t->heads.balance_tolerance);
}

static tanlu_status fill_output(tanlu_region_table *t) {
  if (t->has_output) return TANLU_OK;
  for (size_t i = 0; i < t->sector.count; i++) {
    t->output[i] = t->discrepancy[i] - t->imports[i] + t->uses[i] + sum_final(t, i);
  }
  return tanlu_region_table_remark(t, "output is what the rows add up to; the source does not state it");
}

/* A component that is not the source's: with a code of its own, so that those of the source stay as they are without it. */
static double *own_component(tanlu_region_table *t, const char *code, const char *name) {
  char *own = tanlu_string_copy(t->context, code);
  double *column = own != NULL ? tanlu_region_table_component(t, name) : NULL;
  if (column == NULL) {
    free(own);
    return NULL;
  }
  free(t->component.code[t->component.count - 1]);
  t->component.code[t->component.count - 1] = own;
  return column;
}

static tanlu_status fill_value_added(tanlu_region_table *t) {
  const size_t n = t->sector.count;
  tanlu_status status = TANLU_OK;
  if (t->component.count == 0) {
    double *rest = own_component(t, "value_added", "value added");
    if (rest == NULL) return TANLU_ERR_MEMORY;
    for (size_t j = 0; j < n; j++) rest[j] = t->output[j] - t->inputs[j] - t->negative[j];
    status = tanlu_region_table_remark(t, "value added is output less inputs; the source does not state it");
  }
  if (status != TANLU_OK || t->negatives == 0) return status;
  double *negative = own_component(t, "negative_flows", "negative flows"), sum = 0.0;
  if (negative == NULL) return TANLU_ERR_MEMORY;
  for (size_t j = 0; j < n; j++) sum += negative[j] = t->negative[j];
  if (t->report != NULL) return TANLU_OK;
  return tanlu_region_table_remark(t,
                                   "%zu flows below zero (sum %.10g) are 0 in the flows; their rows have them as "
                                   "discrepancy, their columns as the component negative_flows of value added",
                                   t->negatives, sum);
}

/* Imports above domestic use: the excess is passed through, so it leaves both imports and exports. */
static tanlu_status take_off_re_exports(tanlu_region_table *t) {
  const size_t n = t->sector.count;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; t->heads.import_treatment == TANLU_IMPORT_PROPORTIONAL && i < n; i++) {
    double use = t->uses[i];
    for (size_t k = 0; k < t->category.count; k++) {
      if (t->role[k] != TANLU_ROLE_EXPORTS) use += t->final_use[k * n + i];
    }
    double excess = t->imports[i] - fmax(use, 0.0);
    if (!(excess > 0.0)) continue;
    add_remark(t, TANLU_REMARK_RE_EXPORT, excess, i);
    t->imports[i] -= excess;
    for (size_t k = 0; k < t->category.count && excess > 0.0; k++) {
      if (t->role[k] != TANLU_ROLE_EXPORTS) continue;
      const double taken = fmin(excess, fmax(t->final_use[k * n + i], 0.0));
      t->final_use[k * n + i] -= taken;
      excess -= taken;
    }
    if (!(excess > rounding * t->imports[i])) continue;
    status = tanlu_fail_at(t->context, TANLU_ERR_INPUT, t->source, t->has_lines ? t->line[i] : 0, 0,
                           "imports of '%s' are %.6g above its domestic use and its exports together",
                           t->sector.code[i], excess);
  }
  return status;
}

/* What a gap is measured against: output; imports of what is not made at home. */
static double size_of(const tanlu_region_table *t, size_t i) {
  return t->output[i] > 0.0 ? t->output[i] : t->imports[i];
}

static double row_gap(const tanlu_region_table *t, size_t i) {
  return t->discrepancy[i] - t->imports[i] + t->uses[i] + sum_final(t, i) - t->output[i];
}

static double domestic_gap(const tanlu_region_table *t, size_t i) {
  double sum = t->discrepancy[i] + t->made[i];
  for (size_t k = 0; k < t->category.count; k++) sum += t->final_domestic[k * t->sector.count + i];
  return sum - t->output[i];
}

static tanlu_status check_sums(tanlu_region_table *t) {
  tanlu_status status = TANLU_OK;
  double worst_row = 0.0, worst_column = 0.0;
  for (size_t i = 0; i < t->sector.count; i++) {
    const double x = t->output[i], allowed = t->heads.balance_tolerance * size_of(t, i);
    const double row = row_gap(t, i), column = t->inputs[i] + sum_added(t, i) - x;
    if (x < 0.0) {
      status = tanlu_fail_at(t->context, TANLU_ERR_INPUT, t->source, t->has_lines ? t->line[i] : 0, 0,
                             "output of '%s' is %.10g; expected 0 or more", t->sector.code[i], x);
      continue;
    }
    if (!(fabs(row) <= allowed)) status = gap_error(t, "row", i, "uses", x + row);
    if (!(fabs(column) <= allowed)) status = gap_error(t, "column", i, "inputs + value added", x + column);
    if (t->final_domestic != NULL && !(fabs(domestic_gap(t, i)) <= allowed)) {
      status = gap_error(t, "domestic row", i, "uses", x + domestic_gap(t, i));
    }
    if (x > 0.0) {
      worst_row = fmax(worst_row, fabs(row) / x);
      worst_column = fmax(worst_column, fabs(column) / x);
    }
  }
  if (status != TANLU_OK) return status;
  return tanlu_region_table_remark(t, "largest gap of a row %.2g, of a column %.2g of output; allowed %.1g", worst_row,
                                   worst_column, t->heads.balance_tolerance);
}

/* Gaps above rounding become discrepancy and value added, those of products without output to the last bit. */
static tanlu_status close_gaps(tanlu_region_table *t) {
  const size_t n = t->sector.count;
  double *rest = NULL;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < n; i++) {
    const double allowed = rounding * size_of(t, i), row = row_gap(t, i);
    const double column = t->inputs[i] + sum_added(t, i) - t->output[i];
    if (fabs(row) > allowed) {
      add_remark(t, TANLU_REMARK_ROW_GAP, row, i);
      t->discrepancy[i] -= row;
    }
    if (t->final_domestic != NULL && !(fabs(domestic_gap(t, i)) <= allowed)) {
      status = gap_error(t, "domestic row", i, "uses", t->output[i] + domestic_gap(t, i));
    }
    if (!(fabs(column) > allowed)) continue;
    add_remark(t, TANLU_REMARK_COLUMN_GAP, column, i);
    if (rest == NULL) rest = own_component(t, "balance_gap", "balance gap");
    if (rest == NULL) return TANLU_ERR_MEMORY;
    rest[i] -= column;
  }
  t->heads.balance_tolerance = rounding;
  return status;
}

static void add_remarks(tanlu_region_table *t) {
  const size_t n = t->sector.count;
  for (size_t i = 0; i < n; i++) {
    if (t->output[i] == 0.0) add_remark(t, TANLU_REMARK_NO_OUTPUT, 0.0, i);
    if (t->uses[i] == 0.0 && t->output[i] > 0.0) add_remark(t, TANLU_REMARK_NO_USE, 0.0, i);
    if (t->stated[i] != 0.0) add_remark(t, TANLU_REMARK_DISCREPANCY, t->stated[i], i);
    for (size_t k = 0; t->report != NULL && k < t->category.count; k++) {
      const double value = t->final_use[k * n + i];
      if (!(value < 0.0)) continue;
      tanlu_table_report_add(t->report, TANLU_REMARK_NEGATIVE_FINAL, value, "%s of %s", t->category.code[k],
                             t->sector.code[i]);
    }
    for (size_t c = 0; t->report != NULL && c < t->component.count; c++) {
      const double value = t->added[c][i];
      if (!(value < 0.0)) continue;
      tanlu_table_report_add(t->report, TANLU_REMARK_NEGATIVE_ADDED, value, "%s of %s", t->component.name[c],
                             t->sector.code[i]);
    }
  }
}

/* Sectors without output can have nothing beside: what they have is left out and named. */
static tanlu_status hand_on_extensions(tanlu_region_table *t) {
  const size_t n = t->sector.count, count = t->extension.count;
  if (count == 0) return TANLU_OK;
  tanlu_status status = tanlu_codes_assign(&t->extension, NULL, NULL, t->context);
  double *value = tanlu_allocate_doubles(t->context, n, count);
  if (value == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < count; k++) {
    double left = 0.0;
    for (size_t j = 0; j < n; j++) {
      if (t->output[j] > 0.0) value[k * n + j] = t->extended[k][j];
      if (!(t->output[j] > 0.0)) left += t->extended[k][j];
    }
    free(t->extended[k]);
    t->extended[k] = NULL;
    if (left != 0.0 && t->report != NULL) {
      tanlu_table_report_add(t->report, TANLU_REMARK_LEFT_OUT, left, "%s of sectors without output",
                             t->extension.name[k]);
    } else if (left != 0.0) {
      status =
          tanlu_region_table_remark(t, "'%s': %.10g of sectors without output is left out", t->extension.name[k], left);
    }
  }
  const tanlu_table_extensions all = {
      .count = count, .label = &t->extension, .unit = (const char *const *)t->unit, .value = value};
  if (status == TANLU_OK) status = t->sink->extensions(t->sink->user, &all, t->context);
  free(value);
  return status;
}

static tanlu_status hand_on_margins(tanlu_region_table *t) {
  const size_t n = t->sector.count, count = t->component.count;
  tanlu_status status = tanlu_codes_assign(&t->component, NULL, NULL, t->context);
  double *added = tanlu_allocate_doubles(t->context, count, n);
  if (added == NULL) return TANLU_ERR_MEMORY;
  bool differs = false;
  for (size_t i = 0; i < n; i++) differs = differs || t->discrepancy[i] != 0.0;
  for (size_t j = 0; j < n; j++) {
    for (size_t c = 0; c < count; c++) added[j * count + c] = t->added[c][j];
  }
  const tanlu_table_margins margins = {.final_use = t->final_use,
                                       .final_domestic = t->final_domestic,
                                       .imports = t->imports,
                                       .discrepancy = differs ? t->discrepancy : NULL,
                                       .value_added = added,
                                       .output = t->output};
  t->heads.sources = t->sources != NULL ? t->sources : "";
  if (status == TANLU_OK) status = t->sink->margins(t->sink->user, &margins, t->context);
  free(added);
  return status;
}

tanlu_status tanlu_region_table_end(tanlu_region_table *t) {
  tanlu_status status = TANLU_OK;
  if (t->missing > 0) {
    return tanlu_fail_at(t->context, TANLU_ERR_INPUT, t->source, 0, 0, "%zu rows of flows are missing, '%s' the first",
                         t->missing, t->sector.code[t->next]);
  }
  for (size_t i = 0; i < t->sector.count; i++) t->discrepancy[i] += t->stated[i];
  status = fill_output(t);
  if (status == TANLU_OK) status = take_off_re_exports(t);
  if (status == TANLU_OK) add_remarks(t);
  if (status == TANLU_OK) status = fill_value_added(t);
  if (status == TANLU_OK) status = check_sums(t);
  if (status == TANLU_OK) status = close_gaps(t);
  if (status == TANLU_OK) status = hand_on_extensions(t);
  return status == TANLU_OK ? hand_on_margins(t) : status;
}
