#include "outputs/dataset_write.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outputs/csv_write.h"
#include "outputs/dataset_directory_private.h"
#include "outputs/hdf5_util_private.h"
#include "solvers/memory.h"

struct tanlu_dataset_writer {
  const tanlu_table_heads *heads;
  char *path, *temporary; /* the directory asked for and the one that is filled */
  bool force, made;       /* made: temporary is there */
  FILE *flows, *domestic; /* while rows come */
  size_t n, rows;
  bool margins;
  bool *written; /* files: there already */
  bool complete; /* all files are there */
};

static tanlu_status make_directory(tanlu_dataset_writer *w, tanlu_context *context) {
  if (asprintf(&w->temporary, "%s.%ld.tmp", w->path, (long)getpid()) < 0) {
    w->temporary = NULL;
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  }
  (void)tanlu_dataset_directory_remove(w->temporary); /* of an earlier process of this number that was killed */
  if (mkdir(w->temporary, 0777) != 0) return tanlu_system_fail(context, w->path, "write the dataset", errno);
  w->made = true;
  return TANLU_OK;
}

/* ---- files ------------------------------------------------------------------------------------------------------------- */

static FILE *open_file(tanlu_dataset_writer *w, const char *name, tanlu_context *context) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", w->temporary, name) < 0) {
    (void)tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
    return NULL;
  }
  FILE *file = fopen(path, "wxe");
  if (file == NULL) (void)tanlu_system_fail(context, w->path, "write the dataset", errno);
  if (tanlu_dataset_file_of(name) < tanlu_dataset_files()) w->written[tanlu_dataset_file_of(name)] = true;
  free(path);
  return file;
}

/* Flush to the disk and close: all of them tell of writes that failed. */
static tanlu_status close_file(tanlu_dataset_writer *w, FILE *file, tanlu_context *context) {
  int error = fflush(file) != 0 || ferror(file) != 0 ? (errno != 0 ? errno : EIO) : 0;
  if (error == 0 && fsync(fileno(file)) != 0) error = errno;
  if (fclose(file) != 0 && error == 0) error = errno;
  return error == 0 ? TANLU_OK : tanlu_system_fail(context, w->path, "write the dataset", error);
}

static void put_end(FILE *file) {
  (void)fputc('\n', file);
}

/* A double-quoted scalar; what is no text becomes a blank. */
static void put_yaml(FILE *file, const char *key, const char *text) {
  (void)fprintf(file, "%s: \"", key);
  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\') (void)fputc('\\', file);
    (void)fputc((unsigned char)*p < 0x20 || *p == 0x7f ? ' ' : *p, file);
  }
  (void)fputs("\"\n", file);
}

static void put_label(FILE *file, const tanlu_labels *labels, size_t i) {
  tanlu_csv_put_text(file, true, labels->code[i]);
  tanlu_csv_put_text(file, false, labels->name[i]);
  tanlu_csv_put_text(file, false, labels->name_zh[i]);
}

/* ---- heads ------------------------------------------------------------------------------------------------------------- */

static void put_settings(const tanlu_table_heads *h, FILE *file) {
  static const char *const treatment[] = {"proportional", "split", "none"};
  put_yaml(file, "name", h->name);
  put_yaml(file, "title", h->title != NULL ? h->title : "");
  if (h->region != NULL && h->region[0] != '\0') put_yaml(file, "region", h->region);
  (void)fprintf(file, "accounts_only: true\nbase_year: %d\nimport_treatment: %s\nbalance_tolerance: ", h->base_year,
                treatment[h->import_treatment]);
  tanlu_csv_put_number(file, true, h->balance_tolerance);
  (void)fprintf(file, "\nunits: {money: %s}\nlevels: [", h->money);
  for (size_t l = 0; l < h->levels; l++) (void)fprintf(file, "%s%s", l > 0 ? ", " : "", h->level[l].name);
  (void)fputs("]\nsources: see SOURCES.md\n", file);
}

static void put_groups(const tanlu_table_heads *h, FILE *file) {
  (void)fputs("level,code,name,name_zh\n", file);
  for (size_t l = 0; l < h->levels; l++) {
    for (size_t g = 0; g < h->level[l].group.count; g++) {
      tanlu_csv_put_text(file, true, h->level[l].name);
      (void)fputc(',', file);
      put_label(file, &h->level[l].group, g);
      put_end(file);
    }
  }
}

static void put_sectors(const tanlu_table_heads *h, FILE *file) {
  (void)fputs("code,name,name_zh", file);
  for (size_t l = 0; l < h->levels; l++) tanlu_csv_put_text(file, false, h->level[l].name);
  put_end(file);
  for (size_t i = 0; i < h->n; i++) {
    put_label(file, h->sector, i);
    for (size_t l = 0; l < h->levels; l++) {
      tanlu_csv_put_text(file, false, h->level[l].group.code[h->level[l].of_sector[i]]);
    }
    put_end(file);
  }
}

static void put_categories(const tanlu_table_heads *h, FILE *file) {
  (void)fputs("code,name,name_zh,role\n", file);
  for (size_t k = 0; k < h->category->count; k++) {
    put_label(file, h->category, k);
    tanlu_csv_put_text(file, false, tanlu_category_role_word(h->role[k]));
    put_end(file);
  }
}

static void put_sources(const tanlu_table_heads *h, FILE *file) {
  (void)fputs(h->sources != NULL ? h->sources : "", file);
}

static tanlu_status put_heads(tanlu_dataset_writer *w, tanlu_context *context) {
  static const struct {
    const char *name;
    void (*put)(const tanlu_table_heads *heads, FILE *file);
  } part[] = {{"dataset.yaml", put_settings},
              {"groups.csv", put_groups},
              {"sectors.csv", put_sectors},
              {"categories.csv", put_categories},
              {"SOURCES.md", put_sources}};
  for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
    if (w->written[tanlu_dataset_file_of(part[k].name)]) continue;
    FILE *file = open_file(w, part[k].name, context);
    if (file == NULL) return TANLU_ERR_IO;
    part[k].put(w->heads, file);
    const tanlu_status status = close_file(w, file, context);
    if (status != TANLU_OK) return status;
  }
  return TANLU_OK;
}

/* Codes, each once. */
static tanlu_status check_codes(const tanlu_labels *labels, const char *noun, tanlu_context *context) {
  for (size_t i = 0; i < labels->count; i++) {
    if (!tanlu_code_well_formed(labels->code[i])) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "'%s' is no code for a %s; expected letters, digits, _ and -",
                        labels->code[i], noun);
    }
    if (tanlu_labels_find(labels, labels->code[i]) != i) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "duplicate %s '%s'", noun, labels->code[i]);
    }
  }
  return TANLU_OK;
}

static tanlu_status check_heads(const tanlu_table_heads *h, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  if (h->n == 0 || h->sector->count != h->n || h->levels == 0 || h->category->count == 0) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "a dataset needs sectors, a level of groups and categories");
  }
  if (!tanlu_code_well_formed(h->name)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "'%s' is no name for a dataset; expected letters, digits, _ and -",
                      h->name);
  }
  status = check_codes(h->sector, "sector", context);
  if (status == TANLU_OK) status = check_codes(h->category, "category", context);
  for (size_t l = 0; status == TANLU_OK && l < h->levels; l++) {
    status = check_codes(&h->level[l].group, "group", context);
  }
  return status;
}

/* ---- rows -------------------------------------------------------------------------------------------------------------- */

static FILE *begin_flows(tanlu_dataset_writer *w, const char *name, tanlu_context *context) {
  FILE *file = open_file(w, name, context);
  if (file == NULL) return NULL;
  (void)fputs("code", file);
  for (size_t j = 0; j < w->heads->n; j++) tanlu_csv_put_text(file, false, w->heads->sector->code[j]);
  put_end(file);
  return file;
}

tanlu_status tanlu_dataset_writer_create(tanlu_dataset_writer **writer, const char *path, bool force,
                                         const tanlu_table_heads *heads, tanlu_context *context) {
  *writer = NULL;
  tanlu_status status = tanlu_dataset_writer_check(path, force, context);
  if (status == TANLU_OK) status = check_heads(heads, context);
  if (status != TANLU_OK) return status;
  tanlu_dataset_writer *w = tanlu_allocate(context, 1, sizeof *w);
  if (w == NULL) return TANLU_ERR_MEMORY;
  *w = (tanlu_dataset_writer){.heads = heads, .n = heads->n, .force = force, .path = tanlu_string_copy(context, path)};
  w->written = tanlu_allocate(context, tanlu_dataset_files(), sizeof *w->written);
  if (w->path == NULL || w->written == NULL) status = TANLU_ERR_MEMORY;
  for (size_t end = w->path != NULL ? strlen(w->path) : 0; end > 1 && w->path[end - 1] == '/'; end--) {
    w->path[end - 1] = '\0';
  }
  if (status == TANLU_OK) status = make_directory(w, context);
  if (status == TANLU_OK) w->flows = begin_flows(w, "flows.csv", context);
  if (status == TANLU_OK && w->flows != NULL && heads->import_treatment == TANLU_IMPORT_SPLIT) {
    w->domestic = begin_flows(w, "flows_domestic.csv", context);
  }
  if (status == TANLU_OK &&
      (w->flows == NULL || (heads->import_treatment == TANLU_IMPORT_SPLIT && w->domestic == NULL))) {
    status = TANLU_ERR_IO;
  }
  if (status != TANLU_OK) tanlu_dataset_writer_discard(&w);
  *writer = w;
  return status;
}

static tanlu_status put_row(tanlu_dataset_writer *w, FILE *file, const double *row, tanlu_context *context) {
  const tanlu_labels *sector = w->heads->sector;
  tanlu_csv_put_text(file, true, sector->code[w->rows]);
  for (size_t j = 0; j < w->heads->n; j++) {
    if (!(row[j] >= 0.0 && isfinite(row[j]))) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "flow from '%s' to '%s' is %g; expected a number of at least 0",
                        sector->code[w->rows], sector->code[j], row[j]);
    }
    if (row[j] > 0.0) {
      tanlu_csv_put_number(file, false, row[j]);
    } else {
      (void)fputc(',', file);
    }
  }
  put_end(file);
  return ferror(file) == 0 ? TANLU_OK : tanlu_system_fail(context, w->path, "write the dataset", errno);
}

tanlu_status tanlu_dataset_writer_flows(tanlu_dataset_writer *w, const double *row, const double *domestic,
                                        tanlu_context *context) {
  if (w->rows == w->heads->n) return tanlu_fail(context, TANLU_ERR_INTERNAL, "more rows than sectors in a dataset");
  if ((domestic != NULL) != (w->domestic != NULL)) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "domestic flows go with a split of imports, and only with it");
  }
  tanlu_status status = tanlu_context_stopped(context);
  if (status == TANLU_OK) status = put_row(w, w->flows, row, context);
  if (status == TANLU_OK && domestic != NULL) status = put_row(w, w->domestic, domestic, context);
  w->rows++;
  return status;
}

/* ---- margins ----------------------------------------------------------------------------------------------------------- */

/* A matrix of n rows: the first `columns` of the file, then further vectors with their names. */
typedef struct {
  const char *file;
  const tanlu_labels *column;
  const double *value; /* n x columns */
  const char *extra[3];
  const double *extra_value[3];
} margin_file;

static tanlu_status put_cell(FILE *file, const char *name, const char *row, const char *column, double value,
                             tanlu_context *context) {
  if (!isfinite(value)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: '%s' of '%s' is %g; expected a number", name, column, row, value);
  }
  tanlu_csv_put_number(file, false, value);
  return TANLU_OK;
}

static tanlu_status put_margin(tanlu_dataset_writer *w, const char *key, const margin_file *m, tanlu_context *context) {
  const tanlu_labels *sector = w->heads->sector;
  FILE *file = open_file(w, m->file, context);
  if (file == NULL) return TANLU_ERR_IO;
  tanlu_status status = TANLU_OK;
  tanlu_csv_put_text(file, true, key);
  for (size_t k = 0; k < m->column->count; k++) tanlu_csv_put_text(file, false, m->column->code[k]);
  for (size_t e = 0; e < 3; e++) {
    if (m->extra_value[e] != NULL) tanlu_csv_put_text(file, false, m->extra[e]);
  }
  put_end(file);
  for (size_t i = 0; status == TANLU_OK && i < w->heads->n; i++) {
    tanlu_csv_put_text(file, true, sector->code[i]);
    for (size_t k = 0; status == TANLU_OK && k < m->column->count; k++) {
      status = put_cell(file, m->file, sector->code[i], m->column->code[k], m->value[k * w->heads->n + i], context);
    }
    for (size_t e = 0; status == TANLU_OK && e < 3; e++) {
      if (m->extra_value[e] == NULL) continue;
      status = put_cell(file, m->file, sector->code[i], m->extra[e], m->extra_value[e][i], context);
    }
    put_end(file);
  }
  const tanlu_status closed = close_file(w, file, context);
  return status != TANLU_OK ? status : closed;
}

static tanlu_status put_value_added(tanlu_dataset_writer *w, const double *value, tanlu_context *context) {
  const tanlu_labels *component = w->heads->component, *sector = w->heads->sector;
  FILE *file = open_file(w, "value_added.csv", context);
  if (file == NULL) return TANLU_ERR_IO;
  tanlu_status status = TANLU_OK;
  (void)fputs("code,name,name_zh", file);
  for (size_t j = 0; j < w->heads->n; j++) tanlu_csv_put_text(file, false, sector->code[j]);
  put_end(file);
  for (size_t c = 0; status == TANLU_OK && c < component->count; c++) {
    put_label(file, component, c);
    for (size_t j = 0; status == TANLU_OK && j < w->heads->n; j++) {
      status = put_cell(file, "value_added.csv", sector->code[j], component->code[c], value[j * component->count + c],
                        context);
    }
    put_end(file);
  }
  const tanlu_status closed = close_file(w, file, context);
  return status != TANLU_OK ? status : closed;
}

tanlu_status tanlu_dataset_writer_margins(tanlu_dataset_writer *w, const double *final_use,
                                          const double *final_domestic, const double *imports,
                                          const double *discrepancy, const double *value_added, const double *output,
                                          tanlu_context *context) {
  const margin_file final = {.file = "final_demand.csv",
                             .column = w->heads->category,
                             .value = final_use,
                             .extra = {"imports", "discrepancy", "gross_output"},
                             .extra_value = {imports, discrepancy, output}};
  const margin_file domestic = {
      .file = "final_demand_domestic.csv", .column = w->heads->category, .value = final_domestic};
  if ((final_domestic != NULL) != (w->heads->import_treatment == TANLU_IMPORT_SPLIT)) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "domestic final use goes with a split of imports, and only with it");
  }
  tanlu_status status = check_codes(w->heads->component, "component", context);
  if (status == TANLU_OK) status = put_margin(w, "code", &final, context);
  if (status == TANLU_OK && final_domestic != NULL) status = put_margin(w, "code", &domestic, context);
  if (status == TANLU_OK) status = put_value_added(w, value_added, context);
  if (status == TANLU_OK) status = put_heads(w, context);
  w->margins = status == TANLU_OK;
  return status;
}

tanlu_status tanlu_dataset_writer_extensions(tanlu_dataset_writer *w, const tanlu_table_extensions *extensions,
                                             tanlu_context *context) {
  const margin_file values = {.file = "extensions.csv", .column = extensions->label, .value = extensions->value};
  tanlu_status status = check_codes(extensions->label, "extension", context);
  for (size_t k = 0; status == TANLU_OK && k < extensions->count; k++) {
    const char *code = extensions->label->code[k];
    if (strcmp(code, "sector") != 0 && strcmp(code, "output") != 0) continue;
    status = tanlu_fail(context, TANLU_ERR_INPUT, "an extension cannot be called '%s'", code);
  }
  if (status == TANLU_OK) status = put_margin(w, "sector", &values, context);
  FILE *file = status == TANLU_OK ? open_file(w, "extension_units.csv", context) : NULL;
  if (file == NULL) return status == TANLU_OK ? TANLU_ERR_IO : status;
  (void)fputs("code,name,name_zh,unit\n", file);
  for (size_t k = 0; k < extensions->count; k++) {
    put_label(file, extensions->label, k);
    tanlu_csv_put_text(file, false, extensions->unit[k]);
    put_end(file);
  }
  return close_file(w, file, context);
}

tanlu_status tanlu_dataset_writer_text(tanlu_dataset_writer *w, const char *name, const char *text,
                                       tanlu_context *context) {
  if (tanlu_dataset_file_of(name) == tanlu_dataset_files())
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "a dataset has no file '%s'", name);
  FILE *file = open_file(w, name, context);
  if (file == NULL) return TANLU_ERR_IO;
  (void)fputs(text, file);
  return close_file(w, file, context);
}

/* ---- the end ----------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_dataset_writer_complete(tanlu_dataset_writer *w, const char **directory, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  if (directory != NULL) *directory = w->temporary;
  if (w->complete) return TANLU_OK;
  w->complete = true;
  if (w->rows != w->n || !w->margins) {
    status = tanlu_fail(context, TANLU_ERR_INTERNAL, "a dataset of %zu sectors was given %zu rows and %s margins", w->n,
                        w->rows, w->margins ? "its" : "no");
  }
  FILE *const file[] = {w->flows, w->domestic};
  w->flows = w->domestic = NULL;
  for (size_t k = 0; k < 2; k++) {
    const tanlu_status closed = file[k] != NULL ? close_file(w, file[k], context) : TANLU_OK;
    if (status == TANLU_OK) status = closed;
  }
  return status;
}

tanlu_status tanlu_dataset_writer_finish(tanlu_dataset_writer **writer, tanlu_context *context) {
  tanlu_status status = tanlu_dataset_writer_complete(*writer, NULL, context);
  if (status == TANLU_OK) {
    status = tanlu_dataset_directory_place((*writer)->temporary, (*writer)->path, (*writer)->force, context);
    if (status == TANLU_OK) (*writer)->made = false;
  }
  tanlu_dataset_writer_discard(writer);
  return status;
}

void tanlu_dataset_writer_discard(tanlu_dataset_writer **writer) {
  tanlu_dataset_writer *w = *writer;
  if (w == NULL) return;
  if (w->flows != NULL) (void)fclose(w->flows);
  if (w->domestic != NULL) (void)fclose(w->domestic);
  if (w->made) (void)tanlu_dataset_directory_remove(w->temporary);
  free(w->written);
  free(w->temporary);
  free(w->path);
  free(w);
  *writer = NULL;
}

static tanlu_status take_row(void *user, const double *row, const double *domestic, tanlu_context *context) {
  return tanlu_dataset_writer_flows(user, row, domestic, context);
}

static tanlu_status take_margins(void *user, const tanlu_table_margins *m, tanlu_context *context) {
  return tanlu_dataset_writer_margins(user, m->final_use, m->final_domestic, m->imports, m->discrepancy, m->value_added,
                                      m->output, context);
}

tanlu_status tanlu_dataset_write_accounts(tanlu_dataset_writer *writer, const tanlu_accounts *accounts,
                                          tanlu_context *context) {
  const tanlu_table_sink sink = {.user = writer, .flows = take_row, .margins = take_margins};
  return tanlu_table_put_accounts(&sink, accounts, context);
}
