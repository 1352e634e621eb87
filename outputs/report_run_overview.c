/* Sections of a report on a run: overview, CO2, economy, products, assumptions. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/labels.h"
#include "outputs/report_run_private.h"

static const double gigatonne = 1e-3; /* of the file's Mt */

/* ---- overview -------------------------------------------------------------------------------------------------------------- */

static void card(const tanlu_run_page *page, const char *label, double value, int decimals, const char *unit,
                 const char *note) {
  char text[64];
  tanlu_report_card(page->report, label, tanlu_report_number(text, sizeof text, value, decimals), unit, note);
}

static void card_of_year(const tanlu_run_page *page, const char *label, double year, const char *never,
                         const char *note) {
  char text[16];
  (void)snprintf(text, sizeof text, "%.0f", year);
  tanlu_report_card(page->report, label, isnan(year) ? never : text, "", note);
}

/* Headline numbers of the main scenario. */
static void put_cards(const tanlu_run_page *page) {
  const tanlu_run_data *d = page->data;
  const size_t s = d->main, t30 = tanlu_run_year(d, 2030), last = tanlu_run_last(d, s, "co2_net");
  char note[96], label[48];
  const double peak = tanlu_run_summary(d, s, "peak_co2");
  const double from = tanlu_run_summary(d, s, "plateau_from"), to = tanlu_run_summary(d, s, "plateau_to");
  const int used = snprintf(note, sizeof note, "energy CO₂ at %.2f Gt", gigatonne * peak);
  if (used > 0 && from < to) {
    (void)snprintf(note + used, sizeof note - (size_t)used, "; within 1 %% of it %.0f to %.0f", from, to);
  }
  card_of_year(page, "CO₂ peaks in", tanlu_run_summary(d, s, "peak_year"), "no peak",
               isnan(peak) ? "the last year is the highest" : note);
  if (t30 != TANLU_NONE) {
    card(page, "Energy CO₂ 2030", gigatonne * tanlu_run_indicator(d, s, t30, "co2_energy"), 2, "Gt", "after capture");
    card(page, "Non-fossil share 2030", 100.0 * tanlu_run_indicator(d, s, t30, "nonfossil_share"), 1, "%",
         "of energy consumption");
    card(page, "Wind and solar 2030", 1e-3 * tanlu_run_indicator(d, s, t30, "wind_solar_capacity"), 2, "TW",
         "capacity");
  }
  card_of_year(page, "Net zero from", tanlu_run_summary(d, s, "neutrality_year"), "not reached",
               "net CO₂ stays at or below zero");
  if (last != TANLU_NONE && last != t30) {
    (void)snprintf(label, sizeof label, "Net CO₂ %d", d->year[last]);
    card(page, label, gigatonne * tanlu_run_indicator(d, s, last, "co2_net"), 2, "Gt",
         "with processes, less capture and sinks");
    (void)snprintf(label, sizeof label, "Non-fossil share %d", d->year[last]);
    card(page, label, 100.0 * tanlu_run_indicator(d, s, last, "nonfossil_share"), 1, "%", "of energy consumption");
  }
  if (last == 1) (void)snprintf(note, sizeof note, "%d, before sinks", d->year[last]);
  if (last != TANLU_NONE && last != 1) {
    (void)snprintf(note, sizeof note, "%d to %d, before sinks", d->year[0] + 1, d->year[last]);
  }
  card(page, "Cumulative CO₂", tanlu_run_summary(d, s, "cumulative_co2"), 1, "Gt", last != TANLU_NONE ? note : "");
}

static void put_scenarios(const tanlu_run_page *page) {
  static const struct {
    const char *code, *name;
    double factor;
    int decimals;
  } column[] = {{"peak_year", "Peak of energy CO₂", 1.0, 0},
                {"peak_co2", "at, Gt", 1e-3, 2},
                {"neutrality_year", "Net zero from", 1.0, 0},
                {"residual_co2", "Net CO₂ in the last year, Gt", 1e-3, 2},
                {"cumulative_co2", "Cumulative CO₂, Gt", 1.0, 1}};
  const tanlu_run_data *d = page->data;
  const tanlu_result_texts *titles = tanlu_result_texts_find(d->result, "scenario_title");
  tanlu_table *table = tanlu_table_create(page->context);
  for (size_t k = 0; table != NULL && k < 2; k++) {
    tanlu_table_column(table, k == 0 ? "Scenario" : "Title", TANLU_LEFT);
  }
  for (size_t i = 0; table != NULL && i < sizeof column / sizeof *column; i++) {
    tanlu_table_column(table, column[i].name, TANLU_RIGHT);
  }
  for (size_t k = 0; table != NULL && k < d->chosen; k++) {
    tanlu_table_text(table, tanlu_run_name(page, k));
    tanlu_table_text(table, titles != NULL && d->place[k] < titles->count ? titles->text[d->place[k]] : "");
    for (size_t i = 0; i < sizeof column / sizeof *column; i++) {
      const double value = column[i].factor * tanlu_run_summary(d, d->place[k], column[i].code);
      char text[64];
      if (strstr(column[i].code, "_year") != NULL && !isnan(value)) {
        (void)snprintf(text, sizeof text, "%.0f", value); /* no comma in a year */
        tanlu_table_text(table, text);
      } else {
        tanlu_run_cell(table, value, column[i].decimals);
      }
    }
  }
  tanlu_report_table(page->report, &table, false,
                     "Scenarios. Energy CO₂ is that of combustion after capture; net CO₂ adds processes and takes off "
                     "sinks; cumulative CO₂ is of energy and processes");
}

void tanlu_run_section_overview(tanlu_run_page *page) {
  const tanlu_run_data *d = page->data;
  const char *dataset = tanlu_result_attribute(d->result, "dataset_title");
  tanlu_report_section(page->report, "overview", "Overview");
  tanlu_report_text(page->report, "%zu scenario%s of %d to %d, projected from %s. Headline numbers are of %s.",
                    d->chosen, d->chosen == 1 ? "" : "s", d->year[0], d->year[d->years - 1],
                    dataset != NULL ? dataset : "an unnamed dataset", tanlu_run_main(page));
  put_cards(page);
  put_scenarios(page);
}

/* ---- CO2 ------------------------------------------------------------------------------------------------------------------- */

/* Is the peak of the k-th scenario that of one before it, as in years that are history for all? */
static bool peaked_before(const tanlu_run_data *d, size_t k) {
  static const double same = 1e-3; /* of the level */
  const double year = tanlu_run_summary(d, d->place[k], "peak_year"),
               level = tanlu_run_summary(d, d->place[k], "peak_co2");
  for (size_t i = 0; i < k; i++) {
    if (tanlu_run_summary(d, d->place[i], "peak_year") == year &&
        fabs(tanlu_run_summary(d, d->place[i], "peak_co2") - level) <= same * level) {
      return true;
    }
  }
  return false;
}

/* Peaks and years of neutrality as dots in panel 0 (energy CO2) and 1 (net CO2). */
static void mark_paths(const tanlu_run_page *page, tanlu_figure *figure) {
  const tanlu_run_data *d = page->data;
  for (size_t k = 0; k < d->chosen; k++) {
    const size_t s = d->place[k];
    const double peak = tanlu_run_summary(d, s, "peak_year"), zero = tanlu_run_summary(d, s, "neutrality_year");
    char label[32];
    if (!isnan(peak) && !peaked_before(d, k)) {
      const double level = gigatonne * tanlu_run_summary(d, s, "peak_co2");
      (void)snprintf(label, sizeof label, "peak %.0f", peak);
      tanlu_figure_mark(figure, 0, TANLU_MARK_DOT, peak, level, tanlu_run_role(k), label);
    }
    if (!isnan(zero)) {
      const size_t t = tanlu_run_year(d, (int)zero);
      const double level = gigatonne * tanlu_run_indicator(d, s, t, "co2_net");
      (void)snprintf(label, sizeof label, "net zero %.0f", zero);
      tanlu_figure_mark(figure, 1, TANLU_MARK_DOT, zero, level, tanlu_run_role(k), label);
    }
  }
}

/* A stack of every scenario shown, a panel each. */
static void put_stack(const tanlu_run_page *page, tanlu_stack stack, tanlu_figure *figure) {
  const tanlu_run_data *d = page->data;
  const tanlu_stack_info *info = tanlu_stack_about(stack);
  double value[TANLU_STACK_KINDS_MOST];
  bool used[TANLU_STACK_KINDS_MOST] = {false};
  for (size_t k = 0; k < d->chosen; k++) {
    for (size_t t = 0; t < d->years; t++) {
      tanlu_stack_fill(d, stack, d->place[k], t, value);
      for (size_t i = 0; i < info->kinds; i++) used[i] = used[i] || fabs(value[i]) > 1e-9;
    }
  }
  for (size_t k = 0; k < d->chosen; k++) {
    const size_t panel = tanlu_figure_panel(figure, tanlu_run_name(page, k));
    size_t series[TANLU_STACK_KINDS_MOST] = {0};
    for (size_t i = 0; i < info->kinds; i++) {
      if (used[i]) {
        series[i] = tanlu_figure_series(figure, panel, info->kind[i].name, info->kind[i].role, TANLU_STYLE_SOLID);
      }
    }
    for (size_t t = 0; t < d->years; t++) {
      tanlu_stack_fill(d, stack, d->place[k], t, value);
      for (size_t i = 0; i < info->kinds; i++) {
        if (used[i]) tanlu_figure_point(figure, series[i], d->year[t], value[i]);
      }
    }
  }
}

void tanlu_run_stack_figure(const tanlu_run_page *page, tanlu_stack stack, const char *name, const char *title,
                            const char *quantity, const char *caption) {
  if (!tanlu_stack_known(page->data, stack)) {
    tanlu_report_remark(page->report, "%s: the result file does not hold the variables of this figure.", title);
    return;
  }
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_AREAS, name, title, page->context);
  if (figure != NULL) {
    tanlu_figure_x(figure, "Year", NULL);
    tanlu_figure_y(figure, quantity, tanlu_stack_about(stack)->unit);
    put_stack(page, stack, figure);
  }
  tanlu_report_figure(page->report, &figure, "%s", caption);
}

void tanlu_run_section_co2(tanlu_run_page *page) {
  static const struct {
    const char *code, *title, *variable;
  } path[] = {{"co2_energy", "Energy CO₂", "Emissions|CO2|Energy"}, {"co2_net", "Net CO₂", "Emissions|CO2"}};
  tanlu_report_section(page->report, "co2", "CO₂");
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, "co2-paths", "CO₂ by scenario", page->context);
  size_t behind = 0;
  if (figure != NULL) {
    tanlu_figure_x(figure, "Year", NULL);
    tanlu_figure_y(figure, "CO₂", "Gt a year");
    for (size_t i = 0; i < 2; i++) {
      const size_t panel = tanlu_figure_panel(figure, path[i].title);
      behind += tanlu_run_overlay(page, figure, panel, path[i].variable, gigatonne);
      tanlu_run_lines(page, figure, panel, path[i].code, gigatonne);
    }
    mark_paths(page, figure);
  }
  tanlu_report_figure(page->report, &figure,
                      "CO₂ of combustion after capture, with its peak, and net CO₂: with processes, less capture and "
                      "sinks, with the year from which it stays at or below zero.%s",
                      behind > 0 ? " Grey: other projections." : "");
  tanlu_run_stack_figure(page, TANLU_STACK_CO2, "co2-sources", "Net CO₂ by who emits it", "CO₂",
                         "CO₂ of combustion and "
                         "processes after capture by who emits it; sinks below zero. All together are net CO₂.");
}

/* ---- economy --------------------------------------------------------------------------------------------------------------- */

static void put_shares(const tanlu_run_page *page) {
  static const tanlu_run_panel share[] = {{"share_primary", "Primary industry"},
                                          {"share_secondary", "Secondary industry"},
                                          {"share_tertiary", "Tertiary industry"}};
  tanlu_run_percent_figure(
      page, "three-industries", "Three industries", "Share of value added", share, sizeof share / sizeof *share,
      "Shares of the three industries in value added at base-year prices; statistics and goals state them "
      "at current prices.");
}

static void put_intensities(const tanlu_run_page *page) {
  static const tanlu_run_panel change[] = {{"energy_per_gdp_change_2020", "Energy per GDP"},
                                           {"co2_per_gdp_change_2020", "Energy CO₂ per GDP"}};
  tanlu_run_percent_figure(
      page, "intensities", "Energy and CO₂ per GDP", "Change on the base year", change, sizeof change / sizeof *change,
      "Energy consumption (coal-equivalent) and energy CO₂ per GDP at base-year prices against the base "
      "year.");
}

void tanlu_run_section_economy(tanlu_run_page *page) {
  tanlu_report_section(page->report, "economy", "Industrial structure and intensities");
  put_shares(page);
  tanlu_run_stack_figure(page, TANLU_STACK_VALUE_ADDED, "value-added", "GDP by group of sectors",
                         "Value added at base-year prices", "All groups together are GDP.");
  put_intensities(page);
}

/* ---- products -------------------------------------------------------------------------------------------------------------- */

/* Every product of the main scenario, in its unit. */
static void put_product_table(const tanlu_run_page *page) {
  const tanlu_run_data *d = page->data;
  const tanlu_labels *product = tanlu_result_labels(d->result, "product");
  const tanlu_result_texts *units = tanlu_result_texts_find(d->result, "product_unit");
  size_t place[TANLU_RUN_YEARS], years;
  tanlu_table *table = tanlu_run_table(page, "Product", place, &years);
  for (size_t i = 0; table != NULL && i < product->count; i++) {
    double largest = 0.0;
    tanlu_table_text(table, product->name[i][0] != '\0' ? product->name[i] : product->code[i]);
    tanlu_table_text(table, units != NULL && i < units->count ? units->text[i] : "");
    for (size_t k = 0; k < years; k++) largest = fmax(largest, tanlu_run_product(d, d->main, place[k], i));
    for (size_t k = 0; k < years; k++) {
      tanlu_run_cell(table, tanlu_run_product(d, d->main, place[k], i), tanlu_decimals(largest));
    }
  }
  tanlu_report_table(page->report, &table, true, "Output of products in %s", tanlu_run_main(page));
}

void tanlu_run_section_products(tanlu_run_page *page) {
  const tanlu_run_data *d = page->data;
  const tanlu_labels *product = tanlu_result_labels(d->result, "product");
  if (d->product == NULL) return;
  tanlu_report_section(page->report, "products", "Products");
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, "products", "Output of products", page->context);
  if (figure != NULL) {
    tanlu_figure_x(figure, "Year", NULL);
    tanlu_figure_y(figure, "Output, base year = 100", NULL);
  }
  for (size_t i = 0; figure != NULL && i < product->count; i++) {
    const char *name = product->name[i][0] != '\0' ? product->name[i] : product->code[i];
    const size_t panel = tanlu_figure_panel(figure, name);
    for (size_t k = 0; k < d->chosen; k++) {
      const size_t series =
          tanlu_figure_series(figure, panel, tanlu_run_name(page, k), tanlu_run_role(k), tanlu_run_style(k));
      const double base = tanlu_run_product(d, d->place[k], 0, i);
      for (size_t t = 0; t < d->years; t++) {
        const double value = tanlu_run_product(d, d->place[k], t, i);
        tanlu_figure_point(figure, series, d->year[t], base > 0.0 ? 100.0 * value / base : (double)NAN);
      }
    }
  }
  tanlu_report_figure(
      page->report, &figure,
      "Output in physical units against the base year. Steel, cement and the like follow the paths of the "
      "scenario; coal, coke and oil processed are outcomes.");
  put_product_table(page);
}

/* ---- assumptions ----------------------------------------------------------------------------------------------------------- */

void tanlu_run_section_assumptions(tanlu_run_page *page) {
  const tanlu_run_data *d = page->data;
  tanlu_report_section(page->report, "assumptions", "Assumptions and sources");
  tanlu_report_text(
      page->report,
      "A scenario is its text: every value that was set or inherited, below as the file records it. It runs on "
      "its own with 'tanlu run'. Statistics and their sources are those of the dataset; each choice made in it "
      "is stated in its SOURCES.md.");
  const char *const path[] = {"residual", "balance_gap"};
  const char *const name[] = {"Largest relative residual of the solved systems",
                              "Largest relative gap of the conservation checks"};
  for (size_t i = 0; i < 2; i++) {
    const tanlu_result_variable *v = NULL;
    if (tanlu_result_variable_find(d->result, path[i]) == NULL ||
        tanlu_result_variable_read(d->result, path[i], &v, page->context) != TANLU_OK) {
      continue;
    }
    double largest = 0.0;
    for (size_t k = 0; k < d->chosen && d->place[k] < v->extent[0]; k++) largest = fmax(largest, v->value[d->place[k]]);
    tanlu_report_term(page->report, name[i], "%.1e", largest);
  }
  for (size_t k = 0; k < d->chosen; k++) {
    const char *text = tanlu_result_scenario_text(d->result, d->place[k]);
    char heading[160];
    (void)snprintf(heading, sizeof heading, "Scenario %s, resolved", tanlu_run_name(page, k));
    if (text != NULL) tanlu_report_source(page->report, heading, text);
  }
}
