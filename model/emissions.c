#include "model/emissions.h"

#include <string.h>

/* tCO2 per TJ of hydrogen for a user group. */
static double hydrogen_factor(const tanlu_system *system, const tanlu_drivers *drivers, size_t t, size_t user_group) {
  const tanlu_dataset *d = system->dataset;
  const double *factor = d->energy.emission_factor + user_group * d->energy.carrier.label.count;
  const double coal = tanlu_driver(drivers, TANLU_DRIVER_HYDROGEN_MIX, t, TANLU_HYDROGEN_COAL, 0);
  const double gas = tanlu_driver(drivers, TANLU_DRIVER_HYDROGEN_MIX, t, TANLU_HYDROGEN_GAS, 0);
  return coal / d->hydrogen.coal_efficiency * factor[d->hydrogen.coal_carrier] +
         gas / d->hydrogen.gas_efficiency * factor[d->hydrogen.gas_carrier];
}

void tanlu_emissions_of_users(const tanlu_system *system, const tanlu_drivers *drivers, size_t t,
                              tanlu_energy_year *year) {
  const tanlu_dataset *d = system->dataset;
  const tanlu_energy_statistics *e = &d->energy;
  const tanlu_energy *energy = system->energy;
  const size_t carriers = energy->carriers, n = energy->n;
  year->hydrogen_co2 = 0.0;
  for (size_t user = 0; user < energy->users; user++) {
    const double *factor = e->emission_factor + energy->user_group[user] * carriers;
    double sum = 0.0;
    for (size_t c = 0; c < carriers; c++) {
      sum += (year->energetic[user * carriers + c] +
              year->feedstock[user * carriers + c] * (1.0 - e->carrier.stored_fraction[c])) *
             factor[c];
    }
    const double hydrogen = e->hydrogen == TANLU_NONE ? 0.0 : year->energetic[user * carriers + e->hydrogen];
    if (hydrogen > 0.0) {
      const double from_hydrogen = hydrogen * hydrogen_factor(system, drivers, t, energy->user_group[user]);
      sum += from_hydrogen;
      year->hydrogen_co2 += from_hydrogen * year->activity[user];
    }
    year->combustion[user] = sum * year->activity[user];
  }
  memset(year->process, 0, n * sizeof *year->process);
  for (size_t i = 0; i < d->products.emission.count; i++) {
    year->process[d->products.emission_sector[i]] += d->products.emission_base[i] *
                                                     year->product_ratio[d->products.emission_product[i]] *
                                                     tanlu_driver(drivers, TANLU_DRIVER_PROCESS_FACTOR, t, i, 0);
  }
  for (size_t j = 0; j < n; j++) {
    const size_t group = d->level[d->policy_level].of_sector[j];
    const double rate = tanlu_driver(drivers, TANLU_DRIVER_CAPTURE, t, group, 0);
    const double heat = j == system->heat_sector ? year->combustion[tanlu_user_heat(energy)] : 0.0;
    year->captured_process[j] = rate * year->process[j];
    year->captured[j] = rate * (year->combustion[j] + heat) + year->captured_process[j];
  }
}

void tanlu_emissions_of_plants(const tanlu_system *system, tanlu_energy_year *year) {
  const tanlu_dataset *d = system->dataset;
  const size_t carriers = system->energy->carriers;
  const double *factor = d->energy.emission_factor + system->power->user_group * carriers;
  for (size_t i = 0; i < system->power->technologies; i++) {
    const double *fuel = year->power.fuel + i * carriers;
    double sum = 0.0;
    for (size_t c = 0; c < carriers; c++) sum += fuel[c] * factor[c];
    year->plant_combustion[i] = sum;
    const double biogenic = fuel[d->energy.biomass] * d->power.biogenic_factor;
    year->captured[system->power->sector] += d->power.capture_rate[i] * (sum + biogenic);
  }
}

double tanlu_emissions_of_conversion(const tanlu_system *system, const tanlu_energy_year *year) {
  const tanlu_energy_statistics *e = &system->dataset->energy;
  const size_t carriers = system->energy->carriers;
  double carbon = 0.0;
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] != TANLU_PROCESS_CONVERSION && e->process_kind[p] != TANLU_PROCESS_RECOVERY) continue;
    const size_t group = e->branch_user_group[e->sector_branch[e->process_sector[p]]];
    for (size_t c = 0; c < carriers; c++) {
      carbon -= year->scale[p] * e->conversion[p * carriers + c] * e->emission_factor[group * carriers + c];
    }
  }
  return carbon;
}
