/* Body of a kernel, compiled once for each instruction set. The including file defines
 *   VECTOR_BYTES             width of a register
 *   ROWS_AT_ONCE             rows of a tile whose sums are in registers together, 4 or 8
 *   TARGET                   function attribute that selects the instruction set
 *   MULTIPLY_ADD(a, b, c)    a b + c of vectors
 *   LARGER(a, b)            the larger of vectors, entry by entry
 *   KERNEL_NAME, KERNEL      name and symbol of the table
 * Every sum runs in a fixed order, so a kernel gives the same bits whenever it is given the same panel. */
#include <string.h>

enum {
  LANES = TANLU_BATCHED_LANES,
  TILE = TANLU_BATCHED_TILE,
  WIDTH = VECTOR_BYTES / (int)sizeof(float), /* lanes of a register */
  STRIP = 3 * WIDTH                          /* lanes whose sums are in registers together */
};

typedef float vector __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef int vector_bits __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef float block8 __attribute__((vector_size(32), may_alias, aligned(4)));
typedef double block8_double __attribute__((vector_size(64), may_alias, aligned(8)));

#define AT(pointer, lane) (*(vector *)((pointer) + (lane)))
#define CONST_AT(pointer, lane) (*(const vector *)((pointer) + (lane)))
#define ALL(number) ((number) - (vector){0})
#define EACH_VECTOR(lane) for (size_t lane = 0; lane < LANES; lane += WIDTH)

static inline size_t tiles_of(size_t n) {
  return (n + TILE - 1) / TILE;
}

#include "solvers/batched_kernel_layout_private.h"

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

TARGET static void prepare(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel) {
  const size_t n = shared->n, rows = shared->rows, order = rows + 1;
  const float *restrict left = shared->left, *restrict right = shared->right;
  EACH_VECTOR(lane) {
    vector sum = ALL(1.0F);
    for (size_t i = 0; i < n; i++) {
      const vector e = AT(panel->e + i * LANES, lane);
      const vector g = 1.0F / MULTIPLY_ADD(ALL(shared->diagonal[i]), e, ALL(1.0F));
      AT(panel->g + i * LANES, lane) = g;
      sum = MULTIPLY_ADD(ALL(left[i] * right[i]) * e, g, sum);
    }
    AT(panel->coarse, lane) = sum;
  }
  for (size_t k = 0; k < rows; k++) {
    const float *w = panel->w + k * n * LANES;
    const size_t row = shared->row[k];
    EACH_VECTOR(lane) {
      vector couple[TANLU_BATCHED_ROWS_MAX], to_left = ALL(0.0F), to_right = ALL(0.0F), plain = ALL(0.0F),
                                             back = ALL(0.0F);
      for (size_t l = 0; l < rows; l++) couple[l] = ALL(0.0F);
      for (size_t i = 0; i < n; i++) {
        const vector g = AT(panel->g + i * LANES, lane), wi = CONST_AT(w + i * LANES, lane), wg = wi * g;
        const float *coupling = shared->coupling + i * rows;
        to_left = MULTIPLY_ADD(ALL(left[i]), wg, to_left);
        to_right = MULTIPLY_ADD(ALL(right[i]), wg, to_right);
        plain = MULTIPLY_ADD(ALL(right[i]), wi, plain);
        back = MULTIPLY_ADD(ALL(right[i] * coupling[k]) * g, AT(panel->e + i * LANES, lane), back);
        for (size_t l = 0; l < rows; l++) couple[l] = MULTIPLY_ADD(ALL(coupling[l]), wg, couple[l]);
      }
#define ENTRY(i, j) AT(panel->coarse + ((i)*order + (j)) * LANES, lane)
      if (shared->transposed) {
        for (size_t l = 0; l < rows; l++) ENTRY(l + 1, k + 1) = (l == k ? 1.0F : 0.0F) - couple[l];
        ENTRY(0, k + 1) = -to_right;
        ENTRY(k + 1, 0) = -left[row] * AT(panel->g + row * LANES, lane);
        AT(panel->drift + k * LANES, lane) = plain - to_right;
      } else {
        for (size_t l = 0; l < rows; l++) ENTRY(k + 1, l + 1) = (l == k ? 1.0F : 0.0F) - couple[l];
        ENTRY(0, k + 1) = back - right[row];
        ENTRY(k + 1, 0) = -to_left;
      }
#undef ENTRY
    }
  }
  invert(order, panel->coarse);
}

/* u_i - g_i left_i gamma_t */
#define WITHOUT_SEEN(i)                                                                                                \
  (AT(panel->u + (i)*LANES, lane) -                                                                                    \
   ALL(shared->left[i]) * AT(panel->g + (i)*LANES, lane) * AT(panel->seen + (i) / TILE * LANES, lane))

/* Right-hand side of the system of low rank, and unknown = its inverse times that. Without transposition u becomes
 * u - g left gamma_t on the way where there are dense rows. */
TARGET static void solve_coarse(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel) {
  const size_t n = shared->n, rows = shared->rows, order = rows + 1;
  float *right_side = panel->unknown + order * LANES;
  EACH_VECTOR(lane) {
    AT(right_side, lane) = AT(panel->gamma, lane) + AT(panel->weight, lane);
    if (rows && !shared->transposed)
      for (size_t i = 0; i < n; i++)
        AT(panel->u + i * LANES, lane) -=
            ALL(shared->left[i]) * AT(panel->g + i * LANES, lane) * AT(panel->seen + i / TILE * LANES, lane);
  }
  for (size_t k = 0; k < rows; k += 2) { /* two rows at a time share the loads of u */
    const size_t other = k + 1 < rows ? k + 1 : k;
    EACH_VECTOR(lane) {
      vector one = -AT(panel->y + k * LANES, lane), two = -AT(panel->y + other * LANES, lane);
      if (shared->transposed) {
        one += WITHOUT_SEEN(shared->row[k]);
        two += WITHOUT_SEEN(shared->row[other]);
      } else {
        const float *w = panel->w + k * n * LANES, *w_other = panel->w + other * n * LANES;
        for (size_t i = 0; i < n; i++) {
          const vector u = AT(panel->u + i * LANES, lane);
          one = MULTIPLY_ADD(CONST_AT(w + i * LANES, lane), u, one);
          two = MULTIPLY_ADD(CONST_AT(w_other + i * LANES, lane), u, two);
        }
      }
      AT(right_side + (k + 1) * LANES, lane) = one;
      AT(right_side + (other + 1) * LANES, lane) = two;
    }
  }
  EACH_VECTOR(lane) {
    for (size_t i = 0; i < order; i++) {
      vector sum = ALL(0.0F);
      for (size_t j = 0; j < order; j++)
        sum = MULTIPLY_ADD(AT(panel->coarse + (i * order + j) * LANES, lane), AT(right_side + j * LANES, lane), sum);
      AT(panel->unknown + i * LANES, lane) = sum;
    }
  }
}

/* Without dense rows only gamma is corrected. */
TARGET static void correct_gamma(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel) {
  const float *restrict left = shared->left;
  EACH_VECTOR(lane) {
    const vector gamma = AT(panel->unknown, lane);
    for (size_t t = 0, i = 0; t < tiles_of(shared->n); t++) {
      const vector behind = gamma - AT(panel->seen + t * LANES, lane);
      for (const size_t end = i + TILE < shared->n ? i + TILE : shared->n; i < end; i++) {
        const vector du = ALL(left[i]) * behind * AT(panel->g + i * LANES, lane);
        AT(panel->u + i * LANES, lane) += du;
        AT(panel->z + i * LANES, lane) -= AT(panel->e + i * LANES, lane) * du;
      }
    }
    AT(panel->gamma, lane) = gamma;
    AT(panel->late, lane) = ALL(0.0F);
  }
}

/* u, z, y and gamma follow the unknowns. */
TARGET static void correct(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel) {
  const size_t n = shared->n, rows = shared->rows;
  const bool plain_rows = rows && !shared->transposed;
  const float *restrict left = shared->left;
  EACH_VECTOR(lane) {
    const vector gamma = AT(panel->unknown, lane);
    vector change = AT(panel->change, lane), late = ALL(0.0F);
    for (size_t i = 0; i < n; i++) {
      const vector g = AT(panel->g + i * LANES, lane), pull = ALL(left[i]),
                   seen = AT(panel->seen + i / TILE * LANES, lane);
      vector du = pull * (gamma - seen), source = ALL(0.0F);
      if (plain_rows) {
        const float *coupling = shared->coupling + i * rows;
        for (size_t k = 0; k < rows; k++)
          du = MULTIPLY_ADD(ALL(coupling[k]), AT(panel->unknown + (k + 1) * LANES, lane), du);
        AT(panel->u + i * LANES, lane) += g * MULTIPLY_ADD(pull, seen, du);
      } else {
        for (size_t k = 0; k < rows; k++)
          source = MULTIPLY_ADD(AT(panel->w + (k * n + i) * LANES, lane), AT(panel->unknown + (k + 1) * LANES, lane),
                                source);
        AT(panel->u + i * LANES, lane) += g * du;
        const vector size = (vector)((vector_bits)source & 0x7fffffff);
        late = LARGER(size, late);
      }
      AT(panel->z + i * LANES, lane) += source - AT(panel->e + i * LANES, lane) * (g * du);
    }
    vector held = gamma;
    for (size_t k = 0; k < rows; k++) {
      const vector dy = AT(panel->unknown + (k + 1) * LANES, lane);
      AT(panel->y + k * LANES, lane) += dy;
      if (plain_rows) {
        const vector size = (vector)((vector_bits)dy & 0x7fffffff);
        change = LARGER(size, change);
        AT(panel->z + shared->row[k] * LANES, lane) += dy;
      } else
        held = MULTIPLY_ADD(AT(panel->drift + k * LANES, lane), dy, held);
    }
    AT(panel->gamma, lane) = held;
    AT(panel->change, lane) = change;
    AT(panel->late, lane) = late;
  }
}

TARGET static void finish(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel) {
  solve_coarse(shared, panel);
  if (shared->rows)
    correct(shared, panel);
  else
    correct_gamma(shared, panel);
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
TARGET static inline __attribute__((always_inline)) void multiply_piece(bool eight, size_t first, size_t end,
                                                                        const float *restrict tile,
                                                                        const float *restrict from,
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
  enum { PIECE = 192 };
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
TARGET static void start(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel) {
  const size_t n = shared->n;
  const float *restrict left = shared->left, *restrict right = shared->right;
  memset(panel->y, 0, shared->rows * LANES * sizeof(float));
  EACH_VECTOR(lane) {
    vector seen = ALL(0.0F), weight = ALL(0.0F);
    for (size_t i = 0; i < n; i++) seen = MULTIPLY_ADD(ALL(right[i]), AT(panel->z + i * LANES, lane), seen);
    vector gamma = seen;
    for (size_t i = 0; i < n; i++) {
      const vector e = AT(panel->e + i * LANES, lane), g = AT(panel->g + i * LANES, lane),
                   z = AT(panel->z + i * LANES, lane);
      const vector u = g * MULTIPLY_ADD(ALL(shared->diagonal[i]), z, ALL(left[i]) * seen), dz = -e * u;
      AT(panel->u + i * LANES, lane) = u;
      AT(panel->z + i * LANES, lane) = z + dz;
      gamma = MULTIPLY_ADD(ALL(right[i]), dz, gamma);
      weight = MULTIPLY_ADD(ALL(right[i] * left[i]) * e, g, weight);
    }
    AT(panel->gamma, lane) = gamma;
    AT(panel->weight, lane) = weight * seen;
    for (size_t t = 0; t < tiles_of(n); t++) AT(panel->seen + t * LANES, lane) = seen;
  }
  finish(shared, panel);
}

TARGET static void sweep(const tanlu_batched_shared *shared, const tanlu_batched_panel *panel) {
  const size_t n = shared->n;
  _Alignas(64) float product[TILE * LANES];
  memset(panel->change, 0, LANES * sizeof(float));
  memset(panel->weight, 0, LANES * sizeof(float));
  for (size_t t = 0; t < tiles_of(n); t++) {
    const size_t first = t * TILE, used = n - first < TILE ? n - first : TILE;
    multiply_tile(n, used, shared->inverse + first * n, panel->z, product);
    memcpy(panel->seen + t * LANES, panel->gamma, LANES * sizeof(float));
    EACH_VECTOR(lane) {
      const vector seen = AT(panel->gamma, lane);
      vector gamma = seen, change = AT(panel->change, lane), weight = ALL(0.0F);
      for (size_t r = 0; r < used; r++) {
        const size_t at = (first + r) * LANES;
        const vector e = AT(panel->e + at, lane), g = AT(panel->g + at, lane), u = AT(panel->u + at, lane);
        const vector du = g * (CONST_AT(product + r * LANES, lane) - u), dz = -e * du;
        const vector right = ALL(shared->right[first + r]);
        AT(panel->u + at, lane) = u + du;
        AT(panel->z + at, lane) += dz;
        gamma = MULTIPLY_ADD(right, dz, gamma);
        weight = MULTIPLY_ADD(right * ALL(shared->left[first + r]) * e, g, weight);
        const vector size = (vector)((vector_bits)du & 0x7fffffff);
        change = LARGER(size, change);
      }
      AT(panel->gamma, lane) = gamma;
      AT(panel->change, lane) = change;
      AT(panel->weight, lane) = MULTIPLY_ADD(weight, seen, AT(panel->weight, lane));
    }
  }
  finish(shared, panel);
}

const tanlu_batched_kernel KERNEL = {
    .name = KERNEL_NAME,
    .gather = gather,
    .scatter = scatter,
    .largest = largest,
    .residual_start = residual_start,
    .prepare = prepare,
    .start = start,
    .sweep = sweep,
};
