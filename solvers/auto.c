#include "solvers/block_private.h"
bool tanlu_block_may_choose(size_t n, tanlu_block_method method) {
  return method == TANLU_BLOCK_DIRECT || (method == TANLU_BLOCK_INTERLEAVED && n <= 100) || method == TANLU_BLOCK_BATCHED;
}
tanlu_block_method tanlu_block_choose(size_t n, size_t count, double spread, size_t rows) {
  (void)spread, (void)rows;
  return n <= 100 && count >= 4 ? TANLU_BLOCK_INTERLEAVED : TANLU_BLOCK_DIRECT;
}
