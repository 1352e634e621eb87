/* Legends, labels at the ends of lines, labels of points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

#define SAMPLE 22.0 /* width of the piece of line or the patch beside a name */

/* ---- keys -------------------------------------------------------------------------------------------------------------------- */

tanlu_key *tanlu_figure_keys(const tanlu_figure *figure, tanlu_key_kind kind, const bool *skip, size_t *count,
                             tanlu_context *context) {
  tanlu_key *key = tanlu_allocate(context, figure->all_series, sizeof *key);
  *count = 0;
  if (key == NULL) return NULL;
  for (size_t i = 0; i < figure->all_series; i++) {
    const tanlu_figure_line *series = &figure->series[i];
    if ((skip != NULL && skip[i]) || *series->name == '\0') continue;
    size_t k = 0;
    while (k < *count && strcmp(key[k].name, series->name) != 0) k++;
    const bool empty = !tanlu_series_has_data(series);
    if (k < *count) {
      key[k].empty = key[k].empty && empty;
      continue;
    }
    tanlu_paint paint = kind == TANLU_KEY_LINE ? tanlu_paint_stroke(series->role, 2.5) : tanlu_paint_series(figure, i);
    if (kind == TANLU_KEY_LINE) paint.style = series->style;
    const bool dots = series->style == TANLU_STYLE_POINTS;
    key[(*count)++] = (tanlu_key){series->name, paint, dots ? TANLU_KEY_DOT : kind, empty};
  }
  return key;
}

static void draw_sample(tanlu_canvas *canvas, const tanlu_key *key, double x, double y) {
  if (key->kind == TANLU_KEY_LINE) {
    tanlu_canvas_line(canvas, x, y, x + SAMPLE, y, key->paint);
  } else if (key->kind == TANLU_KEY_PATCH) {
    tanlu_canvas_rect(canvas, (tanlu_box){x + SAMPLE - 15.0, y - 7.0, 15.0, 14.0}, key->paint);
  } else {
    const int role = key->paint.fill != TANLU_PAINT_NONE ? key->paint.fill : key->paint.stroke;
    tanlu_canvas_circle(canvas, x + 0.5 * SAMPLE, y, 4.5, tanlu_paint_fill(role));
  }
}

void tanlu_canvas_legend(tanlu_canvas *canvas, const tanlu_key *key, size_t count) {
  const tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  const double left = TANLU_CANVAS_MARGIN, right = TANLU_CANVAS_WIDTH - TANLU_CANVAS_MARGIN;
  const double line = TANLU_LINE_HEIGHT * style.size, most = right - left - SAMPLE - 6.0;
  double x = left, below = 0.0;
  for (size_t i = 0; i < count; i++) {
    const char *none = key[i].empty ? " (no data)" : "";
    double wide = 0.0;
    const size_t size = strlen(key[i].name) + strlen(none) + 1;
    char *name = tanlu_allocate(canvas->context, size, 1);
    if (name == NULL) {
      canvas->failed = true;
      return;
    }
    (void)snprintf(name, size, "%s%s", key[i].name, none);
    const size_t lines = tanlu_text_lines(name, style.size, most, &wide);
    if (x > left && x + SAMPLE + 6.0 + wide > right) {
      x = left;
      canvas->bottom += below;
      below = 0.0;
    }
    draw_sample(canvas, &key[i], x, canvas->bottom + 0.5 * line);
    (void)tanlu_canvas_paragraph(canvas, x + SAMPLE + 6.0, canvas->bottom + 0.5 * line + 0.35 * style.size, most, style,
                                 name);
    free(name);
    x += SAMPLE + 6.0 + wide + 18.0;
    below = fmax(below, (double)(lines > 0 ? lines : 1) * line + 3.0);
  }
  if (count > 0) canvas->bottom += below + 5.0;
}

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

/* ---- labels of points ----------------------------------------------------------------------------------------------------------- */

void tanlu_canvas_take(tanlu_canvas *canvas, tanlu_box box) {
  if (canvas->takens == canvas->room) {
    const size_t room = canvas->room > 0 ? 2 * canvas->room : 32;
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

bool tanlu_canvas_free_at(const tanlu_canvas *canvas, tanlu_box box) {
  for (size_t i = 0; i < canvas->takens; i++) {
    const tanlu_box *other = &canvas->taken[i];
    if (box.x < other->x + other->width && other->x < box.x + box.width && box.y < other->y + other->height &&
        other->y < box.y + box.height) {
      return false;
    }
  }
  return true;
}

static bool within(tanlu_box room, tanlu_box box) {
  return box.x >= room.x && box.x + box.width <= room.x + room.width && box.y >= room.y &&
         box.y + box.height <= room.y + room.height;
}

void tanlu_canvas_label_point(tanlu_canvas *canvas, tanlu_box room, double x, double y, double distance,
                              const char *text) {
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.halo = true;
  const double wide = tanlu_text_extent(text, style.size), high = 1.1 * style.size;
  if (*text == '\0') return;
  tanlu_box best = {0};
  int best_score = -1;
  for (int far = 1; far <= 3 && best_score < 3; far++) {
    const double away = (double)far * distance;
    const tanlu_box place[] = {
        {x - 0.5 * wide, y - away - high, wide, high}, {x - 0.5 * wide, y + away, wide, high},
        {x + away, y - 0.5 * high, wide, high},        {x - away - wide, y - 0.5 * high, wide, high},
        {x + 0.5 * away, y - away - high, wide, high}, {x - 0.5 * away - wide, y - away - high, wide, high},
        {x + 0.5 * away, y + away, wide, high},        {x - 0.5 * away - wide, y + away, wide, high}};
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
      tanlu_box box = place[i];
      const int score = (within(room, box) ? 2 : 0) + (tanlu_canvas_free_at(canvas, box) ? 1 : 0);
      if (score > best_score) {
        best_score = score;
        best = box;
      }
    }
  }
  best.x = fmin(fmax(best.x, 2.0), fmax(2.0, TANLU_CANVAS_WIDTH - 2.0 - wide));
  tanlu_canvas_text(canvas, best.x, best.y + 0.88 * style.size, style, text);
  tanlu_canvas_take(canvas, best);
}
