/* A region among those that are projected together: its projector, its ties to the nation and to the others. */
#include <stdlib.h>

#include "model/region_projection_private.h"
#include "solvers/memory.h"

typedef tanlu_regional_projector work;

/* Which factors of the nation hold in the region: those of the same target, of the same product. */
static void find_factors(const work *w, const tanlu_drivers *nation, const tanlu_drivers *drivers,
                         tanlu_region_member *r) {
  const tanlu_equilibrium *q = r->projector->equilibrium;
  for (size_t e = 0; e < q->unknowns; e++) {
    r->factor[e] = TANLU_NONE;
    for (size_t k = 0; e > 0 && e <= drivers->targets && k < nation->targets; k++) {
      const bool same = nation->target_level[k] == drivers->target_level[e - 1] &&
                        nation->target_group[k] == drivers->target_group[e - 1];
      if (same) r->factor[e] = 1 + k;
    }
    if (e > drivers->targets) r->factor[e] = e - drivers->targets + nation->targets;
  }
  bool same = drivers->targets == nation->targets; /* then substitution is the nation's too: mean phi by its weights */
  for (size_t k = 0; same && k < nation->targets; k++) same = r->factor[1 + k] == 1 + k;
  for (size_t k = 0; same && k <= nation->targets; k++) q->economy->mean_weight[k] = w->mean_weight[k];
}

/* How much of its electricity a region covers by links, and its part of the nation's net imports, in the base year. */
static void find_links(const work *w, size_t q) {
  tanlu_region_member *r = &w->member[q];
  const tanlu_power *power = r->model->system->power;
  const double base = tanlu_power_base_imports(r->model->dataset);
  const double nation = tanlu_power_base_imports(w->m->nation->dataset);
  const double used = power->total * (1.0 - power->loss_rate) + base;
  const tanlu_power *all = w->m->nation->system->power;
  double received = 0.0, sent = 0.0;
  for (size_t p = 0; p < w->regions; p++) {
    received += w->m->datasets->link[q * w->regions + p];
    sent += w->m->datasets->link[p * w->regions + q];
  }
  r->covered = received / used;
  r->abroad = nation != 0.0 ? (base - received + sent) / nation : used / (all->total * (1.0 - all->loss_rate) + nation);
}

tanlu_status tanlu_region_member_make(work *w, size_t q, const tanlu_regional_scenario *like, tanlu_context *context) {
  tanlu_region_member *r = &w->member[q];
  const tanlu_drivers *drivers = like->region[q];
  r->model = w->m->model[q];
  r->context = tanlu_context_create();
  if (r->context == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  const tanlu_status status = tanlu_projector_create(&r->projector, r->model, drivers, TANLU_LANES_LEAST, context);
  if (status != TANLU_OK) return status;
  const size_t unknowns = r->projector->equilibrium->unknowns;
  w->lanes = r->projector->width;
  const struct {
    double **array;
    size_t rows, columns;
  } wanted[] = {{&r->demand, w->n, w->lanes},
                {&r->main_use, w->processes, w->lanes},
                {&r->place, w->processes, w->lanes},
                {&r->wanted, w->n, 1},
                {&r->inputs, w->n, w->n},
                {&r->domestic, w->n, w->n},
                {&r->use, w->n, r->model->dataset->accounts.category.count},
                {&r->own_use, w->processes, 1},
                {&r->held, unknowns, 1},
                {&r->size, w->n, 1},
                {&r->passed, w->m->nation->measures->passed, w->lanes}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    *wanted[k].array = tanlu_allocate_doubles(context, wanted[k].rows, wanted[k].columns);
    if (*wanted[k].array == NULL) return TANLU_ERR_MEMORY;
  }
  r->factor = tanlu_allocate(context, unknowns, sizeof *r->factor);
  if (r->factor == NULL) return TANLU_ERR_MEMORY;
  r->outside = (tanlu_outside){.demand = r->demand,
                               .main_use = r->main_use,
                               .place = r->place,
                               .passed = r->passed,
                               .links = r->links,
                               .clean = r->clean,
                               .nuclear = r->nuclear,
                               .coke_ratio = r->coke,
                               .ruled = w->ruled};
  r->projector->equilibrium->rows->outside = r->projector->equilibrium->economy->outside = &r->outside;
  find_factors(w, like->nation, drivers, r);
  find_links(w, q);
  return TANLU_OK;
}

void tanlu_region_members_clear(work *w) {
  for (size_t q = 0; w->member != NULL && q < w->regions; q++) {
    tanlu_region_member *r = &w->member[q];
    double *const owned[] = {r->demand,  r->main_use, r->place,  r->passed,   r->size, r->wanted,
                             r->own_use, r->held,     r->inputs, r->domestic, r->use};
    for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
    free(r->factor);
    tanlu_centre_clear(&r->centre);
    tanlu_projector_free(&r->projector);
    tanlu_context_free(&r->context);
  }
  free(w->member);
}
