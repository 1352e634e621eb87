/* Sectoral CO2 inventories of the Carbon Emission Accounts and Datasets (CEADs) as CSV, as extensions of a dataset.
 *
 * A header whose first column stands over the names of the sectors and whose others are carriers, Process among them; rows are the
 * sectors. Columns and rows whose name begins with or ends in "total" are sums: checked, not taken. Unit: Mt CO2.
 *
 * The sectors of the inventory are those of the energy statistics, so a concordance says where they belong: columns source (name in
 * the inventory), sector (code of a sector, or of a group of the dataset; - leaves the row out, as that of households) and, where
 * it may be told, share (of the row's numbers; those of one source add up to 1). Without shares a row goes to all sectors named for
 * it in proportion to their output, as it does to the members of a group. Without a concordance every name must be the code or the
 * name of a sector. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inputs/accounts_file.h"
#include "inputs/import.h"
#include "inputs/import_codes.h"
#include "inputs/label_index.h"
#include "solvers/memory.h"

static const double share_tolerance = 1e-6; /* shares are written with few digits */

typedef struct {
  const tanlu_import *import;
  tanlu_context *context;
  tanlu_status status; /* first problem; the reading goes on */
  tanlu_csv *csv;
  tanlu_dataset *dataset;
  tanlu_labels extension; /* those of the dataset, co2, one for each carrier */
  char **unit;            /* of the extensions */
  size_t old;             /* extensions of the dataset */
  size_t *of_column;      /* of the file: its carrier, TANLU_NONE for names and sums */
  double *value;          /* n x extensions */
  double *weight;         /* rows x n: share of the inventory's row that goes to a sector */
  bool *named;            /* rows: the concordance has it */
  bool *left_out;         /* rows */
} ceads;

static bool ok(ceads *b, tanlu_status status) {
  if (b->status == TANLU_OK) b->status = status;
  return status == TANLU_OK;
}

static void *allocate(ceads *b, size_t count, size_t size) {
  void *memory = tanlu_allocate(b->context, count, size);
  ok(b, memory != NULL ? TANLU_OK : TANLU_ERR_MEMORY);
  return memory;
}

static bool is_total(const char *name) {
  const size_t length = strlen(name);
  return length >= 5 && (strncasecmp(name, "total", 5) == 0 || strcasecmp(name + length - 5, "total") == 0);
}

/* ---- columns ----------------------------------------------------------------------------------------------------------- */

static void add_extension(ceads *b, const char *code, const char *name, const char *name_zh, const char *unit) {
  if (tanlu_labels_find(&b->extension, code) != TANLU_NONE) {
    ok(b, tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->csv->file, b->csv->header_line, 0,
                        "the dataset has an extension '%s' already", code));
    return;
  }
  b->unit[b->extension.count] = tanlu_string_copy(b->context, unit);
  ok(b, b->unit[b->extension.count] != NULL ? TANLU_OK : TANLU_ERR_MEMORY);
  ok(b, tanlu_labels_add(&b->extension, code, name, name_zh, b->context));
}

/* co2_CARRIER of a column, with a number behind it where letters beyond ASCII leave the same of two names. */
static void add_carrier(ceads *b, size_t column) {
  const char *header = tanlu_csv_header(b->csv, column);
  char code[128];
  for (size_t c = 1; c < column; c++) {
    if (strcmp(tanlu_csv_header(b->csv, c), header) != 0) continue;
    ok(b, tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->csv->file, b->csv->header_line, column + 1,
                        "duplicate column '%s', first in field %zu", header, c + 1));
    return;
  }
  if (*header == '\0') {
    ok(b, tanlu_fail_at(b->context, TANLU_ERR_INPUT, b->csv->file, b->csv->header_line, column + 1,
                        "the name of the column is empty"));
    return;
  }
  char *own = tanlu_code_of(header, b->context);
  if (!ok(b, own != NULL ? TANLU_OK : TANLU_ERR_MEMORY)) return;
  (void)snprintf(code, sizeof code, "co2_%.100s", own);
  size_t other = tanlu_labels_find(&b->extension, code); /* one of the dataset itself is an error */
  for (size_t k = 2; other != TANLU_NONE && other > b->old; k++) {
    (void)snprintf(code, sizeof code, "co2_%.100s_%zu", own, k);
    other = tanlu_labels_find(&b->extension, code);
  }
  free(own);
  b->of_column[column] = b->extension.count;
  add_extension(b, code, header, "", "Mt");
}

static void find_columns(ceads *b) {
  const tanlu_extension_statistics *e = &b->dataset->extension;
  const size_t most = e->label.count + 1 + b->csv->columns;
  b->unit = allocate(b, most, sizeof *b->unit);
  b->of_column = allocate(b, b->csv->columns, sizeof *b->of_column);
  if (b->status != TANLU_OK) return;
  for (size_t k = 0; k < e->label.count; k++) {
    add_extension(b, e->label.code[k], e->label.name[k], e->label.name_zh[k], e->unit[k]);
  }
  b->old = e->label.count;
  add_extension(b, "co2", "CO2 of the inventory", "", "Mt");
  for (size_t c = 0; c < b->csv->columns; c++) {
    b->of_column[c] = TANLU_NONE;
    if (c > 0 && !is_total(tanlu_csv_header(b->csv, c))) add_carrier(b, c);
  }
  b->value = tanlu_allocate_doubles(b->context, b->dataset->accounts.n, b->extension.count);
  if (!ok(b, b->value != NULL ? TANLU_OK : TANLU_ERR_MEMORY)) return;
  if (e->value != NULL) memcpy(b->value, e->value, b->dataset->accounts.n * e->label.count * sizeof *b->value);
}

/* ---- sectors ----------------------------------------------------------------------------------------------------------- */

/* Give sector j a part of an inventory's row. */
static void add_weight(ceads *b, size_t row, size_t j, double weight) {
  b->weight[row * b->dataset->accounts.n + j] += weight;
}

/* The members of what a cell names, a sector or a group; false with an error for what is none. */
static bool members_of(ceads *b, const tanlu_csv *map, size_t row, size_t column, bool *member) {
  const tanlu_dataset *d = b->dataset;
  const char *code = tanlu_csv_text(map, row, column);
  size_t level = 0, group = 0, j = tanlu_labels_find(&d->accounts.sector, code);
  memset(member, 0, d->accounts.n * sizeof *member);
  if (j != TANLU_NONE) {
    member[j] = true;
    return true;
  }
  if (tanlu_dataset_find_group(d, code, &level, &group) != TANLU_OK) {
    return ok(b, tanlu_csv_code(map, row, column, "sector or group", &d->accounts.sector, false, &j, b->context));
  }
  for (j = 0; j < d->accounts.n; j++) member[j] = d->level[level].of_sector[j] == group;
  return true;
}

/* Rows of one source: with shares each row's share goes to its members by output, without to the members of all of them. */
typedef struct {
  size_t first; /* row of the concordance where it came first, 0-based; TANLU_NONE: never */
  bool shares;
  double sum; /* of shares, or of the output of its members */
} source;

static void add_members(ceads *b, size_t row, const bool *member, double share, bool by_share) {
  const tanlu_accounts *a = &b->dataset->accounts;
  double total = 0.0;
  for (size_t j = 0; j < a->n; j++) total += member[j] ? a->output[j] : 0.0;
  for (size_t j = 0; j < a->n && total > 0.0; j++) {
    if (member[j]) add_weight(b, row, j, by_share ? share * a->output[j] / total : a->output[j]);
  }
}

static size_t find_row(ceads *b, const tanlu_csv *map, size_t line, const size_t *index, const tanlu_labels *names) {
  size_t row = TANLU_NONE;
  ok(b, tanlu_csv_code(map, line, index[0], "sector of the inventory", names, false, &row, b->context));
  return row;
}

static void take_line(ceads *b, const tanlu_csv *map, size_t line, const size_t *index, const tanlu_labels *names,
                      source *sources, bool *member) {
  const size_t row = find_row(b, map, line, index, names);
  if (row == TANLU_NONE) return;
  source *s = &sources[row];
  const bool has_share = tanlu_csv_text(map, line, index[2])[0] != '\0', first = !b->named[row];
  double share = 1.0;
  if (first) *s = (source){.first = line, .shares = has_share};
  b->named[row] = true;
  if (strcmp(tanlu_csv_text(map, line, index[1]), "-") == 0) {
    if (!first || has_share) {
      ok(b, tanlu_csv_fail(map, line, index[1], b->context, "'%s' is left out and has sectors or a share too",
                           names->code[row]));
    }
    b->left_out[row] = true;
    return;
  }
  if (b->left_out[row] || s->shares != has_share) {
    ok(b, tanlu_csv_fail(map, line, index[2], b->context,
                         "'%s' has lines with and without a share, or is left out; expected one or the other",
                         names->code[row]));
    return;
  }
  if (has_share) {
    if (!ok(b, tanlu_csv_number_within(map, line, index[2], 0.0, 0.0, 1.0, &share, b->context))) return;
    s->sum += share;
  }
  if (members_of(b, map, line, index[1], member)) add_members(b, row, member, share, has_share);
}

/* Shares must add up to 1; weights by output are scaled to it. */
static void finish_weights(ceads *b, const tanlu_csv *map, const source *sources) {
  const size_t n = b->dataset->accounts.n;
  for (size_t row = 0; row < b->csv->rows; row++) {
    const source *s = &sources[row];
    double *weight = b->weight + row * n, sum = 0.0;
    if (!b->named[row] || b->left_out[row]) continue;
    for (size_t j = 0; j < n; j++) sum += weight[j];
    if (s->shares && !(fabs(s->sum - 1.0) <= share_tolerance)) {
      ok(b, tanlu_csv_fail(map, s->first, TANLU_NONE, b->context, "the shares of '%s' add up to %.10g; expected 1",
                           tanlu_csv_text(b->csv, row, 0), s->sum));
    } else if (!(sum > 0.0)) {
      ok(b, tanlu_csv_fail(map, s->first, TANLU_NONE, b->context, "the sectors of '%s' have no output",
                           tanlu_csv_text(b->csv, row, 0)));
    } else {
      for (size_t j = 0; j < n; j++) weight[j] /= sum;
    }
  }
}

static void read_concordance(ceads *b, const tanlu_labels *names) {
  static const char *const columns[] = {"source", "sector", "share"};
  size_t index[3];
  tanlu_csv *map = NULL;
  if (!ok(b, tanlu_import_csv(&map, b->import, b->import->concordance, b->context))) return;
  source *sources = allocate(b, b->csv->rows, sizeof *sources);
  bool *member = allocate(b, b->dataset->accounts.n, sizeof *member);
  if (sources != NULL && member != NULL && ok(b, tanlu_csv_columns(map, columns, 2, 3, index, b->context))) {
    for (size_t line = 0; line < map->rows; line++) take_line(b, map, line, index, names, sources, member);
    if (b->status == TANLU_OK) finish_weights(b, map, sources);
  }
  free(sources);
  free(member);
  tanlu_csv_free(&map);
}

/* By code or name of the sectors. */
static void match_names(ceads *b) {
  const tanlu_accounts *a = &b->dataset->accounts;
  for (size_t row = 0; row < b->csv->rows; row++) {
    const char *name = tanlu_csv_text(b->csv, row, 0);
    for (size_t j = 0; j < a->n && !b->named[row]; j++) {
      if (strcasecmp(name, a->sector.code[j]) != 0 && strcasecmp(name, a->sector.name[j]) != 0) continue;
      b->named[row] = true;
      add_weight(b, row, j, 1.0);
    }
  }
}

static void find_sectors(ceads *b) {
  const size_t rows = b->csv->rows;
  tanlu_labels names = {0};
  b->weight = tanlu_allocate_doubles(b->context, b->dataset->accounts.n, rows);
  b->named = allocate(b, rows, sizeof *b->named);
  b->left_out = allocate(b, rows, sizeof *b->left_out);
  if (!ok(b, b->weight != NULL ? TANLU_OK : TANLU_ERR_MEMORY)) return;
  for (size_t row = 0; b->status != TANLU_ERR_MEMORY && row < rows; row++) {
    const char *name = tanlu_csv_text(b->csv, row, 0);
    const size_t before = tanlu_labels_find(&names, name);
    if (name[0] == '\0') ok(b, tanlu_csv_fail(b->csv, row, 0, b->context, "the name of the sector is empty"));
    if (name[0] != '\0' && before != TANLU_NONE) {
      ok(b, tanlu_csv_fail(b->csv, row, 0, b->context, "duplicate sector '%s', first in line %zu", name,
                           b->csv->line[before]));
    }
    ok(b, tanlu_labels_add(&names, name, NULL, NULL, b->context));
  }
  if (b->status == TANLU_OK && b->import->concordance != NULL) read_concordance(b, &names);
  if (b->status == TANLU_OK && b->import->concordance == NULL) match_names(b);
  for (size_t row = 0; b->status != TANLU_ERR_MEMORY && row < rows; row++) {
    if (b->named[row] || is_total(tanlu_csv_text(b->csv, row, 0))) continue;
    ok(b, tanlu_csv_fail(b->csv, row, 0, b->context, "'%s' has no sector%s", tanlu_csv_text(b->csv, row, 0),
                         b->import->concordance != NULL ? " in the concordance; a sector '-' there leaves it out"
                                                        : " of this code or name; give a --concordance"));
  }
  tanlu_labels_clear(&names);
}

/* ---- numbers ----------------------------------------------------------------------------------------------------------- */

static double number(ceads *b, size_t row, size_t column) {
  double value = 0.0;
  if (tanlu_csv_text(b->csv, row, column)[0] == '\0') {
    tanlu_table_report_add(b->import->report, TANLU_REMARK_MISSING, 0.0, "line %zu field %zu", b->csv->line[row],
                           column + 1);
  } else {
    ok(b, tanlu_csv_number_within(b->csv, row, column, 0.0, 0.0, HUGE_VAL, &value, b->context));
  }
  return value;
}

/* A stated sum against its parts; the tolerance is of the whole inventory, `size`, as its numbers have few digits. */
static void check_total(ceads *b, size_t row, size_t column, double stated, double sum, double size) {
  const char *header = tanlu_csv_header(b->csv, column), *name = tanlu_csv_text(b->csv, row, 0);
  const double gap = stated - sum;
  if (fabs(gap) > b->import->tolerance * size) {
    ok(b, tanlu_csv_fail(b->csv, row, column, b->context, "%s of '%s' is %.10g, its parts add up to %.10g", header,
                         name, stated, sum));
    return;
  }
  tanlu_table_report_add(b->import->report, TANLU_REMARK_TOTAL, 0.0, "%s of %s", header, name);
  if (fabs(gap) <= 1e-9 * size) return;
  tanlu_table_report_add(b->import->report, TANLU_REMARK_TOTAL_GAP, gap, "%s of %s", header, name);
}

static bool is_sum(const ceads *b, size_t row) {
  return !b->named[row] && is_total(tanlu_csv_text(b->csv, row, 0));
}

static void share_out(ceads *b, size_t row, size_t k, double value) {
  const tanlu_accounts *a = &b->dataset->accounts;
  for (size_t j = 0; j < a->n; j++) {
    const double part = b->weight[row * a->n + j] * value;
    b->value[k * a->n + j] += part;
    b->value[b->old * a->n + j] += part;
    if (part == 0.0 || a->output[j] > 0.0) continue;
    ok(b, tanlu_csv_fail(b->csv, row, 0, b->context, "'%s' emits, but sector '%s' has no output",
                         tanlu_csv_text(b->csv, row, 0), a->sector.code[j]));
    return;
  }
}

/* Numbers of one sector of the inventory, which are added to those of their columns; returns its sum. */
static double take_row(ceads *b, size_t row, double *by_column) {
  const size_t n = b->dataset->accounts.n;
  double sum = 0.0;
  size_t members = 0;
  for (size_t c = 1; c < b->csv->columns; c++) {
    if (b->of_column[c] == TANLU_NONE) continue;
    const double value = number(b, row, c);
    sum += value;
    by_column[c] += value;
    share_out(b, row, b->of_column[c], value);
  }
  for (size_t j = 0; j < n; j++) members += b->weight[row * n + j] > 0.0;
  const char *name = tanlu_csv_text(b->csv, row, 0);
  if (b->left_out[row]) tanlu_table_report_add(b->import->report, TANLU_REMARK_LEFT_OUT, sum, "%s", name);
  if (members > 1) tanlu_table_report_add(b->import->report, TANLU_REMARK_SHARED, sum, "%s", name);
  return sum;
}

/* The sums that the file states, of a row by column and of every row. */
static void check_sums(ceads *b, const double *by_column, const double *by_row, double all) {
  for (size_t row = 0; row < b->csv->rows; row++) {
    const bool sum_row = is_sum(b, row);
    for (size_t c = 1; c < b->csv->columns; c++) {
      const bool sum_column = b->of_column[c] == TANLU_NONE;
      double stated = 0.0;
      if (!(sum_row || sum_column) || tanlu_csv_text(b->csv, row, c)[0] == '\0') continue;
      if (!ok(b, tanlu_csv_number(b->csv, row, c, 0.0, &stated, b->context))) continue;
      check_total(b, row, c, stated, !sum_row ? by_row[row] : sum_column ? all : by_column[c], all);
    }
  }
}

static void take_numbers(ceads *b) {
  double all = 0.0, left = 0.0;
  double *by_column = tanlu_allocate_doubles(b->context, b->csv->columns, 1);
  double *by_row = tanlu_allocate_doubles(b->context, b->csv->rows, 1);
  ok(b, by_column != NULL && by_row != NULL ? TANLU_OK : TANLU_ERR_MEMORY);
  for (size_t row = 0; by_column != NULL && by_row != NULL && row < b->csv->rows; row++) {
    if (is_sum(b, row)) continue;
    by_row[row] = take_row(b, row, by_column);
    all += by_row[row];
    if (b->left_out[row]) left += by_row[row];
  }
  if (b->status == TANLU_OK) check_sums(b, by_column, by_row, all);
  free(by_column);
  free(by_row);
  tanlu_table_report_fact(b->import->report, "CO2 of the inventory %.10g Mt: %.10g of sectors, %.10g left out", all,
                          all - left, left);
}

/* ---- the table --------------------------------------------------------------------------------------------------------- */

static void hand_on(ceads *b) {
  const tanlu_import *import = b->import;
  const tanlu_table_sink *sink = import->sink;
  tanlu_table_heads heads = tanlu_table_heads_of(b->dataset);
  heads.name = import->name;
  if (import->title != NULL) heads.title = import->title;
  if (import->region != NULL) heads.region = import->region;
  const tanlu_table_extensions extensions = {b->extension.count, &b->extension, (const char *const *)b->unit, b->value};
  if (import->year != 0 && import->year != b->dataset->base_year) {
    tanlu_table_report_fact(import->report, "the inventory is of %d, the table of %d", import->year,
                            b->dataset->base_year);
  }
  tanlu_table_report_fact(import->report, "accounts of dataset %s, as they are", b->dataset->name);
  if (!ok(b, sink->begin(sink->user, &heads, b->context))) return;
  if (!ok(b, tanlu_table_put_accounts(sink, &b->dataset->accounts, b->context))) return;
  ok(b, sink->extensions(sink->user, &extensions, b->context));
}

tanlu_status tanlu_import_ceads(const tanlu_import *import, tanlu_context *context) {
  ceads b = {.import = import, .context = context};
  import->report->unit = "Mt";
  bool good = ok(&b, tanlu_import_csv(&b.csv, import, import->path, context));
  good = good && ok(&b, tanlu_accounts_read(&b.dataset, import->dataset, context));
  if (good) find_columns(&b);
  if (b.status == TANLU_OK) find_sectors(&b);
  if (b.status == TANLU_OK) take_numbers(&b);
  if (b.status == TANLU_OK) hand_on(&b);
  for (size_t k = 0; b.unit != NULL && k < b.extension.count; k++) free(b.unit[k]);
  free(b.unit);
  tanlu_labels_clear(&b.extension);
  free(b.of_column);
  free(b.value);
  free(b.weight);
  free(b.named);
  free(b.left_out);
  tanlu_csv_free(&b.csv);
  tanlu_dataset_free(&b.dataset);
  return b.status;
}
