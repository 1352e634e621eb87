/* Passes over the vectors of one system, compiled for the vector registers of the processor. No sum depends on their
 * width where its bits reach a result: only largest values, counts and tests for finite numbers are formed. */
#ifndef TANLU_SOLVERS_BLOCK_SCAN_PRIVATE_H
#define TANLU_SOLVERS_BLOCK_SCAN_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  bool (*finite)(const double *x, size_t count, bool *non_negative); /* the latter only where all are finite */
  bool (*non_negative)(const double *x, size_t count);               /* NaN is not */
  /* Number of i for which not d_i w_i less > product_i. */
  double (*exceeded)(size_t n, const double *d, const double *w, const double *product, double less);
  /* r (in: A u, out: b - d u + A u); relative = max|r| / max|b| (max|r| where b = 0); component = max |r| / (|d u| + scale +
   * |b|); NaN where r is not finite. */
  void (*errors)(size_t n, const double *d, const double *b, const double *u, const double *scale, double *r,
                 double *relative, double *component);
} tanlu_block_scans;

const tanlu_block_scans *tanlu_block_scan(void);

#endif
