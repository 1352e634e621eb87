/* One sample of a sweep as a run of its own: all fields, in a result file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/run_regions.h"
#include "cli/sweep_job.h"
#include "outputs/overview.h"
#include "outputs/result_file.h"
#include "solvers/memory.h"

typedef struct {
  cli_sweep_job *job;
  size_t number;
  double *parameter;
  tanlu_sweep_drawn drawn; /* with regions */
  tanlu_scenario scenario; /* the same: with the drawn drivers */
  cli_run_regions *regions;
  tanlu_projection *projection;
  char *text, *name, *title;
} sample;

/* What a file of one sample is called. Its scenario text does not hold changed statistics, so that the title has to say so. */
static char *title_of(const sample *x) {
  const tanlu_sweep *sweep = x->job->sweep;
  const char *title = sweep->scenario->title;
  char *text = NULL;
  const int length =
      sweep->statistics == 0
          ? asprintf(&text, "%s", title)
          : asprintf(&text, "%s%swith the statistics of sample %zu of sweep %s, which the scenario text does not hold",
                     title, title[0] != '\0' ? "; " : "", x->number, sweep->name);
  return length < 0 ? NULL : text;
}

static tanlu_status project_nation(sample *x) {
  cli_sweep_job *s = x->job;
  const tanlu_drivers *like = s->sweep->scenario->drivers;
  const tanlu_sweep_plan plan = cli_sweep_job_plan(s);
  tanlu_sweep_block block = {0};
  tanlu_status status = tanlu_projection_create(&x->projection, s->dataset, like->from, like->years, s->context);
  if (status == TANLU_OK) status = tanlu_sweep_sample_run(&plan, x->number, x->projection, &block, s->context);
  if (status == TANLU_OK) {
    const double *drawn = block.parameter + (x->number - block.first) * s->sweep->parameters;
    memcpy(x->parameter, drawn, s->sweep->parameters * sizeof *drawn);
  }
  tanlu_sweep_block_clear(&block);
  return status;
}

/* With its regions: what the sweep projects with memory that serves many samples, which has the same bits. */
static tanlu_status project_regions(sample *x) {
  cli_sweep_job *s = x->job;
  tanlu_scenario *scenario = &x->scenario;
  tanlu_status status = tanlu_sweep_source_draw(s->worker, 0, x->number, x->parameter, &x->drawn, s->context);
  x->scenario = *s->sweep->scenario;
  x->scenario.drivers = x->drawn.drivers;
  if (status == TANLU_OK) {
    status = cli_run_regions_borrow(&x->regions, &scenario, s->sweep->set, x->drawn.region, s->context);
  }
  if (status != TANLU_OK) return status;
  return cli_run_regions_project(x->regions, s->dataset, &x->projection, s->threads, NULL, NULL, s->context);
}

static tanlu_status write_file(const sample *x) {
  const cli_sweep_job *s = x->job;
  const tanlu_provenance provenance = cli_sweep_job_provenance(s);
  const tanlu_result_scenario scenario = {.name = x->name,
                                          .title = x->title,
                                          .text = x->text,
                                          .projection = x->projection,
                                          .regions = x->regions != NULL ? cli_run_regions_result(x->regions, 0) : NULL};
  return tanlu_result_write(s->path, s->force, s->dataset, &scenario, 1, &provenance, s->context);
}

static tanlu_status show(const sample *x) {
  const cli_sweep_job *s = x->job;
  tanlu_result *result = NULL;
  for (size_t p = 0; p < s->sweep->parameters; p++) {
    (void)printf("%s: %s by %.10g\n", s->column[0][p], s->column[2][p], x->parameter[p]);
  }
  (void)putchar('\n');
  tanlu_status status = tanlu_result_open(&result, s->path, s->context);
  if (status == TANLU_OK) status = tanlu_overview_scenario(result, 0, stdout, s->context);
  if (status == TANLU_OK) status = tanlu_overview_scalars(result, stdout, s->context);
  tanlu_result_close(&result);
  (void)printf("\nwritten to %s\n", s->path);
  return status;
}

tanlu_status cli_sweep_only(cli_sweep_job *s) {
  sample x = {.job = s, .number = (size_t)s->only};
  if (x.number >= s->sweep->samples) {
    return tanlu_fail(s->context, TANLU_ERR_INPUT, "--only %zu: the sweep has %zu samples, 0 to %zu", x.number,
                      s->sweep->samples, s->sweep->samples - 1);
  }
  x.title = title_of(&x);
  x.parameter = tanlu_allocate_doubles(s->context, s->sweep->parameters, 1);
  tanlu_status status = tanlu_result_writable(s->path, s->force, s->context);
  if (asprintf(&x.name, "%s-%zu", s->sweep->name, x.number) < 0) x.name = NULL;
  if (x.title == NULL || x.name == NULL || x.parameter == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = s->sweep->set != NULL ? project_regions(&x) : project_nation(&x);
  if (status == TANLU_OK) status = tanlu_sweep_worker_text(s->worker[0], x.parameter, &x.text, s->context);
  if (status == TANLU_OK) status = write_file(&x);
  if (status == TANLU_OK && !s->quiet) status = show(&x);
  cli_run_regions_free(&x.regions);
  tanlu_sweep_drawn_clear(&x.drawn, s->sweep->set != NULL ? s->sweep->set->datasets->regions : 0);
  tanlu_projection_free(&x.projection);
  free(x.parameter);
  free(x.text);
  free(x.name);
  free(x.title);
  return status;
}
