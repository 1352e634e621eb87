/* Statistics changed in a copy of a dataset.
 *
 * Oracles: the accounts of the tiny dataset by hand; the same dataset with its files edited; identities taken here again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/identities.h"
#include "model/perturb.h"
#include "tests/model_support.h"

typedef struct {
  tanlu_test_model m;
  tanlu_dataset *own; /* a copy to change */
  tanlu_model *model; /* of it */
} fixture;

static void open_fixture(fixture *f, const char *name) {
  if (name != NULL) {
    tanlu_test_open(&f->m, name);
  } else {
    tanlu_test_open_tiny(&f->m, NULL, 0);
  }
  assert_int_equal(tanlu_dataset_copy(&f->own, f->m.dataset, f->m.context), TANLU_OK);
}

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL) return 1;
  *state = f;
  open_fixture(f, NULL);
  return 0;
}

static int set_up_split(void **state) {
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL) return 1;
  *state = f;
  open_fixture(f, "china-2020-42");
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_model_free(&f->model);
  tanlu_dataset_free(&f->own);
  tanlu_test_close(&f->m);
  free(f);
  return 0;
}

static void finish(fixture *f) {
  assert_int_equal(tanlu_perturb_finish(f->own, f->m.context), TANLU_OK);
  tanlu_model_free(&f->model);
  assert_int_equal(tanlu_model_create(&f->model, f->own, f->m.context), TANLU_OK);
}

/* The base year held for some years, with growth. */
static tanlu_projection *project(const fixture *f, const tanlu_dataset *dataset, const tanlu_model *model) {
  const tanlu_test_model other = {.context = f->m.context, .dataset = (tanlu_dataset *)dataset};
  tanlu_drivers *d = tanlu_test_drivers(&other, 2024, 0);
  tanlu_projection *p = NULL;
  tanlu_test_set(d, TANLU_DRIVER_GDP_GROWTH, 1, 0, 0, 3.0);
  assert_int_equal(tanlu_projection_create(&p, dataset, 2020, d->years, f->m.context), TANLU_OK);
  assert_int_equal(tanlu_project(model, d, "x", p, NULL, NULL, f->m.context), TANLU_OK);
  tanlu_drivers_free(&d);
  return p;
}

static void assert_same_bits(const tanlu_projection *a, const tanlu_projection *b) {
  for (size_t i = 0; i < TANLU_FIELD_COUNT; i++) {
    assert_int_equal(a->size[i], b->size[i]);
    if (memcmp(a->value[i], b->value[i], a->years * a->size[i] * sizeof(double)) != 0) {
      fail_msg("%s differs", tanlu_field_table[i].name);
    }
  }
}

static double total(const tanlu_dataset *d, size_t c) {
  return tanlu_balance_of_carrier(&d->energy, c).final;
}

static size_t carrier(const fixture *f, const char *code) {
  return tanlu_test_find(&f->m.dataset->energy.carrier.label, code);
}

static size_t branch(const fixture *f, const char *code) {
  return tanlu_test_find(&f->m.dataset->energy.branch, code);
}

/* Marks of one cell; the caller frees. */
static bool *cell(const fixture *f, size_t b, size_t c) {
  const size_t carriers = f->own->energy.carrier.label.count;
  bool *marked = calloc(f->own->energy.branch.count * carriers, sizeof *marked);
  assert_non_null(marked);
  marked[b * carriers + c] = true;
  return marked;
}

/* ---- copies ------------------------------------------------------------------------------------------------------------- */

/* The copy stands without the original: that is freed before the copy is used. */
static void a_copy_is_whole(void **state) {
  fixture *f = *state;
  tanlu_projection *before = project(f, f->m.dataset, f->m.model);
  const double flow = f->m.dataset->accounts.flows[1];
  f->own->accounts.flows[1] += 1.0;
  assert_true(f->m.dataset->accounts.flows[1] == flow);
  f->own->accounts.flows[1] = flow;
  tanlu_model_free(&f->m.model);
  tanlu_dataset_free(&f->m.dataset);
  assert_int_equal(tanlu_model_create(&f->model, f->own, f->m.context), TANLU_OK);
  tanlu_projection *after = project(f, f->own, f->model);
  assert_same_bits(before, after);
  assert_string_equal(f->own->name, "tiny-2020");
  assert_string_equal(f->own->energy.carrier.label.name_zh[0], "原煤");
  assert_true(f->own->files > 0 && strlen(f->own->sha256[f->own->files - 1]) == 64);
  tanlu_projection_free(&before);
  tanlu_projection_free(&after);
}

/* ---- emission factors ----------------------------------------------------------------------------------------------------- */

/* Raw coal of tiny, TJ x tC/TJ x oxidation: 220 in mining and manufacturing at 26 x 0.94, 40 in households at 26 x 0.80, 900 for
 * power and 130 for heat at 26 x 0.98. A tenth of its CO2 is what a factor of 1.1 adds; no other carrier, no energy changes. */
static void a_factor_adds_what_the_accounts_say(void **state) {
  fixture *f = *state;
  bool *marked = calloc(f->own->energy.carrier.label.count, sizeof *marked);
  assert_non_null(marked);
  marked[carrier(f, "raw_coal")] = true;
  assert_int_equal(tanlu_perturb_emission_factors(f->own, marked, 1.1, f->m.context), TANLU_OK);
  finish(f);
  const double carbon = 220.0 * 26.0 * 0.94 + 40.0 * 26.0 * 0.80 + 1030.0 * 26.0 * 0.98;
  const double before = tanlu_model_facts_of(f->m.model).co2_combustion;
  assert_near(tanlu_model_facts_of(f->model).co2_combustion - before, 0.1 * carbon * 44.0 / 12.0, 1e-11);
  tanlu_projection *a = project(f, f->m.dataset, f->m.model), *b = project(f, f->own, f->model);
  for (size_t t = 0; t < a->years; t++) {
    assert_true(tanlu_test_sum(b, TANLU_FIELD_CO2_COMBUSTION, t) > tanlu_test_sum(a, TANLU_FIELD_CO2_COMBUSTION, t));
    assert_memory_equal(tanlu_test_field(a, TANLU_FIELD_FINAL_ENERGY, t),
                        tanlu_test_field(b, TANLU_FIELD_FINAL_ENERGY, t),
                        a->size[TANLU_FIELD_FINAL_ENERGY] * sizeof(double));
  }
  tanlu_projection_free(&a);
  tanlu_projection_free(&b);
  assert_int_equal(tanlu_perturb_emission_factors(f->own, marked, -0.1, f->m.context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->m.context, "-0.1 as a factor on emission factors; expected 0 or more"));
  free(marked);
}

/* The other way to the same dataset: its file edited. */
static void a_factor_is_an_edit_of_the_file(void **state) {
  fixture *f = *state;
  const tanlu_test_change change = {"emission_factors.csv", "all,coke,29,97", "all,coke,43.5,97"};
  tanlu_test_model edited;
  tanlu_test_open_tiny(&edited, &change, 1);
  bool *marked = calloc(f->own->energy.carrier.label.count, sizeof *marked);
  assert_non_null(marked);
  marked[carrier(f, "coke")] = true;
  assert_int_equal(tanlu_perturb_emission_factors(f->own, marked, 1.5, f->m.context), TANLU_OK);
  finish(f);
  tanlu_projection *a = project(f, f->own, f->model), *b = project(f, edited.dataset, edited.model);
  for (size_t i = 0; i < TANLU_FIELD_COUNT; i++) assert_same(a->value[i], b->value[i], a->years * a->size[i], 1e-12);
  tanlu_projection_free(&a);
  tanlu_projection_free(&b);
  tanlu_test_close(&edited);
  free(marked);
}

/* ---- use by branch ---------------------------------------------------------------------------------------------------------- */

/* Manufacturing takes 220 of 260 TJ raw coal instead of 200: the others keep 40 / 60 of theirs. */
static void totals_can_be_kept(void **state) {
  fixture *f = *state;
  const size_t coal = carrier(f, "raw_coal"), carriers = f->own->energy.carrier.label.count;
  bool *marked = cell(f, branch(f, "manufacturing"), coal);
  assert_int_equal(tanlu_perturb_branch_energy(f->own, marked, 1.1, true, f->m.context), TANLU_OK);
  assert_near(f->own->energy.final[branch(f, "manufacturing") * carriers + coal], 220.0, 1e-14);
  assert_near(f->own->energy.final[branch(f, "mining") * carriers + coal], 20.0 * 40.0 / 60.0, 1e-14);
  assert_near(f->own->energy.final[branch(f, "rural") * carriers + coal], 30.0 * 40.0 / 60.0, 1e-14);
  for (size_t c = 0; c < carriers; c++) {
    assert_near(total(f->own, c), total(f->m.dataset, c), 1e-14);
    assert_true(f->own->energy.statistical_difference[c] == f->m.dataset->energy.statistical_difference[c]);
  }
  finish(f);
  /* 60 TJ are there to take, 200 x 0.4 are not */
  assert_int_equal(tanlu_perturb_branch_energy(f->own, marked, 1.4, true, f->m.context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->m.context, "the total of 'raw_coal' cannot be kept"));
  free(marked);
}

/* 20 TJ more raw coal: supply stays, the statistical difference goes from 4 to -16. */
static void the_statistical_difference_takes_the_rest(void **state) {
  fixture *f = *state;
  const size_t coal = carrier(f, "raw_coal");
  bool *marked = cell(f, branch(f, "manufacturing"), coal);
  assert_int_equal(tanlu_perturb_branch_energy(f->own, marked, 1.1, false, f->m.context), TANLU_OK);
  const tanlu_carrier_balance b = tanlu_balance_of_carrier(&f->own->energy, coal);
  assert_near(b.final, 280.0, 1e-14);
  assert_near(b.difference, -16.0, 1e-13);
  assert_near(b.available, 1434.0, 1e-14);
  assert_near_of(b.gap, 0.0, 1e-10, 1.0);
  finish(f);
  free(marked);
}

/* 25 TJ more electricity: 400 TJ generated less 20 lost supply 380, so all plants run by k = 1 + 25 / 380. Trade stays. */
static void generation_follows_electricity(void **state) {
  fixture *f = *state;
  const tanlu_energy_statistics *e = &f->own->energy, *was = &f->m.dataset->energy;
  const size_t power = carrier(f, "electricity"), coal = carrier(f, "raw_coal"), carriers = e->carrier.label.count;
  const double k = 1.0 + 25.0 / 380.0;
  bool *marked = cell(f, branch(f, "manufacturing"), power);
  assert_int_equal(tanlu_perturb_branch_energy(f->own, marked, 1.1, false, f->m.context), TANLU_OK);
  const size_t thermal = tanlu_test_find(&e->process, "thermal_power");
  assert_near(e->conversion[thermal * carriers + power], 340.0 * k, 1e-14);
  assert_near(e->conversion[thermal * carriers + coal], -900.0 * k, 1e-14);
  assert_near(e->primary_hydro, 30.0 * k, 1e-14);
  assert_near(e->primary_solar, 5.0 * k, 1e-14);
  assert_near(e->losses[power], 20.0 * k, 1e-14);
  const tanlu_carrier_balance b = tanlu_balance_of_carrier(e, power);
  assert_near(b.final, 390.0, 1e-14);
  assert_near(b.available, 60.0 * k - 10.0, 1e-14);
  assert_true(b.difference == was->statistical_difference[power]);
  assert_near_of(b.gap, 0.0, 1e-10, 1.0);
  assert_near(tanlu_balance_of_carrier(e, coal).difference, 4.0 - 900.0 * (k - 1.0), 1e-12);
  finish(f);
  free(marked);
}

/* With the real balance, whose electricity has no statistical difference, the base year of a projection is that of the changed
 * statistics: changes on 2020 are 0 there, and the extra use has the mix of all generation. */
static void the_base_year_follows(void **state) {
  fixture *f = *state;
  const size_t power = carrier(f, "electricity");
  bool *marked = cell(f, branch(f, "metals"), power);
  assert_int_equal(tanlu_perturb_branch_energy(f->own, marked, 1.1, false, f->m.context), TANLU_OK);
  finish(f);
  tanlu_projection *a = project(f, f->m.dataset, f->m.model), *b = project(f, f->own, f->model);
  assert_near_of(tanlu_test_indicator(b, TANLU_INDICATOR_ENERGY_PER_GDP_2020, 0), 0.0, 1e-9, 1.0);
  const double k = tanlu_test_sum(b, TANLU_FIELD_GENERATION, 0) / tanlu_test_sum(a, TANLU_FIELD_GENERATION, 0);
  assert_true(k > 1.01 && k < 1.04);
  const double *before = tanlu_test_field(a, TANLU_FIELD_GENERATION, 0),
               *after = tanlu_test_field(b, TANLU_FIELD_GENERATION, 0);
  for (size_t i = 0; i < a->size[TANLU_FIELD_GENERATION]; i++) assert_near_of(after[i], k * before[i], 1e-9, 1.0);
  assert_same(tanlu_test_field(b, TANLU_FIELD_CAPACITY, 0), tanlu_test_field(a, TANLU_FIELD_CAPACITY, 0),
              a->size[TANLU_FIELD_CAPACITY], 1e-9);
  tanlu_projection_free(&a);
  tanlu_projection_free(&b);
  free(marked);
}

/* Coke of tiny is used by manufacturing alone; non-energy use of natural gas (10 TJ) needs as much final use. */
static void impossible_changes_are_refused(void **state) {
  fixture *f = *state;
  const size_t carriers = f->own->energy.carrier.label.count;
  bool *marked = cell(f, branch(f, "manufacturing"), carrier(f, "coke"));
  assert_int_equal(tanlu_perturb_branch_energy(f->own, marked, 0.9, true, f->m.context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->m.context, "the total of 'coke' cannot be kept"));
  assert_int_equal(tanlu_perturb_branch_energy(f->own, marked, (double)NAN, false, f->m.context), TANLU_ERR_INPUT);
  for (size_t b = 0; b < f->own->energy.branch.count; b++) marked[b * carriers + carrier(f, "natural_gas")] = true;
  assert_int_equal(tanlu_perturb_branch_energy(f->own, marked, 0.1, false, f->m.context), TANLU_OK);
  assert_int_equal(tanlu_perturb_finish(f->own, f->m.context), TANLU_ERR_INPUT);
  assert_true(
      tanlu_test_has_message(f->m.context, "non-energy use of 'natural_gas' (10 TJ) is above its final use (9 TJ)"));
  f->own->accounts.flows[0] += 1.0;
  assert_int_equal(tanlu_perturb_finish(f->own, f->m.context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->m.context, "row 'coal' does not add up: 121, expected 120"));
  free(marked);
}

/* ---- coefficients ----------------------------------------------------------------------------------------------------------- */

/* Sums of rows and columns are those of the base, zeros stay and other cells differ. */
static void check_margins(const double *now, const double *was, size_t n) {
  size_t moved = 0;
  for (size_t i = 0; i < n; i++) {
    double row = 0.0, column = 0.0, row_was = 0.0, column_was = 0.0;
    for (size_t j = 0; j < n; j++) {
      row += now[j * n + i];
      row_was += was[j * n + i];
      column += now[i * n + j];
      column_was += was[i * n + j];
      assert_true((now[j * n + i] > 0.0) == (was[j * n + i] > 0.0) && now[j * n + i] >= 0.0);
      moved += now[j * n + i] != was[j * n + i];
    }
    assert_near(row, row_was, 3e-12);
    assert_near(column, column_was, 3e-12);
  }
  assert_true(moved > n);
}

static void coefficients_keep_their_margins(void **state) {
  fixture *f = *state;
  const size_t n = f->own->accounts.n;
  assert_int_equal(tanlu_perturb_coefficients(f->own, 0.2, 1, 5, f->m.context), TANLU_OK);
  check_margins(f->own->accounts.flows, f->m.dataset->accounts.flows, n);
  finish(f);
  const double *a = f->m.model->technology->a, *b = f->model->technology->a;
  assert_true(memcmp(a, b, n * n * sizeof *a) != 0);
  assert_near(tanlu_model_facts_of(f->model).gdp, tanlu_model_facts_of(f->m.model).gdp, 1e-14);
}

/* A split table keeps the rows of domestic and of imported flows, columns of both together, and no part exceeds its flow. Of
 * 42 x 42 cells the logarithms of the changes spread about as the deviation says: RAS takes some of it back, at most what
 * 2 x 42 sums can of 1,700 cells. */
static void split_tables_keep_theirs(void **state) {
  fixture *f = *state;
  const tanlu_accounts *a = &f->own->accounts, *was = &f->m.dataset->accounts;
  const size_t n = a->n;
  assert_int_equal(tanlu_perturb_coefficients(f->own, 0.1, 1, 5, f->m.context), TANLU_OK);
  check_margins(a->flows, was->flows, n);
  double squares = 0.0, cells = 0.0;
  for (size_t i = 0; i < n; i++) {
    double row = 0.0, row_was = 0.0;
    for (size_t j = 0; j < n; j++) {
      const size_t k = j * n + i;
      row += a->flows_domestic[k];
      row_was += was->flows_domestic[k];
      assert_true(a->flows_domestic[k] >= 0.0);
      assert_true(a->flows_domestic[k] <= a->flows[k] + fmax(0.0, was->flows_domestic[k] - was->flows[k]));
      if (was->flows[k] <= 0.0) continue;
      squares += pow(log(a->flows[k] / was->flows[k]), 2.0);
      cells += 1.0;
    }
    assert_near(row, row_was, 3e-12);
  }
  assert_true(cells > 1000.0);
  const double spread = sqrt(squares / cells);
  assert_true(spread > 0.085 && spread < 0.115);
  finish(f);
}

static void noise_is_a_function_of_seed_and_draw(void **state) {
  fixture *f = *state;
  const size_t bytes = f->own->accounts.n * f->own->accounts.n * sizeof(double);
  tanlu_dataset *again = NULL;
  assert_int_equal(tanlu_perturb_coefficients(f->own, 0.1, 7, 3, f->m.context), TANLU_OK);
  const uint64_t other[][2] = {{7, 3}, {7, 4}, {8, 3}};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(tanlu_dataset_copy(&again, f->m.dataset, f->m.context), TANLU_OK);
    assert_int_equal(tanlu_perturb_coefficients(again, 0.1, other[i][0], other[i][1], f->m.context), TANLU_OK);
    assert_int_equal(memcmp(again->accounts.flows, f->own->accounts.flows, bytes) == 0, i == 0);
    tanlu_dataset_free(&again);
  }
  assert_int_equal(tanlu_perturb_coefficients(f->own, -0.1, 7, 3, f->m.context), TANLU_ERR_INPUT);
}

/* Nothing is changed by a deviation of 0 and factors of 1: all fields have the bits of the base. */
static void no_deviation_is_the_base(void **state) {
  fixture *f = *state;
  const size_t cells = f->own->energy.branch.count * f->own->energy.carrier.label.count;
  bool *marked = calloc(cells, sizeof *marked);
  assert_non_null(marked);
  marked[0] = true;
  assert_int_equal(tanlu_perturb_coefficients(f->own, 0.0, 7, 3, f->m.context), TANLU_OK);
  assert_int_equal(tanlu_perturb_branch_energy(f->own, marked, 1.0, true, f->m.context), TANLU_OK);
  assert_int_equal(tanlu_perturb_emission_factors(f->own, marked, 1.0, f->m.context), TANLU_OK);
  finish(f);
  tanlu_projection *a = project(f, f->m.dataset, f->m.model), *b = project(f, f->own, f->model);
  assert_same_bits(a, b);
  tanlu_projection_free(&a);
  tanlu_projection_free(&b);
  free(marked);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_copy_is_whole, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_factor_adds_what_the_accounts_say, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_factor_is_an_edit_of_the_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(totals_can_be_kept, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_statistical_difference_takes_the_rest, set_up, tear_down),
      cmocka_unit_test_setup_teardown(generation_follows_electricity, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_base_year_follows, set_up_split, tear_down),
      cmocka_unit_test_setup_teardown(impossible_changes_are_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(coefficients_keep_their_margins, set_up, tear_down),
      cmocka_unit_test_setup_teardown(split_tables_keep_theirs, set_up_split, tear_down),
      cmocka_unit_test_setup_teardown(noise_is_a_function_of_seed_and_draw, set_up, tear_down),
      cmocka_unit_test_setup_teardown(no_deviation_is_the_base, set_up, tear_down),
      cmocka_unit_test_setup_teardown(no_deviation_is_the_base, set_up_split, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
