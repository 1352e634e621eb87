#include "outputs/region_gap.h"

#include <math.h>
#include <string.h>

double tanlu_region_gap_largest(const tanlu_result_variable *v, size_t scenario, size_t only, size_t *year,
                                size_t *field) {
  double largest = -1.0;
  for (size_t t = 0; t < v->extent[1]; t++) {
    for (size_t k = 0; k < v->extent[2]; k++) {
      const double gap = fabs(v->value[(scenario * v->extent[1] + t) * v->extent[2] + k]);
      if ((only != TANLU_NONE ? only != k : k == TANLU_FIELD_INDICATOR) || !(gap > largest)) continue;
      largest = gap;
      *year = t;
      *field = k;
    }
  }
  return largest;
}

/* The word of the scenario in the list of leads, or the only one. */
bool tanlu_region_nation_leads(tanlu_result *result, size_t scenario) {
  const char *lead = tanlu_result_attribute(result, TANLU_REGIONAL_PREFIX "lead");
  for (size_t s = 0; lead != NULL && s < scenario && strchr(lead, '\n') != NULL; s++) lead = strchr(lead, '\n') + 1;
  return lead == NULL || strncmp(lead, "nation", strlen("nation")) == 0;
}
