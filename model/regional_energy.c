#include "model/regional_energy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"
#include "solvers/ras.h"

static const tanlu_ras_options options = {.tolerance = 1e-11, .most = 100000};
static const double kept = 1e-9; /* gap of sums against the nation's */

void tanlu_regional_energy_free(tanlu_regional_energy **energy) {
  tanlu_regional_energy *e = *energy;
  if (e == NULL) return;
  double *const owned[] = {e->energy, e->co2, e->households, e->factor, e->total};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  free(e);
  *energy = NULL;
}

typedef struct {
  tanlu_regional_energy *e;
  const tanlu_regional_reports *reports;
  const tanlu_solved_accounts *accounts;
  tanlu_carbon_accounts *carbon;
  tanlu_context *context;
  size_t regions;
  /* of one carrier */
  size_t *region, *user; /* that take part in RAS */
  const char **region_name, **user_name;
  double *matrix, *rows, *columns;
} work;

static double share_of(const work *w, size_t r, size_t u) {
  return u < w->carbon->households ? w->reports->output_share[u * w->regions + r] : w->reports->consumers[r];
}

static double *cell(const work *w, size_t r, size_t u, size_t c) {
  return &w->e->energy[(c * w->carbon->users + u) * w->regions + r];
}

static double reported(const work *w, size_t r, size_t c) {
  return w->reports->final != NULL ? w->reports->final[c * w->regions + r] : (double)NAN;
}

/* ---- energy --------------------------------------------------------------------------------------------------------------- */

/* Users of a carrier and regions that report it; what the latter report, and what is theirs. */
static void take_part(work *w, size_t c, size_t *regions, size_t *users, double *all_reported, double *theirs) {
  *regions = *users = 0;
  *all_reported = *theirs = 0.0;
  for (size_t u = 0; u < w->carbon->users; u++) {
    const double e = w->carbon->energy[u * w->carbon->carriers + c];
    for (size_t r = 0; r < w->regions; r++) *cell(w, r, u, c) = share_of(w, r, u) * e;
    if (!(e > 0.0)) continue;
    w->user_name[*users] = u < w->carbon->households ? w->accounts->dataset->accounts.sector.code[u] : "households";
    w->user[(*users)++] = u;
  }
  for (size_t r = 0; r < w->regions; r++) {
    if (isnan(reported(w, r, c))) continue;
    w->region_name[*regions] = w->reports->region->code[r];
    w->region[(*regions)++] = r;
    *all_reported += reported(w, r, c);
    for (size_t k = 0; k < *users; k++) *theirs += *cell(w, r, w->user[k], c);
  }
}

static tanlu_status scale_carrier(work *w, size_t c) {
  size_t regions = 0, users = 0;
  double all = 0.0, theirs = 0.0;
  const char *name = w->accounts->dataset->energy.carrier.label.code[c];
  take_part(w, c, &regions, &users, &all, &theirs);
  w->e->factor[c] = (double)NAN;
  if (regions == 0 || users == 0 || !(theirs > 0.0)) return TANLU_OK;
  if (!(all > 0.0)) {
    return tanlu_fail(w->context, TANLU_ERR_INPUT, "no region reports final use of %s; the nation uses some", name);
  }
  w->e->factor[c] = theirs / all;
  for (size_t k = 0; k < regions; k++) w->rows[k] = reported(w, w->region[k], c) * (theirs / all);
  for (size_t k = 0; k < regions; k++) {
    double own = 0.0;
    for (size_t l = 0; l < users; l++) own += *cell(w, w->region[k], w->user[l], c);
    if (own > 0.0 || !(w->rows[k] > 0.0)) continue;
    return tanlu_fail(w->context, TANLU_ERR_INPUT,
                      "region %s reports final use of %s, but has no output in the sectors that use it",
                      w->region_name[k], name);
  }
  for (size_t l = 0; l < users; l++) {
    w->columns[l] = 0.0;
    for (size_t k = 0; k < regions; k++) {
      const double e = *cell(w, w->region[k], w->user[l], c);
      w->matrix[l * regions + k] = e;
      w->columns[l] += e;
    }
  }
  const tanlu_status status = tanlu_ras(regions, users, w->matrix, w->rows, w->columns, w->region_name, w->user_name,
                                        &options, NULL, w->context);
  if (status != TANLU_OK) {
    return tanlu_fail(w->context, status, "final use of %s cannot be shared out to regions and users", name);
  }
  for (size_t l = 0; l < users; l++) {
    double sum = 0.0; /* columns[l] but for rounding */
    for (size_t k = 0; k < regions; k++) sum += w->matrix[l * regions + k];
    for (size_t k = 0; k < regions; k++) {
      *cell(w, w->region[k], w->user[l], c) = sum > 0.0 ? w->matrix[l * regions + k] * (w->columns[l] / sum) : 0.0;
    }
  }
  return TANLU_OK;
}

/* ---- CO2 ------------------------------------------------------------------------------------------------------------------ */

static void add(const work *w, size_t r, size_t u, double co2) {
  if (u < w->carbon->households) {
    w->e->co2[u * w->regions + r] += co2;
  } else {
    w->e->households[r] += co2;
  }
}

static void direct_and_process(const work *w) {
  const tanlu_carbon_accounts *carbon = w->carbon;
  for (size_t u = 0; u < carbon->users; u++) {
    for (size_t r = 0; r < w->regions; r++)
      add(w, r, u, share_of(w, r, u) * (carbon->process[u] - carbon->captured[u]));
    for (size_t c = 0; c < carbon->carriers; c++) {
      const double e = carbon->energy[u * carbon->carriers + c], d = carbon->direct[u * carbon->carriers + c];
      if (d == 0.0) continue;
      for (size_t r = 0; r < w->regions; r++)
        add(w, r, u, e > 0.0 ? d * (*cell(w, r, u, c) / e) : d * share_of(w, r, u));
    }
  }
}

/* Class of the fuels of a power technology in the base year, that of the one it is like for one with capture; TANLU_CLASS_COUNT for
 * none or no technology. */
static size_t fuel_class(const tanlu_dataset *d, size_t technology) {
  const tanlu_carriers *carrier = &d->energy.carrier;
  if (technology != TANLU_NONE && d->power.like[technology] != TANLU_NONE) technology = d->power.like[technology];
  for (size_t c = 0; technology != TANLU_NONE && c < carrier->label.count; c++) {
    if (carrier->technology[c] == technology) return carrier->cls[c];
  }
  return TANLU_CLASS_COUNT;
}

/* What regions report of the fuel of a technology; NULL where they do not. */
static const double *plant_column(const tanlu_regional_reports *reports, const tanlu_dataset *dataset,
                                  size_t technology) {
  const size_t cls = fuel_class(dataset, technology), regions = reports->region->count;
  if (reports->plant_fuel == NULL || cls == TANLU_CLASS_COUNT) return NULL;
  const double *column = reports->plant_fuel + cls * regions;
  double sum = 0.0;
  for (size_t q = 0; q < regions; q++) sum += column[q];
  return sum > 0.0 ? column : NULL;
}

bool tanlu_regional_plant_reported(const tanlu_regional_reports *reports, const tanlu_dataset *dataset,
                                   size_t technology) {
  return plant_column(reports, dataset, technology) != NULL;
}

double tanlu_regional_plant_share(const tanlu_regional_reports *reports, const tanlu_dataset *dataset, size_t region,
                                  size_t technology, size_t sector) {
  const double *column = plant_column(reports, dataset, technology);
  double sum = 0.0;
  for (size_t q = 0; column != NULL && q < reports->region->count; q++) sum += column[q];
  return sum > 0.0 ? column[region] / sum : reports->output_share[sector * reports->region->count + region];
}

static double plant_share(const work *w, size_t r, size_t technology, size_t sector) {
  return tanlu_regional_plant_share(w->reports, w->accounts->dataset, r, technology, sector);
}

static void plants_and_heat(const work *w) {
  const tanlu_carbon_accounts *carbon = w->carbon;
  double used = 0.0;
  for (size_t r = 0; r < w->regions; r++) used += w->e->total[carbon->heat * w->regions + r];
  for (size_t r = 0; r < w->regions; r++) {
    const size_t power = w->accounts->power_sector, heat = w->accounts->heat_sector;
    for (size_t t = 0; t < carbon->technologies && power != TANLU_NONE; t++) {
      const double co2 = carbon->plant_co2[t];
      if (co2 != 0.0) w->e->co2[power * w->regions + r] += co2 * plant_share(w, r, t, power);
    }
    if (power != TANLU_NONE) {
      w->e->co2[power * w->regions + r] -= carbon->plants_captured * plant_share(w, r, TANLU_NONE, power);
    }
    if (heat == TANLU_NONE) continue;
    const double mine = used > 0.0 ? w->e->total[carbon->heat * w->regions + r] / used
                                   : w->reports->output_share[heat * w->regions + r];
    w->e->co2[heat * w->regions + r] += (carbon->heat_co2 - carbon->heat_captured) * mine;
  }
}

static void add_totals(const work *w) {
  for (size_t c = 0; c < w->carbon->carriers; c++) {
    for (size_t r = 0; r < w->regions; r++) {
      double sum = 0.0;
      for (size_t u = 0; u < w->carbon->users; u++) sum += *cell(w, r, u, c);
      w->e->total[c * w->regions + r] = sum;
    }
  }
}

static tanlu_status check_sums(const work *w) {
  double co2 = 0.0, worst = 0.0;
  for (size_t k = 0; k < w->regions * w->e->n; k++) co2 += w->e->co2[k];
  for (size_t r = 0; r < w->regions; r++) co2 += w->e->households[r];
  for (size_t c = 0; c < w->carbon->carriers; c++) {
    double regions = 0.0, nation = 0.0;
    for (size_t r = 0; r < w->regions; r++) regions += w->e->total[c * w->regions + r];
    for (size_t u = 0; u < w->carbon->users; u++) nation += w->carbon->energy[u * w->carbon->carriers + c];
    if (nation > 0.0) worst = fmax(worst, fabs(regions / nation - 1.0));
  }
  if (fabs(co2 / w->carbon->co2_total - 1.0) <= kept && worst <= kept) return TANLU_OK;
  return tanlu_fail(w->context, TANLU_ERR_INTERNAL,
                    "energy and CO2 of regions: CO2 adds up to %.12g t, the nation's is %.12g; carriers within %g", co2,
                    w->carbon->co2_total, worst);
}

/* ---- all ------------------------------------------------------------------------------------------------------------------ */

static tanlu_status make(work *w) {
  const size_t users = w->carbon->users, carriers = w->carbon->carriers, regions = w->regions, n = w->accounts->n;
  tanlu_regional_energy *e = w->e;
  *e = (tanlu_regional_energy){.regions = regions, .users = users, .carriers = carriers, .n = n};
  e->energy = tanlu_allocate_doubles(w->context, regions * users, carriers);
  e->co2 = tanlu_allocate_doubles(w->context, regions, n);
  e->households = tanlu_allocate_doubles(w->context, regions, 1);
  e->factor = tanlu_allocate_doubles(w->context, carriers, 1);
  e->total = tanlu_allocate_doubles(w->context, regions, carriers);
  w->region = tanlu_allocate(w->context, regions, sizeof *w->region);
  w->user = tanlu_allocate(w->context, users, sizeof *w->user);
  w->region_name = tanlu_allocate(w->context, regions, sizeof *w->region_name);
  w->user_name = tanlu_allocate(w->context, users, sizeof *w->user_name);
  w->matrix = tanlu_allocate_doubles(w->context, regions, users);
  w->rows = tanlu_allocate_doubles(w->context, regions, 1);
  w->columns = tanlu_allocate_doubles(w->context, users, 1);
  const void *const made[] = {e->energy, e->co2,         e->households, e->factor, e->total, w->region,
                              w->user,   w->region_name, w->user_name,  w->matrix, w->rows,  w->columns};
  for (size_t k = 0; k < sizeof made / sizeof *made; k++) {
    if (made[k] == NULL) return TANLU_ERR_MEMORY;
  }
  return TANLU_OK;
}

static tanlu_status every_sector_a_group(work *w) {
  size_t *own = tanlu_allocate(w->context, w->accounts->n, sizeof *own);
  if (own == NULL) return TANLU_ERR_MEMORY;
  for (size_t j = 0; j < w->accounts->n; j++) own[j] = j;
  const tanlu_status status = tanlu_carbon_accounts_create(&w->carbon, w->accounts, w->accounts->n, own, w->context);
  free(own);
  return status;
}

tanlu_status tanlu_regional_energy_create(tanlu_regional_energy **energy, const tanlu_regional_reports *reports,
                                          const tanlu_solved_accounts *accounts, tanlu_context *context) {
  *energy = NULL;
  work w = {.reports = reports, .accounts = accounts, .context = context, .regions = reports->region->count};
  w.e = tanlu_allocate(context, 1, sizeof *w.e);
  tanlu_status status = w.e != NULL ? every_sector_a_group(&w) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = make(&w);
  for (size_t c = 0; status == TANLU_OK && c < w.carbon->carriers; c++) status = scale_carrier(&w, c);
  if (status == TANLU_OK) {
    add_totals(&w);
    direct_and_process(&w);
    plants_and_heat(&w);
    status = check_sums(&w);
  }
  void *const owned[] = {w.region, w.user, (void *)w.region_name, (void *)w.user_name, w.matrix, w.rows, w.columns};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  tanlu_carbon_accounts_free(&w.carbon);
  if (status != TANLU_OK) tanlu_regional_energy_free(&w.e);
  *energy = w.e;
  return status;
}
