#include "model/system.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Energy of all users and plants by carrier in the base year: final use and the inputs of power and heat supply. */
static void base_use(const tanlu_system *system, double *use) {
  const tanlu_energy *energy = system->energy;
  const size_t carriers = energy->carriers;
  for (size_t c = 0; c < carriers; c++) {
    use[c] = 0.0;
    for (size_t user = 0; user < energy->users; user++) {
      use[c] += energy->final[user * carriers + c] + energy->non_energy[user * carriers + c];
    }
    for (size_t i = 0; i < system->power->technologies; i++) {
      use[c] += system->power->generation[i] * system->power->fuel_rate[i * carriers + c];
    }
  }
}

/* Heat that plants have to supply: final use, recovered heat into power and losses, less what is recovered. */
static double heat_demand(const tanlu_system *system, double final_heat, double coke_ratio) {
  const tanlu_energy_statistics *e = &system->dataset->energy;
  const size_t carriers = system->energy->carriers;
  const double used = final_heat + tanlu_power_coke_fuel(system->power, coke_ratio, e->heat);
  double recovered = 0.0;
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] == TANLU_PROCESS_RECOVERY) recovered += coke_ratio * e->conversion[p * carriers + e->heat];
  }
  return used * (1.0 + system->conversion->loss_rate[e->heat]) - recovered;
}

static double final_of(const tanlu_energy *energy, size_t carrier) {
  double sum = 0.0;
  for (size_t user = 0; user < tanlu_user_heat(energy); user++) {
    sum += energy->final[user * energy->carriers + carrier] + energy->non_energy[user * energy->carriers + carrier];
  }
  return sum;
}

tanlu_status tanlu_system_create(tanlu_system **system, const tanlu_dataset *dataset, const tanlu_system *nation,
                                 tanlu_context *context) {
  *system = NULL;
  const tanlu_energy_statistics *e = &dataset->energy;
  const size_t n = dataset->accounts.n, carriers = e->carrier.label.count;
  tanlu_status status = TANLU_ERR_MEMORY;
  double *use = NULL;
  tanlu_system *s = tanlu_allocate(context, 1, sizeof *s);
  if (s == NULL) return TANLU_ERR_MEMORY;
  s->dataset = dataset;
  s->base_primary = tanlu_allocate_doubles(context, TANLU_CLASS_COUNT, 1);
  s->set_of = tanlu_allocate(context, n, sizeof *s->set_of);
  use = tanlu_allocate_doubles(context, carriers, 1);
  if (s->base_primary == NULL || s->set_of == NULL || use == NULL) goto cleanup;
  status = tanlu_energy_create(&s->energy, dataset, nation != NULL ? nation->dataset : NULL, context);
  if (status == TANLU_OK) {
    status = tanlu_power_create(&s->power, dataset, nation != NULL ? nation->power : NULL, context);
  }
  if (status != TANLU_OK) goto cleanup;
  base_use(s, use);
  status = tanlu_conversion_create(&s->conversion, dataset, use, nation != NULL ? nation->conversion : NULL, context);
  if (status != TANLU_OK) goto cleanup;
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] == TANLU_PROCESS_HEAT_SUPPLY) s->heat_sector = e->process_sector[p];
  }
  s->heat_demand = heat_demand(s, final_of(s->energy, e->heat), 1.0);
  s->coke_use = final_of(s->energy, e->coke);
  for (size_t j = 0; j < n; j++) {
    s->set_of[j] = TANLU_NONE;
    for (size_t p = 0; p < dataset->products.product.count; p++) {
      const bool controlled = dataset->products.kind[p] == TANLU_PRODUCT_CONTROLLED;
      if (controlled && dataset->products.in_set[p * n + j]) s->set_of[j] = p;
    }
  }
  for (size_t c = 0; c < carriers; c++) { /* primary = final + losses - conversion, from the statistics */
    double primary = final_of(s->energy, c) + e->losses[c];
    for (size_t p = 0; p < e->process.count; p++) primary -= e->conversion[p * carriers + c];
    s->base_primary[e->carrier.cls[c]] += primary;
  }
cleanup:
  free(use);
  if (status != TANLU_OK) tanlu_system_free(&s);
  *system = s;
  return status;
}

void tanlu_system_free(tanlu_system **system) {
  if (*system == NULL) return;
  tanlu_energy_free(&(*system)->energy);
  tanlu_power_free(&(*system)->power);
  tanlu_conversion_free(&(*system)->conversion);
  free((*system)->base_primary);
  free((*system)->set_of);
  free(*system);
  *system = NULL;
}

void tanlu_system_base_inputs(const tanlu_system *system, double *input) {
  const tanlu_energy_statistics *e = &system->dataset->energy;
  const size_t carriers = system->energy->carriers;
  memset(input, 0, system->energy->n * carriers * sizeof *input);
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] == TANLU_PROCESS_RECOVERY) continue;
    for (size_t c = 0; c < carriers; c++) {
      const double flow = e->conversion[p * carriers + c];
      if (flow < 0.0) input[e->process_sector[p] * carriers + c] -= flow;
    }
  }
}
