#include "model/investment.h"

#include <math.h>

#include "model/dataset.h"
#include "model/indicators.h"

/* 10^4 CNY per MW from CNY per kW: 1000 kW, 1e-4. */
static const double per_megawatt = 0.1;

bool tanlu_indicator_spans_years(size_t indicator) {
  return indicator == TANLU_INDICATOR_INVESTMENT || indicator == TANLU_INDICATOR_INVESTMENT_SHARE;
}

double tanlu_capacity_added(const double *capacity, const double *added, size_t stride, size_t t, double lifetime) {
  if (t == 0) return (double)NAN;
  double standing = capacity[0] * fmax(0.0, 1.0 - (double)t / lifetime);
  for (size_t u = 1; u < t; u++) {
    if ((double)(t - u) < lifetime) standing += added[u * stride];
  }
  return fmax(0.0, capacity[t * stride] - standing);
}

/* CNY per kW: of the scenario, else of the dataset. */
static double cost_of(const tanlu_dataset *dataset, const tanlu_levers *levers, size_t lane, size_t technology) {
  const double stated = tanlu_lever(levers, TANLU_DRIVER_INVESTMENT_COST, technology, 0)[lane];
  if (!isnan(stated)) return stated;
  return dataset->investment.cost != NULL ? dataset->investment.cost[technology] : (double)NAN;
}

void tanlu_investment_record(const tanlu_dataset *dataset, const tanlu_levers *levers, size_t lane, size_t t,
                             tanlu_projection *projection) {
  const double *capacity = projection->value[TANLU_FIELD_CAPACITY];
  double *added = projection->value[TANLU_FIELD_CAPACITY_ADDED], *spent = projection->value[TANLU_FIELD_INVESTMENT];
  const size_t size = projection->size[TANLU_FIELD_CAPACITY];
  if (capacity == NULL || added == NULL || spent == NULL) return;
  double sum = 0.0;
  for (size_t i = 0; i < size; i++) {
    const double lifetime = dataset->investment.lifetime != NULL ? dataset->investment.lifetime[i] : (double)NAN;
    double *own = added + t * size + i, *cost = spent + t * size + i;
    *own = isnan(lifetime) ? (double)NAN : tanlu_capacity_added(capacity + i, added + i, size, t, lifetime);
    *cost = *own == 0.0 ? 0.0 : per_megawatt * *own * cost_of(dataset, levers, lane, i);
    sum += *cost;
  }
  double *indicator = projection->value[TANLU_FIELD_INDICATOR];
  if (indicator == NULL) return;
  indicator += t * TANLU_INDICATOR_COUNT;
  indicator[TANLU_INDICATOR_INVESTMENT] = 1e-4 * sum;
  indicator[TANLU_INDICATOR_INVESTMENT_SHARE] = 1e-4 * sum / indicator[TANLU_INDICATOR_GDP];
}

/* ---- what fixed capital formation would be made of ------------------------------------------------------------------------- */

size_t tanlu_investment_category(const tanlu_dataset *dataset) {
  for (size_t k = 0; k < dataset->accounts.category.count; k++) {
    if (dataset->accounts.role[k] == TANLU_ROLE_FIXED_CAPITAL) return k;
  }
  return TANLU_NONE;
}

/* Products of fixed capital formation in year t: n. */
static const double *formation_of(const tanlu_dataset *dataset, const tanlu_projection *projection, size_t t) {
  return projection->value[TANLU_FIELD_FINAL_DEMAND] + t * projection->size[TANLU_FIELD_FINAL_DEMAND] +
         tanlu_investment_category(dataset) * dataset->accounts.n;
}

static double sum_of(const double *value, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) sum += value[i];
  return sum;
}

tanlu_status tanlu_investment_purchases(const tanlu_dataset *dataset, const tanlu_projection *projection, size_t from,
                                        size_t to, double *purchases, double *pi, tanlu_context *context) {
  const size_t groups = tanlu_dataset_policy_groups(dataset)->count, size = projection->size[TANLU_FIELD_INVESTMENT];
  double formation = 0.0;
  for (size_t g = 0; g < groups; g++) purchases[g] = 0.0;
  for (size_t t = from; t <= to; t++) {
    formation += sum_of(formation_of(dataset, projection, t), dataset->accounts.n);
    for (size_t i = 0; i < size; i++) {
      const double spent = projection->value[TANLU_FIELD_INVESTMENT][t * size + i];
      const double *share = dataset->investment.bridge + i * groups;
      if (spent == 0.0) continue;
      if (isnan(spent) || sum_of(share, groups) == 0.0) {
        return tanlu_fail(context, TANLU_ERR_MODEL, "'%s' is built in %d, but %s", dataset->power.technology.code[i],
                          projection->from + (int)t,
                          isnan(spent) ? "its cost or lifetime is not known"
                                       : "what it is made of is not known (policy: investment_bridge)");
      }
      for (size_t g = 0; g < groups; g++) purchases[g] += spent * share[g];
    }
  }
  for (size_t g = 0; g < groups; g++) purchases[g] /= formation;
  *pi = sum_of(purchases, groups);
  if (*pi < 1.0) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_MODEL, "power plants of %d to %d take %.3g of fixed capital formation",
                    projection->from + (int)from, projection->from + (int)to, *pi);
}

void tanlu_investment_base(const tanlu_dataset *dataset, const tanlu_projection *projection, double *base) {
  const tanlu_level *policy = &dataset->level[dataset->policy_level];
  const double *formation = formation_of(dataset, projection, 0), all = sum_of(formation, dataset->accounts.n);
  for (size_t g = 0; g < policy->group.count; g++) base[g] = 0.0;
  for (size_t j = 0; j < dataset->accounts.n; j++) base[policy->of_sector[j]] += formation[j] / all;
}

size_t tanlu_investment_index(size_t groups, const double *base, const double *purchases_0, double pi_0,
                              const double *purchases_t, double pi_t, double *index) {
  for (size_t g = 0; g < groups; g++) {
    const double rest = (base[g] - purchases_0[g]) / (1.0 - pi_0);
    if (rest < 0.0 || (base[g] == 0.0 && purchases_t[g] > 0.0)) return g;
    index[g] = base[g] > 0.0 ? ((1.0 - pi_t) * rest + purchases_t[g]) / base[g] : 1.0;
  }
  return TANLU_NONE;
}
