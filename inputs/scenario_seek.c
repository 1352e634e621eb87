#include "inputs/scenario_seek.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/driver_path.h"
#include "inputs/number.h"
#include "inputs/scenario_tree.h"
#include "solvers/memory.h"
#include "solvers/nearest.h"

enum { EVALUATIONS = 300 };
/* Goals are sought this far inside, against their size. */
static const double tolerance = 1e-6;
/* Changes below this part of the scale are none. */
static const double no_change = 1e-7;

/* ---- levers --------------------------------------------------------------------------------------------------------------- */

/* Is the number at the path, or below it? */
static bool is_at(const tanlu_scenario_number *number, const char *path) {
  const size_t length = strlen(path);
  return strncmp(number->path, path, length) == 0 && (number->path[length] == '\0' || number->path[length] == '.');
}

static tanlu_status fail_path(const tanlu_scenario_numbers *numbers, const char *path, tanlu_context *context) {
  if (strncmp(path, "regions.", strlen("regions.")) == 0) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "--vary %s: what a scenario says of a region has no gradient; expected a number of the nation",
                      path);
  }
  const char **name = tanlu_allocate(context, numbers->count, sizeof *name);
  if (name == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < numbers->count; k++) name[k] = numbers->number[k].path;
  const char *nearest = tanlu_nearest(path, name, numbers->count);
  free(name);
  if (nearest != NULL) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "--vary %s: the scenario writes no number there; did you mean '%s'?",
                      path, nearest);
  }
  return tanlu_fail(context, TANLU_ERR_INPUT,
                    "--vary %s: the scenario writes no number there; --set gives it one that can vary", path);
}

/* PATH[:LOW:HIGH[:WEIGHT]] */
static tanlu_status read_vary(const char *text, char *path, size_t size, bool *bounded, double value[3],
                              tanlu_context *context) {
  const size_t length = strcspn(text, ":");
  const char *rest = text + length;
  size_t parts = 0;
  (void)snprintf(path, size, "%.*s", (int)length, text);
  value[2] = 1.0;
  bool good = length > 0 && length < size;
  while (good && *rest == ':') {
    char part[64];
    const size_t long_as = strcspn(++rest, ":");
    (void)snprintf(part, sizeof part, "%.*s", (int)long_as, rest);
    good = parts < 3 && tanlu_number_parse(part, &value[parts]);
    parts++;
    rest += long_as;
  }
  *bounded = parts > 0;
  if (!good || parts == 1) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "--vary %s: expected PATH[:LOW:HIGH[:WEIGHT]], as power.mix.pv.2060:0.2:0.5", text);
  }
  if (parts > 0 && !(value[0] < value[1])) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "--vary %s: %g to %g is no range; expected the lower bound first", text,
                      value[0], value[1]);
  }
  if (value[2] > 0.0) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "--vary %s: the weight is %g; expected a number above 0", text, value[2]);
}

static tanlu_status check_lever(const tanlu_seek_lever *lever, const tanlu_seek_lever *others, size_t count,
                                bool bounded, tanlu_context *context) {
  const tanlu_scenario_number *n = &lever->number;
  for (size_t i = 0; i < count; i++) {
    if (others[i].number.node != n->node) continue;
    return tanlu_fail(context, TANLU_ERR_INPUT, "--vary: '%s' is named twice", n->path);
  }
  if (lever->low < n->lowest || lever->high > n->highest) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "--vary %s: %g to %g goes beyond what a scenario may say, %g to %g",
                      n->path, lever->low, lever->high, n->lowest, n->highest);
  }
  if (!(n->value >= lever->low && n->value <= lever->high)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "--vary %s: the scenario's %g is not within %g to %g", n->path,
                      n->value, lever->low, lever->high);
  }
  if (n->value == 0.0 && !bounded) {
    return tanlu_fail(
        context, TANLU_ERR_INPUT,
        "--vary %s: the number is 0, so no change of it is small or large; expected bounds, PATH:LOW:HIGH", n->path);
  }
  return TANLU_OK;
}

tanlu_status tanlu_seek_vary(tanlu_seek_lever **lever, size_t *count, const tanlu_scenario_numbers *numbers,
                             const char *text, tanlu_context *context) {
  char path[256];
  double value[3];
  bool bounded;
  tanlu_status status = read_vary(text, path, sizeof path, &bounded, value, context);
  const size_t before = *count;
  for (size_t k = 0; k < numbers->count && status == TANLU_OK; k++) {
    const tanlu_scenario_number *n = &numbers->number[k];
    if (!is_at(n, path)) continue;
    if (n->value == 0.0 && !bounded && strcmp(n->path, path) != 0) { /* one of several: no change of it is small */
      tanlu_note(context, "--vary %s: '%s' is 0 and stays that; give it bounds to let it vary", path, n->path);
      continue;
    }
    tanlu_seek_lever *larger = realloc(*lever, (*count + 1) * sizeof *larger);
    if (larger == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the numbers that vary");
    *lever = larger;
    larger[*count] = (tanlu_seek_lever){
        .number = *n,
        .low = bounded ? value[0] : n->lowest,
        .high = bounded ? value[1] : n->highest,
        .weight = value[2],
        .scale = n->value != 0.0 ? fabs(n->value)
                 : bounded       ? value[1] - value[0]
                                 : 1.0,
        .found = n->value,
    };
    status = check_lever(&larger[*count], larger, *count, bounded, context);
    ++*count;
  }
  if (status == TANLU_OK && *count == before) status = fail_path(numbers, path, context);
  return status;
}

/* ---- the search ------------------------------------------------------------------------------------------------------------ */

/* A share that takes the rest of its list: it may not become negative. */
typedef struct {
  tanlu_driver_id id;
  size_t member, t;
} guard;

typedef struct {
  const tanlu_scenario *scenario;
  const tanlu_model *model;
  tanlu_scenario_numbers numbers; /* of the levers, in their order */
  tanlu_moves *moves;
  tanlu_seek_goal *goal;
  size_t goals;
  double *size;     /* goals: what a gap is measured against */
  double *weight;   /* goals x years x indicators */
  double *value;    /* goals: of the last point */
  double *gradient; /* goals x levers */
  size_t guards;
  guard *guarded;
  double *left, *slope; /* guards: the share; guards x levers */
  int projections;
} search;

static double sign_of(const tanlu_goal *goal) {
  return goal->relation == TANLU_GOAL_AT_MOST || goal->relation == TANLU_GOAL_BELOW ? 1.0 : -1.0;
}

/* Does a guard of that year say the same? Groups share one list. */
static bool is_guarded(const search *s, const tanlu_number_directions *d, const tanlu_drivers *drivers,
                       const guard *own) {
  const double *row = drivers->value[own->id] + own->t * drivers->size[own->id];
  for (size_t i = s->guards; i-- > 0 && s->guarded[i].t == own->t;) {
    const guard *g = &s->guarded[i];
    bool same = g->id == own->id && row[g->member] == row[own->member];
    for (size_t k = 0; same && k < s->numbers.count; k++) {
      same = tanlu_number_move(d, k, own->t, own->id, own->member) == tanlu_number_move(d, k, own->t, g->id, g->member);
    }
    if (same) return true;
  }
  return false;
}

/* Shares that become smaller when a lever grows. */
static tanlu_status find_guards(search *s, const tanlu_number_directions *d, const tanlu_drivers *drivers,
                                tanlu_context *context) {
  for (size_t i = 0; i < d->directions; i++) {
    for (size_t p = 0; p < d->direction[i].parts; p++) {
      const tanlu_direction_part *part = &d->direction[i].part[p];
      const guard own = {part->id, part->member, d->direction[i].t};
      if (part->weight >= 0.0 || !tanlu_driver_is_list(part->id) || is_guarded(s, d, drivers, &own)) continue;
      guard *larger = realloc(s->guarded, (s->guards + 1) * sizeof *larger);
      if (larger == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for lists of shares");
      s->guarded = larger;
      larger[s->guards++] = own;
    }
  }
  s->left = tanlu_allocate_doubles(context, s->guards, 1);
  s->slope = tanlu_allocate_doubles(context, s->guards, s->numbers.count);
  return s->left != NULL && s->slope != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static void look_at_guards(search *s, const tanlu_number_directions *d, const tanlu_drivers *drivers) {
  for (size_t i = 0; i < s->guards; i++) {
    const guard *g = &s->guarded[i];
    s->left[i] = drivers->value[g->id][g->t * drivers->size[g->id] + g->member];
    for (size_t k = 0; k < s->numbers.count; k++) {
      s->slope[i * s->numbers.count + k] = tanlu_number_move(d, k, g->t, g->id, g->member);
    }
  }
}

static tanlu_status differentiate(search *s, tanlu_adjoint *adjoint, const double *x, const tanlu_drivers *drivers,
                                  tanlu_context *context) {
  const size_t levers = s->numbers.count;
  tanlu_number_directions directions;
  tanlu_gradients gradients = {0};
  tanlu_status status = tanlu_number_directions_find(&directions, &s->numbers, x, s->moves, drivers, false, context);
  if (status == TANLU_OK && s->left == NULL) status = find_guards(s, &directions, drivers, context);
  if (status == TANLU_OK) {
    look_at_guards(s, &directions, drivers);
    const tanlu_adjoint_request request = {.outputs = s->goals,
                                           .weight = s->weight,
                                           .directions = directions.directions,
                                           .direction = directions.direction};
    status = tanlu_adjoint_gradients(adjoint, &request, &gradients, context);
  }
  for (size_t k = 0; status == TANLU_OK && k < s->goals; k++) {
    s->value[k] = gradients.value[k];
    for (size_t i = 0; i < levers; i++) {
      const double slope = tanlu_number_gradient(&directions, i, gradients.direction + k * directions.directions);
      s->gradient[k * levers + i] = isnan(slope) ? 0.0 : slope; /* it cannot move here */
    }
  }
  tanlu_gradients_clear(&gradients);
  tanlu_number_directions_clear(&directions);
  return status;
}

/* Values and gradients of all goals at x. */
static tanlu_status evaluate(search *s, const double *x, tanlu_context *context) {
  tanlu_adjoint *adjoint = NULL;
  tanlu_drivers *drivers = tanlu_moves_drivers(s->moves, x);
  if (drivers == NULL) return tanlu_fail(context, TANLU_ERR_INPUT, "such numbers contradict each other");
  s->projections++;
  tanlu_status status = tanlu_adjoint_create(&adjoint, s->model, drivers, s->scenario->name, context);
  for (size_t k = 0; status == TANLU_OK && k < s->goals; k++) {
    const tanlu_projection *p = tanlu_adjoint_projection(adjoint);
    status = tanlu_output_weights(&s->goal[k].goal, p, s->weight + k * p->years * TANLU_INDICATOR_COUNT, context);
  }
  if (status == TANLU_OK) status = differentiate(s, adjoint, x, drivers, context);
  tanlu_adjoint_free(&adjoint);
  tanlu_drivers_free(&drivers);
  return status;
}

static bool gaps(void *user, const double *x, double *g, double *jacobian) {
  search *s = user;
  if (evaluate(s, x, NULL) != TANLU_OK) return false;
  for (size_t k = 0; k < s->goals; k++) {
    const double factor = sign_of(&s->goal[k].goal) / s->size[k];
    g[k] = factor * (s->value[k] - s->goal[k].goal.value);
    for (size_t i = 0; i < s->numbers.count; i++) {
      jacobian[k * s->numbers.count + i] = factor * s->gradient[k * s->numbers.count + i];
    }
  }
  for (size_t k = 0; k < s->guards; k++) { /* sought at 0, not inside */
    g[s->goals + k] = -s->left[k] - tolerance;
    for (size_t i = 0; i < s->numbers.count; i++) {
      jacobian[(s->goals + k) * s->numbers.count + i] = -s->slope[k * s->numbers.count + i];
    }
  }
  return true;
}

static tanlu_status create(search *s, const tanlu_dataset *dataset, const tanlu_seek_lever *lever, size_t levers,
                           tanlu_context *context) {
  const size_t years = s->scenario->drivers->years;
  const tanlu_yaml **node = tanlu_allocate(context, levers, sizeof *node);
  s->numbers.number = tanlu_allocate(context, levers, sizeof *s->numbers.number);
  s->size = tanlu_allocate_doubles(context, s->goals, 1);
  s->value = tanlu_allocate_doubles(context, s->goals, 1);
  s->weight = tanlu_allocate_doubles(context, s->goals * years, TANLU_INDICATOR_COUNT);
  s->gradient = tanlu_allocate_doubles(context, s->goals, levers);
  tanlu_status status = node != NULL && s->numbers.number != NULL && s->size != NULL && s->value != NULL &&
                                s->weight != NULL && s->gradient != NULL
                            ? TANLU_OK
                            : TANLU_ERR_MEMORY;
  for (size_t i = 0; status == TANLU_OK && i < levers; i++) {
    s->numbers.number[s->numbers.count++] = lever[i].number;
    node[i] = lever[i].number.node;
  }
  if (status == TANLU_OK) {
    status = tanlu_moves_create(&s->moves, s->scenario->tree->root, s->scenario->tree->history, dataset, levers, node,
                                s->scenario->drivers, context);
  }
  if (status == TANLU_OK && s->moves == NULL) {
    status = tanlu_fail(context, TANLU_ERR_INPUT, "scenario '%s' has no year after the history to change",
                        s->scenario->name);
  }
  free(node);
  return status;
}

static void clear(search *s) {
  tanlu_moves_free(&s->moves);
  free(s->numbers.number);
  free(s->size);
  free(s->value);
  free(s->weight);
  free(s->gradient);
  free(s->guarded);
  free(s->left);
  free(s->slope);
}

/* The value to ten digits, the scenario's own where it hardly differs. */
static double rounded(const tanlu_seek_lever *lever, double value) {
  char text[40];
  double read = value;
  if (fabs(value - lever->number.value) <= no_change * lever->scale) return lever->number.value;
  (void)snprintf(text, sizeof text, "%.10g", value);
  (void)tanlu_number_parse(text, &read);
  return read < lever->low ? lever->low : read > lever->high ? lever->high : read;
}

/* What the numbers found do, once rounded. */
static tanlu_status finish(search *s, tanlu_seek_lever *lever, double *x, tanlu_seek_result *result,
                           tanlu_context *context) {
  result->distance = 0.0;
  for (size_t i = 0; i < s->numbers.count; i++) {
    lever[i].found = x[i] = rounded(&lever[i], x[i]);
    const double change = (x[i] - lever[i].number.value) / lever[i].scale;
    result->distance += lever[i].weight * change * change;
  }
  const tanlu_status status = evaluate(s, x, context);
  if (status != TANLU_OK) return status;
  result->satisfied = true;
  for (size_t k = 0; k < s->goals; k++) {
    s->goal[k].after = s->value[k];
    result->satisfied = result->satisfied && tanlu_goal_judge(&s->goal[k].goal, s->value[k]) == TANLU_GOAL_MET;
  }
  result->projections = s->projections;
  return status;
}

/* Levers as arrays for the solver: value, scale, weight, low, high, found. */
static tanlu_status solve(search *s, tanlu_seek_lever *lever, tanlu_seek_result *result, tanlu_context *context) {
  const size_t levers = s->numbers.count;
  double *x = tanlu_allocate_doubles(context, 6, levers);
  if (x == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < levers; i++) {
    const double each[] = {lever[i].number.value, lever[i].scale, lever[i].weight, lever[i].low, lever[i].high};
    for (size_t k = 0; k < 5; k++) x[k * levers + i] = each[k];
  }
  tanlu_status status = evaluate(s, x, context);
  for (size_t k = 0; status == TANLU_OK && k < s->goals; k++) {
    const double value = s->value[k], wanted = s->goal[k].goal.value, size = fmax(fabs(value), fabs(wanted));
    s->goal[k].before = value;
    s->size[k] = size > 0.0 ? size : 1.0;
  }
  const tanlu_nearest_problem problem = {
      .n = levers,
      .constraints = s->goals + s->guards,
      .centre = x,
      .scale = x + levers,
      .weight = x + 2 * levers,
      .low = x + 3 * levers,
      .high = x + 4 * levers,
      .evaluate = gaps,
      .user = s,
      .tolerance = tolerance,
      .evaluations = EVALUATIONS,
  };
  tanlu_nearest_result found;
  if (status == TANLU_OK) status = tanlu_nearest_find(&problem, x + 5 * levers, &found, context);
  if (status == TANLU_OK) status = finish(s, lever, x + 5 * levers, result, context);
  free(x);
  return status;
}

tanlu_status tanlu_scenario_seek(const tanlu_scenario *scenario, const tanlu_dataset *dataset, const tanlu_model *model,
                                 tanlu_seek_lever *lever, size_t levers, tanlu_seek_goal *goal, size_t goals,
                                 tanlu_seek_result *result, tanlu_context *context) {
  search s = {.scenario = scenario, .model = model, .goal = goal, .goals = goals};
  *result = (tanlu_seek_result){0};
  tanlu_status status = create(&s, dataset, lever, levers, context);
  if (status == TANLU_OK) status = solve(&s, lever, result, context);
  clear(&s);
  return status;
}
