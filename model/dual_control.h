/* Dual control: intensity and total of energy use, or of CO2, over the window of a plan.
 *
 * A window runs from its base year b to its last year e (a five-year plan: 2020 to 2025). With C_t what is counted in year t and
 * G_t GDP at constant prices, I_t = C_t / G_t,
 *
 *     change of intensity    c = I_e / I_b - 1
 *     intensity              met where c <= the basic goal; the incentive goal is further down
 *     total                  met where C_e <= the limit
 *
 * Of energy use E_t, what is counted leaves out what the rules exempt:
 *
 *     for the intensity      C_t = E_t - F_t (feedstock exempt)
 *     for the total          C_e = E_e - F_e (feedstock exempt) - max(0, R_e - R*) (renewables above plan exempt)
 *
 * F feedstock (non-energy use), R use of renewable energy, R* what the plan asks for. Where renewables are exempt as additions, R* is
 * the use of the base year. Where the incentive goal of intensity is reached, the total is not judged.
 *
 * Sources: plan for improving the dual control of energy intensity and total (NDRC, September 2021): renewable electricity above the
 * required share is not counted in the total; places that reach the incentive goal of intensity are not judged by the total; judged
 * over the five years together. Feedstock energy and added renewables are exempt since the Central Economic Work Conference of
 * December 2021 (entered without the source at hand). The same goals set on CO2 (no exemptions) are the dual control of carbon. */
#ifndef TANLU_MODEL_DUAL_CONTROL_H
#define TANLU_MODEL_DUAL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include "model/goals.h"
#include "solvers/context.h"

typedef enum {
  TANLU_RENEWABLES_COUNT,      /* counted in full */
  TANLU_RENEWABLES_ABOVE_PLAN, /* what exceeds `planned_renewables` is exempt */
  TANLU_RENEWABLES_ADDED       /* what exceeds the use of the base year is exempt */
} tanlu_renewables_rule;

typedef struct {
  double basic;     /* goal on the change of intensity over the window, -0.135; NaN for none */
  double incentive; /* the same, further down; NaN for none */
  double total;     /* limit of the total in the last year, in the unit of the quantity; NaN for none */
  tanlu_renewables_rule renewables;
  double planned_renewables; /* R*, in the unit of the quantity */
  bool feedstock_exempt;
  bool incentive_waives_total;
} tanlu_control_rules;

/* A year of the quantity under control. Of CO2 renewables and feedstock are 0. */
typedef struct {
  double gdp, quantity, renewables, feedstock;
} tanlu_control_year;

typedef enum {
  TANLU_CONTROL_NO_GOAL,
  TANLU_CONTROL_MET,
  TANLU_CONTROL_MISSED,
  TANLU_CONTROL_WAIVED
} tanlu_control_outcome;

typedef struct {
  double counted_base, counted_last; /* C_b and C_e of the intensity */
  double intensity_base, intensity_last;
  double change;            /* c */
  double yearly;            /* constant yearly rate with the same change */
  double counted_total;     /* C_e of the total */
  double exempt_renewables; /* left out of the total */
  double growth;            /* of GDP over the window */
  tanlu_control_outcome intensity, incentive, total;
  double intensity_gap; /* c - basic goal: > 0 where missed; NaN without goal */
  double total_gap;     /* C_e - limit; NaN without limit */
} tanlu_control_result;

/* Judge a window by its base year and its last year, `years` apart. Errors: TANLU_ERR_INPUT where GDP or what is counted of the
 * quantity is not positive in the base year, GDP in the last year is not positive, years is 0, or the incentive goal is less far
 * than the basic one. */
tanlu_status tanlu_control_judge(const tanlu_control_rules *rules, const tanlu_control_year *base,
                                 const tanlu_control_year *last, size_t years, tanlu_control_result *result,
                                 tanlu_context *context);

/* Goals of a place for a window, where the rules have none yet (NaN): the strictest basic and incentive goals whose year is the
 * last of the window, on energy_per_gdp and energy_consumption, or of carbon on co2_energy_per_gdp and co2_energy. A goal counted from
 * another year than the base year (energy_per_gdp_change_2020, co2_per_gdp_change_2005) leaves for the window what is not yet done:
 * (1 + goal) / (1 + change up to the base year) - 1.
 *
 * base_indicator: the indicators of the base year by id, NaN where missing. */
void tanlu_control_add_goals(tanlu_control_rules *rules, const tanlu_goals *goals, const char *scope, int base,
                             int last, bool carbon, const double *base_indicator);

/* The change after `after` years on a path of constant yearly rate that changes by `change` in `years`:
 * (1 + change)^(after / years) - 1. */
double tanlu_control_path(double change, double years, double after);
/* Growth of GDP that a total and an intensity imply together: (1 + growth of the total) / (1 + change of intensity) - 1. */
double tanlu_control_implied_growth(double total_growth, double intensity_change);
/* Growth of the total that growth of GDP and a change of intensity leave room for: (1 + growth)(1 + change) - 1. */
double tanlu_control_room(double gdp_growth, double intensity_change);

#endif
