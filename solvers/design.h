/* Designs of experiments: which point of the unit cube a sample stands for.
 *
 *   grid         every combination of levels, the last dimension fastest
 *   list         points given, handed back as they are (values or quantiles, as the caller means them)
 *   monte_carlo  independent uniforms
 *   lhs          Latin hypercube: each of the N intervals of a dimension holds one sample, at a random place in it
 *   sobol        points of the Sobol sequence, scrambled by the seed; more samples continue the sequence
 *   saltelli     for Sobol indices of f factors, each one dimension or several that are swapped together: base sample n of N owns
 *                rows A, AB_1 ... AB_f, B (and BA_1 ... BA_f), A and B two halves of a Sobol sequence of 2k dimensions, AB_i = A
 *                with the dimensions of factor i from B. Also continues with more samples. (A. Saltelli et al., Comput. Phys.
 *                Commun. 181 (2010).)
 *   morris       trajectories of k + 1 points, each step moving one dimension by p/2 of its p levels 0, 1/(p-1), ..., 1, that
 *                is by delta = p / (2 (p-1)). (M. D. Morris, Technometrics 33 (1991).)
 *
 * With a correlation, points of monte_carlo and sobol go through a Gaussian copula (copula.h). An lhs keeps its intervals: its
 * permutations are reordered (iman_conover.h) when the design is made, as long as there are at most TANLU_DESIGN_REORDER_MOST of
 * correlated dimensions times samples, 4 bytes each; beyond, it goes through the copula too and the intervals of all but the first
 * of the correlated dimensions are lost.
 *
 * A point is a pure function of the options and its number: any sample can be recomputed alone, in any order, on any thread. */
#ifndef TANLU_SOLVERS_DESIGN_H
#define TANLU_SOLVERS_DESIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "solvers/context.h"

typedef enum {
  TANLU_DESIGN_GRID,
  TANLU_DESIGN_LIST,
  TANLU_DESIGN_MONTE_CARLO,
  TANLU_DESIGN_LHS,
  TANLU_DESIGN_SOBOL,
  TANLU_DESIGN_SALTELLI,
  TANLU_DESIGN_MORRIS,
  TANLU_DESIGN_KINDS
} tanlu_design_kind;

typedef struct {
  tanlu_design_kind kind;
  size_t dimensions; /* k >= 1 */
  uint64_t samples; /* monte_carlo, lhs, sobol: samples; saltelli: base samples N; morris: trajectories; list: points */
  uint64_t seed;
  bool second_order; /* saltelli: with the rows BA_i, N (2f + 2) samples instead of N (f + 2) */
  const size_t
      *factor; /* saltelli: dimensions numbers, which factor each belongs to: 0 first, then the same or the next;
                           NULL: each is its own (f = k); copied */
  bool plain;  /* sobol, saltelli: not scrambled; the seed then plays no part */
  bool ends;   /* grid: levels from end to end, l / (L - 1), instead of middles of intervals, (l + 0.5) / L */
  const size_t *levels; /* grid: dimensions numbers >= 1; copied */
  size_t morris_levels; /* morris: p, even, >= 2; 0 stands for 4 */
  const double
      *tails; /* morris and grid with ends: level t in [0, 1] becomes u = tail + (1 - 2 tail) t, so that an unbounded
                           distribution stays finite; dimensions numbers in [0, 0.5), NULL: 0; copied */
  const double *points; /* list: samples x dimensions, row by row; copied */
  const double
      *correlation; /* monte_carlo, lhs, sobol: of normal scores, dimensions x dimensions, as tanlu_copula_create takes
                                it; NULL: none; copied */
} tanlu_design_options;

enum { TANLU_DESIGN_REORDER_MOST = 1 << 24 };

/* A tail for unbounded distributions: the outermost levels are the 1 % and 99 % quantiles. */
#define TANLU_DESIGN_TAIL 0.01

typedef struct tanlu_design tanlu_design;

/* Options that make no design (too many dimensions for Sobol, an odd number of levels, counts that overflow) are
 * TANLU_ERR_INPUT. */
tanlu_status tanlu_design_create(tanlu_design **design, const tanlu_design_options *options, tanlu_context *context);
void tanlu_design_free(tanlu_design **design);

/* How many model runs the design asks for: grid the product of levels, saltelli N (f + 2) or N (2f + 2), morris N (k + 1). */
uint64_t tanlu_design_samples(const tanlu_design *design);
size_t tanlu_design_dimensions(const tanlu_design *design);
size_t tanlu_design_factors(const tanlu_design *design); /* those of saltelli; the dimensions of any other */
tanlu_design_kind tanlu_design_get_kind(const tanlu_design *design);
bool tanlu_design_second_order(const tanlu_design *design);
/* Rows that belong together and enter an estimator together or not at all: saltelli f + 2 or 2f + 2, morris k + 1, else 1. */
uint64_t tanlu_design_group(const tanlu_design *design);

/* u: dimensions numbers in (0, 1), except the ends 0 and 1 of morris and of a grid with ends where the tail is 0, and a list's
 * own numbers. sample < tanlu_design_samples. Safe from several threads at once. */
void tanlu_design_point(const tanlu_design *design, uint64_t sample, double *u);

/* grid: which level, 0 to levels - 1, the sample has in the dimension. */
size_t tanlu_design_level(const tanlu_design *design, uint64_t sample, size_t dimension);

/* morris: the dimension that changes between samples `sample` and `sample + 1` of one trajectory, and by how much (+delta or
 * -delta, in levels scaled to [0, 1], whatever the tail). */
void tanlu_design_step(const tanlu_design *design, uint64_t sample, size_t *dimension, double *delta);

/* "grid", "list", "monte_carlo", "lhs", "sobol", "saltelli", "morris". */
const char *tanlu_design_kind_name(tanlu_design_kind kind);

#endif
