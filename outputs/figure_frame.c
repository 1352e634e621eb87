/* Panels with their axes: small multiples that share their scales. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"

#define TICK_GAP 6.0    /* between an axis and its numbers */
#define TITLE_ROOM 24.0 /* over a plot with a title */
#define MARK_RADIUS 7.0
#define DOT_RADIUS 5.0
/* of panels at places */
#define CELL_GAP 10.0
#define CELL_SHAPE 0.75 /* height of a plot over its width */
#define CELL_TALLEST 110.0
#define CELL_DOT_RADIUS 3.5

static bool has_titles(const tanlu_figure *figure) {
  for (size_t i = 0; i < figure->panels; i++) {
    if (*figure->panel[i] != '\0') return true;
  }
  return false;
}

/* ---- where things are -------------------------------------------------------------------------------------------------------- */

static size_t column_of(const tanlu_frame *frame, size_t panel) {
  return frame->cell != NULL ? frame->cell[panel].column - frame->first_column : panel % frame->columns;
}

static size_t row_of(const tanlu_frame *frame, size_t panel) {
  return frame->cell != NULL ? frame->cell[panel].row - frame->first_row : panel / frame->columns;
}

static bool has_panel_at(const tanlu_frame *frame, size_t column, size_t row) {
  for (size_t i = 0; i < frame->panels; i++) {
    if (column_of(frame, i) == column && row_of(frame, i) == row) return true;
  }
  return false;
}

bool tanlu_frame_is_first(const tanlu_frame *frame, size_t panel) {
  const size_t column = column_of(frame, panel);
  return column == 0 || !has_panel_at(frame, column - 1, row_of(frame, panel));
}

bool tanlu_frame_is_lowest(const tanlu_frame *frame, size_t panel) {
  return !has_panel_at(frame, column_of(frame, panel), row_of(frame, panel) + 1);
}

static size_t rows_of(const tanlu_frame *frame) {
  size_t rows = 0;
  for (size_t i = 0; i < frame->panels; i++) rows = row_of(frame, i) + 1 > rows ? row_of(frame, i) + 1 : rows;
  return rows > 0 ? rows : 1;
}

/* The places begin at the first column and row that have a panel. */
static void take_places(tanlu_frame *frame, const tanlu_figure *figure) {
  size_t last = 0;
  frame->first_column = frame->first_row = SIZE_MAX;
  for (size_t i = 0; i < figure->cells; i++) {
    const tanlu_figure_cell *c = &figure->cell[i];
    if (c->column < frame->first_column) frame->first_column = c->column;
    if (c->row < frame->first_row) frame->first_row = c->row;
    if (c->column > last) last = c->column;
  }
  frame->cell = figure->cell;
  frame->columns = last - frame->first_column + 1;
}

/* Values run along y, or along x where categories are rows. */
static void widen_extents(tanlu_frame *frame, const tanlu_figure *figure) {
  if (frame->rows) {
    frame->x = tanlu_extent_nice(frame->x, figure, frame->columns > 2 ? 4 : 6, &frame->x_ticks);
    frame->y = (tanlu_extent){0.0, 1.0};
    frame->y_ticks = (tanlu_ticks){.step = 1.0};
  } else {
    const size_t most = frame->cell != NULL ? 4 : frame->height < 200.0 ? 6 : 8;
    frame->y = tanlu_extent_nice(frame->y, figure, most, &frame->y_ticks);
    frame->x = tanlu_extent_open(frame->x);
  }
}

void tanlu_frame_measure(tanlu_frame *frame, const tanlu_figure *figure) {
  static const double heights[] = {320.0, 220.0, 180.0};
  const size_t panels = figure->panels > 0 ? figure->panels : 1;
  if (figure->cells > 0) take_places(frame, figure);
  if (frame->columns == 0) frame->columns = panels == 1 ? 1 : panels == 2 || panels == 4 ? 2 : 3;
  if (frame->height <= 0.0) frame->height = heights[frame->columns < 3 ? frame->columns - 1 : 2];
  frame->panels = panels;
  frame->right = fmax(frame->right, 18.0);
  widen_extents(frame, figure);
  const bool years = !frame->rows && tanlu_figure_has_years(figure);
  const tanlu_ticks ends = tanlu_ticks_make(frame->x.low, frame->x.high, 4, years);
  frame->gap_x = fmax(frame->right, frame->below > 0.0 ? 26.0 : tanlu_ticks_extent(&ends, TANLU_TEXT_SMALL) + 14.0);
  frame->left = TANLU_CANVAS_MARGIN;
  frame->left += frame->before > 0.0 ? frame->before : tanlu_ticks_extent(&frame->y_ticks, TANLU_TEXT_SMALL) + TICK_GAP;
  if (frame->cell != NULL) frame->gap_x = CELL_GAP;
  const double gaps = frame->gap_x * (double)(frame->columns - 1);
  frame->plot_width = (TANLU_CANVAS_WIDTH - frame->left - frame->right - gaps) / (double)frame->columns;
  frame->plot_height = frame->cell != NULL ? fmin(CELL_SHAPE * frame->plot_width, CELL_TALLEST) : frame->height;
}

/* As many as there is room for: their width depends on their number. */
static void place_x_ticks(tanlu_frame *frame, bool years) {
  if (frame->cell != NULL && years) { /* the ends, see x_tick */
    frame->x_ticks = (tanlu_ticks){.step = 1.0, .count = 2, .plain = true};
    return;
  }
  for (size_t most = 12;; most--) {
    frame->x_ticks = tanlu_ticks_make(frame->x.low, frame->x.high, most, years);
    const double each = tanlu_ticks_extent(&frame->x_ticks, TANLU_TEXT_SMALL) + 16.0;
    if (most <= 2 || each * (double)frame->x_ticks.count <= frame->plot_width) return;
  }
}

tanlu_box tanlu_frame_box(const tanlu_frame *frame, size_t panel) {
  const double column = (double)column_of(frame, panel), row = (double)row_of(frame, panel);
  return (tanlu_box){frame->left + column * (frame->plot_width + frame->gap_x),
                     frame->top + row * (frame->plot_height + frame->gap_y), frame->plot_width, frame->plot_height};
}

double tanlu_frame_x(const tanlu_frame *frame, size_t panel, double x) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  return tanlu_scale_at(&(tanlu_scale){frame->x.low, frame->x.high, box.x, box.x + box.width}, x);
}

double tanlu_frame_y(const tanlu_frame *frame, size_t panel, double y) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  return tanlu_scale_at(&(tanlu_scale){frame->y.low, frame->y.high, box.y + box.height, box.y}, y);
}

/* ---- drawing ----------------------------------------------------------------------------------------------------------------- */

static void draw_y_axis(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  char text[TANLU_NUMBER_SIZE];
  for (size_t i = 0; i < frame->y_ticks.count; i++) {
    const double value = tanlu_tick(&frame->y_ticks, i), y = tanlu_frame_y(frame, panel, value);
    const bool zero = !(fabs(value) > 0.0);
    tanlu_canvas_line(canvas, box.x, y, box.x + box.width, y,
                      zero ? tanlu_paint_stroke(TANLU_PAINT_INK, 1.2) : tanlu_paint_stroke(TANLU_PAINT_GRID, 1.0));
    if (zero) tanlu_canvas_avoid(canvas, box.x, y, box.x + box.width, y);
    if (!tanlu_frame_is_first(frame, panel)) continue;
    tanlu_canvas_text(canvas, box.x - TICK_GAP, y + 0.35 * TANLU_TEXT_SMALL, tanlu_text_small(TANLU_ANCHOR_END),
                      tanlu_tick_text(&frame->y_ticks, value, text));
  }
}

static double x_tick(const tanlu_frame *frame, const tanlu_canvas *canvas, size_t i) {
  if (frame->cell == NULL || !tanlu_figure_has_years(canvas->figure)) return tanlu_tick(&frame->x_ticks, i);
  return i == 0 ? ceil(frame->x.low) : floor(frame->x.high);
}

/* Numbers at the ends of small panels stay within them. */
static tanlu_anchor anchor_of(const tanlu_frame *frame, size_t tick) {
  if (frame->cell == NULL) return TANLU_ANCHOR_MIDDLE;
  return tick == 0 ? TANLU_ANCHOR_START : tick + 1 == frame->x_ticks.count ? TANLU_ANCHOR_END : TANLU_ANCHOR_MIDDLE;
}

static void draw_x_axis(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  const double floor_y = box.y + box.height;
  char text[TANLU_NUMBER_SIZE];
  tanlu_canvas_line(canvas, box.x, floor_y, box.x + box.width, floor_y, tanlu_paint_stroke(TANLU_PAINT_MUTED, 1.0));
  tanlu_canvas_avoid(canvas, box.x, floor_y, box.x + box.width, floor_y);
  for (size_t i = 0; i < frame->x_ticks.count; i++) {
    const double value = x_tick(frame, canvas, i), x = tanlu_frame_x(frame, panel, value);
    if (!frame->vertical_values) {
      tanlu_canvas_line(canvas, x, box.y, x, floor_y, tanlu_paint_stroke(TANLU_PAINT_GRID, 1.0));
    }
    tanlu_canvas_line(canvas, x, floor_y, x, floor_y + 4.0, tanlu_paint_stroke(TANLU_PAINT_MUTED, 1.0));
    if (!tanlu_frame_is_lowest(frame, panel)) continue;
    tanlu_canvas_text(canvas, x, floor_y + 6.0 + TANLU_TEXT_SMALL, tanlu_text_small(anchor_of(frame, i)),
                      tanlu_tick_text(&frame->x_ticks, value, text));
  }
}

void tanlu_canvas_axis_heading(tanlu_canvas *canvas, const tanlu_figure_axis *axis) {
  char *title = tanlu_figure_axis_title(axis, canvas->context);
  if (title == NULL) {
    canvas->failed = true;
    return;
  }
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.role = TANLU_PAINT_MUTED;
  const double line = TANLU_LINE_HEIGHT * style.size;
  const size_t lines = tanlu_canvas_paragraph(canvas, TANLU_CANVAS_MARGIN, canvas->bottom + style.size,
                                              TANLU_CANVAS_WIDTH - 2.0 * TANLU_CANVAS_MARGIN, style, title);
  if (lines > 0) canvas->bottom += (double)lines * line + 6.0;
  free(title);
}

static double title_size(const tanlu_frame *frame) {
  return frame->cell != NULL ? TANLU_TEXT_SMALL : TANLU_TEXT_BODY;
}

static double title_width(const tanlu_frame *frame) {
  return frame->cell != NULL ? frame->plot_width + frame->gap_x - 2.0 : frame->plot_width;
}

/* Titles of panels take as many lines as the longest needs. */
static double title_room(const tanlu_frame *frame, const tanlu_figure *figure) {
  const double size = title_size(frame);
  size_t lines = 0;
  for (size_t i = 0; i < figure->panels; i++) {
    const size_t own = tanlu_text_lines(figure->panel[i], size, title_width(frame), NULL);
    if (own > lines) lines = own;
  }
  const double one = frame->cell != NULL ? size + 7.0 : TITLE_ROOM;
  return lines > 0 ? one + (double)(lines - 1) * TANLU_LINE_HEIGHT * size : 0.0;
}

/* From the top of the room over a plot; in small panels right over it. */
static void draw_title(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, double room) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  const char *title = canvas->figure->panel[panel];
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.size = title_size(frame);
  style.bold = true;
  double y = box.y - room + style.size - 2.0;
  if (frame->cell != NULL) {
    const double line = TANLU_LINE_HEIGHT * style.size;
    const size_t lines = tanlu_text_lines(title, style.size, title_width(frame), NULL);
    y = box.y - 5.0 - (lines > 0 ? (double)(lines - 1) * line : 0.0);
  }
  (void)tanlu_canvas_paragraph(canvas, box.x, y, title_width(frame), style, title);
}

static void draw_panel(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel, double room) {
  if (panel < canvas->figure->panels) draw_title(frame, canvas, panel, room);
  draw_y_axis(frame, canvas, panel);
  if (frame->below <= 0.0) draw_x_axis(frame, canvas, panel);
}

tanlu_status tanlu_frame_open(tanlu_frame *frame, tanlu_canvas *canvas) {
  const tanlu_figure *figure = canvas->figure;
  tanlu_frame_measure(frame, figure);
  if (!frame->rows) tanlu_canvas_axis_heading(canvas, &figure->y);
  if (frame->below <= 0.0 && !frame->rows) place_x_ticks(frame, tanlu_figure_has_years(figure));
  double room = has_titles(figure) ? title_room(frame, figure) : 4.0, over = 0.0;
  const double under = TANLU_TEXT_SMALL + 10.0;
  for (size_t i = 0; frame->cell == NULL && i < figure->marks; i++) { /* labels may stand above the data */
    if (figure->mark[i].mark < TANLU_MARK_VERTICAL && *figure->mark[i].label != '\0') over = 26.0;
  }
  room += over;
  frame->top = canvas->bottom + room + 4.0;
  frame->gap_y = room + 16.0 + (frame->below > 0.0 ? frame->below : 0.0);
  /* Panels of the last row but one under which there is none carry numbers of their own. */
  if (frame->cell == NULL && frame->below <= 0.0 && frame->panels % frame->columns != 0 &&
      frame->panels > frame->columns) {
    frame->gap_y += under;
  }
  if (frame->cell != NULL) frame->gap_y = room + CELL_GAP;
  for (size_t panel = 0; panel < frame->panels; panel++) draw_panel(frame, canvas, panel, room);
  const size_t rows = rows_of(frame);
  canvas->bottom = frame->top + (double)rows * frame->plot_height + (double)(rows - 1) * frame->gap_y;
  if (frame->below > 0.0) {
    canvas->bottom += frame->below;
    return TANLU_OK;
  }
  canvas->bottom += under;
  char *title = tanlu_figure_axis_title(frame->rows ? &figure->y : &figure->x, canvas->context);
  if (title == NULL) return TANLU_ERR_MEMORY;
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_MIDDLE);
  style.role = TANLU_PAINT_MUTED;
  const double width = TANLU_CANVAS_WIDTH - frame->left - frame->right;
  const size_t lines =
      tanlu_canvas_paragraph(canvas, frame->left + 0.5 * width, canvas->bottom + 0.9 * style.size, width, style, title);
  if (lines > 0) canvas->bottom += (double)lines * TANLU_LINE_HEIGHT * style.size + 2.0;
  free(title);
  return TANLU_OK;
}

/* ---- marks ------------------------------------------------------------------------------------------------------------------- */

static bool is_shape(const tanlu_figure_sign *mark, size_t panel) {
  return mark->panel == panel && mark->mark < TANLU_MARK_VERTICAL && tanlu_figure_drawable(mark->x) &&
         tanlu_figure_drawable(mark->y);
}

/* Beside the upper end of a vertical line, or lower where that is taken. */
static void name_vertical(tanlu_canvas *canvas, tanlu_box box, double x, const char *label) {
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.halo = true;
  const double wide = tanlu_text_extent(label, style.size), high = TANLU_LINE_HEIGHT * style.size;
  const bool left = x + 5.0 + wide > box.x + box.width;
  if (*label == '\0') return;
  tanlu_box place = {left ? x - 5.0 - wide : x + 5.0, box.y, wide, high};
  while (!tanlu_canvas_free_at(canvas, place) && place.y + 2.0 * high < box.y + box.height) place.y += high;
  style.anchor = left ? TANLU_ANCHOR_END : TANLU_ANCHOR_START;
  tanlu_canvas_text(canvas, x + (left ? -5.0 : 5.0), place.y + style.size, style, label);
  tanlu_canvas_take(canvas, place);
}

static void name_horizontal(tanlu_canvas *canvas, tanlu_box box, double y, const char *label) {
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.halo = true;
  const double high = TANLU_LINE_HEIGHT * style.size;
  const bool under = y - high < box.y;
  tanlu_canvas_text(canvas, box.x + 5.0, under ? y + style.size + 2.0 : y - 5.0, style, label);
  tanlu_canvas_take(canvas, (tanlu_box){box.x + 5.0, under ? y : y - high, tanlu_text_extent(label, style.size), high});
}

void tanlu_frame_rules(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  for (size_t i = 0; i < canvas->figure->marks; i++) {
    const tanlu_figure_sign *mark = &canvas->figure->mark[i];
    const double x = tanlu_frame_x(frame, panel, mark->x), y = tanlu_frame_y(frame, panel, mark->y);
    tanlu_paint paint = tanlu_paint_stroke(mark->role, 1.5);
    paint.style = TANLU_STYLE_DASHED;
    if (is_shape(mark, panel)) {
      const double radius = frame->cell != NULL ? CELL_DOT_RADIUS : MARK_RADIUS;
      tanlu_canvas_take(canvas, (tanlu_box){x - radius, y - radius, 2.0 * radius, 2.0 * radius});
    } else if (mark->panel == panel && mark->mark == TANLU_MARK_VERTICAL && tanlu_figure_drawable(mark->x)) {
      tanlu_canvas_line(canvas, x, box.y, x, box.y + box.height, paint);
    } else if (mark->panel == panel && mark->mark == TANLU_MARK_HORIZONTAL && tanlu_figure_drawable(mark->y)) {
      tanlu_canvas_line(canvas, box.x, y, box.x + box.width, y, paint);
    }
  }
}

/* Told apart by shape: a disc with a tick, an empty ring with a cross. */
static void draw_goal(tanlu_canvas *canvas, double x, double y, bool met, int role) {
  const double r = MARK_RADIUS;
  tanlu_paint disc = tanlu_paint_fill(met ? role : TANLU_PAINT_GROUND);
  disc.stroke = met ? TANLU_PAINT_GROUND : role;
  disc.width = 1.5;
  tanlu_canvas_circle(canvas, x, y, r, disc);
  tanlu_canvas_path(canvas);
  if (met) {
    tanlu_canvas_move(canvas, x - 0.5 * r, y);
    tanlu_canvas_draw(canvas, x - 0.1 * r, y + 0.45 * r);
    tanlu_canvas_draw(canvas, x + 0.55 * r, y - 0.4 * r);
  } else {
    tanlu_canvas_move(canvas, x - 0.42 * r, y - 0.42 * r);
    tanlu_canvas_draw(canvas, x + 0.42 * r, y + 0.42 * r);
    tanlu_canvas_move(canvas, x - 0.42 * r, y + 0.42 * r);
    tanlu_canvas_draw(canvas, x + 0.42 * r, y - 0.42 * r);
  }
  tanlu_canvas_path_end(canvas, tanlu_paint_stroke(met ? TANLU_PAINT_GROUND : role, 2.0));
}

static void draw_shape(tanlu_canvas *canvas, const tanlu_figure_sign *mark, double x, double y, double radius) {
  if (mark->mark == TANLU_MARK_DOT) {
    tanlu_paint dot = tanlu_paint_fill(mark->role);
    dot.stroke = TANLU_PAINT_GROUND;
    dot.width = 1.5;
    tanlu_canvas_circle(canvas, x, y, radius, dot);
  } else {
    draw_goal(canvas, x, y, mark->mark == TANLU_MARK_MET, mark->role);
  }
}

void tanlu_frame_marks(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel) {
  const tanlu_box box = tanlu_frame_box(frame, panel);
  const bool small = frame->cell != NULL;
  const double radius = small ? CELL_DOT_RADIUS : DOT_RADIUS, away = small ? radius + 2.0 : MARK_RADIUS + 3.0;
  const tanlu_box room = small ? box : (tanlu_box){box.x, box.y - 28.0, box.width + frame->right, box.height + 28.0};
  for (int pass = 0; pass < 2; pass++) { /* all shapes before the first label, so that none is written over */
    for (size_t i = 0; i < canvas->figure->marks; i++) {
      const tanlu_figure_sign *mark = &canvas->figure->mark[i];
      const double x = tanlu_frame_x(frame, panel, mark->x), y = tanlu_frame_y(frame, panel, mark->y);
      if (is_shape(mark, panel)) {
        if (pass == 0) draw_shape(canvas, mark, x, y, radius);
        if (pass == 1) tanlu_canvas_label_point(canvas, room, x, y, away, mark->label);
      } else if (pass == 1 && mark->panel == panel && mark->mark == TANLU_MARK_VERTICAL && !isnan(x)) {
        name_vertical(canvas, box, x, mark->label);
      } else if (pass == 1 && mark->panel == panel && mark->mark == TANLU_MARK_HORIZONTAL && !isnan(y)) {
        name_horizontal(canvas, box, y, mark->label);
      }
    }
  }
}
