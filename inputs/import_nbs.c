/* National tables of the National Bureau of Statistics of China as CSV. A header with the column `code`, perhaps name_en (or name),
 * name_zh and origin, the codes of the sectors and of the margins:
 *
 *   TIU  FU101 FU102 THC FU103 TC  FU201 FU202 GCF  EX TFU  IM ERR GO
 *
 * intermediate use; consumption of rural and urban households, theirs together, of the government, all consumption; fixed capital,
 * inventories, both; exports, all final use; imports, error, output. Rows: the sectors, TII, VA001 .. VA004, TVA, TI. Where there
 * is a column `origin` every sector has a row Domestic and one Imports. Rows and columns are found by their codes, in any order;
 * sums (TIU, THC, TC, GCF, TFU, TII, TVA, TI) may be absent and are checked where they are there. Without FU101 to FU103 TC is a
 * category. Unit: 10^4 CNY, producers' prices of the year. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inputs/csv_table.h"
#include "inputs/import.h"
#include "solvers/memory.h"

enum { TIU, FU101, FU102, THC, FU103, TC, FU201, FU202, GCF, EX, TFU, IM, ERR, GO, MARGINS };

static const struct {
  const char *code;
  const char *category, *name, *name_zh; /* NULL: no category of final demand */
  tanlu_category_role role;
} margin[MARGINS] = {
    [TIU] = {"TIU", NULL, NULL, NULL, TANLU_ROLE_OTHER},
    [FU101] = {"FU101", "rural_households", "Rural household consumption", "农村居民消费", TANLU_ROLE_RURAL},
    [FU102] = {"FU102", "urban_households", "Urban household consumption", "城镇居民消费", TANLU_ROLE_URBAN},
    [THC] = {"THC", NULL, NULL, NULL, TANLU_ROLE_OTHER},
    [FU103] = {"FU103", "government", "Government consumption", "政府消费", TANLU_ROLE_GOVERNMENT},
    [TC] = {"TC", "consumption", "Consumption of households and government", "最终消费支出", TANLU_ROLE_OTHER},
    [FU201] = {"FU201", "fixed_capital", "Gross fixed capital formation", "固定资本形成总额", TANLU_ROLE_FIXED_CAPITAL},
    [FU202] = {"FU202", "inventories", "Change in inventories", "存货变动", TANLU_ROLE_INVENTORIES},
    [GCF] = {"GCF", NULL, NULL, NULL, TANLU_ROLE_OTHER},
    [EX] = {"EX", "exports", "Exports", "出口", TANLU_ROLE_EXPORTS},
    [TFU] = {"TFU", NULL, NULL, NULL, TANLU_ROLE_OTHER},
    [IM] = {"IM", NULL, NULL, NULL, TANLU_ROLE_OTHER},
    [ERR] = {"ERR", NULL, NULL, NULL, TANLU_ROLE_OTHER},
    [GO] = {"GO", NULL, NULL, NULL, TANLU_ROLE_OTHER},
};

static const struct {
  const char *code, *component;
} value_added[] = {{"VA001", "compensation"}, {"VA002", "net_taxes"}, {"VA003", "depreciation"}, {"VA004", "surplus"}};

typedef struct {
  const tanlu_import *import;
  tanlu_context *context;
  tanlu_status status; /* first problem; the reading goes on */
  tanlu_csv *csv;
  size_t code, name, name_zh, origin; /* columns, TANLU_NONE where absent */
  size_t at[MARGINS];                 /* columns of the margins */
  bool split, is_category[MARGINS];
  size_t n;
  size_t *row[2];                /* n: rows of the sectors; with a split domestic and imports */
  size_t *column;                /* n */
  size_t components, *component; /* rows of value added */
  size_t tii, tva, ti;           /* rows of sums */
  char title[96];
  tanlu_region_table t;
} nbs;

static bool ok(nbs *b, tanlu_status status) {
  if (b->status == TANLU_OK) b->status = status;
  return status == TANLU_OK;
}

static const char *code_of(const nbs *b, size_t row) {
  return tanlu_csv_text(b->csv, row, b->code);
}

/* ---- columns ----------------------------------------------------------------------------------------------------------- */

static tanlu_status fail_header(nbs *b, size_t column, const char *what) {
  return tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->csv->file, b->csv->header_line, column + 1, "%s '%s'", what,
                       tanlu_csv_header(b->csv, column));
}

/* The place that a header is for: of a text or a margin; NULL: a sector's. */
static size_t *place_of(nbs *b, const char *header) {
  if (strcmp(header, "code") == 0) return &b->code;
  if (strcmp(header, "name_en") == 0 || strcmp(header, "name") == 0) return &b->name;
  if (strcmp(header, "name_zh") == 0) return &b->name_zh;
  if (strcmp(header, "origin") == 0) return &b->origin;
  for (size_t m = 0; m < MARGINS; m++) {
    if (strcmp(header, margin[m].code) == 0) return &b->at[m];
  }
  return NULL;
}

static void find_margins(nbs *b) {
  b->code = b->name = b->name_zh = b->origin = TANLU_NONE;
  for (size_t m = 0; m < MARGINS; m++) b->at[m] = TANLU_NONE;
  for (size_t c = 0; c < b->csv->columns; c++) {
    size_t *place = place_of(b, tanlu_csv_header(b->csv, c));
    if (place != NULL && *place != TANLU_NONE) ok(b, fail_header(b, c, "duplicate column"));
    if (place != NULL && *place == TANLU_NONE) *place = c;
  }
  b->split = b->origin != TANLU_NONE;
  const bool parts = b->at[FU101] != TANLU_NONE || b->at[FU102] != TANLU_NONE || b->at[FU103] != TANLU_NONE;
  for (size_t m = 0; m < MARGINS; m++) {
    b->is_category[m] = margin[m].category != NULL && b->at[m] != TANLU_NONE && (m != TC || !parts);
  }
  static const size_t needed[] = {GO, EX, IM};
  for (size_t k = 0; k < sizeof needed / sizeof *needed; k++) {
    if (b->at[needed[k]] != TANLU_NONE || (needed[k] == IM && b->split)) continue;
    ok(b, tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->csv->file, b->csv->header_line, 0, "missing column '%s'",
                        margin[needed[k]].code));
  }
  if (b->code == TANLU_NONE) {
    ok(b, tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->csv->file, b->csv->header_line, 0, "missing column 'code'"));
  }
}

/* ---- rows -------------------------------------------------------------------------------------------------------------- */

static bool is_total(const char *code) {
  return strcmp(code, "TII") == 0 || strcmp(code, "TVA") == 0 || strcmp(code, "TI") == 0;
}

/* VA and digits. */
static bool is_component(const char *code) {
  return strncmp(code, "VA", 2) == 0 && code[2] != '\0' && code[2 + strspn(code + 2, "0123456789")] == '\0';
}

/* 0: domestic, or all of a table without a split; 1: imports. */
static size_t origin_of(nbs *b, size_t row) {
  if (!b->split) return 0;
  const char *origin = tanlu_csv_text(b->csv, row, b->origin);
  if (strcasecmp(origin, "Domestic") == 0) return 0;
  if (strcasecmp(origin, "Imports") == 0) return 1;
  ok(b,
     tanlu_csv_fail(b->csv, row, b->origin, b->context, "unknown origin '%s'; expected Domestic or Imports", origin));
  return TANLU_NONE;
}

static void take_once(nbs *b, size_t *place, size_t row) {
  if (*place == TANLU_NONE) {
    *place = row;
    return;
  }
  ok(b, tanlu_csv_fail(b->csv, row, b->code, b->context, "duplicate row '%s', first in line %zu", code_of(b, row),
                       b->csv->line[*place]));
}

static void take_component(nbs *b, size_t row) {
  for (size_t c = 0; c < b->components; c++) {
    if (strcmp(code_of(b, b->component[c]), code_of(b, row)) == 0) {
      take_once(b, &b->component[c], row);
      return;
    }
  }
  b->component[b->components++] = row;
}

static void take_sector(nbs *b, size_t row) {
  const size_t origin = origin_of(b, row);
  if (origin == TANLU_NONE) return;
  size_t i = tanlu_region_table_sector(&b->t, "", code_of(b, row));
  if (i == TANLU_NONE) {
    if (!ok(b, tanlu_region_table_add_sector(&b->t, "", code_of(b, row)))) return;
    i = b->n++;
    b->row[0][i] = b->row[1][i] = b->column[i] = TANLU_NONE;
  }
  take_once(b, &b->row[origin][i], row);
}

static void find_rows(nbs *b) {
  const size_t rows = b->csv->rows;
  size_t **const arrays[] = {&b->row[0], &b->row[1], &b->column, &b->component};
  for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) {
    *arrays[k] = tanlu_allocate(b->context, rows, sizeof **arrays[k]);
    if (!ok(b, *arrays[k] != NULL ? TANLU_OK : TANLU_ERR_MEMORY)) return;
  }
  b->tii = b->tva = b->ti = TANLU_NONE;
  for (size_t row = 0; row < rows; row++) {
    const char *code = code_of(b, row);
    if (*code == '\0') {
      ok(b, tanlu_csv_fail(b->csv, row, b->code, b->context, "the code of the row is empty"));
    } else if (is_total(code)) {
      take_once(b, strcmp(code, "TII") == 0 ? &b->tii : strcmp(code, "TVA") == 0 ? &b->tva : &b->ti, row);
    } else if (is_component(code)) {
      take_component(b, row);
    } else {
      take_sector(b, row);
    }
  }
  if (b->components == 0) {
    ok(b, tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->csv->file, 0, 0,
                        "no row of value added (VA001, ...); the file may be cut off"));
  }
  for (size_t i = 0; b->split && i < b->n; i++) {
    const size_t there = b->row[0][i] != TANLU_NONE ? b->row[0][i] : b->row[1][i];
    if (b->row[0][i] != TANLU_NONE && b->row[1][i] != TANLU_NONE) continue;
    ok(b, tanlu_csv_fail(b->csv, there, b->code, b->context, "sector '%s' has no row of origin %s", code_of(b, there),
                         b->row[0][i] == TANLU_NONE ? "Domestic" : "Imports"));
  }
}

/* Sectors are what has both a row and a column. */
static void find_sector_columns(nbs *b) {
  for (size_t c = 0; c < b->csv->columns; c++) {
    const char *header = tanlu_csv_header(b->csv, c);
    if (place_of(b, header) != NULL) continue;
    const size_t i = tanlu_region_table_sector(&b->t, "", header);
    if (i == TANLU_NONE) {
      ok(b, fail_header(b, c, "neither a margin (TIU, FU101, ...) nor a sector with a row: column"));
    } else if (b->column[i] != TANLU_NONE) {
      ok(b, fail_header(b, c, "duplicate column"));
    } else {
      b->column[i] = c;
    }
  }
  for (size_t i = 0; i < b->n; i++) {
    if (b->column[i] != TANLU_NONE) continue;
    const size_t row = b->row[0][i] != TANLU_NONE ? b->row[0][i] : b->row[1][i];
    ok(b, tanlu_csv_fail(b->csv, row, b->code, b->context, "row '%s' has no column of its own", code_of(b, row)));
  }
}

/* ---- numbers ----------------------------------------------------------------------------------------------------------- */

/* A cell that is no sum: an empty one is 0, and said. */
static double number(nbs *b, size_t row, size_t column) {
  double value = 0.0;
  if (column == TANLU_NONE) return 0.0;
  if (tanlu_csv_text(b->csv, row, column)[0] == '\0') {
    tanlu_table_report_add(b->import->report, TANLU_REMARK_MISSING, 0.0, "line %zu field %zu (%s of %s)",
                           b->csv->line[row], column + 1, tanlu_csv_header(b->csv, column), code_of(b, row));
    return 0.0;
  }
  ok(b, tanlu_csv_number(b->csv, row, column, 0.0, &value, b->context));
  return value;
}

static void add_part(nbs *b, size_t row, size_t column, double sum[2]) {
  double value = 0.0;
  if (column == TANLU_NONE || row == TANLU_NONE || tanlu_csv_text(b->csv, row, column)[0] == '\0') return;
  if (!ok(b, tanlu_csv_number(b->csv, row, column, 0.0, &value, b->context))) return;
  sum[0] += value;
  sum[1] += fabs(value);
}

/* Output of a sector, which its sums are measured against; 0 where there is none. */
static double output_of(nbs *b, size_t i) {
  double output[2] = {0.0, 0.0};
  if (i != TANLU_NONE) add_part(b, b->row[0][i], b->at[GO], output);
  return output[1];
}

/* A sum of the file against the sum of its parts; sum[1] is the sum of their sizes. A gap is relative to it or to `output`. */
static void check_total(nbs *b, size_t row, size_t column, const double sum[2], double output) {
  double stated = 0.0;
  if (row == TANLU_NONE || column == TANLU_NONE || tanlu_csv_text(b->csv, row, column)[0] == '\0') return;
  if (!ok(b, tanlu_csv_number(b->csv, row, column, 0.0, &stated, b->context))) return;
  const char *header = tanlu_csv_header(b->csv, column), *code = code_of(b, row);
  const double gap = stated - sum[0], size = fmax(fmax(sum[1], fabs(stated)), output);
  if (fabs(gap) > b->import->tolerance * size) {
    ok(b, tanlu_csv_fail(b->csv, row, column, b->context,
                         "%s of '%s' is %.10g, its parts add up to %.10g, gap %.3g; allowed %.1g of output", header,
                         code, stated, sum[0], gap, b->import->tolerance));
    return;
  }
  tanlu_table_report_add(b->import->report, TANLU_REMARK_TOTAL, 0.0, "%s of %s", header, code);
  if (fabs(gap) <= 1e-9 * size) return;
  tanlu_table_report_add(b->import->report, TANLU_REMARK_TOTAL_GAP, gap, "%s of %s", header, code);
}

/* The sums of a row: TIU, THC, TC, GCF, TFU; of imports GO too. `output` of its sector, else 0. */
static void check_row(nbs *b, size_t row, bool imports, double output) {
  static const struct {
    size_t total, part[3];
  } sums[] = {{THC, {FU101, FU102, FU102}}, {TC, {FU101, FU102, FU103}}, {GCF, {FU201, FU202, FU202}}};
  double use[2] = {0.0, 0.0}, final[2] = {0.0, 0.0};
  for (size_t i = 0; i < b->n; i++) add_part(b, row, b->column[i], use);
  check_total(b, row, b->at[TIU], use, output);
  for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
    double sum[2] = {0.0, 0.0};
    if (b->is_category[sums[k].total]) continue;
    for (size_t p = 0; p < 3; p++) {
      if (p == 0 || sums[k].part[p] != sums[k].part[p - 1]) add_part(b, row, b->at[sums[k].part[p]], sum);
    }
    check_total(b, row, b->at[sums[k].total], sum, output);
  }
  for (size_t m = 0; m < MARGINS; m++) {
    if (b->is_category[m]) add_part(b, row, b->at[m], final);
  }
  check_total(b, row, b->at[TFU], final, output);
  const double all[2] = {use[0] + final[0], use[1] + final[1]};
  if (imports) check_total(b, row, b->at[GO], all, output);
}

/* The sums of a column: TII of the sectors, TVA of the components, TI of both. */
static void check_column(nbs *b, size_t column, bool inputs, double output) {
  double use[2] = {0.0, 0.0}, added[2] = {0.0, 0.0};
  for (size_t i = 0; i < b->n; i++) {
    add_part(b, b->row[0][i], column, use);
    add_part(b, b->row[1][i], column, use);
  }
  for (size_t c = 0; c < b->components; c++) add_part(b, b->component[c], column, added);
  check_total(b, b->tii, column, use, output);
  check_total(b, b->tva, column, added, output);
  const double all[2] = {use[0] + added[0], use[1] + added[1]};
  if (inputs) check_total(b, b->ti, column, all, output);
}

static void check_totals(nbs *b) {
  for (size_t i = 0; i < b->n; i++) {
    const double output = output_of(b, i);
    check_row(b, b->row[0][i], false, output);
    if (b->split) check_row(b, b->row[1][i], true, output);
    check_column(b, b->column[i], true, output);
  }
  for (size_t c = 0; c < b->components; c++) check_row(b, b->component[c], false, 0.0);
  for (size_t m = 0; m < MARGINS; m++) {
    if (b->at[m] != TANLU_NONE) check_column(b, b->at[m], m == TIU, 0.0);
  }
}

/* ---- the table --------------------------------------------------------------------------------------------------------- */

static void set_text(nbs *b, char **text, const char *value) {
  char *copy = tanlu_string_copy(b->context, value);
  if (!ok(b, copy != NULL ? TANLU_OK : TANLU_ERR_MEMORY)) return;
  free(*text);
  *text = copy;
}

static void begin_table(nbs *b) {
  tanlu_region_heads heads;
  const int year = b->import->year;
  for (size_t m = 0; m < MARGINS; m++) {
    if (b->is_category[m]) ok(b, tanlu_region_table_add_category(&b->t, "", margin[m].category));
  }
  (void)snprintf(b->title, sizeof b->title, "China %d, national table of %zu sectors%s", year, b->n,
                 b->split ? ", domestic and imported" : "");
  ok(b, tanlu_import_heads(&heads, b->import, b->title, "1e4 CNY", 0,
                           b->split ? TANLU_IMPORT_SPLIT : TANLU_IMPORT_PROPORTIONAL, b->context));
  if (heads.region == NULL) heads.region = "China";
  if (b->status != TANLU_OK || !ok(b, tanlu_region_table_begin(&b->t, &heads, b->import->sink))) return;
  for (size_t i = 0; i < b->n; i++) {
    const char *name = tanlu_csv_text(b->csv, b->row[0][i], b->name);
    const char *name_zh = tanlu_csv_text(b->csv, b->row[0][i], b->name_zh);
    tanlu_labels *const labels[] = {&b->t.sector, &b->t.level[0].group};
    for (size_t k = 0; k < 2; k++) {
      set_text(b, &labels[k]->name[i], name);
      set_text(b, &labels[k]->name_zh[i], name_zh);
    }
  }
  for (size_t m = 0, k = 0; m < MARGINS; m++) {
    if (!b->is_category[m]) continue;
    b->t.role[k] = margin[m].role;
    set_text(b, &b->t.category.name[k], margin[m].name);
    set_text(b, &b->t.category.name_zh[k++], margin[m].name_zh);
  }
}

static void fill_row(nbs *b, size_t i) {
  const size_t n = b->n, row = b->row[0][i], imported = b->row[1][i];
  b->t.line[i] = b->csv->line[row];
  b->t.output[i] = number(b, row, b->at[GO]);
  b->t.stated[i] = number(b, row, b->at[ERR]);
  if (!b->split) b->t.imports[i] = number(b, row, b->at[IM]);
  for (size_t m = 0, k = 0; m < MARGINS; m++) {
    if (!b->is_category[m]) continue;
    const double own = number(b, row, b->at[m]), foreign = b->split ? number(b, imported, b->at[m]) : 0.0;
    b->t.final_use[k * n + i] = own + foreign;
    if (b->split) b->t.final_domestic[k * n + i] = own;
    b->t.imports[i] += foreign;
    k++;
  }
}

static void fill_flows(nbs *b, size_t i, double *flows, double *domestic) {
  const size_t row = b->row[0][i], imported = b->row[1][i];
  for (size_t j = 0; j < b->n; j++) {
    flows[j] = domestic[j] = number(b, row, b->column[j]);
    if (!b->split) continue;
    const double foreign = number(b, imported, b->column[j]);
    if (foreign < 0.0) {
      ok(b, tanlu_csv_fail(b->csv, imported, b->column[j], b->context, "an imported input is %g; expected 0 or more",
                           foreign));
    }
    flows[j] += foreign;
    b->t.imports[i] += foreign;
  }
  if (b->status == TANLU_OK) ok(b, tanlu_region_table_row(&b->t, i, flows, b->split ? domestic : NULL));
}

static void fill_value_added(nbs *b) {
  for (size_t c = 0; c < b->components; c++) {
    const size_t row = b->component[c];
    const char *name = tanlu_csv_text(b->csv, row, b->name), *code = code_of(b, row);
    double *value = tanlu_region_table_component(&b->t, name[0] != '\0' ? name : code);
    if (!ok(b, value != NULL ? TANLU_OK : TANLU_ERR_MEMORY)) return;
    for (size_t k = 0; k < sizeof value_added / sizeof *value_added; k++) {
      if (strcmp(code, value_added[k].code) == 0) set_text(b, &b->t.component.code[c], value_added[k].component);
    }
    set_text(b, &b->t.component.name_zh[c], tanlu_csv_text(b->csv, row, b->name_zh));
    for (size_t j = 0; j < b->n; j++) value[j] = number(b, row, b->column[j]);
  }
}

static void read_table(nbs *b) {
  find_margins(b);
  if (b->status == TANLU_OK) find_rows(b);
  if (b->status == TANLU_OK) find_sector_columns(b);
  if (b->status != TANLU_OK) return;
  check_totals(b);
  begin_table(b);
  if (b->status != TANLU_OK) return;
  double *flows = tanlu_allocate_doubles(b->context, b->n, 2);
  ok(b, flows != NULL ? TANLU_OK : TANLU_ERR_MEMORY);
  for (size_t i = 0; flows != NULL && i < b->n; i++) {
    fill_row(b, i);
    fill_flows(b, i, flows, flows + b->n);
  }
  free(flows);
  fill_value_added(b);
  if (b->status == TANLU_OK) ok(b, tanlu_region_table_end(&b->t));
}

tanlu_status tanlu_import_nbs(const tanlu_import *import, tanlu_context *context) {
  nbs b = {.import = import, .context = context};
  tanlu_region_table_init(&b.t, import->path, context);
  b.t.report = import->report;
  b.t.has_lines = b.t.has_output = true;
  if (ok(&b, tanlu_import_csv(&b.csv, import, import->path, context))) read_table(&b);
  tanlu_region_table_clear(&b.t);
  tanlu_csv_free(&b.csv);
  free(b.row[0]);
  free(b.row[1]);
  free(b.column);
  free(b.component);
  return b.status;
}
