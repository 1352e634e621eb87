/* tanlu solve: output and emissions for given final demand, from the table of a dataset.
 *
 *     (I - A_d) x = y_d           A_d, y_d: inputs/open_table.h
 *     emissions = e_i / X_i x_i   e: of the base year by sector, X: its output
 *
 * The table goes to the solver row by row, so that no process need hold it. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/tables.h"
#include "inputs/dataset_file.h"
#include "inputs/open_table.h"
#include "outputs/csv_write.h"
#include "outputs/table.h"
#include "solvers/memory.h"

static const cli_usage usage = {
    .command = "solve",
    .synopsis = "DATASET",
    .purpose =
        "Solve the Leontief system of a dataset's base year: gross output, and emissions where --emissions gives\n"
        "those of the base year, for every column of final demand. Without --demand these are the dataset's own\n"
        "categories of final demand, which add up to its output.\n"
        "The table is read row by row. `tanlu-mpi solve --solver distributed` spreads it over all ranks, so that it\n"
        "may be larger than the memory of one node.",
    .examples = "  tanlu solve china-2020\n"
                "  tanlu solve --demand more-trains.csv --emissions co2.csv --csv result.csv ./mrio-2020\n"
                "  mpirun -n 16 tanlu-mpi solve --solver distributed ./mrio-2020\n",
    .least = 1,
    .most = 1,
    .operands = "one dataset",
};

enum { BLOCK_MOST = 1024 };            /* larger blocks leave ranks without work */
static const double tolerance = 1e-10; /* of the bound on the error, relative to the largest output */

typedef struct {
  const char *dataset, *solver, *demand, *emissions, *csv;
  int block;
  bool force, quiet;
} solve_options;

typedef struct {
  const solve_options *options;
  tanlu_context *context;
  tanlu_open_table *table;
  tanlu_sector_columns demand, emissions; /* of the files */
  size_t n, columns;                      /* right-hand sides */
  const char *money;                      /* unit of results */
  double result_unit;                     /* factor to it from that of the accounts */
  double *y, *x;                          /* n x columns, unit of the accounts: final demand, output */
  double *error;                          /* columns: bound */
  double *total;                          /* emissions x columns, in the file's units */
  tanlu_row_system system;
  tanlu_row_system_facts facts;
  double seconds[3]; /* reading, factoring, solving */
  cli_tables tables;
} solution;

/* ---- inputs ------------------------------------------------------------------------------------------------------------- */

static double seconds_now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* The dataset but for its flows, and the files beside it: their mistakes are met before the long part. */
static tanlu_status read_inputs(solution *s) {
  char *path = NULL;
  const solve_options *o = s->options;
  tanlu_status status = cli_tables_open(&s->tables, o->csv, o->force, s->context);
  if (status == TANLU_OK) status = tanlu_input_find(&path, "data", o->dataset, NULL, s->context);
  if (status == TANLU_OK) status = tanlu_open_table_read(&s->table, path, s->context);
  free(path);
  if (status != TANLU_OK) return status;
  const tanlu_accounts *a = &s->table->dataset->accounts;
  if (o->demand != NULL) status = tanlu_sector_columns_read(&s->demand, o->demand, a, -HUGE_VAL, s->context);
  if (o->emissions != NULL) {
    const tanlu_status read = tanlu_sector_columns_read(&s->emissions, o->emissions, a, -HUGE_VAL, s->context);
    if (status == TANLU_OK) status = read;
  }
  for (size_t g = 0; g < s->emissions.columns; g++) {
    if (strcmp(s->emissions.name[g], "output") != 0) continue;
    status = tanlu_fail_at(s->context, TANLU_ERR_INPUT, o->emissions, 1, 0,
                           "a column 'output' would be taken for the output of sectors; give it another name");
  }
  s->n = a->n;
  s->money = tanlu_dataset_result_money(s->table->dataset, &s->result_unit);
  s->columns = o->demand != NULL ? s->demand.columns : s->table->columns;
  return status;
}

static const char *column_name(const solution *s, size_t k) {
  return s->options->demand != NULL ? s->demand.name[k] : tanlu_open_table_column(s->table, k);
}

/* ---- solving ------------------------------------------------------------------------------------------------------------- */

static tanlu_status not_productive(const solution *s) {
  const tanlu_dataset *d = s->table->dataset;
  const tanlu_labels *sector = &d->accounts.sector;
  return tanlu_fail(s->context, TANLU_ERR_MODEL,
                    "dataset %s is not productive: the spectral radius of its domestic coefficients is about %.4g, "
                    "expected less than 1; sector %s (%s) weighs most in it",
                    d->name, s->facts.radius, sector->code[s->facts.culprit], sector->name[s->facts.culprit]);
}

static tanlu_status compute(solution *s) {
  const size_t n = s->n, columns = s->columns;
  const tanlu_accounts *a = &s->table->dataset->accounts;
  double begin = seconds_now();
  tanlu_status status = tanlu_open_table_rows(s->table, &s->system, s->context);
  s->seconds[0] += seconds_now() - begin;
  if (status != TANLU_OK) return status;
  begin = seconds_now();
  const size_t errors = tanlu_context_errors(s->context);
  status = tanlu_row_system_factor(&s->system, n, &s->facts, s->context);
  s->seconds[1] = seconds_now() - begin;
  if (status == TANLU_ERR_MODEL && tanlu_context_errors(s->context) == errors) return not_productive(s);
  if (status != TANLU_OK) return status;
  s->y = tanlu_allocate_doubles(s->context, n, columns);
  s->x = tanlu_allocate_doubles(s->context, n, columns);
  s->error = tanlu_allocate_doubles(s->context, columns, 1);
  s->total = tanlu_allocate_doubles(s->context, s->emissions.columns, columns);
  if (s->y == NULL || s->x == NULL || s->error == NULL || s->total == NULL) return TANLU_ERR_MEMORY;
  const double *from = s->options->demand != NULL ? s->demand.value : s->table->demand;
  const double unit = s->options->demand != NULL ? s->table->money : 1.0;
  for (size_t i = 0; i < n * columns; i++) s->x[i] = s->y[i] = unit * from[i];
  begin = seconds_now();
  status = tanlu_row_system_solve(&s->system, n, &s->facts, tolerance, s->x, columns, s->error, s->context);
  s->seconds[2] = seconds_now() - begin;
  for (size_t k = 0; k < columns; k++) {
    for (size_t g = 0; g < s->emissions.columns; g++) {
      for (size_t i = 0; i < n; i++) {
        const double e = s->emissions.value[g * n + i];
        if (e != 0.0) s->total[k * s->emissions.columns + g] += e / a->output[i] * s->x[k * n + i];
      }
    }
  }
  return status;
}

/* ---- results ------------------------------------------------------------------------------------------------------------- */

static double sum(const double *value, size_t count) {
  double total = 0.0;
  for (size_t i = 0; i < count; i++) total += value[i];
  return total;
}

static void put_row(const solution *s, tanlu_table *table, const char *name, double demand, double output,
                    const double *emissions, double error) {
  char text[32];
  tanlu_table_text(table, name);
  const double unit = s->result_unit;
  tanlu_table_number(table, unit * demand, tanlu_decimals(fabs(unit * demand)));
  tanlu_table_number(table, unit * output, tanlu_decimals(fabs(unit * output)));
  tanlu_table_number(table, demand != 0.0 ? output / demand : (double)NAN, 4);
  for (size_t g = 0; g < s->emissions.columns; g++) {
    tanlu_table_number(table, emissions[g], tanlu_decimals(fabs(emissions[g])));
  }
  (void)snprintf(text, sizeof text, "%.1e", error);
  tanlu_table_text(table, error >= 0.0 ? text : "");
}

static tanlu_status print_table(const solution *s) {
  const size_t gases = s->emissions.columns;
  tanlu_table *table = tanlu_table_create(s->context);
  double *all = tanlu_allocate_doubles(s->context, gases, 1);
  tanlu_status status = table != NULL && all != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status != TANLU_OK) goto done;
  tanlu_table_column(table, "final demand", TANLU_LEFT);
  char heading[64];
  (void)snprintf(heading, sizeof heading, "output, %s", s->money);
  tanlu_table_column(table, s->money, TANLU_RIGHT);
  tanlu_table_column(table, heading, TANLU_RIGHT);
  tanlu_table_column(table, "per demand", TANLU_RIGHT);
  for (size_t g = 0; g < gases; g++) tanlu_table_column(table, s->emissions.name[g], TANLU_RIGHT);
  tanlu_table_column(table, "error bound", TANLU_RIGHT);
  for (size_t k = 0; k < s->columns; k++) {
    for (size_t g = 0; g < gases; g++) all[g] += s->total[k * gases + g];
    put_row(s, table, column_name(s, k), sum(s->y + k * s->n, s->n), sum(s->x + k * s->n, s->n), s->total + k * gases,
            s->error[k]);
  }
  if (s->options->demand == NULL) {
    put_row(s, table, "total", sum(s->y, s->n * s->columns), sum(s->x, s->n * s->columns), all, -1.0);
  }
  status = tanlu_table_print(table, s->tables.out, s->context);
done:
  free(all);
  tanlu_table_free(&table);
  return status;
}

/* The outputs of all categories together against the table's: what reading and solving got right. */
static void print_gap(const solution *s) {
  const double *output = s->table->dataset->accounts.output;
  double gap = 0.0, largest = 0.0;
  for (size_t i = 0; i < s->n; i++) {
    double x = 0.0;
    for (size_t k = 0; k < s->columns; k++) x += s->x[k * s->n + i];
    gap = fmax(gap, fabs(x - output[i]));
    largest = fmax(largest, output[i]);
  }
  (void)fprintf(s->tables.out,
                "\nThe total differs from the output of the table by at most %.1e of the largest sector's.\n",
                largest > 0.0 ? gap / largest : 0.0);
}

static void put_record(FILE *csv, const char *variable, const char *demand, const char *sector, const char *unit,
                       double value) {
  tanlu_csv_put_text(csv, true, variable);
  tanlu_csv_put_text(csv, false, demand);
  tanlu_csv_put_text(csv, false, sector);
  tanlu_csv_put_text(csv, false, unit);
  tanlu_csv_put_number(csv, false, value);
  tanlu_csv_put_end(csv);
}

static void put_records(const solution *s, FILE *csv) {
  const tanlu_accounts *a = &s->table->dataset->accounts;
  static const char *const header[] = {"variable", "demand", "sector", "unit", "value"};
  for (size_t c = 0; c < sizeof header / sizeof *header; c++) tanlu_csv_put_text(csv, c == 0, header[c]);
  tanlu_csv_put_end(csv);
  for (size_t k = 0; k < s->columns; k++) {
    const double *x = s->x + k * s->n;
    for (size_t i = 0; i < s->n; i++) {
      put_record(csv, "output", column_name(s, k), a->sector.code[i], s->money, s->result_unit * x[i]);
    }
    for (size_t g = 0; g < s->emissions.columns; g++) {
      const double *e = s->emissions.value + g * s->n;
      for (size_t i = 0; i < s->n; i++) {
        const double value = e[i] != 0.0 ? e[i] / a->output[i] * x[i] : 0.0;
        put_record(csv, s->emissions.name[g], column_name(s, k), a->sector.code[i], "", value);
      }
    }
  }
}

static tanlu_status show(const solution *s) {
  if (s->tables.csv != NULL) put_records(s, s->tables.csv);
  (void)fprintf(s->tables.out, "%s: %zu sectors; %s; the inverse has row sums of at most %.4g\n\n",
                s->table->dataset->name, s->n, s->system.name, s->facts.row_sum);
  const tanlu_status status = print_table(s);
  if (status == TANLU_OK && s->options->demand == NULL) print_gap(s);
  return status;
}

/* ---- the command --------------------------------------------------------------------------------------------------------- */

/* Which solver the options name; -1 to go on. */
static int choose(cli_environment *environment, const solve_options *o, const cli_distributed **distributed) {
  *distributed = NULL;
  if (strcmp(o->solver, "direct") == 0) {
    return o->block == 0 ? CLI_GO_ON : cli_wrong_usage("solve", "--block is of --solver distributed");
  }
  if (strcmp(o->solver, "distributed") != 0) {
    return cli_wrong_usage("solve", "unknown solver '%s'; expected direct or distributed", o->solver);
  }
  if (o->block > BLOCK_MOST) return cli_wrong_usage("solve", "--block %d; expected at most %d", o->block, BLOCK_MOST);
  if (environment->distributed == NULL) {
    return cli_wrong_usage("solve", "--solver distributed is of tanlu-mpi (make MPI=1), started by mpirun");
  }
  *distributed = environment->distributed(o->block);
  if (*distributed != NULL) return CLI_GO_ON;
  return cli_wrong_usage("solve", "this tanlu-mpi was built without ScaLAPACK, so it has no --solver distributed");
}

static void note_cost(const solution *s, const cli_distributed *distributed) {
  if (distributed != NULL) {
    distributed->report(s->context);
  } else {
    const double n = (double)s->n;
    tanlu_note(s->context, "matrix and factor %.1f MB; peak of the process %.1f MB", 16e-6 * n * n,
               1e-6 * cli_peak_memory());
  }
  tanlu_note(s->context, "reading %.2f s, factoring %.2f s, solving %zu columns %.2f s", s->seconds[0], s->seconds[1],
             s->columns, s->seconds[2]);
}

static int run(cli_environment *environment, const solve_options *options, const cli_distributed *distributed) {
  solution s = {.options = options, .context = tanlu_context_create()};
  tanlu_status status = s.context != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  const double begin = seconds_now();
  if (status == TANLU_OK) status = read_inputs(&s);
  s.seconds[0] = seconds_now() - begin;
  if (status == TANLU_OK && distributed == NULL) status = tanlu_row_system_direct(&s.system, s.context);
  if (distributed != NULL) s.system = distributed->system;
  if (status == TANLU_OK) status = compute(&s);
  if (status == TANLU_OK) status = show(&s);
  if (s.context != NULL) status = cli_tables_close(&s.tables, status, s.context);
  if (status == TANLU_OK) note_cost(&s, distributed);
  if (distributed != NULL) {
    s.system.end(s.system.user);
  } else {
    tanlu_row_system_direct_free(&s.system);
  }
  if (s.context != NULL) cli_print_messages(environment, s.context, !options->quiet);
  tanlu_open_table_free(&s.table);
  tanlu_sector_columns_clear(&s.demand);
  tanlu_sector_columns_clear(&s.emissions);
  free(s.y);
  free(s.x);
  free(s.error);
  free(s.total);
  tanlu_context_free(&s.context);
  return tanlu_status_exit(status);
}

int cli_solve(cli_environment *environment, int argc, char **argv) {
  solve_options options = {.solver = "direct"};
  const cli_option option[] = {
      {"solver", 's', CLI_TEXT, "direct|distributed", "the default is direct; distributed is for tanlu-mpi",
       &options.solver},
      {"demand", 'd', CLI_TEXT, "FILE", "CSV: column sector, then columns of final demand for domestic products",
       &options.demand},
      {"emissions", 'e', CLI_TEXT, "FILE", "CSV: column sector, then columns of base-year emissions, any unit",
       &options.emissions},
      {"csv", 'c', CLI_TEXT, "FILE", "write output and emissions by sector", &options.csv},
      {"block", 'b', CLI_COUNT, "N", "distributed: rows and columns of a block (default 64)", &options.block},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing file", &options.force},
      {"quiet", 'q', CLI_FLAG, NULL, "no notes of memory and time", &options.quiet},
  };
  char **operand = NULL;
  int count = 0;
  const cli_distributed *distributed = NULL;
  int status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) status = choose(environment, &options, &distributed);
  if (status != CLI_GO_ON) return status;
  options.dataset = operand[0];
  return run(environment, &options, distributed);
}
