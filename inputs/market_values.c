/* Numbers, years and timelines of a market's block. */
#include <math.h>
#include <string.h>

#include "inputs/market_private.h"
#include "inputs/number.h"

enum { YEAR_FIRST = 1990, YEAR_LAST = 2100 };

bool tanlu_market_ok(tanlu_market_reader *r, tanlu_status status) {
  if (r->status == TANLU_OK) r->status = status;
  return status == TANLU_OK;
}

void tanlu_market_missing(tanlu_market_reader *r, const tanlu_yaml *node, const char *path, const char *expected) {
  if (!r->complete) return;
  tanlu_market_ok(
      r, tanlu_yaml_fail(node, r->context,
                         "the market does not say '%s'; expected %s, in the scenario's ets block or with --rule "
                         "%s=VALUE",
                         path, expected, path));
}

const tanlu_yaml *tanlu_market_mapping(tanlu_market_reader *r, const tanlu_yaml *parent, const char *key,
                                       const char *const *keys, size_t count) {
  const tanlu_yaml *node = tanlu_yaml_find(parent, key);
  if (node == NULL) return NULL;
  return tanlu_market_ok(r, tanlu_yaml_check_keys(node, key, keys, count, r->context)) ? node : NULL;
}

static bool within(tanlu_market_reader *r, const tanlu_yaml *node, double lowest, double highest, double *value) {
  if (!tanlu_market_ok(r, tanlu_yaml_number(node, value, r->context))) return false;
  if (*value >= lowest && *value <= highest) return true;
  if (isinf(highest)) {
    return tanlu_market_ok(
        r, tanlu_yaml_fail(node, r->context, "%s is outside the bounds; expected at least %g", node->text, lowest));
  }
  return tanlu_market_ok(
      r, tanlu_yaml_fail(node, r->context, "%s is outside the bounds; expected %g to %g", node->text, lowest, highest));
}

bool tanlu_market_number(tanlu_market_reader *r, const tanlu_yaml *mapping, const char *key, double lowest,
                         double highest, double factor, double *value) {
  const tanlu_yaml *node = tanlu_yaml_find(mapping, key);
  double number = 0.0;
  if (node == NULL || !within(r, node, lowest, highest, &number)) return false;
  *value = factor * number;
  return true;
}

bool tanlu_market_year(tanlu_market_reader *r, const tanlu_yaml *mapping, const char *key, int *year) {
  const tanlu_yaml *node = tanlu_yaml_find(mapping, key);
  int given = 0;
  if (node == NULL || !tanlu_market_ok(r, tanlu_yaml_integer(node, &given, r->context))) return false;
  if (given >= r->first && given <= r->last) {
    *year = given;
    return true;
  }
  return tanlu_market_ok(r,
                         tanlu_yaml_fail(node, r->context, "%d is outside the years of the scenario; expected %d to %d",
                                         given, r->first, r->last));
}

bool tanlu_market_yes_no(tanlu_market_reader *r, const tanlu_yaml *mapping, const char *key, bool *value) {
  static const char *const word[] = {"no", "yes", "false", "true"};
  const tanlu_yaml *node = tanlu_yaml_find(mapping, key);
  if (node == NULL) return false;
  for (size_t k = 0; node->kind == TANLU_YAML_SCALAR && k < sizeof word / sizeof *word; k++) {
    if (strcmp(node->text, word[k]) != 0) continue;
    *value = k % 2 == 1;
    return true;
  }
  return tanlu_market_ok(r, tanlu_yaml_fail(node, r->context, "expected yes or no for '%s'", key));
}

static bool interpolation_of(tanlu_market_reader *r, const tanlu_yaml *node, tanlu_interpolation *interpolation) {
  for (int k = 0; k < TANLU_INTERPOLATIONS && node->kind == TANLU_YAML_SCALAR; k++) {
    if (strcmp(node->text, tanlu_interpolation_word[k]) != 0) continue;
    *interpolation = (tanlu_interpolation)k;
    return true;
  }
  return tanlu_market_ok(r, tanlu_yaml_fail(node, r->context, "expected the interpolation linear, step or geometric"));
}

bool tanlu_market_timeline(tanlu_market_reader *r, const tanlu_yaml *mapping, const char *key, double lowest,
                           double highest, double factor, tanlu_timeline *timeline) {
  const tanlu_yaml *node = tanlu_yaml_find(mapping, key);
  double value = 0.0;
  if (node == NULL) return false;
  if (node->kind == TANLU_YAML_SCALAR) {
    if (!within(r, node, lowest, highest, &value)) return false;
    return tanlu_timeline_add(timeline, 0, factor * value, TANLU_LINEAR) == NULL;
  }
  const tanlu_yaml *word = node->kind == TANLU_YAML_MAPPING ? tanlu_yaml_find(node, "interpolation") : NULL;
  tanlu_interpolation interpolation = TANLU_LINEAR;
  bool good = word == NULL || interpolation_of(r, word, &interpolation);
  for (size_t k = 0; node->kind == TANLU_YAML_MAPPING && k < node->count; k++) {
    const tanlu_yaml *knot = node->child[k];
    int year = 0;
    if (knot == word) continue;
    if (!tanlu_integer_parse(knot->key, &year) || year < YEAR_FIRST || year > YEAR_LAST) {
      good = tanlu_market_ok(r, tanlu_yaml_fail_key(knot, r->context,
                                                    "'%s' is no year; expected {YEAR: VALUE, ...} of '%s'", knot->key,
                                                    key));
      continue;
    }
    if (!within(r, knot, lowest, highest, &value)) {
      good = false;
      continue;
    }
    const char *wrong = tanlu_timeline_add(timeline, year, factor * value, interpolation);
    if (wrong != NULL) good = tanlu_market_ok(r, tanlu_yaml_fail_key(knot, r->context, "%s", wrong));
  }
  if (good && timeline->count == 0) {
    good =
        tanlu_market_ok(r, tanlu_yaml_fail(node, r->context, "expected a number or {YEAR: VALUE, ...} for '%s'", key));
  }
  return good;
}
