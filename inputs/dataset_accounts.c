/* The table: categories, flows, final demand, value added; and the identities that it must keep. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"
#include "model/identities.h"

static void read_categories(tanlu_reader *r) {
  static const char *const names[] = {"code", "name", "name_zh", "role"};
  tanlu_accounts *a = &r->dataset->accounts;
  const char *role_word[TANLU_ROLES];
  size_t index[4];
  tanlu_csv *table = tanlu_reader_table(r, "categories.csv", names, 4, 4, index);
  if (!table) return;
  for (size_t k = 0; k < TANLU_ROLES; k++) role_word[k] = tanlu_category_role_word((tanlu_category_role)k);
  a->role = tanlu_reader_allocate(r, table->rows, sizeof *a->role);
  for (size_t row = 0; a->role && row < table->rows; row++) {
    size_t role = 0;
    if (!tanlu_reader_label(r, table, row, index, "category", &a->category)) continue;
    tanlu_reader_ok(r, tanlu_csv_word(table, row, index[3], "role", role_word, TANLU_ROLES, &role, r->context));
    /* Households' energy, the stocks and what other regions take are accounts of their own in the model: one category for each. */
    const bool single = !r->dataset->accounts_only && (role == TANLU_ROLE_RURAL || role == TANLU_ROLE_URBAN ||
                                                       tanlu_role_apart((tanlu_category_role)role));
    for (size_t k = 0; single && k + 1 < a->category.count; k++) {
      if ((size_t)a->role[k] != role) continue;
      tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[3], r->context,
                                        "category '%s' has the role '%s' already; expected it once",
                                        a->category.code[k], role_word[role]));
    }
    a->role[a->category.count - 1] = (tanlu_category_role)role;
  }
  tanlu_csv_free(&table);
}

void tanlu_dataset_read_flows(tanlu_reader *r, const char *file, double *flows,
                              tanlu_status (*take)(void *user, size_t i, const double *row), void *user,
                              tanlu_matrix_place *place) {
  const tanlu_accounts *a = &r->dataset->accounts;
  tanlu_reader_matrix(r, &(tanlu_matrix_file){.file = file,
                                              .key = "code",
                                              .noun = "sector",
                                              .row = &a->sector,
                                              .column = &a->sector,
                                              .value = flows,
                                              .row_stride = 1,
                                              .column_stride = a->n,
                                              .factor = r->money,
                                              .lowest = 0.0,
                                              .place = place,
                                              .take = take,
                                              .user = user});
}

static double *keep_flows(tanlu_reader *r, const char *file, tanlu_matrix_place *place) {
  const tanlu_accounts *a = &r->dataset->accounts;
  double *flows = tanlu_reader_allocate(r, a->n * a->n, sizeof *flows);
  tanlu_dataset_read_flows(r, file, flows, NULL, NULL, place);
  return flows;
}

static void read_final(tanlu_reader *r) {
  static const char *const extra[] = {"imports", "gross_output", "discrepancy"};
  static const double lowest[] = {0.0, 0.0, -HUGE_VAL};
  tanlu_accounts *a = &r->dataset->accounts;
  a->final_use = tanlu_reader_allocate(r, a->n * a->category.count, sizeof *a->final_use);
  a->imports = tanlu_reader_allocate(r, a->n, sizeof *a->imports);
  a->output = tanlu_reader_allocate(r, a->n, sizeof *a->output);
  a->discrepancy = tanlu_reader_allocate(r, a->n, sizeof *a->discrepancy);
  double *values[] = {a->imports, a->output, a->discrepancy};
  if (!a->imports || !a->output || !a->discrepancy) return;
  tanlu_matrix_file final = {.file = "final_demand.csv",
                             .key = "code",
                             .noun = "sector",
                             .row = &a->sector,
                             .column = &a->category,
                             .value = a->final_use,
                             .row_stride = 1,
                             .column_stride = a->n,
                             .factor = r->money,
                             .lowest = -HUGE_VAL,
                             .extra = extra,
                             .extras = 3,
                             .extra_optional = 1,
                             .extra_value = values,
                             .extra_lowest = lowest};
  tanlu_reader_matrix(r, &final);
  if (a->import_treatment != TANLU_IMPORT_SPLIT) return;
  a->final_domestic = tanlu_reader_allocate(r, a->n * a->category.count, sizeof *a->final_domestic);
  final.file = "final_demand_domestic.csv";
  final.value = a->final_domestic;
  final.extras = final.extra_optional = 0;
  tanlu_reader_matrix(r, &final);
}

/* value_added.csv has the sectors as columns; its rows name the components. */
static void read_value_added(tanlu_reader *r) {
  tanlu_accounts *a = &r->dataset->accounts;
  const size_t count = 3 + a->n;
  const char **names = tanlu_reader_allocate(r, count, sizeof *names);
  size_t *index = tanlu_reader_allocate(r, count, sizeof *index);
  tanlu_csv *table = NULL;
  if (names && index) {
    names[0] = "code";
    names[1] = "name";
    names[2] = "name_zh";
    for (size_t j = 0; j < a->n; j++) names[3 + j] = a->sector.code[j];
    table = tanlu_reader_table(r, "value_added.csv", names, count, count, index);
  }
  if (table) a->value_added = tanlu_reader_allocate(r, table->rows * a->n, sizeof *a->value_added);
  for (size_t row = 0; table && a->value_added && row < table->rows; row++) {
    if (!tanlu_reader_label(r, table, row, index, "component", &a->component)) continue;
    for (size_t j = 0; j < a->n; j++) {
      double value = 0.0;
      tanlu_reader_ok(r, tanlu_csv_number(table, row, index[3 + j], 0.0, &value, r->context));
      a->value_added[j * table->rows + row] = value * r->money;
    }
  }
  tanlu_csv_free(&table);
  free(index);
  free(names);
}

bool tanlu_dataset_read_margins(tanlu_reader *r) {
  read_categories(r);
  if (r->dataset->accounts.n == 0 || r->status != TANLU_OK) return false;
  read_final(r);
  read_value_added(r);
  return true;
}

void tanlu_dataset_read_accounts(tanlu_reader *r) {
  tanlu_accounts *a = &r->dataset->accounts;
  if (!tanlu_dataset_read_margins(r)) return;
  a->flows = keep_flows(r, "flows.csv", &r->flows);
  if (a->import_treatment == TANLU_IMPORT_SPLIT) a->flows_domestic = keep_flows(r, "flows_domestic.csv", NULL);
  if (tanlu_reader_has(r, "employment.csv")) {
    r->dataset->employment = tanlu_reader_allocate(r, a->n, sizeof *r->dataset->employment);
    tanlu_reader_vector(r, "employment.csv", "sector", "sector", &a->sector, 1.0, 0.0, r->dataset->employment);
  }
}

/* ---- identities ------------------------------------------------------------------------------------------------------ */

/* Z1 + sum y_k - m + err = x, row by row. */
static void check_rows(tanlu_reader *r) {
  const tanlu_accounts *a = &r->dataset->accounts;
  for (size_t i = 0; i < a->n; i++) {
    const tanlu_identity row = r->sums.uses ? tanlu_identity_row_of(a, i, r->sums.uses[i]) : tanlu_identity_row(a, i);
    if (tanlu_identity_holds(&row)) continue;
    tanlu_reader_fail(r, "flows.csv", r->flows.line[i], 0,
                      "row '%s' does not add up: uses - imports + discrepancy = %.10g, gross output %.10g, gap %.3g "
                      "(%s); allowed %.1g of output",
                      a->sector.code[i], row.sum, row.wanted, tanlu_identity_gap(&row), tanlu_dataset_money(r->dataset),
                      a->balance_tolerance);
  }
}

/* 1'Z + 1'w = x', column by column. */
static void check_columns(tanlu_reader *r) {
  const tanlu_accounts *a = &r->dataset->accounts;
  for (size_t j = 0; j < a->n; j++) {
    const tanlu_identity column =
        r->sums.inputs ? tanlu_identity_column_of(a, j, r->sums.inputs[j]) : tanlu_identity_column(a, j);
    if (tanlu_identity_holds(&column)) continue;
    tanlu_reader_fail(r, "flows.csv", 1, r->flows.field[j],
                      "column '%s' does not add up: inputs + value added = %.10g, gross output %.10g, gap %.3g "
                      "(%s); allowed %.1g of output",
                      a->sector.code[j], column.sum, column.wanted, tanlu_identity_gap(&column),
                      tanlu_dataset_money(r->dataset), a->balance_tolerance);
  }
}

/* A sector without output buys nothing (what is sold of its product is imported: the row says so). True when one does. */
static bool check_zero_outputs(tanlu_reader *r) {
  const tanlu_accounts *a = &r->dataset->accounts;
  bool found = false;
  for (size_t j = 0; j < a->n; j++) {
    if (a->output[j] > 0.0) continue;
    double bought = r->sums.inputs ? r->sums.inputs[j] : 0.0;
    for (size_t i = 0; !r->sums.inputs && i < a->n; i++) bought += a->flows[j * a->n + i];
    for (size_t c = 0; c < a->component.count; c++) bought += fabs(a->value_added[j * a->component.count + c]);
    if (bought == 0.0) continue;
    found = true;
    tanlu_reader_fail(r, "flows.csv", 1, r->flows.field[j],
                      "sector '%s' has no gross output but its column holds %.6g (%s); merge it into another sector",
                      a->sector.code[j], bought, tanlu_dataset_money(r->dataset));
  }
  return found;
}

void tanlu_dataset_check_domestic(tanlu_reader *r, size_t i, size_t j, double domestic, double total) {
  const tanlu_accounts *a = &r->dataset->accounts;
  if (domestic <= total + a->balance_tolerance * a->output[i]) return;
  tanlu_reader_fail(r, "flows_domestic.csv", 0, 0, "'%s' used by '%s': domestic part %.10g is above the total %.10g",
                    a->sector.code[i], a->sector.code[j], domestic, total);
}

/* The domestic part of a use is not larger than the use, and what is used at home or exported is what was made. */
static void check_split(tanlu_reader *r) {
  const tanlu_accounts *a = &r->dataset->accounts;
  for (size_t i = 0; i < a->n; i++) {
    const double slack = a->balance_tolerance * a->output[i];
    for (size_t j = 0; a->flows_domestic && j < a->n; j++) {
      tanlu_dataset_check_domestic(r, i, j, a->flows_domestic[j * a->n + i], a->flows[j * a->n + i]);
    }
    for (size_t k = 0; k < a->category.count; k++) {
      const double domestic = a->final_domestic[k * a->n + i], total = a->final_use[k * a->n + i];
      if (a->role[k] == TANLU_ROLE_INVENTORIES || domestic <= total + slack) continue;
      tanlu_reader_fail(r, "final_demand_domestic.csv", 0, 0,
                        "'%s' in '%s': domestic part %.10g is above the total %.10g", a->sector.code[i],
                        a->category.code[k], domestic, total);
    }
    const tanlu_identity made =
        r->sums.domestic ? tanlu_identity_domestic_of(a, i, r->sums.domestic[i]) : tanlu_identity_domestic(a, i);
    if (!tanlu_identity_holds(&made)) {
      tanlu_reader_fail(r, "flows_domestic.csv", r->flows.line[i], 0,
                        "domestic row '%s' does not add up: domestic uses + discrepancy = %.10g, gross output %.10g "
                        "(%s); allowed %.1g of output",
                        a->sector.code[i], made.sum, made.wanted, tanlu_dataset_money(r->dataset),
                        a->balance_tolerance);
    }
  }
}

void tanlu_dataset_check_accounts(tanlu_reader *r) {
  const tanlu_accounts *a = &r->dataset->accounts;
  if (!check_zero_outputs(r)) {
    check_rows(r);
    check_columns(r);
  }
  if (a->import_treatment == TANLU_IMPORT_SPLIT) check_split(r);
}
