/* Section of a report on a run: what changes come from, as waterfalls. */
#include <math.h>
#include <string.h>

#include "model/two_by_two.h"
#include "outputs/report_run_private.h"

static const double gigatonne = 1e-3; /* of the file's Mt */

/* A waterfall's next bar. */
static void add_bar(tanlu_figure *figure, size_t series, size_t *bar, double value) {
  tanlu_figure_point(figure, series, (double)(*bar)++, value);
}

/* ---- structure and energy mix ------------------------------------------------------------------------------------------------ */

enum { RUNS = 4 };
static const char *const run[RUNS] = {"reference", "structure", "energy-mix", "dual-carbon"};

/* Places of the four runs; false where one is not shown. */
static bool find_runs(const tanlu_run_data *d, size_t place[RUNS]) {
  for (size_t r = 0; r < RUNS; r++) {
    place[r] = TANLU_NONE;
    for (size_t k = 0; k < d->chosen; k++) {
      if (strcmp(d->scenario->code[d->place[k]], run[r]) == 0) place[r] = d->place[k];
    }
    if (place[r] == TANLU_NONE) return false;
  }
  return true;
}

static void put_split(const tanlu_run_page *page) {
  static const int year[] = {2030, 2060};
  static const char *const bar[] = {"reference", "Structure", "Energy mix", "dual-carbon"};
  const tanlu_run_data *d = page->data;
  size_t place[RUNS];
  if (!find_runs(d, place)) return;
  tanlu_report_heading(page->report, "Structure and energy mix");
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_WATERFALL, "structure-and-mix",
                                             "Net CO₂ from reference to dual-carbon", page->context);
  if (figure != NULL) tanlu_figure_y(figure, "Net CO₂", "Gt a year");
  for (size_t k = 0; figure != NULL && k < RUNS; k++) {
    const size_t category = tanlu_figure_category(figure, bar[k]);
    if (k == 0 || k + 1 == RUNS) tanlu_figure_total(figure, category);
  }
  for (size_t i = 0; figure != NULL && i < sizeof year / sizeof *year; i++) {
    const size_t t = tanlu_run_year(d, year[i]);
    double x[RUNS];
    char title[16];
    size_t next = 0;
    if (t == TANLU_NONE) continue;
    for (size_t r = 0; r < RUNS; r++) x[r] = gigatonne * tanlu_run_indicator(d, place[r], t, "co2_net");
    const tanlu_two_by_two split = tanlu_two_by_two_split(x[0], x[1], x[2], x[3]);
    (void)snprintf(title, sizeof title, "%d", year[i]);
    const size_t panel = tanlu_figure_panel(figure, title);
    const size_t series = tanlu_figure_series(figure, panel, "Net CO₂", TANLU_ROLE_TOTAL, TANLU_STYLE_SOLID);
    add_bar(figure, series, &next, x[0]);
    add_bar(figure, series, &next, split.first);
    add_bar(figure, series, &next, split.second);
    add_bar(figure, series, &next, x[3]);
  }
  tanlu_report_figure(
      page->report, &figure,
      "What industrial structure and energy mix contribute between reference and dual-carbon, by the runs "
      "with one of the two alone (Shapley: half of what only both together do is in either).");
}

/* ---- decompositions ---------------------------------------------------------------------------------------------------------- */

static const struct {
  const char *method, *name, *title, *caption;
} methods[] = {
    {"kaya", "kaya", "Energy CO₂ by Kaya factors",
     "Kaya: population, GDP per head, energy per GDP and CO₂ per energy, by logarithmic mean Divisia index "
     "(LMDI-I), without residual"},
    {"lmdi", "lmdi", "CO₂ by activity, structure and technology",
     "LMDI-I of CO₂ of energy and processes by policy group; CO₂ of power and heat stands with who uses them. "
     "Effects add up to the change"}};

/* Some years' changes of one method, one panel each. They have the same effects. */
static void put_changes(const tanlu_run_page *page, size_t m) {
  const tanlu_report_run_input *in = page->input;
  const tanlu_report_change *first = NULL;
  tanlu_figure *figure = NULL;
  for (size_t i = 0; i < in->changes; i++) {
    const tanlu_report_change *c = &in->change[i];
    if (strcmp(c->method, methods[m].method) != 0) continue;
    if (first == NULL) {
      first = c;
      figure = tanlu_figure_create(TANLU_CHART_WATERFALL, methods[m].name, methods[m].title, page->context);
      if (figure == NULL) break;
      tanlu_figure_y(figure, "CO₂", "Gt a year");
      tanlu_figure_total(figure, tanlu_figure_category(figure, "First year"));
      for (size_t k = 0; k < c->effect.count; k++) {
        const char *name = c->effect.name[k][0] != '\0' ? c->effect.name[k] : c->effect.code[k];
        char label[160];
        (void)tanlu_figure_category(figure, tanlu_report_typeset(label, sizeof label, name));
      }
      tanlu_figure_total(figure, tanlu_figure_category(figure, "Last year"));
    }
    char title[32];
    size_t next = 0;
    (void)snprintf(title, sizeof title, "%d to %d", c->from, c->to);
    const size_t panel = tanlu_figure_panel(figure, title);
    const size_t series = tanlu_figure_series(figure, panel, "CO₂", TANLU_ROLE_TOTAL, TANLU_STYLE_SOLID);
    add_bar(figure, series, &next, gigatonne * c->start);
    for (size_t k = 0; k < c->effect.count; k++) add_bar(figure, series, &next, gigatonne * c->value[k]);
    add_bar(figure, series, &next, gigatonne * c->end);
  }
  if (first == NULL) return;
  tanlu_report_figure(page->report, &figure, "%s. Scenario %s.", methods[m].caption, tanlu_run_main(page));
}

void tanlu_run_section_changes(tanlu_run_page *page) {
  size_t place[RUNS];
  tanlu_report_section(page->report, "changes", "What changes come from");
  if (!find_runs(page->data, place)) {
    tanlu_report_remark(page->report,
                        "What structure and energy mix contribute needs the runs reference, structure, energy-mix and "
                        "dual-carbon together.");
  }
  put_split(page);
  tanlu_report_heading(page->report, "Decomposition over time");
  if (page->input->changes == 0) {
    tanlu_report_text(page->report, "Left out: %s",
                      page->input->missing != NULL ? page->input->missing : "the results hold no second year.");
    return;
  }
  for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) put_changes(page, m);
}
