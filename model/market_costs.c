/* Who pays whom in a carbon market (equations in model/carbon_market.h), and whether it adds up. */
#include <math.h>

#include "model/carbon_market.h"

static const double account_tolerance = 1e-9;

static double over(double part, double whole) {
  return whole > 0.0 ? part / whole : (double)NAN;
}

/* Offsets go to the groups in proportion to what they surrender; BALANCE is what is left of a group's allowances. */
static void balance_groups(tanlu_market *m, size_t t) {
  double surrendered = 0.0;
  for (size_t g = 0; g < m->groups; g++) {
    const size_t at = t * m->groups + g;
    surrendered += m->group[TANLU_GROUP_DUE][at] - m->group[TANLU_GROUP_OPEN][at];
  }
  for (size_t g = 0; g < m->groups; g++) {
    const size_t at = t * m->groups + g;
    const double own = m->group[TANLU_GROUP_DUE][at] - m->group[TANLU_GROUP_OPEN][at];
    const double offsets = surrendered > 0.0 ? m->year[TANLU_YEAR_OFFSETS][t] * own / surrendered : 0.0;
    m->group[TANLU_GROUP_OFFSETS][at] = offsets;
    m->group[TANLU_GROUP_BALANCE][at] =
        m->group[TANLU_GROUP_FREE][at] - m->group[TANLU_GROUP_DEDUCTED][at] - (own - offsets);
  }
}

/* Part of what is offered that is sold: less than all where a surplus expires. */
static double part_sold(const tanlu_market *m, size_t t) {
  double offered = m->year[TANLU_YEAR_AUCTIONED][t];
  for (size_t g = 0; g < m->groups; g++) offered += fmax(0.0, m->group[TANLU_GROUP_BALANCE][t * m->groups + g]);
  return offered > 0.0 ? 1.0 - m->year[TANLU_YEAR_EXPIRED][t] / offered : 1.0;
}

static void charge_groups(tanlu_market *m, const tanlu_market_rules *rules, const tanlu_market_accounts *a, size_t t) {
  const int year = m->from + (int)t;
  const double price = m->year[TANLU_YEAR_PRICE][t], sold = part_sold(m, t);
  const double offset_price = tanlu_market_value(&rules->offset_price, year, 0.0);
  const double open = 1.0 - tanlu_market_value(&rules->compliance, year, 1.0);
  for (size_t g = 0; g < m->groups; g++) {
    const size_t at = t * m->groups + g, in = (size_t)(year - a->from) * a->groups + g;
    const double balance = m->group[TANLU_GROUP_BALANCE][at], value_added = a->value_added[in];
    const double trade = -price * balance * (balance > 0.0 ? sold : 1.0);
    const double firms =
        rules->fine > 0.0 && open > 0.0 ? tanlu_market_firms(rules, &rules->group[g], a->co2[in]) : 0.0;
    const double penalty = rules->price_multiple * price * m->group[TANLU_GROUP_OPEN][at] + rules->fine * open * firms;
    const double whole = price * m->group[TANLU_GROUP_DUE][at] + m->group[TANLU_GROUP_ABATEMENT_COST][at];
    if (balance > 0.0) m->year[TANLU_YEAR_SALES][t] -= trade;
    m->group[TANLU_GROUP_TRADE_COST][at] = trade;
    m->group[TANLU_GROUP_OFFSET_COST][at] = offset_price * m->group[TANLU_GROUP_OFFSETS][at];
    m->group[TANLU_GROUP_PENALTY][at] = penalty;
    m->group[TANLU_GROUP_COST][at] =
        trade + m->group[TANLU_GROUP_OFFSET_COST][at] + m->group[TANLU_GROUP_ABATEMENT_COST][at] + penalty;
    m->group[TANLU_GROUP_COST_SHARE][at] = over(m->group[TANLU_GROUP_COST][at], value_added);
    m->group[TANLU_GROUP_CARBON_COST][at] = over(whole, value_added);
    m->group[TANLU_GROUP_TRADE_INTENSITY][at] = over(a->exports[in] + a->imports[in], a->output[in] + a->imports[in]);
    m->group[TANLU_GROUP_LEAKAGE][at] = m->group[TANLU_GROUP_CARBON_COST][at] *
                                        m->group[TANLU_GROUP_TRADE_INTENSITY][at] *
                                        (1.0 - m->group[TANLU_GROUP_POTENTIAL][at]);
  }
  m->year[TANLU_YEAR_REVENUE][t] =
      price * (sold * m->year[TANLU_YEAR_AUCTIONED][t] + m->year[TANLU_YEAR_RESERVE_SOLD][t] +
               m->year[TANLU_YEAR_ADDED][t] - m->year[TANLU_YEAR_WITHDRAWN][t]);
}

static void add_up(tanlu_market *m, size_t t) {
  static const struct {
    tanlu_market_group_value from;
    tanlu_market_year_value to;
  } sum[] = {
      {TANLU_GROUP_ABATED, TANLU_YEAR_ABATED},
      {TANLU_GROUP_DEDUCTED, TANLU_YEAR_DEDUCTED},
      {TANLU_GROUP_DUE, TANLU_YEAR_DUE},
      {TANLU_GROUP_OPEN, TANLU_YEAR_OPEN},
      {TANLU_GROUP_COST, TANLU_YEAR_COST},
      {TANLU_GROUP_TRADE_COST, TANLU_YEAR_TRADE_COST},
      {TANLU_GROUP_OFFSET_COST, TANLU_YEAR_OFFSET_COST},
      {TANLU_GROUP_ABATEMENT_COST, TANLU_YEAR_ABATEMENT_COST},
      {TANLU_GROUP_PENALTY, TANLU_YEAR_PENALTY},
  };
  for (size_t k = 0; k < sizeof sum / sizeof *sum; k++) {
    double all = 0.0;
    for (size_t g = 0; g < m->groups; g++) all += m->group[sum[k].from][t * m->groups + g];
    m->year[sum[k].to][t] = all;
  }
}

/* Allowances given out and used, purchases and sales. */
static tanlu_status check(const tanlu_market *m, const tanlu_market_rules *rules, size_t t, tanlu_context *context) {
  double *const *y = m->year;
  const double before = t > 0 ? y[TANLU_YEAR_BANK][t - 1] : rules->stock, bank = y[TANLU_YEAR_BANK][t];
  const double in = y[TANLU_YEAR_FREE][t] + y[TANLU_YEAR_AUCTIONED][t] - y[TANLU_YEAR_DEDUCTED][t] +
                    y[TANLU_YEAR_RESERVE_SOLD][t] + y[TANLU_YEAR_ADDED][t] - y[TANLU_YEAR_WITHDRAWN][t] +
                    y[TANLU_YEAR_OFFSETS][t] + before;
  const double out = y[TANLU_YEAR_DUE][t] - y[TANLU_YEAR_OPEN][t] + bank + y[TANLU_YEAR_EXPIRED][t];
  const double scale = fabs(in) + fabs(out) + y[TANLU_YEAR_EMISSIONS][t] + y[TANLU_YEAR_CAP][t];
  const double price = y[TANLU_YEAR_PRICE][t];
  const double money = y[TANLU_YEAR_TRADE_COST][t] + price * (bank - before) - y[TANLU_YEAR_REVENUE][t];
  const int year = m->from + (int)t;
  if (!(fabs(in - out) <= account_tolerance * scale)) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "carbon market, %d: %.12g t of allowances come in, %.12g go out",
                      year, in, out);
  }
  if (!(bank >= -account_tolerance * scale)) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "carbon market, %d: %.6g t are borrowed", year, -bank);
  }
  if (fabs(money) <= account_tolerance * price * scale) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INTERNAL, "carbon market, %d: purchases and sales differ by %.3g of %.6g", year,
                    money, y[TANLU_YEAR_TRADE_COST][t]);
}

tanlu_status tanlu_market_costs(tanlu_market *m, const tanlu_market_rules *rules, const tanlu_market_accounts *accounts,
                                tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t t = 0; t < m->years && status == TANLU_OK; t++) {
    balance_groups(m, t);
    charge_groups(m, rules, accounts, t);
    add_up(m, t);
    status = check(m, rules, t, context);
  }
  return status;
}
