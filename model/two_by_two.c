#include "model/two_by_two.h"

tanlu_two_by_two tanlu_two_by_two_split(double none, double first_only, double second_only, double both) {
  return (tanlu_two_by_two){
      .first = 0.5 * ((first_only - none) + (both - second_only)),
      .second = 0.5 * ((second_only - none) + (both - first_only)),
      .interaction = both - first_only - second_only + none,
  };
}
