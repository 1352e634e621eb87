/* Regions projected together: one region is the nation, equal regions are equal parts of it, sums, what is sent is received. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inputs/region_set.h"
#include "inputs/scenario_file.h"
#include "model/region_closure.h"
#include "model/region_drivers.h"
#include "tests/model_support.h"

/* ---- a nation, its scenario, its regions ------------------------------------------------------------------------------------ */

enum { MOST = 31 };

typedef struct {
  tanlu_test_model nation;
  tanlu_scenario *scenario;
  tanlu_drivers *own; /* of the nation: those of the scenario, or fewer years */
  /* regions */
  const tanlu_region_datasets *datasets;
  const tanlu_regional_model *model;
  tanlu_drivers *drivers[MOST];
  tanlu_projection *national, *projection[MOST];
  double *money, *electricity, *gap;
  tanlu_regional_scenario problem;
} fixture;

static void expect(const fixture *f, tanlu_status status) {
  if (status != TANLU_OK) tanlu_test_print_messages(f->nation.context);
  assert_int_equal(status, TANLU_OK);
}

static void open_nation(fixture *f, const char *scenario, const char *const *settings, size_t count) {
  const bool fine = strstr(scenario, "-42") == NULL;
  *f = (fixture){0};
  tanlu_test_open(&f->nation, fine ? "china-2020" : "china-2020-42");
  expect(f, tanlu_scenario_read(&f->scenario, scenario, settings, count, f->nation.context));
  expect(f, tanlu_scenario_resolve(f->scenario, f->nation.dataset, f->nation.context));
  f->own = f->scenario->drivers;
}

static void open_regions(fixture *f, const tanlu_regional_model *model, const tanlu_region_datasets *datasets) {
  const size_t regions = datasets->regions, years = f->own->years;
  tanlu_context *context = f->nation.context;
  f->model = model;
  f->datasets = datasets;
  expect(f, tanlu_projection_create(&f->national, f->nation.dataset, f->own->from, years, context));
  for (size_t r = 0; r < regions; r++) {
    const bool *none[TANLU_DRIVER_COUNT] = {NULL};
    expect(f, tanlu_region_drivers_create(&f->drivers[r], f->own, f->nation.dataset, datasets->dataset[r], NULL, NULL,
                                          none, context));
    expect(f, tanlu_projection_create(&f->projection[r], datasets->dataset[r], f->own->from, years, context));
  }
  f->money = calloc(years * regions * regions, sizeof *f->money);
  f->electricity = calloc(years * regions * regions, sizeof *f->electricity);
  f->gap = calloc(years * TANLU_FIELD_COUNT, sizeof *f->gap);
  assert_non_null(f->money);
  assert_non_null(f->electricity);
  assert_non_null(f->gap);
  f->problem = (tanlu_regional_scenario){.name = "test",
                                         .nation = f->own,
                                         .region = (const tanlu_drivers *const *)f->drivers,
                                         .lead = TANLU_LEAD_REGIONS,
                                         .national = f->national,
                                         .projection = f->projection,
                                         .flow = {f->money, f->electricity},
                                         .gap = f->gap};
}

static void project(fixture *f, int threads) {
  expect(f, tanlu_regional_project(f->model, &f->problem, 1, threads, NULL, NULL, f->nation.context));
}

static void close_regions(fixture *f) {
  for (size_t r = 0; r < f->datasets->regions; r++) {
    tanlu_drivers_free(&f->drivers[r]);
    tanlu_projection_free(&f->projection[r]);
  }
  tanlu_projection_free(&f->national);
  free(f->money);
  free(f->electricity);
  free(f->gap);
}

static void close_nation(fixture *f) {
  tanlu_scenario_free(&f->scenario);
  tanlu_test_close(&f->nation);
}

/* Largest gap of the sum over regions to the nation, over members and years, relative to the largest member of the field; of the
 * indicators that add up, each against its own largest year. */
static double gap_of_sums(const fixture *f, int field) {
  const size_t size = f->national->size[field], years = f->national->years;
  double worst = 0.0, largest = 0.0;
  for (size_t k = 0; k < size; k++) {
    double own = 0.0, most = 0.0;
    if (field == TANLU_FIELD_INDICATOR && !tanlu_indicator_adds_up((tanlu_indicator_id)k)) continue;
    for (size_t t = 0; t < years; t++) {
      const double nation = f->national->value[field][t * size + k];
      double sum = 0.0;
      if (isnan(nation)) continue;
      for (size_t r = 0; r < f->datasets->regions; r++) {
        sum += f->projection[r]->value[field][t * f->projection[r]->size[field] + k];
      }
      own = fmax(own, fabs(sum - nation));
      most = fmax(most, fabs(nation));
    }
    if (field == TANLU_FIELD_INDICATOR) {
      worst = fmax(worst, most > 0.0 ? own / most : own);
    } else {
      worst = fmax(worst, own);
      largest = fmax(largest, most);
    }
  }
  return field != TANLU_FIELD_INDICATOR && largest > 0.0 ? worst / largest : worst;
}

/* ---- one region -------------------------------------------------------------------------------------------------------------- */

/* The nation as its only region, made by hand: what it imports comes from other countries alone. The same equations, with factors
 * held where the nation's own projection solved for them: every number is the nation's. Years start where the nation stands, so that
 * it is the same solution. */
static void expect_nation(const char *scenario, const char *const *settings, size_t said) {
  fixture f;
  open_nation(&f, scenario, settings, said);
  const size_t n = f.nation.dataset->accounts.n;
  double *ones = calloc(n, sizeof *ones), *zeros = calloc(n, sizeof *zeros);
  assert_non_null(ones);
  assert_non_null(zeros);
  for (size_t i = 0; i < n; i++) ones[i] = 1.0;
  tanlu_labels region = {0};
  expect(&f, tanlu_labels_add(&region, "all", "All", "", f.nation.context));
  const tanlu_region_datasets datasets = {.regions = 1,
                                          .n = n,
                                          .region = &region,
                                          .dataset = &f.nation.dataset,
                                          .origin = zeros,
                                          .link = zeros,
                                          .output = ones};
  tanlu_regional_model *model = NULL;
  expect(&f, tanlu_regional_model_create(&model, f.nation.model, &datasets, f.nation.context));
  open_regions(&f, model, &datasets);
  project(&f, 1);
  for (int field = 0; field < TANLU_FIELD_COUNT; field++) {
    const size_t count = f.national->size[field] * f.national->years;
    double worst = gap_of_sums(&f, field);
    for (size_t k = 0; k < count; k++) { /* what does not add up is the same too */
      const double nation = f.national->value[field][k], own = f.projection[0]->value[field][k];
      assert_int_equal(isnan(nation), isnan(own));
      if (!isnan(nation) && !tanlu_field_adds_up((tanlu_field_id)field)) {
        worst = fmax(worst, fabs(own - nation) / fmax(fabs(nation), 1e4));
      }
    }
    /* what is built within a year is a difference of capacities: ten times as far off, power's investment among the indicators */
    const bool built =
        field == TANLU_FIELD_CAPACITY_ADDED || field == TANLU_FIELD_INVESTMENT || field == TANLU_FIELD_INDICATOR;
    if (!(worst <= (built ? 1e-9 : 1e-10))) fail_msg("%s differs by %g", tanlu_field_table[field].name, worst);
  }
  close_regions(&f);
  tanlu_regional_model_free(&model);
  tanlu_labels_clear(&region);
  free(ones);
  free(zeros);
  close_nation(&f);
}

static void one_region_is_the_nation(void **state) {
  (void)state;
  static const char *const settings[] = {"years.to=2026"};
  expect_nation("inputs/scenarios/dual-carbon-42.yaml", NULL, 0);
  expect_nation("inputs/scenarios/dual-carbon.yaml", settings, 1);
}

/* ---- equal regions ------------------------------------------------------------------------------------------------------------ */

/* Three regions that are a third of the nation in everything, at equal distances, trade with each other all the same, because
 * FLQ lets small regions buy elsewhere. Nothing tells them apart: each is a third of the nation in every year. */
static void equal_regions_are_equal_parts(void **state) {
  (void)state;
  enum { K = 3 };
  fixture f;
  static const char *const settings[] = {"years.to=2035"};
  open_nation(&f, "inputs/scenarios/dual-carbon-42.yaml", settings, 1);
  tanlu_context *context = f.nation.context;
  const tanlu_dataset *d = f.nation.dataset;
  size_t level = 0;
  while (strcmp(d->level[level].name, "industry3") != 0) level++;
  const size_t n = d->accounts.n, groups = d->level[level].group.count;
  tanlu_labels region = {0};
  expect(&f, tanlu_labels_add(&region, "a", "A", "", context));
  expect(&f, tanlu_labels_add(&region, "b", "B", "", context));
  expect(&f, tanlu_labels_add(&region, "c", "C", "", context));
  double share[K * 200], value[K * 8], distance[K * K], people[K] = {1.0 / K, 1.0 / K, 1.0 / K};
  assert_true(n <= 200 && groups <= 8);
  for (size_t i = 0; i < K * n; i++) share[i] = 1.0 / K;
  for (size_t i = 0; i < K * groups; i++) value[i] = 1.0;
  for (size_t i = 0; i < K * K; i++) distance[i] = i % (K + 1) == 0 ? 0.0 : 100.0;
  tanlu_regional_choice choice = {.name = "thirds",
                                  .title = "Thirds",
                                  .sources = "",
                                  .region = &region,
                                  .distance = distance,
                                  .value_level = level,
                                  .value_added = value,
                                  .households = people,
                                  .share = share,
                                  .quotient = TANLU_QUOTIENT_FLQ,
                                  .delta = 0.3,
                                  .beta = 1.0};
  const tanlu_region_statistics statistics = {
      .choice = &choice, .reports = {.region = &region, .output_share = share, .consumers = people}};
  tanlu_region_datasets *datasets = NULL;
  tanlu_regional_model *model = NULL;
  expect(&f, tanlu_region_datasets_create(&datasets, f.nation.model, &statistics, context));
  expect(&f, tanlu_regional_model_create(&model, f.nation.model, datasets, context));
  open_regions(&f, model, datasets);
  project(&f, 2);
  for (int field = 0; field < TANLU_FIELD_COUNT; field++) {
    const bool sums = field == TANLU_FIELD_INDICATOR || tanlu_field_adds_up((tanlu_field_id)field);
    const double worst = sums ? gap_of_sums(&f, field) : 0.0;
    if (field == TANLU_FIELD_PRODUCT_OUTPUT) continue; /* coal follows mines in regions, what is used in the nation */
    if (!(worst <= 1e-9)) fail_msg("%s of thirds differs from the nation by %g", tanlu_field_table[field].name, worst);
  }
  double sent = 0.0;
  for (size_t k = 0; k < f.own->years * K * K; k++) sent += f.money[k];
  assert_true(sent > 0.0);
  close_regions(&f);
  tanlu_regional_model_free(&model);
  tanlu_region_datasets_free(&datasets);
  tanlu_labels_clear(&region);
  close_nation(&f);
}

/* ---- provinces ---------------------------------------------------------------------------------------------------------------- */

static void open_provinces(fixture *f, tanlu_region_set **set, const char *scenario, const char *level,
                           const char *const *settings, size_t count) {
  open_nation(f, scenario, settings, count);
  tanlu_region_request request = tanlu_region_request_default;
  request.request = (tanlu_regional_request){.name = "china-2020", .level = level};
  expect(f, tanlu_region_set_create(set, f->nation.model, f->nation.dataset, &request, f->nation.context));
  open_regions(f, (*set)->model, (*set)->datasets);
}

static void close_provinces(fixture *f, tanlu_region_set **set) {
  close_regions(f);
  tanlu_region_set_free(set);
  close_nation(f);
}

/* Fields of quantities whose sums over regions have to be the nation's in the base year: its accounts, taken apart. */
static void base_year_adds_up(const fixture *f) {
  for (int field = 0; field < TANLU_FIELD_COUNT; field++) {
    if (!isnan(f->gap[field]) && !(f->gap[field] <= 1e-8)) {
      fail_msg("%s of the base year: sums differ by %g", tanlu_field_table[field].name, f->gap[field]);
    }
  }
}

/* What the table of flows says is what the regions' own accounts say: p sends sum_q flow_pq = the category `other_regions` of its final
 * demand, and all money sent is received. */
static void money_is_in_the_accounts(const fixture *f) {
  const size_t regions = f->datasets->regions, n = f->datasets->n;
  for (size_t t = 0; t < f->own->years; t++) {
    for (size_t p = 0; p < regions; p++) {
      const tanlu_accounts *a = &f->datasets->dataset[p]->accounts;
      const double *use = tanlu_test_field(f->projection[p], TANLU_FIELD_FINAL_DEMAND, t) + (a->category.count - 1) * n;
      double accounts = 0.0, flows = 0.0;
      assert_string_equal(a->category.code[a->category.count - 1], TANLU_OTHER_REGIONS);
      for (size_t i = 0; i < n; i++) accounts += use[i];
      for (size_t q = 0; q < regions; q++) flows += f->money[(t * regions + q) * regions + p];
      assert_near(flows, accounts, 1e-9);
      assert_true(f->money[(t * regions + p) * regions + p] == 0.0);
    }
  }
}

/* Net imports of electricity of a region are primary electricity less what hydro, nuclear, wind and solar plants make; they are its
 * part of the nation's plus what it gets by links less what it sends. Parts of the nation's add up, so that over all regions sent is
 * received; who sends S generates S / (1 - losses), which is S and the losses on the way. */
static void electricity_is_sent_and_received(const fixture *f) {
  const size_t regions = f->datasets->regions;
  const tanlu_dataset *d = f->nation.dataset;
  for (size_t t = 0; t < f->own->years; t++) {
    double abroad = 0.0;
    for (size_t r = 0; r < regions; r++) {
      const double *made = tanlu_test_field(f->projection[r], TANLU_FIELD_GENERATION, t);
      double net = tanlu_test_field(f->projection[r], TANLU_FIELD_PRIMARY_ENERGY, t)[d->energy.electricity];
      for (size_t k = 0; k < d->power.technology.count; k++) {
        if (d->power.source[k] != TANLU_SOURCE_THERMAL) net -= made[k];
      }
      for (size_t p = 0; p < regions; p++) {
        net -= f->electricity[(t * regions + r) * regions + p];
        net += f->electricity[(t * regions + p) * regions + r];
      }
      abroad += net;
    }
    const double nation = tanlu_driver(f->own, TANLU_DRIVER_POWER_IMPORTS, t, 0, 0) * 3600.0;
    assert_near_of(abroad, nation, 1e-9, tanlu_test_sum(f->national, TANLU_FIELD_GENERATION, t));
  }
}

/* Over all regions non-fossil energy is the nation's: what is sent is taken off the sender by its own mix and counts with the receiver;
 * no region has less than none. Own plants' primary electricity and net imports from abroad are left, as in the nation. */
static void nonfossil_energy_adds_up(const fixture *f, size_t t) {
  double sum = 0.0, renewable = 0.0, all = 0.0;
  for (size_t r = 0; r < f->datasets->regions; r++) {
    const double energy = tanlu_test_indicator(f->projection[r], TANLU_INDICATOR_ENERGY, t);
    const double share = tanlu_test_indicator(f->projection[r], TANLU_INDICATOR_NONFOSSIL, t);
    if (!(share > 0.0 && share < 1.0)) fail_msg("%s: %g", f->datasets->region->code[r], share);
    sum += energy * share;
    renewable += energy * tanlu_test_indicator(f->projection[r], TANLU_INDICATOR_RENEWABLE, t);
    all += energy;
  }
  assert_near(sum / all, tanlu_test_indicator(f->national, TANLU_INDICATOR_NONFOSSIL, t), t == 0 ? 1e-9 : 0.02);
  assert_near(renewable / all, tanlu_test_indicator(f->national, TANLU_INDICATOR_RENEWABLE, t), t == 0 ? 1e-9 : 0.02);
}

/* 31 provinces of the dual-carbon path to 2026. They are not the nation in small, so that sums leave its own path by little, not by
 * nothing; what they trade, send and receive adds up. */
static void provinces_tie_up(void **state) {
  (void)state;
  fixture f;
  tanlu_region_set *set = NULL;
  static const char *const settings[] = {"years.to=2026"};
  open_provinces(&f, &set, "inputs/scenarios/dual-carbon-42.yaml", NULL, settings, 1);
  assert_int_equal(f.datasets->regions, 31);
  project(&f, 2);
  base_year_adds_up(&f);
  money_is_in_the_accounts(&f);
  electricity_is_sent_and_received(&f);
  nonfossil_energy_adds_up(&f, 0);
  nonfossil_energy_adds_up(&f, f.own->years - 1);
  for (int field = 0; field < TANLU_FIELD_COUNT; field++) {
    const bool built =
        field == TANLU_FIELD_CAPACITY_ADDED || field == TANLU_FIELD_INVESTMENT; /* differences of years */
    const double worst = f.gap[(f.own->years - 1) * TANLU_FIELD_COUNT + (size_t)field];
    if (!isnan(worst) && field != TANLU_FIELD_INDICATOR && !built && !(worst < 0.01)) {
      fail_msg("%s of provinces is %g from the nation's in 2026", tanlu_field_table[field].name, worst);
    }
  }
  const double gdp = f.gap[(f.own->years - 1) * TANLU_FIELD_COUNT + TANLU_FIELD_VALUE_ADDED];
  assert_true(gdp > 1e-6); /* provinces do differ from the nation in small */
  close_provinces(&f, &set);
}

/* The same of 153 sectors, the base year and the next alone. */
static void provinces_of_153_sectors(void **state) {
  (void)state;
  fixture f;
  tanlu_region_set *set = NULL;
  static const char *const settings[] = {"years.to=2021"};
  open_provinces(&f, &set, "inputs/scenarios/dual-carbon.yaml", NULL, settings, 1);
  assert_int_equal(f.datasets->regions, 31);
  assert_int_equal(f.datasets->n, 153);
  project(&f, 2);
  base_year_adds_up(&f);
  money_is_in_the_accounts(&f);
  electricity_is_sent_and_received(&f);
  nonfossil_energy_adds_up(&f, 0);
  close_provinces(&f, &set);
}

/* ---- who leads -------------------------------------------------------------------------------------------------------------- */

/* Scaled to the nation's path, every member of every field that adds up does so, and ratios are those of what was scaled. */
static void the_nation_leads(void **state) {
  (void)state;
  fixture f;
  tanlu_region_set *set = NULL;
  static const char *const settings[] = {"years.to=2028"};
  open_provinces(&f, &set, "inputs/scenarios/dual-carbon-42.yaml", "grid", settings, 1);
  f.problem.lead = TANLU_LEAD_NATION;
  project(&f, 1);
  for (int field = 0; field < TANLU_FIELD_COUNT; field++) {
    if (field != TANLU_FIELD_INDICATOR && !tanlu_field_adds_up((tanlu_field_id)field)) continue;
    const double worst = gap_of_sums(&f, field);
    if (!(worst <= 1e-12)) fail_msg("%s does not add up: %g", tanlu_field_table[field].name, worst);
  }
  assert_true(f.gap[8 * TANLU_FIELD_COUNT + TANLU_FIELD_CO2] > 1e-7); /* before: told, not hidden */
  for (size_t r = 0; r < f.datasets->regions; r++) {
    const tanlu_projection *p = f.projection[r];
    const double gdp = tanlu_test_indicator(p, TANLU_INDICATOR_GDP, 8),
                 co2 = tanlu_test_indicator(p, TANLU_INDICATOR_CO2_ENERGY, 8);
    assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_PER_GDP, 8), 100.0 * co2 / gdp, 1e-12);
    const double process = tanlu_test_indicator(p, TANLU_INDICATOR_CO2_PROCESS, 8),
                 sinks = tanlu_test_indicator(p, TANLU_INDICATOR_CO2_SINKS, 8);
    assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_TOTAL, 8), co2 + process, 1e-13);
    assert_near_of(tanlu_test_indicator(p, TANLU_INDICATOR_CO2_NET, 8), co2 + process - sinks, 1e-13, co2);
    assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_WIND_SOLAR, 8),
                tanlu_test_indicator(p, TANLU_INDICATOR_WIND_CAPACITY, 8) +
                    tanlu_test_indicator(p, TANLU_INDICATOR_SOLAR_CAPACITY, 8),
                1e-13);
    assert_near(tanlu_test_indicator(p, TANLU_INDICATOR_GDP_INDEX, 8),
                gdp / tanlu_test_indicator(p, TANLU_INDICATOR_GDP, 0), 1e-12);
  }
  close_provinces(&f, &set);
}

/* A grid whose growth is a point higher has a GDP so much higher, the others keep theirs; it uses more and buys more from each of
 * the others. Bits do not depend on threads. */
static void one_region_grows_faster(void **state) {
  (void)state;
  fixture f;
  tanlu_region_set *set = NULL;
  static const char *const settings[] = {"years.to=2028"};
  open_provinces(&f, &set, "inputs/scenarios/dual-carbon-42.yaml", "grid", settings, 1);
  const size_t regions = f.datasets->regions, years = f.own->years, last = years - 1;
  project(&f, 2);
  double *before = calloc(years * regions * regions, sizeof *before), gdp[MOST], co2[MOST];
  assert_non_null(before);
  memcpy(before, f.money, years * regions * regions * sizeof *before);
  for (size_t r = 0; r < regions; r++) {
    gdp[r] = tanlu_test_indicator(f.projection[r], TANLU_INDICATOR_GDP, last);
    co2[r] = tanlu_test_indicator(f.projection[r], TANLU_INDICATOR_CO2_TOTAL, last);
  }
  project(&f, 1);
  assert_memory_equal(f.money, before, years * regions * regions * sizeof *before);
  double index = 1.0;
  for (size_t t = 5; t < years; t++) { /* after the history */
    double *growth = &f.drivers[2]->value[TANLU_DRIVER_GDP_GROWTH][t];
    index *= (1.0 + (*growth + 1.0) / 100.0) / (1.0 + *growth / 100.0);
    *growth += 1.0;
  }
  project(&f, 2);
  for (size_t r = 0; r < regions; r++) {
    const double now = tanlu_test_indicator(f.projection[r], TANLU_INDICATOR_GDP, last);
    assert_near(now, r == 2 ? gdp[r] * index : gdp[r], 1e-9);
  }
  assert_true(tanlu_test_indicator(f.projection[2], TANLU_INDICATOR_CO2_TOTAL, last) > co2[2]);
  for (size_t p = 0; p < regions; p++) {
    const size_t at = (last * regions + 2) * regions + p;
    if (p != 2) assert_true(f.money[at] > before[at]);
  }
  free(before);
  close_provinces(&f, &set);
}

/* One province and the rest: each has but the other to trade with, what one sends the other receives, and both reach their GDP; a faster
 * province takes nothing from the GDP of the rest. */
static void one_against_the_rest(void **state) {
  (void)state;
  fixture f;
  tanlu_region_set *set = NULL;
  static const char *const settings[] = {"years.to=2028"};
  open_nation(&f, "inputs/scenarios/dual-carbon-42.yaml", settings, 1);
  tanlu_region_request request = tanlu_region_request_default;
  request.request = (tanlu_regional_request){.name = "china-2020", .region = "guangdong"};
  expect(&f, tanlu_region_set_create(&set, f.nation.model, f.nation.dataset, &request, f.nation.context));
  open_regions(&f, set->model, set->datasets);
  assert_int_equal(f.datasets->regions, 2);
  for (size_t t = 5; t < f.own->years; t++) f.drivers[0]->value[TANLU_DRIVER_GDP_GROWTH][t] += 1.0;
  project(&f, 2);
  base_year_adds_up(&f);
  money_is_in_the_accounts(&f);
  for (size_t r = 0; r < 2; r++) {
    double index = 1.0;
    for (size_t t = 1; t < f.own->years; t++) index *= 1.0 + f.drivers[r]->value[TANLU_DRIVER_GDP_GROWTH][t] / 100.0;
    assert_near(tanlu_test_indicator(f.projection[r], TANLU_INDICATOR_GDP, f.own->years - 1),
                index * tanlu_test_indicator(f.projection[r], TANLU_INDICATOR_GDP, 0), 1e-9);
  }
  close_provinces(&f, &set);
}

/* The coast and the inland, of which each buys from the other alone: nothing can turn to somebody else, and GDP follows all the same,
 * with growth of their own too. */
static void two_regions_grow_as_they_say(void **state) {
  (void)state;
  fixture f;
  tanlu_region_set *set = NULL;
  static const char *const settings[] = {"years.to=2030"};
  open_provinces(&f, &set, "inputs/scenarios/dual-carbon-42.yaml", "coast", settings, 1);
  const size_t regions = f.datasets->regions, years = f.own->years;
  assert_int_equal(regions, 2);
  for (size_t t = 5; t < years; t++) f.drivers[1]->value[TANLU_DRIVER_GDP_GROWTH][t] += 0.5; /* after the history */
  project(&f, 1);
  for (size_t r = 0; r < regions; r++) {
    double gdp = tanlu_test_indicator(f.projection[r], TANLU_INDICATOR_GDP, 0);
    for (size_t t = 1; t < years; t++) {
      gdp *= 1.0 + f.drivers[r]->value[TANLU_DRIVER_GDP_GROWTH][t] / 100.0;
      assert_near(tanlu_test_indicator(f.projection[r], TANLU_INDICATOR_GDP, t), gdp, 1e-8);
    }
  }
  base_year_adds_up(&f);
  money_is_in_the_accounts(&f);
  electricity_is_sent_and_received(&f);
  close_provinces(&f, &set);
}

/* ---- what cannot be ----------------------------------------------------------------------------------------------------------- */

static void changed_imports_are_refused(void **state) {
  (void)state;
  fixture f;
  tanlu_region_set *set = NULL;
  static const char *const settings[] = {"years.to=2026", "imports.all=0.9"};
  open_provinces(&f, &set, "inputs/scenarios/dual-carbon-42.yaml", "grid", settings, 2);
  assert_int_equal(tanlu_regional_project(f.model, &f.problem, 1, 1, NULL, NULL, f.nation.context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(f.nation.context, "`imports` is 0.9"));
  close_provinces(&f, &set);
}

/* Growth that no accounts can follow: the error names scenario, region and year. */
static void a_region_that_fails_is_named(void **state) {
  (void)state;
  fixture f;
  tanlu_region_set *set = NULL;
  static const char *const settings[] = {"years.to=2027"};
  open_provinces(&f, &set, "inputs/scenarios/dual-carbon-42.yaml", "grid", settings, 1);
  for (size_t j = 0; j < f.drivers[1]->size[TANLU_DRIVER_INTENSITY]; j++) { /* energy that nobody can pay for */
    f.drivers[1]->value[TANLU_DRIVER_INTENSITY][7 * f.drivers[1]->size[TANLU_DRIVER_INTENSITY] + j] = 90.0;
  }
  assert_int_equal(tanlu_regional_project(f.model, &f.problem, 1, 1, NULL, NULL, f.nation.context), TANLU_ERR_MODEL);
  assert_true(tanlu_test_has_message(f.nation.context, "scenario test: region "));
  assert_true(tanlu_test_has_message(f.nation.context, f.datasets->region->code[1]));
  assert_true(tanlu_test_has_message(f.nation.context, "year 2027"));
  close_provinces(&f, &set);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_region_is_the_nation),
      cmocka_unit_test(equal_regions_are_equal_parts),
      cmocka_unit_test(provinces_tie_up),
      cmocka_unit_test(provinces_of_153_sectors),
      cmocka_unit_test(the_nation_leads),
      cmocka_unit_test(one_against_the_rest),
      cmocka_unit_test(one_region_grows_faster),
      cmocka_unit_test(two_regions_grow_as_they_say),
      cmocka_unit_test(changed_imports_are_refused),
      cmocka_unit_test(a_region_that_fails_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
