/* What sweeps keep, by the built program: statistics, sums by group, every field.
 *
 * Oracles: statistics taken here in two passes over samples that a file keeps; sums by group taken here from its sectors;
 * `tanlu compare`, which compares every bit, against one uninterrupted run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <hdf5.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "model/sweep.h"
#include "outputs/result_file.h"
#include "tests/program_support.h"

enum { KEEPS = TANLU_KEEPS, BINS = 200, PROBABILITIES = 5 };

typedef tanlu_test_place fixture;

/* Growth beyond a factor of 4 (20 % a year) is not allowed: 1 in 36 samples fails. Ranges are met in part. */
static const char sweep_text[] =
    "name: small\nscenario: probe\ndesign: monte-carlo\nsamples: 420\nseed: 7\nparameters:\n"
    "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.5, 4.1]}, label: growth}\n"
    "  - {path: power.mix.wind, mode: scale, distribution: {uniform: [0.5, 2]}}\n"
    "outputs:\n"
    "  indicators: [co2_energy, gdp, employment]\n"
    "  years: [2020, 2025, 2030]\n"
    "  quantiles: {co2_energy: [0.15, 0.4], cumulative_co2: [0.0018, 0.0028], co2_by_group: [0, 0.2]}\n";

static void write_sweep(const fixture *f, const char *name, const char *keep) {
  char text[sizeof sweep_text + 32];
  snprintf(text, sizeof text, "%skeep: %s\n", sweep_text, keep);
  assert_int_equal(tanlu_test_write_file(f->directory, name, text), 0);
}

static const char *file_of(size_t keep, const char *end) {
  static char name[4][64];
  static size_t next = 0;
  char *own = name[next++ % 4];
  snprintf(own, sizeof name[0], "%s%s", tanlu_sweep_keep_word[keep], end);
  return own;
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  for (size_t k = 0; k < KEEPS; k++) {
    write_sweep(f, file_of(k, ".yaml"), tanlu_sweep_keep_word[k]);
    tanlu(&f->run, f->directory, "sweep", "-q", "-o", file_of(k, ".h5"), file_of(k, ".yaml"));
    if (f->run.status != 0) return 1;
  }
  return 0;
}

static void path_of(const fixture *f, const char *name, char path[TANLU_TEST_PATH + 64]) {
  snprintf(path, TANLU_TEST_PATH + 64, "%s/%s", f->directory, name);
}

static tanlu_result *open_file(const fixture *f, const char *name) {
  char path[TANLU_TEST_PATH + 64];
  tanlu_result *result = NULL;
  path_of(f, name, path);
  assert_int_equal(tanlu_result_open(&result, path, NULL), TANLU_OK);
  return result;
}

static const tanlu_result_variable *variable(tanlu_result *result, const char *name) {
  const tanlu_result_variable *v = NULL;
  assert_int_equal(tanlu_result_variable_read(result, name, &v, NULL), TANLU_OK);
  return v;
}

/* "BASE_SUFFIX" of a file. */
static const double *statistic(tanlu_result *result, const char *base, const char *suffix) {
  char name[96];
  snprintf(name, sizeof name, "%s_%s", base, suffix);
  return variable(result, name)->value;
}

/* ---- statistics --------------------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Quantiles from a histogram are within a part (1/200) of the range where the value is in it; counts outside are exact. */
static void check_quantiles(tanlu_result *stored, const char *base, size_t cells, size_t cell, const double *sorted,
                            size_t count, double lower, double upper) {
  static const double probability[PROBABILITIES] = {0.05, 0.25, 0.5, 0.75, 0.95};
  size_t below = 0, above = 0;
  for (size_t i = 0; i < count; i++) {
    below += sorted[i] < lower ? 1 : 0;
    above += sorted[i] > upper ? 1 : 0;
  }
  assert_true(statistic(stored, base, "below")[cell] == (double)below);
  assert_true(statistic(stored, base, "above")[cell] == (double)above);
  for (size_t p = 0; p < PROBABILITIES && count > 0; p++) {
    const double found = statistic(stored, base, "quantile")[p * cells + cell];
    const double place = probability[p] * (double)count;
    const size_t from = (size_t)place > 0 ? (size_t)place - 1 : 0,
                 to = (size_t)place < count ? (size_t)place : count - 1;
    if (sorted[from] < lower || sorted[to] > upper) continue;
    assert_true(found >= sorted[from] - 1.001 * (upper - lower) / BINS);
    assert_true(found <= sorted[to] + 1.001 * (upper - lower) / BINS);
  }
}

/* One cell of `base` against `value`, samples x cells, where the sample is solved. The statistics are sums of exact numbers, so
 * that only the rounding of the results is left; two passes in long double are better than 1e-15 here, the deviation of numbers
 * that agree in all but their last digits than 1e-9. */
static void check_cell(tanlu_result *stored, const char *base, const double *state, size_t samples, const double *value,
                       size_t cells, size_t cell, const double *range) {
  double *sorted = calloc(samples, sizeof *sorted);
  assert_non_null(sorted);
  size_t count = 0;
  long double sum = 0.0L, squares = 0.0L;
  for (size_t i = 0; i < samples; i++) {
    const double v = value[i * cells + cell];
    if ((int)state[i] != TANLU_SAMPLE_SOLVED || isnan(v)) continue;
    sorted[count++] = v;
    sum += (long double)v;
  }
  const long double mean = count > 0 ? sum / (long double)count : 0.0L;
  for (size_t i = 0; i < count; i++) squares += ((long double)sorted[i] - mean) * ((long double)sorted[i] - mean);
  qsort(sorted, count, sizeof *sorted, ascending);
  const double own_mean = statistic(stored, base, "mean")[cell], deviation = statistic(stored, base, "deviation")[cell];
  assert_true(statistic(stored, base, "count")[cell] == (double)count);
  if (count == 0) {
    assert_true(isnan(own_mean) && isnan(deviation) && isnan(statistic(stored, base, "minimum")[cell]));
  } else {
    const double expected = (double)sqrtl(squares / (long double)(count - 1));
    assert_true(statistic(stored, base, "minimum")[cell] == sorted[0]);
    assert_true(statistic(stored, base, "maximum")[cell] == sorted[count - 1]);
    assert_true(fabs(own_mean - (double)mean) <= 1e-15 * fabs((double)mean));
    assert_true(fabs(deviation - expected) <= 1e-12 * expected + 1e-18 * fabs((double)mean));
  }
  if (range != NULL) check_quantiles(stored, base, cells, cell, sorted, count, range[0], range[1]);
  free(sorted);
}

/* samples x years x groups: a field along sectors (and perhaps another axis before) summed by the group of the sector. */
static double *sum_by_group(tanlu_result *full, const char *field) {
  const tanlu_result_variable *v = variable(full, field);
  const tanlu_result_texts *of = tanlu_result_texts_find(full, "sector_group");
  const tanlu_labels *groups = tanlu_result_labels(full, "group");
  assert_true(of != NULL && groups != NULL && strcmp(v->dimension[v->rank - 1], "sector") == 0);
  const size_t rows = v->extent[0] * v->extent[1], wide = v->rank > 3 ? v->extent[2] * v->extent[3] : v->extent[2];
  double *sum = calloc(rows * groups->count, sizeof *sum);
  assert_non_null(sum);
  for (size_t r = 0; r < rows; r++) {
    for (size_t i = 0; i < wide; i++) {
      const size_t g = tanlu_labels_find(groups, of->text[i % of->count]);
      sum[r * groups->count + g] += v->value[r * wide + i];
    }
  }
  return sum;
}

static const char *const sums[][2] = {
    {"value_added_by_group", "value_added"}, {"final_energy_by_group", "final_energy"}, {"co2_by_group", "co2"}};

/* Sums that a file keeps are those of its sectors: in another order, so to rounding. */
static void sums_by_group_are_those_of_the_sectors(void **state) {
  fixture *f = *state;
  tanlu_result *groups = open_file(f, "groups.h5"), *full = open_file(f, "full.h5");
  for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
    const tanlu_result_variable *kept = variable(groups, sums[k][0]);
    double *own = sum_by_group(full, sums[k][1]), largest = 0.0;
    assert_true(kept->rank == 3 && strcmp(kept->dimension[0], "sample") == 0 &&
                strcmp(kept->dimension[2], "group") == 0);
    const size_t cells = kept->extent[0] * kept->extent[1] * kept->extent[2];
    for (size_t i = 0; i < cells; i++) {
      assert_true(isnan(own[i]) ? isnan(kept->value[i]) : fabs(kept->value[i] - own[i]) <= 1e-13 * fabs(own[i]));
      if (!isnan(own[i])) largest = fmax(largest, own[i]);
    }
    assert_true(largest > 0.0);
    free(own);
  }
  tanlu_result_close(&groups);
  tanlu_result_close(&full);
}

/* Every field of a sample, in the years that are kept, has the bits of a run of that sample alone. */
static void fields_are_those_of_a_run(void **state) {
  fixture *f = *state;
  enum { SAMPLE = 5 };
  static const size_t year[] = {0, 5, 10}; /* 2020, 2025, 2030 */
  size_t compared = 0;
  tanlu(&f->run, f->directory, "sweep", "-q", "--only", "5", "-o", "only.h5", "full.yaml");
  expect_status(&f->run, 0);
  tanlu_result *full = open_file(f, "full.h5"), *only = open_file(f, "only.h5");
  for (size_t i = 0; i < tanlu_result_variable_count(only); i++) {
    const char *name = tanlu_result_variable_at(only, i)->name;
    const tanlu_result_variable *run = variable(only, name);
    if (run->rank < 3 || strcmp(name, "indicator_value") == 0) continue; /* scalars, and all indicators */
    const tanlu_result_variable *kept = variable(full, name);
    const size_t wide = run->extent[2] * (run->rank > 3 ? run->extent[3] : 1);
    assert_true(kept->rank == run->rank && strcmp(kept->unit, run->unit) == 0 && kept->extent[1] == 3);
    for (size_t d = 2; d < run->rank; d++) assert_string_equal(kept->dimension[d], run->dimension[d]);
    for (size_t t = 0; t < kept->extent[1]; t++) {
      assert_memory_equal(kept->value + (SAMPLE * kept->extent[1] + t) * wide, run->value + year[t] * wide,
                          wide * sizeof(double));
    }
    compared++;
  }
  assert_int_equal(compared, TANLU_FIELD_COUNT - 1);
  tanlu_result_close(&full);
  tanlu_result_close(&only);
}

/* Statistics of the file that keeps no samples against samples of the others. */
static void statistics_are_those_of_the_samples(void **state) {
  fixture *f = *state;
  static const double co2[] = {0.15, 0.4}, cumulative[] = {0.0018, 0.0028}, group_co2[] = {0.0, 0.2};
  tanlu_result *alone = open_file(f, "statistics.h5"), *kept = open_file(f, "groups.h5");
  const tanlu_result_variable *status = variable(kept, "status"), *value = variable(kept, "indicator_value");
  const tanlu_result_variable *scalar = variable(kept, "summary_value");
  const size_t samples = status->extent[0], indicators = value->extent[2], cells = value->extent[1] * indicators;
  size_t failed = 0, outside = 0;
  assert_null(tanlu_result_variable_find(alone, "indicator_value"));
  assert_null(tanlu_result_variable_find(alone, "summary_value"));
  assert_null(tanlu_result_variable_find(alone, "parameter_value"));
  for (size_t i = 0; i < samples; i++) {
    assert_true(variable(alone, "status")->value[i] == status->value[i]);
    failed += (int)status->value[i] != TANLU_SAMPLE_SOLVED ? 1 : 0;
  }
  assert_true(failed > 0 && failed < samples / 4);
  for (size_t c = 0; c < cells; c++) {
    check_cell(alone, "indicator", status->value, samples, value->value, cells, c, c % indicators == 0 ? co2 : NULL);
    outside += c % indicators == 0 ? (size_t)statistic(alone, "indicator", "above")[c] : 0;
  }
  assert_true(outside > 0 && outside < samples * 3);
  const size_t scalars = scalar->extent[1],
               total = tanlu_labels_find(tanlu_result_labels(kept, "summary"), "cumulative_co2");
  for (size_t c = 0; c < scalars; c++) {
    check_cell(alone, "summary", status->value, samples, scalar->value, scalars, c, c == total ? cumulative : NULL);
  }
  for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
    const tanlu_result_variable *v = variable(kept, sums[k][0]);
    const size_t own = v->extent[1] * v->extent[2];
    for (size_t c = 0; c < own; c++) {
      check_cell(alone, sums[k][0], status->value, samples, v->value, own, c, k == 2 ? group_co2 : NULL);
    }
  }
  tanlu_result_close(&alone);
  tanlu_result_close(&kept);
}

/* Whatever is kept, the statistics are the same, bit by bit. */
static void statistics_do_not_depend_on_what_is_kept(void **state) {
  fixture *f = *state;
  tanlu_result *alone = open_file(f, "statistics.h5");
  for (size_t k = 0; k < KEEPS; k++) {
    tanlu_result *other = open_file(f, file_of(k, ".h5"));
    size_t compared = 0;
    for (size_t i = 0; i < tanlu_result_variable_count(alone); i++) {
      const char *name = tanlu_result_variable_at(alone, i)->name;
      if (strcmp(name, "block_reason") == 0) continue;
      const tanlu_result_variable *a = variable(alone, name), *b = variable(other, name);
      size_t cells = 1;
      for (size_t d = 0; d < a->rank; d++) cells *= a->extent[d];
      assert_memory_equal(a->value, b->value, cells * sizeof *a->value);
      compared++;
    }
    assert_true(compared > 30);
    tanlu_result_close(&other);
  }
  tanlu_result_close(&alone);
}

/* ---- threads, shards, interruptions ------------------------------------------------------------------------------------- */

static void same_as_whole(fixture *f, size_t keep, const char *file) {
  tanlu(&f->run, f->directory, "compare", file_of(keep, ".h5"), file);
  expect_status(&f->run, 0);
}

static void threads_and_shards_do_not_matter(void **state) {
  fixture *f = *state;
  static const char *const part[] = {"1/3", "2/3", "3/3"}, *const file[] = {"p1.h5", "p2.h5", "p3.h5"};
  for (size_t k = 0; k < KEEPS; k++) {
    tanlu(&f->run, f->directory, "sweep", "-qf", "--threads", "5", "-o", "five.h5", file_of(k, ".yaml"));
    expect_status(&f->run, 0);
    same_as_whole(f, k, "five.h5");
    for (int i = 0; i < 3; i++) {
      tanlu(&f->run, f->directory, "sweep", "-qf", "--threads", i == 1 ? "1" : "3", "--shard", part[i], "-o", file[i],
            file_of(k, ".yaml"));
      expect_status(&f->run, 0);
    }
    tanlu(&f->run, f->directory, "merge", "-f", "-o", "joined.h5", "p3.h5", "p1.h5", "p2.h5");
    expect_status(&f->run, 0);
    same_as_whole(f, k, "joined.h5");
    /* what was joined can be gone on with: it is done */
    tanlu(&f->run, f->directory, "merge", "-qf", "-o", "again.h5", "joined.h5");
    expect_status(&f->run, 0);
    same_as_whole(f, k, "again.h5");
  }
}

/* SIGKILL at ever later moments, with every keep, resumed until done. */
static void killed_sweeps_go_on(void **state) {
  fixture *f = *state;
  for (size_t k = 0; k < KEEPS; k++) {
    char file[64], sweep[64];
    snprintf(file, sizeof file, "killed-%s", file_of(k, ".h5"));
    snprintf(sweep, sizeof sweep, "%s", file_of(k, ".yaml"));
    const char *const go_on[] = {"sweep", "-q", "--threads", "1", "--resume", "-o", file, sweep, NULL};
    int kills = 0;
    f->run.status = 128 + SIGKILL;
    for (long wait = 5; f->run.status == 128 + SIGKILL && wait < 20000; wait += 6L * TANLU_TEST_SLOWER) {
      tanlu_test_interrupt(&f->run, f->directory, SIGKILL, wait, go_on);
      kills += f->run.status == 128 + SIGKILL;
    }
    expect_status(&f->run, 0);
    assert_true(kills > 0);
    same_as_whole(f, k, file);
  }
}

/* ---- the two places of the state ---------------------------------------------------------------------------------------- */

/* Overwrite one place of the state with what no state can be. */
static void spoil(const fixture *f, const char *name, size_t place) {
  char path[TANLU_TEST_PATH + 64];
  hsize_t extent[3] = {0};
  path_of(f, name, path);
  const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t words = H5Dopen2(file, "state/words", H5P_DEFAULT), space = H5Dget_space(words);
  assert_true(H5Sget_simple_extent_dims(space, extent, NULL) == 3 && extent[0] == 2);
  int64_t *all = calloc(extent[0] * extent[1] * extent[2], sizeof *all);
  assert_true(H5Dread(words, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, all) >= 0);
  for (hsize_t i = 0; i < extent[1] * extent[2]; i++) all[place * extent[1] * extent[2] + i] = 77;
  assert_true(H5Dwrite(words, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, all) >= 0);
  free(all);
  assert_true(H5Sclose(space) >= 0 && H5Dclose(words) >= 0 && H5Fclose(file) >= 0);
}

/* Blocks that are done; 0 where all are. */
static size_t blocks_done(const fixture *f, const char *name) {
  tanlu_result *result = open_file(f, name);
  const tanlu_result_variable *done = variable(result, "block_done");
  size_t count = 0;
  for (size_t b = 0; b < done->extent[0]; b++) count += done->value[b] != 0.0 ? 1 : 0;
  const size_t all = done->extent[0];
  tanlu_result_close(&result);
  return count < all ? count : 0;
}

/* The place of the state that counts. */
static size_t place_of(const fixture *f, const char *name) {
  char path[TANLU_TEST_PATH + 64];
  unsigned char place = 9;
  path_of(f, name, path);
  const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), variable = H5Dopen2(file, "state/place", H5P_DEFAULT);
  assert_true(H5Dread(variable, H5T_NATIVE_UCHAR, H5S_ALL, H5S_ALL, H5P_DEFAULT, &place) >= 0);
  assert_true(H5Dclose(variable) >= 0 && H5Fclose(file) >= 0);
  assert_true(place <= 1);
  return place;
}

/* A sweep of which some blocks are done, ended by a signal. */
static void stop_half_way(fixture *f, const char *name) {
  char path[TANLU_TEST_PATH + 64];
  path_of(f, name, path);
  const char *const begin[] = {"sweep", "-q", "--threads", "1", "--resume", "-o", name, "statistics.yaml", NULL};
  bool half_way = false;
  /* Before the first block it is too early, later too late. */
  for (long wait = 2; !half_way && wait < 400L * TANLU_TEST_SLOWER; wait += 2L * TANLU_TEST_SLOWER) {
    (void)unlink(path);
    tanlu_test_interrupt(&f->run, f->directory, SIGTERM, wait, begin);
    half_way = f->run.status == 128 + SIGTERM && tanlu_test_exists(f->directory, name) && blocks_done(f, name) > 0;
  }
  assert_true(half_way);
}

/* Killed while the next state was written: the place that counts is whole. Where that one is damaged, nothing is
 * made up. */
static void a_torn_state_is_not_used(void **state) {
  fixture *f = *state;
  stop_half_way(f, "torn.h5");
  tanlu(&f->run, f->directory, "show", "torn.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "not computed");
  spoil(f, "torn.h5", 1 - place_of(f, "torn.h5"));
  tanlu(&f->run, f->directory, "sweep", "-q", "--resume", "-o", "torn.h5", "statistics.yaml");
  expect_status(&f->run, 0);
  same_as_whole(f, TANLU_KEEP_STATISTICS, "torn.h5");

  stop_half_way(f, "worse.h5");
  spoil(f, "worse.h5", place_of(f, "worse.h5"));
  tanlu(&f->run, f->directory, "sweep", "-q", "--resume", "-o", "worse.h5", "statistics.yaml");
  expect_status(&f->run, 4);
  expect_err(&f->run, "worse.h5: error: is damaged: its statistics are not those of the");
}

/* Flags that bear the mark of a place of the state (2 + place) are done where that place counts, and are not where a run was killed
 * before it did. An oracle each: what is wrongly taken as done leaves zeros, what is wrongly dropped another count of samples. */
static void marks_of_a_killed_run_are_taken_back(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 64];
  stop_half_way(f, "marked.h5");
  path_of(f, "marked.h5", path);
  const size_t counts = place_of(f, "marked.h5");
  const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t flags = H5Dopen2(file, "block_done", H5P_DEFAULT);
  const hid_t space = H5Dget_space(flags);
  const hssize_t blocks = H5Sget_simple_extent_npoints(space);
  unsigned char *flag = calloc((size_t)blocks, 1);
  assert_true(H5Dread(flags, H5T_NATIVE_UCHAR, H5S_ALL, H5S_ALL, H5P_DEFAULT, flag) >= 0);
  for (hssize_t b = 0; b < blocks; b++) {
    assert_true(flag[b] <= 1 || flag[b] == 2 + counts);
    flag[b] = flag[b] != 0 ? (unsigned char)(2 + counts) : (unsigned char)(3 - counts);
  }
  assert_true(H5Dwrite(flags, H5T_NATIVE_UCHAR, H5S_ALL, H5S_ALL, H5P_DEFAULT, flag) >= 0);
  assert_true(H5Sclose(space) >= 0 && H5Dclose(flags) >= 0 && H5Fclose(file) >= 0);
  free(flag);
  tanlu(&f->run, f->directory, "sweep", "-q", "--resume", "-o", "marked.h5", "statistics.yaml");
  expect_status(&f->run, 0);
  same_as_whole(f, TANLU_KEEP_STATISTICS, "marked.h5");
}

static void a_cut_file_and_a_full_disk_are_refused(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 64];
  struct rlimit before, small = {.rlim_cur = 100000};
  for (size_t k = 0; k < KEEPS; k++) {
    tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "cut.h5", file_of(k, ".yaml"));
    expect_status(&f->run, 0);
    path_of(f, "cut.h5", path);
    assert_int_equal(truncate(path, 60000), 0);
    tanlu(&f->run, f->directory, "sweep", "--resume", "-o", "cut.h5", file_of(k, ".yaml"));
    expect_status(&f->run, 4);
    tanlu(&f->run, f->directory, "merge", "-o", "merged.h5", "cut.h5");
    expect_status(&f->run, 4);
    (void)unlink(path);
    const size_t entries = tanlu_test_entries(f->directory);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    tanlu(&f->run, f->directory, "sweep", "-o", "no-room.h5", file_of(k, ".yaml"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    expect_status(&f->run, 4);
    expect_err(&f->run, "cannot write the sweep file, which needs");
    assert_int_equal(tanlu_test_entries(f->directory), entries);
  }
}

/* ---- what is shown ------------------------------------------------------------------------------------------------------ */

static void show_tells_what_there_is(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "show", "statistics.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "cumulative_co2 ");
  expect_out(&f->run, "gdp 2030 ");
  expect_out(&f->run, "goods 2030 ");
  expect_out(&f->run, "the range of its quantiles (variable indicator_above)");
  expect_out(&f->run, "is outside the bounds");
  tanlu(&f->run, f->directory, "show", "groups.h5");
  expect_out(&f->run, "co2_by_group ");
  tanlu(&f->run, f->directory, "show", "full.h5");
  expect_status(&f->run, 0);
  expect_not_out(&f->run, "co2_by_group  ");
  tanlu(&f->run, f->directory, "compare", "groups.h5", "full.h5");
  expect_status(&f->run, 1);
  expect_out(&f->run, "final_demand: only in full.h5");
  expect_not_out(&f->run, "indicator_mean");
  tanlu(&f->run, f->directory, "sensitivity", "statistics.h5");
  expect_status(&f->run, 2);
  expect_err(&f->run, "keeps statistics alone");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_by_group_are_those_of_the_sectors),
      cmocka_unit_test(fields_are_those_of_a_run),
      cmocka_unit_test(statistics_are_those_of_the_samples),
      cmocka_unit_test(statistics_do_not_depend_on_what_is_kept),
      cmocka_unit_test(threads_and_shards_do_not_matter),
      cmocka_unit_test(killed_sweeps_go_on),
      cmocka_unit_test(a_torn_state_is_not_used),
      cmocka_unit_test(marks_of_a_killed_run_are_taken_back),
      cmocka_unit_test(a_cut_file_and_a_full_disk_are_refused),
      cmocka_unit_test(show_tells_what_there_is),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
