/* CO2 of a year: combustion, process, capture.
 *
 *     combustion = energy burned x carbon content x oxidation x 44/12, by user group and carrier; non-energy use gives the
 *     part of its carbon that is not stored; hydrogen gives the CO2 of the coal and gas that made it
 *     process    = base-year CO2 x product ratio x factor index
 *     captured   = rate of the group x (combustion + process), and the stacks of plants with capture: biomass plants with
 *                  capture take biogenic CO2, which makes the power sector's net emission smaller or negative */
#include <string.h>

#include "model/energy_year.h"

enum { CLASSES = TANLU_CLASS_COUNT };

/* CO2 of users at their activity, and the part of it that hydrogen brings along. */
TANLU_EACH_ISA
static void of_users(tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_energy_year *year) {
  const tanlu_measures *m = rows->measures;
  const size_t width = year->width;
  tanlu_energy_rows_carbon(rows, levers);
  memset(year->hydrogen_co2, 0, width * sizeof *year->hydrogen_co2);
  for (size_t user = 0; user < m->users; user++) {
    const double *activity = rows->activity + user * width, *carbon = rows->carbon + user * width;
    const double *hydrogen = rows->mix->final + (user * CLASSES + TANLU_CLASS_HYDROGEN) * width;
    for (size_t l = 0; l < width; l++) year->combustion[user * width + l] = carbon[l] * activity[l];
    for (size_t k = 0; k < TANLU_HYDROGEN_ROUTES; k++) {
      const double factor = m->route_carbon[user][k];
      const double *mix = tanlu_lever(levers, TANLU_DRIVER_HYDROGEN_MIX, k, 0);
      for (size_t l = 0; factor != 0.0 && l < width; l++) {
        year->hydrogen_co2[l] += factor * mix[l] * hydrogen[l] * activity[l];
      }
    }
  }
}

/* Process CO2 and what sectors capture. */
TANLU_EACH_ISA
static void of_sectors(const tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_energy_year *year) {
  const tanlu_dataset *d = rows->system->dataset;
  const size_t width = year->width, n = rows->technology->n, heat = tanlu_user_heat(rows->system->energy);
  const size_t *group = d->level[d->policy_level].of_sector;
  memset(year->process, 0, n * width * sizeof *year->process);
  for (size_t i = 0; i < d->products.emission.count; i++) {
    const double *ratio = rows->product_ratio + d->products.emission_product[i] * width;
    const double *factor = tanlu_lever(levers, TANLU_DRIVER_PROCESS_FACTOR, i, 0);
    double *process = year->process + d->products.emission_sector[i] * width;
    for (size_t l = 0; l < width; l++) process[l] += d->products.emission_base[i] * ratio[l] * factor[l];
  }
  for (size_t j = 0; j < n; j++) {
    const double *rate = tanlu_lever(levers, TANLU_DRIVER_CAPTURE, group[j], 0);
    for (size_t l = 0; l < width; l++) {
      const size_t at = j * width + l;
      const double supply = j == rows->system->heat_sector ? year->combustion[heat * width + l] : 0.0;
      year->captured_process[at] = rate[l] * year->process[at];
      year->captured[at] = rate[l] * (year->combustion[at] + supply) + year->captured_process[at];
      year->capture_use[at] = year->captured[at] * rows->electricity_per_co2[l];
    }
  }
}

/* CO2 of power plants; what they capture is added to their sector. */
TANLU_EACH_ISA
static void of_plants(const tanlu_energy_rows *rows, tanlu_energy_year *year) {
  const tanlu_system *s = rows->system;
  const tanlu_dataset *d = s->dataset;
  const size_t width = year->width, carriers = s->energy->carriers;
  const double *factor = d->energy.emission_factor + s->power->user_group * carriers;
  double *captured = year->captured + s->power->sector * width;
  memset(year->plant_combustion, 0, s->power->technologies * width * sizeof *year->plant_combustion);
  for (size_t i = 0; i < s->power->technologies; i++) {
    const double *fuel = rows->power.fuel + i * carriers * width;
    double *sum = year->plant_combustion + i * width;
    for (size_t c = 0; c < carriers; c++) {
      if (tanlu_power_burns(s->power, i, c)) tanlu_lane_add_scaled(width, factor[c], fuel + c * width, sum);
    }
    if (d->power.capture_rate[i] == 0.0) continue;
    tanlu_lane_add_scaled(width, d->power.capture_rate[i], sum, captured);
    tanlu_lane_add_scaled(width, d->power.capture_rate[i] * d->power.biogenic_factor, fuel + d->energy.biomass * width,
                          captured);
  }
}

void tanlu_emissions_of_year(tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_energy_year *year) {
  of_users(rows, levers, year);
  of_sectors(rows, levers, year);
  of_plants(rows, year);
}

TANLU_EACH_ISA
void tanlu_emissions_of_conversion(const tanlu_energy_rows *rows, double *co2) {
  const tanlu_energy_statistics *e = &rows->system->dataset->energy;
  const size_t carriers = rows->system->energy->carriers;
  memset(co2, 0, rows->width * sizeof *co2);
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] != TANLU_PROCESS_CONVERSION && e->process_kind[p] != TANLU_PROCESS_RECOVERY) continue;
    const size_t group = e->branch_user_group[e->sector_branch[e->process_sector[p]]];
    double carbon = 0.0;
    for (size_t c = 0; c < carriers; c++) {
      carbon -= e->conversion[p * carriers + c] * e->emission_factor[group * carriers + c];
    }
    tanlu_lane_add_scaled(rows->width, carbon, rows->scale + p * rows->width, co2);
  }
}
