/* A step of the energy rows: what follows from output. */
#include <math.h>
#include <string.h>

#include "model/energy_rows_private.h"

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
    tanlu_energy_sector_coefficients(r, j, r->use);
  }
}
