/* Shared by outputs/report_run_regions*.c. */
#ifndef TANLU_OUTPUTS_REPORT_RUN_REGIONS_PRIVATE_H
#define TANLU_OUTPUTS_REPORT_RUN_REGIONS_PRIVATE_H

#include "outputs/region_data.h"
#include "outputs/report_regions_private.h"
#include "outputs/report_run_private.h"

enum { TANLU_REGION_YEARS = 3 };

typedef struct {
  const tanlu_run_page *page;
  tanlu_region_data data;
  size_t year
      [TANLU_REGION_YEARS]; /* places of the years that maps and bars show: the first, 2030, the last of the main scenario */
  size_t years;
} tanlu_region_page;

/* A panel of the k-th region of a figure of small multiples: where the region lies among others, or one after the other. */
size_t tanlu_region_panel(const tanlu_region_page *page, tanlu_figure *figure, size_t region);
/* Numbers of the regions in one or more panels, values panels x regions, as tanlu_region_panels_figure. */
void tanlu_region_maps(const tanlu_region_page *page, const double *value, const char *const *panel, size_t panels,
                       const tanlu_region_words *words, const char *caption);

tanlu_status tanlu_region_chapter_generation(const tanlu_region_page *page);
tanlu_status tanlu_region_chapter_trade(const tanlu_region_page *page);

#endif
