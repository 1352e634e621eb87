/* World tables of WIOD as CSV. Two layouts are told apart by what they begin with:
 *
 * data frame (release 2016 for R and Stata): a header row with IndustryCode, IndustryDescription, Country, RNr, Year, then a column
 *   for each country and number (AUS1, or vAUS1) and TOT; rows of industries, then rows of country TOT.
 * sheet (releases 2013 and 2016): some rows of titles and four header rows: code, name, country, number (c1); the same four at the
 *   left of each row (number r1, or c1); the last column is output.
 *
 * A column and a row with the same country and number are one sector; columns with numbers beyond those of the rows are final demand. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/import.h"
#include "inputs/import_codes.h"
#include "inputs/number.h"
#include "inputs/wide_table.h"
#include "solvers/memory.h"

enum { HEAD_ROWS = 10, COUNTRY = 64 };

typedef struct {
  tanlu_csv *csv;
  const tanlu_import *import;
  tanlu_context *context;
  tanlu_region_table table;
  tanlu_wide_table wide;
  bool frame;                        /* the layout */
  size_t code, name, country, place; /* fields of a row */
  size_t number_row;                 /* sheet: csv row that holds c1, c2, ... */
  size_t first_row, first_column;    /* of numbers */
  int most;                          /* largest number of an industry */
  int year;                          /* data frame: of the rows, 0: not told */
  tanlu_label_index rows;            /* (country, number) -> csv row */
} job;

/* Text of a cell, the header being row TANLU_NONE. */
static const char *text_at(const job *w, size_t row, size_t column) {
  return row == TANLU_NONE ? tanlu_csv_header(w->csv, column) : tanlu_csv_text(w->csv, row, column);
}

/* "c57", "r57" or "57" -> 57; 0 where it is none. */
static int number_of(const char *text) {
  int number = 0;
  if (*text == 'c' || *text == 'r' || *text == 'C' || *text == 'R') text++;
  return tanlu_integer_parse(text, &number) && number > 0 && *text != '+' ? number : 0;
}

/* ---- the layout ------------------------------------------------------------------------------------------------------------ */

static size_t column_named(const job *w, const char *name) {
  for (size_t c = 0; c < w->csv->columns; c++) {
    if (strcmp(tanlu_csv_header(w->csv, c), name) == 0) return c;
  }
  return TANLU_NONE;
}

static tanlu_status read_frame(job *w) {
  static const char *const names[] = {"IndustryCode", "IndustryDescription", "Country", "RNr"};
  size_t *const places[] = {&w->code, &w->name, &w->country, &w->place};
  tanlu_status status = TANLU_OK;
  w->frame = true;
  for (size_t k = 0; k < 4; k++) {
    *places[k] = column_named(w, names[k]);
    if (*places[k] != TANLU_NONE) continue;
    status = tanlu_fail_at(w->context, TANLU_ERR_INPUT, w->csv->file, w->csv->header_line, 0, "missing column '%s'",
                           names[k]);
  }
  const size_t year = column_named(w, "Year");
  for (size_t r = 0; status == TANLU_OK && year != TANLU_NONE && r < w->csv->rows; r++) {
    int found = 0;
    const char *text = tanlu_csv_text(w->csv, r, year);
    if (!tanlu_integer_parse(text, &found) || (w->year != 0 && found != w->year)) {
      status = tanlu_csv_fail(w->csv, r, year, w->context, "'%s' as year; expected the same for all rows", text);
    }
    w->year = found;
  }
  return status;
}

static tanlu_status read_sheet(job *w) {
  enum { FIELDS = 4 };
  const tanlu_csv *csv = w->csv;
  for (size_t r = 2; csv->columns > FIELDS && r < csv->rows && r < HEAD_ROWS; r++) {
    const char *text = tanlu_csv_text(csv, r, FIELDS);
    if ((*text != 'c' && *text != 'C') || number_of(text) == 0) continue;
    w->number_row = r;
    w->first_row = r + 1;
    w->first_column = FIELDS;
    w->code = 0;
    w->name = 1;
    w->country = 2;
    w->place = 3;
    return TANLU_OK;
  }
  return tanlu_fail_at(
      w->context, TANLU_ERR_INPUT, csv->file, csv->header_line, 0,
      "neither layout of a world table: expected a header with IndustryCode, Country, RNr, AUS1, ..., or rows of "
      "titles and four header rows, the last of them c1, c2, ... from field 5 on, separated by commas");
}

/* Country and number of a column; number 0 where it is none of the table's. */
static int column_label(const job *w, size_t c, char country[COUNTRY]) {
  if (!w->frame) {
    snprintf(country, COUNTRY, "%s", text_at(w, w->number_row - 1, c));
    return number_of(tanlu_csv_text(w->csv, w->number_row, c));
  }
  const char *text = tanlu_csv_header(w->csv, c);
  if (text[0] == 'v' && isupper((unsigned char)text[1])) text++;
  size_t length = strlen(text);
  while (length > 0 && isdigit((unsigned char)text[length - 1])) length--;
  snprintf(country, COUNTRY, "%.*s", length < COUNTRY ? (int)length : COUNTRY - 1, text);
  return number_of(text + length);
}

/* ---- rows -------------------------------------------------------------------------------------------------------------------- */

static const char *code_of(const job *w, size_t row) {
  const char *code = tanlu_csv_text(w->csv, row, w->code);
  return *code != '\0' ? code : tanlu_csv_text(w->csv, row, w->place);
}

/* A row of a sector. */
static tanlu_status add_row(job *w, size_t row, const char *country, int number) {
  char place[16];
  snprintf(place, sizeof place, "%d", number);
  const size_t before = tanlu_label_index_find(&w->rows, country, place);
  const char *code = code_of(w, row);
  if (before != TANLU_NONE || tanlu_region_table_sector(&w->table, country, code) != TANLU_NONE) {
    return tanlu_csv_fail(w->csv, row, w->place, w->context, "duplicate row '%s', '%s', '%s'", country, code,
                          tanlu_csv_text(w->csv, row, w->place));
  }
  w->wide.row[row] = (tanlu_wide_place){TANLU_WIDE_SECTOR, w->table.sector.count};
  if (number > w->most) w->most = number;
  tanlu_status status = tanlu_label_index_add(&w->rows, country, place, row, w->context);
  return status == TANLU_OK ? tanlu_region_table_add_sector(&w->table, country, code) : status;
}

/* A row below the sectors: by its code in release 2016, by its number in that of 2013. */
static tanlu_status add_other(job *w, size_t row) {
  static const struct {
    const char *code, *number, *name;
    tanlu_wide_kind kind;
  } known[] = {{"II_fob", "r60", "total intermediate consumption", TANLU_WIDE_INPUTS},
               {"TXSP", "r61", "taxes less subsidies on products", TANLU_WIDE_COMPONENT},
               {"EXP_adj", "r62", "cif/fob adjustments on exports", TANLU_WIDE_COMPONENT},
               {"PURR", "r63", "direct purchases abroad by residents", TANLU_WIDE_COMPONENT},
               {"PURNR", "r64", "purchases on the domestic territory by non-residents", TANLU_WIDE_COMPONENT},
               {"VA", "r65", "value added at basic prices", TANLU_WIDE_COMPONENT},
               {"IntTTM", "r66", "international transport margins", TANLU_WIDE_COMPONENT},
               {"GO", "r69", "output at basic prices", TANLU_WIDE_OUTPUT}};
  const char *code = tanlu_csv_text(w->csv, row, w->code), *number = tanlu_csv_text(w->csv, row, w->place);
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    if (*code != '\0' ? strcmp(code, known[k].code) != 0 : strcmp(number, known[k].number) != 0) continue;
    w->wide.row[row].kind = known[k].kind;
    if (known[k].kind != TANLU_WIDE_COMPONENT) return TANLU_OK;
    w->wide.row[row].index = tanlu_wide_table_component(&w->wide, known[k].name, w->context);
    return w->wide.row[row].index != TANLU_NONE ? TANLU_OK : TANLU_ERR_MEMORY;
  }
  return tanlu_csv_fail(w->csv, row, w->code, w->context,
                        "unknown row '%s', '%s'; expected an industry of a country or one of "
                        "II_fob, TXSP, EXP_adj, PURR, PURNR, VA, IntTTM, GO (r60 to r69)",
                        code, number);
}

static tanlu_status read_rows(job *w) {
  tanlu_status status = TANLU_OK;
  for (size_t row = w->first_row; row < w->csv->rows; row++) {
    const char *country = tanlu_csv_text(w->csv, row, w->country);
    const int number = number_of(tanlu_csv_text(w->csv, row, w->place));
    tanlu_status read = TANLU_OK;
    if (*country == '\0' || strcmp(country, "TOT") == 0) {
      read = add_other(w, row);
    } else if (number == 0) {
      read = tanlu_csv_fail(w->csv, row, w->place, w->context, "'%s' is no number of an industry",
                            tanlu_csv_text(w->csv, row, w->place));
    } else {
      read = add_row(w, row, country, number);
    }
    if (read != TANLU_OK) status = read;
  }
  return status;
}

/* ---- columns ------------------------------------------------------------------------------------------------------------------ */

/* What a column of final demand is: the code of release 2016, or c37 .. c42 of 2013. */
static const char *kind_of(const job *w, size_t c, int number) {
  static const char *const kinds[] = {"CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN"};
  if (w->frame) return number - w->most <= 5 ? kinds[number - w->most - 1] : NULL;
  const char *code = text_at(w, w->number_row == 2 ? TANLU_NONE : w->number_row - 3, c);
  return *code != '\0' ? code : tanlu_csv_text(w->csv, w->number_row, c);
}

static tanlu_status column_fail(const job *w, size_t c, const char *what) {
  const size_t line = w->frame ? w->csv->header_line : w->csv->line[w->number_row];
  return tanlu_fail_at(w->context, TANLU_ERR_INPUT, w->csv->file, line, c + 1, "%s", what);
}

static tanlu_status add_column(job *w, size_t c, const char *country, int number, bool *taken) {
  char place[16];
  snprintf(place, sizeof place, "%d", number);
  const size_t row = tanlu_label_index_find(&w->rows, country, place);
  tanlu_wide_place *to = &w->wide.column[c];
  if (row != TANLU_NONE) {
    *to = w->wide.row[row];
    if (taken[to->index]) return column_fail(w, c, "a second column of this country and industry");
    taken[to->index] = true;
    return TANLU_OK;
  }
  const char *kind = number > w->most ? kind_of(w, c, number) : NULL;
  if (kind == NULL) return column_fail(w, c, "no row has the country and number of this column");
  *to = (tanlu_wide_place){TANLU_WIDE_FINAL, w->table.category.count};
  if (tanlu_region_table_category(&w->table, country, kind) != TANLU_NONE) {
    return column_fail(w, c, "a second column of this country and category");
  }
  return tanlu_region_table_add_category(&w->table, country, kind);
}

static bool is_index(const job *w, size_t c) {
  if (!w->frame) return c < w->first_column;
  return c == w->code || c == w->name || c == w->country || c == w->place ||
         strcmp(tanlu_csv_header(w->csv, c), "Year") == 0;
}

/* Output: TOT in a data frame; in a sheet the country is TOT or empty, or the code is GO. */
static bool is_output(const job *w, size_t c, const char *country, int number) {
  if (strcmp(country, "TOT") == 0) return true;
  if (w->frame) return false;
  const char *code = text_at(w, w->number_row == 2 ? TANLU_NONE : w->number_row - 3, c);
  return strcmp(code, "GO") == 0 || (*country == '\0' && c + 1 == w->csv->columns) ||
         (number == 0 && c + 1 == w->csv->columns);
}

static tanlu_status read_columns(job *w) {
  char country[COUNTRY];
  tanlu_status status = TANLU_OK;
  size_t outputs = 0;
  bool *taken = tanlu_allocate(w->context, w->table.sector.count, sizeof *taken);
  if (taken == NULL) return TANLU_ERR_MEMORY;
  for (size_t c = 0; c < w->csv->columns; c++) {
    if (is_index(w, c)) continue;
    const int number = column_label(w, c, country);
    tanlu_status read = TANLU_OK;
    if (is_output(w, c, country, number)) {
      w->wide.column[c].kind = TANLU_WIDE_OUTPUT;
      read = ++outputs > 1 ? column_fail(w, c, "a second column of output") : TANLU_OK;
    } else if (number == 0) {
      read = column_fail(w, c, "no column of a country and a number; expected as AUS1, or AUS above c1");
    } else {
      read = add_column(w, c, country, number, taken);
    }
    if (read != TANLU_OK) status = read;
  }
  free(taken);
  return status;
}

/* ---- all ---------------------------------------------------------------------------------------------------------------------- */

static tanlu_status begin(job *w) {
  tanlu_region_heads heads;
  tanlu_status status = TANLU_OK;
  for (size_t row = w->first_row; status == TANLU_OK && row < w->csv->rows; row++) {
    if (w->wide.row[row].kind != TANLU_WIDE_SECTOR) continue;
    status = tanlu_region_table_describe(&w->table, code_of(w, row), tanlu_csv_text(w->csv, row, w->name));
  }
  if (status == TANLU_OK) {
    status = tanlu_import_heads(&heads, w->import, "World input-output table (WIOD)", "1e6 USD",
                                w->year != 0 ? w->year : tanlu_year_of(w->csv->file), TANLU_IMPORT_NONE, w->context);
  }
  return status == TANLU_OK ? tanlu_region_table_begin(&w->table, &heads, w->import->sink) : status;
}

static tanlu_status read_all(job *w) {
  tanlu_status status = tanlu_import_wide(&w->csv, w->import, w->context);
  if (status == TANLU_OK) status = tanlu_wide_table_create(&w->wide, w->csv, w->context);
  if (status == TANLU_OK) status = column_named(w, "IndustryCode") != TANLU_NONE ? read_frame(w) : read_sheet(w);
  if (status == TANLU_OK) status = read_rows(w);
  if (status == TANLU_OK) status = read_columns(w);
  if (status == TANLU_OK) status = begin(w);
  return status == TANLU_OK ? tanlu_wide_table_read(&w->wide, &w->table) : status;
}

tanlu_status tanlu_import_wiod(const tanlu_import *import, tanlu_context *context) {
  job w = {.import = import, .context = context};
  tanlu_region_table_init(&w.table, import->path, context);
  w.table.report = import->report;
  const tanlu_status status = read_all(&w);
  tanlu_region_table_clear(&w.table);
  tanlu_wide_table_clear(&w.wide);
  tanlu_label_index_clear(&w.rows);
  tanlu_csv_free(&w.csv);
  return status;
}
