#include "model/levers.h"

#include <stdlib.h>

#include "solvers/memory.h"

tanlu_status tanlu_levers_create(tanlu_levers **levers, const tanlu_drivers *drivers, size_t width,
                                 tanlu_context *context) {
  *levers = NULL;
  tanlu_levers *v = tanlu_allocate(context, 1, sizeof *v);
  if (v == NULL) return TANLU_ERR_MEMORY;
  v->width = width;
  v->targets = drivers->targets;
  v->target_level = drivers->target_level;
  v->target_group = drivers->target_group;
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    v->size[id] = drivers->size[id];
    v->inner[id] = drivers->inner[id];
    v->value[id] = tanlu_allocate_doubles(context, drivers->size[id], width);
    if (v->value[id] != NULL) continue;
    tanlu_levers_free(&v);
    return TANLU_ERR_MEMORY;
  }
  *levers = v;
  return TANLU_OK;
}

void tanlu_levers_free(tanlu_levers **levers) {
  if (*levers == NULL) return;
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) free((*levers)->value[id]);
  free(*levers);
  *levers = NULL;
}

/* Numbers that all lanes take from one place. */
TANLU_EACH_ISA
static void spread(size_t width, size_t size, const double *restrict from, double *restrict to) {
  for (size_t m = 0; m < size; m++) {
    const double value = from[m];
    EACH_LANE(l) to[m * width + l] = value;
  }
}

void tanlu_levers_gather(tanlu_levers *levers, const tanlu_drivers *const *drivers, size_t t) {
  const size_t width = levers->width;
  levers->year = drivers[0]->from + (int)t;
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const size_t size = levers->size[id];
    const double *from[TANLU_LANES_MAX] = {drivers[0]->value[id] + t * size};
    bool same = true;
    for (size_t l = 0; l < width; l++) {
      from[l] = drivers[l]->value[id] + t * size;
      same = same && from[l] == from[0];
    }
    double *to = levers->value[id];
    if (same) {
      spread(width, size, from[0], to);
      continue;
    }
    for (size_t m = 0; m < size; m++) {
      for (size_t l = 0; l < width; l++) to[m * width + l] = from[l][m];
    }
  }
}
