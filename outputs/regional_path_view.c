#include "outputs/regional_path_view.h"

#include <math.h>

#include "outputs/csv_write.h"
#include "outputs/table.h"

static double value_of(const tanlu_regional_path *p, tanlu_regional_quantity q, size_t t, size_t r) {
  return p->value[((size_t)q * p->years + t) * p->regions + r] * tanlu_regional_table_of[q].factor;
}

/* The same of all regions together where r is their number. */
static double with_sum(const tanlu_regional_path *p, tanlu_regional_quantity q, size_t t, size_t r) {
  double sum = 0.0;
  if (r < p->regions) return value_of(p, q, t, r);
  for (size_t k = 0; k < p->regions; k++) sum += value_of(p, q, t, k);
  return sum;
}

typedef enum { SHOW_CO2, SHOW_INTENSITY, SHOW_HEAD, SHOW_GDP, SHOWN } shown;
static const char *const titles[SHOWN] = {"CO2 of energy, Mt", "CO2 of energy per GDP on the base year, %",
                                          "CO2 of energy per head, t", "GDP, 1e8 CNY at 2020 prices"};

static double show_value(const tanlu_regional_path *p, shown what, size_t t, size_t r) {
  const double co2 = with_sum(p, TANLU_REGIONAL_CO2_ENERGY, t, r), gdp = with_sum(p, TANLU_REGIONAL_VALUE_ADDED, t, r);
  const double then = with_sum(p, TANLU_REGIONAL_CO2_ENERGY, 0, r) / with_sum(p, TANLU_REGIONAL_VALUE_ADDED, 0, r);
  switch (what) {
  case SHOW_CO2:
    return co2;
  case SHOW_INTENSITY:
    return 100.0 * (co2 / gdp / then - 1.0);
  case SHOW_HEAD:
    return co2 / with_sum(p, TANLU_REGIONAL_POPULATION, t, r);
  default:
    return gdp;
  }
}

static tanlu_status print_table(const tanlu_regional_path_view *v, shown what, FILE *out, tanlu_context *context) {
  const tanlu_regional_path *p = v->path;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, titles[what], TANLU_LEFT);
  for (size_t t = 0; t < p->years; t++) {
    char year[16];
    (void)snprintf(year, sizeof year, "%d", p->from + (int)t);
    if (v->wanted == NULL || v->wanted[t]) tanlu_table_column(table, year, TANLU_RIGHT);
  }
  if (what == SHOW_CO2) tanlu_table_column(table, "peak", TANLU_RIGHT);
  for (size_t r = 0; r <= p->regions; r++) {
    tanlu_table_text(table, r < p->regions ? v->region->name[r] : "all");
    for (size_t t = 0; t < p->years; t++) {
      if (v->wanted != NULL && !v->wanted[t]) continue;
      const double value = show_value(p, what, t, r);
      tanlu_table_number(table, value, what == SHOW_HEAD ? 2 : what == SHOW_GDP ? 0 : 1);
    }
    if (what != SHOW_CO2) continue;
    const int peak = r < p->regions ? tanlu_regional_peak_year(p, r) : 0;
    char year[16];
    (void)snprintf(year, sizeof year, "%d", peak);
    tanlu_table_text(table, peak != 0 ? year : "");
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

tanlu_status tanlu_regional_path_print(const tanlu_regional_path_view *v, FILE *out, tanlu_context *context) {
  (void)fprintf(out,
                "Scenario '%s' shared out to %zu regions of %s; the nation leads: sums are its own in every year\n\n",
                v->scenario, v->path->regions, v->regions);
  tanlu_status status = TANLU_OK;
  for (int what = 0; what < SHOWN && status == TANLU_OK; what++) {
    if (what > 0) (void)fprintf(out, "\n");
    status = print_table(v, (shown)what, out, context);
  }
  return status;
}

/* ---- CSV --------------------------------------------------------------------------------------------------------------- */

static void put(const tanlu_regional_path_view *v, FILE *csv, size_t t, size_t r, const char *group,
                tanlu_regional_quantity q, double value) {
  tanlu_csv_put_text(csv, true, v->scenario);
  tanlu_csv_put_text(csv, false, v->region->code[r]);
  tanlu_csv_put_number(csv, false, v->path->from + (int)t);
  tanlu_csv_put_text(csv, false, group);
  tanlu_csv_put_text(csv, false, tanlu_regional_table_of[q].name);
  tanlu_csv_put_text(csv, false, tanlu_regional_table_of[q].unit);
  tanlu_csv_put_number(csv, false, value);
  tanlu_csv_put_end(csv);
}

void tanlu_regional_path_put(const tanlu_regional_path_view *v, FILE *csv) {
  const tanlu_regional_path *p = v->path;
  const tanlu_labels *group = tanlu_dataset_policy_groups(v->dataset);
  (void)fputs("scenario,region,year,group,quantity,unit,value\r\n", csv);
  for (size_t r = 0; r < p->regions; r++) {
    for (size_t t = 0; t < p->years; t++) {
      for (int q = 0; q < TANLU_REGIONAL_COUNT; q++) {
        put(v, csv, t, r, "", (tanlu_regional_quantity)q, value_of(p, (tanlu_regional_quantity)q, t, r));
      }
      for (size_t g = 0; g < p->groups; g++) {
        const char *code = g < group->count ? group->code[g] : "households";
        const size_t cell = (t * p->groups + g) * p->regions + r;
        put(v, csv, t, r, code, TANLU_REGIONAL_CO2_TOTAL,
            p->group_co2[cell] * tanlu_regional_table_of[TANLU_REGIONAL_CO2_TOTAL].factor);
        put(v, csv, t, r, code, TANLU_REGIONAL_FINAL_ENERGY,
            p->group_energy[cell] * tanlu_regional_table_of[TANLU_REGIONAL_FINAL_ENERGY].factor);
        if (g == group->count) continue;
        put(v, csv, t, r, code, TANLU_REGIONAL_VALUE_ADDED,
            p->group_value[cell] * tanlu_regional_table_of[TANLU_REGIONAL_VALUE_ADDED].factor);
      }
    }
  }
}
