/* Inside the figures: what a figure holds, and the canvas on which each kind of chart is drawn.
 *
 * A kind is one function of the table in figure_svg.c: it starts at canvas->bottom, draws downwards and leaves there where it ended. The
 * title above, the notes below, "no data" and the svg element around it are not its business. Units of all lengths: user units of
 * a picture 720 wide, y downwards. Texts are 13 units high at least, which a phone of 360 pixels still shows at 6.5. */
#ifndef TANLU_OUTPUTS_FIGURE_PRIVATE_H
#define TANLU_OUTPUTS_FIGURE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "outputs/figure.h"
#include "solvers/context.h"

/* ---- what a figure holds ------------------------------------------------------------------------------------------------ */

typedef struct {
  double x, value, low, high; /* low and high: NaN without an interval */
  char *label;                /* NULL: none */
} tanlu_figure_datum;

typedef struct {
  size_t panel;
  char *name;
  int role;
  tanlu_line_style style;
  tanlu_figure_datum *point;
  size_t points, room;
} tanlu_figure_line;

typedef struct {
  char *label;
  bool total; /* of a waterfall */
} tanlu_figure_row;

typedef struct {
  size_t panel;
  tanlu_mark mark;
  double x, y;
  int role;
  char *label;
} tanlu_figure_sign;

typedef struct {
  char *label;
  size_t column;
  int role;
} tanlu_figure_place;

typedef struct {
  size_t from, to;
  double value;
  int role;
} tanlu_figure_flow;

typedef struct {
  size_t column, row;
} tanlu_figure_cell;

typedef struct {
  char *quantity, *unit; /* "" when not given */
} tanlu_figure_axis;

struct tanlu_figure {
  tanlu_chart chart;
  char *name, *title;
  tanlu_figure_axis x, y;
  double y_low, y_high; /* ends that must be shown, or NaN */
  bool free_zero;
  char **note;
  char **panel;            /* titles */
  tanlu_figure_cell *cell; /* places of panels, see tanlu_figure_panel_at; cells: 0 or panels */
  tanlu_figure_line *series;
  tanlu_figure_row *category;
  tanlu_figure_sign *mark;
  tanlu_figure_place *node;
  tanlu_figure_flow *link;
  size_t notes, panels, cells, all_series, categories, marks, nodes, links;
  size_t note_room, panel_room, cell_room, series_room, category_room, mark_room, node_room, link_room;
  bool failed;       /* out of memory on the way */
  const char *wrong; /* what a caller did that the interface does not allow, or NULL */
};

/* Did all additions succeed? Memory; what the caller may not do (internal). */
tanlu_status tanlu_figure_state(const tanlu_figure *figure, tanlu_context *context);

/* Values beyond it are gaps that a note under the figure counts. */
#define TANLU_FIGURE_LARGEST 1e300
bool tanlu_figure_drawable(double value); /* finite and not beyond it */

/* Smallest and largest drawable number; low > high where there is none. `interval` takes low and high of points too. */
typedef struct {
  double low, high;
} tanlu_extent;
tanlu_extent tanlu_extent_none(void);
void tanlu_extent_add(tanlu_extent *extent, double value);
tanlu_extent tanlu_figure_extent_x(const tanlu_figure *figure);
tanlu_extent tanlu_figure_extent_y(const tanlu_figure *figure);
bool tanlu_figure_has_data(const tanlu_figure *figure);
bool tanlu_figure_has_years(const tanlu_figure *figure);    /* is x the axis "Year" without a unit? */
bool tanlu_figure_counts_years(const tanlu_figure *figure); /* are values years: y of the unit "year"? */
/* "Quantity (unit)", newly allocated; NULL when out of memory. */
char *tanlu_figure_axis_title(const tanlu_figure_axis *axis, tanlu_context *context);

/* ---- colours ------------------------------------------------------------------------------------------------------------- */

/* Paints beside the roles of colour. */
enum {
  TANLU_PAINT_NONE = -1,
  TANLU_PAINT_GROUND = -2, /* what is behind the figure: white */
  TANLU_PAINT_GRID = -3,   /* grid lines */
  TANLU_PAINT_MUTED = -4,  /* secondary text */
  TANLU_PAINTS = 4 + TANLU_ROLE_SERIES + 8
};
#define TANLU_PAINT_INK TANLU_ROLE_TOTAL
/* Roles beyond the eighth series begin again with the first. Of each paint one bit in a set of them: */
uint64_t tanlu_paint_bit(int role);
const char *tanlu_paint_colour(int role); /* "#RRGGBB", "currentColor", "none" */
const char *tanlu_paint_word(int role);   /* of its classes f-WORD, s-WORD and its custom property --tanlu-WORD */
double tanlu_paint_opacity(int role);     /* muted text and grid lines are faint ink, so that they follow a page's */
bool tanlu_paint_dark(int role);          /* is text on it to be white? */
/* The style element: rules for the paints used, so that a page can set their custom properties; patterns of hatches. */
void tanlu_figure_style(const char *name, uint64_t filled, uint64_t stroked, uint64_t hatched, FILE *stream);

/* ---- canvas -------------------------------------------------------------------------------------------------------------- */

#define TANLU_CANVAS_WIDTH 720.0
#define TANLU_CANVAS_MARGIN 8.0
#define TANLU_TEXT_TITLE 18.0
#define TANLU_TEXT_BODY 14.0
#define TANLU_TEXT_SMALL 13.0
#define TANLU_LINE_HEIGHT 1.25 /* of a text's size */
#define TANLU_BAND_OPACITY 0.2

typedef struct {
  double x, y, width, height;
} tanlu_box;

typedef struct {
  const tanlu_figure *figure;
  FILE *stream;                      /* the elements, in memory */
  double bottom;                     /* how far down it is drawn */
  uint64_t filled, stroked, hatched; /* paints used, for the style sheet */
  bool turns;                        /* are there lines that take turns, since they lie on each other? */
  tanlu_box *taken;                  /* by labels that were placed; without width: data better not covered */
  size_t takens, room;
  tanlu_context *context;
  bool failed; /* out of memory */
} tanlu_canvas;

/* How a shape is painted. */
typedef struct {
  int fill, stroke;       /* roles or TANLU_PAINT_NONE */
  double width;           /* of the stroke */
  double opacity;         /* 0 counts as 1 */
  tanlu_line_style style; /* of the stroke: dashes */
  bool hatched;           /* ground-coloured stripes over the fill */
  size_t turn,
      turns; /* of a stroke that lies on others: its number among them, from 0, which is drawn whole; how many there are */
} tanlu_paint;
tanlu_paint tanlu_paint_fill(int role);
tanlu_paint tanlu_paint_stroke(int role, double width);
/* Fill of a series: its role; capture takes that of the series before it in its panel, hatched. */
tanlu_paint tanlu_paint_series(const tanlu_figure *figure, size_t series);

/* Elements in which others are put; class NULL: none. */
void tanlu_canvas_group(tanlu_canvas *canvas, const char *class);
void tanlu_canvas_group_end(tanlu_canvas *canvas);
void tanlu_canvas_rect(tanlu_canvas *canvas, tanlu_box box, tanlu_paint paint);
void tanlu_canvas_line(tanlu_canvas *canvas, double x1, double y1, double x2, double y2, tanlu_paint paint);
void tanlu_canvas_circle(tanlu_canvas *canvas, double x, double y, double radius, tanlu_paint paint);
/* Straight lines through count points; a NaN in x or y is a gap, and a point between gaps a dot. */
void tanlu_canvas_polyline(tanlu_canvas *canvas, size_t count, const double *x, const double *y, tanlu_paint paint);
/* Any path: begin, moves, lines, cubic curves, closes, end. */
void tanlu_canvas_path(tanlu_canvas *canvas);
void tanlu_canvas_move(tanlu_canvas *canvas, double x, double y);
void tanlu_canvas_draw(tanlu_canvas *canvas, double x, double y);
void tanlu_canvas_curve(tanlu_canvas *canvas, double x1, double y1, double x2, double y2, double x, double y);
void tanlu_canvas_close(tanlu_canvas *canvas);
void tanlu_canvas_path_end(tanlu_canvas *canvas, tanlu_paint paint);

typedef enum { TANLU_ANCHOR_START, TANLU_ANCHOR_MIDDLE, TANLU_ANCHOR_END } tanlu_anchor;
typedef struct {
  double size;
  tanlu_anchor anchor;
  int role; /* colour */
  bool bold;
  bool halo;     /* ground-coloured edge, over lines */
  double rotate; /* degrees clockwise about (x, y) */
} tanlu_text;
tanlu_text tanlu_text_small(tanlu_anchor anchor); /* 13 units, ink */
/* One line whose baseline starts, is centred or ends at (x, y). */
void tanlu_canvas_text(tanlu_canvas *canvas, double x, double y, tanlu_text style, const char *text);
/* A `<title>` that a pointer resting on the group shows: first in a group. */
void tanlu_canvas_tooltip(tanlu_canvas *canvas, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Wrapped into lines at most `width` wide, the first baseline at y; returns how many there are. Breaks at spaces, between
 * Chinese characters, and within words that are wider. */
size_t tanlu_canvas_paragraph(tanlu_canvas *canvas, double x, double y, double width, tanlu_text style,
                              const char *text);
/* Lines it would take; `widest` (or NULL): of them. */
size_t tanlu_text_lines(const char *text, double size, double width, double *widest);
double tanlu_text_extent(const char *text,
                         double size); /* width of one line: 0.56 of its size a column, rather too wide */
double tanlu_text_longest_word(const char *text, double size);
/* At most two decimals, no locale, no "-0". */
void tanlu_svg_number(FILE *stream, double value);

/* ---- axes ---------------------------------------------------------------------------------------------------------------- */

/* A linear map from data to the canvas. */
typedef struct {
  double low, high; /* data */
  double from, to;  /* canvas */
} tanlu_scale;
double tanlu_scale_at(const tanlu_scale *scale, double value);

/* Multiples of 1, 2 or 5 times a power of ten. */
typedef struct {
  double first, step;
  size_t count;
  int decimals;
  int exponent; /* numbers are written x 10^exponent; 0: plainly */
  bool plain;   /* years: no thousands separators */
} tanlu_ticks;
/* The smallest such step that puts at most `most` ticks into low .. high, low < high; years: whole ones. */
tanlu_ticks tanlu_ticks_make(double low, double high, size_t most, bool years);
double tanlu_tick(const tanlu_ticks *ticks, size_t i);
enum { TANLU_NUMBER_SIZE = 64 };
/* With a true minus sign and thin spaces between thousands. */
const char *tanlu_tick_text(const tanlu_ticks *ticks, double value, char text[TANLU_NUMBER_SIZE]);
double tanlu_ticks_extent(const tanlu_ticks *ticks, double size); /* the widest label */
/* A number of about `digits` significant digits for labels: 10 433, 0.51, 2.4x10^9. */
const char *tanlu_number_text(double value, int digits, char text[TANLU_NUMBER_SIZE]);
/* Widen an extent so that an axis of values makes sense: not empty, with zero unless `free_zero`, what tanlu_figure_y_range asks for, ends
 * at halves of steps, of which there are about `most`. An empty extent becomes 0 .. 1. */
tanlu_extent tanlu_extent_nice(tanlu_extent extent, const tanlu_figure *figure, size_t most, tanlu_ticks *ticks);
/* An extent of x: as it is; one point gets room on both sides. */
tanlu_extent tanlu_extent_open(tanlu_extent extent);

/* ---- frames: panels with their axes --------------------------------------------------------------------------------------- */

/* Small multiples that share their scales. The caller fills the first part; open draws titles, grid and axes. */
typedef struct {
  tanlu_extent x, y;    /* of the data; open widens them, see tanlu_extent_open and _nice */
  double right;         /* room right of each plot, for labels; 18 at least is taken */
  double height;        /* of a plot; 0: by the number of columns */
  double below;         /* room under a plot instead of ticks of x; 0: ticks of x and its title */
  double before;        /* room left of the plots of the first column instead of ticks of y; 0: ticks of y */
  bool vertical_values; /* y is the axis of values (all but horizontal bars): grid lines there only */
  size_t columns;       /* of panels; 0: 1, 2 or 3 by their number */
  double left, top, plot_width, plot_height, gap_x, gap_y;
  tanlu_ticks x_ticks, y_ticks;
  size_t panels;
  const tanlu_figure_cell *cell;  /* where panels are, NULL: one after the other; the places begin at: */
  size_t first_column, first_row; /* of those */
  bool rows;                      /* values along x, see tanlu_frame_open_rows */
  double row_height;              /* of those */
} tanlu_frame;
/* Where plots will be, without drawing: open begins with it. */
void tanlu_frame_measure(tanlu_frame *frame, const tanlu_figure *figure);
tanlu_status tanlu_frame_open(tanlu_frame *frame, tanlu_canvas *canvas);
tanlu_box tanlu_frame_box(const tanlu_frame *frame, size_t panel);
/* Has the panel none at its left, or below? There the numbers of axes stand. */
bool tanlu_frame_is_first(const tanlu_frame *frame, size_t panel);
bool tanlu_frame_is_lowest(const tanlu_frame *frame, size_t panel);
double tanlu_frame_x(const tanlu_frame *frame, size_t panel, double x);
double tanlu_frame_y(const tanlu_frame *frame, size_t panel, double y);
/* The same with categories as rows and values along x: fill x (of the data), right, columns. `order`: the category of each row, or NULL as
 * they were added. Draws titles, names of categories, grid and the axis of values; y of the middle of a row. */
tanlu_status tanlu_frame_open_rows(tanlu_frame *frame, tanlu_canvas *canvas, double row_height, const size_t *order);
double tanlu_frame_row(const tanlu_frame *frame, size_t panel, size_t row);
/* A number beside a bar: one decimal more than the ticks could do with; what would be shown as zero is written in full. */
const char *tanlu_frame_number(const tanlu_frame *frame, double value, char text[TANLU_NUMBER_SIZE]);
/* Point of a category in a series; NULL without one. */
const tanlu_figure_datum *tanlu_series_at(const tanlu_figure_line *series, size_t category);
/* Category whose number is x, SIZE_MAX and an error where there is none. */
size_t tanlu_figure_category_at(const tanlu_figure *figure, double x, tanlu_context *context);
/* Vertical and horizontal lines, drawn behind the data; dots, goals and all labels, drawn last. */
void tanlu_frame_rules(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel);
void tanlu_frame_marks(const tanlu_frame *frame, tanlu_canvas *canvas, size_t panel);
/* The line over all panels: quantity and unit of an axis of values. */
void tanlu_canvas_axis_heading(tanlu_canvas *canvas, const tanlu_figure_axis *axis);

/* ---- legends and labels ------------------------------------------------------------------------------------------------------ */

typedef enum { TANLU_KEY_LINE, TANLU_KEY_PATCH, TANLU_KEY_DOT } tanlu_key_kind;
typedef struct {
  const char *name;
  tanlu_paint paint; /* of a line: its stroke */
  tanlu_key_kind kind;
  bool empty;  /* without data: said so */
  bool within; /* a band inside of another one, through which that shows: */
  int outer;   /* its role */
} tanlu_key;
/* Rows of keys at canvas->bottom, wrapped; names wider than the figure too. */
void tanlu_canvas_legend(tanlu_canvas *canvas, const tanlu_key *key, size_t count);
/* One key a name of series (those with skip[series] left out; NULL: none), in the order of the series; *count of them, newly
 * allocated. NULL when out of memory. */
tanlu_key *tanlu_figure_keys(const tanlu_figure *figure, tanlu_key_kind kind, const bool *skip, size_t *count,
                             tanlu_context *context);
/* Both: a legend of the series that are not skipped. A series of role TOTAL in a stack is a line or a dot. */
tanlu_status tanlu_canvas_series_legend(tanlu_canvas *canvas, tanlu_key_kind kind, const bool *skip);
bool tanlu_series_has_data(const tanlu_figure_line *series);

/* Centres of labels of these heights as near as they can be to `wanted` (least squares) without overlap within low .. high;
 * false when they do not fit. wanted ascending. */
bool tanlu_labels_spread(size_t count, const double *wanted, const double *height, double low, double high,
                         double *centre);
/* Labels right of a plot, each led to from (box right, wanted): a line of its paint or a patch. Order free. False, and nothing
 * drawn, when they do not fit. */
bool tanlu_canvas_end_labels(tanlu_canvas *canvas, tanlu_box box, const tanlu_key *key, const double *wanted,
                             size_t count, double width);
#define TANLU_LEADER 18.0 /* from the plot to such a label */
/* Names of series at the right end of the only panel. end[series]: the value at which its line or area ends; NaN: it goes to a legend. */
typedef struct {
  bool *direct; /* of each series: is it named there? */
  tanlu_key *key;
  double *end;
  size_t count;
  double width; /* of the widest */
} tanlu_ends;
/* Takes those with a name of their own, unless they do not all fit into `height`: none then. Freed after failures too. */
tanlu_status tanlu_ends_make(tanlu_ends *ends, const tanlu_figure *figure, tanlu_key_kind kind, const double *end,
                             double height, tanlu_context *context);
void tanlu_ends_free(tanlu_ends *ends);
double tanlu_ends_room(const tanlu_ends *ends); /* right of the plot */
tanlu_status tanlu_ends_draw(const tanlu_ends *ends, const tanlu_frame *frame, tanlu_canvas *canvas);
/* Data that labels should rather not cover: the way from one point to another. */
void tanlu_canvas_avoid(tanlu_canvas *canvas, double x1, double y1, double x2, double y2);
/* A text beside a point, where it covers the least: above, below, right, left, in the corners, or farther away and led to by a thin line;
 * rather within `room` and not over what is taken or to be avoided. Takes its place. */
void tanlu_canvas_label_point(tanlu_canvas *canvas, tanlu_box room, double x, double y, double distance,
                              const char *text);
void tanlu_canvas_take(tanlu_canvas *canvas, tanlu_box box); /* no label there */
bool tanlu_canvas_free_at(const tanlu_canvas *canvas, tanlu_box box);

/* ---- tiles ---------------------------------------------------------------------------------------------------------------- */

/* Colours of values in tiles and maps of tiles. */
typedef struct {
  tanlu_extent values;
  tanlu_ticks ticks;
} tanlu_tile_scale;
#define TANLU_TILE_DARK 0.62 /* opacity beyond which text on a tile is of the ground's colour */
void tanlu_tile_scale_find(tanlu_tile_scale *scale, const tanlu_figure *figure, tanlu_extent values);
tanlu_paint tanlu_tile_scale_paint(const tanlu_tile_scale *scale, double value);
const char *tanlu_tile_scale_text(const tanlu_tile_scale *scale, double value, char text[TANLU_NUMBER_SIZE]);
void tanlu_tile_scale_draw(const tanlu_tile_scale *scale, tanlu_canvas *canvas, double left);

/* ---- the kinds ------------------------------------------------------------------------------------------------------------- */

/* Draws the figure from canvas->bottom on. Errors: memory; a figure that cannot be drawn so. */
typedef tanlu_status tanlu_figure_drawer(const tanlu_figure *figure, tanlu_canvas *canvas);
tanlu_figure_drawer tanlu_figure_draw_lines, tanlu_figure_draw_areas, tanlu_figure_draw_bars, tanlu_figure_draw_stacked,
    tanlu_figure_draw_waterfall, tanlu_figure_draw_tornado, tanlu_figure_draw_scatter, tanlu_figure_draw_sankey,
    tanlu_figure_draw_tiles, tanlu_figure_draw_map;

#endif
