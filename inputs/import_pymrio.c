/* Tables saved as text by pymrio, and EXIOBASE 3, which is published so.
 *
 * Order: Y tells sectors and categories, unit the money, x the output; then extensions; then Z, or A with Z = A diag(x), a line at
 * a time. Without x, Z gives it as the sum of uses; A without x needs the solution of (I - A) x = Y1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/import.h"
#include "inputs/import_codes.h"
#include "inputs/import_pymrio_private.h"
#include "solvers/leontief.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_region_table table;
  const tanlu_import *import;
  tanlu_context *context;
  tanlu_pymrio_files files;
  tanlu_pymrio_metadata metadata;
  char money[32];
  bool has_money, usual;   /* usual: file_parameters.json may be missing */
  size_t *at;              /* places of the columns of the file in hand */
  double *row;             /* of the file in hand */
  double *final;           /* of Y, row by row as read */
  size_t *final_line;      /* line of Y of each sector */
  size_t finals, capacity; /* rows of Y; room for them */
  double *dense;           /* n x n, row-major: A where x is to be found */
  bool coefficients;       /* the file in hand is A */
} job;

size_t *tanlu_pymrio_columns(const tanlu_region_table *t, const tanlu_labelled_text *text, tanlu_status *status) {
  const size_t n = t->sector.count;
  size_t *at = tanlu_allocate(t->context, text->columns, sizeof *at);
  size_t *field = tanlu_allocate(t->context, n, sizeof *field); /* of a sector, 0: none */
  *status = at != NULL && field != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (*status == TANLU_OK && text->headers != 2) {
    *status = tanlu_fail_at(t->context, TANLU_ERR_INPUT, text->path, 0, 0,
                            "nr_header is %zu; expected 2 (region, sector)", text->headers);
  }
  for (size_t c = 0; *status != TANLU_ERR_MEMORY && text->headers == 2 && c < text->columns; c++) {
    const char *region = tanlu_labelled_text_head(text, 0, c), *industry = tanlu_labelled_text_head(text, 1, c);
    const size_t place = text->indices + c + 1;
    at[c] = tanlu_region_table_sector(t, region, industry);
    if (at[c] == TANLU_NONE) {
      *status = tanlu_fail_at(t->context, TANLU_ERR_INPUT, text->path, 2, place,
                              "unknown sector '%s', '%s'; Y has no such row", region, industry);
    } else if (field[at[c]] != 0) {
      *status = tanlu_fail_at(t->context, TANLU_ERR_INPUT, text->path, 2, place,
                              "duplicate sector '%s', '%s', first in field %zu", region, industry, field[at[c]]);
    } else {
      field[at[c]] = place;
    }
  }
  for (size_t j = 0; *status == TANLU_OK && j < n; j++) {
    if (field[j] != 0) continue;
    *status = tanlu_fail_at(t->context, TANLU_ERR_INPUT, text->path, 2, 0, "missing column '%s'", t->sector.name[j]);
  }
  free(field);
  if (*status == TANLU_OK) return at;
  free(at);
  return NULL;
}

tanlu_status tanlu_pymrio_remark_empty(tanlu_region_table *t, const tanlu_labelled_text *text) {
  if (text->empty == 0) return TANLU_OK;
  const char *name = strrchr(text->path, '/');
  return tanlu_region_table_remark(t, "%s: %zu empty cells are read as 0", name != NULL ? name + 1 : text->path,
                                   text->empty);
}

/* The sector of a row by its index fields, which must be two; an error at the row where there is none, or it was read before. */
static tanlu_status find_row(job *p, const tanlu_labelled_text *text, const tanlu_csv *table, size_t *line, size_t *i) {
  const tanlu_region_table *t = &p->table;
  if (text->indices != 2) {
    return tanlu_fail_at(p->context, TANLU_ERR_INPUT, text->path, 0, 0,
                         "nr_index_col is %zu; expected 2 (region, sector)", text->indices);
  }
  const char *region = tanlu_csv_text(table, 0, 0), *industry = tanlu_csv_text(table, 0, 1);
  *i = tanlu_region_table_sector(t, region, industry);
  if (*i == TANLU_NONE) {
    return tanlu_csv_fail(table, 0, 1, p->context, "unknown sector '%s', '%s'; Y has no such row", region, industry);
  }
  if (line[*i] != 0) {
    return tanlu_csv_fail(table, 0, 1, p->context, "duplicate row '%s', '%s', first in line %zu", region, industry,
                          line[*i]);
  }
  line[*i] = table->line[0];
  return TANLU_OK;
}

static tanlu_status read_file(job *p, const tanlu_pymrio_file *file, const tanlu_labelled_take *how) {
  tanlu_labelled_text text = {
      .path = file->path, .delimiter = '\t', .headers = file->headers, .indices = file->indices};
  tanlu_status status = tanlu_labelled_text_read(&text, how, p->context);
  if (status == TANLU_OK) status = tanlu_pymrio_remark_empty(&p->table, &text);
  if (status == TANLU_OK) status = tanlu_import_note_file(p->import, file->path, p->context);
  tanlu_labelled_text_clear(&text);
  free(p->at);
  p->at = NULL;
  return status;
}

/* ---- Y: sectors and categories ----------------------------------------------------------------------------------------- */

static tanlu_status take_categories(void *user, const tanlu_labelled_text *text, tanlu_context *context) {
  job *p = user;
  tanlu_status status = TANLU_OK;
  if (text->headers > 2) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, text->path, 0, 0,
                         "nr_header is %zu; expected 2 (region, category) or 1", text->headers);
  }
  p->at = tanlu_allocate(context, text->columns, sizeof *p->at);
  p->row = tanlu_allocate_doubles(context, text->columns, 1);
  if (p->at == NULL || p->row == NULL) return TANLU_ERR_MEMORY;
  for (size_t c = 0; c < text->columns; c++) {
    const char *region = tanlu_labelled_text_head(text, 0, c);
    const char *kind = text->headers == 2 ? tanlu_labelled_text_head(text, 1, c) : "final demand";
    p->at[c] = c;
    if (tanlu_region_table_category(&p->table, region, kind) != TANLU_NONE) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, text->path, text->headers, text->indices + c + 1,
                             "duplicate category '%s', '%s'", region, kind);
      continue;
    }
    const tanlu_status added = tanlu_region_table_add_category(&p->table, region, kind);
    if (added != TANLU_OK) return added;
  }
  return status;
}

static tanlu_status make_room(job *p, size_t columns) {
  if (p->finals < p->capacity) return TANLU_OK;
  const size_t larger = p->capacity > 0 ? 2 * p->capacity : 64;
  double *grown = realloc(p->final, larger * columns * sizeof *grown);
  if (grown != NULL) p->final = grown;
  size_t *lines = grown != NULL ? realloc(p->final_line, larger * sizeof *lines) : NULL;
  if (lines == NULL) return tanlu_fail(p->context, TANLU_ERR_MEMORY, "out of memory for final demand");
  p->final_line = lines;
  p->capacity = larger;
  return TANLU_OK;
}

static tanlu_status take_final(void *user, tanlu_labelled_text *text, const tanlu_csv *table, tanlu_context *context) {
  job *p = user;
  if (text->indices != 2) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, text->path, 0, 0, "nr_index_col is %zu; expected 2 (region, sector)",
                         text->indices);
  }
  const char *region = tanlu_csv_text(table, 0, 0), *industry = tanlu_csv_text(table, 0, 1);
  const size_t before = tanlu_region_table_sector(&p->table, region, industry);
  if (before != TANLU_NONE) {
    return tanlu_csv_fail(table, 0, 1, context, "duplicate row '%s', '%s', first in line %zu", region, industry,
                          p->final_line[before]);
  }
  tanlu_status status = make_room(p, text->columns);
  if (status == TANLU_OK) status = tanlu_region_table_add_sector(&p->table, region, industry);
  if (status == TANLU_OK) {
    status = tanlu_labelled_text_numbers(text, table, p->at, p->final + p->finals * text->columns, context);
    p->final_line[p->finals++] = table->line[0];
  }
  return status;
}

static void fill_final(job *p) {
  const size_t n = p->table.sector.count, k = p->table.category.count;
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < k; c++) p->table.final_use[c * n + i] = p->final[i * k + c];
  }
  free(p->final);
  p->final = NULL;
}

/* ---- unit and x -------------------------------------------------------------------------------------------------------------- */

static tanlu_status take_unit(void *user, const tanlu_csv *table) {
  job *p = user;
  char money[32];
  if (table->columns < 3) {
    return tanlu_fail_at(p->context, TANLU_ERR_INPUT, table->file, table->header_line, table->columns,
                         "%zu fields; expected region, sector and unit, separated by tabs", table->columns);
  }
  if (table->rows == 0) return TANLU_OK;
  const size_t field = table->columns - 1;
  const char *text = tanlu_csv_text(table, 0, field);
  if (!tanlu_money_of(text, money)) {
    return tanlu_csv_fail(table, 0, field, p->context, "'%s' is no unit of money that is known; expected as in M.EUR",
                          text);
  }
  if (p->has_money && strcmp(money, p->money) != 0) {
    return tanlu_csv_fail(table, 0, field, p->context, "'%s' after sectors in %s; a dataset has one unit of money",
                          text, p->money);
  }
  memcpy(p->money, money, sizeof money);
  p->has_money = true;
  return TANLU_OK;
}

/* The unit of unit.txt; without the file --money tells it. */
static tanlu_status read_money(job *p) {
  const tanlu_pymrio_file *unit = tanlu_pymrio_files_find(&p->files, "unit");
  if (unit == NULL || p->import->money != NULL) return TANLU_OK;
  tanlu_status status = tanlu_csv_stream_delimited(unit->path, '\t', take_unit, p, p->context);
  if (status == TANLU_OK) status = tanlu_import_note_file(p->import, unit->path, p->context);
  if (status != TANLU_OK || p->has_money) return status;
  return tanlu_fail_at(p->context, TANLU_ERR_INPUT, unit->path, 0, 0, "names no units");
}

static tanlu_status take_output_head(void *user, const tanlu_labelled_text *text, tanlu_context *context) {
  job *p = user;
  if (text->columns != 1) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, text->path, 1, 0, "%zu columns of numbers; expected output alone",
                         text->columns);
  }
  p->at = tanlu_allocate(context, 1, sizeof *p->at);
  return p->at != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status take_output(void *user, tanlu_labelled_text *text, const tanlu_csv *table, tanlu_context *context) {
  job *p = user;
  size_t i = TANLU_NONE;
  double value = 0.0;
  tanlu_status status = find_row(p, text, table, p->table.line, &i);
  if (status == TANLU_OK) status = tanlu_labelled_text_numbers(text, table, p->at, &value, context);
  if (status == TANLU_OK) p->table.output[i] = value;
  return status;
}

static tanlu_status read_output(job *p) {
  const tanlu_pymrio_file *file = tanlu_pymrio_files_find(&p->files, "x");
  tanlu_region_table *t = &p->table;
  const tanlu_labelled_take how = {.user = p, .take_head = take_output_head, .take_row = take_output};
  if (file == NULL) return TANLU_OK;
  tanlu_status status = read_file(p, file, &how);
  for (size_t i = 0; status == TANLU_OK && i < t->sector.count; i++) {
    if (t->line[i] != 0) continue;
    status = tanlu_fail_at(p->context, TANLU_ERR_INPUT, file->path, 0, 0, "missing row '%s'", t->sector.name[i]);
  }
  memset(t->line, 0, t->sector.count * sizeof *t->line);
  t->has_output = true;
  return status;
}

/* ---- Z or A -------------------------------------------------------------------------------------------------------------------- */

static tanlu_status take_columns(void *user, const tanlu_labelled_text *text, tanlu_context *context) {
  job *p = user;
  (void)context;
  tanlu_status status = TANLU_OK;
  p->at = tanlu_pymrio_columns(&p->table, text, &status);
  return status;
}

static tanlu_status take_flows(void *user, tanlu_labelled_text *text, const tanlu_csv *table, tanlu_context *context) {
  job *p = user;
  tanlu_region_table *t = &p->table;
  size_t i = TANLU_NONE;
  tanlu_status status = find_row(p, text, table, t->line, &i);
  if (status == TANLU_OK) status = tanlu_labelled_text_numbers(text, table, p->at, p->row, context);
  if (status != TANLU_OK) return status;
  if (p->dense != NULL) {
    memcpy(p->dense + i * t->sector.count, p->row, t->sector.count * sizeof *p->row);
    return TANLU_OK;
  }
  for (size_t j = 0; p->coefficients && j < t->sector.count; j++) p->row[j] *= t->output[j];
  return tanlu_region_table_row(t, i, p->row, NULL);
}

/* (I - A) x = Y1 with all of A in memory, then the rows. */
static tanlu_status solve_output(job *p) {
  tanlu_region_table *t = &p->table;
  const size_t n = t->sector.count;
  tanlu_leontief *solver = NULL;
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < t->category.count; k++) t->output[i] += t->final_use[k * n + i];
    if (t->line[i] == 0) {
      return tanlu_fail_at(p->context, TANLU_ERR_INPUT, t->source, 0, 0, "A has no row '%s'", t->sector.name[i]);
    }
  }
  tanlu_status status = tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, n, p->context);
  if (status == TANLU_OK) status = tanlu_leontief_factor(solver, p->dense, n, NULL, p->context);
  /* Rows of A are columns of the matrix in memory: solve with its transpose. */
  if (status == TANLU_OK) status = tanlu_leontief_solve_transposed(solver, t->output, n, 1, p->context);
  tanlu_leontief_free(&solver);
  t->has_output = true;
  for (size_t i = 0; status == TANLU_OK && i < n; i++) {
    for (size_t j = 0; j < n; j++) p->row[j] = p->dense[i * n + j] * t->output[j];
    status = tanlu_region_table_row(t, i, p->row, NULL);
  }
  if (status != TANLU_OK) return status;
  return tanlu_region_table_remark(t, "output solves (I - A) x = Y; the source has no x");
}

static tanlu_status read_flows(job *p) {
  tanlu_region_table *t = &p->table;
  const size_t n = t->sector.count;
  const tanlu_pymrio_file *z = tanlu_pymrio_files_find(&p->files, "Z"), *a = tanlu_pymrio_files_find(&p->files, "A");
  const tanlu_labelled_take how = {.user = p, .take_head = take_columns, .take_row = take_flows};
  p->coefficients = z == NULL;
  free(p->row);
  p->row = tanlu_allocate_doubles(p->context, n, 1);
  if (p->row == NULL) return TANLU_ERR_MEMORY;
  if (z == NULL && !t->has_output) {
    p->dense = tanlu_allocate_doubles(p->context, n, n);
    if (p->dense == NULL) return TANLU_ERR_MEMORY;
  }
  tanlu_status status = read_file(p, z != NULL ? z : a, &how);
  if (status == TANLU_OK && p->dense != NULL) status = solve_output(p);
  if (status != TANLU_OK || z != NULL) return status;
  return tanlu_region_table_remark(t, "flows are A diag(x); the source has no Z");
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------------ */

static tanlu_status read_extensions(job *p) {
  char **names = NULL;
  size_t count = 0;
  tanlu_status status = tanlu_pymrio_directories(p->table.source, &names, &count, p->context);
  for (size_t k = 0; status == TANLU_OK && k < count; k++) {
    status = tanlu_pymrio_extension_read(&p->table, p->table.source, names[k], p->usual);
  }
  for (size_t k = 0; k < count; k++) free(names[k]);
  free(names);
  return status;
}

static tanlu_status begin(job *p) {
  const char *const told[] = {p->table.source, p->metadata.version, p->metadata.name, p->metadata.description};
  const char *title = p->metadata.description[0] != '\0' ? p->metadata.description : p->metadata.name;
  tanlu_region_heads heads;
  int year = 0;
  if (*title == '\0') title = p->usual ? "EXIOBASE 3" : "Table saved by pymrio";
  for (size_t k = 0; year == 0 && k < sizeof told / sizeof *told; k++) year = tanlu_year_of(told[k]);
  const tanlu_status status =
      tanlu_import_heads(&heads, p->import, title, p->has_money ? p->money : NULL, year, TANLU_IMPORT_NONE, p->context);
  return status == TANLU_OK ? tanlu_region_table_begin(&p->table, &heads, p->import->sink) : status;
}

static tanlu_status check_files(const job *p) {
  static const char *const missing[] = {"Y", "Z or A"};
  const bool flows = tanlu_pymrio_files_find(&p->files, "Z") != NULL || tanlu_pymrio_files_find(&p->files, "A") != NULL;
  const bool final = tanlu_pymrio_files_find(&p->files, "Y") != NULL;
  if (flows && final) return TANLU_OK;
  return tanlu_fail_at(p->context, TANLU_ERR_INPUT, p->table.source, 0, 0, "has no %s; expected Y and Z, or Y, A and x",
                       missing[final ? 1 : 0]);
}

static tanlu_status read_all(job *p) {
  const tanlu_labelled_take final = {.user = p, .take_head = take_categories, .take_row = take_final};
  tanlu_status status = tanlu_pymrio_files_read(&p->files, p->table.source, false, p->usual, p->context);
  if (status == TANLU_OK) status = check_files(p);
  if (status == TANLU_OK) status = tanlu_pymrio_metadata_read(&p->metadata, p->table.source, p->context);
  if (status == TANLU_OK) status = read_money(p);
  if (status == TANLU_OK) status = read_file(p, tanlu_pymrio_files_find(&p->files, "Y"), &final);
  if (status == TANLU_OK) status = begin(p);
  if (status == TANLU_OK) fill_final(p);
  if (status == TANLU_OK) status = read_output(p);
  if (status == TANLU_OK) status = read_extensions(p);
  if (status == TANLU_OK) status = read_flows(p);
  return status == TANLU_OK ? tanlu_region_table_end(&p->table) : status;
}

static tanlu_status import_table(const tanlu_import *import, bool usual, tanlu_context *context) {
  job p = {.import = import, .context = context, .usual = usual};
  tanlu_region_table_init(&p.table, import->path, context);
  p.table.report = import->report;
  const tanlu_status status = read_all(&p);
  tanlu_region_table_clear(&p.table);
  tanlu_pymrio_files_clear(&p.files);
  tanlu_pymrio_metadata_clear(&p.metadata);
  free(p.at);
  free(p.row);
  free(p.final);
  free(p.final_line);
  free(p.dense);
  return status;
}

tanlu_status tanlu_import_pymrio(const tanlu_import *import, tanlu_context *context) {
  return import_table(import, false, context);
}

tanlu_status tanlu_import_exiobase(const tanlu_import *import, tanlu_context *context) {
  return import_table(import, true, context);
}
