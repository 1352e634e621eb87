#include "inputs/concordance_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/csv_table.h"
#include "solvers/memory.h"

enum { FROM, TO, WEIGHT, SALES, TO_NAME, TO_NAME_ZH, LEVELS };
static const char *const column[LEVELS] = {"from", "to", "weight", "sales", "to_name", "to_name_zh"};
static const double rounding = 1e-9; /* of shares that add up to 1 */

typedef struct {
  tanlu_concordance_file *file;
  const tanlu_dataset *dataset;
  const tanlu_csv *table;
  size_t *index; /* LEVELS + levels: columns of the file */
  bool split;
  size_t pairs;
  size_t *from, *to, *row; /* rows + sectors: pairs, and the row of each */
  double *weight, *sales;
  size_t *first_row; /* rows + sectors: of a new sector */
  tanlu_status status;
  tanlu_context *context;
} reader;

static bool good(reader *r, tanlu_status status) {
  if (r->status == TANLU_OK) r->status = status;
  return status == TANLU_OK;
}

void tanlu_concordance_file_clear(tanlu_concordance_file *file) {
  tanlu_labels_clear(&file->sector);
  tanlu_concordance_free(&file->g);
  free(file->named);
  free(file->group);
  free(file->sales);
  *file = (tanlu_concordance_file){0};
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------ */

/* A text that several rows of a new sector may give: the same in all of them. */
static bool same_text(reader *r, size_t row, size_t first, size_t field) {
  const char *text = tanlu_csv_text(r->table, row, field), *before = tanlu_csv_text(r->table, first, field);
  if (row == first || *text == '\0' || strcmp(text, before) == 0) return true;
  return good(r, tanlu_csv_fail(r->table, row, field, r->context, "'%s', but '%s' in line %zu; expected the same", text,
                                before, r->table->line[first]));
}

/* The new sector of a row, added where it is new; TANLU_NONE after an error. */
static size_t new_sector(reader *r, size_t row) {
  tanlu_labels *sector = &r->file->sector;
  const char *code = tanlu_csv_text(r->table, row, r->index[TO]);
  if (!tanlu_code_well_formed(code)) {
    good(r, tanlu_csv_fail(r->table, row, r->index[TO], r->context,
                           "'%s' is no code for a sector; expected letters, digits, _ and -", code));
    return TANLU_NONE;
  }
  size_t j = tanlu_labels_find(sector, code);
  if (j == TANLU_NONE) {
    j = sector->count;
    if (!good(r, tanlu_labels_add(sector, code, tanlu_csv_text(r->table, row, r->index[TO_NAME]),
                                  tanlu_csv_text(r->table, row, r->index[TO_NAME_ZH]), r->context))) {
      return TANLU_NONE;
    }
    r->first_row[j] = row;
    r->file->named[j] = sector->name[j][0] != '\0';
  }
  for (size_t c = TO_NAME; c < LEVELS + r->dataset->levels; c++) {
    if (r->index[c] != TANLU_NONE) same_text(r, row, r->first_row[j], r->index[c]);
  }
  return j;
}

static void read_groups(reader *r, size_t row, size_t j) {
  const size_t most = r->table->rows + r->dataset->accounts.n;
  for (size_t l = 0; l < r->dataset->levels; l++) {
    if (r->index[LEVELS + l] == TANLU_NONE || *tanlu_csv_text(r->table, row, r->index[LEVELS + l]) == '\0') continue;
    good(r, tanlu_csv_code(r->table, row, r->index[LEVELS + l], "group", &r->dataset->level[l].group, false,
                           &r->file->group[l * most + j], r->context));
  }
}

static void read_row(reader *r, size_t row) {
  size_t from = TANLU_NONE;
  double weight = 1.0, sales = 1.0;
  const size_t field = r->index[WEIGHT];
  bool known = good(r, tanlu_csv_code(r->table, row, r->index[FROM], "sector", &r->dataset->accounts.sector, false,
                                      &from, r->context));
  const size_t to = new_sector(r, row);
  if (field != TANLU_NONE) known &= good(r, tanlu_csv_number(r->table, row, field, 1.0, &weight, r->context));
  sales = weight;
  if (r->index[SALES] != TANLU_NONE) {
    known &= good(r, tanlu_csv_number_within(r->table, row, r->index[SALES], weight, 0.0, 1.0, &sales, r->context));
  }
  if (to != TANLU_NONE) read_groups(r, row, to);
  if (!known || to == TANLU_NONE) return;
  if (!(weight > 0.0)) {
    good(r, tanlu_csv_fail(r->table, row, field, r->context, "weight %g; expected above 0", weight));
    return;
  }
  for (size_t k = 0; k < r->pairs; k++) {
    if (r->to[k] != to || (r->from[k] != from && !r->split)) continue;
    const char *code = r->dataset->accounts.sector.code[from], *already = r->dataset->accounts.sector.code[r->from[k]];
    good(r, tanlu_csv_fail(r->table, row, r->index[TO], r->context,
                           "'%s' goes into '%s', where line %zu has put '%s' already; expected a pair once%s", code,
                           r->file->sector.code[to], r->table->line[r->row[k]], already,
                           r->split ? ", and of a split each new sector once" : ""));
    return;
  }
  r->from[r->pairs] = from;
  r->to[r->pairs] = to;
  r->row[r->pairs] = row;
  r->weight[r->pairs] = weight;
  r->sales[r->pairs++] = sales;
}

/* ---- a split --------------------------------------------------------------------------------------------------------------- */

/* Sectors that the file does not name stay, and new ones come in the order of the table. */
static void order_split(reader *r) {
  const tanlu_labels *old = &r->dataset->accounts.sector;
  tanlu_concordance_file *f = r->file;
  const size_t pairs = r->pairs, most = r->table->rows + old->count, levels = r->dataset->levels;
  tanlu_labels ordered = {0};
  size_t *group = tanlu_allocate(r->context, levels * most, sizeof *group), count = 0;
  size_t *from = tanlu_allocate(r->context, most, sizeof *from), *row = tanlu_allocate(r->context, most, sizeof *row);
  double *weight = tanlu_allocate_doubles(r->context, most, 1), *sales = tanlu_allocate_doubles(r->context, most, 1);
  bool *named = tanlu_allocate(r->context, most, sizeof *named);
  if (group == NULL || from == NULL || row == NULL || weight == NULL || sales == NULL || named == NULL) {
    good(r, TANLU_ERR_MEMORY);
    goto cleanup;
  }
  for (size_t i = 0; i < old->count; i++) {
    const size_t before = count;
    for (size_t k = 0; k < pairs; k++) {
      if (r->from[k] != i) continue;
      const size_t j = r->to[k];
      good(r, tanlu_labels_add(&ordered, f->sector.code[j], f->sector.name[j], f->sector.name_zh[j], r->context));
      for (size_t l = 0; l < levels; l++) group[l * most + count] = f->group[l * most + j];
      named[count] = f->named[j];
      from[count] = i;
      row[count] = r->row[k];
      weight[count] = r->weight[k];
      sales[count++] = r->sales[k];
    }
    if (count > before) continue;
    const size_t other = tanlu_labels_find(&f->sector, old->code[i]);
    if (other != TANLU_NONE) {
      good(r, tanlu_csv_fail(r->table, r->first_row[other], r->index[TO], r->context,
                             "'%s' is a sector of the dataset that is not split; expected another code", old->code[i]));
    }
    good(r, tanlu_labels_add(&ordered, old->code[i], old->name[i], old->name_zh[i], r->context));
    for (size_t l = 0; l < levels; l++) group[l * most + count] = TANLU_NONE;
    named[count] = true;
    from[count] = i;
    row[count] = TANLU_NONE;
    weight[count] = sales[count] = 1.0;
    count++;
  }
  if (r->status != TANLU_OK) goto cleanup;
  for (size_t k = 0; k < count; k++) {
    r->from[k] = from[k];
    r->to[k] = k;
    r->row[k] = row[k];
    r->weight[k] = weight[k];
    r->sales[k] = sales[k];
    f->named[k] = named[k];
  }
  r->pairs = count;
  memcpy(f->group, group, levels * most * sizeof *group);
  tanlu_labels_clear(&f->sector);
  f->sector = ordered;
  ordered = (tanlu_labels){0};
cleanup:
  tanlu_labels_clear(&ordered);
  free(group);
  free(from);
  free(row);
  free(weight);
  free(sales);
  free(named);
}

/* Shares of sales of every old sector add up to one. */
static void take_sales(reader *r, const size_t *line) {
  const tanlu_labels *old = &r->dataset->accounts.sector;
  r->file->sales = tanlu_allocate_doubles(r->context, r->pairs, 1);
  if (r->file->sales == NULL) {
    good(r, TANLU_ERR_MEMORY);
    return;
  }
  for (size_t i = 0, k = 0; i < old->count; i++) {
    const size_t begin = k;
    double sum = 0.0;
    for (; k < r->pairs && r->from[k] == i; k++) sum += r->sales[k];
    for (size_t l = begin; l < k; l++) {
      r->file->sales[l] = r->sales[l] == r->weight[l] ? r->file->g->weight[l] : r->sales[l] / sum;
    }
    if (fabs(sum - 1.0) <= rounding) continue;
    good(r, tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, line[i], 0,
                          "the sales of sector '%s' add up to %.10g; expected 1", old->code[i], sum));
  }
}

/* ---- all ------------------------------------------------------------------------------------------------------------------- */

/* Groups as levels x new sectors. */
static void pack_groups(reader *r) {
  const size_t most = r->table->rows + r->dataset->accounts.n, count = r->file->sector.count;
  for (size_t l = 1; l < r->dataset->levels; l++) {
    memmove(r->file->group + l * count, r->file->group + l * most, count * sizeof *r->file->group);
  }
}

static void finish(reader *r) {
  const tanlu_labels *old = &r->dataset->accounts.sector;
  size_t *line = tanlu_allocate(r->context, old->count, sizeof *line); /* last line of an old sector */
  if (line == NULL) {
    good(r, TANLU_ERR_MEMORY);
    return;
  }
  for (size_t k = 0; k < r->pairs; k++) {
    if (r->row[k] != TANLU_NONE) line[r->from[k]] = r->table->line[r->row[k]];
  }
  if (good(r, tanlu_concordance_create(&r->file->g, old->count, r->file->sector.count, r->pairs, r->from, r->to,
                                       r->weight, r->context))) {
    good(r, tanlu_concordance_check(r->file->g, old, r->table->file, line, r->context));
    if (r->split) take_sales(r, line);
  }
  pack_groups(r);
  free(line);
}

static bool open_columns(reader *r) {
  const size_t levels = r->dataset->levels;
  const char **names = tanlu_allocate(r->context, LEVELS + levels, sizeof *names);
  r->index = tanlu_allocate(r->context, LEVELS + levels, sizeof *r->index);
  bool opened = names != NULL && r->index != NULL;
  if (opened) {
    memcpy(names, column, sizeof column);
    for (size_t l = 0; l < levels; l++) names[LEVELS + l] = r->dataset->level[l].name;
    opened = good(r, tanlu_csv_columns(r->table, names, 2, LEVELS + levels, r->index, r->context));
    if (opened && !r->split && r->index[SALES] != TANLU_NONE) {
      opened = good(r, tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, r->table->header_line,
                                     r->index[SALES] + 1, "column 'sales' belongs to 'tanlu disaggregate'"));
    }
    if (opened && r->table->rows == 0) {
      opened = good(r, tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->table->file, r->table->header_line, 0,
                                     "no rows; expected one for each sector and where it goes"));
    }
  } else {
    good(r, TANLU_ERR_MEMORY);
  }
  free(names);
  return opened;
}

static void read_rows(reader *r) {
  const size_t most = r->table->rows + r->dataset->accounts.n, levels = r->dataset->levels;
  r->from = tanlu_allocate(r->context, most, sizeof *r->from);
  r->to = tanlu_allocate(r->context, most, sizeof *r->to);
  r->row = tanlu_allocate(r->context, most, sizeof *r->row);
  r->first_row = tanlu_allocate(r->context, most, sizeof *r->first_row);
  r->weight = tanlu_allocate_doubles(r->context, most, 1);
  r->sales = tanlu_allocate_doubles(r->context, most, 1);
  r->file->named = tanlu_allocate(r->context, most, sizeof *r->file->named);
  r->file->group = tanlu_allocate(r->context, levels * most, sizeof *r->file->group);
  if (r->from == NULL || r->to == NULL || r->row == NULL || r->first_row == NULL || r->weight == NULL ||
      r->sales == NULL || r->file->named == NULL || r->file->group == NULL) {
    good(r, TANLU_ERR_MEMORY);
    return;
  }
  for (size_t k = 0; k < levels * most; k++) r->file->group[k] = TANLU_NONE;
  for (size_t row = 0; row < r->table->rows; row++) read_row(r, row);
  if (r->split && r->status == TANLU_OK) order_split(r);
  if (r->status == TANLU_OK) finish(r);
}

static tanlu_status read_file(tanlu_concordance_file *file, const char *path, const tanlu_dataset *dataset, bool split,
                              tanlu_context *context) {
  tanlu_csv *table = NULL;
  reader r = {.file = file, .dataset = dataset, .split = split, .context = context};
  *file = (tanlu_concordance_file){0};
  if (good(&r, tanlu_csv_read(&table, path, NULL, context))) {
    r.table = table;
    if (open_columns(&r)) read_rows(&r);
  }
  tanlu_csv_free(&table);
  free(r.index);
  free(r.from);
  free(r.to);
  free(r.row);
  free(r.first_row);
  free(r.weight);
  free(r.sales);
  if (r.status != TANLU_OK) tanlu_concordance_file_clear(file);
  return r.status;
}

tanlu_status tanlu_concordance_read(tanlu_concordance_file *file, const char *path, const tanlu_dataset *dataset,
                                    tanlu_context *context) {
  return read_file(file, path, dataset, false, context);
}

tanlu_status tanlu_split_read(tanlu_concordance_file *file, const char *path, const tanlu_dataset *dataset,
                              tanlu_context *context) {
  return read_file(file, path, dataset, true, context);
}

tanlu_status tanlu_concordance_to_level(tanlu_concordance_file *file, const char *level, const tanlu_dataset *d,
                                        tanlu_context *context) {
  const size_t n = d->accounts.n;
  const size_t l = tanlu_dataset_level(d, level);
  *file = (tanlu_concordance_file){0};
  const char **names = tanlu_allocate(context, d->levels + n, sizeof *names);
  size_t *from = tanlu_allocate(context, n, sizeof *from);
  double *weight = tanlu_allocate_doubles(context, n, 1);
  tanlu_status status = names != NULL && from != NULL && weight != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < d->levels; k++) names[k] = d->level[k].name;
  if (status == TANLU_OK && l == TANLU_NONE) {
    const char *nearest = tanlu_nearest(level, names, d->levels);
    status = tanlu_fail(context, TANLU_ERR_INPUT, "--to: unknown level '%s'; did you mean '%s'?", level,
                        nearest != NULL ? nearest : names[0]);
  }
  const tanlu_labels *group = status == TANLU_OK ? &d->level[l].group : NULL;
  for (size_t g = 0; status == TANLU_OK && g < group->count; g++) {
    status = tanlu_labels_add(&file->sector, group->code[g], group->name[g], group->name_zh[g], context);
  }
  if (status == TANLU_OK) {
    file->named = tanlu_allocate(context, group->count, sizeof *file->named);
    file->group = tanlu_allocate(context, d->levels * group->count, sizeof *file->group);
    if (file->named == NULL || file->group == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) {
    for (size_t g = 0; g < group->count; g++) file->named[g] = true;
    for (size_t k = 0; k < d->levels * group->count; k++) file->group[k] = TANLU_NONE;
    for (size_t i = 0; i < n; i++) {
      from[i] = i;
      weight[i] = 1.0;
    }
    status = tanlu_concordance_create(&file->g, n, group->count, n, from, d->level[l].of_sector, weight, context);
  }
  free(names);
  free(from);
  free(weight);
  if (status != TANLU_OK) tanlu_concordance_file_clear(file);
  return status;
}

tanlu_status tanlu_known_cells_read(tanlu_known_cell **cell, size_t *count, const char *path,
                                    const tanlu_labels *sector, tanlu_context *context) {
  static const char *const names[] = {"row", "column", "value"};
  tanlu_csv *table = NULL;
  size_t index[3];
  *cell = NULL;
  *count = 0;
  tanlu_status status = tanlu_csv_read(&table, path, NULL, context);
  if (status == TANLU_OK) status = tanlu_csv_columns(table, names, 3, 3, index, context);
  if (status == TANLU_OK) *cell = tanlu_allocate(context, table->rows, sizeof **cell);
  if (status == TANLU_OK && *cell == NULL) status = TANLU_ERR_MEMORY;
  for (size_t row = 0; *cell != NULL && row < table->rows; row++) {
    tanlu_known_cell *c = &(*cell)[row];
    const tanlu_status read[] = {
        tanlu_csv_code(table, row, index[0], "sector", sector, false, &c->row, context),
        tanlu_csv_code(table, row, index[1], "sector", sector, false, &c->column, context),
        tanlu_csv_number_within(table, row, index[2], (double)NAN, 0.0, HUGE_VAL, &c->value, context)};
    for (size_t k = 0; k < 3; k++) {
      if (read[k] != TANLU_OK) status = read[k];
    }
    for (size_t before = 0; status == TANLU_OK && before < row; before++) {
      if ((*cell)[before].row != c->row || (*cell)[before].column != c->column) continue;
      status = tanlu_csv_fail(table, row, index[0], context, "duplicate cell '%s', '%s', first in line %zu",
                              sector->code[c->row], sector->code[c->column], table->line[before]);
    }
    (*count)++;
  }
  tanlu_csv_free(&table);
  if (status != TANLU_OK) {
    free(*cell);
    *cell = NULL;
  }
  return status;
}
