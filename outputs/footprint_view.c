/* Footprints and scopes as tables. */
#include "outputs/footprint_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/table.h"
#include "solvers/memory.h"

static const double mt = 1e-6; /* Mt per t */

static const char mt_unit[] = "Mt", intensity_unit[] = "t/1e4 CNY_2020";

/* ---- years side by side ------------------------------------------------------------------------------------------------ */

/* What every column of final demand causes at home, households with what they emit themselves. */
static tanlu_status add_categories(tanlu_year_table *table, const tanlu_footprint *f, const tanlu_solved_accounts *a,
                                   tanlu_context *context) {
  const tanlu_labels *category = &a->dataset->accounts.category;
  tanlu_status status = TANLU_OK;
  for (size_t c = 0; c < f->columns && status == TANLU_OK; c++) {
    const bool demand = c < category->count;
    const size_t h = f->household[c];
    const double own = h != TANLU_NONE ? f->household_direct[h] : 0.0;
    tanlu_year_row row = {.code = demand ? category->code[c] : "discrepancy",
                          .name = demand ? category->name[c] : "Discrepancy of the table",
                          .quantity = "co2",
                          .unit = mt_unit,
                          .decimals = 1};
    status = tanlu_year_table_put(table, &row, mt * (f->home_sum[c] + own), context);
    if (h == TANLU_NONE || status != TANLU_OK) continue;
    char direct[64];
    (void)snprintf(direct, sizeof direct, "%s_direct", row.code);
    row.code = direct;
    row.name = "  of which direct";
    status = tanlu_year_table_put(table, &row, mt * own, context);
  }
  return status;
}

static double per_head(double tonnes, double persons) {
  return persons > 0.0 ? tonnes / persons : (double)NAN;
}

/* What a kind of household causes at home and abroad and emits itself, t per head. */
static double household_per_head(const tanlu_footprint *f, size_t kind, double persons) {
  double sum = f->household_direct[kind];
  for (size_t c = 0; c < f->columns; c++) {
    if (f->household[c] == kind) sum += f->home_sum[c] + f->abroad_sum[c];
  }
  return per_head(sum, persons);
}

tanlu_status tanlu_footprint_add(tanlu_year_table *table, const tanlu_footprint *footprint,
                                 const tanlu_solved_accounts *accounts, tanlu_context *context) {
  const tanlu_footprint *f = footprint;
  const double urban = accounts->urban_population, rural = accounts->population - urban;
  static const char head[] = "t per head";
  tanlu_status status = tanlu_year_table_year(table, accounts->year, context);
  if (status == TANLU_OK) status = add_categories(table, f, accounts, context);
  const struct {
    const char *code, *name, *unit;
    double value;
    bool apart;
  } rest[] = {
      {"territorial", "Territorial CO2", mt_unit, mt * f->territorial, false},
      {"avoided_by_imports", "+ avoided by imports", mt_unit, mt * f->avoided, true},
      {"exports_with_imports", "- in exports, with imported inputs", mt_unit, mt * f->exports, false},
      {"consumption", "Consumption-based CO2", mt_unit, mt * f->consumption, false},
      {"territorial_per_head", "Territorial CO2", head, per_head(f->territorial, accounts->population), true},
      {"consumption_per_head", "Consumption-based CO2", head, per_head(f->consumption, accounts->population), false},
      {"rural_per_head", "Rural households, with imports", head, household_per_head(f, TANLU_RURAL, rural), false},
      {"urban_per_head", "Urban households, with imports", head, household_per_head(f, TANLU_URBAN, urban), false},
  };
  for (size_t i = 0; i < sizeof rest / sizeof *rest && status == TANLU_OK; i++) {
    const tanlu_year_row row = {.code = rest[i].code,
                                .name = rest[i].name,
                                .quantity = "co2",
                                .unit = rest[i].unit,
                                .decimals = rest[i].unit == mt_unit ? 1 : 2,
                                .apart = rest[i].apart};
    status = tanlu_year_table_put(table, &row, rest[i].value, context);
  }
  return status;
}

/* ---- products and scopes of a year ------------------------------------------------------------------------------------- */

enum { ROLES = 6, PRODUCT_COLUMNS = 3 + ROLES + 2 };

/* Columns of the screen: categories of one role together. */
static size_t slot_of(const tanlu_footprint *f, const tanlu_accounts *a, size_t column) {
  if (column >= a->category.count) return ROLES - 1;
  if (f->household[column] != TANLU_NONE) return 0;
  switch (a->role[column]) {
  case TANLU_ROLE_GOVERNMENT:
    return 1;
  case TANLU_ROLE_FIXED_CAPITAL:
    return 2;
  case TANLU_ROLE_INVENTORIES:
    return 3;
  case TANLU_ROLE_EXPORTS:
    return 4;
  default:
    return ROLES - 1;
  }
}

/* Sums by member of a ratio's parts: CO2 over output. */
static void intensity(const tanlu_analysis_view *view, const double *per_output, const double *output, double *work,
                      double *produced, double *by_member) {
  for (size_t j = 0; j < view->sectors; j++) work[j] = per_output[j] * output[j];
  tanlu_analysis_sum(view, 1.0, work, by_member);
  tanlu_analysis_sum(view, 1.0, output, produced);
  for (size_t i = 0; i < view->member->count; i++)
    by_member[i] = produced[i] > 0.0 ? by_member[i] / produced[i] : (double)NAN;
}

/* Every category by itself, at home and abroad, by product and by emitting sector. */
static void products_csv(const tanlu_analysis_view *view, const tanlu_footprint *f, const tanlu_accounts *a,
                         double *by_member) {
  const struct {
    const double *value;
    const char *quantity;
  } each[] = {{f->home, "home_by_product"}, {f->abroad, "avoided_by_product"}, {f->emitter, "home_by_emitter"}};
  for (size_t e = 0; view->csv != NULL && e < sizeof each / sizeof *each; e++) {
    for (size_t c = 0; c < f->columns; c++) {
      tanlu_analysis_sum(view, mt, each[e].value + c * f->n, by_member);
      for (size_t i = 0; i < view->member->count; i++) {
        tanlu_analysis_csv(view, view->member->code[i], view->member->name[i],
                           c < a->category.count ? a->category.code[c] : "discrepancy", each[e].quantity, mt_unit,
                           by_member[i]);
      }
    }
  }
}

tanlu_status tanlu_footprint_products_print(const tanlu_analysis_view *view, const tanlu_footprint *footprint,
                                            const tanlu_solved_accounts *accounts, tanlu_context *context) {
  static const char *const heading[ROLES] = {"households",  "government", "fixed capital",
                                             "inventories", "exports",    "other"};
  const tanlu_footprint *f = footprint;
  const tanlu_accounts *a = &accounts->dataset->accounts;
  const size_t members = view->member->count, n = f->n;
  double *value = tanlu_allocate_doubles(context, members, PRODUCT_COLUMNS),
         *work = tanlu_allocate_doubles(context, n, 2);
  tanlu_status status = value != NULL && work != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    double *all = value + (2 + ROLES) * members, *abroad = all + members, *of_column = abroad + members;
    intensity(view, f->direct, accounts->output, work, work + n, value);
    intensity(view, f->total, accounts->output, work, work + n, value + members);
    for (size_t c = 0; c < f->columns; c++) {
      double *slot = value + (2 + slot_of(f, a, c)) * members;
      tanlu_analysis_sum(view, mt, f->home + c * n, of_column);
      for (size_t i = 0; i < members; i++) {
        slot[i] += of_column[i];
        all[i] += of_column[i];
      }
      tanlu_analysis_sum(view, mt, f->abroad + c * n, of_column);
      for (size_t i = 0; i < members; i++) abroad[i] += of_column[i];
    }
    tanlu_analysis_column column[PRODUCT_COLUMNS] = {
        {"direct, t/1e4 CNY", "", "direct_intensity", intensity_unit, 3, value, NULL},
        {"with inputs", "", "total_intensity", intensity_unit, 3, value + members, NULL}};
    size_t columns = 2;
    for (size_t r = 0; r < ROLES; r++) {
      bool any = false;
      for (size_t i = 0; i < members; i++) any = any || value[(2 + r) * members + i] != 0.0;
      if (any)
        column[columns++] = (tanlu_analysis_column){heading[r], NULL, NULL, NULL, 1, value + (2 + r) * members, NULL};
    }
    column[columns++] = (tanlu_analysis_column){"all at home", "", "home", mt_unit, 1, all, NULL};
    column[columns++] = (tanlu_analysis_column){"avoided by imports", "", "avoided", mt_unit, 1, abroad, NULL};
    char title[160];
    (void)snprintf(title, sizeof title, "CO2 at home by product bought, %d, Mt", view->year);
    status = tanlu_analysis_print(view, title, "product", all, column, columns, context);
    products_csv(view, f, a, of_column);
  }
  free(value);
  free(work);
  return status;
}

tanlu_status tanlu_scopes_print(const tanlu_analysis_view *view, const tanlu_footprint *footprint,
                                const tanlu_solved_accounts *accounts, tanlu_context *context) {
  enum { SCOPES = 3, COLUMNS = 2 * (SCOPES + 1) };
  static const char *const quantity[COLUMNS] = {
      "scope1",           "scope2",           "scope3",           "total",
      "scope1_intensity", "scope2_intensity", "scope3_intensity", "total_intensity"};
  static const char *const heading[COLUMNS] = {"scope 1, Mt",  "scope 2, Mt", "scope 3, Mt", "all, Mt",
                                               "1, t/1e4 CNY", "2",           "3",           "all"};
  const tanlu_footprint *f = footprint;
  const double *const scope[SCOPES + 1] = {f->direct, f->scope2, f->scope3, f->total};
  const size_t members = view->member->count, n = f->n;
  double *value = tanlu_allocate_doubles(context, members, COLUMNS), *work = tanlu_allocate_doubles(context, n, 2);
  tanlu_status status = value != NULL && work != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    tanlu_analysis_column column[COLUMNS];
    for (size_t k = 0; k < COLUMNS; k++) {
      const bool ratio = k > SCOPES;
      double *own = value + k * members;
      if (ratio) {
        intensity(view, scope[k - SCOPES - 1], accounts->output, work, work + n, own);
      } else {
        for (size_t j = 0; j < n; j++) work[j] = scope[k][j] * accounts->output[j];
        tanlu_analysis_sum(view, mt, work, own);
      }
      column[k] = (tanlu_analysis_column){heading[k],    "",  quantity[k], ratio ? intensity_unit : mt_unit,
                                          ratio ? 3 : 1, own, NULL};
    }
    char title[160];
    (void)snprintf(title, sizeof title, "CO2 by scope, %d; scopes 2 and 3 do not add up over sectors", view->year);
    status = tanlu_analysis_print(view, title, "sector", value + SCOPES * members, column, COLUMNS, context);
  }
  free(value);
  free(work);
  return status;
}
