/* Lists of shares: named members have timelines, unnamed ones keep their last recorded share, the `balance` member takes
 * what is left of one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/driver_path.h"
#include "inputs/scenario_resolver.h"
#include "solvers/memory.h"

/* A sum above one by less than this is rounding of the shares. */
static const double rounding = 1e-9;

/* One list as a source gives it. */
typedef struct {
  const tanlu_yaml *list; /* NULL where the source gives none */
  tanlu_binding **member; /* inner: timelines of the named members */
  tanlu_binding *balance;
  size_t balance_member;
  size_t named;
} share_list;

/* Shares of one outer member: where they go and what they are made of. */
typedef struct {
  tanlu_resolver *resolver;
  tanlu_driver_id id;
  size_t outer, inner;
  double *base;             /* inner */
  tanlu_timeline *timeline; /* inner */
  share_list past, future;
} share_family;

/* Which of the two member sets of a binding names the members of the list. */
static size_t last_axis(tanlu_driver_id id) {
  return tanlu_driver_table[id].axis[1] == TANLU_AXIS_ONE ? 0 : 1;
}

static size_t index_in(const bool *set, size_t count) {
  size_t i = 0;
  while (i < count && !set[i]) i++;
  return i;
}

/* The list for an outer member: that of the smallest group which holds it, as a whole. */
static const tanlu_yaml *find_list(tanlu_resolver *r, tanlu_bindings *bindings, tanlu_driver_id id, size_t outer) {
  const tanlu_yaml *best = NULL;
  size_t smallest = 0;
  for (size_t i = 0; i < bindings->count; i++) {
    tanlu_binding *c = &bindings->binding[i];
    if (c->id != id) continue;
    if (last_axis(id) == 0) return c->list;
    if (!c->bound || !c->member[0][outer] || c->list == best || (best && c->members[0] > smallest)) continue;
    if (best && c->members[0] == smallest && !c->failed) {
      tanlu_resolver_ok(r,
                        tanlu_yaml_fail_key(c->list, r->context,
                                            "this list and that of line %zu are for the same group", best->key_line));
      c->failed = true;
    }
    best = c->list;
    smallest = c->members[0];
  }
  return best;
}

/* Collect the members of the list; false after an error in it. */
static bool collect(share_family *f, tanlu_bindings *bindings, share_list *list) {
  tanlu_resolver *r = f->resolver;
  const size_t axis = last_axis(f->id);
  bool good = true;
  list->list = find_list(r, bindings, f->id, f->outer);
  for (size_t i = 0; list->list && i < bindings->count; i++) {
    tanlu_binding *c = &bindings->binding[i];
    if (c->id != f->id || c->list != list->list) continue;
    if (c->failed || !c->bound) {
      good = false;
      continue;
    }
    const size_t k = index_in(c->member[axis], f->inner);
    if (c->balance) {
      list->balance = c;
      list->balance_member = k;
    } else {
      list->member[k] = c;
      list->named++;
    }
  }
  return good;
}

/* A list that names members needs a balance, and may not name that one. */
static bool check_balance(share_family *f, share_list *list) {
  tanlu_resolver *r = f->resolver;
  if (!list->list) return true;
  if (!list->balance) {
    for (size_t k = 0; k < f->inner; k++) { /* say it once a list */
      if (!list->member[k] || list->member[k]->failed) continue;
      list->member[k]->failed = true;
      return tanlu_resolver_ok(r, tanlu_yaml_fail_key(list->list, r->context,
                                                      "the shares of '%s' name no `balance`, the member that takes the "
                                                      "rest",
                                                      list->list->key));
    }
    return false;
  }
  tanlu_binding *both = list->member[list->balance_member];
  if (!both) return true;
  both->failed = true;
  return tanlu_resolver_ok(r,
                           tanlu_yaml_fail_key(both->node, r->context,
                                               "'%s' is the balance of '%s' (line %zu); it takes the rest and has no "
                                               "timeline of its own",
                                               both->node->key, list->list->key, list->balance->node->line));
}

/* A year's row: named members from their timelines, the others as in `kept`, the balance the rest. */
static bool fill_row(share_family *f, const share_list *list, int year, const double *kept, double *row) {
  tanlu_resolver *r = f->resolver;
  double sum = 0.0, unnamed = 0.0;
  for (size_t k = 0; k < f->inner; k++) {
    if (k == list->balance_member) continue;
    row[k] = list->member[k] ? tanlu_timeline_value(&f->timeline[k], year) : kept[k];
    sum += row[k];
    if (!list->member[k]) unnamed += kept[k];
  }
  row[list->balance_member] = sum > 1.0 ? 0.0 : 1.0 - sum;
  if (sum <= 1.0 + rounding) return true;
  if (!list->balance->failed) {
    tanlu_resolver_ok(r,
                      tanlu_yaml_fail(list->balance->node, r->context,
                                      "the shares of '%s' add up to %.6g in %d (%.6g of it members not named, which "
                                      "keep their last share); nothing is left for the balance '%s'",
                                      tanlu_driver_table[f->id].path, sum, year, unnamed, list->balance->node->text));
  }
  list->balance->failed = true;
  return false;
}

static void clear_timelines(share_family *f) {
  for (size_t k = 0; k < f->inner; k++) tanlu_timeline_clear(&f->timeline[k]);
}

static bool start_timelines(share_family *f, share_list *list, bool history, const double *start) {
  tanlu_resolver *r = f->resolver;
  clear_timelines(f);
  for (size_t k = 0; k < f->inner; k++) {
    if (!list->member[k]) continue;
    const bool good =
        history ? tanlu_resolver_recorded(r, list->member[k], start[k], &f->timeline[k])
                : tanlu_resolver_timeline(r, list->member[k], r->dataset->history_to, start[k], &f->timeline[k]);
    if (!good) return false;
  }
  return true;
}

/* All years of the shares of one outer member. */
static void fill(share_family *f) {
  tanlu_resolver *r = f->resolver;
  const tanlu_drivers *d = r->drivers;
  const bool path = tanlu_driver_table[f->id].form == TANLU_FORM_SHARE_PATH;
  const size_t size = d->size[f->id], recorded = (size_t)(r->dataset->history_to - d->from) + 1;
  double *value = d->value[f->id] + f->outer * f->inner;
  if (path && !f->past.list && !f->future.list) return;
  if (f->past.list && !start_timelines(f, &f->past, true, f->base)) return;
  memcpy(value, f->base, f->inner * sizeof *value);
  for (size_t t = 1; t < recorded && t < d->years; t++) {
    double *row = value + t * size;
    if (!f->past.list) {
      memcpy(row, f->base, f->inner * sizeof *row);
    } else if (!fill_row(f, &f->past, d->from + (int)t, f->base, row)) {
      return;
    }
  }
  if (recorded >= d->years) return;
  const double *last = value + (recorded - 1) * size;
  if (f->future.list && !start_timelines(f, &f->future, false, last)) return;
  for (size_t t = recorded; t < d->years; t++) {
    double *row = value + t * size;
    if (f->future.list) {
      if (!fill_row(f, &f->future, d->from + (int)t, last, row)) return;
    } else if (path) {
      for (size_t k = 0; k < f->inner; k++) row[k] = (double)NAN;
    } else {
      memcpy(row, last, f->inner * sizeof *row);
    }
  }
}

static void resolve_outer(share_family *f) {
  tanlu_resolver *r = f->resolver;
  const size_t axis = last_axis(f->id);
  f->past = (share_list){.member = tanlu_allocate(r->context, f->inner, sizeof *f->past.member)};
  f->future = (share_list){.member = tanlu_allocate(r->context, f->inner, sizeof *f->future.member)};
  if (!f->past.member || !f->future.member) {
    tanlu_resolver_ok(r, TANLU_ERR_MEMORY);
  } else {
    for (size_t k = 0; k < f->inner; k++) {
      f->base[k] =
          axis == 0 ? tanlu_driver_base(r->dataset, f->id, k, 0) : tanlu_driver_base(r->dataset, f->id, f->outer, k);
    }
    const bool past = collect(f, &r->history, &f->past) && check_balance(f, &f->past);
    const bool future = collect(f, &r->scenario, &f->future) && check_balance(f, &f->future);
    if (past && future) fill(f);
  }
  free(f->past.member);
  free(f->future.member);
}

void tanlu_resolve_lists(tanlu_resolver *r, tanlu_driver_id id) {
  const tanlu_drivers *d = r->drivers;
  share_family f = {.resolver = r, .id = id};
  f.inner = last_axis(id) == 0 ? d->size[id] : d->inner[id];
  const size_t outers = f.inner ? d->size[id] / f.inner : 0;
  f.base = tanlu_allocate_doubles(r->context, f.inner, 1);
  f.timeline = tanlu_allocate(r->context, f.inner, sizeof *f.timeline);
  if (!f.base || !f.timeline) {
    tanlu_resolver_ok(r, TANLU_ERR_MEMORY);
  } else {
    for (f.outer = 0; f.outer < outers; f.outer++) resolve_outer(&f);
    clear_timelines(&f);
  }
  free(f.base);
  free(f.timeline);
}
