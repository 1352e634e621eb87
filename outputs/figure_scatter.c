/* Scatter plots: points at (x, value), whiskers where they have an interval, names beside them. */
#include <math.h>
#include <stdlib.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

/* Many points are small and let each other through. */
static double radius_of(size_t points) {
  return points > 600 ? 2.0 : points > 150 ? 2.8 : 4.0;
}

static size_t count_points(const tanlu_figure *figure) {
  size_t count = 0;
  for (size_t i = 0; i < figure->all_series; i++) count += figure->series[i].points;
  return count / (figure->panels > 0 ? figure->panels : 1);
}

/* A little room around all points; from zero where the points reach down near it. */
static tanlu_extent extent_of_x(const tanlu_figure *figure) {
  tanlu_extent extent = tanlu_extent_open(tanlu_figure_extent_x(figure));
  const double room = 0.03 * (extent.high - extent.low);
  const bool near_zero = extent.low >= 0.0 && extent.low < 0.25 * extent.high;
  return (tanlu_extent){near_zero ? 0.0 : extent.low - room, extent.high + room};
}

static void draw_series(const tanlu_frame *frame, tanlu_canvas *canvas, const tanlu_figure_line *series,
                        double radius) {
  tanlu_paint paint = tanlu_paint_fill(series->role);
  paint.opacity = radius < 4.0 ? 0.5 : 0.85;
  tanlu_canvas_group(canvas, NULL);
  for (size_t k = 0; k < series->points; k++) {
    const tanlu_figure_datum *point = &series->point[k];
    const double x = tanlu_frame_x(frame, series->panel, point->x);
    if (tanlu_figure_drawable(point->low) && tanlu_figure_drawable(point->high)) {
      tanlu_canvas_line(canvas, x, tanlu_frame_y(frame, series->panel, point->low), x,
                        tanlu_frame_y(frame, series->panel, point->high), tanlu_paint_stroke(series->role, 1.2));
    }
    if (!tanlu_figure_drawable(point->value)) continue;
    const double y = tanlu_frame_y(frame, series->panel, point->value);
    tanlu_canvas_circle(canvas, x, y, radius, paint);
    if (point->label != NULL)
      tanlu_canvas_take(canvas, (tanlu_box){x - radius, y - radius, 2.0 * radius, 2.0 * radius});
  }
  tanlu_canvas_group_end(canvas);
}

/* ---- names -------------------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *label;
  double x, y;
} named;

/* From the right and the top: where points crowd it is most often about the origin. */
static int outermost(const void *a, const void *b) {
  const named *p = a, *q = b;
  const double left = p->x - p->y, right = q->x - q->y;
  return (left < right) - (left > right);
}

/* Does a line from a point to its name keep clear of other points and names? */
static bool leads_freely(const tanlu_canvas *canvas, double x1, double y1, double x2, double y2) {
  const double length = hypot(x2 - x1, y2 - y1);
  for (double at = 4.0; at < length; at += 4.0) {
    const double part = at / length;
    const tanlu_box dot = {x1 + part * (x2 - x1) - 0.5, y1 + part * (y2 - y1) - 0.5, 1.0, 1.0};
    if (!tanlu_canvas_free_at(canvas, dot)) return false;
  }
  return true;
}

/* A name where it is free of points and other names, led to from further away; false where there is no such place. */
static bool name_point(tanlu_canvas *canvas, tanlu_box room, const named *point, double radius) {
  static const double away[] = {0.0, 10.0, 20.0, 32.0, 46.0, 62.0, 80.0, 100.0, 125.0, 150.0, 180.0};
  static const double side[][2] = {{0.0, -1.0},    {1.0, 0.0},   {0.71, -0.71},  {0.0, 1.0},    {0.71, 0.71},
                                   {-0.71, -0.71}, {-1.0, 0.0},  {-0.71, 0.71},  {0.38, -0.92}, {0.92, -0.38},
                                   {0.92, 0.38},   {0.38, 0.92}, {-0.38, -0.92}, {-0.38, 0.92}};
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.halo = true;
  const double wide = tanlu_text_extent(point->label, style.size), high = 1.1 * style.size;
  for (size_t d = 0; d < sizeof away / sizeof *away; d++) {
    for (size_t i = 0; i < sizeof side / sizeof *side; i++) {
      const double *to = side[i], reach = radius + 3.0 + away[d];
      const double x = point->x + reach * to[0], y = point->y + reach * to[1];
      const double shift = fabs(to[0]) < 0.1 ? 0.5 * wide : to[0] > 0.0 ? 0.0 : wide;
      const double rise = fabs(to[1]) < 0.1 ? 0.5 * high : to[1] > 0.0 ? 0.0 : high;
      const tanlu_box box = {x - shift, y - rise, wide, high};
      const double from_x = point->x + (radius + 1.0) * to[0], from_y = point->y + (radius + 1.0) * to[1];
      const bool within = box.x >= room.x && box.x + wide <= room.x + room.width && box.y >= room.y &&
                          box.y + high <= room.y + room.height;
      if (!within || !tanlu_canvas_free_at(canvas, box) || !leads_freely(canvas, from_x, from_y, x, y)) continue;
      if (d > 0) tanlu_canvas_line(canvas, from_x, from_y, x, y, tanlu_paint_stroke(TANLU_PAINT_MUTED, 0.8));
      tanlu_canvas_text(canvas, box.x, box.y + 0.88 * style.size, style, point->label);
      tanlu_canvas_take(canvas, box);
      return true;
    }
  }
  return false;
}

/* After all points, so that none is written over. Names without room go to `rest`. */
static tanlu_status name_points(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, double radius,
                                FILE *rest) {
  const tanlu_figure *figure = canvas->figure;
  const tanlu_box box = tanlu_frame_box(frame, panel);
  const tanlu_box room = {box.x, box.y - 12.0, box.width + frame->right - 4.0, box.height + 12.0};
  size_t points = 0, count = 0;
  for (size_t i = 0; i < figure->all_series; i++) points += figure->series[i].points;
  named *list = tanlu_allocate(canvas->context, points, sizeof *list);
  if (list == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < figure->all_series; i++) {
    const tanlu_figure_line *series = &figure->series[i];
    for (size_t k = 0; series->panel == panel && k < series->points; k++) {
      const tanlu_figure_datum *point = &series->point[k];
      if (point->label == NULL || *point->label == '\0' || !tanlu_figure_drawable(point->value)) continue;
      list[count++] =
          (named){point->label, tanlu_frame_x(frame, panel, point->x), tanlu_frame_y(frame, panel, point->value)};
    }
  }
  qsort(list, count, sizeof *list, outermost);
  for (size_t i = 0; i < count; i++) {
    if (!name_point(canvas, room, &list[i], radius))
      (void)fprintf(rest, "%s%s", ftell(rest) > 0 ? ", " : "", list[i].label);
  }
  free(list);
  return TANLU_OK;
}

/* A line under the plots, from the outermost to the innermost. */
static void write_rest(tanlu_canvas *canvas, const char *names) {
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  const double width = TANLU_CANVAS_WIDTH - 2.0 * TANLU_CANVAS_MARGIN, line = TANLU_LINE_HEIGHT * style.size;
  style.role = TANLU_PAINT_MUTED;
  canvas->bottom += 4.0;
  tanlu_canvas_text(canvas, TANLU_CANVAS_MARGIN, canvas->bottom + style.size, style,
                    "Points without room for their names:");
  const size_t lines =
      tanlu_canvas_paragraph(canvas, TANLU_CANVAS_MARGIN, canvas->bottom + line + style.size, width, style, names);
  canvas->bottom += (double)(lines + 1) * line + 2.0;
}

/* ---- the figure --------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_figure_draw_scatter(const tanlu_figure *figure, tanlu_canvas *canvas) {
  const double radius = radius_of(count_points(figure));
  tanlu_frame frame = {.x = extent_of_x(figure), .y = tanlu_figure_extent_y(figure)};
  size_t keys = 0;
  tanlu_key *key = tanlu_figure_keys(figure, TANLU_KEY_DOT, NULL, &keys, canvas->context);
  if (key == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < keys; i++) key[i].kind = TANLU_KEY_DOT;
  if (keys > 1) tanlu_canvas_legend(canvas, key, keys);
  free(key);
  char *names = NULL;
  size_t length = 0;
  FILE *rest = open_memstream(&names, &length);
  if (rest == NULL) return tanlu_fail(canvas->context, TANLU_ERR_MEMORY, "out of memory for a figure");
  tanlu_status status = tanlu_frame_open(&frame, canvas);
  for (size_t panel = 0; status == TANLU_OK && panel < frame.panels; panel++) {
    tanlu_frame_rules(&frame, canvas, panel);
    for (size_t i = 0; i < figure->all_series; i++) {
      if (figure->series[i].panel == panel) draw_series(&frame, canvas, &figure->series[i], radius);
    }
    tanlu_frame_marks(&frame, canvas, panel);
    status = name_points(&frame, canvas, panel, radius, rest);
  }
  if (fclose(rest) != 0) status = tanlu_fail(canvas->context, TANLU_ERR_MEMORY, "out of memory for a figure");
  if (status == TANLU_OK && length > 0) write_rest(canvas, names);
  free(names);
  return status;
}
