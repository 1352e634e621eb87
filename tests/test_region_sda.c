/* Structural decomposition between regions.
 *
 * Oracle 1, by hand: two regions, one product. b needs half a unit of a's output for one of its own, a needs nothing:
 *
 *              a_1   b_1 | a's households  b's | output    CO2
 *     a_1       0    10  |       10          0 |   20       40     2 per output
 *     b_1       0     0  |        0         20 |   20       20     1
 *
 *     a:  demand 10, output behind it 10, all its own                     10 x 1   x (1 x 2)            = 20
 *     b:  demand 20, output 30: 20 its own, 10 of a                       20 x 1.5 x (2/3 x 1 + 1/3 x 2) = 40
 *
 * One person each. Others' intensity is 2 in both (a has no other producers: taken as b's). With V = 10, 20; N = 1, 1.5; own
 * intensity O and sourcing S mixed to H(0, 0) = 2, H(S, 0) = 2, H(0, O) = 1, H(S, O) = 4/3, the Shapley values of four factors (weights 1/4,
 * 1/12, 1/12, 1/4 for 0 to 3 others before, each of 1, 3, 3, 1 sets) are
 *
 *     V:  10 (1/4 2 + 1/12 (3 + 2 + 1) + 1/12 (3 + 3/2 + 4/3) + 1/4 2)                                = 715/36
 *     N:  1/2 (1/4 20 + 1/12 (40 + 20 + 10) + 1/12 (40 + 20 + 40/3) + 1/4 80/3)                       = 425/36
 *     S:  1/3 (1/12 10 + 1/12 (20 + 15) + 1/4 30)                                                     = 15/4
 *     O:  -(1/4 10 + 1/12 (20 + 15 + 20/3) + 1/12 (30 + 40/3 + 10) + 1/4 20)                          = -185/12
 *
 * with sum 20. Oracle 2: consumption of model/embodied.h. Oracle 3: sums, the difference backwards, a region against itself, and two
 * that are mirror images. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/accounts_file.h"
#include "model/embodied.h"
#include "model/region_sda.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

static int write_table(const char *directory, const char *name, const char *sectors, const char *flows,
                       const char *demand, const char *added, const char *co2) {
  const struct {
    const char *file, *text;
  } files[] = {{"dataset.yaml", "name: two\ntitle: Two\naccounts_only: true\nbase_year: 2020\nimport_treatment: none\n"
                                "balance_tolerance: 1e-9\nunits: {money: 1e6 EUR}\nlevels: [region]\nsources: test\n"},
               {"groups.csv", "level,code,name,name_zh\nregion,a,Aland,\nregion,b,Bland,\n"},
               {"sectors.csv", sectors},
               {"categories.csv", "code,name,name_zh,role\na_households,H,,urban\nb_households,H,,urban\n"
                                  "exports,X,,exports\n"},
               {"flows.csv", flows},
               {"final_demand.csv", demand},
               {"value_added.csv", added},
               {"extensions.csv", co2},
               {"extension_units.csv", "code,name,name_zh,unit\nco2,CO2,,Mt\n"},
               {"regions.csv", "region,population\na,1000000\nb,1000000\n"},
               {"SOURCES.md", "test\n"}};
  for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", name, files[k].file);
    if (tanlu_test_write_file(directory, path, files[k].text) != 0) return 1;
  }
  return 0;
}

static int write_two(const char *directory) {
  return write_table(directory, "two", "code,name,name_zh,region\na_1,Aland: Things,,a\nb_1,Bland: Things,,b\n",
                     "code,a_1,b_1\na_1,0,10\nb_1,0,0\n",
                     "code,a_households,b_households,exports,imports,gross_output\na_1,10,0,0,0,20\nb_1,0,20,0,0,20\n",
                     "code,name,name_zh,a_1,b_1\nadded,V,,20,10\n", "sector,co2\na_1,40\nb_1,20\n");
}

/* a and b alike, each the mirror of the other; of product 2 only a third is made at home. */
static int write_mirror(const char *directory) {
  return write_table(directory, "mirror", "code,name,name_zh,region\na_1,X,,a\na_2,Y,,a\nb_1,X,,b\nb_2,Y,,b\n",
                     "code,a_1,a_2,b_1,b_2\na_1,5,10,0,4\na_2,3,0,1,0\nb_1,0,4,5,10\nb_2,1,0,3,0\n",
                     "code,a_households,b_households,exports,imports,gross_output\na_1,60,11,10,0,100\n"
                     "a_2,12,24,0,0,40\nb_1,11,60,10,0,100\nb_2,24,12,0,0,40\n",
                     "code,name,name_zh,a_1,a_2,b_1,b_2\nadded,V,,91,26,91,26\n",
                     "sector,co2\na_1,30\na_2,80\nb_1,30\nb_2,80\n");
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  const char *directory = ((fixture *)*state)->directory;
  return write_two(directory) != 0 || write_mirror(directory) != 0;
}

static void near(double found, double expected, double tolerance) {
  if (!(fabs(found - expected) <= tolerance * fmax(1.0, fabs(expected))))
    fail_msg("%.17g instead of %.17g", found, expected);
}

/* A dataset with its decomposition, of level 0 and the first extension. */
typedef struct {
  tanlu_context *context;
  tanlu_dataset *dataset;
  tanlu_region_sda *sda;
} opened;

static opened open_table(const fixture *f, const char *name, const double *population) {
  opened o = {.context = tanlu_context_create()};
  char path[2 * TANLU_TEST_PATH];
  snprintf(path, sizeof path, "%s/%s", f->directory, name);
  tanlu_status status = tanlu_accounts_read(&o.dataset, path, o.context);
  if (status == TANLU_OK) {
    status = tanlu_region_sda_create(&o.sda, o.dataset, 0, o.dataset->extension.value, population, o.context);
  }
  if (status != TANLU_OK) tanlu_test_print_messages(o.context);
  assert_int_equal(status, TANLU_OK);
  return o;
}

static void close_table(opened *o) {
  tanlu_region_sda_free(&o->sda);
  tanlu_dataset_free(&o->dataset);
  tanlu_context_free(&o->context);
}

static tanlu_region_consumption *consumption(const opened *o, size_t region, bool per_head) {
  tanlu_region_consumption *c = NULL;
  assert_int_equal(tanlu_region_consumption_create(&c, o->sda, region, per_head, o->context), TANLU_OK);
  return c;
}

static void two_regions_by_hand(void **state) {
  static const double people[] = {1, 1};
  opened o = open_table(*state, "two", people);
  tanlu_region_consumption *a = consumption(&o, 0, false), *b = consumption(&o, 1, false);
  double effect[TANLU_REGION_SDA_FACTORS];
  assert_string_equal(tanlu_region_sda_products(o.sda)->name[0], "Things");
  near(a->total, 20, 1e-14);
  near(b->total, 40, 1e-14);
  near(b->own[0], 20, 1e-14);
  near(b->others_due[0], 20, 1e-14);
  assert_int_equal(tanlu_region_sda_between(o.sda, a, b, effect, o.context), TANLU_OK);
  const double expected[] = {0, 715.0 / 36, 0, 425.0 / 36, 15.0 / 4, -185.0 / 12, 0};
  for (size_t k = 0; k < TANLU_REGION_SDA_FACTORS; k++) near(effect[k], expected[k], 1e-13);
  tanlu_region_consumption_free(&a);
  tanlu_region_consumption_free(&b);
  close_table(&o);
}

static void mirror_images_do_not_differ(void **state) {
  static const double people[] = {3, 3};
  opened o = open_table(*state, "mirror", people);
  tanlu_region_consumption *a = consumption(&o, 0, false), *b = consumption(&o, 1, false),
                           *mean = consumption(&o, TANLU_NONE, true), *head = consumption(&o, 0, true);
  double effect[TANLU_REGION_SDA_FACTORS * 2];
  assert_int_equal(tanlu_region_sda_between(o.sda, a, b, effect, o.context), TANLU_OK);
  for (size_t k = 0; k < sizeof effect / sizeof *effect; k++) near(effect[k], 0, 1e-13);
  /* nor from their mean, per head */
  near(mean->total, a->total / 3, 1e-14);
  assert_int_equal(tanlu_region_sda_between(o.sda, head, mean, effect, o.context), TANLU_OK);
  for (size_t k = 0; k < sizeof effect / sizeof *effect; k++) near(effect[k], 0, 1e-13);
  tanlu_region_consumption_free(&a);
  tanlu_region_consumption_free(&b);
  tanlu_region_consumption_free(&mean);
  tanlu_region_consumption_free(&head);
  close_table(&o);
}

/* Provinces in groups, with all that a table has: sums and the consumption of the other module. */
static void regions_of_china(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "regionalise", "--level", "grid", "-o", "grids", "china-2020-42");
  expect_status(&f->run, 0);
  double people[32];
  for (size_t q = 0; q < 32; q++) people[q] = 1.0 + (double)q;
  opened o = open_table(f, "grids", people);
  tanlu_embodied *e = NULL;
  assert_int_equal(tanlu_embodied_create(&e, o.dataset, 0, o.dataset->extension.value, NULL, o.context), TANLU_OK);
  const size_t groups = e->groups, products = tanlu_region_sda_products(o.sda)->count,
               cells = TANLU_REGION_SDA_FACTORS * products;
  assert_int_equal(products, 42);
  double *effect = calloc(cells, sizeof *effect), *back = calloc(cells, sizeof *back), all = 0.0;
  tanlu_region_consumption *mean = consumption(&o, TANLU_NONE, true);
  for (size_t q = 0; q < groups; q++) {
    tanlu_region_consumption *c = consumption(&o, q, false), *head = consumption(&o, q, true);
    double sum = 0.0;
    near(c->total, e->consumption[q], 1e-11);
    assert_int_equal(tanlu_region_sda_between(o.sda, mean, head, effect, o.context), TANLU_OK);
    assert_int_equal(tanlu_region_sda_between(o.sda, head, mean, back, o.context), TANLU_OK);
    for (size_t k = 0; k < cells; k++) {
      sum += effect[k];
      near(back[k], -effect[k], 1e-12 * mean->total);
    }
    near(sum, c->total / people[q] - mean->total, 1e-12);
    for (size_t i = 0; i < products; i++) near(effect[i], 0, 0); /* per head: no people */
    all += c->total;
    tanlu_region_consumption_free(&c);
    tanlu_region_consumption_free(&head);
  }
  double persons = 0.0;
  for (size_t q = 0; q < groups; q++) persons += people[q];
  near(mean->total * persons, all, 1e-12);
  tanlu_region_consumption_free(&mean);
  free(effect);
  free(back);
  tanlu_embodied_free(&e);
  close_table(&o);
}

static void wrong_input(void **state) {
  fixture *f = *state;
  opened o = open_table(f, "two", NULL);
  tanlu_region_consumption *c = NULL;
  assert_int_equal(tanlu_region_consumption_create(&c, o.sda, 0, true, o.context), TANLU_ERR_INPUT);
  assert_null(c);
  close_table(&o);
  /* sectors that no region's code begins */
  assert_int_equal(write_table(f->directory, "odd", "code,name,name_zh,region\nx1,X,,a\nb_1,X,,b\n",
                               "code,x1,b_1\nx1,0,10\nb_1,0,0\n",
                               "code,a_households,b_households,exports,imports,gross_output\nx1,10,0,0,0,20\n"
                               "b_1,0,20,0,0,20\n",
                               "code,name,name_zh,x1,b_1\nadded,V,,20,10\n", "sector,co2\nx1,40\nb_1,20\n"),
                   0);
  tanlu_context *context = tanlu_context_create();
  tanlu_dataset *d = NULL;
  tanlu_region_sda *sda = NULL;
  char path[2 * TANLU_TEST_PATH];
  snprintf(path, sizeof path, "%s/odd", f->directory);
  assert_int_equal(tanlu_accounts_read(&d, path, context), TANLU_OK);
  assert_int_equal(tanlu_region_sda_create(&sda, d, 0, d->extension.value, NULL, context), TANLU_ERR_INPUT);
  assert_non_null(strstr(tanlu_context_message(context, 0), "sector 'x1' of two begins with no code of a region"));
  tanlu_dataset_free(&d);
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_regions_by_hand),
      cmocka_unit_test(mirror_images_do_not_differ),
      cmocka_unit_test(regions_of_china),
      cmocka_unit_test(wrong_input),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
