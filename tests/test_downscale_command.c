/* tanlu downscale, from the tiny dataset (tests/support.h) and three regions.
 *
 * Oracles: sums over regions are what `tanlu run` projects, in every year; one region is the nation; the base year is that of
 * `tanlu regionalise`; a region that grows d per cent faster has (1 + d/100)^years times its ratio to another, branch by branch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
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
      {"one/regions.yaml", "name: one\nlevel: industry3\n"},
      {"one/regions.csv", "code,name,name_zh\nall,All,\n"},
      {"one/distances.csv", "code,all\nall,0\n"},
      {"one/value_added.csv", "region,secondary,tertiary\nall,1,1\n"},
      {"one/indicators.csv", "region,people\nall,1\n"},
      {"one/assignment.csv", "sector,indicator,weight\n"}};
  for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
    if (tanlu_test_write_file(directory, files[k][0], files[k][1]) != 0) return 1;
  }
  return 0;
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  if (write_regions(f->directory) != 0) return 1;
  tanlu(&f->run, f->directory, "run", "-q", "-o", "nation.h5", "probe");
  return f->run.status;
}

static void near(double found, double expected, double tolerance) {
  if (!(fabs(found - expected) <= tolerance * fmax(1.0, fabs(expected))))
    fail_msg("%.15g instead of %.15g", found, expected);
}

/* Sum of the values of records region ("": all), year, group, quantity in FILE. */
static double value_of(const fixture *f, const char *file, const char *region, int year, const char *group,
                       const char *quantity) {
  char *text = tanlu_test_read_file(f->directory, file), *save = NULL;
  assert_non_null(text);
  double sum = 0.0;
  size_t found = 0;
  for (char *line = strtok_r(text, "\r\n", &save); line != NULL; line = strtok_r(NULL, "\r\n", &save)) {
    char *field[7] = {line};
    for (size_t k = 1; k < 7; k++) {
      field[k] = strchr(field[k - 1], ',');
      if (field[k] == NULL) break;
      *field[k]++ = '\0';
    }
    if (field[6] == NULL || atoi(field[2]) != year || strcmp(field[3], group) != 0) continue;
    if (strcmp(field[4], quantity) != 0 || (region[0] != '\0' && strcmp(field[1], region) != 0)) continue;
    sum += strtod(field[6], NULL);
    found++;
  }
  free(text);
  if (found == 0) fail_msg("%s has no %s of %s in %d", file, quantity, region, year);
  return sum;
}

static double nation(fixture *f, const char *indicator, int year) {
  char text[16];
  snprintf(text, sizeof text, "%d", year);
  tanlu(&f->run, f->directory, "show", "--csv", "--year", text, "nation.h5", indicator);
  expect_status(&f->run, 0);
  return strtod(strrchr(f->run.out, ',') + 1, NULL);
}

static void sums_are_the_nations(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "--grow", "east=1.5", "--people",
        "west=2025=-1,2030=0", "--csv", "out.csv", "nation.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "the nation leads");
  for (int year = 2020; year <= 2030; year += 5) {
    near(value_of(f, "out.csv", "", year, "", "co2_total"), nation(f, "co2_total", year), 1e-9);
    near(value_of(f, "out.csv", "", year, "", "co2_energy"), nation(f, "co2_energy", year), 1e-9);
    near(value_of(f, "out.csv", "", year, "", "population"), nation(f, "population", year), 1e-9);
    near(value_of(f, "out.csv", "", year, "", "value_added"), nation(f, "gdp", year), 1e-9);
    /* groups and households make up a region */
    double groups = value_of(f, "out.csv", "north", year, "households", "co2_total");
    static const char *const group[] = {"coal_mining", "goods", "power_heat"};
    for (size_t g = 0; g < 3; g++) groups += value_of(f, "out.csv", "north", year, group[g], "co2_total");
    near(groups, value_of(f, "out.csv", "north", year, "", "co2_total"), 1e-12);
    double energy = value_of(f, "out.csv", "north", year, "households", "final_energy");
    for (size_t g = 0; g < 3; g++) energy += value_of(f, "out.csv", "north", year, group[g], "final_energy");
    near(energy, value_of(f, "out.csv", "north", year, "", "final_energy"), 1e-12);
  }
}

static void one_region_is_the_nation(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "downscale", "--regions", "./one", "--csv", "whole.csv", "nation.h5");
  expect_status(&f->run, 0);
  for (int year = 2020; year <= 2030; year++) {
    near(value_of(f, "whole.csv", "all", year, "", "co2_total"), nation(f, "co2_total", year), 1e-10);
    tanlu(&f->run, f->directory, "show", "--csv", "nation.h5", "co2_by_group");
    char record[64];
    snprintf(record, sizeof record, "probe,%d,goods,", year);
    const char *line = strstr(f->run.out, record);
    assert_non_null(line);
    const char *value = line + strcspn(line, "\r\n");
    while (value[-1] != ',') value--;
    near(value_of(f, "whole.csv", "all", year, "goods", "co2_total"), strtod(value, NULL), 1e-10);
  }
}

static void the_base_year_is_that_of_regionalise(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "regionalise", "--regions", "./three", "--force", "-o", "base", "tiny");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "--force", "--csv", "base.csv", "nation.h5");
  expect_status(&f->run, 0);
  char *text = tanlu_test_read_file(f->directory, "base/regions.csv"), *save = NULL;
  assert_non_null(text);
  /* by name, as columns may be added */
  size_t production = 0, households = 0, column = 0;
  char *header = strtok_r(text, "\r\n", &save), *next = NULL;
  for (char *name = strtok_r(header, ",", &next); name != NULL; name = strtok_r(NULL, ",", &next), column++) {
    if (strcmp(name, "co2_production_mt") == 0) production = column;
    if (strcmp(name, "co2_households_mt") == 0) households = column;
  }
  assert_true(production > 0 && households > 0);
  size_t rows = 0;
  for (char *line = strtok_r(NULL, "\r\n", &save); line != NULL; line = strtok_r(NULL, "\r\n", &save), rows++) {
    char code[32];
    double sum = 0.0;
    const char *p = line;
    snprintf(code, sizeof code, "%.*s", (int)strcspn(line, ","), line);
    for (size_t k = 0; p != NULL; k++, p = strchr(p, ',') != NULL ? strchr(p, ',') + 1 : NULL) {
      if (k == production || k == households) sum += strtod(p, NULL);
    }
    near(value_of(f, "base.csv", code, 2020, "", "co2_total"), sum, 1e-10);
  }
  assert_int_equal(rows, 3);
  free(text);
}

/* East grows 2 % a year faster after the history, 2022: in 2030 its branches have 1.02^8 times their ratio to the west's. */
static void faster_growth_takes_from_others(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "--force", "--csv", "even.csv", "nation.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "--grow", "east=2", "--force", "--csv", "fast.csv",
        "nation.h5");
  expect_status(&f->run, 0);
  static const char *const group[] = {"coal_mining", "goods", "power_heat"};
  for (size_t g = 0; g < 3; g++) {
    const double even = value_of(f, "even.csv", "east", 2030, group[g], "value_added") /
                        value_of(f, "even.csv", "west", 2030, group[g], "value_added");
    const double fast = value_of(f, "fast.csv", "east", 2030, group[g], "value_added") /
                        value_of(f, "fast.csv", "west", 2030, group[g], "value_added");
    near(fast / even, pow(1.02, 8), 1e-10);
    near(value_of(f, "fast.csv", "west", 2022, group[g], "value_added"),
         value_of(f, "even.csv", "west", 2022, group[g], "value_added"), 1e-12);
  }
  assert_true(value_of(f, "fast.csv", "west", 2030, "", "value_added") <
              value_of(f, "even.csv", "west", 2030, "", "value_added"));
}

static void netcdf_has_regions(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "-o", "regions.nc", "--force", "--csv", "nc.csv",
        "nation.h5");
  expect_status(&f->run, 0);
  assert_true(tanlu_test_exists(f->directory, "regions.nc"));
  if (!tanlu_test_python_has("xarray") || !tanlu_test_python_has("netCDF4")) skip();
  tanlu_test_python(&f->run, f->directory,
                    "import xarray\n"
                    "d = xarray.open_dataset('regions.nc', engine='netcdf4')\n"
                    "print(','.join(d.region.values), int(d.year[0]), int(d.year[-1]), d.co2_total.attrs['units'])\n"
                    "print(repr(float(d.co2_total.sel(region='north', year=2030))))\n"
                    "print(repr(float(abs(d.co2_by_group.sum('group') - d.co2_total).max())))\n",
                    (const char *const[]){NULL});
  expect_status(&f->run, 0);
  expect_out(&f->run, "east,west,north 2020 2030 Mt\n");
  const char *line = strchr(f->run.out, '\n') + 1;
  assert_true(strtod(line, NULL) == value_of(f, "nc.csv", "north", 2030, "", "co2_total"));
  assert_true(strtod(strchr(line, '\n') + 1, NULL) < 1e-12);
}

static void wrong_usage(void **state) {
  fixture *f = *state;
  static const char *const wrong[][3] = {{"--grow", "est=1", "did you mean 'east'?"},
                                         {"--grow", "east", "expected REGION=RATE"},
                                         {"--grow", "east=fast", "fast"},
                                         {"--grow", "east=-90", "-90"},
                                         {"--people", "south=1", "no region 'south'"},
                                         {"--level", "zone", "has no level 'zone'"},
                                         {"--year", "2050", "2050"}};
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    tanlu(&f->run, f->directory, "downscale", "--regions", "./three", wrong[k][0], wrong[k][1], "--csv", "bad.csv",
          "-o", "bad.nc", "nation.h5");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k][2]);
    assert_false(tanlu_test_exists(f->directory, "bad.csv"));
    assert_false(tanlu_test_exists(f->directory, "bad.nc"));
  }
  tanlu(&f->run, f->directory, "downscale", "--regions", "./three", "-o", "nation.h5", "nation.h5");
  expect_status(&f->run, 2); /* exists */
}

/* The shipped provinces: 31 regions of a shipped scenario. */
static void the_shipped_provinces(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "downscale", "--level", "grid", "--csv", "grids.csv", "dual-carbon-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "dual.h5", "dual-carbon-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "show", "--csv", "--year", "2060", "dual.h5", "co2_total");
  near(value_of(f, "grids.csv", "", 2060, "", "co2_total"), strtod(strrchr(f->run.out, ',') + 1, NULL), 1e-8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_are_the_nations),
      cmocka_unit_test(one_region_is_the_nation),
      cmocka_unit_test(the_base_year_is_that_of_regionalise),
      cmocka_unit_test(faster_growth_takes_from_others),
      cmocka_unit_test(netcdf_has_regions),
      cmocka_unit_test(wrong_usage),
      cmocka_unit_test(the_shipped_provinces),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
