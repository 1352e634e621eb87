#include "inputs/market_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/market_private.h"
#include "inputs/scenario_tree.h"
#include "solvers/memory.h"

static const double per_yuan = 1e-4, mt = 1e6; /* 10^4 CNY; t */

tanlu_status tanlu_market_find(tanlu_yaml **block, const char *name, tanlu_context *context) {
  char *path = NULL;
  *block = NULL;
  tanlu_status status = tanlu_input_find(&path, TANLU_MARKET_KIND, name, NULL, context);
  if (status == TANLU_OK) status = tanlu_yaml_read(block, path, NULL, context);
  if (status == TANLU_OK && (*block)->kind != TANLU_YAML_MAPPING) {
    status = tanlu_yaml_fail(*block, context, "expected the keys of a carbon market");
    tanlu_yaml_free(block);
  }
  free(path);
  return status;
}

/* ---- parts of the block -------------------------------------------------------------------------------------------------------- */

static void read_years(tanlu_market_reader *r, const tanlu_yaml *block, tanlu_market_rules *m) {
  static const char *const keys[] = {"from", "to"};
  const tanlu_yaml *years = tanlu_market_mapping(r, block, "years", keys, 2);
  m->from = r->dataset->history_to + 1 < r->last ? r->dataset->history_to + 1 : r->last;
  m->to = r->last;
  if (years == NULL) return;
  tanlu_market_year(r, years, "from", &m->from);
  tanlu_market_year(r, years, "to", &m->to);
  if (m->to < m->from) {
    tanlu_market_ok(
        r, tanlu_yaml_fail(years, r->context, "the market ends in %d, before it begins in %d", m->to, m->from));
  }
}

static void read_cap(tanlu_market_reader *r, const tanlu_yaml *block, tanlu_market_rules *m) {
  static const char *const keys[] = {"path", "intensity", "fill"}, *const of_intensity[] = {"base", "reduction"};
  const tanlu_yaml *cap = tanlu_market_mapping(r, block, "cap", keys, 3);
  if (cap == NULL) return;
  const tanlu_yaml *path = tanlu_yaml_find(cap, "path"), *intensity = tanlu_yaml_find(cap, "intensity");
  tanlu_market_yes_no(r, cap, "fill", &m->fill);
  if (path != NULL && intensity != NULL) {
    tanlu_market_ok(
        r, tanlu_yaml_fail_key(intensity, r->context, "a cap is a path or follows intensity; expected one of them"));
  } else if (path != NULL) {
    m->cap_kind = TANLU_CAP_PATH;
    tanlu_market_timeline(r, cap, "path", 0.0, (double)INFINITY, mt, &m->cap);
  } else if (intensity != NULL) {
    m->cap_kind = TANLU_CAP_INTENSITY;
    m->cap_base = r->first;
    if (tanlu_market_mapping(r, cap, "intensity", of_intensity, 2) == NULL) return;
    tanlu_market_year(r, intensity, "base", &m->cap_base);
    if (!tanlu_market_timeline(r, intensity, "reduction", -10.0, 1.0, 1.0, &m->cap) &&
        tanlu_yaml_find(intensity, "reduction") == NULL) {
      tanlu_market_missing(r, intensity, "cap.intensity.reduction",
                           "the reduction of covered CO2 per GDP, 0.18 for 18 %");
    }
  } else {
    tanlu_market_missing(r, cap, "cap.path", "a path in Mt, or cap.intensity");
  }
}

static void read_reserve(tanlu_market_reader *r, const tanlu_yaml *block, tanlu_market_rules *m) {
  static const char *const keys[] = {"share", "price"};
  const tanlu_yaml *reserve = tanlu_market_mapping(r, block, "reserve", keys, 2);
  if (reserve == NULL) return;
  tanlu_market_timeline(r, reserve, "share", 0.0, 1.0, 1.0, &m->reserve);
  tanlu_market_timeline(r, reserve, "price", 0.0, (double)INFINITY, per_yuan, &m->reserve_price);
  if (tanlu_yaml_find(reserve, "share") == NULL)
    tanlu_market_missing(r, reserve, "reserve.share", "the share of the cap held back");
  if (m->cap_kind == TANLU_CAP_NONE) tanlu_market_missing(r, reserve, "cap", "a cap of which a share is held back");
}

static void read_prices(tanlu_market_reader *r, const tanlu_yaml *block, tanlu_market_rules *m) {
  tanlu_market_timeline(r, block, "price", 0.0, (double)INFINITY, per_yuan, &m->price);
  tanlu_market_timeline(r, block, "floor", 0.0, (double)INFINITY, per_yuan, &m->floor);
  tanlu_market_timeline(r, block, "ceiling", 0.0, (double)INFINITY, per_yuan, &m->ceiling);
  const tanlu_yaml *bound = tanlu_yaml_find(block, m->floor.count > 0 ? "floor" : "ceiling");
  if (m->price.count > 0 && bound != NULL) {
    tanlu_market_ok(r, tanlu_yaml_fail_key(bound, r->context, "the price is given; expected no %s", bound->key));
  }
  for (int year = m->from; m->floor.count > 0 && m->ceiling.count > 0 && year <= m->to; year++) {
    if (tanlu_timeline_value(&m->floor, year) <= tanlu_timeline_value(&m->ceiling, year)) continue;
    tanlu_market_ok(r, tanlu_yaml_fail_key(bound, r->context, "the floor is above the ceiling in %d", year));
    return;
  }
}

static void read_offsets(tanlu_market_reader *r, const tanlu_yaml *block, tanlu_market_rules *m) {
  static const char *const keys[] = {"limit", "price", "supply"};
  const tanlu_yaml *offsets = tanlu_market_mapping(r, block, "offsets", keys, 3);
  if (offsets == NULL) return;
  tanlu_market_timeline(r, offsets, "limit", 0.0, 1.0, 1.0, &m->offset_limit);
  tanlu_market_timeline(r, offsets, "price", 0.0, (double)INFINITY, per_yuan, &m->offset_price);
  tanlu_market_timeline(r, offsets, "supply", 0.0, (double)INFINITY, mt, &m->offset_supply);
  if (tanlu_yaml_find(offsets, "limit") == NULL) {
    tanlu_market_missing(r, offsets, "offsets.limit", "the share of what is surrendered that may be offsets");
  }
  if (tanlu_yaml_find(offsets, "price") == NULL)
    tanlu_market_missing(r, offsets, "offsets.price", "their price, CNY per t");
}

/* `banking: no`, or a mapping. */
static void read_banking(tanlu_market_reader *r, const tanlu_yaml *block, tanlu_market_rules *m) {
  static const char *const keys[] = {"rate", "stock"};
  const tanlu_yaml *banking = tanlu_yaml_find(block, "banking");
  if (banking == NULL) return;
  if (banking->kind == TANLU_YAML_SCALAR) {
    if (tanlu_market_yes_no(r, block, "banking", &m->banking) && m->banking) {
      tanlu_market_missing(r, block, "banking.rate", "the yearly gain a banked allowance must bring, 0.05 for 5 %");
    }
    return;
  }
  if (tanlu_market_mapping(r, block, "banking", keys, 2) == NULL) return;
  m->banking = true;
  tanlu_market_number(r, banking, "stock", 0.0, (double)INFINITY, mt, &m->stock);
  if (!tanlu_market_number(r, banking, "rate", 0.0, 1.0, 1.0, &m->rate) && tanlu_yaml_find(banking, "rate") == NULL) {
    tanlu_market_missing(r, banking, "banking.rate", "the yearly gain a banked allowance must bring, 0.05 for 5 %");
  }
}

static void read_penalty(tanlu_market_reader *r, const tanlu_yaml *block, tanlu_market_rules *m) {
  static const char *const keys[] = {"price_multiple", "fine", "deduct", "surrender", "allowances"};
  const tanlu_yaml *penalty = tanlu_market_mapping(r, block, "penalty", keys, sizeof keys / sizeof *keys);
  tanlu_market_timeline(r, block, "compliance", 0.0, 1.0, 1.0, &m->compliance);
  if (penalty == NULL) return;
  tanlu_market_number(r, penalty, "price_multiple", 0.0, 1000.0, 1.0, &m->price_multiple);
  tanlu_market_number(r, penalty, "fine", 0.0, (double)INFINITY, per_yuan, &m->fine);
  tanlu_market_number(r, penalty, "deduct", 0.0, 1000.0, 1.0, &m->deduct);
  tanlu_market_number(r, penalty, "surrender", 0.0, 1000.0, 1.0, &m->surrender);
  m->surrender_allowances = m->surrender;
  tanlu_market_number(r, penalty, "allowances", 0.0, 1000.0, 1.0, &m->surrender_allowances);
  if (m->surrender_allowances > m->surrender) {
    tanlu_market_ok(r, tanlu_yaml_fail(tanlu_yaml_find(penalty, "allowances"), r->context,
                                       "%g allowances of %g t to be surrendered; expected no more",
                                       m->surrender_allowances, m->surrender));
  }
}

/* A fine by firm needs their number, where not all comply. */
static void check_fine(tanlu_market_reader *r, const tanlu_yaml *groups, const tanlu_market_rules *m) {
  bool all_comply = true;
  for (size_t k = 0; k < m->compliance.count; k++) all_comply = all_comply && m->compliance.knot[k].value >= 1.0;
  for (size_t g = 0; m->fine > 0.0 && !all_comply && g < m->groups; g++) {
    char path[160];
    if (!isnan(m->group[g].firms) || m->group[g].code == NULL) continue;
    strcpy(stpcpy(stpcpy(path, "groups."), strlen(m->group[g].code) < 100 ? m->group[g].code : "GROUP"), ".firms");
    tanlu_market_missing(r, groups->child[g], path,
                         "the number of firms, each of which pays the fine unless it complies");
  }
}

/* `default` under every group: what a group does not say itself. */
static tanlu_yaml *with_defaults(const tanlu_yaml *group, const tanlu_yaml *usual, tanlu_context *context) {
  if (usual == NULL || usual->kind != TANLU_YAML_MAPPING || group->kind != TANLU_YAML_MAPPING) {
    return tanlu_yaml_copy(group, context);
  }
  tanlu_yaml *node = tanlu_yaml_copy(usual, context), *own = tanlu_yaml_copy(group, context);
  if (node != NULL && own != NULL && tanlu_scenario_merge_market(node, own, context) == TANLU_OK) {
    char *key = node->key;
    node->key = own->key;
    own->key = key;
    char *file = node->file;
    node->file = own->file;
    own->file = file;
    node->line = own->line;
    node->column = own->column;
    node->key_line = own->key_line;
    node->key_column = own->key_column;
  } else {
    tanlu_yaml_free(&node);
  }
  tanlu_yaml_free(&own);
  return node;
}

static void read_groups(tanlu_market_reader *r, const tanlu_yaml *block, tanlu_market_rules *m) {
  const tanlu_yaml *groups = tanlu_yaml_find(block, "groups"), *usual = tanlu_yaml_find(block, "default");
  if (groups == NULL || groups->kind != TANLU_YAML_MAPPING || groups->count == 0) {
    if (groups == NULL) {
      tanlu_market_missing(r, block, "groups", "{CODE: {...}} of the covered groups or sectors");
    } else {
      tanlu_market_ok(r,
                      tanlu_yaml_fail(groups, r->context, "expected {CODE: {...}} of the covered groups or sectors"));
    }
    return;
  }
  m->group = tanlu_allocate(r->context, groups->count, sizeof *m->group);
  if (m->group == NULL) {
    tanlu_market_ok(r, TANLU_ERR_MEMORY);
    return;
  }
  for (size_t g = 0; g < groups->count; g++) {
    tanlu_yaml *node = with_defaults(groups->child[g], usual, r->context);
    if (node == NULL) {
      tanlu_market_ok(r, TANLU_ERR_MEMORY);
      return;
    }
    m->groups++;
    tanlu_market_group_read(r, node, m, &m->group[g]);
    tanlu_yaml_free(&node);
  }
  check_fine(r, groups, m);
}

/* ---- the block ----------------------------------------------------------------------------------------------------------------- */

/* `source` is for readers: a text or a list of texts. */
static void check_source(tanlu_market_reader *r, const tanlu_yaml *block) {
  const tanlu_yaml *source = tanlu_yaml_find(block, "source");
  bool texts = source == NULL || source->kind != TANLU_YAML_MAPPING;
  for (size_t k = 0; texts && source != NULL && k < source->count; k++) {
    texts = source->child[k]->kind == TANLU_YAML_SCALAR;
  }
  if (!texts) tanlu_market_ok(r, tanlu_yaml_fail(source, r->context, "expected a text or a list of texts as 'source'"));
}

tanlu_status tanlu_market_read(tanlu_market_rules **rules, const tanlu_yaml *block, const tanlu_dataset *dataset,
                               int first, int last, bool complete, tanlu_context *context) {
  static const char *const keys[] = {"title",   "source",  "years",   "threshold",  "default",
                                     "groups",  "cap",     "reserve", "price",      "floor",
                                     "ceiling", "offsets", "banking", "compliance", "penalty"};
  tanlu_market_reader r = {dataset, first, last, complete, context, TANLU_OK};
  if (rules != NULL) *rules = NULL;
  const tanlu_status known = tanlu_yaml_check_keys(block, "ets", keys, sizeof keys / sizeof *keys, context);
  if (!tanlu_market_ok(&r, known) && block->kind != TANLU_YAML_MAPPING) return known;
  tanlu_market_rules *m = tanlu_allocate(context, 1, sizeof *m);
  if (m == NULL) return TANLU_ERR_MEMORY;
  m->sectors = dataset->accounts.n;
  tanlu_market_ok(&r, tanlu_yaml_text(block, "title", false, &m->title, context));
  check_source(&r, block);
  tanlu_market_number(&r, block, "threshold", 0.0, (double)INFINITY, 1.0, &m->threshold);
  read_years(&r, block, m);
  read_cap(&r, block, m);
  read_reserve(&r, block, m);
  read_prices(&r, block, m);
  read_offsets(&r, block, m);
  read_banking(&r, block, m);
  read_penalty(&r, block, m);
  read_groups(&r, block, m);
  if (r.status != TANLU_OK || rules == NULL) tanlu_market_rules_free(&m);
  if (rules != NULL) *rules = m;
  return r.status;
}
