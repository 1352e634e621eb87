#include "outputs/price_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* from 10^4 CNY and t */
static const double money = 1e-4 /* 1e8 CNY */, yuan = 1e4, mt = 1e-6, percent = 100.0;
static const char money_unit[] = "1e8 CNY_2020", percent_unit[] = "%";

/* ---- revenue and costs, years side by side ----------------------------------------------------------------------------------- */

typedef struct {
  tanlu_year_table *table;
  tanlu_status status;
  tanlu_context *context;
} writer;

static void put(writer *w, const char *code, const char *name, const char *unit, int decimals, bool apart,
                double value) {
  const tanlu_year_row row = {
      .code = code, .name = name, .quantity = "carbon_price", .unit = unit, .decimals = decimals, .apart = apart};
  if (w->status == TANLU_OK) w->status = tanlu_year_table_put(w->table, &row, value, w->context);
}

static double over(double part, double whole) {
  return whole > 0.0 ? part / whole : (double)NAN;
}

/* Costs of a category: in money, and against what it buys. Households with what they emit themselves, and per head. */
static void put_category(writer *w, const tanlu_prices *p, const tanlu_solved_accounts *a, size_t k, bool apart) {
  const tanlu_accounts *books = &a->dataset->accounts;
  const bool urban = books->role[k] == TANLU_ROLE_URBAN, household = urban || books->role[k] == TANLU_ROLE_RURAL;
  const double own = household ? p->household_direct[urban ? TANLU_URBAN : TANLU_RURAL] : 0.0;
  const double persons = urban ? a->urban_population : a->population - a->urban_population;
  double spent = 0.0;
  for (size_t i = 0; i < a->n; i++) spent += a->final_use[k * a->n + i];
  char code[96];
  put(w, books->category.code[k], books->category.name[k], money_unit, 1, apart, money * (p->category[k] + own));
  if (household) {
    (void)snprintf(code, sizeof code, "%s_direct", books->category.code[k]);
    put(w, code, "  of which for their own emissions", money_unit, 1, false, money * own);
    (void)snprintf(code, sizeof code, "%s_per_head", books->category.code[k]);
    put(w, code, "  per head", "CNY_2020", 1, false, over(yuan * (p->category[k] + own), persons));
  }
  if (books->role[k] == TANLU_ROLE_INVENTORIES) return;
  (void)snprintf(code, sizeof code, "%s_share", books->category.code[k]);
  put(w, code, "  of its value", percent_unit, 2, false, percent * over(p->category[k] + own, spent));
}

tanlu_status tanlu_prices_add(tanlu_year_table *table, const tanlu_prices *prices,
                              const tanlu_solved_accounts *accounts, double price, tanlu_context *context) {
  const tanlu_prices *p = prices;
  const tanlu_solved_accounts *a = accounts;
  writer w = {.table = table, .context = context};
  w.status = tanlu_year_table_year(table, a->year, context);
  double all = 0.0;
  for (size_t j = 0; j < a->n; j++) all += a->co2[j];
  for (size_t h = 0; h < TANLU_HOUSEHOLDS; h++) all += a->household_co2[h];
  put(&w, "price", "Price of CO2", "CNY_2020/t", 1, false, price);
  put(&w, "covered_co2", "CO2 it is paid for", "Mt", 1, false, mt * p->covered_co2);
  put(&w, "covered_share", "  of all CO2", percent_unit, 1, false, percent * over(p->covered_co2, all));
  put(&w, "revenue", "Revenue", money_unit, 1, true, money * p->revenue);
  put(&w, "revenue_border", "  of which at the border", money_unit, 1, false, money * p->border_revenue);
  put(&w, "revenue_gdp", "  of GDP", percent_unit, 2, false, percent * over(p->revenue, a->gdp));
  for (size_t k = 0; k < p->categories; k++) put_category(&w, p, a, k, k == 0);
  put(&w, "absorbed", "Producers, out of their surplus", money_unit, 1, false, money * p->absorbed_sum);
  return w.status;
}

/* ---- prices by product ------------------------------------------------------------------------------------------------------- */

/* Means of a ratio over the sectors of every member, weighted by output. */
static void mean(const tanlu_analysis_view *view, const double *ratio, const double *output, double *work,
                 double *by_member) {
  const size_t n = view->sectors, members = view->member->count;
  double *produced = work + n;
  for (size_t j = 0; j < n; j++) work[j] = percent * ratio[j] * output[j];
  tanlu_analysis_sum(view, 1.0, work, by_member);
  tanlu_analysis_sum(view, 1.0, output, produced);
  for (size_t i = 0; i < members; i++) by_member[i] = over(by_member[i], produced[i]);
}

tanlu_status tanlu_prices_print(const tanlu_analysis_view *view, const tanlu_prices *prices,
                                const tanlu_solved_accounts *accounts, tanlu_context *context) {
  enum { COLUMNS = 6 };
  const tanlu_prices *p = prices;
  const tanlu_solved_accounts *a = accounts;
  const size_t members = view->member->count;
  double *value = tanlu_allocate_doubles(context, members, COLUMNS),
         *work = tanlu_allocate_doubles(context, a->n + members, 1);
  tanlu_status status = value != NULL && work != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    double *const column_of[COLUMNS] = {
        value, value + members, value + 2 * members, value + 3 * members, value + 4 * members, value + 5 * members};
    mean(view, p->change, a->output, work, column_of[0]);
    mean(view, p->direct, a->output, work, column_of[1]);
    mean(view, p->import_change, a->imports, work, column_of[2]);
    tanlu_analysis_sum(view, money, a->output, column_of[3]);
    tanlu_analysis_sum(view, mt, a->co2, column_of[4]);
    tanlu_analysis_sum(view, money, p->absorbed, column_of[5]);
    const bool border = p->border_revenue > 0.0, absorbed = p->absorbed_sum > 0.0;
    const tanlu_analysis_column column[COLUMNS] = {
        {"price, %", "", "price_change", percent_unit, 2, column_of[0], NULL},
        {"own CO2, %", "", "own_cost", percent_unit, 2, column_of[1], NULL},
        {border ? "imports, %" : NULL, "", "import_price_change", percent_unit, 2, column_of[2], NULL},
        {"output, 1e8 CNY", "", "gross_output", money_unit, 0, column_of[3], NULL},
        {"CO2, Mt", "", "co2", "Mt", 1, column_of[4], NULL},
        {absorbed ? "absorbed, 1e8 CNY" : NULL, "", "absorbed", money_unit, 1, column_of[5], NULL},
    };
    char title[160];
    (void)snprintf(title, sizeof title, "Prices of domestic products, %d, change by the price of CO2", view->year);
    status = tanlu_analysis_print(view, title, "product", column_of[0], column, COLUMNS, context);
  }
  free(value);
  free(work);
  return status;
}

/* ---- shocks ------------------------------------------------------------------------------------------------------------------ */

static double sum(const double *value, size_t count) {
  double all = 0.0;
  for (size_t i = 0; i < count; i++) all += value[i];
  return all;
}

tanlu_status tanlu_shock_print(const tanlu_analysis_view *view, const char *title, const tanlu_shock *shock,
                               const tanlu_solved_accounts *accounts, tanlu_context *context) {
  enum { LOSSES = 4, COLUMNS = LOSSES + 1 };
  const tanlu_shock *s = shock;
  const tanlu_solved_accounts *a = accounts;
  const size_t members = view->member->count;
  const struct {
    const char *heading, *quantity, *unit, *name;
    const double *loss, *all;
    double factor;
    int decimals;
  } each[LOSSES] = {
      {"output, 1e8 CNY", "gross_output_lost", money_unit, "output", s->output, a->output, money, 1},
      {"value added, 1e8 CNY", "value_added_lost", money_unit, "value added", s->value_added, a->value_added, money, 1},
      {"CO2, Mt", "co2_lost", "Mt", "CO2", s->co2, a->co2, mt, 1},
      {"persons, 1e4", "employment_lost", "1e4 persons", "employment", s->employment, a->employment, 1e-4, 1},
  };
  double *value = tanlu_allocate_doubles(context, members, COLUMNS), *produced = NULL;
  if (value == NULL) return TANLU_ERR_MEMORY;
  produced = tanlu_allocate_doubles(context, members, 1);
  tanlu_status status = produced != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    tanlu_analysis_column column[COLUMNS];
    tanlu_analysis_sum(view, money, a->output, produced);
    size_t columns = 1;
    for (size_t k = 0; k < LOSSES; k++) {
      double *own = value + columns * members;
      if (each[k].all == NULL) continue;
      tanlu_analysis_sum(view, each[k].factor, each[k].loss, own);
      column[columns++] =
          (tanlu_analysis_column){each[k].heading, "", each[k].quantity, each[k].unit, each[k].decimals, own, NULL};
    }
    for (size_t i = 0; i < members; i++) value[i] = percent * over(value[members + i], produced[i]);
    column[0] = (tanlu_analysis_column){"of output, %", "", "output_lost_share", percent_unit, 2, value, NULL};
    status = tanlu_analysis_print(view, title, "lost by", value + members, column, columns, context);
  }
  for (size_t k = 0; status == TANLU_OK && k < LOSSES; k++) {
    if (each[k].all == NULL) continue;
    const double lost = sum(each[k].loss, s->n), all = sum(each[k].all, s->n);
    (void)fprintf(view->out, "%s%s %.*f %s (%.2f %%)", k == 0 ? "In all " : ", ", each[k].name, each[k].decimals,
                  each[k].factor * lost, each[k].unit, percent * over(lost, all));
    tanlu_analysis_csv(view, "all", "all", "", each[k].quantity, each[k].unit, each[k].factor * lost);
  }
  if (status == TANLU_OK) (void)fputc('\n', view->out);
  free(value);
  free(produced);
  return status;
}
