/* carriers.csv, efficiency.csv and branches.csv: the axes of the energy statistics. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"

static const char *const branch_kind_word[] = {"industry", "agriculture", "construction", "transport",
                                               "services", "urban",       "rural"};
static const char *const class_word[] = {
#define X(code, word, name) word,
    TANLU_CARRIER_CLASS_LIST(X)
#undef X
};

/* ---- carriers -------------------------------------------------------------------------------------------------------- */

enum { CLASS = 3, BURNED, VEHICLE_FUEL, STORED, ROW_WEIGHT, TECHNOLOGY, SUPPLIERS, CARRIER_COLUMNS };
static const char *const carrier_columns[CARRIER_COLUMNS] = {"code",
                                                             "name",
                                                             "name_zh",
                                                             "class",
                                                             "burned",
                                                             "vehicle_fuel",
                                                             "stored_fraction",
                                                             "row_weight",
                                                             "power_technology",
                                                             "suppliers"};

/* Codes of a cell separated by blanks. */
static size_t count_words(const char *text) {
  size_t count = 0;
  for (char *word = NULL; tanlu_reader_next_word(&text, &word);) count++;
  return count;
}

static void read_suppliers(tanlu_reader *r, const tanlu_csv *table, const size_t *index) {
  const tanlu_labels *sectors = &r->dataset->accounts.sector;
  tanlu_carriers *c = &r->dataset->energy.carrier;
  for (size_t row = 0; row < table->rows; row++) {
    const size_t words = count_words(tanlu_csv_text(table, row, index[SUPPLIERS]));
    if (words > c->suppliers_max) c->suppliers_max = words;
  }
  c->suppliers = tanlu_reader_allocate(r, table->rows * c->suppliers_max, sizeof *c->suppliers);
  for (size_t row = 0; c->suppliers && row < table->rows; row++) {
    size_t *own = c->suppliers + row * c->suppliers_max, count = 0;
    const char *cursor = tanlu_csv_text(table, row, index[SUPPLIERS]);
    for (char *word = NULL; tanlu_reader_next_word(&cursor, &word);) {
      own[count] = tanlu_labels_find(sectors, word);
      if (own[count] == TANLU_NONE) {
        const char *nearest = tanlu_labels_nearest(sectors, word);
        tanlu_reader_ok(r,
                        tanlu_csv_fail(table, row, index[SUPPLIERS], r->context, "unknown sector '%s'%s%s%s", word,
                                       nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : ""));
      }
      count++;
    }
    while (count < c->suppliers_max) own[count++] = TANLU_NONE;
  }
}

/* The carriers that the equations know by name: key of dataset.yaml -> carrier. */
static void read_named_carriers(tanlu_reader *r) {
  tanlu_energy_statistics *e = &r->dataset->energy;
  static const char *const keys[] = {"electricity", "heat", "coke", "hydrogen", "biomass"};
  size_t *const target[] = {&e->electricity, &e->heat, &e->coke, &e->hydrogen, &e->biomass};
  const tanlu_yaml *named = tanlu_yaml_find(r->settings, "carriers");
  if (!named) {
    tanlu_reader_ok(r, tanlu_yaml_fail(r->settings, r->context, "missing key 'carriers' in dataset.yaml"));
    return;
  }
  tanlu_reader_ok(r, tanlu_yaml_check_keys(named, "carriers", keys, 5, r->context));
  const tanlu_yaml *hydrogen = tanlu_yaml_find(r->settings, "hydrogen");
  const struct {
    const tanlu_yaml *mapping;
    const char *key;
    size_t *target;
  } all[] = {{named, keys[0], target[0]},
             {named, keys[1], target[1]},
             {named, keys[2], target[2]},
             {named, keys[3], target[3]},
             {named, keys[4], target[4]},
             {hydrogen, "coal_carrier", &r->dataset->hydrogen.coal_carrier},
             {hydrogen, "gas_carrier", &r->dataset->hydrogen.gas_carrier}};
  for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
    const tanlu_yaml *node = tanlu_yaml_find(all[k].mapping, all[k].key);
    if (!node || node->kind != TANLU_YAML_SCALAR) {
      tanlu_reader_ok(r, tanlu_yaml_fail(node ? node : r->settings, r->context,
                                         "expected the code of a carrier as '%s'", all[k].key));
      continue;
    }
    *all[k].target = tanlu_labels_find(&e->carrier.label, node->text);
    if (*all[k].target != TANLU_NONE) continue;
    const char *nearest = tanlu_labels_nearest(&e->carrier.label, node->text);
    tanlu_reader_ok(r, tanlu_yaml_fail(node, r->context, "unknown carrier '%s'%s%s%s", node->text,
                                       nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : ""));
  }
}

void tanlu_dataset_read_carriers(tanlu_reader *r) {
  tanlu_carriers *c = &r->dataset->energy.carrier;
  size_t index[CARRIER_COLUMNS];
  tanlu_csv *table = tanlu_reader_table(r, "carriers.csv", carrier_columns, CARRIER_COLUMNS, CARRIER_COLUMNS, index);
  if (!table) return;
  const size_t rows = table->rows;
  c->cls = tanlu_reader_allocate(r, rows, sizeof *c->cls);
  c->burned = tanlu_reader_allocate(r, rows, sizeof *c->burned);
  c->vehicle_fuel = tanlu_reader_allocate(r, rows, sizeof *c->vehicle_fuel);
  c->stored_fraction = tanlu_reader_allocate(r, rows, sizeof *c->stored_fraction);
  c->row_weight = tanlu_reader_allocate(r, rows, sizeof *c->row_weight);
  c->technology = tanlu_reader_allocate(r, rows, sizeof *c->technology);
  if (!c->cls || !c->burned || !c->vehicle_fuel || !c->stored_fraction || !c->row_weight || !c->technology)
    goto cleanup;
  for (size_t row = 0; row < rows; row++) {
    size_t cls = 0;
    if (!tanlu_reader_label(r, table, row, index, "carrier", &c->label)) continue;
    const size_t i = c->label.count - 1;
    tanlu_reader_ok(r,
                    tanlu_csv_word(table, row, index[CLASS], "class", class_word, TANLU_CLASS_COUNT, &cls, r->context));
    c->cls[i] = (tanlu_carrier_class)cls;
    tanlu_reader_ok(r, tanlu_csv_yes_no(table, row, index[BURNED], &c->burned[i], r->context));
    tanlu_reader_ok(r, tanlu_csv_yes_no(table, row, index[VEHICLE_FUEL], &c->vehicle_fuel[i], r->context));
    tanlu_reader_ok(
        r, tanlu_csv_number_within(table, row, index[STORED], 0.0, 0.0, 1.0, &c->stored_fraction[i], r->context));
    tanlu_reader_ok(
        r, tanlu_csv_number_within(table, row, index[ROW_WEIGHT], 1.0, 0.0, 1e6, &c->row_weight[i], r->context));
    tanlu_reader_ok(r, tanlu_csv_code(table, row, index[TECHNOLOGY], "power technology", &r->dataset->power.technology,
                                      true, &c->technology[i], r->context));
  }
  read_suppliers(r, table, index);
  read_named_carriers(r);
cleanup:
  tanlu_csv_free(&table);
}

/* ---- end uses and branches -------------------------------------------------------------------------------------------- */

static void read_efficiency(tanlu_reader *r) {
  static const char *const names[] = {"use", "class", "efficiency", "source"};
  tanlu_energy_statistics *e = &r->dataset->energy;
  size_t index[4];
  tanlu_csv *table = tanlu_reader_table(r, "efficiency.csv", names, 3, 4, index);
  if (!table) return;
  e->efficiency = tanlu_reader_allocate(r, table->rows * TANLU_CLASS_COUNT, sizeof *e->efficiency);
  for (size_t row = 0; e->efficiency && row < table->rows; row++) {
    const char *use = tanlu_csv_text(table, row, index[0]);
    const size_t label[3] = {index[0], TANLU_NONE, TANLU_NONE};
    size_t u = tanlu_labels_find(&e->use, use), cls = 0;
    if (u == TANLU_NONE) {
      if (!tanlu_reader_label(r, table, row, label, "use", &e->use)) continue;
      u = e->use.count - 1;
    }
    double value = 0.0;
    if (!tanlu_reader_ok(
            r, tanlu_csv_word(table, row, index[1], "class", class_word, TANLU_CLASS_COUNT, &cls, r->context)) ||
        !tanlu_reader_ok(r,
                         tanlu_csv_number_within(table, row, index[2], (double)NAN, 1e-3, 10.0, &value, r->context))) {
      continue;
    }
    if (e->efficiency[u * TANLU_CLASS_COUNT + cls] > 0.0) {
      tanlu_reader_ok(
          r, tanlu_csv_fail(table, row, index[1], r->context, "duplicate class '%s' of '%s'", class_word[cls], use));
    }
    e->efficiency[u * TANLU_CLASS_COUNT + cls] = value;
  }
  tanlu_csv_free(&table);
}

enum { KIND = 3, USER_GROUP, USE, VEHICLE_USE, RANK, BRANCH_COLUMNS };
static const char *const branch_columns[BRANCH_COLUMNS] = {"code",       "name", "name_zh",     "kind",
                                                           "user_group", "use",  "vehicle_use", "non_energy_rank"};

static void read_branch(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  tanlu_energy_statistics *e = &r->dataset->energy;
  size_t kind = 0;
  double rank = 0.0;
  if (!tanlu_reader_label(r, table, row, index, "branch", &e->branch)) return;
  const size_t b = e->branch.count - 1;
  tanlu_reader_ok(r, tanlu_csv_word(table, row, index[KIND], "kind", branch_kind_word,
                                    sizeof branch_kind_word / sizeof *branch_kind_word, &kind, r->context));
  e->branch_kind[b] = (tanlu_branch_kind)kind;
  tanlu_reader_ok(r, tanlu_csv_code(table, row, index[USE], "end use", &e->use, false, &e->branch_use[b], r->context));
  tanlu_reader_ok(r, tanlu_csv_code(table, row, index[VEHICLE_USE], "end use", &e->use, true, &e->branch_vehicle_use[b],
                                    r->context));
  if (e->branch_vehicle_use[b] == TANLU_NONE) e->branch_vehicle_use[b] = e->branch_use[b];
  if (tanlu_reader_ok(r, tanlu_csv_number_within(table, row, index[RANK], -1.0, -1.0, 1000.0, &rank, r->context))) {
    e->branch_non_energy_rank[b] = (int)rank;
    if (rank != floor(rank)) {
      tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[RANK], r->context,
                                        "expected a whole number for the rank, found %g", rank));
    }
  }
  const size_t label[3] = {index[USER_GROUP], TANLU_NONE, TANLU_NONE};
  size_t user = tanlu_labels_find(&e->user_group, tanlu_csv_text(table, row, index[USER_GROUP]));
  if (user == TANLU_NONE && tanlu_reader_label(r, table, row, label, "user group", &e->user_group)) {
    user = e->user_group.count - 1;
  }
  e->branch_user_group[b] = user;
}

void tanlu_dataset_read_branches(tanlu_reader *r) {
  tanlu_energy_statistics *e = &r->dataset->energy;
  size_t index[BRANCH_COLUMNS];
  read_efficiency(r);
  tanlu_csv *table = tanlu_reader_table(r, "branches.csv", branch_columns, BRANCH_COLUMNS, BRANCH_COLUMNS, index);
  if (!table) return;
  const size_t rows = table->rows;
  e->branch_kind = tanlu_reader_allocate(r, rows, sizeof *e->branch_kind);
  e->branch_user_group = tanlu_reader_allocate(r, rows, sizeof *e->branch_user_group);
  e->branch_use = tanlu_reader_allocate(r, rows, sizeof *e->branch_use);
  e->branch_vehicle_use = tanlu_reader_allocate(r, rows, sizeof *e->branch_vehicle_use);
  e->branch_non_energy_rank = tanlu_reader_allocate(r, rows, sizeof *e->branch_non_energy_rank);
  if (e->branch_kind && e->branch_user_group && e->branch_use && e->branch_vehicle_use && e->branch_non_energy_rank) {
    bool urban = false, rural = false;
    for (size_t row = 0; row < rows; row++) read_branch(r, table, index, row);
    for (size_t b = 0; b < e->branch.count; b++) {
      urban = urban || e->branch_kind[b] == TANLU_BRANCH_URBAN;
      rural = rural || e->branch_kind[b] == TANLU_BRANCH_RURAL;
    }
    if (!urban) tanlu_reader_fail(r, "branches.csv", 0, 0, "no branch of kind 'urban' (urban households)");
    if (!rural) tanlu_reader_fail(r, "branches.csv", 0, 0, "no branch of kind 'rural' (rural households)");
  }
  tanlu_csv_free(&table);
}
