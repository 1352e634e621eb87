/* allocation.csv, throughput.csv and emission_factors.csv: what links branches, sectors and users to carriers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"
#include "model/units.h"

/* Shares given as decimals may add up to a little more than one. */
static const double share_tolerance = 1e-9;

static void read_override(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  const tanlu_dataset *d = r->dataset;
  tanlu_energy_statistics *e = &r->dataset->energy;
  tanlu_allocation a = {0};
  bool known =
      tanlu_reader_ok(r, tanlu_csv_code(table, row, index[0], "branch", &e->branch, false, &a.branch, r->context));
  known &= tanlu_reader_ok(
      r, tanlu_csv_code(table, row, index[1], "carrier", &e->carrier.label, false, &a.carrier, r->context));
  known &= tanlu_reader_ok(
      r, tanlu_csv_code(table, row, index[2], "sector", &d->accounts.sector, false, &a.sector, r->context));
  known &=
      tanlu_reader_ok(r, tanlu_csv_number_within(table, row, index[3], (double)NAN, 0.0, 1.0, &a.share, r->context));
  if (!known) return;
  if (e->sector_branch[a.sector] != a.branch) {
    tanlu_reader_ok(r,
                    tanlu_csv_fail(table, row, index[2], r->context, "sector '%s' belongs to branch '%s', not to '%s'",
                                   d->accounts.sector.code[a.sector], e->branch.code[e->sector_branch[a.sector]],
                                   e->branch.code[a.branch]));
    return;
  }
  double sum = a.share;
  for (size_t k = 0; k < e->allocations; k++) {
    const tanlu_allocation *other = &e->allocation[k];
    if (other->branch != a.branch || other->carrier != a.carrier) continue;
    sum += other->share;
    if (other->sector != a.sector) continue;
    tanlu_reader_ok(r,
                    tanlu_csv_fail(table, row, index[2], r->context, "duplicate share of sector '%s' in '%s' of '%s'",
                                   d->accounts.sector.code[a.sector], e->carrier.label.code[a.carrier],
                                   e->branch.code[a.branch]));
  }
  if (sum > 1.0 + share_tolerance) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[3], r->context,
                                      "the shares of '%s' in branch '%s' add up to %.10g; expected at most 1",
                                      e->carrier.label.code[a.carrier], e->branch.code[a.branch], sum));
  }
  e->allocation[e->allocations++] = a;
}

static void read_throughput(tanlu_reader *r) {
  static const char *const names[] = {"row", "column"};
  tanlu_energy_statistics *e = &r->dataset->energy;
  const tanlu_labels *sector = &r->dataset->accounts.sector;
  size_t index[2];
  tanlu_csv *table = tanlu_reader_table(r, "throughput.csv", names, 2, 2, index);
  if (!table) return;
  e->throughput = tanlu_reader_allocate(r, table->rows, sizeof *e->throughput);
  for (size_t row = 0; e->throughput && row < table->rows; row++) {
    size_t *pair = e->throughput[row];
    tanlu_reader_ok(r, tanlu_csv_code(table, row, index[0], "sector", sector, false, &pair[0], r->context));
    tanlu_reader_ok(r, tanlu_csv_code(table, row, index[1], "sector", sector, false, &pair[1], r->context));
    e->throughputs = row + 1;
  }
  tanlu_csv_free(&table);
}

void tanlu_dataset_read_allocation(tanlu_reader *r) {
  static const char *const names[] = {"branch", "carrier", "sector", "share", "source"};
  tanlu_energy_statistics *e = &r->dataset->energy;
  size_t index[5];
  tanlu_csv *table = tanlu_reader_table(r, "allocation.csv", names, 4, 5, index);
  if (table) e->allocation = tanlu_reader_allocate(r, table->rows, sizeof *e->allocation);
  for (size_t row = 0; table && e->allocation && row < table->rows; row++) read_override(r, table, index, row);
  tanlu_csv_free(&table);
  read_throughput(r);
}

/* A row's factor in tCO2 per TJ: carbon content (tC/TJ) x oxidation (percent) x 44/12. NaN cells of `factor` are unset;
 * its last row stands for `all`. */
static void read_factor(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row, double *factor) {
  const tanlu_energy_statistics *e = &r->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  size_t user = e->user_group.count, c = TANLU_NONE;
  double content = 0.0, oxidation = 0.0;
  if (strcmp(tanlu_csv_text(table, row, index[0]), "all") != 0 &&
      !tanlu_reader_ok(r,
                       tanlu_csv_code(table, row, index[0], "user group", &e->user_group, false, &user, r->context))) {
    return;
  }
  bool good =
      tanlu_reader_ok(r, tanlu_csv_code(table, row, index[1], "carrier", &e->carrier.label, false, &c, r->context));
  good &=
      tanlu_reader_ok(r, tanlu_csv_number_within(table, row, index[2], (double)NAN, 0.0, 200.0, &content, r->context));
  good &= tanlu_reader_ok(
      r, tanlu_csv_number_within(table, row, index[3], (double)NAN, 0.0, 100.0, &oxidation, r->context));
  if (!good) return;
  if (!isnan(factor[user * carriers + c])) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[1], r->context, "duplicate factor of '%s' for '%s'",
                                      e->carrier.label.code[c], tanlu_csv_text(table, row, index[0])));
    return;
  }
  factor[user * carriers + c] = content * (oxidation / 100.0) * TANLU_CO2_PER_CARBON;
}

void tanlu_dataset_read_factors(tanlu_reader *r) {
  static const char *const names[] = {"user_group", "carrier", "carbon_content", "oxidation", "source"};
  tanlu_energy_statistics *e = &r->dataset->energy;
  const size_t carriers = e->carrier.label.count, users = e->user_group.count;
  size_t index[5];
  tanlu_csv *table = tanlu_reader_table(r, "emission_factors.csv", names, 4, 5, index);
  if (!table) return;
  e->emission_factor = tanlu_reader_allocate(r, (users + 1) * carriers, sizeof *e->emission_factor);
  if (!e->emission_factor) goto cleanup;
  double *factor = e->emission_factor;
  for (size_t k = 0; k < (users + 1) * carriers; k++) factor[k] = (double)NAN;
  for (size_t row = 0; row < table->rows; row++) read_factor(r, table, index, row, factor);
  for (size_t k = 0; k < carriers; k++) { /* own row, else the row of all, else none */
    const double common = isnan(factor[users * carriers + k]) ? 0.0 : factor[users * carriers + k];
    for (size_t u = 0; u <= users; u++) {
      if (isnan(factor[u * carriers + k])) factor[u * carriers + k] = common;
    }
  }
cleanup:
  tanlu_csv_free(&table);
}
