/* A scenario that changes another one in some numbers. */
#ifndef TANLU_INPUTS_SCENARIO_CHILD_H
#define TANLU_INPUTS_SCENARIO_CHILD_H

#include "inputs/scenario_numbers.h"

typedef struct {
  const char *name, *title;
  const char *parent;                   /* as it is to be written */
  size_t count;                         /* numbers that change */
  const tanlu_scenario_number **number; /* count; of the scenario's numbers */
  const double *value;                  /* count: the new ones */
} tanlu_scenario_change;

/* The file's name without directory and .yaml; the caller frees. NULL when out of memory. */
char *tanlu_scenario_file_name(const char *path);
/* What `parent` is to be written as in a file at `path`, for the scenario read by this name: the name where that leads to it from
 * there, the file's name where both are in one directory, else its whole path. The caller frees.
 * TANLU_ERR_INPUT where `path` is the scenario itself. */
tanlu_status tanlu_scenario_parent_name(char **parent, const tanlu_scenario *scenario, const char *given,
                                        const char *path, tanlu_context *context);
/* YAML text: the parent, the timelines that hold a changed number, as they are written there but for the new numbers, and what
 * settings had changed. The caller frees. */
tanlu_status tanlu_scenario_child(char **text, const tanlu_scenario *scenario, const tanlu_scenario_numbers *numbers,
                                  const tanlu_scenario_change *change, tanlu_context *context);

#endif
