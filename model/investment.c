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
