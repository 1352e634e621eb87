/* Where the sectors of a nation are: assignment.csv of regional statistics. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "inputs/named_sectors.h"
#include "inputs/regional_file.h"
#include "solvers/memory.h"

enum { SECTOR, INDICATOR, WEIGHT, SOURCE, SECTORS, COLUMNS };

typedef struct {
  tanlu_regional_data *d;
  const tanlu_dataset *dataset;
  tanlu_context *context;
  size_t index[COLUMNS];
  double *weights;  /* n: sums */
  bool *seen;       /* n x (indicators + 1) */
  bool *member;     /* n: sectors of the row at hand */
  bool other, mine; /* rows for datasets of other numbers of sectors; of this one's */
} reader;

static void keep(tanlu_status *first, tanlu_status status) {
  if (*first == TANLU_OK) *first = status;
}

/* Number p of an indicator as a share; TANLU_NONE: value added of the sector's group. */
static double indicator_share(const reader *r, size_t indicator, size_t sector, size_t p) {
  const tanlu_regional_data *d = r->d;
  const size_t regions = d->region.count;
  const double *column = indicator != TANLU_NONE
                             ? d->indicator_value + indicator * regions
                             : d->value_added + r->dataset->level[d->value_level].of_sector[sector] * regions;
  double sum = 0.0;
  for (size_t q = 0; q < regions; q++) sum += column[q];
  return sum > 0.0 ? column[p] / sum : 0.0;
}

static tanlu_status add_basis(reader *r, size_t sector, size_t indicator, double weight) {
  char **basis = &r->d->basis[sector], text[512];
  const char *had = *basis != NULL ? *basis : "";
  const char *name = indicator != TANLU_NONE ? r->d->indicator.code[indicator] : "value_added";
  if (weight == 1.0) {
    (void)snprintf(text, sizeof text, "%s", name);
  } else {
    (void)snprintf(text, sizeof text, "%s%s%g %s", had, *had != '\0' ? " + " : "", weight, name);
  }
  free(*basis);
  *basis = tanlu_string_copy(r->context, text);
  return *basis != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status assign(reader *r, size_t sector, size_t indicator, double weight) {
  const size_t regions = r->d->region.count;
  for (size_t p = 0; p < regions; p++) {
    r->d->share[sector * regions + p] += weight * indicator_share(r, indicator, sector, p);
  }
  return add_basis(r, sector, indicator, weight);
}

/* Whether the row is for datasets with this number of sectors; only then its sectors are looked up. */
static tanlu_status is_for(reader *r, const tanlu_csv *table, size_t row, bool *applies) {
  const double n = (double)r->dataset->accounts.n;
  double sectors = 0.0;
  *applies = true;
  if (*tanlu_csv_text(table, row, r->index[SECTORS]) == '\0') return TANLU_OK;
  tanlu_status status =
      tanlu_csv_number_within(table, row, r->index[SECTORS], (double)NAN, 1.0, HUGE_VAL, &sectors, r->context);
  if (status == TANLU_OK && sectors != floor(sectors)) {
    status = tanlu_csv_fail(table, row, r->index[SECTORS], r->context, "expected a number of sectors");
  }
  *applies = sectors == n;
  r->mine = r->mine || *applies;
  r->other = r->other || !*applies;
  return status;
}

static tanlu_status read_row(reader *r, const tanlu_csv *table, size_t row) {
  const size_t n = r->dataset->accounts.n, indicators = r->d->indicator.count, *index = r->index;
  const bool own = strcmp(tanlu_csv_text(table, row, index[INDICATOR]), "value_added") == 0;
  size_t k = indicators;
  double weight = 0.0;
  bool applies = true;
  tanlu_status status = is_for(r, table, row, &applies);
  memset(r->member, 0, n * sizeof *r->member);
  if (applies) keep(&status, tanlu_sectors_in_cell(table, row, index[SECTOR], r->dataset, r->member, r->context));
  if (!own) {
    keep(&status, tanlu_csv_code(table, row, index[INDICATOR], "indicator", &r->d->indicator, false, &k, r->context));
  }
  keep(&status, tanlu_csv_number_within(table, row, index[WEIGHT], (double)NAN, 0.0, 1.0, &weight, r->context));
  for (size_t j = 0; j < n && status == TANLU_OK; j++) {
    if (!r->member[j]) continue;
    bool *before = &r->seen[j * (indicators + 1) + k];
    if (*before) {
      return tanlu_csv_fail(table, row, index[INDICATOR], r->context, "sector '%s' has this indicator already",
                            r->dataset->accounts.sector.code[j]);
    }
    *before = true;
    r->weights[j] += weight;
    status = assign(r, j, own ? TANLU_NONE : k, weight);
  }
  return status;
}

/* Sectors without a row are where value added of their group is. */
static tanlu_status complete(reader *r, const tanlu_csv *table) {
  tanlu_status status = TANLU_OK;
  if (r->other && !r->mine) {
    return tanlu_fail_at(r->context, TANLU_ERR_INPUT, table->file, 0, 0,
                         "no row is for the %zu sectors of dataset %s; expected %zu, or nothing, in column 'sectors'",
                         r->dataset->accounts.n, r->dataset->name, r->dataset->accounts.n);
  }
  for (size_t j = 0; j < r->dataset->accounts.n; j++) {
    if (r->d->basis[j] == NULL) {
      keep(&status, assign(r, j, TANLU_NONE, 1.0));
    } else if (fabs(r->weights[j] - 1.0) > 1e-9) {
      keep(&status, tanlu_fail_at(r->context, TANLU_ERR_INPUT, table->file, 0, 0,
                                  "weights of sector '%s' add up to %g; expected 1",
                                  r->dataset->accounts.sector.code[j], r->weights[j]));
    }
  }
  return status;
}

tanlu_status tanlu_regional_assignment_read(tanlu_regional_data *d, const tanlu_dataset *dataset,
                                            tanlu_context *context) {
  static const char *const names[COLUMNS] = {"sector", "indicator", "weight", "source", "sectors"};
  const size_t n = dataset->accounts.n;
  char path[1024];
  tanlu_csv *table = NULL;
  reader r = {.d = d, .dataset = dataset, .context = context};
  (void)snprintf(path, sizeof path, "%s/assignment.csv", d->directory);
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  if (status == TANLU_OK) status = tanlu_csv_columns(table, names, SOURCE, COLUMNS, r.index, context);
  if (status == TANLU_OK) {
    d->share = tanlu_allocate_doubles(context, d->region.count, n);
    d->basis = tanlu_allocate(context, n, sizeof *d->basis);
    r.weights = tanlu_allocate_doubles(context, n, 1);
    r.seen = tanlu_allocate(context, n * (d->indicator.count + 1), sizeof *r.seen);
    r.member = tanlu_allocate(context, n, sizeof *r.member);
    const bool ready = d->share != NULL && d->basis != NULL && r.weights != NULL && r.seen != NULL && r.member != NULL;
    if (!ready) status = TANLU_ERR_MEMORY;
    for (size_t row = 0; ready && row < table->rows; row++) keep(&status, read_row(&r, table, row));
    if (ready) keep(&status, complete(&r, table));
  }
  tanlu_csv_free(&table);
  free(r.weights);
  free(r.seen);
  free(r.member);
  return status;
}
