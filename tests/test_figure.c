/* Figures: what is drawn, read back as a reader would, and their numbers.
 *
 * Oracles: positions in a picture against those of the labels on its axes; CSV by hand after RFC 4180; an XML checker of the tests. */
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
#include "outputs/figure_private.h"
#include "tests/picture_support.h"
#include "tests/support.h"

#define GAP ((double)NAN)
#define ENDLESS ((double)INFINITY)

static tanlu_context *context;

static tanlu_figure *begin(tanlu_chart chart, const char *name, const char *title) {
  tanlu_figure *figure = tanlu_figure_create(chart, name, title, context);
  assert_non_null(figure);
  tanlu_figure_x(figure, "Year", NULL);
  tanlu_figure_y(figure, "CO2", "Mt");
  return figure;
}

static void add_line(tanlu_figure *figure, const char *name, int role, size_t count, const double *value) {
  const size_t series = tanlu_figure_series(figure, 0, name, role, TANLU_STYLE_SOLID);
  for (size_t k = 0; k < count; k++) tanlu_figure_point(figure, series, 2020.0 + 10.0 * (double)k, value[k]);
}

/* Well formed, nothing that is no number, all of it inside the picture. */
static void check_picture(const char *svg) {
  const char *fault = tanlu_test_xml_fault(svg);
  if (fault != NULL) fail_msg("%s in\n%.3000s", fault, svg);
  assert_null(strstr(svg, "nan"));
  assert_null(strstr(svg, "inf\""));
  double view[4];
  assert_int_equal(tanlu_test_numbers(svg, "tanlu-figure", "viewBox", view, 4, NULL), 4);
  assert_true(view[2] == 720.0 && view[3] > 30.0 && view[3] < 5000.0);
  for (const char *p = strstr(svg, "<path d=\""); p != NULL; p = strstr(p + 1, "<path d=\"")) {
    if (strncmp(p, "<path d=\"M0 0V7", 15) == 0) continue; /* of a hatch */
    const char *next = p + 9, *end = strchr(next, '"');
    for (size_t k = 0; next < end; k++) {
      while (next < end && strchr("MLCZ ", *next) != NULL) next++;
      if (next >= end) break;
      char *after = NULL;
      const double number = strtod(next, &after);
      assert_ptr_not_equal(after, next);
      assert_true(number >= 0.0 && number <= (k % 2 == 0 ? 720.0 : view[3]));
      next = after;
    }
  }
}

/* ---- text ------------------------------------------------------------------------------------------------------------------------- */

static void texts_are_escaped(void **state) {
  (void)state;
  static const double value[] = {1, 2};
  tanlu_figure *figure = begin(TANLU_CHART_LINES, "escape", "a < b & \"c\" > 'd' \x01 \xFF \xC3\x28 碳路");
  tanlu_figure_y(figure, "<unit>", "t&t");
  add_line(figure, "<svg onload=\"x\">", TANLU_ROLE_SERIES, 2, value);
  tanlu_figure_note(figure, "%d %% & %s", 50, "<b>");
  tanlu_figure_mark(figure, 0, TANLU_MARK_DOT, 2025, 1, TANLU_ROLE_TOTAL, "]]> <x/>");
  char *svg = tanlu_test_svg(figure, true);
  check_picture(svg);
  assert_non_null(strstr(svg, "a &lt; b &amp; &quot;c&quot;"));
  assert_non_null(strstr(svg, "碳路"));
  assert_non_null(strstr(svg, "50 % &amp; &lt;b&gt;"));
  assert_non_null(strstr(svg, "&lt;unit&gt; (t&amp;t)"));
  assert_null(strstr(svg, "<svg onload"));
  assert_int_equal(tanlu_test_count(svg, "\x01") + tanlu_test_count(svg, "\xFF"), 0);
  free(svg);
  tanlu_figure_free(&figure);
}

static void names_at_the_ends_do_not_overlap(void **state) {
  (void)state;
  static const char *const name[] = {"One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"};
  static const double value[] = {1, 100};
  tanlu_figure *figure = begin(TANLU_CHART_LINES, "ends", "Ends");
  for (int i = 0; i < 8; i++) add_line(figure, name[i], TANLU_ROLE_SERIES + i, 2, value);
  char *svg = tanlu_test_svg(figure, false);
  check_picture(svg);
  double y[8];
  for (size_t i = 0; i < 8; i++) {
    assert_int_equal(tanlu_test_count(svg, name[i]), 2); /* the label and the description, no legend */
    y[i] = tanlu_test_text_at(svg, name[i], 'y');
    for (size_t k = 0; k < i; k++) assert_true(fabs(y[i] - y[k]) > 1.2 * TANLU_TEXT_SMALL);
  }
  free(svg);
  tanlu_figure_free(&figure);
}

/* ---- pictures ----------------------------------------------------------------------------------------------------------------------- */

static void lines_stand_where_the_axes_say(void **state) {
  (void)state;
  static const double value[] = {0, 37, GAP, 80, 100};
  tanlu_figure *figure = begin(TANLU_CHART_LINES, "place", "Place");
  add_line(figure, "Line", TANLU_ROLE_SERIES + 2, 5, value);
  char *svg = tanlu_test_svg(figure, true);
  check_picture(svg);
  double path[16];
  assert_int_equal(tanlu_test_numbers(svg, "s-series-2", "d", path, 16, NULL), 8); /* two pieces of two points */
  static const size_t drawn[] = {0, 1, 3, 4};
  for (size_t k = 0; k < 4; k++) {
    const double year = 2020.0 + 10.0 * (double)drawn[k];
    assert_true(fabs(path[2 * k] - tanlu_test_x_of(svg, "2020", 2020, "2060", 2060, year)) < 0.02);
    assert_true(fabs(path[2 * k + 1] - tanlu_test_y_of(svg, "20", 20, "80", 80, value[drawn[k]])) < 0.02);
  }
  assert_non_null(strstr(svg, ">CO2 (Mt)</text>"));
  assert_non_null(strstr(svg, ">Year</text>"));
  assert_non_null(strstr(svg, "<title id=\"tanlu-place-title\">Place</title>"));
  assert_non_null(strstr(svg, "Line chart of CO2 in Mt over Year. Series: Line. Values from 0 to 100.0.</desc>"));
  free(svg);
  tanlu_figure_free(&figure);
}

static void bands_and_dashes(void **state) {
  (void)state;
  tanlu_figure *figure = begin(TANLU_CHART_LINES, "band", "Band");
  const size_t series = tanlu_figure_series(figure, 0, "Fan", TANLU_ROLE_SERIES, TANLU_STYLE_DASHED);
  tanlu_figure_interval(figure, series, 2020, 50, 40, 60);
  tanlu_figure_interval(figure, series, 2030, GAP, 0, 100); /* the interval alone */
  tanlu_figure_interval(figure, series, 2040, 50, 40, 60);
  char *svg = tanlu_test_svg(figure, false);
  check_picture(svg);
  double band[16];
  assert_int_equal(tanlu_test_numbers(svg, "f-series-0", "d", band, 16, NULL), 12);
  assert_true(fabs(band[3] - tanlu_test_y_of(svg, "20", 20, "80", 80, 0)) < 0.02);
  assert_true(fabs(band[9] - tanlu_test_y_of(svg, "20", 20, "80", 80, 100)) < 0.02);
  free(svg);
  tanlu_figure_free(&figure);
}

/* 10 and -6, then 20 and -5, then 4 and 8: the second area hangs below zero until it changes its sign at 2030 + 10 * 5/13. */
static void areas_stack_on_both_sides(void **state) {
  (void)state;
  static const double first[] = {10, 20, 4}, second[] = {-6, -5, 8};
  tanlu_figure *figure = begin(TANLU_CHART_AREAS, "areas", "Areas");
  add_line(figure, "First", TANLU_ROLE_COAL, 3, first);
  add_line(figure, "Second", TANLU_ROLE_WIND, 3, second);
  char *svg = tanlu_test_svg(figure, false);
  check_picture(svg);
  const double turn = 2030.0 + 10.0 * 5.0 / 13.0, first_then = 20.0 - 16.0 * 5.0 / 13.0;
  const double up[] = {2030, 20, turn, first_then, 2040, 12, 2040, 4, turn, first_then, 2030, 20};
  const double down[] = {2020, -6, 2030, -5, turn, 0, turn, 0, 2030, 0, 2020, 0};
  const char *next = NULL;
  double path[32];
  assert_int_equal(tanlu_test_numbers(svg, "f-coal s-ground", "d", path, 32, &next), 16);
  const size_t count = tanlu_test_numbers(svg, "f-wind s-ground", "d", path, 32, &next);
  assert_int_equal(count, 8); /* upwards only from the turn on: (turn, first) (2040, 12) and back */
  for (size_t k = 0; k < 8; k += 2) {
    static const size_t at[] = {2, 4, 6, 8};
    assert_true(fabs(path[k] - tanlu_test_x_of(svg, "2020", 2020, "2040", 2040, up[at[k / 2]])) < 0.02);
    assert_true(fabs(path[k + 1] - tanlu_test_y_of(svg, "0", 0, "20", 20, up[at[k / 2] + 1])) < 0.02);
  }
  assert_int_equal(tanlu_test_numbers(next, "f-wind s-ground", "d", path, 32, NULL), 12);
  for (size_t k = 0; k < 12; k += 2) {
    assert_true(fabs(path[k] - tanlu_test_x_of(svg, "2020", 2020, "2040", 2040, down[k])) < 0.02);
    assert_true(fabs(path[k + 1] - tanlu_test_y_of(svg, "0", 0, "20", 20, down[k + 1])) < 0.02);
  }
  free(svg);
  tanlu_figure_free(&figure);
}

static void capture_is_hatched(void **state) {
  (void)state;
  static const double value[] = {1, 2};
  tanlu_figure *figure = begin(TANLU_CHART_AREAS, "hatch", "Hatch");
  add_line(figure, "Coal", TANLU_ROLE_COAL, 2, value);
  add_line(figure, "Coal with capture", TANLU_ROLE_CAPTURE, 2, value);
  char *svg = tanlu_test_svg(figure, false);
  check_picture(svg); /* which knows that the reference is met */
  assert_non_null(strstr(svg, "fill=\"url(#tanlu-hatch-hatch-coal)\""));
  free(svg);
  tanlu_figure_free(&figure);
}

static void bars_reach_their_values(void **state) {
  (void)state;
  tanlu_figure *figure = begin(TANLU_CHART_BARS, "bars", "Bars");
  (void)tanlu_figure_category(figure, "Gain");
  (void)tanlu_figure_category(figure, "Loss");
  const size_t series = tanlu_figure_series(figure, 0, "", TANLU_ROLE_GAS, TANLU_STYLE_SOLID);
  tanlu_figure_interval(figure, series, 0, 60, 50, 70);
  tanlu_figure_point(figure, series, 1, -40);
  char *svg = tanlu_test_svg(figure, false);
  check_picture(svg);
  const char *next = NULL;
  double x = 0, width = 0;
  (void)tanlu_test_numbers(svg, "f-gas", "width", &width, 1, NULL);
  (void)tanlu_test_numbers(svg, "f-gas", "x", &x, 1, &next);
  assert_true(fabs(x - tanlu_test_x_of(svg, "0", 0, "60", 60, 0)) < 0.02);
  assert_true(fabs(x + width - tanlu_test_x_of(svg, "0", 0, "60", 60, 60)) < 0.02);
  (void)tanlu_test_numbers(next, "f-gas", "width", &width, 1, NULL);
  (void)tanlu_test_numbers(next, "f-gas", "x", &x, 1, NULL);
  assert_true(fabs(x - tanlu_test_x_of(svg, "0", 0, "60", 60, -40)) < 0.02);
  assert_true(fabs(x + width - tanlu_test_x_of(svg, "0", 0, "60", 60, 0)) < 0.02);
  free(svg);
  tanlu_figure_free(&figure);
}

static void stacked_bars_add_up(void **state) {
  (void)state;
  tanlu_figure *figure = begin(TANLU_CHART_STACKED, "stacked", "Stacked");
  (void)tanlu_figure_category(figure, "2030");
  static const struct {
    int role;
    double value, from;
  } part[] = {{TANLU_ROLE_COAL, 30, 0}, {TANLU_ROLE_OIL, -10, 0}, {TANLU_ROLE_GAS, 50, 30}, {TANLU_ROLE_WIND, -5, -10}};
  for (size_t i = 0; i < 4; i++) {
    const size_t series =
        tanlu_figure_series(figure, 0, tanlu_paint_word(part[i].role), part[i].role, TANLU_STYLE_SOLID);
    tanlu_figure_point(figure, series, 0, part[i].value);
  }
  const size_t total = tanlu_figure_series(figure, 0, "net", TANLU_ROLE_TOTAL, TANLU_STYLE_SOLID);
  tanlu_figure_point(figure, total, 0, 65);
  char *svg = tanlu_test_svg(figure, false);
  check_picture(svg);
  for (size_t i = 0; i < 4; i++) {
    char class[32];
    double y = 0, height = 0;
    (void)snprintf(class, sizeof class, "f-%s s-ground", tanlu_paint_word(part[i].role));
    assert_int_equal(tanlu_test_numbers(svg, class, "y", &y, 1, NULL), 1);
    assert_int_equal(tanlu_test_numbers(svg, class, "height", &height, 1, NULL), 1);
    const double low = fmin(part[i].from, part[i].from + part[i].value), high = low + fabs(part[i].value);
    assert_true(fabs(y - tanlu_test_y_of(svg, "0", 0, "80", 80, high)) < 0.02);
    assert_true(fabs(y + height - tanlu_test_y_of(svg, "0", 0, "80", 80, low)) < 0.03);
  }
  double y = 0;
  assert_int_equal(tanlu_test_numbers(strstr(svg, ">2030<") - 400, "f-ink s-ground", "cy", &y, 1, NULL), 1);
  assert_true(fabs(y - tanlu_test_y_of(svg, "0", 0, "80", 80, 65)) < 0.02);
  free(svg);
  tanlu_figure_free(&figure);
}

static void panels_share_scales_and_legend(void **state) {
  (void)state;
  tanlu_figure *figure = begin(TANLU_CHART_LINES, "panels", "Panels");
  for (size_t panel = 0; panel < 5; panel++) {
    char title[16];
    (void)snprintf(title, sizeof title, "Panel %zu", panel);
    assert_int_equal(tanlu_figure_panel(figure, title), panel);
    const size_t series = tanlu_figure_series(figure, panel, "Same name", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
    tanlu_figure_point(figure, series, 2020, 10);
    tanlu_figure_point(figure, series, 2060, 100);
  }
  char *svg = tanlu_test_svg(figure, false);
  check_picture(svg);
  assert_int_equal(tanlu_test_count(svg, ">Same name</text>"), 1);
  assert_int_equal(tanlu_test_count(svg, ">Panel "), 5);
  assert_int_equal(tanlu_test_count(svg, ">2040</text>"), 3); /* under the lowest of each column */
  assert_int_equal(tanlu_test_count(svg, ">40</text>"), 2);   /* left of each row */
  double first[4], other[4];
  const char *next = NULL;
  next = strstr(svg, ">Panel 0");
  assert_int_equal(tanlu_test_numbers(next, "s-series-0", "d", first, 4, &next), 4);
  assert_int_equal(tanlu_test_numbers(next, "s-series-0", "d", other, 4, NULL), 4);
  assert_true(fabs(first[1] - other[1]) < 1e-9 && fabs(first[3] - other[3]) < 1e-9);
  assert_true(fabs((first[2] - first[0]) - (other[2] - other[0])) < 0.011);
  free(svg);
  tanlu_figure_free(&figure);
}

static void goals_differ_by_shape(void **state) {
  (void)state;
  static const double value[] = {1, 2};
  tanlu_figure *figure = begin(TANLU_CHART_LINES, "goals", "Goals");
  add_line(figure, "Line", TANLU_ROLE_SERIES, 2, value);
  tanlu_figure_mark(figure, 0, TANLU_MARK_MET, 2022, 1, TANLU_ROLE_SERIES + 3, "met");
  tanlu_figure_mark(figure, 0, TANLU_MARK_MISSED, 2028, 1, TANLU_ROLE_SERIES + 3, "missed");
  tanlu_figure_mark(figure, 0, TANLU_MARK_VERTICAL, 2025, GAP, TANLU_ROLE_SERIES + 4, "now");
  tanlu_figure_mark(figure, 0, TANLU_MARK_HORIZONTAL, GAP, 1.5, TANLU_ROLE_SERIES + 5, "limit");
  char *svg = tanlu_test_svg(figure, false);
  check_picture(svg);
  double path[8];
  const char *mark = strstr(svg, "f-series-3 s-ground"); /* the disc of the met one */
  assert_non_null(mark);
  assert_int_equal(tanlu_test_numbers(mark, "s-ground", "d", path, 8, NULL), 6);   /* a tick: three points */
  assert_int_equal(tanlu_test_numbers(mark, "s-series-3", "d", path, 8, NULL), 8); /* a cross: four */
  assert_int_equal(tanlu_test_numbers(svg, "s-series-4", "d", path, 8, NULL), 4);
  assert_true(fabs(path[0] - path[2]) < 1e-9);
  assert_true(fabs(path[0] - tanlu_test_x_of(svg, "2020", 2020, "2030", 2030, 2025)) < 0.02);
  assert_int_equal(tanlu_test_numbers(svg, "s-series-5", "d", path, 8, NULL), 4);
  assert_true(fabs(path[1] - tanlu_test_y_of(svg, "0.0", 0, "2.0", 2, 1.5)) < 0.02);
  assert_non_null(strstr(svg, "Met: met. Missed: missed. Marked: now. Marked: limit.</desc>"));
  free(svg);
  tanlu_figure_free(&figure);
}

/* ---- odd data ------------------------------------------------------------------------------------------------------------------------- */

static const tanlu_chart drawn_here[] = {TANLU_CHART_LINES, TANLU_CHART_AREAS, TANLU_CHART_BARS, TANLU_CHART_STACKED};

static char *picture_of(tanlu_chart chart, size_t count, const double *value, bool free_zero) {
  tanlu_figure *figure = begin(chart, "odd", "Odd data");
  if (free_zero) tanlu_figure_y_range(figure, GAP, GAP, true);
  const bool rows = chart == TANLU_CHART_BARS || chart == TANLU_CHART_STACKED;
  for (size_t k = 0; k < count && rows; k++) (void)tanlu_figure_category(figure, "Row");
  const size_t series = tanlu_figure_series(figure, 0, "Odd", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (size_t k = 0; k < count; k++)
    tanlu_figure_point(figure, series, rows ? (double)k : 2020.0 + (double)k, value[k]);
  char *svg = tanlu_test_svg(figure, true);
  tanlu_figure_free(&figure);
  return svg;
}

static void odd_data_is_drawn(void **state) {
  (void)state;
  static const struct {
    const char *what;
    size_t count;
    double value[4];
    bool shown;
  } odd[] = {
      {"nothing", 0, {0}, false},
      {"all gaps", 3, {GAP, GAP, GAP}, false},
      {"one point", 1, {5}, true},
      {"one zero", 1, {0}, true},
      {"all equal", 4, {7, 7, 7, 7}, true},
      {"all equal and large", 3, {1e15, 1e15, 1e15}, true},
      {"all zero", 3, {0, 0, 0}, true},
      {"negative", 3, {-1, -2, -3}, true},
      {"huge", 3, {1e299, -1e300, 1e299}, true},
      {"tiny", 3, {1e-300, 2e-300, -1e-300}, true},
      {"subnormal", 2, {4e-320, 5e-324}, true},
      {"nearly equal", 2, {1e9, 1e9 + 1e-6}, true},
      {"gaps between", 4, {1, GAP, 3, GAP}, true},
      {"infinite", 3, {1, ENDLESS, -ENDLESS}, true},
      {"beyond", 2, {1, 1.7e308}, true},
  };
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    for (size_t k = 0; k < sizeof drawn_here / sizeof *drawn_here; k++) {
      for (int free_zero = 0; free_zero < 2; free_zero++) {
        char *svg = picture_of(drawn_here[k], odd[i].count, odd[i].value, free_zero == 1);
        check_picture(svg);
        const bool none = strstr(svg, ">no data</text>") != NULL;
        if (none == odd[i].shown) fail_msg("%s, chart %d", odd[i].what, (int)drawn_here[k]);
        free(svg);
      }
    }
  }
  char *svg = picture_of(TANLU_CHART_LINES, 3, odd[13].value, false);
  assert_non_null(strstr(svg, ">2 values that are infinite or beyond 1e300 not shown.</text>"));
  free(svg);
}

static void series_without_data_are_named(void **state) {
  (void)state;
  static const double gap[] = {GAP, GAP}, value[] = {1, 2};
  tanlu_figure *figure = begin(TANLU_CHART_LINES, "gap", "Gap");
  add_line(figure, "There", TANLU_ROLE_SERIES, 2, value);
  add_line(figure, "Missing", TANLU_ROLE_SERIES + 1, 2, gap);
  char *svg = tanlu_test_svg(figure, false);
  check_picture(svg);
  assert_non_null(strstr(svg, ">Missing (no data)</text>"));
  free(svg);
  tanlu_figure_free(&figure);
}

/* ---- bytes ------------------------------------------------------------------------------------------------------------------------------ */

static tanlu_figure *full(const char *name) {
  static const double one[] = {3, 1, 4, 1}, other[] = {2, 7, 1, 8};
  tanlu_figure *figure = begin(TANLU_CHART_AREAS, name, "Full");
  add_line(figure, "One", TANLU_ROLE_COAL, 4, one);
  add_line(figure, "Other", TANLU_ROLE_CAPTURE, 4, other);
  tanlu_figure_mark(figure, 0, TANLU_MARK_DOT, 2030, 8, TANLU_ROLE_TOTAL, "Most");
  tanlu_figure_note(figure, "A note.");
  return figure;
}

static void same_figure_same_bytes(void **state) {
  (void)state;
  tanlu_figure *one = full("full"), *other = full("full"), *third = full("third");
  char *svg = tanlu_test_svg(one, true), *again = tanlu_test_svg(other, true), *inside = tanlu_test_svg(third, false);
  assert_string_equal(svg, again);
  assert_int_equal(strncmp(svg, "<?xml", 5), 0);
  assert_int_equal(strncmp(inside, "<svg ", 5), 0);
  const size_t size = strlen(svg) + strlen(inside) + 32; /* two in one page: no id twice */
  char *page = malloc(size);
  assert_non_null(page);
  (void)snprintf(page, size, "<body>\n%s%s</body>", strchr(svg, '\n') + 1, inside);
  const char *fault = tanlu_test_xml_fault(page);
  if (fault != NULL) fail_msg("%s", fault);
  for (const char *p = strstr(inside, " id=\""); p != NULL; p = strstr(p + 1, " id=\"")) {
    assert_int_equal(strncmp(p, " id=\"tanlu-third", 16), 0);
  }
  assert_null(strstr(svg, "<script"));
  assert_null(strstr(svg, "href"));
  free(page);
  free(inside);
  free(again);
  free(svg);
  tanlu_figure_free(&one);
  tanlu_figure_free(&other);
  tanlu_figure_free(&third);
}

static void csv_by_hand(void **state) {
  (void)state;
  tanlu_figure *figure = begin(TANLU_CHART_BARS, "csv", "CSV");
  tanlu_figure_y(figure, "Gain, net", "Mt \"a\"");
  (void)tanlu_figure_panel(figure, "北方, north");
  (void)tanlu_figure_category(figure, "Coal");
  (void)tanlu_figure_category(figure, "Oil\nand gas");
  const size_t series = tanlu_figure_series(figure, 0, "Series \"A\"", TANLU_ROLE_COAL, TANLU_STYLE_SOLID);
  tanlu_figure_point(figure, series, 0, 0.1);
  tanlu_figure_interval(figure, series, 1, GAP, -1.0 / 3.0, 1e22);
  tanlu_figure_point(figure, series, 1, 5);
  tanlu_figure_point_label(figure, series, "own");
  char *csv = tanlu_test_csv(figure);
  assert_string_equal(csv, "panel,series,x,label,value,low,high,unit\r\n"
                           "\"北方, north\",\"Series \"\"A\"\"\",0,Coal,0.1,,,\"Mt \"\"a\"\"\"\r\n"
                           "\"北方, north\",\"Series \"\"A\"\"\",1,\"Oil\nand gas\",,-0.3333333333333333,1e+22,\"Mt "
                           "\"\"a\"\"\"\r\n"
                           "\"北方, north\",\"Series \"\"A\"\"\",1,own,5,,,\"Mt \"\"a\"\"\"\r\n");
  free(csv);
  tanlu_figure_free(&figure);
  figure = begin(TANLU_CHART_SANKEY, "flows", "Flows");
  const size_t from = tanlu_figure_node(figure, "Coal", 0, TANLU_ROLE_COAL);
  const size_t to = tanlu_figure_node(figure, "Power", 1, TANLU_ROLE_ELECTRICITY);
  tanlu_figure_link(figure, from, to, 12.5, TANLU_ROLE_COAL);
  csv = tanlu_test_csv(figure);
  assert_string_equal(csv, "from,to,value,unit\r\nCoal,Power,12.5,Mt\r\n");
  free(csv);
  tanlu_figure_free(&figure);
}

/* Doubles come back bit by bit. */
static void csv_keeps_numbers(void **state) {
  (void)state;
  enum { COUNT = 500 };
  static double value[COUNT];
  tanlu_figure *figure = begin(TANLU_CHART_LINES, "numbers", "Numbers");
  const size_t series = tanlu_figure_series(figure, 0, "s", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (size_t k = 0; k < COUNT; k++) {
    value[k] = sin((double)k) * pow(10.0, (double)(k % 40) - 20.0);
    tanlu_figure_point(figure, series, (double)k, value[k]);
  }
  char *csv = tanlu_test_csv(figure), *line = strstr(csv, "\r\n") + 2;
  for (size_t k = 0; k < COUNT; k++) {
    char wanted[16];
    (void)snprintf(wanted, sizeof wanted, ",s,%zu,,", k);
    assert_int_equal(strncmp(line, wanted, strlen(wanted)), 0);
    assert_true(strtod(line + strlen(wanted), NULL) == value[k]);
    line = strstr(line, "\r\n") + 2;
  }
  assert_int_equal(*line, '\0');
  free(csv);
  tanlu_figure_free(&figure);
}

/* ---- wrong use -------------------------------------------------------------------------------------------------------------------------- */

static void expect_wrong(tanlu_figure *figure, const char *part) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  assert_int_equal(tanlu_figure_svg(figure, true, stream, context), TANLU_ERR_INTERNAL);
  fclose(stream);
  assert_int_equal(size, 0);
  assert_true(tanlu_test_has_message(context, part));
  tanlu_context_clear(context);
  free(text);
  tanlu_figure_free(&figure);
  assert_null(figure);
}

static void wrong_use_is_told(void **state) {
  (void)state;
  static const double value[] = {1, 2};
  expect_wrong(begin(TANLU_CHART_LINES, "../etc", "t"), "its name must consist of");
  expect_wrong(begin(TANLU_CHART_LINES, "", "t"), "its name must consist of");
  tanlu_figure *figure = begin(TANLU_CHART_LINES, "w", "t");
  (void)tanlu_figure_series(figure, 3, "s", TANLU_ROLE_COAL, TANLU_STYLE_SOLID);
  expect_wrong(figure, "a panel is used that was not added");
  figure = begin(TANLU_CHART_LINES, "w", "t");
  tanlu_figure_point(figure, 0, 1, 1);
  expect_wrong(figure, "a series is used that was not added");
  figure = begin(TANLU_CHART_LINES, "w", "t");
  tanlu_figure_point(figure, tanlu_figure_series(figure, 0, "s", 0, TANLU_STYLE_SOLID), GAP, 1);
  expect_wrong(figure, "an x that is not finite");
  figure = begin(TANLU_CHART_BARS, "w", "t");
  add_line(figure, "s", TANLU_ROLE_COAL, 2, value);
  expect_wrong(figure, "a point stands at category 2020 of 0");
  figure = begin(TANLU_CHART_SANKEY, "w", "t");
  tanlu_figure_link(figure, 0, 1, 1, 0);
  expect_wrong(figure, "nodes that were not added");
  figure = begin(TANLU_CHART_LINES, "w", "t");
  tanlu_figure_y_range(figure, 5, 1, false);
  expect_wrong(figure, "range of its y axis");
  tanlu_figure_note(NULL, "nothing happens");
  assert_int_equal(tanlu_figure_svg(NULL, true, stdout, context), TANLU_ERR_MEMORY);
  tanlu_context_clear(context);
}

static void streams_that_fail_are_told(void **state) {
  (void)state;
  FILE *stream = fopen("/dev/full", "w");
  if (stream == NULL) skip();
  setvbuf(stream, NULL, _IONBF, 0);
  tanlu_figure *figure = full("full");
  assert_int_equal(tanlu_figure_svg(figure, true, stream, context), TANLU_ERR_IO);
  assert_int_equal(tanlu_figure_csv(figure, stream, context), TANLU_ERR_IO);
  tanlu_context_clear(context);
  fclose(stream);
  tanlu_figure_free(&figure);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_are_escaped),
      cmocka_unit_test(names_at_the_ends_do_not_overlap),
      cmocka_unit_test(lines_stand_where_the_axes_say),
      cmocka_unit_test(bands_and_dashes),
      cmocka_unit_test(areas_stack_on_both_sides),
      cmocka_unit_test(capture_is_hatched),
      cmocka_unit_test(bars_reach_their_values),
      cmocka_unit_test(stacked_bars_add_up),
      cmocka_unit_test(panels_share_scales_and_legend),
      cmocka_unit_test(goals_differ_by_shape),
      cmocka_unit_test(odd_data_is_drawn),
      cmocka_unit_test(series_without_data_are_named),
      cmocka_unit_test(same_figure_same_bytes),
      cmocka_unit_test(csv_by_hand),
      cmocka_unit_test(csv_keeps_numbers),
      cmocka_unit_test(wrong_use_is_told),
      cmocka_unit_test(streams_that_fail_are_told),
  };
  context = tanlu_context_create();
  const int failed = cmocka_run_group_tests_name("figure", tests, NULL, NULL);
  tanlu_context_free(&context);
  return failed;
}
