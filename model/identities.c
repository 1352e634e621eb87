#include "model/identities.h"

#include <math.h>

/* Relative gap of a carrier's balance that is still rounding of the statistics. */
static const double closure_tolerance = 1e-6;

double tanlu_identity_gap(const tanlu_identity *identity) {
  return identity->sum - identity->wanted;
}

bool tanlu_identity_holds(const tanlu_identity *identity) {
  return fabs(tanlu_identity_gap(identity)) <= identity->allowed;
}

/* What a row's gap is measured against: output; imports of what is not made at home. */
static double row_size(const tanlu_accounts *a, size_t i) {
  return a->output[i] > 0.0 ? a->output[i] : a->imports[i];
}

tanlu_identity tanlu_identity_row_of(const tanlu_accounts *a, size_t i, double uses) {
  double sum = a->discrepancy[i] - a->imports[i] + uses;
  for (size_t k = 0; k < a->category.count; k++) sum += a->final_use[k * a->n + i];
  return (tanlu_identity){sum, a->output[i], a->balance_tolerance * row_size(a, i)};
}

tanlu_identity tanlu_identity_column_of(const tanlu_accounts *a, size_t j, double inputs) {
  double sum = inputs;
  for (size_t c = 0; c < a->component.count; c++) sum += a->value_added[j * a->component.count + c];
  return (tanlu_identity){sum, a->output[j], a->balance_tolerance * a->output[j]};
}

tanlu_identity tanlu_identity_domestic_of(const tanlu_accounts *a, size_t i, double uses) {
  double sum = a->discrepancy[i] + uses;
  for (size_t k = 0; k < a->category.count; k++) sum += a->final_domestic[k * a->n + i];
  return (tanlu_identity){sum, a->output[i], a->balance_tolerance * a->output[i]};
}

tanlu_identity tanlu_identity_row(const tanlu_accounts *a, size_t i) {
  double uses = 0.0;
  for (size_t j = 0; j < a->n; j++) uses += a->flows[j * a->n + i];
  return tanlu_identity_row_of(a, i, uses);
}

tanlu_identity tanlu_identity_column(const tanlu_accounts *a, size_t j) {
  double inputs = 0.0;
  for (size_t i = 0; i < a->n; i++) inputs += a->flows[j * a->n + i];
  return tanlu_identity_column_of(a, j, inputs);
}

tanlu_identity tanlu_identity_domestic(const tanlu_accounts *a, size_t i) {
  double uses = 0.0;
  for (size_t j = 0; j < a->n; j++) uses += a->flows_domestic[j * a->n + i];
  return tanlu_identity_domestic_of(a, i, uses);
}

tanlu_carrier_balance tanlu_balance_of_carrier(const tanlu_energy_statistics *e, size_t c) {
  const size_t carriers = e->carrier.label.count;
  tanlu_carrier_balance b = {
      .losses = e->losses[c], .difference = e->statistical_difference[c], .non_energy = e->non_energy[c]};
  double size = b.losses + fabs(b.difference);
  for (size_t s = 0; s < e->supply_item.count; s++) {
    b.available += e->supply[s * carriers + c];
    size += fabs(e->supply[s * carriers + c]);
  }
  for (size_t p = 0; p < e->process.count; p++) {
    b.conversion += e->conversion[p * carriers + c];
    size += fabs(e->conversion[p * carriers + c]);
  }
  for (size_t i = 0; i < e->branch.count; i++) b.final += e->final[i * carriers + c];
  b.gap = b.available + b.conversion - b.losses - b.final - b.difference;
  b.closes = fabs(b.gap) <= closure_tolerance * (size + b.final);
  b.holds_non_energy = b.non_energy <= b.final * (1.0 + closure_tolerance);
  return b;
}

static tanlu_status broken(const tanlu_dataset *d, const char *what, const char *code, const tanlu_identity *identity,
                           tanlu_context *context) {
  return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s: %s '%s' does not add up: %.10g, expected %.10g", d->name,
                    what, code, identity->sum, identity->wanted);
}

tanlu_status tanlu_identities_check(const tanlu_dataset *d, tanlu_context *context) {
  const tanlu_accounts *a = &d->accounts;
  const tanlu_energy_statistics *e = &d->energy;
  for (size_t i = 0; i < a->n; i++) {
    const tanlu_identity row = tanlu_identity_row(a, i), column = tanlu_identity_column(a, i);
    if (!tanlu_identity_holds(&row)) return broken(d, "row", a->sector.code[i], &row, context);
    if (!tanlu_identity_holds(&column)) return broken(d, "column", a->sector.code[i], &column, context);
    if (a->import_treatment != TANLU_IMPORT_SPLIT) continue;
    const tanlu_identity domestic = tanlu_identity_domestic(a, i);
    if (!tanlu_identity_holds(&domestic)) return broken(d, "domestic row", a->sector.code[i], &domestic, context);
  }
  for (size_t c = 0; c < e->carrier.label.count; c++) {
    const tanlu_carrier_balance balance = tanlu_balance_of_carrier(e, c);
    if (!balance.closes) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s: the balance of '%s' does not close by %.3g TJ", d->name,
                        e->carrier.label.code[c], balance.gap);
    }
    if (balance.holds_non_energy) continue;
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "dataset %s: non-energy use of '%s' (%.8g TJ) is above its final use (%.8g TJ)", d->name,
                      e->carrier.label.code[c], balance.non_energy, balance.final);
  }
  return TANLU_OK;
}
