#include "cli/report_regions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/dataset_parts.h"
#include "inputs/accounts_file.h"
#include "inputs/dataset_file.h"
#include "inputs/file_hash.h"
#include "inputs/region_facts_file.h"
#include "solvers/memory.h"

enum { SOURCES_LIMIT = 1 << 20 };
/* Sectors of a table whose inverse a page waits for: 2 n^3 operations, seconds. */
enum { REASONS_SECTORS = 4000 };

void cli_report_regions_clear(cli_report_regions *r) {
  tanlu_region_profile_free(&r->profile);
  tanlu_embodied_free(&r->embodied);
  tanlu_region_facts_clear(&r->facts);
  tanlu_dataset_free(&r->dataset);
  free(r->sources);
  free(r->reasons);
  *r = (cli_report_regions){0};
}

tanlu_status cli_report_is_dataset(const char *operand, char **path, tanlu_context *context) {
  struct stat info;
  *path = NULL;
  if (stat(operand, &info) == 0) {
    if (!S_ISDIR(info.st_mode)) return TANLU_OK;
    *path = tanlu_string_copy(context, operand);
    return *path != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  }
  tanlu_context *apart = tanlu_context_create(); /* what is found nowhere is reported as a missing result file */
  if (apart == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  const tanlu_status status = tanlu_input_find(path, "data", operand, NULL, apart);
  tanlu_context_free(&apart);
  return status == TANLU_ERR_MEMORY ? tanlu_fail(context, status, "out of memory") : TANLU_OK;
}

static tanlu_status read_sources(cli_report_regions *r, const char *directory, tanlu_context *context) {
  char *path = NULL;
  size_t length = 0;
  if (asprintf(&path, "%s/SOURCES.md", directory) < 0) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  const tanlu_status status =
      access(path, F_OK) == 0 ? tanlu_file_text(path, SOURCES_LIMIT, &r->sources, &length, NULL, context) : TANLU_OK;
  free(path);
  return status;
}

/* Why regions differ; left out, with a note of the cause, where the table does not tell. */
static tanlu_status find_reasons(cli_report_regions *r, size_t level, const double *emission, tanlu_context *context) {
  const size_t regions = r->dataset->level[level].group.count;
  if (r->facts.population == NULL || regions < 2 || r->dataset->accounts.n > REASONS_SECTORS) return TANLU_OK;
  tanlu_region_sda *sda = NULL;
  tanlu_context *apart = tanlu_context_create();
  double *people = tanlu_allocate_doubles(context, regions, 1);
  double *reasons = tanlu_allocate_doubles(context, regions + 1, TANLU_REGION_SDA_FACTORS + 1);
  tanlu_status status = apart != NULL && people != NULL && reasons != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    for (size_t p = 0; p < regions; p++) people[p] = 1e-6 * r->facts.population[p];
    status = tanlu_region_sda_create(&sda, r->dataset, level, emission, people, apart);
  }
  if (status == TANLU_OK) {
    status = tanlu_region_sda_from_mean(sda, reasons, reasons + TANLU_REGION_SDA_FACTORS * regions, apart);
  }
  if (status == TANLU_OK) {
    r->reasons = reasons;
    reasons = NULL;
  } else if (status != TANLU_ERR_MEMORY) {
    tanlu_note(context, "why regions differ is left out: %s",
               tanlu_context_count(apart) > 0 ? tanlu_context_message(apart, 0) : "");
    status = TANLU_OK;
  } else {
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  }
  tanlu_region_sda_free(&sda);
  tanlu_context_free(&apart);
  free(people);
  free(reasons);
  return status;
}

tanlu_status cli_report_regions_read(cli_report_regions *r, const char *path, const char *extension,
                                     tanlu_context *context) {
  size_t level = TANLU_NONE, column = TANLU_NONE;
  *r = (cli_report_regions){0};
  tanlu_status status = tanlu_accounts_read(&r->dataset, path, context);
  if (status == TANLU_OK) status = tanlu_dataset_find_level(r->dataset, "region", &level, context);
  if (status == TANLU_OK) status = cli_find_extension(r->dataset, extension, &column, context);
  if (status == TANLU_OK) status = tanlu_region_facts_read(&r->facts, r->dataset, level, context);
  if (status == TANLU_OK) status = read_sources(r, path, context);
  if (status != TANLU_OK) return status;
  const double *emission = r->dataset->extension.value + column * r->dataset->accounts.n;
  status = tanlu_embodied_create(&r->embodied, r->dataset, level, emission, NULL, context);
  if (status == TANLU_OK) {
    status = tanlu_region_profile_create(&r->profile, r->dataset, level, emission, &r->facts, context);
  }
  if (status == TANLU_OK) status = find_reasons(r, level, emission, context);
  r->input = (tanlu_report_regions_input){.dataset = r->dataset,
                                          .level = level,
                                          .extension = column,
                                          .embodied = r->embodied,
                                          .profile = r->profile,
                                          .facts = &r->facts,
                                          .sources = r->sources,
                                          .reasons = r->reasons};
  return status;
}
