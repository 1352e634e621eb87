#include "model/energy_year.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

enum { CLASSES = TANLU_CLASS_COUNT };

tanlu_status tanlu_energy_year_create(tanlu_energy_year **year, const tanlu_system *system, size_t width,
                                      tanlu_context *context) {
  *year = NULL;
  const tanlu_energy *energy = system->energy;
  const size_t n = energy->n, carriers = energy->carriers, groups = system->dataset->energy.user_group.count;
  tanlu_energy_year *y = tanlu_allocate(context, 1, sizeof *y);
  if (y == NULL) return TANLU_ERR_MEMORY;
  y->width = width;
  const struct {
    double **array;
    size_t rows;
  } wanted[] = {
      {&y->final, carriers},
      {&y->heat_fuel, carriers},
      {&y->losses, carriers},
      {&y->transformation, carriers},
      {&y->primary, carriers},
      {&y->use, carriers},
      {&y->inputs, carriers},
      {&y->net, carriers},
      {&y->burned, groups * carriers},
      {&y->feedstock, 1},
      {&y->by_user, 1},
      {&y->user_final, energy->users},
      {&y->hydrogen, 1},
      {&y->hydrogen_input, TANLU_HYDROGEN_ROUTES},
      {&y->combustion, energy->users},
      {&y->hydrogen_co2, 1},
      {&y->plant_combustion, system->power->technologies},
      {&y->process, n},
      {&y->captured, n},
      {&y->captured_process, n},
      {&y->capture_use, n},
  };
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].array = tanlu_allocate_doubles(context, wanted[i].rows, width);
    if (*wanted[i].array == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status != TANLU_OK) tanlu_energy_year_free(&y);
  *year = y;
  return status;
}

void tanlu_energy_year_free(tanlu_energy_year **year) {
  tanlu_energy_year *y = *year;
  if (y == NULL) return;
  double *const array[] = {y->final,        y->heat_fuel,        y->losses,   y->transformation, y->primary,
                           y->use,          y->inputs,           y->net,      y->burned,         y->feedstock,
                           y->by_user,      y->user_final,       y->hydrogen, y->hydrogen_input, y->combustion,
                           y->hydrogen_co2, y->plant_combustion, y->process,  y->captured,       y->captured_process,
                           y->capture_use};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  free(y);
  *year = NULL;
}

/* Energy of one user by carrier, into final energy (or the fuel of heat supply) and what is burned in its user group. */
TANLU_EACH_ISA
static void add_user(const tanlu_energy_rows *rows, const tanlu_levers *levers, size_t user, double *target,
                     tanlu_energy_year *year) {
  const tanlu_energy *energy = rows->system->energy;
  const tanlu_carriers *carrier = &rows->system->dataset->energy.carrier;
  const size_t width = year->width, carriers = energy->carriers;
  const double *activity = rows->activity + user * width, *final = rows->mix->final + user * CLASSES * width;
  const double *within = energy->within_class + user * carriers, *non_energy = energy->non_energy + user * carriers;
  double *burned = year->burned + energy->user_group[user] * carriers * width;
  double by_class[CLASSES][TANLU_LANES_MAX], feedstock[TANLU_LANES_MAX], *user_final = year->user_final + user * width;
  const double *index = tanlu_lever(levers, TANLU_DRIVER_FEEDSTOCK, user < energy->n ? energy->mix_group[user] : 0, 0);
  for (size_t l = 0; l < width; l++) feedstock[l] = activity[l] * (user < energy->n ? index[l] : 1.0);
  for (size_t k = 0; k < CLASSES; k++) {
    for (size_t l = 0; l < width; l++) by_class[k][l] = final[k * width + l] * activity[l];
    tanlu_lane_add_scaled(width, 1.0, by_class[k], user_final);
  }
  for (size_t c = 0; c < carriers; c++) {
    if (within[c] != 0.0) {
      tanlu_lane_add_scaled(width, within[c], by_class[carrier->cls[c]], target + c * width);
      tanlu_lane_add_scaled(width, within[c], by_class[carrier->cls[c]], burned + c * width);
    }
    if (non_energy[c] != 0.0) {
      const double released = non_energy[c] * (1.0 - carrier->stored_fraction[c]);
      tanlu_lane_add_scaled(width, non_energy[c], feedstock, target + c * width);
      tanlu_lane_add_scaled(width, released, feedstock, burned + c * width);
      tanlu_lane_add_scaled(width, non_energy[c], feedstock, year->feedstock);
      tanlu_lane_add_scaled(width, non_energy[c], feedstock, user_final);
    }
  }
  if (target == year->final) tanlu_lane_add_scaled(width, 1.0, user_final, year->by_user);
}

/* Final energy by carrier, without what capture takes. */
static void add_users(const tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_energy_year *year) {
  const tanlu_energy *energy = rows->system->energy;
  const size_t width = year->width, carriers = energy->carriers, heat = tanlu_user_heat(energy);
  memset(year->final, 0, carriers * width * sizeof *year->final);
  memset(year->heat_fuel, 0, carriers * width * sizeof *year->heat_fuel);
  memset(year->burned, 0, rows->system->dataset->energy.user_group.count * carriers * width * sizeof *year->burned);
  memset(year->feedstock, 0, width * sizeof *year->feedstock);
  memset(year->by_user, 0, width * sizeof *year->by_user);
  memset(year->user_final, 0, energy->users * width * sizeof *year->user_final);
  for (size_t user = 0; user < heat; user++) add_user(rows, levers, user, year->final, year);
  add_user(rows, levers, heat, year->heat_fuel, year);
}

TANLU_EACH_ISA
static void hydrogen_inputs(const tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_energy_year *year) {
  const tanlu_hydrogen_statistics *h = &rows->system->dataset->hydrogen;
  const size_t width = year->width, carrier = rows->system->dataset->energy.hydrogen;
  const double efficiency[] = {[TANLU_HYDROGEN_ELECTROLYSIS] = h->electrolysis_efficiency,
                               [TANLU_HYDROGEN_COAL] = h->coal_efficiency,
                               [TANLU_HYDROGEN_GAS] = h->gas_efficiency};
  for (size_t l = 0; l < width; l++) {
    year->hydrogen[l] =
        carrier == TANLU_NONE ? 0.0 : year->final[carrier * width + l] + year->heat_fuel[carrier * width + l];
    for (size_t k = 0; k < TANLU_HYDROGEN_ROUTES; k++) {
      const double share = tanlu_lever(levers, TANLU_DRIVER_HYDROGEN_MIX, k, 0)[l];
      year->hydrogen_input[k * width + l] = year->hydrogen[l] * share / efficiency[k];
    }
  }
}

/* Conversion, losses and primary energy by carrier. */
TANLU_EACH_ISA
static void close_balance(const tanlu_energy_rows *rows, tanlu_energy_year *year) {
  const tanlu_system *s = rows->system;
  const tanlu_energy_statistics *e = &s->dataset->energy;
  const tanlu_hydrogen_statistics *h = &s->dataset->hydrogen;
  const tanlu_power_year *power = &rows->power;
  const size_t width = year->width, carriers = s->energy->carriers, technologies = s->power->technologies;
  double *transformation = year->transformation;
  tanlu_conversion_flows(s->conversion, width, rows->scale, year->inputs, year->net);
  memcpy(transformation, year->net, carriers * width * sizeof *transformation);
  memcpy(year->use, year->final, carriers * width * sizeof *year->use);
  for (size_t c = 0; c < carriers; c++) {
    double *use = year->use + c * width, *to = transformation + c * width;
    tanlu_lane_add_scaled(width, 1.0, year->heat_fuel + c * width, use);
    tanlu_lane_add_scaled(width, -1.0, year->heat_fuel + c * width, to);
    for (size_t i = 0; i < technologies; i++) {
      if (!tanlu_power_burns(s->power, i, c)) continue;
      tanlu_lane_add_scaled(width, 1.0, power->fuel + (i * carriers + c) * width, use);
      tanlu_lane_add_scaled(width, -1.0, power->fuel + (i * carriers + c) * width, to);
    }
  }
  const double *coal = year->hydrogen_input + TANLU_HYDROGEN_COAL * width;
  const double *gas = year->hydrogen_input + TANLU_HYDROGEN_GAS * width;
  tanlu_lane_add_scaled(width, 1.0, coal, year->use + h->coal_carrier * width);
  tanlu_lane_add_scaled(width, 1.0, gas, year->use + h->gas_carrier * width);
  tanlu_lane_add_scaled(width, -1.0, coal, transformation + h->coal_carrier * width);
  tanlu_lane_add_scaled(width, -1.0, gas, transformation + h->gas_carrier * width);
  tanlu_lane_add_scaled(width, 1.0, rows->heat_output, transformation + e->heat * width);
  if (e->hydrogen != TANLU_NONE) {
    tanlu_lane_add_scaled(width, 1.0, year->hydrogen, transformation + e->hydrogen * width);
  }
  for (size_t l = 0; l < width; l++) {
    transformation[e->electricity * width + l] +=
        power->total[l] - power->primary[l] - year->hydrogen_input[TANLU_HYDROGEN_ELECTROLYSIS * width + l];
  }
  for (size_t c = 0; c < carriers; c++) {
    for (size_t l = 0; l < width; l++) {
      const size_t at = c * width + l;
      year->losses[at] =
          c == e->electricity ? power->losses[l] : s->conversion->loss_rate[c] * (year->use[at] + year->inputs[at]);
      year->primary[at] = year->final[at] + year->losses[at] - transformation[at];
    }
  }
}

TANLU_EACH_ISA
void tanlu_energy_year_account(tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_energy_year *year,
                               tanlu_lane_report *report) {
  const tanlu_system *s = rows->system;
  const size_t width = year->width, electricity = s->dataset->energy.electricity;
  tanlu_power_equip(s->power, levers, &rows->power);
  add_users(rows, levers, year);
  tanlu_emissions_of_year(rows, levers, year);
  for (size_t j = 0; rows->captures && j < s->energy->n; j++) {
    tanlu_lane_add_scaled(width, 1.0, year->capture_use + j * width, year->final + electricity * width);
    tanlu_lane_add_scaled(width, 1.0, year->capture_use + j * width, year->user_final + j * width);
    tanlu_lane_add_scaled(width, 1.0, year->capture_use + j * width, year->by_user);
  }
  hydrogen_inputs(rows, levers, year);
  close_balance(rows, year);
  for (size_t l = 0; l < width; l++) {
    if (!(rows->heat_output[l] < 0.0)) continue;
    tanlu_lane_fail(report, l, "year %d: recovered heat exceeds the demand for heat by %.4g PJ", levers->year,
                    -rows->heat_output[l] * 1e-3);
  }
  tanlu_power_check(s->power, levers->year, &rows->power, report);
}
