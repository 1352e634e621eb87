/* Rules of a carbon market: who is covered, how many allowances there are, who gets them, what else counts, what missing ones cost.
 * Filled by inputs/market_file.h; the equations are in model/market_accounts.h, model/market_allocation.h and model/carbon_market.h.
 *
 * Units: t CO2; money 10^4 CNY at base-year prices, so a price is 10^4 CNY per t; activity in the unit of the model (10^4 CNY, MWh of
 * generation, the unit of a product). A timeline without knots is a number that was not given. */
#ifndef TANLU_MODEL_MARKET_RULES_H
#define TANLU_MODEL_MARKET_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/timeline.h"

/* By what free allowances are claimed; a mix weights them. */
typedef enum { TANLU_CLAIM_HISTORIC, TANLU_CLAIM_INTENSITY, TANLU_CLAIM_BENCHMARK, TANLU_CLAIMS } tanlu_market_claim;

/* What an intensity is per unit of. */
typedef enum {
  TANLU_PER_OUTPUT,
  TANLU_PER_VALUE_ADDED,
  TANLU_PER_GENERATION,         /* of all power plants */
  TANLU_PER_THERMAL_GENERATION, /* of plants that burn fuel */
  TANLU_PER_PRODUCT
} tanlu_market_activity;

typedef enum {
  TANLU_BENCHMARK_GIVEN,      /* t per unit of activity */
  TANLU_BENCHMARK_MEDIAN,     /* of the firms, lowest intensity first */
  TANLU_BENCHMARK_PERCENTILE, /* reached by a stated share of them */
  TANLU_BENCHMARK_BEST,       /* mean of a stated share of them */
  TANLU_BENCHMARK_TIERS       /* all capacity at the benchmark level of efficiency */
} tanlu_market_benchmark;

/* Where the most that can be abated comes from. */
typedef enum { TANLU_ABATE_STATED, TANLU_ABATE_TIERS, TANLU_ABATE_ROUTES } tanlu_abatement_kind;

/* Share of the emissions abated by price: linear between points, nothing below the first, constant beyond the last. */
typedef struct {
  tanlu_abatement_kind kind; /* TIERS, ROUTES: shares are of what these leave to save in the year */
  size_t process, route;     /* ROUTES: tonnes of the process that could come by this route */
  double route_share;        /* all together, share of its tonnes */
  size_t count;
  double *price, *share; /* count, rising; share not falling */
} tanlu_abatement;

typedef struct {
  char *code, *name;
  bool *member;         /* sectors: those of the group */
  tanlu_timeline share; /* of its CO2 covered; without knots: by the threshold, or all of it */
  double firms, sigma;  /* number of firms, deviation of the logarithm of their emissions; NaN where not given */
  double weight[TANLU_CLAIMS];
  tanlu_market_activity activity;
  size_t product; /* TANLU_PER_PRODUCT */
  int from, to;   /* base years of historic emissions, intensities and distributions */
  tanlu_market_benchmark benchmark;
  double benchmark_value; /* GIVEN: t per unit; PERCENTILE, BEST: share of the firms */
  double variation;       /* coefficient of variation of their intensities; NaN where not given */
  tanlu_timeline control; /* control coefficient; without knots: 1 */
  tanlu_timeline auction; /* share of its allowances that is auctioned; without knots: 0 */
  tanlu_abatement abatement;
} tanlu_market_group;

typedef enum { TANLU_CAP_NONE, TANLU_CAP_PATH, TANLU_CAP_INTENSITY } tanlu_market_cap;

typedef struct {
  char *title;
  int from, to;     /* years of the market */
  double threshold; /* t a year by which a firm is covered; 0: all are */
  size_t sectors;   /* of the dataset */
  size_t groups;
  tanlu_market_group *group;
  tanlu_market_cap cap_kind; /* NONE: what the claims add up to */
  tanlu_timeline cap;        /* PATH: t; INTENSITY: reduction of covered CO2 per GDP against the base year */
  int cap_base;
  bool fill;                                  /* claims are scaled up to the cap as well as down */
  tanlu_timeline reserve;                     /* share of the cap held back; without knots: 0 */
  tanlu_timeline reserve_price;               /* it is sold at; without knots: it is not */
  tanlu_timeline price;                       /* given; without knots: it clears the market */
  tanlu_timeline floor, ceiling;              /* the state buys back at one, sells more at the other */
  tanlu_timeline offset_limit;                /* share of what is to be surrendered; without knots: no offsets */
  tanlu_timeline offset_price, offset_supply; /* supply without knots: any amount */
  bool banking;
  double rate, stock;          /* at which a banked allowance must gain; held before the first year, t */
  tanlu_timeline compliance;   /* share of what is to be surrendered that is; without knots: 1 */
  double price_multiple;       /* fine per t not surrendered, in prices of the year */
  double fine;                 /* per firm that does not comply */
  double deduct;               /* taken from next year's allowances per t not surrendered */
  double surrender;            /* to be surrendered in the next year per t not surrendered */
  double surrender_allowances; /* of which allowances, not offsets */
} tanlu_market_rules;

void tanlu_market_rules_free(tanlu_market_rules **rules); /* accepts NULL */

/* Value of a timeline in a year, or what stands for one that was not given. */
double tanlu_market_value(const tanlu_timeline *timeline, int year, double otherwise);
/* Share of a group's emissions that is abated at a price, and what that costs per t of its emissions: the area under the curve.
 * most: by which the shares of the curve are multiplied. */
double tanlu_abatement_share(const tanlu_abatement *abatement, double most, double price);
double tanlu_abatement_cost(const tanlu_abatement *abatement, double most, double price);

#endif
