/* groups.csv and sectors.csv: who the sectors are, which groups hold them and which branch of the energy statistics. */
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"

/* Names that mean something of their own where a scenario names groups. */
static const char *const reserved[] = {"all", "balance", "buildings", "vehicles", "heat_supply", "households"};

static void read_groups(tanlu_reader *r) {
  static const char *const names[] = {"code", "name", "name_zh", "level"};
  tanlu_dataset *d = r->dataset;
  size_t index[4];
  tanlu_csv *table = tanlu_reader_table(r, "groups.csv", names, 4, 4, index);
  if (!table) return;
  const char **levels = tanlu_reader_allocate(r, d->levels, sizeof *levels);
  for (size_t l = 0; levels && l < d->levels; l++) levels[l] = d->level[l].name;
  for (size_t row = 0; levels && row < table->rows; row++) {
    size_t l = 0;
    if (!tanlu_reader_ok(r, tanlu_csv_word(table, row, index[3], "level", levels, d->levels, &l, r->context))) continue;
    const char *code = tanlu_csv_text(table, row, index[0]);
    for (size_t k = 0; k < sizeof reserved / sizeof *reserved; k++) {
      if (strcmp(code, reserved[k]) != 0) continue;
      tanlu_reader_ok(
          r, tanlu_csv_fail(table, row, index[0], r->context, "'%s' is a reserved word; no group can have it", code));
    }
    tanlu_reader_label(r, table, row, index, "group", &d->level[l].group);
  }
  free(levels);
  tanlu_csv_free(&table);
}

static void read_sector_rows(tanlu_reader *r, const tanlu_csv *table, const size_t *index) {
  tanlu_dataset *d = r->dataset;
  tanlu_energy_statistics *e = &d->energy;
  const bool branches = !d->accounts_only;
  const size_t branch_column = branches ? index[3 + d->levels] : TANLU_NONE;
  if (branches) e->sector_branch = tanlu_reader_allocate(r, table->rows, sizeof *e->sector_branch);
  for (size_t l = 0; l < d->levels; l++) {
    d->level[l].of_sector = tanlu_reader_allocate(r, table->rows, sizeof *d->level[l].of_sector);
    if (!d->level[l].of_sector) return;
  }
  if (branches && !e->sector_branch) return;
  for (size_t row = 0; row < table->rows; row++) {
    if (!tanlu_reader_label(r, table, row, index, "sector", &d->accounts.sector)) continue;
    const size_t j = d->accounts.sector.count - 1;
    for (size_t l = 0; l < d->levels; l++) {
      tanlu_reader_ok(r, tanlu_csv_code(table, row, index[3 + l], "group", &d->level[l].group, false,
                                        &d->level[l].of_sector[j], r->context));
    }
    if (!branches) continue;
    size_t b = TANLU_NONE;
    if (tanlu_reader_ok(r, tanlu_csv_code(table, row, branch_column, "branch", &e->branch, false, &b, r->context)) &&
        (e->branch_kind[b] == TANLU_BRANCH_URBAN || e->branch_kind[b] == TANLU_BRANCH_RURAL)) {
      tanlu_reader_ok(r, tanlu_csv_fail(table, row, branch_column, r->context,
                                        "branch '%s' is of households; a sector belongs to another one",
                                        e->branch.code[b]));
    }
    e->sector_branch[j] = b;
  }
  d->accounts.n = d->accounts.sector.count;
  if (d->accounts.n == 0) tanlu_reader_fail(r, "sectors.csv", 0, 0, "no sectors");
}

/* Every group has a sector, and a code used on two levels means the same sectors. */
static void check_groups(tanlu_reader *r) {
  const tanlu_dataset *d = r->dataset;
  for (size_t l = 0; l < d->levels; l++) {
    const tanlu_level *level = &d->level[l];
    for (size_t g = 0; g < level->group.count; g++) {
      size_t members = 0, first_level, first_group;
      for (size_t j = 0; j < d->accounts.n; j++) members += level->of_sector[j] == g;
      if (members == 0) {
        tanlu_reader_fail(r, "groups.csv", 0, 0, "group '%s' of level '%s' has no sector in sectors.csv",
                          level->group.code[g], level->name);
      } else if (tanlu_dataset_find_group(d, level->group.code[g], &first_level, &first_group) != TANLU_OK) {
        tanlu_reader_fail(r, "groups.csv", 0, 0, "group '%s' holds other sectors on level '%s' than on another level",
                          level->group.code[g], level->name);
      }
    }
  }
}

void tanlu_dataset_read_sectors(tanlu_reader *r) {
  tanlu_dataset *d = r->dataset;
  if (d->levels == 0) return;
  read_groups(r);
  const size_t count =
      (d->accounts_only ? 3 : 4) + d->levels; /* accounts alone have no branches of the energy statistics */
  const char **names = tanlu_reader_allocate(r, count, sizeof *names);
  size_t *index = tanlu_reader_allocate(r, count, sizeof *index);
  tanlu_csv *table = NULL;
  if (names && index) {
    names[0] = "code";
    names[1] = "name";
    names[2] = "name_zh";
    for (size_t l = 0; l < d->levels; l++) names[3 + l] = d->level[l].name;
    if (!d->accounts_only) names[3 + d->levels] = "branch";
    table = tanlu_reader_table(r, "sectors.csv", names, count, count, index);
  }
  if (table) {
    read_sector_rows(r, table, index);
    if (r->status == TANLU_OK) check_groups(r);
  }
  tanlu_csv_free(&table);
  free(index);
  free(names);
}
