/* dataset.yaml, and what of history.yaml belongs to the base year. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/dataset_reader.h"
#include "model/units.h"
#include "solvers/memory.h"

typedef struct {
  const char *key;
  double *value;
  double lowest, highest;
  bool required;
} number_key;

/* Numbers of a mapping, each within its bounds. */
static void read_numbers(tanlu_reader *r, const tanlu_yaml *mapping, const char *where, const number_key *keys,
                         size_t count) {
  for (size_t k = 0; k < count; k++) {
    const tanlu_yaml *node = tanlu_yaml_find(mapping, keys[k].key);
    if (!node) {
      if (keys[k].required) {
        tanlu_reader_ok(r, tanlu_yaml_fail(mapping, r->context, "missing key '%s' in %s", keys[k].key, where));
      }
      continue;
    }
    double value = 0.0;
    if (!tanlu_reader_ok(r, tanlu_yaml_number(node, &value, r->context))) continue;
    if (value < keys[k].lowest || value > keys[k].highest) {
      tanlu_reader_ok(r, tanlu_yaml_fail(node, r->context, "'%s' is %g; expected %g to %g", keys[k].key, value,
                                         keys[k].lowest, keys[k].highest));
      continue;
    }
    *keys[k].value = value;
  }
}

/* A mapping with exactly these number keys. */
static void read_block(tanlu_reader *r, const char *name, const number_key *keys, size_t count,
                       const char *const *others, size_t other_count) {
  const tanlu_yaml *node = tanlu_yaml_find(r->settings, name);
  const char *words[24];
  size_t known = 0;
  if (!node) {
    tanlu_reader_ok(r, tanlu_yaml_fail(r->settings, r->context, "missing key '%s' in dataset.yaml", name));
    return;
  }
  for (size_t k = 0; k < count; k++) words[known++] = keys[k].key;
  for (size_t k = 0; k < other_count; k++) words[known++] = others[k];
  if (tanlu_reader_ok(r, tanlu_yaml_check_keys(node, name, words, known, r->context))) {
    read_numbers(r, node, name, keys, count);
  }
}

/* The scalar text of a key, "" (with an error when required) where it is missing. */
static const char *text_of(tanlu_reader *r, const tanlu_yaml *mapping, const char *key, bool required) {
  const tanlu_yaml *node = tanlu_yaml_find(mapping, key);
  if (node && node->kind == TANLU_YAML_SCALAR && node->text[0]) return node->text;
  if (node) {
    tanlu_reader_ok(r, tanlu_yaml_fail(node, r->context, "expected a text for '%s'", key));
  } else if (required) {
    tanlu_reader_ok(r, tanlu_yaml_fail(mapping, r->context, "missing key '%s' in dataset.yaml", key));
  }
  return "";
}

/* The index of a word; an error (with the nearest one) and `otherwise` when it is none of them. */
static size_t word_of(tanlu_reader *r, const tanlu_yaml *mapping, const char *key, const char *const *words,
                      size_t count, size_t otherwise) {
  const tanlu_yaml *node = tanlu_yaml_find(mapping, key);
  const char *text = text_of(r, mapping, key, true);
  if (*text == '\0') return otherwise;
  for (size_t k = 0; k < count; k++) {
    if (strcmp(text, words[k]) == 0) return k;
  }
  const char *nearest = tanlu_nearest(text, words, count);
  tanlu_reader_ok(r, tanlu_yaml_fail(node, r->context, "unknown value '%s' of '%s'; did you mean '%s'?", text, key,
                                     nearest ? nearest : words[0]));
  return otherwise;
}

static int year_of(tanlu_reader *r, const char *key, int lowest, int otherwise) {
  const tanlu_yaml *node = tanlu_yaml_find(r->settings, key);
  int year = otherwise;
  if (!node || !tanlu_reader_ok(r, tanlu_yaml_integer(node, &year, r->context))) return otherwise;
  if (year >= lowest && year <= 2100) return year;
  tanlu_reader_ok(r, tanlu_yaml_fail(node, r->context, "'%s' is %d; expected %d to 2100", key, year, lowest));
  return otherwise;
}

/* A unit of accounts alone: FACTOR CURRENCY, as in "1e6 EUR". Their numbers stay as they are, whatever the unit. */
static void read_own_money(tanlu_reader *r, const tanlu_yaml *units) {
  static const char *const keys[] = {"money"};
  if (!tanlu_reader_ok(r, tanlu_yaml_check_keys(units, "units", keys, 1, r->context))) return;
  const char *text = text_of(r, units, "money", true);
  if (*text == '\0') return;
  if (!tanlu_money_well_formed(text)) {
    tanlu_reader_ok(r, tanlu_yaml_fail(tanlu_yaml_find(units, "money"), r->context,
                                       "unknown value '%s' of 'money'; expected a power of ten and a currency, as in "
                                       "1e6 EUR",
                                       text));
    return;
  }
  r->dataset->money = tanlu_string_copy(r->context, text);
  if (!r->dataset->money) tanlu_reader_ok(r, TANLU_ERR_MEMORY);
}

static const char *const energy_unit[] = {"1e4 tce", "TJ", "PJ"};
static const double energy_factor[] = {TANLU_TJ_PER_1E4_TCE, 1.0, 1e3};

double tanlu_energy_unit(const char *word) {
  for (size_t k = 0; k < sizeof energy_unit / sizeof *energy_unit; k++) {
    if (strcmp(energy_unit[k], word) == 0) return energy_factor[k];
  }
  return 0.0;
}

static void read_units(tanlu_reader *r) {
  static const char *const keys[] = {"money", "energy"};
  static const char *const money[] = {"1e4 CNY", "1e8 CNY"};
  static const double money_factor[] = {1.0, 1e4};
  const tanlu_yaml *node = tanlu_yaml_find(r->settings, "units");
  if (!node) {
    tanlu_reader_ok(r, tanlu_yaml_fail(r->settings, r->context, "missing key 'units' in dataset.yaml"));
    return;
  }
  if (r->dataset->accounts_only) {
    read_own_money(r, node);
    return;
  }
  if (!tanlu_reader_ok(r, tanlu_yaml_check_keys(node, "units", keys, 2, r->context))) return;
  r->money = money_factor[word_of(r, node, "money", money, 2, 0)];
  r->energy = energy_factor[word_of(r, node, "energy", energy_unit, 3, 0)];
}

static void read_levels(tanlu_reader *r) {
  tanlu_dataset *d = r->dataset;
  const tanlu_yaml *node = tanlu_yaml_find(r->settings, "levels");
  if (!node || node->kind != TANLU_YAML_SEQUENCE || node->count == 0) {
    tanlu_reader_ok(r, tanlu_yaml_fail(node ? node : r->settings, r->context,
                                       "expected 'levels', a list of columns of sectors.csv"));
    return;
  }
  d->level = tanlu_reader_allocate(r, node->count, sizeof *d->level);
  if (!d->level) return;
  for (size_t l = 0; l < node->count; l++) {
    const tanlu_yaml *item = node->child[l];
    if (item->kind != TANLU_YAML_SCALAR || item->text[0] == '\0') {
      tanlu_reader_ok(r, tanlu_yaml_fail(item, r->context, "expected the name of a level"));
      return;
    }
    for (size_t k = 0; k < d->levels; k++) {
      if (strcmp(d->level[k].name, item->text) == 0) {
        tanlu_reader_ok(r, tanlu_yaml_fail(item, r->context, "duplicate level '%s'", item->text));
        return;
      }
    }
    d->level[l].name = tanlu_string_copy(r->context, item->text);
    if (!d->level[l].name) {
      tanlu_reader_ok(r, TANLU_ERR_MEMORY);
      return;
    }
    d->levels++;
  }
  const char *words[8];
  const size_t count = d->levels < 8 ? d->levels : 8;
  for (size_t l = 0; l < count; l++) words[l] = d->level[l].name;
  if (!d->accounts_only) d->policy_level = word_of(r, r->settings, "driver_level", words, count, 0);
}

/* Keys of every dataset, then those of the model: accounts alone have none of these. */
static const char *const keys_of_dataset[] = {"name",
                                              "title",
                                              "region",
                                              "accounts_only",
                                              "base_year",
                                              "units",
                                              "levels",
                                              "import_treatment",
                                              "sources",
                                              "balance_tolerance",
                                              "history_to",
                                              "driver_level",
                                              "carriers",
                                              "electricity_coal_equivalent",
                                              "power",
                                              "hydrogen",
                                              "population",
                                              "urbanisation",
                                              "sinks",
                                              "policy",
                                              "co2_gdp_change_from_2005"};
enum { KEYS = sizeof keys_of_dataset / sizeof *keys_of_dataset, KEYS_OF_ACCOUNTS = 10 };

/* accounts_only: true | false; the keys must be those of what it says. */
static void read_kind(tanlu_reader *r) {
  static const char *const words[] = {"false", "true"};
  if (!tanlu_reader_ok(r, tanlu_yaml_check_keys(r->settings, "dataset.yaml", keys_of_dataset, KEYS, r->context))) {
    if (r->settings->kind != TANLU_YAML_MAPPING) return;
  }
  if (!tanlu_yaml_find(r->settings, "accounts_only")) return;
  r->dataset->accounts_only = word_of(r, r->settings, "accounts_only", words, 2, 0) == 1;
  for (size_t k = KEYS_OF_ACCOUNTS; r->dataset->accounts_only && k < KEYS; k++) {
    const tanlu_yaml *node = tanlu_yaml_find(r->settings, keys_of_dataset[k]);
    if (!node) continue;
    tanlu_reader_ok(r, tanlu_yaml_fail_key(node, r->context, "'%s' does not go with accounts_only: true", node->key));
  }
}

/* The keys of every dataset. */
static void read_common(tanlu_reader *r) {
  static const char *const treatments[] = {"proportional", "split", "none"};
  tanlu_dataset *d = r->dataset;
  d->name = tanlu_string_copy(r->context, text_of(r, r->settings, "name", true));
  d->title = tanlu_string_copy(r->context, text_of(r, r->settings, "title", false));
  const char *region = text_of(r, r->settings, "region", false), *usual = d->accounts_only ? "" : "China";
  d->region = tanlu_string_copy(r->context, region[0] != '\0' ? region : usual);
  if (!d->name || !d->title || !d->region) tanlu_reader_ok(r, TANLU_ERR_MEMORY);
  if (!tanlu_yaml_find(r->settings, "base_year")) text_of(r, r->settings, "base_year", true);
  d->base_year = year_of(r, "base_year", 1900, 2020);
  d->history_to = year_of(r, "history_to", d->base_year, d->base_year);
  d->accounts.import_treatment =
      (tanlu_import_treatment)word_of(r, r->settings, "import_treatment", treatments, 3, TANLU_IMPORT_NONE);
  read_units(r);
  read_levels(r);
  d->accounts.balance_tolerance = 1e-9;
  const number_key top[] = {{"balance_tolerance", &d->accounts.balance_tolerance, 0.0, 0.01, false}};
  read_numbers(r, r->settings, "dataset.yaml", top, 1);
}

/* The keys of the model. */
static void read_model_keys(tanlu_reader *r) {
  tanlu_dataset *d = r->dataset;
  tanlu_power_statistics *p = &d->power;
  tanlu_hydrogen_statistics *h = &d->hydrogen;
  const number_key top[] = {{"electricity_coal_equivalent", &d->energy.electricity_coal_equivalent, 0.1, 10.0, true},
                            {"co2_gdp_change_from_2005", &d->co2_gdp_change_from_2005, -0.99, 10.0, true},
                            {"sinks", &d->sinks, 0.0, 1e5, false}};
  read_numbers(r, r->settings, "dataset.yaml", top, sizeof top / sizeof *top);
  const number_key power[] = {{"coal_rate", &p->coal_rate, 100.0, 1000.0, true},
                              {"variable_threshold", &p->variable_threshold, 0.0, 1.0, true},
                              {"curtailment_slope", &p->curtailment_slope, 0.0, 10.0, true},
                              {"storage_slope", &p->storage_slope, 0.0, 10.0, true},
                              {"storage_cycle_share", &p->storage_cycle_share, 0.0, 1.0, true},
                              {"storage_efficiency", &p->storage_efficiency, 0.1, 1.0, true},
                              {"load_factor", &p->load_factor, 0.01, 1.0, true},
                              {"reserve_margin", &p->reserve_margin, 0.0, 1.0, true},
                              {"biomass_bound", &p->biomass_bound, 0.0, 1e6, true},
                              {"biogenic_factor", &p->biogenic_factor, 0.0, 500.0, true}};
  read_block(r, "power", power, sizeof power / sizeof *power, NULL, 0);
  p->biomass_bound *= 1e3; /* PJ in the file */
  static const char *const hydrogen_others[] = {"coal_carrier", "gas_carrier"};
  const number_key hydrogen[] = {{"electrolysis_efficiency", &h->electrolysis_efficiency, 0.05, 1.0, true},
                                 {"coal_efficiency", &h->coal_efficiency, 0.05, 1.0, true},
                                 {"gas_efficiency", &h->gas_efficiency, 0.05, 1.0, true}};
  read_block(r, "hydrogen", hydrogen, 3, hydrogen_others, 2);
}

void tanlu_dataset_read_settings(tanlu_reader *r) {
  char digest[TANLU_SHA256_TEXT];
  char *path = tanlu_reader_path(r, "dataset.yaml");
  const bool read = path && tanlu_reader_ok(r, tanlu_yaml_read(&r->settings, path, digest, r->context));
  free(path);
  if (!read) return;
  tanlu_reader_record(r, "dataset.yaml", digest);
  read_kind(r);
  if (r->settings->kind != TANLU_YAML_MAPPING) return;
  read_common(r);
  if (!r->dataset->accounts_only) read_model_keys(r);
}

/* ---- the base year of the history ------------------------------------------------------------------------------------ */

/* Value of `key` at the base year: a knot of the history, or a key of dataset.yaml. NaN with an error when absent. */
static double base_value(tanlu_reader *r, const tanlu_yaml *history, const char *key, double lowest, double highest) {
  double value = (double)NAN;
  const tanlu_yaml *node = tanlu_yaml_find(r->settings, key);
  const tanlu_yaml *series = history ? tanlu_yaml_find(history, key) : NULL;
  for (size_t i = 0; !node && series && series->kind == TANLU_YAML_MAPPING && i < series->count; i++) {
    if (atoi(series->child[i]->key) == r->dataset->base_year) node = series->child[i];
  }
  if (!node) {
    tanlu_reader_fail(r, history ? "history.yaml" : "dataset.yaml", series ? series->key_line : 0,
                      series ? series->key_column : 0, "no value of '%s' for the base year %d", key,
                      r->dataset->base_year);
    return value;
  }
  if (!tanlu_reader_ok(r, tanlu_yaml_number(node, &value, r->context))) return value;
  if (value >= lowest && value <= highest) return value;
  tanlu_reader_ok(r, tanlu_yaml_fail(node, r->context, "'%s' is %g; expected %g to %g", key, value, lowest, highest));
  return value;
}

void tanlu_dataset_read_base_population(tanlu_reader *r) {
  tanlu_yaml *history = NULL;
  if (tanlu_reader_has(r, "history.yaml")) {
    char digest[TANLU_SHA256_TEXT];
    char *path = tanlu_reader_path(r, "history.yaml");
    const bool read = path && tanlu_reader_ok(r, tanlu_yaml_read(&history, path, digest, r->context));
    free(path);
    if (!read) return;
    tanlu_reader_record(r, "history.yaml", digest);
  } else if (r->dataset->history_to > r->dataset->base_year) {
    tanlu_reader_fail(r, "history.yaml", 0, 0, "the file does not exist, but dataset.yaml says history_to: %d",
                      r->dataset->history_to);
    return;
  }
  r->dataset->population = 1e6 * base_value(r, history, "population", 1.0, 1e5);
  r->dataset->urbanisation = base_value(r, history, "urbanisation", 0.0, 1.0);
  tanlu_yaml_free(&history);
}
