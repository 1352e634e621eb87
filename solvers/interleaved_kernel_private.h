/* The kernel of interleaved.c, once for each instruction set: included with these macros set, without a guard.
 *   KERNEL(name)  the name with the set's suffix
 *   TARGET        function attribute of the set
 *   LANES         systems side by side; COLUMNS: columns of a tile, such that 4 x COLUMNS sums stay in registers
 *   FNMADD(c, a, b)  c - a b
 *
 * M is (4 blocks) x (4 blocks + 1) lanes, column by column, its last column the right-hand side. Tiles of 4 x 4: every tile
 * takes all products of earlier columns at once (left-looking), so each is written once. */

typedef double KERNEL(lanes) __attribute__((vector_size(LANES * 8)));
typedef long long KERNEL(mask) __attribute__((vector_size(LANES * 8)));

/* tile (4 rows at `row`, COLUMNS columns at `column`) -= M(rows, 0 .. depth) M(0 .. depth, columns) */
TARGET static inline __attribute__((always_inline)) void KERNEL(accumulate)(KERNEL(lanes) * m, size_t order, size_t row,
                                                                            size_t column, size_t columns,
                                                                            size_t depth) {
  KERNEL(lanes) sum[4][COLUMNS];
  UNROLL for (size_t j = 0; j < columns; j++) UNROLL for (size_t i = 0; i < 4; i++) sum[i][j] =
      m[(column + j) * order + row + i];
  for (size_t p = 0; p < depth; p++) {
    const KERNEL(lanes) *left = m + p * order + row;
    UNROLL for (size_t j = 0; j < columns; j++) {
      const KERNEL(lanes) right = m[(column + j) * order + p];
      UNROLL for (size_t i = 0; i < 4; i++) sum[i][j] = FNMADD(sum[i][j], left[i], right);
    }
  }
  UNROLL for (size_t j = 0; j < columns; j++) UNROLL for (size_t i = 0; i < 4; i++) m[(column + j) * order + row + i] =
      sum[i][j];
}

TARGET static void KERNEL(accumulate_tile)(KERNEL(lanes) * m, size_t order, size_t row, size_t column, size_t depth) {
  for (size_t j = 0; j < 4; j += COLUMNS) KERNEL(accumulate)(m, order, row, column + j, COLUMNS, depth);
}

/* Rows k .. k + 3 of column j: forward substitution with the unit lower triangle at k. */
TARGET static void KERNEL(forward)(KERNEL(lanes) * m, size_t order, size_t k, size_t j) {
  KERNEL(lanes) *x = m + j * order + k;
  for (size_t q = 0; q < 3; q++)
    for (size_t i = q + 1; i < 4; i++) x[i] = FNMADD(x[i], m[(k + q) * order + k + i], x[q]);
}

/* Factors M = L U in place, L with a unit diagonal, the diagonal of U replaced by its reciprocals; the last column becomes
 * the solution. Returns lanes of -1 where all pivots were positive, else 0. */
TARGET static void KERNEL(factor)(KERNEL(lanes) * m, size_t order, KERNEL(mask) * good) {
  const KERNEL(lanes) zero = {0}, one = zero + 1;
  KERNEL(mask) positive = zero == zero;
  for (size_t k = 0; k < order; k += 4) {
    KERNEL(accumulate_tile)(m, order, k, k, k);
    for (size_t q = 0; q < 4; q++) { /* the tile on the diagonal */
      KERNEL(lanes) *pivot = m + (k + q) * order + k;
      positive &= pivot[q] > zero;
      pivot[q] = one / pivot[q];
      for (size_t i = q + 1; i < 4; i++) pivot[i] *= pivot[q];
      for (size_t j = q + 1; j < 4; j++) {
        KERNEL(lanes) *column = m + (k + j) * order + k;
        for (size_t i = q + 1; i < 4; i++) column[i] = FNMADD(column[i], pivot[i], column[q]);
      }
    }
    for (size_t row = k + 4; row < order; row += 4) { /* L below: tile times U^-1 */
      KERNEL(accumulate_tile)(m, order, row, k, k);
      for (size_t q = 0; q < 4; q++) {
        KERNEL(lanes) *column = m + (k + q) * order;
        for (size_t p = 0; p < q; p++)
          for (size_t i = 0; i < 4; i++)
            column[row + i] = FNMADD(column[row + i], m[(k + p) * order + row + i], column[k + p]);
        for (size_t i = 0; i < 4; i++) column[row + i] *= column[k + q];
      }
    }
    for (size_t j = k + 4; j < order; j += 4) { /* U to the right: L^-1 times tile */
      KERNEL(accumulate_tile)(m, order, k, j, k);
      for (size_t q = 0; q < 4; q++) KERNEL(forward)(m, order, k, j + q);
    }
    KERNEL(accumulate)(m, order, k, order, 1, k);
    KERNEL(forward)(m, order, k, order);
  }
  KERNEL(lanes) *x = m + order * order;
  for (size_t j = order; j-- > 0;) {
    const KERNEL(lanes) *column = m + j * order;
    x[j] *= column[j];
    for (size_t i = 0; i < j; i++) x[i] = FNMADD(x[i], column[i], x[j]);
  }
  *good = positive;
}

/* LANES systems from number `first` on; lanes beyond the block repeat its last system. */
TARGET static void KERNEL(solve)(const tanlu_block_options *options, const tanlu_block_systems *systems, size_t first,
                                 void *work) {
  const size_t n = options->n, order = (n + 3) / 4 * 4;
  const KERNEL(lanes) zero = {0};
  KERNEL(lanes) *m = work, *x = m + order * order;
  /* place of (i, j) in M: a transposed system is the transposed matrix */
  const size_t down = systems->transposed ? order : 1, right = systems->transposed ? 1 : order;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) m[i * down + j * right] = zero - options->a[j * n + i];
  for (size_t k = n; k < order; k++) { /* padding: the identity */
    for (size_t i = 0; i < order; i++) m[k * order + i] = m[i * order + k] = zero;
    m[k * order + k] = zero + 1;
    x[k] = zero;
  }
  for (size_t lane = 0; lane < LANES; lane++) {
    const size_t s = first + lane < systems->width ? first + lane : systems->width - 1;
    if (systems->row_values)
      for (size_t k = 0; k < options->rows; k++) {
        const double *row = systems->row_values + (s * options->rows + k) * n;
        for (size_t j = 0; j < n; j++) m[options->row[k] * down + j * right][lane] = -row[j];
      }
    const double *diagonal = systems->diagonal + s * n, *b = systems->b + s * n;
    for (size_t i = 0; i < n; i++) {
      m[i * order + i][lane] += diagonal[i];
      x[i][lane] = b[i];
    }
  }
  KERNEL(mask) good;
  KERNEL(factor)(m, order, &good);
  for (size_t lane = 0; lane < LANES && first + lane < systems->width; lane++) {
    double *u = systems->u + (first + lane) * n;
    for (size_t i = 0; i < n; i++) u[i] = x[i][lane];
    if (!good[lane]) u[0] = (double)NAN;
  }
}
