/* tanlu report from outside.
 *
 * Oracles: the stacks of a page add up to the indicators of the result file in every scenario and year; waterfalls step from their
 * first to their last bar; every element of the page is closed where it should be; the same results give the same bytes. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outputs/run_data.h"
#include "tests/picture_support.h"
#include "tests/program_support.h"

/* A run of the probe in the place of a group, made once. */
static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  tanlu_test_place *p = *state;
  tanlu(&p->run, p->directory, "run", "--quiet", "-o", "probe.h5", "./probe.yaml");
  return p->run.status;
}

static void path_of(const tanlu_test_place *p, const char *name, char path[TANLU_TEST_PATH + 32]) {
  (void)snprintf(path, TANLU_TEST_PATH + 32, "%s/%s", p->directory, name);
}

/* The page must not exist, and go before the next test. */
static void expect_nothing(tanlu_test_place *p, int status, const char *message) {
  expect_status(&p->run, status);
  expect_err(&p->run, message);
  assert_false(tanlu_test_exists(p->directory, "r.html"));
  assert_false(tanlu_test_exists(p->directory, "figures"));
}

/* ---- the page ---------------------------------------------------------------------------------------------------------------- */

static bool is_void(const char *name, size_t length) {
  static const char *const element[] = {"meta", "link", "br", "img", "!DOCTYPE"};
  for (size_t k = 0; k < sizeof element / sizeof *element; k++) {
    if (strlen(element[k]) == length && strncmp(element[k], name, length) == 0) return true;
  }
  return false;
}

/* Every element is closed by its own end, attributes are quoted, and nothing comes from elsewhere. */
static void expect_well_formed(const char *page) {
  enum { DEEPEST = 64 };
  const char *open[DEEPEST];
  size_t length[DEEPEST], depth = 0;
  for (const char *p = strchr(page, '<'); p != NULL; p = strchr(p, '<')) {
    const bool end = p[1] == '/';
    const char *name = p + 1 + end;
    const size_t size = strcspn(name, " >/\n");
    const char *close = strchr(p, '>');
    assert_non_null(close);
    if (strncmp(p, "<!--", 4) == 0 || is_void(name, size) || close[-1] == '/') {
      p = close;
      continue;
    }
    if (end) {
      assert_true(depth > 0);
      depth--;
      if (length[depth] != size || strncmp(open[depth], name, size) != 0) print_error("%.200s\n", p);
      assert_true(length[depth] == size && strncmp(open[depth], name, size) == 0);
    } else {
      assert_true(depth < DEEPEST && isalpha((unsigned char)name[0]));
      open[depth] = name;
      length[depth++] = size;
    }
    p = close;
  }
  assert_int_equal(depth, 0);
  static const char *const foreign[] = {"<script", "src=", "@import", "url(http", "href=\"http", "<iframe", "<object"};
  for (size_t k = 0; k < sizeof foreign / sizeof *foreign; k++) assert_null(strstr(page, foreign[k]));
}

/* ids are given once. */
static void expect_ids_once(const char *page) {
  for (const char *p = strstr(page, " id=\""); p != NULL; p = strstr(p + 1, " id=\"")) {
    char id[160];
    const size_t size = strcspn(p + 5, "\"") + 6;
    assert_true(size < sizeof id);
    (void)snprintf(id, sizeof id, "%.*s", (int)size, p);
    const char *again = strstr(p + 1, id);
    if (again != NULL) print_error("twice:%s\n", id);
    assert_null(again);
  }
}

static void a_page_is_complete(void **state) {
  tanlu_test_place *p = *state;
  static const char *const heading[] = {"Overview",
                                        "CO₂",
                                        "Power",
                                        "Energy",
                                        "Energy from source to use",
                                        "Goals",
                                        "Products",
                                        "What changes come from",
                                        "Industrial structure and intensities",
                                        "Assumptions and sources",
                                        "Provenance"};
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "--title", "Probe <1> & more", "probe.h5");
  expect_status(&p->run, 0);
  expect_not_err(&p->run, "warning");
  char *page = tanlu_test_read_file(p->directory, "r.html");
  assert_non_null(page);
  expect_well_formed(page);
  expect_ids_once(page);
  assert_non_null(strstr(page, "<h1>Probe &lt;1&gt; &amp; more</h1>"));
  for (size_t k = 0; k < sizeof heading / sizeof *heading; k++) {
    char text[96];
    (void)snprintf(text, sizeof text, ">%s</h2>", heading[k]);
    if (strstr(page, text) == NULL) print_error("no section %s\n", heading[k]);
    assert_non_null(strstr(page, text));
  }
  static const char *const part[] = {"figure-energy-flows",
                                     "figure-kaya",
                                     "figure-lmdi",
                                     "figure-generation",
                                     "tiny-2020/flows.csv",
                                     "wind: {2030: 0.08}",
                                     "tanlu run --quiet -o probe.h5 ./probe.yaml"};
  for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
    if (strstr(page, part[k]) == NULL) print_error("no %s\n", part[k]);
    assert_non_null(strstr(page, part[k]));
  }
  tanlu(&p->run, p->directory, "report", "-o", "again.html", "--title", "Probe <1> & more", "probe.h5");
  char *again = tanlu_test_read_file(p->directory, "again.html");
  assert_non_null(again);
  assert_string_equal(page, again);
  free(page);
  free(again);
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "probe.h5");
  expect_status(&p->run, 2);
  expect_err(&p->run, "r.html: error: exists already");
  tanlu(&p->run, p->directory, "report", "--force", "-o", "r.html", "probe.h5");
  expect_status(&p->run, 0);
  char path[TANLU_TEST_PATH + 32];
  path_of(p, "r.html", path);
  assert_int_equal(unlink(path), 0);
}

/* ---- numbers ------------------------------------------------------------------------------------------------------------------- */

/* All stacks of the scenarios of a file against the indicators they part: sums of up to 10^4 numbers in double precision. */
static void expect_sums(const char *path) {
  static const double tolerance = 1e-9;
  tanlu_context *context = tanlu_context_create();
  tanlu_result *result = NULL;
  tanlu_run_data data;
  assert_int_equal(tanlu_result_open(&result, path, context), TANLU_OK);
  assert_int_equal(tanlu_run_data_read(&data, result, NULL, 0, context), TANLU_OK);
  size_t years = 0;
  for (int stack = 0; stack < TANLU_STACK_COUNT; stack++) {
    const tanlu_stack_info *info = tanlu_stack_about((tanlu_stack)stack);
    assert_true(tanlu_stack_known(&data, (tanlu_stack)stack));
    for (size_t k = 0; k < data.chosen; k++) {
      for (size_t t = 0; t < data.years; t++) {
        double value[TANLU_STACK_KINDS_MOST], sum = 0.0, size = 0.0;
        const double total = info->per_unit * tanlu_run_indicator(&data, data.place[k], t, info->total);
        tanlu_stack_fill(&data, (tanlu_stack)stack, data.place[k], t, value);
        for (size_t i = 0; i < info->kinds; i++) {
          sum += value[i];
          size += fabs(value[i]);
        }
        if (!(fabs(sum - total) <= tolerance * size)) {
          print_error("%s, %d: %.12g is not %.12g\n", info->total, data.year[t], sum, total);
        }
        assert_true(fabs(sum - total) <= tolerance * size);
        years++;
      }
    }
  }
  assert_true(years >= 11 * TANLU_STACK_COUNT);
  tanlu_run_data_clear(&data);
  tanlu_result_close(&result);
  tanlu_context_free(&context);
}

static void stacks_add_up(void **state) {
  tanlu_test_place *p = *state;
  char path[TANLU_TEST_PATH + 32];
  tanlu(&p->run, p->directory, "run", "--quiet", "-o", "two.h5", "reference-42", "dual-carbon-42");
  expect_status(&p->run, 0);
  tanlu(&p->run, p->directory, "run", "--quiet", "-o", "routes.h5", "dual-carbon-routes");
  expect_status(&p->run, 0);
  static const char *const name[] = {"probe.h5", "two.h5", "routes.h5"}; /* the probe's groups are all "Other" */
  for (size_t k = 0; k < sizeof name / sizeof *name; k++) {
    path_of(p, name[k], path);
    expect_sums(path);
  }
}

/* Rows of a figure's CSV as numbers: panel, series, x, label, value, ... */
static void expect_steps(const char *csv, size_t bars) {
  char panel[64] = "";
  double sum = 0.0;
  size_t bar = 0, panels = 0;
  for (const char *line = strchr(csv, '\n'); line != NULL && line[1] != '\0'; line = strchr(line + 1, '\n')) {
    char field[5][64] = {""};
    const char *q = line + 1;
    for (size_t k = 0; k < 5; k++) {
      const bool quoted = *q == '"'; /* no quotes in quotes here */
      q += quoted;
      const size_t size = strcspn(q, quoted ? "\"" : ",\r\n");
      (void)snprintf(field[k], sizeof field[k], "%.*s", (int)size, q);
      q += size + quoted;
      q += *q == ',';
    }
    if (strcmp(panel, field[0]) != 0) {
      (void)snprintf(panel, sizeof panel, "%s", field[0]);
      panels++;
      bar = 0;
    }
    const double value = strtod(field[4], NULL);
    if (bar == 0) sum = value;
    if (bar > 0 && bar + 1 < bars) sum += value;
    if (bar + 1 == bars) assert_true(fabs(sum - value) <= 1e-9 * fabs(sum) + 1e-12);
    bar++;
  }
  assert_true(panels >= 1);
  assert_int_equal(bar, bars);
}

static void figures_are_written(void **state) {
  tanlu_test_place *p = *state;
  char directory[TANLU_TEST_PATH + 32];
  const bool converted = access("/usr/bin/rsvg-convert", X_OK) == 0;
  tanlu(&p->run, p->directory, "report", "--figures", "figures", "probe.h5");
  expect_status(&p->run, 0);
  path_of(p, "figures", directory);
  const size_t entries = tanlu_test_entries(directory);
  assert_true(entries >= 40 && entries % (converted ? 4 : 2) == 0);
  char *svg = tanlu_test_read_file(directory, "kaya.svg"), *csv = tanlu_test_read_file(directory, "kaya.csv");
  assert_true(svg != NULL && csv != NULL);
  assert_true(strncmp(svg, "<?xml", 5) == 0);
  expect_steps(csv, 6);
  free(svg);
  free(csv);
  if (converted) {
    char *pdf = tanlu_test_read_file(directory, "kaya.pdf"), *png = tanlu_test_read_file(directory, "kaya.png");
    assert_true(pdf != NULL && strncmp(pdf, "%PDF", 4) == 0);
    assert_true(png != NULL && strncmp(png + 1, "PNG", 3) == 0);
    free(pdf);
    free(png);
  } else {
    expect_err(&p->run, "rsvg-convert");
  }
  /* They are there: nothing is written, not even the page. */
  tanlu(&p->run, p->directory, "report", "--figures", "figures", "-o", "r.html", "probe.h5");
  expect_status(&p->run, 2);
  expect_err(&p->run, "exists already");
  assert_false(tanlu_test_exists(p->directory, "r.html"));
  tanlu_test_remove_dir(directory);
}

/* ---- what is missing ------------------------------------------------------------------------------------------------------------ */

static void a_page_without_the_dataset_says_so(void **state) {
  tanlu_test_place *p = *state;
  char tiny[TANLU_TEST_PATH + 32], away[TANLU_TEST_PATH + 32];
  path_of(p, "tiny", tiny);
  path_of(p, "away", away);
  assert_int_equal(rename(tiny, away), 0);
  tanlu(&p->run, p->directory, "report", "-o", "without.html", "probe.h5");
  assert_int_equal(rename(away, tiny), 0);
  expect_status(&p->run, 0);
  expect_err(&p->run, "warning: decompositions and energy flows are left out: ");
  char *page = tanlu_test_read_file(p->directory, "without.html");
  assert_non_null(page);
  expect_well_formed(page);
  assert_non_null(strstr(page, "<p>Left out: "));
  assert_null(strstr(page, "figure-energy-flows"));
  assert_null(strstr(page, "figure-kaya"));
  free(page);
}

/* A shorter scenario beside a longer one: its curves end, flows and decompositions are of its own years. */
static void shorter_scenarios_end_earlier(void **state) {
  tanlu_test_place *p = *state;
  assert_int_equal(tanlu_test_write_file(p->directory, "short.yaml",
                                         "name: short\nparent: ./probe.yaml\nyears: {from: 2020, to: 2025}\n"),
                   0);
  tanlu(&p->run, p->directory, "run", "--quiet", "-o", "mixed.h5", "./probe.yaml", "./short.yaml");
  expect_status(&p->run, 0);
  tanlu(&p->run, p->directory, "report", "-o", "mixed.html", "mixed.h5"); /* the last one is the main one */
  expect_status(&p->run, 0);
  char *page = tanlu_test_read_file(p->directory, "mixed.html");
  assert_non_null(page);
  expect_well_formed(page);
  assert_non_null(strstr(page, "Energy of short in 2025"));
  assert_non_null(strstr(page, "Scenario short."));
  assert_null(strstr(page, "nan,"));
  assert_null(strstr(page, ">nan"));
  free(page);
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "-s", "short", "-y", "2026", "mixed.h5");
  expect_nothing(p, 2, "--year 2026 is outside the years of scenario 'short', 2020 to 2025");
}

static void curves_of_others_are_drawn(void **state) {
  tanlu_test_place *p = *state;
  assert_int_equal(tanlu_test_write_file(p->directory, "o.csv",
                                         "Model,Scenario,Region,Variable,Unit,2020,2030\n"
                                         "Other <model>,A & B,CHN,Emissions|CO2,Gt CO2/yr,0.1,0.2\n"
                                         "Other <model>,A & B,CHN,Temperature,K,1,2\n"
                                         "Other <model>,A & B,World,Emissions|CO2,Gt CO2/yr,1,2\n"),
                   0);
  tanlu(&p->run, p->directory, "report", "--overlay", "o.csv", "--region", "CHN", "-o", "o.html", "probe.h5");
  expect_status(&p->run, 0);
  expect_err(&p->run, "o.csv: 1 rows of variables that results do not have are not drawn (Temperature, ...)");
  expect_err(&p->run, "o.csv: 1 rows of other regions than CHN are not drawn (World, ...)");
  char *page = tanlu_test_read_file(p->directory, "o.html");
  assert_non_null(page);
  expect_well_formed(page);
  expect_ids_once(page);
  assert_non_null(strstr(page, ">Against other projections</h2>"));
  assert_non_null(strstr(page, "Other &lt;model&gt;, A &amp; B"));
  assert_non_null(strstr(page, "id=\"figure-others-emissions-co2\""));
  free(page);
}

/* ---- wrong use ------------------------------------------------------------------------------------------------------------------- */

static void wrong_usage_is_refused(void **state) {
  tanlu_test_place *p = *state;
  tanlu(&p->run, p->directory, "report", "probe.h5");
  expect_nothing(p, 2, "expected --output FILE, --figures DIR or both");
  tanlu(&p->run, p->directory, "report", "-o", "r.html");
  expect_nothing(p, 2, "expected a result file");
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "--region", "CHN", "probe.h5");
  expect_nothing(p, 2, "--region goes with --overlay");
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "missing.h5");
  expect_nothing(p, 2, "missing.h5: error: no such file");
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "probe.yaml");
  expect_nothing(p, 2, "probe.yaml: error: ");
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "-s", "prob", "probe.h5");
  expect_nothing(p, 2, "probe.h5: error: has no scenario 'prob'; did you mean 'probe'?");
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "-s", "probe", "-s", "probe", "probe.h5");
  expect_nothing(p, 2, "scenario 'probe' is given twice");
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "-y", "2061", "probe.h5");
  expect_nothing(p, 2, "--year 2061 is outside the years of scenario 'probe', 2020 to 2030");
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "-y", "soon", "probe.h5");
  expect_nothing(p, 2, "soon");
  tanlu(&p->run, p->directory, "report", "-o", "no/such/place/r.html", "probe.h5");
  expect_nothing(p, 4, "no/such/place/r.html: error: ");
  tanlu(&p->run, p->directory, "report", "--figures", "no/such/figures", "-o", "r.html", "probe.h5");
  expect_nothing(p, 4, "error: ");
}

/* Not even with --force over what the page is made of. */
static void inputs_are_not_overwritten(void **state) {
  tanlu_test_place *p = *state;
  char path[TANLU_TEST_PATH + 32];
  struct stat before, after;
  path_of(p, "probe.h5", path);
  assert_int_equal(stat(path, &before), 0);
  tanlu(&p->run, p->directory, "report", "-f", "-o", "./probe.h5", "probe.h5");
  expect_nothing(p, 2, "./probe.h5: error: is read for this report");
  assert_int_equal(stat(path, &after), 0);
  assert_true(before.st_size == after.st_size && before.st_ino == after.st_ino);
  assert_int_equal(tanlu_test_write_file(p->directory, "o.csv", "Model,Scenario,Region,Variable,Unit,2020\n"), 0);
  tanlu(&p->run, p->directory, "report", "-f", "-o", "o.csv", "--overlay", "o.csv", "probe.h5");
  expect_nothing(p, 2, "o.csv: error: is read for this report");
}

/* A converter that signals us, once, in the middle of the figures: no file is left, also not under another name. Without a converter that is
 * said once, and not at all with --quiet. */
static void signals_leave_nothing(void **state) {
  tanlu_test_place *p = *state;
  char tools[TANLU_TEST_PATH + 32], script[TANLU_TEST_PATH + 64];
  const char *path = getenv("PATH");
  char *saved = strdup(path != NULL ? path : "");
  path_of(p, "tools", tools);
  assert_int_equal(mkdir(tools, 0777), 0);
  assert_int_equal(tanlu_test_write_file(
                       tools, "rsvg-convert",
                       "#!/bin/sh\n(set -C; : > \"${0%/*}/once\") 2>/dev/null && kill -TERM $PPID\necho picture\n"),
                   0);
  (void)snprintf(script, sizeof script, "%s/rsvg-convert", tools);
  assert_int_equal(chmod(script, 0755), 0);
  assert_int_equal(setenv("PATH", tools, 1), 0);
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "--figures", "figures", "probe.h5");
  expect_nothing(p, 128 + SIGTERM, "stopped");
  assert_int_equal(unlink(script), 0);
  tanlu(&p->run, p->directory, "report", "--figures", "none", "probe.h5");
  expect_status(&p->run, 0);
  assert_int_equal(tanlu_test_count(p->run.err, "librsvg2-bin"), 1);
  tanlu(&p->run, p->directory, "report", "-qf", "--figures", "none", "probe.h5");
  expect_status(&p->run, 0);
  assert_string_equal(p->run.err, "");
  assert_int_equal(setenv("PATH", saved, 1), 0);
  free(saved);
}

static void cut_files_are_refused(void **state) {
  tanlu_test_place *p = *state;
  char path[TANLU_TEST_PATH + 32];
  struct stat whole;
  path_of(p, "cut.h5", path);
  for (int part = 1; part < 10; part += 2) {
    tanlu(&p->run, p->directory, "run", "--quiet", "--force", "-o", "cut.h5", "./probe.yaml");
    assert_int_equal(stat(path, &whole), 0);
    assert_int_equal(truncate(path, whole.st_size * part / 10), 0);
    tanlu(&p->run, p->directory, "report", "-o", "r.html", "cut.h5");
    assert_true(p->run.status == 2 || p->run.status == 4);
    expect_nothing(p, p->run.status, "cut.h5: error: ");
  }
}

static void wrong_curves_are_refused(void **state) {
  tanlu_test_place *p = *state;
  static const struct {
    const char *row, *message;
  } wrong[] = {
      {"M,S,China,Emissions|CO2,Mt CO2/yr,1,x\n", "w.csv:2:7: error: "},
      {"M,S,China,Emissions|CO2,PJ/yr,1,2\n", "w.csv:2: error: unit 'PJ/yr'"},
      {"M,S,China,Emissions|CO2,Mt CO2/yr,1,2\nM,S,China,Emissions|CO2,Mt CO2/yr,1,2\n",
       "w.csv:3: error: duplicate value"},
      {"M,S,World,Emissions|CO2,Mt CO2/yr,1,2\n",
       "w.csv: error: has no row of the region 'China'; expected one, or --region with one such as 'World'"},
      {"M,S,China,Temperature,K,1,2\n", "w.csv: error: has no variable that results have ('Temperature', ...)"},
      {"", "w.csv: error: has no variable that results have"}};
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    char text[256];
    (void)snprintf(text, sizeof text, "Model,Scenario,Region,Variable,Unit,2020,2030\n%s", wrong[k].row);
    assert_int_equal(tanlu_test_write_file(p->directory, "w.csv", text), 0);
    tanlu(&p->run, p->directory, "report", "--overlay", "w.csv", "-o", "r.html", "probe.h5");
    expect_nothing(p, 2, wrong[k].message);
  }
}

/* The file of a sweep makes a page too, without the options of a run. */
static void sweeps_are_reported(void **state) {
  tanlu_test_place *p = *state;
  assert_int_equal(tanlu_test_write_file(p->directory, "s.yaml",
                                         "name: s\nscenario: ./probe.yaml\ndesign: lhs\nsamples: 16\nseed: 1\n"
                                         "parameters:\n  - {label: wind, path: power.mix.wind.2030, mode: replace, "
                                         "distribution: {uniform: [0.05, 0.12]}}\nkeep: indicators\n"),
                   0);
  tanlu(&p->run, p->directory, "sweep", "--quiet", "-o", "s.h5", "s.yaml");
  expect_status(&p->run, 0);
  tanlu(&p->run, p->directory, "report", "-o", "s.html", "s.h5");
  expect_status(&p->run, 0);
  char *page = tanlu_test_read_file(p->directory, "s.html");
  assert_non_null(page);
  expect_well_formed(page);
  expect_ids_once(page);
  assert_non_null(strstr(page, ">Provenance</h2>"));
  free(page);
  static const char *const option[][2] = {{"-s", "probe"}, {"-y", "2030"}, {"--overlay", "o.csv"}};
  for (size_t k = 0; k < sizeof option / sizeof *option; k++) {
    tanlu(&p->run, p->directory, "report", option[k][0], option[k][1], "-o", "r.html", "s.h5");
    expect_nothing(p, 2, "goes with the file of a run");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_page_is_complete),
      cmocka_unit_test(stacks_add_up),
      cmocka_unit_test(figures_are_written),
      cmocka_unit_test(a_page_without_the_dataset_says_so),
      cmocka_unit_test(shorter_scenarios_end_earlier),
      cmocka_unit_test(curves_of_others_are_drawn),
      cmocka_unit_test(wrong_usage_is_refused),
      cmocka_unit_test(inputs_are_not_overwritten),
      cmocka_unit_test(signals_leave_nothing),
      cmocka_unit_test(cut_files_are_refused),
      cmocka_unit_test(wrong_curves_are_refused),
      cmocka_unit_test(sweeps_are_reported),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
