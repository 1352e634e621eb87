/* Horizontal bars: a row a category, series side by side, intervals as whiskers. */
#include <math.h>
#include <stdlib.h>

#include "outputs/figure_private.h"

#define THICKNESS 14.0 /* of a bar */

/* ---- rows ----------------------------------------------------------------------------------------------------------------------------- */

size_t tanlu_figure_category_at(const tanlu_figure *figure, double x, tanlu_context *context) {
  if (x >= 0.0 && x < (double)figure->categories && !(floor(x) < x)) return (size_t)x;
  (void)tanlu_fail(context, TANLU_ERR_INTERNAL, "figure '%s': a point stands at category %g of %zu", figure->name, x,
                   figure->categories);
  return SIZE_MAX;
}

double tanlu_frame_row(const tanlu_frame *frame, size_t panel, size_t row) {
  return tanlu_frame_box(frame, panel).y + ((double)row + 0.5) * frame->row_height;
}

/* Width that the names of categories get: what they need, up to a third of the picture; longer ones wrap. */
static double names_width(const tanlu_figure *figure) {
  double widest = 0.0;
  for (size_t c = 0; c < figure->categories; c++) {
    double own = 0.0;
    (void)tanlu_text_lines(figure->category[c].label, TANLU_TEXT_SMALL, TANLU_CANVAS_WIDTH / 3.0, &own);
    widest = fmax(widest, own);
  }
  return widest;
}

static void draw_names(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, double width,
                       const size_t *order) {
  const tanlu_figure *figure = canvas->figure;
  const tanlu_text style = tanlu_text_small(TANLU_ANCHOR_END);
  const double line = TANLU_LINE_HEIGHT * style.size;
  if (!tanlu_frame_is_first(frame, panel)) return;
  for (size_t row = 0; row < figure->categories; row++) {
    const char *label = figure->category[order != NULL ? order[row] : row].label;
    const double lines = (double)tanlu_text_lines(label, style.size, width, NULL);
    const double y = tanlu_frame_row(frame, panel, row) + 0.35 * style.size - 0.5 * (lines - 1.0) * line;
    (void)tanlu_canvas_paragraph(canvas, tanlu_frame_box(frame, panel).x - 8.0, y, width, style, label);
  }
}

static double tallest_name(const tanlu_figure *figure, double width) {
  size_t lines = 1;
  for (size_t c = 0; c < figure->categories; c++) {
    const size_t own = tanlu_text_lines(figure->category[c].label, TANLU_TEXT_SMALL, width, NULL);
    if (own > lines) lines = own;
  }
  return (double)lines * TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL + 4.0;
}

tanlu_status tanlu_frame_open_rows(tanlu_frame *frame, tanlu_canvas *canvas, double row_height, const size_t *order) {
  const tanlu_figure *figure = canvas->figure;
  const double width = names_width(figure) + 0.1;
  frame->row_height = fmax(row_height, tallest_name(figure, width));
  frame->height = frame->row_height * (double)(figure->categories > 0 ? figure->categories : 1);
  frame->before = width + 8.0;
  frame->rows = true;
  const tanlu_status status = tanlu_frame_open(frame, canvas);
  for (size_t panel = 0; panel < frame->panels && status == TANLU_OK; panel++) {
    draw_names(frame, canvas, panel, width, order);
  }
  return status;
}

const char *tanlu_frame_number(const tanlu_frame *frame, double value, char text[TANLU_NUMBER_SIZE]) {
  const int magnitude = (int)floor(log10(frame->x_ticks.step) + 1e-9);
  tanlu_ticks finer = frame->x_ticks;
  finer.decimals = magnitude < 1 ? 1 - magnitude : 0;
  const bool vanishes = fabs(value) > 0.0 && fabs(value) < 0.5 * pow(10.0, -(double)finer.decimals);
  if (finer.exponent != 0 || vanishes) return tanlu_number_text(value, vanishes ? 1 : 3, text);
  return tanlu_tick_text(&finer, value, text);
}

const tanlu_figure_datum *tanlu_series_at(const tanlu_figure_line *series, size_t category) {
  for (size_t k = 0; k < series->points; k++) {
    if (fabs(series->point[k].x - (double)category) < 0.5) return &series->point[k];
  }
  return NULL;
}

/* ---- bars ----------------------------------------------------------------------------------------------------------------------------- */

static size_t series_in(const tanlu_figure *figure, size_t panel) {
  size_t count = 0;
  for (size_t i = 0; i < figure->all_series; i++) count += figure->series[i].panel == panel;
  return count;
}

static void draw_whisker(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, double y,
                         const tanlu_figure_datum *point) {
  const double from = tanlu_frame_x(frame, panel, point->low), to = tanlu_frame_x(frame, panel, point->high);
  if (isnan(from) || isnan(to)) return;
  tanlu_canvas_path(canvas);
  tanlu_canvas_move(canvas, from, y);
  tanlu_canvas_draw(canvas, to, y);
  for (int end = 0; end < 2; end++) {
    tanlu_canvas_move(canvas, end == 0 ? from : to, y - 4.0);
    tanlu_canvas_draw(canvas, end == 0 ? from : to, y + 4.0);
  }
  tanlu_canvas_path_end(canvas, tanlu_paint_stroke(TANLU_PAINT_INK, 1.3));
}

/* The number, beyond the bar and its whisker; of a negative bar on the other side where there is no room. */
static void draw_number(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, double y,
                        const tanlu_figure_datum *point) {
  char text[TANLU_NUMBER_SIZE];
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.halo = true;
  (void)tanlu_frame_number(frame, point->value, text);
  const double low = tanlu_frame_x(frame, panel, point->low < point->value ? point->low : point->value);
  const double high = tanlu_frame_x(frame, panel, fmax(0.0, point->high > point->value ? point->high : point->value));
  const bool left =
      point->value < 0.0 && low - 5.0 - tanlu_text_extent(text, style.size) > tanlu_frame_box(frame, panel).x;
  if (left) style.anchor = TANLU_ANCHOR_END;
  tanlu_canvas_text(canvas, left ? low - 5.0 : high + 5.0, y + 0.35 * style.size, style, text);
}

static tanlu_status draw_panel(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, bool numbers) {
  const tanlu_figure *figure = canvas->figure;
  const double rows = (double)series_in(figure, panel);
  double offset = -0.5 * (rows - 1.0) * THICKNESS;
  for (size_t i = 0; i < figure->all_series; i++) {
    const tanlu_figure_line *series = &figure->series[i];
    if (series->panel != panel) continue;
    for (size_t k = 0; k < series->points; k++) {
      const tanlu_figure_datum *point = &series->point[k];
      const size_t row = tanlu_figure_category_at(figure, point->x, canvas->context);
      if (row == SIZE_MAX) return TANLU_ERR_INTERNAL;
      const double y = tanlu_frame_row(frame, panel, row) + offset;
      if (tanlu_figure_drawable(point->value)) {
        const double from = tanlu_frame_x(frame, panel, fmin(fmax(0.0, frame->x.low), frame->x.high));
        const double to = tanlu_frame_x(frame, panel, point->value);
        tanlu_canvas_rect(canvas, (tanlu_box){from, y - 0.5 * THICKNESS + 0.5, to - from, THICKNESS - 1.0},
                          tanlu_paint_series(figure, i));
      }
      if (tanlu_figure_drawable(point->low) && tanlu_figure_drawable(point->high)) {
        draw_whisker(frame, canvas, panel, y, point);
      }
      if (numbers && tanlu_figure_drawable(point->value)) draw_number(frame, canvas, panel, y, point);
    }
    offset += THICKNESS;
  }
  return TANLU_OK;
}

tanlu_status tanlu_figure_draw_bars(const tanlu_figure *figure, tanlu_canvas *canvas) {
  enum { NUMBERS_MOST = 40 };
  size_t most = 1, points = 0, named = 0;
  for (size_t panel = 0; panel < figure->panels; panel++) {
    const size_t own = series_in(figure, panel);
    if (own > most) most = own;
  }
  for (size_t i = 0; i < figure->all_series; i++) {
    points += figure->series[i].points;
    named += *figure->series[i].name != '\0';
  }
  const bool numbers = points <= NUMBERS_MOST;
  tanlu_frame frame = {.x = tanlu_figure_extent_y(figure), .right = numbers ? 50.0 : 0.0};
  tanlu_status status = TANLU_OK;
  if (named > 1) status = tanlu_canvas_series_legend(canvas, TANLU_KEY_PATCH, NULL);
  if (status == TANLU_OK) status = tanlu_frame_open_rows(&frame, canvas, (double)most * THICKNESS + 10.0, NULL);
  for (size_t panel = 0; panel < frame.panels && status == TANLU_OK; panel++) {
    tanlu_frame_rules(&frame, canvas, panel);
    status = draw_panel(&frame, canvas, panel, numbers);
    const tanlu_box box = tanlu_frame_box(&frame, panel);
    const double zero = tanlu_frame_x(&frame, panel, 0.0);
    if (zero >= box.x - 0.01 && zero <= box.x + box.width + 0.01) {
      tanlu_canvas_line(canvas, zero, box.y, zero, box.y + box.height, tanlu_paint_stroke(TANLU_PAINT_INK, 1.2));
    }
    tanlu_frame_marks(&frame, canvas, panel);
  }
  return status;
}
