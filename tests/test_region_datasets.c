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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/identities.h"
#include "tests/region_support.h"

static int set_up_china(void **state, const char *dataset) {
  static tanlu_test_regions f;
  f = (tanlu_test_regions){0};
  *state = &f;
  tanlu_test_regions_open_china(&f, dataset, NULL);
  tanlu_test_regions_create(&f);
  return 0;
}

static int set_up_42(void **state) {
  return set_up_china(state, "china-2020-42");
}

/* Proportional imports, sectors that many provinces lack. */
static int set_up_153(void **state) {
  return set_up_china(state, "china-2020");
}

static int tear_down(void **state) {
  tanlu_test_regions_clear(*state);
  return 0;
}

/* ---- sums ----------------------------------------------------------------------------------------------------------------- */

/* Energy that the model allocates to users of the regions. */
static void energy_of_users_adds_up(void **state) {
  const tanlu_test_regions *f = *state;
  const tanlu_energy *nation = f->nation.model->system->energy;
  for (size_t k = 0; k < nation->users * nation->carriers; k++) {
    double final = 0.0, non_energy = 0.0;
    for (size_t q = 0; q < f->sets->regions; q++) {
      const tanlu_energy *mine = f->model[q]->system->energy;
      final += mine->final[k];
      non_energy += mine->non_energy[k];
      assert_true(mine->final[k] >= 0.0 && mine->non_energy[k] >= 0.0);
    }
    tanlu_test_near_of(final, nation->final[k], 1e-9 * nation->final[k], "final", k);
    tanlu_test_near_of(non_energy, nation->non_energy[k], 1e-9 * nation->non_energy[k], "non-energy", k);
  }
}

static void facts_add_up(void **state) {
  const tanlu_test_regions *f = *state;
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
  const tanlu_test_regions *f = *state;
  for (size_t q = 0; q < f->sets->regions; q++) {
    const tanlu_accounts *a = &f->sets->dataset[q]->accounts;
    tanlu_test_require(tanlu_identities_check(f->sets->dataset[q], f->nation.context), f->nation.context);
    for (size_t i = 0; i < a->n; i++) {
      const tanlu_identity row = tanlu_identity_row(a, i), home = tanlu_identity_domestic(a, i);
      tanlu_test_near_of(row.sum, row.wanted, 1e-11 * (a->output[i] + a->imports[i]), "row", i);
      tanlu_test_near_of(home.sum, home.wanted, 1e-11 * (a->output[i] + a->imports[i]), "domestic row", i);
    }
    assert_true(f->model[q]->system->heat_demand > 0.0);
  }
}

/* ---- between regions ------------------------------------------------------------------------------------------------------ */

/* G_q (1 - loss) = demand - received + sent - imports from abroad, demand being the nation's G (1 - loss) + imports by what users and
 * heat supply take, by the model's own reading of the dataset. */
static void electricity_closes(void **state) {
  const tanlu_test_regions *f = *state;
  const size_t regions = f->sets->regions, e = f->nation.dataset->energy.electricity;
  const tanlu_power *nation = f->nation.model->system->power;
  const double national = tanlu_power_base_imports(f->nation.dataset);
  const double wanted = nation->total * (1.0 - nation->loss_rate) + national;
  double *demand = calloc(regions, sizeof *demand), all = 0.0;
  for (size_t q = 0; q < regions; q++) {
    const tanlu_energy *mine = f->model[q]->system->energy;
    for (size_t u = 0; u < mine->users; u++) {
      demand[q] += mine->final[u * mine->carriers + e] + mine->non_energy[u * mine->carriers + e];
    }
    all += demand[q];
  }
  for (size_t q = 0; q < regions; q++) {
    const tanlu_power *mine = f->model[q]->system->power;
    const double share = demand[q] / all, net = tanlu_power_base_imports(f->sets->dataset[q]);
    double received = 0.0, sent = 0.0;
    for (size_t p = 0; p < regions; p++) {
      received += f->sets->link[q * regions + p];
      sent += f->sets->link[p * regions + q];
    }
    assert_true(f->sets->link[q * regions + q] == 0.0);
    assert_near(mine->loss_rate, nation->loss_rate, 1e-9);
    assert_near_of(net, share * national + received - sent, 1e-9, wanted);
    assert_near_of(mine->total * (1.0 - mine->loss_rate), share * wanted - net, 1e-9, share * wanted);
  }
  free(demand);
}

/* What of a product in use in region q is not made in the nation: of each use the nation's part. */
static double from_abroad(const tanlu_test_regions *f, size_t q, size_t i) {
  const tanlu_technology *nation = f->nation.model->technology;
  const tanlu_accounts *a = &f->sets->dataset[q]->accounts;
  double sum = 0.0;
  for (size_t j = 0; j < a->n; j++) sum += (1.0 - nation->domestic[j * a->n + i]) * a->flows[j * a->n + i];
  for (size_t k = 0; k < nation->categories; k++) {
    sum += (1.0 - nation->final_domestic[k * a->n + i]) * a->final_use[k * a->n + i];
  }
  return sum;
}

/* What regions get of a product, by origin, is what the others send. */
static void trade_is_what_is_sent(void **state) {
  const tanlu_test_regions *f = *state;
  const size_t regions = f->sets->regions, n = f->sets->n;
  const size_t last = f->nation.dataset->accounts.category.count;
  for (size_t i = 0; i < n; i++) {
    const double size = f->nation.dataset->accounts.output[i] + f->nation.dataset->accounts.imports[i];
    for (size_t p = 0; p < regions; p++) {
      double sent = 0.0;
      for (size_t q = 0; q < regions; q++) {
        const tanlu_accounts *a = &f->sets->dataset[q]->accounts;
        sent += f->sets->origin[(i * regions + q) * regions + p] * (a->imports[i] - from_abroad(f, q, i));
      }
      const tanlu_accounts *a = &f->sets->dataset[p]->accounts;
      assert_int_equal(a->role[last], TANLU_ROLE_REGIONS);
      assert_true(a->final_use[last * n + i] >= 0.0 && a->imports[i] >= 0.0);
      tanlu_test_near_of(sent, a->final_use[last * n + i], 1e-9 * size, "sent", i);
    }
  }
}

/* ---- the base year -------------------------------------------------------------------------------------------------------- */

static void base_year_is_an_equilibrium(void **state) {
  const tanlu_test_regions *f = *state;
  for (size_t q = 0; q < f->sets->regions; q++) tanlu_test_regions_base_year(f, q);
}

/* ---- one region ----------------------------------------------------------------------------------------------------------- */

static void expect_same_projection(const tanlu_test_regions *f, size_t years) {
  static const tanlu_field_id fields[] = {TANLU_FIELD_OUTPUT,           TANLU_FIELD_CO2,
                                          TANLU_FIELD_GENERATION,       TANLU_FIELD_FINAL_ENERGY,
                                          TANLU_FIELD_HOUSEHOLD_ENERGY, TANLU_FIELD_PRODUCT_OUTPUT,
                                          TANLU_FIELD_PRIMARY_ENERGY};
  tanlu_test_model region = f->nation;
  region.dataset = f->sets->dataset[0];
  region.model = f->model[0];
  const int to = f->nation.dataset->base_year + (int)years - 1;
  tanlu_drivers *nations = tanlu_test_drivers(&f->nation, to, 0), *own = tanlu_test_drivers(&region, to, 0);
  for (size_t t = 1; t < years; t++) {
    tanlu_test_set(nations, TANLU_DRIVER_GDP_GROWTH, t, 0, 0, 5.0);
    tanlu_test_set(own, TANLU_DRIVER_GDP_GROWTH, t, 0, 0, 5.0);
  }
  tanlu_projection *expected = tanlu_test_project(&f->nation, nations), *found = tanlu_test_project(&region, own);
  for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
    for (size_t t = 0; t < years; t++) {
      assert_int_equal(found->size[fields[k]], expected->size[fields[k]]);
      assert_same(tanlu_test_field(found, fields[k], t), tanlu_test_field(expected, fields[k], t),
                  found->size[fields[k]], t == 0 ? 1e-10 : 1e-9);
    }
  }
  tanlu_projection_free(&expected);
  tanlu_projection_free(&found);
  tanlu_drivers_free(&nations);
  tanlu_drivers_free(&own);
}

static void expect_nation(const char *dataset) {
  tanlu_test_regions f = {0};
  char name[64];
  (void)snprintf(name, sizeof name, "%s_all", dataset);
  tanlu_test_regions_open_china(&f, dataset, NULL);
  tanlu_labels one = {0};
  size_t *of_region = calloc(f.data->region.count, sizeof *of_region);
  tanlu_test_require(tanlu_labels_add(&one, "all", "All", "", f.nation.context), f.nation.context);
  tanlu_test_require(tanlu_regional_data_merge(f.data, &one, of_region, f.nation.context), f.nation.context);
  tanlu_test_regions_choose(&f);
  tanlu_test_regions_create(&f);
  assert_int_equal(f.sets->regions, 1);
  assert_string_equal(f.sets->dataset[0]->name, name);
  assert_true(f.sets->link[0] == 0.0);
  expect_same_projection(&f, 3);
  free(of_region);
  tanlu_labels_clear(&one);
  tanlu_test_regions_clear(&f);
}

static void one_region_is_the_nation(void **state) {
  (void)state;
  expect_nation("china-2020-42");
  expect_nation("china-2020");
}

/* Groups of provinces, and one province against the rest. */
static void fewer_regions(void **state) {
  (void)state;
  static const tanlu_regional_request request[] = {
      {.name = "inputs/regions/china-2020", .energy = true, .level = "grid"},
      {.name = "inputs/regions/china-2020", .energy = true, .region = "guangdong"}};
  for (size_t k = 0; k < sizeof request / sizeof *request; k++) {
    tanlu_test_regions f = {0};
    tanlu_test_regions_open_china(&f, "china-2020-42", &request[k]);
    tanlu_test_regions_create(&f);
    void *now = &f;
    facts_add_up(&now);
    electricity_closes(&now);
    trade_is_what_is_sent(&now);
    base_year_is_an_equilibrium(&now);
    tanlu_test_regions_clear(&f);
  }
}

/* ---- three regions of the tiny dataset ------------------------------------------------------------------------------------ */

enum { EAST, WEST, NORTH, THREE };

typedef struct {
  tanlu_test_regions f; /* first: the tests of provinces serve */
  tanlu_labels region;
  double distance[9], value_added[6], people[3], share[9], flow[9], final[3 * 16], generation[3 * 16];
} small;

static size_t technology(const small *s, const char *code) {
  return tanlu_test_find(&s->f.nation.dataset->power.technology, code);
}

static void open_small(small *s) {
  static const char *const code[] = {"east", "west", "north"};
  static const double distance[] = {0, 100, 200, 100, 0, 150, 200, 150, 0};
  static const double value_added[] = {50, 60, 50, 300, 150, 80}, people[] = {60, 30, 10};
  static const double share[] = {0.05, 0.5, 0.45, 0.6, 0.3, 0.1, 0.25, 0.15, 0.6};
  *s = (small){0};
  tanlu_test_open_tiny(&s->f.nation, NULL, 0);
  for (size_t q = 0; q < THREE; q++) {
    tanlu_test_require(tanlu_labels_add(&s->region, code[q], code[q], "", s->f.nation.context), s->f.nation.context);
  }
  memcpy(s->distance, distance, sizeof distance);
  memcpy(s->value_added, value_added, sizeof value_added);
  memcpy(s->people, people, sizeof people);
  memcpy(s->share, share, sizeof share);
  size_t level = 0;
  while (strcmp(s->f.nation.dataset->level[level].name, "industry3") != 0) level++;
  s->f.choice = (tanlu_regional_choice){.name = "three",
                                        .title = "",
                                        .sources = "",
                                        .region = &s->region,
                                        .distance = s->distance,
                                        .value_level = level,
                                        .value_added = s->value_added,
                                        .households = s->people,
                                        .share = s->share,
                                        .quotient = TANLU_QUOTIENT_FLQ,
                                        .delta = 0.3,
                                        .beta = 1.0};
  s->f.statistics = (tanlu_region_statistics){.choice = &s->f.choice};
}

static void close_small(small *s) {
  tanlu_test_regions_clear(&s->f);
  tanlu_labels_clear(&s->region);
}

/* Everything the provinces are asked for, of what `f` has. */
static void expect_all(tanlu_test_regions *f) {
  void *state = f;
  energy_of_users_adds_up(&state);
  facts_add_up(&state);
  identities_hold(&state);
  trade_is_what_is_sent(&state);
  electricity_closes(&state);
}

/* Nothing reported: a nation whose imports are proportional, whose electricity has a statistical difference of 5 TJ. */
static void regions_without_reports(void **state) {
  (void)state;
  small s;
  open_small(&s);
  tanlu_test_regions_create(&s.f);
  expect_all(&s.f);
  const tanlu_accounts *a = &s.f.sets->dataset[WEST]->accounts;
  assert_int_equal(a->import_treatment, TANLU_IMPORT_SPLIT);
  assert_string_equal(a->category.code[a->category.count - 1], TANLU_OTHER_REGIONS);
  assert_true(isnan(s.f.sets->generation_moved[0]));
  assert_near(s.f.sets->dataset[EAST]->population, 0.6 * s.f.nation.dataset->population, 1e-12);
  assert_near(s.f.sets->dataset[EAST]->sinks, 0.6 * s.f.nation.dataset->sinks, 1e-12); /* nobody grows anything */
  close_small(&s);
}

/* The west reports no heat: a millionth of what each of its users would have is there, and as much less elsewhere. */
static void regions_without_heat(void **state) {
  (void)state;
  small s;
  open_small(&s);
  const tanlu_energy_statistics *e = &s.f.nation.dataset->energy;
  for (size_t k = 0; k < THREE * e->carrier.label.count; k++) s.final[k] = (double)NAN;
  s.final[e->heat * THREE + EAST] = 3.0;
  s.final[e->heat * THREE + WEST] = 0.0;
  s.final[e->heat * THREE + NORTH] = 1.0;
  s.f.statistics.reports.final = s.final;
  tanlu_test_regions_create(&s.f);
  expect_all(&s.f);
  double heat[THREE] = {0};
  for (size_t q = 0; q < THREE; q++) {
    const tanlu_energy *mine = s.f.model[q]->system->energy;
    for (size_t u = 0; u < mine->users - 1; u++) heat[q] += mine->final[u * mine->carriers + e->heat];
    assert_near(s.f.model[q]->system->heat_demand / s.f.nation.model->system->heat_demand, heat[q] / 100.0, 1e-12);
  }
  assert_near(heat[WEST], 100e-6, 1e-12);
  assert_near(heat[EAST] / heat[NORTH], 3.0, 1e-3); /* of the solved year, which the statistical differences move */
  close_small(&s);
}

/* Links of 30 TJ east to west in 300 of all flows; coal as reported would be half in the north. */
static void links_and_generation(void **state) {
  (void)state;
  small s;
  open_small(&s);
  const size_t power = tanlu_test_find(&s.f.nation.dataset->accounts.sector, "power"), coal = technology(&s, "coal");
  const double flow[] = {100, 0, 0, 30, 70, 0, 0, 0, 100};
  memcpy(s.flow, flow, sizeof flow);
  s.f.known = (tanlu_known_flows){.product = power, .flow = s.flow};
  s.f.choice.known_flows = 1;
  s.f.choice.known = &s.f.known;
  for (size_t k = 0; k < THREE * s.f.nation.dataset->power.technology.count; k++) s.generation[k] = (double)NAN;
  for (size_t q = 0; q < THREE; q++) s.generation[coal * THREE + q] = q == NORTH ? 20.0 : 10.0;
  s.f.statistics.generation = s.generation;
  tanlu_test_regions_create(&s.f);
  expect_all(&s.f);
  const tanlu_power *nation = s.f.nation.model->system->power;
  const double wanted = nation->total * (1.0 - nation->loss_rate) + tanlu_power_base_imports(s.f.nation.dataset);
  assert_near(s.f.sets->link[WEST * THREE + EAST], 0.1 * wanted, 1e-12);
  assert_true(s.f.sets->link[EAST * THREE + WEST] == 0.0);
  assert_near(*s.f.sets->link_moved, wanted / 300.0, 1e-12);
  double moved = 0.0;
  for (size_t q = 0; q < THREE; q++) {
    const tanlu_power *mine = s.f.model[q]->system->power;
    moved += 0.5 * fabs(mine->generation[coal] / nation->generation[coal] - (q == NORTH ? 0.5 : 0.25));
    for (size_t k = 0; k < mine->technologies; k++) assert_near(mine->hours[k], nation->hours[k], 1e-9);
  }
  assert_near(s.f.sets->generation_moved[coal], moved, 1e-9);
  assert_true(isnan(s.f.sets->generation_moved[technology(&s, "hydro")]));
  close_small(&s);
}

/* ---- errors --------------------------------------------------------------------------------------------------------------- */

static void expect_error(small *s, tanlu_status status, const char *message) {
  assert_int_equal(tanlu_region_datasets_create(&s->f.sets, s->f.nation.model, &s->f.statistics, s->f.nation.context),
                   status);
  assert_null(s->f.sets);
  assert_true(tanlu_test_has_message(s->f.nation.context, message));
  close_small(s);
}

static void errors_name_region_and_technology(void **state) {
  (void)state;
  small s;
  open_small(&s);
  s.f.statistics.generation = s.generation; /* zeros: nobody has any */
  expect_error(&s, TANLU_ERR_INPUT, "no region reports generation of coal");
  open_small(&s);
  s.generation[technology(&s, "coal") * THREE + WEST] = -1.0;
  s.f.statistics.generation = s.generation;
  expect_error(&s, TANLU_ERR_INPUT, "region west: generation of coal is -1; expected 0 or more");
  open_small(&s);
  for (size_t q = 0; q < THREE; q++) s.generation[technology(&s, "coal") * THREE + q] = q == WEST ? 1.0 : (double)NAN;
  s.f.statistics.generation = s.generation;
  expect_error(&s, TANLU_ERR_INPUT, "generation of coal is reported by west, but not by all");
  open_small(&s);
  const double flow[] = {0, 0, 0, 0, 0, 0, 900, 0, 1}; /* all to the north */
  memcpy(s.flow, flow, sizeof flow);
  s.f.known =
      (tanlu_known_flows){.product = tanlu_test_find(&s.f.nation.dataset->accounts.sector, "power"), .flow = s.flow};
  s.f.choice.known_flows = 1;
  s.f.choice.known = &s.f.known;
  expect_error(&s, TANLU_ERR_INPUT, "region north: of ");
  open_small(&s);
  s.share[6 + WEST] = 0.0; /* nobody generates there */
  s.share[6 + NORTH] = 0.75;
  expect_error(&s, TANLU_ERR_INPUT, "region west");
}

/* ---- main ----------------------------------------------------------------------------------------------------------------- */

int main(void) {
  const struct CMUnitTest china[] = {
      cmocka_unit_test(energy_of_users_adds_up), cmocka_unit_test(facts_add_up),
      cmocka_unit_test(identities_hold),         cmocka_unit_test(electricity_closes),
      cmocka_unit_test(trade_is_what_is_sent),   cmocka_unit_test(base_year_is_an_equilibrium),
  };
  const struct CMUnitTest others[] = {
      cmocka_unit_test(one_region_is_the_nation), cmocka_unit_test(fewer_regions),
      cmocka_unit_test(regions_without_reports),  cmocka_unit_test(regions_without_heat),
      cmocka_unit_test(links_and_generation),     cmocka_unit_test(errors_name_region_and_technology),
  };
  const int failed = cmocka_run_group_tests_name("provinces, 42 sectors", china, set_up_42, tear_down) +
                     cmocka_run_group_tests_name("provinces, 153 sectors", china, set_up_153, tear_down);
  return failed + cmocka_run_group_tests_name("other regions", others, NULL, NULL);
}
