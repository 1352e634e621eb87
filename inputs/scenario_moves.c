#include "inputs/scenario_moves.h"

#include <stdlib.h>
#include <string.h>

#include "inputs/driver_path.h"
#include "inputs/scenario_resolver.h"
#include "model/indirect_drivers.h"
#include "solvers/memory.h"

/* A number: which value of which binding. */
typedef struct {
  tanlu_binding *binding;
  size_t place;
} moved_number;

/* Members with the same values in every year after the history: one timeline, one last recorded value. */
typedef struct {
  tanlu_driver_id id;
  tanlu_binding *scenario;
  bool path;
  size_t count, *member; /* places in a year's row */
} moved_column;

/* Outer members with the same list of shares and the same last recorded row. */
typedef struct {
  tanlu_shares shares; /* of the first of them */
  size_t count, *outer;
} moved_list;

struct tanlu_moves {
  tanlu_resolver resolver;
  tanlu_drivers *base;
  tanlu_drivers *direct; /* base before its indirect drivers act; NULL where no number is involved in what these do */
  size_t numbers;
  moved_number *number;
  size_t columns;
  moved_column *column;
  size_t lists;
  moved_list *list;
  bool own[TANLU_DRIVER_COUNT]; /* touched by a number */
};

void tanlu_moves_free(tanlu_moves **moves) {
  tanlu_moves *m = *moves;
  if (!m) return;
  for (size_t i = 0; i < m->columns; i++) free(m->column[i].member);
  for (size_t i = 0; i < m->lists; i++) {
    tanlu_shares_clear(&m->list[i].shares);
    free(m->list[i].outer);
  }
  free(m->number);
  free(m->column);
  free(m->list);
  tanlu_resolver_clear(&m->resolver);
  tanlu_drivers_free(&m->direct);
  free(m);
  *moves = NULL;
}

/* ---- what depends on the numbers ---------------------------------------------------------------------------------------- */

static bool find_number(tanlu_bindings *bindings, const tanlu_yaml *node, moved_number *number) {
  for (size_t i = 0; i < bindings->count; i++) {
    for (size_t k = 0; k < bindings->binding[i].written.count; k++) {
      if (bindings->binding[i].written.place[k] != node) continue;
      *number = (moved_number){.binding = &bindings->binding[i], .place = k};
      return true;
    }
  }
  return false;
}

static bool moves_binding(const tanlu_moves *m, const tanlu_binding *binding) {
  for (size_t k = 0; k < m->numbers; k++) {
    if (m->number[k].binding == binding) return true;
  }
  return false;
}

static bool moves_list(const tanlu_moves *m, const tanlu_yaml *list) {
  for (size_t k = 0; k < m->numbers; k++) {
    if (m->number[k].binding->list == list) return true;
  }
  return false;
}

/* `count` values of the last recorded year, from place `a` and from place `b` of a row. */
static bool same_record(const tanlu_moves *m, tanlu_driver_id id, size_t a, size_t b, size_t count) {
  const double *row = m->base->value[id] + (tanlu_resolver_first(&m->resolver) - 1) * m->base->size[id];
  return memcmp(row + a, row + b, count * sizeof *row) == 0;
}

/* One more element of an array that grows; NULL when out of memory. */
static void *grow(void *array, size_t count, size_t size) {
  return realloc(array, (count + 1) * size);
}

static bool add_index(size_t **list, size_t *count, size_t index) {
  size_t *larger = grow(*list, *count, sizeof *larger);
  if (!larger) return false;
  *list = larger;
  larger[(*count)++] = index;
  return true;
}

static bool add_column(tanlu_moves *m, tanlu_driver_id id, tanlu_binding *scenario, size_t member) {
  for (size_t i = 0; i < m->columns; i++) {
    moved_column *c = &m->column[i];
    if (c->scenario != scenario || !same_record(m, id, c->member[0], member, 1)) continue;
    return add_index(&c->member, &c->count, member);
  }
  moved_column *larger = grow(m->column, m->columns, sizeof *larger);
  if (!larger) return false;
  m->column = larger;
  larger[m->columns] = (moved_column){
      .id = id,
      .scenario = scenario,
      .path = tanlu_driver_table[id].form == TANLU_FORM_PATH,
  };
  moved_column *c = &larger[m->columns++];
  return add_index(&c->member, &c->count, member);
}

static bool find_columns(tanlu_moves *m, tanlu_driver_id id) {
  const size_t inner = m->base->inner[id], outers = inner ? m->base->size[id] / inner : 0;
  bool good = true;
  for (size_t a = 0; a < outers && good; a++) {
    for (size_t b = 0; b < inner && good; b++) {
      tanlu_binding *scenario = tanlu_resolver_binding(&m->resolver, &m->resolver.scenario, id, a, b);
      if (scenario && moves_binding(m, scenario)) good = add_column(m, id, scenario, a * inner + b);
    }
  }
  return good;
}

static bool find_targets(tanlu_moves *m) {
  const tanlu_resolver *r = &m->resolver;
  bool good = true;
  for (size_t k = 0; k < r->targets && good; k++) {
    tanlu_binding *scenario = r->target[k].scenario;
    if (scenario && moves_binding(m, scenario)) good = add_column(m, TANLU_DRIVER_STRUCTURE_SHARE, scenario, k);
  }
  return good;
}

/* Takes the shares over, or clears them. */
static bool add_list(tanlu_moves *m, tanlu_shares *shares) {
  const size_t inner = shares->inner, outer = shares->outer;
  for (size_t i = 0; i < m->lists; i++) {
    moved_list *l = &m->list[i];
    if (l->shares.id != shares->id || l->shares.future.list != shares->future.list) continue;
    if (!same_record(m, shares->id, l->shares.outer * inner, outer * inner, inner)) continue;
    tanlu_shares_clear(shares);
    return add_index(&l->outer, &l->count, outer);
  }
  moved_list *larger = grow(m->list, m->lists, sizeof *larger);
  if (!larger) {
    tanlu_shares_clear(shares);
    return false;
  }
  m->list = larger;
  larger[m->lists] = (moved_list){.shares = *shares};
  moved_list *l = &larger[m->lists++];
  return add_index(&l->outer, &l->count, outer);
}

static bool find_lists(tanlu_moves *m, tanlu_driver_id id) {
  const size_t inner = tanlu_shares_inner(m->base, id), outers = inner ? m->base->size[id] / inner : 0;
  bool good = true;
  for (size_t outer = 0; outer < outers && good; outer++) {
    tanlu_shares shares;
    good = tanlu_shares_find(&m->resolver, id, outer, &shares);
    if (good && shares.future.list && moves_list(m, shares.future.list)) {
      good = add_list(m, &shares);
    } else {
      tanlu_shares_clear(&shares);
    }
  }
  return good;
}

static bool find_all(tanlu_moves *m) {
  bool good = true;
  for (size_t k = 0; k < m->numbers; k++) m->own[m->number[k].binding->id] = true;
  for (size_t id = 0; id < TANLU_DRIVER_COUNT && good; id++) {
    if (!m->own[id]) continue;
    if (id == TANLU_DRIVER_STRUCTURE_SHARE) {
      good = find_targets(m);
    } else if (tanlu_driver_is_list((tanlu_driver_id)id)) {
      good = find_lists(m, (tanlu_driver_id)id);
    } else {
      good = find_columns(m, (tanlu_driver_id)id);
    }
  }
  return good;
}

/* Where indirect drivers act and a number is involved, what they reach is needed as it was before. */
static tanlu_status find_direct(tanlu_moves *m) {
  bool involved = false, reached[TANLU_DRIVER_COUNT];
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    involved = involved || (m->own[id] && tanlu_driver_is_involved((tanlu_driver_id)id));
    reached[id] = tanlu_driver_is_reached((tanlu_driver_id)id);
  }
  if (!involved || !tanlu_indirect_given(m->resolver.dataset, m->base)) return TANLU_OK;
  tanlu_status status = tanlu_drivers_share(&m->direct, m->base, reached, NULL);
  if (status != TANLU_OK) return status;
  m->resolver.drivers = m->direct;
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    if (reached[id]) tanlu_resolve_reached(&m->resolver, (tanlu_driver_id)id);
  }
  m->resolver.drivers = m->base;
  return m->resolver.status;
}

tanlu_status tanlu_moves_create(tanlu_moves **moves, const tanlu_yaml *scenario_root, const tanlu_yaml *history_root,
                                const tanlu_dataset *dataset, size_t numbers, const tanlu_yaml *const *node,
                                tanlu_drivers *base, tanlu_context *context) {
  tanlu_moves *m = tanlu_allocate(context, 1, sizeof *m);
  *moves = NULL;
  if (!m) return TANLU_ERR_MEMORY;
  m->base = base;
  m->numbers = numbers;
  m->number = tanlu_allocate(context, numbers, sizeof *m->number);
  tanlu_status status = m->number ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    /* what is wrong was said, or will be, by who resolves everything */
    tanlu_resolver_begin(&m->resolver, scenario_root, history_root, dataset, base->to, NULL);
    tanlu_drivers_free(&m->resolver.drivers);
    m->resolver.drivers = base;
    bool good = m->resolver.status == TANLU_OK && tanlu_resolver_first(&m->resolver) < base->years;
    for (size_t k = 0; k < numbers && good; k++) good = find_number(&m->resolver.scenario, node[k], &m->number[k]);
    good = good && find_all(m) && find_direct(m) == TANLU_OK;
    if (good && m->resolver.status == TANLU_OK) {
      *moves = m;
      return TANLU_OK;
    }
  }
  tanlu_moves_free(&m);
  return status;
}

/* ---- one set of values --------------------------------------------------------------------------------------------------- */

static void fill_column(tanlu_resolver *r, const moved_column *c) {
  const tanlu_drivers *d = r->drivers;
  const size_t size = d->size[c->id], first = tanlu_resolver_first(r);
  double *value = d->value[c->id], *filled = value + c->member[0];
  tanlu_resolve_future(r, c->scenario, filled[(first - 1) * size], c->path, filled, size);
  for (size_t t = first; t < d->years; t++) {
    for (size_t i = 1; i < c->count; i++) value[t * size + c->member[i]] = filled[t * size];
  }
}

static void fill_list(tanlu_resolver *r, const moved_list *l) {
  const tanlu_drivers *d = r->drivers;
  const tanlu_driver_id id = l->shares.id;
  const size_t size = d->size[id], inner = l->shares.inner, first = tanlu_resolver_first(r);
  if (!tanlu_shares_fill_future(r, &l->shares)) return;
  for (size_t t = first; t < d->years; t++) {
    double *row = d->value[id] + t * size;
    for (size_t i = 1; i < l->count; i++) {
      memcpy(row + l->outer[i] * inner, row + l->outer[0] * inner, inner * sizeof *row);
    }
  }
}

/* Put the values into the bindings; false for one out of bounds. */
static bool take_values(tanlu_moves *m, const double *value) {
  for (size_t k = 0; k < m->numbers; k++) {
    tanlu_written *w = &m->number[k].binding->written;
    if (!(value[k] >= w->lowest && value[k] <= w->highest)) return false;
    w->value[m->number[k].place] = value[k];
  }
  return true;
}

tanlu_drivers *tanlu_moves_drivers(tanlu_moves *m, const double *value) {
  tanlu_resolver *r = &m->resolver;
  tanlu_drivers *drivers = NULL;
  bool own[TANLU_DRIVER_COUNT];
  for (int id = 0; id < TANLU_DRIVER_COUNT; id++) {
    own[id] = m->own[id] || (m->direct && tanlu_driver_is_reached((tanlu_driver_id)id));
  }
  if (!take_values(m, value) || tanlu_drivers_share(&drivers, m->direct ? m->direct : m->base, own, NULL) != TANLU_OK) {
    return NULL;
  }
  r->drivers = drivers;
  r->status = TANLU_OK;
  for (size_t i = 0; i < m->columns && r->status == TANLU_OK; i++) fill_column(r, &m->column[i]);
  for (size_t i = 0; i < m->lists && r->status == TANLU_OK; i++) fill_list(r, &m->list[i]);
  if (m->own[TANLU_DRIVER_STRUCTURE_SHARE] && r->status == TANLU_OK) tanlu_resolve_check_structure(r);
  if (m->direct && r->status == TANLU_OK) tanlu_resolve_check_indirect(r);
  if (m->direct && r->status == TANLU_OK) tanlu_resolve_indirect(r);
  r->drivers = m->base;
  if (r->status == TANLU_OK) return drivers;
  for (size_t i = 0; i < r->scenario.count; i++)
    r->scenario.binding[i].failed = false; /* so that the next one counts */
  tanlu_drivers_free(&drivers);
  return NULL;
}
