#include "outputs/text_chart.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/labels.h"
#include "outputs/table.h"
#include "solvers/memory.h"

enum { ROWS = 12, LEAST_COLUMNS = 20, MOST_COLUMNS = 100, DOWN = 4, ACROSS = 2, TICKS = 7, YEAR_WIDTH = 4, GAP = 2 };

/* ---- colours ---------------------------------------------------------------------------------------------------------- */

const char *tanlu_ink_begin(const tanlu_text_style *style, size_t ink) {
  static const char *const code[] = {"\033[32m", "\033[31m", "\033[36m"};
  static const char *const series[] = {"\033[36m", "\033[33m", "\033[35m", "\033[32m", "\033[34m", "\033[31m"};
  if (style == NULL || !style->color) return "";
  return ink < TANLU_INK_SERIES ? code[ink] : series[(ink - TANLU_INK_SERIES) % (sizeof series / sizeof *series)];
}

const char *tanlu_ink_end(const tanlu_text_style *style) {
  return style != NULL && style->color ? "\033[0m" : "";
}

/* ---- bars ------------------------------------------------------------------------------------------------------------- */

const char *tanlu_text_bar_between(char *buffer, size_t size, double value, double low, double high, size_t width) {
  if (!(low < 0.0)) return tanlu_text_bar(buffer, size, value, high, width);
  if (size > 0) buffer[0] = '\0';
  if (!isfinite(value) || !(high >= 0.0)) return buffer;
  const double span = high - low;
  size_t left = (size_t)floor((double)width * -low / span + 0.5), used = 0; /* columns left of zero */
  if (left == 0) left = 1;
  if (left > width) left = width;
  if (value >= 0.0) {
    for (; used < left && used + 1 < size; used++) buffer[used] = ' ';
    if (used < size) (void)tanlu_text_bar(buffer + used, size - used, value, high, width - left);
    return value > 0.0 ? buffer : (buffer[0] = '\0', buffer);
  }
  const double halves = floor(2.0 * (double)left * fmin(value / low, 1.0) + 0.5);
  const size_t whole = (size_t)(halves / 2.0), half = (size_t)fmod(halves, 2.0);
  for (; used < left - whole - half && used + 1 < size; used++) buffer[used] = ' ';
  if (used < size) buffer[used] = '\0';
  for (size_t i = 0; i < whole + half && used + 4 <= size; i++, used += 3) {
    memcpy(buffer + used, i == 0 && half > 0 ? "▐" : "█", 4);
  }
  return buffer;
}

/* ---- axes ------------------------------------------------------------------------------------------------------------- */

/* An axis of values: low and high are multiples of step. */
typedef struct {
  double low, high, step;
  int decimals;
} axis;

/* Steps of 1, 2 or 5 times a power of ten, TICKS of them at most. False without a finite value. */
static bool make_axis(const tanlu_line_chart *lines, axis *a) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (size_t i = 0; i < lines->series * lines->points; i++) {
    if (!isfinite(lines->value[i])) continue;
    low = fmin(low, lines->value[i]);
    high = fmax(high, lines->value[i]);
  }
  if (!(low <= high)) return false;
  const double largest = fmax(fabs(low), fabs(high));
  if (!(high - low < 0.25 * largest) || low == high) {
    low = fmin(low, 0.0);
    high = fmax(high, 0.0);
  }
  if (!(high > low)) high = low + 1.0; /* all zero */
  static const double part[] = {1.0, 2.0, 5.0, 10.0};
  const double power = pow(10.0, floor(log10((high - low) / TICKS)));
  for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
    a->step = part[k] * power;
    a->low = floor(low / a->step + 1e-9) * a->step;
    a->high = ceil(high / a->step - 1e-9) * a->step;
    if ((a->high - a->low) / a->step < TICKS + 0.5) break;
  }
  const double digits = -floor(log10(a->step) + 1e-9);
  a->decimals = digits > 0.0 ? (int)fmin(digits, 15.0) : 0;
  return a->high > a->low;
}

static int tick_text(const axis *a, double value, char *text, size_t size) {
  const double rounded = fabs(value) < 0.5 * a->step ? 0.0 : value;
  return snprintf(text, size, "%.*f", a->decimals, rounded);
}

/* ---- the canvas -------------------------------------------------------------------------------------------------------- */

typedef struct {
  const tanlu_line_chart *lines;
  const tanlu_text_style *style;
  axis axis;
  size_t columns, label; /* of the canvas; of the texts left of it */
  uint8_t *dots;         /* ROWS x columns: bits of the Braille pattern */
  size_t *owner;         /* ROWS x columns: 1 + the line drawn last */
  char *letter;          /* ROWS x columns: that of a line, 0 for none */
} canvas;

static char letter_of(size_t series) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return series < sizeof letters - 1 ? letters[series] : '*';
}

/* The value of a line at a share of the way along the axis, between its years; NaN in gaps. */
static double value_at(const tanlu_line_chart *lines, size_t series, double share) {
  const double *value = lines->value + series * lines->points;
  const double x = lines->x[0] + share * (double)(lines->x[lines->points - 1] - lines->x[0]);
  size_t k = 0;
  while (k + 2 < lines->points && x > (double)lines->x[k + 1]) k++;
  const double part = (x - (double)lines->x[k]) / (double)(lines->x[k + 1] - lines->x[k]);
  if (part <= 0.0) return value[k];
  return part >= 1.0 ? value[k + 1] : value[k] + part * (value[k + 1] - value[k]);
}

/* The row of dots of a value, from the top. */
static size_t dot_row(const axis *a, double value) {
  const double most = ROWS * DOWN - 1;
  return (size_t)fmin(most, fmax(0.0, floor((a->high - value) / (a->high - a->low) * most + 0.5)));
}

static void put_dot(canvas *c, size_t series, size_t x, size_t y) {
  static const uint8_t bit[DOWN][ACROSS] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  const size_t cell = y / DOWN * c->columns + x / ACROSS;
  c->dots[cell] |= bit[y % DOWN][x % ACROSS];
  c->owner[cell] = series + 1;
}

/* Dots down or up to those of the column before, so that a line is never broken. */
static void draw_line(canvas *c, size_t series) {
  size_t before = TANLU_NONE;
  for (size_t x = 0; x < c->columns * ACROSS; x++) {
    const double value = value_at(c->lines, series, (double)x / (double)(c->columns * ACROSS - 1));
    if (!isfinite(value)) {
      before = TANLU_NONE;
      continue;
    }
    const size_t y = dot_row(&c->axis, value);
    if (before == TANLU_NONE) before = y;
    const size_t first = before < y ? before + 1 : y, last = before > y ? before - 1 : y;
    for (size_t k = first; k <= last; k++) put_dot(c, series, x, k);
    before = y;
  }
  const size_t period = (size_t)fmax(12.0, 4.0 * (double)c->lines->series);
  for (size_t x = (2 + 4 * series) % c->columns; x < c->columns; x += period) {
    const double value = value_at(c->lines, series, ((double)x + 0.5) / (double)c->columns);
    if (!isfinite(value)) continue;
    const size_t cell = dot_row(&c->axis, value) / DOWN * c->columns + x;
    c->letter[cell] = letter_of(series);
    c->owner[cell] = series + 1;
  }
}

/* ---- printing ---------------------------------------------------------------------------------------------------------- */

static void put_braille(FILE *stream, uint8_t dots) { /* U+2800 + dots */
  (void)fprintf(stream, "\xe2%c%c", 0xa0 | dots >> 6, 0x80 | (dots & 0x3f));
}

static void print_cells(const canvas *c, size_t row, bool zero, FILE *stream) {
  size_t inked = 0, held = 0;
  for (size_t x = 0; x < c->columns; x++) {
    const size_t cell = row * c->columns + x, owner = c->owner[cell];
    if (owner == 0 && !zero) {
      held++;
      continue;
    }
    for (; held > 0; held--) (void)fputc(' ', stream);
    if (owner != inked) (void)fputs(inked > 0 ? tanlu_ink_end(c->style) : "", stream);
    if (owner != inked && owner > 0) (void)fputs(tanlu_ink_begin(c->style, TANLU_INK_SERIES + owner - 1), stream);
    inked = owner;
    if (owner == 0) {
      (void)fputs("╌", stream);
    } else if (c->letter[cell] != '\0') {
      (void)fputc(c->letter[cell], stream);
    } else {
      put_braille(stream, c->dots[cell]);
    }
  }
  if (inked > 0) (void)fputs(tanlu_ink_end(c->style), stream);
  (void)fputc('\n', stream);
}

static void print_rows(const canvas *c, FILE *stream) {
  const axis *a = &c->axis;
  for (size_t row = 0; row < ROWS; row++) {
    char text[64] = "";
    bool zero = false;
    for (double tick = a->low; tick < a->high + 0.5 * a->step; tick += a->step) {
      if (dot_row(a, tick) / DOWN != row) continue;
      (void)tick_text(a, tick, text, sizeof text);
      zero = a->low < 0.0 && fabs(tick) < 0.5 * a->step;
    }
    (void)fprintf(stream, "%*s %s", (int)c->label, text, text[0] != '\0' ? "┤" : "│");
    print_cells(c, row, zero, stream);
  }
}

/* The column of a year. */
static size_t year_column(const canvas *c, int year) {
  const int first = c->lines->x[0], last = c->lines->x[c->lines->points - 1];
  return (size_t)floor((double)(c->columns - 1) * (double)(year - first) / (double)(last - first) + 0.5);
}

/* Marks at the first year, the last, and between them at round ones that have room: `mark` of each column, the text under it. */
static void print_years(const canvas *c, char *mark, char *text, FILE *stream) {
  const int first = c->lines->x[0], last = c->lines->x[c->lines->points - 1];
  const size_t end = year_column(c, last);
  size_t free_from = 0;
  memset(mark, 0, c->columns);
  memset(text, ' ', c->columns + YEAR_WIDTH);
  for (int year = first; year <= last; year++) {
    const size_t at = year_column(c, year);
    const bool ends = year == first || year == last;
    if (!ends && (year % 10 != 0 || at < free_from || at + YEAR_WIDTH + GAP > end)) continue;
    char number[16];
    (void)snprintf(number, sizeof number, "%-4d", year);
    memcpy(text + at, number, YEAR_WIDTH);
    mark[at] = 1;
    free_from = at + YEAR_WIDTH + GAP;
  }
  (void)fprintf(stream, "%*s └", (int)c->label, "");
  for (size_t x = 0; x < c->columns; x++) (void)fputs(mark[x] != 0 ? "┬" : "─", stream);
  size_t length = c->columns + YEAR_WIDTH;
  while (length > 0 && text[length - 1] == ' ') length--;
  (void)fprintf(stream, "\n%*s  %.*s\n", (int)c->label, "", (int)length, text);
}

static void print_legend(const canvas *c, FILE *stream) {
  size_t used = 0;
  const size_t indent = c->label + 2;
  for (size_t s = 0; s < c->lines->series; s++) {
    const size_t width = tanlu_text_width(c->lines->name[s]) + 2;
    const bool fits = used > 0 && used + 3 + width <= c->columns;
    if (used > 0) (void)fputs(fits ? "   " : "\n", stream);
    if (!fits) {
      (void)fprintf(stream, "%*s", (int)indent, "");
      used = 0;
    }
    (void)fprintf(stream, "%s%c%s %s", tanlu_ink_begin(c->style, TANLU_INK_SERIES + s), letter_of(s),
                  tanlu_ink_end(c->style), c->lines->name[s]);
    used += width + (fits ? 3 : 0);
  }
  (void)fputc('\n', stream);
}

static void choose_size(canvas *c) {
  const axis *a = &c->axis;
  char text[64];
  for (double tick = a->low; tick < a->high + 0.5 * a->step; tick += a->step) {
    const int length = tick_text(a, tick, text, sizeof text);
    if (length > 0 && (size_t)length > c->label) c->label = (size_t)length;
  }
  const size_t beside = c->label + 2 + YEAR_WIDTH; /* the last year stands under the last column and beyond */
  c->columns = c->style->chart > beside ? c->style->chart - beside : 0;
  if (c->columns < LEAST_COLUMNS) c->columns = LEAST_COLUMNS;
  if (c->columns > MOST_COLUMNS) c->columns = MOST_COLUMNS;
}

tanlu_status tanlu_line_chart_print(const tanlu_line_chart *lines, const tanlu_text_style *style, FILE *stream,
                                    tanlu_context *context) {
  canvas c = {.lines = lines, .style = style};
  if (style == NULL || style->chart == 0 || lines->points < 2 || !make_axis(lines, &c.axis)) return TANLU_OK;
  choose_size(&c);
  const size_t cells = ROWS * c.columns;
  c.dots = tanlu_allocate(context, cells, sizeof *c.dots);
  c.owner = tanlu_allocate(context, cells, sizeof *c.owner);
  c.letter = tanlu_allocate(context, cells, sizeof *c.letter);
  char *mark = tanlu_allocate(context, c.columns, 1), *text = tanlu_allocate(context, c.columns + YEAR_WIDTH, 1);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (c.dots == NULL || c.owner == NULL || c.letter == NULL || mark == NULL || text == NULL) goto done;
  for (size_t s = 0; s < lines->series; s++) draw_line(&c, s);
  const size_t unit = tanlu_text_width(lines->unit);
  (void)fprintf(stream, "%*s%s\n", (int)(unit < c.label ? c.label - unit : 0), "", lines->unit);
  print_rows(&c, stream);
  print_years(&c, mark, text, stream);
  print_legend(&c, stream);
  status = TANLU_OK;
done:
  free(c.dots);
  free(c.owner);
  free(c.letter);
  free(mark);
  free(text);
  return status;
}
