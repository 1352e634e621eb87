/* What the regional accounts say of the base year that is not by sector: CO2, energy, people and value added of every region. */
#ifndef TANLU_MODEL_REGIONAL_LEVELS_H
#define TANLU_MODEL_REGIONAL_LEVELS_H

#include <stdbool.h>

#include "model/dataset.h"
#include "model/goals.h"
#include "model/region_shares.h"

typedef struct {
  int base_year;
  tanlu_labels region;
  double *co2_production, *co2_households; /* regions: Mt; processes with production */
  double *final_energy;                    /* regions: PJ */
  double *population;                      /* regions, any unit; NaN: not known; NULL: of none */
  double *value_added;                     /* regions, any unit: all groups */
  tanlu_labels group;                      /* of value added: primary, secondary, ... */
  double *by_group;                        /* regions x groups, column-major */
} tanlu_regional_levels;

void tanlu_regional_levels_clear(tanlu_regional_levels *levels);

/* What shares are in proportion to: CO2 of production and households; consumption by dataset and its extension of CO2 (may be NULL:
 * not asked for, model/embodied.h), with the direct CO2 of households. level: that of the regions. Errors: those of
 * tanlu_embodied_create; TANLU_ERR_INPUT for a region without people, value added or CO2, named. */
tanlu_status tanlu_regional_levels_regions(const tanlu_regional_levels *levels, const tanlu_dataset *dataset,
                                           size_t level, const double *co2, tanlu_regions *regions,
                                           tanlu_context *context);

/* Regions of a place by its name: a region itself, or a group of regions of another level of the dataset. member: regions. False:
 * the accounts have no such place. */
bool tanlu_regional_place(const tanlu_regional_levels *levels, const tanlu_dataset *dataset, size_t level,
                          const char *name, bool *member);

/* The goal of a place, judged
 *   by its level in the base year          where the accounts hold the indicator and the goal is of that year
 *   as if the place moved with the nation  where it is a change against the base year, or the year of a peak: then
 *                                          I_t / I_b of the place is that of the nation, which `nation` shows (basis: NATION)
 * (a peak after the base year) and not at all otherwise, with the reason. co2_energy is judged by all CO2, processes included, which
 * is more: a goal met by it is met; one that is missed by it cannot be judged. member: regions of the place; series (workspace): nation->years. */
tanlu_goal_verdict tanlu_regional_goal_evaluate(const tanlu_regional_levels *levels, const bool *member,
                                                const tanlu_goal *goal, const tanlu_goal_evidence *nation,
                                                double *series);

/* The goal of a place judged on what a projection by region (model/region_projection.h) says of the place itself. Not judged: a goal
 * that looks back before the first year, as what regions did until then is not known. */
tanlu_goal_verdict tanlu_regional_path_evaluate(const tanlu_goal *goal, const tanlu_goal_evidence *own);

#endif
