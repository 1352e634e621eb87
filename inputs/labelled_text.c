#include "inputs/labelled_text.h"

#include <stdlib.h>
#include <string.h>

#include "model/labels.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_labelled_text *text;
  const tanlu_labelled_take *take;
  tanlu_context *context;
  size_t headers; /* header rows seen */
  bool first;     /* the next row is the first below the header */
} stream;

void tanlu_labelled_text_clear(tanlu_labelled_text *text) {
  for (size_t k = 0; text->head != NULL && k < text->headers * text->columns; k++) free(text->head[k]);
  free(text->head);
  text->head = NULL;
  text->columns = 0;
}

const char *tanlu_labelled_text_head(const tanlu_labelled_text *text, size_t h, size_t c) {
  return text->head[h * text->columns + c];
}

/* The delimiter that the file seems to have instead, 0 where none is seen. */
static char other_delimiter(const tanlu_csv *table, char delimiter) {
  static const char all[] = {',', ';', '\t'};
  for (size_t k = 0; k < sizeof all; k++) {
    if (all[k] != delimiter && strchr(tanlu_csv_header(table, 0), all[k]) != NULL) return all[k];
  }
  return 0;
}

static const char *delimiter_name(char delimiter) {
  return delimiter == '\t' ? "tabs" : delimiter == ',' ? "commas" : "semicolons";
}

static tanlu_status check_width(const stream *s, const tanlu_csv *table) {
  const tanlu_labelled_text *t = s->text;
  if (table->columns > t->indices) return TANLU_OK;
  const char other = table->columns == 1 ? other_delimiter(table, t->delimiter) : 0;
  return tanlu_fail_at(s->context, TANLU_ERR_INPUT, t->path, table->header_line, table->columns,
                       "%zu fields; expected %zu of the index and then columns of numbers, separated by %s%s%s",
                       table->columns, t->indices, delimiter_name(t->delimiter), other != 0 ? ", not by " : "",
                       other != 0 ? delimiter_name(other) : "");
}

static tanlu_status take_header(stream *s, const tanlu_csv *table) {
  tanlu_labelled_text *t = s->text;
  if (s->headers == 0) {
    const tanlu_status status = check_width(s, table);
    if (status != TANLU_OK) return status;
    t->columns = table->columns - t->indices;
    t->head = tanlu_allocate(s->context, t->headers * t->columns, sizeof *t->head);
    if (t->head == NULL) return TANLU_ERR_MEMORY;
  }
  for (size_t c = 0; c < t->columns; c++) {
    const size_t field = t->indices + c;
    const char *text = s->headers == 0 ? tanlu_csv_header(table, field) : tanlu_csv_text(table, 0, field);
    char **cell = &t->head[s->headers * t->columns + c];
    *cell = tanlu_string_copy(s->context, text);
    if (*cell == NULL) return TANLU_ERR_MEMORY;
  }
  s->headers++;
  s->first = true;
  return s->headers == t->headers && s->take->take_head ? s->take->take_head(s->take->user, t, s->context) : TANLU_OK;
}

/* A row of nothing but the names of the index columns. */
static bool is_names(const stream *s, const tanlu_csv *table) {
  for (size_t c = s->text->indices; c < table->columns; c++) {
    if (*tanlu_csv_text(table, 0, c) != '\0') return false;
  }
  return true;
}

static tanlu_status take(void *user, const tanlu_csv *table) {
  stream *s = user;
  if (s->headers < s->text->headers) return take_header(s, table);
  const bool first = s->first;
  s->first = false;
  if (first && is_names(s, table)) return TANLU_OK;
  return s->take->take_row(s->take->user, s->text, table, s->context);
}

tanlu_status tanlu_labelled_text_read(tanlu_labelled_text *text, const tanlu_labelled_take *how,
                                      tanlu_context *context) {
  stream s = {.text = text, .take = how, .context = context};
  const tanlu_status status = tanlu_csv_stream_delimited(text->path, text->delimiter, take, &s, context);
  if (status != TANLU_OK || s.headers == text->headers) return status;
  return tanlu_fail_at(context, TANLU_ERR_INPUT, text->path, 0, 0, "%zu rows; expected %zu of the header, then numbers",
                       s.headers, text->headers);
}

tanlu_status tanlu_labelled_text_numbers(tanlu_labelled_text *text, const tanlu_csv *table, const size_t *at,
                                         double *value, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t c = 0; c < text->columns; c++) {
    if (at[c] == TANLU_NONE) continue;
    const size_t field = text->indices + c;
    if (*tanlu_csv_text(table, 0, field) == '\0') text->empty++;
    const tanlu_status read = tanlu_csv_number(table, 0, field, 0.0, &value[at[c]], context);
    if (read != TANLU_OK) status = read;
  }
  return status;
}
