/* Lines over x, with bands where points have an interval. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

/* y of the last point with a value, if it lies at the right end of the axis; NaN otherwise. */
static double end_of(const tanlu_figure_line *series, tanlu_extent x) {
  for (size_t k = series->points; k-- > 0;) {
    const tanlu_figure_datum *point = &series->point[k];
    if (!tanlu_figure_drawable(point->value)) continue;
    return point->x >= x.high - 0.02 * (x.high - x.low) ? point->value : (double)NAN;
  }
  return (double)NAN;
}

/* ---- drawing ---------------------------------------------------------------------------------------------------------------------- */

static void draw_band(const tanlu_frame *frame, tanlu_canvas *canvas, const tanlu_figure_line *series) {
  size_t from = 0;
  while (from < series->points) {
    size_t to = from;
    while (to < series->points && tanlu_figure_drawable(series->point[to].low) &&
           tanlu_figure_drawable(series->point[to].high)) {
      to++;
    }
    tanlu_paint paint = tanlu_paint_fill(series->role);
    paint.opacity = TANLU_BAND_OPACITY;
    if (to == from + 1) {
      paint = tanlu_paint_stroke(series->role, 4.0);
      paint.opacity = 0.4;
    }
    if (to > from) {
      tanlu_canvas_path(canvas);
      for (size_t k = from; k < to; k++) {
        const double x = tanlu_frame_x(frame, series->panel, series->point[k].x);
        const double y = tanlu_frame_y(frame, series->panel, series->point[k].low);
        if (k == from)
          tanlu_canvas_move(canvas, x, y);
        else
          tanlu_canvas_draw(canvas, x, y);
      }
      for (size_t k = to; k-- > from;) {
        tanlu_canvas_draw(canvas, tanlu_frame_x(frame, series->panel, series->point[k].x),
                          tanlu_frame_y(frame, series->panel, series->point[k].high));
      }
      tanlu_canvas_close(canvas);
      tanlu_canvas_path_end(canvas, paint);
    }
    from = to > from ? to : from + 1;
  }
}

/* Do lines without dashes lie on each other, all along? */
static bool coincide(const tanlu_frame *frame, const tanlu_figure_line *a, const tanlu_figure_line *b) {
  const double half_width = 1.25;
  if (a->panel != b->panel || a->role == TANLU_ROLE_BACK || b->role == TANLU_ROLE_BACK || a->points != b->points ||
      a->points < 2 || a->style != TANLU_STYLE_SOLID || b->style != TANLU_STYLE_SOLID) {
    return false;
  }
  size_t drawn = 0;
  for (size_t k = 0; k < a->points; k++) {
    const tanlu_figure_datum *left = &a->point[k], *right = &b->point[k];
    const bool both = tanlu_figure_drawable(left->value) && tanlu_figure_drawable(right->value);
    if (left->x < right->x || left->x > right->x) return false;
    if (!both && (tanlu_figure_drawable(left->value) || tanlu_figure_drawable(right->value))) return false;
    if (!both) continue;
    const double apart = tanlu_frame_y(frame, a->panel, left->value) - tanlu_frame_y(frame, a->panel, right->value);
    if (!(fabs(apart) < half_width)) return false;
    drawn++;
  }
  return drawn > 1;
}

/* Lines that lie on each other take turns: the n-th of them is drawn on every count-th piece only, so that none hides another. */
static void take_turns(const tanlu_frame *frame, tanlu_canvas *canvas, const tanlu_figure_line *series,
                       tanlu_paint *paint) {
  const tanlu_figure *figure = canvas->figure;
  for (size_t i = 0; i < figure->all_series; i++) {
    if (&figure->series[i] != series && !coincide(frame, series, &figure->series[i])) continue;
    paint->turn += &figure->series[i] < series;
    paint->turns++;
  }
  if (paint->turns > 1) canvas->turns = true;
}

static tanlu_status draw_line(const tanlu_frame *frame, tanlu_canvas *canvas, const tanlu_figure_line *series) {
  double *x = tanlu_allocate_doubles(canvas->context, 2, series->points), *y = x + series->points;
  if (x == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < series->points; k++) {
    const double value = tanlu_figure_drawable(series->point[k].value) ? series->point[k].value : (double)NAN;
    x[k] = tanlu_frame_x(frame, series->panel, series->point[k].x);
    y[k] = tanlu_frame_y(frame, series->panel, value);
  }
  if (series->style == TANLU_STYLE_POINTS) {
    for (size_t k = 0; k < series->points; k++) {
      if (!isnan(y[k])) tanlu_canvas_circle(canvas, x[k], y[k], 3.5, tanlu_paint_fill(series->role));
    }
  } else {
    const double width = series->role == TANLU_ROLE_BACK ? 1.2 : frame->cell != NULL ? 1.8 : 2.5;
    tanlu_paint paint = tanlu_paint_stroke(series->role, width);
    paint.style = series->style;
    take_turns(frame, canvas, series, &paint);
    tanlu_canvas_polyline(canvas, series->points, x, y, paint);
    for (size_t k = 1; k < series->points && series->role != TANLU_ROLE_BACK; k++) {
      tanlu_canvas_avoid(canvas, x[k - 1], y[k - 1], x[k], y[k]);
    }
  }
  free(x);
  return TANLU_OK;
}

/* Behind: bands, then what is background; before: the other lines. */
static tanlu_status draw_panel(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel) {
  const tanlu_figure *figure = canvas->figure;
  tanlu_status status = TANLU_OK;
  tanlu_frame_rules(frame, canvas, panel);
  for (size_t i = 0; i < figure->all_series; i++) {
    if (figure->series[i].panel == panel) draw_band(frame, canvas, &figure->series[i]);
  }
  for (int front = 0; front < 2; front++) {
    for (size_t i = 0; i < figure->all_series && status == TANLU_OK; i++) {
      const tanlu_figure_line *series = &figure->series[i];
      if (series->panel != panel || (series->role != TANLU_ROLE_BACK) != (front == 1)) continue;
      status = draw_line(frame, canvas, series);
    }
  }
  return status;
}

/* ---- the figure ------------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_figure_draw_lines(const tanlu_figure *figure, tanlu_canvas *canvas) {
  tanlu_frame frame = {.x = tanlu_extent_open(tanlu_figure_extent_x(figure)),
                       .y = tanlu_figure_extent_y(figure),
                       .height = figure->panels < 2 ? 320.0 : 0.0,
                       .vertical_values = true};
  tanlu_ends ends = {0};
  double *end = tanlu_allocate_doubles(canvas->context, 1, figure->all_series);
  if (end == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < figure->all_series; i++) {
    const bool named = figure->series[i].role != TANLU_ROLE_BACK && figure->series[i].style != TANLU_STYLE_POINTS;
    end[i] = named ? end_of(&figure->series[i], frame.x) : (double)NAN;
  }
  tanlu_status status = tanlu_ends_make(&ends, figure, TANLU_KEY_LINE, end, frame.height, canvas->context);
  if (status == TANLU_OK) status = tanlu_canvas_series_legend(canvas, TANLU_KEY_LINE, ends.direct);
  if (status == TANLU_OK) {
    frame.right = tanlu_ends_room(&ends);
    status = tanlu_frame_open(&frame, canvas);
  }
  for (size_t panel = 0; panel < frame.panels && status == TANLU_OK; panel++)
    status = draw_panel(&frame, canvas, panel);
  if (status == TANLU_OK) status = tanlu_ends_draw(&ends, &frame, canvas);
  for (size_t panel = 0; panel < frame.panels && status == TANLU_OK; panel++) {
    tanlu_frame_marks(&frame, canvas, panel);
  }
  tanlu_ends_free(&ends);
  free(end);
  return status;
}
