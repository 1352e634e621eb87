#include "outputs/control_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/csv_write.h"
#include "outputs/sweep_view.h"
#include "outputs/table.h"
#include "solvers/memory.h"

typedef struct {
  tanlu_result *result;
  const tanlu_control_request *request;
  const tanlu_result_variable *value; /* indicator_value */
  size_t member[TANLU_INDICATOR_COUNT];
  const int *year;
  size_t years;
  const char *scope;
  FILE *stream;
  tanlu_context *context;
  size_t missed;
  size_t scenario; /* in hand */
} viewing;

/* ---- what the file holds ------------------------------------------------------------------------------------------------ */

static size_t year_index(const viewing *v, int year) {
  for (size_t t = 0; t < v->years; t++) {
    if (v->year[t] == year) return t;
  }
  return TANLU_NONE;
}

static double indicator(const viewing *v, size_t id, size_t t) {
  const size_t members = v->value->extent[2];
  if (v->member[id] >= members || t >= v->years) return (double)NAN;
  return v->value->value[(v->scenario * v->value->extent[1] + t) * members + v->member[id]];
}

static tanlu_status need_year(const viewing *v, int year) {
  if (year_index(v, year) != TANLU_NONE) return TANLU_OK;
  return tanlu_fail_at(v->context, TANLU_ERR_INPUT, tanlu_result_path(v->result), 0, 0,
                       "has no year %d; it holds %d to %d", year, v->year[0], v->year[v->years - 1]);
}

static tanlu_status need_indicator(const viewing *v, size_t id) {
  if (v->member[id] != TANLU_NONE) return TANLU_OK;
  return tanlu_fail_at(v->context, TANLU_ERR_INPUT, tanlu_result_path(v->result), 0, 0,
                       "has no indicator '%s'; project its scenarios anew", tanlu_indicator(id)->code);
}

static tanlu_status check_kind(tanlu_result *result, tanlu_context *context) {
  const tanlu_result_variable *found = tanlu_result_variable_find(result, "indicator_value");
  if (!tanlu_result_is_sweep(result) && found != NULL && found->rank == 3 &&
      tanlu_result_labels(result, "indicator") != NULL) {
    return TANLU_OK;
  }
  return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                       "expected a file of 'tanlu run' with its indicators");
}

static tanlu_status start(viewing *v) {
  const tanlu_labels *labels = tanlu_result_labels(v->result, "indicator");
  static const size_t needed[] = {TANLU_INDICATOR_GDP, TANLU_INDICATOR_ENERGY, TANLU_INDICATOR_CO2_ENERGY,
                                  TANLU_INDICATOR_NON_ENERGY, TANLU_INDICATOR_RENEWABLE};
  tanlu_status status = check_kind(v->result, v->context);
  if (status == TANLU_OK) {
    status = tanlu_result_variable_read(v->result, "indicator_value", &v->value, v->context);
  }
  if (status != TANLU_OK) return status;
  v->year = tanlu_result_years(v->result, &v->years);
  v->scope = tanlu_result_attribute(v->result, "region");
  if (v->scope == NULL) v->scope = "China";
  for (size_t i = 0; i < TANLU_INDICATOR_COUNT; i++) v->member[i] = tanlu_labels_find(labels, tanlu_indicator(i)->code);
  for (size_t i = 0; status == TANLU_OK && i < sizeof needed / sizeof *needed; i++) {
    status = need_indicator(v, needed[i]);
  }
  for (size_t w = 0; status == TANLU_OK && w < v->request->windows; w++) {
    status = need_year(v, v->request->window[w][0]);
    if (status == TANLU_OK) status = need_year(v, v->request->window[w][1]);
  }
  if (status == TANLU_OK && v->request->shares > 0) {
    status = need_year(v, v->request->budget_base);
    if (status == TANLU_OK) status = need_indicator(v, v->request->budget_of);
  }
  return status;
}

tanlu_status tanlu_control_five_years(tanlu_result *result, int (**window)[2], size_t *windows,
                                      tanlu_context *context) {
  size_t years = 0;
  const int *year = tanlu_result_years(result, &years);
  *windows = 0;
  *window = NULL;
  const tanlu_status status = check_kind(result, context);
  if (status != TANLU_OK) return status;
  *window = tanlu_allocate(context, years / 5 + 1, sizeof **window);
  if (*window == NULL) return TANLU_ERR_MEMORY;
  int base = years > 0 ? (year[0] + 4) / 5 * 5 : 0;
  for (; years > 0 && base + 5 <= year[years - 1]; base += 5) {
    (*window)[*windows][0] = base;
    (*window)[(*windows)++][1] = base + 5;
  }
  if (*windows > 0) return TANLU_OK;
  return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                       "holds no whole five-year window; give --window BASE-LAST");
}

/* ---- dual control ------------------------------------------------------------------------------------------------------- */

static bool is_carbon(const viewing *v, size_t w) {
  return v->request->window[w][0] + 1 >= v->request->carbon_from;
}

static tanlu_control_year year_of(const viewing *v, size_t t, bool carbon) {
  tanlu_control_year y = {.gdp = indicator(v, TANLU_INDICATOR_GDP, t)};
  y.quantity = indicator(v, carbon ? TANLU_INDICATOR_CO2_ENERGY : TANLU_INDICATOR_ENERGY, t);
  if (carbon) return y;
  y.renewables = indicator(v, TANLU_INDICATOR_RENEWABLE, t) * y.quantity;
  y.feedstock = indicator(v, TANLU_INDICATOR_NON_ENERGY, t);
  return y;
}

/* A window by the rules given and, for what they leave open, the goals of the place. */
static tanlu_status judge_window(const viewing *v, size_t w, tanlu_control_rules *rules, tanlu_control_result *result) {
  const int base = v->request->window[w][0], last = v->request->window[w][1];
  const size_t from = year_index(v, base), to = year_index(v, last);
  const bool carbon = is_carbon(v, w);
  double at_base[TANLU_INDICATOR_COUNT];
  for (size_t i = 0; i < TANLU_INDICATOR_COUNT; i++) at_base[i] = indicator(v, i, from);
  *rules = v->request->rules;
  if (v->request->goals != NULL) {
    tanlu_control_add_goals(rules, v->request->goals, v->scope, base, last, carbon, at_base);
  }
  const tanlu_control_year first = year_of(v, from, carbon), end = year_of(v, to, carbon);
  return tanlu_control_judge(rules, &first, &end, (size_t)(last - base), result, v->context);
}

static const char *outcome_word(tanlu_control_outcome outcome, bool csv) {
  static const char *const word[] = {[TANLU_CONTROL_NO_GOAL] = "",
                                     [TANLU_CONTROL_MET] = "met",
                                     [TANLU_CONTROL_MISSED] = "MISSED",
                                     [TANLU_CONTROL_WAIVED] = "waived"};
  return csv && outcome == TANLU_CONTROL_MISSED ? "missed" : word[outcome];
}

static void window_name(const viewing *v, size_t w, char *text, size_t size) {
  (void)snprintf(text, size, "%d-%d", v->request->window[w][0] + 1, v->request->window[w][1]);
}

/* "MISSED 7.4": by how much, in the unit of the column before. */
static void put_outcome(tanlu_table *table, tanlu_control_outcome outcome, double gap, int decimals) {
  char text[48];
  if (outcome == TANLU_CONTROL_MISSED) {
    (void)snprintf(text, sizeof text, "MISSED %.*f", decimals, gap);
    tanlu_table_text(table, text);
  } else {
    tanlu_table_text(table, outcome_word(outcome, false));
  }
}

static void control_row(tanlu_table *table, const viewing *v, size_t w, const tanlu_control_rules *rules,
                        const tanlu_control_result *r) {
  char text[32];
  const double years = v->request->window[w][1] - v->request->window[w][0];
  window_name(v, w, text, sizeof text);
  tanlu_table_text(table, text);
  tanlu_table_text(table, is_carbon(v, w) ? "CO2" : "energy");
  tanlu_table_number(table, 100.0 * tanlu_control_path(r->growth, years, 1.0), 1);
  tanlu_table_number(table, 100.0 * r->change, 1);
  tanlu_table_number(table, 100.0 * r->yearly, 1);
  tanlu_table_number(table, 100.0 * rules->basic, 1);
  put_outcome(table, r->intensity, 100.0 * r->intensity_gap, 1);
  tanlu_table_number(table, 100.0 * rules->incentive, 1);
  tanlu_table_text(table, outcome_word(r->incentive, false));
  tanlu_table_number(table, r->counted_total, 0);
  tanlu_table_text(table, is_carbon(v, w) ? "Mt" : "Mtce");
  tanlu_table_number(table, rules->total, 0);
  put_outcome(table, r->total, r->total_gap, 0);
}

static void control_record(const viewing *v, size_t w, const char *scenario, const tanlu_control_rules *rules,
                           const tanlu_control_result *r) {
  const double number[] = {v->request->window[w][0],
                           v->request->window[w][1],
                           r->growth,
                           r->intensity_base,
                           r->intensity_last,
                           r->change,
                           r->yearly,
                           rules->basic,
                           rules->incentive,
                           r->counted_total,
                           rules->total,
                           r->exempt_renewables};
  tanlu_csv_put_text(v->stream, true, scenario);
  tanlu_csv_put_text(v->stream, false, is_carbon(v, w) ? "CO2" : "energy");
  for (size_t i = 0; i < sizeof number / sizeof *number; i++) tanlu_csv_put_number(v->stream, false, number[i]);
  tanlu_csv_put_text(v->stream, false, outcome_word(r->intensity, true));
  tanlu_csv_put_text(v->stream, false, outcome_word(r->incentive, true));
  tanlu_csv_put_text(v->stream, false, outcome_word(r->total, true));
  tanlu_csv_put_end(v->stream);
}

static void control_header(tanlu_table *table, const viewing *v, const char *scenario) {
  static const char *const name[] = {"scenario",          "of",
                                     "base_year",         "last_year",
                                     "gdp_growth",        "intensity_base",
                                     "intensity_last",    "change",
                                     "yearly_change",     "basic",
                                     "incentive",         "total_counted",
                                     "total_limit",       "exempt_renewables",
                                     "intensity_outcome", "incentive_outcome",
                                     "total_outcome"};
  static const struct {
    const char *heading;
    tanlu_align align;
  } column[] = {{"of", TANLU_LEFT},
                {"GDP, %/a", TANLU_RIGHT},
                {"intensity change, %", TANLU_RIGHT},
                {"%/a", TANLU_RIGHT},
                {"basic, %", TANLU_RIGHT},
                {"outcome", TANLU_LEFT},
                {"incentive, %", TANLU_RIGHT},
                {"outcome", TANLU_LEFT},
                {"total", TANLU_RIGHT},
                {"unit", TANLU_LEFT},
                {"limit", TANLU_RIGHT},
                {"outcome", TANLU_LEFT}};
  if (table == NULL) {
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) tanlu_csv_put_text(v->stream, i == 0, name[i]);
    tanlu_csv_put_end(v->stream);
    return;
  }
  tanlu_table_column(table, scenario, TANLU_LEFT);
  for (size_t i = 0; i < sizeof column / sizeof *column; i++) {
    tanlu_table_column(table, column[i].heading, column[i].align);
  }
}

/* Does the scenario in hand go on to the end of the window? The file may hold longer ones. */
static bool covers(const viewing *v, size_t w) {
  return !isnan(indicator(v, TANLU_INDICATOR_GDP, year_index(v, v->request->window[w][1])));
}

static void note_uncovered(const viewing *v, const char *scenario) {
  size_t count = 0, first = 0;
  for (size_t w = v->request->windows; w-- > 0;) {
    if (covers(v, w)) continue;
    first = w;
    count++;
  }
  if (count == 0) return;
  tanlu_note(v->context, "scenario '%s' ends before %d: without %zu window%s of the file", scenario,
             v->request->window[first][1], count, count > 1 ? "s" : "");
}

/* All windows of the scenario in hand. */
static tanlu_status view_control(viewing *v, const char *scenario) {
  tanlu_table *table = v->request->csv ? NULL : tanlu_table_create(v->context);
  tanlu_status status = table != NULL || v->request->csv ? TANLU_OK : TANLU_ERR_MEMORY;
  if (table != NULL) control_header(table, v, scenario);
  note_uncovered(v, scenario);
  for (size_t w = 0; status == TANLU_OK && w < v->request->windows; w++) {
    tanlu_control_rules rules;
    tanlu_control_result r;
    if (!covers(v, w)) continue;
    status = judge_window(v, w, &rules, &r);
    if (status != TANLU_OK) break;
    if (r.intensity == TANLU_CONTROL_MISSED) v->missed++;
    if (r.total == TANLU_CONTROL_MISSED) v->missed++;
    if (table != NULL) {
      control_row(table, v, w, &rules, &r);
    } else {
      control_record(v, w, scenario, &rules, &r);
    }
  }
  if (status == TANLU_OK && table != NULL) status = tanlu_table_print(table, v->stream, v->context);
  tanlu_table_free(&table);
  return status;
}

/* ---- budgets ------------------------------------------------------------------------------------------------------------ */

static void budget_rows(tanlu_table *table, const viewing *v, const char *scenario, const tanlu_budget_window *window,
                        size_t windows) {
  for (size_t w = 0; w < windows; w++) {
    const tanlu_budget_window *b = &window[w];
    const double number[] = {b->allotment, b->carried_in, b->emissions, b->balance, b->carried_out};
    char text[32];
    (void)snprintf(text, sizeof text, "%d-%d", b->from, b->to);
    if (table == NULL) {
      tanlu_csv_put_text(v->stream, true, scenario);
      tanlu_csv_put_number(v->stream, false, b->from);
      tanlu_csv_put_number(v->stream, false, b->to);
      tanlu_csv_put_number(v->stream, false, b->share);
      for (size_t i = 0; i < 5; i++) tanlu_csv_put_number(v->stream, false, number[i]);
      tanlu_csv_put_end(v->stream);
      continue;
    }
    tanlu_table_text(table, text);
    tanlu_table_number(table, 100.0 * b->share, 1);
    for (size_t i = 0; i < 5; i++) tanlu_table_number(table, number[i], 0);
  }
}

static void budget_header(tanlu_table *table, const viewing *v, const char *scenario) {
  static const char *const name[] = {"scenario",   "from",      "to",      "share",      "allotment",
                                     "carried_in", "emissions", "balance", "carried_out"};
  static const char *const heading[] = {"share, %",  "allotment, Mt", "carried in",
                                        "emissions", "balance",       "carried out"};
  char first[160];
  if (table == NULL) {
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) tanlu_csv_put_text(v->stream, i == 0, name[i]);
    tanlu_csv_put_end(v->stream);
    return;
  }
  (void)snprintf(first, sizeof first, "%s: budget", scenario);
  tanlu_table_column(table, first, TANLU_LEFT);
  for (size_t i = 0; i < sizeof heading / sizeof *heading; i++) tanlu_table_column(table, heading[i], TANLU_RIGHT);
}

static tanlu_status view_budget(viewing *v, const char *scenario) {
  const tanlu_control_request *q = v->request;
  tanlu_budget_rules rules = q->budget;
  rules.base = indicator(v, q->budget_of, year_index(v, q->budget_base));
  tanlu_budget_window *window = tanlu_allocate(v->context, q->windows, sizeof *window);
  double *emission = tanlu_allocate_doubles(v->context, v->years, 1);
  tanlu_table *table = q->csv ? NULL : tanlu_table_create(v->context);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (window == NULL || emission == NULL || (table == NULL && !q->csv)) goto done;
  if (q->csv) note_uncovered(v, scenario); /* else with the windows of control */
  for (size_t t = 0; t < v->years; t++) emission[t] = indicator(v, q->budget_of, t);
  size_t windows = 0;
  for (size_t w = 0; w < q->windows; w++) {
    if (!covers(v, w)) continue;
    window[windows] = (tanlu_budget_window){.from = q->window[w][0] + 1, .to = q->window[w][1]};
    window[windows++].share = q->share[w < q->shares ? w : q->shares - 1];
  }
  status = tanlu_budget_account(&rules, emission, v->year[0], v->years, window, windows, v->context);
  if (status != TANLU_OK) goto done;
  for (size_t w = 0; w < windows; w++) {
    if (window[w].balance < 0.0) v->missed++;
  }
  if (table != NULL) budget_header(table, v, scenario);
  budget_rows(table, v, scenario, window, windows);
  if (table != NULL) status = tanlu_table_print(table, v->stream, v->context);
done:
  tanlu_table_free(&table);
  free(window);
  free(emission);
  return status;
}

/* ---- all scenarios ------------------------------------------------------------------------------------------------------ */

static tanlu_status view_all(viewing *v, tanlu_status (*view)(viewing *v, const char *scenario), bool *first) {
  const tanlu_labels *scenarios = tanlu_result_labels(v->result, "scenario");
  tanlu_status status = TANLU_OK;
  for (size_t s = 0; status == TANLU_OK && scenarios != NULL && s < scenarios->count; s++) {
    if (v->request->scenario != TANLU_NONE && v->request->scenario != s) continue;
    v->scenario = s;
    if (!*first && !v->request->csv) (void)fputc('\n', v->stream);
    *first = false;
    status = view(v, scenarios->code[s]);
  }
  return status;
}

tanlu_status tanlu_control_view(tanlu_result *result, const tanlu_control_request *request, FILE *stream,
                                size_t *missed, tanlu_context *context) {
  viewing v = {.result = result, .request = request, .stream = stream, .context = context};
  bool first = true;
  tanlu_status status = start(&v);
  const bool budgets_alone = request->csv && request->shares > 0; /* one table a CSV file */
  if (status == TANLU_OK && !budgets_alone) {
    if (request->csv) control_header(NULL, &v, "");
    status = view_all(&v, view_control, &first);
  }
  if (status == TANLU_OK && request->shares > 0) {
    if (request->csv) budget_header(NULL, &v, "");
    status = view_all(&v, view_budget, &first);
  }
  *missed = v.missed;
  return status;
}
