/* Waterfalls: a level, the steps from it, the level that they lead to. Rows from top to bottom, so that names have room. */
#include <math.h>

#include "outputs/figure_private.h"

#define THICKNESS 18.0 /* of a bar */

static const double least_step = 1e-5; /* of the axis: a smaller one is shown as 0 */

enum { RISES = TANLU_ROLE_SERIES + 1, FALLS = TANLU_ROLE_SERIES };

typedef struct {
  double from, to; /* NaN: nothing known here */
  bool level;
} step;

/* What a category is, `running` being the level so far. */
static step step_of(const tanlu_figure *figure, const tanlu_figure_line *series, size_t category, double *running) {
  const tanlu_figure_datum *point = tanlu_series_at(series, category);
  const bool level = category == 0 || figure->category[category].total;
  const double value = point != NULL && tanlu_figure_drawable(point->value) ? point->value : (double)NAN;
  step s = {.from = level ? 0.0 : *running, .to = level ? value : *running + value, .level = level};
  if (!isnan(s.to)) *running = s.to;
  return s;
}

/* Beside the end of a bar at x. */
static void write_number(tanlu_canvas *canvas, double x, double y, bool left, const char *text) {
  tanlu_text style = tanlu_text_small(left ? TANLU_ANCHOR_END : TANLU_ANCHOR_START);
  style.halo = true;
  tanlu_canvas_text(canvas, left ? x - 5.0 : x + 5.0, y + 0.35 * style.size, style, text);
}

static void draw_step(const tanlu_frame *frame, tanlu_canvas *canvas, const tanlu_figure_line *series, step s,
                      double y) {
  const size_t panel = series->panel;
  char number[TANLU_NUMBER_SIZE];
  const double from = tanlu_frame_x(frame, panel, fmax(s.from, frame->x.low)), to = tanlu_frame_x(frame, panel, s.to);
  const bool stands = s.level && frame->x.low <= 0.0 && frame->x.high >= 0.0;
  const bool left = s.level ? s.to < 0.0 : s.to < s.from;
  if (s.level && !stands) { /* zero is not on the axis: a bar would show a size that is none */
    tanlu_canvas_line(canvas, to, y - 0.5 * THICKNESS, to, y + 0.5 * THICKNESS, tanlu_paint_stroke(series->role, 5.0));
  } else {
    const double width = fmax(fabs(to - from), 1.0);
    tanlu_canvas_rect(canvas, (tanlu_box){fmin(from, to), y - 0.5 * THICKNESS, width, THICKNESS},
                      tanlu_paint_fill(s.level         ? series->role
                                       : s.to > s.from ? RISES
                                                       : FALLS));
  }
  char text[TANLU_NUMBER_SIZE + 2];
  const double value = s.level ? s.to : s.to - s.from;
  const bool seen = s.level || fabs(value) >= least_step * (frame->x.high - frame->x.low);
  (void)snprintf(text, sizeof text, "%s%s", seen && !s.level && value > 0.0 ? "+" : "",
                 tanlu_frame_number(frame, seen ? value : 0.0, number));
  /* Beside the name of the category there is no room. */
  const double start = tanlu_frame_x(frame, panel, frame->x.low),
               wide = tanlu_text_longest_word(text, TANLU_TEXT_SMALL);
  const bool before = left && fmin(from, to) - wide - 5.0 >= start;
  write_number(canvas, before ? fmin(from, to) : fmax(from, to), y, before, text);
}

static void draw_panel(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel) {
  const tanlu_figure *figure = canvas->figure;
  for (size_t i = 0; i < figure->all_series; i++) {
    double running = 0.0, before = (double)NAN;
    if (figure->series[i].panel != panel) continue;
    for (size_t k = 0; k < figure->categories; k++) {
      const step s = step_of(figure, &figure->series[i], k, &running);
      const double y = tanlu_frame_row(frame, panel, k);
      if (!isnan(before)) {
        const double x = tanlu_frame_x(frame, panel, before);
        tanlu_canvas_line(canvas, x, tanlu_frame_row(frame, panel, k - 1) + 0.5 * THICKNESS, x, y - 0.5 * THICKNESS,
                          tanlu_paint_stroke(TANLU_PAINT_MUTED, 1.0));
      }
      if (isnan(s.to)) {
        write_number(canvas, tanlu_frame_x(frame, panel, running), y, false, "–");
      } else {
        draw_step(frame, canvas, &figure->series[i], s, y);
      }
      before = running;
    }
  }
}

tanlu_status tanlu_figure_draw_waterfall(const tanlu_figure *figure, tanlu_canvas *canvas) {
  tanlu_frame frame = {.x = tanlu_extent_none(), .right = 62.0, .columns = 1};
  for (size_t i = 0; i < figure->all_series; i++) {
    double running = 0.0;
    for (size_t k = 0; k < figure->categories; k++) {
      tanlu_extent_add(&frame.x, step_of(figure, &figure->series[i], k, &running).to);
    }
  }
  const tanlu_key key[] = {{.name = "rises", .paint = tanlu_paint_fill(RISES), .kind = TANLU_KEY_PATCH},
                           {.name = "falls", .paint = tanlu_paint_fill(FALLS), .kind = TANLU_KEY_PATCH}};
  tanlu_canvas_legend(canvas, key, sizeof key / sizeof *key);
  const tanlu_status status = tanlu_frame_open_rows(&frame, canvas, THICKNESS + 8.0, NULL);
  for (size_t panel = 0; status == TANLU_OK && panel < figure->panels; panel++) draw_panel(&frame, canvas, panel);
  return status;
}
