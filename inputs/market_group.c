/* Covered groups of a carbon market: coverage, allowances, abatement. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "inputs/market_private.h"
#include "inputs/named_sectors.h"
#include "inputs/number.h"
#include "solvers/memory.h"

enum { PATH = 160, USUAL_BASE_YEARS = 3 };
static const double weight_tolerance = 1e-9;
static const double per_yuan = 1e-4; /* 10^4 CNY */

static void missing(tanlu_market_reader *r, const tanlu_yaml *node, const char *code, const char *key,
                    const char *expected) {
  char path[PATH];
  (void)snprintf(path, sizeof path, "groups.%s.%s", code, key);
  tanlu_market_missing(r, node, path, expected);
}

/* ---- who ------------------------------------------------------------------------------------------------------------------- */

static void read_members(tanlu_market_reader *r, const tanlu_yaml *node, const tanlu_market_rules *market,
                         tanlu_market_group *group) {
  const tanlu_dataset *d = r->dataset;
  size_t level = TANLU_NONE, in = TANLU_NONE;
  const size_t sector = tanlu_labels_find(&d->accounts.sector, node->key);
  const char *name = sector != TANLU_NONE ? d->accounts.sector.name[sector] : node->key;
  group->member = tanlu_allocate(r->context, d->accounts.n, sizeof *group->member);
  tanlu_context *inner = tanlu_context_create();
  if (group->member == NULL || inner == NULL) {
    tanlu_market_ok(r, TANLU_ERR_MEMORY);
  } else if (tanlu_sectors_named(d, node->key, "groups", group->member, inner) != TANLU_OK) {
    const char *text = strstr(tanlu_context_message(inner, 0), "groups: ");
    tanlu_market_ok(
        r, tanlu_yaml_fail_key(node, r->context, "%s", text != NULL ? text + strlen("groups: ") : "no such group"));
  } else if (sector == TANLU_NONE && tanlu_dataset_find_group(d, node->key, &level, &in) == TANLU_OK) {
    name = d->level[level].group.name[in];
  }
  tanlu_context_free(&inner);
  group->code = tanlu_string_copy(r->context, node->key);
  group->name = tanlu_string_copy(r->context, name);
  if (group->code == NULL || group->name == NULL) tanlu_market_ok(r, TANLU_ERR_MEMORY);
  for (const tanlu_market_group *other = market->group; other < group; other++) {
    for (size_t j = 0; j < d->accounts.n; j++) {
      if (group->member == NULL || other->member == NULL || !group->member[j] || !other->member[j]) continue;
      tanlu_market_ok(r, tanlu_yaml_fail_key(node, r->context,
                                             "sector '%s' is in '%s' already; expected groups without common "
                                             "sectors",
                                             d->accounts.sector.code[j], other->code));
      return;
    }
  }
}

static void read_coverage(tanlu_market_reader *r, const tanlu_yaml *node, const tanlu_market_rules *market,
                          tanlu_market_group *group) {
  group->firms = group->sigma = (double)NAN;
  tanlu_market_timeline(r, node, "share", 0.0, 1.0, 1.0, &group->share);
  tanlu_market_number(r, node, "firms", 1.0, 1e9, 1.0, &group->firms);
  tanlu_market_number(r, node, "sigma", 0.0, 10.0, 1.0, &group->sigma);
  if (!(market->threshold > 0.0) || tanlu_yaml_find(node, "share") != NULL) return;
  if (tanlu_yaml_find(node, "firms") == NULL) {
    missing(r, node, group->code, "firms", "the number of firms, from which the threshold takes some (or 'share')");
  }
  if (tanlu_yaml_find(node, "sigma") == NULL) {
    missing(r, node, group->code, "sigma", "the deviation of the logarithm of the firms' emissions (or 'share')");
  }
}

/* ---- allowances ---------------------------------------------------------------------------------------------------------------- */

static const char *const claims[TANLU_CLAIMS] = {"historic", "intensity", "benchmark"};

/* `rule: historic`, or a mix `rule: {historic: 0.5, benchmark: 0.5}`. */
static void read_rule(tanlu_market_reader *r, const tanlu_yaml *rule, tanlu_market_group *group) {
  double sum = 0.0;
  if (rule->kind == TANLU_YAML_SCALAR) {
    for (int k = 0; k < TANLU_CLAIMS; k++) sum += group->weight[k] = strcmp(rule->text, claims[k]) == 0 ? 1.0 : 0.0;
    if (sum > 0.0) return;
    const char *nearest = tanlu_nearest(rule->text, claims, TANLU_CLAIMS);
    tanlu_market_ok(r, tanlu_yaml_fail(rule, r->context,
                                       "unknown rule '%s'; expected historic, intensity or benchmark, or weights of "
                                       "them%s%s%s",
                                       rule->text, nearest != NULL ? "; did you mean '" : "",
                                       nearest != NULL ? nearest : "", nearest != NULL ? "'?" : ""));
    return;
  }
  if (!tanlu_market_ok(r, tanlu_yaml_check_keys(rule, "rule", claims, TANLU_CLAIMS, r->context))) return;
  bool good = true;
  for (int k = 0; k < TANLU_CLAIMS; k++) {
    if (tanlu_yaml_find(rule, claims[k]) == NULL) continue;
    good = tanlu_market_number(r, rule, claims[k], 0.0, 1.0, 1.0, &group->weight[k]) && good;
    sum += group->weight[k];
  }
  const bool wrong = r->complete ? fabs(sum - 1.0) > weight_tolerance : sum > 1.0 + weight_tolerance;
  if (good && wrong) {
    tanlu_market_ok(r,
                    tanlu_yaml_fail(rule, r->context, "the weights of '%s' sum to %g; expected 1", group->code, sum));
  }
}

/* `per: output`, or what else an intensity is per unit of. */
static void read_activity(tanlu_market_reader *r, const tanlu_yaml *per, tanlu_market_group *group) {
  static const char *const words[] = {"output", "value_added", "generation", "thermal_generation"};
  const tanlu_product_statistics *p = &r->dataset->products;
  for (size_t k = 0; per->kind == TANLU_YAML_SCALAR && k < sizeof words / sizeof *words; k++) {
    if (strcmp(per->text, words[k]) != 0) continue;
    group->activity = (tanlu_market_activity)k;
    return;
  }
  group->activity = TANLU_PER_PRODUCT;
  group->product = per->kind == TANLU_YAML_SCALAR ? tanlu_labels_find(&p->product, per->text) : TANLU_NONE;
  if (group->product != TANLU_NONE && p->kind[group->product] != TANLU_PRODUCT_PRIMARY) return;
  const char *nearest = per->kind == TANLU_YAML_SCALAR ? tanlu_labels_nearest(&p->product, per->text) : NULL;
  tanlu_market_ok(r,
                  tanlu_yaml_fail(per, r->context,
                                  "'%s' is nothing that an intensity can be per unit of; expected output, "
                                  "value_added, generation, thermal_generation or a product%s%s%s",
                                  per->kind == TANLU_YAML_SCALAR ? per->text : "", nearest != NULL ? " such as '" : "",
                                  nearest != NULL ? nearest : "", nearest != NULL ? "'" : ""));
}

/* Years that historic emissions and intensities are the mean of: as given, or the last before the market. */
static void read_base_years(tanlu_market_reader *r, const tanlu_yaml *allocation, const tanlu_market_rules *market,
                            tanlu_market_group *group) {
  static const char *const keys[] = {"from", "to"};
  const tanlu_yaml *years = tanlu_market_mapping(r, allocation, "base_years", keys, 2);
  group->to = market->from - 1;
  group->from = group->to - USUAL_BASE_YEARS + 1 > r->first ? group->to - USUAL_BASE_YEARS + 1 : r->first;
  if (years != NULL) {
    const bool from = tanlu_market_year(r, years, "from", &group->from),
               to = tanlu_market_year(r, years, "to", &group->to);
    if ((!from || !to) && r->status == TANLU_OK) {
      tanlu_market_ok(r, tanlu_yaml_fail(years, r->context, "expected base_years: {from: YEAR, to: YEAR}"));
    } else if (from && to && group->to < group->from) {
      tanlu_market_ok(
          r, tanlu_yaml_fail(years, r->context, "the base years end in %d, before %d", group->to, group->from));
    }
  } else if (group->to < group->from) {
    missing(r, allocation, group->code, "allocation.base_years",
            "{from: YEAR, to: YEAR} within the scenario, which has no year before the market");
  }
}

static void read_benchmark(tanlu_market_reader *r, const tanlu_yaml *node, tanlu_market_group *group) {
  static const char *const keys[] = {"value", "percentile", "best"};
  static const tanlu_market_benchmark kinds[] = {TANLU_BENCHMARK_GIVEN, TANLU_BENCHMARK_PERCENTILE,
                                                 TANLU_BENCHMARK_BEST};
  if (node->kind == TANLU_YAML_SCALAR) {
    const bool median = strcmp(node->text, "median") == 0;
    group->benchmark = median ? TANLU_BENCHMARK_MEDIAN : TANLU_BENCHMARK_TIERS;
    if (median || strcmp(node->text, "tiers") == 0) return;
  } else if (node->kind == TANLU_YAML_MAPPING && node->count == 1) {
    for (size_t k = 0; k < 3; k++) {
      if (strcmp(node->child[0]->key, keys[k]) != 0) continue;
      group->benchmark = kinds[k];
      if (tanlu_market_number(r, node, keys[k], 0.0, k == 0 ? (double)INFINITY : 1.0, 1.0, &group->benchmark_value) &&
          k > 0 && (group->benchmark_value <= 0.0 || group->benchmark_value >= 1.0)) {
        tanlu_market_ok(r,
                        tanlu_yaml_fail(node->child[0], r->context, "expected a share of the firms between 0 and 1"));
      }
      return;
    }
  }
  tanlu_market_ok(r, tanlu_yaml_fail(node, r->context,
                                     "expected a benchmark: median, tiers, {percentile: SHARE}, {best: SHARE} or "
                                     "{value: T_PER_UNIT}"));
}

static void read_allocation(tanlu_market_reader *r, const tanlu_yaml *node, const tanlu_market_rules *market,
                            tanlu_market_group *group) {
  static const char *const keys[] = {"rule", "per", "base_years", "benchmark", "variation"};
  const tanlu_yaml *a = tanlu_market_mapping(r, node, "allocation", keys, sizeof keys / sizeof *keys);
  group->variation = (double)NAN;
  if (a == NULL) {
    if (tanlu_yaml_find(node, "allocation") == NULL) {
      missing(r, node, group->code, "allocation.rule", "historic, intensity, benchmark or weights of them");
    }
    return;
  }
  const tanlu_yaml *rule = tanlu_yaml_find(a, "rule"), *per = tanlu_yaml_find(a, "per");
  const tanlu_yaml *benchmark = tanlu_yaml_find(a, "benchmark");
  tanlu_market_number(r, a, "variation", 0.0, 10.0, 1.0, &group->variation);
  if (per != NULL) read_activity(r, per, group);
  if (benchmark != NULL) read_benchmark(r, benchmark, group);
  if (rule == NULL) {
    missing(r, a, group->code, "allocation.rule", "historic, intensity, benchmark or weights of them");
  } else {
    read_rule(r, rule, group);
  }
  const bool by_benchmark = group->weight[TANLU_CLAIM_BENCHMARK] > 0.0;
  const bool own_year = group->benchmark == TANLU_BENCHMARK_TIERS || group->benchmark == TANLU_BENCHMARK_GIVEN;
  if (by_benchmark && benchmark == NULL) {
    missing(r, a, group->code, "allocation.benchmark",
            "median, tiers, {percentile: SHARE}, {best: SHARE} or {value: T_PER_UNIT}");
  } else if (by_benchmark && !own_year && tanlu_yaml_find(a, "variation") == NULL) {
    missing(r, a, group->code, "allocation.variation", "the coefficient of variation of the firms' intensities");
  }
  if (per == NULL && (group->weight[TANLU_CLAIM_INTENSITY] > 0.0 || by_benchmark)) {
    missing(r, a, group->code, "allocation.per", "output, value_added, generation, thermal_generation or a product");
  }
  read_base_years(r, a, market, group);
}

/* ---- abatement ------------------------------------------------------------------------------------------------------------------ */

/* `abatement: {PRICE: SHARE, ...}`, linear between; the caller frees what has been read, whatever happens. */
static void read_curve(tanlu_market_reader *r, const tanlu_yaml *node, tanlu_abatement *curve) {
  curve->price = tanlu_allocate_doubles(r->context, node->count, 1);
  curve->share = tanlu_allocate_doubles(r->context, node->count, 1);
  if (curve->price == NULL || curve->share == NULL) {
    tanlu_market_ok(r, TANLU_ERR_MEMORY);
    return;
  }
  for (size_t k = 0; k < node->count; k++) {
    const tanlu_yaml *point = node->child[k];
    const size_t last = curve->count;
    double price = 0.0, share = 0.0;
    if (!tanlu_number_parse(point->key, &price) || price < 0.0) {
      tanlu_market_ok(r, tanlu_yaml_fail_key(point, r->context,
                                             "'%s' is no price; expected {PRICE: SHARE, ...}, tiers or routes",
                                             point->key));
    } else if (tanlu_market_number(r, node, point->key, 0.0, 1.0, 1.0, &share)) {
      curve->price[last] = per_yuan * price;
      curve->share[last] = share;
      curve->count++;
      if (last == 0 || (curve->price[last] > curve->price[last - 1] && share >= curve->share[last - 1])) continue;
      tanlu_market_ok(r, tanlu_yaml_fail_key(point, r->context,
                                             "prices must rise, and shares not fall, from one point of a supply "
                                             "curve to the next"));
    }
  }
}

/* `routes: {process: steel, route: electric_arc, share: 0.4, ...}` of a group that the process is part of. */
static void read_route(tanlu_market_reader *r, const tanlu_yaml *node, tanlu_market_group *group) {
  const tanlu_route_statistics *routes = &r->dataset->routes;
  const size_t *of_sector = r->dataset->level[r->dataset->policy_level].of_sector;
  const tanlu_yaml *process = tanlu_yaml_find(node, "process"), *route = tanlu_yaml_find(node, "route");
  tanlu_abatement *a = &group->abatement;
  if (!tanlu_market_number(r, node, "share", 0.0, 1.0, 1.0, &a->route_share) &&
      tanlu_yaml_find(node, "share") == NULL) {
    missing(r, node, group->code, "abatement.routes.share", "the share of tonnes that the route could have");
  }
  if (process == NULL || route == NULL || process->kind != TANLU_YAML_SCALAR || route->kind != TANLU_YAML_SCALAR) {
    tanlu_market_ok(r,
                    tanlu_yaml_fail(node, r->context,
                                    "expected {process: PROCESS, route: ROUTE, share: SHARE, from: PRICE, to: PRICE}"));
    return;
  }
  a->process = tanlu_labels_find(&routes->process, process->text);
  a->route = tanlu_labels_find(&routes->route, route->text);
  bool inside = false;
  for (size_t j = 0; a->process != TANLU_NONE && group->member != NULL && j < r->dataset->accounts.n; j++) {
    inside = inside || (group->member[j] && of_sector[j] == routes->group[a->process]);
  }
  if (!inside) {
    tanlu_market_ok(r, tanlu_yaml_fail(process, r->context, "'%s' is no process with routes that is part of '%s'",
                                       process->text, group->code));
  } else if (a->route == TANLU_NONE || !routes->has[a->process * routes->route.count + a->route]) {
    tanlu_market_ok(r, tanlu_yaml_fail(route, r->context, "'%s' is no route of '%s'", route->text, process->text));
  }
}

/* From nothing at the price `from` to all that tiers or routes leave at `to`. */
static void read_rising(tanlu_market_reader *r, const tanlu_yaml *node, tanlu_market_group *group) {
  tanlu_abatement *a = &group->abatement;
  a->price = tanlu_allocate_doubles(r->context, 2, 1);
  a->share = tanlu_allocate_doubles(r->context, 2, 1);
  if (a->price == NULL || a->share == NULL) {
    tanlu_market_ok(r, TANLU_ERR_MEMORY);
    return;
  }
  const bool tiers = a->kind == TANLU_ABATE_TIERS;
  const bool from = tanlu_market_number(r, node, "from", 0.0, (double)INFINITY, per_yuan, &a->price[0]);
  const bool to = tanlu_market_number(r, node, "to", 0.0, (double)INFINITY, per_yuan, &a->price[1]);
  a->count = 2;
  a->share[1] = 1.0;
  if (tanlu_yaml_find(node, "from") == NULL) {
    missing(r, node, group->code, tiers ? "abatement.tiers.from" : "abatement.routes.from",
            "the cost of the cheapest saving, CNY per t");
  }
  if (tanlu_yaml_find(node, "to") == NULL) {
    missing(r, node, group->code, tiers ? "abatement.tiers.to" : "abatement.routes.to",
            "the cost of the dearest saving, CNY per t");
  }
  if (from && to && a->price[1] <= a->price[0]) {
    tanlu_market_ok(r, tanlu_yaml_fail(node, r->context, "the dearest saving must cost more than the cheapest"));
  }
}

static void read_abatement(tanlu_market_reader *r, const tanlu_yaml *node, tanlu_market_group *group) {
  static const char *const of_tiers[] = {"from", "to"}, *const of_routes[] = {"from", "to", "process", "route",
                                                                              "share"};
  const tanlu_yaml *curve = tanlu_yaml_find(node, "abatement");
  if (curve == NULL) return;
  if (curve->kind != TANLU_YAML_MAPPING || curve->count == 0) {
    tanlu_market_ok(
        r, tanlu_yaml_fail(curve, r->context, "expected {PRICE: SHARE, ...}, {tiers: {...}} or {routes: {...}}"));
    return;
  }
  const bool alone = curve->count == 1;
  if (alone && strcmp(curve->child[0]->key, "tiers") == 0) {
    const tanlu_yaml *tiers = tanlu_market_mapping(r, curve, "tiers", of_tiers, 2);
    group->abatement.kind = TANLU_ABATE_TIERS;
    if (tiers != NULL) read_rising(r, tiers, group);
  } else if (alone && strcmp(curve->child[0]->key, "routes") == 0) {
    const tanlu_yaml *routes = tanlu_market_mapping(r, curve, "routes", of_routes, 5);
    group->abatement.kind = TANLU_ABATE_ROUTES;
    if (routes == NULL) return;
    read_rising(r, routes, group);
    read_route(r, routes, group);
  } else {
    read_curve(r, curve, &group->abatement);
  }
}

void tanlu_market_group_read(tanlu_market_reader *r, const tanlu_yaml *node, const tanlu_market_rules *market,
                             tanlu_market_group *group) {
  static const char *const keys[] = {"share", "firms", "sigma", "allocation", "control", "auction", "abatement"};
  read_members(r, node, market, group);
  if (!tanlu_market_ok(r, tanlu_yaml_check_keys(node, "a covered group", keys, sizeof keys / sizeof *keys, r->context)))
    return;
  read_coverage(r, node, market, group);
  read_allocation(r, node, market, group);
  tanlu_market_timeline(r, node, "control", 0.0, 10.0, 1.0, &group->control);
  tanlu_market_timeline(r, node, "auction", 0.0, 1.0, 1.0, &group->auction);
  read_abatement(r, node, group);
}
