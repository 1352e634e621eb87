/* libcsv, fed one line at a time: it knows neither lines nor fields, so the reader counts them. */
#include <csv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"

enum { CSV_BYTES_MAX = 1 << 30, CSV_BLOCK = 1 << 20 };

typedef struct {
  tanlu_csv *table;
  tanlu_context *context;
  tanlu_status status;
  size_t text_length, text_capacity;
  size_t cells, cell_capacity;
  size_t line_capacity;
  size_t line;       /* being fed */
  size_t row_line;   /* on which the row in hand begins */
  size_t field_line; /* on which the field in hand begins */
  size_t fields;     /* complete fields of the row in hand */
  bool header_done;
  bool row_ended;      /* since the line in hand was fed */
  bool stopped;        /* nothing more is taken */
  tanlu_csv_take take; /* NULL: all rows are kept */
  void *user;
  size_t header_text; /* length of the header in the text */
  char delimiter;
  bool comments; /* lines that begin with # ahead of the header are passed over */
} csv_reader;

/* Make room for one more element; *items keeps its contents. */
static bool make_room(void **items, size_t *capacity, size_t needed, size_t size) {
  if (needed <= *capacity) return true;
  size_t larger = *capacity ? 2 * *capacity : 1024;
  if (larger < needed) larger = needed;
  void *moved = realloc(*items, larger * size);
  if (!moved) return false;
  *items = moved;
  *capacity = larger;
  return true;
}

static void out_of_memory(csv_reader *r) {
  if (r->status == TANLU_ERR_MEMORY) return;
  r->status = tanlu_fail(r->context, TANLU_ERR_MEMORY, "out of memory reading %s", r->table->file);
  r->stopped = true;
}

/* Hand the header or the row in hand on, and forget the row. */
static void hand_on(csv_reader *r) {
  const tanlu_status status = r->take(r->user, r->table);
  if (status != TANLU_OK) {
    r->status = status;
    r->stopped = true;
  }
  r->table->rows = 0;
  r->cells = r->table->columns;
  r->text_length = r->header_text;
}

static void take_field(const void *bytes, size_t length, csv_reader *r) {
  tanlu_csv *t = r->table;
  if (r->stopped) return;
  r->fields++;
  r->field_line = r->line;
  if (r->header_done && r->fields > t->columns) return; /* reported when the row ends */
  if (!make_room((void **)&t->text, &r->text_capacity, r->text_length + length + 1, 1) ||
      !make_room((void **)&t->cell, &r->cell_capacity, r->cells + 1, sizeof *t->cell)) {
    out_of_memory(r);
    return;
  }
  t->cell[r->cells++] = r->text_length;
  if (length > 0) memcpy(t->text + r->text_length, bytes, length);
  t->text[r->text_length + length] = '\0';
  r->text_length += length + 1;
}

static void take_row(csv_reader *r) {
  tanlu_csv *t = r->table;
  if (r->stopped) return;
  if (!r->header_done) {
    r->header_done = true;
    t->columns = r->fields;
    t->header_line = r->row_line;
    r->header_text = r->text_length;
    if (r->take) hand_on(r);
  } else if (r->fields == t->columns) {
    if (make_room((void **)&t->line, &r->line_capacity, t->rows + 1, sizeof *t->line)) {
      t->line[t->rows++] = r->row_line;
      if (r->take) hand_on(r);
    } else {
      out_of_memory(r);
    }
  } else {
    const size_t field = (r->fields < t->columns ? r->fields : t->columns) + 1;
    r->status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, t->file, r->row_line, field,
                              "%zu fields; expected %zu as in the header", r->fields, t->columns);
    r->cells = (1 + t->rows) * t->columns; /* drop what the row left */
    if (r->take) r->text_length = r->header_text;
  }
  r->fields = 0;
  r->row_ended = true;
}

static void parsed_field(void *bytes, size_t length, void *data) {
  take_field(bytes, length, data);
}

static void parsed_row(int end, void *data) {
  (void)end;
  take_row(data);
}

/* What surrounds a field without belonging to it. */
static bool is_space(const csv_reader *r, char c) {
  return c != r->delimiter && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

static bool is_blank(const csv_reader *r, const char *line, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (!is_space(r, line[i])) return false;
  }
  return true;
}

/* A row without quotes, which is most of a large table: cut at the delimiters, several times as fast as byte by byte. A carriage
 * return within the line is left to the parser. */
static bool is_plain(const char *line, size_t length) {
  if (memchr(line, '"', length) != NULL) return false;
  const char *end = memchr(line, '\r', length);
  return end == NULL || (size_t)(end - line) + 2 >= length;
}

static void take_plain(csv_reader *r, const char *line, size_t length) {
  while (length > 0 && is_space(r, line[length - 1])) length--;
  const char *end = line + length;
  for (;;) {
    const char *mark = memchr(line, r->delimiter, (size_t)(end - line));
    const char *last = mark != NULL ? mark : end;
    while (line < last && is_space(r, *line)) line++;
    size_t size = (size_t)(last - line);
    while (size > 0 && is_space(r, line[size - 1])) size--;
    take_field(line, size, r);
    if (mark == NULL) break;
    line = mark + 1;
  }
  take_row(r);
}

/* Feed the text line by line, at most `limit` bytes; a field that does not end is caught by csv_fini. Lines ahead of the header
 * that begin with # are comments. */
static void feed(csv_reader *r, struct csv_parser *parser, tanlu_text_lines *lines, size_t limit) {
  bool in_row = false;
  size_t total = 0, row = 0;
  while (!r->stopped) {
    const char *line = NULL;
    size_t size = 0;
    const tanlu_status status = tanlu_text_lines_next(lines, &line, &size, r->context);
    if (status != TANLU_OK) r->status = status;
    if (status != TANLU_OK) return;
    if (line == NULL) break;
    r->line++;
    total += size;
    if (total > limit) {
      r->status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, 0, 0,
                                "larger than %zu MiB, the most that is read", limit >> 20);
      return;
    }
    if (!in_row) r->row_line = r->field_line = r->line;
    row = in_row ? row + size : size;
    if (row > TANLU_LINE_BYTES) {
      r->status =
          tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, r->row_line, r->fields + 1,
                        "the row begun here goes on beyond %d MiB; is a quote left open?", TANLU_LINE_BYTES >> 20);
      return;
    }
    if (r->comments && !r->header_done && !in_row && line[0] == '#') continue;
    r->row_ended = false;
    if (!in_row && is_plain(line, size)) {
      if (!is_blank(r, line, size)) take_plain(r, line, size);
      continue;
    }
    if (csv_parse(parser, line, size, parsed_field, parsed_row, r) != size) {
      const char *what = csv_error(parser) == CSV_EPARSE
                             ? "a quote inside the field; a field with quotes is quoted as a "
                               "whole and its quotes are doubled"
                             : csv_strerror(csv_error(parser));
      r->status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, r->line, r->fields + 1, "%s", what);
      return;
    }
    in_row = r->row_ended ? false : in_row || !is_blank(r, line, size);
  }
  if (csv_fini(parser, parsed_field, parsed_row, r) != 0 && !r->stopped) {
    r->status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, r->field_line, r->fields + 1,
                              "the quoted field begun here is not closed");
  }
}

static tanlu_status read_file(csv_reader *r, const char *path, size_t limit, char digest[TANLU_SHA256_TEXT]) {
  tanlu_text_lines *lines = NULL;
  struct csv_parser parser;
  r->status = tanlu_text_lines_open(&lines, path, r->context);
  if (r->status != TANLU_OK) return r->status;
  r->table = calloc(1, sizeof *r->table);
  if (r->table && (r->table->file = strdup(path)) &&
      csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) == 0) {
    csv_set_delim(&parser, (unsigned char)r->delimiter);
    csv_set_blk_size(&parser,
                     CSV_BLOCK); /* by which its buffer grows; 128 bytes would copy long fields over and over */
    feed(r, &parser, lines, limit);
    csv_free(&parser);
  } else {
    r->status = tanlu_fail(r->context, TANLU_ERR_MEMORY, "out of memory reading %s", path);
  }
  if (r->status == TANLU_OK && !r->header_done) {
    r->status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, path, 1, 0, "the file is empty; expected a header row");
  }
  if (r->status == TANLU_OK && digest) tanlu_text_lines_digest(lines, digest);
  tanlu_text_lines_close(&lines);
  return r->status;
}

static tanlu_status read_table(tanlu_csv **table, const char *path, char delimiter, bool comments,
                               char digest[TANLU_SHA256_TEXT], tanlu_context *context) {
  csv_reader r = {.context = context, .status = TANLU_OK, .delimiter = delimiter, .comments = comments};
  const tanlu_status status = read_file(&r, path, CSV_BYTES_MAX, digest);
  if (status != TANLU_OK) tanlu_csv_free(&r.table);
  *table = r.table;
  return status;
}

static tanlu_status stream_table(const char *path, csv_reader *r, char digest[TANLU_SHA256_TEXT]) {
  const tanlu_status status = read_file(r, path, SIZE_MAX, digest);
  tanlu_csv_free(&r->table);
  return status;
}

tanlu_status tanlu_csv_read(tanlu_csv **table, const char *path, char digest[TANLU_SHA256_TEXT],
                            tanlu_context *context) {
  return read_table(table, path, ',', true, digest, context);
}

tanlu_status tanlu_csv_read_delimited(tanlu_csv **table, const char *path, char delimiter,
                                      char digest[TANLU_SHA256_TEXT], tanlu_context *context) {
  return read_table(table, path, delimiter, false, digest, context);
}

tanlu_status tanlu_csv_stream(const char *path, tanlu_csv_take take, void *user, char digest[TANLU_SHA256_TEXT],
                              tanlu_context *context) {
  csv_reader r = {.context = context, .take = take, .user = user, .delimiter = ',', .comments = true};
  return stream_table(path, &r, digest);
}

tanlu_status tanlu_csv_stream_delimited(const char *path, char delimiter, tanlu_csv_take take, void *user,
                                        tanlu_context *context) {
  csv_reader r = {.context = context, .take = take, .user = user, .delimiter = delimiter};
  return stream_table(path, &r, NULL);
}
