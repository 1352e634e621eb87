#include "model/region_closure.h"

#include <math.h>

/* Indicators that add up over regions. */
static const bool adds_up[TANLU_INDICATOR_COUNT] = {
    [TANLU_INDICATOR_GDP] = true,
    [TANLU_INDICATOR_POPULATION] = true,
    [TANLU_INDICATOR_INVESTMENT] = true,
    [TANLU_INDICATOR_EMPLOYMENT] = true,
    [TANLU_INDICATOR_CO2_ENERGY] = true,
    [TANLU_INDICATOR_CO2_PROCESS] = true,
    [TANLU_INDICATOR_CO2_CAPTURED] = true,
    [TANLU_INDICATOR_CO2_TOTAL] = true,
    [TANLU_INDICATOR_CO2_SINKS] = true,
    [TANLU_INDICATOR_CO2_NET] = true,
    [TANLU_INDICATOR_CO2_CONVERSION] = true,
    [TANLU_INDICATOR_STEEL_CO2] = true,
    [TANLU_INDICATOR_ENERGY] = true,
    [TANLU_INDICATOR_ENERGY_CALORIFIC] = true,
    [TANLU_INDICATOR_FINAL] = true,
    [TANLU_INDICATOR_NON_ENERGY] = true,
    [TANLU_INDICATOR_COAL_USE] = true,
    [TANLU_INDICATOR_OIL_USE] = true,
    [TANLU_INDICATOR_GAS_USE] = true,
    [TANLU_INDICATOR_LAND_OIL] = true,
    [TANLU_INDICATOR_FINAL_ELECTRICITY] = true,
    [TANLU_INDICATOR_GENERATION] = true,
    [TANLU_INDICATOR_HYDROGEN] = true,
    [TANLU_INDICATOR_CAPACITY] = true,
    [TANLU_INDICATOR_WIND_SOLAR] = true,
    [TANLU_INDICATOR_WIND_CAPACITY] = true,
    [TANLU_INDICATOR_SOLAR_CAPACITY] = true,
    [TANLU_INDICATOR_HYDRO_CAPACITY] = true,
    [TANLU_INDICATOR_PUMPED_CAPACITY] = true,
    [TANLU_INDICATOR_HYDRO_TOTAL] = true,
    [TANLU_INDICATOR_NUCLEAR_CAPACITY] = true,
    [TANLU_INDICATOR_STORAGE] = true,
    [TANLU_INDICATOR_CURTAILED] = true,
};

/* Indicators that are one sum over another, with the factor of their units. */
typedef struct {
  tanlu_indicator_id id, above, below;
  double factor;
} ratio;
static const ratio ratios[] = {
    {TANLU_INDICATOR_GDP_PER_HEAD, TANLU_INDICATOR_GDP, TANLU_INDICATOR_POPULATION, 100.0}, /* 1e8 CNY over million */
    {TANLU_INDICATOR_INVESTMENT_SHARE, TANLU_INDICATOR_INVESTMENT, TANLU_INDICATOR_GDP, 1.0},
    {TANLU_INDICATOR_CO2_PER_GDP, TANLU_INDICATOR_CO2_ENERGY, TANLU_INDICATOR_GDP,
     100.0}, /* Mt over 1e8 CNY: t/1e4 CNY */
    {TANLU_INDICATOR_CO2_PER_HEAD, TANLU_INDICATOR_CO2_TOTAL, TANLU_INDICATOR_POPULATION, 1.0},
    {TANLU_INDICATOR_ENERGY_PER_GDP, TANLU_INDICATOR_ENERGY, TANLU_INDICATOR_GDP, 100.0},
    {TANLU_INDICATOR_ENERGY_PER_HEAD, TANLU_INDICATOR_ENERGY, TANLU_INDICATOR_POPULATION, 1.0},
    {TANLU_INDICATOR_COAL_PER_GDP, TANLU_INDICATOR_COAL_USE, TANLU_INDICATOR_GDP, 100.0},
};

/* Indicators that are what another one is against its base year, less 1 or not. */
static const struct {
  tanlu_indicator_id id, of;
  double less;
} changes[] = {
    {TANLU_INDICATOR_GDP_INDEX, TANLU_INDICATOR_GDP, 0.0},
    {TANLU_INDICATOR_CO2_PER_GDP_2020, TANLU_INDICATOR_CO2_PER_GDP, 1.0},
    {TANLU_INDICATOR_ENERGY_PER_GDP_2020, TANLU_INDICATOR_ENERGY_PER_GDP, 1.0},
};

/* Indicators that are made of others that add up: formed anew, so that they are their sum in every region. */
static const struct {
  tanlu_indicator_id id, one, other;
  double sign; /* of the other */
} sums[] = {
    {TANLU_INDICATOR_CO2_TOTAL, TANLU_INDICATOR_CO2_ENERGY, TANLU_INDICATOR_CO2_PROCESS, 1.0},
    {TANLU_INDICATOR_CO2_NET, TANLU_INDICATOR_CO2_TOTAL, TANLU_INDICATOR_CO2_SINKS, -1.0},
    {TANLU_INDICATOR_WIND_SOLAR, TANLU_INDICATOR_WIND_CAPACITY, TANLU_INDICATOR_SOLAR_CAPACITY, 1.0},
    {TANLU_INDICATOR_HYDRO_TOTAL, TANLU_INDICATOR_HYDRO_CAPACITY, TANLU_INDICATOR_PUMPED_CAPACITY, 1.0},
};

bool tanlu_indicator_adds_up(tanlu_indicator_id id) {
  return adds_up[id];
}

bool tanlu_field_adds_up(tanlu_field_id id) {
  switch (id) {
  case TANLU_FIELD_IMPORTS: /* of a region: of other regions too */
  case TANLU_FIELD_FINAL_FACTOR:
  case TANLU_FIELD_INPUT_FACTOR:
  case TANLU_FIELD_INDICATOR:
  case TANLU_FIELD_COUNT:
    return false;
  default:
    return true;
  }
}

/* Bring member k of year t to the nation's; returns the gap before. */
static double close_member(tanlu_projection *const *region, size_t regions, int field, size_t t, size_t k,
                           double nation, bool scale) {
  double sum = 0.0, size = 0.0;
  for (size_t r = 0; r < regions; r++) {
    const double value = region[r]->value[field][t * region[r]->size[field] + k];
    sum += value;
    size += fabs(value);
  }
  const double gap = nation - sum;
  for (size_t r = 0; scale && size > 0.0 && gap != 0.0 && r < regions; r++) {
    double *value = &region[r]->value[field][t * region[r]->size[field] + k];
    *value += fabs(*value) / size * gap;
  }
  return fabs(gap);
}

/* Of a member in all years. */
static double largest(const tanlu_projection *p, int field, size_t k) {
  double most = 0.0;
  for (size_t t = 0; t < p->years; t++) most = fmax(most, fabs(p->value[field][t * p->size[field] + k]));
  return most;
}

static double *indicator(const tanlu_projection *p, size_t t, tanlu_indicator_id id) {
  return p->value[TANLU_FIELD_INDICATOR] + t * p->size[TANLU_FIELD_INDICATOR] + (size_t)id;
}

/* Sums and ratios of what has been scaled. */
static void form_anew(const tanlu_projection *p) {
  for (size_t t = 0; t < p->years; t++) {
    for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
      *indicator(p, t, sums[k].id) = *indicator(p, t, sums[k].one) + sums[k].sign * *indicator(p, t, sums[k].other);
    }
    for (size_t k = 0; k < sizeof ratios / sizeof *ratios; k++) {
      const ratio *q = &ratios[k];
      *indicator(p, t, q->id) = q->factor * *indicator(p, t, q->above) / *indicator(p, t, q->below);
    }
    const double base_2005 =
        *indicator(p, 0, TANLU_INDICATOR_CO2_PER_GDP_2005); /* change of the base year against 2005 */
    for (size_t k = 0; k < sizeof changes / sizeof *changes; k++) {
      *indicator(p, t, changes[k].id) =
          *indicator(p, t, changes[k].of) / *indicator(p, 0, changes[k].of) - changes[k].less;
    }
    *indicator(p, t, TANLU_INDICATOR_CO2_PER_GDP_2005) =
        (1.0 + *indicator(p, t, TANLU_INDICATOR_CO2_PER_GDP_2020)) * (1.0 + base_2005) - 1.0;
  }
}

static tanlu_status check_shapes(const tanlu_projection *national, tanlu_projection *const *region, size_t regions,
                                 tanlu_context *context) {
  for (size_t r = 0; r < regions; r++) {
    if (region[r]->years != national->years || region[r]->from != national->from) {
      return tanlu_fail(context, TANLU_ERR_INTERNAL, "years of a region are not those of the nation");
    }
  }
  return TANLU_OK;
}

tanlu_status tanlu_region_close(const tanlu_projection *national, tanlu_projection *const *region, size_t regions,
                                bool scale, double *gap, tanlu_context *context) {
  const tanlu_status status = check_shapes(national, region, regions, context);
  if (status != TANLU_OK) return status;
  for (size_t t = 0; t < national->years; t++) {
    for (int field = 0; field < TANLU_FIELD_COUNT; field++) {
      const bool indicators = field == TANLU_FIELD_INDICATOR;
      double worst = (double)NAN, total = 0.0;
      const bool told = national->value[field] != NULL && region[0]->value[field] != NULL;
      const size_t members = national->size[field]; /* a region may have more, at the end */
      if (told && (indicators || tanlu_field_adds_up((tanlu_field_id)field))) {
        const double *value = national->value[field] + t * members;
        for (size_t k = 0; k < members; k++) total += isnan(value[k]) ? 0.0 : fabs(value[k]);
        for (size_t k = 0; k < members; k++) {
          if (isnan(value[k]) || (indicators && !adds_up[k])) continue;
          const double moved = close_member(region, regions, field, t, k, value[k], scale);
          const double against = indicators ? largest(national, field, k) : total;
          worst = fmax(worst, against > 0.0 ? moved / against : moved);
        }
      }
      if (gap != NULL) gap[t * TANLU_FIELD_COUNT + (size_t)field] = worst;
    }
  }
  for (size_t r = 0; scale && r < regions; r++) {
    if (region[r]->value[TANLU_FIELD_INDICATOR] != NULL) form_anew(region[r]);
  }
  return TANLU_OK;
}
