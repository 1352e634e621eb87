#include "inputs/scenario_numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/scenario_bind.h"
#include "inputs/scenario_resolver.h"
#include "inputs/scenario_tree.h"
#include "model/indirect_drivers.h"
#include "solvers/memory.h"

/* Size of central differences of the drivers, and of one-sided ones; a number near zero counts as the third. Knots are exact, the
 * curvature of a trend over forty years leaves 1e-9 and 1e-7. */
static const double central = 1e-4, one_sided = 1e-6, smallest = 1e-2;
/* Directions that differ by less than this are one. */
static const double same_direction = 1e-8;

/* ---- numbers ------------------------------------------------------------------------------------------------------------ */

void tanlu_scenario_numbers_clear(tanlu_scenario_numbers *numbers) {
  for (size_t k = 0; k < numbers->count; k++) free(numbers->number[k].path);
  free(numbers->number);
  *numbers = (tanlu_scenario_numbers){0};
}

/* The keys from the root to a node, joined by points; the caller frees. NULL where it is not below the root. */
static char *path_to(const tanlu_yaml *root, const tanlu_yaml *node) {
  for (size_t i = 0; i < root->count; i++) {
    const tanlu_yaml *child = root->child[i];
    if (child == node) return child->key != NULL ? strdup(child->key) : NULL;
    char *inner = path_to(child, node), *path = NULL;
    if (inner == NULL) continue;
    if (child->key == NULL || asprintf(&path, "%s.%s", child->key, inner) < 0) path = NULL;
    free(inner);
    return path;
  }
  return NULL;
}

static tanlu_status add_number(tanlu_scenario_numbers *numbers, const tanlu_yaml *root, const tanlu_binding *binding,
                               size_t place, bool indirect, tanlu_context *context) {
  const tanlu_written *w = &binding->written;
  const bool straight = w->kind != TANLU_WRITTEN_TREND && w->interpolation != TANLU_GEOMETRIC;
  tanlu_scenario_number *larger = realloc(numbers->number, (numbers->count + 1) * sizeof *larger);
  if (larger != NULL) numbers->number = larger;
  char *path = larger != NULL ? path_to(root, w->place[place]) : NULL;
  if (path == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the numbers of a scenario");
  larger[numbers->count++] = (tanlu_scenario_number){
      .path = path,
      .unit = w->kind == TANLU_WRITTEN_TREND ? "percent a year" : tanlu_driver_table[binding->id].unit,
      .value = w->value[place],
      .lowest = w->lowest,
      .highest = w->highest,
      .linear = straight && !(indirect && tanlu_driver_is_involved(binding->id)),
      .node = w->place[place],
      .line = binding->node,
  };
  return TANLU_OK;
}

tanlu_status tanlu_scenario_numbers_find(tanlu_scenario_numbers *numbers, const tanlu_scenario *scenario,
                                         const tanlu_dataset *dataset, tanlu_context *context) {
  *numbers = (tanlu_scenario_numbers){0};
  const tanlu_yaml *root = scenario->tree->root;
  const tanlu_span span = tanlu_span_of(dataset, false);
  tanlu_bindings bindings;
  tanlu_bindings_read(&bindings, root, dataset, &span, context);
  tanlu_status status = bindings.status;
  const bool indirect = scenario->drivers != NULL && tanlu_indirect_given(dataset, scenario->drivers);
  for (size_t i = 0; i < bindings.count && status == TANLU_OK; i++) {
    for (size_t k = 0; k < bindings.binding[i].written.count && status == TANLU_OK; k++) {
      status = add_number(numbers, root, &bindings.binding[i], k, indirect, context);
    }
  }
  tanlu_bindings_clear(&bindings);
  if (status != TANLU_OK) tanlu_scenario_numbers_clear(numbers);
  return status;
}

/* ---- how drivers move ----------------------------------------------------------------------------------------------------- */

/* Of one number: parts by year, and the direction that stands for those of a year. */
struct tanlu_number_moves {
  bool stuck;                 /* it can move neither way */
  size_t count;               /* parts */
  tanlu_direction_part *part; /* count, year by year */
  size_t years, *first;       /* years + 1: parts of a year */
  size_t *direction;          /* years; of no meaning where there are no parts */
  double *factor;             /* years: of that direction */
};

void tanlu_number_directions_clear(tanlu_number_directions *directions) {
  for (size_t k = 0; directions->moves != NULL && k < directions->numbers; k++) {
    free(directions->moves[k].part);
    free(directions->moves[k].first);
    free(directions->moves[k].direction);
    free(directions->moves[k].factor);
  }
  free(directions->moves);
  free(directions->direction);
  *directions = (tanlu_number_directions){0};
}

static tanlu_status make_room(struct tanlu_number_moves *m, size_t years, tanlu_context *context) {
  m->years = years;
  m->first = tanlu_allocate(context, years + 1, sizeof *m->first);
  m->direction = tanlu_allocate(context, years, sizeof *m->direction);
  m->factor = tanlu_allocate_doubles(context, years, 1);
  return m->first != NULL && m->direction != NULL && m->factor != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status add_part(struct tanlu_number_moves *m, tanlu_driver_id id, size_t member, double weight,
                             tanlu_context *context) {
  if (m->count % 64 == 0) {
    tanlu_direction_part *larger = realloc(m->part, (m->count + 64) * sizeof *larger);
    if (larger == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the moves of a number");
    m->part = larger;
  }
  m->part[m->count++] = (tanlu_direction_part){id, member, weight};
  return TANLU_OK;
}

/* (high - low) / gap, what is not zero of it. */
static tanlu_status keep_difference(struct tanlu_number_moves *m, const tanlu_drivers *low, const tanlu_drivers *high,
                                    double gap, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t t = 0; t < m->years && status == TANLU_OK; t++) {
    m->first[t] = m->count;
    for (size_t id = 0; id < TANLU_DRIVER_COUNT; id++) {
      const double *a = low->value[id] + t * low->size[id], *b = high->value[id] + t * high->size[id];
      for (size_t i = 0; a != b && i < low->size[id] && status == TANLU_OK; i++) {
        if (a[i] != b[i] && !isnan(a[i]) && !isnan(b[i])) {
          status = add_part(m, (tanlu_driver_id)id, i, (b[i] - a[i]) / gap, context);
        }
      }
    }
  }
  m->first[m->years] = m->count;
  return status;
}

/* Drivers with number k moved by so much; NULL where it may not be. */
static tanlu_drivers *moved(const tanlu_scenario_numbers *numbers, double *value, size_t k, double by,
                            tanlu_moves *moves) {
  const double before = value[k], after = before + by;
  if (after < numbers->number[k].lowest || after > numbers->number[k].highest) return NULL;
  value[k] = after;
  tanlu_drivers *drivers = tanlu_moves_drivers(moves, value);
  value[k] = before;
  return drivers;
}

static tanlu_status differ(struct tanlu_number_moves *m, const tanlu_scenario_numbers *numbers, double *value, size_t k,
                           tanlu_moves *moves, const tanlu_drivers *drivers, tanlu_context *context) {
  const double size = fmax(fabs(value[k]), smallest);
  const bool linear = numbers->number[k].linear;
  double gap = central * size;
  tanlu_drivers *high = moved(numbers, value, k, gap, moves);
  tanlu_drivers *low = linear || high == NULL ? NULL : moved(numbers, value, k, -gap, moves);
  if (low != NULL) {
    gap *= 2.0;
  } else if (high == NULL || !linear) { /* a bound: what curves is looked at more closely */
    tanlu_drivers_free(&high);
    gap = (linear ? central : one_sided) * size;
    high = moved(numbers, value, k, gap, moves);
    if (high == NULL) high = moved(numbers, value, k, gap = -gap, moves);
  }
  m->stuck = high == NULL;
  const tanlu_status status =
      keep_difference(m, low != NULL ? low : drivers, high != NULL ? high : drivers, gap, context);
  tanlu_drivers_free(&low);
  tanlu_drivers_free(&high);
  return status;
}

/* d drivers / d log of a factor that scales a member in all years. */
static tanlu_status scale_member(struct tanlu_number_moves *m, const tanlu_drivers *drivers, tanlu_driver_id id,
                                 size_t member, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t t = 0; t < m->years && status == TANLU_OK; t++) {
    m->first[t] = m->count;
    const double value = drivers->value[id][t * drivers->size[id] + member];
    if (value != 0.0) status = add_part(m, id, member, value, context);
  }
  m->first[m->years] = m->count;
  return status;
}

/* Is a = factor x b, part by part? */
static bool same_way(const tanlu_direction_part *a, const tanlu_direction *b, size_t count, double *factor) {
  size_t largest = 0;
  if (count != b->parts) return false;
  for (size_t i = 0; i < count; i++) {
    if (a[i].id != b->part[i].id || a[i].member != b->part[i].member) return false;
    if (fabs(b->part[i].weight) > fabs(b->part[largest].weight)) largest = i;
  }
  *factor = a[largest].weight / b->part[largest].weight;
  for (size_t i = 0; i < count; i++) {
    const double gap = a[i].weight - *factor * b->part[i].weight;
    if (!(fabs(gap) <= same_direction * fabs(a[largest].weight))) return false;
  }
  return true;
}

static void find_direction(tanlu_number_directions *d, struct tanlu_number_moves *m, size_t t, size_t first) {
  const tanlu_direction_part *part = m->part + m->first[t];
  const size_t count = m->first[t + 1] - m->first[t];
  if (count == 0) return;
  for (size_t i = first; i < d->directions; i++) {
    m->direction[t] = i;
    if (same_way(part, &d->direction[i], count, &m->factor[t])) return;
  }
  m->direction[t] = d->directions;
  m->factor[t] = 1.0;
  d->direction[d->directions++] = (tanlu_direction){t, count, part};
}

tanlu_status tanlu_number_directions_find(tanlu_number_directions *directions, const tanlu_scenario_numbers *numbers,
                                          const double *value, tanlu_moves *moves, const tanlu_drivers *drivers,
                                          bool processes, tanlu_context *context) {
  tanlu_number_directions *d = directions;
  const size_t scaled = processes ? drivers->size[TANLU_DRIVER_PROCESS_FACTOR] : 0;
  *d = (tanlu_number_directions){.numbers = numbers->count + scaled};
  d->moves = tanlu_allocate(context, d->numbers, sizeof *d->moves);
  d->direction = tanlu_allocate(context, d->numbers * drivers->years, sizeof *d->direction);
  double *at = tanlu_allocate_doubles(context, numbers->count, 1);
  tanlu_status status = d->moves != NULL && d->direction != NULL && at != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (at != NULL) memcpy(at, value, numbers->count * sizeof *at);
  for (size_t k = 0; k < d->numbers && status == TANLU_OK; k++) {
    status = make_room(&d->moves[k], drivers->years, context);
    if (status != TANLU_OK) break;
    status = k < numbers->count
                 ? differ(&d->moves[k], numbers, at, k, moves, drivers, context)
                 : scale_member(&d->moves[k], drivers, TANLU_DRIVER_PROCESS_FACTOR, k - numbers->count, context);
  }
  for (size_t t = 0; t < drivers->years && status == TANLU_OK; t++) {
    const size_t first = d->directions;
    for (size_t k = 0; k < d->numbers; k++) find_direction(d, &d->moves[k], t, first);
  }
  free(at);
  if (status != TANLU_OK) tanlu_number_directions_clear(d);
  return status;
}

double tanlu_number_gradient(const tanlu_number_directions *directions, size_t number, const double *by_direction) {
  const struct tanlu_number_moves *m = &directions->moves[number];
  double sum = m->stuck ? (double)NAN : 0.0;
  for (size_t t = 0; t < m->years; t++) {
    if (m->first[t + 1] > m->first[t]) sum += m->factor[t] * by_direction[m->direction[t]];
  }
  return sum;
}

double tanlu_number_move(const tanlu_number_directions *directions, size_t number, size_t t, tanlu_driver_id id,
                         size_t member) {
  const struct tanlu_number_moves *m = &directions->moves[number];
  for (size_t i = m->first[t]; i < m->first[t + 1]; i++) {
    if (m->part[i].id == id && m->part[i].member == member) return m->part[i].weight;
  }
  return 0.0;
}
