#include "model/market_clearing.h"

#include <math.h>
#include <stdlib.h>

#include "solvers/memory.h"

enum { BISECTIONS = 1200 }; /* more than the halvings between any two numbers; the interval is closed much earlier */

typedef struct {
  tanlu_market_excess excess;
  void *user;
  double rate, stock, highest;
} problem;

typedef struct {
  size_t first, count;
  double low, high, weight; /* of the first year */
} pool;

static double price_of(const problem *q, const pool *p, double first, size_t t) {
  return first * pow(1.0 + q->rate, (double)(t - p->first));
}

static double sum_excess(const problem *q, const pool *p, double price) {
  double sum = p->first == 0 ? -q->stock : 0.0;
  for (size_t t = p->first; t < p->first + p->count; t++) sum += q->excess(q->user, t, price_of(q, p, price, t));
  return sum;
}

/* The lowest price of the first year with nothing short. */
static void clear_pool(const problem *q, pool *p) {
  double at_low = sum_excess(q, p, 0.0);
  *p = (pool){.first = p->first, .count = p->count};
  if (at_low <= 0.0) return;
  double low = 0.0, high = q->highest, at_high = sum_excess(q, p, high);
  if (at_high > 0.0) {
    p->low = p->high = (double)INFINITY;
    return;
  }
  for (int k = 0; k < BISECTIONS; k++) {
    const double middle = 0.5 * (low + high);
    if (!(middle > low && middle < high)) break;
    const double at = sum_excess(q, p, middle);
    if (at > 0.0) {
      low = middle;
      at_low = at;
    } else {
      high = middle;
      at_high = at;
    }
  }
  p->low = low;
  p->high = high;
  p->weight = at_high < 0.0 ? at_high / (at_high - at_low) : 0.0;
}

/* Would one keep allowances of pool a for pool b? */
static bool banking_pays(const problem *q, const pool *a, const pool *b) {
  return b->high > price_of(q, a, a->high, b->first);
}

tanlu_status tanlu_market_clear(tanlu_market_excess excess, void *user, size_t years, bool banking, double rate,
                                double stock, double highest, tanlu_cleared *cleared, tanlu_context *context) {
  const problem q = {excess, user, banking ? rate : 0.0, banking ? stock : 0.0, highest};
  pool *stack = tanlu_allocate(context, years, sizeof *stack);
  size_t pools = 0;
  if (stack == NULL) return TANLU_ERR_MEMORY;
  for (size_t t = 0; t < years; t++) {
    stack[pools] = (pool){.first = t, .count = 1};
    clear_pool(&q, &stack[pools++]);
    while (banking && pools > 1 && banking_pays(&q, &stack[pools - 2], &stack[pools - 1])) {
      stack[pools - 2].count += stack[pools - 1].count;
      clear_pool(&q, &stack[--pools - 1]);
    }
  }
  for (size_t k = 0; k < pools; k++) {
    const pool *p = &stack[k];
    for (size_t t = p->first; t < p->first + p->count; t++) {
      cleared[t] = (tanlu_cleared){price_of(&q, p, p->low, t), price_of(&q, p, p->high, t), p->weight, k};
    }
  }
  free(stack);
  return TANLU_OK;
}
