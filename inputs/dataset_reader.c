#include "inputs/dataset_reader.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "solvers/memory.h"

bool tanlu_reader_ok(tanlu_reader *reader, tanlu_status status) {
  if (reader->status == TANLU_OK) reader->status = status;
  return status == TANLU_OK;
}

void *tanlu_reader_allocate(tanlu_reader *reader, size_t count, size_t size) {
  void *memory = tanlu_allocate(reader->context, count, size);
  if (!memory) tanlu_reader_ok(reader, TANLU_ERR_MEMORY);
  return memory;
}

char *tanlu_reader_path(tanlu_reader *reader, const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", reader->directory, name) < 0) {
    tanlu_reader_ok(reader, tanlu_fail(reader->context, TANLU_ERR_MEMORY, "out of memory for a path"));
    return NULL;
  }
  return path;
}

void tanlu_reader_fail(tanlu_reader *reader, const char *file, size_t line, size_t field, const char *format, ...) {
  char *path = tanlu_reader_path(reader, file), *text = NULL;
  va_list list;
  va_start(list, format);
  const int length = vasprintf(&text, format, list);
  va_end(list);
  if (length < 0) text = NULL;
  tanlu_reader_ok(reader, tanlu_fail_at(reader->context, TANLU_ERR_INPUT, path ? path : file, line, field, "%s",
                                        text ? text : "out of memory for a message"));
  free(text);
  free(path);
}

void tanlu_reader_record(tanlu_reader *reader, const char *name, const char *digest) {
  tanlu_dataset *d = reader->dataset;
  char **files = realloc(d->file, (d->files + 1) * sizeof *files);
  if (files) d->file = files;
  char **digests = realloc(d->sha256, (d->files + 1) * sizeof *digests);
  if (digests) d->sha256 = digests;
  char *name_copy = strdup(name), *digest_copy = strdup(digest);
  if (!files || !digests || !name_copy || !digest_copy) {
    free(name_copy);
    free(digest_copy);
    tanlu_reader_ok(reader, tanlu_fail(reader->context, TANLU_ERR_MEMORY, "out of memory for file names"));
    return;
  }
  d->file[d->files] = name_copy;
  d->sha256[d->files++] = digest_copy;
}

bool tanlu_reader_has(tanlu_reader *reader, const char *name) {
  char *path = tanlu_reader_path(reader, name);
  const bool there = path && access(path, F_OK) == 0;
  free(path);
  return there;
}

tanlu_csv *tanlu_reader_open(tanlu_reader *reader, const char *name) {
  tanlu_csv *table = NULL;
  char digest[TANLU_SHA256_TEXT];
  char *path = tanlu_reader_path(reader, name);
  if (path && tanlu_reader_ok(reader, tanlu_csv_read(&table, path, digest, reader->context))) {
    tanlu_reader_record(reader, name, digest);
  }
  free(path);
  return table;
}

tanlu_csv *tanlu_reader_table(tanlu_reader *reader, const char *file, const char *const *names, size_t required,
                              size_t count, size_t *index) {
  tanlu_csv *table = tanlu_reader_open(reader, file);
  if (table && !tanlu_reader_ok(reader, tanlu_csv_columns(table, names, required, count, index, reader->context))) {
    tanlu_csv_free(&table);
  }
  return table;
}

bool tanlu_reader_label(tanlu_reader *reader, const tanlu_csv *table, size_t row, const size_t *index, const char *noun,
                        tanlu_labels *labels) {
  const char *code = tanlu_csv_text(table, row, index[0]);
  if (!tanlu_code_well_formed(code)) {
    return tanlu_reader_ok(reader,
                           tanlu_csv_fail(table, row, index[0], reader->context,
                                          "'%s' is no code for a %s; expected letters, digits, _ and -", code, noun));
  }
  if (tanlu_labels_find(labels, code) != TANLU_NONE) {
    return tanlu_reader_ok(reader,
                           tanlu_csv_fail(table, row, index[0], reader->context, "duplicate %s '%s'", noun, code));
  }
  return tanlu_reader_ok(reader, tanlu_labels_add(labels, code, tanlu_csv_text(table, row, index[1]),
                                                  tanlu_csv_text(table, row, index[2]), reader->context));
}

/* ---- matrices and vectors ------------------------------------------------------------------------------------------- */

/* A matrix file on its way in. */
typedef struct {
  tanlu_reader *reader;
  const tanlu_matrix_file *m;
  size_t count, *index; /* columns: the key, the labels, the extras */
  const char **names;
  size_t *line; /* of the row of each label */
  double *row;  /* of the row in hand */
} matrix_stream;

static tanlu_status take_cells(const matrix_stream *s, const tanlu_csv *table, size_t i) {
  const tanlu_matrix_file *m = s->m;
  const size_t labels = m->column->count;
  tanlu_context *context = s->reader->context;
  for (size_t j = 0; j < labels; j++) {
    double value = 0.0;
    tanlu_reader_ok(s->reader,
                    tanlu_csv_number_within(table, 0, s->index[1 + j], 0.0, m->lowest, HUGE_VAL, &value, context));
    s->row[j] = value * m->factor;
    if (!m->take) m->value[i * m->row_stride + j * m->column_stride] = s->row[j];
  }
  for (size_t k = 0; k < m->extras; k++) {
    double value = 0.0;
    tanlu_reader_ok(s->reader, tanlu_csv_number_within(table, 0, s->index[1 + labels + k], 0.0, m->extra_lowest[k],
                                                       HUGE_VAL, &value, context));
    m->extra_value[k][i] = value * m->factor;
  }
  return m->take ? m->take(m->user, i, s->row) : TANLU_OK;
}

static tanlu_status take_matrix_row(void *user, const tanlu_csv *table) {
  const matrix_stream *s = user;
  const tanlu_matrix_file *m = s->m;
  tanlu_context *context = s->reader->context;
  if (table->rows == 0) {
    return tanlu_csv_columns(table, s->names, s->count - m->extra_optional, s->count, s->index, context);
  }
  size_t i = TANLU_NONE;
  if (!tanlu_reader_ok(s->reader, tanlu_csv_code(table, 0, s->index[0], m->noun, m->row, false, &i, context))) {
    return TANLU_OK;
  }
  if (s->line[i]) {
    tanlu_reader_ok(s->reader, tanlu_csv_fail(table, 0, s->index[0], context, "duplicate %s '%s', first in line %zu",
                                              m->noun, m->row->code[i], s->line[i]));
    return TANLU_OK;
  }
  s->line[i] = table->line[0];
  return take_cells(s, table, i);
}

static bool stream_matrix(matrix_stream *s) {
  tanlu_reader *r = s->reader;
  char digest[TANLU_SHA256_TEXT];
  char *path = tanlu_reader_path(r, s->m->file);
  const bool read = path && tanlu_reader_ok(r, tanlu_csv_stream(path, take_matrix_row, s, digest, r->context));
  if (read) tanlu_reader_record(r, s->m->file, digest);
  free(path);
  return read;
}

void tanlu_reader_matrix(tanlu_reader *reader, const tanlu_matrix_file *m) {
  const size_t rows = m->row->count, labels = m->column->count, count = 1 + labels + m->extras;
  matrix_stream s = {.reader = reader, .m = m, .count = count};
  s.index = tanlu_reader_allocate(reader, count, sizeof *s.index);
  s.names = tanlu_reader_allocate(reader, count, sizeof *s.names);
  s.line = tanlu_reader_allocate(reader, rows, sizeof *s.line);
  s.row = tanlu_reader_allocate(reader, labels, sizeof *s.row);
  if (!s.index || !s.names || !s.line || !s.row || !(m->take || m->value)) goto cleanup;
  s.names[0] = m->key;
  for (size_t j = 0; j < labels; j++) s.names[1 + j] = m->column->code[j];
  for (size_t k = 0; k < m->extras; k++) s.names[1 + labels + k] = m->extra[k];
  if (!stream_matrix(&s)) goto cleanup;
  for (size_t i = 0; i < rows; i++) {
    if (!s.line[i]) tanlu_reader_fail(reader, m->file, 0, 0, "no row for %s '%s'", m->noun, m->row->code[i]);
  }
  if (m->place) {
    m->place->line = s.line;
    s.line = NULL;
    m->place->field = tanlu_reader_allocate(reader, labels, sizeof *m->place->field);
    for (size_t j = 0; m->place->field && j < labels; j++) m->place->field[j] = s.index[1 + j] + 1;
  }
cleanup:
  free(s.index);
  free(s.names);
  free(s.line);
  free(s.row);
}

void tanlu_reader_vector(tanlu_reader *reader, const char *file, const char *key, const char *noun,
                         const tanlu_labels *labels, double factor, double lowest, double *value) {
  const char *const names[] = {key, "value"};
  size_t index[2];
  bool *seen = tanlu_reader_allocate(reader, labels->count, sizeof *seen);
  tanlu_csv *table = tanlu_reader_table(reader, file, names, 2, 2, index);
  if (!table || !seen || !value) goto cleanup;
  for (size_t row = 0; row < table->rows; row++) {
    size_t i = TANLU_NONE;
    double number = 0.0;
    if (!tanlu_reader_ok(reader, tanlu_csv_code(table, row, index[0], noun, labels, false, &i, reader->context))) {
      continue;
    }
    if (seen[i]) {
      tanlu_reader_ok(
          reader, tanlu_csv_fail(table, row, index[0], reader->context, "duplicate %s '%s'", noun, labels->code[i]));
      continue;
    }
    seen[i] = true;
    tanlu_reader_ok(
        reader, tanlu_csv_number_within(table, row, index[1], (double)NAN, lowest, HUGE_VAL, &number, reader->context));
    value[i] = number * factor;
  }
cleanup:
  tanlu_csv_free(&table);
  free(seen);
}

bool tanlu_reader_next_word(const char **cursor, char **word) {
  free(*word);
  *word = NULL;
  const char *start = *cursor + strspn(*cursor, " \t");
  const size_t length = strcspn(start, " \t");
  *cursor = start + length;
  if (length == 0) return false;
  *word = strndup(start, length);
  return *word != NULL;
}
