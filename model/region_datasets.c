#include "model/region_datasets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/region_datasets_private.h"
#include "solvers/memory.h"

double tanlu_region_part(const double *number, size_t regions, size_t q, double otherwise) {
  double sum = 0.0;
  for (size_t p = 0; p < regions; p++) sum += number[p];
  return sum != 0.0 ? number[q] / sum : otherwise;
}

/* ---- memory --------------------------------------------------------------------------------------------------------------- */

void tanlu_region_datasets_free(tanlu_region_datasets **datasets) {
  tanlu_region_datasets *d = *datasets;
  if (d == NULL) return;
  for (size_t q = 0; d->dataset != NULL && q < d->regions; q++) tanlu_dataset_free(&d->dataset[q]);
  free((void *)d->dataset);
  double *const array[] = {d->origin, d->link, d->output, d->generation_moved, d->link_moved};
  for (size_t k = 0; k < sizeof array / sizeof *array; k++) free(array[k]);
  free(d);
  *datasets = NULL;
}

/* The sector that runs the processes of a kind, the last of them. */
static size_t runs(const tanlu_energy_statistics *e, tanlu_process_kind kind) {
  size_t sector = TANLU_NONE;
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] == kind) sector = e->process_sector[p];
  }
  return sector;
}

static tanlu_status make_datasets(tanlu_region_work *w) {
  tanlu_region_datasets *d = w->d;
  d->regions = w->regions;
  d->n = w->n;
  d->processes = w->processes;
  d->technologies = w->technologies;
  d->region = w->statistics->choice->region;
  d->dataset = tanlu_allocate(w->context, w->regions, sizeof(tanlu_dataset *));
  d->origin = tanlu_allocate_doubles(w->context, w->n * w->regions, w->regions);
  d->link = tanlu_allocate_doubles(w->context, w->regions, w->regions);
  d->output = tanlu_allocate_doubles(w->context, w->regions, w->n);
  d->generation_moved = tanlu_allocate_doubles(w->context, w->technologies, 1);
  d->link_moved = tanlu_allocate_doubles(w->context, 1, 1);
  if (d->dataset == NULL || d->origin == NULL || d->link == NULL || d->output == NULL || d->generation_moved == NULL ||
      d->link_moved == NULL) {
    return TANLU_ERR_MEMORY;
  }
  tanlu_status status = TANLU_OK;
  for (size_t q = 0; q < w->regions && status == TANLU_OK; q++) {
    status = tanlu_dataset_copy(&d->dataset[q], w->nation, w->context);
  }
  return status;
}

static tanlu_status make_work(tanlu_region_work *w) {
  const size_t regions = w->regions;
  const struct {
    double **array;
    size_t columns;
  } wanted[] = {{&w->consumers, 1},
                {&w->trade, regions},
                {&w->final, w->users * w->carriers},
                {&w->non_energy, w->users * w->carriers},
                {&w->use, w->carriers},
                {&w->demand, 1},
                {&w->generation, w->technologies},
                {&w->fuel, w->carriers},
                {&w->thermal, 1},
                {&w->heat_share, 1},
                {&w->abroad, 1}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    *wanted[k].array = tanlu_allocate_doubles(w->context, regions, wanted[k].columns);
    if (*wanted[k].array == NULL) return TANLU_ERR_MEMORY;
  }
  return TANLU_OK;
}

static void clear_work(tanlu_region_work *w) {
  double *const array[] = {w->consumers, w->trade,      w->final, w->non_energy, w->use,       w->demand,
                           w->abroad,    w->generation, w->fuel,  w->thermal,    w->heat_share};
  for (size_t k = 0; k < sizeof array / sizeof *array; k++) free(array[k]);
}

/* ---- energy of users ------------------------------------------------------------------------------------------------------ */

static tanlu_status see_base_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  tanlu_region_work *w = user;
  tanlu_regional_energy *energy = NULL;
  tanlu_status status = tanlu_regional_energy_create(&energy, &w->reports, accounts, context);
  if (status == TANLU_OK) status = tanlu_region_find_users(w, energy);
  tanlu_regional_energy_free(&energy);
  return status;
}

static tanlu_status visit_base_year(tanlu_region_work *w) {
  tanlu_drivers *drivers = NULL;
  const int year = w->nation->base_year;
  w->reports = w->statistics->reports;
  w->reports.region = w->d->region;
  w->reports.output_share = w->d->output;
  w->reports.consumers = w->consumers;
  tanlu_status status = tanlu_drivers_create(&drivers, w->nation, year, year, 0, w->context);
  if (status == TANLU_OK) {
    status = tanlu_solved_accounts_visit(w->model, drivers, "of the base year", NULL, see_base_year, w, w->context);
  }
  tanlu_drivers_free(&drivers);
  return status;
}

/* ---- everything else ------------------------------------------------------------------------------------------------------ */

/* Share of region q in the output of the sectors with in_set; `otherwise` where they have none. */
static double set_share(const tanlu_region_work *w, size_t q, const bool *in_set, double otherwise) {
  double mine = 0.0, all = 0.0;
  for (size_t j = 0; j < w->n; j++) {
    if (!in_set[j]) continue;
    mine += tanlu_region_output(w, q, j) * w->nation->accounts.output[j];
    all += w->nation->accounts.output[j];
  }
  return all > 0.0 ? mine / all : otherwise;
}

/* Primary products are made where the carriers of their class are sold. */
static void place_primary(const tanlu_region_work *w, tanlu_product_statistics *p, size_t i) {
  const tanlu_carriers *carrier = &w->nation->energy.carrier;
  p->kind[i] = TANLU_PRODUCT_FOLLOWS;
  for (size_t c = 0; c < w->carriers; c++) {
    for (size_t s = 0; carrier->cls[c] == p->cls[i] && s < carrier->suppliers_max; s++) {
      const size_t sector = carrier->suppliers[c * carrier->suppliers_max + s];
      if (sector != TANLU_NONE) p->in_set[i * w->n + sector] = true;
    }
  }
}

/* Process CO2 stays with regions that make the product it follows. */
static double emission_share(const tanlu_region_work *w, size_t q, size_t i) {
  const tanlu_product_statistics *nation = &w->nation->products;
  const bool *set = nation->in_set + nation->emission_product[i] * w->n;
  double mine = 0.0, all = 0.0;
  for (size_t p = 0; p < w->regions; p++) {
    const double share = set_share(w, p, set, 1.0) > 0.0 ? tanlu_region_output(w, p, nation->emission_sector[i]) : 0.0;
    if (p == q) mine = share;
    all += share;
  }
  return all > 0.0 ? mine / all : tanlu_region_output(w, q, nation->emission_sector[i]);
}

static void fill_products(const tanlu_region_work *w, size_t q, tanlu_product_statistics *p) {
  for (size_t i = 0; i < p->product.count; i++) {
    if (p->kind[i] == TANLU_PRODUCT_PRIMARY && w->regions > 1) place_primary(w, p, i);
    p->base[i] *= p->kind[i] == TANLU_PRODUCT_PRIMARY ? 1.0 : set_share(w, q, p->in_set + i * w->n, w->consumers[q]);
  }
  for (size_t i = 0; i < p->emission.count; i++) p->emission_base[i] *= emission_share(w, q, i);
}

/* Land takes up CO2 where there is agriculture and forestry; where people are in a dataset that has no such group. */
static tanlu_status share_sinks(const tanlu_region_work *w, size_t q, double *share) {
  bool *in_set = tanlu_allocate(w->context, w->n, sizeof *in_set);
  if (in_set == NULL) return TANLU_ERR_MEMORY;
  for (size_t l = 0; l < w->nation->levels; l++) {
    const tanlu_level *level = &w->nation->level[l];
    const size_t group = tanlu_labels_find(&level->group, "primary");
    if (strcmp(level->name, "industry3") != 0 || group == TANLU_NONE) continue;
    for (size_t j = 0; j < w->n; j++) in_set[j] = level->of_sector[j] == group;
  }
  *share = set_share(w, q, in_set, w->consumers[q]);
  free(in_set);
  return TANLU_OK;
}

static void empty_observed(tanlu_dataset *d) {
  for (size_t k = 0; k < d->observed.count; k++) free(d->observed_unit[k]);
  free(d->observed_unit);
  free(d->observed_value);
  d->observed_unit = NULL;
  d->observed_value = NULL;
  tanlu_labels_clear(&d->observed);
}

static tanlu_status name_region(const tanlu_region_work *w, size_t q, tanlu_dataset *d) {
  const tanlu_labels *region = w->d->region;
  const size_t size = strlen(w->nation->title) + strlen(region->name[q]) + strlen(w->nation->name) +
                      strlen(region->code[q]) + sizeof ", ";
  free(d->name);
  free(d->title);
  free(d->region);
  d->name = tanlu_allocate(w->context, size, 1);
  d->title = tanlu_allocate(w->context, size, 1);
  d->region = tanlu_string_copy(w->context, region->name[q]);
  if (d->name == NULL || d->title == NULL || d->region == NULL) return TANLU_ERR_MEMORY;
  (void)snprintf(d->name, size, "%s_%s", w->nation->name, region->code[q]);
  (void)snprintf(d->title, size, "%s, %s", w->nation->title, region->name[q]);
  return TANLU_OK;
}

/* Mixes of energy are read against the nation's, since its scenario has paths of them. */
static tanlu_status derive(const tanlu_region_work *w, tanlu_dataset *d) {
  const tanlu_status status = tanlu_dataset_derive(d, w->context);
  const size_t groups = tanlu_axis_count(w->nation, TANLU_AXIS_MIX_GROUP);
  if (status == TANLU_OK) {
    memcpy(d->useful_share, w->nation->useful_share, groups * TANLU_CLASS_COUNT * sizeof *d->useful_share);
  }
  return status;
}

static tanlu_status fill_rest(const tanlu_region_work *w, size_t q) {
  tanlu_dataset *d = w->d->dataset[q];
  double sinks = 0.0;
  tanlu_status status = name_region(w, q, d);
  if (status == TANLU_OK) status = share_sinks(w, q, &sinks);
  fill_products(w, q, &d->products);
  for (size_t j = 0; j < w->n; j++) {
    const double s = tanlu_region_output(w, q, j);
    if (d->employment != NULL) d->employment[j] *= s;
    for (size_t k = 0; k < d->extension.label.count; k++) d->extension.value[k * w->n + j] *= s;
  }
  d->population *= w->consumers[q];
  d->sinks *= sinks;
  empty_observed(d);
  return status == TANLU_OK ? derive(w, d) : status;
}

tanlu_status tanlu_region_datasets_create(tanlu_region_datasets **datasets, const tanlu_model *nation,
                                          const tanlu_region_statistics *statistics, tanlu_context *context) {
  *datasets = NULL;
  const tanlu_energy_statistics *e = &nation->dataset->energy;
  tanlu_region_work w = {.model = nation,
                         .nation = nation->dataset,
                         .statistics = statistics,
                         .context = context,
                         .regions = statistics->choice->region->count,
                         .n = nation->dataset->accounts.n,
                         .carriers = e->carrier.label.count,
                         .users = nation->dataset->accounts.n + TANLU_HOUSEHOLD_USES,
                         .technologies = nation->dataset->power.technology.count,
                         .processes = e->process.count,
                         .power = runs(e, TANLU_PROCESS_THERMAL_POWER),
                         .heat = runs(e, TANLU_PROCESS_HEAT_SUPPLY)};
  w.d = tanlu_allocate(context, 1, sizeof *w.d);
  tanlu_status status = w.d != NULL ? make_datasets(&w) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = make_work(&w);
  if (status == TANLU_OK) status = tanlu_region_fill_accounts(&w);
  if (status == TANLU_OK) status = visit_base_year(&w);
  if (status == TANLU_OK) status = tanlu_region_find_power(&w);
  if (status == TANLU_OK) {
    tanlu_region_fill_power(&w);
    status = tanlu_region_fill_energy(&w);
  }
  for (size_t q = 0; q < w.regions && status == TANLU_OK; q++) status = fill_rest(&w, q);
  if (status == TANLU_OK) status = tanlu_region_check_sums(&w);
  clear_work(&w);
  if (status != TANLU_OK) tanlu_region_datasets_free(&w.d);
  *datasets = w.d;
  return status;
}
