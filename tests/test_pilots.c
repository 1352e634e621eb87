/* Pilot provinces and cities: the shipped figures, types, the paths that goals allowed, city accounts, and every wrong cell of their
 * files found at its place.
 *
 * Oracles: the published figures of Baoding worked by hand; LMDI of three factors written out; the identity that cities which make
 * up a province add up to it by every proxy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/goals_file.h"
#include "inputs/pilots_file.h"
#include "model/city_accounts.h"
#include "model/indicators.h"
#include "tests/support.h"

static const double missing = (double)NAN;
enum { FILES = 2, YEAR_2015 = 1, YEAR_2020 = 2 };

typedef struct {
  tanlu_context *context;
  tanlu_pilots pilots;
  tanlu_goals goals[FILES];
  const tanlu_goals *list[FILES];
} shipped;

static void near(double actual, double expected, double relative) {
  if (fabs(actual - expected) <= relative * fabs(expected)) return;
  print_error("%.17g, expected %.17g\n", actual, expected);
  fail();
}

static int read_shipped(void **state) {
  shipped *s = calloc(1, sizeof *s);
  if (s == NULL) return 1;
  *state = s;
  s->context = tanlu_context_create();
  s->list[0] = &s->goals[0];
  s->list[1] = &s->goals[1];
  const bool read = tanlu_pilots_read(&s->pilots, "inputs/policy/pilots.csv", "inputs/policy/pilot-panel.csv",
                                      s->context) == TANLU_OK &&
                    tanlu_goals_read(&s->goals[0], "inputs/policy/pilot-goals.csv", s->context) == TANLU_OK &&
                    tanlu_goals_read(&s->goals[1], "inputs/policy/goals.csv", s->context) == TANLU_OK;
  if (!read) tanlu_test_print_messages(s->context);
  return !read;
}

static int free_shipped(void **state) {
  shipped *s = *state;
  tanlu_pilots_clear(&s->pilots);
  for (size_t f = 0; f < FILES; f++) tanlu_goals_clear(&s->goals[f]);
  tanlu_context_free(&s->context);
  free(s);
  return 0;
}

static size_t find(const shipped *s, const char *code) {
  const size_t i = tanlu_labels_find(&s->pilots.label, code);
  if (i == TANLU_NONE) fail_msg("no pilot '%s'", code);
  return i;
}

/* ---- the shipped figures --------------------------------------------------------------------------------------------------- */

/* 42 pilots (13 of the first batch: 5 provinces, 2 municipalities, 6 cities) and China. Where the document prints GDP, population and
 * GDP per head, these agree: within 0.25 % for rounding to 10^4 persons, 1.2 % in Jinchang with 46 of them. Industries add up to the
 * GDP of cities within 0.1 %. Provinces stand for themselves. */
static void figures_agree(void **state) {
  const shipped *s = *state;
  size_t kinds[TANLU_PILOT_KIND_COUNT] = {0}, first = 0;
  assert_int_equal(s->pilots.label.count, 43);
  for (size_t i = 0; i < s->pilots.label.count; i++) {
    const tanlu_pilot *p = &s->pilots.pilot[i];
    const bool province = p->kind == TANLU_PILOT_PROVINCE || p->kind == TANLU_PILOT_MUNICIPALITY;
    kinds[p->kind]++;
    first += p->batch == 1;
    if (i != s->pilots.nation) assert_int_equal(strcmp(p->province, s->pilots.label.code[i]) == 0, province);
    const bool small = strcmp(s->pilots.label.code[i], "jinchang") == 0;
    if (!isnan(p->gdp)) near(1e4 * p->gdp / p->population, p->gdp_per_head, small ? 0.012 : 0.0025);
    for (size_t t = 0; t < TANLU_PILOT_YEARS; t++) {
      const tanlu_pilot_state *state_t = &p->state[t];
      if (province || isnan(state_t->gdp)) continue;
      near(state_t->industry[0] + state_t->industry[1] + state_t->industry[2], state_t->gdp, 1e-3);
    }
  }
  assert_true(first == 13 && kinds[TANLU_PILOT_PROVINCE] == 6 && kinds[TANLU_PILOT_MUNICIPALITY] == 4);
  assert_true(kinds[TANLU_PILOT_CITY] == 31 && kinds[TANLU_PILOT_PREFECTURE] == 1);
}

/* No goal stands in both files, and 13 pilots with China have one on CO2 per GDP for 2015 (003 table 16: 17 to 21 %). */
static void goals_stand_once(void **state) {
  const shipped *s = *state;
  size_t count = 0;
  assert_int_equal(s->goals[0].label.count, 45);
  for (size_t g = 0; g < s->goals[0].label.count; g++) {
    const tanlu_goal *goal = &s->goals[0].goal[g];
    assert_int_equal(goal->year, 2015);
    assert_int_equal(tanlu_labels_find(&s->goals[1].label, s->goals[0].label.code[g]), TANLU_NONE);
    for (size_t h = 0; h < s->goals[1].label.count; h++) {
      const tanlu_goal *other = &s->goals[1].goal[h];
      assert_false(strcmp(goal->scope, other->scope) == 0 && goal->year == other->year &&
                   goal->indicator == other->indicator && goal->base_year == other->base_year);
    }
  }
  for (size_t i = 0; i < s->pilots.label.count; i++) {
    const tanlu_goal *goal = tanlu_pilot_goal(s->list, FILES, s->pilots.label.name[i], YEAR_2015);
    assert_int_equal(goal != NULL, s->pilots.pilot[i].batch == 1 || i == s->pilots.nation);
    if (goal == NULL) continue;
    assert_true(goal->base_year == 2010 && goal->value <= -0.17 && goal->value >= -0.21);
    count++;
  }
  assert_int_equal(count, 14);
}

/* 29943 CNY and 5.5 t in China. Baoding 17660, 4.9; Shenzhen 92382, 11.5; Guangdong 44070, 4.8; Guiyang 25913, 7.6. By CEADs Shenzhen
 * has 37.086 Mt of 1037.2e4 persons, 3.58 t: another type. */
static void types_are_quadrants(void **state) {
  const shipped *s = *state;
  static const struct {
    const char *code;
    tanlu_pilot_basis basis;
    tanlu_pilot_type type;
  } expected[] = {{"baoding", TANLU_BASIS_DOCUMENT, TANLU_PILOT_TYPE_LOW_LOW},
                  {"shenzhen", TANLU_BASIS_DOCUMENT, TANLU_PILOT_TYPE_HIGH_HIGH},
                  {"shenzhen", TANLU_BASIS_CEADS, TANLU_PILOT_TYPE_HIGH_LOW},
                  {"guangdong", TANLU_BASIS_DOCUMENT, TANLU_PILOT_TYPE_HIGH_LOW},
                  {"guangdong", TANLU_BASIS_CEADS, TANLU_PILOT_TYPE_UNKNOWN},
                  {"guiyang", TANLU_BASIS_DOCUMENT, TANLU_PILOT_TYPE_LOW_HIGH},
                  {"yanan", TANLU_BASIS_DOCUMENT, TANLU_PILOT_TYPE_UNKNOWN}};
  size_t count[TANLU_PILOT_TYPES] = {0};
  for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
    assert_int_equal(tanlu_pilot_type_of(&s->pilots, find(s, expected[k].code), expected[k].basis), expected[k].type);
  }
  near(tanlu_pilot_co2_per_head(&s->pilots.pilot[find(s, "shenzhen")], TANLU_BASIS_CEADS), 37.0861 / 10.372, 1e-12);
  for (size_t i = 0; i < s->pilots.label.count; i++) {
    if (i != s->pilots.nation) count[tanlu_pilot_type_of(&s->pilots, i, TANLU_BASIS_DOCUMENT)]++;
  }
  assert_int_equal(count[TANLU_PILOT_TYPE_UNKNOWN], 6); /* six pilots without figures in the document */
  assert_int_equal(count[0] + count[1] + count[2] + count[3], 36);
}

/* ---- paths ------------------------------------------------------------------------------------------------------------------ */

/* Baoding: 1161e4 people with 4.9 t each, 56.889 Mt; GDP 2050.3, 3000.34, 3954.0; goals of -18 % for 2015 on 2010 and -48 % for 2020 on
 * 2005, when China's CO2 per GDP fell by 21 % to 2010. China's GDP 412119.3, 688858.2, 1013567, its volume 1.096 x 1.079 x 1.078 x
 * 1.074 x 1.070 = 1.4650 and 1.9333. */
static void baoding_by_hand(void **state) {
  const shipped *s = *state;
  const size_t i = find(s, "baoding");
  const double deflator_2015 = 688858.2 / 412119.3 / 1.4650, deflator_2020 = 1013567.0 / 412119.3 / 1.9333;
  const tanlu_pilot_path path = tanlu_pilot_path_of(&s->pilots, i, s->list, FILES);
  const double co2 = tanlu_pilot_co2(&s->pilots.pilot[i], TANLU_BASIS_DOCUMENT);
  near(1.096 * 1.079 * 1.078 * 1.074 * 1.070, 1.4650, 1e-4);
  near(co2, 56.889, 1e-12);
  near(tanlu_pilots_deflator(&s->pilots, YEAR_2015), deflator_2015, 1e-12);
  near(co2 * tanlu_pilot_path_co2(&path, YEAR_2015), 56.889 * 3000.34 / 2050.3 / deflator_2015 * 0.82, 1e-12);
  near(co2 * tanlu_pilot_path_co2(&path, YEAR_2015), 59.83, 1e-4);
  near(co2 * tanlu_pilot_path_co2(&path, YEAR_2020), 56.889 * 3954.0 / 2050.3 / deflator_2020 * 0.52 / 0.79, 1e-12);
  near(tanlu_pilot_growth(co2, 59.83, 0, YEAR_2015), 100.0 * (pow(59.83 / 56.889, 0.2) - 1.0), 1e-12);
  assert_true(isnan(tanlu_pilot_growth(missing, 1.0, 0, 1)));
  /* the country's own volume is its growth, whatever its prices */
  near(tanlu_pilot_volume(&s->pilots, s->pilots.nation, YEAR_2020), 1.9333, 1e-12);
}

/* A place's own volume and its own change from 2005 come before the nation's. */
static void own_figures_come_first(void **state) {
  shipped *s = *state;
  const size_t i = find(s, "baoding");
  tanlu_pilot *p = &s->pilots.pilot[i];
  p->state[0].volume = 200.0;
  p->state[YEAR_2020].volume = 260.0;
  p->co2_per_gdp_on_2005 = -0.35;
  const tanlu_pilot_path path = tanlu_pilot_path_of(&s->pilots, i, s->list, FILES);
  near(tanlu_pilot_path_co2(&path, YEAR_2020), 1.3 * 0.52 / 0.65, 1e-12);
  p->state[0].volume = p->state[YEAR_2020].volume = p->co2_per_gdp_on_2005 = missing;
}

/* Of three factors the effect of one is L(C1, C0) ln(f1 / f0); they add up to C1 - C0. Shanghai has no goal on CO2 per GDP. */
static void kaya_leaves_nothing(void **state) {
  const shipped *s = *state;
  const size_t i = find(s, "baoding");
  const tanlu_pilot_path path = tanlu_pilot_path_of(&s->pilots, i, s->list, FILES);
  double effect[TANLU_PILOT_EFFECTS];
  assert_true(tanlu_pilot_kaya(&path, 56.889, 0, YEAR_2015, effect));
  const double from = 56.889, to = 56.889 * tanlu_pilot_path_co2(&path, YEAR_2015);
  const double mean = (to - from) / log(to / from);
  near(effect[TANLU_PILOT_POPULATION], mean * log(1155.24 / 1119.44), 1e-12);
  near(effect[TANLU_PILOT_INTENSITY], mean * log(0.82), 1e-12);
  near(effect[0] + effect[1] + effect[2], to - from, 1e-12);
  const tanlu_pilot_path none = tanlu_pilot_path_of(&s->pilots, find(s, "shanghai"), s->list, FILES);
  assert_false(tanlu_pilot_kaya(&none, 1.0, 0, YEAR_2020, effect));
  assert_true(isnan(effect[0]));
}

/* Goals on 2010 come before those on 2005: Shenzhen has -21 % on 2010 and -35 % on 2005 for 2015. Services: Nanchang 43 % in 2015,
 * with 1648.81 of 171.2 + 2180.01 + 1648.81 (41.2 %); of the range 48 to 50 % for 2020 the lower end. */
static void goals_are_chosen(void **state) {
  const shipped *s = *state;
  assert_true(tanlu_pilot_goal(s->list, FILES, "Shenzhen", YEAR_2015)->value == -0.21);
  assert_true(tanlu_pilot_goal(s->list, FILES, "Nanchang", YEAR_2020)->value == -0.25);
  assert_null(tanlu_pilot_goal(s->list, FILES, "Shanghai", YEAR_2020));
  const tanlu_goal *services = tanlu_pilot_services_goal(s->list, FILES, "Nanchang", YEAR_2015);
  const tanlu_pilot *nanchang = &s->pilots.pilot[find(s, "nanchang")];
  assert_true(services != NULL && services->value == 0.43);
  near(tanlu_pilot_share(nanchang, YEAR_2015, 2), 1648.81 / (171.2 + 2180.01 + 1648.81), 1e-12);
  assert_int_equal(tanlu_goal_judge(services, tanlu_pilot_share(nanchang, YEAR_2015, 2)), TANLU_GOAL_MISSED);
  assert_true(tanlu_pilot_services_goal(s->list, FILES, "Nanchang", YEAR_2020)->value == 0.48);
}

/* ---- city accounts ---------------------------------------------------------------------------------------------------------- */

/* Two provinces: east has farms (2 Mt, primary), steel (60), power (30, both secondary) and shops (8, tertiary), households 10;
 * value added 10, 40, 50; 20 persons. */
static tanlu_provinces two_provinces(tanlu_context *context) {
  static const char *const sector[] = {"farms", "steel", "power", "shops", "other"};
  static const size_t region[] = {0, 0, 0, 0, 1}, industry[] = {0, 1, 1, 2, 1};
  static const double co2[] = {2.0, 60.0, 30.0, 8.0, 99.0}, households[] = {10.0, 1.0};
  static const tanlu_place_size size[] = {{{10.0, 40.0, 50.0}, 20.0}, {{1.0, 0.0, 1.0}, 5.0}};
  tanlu_provinces p = {.base_year = 2020, .name = strdup("two")};
  assert_int_equal(tanlu_labels_add(&p.region, "east", "East", NULL, context), TANLU_OK);
  assert_int_equal(tanlu_labels_add(&p.region, "west", "West", NULL, context), TANLU_OK);
  p.region_of = malloc(sizeof region);
  p.industry_of = malloc(sizeof industry);
  p.co2 = malloc(sizeof co2);
  p.households = malloc(sizeof households);
  p.size = malloc(sizeof size);
  assert_true(p.region_of && p.industry_of && p.co2 && p.households && p.size);
  memcpy(p.region_of, region, sizeof region);
  memcpy(p.industry_of, industry, sizeof industry);
  memcpy(p.co2, co2, sizeof co2);
  memcpy(p.households, households, sizeof households);
  memcpy(p.size, size, sizeof size);
  for (size_t k = 0; k < sizeof sector / sizeof *sector; k++) {
    assert_int_equal(tanlu_labels_add(&p.sector, sector[k], NULL, NULL, context), TANLU_OK);
  }
  return p;
}

/* A city with 1 of 10, 30 of 40 and 20 of 50 and 5 of 20 persons: 2 x 0.1 + 90 x 0.75 + 8 x 0.4 + 10 x 0.25 = 73.4 Mt by industry,
 * 110 x 51 / 100 = 56.1 by GDP, 110 x 5 / 20 = 27.5 by population. With the rest of the province all three make 110. */
static void a_city_by_hand(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  tanlu_provinces p = two_provinces(context);
  const tanlu_place_size city = {{1.0, 30.0, 20.0}, 5.0}, rest = {{9.0, 10.0, 30.0}, 15.0};
  tanlu_city_account a, b, whole;
  double sector[5] = {0};
  assert_int_equal(tanlu_city_account_of(&p, 0, "City", &city, sector, &a, context), TANLU_OK);
  assert_int_equal(tanlu_city_account_of(&p, 0, "Rest", &rest, NULL, &b, context), TANLU_OK);
  assert_int_equal(tanlu_city_account_of(&p, 0, "East", NULL, NULL, &whole, context), TANLU_OK);
  near(a.co2[TANLU_CITY_BY_INDUSTRY], 73.4, 1e-14);
  near(a.co2[TANLU_CITY_BY_GDP], 56.1, 1e-14);
  near(a.co2[TANLU_CITY_BY_POPULATION], 27.5, 1e-14);
  assert_true(a.low == a.co2[TANLU_CITY_BY_POPULATION] && a.high == a.co2[TANLU_CITY_BY_INDUSTRY]);
  near(sector[1], 45.0, 1e-14);
  assert_true(sector[4] == 0.0); /* of the other province */
  near(sector[0] + sector[1] + sector[2] + sector[3] + a.households, a.co2[TANLU_CITY_BY_INDUSTRY], 1e-14);
  for (size_t k = 0; k < TANLU_CITY_PROXIES; k++) {
    near(a.co2[k] + b.co2[k], 110.0, 1e-14);
    near(whole.co2[k], 110.0, 1e-14);
  }
  tanlu_provinces_clear(&p);
  tanlu_context_free(&context);
}

static void cities_that_cannot_be(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  tanlu_provinces p = two_provinces(context);
  const tanlu_place_size large = {{1.0, 41.0, 20.0}, 5.0}, unknown = {{1.0, 2.0, 3.0}, missing};
  tanlu_city_account a;
  assert_int_equal(tanlu_city_account_of(&p, 0, "City", &large, NULL, &a, context), TANLU_ERR_INPUT);
  assert_true(
      tanlu_test_has_message(context, "City has value added of secondary industry of 41, its province 'east' only 40"));
  assert_int_equal(tanlu_city_account_of(&p, 1, "City", &unknown, NULL, &a, context), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(
      context, "province 'west', in which City lies: its population and value added are not known or 0"));
  assert_int_equal(tanlu_city_account_of(&p, 0, "City", &unknown, NULL, &a, context), TANLU_OK);
  near(a.co2[TANLU_CITY_BY_GDP], 6.6, 1e-14);
  assert_true(isnan(a.low) && isnan(a.high) && isnan(a.co2[TANLU_CITY_BY_INDUSTRY]));
  tanlu_provinces_clear(&p);
  tanlu_context_free(&context);
}

/* ---- wrong files ---------------------------------------------------------------------------------------------------------------- */

static const char pilots_csv[] = "code,name,kind,batch,province,population_1e4,gdp_1e8cny,gdp_per_head_cny,co2_per_"
                                 "head_t,co2_per_gdp_on_2005,source\n"
                                 "baoding,Baoding,city,1,hebei,1161,2050,17660,4.9,,table 1\n"
                                 "hebei,Hebei,province,1,hebei,7194,20394,28668,,,table 1\n"
                                 "china,China,country,,,134091,401512,29943,5.5,-0.21,table 2\n";
static const char panel_csv[] =
    "pilot,year,gdp_1e8cny,primary_1e8cny,secondary_1e8cny,tertiary_1e8cny,population_1e4,gdp_volume\n"
    "baoding,2010,2050,303,1058,689,1119,\nbaoding,2015,3000,353,1501,1146,1155,\nbaoding,2020,3954,491,1322,2141,1154,"
    "\n"
    "hebei,2010,18004,,,,7194,\nhebei,2015,26398,,,,7345,\nhebei,2020,36014,,,,7464,\n"
    "china,2010,412119,,,,134091,1\nchina,2015,688858,,,,138097,1.465\nchina,2020,1013567,,,,141212,1.9333\n";

static const struct {
  const char *file, *before, *after, *message;
} wrong[] = {
    {"pilots.csv", ",kind,", ",kid,", "pilots.csv:1:3: error: "},
    {"pilots.csv", "kind,batch", "batch,batch", "missing column 'kind'"},
    {"pilots.csv", "\nhebei,Hebei", "\nbaoding,Hebei", "pilots.csv:3:1: error: duplicate pilot 'baoding'"},
    {"pilots.csv", "\nhebei,Hebei", "\nhebei,Baoding", "pilots.csv:3:2: error: duplicate pilot 'Baoding'"},
    {"pilots.csv", "\nhebei,Hebei", "\nhe bei,Hebei", "pilots.csv:3:1: error: 'he bei' is no code"},
    {"pilots.csv", ",city,", ",citty,", "pilots.csv:2:3: error: unknown kind 'citty'; did you mean 'city'?"},
    {"pilots.csv", ",1161,", ",-1161,", "pilots.csv:2:6: error: "},
    {"pilots.csv", ",1161,", ",0,", "pilots.csv:2:6: error: '0' is 0; expected a number above it"},
    {"pilots.csv", ",4.9,", ",4.9x,", "pilots.csv:2:9: error: "},
    {"pilots.csv", "city,1,hebei", "city,1.5,hebei", "pilots.csv:2:4: error: expected a whole number"},
    {"pilots.csv", "city,1,hebei", "city,1,", "pilots.csv:2:5: error: expected the code of a province"},
    {"pilots.csv", ",,table 1", ",,", "a pilot needs a source"},
    {"pilots.csv", "China,country,,", "China,province,,china", "no pilot is of the kind country"},
    {"pilots.csv", "province,1,hebei", "country,1,", "a second country; the first is in line 3"},
    {"pilots.csv", "29943,5.5", "29943,", "pilots.csv:4:1: error: the country needs gdp_per_head_cny, co2_per_head_t"},
    {"panel.csv", "tertiary_1e8cny,", "tertiary,", "panel.csv:1:6: error: "},
    {"panel.csv", "\nbaoding,2015", "\nbaodin,2015",
     "panel.csv:3:1: error: unknown pilot 'baodin'; did you mean 'baoding'?"},
    {"panel.csv", "\nbaoding,2015", "\nbaoding,2016", "panel.csv:3:2: error: unknown year '2016'"},
    {"panel.csv", "\nbaoding,2015", "\nbaoding,2010", "panel.csv:3:2: error: duplicate year 2010 of pilot 'baoding'"},
    {"panel.csv", "\nbaoding,2015,3000,353,1501,1146,1155,", "", "no row of pilot 'baoding' in 2015"},
    {"panel.csv", ",303,", ",-303,", "panel.csv:2:4: error: "},
    {"panel.csv", ",18004,", ",0,", "panel.csv:5:3: error: '0' is 0"},
    {"panel.csv", ",1.465", ",", "the country 'china' needs gdp_1e8cny and gdp_volume in 2015"},
};

static void wrong_cells_are_named(void **state) {
  (void)state;
  char directory[TANLU_TEST_PATH], pilots_path[TANLU_TEST_PATH + 16], panel_path[TANLU_TEST_PATH + 16];
  assert_int_equal(tanlu_test_temp_dir(directory), 0);
  snprintf(pilots_path, sizeof pilots_path, "%s/pilots.csv", directory);
  snprintf(panel_path, sizeof panel_path, "%s/panel.csv", directory);
  for (size_t k = 0; k <= sizeof wrong / sizeof *wrong; k++) {
    const bool right = k == sizeof wrong / sizeof *wrong;
    tanlu_context *context = tanlu_context_create();
    tanlu_pilots pilots;
    assert_int_equal(tanlu_test_write_file(directory, "pilots.csv", pilots_csv), 0);
    assert_int_equal(tanlu_test_write_file(directory, "panel.csv", panel_csv), 0);
    if (!right) assert_int_equal(tanlu_test_edit(directory, wrong[k].file, wrong[k].before, wrong[k].after), 0);
    const tanlu_status status = tanlu_pilots_read(&pilots, pilots_path, panel_path, context);
    if (right) {
      assert_int_equal(status, TANLU_OK);
      assert_true(pilots.nation == 2 && isnan(pilots.pilot[0].state[0].area) &&
                  isnan(pilots.pilot[0].state[0].co2[0]) && isnan(pilots.pilot[1].state[0].industry[0]));
    } else {
      assert_int_equal(status, TANLU_ERR_INPUT);
      if (!tanlu_test_has_message(context, wrong[k].message)) fail_msg("expected: %s", wrong[k].message);
      assert_null(pilots.pilot);
    }
    tanlu_pilots_clear(&pilots);
    tanlu_context_free(&context);
  }
  tanlu_test_remove_dir(directory);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(figures_agree),          cmocka_unit_test(goals_stand_once),
      cmocka_unit_test(types_are_quadrants),    cmocka_unit_test(baoding_by_hand),
      cmocka_unit_test(own_figures_come_first), cmocka_unit_test(kaya_leaves_nothing),
      cmocka_unit_test(goals_are_chosen),       cmocka_unit_test(a_city_by_hand),
      cmocka_unit_test(cities_that_cannot_be),  cmocka_unit_test(wrong_cells_are_named),
  };
  return cmocka_run_group_tests(tests, read_shipped, free_shipped);
}
