/* Reads policy goals (inputs/FORMAT.md): a CSV file with the columns code, name, name_zh, indicator, operator, value, unit and
 * source, and, where a row needs them, scope (China where absent), measure (level), base_year, year, grade (basic or incentive),
 * presets, document, date and note.
 *
 * indicator is a yearly indicator with a year, or a scalar of the scenario without one. The unit repeats that of the indicator,
 * so that a figure in percent cannot pass for a share; it is 1 for a change and year for the year of a peak. An indicator that
 * is itself a change (..._change_2005) is a level whose base year, if given, repeats its own. */
#ifndef TANLU_INPUTS_GOALS_FILE_H
#define TANLU_INPUTS_GOALS_FILE_H

#include "model/goals.h"

/* Every error of the file is reported, with file, line and field. goals is cleared on failure. */
tanlu_status tanlu_goals_read(tanlu_goals *goals, const char *path, tanlu_context *context);

#endif
