/* Technology routes: their effect by hand on the tiny dataset of tests/support.h, conservation and direction on the shipped one, and
 * input that is wrong. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/scenario_file.h"
#include "inputs/sweep_file.h"
#include "model/indicators.h"
#include "model/projection.h"
#include "model/routes.h"
#include "solvers/blas.h"
#include "tests/support.h"

typedef struct {
  char dir[TANLU_TEST_PATH], tiny[TANLU_TEST_PATH + 16];
  tanlu_context *context;
  tanlu_dataset *dataset, *china;
  tanlu_model *model; /* of china */
  tanlu_scenario *scenario;
} fixture;

#define COLUMNS "process,route,item,member,value,unit,source\n"
/* 0.001 Mt: 1 GJ/t is 1 TJ a year. */
#define PROCESS "making,,group,none goods,,,made up\nmaking,,output,,0.001,Mt,made up\n"
#define FURNACE                                                                                                        \
  "making,furnace,share,,0.8,1,made up\nmaking,furnace,final,coal,100,GJ/t,made up\n"                                  \
  "making,furnace,final,coke,150,GJ/t,made up\nmaking,furnace,final,electricity,50,GJ/t,made up\n"                     \
  "making,furnace,feedstock,gas,5,GJ/t,made up\nmaking,furnace,process,calcination,0.4,t/t,made up\n"
#define ELECTRIC "making,electric,share,,0.2,1,made up\nmaking,electric,final,electricity,150,GJ/t,made up\n"
#define HYDROGEN                                                                                                       \
  "making,hydrogen,share,,0,1,made up\nmaking,hydrogen,final,hydrogen,100,GJ/t,made up\n"                              \
  "making,hydrogen,capture,,0.5,1,made up\n"
#define ROUTES COLUMNS PROCESS FURNACE ELECTRIC HYDROGEN

/* Three lines that every scenario begins with. Knots begin in 2023. */
#define HEAD "name: s\ndataset: ./tiny\nyears: {from: 2020, to: 2030}\n"
enum { GOODS = 1 };

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  *state = f;
  (void)tanlu_blas_serial();
  f->context = tanlu_context_create();
  if (tanlu_test_temp_dir(f->dir)) return 1;
  snprintf(f->tiny, sizeof f->tiny, "%s/tiny", f->dir);
  if (tanlu_test_write_dataset(f->tiny) ||
      tanlu_test_edit(f->tiny, "dataset.yaml", "sources:", "policy: {routes: routes.csv}\nsources:")) {
    return 1;
  }
  return tanlu_dataset_read(&f->china, "inputs/data/china-2020", f->context) != TANLU_OK ||
         tanlu_model_create(&f->model, f->china, f->context) != TANLU_OK;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_scenario_free(&f->scenario);
  tanlu_model_free(&f->model);
  tanlu_dataset_free(&f->dataset);
  tanlu_dataset_free(&f->china);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->dir);
  free(f);
  return 0;
}

static tanlu_status open_tiny(fixture *f, const char *routes) {
  tanlu_context_clear(f->context);
  tanlu_dataset_free(&f->dataset);
  assert_int_equal(tanlu_test_write_file(f->tiny, "routes.csv", routes), 0);
  return tanlu_dataset_read(&f->dataset, f->tiny, f->context);
}

static tanlu_status read_text(fixture *f, const tanlu_dataset *dataset, const char *text) {
  char path[TANLU_TEST_PATH + 16];
  tanlu_scenario_free(&f->scenario);
  tanlu_context_clear(f->context);
  assert_int_equal(tanlu_test_write_file(f->dir, "s.yaml", text), 0);
  snprintf(path, sizeof path, "%s/s.yaml", f->dir);
  const tanlu_status status = tanlu_scenario_read(&f->scenario, path, NULL, 0, f->context);
  return status == TANLU_OK ? tanlu_scenario_resolve(f->scenario, dataset, f->context) : status;
}

static void good(fixture *f, const tanlu_dataset *dataset, const char *text) {
  const tanlu_status status = read_text(f, dataset, text);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
}

static double value(const fixture *f, tanlu_driver_id id, int year, size_t a, size_t b) {
  return tanlu_driver(f->scenario->drivers, id, (size_t)(year - 2020), a, b);
}

/* A few roundings of numbers near one. */
static void near(double actual, double expected) {
  if (!(fabs(actual - expected) <= 1e-13 * fmax(1.0, fabs(expected)))) {
    fail_msg("%.17g, expected %.17g", actual, expected);
  }
}

static void near_mix(const fixture *f, int year, const double useful[TANLU_CLASS_COUNT]) {
  double total = 0.0;
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) total += useful[k];
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) {
    near(value(f, TANLU_DRIVER_MIX_SHARE, year, GOODS, k), useful[k] / total);
  }
}

/* ---- by hand ----------------------------------------------------------------------------------------------------------- */

/* Useful energy of goods in the base year, TJ: coal 120, coke 60, oil 12.5, gas 40, biomass 5, electricity 225, heat 57: 519.5.
 * Furnaces at their share of 0.8 take coal 48, coke 72 (more than the 60 there are: scale 5/6) and electricity 36, electric ones
 * electricity 27; the rest is coal 72, coke 0, electricity 162 and the others. With 0.4 of furnaces and 0.6 electric: coal 24 + 72,
 * coke 30, electricity 18 + 81 + 162. */
static void a_change_by_hand(void **state) {
  fixture *f = *state;
  assert_int_equal(open_tiny(f, ROUTES), TANLU_OK);
  good(f, f->dataset,
       HEAD "routes: {making: {share: {electric: {2026: 0.6}, balance: furnace}}}\n"
            "energy: {intensity: {goods: {2026: 0.8}}}\nprocess: {calcination: {2026: 0.9}}\n");
  double scale[TANLU_CLASS_COUNT], fuel[TANLU_CLASS_COUNT];
  tanlu_routes_scale(f->dataset, GOODS, scale, fuel);
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) {
    near(scale[k], k == TANLU_CLASS_COKE ? 5.0 / 6.0 : 1.0);
    near(fuel[k], 1.0);
  }
  const double useful[TANLU_CLASS_COUNT] = {
      [TANLU_CLASS_COAL] = 96.0, [TANLU_CLASS_COKE] = 30.0,   [TANLU_CLASS_OIL] = 12.5,
      [TANLU_CLASS_GAS] = 40.0,  [TANLU_CLASS_BIOMASS] = 5.0, [TANLU_CLASS_ELECTRICITY] = 261.0,
      [TANLU_CLASS_HEAT] = 57.0};
  near_mix(f, 2026, useful);
  near_mix(f, 2030, useful);
  assert_true(isnan(value(f, TANLU_DRIVER_MIX_SHARE, 2022, GOODS, 0))); /* the record stays */
  assert_true(isnan(value(f, TANLU_DRIVER_MIX_SHARE, 2026, 0, 0)));
  near(value(f, TANLU_DRIVER_INTENSITY, 2022, GOODS, 0), 1.0);
  near(value(f, TANLU_DRIVER_INTENSITY, 2026, GOODS, 0), 0.8 * 501.5 / 519.5);
  near(value(f, TANLU_DRIVER_FEEDSTOCK, 2026, GOODS, 0), 1.0 - 0.4 * 5.0 / 10.0);
  near(value(f, TANLU_DRIVER_PROCESS_FACTOR, 2026, 0, 0), 0.9 * 0.5);
  near(value(f, TANLU_DRIVER_CAPTURE, 2026, GOODS, 0), 0.0);
  /* half of the way in 2024 */
  near(value(f, TANLU_DRIVER_PROCESS_FACTOR, 2024, 0, 0), 0.95 * 0.75);
}

/* energy.mix rules what routes do not: half of the rest's coal, 36 TJ, goes to hydrogen by a quarter and to electricity. */
static void the_rest_follows_the_mix(void **state) {
  fixture *f = *state;
  assert_int_equal(open_tiny(f, ROUTES), TANLU_OK);
  good(f, f->dataset,
       HEAD "routes: {making: {share: {electric: {2026: 0.6}, balance: furnace}}}\n"
            "energy: {mix: {all: {retain: {coal: {2026: 0.5}}, gain: {hydrogen: {2023: 0.25}, balance: "
            "electricity}}}}\n");
  const double useful[TANLU_CLASS_COUNT] = {
      [TANLU_CLASS_COAL] = 60.0, [TANLU_CLASS_COKE] = 30.0,   [TANLU_CLASS_OIL] = 12.5,
      [TANLU_CLASS_GAS] = 40.0,  [TANLU_CLASS_BIOMASS] = 5.0, [TANLU_CLASS_ELECTRICITY] = 288.0,
      [TANLU_CLASS_HEAT] = 57.0, [TANLU_CLASS_HYDROGEN] = 9.0};
  near_mix(f, 2026, useful);
  near(value(f, TANLU_DRIVER_INTENSITY, 2026, GOODS, 0), 501.5 / 519.5);
}

/* A new carrier and capture: 0.1 of furnaces gives way to hydrogen, 10 TJ final and 8 TJ useful; half of a tenth is captured. */
static void hydrogen_and_capture(void **state) {
  fixture *f = *state;
  assert_int_equal(open_tiny(f, ROUTES), TANLU_OK);
  good(f, f->dataset, HEAD "routes: {making: {share: {hydrogen: 0.1, balance: furnace}}}\n");
  const double useful[TANLU_CLASS_COUNT] = {
      [TANLU_CLASS_COAL] = 114.0, [TANLU_CLASS_COKE] = 52.5,   [TANLU_CLASS_OIL] = 12.5,
      [TANLU_CLASS_GAS] = 40.0,   [TANLU_CLASS_BIOMASS] = 5.0, [TANLU_CLASS_ELECTRICITY] = 220.5,
      [TANLU_CLASS_HEAT] = 57.0,  [TANLU_CLASS_HYDROGEN] = 8.0};
  near_mix(f, 2023, useful);
  near(value(f, TANLU_DRIVER_CAPTURE, 2023, GOODS, 0), 0.05);
  near(value(f, TANLU_DRIVER_CAPTURE, 2022, GOODS, 0), 0.0);
}

/* ---- the shipped data -------------------------------------------------------------------------------------------------- */

static tanlu_projection *project(fixture *f) {
  tanlu_projection *p = NULL;
  const tanlu_drivers *d = f->scenario->drivers;
  assert_int_equal(tanlu_projection_create(&p, f->china, d->from, d->years, f->context), TANLU_OK);
  const tanlu_status status = tanlu_project(f->model, d, "test", p, NULL, NULL, f->context);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
  return p;
}

#define KEEP                                                                                                           \
  "routes: {steel: {share: {electric_arc: 0.104, balance: blast_furnace}}, cement: {share: {low_clinker: 0, "          \
  "balance: dry_kiln}},\n  aluminium: {share: {recycled: 0.16636541, balance: primary}}, ammonia: {share: {gas: "      \
  "0.22, balance: coal}},\n  methanol: {share: {gas: 0.2, balance: coal}}}\n"
/* The reference with the mix of 2024 for ever: then routes at base-year shares say what is so anyway. */
#define STILL                                                                                                          \
  "name: s\nparent: reference\nenergy: {mix: {all: {retain: {coal: 0.93, oil: 0.9, coke: 0.985, gas: 1}, "             \
  "gain: {hydrogen: 0, biomass: 0.02, balance: electricity}}}}\n"

/* Base-year shares for ever change nothing: no driver but the mix, which is now a path, and no result. */
static void base_year_shares_change_nothing(void **state) {
  fixture *f = *state;
  good(f, f->china, STILL);
  tanlu_projection *without = project(f);
  tanlu_scenario *plain = f->scenario;
  f->scenario = NULL;
  good(f, f->china, STILL KEEP);
  tanlu_projection *with = project(f);
  for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
    const tanlu_drivers *a = plain->drivers, *b = f->scenario->drivers;
    if (id == TANLU_DRIVER_MIX_SHARE || id == TANLU_DRIVER_ROUTE_SHARE) continue;
    for (size_t i = 0; i < a->years * a->size[id]; i++) {
      if (isnan(a->value[id][i]) && isnan(b->value[id][i])) continue;
      if (!(fabs(a->value[id][i] - b->value[id][i]) <= 1e-13 * fmax(1.0, fabs(a->value[id][i])))) {
        fail_msg("%s: %.17g became %.17g", tanlu_driver_table[id].path, a->value[id][i], b->value[id][i]);
      }
    }
  }
  /* the equilibrium is solved to 1e-10; both take the same steps, so that differences are roundings of the drivers */
  for (size_t i = 0; i < with->years * with->size[TANLU_FIELD_INDICATOR]; i++) {
    const double a = without->value[TANLU_FIELD_INDICATOR][i], b = with->value[TANLU_FIELD_INDICATOR][i];
    const size_t id = i % TANLU_INDICATOR_COUNT;
    if (isnan(a) && isnan(b)) continue;
    if (id == TANLU_INDICATOR_ELECTRIC_ARC || id == TANLU_INDICATOR_RECYCLED_ALUMINIUM) continue; /* new */
    if (!(fabs(a - b) <= 1e-12 * fmax(1.0, fabs(a))))
      fail_msg("%s: %.17g became %.17g", tanlu_indicator(id)->code, a, b);
  }
  tanlu_projection_free(&with);
  tanlu_projection_free(&without);
  tanlu_scenario_free(&plain);
}

/* Final energy of the steel sectors in the last year by class, TJ. */
static double steel_use(const fixture *f, const tanlu_projection *p, tanlu_carrier_class cls) {
  const size_t n = f->china->accounts.n, carriers = f->china->energy.carrier.label.count;
  const tanlu_level *policy = &f->china->level[f->china->policy_level];
  const double *final = p->value[TANLU_FIELD_FINAL_ENERGY] + (p->years - 1) * p->size[TANLU_FIELD_FINAL_ENERGY];
  double sum = 0.0;
  for (size_t c = 0; c < carriers; c++) {
    for (size_t j = 0; j < n && f->china->energy.carrier.cls[c] == cls; j++) {
      if (strcmp(policy->group.code[policy->of_sector[j]], "iron_steel") == 0) sum += final[c * n + j];
    }
  }
  return sum;
}

/* More electric arc steel: less coke and coal, more electricity, less CO2, step by step; and the coke of all blast furnaces goes in
 * proportion to them: 0.896 of them took all but a rest that stays. */
static void more_electric_arc_steel(void **state) {
  static const double share[] = {0.104, 0.3, 0.5, 0.8};
  fixture *f = *state;
  double coke[4], power[4], co2[4];
  for (int k = 0; k < 4; k++) {
    char text[512];
    snprintf(text, sizeof text, STILL "routes: {steel: {share: {electric_arc: {2060: %g}, balance: blast_furnace}}}\n",
             share[k]);
    good(f, f->china, text);
    tanlu_projection *p = project(f);
    coke[k] = steel_use(f, p, TANLU_CLASS_COKE);
    power[k] = steel_use(f, p, TANLU_CLASS_ELECTRICITY);
    const double *indicator = p->value[TANLU_FIELD_INDICATOR] + (p->years - 1) * TANLU_INDICATOR_COUNT;
    near(indicator[TANLU_INDICATOR_ELECTRIC_ARC], share[k]);
    assert_true(isnan(indicator[TANLU_INDICATOR_RECYCLED_ALUMINIUM])); /* no routes of it are given */
    co2[k] = indicator[TANLU_INDICATOR_CO2_TOTAL];
    tanlu_projection_free(&p);
    if (k == 0) continue;
    assert_true(coke[k] < coke[k - 1] && power[k] > power[k - 1] && co2[k] < co2[k - 1]);
  }
  const double slope = (coke[1] - coke[0]) / (share[1] - share[0]);
  for (int k = 2; k < 4; k++) {
    const double expected = coke[0] + slope * (share[k] - share[0]);
    assert_true(fabs(coke[k] - expected) < 1e-6 * coke[0]);
  }
}

/* The drivers of a sample that moves routes, tiers, capacity, mix and intensity are those of its text read anew, bit by bit. */
static void samples_are_resolved_in_full(void **state) {
  static const char sweep[] =
      "name: w\nscenario: dual-carbon-routes\ndesign: monte-carlo\nsamples: 60\nseed: 5\nparameters:\n"
      "  - {path: routes.steel.share.electric_arc, mode: scale, distribution: {uniform: [0.5, 1.6]}}\n"
      "  - {path: routes.aluminium.share.recycled.2045, mode: replace, distribution: {uniform: [0.1, 0.6]}}\n"
      "  - {path: efficiency_tiers.all, mode: scale, distribution: {uniform: [0.1, 2]}}\n"
      "  - {path: capacity.crude_steel.start, mode: scale, distribution: {uniform: [0.8, 1.2]}}\n"
      "  - {path: products.crude_steel, mode: scale, distribution: {uniform: [0.8, 1.1]}}\n"
      "  - {path: energy.intensity.iron_steel.trend, mode: add, distribution: {uniform: [-1, 1]}}\n"
      "  - {path: energy.mix.all.retain.coal, mode: scale, distribution: {uniform: [0.5, 1.2]}}\n"
      "  - {path: process.cement, mode: scale, distribution: {uniform: [0.5, 1]}}\n";
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 16];
  tanlu_sweep *s = NULL;
  tanlu_sweep_worker *w = NULL;
  size_t allowed = 0;
  assert_int_equal(tanlu_test_write_file(f->dir, "w.yaml", sweep), 0);
  snprintf(path, sizeof path, "%s/w.yaml", f->dir);
  assert_int_equal(tanlu_sweep_read(&s, path, f->context), TANLU_OK);
  assert_int_equal(tanlu_sweep_bind(s, f->china, f->context), TANLU_OK);
  assert_int_equal(tanlu_sweep_worker_create(&w, s, f->china, f->context), TANLU_OK);
  for (size_t i = 0; i < s->samples; i++) {
    double drawn[16];
    char *text = NULL;
    tanlu_drivers *fast = NULL;
    tanlu_scenario *alone = NULL;
    tanlu_sweep_draw(s, i, drawn);
    const tanlu_status status = tanlu_sweep_drivers(w, drawn, NULL, &fast, f->context);
    assert_int_equal(tanlu_sweep_worker_text(w, drawn, &text, f->context), TANLU_OK);
    assert_int_equal(tanlu_scenario_read_text(&alone, text, "sample", f->context), TANLU_OK);
    assert_int_equal(tanlu_scenario_resolve(alone, f->china, f->context), status);
    for (size_t id = 0; status == TANLU_OK && id < TANLU_DRIVER_COUNT; id++) {
      const size_t bytes = fast->years * fast->size[id] * sizeof(double);
      if (memcmp(fast->value[id], alone->drivers->value[id], bytes) != 0) {
        fail_msg("'%s' differs", tanlu_driver_table[id].path);
      }
    }
    allowed += status == TANLU_OK;
    tanlu_drivers_free(&fast);
    tanlu_scenario_free(&alone);
    free(text);
  }
  assert_in_range(allowed, 10, 59); /* some come without room for the balance, or with too little capacity */
  tanlu_sweep_worker_free(&w);
  tanlu_sweep_free(&s);
}

/* ---- wrong input ------------------------------------------------------------------------------------------------------- */

static void wrong_keys(void **state) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"routes: {makin: {share: {electric: 0.6, balance: furnace}}}\n",
       "s.yaml:4:10: error: unknown process with routes 'makin'; did you mean 'making'?"},
      {"routes: {making: {share: {electrik: 0.6, balance: furnace}}}\n",
       "s.yaml:4:27: error: unknown route 'electrik'; did you mean 'electric'?"},
      {"routes: {making: {share: {other_way: 0.6, balance: furnace}}}\n",
       "s.yaml:4:27: error: 'other_way' is no route of 'making'; expected one of furnace, electric, hydrogen"},
      {"routes: {making: {share: {electric: 0.6, balance: other_way}}}\n",
       "s.yaml:4:51: error: 'other_way' is no route of 'making'; expected one of furnace, electric, hydrogen"},
      {"routes: {making: {share: {electric: 1.2, balance: furnace}}}\n",
       "s.yaml:4:37: error: 1.2 is outside the bounds; expected 0 to 1"},
      {"routes: {making: {share: {electric: 0.6}}}\n",
       "s.yaml:4:19: error: the shares of 'share' name no `balance`, the member that takes the rest"},
      {"routes: {making: {share: {electric: 0.6, hydrogen: {2025: 0.6}, balance: furnace}}}\n",
       "s.yaml:4:74: error: the shares of 'routes.*.share.*' add up to 1.2 in 2025"},
      {"routes: {making: {shares: {electric: 0.6, balance: furnace}}}\n",
       "s.yaml:4:19: error: unknown key 'shares'; did you mean 'share'?"},
      {"routes: {making: {share: {electric: {2022: 0.6}, balance: furnace}}}\n",
       "s.yaml:4:38: error: knot 2022 lies in the recorded history"},
      {"routes: {making: {share: {electric: 0.6, balance: furnace}}}\n"
       "energy: {mix: {goods: {share: {coal: 0.1, balance: electricity}}}}\n",
       "s.yaml:4:19: error: the routes of 'making' set the energy mix of group 'goods', and so does "
       "energy.mix.*.share.* ("},
      {"routes: {making: {share: {electric: 0.6, balance: furnace}}}\n"
       "energy: {mix: {goods: {retain: {coal: 0.1}}}}\n",
       "s.yaml:5); expected one of them"},
      {"routes: {making: {share: {hydrogen: 0.2, balance: furnace}}}\ncapture: {goods: 0.3}\n",
       "s.yaml:4:19: error: the routes of 'making' set the capture of group 'goods', and so does capture.* ("},
  };
  fixture *f = *state;
  assert_int_equal(open_tiny(f, ROUTES "other,,group,goods,,,made up\nother,,output,,1,Mt,made up\n"
                                       "other,other_way,share,,1,1,made up\n"),
                   TANLU_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[512];
    snprintf(text, sizeof text, HEAD "%s", cases[i].text);
    assert_int_equal(read_text(f, f->dataset, text), TANLU_ERR_INPUT);
    assert_true(tanlu_test_has_message(f->context, cases[i].message));
    assert_null(f->scenario ? f->scenario->drivers : NULL);
  }
  /* capture beside routes that do not capture is no contradiction */
  good(f, f->dataset, HEAD "routes: {making: {share: {electric: 0.6, balance: furnace}}}\ncapture: {goods: 0.3}\n");
  near(value(f, TANLU_DRIVER_CAPTURE, 2030, GOODS, 0), 0.3);
}

static void wrong_files(void **state) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {COLUMNS PROCESS FURNACE,
       "routes.csv:2:1: error: the shares of the routes of 'making' add up to 0.8; expected 1"},
      {COLUMNS "making,,group,goods,,,made up\n" FURNACE ELECTRIC,
       "routes.csv:2:1: error: process 'making' has no output in the base year"},
      {COLUMNS PROCESS FURNACE ELECTRIC "making,other,final,coal,1,GJ/t,made up\n",
       "routes.csv:12:2: error: route 'other' of 'making' has no share in the base year; expected one, if 0"},
      {COLUMNS PROCESS FURNACE ELECTRIC "making,electric,final,goal,1,GJ/t,made up\n", "routes.csv:12:4: error: "},
      {COLUMNS PROCESS FURNACE ELECTRIC "making,electric,process,lime,1,t/t,made up\n", "routes.csv:12:4: error: "},
      {COLUMNS PROCESS FURNACE ELECTRIC "making,electric,finale,coal,1,GJ/t,made up\n", "routes.csv:12:3: error: "},
      {COLUMNS PROCESS FURNACE ELECTRIC "making,electric,final,coal,1,MJ/t,made up\n",
       "routes.csv:12:6: error: unit 'MJ/t' of final; expected 'GJ/t'"},
      {COLUMNS PROCESS FURNACE ELECTRIC "making,electric,final,coal,-1,GJ/t,made up\n", "routes.csv:12:5: error: "},
      {COLUMNS PROCESS FURNACE ELECTRIC "making,electric,final,coal,1,GJ/t,\n",
       "routes.csv:12:7: error: a number needs a source"},
      {COLUMNS PROCESS FURNACE ELECTRIC "making,electric,final,electricity,1,GJ/t,made up\n",
       "routes.csv:12:3: error: a second value; the first is in line 11"},
      {COLUMNS PROCESS FURNACE ELECTRIC "making,,share,,1,1,made up\n",
       "routes.csv:12:2: error: 'share' belongs to a route; expected a route"},
      {COLUMNS PROCESS "making,a,share,,1,1,x\nmaking,b,share,,0,1,x\nmaking,b,process,calcination,1,t/t,x\n",
       "routes.csv:2:1: error: no route of 'making' in use emits 'calcination' in the base year; expected one"},
  };
  fixture *f = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(open_tiny(f, cases[i].text), TANLU_ERR_INPUT);
    assert_true(tanlu_test_has_message(f->context, cases[i].message));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_change_by_hand),
      cmocka_unit_test(the_rest_follows_the_mix),
      cmocka_unit_test(hydrogen_and_capture),
      cmocka_unit_test(base_year_shares_change_nothing),
      cmocka_unit_test(more_electric_arc_steel),
      cmocka_unit_test(samples_are_resolved_in_full),
      cmocka_unit_test(wrong_keys),
      cmocka_unit_test(wrong_files),
  };
  return cmocka_run_group_tests_name("routes", tests, set_up, tear_down);
}
