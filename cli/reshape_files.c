/* The files of a whole dataset that name sectors or branches, on new sectors; all others are copied. Rows that stay are copied as
 * they are written, so that nothing changes by being read and printed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/reshape.h"
#include "inputs/csv_table.h"
#include "inputs/dataset_file.h"
#include "inputs/yaml_tree.h"
#include "model/units.h"
#include "outputs/csv_write.h"
#include "solvers/memory.h"

typedef struct {
  cli_reshape *job;
  tanlu_dataset_writer *writer;
  const char **branch, **user_group; /* new branches: code, and that of their user group */
  char **owned;                      /* branches: codes made here */
  double energy_unit;                /* TJ in one unit of energy of the files */
} files;

/* ---- one file -------------------------------------------------------------------------------------------------------------- */

static tanlu_status no_memory(tanlu_context *context) {
  return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a file of the dataset");
}

static char *path_of(const cli_reshape *j, const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s", j->path, name) < 0) {
    (void)no_memory(j->context);
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

static tanlu_csv *read_table(const files *f, const char *name, tanlu_status *status) {
  tanlu_csv *table = NULL;
  char *path = path_of(f->job, name);
  *status = path != NULL ? tanlu_csv_read(&table, path, NULL, f->job->context) : TANLU_ERR_MEMORY;
  free(path);
  return table;
}

static size_t column_of(const tanlu_csv *table, const char *name) {
  size_t c = 0;
  while (c < table->columns && strcmp(tanlu_csv_header(table, c), name) != 0) c++;
  return c < table->columns ? c : TANLU_NONE;
}

static void put_header(FILE *out, const tanlu_csv *table) {
  for (size_t c = 0; c < table->columns; c++) tanlu_csv_put_text(out, c == 0, tanlu_csv_header(table, c));
  (void)fputc('\n', out);
}

/* A row with some cells changed: text[c] in place of cell c where it is not NULL. */
static void put_row(FILE *out, const tanlu_csv *table, size_t row, const char *const *text) {
  for (size_t c = 0; c < table->columns; c++) {
    const char *own = text != NULL ? text[c] : NULL;
    tanlu_csv_put_text(out, c == 0, own != NULL ? own : tanlu_csv_text(table, row, c));
  }
  (void)fputc('\n', out);
}

/* Write a file through `put`. */
static tanlu_status make_file(files *f, const char *name, tanlu_status (*put)(files *f, FILE *out)) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  if (out == NULL) return no_memory(f->job->context);
  tanlu_status status = put(f, out);
  if (fclose(out) != 0 && status == TANLU_OK) status = no_memory(f->job->context);
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

static size_t new_of(const files *f, size_t sector) {
  return tanlu_concordance_of(f->job->file.g, sector);
}

static const char *code_of(const files *f, size_t sector) {
  return f->job->accounts.sector.code[new_of(f, sector)];
}

static tanlu_status put_sectors(files *f, FILE *out) {
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
static char *marked_codes(const files *f, const bool *marked) {
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
static tanlu_status put_replaced(files *f, FILE *out, const char *file, const char *column,
                                 char *(*cell)(const files *f, size_t i, bool *marked)) {
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = read_table(f, file, &status);
  if (table == NULL) return status;
  const size_t at = column_of(table, column);
  const char **text = tanlu_allocate(f->job->context, table->columns, sizeof *text);
  bool *marked = tanlu_allocate(f->job->context, f->job->accounts.n, sizeof *marked);
  if (text == NULL || marked == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) put_header(out, table);
  for (size_t row = 0; status == TANLU_OK && row < table->rows; row++) {
    memset(marked, 0, f->job->accounts.n * sizeof *marked);
    char *own = cell(f, row, marked);
    if (own == NULL) {
      status = no_memory(f->job->context);
      break;
    }
    text[at] = own;
    put_row(out, table, row, text);
    free(own);
  }
  free(text);
  free(marked);
  tanlu_csv_free(&table);
  return status;
}

static char *suppliers_of(const files *f, size_t c, bool *marked) {
  const tanlu_carriers *carrier = &f->job->old->energy.carrier;
  for (size_t s = 0; s < carrier->suppliers_max; s++) {
    const size_t row = carrier->suppliers[c * carrier->suppliers_max + s];
    if (row != TANLU_NONE) marked[new_of(f, row)] = true;
  }
  return marked_codes(f, marked);
}

static char *sectors_of_product(const files *f, size_t p, bool *marked) {
  const size_t n = f->job->old->accounts.n;
  for (size_t i = 0; i < n; i++) {
    if (f->job->old->products.in_set[p * n + i]) marked[new_of(f, i)] = true;
  }
  return marked_codes(f, marked);
}

static char *sector_of_process(const files *f, size_t p, bool *marked) {
  (void)marked;
  return strdup(code_of(f, f->job->old->energy.process_sector[p]));
}

static char *sector_of_emission(const files *f, size_t e, bool *marked) {
  (void)marked;
  return strdup(code_of(f, f->job->old->products.emission_sector[e]));
}

static tanlu_status put_carriers(files *f, FILE *out) {
  return put_replaced(f, out, "carriers.csv", "suppliers", suppliers_of);
}
static tanlu_status put_processes(files *f, FILE *out) {
  return put_replaced(f, out, "processes.csv", "sector", sector_of_process);
}
static tanlu_status put_products(files *f, FILE *out) {
  return put_replaced(f, out, "products.csv", "sectors", sectors_of_product);
}
static tanlu_status put_emissions(files *f, FILE *out) {
  return put_replaced(f, out, "emissions.csv", "sector", sector_of_emission);
}

static tanlu_status put_employment(files *f, FILE *out) {
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

static tanlu_status put_throughput(files *f, FILE *out) {
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

static tanlu_status put_allocation(files *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = read_table(f, "allocation.csv", &status);
  if (table == NULL) return status;
  const size_t source = column_of(table, "source");
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

/* ---- files of branches ------------------------------------------------------------------------------------------------------- */

static tanlu_status put_branches(files *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = read_table(f, "branches.csv", &status);
  if (table == NULL) return status;
  const char **text = tanlu_allocate(f->job->context, table->columns, sizeof *text);
  if (text == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) put_header(out, table);
  for (size_t b = 0; status == TANLU_OK && b < e->branches; b++) {
    char rank[16];
    if (e->kept[b] != TANLU_NONE) {
      put_row(out, table, e->kept[b], NULL);
      continue;
    }
    (void)snprintf(rank, sizeof rank, "%d", e->rank[b]);
    text[column_of(table, "code")] = f->branch[b];
    text[column_of(table, "name")] = f->job->accounts.sector.name[e->sector[b]];
    text[column_of(table, "name_zh")] = f->job->accounts.sector.name_zh[e->sector[b]];
    text[column_of(table, "user_group")] = f->user_group[b];
    text[column_of(table, "non_energy_rank")] = rank;
    put_row(out, table, e->like[b], text);
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

static void put_energy_row(const files *f, FILE *out, const tanlu_csv *table, size_t b, const double *value) {
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

static tanlu_status put_energy(files *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = read_table(f, "branch_energy.csv", &status);
  if (table == NULL) return status;
  const size_t key = column_of(table, "branch");
  put_header(out, table);
  for (size_t b = 0; b < e->branches; b++) {
    if (e->kept[b] != TANLU_NONE) {
      put_row(out, table, row_of(table, key, f->branch[b]), NULL);
    } else {
      put_energy_row(f, out, table, b, e->final);
    }
  }
  tanlu_csv_free(&table);
  return TANLU_OK;
}

static tanlu_status put_non_energy(files *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = read_table(f, "branch_energy.csv", &status); /* for its columns */
  if (table == NULL) return status;
  put_header(out, table);
  for (size_t b = 0; b < e->branches; b++) put_energy_row(f, out, table, b, e->non_energy);
  tanlu_csv_free(&table);
  return TANLU_OK;
}

static bool group_is_used(const files *f, const char *code) {
  if (strcmp(code, "all") == 0) return true;
  for (size_t b = 0; b < f->job->energy.branches; b++) {
    if (strcmp(f->user_group[b], code) == 0) return true;
  }
  return false;
}

/* Factors of user groups that are still there, and those of branches with a group of their own. */
static tanlu_status put_factors(files *f, FILE *out) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  const tanlu_energy_statistics *old = &f->job->old->energy;
  tanlu_status status = TANLU_OK;
  tanlu_csv *table = read_table(f, "emission_factors.csv", &status);
  if (table == NULL) return status;
  const size_t group = column_of(table, "user_group"), carrier = column_of(table, "carrier"),
               content = column_of(table, "carbon_content"), oxidation = column_of(table, "oxidation"),
               source = column_of(table, "source");
  put_header(out, table);
  for (size_t row = 0; row < table->rows; row++) {
    if (group_is_used(f, tanlu_csv_text(table, row, group))) put_row(out, table, row, NULL);
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
static tanlu_status put_settings(files *f, FILE *out) {
  cli_reshape *j = f->job;
  tanlu_yaml *root = NULL;
  char *text = NULL, *title = NULL, *path = path_of(f->job, "dataset.yaml");
  tanlu_status status = path != NULL ? tanlu_yaml_read(&root, path, NULL, j->context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && asprintf(&title, "%s, on %zu sectors", j->old->title, j->accounts.n) < 0) {
    title = NULL;
    status = no_memory(j->context);
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

/* A code that no kept branch and no user group has: that of the new sector, or with a word behind it. */
static char *free_code(const files *f, size_t sector) {
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

static tanlu_status name_branches(files *f) {
  const tanlu_aggregated_energy *e = &f->job->energy;
  const tanlu_energy_statistics *old = &f->job->old->energy;
  f->branch = tanlu_allocate(f->job->context, e->branches, sizeof *f->branch);
  f->user_group = tanlu_allocate(f->job->context, e->branches, sizeof *f->user_group);
  f->owned = tanlu_allocate(f->job->context, e->branches, sizeof *f->owned);
  if (f->branch == NULL || f->user_group == NULL || f->owned == NULL) return TANLU_ERR_MEMORY;
  for (size_t b = 0; b < e->branches; b++) {
    if (e->kept[b] == TANLU_NONE && (f->owned[b] = free_code(f, e->sector[b])) == NULL) {
      return no_memory(f->job->context);
    }
    f->branch[b] = e->kept[b] != TANLU_NONE ? old->branch.code[e->kept[b]] : f->owned[b];
    f->user_group[b] = e->user_group[b] != TANLU_NONE ? old->user_group.code[e->user_group[b]] : f->owned[b];
  }
  return TANLU_OK;
}

/* Policy files that lie beside the dataset. */
static tanlu_status copy_policy(files *f) {
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
    tanlu_status (*put)(files *f, FILE *out); /* NULL: copied where it is there */
  } all[] = {{"dataset.yaml", put_settings},
             {"sectors.csv", put_sectors},
             {"branches.csv", put_branches},
             {"branch_energy.csv", put_energy},
             {"emission_factors.csv", put_factors},
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
  files f = {.job = job, .writer = writer};
  tanlu_status status = name_branches(&f);
  for (size_t k = 0; status == TANLU_OK && k < sizeof all / sizeof *all; k++) {
    if (all[k].put != NULL) {
      status = make_file(&f, all[k].name, all[k].put);
    } else {
      status = cli_reshape_copy(job, writer, all[k].name);
    }
  }
  if (status == TANLU_OK && job->old->employment != NULL) status = make_file(&f, "employment.csv", put_employment);
  if (status == TANLU_OK && (job->energy.made || there(job, "branch_non_energy.csv"))) {
    status = make_file(&f, "branch_non_energy.csv", put_non_energy);
  }
  if (status == TANLU_OK) status = copy_policy(&f);
  for (size_t b = 0; f.owned != NULL && b < job->energy.branches; b++) free(f.owned[b]);
  free(f.owned);
  free(f.branch);
  free(f.user_group);
  return status;
}
