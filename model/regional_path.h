/* A national path shared out to regions, year by year: the nation leads, so that sums over regions are the nation's in every year.
 *
 * Sector j of region r has the share s_rj in the nation's output of the base year (model/regional_output.h). Where a region grows by
 * d_r,t per cent a year more (or less) than the others, gamma_r,t = prod (1 + d_r,t / 100) and
 *
 *     s_rj,t = s_rj gamma_r,t / sum_q s_qj gamma_q,t        value added: s_rj,t w_j,t of the nation's solved year
 *
 * so the structure of a region follows the nation's change in each branch, from its own of the base year. Users u are sectors and the
 * households' uses, whose share is the region's consumers, h_r,t = h_r gamma'_r,t / sum_q (population by its own rates). Energy:
 *
 *     E_r,uc,t = e_uc,t  E_r,uc (s_ru,t / s_ru) / sum_q E_q,uc (s_qu,t / s_qu)
 *
 * from E_r,uc of the base year (model/regional_energy.h), scaled to the nation's e_uc,t: a region keeps its energy per unit of output and
 * its mix relative to the nation's in every carrier. A carrier that the user takes up after the base year goes by the energy that its
 * users need, all carriers together. CO2 follows energy; that of plants keeps the place of their fuel, times gamma; heat goes by use;
 * process CO2 by s_rj,t, and what a sector captures by what it would emit. One region gives the nation.
 *
 * This is accounting, not a model of regions: regions do not compete, trade or invest, and power plants do not move. */
#ifndef TANLU_MODEL_REGIONAL_PATH_H
#define TANLU_MODEL_REGIONAL_PATH_H

#include "model/regional_energy.h"

typedef struct {
  tanlu_regional_reports base; /* shares, consumers, and what regions report */
  const double *growth;        /* years x regions: d, per cent a year; the first year is not read; NULL: 0 */
  const double *population;    /* years x regions: the same of consumers; NULL: 0 */
} tanlu_regional_drivers;

/* What is told of every region and year: quantity, unit, factor from internal units. */
#define TANLU_REGIONAL_LIST(X)                                                                                         \
  X(VALUE_ADDED, "value_added", "1e8 CNY_2020", 1e-4, "value added at 2020 prices")                                    \
  X(POPULATION, "population", "million", 1e-6, "population, by consumers")                                             \
  X(CO2_TOTAL, "co2_total", "Mt", 1e-6, "CO2 of production and households, after capture, before sinks")               \
  X(CO2_ENERGY, "co2_energy", "Mt", 1e-6, "of it from combustion")                                                     \
  X(CO2_PLANTS, "co2_plants", "Mt", 1e-6, "of it from power plants")                                                   \
  X(CO2_HOUSEHOLDS, "co2_households", "Mt", 1e-6, "of it direct of households")                                        \
  X(FINAL_ENERGY, "final_energy", "PJ", 1e-3, "final energy without raw materials")                                    \
  X(ELECTRICITY, "electricity", "PJ", 1e-3, "final electricity")

typedef enum {
#define X(id, name, unit, factor, text) TANLU_REGIONAL_##id,
  TANLU_REGIONAL_LIST(X)
#undef X
      TANLU_REGIONAL_COUNT
} tanlu_regional_quantity;

typedef struct {
  const char *name, *unit, *text;
  double factor;
} tanlu_regional_info;
extern const tanlu_regional_info tanlu_regional_table_of[TANLU_REGIONAL_COUNT];

typedef struct {
  size_t regions, years, groups;
  int from;
  double *value; /* TANLU_REGIONAL_COUNT x years x regions, [(q years + t) regions + r], internal units */
  double
      *group_co2; /* years x groups x regions: CO2 by policy group, t; households last (groups = policy groups + 1) */
  double *group_value;  /* years x groups x regions: value added by policy group, 10^4 CNY; households 0 */
  double *group_energy; /* years x groups x regions: final energy by policy group and of households, TJ */
} tanlu_regional_path;

/* Project the scenario and share out all its years. Errors: those of tanlu_solved_accounts_visit and model/regional_energy.h;
 * TANLU_ERR_INTERNAL where sums are not the nation's to 1e-9. */
tanlu_status tanlu_regional_path_create(tanlu_regional_path **path, const tanlu_model *model,
                                        const tanlu_drivers *drivers, const char *name,
                                        const tanlu_regional_drivers *regional, tanlu_context *context);
void tanlu_regional_path_free(tanlu_regional_path **path); /* accepts NULL and half-built objects */

/* The year of a region's largest co2_energy; 0 where it has none. */
int tanlu_regional_peak_year(const tanlu_regional_path *path, size_t region);

#endif
