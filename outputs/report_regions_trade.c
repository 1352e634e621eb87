/* Of a report on regions: production against consumption, what trade moves between whom. */
#include <math.h>
#include <stdlib.h>

#include "outputs/report_regions_private.h"
#include "solvers/memory.h"

/* ---- production and consumption ------------------------------------------------------------------------------------------- */

static void say_drawn(const tanlu_regions_page *page, tanlu_figure *figure) {
  if (figure == NULL || page->drawn == page->region->count) return;
  tanlu_figure_note(figure, "The %zu regions that emit most, of %zu.", page->drawn, page->region->count);
}

static void add_sides(const tanlu_regions_page *page) {
  const tanlu_embodied *e = page->input->embodied;
  char title[160];
  (void)snprintf(title, sizeof title, "%s of production and of consumption, %d", page->what,
                 page->input->dataset->base_year);
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_BARS, "regions-consumption", title, page->context);
  if (figure != NULL) {
    static const char *const side[] = {"Production", "Consumption"};
    const double *const value[] = {e->production, e->consumption};
    tanlu_figure_y(figure, page->what, page->unit);
    for (size_t k = 0; k < page->drawn; k++) {
      tanlu_figure_category(figure, tanlu_label_text(page->region, page->order[k]));
    }
    for (size_t s = 0; s < 2; s++) {
      const size_t series = tanlu_figure_series(figure, 0, side[s], TANLU_ROLE_SERIES + (int)s, TANLU_STYLE_SOLID);
      for (size_t k = 0; k < page->drawn; k++) {
        tanlu_figure_point(figure, series, (double)k, value[s][page->order[k]]);
      }
    }
    say_drawn(page, figure);
  }
  tanlu_report_figure(page->report, &figure,
                      "Production: emitted in the region. Consumption: emitted in any region of the table for the "
                      "region's final demand; what imports from outside it carried is not known here, and what "
                      "exports carried is nobody's.");
}

tanlu_figure *tanlu_region_net_figure(const tanlu_dataset *dataset, size_t level, size_t extension,
                                      const tanlu_embodied *e, const double *tile, tanlu_context *context) {
  char title[192];
  double *net = tanlu_allocate_doubles(context, e->groups, 1);
  if (net == NULL) return NULL;
  for (size_t p = 0; p < e->groups; p++) net[p] = tanlu_embodied_balance_of(e, e->total, p).net;
  (void)snprintf(title, sizeof title, "%s sent to other regions inside goods, net, %d",
                 tanlu_region_what(dataset, extension), dataset->base_year);
  tanlu_figure *figure = tanlu_region_figure(&dataset->level[level].group, tile, net, "regions-net-trade", title,
                                             "Net sent", dataset->extension.unit[extension], context);
  free(net);
  return figure;
}

static void add_net(const tanlu_regions_page *page) {
  const tanlu_report_regions_input *in = page->input;
  tanlu_figure *figure =
      tanlu_region_net_figure(in->dataset, in->level, in->extension, in->embodied, in->facts->tile, page->context);
  tanlu_report_figure(page->report, &figure,
                      "Emitted for the final demand of other regions less emitted elsewhere for the own. Above zero: "
                      "others consume what is emitted here. All regions sum to zero.");
}

static void add_balances(const tanlu_regions_page *page) {
  static const char *const heading[] = {"production",  "for itself",  "for others", "for abroad",
                                        "from others", "consumption", "net sent"};
  enum { COLUMNS = sizeof heading / sizeof *heading };
  const tanlu_embodied *e = page->input->embodied;
  tanlu_table *table = tanlu_table_create(page->context);
  if (table != NULL) {
    tanlu_table_column(table, "region", TANLU_LEFT);
    for (size_t k = 0; k < COLUMNS; k++) tanlu_table_column(table, heading[k], TANLU_RIGHT);
    for (size_t p = 0; p < e->groups; p++) {
      const tanlu_embodied_balance b = tanlu_embodied_balance_of(e, e->total, p);
      const double value[COLUMNS] = {b.production, b.own, b.sent, b.abroad, b.received, b.consumption, b.net};
      tanlu_table_text(table, tanlu_label_text(page->region, p));
      for (size_t k = 0; k < COLUMNS; k++) {
        char text[64];
        tanlu_table_text(
            table, tanlu_report_number(text, sizeof text, value[k], tanlu_decimals(e->production[page->order[0]]) + 1));
      }
    }
  }
  tanlu_report_table(page->report, &table, true, "%s by region, %s", page->what, page->unit);
}

void tanlu_regions_section_trade(tanlu_regions_page *page) {
  tanlu_report_section(page->report, "trade", "Production against consumption");
  add_sides(page);
  add_net(page);
  add_balances(page);
}

/* ---- who for whom --------------------------------------------------------------------------------------------------------- */

/* The k-th region of the matrix: in the order of the dataset where all are drawn. */
static size_t drawn_region(const tanlu_regions_page *page, size_t k) {
  return page->drawn == page->region->count ? k : page->order[k];
}

static void add_matrix(const tanlu_regions_page *page) {
  const tanlu_embodied *e = page->input->embodied;
  char title[160];
  (void)snprintf(title, sizeof title, "Who emits %s for whom, %d", page->what, page->input->dataset->base_year);
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_TILES, "regions-matrix", title, page->context);
  if (figure != NULL) {
    tanlu_figure_y(figure, page->what, page->unit);
    for (size_t k = 0; k < page->drawn; k++) {
      tanlu_figure_category(figure, tanlu_label_text(page->region, drawn_region(page, k)));
    }
    for (size_t i = 0; i < page->drawn; i++) {
      const size_t p = drawn_region(page, i), series = tanlu_figure_series(figure, 0, tanlu_label_text(page->region, p),
                                                                           TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
      for (size_t k = 0; k < page->drawn; k++) {
        const size_t q = drawn_region(page, k);
        tanlu_figure_point(figure, series, (double)k, p == q ? (double)NAN : e->total[q * e->groups + p]);
      }
    }
    say_drawn(page, figure);
  }
  tanlu_report_figure(page->report, &figure,
                      "Rows emit, columns are whose final demand it is for. What regions emit for themselves is left "
                      "out, as it is far larger; it is in the table above.");
}

static tanlu_status add_largest(const tanlu_regions_page *page) {
  tanlu_embodied_flow *flow = NULL;
  size_t count = 0, drawn = 0;
  double part = 0.0;
  char title[160];
  const tanlu_status status = tanlu_embodied_flows(&flow, &count, page->input->embodied, page->context);
  if (status != TANLU_OK) return status;
  (void)snprintf(title, sizeof title, "The largest flows of %s inside goods, %d", page->what,
                 page->input->dataset->base_year);
  tanlu_figure *figure = tanlu_region_flows_figure(page->region, flow, count, "regions-flows", title, page->what,
                                                   page->unit, &drawn, &part, page->context);
  free(flow);
  tanlu_report_figure(page->report, &figure,
                      "Left: where it is emitted; right: for whose final demand. The %zu largest flows between two "
                      "regions, %.0f %% of all that moves between regions.",
                      drawn, 100.0 * part);
  return TANLU_OK;
}

tanlu_status tanlu_regions_section_flows(tanlu_regions_page *page) {
  tanlu_report_section(page->report, "flows", "Who emits for whom");
  if (page->region->count < 2) {
    tanlu_report_text(page->report, "There is one region alone.");
    return TANLU_OK;
  }
  add_matrix(page);
  return add_largest(page);
}
