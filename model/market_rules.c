#include "model/market_rules.h"

#include <stdlib.h>

void tanlu_market_rules_free(tanlu_market_rules **rules) {
  tanlu_market_rules *r = *rules;
  if (r == NULL) return;
  for (size_t g = 0; r->group != NULL && g < r->groups; g++) {
    tanlu_market_group *group = &r->group[g];
    free(group->code);
    free(group->name);
    free(group->member);
    free(group->abatement.price);
    free(group->abatement.share);
    tanlu_timeline_clear(&group->share);
    tanlu_timeline_clear(&group->control);
    tanlu_timeline_clear(&group->auction);
  }
  tanlu_timeline *const timeline[] = {&r->cap,           &r->reserve,   &r->reserve_price, &r->price,
                                      &r->floor,         &r->ceiling,   &r->offset_limit,  &r->offset_price,
                                      &r->offset_supply, &r->compliance};
  for (size_t k = 0; k < sizeof timeline / sizeof *timeline; k++) tanlu_timeline_clear(timeline[k]);
  free(r->group);
  free(r->title);
  free(r);
  *rules = NULL;
}

double tanlu_market_value(const tanlu_timeline *timeline, int year, double otherwise) {
  return timeline->count > 0 ? tanlu_timeline_value(timeline, year) : otherwise;
}

double tanlu_abatement_share(const tanlu_abatement *a, double most, double price) {
  if (a->count == 0 || price < a->price[0]) return 0.0;
  size_t k = 1;
  while (k < a->count && a->price[k] <= price) k++;
  if (k == a->count) return most * a->share[k - 1];
  const double part = (price - a->price[k - 1]) / (a->price[k] - a->price[k - 1]);
  return most * (a->share[k - 1] + part * (a->share[k] - a->share[k - 1]));
}

double tanlu_abatement_cost(const tanlu_abatement *a, double most, double price) {
  if (a->count == 0 || price < a->price[0]) return 0.0;
  double cost = a->price[0] * a->share[0];
  for (size_t k = 1; k < a->count && a->price[k - 1] < price; k++) {
    const double to = a->price[k] < price ? a->price[k] : price;
    const double part = (to - a->price[k - 1]) / (a->price[k] - a->price[k - 1]);
    cost += part * (a->share[k] - a->share[k - 1]) * 0.5 * (a->price[k - 1] + to);
  }
  return most * cost;
}
