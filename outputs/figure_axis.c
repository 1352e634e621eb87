/* Scales, ticks and numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"

double tanlu_scale_at(const tanlu_scale *scale, double value) {
  if (isnan(value)) return (double)NAN;
  const double span = 0.5 * scale->high - 0.5 * scale->low; /* halves: no overflow between huge ends */
  const double share = span > 0.0 ? (0.5 * value - 0.5 * scale->low) / span : 0.5;
  return scale->from + share * (scale->to - scale->from);
}

/* ---- ticks ------------------------------------------------------------------------------------------------------------------ */

/* How many multiples of step lie within low .. high, a hair outside included. */
static size_t multiples(double low, double high, double step) {
  const double first = ceil(low / step - 1e-9), last = floor(high / step + 1e-9);
  return last >= first ? (size_t)fmin(last - first + 1.0, 1e6) : 0;
}

tanlu_ticks tanlu_ticks_make(double low, double high, size_t most, bool years) {
  static const double nice[] = {1.0, 2.0, 5.0};
  const double span = high / 2.0 - low / 2.0;
  tanlu_ticks ticks = {.step = 1.0, .plain = years};
  if (!(span > 0.0)) {
    ticks.first = low;
    ticks.count = 1;
    return ticks;
  }
  int power = (int)floor(log10(2.0 / (double)(most > 1 ? most : 1)) + log10(span)) - 1;
  if (years && power < 0) power = 0;
  for (size_t k = 0;; k++) {
    const int decade = power + (int)(k / 3);
    ticks.step = nice[k % 3] * pow(10.0, (double)decade);
    ticks.decimals = decade < 0 ? -decade : 0;
    if (multiples(low, high, ticks.step) <= (most > 1 ? most : 1)) break;
  }
  ticks.count = multiples(low, high, ticks.step);
  ticks.first = ceil(low / ticks.step - 1e-9) * ticks.step;
  const double largest = fmax(fabs(low), fabs(high));
  if (!years && (largest >= 1e7 || largest < 1e-3)) {
    ticks.exponent = (int)floor(log10(largest) + 1e-9);
    const int finest = ticks.exponent - (int)floor(log10(ticks.step) + 1e-9);
    ticks.decimals = finest > 0 ? (finest < 17 ? finest : 17) : 0;
  }
  return ticks;
}

double tanlu_tick(const tanlu_ticks *ticks, size_t i) {
  const double number = round(ticks->first / ticks->step) + (double)i; /* no sum of roundings: 0 is 0 */
  return ticks->count > 1 || ticks->step != 1.0 ? number * ticks->step : ticks->first;
}

/* ---- numbers ---------------------------------------------------------------------------------------------------------------- */

static const char minus[] = "−", thin_space[] = "\xE2\x80\x89";

static void append(char *text, const char *more) {
  const size_t used = strlen(text), room = TANLU_NUMBER_SIZE - 1 - used, size = strlen(more);
  memcpy(text + used, more, size < room ? size + 1 : 0);
}

/* x 10^exponent in raised digits. */
static void append_power(char *text, int exponent) {
  static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  char digits[16];
  (void)snprintf(digits, sizeof digits, "%d", abs(exponent));
  append(text, "×10");
  if (exponent < 0) append(text, "⁻");
  for (const char *p = digits; *p != '\0'; p++) append(text, raised[*p - '0']);
}

/* Below 1e15 in magnitude. Digits by hand, for no locale may change them. */
static void append_plain(char *text, double value, int decimals, bool spaced) {
  char digits[32];
  const int places = decimals > 9 ? 9 : decimals;
  const double power = pow(10.0, (double)places);
  double whole = floor(fabs(value)), rest = round((fabs(value) - whole) * power);
  if (rest >= power) {
    whole += 1.0;
    rest = 0.0;
  }
  if (value < 0.0 && (whole > 0.0 || rest > 0.0)) append(text, minus);
  (void)snprintf(digits, sizeof digits, "%.0f", whole);
  const size_t length = strlen(digits);
  for (size_t i = 0; i < length; i++) {
    if (spaced && i > 0 && (length - i) % 3 == 0) append(text, thin_space);
    append(text, (char[]){digits[i], '\0'});
  }
  if (places == 0) return;
  (void)snprintf(digits, sizeof digits, ".%0*.0f", places, rest);
  append(text, digits);
}

/* value / 10^power, also where that power is none of the numbers there are. */
static double mantissa(double value, int power) {
  return power < -300 ? value * 1e300 / pow(10.0, (double)(power + 300)) : value / pow(10.0, (double)power);
}

const char *tanlu_tick_text(const tanlu_ticks *ticks, double value, char text[TANLU_NUMBER_SIZE]) {
  *text = '\0';
  if (ticks->exponent == 0) {
    append_plain(text, value, ticks->decimals, !ticks->plain);
  } else if (!(fabs(value) > 0.0)) {
    append(text, "0");
  } else {
    append_plain(text, mantissa(value, ticks->exponent), ticks->decimals, true);
    append_power(text, ticks->exponent);
  }
  return text;
}

double tanlu_ticks_extent(const tanlu_ticks *ticks, double size) {
  double widest = 0.0;
  char text[TANLU_NUMBER_SIZE];
  for (size_t i = 0; i < ticks->count; i++) {
    widest = fmax(widest, tanlu_text_extent(tanlu_tick_text(ticks, tanlu_tick(ticks, i), text), size));
  }
  return widest;
}

const char *tanlu_number_text(double value, int digits, char text[TANLU_NUMBER_SIZE]) {
  const double magnitude = fabs(value);
  *text = '\0';
  if (isnan(value)) {
    append(text, "–");
  } else if (isinf(value)) {
    append(text, value < 0.0 ? "−∞" : "∞");
  } else if (!(magnitude > 0.0)) {
    append(text, "0");
  } else {
    const int power = (int)floor(log10(magnitude)), wanted = digits > 0 ? digits : 1;
    if (power >= 7 || power < -4) {
      append_plain(text, mantissa(value, power), wanted - 1, true);
      append_power(text, power);
    } else {
      append_plain(text, value, power + 1 < wanted ? wanted - 1 - power : 0, true);
    }
  }
  return text;
}

/* ---- extents ---------------------------------------------------------------------------------------------------------------- */

tanlu_extent tanlu_extent_open(tanlu_extent extent) {
  if (extent.low > extent.high) return (tanlu_extent){0.0, 1.0};
  const double middle = 0.5 * extent.low + 0.5 * extent.high;
  const double span = extent.high / 2.0 - extent.low / 2.0;
  if (span > 1e-9 * fabs(middle)) return extent;
  const double room = fabs(middle) > 2.0   ? fmax(1.0, 1e-3 * fabs(middle))
                      : fabs(middle) > 0.0 ? 0.5 * fabs(middle)
                                           : 1.0;
  return (tanlu_extent){middle - room, middle + room};
}

tanlu_extent tanlu_extent_nice(tanlu_extent extent, const tanlu_figure *figure, size_t most, tanlu_ticks *ticks) {
  const bool from_zero =
      figure->chart == TANLU_CHART_AREAS || figure->chart == TANLU_CHART_STACKED || figure->chart == TANLU_CHART_BARS;
  if (!figure->free_zero || from_zero) tanlu_extent_add(&extent, 0.0);
  tanlu_extent_add(&extent, figure->y_low);
  tanlu_extent_add(&extent, figure->y_high);
  if (!(extent.low < extent.high) && !(fabs(extent.low) > 0.0)) extent = (tanlu_extent){0.0, 1.0};
  extent = tanlu_extent_open(extent);
  *ticks = tanlu_ticks_make(extent.low, extent.high, most, tanlu_figure_counts_years(figure));
  const double half = 0.5 * ticks->step; /* whole steps would leave up to a whole one empty */
  const double low = floor(extent.low / half + 1e-9) * half, high = ceil(extent.high / half - 1e-9) * half;
  extent = (tanlu_extent){fmin(low, extent.low), fmax(high, extent.high)};
  const double first = ceil(extent.low / ticks->step - 1e-9), last = floor(extent.high / ticks->step + 1e-9);
  ticks->first = first * ticks->step;
  ticks->count = (size_t)(last - first) + 1;
  return extent;
}
