/* Costs of power plants and what they buy, and what all readers of policy/ files that dataset.yaml names share. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/dataset_policy_private.h"

/* ---- shared ---------------------------------------------------------------------------------------------------------------- */

tanlu_csv *tanlu_policy_open(tanlu_reader *r, const char *key, const char *const *columns, size_t count,
                             size_t *index) {
  const tanlu_yaml *node = tanlu_yaml_find(tanlu_yaml_find(r->settings, "policy"), key);
  if (!node) return NULL;
  char digest[TANLU_SHA256_TEXT], *path = NULL, *name = NULL;
  tanlu_csv *table = NULL;
  tanlu_context *inner = tanlu_context_create();
  if (node->kind != TANLU_YAML_SCALAR ||
      tanlu_input_find(&path, "policy", node->text, r->directory, inner) != TANLU_OK) {
    tanlu_reader_ok(r,
                    tanlu_yaml_fail(node, r->context, "%s: no file '%s' beside the dataset or among the policy files",
                                    key, node->text ? node->text : ""));
  } else if (tanlu_reader_ok(r, tanlu_csv_read(&table, path, digest, r->context))) {
    if (asprintf(&name, "policy/%s", node->text) < 0) name = NULL;
    tanlu_reader_record(r, name ? name : node->text, digest);
    if (!tanlu_reader_ok(r, tanlu_csv_columns(table, columns, count, count, index, r->context))) tanlu_csv_free(&table);
  }
  tanlu_context_free(&inner);
  free(path);
  free(name);
  return table;
}

size_t tanlu_policy_group(tanlu_reader *r, const tanlu_csv *table, size_t row, size_t column) {
  const char *cursor = tanlu_csv_text(table, row, column);
  size_t group = TANLU_NONE;
  if (*cursor == '\0') {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, column, r->context, "a process needs the group it is part of"));
  }
  for (char *word = NULL; tanlu_reader_next_word(&cursor, &word);) {
    const size_t found = tanlu_labels_find(tanlu_dataset_policy_groups(r->dataset), word);
    if (group == TANLU_NONE) group = found;
  }
  return group;
}

double tanlu_policy_number(tanlu_reader *r, const tanlu_csv *table, size_t row, size_t column, bool required,
                           double lowest, double highest) {
  double value = (double)NAN;
  if (!required && *tanlu_csv_text(table, row, column) == '\0') return value;
  tanlu_reader_ok(r, tanlu_csv_number_within(table, row, column, (double)NAN, lowest, highest, &value, r->context));
  return value;
}

bool tanlu_policy_repeated(const tanlu_csv *table, size_t row, size_t column) {
  for (size_t before = 0; before < row; before++) {
    if (strcmp(tanlu_csv_text(table, before, column), tanlu_csv_text(table, row, column)) == 0) return true;
  }
  return false;
}

/* ---- investment.csv ------------------------------------------------------------------------------------------------------ */

enum { V_TECHNOLOGY, V_COST, V_LIFETIME, V_SOURCE, INVESTMENT_COLUMNS };
static const char *const investment_columns[INVESTMENT_COLUMNS] = {"technology", "cost", "lifetime", "source"};

static void read_plant(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  tanlu_investment_statistics *s = &r->dataset->investment;
  size_t i = 0;
  if (!tanlu_reader_ok(r, tanlu_csv_code(table, row, index[V_TECHNOLOGY], "technology", &r->dataset->power.technology,
                                         false, &i, r->context))) {
    return;
  }
  if (tanlu_policy_repeated(table, row, index[V_TECHNOLOGY])) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[V_TECHNOLOGY], r->context, "a second row of '%s'",
                                      r->dataset->power.technology.code[i]));
  }
  s->cost[i] = tanlu_policy_number(r, table, row, index[V_COST], true, 0.0, 1e6);
  s->lifetime[i] = tanlu_policy_number(r, table, row, index[V_LIFETIME], true, 1.0, 200.0);
  if (*tanlu_csv_text(table, row, index[V_SOURCE]) == '\0') {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[V_SOURCE], r->context, "a cost needs a source"));
  }
}

static void read_investment(tanlu_reader *r) {
  tanlu_investment_statistics *s = &r->dataset->investment;
  const size_t technologies = r->dataset->power.technology.count;
  size_t index[INVESTMENT_COLUMNS];
  tanlu_csv *table = tanlu_policy_open(r, "investment", investment_columns, INVESTMENT_COLUMNS, index);
  if (!table) return;
  s->cost = tanlu_reader_allocate(r, technologies, sizeof *s->cost);
  s->lifetime = tanlu_reader_allocate(r, technologies, sizeof *s->lifetime);
  for (size_t i = 0; i < technologies && s->cost && s->lifetime; i++) s->cost[i] = s->lifetime[i] = (double)NAN;
  for (size_t row = 0; row < table->rows && s->cost && s->lifetime; row++) read_plant(r, table, index, row);
  tanlu_csv_free(&table);
}

/* ---- investment-bridge.csv ------------------------------------------------------------------------------------------------ */

enum { B_TECHNOLOGY, B_GROUP, B_SHARE, B_SOURCE, BRIDGE_COLUMNS };
static const char *const bridge_columns[BRIDGE_COLUMNS] = {"technology", "group", "share", "source"};

static void read_purchase(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row, size_t *last) {
  const tanlu_labels *technologies = &r->dataset->power.technology, *groups = tanlu_dataset_policy_groups(r->dataset);
  size_t i = 0, g = 0;
  if (!tanlu_reader_ok(
          r, tanlu_csv_code(table, row, index[B_TECHNOLOGY], "technology", technologies, false, &i, r->context)) ||
      !tanlu_reader_ok(r, tanlu_csv_code(table, row, index[B_GROUP], "group", groups, false, &g, r->context))) {
    return;
  }
  double *share = &r->dataset->investment.bridge[i * groups->count + g];
  if (*share != 0.0) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[B_GROUP], r->context, "a second row of '%s' for '%s'",
                                      groups->code[g], technologies->code[i]));
  }
  *share = tanlu_policy_number(r, table, row, index[B_SHARE], true, 0.0, 1.0);
  last[i] = row;
  if (*tanlu_csv_text(table, row, index[B_SOURCE]) == '\0') {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[B_SOURCE], r->context, "a share needs a source"));
  }
}

static void check_bridge(tanlu_reader *r, const tanlu_csv *table, const size_t *index, const size_t *last) {
  const tanlu_labels *technologies = &r->dataset->power.technology;
  const size_t groups = tanlu_dataset_policy_groups(r->dataset)->count;
  for (size_t i = 0; i < technologies->count; i++) {
    double sum = 0.0;
    for (size_t g = 0; g < groups; g++) sum += r->dataset->investment.bridge[i * groups + g];
    if (last[i] == TANLU_NONE || fabs(sum - 1.0) <= TANLU_POLICY_ROUNDING) continue;
    tanlu_reader_ok(r, tanlu_csv_fail(table, last[i], index[B_SHARE], r->context,
                                      "the shares of '%s' add up to %.6g; expected 1", technologies->code[i], sum));
  }
}

static void read_bridge(tanlu_reader *r) {
  const size_t technologies = r->dataset->power.technology.count;
  const size_t groups = tanlu_dataset_policy_groups(r->dataset)->count;
  size_t index[BRIDGE_COLUMNS];
  tanlu_csv *table = tanlu_policy_open(r, "investment_bridge", bridge_columns, BRIDGE_COLUMNS, index);
  if (!table) return;
  double *bridge = r->dataset->investment.bridge = tanlu_reader_allocate(r, technologies * groups, sizeof *bridge);
  size_t *last = tanlu_reader_allocate(r, technologies, sizeof *last);
  for (size_t i = 0; i < technologies && last; i++) last[i] = TANLU_NONE;
  for (size_t row = 0; row < table->rows && bridge && last; row++) read_purchase(r, table, index, row, last);
  if (r->status == TANLU_OK) check_bridge(r, table, index, last);
  free(last);
  tanlu_csv_free(&table);
}

void tanlu_dataset_read_policy(tanlu_reader *r) {
  static const char *const keys[] = {"efficiency_tiers", "routes", "investment", "investment_bridge"};
  const tanlu_yaml *policy = tanlu_yaml_find(r->settings, "policy");
  if (!policy || !tanlu_reader_ok(r, tanlu_yaml_check_keys(policy, "policy", keys, 4, r->context))) return;
  tanlu_dataset_read_tiers(r);
  tanlu_dataset_read_routes(r);
  read_investment(r);
  read_bridge(r);
}
