/* The files of a whole dataset that name branches, on new sectors, and the names of new branches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/reshape_private.h"
#include "model/units.h"
#include "outputs/csv_write.h"
#include "solvers/memory.h"

/* A code that no kept branch and no user group has: that of the new sector, or with a word behind it. */
static char *free_code(const cli_reshape_target *f, size_t sector) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  const tanlu_energy_statistics *old = &f->job->old->energy;
  const char *code = f->job->accounts.sector.code[sector];
  bool taken = strcmp(code, "all") == 0 || tanlu_labels_find(&old->user_group, code) != TANLU_NONE;
  for (size_t b = 0; b < e->branches; b++) {
    taken = taken || (e->kept[b] != TANLU_NONE && strcmp(old->branch.code[e->kept[b]], code) == 0);
  }
  char *made = NULL;
  if (asprintf(&made, "%s%s", code, taken ? "_of_sector" : "") < 0) made = NULL;
  return made;
}

tanlu_status cli_reshape_name_branches(cli_reshape_target *f) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  const tanlu_energy_statistics *old = &f->job->old->energy;
  f->branch = tanlu_allocate(f->job->context, e->branches, sizeof *f->branch);
  f->user_group = tanlu_allocate(f->job->context, e->branches, sizeof *f->user_group);
  f->owned = tanlu_allocate(f->job->context, e->branches, sizeof *f->owned);
  if (f->branch == NULL || f->user_group == NULL || f->owned == NULL) return TANLU_ERR_MEMORY;
  for (size_t b = 0; b < e->branches; b++) {
    if (e->kept[b] == TANLU_NONE && (f->owned[b] = free_code(f, e->sector[b])) == NULL) {
      return cli_reshape_no_memory(f->job->context);
    }
    f->branch[b] = e->kept[b] != TANLU_NONE ? old->branch.code[e->kept[b]] : f->owned[b];
    f->user_group[b] = e->user_group[b] != TANLU_NONE ? old->user_group.code[e->user_group[b]] : f->owned[b];
  }
  return TANLU_OK;
}

tanlu_status cli_reshape_put_branches(cli_reshape_target *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = cli_reshape_table(f, "branches.csv", &status);
  if (table == NULL) return status;
  const char **text = tanlu_allocate(f->job->context, table->columns, sizeof *text);
  if (text == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) cli_reshape_put_header(out, table);
  for (size_t b = 0; status == TANLU_OK && b < e->branches; b++) {
    char rank[16];
    if (e->kept[b] != TANLU_NONE) {
      cli_reshape_put_row(out, table, e->kept[b], NULL);
      continue;
    }
    (void)snprintf(rank, sizeof rank, "%d", e->rank[b]);
    text[cli_reshape_column(table, "code")] = f->branch[b];
    text[cli_reshape_column(table, "name")] = f->job->accounts.sector.name[e->sector[b]];
    text[cli_reshape_column(table, "name_zh")] = f->job->accounts.sector.name_zh[e->sector[b]];
    text[cli_reshape_column(table, "user_group")] = f->user_group[b];
    text[cli_reshape_column(table, "non_energy_rank")] = rank;
    cli_reshape_put_row(out, table, e->like[b], text);
  }
  free(text);
  tanlu_csv_free(&table);
  return status;
}

/* Row of a table whose first label is `code`, which is there. */
static size_t row_of(const tanlu_csv *table, size_t column, const char *code) {
  size_t row = 0;
  while (strcmp(tanlu_csv_text(table, row, column), code) != 0) row++;
  return row;
}

static void put_energy_row(const cli_reshape_target *f, FILE *out, const tanlu_csv *table, size_t b,
                           const double *value) {
  const tanlu_labels *carrier = &f->job->old->energy.carrier.label;
  for (size_t c = 0; c < table->columns; c++) {
    const size_t at = tanlu_labels_find(carrier, tanlu_csv_header(table, c));
    if (at == TANLU_NONE) {
      tanlu_csv_put_text(out, c == 0, f->branch[b]);
    } else if (value[b * carrier->count + at] != 0.0) {
      tanlu_csv_put_number(out, c == 0, value[b * carrier->count + at] / f->energy_unit);
    } else {
      tanlu_csv_put_text(out, c == 0, "");
    }
  }
  (void)fputc('\n', out);
}

tanlu_status cli_reshape_put_energy(cli_reshape_target *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = cli_reshape_table(f, "branch_energy.csv", &status);
  if (table == NULL) return status;
  const size_t key = cli_reshape_column(table, "branch");
  cli_reshape_put_header(out, table);
  for (size_t b = 0; b < e->branches; b++) {
    if (e->kept[b] != TANLU_NONE) {
      cli_reshape_put_row(out, table, row_of(table, key, f->branch[b]), NULL);
    } else {
      put_energy_row(f, out, table, b, e->final);
    }
  }
  tanlu_csv_free(&table);
  return TANLU_OK;
}

tanlu_status cli_reshape_put_non_energy(cli_reshape_target *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = cli_reshape_table(f, "branch_energy.csv", &status); /* for its columns */
  if (table == NULL) return status;
  cli_reshape_put_header(out, table);
  for (size_t b = 0; b < e->branches; b++) put_energy_row(f, out, table, b, e->non_energy);
  tanlu_csv_free(&table);
  return TANLU_OK;
}

static bool group_is_used(const cli_reshape_target *f, const char *code) {
  if (strcmp(code, "all") == 0) return true;
  for (size_t b = 0; b < f->job->energy.branches; b++) {
    if (strcmp(f->user_group[b], code) == 0) return true;
  }
  return false;
}

tanlu_status cli_reshape_put_factors(cli_reshape_target *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  const tanlu_energy_statistics *old = &f->job->old->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = cli_reshape_table(f, "emission_factors.csv", &status);
  if (table == NULL) return status;
  const size_t group = cli_reshape_column(table, "user_group"), carrier = cli_reshape_column(table, "carrier"),
               content = cli_reshape_column(table, "carbon_content"),
               oxidation = cli_reshape_column(table, "oxidation"), source = cli_reshape_column(table, "source");
  cli_reshape_put_header(out, table);
  for (size_t row = 0; row < table->rows; row++) {
    if (group_is_used(f, tanlu_csv_text(table, row, group))) cli_reshape_put_row(out, table, row, NULL);
  }
  for (size_t b = 0; b < e->branches; b++) {
    for (size_t c = 0; e->user_group[b] == TANLU_NONE && c < e->carriers; c++) {
      bool any = false;
      for (size_t u = 0; u <= old->user_group.count; u++) any = any || old->emission_factor[u * e->carriers + c] > 0.0;
      if (!any) continue;
      for (size_t k = 0; k < table->columns; k++) {
        if (k == content) {
          tanlu_csv_put_number(out, k == 0, e->factor[b * e->carriers + c] / TANLU_CO2_PER_CARBON);
        } else {
          tanlu_csv_put_text(out, k == 0,
                             k == group       ? f->user_group[b]
                             : k == carrier   ? old->carrier.label.code[c]
                             : k == oxidation ? "100"
                             : k == source    ? "mean of the aggregated sectors by what they emit; oxidation included"
                                              : "");
        }
      }
      (void)fputc('\n', out);
    }
  }
  tanlu_csv_free(&table);
  return TANLU_OK;
}
