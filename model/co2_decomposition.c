#include "model/co2_decomposition.h"

#include <string.h>

#include "model/lmdi.h"

/* The factors of a term as they are collected, one column of effects for each. */
typedef struct {
  size_t factors, column[TANLU_LMDI_FACTORS];
  double side[2][TANLU_LMDI_FACTORS];
} chain;

typedef struct {
  const tanlu_carbon_accounts *side[2];
  bool process;
  double *by_user, *by_carrier;
  size_t users, parts; /* parts: carriers + 2 */
} work;

/* Append numerator / denominator of both states. */
static void extend(chain *c, tanlu_co2_effect effect, const double numerator[2], const double denominator[2]) {
  c->column[c->factors] = effect;
  for (size_t s = 0; s < 2; s++) c->side[s][c->factors] = tanlu_lmdi_ratio(numerator[s], denominator[s]);
  c->factors++;
}

/* The effects of a term, to a user and a carrier. */
static bool add(work *w, const chain *c, size_t user, size_t part) {
  double effect[TANLU_CO2_EFFECTS] = {0.0};
  if (!tanlu_lmdi_add(c->factors, c->side[0], c->side[1], c->column, 1.0, effect)) return false;
  for (size_t k = 0; k < TANLU_CO2_EFFECTS; k++) {
    w->by_user[k * w->users + user] += effect[k];
    if (w->by_carrier != NULL) w->by_carrier[k * w->parts + part] += effect[k];
  }
  return true;
}

/* ---- terms ------------------------------------------------------------------------------------------------------------- */

/* X (s/X) of a user, or X alone where the user has no place in the activity. */
static chain open_user(const work *w, size_t user) {
  chain c = {.factors = 1, .column = {TANLU_CO2_EFFECT_ACTIVITY}};
  double size[2], activity[2];
  for (size_t s = 0; s < 2; s++) {
    const tanlu_carbon_accounts *a = w->side[s];
    size[s] = a->size[user];
    activity[s] = c.side[s][0] = user < a->households ? a->gdp : a->population;
  }
  extend(&c, TANLU_CO2_EFFECT_STRUCTURE, size, activity);
  return c;
}

/* CO2 of the plants for electricity that a chain has come to. */
static bool add_plants(work *w, const chain *electricity, size_t user, size_t part) {
  bool good = true;
  for (size_t i = 0; i < w->side[0]->technologies; i++) {
    double generation[2], total[2], rate[2], one[2] = {1.0, 1.0};
    chain c = *electricity;
    for (size_t s = 0; s < 2; s++) {
      const tanlu_carbon_accounts *a = w->side[s];
      generation[s] = a->plant_generation[i];
      total[s] = a->generation;
      rate[s] = tanlu_lmdi_ratio(a->plant_co2[i], a->plant_generation[i]) * (a->generation / a->demand);
    }
    if (w->side[0]->plant_co2[i] == 0.0 && w->side[1]->plant_co2[i] == 0.0) continue;
    extend(&c, TANLU_CO2_EFFECT_POWER_MIX, generation, total);
    extend(&c, TANLU_CO2_EFFECT_POWER_RATE, rate, one);
    good = add(w, &c, user, part) && good;
  }
  return good;
}

/* A carrier that takes electricity to make. */
static bool add_through(work *w, const chain *carrier, tanlu_co2_effect effect, const double electricity[2],
                        const double supply[2], size_t user, size_t part) {
  chain c = *carrier;
  extend(&c, effect, electricity, supply);
  return add_plants(w, &c, user, part);
}

/* Everything that user burns or takes of one carrier. */
static bool add_carrier(work *w, const chain *energy, const double total[2], size_t user, size_t k) {
  const tanlu_carbon_accounts *a = w->side[0], *b = w->side[1];
  const size_t at = user * a->carriers + k;
  const double use[2] = {a->energy[at], b->energy[at]}, direct[2] = {a->direct[at], b->direct[at]};
  if (use[0] == 0.0 && use[1] == 0.0) return true;
  chain c = *energy;
  extend(&c, TANLU_CO2_EFFECT_CARRIERS, use, total);
  bool good = true;
  if (direct[0] != 0.0 || direct[1] != 0.0) {
    chain burned = c;
    extend(&burned, TANLU_CO2_EFFECT_FACTORS, direct, use);
    good = add(w, &burned, user, k);
  }
  if (k == a->electricity) good = add_plants(w, &c, user, k) && good;
  if (k == a->heat) {
    const double supply[2] = {a->heat_supply, b->heat_supply}, co2[2] = {a->heat_co2, b->heat_co2};
    const double electricity[2] = {a->heat_electricity, b->heat_electricity};
    chain supplied = c;
    extend(&supplied, TANLU_CO2_EFFECT_HEAT, co2, supply);
    good = add(w, &supplied, user, k) && good;
    good = add_through(w, &c, TANLU_CO2_EFFECT_HEAT, electricity, supply, user, k) && good;
  }
  if (k == a->hydrogen) {
    const double supply[2] = {a->hydrogen_supply, b->hydrogen_supply};
    const double electricity[2] = {a->hydrogen_electricity, b->hydrogen_electricity};
    good = add_through(w, &c, TANLU_CO2_EFFECT_FACTORS, electricity, supply, user, k) && good;
  }
  return good;
}

static bool add_user(work *w, size_t user) {
  const tanlu_carbon_accounts *a = w->side[0];
  const chain place = open_user(w, user);
  double size[2], energy[2] = {0.0, 0.0}, process[2], captured[2];
  for (size_t s = 0; s < 2; s++) {
    const tanlu_carbon_accounts *c = w->side[s];
    size[s] = c->size[user];
    for (size_t k = 0; k < c->carriers; k++) energy[s] += c->energy[user * c->carriers + k];
    process[s] = w->process ? c->process[user] : c->released[user];
    captured[s] = tanlu_carbon_captured(c, user, w->process);
  }
  bool good = true;
  if (energy[0] != 0.0 || energy[1] != 0.0) {
    chain c = place;
    extend(&c, TANLU_CO2_EFFECT_INTENSITY, energy, size);
    for (size_t k = 0; k < a->carriers; k++) good = add_carrier(w, &c, energy, user, k) && good;
  }
  if (process[0] != 0.0 || process[1] != 0.0) {
    chain c = place;
    extend(&c, TANLU_CO2_EFFECT_PROCESS, process, size);
    good = add(w, &c, user, a->carriers) && good;
  }
  w->by_user[TANLU_CO2_EFFECT_CAPTURE * w->users + user] -= captured[1] - captured[0];
  if (w->by_carrier != NULL) {
    w->by_carrier[TANLU_CO2_EFFECT_CAPTURE * w->parts + a->carriers + 1] -= captured[1] - captured[0];
  }
  return good;
}

tanlu_status tanlu_co2_decompose(const tanlu_carbon_accounts *from, const tanlu_carbon_accounts *to, bool process,
                                 const tanlu_labels *users, double *by_user, double *by_carrier,
                                 tanlu_context *context) {
  work w = {{from, to}, process, by_user, by_carrier, from->users, from->carriers + 2};
  memset(by_user, 0, TANLU_CO2_EFFECTS * w.users * sizeof *by_user);
  if (by_carrier != NULL) memset(by_carrier, 0, TANLU_CO2_EFFECTS * w.parts * sizeof *by_carrier);
  tanlu_status status = TANLU_OK;
  for (size_t user = 0; user < w.users; user++) {
    if (add_user(&w, user)) continue;
    status = tanlu_fail(context, TANLU_ERR_MODEL,
                        "%s (%s) uses energy or emits between %d and %d but has no positive %s to relate it to",
                        users->code[user], users->name[user], from->year, to->year,
                        user < from->households ? "value added" : "population");
  }
  return status;
}
