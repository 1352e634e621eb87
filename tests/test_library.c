/* The library as others use it: the session in C, an example built against a staged installation through pkg-config, every
 * installed header alone, and the Python module. Oracles: result files of `tanlu run` and `tanlu sweep`, whose numbers must come
 * bit for bit, and `tanlu show`. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/session.h"
#include "outputs/result_file.h"
#include "tests/program_support.h"

typedef struct {
  char directory[TANLU_TEST_PATH];
  char probe[TANLU_TEST_PATH + 32], sweep[TANLU_TEST_PATH + 32]; /* paths */
  char stage[TANLU_TEST_PATH + 32];                              /* where it is installed; "" where that failed */
  tanlu_test_run run;
  tanlu_session *session;
  tanlu_context *context;
} fixture;

static const char sweep_text[] = "name: s\nscenario: probe\ndesign: lhs\nsamples: 40\nseed: 7\nparameters:\n"
                                 "  - {path: gdp.growth, mode: scale, distribution: {uniform: [0.8, 1.2]}, label: g}\n"
                                 "outputs: {indicators: [co2_net, gdp], years: [2025, 2030]}\nkeep: indicators\n";

/* A shell command in the directory of the test. */
static void shell(fixture *f, const char *command) {
  tanlu_test_execute(&f->run, f->directory, "/bin/sh", (const char *const[]){"-ec", command, NULL});
}

static void install(fixture *f) {
  char build[TANLU_TEST_PATH], command[4 * TANLU_TEST_PATH];
  snprintf(build, sizeof build, "%s", tanlu_test_program());
  *strrchr(build, '/') = '\0';
  snprintf(command, sizeof command, "make -s -C '%s' install-files BUILD='%s' DESTDIR='%s/stage' PREFIX=/opt/tanlu",
           tanlu_test_root(), build, f->directory);
  shell(f, command);
  if (f->run.status == 0) snprintf(f->stage, sizeof f->stage, "%s/stage/opt/tanlu", f->directory);
  if (f->run.status != 0) fprintf(stderr, "%s\n", f->run.err);
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0) return 1;
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || tanlu_test_temp_dir(f->directory) != 0) return 1;
  *state = f;
  tanlu_test_write_probe(f->directory);
  if (tanlu_test_write_file(f->directory, "s.yaml", sweep_text)) return 1;
  snprintf(f->probe, sizeof f->probe, "%s/probe.yaml", f->directory);
  snprintf(f->sweep, sizeof f->sweep, "%s/s.yaml", f->directory);
  f->session = tanlu_session_create();
  f->context = tanlu_context_create();
  install(f);
  return f->session == NULL || f->context == NULL;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_session_free(&f->session);
  tanlu_session_free(&f->session);
  tanlu_context_free(&f->context);
  tanlu_test_forget(&f->run);
  tanlu_test_remove_dir(f->directory);
  free(f);
  return 0;
}

static void fine(const fixture *f, int status) {
  if (status != 0) fail_msg("%d: %s", status, tanlu_session_messages(f->session));
}

static void refused(const fixture *f, int status, const char *message) {
  assert_int_equal(status, 2);
  if (strstr(tanlu_session_messages(f->session), message) == NULL) {
    fail_msg("'%s' is not in '%s'", message, tanlu_session_messages(f->session));
  }
}

static tanlu_result *open_result(const fixture *f, const char *name) {
  char path[TANLU_TEST_PATH + 32];
  tanlu_result *result = NULL;
  snprintf(path, sizeof path, "%s/%s", f->directory, name);
  if (tanlu_result_open(&result, path, f->context) != TANLU_OK) {
    tanlu_test_print_messages(f->context);
    fail();
  }
  return result;
}

static const tanlu_result_variable *read_variable(const fixture *f, tanlu_result *result, const char *name) {
  const tanlu_result_variable *v = NULL;
  assert_int_equal(tanlu_result_variable_read(result, name, &v, f->context), TANLU_OK);
  return v;
}

/* Every field with its axes and labels is that of the file that `tanlu run` writes. */
static void a_run_is_that_of_the_program(void **state) {
  fixture *f = *state;
  static const char *const set[] = {"gdp.growth.2030=3.5", "sinks.2030=0.02"};
  tanlu(&f->run, f->directory, "run", "-q", "-o", "run.h5", "--set", set[0], "--set", set[1], "probe");
  expect_status(&f->run, 0);
  fine(f, tanlu_session_run(f->session, f->probe, set, 2));
  tanlu_result *result = open_result(f, "run.h5");
  assert_int_equal(tanlu_session_first_year(f->session), 2020);
  size_t fields = 0;
  for (const char *name; (name = tanlu_session_field(fields)) != NULL; fields++) {
    const tanlu_result_variable *v = read_variable(f, result, name);
    size_t extent[3] = {0}, cells = 1;
    const char *axis[3] = {NULL};
    const int rank = tanlu_session_shape(f->session, name, extent, axis);
    assert_int_equal(rank + 1, v->rank);
    for (int k = 0; k < rank; k++) {
      assert_string_equal(axis[k], v->dimension[k + 1]);
      assert_int_equal(extent[k], v->extent[k + 1]);
      cells *= extent[k];
      const tanlu_labels *labels = tanlu_result_labels(result, axis[k]);
      for (size_t i = 0; k > 0 && i < extent[k]; i++) {
        assert_string_equal(tanlu_session_label(f->session, axis[k], i), labels->code[i]);
      }
      assert_null(tanlu_session_label(f->session, axis[k], extent[k]));
    }
    assert_string_equal(tanlu_session_unit(name), v->unit);
    assert_string_equal(tanlu_session_long_name(name), v->long_name);
    double *value = calloc(cells, sizeof *value);
    assert_non_null(value);
    fine(f, tanlu_session_values(f->session, name, value, cells));
    assert_memory_equal(value, v->value, cells * sizeof *value);
    free(value);
  }
  assert_true(fields > 20);
  double co2 = 0.0;
  fine(f, tanlu_session_indicator(f->session, "co2_net", 2030, &co2));
  tanlu(&f->run, f->directory, "show", "--csv", "-y", "2030", "run.h5", "co2_net");
  assert_true(strtod(strrchr(f->run.out, ',') + 1, NULL) == co2);
  tanlu_result_close(&result);
}

static void wrong_input_has_a_message(void **state) {
  fixture *f = *state;
  size_t extent[3], size[TANLU_SESSION_SIZES];
  const char *axis[3], *wrong = "gdp.grwth.2030=1", *impossible = "gdp.growth.2030=-99.9";
  double value[2] = {1.0, 2.0};
  fine(f, tanlu_session_run(f->session, f->probe, NULL, 0));
  assert_string_equal(tanlu_session_messages(f->session), "");
  refused(f, tanlu_session_values(f->session, "co", value, 2), "did you mean 'co2'?");
  refused(f, tanlu_session_values(f->session, "co2", value, 2), "co2 has 33 numbers; 2 were asked for");
  refused(f, tanlu_session_indicator(f->session, "co2_nett", 2030, value), "did you mean 'co2_net'?");
  refused(f, tanlu_session_indicator(f->session, "co2_net", 2031, value), "2020 to 2030");
  assert_int_equal(tanlu_session_shape(f->session, "co", extent, axis), 0);
  assert_null(tanlu_session_unit("co"));
  refused(f, tanlu_session_run(f->session, f->probe, &wrong, 1), "unknown key 'grwth'; did you mean 'growth'?");
  refused(f, tanlu_session_values(f->session, "co2", value, 2), "there are no results");
  assert_int_equal(tanlu_session_first_year(f->session), 0);
  assert_int_not_equal(tanlu_session_run(f->session, f->probe, &impossible, 1), 0);
  assert_string_not_equal(tanlu_session_messages(f->session), "");
  refused(f, tanlu_session_load(f->session, "/nowhere"), "nowhere");
  refused(f, tanlu_session_sweep(f->session, "/nowhere.yaml", size), "nowhere.yaml");
  refused(f, tanlu_session_sweep_run(f->session, 1, NULL, NULL, NULL, NULL), "there is no sweep");
  refused(f, tanlu_session_sweep_sample(f->session, 0), "there is no sweep");
  assert_true(value[0] == 1.0 && value[1] == 2.0);
}

static void a_sweep_is_that_of_the_program(void **state) {
  fixture *f = *state;
  enum { SAMPLES = 40, YEARS = 2, INDICATORS = 2, SCALARS = 16 };
  size_t size[TANLU_SESSION_SIZES];
  int state_of[SAMPLES];
  double parameter[SAMPLES], indicator[SAMPLES][YEARS][INDICATORS], scalar[SAMPLES * SCALARS];
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "s.h5", "./s.yaml");
  expect_status(&f->run, 0);
  fine(f, tanlu_session_sweep(f->session, f->sweep, size));
  assert_true(size[TANLU_SESSION_SAMPLES] == SAMPLES && size[TANLU_SESSION_PARAMETERS] == 1);
  assert_true(size[TANLU_SESSION_YEARS] == YEARS && size[TANLU_SESSION_INDICATORS] == INDICATORS);
  assert_true(size[TANLU_SESSION_SCALARS] <= SCALARS);
  assert_string_equal(tanlu_session_sweep_label(f->session, TANLU_SESSION_PARAMETERS, 0), "g");
  assert_string_equal(tanlu_session_sweep_label(f->session, TANLU_SESSION_INDICATORS, 0), "co2_net");
  assert_string_equal(tanlu_session_sweep_label(f->session, TANLU_SESSION_SCALARS, 0), "peak_year");
  assert_null(tanlu_session_sweep_label(f->session, TANLU_SESSION_INDICATORS, 2));
  assert_int_equal(tanlu_session_sweep_year(f->session, 1), 2030);
  tanlu_result *result = open_result(f, "s.h5");
  for (int threads = 1; threads <= 3; threads += 2) {
    memset(indicator, 0, sizeof indicator);
    fine(f, tanlu_session_sweep_run(f->session, threads, state_of, parameter, &indicator[0][0][0], scalar));
    assert_memory_equal(parameter, read_variable(f, result, "parameter_value")->value, sizeof parameter);
    assert_memory_equal(indicator, read_variable(f, result, "indicator_value")->value, sizeof indicator);
    assert_memory_equal(scalar, read_variable(f, result, "summary_value")->value,
                        SAMPLES * size[TANLU_SESSION_SCALARS] * sizeof *scalar);
    for (size_t i = 0; i < SAMPLES; i++) assert_int_equal(state_of[i], 1);
  }
  tanlu_result_close(&result);
  double co2 = 0.0;
  fine(f, tanlu_session_sweep_sample(f->session, 33));
  fine(f, tanlu_session_indicator(f->session, "co2_net", 2030, &co2));
  assert_true(co2 == indicator[33][1][0]);
  refused(f, tanlu_session_sweep_sample(f->session, SAMPLES), "the sweep has 40");
}

/* ---- installed ------------------------------------------------------------------------------------------------------------ */

/* Does the environment's shell find a program? */
static bool has(fixture *f, const char *program) {
  char command[64];
  snprintf(command, sizeof command, "command -v %s || exit 1", program);
  shell(f, command);
  return f->run.status == 0;
}

/* The example of README.md, built as a user would, gives the numbers of the program. */
static void the_example_runs(void **state) {
  fixture *f = *state;
  if (!has(f, "pkg-config") || !has(f, "${CC:-cc}")) skip();
  assert_true(f->stage[0] != '\0');
  char command[6 * TANLU_TEST_PATH];
  snprintf(command, sizeof command,
           "export PKG_CONFIG_PATH='%s/lib/pkgconfig' PKG_CONFIG_SYSROOT_DIR='%s/stage'\n"
           "${CC:-cc} $CFLAGS -std=c17 -Wall -Wextra -Werror '%s/tests/library/example.c' "
           "$(pkg-config --cflags --libs tanlu) -Wl,-rpath,'%s/lib' -o example\n"
           "TANLU_PATH='%s/share/tanlu' ./example dual-carbon sinks.2060=800",
           f->stage, f->directory, tanlu_test_root(), f->stage, f->stage);
  shell(f, command);
  expect_status(&f->run, 0);
  int year = 0;
  double before = 0.0, after = 0.0;
  assert_int_equal(sscanf(strchr(f->run.out, '\n'), "%d %lf %lf", &year, &before, &after), 3);
  assert_int_equal(year, 2060);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "e.h5", "--set", "sinks.2060=800", "dual-carbon");
  tanlu(&f->run, f->directory, "show", "--csv", "-y", "2060", "e.h5", "co2_net");
  expect_status(&f->run, 0);
  assert_true(strtod(strrchr(f->run.out, ',') + 1, NULL) == after && before > after);
}

/* The lines of README.md, in a main of their own. */
static void the_lines_of_the_readme_run(void **state) {
  fixture *f = *state;
  if (!has(f, "pkg-config") || !has(f, "${CC:-cc}")) skip();
  tanlu_test_write_example(f->directory, "## From C and Python", "lines.inc");
  assert_int_equal(tanlu_test_write_file(f->directory, "lines.c",
                                         "#include <inputs/session.h>\n#include <stdio.h>\nint main(void) {\n"
                                         "#include \"lines.inc\"\n  printf(\"%.17g\\n\", co2);\n"
                                         "  tanlu_session_free(&session);\n  return 0;\n}\n"),
                   0);
  char command[6 * TANLU_TEST_PATH];
  snprintf(command, sizeof command,
           "export PKG_CONFIG_PATH='%s/lib/pkgconfig' PKG_CONFIG_SYSROOT_DIR='%s/stage'\n"
           "${CC:-cc} $CFLAGS lines.c $(pkg-config --cflags --libs tanlu) -Wl,-rpath,'%s/lib' -o lines\n"
           "TANLU_PATH='%s/share/tanlu' ./lines",
           f->stage, f->directory, f->stage, f->stage);
  shell(f, command);
  expect_status(&f->run, 0);
  const double found = strtod(f->run.out, NULL);
  tanlu(&f->run, f->directory, "run", "-q", "-f", "-o", "e.h5", "--set", "sinks.2060=800", "--set",
        "gdp.growth.2030=3.9", "dual-carbon");
  tanlu(&f->run, f->directory, "show", "--csv", "-y", "2060", "e.h5", "co2_net");
  expect_status(&f->run, 0);
  assert_true(strtod(strrchr(f->run.out, ',') + 1, NULL) == found);
}

static void every_header_compiles_alone(void **state) {
  fixture *f = *state;
  if (!has(f, "${CC:-cc}")) skip();
  assert_true(f->stage[0] != '\0');
  char command[4 * TANLU_TEST_PATH];
  snprintf(command, sizeof command,
           "cd '%s/include/tanlu'\ntest $(ls */*.h | wc -l) -gt 80\n"
           "for h in */*.h; do echo \"#include <$h>\" | ${CC:-cc} -std=c17 -Wall -Wextra -Werror -Wno-unknown-pragmas "
           "-I. -fsyntax-only -x c "
           "- || exit 1; done",
           f->stage);
  shell(f, command);
  expect_status(&f->run, 0);
  if (!has(f, "c++")) return;
  snprintf(command, sizeof command,
           "echo '#include <inputs/session.h>' | c++ -Wall -Wextra -Werror -I'%s/include/tanlu' -fsyntax-only -x c++ -",
           f->stage);
  shell(f, command);
  expect_status(&f->run, 0);
}

/* The module against the files of the program, field by field. Python cannot load a library that is under a sanitizer. */
static void python_reads_the_same(void **state) {
  fixture *f = *state;
  const char *flags = getenv("CFLAGS");
  if (!tanlu_test_python_has("numpy") || !tanlu_test_python_has("h5py")) {
    print_message("left out: no python3-numpy or python3-h5py\n");
    skip();
  }
  if (flags != NULL && strstr(flags, "-fsanitize") != NULL) skip();
  assert_true(f->stage[0] != '\0');
  char path[TANLU_TEST_PATH + 64];
  snprintf(path, sizeof path, "%s/share/tanlu/python", f->stage);
  setenv("PYTHONPATH", path, 1);
  setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "p.h5", "--set", "gdp.growth.2030=3.5", "probe");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "sweep", "-q", "-o", "q.h5", "./s.yaml");
  expect_status(&f->run, 0);
  static const char script[] =
      "import h5py, numpy, tanlu\n"
      "s = tanlu.Session()\n"
      "run = s.run('./probe.yaml', {'gdp.growth.2030': 3.5})\n"
      "file = h5py.File('p.h5')\n"
      "for field in run:\n"
      "    assert numpy.array_equal(run[field], file[field][0], equal_nan=True), field\n"
      "    assert s.unit(field) == file[field].attrs['units'] and s.long_name(field)\n"
      "    for axis, extent in zip(run.axes(field)[1:], run[field].shape[1:]):\n"
      "        assert run.labels(axis) == [x.decode() for x in file[axis][:]] and len(run.labels(axis)) == extent\n"
      "assert list(run.years) == list(file['year'][:])\n"
      "assert run.indicator('gdp', 2030) == run.indicator('gdp')[10]\n"
      "sweep = s.sweep('./s.yaml')\n"
      "samples = sweep.run(threads=2)\n"
      "file = h5py.File('q.h5')\n"
      "assert numpy.array_equal(samples.indicators, file['indicator_value'][:]) and samples.solved.all()\n"
      "assert numpy.array_equal(samples.parameter('g'), file['parameter_value'][:, 0])\n"
      "assert numpy.array_equal(samples.scalars, file['summary_value'][:], equal_nan=True)\n"
      "other = s.run('reference-42')\n"
      "assert other['co2'].shape[1] == 42 and run['co2'].shape[1] == 3\n"
      "assert sweep.sample(33).indicator('co2_net', 2030) == samples.indicator('co2_net')[33, 1]\n"
      "for wrong, status, message in [\n"
      "        (lambda: s.run('./none.yaml'), 2, 'none.yaml'),\n"
      "        (lambda: s.run('./probe.yaml', {'gdp.grwth.2030': 1}), 2, \"did you mean 'growth'\"),\n"
      "        (lambda: sweep.sample(40), 2, 'the sweep has 40'),\n"
      "        (lambda: s.load('nowhere'), 2, 'nowhere')]:\n"
      "    try:\n"
      "        wrong()\n"
      "    except tanlu.Error as error:\n"
      "        assert error.status == status and message in str(error), error\n"
      "    else:\n"
      "        raise AssertionError(message)\n"
      "print('the same', tanlu.Session.version())\n";
  tanlu_test_python(&f->run, f->directory, script, (const char *const[]){NULL});
  expect_status(&f->run, 0);
  expect_out(&f->run, "the same " TANLU_VERSION);
  tanlu_test_write_example(f->directory, "The same in Python by ctypes", "example.py");
  tanlu_test_execute(&f->run, f->directory, "/usr/bin/python3", (const char *const[]){"example.py", NULL});
  expect_status(&f->run, 0);
  expect_out(&f->run, "(896, 3, 4)");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_run_is_that_of_the_program),   cmocka_unit_test(wrong_input_has_a_message),
      cmocka_unit_test(a_sweep_is_that_of_the_program), cmocka_unit_test(the_example_runs),
      cmocka_unit_test(the_lines_of_the_readme_run),    cmocka_unit_test(every_header_compiles_alone),
      cmocka_unit_test(python_reads_the_same),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
