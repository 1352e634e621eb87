#include "model/regional_path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_private.h"
#include "solvers/memory.h"

static const double kept = 1e-9; /* gap of sums against the nation's */

const tanlu_regional_info tanlu_regional_table_of[TANLU_REGIONAL_COUNT] = {
#define X(id, name, unit, factor, text) {name, unit, text, factor},
    TANLU_REGIONAL_LIST(X)
#undef X
};

void tanlu_regional_path_free(tanlu_regional_path **path) {
  tanlu_regional_path *p = *path;
  if (p == NULL) return;
  free(p->value);
  free(p->group_co2);
  free(p->group_value);
  free(p->group_energy);
  free(p);
  *path = NULL;
}

typedef struct {
  tanlu_regional_path *path;
  const tanlu_regional_drivers *drivers;
  const tanlu_dataset *dataset;
  size_t regions, n, users;
  tanlu_regional_energy *base; /* of the first year */
  double *gamma, *people;      /* regions: against the others, cumulated */
  double *need;                /* regions x users: energy of the base year, all carriers together */
  /* of a year */
  double *share;             /* regions x users */
  double *split;             /* regions: one user and carrier */
  double *gross, *energetic; /* regions x users: CO2 before capture; of it from combustion */
  double *heat, *plants;     /* regions: use of heat; CO2 of plants */
  const tanlu_solved_accounts *accounts;
  tanlu_carbon_accounts *carbon;
  tanlu_context *context;
} work;

static double *value_of(const work *w, tanlu_regional_quantity q) {
  return w->path->value + ((size_t)q * w->path->years + w->accounts->t) * w->regions;
}

static double base_share(const work *w, size_t r, size_t u) {
  return u < w->n ? w->drivers->base.output_share[u * w->regions + r] : w->drivers->base.consumers[r];
}

static void normalise(double *value, size_t count) {
  double sum = 0.0;
  for (size_t r = 0; r < count; r++) sum += value[r];
  for (size_t r = 0; r < count && sum > 0.0; r++) value[r] /= sum;
}

/* ---- shares of a year -------------------------------------------------------------------------------------------------- */

static void grow(const work *w, const double *rates, double *index) {
  const size_t t = w->accounts->t;
  for (size_t r = 0; t > 0 && rates != NULL && r < w->regions; r++) index[r] *= 1.0 + rates[t * w->regions + r] / 100.0;
}

static void share_users(const work *w) {
  grow(w, w->drivers->growth, w->gamma);
  grow(w, w->drivers->population, w->people);
  for (size_t u = 0; u < w->users; u++) {
    const double *index = u < w->n ? w->gamma : w->people;
    for (size_t r = 0; r < w->regions; r++) w->share[u * w->regions + r] = base_share(w, r, u) * index[r];
    normalise(w->share + u * w->regions, w->regions);
  }
}

/* How the use of a carrier by a user is split between regions, into w->split. */
static void split_use(const work *w, size_t u, size_t c) {
  const double *use = w->base->energy + (c * w->users + u) * w->regions, *need = w->need + u * w->regions;
  double own = 0.0, all = 0.0;
  for (size_t r = 0; r < w->regions; r++) {
    own += use[r];
    all += need[r];
  }
  const double *pattern = own > 0.0 ? use : all > 0.0 ? need : NULL;
  for (size_t r = 0; r < w->regions; r++) {
    const double now = w->share[u * w->regions + r], then = base_share(w, r, u);
    w->split[r] = pattern == NULL ? now : then > 0.0 ? pattern[r] * (now / then) : 0.0;
  }
  normalise(w->split, w->regions);
}

/* ---- energy and CO2 of a year ------------------------------------------------------------------------------------------- */

static size_t group_of(const work *w, size_t u) {
  return u < w->n ? w->dataset->level[w->dataset->policy_level].of_sector[u] : w->path->groups - 1;
}

static void add_users(const work *w) {
  const tanlu_carbon_accounts *k = w->carbon;
  double *final = value_of(w, TANLU_REGIONAL_FINAL_ENERGY), *electricity = value_of(w, TANLU_REGIONAL_ELECTRICITY);
  memset(w->heat, 0, w->regions * sizeof *w->heat);
  for (size_t u = 0; u < w->users; u++) {
    double *gross = w->gross + u * w->regions, *energetic = w->energetic + u * w->regions;
    double *group = w->path->group_energy + (w->accounts->t * w->path->groups + group_of(w, u)) * w->regions;
    for (size_t r = 0; r < w->regions; r++) {
      gross[r] = w->share[u * w->regions + r] * k->process[u];
      energetic[r] = w->share[u * w->regions + r] * k->released[u];
    }
    for (size_t c = 0; c < k->carriers; c++) {
      const double e = k->energy[u * k->carriers + c], d = k->direct[u * k->carriers + c];
      if (e == 0.0 && d == 0.0) continue;
      split_use(w, u, c);
      for (size_t r = 0; r < w->regions; r++) {
        final[r] += w->split[r] * e;
        group[r] += w->split[r] * e;
        if (c == k->electricity) electricity[r] += w->split[r] * e;
        if (c == k->heat) w->heat[r] += w->split[r] * e;
        gross[r] += w->split[r] * d;
        energetic[r] += w->split[r] * d;
      }
    }
  }
}

/* Part of a region in `all` that regions make up. */
static double part(const double *all, size_t regions, size_t r, double otherwise) {
  double sum = 0.0;
  for (size_t q = 0; q < regions; q++) sum += all[q];
  return sum != 0.0 ? all[r] / sum : otherwise;
}

static void add_co2(const work *w, size_t r, size_t group, double total, double energetic) {
  w->path->group_co2[(w->accounts->t * w->path->groups + group) * w->regions + r] += total;
  value_of(w, TANLU_REGIONAL_CO2_TOTAL)[r] += total;
  value_of(w, TANLU_REGIONAL_CO2_ENERGY)[r] += energetic;
}

/* What users emit less what they capture: combustion by what burns, process CO2 by output. */
static void emit_users(const work *w) {
  const tanlu_carbon_accounts *k = w->carbon;
  for (size_t u = 0; u < w->users; u++) {
    const double *gross = w->gross + u * w->regions, *energetic = w->energetic + u * w->regions;
    for (size_t r = 0; r < w->regions; r++) {
      const double share = w->share[u * w->regions + r];
      const double burned = (k->captured[u] - k->captured_process[u]) * part(energetic, w->regions, r, share);
      const double total = gross[r] - burned - k->captured_process[u] * share;
      add_co2(w, r, group_of(w, u), total, energetic[r] - burned);
      if (u >= w->n) value_of(w, TANLU_REGIONAL_CO2_HOUSEHOLDS)[r] += total;
    }
  }
}

/* Plants keep their place but for the growth of regions; what they capture is shared by generation with capture. */
static void emit_plants(const work *w) {
  const tanlu_carbon_accounts *k = w->carbon;
  const size_t sector = w->accounts->power_sector, regions = w->regions;
  if (sector == TANLU_NONE) return;
  double *captured = w->split;
  memset(w->plants, 0, regions * sizeof *w->plants);
  memset(captured, 0, regions * sizeof *captured);
  for (size_t t = 0; t < k->technologies; t++) {
    double sum = 0.0;
    for (size_t r = 0; r < regions; r++) {
      sum += tanlu_regional_plant_share(&w->drivers->base, w->dataset, r, t, sector) * w->gamma[r];
    }
    for (size_t r = 0; r < regions; r++) {
      const double share = tanlu_regional_plant_share(&w->drivers->base, w->dataset, r, t, sector) * w->gamma[r] / sum;
      w->plants[r] += share * k->plant_co2[t];
      captured[r] += share * k->plant_generation[t] * w->dataset->power.capture_rate[t];
    }
  }
  double sum = 0.0;
  for (size_t r = 0; r < regions; r++) sum += captured[r];
  for (size_t r = 0; r < regions; r++) {
    const double share = sum > 0.0 ? captured[r] / sum : w->share[sector * regions + r];
    const double net = w->plants[r] - k->plants_captured * share;
    add_co2(w, r, group_of(w, sector), net, net);
    value_of(w, TANLU_REGIONAL_CO2_PLANTS)[r] += net;
  }
}

static void emit_heat(const work *w) {
  const size_t sector = w->accounts->heat_sector;
  if (sector == TANLU_NONE) return;
  const double net = w->carbon->heat_co2 - w->carbon->heat_captured;
  for (size_t r = 0; r < w->regions; r++) {
    const double mine = net * part(w->heat, w->regions, r, w->share[sector * w->regions + r]);
    add_co2(w, r, group_of(w, sector), mine, mine);
  }
}

static void add_value(const work *w) {
  double people = 0.0;
  for (size_t r = 0; r < w->regions; r++) people += w->drivers->base.consumers[r] * w->people[r];
  for (size_t r = 0; r < w->regions; r++) {
    value_of(w, TANLU_REGIONAL_POPULATION)[r] =
        w->accounts->population * w->drivers->base.consumers[r] * w->people[r] / people;
    for (size_t j = 0; j < w->n; j++) {
      const double value = w->share[j * w->regions + r] * w->accounts->value_added[j];
      value_of(w, TANLU_REGIONAL_VALUE_ADDED)[r] += value;
      w->path->group_value[(w->accounts->t * w->path->groups + group_of(w, j)) * w->regions + r] += value;
    }
  }
}

static tanlu_status check(const work *w) {
  const struct {
    tanlu_regional_quantity quantity;
    double nation;
  } sums[] = {{TANLU_REGIONAL_VALUE_ADDED, w->accounts->gdp},
              {TANLU_REGIONAL_POPULATION, w->accounts->population},
              {TANLU_REGIONAL_CO2_TOTAL, w->carbon->co2_total},
              {TANLU_REGIONAL_CO2_ENERGY, w->carbon->co2_energy}};
  double size = fabs(w->carbon->co2_total); /* captured CO2 may leave little: relative to what is emitted */
  for (size_t k = 0; k < w->users * w->regions; k++) size += w->gross[k];
  for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
    double sum = 0.0;
    for (size_t r = 0; r < w->regions; r++) sum += value_of(w, sums[k].quantity)[r];
    const double of = sums[k].quantity >= TANLU_REGIONAL_CO2_TOTAL ? size : fabs(sums[k].nation);
    if (fabs(sum - sums[k].nation) <= kept * of) continue;
    return tanlu_fail(w->context, TANLU_ERR_INTERNAL, "year %d: %s of regions adds up to %.15g, the nation's is %.15g",
                      w->accounts->year, tanlu_regional_table_of[sums[k].quantity].name, sum, sums[k].nation);
  }
  return TANLU_OK;
}

/* ---- years ----------------------------------------------------------------------------------------------------------------- */

static tanlu_status begin(work *w) {
  tanlu_status status = tanlu_regional_energy_create(&w->base, &w->drivers->base, w->accounts, w->context);
  if (status != TANLU_OK) return status;
  w->users = w->base->users;
  const struct {
    double **array;
    size_t columns;
  } wanted[] = {{&w->need, w->users}, {&w->share, w->users}, {&w->gross, w->users}, {&w->energetic, w->users},
                {&w->gamma, 1},       {&w->people, 1},       {&w->split, 1},        {&w->heat, 1},
                {&w->plants, 1}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    *wanted[k].array = tanlu_allocate_doubles(w->context, w->regions, wanted[k].columns);
    if (*wanted[k].array == NULL) return TANLU_ERR_MEMORY;
  }
  for (size_t r = 0; r < w->regions; r++) w->gamma[r] = w->people[r] = 1.0;
  for (size_t c = 0; c < w->base->carriers; c++) {
    for (size_t k = 0; k < w->users * w->regions; k++) w->need[k] += w->base->energy[c * w->users * w->regions + k];
  }
  return TANLU_OK;
}

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  work *w = user;
  w->accounts = accounts;
  w->context = context;
  size_t *own = tanlu_allocate(context, w->n, sizeof *own);
  tanlu_status status = own != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t j = 0; own != NULL && j < w->n; j++) own[j] = j;
  if (status == TANLU_OK && accounts->t == 0) status = begin(w);
  if (status == TANLU_OK) status = tanlu_carbon_accounts_create(&w->carbon, accounts, w->n, own, context);
  free(own);
  if (status == TANLU_OK) {
    share_users(w);
    add_value(w);
    add_users(w);
    emit_users(w);
    emit_plants(w);
    emit_heat(w);
    status = check(w);
  }
  tanlu_carbon_accounts_free(&w->carbon);
  return status;
}

tanlu_status tanlu_regional_path_create(tanlu_regional_path **path, const tanlu_model *model,
                                        const tanlu_drivers *drivers, const char *name,
                                        const tanlu_regional_drivers *regional, tanlu_context *context) {
  *path = NULL;
  const tanlu_dataset *dataset = model->dataset;
  work w = {.drivers = regional,
            .dataset = dataset,
            .regions = regional->base.region->count,
            .n = dataset->accounts.n,
            .context = context};
  tanlu_regional_path *p = w.path = tanlu_allocate(context, 1, sizeof *p);
  if (p == NULL) return TANLU_ERR_MEMORY;
  *p = (tanlu_regional_path){.regions = w.regions,
                             .years = drivers->years,
                             .groups = tanlu_dataset_policy_groups(dataset)->count + 1,
                             .from = drivers->from};
  p->value = tanlu_allocate_doubles(context, p->years * w.regions, TANLU_REGIONAL_COUNT);
  p->group_co2 = tanlu_allocate_doubles(context, p->years * w.regions, p->groups);
  p->group_value = tanlu_allocate_doubles(context, p->years * w.regions, p->groups);
  p->group_energy = tanlu_allocate_doubles(context, p->years * w.regions, p->groups);
  const bool made = p->value != NULL && p->group_co2 != NULL && p->group_value != NULL && p->group_energy != NULL;
  tanlu_status status = made ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_solved_accounts_visit(model, drivers, name, NULL, see_year, &w, context);
  double *const owned[] = {w.need, w.share, w.gross, w.energetic, w.gamma, w.people, w.split, w.heat, w.plants};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  tanlu_regional_energy_free(&w.base);
  if (status != TANLU_OK) tanlu_regional_path_free(&p);
  *path = p;
  return status;
}

int tanlu_regional_peak_year(const tanlu_regional_path *path, size_t region) {
  const double *co2 = path->value + (size_t)TANLU_REGIONAL_CO2_ENERGY * path->years * path->regions;
  size_t best = 0;
  for (size_t t = 1; t < path->years; t++) {
    if (co2[t * path->regions + region] > co2[best * path->regions + region]) best = t;
  }
  return co2[best * path->regions + region] > 0.0 ? path->from + (int)best : 0;
}
