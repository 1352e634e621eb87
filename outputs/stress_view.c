#include "outputs/stress_view.h"

#include <math.h>
#include <stdlib.h>

#include "solvers/memory.h"

/* from 10^4 CNY and t */
static const double money = 1e-4 /* 1e8 CNY */, yuan = 1e4, mt = 1e-6, percent = 100.0;
static const char money_unit[] = "1e8 CNY_2020", percent_unit[] = "%";

static double over(double part, double whole) {
  return whole != 0.0 ? part / whole : (double)NAN;
}

/* ---- years side by side ------------------------------------------------------------------------------------------------------ */

typedef struct {
  tanlu_year_table *table;
  tanlu_status status;
  tanlu_context *context;
} writer;

static void put(writer *w, const char *code, const char *name, const char *unit, int decimals, bool apart,
                double value) {
  const tanlu_year_row row = {
      .code = code, .name = name, .quantity = "at_risk", .unit = unit, .decimals = decimals, .apart = apart};
  if (w->status == TANLU_OK) w->status = tanlu_year_table_put(w->table, &row, value, w->context);
}

static double losses(const double *risk, size_t n) {
  double sum = 0.0;
  for (size_t j = 0; j < n; j++) sum += risk[j] > 0.0 ? risk[j] : 0.0;
  return sum;
}

tanlu_status tanlu_stress_add(tanlu_year_table *table, const tanlu_stress *stress, int year, double price, double gdp,
                              tanlu_context *context) {
  const tanlu_stress *s = stress;
  writer w = {.table = table, .context = context};
  w.status = tanlu_year_table_year(table, year, context);
  const double lost = losses(s->risk[TANLU_STRESS_VALUE_ADDED], s->n), exposed = losses(s->exposure, s->n);
  put(&w, "price", "Price of CO2", "CNY_2020/t", 0, false, yuan * price);
  put(&w, "gross_output", "Output", money_unit, 0, price > 0.0, money * s->sum[TANLU_STRESS_OUTPUT]);
  put(&w, "gross_output_lost", "  of sectors that lose", money_unit, 0, false,
      money * losses(s->risk[TANLU_STRESS_OUTPUT], s->n));
  put(&w, "value_added", "Value added (GDP)", money_unit, 0, false, money * s->sum[TANLU_STRESS_VALUE_ADDED]);
  put(&w, "value_added_lost", "  of sectors that lose", money_unit, 0, false, money * lost);
  put(&w, "value_added_lost_share", "  of GDP", percent_unit, 2, false, percent * over(lost, gdp));
  put(&w, "carbon_cost", "Cost of CO2, all sectors", money_unit, 0, false, money * s->sum[TANLU_STRESS_COST]);
  put(&w, "carbon_cost_share", "  of GDP", percent_unit, 2, false, percent * over(s->sum[TANLU_STRESS_COST], gdp));
  put(&w, "exposure", "Value added and cost, sectors that lose", money_unit, 0, false, money * exposed);
  put(&w, "exposure_share", "  of GDP", percent_unit, 2, false, percent * over(exposed, gdp));
  put(&w, "co2", "CO2 of sectors", "Mt", 1, true, mt * s->sum[TANLU_STRESS_CO2]);
  put(&w, "household_co2", "CO2 of households", "Mt", 1, false, mt * s->household_co2);
  return w.status;
}

/* ---- sectors ----------------------------------------------------------------------------------------------------------------- */

enum { EXPOSURE, EXPOSURE_SHARE, VALUE_ADDED, OUTPUT, OUTPUT_SHARE, COST, COST_RISE, CO2, COLUMNS };

/* Numbers of the members by column; key: exposure, NaN (the end of the table) where nothing is at risk. */
static void fill(const tanlu_analysis_view *view, const tanlu_stress *s, double *const value[COLUMNS], double *key,
                 double *work) {
  const size_t members = view->member->count;
  double *produced = work, *earned = work + members, *remaining = work + 2 * members;
  tanlu_analysis_sum(view, money, s->exposure, value[EXPOSURE]);
  tanlu_analysis_sum(view, money, s->risk[TANLU_STRESS_VALUE_ADDED], value[VALUE_ADDED]);
  tanlu_analysis_sum(view, money, s->risk[TANLU_STRESS_OUTPUT], value[OUTPUT]);
  tanlu_analysis_sum(view, money, s->risk[TANLU_STRESS_COST], value[COST]);
  tanlu_analysis_sum(view, money, s->risk[TANLU_STRESS_COST_RISE], value[COST_RISE]);
  tanlu_analysis_sum(view, mt, s->risk[TANLU_STRESS_CO2], value[CO2]);
  tanlu_analysis_sum(view, money, s->baseline[TANLU_STRESS_OUTPUT], produced);
  tanlu_analysis_sum(view, money, s->baseline[TANLU_STRESS_VALUE_ADDED], earned);
  for (size_t i = 0; i < members; i++) {
    remaining[i] = produced[i] - value[OUTPUT][i];
    value[EXPOSURE_SHARE][i] = percent * over(value[EXPOSURE][i], earned[i]);
    value[OUTPUT_SHARE][i] = percent * over(value[OUTPUT][i], produced[i]);
    value[COST_RISE][i] = percent * over(value[COST_RISE][i], remaining[i]);
    key[i] = value[EXPOSURE][i] > 0.0 ? value[EXPOSURE][i] : (double)NAN;
  }
}

/* One line under the table, and records of CSV. */
static void print_sums(const tanlu_analysis_view *view, const tanlu_stress *s) {
  const struct {
    const char *name, *quantity, *unit;
    double value;
  } each[] = {
      {"value added", "value_added_at_risk", money_unit, money * s->sum[TANLU_STRESS_VALUE_ADDED]},
      {"output", "gross_output_at_risk", money_unit, money * s->sum[TANLU_STRESS_OUTPUT]},
      {"cost", "carbon_cost_at_risk", money_unit, money * s->sum[TANLU_STRESS_COST]},
      {"CO2", "co2_at_risk", "Mt", mt * s->sum[TANLU_STRESS_CO2]},
  };
  for (size_t k = 0; k < sizeof each / sizeof *each; k++) {
    const double shown = fabs(each[k].value) < 0.05 ? 0.0 : each[k].value; /* no -0.0 */
    (void)fprintf(view->out, "%s%s %.1f %s", k == 0 ? "All sectors: " : ", ", each[k].name, shown, each[k].unit);
    tanlu_analysis_csv(view, "all", "all", "", each[k].quantity, each[k].unit, each[k].value);
  }
  (void)fprintf(view->out, "; households: CO2 %.1f Mt\n", mt * s->household_co2);
  tanlu_analysis_csv(view, "households", "households", "", "co2_at_risk", "Mt", mt * s->household_co2);
}

tanlu_status tanlu_stress_print(const tanlu_analysis_view *view, const char *title, const tanlu_stress *stress,
                                tanlu_context *context) {
  const size_t members = view->member->count;
  double *number = tanlu_allocate_doubles(context, members, COLUMNS),
         *work = tanlu_allocate_doubles(context, members, 4);
  tanlu_status status = number != NULL && work != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    double *value[COLUMNS], *key = work + 3 * members;
    for (size_t c = 0; c < COLUMNS; c++) value[c] = number + c * members;
    fill(view, stress, value, key, work);
    bool charged = false;
    for (size_t i = 0; i < members; i++) charged = charged || value[COST][i] != 0.0;
    const tanlu_analysis_column column[COLUMNS] = {
        {"exposure, 1e8 CNY", "", "exposure", money_unit, 0, value[EXPOSURE], NULL},
        {"of value added, %", "", "exposure_share", percent_unit, 1, value[EXPOSURE_SHARE], NULL},
        {"value added", "", "value_added_at_risk", money_unit, 0, value[VALUE_ADDED], NULL},
        {"output", "", "gross_output_at_risk", money_unit, 0, value[OUTPUT], NULL},
        {"output, %", "", "gross_output_at_risk_share", percent_unit, 1, value[OUTPUT_SHARE], NULL},
        {charged ? "cost of CO2" : NULL, "", "carbon_cost_at_risk", money_unit, 0, value[COST], NULL},
        {charged ? "unit cost, %" : NULL, "", "unit_cost_rise", percent_unit, 1, value[COST_RISE], NULL},
        {"CO2, Mt", "", "co2_at_risk", "Mt", 1, value[CO2], NULL},
    };
    status =
        tanlu_analysis_print(view, title, view->member_of != NULL ? "group" : "sector", key, column, COLUMNS, context);
  }
  if (status == TANLU_OK) print_sums(view, stress);
  free(number);
  free(work);
  return status;
}
