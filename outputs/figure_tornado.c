/* Tornados: bars about a reference, a category a row, the longest on top. */
#include <math.h>
#include <stdlib.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

#define THICKNESS 18.0 /* of all bars of a row */

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

/* Of a category over all panels, which share their rows. */
static double longest_of(const tanlu_figure *figure, size_t category) {
  double longest = -1.0;
  for (size_t panel = 0; panel < figure->panels; panel++) {
    longest = fmax(longest, length_of(row_of(figure, panel, category)));
  }
  return longest;
}

/* Categories from the longest row down; equal ones in their order. */
static void sort_rows(const tanlu_figure *figure, size_t *order) {
  for (size_t k = 0; k < figure->categories; k++) {
    const double length = longest_of(figure, k);
    size_t n = k;
    for (; n > 0 && longest_of(figure, order[n - 1]) < length; n--) order[n] = order[n - 1];
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

/* Two decimals more than the ticks could do with: bars that differ from the reference by little are there to be compared. */
static const char *number_of(const tanlu_frame *frame, double value, char text[TANLU_NUMBER_SIZE]) {
  tanlu_ticks finer = frame->x_ticks;
  const int decimals = 2 + finer.exponent - (int)floor(log10(finer.step) + 1e-9);
  finer.decimals = decimals > 0 ? (finer.plain ? 1 : decimals) : 0;
  return tanlu_tick_text(&finer, value, text);
}

static void write_number(tanlu_canvas *canvas, double x, double y, bool left, const char *text) {
  tanlu_text style = tanlu_text_small(left ? TANLU_ANCHOR_END : TANLU_ANCHOR_START);
  style.halo = true;
  tanlu_canvas_text(canvas, left ? x - 5.0 : x + 5.0, y + 0.35 * style.size, style, text);
}

static void draw_row(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, size_t row, size_t category,
                     bool lanes) {
  const tanlu_figure *figure = canvas->figure;
  const double y = tanlu_frame_row(frame, panel, row);
  char number[TANLU_NUMBER_SIZE];
  size_t series = 0, lane = 0;
  for (size_t i = 0; i < figure->all_series; i++) series += figure->series[i].panel == panel;
  for (size_t i = 0; i < figure->all_series; i++) {
    const tanlu_figure_line *line = &figure->series[i];
    if (line->panel != panel) continue;
    const tanlu_extent bar = bar_of(line, category);
    const double height = lanes ? THICKNESS / (double)series : THICKNESS;
    const double top = y - 0.5 * THICKNESS + (lanes ? height * (double)lane : 0.0);
    lane++;
    if (bar.low > bar.high) continue;
    const double from = tanlu_frame_x(frame, panel, bar.low), to = tanlu_frame_x(frame, panel, bar.high);
    tanlu_canvas_rect(canvas, (tanlu_box){from, top, fmax(to - from, 1.0), height}, tanlu_paint_fill(line->role));
    const tanlu_figure_datum *point = tanlu_series_at(line, category);
    if (series == 1 && tanlu_figure_drawable(point->value) && point->value > bar.low && point->value < bar.high) {
      const double x = tanlu_frame_x(frame, panel, point->value);
      tanlu_canvas_line(canvas, x, top, x, top + height, tanlu_paint_stroke(TANLU_PAINT_GROUND, 2.0));
    }
  }
  const tanlu_extent all = row_of(figure, panel, category);
  if (all.low > all.high) {
    write_number(canvas, tanlu_frame_box(frame, panel).x, y, false, "–");
    return;
  }
  write_number(canvas, tanlu_frame_x(frame, panel, all.low), y, true, number_of(frame, all.low, number));
  write_number(canvas, tanlu_frame_x(frame, panel, all.high), y, false, number_of(frame, all.high, number));
}

/* The line over all rows, named above it. */
static void draw_reference(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel) {
  const tanlu_figure_sign *mark = reference_of(canvas->figure, panel);
  const tanlu_box box = tanlu_frame_box(frame, panel);
  const double x = tanlu_frame_x(frame, panel, mark != NULL ? mark->y : 0.0);
  char number[TANLU_NUMBER_SIZE], text[192];
  tanlu_canvas_line(canvas, x, box.y - 3.0, x, box.y + box.height, tanlu_paint_stroke(TANLU_PAINT_INK, 1.5));
  if (mark == NULL) return;
  (void)snprintf(text, sizeof text, "%s %s", mark->label, number_of(frame, mark->y, number));
  tanlu_canvas_text(canvas, x, box.y - 7.0, tanlu_text_small(TANLU_ANCHOR_MIDDLE), text);
}

tanlu_status tanlu_figure_draw_tornado(const tanlu_figure *figure, tanlu_canvas *canvas) {
  tanlu_frame frame = {.x = tanlu_figure_extent_y(figure), .right = 62.0, .columns = 1};
  size_t keys = 0;
  size_t *order = tanlu_allocate(canvas->context, figure->categories, sizeof *order);
  tanlu_key *key = tanlu_figure_keys(figure, TANLU_KEY_PATCH, NULL, &keys, canvas->context);
  tanlu_status status = order != NULL && key != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    const double span = frame.x.high - frame.x.low; /* numbers stand at both ends of the longest bar */
    tanlu_extent_add(&frame.x, frame.x.low - 0.12 * span);
    sort_rows(figure, order);
    if (keys > 1) tanlu_canvas_legend(canvas, key, keys);
    if (reference_of(figure, 0) != NULL) canvas->bottom += TANLU_TEXT_SMALL; /* its name */
    status = tanlu_frame_open_rows(&frame, canvas, THICKNESS + 8.0, order);
  }
  for (size_t panel = 0; status == TANLU_OK && panel < figure->panels; panel++) {
    const bool lanes = overlap(figure, panel);
    for (size_t row = 0; row < figure->categories; row++) draw_row(&frame, canvas, panel, row, order[row], lanes);
    draw_reference(&frame, canvas, panel);
  }
  free(order);
  free(key);
  return status;
}
