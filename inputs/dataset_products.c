/* products.csv, emissions.csv and observed.csv. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"
#include "solvers/memory.h"

static const char *const kind_word[] = {"controlled", "follows", "primary"};
static const char *const class_word[] = {
#define X(code, word, name) word,
    TANLU_CARRIER_CLASS_LIST(X)
#undef X
};

enum { UNIT = 3, BASE, KIND, SECTORS, CLASS, PRODUCT_SOURCE, PRODUCT_COLUMNS };
static const char *const product_columns[PRODUCT_COLUMNS] = {"code", "name",    "name_zh", "unit",  "base",
                                                             "kind", "sectors", "class",   "source"};

/* A sector code, or a range FIRST-LAST in the order of the table. */
static bool find_range(const tanlu_labels *sectors, const char *word, size_t *first, size_t *last) {
  *first = *last = tanlu_labels_find(sectors, word);
  if (*first != TANLU_NONE) return true;
  for (const char *dash = strchr(word, '-'); dash; dash = strchr(dash + 1, '-')) {
    char *left = strndup(word, (size_t)(dash - word));
    *first = left ? tanlu_labels_find(sectors, left) : TANLU_NONE;
    *last = tanlu_labels_find(sectors, dash + 1);
    free(left);
    if (*first != TANLU_NONE && *last != TANLU_NONE && *first <= *last) return true;
  }
  return false;
}

/* Mark the sectors of a product; a sector has at most one controlled product. */
static void read_sector_set(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row, size_t p) {
  const tanlu_labels *sectors = &r->dataset->accounts.sector;
  tanlu_product_statistics *s = &r->dataset->products;
  const size_t n = sectors->count;
  const char *cursor = tanlu_csv_text(table, row, index[SECTORS]);
  size_t members = 0;
  for (char *word = NULL; tanlu_reader_next_word(&cursor, &word);) {
    size_t first, last;
    if (!find_range(sectors, word, &first, &last)) {
      const char *nearest = tanlu_labels_nearest(sectors, word);
      tanlu_reader_ok(r,
                      tanlu_csv_fail(table, row, index[SECTORS], r->context, "unknown sector or range '%s'%s%s%s", word,
                                     nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : ""));
      continue;
    }
    for (size_t j = first; j <= last; j++, members++) s->in_set[p * n + j] = true;
  }
  if (members == 0 && s->kind[p] != TANLU_PRODUCT_PRIMARY) {
    tanlu_reader_ok(
        r, tanlu_csv_fail(table, row, index[SECTORS], r->context, "product '%s' names no sector", s->product.code[p]));
  }
  for (size_t q = 0; q < p && s->kind[p] == TANLU_PRODUCT_CONTROLLED; q++) {
    for (size_t j = 0; j < n && s->kind[q] == TANLU_PRODUCT_CONTROLLED; j++) {
      if (!s->in_set[p * n + j] || !s->in_set[q * n + j]) continue;
      tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[SECTORS], r->context,
                                        "sector '%s' already has the controlled product '%s'; expected one a sector",
                                        sectors->code[j], s->product.code[q]));
      break;
    }
  }
}

static void read_product(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  tanlu_product_statistics *s = &r->dataset->products;
  size_t kind = 0, cls = TANLU_CLASS_COAL;
  if (!tanlu_reader_label(r, table, row, index, "product", &s->product)) return;
  const size_t p = s->product.count - 1;
  s->unit[p] = tanlu_string_copy(r->context, tanlu_csv_text(table, row, index[UNIT]));
  if (!s->unit[p]) tanlu_reader_ok(r, TANLU_ERR_MEMORY);
  tanlu_reader_ok(
      r, tanlu_csv_number_within(table, row, index[BASE], (double)NAN, 0.0, HUGE_VAL, &s->base[p], r->context));
  tanlu_reader_ok(r, tanlu_csv_word(table, row, index[KIND], "kind", kind_word, 3, &kind, r->context));
  s->kind[p] = (tanlu_product_kind)kind;
  if (s->kind[p] == TANLU_PRODUCT_PRIMARY) {
    tanlu_reader_ok(r,
                    tanlu_csv_word(table, row, index[CLASS], "class", class_word, TANLU_CLASS_COUNT, &cls, r->context));
  }
  s->cls[p] = (tanlu_carrier_class)cls;
  if (s->kind[p] == TANLU_PRODUCT_CONTROLLED && s->base[p] == 0.0) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[BASE], r->context,
                                      "a controlled product needs an output in the base year"));
  }
  read_sector_set(r, table, index, row, p);
}

static void read_product_table(tanlu_reader *r) {
  tanlu_product_statistics *s = &r->dataset->products;
  size_t index[PRODUCT_COLUMNS];
  tanlu_csv *table = tanlu_reader_table(r, "products.csv", product_columns, PRODUCT_SOURCE, PRODUCT_COLUMNS, index);
  if (!table) return;
  s->unit = tanlu_reader_allocate(r, table->rows, sizeof *s->unit);
  s->base = tanlu_reader_allocate(r, table->rows, sizeof *s->base);
  s->kind = tanlu_reader_allocate(r, table->rows, sizeof *s->kind);
  s->cls = tanlu_reader_allocate(r, table->rows, sizeof *s->cls);
  s->in_set = tanlu_reader_allocate(r, table->rows * r->dataset->accounts.n, sizeof *s->in_set);
  if (s->unit && s->base && s->kind && s->cls && s->in_set) {
    for (size_t row = 0; row < table->rows; row++) read_product(r, table, index, row);
  }
  tanlu_csv_free(&table);
}

/* Process emissions: activity (t) x ratio x factor (tCO2 per t). */
static void read_emission(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  const tanlu_accounts *a = &r->dataset->accounts;
  tanlu_product_statistics *s = &r->dataset->products;
  double activity = 0.0, ratio = 0.0, factor = 0.0;
  if (!tanlu_reader_label(r, table, row, index, "process emission", &s->emission)) return;
  const size_t k = s->emission.count - 1;
  tanlu_reader_ok(
      r, tanlu_csv_code(table, row, index[3], "product", &s->product, false, &s->emission_product[k], r->context));
  if (tanlu_reader_ok(
          r, tanlu_csv_code(table, row, index[4], "sector", &a->sector, false, &s->emission_sector[k], r->context)) &&
      a->output && a->output[s->emission_sector[k]] == 0.0) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[4], r->context, "sector '%s' emits but has no gross output",
                                      a->sector.code[s->emission_sector[k]]));
  }
  tanlu_reader_ok(r, tanlu_csv_number_within(table, row, index[5], (double)NAN, 0.0, HUGE_VAL, &activity, r->context));
  tanlu_reader_ok(r, tanlu_csv_number_within(table, row, index[6], (double)NAN, 0.0, HUGE_VAL, &ratio, r->context));
  tanlu_reader_ok(r, tanlu_csv_number_within(table, row, index[7], (double)NAN, 0.0, HUGE_VAL, &factor, r->context));
  s->emission_base[k] = activity * ratio * factor;
}

void tanlu_dataset_read_products(tanlu_reader *r) {
  static const char *const names[] = {"code",     "name",  "name_zh", "product", "sector",
                                      "activity", "ratio", "factor",  "source"};
  tanlu_product_statistics *s = &r->dataset->products;
  size_t index[9];
  read_product_table(r);
  tanlu_csv *table = tanlu_reader_table(r, "emissions.csv", names, 8, 9, index);
  if (!table) return;
  s->emission_product = tanlu_reader_allocate(r, table->rows, sizeof *s->emission_product);
  s->emission_sector = tanlu_reader_allocate(r, table->rows, sizeof *s->emission_sector);
  s->emission_base = tanlu_reader_allocate(r, table->rows, sizeof *s->emission_base);
  if (s->emission_product && s->emission_sector && s->emission_base) {
    for (size_t row = 0; row < table->rows; row++) read_emission(r, table, index, row);
  }
  tanlu_csv_free(&table);
}

/* ---- recorded history ------------------------------------------------------------------------------------------------- */

static void read_observed_rows(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t years) {
  tanlu_dataset *d = r->dataset;
  d->observed_unit = tanlu_reader_allocate(r, table->rows, sizeof *d->observed_unit);
  d->observed_value = tanlu_reader_allocate(r, table->rows * years, sizeof *d->observed_value);
  if (!d->observed_unit || !d->observed_value) return;
  for (size_t row = 0; row < table->rows; row++) {
    const size_t label[3] = {index[0], TANLU_NONE, TANLU_NONE};
    if (!tanlu_reader_label(r, table, row, label, "quantity", &d->observed)) continue;
    const size_t q = d->observed.count - 1;
    d->observed_unit[q] = tanlu_string_copy(r->context, tanlu_csv_text(table, row, index[1]));
    if (!d->observed_unit[q]) tanlu_reader_ok(r, TANLU_ERR_MEMORY);
    for (size_t t = 0; t < years; t++) {
      double *value = &d->observed_value[q * years + t];
      *value = (double)NAN;
      if (*tanlu_csv_text(table, row, index[2 + t])) {
        tanlu_reader_ok(r, tanlu_csv_number(table, row, index[2 + t], 0.0, value, r->context));
      }
    }
  }
}

void tanlu_dataset_read_observed(tanlu_reader *r) {
  const tanlu_dataset *d = r->dataset;
  if (!tanlu_reader_has(r, "observed.csv")) return;
  const size_t years = (size_t)(d->history_to - d->base_year) + 1, count = 2 + years;
  char(*text)[12] = tanlu_reader_allocate(r, years, sizeof *text);
  const char **names = tanlu_reader_allocate(r, count, sizeof *names);
  size_t *index = tanlu_reader_allocate(r, count, sizeof *index);
  tanlu_csv *table = NULL;
  if (text && names && index) {
    names[0] = "quantity";
    names[1] = "unit";
    for (size_t t = 0; t < years; t++) {
      snprintf(text[t], sizeof text[t], "%d", d->base_year + (int)t);
      names[2 + t] = text[t];
    }
    table = tanlu_reader_table(r, "observed.csv", names, count, count, index);
  }
  if (table) read_observed_rows(r, table, index, years);
  tanlu_csv_free(&table);
  free(index);
  free(names);
  free(text);
}
