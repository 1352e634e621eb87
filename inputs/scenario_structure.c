/* Structure targets: shares of disjoint groups in value added, one timeline each; `balance` only says who closes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/scenario_resolver.h"
#include "solvers/memory.h"

static bool overlap(const tanlu_binding *a, const tanlu_binding *b, size_t n, bool *same) {
  bool common = false;
  *same = true;
  for (size_t j = 0; j < n; j++) {
    common = common || (a->member[0][j] && b->member[0][j]);
    *same = *same && a->member[0][j] == b->member[0][j];
  }
  return common;
}

static bool is_target(const tanlu_binding *b) {
  return b->id == TANLU_DRIVER_STRUCTURE_SHARE && b->bound && !b->failed;
}

/* Take the targets of one source into the list; a group that is there already is joined, an overlapping one an error. */
static void take_targets(tanlu_resolver *r, tanlu_bindings *bindings, bool history) {
  for (size_t i = 0; i < bindings->count; i++) {
    tanlu_binding *b = &bindings->binding[i];
    if (!is_target(b) || b->balance) continue;
    struct tanlu_target *joined = NULL;
    for (size_t k = 0; k < r->targets && !joined && !b->failed; k++) {
      struct tanlu_target *t = &r->target[k];
      const tanlu_binding *other = t->scenario ? t->scenario : t->history;
      bool same;
      if (!overlap(b, other, r->dataset->accounts.n, &same)) continue;
      if (same && history && !t->history) {
        joined = t;
        continue;
      }
      tanlu_resolver_ok(r,
                        tanlu_yaml_fail_key(b->node, r->context,
                                            "group '%s' overlaps with '%s' (%s:%zu); structure targets are disjoint",
                                            b->node->key, other->node->key, other->node->file, other->node->key_line));
      b->failed = true;
    }
    if (b->failed) continue;
    if (joined) {
      joined->history = b;
    } else {
      r->target[r->targets++] = (struct tanlu_target){
          .level = b->level, .group = b->group, .history = history ? b : NULL, .scenario = history ? NULL : b};
    }
  }
}

/* The balance of a source: there when targets are, and no part of a target. */
static void check_balance(tanlu_resolver *r, tanlu_bindings *bindings) {
  const tanlu_binding *balance = NULL, *any = NULL;
  for (size_t i = 0; i < bindings->count; i++) {
    tanlu_binding *b = &bindings->binding[i];
    if (b->id != TANLU_DRIVER_STRUCTURE_SHARE) continue;
    if (b->balance) {
      balance = b;
    } else {
      any = b;
    }
  }
  if (any && !balance) {
    tanlu_resolver_ok(r, tanlu_yaml_fail_key(any->list, r->context,
                                             "the shares of '%s' name no `balance`, the group that takes the rest",
                                             any->list->key));
  }
  for (size_t i = 0; balance && is_target(balance) && i < bindings->count; i++) {
    tanlu_binding *b = &bindings->binding[i];
    bool same;
    if (!is_target(b) || b->balance || !overlap(b, balance, r->dataset->accounts.n, &same)) continue;
    tanlu_resolver_ok(r,
                      tanlu_yaml_fail_key(b->node, r->context,
                                          "group '%s' overlaps with the balance '%s' (line %zu), which takes the rest",
                                          b->node->key, balance->node->text, balance->node->line));
  }
}

void tanlu_resolve_find_targets(tanlu_resolver *r) {
  r->target = tanlu_allocate(r->context, r->history.count + r->scenario.count, sizeof *r->target);
  if (!tanlu_resolver_ok(r, r->target ? TANLU_OK : TANLU_ERR_MEMORY)) return;
  take_targets(r, &r->scenario, false);
  take_targets(r, &r->history, true);
  check_balance(r, &r->scenario);
  check_balance(r, &r->history);
}

double tanlu_structure_base_share(const tanlu_dataset *d, size_t level, size_t group) {
  const tanlu_accounts *a = &d->accounts;
  double own = 0.0, total = 0.0;
  for (size_t j = 0; j < a->n; j++) {
    double added = 0.0;
    for (size_t c = 0; c < a->component.count; c++) added += a->value_added[j * a->component.count + c];
    total += added;
    if (d->level[level].of_sector[j] == group) own += added;
  }
  return total > 0.0 ? own / total : 0.0;
}

void tanlu_resolve_check_structure(tanlu_resolver *r) {
  const tanlu_drivers *d = r->drivers;
  const double *value = d->value[TANLU_DRIVER_STRUCTURE_SHARE];
  for (size_t t = 0; t < d->years && r->status == TANLU_OK; t++) {
    double sum = 0.0;
    for (size_t k = 0; k < r->targets; k++) sum += isnan(value[t * r->targets + k]) ? 0.0 : value[t * r->targets + k];
    if (sum < 1.0) continue;
    const tanlu_binding *place = r->target[0].scenario ? r->target[0].scenario : r->target[0].history;
    tanlu_resolver_ok(r,
                      tanlu_yaml_fail_key(place->list, r->context,
                                          "the structure targets add up to %.6g in %d; nothing is left for the balance",
                                          sum, d->from + (int)t));
  }
}

void tanlu_resolve_structure(tanlu_resolver *r) {
  double *value = r->drivers->value[TANLU_DRIVER_STRUCTURE_SHARE];
  for (size_t k = 0; k < r->targets; k++) {
    const struct tanlu_target *t = &r->target[k];
    tanlu_resolve_member(r, t->history, t->scenario, tanlu_structure_base_share(r->dataset, t->level, t->group), true,
                         value + k, r->targets);
  }
  tanlu_resolve_check_structure(r);
}
