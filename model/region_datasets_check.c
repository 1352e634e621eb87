/* Sums over regions against the nation, cell by cell. */
#include <math.h>
#include <stdlib.h>

#include "model/region_datasets_private.h"
#include "solvers/memory.h"

static const double kept = 1e-9;      /* gap relative to the nation's number */
static const double rounding = 1e-12; /* and to the largest of its kind */

static tanlu_status check(const tanlu_region_work *w, const char *what, size_t count, const double *nation,
                          const double *sum) {
  double largest = 0.0;
  for (size_t k = 0; k < count; k++) largest = fmax(largest, fabs(nation[k]));
  for (size_t k = 0; k < count; k++) {
    if (fabs(sum[k] - nation[k]) <= kept * fabs(nation[k]) + rounding * largest) continue;
    return tanlu_fail(w->context, TANLU_ERR_INTERNAL, "%s %zu of regions add up to %.12g, the nation's is %.12g", what,
                      k + 1, sum[k], nation[k]);
  }
  return TANLU_OK;
}

/* An array of every dataset: where it stands in the struct. */
typedef const double *(*array_of)(const tanlu_dataset *d);
#define GETTER(name, field)                                                                                            \
  static const double *name(const tanlu_dataset *d) {                                                                  \
    return field;                                                                                                      \
  }
GETTER(flows, d->accounts.flows)
GETTER(final_use, d->accounts.final_use)
GETTER(value_added, d->accounts.value_added)
GETTER(output, d->accounts.output)
GETTER(discrepancy, d->accounts.discrepancy)
GETTER(conversion, d->energy.conversion)
GETTER(losses, d->energy.losses)
GETTER(supply, d->energy.supply)
GETTER(difference, d->energy.statistical_difference)
GETTER(hydro, &d->energy.primary_hydro)
GETTER(nuclear, &d->energy.primary_nuclear)
GETTER(wind, &d->energy.primary_wind)
GETTER(solar, &d->energy.primary_solar)
GETTER(capacity, d->power.capacity)
GETTER(products, d->products.base)
GETTER(emissions, d->products.emission_base)
GETTER(employment, d->employment)
GETTER(population, &d->population)
GETTER(sinks, &d->sinks)
#undef GETTER

static tanlu_status check_arrays(const tanlu_region_work *w) {
  const tanlu_dataset *d = w->nation;
  const tanlu_accounts *a = &d->accounts;
  const struct {
    const char *what;
    array_of array;
    size_t count;
  } all[] = {{"flow", flows, a->n * a->n},
             {"final use", final_use, a->n * a->category.count},
             {"value added", value_added, a->n * a->component.count},
             {"output", output, a->n},
             {"discrepancy", discrepancy, a->n},
             {"conversion", conversion, w->processes * w->carriers},
             {"losses of carrier", losses, w->carriers},
             {"supply", supply, d->energy.supply_item.count * w->carriers},
             {"statistical difference of carrier", difference, w->carriers},
             {"hydropower", hydro, 1},
             {"nuclear power", nuclear, 1},
             {"wind power", wind, 1},
             {"solar power", solar, 1},
             {"capacity of technology", capacity, w->technologies},
             {"product", products, d->products.product.count},
             {"process CO2", emissions, d->products.emission.count},
             {"employment of sector", employment, d->employment != NULL ? a->n : 0},
             {"population", population, 1},
             {"sinks", sinks, 1}};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < sizeof all / sizeof *all && status == TANLU_OK; i++) {
    double *sum = tanlu_allocate_doubles(w->context, all[i].count, 1);
    if (sum == NULL) return TANLU_ERR_MEMORY;
    for (size_t q = 0; q < w->regions; q++) {
      const double *mine = all[i].array(w->d->dataset[q]);
      for (size_t k = 0; k < all[i].count; k++) sum[k] += mine[k];
    }
    if (all[i].count > 0) status = check(w, all[i].what, all[i].count, all[i].array(d), sum);
    free(sum);
  }
  return status;
}

/* Energy of users, and generation. */
static tanlu_status check_energy(const tanlu_region_work *w) {
  const tanlu_energy *nation = w->model->system->energy;
  const size_t cells = w->users * w->carriers;
  double *sum = tanlu_allocate_doubles(w->context, cells + w->technologies, 2);
  if (sum == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < cells; k++) {
    double *to = sum + (k % w->users) * w->carriers + k / w->users;
    for (size_t q = 0; q < w->regions; q++) {
      to[0] += w->final[k * w->regions + q];
      to[cells] += w->non_energy[k * w->regions + q];
    }
  }
  for (size_t k = 0; k < w->technologies * w->regions; k++) sum[2 * cells + k / w->regions] += w->generation[k];
  tanlu_status status = check(w, "final energy", cells, nation->final, sum);
  if (status == TANLU_OK) status = check(w, "non-energy use", cells, nation->non_energy, sum + cells);
  if (status == TANLU_OK) {
    status =
        check(w, "generation of technology", w->technologies, w->model->system->power->generation, sum + 2 * cells);
  }
  free(sum);
  return status;
}

tanlu_status tanlu_region_check_sums(const tanlu_region_work *w) {
  const tanlu_status status = check_arrays(w);
  return status == TANLU_OK ? check_energy(w) : status;
}
