/* Inside the report on a sweep. */
#ifndef TANLU_OUTPUTS_REPORT_SWEEP_PRIVATE_H
#define TANLU_OUTPUTS_REPORT_SWEEP_PRIVATE_H

#include "outputs/report.h"
#include "outputs/sweep_samples.h"

typedef struct {
  tanlu_report *report;
  tanlu_result *result;
  tanlu_context *context;
  tanlu_sweep_samples samples;
  bool sampled;   /* are samples kept? */
  bool derived;   /* are there statistics? */
  size_t nominal; /* a solved sample at which every parameter leaves the scenario as it is; TANLU_NONE without one */
} tanlu_sweep_page;

const char *tanlu_sweep_page_attribute(const tanlu_sweep_page *page, const char *name); /* "" without it */
const char *tanlu_sweep_page_text(const tanlu_sweep_page *page, const char *name, size_t i);
/* A unit behind a number: none for plain numbers and years. */
const char *tanlu_sweep_page_unit(const char *unit);
/* Says under a figure, which may be read without the page, what is missing: samples not computed, other shards. */
void tanlu_sweep_page_caveat(const tanlu_sweep_page *page, tanlu_figure *figure);

/* Sections. */
tanlu_status tanlu_sweep_page_course(const tanlu_sweep_page *page);
tanlu_status tanlu_sweep_page_spread(const tanlu_sweep_page *page);
tanlu_status tanlu_sweep_page_importance(const tanlu_sweep_page *page);

#endif
