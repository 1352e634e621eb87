/* tanlu regionalise, from the tiny dataset (tests/support.h) and three regions.
 *
 * Oracles: the dataset that it writes is read by `tanlu check` and `solve`; sums of its files over regions are the nation's numbers;
 * CO2 and energy by region add up to those of the nation's base year; with one region they are the nation's. */
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

static const char regions_yaml[] = "name: three\n"
                                   "title: Three regions\n"
                                   "level: industry3\n"
                                   "levels: [area]\n"
                                   "households: people\n";

/* Value added of the nation: secondary 70 + 100, tertiary 550. */
static int write_regions(const char *directory) {
  return tanlu_test_write_file(directory, "three/regions.yaml", regions_yaml) != 0 ||
         tanlu_test_write_file(directory, "three/groups.csv",
                               "level,code,name,name_zh\narea,coast,Coast,沿海\narea,inland,Inland,内陆\n") != 0 ||
         tanlu_test_write_file(
             directory, "three/regions.csv",
             "code,name,name_zh,area\neast,East,东,coast\nwest,West,西,inland\nnorth,North,北,inland\n") != 0 ||
         tanlu_test_write_file(directory, "three/distances.csv",
                               "code,east,west,north\neast,0,100,200\nwest,100,0,150\nnorth,200,150,0\n") != 0 ||
         tanlu_test_write_file(directory, "three/value_added.csv",
                               "region,secondary,tertiary\neast,50,300\nwest,60,150\nnorth,50,80\n") != 0 ||
         tanlu_test_write_file(directory, "three/indicators.csv",
                               "region,people,pits,plants\neast,60,1,5\nwest,30,10,3\nnorth,10,9,12\n") != 0 ||
         tanlu_test_write_file(directory, "three/assignment.csv",
                               "sector,indicator,weight,source\ncoal,pits,1,test\npower,plants,0.8,test\n"
                               "power,value_added,0.2,test\n") != 0 ||
         tanlu_test_write_file(directory, "three/flows.csv",
                               "product,from,to,value\npower,east,east,5\npower,west,west,3\npower,north,north,8\n"
                               "power,north,east,4\n") != 0 ||
         tanlu_test_write_file(directory, "three/carriers.csv",
                               "carrier,unit,energy,like,source\nelectricity,TWh,3.6,,test\nraw_coal,t,2,,test\n"
                               "gasoline,,,raw_coal,test\n") != 0 ||
         tanlu_test_write_file(directory, "three/final_energy.csv",
                               "region,electricity,raw_coal\neast,60,50\nwest,20,40\n") != 0 ||
         tanlu_test_write_file(directory, "three/power_fuel.csv", "region,coal\nnorth,9\neast,1\n") != 0;
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  const fixture *f = *state;
  return write_regions(f->directory);
}

#define regionalise(f, ...) tanlu(&(f)->run, (f)->directory, "regionalise", "--regions", "./three", __VA_ARGS__, "tiny")

/* ---- what is written ------------------------------------------------------------------------------------------------------- */

/* Sum of a column of a CSV file over all rows whose first field ends with `suffix` ("": all). */
static double column_sum(const char *directory, const char *file, const char *column, const char *suffix) {
  char *text = tanlu_test_read_file(directory, file);
  assert_non_null(text);
  size_t wanted = 0, found = 0;
  char *save = NULL, *line = strtok_r(text, "\r\n", &save);
  char *field_save = NULL;
  for (char *field = strtok_r(line, ",", &field_save); field != NULL; field = strtok_r(NULL, ",", &field_save)) {
    if (strcmp(field, column) == 0) found = wanted;
    wanted++;
  }
  if (found == 0) fail_msg("%s has no column %s", file, column);
  double sum = 0.0;
  while ((line = strtok_r(NULL, "\r\n", &save)) != NULL) {
    const size_t code = strcspn(line, ","), tail = strlen(suffix);
    if (code < tail || strncmp(line + code - tail, suffix, tail) != 0) continue;
    const char *p = line;
    for (size_t k = 0; k < found; k++) p = strchr(p, ',') + 1;
    sum += strtod(p, NULL); /* an empty cell is 0 */
  }
  free(text);
  return sum;
}

static void near(double found, double expected, double tolerance) {
  if (!(fabs(found - expected) <= tolerance * fmax(1.0, fabs(expected))))
    fail_msg("%.15g instead of %.15g", found, expected);
}

static void regions_add_up(void **state) {
  fixture *f = *state;
  regionalise(f, "-o", "out");
  expect_status(&f->run, 0);
  expect_out(&f->run, "3 regions x 3 sectors of tiny-2020, trade by flq");
  static const char *const region[] = {"east", "west", "north"};
  /* flows of the tiny dataset, tests/support.h */
  static const double flow[3][3] = {{10, 40, 50}, {30, 300, 40}, {10, 110, 10}};
  static const char *const sector[] = {"_coal", "_goods", "_power"};
  for (size_t i = 0; i < 3; i++) {
    for (size_t j = 0; j < 3; j++) {
      double sum = 0.0;
      for (size_t q = 0; q < 3; q++) {
        char column[32];
        snprintf(column, sizeof column, "%s%s", region[q], sector[j]);
        sum += column_sum(f->directory, "out/flows.csv", column, sector[i]);
      }
      near(sum, flow[i][j], 1e-12);
    }
    static const double output[] = {120, 1000, 200}, imports[] = {5, 100, 0};
    near(column_sum(f->directory, "out/final_demand.csv", "gross_output", sector[i]), output[i], 1e-12);
    near(column_sum(f->directory, "out/final_demand.csv", "imports", sector[i]), imports[i], 1e-12);
  }
  tanlu(&f->run, f->directory, "check", "./out");
  expect_status(&f->run, 0);
  expect_out(&f->run, "9 sectors");
  tanlu(&f->run, f->directory, "solve", "--emissions", "out/extensions.csv", "./out");
  expect_status(&f->run, 0);
}

/* Coal by pits, scaled to value added of secondary industry: coal and power share 50, 60 and 50 of 160, scaled to 170. */
static void value_added_is_the_regions(void **state) {
  fixture *f = *state;
  regionalise(f, "-o", "out", "--force");
  expect_status(&f->run, 0);
  char *text = tanlu_test_read_file(f->directory, "out/value_added.csv");
  assert_non_null(text);
  free(text);
  double north = 0.0;
  north += column_sum(f->directory, "out/value_added.csv", "north_coal", "");
  north += column_sum(f->directory, "out/value_added.csv", "north_power", "");
  near(north, 50.0 / 160 * 170, 1e-10);
  near(column_sum(f->directory, "out/value_added.csv", "west_goods", ""), 150.0 / 530 * 550, 1e-10);
}

/* CO2 of the base year by a run of the nation; final electricity as reported, scaled: east 60 and west 20 of 80, of what the
 * north has not. */
static void energy_and_co2_are_the_nations(void **state) {
  fixture *f = *state;
  regionalise(f, "-o", "out", "--force");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "--force", "-o", "nation.h5", "probe");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "show", "--csv", "--year", "2020", "nation.h5", "co2_total");
  expect_status(&f->run, 0);
  const double nation = strtod(strrchr(f->run.out, ',') + 1, NULL);
  const double production = column_sum(f->directory, "out/regions.csv", "co2_production_mt", "");
  const double households = column_sum(f->directory, "out/regions.csv", "co2_households_mt", "");
  /* people and value added as the statistics give them */
  near(column_sum(f->directory, "out/regions.csv", "population", ""), 100.0, 1e-12);
  near(column_sum(f->directory, "out/regions.csv", "population", "west"), 30.0, 1e-12);
  near(column_sum(f->directory, "out/regions.csv", "value_added", "north"), 130.0, 1e-12);
  near(column_sum(f->directory, "out/regions.csv", "value_added_secondary", "west"), 60.0, 1e-12);
  near(column_sum(f->directory, "out/regions.csv", "value_added_tertiary", ""), 530.0, 1e-12);
  near(production + households, nation, 1e-12);
  near(column_sum(f->directory, "out/extensions.csv", "co2", ""), production, 1e-12);
  /* final electricity of the same run, sectors and households */
  double electricity = 0.0, sum = 0.0, east = 0.0, west = 0.0;
  static const char *const variable[] = {"final_energy", "household_energy"};
  for (size_t k = 0; k < 2; k++) {
    tanlu(&f->run, f->directory, "show", "--csv", "--year", "2020", "nation.h5", variable[k]);
    expect_status(&f->run, 0);
    char *rows = strdup(f->run.out), *save = NULL;
    assert_non_null(rows);
    for (char *line = strtok_r(rows, "\r\n", &save); line != NULL; line = strtok_r(NULL, "\r\n", &save)) {
      if (strstr(line, "electricity") != NULL) electricity += 1000 * strtod(strrchr(line, ',') + 1, NULL);
    }
    free(rows);
  }
  char *text = tanlu_test_read_file(f->directory, "out/regional_energy.csv"), *next = NULL;
  assert_non_null(text);
  for (char *line = strtok_r(text, "\r\n", &next); line != NULL; line = strtok_r(NULL, "\r\n", &next)) {
    char region[32], carrier[32], rest[128];
    if (sscanf(line, "%31[^,],%31[^,],%127s", region, carrier, rest) != 3 || strcmp(carrier, "electricity") != 0)
      continue;
    const double used = strtod(strchr(rest, ',') + 1, NULL);
    sum += used;
    if (strcmp(region, "east") == 0) east = used;
    if (strcmp(region, "west") == 0) west = used;
  }
  free(text);
  assert_true(sum > 300.0);
  near(sum, electricity, 1e-10);
  near(east / west, 3.0, 1e-9);
}

/* One region is the nation, to 1e-10: CO2 by sector as well. */
static void one_region_is_the_nation(void **state) {
  fixture *f = *state;
  char directory[TANLU_TEST_PATH + 16];
  snprintf(directory, sizeof directory, "%s", f->directory);
  assert_int_equal(tanlu_test_write_file(directory, "one/regions.yaml", "name: one\nlevel: industry3\n"), 0);
  assert_int_equal(tanlu_test_write_file(directory, "one/regions.csv", "code,name,name_zh\nall,All,\n"), 0);
  assert_int_equal(tanlu_test_write_file(directory, "one/distances.csv", "code,all\nall,0\n"), 0);
  assert_int_equal(tanlu_test_write_file(directory, "one/value_added.csv", "region,secondary,tertiary\nall,1,1\n"), 0);
  assert_int_equal(tanlu_test_write_file(directory, "one/indicators.csv", "region,people\nall,1\n"), 0);
  assert_int_equal(tanlu_test_write_file(directory, "one/assignment.csv", "sector,indicator,weight\n"), 0);
  tanlu(&f->run, f->directory, "regionalise", "--regions", "./one", "-o", "whole", "tiny");
  expect_status(&f->run, 0);
  near(column_sum(f->directory, "whole/flows.csv", "all_goods", "all_power"), 110.0, 1e-12);
  near(column_sum(f->directory, "whole/final_demand.csv", "all_urban_households", "all_goods"), 250.0, 1e-12);
  tanlu(&f->run, f->directory, "run", "-q", "--force", "-o", "nation.h5", "probe");
  static const char *const sector[] = {"coal", "goods", "power"};
  tanlu(&f->run, f->directory, "show", "--csv", "--year", "2020", "nation.h5", "co2");
  expect_status(&f->run, 0);
  for (size_t i = 0; i < 3; i++) {
    char record[64], code[32];
    snprintf(record, sizeof record, ",2020,%s,", sector[i]);
    snprintf(code, sizeof code, "all_%s", sector[i]);
    const char *line = strstr(f->run.out, record);
    assert_non_null(line);
    const size_t length = strcspn(line, "\r\n");
    const char *value = line + length;
    while (value[-1] != ',') value--;
    near(column_sum(f->directory, "whole/extensions.csv", "co2", code), strtod(value, NULL), 1e-10);
  }
}

/* ---- fewer regions, other ways ---------------------------------------------------------------------------------------------- */

static void levels_and_single_regions(void **state) {
  fixture *f = *state;
  regionalise(f, "--level", "area", "-o", "areas");
  expect_status(&f->run, 0);
  expect_out(&f->run, "2 regions x 3 sectors");
  near(column_sum(f->directory, "areas/value_added.csv", "inland_goods", ""), 230.0 / 530 * 550, 1e-10);
  regionalise(f, "--region", "north", "--quotient", "slq", "-o", "north");
  expect_status(&f->run, 0);
  expect_out(&f->run, "trade by slq");
  near(column_sum(f->directory, "north/value_added.csv", "rest_goods", ""), 450.0 / 530 * 550, 1e-10);
  tanlu(&f->run, f->directory, "check", "./areas", "./north");
  expect_status(&f->run, 0);
}

/* A product that is imported alone: its output is 0, its share of imports 1 but for rounding (0.1 + 0.7 against 0.8). */
static void a_product_that_is_not_made_here(void **state) {
  fixture *f = *state;
  static const char *const files[][2] = {
      {"bare-nation/dataset.yaml",
       "name: bare\naccounts_only: true\nbase_year: 2020\nimport_treatment: proportional\nunits: {money: 1e6 EUR}\n"
       "levels: [industry3]\nsources: test\n"},
      {"bare-nation/groups.csv", "level,code,name,name_zh\nindustry3,secondary,S,\nindustry3,tertiary,T,\n"},
      {"bare-nation/sectors.csv", "code,name,name_zh,industry3\na,A,,secondary\nb,B,,tertiary\nc,C,,tertiary\n"},
      {"bare-nation/categories.csv", "code,name,name_zh,role\nhouseholds,H,,urban\n"},
      {"bare-nation/flows.csv", "code,a,b,c\na,1,,2\nb,0.1,,0.2\nc,1,,1\n"},
      {"bare-nation/final_demand.csv", "code,households,imports,gross_output\na,7,0,10\nb,0.3,0.6,0\nc,8,0,10\n"},
      {"bare-nation/value_added.csv", "code,name,name_zh,a,b,c\nadded,V,,7.9,,6.8\n"}};
  for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
    assert_int_equal(tanlu_test_write_file(f->directory, files[k][0], files[k][1]), 0);
  }
  assert_int_equal(tanlu_test_write_file(f->directory, "three/assignment.csv", "sector,indicator,weight\n"), 0);
  assert_int_equal(tanlu_test_edit(f->directory, "three/flows.csv",
                                   "power,east,east,5\npower,west,west,3\npower,north,north,8\n"
                                   "power,north,east,4\n",
                                   "a,east,east,5\na,west,west,3\na,north,north,8\n"),
                   0);
  tanlu(&f->run, f->directory, "regionalise", "--regions", "./three", "-o", "imported", "./bare-nation");
  expect_status(&f->run, 0);
  near(column_sum(f->directory, "imported/final_demand.csv", "imports", "_b"), 0.6, 1e-12);
  near(column_sum(f->directory, "imported/flows.csv", "west_c", "_b") +
           column_sum(f->directory, "imported/flows.csv", "east_c", "_b") +
           column_sum(f->directory, "imported/flows.csv", "north_c", "_b"),
       0.2, 1e-12);
  assert_int_equal(write_regions(f->directory), 0);
}

static void accounts_alone(void **state) {
  fixture *f = *state;
  regionalise(f, "--accounts", "-o", "bare/");
  expect_status(&f->run, 0);
  assert_false(tanlu_test_exists(f->directory, "bare/extensions.csv"));
  expect_not_out(&f->run, "CO2");
}

/* ---- wrong input ------------------------------------------------------------------------------------------------------------ */

static void wrong(fixture *f, const char *file, const char *before, const char *after, const char *message) {
  assert_int_equal(tanlu_test_edit(f->directory, file, before, after), 0);
  regionalise(f, "-o", "bad");
  expect_status(&f->run, 2);
  expect_err(&f->run, message);
  assert_false(tanlu_test_exists(f->directory, "bad"));
  assert_int_equal(write_regions(f->directory), 0);
}

static void wrong_files(void **state) {
  fixture *f = *state;
  wrong(f, "three/value_added.csv", "west,60", "wset,60", "value_added.csv:3:1: error: unknown region 'wset'");
  wrong(f, "three/value_added.csv", "north,50,80\n", "", "value_added.csv: error: missing region 'north'");
  wrong(f, "three/value_added.csv", "north,50", "north,-50", "value_added.csv:4:2: error:");
  wrong(f, "three/value_added.csv", "region,secondary", "region,primary", "value_added.csv:1:");
  wrong(f, "three/indicators.csv", "north,10,9,12", "north,10,,12", "indicators.csv:4:3: error:");
  wrong(f, "three/indicators.csv", "west,30", "east,30", "indicators.csv:3:1: error: duplicate region 'east'");
  wrong(f, "three/assignment.csv", "coal,pits", "coal,mines", "assignment.csv:2:2: error: unknown indicator 'mines'");
  wrong(f, "three/assignment.csv", "power,plants,0.8", "power,plants,0.7", "weights of sector 'power' add up to 0.9");
  wrong(f, "three/assignment.csv", "coal,", "cool,",
        "assignment.csv:2:1: error: dataset tiny-2020 has no sector or group 'cool'; did you mean 'coal'?");
  wrong(f, "three/distances.csv", "200,150,0", "210,150,0", "east and north: 200 and 210");
  wrong(f, "three/flows.csv", "north,east,4", "north,east,-4", "flows.csv:5:4: error:");
  wrong(f, "three/flows.csv", "power,north,east", "wires,north,east",
        "flows.csv:5:1: error: dataset tiny-2020 has no sector or group 'wires'");
  wrong(f, "three/regions.yaml", "households: people", "households: heads", "no indicator 'heads'");
  wrong(f, "three/regions.yaml", "level: industry3", "level: industry4", "regions.yaml:3:8: error:");
  wrong(f, "three/carriers.csv", "electricity,TWh,3.6", "electricity,TWh,x", "carriers.csv:2:3: error:");
  wrong(f, "three/final_energy.csv", "region,electricity", "region,elektricity", "final_energy.csv:1:2: error:");
}

/* A region without output in a sector cannot report the sector's energy alone; here nobody in the east can burn any coal. */
static void energy_without_users(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_edit(f->directory, "three/final_energy.csv",
                                   "region,electricity,raw_coal\neast,60,50\nwest,20,40",
                                   "region,electricity,raw_coal\neast,60,0\nwest,20,0"),
                   0);
  regionalise(f, "-o", "bad");
  expect_status(&f->run, 2);
  expect_err(&f->run, "no region reports final use of raw_coal");
  assert_false(tanlu_test_exists(f->directory, "bad"));
  assert_int_equal(write_regions(f->directory), 0);
}

/* Coke is used by the services of the tiny dataset's third sector, of which the west makes nothing. */
static void energy_of_sectors_without_output(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_edit(f->directory, "three/carriers.csv", "gasoline,,,raw_coal", "coke,t,2,"), 0);
  assert_int_equal(tanlu_test_edit(f->directory, "three/final_energy.csv",
                                   "region,electricity,raw_coal\neast,60,50\nwest,20,40",
                                   "region,electricity,coke\neast,60,9\nwest,20,1"),
                   0);
  wrong(f, "three/value_added.csv", "west,60,150", "west,60,0",
        "region west reports final use of coke, but has no output in the sectors that use it");
}

/* Tiles and persons of the statistics: into the dataset, or an error. */
static void tiles_and_persons(void **state) {
  fixture *f = *state;
  static const char east[] = "east,East,东,coast", header[] = "code,name,name_zh,area\n";
  const char *const tiled = "code,name,name_zh,area,tile_x,tile_y\neast,East,东,coast,2,0\nwest,West,西,inland,0,0\n"
                            "north,North,北,inland,1,%s\n";
  char text[256];
  wrong(f, "three/regions.csv", header, "code,name,name_zh,tile_x\n", "regions.csv:1:");
  wrong(f, "three/regions.csv", east, "east,East,东,cost", "regions.csv:2:4: error:");
  assert_int_equal(
      tanlu_test_edit(f->directory, "three/regions.yaml", "households: people", "households: people\npersons: 1e4"), 0);
  (void)snprintf(text, sizeof text, tiled, "0");
  assert_int_equal(tanlu_test_write_file(f->directory, "three/regions.csv", text), 0);
  regionalise(f, "-o", "tiled");
  expect_status(&f->run, 0);
  assert_true(column_sum(f->directory, "tiled/regions.csv", "population", "") > 999999.0); /* 100 x 10^4 */
  near(column_sum(f->directory, "tiled/regions.csv", "tile_x", ""), 3.0, 1e-12);
  near(column_sum(f->directory, "tiled/regions.csv", "tile_y", ""), 0.0, 1e-12);
  wrong(f, "three/regions.csv", "inland,0,0", "inland,2,0", "tile 2, 0 is that of another region too");
  assert_int_equal(tanlu_test_write_file(f->directory, "three/regions.csv", text), 0);
  wrong(f, "three/regions.csv", "inland,0,0", "inland,0,", "regions.csv:3:6: error:");
  assert_int_equal(
      tanlu_test_edit(f->directory, "three/regions.yaml", "households: people", "households: people\npersons: 0"), 0);
  regionalise(f, "-o", "bad");
  expect_status(&f->run, 2);
  expect_err(&f->run, "expected the persons in one unit of the indicator of households, above 0");
  assert_int_equal(write_regions(f->directory), 0);
}

static void wrong_usage(void **state) {
  fixture *f = *state;
  regionalise(f, "-o", "bad", "--quotient", "xlq");
  expect_status(&f->run, 2);
  regionalise(f, "-o", "bad", "--region", "nort");
  expect_status(&f->run, 2);
  expect_err(&f->run, "did you mean 'north'?");
  regionalise(f, "-o", "bad", "--level", "zone");
  expect_status(&f->run, 2);
  regionalise(f, "-o", "tiny");
  expect_status(&f->run, 2);
  expect_err(&f->run, "exists already");
  tanlu(&f->run, f->directory, "regionalise", "tiny");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "regionalise", "--regions", "nowhere", "-o", "bad", "tiny");
  expect_status(&f->run, 2);
  expect_err(&f->run, "no regional statistics 'nowhere'");
  assert_false(tanlu_test_exists(f->directory, "bad"));
}

/* ---- what is shipped --------------------------------------------------------------------------------------------------------- */

/* Energy of the provinces against the nation where both mean the same: electricity within 2 %, coke within 1 %. CO2 of four provinces
 * with heavy industry is more than a quarter of all. */
static void the_shipped_provinces(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "regionalise", "-o", "provinces", "china-2020-42");
  expect_status(&f->run, 0);
  expect_out(&f->run, "31 regions x 42 sectors");
  double production = column_sum(f->directory, "provinces/regions.csv", "co2_production_mt", "");
  const double households = column_sum(f->directory, "provinces/regions.csv", "co2_households_mt", "");
  near(production + households, 10173.7,
       1e-4); /* 9070.8 of combustion and 1102.9 of processes: tanlu check china-2020-42 */
  double heavy = 0.0;
  static const char *const province[] = {"hebei", "shandong", "inner_mongolia", "jiangsu"};
  for (size_t k = 0; k < 4; k++)
    heavy += column_sum(f->directory, "provinces/regions.csv", "co2_production_mt", province[k]);
  assert_true(heavy > 0.25 * production);
  tanlu(&f->run, f->directory, "check", "./provinces");
  expect_status(&f->run, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(regions_add_up),
      cmocka_unit_test(value_added_is_the_regions),
      cmocka_unit_test(energy_and_co2_are_the_nations),
      cmocka_unit_test(one_region_is_the_nation),
      cmocka_unit_test(levels_and_single_regions),
      cmocka_unit_test(a_product_that_is_not_made_here),
      cmocka_unit_test(accounts_alone),
      cmocka_unit_test(wrong_files),
      cmocka_unit_test(energy_without_users),
      cmocka_unit_test(energy_of_sectors_without_output),
      cmocka_unit_test(tiles_and_persons),
      cmocka_unit_test(wrong_usage),
      cmocka_unit_test(the_shipped_provinces),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
