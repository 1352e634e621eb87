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

/* The parts of tanlu_resolve, for who resolves again and again: read and bind the keys, find the targets and make drivers in which
 * nothing is resolved yet. Cleared by the caller, also after an error; the drivers stay the caller's. */
void tanlu_resolver_begin(tanlu_resolver *resolver, const tanlu_yaml *scenario_root, const tanlu_yaml *history_root,
                          const tanlu_dataset *dataset, int to, tanlu_context *context);
void tanlu_resolver_clear(tanlu_resolver *resolver);
/* Index of the first year after the history. */
size_t tanlu_resolver_first(const tanlu_resolver *resolver);

/* A timeline that starts with `value` in `year` (left out when NaN) and goes on as written. False after an error. */
bool tanlu_resolver_timeline(tanlu_resolver *resolver, tanlu_binding *binding, int year, double value,
                             tanlu_timeline *timeline);
/* The recorded part: `base` in the base year, then the knots of the history; constant without a binding. */
bool tanlu_resolver_recorded(tanlu_resolver *resolver, tanlu_binding *binding, double base, tanlu_timeline *timeline);
/* The binding with the smallest set that holds the member; two of the same size are an error. NULL: none. */
tanlu_binding *tanlu_resolver_binding(tanlu_resolver *resolver, tanlu_bindings *bindings, tanlu_driver_id id, size_t a,
                                      size_t b);

/* One member of a LEVEL, INDEX or PATH: value[t * stride]. A path is NaN after the history unless the scenario gives
 * it, and NaN throughout where neither does. */
void tanlu_resolve_member(tanlu_resolver *resolver, tanlu_binding *history, tanlu_binding *scenario, double base,
                          bool path, double *value, size_t stride);
/* The years after the history alone; `last` is the last recorded value. */
void tanlu_resolve_future(tanlu_resolver *resolver, tanlu_binding *scenario, double last, bool path, double *value,
                          size_t stride);

/* One list of shares as a source gives it. */
typedef struct {
  const tanlu_yaml *list; /* NULL where the source gives none */
  tanlu_binding **member; /* inner: timelines of the named members */
  tanlu_binding *balance;
  size_t balance_member;
} tanlu_share_list;

/* The shares of one outer member (of the only one where the list is the first axis) and what they are made of. */
typedef struct {
  tanlu_driver_id id;
  size_t outer, inner;
  double *base; /* inner */
  tanlu_share_list past, future;
  bool keeps_paths; /* members that are not named stay as they stand in the array, not at their last recorded share */
} tanlu_shares;

size_t tanlu_shares_inner(const tanlu_drivers *drivers, tanlu_driver_id id); /* members of one list */
/* Find the lists. False after an error; cleared by the caller in any case. */
bool tanlu_shares_find(tanlu_resolver *resolver, tanlu_driver_id id, size_t outer, tanlu_shares *shares);
void tanlu_shares_clear(tanlu_shares *shares);
/* Fill the years after the history from the last recorded row. False after an error. */
bool tanlu_shares_fill_future(tanlu_resolver *resolver, const tanlu_shares *shares);

/* Fill one driver; parts by form. */
void tanlu_resolve_lists(tanlu_resolver *resolver, tanlu_driver_id id); /* SHARE, SHARE_PATH */
void tanlu_resolve_find_targets(tanlu_resolver *resolver);              /* before the drivers are created */
void tanlu_resolve_structure(tanlu_resolver *resolver);                 /* STRUCTURE_SHARE */
double tanlu_structure_base_share(const tanlu_dataset *dataset, size_t level,
                                  size_t group); /* of a group in the value added of the base year */
/* Indirect drivers (model/indirect_drivers.h): what a scenario may not say beside them, then their effect on the others. */
void tanlu_resolve_check_indirect(tanlu_resolver *resolver);
void tanlu_resolve_indirect(tanlu_resolver *resolver);
void tanlu_resolve_capacity(tanlu_resolver *resolver); /* part of it: bounds of product paths */
/* The drivers that indirect ones reach as the keys alone give them, into an array of years x size that holds anything. */
void tanlu_resolve_reached(tanlu_resolver *resolver, tanlu_driver_id id);
/* Something must be left for the balance of the structure targets. */
void tanlu_resolve_check_structure(tanlu_resolver *resolver);

#endif
