/* The sections of a report on the file of a run. */
#ifndef TANLU_OUTPUTS_REPORT_RUN_H
#define TANLU_OUTPUTS_REPORT_RUN_H

#include "model/goals.h"
#include "outputs/energy_flows.h"
#include "outputs/overlay.h"
#include "outputs/report.h"
#include "outputs/run_data.h"

/* What a change of the main scenario between two years comes from. */
typedef struct {
  const char *method; /* "kaya", "lmdi" */
  const char *what;   /* "co2_energy" */
  int from, to;
  double start, end;   /* Mt */
  tanlu_labels effect; /* cleared by tanlu_report_change_clear */
  double *value;       /* effects, Mt: end - start in all */
} tanlu_report_change;
void tanlu_report_change_clear(tanlu_report_change *change);

typedef struct {
  const tanlu_run_data *data;
  const tanlu_goals *goals;     /* NULL: none could be read */
  const bool *chosen;           /* goals: those that are shown */
  const tanlu_overlay *overlay; /* NULL: none was asked for */
  const char *overlay_file;
  size_t changes;
  const tanlu_report_change *change;
  const tanlu_energy_flows *flows; /* of the main scenario; NULL: missing */
  const char *missing;             /* why changes and flows are missing; NULL */
} tanlu_report_run_input;

/* All sections but the provenance. Errors: memory, reading. */
tanlu_status tanlu_report_run(tanlu_report *report, const tanlu_report_run_input *input, tanlu_context *context);

#endif
