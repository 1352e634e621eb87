/* Result files in the hands of other programs: ncdump, and h5py, netCDF4 and xarray of Python where they are installed.
 *
 * Oracle: `tanlu show --csv`, which prints the shortest decimal that reads back to the same double; so every reader must
 * give the same bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/program_support.h"

typedef tanlu_test_place fixture;

/* Two scenarios of different length: the shorter one ends in missing values. */
static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  fixture *f = *state;
  if (tanlu_test_write_file(f->directory, "short.yaml", "name: short\ntitle: 短\nparent: probe\nyears: {to: 2025}\n"))
    return 1;
  tanlu(&f->run, f->directory, "run", "-o", "out.h5", "probe", "short");
  return f->run.status;
}

/* Next line of a text, or NULL at its end. */
static const char *next_line(const char *line) {
  const char *end = strchr(line, '\n');
  return end != NULL && end[1] != '\0' ? end + 1 : NULL;
}

/* The reader prints one value a line in the order of the variable, "nan" where missing; CSV leaves missing ones out or has an
 * empty field. Compares all that CSV holds and returns how many there were. */
static size_t same_numbers(const fixture *f) {
  const char *record = next_line(f->other.out), *line = f->run.out;
  size_t count = 0;
  for (; record != NULL; record = next_line(record)) {
    const char *end = record + strcspn(record, "\r\n"), *field = end;
    while (field[-1] != ',') field--;
    if (field == end) continue;
    while (line != NULL && strncmp(line, "nan", 3) == 0) line = next_line(line);
    if (line == NULL) {
      fail_msg("no number for %.40s", record);
      break;
    }
    const double expected = strtod(field, NULL), found = strtod(line, NULL);
    if (memcmp(&expected, &found, sizeof found) != 0) fail_msg("%.17g instead of %.17g", found, expected);
    line = next_line(line);
    count++;
  }
  for (; line != NULL; line = next_line(line)) assert_int_equal(strncmp(line, "nan", 3), 0);
  return count;
}

/* variables of every rank in the file */
static const char *const variables[] = {"co2", "final_energy", "generation", "primary_energy", "household_energy"};
enum { VARIABLES = sizeof variables / sizeof *variables };

static void reads_the_same(fixture *f, const char *module, const char *script) {
  if (!tanlu_test_python_has(module)) skip();
  for (size_t i = 0; i < VARIABLES; i++) {
    tanlu(&f->other, f->directory, "show", "--csv", "out.h5", variables[i]);
    expect_status(&f->other, 0);
    tanlu_test_python(&f->run, f->directory, script, (const char *const[]){variables[i], NULL});
    expect_status(&f->run, 0);
    const size_t cells = same_numbers(f);
    assert_true(cells >= 17 * 3 && cells % 17 == 0); /* 11 and 6 years */
  }
}

static void h5py_reads_the_same(void **state) {
  reads_the_same(*state, "h5py",
                 "import h5py, sys\n"
                 "for v in h5py.File('out.h5', 'r')[sys.argv[1]][...].ravel(): print(repr(float(v)))\n");
}

static void netcdf4_reads_the_same(void **state) {
  reads_the_same(*state, "netCDF4",
                 "import netCDF4, numpy, sys\n"
                 "v = netCDF4.Dataset('out.h5')[sys.argv[1]]\n"
                 "for x in numpy.ma.filled(v[:], numpy.nan).ravel(): print(repr(float(x)))\n");
}

static void xarray_reads_the_same(void **state) {
  if (!tanlu_test_python_has("netCDF4")) skip(); /* its engine */
  reads_the_same(*state, "xarray",
                 "import xarray, sys\n"
                 "for x in xarray.open_dataset('out.h5', engine='netcdf4')[sys.argv[1]].values.ravel():\n"
                 "    print(repr(float(x)))\n");
}

/* Labels, units and text: what a user of xarray selects by. */
static void xarray_selects_by_label(void **state) {
  fixture *f = *state;
  if (!tanlu_test_python_has("xarray") || !tanlu_test_python_has("netCDF4")) skip();
  static const char script[] =
      "import xarray\n"
      "ds = xarray.open_dataset('out.h5', engine='netcdf4')\n"
      "print(repr(float(ds.indicator_value.sel(scenario='short', year=2025, indicator='co2_total'))))\n"
      "print(int(ds.year[0]), int(ds.year[-1]), ','.join(ds.sector.values), ','.join(ds.scenario.values))\n"
      "print(ds.co2.attrs['units'], ds.generation.attrs['units'], ds.attrs['Conventions'])\n"
      "print(ds.sector_label_zh.values[0], ds.scenario_title.values[1])\n"
      "print(bool(ds.co2.sel(scenario='short', year=2026).isnull().all()))\n"
      "print('wind' in str(ds.scenario_text.values[0]))\n";
  tanlu_test_python(&f->run, f->directory, script, (const char *const[]){NULL});
  expect_status(&f->run, 0);
  tanlu(&f->other, f->directory, "show", "--csv", "--scenario", "short", "--year", "2025", "out.h5", "co2_total");
  const char *value = strrchr(f->other.out, ',');
  assert_non_null(value);
  assert_true(strtod(f->run.out, NULL) == strtod(value + 1, NULL));
  expect_out(&f->run, "2020 2030 coal,goods,power probe,short\n");
  expect_out(&f->run, "Mt TWh CF-1.10\n");
  expect_out(&f->run, "煤炭 短\n");
  expect_out(&f->run, "True\nTrue\n");
}

/* ---- the examples of README.md ------------------------------------------------------------------------------------------- */

/* Run an example as `command FILE`, where results are as the README has them. */
static void example_runs(fixture *f, const char *heading, const char *command, const char *file) {
  tanlu_test_write_example(f->directory, heading, file);
  setenv("MPLBACKEND", "Agg", 1);
  tanlu(&f->run, f->directory, "run", "-q", "--force", "-o", "results/china-2020.h5", "probe", "short");
  expect_status(&f->run, 0);
  char text[TANLU_TEST_PATH];
  snprintf(text, sizeof text, "%s %s", command, file);
  tanlu_test_execute(&f->run, f->directory, "/bin/sh", (const char *const[]){"-c", text, NULL});
  expect_status(&f->run, 0);
}

static bool shell_has(fixture *f, const char *command) {
  char text[128];
  snprintf(text, sizeof text, "%s || exit 1", command);
  tanlu_test_execute(&f->run, f->directory, "/bin/sh", (const char *const[]){"-c", text, NULL});
  return f->run.status == 0;
}

static void the_example_with_h5py(void **state) {
  fixture *f = *state;
  if (!tanlu_test_python_has("h5py")) skip();
  example_runs(f, "The same with h5py", "/usr/bin/python3", "example.py");
  expect_out(&f->run, "probe [");
  expect_out(&f->run, "short [");
}

static void the_example_with_xarray(void **state) {
  fixture *f = *state;
  if (!tanlu_test_python_has("xarray, netCDF4, matplotlib")) skip();
  example_runs(f, "Python, a plot", "/usr/bin/python3", "plot.py");
  assert_true(tanlu_test_exists(f->directory, "co2.png"));
}

static void the_example_in_r(void **state) {
  fixture *f = *state;
  if (!shell_has(f, "Rscript -e 'library(ncdf4)'")) skip();
  example_runs(f, "\nR:\n", "Rscript", "example.R");
}

static void the_example_in_octave(void **state) {
  fixture *f = *state;
  if (!shell_has(f, "octave-cli --eval 'pkg load netcdf'")) skip();
  example_runs(f, "Octave (", "octave-cli", "example.m");
}

static void ncdump_reads_the_header(void **state) {
  fixture *f = *state;
  static const char ncdump[] = "/usr/bin/ncdump";
  if (access(ncdump, X_OK) != 0) skip();
  tanlu_test_execute(&f->run, f->directory, ncdump, (const char *const[]){"-h", "out.h5", NULL});
  expect_status(&f->run, 0);
  assert_string_equal(f->run.err, "");
  static const char *const parts[] = {"scenario = 2 ;",
                                      "year = 11 ;",
                                      "sector = 3 ;",
                                      "double co2(scenario, year, sector) ;",
                                      "double final_energy(scenario, year, carrier, sector) ;",
                                      "double indicator_value(scenario, year, indicator) ;",
                                      "string scenario_text(scenario) ;",
                                      "co2:units = \"Mt\" ;",
                                      "co2:_FillValue = ",
                                      ":Conventions = \"CF-1.10\" ;",
                                      ":source = \"Tanlu "};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) expect_out(&f->run, parts[i]);
  /* the data too: labels are read one by one */
  tanlu_test_execute(&f->run, f->directory, ncdump,
                     (const char *const[]){"-v", "sector,technology_label", "out.h5", NULL});
  expect_status(&f->run, 0);
  expect_out(&f->run, "\"coal\", \"goods\", \"power\"");
  expect_out(&f->run, "\"Photovoltaic\"");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ncdump_reads_the_header), cmocka_unit_test(h5py_reads_the_same),
      cmocka_unit_test(netcdf4_reads_the_same),  cmocka_unit_test(xarray_reads_the_same),
      cmocka_unit_test(xarray_selects_by_label), cmocka_unit_test(the_example_with_h5py),
      cmocka_unit_test(the_example_with_xarray), cmocka_unit_test(the_example_in_r),
      cmocka_unit_test(the_example_in_octave),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
