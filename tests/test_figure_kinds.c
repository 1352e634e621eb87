/* Figures of Sankey diagrams, waterfalls, tornados, scatter plots and tiles.
 *
 * Oracle: the figures' own numbers. A bar is as long as its value by one factor that is the same for all bars, a point lies where the
 * straight line through two others puts it, a tile is the stronger the larger its value. What is read from the picture is rounded to
 * two decimals of a unit, so sizes agree to 0.02. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure.h"
#include "tests/picture_support.h"
#include "tests/support.h"

static const double none = (double)NAN, rounding = 0.02;

/* The picture as text; the figure is freed. */
static char *draw(tanlu_figure *figure) {
  char *text = tanlu_test_svg(figure, false);
  tanlu_figure_free(&figure);
  return text;
}

typedef struct {
  double x, y, width, height, opacity;
} shape;

static double attribute(const char *element, const char *name) {
  char quoted[32];
  const char *end = strchr(element, '>');
  (void)snprintf(quoted, sizeof quoted, " %s=\"", name);
  const char *found = strstr(element, quoted);
  return found != NULL && found < end ? strtod(found + strlen(quoted), NULL) : none;
}

/* Elements of a kind whose class holds `paint`, in their order; those of a legend (x beside the margin) left out. */
static size_t find(const char *picture, const char *kind, const char *paint, shape *list, size_t most) {
  char start[16], class[64];
  size_t count = 0;
  (void)snprintf(start, sizeof start, "<%s ", kind);
  (void)snprintf(class, sizeof class, "\"%s\"", paint);
  for (const char *p = strstr(picture, start); p != NULL; p = strstr(p + 1, start)) {
    const char *end = strchr(p, '>'), *found = strstr(p, class);
    if (found == NULL || found > end) continue;
    assert_true(count < most);
    const bool circle = strcmp(kind, "circle") == 0;
    const double opacity = attribute(p, "fill-opacity");
    list[count] = (shape){attribute(p, circle ? "cx" : "x"), attribute(p, circle ? "cy" : "y"), attribute(p, "width"),
                          attribute(p, "height"), isnan(opacity) ? attribute(p, "opacity") : opacity};
    if (circle || !(fabs(list[count].height - 14.0) < 0.01)) count++; /* 14: a key of the legend */
  }
  return count;
}

/* ---- waterfalls --------------------------------------------------------------------------------------------------------- */

/* 100, + 40, - 60, = 80: bars of lengths 100 : 40 : 60 : 80 that begin where the last one ended. */
static void waterfalls_go_from_level_to_level(void **state) {
  (void)state;
  static const double value[] = {100.0, 40.0, -60.0, 80.0};
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_WATERFALL, "w", "W", NULL);
  const size_t series = tanlu_figure_series(figure, 0, "", TANLU_ROLE_REST, TANLU_STYLE_SOLID);
  for (size_t i = 0; i < 4; i++) {
    char label[8];
    (void)snprintf(label, sizeof label, "c%zu", i);
    tanlu_figure_point(figure, series, (double)tanlu_figure_category(figure, label), value[i]);
  }
  tanlu_figure_total(figure, 3);
  char *picture = draw(figure);
  shape level[4], rise[4], fall[4];
  assert_int_equal(find(picture, "rect", "f-other", level, 4) + find(picture, "rect", "f-rest", level, 4), 2);
  assert_int_equal(find(picture, "rect", "f-series-1", rise, 4), 1);
  assert_int_equal(find(picture, "rect", "f-series-0", fall, 4), 1);
  const double unit = level[0].width / 100.0;
  assert_true(unit > 1.0);
  assert_true(fabs(level[1].width - 80.0 * unit) < rounding && fabs(level[1].x - level[0].x) < rounding);
  assert_true(fabs(rise[0].width - 40.0 * unit) < rounding && fabs(rise[0].x - level[0].x - 100.0 * unit) < rounding);
  assert_true(fabs(fall[0].width - 60.0 * unit) < rounding && fabs(fall[0].x - level[0].x - 80.0 * unit) < rounding);
  assert_true(level[0].y < rise[0].y && rise[0].y < fall[0].y && fall[0].y < level[1].y);
  assert_non_null(strstr(picture, ">+40<"));
  assert_non_null(strstr(picture, ">−60<"));
  free(picture);
}

/* A step that is missing leaves the level where it was; without zero on the axis no level is a bar. */
static void gaps_and_cut_axes_show_no_size(void **state) {
  (void)state;
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_WATERFALL, "w", "W", NULL);
  const double value[] = {1000.0, none, 5.0, 1005.0};
  tanlu_figure_y_range(figure, 990.0, none, true);
  const size_t series = tanlu_figure_series(figure, 0, "", TANLU_ROLE_REST, TANLU_STYLE_SOLID);
  for (size_t i = 0; i < 4; i++)
    tanlu_figure_point(figure, series, (double)tanlu_figure_category(figure, "c"), value[i]);
  tanlu_figure_total(figure, 3);
  char *picture = draw(figure);
  shape list[4];
  assert_int_equal(find(picture, "rect", "f-other", list, 4) + find(picture, "rect", "f-rest", list, 4), 0);
  assert_int_equal(find(picture, "rect", "f-series-1", list, 4), 1);
  assert_non_null(strstr(picture, ">–<"));
  free(picture);
}

/* ---- tornados ----------------------------------------------------------------------------------------------------------- */

/* Rows 3, 20, 8 wide about 50, given in that order: 20, 8, 3 from the top, lengths in proportion, one side ends where the other
 * begins. */
static void tornados_begin_with_the_longest(void **state) {
  (void)state;
  static const double half[] = {3.0, 20.0, -8.0};
  static const size_t sorted[] = {1, 2, 0};
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_TORNADO, "t", "T", NULL);
  tanlu_figure_y_range(figure, none, none, true);
  const size_t up = tanlu_figure_series(figure, 0, "up", TANLU_ROLE_SERIES + 1, TANLU_STYLE_SOLID);
  const size_t down = tanlu_figure_series(figure, 0, "down", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (size_t i = 0; i < 3; i++) {
    const double row = (double)tanlu_figure_category(figure, i == 0 ? "short" : i == 1 ? "long" : "mean");
    tanlu_figure_interval(figure, up, row, 50.0 + half[i], 50.0 + fmin(half[i], 0.0), 50.0 + fmax(half[i], 0.0));
    tanlu_figure_interval(figure, down, row, 50.0 - half[i], 50.0 + fmin(-half[i], 0.0), 50.0 + fmax(-half[i], 0.0));
  }
  tanlu_figure_mark(figure, 0, TANLU_MARK_HORIZONTAL, 0.0, 50.0, TANLU_ROLE_TOTAL, "centre");
  char *picture = draw(figure);
  shape right[3], left[3];
  assert_int_equal(find(picture, "rect", "f-series-1", right, 3), 3);
  assert_int_equal(find(picture, "rect", "f-series-0", left, 3), 3);
  const double unit = right[0].width / 20.0, centre = right[0].x;
  for (size_t i = 0; i < 3; i++) {
    const double size = fabs(half[sorted[i]]) * unit;
    assert_true(fabs(right[i].width - size) < rounding && fabs(left[i].width - size) < rounding);
    assert_true(fabs(fmax(right[i].x, left[i].x) - centre) < rounding);
    assert_true(fabs(fmin(right[i].x, left[i].x) - centre + size) < rounding);
    assert_true((half[sorted[i]] > 0.0) == (right[i].x > left[i].x));
    assert_true(i == 0 || right[i].y > right[i - 1].y);
  }
  assert_non_null(strstr(picture, "centre 50"));
  free(picture);
}

/* Bars that lie over each other (both raise it) are drawn in lanes. */
static void bars_of_a_tornado_do_not_cover_each_other(void **state) {
  (void)state;
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_TORNADO, "t", "T", NULL);
  const double row = (double)tanlu_figure_category(figure, "both");
  for (int i = 0; i < 2; i++) {
    const size_t series = tanlu_figure_series(figure, 0, i == 0 ? "a" : "b", TANLU_ROLE_SERIES + i, TANLU_STYLE_SOLID);
    tanlu_figure_interval(figure, series, row, none, 0.0, 10.0 + i);
  }
  char *picture = draw(figure);
  shape a[1], b[1];
  assert_int_equal(find(picture, "rect", "f-series-0", a, 1), 1);
  assert_int_equal(find(picture, "rect", "f-series-1", b, 1), 1);
  assert_true(a[0].y + a[0].height <= b[0].y + rounding);
  free(picture);
}

/* ---- scatter plots ------------------------------------------------------------------------------------------------------ */

static void points_lie_on_their_scales(void **state) {
  (void)state;
  static const double x[] = {1.0, 2.0, 4.0, 3.0}, y[] = {10.0, 30.0, 20.0, 5.0};
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_SCATTER, "s", "S", NULL);
  tanlu_figure_x(figure, "x", NULL);
  tanlu_figure_y(figure, "y", NULL);
  const size_t series = tanlu_figure_series(figure, 0, "points", TANLU_ROLE_SERIES, TANLU_STYLE_POINTS);
  for (size_t i = 0; i < 4; i++) tanlu_figure_point(figure, series, x[i], y[i]);
  tanlu_figure_point(figure, series, 2.0, none);
  tanlu_figure_point_label(figure, series, "gap");
  char *picture = draw(figure);
  shape point[4];
  assert_int_equal(find(picture, "circle", "f-series-0", point, 4), 4);
  const double across = point[1].x - point[0].x, up = (point[1].y - point[0].y) / 20.0;
  assert_true(across > 50.0 && up < 0.0);
  for (size_t i = 0; i < 4; i++) {
    assert_true(fabs(point[i].x - point[0].x - across * (x[i] - 1.0)) < 3.0 * rounding);
    assert_true(fabs(point[i].y - point[0].y - up * (y[i] - 10.0)) < 3.0 * rounding);
  }
  assert_null(strstr(picture, ">gap<"));
  free(picture);
}

typedef struct {
  double left, top, right, bottom;
} label_box;

/* Ten names crowded about the origin: each is drawn or listed under the plot, and no two of those drawn meet. A letter of the fonts at hand
 * is at least 0.45 of its size wide on average, which bounds the boxes from inside. */
static void names_of_points_do_not_meet(void **state) {
  (void)state;
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_SCATTER, "s", "S", NULL);
  const size_t series = tanlu_figure_series(figure, 0, "points", TANLU_ROLE_SERIES, TANLU_STYLE_POINTS);
  for (int i = 0; i < 10; i++) {
    char name[32];
    (void)snprintf(name, sizeof name, "parameter no %d", i);
    tanlu_figure_point(figure, series, 100.0 * pow(0.5, i), 60.0 * pow(0.55, i));
    tanlu_figure_point_label(figure, series, name);
  }
  char *picture = draw(figure);
  label_box box[10];
  size_t drawn = 0, left_out = 0;
  const char *rest = strstr(picture, ">Points without room for their names:<");
  if (rest == NULL) rest = picture + strlen(picture);
  for (const char *p = strstr(picture, "<text "); p != NULL && p < rest; p = strstr(p + 1, "<text ")) {
    const char *text = strchr(p, '>') + 1;
    if (strncmp(text, "parameter no", 12) != 0) continue;
    const double x = attribute(p, "x"), y = attribute(p, "y"), size = attribute(p, "font-size");
    box[drawn++] = (label_box){x, y - 0.7 * size, x + 0.45 * size * 14.0, y};
  }
  for (const char *p = strstr(rest, "parameter no"); p != NULL; p = strstr(p + 1, "parameter no")) left_out++;
  assert_int_equal(drawn + left_out, 10);
  assert_true(drawn >= 6);
  for (size_t i = 0; i < drawn; i++) {
    for (size_t k = 0; k < i; k++) {
      assert_false(box[i].left < box[k].right && box[k].left < box[i].right && box[i].top < box[k].bottom &&
                   box[k].top < box[i].bottom);
    }
  }
  free(picture);
}

/* ---- tiles -------------------------------------------------------------------------------------------------------------- */

/* One sign: stronger with the value, in equal steps of strength for equal steps of value. */
static void tiles_are_stronger_with_their_values(void **state) {
  (void)state;
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_TILES, "t", "T", NULL);
  const size_t row = tanlu_figure_series(figure, 0, "row", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (int i = 0; i <= 4; i++) tanlu_figure_point(figure, row, i, 2.5 * i);
  char *picture = draw(figure);
  shape tile[80];
  assert_true(find(picture, "rect", "f-series-0", tile, 80) >= 5);
  for (size_t i = 1; i < 5; i++) {
    assert_true(tile[i].x > tile[i - 1].x);
    const double last = i == 4 && isnan(tile[i].opacity) ? 1.0 : tile[i].opacity; /* full strength goes unsaid */
    assert_true(fabs(last - tile[i - 1].opacity - 0.2375) < 0.011);               /* (1 - 0.05) / 4, and two decimals */
  }
  free(picture);
}

/* Both signs: two hues, as strong for as large values, and the ground between them. */
static void tiles_of_both_signs_part_at_zero(void **state) {
  (void)state;
  static const double value[] = {-8.0, -2.0, 2.0, 8.0};
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_TILES, "t", "T", NULL);
  const size_t row = tanlu_figure_series(figure, 0, "row", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (size_t i = 0; i < 4; i++) tanlu_figure_point(figure, row, (double)tanlu_figure_category(figure, "c"), value[i]);
  char *picture = draw(figure);
  shape below[80], above[80];
  assert_true(find(picture, "rect", "f-series-0", below, 80) >= 2);
  assert_true(find(picture, "rect", "f-series-1", above, 80) >= 2);
  assert_true(below[1].x < above[0].x);
  assert_true(fabs(below[1].opacity - above[0].opacity) < 0.001 && below[1].opacity < 0.4);
  free(picture);
}

/* Rows by numbers, a year an x: as many columns and rows as there are different ones. */
static void tiles_have_a_place_by_their_numbers(void **state) {
  (void)state;
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_TILES, "t", "T", NULL);
  tanlu_figure_x(figure, "Year", NULL);
  const size_t series = tanlu_figure_series(figure, 0, "", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  tanlu_figure_interval(figure, series, 2030.0, 1.0, 0.5, none);
  tanlu_figure_interval(figure, series, 2020.0, 2.0, 0.5, none);
  tanlu_figure_interval(figure, series, 2020.0, 3.0, 0.25, none);
  char *picture = draw(figure);
  shape tile[80];
  assert_true(find(picture, "rect", "f-series-0", tile, 80) >= 3);
  assert_true(tile[0].x > tile[1].x && fabs(tile[0].y - tile[1].y) < rounding);
  assert_true(tile[2].y < tile[1].y && fabs(tile[2].x - tile[1].x) < rounding);
  assert_non_null(strstr(picture, ">0.25<"));
  assert_non_null(strstr(picture, ">0.50<"));
  assert_non_null(strstr(picture, ">2020<"));
  free(picture);
}

/* Maps: as many columns and rows as there are between the ends, empty ones too, tiles of one size; panels beside each other have one
 * scale of colours, and numbers of one kind. */
static void tiles_of_a_map_lie_where_they_are(void **state) {
  (void)state;
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_MAP, "m", "M", NULL);
  for (size_t panel = 0; panel < 2; panel++) {
    const size_t p = tanlu_figure_panel(figure, panel == 0 ? "Left" : "Right");
    const size_t series = tanlu_figure_series(figure, p, "", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
    static const double x[] = {2.0, 5.0, 2.0}, y[] = {7.0, 7.0, 9.0}, value[] = {10.0, 5.0, 2.5};
    static const char *const name[] = {"North-west", "North-east", "South"};
    for (size_t k = 0; k < 3; k++) {
      tanlu_figure_interval(figure, series, x[k], value[k], y[k], y[k]);
      tanlu_figure_point_label(figure, series, name[k]);
    }
  }
  char *picture = draw(figure);
  shape tile[80];
  assert_true(find(picture, "rect", "f-series-0", tile, 80) >= 6);
  const double step = (tile[1].x - tile[0].x) / 3.0; /* three columns on */
  assert_true(step > tile[0].width && step < tile[0].width + 4.0);
  assert_true(fabs(tile[2].x - tile[0].x) < rounding && fabs(tile[1].y - tile[0].y) < rounding);
  const double down = (tile[2].y - tile[0].y) / 2.0;
  assert_true(down > tile[0].height && down < tile[0].height + 4.0);
  assert_true(tile[3].x > tile[1].x + tile[1].width && fabs(tile[3].y - tile[0].y) < rounding);
  assert_true(fabs(tile[1].opacity - tile[4].opacity) < rounding); /* 0.05 + 0.95 x 5 / 10 */
  assert_true(fabs(tile[1].opacity - 0.525) < 0.011);
  assert_non_null(strstr(picture, ">North-west<"));
  assert_non_null(strstr(picture, "South: 2.5"));
  free(picture);
}

static void expect_refused(tanlu_figure *figure, const char *message) {
  tanlu_context *context = tanlu_context_create();
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  assert_int_equal(tanlu_figure_svg(figure, false, stream, context), TANLU_ERR_INTERNAL);
  assert_true(tanlu_test_has_message(context, message));
  assert_int_equal(fclose(stream), 0);
  free(text);
  tanlu_figure_free(&figure);
  tanlu_context_free(&context);
}

/* A map has no place between its tiles. */
static void places_of_a_map_are_whole(void **state) {
  (void)state;
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_MAP, "m", "M", NULL);
  const size_t series = tanlu_figure_series(figure, 0, "", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  tanlu_figure_interval(figure, series, 1.5, 3.0, 2.0, 2.0);
  expect_refused(figure, "a tile stands at 1.5, 2");
}

/* ---- panels at places ------------------------------------------------------------------------------------------------------ */

static void add_panel(tanlu_figure *figure, const char *title, size_t column, size_t row) {
  const size_t panel = tanlu_figure_panel_at(figure, title, column, row);
  const size_t series = tanlu_figure_series(figure, panel, "s", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  tanlu_figure_point(figure, series, 2020.0, 100.0);
  tanlu_figure_point(figure, series, 2060.0, 20.0);
}

static tanlu_figure *placed(void) {
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, "p", "P", NULL);
  tanlu_figure_x(figure, "Year", NULL);
  add_panel(figure, "Aa", 2, 1);
  add_panel(figure, "Bb", 3, 1);
  add_panel(figure, "Cc", 2, 2);
  add_panel(figure, "Dd", 5, 4);
  return figure;
}

/* Numbers of values left of Aa, Cc and Dd, which have no neighbour there; years under Bb, Cc and Dd. */
static void panels_stand_at_their_places(void **state) {
  (void)state;
  char *picture = draw(placed());
  static const char *const number[] = {">100</text>", ">2020</text>", ">2060</text>"};
  for (size_t k = 0; k < 3; k++) assert_int_equal(tanlu_test_count(picture, number[k]), 3);
  const double x = tanlu_test_text_at(picture, "Aa", 'x'), y = tanlu_test_text_at(picture, "Aa", 'y');
  const double right = tanlu_test_text_at(picture, "Bb", 'x') - x, down = tanlu_test_text_at(picture, "Cc", 'y') - y;
  assert_true(right > 50.0 && down > 50.0);
  assert_true(fabs(tanlu_test_text_at(picture, "Bb", 'y') - y) < rounding);
  assert_true(fabs(tanlu_test_text_at(picture, "Cc", 'x') - x) < rounding);
  assert_true(fabs(tanlu_test_text_at(picture, "Dd", 'x') - x - 3.0 * right) < 4.0 * rounding);
  assert_true(fabs(tanlu_test_text_at(picture, "Dd", 'y') - y - 3.0 * down) < 4.0 * rounding);
  free(picture);
}

static void places_are_of_all_panels_and_of_one_each(void **state) {
  (void)state;
  tanlu_figure *figure = placed();
  (void)tanlu_figure_panel(figure, "without");
  expect_refused(figure, "some panels have places and others have none");
  figure = placed();
  add_panel(figure, "again", 5, 4);
  expect_refused(figure, "two panels have one place");
}

/* ---- Sankey diagrams ---------------------------------------------------------------------------------------------------- */

/* Bars as high as what flows through them: 30 and 10 into 40; a thin link is a line that is seen. */
static void nodes_are_as_high_as_what_flows(void **state) {
  (void)state;
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_SANKEY, "k", "K", NULL);
  tanlu_figure_y(figure, "Energy", "EJ");
  const size_t a = tanlu_figure_node(figure, "Coal", 0, TANLU_ROLE_COAL);
  const size_t b = tanlu_figure_node(figure, "Oil", 0, TANLU_ROLE_OIL);
  const size_t c = tanlu_figure_node(figure, "Sun", 0, TANLU_ROLE_SOLAR);
  const size_t use = tanlu_figure_node(figure, "Use", 1, TANLU_ROLE_HEAT);
  tanlu_figure_link(figure, a, use, 30.0, TANLU_ROLE_COAL);
  tanlu_figure_link(figure, b, use, 10.0, TANLU_ROLE_OIL);
  tanlu_figure_link(figure, c, use, 0.001, TANLU_ROLE_SOLAR);
  char *picture = draw(figure);
  shape coal[1], oil[1], heat[1];
  assert_int_equal(find(picture, "rect", "f-coal", coal, 1), 1);
  assert_int_equal(find(picture, "rect", "f-oil", oil, 1), 1);
  assert_int_equal(find(picture, "rect", "f-heat", heat, 1), 1);
  assert_true(fabs(coal[0].height - 3.0 * oil[0].height) < 3.0 * rounding);
  assert_true(fabs(heat[0].height - 40.001 / 10.0 * oil[0].height) < 4.0 * rounding);
  assert_true(coal[0].x < heat[0].x);
  assert_non_null(strstr(picture, "class=\"s-solar\"")); /* the thin link: stroked */
  assert_non_null(strstr(picture, ">Coal 30.0<"));
  assert_non_null(strstr(picture, "Oil → Use: 10.00 EJ"));
  free(picture);
}

static void back_links_are_refused(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_SANKEY, "k", "K", NULL);
  const size_t a = tanlu_figure_node(figure, "a", 1, TANLU_ROLE_COAL),
               b = tanlu_figure_node(figure, "b", 0, TANLU_ROLE_OIL);
  tanlu_figure_link(figure, a, b, 1.0, TANLU_ROLE_COAL);
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  assert_int_equal(tanlu_figure_svg(figure, false, stream, context), TANLU_ERR_INTERNAL);
  assert_true(tanlu_test_has_message(context, "does not lead to a node of a later column"));
  assert_int_equal(fclose(stream), 0);
  assert_int_equal(size, 0);
  free(text);
  tanlu_figure_free(&figure);
  tanlu_context_free(&context);
}

/* Nothing but gaps is "no data" in every kind; the same figure gives the same bytes. */
static void figures_without_data_say_so(void **state) {
  (void)state;
  static const tanlu_chart chart[] = {TANLU_CHART_WATERFALL, TANLU_CHART_TORNADO, TANLU_CHART_SCATTER,
                                      TANLU_CHART_TILES,     TANLU_CHART_MAP,     TANLU_CHART_SANKEY};
  for (size_t i = 0; i < sizeof chart / sizeof *chart; i++) {
    char *picture[2];
    for (int k = 0; k < 2; k++) {
      tanlu_figure *figure = tanlu_figure_create(chart[i], "n", "N", NULL);
      const size_t series = tanlu_figure_series(figure, 0, "s", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
      tanlu_figure_interval(figure, series, (double)tanlu_figure_category(figure, "c"), none, none, none);
      const size_t a = tanlu_figure_node(figure, "a", 0, TANLU_ROLE_COAL),
                   b = tanlu_figure_node(figure, "b", 1, TANLU_ROLE_OIL);
      tanlu_figure_link(figure, a, b, 0.0, TANLU_ROLE_COAL);
      picture[k] = draw(figure);
    }
    assert_non_null(strstr(picture[0], ">no data<"));
    assert_string_equal(picture[0], picture[1]);
    free(picture[0]);
    free(picture[1]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(waterfalls_go_from_level_to_level),
      cmocka_unit_test(gaps_and_cut_axes_show_no_size),
      cmocka_unit_test(tornados_begin_with_the_longest),
      cmocka_unit_test(bars_of_a_tornado_do_not_cover_each_other),
      cmocka_unit_test(points_lie_on_their_scales),
      cmocka_unit_test(names_of_points_do_not_meet),
      cmocka_unit_test(tiles_are_stronger_with_their_values),
      cmocka_unit_test(tiles_of_both_signs_part_at_zero),
      cmocka_unit_test(tiles_have_a_place_by_their_numbers),
      cmocka_unit_test(tiles_of_a_map_lie_where_they_are),
      cmocka_unit_test(places_of_a_map_are_whole),
      cmocka_unit_test(panels_stand_at_their_places),
      cmocka_unit_test(places_are_of_all_panels_and_of_one_each),
      cmocka_unit_test(nodes_are_as_high_as_what_flows),
      cmocka_unit_test(back_links_are_refused),
      cmocka_unit_test(figures_without_data_say_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
