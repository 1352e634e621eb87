/* Chapter of a report on a run by region: what electricity is made of, who sends it to whom, trade in money. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/report_run_regions_private.h"
#include "solvers/memory.h"

enum { LINKS = 10, TITLE = 32 };
static const double trillion = 1e-4; /* of the file's 1e8 */

static int year_of(const tanlu_region_page *page, size_t i) {
  return page->page->data->year[page->year[i]];
}

/* The first and the last year of the page; one where there is no other. */
static size_t ends_of(const tanlu_region_page *page, size_t end[2]) {
  end[0] = 0;
  end[1] = page->years - 1;
  return page->years > 1 ? 2 : 1;
}

/* ---- generation ------------------------------------------------------------------------------------------------------------ */

/* Shares of the kinds in what a region generates in the years of the page, percent. */
static void draw_mix(const tanlu_region_page *page, tanlu_figure *figure, size_t r, const bool *used) {
  const tanlu_stack_info *info = tanlu_stack_about(TANLU_STACK_GENERATION);
  const tanlu_run_data *of = &page->data.of[r];
  const size_t panel = tanlu_region_panel(page, figure, r);
  double value[TANLU_REGION_YEARS][TANLU_STACK_KINDS_MOST], sum[TANLU_REGION_YEARS] = {0};
  for (size_t i = 0; i < page->years; i++) {
    tanlu_stack_fill(of, TANLU_STACK_GENERATION, of->main, page->year[i], value[i]);
    for (size_t k = 0; k < info->kinds; k++) sum[i] += value[i][k];
  }
  for (size_t k = 0; k < info->kinds; k++) {
    if (!used[k]) continue;
    const size_t series = tanlu_figure_series(figure, panel, info->kind[k].name, info->kind[k].role, TANLU_STYLE_SOLID);
    for (size_t i = 0; i < page->years; i++) {
      tanlu_figure_point(figure, series, (double)i, sum[i] > 0.0 ? 100.0 * value[i][k] / sum[i] : (double)NAN);
    }
  }
}

/* Kinds that any region has in any of the years. */
static void find_used(const tanlu_region_page *page, bool *used) {
  const tanlu_stack_info *info = tanlu_stack_about(TANLU_STACK_GENERATION);
  double value[TANLU_STACK_KINDS_MOST];
  for (size_t i = 0; i < page->data.count * page->years; i++) {
    const tanlu_run_data *of = &page->data.of[i / page->years];
    tanlu_stack_fill(of, TANLU_STACK_GENERATION, of->main, page->year[i % page->years], value);
    for (size_t k = 0; k < info->kinds; k++) used[k] = used[k] || value[k] > 1e-9;
  }
}

/* "2020, 2030 and 2060" */
static const char *list_years(const tanlu_region_page *page, char *text, size_t size) {
  size_t used = 0;
  text[0] = '\0';
  for (size_t i = 0; i < page->years && used < size; i++) {
    used += (size_t)snprintf(text + used, size - used, "%s%d",
                             i == 0                 ? ""
                             : i + 1 == page->years ? " and "
                                                    : ", ",
                             year_of(page, i));
  }
  return text;
}

tanlu_status tanlu_region_chapter_generation(const tanlu_region_page *page) {
  bool used[TANLU_STACK_KINDS_MOST] = {false};
  char text[96], title[128];
  if (page->data.of[0].generation == NULL) return TANLU_OK;
  (void)list_years(page, text, sizeof text);
  (void)snprintf(title, sizeof title, "Generation by source and region, %s", text);
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_STACKED, "regions-generation", title, page->page->context);
  if (figure != NULL) {
    find_used(page, used);
    tanlu_figure_y(figure, "Share of generation", "%");
    tanlu_figure_y_range(figure, 0.0, 100.0, false);
    for (size_t i = 0; i < page->years; i++) {
      char year[16];
      (void)snprintf(year, sizeof year, "%d", year_of(page, i));
      (void)tanlu_figure_category(figure, year);
    }
    for (size_t r = 0; r < page->data.count; r++) draw_mix(page, figure, r, used);
  }
  tanlu_report_figure(page->page->report, &figure,
                      "Bars of %s from the left, of what plants of the region generate; what others send is not among "
                      "it. Scenario %s.",
                      text, tanlu_run_main(page->page));
  return TANLU_OK;
}

/* ---- trade ----------------------------------------------------------------------------------------------------------------- */

typedef struct {
  tanlu_embodied_flow *flow; /* the largest first; NULL where nothing moves */
  size_t count;
} links;

static tanlu_status put_links(const tanlu_region_page *page, size_t i, const double *matrix, links *found) {
  char name[48], title[96];
  size_t drawn = 0;
  double part = 0.0;
  const tanlu_status status =
      tanlu_group_flows(&found->flow, &found->count, matrix, page->data.count, page->page->context);
  if (status != TANLU_OK) return status;
  (void)snprintf(name, sizeof name, "regions-electricity-%d", year_of(page, i));
  (void)snprintf(title, sizeof title, "Electricity between regions, %d", year_of(page, i));
  tanlu_figure *figure =
      tanlu_region_flows_figure(page->data.label, found->flow, found->count, name, title, "Electricity",
                                page->data.electricity->unit, &drawn, &part, page->page->context);
  tanlu_report_figure(page->page->report, &figure,
                      "Left: who sends; right: who receives. The %zu largest links, %.0f %% of all that moves between "
                      "regions, as received. Scenario %s.",
                      drawn, 100.0 * part, tanlu_run_main(page->page));
  return TANLU_OK;
}

/* The largest links of the last year, with what they carried in the first. */
static void put_link_table(const tanlu_region_page *page, const links *last, const double *first) {
  const tanlu_region_data *d = &page->data;
  char text[64];
  tanlu_table *table = tanlu_table_create(page->page->context);
  for (size_t i = 0; table != NULL && i < 2; i++) tanlu_table_column(table, i == 0 ? "From" : "To", TANLU_LEFT);
  for (size_t i = 0; table != NULL && i<page->years; i += page->years> 1 ? page->years - 1 : 1) {
    (void)snprintf(text, sizeof text, "%d", year_of(page, i));
    tanlu_table_column(table, text, TANLU_RIGHT);
  }
  for (size_t k = 0; table != NULL && k < last->count && k < LINKS && last->flow[k].value > 0.0; k++) {
    const tanlu_embodied_flow *f = &last->flow[k];
    tanlu_table_text(table, tanlu_label_text(d->label, f->from));
    tanlu_table_text(table, tanlu_label_text(d->label, f->to));
    if (page->years > 1) tanlu_run_cell(table, first[f->to * d->count + f->from], 1);
    tanlu_run_cell(table, f->value, 1);
  }
  tanlu_report_table(page->page->report, &table, false, "The largest links of %d, %s as received",
                     year_of(page, page->years - 1), d->electricity->unit);
}

/* Sent less received in the first and the last year. */
static void put_net(const tanlu_region_page *page, double *net, double factor, const tanlu_region_words *words,
                    const char *caption) {
  char year[2][TITLE];
  const char *panel[2];
  size_t end[2];
  const size_t panels = ends_of(page, end);
  for (size_t i = 0; i < panels; i++) {
    (void)snprintf(year[i], sizeof year[i], "%d", year_of(page, end[i]));
    panel[i] = year[i];
  }
  for (size_t k = 0; k < panels * page->data.count; k++) net[k] *= factor;
  tanlu_region_maps(page, net, panel, panels, words, caption);
}

static tanlu_status put_electricity(const tanlu_region_page *page, double *flow, double *net) {
  static const tanlu_region_words words = {"regions-electricity-net", "Electricity sent, net of what is received",
                                           "Sent less received", "TWh"};
  const size_t n = page->data.count, main = page->page->data->main;
  size_t end[2];
  const size_t panels = ends_of(page, end);
  links found[2] = {{0}};
  tanlu_status status = TANLU_OK;
  tanlu_report_heading(page->page->report, "Electricity between regions");
  for (size_t i = 0; status == TANLU_OK && i < panels; i++) {
    tanlu_region_data_flow(&page->data, page->data.electricity, main, page->year[end[i]], flow + i * n * n,
                           net + i * n);
    status = put_links(page, end[i], flow + i * n * n, &found[i]);
  }
  if (status == TANLU_OK) {
    put_link_table(page, &found[panels - 1], flow);
    put_net(page, net, 1.0, &words, "Regions above zero send more than they receive.");
  }
  free(found[0].flow);
  free(found[1].flow);
  return status;
}

static void put_money(const tanlu_region_page *page, double *flow, double *net) {
  static const tanlu_region_words words = {"regions-trade-net", "Products sent to other regions, net of what comes",
                                           "Sent less received", "10¹² CNY"};
  size_t end[2];
  const size_t panels = ends_of(page, end);
  tanlu_report_heading(page->page->report, "Trade between regions");
  for (size_t i = 0; i < panels; i++) {
    tanlu_region_data_flow(&page->data, page->data.trade, page->page->data->main, page->year[end[i]], flow,
                           net + i * page->data.count);
  }
  put_net(page, net, trillion, &words,
          "All products at producers' prices of the base year; trade with other countries "
          "is not among it.");
}

tanlu_status tanlu_region_chapter_trade(const tanlu_region_page *page) {
  const size_t n = page->data.count;
  double *flow = tanlu_allocate_doubles(page->page->context, 2 * n, n);
  double *net = tanlu_allocate_doubles(page->page->context, 2, n);
  tanlu_status status = flow != NULL && net != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && n > 1 && page->data.electricity != NULL) status = put_electricity(page, flow, net);
  if (status == TANLU_OK && n > 1 && page->data.trade != NULL) put_money(page, flow, net);
  free(flow);
  free(net);
  return status;
}
