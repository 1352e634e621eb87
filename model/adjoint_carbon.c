/* Gradients by emission factors. */
#include <math.h>

#include "model/adjoint_private.h"

enum { CLASSES = TANLU_CLASS_COUNT };

double tanlu_adjoint_carbon_total(const tanlu_adjoint *adjoint) {
  const tanlu_adjoint *a = adjoint;
  const tanlu_energy_year *e = a->solved->energy;
  double sum = 1.0;
  for (size_t user = 0; user < a->model->system->energy->users; user++) sum += fabs(e->combustion[user * a->width]);
  for (size_t i = 0; i < a->model->system->power->technologies; i++) sum += fabs(e->plant_combustion[i * a->width]);
  return sum;
}

/* ---- what a tonne does ------------------------------------------------------------------------------------------------ */

/* Per tonne burned in a sector of crude steel, beyond what a tonne does anywhere: steel_co2 counts its own sectors alone. */
static double in_steel(const tanlu_adjoint *a, size_t output, size_t sector) {
  const tanlu_product_statistics *p = &a->model->dataset->products;
  const size_t steel = tanlu_labels_find(&p->product, "crude_steel");
  const double *weight = a->request->weight + (output * a->years + a->t) * TANLU_INDICATOR_COUNT;
  if (steel == TANLU_NONE || sector >= a->n || !p->in_set[steel * a->n + sector]) return 0.0;
  return weight[TANLU_INDICATOR_STEEL_CO2] * 1e-6;
}

/* Indicators are linear in tonnes: lane 1 has more that is burned, lane 2 more that is captured, both in sector 0, all else as it
 * is. */
static void slopes_of_accounts(tanlu_adjoint *a) {
  tanlu_energy_year *e = a->solved->energy;
  const double more = 1e-3 * tanlu_adjoint_carbon_total(a), burned = e->combustion[1], captured = e->captured[2];
  e->combustion[1] += more;
  e->captured[2] += more;
  tanlu_solved_year_indicate(a->solved);
  tanlu_adjoint_change(a, 1, a->burned);
  tanlu_adjoint_change(a, 2, a->captured);
  e->combustion[1] = burned;
  e->captured[2] = captured;
  tanlu_solved_year_indicate(a->solved);
  for (size_t o = 0; o < a->request->outputs; o++) {
    a->burned[o] = a->burned[o] / more - in_steel(a, o, 0);
    a->captured[o] = a->captured[o] / more + in_steel(a, o, 0);
  }
}

/* The sector where the CO2 of a user is captured. */
static size_t capturer(const tanlu_adjoint *a, size_t user) {
  return user == tanlu_user_heat(a->model->system->energy) ? a->model->system->heat_sector : user;
}

/* Share of a user's CO2 that is captured. */
static double rate_of(const tanlu_adjoint *a, size_t user) {
  const tanlu_system *s = a->model->system;
  const size_t *group = s->dataset->level[s->dataset->policy_level].of_sector;
  const size_t sector = capturer(a, user);
  return sector < a->n ? tanlu_lever(a->equilibrium->levers, TANLU_DRIVER_CAPTURE, group[sector], 0)[0] : 0.0;
}

void tanlu_adjoint_carbon_begin(tanlu_adjoint *adjoint) {
  tanlu_adjoint *a = adjoint;
  const size_t users = a->model->system->energy->users;
  slopes_of_accounts(a);
  for (size_t o = 0; o < a->request->outputs; o++) {
    for (size_t user = 0; user < users; user++) {
      const double activity = a->equilibrium->rows->activity[user * a->width];
      const double burned = a->burned[o] + in_steel(a, o, user);
      const double captured = a->captured[o] - in_steel(a, o, capturer(a, user));
      a->by_user[o * users + user] = activity * (burned + rate_of(a, user) * captured);
    }
  }
}

bool tanlu_adjoint_carbon_captured(const tanlu_adjoint *adjoint, size_t user) {
  const tanlu_energy_rows *rows = adjoint->equilibrium->rows;
  return rows->captures && rate_of(adjoint, user) != 0.0 && rows->activity[user * adjoint->width] > 0.0;
}

void tanlu_adjoint_carbon_move(tanlu_adjoint *adjoint, size_t user, size_t lane, double tonnes) {
  tanlu_adjoint *a = adjoint;
  a->more_carbon[user * a->width + lane] = tonnes / a->equilibrium->rows->activity[user * a->width];
}

/* ---- factors --------------------------------------------------------------------------------------------------------------- */

/* t CO2 of a user per unit of activity, by carrier, for a factor of 1 (carriers). */
static void find_weights(const tanlu_adjoint *a, size_t user, double *weight) {
  const tanlu_system *s = a->model->system;
  const tanlu_energy_statistics *e = &s->dataset->energy;
  const tanlu_hydrogen_statistics *h = &s->dataset->hydrogen;
  const tanlu_levers *levers = a->equilibrium->levers;
  const size_t carriers = s->energy->carriers, width = a->width;
  const double *final = a->equilibrium->rows->mix->final + user * CLASSES * width;
  const double index =
      user < a->n ? tanlu_lever(levers, TANLU_DRIVER_FEEDSTOCK, s->energy->mix_group[user], 0)[0] : 1.0;
  for (size_t c = 0; c < carriers; c++) {
    weight[c] = final[(size_t)e->carrier.cls[c] * width] * s->energy->within_class[user * carriers + c] +
                index * s->energy->non_energy[user * carriers + c] * (1.0 - e->carrier.stored_fraction[c]);
  }
  if (e->hydrogen == TANLU_NONE) return;
  const double hydrogen = final[TANLU_CLASS_HYDROGEN * width];
  weight[h->coal_carrier] +=
      hydrogen * tanlu_lever(levers, TANLU_DRIVER_HYDROGEN_MIX, TANLU_HYDROGEN_COAL, 0)[0] / h->coal_efficiency;
  weight[h->gas_carrier] +=
      hydrogen * tanlu_lever(levers, TANLU_DRIVER_HYDROGEN_MIX, TANLU_HYDROGEN_GAS, 0)[0] / h->gas_efficiency;
}

/* Users, then plants. captured: of a tonne in the sector that generates. gradient: groups x carriers. */
static void add_combustion(const tanlu_adjoint *a, const double *by_user, double burned, double captured,
                           double *gradient) {
  const tanlu_system *s = a->model->system;
  const size_t carriers = s->energy->carriers, width = a->width, technologies = s->power->technologies;
  const tanlu_energy_rows *rows = a->equilibrium->rows;
  for (size_t user = 0; user < s->energy->users; user++) {
    double *to = gradient + s->energy->user_group[user] * carriers;
    if (by_user[user] == 0.0) continue;
    find_weights(a, user, a->factor_weights);
    for (size_t c = 0; c < carriers; c++) to[c] += by_user[user] * a->factor_weights[c];
  }
  double *to = gradient + s->power->user_group * carriers;
  for (size_t i = 0; i < technologies; i++) {
    const double slope = burned + s->dataset->power.capture_rate[i] * captured;
    for (size_t c = 0; c < carriers; c++) {
      if (tanlu_power_burns(s->power, i, c)) to[c] += slope * rows->power.fuel[(i * carriers + c) * width];
    }
  }
}

/* Carbon lost in conversion, which is a line of its own. */
static void add_conversion(const tanlu_adjoint *a, double per_tonne, double *gradient) {
  const tanlu_energy_statistics *e = &a->model->dataset->energy;
  const size_t carriers = a->model->system->energy->carriers;
  for (size_t p = 0; per_tonne != 0.0 && p < e->process.count; p++) {
    if (e->process_kind[p] != TANLU_PROCESS_CONVERSION && e->process_kind[p] != TANLU_PROCESS_RECOVERY) continue;
    double *to = gradient + e->branch_user_group[e->sector_branch[e->process_sector[p]]] * carriers;
    const double scale = a->equilibrium->rows->scale[p * a->width];
    for (size_t c = 0; c < carriers; c++) to[c] -= per_tonne * scale * e->conversion[p * carriers + c];
  }
}

/* CO2 of the base year, as the statistics give it; slope: dJ per tonne of it. */
static void add_base_year(const tanlu_adjoint *a, double slope, double *gradient) {
  const tanlu_system *s = a->model->system;
  const tanlu_energy *energy = s->energy;
  const size_t carriers = energy->carriers;
  for (size_t user = 0; user < energy->users; user++) {
    for (size_t c = 0; c < carriers; c++) {
      const size_t at = user * carriers + c;
      const double released = energy->non_energy[at] * (1.0 - s->dataset->energy.carrier.stored_fraction[c]);
      gradient[energy->user_group[user] * carriers + c] += slope * (energy->final[at] + released);
    }
  }
  for (size_t i = 0; i < s->power->technologies; i++) {
    for (size_t c = 0; c < carriers; c++) {
      gradient[s->power->user_group * carriers + c] +=
          slope * s->power->generation[i] * s->power->fuel_rate[i * carriers + c];
    }
  }
}

/* Changes are counted from the base year, 1 + change = intensity / base-year intensity: kept until the base year is reached. */
static void add_base(tanlu_adjoint *a, size_t output) {
  static const tanlu_indicator_id change[] = {TANLU_INDICATOR_CO2_PER_GDP_2020, TANLU_INDICATOR_CO2_PER_GDP_2005};
  const double *weight = a->request->weight + (output * a->years + a->t) * TANLU_INDICATOR_COUNT;
  for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
    if (weight[change[i]] != 0.0) a->base_co2[output] -= weight[change[i]] * (a->indicator[change[i]] + 1.0);
  }
}

void tanlu_adjoint_carbon_end(tanlu_adjoint *adjoint) {
  tanlu_adjoint *a = adjoint;
  const tanlu_system *system = a->model->system;
  const size_t users = system->energy->users, carriers = system->energy->carriers;
  const size_t factors = system->dataset->energy.user_group.count * carriers;
  for (size_t o = 0; o < a->request->outputs; o++) {
    double *gradient = a->gradients->emission_factor + o * factors;
    const double *by = a->request->weight + (o * a->years + a->t) * TANLU_INDICATOR_COUNT;
    const double captured = a->captured[o] - in_steel(a, o, system->power->sector);
    add_combustion(a, a->by_user + o * users, a->burned[o], captured, gradient);
    add_conversion(a, by[TANLU_INDICATOR_CO2_CONVERSION] * 1e-6, gradient);
    add_base(a, o);
    if (a->t == 0) add_base_year(a, a->base_co2[o] / system->base_co2, gradient);
  }
}
