#include "model/region_fields.h"

const tanlu_region_field_info tanlu_region_field_table[TANLU_REGION_FIELD_COUNT] = {
#define X(id, summed) {TANLU_FIELD_##id, summed},
    TANLU_REGION_FIELD_LIST(X)
#undef X
};

size_t tanlu_region_field_size(const tanlu_region_field_info *info, const tanlu_dataset *region) {
  const tanlu_field_info *field = &tanlu_field_table[info->id];
  return tanlu_dim_size(region, field->dim[0]) * (info->summed ? 1 : tanlu_dim_size(region, field->dim[1]));
}

void tanlu_region_field_values(const tanlu_region_field_info *info, const tanlu_dataset *region,
                               const tanlu_projection *projection, double *value) {
  const tanlu_field_info *field = &tanlu_field_table[info->id];
  const size_t inner = info->summed ? tanlu_dim_size(region, field->dim[1]) : 1;
  const size_t cells = projection->years * tanlu_region_field_size(info, region);
  const double *from = projection->value[info->id];
  for (size_t i = 0; i < cells; i++) {
    double sum = from[i * inner];
    for (size_t k = 1; k < inner; k++) sum += from[i * inner + k];
    value[i] = sum * field->factor;
  }
}
