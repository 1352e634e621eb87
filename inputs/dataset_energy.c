/* The energy balance: final energy by branch, non-energy use, conversion, supply, losses; and its closure. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_reader.h"
#include "model/identities.h"

static const double closure = 1e-6; /* relative: how closely sums of the energy balance hold */

static const char *const process_kind_word[] = {"thermal_power", "heat_supply", "conversion", "recovery"};

static void read_processes(tanlu_reader *r) {
  static const char *const names[] = {"code", "name", "name_zh", "kind", "sector", "main"};
  tanlu_energy_statistics *e = &r->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  size_t index[6];
  tanlu_csv *table = tanlu_reader_table(r, "processes.csv", names, 6, 6, index);
  if (!table) return;
  e->process_kind = tanlu_reader_allocate(r, table->rows, sizeof *e->process_kind);
  e->process_sector = tanlu_reader_allocate(r, table->rows, sizeof *e->process_sector);
  e->process_main = tanlu_reader_allocate(r, table->rows * carriers, sizeof *e->process_main);
  if (!e->process_kind || !e->process_sector || !e->process_main) goto cleanup;
  for (size_t row = 0; row < table->rows; row++) {
    size_t kind = 0, mains = 0;
    if (!tanlu_reader_label(r, table, row, index, "process", &e->process)) continue;
    const size_t p = e->process.count - 1;
    tanlu_reader_ok(r, tanlu_csv_word(table, row, index[3], "kind", process_kind_word, 4, &kind, r->context));
    e->process_kind[p] = (tanlu_process_kind)kind;
    tanlu_reader_ok(r, tanlu_csv_code(table, row, index[4], "sector", &r->dataset->accounts.sector, false,
                                      &e->process_sector[p], r->context));
    const char *cursor = tanlu_csv_text(table, row, index[5]);
    for (char *word = NULL; tanlu_reader_next_word(&cursor, &word); mains++) {
      const size_t c = tanlu_labels_find(&e->carrier.label, word);
      if (c != TANLU_NONE) {
        e->process_main[p * carriers + c] = true;
        continue;
      }
      const char *nearest = tanlu_labels_nearest(&e->carrier.label, word);
      tanlu_reader_ok(r,
                      tanlu_csv_fail(table, row, index[5], r->context, "unknown carrier '%s'%s%s%s", word,
                                     nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : ""));
    }
    if (mains == 0 && e->process_kind[p] == TANLU_PROCESS_CONVERSION) {
      tanlu_reader_ok(r, tanlu_csv_fail(table, row, index[5], r->context, "process '%s' names no main product",
                                        e->process.code[p]));
    }
  }
cleanup:
  tanlu_csv_free(&table);
}

void tanlu_dataset_read_conversion(tanlu_reader *r) {
  tanlu_energy_statistics *e = &r->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  read_processes(r);
  if (e->process.count == 0) return;
  e->conversion = tanlu_reader_allocate(r, e->process.count * carriers, sizeof *e->conversion);
  tanlu_reader_matrix(r, &(tanlu_matrix_file){.file = "conversion.csv",
                                              .key = "process",
                                              .noun = "process",
                                              .row = &e->process,
                                              .column = &e->carrier.label,
                                              .value = e->conversion,
                                              .row_stride = carriers,
                                              .column_stride = 1,
                                              .factor = r->energy,
                                              .lowest = -HUGE_VAL});
  if (r->status != TANLU_OK) return;
  for (size_t p = 0; p < e->process.count; p++) { /* what scales a process must come out of it */
    for (size_t c = 0; c < carriers; c++) {
      if (!e->process_main[p * carriers + c] || e->conversion[p * carriers + c] > 0.0) continue;
      tanlu_reader_fail(r, "conversion.csv", 0, 0, "process '%s' has '%s' as a main product but does not make any",
                        e->process.code[p], e->carrier.label.code[c]);
    }
  }
}

/* supply.csv names its own rows. */
static void read_supply(tanlu_reader *r) {
  tanlu_energy_statistics *e = &r->dataset->energy;
  const size_t carriers = e->carrier.label.count, count = 1 + carriers;
  const char **names = tanlu_reader_allocate(r, count, sizeof *names);
  size_t *index = tanlu_reader_allocate(r, count, sizeof *index);
  tanlu_csv *table = NULL;
  if (names && index) {
    names[0] = "item";
    for (size_t c = 0; c < carriers; c++) names[1 + c] = e->carrier.label.code[c];
    table = tanlu_reader_table(r, "supply.csv", names, count, count, index);
  }
  if (table) e->supply = tanlu_reader_allocate(r, table->rows * carriers, sizeof *e->supply);
  for (size_t row = 0; table && e->supply && row < table->rows; row++) {
    const size_t label[3] = {index[0], TANLU_NONE, TANLU_NONE};
    if (!tanlu_reader_label(r, table, row, label, "supply item", &e->supply_item)) continue;
    for (size_t c = 0; c < carriers; c++) {
      double value = 0.0;
      tanlu_reader_ok(r, tanlu_csv_number(table, row, index[1 + c], 0.0, &value, r->context));
      e->supply[row * carriers + c] = value * r->energy;
    }
  }
  tanlu_csv_free(&table);
  free(index);
  free(names);
}

/* The part of each branch in non-energy use, where it is known. */
static void read_branch_non_energy(tanlu_reader *r) {
  tanlu_energy_statistics *e = &r->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  e->branch_non_energy = tanlu_reader_allocate(r, e->branch.count * carriers, sizeof *e->branch_non_energy);
  tanlu_reader_matrix(r, &(tanlu_matrix_file){.file = "branch_non_energy.csv",
                                              .key = "branch",
                                              .noun = "branch",
                                              .row = &e->branch,
                                              .column = &e->carrier.label,
                                              .value = e->branch_non_energy,
                                              .row_stride = carriers,
                                              .column_stride = 1,
                                              .factor = r->energy,
                                              .lowest = 0.0});
}

void tanlu_dataset_read_energy(tanlu_reader *r) {
  tanlu_energy_statistics *e = &r->dataset->energy;
  const tanlu_labels *carrier = &e->carrier.label;
  e->final = tanlu_reader_allocate(r, e->branch.count * carrier->count, sizeof *e->final);
  e->non_energy = tanlu_reader_allocate(r, carrier->count, sizeof *e->non_energy);
  e->losses = tanlu_reader_allocate(r, carrier->count, sizeof *e->losses);
  e->statistical_difference = tanlu_reader_allocate(r, carrier->count, sizeof *e->statistical_difference);
  tanlu_reader_matrix(r, &(tanlu_matrix_file){.file = "branch_energy.csv",
                                              .key = "branch",
                                              .noun = "branch",
                                              .row = &e->branch,
                                              .column = carrier,
                                              .value = e->final,
                                              .row_stride = carrier->count,
                                              .column_stride = 1,
                                              .factor = r->energy,
                                              .lowest = 0.0,
                                              .place = &r->branch_energy});
  tanlu_reader_vector(r, "non_energy.csv", "carrier", "carrier", carrier, r->energy, 0.0, e->non_energy);
  if (tanlu_reader_has(r, "branch_non_energy.csv")) read_branch_non_energy(r);
  tanlu_reader_vector(r, "losses.csv", "carrier", "carrier", carrier, r->energy, 0.0, e->losses);
  tanlu_reader_vector(r, "statistical_difference.csv", "carrier", "carrier", carrier, r->energy, -HUGE_VAL,
                      e->statistical_difference);
  read_supply(r);
}

/* ---- checks ----------------------------------------------------------------------------------------------------------- */

/* available + conversion - losses - final = statistical difference, carrier by carrier. */
static void check_closure(tanlu_reader *r) {
  const tanlu_energy_statistics *e = &r->dataset->energy;
  for (size_t c = 0; c < e->carrier.label.count; c++) {
    const tanlu_carrier_balance b = tanlu_balance_of_carrier(e, c);
    if (!b.closes) {
      tanlu_reader_fail(
          r, "supply.csv", 0, 0,
          "the balance of '%s' does not close: available %.8g + conversion %.8g - losses %.8g - final %.8g "
          "- statistical difference %.8g = %.3g TJ; allowed 1e-6 of its flows",
          e->carrier.label.code[c], b.available, b.conversion, b.losses, b.final, b.difference, b.gap);
    }
    if (!b.holds_non_energy) {
      tanlu_reader_fail(r, "non_energy.csv", 0, 0, "non-energy use of '%s' (%.8g TJ) is above its final use (%.8g TJ)",
                        e->carrier.label.code[c], b.non_energy, b.final);
    }
  }
}

/* Non-energy use of the branches is part of their use and adds up to that of the nation. */
static void check_branch_non_energy(tanlu_reader *r) {
  const tanlu_energy_statistics *e = &r->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  for (size_t c = 0; e->branch_non_energy && c < carriers; c++) {
    double sum = 0.0;
    for (size_t b = 0; b < e->branch.count; b++) {
      const double part = e->branch_non_energy[b * carriers + c], use = e->final[b * carriers + c];
      sum += part;
      if (part <= use * (1.0 + closure)) continue;
      tanlu_reader_fail(r, "branch_non_energy.csv", 0, 0,
                        "non-energy use of '%s' by branch '%s' (%.8g TJ) is above its final use (%.8g TJ)",
                        e->carrier.label.code[c], e->branch.code[b], part, use);
    }
    if (fabs(sum - e->non_energy[c]) <= closure * e->non_energy[c]) continue;
    tanlu_reader_fail(r, "branch_non_energy.csv", 0, 0,
                      "non-energy use of '%s' by branch adds up to %.8g TJ; expected the %.8g TJ of non_energy.csv",
                      e->carrier.label.code[c], sum, e->non_energy[c]);
  }
}

/* Each branch that uses energy has a sector with output to carry it. */
static void check_carriers_of_use(tanlu_reader *r) {
  const tanlu_dataset *d = r->dataset;
  const tanlu_energy_statistics *e = &d->energy;
  const size_t carriers = e->carrier.label.count;
  for (size_t b = 0; b < e->branch.count; b++) {
    if (e->branch_kind[b] == TANLU_BRANCH_URBAN || e->branch_kind[b] == TANLU_BRANCH_RURAL) continue;
    double use = 0.0;
    size_t last = TANLU_NONE;
    bool carried = false;
    for (size_t c = 0; c < carriers; c++) use += e->final[b * carriers + c];
    for (size_t j = 0; j < d->accounts.n; j++) {
      if (e->sector_branch[j] != b) continue;
      last = j;
      carried = carried || d->accounts.output[j] > 0.0;
    }
    if (use == 0.0 || carried) continue;
    if (last == TANLU_NONE) {
      tanlu_reader_fail(r, "branch_energy.csv", r->branch_energy.line[b], 0,
                        "branch '%s' uses %.6g TJ but no sector of sectors.csv belongs to it", e->branch.code[b], use);
    } else {
      tanlu_reader_fail(r, "branch_energy.csv", r->branch_energy.line[b], 0,
                        "branch '%s' uses %.6g TJ but its sector '%s' has no gross output", e->branch.code[b], use,
                        d->accounts.sector.code[last]);
    }
  }
}

/* Energy that is used needs an efficiency. By-product gas leaves the mix and follows coke: it needs none. */
static void check_efficiencies(tanlu_reader *r) {
  const tanlu_energy_statistics *e = &r->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  bool *missing = tanlu_reader_allocate(r, e->use.count * TANLU_CLASS_COUNT, sizeof *missing);
  for (size_t b = 0; missing && b < e->branch.count; b++) {
    for (size_t c = 0; c < carriers; c++) {
      const tanlu_carrier_class cls = e->carrier.cls[c];
      if (e->final[b * carriers + c] == 0.0 || !e->carrier.burned[c] || cls == TANLU_CLASS_BYPRODUCT_GAS) continue;
      const size_t use = e->carrier.vehicle_fuel[c] ? e->branch_vehicle_use[b] : e->branch_use[b];
      const size_t cell = use * TANLU_CLASS_COUNT + cls;
      if (e->efficiency[cell] > 0.0 || missing[cell]) continue;
      missing[cell] = true;
      tanlu_reader_fail(r, "efficiency.csv", 0, 0, "no efficiency of '%s' in '%s', which branch '%s' needs for '%s'",
                        tanlu_carrier_class_word(cls), e->use.code[use], e->branch.code[b], e->carrier.label.code[c]);
    }
  }
  free(missing);
}

void tanlu_dataset_check_energy(tanlu_reader *r) {
  check_closure(r);
  check_branch_non_energy(r);
  check_carriers_of_use(r);
  check_efficiencies(r);
}
