#include "inputs/pilots_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "solvers/memory.h"

enum { CODE, NAME, KIND, BATCH, PROVINCE, POPULATION, GDP, GDP_PER_HEAD, CO2_PER_HEAD, SOURCE, REQUIRED };
enum { NAME_ZH = REQUIRED, ON_2005, COLUMNS };
static const char *const columns[COLUMNS] = {"code",           "name",           "kind",       "batch",
                                             "province",       "population_1e4", "gdp_1e8cny", "gdp_per_head_cny",
                                             "co2_per_head_t", "source",         "name_zh",    "co2_per_gdp_on_2005"};

enum { PILOT, YEAR, P_GDP, PRIMARY, SECONDARY, TERTIARY, P_POPULATION, P_REQUIRED };
enum { AREA = P_REQUIRED, CEADS, EDGAR, VOLUME, P_COLUMNS };
static const char *const panel_columns[P_COLUMNS] = {
    "pilot",          "year",     "gdp_1e8cny",   "primary_1e8cny", "secondary_1e8cny", "tertiary_1e8cny",
    "population_1e4", "area_km2", "co2_ceads_mt", "co2_edgar_mt",   "gdp_volume"};

static const char *const kinds[] = {
#define X(id, word) word,
    TANLU_PILOT_KIND_LIST(X)
#undef X
};
static const double missing = (double)NAN, most = 1e15;
enum { MOST_BATCH = 99, MOST_COLUMNS = 12 };
_Static_assert((int)COLUMNS <= (int)MOST_COLUMNS && (int)P_COLUMNS <= (int)MOST_COLUMNS,
               "room for the columns of both files");

typedef struct {
  const tanlu_csv *csv;
  size_t column[MOST_COLUMNS];
  tanlu_pilots *pilots;
  tanlu_context *context;
} reader;

static void keep(tanlu_status *status, tanlu_status next) {
  if (*status == TANLU_OK || next == TANLU_ERR_MEMORY) *status = next;
}

static const char *text(const reader *r, size_t row, int column) {
  return tanlu_csv_text(r->csv, row, r->column[column]);
}

/* A number of at least 0, or above it; NaN for an empty cell or no column. */
static tanlu_status read_number(const reader *r, size_t row, int column, bool above, double *value) {
  *value = missing;
  if (text(r, row, column)[0] == '\0') return TANLU_OK;
  const tanlu_status status =
      tanlu_csv_number_within(r->csv, row, r->column[column], missing, 0.0, most, value, r->context);
  if (status != TANLU_OK || !above || *value > 0.0) return status;
  return tanlu_csv_fail(r->csv, row, r->column[column], r->context, "'%s' is 0; expected a number above it",
                        text(r, row, column));
}

/* ---- pilots ------------------------------------------------------------------------------------------------------------------ */

static tanlu_status read_code(const reader *r, size_t row) {
  const char *code = text(r, row, CODE), *name = text(r, row, NAME);
  const tanlu_labels *label = &r->pilots->label;
  tanlu_status status = TANLU_OK;
  if (!tanlu_code_well_formed(code)) {
    status = tanlu_csv_fail(r->csv, row, r->column[CODE], r->context,
                            "'%s' is no code; expected letters, digits, underscores and dashes", code);
  } else if (tanlu_labels_find(label, code) != TANLU_NONE) {
    status = tanlu_csv_fail(r->csv, row, r->column[CODE], r->context, "duplicate pilot '%s'", code);
  }
  if (name[0] == '\0') return tanlu_csv_fail(r->csv, row, r->column[NAME], r->context, "a pilot needs a name");
  for (size_t i = 0; i < label->count; i++) {
    if (strcmp(label->name[i], name) != 0) continue;
    return tanlu_csv_fail(r->csv, row, r->column[NAME], r->context, "duplicate pilot '%s'", name);
  }
  return status;
}

/* The province is that of the pilot, its own code where it is one, and nothing of a country. */
static tanlu_status read_province(const reader *r, size_t row, tanlu_pilot *pilot) {
  const char *code = text(r, row, PROVINCE);
  pilot->province = tanlu_string_copy(r->context, code);
  pilot->source = tanlu_string_copy(r->context, text(r, row, SOURCE));
  if (pilot->province == NULL || pilot->source == NULL) return TANLU_ERR_MEMORY;
  const bool country = pilot->kind == TANLU_PILOT_COUNTRY;
  if (country == (code[0] == '\0')) return TANLU_OK;
  return tanlu_csv_fail(r->csv, row, r->column[PROVINCE], r->context, "expected %s",
                        country ? "no province of a country" : "the code of a province");
}

static tanlu_status read_change(const reader *r, size_t row, double *value) {
  *value = missing;
  if (text(r, row, ON_2005)[0] == '\0') return TANLU_OK;
  return tanlu_csv_number_within(r->csv, row, r->column[ON_2005], missing, -0.99, 99.0, value, r->context);
}

static tanlu_status read_pilot(const reader *r, size_t row) {
  tanlu_pilot *pilot = &r->pilots->pilot[row];
  size_t kind = TANLU_PILOT_CITY;
  double batch = 0.0;
  tanlu_status status = read_code(r, row);
  keep(&status, tanlu_csv_word(r->csv, row, r->column[KIND], "kind", kinds, TANLU_PILOT_KIND_COUNT, &kind, r->context));
  pilot->kind = (tanlu_pilot_kind)kind;
  if (text(r, row, BATCH)[0] != '\0') {
    keep(&status, tanlu_csv_number_within(r->csv, row, r->column[BATCH], missing, 1.0, MOST_BATCH, &batch, r->context));
  }
  if (batch != floor(batch)) {
    keep(&status, tanlu_csv_fail(r->csv, row, r->column[BATCH], r->context, "expected a whole number"));
  }
  pilot->batch = (int)batch;
  if (text(r, row, SOURCE)[0] == '\0') {
    keep(&status, tanlu_csv_fail(r->csv, row, r->column[SOURCE], r->context, "a pilot needs a source"));
  }
  keep(&status, read_province(r, row, pilot));
  keep(&status, read_number(r, row, POPULATION, true, &pilot->population));
  keep(&status, read_number(r, row, GDP, true, &pilot->gdp));
  keep(&status, read_number(r, row, GDP_PER_HEAD, true, &pilot->gdp_per_head));
  keep(&status, read_number(r, row, CO2_PER_HEAD, false, &pilot->co2_per_head));
  keep(&status, read_change(r, row, &pilot->co2_per_gdp_on_2005));
  for (size_t t = 0; t < TANLU_PILOT_YEARS; t++) {
    pilot->state[t] = (tanlu_pilot_state){.gdp = missing, .population = missing, .area = missing, .volume = missing};
  }
  /* added even when wrong, so that pilots and labels stay as long as each other */
  keep(&status,
       tanlu_labels_add(&r->pilots->label, text(r, row, CODE), text(r, row, NAME), text(r, row, NAME_ZH), r->context));
  return status;
}

static tanlu_status find_nation(const reader *r) {
  tanlu_pilots *p = r->pilots;
  tanlu_status status = TANLU_OK;
  p->nation = TANLU_NONE;
  for (size_t i = 0; i < p->label.count; i++) {
    if (p->pilot[i].kind != TANLU_PILOT_COUNTRY) continue;
    if (p->nation == TANLU_NONE) {
      p->nation = i;
      continue;
    }
    status = tanlu_csv_fail(r->csv, i, r->column[KIND], r->context, "a second country; the first is in line %zu",
                            r->csv->line[p->nation]);
  }
  if (p->nation == TANLU_NONE) {
    return tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->csv->file, 0, 0,
                         "no pilot is of the kind country; expected one, which the others are compared with");
  }
  const tanlu_pilot *nation = &p->pilot[p->nation];
  if (!isnan(nation->gdp_per_head + nation->co2_per_head + nation->co2_per_gdp_on_2005)) return status;
  return tanlu_csv_fail(r->csv, p->nation, r->column[CODE], r->context,
                        "the country needs %s, %s and %s, which pilots are compared with", columns[GDP_PER_HEAD],
                        columns[CO2_PER_HEAD], columns[ON_2005]);
}

static tanlu_status read_pilots(tanlu_pilots *pilots, const tanlu_csv *csv, tanlu_context *context) {
  reader r = {.csv = csv, .pilots = pilots, .context = context};
  tanlu_status status = tanlu_csv_columns(csv, columns, REQUIRED, COLUMNS, r.column, context);
  if (status != TANLU_OK) return status;
  pilots->pilot = tanlu_allocate(context, csv->rows, sizeof *pilots->pilot);
  if (pilots->pilot == NULL) return TANLU_ERR_MEMORY;
  for (size_t row = 0; row < csv->rows && status != TANLU_ERR_MEMORY; row++) keep(&status, read_pilot(&r, row));
  if (status != TANLU_ERR_MEMORY) keep(&status, find_nation(&r));
  return status;
}

/* ---- the panel ------------------------------------------------------------------------------------------------------------- */

static tanlu_status read_year(const reader *r, size_t row, size_t *year) {
  char word[TANLU_PILOT_YEARS][16];
  const char *words[TANLU_PILOT_YEARS];
  for (size_t t = 0; t < TANLU_PILOT_YEARS; t++) {
    (void)snprintf(word[t], sizeof word[t], "%d", tanlu_pilot_year(t));
    words[t] = word[t];
  }
  return tanlu_csv_word(r->csv, row, r->column[YEAR], "year", words, TANLU_PILOT_YEARS, year, r->context);
}

static tanlu_status read_state(const reader *r, size_t row, bool *seen) {
  size_t i = 0, t = 0;
  tanlu_status status =
      tanlu_csv_code(r->csv, row, r->column[PILOT], "pilot", &r->pilots->label, false, &i, r->context);
  keep(&status, read_year(r, row, &t));
  if (status != TANLU_OK) return status;
  if (seen[i * TANLU_PILOT_YEARS + t]) {
    return tanlu_csv_fail(r->csv, row, r->column[YEAR], r->context, "duplicate year %d of pilot '%s'",
                          tanlu_pilot_year(t), r->pilots->label.code[i]);
  }
  seen[i * TANLU_PILOT_YEARS + t] = true;
  tanlu_pilot_state *state = &r->pilots->pilot[i].state[t];
  keep(&status, read_number(r, row, P_GDP, true, &state->gdp));
  for (int k = 0; k < TANLU_PILOT_INDUSTRIES; k++) {
    keep(&status, read_number(r, row, PRIMARY + k, false, &state->industry[k]));
  }
  keep(&status, read_number(r, row, P_POPULATION, true, &state->population));
  keep(&status, read_number(r, row, AREA, true, &state->area));
  for (int k = 0; k < TANLU_PILOT_INVENTORIES; k++) {
    keep(&status, read_number(r, row, CEADS + k, false, &state->co2[k]));
  }
  keep(&status, read_number(r, row, VOLUME, true, &state->volume));
  return status;
}

static tanlu_status check_complete(const reader *r, const bool *seen) {
  const tanlu_pilots *p = r->pilots;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < p->label.count; i++) {
    for (size_t t = 0; t < TANLU_PILOT_YEARS; t++) {
      const tanlu_pilot_state *state = &p->pilot[i].state[t];
      if (!seen[i * TANLU_PILOT_YEARS + t]) {
        status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->csv->file, 0, 0, "no row of pilot '%s' in %d",
                               p->label.code[i], tanlu_pilot_year(t));
      } else if (i == p->nation && isnan(state->gdp + state->volume)) {
        status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->csv->file, 0, 0,
                               "the country '%s' needs %s and %s in %d: they give the deflator of all pilots",
                               p->label.code[i], panel_columns[P_GDP], panel_columns[VOLUME], tanlu_pilot_year(t));
      }
    }
  }
  return status;
}

static tanlu_status read_panel(tanlu_pilots *pilots, const tanlu_csv *csv, tanlu_context *context) {
  reader r = {.csv = csv, .pilots = pilots, .context = context};
  tanlu_status status = tanlu_csv_columns(csv, panel_columns, P_REQUIRED, P_COLUMNS, r.column, context);
  if (status != TANLU_OK) return status;
  bool *seen = tanlu_allocate(context, pilots->label.count * TANLU_PILOT_YEARS, sizeof *seen);
  if (seen == NULL) return TANLU_ERR_MEMORY;
  for (size_t row = 0; row < csv->rows; row++) keep(&status, read_state(&r, row, seen));
  if (status == TANLU_OK) status = check_complete(&r, seen);
  free(seen);
  return status;
}

tanlu_status tanlu_pilots_read(tanlu_pilots *pilots, const char *path, const char *panel, tanlu_context *context) {
  *pilots = (tanlu_pilots){0};
  tanlu_csv *table = NULL, *states = NULL;
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  keep(&status, tanlu_csv_read(&states, panel, NULL, context));
  if (status == TANLU_OK) status = read_pilots(pilots, table, context);
  if (status == TANLU_OK) status = read_panel(pilots, states, context);
  tanlu_csv_free(&table);
  tanlu_csv_free(&states);
  if (status != TANLU_OK) tanlu_pilots_clear(pilots);
  return status;
}
