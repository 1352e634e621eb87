/* Result files (result_write.c, result_read.c, result_compare.c, output_file.c, hdf5_util.c): what is written is read back
 * bit by bit, carries what netCDF-4 and CF ask for, and a failure leaves nothing behind.
 *
 * Oracles: the numbers are made by a formula of this file, so that the value expected at every place is known without
 * reading it; conversion factors are those of the units (1 unit of 1e4 CNY is 1e-4 of 1e8 CNY); what makes the file a
 * netCDF-4 file is asked of the HDF5 library itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/indicators.h"
#include "outputs/output_file.h"
#include "outputs/result_file.h"
#include "tests/support.h"

enum { SECTORS = 3, YEARS = 4, SHORT_YEARS = 2, FIRST_YEAR = 2020 };

typedef struct {
  char directory[TANLU_TEST_PATH], path[TANLU_TEST_PATH + 32], other[TANLU_TEST_PATH + 32];
  tanlu_dataset dataset;
  tanlu_level level;
  size_t of_sector[SECTORS];
  char *unit[1];
  tanlu_projection *projection[2];
  tanlu_result_scenario scenario[2];
  tanlu_context *context;
} fixture;

/* The number at a place: no two alike, none a short binary fraction. */
static double made_up(size_t scenario, size_t field, size_t i) {
  return (double)(scenario + 1) * 1000.1 + (double)field * 10.01 + (double)i / 7.0;
}

static void add_label(tanlu_labels *labels, const char *code, const char *name, const char *name_zh) {
  assert_int_equal(tanlu_labels_add(labels, code, name, name_zh, NULL), TANLU_OK);
}

static const char *const inputs[] = {"tiny/dataset.yaml", "scenarios/first.yaml"};
static const char *const sha256[] = {"aa", "bb"};
static const tanlu_provenance provenance = {.version = "9.8.7",
                                            .commit = "abc1234",
                                            .build_flags = "-O2",
                                            .blas_core = "Haswell",
                                            .command_line = "tanlu run first second",
                                            .threads = 2,
                                            .inputs = 2,
                                            .input = inputs,
                                            .sha256 = sha256};

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return -1;
  (void)snprintf(f->path, sizeof f->path, "%s/out.h5", f->directory);
  (void)snprintf(f->other, sizeof f->other, "%s/other.h5", f->directory);
  tanlu_dataset *d = &f->dataset;
  static char name[] = "tiny", title[] = "A tiny dataset", level_name[] = "policy_group", tonnes[] = "Mt";
  d->name = name;
  d->title = title;
  d->base_year = FIRST_YEAR;
  d->accounts.n = SECTORS;
  add_label(&d->accounts.sector, "001", "Coal", "煤炭");
  add_label(&d->accounts.sector, "002", "Goods, other", "其他");
  add_label(&d->accounts.sector, "003", "Power", "");
  add_label(&d->accounts.category, "households", "Households", NULL);
  add_label(&d->accounts.category, "exports", "Exports", NULL);
  add_label(&d->energy.carrier.label, "raw_coal", "Raw coal", "原煤");
  add_label(&d->energy.carrier.label, "electricity", "Electricity", "电力");
  add_label(&d->power.technology, "coal", NULL, NULL);
  add_label(&d->power.technology, "pv", NULL, NULL);
  add_label(&d->products.product, "cement", "Cement", "水泥");
  f->unit[0] = tonnes;
  d->products.unit = f->unit;
  f->level.name = level_name;
  add_label(&f->level.group, "mines", "Mines", NULL);
  add_label(&f->level.group, "rest", "The rest", NULL);
  f->of_sector[1] = f->of_sector[2] = 1;
  f->level.of_sector = f->of_sector;
  d->levels = 1;
  d->level = &f->level;
  f->context = tanlu_context_create();
  for (size_t s = 0; s < 2; s++) {
    const size_t years = s == 0 ? YEARS : SHORT_YEARS;
    if (tanlu_projection_create(&f->projection[s], d, FIRST_YEAR, years, f->context) != TANLU_OK) return -1;
    for (size_t id = 0; id < TANLU_FIELD_COUNT; id++) {
      for (size_t i = 0; i < years * f->projection[s]->size[id]; i++) {
        f->projection[s]->value[id][i] = made_up(s, id, i);
      }
    }
    f->projection[s]->worst_residual = 1e-13 * (double)(s + 1);
    f->projection[s]->worst_balance = 1e-11;
    f->scenario[s] = (tanlu_result_scenario){.name = s == 0 ? "first" : "second",
                                             .title = s == 0 ? "The first" : "第二",
                                             .text = s == 0 ? "gdp:\n  growth: 5\n" : "sinks: 0\n",
                                             .projection = f->projection[s]};
  }
  *state = f;
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  for (size_t s = 0; s < 2; s++) tanlu_projection_free(&f->projection[s]);
  tanlu_dataset *d = &f->dataset;
  tanlu_labels_clear(&d->accounts.sector);
  tanlu_labels_clear(&d->accounts.category);
  tanlu_labels_clear(&d->energy.carrier.label);
  tanlu_labels_clear(&d->power.technology);
  tanlu_labels_clear(&d->products.product);
  tanlu_labels_clear(&f->level.group);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

static tanlu_status write_to(fixture *f, const char *path, bool force) {
  tanlu_context_clear(f->context);
  return tanlu_result_write(path, force, &f->dataset, f->scenario, 2, &provenance, f->context);
}

static tanlu_result *open_result(fixture *f, const char *path) {
  tanlu_result *result = NULL;
  if (tanlu_result_open(&result, path, f->context) != TANLU_OK) tanlu_test_print_messages(f->context);
  assert_non_null(result);
  return result;
}

static size_t entries(const char *directory) {
  size_t count = 0;
  DIR *stream = opendir(directory);
  assert_non_null(stream);
  for (struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) count++;
  }
  (void)closedir(stream);
  return count;
}

static void values_come_back_bit_by_bit(void **state) {
  fixture *f = *state;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK);
  assert_int_equal(entries(f->directory), 1);
  tanlu_result *result = open_result(f, f->path);
  size_t years = 0;
  const int *year = tanlu_result_years(result, &years);
  assert_int_equal(years, YEARS);
  for (int t = 0; t < YEARS; t++) assert_int_equal(year[t], FIRST_YEAR + t);
  for (size_t id = 0; id < TANLU_FIELD_COUNT; id++) {
    const tanlu_result_variable *v = NULL;
    assert_int_equal(tanlu_result_variable_read(result, tanlu_field_table[id].name, &v, f->context), TANLU_OK);
    const size_t size = f->projection[0]->size[id];
    assert_string_equal(v->dimension[0], "scenario");
    assert_string_equal(v->dimension[1], "year");
    assert_string_equal(v->unit, tanlu_field_table[id].unit);
    size_t cells = 1;
    for (size_t k = 0; k < v->rank; k++) cells *= v->extent[k];
    assert_int_equal(cells, 2 * YEARS * size);
    for (size_t s = 0; s < 2; s++) {
      for (size_t i = 0; i < YEARS * size; i++) {
        const double found = v->value[s * YEARS * size + i];
        const double expected = made_up(s, id, i) * tanlu_field_table[id].factor;
        if (s == 1 && i >= SHORT_YEARS * size) {
          assert_true(isnan(found)); /* the second scenario ends earlier */
        } else {
          assert_memory_equal(&found, &expected, sizeof found);
        }
      }
    }
  }
  /* by hand: gross output of sector 2 in 2021 of the first scenario, 1e4 CNY to 1e8 CNY */
  const tanlu_result_variable *output = NULL;
  assert_int_equal(tanlu_result_variable_read(result, "gross_output", &output, f->context), TANLU_OK);
  assert_true(fabs(output->value[4] - (1000.1 + 4.0 / 7.0) * 1e-4) < 1e-15);
  tanlu_result_close(&result);
  assert_null(result);
}

static void labels_units_and_scalars_come_back(void **state) {
  fixture *f = *state;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK);
  tanlu_result *result = open_result(f, f->path);
  const tanlu_labels *sector = tanlu_result_labels(result, "sector");
  assert_non_null(sector);
  assert_int_equal(sector->count, SECTORS);
  assert_string_equal(sector->code[1], "002");
  assert_string_equal(sector->name[1], "Goods, other");
  assert_string_equal(sector->name_zh[0], "煤炭");
  const tanlu_labels *scenario = tanlu_result_labels(result, "scenario");
  assert_string_equal(scenario->code[1], "second");
  assert_string_equal(scenario->name[1], "第二");
  assert_string_equal(tanlu_result_scenario_text(result, 0), "gdp:\n  growth: 5\n");
  assert_null(tanlu_result_scenario_text(result, 2));
  assert_null(tanlu_result_labels(result, "planet"));
  assert_null(tanlu_result_texts_find(result, "category_label_zh")); /* none was given */
  const tanlu_result_texts *group = tanlu_result_texts_find(result, "sector_group");
  assert_string_equal(group->text[0], "mines");
  assert_string_equal(group->text[2], "rest");
  assert_string_equal(tanlu_result_texts_find(result, "product_unit")->text[0], "Mt");
  const size_t gdp = tanlu_labels_find(tanlu_result_labels(result, "indicator"), "gdp");
  assert_true(gdp != TANLU_NONE);
  assert_string_equal(tanlu_result_texts_find(result, "indicator_unit")->text[gdp], "1e8 CNY_2020");

  const tanlu_result_variable *v = NULL;
  assert_int_equal(tanlu_result_variable_read(result, "residual", &v, f->context), TANLU_OK);
  assert_true(v->value[0] == 1e-13 && v->value[1] == 2e-13);
  assert_int_equal(tanlu_result_variable_read(result, "balance_gap", &v, f->context), TANLU_OK);
  assert_true(v->value[1] == 1e-11);
  assert_int_equal(tanlu_result_variable_read(result, "summary_value", &v, f->context), TANLU_OK);
  assert_int_equal(v->extent[1], tanlu_summary_count());
  /* the made-up energy CO2 rises to the last year, so there is no peak inside */
  const size_t peak = tanlu_labels_find(tanlu_result_labels(result, "summary"), "peak_year");
  assert_true(isnan(v->value[peak]));
  assert_int_equal(tanlu_result_variable_read(result, "nothing", &v, f->context), TANLU_ERR_INPUT);
  assert_null(v);
  tanlu_result_close(&result);
}

static void provenance_is_in_root_attributes(void **state) {
  fixture *f = *state;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK);
  tanlu_result *result = open_result(f, f->path);
  assert_string_equal(tanlu_result_attribute(result, "Conventions"), "CF-1.10");
  assert_string_equal(tanlu_result_attribute(result, "source"), "Tanlu 9.8.7 (abc1234)");
  assert_string_equal(tanlu_result_attribute(result, "dataset"), "tiny");
  assert_string_equal(tanlu_result_attribute(result, "threads"), "2");
  assert_string_equal(tanlu_result_attribute(result, "base_year"), "2020");
  assert_string_equal(tanlu_result_attribute(result, "blas_core"), "Haswell");
  assert_string_equal(tanlu_result_attribute(result, "input_files"), "tiny/dataset.yaml\nscenarios/first.yaml");
  assert_string_equal(tanlu_result_attribute(result, "input_sha256"), "aa\nbb");
  assert_non_null(strstr(tanlu_result_attribute(result, "history"), "Z: tanlu run first second"));
  assert_null(tanlu_result_attribute(result, "absent"));
  tanlu_result_close(&result);
}

static bool has_text_attribute(hid_t object, const char *name) {
  if (H5Aexists(object, name) <= 0) return false;
  const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT), type = H5Aget_type(attribute);
  const bool text = H5Tis_variable_str(type) > 0 && H5Tget_cset(type) == H5T_CSET_UTF8;
  (void)H5Tclose(type);
  (void)H5Aclose(attribute);
  return text;
}

/* Asked of HDF5 itself: creation order, dimension scales on every axis, fill values, string types, contiguous layout. */
static void the_file_is_netcdf(void **state) {
  fixture *f = *state;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK);
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  unsigned flags = 0;
  const hid_t file = H5Fopen(f->path, H5F_ACC_RDONLY, H5P_DEFAULT), root = H5Gopen2(file, "/", H5P_DEFAULT);
  const hid_t creation = H5Gget_create_plist(root);
  assert_true(H5Pget_link_creation_order(creation, &flags) >= 0 && flags == order);
  assert_true(H5Pget_attr_creation_order(creation, &flags) >= 0 && flags == order);
  (void)H5Pclose(creation);
  (void)H5Gclose(root);
  H5G_info_t info;
  assert_true(H5Gget_info(file, &info) >= 0);
  assert_true(info.nlinks > TANLU_FIELD_COUNT);
  for (hsize_t i = 0; i < info.nlinks; i++) {
    char name[64];
    (void)H5Lget_name_by_idx(file, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
    const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), list = H5Dget_create_plist(dataset);
    const hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset);
    assert_true(H5Pget_attr_creation_order(list, &flags) >= 0 && flags == order);
    assert_int_equal(H5Pget_layout(list), H5D_CONTIGUOUS);
    assert_true(has_text_attribute(dataset, "long_name"));
    if (H5Tget_class(type) == H5T_STRING) assert_true(H5Tis_variable_str(type) > 0);
    const int rank = H5Sget_simple_extent_ndims(space);
    for (int k = 0; k < rank && H5DSis_scale(dataset) == 0; k++) {
      assert_int_equal(H5DSget_num_scales(dataset, (unsigned)k), 1);
    }
    if (H5Tget_class(type) == H5T_FLOAT) {
      double fill = 0.0, attribute = 0.0;
      assert_true(H5Pget_fill_value(list, H5T_NATIVE_DOUBLE, &fill) >= 0);
      const hid_t fill_attribute = H5Aopen(dataset, "_FillValue", H5P_DEFAULT);
      assert_true(H5Aread(fill_attribute, H5T_NATIVE_DOUBLE, &attribute) >= 0);
      (void)H5Aclose(fill_attribute);
      assert_true(isnan(fill) && isnan(attribute));
      assert_true(has_text_attribute(dataset, "units"));
      assert_true(has_text_attribute(dataset, "coordinates"));
    }
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    (void)H5Pclose(list);
    (void)H5Dclose(dataset);
  }
  const hid_t year = H5Dopen2(file, "year", H5P_DEFAULT);
  assert_true(H5DSis_scale(year) > 0);
  assert_true(has_text_attribute(year, "units"));
  (void)H5Dclose(year);
  (void)H5Fclose(file);
}

static void every_id_is_closed(void **state) {
  fixture *f = *state;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK); /* once, so that the library's own objects exist */
  static const H5I_type_t kinds[] = {H5I_FILE, H5I_DATASET,     H5I_DATASPACE,  H5I_DATATYPE,
                                     H5I_ATTR, H5I_GENPROP_LST, H5I_ERROR_STACK};
  hsize_t before[sizeof kinds / sizeof *kinds] = {0};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) (void)H5Inmembers(kinds[i], &before[i]);
  assert_int_equal(write_to(f, f->path, true), TANLU_OK);
  tanlu_result *result = open_result(f, f->path);
  const tanlu_result_variable *v = NULL;
  assert_int_equal(tanlu_result_variable_read(result, "co2", &v, f->context), TANLU_OK);
  tanlu_result_close(&result);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    hsize_t after = 0;
    (void)H5Inmembers(kinds[i], &after);
    assert_int_equal(after, before[i]);
  }
}

static void an_existing_file_stays_without_force(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "out.h5", "precious"), 0);
  assert_int_equal(write_to(f, f->path, false), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "exists already"));
  assert_true(tanlu_test_has_message(f->context, "--force"));
  assert_int_equal(tanlu_result_writable(f->path, false, f->context), TANLU_ERR_INPUT);
  char *text = tanlu_test_read_file(f->directory, "out.h5");
  assert_string_equal(text, "precious");
  free(text);
  assert_int_equal(tanlu_result_writable(f->path, true, f->context), TANLU_OK);
  text = tanlu_test_read_file(f->directory, "out.h5");
  assert_string_equal(text, "precious"); /* asking does not touch it */
  free(text);
  assert_int_equal(write_to(f, f->path, true), TANLU_OK);
  tanlu_result *result = open_result(f, f->path);
  tanlu_result_close(&result);
  assert_int_equal(entries(f->directory), 1);
}

static void places_that_cannot_be_written(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 64];
  assert_int_equal(tanlu_test_write_file(f->directory, "plain", "text"), 0);
  const struct {
    const char *name;
    tanlu_status status;
    const char *message;
  } place[] = {{"plain/out.h5", TANLU_ERR_IO, "Not a directory"},
               {"no/such/out.h5", TANLU_ERR_IO, "there is no directory"},
               {"", TANLU_ERR_INPUT, "is a directory"},
               {"later/", TANLU_ERR_INPUT, "names a directory"}};
  for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
    (void)snprintf(path, sizeof path, "%s/%s", f->directory, place[i].name);
    tanlu_context_clear(f->context);
    assert_int_equal(tanlu_result_writable(path, true, f->context), place[i].status);
    assert_true(tanlu_test_has_message(f->context, place[i].message));
    assert_int_equal(write_to(f, path, true), place[i].status);
    assert_true(tanlu_test_has_message(f->context, place[i].message));
    assert_int_equal(entries(f->directory), 1);
  }
  assert_int_equal(tanlu_result_writable("/dev/null", true, f->context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_result_writable("", true, f->context), TANLU_ERR_INPUT);
}

static void a_directory_without_permission(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 64];
  if (geteuid() == 0) skip(); /* root may write everywhere */
  (void)snprintf(path, sizeof path, "%s/locked", f->directory);
  assert_int_equal(mkdir(path, 0555), 0);
  (void)snprintf(path, sizeof path, "%s/locked/out.h5", f->directory);
  assert_int_equal(tanlu_result_writable(path, false, f->context), TANLU_ERR_IO);
  assert_true(tanlu_test_has_message(f->context, "Permission denied"));
}

static void the_last_directory_is_made(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 64];
  (void)snprintf(path, sizeof path, "%s/results/out.h5", f->directory);
  assert_int_equal(tanlu_result_writable(path, false, f->context), TANLU_OK);
  assert_int_equal(entries(f->directory), 0); /* asking makes nothing */
  assert_int_equal(write_to(f, path, false), TANLU_OK);
  tanlu_result *result = open_result(f, path);
  tanlu_result_close(&result);
}

/* A full disk, played by a limit on the size of files: the system's reason is told and nothing is left behind. */
static void a_full_disk_leaves_nothing(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 64];
  (void)snprintf(path, sizeof path, "%s/results/out.h5", f->directory);
  struct rlimit before, small;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  small = before;
  small.rlim_cur = 6000;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  const tanlu_status status = write_to(f, path, false);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  (void)signal(SIGXFSZ, handler);
  assert_int_equal(status, TANLU_ERR_IO);
  assert_true(tanlu_test_has_message(f->context, "File too large"));
  assert_int_equal(entries(f->directory), 0);
  assert_int_equal(write_to(f, path, false), TANLU_OK); /* and the library still works */
}

static void files_that_are_no_results(void **state) {
  fixture *f = *state;
  tanlu_result *result = NULL;
  assert_int_equal(tanlu_result_open(&result, f->path, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "no such file"));
  assert_int_equal(tanlu_result_open(&result, f->directory, f->context), TANLU_ERR_INPUT);
  assert_int_equal(tanlu_test_write_file(f->directory, "out.h5", "a,b\n1,2\n"), 0);
  assert_int_equal(tanlu_result_open(&result, f->path, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "is not an HDF5 file"));
  const hid_t file = H5Fcreate(f->other, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  (void)H5Fclose(file);
  assert_int_equal(tanlu_result_open(&result, f->other, f->context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "is not a result file"));
  assert_null(result);
}

/* A file cut off at any length is refused or, where only values are gone, fails when they are read; never a crash. */
static void a_cut_file_is_refused(void **state) {
  fixture *f = *state;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK);
  struct stat found;
  assert_int_equal(stat(f->path, &found), 0);
  for (int part = 9; part >= 1; part--) {
    assert_int_equal(truncate(f->path, found.st_size * part / 10), 0);
    tanlu_result *result = NULL;
    const tanlu_status status = tanlu_result_open(&result, f->path, f->context);
    assert_true(status == TANLU_ERR_IO || status == TANLU_ERR_INPUT);
    assert_null(result);
  }
}

static void equal_files_compare_equal(void **state) {
  fixture *f = *state;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK);
  tanlu_provenance other = provenance;
  other.threads = 1;
  other.command_line = "tanlu run --threads 1 first second";
  assert_int_equal(tanlu_result_write(f->other, false, &f->dataset, f->scenario, 2, &other, f->context), TANLU_OK);
  tanlu_result *a = open_result(f, f->path), *b = open_result(f, f->other);
  char *report = NULL;
  assert_int_equal(tanlu_result_compare(a, b, 0.0, &report, f->context), TANLU_OK);
  assert_string_equal(report, "");
  free(report);
  tanlu_result_close(&a);
  tanlu_result_close(&b);
}

/* One value changed by one unit in the last place is found at its place; a tolerance passes over it. */
static void one_changed_value_is_found(void **state) {
  fixture *f = *state;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK);
  double *value = &f->projection[1]->value[TANLU_FIELD_CO2][1 * SECTORS + 2]; /* second scenario, 2021, sector 003 */
  *value = nextafter(*value, 1e300);
  assert_int_equal(write_to(f, f->other, false), TANLU_OK);
  tanlu_result *a = open_result(f, f->path), *b = open_result(f, f->other);
  char *report = NULL;
  assert_int_equal(tanlu_result_compare(a, b, 0.0, &report, f->context), TANLU_DIFFERENT);
  assert_non_null(strstr(report, "co2: 1 of 24 values differ"));
  assert_non_null(strstr(report, "at second, 2021, 003\n"));
  assert_ptr_equal(strchr(report, '\n'), report + strlen(report) - 1); /* one line */
  free(report);
  assert_int_equal(tanlu_result_compare(a, b, 1e-12, &report, f->context), TANLU_OK);
  assert_string_equal(report, "");
  free(report);
  tanlu_result_close(&b);
  f->projection[0]->worst_residual = 7e-15; /* rounding of another machine counts bitwise only */
  assert_int_equal(write_to(f, f->other, true), TANLU_OK);
  b = open_result(f, f->other);
  assert_int_equal(tanlu_result_compare(a, b, 1e-12, &report, f->context), TANLU_OK);
  free(report);
  assert_int_equal(tanlu_result_compare(a, b, 0.0, &report, f->context), TANLU_DIFFERENT);
  assert_non_null(strstr(report, "residual: 1 of 2"));
  free(report);
  tanlu_result_close(&b);
  *value = (double)NAN; /* a missing value differs at any tolerance */
  assert_int_equal(write_to(f, f->other, true), TANLU_OK);
  b = open_result(f, f->other);
  assert_int_equal(tanlu_result_compare(a, b, 0.5, &report, f->context), TANLU_DIFFERENT);
  assert_non_null(strstr(report, "missing"));
  free(report);
  tanlu_result_close(&a);
  tanlu_result_close(&b);
}

/* Units differ along the indicators: a change of a thousandth in a small one is not hidden by a large one. */
static void each_indicator_has_its_own_magnitude(void **state) {
  fixture *f = *state;
  double *value = f->projection[0]->value[TANLU_FIELD_INDICATOR];
  value[TANLU_INDICATOR_GDP] = 1e9;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK);
  value[TANLU_INDICATOR_COAL] *= 1.001;
  assert_int_equal(write_to(f, f->other, false), TANLU_OK);
  tanlu_result *a = open_result(f, f->path), *b = open_result(f, f->other);
  char *report = NULL;
  assert_int_equal(tanlu_result_compare(a, b, 1e-6, &report, f->context), TANLU_DIFFERENT);
  assert_non_null(strstr(report, "at first, 2020, coal_share\n"));
  free(report);
  tanlu_result_close(&a);
  tanlu_result_close(&b);
}

/* Against a file with one scenario less, in another place: the missing one is named, the common one is compared. */
static void members_are_matched_by_code(void **state) {
  fixture *f = *state;
  assert_int_equal(write_to(f, f->path, false), TANLU_OK);
  assert_int_equal(tanlu_result_write(f->other, false, &f->dataset, &f->scenario[1], 1, &provenance, f->context),
                   TANLU_OK);
  tanlu_result *a = open_result(f, f->path), *b = open_result(f, f->other);
  char *report = NULL;
  assert_int_equal(tanlu_result_compare(a, b, 0.0, &report, f->context), TANLU_DIFFERENT);
  assert_non_null(strstr(report, "scenario: first: only in "));
  assert_non_null(strstr(report, "year: 2022, 2023: only in "));
  assert_null(strstr(report, "values differ"));
  free(report);
  tanlu_result_close(&a);
  tanlu_result_close(&b);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      CASE(values_come_back_bit_by_bit),
      CASE(labels_units_and_scalars_come_back),
      CASE(provenance_is_in_root_attributes),
      CASE(the_file_is_netcdf),
      CASE(every_id_is_closed),
      CASE(an_existing_file_stays_without_force),
      CASE(places_that_cannot_be_written),
      CASE(a_directory_without_permission),
      CASE(the_last_directory_is_made),
      CASE(a_full_disk_leaves_nothing),
      CASE(files_that_are_no_results),
      CASE(a_cut_file_is_refused),
      CASE(equal_files_compare_equal),
      CASE(one_changed_value_is_found),
      CASE(each_indicator_has_its_own_magnitude),
      CASE(members_are_matched_by_code),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
