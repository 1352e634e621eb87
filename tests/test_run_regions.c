/* Scenarios by region in the hands of the commands: run, show, compare, export and those that see the nation alone (cli/run_regions.c,
 * outputs/region_view.c, region_overview.c, iamc.c, csv_write.c).
 *
 * Oracles: the run of the same scenario without its block, bit by bit; where the nation leads, sums over regions against it; `show`
 * against the CSV of the same numbers, CSV against what the library reads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/region_slice.h"
#include "tests/program_support.h"

enum { REGIONS = 7, YEARS = 4 };

typedef struct {
  char directory[TANLU_TEST_PATH];
  tanlu_test_run run, other;
  tanlu_context *context;
  tanlu_result *result;
} fixture;

#define BLOCK "regions: {statistics: china-2020, level: grid}\n"
static const char scenario[] = "parent: dual-carbon-42\nyears: {to: 2023}\n";

static int write_scenario(const fixture *f, const char *name, const char *block) {
  char file[64], text[512];
  (void)snprintf(file, sizeof file, "%s.yaml", name);
  (void)snprintf(text, sizeof text, "name: %s\n%s%s", name, scenario, block);
  return tanlu_test_write_file(f->directory, file, text);
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0) return 1;
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  f->context = tanlu_context_create();
  if (write_scenario(f, "grids", BLOCK) != 0 || write_scenario(f, "nation", "") != 0) return 1;
  if (write_scenario(f, "free", "regions: {statistics: china-2020, level: grid, lead: regions}\n") != 0) return 1;
  tanlu(&f->run, f->directory, "run", "-q", "-o", "out.h5", "./grids.yaml", "./free.yaml");
  if (f->run.status != 0) {
    fputs(f->run.err, stderr);
    return 1;
  }
  char path[TANLU_TEST_PATH + 16];
  (void)snprintf(path, sizeof path, "%s/out.h5", f->directory);
  return tanlu_result_open(&f->result, path, f->context) == TANLU_OK ? 0 : 1;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_result_close(&f->result);
  tanlu_context_free(&f->context);
  tanlu_test_forget(&f->run);
  tanlu_test_forget(&f->other);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

static const tanlu_result_variable *read_variable(fixture *f, const char *name) {
  const tanlu_result_variable *v = NULL;
  assert_int_equal(tanlu_result_variable_read(f->result, name, &v, f->context), TANLU_OK);
  return v;
}

/* ---- run ------------------------------------------------------------------------------------------------------------ */

/* Members of the nation's variable against sums over regions, of the scenario that the nation leads; largest gap against the largest
 * member. */
static double gap_of(fixture *f, const char *name) {
  char regional[64];
  (void)snprintf(regional, sizeof regional, "regional_%s", name);
  const tanlu_result_variable *nation = read_variable(f, name), *region = read_variable(f, regional);
  size_t cells = 1;
  double worst = 0.0, largest = 0.0;
  for (size_t k = 1; k < nation->rank; k++) cells *= nation->extent[k];
  for (size_t i = 0; i < cells; i++) {
    double sum = 0.0;
    for (size_t r = 0; r < REGIONS; r++) sum += region->value[r * cells + i];
    if (isnan(nation->value[i])) continue;
    worst = fmax(worst, fabs(sum - nation->value[i]));
    largest = fmax(largest, fabs(nation->value[i]));
  }
  assert_true(largest > 0.0);
  return worst / largest;
}

static void regions_add_up_to_the_nation(void **state) {
  fixture *f = *state;
  static const char *const names[] = {"gross_output", "co2", "generation", "household_energy", "co2_by_group"};
  const tanlu_labels *regions = tanlu_result_regions_of(f->result);
  assert_int_equal(regions->count, REGIONS);
  assert_string_equal(tanlu_result_attribute(f->result, "regional_grouping"), "grid");
  assert_string_equal(tanlu_result_attribute(f->result, "regional_lead"), "nation\nregions");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const double gap = gap_of(f, names[i]); /* what scaling leaves to rounding */
    if (!(gap < 1e-9)) fail_msg("%s: regions add up to the nation but for %g", names[i], gap);
  }
  /* what is sent is received by others: nothing on the diagonal, something elsewhere */
  const tanlu_result_variable *v = read_variable(f, "regional_electricity");
  double sent = 0.0;
  for (size_t i = 0; i < REGIONS * REGIONS; i++) {
    if (i % (REGIONS + 1) == 0) assert_true(v->value[i] == 0.0);
    sent += v->value[i];
  }
  assert_true(sent > 100.0); /* TWh */
}

/* The nation is projected as without the block; inputs are those of the statistics too, by name with their digests. */
static void the_nation_is_as_without_regions(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-q", "-o", "nation.h5", "./nation.yaml");
  expect_status(&f->run, 0);
  static const char *const names[] = {"co2", "final_energy", "indicator_value", "closure_factor"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    tanlu(&f->run, f->directory, "show", "--csv", "nation.h5", names[i]);
    char *without = strdup(f->run.out);
    tanlu(&f->run, f->directory, "show", "--csv", "-s", "grids", "out.h5", names[i]);
    const char *a = without, *b = f->run.out;
    size_t records = 0;
    for (; a != NULL && b != NULL; records++) { /* but for the name of the scenario */
      a = strchr(a, ',');
      b = strchr(b, ',');
      if (a == NULL || b == NULL) break;
      const size_t length = strcspn(a, "\n");
      if (strncmp(a, b, length) != 0) fail_msg("%s: %.80s", names[i], b);
      a = strchr(a, '\n');
      b = strchr(b, '\n');
    }
    assert_true(a == NULL && b == NULL && records > 100);
    free(without);
  }
  const char *inputs = tanlu_result_attribute(f->result, "input_files");
  assert_non_null(strstr(inputs, "regions/china-2020/value_added.csv"));
  assert_non_null(strstr(inputs, "regions/china-2020/regions.yaml"));
}

static void bits_do_not_depend_on_threads(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-q", "-t", "1", "-o", "one.h5", "./grids.yaml", "./free.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "-t", "3", "-o", "three.h5", "./grids.yaml", "./free.yaml");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "compare", "one.h5", "three.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "compare", "one.h5", "out.h5");
  expect_status(&f->run, 0);
}

static void mixed_runs_are_refused(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "run", "-o", "mixed.h5", "./grids.yaml", "./nation.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "nation.yaml: error: scenario 'nation' has no block 'regions' but 'grids' has one");
  if (write_scenario(f, "areas", "regions: {statistics: china-2020, level: area}\n") != 0) fail();
  tanlu(&f->run, f->directory, "run", "-o", "mixed.h5", "./grids.yaml", "./areas.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "areas.yaml: error: scenario 'areas' has other regions than 'grids', by regions: level");
  if (write_scenario(f, "wrong", "regions: {statistics: nowhere-2020}\n") != 0) fail();
  tanlu(&f->run, f->directory, "run", "-o", "mixed.h5", "./wrong.yaml");
  expect_status(&f->run, 2);
  expect_err(&f->run, "nowhere-2020");
  assert_false(tanlu_test_exists(f->directory, "mixed.h5"));
}

/* ---- show ----------------------------------------------------------------------------------------------------------- */

static void the_summary_has_regions(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "show", "out.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "energy CO2, Mt      CO2 2020  peak  peak CO2  CO2 2023  part, %  trend\n");
  expect_out(&f->run, "\nnorth_grid      North China grid ");
  expect_out(&f->run, "The regions' own paths add up to the nation's but for ");
  expect_out(&f->run, "; shown scaled to it.\n");
  expect_out(&f->run, "\nsum             All regions "); /* of the scenario that regions lead */
  tanlu(&f->run, f->directory, "show", "--region", "east_grid,south_grid", "-s", "grids", "out.h5");
  expect_status(&f->run, 0);
  expect_not_out(&f->run, "north_grid ");
  expect_out(&f->run, "\neast_grid ");
  expect_out(&f->run, "\nothers      5 regions ");
}

/* Of 31 provinces three small ones have aims, one beyond the scenario: thirteen rows, the others summed. What the table says of an aim agrees with the path of
 * the file; the aim moves nothing. */
static void aims_of_a_run(void **state) {
  fixture *f = *state;
  if (write_scenario(f, "provinces", "regions: {statistics: china-2020}\n") != 0) fail();
  if (write_scenario(f, "aims",
                     "regions: {statistics: china-2020, set: {hainan: {peak: 2023}, qinghai: {peak: 2021}, tibet: "
                     "{peak: 2024}}}\n") != 0) {
    fail();
  }
  tanlu(&f->run, f->directory, "run", "-o", "aims.h5", "./provinces.yaml", "./aims.yaml");
  expect_status(&f->run, 0);
  const char *table = strstr(f->run.out, "\naims  ");
  while (table != NULL && strstr(table + 1, "\naims  ") != NULL) table = strstr(table + 1, "\naims  ");
  assert_non_null(table);
  assert_non_null(strstr(table, "  peak  aim              peak CO2  "));
  assert_non_null(strstr(table, "\nothers          18 regions "));
  assert_non_null(strstr(table, "\nhainan "));
  const char *beyond = strstr(table, "2024 not judged");
  assert_true(beyond != NULL && beyond > strstr(table, "\ntibet "));
  const char *row = strstr(table, "\nqinghai ");
  assert_non_null(row);
  char path[TANLU_TEST_PATH + 16];
  (void)snprintf(path, sizeof path, "%s/aims.h5", f->directory);
  tanlu_result *result = NULL;
  const tanlu_result_variable *v = NULL, *aim = NULL;
  assert_int_equal(tanlu_result_open(&result, path, f->context), TANLU_OK);
  assert_int_equal(tanlu_result_variable_read(result, "regional_indicator_value", &v, f->context), TANLU_OK);
  assert_int_equal(tanlu_result_variable_read(result, "regional_peak_aim", &aim, f->context), TANLU_OK);
  const size_t regions = v->extent[1], cells = v->extent[2] * v->extent[3];
  const size_t qinghai = tanlu_labels_find(tanlu_result_regions_of(result), "qinghai");
  const size_t co2 = tanlu_labels_find(tanlu_result_labels(result, "indicator"), "co2_energy");
  assert_true(isnan(aim->value[qinghai]));
  assert_true(aim->value[regions + qinghai] == 2021.0);
  assert_memory_equal(v->value, v->value + regions * cells, regions * cells * sizeof(double));
  const double *own = v->value + qinghai * cells + co2;
  size_t peak = 0;
  for (size_t t = 1; t < YEARS; t++) {
    if (own[t * v->extent[3]] > own[peak * v->extent[3]]) peak = t;
  }
  const char *verdict = strstr(row, peak <= 1 ? "2021 met" : "2021 MISSED");
  assert_true(verdict != NULL && verdict < strchr(row + 1, '\n'));
  tanlu_result_close(&result);
}

/* What regions cannot say, and imports of the nation beside them, is refused before anything is projected, by check and run alike. */
static void refused_when_checked(void **state) {
  fixture *f = *state;
  static const struct {
    const char *block, *message;
  } wrong[] = {{"imports: {all: 0.9}\n" BLOCK, "wrong.yaml:4:11: error: `imports` of "},
               {"regions: {statistics: china-2020, level: grid, set: {east_grid: {imports: {all: 1}}}}\n",
                "wrong.yaml:4:66: error: 'imports' cannot be said of a region"},
               {"regions: {statistics: china-2020, level: grid, set: {east_grid: {power: {net_imports: 1}}}}\n",
                "wrong.yaml:4:74: error: 'net_imports' cannot be said of a region"},
               {"regions: {statistics: china-2020, level: grid, set: {east_grid: {peak: 2101}}}\n",
                "wrong.yaml:4:72: error: '2101' is outside 2021 to 2100"}};
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    char text[512];
    (void)snprintf(text, sizeof text, "name: wrong\nparent: dual-carbon-42\nyears: {to: 2026}\n%s", wrong[k].block);
    if (tanlu_test_write_file(f->directory, "wrong.yaml", text) != 0) fail();
    tanlu(&f->run, f->directory, "check", "./wrong.yaml");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    tanlu(&f->run, f->directory, "run", "-o", "wrong.h5", "./wrong.yaml");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    assert_false(tanlu_test_exists(f->directory, "wrong.h5"));
  }
  static const char sweep[] =
      "name: moves\nscenario: ./grids.yaml\ndesign: saltelli\nsamples: 2\nseed: 1\nparameters:\n"
      "  - {label: a, path: %s, mode: replace, distribution: {uniform: [0.8, 1.2]}}\n"
      "outputs: {indicators: [co2_energy], years: [2023]}\n";
  static const char *const moved[][2] = {{"imports.all", "'imports.all' cannot vary: in a scenario with regions"},
                                         {"regions.set.east_grid.peak", "is an aim, which moves nothing"}};
  for (size_t k = 0; k < 2; k++) {
    char text[512];
    (void)snprintf(text, sizeof text, sweep, moved[k][0]);
    if (tanlu_test_write_file(f->directory, "moves.yaml", text) != 0) fail();
    tanlu(&f->run, f->directory, "check", "./moves.yaml");
    expect_status(&f->run, 2);
    expect_err(&f->run, "moves.yaml:7:22: error: ");
    expect_err(&f->run, moved[k][1]);
  }
}

static void indicators_and_variables_by_region(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "show", "-s", "grids", "-y", "2021", "--region", "east_grid,south_grid", "out.h5",
        "co2_energy", "generation");
  expect_status(&f->run, 0);
  expect_out(&f->run, "co2_energy, Mt: CO2 of combustion less its capture\n\ngrids       2021  trend\n");
  expect_out(&f->run, "regional_generation of east_grid, TWh: Electricity generation by technology, by region\n");
  expect_out(&f->run, "regional_generation of south_grid, TWh: ");
  const char *line = strstr(f->run.out, "\neast_grid ");
  assert_non_null(line);
  const size_t co2 = tanlu_labels_find(tanlu_result_labels(f->result, "indicator"), "co2_energy");
  const size_t east = tanlu_labels_find(tanlu_result_regions_of(f->result), "east_grid");
  const tanlu_result_variable *v = read_variable(f, "regional_indicator_value");
  const double expected = v->value[(east * YEARS + 1) * v->extent[3] + co2];
  assert_true(fabs(strtod(line + strlen("\neast_grid "), NULL) - expected) <= 0.5);
  tanlu(&f->run, f->directory, "show", "-s", "grids", "out.h5", "regional_co2");
  expect_status(&f->run, 0);
  expect_out(&f->run, "by region; summed over sector\n\ngrids            2020   2021   2022   2023  trend\n");
  tanlu(&f->run, f->directory, "show", "-s", "grids", "--region", "east_grid", "out.h5", "regional_electricity");
  expect_out(&f->run, "regional_electricity from east_grid, TWh: ");
  expect_out(&f->run, "regional_electricity to east_grid, TWh: ");
  tanlu(&f->run, f->directory, "show", "out.h5", "regional_summary");
  expect_out(&f->run, "\ngrids           peak_year  peak_co2 ");
}

static void csv_has_regions(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "show", "--csv", "-s", "grids", "-y", "2022", "--region", "east_grid", "out.h5",
        "household_energy", "regional_trade");
  expect_status(&f->run, 0);
  expect_out(&f->run, "variable,scenario,region,year,member,member_2,unit,value\r\n"
                      "regional_household_energy,grids,east_grid,2022,urban,raw_coal,PJ,");
  expect_out(&f->run, "\nregional_trade,grids,,2022,east_grid,south_grid,1e8 CNY_2020,");
  expect_out(&f->run, "\nregional_trade,grids,,2022,south_grid,east_grid,1e8 CNY_2020,");
  expect_not_out(&f->run, "south_grid,north_grid");
  tanlu(&f->run, f->directory, "show", "--wide", "-s", "grids", "--region", "east_grid", "out.h5", "co2_net");
  expect_out(&f->run, "scenario,region,indicator,unit,2020,2021,2022,2023\r\ngrids,east_grid,co2_net,Mt,");
}

static void wrong_choices_are_named(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "show", "--region", "east_gird", "out.h5", "co2");
  expect_status(&f->run, 2);
  expect_err(&f->run, "out.h5: error: has no region 'east_gird'; did you mean 'east_grid'?");
  tanlu(&f->run, f->directory, "show", "--region", "all", "out.h5", "residual");
  expect_status(&f->run, 2);
  expect_err(&f->run, "variable 'residual' is of the nation alone");
  tanlu(&f->run, f->directory, "show", "out.h5", "regional_closure_factor");
  expect_status(&f->run, 2);
  expect_err(&f->run, "does not add up along sector; expected --region CODE");
  tanlu(&f->run, f->directory, "run", "-q", "-f", "-o", "nation.h5", "./nation.yaml");
  tanlu(&f->run, f->directory, "show", "--region", "all", "nation.h5", "co2");
  expect_status(&f->run, 2);
  expect_err(&f->run, "nation.h5: error: has no regions");
}

/* ---- the others ----------------------------------------------------------------------------------------------------- */

/* Of every variable that is said of regions, their sum in 2023 is the nation's where it adds up. */
static void export_has_a_row_for_each_region(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "export", "--iamc", "-s", "grids", "-y", "2023", "out.h5", "-o", "-");
  expect_status(&f->run, 0);
  expect_out(&f->run, ",grids,China|East China grid,Emissions|CO2,Mt CO2/yr,");
  expect_err(&f->run,
             "note: left out of regions, since variable final_energy of the file has other axes: Final Energy|");
  expect_not_out(&f->run, "China|East China grid,Final Energy|Industry,");
  double nation = 0.0, sum = 0.0;
  size_t rows = 0;
  for (const char *line = f->run.out; line != NULL; line = strchr(line, '\n') != NULL ? strchr(line, '\n') + 1 : NULL) {
    const char *at = strstr(line, ",Emissions|CO2,Mt CO2/yr,"), *end = strchr(line, '\n');
    if (at == NULL || (end != NULL && at > end)) continue;
    const double value = strtod(at + strlen(",Emissions|CO2,Mt CO2/yr,"), NULL);
    const char *region = strstr(line, ",China|");
    if (region != NULL && region < at) {
      sum += value;
      rows++;
    } else {
      nation = value;
    }
  }
  assert_int_equal(rows, REGIONS);
  assert_true(nation > 1e4 && fabs(sum / nation - 1.0) < 1e-9);
  tanlu(&f->run, f->directory, "export", "--iamc", "-q", "out.h5", "-o", "out.nc");
  expect_status(&f->run, 0);
  if (!tanlu_test_python_has("xarray") || !tanlu_test_python_has("netCDF4")) return;
  tanlu_test_python(
      &f->run, f->directory,
      "import xarray\nds = xarray.open_dataset('out.nc')\nv = ds.Emissions__CO2.sel(scenario='grids', time=2023)\n"
      "print(ds.sizes['region'], float(v.isel(region=slice(1, None)).sum() / v.sel(region='China')))\n",
      (const char *const[]){NULL});
  expect_status(&f->run, 0);
  expect_out(&f->run, "8 ");
  assert_true(fabs(strtod(f->run.out + 2, NULL) - 1.0) < 1e-9);
}

static void other_commands_see_the_nation(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "compare", "out.h5", "out.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "goals", "out.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "decompose", "--scenario", "grids", "out.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "footprint", "--scenario", "grids", "out.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "report", "-o", "report.html", "out.h5");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "show", "--list", "out.h5");
  expect_out(&f->run, "regional_household_energy          scenario 2, region 7, year 4, household 2, carrier 31 ");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(regions_add_up_to_the_nation),
      cmocka_unit_test(the_nation_is_as_without_regions),
      cmocka_unit_test(bits_do_not_depend_on_threads),
      cmocka_unit_test(mixed_runs_are_refused),
      cmocka_unit_test(the_summary_has_regions),
      cmocka_unit_test(aims_of_a_run),
      cmocka_unit_test(refused_when_checked),
      cmocka_unit_test(indicators_and_variables_by_region),
      cmocka_unit_test(csv_has_regions),
      cmocka_unit_test(wrong_choices_are_named),
      cmocka_unit_test(export_has_a_row_for_each_region),
      cmocka_unit_test(other_commands_see_the_nation),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
