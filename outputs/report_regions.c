#include "outputs/report_regions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/report_regions_private.h"
#include "solvers/memory.h"

/* ---- what the sections share ---------------------------------------------------------------------------------------------- */

const char *tanlu_label_text(const tanlu_labels *label, size_t k) {
  return label->name[k][0] != '\0' ? label->name[k] : label->code[k];
}

const char *tanlu_region_what(const tanlu_dataset *dataset, size_t extension) {
  const tanlu_labels *label = &dataset->extension.label;
  return strcmp(label->code[extension], "co2") == 0 ? "CO₂" : tanlu_label_text(label, extension);
}

void tanlu_rank(const double *value, size_t count, size_t *order) {
  for (size_t k = 0; k < count; k++) {
    size_t at = k;
    for (; at > 0 && (value[order[at - 1]] < value[k] || (isnan(value[order[at - 1]]) && !isnan(value[k]))); at--) {
      order[at] = order[at - 1];
    }
    order[at] = k;
  }
}

static void add_tiles(tanlu_figure *figure, size_t panel, const tanlu_labels *region, const double *tile,
                      const double *value) {
  const size_t count = region->count;
  const size_t series = tanlu_figure_series(figure, panel, "", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (size_t p = 0; p < count; p++) {
    tanlu_figure_interval(figure, series, tile[p], value[p], tile[count + p], tile[count + p]);
    tanlu_figure_point_label(figure, series, tanlu_label_text(region, p));
  }
}

/* Of each panel a series, by size in the first one. */
static void add_bars(tanlu_figure *figure, const tanlu_labels *region, const double *value, const char *const *panel,
                     size_t panels, const size_t *order) {
  for (size_t k = 0; k < region->count && k < TANLU_REGIONS_DRAWN; k++) {
    (void)tanlu_figure_category(figure, tanlu_label_text(region, order[k]));
  }
  for (size_t i = 0; i < panels; i++) {
    const size_t series = tanlu_figure_series(figure, 0, panel[i], TANLU_ROLE_SERIES + (int)(i % 8), TANLU_STYLE_SOLID);
    for (size_t k = 0; k < region->count && k < TANLU_REGIONS_DRAWN; k++) {
      tanlu_figure_point(figure, series, (double)k, value[i * region->count + order[k]]);
    }
  }
  if (region->count > TANLU_REGIONS_DRAWN) {
    tanlu_figure_note(figure, "The %d largest of %zu regions.", TANLU_REGIONS_DRAWN, region->count);
  }
}

tanlu_figure *tanlu_region_panels_figure(const tanlu_labels *region, const double *tile, const double *value,
                                         const char *const *panel, size_t panels, const tanlu_region_words *words,
                                         tanlu_context *context) {
  size_t *order = tanlu_allocate(context, region->count, sizeof *order);
  const tanlu_chart chart = tile != NULL ? TANLU_CHART_MAP : TANLU_CHART_BARS;
  tanlu_figure *figure = order != NULL ? tanlu_figure_create(chart, words->name, words->title, context) : NULL;
  if (figure != NULL) {
    tanlu_figure_y(figure, words->quantity, words->unit);
    tanlu_rank(value, region->count, order);
    for (size_t i = 0; tile != NULL && i < panels; i++) {
      add_tiles(figure, tanlu_figure_panel(figure, panel[i]), region, tile, value + i * region->count);
    }
    if (tile == NULL) add_bars(figure, region, value, panel, panels, order);
  }
  free(order);
  return figure;
}

tanlu_figure *tanlu_region_figure(const tanlu_labels *region, const double *tile, const double *value, const char *name,
                                  const char *title, const char *quantity, const char *unit, tanlu_context *context) {
  const char *panel = "";
  const tanlu_region_words words = {name, title, quantity, unit};
  return tanlu_region_panels_figure(region, tile, value, &panel, 1, &words, context);
}

/* Nodes in the order of their largest flow, senders at the left: node[p], and receivers at the right: node[regions + q]. */
static void add_nodes(tanlu_figure *figure, const tanlu_labels *region, const tanlu_embodied_flow *flow, size_t drawn,
                      size_t *node) {
  size_t senders = 0;
  for (size_t k = 0; k < 2 * region->count; k++) node[k] = TANLU_NONE;
  for (size_t k = 0; k < drawn; k++) {
    const size_t end[2] = {flow[k].from, region->count + flow[k].to};
    for (size_t s = 0; s < 2; s++) {
      if (node[end[s]] != TANLU_NONE) continue;
      const int role = s == 0 ? TANLU_ROLE_SERIES + (int)(senders % 8) : TANLU_ROLE_REST;
      node[end[s]] = tanlu_figure_node(figure, tanlu_label_text(region, end[s] % region->count), s, role);
      senders += s == 0;
    }
  }
}

tanlu_figure *tanlu_region_flows_figure(const tanlu_labels *region, const tanlu_embodied_flow *flow, size_t count,
                                        const char *name, const char *title, const char *quantity, const char *unit,
                                        size_t *drawn, double *part, tanlu_context *context) {
  double shown = 0.0, sum = 0.0;
  *drawn = 0;
  size_t *node = tanlu_allocate(context, 2 * region->count, sizeof *node);
  tanlu_figure *figure = node != NULL ? tanlu_figure_create(TANLU_CHART_SANKEY, name, title, context) : NULL;
  if (figure == NULL) {
    free(node);
    return NULL;
  }
  tanlu_figure_y(figure, quantity, unit);
  for (size_t k = 0; k < count; k++) sum += flow[k].value;
  while (*drawn < count && *drawn < TANLU_FLOWS_DRAWN && flow[*drawn].value > 0.0) shown += flow[(*drawn)++].value;
  add_nodes(figure, region, flow, *drawn, node);
  /* links in the colour of their source, whose nodes were numbered in the order of their largest flow */
  for (size_t k = 0; k < *drawn; k++) {
    size_t before = 0;
    for (size_t p = 0; p < region->count; p++) before += node[p] != TANLU_NONE && node[p] < node[flow[k].from];
    tanlu_figure_link(figure, node[flow[k].from], node[region->count + flow[k].to], flow[k].value,
                      TANLU_ROLE_SERIES + (int)(before % 8));
  }
  *part = sum > 0.0 ? shown / sum : 0.0;
  free(node);
  return figure;
}

/* ---- overview ------------------------------------------------------------------------------------------------------------- */

typedef struct {
  double production, between, abroad, people, households;
  size_t sender, receiver; /* the largest, net */
} totals;

static totals add_up(const tanlu_regions_page *page) {
  const tanlu_embodied *e = page->input->embodied;
  const tanlu_region_facts *facts = page->input->facts;
  totals t = {0};
  double most = 0.0, least = 0.0;
  for (size_t p = 0; p < e->groups; p++) {
    const tanlu_embodied_balance b = tanlu_embodied_balance_of(e, e->total, p);
    t.production += b.production;
    t.between += b.sent;
    t.abroad += b.abroad;
    if (facts->population != NULL) t.people += facts->population[p];
    if (facts->households != NULL) t.households += facts->households[p];
    if (p == 0 || b.net > most) t.sender = p;
    if (p == 0 || b.net < least) t.receiver = p;
    most = p == 0 ? b.net : fmax(most, b.net);
    least = p == 0 ? b.net : fmin(least, b.net);
  }
  return t;
}

static void card_net(const tanlu_regions_page *page, const char *label, size_t region, const char *note) {
  const tanlu_embodied *e = page->input->embodied;
  const double net = tanlu_embodied_balance_of(e, e->total, region).net;
  char text[64], about[96];
  (void)snprintf(about, sizeof about, "%s %s %s", tanlu_report_number(text, sizeof text, fabs(net), 0), page->unit,
                 note);
  tanlu_report_card(page->report, label, tanlu_label_text(page->region, region), "", about);
}

static void add_cards(const tanlu_regions_page *page) {
  const tanlu_region_facts *facts = page->input->facts;
  const totals t = add_up(page);
  char text[64], label[128];
  tanlu_report_card(page->report, "Regions", tanlu_report_number(text, sizeof text, (double)page->region->count, 0), "",
                    "");
  (void)snprintf(label, sizeof label, "%s of production", page->what);
  tanlu_report_card(page->report, label, tanlu_report_number(text, sizeof text, t.production, 0), page->unit, "");
  if (facts->households != NULL && strcmp(page->unit, "Mt") == 0) {
    tanlu_report_card(page->report, "Burned by households", tanlu_report_number(text, sizeof text, t.households, 0),
                      "Mt", "CO₂, beside the table");
  }
  (void)snprintf(label, sizeof label, "of %s of production", page->what);
  tanlu_report_card(page->report, "Due to other regions",
                    tanlu_report_number(text, sizeof text, 100.0 * t.between / t.production, 1), "%", label);
  tanlu_report_card(page->report, "Due to abroad",
                    tanlu_report_number(text, sizeof text, 100.0 * t.abroad / t.production, 1), "%", label);
  card_net(page, "Sends most, net", t.sender, "more than it receives");
  card_net(page, "Receives most, net", t.receiver, "more than it sends");
}

static void add_map(const tanlu_regions_page *page, const double *value, const char *name, const char *title,
                    const char *quantity, const char *unit, const char *caption) {
  tanlu_figure *figure =
      tanlu_region_figure(page->region, page->input->facts->tile, value, name, title, quantity, unit, page->context);
  tanlu_report_figure(page->report, &figure, "%s%s", caption,
                      page->input->facts->tile != NULL
                          ? " Each tile is a region, placed among its neighbours; sizes mean nothing."
                          : "");
}

/* Mt per F CUR (a unit of money as tanlu_money_well_formed has it) are 10^6 t / F x 10^4 per 10^4 CUR. Other units of emissions stay
 * as they are. Returns the factor. */
static double unit_per_value(const tanlu_regions_page *page, char *unit, size_t size) {
  double factor = 1.0;
  const char *money = tanlu_dataset_result_money(page->input->dataset, &factor);
  char *currency = NULL;
  const double count = strtod(money, &currency);
  if (strcmp(page->unit, "Mt") != 0 || currency == money || !(count > 0.0)) {
    (void)snprintf(unit, size, "%s per %s", page->unit, money);
    return 1.0;
  }
  (void)snprintf(unit, size, "t per 10⁴%s", currency);
  return 1e6 / count * 1e4;
}

static tanlu_status add_per_value(const tanlu_regions_page *page) {
  const tanlu_region_profile *profile = page->input->profile;
  char title[160], unit[128];
  const double factor = unit_per_value(page, unit, sizeof unit);
  double *value = tanlu_allocate_doubles(page->context, profile->regions, 1);
  if (value == NULL) return TANLU_ERR_MEMORY;
  for (size_t p = 0; p < profile->regions; p++) value[p] = factor * profile->per_value[p];
  (void)snprintf(title, sizeof title, "%s of production per value added, %d", page->what,
                 page->input->dataset->base_year);
  add_map(page, value, "regions-per-value-added", title, "Per value added", unit,
          "Emissions of production over value added of the table at its prices.");
  free(value);
  return TANLU_OK;
}

static tanlu_status add_maps(const tanlu_regions_page *page) {
  const tanlu_region_profile *profile = page->input->profile;
  const int year = page->input->dataset->base_year;
  char title[160], unit[96];
  (void)snprintf(title, sizeof title, "%s of production, %d", page->what, year);
  add_map(page, page->input->embodied->production, "regions-production", title, page->what, page->unit,
          "Emissions where they arise, of production; what households burn themselves is not among them.");
  if (profile->per_head != NULL) {
    (void)snprintf(title, sizeof title, "%s of production per head, %d", page->what, year);
    (void)snprintf(unit, sizeof unit, "%s per million persons", page->unit);
    add_map(page, profile->per_head, "regions-per-head", title, "Per head", strcmp(page->unit, "Mt") == 0 ? "t" : unit,
            "Emissions of production over residents.");
  } else {
    tanlu_report_remark(page->report, "Per head is left out: the dataset has no regions.csv with a column "
                                      "population.");
  }
  return add_per_value(page);
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------ */

static tanlu_status open_page(tanlu_regions_page *page) {
  const tanlu_report_regions_input *in = page->input;
  (void)snprintf(page->what, sizeof page->what, "%s", tanlu_region_what(in->dataset, in->extension));
  (void)snprintf(page->unit, sizeof page->unit, "%s", in->dataset->extension.unit[in->extension]);
  page->order = tanlu_allocate(page->context, page->region->count, sizeof *page->order);
  if (page->order == NULL) return TANLU_ERR_MEMORY;
  tanlu_rank(in->embodied->production, page->region->count, page->order);
  page->drawn = page->region->count < TANLU_REGIONS_DRAWN ? page->region->count : TANLU_REGIONS_DRAWN;
  return TANLU_OK;
}

tanlu_status tanlu_report_regions(tanlu_report *report, const tanlu_report_regions_input *input,
                                  tanlu_context *context) {
  tanlu_regions_page page = {
      .report = report, .input = input, .region = &input->dataset->level[input->level].group, .context = context};
  tanlu_status status = open_page(&page);
  if (status != TANLU_OK) return status;
  tanlu_report_section(report, "overview", "Overview");
  tanlu_report_text(report,
                    "%s: emissions of production by region, and by the region whose final demand they are due "
                    "to, in %d.",
                    input->dataset->title, input->dataset->base_year);
  add_cards(&page);
  status = add_maps(&page);
  if (status == TANLU_OK) tanlu_regions_section_trade(&page);
  if (status == TANLU_OK) status = tanlu_regions_section_flows(&page);
  if (status == TANLU_OK) status = tanlu_regions_section_reasons(&page);
  if (status == TANLU_OK) status = tanlu_regions_section_structure(&page);
  if (status == TANLU_OK) {
    tanlu_regions_section_adjustment(&page);
    tanlu_regions_section_sources(&page);
  }
  free(page.order);
  return status;
}
