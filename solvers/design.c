#include "solvers/design.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/copula.h"
#include "solvers/iman_conover.h"
#include "solvers/memory.h"
#include "solvers/random.h"
#include "solvers/sobol.h"

enum { MORRIS_LEVELS = 4 };

struct tanlu_design {
  tanlu_design_options options; /* its arrays are those below */
  uint64_t total;               /* samples in all */
  uint64_t group;
  size_t factors; /* of saltelli; else the dimensions */
  size_t *factor; /* or NULL: each dimension its own */
  size_t *levels; /* grid */
  double *tails;  /* or NULL */
  double *points; /* list */
  tanlu_sobol *sobol;
  tanlu_copula *copula;   /* correlated points */
  uint32_t *rank;         /* correlated lhs: reordered intervals, a row of `samples` a correlated dimension */
  const uint32_t **order; /* dimensions: its row, or NULL */
};

static const char *const kind_names[] = {"grid", "list", "monte_carlo", "lhs", "sobol", "saltelli", "morris"};

const char *tanlu_design_kind_name(tanlu_design_kind kind) {
  return (unsigned)kind < TANLU_DESIGN_KINDS ? kind_names[kind] : "unknown";
}

/* --- creation -------------------------------------------------------------------------------------------------------------- */

static tanlu_status set_total(tanlu_design *d, uint64_t count, tanlu_context *context) {
  if (__builtin_mul_overflow(count, d->group, &d->total) || d->total >= UINT64_C(1) << 62)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %llu times %llu samples are too many",
                      tanlu_design_kind_name(d->options.kind), (unsigned long long)count, (unsigned long long)d->group);
  return TANLU_OK;
}

static tanlu_status create_grid(tanlu_design *d, const size_t *levels, tanlu_context *context) {
  const size_t k = d->options.dimensions;
  if (!levels) return tanlu_fail(context, TANLU_ERR_INPUT, "grid: no numbers of levels");
  d->levels = tanlu_allocate(context, k, sizeof *d->levels);
  if (!d->levels) return TANLU_ERR_MEMORY;
  d->total = 1;
  for (size_t i = 0; i < k; i++) {
    d->levels[i] = levels[i];
    if (levels[i] == 0) return tanlu_fail(context, TANLU_ERR_INPUT, "grid: dimension %zu has no levels", i + 1);
    if (__builtin_mul_overflow(d->total, (uint64_t)levels[i], &d->total) || d->total >= UINT64_C(1) << 62)
      return tanlu_fail(context, TANLU_ERR_INPUT, "grid: too many combinations of levels");
  }
  return TANLU_OK;
}

static tanlu_status create_list(tanlu_design *d, const double *points, tanlu_context *context) {
  if (!points) return tanlu_fail(context, TANLU_ERR_INPUT, "list: no points");
  d->points = tanlu_allocate_doubles(context, (size_t)d->options.samples, d->options.dimensions);
  if (!d->points) return TANLU_ERR_MEMORY;
  memcpy(d->points, points, (size_t)d->options.samples * d->options.dimensions * sizeof *points);
  return set_total(d, d->options.samples, context);
}

static tanlu_status create_sobol(tanlu_design *d, size_t dimensions, tanlu_context *context) {
  if (d->options.samples > UINT64_C(1) << TANLU_SOBOL_BITS)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %llu samples; a Sobol sequence has 2^%d points",
                      tanlu_design_kind_name(d->options.kind), (unsigned long long)d->options.samples,
                      (int)TANLU_SOBOL_BITS);
  if (dimensions > TANLU_SOBOL_DIMENSIONS)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %zu dimensions; expected at most %d",
                      tanlu_design_kind_name(d->options.kind), d->options.dimensions,
                      (int)TANLU_SOBOL_DIMENSIONS / (d->options.kind == TANLU_DESIGN_SALTELLI ? 2 : 1));
  const tanlu_status status = set_total(d, d->options.samples, context);
  return status ? status : tanlu_sobol_create(&d->sobol, dimensions, context);
}

static tanlu_status copy_tails(tanlu_design *d, const double *tails, tanlu_context *context) {
  if (!tails) return TANLU_OK;
  d->tails = tanlu_allocate_doubles(context, d->options.dimensions, 1);
  if (!d->tails) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < d->options.dimensions; i++) {
    if (!(tails[i] >= 0.0 && tails[i] < 0.5))
      return tanlu_fail(context, TANLU_ERR_INPUT, "tail %g of dimension %zu; expected 0 <= tail < 0.5", tails[i],
                        i + 1);
    d->tails[i] = tails[i];
  }
  return TANLU_OK;
}

/* Factors of the dimensions, counted in their order. */
static tanlu_status copy_factors(tanlu_design *d, const size_t *factor, tanlu_context *context) {
  const size_t k = d->options.dimensions;
  d->factors = k;
  if (!factor || d->options.kind != TANLU_DESIGN_SALTELLI) return TANLU_OK;
  d->factor = tanlu_allocate(context, k, sizeof *d->factor);
  if (!d->factor) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < k; i++) {
    const size_t last = i > 0 ? factor[i - 1] : 0;
    if (factor[i] != last && (i == 0 || factor[i] != last + 1))
      return tanlu_fail(context, TANLU_ERR_INPUT, "saltelli: dimension %zu belongs to factor %zu; expected %zu or %zu",
                        i + 1, factor[i], last, last + (i > 0));
    d->factor[i] = factor[i];
  }
  d->factors = factor[k - 1] + 1;
  return TANLU_OK;
}

static uint64_t lhs_interval(const tanlu_design *d, uint64_t sample, size_t dimension);

/* A Latin hypercube's intervals in the order that its correlation asks for; `member` lists the correlated dimensions. */
static tanlu_status reorder(tanlu_design *d, const double *correlation, size_t members, const size_t *member,
                            tanlu_context *context) {
  const size_t k = d->options.dimensions, n = (size_t)d->options.samples;
  double *block = tanlu_allocate_doubles(context, members, members);
  const uint32_t **order = tanlu_allocate(context, k, sizeof *order);
  d->rank = tanlu_allocate(context, members * n, sizeof *d->rank);
  tanlu_status status = block && order && d->rank ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t i = 0; !status && i < members; i++) {
    order[member[i]] = d->rank + i * n;
    for (size_t j = 0; j < members; j++) block[i * members + j] = correlation[member[i] * k + member[j]];
    for (size_t s = 0; s < n; s++) d->rank[i * n + s] = (uint32_t)lhs_interval(d, s, member[i]);
  }
  if (!status) status = tanlu_iman_conover(n, members, d->rank, block, context);
  d->order = order;
  free(block);
  return status;
}

static tanlu_status correlate(tanlu_design *d, const double *correlation, tanlu_context *context) {
  const size_t k = d->options.dimensions;
  const tanlu_design_kind kind = d->options.kind;
  if (!correlation) return TANLU_OK;
  if (kind != TANLU_DESIGN_MONTE_CARLO && kind != TANLU_DESIGN_LHS && kind != TANLU_DESIGN_SOBOL)
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "%s: its points cannot be correlated; expected monte_carlo, lhs or sobol",
                      tanlu_design_kind_name(kind));
  tanlu_status status = tanlu_copula_create(&d->copula, k, correlation, NULL, context);
  size_t members = 0, *member = tanlu_allocate(context, k, sizeof *member);
  if (!member) status = TANLU_ERR_MEMORY;
  for (size_t i = 0; !status && i < k; i++) {
    bool alone = true;
    for (size_t j = 0; j < k && alone; j++) alone = i == j || correlation[i * k + j] == 0.0;
    if (!alone) member[members++] = i;
  }
  if (!status && kind == TANLU_DESIGN_LHS &&
      d->options.samples <= TANLU_DESIGN_REORDER_MOST / (members > 0 ? members : 1)) {
    tanlu_copula_free(&d->copula);
    if (members > 0) status = reorder(d, correlation, members, member, context);
  }
  free(member);
  return status;
}

static tanlu_status prepare(tanlu_design *d, const tanlu_design_options *options, tanlu_context *context) {
  const size_t k = options->dimensions;
  const char *kind = tanlu_design_kind_name(options->kind);
  if (k == 0 || k >= UINT32_MAX / 4) return tanlu_fail(context, TANLU_ERR_INPUT, "%s: %zu dimensions", kind, k);
  if (options->kind != TANLU_DESIGN_GRID && options->samples == 0)
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: no samples; expected 1 or more", kind);
  tanlu_status status = copy_tails(d, options->tails, context);
  if (!status) status = copy_factors(d, options->factor, context);
  if (status) return status;
  switch (options->kind) {
  case TANLU_DESIGN_GRID:
    return create_grid(d, options->levels, context);
  case TANLU_DESIGN_LIST:
    return create_list(d, options->points, context);
  case TANLU_DESIGN_MONTE_CARLO:
  case TANLU_DESIGN_LHS:
    return set_total(d, options->samples, context);
  case TANLU_DESIGN_SOBOL:
    return create_sobol(d, k, context);
  case TANLU_DESIGN_SALTELLI:
    d->group = options->second_order ? 2 * d->factors + 2 : d->factors + 2;
    return create_sobol(d, 2 * k, context);
  case TANLU_DESIGN_MORRIS:
    if (options->morris_levels % 2 != 0)
      return tanlu_fail(context, TANLU_ERR_INPUT, "morris: %zu levels; expected an even number",
                        options->morris_levels);
    if (options->morris_levels == 0) d->options.morris_levels = MORRIS_LEVELS;
    d->group = k + 1;
    return set_total(d, options->samples, context);
  case TANLU_DESIGN_KINDS:
    break;
  }
  return tanlu_fail(context, TANLU_ERR_INPUT, "no such kind of design");
}

tanlu_status tanlu_design_create(tanlu_design **design, const tanlu_design_options *options, tanlu_context *context) {
  *design = NULL;
  tanlu_design *d = tanlu_allocate(context, 1, sizeof *d);
  if (!d) return TANLU_ERR_MEMORY;
  d->options = *options;
  d->options.levels = d->options.factor = NULL;
  d->options.tails = d->options.points = d->options.correlation = NULL;
  d->group = 1;
  tanlu_status status = prepare(d, options, context);
  if (!status) status = correlate(d, options->correlation, context);
  if (status)
    tanlu_design_free(&d);
  else
    *design = d;
  return status;
}

void tanlu_design_free(tanlu_design **design) {
  if (!design || !*design) return;
  free((*design)->factor);
  free((*design)->levels);
  free((*design)->tails);
  free((*design)->points);
  tanlu_sobol_free(&(*design)->sobol);
  tanlu_copula_free(&(*design)->copula);
  free((*design)->rank);
  free((*design)->order);
  free(*design);
  *design = NULL;
}

uint64_t tanlu_design_samples(const tanlu_design *design) {
  return design->total;
}
size_t tanlu_design_dimensions(const tanlu_design *design) {
  return design->options.dimensions;
}
size_t tanlu_design_factors(const tanlu_design *design) {
  return design->factors;
}
tanlu_design_kind tanlu_design_get_kind(const tanlu_design *design) {
  return design->options.kind;
}
uint64_t tanlu_design_group(const tanlu_design *design) {
  return design->group;
}
bool tanlu_design_second_order(const tanlu_design *design) {
  return design->options.kind == TANLU_DESIGN_SALTELLI && design->options.second_order;
}

/* --- points ---------------------------------------------------------------------------------------------------------------- */

static double with_tail(const tanlu_design *d, size_t dimension, double t) {
  const double tail = d->tails ? d->tails[dimension] : 0.0;
  return tail + (1.0 - 2.0 * tail) * t;
}

size_t tanlu_design_level(const tanlu_design *design, uint64_t sample, size_t dimension) {
  if (design->options.kind != TANLU_DESIGN_GRID) return 0;
  for (size_t i = design->options.dimensions - 1; i > dimension; i--) sample /= design->levels[i];
  return (size_t)(sample % design->levels[dimension]);
}

static void grid_point(const tanlu_design *d, uint64_t sample, double *u) {
  for (size_t i = d->options.dimensions; i-- > 0;) {
    const size_t count = d->levels[i];
    const double level = (double)(sample % count);
    sample /= count;
    u[i] = d->options.ends && count > 1 ? with_tail(d, i, level / (double)(count - 1)) : (level + 0.5) / (double)count;
  }
}

/* The middle of the smallest interval that 32 bits tell apart: neither 0 nor 1. */
static double sobol_uniform(const tanlu_design *d, uint32_t x, size_t dimension) {
  if (!d->options.plain) x = tanlu_sobol_scramble(x, d->options.seed, (uint32_t)dimension);
  return ((double)x + 0.5) * 0x1p-32;
}

static void sobol_point(const tanlu_design *d, uint64_t sample, double *u) {
  uint32_t x[TANLU_SOBOL_DIMENSIONS];
  tanlu_sobol_point(d->sobol, sample, x);
  for (size_t i = 0; i < d->options.dimensions; i++) u[i] = sobol_uniform(d, x[i], i);
}

/* Rows of a base sample: 0 is A, 1 ... f are AB_1 ... AB_f, f + 1 is B, then BA_1 ... BA_f. */
static void saltelli_point(const tanlu_design *d, uint64_t sample, double *u) {
  const size_t k = d->options.dimensions, f = d->factors, row = (size_t)(sample % d->group);
  uint32_t x[TANLU_SOBOL_DIMENSIONS];
  tanlu_sobol_point(d->sobol, sample / d->group, x);
  const bool from_b = row > f;
  const size_t other = row >= 1 && row <= f ? row - 1 : row > f + 1 ? row - f - 2 : f;
  for (size_t i = 0; i < k; i++) {
    const size_t place = from_b != ((d->factor ? d->factor[i] : i) == other) ? k + i : i;
    u[i] = sobol_uniform(d, x[place], place);
  }
}

/* Each dimension has its own permutation of the intervals. */
static uint64_t lhs_interval(const tanlu_design *d, uint64_t sample, size_t dimension) {
  if (d->order && d->order[dimension]) return d->order[dimension][sample];
  const uint64_t key = tanlu_random_bits(d->options.seed, TANLU_STREAM_ORDER, 0, (uint32_t)dimension);
  return tanlu_random_permute(key, sample, d->options.samples);
}

/* The place within the interval is a second random number. */
static void lhs_point(const tanlu_design *d, uint64_t sample, double *u) {
  for (size_t i = 0; i < d->options.dimensions; i++) {
    const double place = tanlu_random_uniform(d->options.seed, TANLU_STREAM_POINT, sample, (uint32_t)i);
    const double value = ((double)lhs_interval(d, sample, i) + place) / (double)d->options.samples;
    u[i] = value < 1.0 ? value : 1.0 - 0x1p-53;
  }
}

/* A dimension starts on one of the p/2 levels from which a step of p/2 in its direction stays inside. */
static void morris_start(const tanlu_design *d, uint64_t trajectory, size_t dimension, uint64_t *level, bool *down) {
  const uint64_t half = d->options.morris_levels / 2, seed = d->options.seed;
  const uint64_t pick = tanlu_random_index(seed, TANLU_STREAM_START, trajectory, (uint32_t)dimension, 2 * half);
  *down = pick >= half;
  *level = pick;
}

/* The place of a dimension in the order in which the trajectory moves them. */
static uint64_t morris_turn(const tanlu_design *d, uint64_t trajectory, size_t dimension) {
  const uint64_t key = tanlu_random_bits(d->options.seed, TANLU_STREAM_ORDER, trajectory, 0);
  return tanlu_random_permute(key, dimension, d->options.dimensions);
}

static void morris_point(const tanlu_design *d, uint64_t sample, double *u) {
  const uint64_t trajectory = sample / d->group, steps = sample % d->group, half = d->options.morris_levels / 2;
  for (size_t i = 0; i < d->options.dimensions; i++) {
    uint64_t level;
    bool down;
    morris_start(d, trajectory, i, &level, &down);
    if (morris_turn(d, trajectory, i) < steps) level = down ? level - half : level + half;
    u[i] = with_tail(d, i, (double)level / (double)(d->options.morris_levels - 1));
  }
}

void tanlu_design_step(const tanlu_design *design, uint64_t sample, size_t *dimension, double *delta) {
  const double p = (double)design->options.morris_levels;
  const uint64_t trajectory = sample / design->group, step = sample % design->group;
  *dimension = 0;
  *delta = 0.0;
  if (design->options.kind != TANLU_DESIGN_MORRIS) return;
  for (size_t i = 0; i < design->options.dimensions; i++) {
    if (morris_turn(design, trajectory, i) != step) continue;
    uint64_t level;
    bool down;
    morris_start(design, trajectory, i, &level, &down);
    *dimension = i;
    *delta = (down ? -p : p) / (2.0 * (p - 1.0));
    return;
  }
}

void tanlu_design_point(const tanlu_design *design, uint64_t sample, double *u) {
  const size_t k = design->options.dimensions;
  switch (design->options.kind) {
  case TANLU_DESIGN_GRID:
    grid_point(design, sample, u);
    break;
  case TANLU_DESIGN_LIST:
    memcpy(u, design->points + sample * k, k * sizeof *u);
    break;
  case TANLU_DESIGN_MONTE_CARLO:
    for (size_t i = 0; i < k; i++)
      u[i] = tanlu_random_uniform(design->options.seed, TANLU_STREAM_POINT, sample, (uint32_t)i);
    break;
  case TANLU_DESIGN_LHS:
    lhs_point(design, sample, u);
    break;
  case TANLU_DESIGN_SOBOL:
    sobol_point(design, sample, u);
    break;
  case TANLU_DESIGN_SALTELLI:
    saltelli_point(design, sample, u);
    break;
  case TANLU_DESIGN_MORRIS:
    morris_point(design, sample, u);
    break;
  case TANLU_DESIGN_KINDS:
    break;
  }
  if (design->copula) tanlu_copula_apply(design->copula, u);
}
