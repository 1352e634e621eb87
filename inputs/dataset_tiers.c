/* Efficiency tiers of processes, as policy/efficiency-tiers.csv states them. */
#include <math.h>
#include <string.h>

#include "inputs/dataset_policy_private.h"
#include "solvers/memory.h"

enum {
  PROCESS,
  PROCESS_NAME,
  PROCESS_NAME_ZH,
  GROUPS,
  OUTPUT,
  BEYOND,
  FEEDSTOCK,
  YEAR,
  BELOW,
  ABOVE,
  GOAL_YEAR,
  GOAL_BELOW,
  GOAL_ABOVE,
  PRODUCT,
  NAME,
  NAME_ZH,
  WEIGHT,
  UNIT,
  BASELINE,
  BENCHMARK,
  SOURCE,
  TIER_COLUMNS
};
static const char *const tier_columns[TIER_COLUMNS] = {
    "process", "process_name", "process_name_zh", "groups",    "output",     "beyond",     "feedstock",
    "year",    "below",        "above",           "goal_year", "goal_below", "goal_above", "product",
    "name",    "name_zh",      "weight",          "unit",      "baseline",   "benchmark",  "source"};

/* Units of specific energy: GJ of the numerator. */
static const struct {
  const char *word;
  double gj;
} units[] = {{"kgce/", 0.0293076}, {"kgoe/", 0.041868}, {"kWh/", 0.0036}};

/* Shares of three tiers from those below and above; what is left lies between. */
static void read_shares(tanlu_reader *r, const tanlu_csv *table, size_t row, size_t below, size_t above,
                        double *share) {
  const double low = tanlu_policy_number(r, table, row, below, false, 0.0, 1.0);
  const double high = tanlu_policy_number(r, table, row, above, false, 0.0, 1.0);
  share[TANLU_TIER_BELOW] = low;
  share[TANLU_TIER_ABOVE] = high;
  share[TANLU_TIER_BETWEEN] = 1.0 - low - high;
  if (low + high > 1.0 + TANLU_POLICY_ROUNDING) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, above, r->context,
                                      "the shares below and above add up to %g; expected at most 1", low + high));
  }
}

/* The first row of a process says what holds for all its products. False where the dataset has no such group. */
static bool read_tier_process(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  static const size_t label[] = {PROCESS, PROCESS_NAME, PROCESS_NAME_ZH};
  tanlu_tier_statistics *s = &r->dataset->tiers;
  const size_t group = tanlu_policy_group(r, table, row, index[GROUPS]);
  if (group == TANLU_NONE) return false;
  const size_t columns[] = {index[label[0]], index[label[1]], index[label[2]]};
  if (!tanlu_reader_label(r, table, row, columns, "process", &s->process)) return false;
  const size_t p = s->process.count - 1;
  double year = r->dataset->base_year, *share = s->share + p * TANLU_TIERS, *goal = s->goal + p * TANLU_TIERS;
  s->group[p] = group;
  s->output[p] = tanlu_policy_number(r, table, row, index[OUTPUT], true, 0.0, HUGE_VAL);
  s->beyond[p] = tanlu_policy_number(r, table, row, index[BEYOND], true, 0.0, 10.0);
  tanlu_reader_ok(r, tanlu_csv_yes_no(table, row, index[FEEDSTOCK], &s->feedstock[p], r->context));
  read_shares(r, table, row, index[BELOW], index[ABOVE], share);
  s->has_shares[p] = !isnan(share[TANLU_TIER_BETWEEN]);
  if (!s->has_shares[p] && !(isnan(share[TANLU_TIER_BELOW]) && isnan(share[TANLU_TIER_ABOVE]))) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[isnan(share[TANLU_TIER_BELOW]) ? BELOW : ABOVE], r->context,
                                      "only one share is given; expected those below and above, or none"));
  }
  for (int k = 0; k < TANLU_TIERS && !s->has_shares[p]; k++) share[k] = 0.0;
  if (s->has_shares[p]) year = tanlu_policy_number(r, table, row, index[YEAR], true, 1900.0, 2200.0);
  if (!isnan(year) && year != (double)r->dataset->base_year) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[YEAR], r->context, "shares of %g; expected those of %d", year,
                                      r->dataset->base_year));
  }
  const double goal_year = tanlu_policy_number(r, table, row, index[GOAL_YEAR], false, 1900.0, 2200.0);
  s->goal_year[p] = isnan(goal_year) ? 0 : (int)goal_year;
  read_shares(r, table, row, index[GOAL_BELOW], index[GOAL_ABOVE], goal);
  return true;
}

static void read_levels(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row, size_t process) {
  tanlu_tier_statistics *s = &r->dataset->tiers;
  const size_t columns[] = {index[PRODUCT], index[NAME], index[NAME_ZH]};
  if (!tanlu_reader_label(r, table, row, columns, "product", &s->product)) return;
  const size_t i = s->product.count - 1;
  const char *unit = tanlu_csv_text(table, row, index[UNIT]);
  s->of_process[i] = process;
  s->unit[i] = tanlu_string_copy(r->context, unit);
  if (!s->unit[i]) tanlu_reader_ok(r, TANLU_ERR_MEMORY);
  for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
    if (strncmp(unit, units[k].word, strlen(units[k].word)) == 0) s->energy[i] = units[k].gj;
  }
  if (s->energy[i] == 0.0) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[UNIT], r->context,
                                      "unit '%s'; expected kgce, kgoe or kWh per unit of output", unit));
  }
  s->weight[i] = tanlu_policy_number(r, table, row, index[WEIGHT], true, 0.0, 1.0);
  s->baseline[i] = tanlu_policy_number(r, table, row, index[BASELINE], true, -HUGE_VAL, HUGE_VAL);
  s->benchmark[i] = tanlu_policy_number(r, table, row, index[BENCHMARK], true, -HUGE_VAL, HUGE_VAL);
  if (s->benchmark[i] > s->baseline[i]) {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[BENCHMARK], r->context,
                                      "the benchmark %g takes more energy than the baseline %g; expected less",
                                      s->benchmark[i], s->baseline[i]));
  }
  if (*tanlu_csv_text(table, row, index[SOURCE]) == '\0') {
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[SOURCE], r->context, "levels need a source"));
  }
}

/* Further rows of a process leave empty what its first row says. */
static void check_empty(tanlu_reader *r, const tanlu_csv *table, const size_t *index, size_t row) {
  for (size_t c = PROCESS_NAME; c <= GOAL_ABOVE; c++) {
    if (*tanlu_csv_text(table, row, index[c]) == '\0') continue;
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[c], r->context,
                                      "the first row of process '%s' says this; expected an empty field",
                                      tanlu_csv_text(table, row, index[PROCESS])));
  }
}

static void check_weights(tanlu_reader *r, const tanlu_csv *table, const size_t *index) {
  const tanlu_tier_statistics *s = &r->dataset->tiers;
  for (size_t row = 0; row < table->rows; row++) {
    const size_t p = tanlu_labels_find(&s->process, tanlu_csv_text(table, row, index[PROCESS]));
    double sum = 0.0;
    if (p == TANLU_NONE || tanlu_policy_repeated(table, row, index[PROCESS])) continue;
    for (size_t i = 0; i < s->product.count; i++) sum += s->of_process[i] == p ? s->weight[i] : 0.0;
    if (fabs(sum - 1.0) <= TANLU_POLICY_ROUNDING) continue;
    tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[WEIGHT], r->context,
                                      "the weights of the products of '%s' add up to %g; expected 1",
                                      s->process.code[p], sum));
  }
}

void tanlu_dataset_read_tiers(tanlu_reader *r) {
  tanlu_tier_statistics *s = &r->dataset->tiers;
  size_t index[TIER_COLUMNS];
  tanlu_csv *table = tanlu_policy_open(r, "efficiency_tiers", tier_columns, TIER_COLUMNS, index);
  if (!table) return;
  s->group = tanlu_reader_allocate(r, table->rows, sizeof *s->group);
  s->output = tanlu_reader_allocate(r, table->rows, sizeof *s->output);
  s->beyond = tanlu_reader_allocate(r, table->rows, sizeof *s->beyond);
  s->feedstock = tanlu_reader_allocate(r, table->rows, sizeof *s->feedstock);
  s->has_shares = tanlu_reader_allocate(r, table->rows, sizeof *s->has_shares);
  s->share = tanlu_reader_allocate(r, table->rows * TANLU_TIERS, sizeof *s->share);
  s->goal_year = tanlu_reader_allocate(r, table->rows, sizeof *s->goal_year);
  s->goal = tanlu_reader_allocate(r, table->rows * TANLU_TIERS, sizeof *s->goal);
  s->of_process = tanlu_reader_allocate(r, table->rows, sizeof *s->of_process);
  s->weight = tanlu_reader_allocate(r, table->rows, sizeof *s->weight);
  s->unit = tanlu_reader_allocate(r, table->rows, sizeof *s->unit);
  s->energy = tanlu_reader_allocate(r, table->rows, sizeof *s->energy);
  s->baseline = tanlu_reader_allocate(r, table->rows, sizeof *s->baseline);
  s->benchmark = tanlu_reader_allocate(r, table->rows, sizeof *s->benchmark);
  for (size_t row = 0; row < table->rows && r->status != TANLU_ERR_MEMORY; row++) {
    const char *code = tanlu_csv_text(table, row, index[PROCESS]);
    size_t process = tanlu_labels_find(&s->process, code);
    if (tanlu_policy_repeated(table, row, index[PROCESS])) {
      check_empty(r, table, index, row);
    } else if (read_tier_process(r, table, index, row)) {
      process = s->process.count - 1;
    }
    if (process != TANLU_NONE) read_levels(r, table, index, row, process);
  }
  if (r->status == TANLU_OK) check_weights(r, table, index);
  tanlu_csv_free(&table);
}
