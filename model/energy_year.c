#include "model/energy_year.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/emissions.h"
#include "solvers/memory.h"

/* ---- the calibrated system ------------------------------------------------------------------------------------------- */

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

tanlu_status tanlu_system_create(tanlu_system **system, const tanlu_dataset *dataset, tanlu_context *context) {
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
  status = tanlu_energy_create(&s->energy, dataset, context);
  if (status == TANLU_OK) status = tanlu_power_create(&s->power, dataset, context);
  if (status != TANLU_OK) goto cleanup;
  base_use(s, use);
  status = tanlu_conversion_create(&s->conversion, dataset, use, context);
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

/* ---- memory of a year ----------------------------------------------------------------------------------------------- */

tanlu_status tanlu_energy_year_create(tanlu_energy_year **year, const tanlu_system *system, tanlu_context *context) {
  *year = NULL;
  const tanlu_energy *energy = system->energy;
  const size_t n = energy->n, carriers = energy->carriers, users = energy->users;
  tanlu_energy_year *y = tanlu_allocate(context, 1, sizeof *y);
  if (y == NULL) return TANLU_ERR_MEMORY;
  const struct {
    double **array;
    size_t rows, columns;
  } wanted[] = {
      {&y->energetic, users, carriers},
      {&y->feedstock, users, carriers},
      {&y->useful, users, TANLU_CLASS_COUNT},
      {&y->activity, users, 1},
      {&y->sector_use, n, carriers},
      {&y->household, 2, carriers},
      {&y->final, carriers, 1},
      {&y->use, carriers, 1},
      {&y->inputs, carriers, 1},
      {&y->net, carriers, 1},
      {&y->scale, system->conversion->processes, 1},
      {&y->losses, carriers, 1},
      {&y->transformation, carriers, 1},
      {&y->primary, carriers, 1},
      {&y->combustion, users, 1},
      {&y->plant_combustion, system->power->technologies, 1},
      {&y->process, n, 1},
      {&y->capture_use, n, 1},
      {&y->captured, n, 1},
      {&y->captured_process, n, 1},
      {&y->product_ratio, system->dataset->products.product.count, 1},
  };
  tanlu_status status = tanlu_power_year_create(&y->power, system->power, 1, context);
  for (size_t i = 0; status == TANLU_OK && i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].array = tanlu_allocate_doubles(context, wanted[i].rows, wanted[i].columns);
    if (*wanted[i].array == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status != TANLU_OK) tanlu_energy_year_free(&y);
  *year = y;
  return status;
}

void tanlu_energy_year_free(tanlu_energy_year **year) {
  tanlu_energy_year *y = *year;
  if (y == NULL) return;
  double *const array[] = {y->energetic,  y->feedstock,      y->useful,   y->activity,         y->sector_use,
                           y->household,  y->final,          y->use,      y->inputs,           y->net,
                           y->scale,      y->losses,         y->primary,  y->combustion,       y->plant_combustion,
                           y->process,    y->transformation, y->captured, y->captured_process, y->product_ratio,
                           y->capture_use};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  tanlu_power_year_clear(&y->power);
  tanlu_levers_free(&y->levers);
  free(y);
  *year = NULL;
}

/* ---- a year ------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_energy_year_begin(const tanlu_system *system, const tanlu_drivers *drivers, size_t t,
                                     tanlu_energy_year *year, tanlu_context *context) {
  tanlu_levers_free(&year->levers);
  const tanlu_status status = tanlu_levers_of(&year->levers, drivers, t, context);
  if (status != TANLU_OK) return status;
  return tanlu_energy_per_activity(system->energy, drivers, t, year->energetic, year->feedstock, year->useful, context);
}

/* Now against the base year; nothing where the base year has nobody. */
static double against(double now, double base) {
  return base > 0.0 ? now / base : 0.0;
}

/* Activity of sectors and households; heat supply follows later. */
static void activities(const tanlu_system *system, const tanlu_drivers *drivers, size_t t, const double *output,
                       tanlu_energy_year *year) {
  const tanlu_dataset *d = system->dataset;
  const tanlu_product_statistics *p = &d->products;
  const size_t n = system->energy->n;
  for (size_t j = 0; j < n; j++) {
    const double base = d->accounts.output[j];
    const size_t set = system->set_of[j];
    year->activity[j] = base > 0.0 ? output[j] / base : 0.0;
    if (set == TANLU_NONE) continue;
    const double path = tanlu_driver(drivers, TANLU_DRIVER_PRODUCT_PATH, t, set, 0);
    if (isnan(path)) {
      year->activity[j] /= tanlu_driver(drivers, TANLU_DRIVER_PRODUCT_VALUE, t, set, 0);
    } else if (base > 0.0) {
      year->activity[j] = path / p->base[set];
    }
  }
  for (size_t i = 0; i < p->product.count; i++) {
    double now = 0.0, base = 0.0;
    for (size_t j = 0; j < n; j++) {
      if (!p->in_set[i * n + j]) continue;
      now += year->activity[j] * d->accounts.output[j];
      base += d->accounts.output[j];
    }
    year->product_ratio[i] = base > 0.0 ? now / base : 0.0;
    if (p->kind[i] == TANLU_PRODUCT_FOLLOWS) {
      year->product_ratio[i] /= tanlu_driver(drivers, TANLU_DRIVER_PRODUCT_VALUE, t, i, 0);
    }
  }
  const double people = tanlu_driver(drivers, TANLU_DRIVER_POPULATION, t, 0, 0) * 1e6 / d->population;
  const double urban = tanlu_driver(drivers, TANLU_DRIVER_URBANISATION, t, 0, 0);
  for (size_t u = 0; u < TANLU_HOUSEHOLD_USES; u++) {
    const double heads = people * (u < TANLU_RURAL_BUILDINGS ? against(urban, d->urbanisation)
                                                             : against(1.0 - urban, 1.0 - d->urbanisation));
    year->activity[tanlu_user_household(system->energy, u)] =
        heads * tanlu_driver(drivers, TANLU_DRIVER_HOUSEHOLD_USE, t, u, 0);
  }
}

/* Add a user's energy at its activity; hydrogen becomes the carriers that made it. */
static void add_use(const tanlu_system *system, const tanlu_drivers *drivers, size_t t, const tanlu_energy_year *year,
                    size_t user, double *target) {
  const tanlu_dataset *d = system->dataset;
  const size_t carriers = system->energy->carriers;
  for (size_t c = 0; c < carriers; c++) {
    const double use =
        (year->energetic[user * carriers + c] + year->feedstock[user * carriers + c]) * year->activity[user];
    if (c != d->energy.hydrogen) {
      target[c] += use;
    } else if (use > 0.0) {
      const double *mix = &drivers->value[TANLU_DRIVER_HYDROGEN_MIX][t * TANLU_HYDROGEN_ROUTES];
      target[d->energy.electricity] += use * mix[TANLU_HYDROGEN_ELECTROLYSIS] / d->hydrogen.electrolysis_efficiency;
      target[d->hydrogen.coal_carrier] += use * mix[TANLU_HYDROGEN_COAL] / d->hydrogen.coal_efficiency;
      target[d->hydrogen.gas_carrier] += use * mix[TANLU_HYDROGEN_GAS] / d->hydrogen.gas_efficiency;
    }
  }
}

/* Final energy by carrier, and the hydrogen in it with its inputs. */
static void final_energy(const tanlu_system *system, const tanlu_drivers *drivers, size_t t, tanlu_energy_year *year) {
  const tanlu_energy *energy = system->energy;
  const size_t carriers = energy->carriers;
  memset(year->final, 0, carriers * sizeof *year->final);
  memset(year->sector_use, 0, energy->n * carriers * sizeof *year->sector_use);
  memset(year->household, 0, 2 * carriers * sizeof *year->household);
  for (size_t user = 0; user < tanlu_user_heat(energy); user++) {
    for (size_t c = 0; c < carriers; c++) {
      year->final[c] +=
          (year->energetic[user * carriers + c] + year->feedstock[user * carriers + c]) * year->activity[user];
    }
    const size_t household = user >= energy->n ? user - energy->n : 0;
    double *target = user < energy->n ? year->sector_use + user * carriers
                                      : year->household + (household >= TANLU_RURAL_BUILDINGS) * carriers;
    add_use(system, drivers, t, year, user, target);
  }
}

/* Capture outside power plants is a final use of electricity by the sectors that capture. */
static void add_capture_use(const tanlu_system *system, const tanlu_drivers *drivers, size_t t,
                            tanlu_energy_year *year) {
  const size_t electricity = system->dataset->energy.electricity, carriers = system->energy->carriers;
  const double rate = tanlu_driver(drivers, TANLU_DRIVER_CAPTURE_ELECTRICITY, t, 0, 0) * TANLU_TJ_PER_MWH;
  for (size_t j = 0; j < system->energy->n; j++) {
    year->capture_use[j] = year->captured[j] * rate;
    year->final[electricity] += year->capture_use[j];
    year->sector_use[j * carriers + electricity] += year->capture_use[j];
  }
}

/* Inputs of hydrogen production for all final users and heat supply. */
static void hydrogen_inputs(const tanlu_system *system, const tanlu_drivers *drivers, size_t t, double heat_hydrogen,
                            tanlu_energy_year *year) {
  const tanlu_hydrogen_statistics *h = &system->dataset->hydrogen;
  const size_t carrier = system->dataset->energy.hydrogen;
  const double *mix = &drivers->value[TANLU_DRIVER_HYDROGEN_MIX][t * TANLU_HYDROGEN_ROUTES];
  year->hydrogen = (carrier == TANLU_NONE ? 0.0 : year->final[carrier]) + heat_hydrogen;
  year->hydrogen_input[TANLU_HYDROGEN_ELECTROLYSIS] =
      year->hydrogen * mix[TANLU_HYDROGEN_ELECTROLYSIS] / h->electrolysis_efficiency;
  year->hydrogen_input[TANLU_HYDROGEN_COAL] = year->hydrogen * mix[TANLU_HYDROGEN_COAL] / h->coal_efficiency;
  year->hydrogen_input[TANLU_HYDROGEN_GAS] = year->hydrogen * mix[TANLU_HYDROGEN_GAS] / h->gas_efficiency;
}

/* Conversion, losses and primary energy by carrier once power and heat are known. */
static void close_balance(const tanlu_system *system, tanlu_energy_year *year) {
  const tanlu_dataset *d = system->dataset;
  const tanlu_energy_statistics *e = &d->energy;
  const size_t carriers = system->energy->carriers, heat = tanlu_user_heat(system->energy);
  double *transformation = year->transformation;
  memset(transformation, 0, carriers * sizeof *transformation);
  for (size_t c = 0; c < carriers; c++) {
    const double burned_for_heat = year->energetic[heat * carriers + c] * year->activity[heat];
    transformation[c] -= burned_for_heat;
    for (size_t i = 0; i < system->power->technologies; i++) transformation[c] -= year->power.fuel[i * carriers + c];
  }
  transformation[e->heat] += year->heat_output;
  transformation[e->electricity] += year->power.total[0] - year->power.primary[0];
  transformation[e->electricity] -= year->hydrogen_input[TANLU_HYDROGEN_ELECTROLYSIS];
  transformation[d->hydrogen.coal_carrier] -= year->hydrogen_input[TANLU_HYDROGEN_COAL];
  transformation[d->hydrogen.gas_carrier] -= year->hydrogen_input[TANLU_HYDROGEN_GAS];
  if (e->hydrogen != TANLU_NONE) transformation[e->hydrogen] += year->hydrogen;
  for (size_t c = 0; c < carriers; c++) {
    const double burned_for_heat = year->energetic[heat * carriers + c] * year->activity[heat];
    year->use[c] = year->final[c] + burned_for_heat;
    for (size_t i = 0; i < system->power->technologies; i++) year->use[c] += year->power.fuel[i * carriers + c];
  }
  year->use[d->hydrogen.coal_carrier] += year->hydrogen_input[TANLU_HYDROGEN_COAL];
  year->use[d->hydrogen.gas_carrier] += year->hydrogen_input[TANLU_HYDROGEN_GAS];
  tanlu_conversion_solve(system->conversion, year->use, year->coke_ratio, year->scale, year->inputs, year->net);
  for (size_t c = 0; c < carriers; c++) {
    transformation[c] += year->net[c];
    year->losses[c] = system->conversion->loss_rate[c] * (year->use[c] + year->inputs[c]);
  }
  year->losses[e->electricity] = year->power.losses[0];
  for (size_t c = 0; c < carriers; c++) {
    year->primary[c] = year->final[c] + year->losses[c] - transformation[c];
  }
}

/* What the sectors that run conversion, heat supply and power take for it. */
static void add_conversion_inputs(const tanlu_system *system, const tanlu_drivers *drivers, size_t t,
                                  tanlu_energy_year *year) {
  const tanlu_dataset *d = system->dataset;
  const tanlu_energy_statistics *e = &d->energy;
  const size_t carriers = system->energy->carriers;
  double *plants = year->sector_use + system->power->sector * carriers;
  add_use(system, drivers, t, year, tanlu_user_heat(system->energy), year->sector_use + system->heat_sector * carriers);
  for (size_t c = 0; c < carriers; c++) {
    for (size_t i = 0; i < system->power->technologies; i++) plants[c] += year->power.fuel[i * carriers + c];
  }
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] != TANLU_PROCESS_CONVERSION) continue;
    for (size_t c = 0; c < carriers; c++) {
      const double flow = year->scale[p] * e->conversion[p * carriers + c];
      if (flow < 0.0) year->sector_use[e->process_sector[p] * carriers + c] -= flow;
    }
  }
}

tanlu_status tanlu_energy_year_solve(const tanlu_system *system, const tanlu_drivers *drivers, size_t t,
                                     const double *output, tanlu_energy_year *year, tanlu_context *context) {
  const tanlu_dataset *d = system->dataset;
  const tanlu_energy *energy = system->energy;
  const size_t carriers = energy->carriers, heat = tanlu_user_heat(energy);
  activities(system, drivers, t, output, year);
  final_energy(system, drivers, t, year);
  year->coke_ratio = system->coke_use > 0.0 ? year->final[d->energy.coke] / system->coke_use : 0.0;
  const double demanded = heat_demand(system, year->final[d->energy.heat], year->coke_ratio);
  year->activity[heat] = system->heat_demand > 0.0 ? demanded / system->heat_demand : 0.0;
  year->heat_output = 0.0;
  for (size_t p = 0; p < d->energy.process.count; p++) {
    if (d->energy.process_kind[p] != TANLU_PROCESS_HEAT_SUPPLY) continue;
    year->heat_output += fmax(d->energy.conversion[p * carriers + d->energy.heat], 0.0) * year->activity[heat];
  }
  const double heat_hydrogen = d->energy.hydrogen == TANLU_NONE
                                   ? 0.0
                                   : year->energetic[heat * carriers + d->energy.hydrogen] * year->activity[heat];
  hydrogen_inputs(system, drivers, t, heat_hydrogen, year);
  tanlu_emissions_of_users(system, drivers, t, year);
  add_capture_use(system, drivers, t, year);
  const double demand = year->final[d->energy.electricity] + year->hydrogen_input[TANLU_HYDROGEN_ELECTROLYSIS] +
                        year->energetic[heat * carriers + d->energy.electricity] * year->activity[heat];
  tanlu_lane_report report = {.width = 1, .context = context};
  tanlu_power_solve(system->power, year->levers, &demand, &year->coke_ratio, &year->power, &report);
  if (report.failed[0]) return TANLU_ERR_MODEL;
  tanlu_power_equip(system->power, year->levers, &year->power);
  tanlu_emissions_of_plants(system, year);
  close_balance(system, year);
  add_conversion_inputs(system, drivers, t, year);
  return TANLU_OK;
}

tanlu_status tanlu_energy_year_check(const tanlu_system *system, int when, const tanlu_energy_year *year,
                                     tanlu_context *context) {
  if (year->heat_output < 0.0) {
    return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: recovered heat exceeds the demand for heat by %.4g PJ", when,
                      -year->heat_output * 1e-3);
  }
  tanlu_lane_report report = {.width = 1, .context = context};
  tanlu_power_check(system->power, when, &year->power, &report);
  return report.failed[0] ? TANLU_ERR_MODEL : TANLU_OK;
}
