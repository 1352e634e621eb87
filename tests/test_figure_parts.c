/* What figures are drawn with: ticks, numbers, wrapped text, labels that are pushed apart, colours.
 *
 * Oracles: ticks, numbers and lines written out by hand; the conditions of Karush, Kuhn and Tucker for labels; colours as people with
 * red-green blindness see them, by the matrices of Machado, Oliveira and Fernandes (2009, table 1, severity 1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"

#define GAP ((double)NAN)
#define ENDLESS ((double)INFINITY)

/* ---- ticks and numbers --------------------------------------------------------------------------------------------------------- */

static void ticks_by_hand(void **state) {
  (void)state;
  static const struct {
    double low, high;
    size_t most;
    bool years;
    double step;
    const char *labels; /* separated by | */
  } wanted[] = {
      {0, 100, 6, false, 20, "0|20|40|60|80|100"},
      {0, 100, 5, false, 50, "0|50|100"},
      {-3, 7, 6, false, 2, "−2|0|2|4|6"},
      {0, 1, 6, false, 0.2, "0.0|0.2|0.4|0.6|0.8|1.0"},
      {0, 12345, 4, false, 5000,
       "0|5\xE2\x80\x89"
       "000|10\xE2\x80\x89"
       "000"},
      {2020, 2060, 5, true, 10, "2020|2030|2040|2050|2060"},
      {2020, 2060, 4, true, 20, "2020|2040|2060"},
      {2020, 2022, 8, true, 1, "2020|2021|2022"}, /* no half years */
      {0, 3e9, 4, false, 1e9, "0|1×10⁹|2×10⁹|3×10⁹"},
      {0, 2e-5, 3, false, 1e-5, "0|1×10⁻⁵|2×10⁻⁵"},
      {0.101, 0.109, 5, false, 0.002, "0.102|0.104|0.106|0.108"},
      {-1.7e300, 1.7e300, 5, false, 1e300, "−1×10³⁰⁰|0|1×10³⁰⁰"},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    const tanlu_ticks ticks = tanlu_ticks_make(wanted[i].low, wanted[i].high, wanted[i].most, wanted[i].years);
    assert_true(fabs(ticks.step / wanted[i].step - 1.0) < 1e-12);
    char all[512] = "", text[TANLU_NUMBER_SIZE];
    for (size_t k = 0; k < ticks.count; k++) {
      if (k > 0) strcat(all, "|");
      strcat(all, tanlu_tick_text(&ticks, tanlu_tick(&ticks, k), text));
    }
    assert_string_equal(all, wanted[i].labels);
  }
}

/* Every step is 1, 2 or 5 times a power of ten, no more ticks than asked for, and the next finer step would give more. */
static void ticks_are_the_finest_that_fit(void **state) {
  (void)state;
  for (int i = 0; i < 2000; i++) {
    const double low = 37.0 * sin(i) * pow(10.0, (double)(i % 9) - 4.0);
    const double high = low + (1.0 + 0.5 * cos(3.0 * i)) * pow(10.0, (double)(i % 7) - 3.0);
    const size_t most = (size_t)(2 + i % 9);
    const tanlu_ticks ticks = tanlu_ticks_make(low, high, most, false);
    assert_true(ticks.count <= most);
    const double mantissa = ticks.step / pow(10.0, floor(log10(ticks.step) + 1e-9));
    const bool one = fabs(mantissa - 1.0) < 1e-9, two = fabs(mantissa - 2.0) < 1e-9, five = fabs(mantissa - 5.0) < 1e-9;
    assert_true(one || two || five);
    const double smaller = ticks.step * (five ? 0.4 : 0.5);
    const double count = floor(high / smaller + 1e-9) - ceil(low / smaller - 1e-9) + 1.0;
    assert_true(count > (double)most);
    if (ticks.count > 0) {
      assert_true(tanlu_tick(&ticks, 0) >= low - 1e-6 * ticks.step);
      assert_true(tanlu_tick(&ticks, ticks.count - 1) <= high + 1e-6 * ticks.step);
    }
  }
}

static void numbers_by_hand(void **state) {
  (void)state;
  static const struct {
    double value;
    int digits;
    const char *text;
  } wanted[] = {{0, 3, "0"},
                {-0.0, 3, "0"},
                {1, 3, "1.00"},
                {-2.5, 2, "−2.5"},
                {10433, 3,
                 "10\xE2\x80\x89"
                 "433"},
                {0.51, 2, "0.51"},
                {999.9, 3,
                 "1\xE2\x80\x89"
                 "000"},
                {2.4e9, 2, "2.4×10⁹"},
                {-3e-7, 1, "−3×10⁻⁷"},
                {GAP, 3, "–"},
                {ENDLESS, 3, "∞"},
                {1234567, 3,
                 "1\xE2\x80\x89"
                 "234\xE2\x80\x89"
                 "567"}};
  char text[TANLU_NUMBER_SIZE];
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    assert_string_equal(tanlu_number_text(wanted[i].value, wanted[i].digits, text), wanted[i].text);
  }
}

static void coordinates_are_short(void **state) {
  (void)state;
  static const double value[] = {0.0, -0.001, 1.0, 12.3, 12.345, -7.125, 99.999, 1e9, GAP};
  static const char wanted[] = "0 0 1 12.3 12.35 -7.13 100 1000000 0 ";
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
    tanlu_svg_number(stream, value[i]);
    (void)fputc(' ', stream);
  }
  fclose(stream);
  assert_string_equal(text, wanted);
  free(text);
}

/* ---- text ------------------------------------------------------------------------------------------------------------------------- */

/* 0.56 of the size a column: 10 columns of size 10 are 56 units. */
static void text_wraps(void **state) {
  (void)state;
  double widest = 0.0;
  assert_int_equal(tanlu_text_lines("one two three", 10.0, 56.0, &widest), 2); /* "one two" + "three" */
  assert_true(fabs(widest - 7.0 * 5.6) < 1e-9);
  assert_int_equal(tanlu_text_lines("one two three", 10.0, 13.0 * 5.6, NULL), 1);
  assert_int_equal(tanlu_text_lines("", 10.0, 56.0, NULL), 0);
  assert_int_equal(tanlu_text_lines("abcdefghijklmno", 10.0, 56.0, &widest), 2); /* a word too wide is broken */
  assert_true(fabs(widest - 56.0) < 1e-9);
  assert_int_equal(tanlu_text_lines("国家统计局能源", 10.0, 56.0, &widest), 2); /* 7 of 2 columns: 5 + 2 */
  assert_true(fabs(widest - 56.0) < 1e-9);
  assert_int_equal(tanlu_text_lines("国家统计局。", 10.0, 56.0, &widest),
                   2); /* the full stop takes a character along */
  assert_true(fabs(widest - 4.0 * 2.0 * 5.6) < 1e-9);
  assert_int_equal(tanlu_text_lines("a\nb", 10.0, 560.0, NULL), 2);
  assert_true(fabs(tanlu_text_longest_word("one three 统计", 10.0) - 5.0 * 5.6) < 1e-9);
  assert_true(fabs(tanlu_text_longest_word("统计", 10.0) - 2.0 * 5.6) < 1e-9);
}

/* ---- labels that are pushed apart --------------------------------------------------------------------------------------------------- */

static void spread_by_hand(void **state) {
  (void)state;
  static const double wanted[] = {10, 12, 50}, height[] = {10, 10, 10};
  double centre[3];
  assert_true(tanlu_labels_spread(3, wanted, height, 0, 100, centre));
  static const double expected[] = {6, 16, 50}; /* two that touch keep their mean 11 */
  for (size_t i = 0; i < 3; i++) assert_true(fabs(centre[i] - expected[i]) < 1e-12);
  assert_true(tanlu_labels_spread(3, wanted, height, 5, 100, centre)); /* pushed down by the end */
  static const double pushed[] = {10, 20, 50};
  for (size_t i = 0; i < 3; i++) assert_true(fabs(centre[i] - pushed[i]) < 1e-12);
  assert_false(tanlu_labels_spread(3, wanted, height, 0, 29, centre));
  assert_true(tanlu_labels_spread(0, wanted, height, 0, 1, centre));
}

/* Minimum of sum (c - w)^2 with c_i+1 - c_i >= (h_i + h_i+1) / 2 where the ends do not bind: in each run of touching labels the
 * displacements sum to zero, and those of its first members are not positive (they push upwards). */
static void spread_is_the_least(void **state) {
  (void)state;
  enum { COUNT = 12 };
  for (int trial = 0; trial < 300; trial++) {
    double wanted[COUNT], height[COUNT], centre[COUNT];
    for (int i = 0; i < COUNT; i++) {
      wanted[i] = (i > 0 ? wanted[i - 1] : 500.0) + 14.0 * fabs(sin(1.7 * i + trial));
      height[i] = 10.0 + 6.0 * fabs(cos(0.9 * i * trial));
      if (trial % 3 == 0 && i % 4 == 1) wanted[i] = wanted[i - 1]; /* equal ones */
    }
    assert_true(tanlu_labels_spread(COUNT, wanted, height, 0, 2000, centre));
    double run = 0.0;
    for (int i = 0; i < COUNT; i++) {
      const double gap = i > 0 ? centre[i] - centre[i - 1] - 0.5 * (height[i] + height[i - 1]) : 1.0;
      assert_true(gap > -1e-9);
      if (gap > 1e-9) { /* the run before has ended */
        assert_true(fabs(run) < 1e-8);
        run = 0.0;
      }
      run += centre[i] - wanted[i];
      assert_true(run < 1e-8);
    }
    assert_true(fabs(run) < 1e-8);
  }
}

/* ---- colours ----------------------------------------------------------------------------------------------------------------------- */

typedef struct {
  double r, g, b;
} colour; /* linear */

static double linear(unsigned long byte) {
  const double c = (double)byte / 255.0; /* IEC 61966-2-1 */
  return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static colour colour_of(int role) {
  const char *text = tanlu_paint_colour(role);
  assert_int_equal(*text, '#');
  const unsigned long code = strtoul(text + 1, NULL, 16);
  return (colour){linear(code >> 16), linear(code >> 8 & 0xFF), linear(code & 0xFF)};
}

enum { NORMAL, PROTANOPIA, DEUTERANOPIA, EYES };
static const double seen[EYES][9] = {
    {1, 0, 0, 0, 1, 0, 0, 0, 1},
    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
    {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
};

static double cut(double value) {
  return fmin(fmax(value, 0.0), 1.0);
}

static double lightness_of(double t) {
  return t > 216.0 / 24389.0 ? cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
}

/* CIE 1976 L*a*b* under D65. */
static void to_lab(colour c, int eye, double lab[3]) {
  const double *m = seen[eye];
  const double r = cut(m[0] * c.r + m[1] * c.g + m[2] * c.b), g = cut(m[3] * c.r + m[4] * c.g + m[5] * c.b),
               b = cut(m[6] * c.r + m[7] * c.g + m[8] * c.b);
  const double x = lightness_of((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const double y = lightness_of(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const double z = lightness_of((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  lab[0] = 116.0 * y - 16.0;
  lab[1] = 500.0 * (x - y);
  lab[2] = 200.0 * (y - z);
}

static double difference(int one, int other, int eye) {
  double a[3], b[3];
  to_lab(colour_of(one), eye, a);
  to_lab(colour_of(other), eye, b);
  return sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) + pow(a[2] - b[2], 2));
}

static double contrast_with_white(int role) { /* WCAG 2 */
  const colour c = colour_of(role);
  return 1.05 / (0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b + 0.05);
}

static void expect_apart(int one, int other, double least) {
  for (int eye = 0; eye < EYES; eye++) {
    const double apart = difference(one, other, eye);
    if (apart < least) {
      fail_msg("%s and %s differ by %.1f only, eye %d", tanlu_paint_word(one), tanlu_paint_word(other), apart, eye);
    }
  }
}

/* 2.3 is a just noticeable difference (Mahy et al. 1994). */
static void colours_differ(void **state) {
  (void)state;
  static const int carrier[] = {TANLU_ROLE_COAL,  TANLU_ROLE_OIL,      TANLU_ROLE_GAS,         TANLU_ROLE_NUCLEAR,
                                TANLU_ROLE_HYDRO, TANLU_ROLE_WIND,     TANLU_ROLE_SOLAR,       TANLU_ROLE_BIOMASS,
                                TANLU_ROLE_HEAT,  TANLU_ROLE_HYDROGEN, TANLU_ROLE_ELECTRICITY, TANLU_ROLE_REST};
  const size_t carriers = sizeof carrier / sizeof *carrier;
  for (size_t i = 0; i < carriers; i++) {
    for (size_t k = 0; k < i; k++) expect_apart(carrier[i], carrier[k], 20.0);
    assert_true(contrast_with_white(carrier[i]) > 1.75);
  }
  for (int i = 0; i < 8; i++) {
    for (int k = 0; k < i; k++) expect_apart(TANLU_ROLE_SERIES + i, TANLU_ROLE_SERIES + k, 17.0);
    assert_true(contrast_with_white(TANLU_ROLE_SERIES + i) > 2.2);
  }
  expect_apart(TANLU_ROLE_GOOD, TANLU_ROLE_BAD, 35.0);
  assert_string_equal(tanlu_paint_colour(TANLU_ROLE_SERIES + 8), tanlu_paint_colour(TANLU_ROLE_SERIES));
  assert_string_equal(tanlu_paint_word(TANLU_ROLE_CAPTURE), "capture");
  assert_string_equal(tanlu_paint_word(TANLU_ROLE_BACK), "back");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ticks_by_hand),       cmocka_unit_test(ticks_are_the_finest_that_fit),
      cmocka_unit_test(numbers_by_hand),     cmocka_unit_test(coordinates_are_short),
      cmocka_unit_test(text_wraps),          cmocka_unit_test(spread_by_hand),
      cmocka_unit_test(spread_is_the_least), cmocka_unit_test(colours_differ),
  };
  return cmocka_run_group_tests_name("figure parts", tests, NULL, NULL);
}
