/* Why the final demand of one region causes more emissions than that of another: structural decomposition between regions of a table.
 *
 * With the one inverse L = (I - A_d)^-1 of a table of several regions, emissions per output f, and final demand y_q of region q
 * (model/embodied.h), product i bought by q, of whatever origin p, has output of product j made behind it,
 *
 *     X_ij = sum_{p, r} L_(r,j),(p,i) y_q,(p,i)      own: the part of it in q itself (r = q); others: r != q
 *     E_ij = sum_{p, r} f_(r,j) L_(r,j),(p,i) y_q,(p,i)     likewise
 *
 * and emissions due to q are, its consumption, the sum over i and j of
 *
 *     P (Y/P) (Y_i/Y) (X_ij/Y_i) [ (Xown_ij/X_ij) (Eown_ij/Xown_ij) + (Xothers_ij/X_ij) (Eothers_ij/Xothers_ij) ]
 *     people, final demand per head, its mix, what it needs in all, who supplies it, emissions of own and of other producers
 *
 * The seven factors of two regions are mixed in all 2^7 ways and each has the mean over all sequences (model/shapley.h), so that
 * effects add up to the difference without residual; no mixture needs another inverse. All regions together are the mean region:
 * sums over q of every quantity above, where own is what each supplies to itself. Y_i is sum_p |y_q,(p,i)|, so that mixes are defined
 * with inventories below zero. What has no value in one region, as the intensity of own producers where there are none, is taken as in
 * the other, so that the whole difference stands with the first factor that is zero.
 *
 * Only what is made within the table is seen: imports from outside it, for final use or as inputs, carry nothing, which lowers
 * `volume` and `technology` of regions that import much. Source: B. Su and B. W. Ang, Multi-region comparisons of emission performance: the
 * structural decomposition analysis approach, Ecological Indicators 67 (2016), which compares with the mean of regions alike. */
#ifndef TANLU_MODEL_REGION_SDA_H
#define TANLU_MODEL_REGION_SDA_H

#include "model/dataset.h"

/* id, code, name */
#define TANLU_REGION_SDA_LIST(X)                                                                                       \
  X(POPULATION, "population", "Population")                                                                            \
  X(VOLUME, "volume", "Final demand per head")                                                                         \
  X(PRODUCTS, "products", "Mix of products in final demand")                                                           \
  X(TECHNOLOGY, "technology", "Output that they need, direct and indirect")                                            \
  X(SOURCING, "sourcing", "Own supply against other regions'")                                                         \
  X(OWN, "own_intensity", "Emissions per output of own producers")                                                     \
  X(OTHERS, "other_intensity", "Emissions per output of producers elsewhere")

typedef enum {
#define X(id, code, name) TANLU_REGION_SDA_##id,
  TANLU_REGION_SDA_LIST(X)
#undef X
      TANLU_REGION_SDA_FACTORS
} tanlu_region_sda_factor;

tanlu_status tanlu_region_sda_labels(tanlu_labels *labels, tanlu_context *context);

/* The table of a dataset, solved once. Sectors that are the same product in different regions have the same code behind that of a
 * group of some level, "beijing_01" and "hebei_01". level, emission: as tanlu_embodied_create has them; population: groups, NULL where
 * it is not known. Errors: those of tanlu_embodied_create; TANLU_ERR_INPUT for a sector whose code is not of this form.
 * Memory: 24 n^2 bytes. */
typedef struct tanlu_region_sda tanlu_region_sda;
tanlu_status tanlu_region_sda_create(tanlu_region_sda **sda, const tanlu_dataset *dataset, size_t level,
                                     const double *emission, const double *population, tanlu_context *context);
void tanlu_region_sda_free(tanlu_region_sda **sda); /* accepts NULL and half-built objects */
const tanlu_labels *tanlu_region_sda_products(const tanlu_region_sda *sda);

/* What region q causes; all arrays in one piece of memory. */
typedef struct {
  size_t products;
  double people, level;                        /* P; Y */
  double *demand;                              /* products: Y_i */
  double *own, *others, *own_due, *others_due; /* products x products, [i products + j]: X and E */
  double *due;                                 /* products: emissions by product bought */
  double total;                                /* their sum */
} tanlu_region_consumption;

/* region: TANLU_NONE for all together. per_head: all of it divided by people, P = 1. Errors: memory; TANLU_ERR_MODEL for final demand
 * that is not above 0; TANLU_ERR_INPUT for numbers per head without a population. */
tanlu_status tanlu_region_consumption_create(tanlu_region_consumption **consumption, const tanlu_region_sda *sda,
                                             size_t region, bool per_head, tanlu_context *context);
void tanlu_region_consumption_free(tanlu_region_consumption **consumption); /* accepts NULL */

/* effect (out): FACTORS x products, by product bought. TANLU_ERR_MODEL where own and other output cancel to nothing. */
tanlu_status tanlu_region_sda_between(const tanlu_region_sda *sda, const tanlu_region_consumption *from,
                                      const tanlu_region_consumption *to, double *effect, tanlu_context *context);

/* Every region against the mean of all, per head. effect (out): FACTORS x groups, all products together; due (out): groups + 1, per head, the
 * mean last. Errors as above. */
tanlu_status tanlu_region_sda_from_mean(const tanlu_region_sda *sda, double *effect, double *due,
                                        tanlu_context *context);

#endif
