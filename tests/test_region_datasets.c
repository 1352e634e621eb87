/* Every region as a dataset of its own (model/region_datasets.h), from the provinces of China and from three regions of the tiny dataset
 * (tests/support.h).
 *
 * Oracles: the model's own reading of the datasets. Energy of users, facts and accounts of the regions' models add up to the nation's
 * model, cell by cell; the base year of every region, with what reaches it from the others, is an equilibrium of the model's
 * equations at the region's statistics; one region projects as its nation; electricity closes by generation, losses and links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/regional_file.h"
#include "model/equilibrium.h"
#include "model/identities.h"
#include "model/region_datasets.h"
#include "tests/model_support.h"

typedef struct {
  tanlu_test_model nation;
  tanlu_regional_data *data;
  tanlu_known_flows known;
  tanlu_regional_choice choice;
  tanlu_region_statistics statistics;
  tanlu_region_datasets *sets;
  tanlu_model **model; /* of the regions */
} fixture;

static void require(tanlu_status status, const tanlu_context *context) {
  if (status == TANLU_OK) return;
  tanlu_test_print_messages(context);
  fail_msg("status %d", (int)status);
}

/* ---- provinces ------------------------------------------------------------------------------------------------------------ */

static void choose(fixture *f) {
  const tanlu_regional_data *data = f->data;
  const size_t regions = data->region.count;
  if (data->known_flows > 0) f->known = (tanlu_known_flows){data->known[0].product, data->known[0].flow};
  f->choice = (tanlu_regional_choice){.name = "provinces",
                                      .title = "",
                                      .sources = "",
                                      .region = &data->region,
                                      .distance = data->distance,
                                      .value_level = data->value_level,
                                      .value_added = data->value_added,
                                      .households = data->households != TANLU_NONE
                                                        ? data->indicator_value + data->households * regions
                                                        : NULL,
                                      .share = data->share,
                                      .known_flows = data->known_flows > 0 ? 1 : 0,
                                      .known = &f->known,
                                      .quotient = TANLU_QUOTIENT_FLQ,
                                      .delta = 0.3,
                                      .beta = 1.0};
  f->statistics = (tanlu_region_statistics){
      .choice = &f->choice, .reports = {.final = data->final, .plant_fuel = data->plant_fuel}};
}

static void create(fixture *f) {
  require(tanlu_region_datasets_create(&f->sets, f->nation.model, &f->statistics, f->nation.context),
          f->nation.context);
  f->model = calloc(f->sets->regions, sizeof *f->model);
  for (size_t q = 0; q < f->sets->regions; q++) {
    require(tanlu_model_create_region(&f->model[q], f->sets->dataset[q], f->nation.model, f->nation.context),
            f->nation.context);
  }
}

static void open_china(fixture *f, const tanlu_regional_request *request) {
  tanlu_test_open(&f->nation, "china-2020-42");
  tanlu_regional_request all = {.name = "inputs/regions/china-2020", .energy = true};
  if (request != NULL) all = *request;
  require(tanlu_regional_data_find(&f->data, &all, f->nation.dataset, f->nation.context), f->nation.context);
  choose(f);
}

static void clear(fixture *f) {
  for (size_t q = 0; f->model != NULL && q < f->sets->regions; q++) tanlu_model_free(&f->model[q]);
  free((void *)f->model);
  tanlu_region_datasets_free(&f->sets);
  tanlu_regional_data_free(&f->data);
  tanlu_test_close(&f->nation);
  *f = (fixture){0};
}

static int set_up_china(void **state) {
  static fixture f;
  f = (fixture){0};
  open_china(&f, NULL);
  create(&f);
  *state = &f;
  return 0;
}

static int tear_down(void **state) {
  clear(*state);
  return 0;
}

/* ---- sums ----------------------------------------------------------------------------------------------------------------- */

static void near_of(double found, double expected, double size, const char *what, size_t at) {
  if (!(fabs(found - expected) <= size)) fail_msg("%s %zu: %.15g instead of %.15g", what, at, found, expected);
}

/* Energy that the model allocates to users of the regions. */
static void energy_of_users_adds_up(void **state) {
  const fixture *f = *state;
  const tanlu_energy *nation = f->nation.model->system->energy;
  for (size_t k = 0; k < nation->users * nation->carriers; k++) {
    double final = 0.0, non_energy = 0.0;
    for (size_t q = 0; q < f->sets->regions; q++) {
      const tanlu_energy *mine = f->model[q]->system->energy;
      final += mine->final[k];
      non_energy += mine->non_energy[k];
      assert_true(mine->final[k] >= 0.0 && mine->non_energy[k] >= 0.0);
    }
    near_of(final, nation->final[k], 1e-9 * nation->final[k], "final", k);
    near_of(non_energy, nation->non_energy[k], 1e-9 * nation->non_energy[k], "non-energy", k);
  }
}

static void facts_add_up(void **state) {
  const fixture *f = *state;
  const tanlu_model_facts nation = tanlu_model_facts_of(f->nation.model);
  tanlu_model_facts sum = {0};
  for (size_t q = 0; q < f->sets->regions; q++) {
    const tanlu_model_facts mine = tanlu_model_facts_of(f->model[q]);
    sum.co2_combustion += mine.co2_combustion;
    sum.co2_process += mine.co2_process;
    sum.generation += mine.generation;
    sum.gdp += mine.gdp;
    sum.primary_calorific += mine.primary_calorific;
    sum.final_electricity += mine.final_electricity;
  }
  assert_near(sum.co2_combustion, nation.co2_combustion, 1e-9);
  assert_near(sum.co2_process, nation.co2_process, 1e-9);
  assert_near(sum.generation, nation.generation, 1e-9);
  assert_near(sum.gdp, nation.gdp, 1e-9);
  assert_near(sum.primary_calorific, nation.primary_calorific, 1e-9);
  assert_near(sum.final_electricity, nation.final_electricity, 1e-9);
}

static void identities_hold(void **state) {
  const fixture *f = *state;
  for (size_t q = 0; q < f->sets->regions; q++) {
    const tanlu_accounts *a = &f->sets->dataset[q]->accounts;
    require(tanlu_identities_check(f->sets->dataset[q], f->nation.context), f->nation.context);
    for (size_t i = 0; i < a->n; i++) {
      const tanlu_identity row = tanlu_identity_row(a, i), home = tanlu_identity_domestic(a, i);
      near_of(row.sum, row.wanted, 1e-11 * (a->output[i] + a->imports[i]), "row", i);
      near_of(home.sum, home.wanted, 1e-11 * (a->output[i] + a->imports[i]), "domestic row", i);
    }
    assert_true(f->model[q]->system->heat_demand > 0.0);
  }
}

/* ---- between regions ------------------------------------------------------------------------------------------------------ */

/* G_q (1 - loss) = demand - received + sent - imports from abroad, with the model's own demand and net imports. */
static void electricity_closes(void **state) {
  const fixture *f = *state;
  const size_t regions = f->sets->regions, e = f->nation.dataset->energy.electricity;
  const double national = tanlu_power_base_imports(f->nation.dataset);
  double imports = 0.0;
  for (size_t q = 0; q < regions; q++) {
    const tanlu_system *s = f->model[q]->system;
    double demand = 0.0, received = 0.0, sent = 0.0;
    for (size_t u = 0; u < s->energy->users; u++) {
      demand += s->energy->final[u * s->energy->carriers + e] + s->energy->non_energy[u * s->energy->carriers + e];
    }
    for (size_t p = 0; p < regions; p++) {
      received += f->sets->link[q * regions + p];
      sent += f->sets->link[p * regions + q];
      assert_true(p != q || f->sets->link[q * regions + p] == 0.0);
    }
    const double net = tanlu_power_base_imports(f->sets->dataset[q]);
    assert_near(s->power->loss_rate, f->nation.model->system->power->loss_rate, 1e-9);
    assert_near_of(s->power->total * (1.0 - s->power->loss_rate), demand - net, 1e-9, demand);
    assert_near_of(net - received + sent, national * demand / f->nation.model->system->power->total, 0.2,
                   fabs(national));
    imports += net;
  }
  assert_near_of(imports, national, 1e-9, f->nation.model->system->power->total);
}

/* What regions get of a product, by origin, is what the others send. */
static void trade_is_what_is_sent(void **state) {
  const fixture *f = *state;
  const size_t regions = f->sets->regions, n = f->sets->n;
  const size_t last = f->nation.dataset->accounts.category.count;
  for (size_t i = 0; i < n; i++) {
    const double size = f->nation.dataset->accounts.output[i] + f->nation.dataset->accounts.imports[i];
    for (size_t p = 0; p < regions; p++) {
      double sent = 0.0;
      for (size_t q = 0; q < regions; q++) {
        const tanlu_accounts *a = &f->sets->dataset[q]->accounts;
        sent += f->sets->origin[(i * regions + q) * regions + p] * (1.0 - f->sets->abroad[q * n + i]) * a->imports[i];
      }
      const tanlu_accounts *a = &f->sets->dataset[p]->accounts;
      assert_int_equal(a->role[last], TANLU_ROLE_REGIONS);
      near_of(sent, a->final_use[last * n + i], 1e-9 * size, "sent", i);
    }
  }
}

/* ---- the base year -------------------------------------------------------------------------------------------------------- */

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
static void expect_base_year(const fixture *f, size_t q) {
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
  const tanlu_outside outside = {.demand = demand, .main_use = use, .place = place, .coke_ratio = one};
  tanlu_drivers *drivers = NULL;
  tanlu_equilibrium *e = NULL;
  tanlu_centre centre = {0};
  tanlu_context *context = f->nation.context;
  require(tanlu_drivers_create(&drivers, d, d->base_year, d->base_year, 0, context), context);
  require(tanlu_equilibrium_create(&e, m->system, m->technology, m->measures, drivers, WIDTH, context), context);
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
  require(tanlu_equilibrium_alone(e, &centre, context), context);
  for (size_t j = 0; j < n; j++) {
    const double x = d->accounts.output[j];
    near_of(e->output[j * WIDTH], x, 1e-8 * x, d->name, j);
  }
  for (size_t k = 0; k < m->system->power->technologies; k++) {
    near_of(e->rows->power.generation[k * WIDTH], m->system->power->generation[k], 1e-8 * m->system->power->total,
            d->name, k);
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
  free(held);
}

static void base_year_is_an_equilibrium(void **state) {
  const fixture *f = *state;
  for (size_t q = 0; q < f->sets->regions; q++) expect_base_year(f, q);
}

static void show(void **state) {
  const fixture *f = *state;
  for (size_t q = 0; q < f->sets->regions; q++) {
    const tanlu_power *p = f->model[q]->system->power;
    double r = 0, t = 0;
    for (size_t k = 0; k < f->sets->regions; k++) {
      r += f->sets->link[q * f->sets->regions + k];
      t += f->sets->link[k * f->sets->regions + q];
    }
    print_message("%-15s G %7.1f rec %6.1f sent %6.1f hours", f->sets->region->code[q], p->total / 3600, r / 3600, t / 3600);
    for (size_t k = 0; k < p->technologies; k++) print_message(" %.1f", p->generation[k] / 3600);
    double burned = 0;
    for (size_t c = 0; c < p->carriers; c++) burned += p->fuel_rate[0 * p->carriers + c];
    print_message(" coal eff %.3f heat %g\n", 1 / burned, f->model[q]->system->heat_demand / f->nation.model->system->heat_demand);
  }
  for (size_t k = 0; k < f->sets->technologies; k++) print_message(" %.3f", f->sets->generation_moved[k]);
  print_message(" link %g\n", *f->sets->link_moved);
}

/* ---- main ----------------------------------------------------------------------------------------------------------------- */

int main(void) {
  const struct CMUnitTest china[] = {cmocka_unit_test(show),
      cmocka_unit_test(energy_of_users_adds_up), cmocka_unit_test(facts_add_up),
      cmocka_unit_test(identities_hold),         cmocka_unit_test(electricity_closes),
      cmocka_unit_test(trade_is_what_is_sent),   cmocka_unit_test(base_year_is_an_equilibrium),
  };
  return cmocka_run_group_tests_name("provinces", china, set_up_china, tear_down);
}
