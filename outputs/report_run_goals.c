/* Section of a report on a run: goals met and missed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/goal_view.h"
#include "outputs/report_run_private.h"
#include "solvers/memory.h"

/* Does the section show the goal, and can some scenario be judged by it? */
static bool is_shown(const tanlu_run_page *page, const tanlu_goal_verdicts *v, size_t g) {
  const tanlu_run_data *d = page->data;
  if (page->input->chosen != NULL && !page->input->chosen[g]) return false;
  for (size_t k = 0; k < d->chosen; k++) {
    if (v->verdict[g * v->scenarios + d->place[k]].outcome != TANLU_GOAL_UNKNOWN) return true;
  }
  return false;
}

/* A goal on the level of an indicator in a year. */
static bool is_level(const tanlu_goal *goal) {
  return goal->indicator != TANLU_NONE && goal->measure == TANLU_GOAL_LEVEL && goal->year != 0;
}

/* Factor to the unit that is drawn: percent for shares, Gt for Mt. */
static double shown_factor(const char *unit) {
  return strcmp(unit, "1") == 0 ? 100.0 : 1.0;
}

/* "≥", where policy files write ">=". */
static const char *sign(const tanlu_goal *goal) {
  static const char *const text[TANLU_GOAL_OPERATOR_COUNT] = {
      [TANLU_GOAL_AT_LEAST] = "≥", [TANLU_GOAL_AT_MOST] = "≤", [TANLU_GOAL_ABOVE] = ">", [TANLU_GOAL_BELOW] = "<"};
  return text[goal->relation];
}

/* "≥ 20 %": the aim in the unit that is shown; blanks do not break. */
static void put_aim(const tanlu_goal *goal, char *text, size_t size) {
  const double value = shown_factor(goal->unit) * goal->value;
  char number[40];
  if (strcmp(goal->unit, "year") == 0) {
    (void)snprintf(number, sizeof number, "%.0f", value);
  } else {
    (void)tanlu_report_number(number, sizeof number, value, fabs(value - round(value)) < 1e-9 ? 0 : 1);
  }
  const char *unit = strcmp(goal->unit, "1") == 0 ? "%" : strcmp(goal->unit, "year") == 0 ? "" : goal->unit;
  (void)snprintf(text, size, "%s\u00A0%s%s%s", sign(goal), number, unit[0] != '\0' ? "\u00A0" : "", unit);
}

static void put_goal_figure(const tanlu_run_page *page, const tanlu_goal_verdicts *v, size_t indicator) {
  const tanlu_goals *goals = page->input->goals;
  const tanlu_indicator_info *info = tanlu_indicator(indicator);
  const double factor = shown_factor(info->unit);
  char name[96], title[96], definition[256];
  (void)tanlu_report_words(title, sizeof title, info->code);
  (void)tanlu_report_figure_name(name, sizeof name, "goal", info->code);
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, name, title, page->context);
  if (figure != NULL) {
    tanlu_figure_x(figure, "Year", NULL);
    tanlu_figure_y(figure, title, strcmp(info->unit, "1") == 0 ? "%" : info->unit);
    const size_t panel = tanlu_figure_panel(figure, "");
    tanlu_run_lines(page, figure, panel, info->code, factor);
    for (size_t g = 0; g < goals->label.count; g++) {
      const tanlu_goal *goal = &goals->goal[g];
      if (!is_shown(page, v, g) || !is_level(goal) || goal->indicator != indicator) continue;
      const bool met = v->verdict[g * v->scenarios + page->data->main].outcome == TANLU_GOAL_MET;
      char label[64];
      put_aim(goal, label, sizeof label);
      tanlu_figure_mark(figure, panel, met ? TANLU_MARK_MET : TANLU_MARK_MISSED, goal->year, factor * goal->value,
                        met ? TANLU_ROLE_GOOD : TANLU_ROLE_BAD, label);
    }
  }
  tanlu_report_figure(page->report, &figure, "%s (%s). Ticks: goals that %s meets; crosses: goals that it misses.",
                      title, tanlu_report_typeset(definition, sizeof definition, info->definition),
                      tanlu_run_main(page));
}

/* "✓ 21.3 %" or "✗ 19.2 %, short by 0.8". */
static void put_verdict(tanlu_table *table, const tanlu_goal *goal, const tanlu_goal_verdict *verdict) {
  const double factor = shown_factor(goal->unit);
  const bool year = strcmp(goal->unit, "year") == 0;
  const int decimals = year ? 0 : factor > 1.0 || fabs(verdict->value) < 100.0 ? 1 : 0;
  char text[96], value[40] = "–", gap[48] = "";
  if (!isnan(verdict->value)) {
    if (year) {
      (void)snprintf(value, sizeof value, "%.0f", verdict->value);
    } else {
      (void)tanlu_report_number(value, sizeof value, factor * verdict->value, decimals);
    }
  }
  if (verdict->outcome == TANLU_GOAL_MISSED && !isnan(verdict->short_by)) {
    char number[40];
    (void)snprintf(gap, sizeof gap, ", by %s",
                   tanlu_report_number(number, sizeof number, factor * verdict->short_by, decimals));
  }
  (void)snprintf(text, sizeof text, "%s%s%s",
                 verdict->outcome == TANLU_GOAL_MET      ? "✓ "
                 : verdict->outcome == TANLU_GOAL_MISSED ? "✗ "
                                                         : "",
                 value, gap);
  tanlu_table_text(table, text);
}

static void put_goal_table(const tanlu_run_page *page, const tanlu_goal_verdicts *v) {
  const tanlu_goals *goals = page->input->goals;
  const tanlu_run_data *d = page->data;
  tanlu_table *table = tanlu_table_create(page->context);
  static const char *const heading[] = {"Goal", "Aim"};
  for (size_t k = 0; table != NULL && k < 2; k++) tanlu_table_column(table, heading[k], TANLU_LEFT);
  for (size_t k = 0; table != NULL && k < d->chosen; k++) {
    tanlu_table_column(table, tanlu_run_name(page, k), TANLU_LEFT);
  }
  for (size_t g = 0; table != NULL && g < goals->label.count; g++) {
    const tanlu_goal *goal = &goals->goal[g];
    if (!is_shown(page, v, g)) continue;
    char aim[64], name[200], words[160];
    put_aim(goal, aim, sizeof aim);
    (void)snprintf(name, sizeof name, "%s%s", tanlu_report_typeset(words, sizeof words, goals->label.name[g]),
                   goal->incentive ? " (incentive)" : "");
    tanlu_table_text(table, name);
    tanlu_table_text(table, aim);
    for (size_t k = 0; k < d->chosen; k++) put_verdict(table, goal, &v->verdict[g * v->scenarios + d->place[k]]);
  }
  tanlu_report_table(page->report, &table, false,
                     "National goals by scenario: ✓ met, ✗ missed and by how much. Sources: tanlu goals --list");
}

/* Numbers of how many the main scenario meets. */
static void put_count(const tanlu_run_page *page, const tanlu_goal_verdicts *v) {
  size_t met = 0, judged = 0;
  for (size_t g = 0; g < page->input->goals->label.count; g++) {
    if (!is_shown(page, v, g)) continue;
    const tanlu_goal_outcome outcome = v->verdict[g * v->scenarios + page->data->main].outcome;
    met += outcome == TANLU_GOAL_MET;
    judged += outcome != TANLU_GOAL_UNKNOWN;
  }
  tanlu_report_text(page->report, "%s meets %zu of the %zu national goals that can be judged on these results.",
                    tanlu_run_main(page), met, judged);
}

static tanlu_status put_figures(const tanlu_run_page *page, const tanlu_goal_verdicts *v) {
  bool *drawn = tanlu_allocate(page->context, tanlu_indicator_count(), sizeof *drawn);
  if (drawn == NULL) return TANLU_ERR_MEMORY;
  for (size_t g = 0; g < page->input->goals->label.count; g++) {
    const tanlu_goal *goal = &page->input->goals->goal[g];
    if (!is_shown(page, v, g) || !is_level(goal) || drawn[goal->indicator]) continue;
    drawn[goal->indicator] = true;
    put_goal_figure(page, v, goal->indicator);
  }
  free(drawn);
  return TANLU_OK;
}

tanlu_status tanlu_run_section_goals(tanlu_run_page *page) {
  tanlu_goal_verdicts verdicts;
  tanlu_report_section(page->report, "goals", "Goals");
  if (page->input->goals == NULL) {
    tanlu_report_text(page->report, "Left out: the goals could not be read.");
    return TANLU_OK;
  }
  tanlu_status status =
      tanlu_goal_verdicts_make(&verdicts, page->input->goals, page->data->result, NULL, page->context);
  if (status != TANLU_OK) return status;
  bool any = false;
  for (size_t g = 0; g < page->input->goals->label.count; g++) any = any || is_shown(page, &verdicts, g);
  if (any) {
    put_count(page, &verdicts);
    put_goal_table(page, &verdicts);
    status = put_figures(page, &verdicts);
  } else {
    tanlu_report_text(page->report,
                      "No national goal can be judged on these results: of another place, or of other years.");
  }
  tanlu_goal_verdicts_clear(&verdicts);
  return status;
}
