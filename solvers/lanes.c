#include "solvers/lanes.h"

#include <stdarg.h>
#include <stdio.h>

void tanlu_lane_fail(tanlu_lane_report *report, size_t lane, const char *format, ...) {
  if (!report->failed[lane] && lane == 0 && report->context != NULL) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    (void)tanlu_fail(report->context, TANLU_ERR_MODEL, "%s", text);
  }
  report->failed[lane] = true;
}
