#include "model/embodied.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/accounts_facts.h"
#include "model/technology.h"
#include "solvers/leontief.h"
#include "solvers/memory.h"

static const double kept = 1e-9;

void tanlu_embodied_free(tanlu_embodied **embodied) {
  tanlu_embodied *e = *embodied;
  if (e == NULL) return;
  double *const owned[] = {e->total, e->chosen, e->production, e->consumption, e->final_demand};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  free(e);
  *embodied = NULL;
}

typedef struct {
  const tanlu_dataset *d;
  const tanlu_accounts *a;
  const tanlu_level *level;
  const double *emission;
  tanlu_context *context;
  size_t n, groups, columns; /* columns: groups, abroad, discrepancy */
  size_t *of_category;       /* columns */
  double *demand;            /* n x columns: y_d, then x */
} work;

/* The group whose code, followed by '_', begins the code of a category. */
static size_t group_of(const tanlu_labels *group, const char *category) {
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
static size_t group_around(const work *w, const tanlu_level *other, size_t group) {
  size_t found = TANLU_NONE;
  for (size_t i = 0; i < w->n; i++) {
    if (other->of_sector[i] != group) continue;
    if (found != TANLU_NONE && found != w->level->of_sector[i]) return TANLU_NONE;
    found = w->level->of_sector[i];
  }
  return found;
}

/* By the level itself, or by one whose groups lie within its own (regions within grids). */
static size_t place_category(const work *w, const char *code) {
  size_t found = group_of(&w->level->group, code);
  for (size_t l = 0; l < w->d->levels && found == TANLU_NONE; l++) {
    const size_t group = group_of(&w->d->level[l].group, code);
    if (group != TANLU_NONE) found = group_around(w, &w->d->level[l], group);
  }
  return found;
}

static tanlu_status place_categories(work *w) {
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < w->a->category.count; k++) {
    const char *code = w->a->category.code[k];
    w->of_category[k] = w->a->role[k] == TANLU_ROLE_EXPORTS ? w->groups : place_category(w, code);
    if (w->of_category[k] != TANLU_NONE) continue;
    status =
        tanlu_fail(w->context, TANLU_ERR_INPUT,
                   "category '%s' of final demand belongs to no group of level %s; expected a code that begins with "
                   "one, such as '%s_%s'",
                   code, w->level->name, w->level->group.code[0], code);
    break;
  }
  return status;
}

static tanlu_status domestic_demand(work *w) {
  const tanlu_accounts *a = w->a;
  const size_t n = w->n;
  for (size_t i = 0; i < n; i++) {
    double uses = 0.0, mu = 0.0;
    for (size_t j = 0; j < n; j++) uses += a->flows[j * n + i];
    const tanlu_status status = tanlu_import_share(w->d, i, uses, &mu, w->context);
    if (status != TANLU_OK) return status;
    for (size_t k = 0; k < a->category.count; k++) {
      const double y = a->final_domestic != NULL ? a->final_domestic[k * n + i]
                                                 : a->final_use[k * n + i] * tanlu_final_domestic_share(a, i, k, mu);
      w->demand[w->of_category[k] * n + i] += y;
    }
    w->demand[(w->groups + 1) * n + i] += a->discrepancy[i];
  }
  return TANLU_OK;
}

static tanlu_status solve(work *w) {
  double *domestic = tanlu_allocate_doubles(w->context, w->n, w->n);
  tanlu_leontief *solver = NULL;
  size_t culprit = 0;
  tanlu_status status = domestic != NULL ? tanlu_domestic_coefficients(w->d, domestic, w->context) : TANLU_ERR_MEMORY;
  double radius = 0.0;
  if (status == TANLU_OK) status = tanlu_spectral_radius(domestic, w->n, 1e-6, &radius, &culprit, w->context);
  if (status == TANLU_OK && !(radius < 1.0)) {
    status =
        tanlu_fail(w->context, TANLU_ERR_MODEL,
                   "dataset %s is not productive: the spectral radius of its domestic coefficients is %.6g, expected "
                   "less than 1; sector %s weighs most in it",
                   w->d->name, radius, w->a->sector.code[culprit]);
  }
  if (status == TANLU_OK) status = tanlu_leontief_create(&solver, TANLU_SOLVER_DIRECT, w->n, w->context);
  if (status == TANLU_OK) status = tanlu_leontief_factor(solver, domestic, w->n, NULL, w->context);
  free(domestic);
  if (status == TANLU_OK) status = tanlu_leontief_solve(solver, w->demand, w->n, w->columns, w->context);
  tanlu_leontief_free(&solver);
  return status;
}

static void add_up(const work *w, const bool *chosen, tanlu_embodied *e) {
  for (size_t q = 0; q < w->columns; q++) {
    for (size_t i = 0; i < w->n; i++) {
      const double x = w->a->output[i];
      if (!(x > 0.0)) continue;
      const size_t cell = q * w->groups + w->level->of_sector[i];
      const double due = w->emission[i] / x * w->demand[q * w->n + i];
      e->total[cell] += due;
      if (chosen != NULL && chosen[i]) e->chosen[cell] += due;
    }
  }
  for (size_t i = 0; i < w->n; i++) e->production[w->level->of_sector[i]] += w->emission[i];
  for (size_t q = 0; q < w->groups; q++) {
    for (size_t p = 0; p < w->groups; p++) e->consumption[q] += e->total[q * w->groups + p];
  }
}

static tanlu_status check(const work *w, const tanlu_embodied *e) {
  double size = 0.0;
  for (size_t p = 0; p < w->groups; p++) size = fmax(size, fabs(e->production[p]));
  for (size_t p = 0; p < w->groups; p++) {
    double sum = 0.0;
    for (size_t q = 0; q < w->columns; q++) sum += e->total[q * w->groups + p];
    /* the accounts close to their tolerance, so do these */
    if (fabs(sum - e->production[p]) <= (kept + 10.0 * w->a->balance_tolerance) * size) continue;
    return tanlu_fail(w->context, TANLU_ERR_INTERNAL, "%s emits %.12g, of which final demand takes %.12g",
                      w->level->group.code[p], e->production[p], sum);
  }
  return TANLU_OK;
}

static tanlu_status check_emissions(const work *w) {
  for (size_t i = 0; i < w->n; i++) {
    if (w->emission[i] == 0.0 || w->a->output[i] > 0.0) continue;
    return tanlu_fail(w->context, TANLU_ERR_INPUT, "sector '%s' has %g but no output", w->a->sector.code[i],
                      w->emission[i]);
  }
  return TANLU_OK;
}

tanlu_status tanlu_embodied_create(tanlu_embodied **embodied, const tanlu_dataset *dataset, size_t level,
                                   const double *emission, const bool *chosen, tanlu_context *context) {
  work w = {.d = dataset,
            .a = &dataset->accounts,
            .level = &dataset->level[level],
            .emission = emission,
            .context = context,
            .n = dataset->accounts.n,
            .groups = dataset->level[level].group.count};
  *embodied = NULL;
  w.columns = w.groups + 2;
  tanlu_embodied *e = tanlu_allocate(context, 1, sizeof *e);
  if (e == NULL) return TANLU_ERR_MEMORY;
  *e = (tanlu_embodied){.groups = w.groups,
                        .total = tanlu_allocate_doubles(context, w.groups, w.columns),
                        .chosen = chosen != NULL ? tanlu_allocate_doubles(context, w.groups, w.columns) : NULL,
                        .production = tanlu_allocate_doubles(context, w.groups, 1),
                        .consumption = tanlu_allocate_doubles(context, w.groups, 1),
                        .final_demand = tanlu_allocate_doubles(context, w.groups, 1)};
  w.of_category = tanlu_allocate(context, dataset->accounts.category.count, sizeof *w.of_category);
  w.demand = tanlu_allocate_doubles(context, w.n, w.columns);
  const bool made = e->total != NULL && (chosen == NULL || e->chosen != NULL) && e->production != NULL &&
                    e->consumption != NULL && e->final_demand != NULL && w.of_category != NULL && w.demand != NULL;
  tanlu_status status = made ? check_emissions(&w) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = place_categories(&w);
  if (status == TANLU_OK) status = domestic_demand(&w);
  for (size_t q = 0; status == TANLU_OK && q < w.groups; q++) {
    for (size_t i = 0; i < w.n; i++) e->final_demand[q] += w.demand[q * w.n + i];
  }
  if (status == TANLU_OK) status = solve(&w);
  if (status == TANLU_OK) {
    add_up(&w, chosen, e);
    status = check(&w, e);
  }
  free(w.of_category);
  free(w.demand);
  if (status != TANLU_OK) tanlu_embodied_free(&e);
  *embodied = e;
  return status;
}

/* ---- who for whom --------------------------------------------------------------------------------------------------------- */

tanlu_embodied_balance tanlu_embodied_balance_of(const tanlu_embodied *e, const double *matrix, size_t p) {
  const size_t groups = e->groups;
  tanlu_embodied_balance b = {.own = matrix[p * groups + p],
                              .abroad = matrix[groups * groups + p] + matrix[(groups + 1) * groups + p]};
  for (size_t q = 0; q < groups; q++) {
    b.sent += q != p ? matrix[q * groups + p] : 0.0;
    b.received += q != p ? matrix[p * groups + q] : 0.0;
  }
  const bool whole = matrix == e->total;
  b.production = whole ? e->production[p] : b.own + b.sent + b.abroad;
  b.consumption = whole ? e->consumption[p] : b.own + b.received;
  b.net = b.sent - b.received;
  return b;
}

static int larger_first(const void *a, const void *b) {
  const tanlu_embodied_flow *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? 1 : -1;
  if (x->from != y->from) return x->from < y->from ? -1 : 1;
  return x->to < y->to ? -1 : x->to > y->to;
}

tanlu_status tanlu_embodied_flows(tanlu_embodied_flow **flow, size_t *count, const tanlu_embodied *e,
                                  tanlu_context *context) {
  const size_t groups = e->groups;
  *count = 0;
  *flow = tanlu_allocate(context, groups * groups, sizeof **flow);
  if (*flow == NULL) return TANLU_ERR_MEMORY;
  for (size_t q = 0; q < groups; q++) {
    for (size_t p = 0; p < groups; p++) {
      if (p != q) (*flow)[(*count)++] = (tanlu_embodied_flow){.from = p, .to = q, .value = e->total[q * groups + p]};
    }
  }
  qsort(*flow, *count, sizeof **flow, larger_first);
  return TANLU_OK;
}
