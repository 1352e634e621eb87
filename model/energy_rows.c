#include "model/energy_rows.h"

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
static void sector_coefficients(tanlu_energy_rows *r, size_t j, const double *per_output) {
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
    sector_coefficients(r, j, r->use);
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

/* ---- a step ------------------------------------------------------------------------------------------------------------ */

/* Activity of all sectors. */
TANLU_EACH_ISA
static void activities(tanlu_energy_rows *r, const double *output) {
  const size_t width = r->width, n = r->technology->n;
  for (size_t j = 0; j < n; j++) {
    const double *restrict x = output + j * width, one_over = r->one_over_output[j];
    double *restrict activity = r->activity + j * width;
    const size_t set = r->system->set_of[j];
    if (set == TANLU_NONE || one_over == 0.0) {
      EACH_LANE(l) activity[l] = x[l] * one_over;
    } else {
      const double *restrict slope = r->slope + set * width, *restrict level = r->level + set * width;
      EACH_LANE(l) activity[l] = slope[l] * (x[l] * one_over) + level[l];
    }
  }
}

/* Sets that the nation rules: one activity for all of their sectors, from what they put out together. */
static void share_sets(tanlu_energy_rows *r, const double *output) {
  const size_t width = r->width, n = r->technology->n;
  for (size_t p = 0; p < r->system->dataset->products.product.count; p++) {
    double ratio[TANLU_LANES_MAX] = {0.0};
    if (!r->outside->ruled[p]) continue;
    for (size_t j = 0; j < n; j++) {
      if (r->system->set_of[j] == p) tanlu_lane_add_scaled(width, r->one_over_set[p], output + j * width, ratio);
    }
    for (size_t j = 0; j < n; j++) {
      if (r->system->set_of[j] != p || r->one_over_output[j] == 0.0) continue;
      for (size_t l = 0; l < width; l++) {
        r->activity[j * width + l] = r->slope[p * width + l] * ratio[l] + r->level[p * width + l];
      }
    }
  }
}

/* total_i = fixed_i + sum over the sectors of what they take. */
TANLU_EACH_ISA
static void add_up(tanlu_energy_rows *r) {
  const tanlu_measures *m = r->measures;
  const size_t width = r->width, n = r->technology->n;
  for (size_t i = 0; i < m->national; i++) {
    const double *restrict take = r->per_activity + i * m->users * width, *restrict activity = r->activity;
    double *restrict total = r->total + i * width;
    const double *restrict fixed = r->fixed + i * width;
    EACH_LANE(l) total[l] = fixed[l];
    for (size_t j = 0; j < n; j++) {
      EACH_LANE(l) total[l] += take[j * width + l] * activity[j * width + l];
    }
  }
}

/* total += weight of electricity x electricity (lanes) for all national measures. */
TANLU_EACH_ISA
static void add_electricity(tanlu_energy_rows *r, const double *electricity) {
  const tanlu_measures *m = r->measures;
  for (size_t i = 0; i < m->national; i++) {
    const double weight = m->weight[i * m->carriers + r->system->dataset->energy.electricity];
    if (weight != 0.0) tanlu_lane_add_scaled(r->width, weight, electricity, r->total + i * r->width);
  }
}

/* Output of every product against the base year. */
TANLU_EACH_ISA
static void product_ratios(tanlu_energy_rows *r, const tanlu_levers *levers) {
  const tanlu_product_statistics *p = &r->system->dataset->products;
  const double *output = r->system->dataset->accounts.output;
  const size_t width = r->width, n = r->technology->n;
  for (size_t i = 0; i < p->product.count; i++) {
    double *ratio = r->product_ratio + i * width, base = 0.0;
    memset(ratio, 0, width * sizeof *ratio);
    for (size_t j = 0; j < n; j++) {
      if (!p->in_set[i * n + j]) continue;
      base += output[j];
      tanlu_lane_add_scaled(width, output[j], r->activity + j * width, ratio);
    }
    const double *value = tanlu_lever(levers, TANLU_DRIVER_PRODUCT_VALUE, i, 0);
    for (size_t l = 0; l < width; l++) {
      ratio[l] = base > 0.0 ? ratio[l] / base : 0.0;
      if (p->kind[i] == TANLU_PRODUCT_FOLLOWS) ratio[l] /= value[l];
    }
  }
}

/* Process CO2 of every sector that is captured, and the electricity that takes. */
TANLU_EACH_ISA
static void capture_processes(tanlu_energy_rows *r, const tanlu_levers *levers) {
  const tanlu_dataset *d = r->system->dataset;
  const tanlu_product_statistics *p = &d->products;
  const size_t width = r->width, n = r->technology->n;
  const size_t *group = d->level[d->policy_level].of_sector;
  memset(r->process_captured, 0, n * width * sizeof *r->process_captured);
  for (size_t i = 0; i < p->emission.count; i++) {
    const size_t j = p->emission_sector[i];
    const double *factor = tanlu_lever(levers, TANLU_DRIVER_PROCESS_FACTOR, i, 0);
    const double *rate = tanlu_lever(levers, TANLU_DRIVER_CAPTURE, group[j], 0);
    const double *ratio = r->product_ratio + p->emission_product[i] * width;
    double electricity[TANLU_LANES_MAX];
    for (size_t l = 0; l < width; l++) {
      const double captured = rate[l] * p->emission_base[i] * ratio[l] * factor[l];
      r->process_captured[j * width + l] += captured;
      electricity[l] = captured * r->electricity_per_co2[l];
    }
    add_electricity(r, electricity);
  }
}

/* Coke, heat supply, generation and processes in turn; national totals grow by what each of them takes. */
TANLU_EACH_ISA
static void supply(tanlu_energy_rows *r, const tanlu_levers *levers, tanlu_lane_report *report) {
  const tanlu_system *s = r->system;
  const tanlu_measures *m = r->measures;
  const tanlu_energy_statistics *e = &s->dataset->energy;
  const size_t width = r->width, heat = tanlu_user_heat(s->energy), carriers = m->carriers;
  double *activity = r->activity + heat * width;
  double recovered = 0.0, made = 0.0, electricity[TANLU_LANES_MAX];
  for (size_t p = 0; p < m->processes; p++) {
    const double heat_flow = e->conversion[p * carriers + e->heat];
    if (e->process_kind[p] == TANLU_PROCESS_RECOVERY) recovered += heat_flow;
    if (e->process_kind[p] == TANLU_PROCESS_HEAT_SUPPLY && heat_flow > 0.0) made += heat_flow;
  }
  const double coke_heat = tanlu_power_coke_fuel(s->power, 1.0, e->heat), lost = s->conversion->loss_rate[e->heat];
  const size_t *group = s->dataset->level[s->dataset->policy_level].of_sector;
  const double *rate = tanlu_lever(levers, TANLU_DRIVER_CAPTURE, group[s->heat_sector], 0);
  for (size_t l = 0; l < width; l++) {
    const double otherwise = r->outside != NULL ? r->outside->coke_ratio[l] : 0.0;
    const double ratio = s->coke_use > 0.0 ? r->total[TANLU_MEASURE_COKE * width + l] / s->coke_use : otherwise;
    r->coke_ratio[l] = ratio;
    const double wanted =
        (r->total[TANLU_MEASURE_HEAT * width + l] + ratio * coke_heat) * (1.0 + lost) - ratio * recovered;
    activity[l] = s->heat_demand > 0.0 ? wanted / s->heat_demand : 0.0;
    r->heat_output[l] = made * activity[l];
    electricity[l] =
        r->captures ? rate[l] * r->electricity_per_co2[l] * r->carbon[heat * width + l] * activity[l] : 0.0;
  }
  for (size_t i = 0; i < m->national; i++) {
    if (i == TANLU_MEASURE_HEAT || i == TANLU_MEASURE_COKE) continue; /* of final users */
    tanlu_lane_add_product(width, r->per_activity + (i * m->users + heat) * width, activity, r->total + i * width);
  }
  if (r->captures) add_electricity(r, electricity);
  tanlu_power_solve(s->power, levers, r->total + TANLU_MEASURE_ELECTRICITY * width, r->coke_ratio, &r->power, report);
  for (size_t i = TANLU_MEASURE_FIXED; i < m->national; i++) {
    for (size_t k = 0; k < m->technologies; k++) {
      const double fuel = m->fuel[i * m->technologies + k], added = m->added[i * m->technologies + k];
      if (fuel != 0.0) tanlu_lane_add_scaled(width, fuel, r->power.burned + k * width, r->total + i * width);
      if (added != 0.0) tanlu_lane_add_scaled(width, added, r->power.added + k * width, r->total + i * width);
    }
  }
}

/* Scale of every process, and what they take. */
TANLU_EACH_ISA
static void scale_processes(tanlu_energy_rows *r) {
  const tanlu_measures *m = r->measures;
  const size_t width = r->width;
  for (size_t p = 0; p < m->processes; p++) {
    if (m->main[p] == TANLU_NONE) continue;
    memcpy(r->main_use + p * width, r->total + m->main[p] * width, width * sizeof *r->main_use);
    if (r->outside != NULL)
      tanlu_lane_add_scaled(width, 1.0, r->outside->main_use + p * width, r->main_use + p * width);
  }
  tanlu_conversion_scale(r->system->conversion, width, r->main_use, r->coke_ratio, r->scale);
  for (size_t i = 0; r->outside != NULL && i < m->processes * width; i++) r->scale[i] *= r->outside->place[i];
  for (size_t i = TANLU_MEASURE_FIXED; i < m->national; i++) {
    for (size_t q = 0; q < m->processes; q++) {
      const double input = m->input[i * m->processes + q];
      if (input != 0.0) tanlu_lane_add_scaled(width, input, r->scale + q * width, r->total + i * width);
    }
  }
}

/* Physical use of energy row k by sector j, with what it takes to convert energy. */
TANLU_EACH_ISA
static void special_use(tanlu_energy_rows *r, const tanlu_levers *levers, size_t k, size_t j, double *use) {
  const tanlu_system *s = r->system;
  const tanlu_measures *m = r->measures;
  const tanlu_energy_statistics *e = &s->dataset->energy;
  const size_t width = r->width, i = m->national + k, heat = tanlu_user_heat(s->energy);
  const size_t *group = s->dataset->level[s->dataset->policy_level].of_sector;
  const double weight = m->weight[i * m->carriers + e->electricity];
  memset(use, 0, width * sizeof *use);
  tanlu_lane_add_product(width, r->per_activity + (i * m->users + j) * width, r->activity + j * width, use);
  if (j == s->heat_sector) {
    tanlu_lane_add_product(width, r->per_activity + (i * m->users + heat) * width, r->activity + heat * width, use);
  }
  if (r->captures && weight != 0.0) {
    const double *rate = tanlu_lever(levers, TANLU_DRIVER_CAPTURE, group[j], 0);
    for (size_t l = 0; l < width; l++) {
      double captured = r->process_captured[j * width + l];
      if (j == s->heat_sector) captured += rate[l] * r->carbon[heat * width + l] * r->activity[heat * width + l];
      use[l] += weight * r->electricity_per_co2[l] * captured;
    }
  }
  for (size_t t = 0; j == s->power->sector && t < m->technologies; t++) {
    const double fuel = m->fuel[i * m->technologies + t], added = m->added[i * m->technologies + t];
    if (fuel != 0.0) tanlu_lane_add_scaled(width, fuel, r->power.burned + t * width, use);
    if (added != 0.0) tanlu_lane_add_scaled(width, added, r->power.added + t * width, use);
  }
  for (size_t p = 0; p < m->processes; p++) {
    const double input = m->input[i * m->processes + p];
    if (e->process_sector[p] == j && input != 0.0) tanlu_lane_add_scaled(width, input, r->scale + p * width, use);
  }
}

TANLU_EACH_ISA
void tanlu_energy_rows_step(tanlu_energy_rows *rows, const tanlu_levers *levers, const double *output,
                            tanlu_lane_report *report) {
  tanlu_energy_rows *r = rows;
  const tanlu_measures *m = r->measures;
  const size_t width = r->width;
  activities(r, output);
  if (r->outside != NULL && r->outside->ruled != NULL) share_sets(r, output);
  add_up(r);
  product_ratios(r, levers);
  if (r->captures) capture_processes(r, levers);
  supply(r, levers, report);
  scale_processes(r);
  for (size_t i = 0; i < r->specials; i++) {
    const size_t j = r->special[i];
    for (size_t k = 0; k < m->rows; k++) {
      double *use = r->use + k * width;
      const double *x = output + j * width;
      special_use(r, levers, k, j, use);
      for (size_t c = 0; c < m->passed; c++) {
        if (m->cell[c][0] != k || m->cell[c][1] != j) continue;
        memcpy(use, r->total + m->cell[c][2] * width, width * sizeof *use);
        for (size_t l = 0; r->outside != NULL && l < width; l++) { /* of what goes through the nation */
          use[l] = r->technology->use_per_output[k * r->technology->n + j] * x[l] * r->outside->passed[c * width + l];
        }
      }
      const bool exists = r->one_over_output[j] > 0.0; /* what is passed on goes elsewhere where nobody passes it on */
      for (size_t l = 0; l < width; l++) use[l] = exists && x[l] > 0.0 ? use[l] / x[l] : 0.0;
    }
    sector_coefficients(r, j, r->use);
  }
}
