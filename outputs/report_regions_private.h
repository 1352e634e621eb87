/* Shared by outputs/report_regions*.c. */
#ifndef TANLU_OUTPUTS_REPORT_REGIONS_PRIVATE_H
#define TANLU_OUTPUTS_REPORT_REGIONS_PRIVATE_H

#include "outputs/report_regions.h"

/* More regions than this are not drawn side by side: the largest are, and the caption says so. */
enum { TANLU_REGIONS_DRAWN = 40 };

typedef struct {
  tanlu_report *report;
  const tanlu_report_regions_input *input;
  const tanlu_labels *region;
  char what[96], unit[48]; /* "CO₂", "Mt" */
  size_t *order;           /* regions by production, the largest first */
  size_t drawn;            /* of them */
  tanlu_context *context;
} tanlu_regions_page;

const char *tanlu_label_text(const tanlu_labels *label, size_t k); /* the name, or the code where there is none */
/* Places of the values from the largest to the smallest, NaN last; equal ones in their order. */
void tanlu_rank(const double *value, size_t count, size_t *order);
/* What the emission is called: "CO₂". */
const char *tanlu_region_what(const tanlu_dataset *dataset, size_t extension);
/* A value a region as a map of tiles, or as bars from the largest where there are no places. NULL when out of memory. */
tanlu_figure *tanlu_region_figure(const tanlu_labels *region, const double *tile, const double *value, const char *name,
                                  const char *title, const char *quantity, const char *unit, tanlu_context *context);

/* The same with a panel a map, values panels x regions; without places a series of bars each, by size in the first. */
typedef struct {
  const char *name, *title, *quantity, *unit;
} tanlu_region_words;
tanlu_figure *tanlu_region_panels_figure(const tanlu_labels *region, const double *tile, const double *value,
                                         const char *const *panel, size_t panels, const tanlu_region_words *words,
                                         tanlu_context *context);
/* The largest flows between two regions, sorted as tanlu_embodied_flows has them, from who sends to who receives. drawn (out): how many
 * they are; part (out): of the sum of all. NULL when out of memory. */
enum { TANLU_FLOWS_DRAWN = 24 };
tanlu_figure *tanlu_region_flows_figure(const tanlu_labels *region, const tanlu_embodied_flow *flow, size_t count,
                                        const char *name, const char *title, const char *quantity, const char *unit,
                                        size_t *drawn, double *part, tanlu_context *context);

void tanlu_regions_section_trade(tanlu_regions_page *page);
tanlu_status tanlu_regions_section_flows(tanlu_regions_page *page);
tanlu_status tanlu_regions_section_reasons(tanlu_regions_page *page);
tanlu_status tanlu_regions_section_structure(tanlu_regions_page *page);
void tanlu_regions_section_adjustment(tanlu_regions_page *page);
void tanlu_regions_section_sources(tanlu_regions_page *page);

#endif
