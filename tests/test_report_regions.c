/* tanlu report on datasets of regions.
 *
 * Oracles: figures hold the very numbers that `tanlu embodied --csv` writes, and sums of them; shares of a region add up to 100 %; per head
 * is production over the population of regions.csv. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"

enum { PROVINCES = 31, CODE = 64, CELLS = 12, LINE = 512 };

/* What embodied says of the provinces, and what they are called. */
typedef struct {
  tanlu_test_place *place;
  char code[PROVINCES][CODE], name[PROVINCES][CODE];
  double flow[PROVINCES][PROVINCES + 2]; /* from, to; abroad and discrepancy last */
} provinces;

static provinces all;

/* Cells of a line, how many; a quoted one keeps its quotes. */
static size_t split(char *line, char *cell[CELLS]) {
  size_t count = 0;
  line[strcspn(line, "\r\n")] = '\0';
  for (char *at = line; at != NULL && count < CELLS; count++) {
    cell[count] = at;
    if (*at == '"') at = strchr(at + 1, '"');
    at = at != NULL ? strchr(at, ',') : NULL;
    if (at != NULL) *at++ = '\0';
  }
  return count;
}

/* Calls `take` with the cells of every line of a file but the first; returns the lines. */
static size_t each_line(const char *file, void (*take)(char *cell[CELLS], size_t line, void *user), void *user) {
  char *text = tanlu_test_read_file(all.place->directory, file), line[LINE];
  size_t count = 0;
  assert_non_null(text);
  for (const char *at = strchr(text, '\n') + 1; *at != '\0';) {
    const size_t length = strcspn(at, "\n");
    char *cell[CELLS] = {0};
    assert_true(length < LINE);
    (void)snprintf(line, sizeof line, "%.*s", (int)length, at);
    if (split(line, cell) > 1) take(cell, count++, user);
    at += length + (at[length] == '\n');
  }
  free(text);
  return count;
}

static void keep(char to[CODE], const char *text) {
  assert_true(strlen(text) < CODE);
  memcpy(to, text, strlen(text) + 1);
}

static size_t place_of(char list[PROVINCES][CODE], const char *text) {
  for (size_t k = 0; k < PROVINCES; k++) {
    if (strcmp(list[k], text) == 0) return k;
  }
  fail_msg("no '%s'", text);
  return 0;
}

static void take_flow(char *cell[CELLS], size_t line, void *user) {
  (void)user;
  if (line < PROVINCES) keep(all.code[line], cell[0]);
  all.flow[line % PROVINCES][line / PROVINCES] = strtod(cell[4], NULL);
}

static void take_name(char *cell[CELLS], size_t line, void *user) {
  (void)line;
  (void)user;
  if (strcmp(cell[0], "region") == 0) keep(all.name[place_of(all.code, cell[1])], cell[2]);
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  tanlu_test_place *p = *state;
  all.place = p;
  tanlu(&p->run, p->directory, "regionalise", "-o", "provinces", "china-2020-42");
  if (p->run.status != 0) return 1;
  tanlu(&p->run, p->directory, "regionalise", "--level", "grid", "-o", "grids", "china-2020-42");
  if (p->run.status != 0) return 1;
  tanlu(&p->run, p->directory, "embodied", "--csv", "flows.csv", "./provinces");
  if (p->run.status != 0) return 1;
  tanlu(&p->run, p->directory, "report", "-o", "p.html", "--figures", "figures", "--formats", "csv,svg", "./provinces");
  if (p->run.status != 0) return 1;
  assert_int_equal(each_line("flows.csv", take_flow, NULL), PROVINCES * (PROVINCES + 2));
  (void)each_line("provinces/groups.csv", take_name, NULL);
  return 0;
}

static void near(double found, double expected, double size) {
  if (!(fabs(found - expected) <= 1e-9 * size)) fail_msg("%.15g instead of %.15g", found, expected);
}

/* ---- numbers -------------------------------------------------------------------------------------------------------------- */

static void expect_cell(char *cell[CELLS], size_t line, void *user) {
  const size_t from = place_of(all.name, cell[1]), to = place_of(all.name, cell[3]);
  (void)line;
  if (from == to) {
    assert_string_equal(cell[4], ""); /* what it emits for itself is not drawn */
  } else {
    assert_true(strtod(cell[4], NULL) == all.flow[from][to]); /* the same digits */
    *(double *)user += all.flow[from][to];
  }
}

static void the_matrix_is_that_of_embodied(void **state) {
  (void)state;
  double sum = 0.0;
  assert_int_equal(each_line("figures/regions-matrix.csv", expect_cell, &sum), PROVINCES * PROVINCES);
  assert_true(sum > 1000.0);
}

typedef struct {
  double least;
  bool drawn[PROVINCES][PROVINCES];
} largest;

static void take_link(char *cell[CELLS], size_t line, void *user) {
  largest *l = user;
  const size_t from = place_of(all.name, cell[0]), to = place_of(all.name, cell[1]);
  const double value = strtod(cell[2], NULL);
  (void)line;
  assert_true(value == all.flow[from][to] && !l->drawn[from][to]);
  l->drawn[from][to] = true;
  l->least = fmin(l->least, value);
}

static void flows_are_the_largest(void **state) {
  (void)state;
  largest l = {.least = HUGE_VAL};
  assert_int_equal(each_line("figures/regions-flows.csv", take_link, &l), 24);
  for (size_t p = 0; p < PROVINCES; p++) {
    for (size_t q = 0; q < PROVINCES; q++) assert_true(p == q || l.drawn[p][q] || all.flow[p][q] <= l.least);
  }
}

static double sum_from(size_t p) {
  double sum = 0.0;
  for (size_t q = 0; q < PROVINCES + 2; q++) sum += all.flow[p][q];
  return sum;
}

static double sum_to(size_t q) {
  double sum = 0.0;
  for (size_t p = 0; p < PROVINCES; p++) sum += all.flow[p][q];
  return sum;
}

static void expect_side(char *cell[CELLS], size_t line, void *user) {
  const size_t p = place_of(all.name, cell[3]);
  const bool production = strcmp(cell[1], "Production") == 0;
  (void)line;
  (void)user;
  near(strtod(cell[4], NULL), production ? sum_from(p) : sum_to(p), sum_from(p));
}

static void expect_net(char *cell[CELLS], size_t line, void *user) {
  const size_t p = place_of(all.name, cell[3]);
  double net = 0.0;
  (void)line;
  for (size_t q = 0; q < PROVINCES; q++) net += all.flow[p][q] - all.flow[q][p];
  near(strtod(cell[4], NULL), net, sum_from(p));
  *(double *)user += net;
}

static void production_consumption_and_net_add_up(void **state) {
  (void)state;
  double net = 0.0;
  assert_int_equal(each_line("figures/regions-consumption.csv", expect_side, NULL), 2 * PROVINCES);
  assert_int_equal(each_line("figures/regions-net-trade.csv", expect_net, &net), PROVINCES);
  near(net, 0.0, 1e4);
}

typedef struct {
  double people[PROVINCES], x[PROVINCES], y[PROVINCES];
} told;

static void take_told(char *cell[CELLS], size_t line, void *user) {
  told *t = user;
  const size_t p = place_of(all.code, cell[0]);
  (void)line;
  t->people[p] = strtod(cell[4], NULL);
  t->x[p] = strtod(cell[9], NULL);
  t->y[p] = strtod(cell[10], NULL);
}

static void expect_per_head(char *cell[CELLS], size_t line, void *user) {
  const told *t = user;
  const size_t p = place_of(all.name, cell[3]);
  (void)line;
  near(strtod(cell[4], NULL), 1e6 * sum_from(p) / t->people[p], 100.0); /* Mt to t */
  assert_string_equal(cell[7], "t");
  assert_true(strtod(cell[2], NULL) == t->x[p] && strtod(cell[5], NULL) == t->y[p]);
}

/* The statistics count 10^4 persons, the dataset persons: 1.4 billion in all. */
static void per_head_is_of_the_population(void **state) {
  (void)state;
  told t;
  double people = 0.0;
  assert_int_equal(each_line("provinces/regions.csv", take_told, &t), PROVINCES);
  for (size_t p = 0; p < PROVINCES; p++) people += t.people[p];
  assert_true(people > 1.40e9 && people < 1.42e9);
  assert_int_equal(each_line("figures/regions-per-head.csv", expect_per_head, &t), PROVINCES);
}

/* Effects add up to differences, which are those of consumption per head from the nation's. */
typedef struct {
  double people[PROVINCES], effects[PROVINCES], difference[PROVINCES];
} reasons;

static void take_people(char *cell[CELLS], size_t line, void *user) {
  (void)line;
  ((reasons *)user)->people[place_of(all.code, cell[0])] = 1e-6 * strtod(cell[4], NULL);
}

static void take_reason(char *cell[CELLS], size_t line, void *user) {
  reasons *r = user;
  (void)line;
  double *sum = strcmp(cell[1], "Difference") == 0 ? r->difference : r->effects;
  sum[place_of(all.name, cell[3])] += strtod(cell[4], NULL);
}

static void reasons_add_up(void **state) {
  (void)state;
  reasons r = {0};
  double consumed[PROVINCES] = {0}, whole = 0.0, people = 0.0;
  assert_int_equal(each_line("provinces/regions.csv", take_people, &r), PROVINCES);
  assert_int_equal(each_line("figures/regions-reasons.csv", take_reason, &r), 7 * PROVINCES);
  for (size_t q = 0; q < PROVINCES; q++) {
    for (size_t p = 0; p < PROVINCES; p++) consumed[q] += all.flow[p][q];
    whole += consumed[q];
    people += r.people[q];
  }
  for (size_t q = 0; q < PROVINCES; q++) {
    near(r.difference[q], consumed[q] / r.people[q] - whole / people, 1.0);
    near(r.effects[q], r.difference[q], 1.0);
  }
}

static void add_share(char *cell[CELLS], size_t line, void *user) {
  (void)line;
  ((double *)user)[place_of(all.name, cell[3])] += strtod(cell[4], NULL);
}

static void shares_add_up(void **state) {
  (void)state;
  static const char *const file[] = {"figures/regions-branches.csv", "figures/regions-energy.csv"};
  for (size_t k = 0; k < 2; k++) {
    double sum[PROVINCES] = {0.0};
    assert_true(each_line(file[k], add_share, sum) >= 5 * PROVINCES);
    for (size_t p = 0; p < PROVINCES; p++) near(sum[p], 100.0, 100.0);
  }
}

/* ---- pages ---------------------------------------------------------------------------------------------------------------- */

static void expect_page(const tanlu_test_place *p, const char *name, const char *const *part, size_t parts) {
  char *page = tanlu_test_read_file(p->directory, name);
  assert_non_null(page);
  for (size_t k = 0; k < parts; k++) {
    if (strstr(page, part[k]) == NULL) print_error("%s has no %s\n", name, part[k]);
    assert_non_null(strstr(page, part[k]));
  }
  assert_null(strstr(page, ">nan"));
  free(page);
}

static void a_page_is_complete(void **state) {
  tanlu_test_place *p = *state;
  static const char *const part[] = {">Overview</h2>",
                                     ">Production against consumption</h2>",
                                     ">Who emits for whom</h2>",
                                     ">Structure of the regions</h2>",
                                     ">Adjustment of energy statistics</h2>",
                                     ">Assumptions and sources</h2>",
                                     ">Provenance</h2>",
                                     "Map of tiles of Per head in t",
                                     "Households consume in proportion to population",
                                     "0.7 gangue_burned + 0.3 washed_coal_burned",
                                     "regional_energy.csv"};
  expect_page(p, "p.html", part, sizeof part / sizeof *part);
  tanlu(&p->run, p->directory, "report", "-o", "again.html", "provinces");
  expect_status(&p->run, 0);
  char *page = tanlu_test_read_file(p->directory, "p.html"), *again = tanlu_test_read_file(p->directory, "again.html");
  assert_true(page != NULL && again != NULL);
  assert_string_equal(page, again);
  free(page);
  free(again);
}

/* Merged regions have no places: bars. A regions.csv by hand gives them some, and tells nothing else. */
static void without_places_there_are_bars(void **state) {
  tanlu_test_place *p = *state;
  static const char *const bars[] = {"Bar chart of Per head in t", "Tile chart of Share in CO₂ of the region"};
  static const char *const map[] = {"Map of tiles of Share in CO₂ of the region", "Per head is left out"};
  tanlu(&p->run, p->directory, "report", "-o", "bars.html", "grids");
  expect_status(&p->run, 0);
  expect_page(p, "bars.html", bars, 2);
  char *kept = tanlu_test_read_file(p->directory, "grids/regions.csv");
  assert_int_equal(tanlu_test_write_file(p->directory, "grids/regions.csv",
                                         "region,tile_x,tile_y\nnorth_grid,1,0\nnortheast_grid,2,0\neast_grid,2,1\n"
                                         "central_grid,1,1\nnorthwest_grid,0,0\nsouthwest_grid,0,1\nsouth_grid,1,2\n"),
                   0);
  tanlu(&p->run, p->directory, "report", "-o", "map.html", "-e", "electricity", "grids");
  expect_status(&p->run, 0);
  tanlu(&p->run, p->directory, "report", "-f", "-o", "map.html", "grids");
  expect_status(&p->run, 0);
  expect_page(p, "map.html", map, 2);
  assert_int_equal(tanlu_test_write_file(p->directory, "grids/regions.csv", kept), 0);
  free(kept);
}

/* `embodied --figure` draws the figure of the page, with the same tiles. */
static void embodied_draws_the_same_map(void **state) {
  tanlu_test_place *p = *state;
  tanlu(&p->run, p->directory, "embodied", "--figure", "net.svg", "./provinces");
  expect_status(&p->run, 0);
  char *own = tanlu_test_read_file(p->directory, "net.svg"),
       *page = tanlu_test_read_file(p->directory, "figures/regions-net-trade.svg");
  assert_true(own != NULL && page != NULL);
  assert_string_equal(own, page);
  free(own);
  free(page);
  tanlu(&p->run, p->directory, "embodied", "--figure", "net.svg", "./provinces");
  expect_status(&p->run, 2);
  expect_err(&p->run, "net.svg: error: exists already");
  tanlu(&p->run, p->directory, "embodied", "--level", "area", "--figure", "areas.svg", "./provinces");
  expect_status(&p->run, 0);
}

/* ---- wrong input ---------------------------------------------------------------------------------------------------------- */

static void expect_nothing(tanlu_test_place *p, const char *message) {
  expect_status(&p->run, 2);
  expect_err(&p->run, message);
  assert_false(tanlu_test_exists(p->directory, "bad.html"));
  assert_false(tanlu_test_exists(p->directory, "none"));
}

static void wrong_usage(void **state) {
  tanlu_test_place *p = *state;
  tanlu(&p->run, p->directory, "report", "-o", "bad.html", "--figures", "none", "china-2020-42");
  expect_nothing(p, "dataset china-2020-42 has no level 'region'");
  tanlu(&p->run, p->directory, "report", "-o", "bad.html", "-e", "co", "./provinces");
  expect_nothing(p, "has no extension 'co'; did you mean 'co2'?");
  tanlu(&p->run, p->directory, "report", "-o", "bad.html", "-y", "2030", "./provinces");
  expect_nothing(p, "is a dataset; --year goes with the file of a run");
  tanlu(&p->run, p->directory, "report", "-o", "bad.html", "./province");
  expect_nothing(p, "./province: error: no such file");
  tanlu(&p->run, p->directory, "run", "--quiet", "-o", "r.h5", "./probe.yaml");
  tanlu(&p->run, p->directory, "report", "-o", "bad.html", "-e", "co2", "r.h5");
  expect_nothing(p, "r.h5: error: is a result file; --extension goes with a dataset of regions");
  tanlu(&p->run, p->directory, "regionalise", "--accounts", "-o", "bare", "china-2020-42");
  expect_status(&p->run, 0);
  tanlu(&p->run, p->directory, "report", "-o", "bad.html", "bare");
  expect_nothing(p, "dataset bare has no extensions.csv");
}

static void wrong(tanlu_test_place *p, const char *file, const char *before, const char *after, const char *message) {
  char path[128];
  (void)snprintf(path, sizeof path, "provinces/%s", file);
  char *kept = tanlu_test_read_file(p->directory, path);
  assert_int_equal(tanlu_test_edit(p->directory, path, before, after), 0);
  tanlu(&p->run, p->directory, "report", "-o", "bad.html", "provinces");
  expect_nothing(p, message);
  assert_int_equal(tanlu_test_write_file(p->directory, path, kept), 0);
  free(kept);
}

static void wrong_files(void **state) {
  tanlu_test_place *p = *state;
  wrong(p, "regions.csv", "tianjin,", "tianjing,", "regions.csv:3:1: error: unknown region 'tianjing'");
  wrong(p, "regions.csv", "tianjin,", "beijing,", "regions.csv:3:1: error: duplicate region 'beijing'");
  wrong(p, "regions.csv", "\nxinjiang,", "\ntibet,", "duplicate region 'tibet'");
  wrong(p, "regions.csv", "\nxinjiang,", "\ntibet,", "regions.csv: error: missing region 'xinjiang'");
  wrong(p, "regions.csv", "tile_y", "tile_z", "regions.csv:1:");
  wrong(p, "regions.csv", ",5,2\r\nhebei", ",4,1\r\nhebei", "tile 4, 1 is that of another region too");
  wrong(p, "regions.csv", ",5,2\r\nhebei", ",5.5,2\r\nhebei", "'tile_x' is 5.5; expected a whole number");
  wrong(p, "regions.csv", ",5,2\r\nhebei", ",-1,2\r\nhebei", "'tile_x' is -1; expected 0 to 99");
  wrong(p, "regions.csv", ",21890000,", ",0,", "population is 0; expected persons, above 0");
  wrong(p, "regions.csv", ",21890000,", ",,", "regions.csv: error: no population of region 'beijing'");
  wrong(p, "regions.csv", ",21890000,", ",many,", "regions.csv:2:5: error: ");
  wrong(p, "regional_energy.csv", "beijing,raw_coal", "peking,raw_coal", "regional_energy.csv:2:1: error: ");
  wrong(p, "regional_energy.csv", "beijing,briquettes", "beijing,raw_coal", "duplicate carrier 'raw_coal'");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_matrix_is_that_of_embodied),
      cmocka_unit_test(flows_are_the_largest),
      cmocka_unit_test(production_consumption_and_net_add_up),
      cmocka_unit_test(per_head_is_of_the_population),
      cmocka_unit_test(reasons_add_up),
      cmocka_unit_test(shares_add_up),
      cmocka_unit_test(a_page_is_complete),
      cmocka_unit_test(without_places_there_are_bars),
      cmocka_unit_test(embodied_draws_the_same_map),
      cmocka_unit_test(wrong_usage),
      cmocka_unit_test(wrong_files),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
