/* Sections of a report on a run: power, energy, and energy from source to use. */
#include <math.h>
#include <string.h>

#include "outputs/report_run_private.h"

/* A stack of the main scenario as a table: kinds by year, and the total. */
static void put_stack_table(const tanlu_run_page *page, tanlu_stack stack, int decimals, const char *caption) {
  const tanlu_run_data *d = page->data;
  const tanlu_stack_info *info = tanlu_stack_about(stack);
  size_t place[TANLU_RUN_YEARS], years;
  double value[TANLU_RUN_YEARS][TANLU_STACK_KINDS_MOST], total[TANLU_RUN_YEARS] = {0.0};
  if (!tanlu_stack_known(d, stack)) return;
  tanlu_table *table = tanlu_run_table(page, "Kind", place, &years);
  if (table != NULL) {
    for (size_t k = 0; k < years; k++) tanlu_stack_fill(d, stack, d->main, place[k], value[k]);
    for (size_t i = 0; i < info->kinds; i++) {
      double largest = 0.0;
      for (size_t k = 0; k < years; k++) largest = fmax(largest, fabs(value[k][i]));
      for (size_t k = 0; k < years; k++) total[k] += value[k][i];
      if (!(largest > 1e-9)) continue;
      tanlu_table_text(table, info->kind[i].name);
      tanlu_table_text(table, info->unit);
      for (size_t k = 0; k < years; k++) tanlu_run_cell(table, value[k][i], decimals);
    }
    tanlu_table_text(table, "Total");
    tanlu_table_text(table, info->unit);
    for (size_t k = 0; k < years; k++) tanlu_run_cell(table, total[k], decimals);
  }
  tanlu_report_table(page->report, &table, true, "%s in %s", caption, tanlu_run_main(page));
}

void tanlu_run_section_power(tanlu_run_page *page) {
  static const tanlu_run_panel share[] = {{"nonfossil_generation_share", "Non-fossil generation"},
                                          {"variable_share", "Wind and PV"},
                                          {"coal_generation_share", "Coal"}};
  tanlu_report_section(page->report, "power", "Power");
  tanlu_run_stack_figure(page, TANLU_STACK_GENERATION, "generation", "Generation by technology", "Generation",
                         "Gross generation; hydro with pumped storage, solar with CSP. Hatched: with capture.");
  put_stack_table(page, TANLU_STACK_GENERATION, 0, "Generation by technology");
  tanlu_run_stack_figure(page, TANLU_STACK_CAPACITY, "capacity", "Capacity by technology", "Capacity",
                         "Capacity at the end of the year; storage other than pumped hydro is not in it.");
  put_stack_table(page, TANLU_STACK_CAPACITY, 0, "Capacity by technology");
  tanlu_run_percent_figure(page, "generation-shares", "Shares of generation", "Share of generation", share,
                           sizeof share / sizeof *share, "Shares in generation.");
}

void tanlu_run_section_energy(tanlu_run_page *page) {
  static const tanlu_run_panel share[] = {{"nonfossil_share", "Non-fossil energy"},
                                          {"coal_share", "Coal"},
                                          {"electricity_share", "Electricity in final energy"}};
  tanlu_report_section(page->report, "energy", "Energy");
  tanlu_run_stack_figure(
      page, TANLU_STACK_PRIMARY, "primary-energy", "Primary energy", "Energy consumption",
      "Energy consumption, coal-equivalent: primary electricity at the fuel of thermal plants, as national "
      "statistics count it. Renewables with biomass.");
  put_stack_table(page, TANLU_STACK_PRIMARY, 0, "Primary energy");
  tanlu_run_percent_figure(
      page, "energy-shares", "Shares of energy", "Share", share, sizeof share / sizeof *share,
      "Non-fossil energy and coal in energy consumption (coal-equivalent), electricity in final energy without "
      "non-energy use.");
  tanlu_run_stack_figure(page, TANLU_STACK_FINAL_CARRIER, "final-carriers", "Final energy by carrier", "Final energy",
                         "Final energy with non-energy use, calorific.");
  put_stack_table(page, TANLU_STACK_FINAL_CARRIER, 1, "Final energy by carrier");
  tanlu_run_stack_figure(page, TANLU_STACK_FINAL_USE, "final-uses", "Final energy by user", "Final energy",
                         "Final energy with non-energy use, calorific. Services with agriculture; private vehicles of "
                         "households stand with transport.");
  put_stack_table(page, TANLU_STACK_FINAL_USE, 1, "Final energy by user");
}

/* ---- from source to use ------------------------------------------------------------------------------------------------------ */

static const double least_flow = 1e-6; /* PJ; below: rounding */

/* Heat supply that takes hydrogen stands right of it, and users right of that. */
static size_t column_of(const tanlu_energy_flows *flows, size_t node) {
  const size_t own = tanlu_flow_node_about((tanlu_flow_node)node)->column;
  const size_t hydrogen = tanlu_flow_node_about(TANLU_FLOW_HYDROGEN)->column;
  const bool further = flows->flow[TANLU_FLOW_HYDROGEN][TANLU_FLOW_HEAT] > least_flow;
  return own + (further && (node == TANLU_FLOW_HEAT || own > hydrogen));
}

/* Does all energy flow to the right? */
static bool goes_forward(const tanlu_energy_flows *flows) {
  for (size_t i = 0; i < TANLU_FLOW_NODES; i++) {
    for (size_t k = 0; k < TANLU_FLOW_NODES; k++) {
      if (flows->flow[i][k] > least_flow && column_of(flows, i) >= column_of(flows, k)) return false;
    }
  }
  return true;
}

/* What is drawn: flows from carriers to users below `small` go together to a node of their own. */
enum { SMALL = TANLU_FLOW_NODES, DRAWN };
static const double small_share = 0.002; /* of all that sources give */

static bool is_user(size_t node) {
  return node >= TANLU_FLOW_USE_STEEL && node != TANLU_FLOW_LOSSES;
}

static double small_flow(const tanlu_energy_flows *flows) {
  double whole = 0.0;
  for (size_t i = 0; i < TANLU_FLOW_NODES; i++) {
    if (tanlu_flow_node_about((tanlu_flow_node)i)->column > 0) continue;
    for (size_t k = 0; k < TANLU_FLOW_NODES; k++) whole += flows->flow[i][k];
  }
  return small_share * whole;
}

/* Links from one node, by where they lead. */
static void links_of(const tanlu_energy_flows *flows, size_t from, double small, double link[DRAWN]) {
  link[SMALL] = 0.0;
  for (size_t k = 0; k < TANLU_FLOW_NODES; k++) {
    const double flow = flows->flow[from][k];
    const bool together = is_user(k) && flow > least_flow && flow < small;
    link[k] = together || !(flow > least_flow) ? 0.0 : flow;
    if (together) link[SMALL] += flow;
  }
}

static tanlu_figure *draw_flows(const tanlu_run_page *page, const tanlu_energy_flows *flows) {
  const double exajoule = 1e-3, small = small_flow(flows); /* of PJ */
  char title[160];
  (void)snprintf(title, sizeof title, "Energy from source to use in %d, %s", flows->year, tanlu_run_main(page));
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_SANKEY, "energy-flows", title, page->context);
  size_t node[DRAWN] = {0};
  bool used[DRAWN] = {false};
  double link[DRAWN];
  if (figure == NULL) return NULL;
  for (size_t i = 0; i < TANLU_FLOW_NODES; i++) {
    links_of(flows, i, small, link);
    for (size_t k = 0; k < DRAWN; k++) {
      if (link[k] > 0.0) used[i] = used[k] = true;
    }
  }
  tanlu_figure_y(figure, "Energy", "EJ");
  for (size_t i = 0; i < TANLU_FLOW_NODES; i++) {
    const tanlu_flow_node_info *about = tanlu_flow_node_about((tanlu_flow_node)i);
    if (used[i]) node[i] = tanlu_figure_node(figure, about->label, column_of(flows, i), about->role);
  }
  if (used[SMALL]) {
    node[SMALL] = tanlu_figure_node(figure, "Small uses", column_of(flows, TANLU_FLOW_USE_STEEL), TANLU_ROLE_REST);
  }
  for (size_t i = 0; i < TANLU_FLOW_NODES; i++) {
    const int role = tanlu_flow_node_about((tanlu_flow_node)i)->role;
    links_of(flows, i, small, link);
    for (size_t k = 0; k < DRAWN; k++) {
      if (link[k] > 0.0) tanlu_figure_link(figure, node[i], node[k], exajoule * link[k], role);
    }
  }
  return figure;
}

void tanlu_run_section_flows(tanlu_run_page *page) {
  const tanlu_energy_flows *flows = page->input->flows;
  tanlu_report_section(page->report, "flows", "Energy from source to use");
  if (flows == NULL || !goes_forward(flows)) {
    const char *missing = page->input->missing;
    tanlu_report_text(page->report, "Left out: %s",
                      flows != NULL     ? "energy flows in circles that a diagram from left to right cannot show."
                      : missing != NULL ? missing
                                        : "not asked for.");
    return;
  }
  tanlu_figure *figure = draw_flows(page, flows);
  tanlu_report_figure(
      page->report, &figure,
      "Energy of %s in %d, calorific, primary electricity at its heat value. Left: primary energy net of "
      "trade; right: final users, non-energy use and losses. Energy is conserved in every node.",
      tanlu_run_main(page), flows->year);
}
