/* Walking the keys of a scenario along the paths of the driver table. */
#ifndef TANLU_INPUTS_DRIVER_PATH_H
#define TANLU_INPUTS_DRIVER_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "model/drivers.h"

/* The drivers whose paths begin with the keys walked so far. */
typedef struct {
  size_t depth; /* keys walked */
  bool alive[TANLU_DRIVER_COUNT];
} tanlu_driver_path;

enum { TANLU_NO_DRIVER = TANLU_DRIVER_COUNT };

tanlu_driver_path tanlu_driver_path_start(void);
/* One key further: a literal component, or `*` for any key. False (and no driver alive) when no path goes on so. */
bool tanlu_driver_path_step(const tanlu_driver_path *path, const char *key, tanlu_driver_path *next);
/* The driver whose path is complete here, or TANLU_NO_DRIVER. */
tanlu_driver_id tanlu_driver_path_end(const tanlu_driver_path *path);
/* The driver whose members are named here as the last part of a list of shares with a `balance`, or TANLU_NO_DRIVER. */
tanlu_driver_id tanlu_driver_path_list(const tanlu_driver_path *path);
/* Does the next key name a member (`*`)? Then *axis (may be NULL) is where it comes from. */
bool tanlu_driver_path_member(const tanlu_driver_path *path, tanlu_axis *axis);
/* Component `depth` of a driver's path: its text and length; false beyond the end. */
bool tanlu_driver_path_component(tanlu_driver_id id, size_t depth, const char **text, size_t *length);

/* Shares of one: the driver is written as a list whose `balance` takes the rest. */
bool tanlu_driver_is_list(tanlu_driver_id id);

#endif
