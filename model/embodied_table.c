#include "model/embodied_private.h"

#include <stdlib.h>
#include <string.h>

#include "model/accounts_facts.h"
#include "model/technology.h"
#include "solvers/memory.h"

size_t tanlu_embodied_prefix(const tanlu_labels *group, const char *category) {
  size_t found = TANLU_NONE, longest = 0;
  for (size_t g = 0; g < group->count; g++) {
    const size_t length = strlen(group->code[g]);
    if (length < longest || strncmp(category, group->code[g], length) != 0 || category[length] != '_') continue;
    found = g;
    longest = length;
  }
  return found;
}

/* The group of w->level that holds all sectors of a group of another level; TANLU_NONE where they lie in several. */
static size_t group_around(const tanlu_embodied_table *w, const tanlu_level *other, size_t group) {
  size_t found = TANLU_NONE;
  for (size_t i = 0; i < w->n; i++) {
    if (other->of_sector[i] != group) continue;
    if (found != TANLU_NONE && found != w->level->of_sector[i]) return TANLU_NONE;
    found = w->level->of_sector[i];
  }
  return found;
}

/* By the level itself, or by one whose groups lie within its own (regions within grids). */
static size_t place_category(const tanlu_embodied_table *w, const char *code) {
  size_t found = tanlu_embodied_prefix(&w->level->group, code);
  for (size_t l = 0; l < w->dataset->levels && found == TANLU_NONE; l++) {
    const size_t group = tanlu_embodied_prefix(&w->dataset->level[l].group, code);
    if (group != TANLU_NONE) found = group_around(w, &w->dataset->level[l], group);
  }
  return found;
}

static tanlu_status place_categories(const tanlu_embodied_table *w, size_t *of_category, tanlu_context *context) {
  const tanlu_accounts *a = &w->dataset->accounts;
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < a->category.count; k++) {
    const char *code = a->category.code[k];
    of_category[k] = a->role[k] == TANLU_ROLE_EXPORTS ? w->groups : place_category(w, code);
    if (of_category[k] != TANLU_NONE) continue;
    status =
        tanlu_fail(context, TANLU_ERR_INPUT,
                   "category '%s' of final demand belongs to no group of level %s; expected a code that begins with "
                   "one, such as '%s_%s'",
                   code, w->level->name, w->level->group.code[0], code);
    break;
  }
  return status;
}

static tanlu_status domestic_demand(const tanlu_embodied_table *w, const size_t *of_category, tanlu_context *context) {
  const tanlu_accounts *a = &w->dataset->accounts;
  const size_t n = w->n;
  for (size_t i = 0; i < n; i++) {
    double uses = 0.0, mu = 0.0;
    for (size_t j = 0; j < n; j++) uses += a->flows[j * n + i];
    const tanlu_status status = tanlu_import_share(w->dataset, i, uses, &mu, context);
    if (status != TANLU_OK) return status;
    for (size_t k = 0; k < a->category.count; k++) {
      const double y = a->final_domestic != NULL ? a->final_domestic[k * n + i]
                                                 : a->final_use[k * n + i] * tanlu_final_domestic_share(a, i, k, mu);
      w->demand[of_category[k] * n + i] += y;
    }
    w->demand[(w->groups + 1) * n + i] += a->discrepancy[i];
  }
  return TANLU_OK;
}

static tanlu_status factor(tanlu_embodied_table *w, tanlu_context *context) {
  double *domestic = tanlu_allocate_doubles(context, w->n, w->n);
  size_t culprit = 0;
  tanlu_status status =
      domestic != NULL ? tanlu_domestic_coefficients(w->dataset, domestic, context) : TANLU_ERR_MEMORY;
  double radius = 0.0;
  if (status == TANLU_OK) status = tanlu_spectral_radius(domestic, w->n, 1e-6, &radius, &culprit, context);
  if (status == TANLU_OK && !(radius < 1.0)) {
    status =
        tanlu_fail(context, TANLU_ERR_MODEL,
                   "dataset %s is not productive: the spectral radius of its domestic coefficients is %.6g, expected "
                   "less than 1; sector %s weighs most in it",
                   w->dataset->name, radius, w->dataset->accounts.sector.code[culprit]);
  }
  if (status == TANLU_OK) status = tanlu_leontief_create(&w->solver, TANLU_SOLVER_DIRECT, w->n, context);
  if (status == TANLU_OK) status = tanlu_leontief_factor(w->solver, domestic, w->n, NULL, context);
  free(domestic);
  return status;
}

static tanlu_status check_emissions(const tanlu_accounts *a, const double *emission, tanlu_context *context) {
  for (size_t i = 0; i < a->n; i++) {
    if (emission[i] == 0.0 || a->output[i] > 0.0) continue;
    return tanlu_fail(context, TANLU_ERR_INPUT, "sector '%s' has %g but no output", a->sector.code[i], emission[i]);
  }
  return TANLU_OK;
}

tanlu_status tanlu_embodied_table_create(tanlu_embodied_table *table, const tanlu_dataset *dataset, size_t level,
                                         const double *emission, tanlu_context *context) {
  *table = (tanlu_embodied_table){.dataset = dataset,
                                  .level = &dataset->level[level],
                                  .n = dataset->accounts.n,
                                  .groups = dataset->level[level].group.count};
  table->columns = table->groups + 2;
  size_t *of_category = tanlu_allocate(context, dataset->accounts.category.count, sizeof *of_category);
  table->demand = tanlu_allocate_doubles(context, table->n, table->columns);
  tanlu_status status = of_category != NULL && table->demand != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = check_emissions(&dataset->accounts, emission, context);
  if (status == TANLU_OK) status = place_categories(table, of_category, context);
  if (status == TANLU_OK) status = domestic_demand(table, of_category, context);
  if (status == TANLU_OK) status = factor(table, context);
  free(of_category);
  if (status != TANLU_OK) tanlu_embodied_table_clear(table);
  return status;
}

void tanlu_embodied_table_clear(tanlu_embodied_table *table) {
  free(table->demand);
  tanlu_leontief_free(&table->solver);
  table->demand = NULL;
}
