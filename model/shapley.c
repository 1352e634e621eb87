#include "model/shapley.h"

/* (a - 1)! (k - a)! / k!, for the a-th of k factors to come: 1 / (a binomial(k, a)). */
static double weight_of(size_t factors, size_t place) {
  double binomial = 1.0;
  for (size_t i = 1; i <= place; i++) binomial *= (double)(factors - place + i) / (double)i;
  return 1.0 / ((double)place * binomial);
}

/* v(set) ends the step of a factor inside, as the `members`-th to come, and begins that of a factor outside. */
void tanlu_shapley_add(size_t factors, unsigned set, size_t count, const double *value, double *effect) {
  size_t members = 0;
  for (size_t i = 0; i < factors; i++) members += set >> i & 1U;
  for (size_t i = 0; i < factors; i++) {
    const double weight = (set >> i & 1U) != 0 ? weight_of(factors, members) : -weight_of(factors, members + 1);
    for (size_t c = 0; c < count; c++) effect[i * count + c] += weight * value[c];
  }
}
