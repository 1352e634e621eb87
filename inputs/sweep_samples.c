/* Samples: what is drawn, and its drivers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/scenario_moves.h"
#include "inputs/scenario_resolver.h"
#include "inputs/scenario_tree.h"
#include "inputs/sweep_private.h"
#include "solvers/memory.h"

/* Members of a simplex from their uniforms, which may stand in the same place. Scaling rounds; the largest takes that up, so that
 * the sum is the total within as many units in the last place as there are members. */
static void draw_simplex(const tanlu_sweep_simplex *x, const double *u, double *value) {
  tanlu_simplex_shares(x->shares, u, value);
  size_t largest = 0;
  double others = 0.0;
  for (size_t i = 0; i < x->count; i++) {
    value[i] *= x->total;
    if (value[i] > value[largest]) largest = i;
  }
  for (size_t i = 0; i < x->count; i++) others += i == largest ? 0.0 : value[i];
  value[largest] = x->total - others;
}

/* There are no more dimensions than parameters, and none stands behind its parameter: from the back, in place. */
void tanlu_sweep_draw(const tanlu_sweep *s, size_t sample, double *parameter) {
  tanlu_design_point(s->design, sample, parameter);
  if (s->options.kind == TANLU_DESIGN_LIST) return;
  for (size_t p = s->parameters; p-- > 0;) {
    const tanlu_sweep_parameter *own = &s->parameter[p];
    if (own->simplex != TANLU_NONE) {
      const tanlu_sweep_simplex *x = &s->simplex[own->simplex];
      memmove(parameter + x->first, parameter + x->dimension, tanlu_simplex_dimensions(x->shares) * sizeof *parameter);
      draw_simplex(x, parameter + x->first, parameter + x->first);
      p = x->first;
      continue;
    }
    double u = parameter[own->dimension];
    if (s->options.kind == TANLU_DESIGN_GRID && tanlu_distribution_values(own->distribution) > 0) {
      u = ((double)tanlu_design_level(s->design, sample, own->dimension) + 0.5) / (double)s->levels[own->dimension];
    }
    parameter[p] = tanlu_distribution_quantile(own->distribution, u);
  }
}

struct tanlu_sweep_worker {
  const tanlu_sweep *sweep;
  const tanlu_dataset *dataset;
  tanlu_yaml *root;    /* a copy of the scenario's keys */
  tanlu_yaml **scalar; /* all scalars of it */
  double *value;       /* numbers */
  tanlu_moves *moves;  /* NULL: every sample is resolved in full */
};

void tanlu_sweep_worker_free(tanlu_sweep_worker **worker) {
  tanlu_sweep_worker *w = *worker;
  if (!w) return;
  tanlu_moves_free(&w->moves);
  tanlu_yaml_free(&w->root);
  free(w->scalar);
  free(w->value);
  free(w);
  *worker = NULL;
}

/* The numbers that move say where: at the parameter that moves them last. */
static tanlu_status place_number(const tanlu_sweep *s, size_t k, tanlu_yaml *node, tanlu_context *context) {
  const tanlu_yaml *place = s->parameter[s->mover[k]].node;
  char *file = tanlu_string_copy(context, place->file);
  if (!file) return TANLU_ERR_MEMORY;
  free(node->file);
  node->file = file;
  node->line = place->line;
  node->column = place->column;
  return TANLU_OK;
}

static tanlu_status create_moves(tanlu_sweep_worker *w, tanlu_context *context) {
  const tanlu_sweep *s = w->sweep;
  const tanlu_yaml **node = tanlu_allocate(context, s->numbers, sizeof *node);
  if (!node) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < s->numbers; k++) node[k] = w->scalar[s->place[k]];
  const tanlu_status status = tanlu_moves_create(&w->moves, w->root, s->scenario->tree->history, w->dataset, s->numbers,
                                                 node, s->base_drivers, context);
  free(node);
  return status;
}

tanlu_status tanlu_sweep_worker_create(tanlu_sweep_worker **worker, const tanlu_sweep *sweep,
                                       const tanlu_dataset *dataset, tanlu_context *context) {
  tanlu_sweep_worker *w = tanlu_allocate(context, 1, sizeof *w);
  *worker = w;
  if (!w) return TANLU_ERR_MEMORY;
  w->sweep = sweep;
  w->dataset = dataset;
  w->root = tanlu_yaml_copy(sweep->scenario->tree->root, context);
  w->scalar = w->root ? tanlu_sweep_scalars(w->root, context) : NULL;
  w->value = tanlu_allocate_doubles(context, sweep->numbers, 1);
  tanlu_status status = w->root && w->scalar && w->value ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t k = 0; k < sweep->numbers && status == TANLU_OK; k++) {
    status = place_number(sweep, k, w->scalar[sweep->place[k]], context);
  }
  /* else all resolve against statistics of their own; regions resolve anew, from all keys */
  const bool shared = sweep->statistics == 0 && sweep->base_drivers && !sweep->set;
  if (status == TANLU_OK && shared) status = create_moves(w, context);
  if (status != TANLU_OK) tanlu_sweep_worker_free(worker);
  return status;
}

/* The numbers of drawn values. */
static void move_numbers(tanlu_sweep_worker *w, const double *parameter) {
  const tanlu_sweep *s = w->sweep;
  if (s->numbers > 0) memcpy(w->value, s->base, s->numbers * sizeof *w->value);
  for (size_t p = 0; p < s->parameters; p++) {
    for (size_t i = 0; i < s->parameter[p].numbers; i++) {
      double *value = &w->value[s->parameter[p].number[i]];
      switch (s->parameter[p].mode) {
      case TANLU_MODE_SCALE:
        *value *= parameter[p];
        break;
      case TANLU_MODE_ADD:
        *value += parameter[p];
        break;
      case TANLU_MODE_REPLACE:
      case TANLU_MODES:
        *value = parameter[p];
        break;
      }
    }
  }
}

/* Put them into the keys. */
static tanlu_status write_numbers(tanlu_sweep_worker *w, tanlu_context *context) {
  const tanlu_sweep *s = w->sweep;
  for (size_t k = 0; k < s->numbers; k++) {
    char text[40];
    snprintf(text, sizeof text, "%.17g", w->value[k]); /* reads back to the same number */
    char *copy = tanlu_string_copy(context, text);
    if (!copy) return TANLU_ERR_MEMORY;
    free(w->scalar[s->place[k]]->text);
    w->scalar[s->place[k]]->text = copy;
  }
  return TANLU_OK;
}

tanlu_status tanlu_sweep_drivers(tanlu_sweep_worker *w, const double *parameter, const tanlu_dataset *statistics,
                                 tanlu_drivers **drivers, tanlu_context *context) {
  const tanlu_scenario *scenario = w->sweep->scenario;
  move_numbers(w, parameter);
  *drivers = w->moves && !statistics ? tanlu_moves_drivers(w->moves, w->value) : NULL;
  if (*drivers) return TANLU_OK;
  const tanlu_status status = write_numbers(w, context);
  if (status != TANLU_OK) return status;
  return tanlu_resolve(drivers, w->root, scenario->tree->history, statistics ? statistics : w->dataset, scenario->to,
                       context);
}

tanlu_status tanlu_sweep_worker_text(tanlu_sweep_worker *w, const double *parameter, char **text,
                                     tanlu_context *context) {
  *text = NULL;
  move_numbers(w, parameter);
  const tanlu_status status = write_numbers(w, context);
  return status == TANLU_OK ? tanlu_yaml_write(w->root, text, context) : status;
}

tanlu_status tanlu_sweep_source_draw(void *user, int thread, size_t sample, double *parameter, tanlu_sweep_drawn *drawn,
                                     tanlu_context *context) {
  tanlu_sweep_worker *const *workers = user;
  tanlu_sweep_worker *w = workers[thread];
  tanlu_sweep_draw(w->sweep, sample, parameter);
  tanlu_status status = tanlu_sweep_perturb(w->sweep, sample, parameter, w->dataset, &drawn->dataset, context);
  if (status == TANLU_OK) status = tanlu_sweep_drivers(w, parameter, drawn->dataset, &drawn->drivers, context);
  if (status == TANLU_OK && w->sweep->set) {
    status = tanlu_sweep_regions_resolve(w->sweep, w->root, drawn->drivers, w->dataset, &drawn->region, context);
  }
  if (status != TANLU_OK) tanlu_sweep_drawn_clear(drawn, 0);
  return status;
}
