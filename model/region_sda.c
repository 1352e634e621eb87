#include "model/region_sda.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/embodied_private.h"
#include "model/shapley.h"
#include "solvers/memory.h"

struct tanlu_region_sda {
  tanlu_embodied_table table;
  const double *population; /* groups; NULL: not known */
  size_t *product_of;       /* n */
  tanlu_labels product;
  double *intensity; /* n: emissions per output */
  double *inverse;   /* n x n, column-major */
};

tanlu_status tanlu_region_sda_labels(tanlu_labels *labels, tanlu_context *context) {
  static const char *const effect[][2] = {
#define X(id, code, name) {code, name},
      TANLU_REGION_SDA_LIST(X)
#undef X
  };
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < TANLU_REGION_SDA_FACTORS && status == TANLU_OK; k++) {
    status = tanlu_labels_add(labels, effect[k][0], effect[k][1], NULL, context);
  }
  return status;
}

const tanlu_labels *tanlu_region_sda_products(const tanlu_region_sda *sda) {
  return &sda->product;
}

void tanlu_region_sda_free(tanlu_region_sda **sda) {
  tanlu_region_sda *s = *sda;
  if (s == NULL) return;
  tanlu_embodied_table_clear(&s->table);
  tanlu_labels_clear(&s->product);
  free(s->product_of);
  free(s->intensity);
  free(s->inverse);
  free(s);
  *sda = NULL;
}

/* ---- the table ----------------------------------------------------------------------------------------------------------- */

/* "Beijing: Agriculture" as the name of a product that Beijing makes. */
static const char *product_name(const tanlu_labels *group, size_t g, const char *name) {
  const size_t length = strlen(group->name[g]);
  const bool begins = length > 0 && strncmp(name, group->name[g], length) == 0 && strncmp(name + length, ": ", 2) == 0;
  return begins ? name + length + 2 : name;
}

static tanlu_status find_products(tanlu_region_sda *s, tanlu_context *context) {
  const tanlu_dataset *d = s->table.dataset;
  const tanlu_labels *sector = &d->accounts.sector;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < s->table.n && status == TANLU_OK; i++) {
    const tanlu_labels *group = NULL;
    size_t g = TANLU_NONE;
    for (size_t l = 0; l < d->levels && g == TANLU_NONE; l++) {
      group = &d->level[l].group;
      g = tanlu_embodied_prefix(group, sector->code[i]);
    }
    if (g == TANLU_NONE) {
      status =
          tanlu_fail(context, TANLU_ERR_INPUT,
                     "sector '%s' of %s begins with no code of a region; expected one such as '%s_%s', so that the "
                     "same product of all regions is known by its end",
                     sector->code[i], d->name, s->table.level->group.code[0], sector->code[i]);
      break;
    }
    const char *code = sector->code[i] + strlen(group->code[g]) + 1;
    s->product_of[i] = tanlu_labels_find(&s->product, code);
    if (s->product_of[i] != TANLU_NONE) continue;
    s->product_of[i] = s->product.count;
    status = tanlu_labels_add(&s->product, code, product_name(group, g, sector->name[i]), NULL, context);
  }
  return status;
}

static tanlu_status invert(tanlu_region_sda *s, const double *emission, tanlu_context *context) {
  const size_t n = s->table.n;
  const double *output = s->table.dataset->accounts.output;
  for (size_t i = 0; i < n; i++) {
    s->intensity[i] = output[i] > 0.0 ? emission[i] / output[i] : 0.0;
    s->inverse[i * n + i] = 1.0;
  }
  return tanlu_leontief_solve(s->table.solver, s->inverse, n, n, context);
}

tanlu_status tanlu_region_sda_create(tanlu_region_sda **sda, const tanlu_dataset *dataset, size_t level,
                                     const double *emission, const double *population, tanlu_context *context) {
  *sda = NULL;
  tanlu_region_sda *s = tanlu_allocate(context, 1, sizeof *s);
  if (s == NULL) return TANLU_ERR_MEMORY;
  s->population = population;
  tanlu_status status = tanlu_embodied_table_create(&s->table, dataset, level, emission, context);
  if (status == TANLU_OK) {
    s->product_of = tanlu_allocate(context, s->table.n, sizeof *s->product_of);
    s->intensity = tanlu_allocate_doubles(context, s->table.n, 1);
    s->inverse = tanlu_allocate_doubles(context, s->table.n, s->table.n);
    if (s->product_of == NULL || s->intensity == NULL || s->inverse == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) status = find_products(s, context);
  if (status == TANLU_OK) status = invert(s, emission, context);
  if (status != TANLU_OK) tanlu_region_sda_free(&s);
  *sda = s;
  return status;
}

/* ---- what a region causes -------------------------------------------------------------------------------------------------- */

void tanlu_region_consumption_free(tanlu_region_consumption **consumption) {
  if (*consumption == NULL) return;
  free((*consumption)->demand);
  free(*consumption);
  *consumption = NULL;
}

/* Final demand of region q for the product of sector c. */
static double demand_of(const tanlu_region_sda *s, size_t q, size_t c) {
  return s->table.demand[q * s->table.n + c];
}

static void add_demand(const tanlu_region_sda *s, size_t q, tanlu_region_consumption *c) {
  for (size_t i = 0; i < s->table.n; i++) {
    c->level += demand_of(s, q, i);
    c->demand[s->product_of[i]] += fabs(demand_of(s, q, i));
  }
  c->people += s->population != NULL ? s->population[q] : 0.0;
}

/* Output and emissions behind sector `column` of `all` final demand; `own` of row k is the part that its region has a share in. */
static void add_column(const tanlu_region_sda *s, size_t region, size_t column, double all,
                       tanlu_region_consumption *c) {
  const size_t n = s->table.n, at = s->product_of[column] * c->products;
  for (size_t k = 0; k < n; k++) {
    const double made = s->inverse[column * n + k];
    const size_t cell = at + s->product_of[k], home = s->table.level->of_sector[k];
    if (made == 0.0) continue;
    double own = home == region ? all : 0.0;
    if (region == TANLU_NONE) own = demand_of(s, home, column);
    c->own[cell] += made * own;
    c->own_due[cell] += s->intensity[k] * made * own;
    c->others[cell] += made * (all - own);
    c->others_due[cell] += s->intensity[k] * made * (all - own);
  }
}

static tanlu_status finish(const tanlu_region_sda *s, size_t region, bool per_head, tanlu_region_consumption *c,
                           tanlu_context *context) {
  const char *name = region != TANLU_NONE ? s->table.level->group.code[region] : "all regions";
  if (per_head && s->population == NULL) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "the population of regions is not known: expected regions.csv with a column population in %s",
                      s->table.dataset->name);
  }
  if (!(c->level > 0.0)) {
    return tanlu_fail(context, TANLU_ERR_MODEL, "final demand of %s made within the table is %g; expected above 0",
                      name, c->level);
  }
  const size_t numbers = c->products * (1 + 4 * c->products);
  for (size_t k = 0; per_head && k < numbers; k++) c->demand[k] /= c->people;
  if (per_head) c->level /= c->people;
  if (per_head || s->population == NULL) c->people = 1.0;
  for (size_t i = 0; i < c->products; i++) {
    for (size_t j = 0; j < c->products; j++)
      c->due[i] += c->own_due[i * c->products + j] + c->others_due[i * c->products + j];
    c->total += c->due[i];
  }
  return TANLU_OK;
}

tanlu_status tanlu_region_consumption_create(tanlu_region_consumption **consumption, const tanlu_region_sda *s,
                                             size_t region, bool per_head, tanlu_context *context) {
  const size_t products = s->product.count, square = products * products;
  *consumption = NULL;
  tanlu_region_consumption *c = tanlu_allocate(context, 1, sizeof *c);
  if (c == NULL) return TANLU_ERR_MEMORY;
  c->products = products;
  c->demand = tanlu_allocate_doubles(context, products, 2 + 4 * products);
  tanlu_status status = c->demand != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    c->own = c->demand + products;
    c->others = c->own + square;
    c->own_due = c->others + square;
    c->others_due = c->own_due + square;
    c->due = c->others_due + square;
    for (size_t q = 0; q < s->table.groups; q++) {
      if (region == TANLU_NONE || q == region) add_demand(s, q, c);
    }
    for (size_t i = 0; i < s->table.n; i++) {
      double all = 0.0;
      for (size_t q = 0; q < s->table.groups; q++)
        all += region == TANLU_NONE || q == region ? demand_of(s, q, i) : 0.0;
      if (region == TANLU_NONE || all != 0.0) add_column(s, region, i, all, c);
    }
    status = finish(s, region, per_head, c, context);
  }
  if (status != TANLU_OK) tanlu_region_consumption_free(&c);
  *consumption = c;
  return status;
}

/* ---- the difference -------------------------------------------------------------------------------------------------------- */

/* Ratios of a cell (i, j) in both states. */
enum { NEED, OWN_PART, OTHER_PART, OWN_RATE, OTHER_RATE, RATIOS };
/* Mixtures of need, sourcing, own and others' intensity, bits as their factors from TECHNOLOGY on. */
enum { MIXTURES = 16 };

/* numerator / denominator of both states; one without it has the other's. */
static void divide(const double numerator[2], const double denominator[2], double ratio[2]) {
  for (size_t side = 0; side < 2; side++) {
    const size_t from = denominator[side] != 0.0 ? side : 1 - side;
    ratio[side] = denominator[from] != 0.0 ? numerator[from] / denominator[from] : 0.0;
  }
}

static bool cell_ratios(const tanlu_region_consumption *const state[2], size_t i, size_t j, double ratio[RATIOS][2]) {
  const size_t cell = i * state[0]->products + j;
  double own[2], others[2], all[2], own_due[2], others_due[2], demand[2];
  for (size_t side = 0; side < 2; side++) {
    own[side] = state[side]->own[cell];
    others[side] = state[side]->others[cell];
    all[side] = own[side] + others[side];
    own_due[side] = state[side]->own_due[cell];
    others_due[side] = state[side]->others_due[cell];
    demand[side] = state[side]->demand[i];
    if (all[side] == 0.0 && own[side] != 0.0) return false;
  }
  divide(all, demand, ratio[NEED]);
  divide(own, all, ratio[OWN_PART]);
  divide(others, all, ratio[OTHER_PART]);
  divide(own_due, own, ratio[OWN_RATE]);
  divide(others_due, others, ratio[OTHER_RATE]);
  return true;
}

/* Emissions per demand of product i in every mixture. */
static bool mix(const tanlu_region_consumption *const state[2], size_t i, double due[MIXTURES]) {
  for (size_t m = 0; m < MIXTURES; m++) due[m] = 0.0;
  for (size_t j = 0; j < state[0]->products; j++) {
    double ratio[RATIOS][2];
    if (!cell_ratios(state, i, j, ratio)) return false;
    for (size_t m = 0; m < MIXTURES; m++) {
      const size_t need = m & 1U, source = m >> 1 & 1U, own = m >> 2 & 1U, other = m >> 3 & 1U;
      due[m] += ratio[NEED][need] *
                (ratio[OWN_PART][source] * ratio[OWN_RATE][own] + ratio[OTHER_PART][source] * ratio[OTHER_RATE][other]);
    }
  }
  return true;
}

tanlu_status tanlu_region_sda_between(const tanlu_region_sda *sda, const tanlu_region_consumption *from,
                                      const tanlu_region_consumption *to, double *effect, tanlu_context *context) {
  const tanlu_region_consumption *const state[2] = {from, to};
  const size_t products = from->products;
  double *due = tanlu_allocate_doubles(context, products, MIXTURES),
         *value = tanlu_allocate_doubles(context, products, 1);
  tanlu_status status = due != NULL && value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t i = 0; i < products && status == TANLU_OK; i++) {
    if (mix(state, i, due + i * MIXTURES)) continue;
    status = tanlu_fail(context, TANLU_ERR_MODEL,
                        "final demand for product %s has output of own and other regions behind it that cancels: who "
                        "supplies it has no share",
                        sda->product.code[i]);
  }
  memset(effect, 0, TANLU_REGION_SDA_FACTORS * products * sizeof *effect);
  for (unsigned set = 0; status == TANLU_OK && set < 1U << TANLU_REGION_SDA_FACTORS; set++) {
    const tanlu_region_consumption *people = state[set & 1U], *volume = state[set >> 1 & 1U],
                                   *share = state[set >> 2 & 1U];
    for (size_t i = 0; i < products; i++) {
      value[i] = people->people * (volume->level / volume->people) * (share->demand[i] / share->level) *
                 due[i * MIXTURES + (set >> 3)];
    }
    tanlu_shapley_add(TANLU_REGION_SDA_FACTORS, set, products, value, effect);
  }
  free(due);
  free(value);
  return status;
}

tanlu_status tanlu_region_sda_from_mean(const tanlu_region_sda *sda, double *effect, double *due,
                                        tanlu_context *context) {
  const size_t groups = sda->table.groups, products = sda->product.count;
  tanlu_region_consumption *mean = NULL, *own = NULL;
  double *by_product = tanlu_allocate_doubles(context, products, TANLU_REGION_SDA_FACTORS);
  tanlu_status status = by_product != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_region_consumption_create(&mean, sda, TANLU_NONE, true, context);
  for (size_t q = 0; q < groups && status == TANLU_OK; q++) {
    status = tanlu_region_consumption_create(&own, sda, q, true, context);
    if (status == TANLU_OK) status = tanlu_region_sda_between(sda, mean, own, by_product, context);
    if (status == TANLU_OK) due[q] = own->total;
    for (size_t k = 0; k < TANLU_REGION_SDA_FACTORS && status == TANLU_OK; k++) {
      effect[k * groups + q] = 0.0;
      for (size_t i = 0; i < products; i++) effect[k * groups + q] += by_product[k * products + i];
    }
    tanlu_region_consumption_free(&own);
  }
  if (status == TANLU_OK) due[groups] = mean->total;
  tanlu_region_consumption_free(&mean);
  free(by_product);
  return status;
}
