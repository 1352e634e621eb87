/* tanlu report on the file of a run by region: 31 provinces on their tiles, and grids, which have no places.
 *
 * Oracles: the numbers of the result file as the library reads them; places of regions.csv of the statistics; what regions send each other
 * adds up to nothing; shares add up to 100 %. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/region_data.h"
#include "tests/picture_support.h"
#include "tests/program_support.h"

enum { REGIONS = 31, YEARS = 13, LINKS = 24, CELLS = 8, LINE = 512 };

typedef struct {
  tanlu_test_place *place;
  tanlu_context *context;
  tanlu_result *result;
  tanlu_run_data run;
  tanlu_region_data data;
} fixture;
static fixture f;

#define SCENARIO(name, regions)                                                                                        \
  "name: " name "\nparent: dual-carbon-42\nyears: {to: 2032}\nregions: {statistics: china-2020" regions "}\n"

static int set_up(void **state) {
  if (tanlu_test_program_place_set_up(state) != 0) return 1;
  tanlu_test_place *p = f.place = *state;
  char path[TANLU_TEST_PATH + 16];
  if (tanlu_test_write_file(p->directory, "one.yaml", SCENARIO("one", "")) != 0 ||
      tanlu_test_write_file(p->directory, "two.yaml", SCENARIO("two", ", lead: regions")) != 0 ||
      tanlu_test_write_file(p->directory, "grids.yaml", SCENARIO("grids", ", level: grid")) != 0) {
    return 1;
  }
  tanlu(&p->run, p->directory, "run", "-q", "-o", "p.h5", "./one.yaml", "./two.yaml");
  if (p->run.status != 0) return 1;
  tanlu(&p->run, p->directory, "report", "-o", "p.html", "--figures", "figures", "--formats", "csv,svg", "p.h5");
  if (p->run.status != 0) fputs(p->run.err, stderr);
  if (p->run.status != 0) return 1;
  (void)snprintf(path, sizeof path, "%s/p.h5", p->directory);
  static const char *const main[] = {"one", "two"};
  f.context = tanlu_context_create();
  if (tanlu_result_open(&f.result, path, f.context) != TANLU_OK) return 1;
  if (tanlu_run_data_read(&f.run, f.result, main, 2, f.context) != TANLU_OK) return 1;
  return tanlu_region_data_read(&f.data, &f.run, f.context) == TANLU_OK ? 0 : 1;
}

static int tear_down(void **state) {
  tanlu_region_data_clear(&f.data);
  tanlu_run_data_clear(&f.run);
  tanlu_result_close(&f.result);
  tanlu_context_free(&f.context);
  return tanlu_test_place_tear_down(state);
}

/* ---- CSV of figures --------------------------------------------------------------------------------------------------------- */

typedef void taker(char *cell[CELLS], size_t line, void *user);

/* Cells of a line: commas within quotes part nothing, quotes stay. */
static void split(char *line, char *cell[CELLS]) {
  size_t count = 0;
  bool quoted = false;
  cell[count++] = line;
  for (char *at = line; *at != '\0' && count < CELLS; at++) {
    if (*at == '"') quoted = !quoted;
    if (*at != ',' || quoted) continue;
    *at = '\0';
    cell[count++] = at + 1;
  }
}

/* Calls `take` with the cells of every line but the first; returns the lines. */
static size_t each_line(const char *figure, taker *take, void *user) {
  char name[96], line[LINE];
  (void)snprintf(name, sizeof name, "figures/%s.csv", figure);
  char *text = tanlu_test_read_file(f.place->directory, name);
  size_t count = 0;
  assert_non_null(text);
  for (const char *at = strchr(text, '\n') + 1; *at != '\0'; count++) {
    const size_t length = strcspn(at, "\r\n");
    char *cell[CELLS] = {0};
    assert_true(length < LINE);
    (void)snprintf(line, sizeof line, "%.*s", (int)length, at);
    split(line, cell);
    take(cell, count, user);
    at += length + strspn(at + length, "\r\n");
  }
  free(text);
  return count;
}

static size_t region_of(const char *name) {
  for (size_t r = 0; r < REGIONS; r++) {
    if (strcmp(f.data.label->name[r], name) == 0) return r;
  }
  fail_msg("no region '%s'", name);
  return 0;
}

static void near(const char *found, double expected) {
  const double value = strtod(found, NULL);
  if (!(fabs(value - expected) <= 1e-9 * fmax(1.0, fabs(expected)))) fail_msg("%s instead of %.15g", found, expected);
}

/* Of the region in the file, scenario `place`, year `t`, read apart from what the report reads. */
static double number(const char *code, size_t place, size_t r, size_t t) {
  const tanlu_result_variable *v = NULL;
  assert_int_equal(tanlu_result_variable_read(f.result, "regional_indicator_value", &v, f.context), TANLU_OK);
  const size_t k = tanlu_labels_find(tanlu_result_labels(f.result, "indicator"), code);
  assert_true(k < v->extent[3] && v->extent[1] == REGIONS && v->extent[2] == YEARS);
  return v->value[((place * REGIONS + r) * YEARS + t) * v->extent[3] + k];
}

/* ---- numbers ---------------------------------------------------------------------------------------------------------------- */

static void expect_path(char *cell[CELLS], size_t line, void *user) {
  const size_t r = region_of(cell[0]), place = strcmp(cell[1], "two") == 0 ? 1 : 0;
  (void)user;
  if (line == 0) assert_string_equal(cell[4], "100");
  near(cell[4],
       100.0 * number("co2_energy", place, r, (size_t)atoi(cell[2]) - 2020) / number("co2_energy", place, r, 0));
}

static void paths_are_those_of_the_file(void **state) {
  (void)state;
  assert_int_equal(each_line("regions-paths", expect_path, NULL), 2 * REGIONS * YEARS);
}

static size_t year_of(const char *panel) {
  return (size_t)atoi(panel) - 2020;
}

/* The main scenario is the last one, `two`; panels are years. Tiles stand in x and, as low, y. */
static void expect_tile(char *cell[CELLS], size_t line, void *user) {
  const size_t r = region_of(cell[3]);
  const char *code = user;
  (void)line;
  near(cell[2], f.data.tile[r]);
  near(cell[5], f.data.tile[REGIONS + r]);
  if (strcmp(code, "change") == 0) {
    near(cell[4], 100.0 * (number("co2_energy", 1, r, 12) / number("co2_energy", 1, r, 0) - 1.0));
  } else if (strcmp(code, "peak_year") == 0) {
    size_t peak = 0;
    for (size_t t = 1; t < YEARS; t++) {
      if (number("co2_energy", 1, r, t) > number("co2_energy", 1, r, peak)) peak = t;
    }
    if (peak + 1 < YEARS) near(cell[4], 2020.0 + (double)peak);
    if (peak + 1 == YEARS) assert_string_equal(cell[4], "");
  } else {
    near(cell[4], (strcmp(code, "co2_per_head") == 0 ? 1.0 : 100.0) * number(code, 1, r, year_of(cell[0])));
  }
}

static void maps_are_those_of_the_file(void **state) {
  (void)state;
  char per_head[] = "co2_per_head", clean[] = "nonfossil_generation_share", change[] = "change", peak[] = "peak_year";
  assert_int_equal(each_line("regions-per-person", expect_tile, per_head), 3 * REGIONS);
  assert_int_equal(each_line("regions-nonfossil-generation", expect_tile, clean), 3 * REGIONS);
  assert_int_equal(each_line("regions-change", expect_tile, change), REGIONS);
  assert_int_equal(each_line("regions-peak-year", expect_tile, peak), REGIONS);
}

static void add_share(char *cell[CELLS], size_t line, void *user) {
  double *sum = user;
  (void)line;
  sum[3 * region_of(cell[0]) + (size_t)atoi(cell[2])] += strtod(cell[4], NULL);
}

static void generation_is_whole(void **state) {
  (void)state;
  double sum[3 * REGIONS] = {0};
  assert_true(each_line("regions-generation", add_share, sum) >= 7 * 3 * REGIONS);
  for (size_t k = 0; k < 3 * REGIONS; k++) {
    if (!(fabs(sum[k] - 100.0) < 1e-9)) fail_msg("%s: %.15g %%", f.data.label->name[k / 3], sum[k]);
  }
}

/* ---- what moves between regions --------------------------------------------------------------------------------------------- */

typedef struct {
  const double *flow; /* from, to */
  double least;
  bool drawn[REGIONS][REGIONS];
} links;

static const double *flow_at(const char *name, size_t t) {
  const tanlu_result_variable *v = NULL;
  assert_int_equal(tanlu_result_variable_read(f.result, name, &v, f.context), TANLU_OK);
  return v->value + (YEARS + t) * REGIONS * REGIONS;
}

static void take_link(char *cell[CELLS], size_t line, void *user) {
  links *l = user;
  const size_t from = region_of(cell[0]), to = region_of(cell[1]);
  (void)line;
  assert_false(l->drawn[from][to]);
  near(cell[2], l->flow[from * REGIONS + to]);
  l->drawn[from][to] = true;
  l->least = fmin(l->least, l->flow[from * REGIONS + to]);
}

static void the_largest_links_are_drawn(void **state) {
  (void)state;
  static const size_t year[] = {0, 12};
  static const char *const figure[] = {"regions-electricity-2020", "regions-electricity-2032"};
  for (size_t i = 0; i < 2; i++) {
    links l = {.flow = flow_at("regional_electricity", year[i]), .least = HUGE_VAL};
    assert_int_equal(each_line(figure[i], take_link, &l), LINKS);
    for (size_t k = 0; k < REGIONS * REGIONS; k++) {
      assert_true(l.drawn[k / REGIONS][k % REGIONS] || l.flow[k] <= l.least);
    }
  }
}

typedef struct {
  const char *name;
  double factor, sum[2], size;
} net;

static void take_net(char *cell[CELLS], size_t line, void *user) {
  net *n = user;
  const size_t p = region_of(cell[3]), t = year_of(cell[0]);
  const double *flow = flow_at(n->name, t);
  double value = 0.0;
  (void)line;
  for (size_t q = 0; q < REGIONS; q++) value += flow[p * REGIONS + q] - flow[q * REGIONS + p];
  near(cell[4], n->factor * value);
  n->sum[t > 0] += strtod(cell[4], NULL);
  n->size += fabs(strtod(cell[4], NULL));
}

static void what_is_sent_is_received(void **state) {
  (void)state;
  net electricity = {.name = "regional_electricity", .factor = 1.0}, money = {.name = "regional_trade", .factor = 1e-4};
  assert_int_equal(each_line("regions-electricity-net", take_net, &electricity), 2 * REGIONS);
  assert_int_equal(each_line("regions-trade-net", take_net, &money), 2 * REGIONS);
  for (size_t i = 0; i < 2; i++) {
    assert_true(fabs(electricity.sum[i]) < 1e-9 * electricity.size && fabs(money.sum[i]) < 1e-9 * money.size);
  }
  assert_true(electricity.size > 1000.0 && money.size > 1.0);
}

/* ---- pictures --------------------------------------------------------------------------------------------------------------- */

/* Titles of panels one column on are one step to the right; one row on, one step down. */
static void panels_lie_on_their_tiles(void **state) {
  (void)state;
  static const char *const figure[] = {"figures/regions-paths.svg", "figures/regions-generation.svg"};
  for (size_t i = 0; i < 2; i++) {
    char *svg = tanlu_test_read_file(f.place->directory, figure[i]);
    assert_non_null(svg);
    assert_null(tanlu_test_xml_fault(svg));
    const size_t base = region_of("Shanxi"), right = region_of("Hebei"), under = region_of("Henan");
    assert_true(f.data.tile[right] == f.data.tile[base] + 1.0 && f.data.tile[under] == f.data.tile[base]);
    const double x = tanlu_test_text_at(svg, "Shanxi", 'x'), y = tanlu_test_text_at(svg, "Shanxi", 'y');
    const double step = tanlu_test_text_at(svg, "Hebei", 'x') - x, down = tanlu_test_text_at(svg, "Henan", 'y') - y;
    assert_true(step > 60.0 && down > 60.0);
    for (size_t r = 0; r < REGIONS; r++) {
      const char *name = f.data.label->name[r];
      if (strchr(name, ' ') != NULL) continue; /* in two lines */
      const double column = f.data.tile[r] - f.data.tile[base];
      const double row = f.data.tile[REGIONS + r] - f.data.tile[REGIONS + base];
      assert_true(fabs(tanlu_test_text_at(svg, name, 'x') - x - column * step) < 0.1);
      assert_true(fabs(tanlu_test_text_at(svg, name, 'y') - y - row * down) < 0.1);
    }
    free(svg);
  }
}

static void a_page_has_the_chapter(void **state) {
  (void)state;
  char *page = tanlu_test_read_file(f.place->directory, "p.html");
  assert_non_null(page);
  static const char *const part[] = {
      ">Regions</h2>",
      "31 regions of the statistics china-2020, each projected",
      "Regions lead: what they project by themselves stands",
      "sums over regions differ from the nation by at most",
      "Electricity between regions",
      "The largest links of 2032, TWh as received",
      "Regions of two, the largest emitters first",
      "GDP per head, 10³ CNY, 2032",
      "<th scope=\"row\">Nation, by itself</th>",
      "a dash where that is the last year",
  };
  for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
    if (strstr(page, part[k]) == NULL) fail_msg("the page has no '%s'", part[k]);
  }
  free(page);
  tanlu(&f.place->run, f.place->directory, "report", "-o", "one.html", "-s", "one", "p.h5");
  expect_status(&f.place->run, 0);
  page = tanlu_test_read_file(f.place->directory, "one.html");
  assert_non_null(strstr(page, "The nation leads: what regions project by themselves is scaled to it"));
  assert_non_null(strstr(page, "Regions of one, the largest emitters first"));
  free(page);
}

/* Grids have no places: panels one after the other in rows about alike (4 and 3), bars instead of maps, no peak years. */
static void without_places_there_is_a_plain_grid(void **state) {
  (void)state;
  tanlu_test_place *p = f.place;
  tanlu(&p->run, p->directory, "run", "-q", "-o", "g.h5", "./grids.yaml");
  expect_status(&p->run, 0);
  tanlu(&p->run, p->directory, "report", "-o", "g.html", "--figures", "grids", "--formats", "svg", "g.h5");
  expect_status(&p->run, 0);
  assert_false(tanlu_test_exists(p->directory, "grids/regions-peak-year.svg"));
  char *svg = tanlu_test_read_file(p->directory, "grids/regions-paths.svg");
  assert_non_null(svg);
  const double y = tanlu_test_text_at(svg, "Northeast grid", 'y'), x = tanlu_test_text_at(svg, "Northeast grid", 'x');
  assert_true(fabs(tanlu_test_text_at(svg, "Central China grid", 'y') - y) < 0.1);
  assert_true(tanlu_test_text_at(svg, "Northwest grid", 'y') > y + 60.0);
  assert_true(fabs(tanlu_test_text_at(svg, "Southwest grid", 'x') - x) < 0.1);
  free(svg);
  svg = tanlu_test_read_file(p->directory, "grids/regions-per-person.svg");
  assert_non_null(strstr(svg, "Bar chart"));
  free(svg);
  char *page = tanlu_test_read_file(p->directory, "g.html");
  assert_non_null(strstr(page, "7 regions, grouped by grid, of the statistics china-2020"));
  free(page);
}

/* A few regions have panels with axes of their own, as small multiples elsewhere. */
static void a_few_regions_have_panels_of_their_own(void **state) {
  (void)state;
  tanlu_test_place *p = f.place;
  assert_int_equal(tanlu_test_write_file(p->directory, "areas.yaml", SCENARIO("areas", ", level: area")), 0);
  tanlu(&p->run, p->directory, "run", "-q", "-o", "a.h5", "./areas.yaml");
  expect_status(&p->run, 0);
  tanlu(&p->run, p->directory, "report", "-o", "a.html", "--figures", "areas", "--formats", "svg", "a.h5");
  expect_status(&p->run, 0);
  char *page = tanlu_test_read_file(p->directory, "a.html");
  assert_non_null(strstr(page, "regions, grouped by area, of the statistics china-2020"));
  free(page);
  char *svg = tanlu_test_read_file(p->directory, "areas/regions-generation.svg");
  assert_non_null(strstr(svg, ">2030</text>")); /* the name of every bar */
  free(svg);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(paths_are_those_of_the_file),
      cmocka_unit_test(maps_are_those_of_the_file),
      cmocka_unit_test(generation_is_whole),
      cmocka_unit_test(the_largest_links_are_drawn),
      cmocka_unit_test(what_is_sent_is_received),
      cmocka_unit_test(panels_lie_on_their_tiles),
      cmocka_unit_test(a_page_has_the_chapter),
      cmocka_unit_test(without_places_there_is_a_plain_grid),
      cmocka_unit_test(a_few_regions_have_panels_of_their_own),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
