#include "model/region_lmdi.h"

#include <math.h>
#include <string.h>

#include "model/lmdi.h"

/* Factors of a term: of groups, at most five. */
enum { FACTORS = 5 };

tanlu_status tanlu_region_effect_labels(tanlu_labels *labels, bool per_head, tanlu_context *context) {
  static const struct {
    const char *code, *name[2];
  } effect[] = {
#define X(id, code, name, per_head) {code, {name, per_head}},
      TANLU_REGION_EFFECT_LIST(X)
#undef X
  };
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < TANLU_REGION_EFFECTS && status == TANLU_OK; k++) {
    status = tanlu_labels_add(labels, effect[k].code, effect[k].name[per_head ? 1 : 0], NULL, context);
  }
  return status;
}

double tanlu_region_co2(const tanlu_region_state *s, size_t r) {
  double sum = s->households[r];
  for (size_t g = 0; g < s->groups; g++) sum += s->co2[g * s->regions + r];
  return sum;
}

/* Sums of a state: of a region and of all. */
typedef struct {
  double value, all_value, people;
} sums;

static sums add_up(const tanlu_region_state *s, size_t region) {
  sums sum = {0};
  for (size_t r = 0; r < s->regions; r++) {
    double value = 0.0;
    for (size_t g = 0; g < s->groups; g++) value += s->value_added[g * s->regions + r];
    if (r == region) sum.value = value;
    sum.all_value += value;
    sum.people += s->population[r];
  }
  return sum;
}

static bool has_energy(const tanlu_region_state *s, size_t cell) {
  if (s->energy == NULL || isnan(s->energy[cell])) return false;
  return s->energy[cell] != 0.0 || !(s->co2[cell] > 0.0);
}

/* Factors of a group's CO2 above zero; their number. */
static size_t group_factors(const tanlu_region_state *s, size_t g, size_t r, bool energy, const sums *sum,
                            double *factor) {
  const size_t cell = g * s->regions + r;
  const double value = s->value_added[cell], co2 = fmax(s->co2[cell], 0.0);
  factor[0] = sum->all_value;
  factor[1] = tanlu_lmdi_ratio(sum->value, sum->all_value);
  factor[2] = tanlu_lmdi_ratio(value, sum->value);
  factor[3] = tanlu_lmdi_ratio(energy ? s->energy[cell] : co2, value);
  if (energy) factor[4] = tanlu_lmdi_ratio(co2, s->energy[cell]);
  return energy ? 5 : 4;
}

static bool add_group(const tanlu_region_state *const state[2], size_t g, size_t r, const sums sum[2], double *effect) {
  static const size_t with[FACTORS] = {TANLU_REGION_EFFECT_ACTIVITY, TANLU_REGION_EFFECT_REGIONS,
                                       TANLU_REGION_EFFECT_SECTORS, TANLU_REGION_EFFECT_ENERGY,
                                       TANLU_REGION_EFFECT_CARBON};
  static const size_t without[FACTORS] = {TANLU_REGION_EFFECT_ACTIVITY, TANLU_REGION_EFFECT_REGIONS,
                                          TANLU_REGION_EFFECT_SECTORS, TANLU_REGION_EFFECT_INTENSITY};
  const size_t cell = g * state[0]->regions + r;
  const bool energy = has_energy(state[0], cell) && has_energy(state[1], cell);
  double factor[2][FACTORS];
  size_t factors = 0;
  for (size_t side = 0; side < 2; side++) {
    if (!isfinite(state[side]->co2[cell])) return false;
    factors = group_factors(state[side], g, r, energy, &sum[side], factor[side]);
  }
  effect[TANLU_REGION_EFFECT_REMOVAL] += fmin(state[1]->co2[cell], 0.0) - fmin(state[0]->co2[cell], 0.0);
  return tanlu_lmdi_add(factors, factor[0], factor[1], energy ? with : without, 1.0, effect);
}

static bool add_households(const tanlu_region_state *const state[2], size_t r, const sums sum[2], double *effect) {
  static const size_t column[] = {TANLU_REGION_EFFECT_POPULATION, TANLU_REGION_EFFECT_PEOPLE,
                                  TANLU_REGION_EFFECT_HOUSEHOLDS};
  double factor[2][3];
  for (size_t side = 0; side < 2; side++) {
    const tanlu_region_state *s = state[side];
    if (!isfinite(s->households[r])) return false;
    factor[side][0] = sum[side].people;
    factor[side][1] = tanlu_lmdi_ratio(s->population[r], sum[side].people);
    factor[side][2] = tanlu_lmdi_ratio(fmax(s->households[r], 0.0), s->population[r]);
  }
  effect[TANLU_REGION_EFFECT_REMOVAL] += fmin(state[1]->households[r], 0.0) - fmin(state[0]->households[r], 0.0);
  return tanlu_lmdi_add(3, factor[0], factor[1], column, 1.0, effect);
}

tanlu_status tanlu_region_lmdi(const tanlu_region_state *from, const tanlu_region_state *to,
                               const tanlu_labels *regions, const tanlu_labels *groups, double *effect,
                               tanlu_context *context) {
  const tanlu_region_state *const state[2] = {from, to};
  const size_t count = from->regions, parts = from->groups + 1;
  for (size_t r = 0; r < count; r++) {
    const sums sum[2] = {add_up(from, r), add_up(to, r)};
    for (size_t g = 0; g < parts; g++) {
      double own[TANLU_REGION_EFFECTS] = {0};
      const bool group = g < from->groups;
      if (!(group ? add_group(state, g, r, sum, own) : add_households(state, r, sum, own))) {
        return tanlu_fail(context, TANLU_ERR_MODEL,
                          "CO2 of %s in %s cannot be related to %s: expected numbers of at least 0, and none without "
                          "them",
                          group ? groups->code[g] : "households", regions->code[r],
                          group ? "its value added and final energy" : "its population");
      }
      for (size_t k = 0; k < TANLU_REGION_EFFECTS; k++) effect[(k * parts + g) * count + r] = own[k];
    }
  }
  return TANLU_OK;
}

/* Of a region, or of all. */
static double one_of(const double *value, size_t regions, size_t region) {
  if (region != TANLU_NONE) return value[region];
  double sum = 0.0;
  for (size_t r = 0; r < regions; r++) sum += value[r];
  return sum;
}

tanlu_status tanlu_region_per_head(const tanlu_region_state *s, size_t region, const tanlu_labels *regions,
                                   double *store, tanlu_region_state *one, tanlu_context *context) {
  const double people = one_of(s->population, s->regions, region);
  if (!(people > 0.0 && isfinite(people))) {
    return tanlu_fail(context, TANLU_ERR_MODEL, "population of %s is %g: there is no CO2 per head",
                      region != TANLU_NONE ? regions->code[region] : "all regions", people);
  }
  double *value = store + 2, *energy = value + s->groups, *co2 = energy + s->groups;
  for (size_t g = 0; g < s->groups; g++) {
    const size_t at = g * s->regions;
    value[g] = one_of(s->value_added + at, s->regions, region) / people;
    energy[g] = s->energy != NULL ? one_of(s->energy + at, s->regions, region) / people : (double)NAN;
    co2[g] = one_of(s->co2 + at, s->regions, region) / people;
  }
  store[0] = 1.0;
  store[1] = one_of(s->households, s->regions, region) / people;
  *one = (tanlu_region_state){1, s->groups, store, value, energy, co2, store + 1};
  return TANLU_OK;
}
