#include "model/routes.h"

#include <math.h>
#include <string.h>

enum { CLASSES = TANLU_CLASS_COUNT };

/* What the equations of a group take from the dataset. */
typedef struct {
  const tanlu_dataset *dataset;
  tanlu_drivers *drivers;
  size_t group, last;                   /* last recorded year */
  double scale[CLASSES], fuel[CLASSES]; /* c, c' */
  double rest[CLASSES];                 /* R */
  double rho_last[CLASSES], gain_last[CLASSES];
  double non_energy;              /* N */
  double feedstock_last[CLASSES]; /* c' F(s_h) */
} group_routes;

void tanlu_routes_energy(const tanlu_dataset *d, size_t process, const double *share, double useful[CLASSES],
                         double feedstock[CLASSES]) {
  const tanlu_route_statistics *r = &d->routes;
  const double *efficiency = d->group_energy.efficiency + r->group[process] * CLASSES;
  memset(useful, 0, CLASSES * sizeof *useful);
  memset(feedstock, 0, CLASSES * sizeof *feedstock);
  for (size_t i = 0; i < r->route.count; i++) {
    const size_t at = process * r->route.count + i;
    if (!r->has[at] || share[i] == 0.0) continue;
    const double tj = 1e3 * r->output[process] * share[i]; /* Mt x GJ/t = 10^3 TJ */
    for (size_t k = 0; k < CLASSES; k++) {
      useful[k] += tj * r->final[at * CLASSES + k] * efficiency[k];
      feedstock[k] += tj * r->feedstock[at * CLASSES + k];
    }
  }
}

/* Both energies of all processes of a group at base-year shares. */
static void all_processes(const tanlu_dataset *d, size_t group, double useful[CLASSES], double feedstock[CLASSES]) {
  memset(useful, 0, CLASSES * sizeof *useful);
  memset(feedstock, 0, CLASSES * sizeof *feedstock);
  for (size_t p = 0; p < d->routes.process.count; p++) {
    double u[CLASSES], f[CLASSES];
    if (d->routes.group[p] != group) continue;
    tanlu_routes_energy(d, p, d->routes.share + p * d->routes.route.count, u, f);
    for (size_t k = 0; k < CLASSES; k++) {
      useful[k] += u[k];
      feedstock[k] += f[k];
    }
  }
}

void tanlu_routes_scale(const tanlu_dataset *d, size_t group, double energy[CLASSES], double feedstock[CLASSES]) {
  double useful[CLASSES], fuel[CLASSES];
  all_processes(d, group, useful, fuel);
  for (size_t k = 0; k < CLASSES; k++) {
    const double u = d->group_energy.useful[group * CLASSES + k], n = d->group_energy.non_energy[group * CLASSES + k];
    energy[k] = useful[k] > u ? u / useful[k] : 1.0;
    feedstock[k] = fuel[k] > n ? n / fuel[k] : 1.0;
  }
}

static const double *shares(const tanlu_drivers *drivers, size_t process, size_t t) {
  const size_t routes = drivers->inner[TANLU_DRIVER_ROUTE_SHARE];
  return drivers->value[TANLU_DRIVER_ROUTE_SHARE] + t * drivers->size[TANLU_DRIVER_ROUTE_SHARE] + process * routes;
}

bool tanlu_routes_given(const tanlu_drivers *drivers, size_t process) {
  return drivers->inner[TANLU_DRIVER_ROUTE_SHARE] > 0 && !isnan(shares(drivers, process, drivers->years - 1)[0]);
}

/* ---- retention and gain of one scenario -------------------------------------------------------------------------------- */

/* As in model/energy.c, for one group and year; a path that routes have set for another group counts. */
static void own_retention(const group_routes *g, size_t group, size_t t, double rho[CLASSES], double gain[CLASSES]) {
  const double *base = g->dataset->useful_share + group * CLASSES;
  double gained = 0.0;
  const bool by_path = !isnan(tanlu_driver(g->drivers, TANLU_DRIVER_MIX_SHARE, t, group, 0));
  for (size_t k = 0; k < CLASSES; k++) {
    const double path = tanlu_driver(g->drivers, TANLU_DRIVER_MIX_SHARE, t, group, k);
    rho[k] = tanlu_driver(g->drivers, TANLU_DRIVER_RETAIN, t, group, k);
    gain[k] = tanlu_driver(g->drivers, TANLU_DRIVER_GAIN, t, group, k);
    if (!by_path) continue;
    rho[k] = path < base[k] ? path / base[k] : 1.0;
    gain[k] = path > base[k] ? path - base[k] : 0.0;
    gained += gain[k];
  }
  for (size_t k = 0; k < CLASSES && by_path; k++) {
    gain[k] = gained > 0.0 ? gain[k] / gained : k == TANLU_CLASS_ELECTRICITY ? 1.0 : 0.0;
  }
}

static size_t recovery_group(const tanlu_dataset *d) {
  size_t group = TANLU_NONE;
  for (size_t p = 0; p < d->energy.process.count; p++) {
    if (d->energy.process_kind[p] == TANLU_PROCESS_RECOVERY) {
      group = d->level[d->policy_level].of_sector[d->energy.process_sector[p]];
    }
  }
  return group;
}

/* By-product gases follow coke in the group that recovers them. */
static void retention(const group_routes *g, size_t t, double rho[CLASSES], double gain[CLASSES]) {
  const size_t recovery = recovery_group(g->dataset);
  own_retention(g, g->group, t, rho, gain);
  if (recovery == TANLU_NONE || !isnan(tanlu_driver(g->drivers, TANLU_DRIVER_MIX_SHARE, t, g->group, 0))) return;
  double other[CLASSES], unused[CLASSES];
  own_retention(g, recovery, t, other, unused);
  rho[TANLU_CLASS_BYPRODUCT_GAS] = other[TANLU_CLASS_COKE];
}

/* sum_k += part_k rho_k + gain_k sum_l part_l (1 - rho_l). */
static void add_mixed(const double part[CLASSES], const double rho[CLASSES], const double gain[CLASSES],
                      double sum[CLASSES]) {
  double released = 0.0;
  for (size_t k = 0; k < CLASSES; k++) released += part[k] * (1.0 - rho[k]);
  for (size_t k = 0; k < CLASSES; k++) sum[k] += part[k] * rho[k] + gain[k] * released;
}

/* ---- a group --------------------------------------------------------------------------------------------------------------- */

/* Energy and non-energy use of the processes whose routes are given, in year t, scaled. */
static void given_processes(const group_routes *g, size_t t, double useful[CLASSES], double feedstock[CLASSES]) {
  memset(useful, 0, CLASSES * sizeof *useful);
  memset(feedstock, 0, CLASSES * sizeof *feedstock);
  for (size_t p = 0; p < g->dataset->routes.process.count; p++) {
    double u[CLASSES], f[CLASSES];
    if (g->dataset->routes.group[p] != g->group || !tanlu_routes_given(g->drivers, p)) continue;
    tanlu_routes_energy(g->dataset, p, shares(g->drivers, p, t), u, f);
    for (size_t k = 0; k < CLASSES; k++) {
      useful[k] += g->scale[k] * u[k];
      feedstock[k] += g->fuel[k] * f[k];
    }
  }
}

static void open_group(group_routes *g) {
  const tanlu_dataset *d = g->dataset;
  double given[CLASSES];
  tanlu_routes_scale(d, g->group, g->scale, g->fuel);
  given_processes(g, g->last, given, g->feedstock_last);
  g->non_energy = 0.0;
  for (size_t k = 0; k < CLASSES; k++) {
    g->rest[k] = fmax(0.0, d->group_energy.useful[g->group * CLASSES + k] - given[k]); /* below 0 by rounding alone */
    g->non_energy += d->group_energy.non_energy[g->group * CLASSES + k];
  }
  retention(g, g->last, g->rho_last, g->gain_last);
}

static double total(const double value[CLASSES]) {
  double sum = 0.0;
  for (size_t k = 0; k < CLASSES; k++) sum += value[k];
  return sum;
}

/* u(t), and c' F(s_t). */
static void year_of(const group_routes *g, size_t t, double useful[CLASSES], double feedstock[CLASSES]) {
  double given[CLASSES], rho[CLASSES], gain[CLASSES];
  given_processes(g, t, given, feedstock);
  retention(g, t, rho, gain);
  memset(useful, 0, CLASSES * sizeof *useful);
  add_mixed(given, g->rho_last, g->gain_last, useful);
  add_mixed(g->rest, rho, gain, useful);
}

static void apply_energy(group_routes *g) {
  tanlu_drivers *v = g->drivers;
  const size_t groups = v->size[TANLU_DRIVER_INTENSITY];
  double useful[CLASSES], feedstock[CLASSES];
  open_group(g);
  year_of(g, g->last, useful, feedstock);
  const double before = total(useful);
  for (size_t t = g->last + 1; t < v->years && before > 0.0; t++) {
    year_of(g, t, useful, feedstock);
    const double now = total(useful);
    double *path = v->value[TANLU_DRIVER_MIX_SHARE] + t * v->size[TANLU_DRIVER_MIX_SHARE] + g->group * CLASSES;
    for (size_t k = 0; k < CLASSES; k++) path[k] = useful[k] / now;
    v->value[TANLU_DRIVER_INTENSITY][t * groups + g->group] *= now / before;
    double change = 0.0;
    for (size_t k = 0; k < CLASSES; k++) change += feedstock[k] - g->feedstock_last[k];
    if (g->non_energy > 0.0) v->value[TANLU_DRIVER_FEEDSTOCK][t * groups + g->group] *= 1.0 + change / g->non_energy;
  }
}

/* sum_r s_r value_r, value[r * stride]. */
static double weighted(const double *share, const double *value, size_t routes, size_t stride) {
  double sum = 0.0;
  for (size_t r = 0; r < routes; r++) sum += share[r] * value[r * stride];
  return sum;
}

static void apply_carbon(const group_routes *g, size_t process) {
  const tanlu_route_statistics *r = &g->dataset->routes;
  tanlu_drivers *v = g->drivers;
  const size_t routes = r->route.count, emissions = g->dataset->products.emission.count;
  const double *factor = r->emission + process * routes * emissions, *capture = r->capture + process * routes;
  for (size_t e = 0; e < emissions; e++) {
    const double before = weighted(shares(v, process, g->last), factor + e, routes, emissions);
    for (size_t t = g->last + 1; t < v->years && before > 0.0; t++) {
      v->value[TANLU_DRIVER_PROCESS_FACTOR][t * emissions + e] *=
          weighted(shares(v, process, t), factor + e, routes, emissions) / before;
    }
  }
  for (size_t t = g->last + 1; t < v->years; t++) {
    v->value[TANLU_DRIVER_CAPTURE][t * v->size[TANLU_DRIVER_CAPTURE] + g->group] +=
        weighted(shares(v, process, t), capture, routes, 1);
  }
}

static void apply_group(const tanlu_dataset *d, tanlu_drivers *drivers, size_t group) {
  group_routes g = {.dataset = d, .drivers = drivers, .group = group, .last = (size_t)(d->history_to - d->base_year)};
  bool any = false;
  for (size_t p = 0; p < d->routes.process.count; p++) {
    if (d->routes.group[p] != group || !tanlu_routes_given(drivers, p)) continue;
    any = true;
    apply_carbon(&g, p);
  }
  if (any) apply_energy(&g);
}

void tanlu_routes_apply(const tanlu_dataset *d, tanlu_drivers *drivers) {
  const size_t groups = tanlu_dataset_policy_groups(d)->count, recovery = recovery_group(d);
  if ((size_t)(d->history_to - d->base_year) + 1 >= drivers->years || d->routes.process.count == 0) return;
  if (recovery != TANLU_NONE) apply_group(d, drivers, recovery); /* first: others' by-product gases follow its coke */
  for (size_t g = 0; g < groups; g++) {
    if (g != recovery) apply_group(d, drivers, g);
  }
}
