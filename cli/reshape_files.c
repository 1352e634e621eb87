/* The files of a whole dataset that name sectors or branches, on new sectors; all others are copied. Rows that stay are copied as
 * they are written, so that nothing changes by being read and printed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/reshape_private.h"
#include "inputs/dataset_file.h"
#include "inputs/yaml_tree.h"
#include "model/units.h"
#include "outputs/csv_write.h"
#include "solvers/memory.h"

/* ---- one file -------------------------------------------------------------------------------------------------------------- */

tanlu_status cli_reshape_no_memory(tanlu_context *context) {
  return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a file of the dataset");
}

static char *path_of(const cli_reshape *j, const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", j->path, name) < 0) {
    (void)cli_reshape_no_memory(j->context);
    return NULL;
  }
  return path;
}

static bool there(const cli_reshape *j, const char *name) {
  char *path = path_of(j, name);
  const bool found = path != NULL && access(path, F_OK) == 0;
  free(path);
  return found;
}

tanlu_csv *cli_reshape_table(const cli_reshape_target *f, const char *name, tanlu_status *status) {
  tanlu_csv *table = NULL;
  char *path = path_of(f->job, name);
  *status = path != NULL ? tanlu_csv_read(&table, path, NULL, f->job->context) : TANLU_ERR_MEMORY;
  free(path);
  return table;
}

size_t cli_reshape_column(const tanlu_csv *table, const char *name) {
  size_t c = 0;
  while (c < table->columns && strcmp(tanlu_csv_header(table, c), name) != 0) c++;
  return c < table->columns ? c : TANLU_NONE;
}

void cli_reshape_put_header(FILE *out, const tanlu_csv *table) {
  for (size_t c = 0; c < table->columns; c++) tanlu_csv_put_text(out, c == 0, tanlu_csv_header(table, c));
  (void)fputc('\n', out);
}

void cli_reshape_put_row(FILE *out, const tanlu_csv *table, size_t row, const char *const *text) {
  for (size_t c = 0; c < table->columns; c++) {
    const char *own = text != NULL ? text[c] : NULL;
    tanlu_csv_put_text(out, c == 0, own != NULL ? own : tanlu_csv_text(table, row, c));
  }
  (void)fputc('\n', out);
}

/* Write a file through `put`. */
static tanlu_status make_file(cli_reshape_target *f, const char *name,
                              tanlu_status (*put)(cli_reshape_target *f, FILE *out)) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) return cli_reshape_no_memory(f->job->context);
  tanlu_status status = put(f, out);
  if (fclose(out) != 0 && status == TANLU_OK) status = cli_reshape_no_memory(f->job->context);
  if (status == TANLU_OK) status = tanlu_dataset_writer_text(f->writer, name, text, f->job->context);
  free(text);
  return status;
}

tanlu_status cli_reshape_copy(const cli_reshape *j, tanlu_dataset_writer *writer, const char *name) {
  if (!there(j, name)) return TANLU_OK;
  char *path = path_of(j, name), *text = NULL;
  size_t length = 0;
  if (path == NULL) return TANLU_ERR_MEMORY;
  FILE *in = fopen(path, "r");
  tanlu_status status = TANLU_OK;
  if (in == NULL || (getdelim(&text, &length, '\0', in) < 0 && ferror(in) != 0)) {
    status = tanlu_fail(j->context, TANLU_ERR_IO, "cannot read %s: %s", path, strerror(errno));
  }
  if (status == TANLU_OK) status = tanlu_dataset_writer_text(writer, name, text != NULL ? text : "", j->context);
  if (in != NULL) (void)fclose(in);
  free(text);
  free(path);
  return status;
}

/* ---- files of sectors ---------------------------------------------------------------------------------------------------------- */

static size_t new_of(const cli_reshape_target *f, size_t sector) {
  return tanlu_concordance_of(f->job->file.g, sector);
}

static const char *code_of(const cli_reshape_target *f, size_t sector) {
  return f->job->accounts.sector.code[new_of(f, sector)];
}

static tanlu_status put_sectors(cli_reshape_target *f, FILE *out) {
  const cli_reshape *j = f->job;
  const tanlu_labels *sector = &j->accounts.sector;
  (void)fputs("code,name,name_zh", out);
  for (size_t l = 0; l < j->levels; l++) tanlu_csv_put_text(out, false, j->level[l].name);
  (void)fputs(",branch\n", out);
  for (size_t i = 0; i < sector->count; i++) {
    tanlu_csv_put_text(out, true, sector->code[i]);
    tanlu_csv_put_text(out, false, sector->name[i]);
    tanlu_csv_put_text(out, false, sector->name_zh[i]);
    for (size_t l = 0; l < j->levels; l++) {
      tanlu_csv_put_text(out, false, j->level[l].group.code[j->level[l].of_sector[i]]);
    }
    tanlu_csv_put_text(out, false, f->branch[j->energy.sector_branch[i]]);
    (void)fputc('\n', out);
  }
  return TANLU_OK;
}

/* Codes of the marked new sectors, separated by blanks; the caller frees. */
static char *marked_codes(const cli_reshape_target *f, const bool *marked) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) return NULL;
  const char *gap = "";
  for (size_t i = 0; i < f->job->accounts.n; i++) {
    if (!marked[i]) continue;
    (void)fprintf(out, "%s%s", gap, f->job->accounts.sector.code[i]);
    gap = " ";
  }
  if (fclose(out) == 0) return text;
  free(text);
  return NULL;
}

/* A table whose rows follow the old labels in their order, with one column replaced by `cell`: a text to free. */
static tanlu_status put_replaced(cli_reshape_target *f, FILE *out, const char *file, const char *column,
                                 char *(*cell)(const cli_reshape_target *f, size_t i, bool *marked)) {
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = cli_reshape_table(f, file, &status);
  if (table == NULL) return status;
  const size_t at = cli_reshape_column(table, column);
  const char **text = tanlu_allocate(f->job->context, table->columns, sizeof *text);
  bool *marked = tanlu_allocate(f->job->context, f->job->accounts.n, sizeof *marked);
  if (text == NULL || marked == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) cli_reshape_put_header(out, table);
  for (size_t row = 0; status == TANLU_OK && row < table->rows; row++) {
    memset(marked, 0, f->job->accounts.n * sizeof *marked);
    char *own = cell(f, row, marked);
    if (own == NULL) {
      status = cli_reshape_no_memory(f->job->context);
      break;
    }
    text[at] = own;
    cli_reshape_put_row(out, table, row, text);
    free(own);
  }
  free(text);
  free(marked);
  tanlu_csv_free(&table);
  return status;
}

static char *suppliers_of(const cli_reshape_target *f, size_t c, bool *marked) {
  const tanlu_carriers *carrier = &f->job->old->energy.carrier;
  for (size_t s = 0; s < carrier->suppliers_max; s++) {
    const size_t row = carrier->suppliers[c * carrier->suppliers_max + s];
    if (row != TANLU_NONE) marked[new_of(f, row)] = true;
  }
  return marked_codes(f, marked);
}

static char *sectors_of_product(const cli_reshape_target *f, size_t p, bool *marked) {
  const size_t n = f->job->old->accounts.n;
  for (size_t i = 0; i < n; i++) {
    if (f->job->old->products.in_set[p * n + i]) marked[new_of(f, i)] = true;
  }
  return marked_codes(f, marked);
}

static char *sector_of_process(const cli_reshape_target *f, size_t p, bool *marked) {
  (void)marked;
  return strdup(code_of(f, f->job->old->energy.process_sector[p]));
}

static char *sector_of_emission(const cli_reshape_target *f, size_t e, bool *marked) {
  (void)marked;
  return strdup(code_of(f, f->job->old->products.emission_sector[e]));
}

static tanlu_status put_carriers(cli_reshape_target *f, FILE *out) {
  return put_replaced(f, out, "carriers.csv", "suppliers", suppliers_of);
}
static tanlu_status put_processes(cli_reshape_target *f, FILE *out) {
  return put_replaced(f, out, "processes.csv", "sector", sector_of_process);
}
static tanlu_status put_products(cli_reshape_target *f, FILE *out) {
  return put_replaced(f, out, "products.csv", "sectors", sectors_of_product);
}
static tanlu_status put_emissions(cli_reshape_target *f, FILE *out) {
  return put_replaced(f, out, "emissions.csv", "sector", sector_of_emission);
}

static tanlu_status put_employment(cli_reshape_target *f, FILE *out) {
  const cli_reshape *j = f->job;
  double *persons = tanlu_allocate_doubles(j->context, j->accounts.n, 1);
  if (persons == NULL) return TANLU_ERR_MEMORY;
  tanlu_aggregate_columns(j->file.g, 1, j->old->employment, persons);
  (void)fputs("sector,value\n", out);
  for (size_t i = 0; i < j->accounts.n; i++) {
    tanlu_csv_put_text(out, true, j->accounts.sector.code[i]);
    tanlu_csv_put_number(out, false, persons[i]);
    (void)fputc('\n', out);
  }
  free(persons);
  return TANLU_OK;
}

static tanlu_status put_throughput(cli_reshape_target *f, FILE *out) {
  const tanlu_energy_statistics *e = &f->job->old->energy;
  (void)fputs("row,column\n", out);
  for (size_t t = 0; t < e->throughputs; t++) {
    const size_t row = new_of(f, e->throughput[t][0]), column = new_of(f, e->throughput[t][1]);
    bool again = false;
    for (size_t s = 0; s < t; s++) {
      again = again || (new_of(f, e->throughput[s][0]) == row && new_of(f, e->throughput[s][1]) == column);
    }
    if (!again) {
      (void)fprintf(out, "%s,%s\n", f->job->accounts.sector.code[row], f->job->accounts.sector.code[column]);
    }
  }
  return TANLU_OK;
}

static tanlu_status put_allocation(cli_reshape_target *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = cli_reshape_table(f, "allocation.csv", &status);
  if (table == NULL) return status;
  const size_t source = cli_reshape_column(table, "source");
  (void)fputs("branch,carrier,sector,share,source\n", out);
  for (size_t k = 0; k < e->overrides; k++) {
    const tanlu_allocation *o = &e->override[k];
    tanlu_csv_put_text(out, true, f->branch[o->branch]);
    tanlu_csv_put_text(out, false, f->job->old->energy.carrier.label.code[o->carrier]);
    tanlu_csv_put_text(out, false, f->job->accounts.sector.code[o->sector]);
    tanlu_csv_put_number(out, false, o->share);
    tanlu_csv_put_text(out, false,
                       e->override_of[k] == TANLU_NONE ? "shares of the aggregated sectors"
                                                       : tanlu_csv_text(table, e->override_of[k], source));
    (void)fputc('\n', out);
  }
  tanlu_csv_free(&table);
  return TANLU_OK;
}

/* ---- dataset.yaml ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status set_text(tanlu_yaml *root, const char *key, const char *text, tanlu_context *context) {
  tanlu_yaml *node = tanlu_yaml_find(root, key);
  if (node == NULL) return TANLU_OK;
  char *copy = tanlu_string_copy(context, text);
  if (copy == NULL) return TANLU_ERR_MEMORY;
  free(node->text);
  node->text = copy;
  node->plain = false;
  return TANLU_OK;
}

/* Levels that are left out. */
static void keep_levels(const cli_reshape *j, tanlu_yaml *root) {
  tanlu_yaml *levels = tanlu_yaml_find(root, "levels");
  for (size_t k = levels != NULL ? levels->count : 0; k > 0; k--) {
    bool kept = false;
    for (size_t l = 0; l < j->levels; l++) kept = kept || strcmp(j->level[l].name, levels->child[k - 1]->text) == 0;
    if (!kept) tanlu_yaml_remove(levels, k - 1);
  }
}

/* Money is written in 10^4 CNY, whatever it was in. */
static tanlu_status put_settings(cli_reshape_target *f, FILE *out) {
  cli_reshape *j = f->job;
  tanlu_yaml *root = NULL;
  char *text = NULL, *title = NULL, *path = path_of(f->job, "dataset.yaml");
  tanlu_status status = path != NULL ? tanlu_yaml_read(&root, path, NULL, j->context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && asprintf(&title, "%s, on %zu sectors", j->old->title, j->accounts.n) < 0) {
    title = NULL;
    status = cli_reshape_no_memory(j->context);
  }
  if (status == TANLU_OK) status = set_text(root, "name", j->name, j->context);
  if (status == TANLU_OK) status = set_text(root, "title", title, j->context);
  if (status == TANLU_OK) status = set_text(tanlu_yaml_find(root, "units"), "money", "1e4 CNY", j->context);
  if (status == TANLU_OK) keep_levels(j, root);
  if (status == TANLU_OK) status = tanlu_yaml_write(root, &text, j->context);
  if (status == TANLU_OK) {
    (void)fprintf(out, "# Made from the dataset %s, whose file says where its numbers are from; see AGGREGATE.md\n%s",
                  j->old->name, text);
    const tanlu_yaml *unit = tanlu_yaml_find(tanlu_yaml_find(root, "units"), "energy");
    f->energy_unit = tanlu_energy_unit(unit->text);
  }
  tanlu_yaml_free(&root);
  free(text);
  free(title);
  free(path);
  return status;
}

/* ---- all ------------------------------------------------------------------------------------------------------------------------ */

/* Policy files that lie beside the dataset. */
static tanlu_status copy_policy(cli_reshape_target *f) {
  tanlu_yaml *root = NULL;
  char *path = path_of(f->job, "dataset.yaml");
  tanlu_status status = path != NULL ? tanlu_yaml_read(&root, path, NULL, f->job->context) : TANLU_ERR_MEMORY;
  const tanlu_yaml *policy = status == TANLU_OK ? tanlu_yaml_find(root, "policy") : NULL;
  for (size_t k = 0; policy != NULL && status == TANLU_OK && k < policy->count; k++) {
    status = cli_reshape_copy(f->job, f->writer, policy->child[k]->text);
  }
  tanlu_yaml_free(&root);
  free(path);
  return status;
}

tanlu_status cli_reshape_files(cli_reshape *job, tanlu_dataset_writer *writer) {
  static const struct {
    const char *name;
    tanlu_status (*put)(cli_reshape_target *f, FILE *out); /* NULL: copied where it is there */
  } all[] = {{"dataset.yaml", put_settings},
             {"sectors.csv", put_sectors},
             {"branches.csv", cli_reshape_put_branches},
             {"branch_energy.csv", cli_reshape_put_energy},
             {"emission_factors.csv", cli_reshape_put_factors},
             {"carriers.csv", put_carriers},
             {"processes.csv", put_processes},
             {"products.csv", put_products},
             {"emissions.csv", put_emissions},
             {"throughput.csv", put_throughput},
             {"allocation.csv", put_allocation},
             {"conversion.csv", NULL},
             {"efficiency.csv", NULL},
             {"losses.csv", NULL},
             {"non_energy.csv", NULL},
             {"observed.csv", NULL},
             {"power.csv", NULL},
             {"primary_electricity.csv", NULL},
             {"statistical_difference.csv", NULL},
             {"supply.csv", NULL},
             {"history.yaml", NULL}};
  cli_reshape_target f = {.job = job, .writer = writer};
  tanlu_status status = cli_reshape_name_branches(&f);
  for (size_t k = 0; status == TANLU_OK && k < sizeof all / sizeof *all; k++) {
    if (all[k].put != NULL) {
      status = make_file(&f, all[k].name, all[k].put);
    } else {
      status = cli_reshape_copy(job, writer, all[k].name);
    }
  }
  if (status == TANLU_OK && job->old->employment != NULL) status = make_file(&f, "employment.csv", put_employment);
  if (status == TANLU_OK && (job->energy.made || there(job, "branch_non_energy.csv"))) {
    status = make_file(&f, "branch_non_energy.csv", cli_reshape_put_non_energy);
  }
  if (status == TANLU_OK) status = copy_policy(&f);
  for (size_t b = 0; f.owned != NULL && b < job->energy.branches; b++) free(f.owned[b]);
  free(f.owned);
  free(f.branch);
  free(f.user_group);
  return status;
}
