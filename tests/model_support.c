#include "tests/model_support.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h> /* before cmocka.h, with stdarg.h and stddef.h */

#include <cmocka.h>

#include "inputs/dataset_file.h"
#include "model/region_datasets.h"
#include "solvers/blas.h"

static void read_dataset(tanlu_test_model *m, const char *path) {
  (void)tanlu_blas_serial();
  m->context = tanlu_context_create();
  assert_non_null(m->context);
  if (tanlu_dataset_read(&m->dataset, path, m->context) != TANLU_OK) {
    tanlu_test_print_messages(m->context);
    fail_msg("%s cannot be read", path);
  }
}

static void create_model(tanlu_test_model *m) {
  if (tanlu_model_create(&m->model, m->dataset, m->context) != TANLU_OK) {
    tanlu_test_print_messages(m->context);
    fail_msg("no model of %s", m->dataset->name);
  }
}

void tanlu_test_open(tanlu_test_model *m, const char *name) {
  *m = (tanlu_test_model){0};
  char path[TANLU_TEST_PATH];
  snprintf(path, sizeof path, "inputs/data/%s", name);
  read_dataset(m, path);
  create_model(m);
}

void tanlu_test_open_tiny_dataset(tanlu_test_model *m, const tanlu_test_change *change, size_t changes) {
  *m = (tanlu_test_model){0};
  assert_int_equal(tanlu_test_temp_dir(m->directory), 0);
  assert_int_equal(tanlu_test_write_dataset(m->directory), 0);
  for (size_t i = 0; i < changes; i++) {
    const tanlu_test_change *c = &change[i];
    assert_int_equal(c->before ? tanlu_test_edit(m->directory, c->file, c->before, c->after)
                               : tanlu_test_write_file(m->directory, c->file, c->after),
                     0);
  }
  read_dataset(m, m->directory);
}

void tanlu_test_open_tiny(tanlu_test_model *m, const tanlu_test_change *change, size_t changes) {
  tanlu_test_open_tiny_dataset(m, change, changes);
  create_model(m);
}

void tanlu_test_open_four(tanlu_test_model *m, const tanlu_test_change *more, size_t count) {
  static const tanlu_test_change change[] = {
      {"sectors.csv", "goods,Goods and services,货物和服务,tertiary,goods,manufacturing\n",
       "farm,Farming,农业,primary,farming,manufacturing\n"
       "goods,Goods and services,货物和服务,tertiary,goods,manufacturing\n"},
      {"groups.csv", "industry3,secondary",
       "industry3,primary,Primary industry,第一产业\npolicy_group,farming,Farming,农业\nindustry3,secondary"},
      {"flows.csv", "code,coal,goods,power\ncoal,10,40,50\ngoods,30,300,40\npower,10,110,10\n",
       "code,coal,farm,goods,power\ncoal,10,2,38,50\nfarm,0,12,40,0\ngoods,30,30,218,40\npower,10,6,104,10\n"},
      {"final_demand.csv", "goods,100,250,120,200,10,50,100,0,1000\n",
       "farm,25,45,0,0,3,5,10,0,120\ngoods,75,205,120,200,7,45,90,0,880\n"},
      {"value_added.csv", "name_zh,coal,goods,power", "name_zh,coal,farm,goods,power"},
      {"value_added.csv", "劳动者报酬,30,300,40", "劳动者报酬,30,40,260,40"},
      {"value_added.csv", "生产税净额,10,50,10", "生产税净额,10,5,45,10"},
      {"value_added.csv", "营业盈余,30,200,50", "营业盈余,30,25,175,50"},
      {"carriers.csv", "0,1,,goods\nnatural_gas", "0,1,,\nnatural_gas"},
      {"carriers.csv", "0.5,1,gas,goods", "0.5,1,gas,"},
      {"carriers.csv", "0,1,,goods\nbf_gas", "0,1,,\nbf_gas"},
  };
  enum { OWN = sizeof change / sizeof *change, MOST = 8 };
  tanlu_test_change all[OWN + MOST];
  assert_true(count <= MOST);
  memcpy(all, change, sizeof change);
  for (size_t i = 0; i < count; i++) all[OWN + i] = more[i];
  tanlu_test_open_tiny(m, all, OWN + count);
}

void tanlu_test_reopen(tanlu_test_model *m) {
  tanlu_model_free(&m->model);
  tanlu_dataset_free(&m->dataset);
  tanlu_context_free(&m->context);
  read_dataset(m, m->directory);
  create_model(m);
}

void tanlu_test_close(tanlu_test_model *m) {
  tanlu_model_free(&m->model);
  tanlu_dataset_free(&m->dataset);
  tanlu_context_free(&m->context);
  if (m->directory[0]) tanlu_test_remove_dir(m->directory);
}

tanlu_dataset *tanlu_test_region(const tanlu_test_model *m) {
  tanlu_dataset *region = NULL;
  assert_int_equal(tanlu_dataset_copy(&region, m->dataset, m->context), TANLU_OK);
  tanlu_accounts *a = &region->accounts;
  const size_t k = a->category.count, bytes = a->n * sizeof(double);
  assert_int_equal(tanlu_labels_add(&a->category, TANLU_OTHER_REGIONS, "To other regions", NULL, m->context), TANLU_OK);
  a->role = realloc(a->role, (k + 1) * sizeof *a->role);
  assert_non_null(a->role);
  a->role[k] = TANLU_ROLE_REGIONS;
  double **use[] = {&a->final_use, &a->final_domestic};
  for (int i = 0; i < 2; i++) {
    if (*use[i] == NULL) continue;
    *use[i] = realloc(*use[i], (k + 1) * bytes);
    assert_non_null(*use[i]);
    memset(*use[i] + k * a->n, 0, bytes);
  }
  return region;
}

tanlu_drivers *tanlu_test_drivers(const tanlu_test_model *m, int to, size_t targets) {
  tanlu_drivers *drivers = NULL;
  assert_int_equal(tanlu_drivers_create(&drivers, m->dataset, m->dataset->base_year, to, targets, m->context),
                   TANLU_OK);
  return drivers;
}

void tanlu_test_set(tanlu_drivers *drivers, tanlu_driver_id id, size_t t, size_t a, size_t b, double value) {
  for (size_t year = t; year < drivers->years; year++) {
    drivers->value[id][year * drivers->size[id] + a * drivers->inner[id] + b] = value;
  }
}

void tanlu_test_target(const tanlu_test_model *m, tanlu_drivers *drivers, size_t target, const char *group) {
  assert_int_equal(
      tanlu_dataset_find_group(m->dataset, group, &drivers->target_level[target], &drivers->target_group[target]),
      TANLU_OK);
}

tanlu_projection *tanlu_test_project_status(const tanlu_test_model *m, const tanlu_drivers *drivers,
                                            tanlu_status expected) {
  tanlu_projection *projection = NULL;
  assert_int_equal(tanlu_projection_create(&projection, m->dataset, drivers->from, drivers->years, m->context),
                   TANLU_OK);
  const tanlu_status status = tanlu_project(m->model, drivers, "test", projection, NULL, NULL, m->context);
  if (status != expected) tanlu_test_print_messages(m->context);
  if (status != TANLU_OK) tanlu_projection_free(&projection);
  assert_int_equal(status, expected);
  return projection;
}

tanlu_projection *tanlu_test_project(const tanlu_test_model *m, const tanlu_drivers *drivers) {
  return tanlu_test_project_status(m, drivers, TANLU_OK);
}

const double *tanlu_test_field(const tanlu_projection *projection, tanlu_field_id id, size_t t) {
  return projection->value[id] + t * projection->size[id];
}

double tanlu_test_sum(const tanlu_projection *projection, tanlu_field_id id, size_t t) {
  double sum = 0.0;
  for (size_t i = 0; i < projection->size[id]; i++) sum += tanlu_test_field(projection, id, t)[i];
  return sum;
}

double tanlu_test_indicator(const tanlu_projection *projection, tanlu_indicator_id id, size_t t) {
  return tanlu_test_field(projection, TANLU_FIELD_INDICATOR, t)[id];
}

size_t tanlu_test_find(const tanlu_labels *labels, const char *code) {
  const size_t i = tanlu_labels_find(labels, code);
  if (i == TANLU_NONE) fail_msg("no member '%s'", code);
  return i;
}

void tanlu_test_near(double actual, double expected, double tolerance, double floor, const char *file, int line) {
  const double allowed = tolerance * fmax(fabs(expected), floor);
  if (fabs(actual - expected) <= allowed) return;
  fprintf(stderr, "%s:%d: %.17g is not %.17g, gap %.3g, allowed %.3g\n", file, line, actual, expected,
          actual - expected, allowed);
  _fail(file, line);
}

void tanlu_test_same(const double *actual, const double *expected, size_t count, double tolerance, const char *file,
                     int line) {
  double largest = 0.0;
  for (size_t i = 0; i < count; i++) largest = fmax(largest, fabs(expected[i]));
  for (size_t i = 0; i < count; i++) {
    if (isnan(actual[i]) && isnan(expected[i])) continue;
    if (fabs(actual[i] - expected[i]) <= tolerance * largest) continue;
    fprintf(stderr, "%s:%d: element %zu is %.17g, expected %.17g, allowed gap %.3g\n", file, line, i, actual[i],
            expected[i], tolerance * largest);
    _fail(file, line);
  }
}

void tanlu_test_energy_open(tanlu_test_energy *e, const tanlu_test_model *m, const tanlu_drivers *drivers) {
  *e = (tanlu_test_energy){0};
  const tanlu_model *model = m->model;
  assert_int_equal(tanlu_levers_create(&e->levers, drivers, 1, m->context), TANLU_OK);
  assert_int_equal(tanlu_energy_rows_create(&e->rows, model->system, model->technology, model->measures, 1, m->context),
                   TANLU_OK);
  assert_int_equal(tanlu_energy_year_create(&e->year, model->system, 1, m->context), TANLU_OK);
}

void tanlu_test_energy_account(tanlu_test_energy *e, const tanlu_test_model *m, const tanlu_drivers *drivers, size_t t,
                               const double *output) {
  tanlu_lane_report report = {.width = 1, .context = m->context};
  tanlu_levers_gather(e->levers, &drivers, t);
  tanlu_energy_rows_year(e->rows, e->levers, &report);
  tanlu_energy_rows_step(e->rows, e->levers, output, &report);
  tanlu_energy_year_account(e->rows, e->levers, e->year, &report);
  if (report.failed[0]) tanlu_test_print_messages(m->context);
  assert_false(report.failed[0]);
}

void tanlu_test_energy_close(tanlu_test_energy *e) {
  tanlu_levers_free(&e->levers);
  tanlu_energy_rows_free(&e->rows);
  tanlu_energy_year_free(&e->year);
}

double tanlu_test_coefficient(const tanlu_technology *technology, size_t k, size_t j, double use, double output) {
  const double per_output = use / output;
  double coefficient = 0.0;
  tanlu_technology_coefficient(technology, 1, k, j, &per_output, &coefficient);
  return coefficient;
}

tanlu_status tanlu_test_levers(tanlu_levers **levers, const tanlu_drivers *drivers, size_t t, tanlu_context *context) {
  const tanlu_status status = tanlu_levers_create(levers, drivers, 1, context);
  if (status == TANLU_OK) tanlu_levers_gather(*levers, &drivers, t);
  return status;
}

tanlu_status tanlu_test_per_activity(const tanlu_energy *energy, const tanlu_drivers *drivers, size_t t,
                                     double *energetic, double *feedstock, double *useful, tanlu_context *context) {
  const tanlu_carriers *carrier = &energy->dataset->energy.carrier;
  const size_t carriers = energy->carriers;
  tanlu_levers *levers = NULL;
  tanlu_energy_mix *mix = NULL;
  tanlu_lane_report report = {.width = 1, .context = context};
  tanlu_status status = tanlu_test_levers(&levers, drivers, t, context);
  if (status == TANLU_OK) status = tanlu_energy_mix_create(&mix, energy, 1, context);
  if (status == TANLU_OK) {
    tanlu_energy_mix_year(energy, levers, mix, &report);
    if (report.failed[0]) status = TANLU_ERR_MODEL;
  }
  for (size_t user = 0; status == TANLU_OK && user < energy->users; user++) {
    const double *final = mix->final + user * TANLU_CLASS_COUNT;
    const bool sector = user < energy->n;
    const double index = sector ? *tanlu_lever(levers, TANLU_DRIVER_FEEDSTOCK, energy->mix_group[user], 0) : 1.0;
    for (size_t c = 0; c < carriers; c++) {
      energetic[user * carriers + c] = final[carrier->cls[c]] * energy->within_class[user * carriers + c];
      feedstock[user * carriers + c] = energy->non_energy[user * carriers + c] * index;
    }
    if (useful != NULL)
      memcpy(useful + user * TANLU_CLASS_COUNT, mix->useful + user * TANLU_CLASS_COUNT,
             TANLU_CLASS_COUNT * sizeof *useful);
  }
  tanlu_energy_mix_free(&mix);
  tanlu_levers_free(&levers);
  return status;
}

int tanlu_test_tiny_set_up(void **state) {
  static tanlu_test_model m;
  tanlu_test_open_tiny(&m, NULL, 0);
  *state = &m;
  return 0;
}

int tanlu_test_model_tear_down(void **state) {
  tanlu_test_close(*state);
  return 0;
}
