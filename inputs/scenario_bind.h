/* The keys of a scenario or of a history, understood: which driver, which members, which timeline. */
#ifndef TANLU_INPUTS_SCENARIO_BIND_H
#define TANLU_INPUTS_SCENARIO_BIND_H

#include <stdbool.h>
#include <stddef.h>

#include "inputs/yaml_tree.h"
#include "model/dataset.h"
#include "model/timeline.h"

/* A timeline as it is written. */
typedef enum { TANLU_WRITTEN_SCALAR, TANLU_WRITTEN_KNOTS, TANLU_WRITTEN_TREND } tanlu_written_kind;

typedef struct {
  tanlu_written_kind kind;
  tanlu_interpolation interpolation;
  size_t count;             /* knots, or rates of a trend with years; 1 for a scalar or a single rate */
  int *year;                /* count; unused for a scalar or a single rate (year[0] = 0) */
  double *value;            /* count */
  const tanlu_yaml **place; /* count: for messages */
  double lowest, highest;   /* bounds of the values */
} tanlu_written;

/* Which years a source may name, and whether it is the history. */
typedef struct {
  bool history;
  bool region; /* what a region says: drivers that it can say otherwise, and its aim */
  int first, last;
  int history_to;
} tanlu_span;

/* Read a timeline of a driver. Errors at the value or knot that is wrong. */
tanlu_status tanlu_written_read(tanlu_written *written, const tanlu_yaml *node, tanlu_driver_id id,
                                const tanlu_span *span, tanlu_context *context);
void tanlu_written_clear(tanlu_written *written);

/* One timeline and the members it is for. Sets of a TARGET axis are sets of sectors, all others of members. */
typedef struct {
  tanlu_driver_id id;
  const tanlu_yaml *node; /* timeline, or the name of the balance member */
  const tanlu_yaml *list; /* the mapping that names the members: the list of shares */
  bool *member[2];        /* which members of each axis; NULL for an axis of one */
  size_t members[2];      /* how many; 1 for an axis of one */
  bool balance;           /* this names the member that takes the rest */
  bool bound;             /* the members are known */
  bool failed;            /* an error about it was reported */
  size_t level, group;    /* TARGET: the group by level and index */
  tanlu_written written;  /* unless balance */
} tanlu_binding;

typedef struct {
  size_t count;
  tanlu_binding *binding;
  tanlu_status status;
} tanlu_bindings;

/* Bind every key below root (NULL: nothing). All errors are reported; bindings->status keeps the first. */
void tanlu_bindings_read(tanlu_bindings *bindings, const tanlu_yaml *root, const tanlu_dataset *dataset,
                         const tanlu_span *span, tanlu_context *context);
void tanlu_bindings_clear(tanlu_bindings *bindings);

/* The members that a key names: set[] over the axis (sectors for TARGET), its size in *count. TANLU_ERR_INPUT with an
 * error at the key (or, when `as_value`, at the value) for an unknown or unusable one. */
tanlu_status tanlu_members_named(const tanlu_dataset *dataset, tanlu_axis axis, const char *code,
                                 const tanlu_yaml *place, bool as_value, bool **set, size_t *count, size_t *level,
                                 size_t *group, tanlu_context *context);

#endif
