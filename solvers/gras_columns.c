/* The half of a round of GRAS that reads the matrix: columns find their s_j and add themselves to the sums of rows, TILE at a time, which
 * stay in cache between the two uses. Runs of columns have sums of their own, added up in their order. */
#include <math.h>
#include <string.h>

#include "solvers/gras_private.h"

enum { ROWS = TANLU_GRAS_ROWS, COLUMNS = TANLU_GRAS_COLUMNS, TILE = TANLU_GRAS_TILE };
enum { SHARE_CELLS = 1 << 17, MOST_SHARES = 16 }; /* less than a megabyte is not worth a thread */

size_t tanlu_gras_shares(size_t rows, size_t columns) {
  const size_t fit = rows * columns / SHARE_CELLS, tiles = (columns + TILE - 1) / TILE;
  const size_t most = tiles < MOST_SHARES ? tiles : MOST_SHARES;
  return fit < 1 ? 1 : fit < most ? fit : most;
}

double tanlu_gras_root(double wanted, double p, double n) {
  if (n == 0.0) return p > 0.0 ? wanted / p : 1.0;
  if (p == 0.0) return -n / wanted;
  const double both = sqrt(wanted * wanted + 4.0 * p * n);
  return wanted > 0.0 ? (wanted + both) / (2.0 * p) : 2.0 * n / (both - wanted);
}

/* Columns from .. from + TILE; beyond the last one the last stands in, times 0. */
static void scale_tile(const tanlu_gras_work *w, size_t from, double *above, double *below) {
  const size_t m = w->count[ROWS], columns = w->count[COLUMNS];
  const double *column[TILE];
  double p[TILE], s[TILE] = {0.0};
  for (size_t c = 0; c < TILE; c++) column[c] = &w->above[(from + c < columns ? from + c : columns - 1) * m];
  w->kernel->dot(m, column, w->factor[ROWS], p);
  for (size_t c = 0; c < TILE && from + c < columns; c++) {
    const size_t j = from + c;
    double n = 0.0;
    for (size_t e = w->first[j]; e < w->first[j + 1]; e++) n += w->below[e] * w->inverse[w->place[e]];
    w->factor[COLUMNS][j] = s[c] = tanlu_gras_root(w->wanted[COLUMNS][j], p[c], n);
    for (size_t e = w->first[j]; e < w->first[j + 1]; e++) below[w->place[e]] += w->below[e] / s[c];
  }
  w->kernel->add_scaled(m, column, s, above);
}

static void scale_share(const tanlu_gras_work *w, size_t share) {
  const size_t m = w->count[ROWS], tiles = (w->count[COLUMNS] + TILE - 1) / TILE;
  double *above = &w->share[0][share * m], *below = &w->share[1][share * m];
  memset(above, 0, m * sizeof *above);
  memset(below, 0, m * sizeof *below);
  for (size_t t = tiles * share / w->shares; t < tiles * (share + 1) / w->shares; t++) {
    scale_tile(w, t * TILE, above, below);
  }
}

void tanlu_gras_scale_columns(const tanlu_gras_work *w) {
  const size_t m = w->count[ROWS];
#pragma omp parallel for schedule(dynamic) num_threads(w->threads) if (w->threads > 1 && w->shares > 1)
  for (size_t k = 0; k < w->shares; k++) scale_share(w, k);
  for (size_t sign = 0; sign < 2; sign++) {
    double *restrict sum = w->part[sign];
    memcpy(sum, w->share[sign], m * sizeof *sum);
    for (size_t k = 1; k < w->shares; k++) {
      const double *restrict share = &w->share[sign][k * m];
      for (size_t i = 0; i < m; i++) sum[i] += share[i];
    }
  }
}
