#include "model/record.h"

#include <math.h>
#include <string.h>

#include "model/indicators.h"

/* Accounts are sums of some ten thousand terms in double precision: 1e-9 leaves six digits for rounding. */
static const double account_tolerance = 1e-9;

static double *field(tanlu_projection *projection, tanlu_field_id id, size_t t) {
  return projection->value[id] + t * projection->size[id];
}

static double sum_of(const double *value, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) sum += value[i];
  return sum;
}

/* ---- fields ------------------------------------------------------------------------------------------------------------ */

static void record_money(const tanlu_solved_year *year, size_t t, tanlu_projection *projection) {
  const tanlu_equilibrium *q = year->equilibrium;
  const tanlu_accounts *a = &year->system->dataset->accounts;
  const size_t width = q->width, lane = year->lane;
  double *final_use = field(projection, TANLU_FIELD_FINAL_DEMAND, t);
  memcpy(field(projection, TANLU_FIELD_OUTPUT, t), year->output, a->n * sizeof *year->output);
  for (size_t j = 0; j < a->n; j++) {
    field(projection, TANLU_FIELD_VALUE_ADDED, t)[j] = q->economy->v[j * width + lane] * year->output[j];
  }
  tanlu_economy_final_use(q->economy, q->levers, q->rows, lane, final_use);
  tanlu_economy_imports(q->economy, q->levers, q->rows, q->output, lane, final_use,
                        field(projection, TANLU_FIELD_IMPORTS, t));
  tanlu_economy_multipliers(q->economy, lane, field(projection, TANLU_FIELD_FINAL_FACTOR, t),
                            field(projection, TANLU_FIELD_INPUT_FACTOR, t));
  projection->worst_residual = fmax(projection->worst_residual, tanlu_equilibrium_residual(q, lane));
}

static void record_energy(const tanlu_solved_year *year, size_t t, tanlu_projection *projection) {
  const tanlu_energy_year *e = year->energy;
  const tanlu_energy *energy = year->system->energy;
  const tanlu_dataset *d = year->system->dataset;
  const size_t n = energy->n, carriers = energy->carriers, groups = tanlu_dataset_policy_groups(d)->count;
  double *final = field(projection, TANLU_FIELD_FINAL_ENERGY, t);
  double *non_energy = field(projection, TANLU_FIELD_NON_ENERGY, t);
  double *household = field(projection, TANLU_FIELD_HOUSEHOLD_ENERGY, t);
  double *useful = field(projection, TANLU_FIELD_USEFUL_ENERGY, t);
  memset(household, 0, 2 * carriers * sizeof *household);
  memset(useful, 0, groups * TANLU_CLASS_COUNT * sizeof *useful);
  for (size_t user = 0; user < tanlu_user_heat(energy); user++) {
    const double activity = e->activity[user];
    const bool rural = user >= tanlu_user_household(energy, TANLU_RURAL_BUILDINGS);
    for (size_t c = 0; c < carriers; c++) {
      const double feedstock = e->feedstock[user * carriers + c] * activity;
      const double use = e->energetic[user * carriers + c] * activity + feedstock;
      if (user < n) {
        final[c * n + user] = use;
        non_energy[c * n + user] = feedstock;
      } else {
        household[(rural ? carriers : 0) + c] += use;
      }
    }
    if (user >= n) continue;
    final[d->energy.electricity * n + user] += e->capture_use[user];
    for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) {
      useful[energy->mix_group[user] * TANLU_CLASS_COUNT + k] += e->useful[user * TANLU_CLASS_COUNT + k] * activity;
    }
  }
  memcpy(field(projection, TANLU_FIELD_PRIMARY_ENERGY, t), e->primary, carriers * sizeof *e->primary);
  memcpy(field(projection, TANLU_FIELD_TRANSFORMATION, t), e->transformation, carriers * sizeof *e->transformation);
  memcpy(field(projection, TANLU_FIELD_GENERATION, t), e->power.generation,
         projection->size[TANLU_FIELD_GENERATION] * sizeof *e->power.generation);
  memcpy(field(projection, TANLU_FIELD_CAPACITY, t), e->power.capacity,
         projection->size[TANLU_FIELD_CAPACITY] * sizeof *e->power.capacity);
}

static void record_co2(const tanlu_solved_year *year, size_t t, tanlu_projection *projection) {
  const tanlu_energy_year *e = year->energy;
  const tanlu_system *system = year->system;
  const size_t n = system->energy->n;
  double *combustion = field(projection, TANLU_FIELD_CO2_COMBUSTION, t);
  double *household = field(projection, TANLU_FIELD_HOUSEHOLD_CO2, t);
  memcpy(combustion, e->combustion, n * sizeof *combustion);
  combustion[system->heat_sector] += e->combustion[tanlu_user_heat(system->energy)];
  combustion[system->power->sector] += sum_of(e->plant_combustion, system->power->technologies);
  memcpy(field(projection, TANLU_FIELD_CO2_PROCESS, t), e->process, n * sizeof *e->process);
  memcpy(field(projection, TANLU_FIELD_CO2_CAPTURED, t), e->captured, n * sizeof *e->captured);
  for (size_t j = 0; j < n; j++) {
    field(projection, TANLU_FIELD_CO2, t)[j] = combustion[j] + e->process[j] - e->captured[j];
  }
  household[0] = household[1] = 0.0;
  for (size_t u = 0; u < TANLU_HOUSEHOLD_USES; u++) {
    household[u >= TANLU_RURAL_BUILDINGS] += e->combustion[tanlu_user_household(system->energy, u)];
  }
}

static void record_products(const tanlu_solved_year *year, size_t t, tanlu_projection *projection) {
  const tanlu_energy_statistics *e = &year->system->dataset->energy;
  const tanlu_product_statistics *p = &year->system->dataset->products;
  for (size_t i = 0; i < p->product.count; i++) {
    double ratio = year->energy->product_ratio[i];
    if (p->kind[i] == TANLU_PRODUCT_PRIMARY) {
      double primary = 0.0;
      for (size_t c = 0; c < e->carrier.label.count; c++) {
        if (e->carrier.cls[c] == p->cls[i]) primary += year->energy->primary[c];
      }
      const double base = year->system->base_primary[p->cls[i]];
      ratio = base > 0.0 ? primary / base : 0.0;
    }
    field(projection, TANLU_FIELD_PRODUCT_OUTPUT, t)[i] = ratio * p->base[i];
  }
}

/* ---- identities -------------------------------------------------------------------------------------------------------- */

static double relative(double a, double b) {
  const double size = fmax(fabs(a), fabs(b));
  return size > 0.0 ? fabs(a - b) / size : 0.0;
}

/* sum v x = sum y - sum m + err */
static double gdp_gap(const tanlu_solved_year *year, size_t t, tanlu_projection *projection) {
  const tanlu_accounts *a = &year->system->dataset->accounts;
  const double income = sum_of(field(projection, TANLU_FIELD_VALUE_ADDED, t), a->n);
  const double spending = sum_of(field(projection, TANLU_FIELD_FINAL_DEMAND, t), a->n * a->category.count) -
                          sum_of(field(projection, TANLU_FIELD_IMPORTS, t), a->n) +
                          year->gdp_index * sum_of(a->discrepancy, a->n);
  return relative(income, spending);
}

/* Sectors, households and power against carriers: CO2 of combustion summed the other way round. */
static double co2_gap(const tanlu_solved_year *year, size_t t, tanlu_projection *projection) {
  const tanlu_energy_year *e = year->energy;
  const tanlu_system *system = year->system;
  const tanlu_energy_statistics *s = &system->dataset->energy;
  const size_t carriers = system->energy->carriers, users = system->energy->users;
  const double by_sector = sum_of(field(projection, TANLU_FIELD_CO2, t), system->energy->n) +
                           sum_of(field(projection, TANLU_FIELD_HOUSEHOLD_CO2, t), 2);
  double by_carrier = 0.0;
  for (size_t c = 0; c < carriers; c++) {
    for (size_t user = 0; user < users; user++) {
      const double factor = s->emission_factor[system->energy->user_group[user] * carriers + c];
      const double released = 1.0 - s->carrier.stored_fraction[c];
      by_carrier += factor * e->activity[user] *
                    (e->energetic[user * carriers + c] + e->feedstock[user * carriers + c] * released);
    }
    for (size_t i = 0; i < system->power->technologies; i++) {
      by_carrier += s->emission_factor[system->power->user_group * carriers + c] * e->power.fuel[i * carriers + c];
    }
  }
  by_carrier += e->hydrogen_co2;
  const double process = sum_of(e->process, system->energy->n), captured = sum_of(e->captured, system->energy->n);
  return fabs(by_sector - (by_carrier + process - captured)) / fmax(by_carrier + process, 1.0);
}

/* Final energy by user against by carrier, and supply against use of every carrier. */
static double energy_gap(const tanlu_solved_year *year, size_t t, tanlu_projection *projection) {
  const tanlu_energy_year *e = year->energy;
  const size_t n = year->system->energy->n, carriers = year->system->energy->carriers;
  const double *final = field(projection, TANLU_FIELD_FINAL_ENERGY, t);
  const double *household = field(projection, TANLU_FIELD_HOUSEHOLD_ENERGY, t);
  const double total = fmax(sum_of(e->final, carriers), 1.0);
  double gap = 0.0;
  for (size_t c = 0; c < carriers; c++) {
    const double by_user = sum_of(final + c * n, n) + household[c] + household[carriers + c];
    gap = fmax(gap, fabs(by_user - e->final[c]) / total);
    gap = fmax(gap, fabs(e->primary[c] + e->transformation[c] - by_user - e->losses[c]) / total);
  }
  return gap;
}

tanlu_status tanlu_record_year(const tanlu_solved_year *year, size_t t, tanlu_projection *projection,
                               tanlu_context *context) {
  record_money(year, t, projection);
  record_energy(year, t, projection);
  record_co2(year, t, projection);
  record_products(year, t, projection);
  tanlu_indicate(year, t, projection);
  const double gap[] = {gdp_gap(year, t, projection), co2_gap(year, t, projection), energy_gap(year, t, projection)};
  static const char *const account[] = {"GDP by income and by spending", "CO2 by sector and by carrier",
                                        "energy by user and by carrier"};
  for (size_t i = 0; i < sizeof gap / sizeof *gap; i++) {
    projection->worst_balance = fmax(projection->worst_balance, gap[i]);
    if (!(gap[i] <= account_tolerance)) {
      return tanlu_fail(context, TANLU_ERR_INTERNAL, "year %d: %s differ by %.3g relative",
                        year->drivers->from + (int)t, account[i], gap[i]);
    }
  }
  return TANLU_OK;
}
