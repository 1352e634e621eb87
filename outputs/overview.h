/* What a reader wants to see first of a result file: main figures by scenario and year, scalars, goals met or missed,
 * what structure and energy mix contribute where the four runs are there, and the largest regions (outputs/region_view.h). */
#ifndef TANLU_OUTPUTS_OVERVIEW_H
#define TANLU_OUTPUTS_OVERVIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "model/goals.h"
#include "outputs/result_file.h"
#include "outputs/text_chart.h"

/* All tables below, one after the other, and the chart of net CO2 where `style` (NULL: plain) asks for one; goals may be empty,
 * chosen[g] says which are shown (NULL: all). Errors: memory, reading. */
tanlu_status tanlu_overview_print(tanlu_result *result, const tanlu_goals *goals, const bool *chosen,
                                  const tanlu_text_style *style, FILE *stream, tanlu_context *context);

/* Main indicators and products of one scenario, in the years an overview shows. */
tanlu_status tanlu_overview_scenario(tanlu_result *result, size_t scenario, FILE *stream, tanlu_context *context);
/* Peak, cumulative CO2, neutrality, residual of all scenarios, and how well the equations closed. */
tanlu_status tanlu_overview_scalars(tanlu_result *result, FILE *stream, tanlu_context *context);
/* Goals by scenario: the value and whether it is met, after an empty line. Nothing for goals that cannot be judged on the
 * file, as where their year is not in it. */
tanlu_status tanlu_overview_goals(tanlu_result *result, const tanlu_goals *goals, const bool *chosen,
                                  const tanlu_text_style *style, FILE *stream, tanlu_context *context);
/* Net and energy CO2 between `reference` and `dual-carbon`, split into structure and energy mix by the runs `structure` and
 * `energy-mix`, after an empty line; nothing where one of the four is missing. */
tanlu_status tanlu_overview_split(tanlu_result *result, FILE *stream, tanlu_context *context);

#endif
