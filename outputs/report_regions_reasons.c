/* Of a report on regions: why the consumption of one causes more per head than that of another. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/report_regions_private.h"
#include "solvers/memory.h"

/* People are not among them: everything is per head. */
static const struct {
  tanlu_region_sda_factor factor;
  const char *name;
} drawn[] = {{TANLU_REGION_SDA_VOLUME, "Final demand per head"},
             {TANLU_REGION_SDA_PRODUCTS, "Its products"},
             {TANLU_REGION_SDA_TECHNOLOGY, "Output they need"},
             {TANLU_REGION_SDA_SOURCING, "Who supplies it"},
             {TANLU_REGION_SDA_OWN, "Own producers"},
             {TANLU_REGION_SDA_OTHERS, "Producers elsewhere"}};
enum { DRAWN = sizeof drawn / sizeof *drawn };

static void add_bars(const tanlu_regions_page *page, tanlu_figure *figure, const double *difference,
                     const size_t *order) {
  const size_t regions = page->region->count;
  for (size_t k = 0; k < page->drawn; k++) {
    (void)tanlu_figure_category(figure, tanlu_label_text(page->region, order[k]));
  }
  for (size_t f = 0; f < DRAWN; f++) {
    const size_t series = tanlu_figure_series(figure, 0, drawn[f].name, TANLU_ROLE_SERIES + (int)f, TANLU_STYLE_SOLID);
    for (size_t k = 0; k < page->drawn; k++) {
      tanlu_figure_point(figure, series, (double)k, page->input->reasons[drawn[f].factor * regions + order[k]]);
    }
  }
  const size_t all = tanlu_figure_series(figure, 0, "Difference", TANLU_ROLE_TOTAL, TANLU_STYLE_SOLID);
  for (size_t k = 0; k < page->drawn; k++) tanlu_figure_point(figure, all, (double)k, difference[order[k]]);
}

tanlu_status tanlu_regions_section_reasons(tanlu_regions_page *page) {
  const size_t regions = page->region->count;
  const bool mass = strcmp(page->unit, "Mt") == 0;
  char title[160], unit[96], mean[64];
  if (page->input->reasons == NULL || regions < 2) return TANLU_OK;
  const double *due = page->input->reasons + TANLU_REGION_SDA_FACTORS * regions;
  double *difference = tanlu_allocate_doubles(page->context, regions, 1);
  size_t *order = tanlu_allocate(page->context, regions, sizeof *order);
  tanlu_status status = difference != NULL && order != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    for (size_t p = 0; p < regions; p++) difference[p] = due[p] - due[regions];
    tanlu_rank(difference, regions, order);
    (void)snprintf(unit, sizeof unit, "%s per million persons", page->unit);
    (void)snprintf(title, sizeof title, "Why %s of consumption differs per head, %d", page->what,
                   page->input->dataset->base_year);
    tanlu_report_section(page->report, "reasons", "Why regions differ");
    tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_STACKED, "regions-reasons", title, page->context);
    if (figure != NULL) {
      tanlu_figure_y(figure, "Difference from the mean", mass ? "t" : unit);
      add_bars(page, figure, difference, order);
      if (page->drawn < regions) tanlu_figure_note(figure, "The %zu highest of %zu regions.", page->drawn, regions);
    }
    tanlu_report_figure(page->report, &figure,
                        "Against the mean of all regions, %s %s per head, of production alone. The dot is the whole "
                        "difference, bars add up to it: how much is bought for final use, what, the output behind it, "
                        "how much of that is the region's own, and what own and other producers emit per output.",
                        tanlu_report_number(mean, sizeof mean, due[regions], 2), mass ? "t" : page->unit);
  }
  free(difference);
  free(order);
  return status;
}
