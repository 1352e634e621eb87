/* Gradients by the coefficients of the base-year table. */
#include <stdlib.h>
#include <string.h>

#include "model/adjoint_private.h"
#include "solvers/memory.h"

/* Size of the difference by a value-added coefficient, and by imports against GDP. */
static const double difference = 1e-6;
static const double import_difference = 1e-3;

/* What the equations and indicators of a year say of one output. */
typedef struct {
  const double *lambda; /* size */
  double imports;       /* dJ by 10^4 CNY of imports */
  double *money;        /* n: dJ by the inputs of a sector, 10^4 CNY, through its value added */
} table_slopes;

/* Indicators by imports, and by value added of every sector, x_j dJ/d(v_j x_j); outputs, outputs x n. */
static void slopes_of_accounts(tanlu_adjoint *a, double *imports, double *value_added) {
  tanlu_solved_year *y = a->solved;
  tanlu_economy *economy = a->equilibrium->economy;
  const size_t n = a->n, width = a->width, outputs = a->request->outputs;
  const double gdp = economy->sum[0], before = y->imports[1];
  y->imports[1] += import_difference * gdp;
  tanlu_solved_year_indicate(y);
  tanlu_adjoint_change(a, 1, imports);
  y->imports[1] = before;
  for (size_t o = 0; o < outputs; o++) imports[o] /= import_difference * gdp;
  for (size_t first = 0; first < n; first += width) {
    const size_t count = n - first < width ? n - first : width;
    for (size_t l = 0; l < count; l++) {
      economy->v[(first + l) * width + l] += difference;
      economy->sum[l] += difference * a->equilibrium->output[(first + l) * width];
    }
    tanlu_solved_year_indicate(y);
    for (size_t l = 0; l < count; l++) {
      economy->v[(first + l) * width + l] = economy->v[(first + l) * width + (l == 0 ? 1 : 0)];
      economy->sum[l] = gdp;
      tanlu_adjoint_change(a, l, a->difference);
      for (size_t o = 0; o < outputs; o++) value_added[o * n + first + l] = a->difference[o] / difference;
    }
  }
  tanlu_solved_year_indicate(y);
}

/* dJ when sector j pays more for inputs, 10^4 CNY: value added is less, so GDP and shares have to be reached otherwise. */
static void slopes_of_money(const tanlu_adjoint *a, const double *value_added, table_slopes *s) {
  const tanlu_economy *y = a->equilibrium->economy;
  const size_t width = a->width;
  for (size_t j = 0; j < a->n; j++) {
    const double x = a->equilibrium->output[j * width];
    double sum = 0.0;
    for (size_t e = 0; e <= y->targets; e++) {
      if (!y->binds[e * width]) continue;
      const bool own = e == 0 || y->kind[y->class_of[j]].target == e - 1;
      if (own) sum += s->lambda[a->n + e] / y->sum[e * width];
      if (e > 0) sum -= s->lambda[a->n + e] / y->sum[0];
    }
    s->money[j] = sum * x - value_added[j];
  }
}

/* dJ when sector j takes more of product i, 10^4 CNY: it has to be made at home or imported. */
static double slope_of_use(const tanlu_adjoint *a, const table_slopes *s, size_t i, size_t j) {
  const tanlu_economy *y = a->equilibrium->economy;
  const double index =
      tanlu_lever(a->equilibrium->levers, TANLU_DRIVER_IMPORT_SHARE, y->kind[y->class_of[i]].group, 0)[0];
  const double foreign = index * (1.0 - y->technology->domestic[j * a->n + i]);
  return s->lambda[i] / a->equilibrium->scale[i] * (1.0 - foreign) + s->imports * foreign;
}

/* Q_ij: factor of row i in column j. */
static double factor_in(const tanlu_adjoint *a, size_t i, size_t j) {
  const tanlu_economy *y = a->equilibrium->economy;
  const double factor = y->factor[y->class_of[i] * a->width];
  const size_t set = y->set_of[i];
  return set != TANLU_NONE && set == y->set_of[j] ? factor / y->q[set * a->width] : factor;
}

static void add_column(const tanlu_adjoint *a, const table_slopes *s, size_t j, double *gradient) {
  const tanlu_economy *y = a->equilibrium->economy;
  const tanlu_technology *g = y->technology;
  const size_t n = a->n, width = a->width;
  const size_t group = y->kind[y->class_of[j]].group;
  const double *base = g->a + j * n, x = a->equilibrium->output[j * width], scale = y->s[j * width];
  const double fabrication = tanlu_lever(a->equilibrium->levers, TANLU_DRIVER_FABRICATION, group, 0)[0];
  const double own_sum = y->own_sum[j * width], base_sum = g->non_energy_sum[j];
  double all = 0.0; /* dJ when the whole column outside energy grows in proportion */
  for (size_t i = 0; i < n; i++) {
    if (g->row_of[i] == TANLU_NONE && base[i] != 0.0)
      all += factor_in(a, i, j) * base[i] * x * slope_of_use(a, s, i, j);
  }
  for (size_t i = 0; i < n; i++) {
    const size_t k = g->row_of[i];
    const double use = x * slope_of_use(a, s, i, j);
    if (k == TANLU_NONE) {
      const double factor = factor_in(a, i, j);
      const double more =
          own_sum > 0.0 ? factor * scale * use + scale * (1.0 / base_sum - factor / own_sum) * all : fabrication * use;
      gradient[j * n + i] += more + fabrication * s->money[j];
    } else {
      const double i0 = g->use_per_output[k * n + j],
                   now = a->equilibrium->rows->coefficient[(j * g->rows + k) * width];
      const bool in_proportion = i0 > 0.0 && (now <= base[i] || (g->discount[j] == 1.0 && base[i] / i0 < g->price[k]));
      if (base[i] != 0.0) gradient[j * n + i] += (in_proportion ? now / base[i] : 1.0) * (use + s->money[j]);
    }
  }
}

tanlu_status tanlu_adjoint_coefficients(tanlu_adjoint *adjoint, tanlu_context *context) {
  tanlu_adjoint *a = adjoint;
  const size_t n = a->n, outputs = a->request->outputs;
  double *imports = tanlu_allocate_doubles(context, outputs, 1), *money = tanlu_allocate_doubles(context, n, 1);
  double *value_added = tanlu_allocate_doubles(context, outputs, n);
  const bool enough = imports != NULL && money != NULL && value_added != NULL;
  if (enough) slopes_of_accounts(a, imports, value_added);
  for (size_t o = 0; enough && o < outputs; o++) {
    table_slopes s = {.lambda = a->lambda + o * a->size, .imports = imports[o], .money = money};
    slopes_of_money(a, value_added + o * n, &s);
    for (size_t j = 0; j < n; j++) add_column(a, &s, j, a->gradients->coefficient + o * n * n);
  }
  free(imports);
  free(money);
  free(value_added);
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}
