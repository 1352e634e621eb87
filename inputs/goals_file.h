/* Reads policy goals: a CSV file with the columns code, name, name_zh, indicator, year, operator, value, unit, source.
 * indicator is a yearly indicator with a year, or a scalar of the scenario without one; unit repeats the unit of the
 * indicator, so that a figure in percent cannot pass for a share. */
#ifndef TANLU_INPUTS_GOALS_FILE_H
#define TANLU_INPUTS_GOALS_FILE_H

#include "model/goals.h"

/* Every error of the file is reported, with file, line and field. goals is cleared on failure. */
tanlu_status tanlu_goals_read(tanlu_goals *goals, const char *path, tanlu_context *context);

#endif
