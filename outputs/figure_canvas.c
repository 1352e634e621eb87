/* Primitives of the canvas: shapes and paths as SVG elements. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "outputs/markup.h"

/* ---- numbers ---------------------------------------------------------------------------------------------------------------- */

void tanlu_svg_number(FILE *stream, double value) {
  const double bounded = fmin(fmax(value, -1e6), 1e6); /* nothing is drawn so far out */
  const long hundredths = isnan(value) ? 0 : lround(100.0 * bounded);
  const long whole = labs(hundredths) / 100, rest = labs(hundredths) % 100;
  (void)fprintf(stream, "%s%ld", hundredths < 0 ? "-" : "", whole);
  if (rest % 10 != 0) {
    (void)fprintf(stream, ".%02ld", rest);
  } else if (rest != 0) {
    (void)fprintf(stream, ".%ld", rest / 10);
  }
}

static void put_attribute(tanlu_canvas *canvas, const char *name, double value) {
  (void)fprintf(canvas->stream, " %s=\"", name);
  tanlu_svg_number(canvas->stream, value);
  (void)fputc('"', canvas->stream);
}

static void put_pair(tanlu_canvas *canvas, char command, double x, double y) {
  (void)fputc(command, canvas->stream);
  tanlu_svg_number(canvas->stream, x);
  (void)fputc(' ', canvas->stream);
  tanlu_svg_number(canvas->stream, y);
}

/* ---- paint ------------------------------------------------------------------------------------------------------------------ */

tanlu_paint tanlu_paint_fill(int role) {
  return (tanlu_paint){.fill = role, .stroke = TANLU_PAINT_NONE};
}

tanlu_paint tanlu_paint_stroke(int role, double width) {
  return (tanlu_paint){.fill = TANLU_PAINT_NONE, .stroke = role, .width = width};
}

tanlu_paint tanlu_paint_series(const tanlu_figure *figure, size_t series) {
  tanlu_paint paint = tanlu_paint_fill(figure->series[series].role);
  if (paint.fill != TANLU_ROLE_CAPTURE) return paint;
  paint.hatched = true;
  for (size_t i = series; i-- > 0;) {
    if (figure->series[i].panel != figure->series[series].panel) continue;
    if (figure->series[i].role == TANLU_ROLE_CAPTURE) continue;
    paint.fill = figure->series[i].role;
    break;
  }
  return paint;
}

/* Dashes of one piece, the first of them where `turn` pieces have been left to others. */
static void put_turn(tanlu_canvas *canvas, tanlu_paint paint) {
  const size_t piece = 9;
  (void)fprintf(canvas->stream, " stroke-dasharray=\"%zu %zu\"", piece, piece * (paint.turns - 1));
  put_attribute(canvas, "stroke-dashoffset", -(double)(piece * paint.turn));
}

/* Classes for the style sheet, and colours as attributes for programs that know no custom properties. */
static void put_paint(tanlu_canvas *canvas, tanlu_paint paint) {
  static const char *const dashes[] = {"", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 4\"", ""};
  FILE *stream = canvas->stream;
  const bool fills = paint.fill != TANLU_PAINT_NONE, strokes = paint.stroke != TANLU_PAINT_NONE;
  if (strokes || (fills && !paint.hatched)) {
    (void)fputs(" class=\"", stream);
    if (fills && !paint.hatched) (void)fprintf(stream, "f-%s", tanlu_paint_word(paint.fill));
    if (strokes) (void)fprintf(stream, "%ss-%s", fills && !paint.hatched ? " " : "", tanlu_paint_word(paint.stroke));
    (void)fputc('"', stream);
  }
  if (paint.hatched && fills) {
    (void)fprintf(stream, " fill=\"url(#tanlu-%s-hatch-%s)\"", canvas->figure->name, tanlu_paint_word(paint.fill));
    canvas->hatched |= tanlu_paint_bit(paint.fill);
  } else {
    (void)fprintf(stream, " fill=\"%s\"", tanlu_paint_colour(paint.fill));
    if (fills) canvas->filled |= tanlu_paint_bit(paint.fill);
  }
  if (strokes) {
    (void)fprintf(stream, " stroke=\"%s\"", tanlu_paint_colour(paint.stroke));
    put_attribute(canvas, "stroke-width", paint.width);
    (void)fputs(dashes[paint.style], stream);
    if (paint.turn > 0) put_turn(canvas, paint);
    if (tanlu_paint_opacity(paint.stroke) < 1.0)
      put_attribute(canvas, "stroke-opacity", tanlu_paint_opacity(paint.stroke));
    canvas->stroked |= tanlu_paint_bit(paint.stroke);
  }
  if (paint.opacity > 0.0 && paint.opacity < 1.0) put_attribute(canvas, "opacity", paint.opacity);
}

/* ---- shapes ----------------------------------------------------------------------------------------------------------------- */

void tanlu_canvas_group(tanlu_canvas *canvas, const char *class) {
  if (class != NULL) {
    (void)fprintf(canvas->stream, "<g class=\"%s\">\n", class);
  } else {
    (void)fputs("<g>\n", canvas->stream);
  }
}

void tanlu_canvas_group_end(tanlu_canvas *canvas) {
  (void)fputs("</g>\n", canvas->stream);
}

void tanlu_canvas_tooltip(tanlu_canvas *canvas, const char *format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  (void)fputs("<title>", canvas->stream);
  tanlu_markup_put(canvas->stream, text);
  (void)fputs("</title>\n", canvas->stream);
}

void tanlu_canvas_rect(tanlu_canvas *canvas, tanlu_box box, tanlu_paint paint) {
  (void)fputs("<rect", canvas->stream);
  put_attribute(canvas, "x", box.width < 0.0 ? box.x + box.width : box.x);
  put_attribute(canvas, "y", box.height < 0.0 ? box.y + box.height : box.y);
  put_attribute(canvas, "width", fabs(box.width));
  put_attribute(canvas, "height", fabs(box.height));
  put_paint(canvas, paint);
  (void)fputs("/>\n", canvas->stream);
}

void tanlu_canvas_line(tanlu_canvas *canvas, double x1, double y1, double x2, double y2, tanlu_paint paint) {
  tanlu_canvas_path(canvas);
  tanlu_canvas_move(canvas, x1, y1);
  tanlu_canvas_draw(canvas, x2, y2);
  tanlu_canvas_path_end(canvas, paint);
}

void tanlu_canvas_circle(tanlu_canvas *canvas, double x, double y, double radius, tanlu_paint paint) {
  (void)fputs("<circle", canvas->stream);
  put_attribute(canvas, "cx", x);
  put_attribute(canvas, "cy", y);
  put_attribute(canvas, "r", radius);
  put_paint(canvas, paint);
  (void)fputs("/>\n", canvas->stream);
}

static bool is_there(const double *x, const double *y, size_t i) {
  return !isnan(x[i]) && !isnan(y[i]);
}

void tanlu_canvas_polyline(tanlu_canvas *canvas, size_t count, const double *x, const double *y, tanlu_paint paint) {
  size_t drawn = 0;
  for (size_t i = 0; i < count; i++) {
    if (!is_there(x, y, i)) continue;
    const bool before = i > 0 && is_there(x, y, i - 1), after = i + 1 < count && is_there(x, y, i + 1);
    if (!before && !after) {
      tanlu_paint dot = tanlu_paint_fill(paint.stroke);
      dot.opacity = paint.opacity;
      tanlu_canvas_circle(canvas, x[i], y[i], fmax(2.5, paint.width), dot);
    }
    drawn += before;
  }
  if (drawn == 0) return;
  tanlu_canvas_path(canvas);
  for (size_t i = 0; i < count; i++) {
    if (!is_there(x, y, i)) continue;
    const bool before = i > 0 && is_there(x, y, i - 1), after = i + 1 < count && is_there(x, y, i + 1);
    if (before) {
      tanlu_canvas_draw(canvas, x[i], y[i]);
    } else if (after) {
      tanlu_canvas_move(canvas, x[i], y[i]);
    }
  }
  tanlu_canvas_path_end(canvas, paint);
}

/* ---- paths ------------------------------------------------------------------------------------------------------------------ */

void tanlu_canvas_path(tanlu_canvas *canvas) {
  (void)fputs("<path d=\"", canvas->stream);
}

void tanlu_canvas_move(tanlu_canvas *canvas, double x, double y) {
  put_pair(canvas, 'M', x, y);
}

void tanlu_canvas_draw(tanlu_canvas *canvas, double x, double y) {
  put_pair(canvas, 'L', x, y);
}

void tanlu_canvas_curve(tanlu_canvas *canvas, double x1, double y1, double x2, double y2, double x, double y) {
  put_pair(canvas, 'C', x1, y1);
  put_pair(canvas, ' ', x2, y2);
  put_pair(canvas, ' ', x, y);
}

void tanlu_canvas_close(tanlu_canvas *canvas) {
  (void)fputc('Z', canvas->stream);
}

void tanlu_canvas_path_end(tanlu_canvas *canvas, tanlu_paint paint) {
  (void)fputc('"', canvas->stream);
  put_paint(canvas, paint);
  (void)fputs("/>\n", canvas->stream);
}
