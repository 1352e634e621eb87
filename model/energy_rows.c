#include "model/energy_rows_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

enum { CLASSES = TANLU_CLASS_COUNT };

/* ---- creation ---------------------------------------------------------------------------------------------------------- */

void tanlu_energy_rows_free(tanlu_energy_rows **rows) {
  tanlu_energy_rows *r = *rows;
  if (r == NULL) return;
  double *const array[] = {
      r->one_over_output, r->one_over_set, r->per_activity,  r->carbon,           r->fixed,
      r->slope,           r->level,        r->money,         r->activity,         r->total,
      r->coke_ratio,      r->heat_output,  r->scale,         r->main_use,         r->use,
      r->coefficient,     r->inputs,       r->product_ratio, r->process_captured, r->electricity_per_co2};
  for (size_t i = 0; i < sizeof array / sizeof *array; i++) free(array[i]);
  free(r->special);
  free(r->is_special);
  tanlu_energy_mix_free(&r->mix);
  tanlu_power_year_clear(&r->power);
  free(r);
  *rows = NULL;
}

/* Sectors whose coefficients depend on more than their own activity and output. */
static void find_specials(tanlu_energy_rows *r) {
  const tanlu_dataset *d = r->system->dataset;
  const tanlu_energy_statistics *e = &d->energy;
  const size_t n = r->technology->n;
  for (size_t j = 0; j < n; j++) r->is_special[j] = r->system->set_of[j] != TANLU_NONE;
  for (size_t p = 0; p < e->process.count; p++) r->is_special[e->process_sector[p]] = true;
  for (size_t i = 0; i < d->products.emission.count; i++) r->is_special[d->products.emission_sector[i]] = true;
  for (size_t i = 0; i < r->measures->passed; i++) r->is_special[r->measures->cell[i][1]] = true;
  r->is_special[r->system->heat_sector] = r->is_special[r->system->power->sector] = true;
  for (size_t j = 0; j < n; j++) {
    if (r->is_special[j]) r->special[r->specials++] = j;
    r->one_over_output[j] = d->accounts.output[j] > 0.0 ? 1.0 / d->accounts.output[j] : 0.0;
    if (r->system->set_of[j] != TANLU_NONE) r->one_over_set[r->system->set_of[j]] += d->accounts.output[j];
  }
  for (size_t p = 0; p < d->products.product.count; p++) {
    r->one_over_set[p] = r->one_over_set[p] > 0.0 ? 1.0 / r->one_over_set[p] : 0.0;
  }
}

tanlu_status tanlu_energy_rows_create(tanlu_energy_rows **rows, const tanlu_system *system,
                                      const tanlu_technology *technology, const tanlu_measures *measures, size_t width,
                                      tanlu_context *context) {
  *rows = NULL;
  const size_t n = technology->n, users = system->energy->users, products = system->dataset->products.product.count;
  tanlu_energy_rows *r = tanlu_allocate(context, 1, sizeof *r);
  if (r == NULL) return TANLU_ERR_MEMORY;
  r->system = system;
  r->technology = technology;
  r->measures = measures;
  r->width = width;
  const struct {
    double **array;
    size_t count;
  } wanted[] = {
      {&r->per_activity, measures->count * users},
      {&r->carbon, users},
      {&r->fixed, measures->national},
      {&r->slope, products},
      {&r->level, products},
      {&r->money, 2 * technology->rows},
      {&r->activity, users},
      {&r->total, measures->national},
      {&r->coke_ratio, 1},
      {&r->heat_output, 1},
      {&r->scale, measures->processes},
      {&r->main_use, measures->processes},
      {&r->use, technology->rows},
      {&r->coefficient, technology->rows * n},
      {&r->inputs, n},
      {&r->product_ratio, products},
      {&r->process_captured, n},
      {&r->electricity_per_co2, 1},
  };
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].array = tanlu_allocate_doubles(context, wanted[i].count, width);
    if (*wanted[i].array == NULL) status = TANLU_ERR_MEMORY;
  }
  r->one_over_output = tanlu_allocate_doubles(context, n, 1);
  r->one_over_set = tanlu_allocate_doubles(context, products, 1);
  r->special = tanlu_allocate(context, n, sizeof *r->special);
  r->is_special = tanlu_allocate(context, n, sizeof *r->is_special);
  if (r->one_over_output == NULL || r->one_over_set == NULL || r->special == NULL || r->is_special == NULL)
    status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_energy_mix_create(&r->mix, system->energy, width, context);
  if (status == TANLU_OK) status = tanlu_power_year_create(&r->power, system->power, width, context);
  if (status != TANLU_OK) {
    tanlu_energy_rows_free(&r);
  } else {
    find_specials(r);
  }
  *rows = r;
  return status;
}

/* ---- the year ---------------------------------------------------------------------------------------------------------- */

/* Measured energy per unit of activity of all users. */
TANLU_EACH_ISA
static void measure_users(tanlu_energy_rows *r, const tanlu_levers *levers) {
  const tanlu_measures *m = r->measures;
  const tanlu_energy *energy = r->system->energy;
  const size_t width = r->width;
  for (size_t i = 0; i < m->count; i++) {
    double route[TANLU_LANES_MAX] = {0.0};
    bool routed = false;
    for (size_t k = 0; k < TANLU_HYDROGEN_ROUTES; k++) {
      if (m->route[i][k] == 0.0) continue;
      routed = true;
      tanlu_lane_add_scaled(width, m->route[i][k], tanlu_lever(levers, TANLU_DRIVER_HYDROGEN_MIX, k, 0), route);
    }
    const bool *uses = m->uses + i * (CLASSES + 1);
    for (size_t user = 0; user < m->users; user++) {
      double *to = r->per_activity + (i * m->users + user) * width;
      const double *part = m->by_class + (i * m->users + user) * CLASSES,
                   *final = r->mix->final + user * CLASSES * width;
      memset(to, 0, width * sizeof *to);
      for (size_t k = 0; k < CLASSES; k++) {
        if (uses[k] && part[k] != 0.0) tanlu_lane_add_scaled(width, part[k], final + k * width, to);
      }
      const double feedstock = m->feedstock[i * m->users + user];
      if (uses[CLASSES] && feedstock != 0.0) {
        if (user < energy->n) {
          tanlu_lane_add_scaled(width, feedstock,
                                tanlu_lever(levers, TANLU_DRIVER_FEEDSTOCK, energy->mix_group[user], 0), to);
        } else {
          for (size_t l = 0; l < width; l++) to[l] += feedstock;
        }
      }
      if (routed) tanlu_lane_add_product(width, route, final + TANLU_CLASS_HYDROGEN * width, to);
    }
  }
}

TANLU_EACH_ISA
void tanlu_energy_rows_carbon(tanlu_energy_rows *rows, const tanlu_levers *levers) {
  tanlu_energy_rows *r = rows;
  const tanlu_measures *m = r->measures;
  const tanlu_energy *energy = r->system->energy;
  const size_t width = r->width;
  memset(r->carbon, 0, m->users * width * sizeof *r->carbon);
  if (r->more_carbon != NULL) memcpy(r->carbon, r->more_carbon, m->users * width * sizeof *r->carbon);
  for (size_t user = 0; user < m->users; user++) {
    double *to = r->carbon + user * width;
    const double *final = r->mix->final + user * CLASSES * width;
    for (size_t k = 0; k < CLASSES; k++) {
      if (m->carbon[user * CLASSES + k] != 0.0)
        tanlu_lane_add_scaled(width, m->carbon[user * CLASSES + k], final + k * width, to);
    }
    for (size_t k = 0; k < TANLU_HYDROGEN_ROUTES; k++) {
      const double *mix = tanlu_lever(levers, TANLU_DRIVER_HYDROGEN_MIX, k, 0);
      for (size_t l = 0; m->route_carbon[user][k] != 0.0 && l < width; l++) {
        to[l] += m->route_carbon[user][k] * mix[l] * final[TANLU_CLASS_HYDROGEN * width + l];
      }
    }
    const double *index =
        tanlu_lever(levers, TANLU_DRIVER_FEEDSTOCK, user < energy->n ? energy->mix_group[user] : 0, 0);
    for (size_t l = 0; l < width; l++) to[l] += m->feedstock_carbon[user] * (user < energy->n ? index[l] : 1.0);
  }
}

/* Activity of households, and of product sets as a function of output. */
TANLU_EACH_ISA
static void fix_activities(tanlu_energy_rows *r, const tanlu_levers *levers) {
  const tanlu_dataset *d = r->system->dataset;
  const size_t width = r->width;
  const double *population = tanlu_lever(levers, TANLU_DRIVER_POPULATION, 0, 0);
  const double *urbanisation = tanlu_lever(levers, TANLU_DRIVER_URBANISATION, 0, 0);
  for (size_t u = 0; u < TANLU_HOUSEHOLD_USES; u++) {
    const double *index = tanlu_lever(levers, TANLU_DRIVER_HOUSEHOLD_USE, u, 0);
    for (size_t l = 0; l < width; l++) {
      const bool urban = u < TANLU_RURAL_BUILDINGS;
      const double now = urban ? urbanisation[l] : 1.0 - urbanisation[l];
      const double base = urban ? d->urbanisation : 1.0 - d->urbanisation;
      r->activity[tanlu_user_household(r->system->energy, u) * width + l] =
          population[l] * 1e6 / d->population * (base > 0.0 ? now / base : 0.0) * index[l];
    }
  }
  for (size_t p = 0; p < d->products.product.count; p++) {
    const double *path = tanlu_lever(levers, TANLU_DRIVER_PRODUCT_PATH, p, 0);
    const double *value = tanlu_lever(levers, TANLU_DRIVER_PRODUCT_VALUE, p, 0);
    for (size_t l = 0; l < width; l++) {
      const bool ruled = !isnan(path[l]);
      r->slope[p * width + l] = ruled ? 0.0 : 1.0 / value[l];
      r->level[p * width + l] = ruled ? path[l] / d->products.base[p] : 0.0;
    }
  }
}

/* Households' demand for energy products in money, and what they add to the national measures. */
TANLU_EACH_ISA
static void households(tanlu_energy_rows *r) {
  const tanlu_measures *m = r->measures;
  const tanlu_technology *g = r->technology;
  const tanlu_accounts *a = &g->dataset->accounts;
  const size_t width = r->width, first = tanlu_user_household(r->system->energy, 0);
  memset(r->fixed, 0, m->national * width * sizeof *r->fixed);
  for (size_t i = 0; i < m->national; i++) {
    for (size_t u = 0; u < TANLU_HOUSEHOLD_USES; u++) {
      tanlu_lane_add_product(width, r->per_activity + (i * m->users + first + u) * width,
                             r->activity + (first + u) * width, r->fixed + i * width);
    }
  }
  for (size_t k = 0; k < g->rows; k++) {
    for (size_t h = 0; h < 2; h++) {
      const tanlu_category_role role = h == 0 ? TANLU_ROLE_URBAN : TANLU_ROLE_RURAL;
      const double base = g->household_use[2 * k + h];
      double use[TANLU_LANES_MAX] = {0.0}, money = 0.0;
      for (size_t c = 0; c < g->categories; c++) {
        if (a->role[c] == role) money += a->final_use[c * g->n + g->row[k]];
      }
      for (size_t u = h * TANLU_RURAL_BUILDINGS; u < (h + 1) * TANLU_RURAL_BUILDINGS; u++) {
        tanlu_lane_add_product(width, r->per_activity + ((m->national + k) * m->users + first + u) * width,
                               r->activity + (first + u) * width, use);
      }
      double *to = r->money + (2 * k + h) * width;
      for (size_t l = 0; l < width; l++) to[l] = base > 0.0 ? money * (use[l] / base) : money + g->price[k] * use[l];
    }
  }
}

/* Coefficients of sector j for physical use per unit of output (rows x lanes). */
TANLU_EACH_ISA
void tanlu_energy_sector_coefficients(tanlu_energy_rows *r, size_t j, const double *per_output) {
  const tanlu_technology *g = r->technology;
  const size_t width = r->width;
  double *inputs = r->inputs + j * width;
  memset(inputs, 0, width * sizeof *inputs);
  for (size_t k = 0; k < g->rows; k++) {
    double *to = r->coefficient + (j * g->rows + k) * width;
    tanlu_technology_coefficient(g, width, k, j, per_output + k * width, to);
    tanlu_lane_add_scaled(width, 1.0, to, inputs);
  }
}

/* Sectors whose energy is proportional to output; the electricity of their capture with it. */
TANLU_EACH_ISA
static void ordinary_coefficients(tanlu_energy_rows *r, const tanlu_levers *levers) {
  const tanlu_measures *m = r->measures;
  const size_t width = r->width, electricity = r->system->dataset->energy.electricity;
  const size_t *group = r->system->dataset->level[r->system->dataset->policy_level].of_sector;
  for (size_t j = 0; j < r->technology->n; j++) {
    if (r->captures) {
      const double *rate = tanlu_lever(levers, TANLU_DRIVER_CAPTURE, group[j], 0);
      for (size_t i = 0; i < m->count; i++) {
        const double weight = m->weight[i * m->carriers + electricity];
        double *to = r->per_activity + (i * m->users + j) * width;
        for (size_t l = 0; weight != 0.0 && l < width; l++) {
          to[l] += weight * rate[l] * r->electricity_per_co2[l] * r->carbon[j * width + l];
        }
      }
    }
    if (r->is_special[j]) continue;
    memset(r->use, 0, m->rows * width * sizeof *r->use);
    for (size_t k = 0; k < m->rows; k++) {
      tanlu_lane_add_scaled(width, r->one_over_output[j], r->per_activity + ((m->national + k) * m->users + j) * width,
                            r->use + k * width);
    }
    tanlu_energy_sector_coefficients(r, j, r->use);
  }
}

void tanlu_energy_rows_year(tanlu_energy_rows *rows, const tanlu_levers *levers, tanlu_lane_report *report) {
  tanlu_energy_rows *r = rows;
  const size_t width = r->width;
  const double *rate = tanlu_lever(levers, TANLU_DRIVER_CAPTURE_ELECTRICITY, 0, 0);
  bool captured = false;
  r->captures = false;
  for (size_t g = 0; g < levers->size[TANLU_DRIVER_CAPTURE] * width; g++) {
    captured = captured || levers->value[TANLU_DRIVER_CAPTURE][g] != 0.0;
  }
  for (size_t l = 0; l < width; l++) {
    r->electricity_per_co2[l] = rate[l] * TANLU_TJ_PER_MWH;
    r->captures = r->captures || (captured && rate[l] != 0.0);
  }
  tanlu_energy_mix_year(r->system->energy, levers, r->mix, report);
  measure_users(r, levers);
  if (r->captures) tanlu_energy_rows_carbon(r, levers);
  fix_activities(r, levers);
  households(r);
  ordinary_coefficients(r, levers);
}
