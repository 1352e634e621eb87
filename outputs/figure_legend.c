/* Legends, labels at the ends of lines, labels of points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

#define SAMPLE 22.0 /* width of the piece of line beside a name */
#define PATCH 15.0
#define DOT 12.0

/* ---- keys -------------------------------------------------------------------------------------------------------------------- */

/* Has a series intervals and no values? */
static bool is_band(const tanlu_figure_line *series) {
  bool interval = false;
  for (size_t k = 0; k < series->points; k++) {
    if (tanlu_figure_drawable(series->point[k].value)) return false;
    interval = interval || tanlu_figure_drawable(series->point[k].low);
  }
  return interval;
}

/* The band drawn before this one that holds all of it; NULL without one. */
static const tanlu_figure_line *band_around(const tanlu_figure *figure, size_t series) {
  const tanlu_figure_line *own = &figure->series[series];
  for (size_t i = 0; i < series; i++) {
    const tanlu_figure_line *other = &figure->series[i];
    bool holds = other->panel == own->panel && other->points == own->points && is_band(other);
    for (size_t k = 0; holds && k < own->points; k++) {
      const tanlu_figure_datum *a = &own->point[k], *b = &other->point[k];
      if (tanlu_figure_drawable(a->low) && tanlu_figure_drawable(a->high))
        holds = b->low <= a->low && a->high <= b->high;
    }
    if (holds) return other;
  }
  return NULL;
}

tanlu_key *tanlu_figure_keys(const tanlu_figure *figure, tanlu_key_kind kind, const bool *skip, size_t *count,
                             tanlu_context *context) {
  const bool stacks = figure->chart == TANLU_CHART_AREAS || figure->chart == TANLU_CHART_STACKED;
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
    const bool line = kind == TANLU_KEY_LINE || (stacks && series->role == TANLU_ROLE_TOTAL);
    const bool dots = series->style == TANLU_STYLE_POINTS || (line && figure->chart == TANLU_CHART_STACKED);
    tanlu_paint paint = line ? tanlu_paint_stroke(series->role, 2.5) : tanlu_paint_series(figure, i);
    if (line) paint.style = series->style;
    const bool band = line && is_band(series);
    if (band) paint = (tanlu_paint){.fill = series->role, .stroke = TANLU_PAINT_NONE, .opacity = TANLU_BAND_OPACITY};
    const tanlu_figure_line *outer = band ? band_around(figure, i) : NULL;
    key[(*count)++] = (tanlu_key){.name = series->name,
                                  .paint = paint,
                                  .kind = band   ? TANLU_KEY_PATCH
                                          : dots ? TANLU_KEY_DOT
                                          : line ? TANLU_KEY_LINE
                                                 : TANLU_KEY_PATCH,
                                  .empty = empty,
                                  .within = outer != NULL,
                                  .outer = outer != NULL ? outer->role : TANLU_PAINT_NONE};
  }
  return key;
}

static void draw_sample(tanlu_canvas *canvas, const tanlu_key *key, double x, double y) {
  if (key->kind == TANLU_KEY_LINE) {
    tanlu_canvas_line(canvas, x, y, x + SAMPLE, y, key->paint);
  } else if (key->kind == TANLU_KEY_PATCH) {
    const tanlu_box patch = {x, y - 7.0, PATCH, 14.0};
    if (key->within) {
      tanlu_paint around = tanlu_paint_fill(key->outer);
      around.opacity = TANLU_BAND_OPACITY;
      tanlu_canvas_rect(canvas, patch, around);
    }
    tanlu_canvas_rect(canvas, patch, key->paint);
  } else {
    const int role = key->paint.fill != TANLU_PAINT_NONE ? key->paint.fill : key->paint.stroke;
    tanlu_canvas_circle(canvas, x + 0.5 * DOT, y, 4.5, tanlu_paint_fill(role));
  }
}

void tanlu_canvas_legend(tanlu_canvas *canvas, const tanlu_key *key, size_t count) {
  const tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  const double left = TANLU_CANVAS_MARGIN, right = TANLU_CANVAS_WIDTH - TANLU_CANVAS_MARGIN;
  const double line = TANLU_LINE_HEIGHT * style.size, most = right - left - SAMPLE - 6.0;
  double x = left, below = 0.0;
  for (size_t i = 0; i < count; i++) {
    const double sample = 6.0 + (key[i].kind == TANLU_KEY_LINE ? SAMPLE : key[i].kind == TANLU_KEY_PATCH ? PATCH : DOT);
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
    if (x > left && x + sample + wide > right) {
      x = left;
      canvas->bottom += below;
      below = 0.0;
    }
    draw_sample(canvas, &key[i], x, canvas->bottom + 0.5 * line);
    (void)tanlu_canvas_paragraph(canvas, x + sample, canvas->bottom + 0.5 * line + 0.35 * style.size, most, style,
                                 name);
    free(name);
    x += sample + wide + 18.0;
    below = fmax(below, (double)(lines > 0 ? lines : 1) * line + 3.0);
  }
  if (count > 0) canvas->bottom += below + 5.0;
}

tanlu_status tanlu_canvas_series_legend(tanlu_canvas *canvas, tanlu_key_kind kind, const bool *skip) {
  size_t count = 0;
  tanlu_key *key = tanlu_figure_keys(canvas->figure, kind, skip, &count, canvas->context);
  if (key == NULL) return TANLU_ERR_MEMORY;
  tanlu_canvas_legend(canvas, key, count);
  free(key);
  return canvas->failed ? TANLU_ERR_MEMORY : TANLU_OK;
}
