/* Efficiency tiers: the chain and its effect by hand on the tiny dataset of tests/support.h, what the policy documents say on the
 * shipped ones, and input that is wrong. */
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
#include "model/efficiency_tiers.h"
#include "tests/support.h"

typedef struct {
  char dir[TANLU_TEST_PATH], tiny[TANLU_TEST_PATH + 16];
  tanlu_context *context;
  tanlu_dataset *dataset;
  tanlu_scenario *scenario;
} fixture;

#define COLUMNS                                                                                                        \
  "process,process_name,process_name_zh,groups,output,beyond,feedstock,year,below,above,goal_year,goal_below,"         \
  "goal_above,product,name,name_zh,weight,unit,baseline,benchmark,source\n"
/* 0.01 10^6 t at 1000 kWh/t are 36 TJ a year, at 500 kWh/t 18 TJ. */
#define KILN "kiln,Kiln,,goods,0.01,0.5,no,2020,0.4,0.1,,,,kiln,Kiln,,1,kWh/t,1000,500,made up\n"
#define STILL                                                                                                          \
  "still,Still,,none goods,0.02,0.5,yes,2020,0.4,0.1,2025,0,0.3,still_a,A,,0.5,kWh/t,1000,500,made up\n"               \
  "still,,,,,,,,,,,,,still_b,B,,0.5,kgce/t,-10,-30,made up\n"
#define OTHER                                                                                                          \
  "mill,Mill,,goods,0.01,0.5,no,,,,,,,mill,Mill,,1,kWh/t,1000,500,made up\n"                                           \
  "far,Far,,elsewhere,1,0,no,2020,0.4,0.1,,,,far,Far,,1,kWh/t,1000,500,made up\n"

/* Four lines that every scenario begins with. Knots begin in 2023. */
#define HEAD "name: s\ndataset: ./tiny\nyears: {from: 2020, to: 2030}\nefficiency_tiers:\n"

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  *state = f;
  f->context = tanlu_context_create();
  if (tanlu_test_temp_dir(f->dir)) return 1;
  snprintf(f->tiny, sizeof f->tiny, "%s/tiny", f->dir);
  return tanlu_test_write_dataset(f->tiny) ||
         tanlu_test_edit(f->tiny, "dataset.yaml", "sources:", "policy: {efficiency_tiers: tiers.csv}\nsources:");
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_scenario_free(&f->scenario);
  tanlu_dataset_free(&f->dataset);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->dir);
  free(f);
  return 0;
}

static tanlu_status open_tiny(fixture *f, const char *tiers) {
  tanlu_context_clear(f->context);
  tanlu_dataset_free(&f->dataset);
  assert_int_equal(tanlu_test_write_file(f->tiny, "tiers.csv", tiers), 0);
  return tanlu_dataset_read(&f->dataset, f->tiny, f->context);
}

static tanlu_status read_text(fixture *f, const char *text) {
  char path[TANLU_TEST_PATH + 16];
  tanlu_scenario_free(&f->scenario);
  tanlu_context_clear(f->context);
  assert_int_equal(tanlu_test_write_file(f->dir, "s.yaml", text), 0);
  snprintf(path, sizeof path, "%s/s.yaml", f->dir);
  const tanlu_status status = tanlu_scenario_read(&f->scenario, path, NULL, 0, f->context);
  return status == TANLU_OK ? tanlu_scenario_resolve(f->scenario, f->dataset, f->context) : status;
}

static void good(fixture *f, const char *tiers, const char *text) {
  tanlu_status status = open_tiny(f, tiers);
  if (status == TANLU_OK) status = read_text(f, text);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
}

static double value(const fixture *f, tanlu_driver_id id, int year, size_t a) {
  return tanlu_driver(f->scenario->drivers, id, (size_t)(year - 2020), a, 0);
}

/* A few roundings of numbers near one. */
static void near(double actual, double expected) {
  if (!(fabs(actual - expected) <= 1e-13 * fmax(1.0, fabs(expected)))) {
    fail_msg("%.17g, expected %.17g", actual, expected);
  }
}

/* Rates 0.5, 0.1 and 0.2 from 2023 on; below 0.4 -> 0.16 -> 0.064, above 0.1 -> 0.24 -> 0.376. The means of the tiers are 45, 27 and
 * 18 TJ a year, so energy goes from 33.3 to 27.72 and 24.768 TJ, of the 720 TJ that goods use. */
static void two_years_by_hand(void **state) {
  fixture *f = *state;
  good(f, COLUMNS KILN,
       HEAD "  kiln: {below_to_between: 0.5, below_to_above: 0.1, between_to_above: 0.2}\n"
            "energy: {intensity: {goods: {2023: 0.9}}}\n");
  double share[11 * TANLU_TIERS], level[TANLU_TIERS];
  tanlu_tiers_shares(f->dataset, f->scenario->drivers, 0, share);
  const double expected[][TANLU_TIERS] = {{0.4, 0.5, 0.1}, {0.16, 0.6, 0.24}, {0.064, 0.56, 0.376}};
  for (size_t k = 0; k < TANLU_TIERS; k++) {
    near(share[2 * TANLU_TIERS + k], expected[0][k]);
    near(share[3 * TANLU_TIERS + k], expected[1][k]);
    near(share[4 * TANLU_TIERS + k], expected[2][k]);
  }
  tanlu_tiers_energy(&f->dataset->tiers, 0, level);
  near(level[TANLU_TIER_BELOW], 45.0);
  near(level[TANLU_TIER_BETWEEN], 27.0);
  near(level[TANLU_TIER_ABOVE], 18.0);
  const size_t goods = 1;
  near(value(f, TANLU_DRIVER_INTENSITY, 2022, goods), 1.0); /* recorded: without tiers */
  near(value(f, TANLU_DRIVER_INTENSITY, 2023, goods), 0.9 * (1.0 + (27.72 - 33.3) / 720.0));
  near(value(f, TANLU_DRIVER_INTENSITY, 2024, goods), 0.9 * (1.0 + (24.768 - 33.3) / 720.0));
  near(value(f, TANLU_DRIVER_INTENSITY, 2024, 0), 1.0);
  near(value(f, TANLU_DRIVER_FEEDSTOCK, 2024, goods), 1.0);
}

/* Shares stay shares for any rates, and capacity only gets better. */
static void shares_add_up(void **state) {
  (void)state;
  double share[TANLU_TIERS] = {0.5, 0.3, 0.2}, before = 0.0;
  for (int year = 0; year < 200; year++) {
    const double rate[TANLU_TIER_MOVES] = {0.3 * (year % 3), 0.1 * (year % 5), 0.07 * (year % 7)};
    tanlu_tiers_step(share, rate);
    near(share[0] + share[1] + share[2], 1.0);
    assert_true(share[TANLU_TIER_ABOVE] >= before && share[TANLU_TIER_BELOW] >= 0.0);
    before = share[TANLU_TIER_ABOVE];
  }
  assert_true(before > 0.999);
}

/* All at the benchmark from 2023 on: kiln from 33.3 to 18 TJ. Still, with raw materials: product A of 0.01 10^6 t as the kiln, B
 * at -10, -20, -30 kgce/t below, between, above... of 0.01 10^6 t: -0 (baseline + half of 20), -20, -30: with 0.2930760 TJ per kgce/t
 * from -13 (0.5 x -20 + 0.1 x -30) to -30; together they count against 720 + 10 TJ. */
static void raw_materials_and_signs(void **state) {
  fixture *f = *state;
  good(f, COLUMNS KILN STILL OTHER, HEAD "  all: {below_to_above: 1, between_to_above: 1}\n");
  assert_int_equal(f->dataset->tiers.process.count, 3); /* the group `elsewhere` is none of the dataset */
  assert_int_equal(f->dataset->tiers.goal_year[1], 2025);
  near(f->dataset->tiers.goal[TANLU_TIERS + TANLU_TIER_ABOVE], 0.3);
  const double kiln = (18.0 - 33.3) / 720.0, still = ((18.0 - 33.3) + (-30.0 + 13.0) * 0.293076) / 730.0;
  near(value(f, TANLU_DRIVER_INTENSITY, 2023, 1), 1.0 + kiln + still);
  near(value(f, TANLU_DRIVER_INTENSITY, 2030, 1), 1.0 + kiln + still);
  near(value(f, TANLU_DRIVER_FEEDSTOCK, 2023, 1), 1.0 + still);
}

/* A process that would use 1332 TJ of the 720 there are is scaled to all of it; at the benchmark it uses 18 / 33.3 of that. */
static void claims_are_scaled(void **state) {
  fixture *f = *state;
  double claim;
  good(f, COLUMNS "kiln,Kiln,,goods,0.4,0.5,no,2020,0.4,0.1,,,,kiln,Kiln,,1,kWh/t,1000,500,made up\n",
       HEAD "  kiln: {below_to_above: 1, between_to_above: 1}\n");
  near(tanlu_tiers_scale(f->dataset, 1, &claim), 720.0 / 1332.0);
  near(claim, 1332.0 / 720.0);
  near(value(f, TANLU_DRIVER_INTENSITY, 2030, 1), 18.0 / 33.3);
}

/* Recorded moves change the shares that a scenario starts from and nothing of recorded energy. */
static void history_moves_capacity(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_edit(f->tiny, "history.yaml",
                                   "gdp:", "efficiency_tiers: {all: {below_to_between: {2021: 0.5, 2022: 0.5}}}\ngdp:"),
                   0);
  good(f, COLUMNS KILN, HEAD "  kiln: {between_to_above: 1}\n");
  double share[11 * TANLU_TIERS];
  tanlu_tiers_shares(f->dataset, f->scenario->drivers, 0, share);
  near(share[TANLU_TIERS + TANLU_TIER_BELOW], 0.2);
  near(share[2 * TANLU_TIERS + TANLU_TIER_BELOW], 0.1);
  near(share[3 * TANLU_TIERS + TANLU_TIER_BELOW], 0.1);
  near(share[3 * TANLU_TIERS + TANLU_TIER_ABOVE], 0.9);
  near(value(f, TANLU_DRIVER_INTENSITY, 2022, 1), 1.0);
  near(value(f, TANLU_DRIVER_INTENSITY, 2023, 1), 1.0 + 0.8 * (18.0 - 27.0) / 720.0);
  assert_int_equal(tanlu_test_edit(f->tiny, "history.yaml",
                                   "efficiency_tiers: {all: {below_to_between: {2021: 0.5, 2022: 0.5}}}\n", ""),
                   0);
}

/* ---- wrong input ------------------------------------------------------------------------------------------------------- */

static void wrong_keys(void **state) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"  kil: {below_to_between: 0.5}\n",
       "s.yaml:5:3: error: unknown process with efficiency tiers 'kil'; did you mean 'kiln'?"},
      {"  kiln: {below_to_betwen: 0.5}\n",
       "s.yaml:5:10: error: unknown move between tiers 'below_to_betwen'; did you mean 'below_to_between'?"},
      {"  kiln: {below_to_between: 1.5}\n", "s.yaml:5:28: error: 1.5 is outside the bounds; expected 0 to 1"},
      {"  kiln: {below_to_between: 0.7, below_to_above: {2023: 0.2, 2025: 0.4}}\n",
       "s.yaml:5:33: error: more than all capacity of 'kiln' leaves the tier below in 2025; expected rates of at most "
       "1"},
      {"  mill: {below_to_between: 0.5}\n",
       "s.yaml:5:3: error: 'mill': the shares of its capacity in the tiers are not known"},
      {"  kiln: {below_to_between: {2022: 0.5}}\n", "s.yaml:5:29: error: knot 2022 lies in the recorded history"},
      {"  kiln: {below_to_between: {trend: 1}}\n", "s.yaml:5:29: error: 'efficiency_tiers.*.*' takes no trend"},
      {"  kiln: 0.5\n", "s.yaml:5:9: error: expected a mapping of keys for 'kiln'"},
  };
  fixture *f = *state;
  assert_int_equal(open_tiny(f, COLUMNS KILN OTHER), TANLU_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[512];
    snprintf(text, sizeof text, HEAD "%s", cases[i].text);
    assert_int_equal(read_text(f, text), TANLU_ERR_INPUT);
    assert_true(tanlu_test_has_message(f->context, cases[i].message));
    assert_null(f->scenario ? f->scenario->drivers : NULL);
  }
}

static void wrong_files(void **state) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"process,baseline\n", "tiers.csv:1: error: "},
      {COLUMNS "kiln,Kiln,,goods,0.01,0.5,no,2020,0.4,0.7,,,,kiln,Kiln,,1,kWh/t,1000,500,made up\n",
       "tiers.csv:2:10: error: the shares below and above add up to 1.1; expected at most 1"},
      {COLUMNS "kiln,Kiln,,goods,0.01,0.5,no,2020,1.4,0.7,,,,kiln,Kiln,,1,kWh/t,1000,500,made up\n",
       "tiers.csv:2:9: error: "},
      {COLUMNS "kiln,Kiln,,goods,0.01,0.5,no,2020,0.4,,,,,kiln,Kiln,,1,kWh/t,1000,500,made up\n",
       "tiers.csv:2:10: error: only one share is given; expected those below and above, or none"},
      {COLUMNS "kiln,Kiln,,goods,0.01,0.5,no,2019,0.4,0.1,,,,kiln,Kiln,,1,kWh/t,1000,500,made up\n",
       "tiers.csv:2:8: error: shares of 2019; expected those of 2020"},
      {COLUMNS "kiln,Kiln,,goods,0.01,0.5,no,2020,0.4,0.1,,,,kiln,Kiln,,1,GJ/t,1000,500,made up\n",
       "tiers.csv:2:18: error: unit 'GJ/t'; expected kgce, kgoe or kWh per unit of output"},
      {COLUMNS "kiln,Kiln,,goods,0.01,0.5,no,2020,0.4,0.1,,,,kiln,Kiln,,1,kWh/t,500,1000,made up\n",
       "tiers.csv:2:20: error: the benchmark 1000 takes more energy than the baseline 500; expected less"},
      {COLUMNS "kiln,Kiln,,goods,0.01,0.5,no,2020,0.4,0.1,,,,kiln,Kiln,,0.9,kWh/t,1000,500,made up\n",
       "tiers.csv:2:17: error: the weights of the products of 'kiln' add up to 0.9; expected 1"},
      {COLUMNS "kiln,Kiln,,goods,0.01,0.5,no,2020,0.4,0.1,,,,kiln,Kiln,,1,kWh/t,1000,500,\n",
       "tiers.csv:2:21: error: levels need a source"},
      {COLUMNS KILN "kiln,,,,,,yes,,,,,,,other,Other,,1,kWh/t,1000,500,made up\n",
       "tiers.csv:3:7: error: the first row of process 'kiln' says this; expected an empty field"},
      {COLUMNS KILN "mill,Mill,,goods,0.01,0.5,no,,,,,,,kiln,Mill,,1,kWh/t,1000,500,made up\n",
       "tiers.csv:3:14: error: duplicate product 'kiln'"},
      {COLUMNS "kiln,Kiln,,,0.01,0.5,no,2020,0.4,0.1,,,,kiln,Kiln,,1,kWh/t,1000,500,made up\n",
       "tiers.csv:2:4: error: a process needs the group it is part of"},
  };
  fixture *f = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(open_tiny(f, cases[i].text), TANLU_ERR_INPUT);
    assert_true(tanlu_test_has_message(f->context, cases[i].message));
  }
  assert_int_equal(tanlu_test_edit(f->tiny, "dataset.yaml", "tiers.csv", "teirs.csv"), 0);
  assert_int_equal(open_tiny(f, COLUMNS KILN), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "dataset.yaml:20:28: error: efficiency_tiers: no file 'teirs.csv'"));
  assert_int_equal(tanlu_test_edit(f->tiny, "dataset.yaml", "teirs.csv", "tiers.csv"), 0);
}

/* ---- the documents -------------------------------------------------------------------------------------------------------- */

/* Implementation guide for energy saving and carbon reduction in key fields, 2022 edition (NDRC 2022 no. 200): baseline and benchmark
 * levels, in the units of the guide. */
static const struct {
  const char *process, *product;
  double baseline, benchmark;
} levels[] = {
    {"refining", "refined_oil", 8.5, 7.5},
    {"ethylene", "ethylene_naphtha", 640, 590},
    {"p_xylene", "p_xylene", 550, 380},
    {"coal_to_methanol", "methanol_lignite", 2000, 1550},
    {"coal_to_methanol", "methanol_bituminous", 1800, 1400},
    {"coal_to_methanol", "methanol_anthracite", 1600, 1250},
    {"coal_to_olefins", "olefins_mto", 3300, 2800},
    {"coal_to_glycol", "glycol_syngas", 1350, 1000},
    {"ammonia", "ammonia_premium_lump", 1350, 1100},
    {"ammonia", "ammonia_lump", 1520, 1200},
    {"ammonia", "ammonia_pulverised_coal", 1550, 1350},
    {"ammonia", "ammonia_gas", 1200, 1000},
    {"calcium_carbide", "calcium_carbide", 940, 805},
    {"caustic_soda", "caustic_soda_30", 350, 315},
    {"caustic_soda", "caustic_soda_45", 470, 420},
    {"caustic_soda", "caustic_soda_98", 685, 620},
    {"soda_ash", "soda_ammonia_light", 370, 320},
    {"soda_ash", "soda_combined_light", 245, 160},
    {"soda_ash", "soda_ammonia_dense", 420, 390},
    {"soda_ash", "soda_combined_dense", 295, 210},
    {"ammonium_phosphate", "map_granular", 275, 255},
    {"ammonium_phosphate", "map_powder", 260, 240},
    {"ammonium_phosphate", "map_slurry_granular", 190, 170},
    {"ammonium_phosphate", "map_slurry_powder", 185, 165},
    {"ammonium_phosphate", "dap_granular", 275, 250},
    {"ammonium_phosphate", "dap_slurry_granular", 200, 185},
    {"yellow_phosphorus", "yellow_phosphorus", 2800, 2300},
    {"cement_clinker", "cement_clinker", 117, 100},
    {"flat_glass", "flat_glass_large", 12, 8},
    {"flat_glass", "flat_glass_medium", 13.5, 9.5},
    {"ceramic_tiles", "tiles_dense", 7, 4},
    {"ceramic_tiles", "tiles_medium", 4.6, 3.7},
    {"ceramic_tiles", "tiles_porous", 4.5, 3.5},
    {"sanitary_ceramics", "sanitary_ceramics", 630, 300},
    {"blast_furnace", "pig_iron", 435, 361},
    {"converter", "converter_steel", -10, -30},
    {"electric_furnace", "electric_steel_small", 86, 67},
    {"electric_furnace", "electric_steel_large", 72, 61},
    {"coking", "coke_top_charged", 135, 110},
    {"coking", "coke_stamp_charged", 140, 110},
    {"ferroalloys", "ferrosilicon", 1900, 1770},
    {"ferroalloys", "silicomanganese", 950, 860},
    {"ferroalloys", "ferrochrome", 800, 710},
    {"copper_smelting", "copper_cathode", 380, 260},
    {"aluminium_electrolysis", "liquid_aluminium", 13350, 13000},
    {"lead_smelting", "crude_lead", 300, 230},
    {"zinc_smelting", "zinc_ingot", 1280, 1100},
};

/* Percent of capacity at the end of 2020 below the baseline and above the benchmark, and the goals for 2025 (-1: none). */
static const struct {
  const char *process;
  double below, above, goal_below, goal_above;
} shares[] = {
    {"refining", 20, 25, -1, 30},
    {"ethylene", 30, 20, -1, 30},
    {"p_xylene", 18, 23, 0, 50},
    {"coal_to_methanol", 25, 15, 0, 30},
    {"coal_to_olefins", 0, 48, 0, 50},
    {"coal_to_glycol", 40, 20, 0, 30},
    {"ammonia", 19, 7, 0, 15},
    {"calcium_carbide", 25, 3, 0, 30},
    {"caustic_soda", 25, 15, 0, 40},
    {"soda_ash", 10, 36, 0, 50},
    {"ammonium_phosphate", 55, 20, 30, 30},
    {"yellow_phosphorus", 30, 25, 0, 30},
    {"cement_clinker", 24, 5, 0, 30},
    {"flat_glass", 8, 5, 0, 20},
    {"ceramic_tiles", 5, 5, 0, 30},
    {"sanitary_ceramics", 5, 5, 0, 30},
    {"blast_furnace", 30, 4, 0, 30},
    {"converter", 30, 6, 0, 30},
    {"coking", 40, 2, 0, 30},
    {"ferroalloys", 30, 4, 0, 30},
    {"copper_smelting", 10, 40, 0, 50},
    {"aluminium_electrolysis", 20, 10, 0, 30},
    {"lead_smelting", 10, 40, 0, 50},
    {"zinc_smelting", 15, 30, 0, 50},
};

static void the_documents_are_reproduced(void **state) {
  static const char *const name[] = {"inputs/data/china-2020", "inputs/data/china-2020-42"};
  fixture *f = *state;
  for (size_t k = 0; k < 2; k++) {
    tanlu_dataset_free(&f->dataset);
    assert_int_equal(tanlu_dataset_read(&f->dataset, name[k], f->context), TANLU_OK);
    const tanlu_tier_statistics *s = &f->dataset->tiers;
    assert_int_equal(s->product.count, sizeof levels / sizeof *levels);
    for (size_t i = 0; i < s->product.count; i++) {
      assert_string_equal(s->product.code[i], levels[i].product);
      assert_string_equal(s->process.code[s->of_process[i]], levels[i].process);
      near(s->baseline[i], levels[i].baseline);
      near(s->benchmark[i], levels[i].benchmark);
    }
    size_t known = 0;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++, known++) {
      const size_t p = tanlu_labels_find(&s->process, shares[i].process);
      assert_true(p != TANLU_NONE && s->has_shares[p]);
      near(100.0 * s->share[p * TANLU_TIERS + TANLU_TIER_BELOW], shares[i].below);
      near(100.0 * s->share[p * TANLU_TIERS + TANLU_TIER_ABOVE], shares[i].above);
      near(100.0 * s->goal[p * TANLU_TIERS + TANLU_TIER_ABOVE], shares[i].goal_above);
      if (shares[i].goal_below >= 0.0) near(100.0 * s->goal[p * TANLU_TIERS + TANLU_TIER_BELOW], shares[i].goal_below);
    }
    assert_int_equal(known + 1, s->process.count); /* electric furnaces have levels only */
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_years_by_hand),
      cmocka_unit_test(shares_add_up),
      cmocka_unit_test(raw_materials_and_signs),
      cmocka_unit_test(claims_are_scaled),
      cmocka_unit_test(history_moves_capacity),
      cmocka_unit_test(wrong_keys),
      cmocka_unit_test(wrong_files),
      cmocka_unit_test(the_documents_are_reproduced),
  };
  return cmocka_run_group_tests_name("efficiency_tiers", tests, set_up, tear_down);
}
