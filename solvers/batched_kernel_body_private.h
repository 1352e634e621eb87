/* Body of a kernel, compiled once for each instruction set. The including file defines
 *   VECTOR_BYTES             width of a register
 *   ROWS_AT_ONCE             rows of a tile whose sums are in registers together, 4 or 8
 *   TARGET                   function attribute that selects the instruction set
 *   MULTIPLY_ADD(a, b, c)    a b + c of vectors
 *   LARGER(a, b)            the larger of vectors, entry by entry
 *   KERNEL_NAME, KERNEL      name and symbol of the table
 * Every sum runs in a fixed order, so a kernel gives the same bits whenever it is given the same panel. */
#include <math.h>
#include <string.h>

enum {
  LANES = TANLU_BATCHED_LANES,
  TILE = TANLU_BATCHED_TILE,
  WIDTH = VECTOR_BYTES / (int)sizeof(float), /* lanes of a register */
  STRIP = 3 * WIDTH,                         /* lanes whose sums are in registers together */
  PIECE = 192                                /* terms of a sum that are added in one go */
};

typedef float vector __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef int vector_bits __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef float block8 __attribute__((vector_size(32), may_alias, aligned(4)));
typedef double block8_double __attribute__((vector_size(64), may_alias, aligned(8)));
typedef long long block8_bits __attribute__((vector_size(64), may_alias));

#define AT(pointer, lane) (*(vector *)((pointer) + (lane)))
#define CONST_AT(pointer, lane) (*(const vector *)((pointer) + (lane)))
#define ALL(number) ((number) - (vector){0})
#define EACH_VECTOR(lane) for (size_t lane = 0; lane < LANES; lane += WIDTH)

static inline size_t tiles_of(size_t n) {
  return (n + TILE - 1) / TILE;
}

#include "solvers/batched_kernel_layout_private.h"

/* Both structs go by value: stores into the panel cannot change their copies, and pointers stay in registers. */

/* --- the system of low rank -------------------------------------------------------------------------------------------- */

/* In place inverse of m matrices' order x order, one a lane, by Gauss-Jordan without interchanges: it is near the identity
 * for systems on which the method converges; a zero pivot gives values that are not finite, which the caller sees. */
TARGET static void invert(size_t order, float *matrix) {
  EACH_VECTOR(lane) {
#define ENTRY(i, j) AT(matrix + ((i)*order + (j)) * LANES, lane)
    for (size_t k = 0; k < order; k++) {
      const vector pivot = 1.0F / ENTRY(k, k);
      ENTRY(k, k) = ALL(1.0F);
      for (size_t j = 0; j < order; j++) ENTRY(k, j) *= pivot;
      for (size_t i = 0; i < order; i++) {
        if (i == k) continue;
        const vector factor = ENTRY(i, k);
        ENTRY(i, k) = ALL(0.0F);
        for (size_t j = 0; j < order; j++) ENTRY(i, j) -= factor * ENTRY(k, j);
      }
    }
#undef ENTRY
  }
}

/* Functions that keep a number for every dense row in registers are compiled for each usual count of them. */
#define EACH_ROW_COUNT(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8)
#define INLINE TARGET static inline __attribute__((always_inline))
#define LOW_RANK(i, j) AT(panel.coarse + ((i)*order + (j)) * LANES, lane)

/* Row (transposed: column) k + 1 of the system of low rank, but for `back` (below). */
INLINE void couple_row(size_t rows, tanlu_batched_shared shared, tanlu_batched_panel panel, size_t k, size_t lane) {
  const size_t n = shared.n, order = rows + 1, row = shared.row[k];
  const float *w = panel.w + k * n * LANES, *ends = shared.transposed ? shared.right : shared.left;
  vector couple[TANLU_BATCHED_ROWS_MAX], end = ALL(0.0F), plain = ALL(0.0F);
  for (size_t l = 0; l < rows; l++) couple[l] = ALL(0.0F);
  for (size_t i = 0; i < n; i++) {
    const vector wi = CONST_AT(w + i * LANES, lane), wg = wi * AT(panel.g + i * LANES, lane);
    const float *coupling = shared.coupling + i * rows;
    end = MULTIPLY_ADD(ALL(ends[i]), wg, end);
    plain = MULTIPLY_ADD(ALL(shared.right[i]), wi, plain);
    for (size_t l = 0; l < rows; l++) couple[l] = MULTIPLY_ADD(ALL(coupling[l]), wg, couple[l]);
  }
  if (shared.transposed) {
    for (size_t l = 0; l < rows; l++) LOW_RANK(l + 1, k + 1) = (l == k ? 1.0F : 0.0F) - couple[l];
    LOW_RANK(0, k + 1) = -end;
    LOW_RANK(k + 1, 0) = -shared.left[row] * AT(panel.g + row * LANES, lane);
    AT(panel.drift + k * LANES, lane) = plain - end;
  } else {
    for (size_t l = 0; l < rows; l++) LOW_RANK(k + 1, l + 1) = (l == k ? 1.0F : 0.0F) - couple[l];
    LOW_RANK(k + 1, 0) = -end;
  }
}

/* Row 0 of the system of low rank without transposition: right' E G coupling_k - right(row k). */
INLINE void couple_back(size_t rows, tanlu_batched_shared shared, tanlu_batched_panel panel, size_t lane) {
  const size_t order = rows + 1;
  vector back[TANLU_BATCHED_ROWS_MAX];
  for (size_t k = 0; k < rows; k++) back[k] = ALL(-shared.right[shared.row[k]]);
  for (size_t i = 0; i < shared.n; i++) {
    const vector pull = ALL(shared.right[i]) * AT(panel.g + i * LANES, lane) * AT(panel.e + i * LANES, lane);
    for (size_t k = 0; k < rows; k++) back[k] = MULTIPLY_ADD(ALL(shared.coupling[i * rows + k]), pull, back[k]);
  }
  for (size_t k = 0; k < rows; k++) LOW_RANK(0, k + 1) = back[k];
}

INLINE void couple_all(size_t rows, tanlu_batched_shared shared, tanlu_batched_panel panel) {
  EACH_VECTOR(lane) {
    for (size_t k = 0; k < rows; k++) couple_row(rows, shared, panel, k, lane);
    if (!shared.transposed) couple_back(rows, shared, panel, lane);
  }
}

TARGET static void prepare(const tanlu_batched_shared *common, const tanlu_batched_panel *own) {
  const tanlu_batched_shared shared = *common;
  const tanlu_batched_panel panel = *own;
  const size_t n = shared.n, rows = shared.rows;
  const float *restrict left = shared.left, *restrict right = shared.right;
  EACH_VECTOR(lane) {
    vector all = ALL(1.0F);
    for (size_t t = 0, i = 0; t < tiles_of(n); t++) {
      vector sum = ALL(0.0F);
      for (const size_t end = i + TILE < n ? i + TILE : n; i < end; i++) {
        const vector e = AT(panel.e + i * LANES, lane);
        const vector g = 1.0F / MULTIPLY_ADD(ALL(shared.diagonal[i]), e, ALL(1.0F));
        AT(panel.g + i * LANES, lane) = g;
        sum = MULTIPLY_ADD(ALL(left[i] * right[i]) * e, g, sum);
      }
      AT(panel.share + t * LANES, lane) = sum;
      all += sum;
    }
    AT(panel.coarse, lane) = all;
  }
  switch (rows) {
  case 0:
    break;
#define CASE(count)                                                                                                    \
  case count:                                                                                                          \
    couple_all(count, shared, panel);                                                                                  \
    break;
    EACH_ROW_COUNT(CASE)
#undef CASE
  default:
    couple_all(rows, shared, panel);
  }
  invert(rows + 1, panel.coarse);
}

/* Right-hand sides of the dense rows in the system of low rank: w_k' u - y_k (transposed: u of row k - y_k), with u as it
 * would be without gamma_t, u - g left gamma_t. */
INLINE void measure_rows(size_t rows, tanlu_batched_shared shared, tanlu_batched_panel panel, float *right_side) {
  const size_t n = shared.n;
#define WITHOUT_SEEN(i)                                                                                                \
  (AT(panel.u + (i)*LANES, lane) -                                                                                     \
   ALL(shared.left[i]) * AT(panel.g + (i)*LANES, lane) * AT(panel.seen + (i) / TILE * LANES, lane))
  EACH_VECTOR(lane) {
    vector sum[TANLU_BATCHED_ROWS_MAX];
    for (size_t k = 0; k < rows; k++) sum[k] = -AT(panel.y + k * LANES, lane);
    if (shared.transposed)
      for (size_t k = 0; k < rows; k++) sum[k] += WITHOUT_SEEN(shared.row[k]);
    else
      for (size_t i = 0; i < n; i++) {
        const vector u = WITHOUT_SEEN(i);
        for (size_t k = 0; k < rows; k++)
          sum[k] = MULTIPLY_ADD(CONST_AT(panel.w + (k * n + i) * LANES, lane), u, sum[k]);
      }
    for (size_t k = 0; k < rows; k++) AT(right_side + (k + 1) * LANES, lane) = sum[k];
  }
#undef WITHOUT_SEEN
}

/* unknown = inverse of the system of low rank times its right-hand side, which lies behind it. */
TARGET static void solve_coarse(size_t order, tanlu_batched_panel panel) {
  const float *right_side = panel.unknown + order * LANES;
  EACH_VECTOR(lane) {
    for (size_t i = 0; i < order; i++) {
      vector sum = ALL(0.0F);
      for (size_t j = 0; j < order; j++)
        sum = MULTIPLY_ADD(LOW_RANK(i, j), CONST_AT(right_side + j * LANES, lane), sum);
      AT(panel.unknown + i * LANES, lane) = sum;
    }
  }
}

/* Without dense rows only gamma is corrected. */
TARGET static void correct_gamma(tanlu_batched_shared shared, tanlu_batched_panel panel) {
  const float *restrict left = shared.left;
  EACH_VECTOR(lane) {
    const vector gamma = AT(panel.unknown, lane);
    for (size_t t = 0, i = 0; t < tiles_of(shared.n); t++) {
      const vector behind = gamma - AT(panel.seen + t * LANES, lane);
      for (const size_t end = i + TILE < shared.n ? i + TILE : shared.n; i < end; i++) {
        const vector du = ALL(left[i]) * behind * AT(panel.g + i * LANES, lane);
        AT(panel.u + i * LANES, lane) += du;
        AT(panel.z + i * LANES, lane) -= AT(panel.e + i * LANES, lane) * du;
      }
    }
    AT(panel.gamma, lane) = gamma;
    AT(panel.late, lane) = ALL(0.0F);
  }
}

/* u, z, y and gamma follow the unknowns. */
INLINE void correct_rows(size_t rows, tanlu_batched_shared shared, tanlu_batched_panel panel) {
  const size_t n = shared.n;
  const float *restrict left = shared.left;
  EACH_VECTOR(lane) {
    const vector gamma = AT(panel.unknown, lane);
    vector change = AT(panel.change, lane), late = ALL(0.0F), dy[TANLU_BATCHED_ROWS_MAX];
    for (size_t k = 0; k < rows; k++) dy[k] = AT(panel.unknown + (k + 1) * LANES, lane);
    for (size_t i = 0; i < n; i++) {
      vector du = ALL(left[i]) * (gamma - AT(panel.seen + i / TILE * LANES, lane)), source = ALL(0.0F);
      if (shared.transposed) {
        for (size_t k = 0; k < rows; k++)
          source = MULTIPLY_ADD(CONST_AT(panel.w + (k * n + i) * LANES, lane), dy[k], source);
        late = LARGER((vector)((vector_bits)source & 0x7fffffff), late);
      } else {
        for (size_t k = 0; k < rows; k++) du = MULTIPLY_ADD(ALL(shared.coupling[i * rows + k]), dy[k], du);
      }
      du *= AT(panel.g + i * LANES, lane);
      AT(panel.u + i * LANES, lane) += du;
      AT(panel.z + i * LANES, lane) += source - AT(panel.e + i * LANES, lane) * du;
    }
    vector held = gamma;
    for (size_t k = 0; k < rows; k++) {
      AT(panel.y + k * LANES, lane) += dy[k];
      if (shared.transposed) {
        held = MULTIPLY_ADD(AT(panel.drift + k * LANES, lane), dy[k], held);
      } else {
        change = LARGER((vector)((vector_bits)dy[k] & 0x7fffffff), change);
        AT(panel.z + shared.row[k] * LANES, lane) += dy[k];
      }
    }
    AT(panel.gamma, lane) = held;
    AT(panel.change, lane) = change;
    AT(panel.late, lane) = late;
  }
}

INLINE void finish_rows(size_t rows, tanlu_batched_shared shared, tanlu_batched_panel panel) {
  measure_rows(rows, shared, panel, panel.unknown + (rows + 1) * LANES);
  solve_coarse(rows + 1, panel);
  correct_rows(rows, shared, panel);
}

TARGET static void finish(tanlu_batched_shared shared, tanlu_batched_panel panel) {
  float *right_side = panel.unknown + (shared.rows + 1) * LANES;
  EACH_VECTOR(lane) AT(right_side, lane) = AT(panel.gamma, lane) + AT(panel.weight, lane);
  switch (shared.rows) {
  case 0:
    solve_coarse(1, panel);
    correct_gamma(shared, panel);
    break;
#define CASE(count)                                                                                                    \
  case count:                                                                                                          \
    finish_rows(count, shared, panel);                                                                                 \
    break;
    EACH_ROW_COUNT(CASE)
#undef CASE
  default:
    finish_rows(shared.rows, shared, panel);
  }
}

/* --- the sweep --------------------------------------------------------------------------------------------------------- */

#define LOW_ROWS(X) X(0) X(1) X(2) X(3)
#define HIGH_ROWS(X) X(4) X(5) X(6) X(7)
#define CLEAR(r) vector s##r##0 = ALL(0.0F), s##r##1 = s##r##0, s##r##2 = s##r##0;
#define ADD(r)                                                                                                         \
  {                                                                                                                    \
    const vector l = ALL(tile[j * TILE + r]);                                                                          \
    s##r##0 = MULTIPLY_ADD(l, z0, s##r##0), s##r##1 = MULTIPLY_ADD(l, z1, s##r##1),                                    \
    s##r##2 = MULTIPLY_ADD(l, z2, s##r##2);                                                                            \
  }
#define KEEP(r)                                                                                                        \
  AT(to + (r)*LANES, 0) = s##r##0, AT(to + (r)*LANES, WIDTH) = s##r##1, AT(to + (r)*LANES, 2 * WIDTH) = s##r##2;
#define JOIN(r)                                                                                                        \
  AT(to + (r)*LANES, 0) += s##r##0, AT(to + (r)*LANES, WIDTH) += s##r##1, AT(to + (r)*LANES, 2 * WIDTH) += s##r##2;

/* Columns [first, end) of a tile of four or eight rows times z, for one strip of lanes. */
INLINE void multiply_piece(bool eight, size_t first, size_t end, const float *restrict tile, const float *restrict from,
                           float *restrict to) {
  LOW_ROWS(CLEAR)
  HIGH_ROWS(CLEAR)
  for (size_t j = first; j < end; j++) {
    const vector z0 = CONST_AT(from + j * LANES, 0), z1 = CONST_AT(from + j * LANES, WIDTH),
                 z2 = CONST_AT(from + j * LANES, 2 * WIDTH);
    LOW_ROWS(ADD)
    if (eight) {
      HIGH_ROWS(ADD)
    }
  }
  if (first == 0) {
    LOW_ROWS(KEEP)
    if (eight) {
      HIGH_ROWS(KEEP)
    }
  } else {
    LOW_ROWS(JOIN)
    if (eight) {
      HIGH_ROWS(JOIN)
    }
  }
}

/* product (used <= 8 x lanes) = tile of L (n x 8, row of eight for each column) z. Long sums are joined from pieces, whose
 * rounding errors grow less: 1302 terms in one go leave residuals four times as large. */
TARGET static void multiply_tile(size_t n, size_t used, const float *restrict tiles, const float *restrict z,
                                 float *restrict product) {
  for (size_t row = 0; row < used; row += ROWS_AT_ONCE)
    for (size_t strip = 0; strip < LANES; strip += STRIP)
      for (size_t first = 0; first < n; first += PIECE) {
        const size_t end = n - first < PIECE ? n : first + PIECE;
        if (ROWS_AT_ONCE == 8 && used > 4)
          multiply_piece(true, first, end, tiles + row, z + strip, product + row * LANES + strip);
        else
          multiply_piece(false, first, end, tiles + row, z + strip, product + row * LANES + strip);
      }
}

/* A first guess without a product: the sweep that would be exact if L were its diagonal plus the Perron part. */
TARGET static void start(const tanlu_batched_shared *common, const tanlu_batched_panel *own) {
  const tanlu_batched_shared shared = *common;
  const tanlu_batched_panel panel = *own;
  const size_t n = shared.n;
  const float *restrict left = shared.left, *restrict right = shared.right;
  memset(panel.y, 0, shared.rows * LANES * sizeof(float));
  EACH_VECTOR(lane) {
    vector seen = ALL(0.0F), weight = ALL(0.0F);
    for (size_t i = 0; i < n; i++) seen = MULTIPLY_ADD(ALL(right[i]), AT(panel.z + i * LANES, lane), seen);
    vector gamma = seen;
    for (size_t i = 0; i < n; i++) {
      const vector z = AT(panel.z + i * LANES, lane);
      const vector u = AT(panel.g + i * LANES, lane) * MULTIPLY_ADD(ALL(shared.diagonal[i]), z, ALL(left[i]) * seen);
      const vector dz = -AT(panel.e + i * LANES, lane) * u;
      AT(panel.u + i * LANES, lane) = u;
      AT(panel.z + i * LANES, lane) = z + dz;
      gamma = MULTIPLY_ADD(ALL(right[i]), dz, gamma);
    }
    for (size_t t = 0; t < tiles_of(n); t++) {
      AT(panel.seen + t * LANES, lane) = seen;
      weight += AT(panel.share + t * LANES, lane);
    }
    AT(panel.gamma, lane) = gamma;
    AT(panel.weight, lane) = weight * seen;
  }
  finish(shared, panel);
}

/* Row i takes its product, for one vector of lanes; gamma and change follow. */
INLINE void advance(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel, size_t i, size_t lane,
                    vector product, vector *gamma, vector *change) {
  const size_t at = i * LANES;
  const vector u = AT(panel->u + at, lane), du = AT(panel->g + at, lane) * (product - u);
  const vector dz = -AT(panel->e + at, lane) * du;
  AT(panel->u + at, lane) = u + du;
  AT(panel->z + at, lane) += dz;
  *gamma = MULTIPLY_ADD(ALL(shared->right[i]), dz, *gamma);
  *change = LARGER((vector)((vector_bits)du & 0x7fffffff), *change);
}

/* What is done once a tile: gamma as its rows saw it, and what they owe to it. */
INLINE void pass_tile(const tanlu_batched_panel *panel, size_t t, size_t lane, vector gamma, vector change) {
  const vector seen = AT(panel->gamma, lane);
  AT(panel->seen + t * LANES, lane) = seen;
  AT(panel->weight, lane) = MULTIPLY_ADD(AT(panel->share + t * LANES, lane), seen, AT(panel->weight, lane));
  AT(panel->gamma, lane) = gamma;
  AT(panel->change, lane) = change;
}

#define ADVANCE(r)                                                                                                     \
  advance(shared, panel, first + (r), 0, s##r##0, gamma, change);                                                      \
  advance(shared, panel, first + (r), WIDTH, s##r##1, gamma + 1, change + 1);                                          \
  advance(shared, panel, first + (r), 2 * WIDTH, s##r##2, gamma + 2, change + 2);

/* A whole tile of a small system, where one strip holds all lanes: its products never leave the registers. */
INLINE void sweep_in_registers(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel, size_t t) {
  const size_t n = shared->n, first = t * TILE;
  const float *restrict tile = shared->inverse + first * n, *restrict z = panel->z;
  vector gamma[3], change[3];
  LOW_ROWS(CLEAR)
  HIGH_ROWS(CLEAR)
  for (size_t j = 0; j < n; j++) {
    const vector z0 = CONST_AT(z + j * LANES, 0), z1 = CONST_AT(z + j * LANES, WIDTH),
                 z2 = CONST_AT(z + j * LANES, 2 * WIDTH);
    LOW_ROWS(ADD)
    HIGH_ROWS(ADD)
  }
  for (size_t v = 0; v < 3; v++) gamma[v] = AT(panel->gamma, v * WIDTH), change[v] = AT(panel->change, v * WIDTH);
  LOW_ROWS(ADVANCE)
  HIGH_ROWS(ADVANCE)
  for (size_t v = 0; v < 3; v++) pass_tile(panel, t, v * WIDTH, gamma[v], change[v]);
}

TARGET static void sweep(const tanlu_batched_shared *common, const tanlu_batched_panel *own) {
  const tanlu_batched_shared shared = *common;
  const tanlu_batched_panel panel = *own;
  const size_t n = shared.n;
  _Alignas(64) float product[TILE * LANES];
  memset(panel.change, 0, LANES * sizeof(float));
  memset(panel.weight, 0, LANES * sizeof(float));
  for (size_t t = 0; t < tiles_of(n); t++) {
    const size_t first = t * TILE, used = n - first < TILE ? n - first : TILE;
    if (ROWS_AT_ONCE == TILE && (int)STRIP == (int)LANES && used == TILE && n <= PIECE) {
      sweep_in_registers(&shared, &panel, t);
      continue;
    }
    multiply_tile(n, used, shared.inverse + first * n, panel.z, product);
    EACH_VECTOR(lane) {
      vector gamma = AT(panel.gamma, lane), change = AT(panel.change, lane);
      for (size_t r = 0; r < used; r++)
        advance(&shared, &panel, first + r, lane, CONST_AT(product + r * LANES, lane), &gamma, &change);
      pass_tile(&panel, t, lane, gamma, change);
    }
  }
  finish(shared, panel);
}

const tanlu_batched_kernel KERNEL = {
    .name = KERNEL_NAME,
    .gather = gather,
    .scatter = scatter,
    .largest = largest,
    .residual = residual,
    .prepare = prepare,
    .start = start,
    .sweep = sweep,
};
