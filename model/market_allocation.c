/* Cap and allowances (equations in model/carbon_market.h). */
#include <math.h>

#include "model/carbon_market.h"
#include "solvers/lognormal.h"

typedef struct {
  const tanlu_market_rules *rules;
  const tanlu_market_accounts *accounts;
} source;

static size_t place(const tanlu_market_accounts *a, int year, size_t g) {
  return (size_t)(year - a->from) * a->groups + g;
}

/* What a group has to answer for: nothing where it takes up more than it emits. */
static double emitted(const tanlu_market_accounts *a, int year, size_t g) {
  return fmax(0.0, a->co2[place(a, year, g)]);
}

/* Mean over the base years of CO2, or of CO2 per activity. */
static double base_mean(const source *s, size_t g, bool per_activity) {
  const tanlu_market_group *group = &s->rules->group[g];
  double sum = 0.0;
  for (int year = group->from; year <= group->to; year++) {
    const double activity = per_activity ? s->accounts->activity[place(s->accounts, year, g)] : 1.0;
    sum += activity > 0.0 ? emitted(s->accounts, year, g) / activity : 0.0;
  }
  return sum / (double)(group->to - group->from + 1);
}

/* t per unit of activity. */
static double benchmark(const source *s, size_t g, int year) {
  const tanlu_market_group *group = &s->rules->group[g];
  const size_t at = place(s->accounts, year, g);
  const double deviation = tanlu_lognormal_deviation(group->variation), activity = s->accounts->activity[at];
  switch (group->benchmark) {
  case TANLU_BENCHMARK_GIVEN:
    return group->benchmark_value;
  case TANLU_BENCHMARK_MEDIAN:
    return tanlu_lognormal_quantile(base_mean(s, g, true), deviation, 0.5);
  case TANLU_BENCHMARK_PERCENTILE:
    return tanlu_lognormal_quantile(base_mean(s, g, true), deviation, group->benchmark_value);
  case TANLU_BENCHMARK_BEST:
    return tanlu_lognormal_lower_mean(base_mean(s, g, true), deviation, group->benchmark_value);
  default:
    return activity > 0.0 ? (1.0 - s->accounts->tier_saving[at]) * emitted(s->accounts, year, g) / activity : 0.0;
  }
}

static double claim_of(const source *s, size_t g, int year, double covered) {
  const tanlu_market_group *group = &s->rules->group[g];
  const double activity = s->accounts->activity[place(s->accounts, year, g)], *w = group->weight;
  double sum = 0.0;
  if (w[TANLU_CLAIM_HISTORIC] > 0.0) sum += w[TANLU_CLAIM_HISTORIC] * base_mean(s, g, false);
  if (w[TANLU_CLAIM_INTENSITY] > 0.0) sum += w[TANLU_CLAIM_INTENSITY] * base_mean(s, g, true) * activity;
  if (w[TANLU_CLAIM_BENCHMARK] > 0.0) sum += w[TANLU_CLAIM_BENCHMARK] * benchmark(s, g, year) * activity;
  return covered * tanlu_market_value(&group->control, year, 1.0) * sum;
}

/* The cap of a year; `claims` where there is none. */
static double cap_of(const source *s, const double *covered, int year, double claims) {
  const tanlu_market_accounts *a = s->accounts;
  const double written = tanlu_market_value(&s->rules->cap, year, 0.0);
  if (s->rules->cap_kind == TANLU_CAP_NONE) return claims;
  if (s->rules->cap_kind == TANLU_CAP_PATH) return written;
  double base = 0.0;
  for (size_t g = 0; g < a->groups; g++) base += covered[g] * emitted(a, s->rules->cap_base, g);
  return (1.0 - written) * base * a->gdp[year - a->from] / a->gdp[s->rules->cap_base - a->from];
}

tanlu_status tanlu_market_allocate(tanlu_market *m, const tanlu_market_rules *rules,
                                   const tanlu_market_accounts *accounts, tanlu_context *context) {
  const source s = {rules, accounts};
  for (size_t t = 0; t < m->years; t++) {
    const int year = m->from + (int)t;
    double claims = 0.0, *covered = m->group[TANLU_GROUP_COVERED] + t * m->groups;
    for (size_t g = 0; g < m->groups; g++) {
      const size_t at = t * m->groups + g;
      const double co2 = emitted(accounts, year, g);
      covered[g] = tanlu_market_covered(rules, &rules->group[g], co2, year);
      m->group[TANLU_GROUP_EMISSIONS][at] = covered[g] * co2;
      m->year[TANLU_YEAR_EMISSIONS][t] += covered[g] * co2;
      claims += m->group[TANLU_GROUP_CLAIM][at] = claim_of(&s, g, year, covered[g]);
    }
    const double cap = cap_of(&s, covered, year, claims);
    const double reserve = cap * tanlu_market_value(&rules->reserve, year, 0.0), left = cap - reserve;
    if (rules->fill && !(claims > 0.0) && left > 0.0) {
      return tanlu_fail(context, TANLU_ERR_MODEL,
                        "carbon market, %d: nobody claims allowances, so none of the cap of %.4g Mt can be given out",
                        year, 1e-6 * cap);
    }
    double scale = claims > 0.0 ? left / claims : 0.0;
    if (!rules->fill && claims > 0.0) scale = fmin(1.0, scale);
    for (size_t g = 0; g < m->groups; g++) {
      const size_t at = t * m->groups + g;
      const double given = scale * m->group[TANLU_GROUP_CLAIM][at];
      const double auction = tanlu_market_value(&rules->group[g].auction, year, 0.0);
      m->year[TANLU_YEAR_FREE][t] += m->group[TANLU_GROUP_FREE][at] = (1.0 - auction) * given;
      m->year[TANLU_YEAR_AUCTIONED][t] += m->group[TANLU_GROUP_AUCTIONED][at] = auction * given;
    }
    m->year[TANLU_YEAR_CAP][t] = cap;
    m->year[TANLU_YEAR_RESERVE][t] = reserve;
    m->year[TANLU_YEAR_SCALE][t] = scale;
    m->year[TANLU_YEAR_UNISSUED][t] = left - scale * claims;
  }
  return TANLU_OK;
}
