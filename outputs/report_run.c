#include "outputs/report_run.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/report_run_private.h"
#include "solvers/memory.h"

void tanlu_report_change_clear(tanlu_report_change *change) {
  tanlu_labels_clear(&change->effect);
  free(change->value);
  *change = (tanlu_report_change){0};
}

/* ---- what the sections share ----------------------------------------------------------------------------------------------- */

enum { SERIES_ROLES = 8 };

int tanlu_run_role(size_t k) {
  return TANLU_ROLE_SERIES + (int)(k % SERIES_ROLES);
}

tanlu_line_style tanlu_run_style(size_t k) {
  static const tanlu_line_style style[] = {TANLU_STYLE_SOLID, TANLU_STYLE_DASHED, TANLU_STYLE_DOTTED};
  return style[k / SERIES_ROLES % (sizeof style / sizeof *style)];
}

const char *tanlu_run_name(const tanlu_run_page *page, size_t k) {
  return page->data->scenario->code[page->data->place[k]];
}

const char *tanlu_run_main(const tanlu_run_page *page) {
  return page->data->scenario->code[page->data->main];
}

void tanlu_run_lines(const tanlu_run_page *page, tanlu_figure *figure, size_t panel, const char *code, double factor) {
  const tanlu_run_data *d = page->data;
  for (size_t k = 0; k < d->chosen; k++) {
    const size_t series =
        tanlu_figure_series(figure, panel, tanlu_run_name(page, k), tanlu_run_role(k), tanlu_run_style(k));
    for (size_t t = 0; t < d->years; t++) {
      tanlu_figure_point(figure, series, d->year[t], factor * tanlu_run_indicator(d, d->place[k], t, code));
    }
  }
}

void tanlu_run_percent_figure(const tanlu_run_page *page, const char *name, const char *title, const char *quantity,
                              const tanlu_run_panel *panel, size_t count, const char *caption) {
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, name, title, page->context);
  if (figure != NULL) {
    tanlu_figure_x(figure, "Year", NULL);
    tanlu_figure_y(figure, quantity, "%");
    for (size_t i = 0; i < count; i++) {
      tanlu_run_lines(page, figure, tanlu_figure_panel(figure, panel[i].name), panel[i].code, 100.0);
    }
  }
  tanlu_report_figure(page->report, &figure, "%s", caption);
}

size_t tanlu_run_overlay(const tanlu_run_page *page, tanlu_figure *figure, size_t panel, const char *variable,
                         double factor) {
  const tanlu_overlay *overlay = page->input->overlay;
  size_t drawn = 0;
  for (size_t i = 0; overlay != NULL && i < tanlu_overlay_curves(overlay); i++) {
    const tanlu_overlay_curve *c = tanlu_overlay_curve_at(overlay, i);
    if (strcmp(tanlu_iamc_definition_at(c->definition)->name, variable) != 0) continue;
    char name[256];
    (void)snprintf(name, sizeof name, "%s, %s", c->model, c->scenario);
    const size_t series = tanlu_figure_series(figure, panel, name, TANLU_ROLE_BACK, TANLU_STYLE_SOLID);
    for (size_t k = 0; k < c->points; k++) tanlu_figure_point(figure, series, c->year[k], factor * c->value[k]);
    drawn++;
  }
  return drawn;
}

size_t tanlu_run_table_years(const tanlu_run_data *data, size_t place[TANLU_RUN_YEARS]) {
  static const int wanted[] = {2020, 2025, 2030, 2035, 2040, 2050, 2060};
  size_t count = 0;
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    const size_t t = tanlu_run_year(data, wanted[k]);
    if (t != TANLU_NONE) place[count++] = t;
  }
  if (count == 0 || place[count - 1] + 1 != data->years) place[count++] = data->years - 1;
  return count;
}

tanlu_table *tanlu_run_table(const tanlu_run_page *page, const char *name, size_t place[TANLU_RUN_YEARS],
                             size_t *years) {
  char text[16];
  tanlu_table *table = tanlu_table_create(page->context);
  *years = tanlu_run_table_years(page->data, place);
  if (table == NULL) return NULL;
  tanlu_table_column(table, name, TANLU_LEFT);
  tanlu_table_column(table, "unit", TANLU_LEFT);
  for (size_t k = 0; k < *years; k++) {
    (void)snprintf(text, sizeof text, "%d", page->data->year[place[k]]);
    tanlu_table_column(table, text, TANLU_RIGHT);
  }
  return table;
}

void tanlu_run_cell(tanlu_table *table, double value, int decimals) {
  char text[64];
  tanlu_table_text(table, tanlu_report_number(text, sizeof text, value, decimals));
}

/* ---- the page -------------------------------------------------------------------------------------------------------------- */

static void put_left_out(const tanlu_run_page *page) {
  const tanlu_overlay_left *left = tanlu_overlay_left_out(page->input->overlay);
  if (left->other_region > 0) {
    tanlu_report_remark(page->report, "%zu of %zu rows of %s are of other regions (%s, ...) and are not drawn.",
                        left->other_region, left->rows, page->input->overlay_file, left->first_region);
  }
  if (left->unknown > 0) {
    tanlu_report_remark(page->report,
                        "%zu of %zu rows of %s are of variables that these results do not have (%s, ...) and are not "
                        "drawn.",
                        left->unknown, left->rows, page->input->overlay_file, left->first_unknown);
  }
}

/* Ours in the units of the IAMC, for one figure a variable that others have too. */
tanlu_status tanlu_run_section_overlay(tanlu_run_page *page) {
  const tanlu_overlay *overlay = page->input->overlay;
  const tanlu_iamc *iamc = page->iamc;
  if (overlay == NULL || iamc == NULL) return TANLU_OK;
  tanlu_report_section(page->report, "others", "Against other projections");
  tanlu_report_text(
      page->report,
      "Curves of %s (grey) behind ours, under the names and in the units of the IAMC. What a name means of "
      "these results is printed by 'tanlu export --list'.",
      page->input->overlay_file);
  put_left_out(page);
  for (size_t i = 0; i < iamc->variables; i++) {
    char id[128];
    const tanlu_iamc_definition *v = iamc->variable[i];
    (void)tanlu_report_figure_name(id, sizeof id, "others", v->name);
    tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, id, v->name, page->context);
    if (figure == NULL) return TANLU_ERR_MEMORY;
    tanlu_figure_x(figure, "Year", NULL);
    tanlu_figure_y(figure, v->name, v->unit);
    const size_t panel = tanlu_figure_panel(figure, "");
    if (tanlu_run_overlay(page, figure, panel, v->name, 1.0) == 0) {
      tanlu_figure_free(&figure);
      continue;
    }
    for (size_t s = 0; s < iamc->scenarios; s++) {
      const size_t series =
          tanlu_figure_series(figure, panel, iamc->scenario[s], tanlu_run_role(s), tanlu_run_style(s));
      for (size_t t = 0; t < iamc->years; t++) {
        tanlu_figure_point(figure, series, iamc->year[t], iamc->value[(i * iamc->scenarios + s) * iamc->years + t]);
      }
    }
    tanlu_report_figure(page->report, &figure, "%s. %s", v->name, v->comment);
  }
  return TANLU_OK;
}

/* Notes of what a file cannot say under those names are for 'tanlu export'. */
static tanlu_status convert(tanlu_run_page *page) {
  if (page->input->overlay == NULL) return TANLU_OK;
  tanlu_context *apart = tanlu_context_create();
  const char **name = tanlu_allocate(page->context, page->data->chosen, sizeof *name);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (apart != NULL && name != NULL) {
    for (size_t k = 0; k < page->data->chosen; k++) name[k] = tanlu_run_name(page, k);
    const tanlu_iamc_choice choice = {
        .scenario = name, .scenarios = page->data->chosen, .from = INT_MIN, .to = INT_MAX};
    status = tanlu_iamc_create(&page->iamc, page->data->result, &choice, apart);
    if (status != TANLU_OK) tanlu_context_append(page->context, apart);
  }
  free(name);
  tanlu_context_free(&apart);
  return status;
}

tanlu_status tanlu_report_run(tanlu_report *report, const tanlu_report_run_input *input, tanlu_context *context) {
  tanlu_run_page page = {.report = report, .input = input, .data = input->data, .context = context};
  tanlu_status status = convert(&page);
  if (status == TANLU_OK) {
    tanlu_run_section_overview(&page);
    tanlu_run_section_co2(&page);
    tanlu_run_section_power(&page);
    tanlu_run_section_energy(&page);
    tanlu_run_section_flows(&page);
    tanlu_run_section_economy(&page);
    status = tanlu_run_section_goals(&page);
  }
  if (status == TANLU_OK) status = tanlu_run_section_regions(&page);
  if (status == TANLU_OK) {
    tanlu_run_section_changes(&page);
    tanlu_run_section_products(&page);
    status = tanlu_run_section_overlay(&page);
  }
  if (status == TANLU_OK) tanlu_run_section_assumptions(&page);
  tanlu_iamc_free(&page.iamc);
  return status;
}
