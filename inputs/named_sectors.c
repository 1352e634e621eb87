#include "inputs/named_sectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/number.h"
#include "solvers/memory.h"

enum { ITEM = 96, MESSAGE = 512 };

static tanlu_status tell_unknown(const tanlu_dataset *dataset, const char *name, char text[MESSAGE],
                                 tanlu_context *context) {
  const tanlu_labels *sector = &dataset->accounts.sector;
  size_t count = sector->count, k = 0;
  for (size_t l = 0; l < dataset->levels; l++) count += dataset->level[l].group.count;
  const char **code = tanlu_allocate(context, count, sizeof *code);
  if (code == NULL) return TANLU_ERR_MEMORY;
  for (size_t l = 0; l < dataset->levels; l++) {
    for (size_t g = 0; g < dataset->level[l].group.count; g++) code[k++] = dataset->level[l].group.code[g];
  }
  for (size_t j = 0; j < sector->count; j++) code[k++] = sector->code[j];
  const char *nearest = tanlu_nearest(name, code, count);
  free(code);
  if (nearest != NULL) {
    (void)snprintf(text, MESSAGE, "dataset %s has no sector or group '%s'; did you mean '%s'?", dataset->name, name,
                   nearest);
    return TANLU_ERR_INPUT;
  }
  const tanlu_level *groups = dataset->levels > 0 ? &dataset->level[dataset->levels - 1] : NULL;
  const bool grouped = groups != NULL && groups->group.count > 0;
  (void)snprintf(text, MESSAGE, "dataset %s has no sector or group '%s'; expected a code such as '%s'%s%s%s",
                 dataset->name, name, sector->code[0], grouped ? " or '" : "", grouped ? groups->group.code[0] : "",
                 grouped ? "'" : "");
  return TANLU_ERR_INPUT;
}

/* TANLU_ERR_INPUT with what is wrong in text, not yet reported. */
static tanlu_status find(const tanlu_dataset *dataset, const char *name, bool *member, char text[MESSAGE],
                         tanlu_context *context) {
  const size_t n = dataset->accounts.n, sector = tanlu_labels_find(&dataset->accounts.sector, name);
  const bool all = strcmp(name, "all") == 0;
  size_t level = TANLU_NONE, group = TANLU_NONE;
  if (sector != TANLU_NONE) {
    member[sector] = true;
    return TANLU_OK;
  }
  if (!all && tanlu_dataset_find_group(dataset, name, &level, &group) != TANLU_OK) {
    if (level == TANLU_NONE) return tell_unknown(dataset, name, text, context);
    (void)snprintf(text, MESSAGE, "'%s' names different groups on two levels; name their sectors", name);
    return TANLU_ERR_INPUT;
  }
  for (size_t j = 0; j < n; j++) {
    if (all || dataset->level[level].of_sector[j] == group) member[j] = true;
  }
  return TANLU_OK;
}

tanlu_status tanlu_sectors_named(const tanlu_dataset *dataset, const char *name, const char *what, bool *member,
                                 tanlu_context *context) {
  char text[MESSAGE];
  const tanlu_status status = find(dataset, name, member, text, context);
  return status == TANLU_ERR_INPUT ? tanlu_fail(context, status, "%s: %s", what, text) : status;
}

tanlu_status tanlu_sectors_in_cell(const tanlu_csv *table, size_t row, size_t column, const tanlu_dataset *dataset,
                                   bool *member, tanlu_context *context) {
  char text[MESSAGE];
  const tanlu_status status = find(dataset, tanlu_csv_text(table, row, column), member, text, context);
  return status == TANLU_ERR_INPUT ? tanlu_csv_fail(table, row, column, context, "%s", text) : status;
}

tanlu_status tanlu_sector_numbers(const tanlu_dataset *dataset, const char *text, const char *what, double lowest,
                                  double highest, double *value, tanlu_context *context) {
  const char *sign = strchr(text, '='), *number = sign != NULL ? sign + 1 : text;
  const size_t length = sign != NULL ? (size_t)(sign - text) : 0, n = dataset->accounts.n;
  char name[ITEM] = "all";
  double parsed = 0.0;
  if (length >= sizeof name) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: '%s' is no code of a sector or group", what, text);
  }
  if (sign != NULL) (void)snprintf(name, sizeof name, "%.*s", (int)length, text);
  if (!tanlu_number_parse(number, &parsed)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: '%s' is not a number; expected NUMBER or CODE=NUMBER", what,
                      number);
  }
  if (parsed < lowest || parsed > highest) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %s is outside %g to %g", what, number, lowest, highest);
  }
  bool *member = tanlu_allocate(context, n, sizeof *member);
  if (member == NULL) return TANLU_ERR_MEMORY;
  const tanlu_status status = tanlu_sectors_named(dataset, name, what, member, context);
  for (size_t j = 0; status == TANLU_OK && j < n; j++) {
    if (member[j]) value[j] = parsed;
  }
  free(member);
  return status;
}

static tanlu_status add_knot(const char *item, const char *what, double lowest, tanlu_timeline *timeline,
                             tanlu_context *context) {
  char year_text[ITEM];
  const char *sign = strchr(item, '=');
  int year = 0;
  double value = 0.0;
  (void)snprintf(year_text, sizeof year_text, "%.*s", (int)(sign != NULL ? sign - item : 0), item);
  if (sign == NULL || !tanlu_integer_parse(year_text, &year) || !tanlu_number_parse(sign + 1, &value)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: '%s' is neither a number nor YEAR=NUMBER, as in 2025=60,2030=120",
                      what, item);
  }
  if (value < lowest) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %s is below %g", what, sign + 1, lowest);
  }
  const char *wrong = tanlu_timeline_add(timeline, year, value, TANLU_LINEAR);
  if (wrong == NULL) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "%s: '%s': %s", what, item, wrong);
}

tanlu_status tanlu_year_numbers(const char *text, const char *what, double lowest, tanlu_timeline *timeline,
                                tanlu_context *context) {
  double value = 0.0;
  if (tanlu_number_parse(text, &value)) {
    if (value < lowest) return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %s is below %g", what, text, lowest);
    (void)tanlu_timeline_add(timeline, 0, value, TANLU_LINEAR);
    return TANLU_OK;
  }
  tanlu_status status = TANLU_OK;
  for (const char *at = text; status == TANLU_OK;) {
    char item[ITEM];
    const size_t length = strcspn(at, ",");
    if (length >= sizeof item) {
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "%s: '%s' is neither a number nor YEAR=NUMBER, as in 2025=60,2030=120", what, at);
    }
    (void)snprintf(item, sizeof item, "%.*s", (int)length, at);
    status = add_knot(item, what, lowest, timeline, context);
    if (at[length] == '\0') break;
    at += length + 1;
  }
  return status;
}
