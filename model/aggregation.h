/* Sectors brought together, or spread, by a concordance G (old sectors x new ones, sparse, its rows adding up to one):
 *
 *     Z' = G'Z G,   Y' = G'Y,   m' = G'm,   x' = G'x,   W' = W G   (W: components of value added x sectors)
 *
 * With weights of one G is the aggregation matrix S' of Miller and Blair, Input-Output Analysis (2nd ed., 2009), section 4.9; a
 * sector that goes into several new ones does so by the weights, with its sales and its purchases alike. Sums of rows and columns are
 * kept: sum_J Z'_IJ = sum_i g_iI sum_j z_ij, so that accounts that balance still do, and totals stay.
 *
 * What aggregation does to an analysis (ibid.): with A = Z diag(x)^-1 and net final demand f = x - Z1 the base year is met exactly,
 * (I - A')^-1 G'f = G'(I - A)^-1 f, but for any other demand the output differs, in first order by (A'G' - G'A) f. Here
 * the output multipliers m' = 1'(I - A)^-1 are compared: that of a new sector with the mean of its members' by final use. */
#ifndef TANLU_MODEL_AGGREGATION_H
#define TANLU_MODEL_AGGREGATION_H

#include "model/dataset.h"

typedef struct {
  size_t from, to; /* sectors before and after */
  size_t *start;   /* from + 1: old sector i has the entries start[i] .. start[i + 1] - 1 */
  size_t *member;  /* new sector of an entry */
  double *weight;  /* of an entry, above 0; adding up to 1 for each old sector */
} tanlu_concordance;

/* From pairs (from[k], to[k], weight[k]) in any order. Errors: memory only; see tanlu_concordance_check. */
tanlu_status tanlu_concordance_create(tanlu_concordance **concordance, size_t from_count, size_t to_count, size_t pairs,
                                      const size_t *from, const size_t *to, const double *weight,
                                      tanlu_context *context);
void tanlu_concordance_free(tanlu_concordance **concordance); /* accepts NULL and half-built objects */
/* Weights that are not above 0, do not add up to 1 (to 1e-9) or are missing for an old sector: TANLU_ERR_INPUT naming its code, all
 * that there are, in lines of a file where told (line: from, 0: none; both may be NULL). Sums that are off by rounding are made 1. */
tanlu_status tanlu_concordance_check(tanlu_concordance *concordance, const tanlu_labels *sector, const char *file,
                                     const size_t *line, tanlu_context *context);
/* Does every old sector go into one new one? */
bool tanlu_concordance_is_whole(const tanlu_concordance *concordance);
/* The new sector of a whole old one. */
size_t tanlu_concordance_of(const tanlu_concordance *concordance, size_t i);

/* G'v: old has from x columns, `wanted` to x columns (column-major), filled here. */
void tanlu_aggregate_columns(const tanlu_concordance *concordance, size_t columns, const double *old, double *wanted);

/* The accounts of the new sectors: codes and names as in `sector`, categories, components, import treatment and tolerance as they were.
 * `accounts` is zeroed by the caller and cleared by him (tanlu_accounts_clear), also after an error (memory). */
tanlu_status tanlu_aggregate_accounts(tanlu_accounts *accounts, const tanlu_accounts *old,
                                      const tanlu_concordance *concordance, const tanlu_labels *sector,
                                      tanlu_context *context);

/* What becomes of a level whose groups do not hold whole new sectors. */
typedef enum {
  TANLU_MIXED_REFUSE,  /* an error that names them */
  TANLU_MIXED_DROP,    /* the level is left out, with a note; not the level of the drivers */
  TANLU_MIXED_LARGEST, /* the new sector belongs where the largest output among its members is, with a note */
} tanlu_mixed;

/* Levels of the new sectors (to), from their members or as given: group[l * to + J] is a group of the old level l, TANLU_NONE where the
 * members say it. Groups without a sector are left out. `needed`: a level that cannot be dropped, TANLU_NONE where all can. *level is
 * freed with tanlu_levels_free. Errors: TANLU_ERR_INPUT naming level, new sector and two members, all that there are. */
tanlu_status tanlu_aggregate_levels(tanlu_level **level, size_t *levels, const tanlu_dataset *old,
                                    const tanlu_concordance *concordance, const tanlu_labels *sector,
                                    const size_t *group, tanlu_mixed mixed, size_t needed, tanlu_context *context);
void tanlu_levels_free(tanlu_level **level, size_t levels); /* accepts NULL */

typedef struct {
  size_t n;           /* new sectors */
  double *multiplier; /* n: of the new table; NaN without output */
  double *mean;       /* n: of the members' multipliers by their final use (by output where there is none) */
  double first_order; /* sum |(A'G' - G'A) f| / sum |G'A f| */
  double average;     /* sum of final use x |multiplier - mean| / sum of final use x mean */
} tanlu_aggregation_bias;

/* Both tables with imports in A. Errors: TANLU_ERR_MODEL for a table that is not productive. */
tanlu_status tanlu_aggregation_bias_find(tanlu_aggregation_bias *bias, const tanlu_accounts *old,
                                         const tanlu_accounts *accounts, const tanlu_concordance *concordance,
                                         tanlu_context *context);
void tanlu_aggregation_bias_clear(tanlu_aggregation_bias *bias);

#endif
