/* Regional statistics as the library reads them: generation by source, GDP of recorded years, fewer regions, growth.
 *
 * Oracles: numbers of the files by hand; sums over regions of what is merged; the shares that growth was made from, back again; the
 * shipped provinces against the council's national figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/regional_file.h"
#include "model/power.h"
#include "model/region_growth.h"
#include "tests/support.h"

typedef struct {
  char directory[TANLU_TEST_PATH], two[TANLU_TEST_PATH + 8];
  tanlu_context *context;
  tanlu_dataset *dataset;
  tanlu_regional_data *data;
} fixture;

static const char generation[] = "region,thermal,wind,pv\neast,4,3,1\nwest,8,1,0\n";
static const char sources[] = "technology,like,source\ncoal,thermal,test\ngas,thermal,test\n";
static const char history[] = "region,year,gdp\neast,2020,60\nwest,2020,40\neast,2022,80\nwest,2022,80\neast,2021,70\n"
                              "west,2021,35\n";

static int write_statistics(const char *directory) {
  static const char *const files[][2] = {
      {"two/regions.yaml", "name: two\nlevel: industry3\nlevels: [half, side]\n"},
      {"two/groups.csv", "level,code,name,name_zh\nhalf,all,All,\nside,sea,Sea,\nside,land,Land,\n"},
      {"two/regions.csv", "code,name,name_zh,half,side\neast,East,东,all,sea\nwest,West,西,all,land\n"},
      {"two/distances.csv", "code,east,west\neast,0,100\nwest,100,0\n"},
      {"two/value_added.csv", "region,secondary,tertiary\neast,50,300\nwest,60,150\n"},
      {"two/indicators.csv", "region,people\neast,60\nwest,40\n"},
      {"two/assignment.csv", "sector,indicator,weight,source\n"},
      {"two/generation.csv", generation},
      {"two/generation_sources.csv", sources},
      {"two/history.csv", history}};
  int failed = 0;
  for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
    failed |= tanlu_test_write_file(directory, files[k][0], files[k][1]);
  }
  return failed;
}

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  *state = f;
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  f->context = tanlu_context_create();
  (void)snprintf(f->two, sizeof f->two, "%s/two", f->directory);
  char tiny[TANLU_TEST_PATH + 8];
  (void)snprintf(tiny, sizeof tiny, "%s/tiny", f->directory);
  return f->context == NULL || tanlu_test_write_dataset(tiny) != 0 || write_statistics(f->directory) != 0 ||
         tanlu_dataset_read(&f->dataset, tiny, f->context) != TANLU_OK;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_regional_data_free(&f->data);
  tanlu_dataset_free(&f->dataset);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

static void near(double found, double expected) {
  if (!(fabs(found - expected) <= 1e-12 * fmax(1.0, fabs(expected)))) fail_msg("%.15g, not %.15g", found, expected);
}

static tanlu_status find(fixture *f, const char *level) {
  tanlu_regional_data_free(&f->data);
  const tanlu_regional_request request = {.name = f->two, .level = level, .energy = true};
  return tanlu_regional_data_find(&f->data, &request, f->dataset, f->context);
}

static void read_two(fixture *f, const char *level) {
  const tanlu_status status = find(f, level);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_int_equal(status, TANLU_OK);
}

static const double *generation_of(const fixture *f, const char *technology) {
  const size_t k = tanlu_labels_find(&f->dataset->power.technology, technology);
  assert_true(k != TANLU_NONE);
  return f->data->generation + k * f->data->region.count;
}

/* Coal and gas are 0.92 and 0.06 of the tiny nation's thermal generation: 46/49 and 3/49 of the column they share. */
static void sources_that_are_shared(void **state) {
  fixture *f = *state;
  read_two(f, NULL);
  assert_int_equal(f->data->technologies, f->dataset->power.technology.count);
  near(generation_of(f, "coal")[0], 4.0 * 46 / 49);
  near(generation_of(f, "coal")[1], 8.0 * 46 / 49);
  near(generation_of(f, "gas")[1], 8.0 * 3 / 49);
  near(generation_of(f, "wind")[0], 3.0);
  near(generation_of(f, "pv")[1], 0.0);
  assert_true(isnan(generation_of(f, "hydro")[0]) && isnan(generation_of(f, "coal_ccs")[1]));
}

/* Gas stands in the east alone: its 3/49 of 4 + 8 is there, 36/49; coal has what is left of 4 and of 8, and 46/49 of all as before. In a
 * group of all regions it is where it would be without. Merged regions have the sums of what was split before. */
static void sources_of_groups_of_regions(void **state) {
  fixture *f = *state;
  assert_int_equal(
      tanlu_test_write_file(f->two, "generation_sources.csv",
                            "technology,like,source,where\ncoal,thermal,test,\ngas,thermal,test,side.sea\n"),
      0);
  static const char *const level[] = {NULL, "side", "half"};
  for (int l = 0; l < 3; l++) {
    read_two(f, level[l]);
    const double *coal = generation_of(f, "coal"), *gas = generation_of(f, "gas");
    const bool one = f->data->region.count == 1;
    near(gas[0], 36.0 / 49);
    near(coal[0], 160.0 / 49 + (one ? 8.0 : 0.0));
    if (!one) assert_true(gas[1] == 0.0 && coal[1] == 8.0);
    near(coal[0] + (one ? 0.0 : coal[1]), 12.0 * 46 / 49);
  }
  tanlu_regional_data_free(&f->data);
  const tanlu_regional_request against = {.name = f->two, .region = "west", .energy = true};
  assert_int_equal(tanlu_regional_data_find(&f->data, &against, f->dataset, f->context), TANLU_OK);
  assert_true(generation_of(f, "gas")[0] == 0.0);
  near(generation_of(f, "gas")[1], 36.0 / 49);
  assert_int_equal(tanlu_test_edit(f->two, "generation_sources.csv", "side.sea", "half.all"), 0);
  read_two(f, NULL);
  near(generation_of(f, "coal")[0], 4.0 * 46 / 49);
  near(generation_of(f, "gas")[1], 8.0 * 3 / 49);
  assert_int_equal(write_statistics(f->directory), 0);
}

/* Every technology of a column in a group of its own, which the column just allows; and with a part more in the east it does not. */
static void all_sources_in_groups(void **state) {
  fixture *f = *state;
  static const char both[] = "technology,like,source,where\ncoal,thermal,test,side.land\ngas,thermal,test,side.sea\n";
  assert_int_equal(tanlu_test_write_file(f->two, "generation_sources.csv", both), 0);
  assert_int_equal(tanlu_test_write_file(f->two, "generation.csv", "region,thermal\neast,3\nwest,46\n"), 0);
  read_two(f, NULL);
  near(generation_of(f, "gas")[0], 3.0);
  near(generation_of(f, "coal")[1], 46.0);
  assert_true(generation_of(f, "gas")[1] == 0.0 && generation_of(f, "coal")[0] == 0.0);
  assert_int_equal(tanlu_test_write_file(f->two, "generation.csv", "region,thermal\neast,4\nwest,45\n"), 0);
  assert_int_equal(find(f, NULL), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context,
                                     "region west: coal, which stands in side.land alone, would generate 46,"
                                     " more than the 45 left"));
  tanlu_context_clear(f->context);
  assert_int_equal(write_statistics(f->directory), 0);
}

static void shares_of_recorded_years(void **state) {
  fixture *f = *state;
  read_two(f, NULL);
  assert_int_equal(f->data->history_from, 2020);
  assert_int_equal(f->data->history_years, 3);
  static const double share[] = {0.6, 0.4, 2.0 / 3, 1.0 / 3, 0.5, 0.5};
  for (size_t k = 0; k < 6; k++) near(f->data->gdp_share[k], share[k]);
}

static void fewer_regions_add_up(void **state) {
  fixture *f = *state;
  read_two(f, "half");
  assert_int_equal(f->data->region.count, 1);
  near(generation_of(f, "coal")[0], 12.0 * 46 / 49);
  near(generation_of(f, "wind")[0], 4.0);
  assert_true(isnan(generation_of(f, "hydro")[0]));
  for (size_t t = 0; t < 3; t++) near(f->data->gdp_share[t], 1.0);
}

/* By hand for 2021, national growth 8 %: east 1.08 (2/3) / 0.6 = 1.2, west 1.08 (1/3) / 0.4 = 0.9. Shares of the regions' real GDP are
 * the recorded ones again, and the sum grows as the nation. */
static void growth_of_regions(void **state) {
  fixture *f = *state;
  read_two(f, NULL);
  const double national[] = {8.0, -3.0};
  double growth[4], gdp[2] = {0.6, 0.4}, nation = 1.0;
  tanlu_region_growth(f->data->gdp_share, 2, national, 2, growth);
  near(growth[0], 20.0);
  near(growth[1], -10.0);
  for (size_t t = 0; t < 2; t++) {
    nation *= 1.0 + national[t] / 100.0;
    for (size_t r = 0; r < 2; r++) gdp[r] *= 1.0 + growth[2 * t + r] / 100.0;
    near(gdp[0] + gdp[1], nation);
    near(gdp[0] / nation, f->data->gdp_share[2 * (t + 1)]);
  }
}

static void files_may_be_absent(void **state) {
  fixture *f = *state;
  static const char *const files[] = {"generation.csv", "generation_sources.csv", "history.csv"};
  for (size_t k = 0; k < 3; k++) {
    char path[TANLU_TEST_PATH + 64];
    (void)snprintf(path, sizeof path, "%s/%s", f->two, files[k]);
    assert_int_equal(remove(path), 0);
  }
  read_two(f, NULL);
  assert_null(f->data->generation);
  assert_null(f->data->gdp_share);
  assert_int_equal(write_statistics(f->directory), 0);
}

/* ---- wrong input ------------------------------------------------------------------------------------------------------------ */

static void wrong(fixture *f, const char *file, const char *before, const char *after, const char *message) {
  assert_int_equal(tanlu_test_edit(f->two, file, before, after), 0);
  assert_int_equal(find(f, NULL), TANLU_ERR_INPUT);
  assert_null(f->data);
  assert_true(tanlu_test_has_message(f->context, message));
  tanlu_context_clear(f->context);
  assert_int_equal(write_statistics(f->directory), 0);
}

static void wrong_generation(void **state) {
  fixture *f = *state;
  wrong(f, "generation.csv", "west,8", "wets,8", "generation.csv:3:1: error: unknown region 'wets'");
  wrong(f, "generation.csv", "west,8", "east,8", "generation.csv:3:1: error: duplicate region 'east'");
  wrong(f, "generation.csv", "\nwest,8,1,0", "", "missing region 'west'");
  wrong(f, "generation.csv", "west,8", "west,-8", "generation.csv:3:2: error:");
  wrong(f, "generation.csv", "west,8", "west,", "generation.csv:3:2: error:");
  wrong(f, "generation.csv", "thermal,wind,pv", "thermal,wind,wind", "generation.csv:1:4: error:");
  wrong(f, "generation.csv", "thermal,wind,pv", "thermal,wind,sun", "'sun' is no technology of dataset tiny-2020");
  wrong(f, "generation_sources.csv", "coal,thermal", "cool,thermal",
        "generation_sources.csv:2:1: error: unknown technology 'cool'");
  wrong(f, "generation_sources.csv", "coal,thermal", "coal,termal", "generation_sources.csv:2:2: error:");
  wrong(f, "generation_sources.csv", "gas,thermal", "wind,thermal",
        "generation_sources.csv:3:1: error: 'wind' has the column 'wind'");
  wrong(f, "generation_sources.csv", "gas,thermal", "coal,thermal",
        "generation_sources.csv:3:1: error: 'coal' has the column 'thermal'");
}

static void wrong_where(void **state) {
  fixture *f = *state;
  static const struct {
    const char *where, *message;
  } wrongs[] = {
      {"sida.sea", "generation_sources.csv:3:4: error: unknown level.group of regions 'sida.sea'; did you mean "
                   "'side.sea'?"},
      {"side.see", "generation_sources.csv:3:4: error: unknown level.group of regions 'side.see'; did you mean "
                   "'side.sea'?"},
      {"sea", "generation_sources.csv:3:4: error: unknown level.group of regions 'sea'"},
      {"side.", "generation_sources.csv:3:4: error: unknown level.group of regions 'side.'"}};
  for (size_t k = 0; k < sizeof wrongs / sizeof *wrongs; k++) {
    char text[256];
    (void)snprintf(text, sizeof text, "technology,like,source,where\ncoal,thermal,test,\ngas,thermal,test,%s\n",
                   wrongs[k].where);
    assert_int_equal(tanlu_test_write_file(f->two, "generation_sources.csv", text), 0);
    wrong(f, "generation.csv", "east", "east", wrongs[k].message);
  }
  static const char sea[] = "technology,like,source,where\ncoal,thermal,test,side.sea\ngas,thermal,test,\n";
  assert_int_equal(tanlu_test_write_file(f->two, "generation_sources.csv", sea), 0);
  wrong(
      f, "generation.csv", "east", "east",
      "region east: coal, which stands in side.sea alone, would generate 11.2653, more than the 4 left of its column");
  assert_int_equal(tanlu_test_write_file(f->two, "generation_sources.csv", sea), 0);
  wrong(f, "generation.csv", "east,4", "east,0", "coal has to generate 7.5102 in side.sea, which reports none");
}

static void wrong_history(void **state) {
  fixture *f = *state;
  wrong(f, "history.csv", "west,2021", "wets,2021", "history.csv:7:1: error: unknown region 'wets'");
  wrong(f, "history.csv", "west,2021", "west,2022", "history.csv:7:2: error: 'west' has this year already");
  wrong(f, "history.csv", "\nwest,2021,35", "", "missing region 'west' in 2021");
  wrong(f, "history.csv", "2021,35", "2021,0", "history.csv:7:3: error: expected a GDP above 0");
  wrong(f, "history.csv", "2021,35", "2021,-1", "history.csv:7:3: error:");
  wrong(f, "history.csv", "2021,35", "2021.5,35", "history.csv:7:2: error: expected a year");
  assert_int_equal(tanlu_test_write_file(f->two, "history.csv", "region,year,gdp\neast,2020,1\n"), 0);
  wrong(f, "history.csv", "east,2020,1\n", "east,2020,1\nwest,2020,1\n", "expected two years or more");
}

/* ---- what is shipped -------------------------------------------------------------------------------------------------------- */

/* Wind at sea in the nation's proportion to all wind, in the same part of wind power in every coastal province, in no other. */
static void wind_of_the_coast(const tanlu_regional_data *data, const tanlu_dataset *nation) {
  const tanlu_labels *technology = &nation->power.technology;
  const size_t at = tanlu_labels_find(technology, "offshore_wind"), on = tanlu_labels_find(technology, "onshore_wind");
  const size_t regions = data->region.count, jiangsu = tanlu_labels_find(&data->region, "jiangsu");
  const double *sea = data->generation + at * regions, *land = data->generation + on * regions;
  const tanlu_level *coast = &data->level[data->levels - 1];
  assert_string_equal(coast->name, "coast");
  double all_sea = 0.0, all_land = 0.0;
  size_t provinces = 0;
  for (size_t r = 0; r < regions; r++) {
    all_sea += sea[r];
    all_land += land[r];
    const bool coastal = strcmp(coast->group.code[coast->of_sector[r]], "coastal") == 0;
    provinces += coastal;
    if (coastal) near(sea[r] / (sea[r] + land[r]), sea[jiangsu] / (sea[jiangsu] + land[jiangsu]));
    if (!coastal) assert_true(sea[r] == 0.0);
  }
  assert_int_equal(provinces, 11);
  near(sea[jiangsu] + land[jiangsu], 229.0);
  near(all_sea / all_land, tanlu_power_base_share(nation, at) / tanlu_power_base_share(nation, on));
}

/* The power council's national figures of 2020, 10^8 kWh: what the cells that are read as 0 leave to add up, within 0.3 %. */
static void the_shipped_generation(void **state) {
  fixture *f = *state;
  tanlu_dataset *nation = NULL;
  tanlu_regional_data *data = NULL;
  assert_int_equal(tanlu_dataset_read(&nation, "inputs/data/china-2020-42", f->context), TANLU_OK);
  const tanlu_regional_request request = {.name = "inputs/regions/china-2020", .energy = true};
  assert_int_equal(tanlu_regional_data_find(&data, &request, nation, f->context), TANLU_OK);
  static const struct {
    const char *technology[2];
    double total;
  } source[] = {{{"coal", NULL}, 46296},     {{"gas", NULL}, 2487},
                {{"oil", NULL}, 12},         {{"biomass", NULL}, 38 + 785 + 533},
                {{"recovered", NULL}, 1618}, {{"hydro", "pumped_storage"}, 13553},
                {{"nuclear", NULL}, 3662},   {{"onshore_wind", "offshore_wind"}, 4665},
                {{"pv", "csp"}, 1932 + 679}};
  for (size_t s = 0; s < sizeof source / sizeof *source; s++) {
    double sum = 0.0;
    for (size_t m = 0; m < 2 && source[s].technology[m] != NULL; m++) {
      const size_t k = tanlu_labels_find(&nation->power.technology, source[s].technology[m]);
      for (size_t r = 0; r < data->region.count; r++) sum += data->generation[k * data->region.count + r];
    }
    if (!(fabs(sum - source[s].total) <= 0.003 * source[s].total)) fail_msg("%s: %g", source[s].technology[0], sum);
  }
  wind_of_the_coast(data, nation);
  assert_int_equal(data->history_from, 2020);
  assert_int_equal(data->history_years, 5);
  tanlu_regional_data_free(&data);
  tanlu_dataset_free(&nation);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sources_that_are_shared),
      cmocka_unit_test(shares_of_recorded_years),
      cmocka_unit_test(fewer_regions_add_up),
      cmocka_unit_test(growth_of_regions),
      cmocka_unit_test(files_may_be_absent),
      cmocka_unit_test(wrong_generation),
      cmocka_unit_test(sources_of_groups_of_regions),
      cmocka_unit_test(all_sources_in_groups),
      cmocka_unit_test(wrong_where),
      cmocka_unit_test(wrong_history),
      cmocka_unit_test(the_shipped_generation),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
