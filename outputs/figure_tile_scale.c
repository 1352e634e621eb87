/* Colours of tiles. The scale runs from the ground to one hue, so that darker is always more; to a second hue
 * above zero where values have both signs, with zero at the ground and the same size as dark on both sides. */
#include <math.h>

#include "outputs/figure_private.h"

enum { HUE = TANLU_ROLE_SERIES, ABOVE_ZERO = TANLU_ROLE_SERIES + 1 };

#define SCALE_WIDTH 240.0
#define FAINTEST 0.05 /* opacity of what is next to nothing */

/* Ends of the scale: about zero where there are both signs; from zero unless that is set free. */
void tanlu_tile_scale_find(tanlu_tile_scale *scale, const tanlu_figure *figure, tanlu_extent values) {
  if (values.low < 0.0 && values.high > 0.0) {
    const double size = fmax(-values.low, values.high);
    values = (tanlu_extent){-size, size};
  }
  scale->values = tanlu_extent_nice(values, figure, 5, &scale->ticks);
}

/* Strength 0 .. 1 of a value, and its hue. */
static double strength(const tanlu_tile_scale *s, double value, int *role) {
  const tanlu_extent v = s->values;
  const bool both = v.low < 0.0 && v.high > 0.0;
  *role = both && value > 0.0 ? ABOVE_ZERO : HUE;
  if (both) return fabs(value) / v.high;
  if (v.high <= 0.0) return (v.high - value) / (v.high - v.low);
  return (value - v.low) / (v.high - v.low);
}

tanlu_paint tanlu_tile_scale_paint(const tanlu_tile_scale *s, double value) {
  int role = HUE;
  const double part = strength(s, value, &role);
  tanlu_paint paint = tanlu_paint_fill(role);
  paint.opacity = FAINTEST + (1.0 - FAINTEST) * fmin(fmax(part, 0.0), 1.0);
  return paint;
}

/* With as many decimals in all tiles: three significant digits of the largest. */
const char *tanlu_tile_scale_text(const tanlu_tile_scale *s, double value, char text[TANLU_NUMBER_SIZE]) {
  const double largest = fmax(fabs(s->values.low), fabs(s->values.high));
  if (!tanlu_figure_drawable(value)) return "–";
  if (largest >= 1e7 || largest < 1e-3) return tanlu_number_text(value, 3, text);
  const int decimals = 2 - (int)floor(log10(largest) + 1e-9);
  const tanlu_ticks ticks = {.decimals = decimals > 0 ? decimals : 0, .plain = s->ticks.plain};
  return tanlu_tick_text(&ticks, value, text);
}

/* The colours, with numbers under them. */
void tanlu_tile_scale_draw(const tanlu_tile_scale *s, tanlu_canvas *canvas, double left) {
  enum { PARTS = 60 };
  const tanlu_scale scale = {s->values.low, s->values.high, left, left + SCALE_WIDTH};
  const double top = canvas->bottom + 12.0, each = SCALE_WIDTH / PARTS;
  char text[TANLU_NUMBER_SIZE];
  tanlu_canvas_group(canvas, NULL);
  for (int i = 0; i < PARTS; i++) {
    const double part = ((double)i + 0.5) / PARTS;
    const double value = s->values.low + part * (s->values.high - s->values.low);
    tanlu_canvas_rect(canvas, (tanlu_box){left + i * each, top, each, 12.0}, tanlu_tile_scale_paint(s, value));
  }
  tanlu_canvas_group_end(canvas);
  const double wide = (tanlu_ticks_extent(&s->ticks, TANLU_TEXT_SMALL) + 14.0) * (double)(s->ticks.count - 1);
  const long every = (long)fmax(1.0, ceil(wide / SCALE_WIDTH)), first = lround(s->ticks.first / s->ticks.step);
  for (size_t i = 0; i < s->ticks.count; i++) {
    if ((first + (long)i) % every != 0 && s->ticks.count > 1) continue; /* zero stays */
    const double value = tanlu_tick(&s->ticks, i), x = tanlu_scale_at(&scale, value);
    tanlu_canvas_line(canvas, x, top + 12.0, x, top + 16.0, tanlu_paint_stroke(TANLU_PAINT_MUTED, 1.0));
    const double half = 0.5 * tanlu_text_extent(tanlu_tick_text(&s->ticks, value, text), TANLU_TEXT_SMALL);
    tanlu_canvas_text(canvas, fmax(x, half + 1.0), top + 18.0 + TANLU_TEXT_SMALL, tanlu_text_small(TANLU_ANCHOR_MIDDLE),
                      text);
  }
  canvas->bottom = top + 18.0 + TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL + 4.0;
}
