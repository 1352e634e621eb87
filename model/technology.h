/* Sectoral matrices: input coefficients, imports, and the energy rows that follow physics.
 *
 *     A = Z diag(x)^-1                                        domestic and imported inputs together
 *     A_d = A o D, D_ij the domestic share of the input: 1 - mu_i (proportional), published (split), 1 (none)
 *
 * Energy rows k are the sectors that supply carriers. With i = physical use of row k's carriers per unit of output of j
 * and p_k = money of row k / physical use of row k,
 *     a_kj,t = a_kj,0 i_t/i_0                                  0 < i_t <= i_0
 *            = a_kj,0 + min(a_kj,0/i_0, p_k) (i_t - i_0)       i_t > i_0 > 0
 *            = a_kj,0 + p_k i_t                                i_0 = 0
 *
 * A region has the nation's a_kj,0 but energy of its own: who uses f times the nation's energy per output pays 1 / f of its price for a
 * unit, and so for what is added: the last two lines times min(1, final energy per output of j in the nation / in the region). Without it
 * a sector that electrifies energy which the table hardly charges it for would pay more than it earns. */
#ifndef TANLU_MODEL_TECHNOLOGY_H
#define TANLU_MODEL_TECHNOLOGY_H

#include "model/dataset.h"
#include "model/energy.h"
#include "solvers/lanes.h"

typedef struct {
  const tanlu_dataset *dataset;
  size_t n, categories;
  double *a;                /* n x n: A, column-major */
  double *domestic;         /* n x n: D; the row's average where the input is zero */
  double *final_domestic;   /* n x categories: domestic share of final use; 1 for exports when not split */
  double *final_total;      /* n: base-year domestic final demand without inventories: the weights of mean phi */
  double *non_energy_sum;   /* n: column sums of A over the non-energy rows */
  size_t rows;              /* energy rows */
  size_t *row;              /* rows: sector */
  size_t *row_of;           /* n: energy row of a sector, TANLU_NONE for the others */
  double *weight;           /* rows x carriers: weight of a carrier in its row's physical use, 0 where not supplied */
  bool *throughput;         /* rows x n: purchases that pass on what both the row and the buyer supply */
  double *use;              /* rows x n: base-year physical use, TJ */
  double *use_per_output;   /* rows x n: i_0, TJ per 10^4 CNY */
  double *household_use;    /* rows x 2 (urban, rural): base-year physical use of households, TJ */
  double *price;            /* rows: p_k, 10^4 CNY per TJ */
  double *final_per_output; /* n: final energy, TJ per 10^4 CNY */
  double *discount;         /* n: what more energy costs against the nation; 1 in a nation */
} tanlu_technology;

/* energy: base-year users; conversion_input: n x carriers, inputs of conversion, power and heat by the sector that runs
 * the process. A region has the prices of its nation (NULL: the dataset is one). Errors: TANLU_ERR_INPUT for a zero-output
 * sector that is used, or import shares above 1. */
tanlu_status tanlu_technology_create(tanlu_technology **technology, const tanlu_dataset *dataset,
                                     const tanlu_energy *energy, const double *conversion_input,
                                     const tanlu_technology *nation, tanlu_context *context);
void tanlu_technology_free(tanlu_technology **technology);

/* Physical use of every energy row by sector and by households for energy used by carrier.
 * sector_use: n x carriers (final, conversion and hydrogen inputs); household: 2 x carriers (urban, rural);
 * use (out): rows x n with throughput filled in; household_use (out): rows x 2. */
void tanlu_technology_physical(const tanlu_technology *technology, const double *sector_use, const double *household,
                               double *use, double *household_use);

/* a_kj of energy row k in sector j for physical use per unit of output i_t (lanes, TJ per 10^4 CNY); coefficient (out):
 * lanes. */
void tanlu_technology_coefficient(const tanlu_technology *technology, size_t width, size_t k, size_t j,
                                  const double *per_output, double *coefficient);

/* mu_i: the share of imports in the domestic use of product i, of which sectors take `intermediate`; a split has published
 * shares, of which this is the average (clamped to 0..1, as re-exports may lift it above). Errors: TANLU_ERR_INPUT for a share
 * outside 0..1, and for imports where the treatment is none. */
tanlu_status tanlu_import_share(const tanlu_dataset *dataset, size_t i, double intermediate, double *mu,
                                tanlu_context *context);
/* The domestic share of the final use of product i in category k, at this mu. */
double tanlu_final_domestic_share(const tanlu_accounts *accounts, size_t i, size_t k, double mu);

#endif
