/* Shared by the sections of outputs/report_run*.c. */
#ifndef TANLU_OUTPUTS_REPORT_RUN_PRIVATE_H
#define TANLU_OUTPUTS_REPORT_RUN_PRIVATE_H

#include "outputs/report_run.h"

typedef struct {
  tanlu_report *report;
  const tanlu_report_run_input *input;
  const tanlu_run_data *data;
  tanlu_iamc *iamc; /* ours under the names of the IAMC; NULL without an overlay */
  tanlu_context *context;
} tanlu_run_page;

/* Colour and line of the k-th scenario shown. */
int tanlu_run_role(size_t k);
tanlu_line_style tanlu_run_style(size_t k);
const char *tanlu_run_name(const tanlu_run_page *page, size_t k); /* of the k-th scenario shown */
const char *tanlu_run_main(const tanlu_run_page *page);           /* of the main scenario */

/* An indicator of the shown scenarios as lines of a panel, times `factor`. */
void tanlu_run_lines(const tanlu_run_page *page, tanlu_figure *figure, size_t panel, const char *code, double factor);
/* Indicators in percent as lines, a panel each. */
typedef struct {
  const char *code, *name;
} tanlu_run_panel;
void tanlu_run_percent_figure(const tanlu_run_page *page, const char *name, const char *title, const char *quantity,
                              const tanlu_run_panel *panel, size_t count, const char *caption);
/* Curves of others of a variable of the IAMC as lines behind ours, times `factor` from the unit of its definition. How many. */
size_t tanlu_run_overlay(const tanlu_run_page *page, tanlu_figure *figure, size_t panel, const char *variable,
                         double factor);
/* A stack of every scenario shown, a panel each; a remark where the file does not hold it. */
void tanlu_run_stack_figure(const tanlu_run_page *page, tanlu_stack stack, const char *name, const char *title,
                            const char *quantity, const char *caption);
/* Years of tables: those of an overview that the file holds. count (out) of at most TANLU_RUN_YEARS. */
enum { TANLU_RUN_YEARS = 8 };
size_t tanlu_run_table_years(const tanlu_run_data *data, size_t place[TANLU_RUN_YEARS]);
/* A table with a column a year of tables: headings "NAME" and the years. NULL when out of memory. */
tanlu_table *tanlu_run_table(const tanlu_run_page *page, const char *name, size_t place[TANLU_RUN_YEARS],
                             size_t *years);
/* "1,234.5" with the decimals its size wants. */
void tanlu_run_cell(tanlu_table *table, double value, int decimals);

/* The sections, in the order of the page. */
void tanlu_run_section_overview(tanlu_run_page *page);
void tanlu_run_section_co2(tanlu_run_page *page);
void tanlu_run_section_power(tanlu_run_page *page);
void tanlu_run_section_energy(tanlu_run_page *page);
void tanlu_run_section_flows(tanlu_run_page *page);
void tanlu_run_section_economy(tanlu_run_page *page);
tanlu_status tanlu_run_section_goals(tanlu_run_page *page);
tanlu_status tanlu_run_section_regions(tanlu_run_page *page); /* nothing for a file of a nation alone */
void tanlu_run_section_changes(tanlu_run_page *page);
void tanlu_run_section_products(tanlu_run_page *page);
tanlu_status tanlu_run_section_overlay(tanlu_run_page *page);
void tanlu_run_section_assumptions(tanlu_run_page *page);

#endif
