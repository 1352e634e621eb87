/* Labels of marks, lines that lie on each other, keys of bands.
 *
 * Oracle: the picture itself. The lines of it are walked point by point, and no point may lie in the box of a label for which there is
 * room elsewhere. A letter of the fonts at hand is at least 0.45 of its size wide on average, which bounds a box from inside. */
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

static char *draw(tanlu_figure *figure) {
  char *text = tanlu_test_svg(figure, false);
  tanlu_figure_free(&figure);
  return text;
}

typedef struct {
  double left, top, right, bottom;
} box;

static double number_of(const char *element, const char *name) {
  char quoted[32];
  (void)snprintf(quoted, sizeof quoted, " %s=\"", name);
  const char *found = strstr(element, quoted);
  assert_true(found != NULL && found < strchr(element, '>'));
  return strtod(found + strlen(quoted), NULL);
}

static box box_of(const char *picture, const char *label) {
  char wanted[64];
  (void)snprintf(wanted, sizeof wanted, ">%s</text>", label);
  const char *text = strstr(picture, wanted);
  assert_non_null(text);
  while (strncmp(text, "<text", 5) != 0) text--;
  const double x = number_of(text, "x"), y = number_of(text, "y"), size = number_of(text, "font-size");
  return (box){x, y - 0.7 * size, x + 0.45 * size * (double)strlen(label), y};
}

/* How many points, half a unit apart, of lines of a series are in the box; all of them: *walked. */
static size_t points_within(const char *picture, box b, size_t *walked) {
  size_t inside = 0;
  for (const char *p = strstr(picture, "<path "); p != NULL; p = strstr(p + 1, "<path ")) {
    const char *end = strchr(p, '>'), *class = strstr(p, "s-series-"), *d = strstr(p, " d=\"");
    if (class == NULL || class > end || d == NULL || d > end) continue;
    double x = 0.0, y = 0.0;
    for (const char *at = d + 4; *at != '"';) {
      char *next;
      const char command = *at;
      const double x2 = strtod(at + 1, &next), y2 = strtod(next, &next);
      const size_t steps = command == 'L' ? (size_t)ceil(2.0 * hypot(x2 - x, y2 - y)) : 0;
      for (size_t i = 0; i < steps; i++) {
        const double share = (double)i / (double)steps, u = x + share * (x2 - x), v = y + share * (y2 - y);
        inside += u > b.left && u < b.right && v > b.top && v < b.bottom;
        ++*walked;
      }
      x = x2;
      y = y2;
      at = next;
      while (*at == ' ') at++;
    }
  }
  return inside;
}

static void add_path(tanlu_figure *figure, size_t panel, const char *name, int role, const double value[5]) {
  const size_t series = tanlu_figure_series(figure, panel, name, role, TANLU_STYLE_SOLID);
  for (int k = 0; k < 5; k++) tanlu_figure_point(figure, series, 2020 + 10 * k, value[k]);
}

/* Paths of net CO2 that come together at zero, where the years of net zero are marked, as in a report. */
static void labels_keep_off_lines(void **state) {
  (void)state;
  static const double path[5][5] = {{10, 10, 8.7, 7, 5},
                                    {10, 9.7, 8.4, 6.5, 4.5},
                                    {10, 9.2, 5.5, 2.1, 0.04},
                                    {10, 9, 5.2, 1.9, -0.04},
                                    {10, 8.2, 3.3, 0.5, -0.6}};
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, "m", "M", NULL);
  tanlu_figure_x(figure, "Year", NULL);
  for (size_t panel = 0; panel < 2; panel++) {
    (void)tanlu_figure_panel(figure, panel == 0 ? "A" : "B");
    for (int k = 0; k < 5; k++) {
      char name[16];
      (void)snprintf(name, sizeof name, "s%d", k);
      add_path(figure, panel, name, TANLU_ROLE_SERIES + k, path[k]);
    }
  }
  tanlu_figure_mark(figure, 1, TANLU_MARK_DOT, 2060, -0.04, TANLU_ROLE_SERIES + 3, "net zero 2060");
  tanlu_figure_mark(figure, 1, TANLU_MARK_DOT, 2055, -0.05, TANLU_ROLE_SERIES + 4, "net zero 2055");
  char *picture = draw(figure);
  static const char *const label[] = {"net zero 2060", "net zero 2055"};
  for (size_t i = 0; i < 2; i++) {
    size_t walked = 0;
    assert_int_equal(points_within(picture, box_of(picture, label[i]), &walked), 0);
    assert_true(walked > 3000); /* ten lines of some 250 units */
  }
  free(picture);
}

/* A goal where the lines end, beside which their names stand: it is not written over one. */
static void labels_keep_off_names_of_lines(void **state) {
  (void)state;
  static const double path[3][5] = {{10, 9, 5, 2, 0.1}, {10, 8, 4, 1, -0.1}, {10, 7, 3, 0.5, -0.6}};
  static const char *const name[] = {"energy-mix", "dual-carbon", "accelerated"};
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, "g", "G", NULL);
  tanlu_figure_x(figure, "Year", NULL);
  for (int k = 0; k < 3; k++) add_path(figure, 0, name[k], TANLU_ROLE_SERIES + k, path[k]);
  tanlu_figure_mark(figure, 0, TANLU_MARK_MET, 2060, 0.0, TANLU_ROLE_GOOD, "goal of 0 Mt");
  char *picture = draw(figure);
  const box goal = box_of(picture, "goal of 0 Mt");
  size_t walked = 0;
  assert_int_equal(points_within(picture, goal, &walked), 0); /* of leaders to the names neither */
  for (size_t i = 0; i < 3; i++) {
    const box b = box_of(picture, name[i]);
    assert_false(goal.left < b.right && b.left < goal.right && goal.top < b.bottom && b.top < goal.bottom);
  }
  free(picture);
}

/* Of three equal lines the second and third are dashed so that each is seen on a third of the way; one apart is drawn whole. */
static void equal_lines_take_turns(void **state) {
  (void)state;
  static const double same[] = {1, 2, 3, 4, 5}, other[] = {1, 2, 3, 4, 9};
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, "t", "T", NULL);
  add_path(figure, 0, "first", TANLU_ROLE_SERIES, same);
  add_path(figure, 0, "apart", TANLU_ROLE_SERIES + 1, other);
  add_path(figure, 0, "second", TANLU_ROLE_SERIES + 2, same);
  add_path(figure, 0, "third", TANLU_ROLE_SERIES + 3, same);
  char *picture = draw(figure);
  assert_int_equal(tanlu_test_count(picture, "stroke-dasharray"), 2);
  const char *second = strstr(picture, "stroke-dasharray=\"9 18\" stroke-dashoffset=\"-9\"");
  const char *third = strstr(picture, "stroke-dasharray=\"9 18\" stroke-dashoffset=\"-18\"");
  assert_true(second != NULL && third != NULL && second < third);
  assert_non_null(strstr(picture, "take turns"));
  free(picture);
  figure = tanlu_figure_create(TANLU_CHART_LINES, "u", "U", NULL);
  add_path(figure, 0, "first", TANLU_ROLE_SERIES, same);
  add_path(figure, 0, "apart", TANLU_ROLE_SERIES + 1, other);
  picture = draw(figure);
  assert_null(strstr(picture, "stroke-dasharray"));
  assert_null(strstr(picture, "take turns"));
  free(picture);
}

/* A band inside of another is seen through it; its key is painted the same way: outer colour below, its own above. */
static void keys_of_bands_look_like_bands(void **state) {
  (void)state;
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, "b", "B", NULL);
  const size_t outer = tanlu_figure_series(figure, 0, "outer", TANLU_ROLE_SERIES + 6, TANLU_STYLE_SOLID);
  const size_t inner = tanlu_figure_series(figure, 0, "inner", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (int k = 0; k < 3; k++) {
    tanlu_figure_interval(figure, outer, k, (double)NAN, 1, 9);
    tanlu_figure_interval(figure, inner, k, (double)NAN, 4, 6);
  }
  char *picture = draw(figure);
  assert_int_equal(tanlu_test_count(picture, "<rect "), 3);
  const char *first = strstr(picture, "<rect "), *second = strstr(first + 1, "<rect "),
             *third = strstr(second + 1, "<rect ");
  assert_true(strstr(first, "f-series-6") < second && strstr(second, "f-series-6") < third);
  assert_memory_equal(strstr(third, "class="), "class=\"f-series-0\"", 18);
  assert_true(number_of(second, "x") == number_of(third, "x") && number_of(first, "x") < number_of(second, "x"));
  free(picture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(labels_keep_off_lines),
      cmocka_unit_test(labels_keep_off_names_of_lines),
      cmocka_unit_test(equal_lines_take_turns),
      cmocka_unit_test(keys_of_bands_look_like_bands),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
