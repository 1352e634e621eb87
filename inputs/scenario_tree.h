/* The keys of a scenario before they are understood: parents merged, settings applied, every value with its origin. */
#ifndef TANLU_INPUTS_SCENARIO_TREE_H
#define TANLU_INPUTS_SCENARIO_TREE_H

#include "inputs/yaml_tree.h"

typedef struct tanlu_scenario_tree {
  tanlu_yaml *root;    /* merged keys */
  tanlu_yaml *history; /* of the dataset, once resolved; NULL where there is none */
} tanlu_scenario_tree;

/* Lay `overlay` over `root`: mappings merge, timelines and whatever else replace whole. Where the overlay makes a member
 * the balance of a list, what root says about that member is dropped with a warning. */
tanlu_status tanlu_scenario_merge(tanlu_yaml *root, const tanlu_yaml *overlay, tanlu_context *context);

/* The same for the rules of a carbon market, the block `ets` of a scenario without its key. */
tanlu_status tanlu_scenario_merge_market(tanlu_yaml *root, const tanlu_yaml *overlay, tanlu_context *context);

/* tanlu_input_find for a name written in a file, beside which it may lie; an error at the name, begun with `what`. */
tanlu_status tanlu_scenario_find_named(char **path, const char *kind, const tanlu_yaml *node, const char *what,
                                       tanlu_context *context);

/* Apply "path=value". The value is a YAML scalar or flow mapping; the path may go on into a timeline, to set or add one
 * knot ("gdp.growth.2030=4.0"). */
tanlu_status tanlu_scenario_set(tanlu_yaml *root, const char *setting, tanlu_context *context);

#endif
