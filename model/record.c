#include "model/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/economy_private.h"
#include "model/investment.h"
#include "solvers/memory.h"

enum { CLASSES = TANLU_CLASS_COUNT };

/* Accounts are sums of some ten thousand terms in double precision: 1e-9 leaves six digits for rounding. */
static const double account_tolerance = 1e-9;

typedef enum { IDENTITY_GDP, IDENTITY_CO2, IDENTITY_ENERGY, IDENTITIES } identity;
static const char *const identity_text[IDENTITIES] = {"GDP by income and by spending", "CO2 by sector and by carrier",
                                                      "energy by user and by carrier"};

/* ---- memory ------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_solved_year_create(tanlu_solved_year **year, const tanlu_system *system,
                                      const tanlu_technology *technology, tanlu_equilibrium *equilibrium,
                                      tanlu_context *context) {
  *year = NULL;
  const size_t width = equilibrium->width;
  tanlu_solved_year *y = tanlu_allocate(context, 1, sizeof *y);
  if (y == NULL) return TANLU_ERR_MEMORY;
  y->system = system;
  y->technology = technology;
  y->equilibrium = equilibrium;
  y->imports = tanlu_allocate_doubles(context, technology->n, width);
  y->category_use = tanlu_allocate_doubles(context, technology->categories, width);
  y->residual = tanlu_allocate_doubles(context, 1, width);
  y->balance = tanlu_allocate_doubles(context, 1, width);
  y->indicator = tanlu_allocate_doubles(context, TANLU_INDICATOR_COUNT, width);
  y->gap = tanlu_allocate(context, IDENTITIES, sizeof *y->gap);
  tanlu_status status = TANLU_ERR_MEMORY;
  bool grouped = true;
  for (size_t k = 0; k < TANLU_BY_GROUP_COUNT; k++) {
    y->by_group[k] = tanlu_allocate_doubles(context, tanlu_dataset_policy_groups(system->dataset)->count, width);
    grouped = grouped && y->by_group[k] != NULL;
  }
  if (y->imports != NULL && y->category_use != NULL && y->residual != NULL && y->balance != NULL &&
      y->indicator != NULL && y->gap != NULL && grouped) {
    status = tanlu_energy_year_create(&y->energy, system, width, context);
  }
  if (status != TANLU_OK) tanlu_solved_year_free(&y);
  *year = y;
  return status;
}

void tanlu_solved_year_free(tanlu_solved_year **year) {
  tanlu_solved_year *y = *year;
  if (y == NULL) return;
  tanlu_energy_year_free(&y->energy);
  for (size_t k = 0; k < TANLU_BY_GROUP_COUNT; k++) free(y->by_group[k]);
  free(y->imports);
  free(y->category_use);
  free(y->residual);
  free(y->balance);
  free(y->indicator);
  free(y->gap);
  free(y);
  *year = NULL;
}

/* ---- accounts ---------------------------------------------------------------------------------------------------------- */

/* Final use of every category. */
TANLU_EACH_ISA
static void add_up_categories(tanlu_solved_year *year) {
  const tanlu_economy *y = year->equilibrium->economy;
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t width = y->width;
  const double *stocks = tanlu_lever(year->equilibrium->levers, TANLU_DRIVER_INVENTORIES, 0, 0);
  for (size_t k = 0; k < y->categories; k++) {
    double *sum = year->category_use + k * width, base = 0.0;
    for (size_t i = 0; i < y->n; i++) base += a->final_use[k * y->n + i];
    memcpy(sum, y->energy_money + k * width, width * sizeof *sum);
    for (size_t l = 0; a->role[k] == TANLU_ROLE_INVENTORIES && l < width; l++) {
      sum[l] += base * stocks[l] * y->gdp_index[l];
    }
    for (size_t i = 0; a->role[k] == TANLU_ROLE_REGIONS && i < y->n; i++) {
      for (size_t l = 0; l < width; l++) sum[l] += tanlu_sent(y, k, i, l);
    }
    for (size_t c = 0; c < y->classes; c++) {
      const double use = y->class_demand[c * y->categories + k];
      if (use != 0.0) tanlu_lane_add_scaled(width, use, y->demand_factor + (c * y->categories + k) * width, sum);
    }
  }
}

/* What gaps are measured against; not a number stays that. */
static double against(double total) {
  return total < 1.0 ? 1.0 : total;
}

static double relative(double a, double b) {
  const double size = tanlu_lane_larger(fabs(a), fabs(b));
  return size > 0.0 ? fabs(a - b) / size : 0.0;
}

/* sum v x = sum y - sum m + err */
TANLU_EACH_ISA
static void gdp_gap(tanlu_solved_year *year) {
  const tanlu_economy *y = year->equilibrium->economy;
  const tanlu_accounts *a = &y->dataset->accounts;
  const size_t width = y->width;
  double spending[TANLU_LANES_MAX] = {0.0}, error = 0.0;
  for (size_t i = 0; i < y->n; i++) error += a->discrepancy[i];
  tanlu_lane_add_scaled(width, error, y->gdp_index, spending);
  for (size_t k = 0; k < y->categories; k++) {
    tanlu_lane_add_scaled(width, 1.0, year->category_use + k * width, spending);
  }
  for (size_t i = 0; i < y->n; i++) tanlu_lane_add_scaled(width, -1.0, year->imports + i * width, spending);
  for (size_t l = 0; l < width; l++) year->gap[IDENTITY_GDP][l] = relative(y->sum[l], spending[l]);
}

/* Sectors, households and power against carriers: CO2 of combustion summed the other way round. */
TANLU_EACH_ISA
static void co2_gap(tanlu_solved_year *year) {
  const tanlu_system *s = year->system;
  const tanlu_energy_year *e = year->energy;
  const tanlu_energy_statistics *d = &s->dataset->energy;
  const size_t width = e->width, carriers = s->energy->carriers;
  double by_user[TANLU_LANES_MAX] = {0.0}, by_carrier[TANLU_LANES_MAX] = {0.0}, process[TANLU_LANES_MAX] = {0.0};
  for (size_t user = 0; user < s->energy->users; user++) {
    tanlu_lane_add_scaled(width, 1.0, e->combustion + user * width, by_user);
  }
  tanlu_lane_add_scaled(width, 1.0, e->hydrogen_co2, by_carrier);
  for (size_t g = 0; g < d->user_group.count; g++) {
    for (size_t c = 0; c < carriers; c++) {
      const double factor = d->emission_factor[g * carriers + c];
      if (factor != 0.0) tanlu_lane_add_scaled(width, factor, e->burned + (g * carriers + c) * width, by_carrier);
    }
  }
  for (size_t j = 0; j < s->energy->n; j++) tanlu_lane_add_scaled(width, 1.0, e->process + j * width, process);
  for (size_t l = 0; l < width; l++) {
    year->gap[IDENTITY_CO2][l] = fabs(by_user[l] - by_carrier[l]) / against(by_carrier[l] + process[l]);
  }
}

/* Final energy by user against by carrier, the step's measures against the carriers, and supply against use. */
TANLU_EACH_ISA
static void energy_gap(tanlu_solved_year *year) {
  const tanlu_system *s = year->system;
  const tanlu_energy_year *e = year->energy;
  const tanlu_energy_rows *rows = year->equilibrium->rows;
  const size_t width = e->width, carriers = s->energy->carriers, electricity = s->dataset->energy.electricity;
  for (size_t l = 0; l < width; l++) {
    double total = 0.0, unbalanced = 0.0;
    for (size_t c = 0; c < carriers; c++) {
      const size_t at = c * width + l;
      total += e->final[at];
      unbalanced =
          tanlu_lane_larger(unbalanced, fabs(e->primary[at] + e->transformation[at] - e->final[at] - e->losses[at]));
    }
    const double *measured = rows->total + l;
    const double demand = e->final[electricity * width + l] + e->heat_fuel[electricity * width + l] +
                          e->hydrogen_input[TANLU_HYDROGEN_ELECTROLYSIS * width + l];
    double gap = tanlu_lane_larger(unbalanced, fabs(total - e->by_user[l]));
    gap = tanlu_lane_larger(gap, fabs(measured[TANLU_MEASURE_ELECTRICITY * width] - demand));
    gap = tanlu_lane_larger(gap,
                            fabs(measured[TANLU_MEASURE_HEAT * width] - e->final[s->dataset->energy.heat * width + l]));
    gap = tanlu_lane_larger(gap,
                            fabs(measured[TANLU_MEASURE_COKE * width] - e->final[s->dataset->energy.coke * width + l]));
    year->gap[IDENTITY_ENERGY][l] = gap / against(total);
  }
}

/* Value added, final energy and CO2 of the policy groups; employment is added up with its indicator. */
TANLU_EACH_ISA
static void add_up_groups(tanlu_solved_year *year) {
  const tanlu_system *s = year->system;
  const tanlu_equilibrium *q = year->equilibrium;
  const tanlu_energy_year *e = year->energy;
  const tanlu_level *level = &s->dataset->level[s->dataset->policy_level];
  const size_t width = q->width;
  for (size_t k = 0; k < TANLU_BY_GROUP_COUNT; k++) {
    memset(year->by_group[k], 0, level->group.count * width * sizeof *year->by_group[k]);
  }
  for (size_t j = 0; j < q->n; j++) {
    const size_t at = j * width, group = level->of_sector[j] * width;
    double *co2 = year->by_group[TANLU_BY_GROUP_CO2] + group;
    tanlu_lane_add_product(width, q->economy->v + at, q->output + at,
                           year->by_group[TANLU_BY_GROUP_VALUE_ADDED] + group);
    tanlu_lane_add_scaled(width, 1.0, e->user_final + at, year->by_group[TANLU_BY_GROUP_FINAL_ENERGY] + group);
    tanlu_lane_add_scaled(width, 1.0, e->combustion + at, co2);
    tanlu_lane_add_scaled(width, 1.0, e->process + at, co2);
    tanlu_lane_add_scaled(width, -1.0, e->captured + at, co2);
  }
  tanlu_lane_add_scaled(width, 1.0, e->combustion + tanlu_user_heat(s->energy) * width,
                        year->by_group[TANLU_BY_GROUP_CO2] + level->of_sector[s->heat_sector] * width);
  for (size_t i = 0; i < s->power->technologies; i++) {
    tanlu_lane_add_scaled(width, 1.0, e->plant_combustion + i * width,
                          year->by_group[TANLU_BY_GROUP_CO2] + level->of_sector[s->power->sector] * width);
  }
}

void tanlu_solved_year_account(tanlu_solved_year *year, tanlu_lane_report *report) {
  tanlu_equilibrium *q = year->equilibrium;
  const tanlu_accounts *a = &year->system->dataset->accounts;
  const size_t width = q->width;
  for (size_t i = 0; i < q->n * width; i++) {
    if (!(q->output[i] < 0.0)) continue;
    const size_t j = i / width;
    tanlu_lane_fail(report, i % width, "year %d: sector %s (%s) would have to produce %.6g x 1e4 CNY", q->levers->year,
                    a->sector.code[j], a->sector.name[j], q->output[i]);
  }
  tanlu_energy_year_account(q->rows, q->levers, year->energy, report);
  tanlu_economy_imports(q->economy, q->levers, q->rows, q->output, year->imports);
  add_up_categories(year);
  add_up_groups(year);
  tanlu_equilibrium_residual(q, year->residual);
  gdp_gap(year);
  co2_gap(year);
  energy_gap(year);
  for (size_t l = 0; l < width; l++) {
    year->balance[l] = 0.0;
    for (size_t i = 0; i < IDENTITIES; i++) year->balance[l] = tanlu_lane_larger(year->balance[l], year->gap[i][l]);
  }
  tanlu_solved_year_indicate(year);
}

/* ---- fields ------------------------------------------------------------------------------------------------------------ */

static double *field(tanlu_projection *projection, tanlu_field_id id, size_t t) {
  return projection->value[id] == NULL ? NULL : projection->value[id] + t * projection->size[id];
}

/* A lane of count numbers. */
static void copy(const double *from, size_t width, size_t lane, size_t count, double *to) {
  for (size_t i = 0; to != NULL && i < count; i++) to[i] = from[i * width + lane];
}

static void record_money(const tanlu_solved_year *year, size_t lane, size_t t, tanlu_projection *projection) {
  const tanlu_equilibrium *q = year->equilibrium;
  const size_t width = q->width, n = q->n;
  double *value_added = field(projection, TANLU_FIELD_VALUE_ADDED, t);
  double *final_use = field(projection, TANLU_FIELD_FINAL_DEMAND, t);
  double *phi = field(projection, TANLU_FIELD_FINAL_FACTOR, t), *r = field(projection, TANLU_FIELD_INPUT_FACTOR, t);
  copy(q->output, width, lane, n, field(projection, TANLU_FIELD_OUTPUT, t));
  copy(year->imports, width, lane, n, field(projection, TANLU_FIELD_IMPORTS, t));
  for (size_t j = 0; value_added != NULL && j < n; j++) {
    value_added[j] = q->economy->v[j * width + lane] * q->output[j * width + lane];
  }
  if (final_use != NULL) tanlu_economy_final_use(q->economy, q->levers, q->rows, lane, final_use, NULL);
  if (phi != NULL && r != NULL) tanlu_economy_multipliers(q->economy, lane, phi, r);
}

void tanlu_solved_year_user_energy(const tanlu_solved_year *year, size_t lane, size_t user, double *energetic,
                                   double *feedstock) {
  const tanlu_energy *energy = year->system->energy;
  const tanlu_equilibrium *q = year->equilibrium;
  const size_t width = q->width, carriers = energy->carriers;
  const double activity = q->rows->activity[user * width + lane];
  const double *final = q->rows->mix->final + user * CLASSES * width + lane;
  const double index =
      user < energy->n ? tanlu_lever(q->levers, TANLU_DRIVER_FEEDSTOCK, energy->mix_group[user], 0)[lane] : 1.0;
  for (size_t c = 0; c < carriers; c++) {
    const size_t at = user * carriers + c, k = (size_t)year->system->dataset->energy.carrier.cls[c];
    feedstock[c] = energy->non_energy[at] * index * activity;
    energetic[c] = final[k * width] * energy->within_class[at] * activity;
  }
}

static void record_users(const tanlu_solved_year *year, size_t lane, size_t t, tanlu_projection *projection) {
  const tanlu_energy *energy = year->system->energy;
  const tanlu_equilibrium *q = year->equilibrium;
  const size_t n = energy->n, carriers = energy->carriers, width = q->width;
  double *final = field(projection, TANLU_FIELD_FINAL_ENERGY, t);
  double *non_energy = field(projection, TANLU_FIELD_NON_ENERGY, t);
  double *household = field(projection, TANLU_FIELD_HOUSEHOLD_ENERGY, t);
  double *vehicles = field(projection, TANLU_FIELD_VEHICLE_ENERGY, t);
  double *useful = field(projection, TANLU_FIELD_USEFUL_ENERGY, t);
  if (final == NULL || non_energy == NULL || household == NULL || useful == NULL) return;
  memset(household, 0, projection->size[TANLU_FIELD_HOUSEHOLD_ENERGY] * sizeof *household);
  if (vehicles != NULL) memset(vehicles, 0, projection->size[TANLU_FIELD_VEHICLE_ENERGY] * sizeof *vehicles);
  memset(useful, 0, projection->size[TANLU_FIELD_USEFUL_ENERGY] * sizeof *useful);
  for (size_t user = 0; user < tanlu_user_heat(energy); user++) {
    const bool rural = user >= tanlu_user_household(energy, TANLU_RURAL_BUILDINGS);
    const bool vehicle = user == tanlu_user_household(energy, TANLU_URBAN_VEHICLES) ||
                         user == tanlu_user_household(energy, TANLU_RURAL_VEHICLES);
    double *energetic = projection->carrier_work, *feedstock = energetic + carriers;
    tanlu_solved_year_user_energy(year, lane, user, energetic, feedstock);
    for (size_t c = 0; c < carriers; c++) {
      const double use = energetic[c] + feedstock[c];
      if (user < n) {
        final[c * n + user] = use;
        non_energy[c * n + user] = feedstock[c];
      } else {
        household[(rural ? carriers : 0) + c] += use;
        if (vehicle && vehicles != NULL) vehicles[(rural ? carriers : 0) + c] = use;
      }
    }
    if (user >= n) continue;
    if (q->rows->captures) {
      final[year->system->dataset->energy.electricity * n + user] += year->energy->capture_use[user * width + lane];
    }
    for (size_t k = 0; k < CLASSES; k++) {
      useful[energy->mix_group[user] * CLASSES + k] +=
          q->rows->mix->useful[(user * CLASSES + k) * width + lane] * q->rows->activity[user * width + lane];
    }
  }
}

static void record_energy(const tanlu_solved_year *year, size_t lane, size_t t, tanlu_projection *projection) {
  const tanlu_energy_year *e = year->energy;
  const tanlu_power_year *power = &year->equilibrium->rows->power;
  const size_t width = e->width, carriers = year->system->energy->carriers;
  const size_t technologies = year->system->power->technologies;
  record_users(year, lane, t, projection);
  copy(e->primary, width, lane, carriers, field(projection, TANLU_FIELD_PRIMARY_ENERGY, t));
  copy(e->transformation, width, lane, carriers, field(projection, TANLU_FIELD_TRANSFORMATION, t));
  copy(power->generation, width, lane, technologies, field(projection, TANLU_FIELD_GENERATION, t));
  copy(power->capacity, width, lane, technologies, field(projection, TANLU_FIELD_CAPACITY, t));
}

static void record_co2(const tanlu_solved_year *year, size_t lane, size_t t, tanlu_projection *projection) {
  const tanlu_energy_year *e = year->energy;
  const tanlu_system *s = year->system;
  const size_t n = s->energy->n, width = e->width;
  double *combustion = field(projection, TANLU_FIELD_CO2_COMBUSTION, t);
  double *vehicles = field(projection, TANLU_FIELD_VEHICLE_CO2, t);
  double *household = field(projection, TANLU_FIELD_HOUSEHOLD_CO2, t), *co2 = field(projection, TANLU_FIELD_CO2, t);
  copy(e->process, width, lane, n, field(projection, TANLU_FIELD_CO2_PROCESS, t));
  copy(e->captured, width, lane, n, field(projection, TANLU_FIELD_CO2_CAPTURED, t));
  copy(e->captured_process, width, lane, n, field(projection, TANLU_FIELD_CAPTURED_PROCESS, t));
  copy(e->combustion, width, lane, n, combustion);
  if (vehicles != NULL) {
    vehicles[0] = e->combustion[tanlu_user_household(s->energy, TANLU_URBAN_VEHICLES) * width + lane];
    vehicles[1] = e->combustion[tanlu_user_household(s->energy, TANLU_RURAL_VEHICLES) * width + lane];
  }
  if (household != NULL) household[0] = household[1] = 0.0;
  for (size_t u = 0; household != NULL && u < TANLU_HOUSEHOLD_USES; u++) {
    household[u >= TANLU_RURAL_BUILDINGS] += e->combustion[tanlu_user_household(s->energy, u) * width + lane];
  }
  if (combustion == NULL) return;
  combustion[s->heat_sector] += e->combustion[tanlu_user_heat(s->energy) * width + lane];
  for (size_t i = 0; i < s->power->technologies; i++) {
    combustion[s->power->sector] += e->plant_combustion[i * width + lane];
  }
  for (size_t j = 0; co2 != NULL && j < n; j++) {
    co2[j] = combustion[j] + e->process[j * width + lane] - e->captured[j * width + lane];
  }
}

static void record_products(const tanlu_solved_year *year, size_t lane, size_t t, tanlu_projection *projection) {
  const tanlu_energy_statistics *e = &year->system->dataset->energy;
  const tanlu_product_statistics *p = &year->system->dataset->products;
  const size_t width = year->energy->width;
  double *output = field(projection, TANLU_FIELD_PRODUCT_OUTPUT, t);
  for (size_t i = 0; output != NULL && i < p->product.count; i++) {
    double ratio = year->equilibrium->rows->product_ratio[i * width + lane];
    if (p->kind[i] == TANLU_PRODUCT_PRIMARY) {
      double primary = 0.0;
      for (size_t c = 0; c < e->carrier.label.count; c++) {
        if (e->carrier.cls[c] == p->cls[i]) primary += year->energy->primary[c * width + lane];
      }
      const double base = year->system->base_primary[p->cls[i]];
      ratio = base > 0.0 ? primary / base : 0.0;
    }
    output[i] = ratio * p->base[i];
  }
}

tanlu_status tanlu_record_year(const tanlu_solved_year *year, size_t lane, size_t t, tanlu_projection *projection,
                               tanlu_context *context) {
  const size_t width = year->equilibrium->width;
  record_money(year, lane, t, projection);
  record_energy(year, lane, t, projection);
  record_co2(year, lane, t, projection);
  record_products(year, lane, t, projection);
  static const tanlu_field_id grouped[TANLU_BY_GROUP_COUNT] = {TANLU_FIELD_GROUP_VALUE_ADDED,
                                                               TANLU_FIELD_GROUP_FINAL_ENERGY, TANLU_FIELD_GROUP_CO2,
                                                               TANLU_FIELD_GROUP_EMPLOYMENT};
  for (size_t k = 0; k < TANLU_BY_GROUP_COUNT; k++) {
    copy(year->by_group[k], width, lane, projection->size[grouped[k]], field(projection, grouped[k], t));
  }
  copy(year->indicator, width, lane, TANLU_INDICATOR_COUNT, field(projection, TANLU_FIELD_INDICATOR, t));
  tanlu_investment_record(year->system->dataset, year->equilibrium->levers, lane, t, projection);
  projection->worst_residual = fmax(projection->worst_residual, year->residual[lane]);
  projection->worst_balance = fmax(projection->worst_balance, year->balance[lane]);
  projection->iterations += year->equilibrium->steps[lane];
  for (size_t i = 0; i < IDENTITIES; i++) {
    if (year->gap[i][lane] <= account_tolerance) continue;
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "year %d: %s differ by %.3g relative",
                      year->equilibrium->levers->year, identity_text[i], year->gap[i][lane]);
  }
  return TANLU_OK;
}
