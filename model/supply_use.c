#include "model/supply_use.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/leontief.h"
#include "solvers/memory.h"
#include "solvers/ras.h"

static const double rounding = 1e-13; /* of output: what is left of a zero flow */
static const double singular = 1e-13; /* reciprocal condition of the product mixes */

void tanlu_supply_use_clear(tanlu_supply_use *t) {
  tanlu_labels_clear(&t->product);
  tanlu_labels_clear(&t->industry);
  tanlu_labels_clear(&t->category);
  tanlu_labels_clear(&t->component);
  free(t->role);
  free(t->supply);
  free(t->use);
  free(t->final_use);
  free(t->value_added);
  free(t->imports);
  free(t->margins);
  free(t->taxes);
  *t = (tanlu_supply_use){0};
}

/* ---- sums -------------------------------------------------------------------------------------------------------------- */

static double row_sum(const double *matrix, size_t rows, size_t columns, size_t i) {
  double sum = 0.0;
  for (size_t j = 0; j < columns; j++) sum += matrix[j * rows + i];
  return sum;
}

static double column_sum(const double *matrix, size_t rows, size_t j) {
  double sum = 0.0;
  for (size_t i = 0; i < rows; i++) sum += matrix[j * rows + i];
  return sum;
}

static double product_output(const tanlu_supply_use *t, size_t i) {
  return row_sum(t->supply, t->product.count, t->industry.count, i);
}

static double industry_output(const tanlu_supply_use *t, size_t j) {
  return column_sum(t->supply, t->product.count, j);
}

static double uses(const tanlu_supply_use *t, size_t i) {
  const size_t p = t->product.count;
  return row_sum(t->use, p, t->industry.count, i) + row_sum(t->final_use, p, t->category.count, i);
}

/* Margins and taxes on product i. */
static double valuation(const tanlu_supply_use *t, size_t i) {
  return (t->margins != NULL ? t->margins[i] : 0.0) + (t->taxes != NULL ? t->taxes[i] : 0.0);
}

static bool equal(double a, double b, double tolerance) {
  return fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

/* ---- identities ---------------------------------------------------------------------------------------------------------- */

static bool products_add_up(const tanlu_supply_use *t, bool purchasers, double tolerance) {
  for (size_t i = 0; i < t->product.count; i++) {
    const double supply = product_output(t, i) + t->imports[i] + (purchasers ? valuation(t, i) : 0.0);
    if (!equal(uses(t, i), supply, tolerance)) return false;
  }
  return true;
}

static tanlu_status check_products(const tanlu_supply_use *t, bool purchasers, double tolerance,
                                   tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < t->product.count; i++) {
    const double supply = product_output(t, i) + t->imports[i] + (purchasers ? valuation(t, i) : 0.0);
    if (equal(uses(t, i), supply, tolerance)) continue;
    status = tanlu_fail(context, TANLU_ERR_INPUT,
                        "product '%s' does not add up: uses %.10g, supply at %s prices %.10g; allowed %.1g of it",
                        t->product.code[i], uses(t, i), purchasers ? "purchasers'" : "basic", supply, tolerance);
  }
  return status;
}

static tanlu_status check_industries(const tanlu_supply_use *t, double tolerance, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t j = 0; j < t->industry.count; j++) {
    const double inputs = column_sum(t->use, t->product.count, j),
                 added = column_sum(t->value_added, t->component.count, j), output = industry_output(t, j);
    if (equal(inputs + added, output, tolerance)) continue;
    status = tanlu_fail(context, TANLU_ERR_INPUT,
                        "industry '%s' does not add up: inputs %.10g + value added %.10g, output %.10g; allowed %.1g "
                        "of it",
                        t->industry.code[j], inputs, added, output, tolerance);
  }
  return status;
}

tanlu_status tanlu_supply_use_check(const tanlu_supply_use *t, double tolerance, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  const bool valued = t->margins != NULL || t->taxes != NULL, basic = products_add_up(t, false, tolerance);
  if (!basic && valued && products_add_up(t, true, tolerance)) {
    status = tanlu_fail(context, TANLU_ERR_INPUT,
                        "the use table is at purchasers' prices: it adds up to supply with margins and taxes; expected "
                        "basic prices (--valuation proportional takes margins and taxes off every use alike)");
  } else if (!basic) {
    status = check_products(t, false, tolerance, context);
  }
  const tanlu_status industries = check_industries(t, tolerance, context);
  return status != TANLU_OK ? status : industries;
}

/* ---- purchasers' prices -------------------------------------------------------------------------------------------------- */

/* One column of uses to basic prices: margins[i], taxes[i] of supply[i] go off, what they are of margins goes to those who provide
 * them. Returns the taxes. */
static double take_off(const tanlu_supply_use *t, const double *supply, double provided, double *column) {
  double taxes = 0.0, margins = 0.0;
  for (size_t i = 0; i < t->product.count; i++) {
    const double use = column[i];
    const double margin = t->margins != NULL ? t->margins[i] : 0.0, tax = t->taxes != NULL ? t->taxes[i] : 0.0;
    if (use == 0.0 || supply[i] == 0.0) continue;
    const double share = use / supply[i];
    column[i] -= share * (fmax(margin, 0.0) + tax);
    margins += share * fmax(margin, 0.0);
    taxes += share * tax;
  }
  for (size_t i = 0; provided > 0.0 && i < t->product.count; i++) {
    if (t->margins[i] < 0.0) column[i] += margins * (-t->margins[i] / provided);
  }
  return taxes;
}

static tanlu_status check_valuation(const tanlu_supply_use *t, double tolerance, double *provided,
                                    tanlu_context *context) {
  double all = 0.0, size = 0.0;
  *provided = 0.0;
  if (t->margins == NULL && t->taxes == NULL) {
    return tanlu_fail(
        context, TANLU_ERR_INPUT,
        "the supply table has no columns 'margins' and 'taxes'; expected one or both of them beside a use "
        "table at purchasers' prices");
  }
  for (size_t i = 0; t->margins != NULL && i < t->product.count; i++) {
    all += t->margins[i];
    size += fabs(t->margins[i]);
    *provided += fmax(-t->margins[i], 0.0);
  }
  if (fabs(all) > tolerance * size) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "margins add up to %.10g over all products; expected 0: what goods bear, trade and transport "
                      "provide (below zero)",
                      all);
  }
  return check_products(t, true, tolerance, context);
}

/* What all uses of product i add up to, without the margins that it provides: the base of its shares. */
static void purchased(const tanlu_supply_use *t, double *supply) {
  for (size_t i = 0; i < t->product.count; i++) supply[i] = uses(t, i);
}

static tanlu_status add_taxes(tanlu_supply_use *t, const double *taxes, tanlu_context *context) {
  const size_t c = t->component.count, n = t->industry.count;
  static const char code[] = "taxes_on_products";
  if (tanlu_labels_find(&t->component, code) != TANLU_NONE) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "the use table has a row '%s' already", code);
  }
  double *larger = tanlu_allocate_doubles(context, c + 1, n);
  if (larger == NULL) return TANLU_ERR_MEMORY;
  for (size_t j = 0; j < n; j++) {
    memcpy(&larger[j * (c + 1)], &t->value_added[j * c], c * sizeof *larger);
    larger[j * (c + 1) + c] = taxes[j];
  }
  free(t->value_added);
  t->value_added = larger;
  return tanlu_labels_add(&t->component, code, "Taxes less subsidies on products used", NULL, context);
}

tanlu_status tanlu_supply_use_to_basic(tanlu_supply_use *t, double tolerance, double *outside, tanlu_context *context) {
  const size_t p = t->product.count, n = t->industry.count;
  double provided = 0.0;
  *outside = 0.0;
  tanlu_status status = check_valuation(t, tolerance, &provided, context);
  double *supply = tanlu_allocate_doubles(context, p, 1), *taxes = tanlu_allocate_doubles(context, n, 1);
  if (supply == NULL || taxes == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    purchased(t, supply);
    for (size_t j = 0; j < n; j++) taxes[j] = take_off(t, supply, provided, &t->use[j * p]);
    for (size_t k = 0; k < t->category.count; k++) *outside += take_off(t, supply, provided, &t->final_use[k * p]);
    status = add_taxes(t, taxes, context);
  }
  for (size_t k = 0; status == TANLU_OK && k < p * n; k++) {
    if (!(t->use[k] < 0.0)) continue;
    status = tanlu_fail(
        context, TANLU_ERR_INPUT,
        "use of '%s' by '%s' falls to %.6g at basic prices: margins and taxes on the product are above what it "
        "is bought for",
        t->product.code[k % p], t->industry.code[k / p], t->use[k]);
  }
  free(supply);
  free(taxes);
  return status;
}

/* ---- the transformation ---------------------------------------------------------------------------------------------------- */

typedef struct {
  const tanlu_supply_use *tables;
  bool industries;    /* the result is by industries */
  bool inverse;       /* commodity technology */
  double *q, *g;      /* products, industries */
  double *t;          /* industries x products */
  double *left, *mix; /* work: industries x products */
  tanlu_context *context;
} work;

/* The product that is a combination of others, and the one of them that it is nearest to in who makes it. */
static tanlu_status name_singular(const work *w, size_t product) {
  const tanlu_labels *label = &w->tables->product;
  const size_t n = w->tables->industry.count;
  const double *mine = &w->mix[product * n];
  size_t nearest = product;
  double best = -1.0;
  for (size_t i = 0; i < label->count; i++) {
    const double *other = &w->mix[i * n];
    const double size = cblas_dnrm2((int)n, mine, 1) * cblas_dnrm2((int)n, other, 1);
    const double cosine = size > 0.0 ? cblas_ddot((int)n, mine, 1, other, 1) / size : 0.0;
    if (i == product || cosine <= best) continue;
    best = cosine;
    nearest = i;
  }
  return tanlu_fail(
      w->context, TANLU_ERR_MODEL,
      "the supply table is singular: the industries that make product '%s' make others in such shares that "
      "it cannot be told from them (nearest: '%s'); merge products or take an industry technology (model "
      "B or D)",
      label->code[product], label->code[nearest]);
}

/* mix = diag(g)^-1 V, and its inverse into t, transposed: (V' diag(g)^-1)^-1. */
static tanlu_status invert(work *w) {
  const size_t n = w->tables->industry.count;
  size_t product = 0;
  tanlu_leontief *solver = NULL;
  tanlu_status status = tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, n, w->context);
  if (status != TANLU_OK) return status;
  for (size_t k = 0; k < n * n; k++) w->left[k] = -w->mix[k];
  for (size_t j = 0; j < n; j++) {
    w->left[j * n + j] += 1.0;
    memset(&w->t[j * n], 0, n * sizeof *w->t);
    w->t[j * n + j] = 1.0;
  }
  status = tanlu_leontief_factor(solver, w->left, n, &product, NULL);
  if (status == TANLU_OK && tanlu_leontief_diagnose(solver).rcond < singular) {
    status = TANLU_ERR_MODEL;
    product = n - 1;
  }
  if (status == TANLU_ERR_MODEL) {
    status = name_singular(w, product);
  } else if (status == TANLU_OK) {
    status = tanlu_leontief_solve_transposed(solver, w->t, n, n, w->context);
  }
  tanlu_leontief_free(&solver);
  return status;
}

static tanlu_status check_axes(const work *w) {
  const tanlu_supply_use *s = w->tables;
  const size_t p = s->product.count, n = s->industry.count;
  tanlu_status status = TANLU_OK;
  if (w->inverse && p != n) {
    return tanlu_fail(w->context, TANLU_ERR_INPUT,
                      "%zu products and %zu industries; a commodity technology (model A or C) needs as many of each", p,
                      n);
  }
  for (size_t i = 0; i < p; i++) {
    if (w->q[i] > 0.0 || !(w->inverse || (w->industries && (uses(s, i) != 0.0 || s->imports[i] != 0.0)))) continue;
    status = tanlu_fail(w->context, TANLU_ERR_INPUT,
                        "product '%s' is made by no industry; expected output%s, merge it into another product",
                        s->product.code[i], w->industries ? " to tell whose row its uses belong to" : "");
  }
  for (size_t j = 0; j < n; j++) {
    if (w->g[j] > 0.0) continue;
    const bool idle = column_sum(s->use, p, j) == 0.0 && column_sum(s->value_added, s->component.count, j) == 0.0;
    if (idle && !w->inverse) continue;
    status = tanlu_fail(w->context, TANLU_ERR_INPUT, "industry '%s' makes nothing; merge it into another one",
                        s->industry.code[j]);
  }
  return status;
}

/* T, see the header. */
static tanlu_status transformation(work *w) {
  const tanlu_supply_use *s = w->tables;
  const size_t p = s->product.count, n = s->industry.count;
  for (size_t i = 0; i < p; i++) {
    for (size_t j = 0; j < n; j++) {
      const double made = s->supply[j * p + i];
      w->mix[i * n + j] = w->g[j] > 0.0 ? made / w->g[j] : 0.0;
      if (w->industries) w->t[i * n + j] = w->q[i] > 0.0 ? made / w->q[i] : 0.0;
    }
  }
  if (!w->inverse) {
    if (!w->industries) memcpy(w->t, w->mix, p * n * sizeof *w->t);
    return TANLU_OK;
  }
  const tanlu_status status = invert(w);
  for (size_t i = 0; status == TANLU_OK && !w->industries && i < p; i++) {
    for (size_t j = 0; j < n; j++) w->t[i * n + j] *= w->q[i] / w->g[j];
  }
  return status;
}

/* to = left right, column-major: (rows x inner) (inner x columns). */
static void multiply(size_t rows, size_t inner, size_t columns, const double *left, const double *right, double *to) {
  if (rows == 0 || columns == 0) return;
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)rows, (int)columns, (int)inner, 1.0, left, (int)rows,
              right, (int)inner, 0.0, to, (int)rows);
}

/* ---- the symmetric table ----------------------------------------------------------------------------------------------------- */

static tanlu_status copy_labels(tanlu_labels *to, const tanlu_labels *from, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; status == TANLU_OK && k < from->count; k++) {
    status = tanlu_labels_add(to, from->code[k], from->name[k], from->name_zh[k], context);
  }
  return status;
}

static tanlu_status make_axes(const work *w, tanlu_accounts *a) {
  const tanlu_supply_use *s = w->tables;
  tanlu_status status = copy_labels(&a->sector, w->industries ? &s->industry : &s->product, w->context);
  if (status == TANLU_OK) status = copy_labels(&a->category, &s->category, w->context);
  if (status == TANLU_OK) status = copy_labels(&a->component, &s->component, w->context);
  if (status != TANLU_OK) return status;
  const size_t n = a->n = a->sector.count;
  a->role = tanlu_allocate(w->context, a->category.count, sizeof *a->role);
  a->flows = tanlu_allocate_doubles(w->context, n, n);
  a->final_use = tanlu_allocate_doubles(w->context, n, a->category.count);
  a->imports = tanlu_allocate_doubles(w->context, n, 1);
  a->discrepancy = tanlu_allocate_doubles(w->context, n, 1);
  a->value_added = tanlu_allocate_doubles(w->context, a->component.count, n);
  a->output = tanlu_allocate_doubles(w->context, n, 1);
  if (a->role == NULL || a->flows == NULL || a->final_use == NULL || a->imports == NULL || a->discrepancy == NULL ||
      a->value_added == NULL || a->output == NULL) {
    return TANLU_ERR_MEMORY;
  }
  memcpy(a->role, s->role, a->category.count * sizeof *a->role);
  return TANLU_OK;
}

static tanlu_status fill(const work *w, tanlu_accounts *a) {
  const tanlu_supply_use *s = w->tables;
  const size_t p = s->product.count, n = s->industry.count, size = a->n;
  memcpy(a->output, w->industries ? w->g : w->q, size * sizeof *a->output);
  if (w->industries) {
    multiply(n, p, n, w->t, s->use, a->flows);
    multiply(n, p, s->category.count, w->t, s->final_use, a->final_use);
    multiply(n, p, 1, w->t, s->imports, a->imports);
    memcpy(a->value_added, s->value_added, s->component.count * n * sizeof *a->value_added);
  } else {
    multiply(p, n, p, s->use, w->t, a->flows);
    multiply(s->component.count, n, p, s->value_added, w->t, a->value_added);
    memcpy(a->final_use, s->final_use, p * s->category.count * sizeof *a->final_use);
    memcpy(a->imports, s->imports, p * sizeof *a->imports);
  }
  for (size_t k = 0; k < size * size; k++) {
    if (fabs(a->flows[k]) <= rounding * a->output[k / size]) a->flows[k] = 0.0;
  }
  a->import_treatment = TANLU_IMPORT_NONE;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < size; i++) {
    if (fabs(a->imports[i]) <= rounding * a->output[i]) a->imports[i] = 0.0;
    if (a->imports[i] != 0.0) a->import_treatment = TANLU_IMPORT_PROPORTIONAL;
    if (!(a->imports[i] < 0.0)) continue;
    status = tanlu_fail(w->context, TANLU_ERR_MODEL,
                        "imports of industry '%s' come out at %.6g under model C; take model D or one by products",
                        a->sector.code[i], a->imports[i]);
  }
  return status;
}

tanlu_status tanlu_supply_use_symmetric(const tanlu_supply_use *tables, tanlu_symmetric_model model, double tolerance,
                                        tanlu_accounts *accounts, tanlu_context *context) {
  const size_t p = tables->product.count, n = tables->industry.count;
  work w = {.tables = tables,
            .industries = model == TANLU_MODEL_C || model == TANLU_MODEL_D,
            .inverse = model == TANLU_MODEL_A || model == TANLU_MODEL_C,
            .q = tanlu_allocate_doubles(context, p, 1),
            .g = tanlu_allocate_doubles(context, n, 1),
            .t = tanlu_allocate_doubles(context, n, p),
            .left = tanlu_allocate_doubles(context, n, p),
            .mix = tanlu_allocate_doubles(context, n, p),
            .context = context};
  tanlu_status status = TANLU_ERR_MEMORY;
  *accounts = (tanlu_accounts){.balance_tolerance = tolerance};
  if (w.q != NULL && w.g != NULL && w.t != NULL && w.left != NULL && w.mix != NULL) {
    for (size_t i = 0; i < p; i++) w.q[i] = product_output(tables, i);
    for (size_t j = 0; j < n; j++) w.g[j] = industry_output(tables, j);
    status = check_axes(&w);
    if (status == TANLU_OK) status = transformation(&w);
    if (status == TANLU_OK) status = make_axes(&w, accounts);
    if (status == TANLU_OK) status = fill(&w, accounts);
  }
  free(w.q);
  free(w.g);
  free(w.t);
  free(w.left);
  free(w.mix);
  return status;
}

/* ---- flows below zero ------------------------------------------------------------------------------------------------------- */

tanlu_negative_flows tanlu_supply_use_negative(const tanlu_accounts *accounts) {
  tanlu_negative_flows found = {0};
  for (size_t k = 0; k < accounts->n * accounts->n; k++) {
    if (!(accounts->flows[k] < 0.0)) continue;
    found.cells++;
    found.sum += accounts->flows[k];
  }
  return found;
}

tanlu_status tanlu_supply_use_rebalance(tanlu_accounts *accounts, double *change, tanlu_context *context) {
  static const tanlu_ras_options how = {.tolerance = 1e-12, .most = 20000};
  const size_t n = accounts->n;
  double *rows = tanlu_allocate_doubles(context, n, 1), *columns = tanlu_allocate_doubles(context, n, 1),
         *before = tanlu_allocate_doubles(context, n, n);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (rows != NULL && columns != NULL && before != NULL) {
    const char *const *code = (const char *const *)accounts->sector.code;
    memcpy(before, accounts->flows, n * n * sizeof *before);
    for (size_t i = 0; i < n; i++) {
      rows[i] = row_sum(before, n, n, i);
      columns[i] = column_sum(before, n, i);
    }
    for (size_t k = 0; k < n * n; k++) accounts->flows[k] = fmax(before[k], 0.0);
    status = tanlu_ras(n, n, accounts->flows, rows, columns, code, code, &how, NULL, context);
    double sum = 0.0;
    for (size_t k = 0; k < n * n; k++) sum += fabs(accounts->flows[k] - before[k]);
    if (change != NULL) *change = sum;
  }
  free(rows);
  free(columns);
  free(before);
  return status;
}
