/* The summary of a file by region. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/goals.h"
#include "outputs/region_gap.h"
#include "outputs/region_slice.h"
#include "outputs/region_view.h"
#include "outputs/result_view_private.h"
#include "solvers/memory.h"

enum { LARGEST = 10, PEAK = 1 /* among the headings */ };

typedef struct {
  tanlu_result *result;
  const tanlu_labels *region;
  const int *year; /* of the file */
  size_t years;
  size_t scenario, last;       /* last: year in which the scenario ends */
  tanlu_result_variable co2;   /* (scenario, region, year) */
  tanlu_result_variable total; /* (scenario, year): the nation's */
  bool scaled;                 /* to the nation, which leads; else the nation is their sum */
  const tanlu_result_variable
      *aim;           /* (scenario, region): the year of its peak or before; NULL where the file has none */
  bool aims;          /* has the scenario any? */
  bool names, trends; /* columns that are left out where a terminal has no room */
  char *trend;        /* room for one */
  double *others;     /* years */
  const tanlu_view *view;
  FILE *stream;
  tanlu_context *context;
} overview;

static const double *path_of(const overview *o, size_t region) {
  return o->co2.value + (o->scenario * o->region->count + region) * o->years;
}

static const double *nation_of(const overview *o) {
  return o->total.value + o->scenario * o->years;
}

/* The year of a region's aim, NaN where it has none. */
static double aim_of(const overview *o, size_t region) {
  return o->aim != NULL ? o->aim->value[o->scenario * o->region->count + region] : (double)NAN;
}

/* "2030 met", judged as a goal is; "-" where there is no aim. */
static void put_aim(const overview *o, tanlu_table *table, double aim, const double *path) {
  static const char *const word[] = {
      [TANLU_GOAL_MET] = "met", [TANLU_GOAL_MISSED] = "MISSED", [TANLU_GOAL_UNKNOWN] = "not judged"};
  const tanlu_goal goal = {.indicator = 0,
                           .summary = TANLU_NONE,
                           .measure = TANLU_GOAL_PEAK,
                           .relation = TANLU_GOAL_AT_MOST,
                           .value = aim,
                           .unit = "year"};
  const tanlu_goal_evidence evidence = {.years = o->last + 1, .year = o->year, .series = path};
  char text[32];
  if (isnan(aim)) {
    tanlu_table_text(table, "-");
    return;
  }
  (void)snprintf(text, sizeof text, "%.0f %s", aim, word[tanlu_goal_evaluate(&goal, &evidence).outcome]);
  tanlu_table_text(table, text);
}

/* Regions by CO2 of the first year, the largest first. */
static void sort_regions(const overview *o, size_t *order) {
  for (size_t r = 0; r < o->region->count; r++) {
    size_t k = r;
    for (; k > 0 && path_of(o, order[k - 1])[0] < path_of(o, r)[0]; k--) order[k] = order[k - 1];
    order[k] = r;
  }
}

/* Name, peak (model/indicators.h: missing in the last year) and the aim for it, first and last year, part of the nation, trend. */
static void put_row(const overview *o, tanlu_table *table, const char *code, const char *name, const double *path,
                    double aim) {
  size_t peak = 0;
  char text[16];
  for (size_t t = 1; t <= o->last; t++) {
    if (path[t] > path[peak]) peak = t;
  }
  (void)snprintf(text, sizeof text, "%d", o->year[peak]);
  tanlu_table_text(table, code);
  if (o->names) tanlu_table_text(table, name);
  tanlu_table_number(table, path[0], 0);
  tanlu_table_text(table, peak < o->last ? text : "-");
  if (o->aims) put_aim(o, table, aim, path);
  tanlu_table_number(table, peak < o->last ? path[peak] : (double)NAN, 0);
  tanlu_table_number(table, path[o->last], 0);
  tanlu_table_number(table, 100.0 * path[0] / nation_of(o)[0], 1);
  if (o->trends) tanlu_table_text(table, tanlu_text_sparkline(o->trend, 3 * o->years + 1, path, o->last + 1));
}

static tanlu_table *begin_table(const overview *o) {
  const tanlu_labels *scenarios = tanlu_result_labels(o->result, "scenario");
  char first[32], last[32];
  tanlu_table *table = tanlu_table_create(o->context);
  if (table == NULL) return NULL;
  (void)snprintf(first, sizeof first, "CO2 %d", o->year[0]);
  (void)snprintf(last, sizeof last, "CO2 %d", o->year[o->last]);
  const char *const heading[] = {first, "peak", "peak CO2", last, "part, %"};
  tanlu_table_column(table, scenarios->code[o->scenario], TANLU_LEFT);
  if (o->names) tanlu_table_column(table, "energy CO2, Mt", TANLU_LEFT);
  for (size_t k = 0; k < sizeof heading / sizeof *heading; k++) {
    tanlu_table_column(table, heading[k], TANLU_RIGHT);
    if (k == PEAK && o->aims) tanlu_table_column(table, "aim", TANLU_LEFT);
  }
  if (o->trends) tanlu_table_column(table, "trend", TANLU_LEFT);
  return table;
}

/* Is region order[k] a row of its own: chosen, or one of the largest, or with an aim? */
static bool has_row(const overview *o, const bool *chosen, const size_t *order, size_t k) {
  return chosen != NULL ? chosen[order[k]] : k < LARGEST || !isnan(aim_of(o, order[k]));
}

/* Regions as chosen, or the largest, those with an aim and the others as one, then the nation. */
static tanlu_table *make_table(const overview *o, const bool *chosen, const size_t *order) {
  tanlu_table *table = begin_table(o);
  const size_t regions = o->region->count;
  size_t left = 0, rows = 0;
  char text[32];
  if (table == NULL) return NULL;
  memset(o->others, 0, o->years * sizeof *o->others);
  for (size_t k = 0; k < regions; k++) rows += has_row(o, chosen, order, k);
  const bool all = chosen == NULL && rows + 1 == regions; /* one is not summed up */
  for (size_t k = 0; k < regions; k++) {
    const size_t r = order[k];
    if (all || has_row(o, chosen, order, k)) {
      put_row(o, table, o->region->code[r], o->region->name[r], path_of(o, r), aim_of(o, r));
    } else {
      left++;
      for (size_t t = 0; t < o->years; t++) o->others[t] += path_of(o, r)[t];
    }
  }
  (void)snprintf(text, sizeof text, left == 1 ? "%zu region" : left == 1 ? "%zu region" : "%zu regions", left);
  if (left > 0) put_row(o, table, "others", text, o->others, (double)NAN);
  memset(o->others, 0, o->years * sizeof *o->others);
  for (size_t i = 0; i < regions * o->years; i++) o->others[i % o->years] += path_of(o, i / o->years)[i % o->years];
  if (!o->scaled) put_row(o, table, "sum", "All regions", o->others, (double)NAN);
  put_row(o, table, "nation", o->scaled ? "" : "By itself", nation_of(o), (double)NAN);
  return table;
}

/* As wide as the terminal lets it be. */
static tanlu_status print_table(overview *o, const bool *chosen, const size_t *order) {
  for (o->names = o->trends = true;; o->names ? (o->names = false) : (o->trends = false)) {
    tanlu_table *table = make_table(o, chosen, order);
    if (table == NULL) return TANLU_ERR_MEMORY;
    const bool done = !o->trends || !tanlu_view_too_wide(o->view, table, 0);
    const tanlu_status status = done ? tanlu_table_print(table, o->stream, o->context) : TANLU_OK;
    tanlu_table_free(&table);
    if (done) return status;
  }
}

static tanlu_status print_gap(const overview *o) {
  const tanlu_result_variable *v = tanlu_result_variable_find(o->result, TANLU_REGIONAL_PREFIX "gap");
  const tanlu_labels *field = tanlu_result_labels(o->result, "field");
  if (v == NULL || v->rank != 3 || field == NULL) return TANLU_OK;
  const tanlu_status status = tanlu_result_variable_read(o->result, v->name, &v, o->context);
  if (status != TANLU_OK) return status;
  size_t year = 0, at = 0;
  const double worst = tanlu_region_gap_largest(v, o->scenario, TANLU_NONE, &year, &at);
  if (worst < 0.0) return TANLU_OK;
  (void)fprintf(o->stream, "The regions' own paths add up to the nation's but for %.2g %% (%s in %d)", 100.0 * worst,
                field->code[at], o->year[year]);
  const size_t co2 = tanlu_labels_find(field, tanlu_field_table[TANLU_FIELD_CO2].name);
  const double of_co2 = co2 != TANLU_NONE ? tanlu_region_gap_largest(v, o->scenario, co2, &year, &at) : -1.0;
  if (of_co2 >= 0.0) (void)fprintf(o->stream, ", in CO2 %.2g %% (%d)", 100.0 * of_co2, o->year[year]);
  (void)fprintf(o->stream, "%s.\n", o->scaled ? "; shown scaled to it" : "");
  return TANLU_OK;
}

static tanlu_status print_scenario(overview *o, const bool *chosen) {
  o->scaled = tanlu_region_nation_leads(o->result, o->scenario);
  o->last = o->years;
  while (o->last > 1 && isnan(nation_of(o)[o->last - 1])) o->last--;
  o->last--;
  o->aims = false;
  for (size_t r = 0; r < o->region->count; r++) o->aims = o->aims || !isnan(aim_of(o, r));
  size_t *order = tanlu_allocate(o->context, o->region->count, sizeof *order);
  o->others = tanlu_allocate_doubles(o->context, o->years, 1);
  o->trend = tanlu_allocate(o->context, 3 * o->years + 1, 1);
  tanlu_status status = order != NULL && o->others != NULL && o->trend != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    sort_regions(o, order);
    status = print_table(o, chosen, order);
  }
  free(order);
  free(o->others);
  free(o->trend);
  return status == TANLU_OK ? print_gap(o) : status;
}

tanlu_status tanlu_region_overview(tanlu_result *result, const bool *chosen, const tanlu_view *view, FILE *stream,
                                   tanlu_context *context) {
  overview o = {.result = result, .region = tanlu_result_regions_of(result), .view = view, .stream = stream};
  const tanlu_labels *indicators = tanlu_result_labels(result, "indicator");
  const tanlu_labels *scenarios = tanlu_result_labels(result, "scenario");
  const size_t co2 = indicators != NULL ? tanlu_labels_find(indicators, "co2_energy") : TANLU_NONE;
  const tanlu_result_variable *nation = tanlu_result_variable_find(result, "indicator_value");
  if (o.region == NULL || co2 == TANLU_NONE || nation == NULL) return TANLU_OK;
  o.context = context;
  o.year = tanlu_result_years(result, &o.years);
  tanlu_status status =
      tanlu_result_slice_read(&o.co2, result, tanlu_regional_variable_find(result, "indicator_value"), 3, co2, context);
  if (status == TANLU_OK) status = tanlu_result_slice_read(&o.total, result, nation, 2, co2, context);
  if (status == TANLU_OK && tanlu_result_variable_find(result, TANLU_REGIONAL_PREFIX "peak_aim") != NULL) {
    status = tanlu_result_variable_read(result, TANLU_REGIONAL_PREFIX "peak_aim", &o.aim, context);
  }
  bool first = true;
  for (o.scenario = 0; status == TANLU_OK && o.scenario < scenarios->count; o.scenario++) {
    if (!tanlu_view_scenario_shown(view, scenarios->code[o.scenario])) continue;
    if (!first) (void)fputc('\n', stream);
    first = false;
    status = print_scenario(&o, chosen);
  }
  tanlu_result_slice_clear(&o.co2);
  tanlu_result_slice_clear(&o.total);
  return status;
}
