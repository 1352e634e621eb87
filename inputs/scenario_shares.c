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
static bool collect(tanlu_resolver *r, const tanlu_shares *f, tanlu_bindings *bindings, tanlu_share_list *list) {
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
    }
  }
  return good;
}

/* A list that names members needs a balance, and may not name that one. */
static bool check_balance(tanlu_resolver *r, const tanlu_shares *f, const tanlu_share_list *list) {
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

/* The sum of a year's row; what is left of one goes to the balance. */
static bool close_row(tanlu_resolver *r, const tanlu_shares *f, const tanlu_share_list *list, int year, double *row) {
  double sum = 0.0, unnamed = 0.0;
  for (size_t k = 0; k < f->inner; k++) {
    if (k == list->balance_member) continue;
    sum += row[k];
    if (!list->member[k]) unnamed += row[k];
  }
  row[list->balance_member] = sum > 1.0 ? 0.0 : 1.0 - sum;
  if (sum <= 1.0 + rounding) return true;
  if (!list->balance->failed) {
    tanlu_resolver_ok(r, tanlu_yaml_fail(list->balance->node, r->context,
                                         "the shares of '%s' add up to %.6g in %d (%.6g of it members not named, which "
                                         "keep their %s); nothing is left for the balance '%s'",
                                         tanlu_driver_table[f->id].path, sum, year, unnamed,
                                         f->keeps_paths ? "path" : "last share", list->balance->node->text));
  }
  list->balance->failed = true;
  return false;
}

/* The years first .. last - 1: named members from their timelines, which go on from the shares `kept`, the others as there (or as
 * they stand in the array, where the list keeps paths), the balance the rest. */
static bool fill_years(tanlu_resolver *r, const tanlu_shares *f, const tanlu_share_list *list, bool history,
                       const double *kept, size_t first, size_t last) {
  const tanlu_drivers *d = r->drivers;
  const size_t size = d->size[f->id];
  double *value = d->value[f->id] + f->outer * f->inner;
  bool good = true;
  for (size_t k = 0; k < f->inner && good; k++) {
    if (!list->member[k]) {
      for (size_t t = first; t < last && !f->keeps_paths; t++) value[t * size + k] = kept[k];
      continue;
    }
    tanlu_timeline line = {0};
    good = history ? tanlu_resolver_recorded(r, list->member[k], kept[k], &line)
                   : tanlu_resolver_timeline(r, list->member[k], r->dataset->history_to, kept[k], &line);
    if (good && first < last) {
      tanlu_timeline_fill(&line, d->from + (int)first, last - first, value + first * size + k, size);
    }
    tanlu_timeline_clear(&line);
  }
  for (size_t t = first; t < last && good; t++) {
    good = close_row(r, f, list, d->from + (int)t, value + t * size);
  }
  return good;
}

bool tanlu_shares_fill_future(tanlu_resolver *r, const tanlu_shares *f) {
  const tanlu_drivers *d = r->drivers;
  const size_t size = d->size[f->id], first = tanlu_resolver_first(r);
  const bool path = tanlu_driver_table[f->id].form == TANLU_FORM_SHARE_PATH;
  if (first >= d->years) return true;
  double *value = d->value[f->id] + f->outer * f->inner;
  const double *last = value + (first - 1) * size;
  if (f->future.list) return fill_years(r, f, &f->future, false, last, first, d->years);
  for (size_t t = first; t < d->years; t++) {
    for (size_t k = 0; k < f->inner; k++) value[t * size + k] = path ? (double)NAN : last[k];
  }
  return true;
}

/* All years of the shares of one outer member. */
static void fill(tanlu_resolver *r, const tanlu_shares *f) {
  const tanlu_drivers *d = r->drivers;
  const size_t size = d->size[f->id], first = tanlu_resolver_first(r);
  const size_t recorded = first < d->years ? first : d->years;
  double *value = d->value[f->id] + f->outer * f->inner;
  if (tanlu_driver_table[f->id].form == TANLU_FORM_SHARE_PATH && !f->past.list && !f->future.list) return;
  for (size_t t = 0; t < recorded; t++) memcpy(value + t * size, f->base, f->inner * sizeof *value);
  if (f->past.list && !fill_years(r, f, &f->past, true, f->base, 1, recorded)) return;
  tanlu_shares_fill_future(r, f);
}

size_t tanlu_shares_inner(const tanlu_drivers *d, tanlu_driver_id id) {
  return last_axis(id) == 0 ? d->size[id] : d->inner[id];
}

bool tanlu_shares_find(tanlu_resolver *r, tanlu_driver_id id, size_t outer, tanlu_shares *f) {
  const bool first_axis = last_axis(id) == 0;
  *f = (tanlu_shares){.id = id, .outer = outer, .inner = tanlu_shares_inner(r->drivers, id)};
  f->base = tanlu_allocate_doubles(r->context, f->inner, 1);
  f->past.member = tanlu_allocate(r->context, f->inner, sizeof *f->past.member);
  f->future.member = tanlu_allocate(r->context, f->inner, sizeof *f->future.member);
  if (!f->base || !f->past.member || !f->future.member) return tanlu_resolver_ok(r, TANLU_ERR_MEMORY);
  for (size_t k = 0; k < f->inner; k++) {
    f->base[k] = tanlu_driver_base(r->dataset, id, first_axis ? k : outer, first_axis ? 0 : k);
  }
  const bool past = collect(r, f, &r->history, &f->past) && check_balance(r, f, &f->past);
  const bool future = collect(r, f, &r->scenario, &f->future) && check_balance(r, f, &f->future);
  return past && future;
}

void tanlu_shares_clear(tanlu_shares *f) {
  free(f->base);
  free(f->past.member);
  free(f->future.member);
}

void tanlu_resolve_lists(tanlu_resolver *r, tanlu_driver_id id) {
  const size_t inner = tanlu_shares_inner(r->drivers, id), outers = inner ? r->drivers->size[id] / inner : 0;
  for (size_t outer = 0; outer < outers; outer++) {
    tanlu_shares shares;
    if (tanlu_shares_find(r, id, outer, &shares)) fill(r, &shares);
    tanlu_shares_clear(&shares);
  }
}
