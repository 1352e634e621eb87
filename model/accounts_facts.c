#include "model/accounts_facts.h"

#include <math.h>
#include <stdlib.h>

#include "model/identities.h"
#include "model/technology.h"
#include "solvers/leontief.h"
#include "solvers/memory.h"

tanlu_accounts_facts tanlu_accounts_sums(const tanlu_accounts *a) {
  tanlu_accounts_facts f = {0};
  for (size_t i = 0; i < a->n; i++) {
    for (size_t k = 0; k < a->component.count; k++) f.value_added += a->value_added[i * a->component.count + k];
    for (size_t k = 0; k < a->category.count; k++) f.final_demand += a->final_use[k * a->n + i];
    f.imports += a->imports[i];
    f.output += a->output[i];
    f.no_output += !(a->output[i] > 0.0);
    if (a->flows == NULL) continue;
    const tanlu_identity row = tanlu_identity_row(a, i), column = tanlu_identity_column(a, i);
    const double size = a->output[i] > 0.0 ? a->output[i] : 1.0;
    f.worst_row = fmax(f.worst_row, fabs(tanlu_identity_gap(&row)) / size);
    f.worst_column = fmax(f.worst_column, fabs(tanlu_identity_gap(&column)) / size);
  }
  return f;
}

tanlu_status tanlu_domestic_condition(const tanlu_dataset *dataset, const double *domestic, double *spectral_radius,
                                      double *condition, tanlu_context *context) {
  const size_t n = dataset->accounts.n;
  const tanlu_labels *sector = &dataset->accounts.sector;
  tanlu_leontief *solver = NULL;
  size_t dominant = 0;
  tanlu_status status = tanlu_spectral_radius(domestic, n, 1e-10, spectral_radius, &dominant, context);
  if (status == TANLU_OK && !(*spectral_radius < 1.0)) {
    status =
        tanlu_fail(context, TANLU_ERR_MODEL,
                   "dataset %s is not productive: the spectral radius of its domestic coefficients is %.6g, expected "
                   "less than 1; sector %s (%s) weighs most in it",
                   dataset->name, *spectral_radius, sector->code[dominant], sector->name[dominant]);
  }
  if (status == TANLU_OK) status = tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, n, context);
  if (status == TANLU_OK) status = tanlu_leontief_factor(solver, domestic, n, NULL, context);
  if (status == TANLU_OK) *condition = 1.0 / tanlu_leontief_diagnose(solver).rcond;
  tanlu_leontief_free(&solver);
  return status;
}

tanlu_status tanlu_domestic_coefficients(const tanlu_dataset *d, double *domestic, tanlu_context *context) {
  const tanlu_accounts *a = &d->accounts;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < a->n; i++) {
    double uses = 0.0, mu = 0.0;
    for (size_t j = 0; j < a->n; j++) uses += a->flows[j * a->n + i];
    const tanlu_status found = tanlu_import_share(d, i, uses, &mu, context);
    if (status == TANLU_OK) status = found;
    for (size_t j = 0; j < a->n; j++) {
      const size_t k = j * a->n + i;
      const double flow = a->flows_domestic != NULL ? a->flows_domestic[k] : (1.0 - mu) * a->flows[k];
      domestic[k] = a->output[j] > 0.0 && a->flows[k] > 0.0 ? flow / a->output[j] : 0.0;
    }
  }
  return status;
}

tanlu_status tanlu_accounts_facts_of(tanlu_accounts_facts *facts, const tanlu_dataset *dataset,
                                     tanlu_context *context) {
  *facts = tanlu_accounts_sums(&dataset->accounts);
  double *domestic = tanlu_allocate_doubles(context, dataset->accounts.n, dataset->accounts.n);
  tanlu_status status = domestic != NULL ? tanlu_domestic_coefficients(dataset, domestic, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    status = tanlu_domestic_condition(dataset, domestic, &facts->spectral_radius, &facts->condition, context);
  }
  free(domestic);
  return status;
}
