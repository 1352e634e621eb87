#include "model/region_profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

static const double million = 1e6;

void tanlu_region_facts_clear(tanlu_region_facts *f) {
  double *const owned[] = {f->population, f->households, f->tile, f->reported, f->used};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  tanlu_labels_clear(&f->carrier);
  *f = (tanlu_region_facts){0};
}

void tanlu_region_profile_free(tanlu_region_profile **profile) {
  tanlu_region_profile *p = *profile;
  if (p == NULL) return;
  double *const owned[] = {p->production, p->value_added, p->per_head, p->per_value, p->by_group, p->energy};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  free(p);
  *profile = NULL;
}

static void add_value(tanlu_region_profile *p, const tanlu_dataset *d, const tanlu_level *region) {
  const tanlu_accounts *a = &d->accounts;
  double money = 1.0;
  (void)tanlu_dataset_result_money(d, &money);
  for (size_t j = 0; j < a->n; j++) {
    for (size_t k = 0; k < a->component.count; k++) {
      p->value_added[region->of_sector[j]] += money * a->value_added[j * a->component.count + k];
    }
  }
}

static void add_energy(tanlu_region_profile *p, const tanlu_dataset *d, const tanlu_level *region) {
  for (size_t c = 0; c < TANLU_CLASS_COUNT; c++) {
    const size_t k = tanlu_labels_find(&d->extension.label, tanlu_carrier_class_word((tanlu_carrier_class)c));
    for (size_t j = 0; k != TANLU_NONE && j < d->accounts.n; j++) {
      p->energy[c * p->regions + region->of_sector[j]] += d->extension.value[k * d->accounts.n + j];
    }
  }
}

static bool has_energy(const tanlu_dataset *d) {
  for (size_t c = 0; c < TANLU_CLASS_COUNT; c++) {
    const char *word = tanlu_carrier_class_word((tanlu_carrier_class)c);
    if (tanlu_labels_find(&d->extension.label, word) != TANLU_NONE) return true;
  }
  return false;
}

static tanlu_status make_space(tanlu_region_profile *p, const tanlu_dataset *d, const tanlu_region_facts *facts,
                               tanlu_context *context) {
  const bool energy = has_energy(d);
  p->production = tanlu_allocate_doubles(context, p->regions, 1);
  p->value_added = tanlu_allocate_doubles(context, p->regions, 1);
  p->per_value = tanlu_allocate_doubles(context, p->regions, 1);
  if (facts->population != NULL) p->per_head = tanlu_allocate_doubles(context, p->regions, 1);
  if (p->by != TANLU_NONE) p->by_group = tanlu_allocate_doubles(context, p->regions, p->groups);
  if (energy) p->energy = tanlu_allocate_doubles(context, p->regions, TANLU_CLASS_COUNT);
  const bool made = p->production != NULL && p->value_added != NULL && p->per_value != NULL &&
                    (p->per_head != NULL || facts->population == NULL) &&
                    (p->by_group != NULL || p->by == TANLU_NONE) && (p->energy != NULL || !energy);
  return made ? TANLU_OK : TANLU_ERR_MEMORY;
}

tanlu_status tanlu_region_profile_create(tanlu_region_profile **profile, const tanlu_dataset *d, size_t level,
                                         const double *emission, const tanlu_region_facts *facts,
                                         tanlu_context *context) {
  const tanlu_level *region = &d->level[level];
  tanlu_region_profile *p = tanlu_allocate(context, 1, sizeof *p);
  *profile = p;
  if (p == NULL) return TANLU_ERR_MEMORY;
  p->regions = region->group.count;
  p->by = tanlu_dataset_level(d, "policy_group");
  if (p->by == TANLU_NONE) p->by = tanlu_dataset_level(d, "sector");
  p->groups = p->by != TANLU_NONE ? d->level[p->by].group.count : 0;
  if (make_space(p, d, facts, context) != TANLU_OK) {
    tanlu_region_profile_free(profile);
    return TANLU_ERR_MEMORY;
  }
  for (size_t j = 0; j < d->accounts.n; j++) {
    const size_t r = region->of_sector[j];
    p->production[r] += emission[j];
    if (p->by_group != NULL) p->by_group[d->level[p->by].of_sector[j] * p->regions + r] += emission[j];
  }
  add_value(p, d, region);
  if (p->energy != NULL) add_energy(p, d, region);
  for (size_t r = 0; r < p->regions; r++) {
    p->per_value[r] = p->value_added[r] > 0.0 ? p->production[r] / p->value_added[r] : (double)NAN;
    if (p->per_head != NULL) p->per_head[r] = million * p->production[r] / facts->population[r];
  }
  return TANLU_OK;
}
