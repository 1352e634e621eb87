/* The block `regions:` of scenarios on the tiny dataset of tests/support.h (base year 2020, history to 2022) and two regions, east and
 * west. Lines and columns of errors are counted in the texts below. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scenario_regions_support.h"

static double value(const tanlu_drivers *d, tanlu_driver_id id, int year, size_t a) {
  return tanlu_driver(d, id, (size_t)(year - 2020), a, 0);
}

enum { COAL, GAS, NUCLEAR = 6, WIND = 7, PV = 8, COAL_GROUP = 0, GOODS_GROUP = 1, POWER_GROUP = 2 };

/* ---- values --------------------------------------------------------------------------------------------------------------- */

static const char *const east = HEAD NATION "  lead: regions\n"
                                            "  set:\n"
                                            "    east:\n"
                                            "      gdp: {growth: {2032: 7}}\n"
                                            "      population: {2032: 8}\n"
                                            "      products: {widgets: {2032: 6.2}}\n"
                                            "      energy: {intensity: {all: 0.5}}\n"
                                            "      structure: {share: {power_heat: {2032: 0.2}, balance: goods}}\n"
                                            "      power: {mix: {nuclear: {2032: 0.2}, balance: coal}}\n";

/* The region has the nation's statistics but 4 million people and 5 widgets of 10.
 *
 *   growth       from 3 % of 2022 to 7: 5 in 2027; the record 8 % of 2021 stays
 *   population   inherits 4 x 10.15 / 10 = 4.06 in 2022, so (4.06 + 8) / 2 = 6.03 in 2027
 *   widgets      5 x 10.4 / 10 (record) = 5.2 in 2022, so 5.7 in 2027; none before, where the nation's factors rule
 *   intensity    0.5 from 2023 for all groups, goods too, which the nation names apart
 *   structure    100 / 720 of base value added to 0.2; the nation's own target stays without a path
 *   power        nuclear from 10 / 400 to 0.2: 0.1125 in 2027; wind and pv keep the nation's path; coal has 0.0875 less than the
 *                nation's list says */
static void a_region_runs_from_what_it_inherits(void **state) {
  fixture *f = *state;
  good(f, east);
  assert_int_equal(f->scenario->regions->lead, TANLU_LEAD_REGIONS);
  assert_true(tanlu_scenario_says_of_region(f->scenario, "east"));
  assert_false(tanlu_scenario_says_of_region(f->scenario, "west"));
  tanlu_dataset *region = tanlu_test_region(&f->m);
  region->population = 4e6;
  region->products.base[tanlu_test_find(&region->products.product, "widgets")] = 5.0;
  tanlu_drivers *d = resolve(f, "east", region);
  const tanlu_drivers *nation = f->scenario->drivers;
  assert_near(value(d, TANLU_DRIVER_GDP_GROWTH, 2021, 0), 8.0, 1e-14);
  assert_near(value(d, TANLU_DRIVER_GDP_GROWTH, 2027, 0), 5.0, 1e-14);
  assert_near(value(d, TANLU_DRIVER_POPULATION, 2022, 0), 4.06, 1e-14);
  assert_near(value(d, TANLU_DRIVER_POPULATION, 2027, 0), 6.03, 1e-14);
  assert_true(isnan(value(d, TANLU_DRIVER_PRODUCT_PATH, 2022, 0)));
  assert_near(value(d, TANLU_DRIVER_PRODUCT_PATH, 2027, 0), 5.7, 1e-14);
  for (size_t g = 0; g < 3; g++) {
    assert_near(value(d, TANLU_DRIVER_INTENSITY, 2022, g), 1.0, 1e-14);
    assert_near(value(d, TANLU_DRIVER_INTENSITY, 2023, g), 0.5, 1e-14);
  }
  assert_int_equal(d->targets, 2);
  assert_int_equal(d->target_group[1], POWER_GROUP);
  assert_true(isnan(value(d, TANLU_DRIVER_STRUCTURE_SHARE, 2027, 0)));
  assert_true(isnan(value(d, TANLU_DRIVER_STRUCTURE_SHARE, 2022, 1)));
  assert_near(value(d, TANLU_DRIVER_STRUCTURE_SHARE, 2027, 1), 0.5 * (100.0 / 720.0 + 0.2), 1e-14);
  assert_near(value(d, TANLU_DRIVER_POWER_MIX, 2027, NUCLEAR), 0.1125, 1e-14);
  assert_near(value(d, TANLU_DRIVER_POWER_MIX, 2027, WIND), value(nation, TANLU_DRIVER_POWER_MIX, 2027, WIND), 1e-14);
  assert_near(value(d, TANLU_DRIVER_POWER_MIX, 2032, PV), 0.12, 1e-14);
  assert_near(value(d, TANLU_DRIVER_POWER_MIX, 2027, COAL), value(nation, TANLU_DRIVER_POWER_MIX, 2027, COAL) - 0.0875,
              1e-13);
  tanlu_drivers_free(&d);
  d = resolve(f, "west", region); /* says nothing */
  assert_near(value(d, TANLU_DRIVER_GDP_GROWTH, 2032, 0), 2.0, 1e-14);
  assert_near(value(d, TANLU_DRIVER_INTENSITY, 2023, GOODS_GROUP), 0.98, 1e-14);
  assert_int_equal(d->targets, 1);
  assert_true(isnan(value(d, TANLU_DRIVER_PRODUCT_PATH, 2027, 0)));
  tanlu_drivers_free(&d);
  tanlu_dataset_free(&region);
}

/* A region without nuclear power starts from none: its own list, not the nation's. The nation's wind grows from 15 / 400; in a
 * region without it wind comes in by gain all the same. */
static void lists_run_from_the_regions_own(void **state) {
  fixture *f = *state;
  good(f, east);
  tanlu_dataset *region = tanlu_test_region(&f->m);
  region->energy.primary_nuclear = 0.0;
  region->energy.primary_wind = 0.0;
  tanlu_drivers *d = resolve(f, "east", region), *silent = resolve(f, "west", region);
  assert_near_of(value(d, TANLU_DRIVER_POWER_MIX, 2022, NUCLEAR), 0.0, 1e-14, 1.0);
  assert_near(value(d, TANLU_DRIVER_POWER_MIX, 2027, NUCLEAR), 0.1, 1e-14);
  assert_true(value(silent, TANLU_DRIVER_POWER_MIX, 2032, WIND) > 0.1);
  for (int year = 2020; year <= 2032; year++) {
    double sum = 0.0;
    for (size_t i = 0; i < d->size[TANLU_DRIVER_POWER_MIX]; i++) {
      sum += value(d, TANLU_DRIVER_POWER_MIX, year, i);
      if (i == COAL || i == NUCLEAR) continue;
      assert_near_of(value(d, TANLU_DRIVER_POWER_MIX, year, i), value(silent, TANLU_DRIVER_POWER_MIX, year, i), 1e-15,
                     1.0);
    }
    assert_near(sum, 1.0, 1e-14);
  }
  tanlu_drivers_free(&silent);
  tanlu_drivers_free(&d);
  tanlu_dataset_free(&region);
}

/* A target that the nation has too: base share times what the nation's record makes of it. The nation records none here, so both run
 * from 70 / 720 to their own ends. A mix of useful energy as shares begins with the base-year mix. */
static void shared_targets_and_mixes(void **state) {
  fixture *f = *state;
  good(f, HEAD NATION "  set:\n"
                      "    east:\n"
                      "      structure: {share: {coal_mining: {2032: 0.04}, balance: goods}}\n"
                      "      energy: {mix: {goods: {share: {electricity: {2032: 0.6}, balance: coal}}}}\n");
  tanlu_dataset *region = tanlu_test_region(&f->m);
  tanlu_drivers *d = resolve(f, "east", region);
  assert_int_equal(d->targets, 1);
  assert_near(value(d, TANLU_DRIVER_STRUCTURE_SHARE, 2027, 0), 0.5 * (70.0 / 720.0 + 0.04), 1e-14);
  const double base = region->useful_share[GOODS_GROUP * TANLU_CLASS_COUNT + TANLU_CLASS_ELECTRICITY];
  const size_t t = 7;
  assert_near(tanlu_driver(d, TANLU_DRIVER_MIX_SHARE, t, GOODS_GROUP, TANLU_CLASS_ELECTRICITY), 0.5 * (base + 0.6),
              1e-14);
  assert_true(isnan(tanlu_driver(d, TANLU_DRIVER_MIX_SHARE, t, COAL_GROUP, TANLU_CLASS_ELECTRICITY)));
  double sum = 0.0;
  for (size_t c = 0; c < TANLU_CLASS_COUNT; c++) sum += tanlu_driver(d, TANLU_DRIVER_MIX_SHARE, t, GOODS_GROUP, c);
  assert_near(sum, 1.0, 1e-14);
  tanlu_drivers_free(&d);
  tanlu_dataset_free(&region);
}

/* ---- the block ------------------------------------------------------------------------------------------------------------ */

/* Defaults, the codes that are projected, and what groups of regions make of them. */
static void the_block_itself(void **state) {
  fixture *f = *state;
  good(f, HEAD "gdp: {growth: 2}\n");
  assert_null(f->scenario->regions);
  good(f, HEAD NATION);
  const tanlu_scenario_regions *r = f->scenario->regions;
  assert_int_equal(r->lead, TANLU_LEAD_NATION);
  assert_int_equal(r->quotient, TANLU_QUOTIENT_FLQ);
  assert_true(r->delta == 0.3 && r->beta == 1.0);
  assert_null(r->level);
  assert_null(r->region);
  assert_int_equal(r->code.count, 2);
  assert_string_equal(r->code.code[1], "west");
  good(f, HEAD NATION "  level: part\n  quotient: slq\n  delta: 0.1\n  beta: 2\n  set: {both: {gdp: {growth: 3}}}\n");
  r = f->scenario->regions;
  assert_int_equal(r->code.count, 1);
  assert_string_equal(r->level, "part");
  assert_int_equal(r->quotient, TANLU_QUOTIENT_SLQ);
  assert_true(r->delta == 0.1 && r->beta == 2.0);
  good(f, HEAD NATION "  region: west\n  set: {rest: {gdp: {growth: 3}}}\n");
  assert_int_equal(f->scenario->regions->code.count, 2);
  assert_string_equal(f->scenario->regions->code.code[1], "rest");
}

static void a_wrong_block(void **state) {
  fixture *f = *state;
  bad(f, HEAD "regions:\n  lead: nation\n", "s.yaml:5:3: error: missing key 'statistics'");
  bad(f, HEAD "regions: {statistics: ./halves, led: nation}\n",
      "4:33: error: unknown key 'led' in regions; did you mean 'lead'?");
  bad(f, HEAD "regions: {statistics: ./halves, lead: province}\n",
      "4:39: error: unknown lead 'province'; expected nation or regions");
  bad(f, HEAD "regions: {statistics: ./halves, quotient: klq}\n", "4:43: error: unknown quotient 'klq'; expected slq");
  bad(f, HEAD "regions: {statistics: ./halves, delta: -1}\n", "4:40: error: -1 is below zero");
  bad(f, HEAD "regions: {statistics: ./thirds}\n", "4:23: error: statistics:");
  bad(f, HEAD "regions: {statistics: ./halves, level: part, region: east}\n",
      "4:46: error: 'level' and 'region' exclude each other");
  bad(f, HEAD "regions: {statistics: ./halves, level: parts}\n", "4:40: error: halves has no level 'parts'");
  bad(f, HEAD "regions: {statistics: ./halves, region: weste}\n", "did you mean 'west'?");
  bad(f, HEAD "regions: {statistics: ./halves, set: east}\n", "4:38: error: expected a mapping of regions for 'set'");
  bad(f, HEAD "regions: {statistics: ./halves, set: {east: 4}}\n",
      "4:45: error: expected a mapping of keys for 'east'");
  bad(f, HEAD "region: {statistics: ./halves}\n", "did you mean 'regions'?");
}

static void wrong_keys_of_a_region(void **state) {
  fixture *f = *state;
  bad(f, HEAD NATION "  set:\n    eest: {gdp: {growth: 3}}\n",
      "s.yaml:12:5: error: unknown region 'eest'; did you mean 'east'?");
  bad(f, HEAD SET "gdb: {growth: 3}\n", "s.yaml:13:7: error: unknown key 'gdb'; did you mean 'gdp'?");
  bad(f, HEAD SET "sinks: 3\n", "s.yaml:13:7: error: 'sinks' is the nation's alone; a region cannot say it");
  static const char *const national[] = {"efficiency_tiers: {all: {below_to_above: 0.1}}\n",
                                         "routes: {steel: {share: {balance: eaf}}}\n",
                                         "capacity: {widgets: {cap: 3}}\n",
                                         "stress: {price: 3}\n",
                                         "ets: {from: 2025}\n",
                                         "years: {from: 2020, to: 2030}\n",
                                         "regions: {lead: nation}\n",
                                         "name: east\n"};
  for (size_t k = 0; k < sizeof national / sizeof *national; k++) {
    char text[1024];
    (void)snprintf(text, sizeof text, "%s%s", HEAD SET, national[k]);
    bad(f, text, "is the nation's alone; a region cannot say it");
  }
  bad(f, HEAD SET "imports: {all: 0.9}\n",
      "s.yaml:13:7: error: 'imports' cannot be said of a region: regions keep the import shares of the base year");
  bad(f, HEAD SET "power: {net_imports: 3}\n", "s.yaml:13:15: error: 'net_imports' cannot be said of a region");
  bad(f, HEAD SET "import: 1\n", "s.yaml:13:7: error: unknown key 'import'");
  assert_false(tanlu_test_has_message(f->m.context, "did you mean")); /* what would be refused is not proposed */
  bad(f, HEAD SET "gdp: {growth: {2022: 3}}\n", "s.yaml:13:22: error: knot 2022 lies in the recorded history");
  bad(f, HEAD SET "gdp: {growth: {2030: 33}}\n", "s.yaml:13:28: error: 33 is outside the bounds");
  bad(f, HEAD SET "energy: {intensity: {god: 0.9}}\n", "s.yaml:13:28: error: unknown group 'god'");
  bad(f, HEAD SET "energy: {intensity: {all: {trend: 60}}}\n", "the trend leads to");
  bad(f, HEAD SET "energy: {mix: {goods: {gain: {heat: 0.5}}}}\n", "name no `balance`");
  bad(f, HEAD SET "power: {mix: {recovered: {2030: 0.1}, balance: coal}}\n", "follows the use of coke");
  bad(f, HEAD SET "final_demand: {share: {other_regions: {2030: 0.1}, balance: exports}}\n", "unknown category");
}

/* Shares that are named and add up to more than one are refused whatever the region is; those that do so with what is inherited
 * once the region's statistics are known. Structure targets must keep clear of the nation's. */
static void wrong_sums_and_targets(void **state) {
  fixture *f = *state;
  bad(f, HEAD SET "power: {mix: {nuclear: {2030: 0.7}, pv: {2030: 0.4}, balance: coal}}\n",
      "that are named add up to 1.1 in 2032; nothing is left for the balance 'coal'");
  bad(f, HEAD SET "structure: {share: {power_heat: {2030: 0.6}, goods: {2030: 0.5}, balance: coal_mining}}\n",
      "the structure targets add up to 1.1 in 2032");
  bad(f, HEAD SET "structure: {share: {secondary: {2030: 0.3}, balance: goods}}\n",
      "s.yaml:13:27: error: group 'secondary' overlaps with 'coal_mining', a structure target of the nation");
  bad(f, HEAD SET "structure: {share: {power_heat: {2030: 0.3}}}\n", "name no `balance`");
  good(f, HEAD SET "power: {mix: {nuclear: {2032: 0.9}, balance: coal}}\n");
  tanlu_dataset *region = tanlu_test_region(&f->m);
  tanlu_drivers *d = NULL;
  assert_int_equal(tanlu_scenario_resolve_region(f->scenario, "east", f->m.dataset, region, NULL, &d, f->m.context),
                   TANLU_ERR_INPUT);
  assert_null(d);
  assert_true(tanlu_test_has_message(f->m.context, "members not named, which keep their path"));
  good(f, HEAD SET "products: {widgets: {2030: 3}}\n");
  region->products.base[tanlu_test_find(&region->products.product, "widgets")] = 0.0;
  assert_int_equal(tanlu_scenario_resolve_region(f->scenario, "east", f->m.dataset, region, NULL, &d, f->m.context),
                   TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->m.context, "s.yaml:13:18: error: 'widgets' is zero in"));
  tanlu_dataset_free(&region);
}

/* The nation gives shares for a group: retention there would count for nothing. */
static void retention_beside_shares(void **state) {
  fixture *f = *state;
  bad(f,
      HEAD "energy: {mix: {goods: {share: {electricity: {2032: 0.6}, balance: coal}}}}\n"
           "regions:\n  statistics: ./halves\n  set: {east: {energy: {mix: {goods: {retain: {coal: {2032: 0.1}}}}}}}\n",
      "s.yaml:7:39: error: the nation gives the mix of 'goods' as shares");
}

/* All mistakes are told at once. */
static void every_error_is_reported(void **state) {
  fixture *f = *state;
  bad(f, HEAD SET "gdb: {growth: 3}\n      sinks: 2\n    wst:\n      gdp: {growth: {2021: 1}}\n",
      "13:7: error: unknown key 'gdb'");
  assert_true(tanlu_test_has_message(f->m.context, "s.yaml:14:7: error: 'sinks'"));
  assert_true(tanlu_test_has_message(f->m.context, "s.yaml:15:5: error: unknown region 'wst'"));
  assert_true(tanlu_test_has_message(f->m.context, "s.yaml:16:22: error: knot 2021"));
}

/* ---- parents, settings, the text ------------------------------------------------------------------------------------------ */

/* Mappings merge down to the timelines of a region, which replace whole; settings reach into them. */
static void parents_and_settings(void **state) {
  fixture *f = *state;
  write(f, "s.yaml", east);
  write(f, "child.yaml",
        "name: child\nparent: ./s.yaml\nregions:\n  lead: nation\n  set:\n"
        "    east: {gdp: {growth: {2030: 4}}}\n    west: {gdp: {growth: 6}}\n");
  static const char *const settings[] = {"regions.set.east.gdp.growth.2025=5", "regions.set.west.population=7",
                                         "regions.set.east.power.mix.nuclear.2032=0.1", "regions.delta=0.2"};
  const tanlu_status status = read_file(f, "child.yaml", settings, 4);
  if (status != TANLU_OK) tanlu_test_print_messages(f->m.context);
  assert_int_equal(status, TANLU_OK);
  assert_int_equal(f->scenario->regions->lead, TANLU_LEAD_NATION);
  assert_true(f->scenario->regions->delta == 0.2);
  tanlu_dataset *region = tanlu_test_region(&f->m);
  tanlu_drivers *d = resolve(f, "east", region);
  assert_near(value(d, TANLU_DRIVER_GDP_GROWTH, 2025, 0), 5.0, 1e-14);
  assert_near(value(d, TANLU_DRIVER_GDP_GROWTH, 2030, 0), 4.0, 1e-14);
  assert_near(value(d, TANLU_DRIVER_GDP_GROWTH, 2032, 0), 4.0, 1e-14); /* the parent's 2032 is gone */
  assert_near(value(d, TANLU_DRIVER_INTENSITY, 2032, 1), 0.5, 1e-14);  /* the parent's */
  assert_near(value(d, TANLU_DRIVER_POWER_MIX, 2032, NUCLEAR), 0.1, 1e-14);
  tanlu_drivers_free(&d);
  d = resolve(f, "west", region);
  assert_near(value(d, TANLU_DRIVER_GDP_GROWTH, 2026, 0), 6.0, 1e-14);
  assert_near(value(d, TANLU_DRIVER_POPULATION, 2026, 0), 7.0, 1e-14);
  tanlu_drivers_free(&d);
  tanlu_dataset_free(&region);
  static const char *const wrong[] = {"regions.set.eest.gdp.growth.2025=5"};
  assert_int_equal(read_file(f, "s.yaml", wrong, 1), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->m.context, "unknown region 'eest'"));
  assert_true(tanlu_test_has_message(f->m.context, "--set regions.set.eest"));
}

/* The text of a resolved scenario runs on its own, from anywhere: the same drivers in every region, bit for bit. Statistics that are
 * gone are a warning then, and the nation goes on. */
static void the_text_runs_on_its_own(void **state) {
  fixture *f = *state;
  good(f, east);
  tanlu_dataset *region = tanlu_test_region(&f->m);
  tanlu_drivers *before = resolve(f, "east", region);
  char *text = strdup(f->scenario->text);
  tanlu_scenario_free(&f->scenario);
  assert_int_equal(tanlu_scenario_read_text(&f->scenario, text, "text", f->m.context), TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(f->scenario, f->m.dataset, f->m.context), TANLU_OK);
  assert_string_equal(f->scenario->text, text);
  assert_int_equal(f->scenario->regions->lead, TANLU_LEAD_REGIONS);
  assert_int_equal(f->scenario->regions->code.count, 2);
  tanlu_drivers *after = resolve(f, "east", region);
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    assert_int_equal(before->size[id], after->size[id]);
    assert_memory_equal(before->value[id], after->value[id], before->years * before->size[id] * sizeof(double));
  }
  char gone[TANLU_TEST_PATH + 16], moved[TANLU_TEST_PATH + 16];
  (void)snprintf(gone, sizeof gone, "%s/halves", f->m.directory);
  (void)snprintf(moved, sizeof moved, "%s/moved", f->m.directory);
  assert_int_equal(rename(gone, moved), 0);
  tanlu_scenario_free(&f->scenario);
  tanlu_context_clear(f->m.context);
  assert_int_equal(tanlu_scenario_read_text(&f->scenario, text, "text", f->m.context), TANLU_OK);
  assert_int_equal(tanlu_scenario_resolve(f->scenario, f->m.dataset, f->m.context), TANLU_OK);
  assert_true(tanlu_test_has_message(f->m.context, "are not found"));
  assert_null(f->scenario->regions->directory);
  assert_int_equal(f->scenario->regions->code.count, 0);
  assert_int_equal(rename(moved, gone), 0);
  free(text);
  tanlu_drivers_free(&before);
  tanlu_drivers_free(&after);
  tanlu_dataset_free(&region);
}

/* ---- in words ------------------------------------------------------------------------------------------------------------- */

static void explained(void **state) {
  fixture *f = *state;
  good(f, east);
  tanlu_dataset *region = tanlu_test_region(&f->m);
  tanlu_dataset *const regions[] = {region, region};
  for (int with = 0; with < 2; with++) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    tanlu_scenario_explain_regions(f->scenario, f->m.dataset, with ? regions : NULL, out);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "region east (East)"));
    assert_null(strstr(text, "region west"));
    assert_non_null(strstr(text, "east.gdp.growth\n"));
    assert_non_null(strstr(text, "s.yaml:14\n"));
    assert_non_null(strstr(text, "  inherited "));
    assert_true((strstr(text, "values go by the base year of the region") == NULL) == (with == 1));
    assert_true((strstr(text, "nuclear ") != NULL) == (with == 1));
    free(text);
  }
  tanlu_dataset_free(&region);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_region_runs_from_what_it_inherits, set_up, tear_down),
      cmocka_unit_test_setup_teardown(lists_run_from_the_regions_own, set_up, tear_down),
      cmocka_unit_test_setup_teardown(shared_targets_and_mixes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_block_itself, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_wrong_block, set_up, tear_down),
      cmocka_unit_test_setup_teardown(wrong_keys_of_a_region, set_up, tear_down),
      cmocka_unit_test_setup_teardown(wrong_sums_and_targets, set_up, tear_down),
      cmocka_unit_test_setup_teardown(retention_beside_shares, set_up, tear_down),
      cmocka_unit_test_setup_teardown(every_error_is_reported, set_up, tear_down),
      cmocka_unit_test_setup_teardown(parents_and_settings, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_text_runs_on_its_own, set_up, tear_down),
      cmocka_unit_test_setup_teardown(explained, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
