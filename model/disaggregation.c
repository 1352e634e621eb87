#include "model/disaggregation.h"

#include <stdlib.h>

#include "solvers/gras.h"
#include "solvers/memory.h"

/* Sums are met so closely that adding up gives the table back to rounding. */
static const tanlu_ras_options how = {.tolerance = 1e-13, .most = 20000};

typedef struct {
  const tanlu_accounts *old;
  const tanlu_split *split;
  tanlu_accounts *a;
  size_t first, members; /* the sector in hand: its new sectors */
  tanlu_context *context;
} job;

static bool is_split(const tanlu_split *s, size_t i) {
  return (i > 0 && s->parent[i - 1] == s->parent[i]) || (i + 1 < s->to && s->parent[i + 1] == s->parent[i]);
}

/* ---- by shares ------------------------------------------------------------------------------------------------------------- */

/* All uses of old product p. */
static double uses(const tanlu_accounts *old, size_t p) {
  double sum = 0.0;
  for (size_t j = 0; j < old->n; j++) sum += old->flows[j * old->n + p];
  for (size_t k = 0; k < old->category.count; k++) sum += old->final_use[k * old->n + p];
  return sum;
}

/* x, err, m of new sector i. */
static tanlu_status take_totals(const job *d, size_t i) {
  const tanlu_accounts *old = d->old;
  const size_t p = d->split->parent[i];
  const double err = old->discrepancy != NULL ? old->discrepancy[p] : 0.0;
  const double w = d->split->output[i], s = d->split->sales[i];
  d->a->output[i] = w * old->output[p];
  d->a->discrepancy[i] = w * err;
  d->a->imports[i] = s * old->imports[p];
  if (s == w) return TANLU_OK;
  const double all = uses(old, p), made = old->output[p] - err, slack = old->balance_tolerance * old->output[p];
  double imports = w * old->imports[p] + (s - w) * all;
  if (imports < -slack) {
    return tanlu_fail(d->context, TANLU_ERR_INPUT,
                      "sector '%s': a share of %g of the sales of '%s' and %g of its output leave imports of %.6g; "
                      "expected sales of at least %.6g",
                      d->split->sector->code[i], s, old->sector.code[p], w, imports, w * made / all);
  }
  d->a->imports[i] = imports < 0.0 ? 0.0 : imports;
  return TANLU_OK;
}

/* A use `all` of old product p, of which `domestic`, as new sector i sells it. */
static double sold(const job *d, size_t i, double all, double domestic) {
  const size_t p = d->split->parent[i];
  if (d->old->import_treatment != TANLU_IMPORT_SPLIT || d->split->sales[i] == d->split->output[i]) {
    return d->split->sales[i] * all;
  }
  const double imported = d->old->imports[p] > 0.0 ? d->a->imports[i] / d->old->imports[p] : d->split->sales[i];
  return d->split->output[i] * domestic + imported * (all - domestic);
}

static void take_row(const job *d, size_t i) {
  const tanlu_accounts *old = d->old;
  tanlu_accounts *a = d->a;
  const tanlu_split *s = d->split;
  const size_t n = old->n, p = s->parent[i];
  for (size_t j = 0; j < s->to; j++) {
    const size_t at = s->parent[j] * n + p;
    const double domestic = old->flows_domestic != NULL ? old->flows_domestic[at] : 0.0;
    a->flows[j * s->to + i] = s->output[j] * sold(d, i, old->flows[at], domestic);
    if (a->flows_domestic != NULL) a->flows_domestic[j * s->to + i] = s->output[j] * (s->output[i] * domestic);
  }
  for (size_t k = 0; k < a->category.count; k++) {
    const double domestic = old->final_domestic != NULL ? old->final_domestic[k * n + p] : 0.0;
    a->final_use[k * s->to + i] = sold(d, i, old->final_use[k * n + p], domestic);
    if (a->final_domestic != NULL) a->final_domestic[k * s->to + i] = s->output[i] * domestic;
  }
  for (size_t c = 0; c < a->component.count; c++) {
    a->value_added[i * a->component.count + c] = s->output[i] * old->value_added[p * a->component.count + c];
  }
}

/* ---- known cells ------------------------------------------------------------------------------------------------------------ */

static bool in_hand(const job *d, size_t i) {
  return i >= d->first && i < d->first + d->members;
}

/* Does the cell count now: does it touch the sectors in hand, and none that are split later? */
static bool counts_now(const job *d, const tanlu_known_cell *cell) {
  const size_t end = d->first + d->members;
  const bool later_row = cell->row >= end && is_split(d->split, cell->row);
  const bool later_column = cell->column >= end && is_split(d->split, cell->column);
  return (in_hand(d, cell->row) || in_hand(d, cell->column)) && !later_row && !later_column;
}

static tanlu_status check_cells(const job *d) {
  const tanlu_split *s = d->split;
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < s->cells; k++) {
    const tanlu_known_cell *c = &s->cell[k];
    const char *row = s->sector->code[c->row], *column = s->sector->code[c->column];
    if (d->old->import_treatment == TANLU_IMPORT_SPLIT) {
      return tanlu_fail(d->context, TANLU_ERR_INPUT, "known cells do not go with a table whose imports are split");
    }
    if (!is_split(s, c->row) && !is_split(s, c->column)) {
      status = tanlu_fail(d->context, TANLU_ERR_INPUT,
                          "known cell '%s', '%s': neither sector comes of one that is split", row, column);
    }
    if (!(c->value >= 0.0)) {
      status = tanlu_fail(d->context, TANLU_ERR_INPUT, "known cell '%s', '%s' is %g; expected at least 0", row, column,
                          c->value);
    }
  }
  return status;
}

/* The block of the sectors in hand: known cells, the rest in proportion. */
static tanlu_status fill_block(const job *d, bool *fixed) {
  const size_t k = d->members, n = d->split->to;
  double total = 0.0, known = 0.0, rest = 0.0;
  for (size_t c = 0; c < d->split->cells; c++) {
    const tanlu_known_cell *cell = &d->split->cell[c];
    if (!in_hand(d, cell->row) || !in_hand(d, cell->column)) continue;
    fixed[(cell->column - d->first) * k + cell->row - d->first] = true;
  }
  for (size_t at = 0; at < k * k; at++) {
    const double value = d->a->flows[(d->first + at / k) * n + d->first + at % k];
    total += value;
    if (!fixed[at]) rest += value;
  }
  for (size_t c = 0; c < d->split->cells; c++) {
    const tanlu_known_cell *cell = &d->split->cell[c];
    if (!in_hand(d, cell->row) || !in_hand(d, cell->column)) continue;
    d->a->flows[cell->column * n + cell->row] = cell->value;
    known += cell->value;
  }
  const double left = total - known, slack = how.tolerance * total;
  if (left < -slack || (rest <= 0.0 && left > slack)) {
    return tanlu_fail(
        d->context, TANLU_ERR_INPUT,
        "known cells of '%s' among themselves add up to %.10g; expected %s %.10g, what '%s' uses of itself",
        d->old->sector.code[d->split->parent[d->first]], known, rest <= 0.0 ? "the" : "at most", total,
        d->old->sector.code[d->split->parent[d->first]]);
  }
  for (size_t at = 0; at < k * k; at++) {
    double *value = &d->a->flows[(d->first + at / k) * n + d->first + at % k];
    if (!fixed[at] && known > 0.0) *value *= left > 0.0 ? left / rest : 0.0;
  }
  return TANLU_OK;
}

/* The part of the table beside the block: along `long_side` (all other sectors, then the margin) and the sectors in hand. Rows
 * and columns change places for the purchases. */
typedef struct {
  bool sales;
  size_t others, margin; /* other sectors; categories or components */
  double *value;         /* k x (others + margin) of sales, (others + margin) x k of purchases */
  bool *fixed;
  double *short_sum, *long_sum;
  const char **long_name;
} side;

static size_t side_at(const side *s, size_t k, size_t own, size_t other) {
  return s->sales ? other * k + own : own * (s->others + s->margin) + other;
}

/* The cell of the table behind (own, other). */
static double *table_at(const job *d, const side *s, size_t own, size_t other) {
  tanlu_accounts *a = d->a;
  const size_t n = a->n, i = d->first + own;
  if (other >= s->others) {
    const size_t m = other - s->others;
    return s->sales ? &a->final_use[m * n + i] : &a->value_added[i * a->component.count + m];
  }
  const size_t j = other < d->first ? other : other + d->members;
  return s->sales ? &a->flows[j * n + i] : &a->flows[i * n + j];
}

static void side_free(side *s) {
  free(s->value);
  free(s->fixed);
  free(s->short_sum);
  free(s->long_sum);
  free(s->long_name);
}

/* target: members, what the rows (columns) of the sectors in hand are to add up to here. */
static tanlu_status side_create(side *s, const job *d, bool sales, const double *target) {
  const tanlu_accounts *a = d->a;
  const tanlu_labels *margin = sales ? &a->category : &a->component;
  const size_t k = d->members;
  *s = (side){.sales = sales, .others = a->n - k, .margin = margin->count};
  const size_t count = s->others + s->margin;
  s->value = tanlu_allocate_doubles(d->context, k, count);
  s->fixed = tanlu_allocate(d->context, k * count, sizeof *s->fixed);
  s->short_sum = tanlu_allocate_doubles(d->context, k, 1);
  s->long_sum = tanlu_allocate_doubles(d->context, count, 1);
  s->long_name = tanlu_allocate(d->context, count, sizeof *s->long_name);
  if (s->value == NULL || s->fixed == NULL || s->short_sum == NULL || s->long_sum == NULL || s->long_name == NULL) {
    return TANLU_ERR_MEMORY;
  }
  for (size_t own = 0; own < k; own++) s->short_sum[own] = target[own];
  for (size_t other = 0; other < count; other++) {
    const size_t j = other < d->first ? other : other + k;
    s->long_name[other] = other < s->others ? a->sector.code[j] : margin->code[other - s->others];
    for (size_t own = 0; own < k; own++) {
      const double value = *table_at(d, s, own, other);
      s->value[side_at(s, k, own, other)] = value;
      s->long_sum[other] += value;
    }
  }
  for (size_t c = 0; c < d->split->cells; c++) {
    const tanlu_known_cell *cell = &d->split->cell[c];
    const size_t own = sales ? cell->row : cell->column, j = sales ? cell->column : cell->row;
    if (!counts_now(d, cell) || !in_hand(d, own) || in_hand(d, j)) continue;
    const size_t at = side_at(s, k, own - d->first, j < d->first ? j : j - k);
    s->value[at] = cell->value;
    s->fixed[at] = true;
  }
  return TANLU_OK;
}

/* Known cells of a column (row) are part of what it holds. */
static tanlu_status check_side(const job *d, const side *s) {
  const size_t k = d->members, count = s->others + s->margin;
  const char *parent = d->old->sector.code[d->split->parent[d->first]];
  tanlu_status status = TANLU_OK;
  for (size_t other = 0; other < count; other++) {
    double known = 0.0;
    for (size_t i = 0; i < k; i++) {
      const size_t at = side_at(s, k, i, other);
      if (s->fixed[at]) known += s->value[at];
    }
    if (known == 0.0 || known <= s->long_sum[other] * (1.0 + how.tolerance)) continue;
    status = tanlu_fail(d->context, TANLU_ERR_INPUT,
                        "known cells: what '%s' is split into %s '%s' adds up to %.10g; expected at most %.10g", parent,
                        s->sales ? "sells to" : "buys of", s->long_name[other], known, s->long_sum[other]);
  }
  return status;
}

static tanlu_status balance_side(const job *d, bool sales, const double *target) {
  side s;
  const char *const *own = (const char *const *)d->a->sector.code + d->first;
  tanlu_status status = side_create(&s, d, sales, target);
  if (status == TANLU_OK) status = check_side(d, &s);
  if (status == TANLU_OK) {
    const size_t k = d->members, count = s.others + s.margin;
    const tanlu_gras_problem problem = {.rows = sales ? k : count,
                                        .columns = sales ? count : k,
                                        .row_sum = sales ? s.short_sum : s.long_sum,
                                        .column_sum = sales ? s.long_sum : s.short_sum,
                                        .fixed = s.fixed,
                                        .row_name = sales ? own : s.long_name,
                                        .column_name = sales ? s.long_name : own};
    status = tanlu_gras(&problem, s.value, &how, NULL, d->context);
    for (size_t other = 0; status == TANLU_OK && other < count; other++) {
      for (size_t i = 0; i < k; i++) *table_at(d, &s, i, other) = s.value[side_at(&s, k, i, other)];
    }
    if (status == TANLU_ERR_INPUT || status == TANLU_ERR_MODEL) {
      status =
          tanlu_fail(d->context, TANLU_ERR_INPUT, "known cells: the %s of what '%s' is split into cannot be balanced",
                     sales ? "sales" : "purchases", d->old->sector.code[d->split->parent[d->first]]);
    }
  }
  side_free(&s);
  return status;
}

/* What the block takes of the rows (sales) or columns of the sectors in hand. */
static double of_block(const job *d, bool sales, size_t own) {
  const size_t n = d->a->n;
  double sum = 0.0;
  for (size_t other = 0; other < d->members; other++) {
    const size_t i = d->first + (sales ? own : other), j = d->first + (sales ? other : own);
    sum += d->a->flows[j * n + i];
  }
  return sum;
}

/* Sums beside the block as they are, so that what the block gains they lose. */
static void sums_beside(const job *d, bool sales, double sign, double *target) {
  const side s = {
      .sales = sales, .others = d->a->n - d->members, .margin = sales ? d->a->category.count : d->a->component.count};
  for (size_t own = 0; own < d->members; own++) {
    if (sign > 0.0) {
      for (size_t other = 0; other < s.others + s.margin; other++) target[own] += *table_at(d, &s, own, other);
    }
    target[own] += sign * of_block(d, sales, own);
  }
}

static tanlu_status use_cells(job *d) {
  const size_t k = d->members;
  bool any = false;
  for (size_t c = 0; c < d->split->cells; c++) any = any || counts_now(d, &d->split->cell[c]);
  if (!any) return TANLU_OK;
  bool *fixed = tanlu_allocate(d->context, k * k, sizeof *fixed);
  double *rows = tanlu_allocate_doubles(d->context, k, 1), *columns = tanlu_allocate_doubles(d->context, k, 1);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (fixed != NULL && rows != NULL && columns != NULL) {
    sums_beside(d, true, 1.0, rows);
    sums_beside(d, false, 1.0, columns);
    status = fill_block(d, fixed);
    sums_beside(d, true, -1.0, rows);
    sums_beside(d, false, -1.0, columns);
  }
  if (status == TANLU_OK) status = balance_side(d, true, rows);
  if (status == TANLU_OK) status = balance_side(d, false, columns);
  free(fixed);
  free(rows);
  free(columns);
  return status;
}

/* ---- all ---------------------------------------------------------------------------------------------------------------------- */

/* Room for the new table: the old one brought onto the new sectors by nobody's weights. */
static tanlu_status make_room(tanlu_accounts *a, const tanlu_accounts *old, const tanlu_split *s,
                              tanlu_context *context) {
  tanlu_concordance *none = NULL;
  tanlu_status status = tanlu_concordance_create(&none, old->n, s->to, 0, NULL, NULL, NULL, context);
  if (status == TANLU_OK) status = tanlu_aggregate_accounts(a, old, none, s->sector, context);
  tanlu_concordance_free(&none);
  if (status == TANLU_OK && a->discrepancy == NULL) {
    a->discrepancy = tanlu_allocate_doubles(context, s->to, 1);
    if (a->discrepancy == NULL) status = TANLU_ERR_MEMORY;
  }
  return status;
}

tanlu_status tanlu_disaggregate_accounts(tanlu_accounts *accounts, const tanlu_accounts *old, const tanlu_split *split,
                                         tanlu_context *context) {
  job d = {.old = old, .split = split, .a = accounts, .context = context};
  tanlu_status status = make_room(accounts, old, split, context);
  if (status == TANLU_OK) status = check_cells(&d);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < split->to; i++) {
    const tanlu_status totals = take_totals(&d, i);
    if (totals != TANLU_OK) status = totals;
  }
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < split->to; i++) take_row(&d, i);
  for (size_t i = 0; status == TANLU_OK && i < split->to; i += d.members) {
    d.first = i;
    d.members = 1;
    while (i + d.members < split->to && split->parent[i + d.members] == split->parent[i]) d.members++;
    if (d.members > 1) status = use_cells(&d);
  }
  return status;
}
