/* Shared by the tests of the shipped scenarios: all of them read, projected and ready to be looked at year by year. */
#ifndef TANLU_TESTS_SCENARIO_SUPPORT_H
#define TANLU_TESTS_SCENARIO_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "inputs/scenario_file.h"
#include "model/indicators.h"
#include "model/projection.h"
#include "tests/support.h"

/* The first five are of one dataset. */
enum {
  REFERENCE,
  STRUCTURE,
  ENERGY_MIX,
  DUAL_CARBON,
  ACCELERATED,
  REFERENCE_42,
  DUAL_CARBON_42,
  DUAL_CARBON_ROUTES,
  DELAYED_ACTION,
  PRICE_SHOCK,
  NO_CAPTURE,
  NO_NEW_NUCLEAR,
  NO_STORAGE,
  SCENARIOS
};
enum { DATASETS = 2 };

typedef struct {
  const char *name;
  tanlu_scenario *scenario;
  const tanlu_drivers *drivers;
  const tanlu_dataset *dataset;
  const tanlu_model *model;
  tanlu_projection *projection;
} shipped_scenario;

typedef struct {
  tanlu_context *context;
  tanlu_dataset *dataset[DATASETS];
  tanlu_model *model[DATASETS];
  shipped_scenario run[SCENARIOS];
} shipped_scenarios;

/* Set-up and tear-down of a group; the state of its tests is a shipped_scenarios. */
int shipped_set_up(void **state);
int shipped_tear_down(void **state);

/* One scenario in one year, and how many problems a test has found so far. */
typedef struct {
  const shipped_scenario *run;
  size_t t;
  int year;
  int problems;
} place;

/* Look at every scenario in every year; the test fails when there were problems. */
void every_year(const shipped_scenarios *all, void (*look)(place *p));
place in_year(const shipped_scenarios *all, size_t scenario, int year);

const double *field(const place *p, tanlu_field_id id);
double total(const place *p, tanlu_field_id id); /* sum over all members */
double indicator(const place *p, tanlu_indicator_id id);
double driver(const place *p, tanlu_driver_id id, size_t a);
double sum_of(const double *value, size_t count);

/* A problem unless |actual - expected| <= tolerance x |size| (NaN is one), or unless the condition holds. The first twelve
 * are shown with scenario and year. */
void near(place *p, const char *what, double actual, double expected, double tolerance, double size);
void holds(place *p, const char *what, double value, bool condition);

#endif
