/* Structural decomposition analysis (SDA) of output, or of what goes with output, on plain arrays.
 *
 *     x_i = sum_j L_ij sum_k B_jk s_k Y,   L = (I - A_d)^-1,      z_i = e_i x_i
 *
 * Y is the level of domestic final demand, s its mix of categories, B_k the mix of products of category k, e an intensity. A
 * change between two states is shared out to these factors; technology A_d may stand as several factors, each the rows of one
 * part (energy rows and the others, for example). Up to TANLU_SDA_EXACT factors: the mean of all sequences (model/shapley.h); the
 * technology is factored once for every set of its parts and solved for four demands, all other sets are products. Above: the
 * mean of the two polar sequences (first to last factor, last to first), which Dietzenbacher and Los (1998) found near it.
 *
 * A category of mixed signs (inventories) would have wild shares where its sum is near zero; so B_k is taken on sum |y_jk|
 * and s_k = sum_j |y_jk| / Y: the usual shares wherever no entry is negative. A category without any demand in one state
 * has the products of the other, and the whole change stands with the mix of categories. */
#ifndef TANLU_MODEL_STRUCTURAL_DECOMPOSITION_H
#define TANLU_MODEL_STRUCTURAL_DECOMPOSITION_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

enum { TANLU_SDA_EXACT = 6 };

typedef struct {
  const double *a;         /* n x n, column-major: domestic input coefficients */
  const double *demand;    /* n x categories, column-major: domestic final demand by product and category */
  const double *intensity; /* n: per unit of output; NULL for output itself */
} tanlu_sda_state;

/* Factors, in this order: the parts of technology, then */
typedef enum { TANLU_SDA_LEVEL, TANLU_SDA_CATEGORIES, TANLU_SDA_PRODUCTS, TANLU_SDA_INTENSITY } tanlu_sda_factor;

/* Memory for any number of decompositions; one thread at a time. part_of_row: n numbers below `parts` (at least 1), copied;
 * NULL where parts is 1. intensity: is there one? */
typedef struct tanlu_sda tanlu_sda;
tanlu_status tanlu_sda_create(tanlu_sda **sda, size_t n, size_t categories, size_t parts, const size_t *part_of_row,
                              bool intensity, tanlu_context *context);
void tanlu_sda_free(tanlu_sda **sda);
size_t tanlu_sda_factors(const tanlu_sda *sda); /* parts + 3, + 1 with an intensity */

/* effect (out): factors x n, contributions to z_i of state `to` less that of `from`; their sum over factors is the change of
 * e_i (L y)_i to rounding. TANLU_ERR_MODEL where I - A_d is singular for a mixture of the two technologies, or all demand of
 * a state is zero. */
tanlu_status tanlu_sda_decompose(tanlu_sda *sda, const tanlu_sda_state *from, const tanlu_sda_state *to, double *effect,
                                 tanlu_context *context);

#endif
