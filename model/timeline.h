/* A timeline: a value by year, from a few knots.
 *
 *   linear      v(t) = v0 + (v1 - v0) (t - t0) / (t1 - t0)
 *   step        v(t) = v0                                   until the next knot
 *   geometric   v(t) = v0 (v1 / v0)^((t - t0) / (t1 - t0))  both values positive
 *
 * between knots (t0, v0) and (t1, v1); constant before the first and after the last. Every knot says how its value is
 * reached from the one before, so that a recorded history and a scenario of another interpolation join in one timeline. */
#ifndef TANLU_MODEL_TIMELINE_H
#define TANLU_MODEL_TIMELINE_H

#include <stddef.h>

#include "solvers/context.h"

typedef enum { TANLU_LINEAR, TANLU_STEP, TANLU_GEOMETRIC, TANLU_INTERPOLATIONS } tanlu_interpolation;

/* "linear", "step", "geometric". */
extern const char *const tanlu_interpolation_word[TANLU_INTERPOLATIONS];

typedef struct {
  int year;
  double value;
  tanlu_interpolation reached_by; /* without meaning for the first knot */
} tanlu_knot;

typedef struct {
  size_t count, capacity;
  tanlu_knot *knot; /* count, in order of years */
} tanlu_timeline;

void tanlu_timeline_clear(tanlu_timeline *timeline);
/* Append a knot. What is wrong with it is returned as a text ready for a message, NULL when nothing is: a year not after
 * the last knot's, a value that is not finite, a geometric segment from or to a value that is not positive. */
const char *tanlu_timeline_add(tanlu_timeline *timeline, int year, double value, tanlu_interpolation reached_by);
/* The value in a year; NaN where there are no knots. */
double tanlu_timeline_value(const tanlu_timeline *timeline, int year);
/* value[k * stride] for the years from .. from + years - 1. */
void tanlu_timeline_fill(const tanlu_timeline *timeline, int from, size_t years, double *value, size_t stride);

#endif
