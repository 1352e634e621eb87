/* A scenario whose numbers move: its drivers again and again, resolving only what the numbers touch. */
#ifndef TANLU_INPUTS_SCENARIO_MOVES_H
#define TANLU_INPUTS_SCENARIO_MOVES_H

#include "inputs/yaml_tree.h"
#include "model/dataset.h"
#include "model/drivers.h"

typedef struct tanlu_moves tanlu_moves;

/* Find what depends on the numbers node[0 .. numbers), scalars of scenario_root: every member of a driver whose timeline holds one
 * of them, and every member of a list of shares in which one stands, the balance included. `base` are the drivers of the keys
 * as they stand; trees, dataset and base outlive the moves. *moves is NULL with TANLU_OK where such numbers can only be resolved
 * with all others. Not for several threads at once. */
tanlu_status tanlu_moves_create(tanlu_moves **moves, const tanlu_yaml *scenario_root, const tanlu_yaml *history_root,
                                const tanlu_dataset *dataset, size_t numbers, const tanlu_yaml *const *node,
                                tanlu_drivers *base, tanlu_context *context);
void tanlu_moves_free(tanlu_moves **moves);

/* The drivers with value[k] in place of number k, bit for bit those that tanlu_resolve finds; arrays that no number touches are
 * borrowed from the base. NULL where a value is not allowed or memory is short: tanlu_resolve says what is wrong. */
tanlu_drivers *tanlu_moves_drivers(tanlu_moves *moves, const double *value);

#endif
