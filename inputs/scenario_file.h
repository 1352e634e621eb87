/* Scenario files: YAML with a parent, overlaid by settings of the command line, resolved into drivers.
 *
 * `parent` is a name or a list of names. Every ancestor is laid down once, before all that descend from it; later parents
 * win over earlier ones. Mappings merge, timelines replace whole, name and title are not inherited.
 *
 * Values after the history: a number holds from the first year after it; knots run from the last recorded value (the
 * base-year value where nothing is recorded); `{trend: P}` grows from there by P percent a year, `{trend: {YEAR: P}}` with
 * a rate until each year and constant after the last. Where groups are named, the smallest group that holds a member
 * rules it; for lists of shares that is the list as a whole. Members of a list that are not named keep their last
 * recorded share. */
#ifndef TANLU_INPUTS_SCENARIO_FILE_H
#define TANLU_INPUTS_SCENARIO_FILE_H

#include <stdio.h>

#include "inputs/scenario_regions.h"
#include "model/dataset.h"
#include "model/drivers.h"

typedef struct tanlu_scenario {
  char *name, *title, *path;
  char *dataset_path;              /* directory of its dataset */
  char *against;                   /* `stress.against`, the scenario that a stress test compares with; NULL: not said */
  tanlu_scenario_regions *regions; /* the block `regions`; NULL: none */
  int from, to;
  char *text;   /* resolved scenario as YAML, parents merged and settings applied: runs on its own */
  size_t files; /* files read: the scenario and its parents */
  char **file, **sha256;
  tanlu_drivers *drivers;           /* NULL until resolved */
  struct tanlu_scenario_tree *tree; /* private */
} tanlu_scenario;

/* Read a scenario (a path, or a name looked up as tanlu_input_find says), merge its parents and apply `settings`
 * ("path=value", e.g. "gdp.growth.2030=4.0"). Syntax, parents and dataset name are checked; members are not. */
tanlu_status tanlu_scenario_read(tanlu_scenario **scenario, const char *name, const char *const *settings,
                                 size_t setting_count, tanlu_context *context);
/* As tanlu_scenario_read, from the text stored in a result file. */
tanlu_status tanlu_scenario_read_text(tanlu_scenario **scenario, const char *text, const char *origin,
                                      tanlu_context *context);
/* Check every key against the driver table and the dataset, lay the dataset's history under it, evaluate the timelines
 * and fill scenario->drivers. All errors are reported, with file, line and column. */
tanlu_status tanlu_scenario_resolve(tanlu_scenario *scenario, const tanlu_dataset *dataset, tanlu_context *context);
/* The resolved scenario with the origin (file:line, history or default) of every value; for `check --explain`. */
void tanlu_scenario_explain(const tanlu_scenario *scenario, const tanlu_dataset *dataset, FILE *stream);
void tanlu_scenario_free(tanlu_scenario **scenario);

#endif
