/* What several factors contribute to a change when all sequences of changing one after the other count the same.
 *
 * With v(S) the value where the factors of S stand as in state 1 and the others as in state 0, k factors,
 *
 *     e_i = sum over S without i of |S|! (k - |S| - 1)! / k! (v(S with i) - v(S)),     sum_i e_i = v(all) - v(none)
 *
 * which is the mean of the k! sequential decompositions: Shapley, A value for n-person games (1953); for input-output tables
 * Dietzenbacher and Los, Structural decomposition techniques: sense and sensitivity, Economic Systems Research 10 (1998). The
 * mean needs the 2^k values only, not k! sequences of k products. */
#ifndef TANLU_MODEL_SHAPLEY_H
#define TANLU_MODEL_SHAPLEY_H

#include <stddef.h>

/* Add what v(set) (count numbers) means for every factor: effect (factors x count) starts from zeros and is complete when all
 * 2^factors sets have been added; bit i of `set` says whether factor i is in it. */
void tanlu_shapley_add(size_t factors, unsigned set, size_t count, const double *value, double *effect);

#endif
