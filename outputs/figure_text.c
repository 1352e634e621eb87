/* Text on the canvas: escaping, widths, wrapping. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "outputs/markup.h"
#include "outputs/table.h"
#include "solvers/memory.h"

/* Of the size of a text, one column of a terminal: digits and small letters of the sans-serif fonts are 0.50 to 0.64 wide. */
#define COLUMN 0.56

/* ---- widths ----------------------------------------------------------------------------------------------------------------- */

double tanlu_text_extent(const char *text, double size) {
  return COLUMN * size * (double)tanlu_text_width(text);
}

/* Bytes of the character at p, and its columns. */
static size_t one_character(const char *p, size_t *columns) {
  char character[5] = {0};
  size_t length = 1;
  character[0] = p[0];
  while (length < 4 && (p[length] & 0xC0) == 0x80) {
    character[length] = p[length];
    length++;
  }
  *columns = tanlu_text_width(character);
  return length;
}

/* Chinese marks that do not begin a line. */
static bool stays_behind(const char *p) {
  static const char *const mark[] = {"，", "。", "、", "；", "：", "）", "？", "！", "”", "》"};
  for (size_t i = 0; i < sizeof mark / sizeof *mark; i++) {
    if (strncmp(p, mark[i], strlen(mark[i])) == 0) return true;
  }
  return false;
}

/* First line of a text: its bytes and its columns, at least one character; *next: bytes to the second line. */
static size_t first_line(const char *text, size_t most, size_t *columns, size_t *next) {
  size_t at = 0, used = 0, end = 0, end_columns = 0, wide_before = 0;
  bool broken = false; /* is there a place to break? */
  while (text[at] != '\0' && text[at] != '\n') {
    size_t wide = 0;
    const size_t length = one_character(text + at, &wide);
    if (text[at] == ' ' || (at > 0 && (wide == 2 || wide_before == 2) && !stays_behind(text + at))) {
      if (text[at] != ' ' || used > 0) {
        end = at;
        end_columns = used;
        broken = end > 0;
      }
    }
    if (used + wide > most && at > 0 && text[at] != ' ') {
      if (!broken) {
        end = at;
        end_columns = used;
      }
      *columns = end_columns;
      *next = end;
      while (text[*next] == ' ') ++*next;
      return end;
    }
    used += wide;
    wide_before = wide;
    at += length;
  }
  size_t trimmed = at;
  while (trimmed > 0 && text[trimmed - 1] == ' ') {
    trimmed--;
    used--;
  }
  *columns = used;
  *next = text[at] == '\n' ? at + 1 : at;
  return trimmed;
}

static size_t columns_within(double size, double width) {
  const double columns = floor(width / (COLUMN * size) + 1e-9);
  return columns >= 1.0 ? (size_t)fmin(columns, 1e6) : 1;
}

size_t tanlu_text_lines(const char *text, double size, double width, double *widest) {
  const size_t most = columns_within(size, width);
  size_t lines = 0, widest_columns = 0;
  while (*text != '\0') {
    size_t columns = 0, next = 0;
    (void)first_line(text, most, &columns, &next);
    if (columns > widest_columns) widest_columns = columns;
    text += next;
    lines++;
  }
  if (widest != NULL) *widest = COLUMN * size * (double)widest_columns;
  return lines;
}

double tanlu_text_longest_word(const char *text, double size) {
  size_t longest = 0, word = 0;
  while (*text != '\0') {
    size_t columns = 0;
    const size_t length = one_character(text, &columns);
    const bool ends = *text == ' ' || *text == '\n' || columns == 2; /* lines break around Chinese characters */
    word = ends ? (columns == 2 ? 2 : 0) : word + columns;
    if (word > longest) longest = word;
    if (columns == 2) word = 0;
    text += length;
  }
  return COLUMN * size * (double)longest;
}

/* ---- drawing ----------------------------------------------------------------------------------------------------------------- */

tanlu_text tanlu_text_small(tanlu_anchor anchor) {
  return (tanlu_text){.size = TANLU_TEXT_SMALL, .anchor = anchor, .role = TANLU_PAINT_INK};
}

static void put_line(tanlu_canvas *canvas, double x, double y, tanlu_text style, const char *text, size_t size) {
  static const char *const anchor[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
  FILE *stream = canvas->stream;
  char *line = tanlu_allocate(canvas->context, size + 1, 1);
  if (line == NULL) {
    canvas->failed = true;
    return;
  }
  memcpy(line, text, size);
  (void)fputs("<text x=\"", stream);
  tanlu_svg_number(stream, x);
  (void)fputs("\" y=\"", stream);
  tanlu_svg_number(stream, y);
  (void)fputs("\" font-size=\"", stream);
  tanlu_svg_number(stream, style.size);
  (void)fprintf(stream, "\"%s%s class=\"f-%s%s\" fill=\"%s\"", anchor[style.anchor],
                style.bold ? " font-weight=\"bold\"" : "", tanlu_paint_word(style.role), style.halo ? " s-ground" : "",
                tanlu_paint_colour(style.role));
  if (tanlu_paint_opacity(style.role) < 1.0) {
    (void)fputs(" fill-opacity=\"", stream);
    tanlu_svg_number(stream, tanlu_paint_opacity(style.role));
    (void)fputc('"', stream);
  }
  if (style.halo) {
    (void)fprintf(stream, " stroke=\"%s\" stroke-width=\"3\" paint-order=\"stroke\"",
                  tanlu_paint_colour(TANLU_PAINT_GROUND));
    canvas->stroked |= tanlu_paint_bit(TANLU_PAINT_GROUND);
  }
  if (fabs(style.rotate) > 0.0) {
    (void)fputs(" transform=\"rotate(", stream);
    tanlu_svg_number(stream, style.rotate);
    (void)fputc(' ', stream);
    tanlu_svg_number(stream, x);
    (void)fputc(' ', stream);
    tanlu_svg_number(stream, y);
    (void)fputs(")\"", stream);
  }
  (void)fputc('>', stream);
  tanlu_markup_put(stream, line);
  free(line);
  (void)fputs("</text>\n", stream);
  canvas->filled |= tanlu_paint_bit(style.role);
}

void tanlu_canvas_text(tanlu_canvas *canvas, double x, double y, tanlu_text style, const char *text) {
  if (*text != '\0') put_line(canvas, x, y, style, text, strlen(text));
}

size_t tanlu_canvas_paragraph(tanlu_canvas *canvas, double x, double y, double width, tanlu_text style,
                              const char *text) {
  const size_t most = columns_within(style.size, width);
  size_t lines = 0;
  while (*text != '\0') {
    size_t columns = 0, next = 0;
    const size_t size = first_line(text, most, &columns, &next);
    if (size > 0) put_line(canvas, x, y + (double)lines * TANLU_LINE_HEIGHT * style.size, style, text, size);
    text += next;
    lines++;
  }
  return lines;
}
