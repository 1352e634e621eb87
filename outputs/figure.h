/* Figures: what is drawn, put together piece by piece and kept apart from how it is drawn. One figure gives an SVG picture (alone,
 * or inline in a page), and its numbers as CSV.
 *
 * A figure has panels (small multiples that share their scales), a panel has series of points; bars, tornados and waterfalls have
 * categories, whose numbers stand for x; a Sankey diagram has nodes and links. NaN as a value is a gap, never zero.
 *
 * Colours are roles, not numbers of a palette, so that coal is the same in every figure; the palette is told apart with red-green
 * blindness and in grey print, where dashes and direct labels help too. Texts are UTF-8.
 *
 * Memory failures are remembered in the figure and reported by tanlu_figure_svg and tanlu_figure_csv: adding needs no checks. */
#ifndef TANLU_OUTPUTS_FIGURE_H
#define TANLU_OUTPUTS_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "solvers/context.h"

typedef struct tanlu_figure tanlu_figure;

typedef enum {
  TANLU_CHART_LINES,   /* series over x; a band where points have low and high */
  TANLU_CHART_AREAS,   /* series over x stacked, negative values below zero */
  TANLU_CHART_BARS,    /* one row of horizontal bars a category, series side by side; low and high are whiskers */
  TANLU_CHART_STACKED, /* vertical bars over categories, series stacked, negative values below zero */
  TANLU_CHART_WATERFALL, /* one series over categories: the first and those of tanlu_figure_total are levels, others steps */
  TANLU_CHART_TORNADO, /* a category a row: low and high about the value of the panel's reference line, largest first */
  TANLU_CHART_SCATTER, /* points at (x, value) */
  TANLU_CHART_SANKEY,  /* nodes in columns and links between them */
  /* a coloured tile a point, its value the colour: column x, the number of a category where there are some; row low, or the row of its
     series where there is no low */
  TANLU_CHART_TILES,
  /* a tile a place: column x from the left and row low from the top, whole numbers, where the place lies among others; its label is
     the name, its value the colour. Panels are small maps side by side. */
  TANLU_CHART_MAP,
} tanlu_chart;

/* What a colour stands for. Numbers 0 .. 7 beyond TANLU_ROLE_SERIES tell series without a meaning of their own apart. */
typedef enum {
  TANLU_ROLE_COAL,
  TANLU_ROLE_OIL,
  TANLU_ROLE_GAS,
  TANLU_ROLE_NUCLEAR,
  TANLU_ROLE_HYDRO,
  TANLU_ROLE_WIND,
  TANLU_ROLE_SOLAR,
  TANLU_ROLE_BIOMASS,
  TANLU_ROLE_ELECTRICITY,
  TANLU_ROLE_HEAT,
  TANLU_ROLE_HYDROGEN,
  TANLU_ROLE_CAPTURE, /* drawn hatched over the colour before it */
  TANLU_ROLE_REST,    /* grey */
  TANLU_ROLE_GOOD,
  TANLU_ROLE_BAD,
  TANLU_ROLE_TOTAL, /* ink */
  TANLU_ROLE_BACK,  /* behind others: other projections, samples */
  TANLU_ROLE_SERIES
} tanlu_colour_role;

typedef enum { TANLU_STYLE_SOLID, TANLU_STYLE_DASHED, TANLU_STYLE_DOTTED, TANLU_STYLE_POINTS } tanlu_line_style;

/* name: of its files, [a-z0-9-]; title: one line. Copies all texts. NULL with a message when out of memory. */
tanlu_figure *tanlu_figure_create(tanlu_chart chart, const char *name, const char *title, tanlu_context *context);
void tanlu_figure_free(tanlu_figure **figure);
const char *tanlu_figure_name(const tanlu_figure *figure);
const char *tanlu_figure_title(const tanlu_figure *figure);

/* Quantity and unit of an axis; unit NULL, "" or "1": a plain number. Years are x axes of unit NULL called "Year", and y axes of the
 * unit "year". */
void tanlu_figure_x(tanlu_figure *figure, const char *quantity, const char *unit);
void tanlu_figure_y(tanlu_figure *figure, const char *quantity, const char *unit);
/* Lines under the figure: definitions, sources. May be called several times. */
void tanlu_figure_note(tanlu_figure *figure, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends of an axis that must be shown; NaN: as the data ask. Zero is always shown on the y axis unless `free_zero`;
 * areas, bars and stacked bars show it always. */
void tanlu_figure_y_range(tanlu_figure *figure, double low, double high, bool free_zero);

/* Panels and series are numbered from 0 in the order in which they are added. A figure without a panel has one without title. */
size_t tanlu_figure_panel(tanlu_figure *figure, const char *title);
/* A small panel of lines, areas or stacked bars at a place of a grid, column from the left and row from the top, where it lies among the
 * others; all panels of a figure, or none. Numbers of axes stand where a panel has no neighbour at its left, and below. */
size_t tanlu_figure_panel_at(tanlu_figure *figure, const char *title, size_t column, size_t row);
/* Series of the same name in several panels are one entry of the legend. */
size_t tanlu_figure_series(tanlu_figure *figure, size_t panel, const char *name, int role, tanlu_line_style style);
void tanlu_figure_point(tanlu_figure *figure, size_t series, double x, double value);
/* With an interval low .. high: band, whisker, bar of a tornado. A value of NaN draws the interval alone. */
void tanlu_figure_interval(tanlu_figure *figure, size_t series, double x, double value, double low, double high);
/* A name for a point of a scatter or a tile. */
void tanlu_figure_point_label(tanlu_figure *figure, size_t series, const char *label);

/* A category of bars, waterfalls and tornados, its number is the x of its points. */
size_t tanlu_figure_category(tanlu_figure *figure, const char *label);
void tanlu_figure_total(tanlu_figure *figure, size_t category); /* of a waterfall: a level, not a step */

/* Marks in a panel: a labelled dot (a peak), a goal (met: a tick, missed: a cross), a vertical or horizontal line. */
typedef enum {
  TANLU_MARK_DOT,
  TANLU_MARK_MET,
  TANLU_MARK_MISSED,
  TANLU_MARK_VERTICAL,  /* at x */
  TANLU_MARK_HORIZONTAL /* at y: of a tornado the reference */
} tanlu_mark;
void tanlu_figure_mark(tanlu_figure *figure, size_t panel, tanlu_mark mark, double x, double y, int role,
                       const char *label);

/* Sankey: nodes of a column (0 is the leftmost), links of a width; the panel's title and unit of y hold. */
size_t tanlu_figure_node(tanlu_figure *figure, const char *label, size_t column, int role);
void tanlu_figure_link(tanlu_figure *figure, size_t from, size_t to, double value, int role);

/* ---- output -------------------------------------------------------------------------------------------------------------- */

/* An svg element 720 units wide with role="img", <title> and <desc>; title and notes are drawn in it. Ink is the colour of the text around
 * it, every other colour the custom property --tanlu-WORD of its role in lower case (--tanlu-coal, --tanlu-series-0; --tanlu-other
 * of REST, --tanlu-ground of what is behind) or what the palette says where a page does not set that. Ids begin with tanlu-NAME. `alone`: with the XML header
 * and a white ground, a file of its own.
 *
 * In areas and stacked bars a series of role TOTAL is not stacked but drawn as a line or dots. Points of lines and areas are in the order
 * of x. Infinite values and those beyond 1e300 are gaps that a note counts. Without any value the picture says "no data".
 * Errors: memory; TANLU_ERR_INTERNAL for what a caller may not do (a panel, series or category that was not added, an x that
 * is not finite, a name of other characters, a chart that cannot be drawn yet); TANLU_ERR_IO. */
tanlu_status tanlu_figure_svg(const tanlu_figure *figure, bool alone, FILE *stream, tanlu_context *context);
/* CSV: panel, series, x, label, value, low, high, unit; of a Sankey from, to, value, unit. */
tanlu_status tanlu_figure_csv(const tanlu_figure *figure, FILE *stream, tanlu_context *context);

#endif
