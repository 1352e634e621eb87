/* power.csv and primary_electricity.csv. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"

enum {
  SOURCE = 3,
  SOURCE_SHARE,
  CAPACITY,
  HOURS,
  VARIABLE,
  FOLLOWS_COKE,
  CREDIT,
  CAPTURE,
  FUEL,
  LIKE,
  EFFICIENCY,
  NOTE,
  POWER_COLUMNS
};
static const char *const power_columns[POWER_COLUMNS] = {
    "code",         "name",  "name_zh",  "source",       "source_share",
    "capacity_mw",  "hours", "variable", "follows_coke", "capacity_credit",
    "capture_rate", "fuel",  "like",     "efficiency",   "note"};
enum { SOURCES = 5 };
static const char *const source_word[SOURCES] = {"thermal", "hydro", "nuclear", "wind", "solar"};

/* Shares given as decimals add up to one but for their rounding. */
static const double share_tolerance = 1e-6;

static void read_technology(tanlu_reader *r, const size_t *index, size_t row) {
  const tanlu_csv *t = r->power;
  tanlu_power_statistics *p = &r->dataset->power;
  size_t source = 0;
  if (!tanlu_reader_label(r, t, row, index, "technology", &p->technology)) return;
  const size_t k = p->technology.count - 1;
  const struct {
    size_t column;
    double *value;
    double empty, highest;
  } numbers[] = {{SOURCE_SHARE, &p->source_share[k], 0.0, 1.0},
                 {CAPACITY, &p->capacity[k], 0.0, HUGE_VAL},
                 {HOURS, &p->hours[k], 0.0, 8784.0},
                 {CREDIT, &p->capacity_credit[k], 0.0, 1.0},
                 {CAPTURE, &p->capture_rate[k], 0.0, 1.0},
                 {EFFICIENCY, &p->efficiency[k], 0.0, 1.0}};
  tanlu_reader_ok(r, tanlu_csv_word(t, row, index[SOURCE], "source", source_word, SOURCES, &source, r->context));
  p->source[k] = (tanlu_power_source)source;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    tanlu_reader_ok(r, tanlu_csv_number_within(t, row, index[numbers[i].column], numbers[i].empty, 0.0,
                                               numbers[i].highest, numbers[i].value, r->context));
  }
  tanlu_reader_ok(r, tanlu_csv_yes_no(t, row, index[VARIABLE], &p->variable[k], r->context));
  tanlu_reader_ok(r, tanlu_csv_yes_no(t, row, index[FOLLOWS_COKE], &p->follows_coke[k], r->context));
}

void tanlu_dataset_read_power(tanlu_reader *r) {
  tanlu_power_statistics *p = &r->dataset->power;
  size_t index[POWER_COLUMNS];
  r->power = tanlu_reader_table(r, "power.csv", power_columns, NOTE, POWER_COLUMNS, index);
  if (!r->power) return;
  const size_t rows = r->power->rows;
  r->power_fuel = index[FUEL];
  r->power_like = index[LIKE];
  p->source = tanlu_reader_allocate(r, rows, sizeof *p->source);
  p->source_share = tanlu_reader_allocate(r, rows, sizeof *p->source_share);
  p->capacity = tanlu_reader_allocate(r, rows, sizeof *p->capacity);
  p->hours = tanlu_reader_allocate(r, rows, sizeof *p->hours);
  p->follows_coke = tanlu_reader_allocate(r, rows, sizeof *p->follows_coke);
  p->variable = tanlu_reader_allocate(r, rows, sizeof *p->variable);
  p->capacity_credit = tanlu_reader_allocate(r, rows, sizeof *p->capacity_credit);
  p->capture_rate = tanlu_reader_allocate(r, rows, sizeof *p->capture_rate);
  p->fuel = tanlu_reader_allocate(r, rows, sizeof *p->fuel);
  p->like = tanlu_reader_allocate(r, rows, sizeof *p->like);
  p->efficiency = tanlu_reader_allocate(r, rows, sizeof *p->efficiency);
  if (r->status == TANLU_ERR_MEMORY) return;
  for (size_t row = 0; row < rows; row++) read_technology(r, index, row);
}

/* The technologies of a source share its generation out. */
static void check_shares(tanlu_reader *r, const double *generation) {
  const tanlu_power_statistics *p = &r->dataset->power;
  for (size_t s = 0; s < SOURCES; s++) {
    double sum = 0.0;
    size_t members = 0;
    for (size_t k = 0; k < p->technology.count; k++) {
      if (p->source[k] != (tanlu_power_source)s) continue;
      sum += p->source_share[k];
      members++;
    }
    if (members == 0 && generation[s] == 0.0) continue;
    if (fabs(sum - 1.0) <= share_tolerance) continue;
    tanlu_reader_fail(r, "power.csv", 0, 0, "the shares of the technologies of '%s' add up to %.8g; expected 1",
                      source_word[s], sum);
  }
}

void tanlu_dataset_finish_power(tanlu_reader *r) {
  tanlu_power_statistics *p = &r->dataset->power;
  tanlu_energy_statistics *e = &r->dataset->energy;
  for (size_t k = 0; r->power && r->status == TANLU_OK && k < p->technology.count; k++) {
    tanlu_reader_ok(
        r, tanlu_csv_code(r->power, k, r->power_fuel, "carrier", &e->carrier.label, true, &p->fuel[k], r->context));
    tanlu_reader_ok(
        r, tanlu_csv_code(r->power, k, r->power_like, "technology", &p->technology, true, &p->like[k], r->context));
  }
  tanlu_csv_free(&r->power);
  tanlu_labels sources = {0};
  for (size_t s = 1; s < SOURCES; s++) {
    tanlu_reader_ok(r, tanlu_labels_add(&sources, source_word[s], NULL, NULL, r->context));
  }
  double primary[SOURCES] = {0};
  if (sources.count == SOURCES - 1) {
    tanlu_reader_vector(r, "primary_electricity.csv", "source", "source", &sources, r->energy, 0.0, primary + 1);
  }
  tanlu_labels_clear(&sources);
  e->primary_hydro = primary[1];
  e->primary_nuclear = primary[2];
  e->primary_wind = primary[3];
  e->primary_solar = primary[4];
  if (r->status != TANLU_OK) return;
  for (size_t q = 0; q < e->process.count; q++) {
    if (e->process_kind[q] == TANLU_PROCESS_THERMAL_POWER) {
      primary[0] += e->conversion[q * e->carrier.label.count + e->electricity];
    }
  }
  check_shares(r, primary);
}
