#include "model/carbon_market.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Rounding of long sums, and of prices found to the last digit. */
static const double account_tolerance = 1e-9;
/* What was left open a year before is put in again until it stands still to this, relative to emissions. */
static const double settled = 1e-13;
enum { ROUNDS = 400 };

const tanlu_market_info *tanlu_market_group_info(tanlu_market_group_value value) {
  static const tanlu_market_info info[] = {
#define X(id, code, name, unit, factor, digits) {code, name, unit, factor, digits},
      TANLU_MARKET_GROUP_LIST(X)
#undef X
  };
  return &info[value];
}

const tanlu_market_info *tanlu_market_year_info(tanlu_market_year_value value) {
  static const tanlu_market_info info[] = {
#define X(id, code, name, unit, factor, digits) {code, name, unit, factor, digits},
      TANLU_MARKET_YEAR_LIST(X)
#undef X
  };
  return &info[value];
}

void tanlu_market_free(tanlu_market **market) {
  tanlu_market *m = *market;
  if (m == NULL) return;
  for (size_t k = 0; k < TANLU_MARKET_GROUP_VALUES; k++) free(m->group[k]);
  for (size_t k = 0; k < TANLU_MARKET_YEAR_VALUES; k++) free(m->year[k]);
  free(m);
  *market = NULL;
}

static tanlu_status create(tanlu_market **market, const tanlu_market_rules *rules, tanlu_context *context) {
  tanlu_market *m = *market = tanlu_allocate(context, 1, sizeof *m);
  if (m == NULL) return TANLU_ERR_MEMORY;
  m->from = rules->from;
  m->years = (size_t)(rules->to - rules->from) + 1;
  m->groups = rules->groups;
  bool enough = true;
  for (size_t k = 0; k < TANLU_MARKET_GROUP_VALUES; k++) {
    m->group[k] = tanlu_allocate_doubles(context, m->years, m->groups);
    enough = enough && m->group[k] != NULL;
  }
  for (size_t k = 0; k < TANLU_MARKET_YEAR_VALUES; k++) {
    m->year[k] = tanlu_allocate_doubles(context, m->years, 1);
    enough = enough && m->year[k] != NULL;
  }
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* ---- one year at a price ----------------------------------------------------------------------------------------------------- */

/* What everybody does at a price. */
typedef struct {
  double abated, due, surrendered, offsets, reserve_sold, added, withdrawn;
} quantities;

typedef struct {
  const tanlu_market_rules *rules;
  const tanlu_market_accounts *accounts;
  tanlu_market *market;
  double *before; /* years x groups: left open the year before, as of the last round */
} problem;

static double get(const tanlu_market *m, tanlu_market_group_value value, size_t t, size_t g) {
  return m->group[value][t * m->groups + g];
}

/* By what the curve of a group's abatement is multiplied. */
static double most_abated(const problem *q, size_t t, size_t g) {
  const tanlu_market_accounts *a = q->accounts;
  const size_t at = (size_t)(q->market->from + (int)t - a->from) * a->groups + g;
  switch (q->rules->group[g].abatement.kind) {
  case TANLU_ABATE_TIERS:
    return a->tier_saving[at];
  case TANLU_ABATE_ROUTES:
    return a->route_saving[at];
  default:
    return 1.0;
  }
}

static double abated(const problem *q, size_t t, size_t g, double price) {
  return get(q->market, TANLU_GROUP_EMISSIONS, t, g) *
         tanlu_abatement_share(&q->rules->group[g].abatement, most_abated(q, t, g), price);
}

/* Allowances given out before anything is traded. */
static double issued(const problem *q, size_t t) {
  double sum = q->market->year[TANLU_YEAR_FREE][t] + q->market->year[TANLU_YEAR_AUCTIONED][t];
  for (size_t g = 0; g < q->market->groups; g++) sum -= q->rules->deduct * q->before[t * q->market->groups + g];
  return sum;
}

static quantities at_price(const problem *q, size_t t, double price) {
  const tanlu_market_rules *r = q->rules;
  const int year = r->from + (int)t;
  quantities v = {0};
  double made_up = 0.0;
  for (size_t g = 0; g < r->groups; g++) {
    v.abated += abated(q, t, g, price);
    made_up += q->before[t * r->groups + g];
  }
  v.due = q->market->year[TANLU_YEAR_EMISSIONS][t] - v.abated + r->surrender * made_up;
  v.surrendered = tanlu_market_value(&r->compliance, year, 1.0) * v.due;
  if (r->offset_limit.count > 0 && price >= tanlu_timeline_value(&r->offset_price, year)) {
    const double most = tanlu_timeline_value(&r->offset_limit, year) * v.surrendered +
                        (r->surrender - r->surrender_allowances) * made_up;
    v.offsets = fmin(most, tanlu_market_value(&r->offset_supply, year, (double)INFINITY));
  }
  if (r->reserve_price.count > 0 && price >= tanlu_timeline_value(&r->reserve_price, year)) {
    v.reserve_sold = q->market->year[TANLU_YEAR_RESERVE][t];
  }
  if (r->floor.count > 0 && price < tanlu_timeline_value(&r->floor, year)) v.withdrawn = fmax(0.0, issued(q, t));
  if (r->ceiling.count > 0 && price > tanlu_timeline_value(&r->ceiling, year)) v.added = v.due;
  return v;
}

static double short_of(const problem *q, size_t t, const quantities *v) {
  return v->surrendered - v->offsets - v->reserve_sold - v->added + v->withdrawn - issued(q, t);
}

static double excess(void *user, size_t t, double price) {
  const quantities v = at_price(user, t, price);
  return short_of(user, t, &v);
}

static double highest_of(const tanlu_timeline *timeline, double highest) {
  for (size_t k = 0; k < timeline->count; k++) highest = fmax(highest, timeline->knot[k].value);
  return highest;
}

/* A price beyond which nobody does more. */
static double highest_price(const tanlu_market_rules *r) {
  double price = 1e-4;
  for (size_t g = 0; g < r->groups; g++) {
    const tanlu_abatement *a = &r->group[g].abatement;
    if (a->count > 0) price = fmax(price, a->price[a->count - 1]);
  }
  const tanlu_timeline *const timeline[] = {&r->offset_price, &r->reserve_price, &r->floor, &r->ceiling};
  for (size_t k = 0; k < sizeof timeline / sizeof *timeline; k++) price = highest_of(timeline[k], price);
  return 1.001 * price;
}

/* ---- all years ------------------------------------------------------------------------------------------------------------------ */

static tanlu_status find_prices(const problem *q, tanlu_cleared *cleared, tanlu_context *context) {
  const tanlu_market_rules *r = q->rules;
  const size_t years = q->market->years;
  if (r->price.count > 0) {
    for (size_t t = 0; t < years; t++) {
      const double price = tanlu_timeline_value(&r->price, r->from + (int)t);
      cleared[t] = (tanlu_cleared){.low = price, .high = price};
    }
    return TANLU_OK;
  }
  const double highest = highest_price(r);
  tanlu_status status =
      tanlu_market_clear(excess, (void *)q, years, r->banking, r->rate, r->stock, highest, cleared, context);
  for (size_t t = 0; t < years && status == TANLU_OK; t++) {
    if (!isinf(cleared[t].high)) continue;
    double missing = 0.0;
    size_t last = t;
    for (; last < years && cleared[last].pool == cleared[t].pool; last++) missing += excess((void *)q, last, highest);
    status =
        tanlu_fail(context, TANLU_ERR_MODEL,
                   "carbon market, %d%s%.0d: %.4g Mt short at any price, with all abatement and offsets used; expected "
                   "more abatement, offsets, a price ceiling, or a higher cap",
                   r->from + (int)t, last > t + 1 ? " to " : "", last > t + 1 ? r->from + (int)last - 1 : 0,
                   1e-6 * (missing - (t == 0 ? r->stock : 0.0)));
  }
  return status;
}

static double mix(const tanlu_cleared *c, double low, double high) {
  return c->weight > 0.0 ? c->weight * low + (1.0 - c->weight) * high : high;
}

/* Groups of a year: what they abate, have to surrender and leave open. */
static void settle_groups(const problem *q, size_t t, const tanlu_cleared *c) {
  tanlu_market *m = q->market;
  const double compliance = tanlu_market_value(&q->rules->compliance, m->from + (int)t, 1.0);
  for (size_t g = 0; g < m->groups; g++) {
    const size_t at = t * m->groups + g;
    const double emissions = m->group[TANLU_GROUP_EMISSIONS][at], most = most_abated(q, t, g);
    const tanlu_abatement *curve = &q->rules->group[g].abatement;
    const double less = mix(c, abated(q, t, g, c->low), abated(q, t, g, c->high));
    m->group[TANLU_GROUP_ABATED][at] = less;
    m->group[TANLU_GROUP_ABATEMENT_COST][at] =
        emissions * mix(c, tanlu_abatement_cost(curve, most, c->low), tanlu_abatement_cost(curve, most, c->high));
    m->group[TANLU_GROUP_POTENTIAL][at] = curve->count > 0 ? most * curve->share[curve->count - 1] : 0.0;
    m->group[TANLU_GROUP_DEDUCTED][at] = q->rules->deduct * q->before[at];
    m->group[TANLU_GROUP_DUE][at] = emissions - less + q->rules->surrender * q->before[at];
    m->group[TANLU_GROUP_OPEN][at] = (1.0 - compliance) * m->group[TANLU_GROUP_DUE][at];
  }
}

/* The market of a year: bank, and what the state sells or takes back. */
static void settle_year(const problem *q, size_t t, const tanlu_cleared *c) {
  tanlu_market *m = q->market;
  const quantities low = at_price(q, t, c->low), high = at_price(q, t, c->high);
  double *const *y = m->year, offsets = mix(c, low.offsets, high.offsets);
  const double bank = t > 0 ? y[TANLU_YEAR_BANK][t - 1] : q->rules->stock;
  double missing = mix(c, short_of(q, t, &low), short_of(q, t, &high)) - bank;
  y[TANLU_YEAR_PRICE][t] = c->high;
  y[TANLU_YEAR_RESERVE_SOLD][t] = mix(c, low.reserve_sold, high.reserve_sold);
  y[TANLU_YEAR_ADDED][t] = mix(c, low.added, high.added);
  y[TANLU_YEAR_WITHDRAWN][t] = mix(c, low.withdrawn, high.withdrawn);
  if (q->rules->price.count >
      0) { /* a surplus needs no reserve and no offsets; what is short is bought from the state */
    const double held = fmin(y[TANLU_YEAR_RESERVE_SOLD][t], fmax(0.0, -missing));
    const double unneeded = fmin(offsets, fmax(0.0, -missing - held));
    y[TANLU_YEAR_RESERVE_SOLD][t] -= held;
    offsets -= unneeded;
    missing += held + unneeded;
    y[TANLU_YEAR_ADDED][t] = fmax(0.0, missing);
    missing = fmin(0.0, missing);
  }
  y[TANLU_YEAR_OFFSETS][t] = offsets;
  /* what is left is kept, or worthless; a difference of neighbouring numbers is none */
  const double left = fabs(missing) <= account_tolerance * y[TANLU_YEAR_EMISSIONS][t] ? 0.0 : -missing;
  y[TANLU_YEAR_BANK][t] = q->rules->banking ? left : 0.0;
  y[TANLU_YEAR_EXPIRED][t] = q->rules->banking ? 0.0 : left;
}

static tanlu_status settle(const problem *q, const tanlu_cleared *cleared) {
  for (size_t t = 0; t < q->market->years; t++) {
    settle_groups(q, t, &cleared[t]);
    settle_year(q, t, &cleared[t]);
  }
  return TANLU_OK;
}

/* Move what was left open into the next year. Returns the largest change against the last round, relative to emissions. */
static double carry_over(const problem *q) {
  const tanlu_market *m = q->market;
  double largest = 0.0;
  if (!(q->rules->deduct > 0.0) && !(q->rules->surrender > 0.0)) return 0.0;
  for (size_t t = 1; t < m->years; t++) {
    for (size_t g = 0; g < m->groups; g++) {
      double *before = &q->before[t * m->groups + g];
      const double open = get(m, TANLU_GROUP_OPEN, t - 1, g), scale = m->year[TANLU_YEAR_EMISSIONS][t];
      if (scale > 0.0) largest = fmax(largest, fabs(open - *before) / scale);
      *before = open;
    }
  }
  return largest;
}

tanlu_status tanlu_market_solve(tanlu_market **market, const tanlu_market_rules *rules,
                                const tanlu_market_accounts *accounts, tanlu_context *context) {
  tanlu_status status = create(market, rules, context);
  const size_t years = (size_t)(rules->to - rules->from) + 1;
  problem q = {.rules = rules, .accounts = accounts, .market = *market};
  q.before = tanlu_allocate_doubles(context, years, rules->groups);
  tanlu_cleared *cleared = tanlu_allocate(context, years, sizeof *cleared);
  if (q.before == NULL || cleared == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_market_allocate(*market, rules, accounts, context);
  int rounds = 0;
  while (status == TANLU_OK) {
    status = find_prices(&q, cleared, context);
    if (status == TANLU_OK) status = settle(&q, cleared);
    if (status != TANLU_OK || carry_over(&q) <= settled) break;
    if (++rounds == ROUNDS) {
      status =
          tanlu_fail(context, TANLU_ERR_MODEL,
                     "carbon market: what is not surrendered one year grows the next without end; expected a higher "
                     "compliance or smaller multiples");
    }
  }
  if (status == TANLU_OK) status = tanlu_market_costs(*market, rules, accounts, context);
  free(q.before);
  free(cleared);
  if (status != TANLU_OK) tanlu_market_free(market);
  return status;
}
