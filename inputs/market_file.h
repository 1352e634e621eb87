/* Reads the rules of a carbon market (inputs/FORMAT.md): the `ets` block of a scenario, or a file with the same keys. */
#ifndef TANLU_INPUTS_MARKET_FILE_H
#define TANLU_INPUTS_MARKET_FILE_H

#include "inputs/yaml_tree.h"
#include "model/dataset.h"
#include "model/market_rules.h"

/* The kind of input that market files are, for tanlu_input_find. */
#define TANLU_MARKET_KIND "policy/markets"

/* A market file by name or path, as a tree of its keys. The caller frees. */
tanlu_status tanlu_market_find(tanlu_yaml **block, const char *name, tanlu_context *context);

/* Understand a block for the years first .. last of a scenario. rules may be NULL: it is only checked. Unless `complete`, what the
 * rules need and the block does not give is no error: a market's documents do not print everything, and whoever solves it gives the
 * rest. All errors are reported, with file, line and column. */
tanlu_status tanlu_market_read(tanlu_market_rules **rules, const tanlu_yaml *block, const tanlu_dataset *dataset,
                               int first, int last, bool complete, tanlu_context *context);

#endif
