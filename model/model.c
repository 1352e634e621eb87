/* Everything that is derived once from a dataset. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/accounts_facts.h"
#include "model/identities.h"
#include "model/indicators.h"
#include "model/model_private.h"
#include "model/units.h"
#include "solvers/memory.h"

/* Base-year CO2 of combustion by policy group (households last) and class of carrier, from the statistics alone. */
static void base_co2(tanlu_model *model) {
  const tanlu_dataset *d = model->dataset;
  const tanlu_energy_statistics *e = &d->energy;
  tanlu_system *s = model->system;
  const size_t carriers = s->energy->carriers, groups = tanlu_dataset_policy_groups(d)->count;
  const size_t *group_of = d->level[d->policy_level].of_sector;
  double never_stored = 0.0, total = 0.0;
  for (size_t user = 0; user < s->energy->users; user++) {
    size_t group = user < s->energy->n ? group_of[user] : groups;
    if (user == tanlu_user_heat(s->energy)) group = group_of[s->heat_sector];
    for (size_t c = 0; c < carriers; c++) {
      const double factor = e->emission_factor[s->energy->user_group[user] * carriers + c];
      const double feedstock = s->energy->non_energy[user * carriers + c] * factor;
      const double co2 =
          s->energy->final[user * carriers + c] * factor + feedstock * (1.0 - e->carrier.stored_fraction[c]);
      model->base_co2[group * TANLU_CLASS_COUNT + (size_t)e->carrier.cls[c]] += co2;
      never_stored += feedstock * e->carrier.stored_fraction[c];
      total += co2;
    }
  }
  for (size_t i = 0; i < s->power->technologies; i++) {
    for (size_t c = 0; c < carriers; c++) {
      const double co2 = s->power->generation[i] * s->power->fuel_rate[i * carriers + c] *
                         e->emission_factor[s->power->user_group * carriers + c];
      model->base_co2[group_of[s->power->sector] * TANLU_CLASS_COUNT + (size_t)e->carrier.cls[c]] += co2;
      total += co2;
    }
  }
  model->facts.co2_combustion = s->base_co2 = total;
  model->facts.co2_if_never_stored = total + never_stored;
  for (size_t i = 0; i < d->products.emission.count; i++) model->facts.co2_process += d->products.emission_base[i];
}

/* Base-year energy consumption and its shares, from the statistics alone. */
static void base_energy(tanlu_model *model) {
  const tanlu_energy_statistics *e = &model->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  double calorific = 0.0, electricity = 0.0, biomass = 0.0, coal = 0.0;
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) calorific += model->system->base_primary[k];
  electricity = model->system->base_primary[e->carrier.cls[e->electricity]];
  biomass = model->system->base_primary[e->carrier.cls[e->biomass]];
  coal = model->system->base_primary[TANLU_CLASS_COAL] + model->system->base_primary[TANLU_CLASS_COKE];
  const double equivalent = electricity * e->electricity_coal_equivalent;
  const double total = calorific - electricity + equivalent;
  model->system->base_energy = total;
  model->facts.primary_calorific = calorific;
  model->facts.primary_coal_equivalent = total;
  model->facts.nonfossil_share = (equivalent + biomass) / total;
  model->facts.coal_share = coal / total;
  model->facts.generation = model->system->power->total;
  for (size_t b = 0; b < e->branch.count; b++)
    model->facts.final_electricity += e->final[b * carriers + e->electricity];
}

static void identities(tanlu_model *model) {
  const tanlu_accounts_facts f = tanlu_accounts_sums(&model->dataset->accounts);
  model->facts.gdp = f.value_added;
  model->facts.worst_row = f.worst_row;
  model->facts.worst_column = f.worst_column;
}

/* Spectral radius and condition of the domestic coefficients; not productive is an error that names the sector. */
static tanlu_status productive(tanlu_model *model, tanlu_context *context) {
  const tanlu_technology *g = model->technology;
  const size_t n = g->n;
  double *domestic = tanlu_allocate_doubles(context, n, n);
  if (domestic == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < n * n; i++) domestic[i] = g->a[i] * g->domestic[i];
  const tanlu_status status = tanlu_domestic_condition(model->dataset, domestic, &model->facts.spectral_radius,
                                                       &model->facts.condition, context);
  free(domestic);
  return status;
}

tanlu_status tanlu_model_create_region(tanlu_model **model, const tanlu_dataset *dataset, const tanlu_model *nation,
                                       tanlu_context *context) {
  *model = NULL;
  const size_t n = dataset->accounts.n, carriers = dataset->energy.carrier.label.count;
  double *input = NULL;
  tanlu_model *m = tanlu_allocate(context, 1, sizeof *m);
  if (m == NULL) return TANLU_ERR_MEMORY;
  m->dataset = dataset;
  m->base_co2 = tanlu_allocate_doubles(context, tanlu_dataset_policy_groups(dataset)->count + 1, TANLU_CLASS_COUNT);
  input = tanlu_allocate_doubles(context, n, carriers);
  tanlu_status status = m->base_co2 == NULL || input == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
  if (status == TANLU_OK)
    status = tanlu_system_create(&m->system, dataset, nation != NULL ? nation->system : NULL, context);
  if (status == TANLU_OK) {
    tanlu_system_base_inputs(m->system, input);
    status = tanlu_technology_create(&m->technology, dataset, m->system->energy, input,
                                     nation != NULL ? nation->technology : NULL, context);
  }
  if (status == TANLU_OK) status = tanlu_measures_create(&m->measures, m->system, m->technology, context);
  if (status == TANLU_OK) {
    identities(m);
    base_energy(m);
    base_co2(m);
    m->facts.worst_allocation = m->system->energy->worst_allocation;
    status = productive(m, context);
  }
  free(input);
  if (status != TANLU_OK) tanlu_model_free(&m);
  *model = m;
  return status;
}

tanlu_status tanlu_model_create(tanlu_model **model, const tanlu_dataset *dataset, tanlu_context *context) {
  return tanlu_model_create_region(model, dataset, NULL, context);
}

void tanlu_model_free(tanlu_model **model) {
  if (*model == NULL) return;
  tanlu_measures_free(&(*model)->measures);
  tanlu_system_free(&(*model)->system);
  tanlu_technology_free(&(*model)->technology);
  free((*model)->base_co2);
  free(*model);
  *model = NULL;
}

tanlu_model_facts tanlu_model_facts_of(const tanlu_model *model) {
  return model->facts;
}

tanlu_status tanlu_model_base_co2(const tanlu_model *model, double *co2) {
  const size_t groups = tanlu_dataset_policy_groups(model->dataset)->count;
  memcpy(co2, model->base_co2, (groups + 1) * TANLU_CLASS_COUNT * sizeof *co2);
  return TANLU_OK;
}
