/* LMDI over regions.
 *
 * Oracles: an example worked by hand; sums; a state against itself; zeros; one region is the decomposition of the nation
 * (model/co2_decomposition.h), which has code of its own for the factors.
 *
 * By hand, two regions with one group each, people 1 and 1 that do not change, households 0:
 *
 *              value added    energy      CO2
 *     east       1 -> 4       2 -> 4     6 -> 6       with energy
 *     west       3 -> 4       none       3 -> 6
 *
 *     GDP 4 -> 8; shares east 1/4 -> 1/2, west 3/4 -> 1/2
 *     east: L(6, 6) = 6. GDP x 2, share x 2, energy per value added 2 -> 1, CO2 per energy 3 -> 3/2:
 *           6 ln 2, 6 ln 2, -6 ln 2, -6 ln 2
 *     west: L(6, 3) = 3 / ln 2. GDP x 2, share x 2/3, CO2 per value added 1 -> 3/2:
 *           3, 3 ln(2/3) / ln 2, 3 ln(3/2) / ln 2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "model/co2_decomposition.h"
#include "model/region_lmdi.h"

static char *code[] = {"east", "west", "north"};
static const tanlu_labels names = {3, code, code, code};

static void near(double found, double expected, double tolerance) {
  if (!(fabs(found - expected) <= tolerance * fmax(1.0, fabs(expected))))
    fail_msg("%.17g instead of %.17g", found, expected);
}

static double effect_of(const double *effect, const tanlu_region_state *s, tanlu_region_effect k, size_t g, size_t r) {
  return effect[((size_t)k * (s->groups + 1) + g) * s->regions + r];
}

static void worked_by_hand(void **state) {
  (void)state;
  const double people[] = {1, 1}, none[] = {0, 0};
  const double value[2][2] = {{1, 3}, {4, 4}}, energy[2][2] = {{2, (double)NAN}, {4, (double)NAN}},
               co2[2][2] = {{6, 3}, {6, 6}};
  const tanlu_region_state from = {2, 1, people, value[0], energy[0], co2[0], none},
                           to = {2, 1, people, value[1], energy[1], co2[1], none};
  double effect[TANLU_REGION_EFFECTS * 2 * 2];
  assert_int_equal(tanlu_region_lmdi(&from, &to, &names, &names, effect, NULL), TANLU_OK);
  const double ln2 = log(2.0);
  const double expected[][3] = {
      {TANLU_REGION_EFFECT_ACTIVITY, 6 * ln2, 3}, {TANLU_REGION_EFFECT_REGIONS, 6 * ln2, 3 * log(2.0 / 3) / ln2},
      {TANLU_REGION_EFFECT_SECTORS, 0, 0},        {TANLU_REGION_EFFECT_ENERGY, -6 * ln2, 0},
      {TANLU_REGION_EFFECT_CARBON, -6 * ln2, 0},  {TANLU_REGION_EFFECT_INTENSITY, 0, 3 * log(1.5) / ln2},
      {TANLU_REGION_EFFECT_POPULATION, 0, 0},     {TANLU_REGION_EFFECT_PEOPLE, 0, 0},
      {TANLU_REGION_EFFECT_HOUSEHOLDS, 0, 0},     {TANLU_REGION_EFFECT_REMOVAL, 0, 0}};
  for (size_t k = 0; k < TANLU_REGION_EFFECTS; k++) {
    for (size_t r = 0; r < 2; r++) {
      near(effect_of(effect, &from, (tanlu_region_effect)expected[k][0], 0, r), expected[k][1 + r], 1e-14);
      near(effect_of(effect, &from, (tanlu_region_effect)expected[k][0], 1, r), 0, 1e-14);
    }
  }
}

/* Three regions, two groups: numbers of all sizes, and what appears, vanishes, is captured, or has no energy. */
enum { REGIONS = 3, GROUPS = 2, CELLS = REGIONS * GROUPS };
static const double people[2][REGIONS] = {{10, 20, 5}, {9, 22, 7}};
static const double value[2][CELLS] = {{100, 50, 0, 1e-3, 30, 7}, {180, 40, 12, 2, 0, 9}};
static const double energy[2][CELLS] = {{40, 9, 0, 1, 20, (double)NAN}, {50, 0, 3, 5, 0, (double)NAN}};
static const double co2[2][CELLS] = {{300, 70, 0, 2, 60, 11}, {290, 4, 5, -8, 0, 13}};
static const double home[2][REGIONS] = {{3, 0, 1}, {2.5, 1, 0}};
static const tanlu_region_state before = {REGIONS, GROUPS, people[0], value[0], energy[0], co2[0], home[0]},
                                after = {REGIONS, GROUPS, people[1], value[1], energy[1], co2[1], home[1]};

static void sums_with_zeros(void **state) {
  (void)state;
  double effect[TANLU_REGION_EFFECTS * (GROUPS + 1) * REGIONS], back[TANLU_REGION_EFFECTS * (GROUPS + 1) * REGIONS];
  assert_int_equal(tanlu_region_lmdi(&before, &after, &names, &names, effect, NULL), TANLU_OK);
  assert_int_equal(tanlu_region_lmdi(&after, &before, &names, &names, back, NULL), TANLU_OK);
  for (size_t r = 0; r < REGIONS; r++) {
    double sum = 0.0;
    for (size_t g = 0; g <= GROUPS; g++) {
      for (size_t k = 0; k < TANLU_REGION_EFFECTS; k++) sum += effect_of(effect, &before, (tanlu_region_effect)k, g, r);
    }
    near(sum, tanlu_region_co2(&after, r) - tanlu_region_co2(&before, r), 1e-12);
  }
  for (size_t k = 0; k < sizeof effect / sizeof *effect; k++) near(back[k], -effect[k], 1e-12);
  /* north's first group appears: its share in the region's value added is the first zero; west's second vanishes likewise */
  near(effect_of(effect, &before, TANLU_REGION_EFFECT_SECTORS, 0, 2), 5, 1e-14);
  near(effect_of(effect, &before, TANLU_REGION_EFFECT_SECTORS, 1, 1), -60, 1e-14);
  /* east's second goes below zero: 2 -> 0 by its CO2 per energy, then 8 out of the air */
  near(effect_of(effect, &before, TANLU_REGION_EFFECT_REMOVAL, 1, 0), -8, 1e-14);
  near(effect_of(effect, &before, TANLU_REGION_EFFECT_CARBON, 1, 0), -2, 1e-14);
  /* west's first has CO2 but no energy at last: one factor for both; households of west appear, of north vanish */
  near(effect_of(effect, &before, TANLU_REGION_EFFECT_CARBON, 0, 1), 0, 0);
  assert_true(effect_of(effect, &before, TANLU_REGION_EFFECT_INTENSITY, 0, 1) < -10);
  near(effect_of(effect, &before, TANLU_REGION_EFFECT_HOUSEHOLDS, 2, 1), 1, 1e-14);
  near(effect_of(effect, &before, TANLU_REGION_EFFECT_HOUSEHOLDS, 2, 2), -1, 1e-14);
}

static void no_change_no_effect(void **state) {
  (void)state;
  double effect[TANLU_REGION_EFFECTS * (GROUPS + 1) * REGIONS];
  assert_int_equal(tanlu_region_lmdi(&after, &after, &names, &names, effect, NULL), TANLU_OK);
  for (size_t k = 0; k < sizeof effect / sizeof *effect; k++) assert_true(effect[k] == 0.0);
}

/* Per head: people 10 and 20. Against a region that is the same per head in everything nothing remains; against the mean of the
 * nation differences weighted by people cancel. */
static void places_instead_of_years(void **state) {
  (void)state;
  double store[2][3 * GROUPS + 2], effect[TANLU_REGION_EFFECTS * (GROUPS + 1)], weighted = 0.0, all = 0.0;
  tanlu_region_state one, mean;
  assert_int_equal(tanlu_region_per_head(&before, TANLU_NONE, &names, store[1], &mean, NULL), TANLU_OK);
  for (size_t r = 0; r < REGIONS; r++) {
    assert_int_equal(tanlu_region_per_head(&before, r, &names, store[0], &one, NULL), TANLU_OK);
    near(tanlu_region_co2(&one, 0), tanlu_region_co2(&before, r) / people[0][r], 1e-14);
    assert_int_equal(tanlu_region_lmdi(&mean, &one, &names, &names, effect, NULL), TANLU_OK);
    double sum = 0.0;
    for (size_t k = 0; k < sizeof effect / sizeof *effect; k++) sum += effect[k];
    near(sum, tanlu_region_co2(&one, 0) - tanlu_region_co2(&mean, 0), 1e-12);
    near(effect_of(effect, &one, TANLU_REGION_EFFECT_REGIONS, 0, 0), 0, 0);
    weighted += people[0][r] * sum;
    all += tanlu_region_co2(&before, r);
  }
  near(weighted, 0, 1e-10);
  near(tanlu_region_co2(&mean, 0), all / 35, 1e-14);
  /* twice as large in all is the same per head; twice the value added alone is GDP per head and CO2 per value added */
  const double p[] = {10, 20}, v[] = {30, 60}, c[] = {5, 10}, h[] = {1, 2}, richer[] = {30, 120};
  tanlu_region_state two = {2, 1, p, v, NULL, c, h};
  double a[5], b[5];
  for (size_t k = 0; k < 2; k++) {
    tanlu_region_state first, second;
    if (k == 1) two.value_added = richer;
    assert_int_equal(tanlu_region_per_head(&two, 0, &names, a, &first, NULL), TANLU_OK);
    assert_int_equal(tanlu_region_per_head(&two, 1, &names, b, &second, NULL), TANLU_OK);
    assert_int_equal(tanlu_region_lmdi(&first, &second, &names, &names, effect, NULL), TANLU_OK);
    for (size_t i = 0; i < TANLU_REGION_EFFECTS; i++) {
      const double expected = k == 0                               ? 0.0
                              : i == TANLU_REGION_EFFECT_ACTIVITY  ? 0.5 * log(2.0)
                              : i == TANLU_REGION_EFFECT_INTENSITY ? -0.5 * log(2.0)
                                                                   : 0.0;
      near(effect_of(effect, &first, (tanlu_region_effect)i, 0, 0), expected, 1e-15);
    }
  }
}

/* One region, one carrier that is burned: the decomposition of the nation. */
static void one_region_is_the_nation(void **state) {
  (void)state;
  static const double gdp[] = {1000, 1500}, heads[] = {50, 48};
  static const double size[2][3] = {{400, 600, 50}, {450, 1050, 48}}, use[2][3] = {{800, 300, 90}, {700, 500, 60}},
                      burned[2][3] = {{60000, 20000, 8000}, {40000, 44000, 5000}};
  double zero[3] = {0}, by_user[TANLU_CO2_EFFECTS * 3], effect[TANLU_REGION_EFFECTS * 3], own[2][3][3];
  tanlu_carbon_accounts accounts[2];
  for (size_t t = 0; t < 2; t++) {
    memcpy(own[t][0], size[t], sizeof size[t]);
    memcpy(own[t][1], use[t], sizeof use[t]);
    memcpy(own[t][2], burned[t], sizeof burned[t]);
    accounts[t] = (tanlu_carbon_accounts){.users = 3,
                                          .households = 2,
                                          .carriers = 1,
                                          .electricity = TANLU_NONE,
                                          .heat = TANLU_NONE,
                                          .hydrogen = TANLU_NONE,
                                          .gdp = gdp[t],
                                          .population = heads[t],
                                          .size = own[t][0],
                                          .energy = own[t][1],
                                          .direct = own[t][2],
                                          .process = zero,
                                          .released = zero,
                                          .captured = zero,
                                          .captured_process = zero};
  }
  const tanlu_region_state from = {1, 2, &heads[0], size[0], use[0], burned[0], &burned[0][2]},
                           to = {1, 2, &heads[1], size[1], use[1], burned[1], &burned[1][2]};
  assert_int_equal(tanlu_region_lmdi(&from, &to, &names, &names, effect, NULL), TANLU_OK);
  assert_int_equal(tanlu_co2_decompose(&accounts[0], &accounts[1], true, &names, by_user, NULL, NULL), TANLU_OK);
  static const struct {
    tanlu_co2_effect nation;
    tanlu_region_effect group, home;
  } same[] = {{TANLU_CO2_EFFECT_ACTIVITY, TANLU_REGION_EFFECT_ACTIVITY, TANLU_REGION_EFFECT_POPULATION},
              {TANLU_CO2_EFFECT_STRUCTURE, TANLU_REGION_EFFECT_SECTORS, TANLU_REGION_EFFECT_PEOPLE}};
  for (size_t u = 0; u < 3; u++) {
    for (size_t k = 0; k < 2; k++) {
      near(effect_of(effect, &from, u < 2 ? same[k].group : same[k].home, u, 0), by_user[same[k].nation * 3 + u],
           1e-12);
    }
    const double intensity = by_user[TANLU_CO2_EFFECT_INTENSITY * 3 + u],
                 factors = by_user[TANLU_CO2_EFFECT_FACTORS * 3 + u];
    if (u < 2) near(effect_of(effect, &from, TANLU_REGION_EFFECT_ENERGY, u, 0), intensity, 1e-12);
    if (u < 2) near(effect_of(effect, &from, TANLU_REGION_EFFECT_CARBON, u, 0), factors, 1e-12);
    if (u == 2) near(effect_of(effect, &from, TANLU_REGION_EFFECT_HOUSEHOLDS, u, 0), intensity + factors, 1e-12);
    near(effect_of(effect, &from, TANLU_REGION_EFFECT_REGIONS, u, 0), 0, 0);
  }
}

static void wrong_numbers(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  double effect[TANLU_REGION_EFFECTS * (GROUPS + 1) * REGIONS], bad[CELLS], store[3 * GROUPS + 2];
  tanlu_region_state wrong = after, one;
  memcpy(bad, value[1], sizeof bad);
  bad[0] = 0.0; /* CO2 without value added */
  wrong.value_added = bad;
  assert_int_equal(tanlu_region_lmdi(&before, &wrong, &names, &names, effect, context), TANLU_ERR_MODEL);
  assert_non_null(strstr(tanlu_context_message(context, 0), "CO2 of east in east cannot be related"));
  bad[0] = -1.0;
  assert_int_equal(tanlu_region_lmdi(&before, &wrong, &names, &names, effect, context), TANLU_ERR_MODEL);
  const double nobody[REGIONS] = {0};
  wrong.population = nobody;
  assert_int_equal(tanlu_region_per_head(&wrong, 1, &names, store, &one, context), TANLU_ERR_MODEL);
  assert_int_equal(tanlu_region_per_head(&wrong, TANLU_NONE, &names, store, &one, context), TANLU_ERR_MODEL);
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(worked_by_hand),           cmocka_unit_test(sums_with_zeros),
      cmocka_unit_test(no_change_no_effect),      cmocka_unit_test(places_instead_of_years),
      cmocka_unit_test(one_region_is_the_nation), cmocka_unit_test(wrong_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
