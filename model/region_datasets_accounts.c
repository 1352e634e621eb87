/* The accounts of every region: what it uses is the nation's technology, what of it is made at home follows from the table of regions. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/region_datasets_private.h"
#include "model/regional_accounts_private.h"
#include "solvers/memory.h"

/* Gap of a row, relative to the nation's output, that trade may leave; what is sent to other regions takes it. */
static const double kept = 1e-8;

typedef struct {
  tanlu_region_work *w;
  const tanlu_regional_accounts *a;
  const tanlu_accounts *nation;
  double *wanted; /* regions x n, [i regions + q]: what q takes of the product beyond its local purchases */
  double *sent;   /* the same: delivered by q to other regions */
} fill;

/* Part of the domestic products that users in q take of i beyond `local` that is made in q itself. */
static double origin(const fill *f, size_t i, size_t q, size_t p) {
  return f->a->table->origin[(i * f->w->regions + q) * f->w->regions + p];
}

/* Share of region q in category k of product i. */
static double part_of(const fill *f, size_t q, size_t i, size_t k) {
  const tanlu_category_role role = f->nation->role[k];
  const bool stays = role == TANLU_ROLE_EXPORTS || role == TANLU_ROLE_INVENTORIES;
  return stays ? tanlu_region_output(f->w, q, i) : f->a->demand_share[k * f->w->regions + q];
}

/* ---- one region ----------------------------------------------------------------------------------------------------------- */

static tanlu_status make_room(const fill *f, tanlu_accounts *a) {
  const size_t n = f->w->n, categories = f->nation->category.count + 1;
  tanlu_context *context = f->w->context;
  tanlu_category_role *role = tanlu_allocate(context, categories, sizeof *role);
  double *final_use = tanlu_allocate_doubles(context, n, categories),
         *final_domestic = tanlu_allocate_doubles(context, n, categories),
         *domestic = tanlu_allocate_doubles(context, n, n);
  if (role != NULL) memcpy(role, f->nation->role, f->nation->category.count * sizeof *role);
  if (role != NULL) role[categories - 1] = TANLU_ROLE_REGIONS;
  free(a->role);
  free(a->final_use);
  free(a->final_domestic);
  free(a->flows_domestic);
  a->role = role;
  a->final_use = final_use;
  a->final_domestic = final_domestic;
  a->flows_domestic = domestic;
  a->import_treatment = TANLU_IMPORT_SPLIT;
  a->balance_tolerance = fmax(a->balance_tolerance, 1e-9);
  if (role == NULL || final_use == NULL || final_domestic == NULL || domestic == NULL) return TANLU_ERR_MEMORY;
  return tanlu_labels_add(&a->category, TANLU_OTHER_REGIONS, "Deliveries to other regions", "调出", context);
}

/* Uses of product i in region q. */
static void fill_uses(const fill *f, tanlu_accounts *a, size_t q, size_t i) {
  const size_t n = f->w->n;
  const double own = origin(f, i, q, q);
  double wanted = 0.0;
  a->imports[i] = 0.0;
  for (size_t j = 0; j < n; j++) {
    const size_t at = j * n + i;
    const double s = tanlu_region_output(f->w, q, j), local = f->a->table->local[(q * n + j) * n + i];
    const double domestic = s * f->a->domestic[at];
    a->flows[at] = s * f->nation->flows[at];
    a->flows_domestic[at] = domestic * (local + (1.0 - local) * own);
    wanted += domestic * (1.0 - local);
    a->imports[i] += a->flows[at] - a->flows_domestic[at];
  }
  for (size_t k = 0; k < f->nation->category.count; k++) {
    const size_t at = k * n + i;
    const bool stays = f->nation->role[k] == TANLU_ROLE_EXPORTS || f->nation->role[k] == TANLU_ROLE_INVENTORIES;
    const double part = part_of(f, q, i, k), local = stays ? 1.0 : f->a->table->local_final[q * n + i];
    const double domestic = part * f->a->final_domestic[at];
    a->final_use[at] = part * f->nation->final_use[at];
    a->final_domestic[at] = domestic * (local + (1.0 - local) * own);
    wanted += domestic * (1.0 - local);
    a->imports[i] += a->final_use[at] - a->final_domestic[at];
  }
  f->wanted[i * f->w->regions + q] = wanted;
}

static void fill_region(const fill *f, size_t q) {
  const size_t n = f->w->n, components = f->nation->component.count;
  tanlu_accounts *a = &f->w->d->dataset[q]->accounts;
  for (size_t i = 0; i < n; i++) {
    const double s = tanlu_region_output(f->w, q, i);
    fill_uses(f, a, q, i);
    a->discrepancy[i] = s * f->nation->discrepancy[i];
    a->output[i] = s * f->nation->output[i];
    for (size_t c = 0; c < components; c++) {
      a->value_added[i * components + c] = s * f->nation->value_added[i * components + c];
    }
  }
}

/* ---- between regions ------------------------------------------------------------------------------------------------------ */

static void find_origin(const fill *f, size_t i, size_t q) {
  const size_t regions = f->w->regions;
  double others = 0.0;
  for (size_t p = 0; p < regions; p++) others += p != q ? origin(f, i, q, p) : 0.0;
  for (size_t p = 0; p < regions; p++) {
    if (p == q) continue;
    f->w->d->origin[(i * regions + q) * regions + p] = others > 0.0 ? origin(f, i, q, p) / others : 0.0;
    f->sent[i * regions + p] += f->wanted[i * regions + q] * origin(f, i, q, p);
  }
}

/* What a region sends closes its row: trade leaves a gap of rounding. */
static tanlu_status close_row(const fill *f, size_t q, size_t i) {
  const size_t n = f->w->n, last = f->nation->category.count;
  tanlu_accounts *a = &f->w->d->dataset[q]->accounts;
  double home = a->discrepancy[i], sent = f->sent[i * f->w->regions + q];
  for (size_t j = 0; j < n; j++) home += a->flows_domestic[j * n + i];
  for (size_t k = 0; k < last; k++) home += a->final_domestic[k * n + i];
  const double gap = a->output[i] - home - sent;
  const double size = f->nation->output[i] > 0.0 ? f->nation->output[i] : f->nation->imports[i];
  if (fabs(gap) > kept * size) {
    return tanlu_fail(f->w->context, TANLU_ERR_INTERNAL, "region %s: uses of product %s miss its output by %.6g of it",
                      f->w->d->region->code[q], a->sector.code[i], gap / size);
  }
  if (sent > 0.0 && sent + gap > 0.0) sent += gap;
  a->final_use[last * n + i] = a->final_domestic[last * n + i] = sent;
  return TANLU_OK;
}

/* What is known of electricity, or else its trade in the table. */
static void find_trade(const fill *f) {
  const size_t regions = f->w->regions, i = f->w->power;
  const tanlu_regional_choice *c = f->w->statistics->choice;
  if (i == TANLU_NONE) return;
  memcpy(f->w->trade, f->a->table->trade + i * regions * regions, regions * regions * sizeof *f->w->trade);
  for (size_t q = 0; q < regions; q++) f->w->trade[q * regions + q] += f->a->table->own[i * regions + q];
  for (size_t k = 0; k < c->known_flows; k++) {
    if (c->known[k].product == i) memcpy(f->w->trade, c->known[k].flow, regions * regions * sizeof *f->w->trade);
  }
}

static void find_consumers(const fill *f) {
  const double *people = f->w->statistics->choice->households;
  const double *value = f->a->facts.value_of;
  for (size_t q = 0; q < f->w->regions; q++) {
    f->w->consumers[q] = tanlu_region_part(people != NULL ? people : value, f->w->regions, q,
                                           tanlu_region_part(value, f->w->regions, q, 0.0));
  }
}

tanlu_status tanlu_region_fill_accounts(tanlu_region_work *w) {
  tanlu_regional_accounts *accounts = NULL;
  fill f = {.w = w, .nation = &w->nation->accounts};
  tanlu_status status = tanlu_regional_accounts_create(&accounts, w->nation, w->statistics->choice, w->context);
  f.a = accounts;
  f.wanted = tanlu_allocate_doubles(w->context, w->regions, w->n);
  f.sent = tanlu_allocate_doubles(w->context, w->regions, w->n);
  if (status == TANLU_OK && (f.wanted == NULL || f.sent == NULL)) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    memcpy(w->d->output, w->statistics->choice->share, w->regions * w->n * sizeof *w->d->output);
    find_consumers(&f);
    find_trade(&f);
  }
  for (size_t q = 0; q < w->regions && status == TANLU_OK; q++) {
    status = make_room(&f, &w->d->dataset[q]->accounts);
    if (status == TANLU_OK) fill_region(&f, q);
  }
  for (size_t i = 0; i < w->n && status == TANLU_OK; i++) {
    for (size_t q = 0; q < w->regions; q++) find_origin(&f, i, q);
    for (size_t q = 0; q < w->regions && status == TANLU_OK; q++) status = close_row(&f, q, i);
  }
  free(f.wanted);
  free(f.sent);
  tanlu_regional_accounts_free(&accounts);
  return status;
}
