/* From bound keys to drivers. Shared by the files that resolve the forms; nothing else needs it. */
#ifndef TANLU_INPUTS_SCENARIO_RESOLVER_H
#define TANLU_INPUTS_SCENARIO_RESOLVER_H

#include "inputs/scenario_bind.h"
#include "model/drivers.h"

typedef struct {
  const tanlu_dataset *dataset;
  tanlu_context *context;
  tanlu_status status; /* first problem; resolving goes on so that all are reported */
  int to;              /* last year */
  tanlu_bindings history, scenario;
  tanlu_drivers *drivers;
  size_t targets; /* structure targets: those of the scenario in file order, then those of the history alone */
  struct tanlu_target {
    size_t level, group;
    tanlu_binding *history, *scenario; /* NULL where it gives none */
  } * target;
} tanlu_resolver;

bool tanlu_resolver_ok(tanlu_resolver *resolver, tanlu_status status);

/* Resolve `scenario_root` over `history_root` (each may be NULL) for the years base year .. to. */
tanlu_status tanlu_resolve(tanlu_drivers **drivers, const tanlu_yaml *scenario_root, const tanlu_yaml *history_root,
                           const tanlu_dataset *dataset, int to, tanlu_context *context);
/* history.yaml of the dataset as a tree; *root is NULL where there is no such file. */
tanlu_status tanlu_history_read(tanlu_yaml **root, const tanlu_dataset *dataset, tanlu_context *context);
/* Spans of years that the two sources may name. */
tanlu_span tanlu_span_of(const tanlu_dataset *dataset, bool history);

/* A timeline that starts with `value` in `year` (left out when NaN) and goes on as written. False after an error. */
bool tanlu_resolver_timeline(tanlu_resolver *resolver, tanlu_binding *binding, int year, double value,
                             tanlu_timeline *timeline);
/* The recorded part: `base` in the base year, then the knots of the history; constant without a binding. */
bool tanlu_resolver_recorded(tanlu_resolver *resolver, tanlu_binding *binding, double base, tanlu_timeline *timeline);

/* Fill one driver; parts by form. */
void tanlu_resolve_lists(tanlu_resolver *resolver, tanlu_driver_id id); /* SHARE, SHARE_PATH */
void tanlu_resolve_find_targets(tanlu_resolver *resolver);              /* before the drivers are created */
void tanlu_resolve_structure(tanlu_resolver *resolver);                 /* STRUCTURE_SHARE */
/* One member of a LEVEL, INDEX or PATH: value[t * stride]. A path is NaN after the history unless the scenario gives
 * it, and NaN throughout where neither does. */
void tanlu_resolve_member(tanlu_resolver *resolver, tanlu_binding *history, tanlu_binding *scenario, double base,
                          bool path, double *value, size_t stride);

#endif
