/* The program: picks the command. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "model/labels.h"
#include "solvers/blas.h"

static const struct {
  const char *name, *purpose;
  int (*run)(cli_environment *environment, int argc, char **argv);
} commands[] = {
    {"run", "project scenarios, write results, print a summary", cli_run},
    {"sweep", "run a scenario many times with varied parameters", cli_sweep},
    {"merge", "join the shards of a sweep into one file", cli_merge},
    {"sensitivity", "which parameters of a sweep or numbers of a scenario matter", cli_sensitivity},
    {"solve-for", "the smallest change of a scenario that meets goals", cli_solve_for},
    {"invest", "investment in power plants, and what it would ask of final demand", cli_invest},
    {"decompose", "what a change of CO2 or output comes from", cli_decompose},
    {"check", "report every problem of a dataset or scenario", cli_check},
    {"show", "print results as tables or CSV", cli_show},
    {"goals", "which policy goals the results meet", cli_goals},
    {"control", "dual control of energy or CO2, and carbon budgets", cli_control},
    {"compare", "what differs between two result files, and by how much", cli_compare},
    {"report", "figures and tables of a result file in one self-contained page", cli_report},
    {"export", "results under the names and units of the IAMC, as CSV or netCDF", cli_export},
    {"footprint", "whom the CO2 of a scenario is due to, and how sectors hang together", cli_footprint},
    {"prices", "what a price of CO2 does to prices, and who pays it", cli_prices},
    {"ets", "a carbon market: allowances, price, who pays, leakage", cli_ets},
    {"shock", "what is lost with the supply of a sector, or with the sector", cli_shock},
    {"stress", "which sectors are at risk when one scenario happens instead of another", cli_stress},
    {"solve", "output and emissions for the final demand of one table, however large", cli_solve},
    {"balance", "scale a table until it has given sums (RAS, GRAS)", cli_balance},
    {"convert", "a table in other money, at constant prices, with imports apart", cli_convert},
    {"symmetric", "supply and use tables to a symmetric table", cli_symmetric},
    {"aggregate", "write a dataset on other, fewer sectors", cli_aggregate},
    {"disaggregate", "write the accounts of a dataset with sectors split", cli_disaggregate},
    {"import", "read a table of others as a dataset of accounts", cli_import},
    {"regionalise", "a national table as one of several regions", cli_regionalise},
    {"pilots", "the low-carbon pilot provinces and cities: types, goals, accounts", cli_pilots},
    {"embodied", "emissions that regions of a table cause in each other", cli_embodied},
    {"share", "the CO2 of a scenario shared between regions, and what rules transfer", cli_share},
    {"downscale", "a national scenario by region", cli_downscale},
    {"synth", "write a made-up multi-regional dataset", cli_synth},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

const char *cli_command_purpose(const char *command) {
  for (size_t i = 0; i < COMMANDS; i++) {
    if (strcmp(command, commands[i].name) == 0) return commands[i].purpose;
  }
  return "";
}

static void print_help(void) {
  size_t count = 0;
  const cli_exit_status *exits = cli_exit_statuses(&count);
  (void)printf("Usage: tanlu COMMAND [OPTION]... [ARGUMENT]...\n\n"
               "Tanlu (碳路) projects China's output, energy and CO2 year by year to 2060 from official statistics.\n\n"
               "Commands:\n");
  for (size_t i = 0; i < COMMANDS; i++) (void)printf("  %-13s %s\n", commands[i].name, commands[i].purpose);
  (void)printf("\n'tanlu COMMAND --help' tells of a command's options; 'tanlu --version' prints the version.\n\n"
               "Examples:\n"
               "  tanlu run reference dual-carbon        project two shipped scenarios into results/china-2020.h5\n"
               "  tanlu show results/china-2020.h5 co2_net\n"
               "  tanlu check china-2020\n\n"
               "Exit status:\n");
  for (size_t i = 0; i < count; i++) (void)printf("  %-12s %s\n", exits[i].status, exits[i].meaning);
}

static int unknown_command(const char *name) {
  const char *names[COMMANDS];
  for (size_t i = 0; i < COMMANDS; i++) names[i] = commands[i].name;
  const char *nearest = tanlu_nearest(name, names, COMMANDS);
  if (name[0] == '-') return cli_wrong_usage("", "unknown option '%s'", name);
  if (nearest != NULL) return cli_wrong_usage("", "unknown command '%s'; did you mean '%s'?", name, nearest);
  return cli_wrong_usage("", "unknown command '%s'", name);
}

/* The command line as a shell would take it; newly allocated, NULL when out of memory. */
static char *quote_command_line(int argc, char **argv) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  if (stream == NULL) return NULL;
  (void)fputs("tanlu", stream);
  for (int i = 1; i < argc; i++) {
    const bool quoted = argv[i][0] == '\0' || argv[i][strspn(argv[i], plain)] != '\0';
    (void)fputs(quoted ? " '" : " ", stream);
    for (const char *p = argv[i]; *p != '\0'; p++) {
      if (*p == '\'') {
        (void)fputs("'\\''", stream);
      } else {
        (void)fputc(*p, stream);
      }
    }
    if (quoted) (void)fputc('\'', stream);
  }
  return fclose(stream) == 0 ? text : NULL;
}

/* Tables that could not be written are an error, except into a pipe that the reader has closed. */
static int close_stdout(cli_environment *environment, int status) {
  cli_flush(environment);
  if (fclose(stdout) != 0 && environment->output_error == 0) environment->output_error = errno;
  const int error = environment->output_error;
  if (error == 0 || error == EPIPE) return status;
  (void)fprintf(stderr, "tanlu: error: cannot write to standard output: %s\n", strerror(error));
  return status != 0 ? status : tanlu_status_exit(TANLU_ERR_IO);
}

/* Of several ranks only the first does what a command does by itself. */
static bool is_for_this_rank(const cli_environment *environment, int argc, char **argv) {
  return environment->cluster == NULL || environment->cluster->rank == 0 || (argc > 1 && strcmp(argv[1], "sweep") == 0);
}

/* The tables of all commands, for completions. */
static int print_tables(cli_environment environment) {
  int status = 0;
  environment.cluster = NULL; /* this rank alone prints them */
  for (size_t i = 0; status == 0 && i < COMMANDS; i++) {
    char form[] = "--help=complete", name[32];
    (void)snprintf(name, sizeof name, "%s", commands[i].name);
    status = commands[i].run(&environment, 2, (char *[]){name, form, NULL});
  }
  return status;
}

/* What stands in place of a command; -1 when it is none of these. */
static int run_option(cli_environment *environment, int argc, char **argv) {
  const char *name = argv[1];
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || (strcmp(name, "help") == 0 && argc == 2)) {
    print_help();
    return 0;
  }
  if (strcmp(name, "--version") == 0) {
    cli_print_version();
    return 0;
  }
  if (strcmp(name, "--help=complete") == 0) return print_tables(*environment);
  if (strcmp(name, "--list") == 0) return cli_list_print(environment, argc - 2, argv + 2);
  return -1;
}

static int run_program(cli_environment *environment, int argc, char **argv) {
  if (argc < 2) return cli_wrong_usage("", "expected a command");
  const char *name = argv[1];
  char help[] = "--help", *help_arguments[] = {argv[1], help, NULL};
  const int status = run_option(environment, argc, argv);
  if (status >= 0) return close_stdout(environment, status);
  char **arguments = argv + 1;
  int count = argc - 1;
  if (strcmp(name, "help") == 0) { /* tanlu help COMMAND */
    name = help_arguments[0] = argv[2];
    arguments = help_arguments;
    count = 2;
  }
  for (size_t i = 0; i < COMMANDS; i++) {
    if (strcmp(name, commands[i].name) != 0) continue;
    char *command_line = quote_command_line(argc, argv);
    environment->command_line = command_line != NULL ? command_line : "";
    const int done = close_stdout(environment, commands[i].run(environment, count, arguments));
    free(command_line);
    return done;
  }
  return unknown_command(name);
}

int main(int argc, char **argv) {
  cli_environment environment = {.threads = tanlu_blas_serial()};
  cli_signals_file_limit();
#ifdef TANLU_MPI
  environment.cluster = cli_mpi_start(&argc, &argv);
  environment.distributed = cli_mpi_distributed;
#endif
  int status = is_for_this_rank(&environment, argc, argv) ? run_program(&environment, argc, argv) : 0;
#ifdef TANLU_MPI
  status = cli_mpi_end(status);
#endif
  return status;
}
