/* Areas over x, stacked in the order of their series: positive values upwards from zero, negative ones downwards.
 *
 * All series of a panel are brought to the same x: where any has a point, and where any changes its sign between two of its points,
 * which keeps the stacks exact. Between its points a series is a straight line; where it has none, or NaN, it is not there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

/* ---- stacks -------------------------------------------------------------------------------------------------------------------- */

typedef struct {
  size_t count, series; /* of x; of the figure */
  double *x;
  double *value; /* series x count; NaN: not there */
  double *base;  /* where the area of a series starts, series x 2 x count: upwards, downwards */
} stack;

static void stack_free(stack *s) {
  free(s->x);
  free(s->value);
  free(s->base);
  *s = (stack){0};
}

static int ascending(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

/* Value of a series at x: between two neighbouring points that have one. */
static double value_at(const tanlu_figure_line *series, double x) {
  for (size_t k = 0; k < series->points; k++) {
    const tanlu_figure_datum *to = &series->point[k];
    if (!(to->x < x) && !(to->x > x)) return tanlu_figure_drawable(to->value) ? to->value : (double)NAN;
    if (k == 0 || !(series->point[k - 1].x < x && x < to->x)) continue;
    const tanlu_figure_datum *from = to - 1;
    if (!tanlu_figure_drawable(from->value) || !tanlu_figure_drawable(to->value)) return (double)NAN;
    const double value = from->value + (x - from->x) / (to->x - from->x) * (to->value - from->value);
    const double hair = 1e-12 * fmax(fabs(from->value), fabs(to->value)); /* where it changes its sign it is zero */
    return fabs(value) > hair ? value : 0.0;
  }
  return (double)NAN;
}

/* x of all points and changes of sign of a panel, sorted, each once. */
static size_t gather_x(const tanlu_figure *figure, size_t panel, double *x) {
  size_t count = 0, kept = 0;
  for (size_t i = 0; i < figure->all_series; i++) {
    const tanlu_figure_line *series = &figure->series[i];
    for (size_t k = 0; k < series->points && series->panel == panel; k++) {
      const tanlu_figure_datum *to = &series->point[k];
      x[count++] = to->x;
      if (k == 0 || !((to - 1)->value * to->value < 0.0)) continue;
      x[count++] = (to - 1)->x + (to - 1)->value / ((to - 1)->value - to->value) * (to->x - (to - 1)->x);
    }
  }
  qsort(x, count, sizeof *x, ascending);
  for (size_t k = 0; k < count; k++) {
    if (kept == 0 || x[k] > x[kept - 1]) x[kept++] = x[k];
  }
  return kept;
}

static bool is_stacked(const tanlu_figure_line *series, size_t panel) {
  return series->panel == panel && series->role != TANLU_ROLE_TOTAL;
}

static tanlu_status stack_make(stack *s, const tanlu_figure *figure, size_t panel, tanlu_context *context) {
  size_t most = 0;
  for (size_t i = 0; i < figure->all_series; i++) most += 2 * figure->series[i].points;
  *s = (stack){.series = figure->all_series, .x = tanlu_allocate_doubles(context, 1, most)};
  if (s->x == NULL) return TANLU_ERR_MEMORY;
  s->count = gather_x(figure, panel, s->x);
  s->value = tanlu_allocate_doubles(context, s->series, s->count);
  s->base = s->value != NULL ? tanlu_allocate_doubles(context, 2 * s->series, s->count) : NULL;
  if (s->base == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < s->count; k++) {
    double base[2] = {0.0, 0.0};
    for (size_t i = 0; i < s->series; i++) {
      double value = (double)NAN;
      if (figure->series[i].panel == panel) value = value_at(&figure->series[i], s->x[k]);
      s->value[i * s->count + k] = value;
      for (size_t side = 0; side < 2; side++) s->base[(2 * i + side) * s->count + k] = base[side];
      if (is_stacked(&figure->series[i], panel) && !isnan(value)) base[value < 0.0] += value;
    }
  }
  return TANLU_OK;
}

static void stack_extent(const stack *s, const tanlu_figure *figure, size_t panel, tanlu_extent *y) {
  for (size_t i = 0; i < s->series; i++) {
    for (size_t k = 0; k < s->count; k++) {
      const double value = s->value[i * s->count + k];
      const bool stacked = is_stacked(&figure->series[i], panel);
      tanlu_extent_add(y, value + (stacked ? s->base[(2 * i + (value < 0.0)) * s->count + k] : 0.0));
    }
  }
}

/* ---- drawing ---------------------------------------------------------------------------------------------------------------------- */

/* Part of a value on one side of zero. */
static double part_of(double value, size_t side) {
  return side == 0 ? fmax(value, 0.0) : fmin(value, 0.0);
}

/* One area without a gap, from x number `from` to `to`. */
static void draw_area(const tanlu_frame *frame, tanlu_canvas *canvas, const stack *s, size_t series, size_t side,
                      size_t from, size_t to) {
  const size_t panel = canvas->figure->series[series].panel;
  const double *value = s->value + series * s->count, *base = s->base + (2 * series + side) * s->count;
  tanlu_paint paint = tanlu_paint_series(canvas->figure, series);
  paint.stroke = TANLU_PAINT_GROUND;
  paint.width = 0.75;
  tanlu_canvas_path(canvas);
  for (size_t k = from; k <= to; k++) {
    const double x = tanlu_frame_x(frame, panel, s->x[k]);
    const double y = tanlu_frame_y(frame, panel, base[k] + part_of(value[k], side));
    if (k == from) {
      tanlu_canvas_move(canvas, x, y);
    } else {
      tanlu_canvas_draw(canvas, x, y);
    }
  }
  for (size_t k = to + 1; k-- > from;) {
    tanlu_canvas_draw(canvas, tanlu_frame_x(frame, panel, s->x[k]), tanlu_frame_y(frame, panel, base[k]));
  }
  tanlu_canvas_close(canvas);
  tanlu_canvas_path_end(canvas, paint);
}

/* A point between gaps: a thin bar. */
static void draw_bar(const tanlu_frame *frame, tanlu_canvas *canvas, const stack *s, size_t series, size_t side,
                     size_t at) {
  const size_t panel = canvas->figure->series[series].panel;
  const double base = s->base[(2 * series + side) * s->count + at], value = s->value[series * s->count + at];
  const double top = tanlu_frame_y(frame, panel, base + value);
  tanlu_canvas_rect(
      canvas,
      (tanlu_box){tanlu_frame_x(frame, panel, s->x[at]) - 4.0, top, 8.0, tanlu_frame_y(frame, panel, base) - top},
      tanlu_paint_series(canvas->figure, series));
}

static void draw_side(const tanlu_frame *frame, tanlu_canvas *canvas, const stack *s, size_t series, size_t side) {
  const double *value = s->value + series * s->count;
  size_t from = 0;
  for (size_t k = 0; k < s->count; k = from) {
    size_t to = k; /* as far as one of the two ends of each piece has something on this side */
    while (to + 1 < s->count && !isnan(value[to]) && !isnan(value[to + 1]) &&
           (fabs(part_of(value[to], side)) > 0.0 || fabs(part_of(value[to + 1], side)) > 0.0)) {
      to++;
    }
    if (to > k) draw_area(frame, canvas, s, series, side, k, to);
    const bool lonely = (k == 0 || isnan(value[k - 1])) && (k + 1 == s->count || isnan(value[k + 1]));
    if (lonely && !isnan(value[k]) && fabs(part_of(value[k], side)) > 0.0) draw_bar(frame, canvas, s, series, side, k);
    from = to > k ? to : k + 1;
    if (to > k && to + 1 >= s->count) break;
  }
}

static tanlu_status draw_total(const tanlu_frame *frame, tanlu_canvas *canvas, const stack *s, size_t series) {
  const tanlu_figure_line *line = &canvas->figure->series[series];
  double *x = tanlu_allocate_doubles(canvas->context, 2, s->count), *y = x + s->count;
  if (x == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < s->count; k++) {
    x[k] = tanlu_frame_x(frame, line->panel, s->x[k]);
    y[k] = tanlu_frame_y(frame, line->panel, s->value[series * s->count + k]);
  }
  tanlu_paint paint = tanlu_paint_stroke(TANLU_PAINT_GROUND, 4.5);
  tanlu_canvas_polyline(canvas, s->count, x, y, paint);
  paint = tanlu_paint_stroke(line->role, 2.5);
  paint.style = line->style;
  tanlu_canvas_polyline(canvas, s->count, x, y, paint);
  for (size_t k = 1; k < s->count; k++) tanlu_canvas_avoid(canvas, x[k - 1], y[k - 1], x[k], y[k]);
  free(x);
  return TANLU_OK;
}

static tanlu_status draw_panel(const tanlu_frame *frame, tanlu_canvas *canvas, const stack *s, size_t panel) {
  const tanlu_figure *figure = canvas->figure;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < s->series; i++) {
    if (!is_stacked(&figure->series[i], panel)) continue;
    for (size_t side = 0; side < 2; side++) draw_side(frame, canvas, s, i, side);
  }
  const tanlu_box box = tanlu_frame_box(frame, panel);
  const double zero = tanlu_frame_y(frame, panel, 0.0);
  tanlu_canvas_line(canvas, box.x, zero, box.x + box.width, zero, tanlu_paint_stroke(TANLU_PAINT_INK, 1.2));
  tanlu_frame_rules(frame, canvas, panel);
  for (size_t i = 0; i < s->series && status == TANLU_OK; i++) {
    if (figure->series[i].panel == panel && figure->series[i].role == TANLU_ROLE_TOTAL) {
      status = draw_total(frame, canvas, s, i);
    }
  }
  return status;
}

/* ---- the figure ------------------------------------------------------------------------------------------------------------------- */

/* Middle of an area at the right end of the axis, NaN where it has no height. */
static void find_ends(const tanlu_figure *figure, const stack *s, tanlu_extent x, double *end) {
  const size_t last = s->count - 1;
  for (size_t i = 0; i < s->series; i++) {
    const double value = s->count > 0 ? s->value[i * s->count + last] : (double)NAN;
    end[i] = (double)NAN;
    if (isnan(value) || s->x[last] < x.high) continue;
    const double base = s->base[(2 * i + (value < 0.0)) * s->count + last];
    if (figure->series[i].role == TANLU_ROLE_TOTAL) {
      end[i] = value;
    } else if (fabs(value) > 0.0) {
      end[i] = base + 0.5 * value;
    }
  }
}

tanlu_status tanlu_figure_draw_areas(const tanlu_figure *figure, tanlu_canvas *canvas) {
  tanlu_frame frame = {.x = tanlu_figure_extent_x(figure),
                       .y = tanlu_extent_none(),
                       .height = figure->panels < 2 ? 320.0 : 0.0,
                       .vertical_values = true};
  tanlu_ends ends = {0};
  double *end = tanlu_allocate_doubles(canvas->context, 1, figure->all_series);
  stack *stacks = end != NULL ? tanlu_allocate(canvas->context, figure->panels, sizeof *stacks) : NULL;
  tanlu_status status = stacks != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t panel = 0; panel < figure->panels && status == TANLU_OK; panel++) {
    status = stack_make(&stacks[panel], figure, panel, canvas->context);
    if (status == TANLU_OK) stack_extent(&stacks[panel], figure, panel, &frame.y);
  }
  for (size_t i = 0; i < figure->marks && status == TANLU_OK; i++) {
    if (figure->mark[i].mark != TANLU_MARK_VERTICAL) tanlu_extent_add(&frame.y, figure->mark[i].y);
  }
  if (status == TANLU_OK) {
    find_ends(figure, &stacks[0], frame.x, end);
    status = tanlu_ends_make(&ends, figure, TANLU_KEY_PATCH, end, frame.height, canvas->context);
  }
  if (status == TANLU_OK) status = tanlu_canvas_series_legend(canvas, TANLU_KEY_PATCH, ends.direct);
  if (status == TANLU_OK) {
    frame.right = tanlu_ends_room(&ends);
    status = tanlu_frame_open(&frame, canvas);
  }
  for (size_t panel = 0; panel < figure->panels && status == TANLU_OK; panel++) {
    status = draw_panel(&frame, canvas, &stacks[panel], panel);
  }
  if (status == TANLU_OK) status = tanlu_ends_draw(&ends, &frame, canvas);
  for (size_t panel = 0; panel < figure->panels && status == TANLU_OK; panel++) {
    tanlu_frame_marks(&frame, canvas, panel);
  }
  for (size_t panel = 0; stacks != NULL && panel < figure->panels; panel++) stack_free(&stacks[panel]);
  tanlu_ends_free(&ends);
  free(stacks);
  free(end);
  return status;
}
