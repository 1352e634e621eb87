#include "inputs/open_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "inputs/dataset_reader.h"
#include "model/technology.h"
#include "solvers/memory.h"

struct tanlu_open_table_reader {
  tanlu_reader r;
  const tanlu_row_system *system;
  double *row;   /* n: coefficients on their way */
  double *flows; /* n x n, split only: row-major, as they are read */
};

void tanlu_open_table_free(tanlu_open_table **table) {
  tanlu_open_table *t = *table;
  if (t == NULL) return;
  if (t->reader != NULL) {
    tanlu_reader *r = &t->reader->r;
    tanlu_yaml_free(&r->settings);
    free(r->flows.line);
    free(r->flows.field);
    free(r->sums.uses);
    free(r->sums.inputs);
    free(r->sums.domestic);
    free(t->reader->row);
    free(t->reader->flows);
    free(t->reader);
  }
  tanlu_dataset_free(&t->dataset);
  free(t->demand);
  free(t);
  *table = NULL;
}

static bool has_discrepancy(const tanlu_accounts *a) {
  for (size_t i = 0; i < a->n; i++) {
    if (a->discrepancy[i] != 0.0) return true;
  }
  return false;
}

static void read_margins(tanlu_open_table *t) {
  tanlu_reader *r = &t->reader->r;
  const tanlu_accounts *a = &t->dataset->accounts;
  tanlu_dataset_read_settings(r);
  if (r->status == TANLU_OK && !r->dataset->accounts_only) tanlu_dataset_read_branches(r);
  if (r->status == TANLU_OK) tanlu_dataset_read_sectors(r);
  if (r->status == TANLU_OK) (void)tanlu_dataset_read_margins(r);
  if (r->status != TANLU_OK) return;
  t->money = r->money;
  t->columns = a->category.count + (has_discrepancy(a) ? 1 : 0);
  t->demand = tanlu_reader_allocate(r, a->n * t->columns, sizeof *t->demand);
  t->reader->row = tanlu_reader_allocate(r, a->n, sizeof *t->reader->row);
  r->sums.uses = tanlu_reader_allocate(r, a->n, sizeof(double));
  r->sums.inputs = tanlu_reader_allocate(r, a->n, sizeof(double));
  r->sums.domestic = tanlu_reader_allocate(r, a->n, sizeof(double));
}

tanlu_status tanlu_open_table_read(tanlu_open_table **table, const char *directory, tanlu_context *context) {
  *table = NULL;
  struct stat info;
  if (stat(directory, &info) != 0 || !S_ISDIR(info.st_mode)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, directory, 0, 0,
                         "no such directory; expected a dataset (dataset.yaml and its CSV files)");
  }
  tanlu_open_table *t = tanlu_allocate(context, 1, sizeof *t);
  if (t == NULL) return TANLU_ERR_MEMORY;
  t->reader = tanlu_allocate(context, 1, sizeof *t->reader);
  t->dataset = tanlu_allocate(context, 1, sizeof *t->dataset);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (t->reader != NULL && t->dataset != NULL) {
    t->dataset->path = tanlu_string_copy(context, directory);
    t->reader->r = (tanlu_reader){.dataset = t->dataset,
                                  .directory = t->dataset->path,
                                  .context = context,
                                  .status = t->dataset->path != NULL ? TANLU_OK : TANLU_ERR_MEMORY,
                                  .money = 1.0,
                                  .energy = 1.0};
    if (t->dataset->path != NULL) read_margins(t);
    status = t->reader->r.status;
  }
  if (status != TANLU_OK) tanlu_open_table_free(&t);
  *table = t;
  return status;
}

/* ---- the flows ----------------------------------------------------------------------------------------------------------- */

/* y_d of product i, at this import share. */
static void take_demand(tanlu_open_table *t, size_t i, double mu) {
  const tanlu_accounts *a = &t->dataset->accounts;
  const size_t n = a->n, categories = a->category.count;
  for (size_t k = 0; k < categories; k++) {
    const double use = a->final_use[k * n + i];
    if (use != 0.0) t->demand[k * n + i] = tanlu_final_domestic_share(a, i, k, mu) * use;
  }
  if (t->columns > categories) t->demand[categories * n + i] = a->discrepancy[i];
}

static tanlu_status hand_on(tanlu_open_table *t, size_t i, const double *flow, double share) {
  tanlu_open_table_reader *o = t->reader;
  const tanlu_accounts *a = &t->dataset->accounts;
  /* After an error the rest is only checked; so are columns without output, which must be empty. */
  if (o->r.status != TANLU_OK) return TANLU_OK;
  for (size_t j = 0; j < a->n; j++) o->row[j] = a->output[j] > 0.0 ? share * flow[j] / a->output[j] : 0.0;
  return o->system->row(o->system->user, i, o->row, o->r.context);
}

static tanlu_status take_flows(void *user, size_t i, const double *flow) {
  tanlu_open_table *t = user;
  tanlu_reader *r = &t->reader->r;
  const size_t n = t->dataset->accounts.n;
  for (size_t j = 0; j < n; j++) {
    r->sums.uses[i] += flow[j];
    r->sums.inputs[j] += flow[j];
  }
  double mu = 0.0;
  if (!tanlu_reader_ok(r, tanlu_import_share(t->dataset, i, r->sums.uses[i], &mu, r->context))) return TANLU_OK;
  take_demand(t, i, mu);
  if (t->reader->flows == NULL) return hand_on(t, i, flow, 1.0 - mu);
  memcpy(t->reader->flows + i * n, flow, n * sizeof *flow);
  return TANLU_OK;
}

static tanlu_status take_domestic(void *user, size_t i, const double *flow) {
  tanlu_open_table *t = user;
  tanlu_reader *r = &t->reader->r;
  const size_t n = t->dataset->accounts.n;
  double *total = t->reader->flows + i * n;
  for (size_t j = 0; j < n; j++) {
    tanlu_dataset_check_domestic(r, i, j, flow[j], total[j]);
    r->sums.domestic[i] += flow[j];
    if (total[j] > 0.0) total[j] = flow[j]; /* rounding beside an empty cell of the total is no input */
  }
  return hand_on(t, i, total, 1.0);
}

tanlu_status tanlu_open_table_rows(tanlu_open_table *table, const tanlu_row_system *system, tanlu_context *context) {
  tanlu_open_table_reader *o = table->reader;
  tanlu_reader *r = &o->r;
  const tanlu_accounts *a = &table->dataset->accounts;
  const bool split = a->import_treatment == TANLU_IMPORT_SPLIT;
  o->system = system;
  r->context = context;
  r->status = system->begin(system->user, a->n, context);
  if (r->status != TANLU_OK) return r->status;
  if (split) o->flows = tanlu_reader_allocate(r, a->n * a->n, sizeof *o->flows);
  if (split && o->flows == NULL) return r->status;
  tanlu_dataset_read_flows(r, "flows.csv", NULL, take_flows, table, &r->flows);
  if (split && r->status == TANLU_OK) {
    tanlu_dataset_read_flows(r, "flows_domestic.csv", NULL, take_domestic, table, NULL);
  }
  if (r->status == TANLU_OK) tanlu_dataset_check_accounts(r);
  free(o->flows);
  o->flows = NULL;
  return r->status;
}

const char *tanlu_open_table_column(const tanlu_open_table *table, size_t k) {
  const tanlu_labels *category = &table->dataset->accounts.category;
  return k < category->count ? category->code[k] : "discrepancy";
}

/* ---- columns of a file ------------------------------------------------------------------------------------------------------ */

void tanlu_sector_columns_clear(tanlu_sector_columns *columns) {
  for (size_t k = 0; columns->name != NULL && k < columns->columns; k++) free(columns->name[k]);
  free(columns->name);
  free(columns->value);
  *columns = (tanlu_sector_columns){0};
}

/* Where the sectors stand, and the names of the other columns. */
static tanlu_status take_header(tanlu_sector_columns *c, const tanlu_csv *table, size_t *key, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  *key = TANLU_NONE;
  c->name = tanlu_allocate(context, table->columns, sizeof *c->name);
  if (c->name == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < table->columns; k++) {
    const char *header = tanlu_csv_header(table, k);
    if (strcmp(header, "sector") == 0 && *key == TANLU_NONE) {
      *key = k;
      continue;
    }
    bool again = strcmp(header, "sector") == 0;
    for (size_t l = 0; l < c->columns; l++) again = again || strcmp(header, c->name[l]) == 0;
    if (again || *header == '\0') {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, k + 1,
                             again ? "duplicate column '%s'" : "a column without a name%s", header);
      continue;
    }
    c->name[c->columns] = tanlu_string_copy(context, header);
    if (c->name[c->columns++] == NULL) return TANLU_ERR_MEMORY;
  }
  if (*key == TANLU_NONE) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, 0, "missing column 'sector'");
  } else if (status == TANLU_OK && c->columns == 0) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, table->file, table->header_line, 0,
                           "no column beside 'sector'; expected one or more columns of numbers");
  }
  return status;
}

static tanlu_status take_row(const tanlu_sector_columns *c, const tanlu_csv *table, size_t row, size_t key,
                             const tanlu_accounts *accounts, double lowest, size_t *line, tanlu_context *context) {
  size_t i = TANLU_NONE;
  tanlu_status status = tanlu_csv_code(table, row, key, "sector", &accounts->sector, false, &i, context);
  if (status != TANLU_OK) return status;
  if (line[i] != 0) {
    return tanlu_csv_fail(table, row, key, context, "duplicate sector '%s', first in line %zu",
                          accounts->sector.code[i], line[i]);
  }
  line[i] = table->line[row];
  for (size_t k = 0; k < c->columns; k++) {
    const size_t column = k < key ? k : k + 1;
    double *value = &c->value[k * accounts->n + i];
    const tanlu_status read = tanlu_csv_number_within(table, row, column, 0.0, lowest, HUGE_VAL, value, context);
    if (read != TANLU_OK) {
      status = read;
    } else if (*value != 0.0 && !(accounts->output[i] > 0.0)) {
      status = tanlu_csv_fail(table, row, column, context,
                              "sector '%s' has no output in the base year; expected 0 in column '%s', found %g",
                              accounts->sector.code[i], c->name[k], *value);
    }
  }
  return status;
}

tanlu_status tanlu_sector_columns_read(tanlu_sector_columns *columns, const char *path, const tanlu_accounts *accounts,
                                       double lowest, tanlu_context *context) {
  *columns = (tanlu_sector_columns){0};
  tanlu_csv *table = NULL;
  size_t key = TANLU_NONE;
  size_t *line = tanlu_allocate(context, accounts->n, sizeof *line);
  tanlu_status status = line != NULL ? tanlu_csv_read(&table, path, NULL, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = take_header(columns, table, &key, context);
  if (status == TANLU_OK && table->rows == 0) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, table->header_line, 0,
                           "no rows; expected one for each sector that has a number");
  }
  if (status == TANLU_OK) {
    columns->value = tanlu_allocate_doubles(context, accounts->n, columns->columns);
    if (columns->value == NULL) status = TANLU_ERR_MEMORY;
  }
  for (size_t row = 0; columns->value != NULL && row < table->rows; row++) {
    const tanlu_status read = take_row(columns, table, row, key, accounts, lowest, line, context);
    if (read != TANLU_OK) status = read;
  }
  tanlu_csv_free(&table);
  free(line);
  if (status != TANLU_OK) tanlu_sector_columns_clear(columns);
  return status;
}
