/* Generation, fuel and the exchange of electricity by region. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/region_datasets_private.h"
#include "solvers/memory.h"
#include "solvers/ras.h"

static const tanlu_ras_options options = {.tolerance = 1e-11, .most = 100000};
static const double settled = 1e-14; /* change of the shares in heat */
static const double apart = 2.0;     /* efficiency of a region's plants against the nation's that is believed */
enum { ROUNDS = 200 };

/* ---- what is generated ---------------------------------------------------------------------------------------------------- */

static bool is_reported(const tanlu_region_work *w, size_t k) {
  const double *g = w->statistics->generation;
  bool all = g != NULL;
  for (size_t q = 0; all && q < w->regions; q++) all = !isnan(g[k * w->regions + q]);
  return all;
}

/* Is all of generation reported, so that what regions generate in all is known? */
static bool is_all_reported(const tanlu_region_work *w) {
  bool all = w->regions > 1;
  for (size_t k = 0; k < w->technologies; k++) {
    all = all && (is_reported(w, k) || !(w->model->system->power->generation[k] > 0.0));
  }
  return all;
}

/* Generation as reported, scaled to the nation by technology; by output where nobody reports. */
static tanlu_status seed(tanlu_region_work *w, double *matrix) {
  const double *g = w->statistics->generation;
  const tanlu_labels *technology = &w->nation->power.technology, *region = w->d->region;
  for (size_t k = 0; k < w->technologies; k++) {
    const double nation = w->model->system->power->generation[k];
    const bool reported = is_reported(w, k);
    double sum = 0.0;
    for (size_t q = 0; q < w->regions && g != NULL; q++) {
      const double value = g[k * w->regions + q];
      if (!reported && !isnan(value)) {
        return tanlu_fail(w->context, TANLU_ERR_INPUT,
                          "generation of %s is reported by %s, but not by all; expected all regions or none",
                          technology->code[k], region->code[q]);
      }
      if (value < 0.0 || isinf(value)) {
        return tanlu_fail(w->context, TANLU_ERR_INPUT, "region %s: generation of %s is %g; expected 0 or more",
                          region->code[q], technology->code[k], value);
      }
      sum += reported ? value : 0.0;
    }
    if (reported && nation > 0.0 && !(sum > 0.0)) {
      return tanlu_fail(w->context, TANLU_ERR_INPUT, "no region reports generation of %s; the nation has %.6g TWh",
                        technology->code[k], nation / TANLU_TJ_PER_TWH);
    }
    for (size_t q = 0; q < w->regions; q++) {
      const double share = reported && sum > 0.0 ? g[k * w->regions + q] / sum : tanlu_region_output(w, q, w->power);
      matrix[k * w->regions + q] = nation * share;
    }
  }
  return TANLU_OK;
}

/* Electricity wanted in a region, as large in sum as the nation's generation and imports leave: statistics may not quite close. */
static void find_demand(tanlu_region_work *w) {
  const tanlu_energy_statistics *e = &w->nation->energy;
  const tanlu_power *power = w->model->system->power;
  const double wanted = power->total * (1.0 - power->loss_rate) + tanlu_power_base_imports(w->nation);
  double all = 0.0;
  for (size_t q = 0; q < w->regions; q++) {
    double demand = 0.0;
    for (size_t u = 0; u < w->users; u++) {
      const size_t at = (e->electricity * w->users + u) * w->regions + q;
      demand += w->final[at] + w->non_energy[at];
    }
    for (size_t p = 0; p < w->processes; p++) {
      const bool conversion = e->process_kind[p] == TANLU_PROCESS_CONVERSION;
      if (conversion || e->process_kind[p] == TANLU_PROCESS_HEAT_SUPPLY) {
        demand -= tanlu_region_flow(w, q, p, e->electricity);
      }
    }
    w->demand[q] = demand;
    all += demand;
  }
  for (size_t q = 0; q < w->regions; q++) {
    const double share = all > 0.0 ? w->demand[q] / all : w->consumers[q];
    w->demand[q] = share * wanted;
    w->abroad[q] = share * tanlu_power_base_imports(w->nation);
  }
}

/* Links in proportion as reported, as large against the nation's demand as they are against all that is reported. */
static void find_links(tanlu_region_work *w) {
  double all = 0.0, demand = 0.0;
  for (size_t k = 0; k < w->regions * w->regions; k++) all += w->trade[k];
  for (size_t q = 0; q < w->regions; q++) demand += w->demand[q];
  *w->d->link_moved = all > 0.0 ? demand / all : (double)NAN;
  for (size_t q = 0; q < w->regions; q++) {
    for (size_t p = 0; p < w->regions; p++) {
      const double flow = w->trade[q * w->regions + p];
      w->d->link[q * w->regions + p] = p != q && all > 0.0 ? flow * (demand / all) : 0.0;
    }
  }
}

/* Where generation is reported, links as near to the known ones as generation and use of every region allow. */
static tanlu_status fit_links(tanlu_region_work *w, const double *seeds) {
  const size_t regions = w->regions;
  const tanlu_power *power = w->model->system->power;
  const tanlu_regional_choice *c = w->statistics->choice;
  const tanlu_gravity gravity = {.regions = regions, .region = c->region, .distance = c->distance, .beta = c->beta};
  double *supply = tanlu_allocate_doubles(w->context, regions, 1),
         *demand = tanlu_allocate_doubles(w->context, regions, 1);
  tanlu_status status = supply != NULL && demand != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t q = 0; status == TANLU_OK && q < regions; q++) {
    for (size_t k = 0; k < w->technologies; k++) supply[q] += seeds[k * regions + q] * (1.0 - power->loss_rate);
    demand[q] = w->demand[q] - w->abroad[q];
  }
  if (status == TANLU_OK) {
    status = tanlu_known_trade(&gravity, "electricity", w->trade, TANLU_TRADE_BACKING, supply, demand, w->d->link,
                               w->d->link_moved, w->context);
  }
  for (size_t q = 0; status == TANLU_OK && q < regions; q++) w->d->link[q * regions + q] = 0.0;
  free(supply);
  free(demand);
  return status;
}

/* What a region has to generate: G (1 - loss) = demand - received + sent - net imports from abroad. */
static tanlu_status find_totals(const tanlu_region_work *w, double *total) {
  const tanlu_power *power = w->model->system->power;
  double all = 0.0;
  for (size_t q = 0; q < w->regions; q++) {
    double received = 0.0, sent = 0.0;
    for (size_t p = 0; p < w->regions; p++) {
      received += w->d->link[q * w->regions + p];
      sent += w->d->link[p * w->regions + q];
    }
    total[q] = (w->demand[q] - w->abroad[q] - received + sent) / (1.0 - power->loss_rate);
    all += total[q];
    if (total[q] > 0.0) continue;
    return tanlu_fail(
        w->context, TANLU_ERR_INPUT,
        "region %s: of %.6g TWh of electricity %.6g come from other regions; it sends %.6g and has nothing to generate",
        w->d->region->code[q], w->demand[q] / TANLU_TJ_PER_TWH, received / TANLU_TJ_PER_TWH, sent / TANLU_TJ_PER_TWH);
  }
  for (size_t q = 0; q < w->regions; q++) total[q] *= power->total / all;
  return TANLU_OK;
}

/* Sums by technology are the nation's but for rounding. */
static void keep_columns(const tanlu_region_work *w, double *matrix) {
  for (size_t k = 0; k < w->technologies; k++) {
    double sum = 0.0;
    for (size_t q = 0; q < w->regions; q++) sum += matrix[k * w->regions + q];
    const double factor = sum > 0.0 ? w->model->system->power->generation[k] / sum : 0.0;
    for (size_t q = 0; q < w->regions; q++) matrix[k * w->regions + q] *= factor;
  }
}

static tanlu_status generate(tanlu_region_work *w, const double *seeds, double *total) {
  const tanlu_power *power = w->model->system->power;
  tanlu_status status = find_totals(w, total);
  if (status != TANLU_OK) return status;
  memcpy(w->generation, seeds, w->regions * w->technologies * sizeof *seeds);
  status = tanlu_ras(w->regions, w->technologies, w->generation, total, power->generation,
                     (const char *const *)w->d->region->code, (const char *const *)w->nation->power.technology.code,
                     &options, NULL, w->context);
  if (status != TANLU_OK) {
    return tanlu_fail(w->context, status, "generation of regions and technologies cannot be brought together");
  }
  keep_columns(w, w->generation);
  return TANLU_OK;
}

/* ---- what is burned ------------------------------------------------------------------------------------------------------- */

/* Share of a region in the fuel of technology k: as reported where its plants would be about as efficient as the nation's. */
static void share_fuel(const tanlu_region_work *w, size_t k, double *share) {
  const double *generation = w->generation + k * w->regions;
  const bool reported = tanlu_regional_plant_reported(&w->reports, w->nation, k);
  double sum = 0.0;
  for (size_t q = 0; q < w->regions; q++) {
    share[q] = tanlu_region_part(generation, w->regions, q, 0.0);
    if (reported && share[q] > 0.0) {
      const double fuel = tanlu_regional_plant_share(&w->reports, w->nation, q, k, w->power);
      if (fuel * apart >= share[q] && fuel <= apart * share[q]) share[q] = fuel;
    }
    sum += share[q];
  }
  for (size_t q = 0; q < w->regions && sum > 0.0; q++) share[q] /= sum;
}

static void share_fuels(tanlu_region_work *w) {
  const tanlu_carriers *carrier = &w->nation->energy.carrier;
  for (size_t q = 0; q < w->regions; q++) w->thermal[q] = 0.0;
  for (size_t k = 0; k < w->technologies; k++) {
    if (w->nation->power.source[k] != TANLU_SOURCE_THERMAL) continue;
    for (size_t q = 0; q < w->regions; q++) w->thermal[q] += w->generation[k * w->regions + q];
  }
  double all = 0.0;
  for (size_t q = 0; q < w->regions; q++) all += w->thermal[q];
  for (size_t q = 0; q < w->regions; q++) w->thermal[q] = all > 0.0 ? w->thermal[q] / all : w->consumers[q];
  for (size_t c = 0; c < w->carriers; c++) {
    double *share = w->fuel + c * w->regions;
    if (carrier->technology[c] != TANLU_NONE) {
      share_fuel(w, carrier->technology[c], share);
    } else {
      memcpy(share, w->thermal, w->regions * sizeof *share);
    }
  }
}

/* Heat that is used finally and in plants that follow coke: where heat is supplied and recovered. Returns the largest change. */
static double share_heat(tanlu_region_work *w) {
  const tanlu_energy_statistics *e = &w->nation->energy;
  const size_t technology = e->carrier.technology[e->heat];
  const bool burned = technology != TANLU_NONE && w->nation->power.follows_coke[technology];
  double plants = 0.0, all = 0.0, change = 0.0, final_heat = 0.0;
  for (size_t p = 0; burned && p < w->processes; p++) {
    if (e->process_kind[p] == TANLU_PROCESS_THERMAL_POWER) plants -= e->conversion[p * w->carriers + e->heat];
  }
  for (size_t u = 0; u < w->users * w->regions; u++) {
    final_heat += w->final[e->heat * w->users * w->regions + u] + w->non_energy[e->heat * w->users * w->regions + u];
  }
  all = final_heat + plants;
  for (size_t q = 0; q < w->regions; q++) {
    double use = plants * w->fuel[e->heat * w->regions + q];
    for (size_t u = 0; u < w->users; u++) {
      const size_t at = (e->heat * w->users + u) * w->regions + q;
      use += w->final[at] + w->non_energy[at];
    }
    const double share = all > 0.0 ? use / all : w->consumers[q];
    change = fmax(change, fabs(share - w->heat_share[q]));
    w->heat_share[q] = share;
  }
  return change;
}

/* ---- all ------------------------------------------------------------------------------------------------------------------ */

static tanlu_status check_sectors(const tanlu_region_work *w) {
  if (w->power == TANLU_NONE) {
    return tanlu_fail(w->context, TANLU_ERR_INPUT,
                      "dataset %s: no process is thermal power; regions need one to place plants", w->nation->name);
  }
  for (size_t q = 0; q < w->regions; q++) {
    const size_t sector = tanlu_region_output(w, q, w->power) > 0.0 ? w->heat : w->power;
    if (sector == TANLU_NONE || tanlu_region_output(w, q, sector) > 0.0) continue;
    return tanlu_fail(w->context, TANLU_ERR_INPUT, "region %s: sector %s has no output, but runs %s",
                      w->d->region->code[q], w->nation->accounts.sector.code[sector],
                      sector == w->power ? "power plants" : "heat supply");
  }
  return TANLU_OK;
}

static void note_moved(const tanlu_region_work *w, const double *seeds) {
  for (size_t k = 0; k < w->technologies; k++) {
    const double nation = w->model->system->power->generation[k];
    double moved = 0.0;
    for (size_t q = 0; q < w->regions; q++) {
      moved += 0.5 * fabs(w->generation[k * w->regions + q] - seeds[k * w->regions + q]);
    }
    w->d->generation_moved[k] = is_reported(w, k) && nation > 0.0 ? moved / nation : (double)NAN;
  }
}

/* Heat supply may take electricity and plants heat: both are repeated until the places of heat stand. */
tanlu_status tanlu_region_find_power(tanlu_region_work *w) {
  double *seeds = tanlu_allocate_doubles(w->context, w->regions, w->technologies);
  double *total = tanlu_allocate_doubles(w->context, w->regions, 1), change = 1.0;
  tanlu_status status = seeds != NULL && total != NULL ? check_sectors(w) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = seed(w, seeds);
  for (int round = 0; round < ROUNDS && status == TANLU_OK && change > settled; round++) {
    find_demand(w);
    if (is_all_reported(w)) {
      status = fit_links(w, seeds);
    } else {
      find_links(w);
    }
    if (status == TANLU_OK) status = generate(w, seeds, total);
    if (status != TANLU_OK) break;
    share_fuels(w);
    change = share_heat(w);
  }
  if (status == TANLU_OK && change > settled) {
    status = tanlu_fail(w->context, TANLU_ERR_MODEL, "heat and electricity of regions do not settle: %g", change);
  }
  if (status == TANLU_OK) note_moved(w, seeds);
  free(seeds);
  free(total);
  return status;
}

/* Generation by source, so that shares in it give generation by technology as in the nation. */
static void fill_sources(const tanlu_region_work *w, size_t q, tanlu_dataset *d) {
  double *const total[] = {[TANLU_SOURCE_HYDRO] = &d->energy.primary_hydro,
                           [TANLU_SOURCE_NUCLEAR] = &d->energy.primary_nuclear,
                           [TANLU_SOURCE_WIND] = &d->energy.primary_wind,
                           [TANLU_SOURCE_SOLAR] = &d->energy.primary_solar};
  for (int source = TANLU_SOURCE_THERMAL; source <= TANLU_SOURCE_SOLAR; source++) {
    double sum = 0.0, shares = 0.0;
    for (size_t k = 0; k < w->technologies; k++) {
      if ((int)w->nation->power.source[k] != source) continue;
      sum += w->generation[k * w->regions + q];
      shares += w->nation->power.source_share[k];
    }
    if (total[source] != NULL) *total[source] = shares > 0.0 ? sum / shares : 0.0;
    for (size_t k = 0; k < w->technologies; k++) {
      if ((int)w->nation->power.source[k] != source || !(sum > 0.0)) continue;
      d->power.source_share[k] = w->generation[k * w->regions + q] * (shares / sum);
    }
  }
}

void tanlu_region_fill_power(tanlu_region_work *w) {
  const tanlu_power *power = w->model->system->power;
  for (size_t q = 0; q < w->regions; q++) {
    tanlu_dataset *d = w->d->dataset[q];
    fill_sources(w, q, d);
    for (size_t k = 0; k < w->technologies; k++) {
      const double *generation = w->generation + k * w->regions;
      const double otherwise = tanlu_region_output(w, q, w->power);
      d->power.capacity[k] = w->nation->power.capacity[k] * tanlu_region_part(generation, w->regions, q, otherwise);
      d->power.hours[k] = power->hours[k];
    }
    d->power.biomass_bound = 0.0; /* of the nation */
  }
}
