#include "model/solved_accounts.h"

#include <stdlib.h>
#include <string.h>

#include "model/investment.h"
#include "model/model_private.h"
#include "solvers/memory.h"

/* Fields of a projection that a year of accounts points into. */
static const unsigned long fields =
    1UL << TANLU_FIELD_OUTPUT | 1UL << TANLU_FIELD_VALUE_ADDED | 1UL << TANLU_FIELD_IMPORTS | 1UL << TANLU_FIELD_CO2 |
    1UL << TANLU_FIELD_CO2_COMBUSTION | 1UL << TANLU_FIELD_CO2_PROCESS | 1UL << TANLU_FIELD_CO2_CAPTURED |
    1UL << TANLU_FIELD_HOUSEHOLD_CO2 | 1UL << TANLU_FIELD_FINAL_ENERGY | 1UL << TANLU_FIELD_NON_ENERGY |
    1UL << TANLU_FIELD_HOUSEHOLD_ENERGY | 1UL << TANLU_FIELD_USEFUL_ENERGY | TANLU_INVESTMENT_FIELDS |
    1UL << TANLU_FIELD_INDICATOR;

/* ---- a year --------------------------------------------------------------------------------------------------------- */

typedef struct {
  const bool *wanted;
  tanlu_accounts_seen seen;
  void *user;
  const tanlu_projection *projection;
  tanlu_solved_accounts accounts;
  double *inputs, *domestic_inputs, *final_use, *final_domestic, *value_share, *discrepancy, *employment;
} visit;

static const double *field(const visit *v, tanlu_field_id id, size_t t) {
  return v->projection->value[id] + t * v->projection->size[id];
}

static tanlu_status show_year(void *user, const tanlu_solved_year *year, size_t t, tanlu_context *context) {
  visit *v = user;
  if (v->wanted != NULL && !v->wanted[t]) return TANLU_OK;
  const tanlu_equilibrium *q = year->equilibrium;
  const tanlu_economy *y = q->economy;
  tanlu_solved_accounts *a = &v->accounts;
  tanlu_economy_matrix(y, q->levers, q->rows, 0, v->domestic_inputs, v->inputs);
  tanlu_economy_final_use(y, q->levers, q->rows, 0, v->final_use, v->final_domestic);
  for (size_t j = 0; j < a->n; j++) {
    v->value_share[j] = y->v[j * q->width];
    v->discrepancy[j] = a->dataset->accounts.discrepancy[j] * y->gdp_index[0];
  }
  a->employment = tanlu_solved_year_employment(year, 0, v->employment) ? v->employment : NULL;
  a->solved = year;
  a->year = q->levers->year;
  a->t = t;
  a->output = field(v, TANLU_FIELD_OUTPUT, t);
  a->value_added = field(v, TANLU_FIELD_VALUE_ADDED, t);
  a->imports = field(v, TANLU_FIELD_IMPORTS, t);
  a->co2 = field(v, TANLU_FIELD_CO2, t);
  a->co2_combustion = field(v, TANLU_FIELD_CO2_COMBUSTION, t);
  a->co2_process = field(v, TANLU_FIELD_CO2_PROCESS, t);
  a->co2_captured = field(v, TANLU_FIELD_CO2_CAPTURED, t);
  a->final_energy = field(v, TANLU_FIELD_FINAL_ENERGY, t);
  a->non_energy = field(v, TANLU_FIELD_NON_ENERGY, t);
  a->household_energy = field(v, TANLU_FIELD_HOUSEHOLD_ENERGY, t);
  a->indicator = field(v, TANLU_FIELD_INDICATOR, t);
  memcpy(a->household_co2, field(v, TANLU_FIELD_HOUSEHOLD_CO2, t), sizeof a->household_co2);
  a->gdp = y->sum[0];
  a->population = 1e6 * a->indicator[TANLU_INDICATOR_POPULATION];
  a->urban_population = a->population * a->indicator[TANLU_INDICATOR_URBANISATION];
  return v->seen(v->user, a, context);
}

/* The sector that runs the processes of a kind. */
static size_t runs(const tanlu_dataset *dataset, tanlu_process_kind kind) {
  const tanlu_energy_statistics *e = &dataset->energy;
  size_t sector = TANLU_NONE;
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] == kind) sector = e->process_sector[p];
  }
  return sector;
}

static tanlu_status allocate(visit *v, const tanlu_model *model, tanlu_context *context) {
  tanlu_solved_accounts *a = &v->accounts;
  a->dataset = model->dataset;
  a->n = model->dataset->accounts.n;
  a->categories = model->dataset->accounts.category.count;
  a->carriers = model->dataset->energy.carrier.label.count;
  a->power_sector = runs(model->dataset, TANLU_PROCESS_THERMAL_POWER);
  a->heat_sector = runs(model->dataset, TANLU_PROCESS_HEAT_SUPPLY);
  a->inputs = v->inputs = tanlu_allocate_doubles(context, a->n, a->n);
  a->domestic_inputs = v->domestic_inputs = tanlu_allocate_doubles(context, a->n, a->n);
  a->final_use = v->final_use = tanlu_allocate_doubles(context, a->n, a->categories);
  a->final_domestic = v->final_domestic = tanlu_allocate_doubles(context, a->n, a->categories);
  a->value_share = v->value_share = tanlu_allocate_doubles(context, a->n, 1);
  a->discrepancy = v->discrepancy = tanlu_allocate_doubles(context, a->n, 1);
  v->employment = tanlu_allocate_doubles(context, a->n, 1);
  return v->inputs != NULL && v->domestic_inputs != NULL && v->final_use != NULL && v->final_domestic != NULL &&
                 v->value_share != NULL && v->discrepancy != NULL && v->employment != NULL
             ? TANLU_OK
             : TANLU_ERR_MEMORY;
}

tanlu_status tanlu_solved_accounts_visit(const tanlu_model *model, const tanlu_drivers *drivers, const char *name,
                                         const bool *wanted, tanlu_accounts_seen seen, void *user,
                                         tanlu_context *context) {
  tanlu_projector *projector = NULL;
  tanlu_projection *projection = NULL;
  visit v = {.wanted = wanted, .seen = seen, .user = user};
  tanlu_status status = allocate(&v, model, context);
  if (status == TANLU_OK) {
    status = tanlu_projection_create_some(&projection, model->dataset, drivers->from, drivers->years, fields, context);
  }
  if (status == TANLU_OK) status = tanlu_projector_create(&projector, model, drivers, TANLU_LANES_LEAST, context);
  v.projection = projection;
  if (status == TANLU_OK) {
    status = tanlu_projector_visit(projector, drivers, name, projection, show_year, &v, context);
  }
  tanlu_projector_free(&projector);
  tanlu_projection_free(&projection);
  double *const array[] = {v.inputs,      v.domestic_inputs, v.final_use, v.final_domestic,
                           v.value_share, v.discrepancy,     v.employment};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  return status;
}

/* ---- a year to keep --------------------------------------------------------------------------------------------------- */

/* Every array of a year and how many numbers it holds. */
enum { ARRAYS = 17 };
static void list_arrays(tanlu_solved_accounts *a, const double **array[ARRAYS], size_t size[ARRAYS]) {
  const size_t n = a->n;
  const struct {
    const double **array;
    size_t size;
  } all[ARRAYS] = {
      {&a->inputs, n * n},
      {&a->domestic_inputs, n * n},
      {&a->output, n},
      {&a->value_share, n},
      {&a->value_added, n},
      {&a->final_use, n * a->categories},
      {&a->final_domestic, n * a->categories},
      {&a->imports, n},
      {&a->discrepancy, n},
      {&a->co2, n},
      {&a->co2_combustion, n},
      {&a->co2_process, n},
      {&a->co2_captured, n},
      {&a->final_energy, n * a->carriers},
      {&a->non_energy, n * a->carriers},
      {&a->household_energy, a->carriers * TANLU_HOUSEHOLDS},
      {&a->employment, n},
  };
  for (size_t i = 0; i < ARRAYS; i++) {
    array[i] = all[i].array;
    size[i] = all[i].size;
  }
}

tanlu_status tanlu_solved_accounts_copy(tanlu_solved_accounts **copy, const tanlu_solved_accounts *accounts,
                                        tanlu_context *context) {
  const double **array[ARRAYS];
  size_t size[ARRAYS], total = TANLU_INDICATOR_COUNT;
  *copy = NULL;
  tanlu_solved_accounts *c = tanlu_allocate(context, 1, sizeof *c);
  if (c == NULL) return TANLU_ERR_MEMORY;
  *c = *accounts;
  c->solved = NULL;
  list_arrays(c, array, size);
  for (size_t i = 0; i < ARRAYS; i++) total += size[i];
  double *room = tanlu_allocate_doubles(context, total, 1);
  if (room == NULL) {
    free(c);
    return TANLU_ERR_MEMORY;
  }
  c->indicator =
      memcpy(room, accounts->indicator, TANLU_INDICATOR_COUNT * sizeof *room); /* first: where the room begins */
  room += TANLU_INDICATOR_COUNT;
  for (size_t i = 0; i < ARRAYS; i++) {
    if (*array[i] == NULL) continue;
    *array[i] = memcpy(room, *array[i], size[i] * sizeof *room);
    room += size[i];
  }
  *copy = c;
  return TANLU_OK;
}

void tanlu_solved_accounts_free(tanlu_solved_accounts **copy) {
  if (*copy == NULL) return;
  free((double *)(*copy)->indicator);
  free(*copy);
  *copy = NULL;
}
