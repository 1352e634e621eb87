/* Tables of the OECD as CSV: a row and a column of labels, numbers between.
 *
 * inter-country (ICIO): sectors AUS_A01_02 in rows and columns; final demand AUS_HFCE (edition 2016: HFCE_AUS), DISC; output OUT, OUTPUT or
 *   TOTAL; below the sectors TLS, TAXSUB or AUS_TAXSUB, VA or VALU, and OUT or OUTPUT.
 * national: rows TTL_A01_02, or DOM_A01_02 and IMP_A01_02; columns of the same industries (with TTL_, DOM_ or D before them, or nothing),
 *   final demand, IMPO below zero; below TXS_IMP_FNL, TXS_INT_FNL, TTL_INT_FNL, VALU, OUTPUT. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/import.h"
#include "inputs/import_codes.h"
#include "inputs/wide_table.h"
#include "solvers/memory.h"

enum { LABEL = 64 };

typedef struct {
  tanlu_csv *csv;
  tanlu_context *context;
  const tanlu_import *import;
  tanlu_region_table table;
  tanlu_wide_table wide;
  tanlu_label_index columns, rows; /* labels -> field, csv row */
  bool national, split;
  size_t taxes, folded; /* rows AUS_TAXSUB; labels of parts of countries */
} job;

static const char *row_label(const job *o, size_t row) {
  return tanlu_csv_text(o->csv, row, 0);
}

static bool is_one_of(const char *text, const char *const *words) {
  for (; *words != NULL; words++) {
    if (strcmp(text, *words) == 0) return true;
  }
  return false;
}

static bool is_output(const char *label) {
  static const char *const words[] = {"OUT", "OUTPUT", "TOTAL", NULL};
  return is_one_of(label, words);
}

static bool is_final(const char *kind) {
  static const char *const words[] = {"HFCE",  "HC",   "NPISH",    "NPS",         "GGFC",      "GFCF",
                                      "INVNT", "INV",  "DPABR",    "DIRP",        "P33",       "FD",
                                      "DISC",  "EXPO", "CONS_ABR", "CONS_NONRES", "VALUABLES", NULL};
  return is_one_of(kind, words);
}

/* "AUS_A01_02" -> "AUS" and "A01_02"; false where there is no underscore. */
static bool take_apart(const char *label, char region[LABEL], const char **rest) {
  const char *bar = strchr(label, '_');
  if (bar == NULL || bar == label || bar - label >= LABEL || bar[1] == '\0') return false;
  memcpy(region, label, (size_t)(bar - label));
  region[bar - label] = '\0';
  *rest = bar + 1;
  return true;
}

/* CN1, CN2 are parts of China, MX1, MX2 of Mexico; with --fold they are CHN and MEX. */
static void fold(job *o, char region[LABEL]) {
  const bool china = strncmp(region, "CN", 2) == 0, mexico = strncmp(region, "MX", 2) == 0;
  if ((!china && !mexico) || !isdigit((unsigned char)region[2]) || region[3] != '\0') return;
  o->folded++;
  if (o->import->fold) memcpy(region, china ? "CHN" : "MEX", 4);
}

/* ---- labels ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status index_columns(job *o) {
  tanlu_status status = TANLU_OK;
  for (size_t c = 1; c < o->csv->columns; c++) {
    const char *label = tanlu_csv_header(o->csv, c);
    const size_t before = tanlu_label_index_find(&o->columns, label, "");
    tanlu_status added = TANLU_OK;
    if (before != TANLU_NONE || *label == '\0') {
      added = tanlu_fail_at(o->context, TANLU_ERR_INPUT, o->csv->file, o->csv->header_line, c + 1,
                            *label == '\0' ? "the label of the column is empty%s" : "duplicate column '%s'", label);
    } else {
      added = tanlu_label_index_add(&o->columns, label, "", c, o->context);
    }
    if (added != TANLU_OK) status = added;
  }
  return status;
}

/* A row of a national table. */
static bool is_part(const char *label) {
  return strncmp(label, "TTL_", 4) == 0 || strncmp(label, "DOM_", 4) == 0 || strncmp(label, "IMP_", 4) == 0;
}

static tanlu_status index_rows(job *o) {
  tanlu_status status = TANLU_OK;
  for (size_t r = 0; r < o->csv->rows; r++) {
    const char *label = row_label(o, r);
    const size_t before = tanlu_label_index_find(&o->rows, label, "");
    tanlu_status added = TANLU_OK;
    if (before != TANLU_NONE) {
      added = tanlu_csv_fail(o->csv, r, 0, o->context, "duplicate row '%s', first in line %zu", label,
                             o->csv->line[before]);
    } else {
      added = tanlu_label_index_add(&o->rows, label, "", r, o->context);
    }
    if (added != TANLU_OK) status = added;
    /* Only the first row tells: DOM is a country too. */
    if (r == 0) o->national = is_part(label);
    if (o->national && strncmp(label, "DOM_", 4) == 0) o->split = true;
  }
  return status;
}

/* The sector, added where it is not there; TANLU_NONE when out of memory. */
static size_t sector_of(job *o, const char *region, const char *industry) {
  const size_t j = tanlu_region_table_sector(&o->table, region, industry);
  if (j != TANLU_NONE) return j;
  const tanlu_status status = tanlu_region_table_add_sector(&o->table, region, industry);
  return status == TANLU_OK ? o->table.sector.count - 1 : TANLU_NONE;
}

static tanlu_status set(tanlu_wide_place *place, tanlu_wide_kind kind, size_t index) {
  *place = (tanlu_wide_place){kind, index};
  return index != TANLU_NONE ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status set_component(job *o, size_t row, const char *name) {
  return set(&o->wide.row[row], TANLU_WIDE_COMPONENT, tanlu_wide_table_component(&o->wide, name, o->context));
}

/* ---- inter-country ---------------------------------------------------------------------------------------------------------- */

static tanlu_status country_row(job *o, size_t row) {
  static const char *const components[] = {"TLS", "TAXSUB", "VA", "VALU", NULL};
  const char *label = row_label(o, row), *industry = NULL;
  char region[LABEL];
  if (is_output(label)) return set(&o->wide.row[row], TANLU_WIDE_OUTPUT, 0);
  if (is_one_of(label, components)) return set_component(o, row, label);
  if (!take_apart(label, region, &industry)) {
    return tanlu_csv_fail(o->csv, row, 0, o->context,
                          "unknown row '%s'; expected REGION_INDUSTRY, TLS, TAXSUB, VA, VALU or OUT", label);
  }
  if (strcmp(industry, "TAXSUB") == 0 || strcmp(industry, "TLS") == 0) {
    o->taxes++;
    return set_component(o, row, industry);
  }
  if (tanlu_label_index_find(&o->columns, label, "") == TANLU_NONE) {
    return tanlu_csv_fail(o->csv, row, 0, o->context, "no column has the label '%s' of this row", label);
  }
  fold(o, region);
  return set(&o->wide.row[row], TANLU_WIDE_SECTOR, sector_of(o, region, industry));
}

static tanlu_status add_final(job *o, size_t c, const char *region, const char *kind) {
  size_t k = tanlu_region_table_category(&o->table, region, kind);
  if (k == TANLU_NONE) {
    const tanlu_status status = tanlu_region_table_add_category(&o->table, region, kind);
    if (status != TANLU_OK) return status;
    k = o->table.category.count - 1;
  }
  return set(&o->wide.column[c], TANLU_WIDE_FINAL, k);
}

static tanlu_status country_column(job *o, size_t c) {
  const char *label = tanlu_csv_header(o->csv, c), *rest = NULL;
  char region[LABEL];
  const size_t row = tanlu_label_index_find(&o->rows, label, "");
  if (is_output(label)) return set(&o->wide.column[c], TANLU_WIDE_OUTPUT, 0);
  if (row != TANLU_NONE && o->wide.row[row].kind == TANLU_WIDE_SECTOR) {
    return set(&o->wide.column[c], TANLU_WIDE_SECTOR, o->wide.row[row].index);
  }
  if (is_final(label)) return add_final(o, c, "ALL", label);
  if (take_apart(label, region, &rest)) {
    char other[LABEL];
    if (is_final(rest)) {
      fold(o, region);
      return add_final(o, c, region, rest);
    }
    snprintf(other, sizeof other, "%s", rest);
    fold(o, other);
    if (is_final(region)) return add_final(o, c, other, region);
  }
  return tanlu_fail_at(o->context, TANLU_ERR_INPUT, o->csv->file, o->csv->header_line, c + 1,
                       "column '%s' is no sector (no such row), no known final demand and no output", label);
}

/* ---- national ---------------------------------------------------------------------------------------------------------------- */

static bool is_national_total(const char *label) {
  return strcmp(label, "TTL_INT_FNL") == 0;
}

/* A column of the industry: the label itself, or with TTL_, DOM_ or D before it. */
static bool has_column(const job *o, const char *industry) {
  static const char *const before[] = {"", "TTL_", "DOM_", "D"};
  char label[LABEL + 8];
  for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
    snprintf(label, sizeof label, "%s%.*s", before[k], LABEL, industry);
    if (tanlu_label_index_find(&o->columns, label, "") != TANLU_NONE) return true;
  }
  return false;
}

static tanlu_status national_row(job *o, size_t row) {
  static const char *const components[] = {"TXS_IMP_FNL", "TXS_INT_FNL", "VALU", NULL};
  static const char *const parts[] = {"LABR",      "OTXS",      "GOPS", "VALU_LABR",
                                      "VALU_OTXS", "VALU_GOPS", NULL}; /* of VALU */
  const char *label = row_label(o, row), *industry = label + 4;
  const bool total = strncmp(label, "TTL_", 4) == 0, domestic = strncmp(label, "DOM_", 4) == 0;
  const bool imported = strncmp(label, "IMP_", 4) == 0;
  tanlu_wide_place *place = &o->wide.row[row];
  if (is_output(label)) return set(place, TANLU_WIDE_OUTPUT, 0);
  if (is_national_total(label)) return set(place, TANLU_WIDE_INPUTS, 0);
  if (is_one_of(label, components)) return set_component(o, row, label);
  if (is_one_of(label, parts)) return TANLU_OK;
  if (!(total || domestic || imported) || !has_column(o, industry)) {
    return tanlu_csv_fail(o->csv, row, 0, o->context,
                          "unknown row '%s'; expected TTL_, DOM_ or IMP_ and an industry of the columns, TXS_IMP_FNL, "
                          "TXS_INT_FNL, TTL_INT_FNL, VALU or OUTPUT",
                          label);
  }
  if (o->split == total) {
    return tanlu_csv_fail(o->csv, row, 0, o->context,
                          "row '%s' beside rows %s; expected TTL_ rows, or DOM_ and IMP_ rows", label,
                          o->split ? "DOM_" : "TTL_");
  }
  return set(place,
             total      ? TANLU_WIDE_SECTOR
             : domestic ? TANLU_WIDE_DOMESTIC
                        : TANLU_WIDE_IMPORTED,
             sector_of(o, "", industry));
}

static tanlu_status national_column(job *o, size_t c) {
  const char *label = tanlu_csv_header(o->csv, c);
  const char *const forms[] = {label, strncmp(label, "TTL_", 4) == 0 || strncmp(label, "DOM_", 4) == 0 ? label + 4 : "",
                               label[0] == 'D' ? label + 1 : ""};
  if (is_output(label)) return set(&o->wide.column[c], TANLU_WIDE_OUTPUT, 0);
  if (strcmp(label, "IMPO") == 0) return set(&o->wide.column[c], TANLU_WIDE_IMPORTS, 0);
  if (is_final(label)) return add_final(o, c, "", label);
  for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
    const size_t j = *forms[k] != '\0' ? tanlu_region_table_sector(&o->table, "", forms[k]) : TANLU_NONE;
    if (j != TANLU_NONE) return set(&o->wide.column[c], TANLU_WIDE_SECTOR, j);
  }
  return tanlu_fail_at(o->context, TANLU_ERR_INPUT, o->csv->file, o->csv->header_line, c + 1,
                       "column '%s' is no industry (no such row), no known final demand and no IMPO", label);
}

/* ---- all ---------------------------------------------------------------------------------------------------------------------- */

/* The total of intermediate use is at purchasers' prices: the taxes of TXS_ rows are in it, value added is not. */
static tanlu_status place_taxes(job *o) {
  for (size_t r = 0; o->national && r < o->csv->rows; r++) {
    if (strncmp(row_label(o, r), "TXS_", 4) != 0) continue;
    if (tanlu_wide_table_component(&o->wide, row_label(o, r), o->context) == TANLU_NONE) return TANLU_ERR_MEMORY;
  }
  o->wide.before = o->wide.component.count;
  return TANLU_OK;
}

static tanlu_status place_all(job *o) {
  tanlu_status status = place_taxes(o);
  if (status != TANLU_OK) return status;
  for (size_t r = 0; r < o->csv->rows; r++) {
    const tanlu_status placed = o->national ? national_row(o, r) : country_row(o, r);
    if (placed != TANLU_OK) status = placed;
  }
  for (size_t c = 1; status == TANLU_OK && c < o->csv->columns; c++) {
    const tanlu_status placed = o->national ? national_column(o, c) : country_column(o, c);
    if (placed != TANLU_OK) status = placed;
  }
  return status;
}

static tanlu_status remark(job *o) {
  tanlu_status status = TANLU_OK;
  if (o->taxes > 0) {
    status =
        tanlu_region_table_remark(&o->table, "%zu rows of taxes less subsidies, one a country, are added up", o->taxes);
  }
  if (status != TANLU_OK || o->folded == 0) return status;
  return tanlu_region_table_remark(
      &o->table, o->import->fold ? "parts of China (CN1, CN2) and of Mexico (MX1, MX2) are added up to CHN and MEX"
                                 : "parts of China (CN1, CN2) and of Mexico (MX1, MX2) are regions of their own "
                                   "beside CHN and MEX, which have no output; --fold adds them up");
}

static tanlu_status begin(job *o) {
  const char *title = o->national ? "National input-output table (OECD)" : "Inter-country input-output table (OECD)";
  const tanlu_import_treatment national = o->split ? TANLU_IMPORT_SPLIT : TANLU_IMPORT_PROPORTIONAL;
  tanlu_region_heads heads;
  tanlu_status status = remark(o);
  if (status == TANLU_OK) {
    status = tanlu_import_heads(&heads, o->import, title, "1e6 USD", tanlu_year_of(o->csv->file),
                                o->national ? national : TANLU_IMPORT_NONE, o->context);
  }
  return status == TANLU_OK ? tanlu_region_table_begin(&o->table, &heads, o->import->sink) : status;
}

static tanlu_status check_shape(const job *o) {
  if (o->csv->columns > 1 && o->csv->rows > 0) return TANLU_OK;
  return tanlu_fail_at(o->context, TANLU_ERR_INPUT, o->csv->file, o->csv->header_line, 1,
                       o->csv->columns == 1 ? "1 field; expected labels and numbers separated by commas"
                                            : "holds no rows");
}

static tanlu_status read_all(job *o) {
  tanlu_status status = tanlu_import_wide(&o->csv, o->import, o->context);
  if (status == TANLU_OK) status = check_shape(o);
  if (status == TANLU_OK) status = tanlu_wide_table_create(&o->wide, o->csv, o->context);
  if (status == TANLU_OK) status = index_columns(o);
  if (status == TANLU_OK) status = index_rows(o);
  if (status == TANLU_OK) status = place_all(o);
  if (status == TANLU_OK) status = begin(o);
  return status == TANLU_OK ? tanlu_wide_table_read(&o->wide, &o->table) : status;
}

tanlu_status tanlu_import_oecd(const tanlu_import *import, tanlu_context *context) {
  job o = {.import = import, .context = context};
  tanlu_region_table_init(&o.table, import->path, context);
  o.table.report = import->report;
  const tanlu_status status = read_all(&o);
  tanlu_region_table_clear(&o.table);
  tanlu_wide_table_clear(&o.wide);
  tanlu_label_index_clear(&o.columns);
  tanlu_label_index_clear(&o.rows);
  tanlu_csv_free(&o.csv);
  return status;
}
