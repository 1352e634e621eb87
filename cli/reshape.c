#include "cli/reshape.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/accounts_file.h"
#include "inputs/dataset_file.h"
#include "model/accounts_facts.h"
#include "outputs/accounts_write.h"
#include "outputs/table.h"
#include "solvers/memory.h"

/* How closely energy and CO2 of the nation must stay, relative: rounding of sums. */
static const double rounding = 1e-9;

void cli_reshape_clear(cli_reshape *j) {
  tanlu_dataset_free(&j->old);
  tanlu_concordance_file_clear(&j->file);
  tanlu_accounts_clear(&j->accounts);
  tanlu_levels_free(&j->level, j->levels);
  tanlu_aggregated_energy_clear(&j->energy);
  free(j->path);
  free(j->name);
  tanlu_context_free(&j->context);
}

tanlu_status cli_reshape_open(cli_reshape *j) {
  tanlu_status status = tanlu_dataset_writer_check(j->output, j->force, j->context);
  if (status == TANLU_OK) status = tanlu_dataset_name_for(&j->name, NULL, j->output, j->context);
  if (status == TANLU_OK) status = tanlu_input_find(&j->path, "data", j->dataset, NULL, j->context);
  if (status != TANLU_OK) return status;
  if (j->accounts_only || tanlu_is_accounts_only(j->path)) return tanlu_accounts_read(&j->old, j->path, j->context);
  return tanlu_dataset_read(&j->old, j->path, j->context);
}

/* ---- writing --------------------------------------------------------------------------------------------------------------- */

static bool is_whole(const cli_reshape *j) {
  return !j->accounts_only && !j->old->accounts_only;
}

/* What the new dataset says about where it is from. */
static tanlu_status put_origin(const cli_reshape *j, FILE *out) {
  (void)fprintf(out,
                "# Made from another dataset\n\n"
                "`%s`\n\n"
                "%s on %zu sectors from %s on %zu, by %s.",
                j->command_line, j->name, j->accounts.n, j->old->name, j->old->accounts.n, j->by);
  (void)fputs(" The rest of this page is about the dataset that it was made from.\n\n", out);
  char *path = NULL, *text = NULL;
  size_t length = 0;
  if (asprintf(&path, "%s/SOURCES.md", j->path) < 0) {
    return tanlu_fail(j->context, TANLU_ERR_MEMORY, "out of memory for a path");
  }
  FILE *in = fopen(path, "r");
  tanlu_status status = TANLU_OK;
  if (in != NULL && getdelim(&text, &length, '\0', in) >= 0) (void)fputs(text, out);
  if (in != NULL && ferror(in) != 0) {
    status = tanlu_fail(j->context, TANLU_ERR_IO, "cannot read %s: %s", path, strerror(errno));
  }
  if (in != NULL) (void)fclose(in);
  free(text);
  free(path);
  return status;
}

/* The new dataset as whoever runs it will read it. */
static tanlu_status check_whole(cli_reshape *j, const char *directory) {
  tanlu_dataset *made = NULL;
  tanlu_status status = tanlu_dataset_read(&made, directory, j->context);
  if (status == TANLU_OK) status = tanlu_nation_of(&j->before, j->old, j->context);
  if (status == TANLU_OK) status = tanlu_nation_of(&j->after, made, j->context);
  const tanlu_nation *was = &j->before, *is = &j->after;
  if (status == TANLU_OK &&
      (fabs(is->energy - was->energy) > rounding * was->energy || fabs(is->co2 - was->co2) > rounding * was->co2)) {
    status = tanlu_fail(j->context, TANLU_ERR_INTERNAL,
                        "energy of the nation was %.12g TJ and is %.12g, CO2 %.12g t and %.12g", was->energy,
                        is->energy, was->co2, is->co2);
  }
  if (status == TANLU_ERR_INPUT) {
    status =
        tanlu_fail(j->context, TANLU_ERR_INPUT,
                   "a whole dataset on these sectors would be wrong, see above; --accounts leaves out energy, power "
                   "and products");
  }
  tanlu_dataset_free(&made);
  return status;
}

static tanlu_status fill(cli_reshape *j, tanlu_dataset_writer *writer) {
  tanlu_status status = is_whole(j) ? cli_reshape_files(j, writer) : TANLU_OK;
  if (status == TANLU_OK) status = tanlu_dataset_write_accounts(writer, &j->accounts, j->context);
  static const char *const beside[] = {"regions.csv", "regional_energy.csv"}; /* not by sector */
  for (size_t k = 0; status == TANLU_OK && !is_whole(j) && k < sizeof beside / sizeof *beside; k++) {
    status = cli_reshape_copy(j, writer, beside[k]);
  }
  if (status == TANLU_OK && !is_whole(j)) status = tanlu_extensions_write(writer, j->old, j->file.g, j->context);
  if (status == TANLU_OK && is_whole(j)) {
    const char *directory = NULL;
    status =
        tanlu_dataset_writer_text(writer, "AGGREGATE.md", "Made from another dataset, see SOURCES.md.\n", j->context);
    if (status == TANLU_OK) status = tanlu_dataset_writer_complete(writer, &directory, j->context);
    if (status == TANLU_OK) status = check_whole(j, directory);
  }
  return status;
}

tanlu_status cli_reshape_write(cli_reshape *j) {
  tanlu_dataset_writer *writer = NULL;
  char *title = NULL, *sources = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&sources, &length);
  tanlu_status status = out != NULL ? put_origin(j, out) : TANLU_ERR_MEMORY;
  if (out != NULL && fclose(out) != 0) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK && asprintf(&title, "%s, on %zu sectors", j->old->title, j->accounts.n) < 0) {
    title = NULL;
    status = TANLU_ERR_MEMORY;
  }
  tanlu_table_heads heads = tanlu_table_heads_of(j->old);
  heads.name = j->name;
  heads.title = title;
  heads.sources = sources;
  heads.import_treatment = j->accounts.import_treatment;
  heads.balance_tolerance = j->accounts.balance_tolerance;
  heads.n = j->accounts.n;
  heads.sector = &j->accounts.sector;
  heads.category = &j->accounts.category;
  heads.component = &j->accounts.component;
  heads.role = j->accounts.role;
  heads.levels = j->levels;
  heads.level = j->level;
  if (status == TANLU_OK) status = tanlu_dataset_writer_create(&writer, j->output, j->force, &heads, j->context);
  if (status == TANLU_OK) status = fill(j, writer);
  if (status == TANLU_OK) status = tanlu_dataset_writer_finish(&writer, j->context);
  tanlu_dataset_writer_discard(&writer);
  free(title);
  free(sources);
  return status;
}

/* ---- totals ---------------------------------------------------------------------------------------------------------------- */

tanlu_status cli_reshape_print_totals(const cli_reshape *j) {
  const tanlu_accounts_facts before = tanlu_accounts_sums(&j->old->accounts), after = tanlu_accounts_sums(&j->accounts);
  double unit = 1.0;
  const char *money = tanlu_dataset_result_money(j->old, &unit);
  const struct {
    const char *name;
    double before, after;
  } row[] = {{"output", before.output, after.output},
             {"value added", before.value_added, after.value_added},
             {"final demand", before.final_demand, after.final_demand},
             {"imports", before.imports, after.imports}};
  tanlu_table *table = tanlu_table_create(j->context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  (void)printf("%s: %zu sectors, from %s with %zu\n\n", j->output, j->accounts.n, j->old->name, j->old->accounts.n);
  tanlu_table_column(table, money, TANLU_LEFT);
  tanlu_table_column(table, "before", TANLU_RIGHT);
  tanlu_table_column(table, "after", TANLU_RIGHT);
  tanlu_table_column(table, "difference", TANLU_RIGHT);
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    const double gap = row[k].before != 0.0 ? (row[k].after - row[k].before) / fabs(row[k].before) : 0.0;
    char text[32];
    (void)snprintf(text, sizeof text, "%.1e", gap);
    tanlu_table_text(table, row[k].name);
    tanlu_table_number(table, unit * row[k].before, 1);
    tanlu_table_number(table, unit * row[k].after, 1);
    tanlu_table_text(table, gap == 0.0 ? "0" : text);
  }
  const tanlu_status status = tanlu_table_print(table, stdout, j->context);
  tanlu_table_free(&table);
  if (is_whole(j)) {
    (void)printf(
        "\nFinal energy and inputs of power and heat, %.1f PJ, and their CO2, %.2f Mt, stay (to %.1e and %.1e).\n",
        1e-3 * j->after.energy, 1e-6 * j->after.co2, fabs(j->after.energy / j->before.energy - 1.0),
        fabs(j->after.co2 / j->before.co2 - 1.0));
  }
  return status;
}
