/* Sensitivity indices of sweeps: while they run, and in their files.
 *
 * Oracle: what `tanlu sensitivity` prints (whose own oracles are in test_estimators.c and test_sweep_store.c); `tanlu compare` for
 * all that must not change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "outputs/result_file.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

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

static void write_design(const fixture *f, const char *design, const char *samples) {
  char text[768];
  snprintf(text, sizeof text,
           "name: v\nscenario: probe\nparameters:\n"
           "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.9, 1.1]}, label: growth}\n"
           "  - {path: sinks, mode: scale, distribution: {uniform: [0, 2]}, label: forests}\n"
           "outputs: {indicators: [co2_net, gdp], years: [2025, 2030]}\nsamples: %s\ndesign: %s\n",
           samples, design);
  assert_int_equal(tanlu_test_write_file(f->directory, "v.yaml", text), 0);
}

/* What is printed is what is stored, under the name of the output; nothing else in the file changes. */
static void indices_are_stored(void **state) {
  fixture *f = *state;
  static const struct {
    const char *design, *name;
    double used;
  } kind[] = {
      {"saltelli", "sobol_total", 64.0}, {"morris", "morris_mu_star", 64.0}, {"lhs", "regression_coefficient", 64.0}};
  for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
    double printed = (double)NAN;
    write_design(f, kind[i].design, "64");
    tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "v.h5", "v.yaml");
    expect_status(&f->run, 0);
    tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "bare.h5", "v.yaml");
    tanlu(&f->run, f->directory, "sensitivity", "-r", "50", "v.h5", "gdp.2025");
    expect_status(&f->run, 0);
    assert_string_equal(f->run.err, "");
    const char *row = strstr(f->run.out, "\ngrowth ");
    assert_non_null(row);
    const int found =
        i == 0 ? sscanf(row + 1, "growth %*f %*f to %*f %lf", &printed) : sscanf(row + 1, "growth %lf", &printed);
    assert_int_equal(found, 1);
    tanlu_result *result = open_file(f, "v.h5");
    const size_t at = tanlu_labels_find(tanlu_result_labels(result, "output"), "gdp.2025");
    const tanlu_result_variable *index = variable(result, kind[i].name), *used = variable(result, "sensitivity_used");
    assert_true(at != (size_t)-1 && strcmp(index->dimension[1], i < 2 ? "factor" : "parameter") == 0);
    assert_true(fabs(index->value[at * index->extent[1]] - printed) <= 0.51 * (fabs(printed) >= 10.0 ? 1.0 : 1e-3));
    for (size_t o = 0; o < used->extent[0]; o++)
      assert_true(o == at ? used->value[o] == kind[i].used : isnan(used->value[o]));
    tanlu_result_close(&result);
    tanlu(&f->run, f->directory, "compare", "bare.h5", "v.h5");
    expect_status(&f->run, 1);
    for (char *line = strtok(f->run.out, "\n"); line != NULL; line = strtok(NULL, "\n")) {
      assert_true(strncmp(line, "sensitivity_", 12) == 0 || strncmp(line, "sobol_", 6) == 0 ||
                  strncmp(line, "morris_", 7) == 0 || strncmp(line, "re", 2) == 0 || strncmp(line, "rank_", 5) == 0);
    }
  }
}

/* ---- simplexes ---------------------------------------------------------------------------------------------------------- */

static void write_simplex(fixture *f, const char *design, const char *shares, const char *samples) {
  char text[1024];
  static const char scenario[] = "name: three\nparent: probe\nsinks: {2025: 0.01, 2028: 0.01, 2030: 0.01}\n";
  snprintf(text, sizeof text,
           "name: v\nscenario: three\nparameters:\n"
           "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.9, 1.1]}, label: growth}\n"
           "  - {label: forests, simplex: {members: [sinks.2025, sinks.2028, sinks.2030], total: 0.06, %s}}\n"
           "outputs: {indicators: [co2_sinks], years: [2025, 2028, 2029, 2030]}\nsamples: %s\ndesign: %s\n",
           shares, samples, design);
  assert_int_equal(tanlu_test_write_file(f->directory, "three.yaml", scenario), 0);
  assert_int_equal(tanlu_test_write_file(f->directory, "v.yaml", text), 0);
}

static void run_simplex(fixture *f, const char *design, const char *shares) {
  write_simplex(f, design, shares, "256");
  tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "v.h5", "v.yaml");
  expect_status(&f->run, 0);
}

/* Sinks are nothing but the members, between them by straight lines: additive functions of the simplex alone. Its Sobol index as a
 * whole is 1 to the estimator's error and growth's is 0, for a member (2028) as for a sum (2029 is half of two). */
static void a_simplex_has_an_index_as_a_whole(void **state) {
  fixture *f = *state;
  static const char *const shares[] = {"dirichlet: [1, 2, 3]", "uniform: [[0, 0.04], [0.01, 0.01], [0, 0.06]]"};
  for (size_t i = 0; i < 2; i++) {
    run_simplex(f, "saltelli\nsecond_order: true", shares[i]);
    tanlu(&f->run, f->directory, "sensitivity", "-r", "50", "v.h5", "co2_sinks.2025", "co2_sinks.2029");
    expect_status(&f->run, 0);
    expect_out(&f->run, "\nforests ");
    expect_not_out(&f->run, "forests: ");
    tanlu_result *result = open_file(f, "v.h5");
    const tanlu_labels *factor = tanlu_result_labels(result, "factor"), *output = tanlu_result_labels(result, "output");
    const tanlu_result_variable *first = variable(result, "sobol_first"), *total = variable(result, "sobol_total");
    assert_true(factor->count == 2 && first->extent[1] == 2 && variable(result, "sobol_second")->extent[1] == 1);
    assert_string_equal(factor->code[1], "forests");
    assert_string_equal(tanlu_result_texts_find(result, "parameter_simplex")->text[3], "forests");
    assert_string_equal(tanlu_result_texts_find(result, "parameter_simplex")->text[0], "");
    assert_string_equal(tanlu_result_attribute(result, "factor_dimensions"), i == 0 ? "1\n2" : "1\n1");
    assert_int_equal(variable(result, "status")->extent[0], 256 * 6);
    static const char *const name[] = {"co2_sinks.2025", "co2_sinks.2029"};
    for (size_t n = 0; n < 2; n++) {
      const size_t at = tanlu_labels_find(output, name[n]);
      assert_true(fabs(first->value[2 * at + 1] - 1.0) < 0.15 && fabs(total->value[2 * at + 1] - 1.0) < 0.15);
      assert_true(first->value[2 * at] == 0.0 && total->value[2 * at] == 0.0);
    }
    tanlu_result_close(&result);
  }
}

/* Elementary effects are by dimension: the first decides on 2025 alone. The second decides on 2028 given 2025, which it leaves as it
 * is; more of either leaves less for 2030. */
static void a_simplex_has_effects_by_dimension(void **state) {
  fixture *f = *state;
  run_simplex(f, "morris", "dirichlet: [1, 1, 1]");
  tanlu(&f->run, f->directory, "sensitivity", "-r", "50", "v.h5", "co2_sinks.2025", "co2_sinks.2030");
  expect_status(&f->run, 0);
  tanlu_result *result = open_file(f, "v.h5");
  const tanlu_labels *factor = tanlu_result_labels(result, "factor"), *output = tanlu_result_labels(result, "output");
  const tanlu_result_variable *mu = variable(result, "morris_mu"), *size = variable(result, "morris_mu_star");
  assert_true(factor->count == 3 && mu->extent[1] == 3);
  assert_string_equal(factor->code[1], "forests: sinks.2025");
  assert_string_equal(factor->code[2], "forests: sinks.2028");
  const size_t early = 3 * tanlu_labels_find(output, "co2_sinks.2025"),
               late = 3 * tanlu_labels_find(output, "co2_sinks.2030");
  assert_true(mu->value[early + 1] > 0.0 && size->value[early] == 0.0 && size->value[early + 2] < 1e-15);
  for (size_t k = 1; k < 3; k++) {
    assert_true(mu->value[late + k] < 0.0 && fabs(mu->value[late + k] + size->value[late + k]) < 1e-15);
  }
  tanlu_result_close(&result);
}

/* 2029 is (2028 + 2030) / 2 = (total - 2025) / 2: without 2030 the regression gives -1 to 2025, 0 to 2028 and explains all. With a
 * member that is fixed, at the end too, the last one that varies is left out. */
static void regression_leaves_a_member_out(void **state) {
  fixture *f = *state;
  static const char *const shares[] = {"dirichlet: [1, 2, 3]", "uniform: [[0, 0.04], [0, 0.06], [0.02, 0.02]]"};
  for (size_t i = 0; i < 2; i++) {
    run_simplex(f, i == 0 ? "lhs" : "sobol", shares[i]);
    tanlu(&f->run, f->directory, "sensitivity", "v.h5", "co2_sinks.2029");
    expect_status(&f->run, 0);
    expect_out(&f->run, "explains 100.0 %");
    expect_out(&f->run, i == 0 ? "\nwithout forests: sinks.2030, at whose" : "\nwithout forests: sinks.2028, at whose");
    tanlu_result *result = open_file(f, "v.h5");
    const size_t at = 4 * tanlu_labels_find(tanlu_result_labels(result, "output"), "co2_sinks.2029");
    const double *b = variable(result, "regression_coefficient")->value + at;
    const double *rank = variable(result, "rank_correlation")->value + at;
    assert_true(fabs(b[1] + 1.0) < 1e-9 && fabs(b[0]) < 1e-9 && fabs(b[i == 0 ? 2 : 3]) < 1e-9);
    assert_true(isnan(b[i == 0 ? 3 : 2]) && isnan(rank[i == 0 ? 3 : 2]) && rank[1] < -0.99);
    tanlu_result_close(&result);
  }
}

/* A file of before says nothing about its dimensions: no guess is made. */
static void a_file_without_dimensions_is_refused(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 64];
  write_design(f, "saltelli", "4");
  tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "v.h5", "v.yaml");
  path_of(f, "v.h5", path);
  const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0 && H5Adelete_by_name(file, "/", "factor_dimensions", H5P_DEFAULT) >= 0);
  assert_true(H5Fclose(file) >= 0);
  static const char *const command[] = {"sensitivity", "merge"};
  for (size_t i = 0; i < 2; i++) {
    if (i == 0) tanlu(&f->run, f->directory, command[i], "v.h5");
    if (i == 1) tanlu(&f->run, f->directory, command[i], "-o", "m.h5", "v.h5", "v.h5");
    expect_status(&f->run, 2);
    expect_err(&f->run, "does not say the dimensions of its design");
  }
}

/* Computed again they are replaced; of a file that must not be written, or is not finished, they are only printed. */
static void indices_are_replaced_or_only_printed(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 64];
  write_design(f, "saltelli", "64");
  tanlu(&f->run, f->directory, "sweep", "-qf", "-o", "v.h5", "v.yaml");
  for (int n = 20; n <= 40; n += 20) {
    tanlu(&f->run, f->directory, "sensitivity", "-r", n == 20 ? "20" : "40", "v.h5");
    expect_status(&f->run, 0);
    tanlu_result *result = open_file(f, "v.h5");
    const size_t at = tanlu_labels_find(tanlu_result_labels(result, "output"), "gdp.2030");
    assert_true(variable(result, "sensitivity_resamples")->value[at] == (double)n);
    tanlu_result_close(&result);
  }
  /* a lock as that of a process that writes the file */
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  path_of(f, "v.h5", path);
  const int descriptor = open(path, O_RDWR);
  assert_true(descriptor >= 0 && fcntl(descriptor, F_OFD_SETLK, &whole) == 0);
  tanlu(&f->run, f->directory, "sensitivity", "v.h5", "gdp");
  (void)close(descriptor);
  expect_status(&f->run, 0);
  expect_out(&f->run, "Sobol indices");
  expect_err(&f->run, "the indices are not stored");
}

/* On the way: the output, how many base samples, the parameter that decides; and what there is when it is stopped. */
static void provisional_indices_are_shown(void **state) {
  fixture *f = *state;
  static const char *const design[] = {"saltelli", "morris"}, *const word[] = {"base samples, total",
                                                                               "trajectories, mu*"};
  const char *const start[] = {"sweep", "--threads", "1", "--resume", "-o", "long.h5", "v.yaml", NULL};
  for (size_t i = 0; i < 2; i++) {
    char text[TANLU_TEST_PATH + 64];
    (void)tanlu_test_write_file(f->directory, "long.h5", "");
    path_of(f, "long.h5", text);
    (void)unlink(text);
    write_design(f, design[i], "100000");
    tanlu_test_interrupt(&f->run, f->directory, SIGINT, 3000, start);
    expect_status(&f->run, 130);
    expect_err(&f->run, "tanlu: provisional: co2_net.2030 after ");
    expect_err(&f->run, word[i]);
    assert_true(strstr(f->run.err, "forests") != NULL);
    tanlu(&f->run, f->directory, "sensitivity", "v.h5", "co2_net");
  }
  assert_int_equal(tanlu_test_write_file(f->directory, "long.h5", ""), 0); /* give the room back */
}

/* A simplex is one factor on the way too: 2030 is its last member. Over 2^20 samples at most, of tens of base samples at least. */
static void provisional_indices_know_simplexes(void **state) {
  fixture *f = *state;
  char path[TANLU_TEST_PATH + 64];
  const char *const start[] = {"sweep", "--threads", "1", "--resume", "-o", "long.h5", "v.yaml", NULL};
  path_of(f, "long.h5", path);
  (void)unlink(path);
  write_simplex(f, "saltelli", "dirichlet: [1, 2, 3]", "100000");
  tanlu_test_interrupt(&f->run, f->directory, SIGINT, 3000, start);
  expect_status(&f->run, 130);
  expect_err(&f->run, "tanlu: provisional: co2_sinks.2030 after ");
  expect_not_err(&f->run, "forests: ");
  const char *total = strstr(f->run.err, "total (first): forests ");
  assert_non_null(total);
  assert_true(fabs(strtod(total + strlen("total (first): forests "), NULL) - 1.0) < 0.2);
  assert_int_equal(tanlu_test_write_file(f->directory, "long.h5", ""), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(indices_are_stored),
      cmocka_unit_test(a_simplex_has_an_index_as_a_whole),
      cmocka_unit_test(a_simplex_has_effects_by_dimension),
      cmocka_unit_test(regression_leaves_a_member_out),
      cmocka_unit_test(a_file_without_dimensions_is_refused),
      cmocka_unit_test(indices_are_replaced_or_only_printed),
      cmocka_unit_test(provisional_indices_are_shown),
      cmocka_unit_test(provisional_indices_know_simplexes),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_place_set_up, tanlu_test_place_tear_down);
}
