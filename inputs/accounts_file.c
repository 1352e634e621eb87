#include "inputs/accounts_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"
#include "inputs/open_table.h"
#include "solvers/memory.h"

bool tanlu_is_accounts_only(const char *directory) {
  char *path = NULL;
  tanlu_yaml *root = NULL;
  tanlu_context *inner = tanlu_context_create();
  if (asprintf(&path, "%s/dataset.yaml", directory) < 0) path = NULL;
  bool only = inner != NULL && path != NULL && tanlu_yaml_read(&root, path, NULL, inner) == TANLU_OK;
  const tanlu_yaml *node = only && root->kind == TANLU_YAML_MAPPING ? tanlu_yaml_find(root, "accounts_only") : NULL;
  only = node != NULL && node->kind == TANLU_YAML_SCALAR && strcmp(node->text, "true") == 0;
  tanlu_yaml_free(&root);
  tanlu_context_free(&inner);
  free(path);
  return only;
}

/* ---- extensions -------------------------------------------------------------------------------------------------------- */

/* extension_units.csv: names and units of the columns of extensions.csv. */
static void read_units(tanlu_reader *r, const tanlu_sector_columns *columns, const char **name, const char **name_zh,
                       tanlu_csv **table) {
  static const char *const names[] = {"code", "name", "name_zh", "unit"};
  tanlu_extension_statistics *e = &r->dataset->extension;
  size_t index[4];
  *table = tanlu_reader_table(r, "extension_units.csv", names, 4, 4, index);
  for (size_t row = 0; *table && row < (*table)->rows; row++) {
    size_t k = TANLU_NONE;
    if (!tanlu_reader_ok(r, tanlu_csv_word(*table, row, index[0], "extension", (const char *const *)columns->name,
                                           columns->columns, &k, r->context))) {
      continue;
    }
    if (e->unit[k]) {
      tanlu_reader_ok(r,
                      tanlu_csv_fail(*table, row, index[0], r->context, "duplicate extension '%s'", columns->name[k]));
      continue;
    }
    name[k] = tanlu_csv_text(*table, row, index[1]);
    name_zh[k] = tanlu_csv_text(*table, row, index[2]);
    e->unit[k] = tanlu_string_copy(r->context, tanlu_csv_text(*table, row, index[3]));
    if (!e->unit[k]) tanlu_reader_ok(r, TANLU_ERR_MEMORY);
  }
}

static void read_extensions(tanlu_reader *r) {
  tanlu_extension_statistics *e = &r->dataset->extension;
  tanlu_sector_columns columns = {0};
  tanlu_csv *table = NULL;
  if (!tanlu_reader_has(r, "extensions.csv")) return;
  char *path = tanlu_reader_path(r, "extensions.csv"), digest[TANLU_SHA256_TEXT];
  if (!path ||
      !tanlu_reader_ok(r, tanlu_sector_columns_read(&columns, path, &r->dataset->accounts, -HUGE_VAL, r->context))) {
    free(path);
    return;
  }
  if (tanlu_reader_ok(r, tanlu_file_sha256(path, digest, r->context))) {
    tanlu_reader_record(r, "extensions.csv", digest);
  }
  const char **name = tanlu_reader_allocate(r, columns.columns, sizeof *name);
  const char **name_zh = tanlu_reader_allocate(r, columns.columns, sizeof *name_zh);
  e->unit = tanlu_reader_allocate(r, columns.columns, sizeof *e->unit);
  if (name && name_zh && e->unit) {
    if (tanlu_reader_has(r, "extension_units.csv")) read_units(r, &columns, name, name_zh, &table);
    for (size_t k = 0; k < columns.columns; k++) {
      if (!e->unit[k]) e->unit[k] = tanlu_string_copy(r->context, "");
      if (!e->unit[k]) tanlu_reader_ok(r, TANLU_ERR_MEMORY);
      tanlu_reader_ok(r, tanlu_labels_add(&e->label, columns.name[k], name[k], name_zh[k], r->context));
    }
    e->value = columns.value;
    columns.value = NULL;
  }
  tanlu_csv_free(&table);
  free(name);
  free(name_zh);
  free(path);
  tanlu_sector_columns_clear(&columns);
}

tanlu_status tanlu_extensions_read(tanlu_dataset *dataset, tanlu_context *context) {
  tanlu_reader r = {.dataset = dataset, .directory = dataset->path, .context = context, .status = TANLU_OK};
  read_extensions(&r);
  return r.status;
}

/* ---- the accounts ------------------------------------------------------------------------------------------------------ */

static void read_parts(tanlu_reader *r) {
  tanlu_dataset_read_settings(r);
  if (r->status == TANLU_OK && !r->dataset->accounts_only) tanlu_dataset_read_branches(r);
  if (r->status == TANLU_OK) tanlu_dataset_read_sectors(r);
  if (r->status == TANLU_OK) tanlu_dataset_read_accounts(r);
  if (r->status == TANLU_OK) tanlu_dataset_check_accounts(r);
  if (r->status == TANLU_OK) read_extensions(r);
}

tanlu_status tanlu_accounts_read(tanlu_dataset **dataset, const char *directory, tanlu_context *context) {
  *dataset = NULL;
  tanlu_reader r;
  const tanlu_status status = tanlu_reader_begin(&r, directory, context);
  if (status != TANLU_OK) return status;
  read_parts(&r);
  tanlu_yaml_free(&r.settings);
  free(r.flows.line);
  free(r.flows.field);
  if (r.status == TANLU_OK) {
    *dataset = r.dataset;
  } else {
    tanlu_dataset_free(&r.dataset);
  }
  return r.status;
}
