/* Tiles: a grid whose colours are values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

#define NAMES_MOST 220.0
#define ROW_LEAST 26.0
#define STEEP_BELOW 26.0 /* width of a column in which slanted names would run into each other */

typedef struct {
  const tanlu_figure *figure;
  tanlu_canvas *canvas;
  double *column, *row; /* different numbers, ascending; of categories and series their numbers */
  size_t columns, rows;
  bool named_rows; /* rows are series */
  tanlu_extent values;
  tanlu_tile_scale scale;
  int decimals[2];            /* of numbers of columns and rows */
  double left, width, height; /* of the grid; of a tile */
} grid;

/* ---- which columns and rows there are ----------------------------------------------------------------------------------- */

static void insert(double *list, size_t *count, double value) {
  size_t k = *count;
  while (k > 0 && list[k - 1] > value) k--;
  if (k > 0 && !(list[k - 1] < value)) return;
  memmove(list + k + 1, list + k, (*count - k) * sizeof *list);
  list[k] = value;
  ++*count;
}

/* The row of a series: the first of its name, as it may go on in another panel. */
static double row_of(const tanlu_figure *figure, size_t series) {
  size_t i = 0;
  while (strcmp(figure->series[i].name, figure->series[series].name) != 0) i++;
  return (double)i;
}

static size_t place(const double *list, size_t count, double value) {
  size_t k = 0;
  while (k + 1 < count && list[k] < value) k++;
  return k;
}

/* Decimals that tell all numbers of an axis, five at most. */
static int decimals_of(const double *list, size_t count) {
  int decimals = 0;
  for (double unit = 1.0; decimals < 5; decimals++, unit *= 10.0) {
    bool whole = true;
    for (size_t i = 0; i < count; i++) whole = whole && fabs(list[i] * unit - round(list[i] * unit)) < 1e-6;
    if (whole) break;
  }
  return decimals;
}

static tanlu_status find_axes(grid *g) {
  const tanlu_figure *figure = g->figure;
  size_t points = 0;
  for (size_t i = 0; i < figure->all_series; i++) points += figure->series[i].points;
  g->column = tanlu_allocate_doubles(g->canvas->context, points + figure->categories + 1, 1);
  g->row = tanlu_allocate_doubles(g->canvas->context, points + figure->all_series + 1, 1);
  if (g->column == NULL || g->row == NULL) return TANLU_ERR_MEMORY;
  g->values = tanlu_extent_none();
  g->named_rows = true;
  for (size_t k = 0; k < figure->categories; k++) insert(g->column, &g->columns, (double)k);
  for (size_t i = 0; i < figure->all_series; i++) {
    for (size_t k = 0; k < figure->series[i].points; k++) {
      const tanlu_figure_datum *point = &figure->series[i].point[k];
      if (!isnan(point->low)) g->named_rows = false;
      insert(g->column, &g->columns, point->x);
      tanlu_extent_add(&g->values, point->value);
    }
  }
  for (size_t i = 0; i < figure->all_series; i++) {
    if (g->named_rows) insert(g->row, &g->rows, row_of(figure, i));
    for (size_t k = 0; !g->named_rows && k < figure->series[i].points; k++) {
      const double low = figure->series[i].point[k].low;
      if (tanlu_figure_drawable(low)) insert(g->row, &g->rows, low);
    }
  }
  g->decimals[0] = decimals_of(g->column, g->columns);
  g->decimals[1] = decimals_of(g->row, g->rows);
  return TANLU_OK;
}

static const char *number_name(const grid *g, double value, int decimals, char text[TANLU_NUMBER_SIZE]) {
  const tanlu_ticks ticks = {.decimals = decimals, .plain = tanlu_figure_has_years(g->figure)};
  return tanlu_tick_text(&ticks, value, text);
}

static const char *column_name(const grid *g, size_t column, char text[TANLU_NUMBER_SIZE]) {
  if (g->figure->categories > 0) {
    const size_t category = (size_t)fmax(0.0, g->column[column]);
    return category < g->figure->categories ? g->figure->category[category].label : "";
  }
  return number_name(g, g->column[column], g->decimals[0], text);
}

static const char *row_name(const grid *g, size_t row, char text[TANLU_NUMBER_SIZE]) {
  return g->named_rows ? g->figure->series[(size_t)g->row[row]].name
                       : number_name(g, g->row[row], g->decimals[1], text);
}

/* ---- drawing ------------------------------------------------------------------------------------------------------------ */

static void draw_tile(const grid *g, const tanlu_figure_datum *point, size_t series, double top) {
  const size_t column = place(g->column, g->columns, point->x);
  const size_t row = place(g->row, g->rows, g->named_rows ? row_of(g->figure, series) : point->low);
  const tanlu_box box = {g->left + (double)column * g->width, top + (double)row * g->height, g->width, g->height};
  char number[TANLU_NUMBER_SIZE], a[TANLU_NUMBER_SIZE], b[TANLU_NUMBER_SIZE];
  const bool there = tanlu_figure_drawable(point->value);
  const char *text = point->label != NULL ? point->label : tanlu_tile_scale_text(&g->scale, point->value, number);
  tanlu_canvas_group(g->canvas, NULL);
  tanlu_canvas_tooltip(g->canvas, "%s, %s: %s %s", row_name(g, row, a), column_name(g, column, b), text,
                       g->figure->y.unit != NULL ? g->figure->y.unit : "");
  tanlu_paint paint = there ? tanlu_tile_scale_paint(&g->scale, point->value) : tanlu_paint_fill(TANLU_PAINT_GROUND);
  tanlu_canvas_rect(g->canvas, box, paint);
  if (tanlu_text_extent(text, TANLU_TEXT_SMALL) + 4.0 <= g->width && g->height >= 17.0) {
    tanlu_text style = tanlu_text_small(TANLU_ANCHOR_MIDDLE);
    if (there && paint.opacity > TANLU_TILE_DARK) style.role = TANLU_PAINT_GROUND;
    tanlu_canvas_text(g->canvas, box.x + 0.5 * box.width, box.y + 0.5 * box.height + 0.35 * style.size, style, text);
  }
  tanlu_canvas_group_end(g->canvas);
}

/* Lines between the tiles, over them: neighbours of one colour stay apart. */
static void draw_lines(const grid *g, double top) {
  const double right = g->left + (double)g->columns * g->width, bottom = top + (double)g->rows * g->height;
  const tanlu_paint paint = tanlu_paint_stroke(TANLU_PAINT_GROUND, g->width > 12.0 ? 1.5 : 0.5);
  for (size_t i = 0; i <= g->columns; i++) {
    const double x = g->left + (double)i * g->width;
    tanlu_canvas_line(g->canvas, x, top, x, bottom, paint);
  }
  for (size_t i = 0; i <= g->rows; i++) {
    const double y = top + (double)i * g->height;
    tanlu_canvas_line(g->canvas, g->left, y, right, y, paint);
  }
}

static void write_rows(const grid *g, double top) {
  const double line = TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL;
  char text[TANLU_NUMBER_SIZE];
  for (size_t i = 0; i < g->rows; i++) {
    const char *name = row_name(g, i, text);
    const double lines = (double)tanlu_text_lines(name, TANLU_TEXT_SMALL, NAMES_MOST, NULL);
    const double y = top + ((double)i + 0.5) * g->height - 0.5 * fmax(lines - 1.0, 0.0) * line;
    (void)tanlu_canvas_paragraph(g->canvas, g->left - 7.0, y + 0.35 * TANLU_TEXT_SMALL, NAMES_MOST,
                                 tanlu_text_small(TANLU_ANCHOR_END), name);
  }
}

/* Names under the last panel: wrapped where words fit into their columns, slanted where not; numbers as many as fit. */
static void write_columns(const grid *g) {
  const double line = TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL, bottom = g->canvas->bottom, room = g->width - 6.0;
  char text[TANLU_NUMBER_SIZE];
  double word = 0.0, whole = 0.0;
  size_t lines = 0;
  for (size_t i = 0; i < g->columns; i++) {
    const char *name = column_name(g, i, text);
    word = fmax(word, tanlu_text_longest_word(name, TANLU_TEXT_SMALL));
    whole = fmax(whole, tanlu_text_extent(name, TANLU_TEXT_SMALL));
    const size_t own = tanlu_text_lines(name, TANLU_TEXT_SMALL, fmax(room, 10.0), NULL);
    if (own > lines) lines = own;
  }
  const bool names = g->figure->categories > 0, slanted = names && (word > room || lines > 6);
  const bool steep = g->width < STEEP_BELOW;
  const size_t every = names ? 1 : (size_t)fmax(1.0, ceil((whole + 8.0) / g->width));
  for (size_t i = 0; i < g->columns; i += every) {
    const double x = g->left + ((double)i + 0.5) * g->width;
    const char *name = column_name(g, i, text);
    tanlu_text style = tanlu_text_small(slanted ? TANLU_ANCHOR_END : TANLU_ANCHOR_MIDDLE);
    if (slanted) {
      style.rotate = steep ? -60.0 : -35.0;
      tanlu_canvas_text(g->canvas, x + 4.0, bottom + TANLU_TEXT_SMALL, style, name);
    } else {
      (void)tanlu_canvas_paragraph(g->canvas, x, bottom + 4.0 + TANLU_TEXT_SMALL, names ? room : whole + 8.0, style,
                                   name);
    }
  }
  g->canvas->bottom +=
      slanted ? (steep ? 0.85 : 0.47) * whole + 1.6 * TANLU_TEXT_SMALL : 6.0 + line * (double)(names ? lines : 1);
}

static void place_grid(grid *g) {
  const double line = TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL;
  double names = 0.0;
  size_t lines = 1;
  char text[TANLU_NUMBER_SIZE];
  for (size_t i = 0; i < g->rows; i++) {
    double wide = 0.0;
    const size_t own = tanlu_text_lines(row_name(g, i, text), TANLU_TEXT_SMALL, NAMES_MOST, &wide);
    names = fmax(names, wide);
    if (own > lines) lines = own;
  }
  g->left = TANLU_CANVAS_MARGIN + names + 7.0;
  g->width = fmin((TANLU_CANVAS_WIDTH - g->left - 18.0) / (double)g->columns, 110.0);
  g->height = fmax(ROW_LEAST, (double)lines * line + 4.0);
  if (g->rows > 40) g->height = fmax(line, (double)lines * line);
}

tanlu_status tanlu_figure_draw_tiles(const tanlu_figure *figure, tanlu_canvas *canvas) {
  grid g = {.figure = figure, .canvas = canvas};
  tanlu_status status = find_axes(&g);
  if (status == TANLU_OK) {
    tanlu_tile_scale_find(&g.scale, figure, g.values);
    tanlu_canvas_axis_heading(canvas, &figure->y);
    place_grid(&g);
  }
  for (size_t panel = 0; status == TANLU_OK && panel < figure->panels; panel++) {
    tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
    style.size = TANLU_TEXT_BODY;
    style.bold = true;
    if (*figure->panel[panel] != '\0') {
      tanlu_canvas_text(canvas, TANLU_CANVAS_MARGIN, canvas->bottom + TANLU_TEXT_BODY + 4.0, style,
                        figure->panel[panel]);
      canvas->bottom += 26.0;
    }
    const double top = canvas->bottom + 2.0;
    for (size_t i = 0; i < figure->all_series; i++) {
      for (size_t k = 0; figure->series[i].panel == panel && k < figure->series[i].points; k++) {
        draw_tile(&g, &figure->series[i].point[k], i, top);
      }
    }
    draw_lines(&g, top);
    write_rows(&g, top);
    canvas->bottom = top + (double)g.rows * g.height + (panel + 1 < figure->panels ? 10.0 : 0.0);
  }
  if (status == TANLU_OK) {
    write_columns(&g);
    tanlu_tile_scale_draw(&g.scale, canvas, g.left);
  }
  free(g.column);
  free(g.row);
  return status;
}
