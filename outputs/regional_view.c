#include "outputs/regional_view.h"

#include <math.h>
#include <stdio.h>

#include "outputs/csv_write.h"
#include "outputs/table.h"

static tanlu_status print_regions(const tanlu_regional_view *v, FILE *out, tanlu_context *context) {
  const tanlu_regional_facts *f = v->facts;
  const tanlu_labels *region = v->region;
  double factor = 1.0;
  const char *money = tanlu_dataset_result_money(v->nation, &factor);
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  char heading[128];
  (void)snprintf(heading, sizeof heading, "%s", money);
  tanlu_table_column(table, heading, TANLU_LEFT);
  static const char *const headings[] = {"output", "value added", "sent", "received", "imports", "exports"};
  const double *const column[] = {f->output, f->value_of, f->sent, f->received, f->imports, f->exports};
  enum { COLUMNS = sizeof headings / sizeof *headings };
  double sum[COLUMNS] = {0};
  for (size_t k = 0; k < COLUMNS; k++) tanlu_table_column(table, headings[k], TANLU_RIGHT);
  for (size_t p = 0; p <= f->regions; p++) {
    tanlu_table_text(table, p < f->regions ? region->name[p] : "all");
    for (size_t k = 0; k < COLUMNS; k++) {
      const double value = p < f->regions ? factor * column[k][p] : sum[k];
      if (p < f->regions) sum[k] += value;
      tanlu_table_number(table, value, tanlu_decimals(value));
    }
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

static tanlu_status print_sectors(const tanlu_regional_view *v, FILE *out, tanlu_context *context) {
  const tanlu_regional_facts *f = v->facts;
  const tanlu_labels *sector = &v->nation->accounts.sector;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "sector", TANLU_LEFT);
  tanlu_table_column(table, "", TANLU_LEFT);
  tanlu_table_column(table, "regions by", TANLU_LEFT);
  tanlu_table_column(table, "moved, %", TANLU_RIGHT);
  tanlu_table_column(table, "not made at home, %", TANLU_RIGHT);
  tanlu_table_column(table, "known flows moved, %", TANLU_RIGHT);
  for (size_t j = 0; j < f->n; j++) {
    tanlu_table_text(table, sector->code[j]);
    tanlu_table_text(table, sector->name[j]);
    tanlu_table_text(table, v->basis[j]);
    tanlu_table_number(table, 100.0 * f->moved[j], 1);
    tanlu_table_number(table, 100.0 * f->cut[j], 1);
    tanlu_table_number(table, 100.0 * f->flows_moved[j], 1);
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

static tanlu_status print_energy(const tanlu_regional_view *v, FILE *out, tanlu_context *context) {
  const tanlu_regional_energy *e = v->energy;
  static const char *const headings[] = {"CO2 of production, Mt", "of households, Mt", "final energy, PJ",
                                         "electricity, PJ"};
  enum { COLUMNS = sizeof headings / sizeof *headings };
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "", TANLU_LEFT);
  for (size_t k = 0; k < COLUMNS; k++) tanlu_table_column(table, headings[k], TANLU_RIGHT);
  double sum[COLUMNS] = {0};
  for (size_t r = 0; r <= e->regions; r++) {
    double value[COLUMNS] = {0};
    for (size_t j = 0; r < e->regions && j < e->n; j++) value[0] += 1e-6 * e->co2[j * e->regions + r];
    if (r < e->regions) {
      value[1] = 1e-6 * e->households[r];
      for (size_t c = 0; c < e->carriers; c++) value[2] += 1e-3 * e->total[c * e->regions + r];
      value[3] = 1e-3 * e->total[v->nation->energy.electricity * e->regions + r];
    }
    tanlu_table_text(table, r < e->regions ? v->region->name[r] : "all");
    for (size_t k = 0; k < COLUMNS; k++) {
      tanlu_table_number(table, r < e->regions ? value[k] : sum[k], 1);
      sum[k] += value[k];
    }
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

static tanlu_status print_carriers(const tanlu_regional_view *v, FILE *out, tanlu_context *context) {
  const tanlu_regional_energy *e = v->energy;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "final energy against what regions report", TANLU_LEFT);
  tanlu_table_column(table, "PJ", TANLU_RIGHT);
  tanlu_table_column(table, "scaled by", TANLU_RIGHT);
  for (size_t c = 0; c < e->carriers; c++) {
    double used = 0.0;
    for (size_t r = 0; r < e->regions; r++) used += 1e-3 * e->total[c * e->regions + r];
    if (used == 0.0) continue;
    tanlu_table_text(table, v->nation->energy.carrier.label.code[c]);
    tanlu_table_number(table, used, 1);
    tanlu_table_number(table, v->reported != NULL && v->own_column[c] ? e->factor[c] : (double)NAN, 3);
  }
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

tanlu_status tanlu_regional_print(const tanlu_regional_view *v, FILE *out, tanlu_context *context) {
  const tanlu_regional_facts *f = v->facts;
  const tanlu_labels *group = &v->nation->level[v->value_level].group;
  tanlu_status status = print_regions(v, out, context);
  (void)fprintf(out, "\n");
  if (status == TANLU_OK) status = print_sectors(v, out, context);
  (void)fprintf(out, "\nmoved: part of the output that went to other regions than the indicator says, to meet value "
                     "added;\nnot made at home: part of what quotients would have bought there\n\n");
  double all = 0.0, own = 0.0; /* value added of the nation, and of the regions in their unit */
  for (size_t k = 0; k < f->groups * f->regions; k++) own += v->value_added[k];
  for (size_t p = 0; p < f->regions; p++) all += f->value_of[p];
  (void)fprintf(out, "value added of regions, scaled to the nation's structure:");
  for (size_t g = 0; g < f->groups; g++) {
    (void)fprintf(out, "%s %s %+.1f %%", g > 0 ? "," : "", group->code[g], 100.0 * (f->scaled[g] * own / all - 1.0));
  }
  (void)fprintf(out, "\nsums over regions against the nation: cells within %.1e, rows within %.1e of output\n",
                f->worst_cell, f->worst_row);
  if (v->energy == NULL || status != TANLU_OK) return status;
  (void)fprintf(out, "\n");
  status = print_energy(v, out, context);
  (void)fprintf(out, "\n");
  return status == TANLU_OK ? print_carriers(v, out, context) : status;
}

void tanlu_regional_put_regions(const tanlu_regional_view *v, FILE *csv) {
  const tanlu_regional_energy *e = v->energy;
  const tanlu_labels *group = &v->nation->level[v->value_level].group;
  (void)fputs("region,co2_production_mt,co2_households_mt,final_energy_pj,population,value_added", csv);
  for (size_t g = 0; g < group->count; g++) (void)fprintf(csv, ",value_added_%s", group->code[g]);
  (void)fputs(v->tile != NULL ? ",tile_x,tile_y\r\n" : "\r\n", csv);
  for (size_t r = 0; r < e->regions; r++) {
    double co2 = 0.0, used = 0.0;
    for (size_t j = 0; j < e->n; j++) co2 += 1e-6 * e->co2[j * e->regions + r];
    for (size_t c = 0; c < e->carriers; c++) used += 1e-3 * e->total[c * e->regions + r];
    tanlu_csv_put_text(csv, true, v->region->code[r]);
    tanlu_csv_put_number(csv, false, co2);
    tanlu_csv_put_number(csv, false, 1e-6 * e->households[r]);
    tanlu_csv_put_number(csv, false, used);
    tanlu_csv_put_number(csv, false, v->people != NULL ? v->persons * v->people[r] : (double)NAN);
    double all = 0.0;
    for (size_t g = 0; g < group->count; g++) all += v->value_added[g * e->regions + r];
    tanlu_csv_put_number(csv, false, all);
    for (size_t g = 0; g < group->count; g++) {
      tanlu_csv_put_number(csv, false, v->value_added[g * e->regions + r]);
    }
    for (size_t k = 0; k < 2 && v->tile != NULL; k++) tanlu_csv_put_number(csv, false, v->tile[k * e->regions + r]);
    tanlu_csv_put_end(csv);
  }
}

void tanlu_regional_put_energy(const tanlu_regional_view *v, FILE *csv) {
  const tanlu_regional_energy *e = v->energy;
  (void)fputs("region,carrier,reported_tj,used_tj,factor\r\n", csv);
  for (size_t r = 0; r < e->regions; r++) {
    for (size_t c = 0; c < e->carriers; c++) {
      const bool own = v->reported != NULL && v->own_column[c];
      const double reported = own ? v->reported[c * e->regions + r] : (double)NAN;
      const double here = e->total[c * e->regions + r];
      if (here == 0.0 && !(reported > 0.0)) continue;
      tanlu_csv_put_text(csv, true, v->region->code[r]);
      tanlu_csv_put_text(csv, false, v->nation->energy.carrier.label.code[c]);
      tanlu_csv_put_number(csv, false, reported);
      tanlu_csv_put_number(csv, false, here);
      tanlu_csv_put_number(csv, false, reported > 0.0 ? here / reported : (double)NAN);
      tanlu_csv_put_end(csv);
    }
  }
}
