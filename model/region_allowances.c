#include "model/region_allowances.h"

#include <math.h>
#include <stdlib.h>

#include "solvers/memory.h"

void tanlu_region_allowances_free(tanlu_region_allowances **allowances) {
  tanlu_region_allowances *a = *allowances;
  if (a == NULL) return;
  free(a->period);
  free(a->share);
  free(a->allowance);
  free(a->baseline);
  free(a->transfer);
  free(a);
  *allowances = NULL;
}

static tanlu_status check(const tanlu_allowance_request *q, tanlu_context *context) {
  if (q->from <= q->base_year || q->to < q->from) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "years %d to %d: expected years after %d, the first not after the last",
                      q->from, q->to, q->base_year);
  }
  if (q->period < 1) return tanlu_fail(context, TANLU_ERR_INPUT, "a period of %d years; expected 1 or more", q->period);
  if (q->converge != 0 && q->converge <= q->base_year) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "shares converge by %d; expected a year after %d", q->converge,
                      q->base_year);
  }
  for (int t = q->from; t <= q->to; t++) {
    const double e = q->path[t - q->base_year];
    if (e >= 0.0) continue;
    return tanlu_fail(context, TANLU_ERR_INPUT, "emissions of %d are %g Mt: nothing to share; end before that year", t,
                      e);
  }
  return TANLU_OK;
}

/* s_i(t) */
static double share_at(const tanlu_allowance_request *q, size_t i, int t) {
  if (q->converge == 0 || t >= q->converge) return q->rule[i];
  const double part = (double)(t - q->base_year) / (double)(q->converge - q->base_year);
  return q->historic[i] + (q->rule[i] - q->historic[i]) * part;
}

static void share_out(const tanlu_allowance_request *q, tanlu_region_allowances *a, size_t p) {
  tanlu_allowance_period *period = &a->period[p];
  period->from = q->from + (int)p * q->period;
  period->to = period->from + q->period - 1 < q->to ? period->from + q->period - 1 : q->to;
  for (int t = period->from; t <= period->to; t++) {
    const double e = q->path[t - q->base_year];
    period->total += e;
    for (size_t i = 0; i < a->regions; i++) a->allowance[p * a->regions + i] += share_at(q, i, t) * e;
  }
  for (size_t i = 0; i < a->regions; i++) {
    const size_t at = p * a->regions + i;
    a->share[at] = share_at(q, i, period->to);
    a->baseline[at] = q->historic[i] * period->total;
    a->transfer[at] = a->allowance[at] - a->baseline[at];
  }
}

tanlu_status tanlu_region_allowances_create(tanlu_region_allowances **allowances,
                                            const tanlu_allowance_request *request, tanlu_context *context) {
  const tanlu_allowance_request *q = request;
  *allowances = NULL;
  const tanlu_status status = check(q, context);
  if (status != TANLU_OK) return status;
  tanlu_region_allowances *a = tanlu_allocate(context, 1, sizeof *a);
  if (a == NULL) return TANLU_ERR_MEMORY;
  a->regions = q->regions;
  a->periods = (size_t)((q->to - q->from) / q->period + 1);
  a->period = tanlu_allocate(context, a->periods, sizeof *a->period);
  a->share = tanlu_allocate_doubles(context, a->regions, a->periods);
  a->allowance = tanlu_allocate_doubles(context, a->regions, a->periods);
  a->baseline = tanlu_allocate_doubles(context, a->regions, a->periods);
  a->transfer = tanlu_allocate_doubles(context, a->regions, a->periods);
  *allowances = a;
  if (a->period == NULL || a->share == NULL || a->allowance == NULL || a->baseline == NULL || a->transfer == NULL) {
    tanlu_region_allowances_free(allowances);
    return TANLU_ERR_MEMORY;
  }
  for (size_t p = 0; p < a->periods; p++) share_out(q, a, p);
  return TANLU_OK;
}

double tanlu_region_gdp_levels(size_t regions, const double *gdp, const double *own, int years, double nation,
                               double *level) {
  double before = 0.0, after = 0.0;
  for (size_t i = 0; i < regions; i++) {
    level[i] = own != NULL ? pow(1.0 + own[i], years) : 1.0;
    before += gdp[i];
    after += gdp[i] * level[i];
  }
  const double factor = nation * (before / after);
  for (size_t i = 0; i < regions; i++) level[i] *= factor;
  return factor;
}

void tanlu_region_intensity_changes(size_t regions, const double *historic, const double *share, double emissions,
                                    const double *level, double *change) {
  for (size_t i = 0; i < regions; i++) change[i] = share[i] / historic[i] * emissions / level[i] - 1.0;
}
