/* Shared by the tests of the model: open a dataset, project drivers built in C, read fields. Every helper fails the running
 * test, with the messages of the library on stderr, when what it asks for does not work. */
#ifndef TANLU_TESTS_MODEL_SUPPORT_H
#define TANLU_TESTS_MODEL_SUPPORT_H

#include "model/energy_year.h"
#include "model/indicators.h"
#include "model/model_private.h"
#include "tests/support.h"

typedef struct {
  char directory[TANLU_TEST_PATH]; /* temporary copy of the tiny dataset; "" for a shipped one */
  tanlu_context *context;
  tanlu_dataset *dataset;
  tanlu_model *model;
} tanlu_test_model;

/* Replace the first occurrence of `before` in a file of the tiny dataset; NULL: the file is `after`. */
typedef struct {
  const char *file, *before, *after;
} tanlu_test_change;

/* inputs/data/NAME, or the tiny dataset with changes. Close with tanlu_test_close. */
void tanlu_test_open(tanlu_test_model *m, const char *name);
void tanlu_test_open_tiny(tanlu_test_model *m, const tanlu_test_change *change, size_t changes);
/* The same without the model: for what must go wrong in its creation. */
void tanlu_test_open_tiny_dataset(tanlu_test_model *m, const tanlu_test_change *change, size_t changes);
void tanlu_test_close(tanlu_test_model *m);
/* The tiny dataset as *state of a group. */
int tanlu_test_tiny_set_up(void **state);
int tanlu_test_model_tear_down(void **state);

/* Tiny with two industries outside the energy rows, "goods" and "food" (a twelfth of it), so that structure, substitution
 * and household baskets have something to move; coke, gas and gasoline are sold by nobody in it. */
void tanlu_test_open_four(tanlu_test_model *m, const tanlu_test_change *more, size_t count);
/* Read the temporary dataset again after its files were changed. */
void tanlu_test_reopen(tanlu_test_model *m);

/* A copy of the dataset as that of a region: with an empty category of what goes to the others. The caller frees. */
tanlu_dataset *tanlu_test_region(const tanlu_test_model *m);

/* Drivers of the base year held to year `to`. */
tanlu_drivers *tanlu_test_drivers(const tanlu_test_model *m, int to, size_t targets);
/* Set a member from year t on. */
void tanlu_test_set(tanlu_drivers *drivers, tanlu_driver_id id, size_t t, size_t a, size_t b, double value);
void tanlu_test_target(const tanlu_test_model *m, tanlu_drivers *drivers, size_t target, const char *group);

/* Project; the caller frees. The second form expects a status and returns NULL unless that is TANLU_OK. */
tanlu_projection *tanlu_test_project(const tanlu_test_model *m, const tanlu_drivers *drivers);
tanlu_projection *tanlu_test_project_status(const tanlu_test_model *m, const tanlu_drivers *drivers,
                                            tanlu_status expected);

/* Energy accounts of year t at a given output, one lane. Open once, account any number of times, close. */
typedef struct {
  tanlu_levers *levers;
  tanlu_energy_rows *rows;
  tanlu_energy_year *year;
} tanlu_test_energy;
void tanlu_test_energy_open(tanlu_test_energy *e, const tanlu_test_model *m, const tanlu_drivers *drivers);
void tanlu_test_energy_account(tanlu_test_energy *e, const tanlu_test_model *m, const tanlu_drivers *drivers, size_t t,
                               const double *output);
void tanlu_test_energy_close(tanlu_test_energy *e);
/* The coefficient of energy row k in sector j for so much physical use, by the formula of model/technology.h. */
double tanlu_test_coefficient(const tanlu_technology *technology, size_t k, size_t j, double use, double output);

/* Levers of one scenario and one year. */
tanlu_status tanlu_test_levers(tanlu_levers **levers, const tanlu_drivers *drivers, size_t t, tanlu_context *context);
/* Energy per unit of activity by carrier: users x carriers each, TJ; `energetic` without, `feedstock` only non-energy use.
 * useful (may be NULL): users x classes. */
tanlu_status tanlu_test_per_activity(const tanlu_energy *energy, const tanlu_drivers *drivers, size_t t,
                                     double *energetic, double *feedstock, double *useful, tanlu_context *context);

/* Fields of year t, single indicators, positions of codes. */
const double *tanlu_test_field(const tanlu_projection *projection, tanlu_field_id id, size_t t);
double tanlu_test_sum(const tanlu_projection *projection, tanlu_field_id id, size_t t);
double tanlu_test_indicator(const tanlu_projection *projection, tanlu_indicator_id id, size_t t);
size_t tanlu_test_find(const tanlu_labels *labels, const char *code);

/* |actual - expected| <= tolerance x max(|expected|, floor); both finite. Reports where it was called. */
#define assert_near(actual, expected, tolerance) tanlu_test_near(actual, expected, tolerance, 0.0, __FILE__, __LINE__)
#define assert_near_of(actual, expected, tolerance, floor)                                                             \
  tanlu_test_near(actual, expected, tolerance, floor, __FILE__, __LINE__)
void tanlu_test_near(double actual, double expected, double tolerance, double floor, const char *file, int line);
/* Two arrays, against the largest magnitude of the expected one. */
#define assert_same(actual, expected, count, tolerance)                                                                \
  tanlu_test_same(actual, expected, count, tolerance, __FILE__, __LINE__)
void tanlu_test_same(const double *actual, const double *expected, size_t count, double tolerance, const char *file,
                     int line);

#endif
