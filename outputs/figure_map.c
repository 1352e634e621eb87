/* Maps of tiles: an equal tile a place, put where the place lies among the others; its colour is the value. Panels stand beside each
 * other and share the colours. */
#include <math.h>

#include "outputs/figure_private.h"

#define TILE_WIDEST 96.0
#define GAP 2.0         /* between tiles */
#define PANEL_GAP 22.0  /* between panels */
#define TITLE_ROOM 24.0 /* over a map with a title */
#define NAME_LINES 2    /* names that need more are left to the tooltip */

typedef struct {
  const tanlu_figure *figure;
  tanlu_canvas *canvas;
  tanlu_extent x, y; /* columns and rows that have a tile */
  tanlu_tile_scale scale;
  bool whole_numbers, no_numbers;         /* what tiles have room for */
  bool two_digits;                        /* of whole numbers: those below ten with a decimal */
  size_t columns;                         /* of panels */
  double width, height, whole, top, left; /* of a tile; of a panel; of the first panel */
} map;

static bool is_whole(double number) {
  return tanlu_figure_drawable(number) && !(fabs(number - round(number)) > 0.0) && fabs(number) < 1e4;
}

/* Every tile has a column and a row. */
static tanlu_status find_places(map *m) {
  const tanlu_figure *figure = m->figure;
  tanlu_extent values = tanlu_extent_none();
  m->x = m->y = tanlu_extent_none();
  for (size_t i = 0; i < figure->all_series; i++) {
    for (size_t k = 0; k < figure->series[i].points; k++) {
      const tanlu_figure_datum *point = &figure->series[i].point[k];
      if (!is_whole(point->x) || !is_whole(point->low)) {
        return tanlu_fail(m->canvas->context, TANLU_ERR_INTERNAL, "figure '%s': a tile stands at %g, %g", figure->name,
                          point->x, point->low);
      }
      tanlu_extent_add(&m->x, point->x);
      tanlu_extent_add(&m->y, point->low);
      tanlu_extent_add(&values, point->value);
    }
  }
  tanlu_tile_scale_find(&m->scale, figure, values);
  return TANLU_OK;
}

static void place_panels(map *m) {
  const size_t panels = m->figure->panels;
  const double across = m->x.high - m->x.low + 1.0, room = TANLU_CANVAS_WIDTH - 2.0 * TANLU_CANVAS_MARGIN;
  m->columns = panels < 2 ? 1 : panels == 2 || panels == 4 ? 2 : 3;
  m->left = TANLU_CANVAS_MARGIN;
  m->whole = (room - PANEL_GAP * (double)(m->columns - 1)) / (double)m->columns;
  m->width = fmin(m->whole / across, TILE_WIDEST);
  m->height = fmin(fmax(0.7 * m->width, 20.0), 3.0 * TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL + 5.0);
}

static const char *number_of(const map *m, double value, char text[TANLU_NUMBER_SIZE]) {
  const tanlu_ticks whole = {.plain = m->scale.ticks.plain}, short_one = {.decimals = 1};
  if (!tanlu_figure_drawable(value) || !m->whole_numbers) return tanlu_tile_scale_text(&m->scale, value, text);
  return tanlu_tick_text(m->two_digits && fabs(value) < 9.95 ? &short_one : &whole, value, text);
}

/* Numbers are alike in all tiles: as the colours have them, or of two digits where none has more, or whole ones, or none. */
static void choose_numbers(map *m) {
  const tanlu_figure *figure = m->figure;
  const double largest = fmax(fabs(m->scale.values.low), fabs(m->scale.values.high));
  char text[TANLU_NUMBER_SIZE];
  for (int way = 0; way < 3; way++) {
    double widest = 0.0;
    m->whole_numbers = way > 0;
    m->two_digits = way == 1;
    if (way == 1 && largest >= 100.0) continue;
    for (size_t i = 0; i < figure->all_series; i++) {
      for (size_t k = 0; k < figure->series[i].points; k++) {
        const char *number = number_of(m, figure->series[i].point[k].value, text);
        widest = fmax(widest, tanlu_text_extent(number, TANLU_TEXT_SMALL));
      }
    }
    if (widest <= m->width - GAP - 4.0) return;
    if (largest < 10.0 || largest >= 1e7) break; /* whole numbers would say nothing */
  }
  m->whole_numbers = false;
  m->no_numbers = true;
}

/* Name and number, as far as they fit. */
static void write_tile(const map *m, const tanlu_figure_datum *point, tanlu_box box, bool dark, const char *number) {
  const double line = TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL, room = box.width - 4.0;
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_MIDDLE);
  size_t lines = 0;
  if (dark) style.role = TANLU_PAINT_GROUND;
  if (point->label != NULL && tanlu_text_longest_word(point->label, style.size) <= room) {
    lines = tanlu_text_lines(point->label, style.size, room, NULL);
    if (lines > NAME_LINES || (double)(lines + 1) * line > box.height + 2.0) lines = 0;
  }
  const bool fits = !m->no_numbers && box.height >= line;
  const double x = box.x + 0.5 * box.width;
  double y = box.y + 0.5 * box.height - 0.5 * (double)(lines + fits - 1) * line + 0.35 * style.size;
  if (lines > 0) (void)tanlu_canvas_paragraph(m->canvas, x, y, room, style, point->label);
  y += (double)lines * line;
  style.bold = lines > 0;
  if (fits) tanlu_canvas_text(m->canvas, x, y, style, number);
}

static void draw_tile(const map *m, const tanlu_figure_datum *point, double left, double top) {
  const tanlu_box box = {left + (point->x - m->x.low) * m->width + 0.5 * GAP,
                         top + (point->low - m->y.low) * m->height + 0.5 * GAP, m->width - GAP, m->height - GAP};
  char text[TANLU_NUMBER_SIZE];
  const bool there = tanlu_figure_drawable(point->value);
  tanlu_canvas_group(m->canvas, NULL);
  tanlu_canvas_tooltip(m->canvas, "%s: %s %s", point->label != NULL ? point->label : "",
                       tanlu_tile_scale_text(&m->scale, point->value, text),
                       m->figure->y.unit != NULL ? m->figure->y.unit : "");
  const tanlu_paint paint =
      there ? tanlu_tile_scale_paint(&m->scale, point->value) : tanlu_paint_fill(TANLU_PAINT_GROUND);
  tanlu_canvas_rect(m->canvas, box, paint);
  write_tile(m, point, box, there && paint.opacity > TANLU_TILE_DARK, number_of(m, point->value, text));
  tanlu_canvas_group_end(m->canvas);
}

static void draw_panel(const map *m, size_t panel, double left, double top, double titles) {
  const tanlu_figure *figure = m->figure;
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.bold = true;
  if (*figure->panel[panel] != '\0') {
    (void)tanlu_canvas_paragraph(m->canvas, left, top - titles + TITLE_ROOM - 8.0, m->whole, style,
                                 figure->panel[panel]);
  }
  for (size_t i = 0; i < figure->all_series; i++) {
    for (size_t k = 0; figure->series[i].panel == panel && k < figure->series[i].points; k++) {
      draw_tile(m, &figure->series[i].point[k], left, top);
    }
  }
}

/* Room over each row of panels: the titles may wrap. */
static double title_room(const map *m) {
  size_t most = 0;
  for (size_t i = 0; i < m->figure->panels; i++) {
    const char *title = m->figure->panel[i];
    const size_t lines = *title != '\0' ? tanlu_text_lines(title, TANLU_TEXT_SMALL, m->whole, NULL) : 0;
    if (lines > most) most = lines;
  }
  return most == 0 ? 4.0 : TITLE_ROOM + TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL * (double)(most - 1);
}

tanlu_status tanlu_figure_draw_map(const tanlu_figure *figure, tanlu_canvas *canvas) {
  map m = {.figure = figure, .canvas = canvas};
  const tanlu_status status = find_places(&m);
  if (status != TANLU_OK) return status;
  tanlu_canvas_axis_heading(canvas, &figure->y);
  place_panels(&m);
  choose_numbers(&m);
  const double titles = title_room(&m), tall = m.height * (m.y.high - m.y.low + 1.0);
  for (size_t panel = 0; panel < figure->panels; panel++) {
    const double row = (double)(panel / m.columns), column = (double)(panel % m.columns);
    const double top = canvas->bottom + titles + row * (tall + titles + 8.0);
    draw_panel(&m, panel, m.left + column * (m.whole + PANEL_GAP), top, titles);
  }
  const double rows = (double)((figure->panels + m.columns - 1) / m.columns);
  canvas->bottom += rows * (tall + titles + 8.0);
  tanlu_tile_scale_draw(&m.scale, canvas, m.left);
  return TANLU_OK;
}
