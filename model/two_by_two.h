/* What two changes contribute to the difference between two scenarios, when the four runs with none, one, the other and
 * both of them exist. */
#ifndef TANLU_MODEL_TWO_BY_TWO_H
#define TANLU_MODEL_TWO_BY_TWO_H

typedef struct {
  double first, second; /* contributions: first + second = both - none */
  double interaction;   /* what both together do beyond the sum of each alone; half of it is in either contribution */
} tanlu_two_by_two;

/* Shapley values of two factors (Shapley 1953; for emissions: Sun 1998, "jointly created and equally distributed"):
 *   first  = ((first_only - none) + (both - second_only)) / 2
 *   second = ((second_only - none) + (both - first_only)) / 2
 *   interaction = both - first_only - second_only + none */
tanlu_two_by_two tanlu_two_by_two_split(double none, double first_only, double second_only, double both);

#endif
