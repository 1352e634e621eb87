/* Shared by the tests of regions as datasets: regional statistics, the datasets made with them, and their models. */
#ifndef TANLU_TESTS_REGION_SUPPORT_H
#define TANLU_TESTS_REGION_SUPPORT_H

#include "inputs/regional_file.h"
#include "model/region_datasets.h"
#include "tests/model_support.h"

typedef struct {
  tanlu_test_model nation;
  tanlu_regional_data *data;
  tanlu_known_flows known;
  tanlu_regional_choice choice;
  tanlu_region_statistics statistics;
  tanlu_region_datasets *sets;
  tanlu_model **model; /* of the regions */
} tanlu_test_regions;

/* A national dataset of China 2020 and its provinces (request NULL) or fewer regions; a choice and statistics of them. */
void tanlu_test_regions_open_china(tanlu_test_regions *f, const char *dataset, const tanlu_regional_request *request);
/* Choice and statistics from f->data. */
void tanlu_test_regions_choose(tanlu_test_regions *f);
/* Datasets and models. */
void tanlu_test_regions_create(tanlu_test_regions *f);
void tanlu_test_regions_clear(tanlu_test_regions *f);
/* Solve a region's base year given what the others want, and compare it with its statistics to 1e-8. */
void tanlu_test_regions_base_year(const tanlu_test_regions *f, size_t region);

/* Fails with the messages of the library unless the status is TANLU_OK. */
void tanlu_test_require(tanlu_status status, const tanlu_context *context);
/* |found - expected| <= size. */
void tanlu_test_near_of(double found, double expected, double size, const char *what, size_t at);

#endif
