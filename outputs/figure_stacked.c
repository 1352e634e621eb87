/* Vertical bars over categories, series stacked: positive values upwards from zero, negative ones downwards. A series of role TOTAL is a
 * dot on the bar. */
#include <math.h>
#include <stdlib.h>

#include "outputs/figure_private.h"
#include "solvers/memory.h"

enum { UP, DOWN, SIDES };

/* ---- names under the bars ----------------------------------------------------------------------------------------------------------- */

/* How the names of categories stand under their bars. */
typedef struct {
  double slot; /* width a category has */
  bool slanted;
  double room;
} names;

static names arrange_names(const tanlu_figure *figure, double slot) {
  names n = {.slot = slot};
  double longest = 0.0;
  size_t lines = 1;
  for (size_t c = 0; c < figure->categories; c++) {
    const char *label = figure->category[c].label;
    if (tanlu_text_longest_word(label, TANLU_TEXT_SMALL) > slot - 4.0) n.slanted = true;
    const size_t own = tanlu_text_lines(label, TANLU_TEXT_SMALL, slot - 4.0, NULL);
    if (own > lines) lines = own;
    longest = fmax(longest, tanlu_text_extent(label, TANLU_TEXT_SMALL));
  }
  if (lines > 3) n.slanted = true;
  n.room = n.slanted ? 18.0 + 0.71 * longest : 10.0 + (double)lines * TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL;
  return n;
}

/* Under a small panel the first name and the last one, within its ends. */
static void draw_end_names(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  const size_t categories = canvas->figure->categories;
  const double y = box.y + box.height + 6.0 + TANLU_TEXT_SMALL;
  if (categories == 0 || !tanlu_frame_is_lowest(frame, panel)) return;
  tanlu_canvas_text(canvas, box.x, y, tanlu_text_small(TANLU_ANCHOR_START), canvas->figure->category[0].label);
  if (categories < 2) return;
  tanlu_canvas_text(canvas, box.x + box.width, y, tanlu_text_small(TANLU_ANCHOR_END),
                    canvas->figure->category[categories - 1].label);
}

static void draw_names(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, const names *n) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  for (size_t c = 0; c < canvas->figure->categories; c++) {
    const double x = box.x + ((double)c + 0.5) * n->slot, y = box.y + box.height + 6.0 + TANLU_TEXT_SMALL;
    tanlu_text style = tanlu_text_small(n->slanted ? TANLU_ANCHOR_END : TANLU_ANCHOR_MIDDLE);
    if (n->slanted) {
      style.rotate = -45.0;
      tanlu_canvas_text(canvas, x + 4.0, y, style, canvas->figure->category[c].label);
    } else {
      (void)tanlu_canvas_paragraph(canvas, x, y, n->slot - 4.0, style, canvas->figure->category[c].label);
    }
  }
}

/* ---- bars --------------------------------------------------------------------------------------------------------------------------- */

/* All bars of a panel, series by series: `frame` NULL only adds to the extent. sum: categories x SIDES, zeros. */
static tanlu_status walk_bars(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, double slot, double *sum,
                              tanlu_extent *extent) {
  const tanlu_figure *figure = canvas->figure;
  const double width = fmin(0.72 * slot, 64.0);
  for (size_t i = 0; i < figure->all_series; i++) {
    const tanlu_figure_line *series = &figure->series[i];
    for (size_t k = 0; k < series->points && series->panel == panel; k++) {
      const double value = series->point[k].value;
      const size_t c = tanlu_figure_category_at(figure, series->point[k].x, canvas->context);
      if (c == SIZE_MAX) return TANLU_ERR_INTERNAL;
      if (!tanlu_figure_drawable(value)) continue;
      if (series->role == TANLU_ROLE_TOTAL) {
        tanlu_extent_add(extent, value);
        continue;
      }
      double *base = &sum[SIDES * c + (value < 0.0 ? DOWN : UP)];
      if (frame != NULL && fabs(value) > 0.0) {
        const double from = tanlu_frame_y(frame, panel, *base), to = tanlu_frame_y(frame, panel, *base + value);
        tanlu_paint paint = tanlu_paint_series(figure, i);
        paint.stroke = TANLU_PAINT_GROUND;
        paint.width = 0.75;
        const double x = tanlu_frame_box(frame, panel).x + ((double)c + 0.5) * slot - 0.5 * width;
        tanlu_canvas_rect(canvas, (tanlu_box){x, to, width, from - to}, paint);
      }
      *base += value;
      tanlu_extent_add(extent, *base);
    }
  }
  return TANLU_OK;
}

static void draw_totals(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, double slot) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  for (size_t i = 0; i < canvas->figure->all_series; i++) {
    const tanlu_figure_line *series = &canvas->figure->series[i];
    if (series->panel != panel || series->role != TANLU_ROLE_TOTAL) continue;
    for (size_t k = 0; k < series->points; k++) {
      if (!tanlu_figure_drawable(series->point[k].value)) continue;
      tanlu_paint dot = tanlu_paint_fill(series->role);
      dot.stroke = TANLU_PAINT_GROUND;
      dot.width = 1.5;
      tanlu_canvas_circle(canvas, box.x + (series->point[k].x + 0.5) * slot,
                          tanlu_frame_y(frame, panel, series->point[k].value), 5.0, dot);
    }
  }
}

static tanlu_status draw_panel(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, const names *n,
                               double *sum) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  tanlu_extent unused = tanlu_extent_none();
  const tanlu_status status = walk_bars(frame, canvas, panel, n->slot, sum, &unused);
  if (status != TANLU_OK) return status;
  const double zero = tanlu_frame_y(frame, panel, 0.0);
  tanlu_canvas_line(canvas, box.x, zero, box.x + box.width, zero, tanlu_paint_stroke(TANLU_PAINT_INK, 1.2));
  tanlu_frame_rules(frame, canvas, panel);
  draw_totals(frame, canvas, panel, n->slot);
  if (frame->cell != NULL) draw_end_names(frame, canvas, panel);
  if (frame->cell == NULL) draw_names(frame, canvas, panel, n);
  tanlu_frame_marks(frame, canvas, panel);
  return TANLU_OK;
}

tanlu_status tanlu_figure_draw_stacked(const tanlu_figure *figure, tanlu_canvas *canvas) {
  const double categories = (double)(figure->categories > 0 ? figure->categories : 1);
  tanlu_frame frame = {.x = {-0.5, categories - 0.5}, .y = tanlu_extent_none(), .vertical_values = true};
  const size_t size = SIDES * (figure->categories + 1);
  double *sum = tanlu_allocate_doubles(canvas->context, figure->panels, size);
  tanlu_status status = sum != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t panel = 0; panel < figure->panels && status == TANLU_OK; panel++) {
    status = walk_bars(NULL, canvas, panel, 1.0, sum + panel * size, &frame.y);
  }
  for (size_t i = 0; i < figure->marks; i++) {
    if (figure->mark[i].mark != TANLU_MARK_VERTICAL) tanlu_extent_add(&frame.y, figure->mark[i].y);
  }
  if (status == TANLU_OK) status = tanlu_canvas_series_legend(canvas, TANLU_KEY_PATCH, NULL);
  names n = {0};
  if (status == TANLU_OK) { /* the room under the bars depends on their width, and nothing else on it */
    tanlu_frame_measure(&frame, figure);
    n = arrange_names(figure, frame.plot_width / categories);
    frame.below = n.room;
    tanlu_frame_measure(&frame, figure);
    n = arrange_names(figure, frame.plot_width / categories);
    frame.below = figure->cells > 0 ? 10.0 + TANLU_TEXT_SMALL : n.room;
    status = tanlu_frame_open(&frame, canvas);
  }
  for (size_t i = 0; i < figure->panels * size && status == TANLU_OK; i++) sum[i] = 0.0;
  for (size_t panel = 0; panel < figure->panels && status == TANLU_OK; panel++) {
    status = draw_panel(&frame, canvas, panel, &n, sum + panel * size);
  }
  free(sum);
  return status;
}
