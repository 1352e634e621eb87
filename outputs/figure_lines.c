/* Lines over x, with bands where points have an interval. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

/* ---- which series are named at their ends ----------------------------------------------------------------------------------------- */

/* y of the last point with a value, if it lies at the right end of the axis; NaN otherwise. */
static double end_of(const tanlu_figure_line *series, tanlu_extent x) {
  for (size_t k = series->points; k-- > 0;) {
    const tanlu_figure_datum *point = &series->point[k];
    if (!tanlu_figure_drawable(point->value)) continue;
    return point->x >= x.high - 0.02 * (x.high - x.low) ? point->value : (double)NAN;
  }
  return (double)NAN;
}

/* One panel whose lines of ink or colour reach the right end and have names of their own. The others go to a legend. */
static bool named_at_end(const tanlu_figure *figure, size_t i, tanlu_extent x) {
  const tanlu_figure_line *series = &figure->series[i];
  if (figure->panels > 1 || series->role == TANLU_ROLE_BACK || series->style == TANLU_STYLE_POINTS) return false;
  if (*series->name == '\0' || isnan(end_of(series, x))) return false;
  for (size_t k = 0; k < figure->all_series; k++) {
    if (k != i && strcmp(figure->series[k].name, series->name) == 0) return false;
  }
  return true;
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
    paint.opacity = 0.2;
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
    tanlu_paint paint = tanlu_paint_stroke(series->role, series->role == TANLU_ROLE_BACK ? 1.2 : 2.5);
    paint.style = series->style;
    tanlu_canvas_polyline(canvas, series->points, x, y, paint);
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
  tanlu_frame_marks(frame, canvas, panel);
  return status;
}

/* ---- the figure ------------------------------------------------------------------------------------------------------------------- */

/* Names of series at the right end, their number and the room they take; zero when they do not fit. */
typedef struct {
  bool *direct;
  tanlu_key *key;
  double *end;
  size_t count;
  double width;
} ends;

static tanlu_status find_ends(const tanlu_figure *figure, tanlu_extent x, ends *found, tanlu_context *context) {
  found->direct = tanlu_allocate(context, figure->all_series, sizeof *found->direct);
  found->key = tanlu_allocate(context, figure->all_series, sizeof *found->key);
  found->end = tanlu_allocate_doubles(context, 1, figure->all_series);
  if (found->direct == NULL || found->key == NULL || found->end == NULL) return TANLU_ERR_MEMORY;
  enum { MOST = 12 };
  for (size_t i = 0; i < figure->all_series; i++) {
    if (!named_at_end(figure, i, x)) continue;
    double widest = 0.0;
    (void)tanlu_text_lines(figure->series[i].name, TANLU_TEXT_SMALL, 150.0, &widest);
    found->width = fmax(found->width, widest);
    found->direct[i] = true;
    found->key[found->count] =
        (tanlu_key){figure->series[i].name, tanlu_paint_stroke(figure->series[i].role, 2.5), TANLU_KEY_LINE, false};
    found->end[found->count++] = end_of(&figure->series[i], x);
  }
  if (found->count <= MOST) return TANLU_OK;
  found->count = 0;
  found->width = 0.0;
  memset(found->direct, 0, figure->all_series * sizeof *found->direct);
  return TANLU_OK;
}

tanlu_status tanlu_figure_draw_lines(const tanlu_figure *figure, tanlu_canvas *canvas) {
  tanlu_frame frame = {.x = tanlu_extent_open(tanlu_figure_extent_x(figure)),
                       .y = tanlu_figure_extent_y(figure),
                       .vertical_values = true};
  ends named = {0};
  tanlu_key *key = NULL;
  size_t keys = 0;
  tanlu_status status = find_ends(figure, frame.x, &named, canvas->context);
  if (status == TANLU_OK) {
    key = tanlu_figure_keys(figure, TANLU_KEY_LINE, named.direct, &keys, canvas->context);
    status = key != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  }
  if (status != TANLU_OK) goto done;
  tanlu_canvas_legend(canvas, key, keys);
  if (named.count > 0) frame.right = TANLU_LEADER + 2.0 + named.width + TANLU_CANVAS_MARGIN;
  status = tanlu_frame_open(&frame, canvas);
  for (size_t panel = 0; panel < frame.panels && status == TANLU_OK; panel++)
    status = draw_panel(&frame, canvas, panel);
  for (size_t i = 0; i < named.count; i++) named.end[i] = tanlu_frame_y(&frame, 0, named.end[i]);
  if (status == TANLU_OK && named.count > 0 &&
      !tanlu_canvas_end_labels(canvas, tanlu_frame_box(&frame, 0), named.key, named.end, named.count,
                               named.width + 0.1)) {
    status = canvas->failed ? TANLU_ERR_MEMORY
                            : tanlu_fail(canvas->context, TANLU_ERR_INTERNAL,
                                         "figure '%s': the names of its series do not fit", figure->name);
  }
done:
  free(key);
  free(named.end);
  free(named.key);
  free(named.direct);
  return status;
}
