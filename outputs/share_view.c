#include "outputs/share_view.h"

#include <math.h>
#include <stdio.h>

#include "outputs/table.h"

static const double mt_cny = 1e-2; /* 1 Mt at 1 CNY/t is 0.01 x 1e8 CNY */

/* "2021-2025", or "2021" where a period is a year. */
static void put_span(int from, int to, const char *after, char *text, size_t size) {
  if (from == to) {
    (void)snprintf(text, size, "%d%s", from, after);
  } else {
    (void)snprintf(text, size, "%d-%d%s", from, to, after);
  }
}

static double sum_periods(const tanlu_share_view *s, const double *value, size_t i) {
  double sum = 0.0;
  for (size_t p = 0; p < s->allowances->periods; p++) sum += value[p * s->allowances->regions + i];
  return sum;
}

static void put_csv(const tanlu_share_view *s) {
  const tanlu_region_allowances *a = s->allowances;
  const tanlu_labels *region = &s->regions->label;
  for (size_t p = 0; s->view->csv != NULL && p < a->periods; p++) {
    tanlu_analysis_view view = *s->view;
    view.year = a->period[p].to;
    for (size_t i = 0; i < a->regions; i++) {
      const size_t at = p * a->regions + i;
      const struct {
        const char *quantity, *unit;
        double value;
      } record[] = {{"share", "1", a->share[at]},
                    {"allowance", "Mt", a->allowance[at]},
                    {"baseline", "Mt", a->baseline[at]},
                    {"transfer", "Mt", a->transfer[at]},
                    {"value", "1e8 CNY", mt_cny * s->price * a->transfer[at]},
                    {"intensity_change", "1", s->intensity != NULL ? s->intensity[at] : (double)NAN}};
      for (size_t k = 0; k < sizeof record / sizeof *record; k++) {
        if (isnan(record[k].value)) continue;
        tanlu_analysis_csv(&view, region->code[i], region->name[i], s->rule, record[k].quantity, record[k].unit,
                           record[k].value);
      }
    }
  }
}

/* ---- one rule ------------------------------------------------------------------------------------------------------------- */

static void period_columns(tanlu_table *table, const tanlu_share_view *s, const char *unit) {
  char heading[48];
  for (size_t p = 0; p < s->allowances->periods; p++) {
    const tanlu_allowance_period *period = &s->allowances->period[p];
    put_span(s->intensity != NULL ? period->to : period->from, period->to, unit, heading, sizeof heading);
    tanlu_table_column(table, heading, TANLU_RIGHT);
  }
}

static void allowance_rows(tanlu_table *table, const tanlu_share_view *s) {
  const tanlu_region_allowances *a = s->allowances;
  static const double rounding = 1e-9; /* of what is shared */
  double moved = 0.0, total = 0.0, sum = 0.0;
  for (size_t p = 0; p < a->periods; p++) total += a->period[p].total;
  for (size_t i = 0; i <= a->regions; i++) {
    const bool all = i == a->regions;
    const double transfer = !all ? sum_periods(s, a->transfer, i) : fabs(sum) <= rounding * total ? 0.0 : sum;
    sum += transfer;
    tanlu_table_text(table, all ? "all" : s->regions->label.name[i]);
    tanlu_table_number(table, 100.0 * (all ? 1.0 : s->historic[i]), 2);
    tanlu_table_number(table, 100.0 * (all ? 1.0 : a->share[(a->periods - 1) * a->regions + i]), 2);
    for (size_t p = 0; p < a->periods; p++) {
      tanlu_table_number(table, all ? a->period[p].total : a->allowance[p * a->regions + i], 1);
    }
    tanlu_table_number(table, transfer, 1);
    if (!isnan(s->price)) tanlu_table_number(table, mt_cny * s->price * transfer, 1);
    if (transfer > 0.0) moved += transfer;
  }
  const int from = a->period[0].from, to = a->period[a->periods - 1].to;
  (void)fprintf(s->view->out, "'%s' moves %.1f Mt between regions in %d to %d", s->rule, moved, from, to);
  if (!isnan(s->price)) (void)fprintf(s->view->out, ", worth %.1f x 1e8 CNY", mt_cny * s->price * moved);
  (void)fprintf(s->view->out, ".\n\n");
}

static void intensity_rows(tanlu_table *table, const tanlu_share_view *s) {
  const tanlu_region_allowances *a = s->allowances;
  for (size_t i = 0; i <= a->regions; i++) {
    const bool all = i == a->regions;
    tanlu_table_text(table, all ? "all" : s->regions->label.name[i]);
    for (size_t p = 0; p < a->periods; p++) {
      tanlu_table_number(table, 100.0 * (all ? s->nation[p] : s->intensity[p * a->regions + i]), 1);
    }
  }
}

tanlu_status tanlu_share_print(const tanlu_share_view *share, tanlu_context *context) {
  const tanlu_share_view *s = share;
  const bool intensity = s->intensity != NULL;
  put_csv(s);
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, intensity ? "CO2 per GDP against the base year" : "allowances", TANLU_LEFT);
  if (!intensity) tanlu_table_column(table, "base year, %", TANLU_RIGHT);
  if (!intensity) tanlu_table_column(table, "shares, %", TANLU_RIGHT);
  period_columns(table, s, intensity ? ", %" : ", Mt");
  if (!intensity) tanlu_table_column(table, "transfer, Mt", TANLU_RIGHT);
  if (!intensity && !isnan(s->price)) tanlu_table_column(table, "worth, 1e8 CNY", TANLU_RIGHT);
  if (intensity) {
    intensity_rows(table, s);
  } else {
    allowance_rows(table, s);
  }
  const tanlu_status status = tanlu_table_print(table, s->view->out, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- several rules -------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_share_compare(const tanlu_share_view *share, size_t count, tanlu_context *context) {
  const tanlu_region_allowances *first = share[0].allowances;
  const double years = first->period[first->periods - 1].to - first->period[0].from + 1;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "transfer, Mt a year", TANLU_LEFT);
  tanlu_table_column(table, "historic: baseline", TANLU_RIGHT);
  for (size_t k = 0; k < count; k++) {
    put_csv(&share[k]);
    if (k > 0) tanlu_table_column(table, share[k].rule, TANLU_RIGHT);
  }
  for (size_t i = 0; i <= first->regions; i++) {
    const bool last = i == first->regions; /* what is moved, of all */
    double all = 0.0;
    for (size_t r = 0; r < first->regions; r++) all += sum_periods(&share[0], first->baseline, r) / years;
    tanlu_table_text(table, last ? "moved in all" : share[0].regions->label.name[i]);
    tanlu_table_number(table, last ? all : sum_periods(&share[0], first->baseline, i) / years, 1);
    for (size_t k = 1; k < count; k++) {
      double value = last ? 0.0 : sum_periods(&share[k], share[k].allowances->transfer, i) / years;
      for (size_t r = 0; last && r < first->regions; r++) {
        value += fmax(0.0, sum_periods(&share[k], share[k].allowances->transfer, r)) / years;
      }
      tanlu_table_number(table, value, 1);
    }
  }
  const tanlu_status status = tanlu_table_print(table, share[0].view->out, context);
  tanlu_table_free(&table);
  return status;
}
