#include "outputs/table.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/markup.h"
#include "solvers/memory.h"

/* ---- width of texts ------------------------------------------------------------------------------------------------- */

typedef struct {
  uint32_t first, last;
} code_range;

/* East Asian wide and full-width blocks (Unicode Standard Annex 11), as far as texts of statistics use them. */
static const code_range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},  {0x3400, 0x4DBF},
                                  {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},
                                  {0xFE30, 0xFE4F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
                                  {0x1F900, 0x1F9FF}, {0x20000, 0x2FFFD}, {0x30000, 0x3FFFD}};
static const code_range zero[] = {{0x0000, 0x001F}, {0x007F, 0x009F}, {0x0300, 0x036F},
                                  {0x200B, 0x200F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};

static bool in_ranges(uint32_t code, const code_range *range, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (code >= range[i].first && code <= range[i].last) return true;
  }
  return false;
}

/* Next code point of a UTF-8 text; a byte that fits nowhere counts as one character. */
static uint32_t next_code(const unsigned char **text) {
  const unsigned char *p = *text;
  const int more = p[0] >= 0xF0 ? 3 : p[0] >= 0xE0 ? 2 : p[0] >= 0xC0 ? 1 : 0;
  uint32_t code = more == 0 ? p[0] : p[0] & (0x3Fu >> more);
  for (int k = 1; k <= more; k++) {
    if ((p[k] & 0xC0) != 0x80) {
      *text = p + 1;
      return 0xFFFD;
    }
    code = code << 6 | (p[k] & 0x3Fu);
  }
  *text = p + 1 + more;
  return code;
}

size_t tanlu_text_width(const char *text) {
  size_t width = 0;
  const unsigned char *p = (const unsigned char *)text;
  while (*p != '\0') {
    if (p[0] == 0x1B && p[1] == '[') { /* a colour: parameters up to a letter */
      const size_t sequence = 2 + strspn((const char *)p + 2, "0123456789;");
      if (p[sequence] == 'm') {
        p += sequence + 1;
        continue;
      }
    }
    const uint32_t code = next_code(&p);
    if (in_ranges(code, zero, sizeof zero / sizeof *zero)) continue;
    width += in_ranges(code, wide, sizeof wide / sizeof *wide) ? 2 : 1;
  }
  return width;
}

/* ---- aligned tables -------------------------------------------------------------------------------------------------- */

struct tanlu_table {
  size_t columns, cells, room;
  char **heading;
  tanlu_align *align;
  char **cell; /* row by row */
  bool failed; /* out of memory on the way */
};

tanlu_table *tanlu_table_create(tanlu_context *context) {
  return tanlu_allocate(context, 1, sizeof(tanlu_table));
}

void tanlu_table_free(tanlu_table **table) {
  tanlu_table *t = table != NULL ? *table : NULL;
  if (t == NULL) return;
  for (size_t i = 0; i < t->columns; i++) free(t->heading[i]);
  for (size_t i = 0; i < t->cells; i++) free(t->cell[i]);
  free(t->heading);
  free(t->align);
  free(t->cell);
  free(t);
  *table = NULL;
}

void tanlu_table_column(tanlu_table *table, const char *heading, tanlu_align align) {
  const size_t count = table->columns + 1;
  char **headings = realloc(table->heading, count * sizeof *headings);
  if (headings != NULL) table->heading = headings;
  tanlu_align *aligns = realloc(table->align, count * sizeof *aligns);
  if (aligns != NULL) table->align = aligns;
  char *copy = tanlu_string_copy(NULL, heading);
  if (headings == NULL || aligns == NULL || copy == NULL) {
    free(copy);
    table->failed = true;
    return;
  }
  table->heading[table->columns] = copy;
  table->align[table->columns] = align;
  table->columns = count;
}

void tanlu_table_text(tanlu_table *table, const char *text) {
  if (table->cells == table->room) {
    const size_t room = table->room > 0 ? 2 * table->room : 64;
    char **cells = realloc(table->cell, room * sizeof *cells);
    if (cells == NULL) {
      table->failed = true;
      return;
    }
    table->cell = cells;
    table->room = room;
  }
  char *copy = tanlu_string_copy(NULL, text);
  if (copy == NULL) {
    table->failed = true;
    return;
  }
  table->cell[table->cells++] = copy;
}

void tanlu_table_number(tanlu_table *table, double value, int decimals) {
  char text[352]; /* the largest double has 309 digits before the point */
  if (isnan(value)) {
    tanlu_table_text(table, "-");
    return;
  }
  (void)snprintf(text, sizeof text, "%.*f", decimals < 0 ? 0 : decimals > 17 ? 17 : decimals, value);
  tanlu_table_text(table, strtod(text, NULL) == 0.0 && text[0] == '-' ? text + 1 : text); /* no "-0.0" */
}

static void pad(FILE *stream, size_t count) {
  for (size_t i = 0; i < count; i++) (void)fputc(' ', stream);
}

/* One line; text(column) may be NULL at the end of an unfinished row. Spaces are held back until something follows. */
static void print_line(const tanlu_table *table, FILE *stream, char *const *text, size_t given, const size_t *width) {
  size_t held = 0;
  for (size_t k = 0; k < table->columns; k++) {
    const char *cell = k < given ? text[k] : "";
    const size_t gap = width[k] - tanlu_text_width(cell);
    if (k > 0) held += 2;
    if (table->align[k] == TANLU_RIGHT) held += gap;
    if (cell[0] != '\0') {
      pad(stream, held);
      (void)fputs(cell, stream);
      held = 0;
    }
    if (table->align[k] == TANLU_LEFT) held += gap;
  }
  (void)fputc('\n', stream);
}

static size_t column_width(const tanlu_table *table, size_t k) {
  size_t width = tanlu_text_width(table->heading[k]);
  for (size_t i = k; i < table->cells; i += table->columns) {
    const size_t cell = tanlu_text_width(table->cell[i]);
    if (cell > width) width = cell;
  }
  return width;
}

size_t tanlu_table_width(const tanlu_table *table) {
  size_t total = table->columns > 0 ? 2 * (table->columns - 1) : 0;
  for (size_t k = 0; k < table->columns; k++) total += column_width(table, k);
  return total;
}

tanlu_status tanlu_table_print(const tanlu_table *table, FILE *stream, tanlu_context *context) {
  size_t *width = table->failed ? NULL : tanlu_allocate(context, table->columns, sizeof *width);
  if (width == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a table");
  if (table->columns == 0) goto done;
  bool headed = false;
  for (size_t k = 0; k < table->columns; k++) {
    width[k] = column_width(table, k);
    headed = headed || table->heading[k][0] != '\0';
  }
  if (headed) {
    print_line(table, stream, table->heading, table->columns, width);
    const size_t total = tanlu_table_width(table);
    for (size_t i = 0; i < total; i++) (void)fputc('-', stream);
    (void)fputc('\n', stream);
  }
  for (size_t i = 0; i < table->cells; i += table->columns) {
    const size_t left = table->cells - i;
    print_line(table, stream, table->cell + i, left < table->columns ? left : table->columns, width);
  }
done:
  free(width);
  return TANLU_OK;
}

static void put_html_cell(const tanlu_table *table, FILE *stream, size_t k, const char *cell, bool heading) {
  const bool number = table->align[k] == TANLU_RIGHT;
  const bool met = strncmp(cell, "✓", 3) == 0, missed = strncmp(cell, "✗", 3) == 0;
  const char *class = met ? "met" : missed ? "missed" : "";
  (void)fputs(heading ? "<th scope=\"col\"" : k == 0 ? "<th scope=\"row\"" : "<td", stream);
  if (number || class[0] != '\0') {
    (void)fprintf(stream, " class=\"%s%s%s\"", number ? "n" : "", number && class[0] != '\0' ? " " : "", class);
  }
  (void)fputc('>', stream);
  tanlu_markup_put(stream, cell);
  (void)fputs(heading || k == 0 ? "</th>" : "</td>", stream);
}

tanlu_status tanlu_table_html(const tanlu_table *table, FILE *stream, tanlu_context *context) {
  if (table->failed) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a table");
  if (table->columns == 0) return TANLU_OK;
  (void)fputs("<thead><tr>", stream);
  for (size_t k = 0; k < table->columns; k++) put_html_cell(table, stream, k, table->heading[k], true);
  (void)fputs("</tr></thead>\n<tbody>\n", stream);
  for (size_t i = 0; i < table->cells; i += table->columns) {
    (void)fputs("<tr>", stream);
    for (size_t k = 0; k < table->columns; k++) {
      put_html_cell(table, stream, k, i + k < table->cells ? table->cell[i + k] : "", false);
    }
    (void)fputs("</tr>\n", stream);
  }
  (void)fputs("</tbody>\n", stream);
  return TANLU_OK;
}

int tanlu_decimals(double magnitude) {
  const double m = fabs(magnitude);
  if (!(m < 1000.0) || m == 0.0) return 0;
  if (m >= 10.0) return 1;
  if (m >= 1.0) return 2;
  if (m >= 0.1) return 3;
  return m >= 0.01 ? 4 : m >= 0.001 ? 5 : 6;
}

/* ---- pictures -------------------------------------------------------------------------------------------------------- */

const char *tanlu_text_bar(char *buffer, size_t size, double value, double full, size_t width) {
  static const char *const part[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  size_t used = 0;
  if (size > 0) buffer[0] = '\0';
  if (!(value > 0.0) || !(full > 0.0)) return buffer;
  const double eighths = floor(8.0 * (double)width * fmin(value / full, 1.0) + 0.5);
  const size_t whole = (size_t)(eighths / 8.0), rest = (size_t)fmod(eighths, 8.0);
  for (size_t i = 0; i < whole && used + 4 <= size; i++) {
    memcpy(buffer + used, "█", 4);
    used += 3;
  }
  if (rest > 0 && used + 4 <= size) memcpy(buffer + used, part[rest], 4);
  return buffer;
}

const char *tanlu_text_sparkline(char *buffer, size_t size, const double *value, size_t count) {
  static const char *const level[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double low = 0.0, high = 0.0;
  size_t used = 0;
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(value[i])) continue;
    low = fmin(low, value[i]);
    high = fmax(high, value[i]);
  }
  if (size > 0) buffer[0] = '\0';
  for (size_t i = 0; i < count && used + 4 <= size; i++) {
    if (!isfinite(value[i])) {
      memcpy(buffer + used, " ", 2);
      used += 1;
      continue;
    }
    const double share = high > low ? (value[i] - low) / (high - low) : 0.0;
    memcpy(buffer + used, level[(size_t)fmin(7.0, floor(8.0 * share))], 4);
    used += 3;
  }
  return buffer;
}
