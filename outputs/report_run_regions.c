/* Chapter of a report on a run by region: paths, peaks, CO2 per head, change, a table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/region_gap.h"
#include "outputs/report_run_regions_private.h"
#include "solvers/memory.h"

static const double room_for_names = 1.4; /* of peaks over the paths */
enum { MILESTONE = 2030, WIDEST = 9, GRID = 6, FEW = 6, TITLE = 32 };

/* ---- what the figures share ------------------------------------------------------------------------------------------------ */

/* Places of a map too wide for small panels are not taken. */
static bool has_places(const tanlu_region_data *d) {
  double low = (double)INFINITY, high = -(double)INFINITY;
  for (size_t r = 0; d->tile != NULL && r < d->count; r++) {
    low = fmin(low, d->tile[r]);
    high = fmax(high, d->tile[r]);
  }
  return d->tile != NULL && high - low < WIDEST;
}

size_t tanlu_region_panel(const tanlu_region_page *page, tanlu_figure *figure, size_t r) {
  const tanlu_region_data *d = &page->data;
  const char *name = tanlu_label_text(d->label, r);
  if (has_places(d)) return tanlu_figure_panel_at(figure, name, (size_t)d->tile[r], (size_t)d->tile[d->count + r]);
  if (d->count <= FEW) return tanlu_figure_panel(figure, name);
  const size_t rows = (d->count + GRID - 1) / GRID, columns = (d->count + rows - 1) / rows; /* rows about alike */
  return tanlu_figure_panel_at(figure, name, r % columns, r / columns);
}

void tanlu_region_maps(const tanlu_region_page *page, const double *value, const char *const *panel, size_t panels,
                       const tanlu_region_words *words, const char *caption) {
  const tanlu_region_data *d = &page->data;
  tanlu_figure *figure =
      tanlu_region_panels_figure(d->label, d->tile, value, panel, panels, words, page->page->context);
  tanlu_report_figure(page->page->report, &figure, "%s Scenario %s.", caption, tanlu_run_main(page->page));
}

static double indicator(const tanlu_region_page *page, size_t r, size_t place, size_t t, const char *code) {
  return tanlu_run_indicator(&page->data.of[r], place, t, code);
}

static double scalar(const tanlu_region_page *page, size_t r, const char *code) {
  return tanlu_run_summary(&page->data.of[r], page->page->data->main, code);
}

static int first_year(const tanlu_region_page *page) {
  return page->page->data->year[page->year[0]];
}

static int last_year(const tanlu_region_page *page) {
  return page->page->data->year[page->year[page->years - 1]];
}

/* ---- who leads, how well it adds up ---------------------------------------------------------------------------------------- */

static void say_gap(const tanlu_region_page *page) {
  const tanlu_run_data *d = page->page->data;
  const bool nation = tanlu_region_nation_leads(d->result, d->main);
  const tanlu_labels *field = tanlu_result_labels(d->result, "field");
  const tanlu_result_variable *gap = page->data.gap;
  const char *leads = nation ? "The nation leads: what regions project by themselves is scaled to it, so that the "
                               "regions of this page add up to the nation of the rest of it."
                             : "Regions lead: what they project by themselves stands. The nation of the rest of this "
                               "page is projected by itself, so that they need not add up to it.";
  size_t year = 0, at = 0;
  const size_t co2 = field != NULL ? tanlu_labels_find(field, "co2") : TANLU_NONE;
  const double worst =
      gap != NULL && co2 != TANLU_NONE ? tanlu_region_gap_largest(gap, d->main, co2, &year, &at) : -1.0;
  if (worst < 0.0) {
    tanlu_report_text(page->page->report, "%s", leads);
    return;
  }
  tanlu_report_text(page->page->report,
                    "%s Before anything is scaled the sums over regions differ from the nation by at most %.2g %% in "
                    "CO₂ (%d).",
                    leads, 100.0 * worst, d->year[year]);
}

/* "", ", grouped by grid," or ", guangdong and the rest,". */
static const char *say_grouping(const char *grouping, char *text, size_t size) {
  const char *slash = grouping != NULL ? strchr(grouping, '/') : NULL;
  text[0] = '\0';
  if (slash != NULL) {
    (void)snprintf(text, size, ", %.*s and the rest,", (int)(slash - grouping), grouping);
  } else if (grouping != NULL) {
    (void)snprintf(text, size, ", grouped by %s,", grouping);
  }
  return text;
}

static void say_about(const tanlu_region_page *page) {
  const tanlu_run_data *d = page->page->data;
  const char *statistics = tanlu_result_attribute(d->result, TANLU_REGIONAL_PREFIX "statistics");
  const char *grouping = tanlu_result_attribute(d->result, TANLU_REGIONAL_PREFIX "grouping");
  char text[160];
  tanlu_report_text(page->page->report,
                    "%zu regions%s of the statistics %s, each projected with its own table, energy balance and "
                    "drivers and tied to the others by trade and electricity. Maps and the table are of %s.",
                    page->data.count, say_grouping(grouping, text, sizeof text),
                    statistics != NULL ? statistics : "of the run", tanlu_run_main(page->page));
  say_gap(page);
}

/* ---- cards ----------------------------------------------------------------------------------------------------------------- */

/* The regions with the smallest and the largest value, TANLU_NONE where all are NaN. */
static void find_ends(const double *value, size_t count, size_t *low, size_t *high) {
  *low = *high = TANLU_NONE;
  for (size_t r = 0; r < count; r++) {
    if (isnan(value[r])) continue;
    if (*low == TANLU_NONE || value[r] < value[*low]) *low = r;
    if (*high == TANLU_NONE || value[r] > value[*high]) *high = r;
  }
}

static void put_peaks(const tanlu_region_page *page, const double *peak) {
  const tanlu_region_data *d = &page->data;
  size_t low, high, never = 0;
  char value[64], note[160];
  find_ends(peak, d->count, &low, &high);
  for (size_t r = 0; r < d->count; r++) never += isnan(peak[r]) ? 1 : 0;
  if (low == TANLU_NONE) {
    tanlu_report_card(page->page->report, "CO₂ peaks in", "no region", "", "the last year is the highest in all");
    return;
  }
  (void)snprintf(value, sizeof value, peak[low] < peak[high] ? "%.0f–%.0f" : "%.0f", peak[low], peak[high]);
  (void)snprintf(note, sizeof note, "%s first, %s last%s", tanlu_label_text(d->label, low),
                 tanlu_label_text(d->label, high), never > 0 ? "; not in all" : "");
  tanlu_report_card(page->page->report, "CO₂ peaks in", value, "", note);
}

/* From the least to the most of one year's CO2 per head. */
static void put_spread(const tanlu_region_page *page, const double *value, int year) {
  const tanlu_region_data *d = &page->data;
  size_t low, high;
  char label[64], text[64], note[160];
  find_ends(value, d->count, &low, &high);
  if (low == TANLU_NONE) return;
  (void)snprintf(label, sizeof label, "CO₂ per head %d", year);
  (void)snprintf(text, sizeof text, "%.1f–%.1f", value[low], value[high]);
  (void)snprintf(note, sizeof note, "%s to %s", tanlu_label_text(d->label, low), tanlu_label_text(d->label, high));
  tanlu_report_card(page->page->report, label, text, "t", note);
}

static void put_largest(const tanlu_region_page *page) {
  const tanlu_region_data *d = &page->data;
  const size_t main = page->page->data->main;
  double sum = 0.0, most = 0.0;
  size_t at = 0;
  char note[96];
  for (size_t r = 0; r < d->count; r++) {
    const double value = indicator(page, r, main, page->year[0], "co2_energy");
    sum += value;
    if (value > most) at = r;
    most = fmax(most, value);
  }
  (void)snprintf(note, sizeof note, "%.1f %% of energy CO₂ in %d", 100.0 * most / sum, first_year(page));
  tanlu_report_card(page->page->report, "Largest", tanlu_label_text(d->label, at), "", note);
}

/* ---- paths ----------------------------------------------------------------------------------------------------------------- */

/* Index of energy CO2 of every scenario shown; of the main one the peak. most: grows to the largest. */
static void draw_paths(const tanlu_region_page *page, tanlu_figure *figure, size_t r, double *most) {
  const tanlu_run_data *d = page->page->data;
  const size_t panel = tanlu_region_panel(page, figure, r);
  for (size_t k = 0; k < d->chosen; k++) {
    const size_t s = d->place[k], series = tanlu_figure_series(figure, panel, tanlu_run_name(page->page, k),
                                                               tanlu_run_role(k), tanlu_run_style(k));
    const double base = indicator(page, r, s, page->year[0], "co2_energy");
    for (size_t t = 0; t < d->years; t++) {
      const double value = 100.0 * (indicator(page, r, s, t, "co2_energy") / base);
      tanlu_figure_point(figure, series, d->year[t], value);
      if (isfinite(value)) *most = fmax(*most, value);
    }
    const double peak = scalar(page, r, "peak_year"), level = scalar(page, r, "peak_co2");
    if (s != d->main || isnan(peak) || !(base > 0.0)) continue;
    char label[16];
    (void)snprintf(label, sizeof label, "%.0f", peak);
    tanlu_figure_mark(figure, panel, TANLU_MARK_DOT, peak, 100.0 * (level / base), tanlu_run_role(k), label);
  }
}

static void put_paths(const tanlu_region_page *page) {
  char title[96], quantity[96];
  (void)snprintf(title, sizeof title, "Energy CO₂ by region, %d = 100", first_year(page));
  (void)snprintf(quantity, sizeof quantity, "Energy CO₂, %d = 100", first_year(page));
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, "regions-paths", title, page->page->context);
  if (figure != NULL) {
    tanlu_figure_x(figure, "Year", NULL);
    tanlu_figure_y(figure, quantity, NULL);
    double most = 0.0;
    for (size_t r = 0; r < page->data.count; r++) draw_paths(page, figure, r, &most);
    tanlu_figure_y_range(figure, (double)NAN, room_for_names * most, false);
  }
  tanlu_report_figure(page->page->report, &figure,
                      "CO₂ of combustion after capture against %d, all panels on one scale%s. The dot is the peak in "
                      "%s; there is none where the last year is the highest.",
                      first_year(page), has_places(&page->data) ? ", each where its region lies among the others" : "",
                      tanlu_run_main(page->page));
}

/* ---- maps ------------------------------------------------------------------------------------------------------------------ */

/* An indicator times `factor` in the years of maps: panels x regions. */
static void fill_years(const tanlu_region_page *page, const char *code, double factor, double *value) {
  for (size_t i = 0; i < page->years; i++) {
    for (size_t r = 0; r < page->data.count; r++) {
      value[i * page->data.count + r] = factor * indicator(page, r, page->page->data->main, page->year[i], code);
    }
  }
}

/* Colours need not begin at zero: years, and numbers that lie close. */
static void put_free_map(const tanlu_region_page *page, const double *value, const tanlu_region_words *words,
                         const char *caption) {
  const char *panel = "";
  const tanlu_region_data *d = &page->data;
  tanlu_figure *figure = tanlu_region_panels_figure(d->label, d->tile, value, &panel, 1, words, page->page->context);
  if (figure != NULL) tanlu_figure_y_range(figure, (double)NAN, (double)NAN, true);
  tanlu_report_figure(page->page->report, &figure, "%s Scenario %s.", caption, tanlu_run_main(page->page));
}

static void put_peak_map(const tanlu_region_page *page, double *value) {
  static const tanlu_region_words words = {"regions-peak-year", "Peak year of energy CO₂", "Peak year", "year"};
  for (size_t r = 0; r < page->data.count; r++) value[r] = scalar(page, r, "peak_year");
  put_peaks(page, value);
  if (page->data.tile == NULL) return; /* bars of years would say nothing; they are in the table */
  put_free_map(page, value, &words,
               "Year in which energy CO₂ is highest; a dash where that is the last year. Each tile is a region, placed "
               "among its neighbours; sizes mean nothing.");
}

static void put_change_map(const tanlu_region_page *page, double *value) {
  char title[96];
  const size_t main = page->page->data->main, last = page->year[page->years - 1];
  (void)snprintf(title, sizeof title, "Change of energy CO₂, %d on %d", last_year(page), first_year(page));
  const tanlu_region_words words = {"regions-change", title, "Change of energy CO₂", "%"};
  for (size_t r = 0; r < page->data.count; r++) {
    value[r] =
        100.0 *
        (indicator(page, r, main, last, "co2_energy") / indicator(page, r, main, page->year[0], "co2_energy") - 1.0);
  }
  put_free_map(page, value, &words, "Energy CO₂ is that of combustion after capture.");
}

static tanlu_status put_maps(const tanlu_region_page *page) {
  char year[TANLU_REGION_YEARS][TITLE];
  const char *panel[TANLU_REGION_YEARS];
  double *value = tanlu_allocate_doubles(page->page->context, TANLU_REGION_YEARS, page->data.count);
  if (value == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < page->years; i++) {
    (void)snprintf(year[i], sizeof year[i], "%d", page->page->data->year[page->year[i]]);
    panel[i] = year[i];
  }
  static const tanlu_region_words per_head = {"regions-per-person", "CO₂ per head", "CO₂ per head", "t"};
  static const tanlu_region_words clean = {"regions-nonfossil-generation", "Non-fossil share of generation",
                                           "Non-fossil share of generation", "%"};
  put_largest(page);
  fill_years(page, "co2_per_head", 1.0, value);
  put_spread(page, value, first_year(page));
  if (page->years > 1) put_spread(page, value + (page->years - 1) * page->data.count, last_year(page));
  put_peak_map(page, value);
  put_paths(page);
  fill_years(page, "co2_per_head", 1.0, value);
  tanlu_region_maps(page, value, panel, page->years, &per_head,
                    "CO₂ of energy and processes before sinks over residents.");
  if (page->years > 1) put_change_map(page, value);
  fill_years(page, "nonfossil_generation_share", 100.0, value);
  tanlu_region_maps(page, value, panel, page->years, &clean,
                    "Hydro, nuclear, wind, solar and biomass in what plants of the region generate.");
  free(value);
  return TANLU_OK;
}

/* ---- the table ------------------------------------------------------------------------------------------------------------- */

/* Heading with a year of the page at its end; no year where `year` is 0. */
static void column(tanlu_table *table, const char *name, int year) {
  char text[96];
  (void)snprintf(text, sizeof text, year != 0 ? "%s %d" : "%s", name, year);
  tanlu_table_column(table, text, TANLU_RIGHT);
}

/* Largest emitters first, then the nation. */
static tanlu_status put_table(const tanlu_region_page *page) {
  static const struct {
    const char *code, *name;
    double factor;
    int decimals;
    bool last; /* of the last year, else of the first */
  } cell[] = {{"gdp_per_head", "GDP per head, 10³ CNY,", 1e-3, 0, false},
              {"gdp_per_head", "GDP per head, 10³ CNY,", 1e-3, 0, true},
              {"co2_per_head", "CO₂ per head, t,", 1.0, 1, false},
              {"co2_per_head", "CO₂ per head, t,", 1.0, 1, true},
              {"energy_per_gdp", "Energy per GDP, tce per 10⁴ CNY,", 1.0, 2, false},
              {"energy_per_gdp", "Energy per GDP, tce per 10⁴ CNY,", 1.0, 2, true},
              {"co2_energy", "Energy CO₂, Mt,", 1.0, 1, false},
              {"co2_energy", "Energy CO₂, Mt,", 1.0, 1, true}};
  enum { CELLS = sizeof cell / sizeof *cell };
  const tanlu_run_data *nation = page->page->data;
  const size_t count = page->data.count, main = nation->main;
  const char *whole = tanlu_region_nation_leads(nation->result, main) ? "Nation" : "Nation, by itself";
  size_t *order = tanlu_allocate(page->page->context, count, sizeof *order);
  double *co2 = tanlu_allocate_doubles(page->page->context, count, 1);
  tanlu_table *table = order != NULL && co2 != NULL ? tanlu_table_create(page->page->context) : NULL;
  if (table == NULL) {
    free(order);
    free(co2);
    return TANLU_ERR_MEMORY;
  }
  for (size_t r = 0; r < count; r++) co2[r] = indicator(page, r, main, page->year[0], "co2_energy");
  tanlu_rank(co2, count, order);
  tanlu_table_column(table, "Region", TANLU_LEFT);
  for (size_t i = 0; i < CELLS; i++) column(table, cell[i].name, cell[i].last ? last_year(page) : first_year(page));
  column(table, "Peak", 0);
  column(table, "Cumulative CO₂, Gt", 0);
  for (size_t k = 0; k <= count; k++) {
    const tanlu_run_data *of = k < count ? &page->data.of[order[k]] : nation;
    tanlu_table_text(table, k < count ? tanlu_label_text(page->data.label, order[k]) : whole);
    for (size_t i = 0; i < CELLS; i++) {
      const size_t t = page->year[cell[i].last ? page->years - 1 : 0];
      tanlu_run_cell(table, cell[i].factor * tanlu_run_indicator(of, main, t, cell[i].code), cell[i].decimals);
    }
    const double peak = tanlu_run_summary(of, main, "peak_year");
    char text[16];
    (void)snprintf(text, sizeof text, "%.0f", peak);
    tanlu_table_text(table, isnan(peak) ? "–" : text);
    tanlu_run_cell(table, tanlu_run_summary(of, main, "cumulative_co2"), 1);
  }
  free(order);
  free(co2);
  tanlu_report_table(page->page->report, &table, false,
                     "Regions of %s, the largest emitters first. Energy CO₂ is that of combustion after capture; CO₂ "
                     "per head and cumulative CO₂ are of energy and processes",
                     tanlu_run_main(page->page));
  return TANLU_OK;
}

/* ---- the chapter ----------------------------------------------------------------------------------------------------------- */

/* The first year, 2030 where it lies between, and the last year of the main scenario. */
static void choose_years(tanlu_region_page *page) {
  const tanlu_run_data *d = page->page->data;
  const size_t found = tanlu_run_last(d, d->main, "co2_energy"), last = found != TANLU_NONE ? found : d->years - 1;
  const size_t milestone = tanlu_run_year(d, MILESTONE);
  page->year[page->years++] = 0;
  if (milestone != TANLU_NONE && milestone > 0 && milestone < last) page->year[page->years++] = milestone;
  if (last > 0) page->year[page->years++] = last;
}

tanlu_status tanlu_run_section_regions(tanlu_run_page *page) {
  tanlu_region_page regions = {.page = page};
  tanlu_status status = tanlu_region_data_read(&regions.data, page->data, page->context);
  if (status == TANLU_OK && regions.data.label != NULL) {
    choose_years(&regions);
    tanlu_report_section(page->report, "regions", "Regions");
    say_about(&regions);
    status = put_maps(&regions);
    if (status == TANLU_OK) status = tanlu_region_chapter_generation(&regions);
    if (status == TANLU_OK) status = tanlu_region_chapter_trade(&regions);
    if (status == TANLU_OK) status = put_table(&regions);
  }
  tanlu_region_data_clear(&regions.data);
  return status;
}
