/* The drivers of one year for all lanes: what a step of the model reads. */
#ifndef TANLU_MODEL_LEVERS_H
#define TANLU_MODEL_LEVERS_H

#include "model/drivers.h"
#include "solvers/lanes.h"

typedef struct {
  size_t width;
  int year;       /* calendar year of the drivers gathered last */
  size_t targets; /* structure targets: the same groups in every lane */
  const size_t *target_level, *target_group;
  size_t size[TANLU_DRIVER_COUNT], inner[TANLU_DRIVER_COUNT];
  double *value[TANLU_DRIVER_COUNT]; /* size x lanes */
} tanlu_levers;

/* Room for drivers like `drivers`, which must outlive the levers. */
tanlu_status tanlu_levers_create(tanlu_levers **levers, const tanlu_drivers *drivers, size_t width,
                                 tanlu_context *context);
void tanlu_levers_free(tanlu_levers **levers);
/* Year t of `width` drivers. */
void tanlu_levers_gather(tanlu_levers *levers, const tanlu_drivers *const *drivers, size_t t);

/* Member (a, b) of all lanes. */
static inline const double *tanlu_lever(const tanlu_levers *levers, tanlu_driver_id id, size_t a, size_t b) {
  return levers->value[id] + (a * levers->inner[id] + b) * levers->width;
}

#endif
