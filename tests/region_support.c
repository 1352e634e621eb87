#include "tests/region_support.h"

#include <math.h>
#include <setjmp.h> /* before cmocka.h, with stdarg.h and stddef.h */
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/equilibrium.h"

void tanlu_test_near_of(double found, double expected, double size, const char *what, size_t at) {
  if (!(fabs(found - expected) <= size)) fail_msg("%s %zu: %.15g instead of %.15g", what, at, found, expected);
}

void tanlu_test_require(tanlu_status status, const tanlu_context *context) {
  if (status == TANLU_OK) return;
  tanlu_test_print_messages(context);
  fail_msg("status %d", (int)status);
}

void tanlu_test_regions_choose(tanlu_test_regions *f) {
  const tanlu_regional_data *data = f->data;
  const size_t regions = data->region.count;
  if (data->known_flows > 0) f->known = (tanlu_known_flows){data->known[0].product, data->known[0].flow};
  f->choice = (tanlu_regional_choice){
      .name = "provinces",
      .title = "",
      .sources = "",
      .region = &data->region,
      .distance = data->distance,
      .value_level = data->value_level,
      .value_added = data->value_added,
      .households = data->households != TANLU_NONE ? data->indicator_value + data->households * regions : NULL,
      .share = data->share,
      .known_flows = data->known_flows > 0 ? 1 : 0,
      .known = &f->known,
      .quotient = TANLU_QUOTIENT_FLQ,
      .delta = 0.3,
      .beta = 1.0};
  f->statistics = (tanlu_region_statistics){.choice = &f->choice,
                                            .reports = {.final = data->final, .plant_fuel = data->plant_fuel},
                                            .generation = data->generation};
}

void tanlu_test_regions_create(tanlu_test_regions *f) {
  tanlu_test_require(tanlu_region_datasets_create(&f->sets, f->nation.model, &f->statistics, f->nation.context),
                     f->nation.context);
  f->model = calloc(f->sets->regions, sizeof *f->model);
  for (size_t q = 0; q < f->sets->regions; q++) {
    tanlu_test_require(tanlu_model_create_region(&f->model[q], f->sets->dataset[q], f->nation.model, f->nation.context),
                       f->nation.context);
  }
}

void tanlu_test_regions_open_china(tanlu_test_regions *f, const char *dataset, const tanlu_regional_request *request) {
  tanlu_test_open(&f->nation, dataset);
  tanlu_regional_request all = {.name = "inputs/regions/china-2020", .energy = true};
  if (request != NULL) all = *request;
  tanlu_test_require(tanlu_regional_data_find(&f->data, &all, f->nation.dataset, f->nation.context), f->nation.context);
  tanlu_test_regions_choose(f);
}

void tanlu_test_regions_clear(tanlu_test_regions *f) {
  for (size_t q = 0; f->model != NULL && q < f->sets->regions; q++) tanlu_model_free(&f->model[q]);
  free((void *)f->model);
  tanlu_region_datasets_free(&f->sets);
  tanlu_regional_data_free(&f->data);
  tanlu_test_close(&f->nation);
  *f = (tanlu_test_regions){0};
}

/* Use of the main carriers of process p in a model's base year, what other processes take apart. */
static double main_use(const tanlu_model *model, size_t p) {
  const tanlu_energy *energy = model->system->energy;
  const tanlu_power *power = model->system->power;
  const tanlu_energy_statistics *e = &model->dataset->energy;
  double sum = 0.0;
  for (size_t c = 0; c < energy->carriers; c++) {
    if (!e->process_main[p * energy->carriers + c]) continue;
    for (size_t u = 0; u < energy->users; u++) {
      sum += energy->final[u * energy->carriers + c] + energy->non_energy[u * energy->carriers + c];
    }
    for (size_t k = 0; k < power->technologies; k++) {
      sum += power->generation[k] * power->fuel_rate[k * energy->carriers + c];
    }
  }
  return sum;
}

/* Solve a region's base year given what the others want, and compare it with its statistics. */
void tanlu_test_regions_base_year(const tanlu_test_regions *f, size_t q) {
  enum { WIDTH = TANLU_LANES_LEAST };
  const tanlu_model *m = f->model[q];
  const tanlu_dataset *d = m->dataset;
  const size_t n = f->sets->n, processes = f->sets->processes, last = d->accounts.category.count - 1;
  double *demand = calloc(n * WIDTH, sizeof *demand), *use = calloc(processes * WIDTH + 1, sizeof *use);
  double *place = calloc(processes * WIDTH + 1, sizeof *place), one[WIDTH], *held = NULL;
  for (size_t i = 0; i < n * WIDTH; i++) demand[i] = d->accounts.final_use[last * n + i / WIDTH];
  for (size_t p = 0; p < processes * WIDTH; p++) {
    place[p] = 1.0;
    use[p] = main_use(f->nation.model, p / WIDTH) - main_use(m, p / WIDTH);
  }
  for (size_t l = 0; l < WIDTH; l++) one[l] = 1.0;
  double *passed = calloc(m->measures->passed * WIDTH + 1, sizeof *passed);
  for (size_t c = 0; c < m->measures->passed * WIDTH; c++) passed[c] = 1.0;
  const tanlu_outside outside = {
      .demand = demand, .main_use = use, .place = place, .passed = passed, .coke_ratio = one};
  tanlu_drivers *drivers = NULL;
  tanlu_equilibrium *e = NULL;
  tanlu_centre centre = {0};
  tanlu_context *context = f->nation.context;
  tanlu_test_require(tanlu_drivers_create(&drivers, d, d->base_year, d->base_year, 0, context), context);
  tanlu_test_require(tanlu_equilibrium_create(&e, m->system, m->technology, m->measures, drivers, WIDTH, context),
                     context);
  const tanlu_drivers *all[WIDTH];
  for (size_t l = 0; l < WIDTH; l++) all[l] = drivers;
  e->rows->outside = e->economy->outside = &outside;
  e->report.context = context;
  held = calloc(e->unknowns * WIDTH, sizeof *held);
  for (size_t k = 0; k < e->size * WIDTH; k++) {
    e->state[k] = k / WIDTH < n && d->accounts.output[k / WIDTH] > 0.0 ? 1.0 : 0.0;
  }
  tanlu_equilibrium_year(e, all, 0, one, held);
  assert_false(e->report.failed[0]);
  tanlu_test_require(tanlu_equilibrium_alone(e, &centre, context), context);
  for (size_t j = 0; j < n; j++) {
    const double x = d->accounts.output[j];
    tanlu_test_near_of(e->output[j * WIDTH], x, 1e-8 * x, d->name, j);
  }
  for (size_t k = 0; k < m->system->power->technologies; k++) {
    tanlu_test_near_of(e->rows->power.generation[k * WIDTH], m->system->power->generation[k],
                       1e-8 * m->system->power->total, d->name, k);
  }
  for (size_t p = 0; p < processes; p++) {
    if (m->measures->main[p] != TANLU_NONE) assert_near(e->rows->scale[p * WIDTH], 1.0, 1e-8);
  }
  assert_near(e->rows->activity[tanlu_user_heat(m->system->energy) * WIDTH], 1.0, 1e-8);
  tanlu_centre_clear(&centre);
  tanlu_equilibrium_free(&e);
  tanlu_drivers_free(&drivers);
  free(demand);
  free(use);
  free(place);
  free(passed);
  free(held);
}
