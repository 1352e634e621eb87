/* Result files by region (outputs/result_write_regions.c, region_slice.c): what is written is read back, compared by code, and opened
 * by other programs. What commands make of such files is in test_run_regions.c.
 *
 * Oracle: every region's projection is made here from the nation's, in each field the nation's number times a weight of the region, so
 * that the value expected at every place is known without reading it. The two scenarios are short ones of china-2020-42. */
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
#include "inputs/scenario_file.h"
#include "model/indicators.h"
#include "model/projection.h"
#include "outputs/region_slice.h"
#include "outputs/result_file.h"
#include "tests/program_support.h"

enum { REGIONS = 12, SCENARIOS = 2 };
static const char *const code[REGIONS] = {"beijing", "hebei", "shanxi",   "inner_mongolia", "liaoning", "shanghai",
                                          "jiangsu", "henan", "shandong", "guangdong",      "guangxi",  "ningxia"};

typedef struct {
  char directory[TANLU_TEST_PATH], path[TANLU_TEST_PATH + 32];
  tanlu_test_run run, other;
  tanlu_context *context;
  tanlu_dataset *nation, region; /* region: the nation's with a category more */
  tanlu_labels label;
  tanlu_scenario *scenario[SCENARIOS];
  tanlu_projection *national[SCENARIOS], *regional[SCENARIOS][REGIONS];
  tanlu_result_regions regions[SCENARIOS];
  double tile[2 * REGIONS];
  tanlu_result_scenario written[SCENARIOS];
  double *flow, *gap;
} fixture;

/* Weights 1 .. 12 over 78: the last one is the largest. */
static double weight(size_t r) {
  return (double)(r + 1) / 78.0;
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

static tanlu_status make_region(fixture *f, size_t s, size_t r) {
  const tanlu_projection *n = f->national[s];
  tanlu_status status = tanlu_projection_create(&f->regional[s][r], &f->region, n->from, n->years, f->context);
  for (size_t id = 0; status == TANLU_OK && id < TANLU_FIELD_COUNT; id++) {
    tanlu_projection *p = f->regional[s][r];
    for (size_t t = 0; t < n->years; t++) {
      for (size_t i = 0; i < p->size[id]; i++) {
        /* other_regions, the last category, has nothing of the nation's */
        const double of = i < n->size[id] ? n->value[id][t * n->size[id] + i] : 1e4;
        p->value[id][t * p->size[id] + i] = weight(r) * of;
      }
    }
  }
  return status;
}

static tanlu_status make_scenario(fixture *f, size_t s, const tanlu_model *model) {
  static const char *const text[SCENARIOS] = {"name: first\nparent: reference-42\nyears: {to: 2030}\n",
                                              "name: second\ntitle: 第二\nparent: dual-carbon-42\nyears: {to: 2028}\n"};
  char name[32], path[TANLU_TEST_PATH + 32];
  (void)snprintf(name, sizeof name, "scenario%zu.yaml", s);
  (void)snprintf(path, sizeof path, "%s/%s", f->directory, name);
  if (tanlu_test_write_file(f->directory, name, text[s]) != 0) return TANLU_ERR_IO;
  tanlu_status status = tanlu_scenario_read(&f->scenario[s], path, NULL, 0, f->context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(f->scenario[s], f->nation, f->context);
  if (status != TANLU_OK) return status;
  const tanlu_drivers *drivers = f->scenario[s]->drivers;
  status = tanlu_projection_create(&f->national[s], f->nation, drivers->from, drivers->years, f->context);
  if (status == TANLU_OK) status = tanlu_project(model, drivers, "x", f->national[s], NULL, NULL, f->context);
  for (size_t r = 0; status == TANLU_OK && r < REGIONS; r++) status = make_region(f, s, r);
  f->regions[s] = (tanlu_result_regions){.region = &f->label,
                                         .dataset = &f->region,
                                         .projection = (const tanlu_projection *const *)f->regional[s],
                                         .flow = {.money = f->flow, .electricity = f->flow},
                                         .gap = f->gap,
                                         .tile = f->tile,
                                         .statistics = "made-up",
                                         .lead = "nation"};
  f->written[s] = (tanlu_result_scenario){.name = f->scenario[s]->name,
                                          .title = f->scenario[s]->title,
                                          .text = f->scenario[s]->text,
                                          .projection = f->national[s],
                                          .regions = &f->regions[s]};
  return status;
}

/* The dataset's files with their digests, so that analyses find what they project again. */
static tanlu_status write_to(fixture *f, const char *path, const tanlu_result_scenario *scenario, size_t count) {
  const tanlu_dataset *d = f->nation;
  char(*name)[128] = calloc(d->files, sizeof *name);
  const char **names = calloc(d->files, sizeof *names);
  if (name == NULL || names == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < d->files; i++) {
    (void)snprintf(name[i], sizeof name[i], "%s/%s", d->name, d->file[i]);
    names[i] = name[i];
  }
  const tanlu_provenance provenance = {.version = "9.8.7",
                                       .commit = "abc",
                                       .build_flags = "-O2",
                                       .blas_core = "Haswell",
                                       .command_line = "tanlu run first second",
                                       .threads = 1,
                                       .inputs = d->files,
                                       .input = names,
                                       .sha256 = (const char *const *)d->sha256};
  const tanlu_status status = tanlu_result_write(path, true, d, scenario, count, &provenance, f->context);
  free(names);
  free(name);
  return status;
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0) return 1;
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  (void)snprintf(f->path, sizeof f->path, "%s/out.h5", f->directory);
  f->context = tanlu_context_create();
  for (size_t r = 0; r < REGIONS; r++) {
    char name[32];
    (void)snprintf(name, sizeof name, "%c%s", code[r][0] - 32, code[r] + 1);
    if (tanlu_labels_add(&f->label, code[r], name, r == 0 ? "北京" : NULL, f->context) != TANLU_OK) return 1;
  }
  char path[TANLU_TEST_PATH];
  (void)snprintf(path, sizeof path, "%s/inputs/data/china-2020-42", tanlu_test_root());
  tanlu_status status = tanlu_dataset_read(&f->nation, path, f->context);
  if (status == TANLU_OK) {
    f->region = *f->nation;
    f->region.accounts.category = (tanlu_labels){0};
    const tanlu_labels *category = &f->nation->accounts.category;
    for (size_t k = 0; k < category->count; k++) {
      (void)tanlu_labels_add(&f->region.accounts.category, category->code[k], category->name[k], NULL, f->context);
    }
    status = tanlu_labels_add(&f->region.accounts.category, TANLU_OTHER_REGIONS, "Other regions", NULL, f->context);
  }
  f->flow = calloc(REGIONS * REGIONS * 20, sizeof *f->flow);
  f->gap = calloc((size_t)TANLU_FIELD_COUNT * 20, sizeof *f->gap);
  for (size_t i = 0; i < REGIONS * REGIONS * 20; i++) f->flow[i] = 3600.0 * (double)i;
  for (size_t i = 0; i < (size_t)TANLU_FIELD_COUNT * 20; i++) f->gap[i] = 1e-6 * (double)i;
  for (size_t t = 0; t < 20; t++) f->gap[t * TANLU_FIELD_COUNT + TANLU_FIELD_INDICATOR] = (double)NAN;
  for (size_t r = 0; r < REGIONS; r++) f->tile[r] = (double)(r % 5), f->tile[REGIONS + r] = (double)(r / 5);
  tanlu_model *model = NULL;
  if (status == TANLU_OK) status = tanlu_model_create(&model, f->nation, f->context);
  for (size_t s = 0; status == TANLU_OK && s < SCENARIOS; s++) status = make_scenario(f, s, model);
  tanlu_model_free(&model);
  if (status == TANLU_OK) status = write_to(f, f->path, f->written, SCENARIOS);
  if (status != TANLU_OK) tanlu_test_print_messages(f->context);
  return status == TANLU_OK ? 0 : 1;
}

static int tear_down(void **state) {
  fixture *f = *state;
  for (size_t s = 0; s < SCENARIOS; s++) {
    tanlu_scenario_free(&f->scenario[s]);
    tanlu_projection_free(&f->national[s]);
    for (size_t r = 0; r < REGIONS; r++) tanlu_projection_free(&f->regional[s][r]);
  }
  tanlu_labels_clear(&f->region.accounts.category);
  tanlu_labels_clear(&f->label);
  tanlu_dataset_free(&f->nation);
  tanlu_context_free(&f->context);
  tanlu_test_forget(&f->run);
  tanlu_test_forget(&f->other);
  tanlu_test_remove_dir(f->directory);
  free(f->flow);
  free(f->gap);
  free(f);
  return 0;
}

/* ---- writing and reading ------------------------------------------------------------------------------------------- */

static tanlu_result *open_result(fixture *f, const char *path) {
  tanlu_result *result = NULL;
  if (tanlu_result_open(&result, path, f->context) != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_non_null(result);
  return result;
}

/* The number of region r in year t at (i, k) of a field: k is summed over where the file does so. */
static double expected_at(const fixture *f, size_t id, bool summed, size_t s, size_t r, size_t t, size_t cell) {
  const tanlu_projection *p = f->regional[s][r];
  const size_t inner = summed ? tanlu_dim_size(f->nation, tanlu_field_table[id].dim[1]) : 1;
  double sum = 0.0;
  if (t >= p->years) return (double)NAN;
  for (size_t k = 0; k < inner; k++) sum += p->value[id][t * p->size[id] + cell * inner + k];
  return sum * tanlu_field_table[id].factor;
}

static void values_come_back(void **state) {
  fixture *f = *state;
  tanlu_result *result = open_result(f, f->path);
  size_t five = 0, summed = 0;
  for (size_t i = 0; i < TANLU_REGION_FIELD_COUNT; i++) {
    const tanlu_region_field_info *info = &tanlu_region_field_table[i];
    const tanlu_field_info *field = &tanlu_field_table[info->id];
    const tanlu_result_variable *v = tanlu_regional_variable_find(result, field->name);
    assert_non_null(v);
    assert_int_equal(tanlu_result_variable_read(result, v->name, &v, f->context), TANLU_OK);
    assert_string_equal(v->unit, field->unit);
    assert_string_equal(v->dimension[2], "year");
    size_t cells = 1;
    for (size_t k = 3; k < v->rank; k++) cells *= v->extent[k];
    assert_int_equal(cells,
                     f->regional[0][0]->size[info->id] / (info->summed ? tanlu_dim_size(f->nation, field->dim[1]) : 1));
    five += v->rank == 5;
    summed += info->summed;
    for (size_t at = 0; at < SCENARIOS * REGIONS * v->extent[2] * cells; at++) {
      const size_t row = at / cells, t = row % v->extent[2], r = row / v->extent[2] % REGIONS;
      const double expected = expected_at(f, info->id, info->summed, row / v->extent[2] / REGIONS, r, t, at % cells);
      if (isnan(expected) && isnan(v->value[at])) continue;
      if (!(fabs(v->value[at] - expected) <= (info->summed ? 1e-12 * fabs(expected) : 0.0))) {
        fail_msg("%s at %zu: %.17g, expected %.17g", v->name, at, v->value[at], expected);
      }
    }
  }
  assert_int_equal(five, 3); /* households by carrier, twice, and useful energy */
  assert_int_equal(summed, 3);
  /* by hand: coal power of hebei, the second of 78 parts in 12, is 2/78 of the nation's, of 7783 TWh in all */
  const tanlu_result_variable *nation = NULL, *region = NULL;
  assert_int_equal(tanlu_result_variable_read(result, "generation", &nation, f->context), TANLU_OK);
  assert_int_equal(tanlu_result_variable_read(result, "regional_generation", &region, f->context), TANLU_OK);
  const double share = region->value[region->extent[2] * region->extent[3]] / nation->value[0];
  assert_true(fabs(share - 2.0 / 78.0) < 1e-15);
  tanlu_result_close(&result);
}

static void axes_and_attributes(void **state) {
  fixture *f = *state;
  tanlu_result *result = open_result(f, f->path);
  const tanlu_labels *regions = tanlu_result_regions_of(result);
  assert_int_equal(regions->count, REGIONS);
  assert_string_equal(regions->code[3], "inner_mongolia");
  assert_string_equal(regions->name[1], "Hebei");
  assert_string_equal(regions->name_zh[0], "北京");
  assert_string_equal(tanlu_result_labels(result, "region_to")->code[11], "ningxia");
  const tanlu_labels *category = tanlu_result_labels(result, "regional_category");
  assert_int_equal(category->count, f->nation->accounts.category.count + 1);
  assert_string_equal(category->code[category->count - 1], "other_regions");
  assert_int_equal(tanlu_result_labels(result, "category")->count, f->nation->accounts.category.count);
  assert_string_equal(tanlu_result_labels(result, "field")->code[TANLU_FIELD_CO2], "co2");
  assert_string_equal(tanlu_result_attribute(result, "regional_statistics"), "made-up");
  assert_string_equal(tanlu_result_attribute(result, "regional_lead"), "nation");
  assert_string_equal(tanlu_result_attribute(result, "region"), "China");
  assert_null(tanlu_result_attribute(result, "regional_grouping"));
  tanlu_result_close(&result);
}

/* Flows come transposed, in 1e8 CNY and TWh; a summary is that of the region's own indicators; gaps are as they were. */
static void flows_summaries_and_gaps(void **state) {
  fixture *f = *state;
  const tanlu_result_variable *v = NULL;
  tanlu_result *result = open_result(f, f->path);
  const size_t t = 2, from = 4, to = 7, years = f->national[0]->years;
  const size_t place = (t * REGIONS + to) * REGIONS + from; /* 3600 of it a step */
  assert_int_equal(tanlu_result_variable_read(result, "regional_trade", &v, f->context), TANLU_OK);
  assert_string_equal(v->dimension[2], "region_from");
  assert_true(fabs(v->value[(t * REGIONS + from) * REGIONS + to] - 0.36 * (double)place) < 1e-10);
  assert_int_equal(tanlu_result_variable_read(result, "regional_electricity", &v, f->context), TANLU_OK);
  assert_true(fabs(v->value[(t * REGIONS + from) * REGIONS + to] - (double)place) < 1e-10);
  assert_true(isnan(v->value[(years + f->national[1]->years) * REGIONS * REGIONS])); /* the second one has ended */
  assert_int_equal(tanlu_result_variable_read(result, "regional_gap", &v, f->context), TANLU_OK);
  assert_true(v->value[TANLU_FIELD_COUNT + 3] == f->gap[TANLU_FIELD_COUNT + 3]);
  assert_true(isnan(v->value[TANLU_FIELD_INDICATOR]));
  double summary[TANLU_SUMMARY_COUNT];
  const tanlu_projection *p = f->regional[1][2];
  tanlu_summary_compute(p->value[TANLU_FIELD_INDICATOR], p->from, p->years, summary);
  assert_int_equal(tanlu_result_variable_read(result, "regional_summary", &v, f->context), TANLU_OK);
  assert_memory_equal(v->value + (REGIONS + 2) * TANLU_SUMMARY_COUNT, summary, sizeof summary);
  tanlu_result_close(&result);
}

/* Places are auxiliary coordinates, no data variables; a file without them has none. */
static void places_of_tiles_come_back(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 32];
  tanlu_result *result = open_result(f, f->path);
  assert_memory_equal(tanlu_result_tiles(result), f->tile, sizeof f->tile);
  assert_null(tanlu_result_variable_find(result, "region_tile_x"));
  tanlu_result_close(&result);
  (void)snprintf(path, sizeof path, "%s/bare.h5", f->directory);
  tanlu_result_regions regions = f->regions[0];
  regions.tile = NULL;
  tanlu_result_scenario bare = f->written[0];
  bare.regions = &regions;
  assert_int_equal(write_to(f, path, &bare, 1), TANLU_OK);
  result = open_result(f, path);
  assert_null(tanlu_result_tiles(result));
  tanlu_result_close(&result);
  double same[2 * REGIONS] = {0};
  regions.tile = same;
  assert_int_equal(write_to(f, path, &bare, 1), TANLU_OK);
  assert_int_equal(tanlu_result_open(&result, path, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "region_tile_x and region_tile_y are no places"));
}

static void slices_are_parts_of_the_whole(void **state) {
  fixture *f = *state;
  tanlu_result *result = open_result(f, f->path);
  const tanlu_result_variable *v = tanlu_regional_variable_find(result, "regional_useful_energy");
  assert_ptr_equal(v, tanlu_regional_variable_find(result, "useful_energy"));
  assert_null(tanlu_regional_variable_find(result, "trade")); /* is from region to region */
  tanlu_result_variable slice;
  assert_int_equal(tanlu_result_slice_read(&slice, result, v, 1, 5, f->context), TANLU_OK);
  assert_int_equal(tanlu_result_variable_read(result, v->name, &v, f->context), TANLU_OK);
  assert_int_equal(slice.rank, 4);
  assert_string_equal(slice.dimension[1], "year");
  const size_t cells = v->extent[2] * v->extent[3] * v->extent[4];
  for (size_t s = 0; s < SCENARIOS; s++) {
    assert_memory_equal(slice.value + s * cells, v->value + (s * REGIONS + 5) * cells, cells * sizeof *slice.value);
  }
  tanlu_result_slice_clear(&slice);
  tanlu_result_close(&result);
}

static void what_does_not_fit_is_refused(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 32];
  (void)snprintf(path, sizeof path, "%s/none.h5", f->directory);
  tanlu_result_scenario mixed[SCENARIOS] = {f->written[0], f->written[1]};
  mixed[1].regions = NULL;
  assert_int_equal(write_to(f, path, mixed, SCENARIOS), TANLU_ERR_INTERNAL);
  assert_true(tanlu_test_has_message(f->context, "some scenarios have regions"));
  mixed[1].regions = &f->regions[0]; /* of other years */
  assert_int_equal(write_to(f, path, mixed, SCENARIOS), TANLU_ERR_INTERNAL);
  assert_true(tanlu_test_has_message(f->context, "regions of scenario 'second' do not fit"));
  assert_false(tanlu_test_exists(f->directory, "none.h5"));
  tanlu_context_clear(f->context);
}

/* ---- aims ---------------------------------------------------------------------------------------------------------- */

/* Does the line of the output that begins with `code` hold `text`? */
static bool row_holds(const char *out, const char *code_of_row, const char *text) {
  char begin[48], line[512];
  (void)snprintf(begin, sizeof begin, "\n%s ", code_of_row);
  const char *row = strstr(out, begin);
  if (row == NULL) return false;
  (void)snprintf(line, sizeof line, "%.*s", (int)strcspn(row + 1, "\n"), row + 1);
  return strstr(line, text) != NULL;
}

/* Paths made up for four regions of the first scenario, 2020 to 2030; the others as ever:
 *   guangxi, jiangsu   rise until 2025 and fall after it: met in 2025, missed in 2024
 *   ningxia            rises to the end: no peak, so that 2030 is missed
 *   beijing            falls from the base year on: met; the smallest, yet it has a row, so that hebei, alone, has one too */
static void aims_are_written_and_judged(void **state) {
  fixture *f = *state;
  enum { BEIJING = 0, JIANGSU = 6, GUANGXI = 10, NINGXIA = 11, LONGEST = 11 };
  static const size_t changed[] = {BEIJING, JIANGSU, GUANGXI, NINGXIA};
  static const int aim[REGIONS] = {[BEIJING] = 2021, [JIANGSU] = 2024, [GUANGXI] = 2025, [NINGXIA] = 2030};
  const size_t co2 = tanlu_indicator_find("co2_energy");
  double kept[4][LONGEST];
  assert_int_equal(f->national[0]->years, LONGEST);
  for (size_t k = 0; k < 4; k++) {
    tanlu_projection *p = f->regional[0][changed[k]];
    for (size_t t = 0; t < LONGEST; t++) {
      double *cell = &p->value[TANLU_FIELD_INDICATOR][t * p->size[TANLU_FIELD_INDICATOR] + co2];
      const double year = (double)t, hump = 100.0 - fabs(year - 5.0);
      kept[k][t] = *cell;
      *cell = changed[k] == BEIJING ? 20.0 - year : changed[k] == NINGXIA ? 100.0 + year : hump;
    }
  }
  char path[TANLU_TEST_PATH + 32];
  (void)snprintf(path, sizeof path, "%s/aims.h5", f->directory);
  tanlu_result_regions regions = f->regions[0];
  regions.peak_aim = aim;
  tanlu_result_scenario written[SCENARIOS] = {f->written[0], f->written[1]};
  written[0].regions = &regions;
  assert_int_equal(write_to(f, path, written, SCENARIOS), TANLU_OK);
  for (size_t k = 0; k < 4; k++) {
    tanlu_projection *p = f->regional[0][changed[k]];
    for (size_t t = 0; t < LONGEST; t++) {
      p->value[TANLU_FIELD_INDICATOR][t * p->size[TANLU_FIELD_INDICATOR] + co2] = kept[k][t];
    }
  }
  const tanlu_result_variable *v = NULL;
  tanlu_result *result = open_result(f, path);
  assert_int_equal(tanlu_result_variable_read(result, "regional_peak_aim", &v, f->context), TANLU_OK);
  assert_int_equal(v->rank, 2);
  for (size_t i = 0; i < SCENARIOS * REGIONS; i++) {
    const int expected = i < REGIONS ? aim[i] : 0;
    assert_true(expected != 0 ? v->value[i] == (double)expected : isnan(v->value[i]));
  }
  tanlu_result_close(&result);
  result = open_result(f, f->path); /* none has an aim */
  assert_null(tanlu_result_variable_find(result, "regional_peak_aim"));
  tanlu_result_close(&result);
  tanlu(&f->run, f->directory, "show", "aims.h5");
  expect_status(&f->run, 0);
  char *second = strstr(f->run.out, "\nsecond ");
  assert_non_null(second);
  while (strstr(second + 1, "\nsecond ") != NULL) second = strstr(second + 1, "\nsecond ");
  assert_null(strstr(second, " aim ")); /* the scenario without aims has no such column, and hides its small regions */
  assert_non_null(strstr(second, "\nothers "));
  *second = '\0';
  expect_out(&f->run, "  peak  aim          peak CO2  ");
  assert_true(row_holds(f->run.out, "guangxi", " 2025  2025 met "));
  assert_true(row_holds(f->run.out, "jiangsu", " 2025  2024 MISSED "));
  assert_true(row_holds(f->run.out, "ningxia", "    -  2030 MISSED "));
  assert_true(row_holds(f->run.out, "beijing", " 2020  2021 met "));
  assert_true(row_holds(f->run.out, "hebei", "  -  "));
  expect_not_out(&f->run, "\nothers ");
  tanlu(&f->run, f->directory, "show", "--region", "guangxi,hebei", "-s", "first", "aims.h5", "regional_peak_aim");
  expect_status(&f->run, 0);
  expect_out(&f->run, "\n\nfirst    year\n-------------\nhebei       -\nguangxi  2025\n");
}

/* ---- comparing ----------------------------------------------------------------------------------------------------- */

/* Another file of the first scenario with the regions in turned order, without the first, one value changed. */
static void regions_are_matched_by_code(void **state) {
  fixture *f = *state;
  tanlu_labels turned = {0};
  tanlu_projection *projection[REGIONS - 1];
  char path[TANLU_TEST_PATH + 32];
  (void)snprintf(path, sizeof path, "%s/turned.h5", f->directory);
  for (size_t r = 0; r < REGIONS - 1; r++) {
    const size_t of = REGIONS - 1 - r;
    projection[r] = f->regional[0][of];
    (void)tanlu_labels_add(&turned, code[of], f->label.name[of], NULL, f->context);
  }
  tanlu_result_regions regions = f->regions[0];
  regions.tile = NULL; /* of all regions in their order */
  regions.region = &turned;
  regions.projection = (const tanlu_projection *const *)projection;
  regions.flow = (tanlu_regional_flow){NULL, NULL};
  tanlu_result_scenario scenario = f->written[0];
  scenario.regions = &regions;
  double *cell = &f->regional[0][1]->value[TANLU_FIELD_CO2][f->regional[0][1]->size[TANLU_FIELD_CO2]];
  const double kept = *cell;
  *cell += 1e6;
  assert_int_equal(write_to(f, path, &scenario, 1), TANLU_OK);
  *cell = kept;
  tanlu_result *a = open_result(f, f->path), *b = open_result(f, path);
  char *report = NULL;
  assert_int_equal(tanlu_result_compare(a, b, 0.0, &report, f->context), TANLU_DIFFERENT);
  assert_non_null(strstr(report, "region: beijing: only in"));
  assert_non_null(strstr(report, "regional_trade: only in"));
  assert_non_null(strstr(report, "regional_co2: 1 of "));
  assert_non_null(strstr(report, "by at most 1 Mt"));
  assert_non_null(strstr(report, "at first, hebei, 2021, 01\n"));
  assert_null(strstr(report, "regional_useful_energy"));
  free(report);
  tanlu_result_close(&a);
  tanlu_result_close(&b);
  tanlu_labels_clear(&turned);
}

/* ---- in the hands of others ---------------------------------------------------------------------------------------- */

static void xarray_selects_regions(void **state) {
  fixture *f = *state;
  if (!tanlu_test_python_has("xarray") || !tanlu_test_python_has("netCDF4")) skip();
  static const char script[] =
      "import xarray\n"
      "ds = xarray.open_dataset('out.h5', engine='netcdf4')\n"
      "v = ds.regional_household_energy\n"
      "print(v.dims)\n"
      "print(repr(float(v.sel(region='hebei', scenario='first', year=2025).sum() /\n"
      "                 ds.household_energy.sel(scenario='first', year=2025).sum())))\n"
      "print(ds.region_label.values[1], ds.regional_category.values[-1], ds.attrs['regional_lead'])\n"
      "print(bool(ds.regional_co2.sel(scenario='second', year=2029).isnull().all()))\n"
      "print(all(ds[n].attrs.get('units') and ds[n].attrs.get('long_name') for n in ds.data_vars if "
      "n.startswith('regional')\n"
      "          and n != 'regional_category_label'))\n"
      "print(ds.regional_electricity.sel(scenario='first', year=2022, region_from='liaoning', "
      "region_to='henan').item())\n";
  tanlu_test_python(&f->run, f->directory, script, (const char *const[]){NULL});
  expect_status(&f->run, 0);
  expect_out(&f->run, "('scenario', 'region', 'year', 'household', 'carrier')\n");
  const char *ratio = strchr(f->run.out, '\n');
  assert_non_null(ratio);
  assert_true(fabs(strtod(ratio, NULL) - 2.0 / 78.0) < 1e-14);
  expect_out(&f->run, "Hebei other_regions nation\nTrue\nTrue\n");
  char flow[32];
  (void)snprintf(flow, sizeof flow, "\n%d.0\n", (2 * REGIONS + 7) * REGIONS + 4);
  expect_out(&f->run, flow);
}

static void ncdump_prints_the_header(void **state) {
  fixture *f = *state;
  tanlu_test_execute(&f->run, f->directory, "/bin/sh",
                     (const char *const[]){"-c", "command -v ncdump > /dev/null || exit 77; ncdump -h out.h5", NULL});
  if (f->run.status == 77) skip();
  expect_status(&f->run, 0);
  expect_out(&f->run, "region = 12 ;");
  expect_out(&f->run, "double regional_useful_energy(scenario, region, year, group, carrier_class) ;");
  expect_out(&f->run, "double regional_trade(scenario, year, region_from, region_to) ;");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_come_back),
      cmocka_unit_test(axes_and_attributes),
      cmocka_unit_test(flows_summaries_and_gaps),
      cmocka_unit_test(places_of_tiles_come_back),
      cmocka_unit_test(slices_are_parts_of_the_whole),
      cmocka_unit_test(what_does_not_fit_is_refused),
      cmocka_unit_test(aims_are_written_and_judged),
      cmocka_unit_test(regions_are_matched_by_code),
      cmocka_unit_test(xarray_selects_regions),
      cmocka_unit_test(ncdump_prints_the_header),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
