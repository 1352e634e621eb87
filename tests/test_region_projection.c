/* Regions projected together: one region is the nation; sums over regions; what is sent is received. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inputs/scenario_file.h"
#include "model/region_projection.h"
#include "tests/model_support.h"

/* The nation as its only region, made by hand: it imports from other countries alone. */
static void nation_is_its_region(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020-42");
  tanlu_scenario *scenario = NULL;
  assert_int_equal(tanlu_scenario_read(&scenario, "inputs/scenarios/dual-carbon-42.yaml", NULL, 0, m.context),
                   TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(scenario, m.dataset, m.context), TANLU_OK);
  const size_t n = m.dataset->accounts.n;
  double *ones = calloc(n, sizeof *ones), *zeros = calloc(n, sizeof *zeros);
  for (size_t i = 0; i < n; i++) ones[i] = 1.0;
  tanlu_labels region = {0};
  assert_int_equal(tanlu_labels_add(&region, "all", "All", "", m.context), TANLU_OK);
  tanlu_region_datasets datasets = {.regions = 1,
                                    .n = n,
                                    .region = &region,
                                    .dataset = &m.dataset,
                                    .origin = zeros,
                                    .abroad = ones,
                                    .link = zeros,
                                    .output = ones};
  tanlu_regional_model *model = NULL;
  assert_int_equal(tanlu_regional_model_create(&model, m.model, &datasets, m.context), TANLU_OK);
  const tanlu_drivers *d = scenario->drivers;
  tanlu_projection *national = NULL, *own = NULL;
  assert_int_equal(tanlu_projection_create(&national, m.dataset, d->from, d->years, m.context), TANLU_OK);
  assert_int_equal(tanlu_projection_create(&own, m.dataset, d->from, d->years, m.context), TANLU_OK);
  tanlu_drivers *inherited = NULL;
  bool all[TANLU_DRIVER_COUNT];
  for (int k = 0; k < TANLU_DRIVER_COUNT; k++) all[k] = true;
  assert_int_equal(tanlu_drivers_share(&inherited, d, all, m.context), TANLU_OK);
  for (size_t k = 0; k < d->years * d->size[TANLU_DRIVER_STRUCTURE_SHARE]; k++)
    inherited->value[TANLU_DRIVER_STRUCTURE_SHARE][k] = (double)NAN;
  for (size_t k = 0; k < d->years * d->size[TANLU_DRIVER_PRODUCT_PATH]; k++)
    inherited->value[TANLU_DRIVER_PRODUCT_PATH][k] = (double)NAN;
  const tanlu_drivers *drivers[] = {inherited};
  tanlu_regional_scenario s = {.name = "dual-carbon-42",
                               .nation = d,
                               .region = drivers,
                               .lead = TANLU_LEAD_REGIONS,
                               .national = national,
                               .projection = &own};
  const tanlu_status status = tanlu_regional_project(model, &s, 1, 1, NULL, NULL, m.context);
  if (status != TANLU_OK) tanlu_test_print_messages(m.context);
  assert_int_equal(status, TANLU_OK);
  for (int field = 0; field < TANLU_FIELD_COUNT; field++) {
    for (size_t t = 0; t < d->years; t++) {
      const size_t size = national->size[field];
      double worst = 0, against = 0;
      for (size_t k = 0; k < size; k++) {
        const double a = national->value[field][t * size + k], b = own->value[field][t * size + k];
        if (isnan(a)) continue;
        const double gap = fabs(a - b) / (field == TANLU_FIELD_INDICATOR ? fmax(fabs(a), 1e-6) : 1.0);
        worst = fmax(worst, gap);
        against = fmax(against, fabs(a));
      }
      if (field != TANLU_FIELD_INDICATOR && against > 0) worst /= against;
      if (worst > 1e-10) print_message("%s %zu %g\n", tanlu_field_table[field].name, t, worst);
    }
  }
  print_message("rounds %zu\n", s.rounds);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(nation_is_its_region)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
