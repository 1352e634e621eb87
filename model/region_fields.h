/* What is kept of the projection of a region (model/region_projection.h) beside the nation's: the fields of model/fields.h, those of a
 * carrier or category by sector summed over sectors. */
#ifndef TANLU_MODEL_REGION_FIELDS_H
#define TANLU_MODEL_REGION_FIELDS_H

#include <stdbool.h>

#include "model/fields.h"

/* id of the field, is its second axis summed over */
#define TANLU_REGION_FIELD_LIST(X)                                                                                     \
  X(OUTPUT, false)                                                                                                     \
  X(VALUE_ADDED, false)                                                                                                \
  X(IMPORTS, false)                                                                                                    \
  X(FINAL_DEMAND, true)                                                                                                \
  X(FINAL_ENERGY, true)                                                                                                \
  X(NON_ENERGY, true)                                                                                                  \
  X(HOUSEHOLD_ENERGY, false)                                                                                           \
  X(VEHICLE_ENERGY, false)                                                                                             \
  X(USEFUL_ENERGY, false)                                                                                              \
  X(PRIMARY_ENERGY, false)                                                                                             \
  X(TRANSFORMATION, false)                                                                                             \
  X(CO2, false)                                                                                                        \
  X(CO2_COMBUSTION, false)                                                                                             \
  X(CO2_PROCESS, false)                                                                                                \
  X(CO2_CAPTURED, false)                                                                                               \
  X(CAPTURED_PROCESS, false)                                                                                           \
  X(HOUSEHOLD_CO2, false)                                                                                              \
  X(VEHICLE_CO2, false)                                                                                                \
  X(GENERATION, false)                                                                                                 \
  X(CAPACITY, false)                                                                                                   \
  X(PRODUCT_OUTPUT, false)                                                                                             \
  X(FINAL_FACTOR, false)                                                                                               \
  X(INPUT_FACTOR, false)                                                                                               \
  X(GROUP_VALUE_ADDED, false)                                                                                          \
  X(GROUP_FINAL_ENERGY, false)                                                                                         \
  X(GROUP_CO2, false)                                                                                                  \
  X(GROUP_EMPLOYMENT, false)                                                                                           \
  X(CAPACITY_ADDED, false)                                                                                             \
  X(INVESTMENT, false)                                                                                                 \
  X(INDICATOR, false)

/* Variables of regions are called as those of the nation with this before: "regional_co2". */
#define TANLU_REGIONAL_PREFIX "regional_"

typedef struct {
  tanlu_field_id id; /* unit and factor are the field's */
  bool summed;       /* over its second axis */
} tanlu_region_field_info;
enum {
#define X(id, summed) TANLU_REGION_FIELD_##id,
  TANLU_REGION_FIELD_LIST(X)
#undef X
      TANLU_REGION_FIELD_COUNT
};
extern const tanlu_region_field_info tanlu_region_field_table[TANLU_REGION_FIELD_COUNT];

/* Numbers a year of it in a region, of whose dataset the projection is. */
size_t tanlu_region_field_size(const tanlu_region_field_info *info, const tanlu_dataset *region);
/* All years of it in result units: value is years x tanlu_region_field_size. */
void tanlu_region_field_values(const tanlu_region_field_info *info, const tanlu_dataset *region,
                               const tanlu_projection *projection, double *value);

#endif
