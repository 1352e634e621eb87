/* LMDI of carbon accounts made by hand from their factors. Oracle: where one factor changes alone, and however much, the whole change
 * is its effect and all others are zero; where all change, effects add up to the change of every user. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "model/co2_decomposition.h"

enum { COAL, ELECTRICITY, HEAT, HYDROGEN, CARRIERS };
enum { GROUPS = 2, USERS = 3, PLANTS = 2 }; /* two groups and one household use */

/* Everything that CO2 is a product of. */
typedef struct {
  double gdp, population;
  double share[USERS];                          /* of value added, of the population */
  double intensity[USERS];                      /* energy per size */
  double mix[USERS][CARRIERS];                  /* of carriers */
  double coal, hydrogen;                        /* t CO2 per TJ burned, per TJ of hydrogen made from coal */
  double hydrogen_electricity;                  /* TJ per TJ */
  double heat, heat_electricity;                /* t CO2 and TJ of electricity per TJ of heat */
  double power_mix[PLANTS], rate[PLANTS], grid; /* grid: generation over demand */
  double process[USERS];                        /* t per size */
  double captured[USERS], heat_captured, plants_captured;
} factors;

typedef struct {
  tanlu_carbon_accounts accounts;
  double size[USERS], energy[USERS * CARRIERS], direct[USERS * CARRIERS], process[USERS], released[USERS],
      captured[USERS], captured_process[USERS], generation[PLANTS], co2[PLANTS];
} built;

static const factors base = {
    .gdp = 1000.0,
    .population = 50.0,
    .share = {0.4, 0.6, 0.7},
    .intensity = {2.0, 0.5, 3.0},
    .mix = {{0.6, 0.2, 0.1, 0.1}, {0.3, 0.6, 0.1, 0.0}, {0.2, 0.5, 0.3, 0.0}},
    .coal = 90.0,
    .hydrogen = 40.0,
    .hydrogen_electricity = 0.7,
    .heat = 100.0,
    .heat_electricity = 0.05,
    .power_mix = {0.8, 0.2},
    .rate = {230.0, 0.0},
    .grid = 1.06,
    .process = {5.0, 0.0, 0.0},
};

static void build(const factors *f, built *b) {
  memset(b, 0, sizeof *b);
  tanlu_carbon_accounts *a = &b->accounts;
  *a = (tanlu_carbon_accounts){.users = USERS,
                               .households = GROUPS,
                               .carriers = CARRIERS,
                               .technologies = PLANTS,
                               .electricity = ELECTRICITY,
                               .heat = HEAT,
                               .hydrogen = HYDROGEN,
                               .gdp = f->gdp,
                               .population = f->population,
                               .size = b->size,
                               .energy = b->energy,
                               .direct = b->direct,
                               .process = b->process,
                               .released = b->released,
                               .captured = b->captured,
                               .captured_process = b->captured_process,
                               .plant_generation = b->generation,
                               .plant_co2 = b->co2,
                               .heat_captured = f->heat_captured,
                               .plants_captured = f->plants_captured};
  double use[CARRIERS] = {0.0};
  for (size_t u = 0; u < USERS; u++) {
    b->size[u] = f->share[u] * (u < GROUPS ? f->gdp : f->population);
    b->process[u] = f->process[u] * b->size[u];
    b->captured[u] = f->captured[u];
    for (size_t c = 0; c < CARRIERS; c++) {
      b->energy[u * CARRIERS + c] = b->size[u] * f->intensity[u] * f->mix[u][c];
      use[c] += b->energy[u * CARRIERS + c];
    }
    b->direct[u * CARRIERS + COAL] = f->coal * b->energy[u * CARRIERS + COAL];
    b->direct[u * CARRIERS + HYDROGEN] = f->hydrogen * b->energy[u * CARRIERS + HYDROGEN];
  }
  a->heat_supply = use[HEAT];
  a->heat_co2 = f->heat * use[HEAT];
  a->heat_electricity = f->heat_electricity * use[HEAT];
  a->hydrogen_supply = use[HYDROGEN];
  a->hydrogen_electricity = f->hydrogen_electricity * use[HYDROGEN];
  a->demand = use[ELECTRICITY] + a->heat_electricity + a->hydrogen_electricity;
  a->generation = f->grid * a->demand;
  for (size_t i = 0; i < PLANTS; i++) {
    b->generation[i] = f->power_mix[i] * a->generation;
    b->co2[i] = f->rate[i] * b->generation[i];
  }
}

/* The change by user against effects; where only one effect is expected, all others are nothing. */
static void decompose(const factors *from, const factors *to, tanlu_co2_effect only) {
  static char *codes[] = {"a", "b", "home"};
  const tanlu_labels users = {USERS, codes, codes, codes};
  built before, after;
  double by_user[TANLU_CO2_EFFECTS * USERS], by_carrier[TANLU_CO2_EFFECTS * (CARRIERS + 2)], change = 0.0, size = 0.0;
  double carrier[2][CARRIERS + 2];
  build(from, &before);
  build(to, &after);
  assert_int_equal(tanlu_co2_decompose(&before.accounts, &after.accounts, true, &users, by_user, by_carrier, NULL),
                   TANLU_OK);
  tanlu_carbon_by_carrier(&before.accounts, true, carrier[0]);
  tanlu_carbon_by_carrier(&after.accounts, true, carrier[1]);
  for (size_t u = 0; u < USERS; u++) {
    const double a = tanlu_carbon_of_user(&before.accounts, u, true),
                 b = tanlu_carbon_of_user(&after.accounts, u, true);
    double sum = 0.0;
    for (size_t k = 0; k < TANLU_CO2_EFFECTS; k++) sum += by_user[k * USERS + u];
    assert_true(fabs(sum - (b - a)) < 1e-12 * 1e6); /* CO2 before capture is some 1e5 t */
    change += b - a;
    size += fabs(a) + fabs(b);
  }
  for (size_t c = 0; c < CARRIERS + 2; c++) {
    double sum = 0.0;
    for (size_t k = 0; k < TANLU_CO2_EFFECTS; k++) sum += by_carrier[k * (CARRIERS + 2) + c];
    assert_true(fabs(sum - (carrier[1][c] - carrier[0][c])) < 1e-12 * size);
  }
  assert_true(fabs(change) > 1e-3 * size);
  for (size_t k = 0; only < TANLU_CO2_EFFECTS && k < TANLU_CO2_EFFECTS; k++) {
    double user = 0.0, parts = 0.0;
    for (size_t u = 0; u < USERS; u++) user += by_user[k * USERS + u];
    for (size_t c = 0; c < CARRIERS + 2; c++) parts += by_carrier[k * (CARRIERS + 2) + c];
    assert_true(fabs(user - (k == only ? change : 0.0)) < 1e-12 * size);
    assert_true(fabs(parts - user) < 1e-12 * size);
  }
}

#define ALONE(effect, ...)                                                                                             \
  do {                                                                                                                 \
    factors f = base;                                                                                                  \
    __VA_ARGS__;                                                                                                       \
    decompose(&base, &f, TANLU_CO2_EFFECT_##effect);                                                                   \
    decompose(&f, &base, TANLU_CO2_EFFECT_##effect);                                                                   \
  } while (0)

static void one_factor_alone(void **state) {
  (void)state;
  ALONE(ACTIVITY, f.gdp *= 3.0);
  ALONE(ACTIVITY, f.population *= 1.2);
  ALONE(STRUCTURE, f.share[0] = 0.2; f.share[1] = 0.8);
  ALONE(STRUCTURE, f.share[2] = 0.9);
  ALONE(INTENSITY, f.intensity[0] *= 0.5; f.intensity[2] *= 2.0);
  ALONE(CARRIERS, f.mix[0][COAL] = 0.2; f.mix[0][ELECTRICITY] = 0.6);
  ALONE(FACTORS, f.coal = 80.0);
  ALONE(FACTORS, f.hydrogen = 10.0);
  ALONE(FACTORS, f.hydrogen_electricity = 1.4);
  ALONE(HEAT, f.heat = 30.0);
  ALONE(HEAT, f.heat_electricity = 0.3);
  ALONE(POWER_MIX, f.power_mix[0] = 0.1; f.power_mix[1] = 0.9);
  ALONE(POWER_RATE, f.rate[0] = 200.0);
  ALONE(POWER_RATE, f.grid = 1.02);
  ALONE(PROCESS, f.process[0] = 2.0);
  ALONE(CAPTURE, f.captured[0] = 3e3; f.heat_captured = 1e3; f.plants_captured = 9e3);
}

/* What appears or vanishes: the whole of it is the effect of what it appears by. */
static void new_and_gone(void **state) {
  (void)state;
  ALONE(CARRIERS, f.mix[1][HYDROGEN] = 0.1; f.mix[1][COAL] = 0.2);
  ALONE(CARRIERS, f.mix[0][HYDROGEN] = 0.0; f.mix[0][COAL] = 0.7); /* no hydrogen at all any more */
  ALONE(
      CARRIERS, for (size_t u = 0; u < USERS; u++) {
        f.mix[u][COAL] += f.mix[u][HEAT];
        f.mix[u][HEAT] = 0.0;
      });
  ALONE(STRUCTURE, f.share[0] = 0.0; f.share[1] = 1.0);
  ALONE(POWER_MIX, f.power_mix[0] = 0.0; f.power_mix[1] = 1.0);
  ALONE(HEAT, f.heat_electricity = 0.0);
  ALONE(FACTORS, f.hydrogen = 0.0);
  ALONE(PROCESS, f.process[1] = 4.0);
  ALONE(INTENSITY, f.intensity[1] = 0.0);
}

/* Everything at once, down to less than nothing: plants that take more CO2 than they make. */
static void all_together(void **state) {
  (void)state;
  factors f = base;
  f.gdp *= 4.0;
  f.population *= 0.8;
  f.share[0] = 0.3, f.share[1] = 0.7, f.share[2] = 0.85;
  f.intensity[0] *= 0.4, f.intensity[1] *= 0.5, f.intensity[2] *= 0.6;
  f.mix[1][HYDROGEN] = 0.3, f.mix[1][COAL] = 0.0;
  f.heat = 10.0, f.heat_electricity = 0.4;
  f.power_mix[0] = 0.05, f.power_mix[1] = 0.95;
  f.rate[1] = 20.0;
  f.grid = 1.1;
  f.process[0] = 3.0, f.process[2] = 1.0;
  f.captured[0] = 4e3;
  f.plants_captured = 3e5;
  decompose(&base, &f, TANLU_CO2_EFFECTS);
  decompose(&f, &base, TANLU_CO2_EFFECTS);
  built b;
  build(&f, &b);
  double total = 0.0;
  for (size_t u = 0; u < USERS; u++) total += tanlu_carbon_of_user(&b.accounts, u, true);
  assert_true(total < 0.0);
}

/* Energy without anything to relate it to. */
static void no_size(void **state) {
  (void)state;
  static char *codes[] = {"a", "b", "home"};
  const tanlu_labels users = {USERS, codes, codes, codes};
  built before, after;
  double by_user[TANLU_CO2_EFFECTS * USERS];
  tanlu_context *context = tanlu_context_create();
  build(&base, &before);
  build(&base, &after);
  after.size[1] = -1.0;
  after.accounts.year = 2031;
  assert_int_equal(tanlu_co2_decompose(&before.accounts, &after.accounts, true, &users, by_user, NULL, context),
                   TANLU_ERR_MODEL);
  assert_non_null(strstr(tanlu_context_message(context, 0), "b (b) uses energy or emits between 0 and 2031"));
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(one_factor_alone), cmocka_unit_test(new_and_gone),
                                     cmocka_unit_test(all_together), cmocka_unit_test(no_size)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
