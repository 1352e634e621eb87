/* Tables of the regions of a result file. In all of them `chosen` says which regions are shown (tanlu_regions_choose). */
#ifndef TANLU_OUTPUTS_REGION_VIEW_H
#define TANLU_OUTPUTS_REGION_VIEW_H

#include "outputs/result_view.h"

/* An indicator: for each scenario regions by year, each with a line of its trend; with a chart the lines of the ten that are largest. */
tanlu_status tanlu_region_view_indicator(tanlu_result *result, size_t indicator, const bool *chosen,
                                         const tanlu_view *view, FILE *stream, tanlu_context *context);
/* A variable of regions (tanlu_variable_is_regional), or one from region to region. chosen NULL: for each scenario all regions by
 * year, summed over the other axes; TANLU_ERR_INPUT where these do not add up. Else for each region the tables of
 * tanlu_view_variable; of what moves between regions what it sends and what it receives. */
tanlu_status tanlu_region_view_variable(tanlu_result *result, const tanlu_result_variable *variable, const bool *chosen,
                                        const tanlu_view *view, FILE *stream, tanlu_context *context);
/* Is there more to a variable than tanlu_view_variable shows: regions (with or without years), or from region to region? */
bool tanlu_variable_has_regions(const tanlu_result_variable *variable);

/* Peak and energy CO2 by region, the largest first, and how far regions are from adding up to the nation; for each scenario that the
 * view shows. Where regions aim at the year of their peak (regional_peak_aim) a column says whether they meet it, as tanlu_goal_evaluate
 * judges: in that year or before, and not in the last of the scenario; not judged where the scenario ends before it. chosen NULL: the
 * ten largest and all that have an aim, the others summed. Nothing for a file without regions. */
tanlu_status tanlu_region_overview(tanlu_result *result, const bool *chosen, const tanlu_view *view, FILE *stream,
                                   tanlu_context *context);

#endif
