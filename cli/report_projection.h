/* What a report takes from projecting the main scenario of a result file again. */
#ifndef TANLU_CLI_REPORT_PROJECTION_H
#define TANLU_CLI_REPORT_PROJECTION_H

#include "outputs/report_run.h"

enum { CLI_REPORT_CHANGES = 4 };

typedef struct {
  size_t changes;
  tanlu_report_change change[CLI_REPORT_CHANGES];
  bool has_flows;
  tanlu_energy_flows flows;
  char *missing; /* why there is none of it; NULL */
} cli_report_projection;

/* Changes of CO2 from the first year to 2030 and on to the last one by Kaya and LMDI, and energy flows of `year`. Where the scenario
 * cannot be projected again (its dataset is not found or has changed, another version made the file) `missing` says why, with a
 * warning, and the status is TANLU_OK. Errors: memory, a year outside the scenario. */
tanlu_status cli_report_project(cli_report_projection *projection, const char *path, const char *scenario, int year,
                                tanlu_context *context);
void cli_report_projection_clear(cli_report_projection *projection);

#endif
