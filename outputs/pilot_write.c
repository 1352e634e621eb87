/* CSV and figure of outputs/pilot_view.h. */
#include <math.h>

#include "outputs/csv_write.h"
#include "outputs/pilot_view.h"

static const double missing = (double)NAN;

/* ---- CSV ------------------------------------------------------------------------------------------------------------------- */

void tanlu_pilot_put(FILE *csv, const tanlu_pilot_record *r) {
  if (isnan(r->value)) return;
  tanlu_csv_put_text(csv, true, r->pilot);
  tanlu_csv_put_text(csv, false, r->quantity);
  tanlu_csv_put_text(csv, false, r->item);
  tanlu_csv_put_number(csv, false, r->year > 0 ? (double)r->year : missing);
  tanlu_csv_put_text(csv, false, r->basis);
  tanlu_csv_put_number(csv, false, r->value);
  tanlu_csv_put_number(csv, false, r->low);
  tanlu_csv_put_number(csv, false, r->high);
  tanlu_csv_put_text(csv, false, r->unit);
  tanlu_csv_put_end(csv);
}

static tanlu_pilot_record record(const tanlu_pilot_view *v, size_t i, const char *quantity, const char *unit) {
  return (tanlu_pilot_record){.pilot = v->pilots->label.code[i],
                              .quantity = quantity,
                              .item = "",
                              .basis = "",
                              .unit = unit,
                              .low = missing,
                              .high = missing};
}

static void put_accounts(const tanlu_pilot_view *v, size_t i, FILE *csv) {
  const tanlu_pilot *pilot = &v->pilots->pilot[i];
  for (int b = 0; b < TANLU_PILOT_BASES; b++) {
    const tanlu_pilot_basis basis = (tanlu_pilot_basis)b;
    tanlu_pilot_record type = record(v, i, "type", ""), income = record(v, i, "gdp_per_head", "CNY");
    tanlu_pilot_record head = record(v, i, "co2_per_head", "t"), co2 = record(v, i, "co2", "Mt");
    type.year = income.year = head.year = co2.year = tanlu_pilot_year(0);
    type.basis = income.basis = head.basis = co2.basis = tanlu_pilot_basis_word(basis);
    const tanlu_pilot_type kind = tanlu_pilot_type_of(v->pilots, i, basis);
    type.item = tanlu_pilot_type_text(kind);
    type.value = kind == TANLU_PILOT_TYPE_UNKNOWN ? missing : 1.0 + (double)kind;
    income.value = tanlu_pilot_gdp_per_head(pilot, basis);
    head.value = tanlu_pilot_co2_per_head(pilot, basis);
    co2.value = tanlu_pilot_co2(pilot, basis);
    tanlu_pilot_put(csv, &type);
    tanlu_pilot_put(csv, &income);
    tanlu_pilot_put(csv, &head);
    tanlu_pilot_put(csv, &co2);
  }
}

static void put_year(const tanlu_pilot_view *v, size_t i, size_t t, const tanlu_pilot_path *path, FILE *csv) {
  const tanlu_pilot *pilot = &v->pilots->pilot[i];
  tanlu_pilot_record volume = record(v, i, "gdp_volume", "1"), goal = record(v, i, "co2_per_gdp_goal", "1");
  tanlu_pilot_record gdp = record(v, i, "gdp", "1e8 CNY"), people = record(v, i, "population", "1e4");
  tanlu_pilot_record area = record(v, i, "area", "km2"), share = record(v, i, "share", "1");
  tanlu_pilot_record allowed = record(v, i, "co2_allowed", "Mt");
  volume.year = goal.year = gdp.year = people.year = area.year = share.year = allowed.year = tanlu_pilot_year(t);
  volume.value = path->volume[t];
  goal.value = t > 0 ? path->intensity[t] - 1.0 : missing;
  gdp.value = pilot->state[t].gdp;
  people.value = pilot->state[t].population;
  area.value = pilot->state[t].area;
  tanlu_pilot_put(csv, &gdp);
  tanlu_pilot_put(csv, &volume);
  tanlu_pilot_put(csv, &people);
  tanlu_pilot_put(csv, &area);
  tanlu_pilot_put(csv, &goal);
  for (size_t k = 0; k < TANLU_PILOT_INDUSTRIES; k++) {
    share.item = tanlu_pilot_industry(k);
    share.value = tanlu_pilot_share(pilot, t, k);
    tanlu_pilot_put(csv, &share);
  }
  for (int b = 0; t > 0 && b < TANLU_PILOT_BASES; b++) {
    allowed.basis = tanlu_pilot_basis_word((tanlu_pilot_basis)b);
    allowed.value = tanlu_pilot_co2(pilot, (tanlu_pilot_basis)b) * tanlu_pilot_path_co2(path, t);
    tanlu_pilot_put(csv, &allowed);
  }
}

/* The change of CO2 allowed over all years, and between neighbouring ones. */
static void put_kaya(const tanlu_pilot_view *v, size_t i, const tanlu_pilot_path *path, FILE *csv) {
  static const char *const item[TANLU_PILOT_EFFECTS][3] = {
      {"population 2010-2015", "population 2015-2020", "population 2010-2020"},
      {"GDP per head 2010-2015", "GDP per head 2015-2020", "GDP per head 2010-2020"},
      {"CO2 per GDP 2010-2015", "CO2 per GDP 2015-2020", "CO2 per GDP 2010-2020"}};
  static const size_t from[] = {0, 1, 0}, to[] = {1, 2, 2};
  tanlu_pilot_record r = record(v, i, "kaya", "Mt");
  for (int b = 0; b < TANLU_PILOT_BASES; b++) {
    const double co2 = tanlu_pilot_co2(&v->pilots->pilot[i], (tanlu_pilot_basis)b);
    r.basis = tanlu_pilot_basis_word((tanlu_pilot_basis)b);
    for (size_t k = 0; k < sizeof from / sizeof *from; k++) {
      double effect[TANLU_PILOT_EFFECTS];
      if (!tanlu_pilot_kaya(path, co2, from[k], to[k], effect)) continue;
      for (size_t e = 0; e < TANLU_PILOT_EFFECTS; e++) {
        r.item = item[e][k];
        r.year = tanlu_pilot_year(to[k]);
        r.value = effect[e];
        tanlu_pilot_put(csv, &r);
      }
    }
  }
}

void tanlu_pilot_write(const tanlu_pilot_view *v, FILE *csv) {
  static const char *const column[] = {"pilot", "quantity", "item", "year", "basis", "value", "low", "high", "unit"};
  for (size_t k = 0; k < sizeof column / sizeof *column; k++) tanlu_csv_put_text(csv, k == 0, column[k]);
  tanlu_csv_put_end(csv);
  for (size_t i = 0; i < v->pilots->label.count; i++) {
    if (v->only != TANLU_NONE && v->only != i) continue;
    const tanlu_pilot_path path = tanlu_pilot_path_of(v->pilots, i, v->goals, v->files);
    put_accounts(v, i, csv);
    for (size_t t = 0; t < TANLU_PILOT_YEARS; t++) put_year(v, i, t, &path, csv);
    put_kaya(v, i, &path, csv);
  }
  if (v->accounts != NULL) tanlu_city_write(v, csv);
}

/* ---- figure ------------------------------------------------------------------------------------------------------------------ */

tanlu_figure *tanlu_pilot_figure(const tanlu_pilot_view *v, tanlu_context *context) {
  const tanlu_pilot *nation = &v->pilots->pilot[v->pilots->nation];
  const double thousand = 1e-3;
  tanlu_figure *figure =
      tanlu_figure_create(TANLU_CHART_SCATTER, "pilots", "Low-carbon pilots in 2010: income and CO2", context);
  if (figure == NULL) return NULL;
  tanlu_figure_x(figure, "GDP per head", "1000 CNY");
  tanlu_figure_y(figure, "CO2 per head", "t");
  const size_t panel = tanlu_figure_panel(figure, NULL);
  for (int type = 0; type < TANLU_PILOT_TYPE_UNKNOWN; type++) {
    const size_t series = tanlu_figure_series(figure, panel, tanlu_pilot_type_text((tanlu_pilot_type)type),
                                              TANLU_ROLE_SERIES + type, TANLU_STYLE_POINTS);
    for (size_t i = 0; i < v->pilots->label.count; i++) {
      if (i == v->pilots->nation || (v->only != TANLU_NONE && v->only != i)) continue;
      if (tanlu_pilot_type_of(v->pilots, i, TANLU_BASIS_DOCUMENT) != (tanlu_pilot_type)type) continue;
      tanlu_figure_point(figure, series, thousand * v->pilots->pilot[i].gdp_per_head, v->pilots->pilot[i].co2_per_head);
      tanlu_figure_point_label(figure, series, v->pilots->label.name[i]);
    }
  }
  tanlu_figure_mark(figure, panel, TANLU_MARK_VERTICAL, thousand * nation->gdp_per_head, missing, TANLU_ROLE_TOTAL,
                    v->pilots->label.name[v->pilots->nation]);
  tanlu_figure_mark(figure, panel, TANLU_MARK_HORIZONTAL, missing, nation->co2_per_head, TANLU_ROLE_TOTAL, "");
  tanlu_figure_note(figure, "Lines: means of %s, an assumption for where the four types part. CO2 of the documents.",
                    v->pilots->label.name[v->pilots->nation]);
  return figure;
}
