#include "model/table_conversion.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/technology.h"
#include "solvers/memory.h"

/* ---- money --------------------------------------------------------------------------------------------------------------- */

static void scale(double *number, size_t count, double factor) {
  for (size_t k = 0; number != NULL && k < count; k++) number[k] *= factor;
}

static void scale_accounts(tanlu_accounts *a, double factor) {
  const size_t n = a->n, final = n * a->category.count;
  scale(a->flows, n * n, factor);
  scale(a->flows_domestic, n * n, factor);
  scale(a->final_use, final, factor);
  scale(a->final_domestic, final, factor);
  scale(a->imports, n, factor);
  scale(a->discrepancy, n, factor);
  scale(a->value_added, n * a->component.count, factor);
  scale(a->output, n, factor);
}

/* "1e6 USD" */
static const char *currency_of(const char *money) {
  return strchr(money, ' ') + 1;
}

tanlu_status tanlu_table_change_money(tanlu_dataset *d, const char *money, double rate, tanlu_context *context) {
  const char *old = tanlu_dataset_money(d);
  if (!tanlu_money_well_formed(money)) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "'%s' is no unit of money; expected a power of ten and a currency, as in 1e6 USD", money);
  }
  const bool same = strcmp(currency_of(old), currency_of(money)) == 0;
  if (!same && !(rate > 0.0)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "from %s to %s without a rate; expected how many %s one %s is", old,
                      money, currency_of(old), currency_of(money));
  }
  if (same && rate > 0.0) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "a rate of %g from %s to %s; expected none, the currency is the same",
                      rate, old, money);
  }
  char *text = tanlu_string_copy(context, money);
  if (text == NULL) return TANLU_ERR_MEMORY;
  scale_accounts(&d->accounts, strtod(old, NULL) / (strtod(money, NULL) * (same ? 1.0 : rate)));
  free(d->money);
  d->money = text;
  return TANLU_OK;
}

/* ---- the split ----------------------------------------------------------------------------------------------------------- */

/* Use of product i by user u: sectors, then categories. */
static double *use_at(const tanlu_accounts *a, double *flows, double *final, size_t i, size_t u) {
  return u < a->n ? &flows[u * a->n + i] : &final[(u - a->n) * a->n + i];
}

static tanlu_status import_share(const tanlu_dataset *d, size_t i, double *mu, tanlu_context *context) {
  const tanlu_accounts *a = &d->accounts;
  double intermediate = 0.0;
  for (size_t j = 0; j < a->n; j++) intermediate += a->flows[j * a->n + i];
  return tanlu_import_share(d, i, intermediate, mu, context);
}

static tanlu_status begin_split(tanlu_accounts *a, tanlu_context *context) {
  if (a->import_treatment == TANLU_IMPORT_SPLIT) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "the table tells domestic and imported uses apart already; expected one that does not");
  }
  a->flows_domestic = tanlu_allocate_doubles(context, a->n, a->n);
  a->final_domestic = tanlu_allocate_doubles(context, a->n, a->category.count);
  return a->flows_domestic != NULL && a->final_domestic != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

tanlu_status tanlu_table_split_by_share(tanlu_dataset *d, tanlu_context *context) {
  tanlu_accounts *a = &d->accounts;
  tanlu_status status = begin_split(a, context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < a->n; i++) {
    double mu = 0.0;
    const tanlu_status share = import_share(d, i, &mu, context);
    if (share != TANLU_OK) status = share;
    for (size_t u = 0; u < a->n + a->category.count; u++) {
      const bool home = u >= a->n && a->role[u - a->n] == TANLU_ROLE_EXPORTS;
      const double use = *use_at(a, a->flows, a->final_use, i, u);
      *use_at(a, a->flows_domestic, a->final_domestic, i, u) = home ? use : (1.0 - mu) * use;
    }
  }
  if (status == TANLU_OK) a->import_treatment = TANLU_IMPORT_SPLIT;
  return status;
}

static const char *user_code(const tanlu_accounts *a, size_t u) {
  return u < a->n ? a->sector.code[u] : a->category.code[u - a->n];
}

tanlu_status tanlu_table_split_by_cell(tanlu_dataset *d, const double *imported, tanlu_context *context) {
  tanlu_accounts *a = &d->accounts;
  tanlu_status status = begin_split(a, context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < a->n; i++) {
    const double slack = a->balance_tolerance * fmax(a->output[i], a->imports[i]);
    double sum = 0.0;
    for (size_t u = 0; u < a->n + a->category.count; u++) {
      const double use = *use_at(a, a->flows, a->final_use, i, u), part = imported[u * a->n + i];
      const bool stocks = u >= a->n && a->role[u - a->n] == TANLU_ROLE_INVENTORIES;
      sum += part;
      *use_at(a, a->flows_domestic, a->final_domestic, i, u) = stocks ? use - part : fmax(use - part, 0.0);
      if (stocks || (part >= 0.0 && part <= use + slack)) continue;
      status = tanlu_fail(context, TANLU_ERR_INPUT, "imported part of '%s' used by '%s' is %.10g; expected 0 to %.10g",
                          a->sector.code[i], user_code(a, u), part, use);
    }
    if (fabs(sum - a->imports[i]) <= slack) continue;
    status = tanlu_fail(context, TANLU_ERR_INPUT,
                        "imported parts of '%s' add up to %.10g, its imports are %.10g; allowed %.1g of output",
                        a->sector.code[i], sum, a->imports[i], a->balance_tolerance);
  }
  if (status == TANLU_OK) a->import_treatment = TANLU_IMPORT_SPLIT;
  return status;
}

tanlu_status tanlu_table_merge(tanlu_dataset *d, tanlu_context *context) {
  tanlu_accounts *a = &d->accounts;
  tanlu_status status = TANLU_OK;
  if (a->import_treatment != TANLU_IMPORT_SPLIT) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "the table does not tell domestic and imported uses apart; nothing to merge");
  }
  a->import_treatment = TANLU_IMPORT_NONE;
  for (size_t i = 0; i < a->n; i++) {
    if (a->imports[i] != 0.0) a->import_treatment = TANLU_IMPORT_PROPORTIONAL;
  }
  for (size_t i = 0; i < a->n; i++) {
    double mu = 0.0;
    const tanlu_status share = import_share(d, i, &mu, context);
    if (share != TANLU_OK) status = share;
  }
  free(a->flows_domestic);
  free(a->final_domestic);
  a->flows_domestic = a->final_domestic = NULL;
  return status;
}

/* ---- constant prices ------------------------------------------------------------------------------------------------------ */

void tanlu_table_prices_clear(tanlu_table_prices *prices) {
  free(prices->product);
  free(prices->domestic);
  free(prices->imported);
  *prices = (tanlu_table_prices){0};
}

void tanlu_deflation_clear(tanlu_deflation *deflation) {
  for (size_t k = 0; k < 2; k++) {
    free(deflation->value_added[k]);
    free(deflation->output[k]);
  }
  *deflation = (tanlu_deflation){0};
}

static double value_added(const tanlu_accounts *a, size_t j) {
  double sum = 0.0;
  for (size_t c = 0; c < a->component.count; c++) sum += a->value_added[j * a->component.count + c];
  return sum;
}

/* Product i: uses, imports and output. */
static tanlu_status deflate_row(tanlu_dataset *d, const tanlu_table_prices *p, size_t i, tanlu_context *context) {
  tanlu_accounts *a = &d->accounts;
  const bool split = a->import_treatment == TANLU_IMPORT_SPLIT;
  double mu = 0.0, imports = 0.0, made = 0.0;
  const tanlu_status status = split ? TANLU_OK : import_share(d, i, &mu, context);
  if (status != TANLU_OK) return status;
  for (size_t u = 0; u < a->n + a->category.count; u++) {
    const bool home = u >= a->n && a->role[u - a->n] == TANLU_ROLE_EXPORTS;
    double *use = use_at(a, a->flows, a->final_use, i, u), *own = NULL;
    if (split) own = use_at(a, a->flows_domestic, a->final_domestic, i, u);
    const double foreign = split ? *use - *own : home ? 0.0 : mu * *use, domestic = split ? *own : *use - foreign;
    const double at_home = domestic / p->domestic[u * a->n + i], from_abroad = foreign / p->imported[u * a->n + i];
    *use = at_home + from_abroad;
    if (split) *own = at_home;
    made += at_home;
    imports += from_abroad;
  }
  if (a->imports[i] != 0.0) a->imports[i] = fmax(imports, 0.0); /* of rounding alone where there were none */
  a->discrepancy[i] /= p->product[i];
  const double output = made + a->discrepancy[i];
  if (a->output[i] > 0.0 && !(output > 0.0)) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "output of '%s' at constant prices comes out at %.6g; expected it above 0", a->sector.code[i],
                      output);
  }
  a->output[i] = a->output[i] > 0.0 ? output : 0.0;
  return TANLU_OK;
}

static tanlu_status one_component(tanlu_accounts *a, const double *added, tanlu_context *context) {
  tanlu_labels_clear(&a->component);
  memcpy(a->value_added, added, a->n * sizeof *added); /* there was at least one component */
  return tanlu_labels_add(&a->component, "value_added", "Value added at constant prices, double deflation",
                          "增加值（不变价，双缩法）", context);
}

static tanlu_status allocate(tanlu_deflation *deflation, const tanlu_accounts *a, tanlu_context *context) {
  for (size_t k = 0; k < 2; k++) {
    deflation->value_added[k] = tanlu_allocate_doubles(context, a->n, 1);
    deflation->output[k] = tanlu_allocate_doubles(context, a->n, 1);
    if (deflation->value_added[k] == NULL || deflation->output[k] == NULL) return TANLU_ERR_MEMORY;
  }
  return TANLU_OK;
}

tanlu_status tanlu_table_deflate(tanlu_dataset *d, const tanlu_table_prices *prices, tanlu_deflation *deflation,
                                 tanlu_context *context) {
  tanlu_accounts *a = &d->accounts;
  *deflation = (tanlu_deflation){0};
  if (prices->by_user && a->import_treatment != TANLU_IMPORT_SPLIT) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "prices by user need a table that tells domestic and imported uses apart; split it first");
  }
  tanlu_status status = allocate(deflation, a, context);
  if (status == TANLU_OK && a->component.count == 0) {
    status = tanlu_fail(context, TANLU_ERR_INPUT, "the table has no value added; expected at least one component");
  }
  if (status != TANLU_OK) return status;
  for (size_t j = 0; j < a->n; j++) {
    deflation->value_added[0][j] = value_added(a, j);
    deflation->output[0][j] = a->output[j];
  }
  for (size_t i = 0; i < a->n; i++) {
    const tanlu_status row = deflate_row(d, prices, i, context);
    if (row != TANLU_OK) status = row;
  }
  if (status != TANLU_OK) return status;
  for (size_t j = 0; j < a->n; j++) {
    double left = a->output[j];
    for (size_t i = 0; i < a->n; i++) left -= a->flows[j * a->n + i];
    deflation->value_added[1][j] = left;
    deflation->output[1][j] = a->output[j];
    deflation->negative += left < 0.0 && !(deflation->value_added[0][j] < 0.0);
  }
  return one_component(a, deflation->value_added[1], context);
}
