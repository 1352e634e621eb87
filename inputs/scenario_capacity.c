/* Capacities in a scenario: bounds of product paths, which are errors or hold the path down (`policy: bind`). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/scenario_resolver.h"
#include "model/capacity.h"
#include "solvers/memory.h"

/* A path above its bound by less than this is rounding. */
static const double rounding = 1e-9;

static tanlu_binding *given(tanlu_resolver *r, tanlu_driver_id id, size_t product) {
  return tanlu_resolver_binding(r, &r->scenario, id, product, 0);
}

/* What the keys of a product must have beside them. */
static bool check_keys(tanlu_resolver *r, size_t product) {
  tanlu_binding *start = given(r, TANLU_DRIVER_CAPACITY_START, product);
  tanlu_binding *retire = given(r, TANLU_DRIVER_CAPACITY_RETIREMENT, product);
  tanlu_binding *replace = given(r, TANLU_DRIVER_CAPACITY_REPLACEMENT, product);
  if (start && start->written.kind != TANLU_WRITTEN_SCALAR) {
    return tanlu_resolver_ok(r, tanlu_yaml_fail(start->node, r->context,
                                                "the capacity to start from is that of %d; expected one number",
                                                r->dataset->history_to));
  }
  if (retire && !start) {
    return tanlu_resolver_ok(
        r, tanlu_yaml_fail_key(retire->node, r->context, "capacity is retired, but 'start' says not of how much"));
  }
  if (replace && !retire) {
    return tanlu_resolver_ok(
        r, tanlu_yaml_fail_key(replace->node, r->context, "capacity is replaced, but 'retire' says not when"));
  }
  return true;
}

static bool binds(const tanlu_binding *binding) {
  const tanlu_yaml *policy = tanlu_yaml_find(binding->list, "policy");
  return policy && policy->text && strcmp(policy->text, "bind") == 0;
}

static void bound_product(tanlu_resolver *r, size_t product, tanlu_binding *place, double *capacity) {
  tanlu_drivers *d = r->drivers;
  const size_t size = d->size[TANLU_DRIVER_PRODUCT_PATH], first = tanlu_resolver_first(r);
  const tanlu_labels *labels = &r->dataset->products.product;
  tanlu_capacity_of(d, product, first - 1, capacity);
  for (size_t t = first; t < d->years; t++) {
    double *path = d->value[TANLU_DRIVER_PRODUCT_PATH] + t * size + product;
    const double bound = tanlu_capacity_bound(d, product, t, capacity[t]);
    if (isnan(*path)) {
      tanlu_resolver_ok(r, tanlu_yaml_fail_key(place->node, r->context,
                                               "'%s' has a capacity but no path; expected one under 'products'",
                                               labels->code[product]));
      return;
    }
    if (*path <= bound * (1.0 + rounding)) continue;
    if (!binds(place)) {
      tanlu_resolver_ok(
          r, tanlu_yaml_fail_key(place->node, r->context,
                                 "the path of '%s' is %g %s in %d, above %s of %g; lower it, or say "
                                 "policy: bind",
                                 labels->code[product], *path, r->dataset->products.unit[product], d->from + (int)t,
                                 bound < capacity[t] || isnan(capacity[t]) ? "its cap" : "the capacity", bound));
      return;
    }
    *path = bound;
  }
}

void tanlu_resolve_capacity(tanlu_resolver *r) {
  const size_t products = r->dataset->products.product.count;
  double *capacity = tanlu_allocate_doubles(r->context, r->drivers->years, 1);
  if (!capacity) tanlu_resolver_ok(r, TANLU_ERR_MEMORY);
  for (size_t p = 0; p < products && capacity; p++) {
    tanlu_binding *cap = given(r, TANLU_DRIVER_CAPACITY_CAP, p), *start = given(r, TANLU_DRIVER_CAPACITY_START, p);
    if (check_keys(r, p) && (cap || start)) bound_product(r, p, cap ? cap : start, capacity);
  }
  free(capacity);
}
