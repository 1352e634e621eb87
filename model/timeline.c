#include "model/timeline.h"

#include <math.h>
#include <stdlib.h>

const char *const tanlu_interpolation_word[TANLU_INTERPOLATIONS] = {"linear", "step", "geometric"};

void tanlu_timeline_clear(tanlu_timeline *timeline) {
  free(timeline->knot);
  *timeline = (tanlu_timeline){0};
}

const char *tanlu_timeline_add(tanlu_timeline *timeline, int year, double value, tanlu_interpolation reached_by) {
  if (!isfinite(value)) return "the value is not finite";
  if (timeline->count > 0) {
    const tanlu_knot *last = &timeline->knot[timeline->count - 1];
    if (year == last->year) return "two knots for the same year";
    if (year < last->year) return "the knots are not in the order of their years";
    if (reached_by == TANLU_GEOMETRIC && !(value > 0.0 && last->value > 0.0)) {
      return "geometric interpolation needs positive values at both ends";
    }
  }
  if (timeline->count == timeline->capacity) {
    const size_t capacity = timeline->capacity ? 2 * timeline->capacity : 8;
    tanlu_knot *larger = realloc(timeline->knot, capacity * sizeof *larger);
    if (!larger) return "out of memory for the knots";
    timeline->knot = larger;
    timeline->capacity = capacity;
  }
  timeline->knot[timeline->count++] = (tanlu_knot){year, value, reached_by};
  return NULL;
}

/* Between two knots: before->year <= year < next->year. */
static double value_between(const tanlu_knot *before, const tanlu_knot *next, int year) {
  if (year == before->year || next->reached_by == TANLU_STEP) return before->value;
  const double part = (double)(year - before->year) / (double)(next->year - before->year);
  if (next->reached_by == TANLU_GEOMETRIC) return before->value * pow(next->value / before->value, part);
  return before->value + (next->value - before->value) * part;
}

double tanlu_timeline_value(const tanlu_timeline *timeline, int year) {
  double value;
  tanlu_timeline_fill(timeline, year, 1, &value, 1);
  return value;
}

void tanlu_timeline_fill(const tanlu_timeline *timeline, int from, size_t years, double *value, size_t stride) {
  size_t next = 0; /* the first knot after the year */
  for (size_t k = 0; k < years; k++) {
    const int year = from + (int)k;
    while (next < timeline->count && timeline->knot[next].year <= year) next++;
    if (timeline->count == 0) {
      value[k * stride] = (double)NAN;
    } else if (next == 0) {
      value[k * stride] = timeline->knot[0].value;
    } else if (next == timeline->count) {
      value[k * stride] = timeline->knot[next - 1].value;
    } else {
      value[k * stride] = value_between(&timeline->knot[next - 1], &timeline->knot[next], year);
    }
  }
}
