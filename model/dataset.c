#include "model/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/energy.h"
#include "solvers/memory.h"

static const char *const class_word[TANLU_CLASS_COUNT] = {
#define X(code, word, name) word,
    TANLU_CARRIER_CLASS_LIST(X)
#undef X
};

const char *tanlu_carrier_class_word(tanlu_carrier_class cls) {
  return class_word[cls];
}

const tanlu_labels *tanlu_dataset_policy_groups(const tanlu_dataset *dataset) {
  return &dataset->level[dataset->policy_level].group;
}

/* Do two groups hold the same sectors? */
static bool same_sectors(const tanlu_dataset *dataset, size_t level_a, size_t group_a, size_t level_b, size_t group_b) {
  for (size_t j = 0; j < dataset->accounts.n; j++) {
    const bool in_a = dataset->level[level_a].of_sector[j] == group_a;
    const bool in_b = dataset->level[level_b].of_sector[j] == group_b;
    if (in_a != in_b) return false;
  }
  return true;
}

size_t tanlu_dataset_level(const tanlu_dataset *dataset, const char *name) {
  for (size_t l = 0; l < dataset->levels; l++) {
    if (strcmp(dataset->level[l].name, name) == 0) return l;
  }
  return TANLU_NONE;
}

tanlu_status tanlu_dataset_find_level(const tanlu_dataset *dataset, const char *name, size_t *level,
                                      tanlu_context *context) {
  *level = tanlu_dataset_level(dataset, name);
  if (*level != TANLU_NONE) return TANLU_OK;
  const char **names = tanlu_allocate(context, dataset->levels, sizeof *names);
  if (names == NULL) return TANLU_ERR_MEMORY;
  for (size_t l = 0; l < dataset->levels; l++) names[l] = dataset->level[l].name;
  const char *nearest = tanlu_nearest(name, names, dataset->levels);
  free(names);
  return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s has no level '%s'%s%s%s", dataset->name, name,
                    nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "'?" : "");
}

tanlu_status tanlu_dataset_find_group(const tanlu_dataset *dataset, const char *code, size_t *level, size_t *group) {
  *level = *group = TANLU_NONE;
  for (size_t l = 0; l < dataset->levels; l++) {
    const size_t g = tanlu_labels_find(&dataset->level[l].group, code);
    if (g == TANLU_NONE) continue;
    if (*level == TANLU_NONE) {
      *level = l;
      *group = g;
    } else if (!same_sectors(dataset, *level, *group, l, g)) {
      return TANLU_ERR_INPUT;
    }
  }
  return *level == TANLU_NONE ? TANLU_ERR_INPUT : TANLU_OK;
}

static void group_energy_clear(tanlu_group_energy *e) {
  free(e->final);
  free(e->useful);
  free(e->non_energy);
  free(e->efficiency);
  *e = (tanlu_group_energy){0};
}

tanlu_status tanlu_dataset_derive(tanlu_dataset *dataset, tanlu_context *context) {
  const size_t groups = tanlu_axis_count(dataset, TANLU_AXIS_MIX_GROUP);
  free(dataset->useful_share);
  dataset->useful_share = tanlu_allocate_doubles(context, groups, TANLU_CLASS_COUNT);
  tanlu_group_energy *groups_energy = &dataset->group_energy;
  group_energy_clear(groups_energy);
  const size_t count = tanlu_dataset_policy_groups(dataset)->count;
  groups_energy->final = tanlu_allocate_doubles(context, count, TANLU_CLASS_COUNT);
  groups_energy->useful = tanlu_allocate_doubles(context, count, TANLU_CLASS_COUNT);
  groups_energy->non_energy = tanlu_allocate_doubles(context, count, TANLU_CLASS_COUNT);
  groups_energy->efficiency = tanlu_allocate_doubles(context, count, TANLU_CLASS_COUNT);
  if (dataset->useful_share == NULL || groups_energy->final == NULL || groups_energy->useful == NULL ||
      groups_energy->non_energy == NULL || groups_energy->efficiency == NULL) {
    return TANLU_ERR_MEMORY;
  }
  tanlu_energy *energy = NULL;
  const tanlu_status status = tanlu_energy_create(&energy, dataset, NULL, context);
  if (status == TANLU_OK) tanlu_energy_useful_share(energy, dataset->useful_share);
  if (status == TANLU_OK) tanlu_energy_of_groups(energy, groups_energy);
  tanlu_energy_free(&energy);
  return status;
}

void tanlu_accounts_clear(tanlu_accounts *a) {
  tanlu_labels_clear(&a->sector);
  tanlu_labels_clear(&a->category);
  tanlu_labels_clear(&a->component);
  free(a->role);
  free(a->flows);
  free(a->flows_domestic);
  free(a->final_use);
  free(a->final_domestic);
  free(a->imports);
  free(a->discrepancy);
  free(a->value_added);
  free(a->output);
  *a = (tanlu_accounts){0};
}

static void carriers_clear(tanlu_carriers *c) {
  tanlu_labels_clear(&c->label);
  free(c->cls);
  free(c->burned);
  free(c->vehicle_fuel);
  free(c->stored_fraction);
  free(c->row_weight);
  free(c->technology);
  free(c->suppliers);
}

static void energy_clear(tanlu_energy_statistics *e) {
  carriers_clear(&e->carrier);
  tanlu_labels_clear(&e->branch);
  free(e->branch_kind);
  free(e->branch_user_group);
  free(e->branch_use);
  free(e->branch_vehicle_use);
  free(e->branch_non_energy_rank);
  free(e->sector_branch);
  free(e->final);
  free(e->non_energy);
  free(e->branch_non_energy);
  tanlu_labels_clear(&e->process);
  free(e->process_kind);
  free(e->process_sector);
  free(e->process_main);
  free(e->conversion);
  free(e->losses);
  tanlu_labels_clear(&e->supply_item);
  free(e->supply);
  free(e->statistical_difference);
  free(e->allocation);
  tanlu_labels_clear(&e->use);
  free(e->efficiency);
  tanlu_labels_clear(&e->user_group);
  free(e->emission_factor);
  free(e->throughput);
}

static void power_clear(tanlu_power_statistics *p) {
  tanlu_labels_clear(&p->technology);
  free(p->source);
  free(p->source_share);
  free(p->capacity);
  free(p->hours);
  free(p->follows_coke);
  free(p->variable);
  free(p->capacity_credit);
  free(p->capture_rate);
  free(p->fuel);
  free(p->like);
  free(p->efficiency);
}

static void strings_free(char **strings, size_t count) {
  if (strings == NULL) return;
  for (size_t i = 0; i < count; i++) free(strings[i]);
  free(strings);
}

static void products_clear(tanlu_product_statistics *p) {
  strings_free(p->unit, p->product.count);
  tanlu_labels_clear(&p->product);
  free(p->base);
  free(p->kind);
  free(p->in_set);
  free(p->cls);
  tanlu_labels_clear(&p->emission);
  free(p->emission_product);
  free(p->emission_sector);
  free(p->emission_base);
}

static void tiers_clear(tanlu_tier_statistics *t) {
  strings_free(t->unit, t->product.count);
  tanlu_labels_clear(&t->process);
  tanlu_labels_clear(&t->product);
  free(t->group);
  free(t->output);
  free(t->beyond);
  free(t->feedstock);
  free(t->has_shares);
  free(t->share);
  free(t->goal_year);
  free(t->goal);
  free(t->of_process);
  free(t->weight);
  free(t->energy);
  free(t->baseline);
  free(t->benchmark);
}

static void routes_clear(tanlu_route_statistics *r) {
  tanlu_labels_clear(&r->process);
  tanlu_labels_clear(&r->route);
  free(r->group);
  free(r->output);
  free(r->has);
  free(r->share);
  free(r->final);
  free(r->feedstock);
  free(r->emission);
  free(r->capture);
}

void tanlu_dataset_free(tanlu_dataset **dataset) {
  tanlu_dataset *d = *dataset;
  if (d == NULL) return;
  free(d->name);
  free(d->title);
  free(d->region);
  free(d->money);
  strings_free(d->extension.unit, d->extension.label.count);
  tanlu_labels_clear(&d->extension.label);
  free(d->extension.value);
  free(d->path);
  tanlu_accounts_clear(&d->accounts);
  if (d->level != NULL) {
    for (size_t l = 0; l < d->levels; l++) {
      free(d->level[l].name);
      tanlu_labels_clear(&d->level[l].group);
      free(d->level[l].of_sector);
    }
    free(d->level);
  }
  energy_clear(&d->energy);
  power_clear(&d->power);
  products_clear(&d->products);
  free(d->useful_share);
  group_energy_clear(&d->group_energy);
  tiers_clear(&d->tiers);
  routes_clear(&d->routes);
  free(d->investment.cost);
  free(d->investment.lifetime);
  free(d->investment.bridge);
  free(d->employment);
  strings_free(d->observed_unit, d->observed.count);
  tanlu_labels_clear(&d->observed);
  free(d->observed_value);
  strings_free(d->file, d->files);
  strings_free(d->sha256, d->files);
  free(d);
  *dataset = NULL;
}

const char *tanlu_dataset_money(const tanlu_dataset *dataset) {
  return dataset->money != NULL ? dataset->money : "1e4 CNY";
}

const char *tanlu_dataset_result_money(const tanlu_dataset *dataset, double *factor) {
  *factor = dataset->money != NULL ? 1.0 : 1e-4;
  return dataset->money != NULL ? dataset->money : "1e8 CNY";
}

const char *tanlu_category_role_word(tanlu_category_role role) {
  static const char *const word[TANLU_ROLES] = {"rural",       "urban",   "government", "fixed_capital",
                                                "inventories", "exports", "regions",    "other"};
  return word[role];
}

bool tanlu_money_well_formed(const char *text) {
  enum { CURRENCY_MOST = 16 };
  static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const char *const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", *const digits = "0123456789";
  size_t factor = *text != '0' ? strspn(text, digits) : 0;
  if (factor > 0 && text[factor] == 'e') {
    const size_t exponent = strspn(text + factor + 1, digits);
    factor = exponent > 0 ? factor + 1 + exponent : 0;
  }
  if (factor == 0 || text[factor] != ' ' || !isfinite(strtod(text, NULL))) return false;
  const char *currency = text + factor + 1;
  const size_t length = strspn(currency, characters);
  return strspn(currency, letters) > 0 && length <= CURRENCY_MOST && currency[length] == '\0';
}
