#include "outputs/sweep_provisional.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/hdf5_util_private.h"
#include "outputs/sweep_design.h"
#include "outputs/sweep_store_private.h"
#include "solvers/estimators.h"
#include "solvers/memory.h"

enum { SAMPLES_MOST = 1 << 20, NAMED = 3 };

struct tanlu_sweep_provisional {
  tanlu_design_options design; /* of the sweep; its pointers belong to this */
  size_t factors;
  char **label; /* of the factors */
  char output[TANLU_SWEEP_CODE + 12];
  size_t group;          /* rows of a base sample or trajectory */
  size_t column, width;  /* of the output among the indicators of a sample */
  size_t samples, known; /* numbers held, and how far they reach */
  double *y;             /* samples; NaN where there is none */
};

void tanlu_sweep_provisional_free(tanlu_sweep_provisional **provisional) {
  tanlu_sweep_provisional *p = *provisional;
  if (p == NULL) return;
  tanlu_free_texts(p->label, p->factors);
  tanlu_sweep_design_clear(&p->design);
  free(p->y);
  free(p);
  *provisional = NULL;
}

static tanlu_status copy_labels(tanlu_sweep_provisional *p, const char *const *label, tanlu_context *context) {
  p->label = tanlu_allocate(context, p->factors, sizeof *p->label);
  for (size_t k = 0; p->label != NULL && k < p->factors; k++) {
    p->label[k] = tanlu_string_copy(context, label[k]);
    if (p->label[k] == NULL) return TANLU_ERR_MEMORY;
  }
  return p->label != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

tanlu_status tanlu_sweep_provisional_create(tanlu_sweep_provisional **provisional, const tanlu_sweep_description *d,
                                            tanlu_context *context) {
  *provisional = NULL;
  if (strcmp(d->design, "saltelli") != 0 && strcmp(d->design, "morris") != 0) return TANLU_OK;
  tanlu_sweep_provisional *p = tanlu_allocate(context, 1, sizeof *p);
  if (p == NULL) return TANLU_ERR_MEMORY;
  p->factors = d->factors;
  p->group = (size_t)(d->samples / d->design_samples);
  p->width = d->shape.years * d->shape.indicators;
  p->column = p->width - d->shape.indicators;
  p->samples = d->samples < SAMPLES_MOST ? d->samples : SAMPLES_MOST;
  p->y = tanlu_allocate_doubles(context, p->samples, 1);
  char code[TANLU_SWEEP_CODE];
  (void)snprintf(p->output, sizeof p->output, "%s.%d", tanlu_sweep_code(&d->shape, 0, code),
                 d->from + (int)d->shape.year[d->shape.years - 1]);
  tanlu_status status = p->y != NULL ? copy_labels(p, d->factor, context) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_sweep_design_options(&p->design, d, context);
  for (size_t i = 0; status == TANLU_OK && i < p->samples; i++) p->y[i] = (double)NAN;
  if (status != TANLU_OK) tanlu_sweep_provisional_free(&p);
  *provisional = p;
  return status;
}

/* Numbers of `count` samples from `first` on; those that failed are NaN. */
static void take(tanlu_sweep_provisional *p, size_t first, size_t count, const double *indicator) {
  for (size_t i = 0; i < count && first + i < p->samples; i++) {
    p->y[first + i] = indicator[i * p->width + p->column];
    p->known = first + i + 1;
  }
}

tanlu_status tanlu_sweep_provisional_read(tanlu_sweep_provisional *p, const tanlu_sweep_store *store,
                                          tanlu_context *context) {
  const size_t id = TANLU_STORE_VALUE + TANLU_OUTPUT_INDICATOR;
  if (p == NULL || store->variable[id].rank == 0) return TANLU_OK;
  double *value = tanlu_allocate_doubles(context, TANLU_SWEEP_BLOCK, p->width);
  tanlu_status status = value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t b = 0; status == TANLU_OK && b < store->last_block - store->first_block; b++) {
    const size_t row = b * TANLU_SWEEP_BLOCK, left = store->own_samples - row;
    const size_t count = left < TANLU_SWEEP_BLOCK ? left : TANLU_SWEEP_BLOCK;
    if (store->first_sample + row >= p->samples) break;
    if (store->done[b] == 0) continue;
    status = tanlu_sweep_store_read(store, id, row, count, value, context);
    if (status == TANLU_OK) take(p, store->first_sample + row, count, value);
  }
  free(value);
  return status;
}

void tanlu_sweep_provisional_add(tanlu_sweep_provisional *p, const tanlu_sweep_block *block) {
  if (p != NULL) take(p, block->first, block->count, block->indicator);
}

/* Sizes of the effects, and first-order indices or means beside them, from the design's first `units` units. */
static tanlu_status estimate(const tanlu_sweep_provisional *p, size_t units, double *size, double *beside,
                             uint64_t *used) {
  const size_t k = p->factors;
  const tanlu_bootstrap none = {.level = 0.95};
  tanlu_design_options options = p->design;
  tanlu_design *design = NULL;
  tanlu_estimate *first = tanlu_allocate(NULL, k, sizeof *first), *total = tanlu_allocate(NULL, k, sizeof *total);
  tanlu_effect *effect = tanlu_allocate(NULL, k, sizeof *effect);
  const bool saltelli = options.kind == TANLU_DESIGN_SALTELLI;
  options.samples = units;
  tanlu_status status = first != NULL && total != NULL && effect != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_design_create(&design, &options, NULL);
  if (status == TANLU_OK) {
    status = saltelli ? tanlu_sobol_indices(design, p->y, 1, &none, first, total, NULL, used, NULL)
                      : tanlu_morris_effects(design, p->y, 1, &none, effect, used, NULL);
  }
  for (size_t i = 0; status == TANLU_OK && i < k; i++) {
    size[i] = saltelli ? total[i].value : effect[i].mu_star.value;
    beside[i] = saltelli ? first[i].value : effect[i].mu;
  }
  tanlu_design_free(&design);
  free(first);
  free(total);
  free(effect);
  return status;
}

bool tanlu_sweep_provisional_text(const tanlu_sweep_provisional *p, char *text, size_t size) {
  if (p == NULL || p->known < p->group) return false;
  const size_t k = p->factors;
  const bool saltelli = p->design.kind == TANLU_DESIGN_SALTELLI;
  uint64_t used = 0;
  double *key = tanlu_allocate_doubles(NULL, k, 1), *beside = tanlu_allocate_doubles(NULL, k, 1);
  bool said = key != NULL && beside != NULL && estimate(p, p->known / p->group, key, beside, &used) == TANLU_OK;
  for (size_t n = 0; said && n < NAMED && n < k; n++) {
    size_t largest = 0;
    for (size_t i = 1; i < k; i++) {
      if (!(key[i] <= key[largest])) largest = i;
    }
    said = n > 0 || !isnan(key[largest]); /* an output that does not vary has none */
    if (!said) break;
    if (n == 0) {
      (void)snprintf(text, size, "%s after %llu %s: ", p->output, (unsigned long long)used,
                     saltelli ? "base samples, total (first)" : "trajectories, mu* (mu)");
    }
    const size_t length = strlen(text);
    (void)snprintf(text + length, size - length, "%s%s %.3g (%.3g)", n > 0 ? ", " : "", p->label[largest], key[largest],
                   beside[largest]);
    key[largest] = -(double)INFINITY;
  }
  free(key);
  free(beside);
  return said;
}
