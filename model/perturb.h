/* Statistics that are not known exactly: changes of a dataset that leave its accounts whole.
 *
 * They work on a dataset of one's own (tanlu_dataset_copy), one after the other; tanlu_perturb_finish follows the last. A model is
 * created from the result as from any dataset: nothing of the unchanged one (A, its inverse, the calibration) holds for it.
 *
 * What gives way so that the base year still adds up:
 *   emission factors    nothing: no identity holds them
 *   use by branch       with keep_total the use of the same carrier by all other branches, in proportion. Without it the national
 *                       total follows. Supply of electricity then follows too: thermal power with its fuels, primary electricity
 *                       and grid losses grow by one factor, capacities stay and run longer or shorter hours, trade stays. Recorded
 *                       supply of all other carriers, fuels of power included, stays, and the statistical difference takes what it
 *                       no longer explains; as that is left out of projections, primary energy follows use there.
 *   coefficients        all other coefficients: output, final demand, imports and value added of every sector stay (RAS) */
#ifndef TANLU_MODEL_PERTURB_H
#define TANLU_MODEL_PERTURB_H

#include <stdint.h>

#include "model/dataset.h"

/* Multiply the emission factors of the marked carriers, of every user group, by a factor >= 0. carrier: carriers.
 * TANLU_ERR_INPUT for any other factor. */
tanlu_status tanlu_perturb_emission_factors(tanlu_dataset *dataset, const bool *carrier, double factor,
                                            tanlu_context *context);

/* Multiply the final energy use (non-energy use included) of the marked cells, branches x carriers (row-major), by a factor >= 0.
 * National non-energy use stays. TANLU_ERR_INPUT for any other factor, and with keep_total where the branches that are not
 * marked do not use as much of a carrier as the others gain, naming the carrier. */
tanlu_status tanlu_perturb_branch_energy(tanlu_dataset *dataset, const bool *cell, double factor, bool keep_total,
                                         tanlu_context *context);

/* Multiply every flow z_ij > 0 by a lognormal factor of its own, with mean 1 and relative standard deviation `deviation` >= 0:
 *
 *     f_ij = exp(s g_ij - s^2 / 2),  s^2 = log(1 + deviation^2),  g_ij a standard normal number of (seed, draw, cell),
 *
 * and scale rows and columns (solvers/ras.h, to 1e-12) until they add up as before. Where domestic and imported flows are given
 * apart both take the factor of their cell, and rows of both keep their sums. A deviation of 0 leaves every bit as it is.
 * Errors: TANLU_ERR_INPUT for any other deviation; TANLU_ERR_MODEL naming the sector where the sums are not reached. */
tanlu_status tanlu_perturb_coefficients(tanlu_dataset *dataset, double deviation, uint64_t seed, uint64_t draw,
                                        tanlu_context *context);

/* What depends on the changed numbers (tanlu_dataset_derive), and the identities that a dataset keeps when it is read.
 * TANLU_ERR_INPUT naming the sector or carrier where one is broken. */
tanlu_status tanlu_perturb_finish(tanlu_dataset *dataset, tanlu_context *context);

#endif
