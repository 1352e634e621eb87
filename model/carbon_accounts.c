#include "model/carbon_accounts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/record.h"
#include "solvers/memory.h"

/* As for the identities of a year (model/record.c). */
static const double tolerance = 1e-9;

/* ---- memory ------------------------------------------------------------------------------------------------------------ */

void tanlu_carbon_accounts_free(tanlu_carbon_accounts **carbon) {
  tanlu_carbon_accounts *c = *carbon;
  if (c == NULL) return;
  free(c->size); /* the first of the arrays: where their room begins */
  free(c);
  *carbon = NULL;
}

static tanlu_carbon_accounts *allocate(size_t users, size_t carriers, size_t technologies, tanlu_context *context) {
  tanlu_carbon_accounts *c = tanlu_allocate(context, 1, sizeof *c);
  if (c == NULL) return NULL;
  c->users = users;
  c->carriers = carriers;
  c->technologies = technologies;
  double *room = tanlu_allocate_doubles(context, users * (2 * carriers + 5) + 2 * technologies, 1);
  c->size = room;
  if (room == NULL) {
    tanlu_carbon_accounts_free(&c);
    return NULL;
  }
  c->process = (room += users);
  c->released = (room += users);
  c->captured = (room += users);
  c->captured_process = (room += users);
  c->energy = (room += users);
  c->direct = (room += users * carriers);
  c->plant_generation = (room += users * carriers);
  c->plant_co2 = room + technologies;
  return c;
}

/* ---- users --------------------------------------------------------------------------------------------------------------- */

/* Energy of model user `from` and the CO2 of what it burns, added to a user. work: 2 x carriers. */
static void add_user(const tanlu_solved_year *year, size_t from, double *work, tanlu_carbon_accounts *c, size_t user) {
  const tanlu_energy_rows *rows = year->equilibrium->rows;
  const tanlu_energy *energy = year->system->energy;
  const tanlu_energy_statistics *e = &year->system->dataset->energy;
  const size_t width = rows->width, carriers = energy->carriers;
  const double *factor = e->emission_factor + energy->user_group[from] * carriers;
  double *energetic = work, *feedstock = work + carriers;
  tanlu_solved_year_user_energy(year, 0, from, energetic, feedstock);
  for (size_t k = 0; k < carriers; k++) {
    const double released = feedstock[k] * (1.0 - e->carrier.stored_fraction[k]) * factor[k];
    c->energy[user * carriers + k] += energetic[k];
    c->direct[user * carriers + k] += energetic[k] * factor[k];
    c->process[user] += released;
    c->released[user] += released;
  }
  if (c->hydrogen == TANLU_NONE) return;
  const double hydrogen =
      rows->mix->final[(from * TANLU_CLASS_COUNT + TANLU_CLASS_HYDROGEN) * width] * rows->activity[from * width];
  for (size_t k = 0; k < TANLU_HYDROGEN_ROUTES; k++) {
    c->direct[user * carriers + c->hydrogen] +=
        rows->measures->route_carbon[from][k] * hydrogen *
        tanlu_lever(year->equilibrium->levers, TANLU_DRIVER_HYDROGEN_MIX, k, 0)[0];
  }
}

/* What sector j captures at its own stacks; for sectors that run plants or heat supply the field of the year has more. */
static double own_captured(const tanlu_solved_year *year, size_t j) {
  const tanlu_dataset *d = year->system->dataset;
  const size_t width = year->energy->width, group = d->level[d->policy_level].of_sector[j];
  const double rate = tanlu_lever(year->equilibrium->levers, TANLU_DRIVER_CAPTURE, group, 0)[0];
  return rate * year->energy->combustion[j * width] + year->energy->captured_process[j * width];
}

static void fill_users(tanlu_carbon_accounts *c, const tanlu_solved_accounts *a, const size_t *group_of, double *work) {
  const tanlu_solved_year *year = a->solved;
  const tanlu_energy_year *e = year->energy;
  const size_t width = e->width;
  for (size_t j = 0; j < a->n; j++) {
    const size_t user = group_of[j];
    add_user(year, j, work, c, user);
    c->size[user] += a->value_added[j];
    c->process[user] += a->co2_process[j];
    c->captured[user] += own_captured(year, j);
    c->captured_process[user] += e->captured_process[j * width];
    if (year->equilibrium->rows->captures) {
      c->energy[user * c->carriers + c->electricity] += e->capture_use[j * width];
    }
  }
  for (size_t u = 0; u < TANLU_HOUSEHOLD_USES; u++) {
    const bool urban = u < TANLU_RURAL_BUILDINGS;
    add_user(year, tanlu_user_household(year->system->energy, u), work, c, c->households + u);
    c->size[c->households + u] = urban ? a->urban_population : a->population - a->urban_population;
  }
}

/* ---- supply --------------------------------------------------------------------------------------------------------------- */

static void fill_supply(tanlu_carbon_accounts *c, const tanlu_solved_accounts *a) {
  const tanlu_solved_year *year = a->solved;
  const tanlu_energy_year *e = year->energy;
  const tanlu_power_year *power = &year->equilibrium->rows->power;
  const size_t width = e->width, heat_user = tanlu_user_heat(year->system->energy);
  const double *final = e->final, *fuel = e->heat_fuel;
  const size_t *group = a->dataset->level[a->dataset->policy_level].of_sector;
  const double rate =
      tanlu_lever(year->equilibrium->levers, TANLU_DRIVER_CAPTURE, group[year->system->heat_sector], 0)[0];
  c->hydrogen_supply = e->hydrogen[0];
  c->hydrogen_electricity = e->hydrogen_input[TANLU_HYDROGEN_ELECTROLYSIS * width];
  c->heat_supply = final[c->heat * width];
  c->heat_co2 = e->combustion[heat_user * width];
  c->heat_captured = rate * c->heat_co2;
  c->heat_electricity = fuel[c->electricity * width];
  if (c->hydrogen_supply > 0.0) {
    c->heat_electricity += fuel[c->hydrogen * width] * c->hydrogen_electricity / c->hydrogen_supply;
  }
  c->demand = final[c->electricity * width] + fuel[c->electricity * width] + c->hydrogen_electricity;
  c->generation = power->total[0];
  for (size_t i = 0; i < c->technologies; i++) {
    c->plant_generation[i] = power->generation[i * width];
    c->plant_co2[i] = e->plant_combustion[i * width];
  }
  double captured = 0.0, own = 0.0;
  for (size_t j = 0; j < a->n; j++) {
    captured += a->co2_captured[j];
    own += own_captured(year, j);
  }
  c->plants_captured = captured - own - c->heat_captured;
}

/* ---- closing ---------------------------------------------------------------------------------------------------------------- */

/* Electricity behind a user's use of a carrier. */
static double electricity_behind(const tanlu_carbon_accounts *c, size_t user, size_t carrier) {
  const double energy = c->energy[user * c->carriers + carrier];
  if (carrier == c->electricity) return energy;
  if (carrier == c->heat && energy > 0.0) return energy * (c->heat_electricity / c->heat_supply);
  if (carrier == c->hydrogen && energy > 0.0) return energy * (c->hydrogen_electricity / c->hydrogen_supply);
  return 0.0;
}

double tanlu_carbon_electricity(const tanlu_carbon_accounts *c, size_t user) {
  double sum = electricity_behind(c, user, c->electricity) + electricity_behind(c, user, c->heat);
  if (c->hydrogen != TANLU_NONE) sum += electricity_behind(c, user, c->hydrogen);
  return sum;
}

/* CO2 of a user's use of a carrier before capture. */
static double gross_of(const tanlu_carbon_accounts *c, size_t user, size_t carrier) {
  const double heat = carrier == c->heat ? c->energy[user * c->carriers + carrier] : 0.0;
  const double electricity = electricity_behind(c, user, carrier);
  double co2 = c->direct[user * c->carriers + carrier], plants = 0.0;
  if (heat > 0.0) co2 += c->heat_co2 * (heat / c->heat_supply);
  for (size_t i = 0; electricity > 0.0 && i < c->technologies; i++) plants += c->plant_co2[i];
  return electricity > 0.0 ? co2 + plants * (electricity / c->demand) : co2;
}

double tanlu_carbon_captured(const tanlu_carbon_accounts *c, size_t user, bool process) {
  const double heat = c->energy[user * c->carriers + c->heat], electricity = tanlu_carbon_electricity(c, user);
  double sum = process ? c->captured[user] : c->captured[user] - c->captured_process[user];
  if (heat > 0.0) sum += c->heat_captured * (heat / c->heat_supply);
  if (electricity > 0.0) sum += c->plants_captured * (electricity / c->demand);
  return sum;
}

double tanlu_carbon_of_user(const tanlu_carbon_accounts *c, size_t user, bool process) {
  double sum = (process ? c->process[user] : c->released[user]) - tanlu_carbon_captured(c, user, process);
  for (size_t k = 0; k < c->carriers; k++) sum += gross_of(c, user, k);
  return sum;
}

void tanlu_carbon_by_carrier(const tanlu_carbon_accounts *c, bool process, double *co2) {
  memset(co2, 0, (c->carriers + 2) * sizeof *co2);
  for (size_t u = 0; u < c->users; u++) {
    for (size_t k = 0; k < c->carriers; k++) co2[k] += gross_of(c, u, k);
    co2[c->carriers] += process ? c->process[u] : c->released[u];
    co2[c->carriers + 1] -= tanlu_carbon_captured(c, u, process);
  }
}

/* Users and supply against the indicators. */
static tanlu_status check(const tanlu_carbon_accounts *c, tanlu_context *context) {
  double electricity = 0.0, total = 0.0, energy = 0.0, gross = c->heat_co2;
  for (size_t i = 0; i < c->technologies; i++) gross += c->plant_co2[i];
  for (size_t u = 0; u < c->users; u++) {
    electricity += tanlu_carbon_electricity(c, u);
    total += tanlu_carbon_of_user(c, u, true);
    energy += tanlu_carbon_of_user(c, u, false);
    gross += c->process[u];
    for (size_t k = 0; k < c->carriers; k++) gross += c->direct[u * c->carriers + k];
  }
  const struct {
    const char *name;
    double sum, wanted, size;
  } sums[] = {
      {"electricity by user", electricity, c->demand, c->demand},
      {"CO2 by user and carrier", total, c->co2_total, gross},
      {"CO2 of energy by user and carrier", energy, c->co2_energy, gross},
  };
  for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
    if (fabs(sums[i].sum - sums[i].wanted) <= tolerance * sums[i].size) continue;
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "year %d: %s: %.15g in all, the accounts have %.15g", c->year,
                      sums[i].name, sums[i].sum, sums[i].wanted);
  }
  return TANLU_OK;
}

tanlu_status tanlu_carbon_accounts_create(tanlu_carbon_accounts **carbon, const tanlu_solved_accounts *accounts,
                                          size_t groups, const size_t *group_of, tanlu_context *context) {
  *carbon = NULL;
  const tanlu_energy_statistics *e = &accounts->dataset->energy;
  tanlu_carbon_accounts *c =
      allocate(groups + TANLU_HOUSEHOLD_USES, accounts->carriers, accounts->dataset->power.technology.count, context);
  double *work = tanlu_allocate_doubles(context, 2, accounts->carriers);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (c != NULL && work != NULL) {
    c->year = accounts->year;
    c->households = groups;
    c->electricity = e->electricity;
    c->heat = e->heat;
    c->hydrogen = e->hydrogen;
    c->gdp = accounts->gdp;
    c->population = accounts->population;
    c->co2_total = 1e6 * accounts->indicator[TANLU_INDICATOR_CO2_TOTAL];
    c->co2_energy = 1e6 * accounts->indicator[TANLU_INDICATOR_CO2_ENERGY];
    fill_users(c, accounts, group_of, work);
    fill_supply(c, accounts);
    status = check(c, context);
  }
  free(work);
  if (status != TANLU_OK) tanlu_carbon_accounts_free(&c);
  *carbon = c;
  return status;
}
