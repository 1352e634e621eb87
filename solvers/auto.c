/* Which method: a cost model of one call on one core, in microseconds.
 *
 *   direct       2/3 n^3 operations a system at the speed of LAPACK, which reaches half of its limit at n = 350
 *   interleaved  the same at the speed of eight systems side by side, half of the limit at n = 45; whole groups of eight
 *   batched      a fixed part and products of n^2 operations a system, more of them the wider the diagonals spread, and
 *                some for every dense row; whole blocks, so that a call of few systems pays for a full one
 *
 * Measured by bench/bench_solvers on one core of a 4th generation EPYC with AVX-512 (us a system, spread 10 %):
 *   n            42     96    153    300
 *   direct       8.7     48    145    740
 *   interleaved  2.3     17     62    417
 *   batched      0.59   2.0    4.7     17      40 %: a fifth more; six dense rows: a third, at n = 42 as much again
 * Only the ratios matter, and they differ by far more than the model errs. Beyond SPREAD_MAX the fixed point may not
 * contract; LU then is the answer from the start. The series is never the fastest.
 * `lowrank` is not chosen either, as the model does not know how many diagonals change: a caller that knows of at most
 * n / 16 asks for it by name and gains about a third on `batched`. */
#include <math.h>

#include "solvers/block_private.h"

enum { INTERLEAVED_MAX = 400, GROUP = 8 }; /* beyond, a group of matrices no longer fits into the caches */
static const double spread_max = 0.75;

static double factor_cost(double n, double limit, double half) {
  return 2.0 / 3 * n * n * n / (1e3 * limit * n / (n + half)); /* limit in GFLOP/s */
}

static double in_blocks_of(size_t count, size_t width) {
  const size_t blocks = (count + width - 1) / width;
  return (double)(blocks * width);
}

bool tanlu_block_may_choose(size_t n, tanlu_block_method method) {
  switch (method) {
  case TANLU_BLOCK_INTERLEAVED:
    return n <= INTERLEAVED_MAX;
  case TANLU_BLOCK_DIRECT:
  case TANLU_BLOCK_BATCHED:
    return true;
  default:
    return false;
  }
}

tanlu_block_method tanlu_block_choose(size_t n, size_t count, double spread, size_t rows) {
  const double order = (double)n;
  tanlu_block_method best = TANLU_BLOCK_DIRECT;
  double least = (double)count * factor_cost(order, 50, 350);
  if (tanlu_block_may_choose(n, TANLU_BLOCK_INTERLEAVED)) {
    const double cost = in_blocks_of(count, GROUP) * factor_cost(order, 48, 45);
    if (cost < least) best = TANLU_BLOCK_INTERLEAVED, least = cost;
  }
  if (spread <= spread_max && rows <= TANLU_BLOCK_BATCHED_ROWS) {
    const size_t width = tanlu_block_batched.width(&(tanlu_block_options){.n = n, .rows = rows, .threads = 1}, count);
    const double cost = (0.2 + 1.9e-4 * order * order) * (0.95 + 0.5 * spread) * (1 + 0.08 * (double)rows);
    if (in_blocks_of(count, width) * cost < least) best = TANLU_BLOCK_BATCHED;
  }
  return best;
}
