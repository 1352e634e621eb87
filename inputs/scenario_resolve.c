#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inputs/driver_path.h"
#include "inputs/history.h"
#include "inputs/market_file.h"
#include "inputs/scenario_file.h"
#include "inputs/scenario_resolver.h"
#include "inputs/scenario_tree.h"

/* How far a recorded value of the base year may lie from what the dataset itself says (rounding, other definitions). */
static const double base_year_tolerance = 0.01;

bool tanlu_resolver_ok(tanlu_resolver *r, tanlu_status status) {
  if (r->status == TANLU_OK) r->status = status;
  return status == TANLU_OK;
}

tanlu_span tanlu_span_of(const tanlu_dataset *d, bool history) {
  return (tanlu_span){.history = history,
                      .first = history ? d->base_year : d->history_to + 1,
                      .last = history ? d->history_to : 2100,
                      .history_to = d->history_to};
}

/* ---- one member ---------------------------------------------------------------------------------------------------------- */

/* Add a knot; what is wrong is said at `place`, once for a binding. */
static bool add_knot(tanlu_resolver *r, tanlu_binding *binding, const tanlu_yaml *place, tanlu_timeline *timeline,
                     int year, double value, tanlu_interpolation reached_by) {
  const char *wrong = tanlu_timeline_add(timeline, year, value, reached_by);
  if (!wrong) return true;
  const tanlu_knot *last = timeline->count > 0 ? &timeline->knot[timeline->count - 1] : NULL;
  if (!binding->failed && last) {
    tanlu_resolver_ok(
        r, tanlu_yaml_fail(place, r->context, "%s (%g in %d, %g in %d)", wrong, last->value, last->year, value, year));
  } else if (!binding->failed) {
    tanlu_resolver_ok(r, tanlu_yaml_fail(place, r->context, "%s", wrong));
  }
  binding->failed = true;
  return false;
}

/* v(t) = v(t - 1) (1 + p / 100); the last rate holds to its year, a single one for ever. */
static bool add_trend(tanlu_resolver *r, tanlu_binding *binding, int year, double value, tanlu_timeline *timeline) {
  const tanlu_written *w = &binding->written;
  const tanlu_driver_info *info = &tanlu_driver_table[binding->id];
  for (size_t k = 0; k < w->count; k++) {
    const int until = w->year[k] ? w->year[k] : r->to;
    const double start = value, rate = 1.0 + w->value[k] / 100.0;
    for (int y = year + 1; y <= until; y++) {
      value = start * pow(rate, (double)(y - year));
      if (!add_knot(r, binding, w->place[k], timeline, y, value, TANLU_LINEAR)) return false;
    }
    if (until > year) year = until;
    if (value >= info->lowest && value <= info->highest) continue;
    if (!binding->failed) {
      tanlu_resolver_ok(r, tanlu_yaml_fail(w->place[k], r->context, "the trend leads to %g in %d; expected %g to %g",
                                           value, year, info->lowest, info->highest));
    }
    binding->failed = true;
    return false;
  }
  return true;
}

bool tanlu_resolver_timeline(tanlu_resolver *r, tanlu_binding *binding, int year, double value,
                             tanlu_timeline *timeline) {
  const tanlu_written *w = &binding->written;
  if (binding->failed) return false;
  if (!isnan(value) && !add_knot(r, binding, binding->node, timeline, year, value, TANLU_LINEAR)) return false;
  if (w->kind == TANLU_WRITTEN_SCALAR) {
    return add_knot(r, binding, w->place[0], timeline, year + 1, w->value[0], TANLU_STEP);
  }
  if (w->kind == TANLU_WRITTEN_TREND) return add_trend(r, binding, year, value, timeline);
  for (size_t k = 0; k < w->count; k++) {
    if (!add_knot(r, binding, w->place[k], timeline, w->year[k], w->value[k], w->interpolation)) return false;
  }
  return true;
}

bool tanlu_resolver_recorded(tanlu_resolver *r, tanlu_binding *binding, double base, tanlu_timeline *timeline) {
  const int base_year = r->dataset->base_year;
  if (!binding) return isnan(base) || tanlu_timeline_add(timeline, base_year, base, TANLU_LINEAR) == NULL;
  if (binding->failed) return false;
  const tanlu_written *w = &binding->written;
  bool good = isnan(base) || add_knot(r, binding, binding->node, timeline, base_year, base, TANLU_LINEAR);
  for (size_t k = 0; k < w->count && good; k++) {
    if (w->year[k] == base_year && !isnan(base)) {
      const bool differs = fabs(w->value[k] - base) > base_year_tolerance * fmax(fabs(base), base_year_tolerance);
      if (!differs || binding->id == TANLU_DRIVER_GDP_GROWTH) continue;
      tanlu_resolver_ok(r, tanlu_yaml_fail(w->place[k], r->context,
                                           "%g in the base year %d, but the dataset says %.6g; leave the base year out",
                                           w->value[k], base_year, base));
      binding->failed = true;
      return false;
    }
    good = add_knot(r, binding, w->place[k], timeline, w->year[k], w->value[k], w->interpolation);
  }
  return good;
}

size_t tanlu_resolver_first(const tanlu_resolver *r) {
  return (size_t)(r->dataset->history_to - r->dataset->base_year) + 1;
}

void tanlu_resolve_future(tanlu_resolver *r, tanlu_binding *scenario, double last, bool path, double *value,
                          size_t stride) {
  const size_t first = tanlu_resolver_first(r), years = r->drivers->years;
  tanlu_timeline future = {0};
  if (!scenario) {
    for (size_t t = first; t < years; t++) value[t * stride] = path ? (double)NAN : last;
  } else if (tanlu_resolver_timeline(r, scenario, r->dataset->history_to, last, &future) && first < years) {
    tanlu_timeline_fill(&future, r->drivers->from + (int)first, years - first, value + first * stride, stride);
  }
  tanlu_timeline_clear(&future);
}

void tanlu_resolve_member(tanlu_resolver *r, tanlu_binding *history, tanlu_binding *scenario, double base, bool path,
                          double *value, size_t stride) {
  const size_t first = tanlu_resolver_first(r), years = r->drivers->years;
  if (path && !history && !scenario) return;
  tanlu_timeline past = {0};
  if (tanlu_resolver_recorded(r, history, base, &past)) {
    tanlu_timeline_fill(&past, r->drivers->from, first < years ? first : years, value, stride);
    tanlu_resolve_future(r, scenario, tanlu_timeline_value(&past, r->dataset->history_to), path, value, stride);
  }
  tanlu_timeline_clear(&past);
}

/* ---- all members of a driver ------------------------------------------------------------------------------------------- */

static bool holds(const tanlu_binding *binding, size_t a, size_t b) {
  return (!binding->member[0] || binding->member[0][a]) && (!binding->member[1] || binding->member[1][b]);
}

tanlu_binding *tanlu_resolver_binding(tanlu_resolver *r, tanlu_bindings *bindings, tanlu_driver_id id, size_t a,
                                      size_t b) {
  tanlu_binding *best = NULL;
  size_t smallest = 0;
  for (size_t i = 0; i < bindings->count; i++) {
    tanlu_binding *candidate = &bindings->binding[i];
    const size_t size = candidate->members[0] * candidate->members[1];
    if (candidate->id != id || candidate->balance || !candidate->bound) continue;
    if (!holds(candidate, a, b) || (best && size > smallest)) continue;
    if (best && size == smallest && !candidate->failed) {
      tanlu_resolver_ok(r, tanlu_yaml_fail_key(candidate->node, r->context,
                                               "'%s' and '%s' (line %zu) both set the same member; expected one",
                                               candidate->node->key, best->node->key, best->node->key_line));
      candidate->failed = true;
    }
    best = candidate;
    smallest = size;
  }
  return best;
}

static double base_of(const tanlu_dataset *dataset, tanlu_driver_id id, size_t a, size_t b) {
  return id == TANLU_DRIVER_PRODUCT_PATH ? dataset->products.base[a] : tanlu_driver_base(dataset, id, a, b);
}

static void resolve_members(tanlu_resolver *r, tanlu_driver_id id) {
  tanlu_drivers *d = r->drivers;
  const size_t inner = d->inner[id], outer = inner ? d->size[id] / inner : 0;
  for (size_t a = 0; a < outer; a++) {
    for (size_t b = 0; b < inner; b++) {
      tanlu_resolve_member(r, tanlu_resolver_binding(r, &r->history, id, a, b),
                           tanlu_resolver_binding(r, &r->scenario, id, a, b), base_of(r->dataset, id, a, b),
                           tanlu_driver_table[id].form == TANLU_FORM_PATH, d->value[id] + a * inner + b, d->size[id]);
    }
  }
}

static void resolve_driver(tanlu_resolver *r, tanlu_driver_id id) {
  if (id == TANLU_DRIVER_STRUCTURE_SHARE) {
    tanlu_resolve_structure(r);
  } else if (tanlu_driver_is_list(id)) {
    tanlu_resolve_lists(r, id);
  } else {
    resolve_members(r, id);
  }
}

void tanlu_resolve_reached(tanlu_resolver *r, tanlu_driver_id id) {
  double *value = r->drivers->value[id];
  const size_t count = r->drivers->years * r->drivers->size[id];
  for (size_t i = 0; i < count; i++) value[i] = (double)NAN; /* what is optional and not given stays so */
  resolve_driver(r, id);
}

void tanlu_resolver_begin(tanlu_resolver *r, const tanlu_yaml *scenario_root, const tanlu_yaml *history_root,
                          const tanlu_dataset *dataset, int to, tanlu_context *context) {
  const tanlu_span past = tanlu_span_of(dataset, true), future = tanlu_span_of(dataset, false);
  *r = (tanlu_resolver){.dataset = dataset, .context = context, .status = TANLU_OK, .to = to};
  tanlu_bindings_read(&r->history, history_root, dataset, &past, context);
  tanlu_bindings_read(&r->scenario, scenario_root, dataset, &future, context);
  tanlu_resolver_ok(r, r->history.status);
  tanlu_resolver_ok(r, r->scenario.status);
  tanlu_resolve_find_targets(r);
  if (!tanlu_resolver_ok(r, tanlu_drivers_create(&r->drivers, dataset, dataset->base_year, to, r->targets, context))) {
    return;
  }
  for (size_t k = 0; k < r->targets; k++) {
    r->drivers->target_level[k] = r->target[k].level;
    r->drivers->target_group[k] = r->target[k].group;
  }
}

void tanlu_resolver_clear(tanlu_resolver *r) {
  tanlu_bindings_clear(&r->history);
  tanlu_bindings_clear(&r->scenario);
  free(r->target);
  r->target = NULL;
}

tanlu_status tanlu_resolve(tanlu_drivers **drivers, const tanlu_yaml *scenario_root, const tanlu_yaml *history_root,
                           const tanlu_dataset *dataset, int to, tanlu_context *context) {
  tanlu_resolver r;
  tanlu_resolver_begin(&r, scenario_root, history_root, dataset, to, context);
  for (size_t id = 0; r.drivers && id < TANLU_DRIVER_COUNT; id++) resolve_driver(&r, (tanlu_driver_id)id);
  if (r.drivers) tanlu_resolve_check_indirect(&r);
  if (r.drivers && r.status == TANLU_OK) tanlu_resolve_indirect(&r);
  tanlu_resolver_clear(&r);
  if (r.status != TANLU_OK) tanlu_drivers_free(&r.drivers);
  *drivers = r.drivers;
  return r.status;
}

/* ---- scenario and history ------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_history_read(tanlu_yaml **root, const tanlu_dataset *dataset, tanlu_context *context) {
  *root = NULL;
  char *path = NULL;
  if (asprintf(&path, "%s/history.yaml", dataset->path) < 0) {
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  }
  tanlu_status status = TANLU_OK;
  if (access(path, F_OK) == 0) status = tanlu_yaml_read(root, path, NULL, context);
  if (status == TANLU_OK && *root && (*root)->kind != TANLU_YAML_MAPPING) {
    status = tanlu_yaml_fail(*root, context, "expected the keys of a scenario");
    tanlu_yaml_free(root);
  }
  free(path);
  return status;
}

tanlu_status tanlu_history_check(const tanlu_dataset *dataset, tanlu_context *context) {
  tanlu_yaml *root = NULL;
  tanlu_drivers *drivers = NULL;
  tanlu_status status = tanlu_history_read(&root, dataset, context);
  if (status == TANLU_OK && root) status = tanlu_resolve(&drivers, NULL, root, dataset, dataset->history_to, context);
  tanlu_drivers_free(&drivers);
  tanlu_yaml_free(&root);
  return status;
}

tanlu_status tanlu_scenario_resolve(tanlu_scenario *s, const tanlu_dataset *dataset, tanlu_context *context) {
  const tanlu_yaml *from = tanlu_yaml_find(tanlu_yaml_find(s->tree->root, "years"), "from");
  tanlu_drivers_free(&s->drivers);
  tanlu_yaml_free(&s->tree->history);
  tanlu_status status = TANLU_OK;
  if (s->from != dataset->base_year) {
    status = tanlu_yaml_fail(from, context, "the years begin in %d; expected the base year %d of dataset '%s'", s->from,
                             dataset->base_year, dataset->name);
  }
  const tanlu_status read = tanlu_history_read(&s->tree->history, dataset, context);
  if (status == TANLU_OK) status = read;
  tanlu_drivers *drivers = NULL;
  const tanlu_status resolved = tanlu_resolve(&drivers, s->tree->root, s->tree->history, dataset,
                                              s->to > dataset->base_year ? s->to : dataset->base_year, context);
  if (status == TANLU_OK) status = resolved;
  const tanlu_yaml *market = tanlu_yaml_find(s->tree->root, "ets");
  const tanlu_status rules =
      market != NULL ? tanlu_market_read(NULL, market, dataset, s->from, s->to, false, context) : TANLU_OK;
  if (status == TANLU_OK) status = rules;
  s->drivers = drivers;
  const tanlu_status regions = tanlu_scenario_regions_check(s, dataset, context);
  if (status == TANLU_OK) status = regions;
  if (status != TANLU_OK) tanlu_drivers_free(&s->drivers);
  return status;
}
