/* Charts of characters, and what of them a terminal gets.
 *
 * Oracles: layouts worked out by hand from the patterns of Braille (Unicode: dots 1-3, 7 go down the left column as bits 0-2, 6, dots 4-6,
 * 8 down the right one as bits 3-5, 7); a line that is decoded again; the same program with and without a terminal (script). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outputs/table.h"
#include "outputs/text_chart.h"
#include "tests/program_support.h"

/* The chart as text; the caller frees. */
static char *chart(const tanlu_line_chart *lines, const tanlu_text_style *style) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  assert_non_null(stream);
  assert_int_equal(tanlu_line_chart_print(lines, style, stream, NULL), TANLU_OK);
  assert_int_equal(fclose(stream), 0);
  char *copy = strdup(text);
  free(text);
  return copy;
}

/* Two constant lines, at both ends of an axis from 0 to 5 with a step of 1. Twelve rows of four dots: 48, the first and the last are
 * drawn, bits 0 and 3 (U+2809) and bits 6 and 7 (U+28C0). 27 columns: 1 for the labels, 2 for the axis, 4 for the last year, 20 for the
 * canvas. Letters in columns 2 and 6, then every 12. */
static void constant_lines(void **state) {
  (void)state;
  const int year[] = {2020, 2030};
  const double value[] = {5.0, 5.0, 0.0, 0.0};
  const char *const name[] = {"high", "low"};
  const tanlu_line_chart lines = {.unit = "Mt", .series = 2, .points = 2, .x = year, .name = name, .value = value};
  const tanlu_text_style style = {.chart = 27};
  char *text = chart(&lines, &style);
  assert_string_equal(text, "Mt\n"
                            "5 ┤⠉⠉a⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉a⠉⠉⠉⠉⠉\n"
                            "  │\n"
                            "4 ┤\n"
                            "  │\n"
                            "3 ┤\n"
                            "  │\n"
                            "  │\n"
                            "2 ┤\n"
                            "  │\n"
                            "1 ┤\n"
                            "  │\n"
                            "0 ┤⣀⣀⣀⣀⣀⣀b⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀b⣀\n"
                            "  └┬──────────────────┬\n"
                            "   2020               2030\n"
                            "   a high   b low\n");
  free(text);
}

/* Bits of the Braille pattern at p, three bytes of UTF-8; -1 for anything else. */
static int braille(const unsigned char *p) {
  if (p[0] != 0xE2 || (p[1] & 0xFC) != 0xA0) return -1;
  return (p[1] & 0x03) << 6 | (p[2] & 0x3F);
}

/* From 0 up to 10 in 40 columns of dots: no column is empty, and each begins where the one before ended, or above. */
static void a_rising_line_is_unbroken(void **state) {
  static const int left[] = {0, 1, 2, 6}, right[] = {3, 4, 5, 7};
  (void)state;
  const int year[] = {2000, 2001};
  const double value[] = {0.0, 10.0};
  const char *const name[] = {"x"};
  const tanlu_line_chart lines = {.unit = "", .series = 1, .points = 2, .x = year, .name = name, .value = value};
  const tanlu_text_style style = {.chart = 28};
  char *text = chart(&lines, &style);
  int lowest[40], highest[40], row = 0;
  for (int x = 0; x < 40; x++) lowest[x] = -1, highest[x] = 99;
  for (char *line = strchr(text, '\n'); line != NULL && row < 12; line = strchr(line + 1, '\n'), row++) {
    const char *p = line + 1 + 3 + 3; /* the label, a space, the axis */
    for (int x = 0; x < 20 && *p != '\n'; x++) {
      const int bits = braille((const unsigned char *)p);
      const bool letter = *p == 'a';
      for (int dot = 0; dot < 4; dot++) {
        for (int side = 0; side < 2; side++) {
          const int bit = side == 0 ? left[dot] : right[dot], y = 4 * row + dot;
          if (!letter && (bits < 0 || (bits >> bit & 1) == 0)) continue; /* a letter hides its dots */
          if (y > lowest[2 * x + side]) lowest[2 * x + side] = y;
          if (y < highest[2 * x + side]) highest[2 * x + side] = y;
        }
      }
      p += bits >= 0 ? 3 : 1;
    }
  }
  assert_int_equal(lowest[0], 47); /* 0 at the bottom */
  assert_int_equal(highest[39], 0);
  for (int x = 1; x < 40; x++) {
    assert_true(lowest[x] >= 0);
    assert_true(lowest[x] >= highest[x - 1] - 1);
    assert_true(lowest[x] <= lowest[x - 1]);
  }
  free(text);
}

static void gaps_zero_and_wide_names(void **state) {
  (void)state;
  const int year[] = {2020, 2030, 2040, 2050, 2060};
  const double value[] = {10.0, (double)NAN, (double)NAN, -5.0, -10.0};
  const char *const name[] = {"碳达峰"};
  tanlu_line_chart lines = {.unit = "Mt", .series = 1, .points = 5, .x = year, .name = name, .value = value};
  const tanlu_text_style style = {.chart = 60};
  char *text = chart(&lines, &style);
  assert_non_null(strstr(text, "  0 ┤╌╌╌")); /* the axis of zero, all along: the line that would cross it has a gap */
  assert_non_null(strstr(text, "\n     a 碳达峰\n"));
  assert_non_null(strstr(text, " 2040 "));
  free(text);
  lines.points = 1;
  text = chart(&lines, &style);
  assert_string_equal(text, ""); /* one point is no line */
  free(text);
  lines.points = 2;
  lines.value = value + 1;
  text = chart(&lines, &(tanlu_text_style){.chart = 0});
  assert_string_equal(text, "");
  free(text);
}

/* All within a quarter of the largest: the axis need not begin at zero. */
static void axes(void **state) {
  (void)state;
  const int year[] = {2020, 2030};
  const double value[] = {0.1003, 0.1005}, small[] = {0.0, 1.5e-7};
  const char *const name[] = {"x"};
  tanlu_line_chart lines = {.unit = "1", .series = 1, .points = 2, .x = year, .name = name, .value = value};
  const tanlu_text_style style = {.chart = 60, .color = true};
  char *text = chart(&lines, &style);
  assert_non_null(strstr(text, "0.10050 ┤"));
  assert_non_null(strstr(text, "0.10030 ┤"));
  assert_null(strstr(text, "0.00000"));
  assert_non_null(strstr(text, "\033[36ma\033[0m x\n"));
  free(text);
  lines.value = small;
  text = chart(&lines, &style);
  assert_non_null(strstr(text, "0.00000015 ┤"));
  free(text);
}

static void bars_on_both_sides(void **state) {
  (void)state;
  char bar[64];
  assert_string_equal(tanlu_text_bar_between(bar, sizeof bar, 5.0, 0.0, 10.0, 8), "████");
  assert_string_equal(tanlu_text_bar_between(bar, sizeof bar, 10.0, -10.0, 10.0, 8), "    ████");
  assert_string_equal(tanlu_text_bar_between(bar, sizeof bar, 5.0, -10.0, 10.0, 8), "    ██");
  assert_string_equal(tanlu_text_bar_between(bar, sizeof bar, -10.0, -10.0, 10.0, 8), "████");
  assert_string_equal(tanlu_text_bar_between(bar, sizeof bar, -5.0, -10.0, 10.0, 8), "  ██");
  assert_string_equal(tanlu_text_bar_between(bar, sizeof bar, -6.25, -10.0, 10.0, 8), " ▐██"); /* 2.5 of 4 */
  assert_string_equal(tanlu_text_bar_between(bar, sizeof bar, -3.0, -3.0, 0.0, 4), "████");
  assert_string_equal(tanlu_text_bar_between(bar, sizeof bar, 0.0, -10.0, 10.0, 8), "");
  assert_string_equal(tanlu_text_bar_between(bar, sizeof bar, (double)NAN, -10.0, 10.0, 8), "");
}

/* Colours take no room, and a table with them has the columns of the same without. */
static void colours_take_no_room(void **state) {
  (void)state;
  const tanlu_text_style style = {.color = true}, plain = {.color = false};
  char cell[64];
  assert_string_equal(tanlu_ink_begin(&plain, TANLU_INK_GOOD), "");
  assert_string_equal(tanlu_ink_begin(NULL, TANLU_INK_GOOD), "");
  assert_string_equal(tanlu_ink_end(NULL), "");
  (void)snprintf(cell, sizeof cell, "%s钢铁%s", tanlu_ink_begin(&style, TANLU_INK_BAD), tanlu_ink_end(&style));
  assert_string_equal(cell, "\033[31m钢铁\033[0m");
  assert_int_equal(tanlu_text_width(cell), 4);
  assert_int_equal(tanlu_text_width("\033[1;31mab"), 2);
  assert_int_equal(tanlu_text_width("\033[31"), 3); /* no colour: it does not end */
  tanlu_table *table = tanlu_table_create(NULL);
  tanlu_table_column(table, "sector", TANLU_LEFT);
  tanlu_table_column(table, "Mt", TANLU_RIGHT);
  tanlu_table_text(table, cell);
  tanlu_table_number(table, 1.0, 0);
  assert_int_equal(tanlu_table_width(table), 6 + 2 + 2);
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  assert_int_equal(tanlu_table_print(table, stream, NULL), TANLU_OK);
  assert_int_equal(fclose(stream), 0);
  assert_string_equal(text, "sector  Mt\n"
                            "----------\n"
                            "\033[31m钢铁\033[0m     1\n");
  free(text);
  tanlu_table_free(&table);
}

/* ---- the program ------------------------------------------------------------------------------------------------------------ */

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  tanlu_test_place *f = *state;
  tanlu(&f->run, f->directory, "run", "--quiet", "-o", "out.h5", "probe.yaml");
  return f->run.status;
}

/* `command` (after the program's name) on a terminal of so many columns; skips where there is no script(1). */
static void on_terminal(tanlu_test_place *f, const char *environment, int columns, const char *command) {
  char line[2 * TANLU_TEST_PATH];
  snprintf(line, sizeof line, "stty cols %d; env -u NO_COLOR TERM=xterm %s %s %s", columns, environment,
           tanlu_test_program(), command);
  tanlu_test_execute(&f->other, f->directory, "/bin/sh", (const char *const[]){"-c", "command -v script", NULL});
  if (f->other.status != 0) skip();
  tanlu_test_execute(&f->run, f->directory, "/usr/bin/env",
                     (const char *const[]){"script", "-qec", line, "/dev/null", NULL});
  expect_status(&f->run, 0);
}

static void without_a_terminal_there_is_plain_text(void **state) {
  tanlu_test_place *f = *state;
  tanlu(&f->run, f->directory, "show", "out.h5", "co2_net");
  expect_not_out(&f->run, "\033");
  expect_not_out(&f->run, "┤");
  char *plain = strdup(f->run.out);
  tanlu(&f->run, f->directory, "show", "--no-chart", "--color=never", "out.h5", "co2_net");
  assert_string_equal(f->run.out, plain);
  free(plain);
  tanlu(&f->run, f->directory, "show", "--chart", "out.h5", "co2_net");
  expect_not_out(&f->run, "\033");
  expect_out(&f->run, "┤");
  expect_out(&f->run, "a probe\n");
  tanlu(&f->run, f->directory, "show", "--chart", "--color=always", "out.h5", "co2_net");
  expect_out(&f->run, "\033[36ma\033[0m probe\n");
  tanlu(&f->run, f->directory, "show", "--chart", "out.h5", "generation");
  expect_out(&f->run, "in 2030\n");
  expect_out(&f->run, "█");
  tanlu(&f->run, f->directory, "show", "--color=always", "--csv", "out.h5", "co2_net");
  expect_not_out(&f->run, "\033");
  tanlu(&f->run, f->directory, "goals", "out.h5");
  expect_not_out(&f->run, "\033");
}

static void a_terminal_has_charts_and_colours(void **state) {
  tanlu_test_place *f = *state;
  on_terminal(f, "", 100, "show out.h5 co2_net");
  expect_out(&f->run, "\033[36ma\033[0m probe");
  expect_out(&f->run, "┤");
  on_terminal(f, "", 59, "show out.h5 co2_net"); /* too narrow by default */
  expect_not_out(&f->run, "┤");
  on_terminal(f, "", 100, "show --no-chart out.h5 co2_net");
  expect_not_out(&f->run, "┤");
  on_terminal(f, "NO_COLOR=1", 100, "show out.h5 co2_net");
  expect_out(&f->run, "┤");
  expect_not_out(&f->run, "\033");
  on_terminal(f, "NO_COLOR=", 100, "show out.h5 co2_net"); /* empty: not set */
  expect_out(&f->run, "\033");
  on_terminal(f, "TERM=dumb", 100, "show out.h5 co2_net");
  expect_not_out(&f->run, "\033");
  on_terminal(f, "NO_COLOR=1", 100, "show --color=always out.h5 co2_net"); /* asked for */
  expect_out(&f->run, "\033");
  on_terminal(f, "", 100, "show --csv out.h5 co2_net");
  expect_not_out(&f->run, "\033");
  on_terminal(f, "", 100, "run -q -f -o again.h5 probe.yaml");
  assert_string_equal(f->run.out, "");
  on_terminal(f, "", 100, "run -f -o again.h5 probe.yaml");
  expect_out(&f->run, "co2_net, Mt");
  expect_out(&f->run, "┤");
}

/* No line is wider than the terminal, from the width at which there are charts. */
static void everything_fits_the_terminal(void **state) {
  tanlu_test_place *f = *state;
  static const char *const command[] = {"show out.h5 co2_net", "show out.h5 generation", "show out.h5 final_energy"};
  static const int columns[] = {60, 80, 119};
  for (size_t i = 0; i < sizeof command / sizeof *command; i++) {
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
      on_terminal(f, "", columns[k], command[i]);
      const char *line = strstr(f->run.out, "\n\r\n"); /* after the definition, which is as long as it is */
      if (line == NULL) line = strstr(f->run.out, "\r\n\r\n");
      assert_non_null(line);
      for (line += strspn(line, "\r\n"); *line != '\0'; line += strspn(line, "\r\n")) {
        char *own = strndup(line, strcspn(line, "\r\n"));
        if (tanlu_text_width(own) > (size_t)columns[k]) fail_msg("%d columns: %s", columns[k], own);
        line += strlen(own);
        free(own);
      }
    }
  }
}

static void wrong_usage(void **state) {
  tanlu_test_place *f = *state;
  tanlu(&f->run, f->directory, "show", "--color=blue", "out.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--color 'blue': expected auto, always or never");
  tanlu(&f->run, f->directory, "show", "--chart", "--no-chart", "out.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--chart and --no-chart exclude each other");
  tanlu(&f->run, f->directory, "show", "--chart", "--csv", "out.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--chart does not go with --csv");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(constant_lines),
      cmocka_unit_test(a_rising_line_is_unbroken),
      cmocka_unit_test(gaps_zero_and_wide_names),
      cmocka_unit_test(axes),
      cmocka_unit_test(bars_on_both_sides),
      cmocka_unit_test(colours_take_no_room),
      cmocka_unit_test(without_a_terminal_there_is_plain_text),
      cmocka_unit_test(a_terminal_has_charts_and_colours),
      cmocka_unit_test(everything_fits_the_terminal),
      cmocka_unit_test(wrong_usage),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
