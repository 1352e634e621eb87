#include "inputs/dataset_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "inputs/dataset_reader.h"
#include "inputs/history.h"
#include "solvers/memory.h"

/* The axes must be right before the numbers on them can be judged: errors are collected stage by stage. */
static void read_parts(tanlu_reader *r) {
  tanlu_dataset_read_settings(r);
  if (r->status != TANLU_OK) return;
  if (r->dataset->accounts_only) {
    tanlu_reader_fail(r, "dataset.yaml", 0, 0,
                      "is a dataset of accounts alone (accounts_only: true): it has no energy, power or products to "
                      "project; 'tanlu check' and 'tanlu solve' take it");
    return;
  }
  tanlu_dataset_read_branches(r);
  tanlu_dataset_read_power(r);
  if (r->status == TANLU_OK) tanlu_dataset_read_sectors(r);
  if (r->status == TANLU_OK) tanlu_dataset_read_carriers(r);
  if (r->status != TANLU_OK) return;
  tanlu_dataset_read_accounts(r);
  tanlu_dataset_read_energy(r);
  tanlu_dataset_read_conversion(r);
  tanlu_dataset_read_allocation(r);
  tanlu_dataset_read_factors(r);
  tanlu_dataset_finish_power(r);
  tanlu_dataset_read_products(r);
  tanlu_dataset_read_observed(r);
  tanlu_dataset_read_base_population(r);
  if (r->status != TANLU_OK) return;
  tanlu_dataset_check_accounts(r);
  tanlu_dataset_check_energy(r);
}

tanlu_status tanlu_reader_begin(tanlu_reader *reader, const char *directory, tanlu_context *context) {
  struct stat info;
  if (stat(directory, &info) != 0 || !S_ISDIR(info.st_mode)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, directory, 0, 0,
                         "no such directory; expected a dataset (dataset.yaml and its CSV files)");
  }
  *reader = (tanlu_reader){.directory = directory, .context = context, .money = 1.0, .energy = 1.0};
  reader->dataset = tanlu_allocate(context, 1, sizeof *reader->dataset);
  if (!reader->dataset) return TANLU_ERR_MEMORY;
  reader->dataset->path = tanlu_string_copy(context, directory);
  if (reader->dataset->path) return TANLU_OK;
  tanlu_dataset_free(&reader->dataset);
  return TANLU_ERR_MEMORY;
}

tanlu_status tanlu_dataset_read(tanlu_dataset **dataset, const char *directory, tanlu_context *context) {
  *dataset = NULL;
  tanlu_reader r;
  const tanlu_status status = tanlu_reader_begin(&r, directory, context);
  if (status != TANLU_OK) return status;
  read_parts(&r);
  if (r.status == TANLU_OK) r.status = tanlu_dataset_derive(r.dataset, context);
  if (r.status == TANLU_OK) tanlu_dataset_read_policy(&r);
  if (r.status == TANLU_OK) r.status = tanlu_history_check(r.dataset, context);
  tanlu_yaml_free(&r.settings);
  tanlu_csv_free(&r.power);
  free(r.flows.line);
  free(r.flows.field);
  free(r.branch_energy.line);
  free(r.branch_energy.field);
  if (r.status == TANLU_OK) {
    *dataset = r.dataset;
  } else {
    tanlu_dataset_free(&r.dataset);
  }
  return r.status;
}
