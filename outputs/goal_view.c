#include "outputs/goal_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/csv_write.h"
#include "outputs/table.h"

static const char as_nation_text[] = "taken to move with the nation";

/* ---- numbers as they are shown ------------------------------------------------------------------------------------------ */

/* Shares are shown in percent. */
static bool is_share(const tanlu_goal *goal) {
  return strcmp(goal->unit, "1") == 0;
}
static bool is_year(const tanlu_goal *goal) {
  return strcmp(goal->unit, "year") == 0;
}
static double shown(const tanlu_goal *goal, double value) {
  return is_share(goal) ? 100.0 * value : value;
}
static const char *shown_unit(const tanlu_goal *goal) {
  return is_share(goal) ? "%" : is_year(goal) ? "" : goal->unit;
}

/* Decimals a goal needs to be seen exactly, at most 6. */
static int goal_decimals(double value) {
  for (int decimals = 0; decimals < 6; decimals++) {
    const double scaled = value * pow(10.0, decimals);
    if (fabs(scaled - round(scaled)) < 1e-6 * fmax(1.0, fabs(scaled))) return decimals;
  }
  return 6;
}

static void put_aim(const tanlu_goal *goal, char *text, size_t size) {
  const double value = shown(goal, goal->value);
  const char *unit = shown_unit(goal);
  (void)snprintf(text, size, "%s %.*f%s%s", tanlu_goal_operator_word(goal->relation), goal_decimals(value), value,
                 unit[0] != '\0' ? " " : "", unit);
}

/* One of percents; of other numbers as many as their size wants, but not fewer than their goal has. */
static int value_decimals(const tanlu_goal *goal, double value) {
  if (is_year(goal)) return 0;
  const int decimals = tanlu_decimals(value), most = is_share(goal) ? 1 : 2, of_goal = goal_decimals(goal->value);
  if (is_share(goal)) return decimals > most ? most : decimals;
  return decimals < of_goal ? of_goal : decimals > most && of_goal < most ? most : decimals;
}

/* "21.3 met 2024", "19.2 MISSED 0.8 2027", "- MISSED", "-". */
static void put_cell(const tanlu_goal *goal, const tanlu_goal_verdict *v, const tanlu_goal_choice *choice, char *text,
                     size_t size) {
  static const char *const word[] = {
      [TANLU_GOAL_MET] = " met", [TANLU_GOAL_MISSED] = " MISSED", [TANLU_GOAL_UNKNOWN] = ""};
  const bool brief = choice->brief, known = v->outcome != TANLU_GOAL_UNKNOWN;
  const size_t ink = v->outcome == TANLU_GOAL_MET ? TANLU_INK_GOOD : TANLU_INK_BAD;
  char value[32] = "-", gap[32] = "", year[16] = "";
  const double number = shown(goal, v->value), missing = shown(goal, v->short_by);
  const int decimals = value_decimals(goal, number);
  if (!isnan(number)) (void)snprintf(value, sizeof value, "%.*f", decimals, number);
  if (!brief && !isnan(missing)) {
    const int own = is_share(goal) ? (missing < 0.1 ? 2 : 1) : decimals;
    (void)snprintf(gap, sizeof gap, " %.*f", own, missing);
  }
  if (!brief && v->first_year != 0) (void)snprintf(year, sizeof year, " %d", v->first_year);
  (void)snprintf(text, size, "%s%s%s%s%s%s", value, known ? tanlu_ink_begin(choice->style, ink) : "", word[v->outcome],
                 known ? tanlu_ink_end(choice->style) : "", gap, year);
}

/* ---- tables ------------------------------------------------------------------------------------------------------------- */

static bool is_chosen(const tanlu_goal_choice *choice, size_t g) {
  return choice->chosen == NULL || choice->chosen[g];
}
static bool is_shown(const tanlu_goal_choice *choice, size_t s) {
  return choice->scenario == TANLU_NONE || choice->scenario == s;
}

static bool can_be_judged(const tanlu_goal_verdicts *v, const tanlu_goal_choice *choice, size_t g) {
  if (v->judged != NULL) return v->judged[g] > 0;
  for (size_t s = 0; s < v->scenarios; s++) {
    if (is_shown(choice, s) && v->verdict[g * v->scenarios + s].outcome != TANLU_GOAL_UNKNOWN) return true;
  }
  return false;
}

static bool is_as_nation(const tanlu_goal_verdicts *v, size_t g) {
  for (size_t s = 0; v->judged == NULL && s < v->scenarios; s++) {
    if (v->verdict[g * v->scenarios + s].as_nation) return true;
  }
  return false;
}

static void name_goal(tanlu_table *table, const tanlu_goal_verdicts *v, size_t g) {
  const tanlu_goals *goals = v->goals;
  const tanlu_goal *goal = &goals->goal[g];
  const bool national = goal->scope == NULL || strcmp(goal->scope, "China") == 0;
  char name[160], aim[64];
  (void)snprintf(name, sizeof name, "%s%s%s%s%s", national ? "" : goal->scope, national ? "" : ": ",
                 goals->label.name[g], goal->incentive ? " (incentive)" : "", is_as_nation(v, g) ? " *" : "");
  put_aim(goal, aim, sizeof aim);
  tanlu_table_text(table, name);
  tanlu_table_text(table, aim);
}

/* Value, outcome, gap and first year by scenario; of a sweep the share of samples. */
static void judged_columns(tanlu_table *table, const tanlu_goal_verdicts *v, const tanlu_goal_choice *choice) {
  const tanlu_labels *scenarios = tanlu_result_labels(v->result, "scenario");
  tanlu_table_column(table, "goal", TANLU_LEFT);
  tanlu_table_column(table, "aim", TANLU_LEFT);
  for (size_t s = 0; s < v->scenarios; s++) {
    if (is_shown(choice, s)) tanlu_table_column(table, scenarios->code[s], TANLU_LEFT);
  }
  if (v->judged == NULL) return;
  tanlu_table_column(table, "samples judged", TANLU_RIGHT);
  tanlu_table_column(table, "met", TANLU_RIGHT);
  tanlu_table_column(table, "share met, %", TANLU_RIGHT);
}

static size_t judged_rows(tanlu_table *table, const tanlu_goal_verdicts *v, const tanlu_goal_choice *choice) {
  size_t rows = 0;
  char cell[128];
  for (size_t g = 0; g < v->goals->label.count; g++) {
    if (!is_chosen(choice, g) || !can_be_judged(v, choice, g)) continue;
    name_goal(table, v, g);
    rows++;
    for (size_t s = 0; s < v->scenarios; s++) {
      if (!is_shown(choice, s)) continue;
      put_cell(&v->goals->goal[g], &v->verdict[g * v->scenarios + s], choice, cell, sizeof cell);
      tanlu_table_text(table, cell);
    }
    if (v->judged == NULL) continue;
    tanlu_table_number(table, (double)v->judged[g], 0);
    tanlu_table_number(table, (double)v->met[g], 0);
    tanlu_table_number(table, 100.0 * (double)v->met[g] / (double)v->judged[g], 1);
  }
  return rows;
}

/* Goals that cannot be judged with the reason; those that can in other scenarios with the scenario. */
static size_t unknown_rows(tanlu_table *table, const tanlu_goal_verdicts *v, const tanlu_goal_choice *choice,
                           size_t g) {
  const tanlu_labels *scenarios = tanlu_result_labels(v->result, "scenario");
  const bool nowhere = !can_be_judged(v, choice, g);
  const size_t stride = v->judged != NULL ? 1 : v->scenarios;
  size_t rows = 0;
  for (size_t s = 0; s < stride; s++) {
    const tanlu_goal_verdict *verdict = &v->verdict[g * stride + s];
    if (v->judged == NULL && !is_shown(choice, s)) continue;
    if (nowhere ? rows > 0 : v->judged != NULL || verdict->outcome != TANLU_GOAL_UNKNOWN) continue;
    name_goal(table, v, g);
    tanlu_table_text(table, tanlu_goal_obstacle_text(verdict->obstacle));
    tanlu_table_text(table, nowhere ? "" : scenarios->code[s]);
    rows++;
  }
  return rows;
}

static tanlu_status view_unknown(const tanlu_goal_verdicts *v, const tanlu_goal_choice *choice, bool first,
                                 FILE *stream, tanlu_context *context) {
  size_t rows = 0;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "not judged", TANLU_LEFT);
  tanlu_table_column(table, "aim", TANLU_LEFT);
  tanlu_table_column(table, "why", TANLU_LEFT);
  tanlu_table_column(table, "", TANLU_LEFT);
  for (size_t g = 0; g < v->goals->label.count; g++) {
    if (is_chosen(choice, g)) rows += unknown_rows(table, v, choice, g);
  }
  tanlu_status status = TANLU_OK;
  if (rows > 0 && !first) (void)fputc('\n', stream);
  if (rows > 0) status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  return status;
}

/* What stands under the table when it judges a share of the three industries. */
static void note_prices(const tanlu_goal_verdicts *v, const tanlu_goal_choice *choice, FILE *stream) {
  bool any = false;
  for (size_t g = 0; g < v->goals->label.count; g++) {
    const tanlu_goal *goal = &v->goals->goal[g];
    const bool share = goal->summary == TANLU_NONE && (goal->indicator == TANLU_INDICATOR_SHARE_PRIMARY ||
                                                       goal->indicator == TANLU_INDICATOR_SHARE_SECONDARY ||
                                                       goal->indicator == TANLU_INDICATOR_SHARE_TERTIARY);
    any = any || (share && is_chosen(choice, g) && can_be_judged(v, choice, g));
  }
  if (!any) return;
  (void)fputs("\nShares of the three industries are at base-year prices here; goals mean current prices, at which the "
              "share of\n"
              "services falls when prices of goods rise more, and the other way round.\n",
              stream);
}

/* The accounts of regions hold one year: how they go on is assumed. */
static void note_regions(const tanlu_goal_verdicts *v, const tanlu_goal_choice *choice, FILE *stream) {
  for (size_t g = 0; g < v->goals->label.count; g++) {
    if (!is_chosen(choice, g) || !is_as_nation(v, g)) continue;
    (void)fprintf(stream, "\n* %s since the base year, the only one of the regional accounts.\n", as_nation_text);
    return;
  }
}

tanlu_status tanlu_goal_view(const tanlu_goal_verdicts *verdicts, const tanlu_goal_choice *choice, FILE *stream,
                             tanlu_context *context) {
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  judged_columns(table, verdicts, choice);
  const size_t rows = judged_rows(table, verdicts, choice);
  tanlu_status status = TANLU_OK;
  if (rows > 0 && choice->apart) (void)fputc('\n', stream);
  if (rows > 0) status = tanlu_table_print(table, stream, context);
  tanlu_table_free(&table);
  if (status == TANLU_OK) note_regions(verdicts, choice, stream);
  if (status != TANLU_OK || choice->brief) return status;
  if (rows > 0 && verdicts->judged == NULL) {
    (void)fputs("\nCells: value, met or MISSED and by how much, and the first year that meets the aim.\n", stream);
  }
  if (rows > 0) note_prices(verdicts, choice, stream);
  return view_unknown(verdicts, choice, rows == 0, stream, context);
}

/* ---- CSV ---------------------------------------------------------------------------------------------------------------- */

static void put_year(FILE *stream, int year) {
  tanlu_csv_put_number(stream, false, year != 0 ? (double)year : (double)NAN);
}

static void put_goal(FILE *stream, const tanlu_goals *goals, size_t g) {
  const tanlu_goal *goal = &goals->goal[g];
  const bool scalar = goal->summary != TANLU_NONE;
  tanlu_csv_put_text(stream, true, goals->label.code[g]);
  tanlu_csv_put_text(stream, false, goal->scope);
  tanlu_csv_put_text(stream, false,
                     scalar ? tanlu_summary(goal->summary)->code : tanlu_indicator(goal->indicator)->code);
  tanlu_csv_put_text(stream, false, tanlu_goal_measure_word(goal->measure));
  put_year(stream, goal->base_year);
  put_year(stream, goal->year);
  tanlu_csv_put_text(stream, false, tanlu_goal_operator_word(goal->relation));
  tanlu_csv_put_number(stream, false, goal->value);
  tanlu_csv_put_text(stream, false, goal->unit);
  tanlu_csv_put_text(stream, false, goal->incentive ? "incentive" : "basic");
  tanlu_csv_put_text(stream, false, goal->document);
  tanlu_csv_put_text(stream, false, goal->date);
}

static void put_header(FILE *stream, bool sweep) {
  static const char *const goal[] = {"goal",     "scope", "indicator", "measure", "base_year", "year",
                                     "operator", "aim",   "unit",      "grade",   "document",  "date"};
  static const char *const scenario[] = {"scenario", "value", "outcome", "missed_by", "first_year", "reason"};
  static const char *const samples[] = {"judged", "met", "share_met", "reason"};
  for (size_t i = 0; i < sizeof goal / sizeof *goal; i++) tanlu_csv_put_text(stream, i == 0, goal[i]);
  for (size_t i = 0; !sweep && i < sizeof scenario / sizeof *scenario; i++) {
    tanlu_csv_put_text(stream, false, scenario[i]);
  }
  for (size_t i = 0; sweep && i < sizeof samples / sizeof *samples; i++) tanlu_csv_put_text(stream, false, samples[i]);
  tanlu_csv_put_end(stream);
}

static void put_verdict(FILE *stream, const char *scenario, const tanlu_goal_verdict *v) {
  static const char *const word[] = {
      [TANLU_GOAL_MET] = "met", [TANLU_GOAL_MISSED] = "missed", [TANLU_GOAL_UNKNOWN] = "unknown"};
  tanlu_csv_put_text(stream, false, scenario);
  tanlu_csv_put_number(stream, false, v->value);
  tanlu_csv_put_text(stream, false, word[v->outcome]);
  tanlu_csv_put_number(stream, false, v->short_by);
  put_year(stream, v->first_year);
  tanlu_csv_put_text(stream, false, v->as_nation ? as_nation_text : tanlu_goal_obstacle_text(v->obstacle));
}

void tanlu_goal_csv(const tanlu_goal_verdicts *verdicts, const tanlu_goal_choice *choice, FILE *stream) {
  const tanlu_labels *scenarios = tanlu_result_labels(verdicts->result, "scenario");
  put_header(stream, verdicts->judged != NULL);
  for (size_t g = 0; g < verdicts->goals->label.count; g++) {
    if (!is_chosen(choice, g)) continue;
    for (size_t s = 0; s < verdicts->scenarios; s++) {
      if (!is_shown(choice, s)) continue;
      put_goal(stream, verdicts->goals, g);
      put_verdict(stream, scenarios->code[s], &verdicts->verdict[g * verdicts->scenarios + s]);
      tanlu_csv_put_end(stream);
    }
    if (verdicts->judged == NULL) continue;
    const double judged = (double)verdicts->judged[g], met = (double)verdicts->met[g];
    put_goal(stream, verdicts->goals, g);
    tanlu_csv_put_number(stream, false, judged);
    tanlu_csv_put_number(stream, false, met);
    tanlu_csv_put_number(stream, false, judged > 0.0 ? met / judged : (double)NAN);
    tanlu_csv_put_text(stream, false, judged > 0.0 ? "" : tanlu_goal_obstacle_text(verdicts->verdict[g].obstacle));
    tanlu_csv_put_end(stream);
  }
}

size_t tanlu_goal_missed(const tanlu_goal_verdicts *verdicts, const tanlu_goal_choice *choice) {
  size_t missed = 0;
  for (size_t g = 0; g < verdicts->goals->label.count; g++) {
    if (!is_chosen(choice, g) || verdicts->goals->goal[g].incentive) continue;
    bool any = verdicts->judged != NULL && verdicts->met[g] < verdicts->judged[g];
    for (size_t s = 0; s < verdicts->scenarios; s++) {
      const tanlu_goal_verdict *v = &verdicts->verdict[g * verdicts->scenarios + s];
      any = any || (is_shown(choice, s) && v->outcome == TANLU_GOAL_MISSED && !v->as_nation);
    }
    if (any) missed++;
  }
  return missed;
}
