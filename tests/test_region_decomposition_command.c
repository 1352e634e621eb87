/* tanlu downscale --decompose, decompose --regions and embodied --against, from the tiny dataset (tests/support.h).
 *
 * Oracles: effects of all regions and groups add up to the nation's change of co2_total as `tanlu run` has it; a result file whose regions
 * are a quarter and three quarters of the nation in everything: effects in the same proportion, shares of regions without effect, no
 * difference per head; a table worked by hand in tests/test_region_sda.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"

typedef tanlu_test_place fixture;

static int write_regions(const char *directory) {
  static const char *const files[][2] = {
      {"three/regions.yaml", "name: three\nlevel: industry3\nhouseholds: people\n"},
      {"three/regions.csv", "code,name,name_zh\neast,East,东\nwest,West,西\nnorth,North,北\n"},
      {"three/distances.csv", "code,east,west,north\neast,0,100,200\nwest,100,0,150\nnorth,200,150,0\n"},
      {"three/value_added.csv", "region,secondary,tertiary\neast,50,300\nwest,60,150\nnorth,50,80\n"},
      {"three/indicators.csv", "region,people,pits\neast,60,1\nwest,30,10\nnorth,10,9\n"},
      {"three/assignment.csv", "sector,indicator,weight\ncoal,pits,1\n"},
      {"three/carriers.csv", "carrier,unit,energy,like,source\nelectricity,TWh,3.6,,test\nraw_coal,t,2,,test\n"},
      {"three/final_energy.csv", "region,electricity,raw_coal\neast,60,50\nwest,20,40\n"},
      {"three/power_fuel.csv", "region,coal\nnorth,9\neast,1\n"},
      {"two/dataset.yaml",
       "name: two\ntitle: Two\naccounts_only: true\nbase_year: 2020\nimport_treatment: none\n"
       "balance_tolerance: 1e-9\nunits: {money: 1e6 EUR}\nlevels: [region, world]\nsources: test\n"},
      {"two/groups.csv", "level,code,name,name_zh\nregion,a,Aland,\nregion,b,Bland,\nworld,whole,All,\n"},
      {"two/sectors.csv", "code,name,name_zh,region,world\na_1,Aland: Things,,a,whole\nb_1,Bland: Things,,b,whole\n"},
      {"two/categories.csv",
       "code,name,name_zh,role\na_households,H,,urban\nb_households,H,,urban\nexports,X,,exports\n"},
      {"two/flows.csv", "code,a_1,b_1\na_1,0,10\nb_1,0,0\n"},
      {"two/final_demand.csv",
       "code,a_households,b_households,exports,imports,gross_output\na_1,10,0,0,0,20\nb_1,0,20,0,0,20\n"},
      {"two/value_added.csv", "code,name,name_zh,a_1,b_1\nadded,V,,20,10\n"},
      {"two/extensions.csv", "sector,co2\na_1,40\nb_1,20\n"},
      {"two/extension_units.csv", "code,name,name_zh,unit\nco2,CO2,,Mt\n"},
      {"two/regions.csv", "region,population\na,1000000\nb,4000000\n"},
      {"two/SOURCES.md", "test\n"}};
  for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
    if (tanlu_test_write_file(directory, files[k][0], files[k][1]) != 0) return 1;
  }
  return 0;
}

/* ---- a result file with two regions ---------------------------------------------------------------------------------------- */

static const double part[] = {0.25, 0.75};
enum { REGIONS = 2, CELLS = 4096 };

/* regional_NAME of a variable over scenario, year and one more axis. */
static void add_variable(hid_t file, const char *name) {
  static double nation[CELLS], regional[CELLS];
  hsize_t extent[3], by_region[4];
  char regional_name[64];
  const hid_t from = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(from);
  assert_int_equal(H5Sget_simple_extent_dims(space, extent, NULL), 3);
  assert_true(REGIONS * extent[0] * extent[1] * extent[2] <= CELLS && extent[0] == 1);
  assert_true(H5Dread(from, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, nation) >= 0);
  const size_t cells = (size_t)(extent[1] * extent[2]);
  for (size_t k = 0; k < REGIONS * cells; k++) regional[k] = part[k / cells] * nation[k % cells];
  by_region[0] = extent[0];
  by_region[1] = REGIONS;
  by_region[2] = extent[1];
  by_region[3] = extent[2];
  snprintf(regional_name, sizeof regional_name, "regional_%s", name);
  const hid_t wide = H5Screate_simple(4, by_region, NULL);
  const hid_t to = H5Dcreate2(file, regional_name, H5T_NATIVE_DOUBLE, wide, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Dwrite(to, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, regional) >= 0);
  const bool group = strstr(name, "by_group") != NULL;
  const char *const axis[] = {"scenario", "region", "year",
                              group                                ? "group"
                              : strcmp(name, "household_co2") == 0 ? "household"
                                                                   : "indicator"};
  for (unsigned k = 0; k < 4; k++) {
    const hid_t scale = H5Dopen2(file, axis[k], H5P_DEFAULT);
    assert_true(H5DSattach_scale(to, scale, k) >= 0);
    H5Dclose(scale);
  }
  H5Dclose(to);
  H5Sclose(wide);
  H5Sclose(space);
  H5Dclose(from);
}

static void add_regions(const char *path) {
  static const char *const code[] = {"east", "west"};
  static const char *const names[] = {"value_added_by_group", "final_energy_by_group", "co2_by_group", "household_co2",
                                      "indicator_value"};
  const hsize_t regions = REGIONS;
  const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  const hid_t text = H5Tcopy(H5T_C_S1), space = H5Screate_simple(1, &regions, NULL);
  H5Tset_size(text, H5T_VARIABLE);
  H5Tset_cset(text, H5T_CSET_UTF8);
  const hid_t region = H5Dcreate2(file, "region", text, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Dwrite(region, text, H5S_ALL, H5S_ALL, H5P_DEFAULT, code) >= 0);
  assert_true(H5DSset_scale(region, "region") >= 0);
  H5Dclose(region);
  H5Sclose(space);
  H5Tclose(text);
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) add_variable(file, names[k]);
  assert_true(H5Fclose(file) >= 0);
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  if (write_regions(f->directory) != 0) return 1;
  tanlu(&f->run, f->directory, "run", "-q", "-o", "nation.h5", "probe");
  tanlu(&f->other, f->directory, "run", "-q", "-o", "regional.h5", "probe");
  return f->run.status != 0 || f->other.status != 0;
}

static void near(double found, double expected, double tolerance) {
  if (!(fabs(found - expected) <= tolerance * fmax(1.0, fabs(expected))))
    fail_msg("%.15g instead of %.15g", found, expected);
}

/* Sum of the records of a region, part and effect ("": all of them, `change` apart). */
static double sum_of(const fixture *f, const char *file, const char *region, const char *part_code,
                     const char *effect) {
  enum { FROM = 4, TO = 6, PART = 8, EFFECT, VALUE, FIELDS };
  char *text = tanlu_test_read_file(f->directory, file), *save = NULL;
  assert_non_null(text);
  double sum = 0.0;
  size_t found = 0;
  for (char *line = strtok_r(text, "\r\n", &save); line != NULL; line = strtok_r(NULL, "\r\n", &save)) {
    char *field[FIELDS] = {line};
    for (size_t k = 1; k < FIELDS; k++) {
      field[k] = strchr(field[k - 1], ',');
      assert_non_null(field[k]);
      *field[k]++ = '\0';
    }
    if (strcmp(field[VALUE], "value") == 0) continue;
    if (region[0] != '\0' && strcmp(field[TO], region) != 0) continue;
    if (part_code[0] != '\0' && strcmp(field[PART], part_code) != 0) continue;
    if (effect[0] == '\0' ? strcmp(field[EFFECT], "change") == 0 : strcmp(field[EFFECT], effect) != 0) continue;
    sum += strtod(field[VALUE], NULL);
    found++;
  }
  free(text);
  if (found == 0) fail_msg("%s has no %s %s %s", file, region, part_code, effect);
  return sum;
}

static double nation(fixture *f, const char *indicator, const char *year) {
  tanlu(&f->run, f->directory, "show", "--csv", "--year", year, "nation.h5", indicator);
  expect_status(&f->run, 0);
  return strtod(strrchr(f->run.out, ',') + 1, NULL);
}

/* ---- downscale ------------------------------------------------------------------------------------------------------------- */

static void a_shared_out_nation(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "--grow", "east=1.5", "--decompose", "2020-2030",
        "--effects", "effects.csv", "nation.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_total of probe, 2020 to 2030");
  expect_out(&f->run, "by region, Mt");
  const double change = nation(f, "co2_total", "2030") - nation(f, "co2_total", "2020");
  near(sum_of(f, "effects.csv", "", "", ""), change, 1e-9);
  static const char *const region[] = {"east", "west", "north"};
  for (size_t r = 0; r < 3; r++) {
    near(sum_of(f, "effects.csv", region[r], "", ""), sum_of(f, "effects.csv", region[r], "all", "change"), 1e-12);
  }
  /* it grows at the cost of the others; the fuel of plants is no final energy */
  assert_true(sum_of(f, "effects.csv", "east", "", "regions") > 0.0);
  assert_true(sum_of(f, "effects.csv", "west", "", "regions") < 0.0);
  assert_true(sum_of(f, "effects.csv", "", "power_heat", "energy") == 0.0);
  assert_true(sum_of(f, "effects.csv", "", "power_heat", "intensity") != 0.0);
  assert_true(sum_of(f, "effects.csv", "", "goods", "energy") != 0.0);
  /* one year: places */
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "--decompose", "2025", "--effects", "places.csv",
        "nation.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_total in 2025 of probe, regions against nation");
  near(sum_of(f, "places.csv", "north", "", ""), sum_of(f, "places.csv", "north", "all", "change"), 1e-12);
  assert_true(sum_of(f, "places.csv", "", "", "regions") == 0.0);
}

static void refuses(fixture *f, int status, const char *message) {
  expect_status(&f->run, status);
  expect_err(&f->run, message);
  assert_false(tanlu_test_exists(f->directory, "bad.csv"));
}

static void wrong_years(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "--decompose", "2020-2099", "--effects", "bad.csv",
        "nation.h5");
  refuses(f, 2, "--decompose 2020-2099 is outside the years of scenario 'probe', 2020 to 2030");
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "--decompose", "soon", "--effects", "bad.csv",
        "nation.h5");
  refuses(f, 2, "expected two years such as 2020-2030, or one");
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "--effects", "bad.csv", "nation.h5");
  refuses(f, 2, "--effects goes with --decompose");
}

/* ---- decompose --regions ---------------------------------------------------------------------------------------------------- */

static void a_result_with_regions(void **state) {
  fixture *f = *state;
  char path[2 * TANLU_TEST_PATH];
  snprintf(path, sizeof path, "%s/regional.h5", f->directory);
  add_regions(path);
  tanlu(&f->run, f->directory, "decompose", "--regions", "--to", "2029", "--csv", "change.csv", "regional.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_total of probe, 2020 to 2029");
  const double change = nation(f, "co2_total", "2029") - nation(f, "co2_total", "2020");
  near(sum_of(f, "change.csv", "", "", ""), change, 1e-9);
  static const char *const effect[] = {"activity", "sectors", "energy", "carbon", "intensity", "population"};
  for (size_t k = 0; k < sizeof effect / sizeof *effect; k++) {
    near(3 * sum_of(f, "change.csv", "east", "", effect[k]), sum_of(f, "change.csv", "west", "", effect[k]), 1e-12);
  }
  near(sum_of(f, "change.csv", "", "", "regions"), 0, 1e-12);
  assert_true(fabs(sum_of(f, "change.csv", "", "", "activity")) > 1e-3 * fabs(change));
  /* places: both are as the nation */
  tanlu(&f->run, f->directory, "decompose", "--regions", "--against", "nation", "--csv", "same.csv", "regional.h5");
  expect_status(&f->run, 0);
  for (size_t k = 0; k < sizeof effect / sizeof *effect; k++) near(sum_of(f, "same.csv", "", "", effect[k]), 0, 1e-12);
  tanlu(&f->run, f->directory, "decompose", "--regions", "--region", "east", "--against", "west", "--to", "2025",
        "regional.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_total in 2025, west to east");
}

/* A projection of regions that the nation leads: sums over regions are its own. */
static void regions_of_china(void **state) {
  fixture *f = *state;
  assert_int_equal(
      tanlu_test_write_file(f->directory, "grids.yaml",
                            "name: grids\ntitle: Grids\nparent: reference-42\nyears: {from: 2020, to: 2026}\n"
                            "regions: {statistics: china-2020, level: grid}\n"),
      0);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "grids.h5", "grids.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "decompose", "--regions", "--csv", "grids.csv", "grids.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "show", "--csv", "grids.h5", "co2_total");
  expect_status(&f->run, 0);
  const char *first = strstr(f->run.out, "2020,"), *last = strrchr(f->run.out, ',');
  assert_true(first != NULL && last != NULL);
  while (*first != '\r' && *first != '\n') first++;
  while (first[-1] != ',') first--;
  near(sum_of(f, "grids.csv", "", "", ""), strtod(last + 1, NULL) - strtod(first, NULL), 1e-8);
  assert_true(sum_of(f, "grids.csv", "north_grid", "", "activity") > 100.0);
}

static void wrong_regions(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "decompose", "--regions", "--csv", "bad.csv", "nation.h5");
  refuses(f, 2, "has no regions; expected the result of a scenario with a block 'regions'");
  tanlu(&f->run, f->directory, "decompose", "--regions", "--csv", "bad.csv", "probe");
  refuses(f, 2, "'probe' is no result file");
  tanlu(&f->run, f->directory, "decompose", "--regions", "--against", "wset", "--csv", "bad.csv", "regional.h5");
  refuses(f, 2, "--against: no region 'wset'; did you mean 'west'?");
  tanlu(&f->run, f->directory, "decompose", "--regions", "--region", "west", "--against", "west", "--csv", "bad.csv",
        "regional.h5");
  refuses(f, 2, "--region and --against are both 'west'");
  tanlu(&f->run, f->directory, "decompose", "--regions", "--to", "2099", "--csv", "bad.csv", "regional.h5");
  refuses(f, 2, "--to 2099 is outside the years of scenario 'probe', 2020 to 2030");
  tanlu(&f->run, f->directory, "decompose", "--regions", "--by", "sector", "--csv", "bad.csv", "regional.h5");
  refuses(f, 2, "--regions is additive lmdi of co2_total");
  tanlu(&f->run, f->directory, "decompose", "--region", "west", "--csv", "bad.csv", "regional.h5");
  refuses(f, 2, "--region goes with --regions and --against");
}

/* ---- embodied --against ----------------------------------------------------------------------------------------------------- */

/* By hand in tests/test_region_sda.c; there with one person each. Per head b has 10, all together 60 / 5. */
static void a_table_by_hand(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "embodied", "--region", "b", "--against", "a", "--csv", "pair.csv", "./two");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2 of consumption in 2020, a to b: 20.0 to 40.0 Mt (sda)");
  near(sum_of(f, "pair.csv", "b", "1", ""), 20, 1e-12);
  tanlu(&f->run, f->directory, "embodied", "--against", "nation", "--csv", "all.csv", "./two");
  expect_status(&f->run, 0);
  expect_out(&f->run, "regions against nation: 12.00 t per head (sda)");
  near(sum_of(f, "all.csv", "a", "", ""), 8, 1e-12);
  near(sum_of(f, "all.csv", "b", "", ""), -2, 1e-12);
  near(sum_of(f, "all.csv", "", "", "population"), 0, 0);
}

static void wrong_tables(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "embodied", "--against", "c", "--csv", "bad.csv", "./two");
  refuses(f, 2, "--against: no region 'c'");
  tanlu(&f->run, f->directory, "embodied", "--against", "a", "--of", "a_1", "--csv", "bad.csv", "./two");
  refuses(f, 2, "--of and --figure show trade");
  tanlu(&f->run, f->directory, "embodied", "--per-head", "--csv", "bad.csv", "./two");
  refuses(f, 2, "--per-head goes with --region or --against");
  assert_int_equal(tanlu_test_write_file(f->directory, "two/regions.csv", "region,co2_households_mt\na,1\nb,1\n"), 0);
  tanlu(&f->run, f->directory, "embodied", "--against", "nation", "--csv", "bad.csv", "./two");
  refuses(f, 2, "the population of regions is not known");
  tanlu(&f->run, f->directory, "embodied", "--region", "a", "--against", "b", "./two");
  expect_status(&f->run, 0);
  expect_err(&f->run, "it stands in the volume of demand");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_shared_out_nation),   cmocka_unit_test(wrong_years),
      cmocka_unit_test(a_result_with_regions), cmocka_unit_test(wrong_regions),
      cmocka_unit_test(regions_of_china),      cmocka_unit_test(a_table_by_hand),
      cmocka_unit_test(wrong_tables),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
