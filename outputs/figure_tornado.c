/* Tornados: bars about a reference, a category a row, the longest on top. */
#include <math.h>
#include <stdlib.h>

#include "outputs/figure_rows_private.h"
#include "solvers/memory.h"

/* Value of the panel's first horizontal line; zero without one. */
static const tanlu_figure_sign *reference_of(const tanlu_figure *figure, size_t panel) {
  for (size_t i = 0; i < figure->marks; i++) {
    const tanlu_figure_sign *mark = &figure->mark[i];
    if (mark->panel == panel && mark->mark == TANLU_MARK_HORIZONTAL && tanlu_figure_drawable(mark->y)) return mark;
  }
  return NULL;
}

/* The bar of a series in a category; low > high without one. */
static tanlu_extent bar_of(const tanlu_figure_line *series, size_t category) {
  const tanlu_figure_datum *point = tanlu_series_at(series, category);
  tanlu_extent extent = tanlu_extent_none();
  if (point != NULL) {
    tanlu_extent_add(&extent, point->low);
    tanlu_extent_add(&extent, point->high);
  }
  return extent;
}

/* All bars of a category in a panel. */
static tanlu_extent row_of(const tanlu_figure *figure, size_t panel, size_t category) {
  tanlu_extent extent = tanlu_extent_none();
  for (size_t i = 0; i < figure->all_series; i++) {
    if (figure->series[i].panel != panel) continue;
    const tanlu_extent bar = bar_of(&figure->series[i], category);
    tanlu_extent_add(&extent, bar.low);
    tanlu_extent_add(&extent, bar.high);
  }
  return extent;
}

static double length_of(tanlu_extent extent) {
  return extent.low <= extent.high ? extent.high - extent.low : -1.0;
}

/* Categories from the longest row down; equal ones in their order. */
static void sort_rows(const tanlu_figure *figure, size_t panel, size_t *order) {
  for (size_t k = 0; k < figure->categories; k++) {
    const double length = length_of(row_of(figure, panel, k));
    size_t n = k;
    for (; n > 0 && length_of(row_of(figure, panel, order[n - 1])) < length; n--) order[n] = order[n - 1];
    order[n] = k;
  }
}

/* Do bars of one row of a panel cover each other? They then get lanes of their own. */
static bool overlap(const tanlu_figure *figure, size_t panel) {
  for (size_t i = 0; i < figure->all_series; i++) {
    for (size_t n = 0; n < i; n++) {
      if (figure->series[i].panel != panel || figure->series[n].panel != panel) continue;
      for (size_t k = 0; k < figure->categories; k++) {
        const tanlu_extent a = bar_of(&figure->series[i], k), b = bar_of(&figure->series[n], k);
        const double common = fmin(a.high, b.high) - fmax(a.low, b.low);
        if (common > 1e-9 * fmax(length_of(a), length_of(b))) return true;
      }
    }
  }
  return false;
}

static void draw_row(const tanlu_rows *rows, tanlu_canvas *canvas, size_t panel, size_t row, bool lanes) {
  const tanlu_figure *figure = canvas->figure;
  const size_t category = rows->order[panel * rows->count + row];
  const double y = tanlu_rows_y(rows, panel, row);
  char number[TANLU_NUMBER_SIZE];
  size_t series = 0, lane = 0;
  for (size_t i = 0; i < figure->all_series; i++) series += figure->series[i].panel == panel;
  for (size_t i = 0; i < figure->all_series; i++) {
    const tanlu_figure_line *line = &figure->series[i];
    if (line->panel != panel) continue;
    const tanlu_extent bar = bar_of(line, category);
    const double height = lanes ? rows->row / (double)series : rows->row;
    const double top = y - 0.5 * rows->row + (lanes ? height * (double)lane : 0.0);
    lane++;
    if (bar.low > bar.high) continue;
    const double from = tanlu_rows_x(rows, bar.low), to = tanlu_rows_x(rows, bar.high);
    tanlu_canvas_rect(canvas, (tanlu_box){from, top, fmax(to - from, 1.0), height}, tanlu_paint_fill(line->role));
    const tanlu_figure_datum *point = tanlu_series_at(line, category);
    if (series == 1 && tanlu_figure_drawable(point->value) && point->value > bar.low && point->value < bar.high) {
      const double x = tanlu_rows_x(rows, point->value);
      tanlu_canvas_line(canvas, x, top, x, top + height, tanlu_paint_stroke(TANLU_PAINT_GROUND, 2.0));
    }
  }
  const tanlu_extent all = row_of(figure, panel, category);
  if (all.low > all.high) {
    tanlu_rows_number(canvas, rows->scale.from, y, false, "–");
    return;
  }
  tanlu_rows_number(canvas, tanlu_rows_x(rows, all.low), y, true, tanlu_rows_text(rows, all.low, number));
  tanlu_rows_number(canvas, tanlu_rows_x(rows, all.high), y, false, tanlu_rows_text(rows, all.high, number));
}

/* The line over all rows, named above it. */
static void draw_reference(const tanlu_rows *rows, tanlu_canvas *canvas, size_t panel) {
  const tanlu_figure_sign *mark = reference_of(canvas->figure, panel);
  const double top = rows->top + (double)panel * rows->each;
  const double x = tanlu_rows_x(rows, mark != NULL ? mark->y : 0.0);
  char number[TANLU_NUMBER_SIZE], text[192];
  tanlu_canvas_line(canvas, x, top - 3.0, x, top + rows->height, tanlu_paint_stroke(TANLU_PAINT_INK, 1.5));
  if (mark == NULL) return;
  (void)snprintf(text, sizeof text, "%s %s", mark->label, tanlu_rows_text(rows, mark->y, number));
  tanlu_canvas_text(canvas, x, top - 7.0, tanlu_text_small(TANLU_ANCHOR_MIDDLE), text);
}

tanlu_status tanlu_figure_draw_tornado(const tanlu_figure *figure, tanlu_canvas *canvas) {
  const double numbers = 8.0 * 0.56 * TANLU_TEXT_SMALL;
  tanlu_rows rows = {.values = tanlu_figure_extent_y(figure), .count = figure->categories, .right = numbers};
  size_t keys = 0;
  size_t *order = tanlu_allocate(canvas->context, figure->categories * figure->panels, sizeof *order);
  tanlu_key *key = tanlu_figure_keys(figure, TANLU_KEY_PATCH, NULL, &keys, canvas->context);
  tanlu_status status = order != NULL && key != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t panel = 0; status == TANLU_OK && panel < figure->panels; panel++) {
    sort_rows(figure, panel, order + panel * figure->categories);
  }
  if (status == TANLU_OK) {
    /* numbers stand at both ends of the longest bar */
    const double span = rows.values.high - rows.values.low;
    tanlu_extent_add(&rows.values, rows.values.low - 0.08 * span);
    tanlu_extent_add(&rows.values, rows.values.high + 0.02 * span);
    if (keys > 1) tanlu_canvas_legend(canvas, key, keys);
    if (reference_of(figure, 0) != NULL) canvas->bottom += 4.0;
    rows.order = order;
    status = tanlu_rows_open(&rows, canvas);
  }
  for (size_t panel = 0; status == TANLU_OK && panel < figure->panels; panel++) {
    const bool lanes = overlap(figure, panel);
    for (size_t i = 0; i < rows.count; i++) draw_row(&rows, canvas, panel, i, lanes);
    draw_reference(&rows, canvas, panel);
  }
  tanlu_rows_free(&rows);
  free(order);
  free(key);
  return status;
}
