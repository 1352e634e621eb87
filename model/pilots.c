#include "model/pilots.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "model/lmdi.h"

static const double missing = (double)NAN, percent = 100.0;
static const double t_of_mt = 1e2; /* Mt / 10^4 persons = 100 t a head; 10^8 CNY / 10^4 persons = 10^4 CNY a head */
static const double cny_a_head = 1e4;
static const int year_of[TANLU_PILOT_YEARS] = {2010, 2015, 2020};
enum { EARLIER_BASE = 2005 };

const char *tanlu_pilot_kind_word(tanlu_pilot_kind kind) {
  static const char *const word[] = {
#define X(id, text) text,
      TANLU_PILOT_KIND_LIST(X)
#undef X
  };
  return word[kind];
}

const char *tanlu_pilot_basis_word(tanlu_pilot_basis basis) {
  static const char *const word[] = {
#define X(id, text) text,
      TANLU_PILOT_BASIS_LIST(X)
#undef X
  };
  return word[basis];
}

const char *tanlu_pilot_type_text(tanlu_pilot_type type) {
  static const char *const word[] = {
#define X(id, text) text,
      TANLU_PILOT_TYPE_LIST(X)
#undef X
  };
  return word[type];
}

int tanlu_pilot_year(size_t t) {
  return year_of[t];
}

const char *tanlu_pilot_industry(size_t k) {
  static const char *const word[TANLU_PILOT_INDUSTRIES] = {"primary", "secondary", "tertiary"};
  return word[k];
}

void tanlu_pilots_clear(tanlu_pilots *pilots) {
  for (size_t i = 0; pilots->pilot != NULL && i < pilots->label.count; i++) {
    free(pilots->pilot[i].province);
    free(pilots->pilot[i].source);
  }
  free(pilots->pilot);
  tanlu_labels_clear(&pilots->label);
  *pilots = (tanlu_pilots){0};
}

/* ---- accounts of 2010 ------------------------------------------------------------------------------------------------------ */

double tanlu_pilot_co2(const tanlu_pilot *pilot, tanlu_pilot_basis basis) {
  if (basis == TANLU_BASIS_DOCUMENT) return pilot->co2_per_head * pilot->population / t_of_mt;
  return pilot->state[0].co2[basis - TANLU_BASIS_CEADS];
}

double tanlu_pilot_co2_per_head(const tanlu_pilot *pilot, tanlu_pilot_basis basis) {
  if (basis == TANLU_BASIS_DOCUMENT) return pilot->co2_per_head;
  return t_of_mt * tanlu_pilot_co2(pilot, basis) / pilot->state[0].population;
}

double tanlu_pilot_gdp_per_head(const tanlu_pilot *pilot, tanlu_pilot_basis basis) {
  if (basis == TANLU_BASIS_DOCUMENT) return pilot->gdp_per_head;
  return cny_a_head * pilot->state[0].gdp / pilot->state[0].population;
}

tanlu_pilot_type tanlu_pilot_type_of(const tanlu_pilots *pilots, size_t i, tanlu_pilot_basis basis) {
  const tanlu_pilot *pilot = &pilots->pilot[i], *nation = &pilots->pilot[pilots->nation];
  const double income = tanlu_pilot_gdp_per_head(pilot, basis), co2 = tanlu_pilot_co2_per_head(pilot, basis);
  if (isnan(income + co2 + nation->gdp_per_head + nation->co2_per_head)) return TANLU_PILOT_TYPE_UNKNOWN;
  const bool rich = income >= nation->gdp_per_head, high = co2 >= nation->co2_per_head;
  if (rich) return high ? TANLU_PILOT_TYPE_HIGH_HIGH : TANLU_PILOT_TYPE_HIGH_LOW;
  return high ? TANLU_PILOT_TYPE_LOW_HIGH : TANLU_PILOT_TYPE_LOW_LOW;
}

/* ---- GDP and its structure ----------------------------------------------------------------------------------------------- */

double tanlu_pilots_deflator(const tanlu_pilots *pilots, size_t t) {
  const tanlu_pilot_state *state = pilots->pilot[pilots->nation].state;
  return (state[t].gdp / state[0].gdp) / (state[t].volume / state[0].volume);
}

double tanlu_pilot_volume(const tanlu_pilots *pilots, size_t i, size_t t) {
  const tanlu_pilot_state *state = pilots->pilot[i].state;
  const double own = state[t].volume / state[0].volume;
  return isnan(own) ? state[t].gdp / state[0].gdp / tanlu_pilots_deflator(pilots, t) : own;
}

double tanlu_pilot_share(const tanlu_pilot *pilot, size_t t, size_t k) {
  const double *industry = pilot->state[t].industry;
  double sum = 0.0;
  for (size_t j = 0; j < TANLU_PILOT_INDUSTRIES; j++) sum += industry[j];
  return industry[k] / sum;
}

/* ---- goals --------------------------------------------------------------------------------------------------------------- */

typedef bool (*is_wanted)(const tanlu_goal *goal);

static bool is_indicator(const tanlu_goal *goal, const char *code) {
  return goal->indicator != TANLU_NONE && goal->indicator == tanlu_indicator_find(code);
}

static bool is_intensity_on_base(const tanlu_goal *goal) {
  return goal->measure == TANLU_GOAL_CHANGE && goal->base_year == year_of[0] &&
         is_indicator(goal, "co2_energy_per_gdp");
}

static bool is_intensity_on_2005(const tanlu_goal *goal) {
  if (goal->base_year != EARLIER_BASE) return false;
  return (goal->measure == TANLU_GOAL_LEVEL && is_indicator(goal, "co2_per_gdp_change_2005")) ||
         (goal->measure == TANLU_GOAL_CHANGE && is_indicator(goal, "co2_energy_per_gdp"));
}

static bool is_services(const tanlu_goal *goal) {
  return goal->measure == TANLU_GOAL_LEVEL && is_indicator(goal, "share_tertiary");
}

static const tanlu_goal *find_goal(const tanlu_goals *const *goals, size_t files, const char *scope, size_t t,
                                   is_wanted wanted) {
  for (size_t f = 0; f < files; f++) {
    for (size_t g = 0; g < goals[f]->label.count; g++) {
      const tanlu_goal *goal = &goals[f]->goal[g];
      if (goal->year != year_of[t] || goal->incentive || strcmp(goal->scope, scope) != 0) continue;
      if (wanted(goal)) return goal;
    }
  }
  return NULL;
}

const tanlu_goal *tanlu_pilot_goal(const tanlu_goals *const *goals, size_t files, const char *scope, size_t t) {
  const tanlu_goal *goal = find_goal(goals, files, scope, t, is_intensity_on_base);
  return goal != NULL ? goal : find_goal(goals, files, scope, t, is_intensity_on_2005);
}

const tanlu_goal *tanlu_pilot_services_goal(const tanlu_goals *const *goals, size_t files, const char *scope,
                                            size_t t) {
  return find_goal(goals, files, scope, t, is_services);
}

double tanlu_pilot_intensity(const tanlu_pilots *pilots, size_t i, const tanlu_goal *goal) {
  if (goal == NULL) return missing;
  if (goal->base_year == year_of[0]) return 1.0 + goal->value;
  const double own = pilots->pilot[i].co2_per_gdp_on_2005;
  const double before = isnan(own) ? pilots->pilot[pilots->nation].co2_per_gdp_on_2005 : own;
  return (1.0 + goal->value) / (1.0 + before);
}

/* ---- paths --------------------------------------------------------------------------------------------------------------- */

tanlu_pilot_path tanlu_pilot_path_of(const tanlu_pilots *pilots, size_t i, const tanlu_goals *const *goals,
                                     size_t files) {
  const tanlu_pilot_state *state = pilots->pilot[i].state;
  tanlu_pilot_path path = {.population = {1.0}, .volume = {1.0}, .intensity = {1.0}};
  for (size_t t = 1; t < TANLU_PILOT_YEARS; t++) {
    path.population[t] = state[t].population / state[0].population;
    path.volume[t] = tanlu_pilot_volume(pilots, i, t);
    path.intensity[t] = tanlu_pilot_intensity(pilots, i, tanlu_pilot_goal(goals, files, pilots->label.name[i], t));
  }
  return path;
}

double tanlu_pilot_path_co2(const tanlu_pilot_path *path, size_t t) {
  return path->volume[t] * path->intensity[t];
}

double tanlu_pilot_growth(double from, double to, size_t t_from, size_t t_to) {
  if (!(from > 0.0 && to > 0.0) || t_from >= t_to) return missing;
  return percent * (pow(to / from, 1.0 / (double)(year_of[t_to] - year_of[t_from])) - 1.0);
}

bool tanlu_pilot_kaya(const tanlu_pilot_path *path, double co2, size_t from, size_t to,
                      double effect[TANLU_PILOT_EFFECTS]) {
  const size_t state[2] = {from, to}, column[TANLU_PILOT_EFFECTS] = {0, 1, 2};
  double factor[2][TANLU_PILOT_EFFECTS];
  bool known = true;
  for (size_t s = 0; s < 2; s++) {
    const size_t t = state[s];
    factor[s][TANLU_PILOT_POPULATION] = path->population[t];
    factor[s][TANLU_PILOT_INCOME] = path->volume[t] / path->population[t];
    factor[s][TANLU_PILOT_INTENSITY] = co2 * path->intensity[t];
    for (size_t k = 0; k < TANLU_PILOT_EFFECTS; k++) known = known && factor[s][k] > 0.0 && isfinite(factor[s][k]);
  }
  for (size_t k = 0; k < TANLU_PILOT_EFFECTS; k++) effect[k] = known ? 0.0 : missing;
  return known && tanlu_lmdi_add(TANLU_PILOT_EFFECTS, factor[0], factor[1], column, 1.0, effect);
}
