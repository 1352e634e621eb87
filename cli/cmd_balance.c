/* tanlu balance: a table scaled until it has given sums. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/tables.h"
#include "inputs/accounts_file.h"
#include "inputs/coded_matrix.h"
#include "inputs/dataset_file.h"
#include "outputs/balance_view.h"
#include "solvers/gras.h"
#include "solvers/memory.h"

enum { MOST_ROUNDS = 20000, SHOWN = 10 };
static const double usual_tolerance = 1e-9; /* as of the identities of a dataset */
static const double least_weight = 1e-3;

typedef struct {
  const char *table, *rows, *columns, *margins, *fixed, *weights, *method, *against, *output;
  double tolerance;
  int top;
  bool force;
} options;

typedef struct {
  const options *options;
  tanlu_coded_matrix given;
  double *row_sum, *column_sum, *after, *weight, *against;
  bool *fixed;
  bool plain; /* no number below zero is to be scaled or met */
  int threads;
  tanlu_context *context;
  cli_tables tables;
} job;

/* ---- input ------------------------------------------------------------------------------------------------------------- */

/* Also when one fails, so that every wrong file is told of. */
static void keep(tanlu_status *status, tanlu_status next) {
  if (*status == TANLU_OK) *status = next;
}

static tanlu_status read_cells(job *b, size_t cells) {
  const options *o = b->options;
  tanlu_status status = TANLU_OK;
  if (o->fixed != NULL) {
    b->fixed = tanlu_allocate(b->context, cells, sizeof *b->fixed);
    if (b->fixed == NULL) return TANLU_ERR_MEMORY;
    keep(&status, tanlu_coded_cells_read(o->fixed, "value", -HUGE_VAL, &b->given, b->after, b->fixed, b->context));
  }
  if (o->weights != NULL) {
    b->weight = tanlu_allocate_doubles(b->context, cells, 1);
    if (b->weight == NULL) return TANLU_ERR_MEMORY;
    for (size_t k = 0; k < cells; k++) b->weight[k] = 1.0;
    keep(&status, tanlu_coded_cells_read(o->weights, "weight", least_weight, &b->given, b->weight, NULL, b->context));
  }
  return status;
}

/* ---- datasets: the flows of one year to the sums of another ---------------------------------------------------------------- */

static tanlu_status read_dataset(const job *b, const char *name, tanlu_dataset **dataset) {
  char *path = NULL;
  tanlu_status status = tanlu_input_find(&path, "data", name, NULL, b->context);
  if (status == TANLU_OK) status = tanlu_accounts_read(dataset, path, b->context);
  free(path);
  return status;
}

/* at[i]: sector of the dataset with the margins that is sector i of the table. */
static tanlu_status match_sectors(const job *b, const tanlu_dataset *table, const tanlu_dataset *margins, size_t *at) {
  const tanlu_labels *own = &table->accounts.sector, *other = &margins->accounts.sector;
  tanlu_status status = TANLU_OK;
  const char *unit = tanlu_dataset_money(table), *unit_other = tanlu_dataset_money(margins);
  if (strcmp(unit, unit_other) != 0) {
    status =
        tanlu_fail(b->context, TANLU_ERR_INPUT,
                   "dataset %s is in %s, %s in %s; expected one unit of money ('tanlu convert --money' makes it so)",
                   table->name, unit, margins->name, unit_other);
  }
  for (size_t i = 0; i < own->count; i++) {
    at[i] = tanlu_labels_find(other, own->code[i]);
    if (at[i] != TANLU_NONE) continue;
    status = tanlu_fail(b->context, TANLU_ERR_INPUT, "dataset %s: missing sector '%s' of %s", margins->name,
                        own->code[i], table->name);
  }
  for (size_t k = 0; k < other->count; k++) {
    if (tanlu_labels_find(own, other->code[k]) != TANLU_NONE) continue;
    status = tanlu_fail(b->context, TANLU_ERR_INPUT, "dataset %s: sector '%s' is none of %s", margins->name,
                        other->code[k], table->name);
  }
  return status;
}

static tanlu_status take_datasets(job *b, const tanlu_dataset *table, const tanlu_dataset *margins) {
  const size_t n = table->accounts.n;
  size_t *at = tanlu_allocate(b->context, n, sizeof *at);
  tanlu_labels *const label[] = {&b->given.row, &b->given.column};
  tanlu_status status = at != NULL ? match_sectors(b, table, margins, at) : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < 2 * n; k++) {
    status = tanlu_labels_add(label[k / n], table->accounts.sector.code[k % n], NULL, NULL, b->context);
  }
  b->given.value = tanlu_allocate_doubles(b->context, n, n);
  b->row_sum = tanlu_allocate_doubles(b->context, n, 1);
  b->column_sum = tanlu_allocate_doubles(b->context, n, 1);
  b->against = tanlu_allocate_doubles(b->context, n, n);
  if (b->given.value == NULL || b->row_sum == NULL || b->column_sum == NULL || b->against == NULL) {
    status = TANLU_ERR_MEMORY;
  }
  for (size_t j = 0; status == TANLU_OK && j < n; j++) {
    for (size_t i = 0; i < n; i++) {
      const double flow = margins->accounts.flows[at[j] * n + at[i]];
      b->given.value[j * n + i] = table->accounts.flows[j * n + i];
      b->against[j * n + i] = flow;
      b->row_sum[i] += flow;
      b->column_sum[j] += flow;
    }
  }
  free(at);
  return status;
}

static tanlu_status read_datasets(job *b) {
  tanlu_dataset *table = NULL, *margins = NULL;
  tanlu_status status = read_dataset(b, b->options->table, &table);
  keep(&status, read_dataset(b, b->options->margins, &margins));
  if (status == TANLU_OK) status = take_datasets(b, table, margins);
  tanlu_dataset_free(&table);
  tanlu_dataset_free(&margins);
  return status;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------- */

static tanlu_status read_sums(job *b) {
  const options *o = b->options;
  if (o->margins != NULL) return TANLU_OK;
  tanlu_status status = tanlu_coded_vector_read(&b->row_sum, o->rows, "row", &b->given.row, b->context);
  keep(&status, tanlu_coded_vector_read(&b->column_sum, o->columns, "column", &b->given.column, b->context));
  return status;
}

static tanlu_status read_files(job *b) {
  const options *o = b->options;
  tanlu_status status =
      o->margins != NULL ? read_datasets(b) : tanlu_coded_matrix_read(&b->given, o->table, b->context);
  if (status != TANLU_OK) return status;
  const size_t cells = b->given.row.count * b->given.column.count;
  b->after = tanlu_allocate_doubles(b->context, cells, 1);
  if (b->after == NULL) return TANLU_ERR_MEMORY;
  memcpy(b->after, b->given.value, cells * sizeof *b->after);
  keep(&status, read_sums(b));
  keep(&status, read_cells(b, cells));
  if (o->against != NULL) keep(&status, tanlu_coded_matrix_read_like(&b->against, o->against, &b->given, b->context));
  return status;
}

/* The first number below zero; with --method ras an error. */
static tanlu_status choose_method(job *b) {
  const tanlu_labels *row = &b->given.row, *column = &b->given.column;
  const options *o = b->options;
  const bool refused = o->method != NULL && strcmp(o->method, "ras") == 0;
  static const char advice[] = "; --method gras takes numbers below zero";
  b->plain = true;
  for (size_t k = 0; k < row->count * column->count; k++) {
    if (!(b->after[k] < 0.0) || (b->fixed != NULL && b->fixed[k])) continue;
    b->plain = false;
    if (!refused) break;
    return tanlu_fail_at(b->context, TANLU_ERR_INPUT, o->table, 0, 0, "row '%s', column '%s' holds %g%s",
                         row->code[k % row->count], column->code[k / row->count], b->after[k], advice);
  }
  for (size_t side = 0; side < 2; side++) {
    const tanlu_labels *label = side == 0 ? row : column;
    const double *sum = side == 0 ? b->row_sum : b->column_sum;
    for (size_t i = 0; i < label->count; i++) {
      if (!(sum[i] < 0.0)) continue;
      b->plain = false;
      if (!refused) break;
      return tanlu_fail_at(b->context, TANLU_ERR_INPUT, side == 0 ? o->rows : o->columns, 0, 0, "'%s' is %g%s",
                           label->code[i], sum[i], advice);
    }
  }
  if (o->method != NULL && strcmp(o->method, "gras") == 0) b->plain = false;
  return TANLU_OK;
}

/* ---- output ------------------------------------------------------------------------------------------------------------ */

static tanlu_status show(job *b, const tanlu_gras_report *report) {
  const options *o = b->options;
  static const char *const method[2][2] = {{"GRAS", "weighted GRAS"}, {"RAS", "weighted RAS"}};
  tanlu_balance_view view = {.row = &b->given.row,
                             .column = &b->given.column,
                             .before = b->given.value,
                             .after = b->after,
                             .against = b->against,
                             .table = o->table,
                             .truth = o->margins != NULL ? o->margins : o->against,
                             .method = method[b->plain][b->weight != NULL],
                             .rounds = report->rounds,
                             .gap = report->gap,
                             .top = (size_t)o->top};
  for (size_t k = 0; b->fixed != NULL && k < b->given.row.count * b->given.column.count; k++) view.fixed += b->fixed[k];
  if (b->tables.csv != NULL) tanlu_balance_write(&view, b->tables.csv);
  return tanlu_balance_print(&view, b->tables.out, b->context);
}

static tanlu_status run_all(job *b) {
  const options *o = b->options;
  tanlu_gras_report report = {0};
  tanlu_status status = cli_tables_open(&b->tables, o->output, o->force, b->context);
  if (status == TANLU_OK) status = read_files(b);
  if (status == TANLU_OK) status = choose_method(b);
  if (status == TANLU_OK) {
    const tanlu_gras_problem problem = {.rows = b->given.row.count,
                                        .columns = b->given.column.count,
                                        .row_sum = b->row_sum,
                                        .column_sum = b->column_sum,
                                        .fixed = b->fixed,
                                        .weight = b->weight,
                                        .row_name = (const char *const *)b->given.row.code,
                                        .column_name = (const char *const *)b->given.column.code};
    const tanlu_ras_options how = {.tolerance = o->tolerance, .most = MOST_ROUNDS, .threads = b->threads};
    status = tanlu_gras(&problem, b->after, &how, &report, b->context);
  }
  if (status == TANLU_OK) status = show(b, &report);
  return cli_tables_close(&b->tables, status, b->context);
}

static void clear(job *b) {
  tanlu_coded_matrix_clear(&b->given);
  free(b->row_sum);
  free(b->column_sum);
  free(b->after);
  free(b->weight);
  free(b->against);
  free(b->fixed);
  tanlu_context_free(&b->context);
}

/* ---- the command ------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "balance",
    .synopsis = "--rows ROWS.csv --columns COLUMNS.csv TABLE.csv, or --margins DATASET DATASET",
    .purpose =
        "Scale a table until its rows and columns have given sums, as close to it as they allow: RAS, or GRAS where\n"
        "numbers are below zero. Signs and zeros stay. Brings a table to the sums of another year, or balances one.\n"
        "TABLE.csv has codes in its first column and row, as flows.csv of a dataset; ROWS.csv and COLUMNS.csv have\n"
        "columns code, value. Codes are matched, in any order. With --margins both are datasets: the flows of one "
        "year\n"
        "brought to the row and column sums of another, whose own flows then tell the error.",
    .examples = "  tanlu balance --rows rows-2020.csv --columns columns-2020.csv -o flows-2020.csv flows-2017.csv\n"
                "  tanlu balance --rows u.csv --columns v.csv --fixed known.csv --against true.csv flows.csv\n"
                "  tanlu balance --rows u.csv --columns v.csv --weights reliability.csv -o new.csv flows.csv\n"
                "  tanlu balance --margins china-2020-42 ./china-2017-42\n",
    .least = 1,
    .most = 1,
    .operands = "a table",
};

static int check_usage(const options *o) {
  if (o->margins != NULL && (o->rows != NULL || o->columns != NULL || o->against != NULL)) {
    return cli_wrong_usage("balance", "--margins beside --rows, --columns or --against, which it tells");
  }
  if (o->margins == NULL && o->rows == NULL) return cli_wrong_usage("balance", "--rows is missing");
  if (o->margins == NULL && o->columns == NULL) return cli_wrong_usage("balance", "--columns is missing");
  if (!(o->tolerance > 0.0 && o->tolerance < 1.0)) {
    return cli_wrong_usage("balance", "--tolerance: %g is not between 0 and 1", o->tolerance);
  }
  static const char *const method[] = {"auto", "ras", "gras"};
  for (size_t k = 0; o->method != NULL && k < sizeof method / sizeof *method; k++) {
    if (strcmp(o->method, method[k]) == 0) return 0;
  }
  if (o->method == NULL) return 0;
  return cli_wrong_usage("balance", "--method: unknown method '%s'; expected auto, ras or gras", o->method);
}

int cli_balance(cli_environment *environment, int argc, char **argv) {
  options o = {.tolerance = usual_tolerance, .top = SHOWN};
  const cli_option option[] = {
      {"rows", 'r', CLI_TEXT, "FILE", "what every row is to add up to: columns code, value", &o.rows},
      {"columns", 'c', CLI_TEXT, "FILE", "what every column is to add up to: columns code, value", &o.columns},
      {"margins", 0, CLI_TEXT, "DATASET",
       "TABLE is a dataset: its flows to the sums of those of DATASET, which is also what --against names", &o.margins},
      {"fixed", 0, CLI_TEXT, "FILE", "cells that are known: columns row, column, value (empty: that of the table)",
       &o.fixed},
      {"weights", 'w', CLI_TEXT, "FILE", "reliability of cells: columns row, column, weight (others: 1)", &o.weights},
      {"method", 'm', CLI_TEXT, "auto|ras|gras", "auto is the default; ras refuses numbers below zero", &o.method},
      {"against", 0, CLI_TEXT, "FILE", "the true table: shows the errors of the balanced one", &o.against},
      {"tolerance", 0, CLI_NUMBER, "T", "largest gap of a sum as part of it (default: 1e-9)", &o.tolerance},
      {"top", 't', CLI_COUNT, "N", "lines of largest differences (default: 10)", &o.top},
      {"output", 'o', CLI_TEXT, "FILE", "write the balanced table into a CSV file", &o.output},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing file", &o.force},
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) status = check_usage(&o);
  if (status != 0 || operand == NULL || count != 1) return status;
  o.table = operand[0];
  job b = {.options = &o, .threads = environment->threads, .context = tanlu_context_create()};
  const tanlu_status done = b.context != NULL ? run_all(&b) : TANLU_ERR_MEMORY;
  if (b.context != NULL) cli_print_messages(environment, b.context, true);
  clear(&b);
  return tanlu_status_exit(done);
}
