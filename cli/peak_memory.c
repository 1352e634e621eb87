#include <stdio.h>

#include "cli/command.h"

double cli_peak_memory(void) {
  char line[256];
  double kilobytes = 0.0;
  FILE *file = fopen("/proc/self/status", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "VmHWM: %lf kB", &kilobytes) == 1) break;
  }
  if (file != NULL) (void)fclose(file);
  return 1024.0 * kilobytes;
}
