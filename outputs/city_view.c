/* City accounts of outputs/pilot_view.h. */
#include <math.h>
#include <stdlib.h>

#include "outputs/pilot_view.h"
#include "outputs/table.h"
#include "solvers/memory.h"

static const double percent = 100.0, t_of_mt = 1e2;
enum { TOP_SECTORS = 12 };

static bool is_shown(const tanlu_pilot_view *v, size_t i) {
  return (v->only == TANLU_NONE || v->only == i) && v->accounts->region[i] != TANLU_NONE;
}

static void put_account(const tanlu_pilot_view *v, tanlu_table *table, size_t i) {
  const tanlu_city_account *a = &v->accounts->account[i];
  const tanlu_pilot *pilot = &v->pilots->pilot[i];
  const size_t t = v->accounts->year;
  const tanlu_pilot_path path = tanlu_pilot_path_of(v->pilots, i, v->goals, v->files);
  const double central = a->co2[TANLU_CITY_BY_INDUSTRY], allowed = tanlu_pilot_path_co2(&path, t);
  tanlu_table_text(table, v->pilots->label.name[i]);
  tanlu_table_text(table, v->provinces->region.name[v->accounts->region[i]]);
  for (size_t k = 0; k < TANLU_PILOT_INDUSTRIES; k++) tanlu_table_number(table, a->industry[k], 1);
  tanlu_table_number(table, a->households, 1);
  for (size_t k = 0; k < TANLU_CITY_PROXIES; k++) tanlu_table_number(table, a->co2[k], 1);
  tanlu_table_number(table, percent * (a->high - a->low) / central, 0);
  tanlu_table_number(table, t_of_mt * central / pilot->state[t].population, 1);
  for (int b = 0; b < TANLU_PILOT_INVENTORIES; b++) {
    tanlu_table_number(table, tanlu_pilot_co2(pilot, b == 0 ? TANLU_BASIS_DOCUMENT : TANLU_BASIS_CEADS) * allowed, 1);
  }
}

static tanlu_status print_accounts(const tanlu_pilot_view *v, FILE *out, tanlu_context *context) {
  static const char *const heading[] = {"pilot",      "province",       "primary",    "secondary", "tertiary",
                                        "households", "by industry",    "by GDP",     "by people", "spread, %",
                                        "t per head", "goal, document", "goal, CEADs"};
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  (void)fprintf(
      out,
      "\nAccounts of CO2 in %d, Mt, downscaled from regions of %s: by value added of the industry of each sector\n"
      "(households by population), and in all by GDP or by population. The spread of the three, as part of the\n"
      "first, is what is not known; a province or municipality is a region itself. Beside them the CO2 that goals\n"
      "allowed, from 2010 of the document and of CEADs: other boundaries, not to be judged by these accounts\n\n",
      v->provinces->base_year, v->provinces->name);
  for (size_t k = 0; k < sizeof heading / sizeof *heading; k++) {
    tanlu_table_column(table, heading[k], k < 2 ? TANLU_LEFT : TANLU_RIGHT);
  }
  for (size_t i = 0; i < v->pilots->label.count; i++) {
    if (is_shown(v, i)) put_account(v, table, i);
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- sectors of one pilot ------------------------------------------------------------------------------------------------- */

/* The largest sectors first; a few, so plain selection does. */
static size_t largest(const double *value, size_t count, const bool *taken) {
  size_t best = TANLU_NONE;
  for (size_t s = 0; s < count; s++) {
    if (!taken[s] && value[s] > 0.0 && (best == TANLU_NONE || value[s] > value[best])) best = s;
  }
  return best;
}

static tanlu_status print_sectors(const tanlu_pilot_view *v, FILE *out, tanlu_context *context) {
  const tanlu_provinces *p = v->provinces;
  const double *value = v->accounts->sector + v->only * p->sector.count;
  bool *taken = tanlu_allocate(context, p->sector.count, sizeof *taken);
  tanlu_table *table = tanlu_table_create(context);
  tanlu_status status = taken != NULL && table != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    (void)fprintf(out, "\nLargest sectors of the account of %s by industry, Mt, and what the province has\n\n",
                  v->pilots->label.name[v->only]);
    tanlu_table_column(table, "sector of the province", TANLU_LEFT);
    tanlu_table_column(table, "city", TANLU_RIGHT);
    tanlu_table_column(table, "province", TANLU_RIGHT);
  }
  for (size_t k = 0; status == TANLU_OK && k < TOP_SECTORS; k++) {
    const size_t s = largest(value, p->sector.count, taken);
    if (s == TANLU_NONE) break;
    taken[s] = true;
    tanlu_table_text(table, p->sector.name[s]);
    tanlu_table_number(table, value[s], 2);
    tanlu_table_number(table, p->co2[s], 2);
  }
  if (status == TANLU_OK) status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  free(taken);
  return status;
}

tanlu_status tanlu_city_print(const tanlu_pilot_view *v, FILE *out, tanlu_context *context) {
  if (v->only != TANLU_NONE && !is_shown(v, v->only)) return TANLU_OK; /* the nation */
  const tanlu_status status = print_accounts(v, out, context);
  return status == TANLU_OK && v->only != TANLU_NONE ? print_sectors(v, out, context) : status;
}

/* ---- CSV ------------------------------------------------------------------------------------------------------------------- */

void tanlu_city_write(const tanlu_pilot_view *v, FILE *csv) {
  const tanlu_provinces *p = v->provinces;
  for (size_t i = 0; i < v->pilots->label.count; i++) {
    if (!is_shown(v, i)) continue;
    const tanlu_city_account *a = &v->accounts->account[i];
    tanlu_pilot_record r = {
        v->pilots->label.code[i], "co2_account", "", p->name, "Mt", p->base_year, 0.0, a->low, a->high};
    for (size_t k = 0; k < TANLU_CITY_PROXIES; k++) {
      r.item = tanlu_city_proxy_text(k);
      r.value = a->co2[k];
      tanlu_pilot_put(csv, &r);
    }
    r.low = r.high = (double)NAN;
    r.quantity = "co2_by_industry";
    for (size_t k = 0; k <= TANLU_PILOT_INDUSTRIES; k++) {
      r.item = k < TANLU_PILOT_INDUSTRIES ? tanlu_pilot_industry(k) : "households";
      r.value = k < TANLU_PILOT_INDUSTRIES ? a->industry[k] : a->households;
      tanlu_pilot_put(csv, &r);
    }
    r.quantity = "co2_by_sector";
    for (size_t s = 0; s < p->sector.count; s++) {
      if (p->region_of[s] != v->accounts->region[i]) continue;
      r.item = p->sector.code[s];
      r.value = v->accounts->sector[i * p->sector.count + s];
      tanlu_pilot_put(csv, &r);
    }
  }
}
