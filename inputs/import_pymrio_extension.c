/* Extensions of a table saved by pymrio: a directory each, with F (stressors by sectors) and unit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inputs/file_hash.h"
#include "inputs/import_codes.h"
#include "inputs/import_pymrio_private.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_region_table *table;
  const char *name;            /* of the extension */
  bool primary;                /* rows in the unit of the table are components of value added */
  const char *units;           /* path of unit.txt; NULL: there is none */
  tanlu_labels unit;           /* stressors; name: the unit */
  tanlu_label_index stressors; /* of unit */
  tanlu_label_index rows;      /* stressors of F, with their line */
  size_t *at;                  /* sectors of the columns of F */
  double *row;                 /* n */
  size_t components, extensions;
} job;

/* The index fields of a row as one text, "CO2 | air"; the caller frees. */
static char *label_of(const tanlu_csv *table, size_t indices, tanlu_context *context) {
  size_t length = 1;
  for (size_t k = 0; k < indices; k++) length += strlen(tanlu_csv_text(table, 0, k)) + 3;
  char *label = tanlu_allocate(context, length, 1);
  for (size_t k = 0; label != NULL && k < indices; k++) {
    if (k > 0) strcat(label, " | ");
    strcat(label, tanlu_csv_text(table, 0, k));
  }
  return label;
}

/* unit.txt: index fields, then the unit in the last one, whatever nr_index_col says (files of EXIOBASE 3 have it wrong). */
static tanlu_status take_unit(void *user, const tanlu_csv *table) {
  job *e = user;
  if (table->rows == 0) {
    if (table->columns >= 2) return TANLU_OK;
    return tanlu_fail_at(e->table->context, TANLU_ERR_INPUT, table->file, table->header_line, 1,
                         "1 field; expected stressor and unit, separated by tabs");
  }
  char *label = label_of(table, table->columns - 1, e->table->context);
  if (label == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  if (tanlu_label_index_find(&e->stressors, label, "") != TANLU_NONE) {
    status = tanlu_csv_fail(table, 0, 0, e->table->context, "duplicate stressor '%s'", label);
  } else {
    status = tanlu_label_index_add(&e->stressors, label, "", e->unit.count, e->table->context);
    if (status == TANLU_OK) {
      status = tanlu_labels_add(&e->unit, label, tanlu_csv_text(table, 0, table->columns - 1), NULL, e->table->context);
    }
  }
  free(label);
  return status;
}

static tanlu_status take_head(void *user, const tanlu_labelled_text *text, tanlu_context *context) {
  job *e = user;
  (void)context;
  tanlu_status status = TANLU_OK;
  e->at = tanlu_pymrio_columns(e->table, text, &status);
  return status;
}

static bool is_money(const tanlu_region_table *table, const char *unit) {
  char money[32];
  return tanlu_money_of(unit, money) && strcmp(money, table->heads.money) == 0;
}

static tanlu_status take_row(void *user, tanlu_labelled_text *text, const tanlu_csv *table, tanlu_context *context) {
  job *e = user;
  char *label = label_of(table, text->indices, context);
  if (label == NULL) return TANLU_ERR_MEMORY;
  const size_t before = tanlu_label_index_find(&e->rows, label, "");
  tanlu_status status = TANLU_OK;
  if (before != TANLU_NONE) {
    status = tanlu_csv_fail(table, 0, 0, context, "duplicate stressor '%s', first in line %zu", label, before);
  } else {
    status = tanlu_label_index_add(&e->rows, label, "", table->line[0], context);
  }
  const size_t k = tanlu_label_index_find(&e->stressors, label, "");
  if (k == TANLU_NONE && e->units != NULL && status == TANLU_OK) {
    status = tanlu_csv_fail(table, 0, 0, context, "stressor '%s' has no unit in %s", label, e->units);
  }
  const char *unit = k != TANLU_NONE ? e->unit.name[k] : "";
  const bool component = e->primary && is_money(e->table, unit);
  double *value = NULL;
  if (status == TANLU_OK) status = tanlu_labelled_text_numbers(text, table, e->at, e->row, context);
  if (status == TANLU_OK) {
    value =
        component ? tanlu_region_table_component(e->table, label) : tanlu_region_table_extension(e->table, label, unit);
    if (value == NULL) status = TANLU_ERR_MEMORY;
  }
  if (value != NULL) memcpy(value, e->row, e->table->sector.count * sizeof *value);
  if (value != NULL) (*(component ? &e->components : &e->extensions))++;
  free(label);
  return status;
}

/* Note a file that was read, with the directory that it is in. */
static tanlu_status note_file(const job *e, const char *path) {
  char digest[TANLU_SHA256_TEXT];
  const char *slash = strrchr(path, '/');
  const tanlu_status status = tanlu_file_sha256(path, digest, e->table->context);
  if (status != TANLU_OK) return status;
  return tanlu_region_table_remark(e->table, "file %s/%s, SHA-256 %s", e->name, slash != NULL ? slash + 1 : path,
                                   digest);
}

/* Extensions whose money rows are the value added of the table. Others (impacts) repeat sums of them. */
static bool is_primary(const char *name) {
  static const char *const names[] = {"satellite", "factor_inputs", "factor_input", "value_added", "primary_inputs",
                                      "va",        "factors"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    if (strcasecmp(name, names[k]) == 0) return true;
  }
  return false;
}

/* A stressor with a unit and no row is what a file that was cut off leaves. */
static tanlu_status check_rows(const job *e, const char *path) {
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < e->unit.count; k++) {
    if (tanlu_label_index_find(&e->rows, e->unit.code[k], "") != TANLU_NONE) continue;
    status =
        tanlu_fail_at(e->table->context, TANLU_ERR_INPUT, path, 0, 0,
                      "has no row '%s', of which %s has the unit; the file may be cut off", e->unit.code[k], e->units);
  }
  return status;
}

static tanlu_status read_tables(job *e, const tanlu_pymrio_files *files) {
  tanlu_region_table *t = e->table;
  const tanlu_pymrio_file *f = tanlu_pymrio_files_find(files, "F"), *unit = tanlu_pymrio_files_find(files, "unit");
  if (f == NULL)
    return tanlu_region_table_remark(t, "extension '%s' has no F (totals by sector) and is left out", e->name);
  e->units = unit != NULL ? unit->path : NULL;
  tanlu_status status =
      unit != NULL ? tanlu_csv_stream_delimited(unit->path, '\t', take_unit, e, t->context) : TANLU_OK;
  tanlu_labelled_text text = {.path = f->path, .delimiter = '\t', .headers = f->headers, .indices = f->indices};
  const tanlu_labelled_take how = {.user = e, .take_head = take_head, .take_row = take_row};
  if (status == TANLU_OK) status = tanlu_labelled_text_read(&text, &how, t->context);
  if (status == TANLU_OK) status = check_rows(e, f->path);
  if (status == TANLU_OK) status = tanlu_pymrio_remark_empty(t, &text);
  if (status == TANLU_OK) status = note_file(e, f->path);
  if (status == TANLU_OK && unit != NULL) status = note_file(e, unit->path);
  tanlu_labelled_text_clear(&text);
  if (status == TANLU_OK) {
    status =
        tanlu_region_table_remark(t, "extension '%s': %zu rows are components of value added, %zu are extensions%s",
                                  e->name, e->components, e->extensions, unit != NULL ? "" : " (it names no units)");
  }
  const bool direct = tanlu_pymrio_files_find(files, "F_Y") || tanlu_pymrio_files_find(files, "F_hh") ||
                      tanlu_pymrio_files_find(files, "FY");
  if (status != TANLU_OK || !direct) return status;
  return tanlu_region_table_remark(
      t,
      "extension '%s': what final demand itself causes (F_Y) has no place in a dataset and is "
      "left out",
      e->name);
}

tanlu_status tanlu_pymrio_extension_read(tanlu_region_table *table, const char *directory, const char *name,
                                         bool usual) {
  tanlu_pymrio_files files = {0};
  job e = {.table = table, .name = name, .primary = is_primary(name)};
  char *path = tanlu_pymrio_path(directory, name, table->context);
  e.row = tanlu_allocate_doubles(table->context, table->sector.count, 1);
  tanlu_status status = path != NULL && e.row != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && !usual && !tanlu_pymrio_is_saved(path, table->context)) {
    status = tanlu_region_table_remark(table, "directory '%s' has no file_parameters.json and is left out", name);
  } else if (status == TANLU_OK) {
    status = tanlu_pymrio_files_read(&files, path, true, usual, table->context);
    if (status == TANLU_OK && files.count > 0) status = read_tables(&e, &files);
    if (status == TANLU_OK && files.count == 0) {
      status = tanlu_region_table_remark(table, "directory '%s' has no files of an extension and is left out", name);
    }
  }
  tanlu_pymrio_files_clear(&files);
  tanlu_labels_clear(&e.unit);
  tanlu_label_index_clear(&e.stressors);
  tanlu_label_index_clear(&e.rows);
  free(e.at);
  free(e.row);
  free(path);
  return status;
}
