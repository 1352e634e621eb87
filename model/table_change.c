#include "model/table_change.h"

#include <math.h>

tanlu_table_change tanlu_table_change_of(size_t cells, const double *table, const double *reference) {
  tanlu_table_change c = {0};
  double all = 0.0, held = 0.0, off = 0.0, relative = 0.0, counted = 0.0;
  for (size_t k = 0; k < cells; k++) {
    const double size = fabs(reference[k]), difference = fabs(table[k] - reference[k]);
    all += difference;
    c.cells += difference != 0.0;
    if (size == 0.0) continue;
    held += size;
    off += difference;
    relative += difference / size;
    counted += 1.0;
  }
  c.wape = 100.0 * off / held;
  c.stpe = 100.0 * all / held;
  c.mape = 100.0 * relative / counted;
  return c;
}

size_t tanlu_table_change_largest(size_t cells, const double *table, const double *reference, size_t most,
                                  size_t *cell) {
  size_t count = 0;
  for (size_t k = 0; k < cells && most > 0; k++) {
    const double off = fabs(table[k] - reference[k]);
    if (!(off > 0.0)) continue;
    if (count == most && !(off > fabs(table[cell[count - 1]] - reference[cell[count - 1]]))) continue;
    size_t at = count < most ? count++ : most - 1;
    for (; at > 0 && off > fabs(table[cell[at - 1]] - reference[cell[at - 1]]); at--) cell[at] = cell[at - 1];
    cell[at] = k;
  }
  return count;
}
