#include "cli/sweep_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/result_file.h"
#include "solvers/blas.h"
#include "solvers/memory.h"

/* Every file read, with its digest, and one digest of the whole dataset, regional statistics included. */
static tanlu_status list_inputs(cli_sweep_job *s) {
  const tanlu_scenario *scenario = s->sweep->scenario;
  const tanlu_region_set *set = s->sweep->set;
  const size_t regional = set != NULL ? set->files : 0;
  const size_t most = s->dataset->files + regional + scenario->files + s->sweep->files;
  char *all = NULL;
  size_t length = 0;
  s->input = tanlu_allocate(s->context, most, sizeof *s->input);
  s->sha256 = tanlu_allocate(s->context, most, sizeof *s->sha256);
  FILE *stream = open_memstream(&all, &length);
  if (s->input == NULL || s->sha256 == NULL || stream == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < s->dataset->files; i++) {
    (void)fprintf(stream, "%s %s\n", s->dataset->file[i], s->dataset->sha256[i]);
    if (asprintf(&s->input[s->inputs], "%s/%s", s->dataset->name, s->dataset->file[i]) < 0) return TANLU_ERR_MEMORY;
    s->sha256[s->inputs++] = s->dataset->sha256[i];
  }
  for (size_t i = 0; i < regional; i++) {
    (void)fprintf(stream, "%s %s\n", set->file[i], set->sha256[i]);
    s->input[s->inputs] = tanlu_string_copy(s->context, set->file[i]);
    if (s->input[s->inputs] == NULL) return TANLU_ERR_MEMORY;
    s->sha256[s->inputs++] = set->sha256[i];
  }
  if (fclose(stream) != 0) return TANLU_ERR_MEMORY;
  tanlu_sha256(all, length, s->dataset_sha256);
  free(all);
  for (size_t i = 0; i < scenario->files; i++) {
    s->input[s->inputs] = tanlu_string_copy(s->context, scenario->file[i]);
    if (s->input[s->inputs] == NULL) return TANLU_ERR_MEMORY;
    s->sha256[s->inputs++] = scenario->sha256[i];
  }
  for (size_t i = 0; i < s->sweep->files; i++) {
    s->input[s->inputs] = tanlu_string_copy(s->context, s->sweep->file[i].path);
    if (s->input[s->inputs] == NULL) return TANLU_ERR_MEMORY;
    s->sha256[s->inputs++] = s->sweep->file[i].sha256;
  }
  tanlu_sha256(scenario->text, strlen(scenario->text), s->scenario_sha256);
  size_t bytes = 0;
  return tanlu_file_text(s->sweep->path, (size_t)1 << 26, &s->sweep_text, &bytes, NULL, s->context);
}

static tanlu_status list_columns(cli_sweep_job *s) {
  for (int k = 0; k < CLI_SWEEP_COLUMNS; k++) {
    s->column[k] = tanlu_allocate(s->context, s->sweep->parameters, sizeof *s->column[k]);
    if (s->column[k] == NULL) return TANLU_ERR_MEMORY;
  }
  for (size_t p = 0; p < s->sweep->parameters; p++) {
    const tanlu_sweep_parameter *own = &s->sweep->parameter[p];
    s->column[0][p] = own->label;
    s->column[1][p] = own->path;
    s->column[2][p] = tanlu_sweep_mode_word[own->mode];
    s->column[3][p] = own->described;
    s->column[4][p] = own->simplex != TANLU_NONE ? s->sweep->simplex[own->simplex].name : "";
  }
  return TANLU_OK;
}

static tanlu_status list_sector_groups(cli_sweep_job *s) {
  const tanlu_level *level = &s->dataset->level[s->dataset->policy_level];
  const size_t sectors = s->dataset->accounts.sector.count;
  if (s->sweep->shape.keep != TANLU_KEEP_FULL || s->sweep->shape.groups == 0) return TANLU_OK;
  s->sector_group = tanlu_allocate(s->context, sectors, sizeof *s->sector_group);
  if (s->sector_group == NULL) return TANLU_ERR_MEMORY;
  for (size_t j = 0; j < sectors; j++) {
    s->sector_group[j] = level->of_sector[j] < level->group.count ? level->group.code[level->of_sector[j]] : "";
  }
  return TANLU_OK;
}

tanlu_provenance cli_sweep_job_provenance(const cli_sweep_job *s) {
  return (tanlu_provenance){.version = cli_version(),
                            .commit = cli_commit(),
                            .build_flags = cli_build_flags(),
                            .blas_core = tanlu_blas_core(),
                            .command_line = s->environment->command_line,
                            .threads = s->threads,
                            .ranks = s->environment->cluster != NULL ? s->environment->cluster->ranks : 1,
                            .inputs = s->inputs,
                            .input = (const char *const *)s->input,
                            .sha256 = s->sha256};
}

tanlu_sweep_description cli_sweep_job_describe(const cli_sweep_job *s) {
  const tanlu_sweep *w = s->sweep;
  const size_t blocks = tanlu_sweep_blocks(w->samples), shards = (size_t)s->shards, shard = (size_t)s->shard;
  tanlu_sweep_description d = {.name = w->name,
                               .title = w->title,
                               .scenario = w->scenario->name,
                               .scenario_text = w->scenario->text,
                               .sweep_text = s->sweep_text,
                               .dataset = s->dataset->name,
                               .dataset_title = s->dataset->title,
                               .region = s->dataset->region,
                               .design = tanlu_design_kind_name(w->options.kind),
                               .sweep_sha256 = w->sha256,
                               .scenario_sha256 = s->scenario_sha256,
                               .dataset_sha256 = s->dataset_sha256,
                               .design_samples = (size_t)w->options.samples,
                               .seed = w->options.seed,
                               .levels = w->options.morris_levels,
                               .second_order = w->options.second_order,
                               .label = s->column[0],
                               .path = s->column[1],
                               .mode = s->column[2],
                               .distribution = s->column[3],
                               .simplex = s->column[4],
                               .factors = w->factors,
                               .factor = (const char *const *)w->factor,
                               .factor_dimensions = w->factor_dimensions,
                               .shape = w->shape,
                               .from = w->scenario->drivers->from,
                               .samples = w->samples,
                               .first_block = blocks * (shard - 1) / shards,
                               .last_block = blocks * shard / shards,
                               .product_unit = (const char *const *)s->dataset->products.unit,
                               .sector_group = s->sector_group,
                               .provenance = cli_sweep_job_provenance(s)};
  for (int dim = TANLU_DIM_YEAR + 1; dim < TANLU_DIM_COUNT; dim++) {
    d.labels[dim] = tanlu_dim_labels(s->dataset, (tanlu_dim)dim);
  }
  return d;
}

tanlu_sweep_plan cli_sweep_job_plan(const cli_sweep_job *s) {
  return (tanlu_sweep_plan){.model = s->model,
                            .dataset = s->dataset,
                            .regions = tanlu_sweep_regions_of(s->sweep),
                            .name = s->sweep->scenario->name,
                            .scenario = s->sweep->scenario->drivers,
                            .shape = s->sweep->shape,
                            .source = {.user = s->worker, .draw = tanlu_sweep_source_draw},
                            .samples = s->sweep->samples,
                            .threads = s->threads,
                            .failures_allowed = s->sweep->failures_allowed};
}

/* -o, else results/NAME.h5, with the shard or the sample in the name; that of a rank is in the name in any case. */
static tanlu_status choose_output(cli_sweep_job *s) {
  char part[64] = "";
  if (s->shards > 1) (void)snprintf(part, sizeof part, "-%dof%d", s->shard, s->shards);
  if (s->only >= 0) (void)snprintf(part, sizeof part, "-sample-%d", s->only);
  const size_t given = s->output != NULL ? strlen(s->output) : 0;
  const bool ends = given > 3 && strcmp(s->output + given - 3, ".h5") == 0;
  int length;
  if (s->output == NULL) {
    length = asprintf(&s->path, "results/%s%s.h5", s->sweep->name, part);
  } else if (s->per_rank) {
    length = asprintf(&s->path, "%.*s%s.h5", (int)(ends ? given - 3 : given), s->output, part);
  } else {
    length = asprintf(&s->path, "%s", s->output);
  }
  if (length >= 0) return TANLU_OK;
  s->path = NULL;
  return tanlu_fail(s->context, TANLU_ERR_MEMORY, "out of memory for a path");
}

tanlu_status cli_sweep_job_read(cli_sweep_job *s) {
  tanlu_status status = tanlu_sweep_read(&s->sweep, s->name, s->context);
  if (status == TANLU_OK) status = tanlu_dataset_read(&s->dataset, s->sweep->scenario->dataset_path, s->context);
  if (status == TANLU_OK) status = tanlu_sweep_bind(s->sweep, s->dataset, s->context);
  if (status == TANLU_OK) status = tanlu_model_create(&s->model, s->dataset, s->context);
  if (status == TANLU_OK) status = tanlu_sweep_regions_make(s->sweep, s->model, s->dataset, s->context);
  if (status == TANLU_OK) tanlu_sweep_outputs_bind(s->sweep, s->dataset);
  if (status == TANLU_OK) status = choose_output(s);
  if (status == TANLU_OK) status = list_inputs(s);
  if (status == TANLU_OK) status = list_columns(s);
  if (status == TANLU_OK) status = list_sector_groups(s);
  if (status != TANLU_OK) return status;
  s->worker = tanlu_allocate(s->context, (size_t)s->threads, sizeof *s->worker);
  if (s->worker == NULL) return TANLU_ERR_MEMORY;
  for (int t = 0; status == TANLU_OK && t < s->threads; t++) {
    status = tanlu_sweep_worker_create(&s->worker[t], s->sweep, s->dataset, s->context);
  }
  return status;
}

void cli_sweep_job_clear(cli_sweep_job *s) {
  for (int t = 0; s->worker != NULL && t < s->threads; t++) tanlu_sweep_worker_free(&s->worker[t]);
  free(s->worker);
  for (size_t i = 0; s->input != NULL && i < s->inputs; i++) free(s->input[i]);
  free(s->input);
  free(s->sha256);
  for (int k = 0; k < CLI_SWEEP_COLUMNS; k++) free(s->column[k]);
  free(s->sector_group);
  tanlu_sweep_store_close(&s->store);
  tanlu_sweep_provisional_free(&s->provisional);
  tanlu_sweep_free(&s->sweep);
  tanlu_model_free(&s->model);
  tanlu_dataset_free(&s->dataset);
  tanlu_context_free(&s->context);
  free(s->sweep_text);
  free(s->path);
}
