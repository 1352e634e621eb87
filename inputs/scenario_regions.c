/* The block `regions:` itself; what it says of regions is in scenario_region_drivers.c. */
#include "inputs/scenario_regions.h"

#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/region_set.h"
#include "inputs/scenario_file.h"
#include "inputs/scenario_region_drivers.h"
#include "inputs/scenario_resolver.h"
#include "inputs/scenario_tree.h"
#include "solvers/memory.h"

const char *const tanlu_regional_lead_word[] = {"nation", "regions"};
enum { LEADS = TANLU_LEAD_REGIONS + 1 };

void tanlu_scenario_regions_free(tanlu_scenario_regions **regions) {
  tanlu_scenario_regions *r = *regions;
  if (!r) return;
  free(r->statistics);
  free(r->directory);
  free(r->level);
  free(r->region);
  tanlu_labels_clear(&r->code);
  free(r->peak);
  free(r);
  *regions = NULL;
}

/* ---- reading -------------------------------------------------------------------------------------------------------------- */

/* A text that may be missing: then NULL stays. */
static tanlu_status read_text(const tanlu_yaml *block, const char *key, char **text, tanlu_context *context) {
  return tanlu_yaml_find(block, key) ? tanlu_yaml_text(block, key, true, text, context) : TANLU_OK;
}

/* One of a list of words; *value stays where the key is missing. */
static tanlu_status read_word(const tanlu_yaml *block, const char *key, const char *const *words, size_t count,
                              const char *expected, size_t *value, tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(block, key);
  if (!node) return TANLU_OK;
  for (size_t k = 0; k < count && node->kind == TANLU_YAML_SCALAR; k++) {
    if (strcmp(node->text, words[k]) != 0) continue;
    *value = k;
    return TANLU_OK;
  }
  return tanlu_yaml_fail(node, context, "unknown %s '%s'; expected %s", key, node->text ? node->text : "", expected);
}

static tanlu_status read_number(const tanlu_yaml *block, const char *key, double *value, tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(block, key);
  const tanlu_status status = node ? tanlu_yaml_number(node, value, context) : TANLU_OK;
  if (status != TANLU_OK || *value >= 0.0) return status;
  return tanlu_yaml_fail(node, context, "%s is below zero; expected a number from 0", node->text);
}

/* Where the statistics lie. */
static tanlu_status find_statistics(tanlu_scenario_regions *r, const tanlu_yaml *block, bool lenient,
                                    tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(block, "statistics");
  if (!node)
    return tanlu_yaml_fail(block, context, "missing key 'statistics'; expected the name of regional statistics");
  const tanlu_status status = tanlu_yaml_text(block, "statistics", true, &r->statistics, context);
  if (status != TANLU_OK) return status;
  if (!lenient) return tanlu_scenario_find_named(&r->directory, "regions", node, "statistics", context);
  tanlu_context *inner = tanlu_context_create();
  if (tanlu_input_find(&r->directory, "regions", node->text, NULL, inner) != TANLU_OK) {
    tanlu_warn(context, "%s: the regional statistics '%s' are not found", node->file, node->text);
  }
  tanlu_context_free(&inner);
  return TANLU_OK;
}

static tanlu_status check_set(const tanlu_yaml *block, tanlu_context *context) {
  const tanlu_yaml *set = tanlu_yaml_find(block, "set");
  tanlu_status status = TANLU_OK;
  if (set && set->kind != TANLU_YAML_MAPPING) {
    return tanlu_yaml_fail(set, context, "expected a mapping of regions for 'set'");
  }
  for (size_t i = 0; set && i < set->count; i++) {
    if (set->child[i]->kind == TANLU_YAML_MAPPING) continue;
    status = tanlu_yaml_fail(set->child[i], context, "expected a mapping of keys for '%s'", set->child[i]->key);
  }
  return status;
}

tanlu_status tanlu_scenario_regions_read(tanlu_scenario *scenario, bool lenient, tanlu_context *context) {
  static const char *const keys[] = {"statistics", "lead",  "history", "level", "region",
                                     "quotient",   "delta", "beta",    "set"};
  const tanlu_yaml *block = tanlu_yaml_find(scenario->tree->root, "regions");
  if (!block) return TANLU_OK;
  tanlu_status status = tanlu_yaml_check_keys(block, "regions", keys, sizeof keys / sizeof *keys, context);
  if (block->kind != TANLU_YAML_MAPPING) return status;
  tanlu_scenario_regions *r = scenario->regions = tanlu_allocate(context, 1, sizeof *r);
  if (!r) return TANLU_ERR_MEMORY;
  static const char *const histories[] = {"nation", "recorded"};
  size_t lead = TANLU_LEAD_NATION, history = 0, quotient = tanlu_region_request_default.quotient;
  r->delta = tanlu_region_request_default.delta;
  r->beta = tanlu_region_request_default.beta;
  const tanlu_status each[] = {
      find_statistics(r, block, lenient, context),
      read_word(block, "lead", tanlu_regional_lead_word, LEADS, "nation or regions", &lead, context),
      read_word(block, "history", histories, 2, "nation or recorded", &history, context),
      read_text(block, "level", &r->level, context),
      read_text(block, "region", &r->region, context),
      read_word(block, "quotient", tanlu_quotient_word, TANLU_QUOTIENTS, "slq, cilq, flq or aflq", &quotient, context),
      read_number(block, "delta", &r->delta, context),
      read_number(block, "beta", &r->beta, context),
      check_set(block, context)};
  for (size_t k = 0; k < sizeof each / sizeof *each; k++) status = status == TANLU_OK ? each[k] : status;
  r->lead = (tanlu_regional_lead)lead;
  r->recorded_growth = history == 1;
  r->quotient = (tanlu_quotient)quotient;
  if (r->level && r->region) {
    const tanlu_yaml *node = tanlu_yaml_find(block, "region");
    const tanlu_status both =
        tanlu_yaml_fail_key(node, context, "'level' and 'region' exclude each other; expected one of them");
    if (status == TANLU_OK) status = both;
  }
  return status;
}

/* ---- the regions ---------------------------------------------------------------------------------------------------------- */

/* The message of another context, with a place of the scenario. */
static tanlu_status say_at(const tanlu_yaml *node, const tanlu_context *inner, tanlu_status status,
                           tanlu_context *context) {
  if (status != TANLU_ERR_INPUT) return tanlu_fail(context, status, "the regional statistics cannot be read");
  const char *message = tanlu_context_count(inner) > 0 ? tanlu_context_message(inner, 0) : "not found";
  const char *text = strstr(message, "error: ");
  text = text ? text + strlen("error: ") : message;
  if (strncmp(text, "--level: ", 9) == 0) text += 9;
  if (strncmp(text, "--region: ", 10) == 0) text += 10;
  return tanlu_yaml_fail(node, context, "%s", text);
}

/* Codes of what is projected into regions->code. */
static tanlu_status find_codes(tanlu_scenario_regions *r, const tanlu_yaml *block, const tanlu_dataset *nation,
                               tanlu_context *context) {
  tanlu_regional_data *data = NULL;
  tanlu_labels_clear(&r->code);
  tanlu_status status = tanlu_regional_data_read(&data, r->directory, nation, context);
  size_t *of_region = status == TANLU_OK ? tanlu_allocate(context, data->region.count, sizeof *of_region) : NULL;
  if (status == TANLU_OK && !of_region) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK && (r->level || r->region)) {
    tanlu_context *inner = tanlu_context_create();
    status = tanlu_regional_groups(data, r->level, r->region, &r->code, of_region, inner);
    if (status != TANLU_OK) {
      status = say_at(tanlu_yaml_find(block, r->level ? "level" : "region"), inner, status, context);
    }
    tanlu_context_free(&inner);
  } else {
    for (size_t p = 0; status == TANLU_OK && p < data->region.count; p++) {
      status = tanlu_labels_add(&r->code, data->region.code[p], data->region.name[p], data->region.name_zh[p], context);
    }
  }
  if (status != TANLU_OK) tanlu_labels_clear(&r->code);
  free(of_region);
  tanlu_regional_data_free(&data);
  return status;
}

static tanlu_status check_code(const tanlu_scenario_regions *r, const tanlu_yaml *said, tanlu_context *context) {
  if (r->code.count == 0 || tanlu_labels_find(&r->code, said->key) != TANLU_NONE) return TANLU_OK;
  const char *nearest = tanlu_labels_nearest(&r->code, said->key);
  if (nearest) {
    return tanlu_yaml_fail_key(said, context, "unknown region '%s'; did you mean '%s'?", said->key, nearest);
  }
  if (r->level) {
    return tanlu_yaml_fail_key(said, context, "unknown region '%s'; expected a group of the level '%s' of %s",
                               said->key, r->level, r->statistics);
  }
  if (r->region) {
    return tanlu_yaml_fail_key(said, context, "unknown region '%s'; expected %s or %s", said->key, r->code.code[0],
                               r->code.code[1]);
  }
  return tanlu_yaml_fail_key(said, context, "unknown region '%s'; expected a code of %s", said->key, r->statistics);
}

const tanlu_yaml *tanlu_scenario_region_keys(const tanlu_scenario *scenario, const char *code) {
  const tanlu_yaml *block = scenario->regions ? tanlu_yaml_find(scenario->tree->root, "regions") : NULL;
  const tanlu_yaml *set = block ? tanlu_yaml_find(block, "set") : NULL;
  return set ? tanlu_yaml_find(set, code) : NULL;
}

bool tanlu_scenario_says_of_region(const tanlu_scenario *scenario, const char *code) {
  const tanlu_yaml *said = tanlu_scenario_region_keys(scenario, code);
  return said && said->count > 0;
}

/* The aim of one region: a year after the base year that a timeline can name; one beyond the scenario is kept, for those cut short. */
static tanlu_status read_peak(const tanlu_scenario *scenario, const tanlu_yaml *said, const tanlu_dataset *nation,
                              tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(said, "peak");
  const size_t region = tanlu_labels_find(&scenario->regions->code, said->key);
  int year = 0;
  const tanlu_status status = node ? tanlu_yaml_integer(node, &year, context) : TANLU_OK;
  if (!node || status != TANLU_OK) return status;
  const int first = nation->base_year + 1, last = tanlu_span_of(nation, false).last;
  if (year < first || year > last) {
    return tanlu_yaml_fail(node, context, "'%d' is outside %d to %d; expected a year after the base year", year, first,
                           last);
  }
  if (region != TANLU_NONE) scenario->regions->peak[region] = year;
  return TANLU_OK;
}

/* The key that rules the import shares of a policy group in a year; the block `regions` where there is none. */
static const tanlu_yaml *imports_key(const tanlu_scenario *scenario, const tanlu_dataset *nation, size_t group,
                                     int year) {
  const bool recorded = year <= nation->history_to && scenario->tree->history;
  const tanlu_yaml *block = tanlu_yaml_find(recorded ? scenario->tree->history : scenario->tree->root, "imports");
  const tanlu_yaml *key = block ? block : tanlu_yaml_find(scenario->tree->root, "regions");
  size_t smallest = TANLU_NONE;
  for (size_t i = 0; block && i < block->count; i++) {
    bool *set = NULL;
    size_t count = 0, at_level, at_group;
    const tanlu_status status = tanlu_members_named(nation, TANLU_AXIS_POLICY_GROUP, block->child[i]->key,
                                                    block->child[i], false, &set, &count, &at_level, &at_group, NULL);
    if (status == TANLU_OK && set[group] && count < smallest) {
      smallest = count;
      key = block->child[i];
    }
    free(set);
  }
  return key;
}

/* A change of imports would have to be told apart from what other regions send (model/region_projection.h). */
static tanlu_status check_imports(const tanlu_scenario *scenario, const tanlu_dataset *nation, tanlu_context *context) {
  const tanlu_drivers *d = scenario->drivers;
  const size_t groups = d ? d->size[TANLU_DRIVER_IMPORT_SHARE] : 0;
  for (size_t k = 0; scenario->regions->code.count > 1 && k < groups * (d ? d->years : 0); k++) {
    const double value = d->value[TANLU_DRIVER_IMPORT_SHARE][k];
    const int year = d->from + (int)(k / groups);
    if (value == 1.0) continue;
    return tanlu_yaml_fail_key(imports_key(scenario, nation, k % groups, year), context,
                               "`imports` of '%s' is %.6g in %d; expected 1: in a scenario with regions all keep the "
                               "import shares of the base year",
                               tanlu_axis_code(nation, TANLU_AXIS_POLICY_GROUP, k % groups), value, year);
  }
  return TANLU_OK;
}

tanlu_status tanlu_scenario_regions_check(tanlu_scenario *scenario, const tanlu_dataset *nation,
                                          tanlu_context *context) {
  tanlu_scenario_regions *r = scenario->regions;
  if (!r) return TANLU_OK;
  const tanlu_yaml *block = tanlu_yaml_find(scenario->tree->root, "regions"), *set = tanlu_yaml_find(block, "set");
  tanlu_status status = r->directory ? find_codes(r, block, nation, context) : TANLU_OK;
  free(r->peak);
  r->peak = r->code.count > 0 ? tanlu_allocate(context, r->code.count, sizeof *r->peak) : NULL;
  if (r->code.count > 0 && !r->peak) return TANLU_ERR_MEMORY;
  const tanlu_status imports = check_imports(scenario, nation, context);
  if (status == TANLU_OK) status = imports;
  for (size_t i = 0; set && i < set->count; i++) {
    const tanlu_status known = check_code(r, set->child[i], context);
    const tanlu_status said = tanlu_region_keys_check(scenario, set->child[i], nation, context);
    const tanlu_status aim = read_peak(scenario, set->child[i], nation, context);
    if (status == TANLU_OK) status = known != TANLU_OK ? known : said != TANLU_OK ? said : aim;
  }
  return status;
}
