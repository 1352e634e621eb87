/* How far the accounts are from balance and from the goals of the year; imports. */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/economy_private.h"

TANLU_EACH_ISA
void tanlu_economy_multiply(tanlu_economy *economy, const double *output) {
  tanlu_economy *y = economy;
  const int n = (int)y->n, width = (int)y->width;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  for (size_t i = 0; i < y->n * y->width; i++) y->scaled[i] = y->s[i] * output[i];
  /* row-major: the columns of A are the rows of its transpose */
  cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, width, n, 1.0, split ? y->domestic : y->technology->a, n,
              y->scaled, width, 0.0, y->product, width);
  if (split && y->imports_change) {
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, width, n, 1.0, y->technology->a, n, y->scaled, width, 0.0,
                y->product_all, width);
  }
}

void tanlu_economy_multiply_near(tanlu_economy *economy, const double *output, const double *base,
                                 const double *base_all, const double *base_output, size_t first, size_t count) {
  tanlu_economy *y = economy;
  const size_t n = y->n, width = y->width;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  const double *matrix = split ? y->domestic : y->technology->a;
  for (size_t i = 0; i < n * width; i++) y->scaled[i] = y->s[i] * output[i];
  for (size_t l = 0; l < width; l++) {
    const size_t j = first + (l < count ? l : 0);
    const double more = l < count ? y->s[j * width + l] * (output[j * width + l] - base_output[j]) : 0.0;
    for (size_t i = 0; i < n; i++) {
      y->product[i * width + l] = base[i] + matrix[j * n + i] * more;
      if (split && y->imports_change) {
        y->product_all[i * width + l] = base_all[i] + y->technology->a[j * n + i] * more;
      }
    }
  }
}

/* Sum over the columns of its own set of what row i sells there, the domestic or the foreign part of it. */
TANLU_EACH_ISA
static void own_set(const tanlu_economy *y, size_t i, const double *index, bool foreign, double *sum) {
  const size_t width = y->width, n = y->n;
  const tanlu_technology *g = y->technology;
  memset(sum, 0, width * sizeof *sum);
  for (size_t j = 0; j < n; j++) {
    if (y->set_of[j] != y->set_of[i] || g->a[j * n + i] == 0.0) continue;
    for (size_t l = 0; l < width; l++) {
      const double share = index[l] * (1.0 - g->domestic[j * n + i]);
      sum[l] += g->a[j * n + i] * (foreign ? share : 1.0 - share) * y->scaled[j * width + l];
    }
  }
}

/* Rows outside energy: output less domestic inputs and demand. */
TANLU_EACH_ISA
static void balance_row(const tanlu_economy *y, const double *restrict index, size_t i, const double *restrict x,
                        double *restrict to) {
  const size_t width = y->width;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  const double *restrict product = y->product + i * width, *restrict fixed = y->final_demand + i * width;
  const double *restrict factor = y->factor + y->class_of[i] * width;
  if (!split) {
    const double foreign = 1.0 - y->technology->domestic[i];
    EACH_LANE(l) to[l] = x[l] - fixed[l] - factor[l] * product[l] * (1.0 - index[l] * foreign);
  } else if (!y->imports_change) {
    EACH_LANE(l) to[l] = x[l] - fixed[l] - factor[l] * product[l];
  } else {
    const double *restrict all = y->product_all + i * width;
    EACH_LANE(l) {
      to[l] = x[l] - fixed[l] - factor[l] * (index[l] * product[l] + (1.0 - index[l]) * all[l]);
    }
  }
}

/* Energy rows: sum_j a_kj d_kj x_j. */
TANLU_EACH_ISA
static void subtract_energy(const tanlu_economy *y, const tanlu_energy_rows *rows, const double *restrict index,
                            size_t k, const double *restrict output, double *restrict to) {
  const size_t width = y->width, n = y->n, count = y->technology->rows;
  const double *restrict domestic = y->technology->domestic + y->technology->row[k];
  const double *restrict coefficient = rows->coefficient + k * width;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  double home[TANLU_LANES_MAX], all[TANLU_LANES_MAX];
  EACH_LANE(l) home[l] = all[l] = 0.0;
  for (size_t j = 0; j < n; j++) {
    const double *restrict a = coefficient + j * count * width, *restrict x = output + j * width;
    const double share = domestic[j * n];
    if (!split) {
      EACH_LANE(l) all[l] += a[l] * x[l];
      continue;
    }
    EACH_LANE(l) {
      const double money = a[l] * x[l];
      all[l] += money;
      home[l] += share * money;
    }
  }
  if (!split) EACH_LANE(l) home[l] = domestic[0] * all[l]; /* one share for the whole row */
  EACH_LANE(l) to[l] -= index[l] * home[l] + (1.0 - index[l]) * all[l];
}

/* v, and what the equations add up. */
TANLU_EACH_ISA
static void add_up(tanlu_economy *y, const tanlu_energy_rows *rows, const double *output) {
  const size_t width = y->width;
  memset(y->sum, 0, y->unknowns * width * sizeof *y->sum);
  for (size_t j = 0; j < y->n; j++) {
    const tanlu_economy_class *kind = &y->kind[y->class_of[j]];
    const double *restrict x = output + j * width, *restrict energy = rows->inputs + j * width;
    const double *restrict other = y->other_inputs + j * width;
    double *restrict v = y->v + j * width, *restrict gdp = y->sum;
    EACH_LANE(l) {
      v[l] = 1.0 - other[l] - energy[l];
      gdp[l] += v[l] * x[l];
    }
    if (kind->target != TANLU_NONE) {
      double *restrict sum = y->sum + (1 + kind->target) * width;
      EACH_LANE(l) sum[l] += v[l] * x[l];
    }
    if (kind->product != TANLU_NONE) {
      double *restrict sum = y->sum + (1 + y->targets + kind->product) * width;
      EACH_LANE(l) sum[l] += x[l];
    }
  }
}

void tanlu_economy_goal(const tanlu_economy *economy, const tanlu_levers *levers, size_t unknown,
                        char text[TANLU_GOAL_TEXT]) {
  const tanlu_economy *y = economy;
  if (unknown == 0) {
    snprintf(text, TANLU_GOAL_TEXT, "GDP at %.4g of the base year", y->gdp_index[0]);
  } else if (unknown <= y->targets) {
    const size_t target = unknown - 1;
    const tanlu_labels *group = &y->dataset->level[levers->target_level[target]].group;
    snprintf(text, TANLU_GOAL_TEXT, "structure.share.%s = %.4g", group->code[levers->target_group[target]],
             tanlu_lever(levers, TANLU_DRIVER_STRUCTURE_SHARE, target, 0)[0]);
  } else {
    const size_t p = unknown - 1 - y->targets;
    snprintf(text, TANLU_GOAL_TEXT, "products.%s = %.6g %s", y->dataset->products.product.code[p],
             tanlu_lever(levers, TANLU_DRIVER_PRODUCT_PATH, p, 0)[0], y->dataset->products.unit[p]);
  }
}

/* Logarithms of reached over wanted; unknowns without a goal stay where they are held. */
TANLU_EACH_ISA
static void measure_gaps(const tanlu_economy *y, const tanlu_levers *levers, const double *unknown, double *gap,
                         tanlu_lane_report *report) {
  const size_t width = y->width;
  for (size_t e = 0; e < y->unknowns; e++) {
    for (size_t l = 0; l < width; l++) {
      const size_t at = e * width + l;
      if (!y->binds[at]) {
        gap[at] = unknown[at] - y->held[at];
        continue;
      }
      const double reached = y->sum[at], wanted = y->goal[at] * (e > 0 && e <= y->targets ? y->sum[l] : 1.0);
      gap[at] = log(reached / wanted);
      if (reached > 0.0 && wanted > 0.0) continue;
      char text[TANLU_GOAL_TEXT];
      tanlu_economy_goal(y, levers, e, text);
      tanlu_lane_fail(report, l, "year %d: %s cannot be met: the accounts give %.4g x 1e4 CNY for %.4g", levers->year,
                      text, reached, wanted);
      gap[at] = 0.0;
    }
  }
}

TANLU_EACH_ISA
static void check_value_added(const tanlu_economy *y, int year, tanlu_lane_report *report) {
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t width = y->width;
  double wrong[TANLU_LANES_MAX];
  bool bad = false;
  EACH_LANE(l) wrong[l] = 0.0;
  for (size_t j = 0; j < y->n; j++) {
    const double *restrict v = y->v + j * width;
    if (a->output[j] > 0.0) EACH_LANE(l) wrong[l] += v[l] > 0.0 ? 0.0 : 1.0;
  }
  for (size_t l = 0; l < width; l++) bad = bad || wrong[l] > 0.0;
  for (size_t j = 0; bad && j < y->n; j++) {
    if (!(a->output[j] > 0.0)) continue;
    for (size_t l = 0; l < width; l++) {
      if (y->v[j * width + l] > 0.0) continue;
      tanlu_lane_fail(report, l,
                      "year %d: sector %s (%s) pays %.4g for inputs per unit of output; expected less than 1", year,
                      a->sector.code[j], a->sector.name[j], 1.0 - y->v[j * width + l]);
    }
  }
}

TANLU_EACH_ISA
void tanlu_economy_balance(tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                           const double *output, const double *unknown, double *balance, double *gap,
                           tanlu_lane_report *report) {
  tanlu_economy *y = economy;
  const size_t width = y->width;
  add_up(y, rows, output);
  check_value_added(y, levers->year, report);
  for (size_t i = 0; i < y->n; i++) {
    const size_t row = y->technology->row_of[i];
    const double *index = tanlu_import_index(y, levers, i), *x = output + i * width;
    double *to = balance + i * width;
    if (row == TANLU_NONE) {
      balance_row(y, index, i, x, to);
    } else {
      for (size_t l = 0; l < width; l++) to[l] = x[l] - y->final_demand[i * width + l];
      subtract_energy(y, rows, index, row, output, to);
    }
    if (row == TANLU_NONE && y->set_of[i] != TANLU_NONE) { /* inside its own set q is left out */
      const double *factor = y->factor + y->class_of[i] * width, *q = y->q + y->set_of[i] * width;
      double own[TANLU_LANES_MAX];
      own_set(y, i, index, false, own);
      for (size_t l = 0; l < width; l++) to[l] += (factor[l] - factor[l] / q[l]) * own[l];
    }
  }
  measure_gaps(y, levers, unknown, gap, report);
}

/* ---- imports ------------------------------------------------------------------------------------------------------ */

/* Foreign products for final use. */
TANLU_EACH_ISA
static void import_demand(const tanlu_economy *y, const tanlu_levers *levers, const tanlu_energy_rows *rows, size_t i,
                          const double *index, double *to) {
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t width = y->width, row = y->technology->row_of[i];
  const double *stocks = tanlu_lever(levers, TANLU_DRIVER_INVENTORIES, 0, 0);
  for (size_t k = 0; k < y->categories; k++) {
    const double share = 1.0 - y->technology->final_domestic[k * y->n + i], base = share * a->final_use[k * y->n + i];
    const double *factor = y->demand_factor + (y->class_of[i] * y->categories + k) * width;
    const bool household = tanlu_is_household(a->role[k]) && row != TANLU_NONE;
    const double *money = household ? rows->money + (2 * row + (a->role[k] == TANLU_ROLE_URBAN ? 0 : 1)) * width : NULL;
    if (share == 0.0) continue;
    for (size_t l = 0; l < width; l++) {
      if (money != NULL) {
        to[l] += index[l] * share * money[l];
      } else if (a->role[k] == TANLU_ROLE_REGIONS) {
        to[l] += share * tanlu_sent(y, k, i, l);
      } else if (a->role[k] == TANLU_ROLE_INVENTORIES) {
        to[l] += base * stocks[l] * y->gdp_index[l];
      } else {
        to[l] += (a->role[k] == TANLU_ROLE_EXPORTS ? 1.0 : index[l]) * base * factor[l];
      }
    }
  }
}

/* Foreign products for the inputs of energy row `row`. */
TANLU_EACH_ISA
static void import_energy(const tanlu_economy *y, const tanlu_energy_rows *rows, const double *restrict index,
                          size_t row, const double *restrict output, double *restrict to) {
  const size_t width = y->width, n = y->n, count = y->technology->rows;
  const double *restrict domestic = y->technology->domestic + y->technology->row[row];
  for (size_t j = 0; j < n; j++) {
    const double *restrict a = rows->coefficient + (j * count + row) * width, *restrict x = output + j * width;
    const double foreign = 1.0 - domestic[j * n];
    EACH_LANE(l) to[l] += index[l] * foreign * (a[l] * x[l]);
  }
}

TANLU_EACH_ISA
void tanlu_economy_imports(tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                           const double *output, double *imports) {
  tanlu_economy *y = economy;
  const size_t width = y->width, n = y->n;
  const bool split = y->dataset->accounts.import_treatment == TANLU_IMPORT_SPLIT;
  if (split && !y->imports_change) {
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n, (int)width, (int)n, 1.0, y->technology->a, (int)n,
                y->scaled, (int)width, 0.0, y->product_all, (int)width);
  }
  memset(imports, 0, n * width * sizeof *imports);
  for (size_t i = 0; i < n; i++) {
    const size_t row = y->technology->row_of[i];
    const double *index = tanlu_import_index(y, levers, i), *product = y->product + i * width;
    const double *factor = y->factor + y->class_of[i] * width;
    double *to = imports + i * width;
    import_demand(y, levers, rows, i, index, to);
    if (row != TANLU_NONE) {
      import_energy(y, rows, index, row, output, to);
      continue;
    }
    const double share = 1.0 - y->technology->domestic[i]; /* of a whole row, without a split */
    for (size_t l = 0; l < width; l++) {
      to[l] += factor[l] * index[l] * (split ? y->product_all[i * width + l] - product[l] : product[l] * share);
    }
    if (y->set_of[i] == TANLU_NONE) continue;
    const double *q = y->q + y->set_of[i] * width;
    double own[TANLU_LANES_MAX];
    own_set(y, i, index, true, own);
    for (size_t l = 0; l < width; l++) to[l] -= (factor[l] - factor[l] / q[l]) * own[l];
  }
}
