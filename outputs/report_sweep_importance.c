/* Of a report on a sweep: which parameters its outputs depend on. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/report_sweep_private.h"
#include "outputs/sensitivity.h"
#include "outputs/sweep_spread.h"
#include "solvers/memory.h"
#include "solvers/random.h"

enum { RESAMPLES = 500, DRAWN_MOST = 6, ROWS_MOST = 16, SCATTERED_MOST = 2, PARAMETERS_MOST = 3, POINTS_MOST = 2000 };
static const double level = 0.95;

typedef struct {
  const tanlu_sweep_page *page;
  tanlu_sweep_importance *importance;
  const tanlu_labels *factor;
  tanlu_importance_method method;
  tanlu_sweep_output *output;
  tanlu_sweep_finding *finding; /* outputs */
  size_t outputs;
} findings;

/* The number by which factors are ordered: total index, mu*, standardised coefficient; NaN without one. */
static double main_number(const findings *m, const tanlu_sweep_finding *f, size_t factor) {
  if (f->kind != TANLU_FINDING_NUMBERS) return (double)NAN;
  switch (m->method) {
  case TANLU_BY_SOBOL:
    return f->total[factor].value;
  case TANLU_BY_MORRIS:
    return f->effect[factor].mu_star.value;
  default:
    return f->coefficient[factor];
  }
}

/* Is it the same numbers as an output before it, as residual_co2 and co2_net in the last year? */
static bool repeats(const findings *m, size_t output) {
  const tanlu_sweep_finding *f = &m->finding[output];
  for (size_t i = 0; i < output; i++) {
    const tanlu_sweep_finding *g = &m->finding[i];
    bool same = g->kind == f->kind && g->count == f->count && !(fabs(g->least - f->least) > 0.0) &&
                !(fabs(g->most - f->most) > 0.0);
    for (size_t k = 0; same && k < f->factors; k++) same = !(fabs(main_number(m, f, k) - main_number(m, g, k)) > 0.0);
    if (same) return true;
  }
  return false;
}

/* ---- overview ----------------------------------------------------------------------------------------------------------- */

static const char *const tile_text[] = {
    [TANLU_BY_SOBOL] = "total Sobol indices: the share of the variance that would remain if all but this were known",
    [TANLU_BY_MORRIS] = "mu* of each output as a share of its largest",
    [TANLU_BY_REGRESSION] = "standardised regression coefficients: deviations of the output for one of the parameter"};

/* Factors by outputs. */
static void add_tiles(const findings *m) {
  static const char *const quantity[] = {[TANLU_BY_SOBOL] = "Total Sobol index",
                                         [TANLU_BY_MORRIS] = "mu* / largest mu*",
                                         [TANLU_BY_REGRESSION] = "Standardised coefficient"};
  char words[96];
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_TILES, "sensitivity-overview",
                                             "Which parameter matters for which output", m->page->context);
  if (figure != NULL) tanlu_figure_y(figure, quantity[m->method], NULL);
  for (size_t k = 0; figure != NULL && k < m->factor->count; k++) {
    (void)tanlu_figure_series(figure, 0, m->factor->code[k], TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  }
  size_t columns = 0;
  for (size_t i = 0; figure != NULL && i < m->outputs; i++) {
    const tanlu_sweep_finding *f = &m->finding[i];
    if (f->kind != TANLU_FINDING_NUMBERS || repeats(m, i)) continue;
    const size_t column = tanlu_figure_category(figure, tanlu_report_words(words, sizeof words, m->output[i].name));
    const double largest = m->method == TANLU_BY_MORRIS ? main_number(m, f, f->order[0]) : 1.0;
    for (size_t k = 0; k < f->factors; k++) {
      tanlu_figure_point(figure, k, (double)column, main_number(m, f, k) / largest);
    }
    columns++;
  }
  if (columns > 0 || figure == NULL) {
    tanlu_sweep_page_caveat(m->page, figure);
    tanlu_report_figure(m->page->report, &figure, "All at a glance: %s.", tile_text[m->method]);
  } else {
    tanlu_figure_free(&figure);
  }
}

/* Of effects: a peak year moves by years. */
static const char *effect_unit(const tanlu_sweep_output *output) {
  return strcmp(output->unit, "year") == 0 ? "years" : tanlu_sweep_page_unit(output->unit);
}

/* ---- one output --------------------------------------------------------------------------------------------------------- */

static size_t rows_of(const tanlu_sweep_finding *f) {
  size_t rows = 0;
  for (size_t k = 0; k < f->factors; k++) rows += f->left_out == NULL || !f->left_out[k] ? 1 : 0;
  return rows < ROWS_MOST ? rows : ROWS_MOST;
}

static void say_rest(const tanlu_sweep_finding *f, tanlu_figure *figure) {
  if (f->factors > ROWS_MOST) {
    tanlu_figure_note(figure, "The %d largest of %zu; all are in the table.", ROWS_MOST, f->factors);
  }
}

static void draw_estimates(const findings *m, const tanlu_sweep_finding *f, tanlu_figure *figure) {
  const bool sobol = m->method == TANLU_BY_SOBOL;
  const size_t first =
      sobol ? tanlu_figure_series(figure, 0, "first order: alone", TANLU_ROLE_SERIES + 6, TANLU_STYLE_SOLID) : 0;
  const size_t total = tanlu_figure_series(figure, 0, sobol ? "total: with all it interacts with" : "mu*",
                                           TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (size_t i = 0; i < rows_of(f); i++) {
    const size_t k = f->order[i];
    const double row = (double)tanlu_figure_category(figure, m->factor->code[k]);
    const tanlu_estimate *e = sobol ? &f->total[k] : &f->effect[k].mu_star;
    if (sobol) {
      tanlu_figure_interval(figure, first, row, f->first[k].value, f->first[k].low, f->first[k].high);
    }
    tanlu_figure_interval(figure, total, row, e->value, e->low, e->high);
  }
  say_rest(f, figure);
}

/* b sd(y) = what the output changes by as the parameter changes by one of its deviations, others held. */
static void draw_tornado(const findings *m, const tanlu_sweep_finding *f, const tanlu_sweep_spread *s,
                         tanlu_figure *figure) {
  const size_t up =
      tanlu_figure_series(figure, 0, "parameter one deviation higher", TANLU_ROLE_SERIES + 1, TANLU_STYLE_SOLID);
  const size_t down =
      tanlu_figure_series(figure, 0, "parameter one deviation lower", TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
  for (size_t i = 0; i < rows_of(f); i++) {
    const size_t k = f->order[i];
    const double row = (double)tanlu_figure_category(figure, m->factor->code[k]),
                 change = f->coefficient[k] * s->deviation;
    const double other = s->mean - change, own = s->mean + change;
    tanlu_figure_interval(figure, up, row, own, fmin(s->mean, own), fmax(s->mean, own));
    tanlu_figure_interval(figure, down, row, other, fmin(s->mean, other), fmax(s->mean, other));
  }
  tanlu_figure_mark(figure, 0, TANLU_MARK_HORIZONTAL, 0.0, s->mean, TANLU_ROLE_TOTAL, "mean");
  say_rest(f, figure);
}

static tanlu_status add_bars(const findings *m, size_t output) {
  const tanlu_sweep_finding *f = &m->finding[output];
  const tanlu_sweep_output *o = &m->output[output];
  const bool tornado = m->method == TANLU_BY_REGRESSION, sobol = m->method == TANLU_BY_SOBOL;
  char name[128], words[96], title[128];
  tanlu_sweep_spread spread = {0};
  const tanlu_status status =
      tornado ? tanlu_sweep_spread_samples(m->page->result, o->variable, &o->cell, 1, &spread, m->page->context)
              : TANLU_OK;
  if (status != TANLU_OK) return status;
  tanlu_report_words(words, sizeof words, o->name);
  tanlu_report_figure_name(name, sizeof name, tornado ? "tornado" : sobol ? "sobol" : "morris", o->name);
  (void)snprintf(title, sizeof title, "%s by parameter", words);
  tanlu_figure *figure =
      tanlu_figure_create(tornado ? TANLU_CHART_TORNADO : TANLU_CHART_BARS, name, title, m->page->context);
  if (figure != NULL && tornado) {
    tanlu_figure_y(figure, words, o->unit);
    tanlu_figure_y_range(figure, (double)NAN, (double)NAN, true);
    draw_tornado(m, f, &spread, figure);
  } else if (figure != NULL) {
    tanlu_figure_y(figure, sobol ? "Share of the variance" : "mu*", sobol ? NULL : effect_unit(o));
    draw_estimates(m, f, figure);
  }
  if (tornado) {
    tanlu_report_figure(
        m->page->report, &figure,
        "%s: standardised regression coefficients times the deviation of the output, about its mean. The "
        "linear regression explains %.1f %% of the variance of %zu samples.",
        o->name, 100.0 * f->explained, f->count);
  } else if (sobol) {
    tanlu_sweep_page_caveat(m->page, figure);
    tanlu_report_figure(m->page->report, &figure, "%s: Sobol indices from %llu base samples, intervals at %g %%.",
                        o->name, (unsigned long long)f->used, 100.0 * level);
  } else {
    tanlu_sweep_page_caveat(m->page, figure);
    tanlu_report_figure(m->page->report, &figure,
                        "%s: mean size of the elementary effects over the whole range of each parameter, from %llu "
                        "trajectories, intervals at %g %%.",
                        o->name, (unsigned long long)f->used, 100.0 * level);
  }
  return TANLU_OK;
}

static void add_morris_plane(const findings *m, size_t output) {
  const tanlu_sweep_finding *f = &m->finding[output];
  const tanlu_sweep_output *o = &m->output[output];
  const char *unit = effect_unit(o);
  char name[128], words[96];
  tanlu_report_words(words, sizeof words, o->name);
  tanlu_figure *figure =
      tanlu_figure_create(TANLU_CHART_SCATTER, tanlu_report_figure_name(name, sizeof name, "morris-plane", o->name),
                          words, m->page->context);
  if (figure != NULL) {
    tanlu_figure_x(figure, "mu*", unit);
    tanlu_figure_y(figure, "sigma", unit);
    const size_t series = tanlu_figure_series(figure, 0, "parameters", TANLU_ROLE_SERIES, TANLU_STYLE_POINTS);
    for (size_t k = 0; k < f->factors; k++) {
      tanlu_figure_point(figure, series, f->effect[k].mu_star.value, f->effect[k].sigma);
      tanlu_figure_point_label(figure, series, m->factor->code[k]);
    }
    tanlu_figure_mark(figure, 0, TANLU_MARK_VERTICAL, 0.0, (double)NAN, TANLU_ROLE_BACK, ""); /* no effect at all */
  }
  tanlu_sweep_page_caveat(m->page, figure);
  tanlu_report_figure(m->page->report, &figure,
                      "%s: effects that are large lie to the right, those that depend on where the others stand "
                      "(interactions, curvature) lie high.",
                      o->name);
}

static void add_output_table(const findings *m, size_t output) {
  const tanlu_sweep_finding *f = &m->finding[output];
  const tanlu_sweep_output *o = &m->output[output];
  tanlu_report *report = m->page->report;
  if (f->kind == TANLU_FINDING_MISSING) {
    tanlu_report_remark(report, "%s is missing in every sample.", o->name);
  } else if (f->kind == TANLU_FINDING_CONSTANT) {
    tanlu_report_remark(report, "%s is %.6g %s in every sample.", o->name, f->least, tanlu_sweep_page_unit(o->unit));
  } else if (f->kind == TANLU_FINDING_TOO_FEW) {
    tanlu_report_remark(report, "%s: %s.", o->name, f->reason);
  } else {
    tanlu_table *table = tanlu_sensitivity_table(m->importance, f, m->page->context);
    tanlu_report_table(report, &table, true, "%s (%s), %.6g to %.6g in %zu samples", o->name, o->unit, f->least,
                       f->most, f->count);
  }
}

/* Members of simplexes that regressions leave out: those of the first that has numbers, as they are the same in all. */
static void say_left_out(const findings *m) {
  for (size_t i = 0; i < m->outputs; i++) {
    const tanlu_sweep_finding *f = &m->finding[i];
    if (f->kind != TANLU_FINDING_NUMBERS || f->left_out == NULL) continue;
    for (size_t k = 0; k < f->factors; k++) {
      if (!f->left_out[k]) continue;
      tanlu_report_remark(m->page->report,
                          "Regressions leave %s out: the other members of its simplex go at its expense.",
                          m->factor->code[k]);
    }
    return;
  }
}

/* ---- scatter ------------------------------------------------------------------------------------------------------------ */

/* All samples, or about POINTS_MOST of the `known` ones: which depends on the number of a sample alone. Every so-manyth one would
 * always meet the same row of a Saltelli design. */
static bool taken(const tanlu_sweep_page *p, size_t sample, size_t known) {
  return known <= POINTS_MOST || tanlu_random_mix(p->samples.begin + sample + 1) % known < POINTS_MOST;
}

static tanlu_status add_scatter(const findings *m, size_t output, size_t parameter, const double *y, double *x) {
  const tanlu_sweep_page *p = m->page;
  const tanlu_sweep_output *o = &m->output[output];
  const size_t known = m->finding[output].count;
  const char *label = tanlu_result_labels(p->result, "parameter")->code[parameter];
  char prefix[112], name[224], words[96], title[224];
  size_t drawn = 0;
  const tanlu_status status =
      tanlu_sweep_column_read(p->result, "parameter_value", parameter, p->samples.state->value, x, p->context);
  if (status != TANLU_OK) return status;
  (void)snprintf(prefix, sizeof prefix, "scatter-%zu", parameter + 1);
  tanlu_report_words(words, sizeof words, o->name);
  (void)snprintf(title, sizeof title, "%s by %s", words, label);
  tanlu_figure *figure = tanlu_figure_create(
      TANLU_CHART_SCATTER, tanlu_report_figure_name(name, sizeof name, prefix, o->name), title, p->context);
  if (figure != NULL) {
    const char *mode = tanlu_sweep_page_text(p, "parameter_mode", parameter);
    tanlu_figure_x(figure, label, strcmp(mode, "scale") == 0 ? "factor" : strcmp(mode, "add") == 0 ? "summand" : NULL);
    tanlu_figure_y(figure, words, o->unit);
    tanlu_figure_y_range(figure, (double)NAN, (double)NAN, true);
    const size_t series = tanlu_figure_series(figure, 0, "samples", TANLU_ROLE_SERIES, TANLU_STYLE_POINTS);
    for (size_t i = 0; i < p->samples.samples; i++) {
      if (isnan(y[i]) || isnan(x[i]) || !taken(p, i, known)) continue;
      tanlu_figure_point(figure, series, x[i], y[i]);
      drawn++;
    }
    if (drawn < known) {
      tanlu_figure_note(figure, "%zu of %zu samples are drawn, chosen by their numbers.", drawn, known);
    }
  }
  tanlu_sweep_page_caveat(p, figure);
  tanlu_report_figure(p->report, &figure, "%s against %s (%s), sample by sample.", o->name, label,
                      tanlu_sweep_page_text(p, "parameter_distribution", parameter));
  return TANLU_OK;
}

/* An output against its strongest parameters; factors that are simplexes have no axis of their own. */
static tanlu_status add_scatters(const findings *m, size_t output) {
  const tanlu_sweep_page *p = m->page;
  const tanlu_sweep_finding *f = &m->finding[output];
  const tanlu_labels *parameters = tanlu_result_labels(p->result, "parameter");
  double *y = tanlu_allocate_doubles(p->context, p->samples.samples, 1);
  double *x = tanlu_allocate_doubles(p->context, p->samples.samples, 1);
  tanlu_status status = x != NULL && y != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    status = tanlu_sweep_column_read(p->result, m->output[output].variable, m->output[output].cell,
                                     p->samples.state->value, y, p->context);
  }
  for (size_t i = 0, drawn = 0; status == TANLU_OK && i < f->factors && drawn < PARAMETERS_MOST; i++) {
    const size_t parameter = tanlu_labels_find(parameters, m->factor->code[f->order[i]]);
    if (parameter == TANLU_NONE || (f->left_out != NULL && f->left_out[f->order[i]])) continue;
    if (!(fabs(main_number(m, f, f->order[i])) > 0.0)) continue;
    status = add_scatter(m, output, parameter, y, x);
    drawn++;
  }
  free(x);
  free(y);
  return status;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------- */

static tanlu_status find_all(findings *m) {
  tanlu_status status = tanlu_sweep_outputs_list(&m->output, &m->outputs, m->page->result, false, m->page->context);
  if (status != TANLU_OK) return status;
  m->finding = tanlu_allocate(m->page->context, m->outputs, sizeof *m->finding);
  if (m->finding == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; status == TANLU_OK && i < m->outputs; i++) {
    status = tanlu_sweep_importance_find(&m->finding[i], m->importance, &m->output[i], m->page->context);
  }
  return status;
}

static void say_method(const findings *m) {
  static const char *const text[] = {
      [TANLU_BY_SOBOL] =
          "Sobol indices share out the variance of an output: the first-order index of a parameter is what it alone "
          "accounts for, the total index what it accounts for with all it interacts with. Where one is below zero, or "
          "a first order above its "
          "total, that is the error of the estimate, which more base samples make smaller.",
      [TANLU_BY_MORRIS] = "Elementary effects move one parameter at a time over its whole range: mu* is the mean size "
                          "of what an output "
                          "changes by, sigma how much that differs from place to place.",
      [TANLU_BY_REGRESSION] = "A linear regression on all parameters: its standardised coefficients tell how many "
                              "deviations an output moves for "
                              "one of a parameter, others held. Partial rank correlations in the tables also serve "
                              "curved but monotonic dependence."};
  tanlu_report_text(m->page->report, "%s", text[m->method]);
}

static tanlu_status add_importance(findings *m) {
  tanlu_report *report = m->page->report;
  tanlu_status status = find_all(m);
  if (status != TANLU_OK) return status;
  say_method(m);
  say_left_out(m);
  add_tiles(m);
  for (size_t i = 0, drawn = 0; status == TANLU_OK && i < m->outputs && drawn < DRAWN_MOST; i++) {
    if (m->finding[i].kind != TANLU_FINDING_NUMBERS || repeats(m, i)) continue;
    status = add_bars(m, i);
    if (status == TANLU_OK && m->method == TANLU_BY_MORRIS) add_morris_plane(m, i);
    drawn++;
  }
  for (size_t i = 0; status == TANLU_OK && i < m->outputs; i++) add_output_table(m, i);
  tanlu_report_remark(report,
                      "'tanlu sensitivity --all' prints the same for every scalar and for every indicator in every "
                      "year, and stores it in the file of the sweep.");
  tanlu_report_section(report, "samples", "Sample by sample");
  size_t drawn = 0;
  static const char *const scattered[] = {"cumulative_co2", "residual_co2"};
  for (size_t n = 0; status == TANLU_OK && n < SCATTERED_MOST; n++) {
    for (size_t i = 0; status == TANLU_OK && i < m->outputs; i++) {
      if (m->finding[i].kind != TANLU_FINDING_NUMBERS || strcmp(m->output[i].name, scattered[n]) != 0) continue;
      status = add_scatters(m, i);
      drawn++;
    }
  }
  if (drawn == 0) tanlu_report_text(report, "There are too few samples, or none that differ.");
  return status;
}

tanlu_status tanlu_sweep_page_importance(const tanlu_sweep_page *page) {
  findings m = {.page = page};
  const char *design = tanlu_sweep_page_attribute(page, "design");
  const bool grouped = strcmp(design, "saltelli") == 0 || strcmp(design, "morris") == 0;
  tanlu_report_section(page->report, "importance", "What matters");
  if (grouped && page->samples.samples != page->samples.of) {
    tanlu_report_text(page->report,
                      "The samples of this design belong together, and a shard holds a part of them: sensitivities "
                      "come after 'tanlu merge'.");
    return TANLU_OK;
  }
  tanlu_status status = tanlu_sweep_importance_open(&m.importance, page->result, RESAMPLES, level, page->context);
  if (status == TANLU_OK) {
    m.factor = tanlu_sweep_importance_factors(m.importance);
    m.method = tanlu_sweep_importance_method(m.importance);
    status = add_importance(&m);
  }
  for (size_t i = 0; m.finding != NULL && i < m.outputs; i++) tanlu_sweep_finding_clear(&m.finding[i]);
  free(m.finding);
  free(m.output);
  tanlu_sweep_importance_free(&m.importance);
  return status;
}
