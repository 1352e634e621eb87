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

double tanlu_timeline_value(const tanlu_timeline *timeline, int year) {
  if (timeline->count == 0) return (double)NAN;
  const tanlu_knot *first = timeline->knot, *last = first + timeline->count - 1;
  if (year <= first->year) return first->value;
  if (year >= last->year) return last->value;
  const tanlu_knot *next = first + 1;
  while (next->year <= year) next++; /* the first knot after the year */
  const tanlu_knot *before = next - 1;
  if (year == before->year || next->reached_by == TANLU_STEP) return before->value;
  const double part = (double)(year - before->year) / (double)(next->year - before->year);
  if (next->reached_by == TANLU_GEOMETRIC) return before->value * pow(next->value / before->value, part);
  return before->value + (next->value - before->value) * part;
}

void tanlu_timeline_fill(const tanlu_timeline *timeline, int from, size_t years, double *value, size_t stride) {
  for (size_t k = 0; k < years; k++) value[k * stride] = tanlu_timeline_value(timeline, from + (int)k);
}
