#include "model/two_by_two.h"

#include "model/shapley.h"

tanlu_two_by_two tanlu_two_by_two_split(double none, double first_only, double second_only, double both) {
  const double value[] = {none, first_only, second_only, both};
  double effect[2] = {0.0, 0.0};
  for (unsigned set = 0; set < 4; set++) tanlu_shapley_add(2, set, 1, &value[set], effect);
  return (tanlu_two_by_two){
      .first = effect[0], .second = effect[1], .interaction = both - first_only - second_only + none};
}
