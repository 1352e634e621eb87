/* The recorded history of a dataset, history.yaml: the keys of a scenario, with knots from base year to history_to. */
#ifndef TANLU_INPUTS_HISTORY_H
#define TANLU_INPUTS_HISTORY_H

#include "model/dataset.h"

/* Read history.yaml against the driver table and the dataset, and report what is wrong with it. A dataset without the
 * file passes. */
tanlu_status tanlu_history_check(const tanlu_dataset *dataset, tanlu_context *context);

#endif
