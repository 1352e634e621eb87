#include "inputs/price_file.h"

#include <math.h>
#include <stdlib.h>

#include "inputs/coded_matrix.h"
#include "inputs/csv_table.h"
#include "solvers/memory.h"

enum { SECTOR, PRICE, USER, IMPORTS, COLUMNS };
static const double lowest = 0.02, highest = 50.0;

/* Sectors, then categories of final demand. */
static tanlu_status make_users(tanlu_labels *users, const tanlu_accounts *a, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t u = 0; status == TANLU_OK && u < a->n + a->category.count; u++) {
    const char *code = u < a->n ? a->sector.code[u] : a->category.code[u - a->n];
    if (tanlu_labels_find(users, code) != TANLU_NONE) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "'%s' is a sector and a category of final demand; expected one",
                        code);
    }
    status = tanlu_labels_add(users, code, NULL, NULL, context);
  }
  return status;
}

typedef struct {
  const tanlu_csv *table;
  const tanlu_accounts *accounts;
  const tanlu_labels *users;
  size_t index[COLUMNS];
  size_t *line; /* n x (users + 1): where a cell was told of, 0: nowhere; the last column is that of all users */
  tanlu_table_prices *prices;
  tanlu_context *context;
} reader;

/* Prices of one row: NaN where they are empty. */
static tanlu_status numbers(const reader *r, size_t row, double *price, double *imports) {
  tanlu_status status = TANLU_OK;
  *price = *imports = (double)NAN;
  if (tanlu_csv_text(r->table, row, r->index[PRICE])[0] != '\0') {
    status = tanlu_csv_number_within(r->table, row, r->index[PRICE], 1.0, lowest, highest, price, r->context);
  }
  if (r->index[IMPORTS] == TANLU_NONE || tanlu_csv_text(r->table, row, r->index[IMPORTS])[0] == '\0') return status;
  const tanlu_status other =
      tanlu_csv_number_within(r->table, row, r->index[IMPORTS], 1.0, lowest, highest, imports, r->context);
  return status != TANLU_OK ? status : other;
}

static void set_all(const reader *r, size_t i, double price, double imports) {
  const size_t n = r->accounts->n;
  r->prices->product[i] = price;
  for (size_t u = 0; u < r->users->count; u++) {
    if (r->line[u * n + i] != 0 && !isnan(r->prices->domestic[u * n + i])) continue;
    r->prices->domestic[u * n + i] = price;
  }
  for (size_t u = 0; u < r->users->count; u++) {
    if (r->line[u * n + i] != 0 && !isnan(r->prices->imported[u * n + i])) continue;
    r->prices->imported[u * n + i] = isnan(imports) ? price : imports;
  }
}

/* pass 0: rows of a cell; pass 1: those of a product, which fill in the rest. */
static tanlu_status take_row(const reader *r, size_t row, int pass) {
  const size_t n = r->accounts->n;
  size_t i = TANLU_NONE, u = TANLU_NONE;
  const bool cell = r->index[USER] != TANLU_NONE && tanlu_csv_text(r->table, row, r->index[USER])[0] != '\0';
  if (cell == (pass == 1)) return TANLU_OK;
  tanlu_status status =
      tanlu_csv_code(r->table, row, r->index[SECTOR], "sector", &r->accounts->sector, false, &i, r->context);
  if (cell) {
    const tanlu_status user = tanlu_csv_code(r->table, row, r->index[USER], "user", r->users, false, &u, r->context);
    if (user != TANLU_OK) status = user;
  }
  double price = 1.0, imports = 1.0;
  const tanlu_status read = numbers(r, row, &price, &imports);
  if (status != TANLU_OK || read != TANLU_OK) return status != TANLU_OK ? status : read;
  size_t *line = &r->line[(cell ? u : r->users->count) * n + i];
  if (*line != 0) {
    return tanlu_csv_fail(r->table, row, r->index[SECTOR], r->context,
                          "duplicate price of '%s'%s%s%s, first in line %zu", r->accounts->sector.code[i],
                          cell ? " for '" : "", cell ? r->users->code[u] : "", cell ? "'" : "", *line);
  }
  *line = r->table->line[row];
  if (!cell && isnan(price)) {
    return tanlu_csv_fail(r->table, row, r->index[PRICE], r->context, "no price of '%s'; expected a number",
                          r->accounts->sector.code[i]);
  }
  if (cell) {
    r->prices->by_user = true;
    r->prices->domestic[u * n + i] = price;
    r->prices->imported[u * n + i] = imports;
  } else {
    set_all(r, i, price, imports);
  }
  return TANLU_OK;
}

static tanlu_status take_rows(const reader *r) {
  tanlu_status status = TANLU_OK;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t row = 0; row < r->table->rows; row++) {
      const tanlu_status taken = take_row(r, row, pass);
      if (taken != TANLU_OK) status = taken;
    }
  }
  for (size_t i = 0; i < r->accounts->n; i++) {
    if (r->line[r->users->count * r->accounts->n + i] != 0) continue;
    status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, 0, 0, "missing sector '%s'",
                           r->accounts->sector.code[i]);
  }
  return status;
}

tanlu_status tanlu_table_prices_read(tanlu_table_prices *prices, const char *path, const tanlu_accounts *a,
                                     tanlu_context *context) {
  static const char *const names[] = {"sector", "price", "user", "imports"};
  const size_t n = a->n, count = a->n + a->category.count;
  tanlu_labels users = {0};
  tanlu_csv *table = NULL;
  reader r = {.accounts = a, .users = &users, .prices = prices, .context = context};
  *prices = (tanlu_table_prices){.product = tanlu_allocate_doubles(context, n, 1),
                                 .domestic = tanlu_allocate_doubles(context, n, count),
                                 .imported = tanlu_allocate_doubles(context, n, count)};
  r.line = tanlu_allocate(context, n * (count + 1), sizeof *r.line);
  tanlu_status status =
      prices->product != NULL && prices->domestic != NULL && prices->imported != NULL && r.line != NULL
          ? make_users(&users, a, context)
          : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_csv_read(&table, path, NULL, context);
  if (status == TANLU_OK) status = tanlu_csv_columns(table, names, 2, COLUMNS, r.index, context);
  r.table = table;
  if (status == TANLU_OK) status = take_rows(&r);
  tanlu_labels_clear(&users);
  tanlu_csv_free(&table);
  free(r.line);
  return status;
}

tanlu_status tanlu_imported_uses_read(double **imported, const char *path, const tanlu_accounts *a,
                                      tanlu_context *context) {
  tanlu_coded_matrix like = {.row = a->sector};
  *imported = NULL;
  tanlu_status status = make_users(&like.column, a, context);
  if (status == TANLU_OK) status = tanlu_coded_matrix_read_like(imported, path, &like, context);
  tanlu_labels_clear(&like.column);
  return status;
}
