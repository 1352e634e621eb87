/* What `check --explain` says of tiers, routes and capacities: levels, shares and the calibration behind them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/scenario_explain.h"
#include "model/capacity.h"
#include "model/efficiency_tiers.h"
#include "model/routes.h"

enum { COLUMNS_MAX = 8 };

typedef struct {
  const tanlu_dataset *dataset;
  const tanlu_drivers *drivers;
  FILE *stream;
  size_t columns, t[COLUMNS_MAX]; /* years that are shown */
} page;

/* The base year, the last recorded one and from there every year that ends in 0, and the last. */
static void choose_years(page *p) {
  const size_t last = (size_t)(p->dataset->history_to - p->dataset->base_year);
  p->t[p->columns++] = 0;
  if (last > 0) p->t[p->columns++] = last;
  for (size_t t = last + 1; t < p->drivers->years && p->columns < COLUMNS_MAX; t++) {
    const int year = p->drivers->from + (int)t;
    if (year % 10 == 0 || year == 2025 || t + 1 == p->drivers->years) p->t[p->columns++] = t;
  }
}

static void print_years(const page *p, const char *what, int width) {
  fprintf(p->stream, "  %-*s", width, what);
  for (size_t c = 0; c < p->columns; c++) fprintf(p->stream, " %8d", p->drivers->from + (int)p->t[c]);
}

static void print_row(const page *p, const char *what, int width, const double *value, size_t stride, double factor) {
  fprintf(p->stream, "  %-*s", width, what);
  for (size_t c = 0; c < p->columns; c++) {
    const double number = value[p->t[c] * stride] * factor;
    if (isnan(number)) {
      fprintf(p->stream, " %8s", "");
    } else {
      fprintf(p->stream, fabs(number) < 1000.0 ? " %8.1f" : " %8.0f", number);
    }
  }
}

/* ---- tiers ------------------------------------------------------------------------------------------------------------------ */

static bool has_rates(const page *p, size_t process) {
  const size_t size = p->drivers->size[TANLU_DRIVER_TIER_RATE];
  const size_t first = (size_t)(p->dataset->history_to - p->dataset->base_year) + 1;
  for (size_t t = first; t < p->drivers->years; t++) {
    for (size_t k = 0; k < TANLU_TIER_MOVES; k++) {
      if (!isnan(p->drivers->value[TANLU_DRIVER_TIER_RATE][t * size + process * TANLU_TIER_MOVES + k])) return true;
    }
  }
  return false;
}

static void print_levels(const page *p, size_t process) {
  const tanlu_tier_statistics *s = &p->dataset->tiers;
  for (size_t i = 0; i < s->product.count; i++) {
    if (s->of_process[i] != process) continue;
    fprintf(p->stream, "    %-24s baseline %g, benchmark %g %s; mean of the tiers %.6g, %.6g, %.6g\n",
            s->product.code[i], s->baseline[i], s->benchmark[i], s->unit[i],
            tanlu_tiers_level(s->baseline[i], s->benchmark[i], s->beyond[process], TANLU_TIER_BELOW),
            tanlu_tiers_level(s->baseline[i], s->benchmark[i], s->beyond[process], TANLU_TIER_BETWEEN),
            tanlu_tiers_level(s->baseline[i], s->benchmark[i], s->beyond[process], TANLU_TIER_ABOVE));
  }
}

static void print_tiers(const page *p, size_t process, double *share) {
  static const char *const tier[TANLU_TIERS] = {"below baseline", "between", "above benchmark"};
  const tanlu_tier_statistics *s = &p->dataset->tiers;
  const size_t group = s->group[process];
  double energy[TANLU_TIERS], claim;
  const double scale = tanlu_tiers_scale(p->dataset, group, &claim);
  tanlu_tiers_energy(s, process, energy);
  tanlu_tiers_shares(p->dataset, p->drivers, process, share);
  double now = 0.0;
  for (int k = 0; k < TANLU_TIERS; k++) now += energy[k] * share[k];
  fprintf(p->stream, "  %s: %.0f PJ at base-year output; processes of '%s' claim %.2f of its energy, scale %.3f\n",
          s->process.code[process], now / 1e3, tanlu_dataset_policy_groups(p->dataset)->code[group], claim, scale);
  print_levels(p, process);
  print_years(p, "  share of capacity, %", 26);
  if (s->goal_year[process]) fprintf(p->stream, " goal %4d", s->goal_year[process]);
  fputc('\n', p->stream);
  for (int k = 0; k < TANLU_TIERS; k++) {
    const double goal = s->goal[process * TANLU_TIERS + (size_t)k];
    fputs("  ", p->stream);
    print_row(p, tier[k], 24, share + k, TANLU_TIERS, 100.0);
    if (s->goal_year[process] && !isnan(goal) && k != TANLU_TIER_BETWEEN) fprintf(p->stream, " %9g", 100.0 * goal);
    fputc('\n', p->stream);
  }
}

static void explain_tiers(const page *p) {
  double *share = calloc(p->drivers->years * TANLU_TIERS, sizeof *share);
  bool first = true;
  for (size_t i = 0; share && i < p->dataset->tiers.process.count; i++) {
    if (!p->dataset->tiers.has_shares[i] || !has_rates(p, i)) continue;
    if (first)
      fputs("\n# efficiency tiers, from the policy file of the dataset (model/efficiency_tiers.h)\n", p->stream);
    first = false;
    print_tiers(p, i, share);
  }
  free(share);
}

/* ---- routes ------------------------------------------------------------------------------------------------------------------ */

/* What the data of all processes of a group say of the base year beside its statistics. */
static void print_calibration(const page *p, size_t group) {
  const tanlu_dataset *d = p->dataset;
  double energy[TANLU_CLASS_COUNT], feedstock[TANLU_CLASS_COUNT], useful[TANLU_CLASS_COUNT] = {0.0},
                                                                  fuel[TANLU_CLASS_COUNT] = {0.0};
  tanlu_routes_scale(d, group, energy, feedstock);
  for (size_t i = 0; i < d->routes.process.count; i++) {
    double u[TANLU_CLASS_COUNT], f[TANLU_CLASS_COUNT];
    if (d->routes.group[i] != group) continue;
    tanlu_routes_energy(d, i, d->routes.share + i * d->routes.route.count, u, f);
    for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) useful[k] += u[k], fuel[k] += f[k];
  }
  fprintf(p->stream, "  group %s in the base year, PJ: routes by their data, statistics, scale of the data\n",
          tanlu_dataset_policy_groups(d)->code[group]);
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) {
    const size_t at = group * TANLU_CLASS_COUNT + k;
    const char *word = tanlu_carrier_class_word((tanlu_carrier_class)k);
    if (useful[k] > 0.0) {
      fprintf(p->stream, "    %-14s useful     %9.1f %9.1f %6.3f\n", word, useful[k] / 1e3,
              d->group_energy.useful[at] / 1e3, energy[k]);
    }
    if (fuel[k] > 0.0) {
      fprintf(p->stream, "    %-14s non-energy %9.1f %9.1f %6.3f\n", word, fuel[k] / 1e3,
              d->group_energy.non_energy[at] / 1e3, feedstock[k]);
    }
  }
}

static void explain_routes(const page *p) {
  const tanlu_route_statistics *s = &p->dataset->routes;
  const size_t size = p->drivers->size[TANLU_DRIVER_ROUTE_SHARE];
  bool first = true;
  for (size_t i = 0; i < s->process.count; i++) {
    if (!tanlu_routes_given(p->drivers, i)) continue;
    if (first) fputs("\n# technology routes, from the policy file of the dataset (model/routes.h)\n", p->stream);
    first = false;
    fprintf(p->stream, "  %s, %g Mt in the base year\n", s->process.code[i], s->output[i]);
    print_years(p, "  share of output, %", 26);
    fputc('\n', p->stream);
    for (size_t k = 0; k < s->route.count; k++) {
      if (!s->has[i * s->route.count + k]) continue;
      fputs("  ", p->stream);
      print_row(p, s->route.code[k], 24, p->drivers->value[TANLU_DRIVER_ROUTE_SHARE] + i * s->route.count + k, size,
                100.0);
      fputc('\n', p->stream);
    }
    bool known = false;
    for (size_t before = 0; before < i; before++) {
      known = known || (s->group[before] == s->group[i] && tanlu_routes_given(p->drivers, before));
    }
    if (!known) print_calibration(p, s->group[i]);
  }
}

/* ---- capacity ---------------------------------------------------------------------------------------------------------------- */

static void explain_capacity(const page *p) {
  const tanlu_drivers *d = p->drivers;
  const tanlu_product_statistics *s = &p->dataset->products;
  const size_t last = (size_t)(p->dataset->history_to - p->dataset->base_year), products = s->product.count;
  double *capacity = calloc(2 * d->years, sizeof *capacity), *use = capacity + d->years;
  bool first = true;
  for (size_t i = 0; capacity && i < products && last + 1 < d->years; i++) {
    tanlu_capacity_of(d, i, last, capacity);
    if (isnan(capacity[last])) continue;
    if (first) fputs("\n# capacity (model/capacity.h)\n", p->stream);
    first = false;
    for (size_t t = 0; t < d->years; t++) use[t] = d->value[TANLU_DRIVER_PRODUCT_PATH][t * products + i] / capacity[t];
    fprintf(p->stream, "  %s, %s\n", s->product.code[i], s->unit[i]);
    print_years(p, "", 26);
    fputs("\n  ", p->stream);
    print_row(p, "capacity", 24, capacity, 1, 1.0);
    fputs("\n  ", p->stream);
    print_row(p, "utilisation, %", 24, use, 1, 100.0);
    fputc('\n', p->stream);
  }
  free(capacity);
}

void tanlu_explain_indirect(const tanlu_dataset *dataset, const tanlu_drivers *drivers, FILE *stream) {
  page p = {.dataset = dataset, .drivers = drivers, .stream = stream};
  choose_years(&p);
  explain_tiers(&p);
  explain_routes(&p);
  explain_capacity(&p);
}
