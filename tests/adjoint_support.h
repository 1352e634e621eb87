/* Shared by the tests of gradients: drivers in which everything moves, and central differences of whole projections. */
#ifndef TANLU_TESTS_ADJOINT_SUPPORT_H
#define TANLU_TESTS_ADJOINT_SUPPORT_H

#include "model/adjoint.h"
#include "tests/model_support.h"

/* Does an equation of the model read the driver? Others act through these, or price results. */
bool tanlu_test_driver_matters(tanlu_driver_id id);
/* Every member of every driver away from its base-year value after the first year, by a few percent, so that no kink of the
 * energy rows is near; shares add up to one. */
void tanlu_test_stir(const tanlu_test_model *m, tanlu_drivers *drivers);
/* sum of weight x indicator; weight: years x indicators. */
double tanlu_test_output(const tanlu_projection *projection, const double *weight);

#endif
