/* Names at the ends of lines and areas, labels of points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

/* ---- labels at the ends of lines ---------------------------------------------------------------------------------------------- */

/* With offsets taken out, labels that touch are an isotonic regression: neighbours in the wrong order are pooled at their mean (Barlow et
 * al. 1972, pool adjacent violators). Cutting it at the ends keeps it optimal. */
bool tanlu_labels_spread(size_t count, const double *wanted, const double *height, double low, double high,
                         double *centre) {
  double total = 0.0;
  for (size_t i = 0; i < count; i++) total += height[i];
  if (total > high - low) return false;
  double offset = 0.0;
  size_t from = 0;                     /* of the last pool */
  for (size_t i = 0; i < count; i++) { /* centre: of pools, without offsets */
    centre[i] = wanted[i] - offset - 0.5 * height[i];
    offset += height[i];
    /* The pool that ends at i grows downwards while its mean lies below that of the one before. */
    double sum = centre[i];
    size_t members = 1;
    from = i;
    while (from > 0 && centre[from - 1] > sum / (double)members) {
      const double mean = centre[from - 1];
      size_t first = from - 1;
      while (first > 0 && !(centre[first - 1] < mean) && !(centre[first - 1] > mean)) first--;
      sum += mean * (double)(from - first);
      members += from - first;
      from = first;
    }
    for (size_t k = from; k <= i; k++) centre[k] = sum / (double)members;
  }
  offset = 0.0;
  for (size_t i = 0; i < count; i++) {
    centre[i] = fmin(fmax(centre[i], low), high - total) + offset + 0.5 * height[i];
    offset += height[i];
  }
  return true;
}

typedef struct {
  double wanted;
  size_t index;
} rank;

static int by_height(const void *left, const void *right) {
  const rank *a = left, *b = right;
  if (a->wanted < b->wanted) return -1;
  if (a->wanted > b->wanted) return 1;
  return a->index < b->index ? -1 : a->index > b->index;
}

static void draw_end_label(tanlu_canvas *canvas, tanlu_box box, const tanlu_key *key, double wanted, double centre,
                           double width) {
  const tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  const double edge = box.x + box.width, line = TANLU_LINE_HEIGHT * style.size;
  const size_t lines = tanlu_text_lines(key->name, style.size, width, NULL);
  const bool patch = key->kind == TANLU_KEY_PATCH;
  tanlu_paint paint = tanlu_paint_stroke(patch ? key->paint.fill : key->paint.stroke, patch ? 3.0 : 1.5);
  tanlu_canvas_path(canvas);
  tanlu_canvas_move(canvas, edge + 2.0, wanted);
  tanlu_canvas_draw(canvas, edge + TANLU_LEADER - 6.0, centre);
  tanlu_canvas_draw(canvas, edge + TANLU_LEADER - 2.0, centre);
  tanlu_canvas_path_end(canvas, paint);
  (void)tanlu_canvas_paragraph(canvas, edge + TANLU_LEADER + 2.0,
                               centre + 0.35 * style.size - 0.5 * (double)(lines - 1) * line, width, style, key->name);
  tanlu_canvas_avoid(canvas, edge + 2.0, wanted, edge + TANLU_LEADER - 2.0, centre);
  const double high = (double)lines * line;
  tanlu_canvas_take(canvas, (tanlu_box){edge + TANLU_LEADER + 2.0, centre - 0.5 * high, width, high});
}

bool tanlu_canvas_end_labels(tanlu_canvas *canvas, tanlu_box box, const tanlu_key *key, const double *wanted,
                             size_t count, double width) {
  const double line = TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL;
  rank *order = tanlu_allocate(canvas->context, count, sizeof *order);
  double *number = tanlu_allocate_doubles(canvas->context, 3, count);
  bool fits = false;
  if (order == NULL || number == NULL) {
    canvas->failed = true;
    goto done;
  }
  double *sorted = number, *height = number + count, *centre = number + 2 * count;
  for (size_t i = 0; i < count; i++) order[i] = (rank){wanted[i], i};
  qsort(order, count, sizeof *order, by_height);
  for (size_t i = 0; i < count; i++) {
    sorted[i] = order[i].wanted;
    height[i] = (double)tanlu_text_lines(key[order[i].index].name, TANLU_TEXT_SMALL, width, NULL) * line;
  }
  fits = tanlu_labels_spread(count, sorted, height, box.y - 0.5 * line, box.y + box.height + 0.5 * line, centre);
  for (size_t i = 0; fits && i < count; i++) {
    draw_end_label(canvas, box, &key[order[i].index], sorted[i], centre[i], width);
  }
done:
  free(number);
  free(order);
  return fits;
}

/* ---- names of series -------------------------------------------------------------------------------------------------------------- */

void tanlu_ends_free(tanlu_ends *ends) {
  free(ends->direct);
  free(ends->key);
  free(ends->end);
  *ends = (tanlu_ends){0};
}

static bool has_own_name(const tanlu_figure *figure, size_t series) {
  if (*figure->series[series].name == '\0') return false;
  for (size_t k = 0; k < figure->all_series; k++) {
    if (k != series && strcmp(figure->series[k].name, figure->series[series].name) == 0) return false;
  }
  return true;
}

tanlu_status tanlu_ends_make(tanlu_ends *ends, const tanlu_figure *figure, tanlu_key_kind kind, const double *end,
                             double height, tanlu_context *context) {
  const double most = 150.0, line = TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL;
  double used = 0.0;
  *ends = (tanlu_ends){.direct = tanlu_allocate(context, figure->all_series, sizeof *ends->direct)};
  ends->key = ends->direct != NULL ? tanlu_allocate(context, figure->all_series, sizeof *ends->key) : NULL;
  ends->end = ends->key != NULL ? tanlu_allocate_doubles(context, 1, figure->all_series) : NULL;
  if (ends->end == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < figure->all_series && figure->panels < 2; i++) {
    const tanlu_figure_line *series = &figure->series[i];
    if (isnan(end[i]) || !has_own_name(figure, i)) continue;
    double widest = 0.0;
    used += line * (double)tanlu_text_lines(series->name, TANLU_TEXT_SMALL, most, &widest);
    ends->width = fmax(ends->width, widest);
    ends->direct[i] = true;
    const bool patch = kind == TANLU_KEY_PATCH && series->role != TANLU_ROLE_TOTAL;
    const tanlu_paint paint = patch ? tanlu_paint_series(figure, i) : tanlu_paint_stroke(series->role, 2.5);
    ends->key[ends->count] = (tanlu_key){.name = series->name, .paint = paint, .kind = patch ? kind : TANLU_KEY_LINE};
    ends->end[ends->count++] = end[i];
  }
  if (used <= height) return TANLU_OK;
  for (size_t i = 0; i < figure->all_series; i++) ends->direct[i] = false;
  ends->count = 0;
  ends->width = 0.0;
  return TANLU_OK;
}

double tanlu_ends_room(const tanlu_ends *ends) {
  return ends->count > 0 ? TANLU_LEADER + 2.0 + ends->width + TANLU_CANVAS_MARGIN : 0.0;
}

tanlu_status tanlu_ends_draw(const tanlu_ends *ends, const tanlu_frame *frame, tanlu_canvas *canvas) {
  if (ends->count == 0) return TANLU_OK;
  double *wanted = tanlu_allocate_doubles(canvas->context, 1, ends->count);
  if (wanted == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < ends->count; i++) wanted[i] = tanlu_frame_y(frame, 0, ends->end[i]);
  const bool fits =
      tanlu_canvas_end_labels(canvas, tanlu_frame_box(frame, 0), ends->key, wanted, ends->count, ends->width + 0.1);
  free(wanted);
  if (fits) return TANLU_OK;
  return canvas->failed ? TANLU_ERR_MEMORY
                        : tanlu_fail(canvas->context, TANLU_ERR_INTERNAL,
                                     "figure '%s': the names of its series do not fit", canvas->figure->name);
}

/* ---- labels of points ----------------------------------------------------------------------------------------------------------- */

void tanlu_canvas_take(tanlu_canvas *canvas, tanlu_box box) {
  if (canvas->takens == canvas->room) {
    const size_t room = canvas->room > 0 ? 2 * canvas->room : 64;
    tanlu_box *grown = tanlu_allocate(canvas->context, room, sizeof *grown);
    if (grown == NULL) {
      canvas->failed = true;
      return;
    }
    if (canvas->takens > 0) memcpy(grown, canvas->taken, canvas->takens * sizeof *grown);
    free(canvas->taken);
    canvas->taken = grown;
    canvas->room = room;
  }
  canvas->taken[canvas->takens++] = box;
}

void tanlu_canvas_avoid(tanlu_canvas *canvas, double x1, double y1, double x2, double y2) {
  const double apart = 4.0, length = hypot(x2 - x1, y2 - y1);
  if (!(length < 1e5)) return;
  const size_t steps = (size_t)ceil(length / apart) + 1;
  for (size_t i = 0; i < steps; i++) {
    const double share = steps > 1 ? (double)i / (double)(steps - 1) : 0.0;
    tanlu_canvas_take(canvas, (tanlu_box){x1 + share * (x2 - x1), y1 + share * (y2 - y1), 0.0, 0.0});
  }
}

/* Points of data and labels under a box: a label counts as a hundred. */
static double covered(const tanlu_canvas *canvas, tanlu_box box, bool data) {
  double cost = 0.0;
  for (size_t i = 0; i < canvas->takens; i++) {
    const tanlu_box *other = &canvas->taken[i];
    const bool is_data = !(other->width > 0.0);
    if (is_data && !data) continue;
    if (box.x < other->x + other->width && other->x < box.x + box.width && box.y < other->y + other->height &&
        other->y < box.y + box.height) {
      cost += is_data ? 1.0 : 100.0;
    }
  }
  return cost;
}

bool tanlu_canvas_free_at(const tanlu_canvas *canvas, tanlu_box box) {
  return !(covered(canvas, box, false) > 0.0);
}

static bool within(tanlu_box room, tanlu_box box) {
  return box.x >= room.x && box.x + box.width <= room.x + room.width && box.y >= room.y &&
         box.y + box.height <= room.y + room.height;
}

enum { NEAR_RINGS = 3, RINGS = 13, NEAR_PLACES = 8, FAR_PLACES = 24 };

/* The k-th place on a ring about a point: beside and in the corners of it when near, all around it when far. */
static tanlu_box place_on_ring(double x, double y, double distance, size_t ring, size_t k, double wide, double high) {
  const double away = distance * (1.0 + 0.6 * (double)ring), side = 0.5 * away;
  if (ring >= NEAR_RINGS) {
    const double angle = 6.283185307179586 * (double)k / FAR_PLACES;
    const double half_wide = 0.5 * wide, half_high = 0.5 * high;
    return (tanlu_box){x + cos(angle) * (away + half_wide) - half_wide, y + sin(angle) * (away + half_high) - half_high,
                       wide, high};
  }
  const double left[] = {x - 0.5 * wide, x - 0.5 * wide,  x + away, x - away - wide,
                         x + side,       x - side - wide, x + side, x - side - wide};
  const double top[] = {y - away - high, y + away,        y - 0.5 * high, y - 0.5 * high,
                        y - away - high, y - away - high, y + 0.5 * away, y + 0.5 * away};
  return (tanlu_box){left[k], top[k], wide, high};
}

/* The line that leads from a point to a label far from it: begins `distance` from the point, ends at the label. */
static void leader_ends(tanlu_box box, double x, double y, double distance, double from[2], double to[2]) {
  to[0] = fmin(fmax(x, box.x), box.x + box.width);
  to[1] = fmin(fmax(y, box.y), box.y + box.height);
  const double length = hypot(to[0] - x, to[1] - y), share = length > distance ? distance / length : 1.0;
  from[0] = x + share * (to[0] - x);
  from[1] = y + share * (to[1] - y);
}

/* What lies under a leader: labels as for a box, data for less, since it is thin. */
static double crossed(const tanlu_canvas *canvas, const double from[2], const double to[2]) {
  enum { STEPS = 12 };
  double cost = 0.0;
  for (size_t i = 0; i <= STEPS; i++) {
    const double share = (double)i / STEPS;
    const tanlu_box spot = {from[0] + share * (to[0] - from[0]) - 2.0, from[1] + share * (to[1] - from[1]) - 2.0, 4.0,
                            4.0};
    const double labels = covered(canvas, spot, false);
    cost += labels + 0.3 * (covered(canvas, spot, true) - labels);
  }
  return cost;
}

void tanlu_canvas_label_point(tanlu_canvas *canvas, tanlu_box room, double x, double y, double distance,
                              const char *text) {
  static const double outside = 1000.0, per_ring = 0.8, per_leader = 1.0;
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.halo = true;
  const double wide = tanlu_text_extent(text, style.size), high = 1.1 * style.size;
  double from[2], to[2], least = (double)INFINITY;
  if (*text == '\0') return;
  tanlu_box best = {0};
  bool far = false;
  for (size_t ring = 0; ring < RINGS; ring++) {
    const bool led = ring >= NEAR_RINGS;
    for (size_t k = 0; k < (led ? FAR_PLACES : NEAR_PLACES) && per_ring * (double)ring < least; k++) {
      const tanlu_box box = place_on_ring(x, y, distance, ring, k, wide, high);
      double cost = (within(room, box) ? 0.0 : outside) + covered(canvas, box, true) + per_ring * (double)ring;
      if (led && cost < least) {
        leader_ends(box, x, y, distance, from, to);
        cost += per_leader + crossed(canvas, from, to);
      }
      if (!(cost < least)) continue;
      least = cost;
      best = box;
      far = led;
    }
  }
  best.x = fmin(fmax(best.x, 2.0), fmax(2.0, TANLU_CANVAS_WIDTH - 2.0 - wide));
  if (far) {
    leader_ends(best, x, y, 0.6 * distance, from, to);
    tanlu_canvas_line(canvas, from[0], from[1], to[0], to[1], tanlu_paint_stroke(TANLU_PAINT_MUTED, 1.0));
    tanlu_canvas_avoid(canvas, from[0], from[1], to[0], to[1]);
  }
  tanlu_canvas_text(canvas, best.x, best.y + 0.88 * style.size, style, text);
  tanlu_canvas_take(canvas, best);
}
