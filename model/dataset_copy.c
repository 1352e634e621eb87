/* Deep copies of datasets: the structs are taken over and every array behind them is replaced by a copy. Without memory the rest
 * becomes NULL, so that what was made can be freed. */
#include <stdlib.h>
#include <string.h>

#include "model/dataset.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_context *context;
  bool failed;
} copier;

/* NULL stays NULL. */
static void *copy_array(copier *k, const void *from, size_t count, size_t size) {
  if (from == NULL || k->failed) return NULL;
  void *to = tanlu_allocate(k->context, count, size);
  if (to == NULL) {
    k->failed = true;
  } else if (count > 0) {
    memcpy(to, from, count * size);
  }
  return to;
}

/* Replace a pointer by a copy of the `count` things it points to. */
#define COPY(pointer, count) ((pointer) = copy_array(k, (pointer), (count), sizeof *(pointer)))

static char *copy_text(copier *k, const char *from) {
  if (from == NULL || k->failed) return NULL;
  char *to = tanlu_string_copy(k->context, from);
  k->failed = to == NULL;
  return to;
}

static char **copy_texts(copier *k, char *const *from, size_t count) {
  if (from == NULL || k->failed) return NULL;
  char **to = tanlu_allocate(k->context, count, sizeof *to);
  k->failed = to == NULL;
  for (size_t i = 0; to != NULL && i < count; i++) to[i] = copy_text(k, from[i]);
  return to;
}

static void copy_labels(copier *k, tanlu_labels *labels) {
  const tanlu_labels from = *labels;
  *labels = (tanlu_labels){0};
  for (size_t i = 0; i < from.count && !k->failed; i++) {
    k->failed = tanlu_labels_add(labels, from.code[i], from.name[i], from.name_zh[i], k->context) != TANLU_OK;
  }
}

static void copy_accounts(copier *k, tanlu_accounts *a) {
  const size_t n = a->n, categories = a->category.count, components = a->component.count;
  copy_labels(k, &a->sector);
  copy_labels(k, &a->category);
  copy_labels(k, &a->component);
  COPY(a->role, categories);
  COPY(a->flows, n * n);
  COPY(a->flows_domestic, n * n);
  COPY(a->final_use, n * categories);
  COPY(a->final_domestic, n * categories);
  COPY(a->imports, n);
  COPY(a->discrepancy, n);
  COPY(a->value_added, components * n);
  COPY(a->output, n);
}

static void copy_levels(copier *k, tanlu_dataset *d) {
  COPY(d->level, d->levels);
  for (size_t l = 0; d->level != NULL && l < d->levels; l++) {
    d->level[l].name = copy_text(k, d->level[l].name);
    copy_labels(k, &d->level[l].group);
    COPY(d->level[l].of_sector, d->accounts.n);
  }
}

static void copy_carriers(copier *k, tanlu_carriers *c) {
  const size_t count = c->label.count;
  copy_labels(k, &c->label);
  COPY(c->cls, count);
  COPY(c->burned, count);
  COPY(c->vehicle_fuel, count);
  COPY(c->stored_fraction, count);
  COPY(c->row_weight, count);
  COPY(c->technology, count);
  COPY(c->suppliers, count * c->suppliers_max);
}

static void copy_energy(copier *k, tanlu_energy_statistics *e, size_t n) {
  const size_t carriers = e->carrier.label.count, branches = e->branch.count, processes = e->process.count;
  const size_t uses = e->use.count, groups = e->user_group.count, items = e->supply_item.count;
  copy_carriers(k, &e->carrier);
  copy_labels(k, &e->branch);
  COPY(e->branch_kind, branches);
  COPY(e->branch_user_group, branches);
  COPY(e->branch_use, branches);
  COPY(e->branch_vehicle_use, branches);
  COPY(e->branch_non_energy_rank, branches);
  COPY(e->sector_branch, n);
  COPY(e->final, branches * carriers);
  COPY(e->non_energy, carriers);
  COPY(e->branch_non_energy, branches * carriers);
  copy_labels(k, &e->process);
  COPY(e->process_kind, processes);
  COPY(e->process_sector, processes);
  COPY(e->process_main, processes * carriers);
  COPY(e->conversion, processes * carriers);
  COPY(e->losses, carriers);
  copy_labels(k, &e->supply_item);
  COPY(e->supply, items * carriers);
  COPY(e->statistical_difference, carriers);
  COPY(e->allocation, e->allocations);
  copy_labels(k, &e->use);
  COPY(e->efficiency, uses * TANLU_CLASS_COUNT);
  copy_labels(k, &e->user_group);
  COPY(e->emission_factor, groups * carriers);
  COPY(e->throughput, e->throughputs);
}

static void copy_power(copier *k, tanlu_power_statistics *p) {
  const size_t count = p->technology.count;
  copy_labels(k, &p->technology);
  COPY(p->source, count);
  COPY(p->source_share, count);
  COPY(p->capacity, count);
  COPY(p->hours, count);
  COPY(p->follows_coke, count);
  COPY(p->variable, count);
  COPY(p->capacity_credit, count);
  COPY(p->capture_rate, count);
  COPY(p->fuel, count);
  COPY(p->like, count);
  COPY(p->efficiency, count);
}

static void copy_products(copier *k, tanlu_product_statistics *p, size_t n) {
  const size_t products = p->product.count, emissions = p->emission.count;
  copy_labels(k, &p->product);
  p->unit = copy_texts(k, p->unit, products);
  COPY(p->base, products);
  COPY(p->kind, products);
  COPY(p->in_set, products * n);
  COPY(p->cls, products);
  copy_labels(k, &p->emission);
  COPY(p->emission_product, emissions);
  COPY(p->emission_sector, emissions);
  COPY(p->emission_base, emissions);
}

static void copy_tiers(copier *k, tanlu_tier_statistics *t) {
  const size_t processes = t->process.count, products = t->product.count;
  copy_labels(k, &t->process);
  COPY(t->group, processes);
  COPY(t->output, processes);
  COPY(t->beyond, processes);
  COPY(t->feedstock, processes);
  COPY(t->has_shares, processes);
  COPY(t->share, processes * TANLU_TIERS);
  COPY(t->goal_year, processes);
  COPY(t->goal, processes * TANLU_TIERS);
  copy_labels(k, &t->product);
  COPY(t->of_process, products);
  COPY(t->weight, products);
  t->unit = copy_texts(k, t->unit, products);
  COPY(t->energy, products);
  COPY(t->baseline, products);
  COPY(t->benchmark, products);
}

static void copy_routes(copier *k, tanlu_route_statistics *r, size_t emissions) {
  const size_t processes = r->process.count, all = processes * r->route.count;
  copy_labels(k, &r->process);
  copy_labels(k, &r->route);
  COPY(r->group, processes);
  COPY(r->output, processes);
  COPY(r->has, all);
  COPY(r->share, all);
  COPY(r->final, all * TANLU_CLASS_COUNT);
  COPY(r->feedstock, all * TANLU_CLASS_COUNT);
  COPY(r->emission, all * emissions);
  COPY(r->capture, all);
}

tanlu_status tanlu_dataset_copy(tanlu_dataset **copy, const tanlu_dataset *dataset, tanlu_context *context) {
  copier own = {.context = context}, *k = &own;
  tanlu_dataset *d = tanlu_allocate(context, 1, sizeof *d);
  *copy = NULL;
  if (d == NULL) return TANLU_ERR_MEMORY;
  *d = *dataset;
  const size_t n = d->accounts.n, observed = d->observed.count;
  d->name = copy_text(k, d->name);
  d->title = copy_text(k, d->title);
  d->region = copy_text(k, d->region);
  d->path = copy_text(k, d->path);
  d->money = copy_text(k, d->money);
  const size_t extensions = d->extension.label.count;
  copy_labels(k, &d->extension.label);
  d->extension.unit = copy_texts(k, d->extension.unit, extensions);
  COPY(d->extension.value, n * extensions);
  copy_accounts(k, &d->accounts);
  copy_levels(k, d);
  copy_energy(k, &d->energy, n);
  copy_power(k, &d->power);
  copy_products(k, &d->products, n);
  COPY(d->useful_share, tanlu_axis_count(dataset, TANLU_AXIS_MIX_GROUP) * TANLU_CLASS_COUNT);
  const size_t groups = tanlu_dataset_policy_groups(dataset)->count * TANLU_CLASS_COUNT;
  COPY(d->group_energy.final, groups);
  COPY(d->group_energy.useful, groups);
  COPY(d->group_energy.non_energy, groups);
  COPY(d->group_energy.efficiency, groups);
  copy_tiers(k, &d->tiers);
  copy_routes(k, &d->routes, dataset->products.emission.count);
  COPY(d->investment.cost, d->power.technology.count);
  COPY(d->investment.lifetime, d->power.technology.count);
  COPY(d->investment.bridge, d->power.technology.count * tanlu_dataset_policy_groups(dataset)->count);
  COPY(d->employment, n);
  copy_labels(k, &d->observed);
  d->observed_unit = copy_texts(k, d->observed_unit, observed);
  COPY(d->observed_value, observed * (size_t)(d->history_to - d->base_year + 1));
  d->file = copy_texts(k, d->file, d->files);
  d->sha256 = copy_texts(k, d->sha256, d->files);
  if (own.failed) tanlu_dataset_free(&d);
  *copy = d;
  return d != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}
