/* Capacity of a product: what is retired is replaced by less, and output stays within what there is.
 *
 *     C_t = C_t-1 (1 - d_t) + C_t-1 d_t / q_t        C_h = start, h the last recorded year
 *
 * d_t is the part retired within year t and q_t the capacity that has to be retired for one unit built in its place (1 where none
 * is given: built again in full). A cap on output stands beside it. */
#ifndef TANLU_MODEL_CAPACITY_H
#define TANLU_MODEL_CAPACITY_H

#include "model/drivers.h"

/* Capacity of a product in every year of the drivers, in its unit; NaN before year `last` (the last recorded one, from 0) and
 * where no start is given. */
void tanlu_capacity_of(const tanlu_drivers *drivers, size_t product, size_t last, double *capacity);
/* The lower one of capacity and cap in year t; NaN where neither is given. */
double tanlu_capacity_bound(const tanlu_drivers *drivers, size_t product, size_t t, double capacity);

#endif
