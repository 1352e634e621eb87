/* The accounts of a year for all lanes: final demand, inputs and value added at given output and factors, and how far they
 * are from balance and from the goals of the year.
 *
 *     A_ij   = q_S(i) r_i A0_ij s_j   (i not an energy row; q only for j outside the product's own sectors S)
 *     r_i    = (phi_i / mean phi)^theta r_scenario,   s_j restores the column sum over non-energy rows, times s_scenario
 *     y_ki   = F sigma_k w_ki / sum_i w_ki,   w_ki = y0_ki composition phi_i q_S(i)
 *     balance_i = x_i - sum_j A_d,ij x_j - y_d,i,   v_j = 1 - sum_i A_ij
 *
 * sigma: category shares of final use; inventories y0 x GDP index x index stand outside phi; households' energy products are
 * given in money by the physical change and stand inside their category's share. Unknowns are log F, log phi of every
 * structure target and log q of every product; their equations are GDP, shares of value added and output of S. Where a
 * target does not bind in a year its unknown is held.
 *
 * Sectors that have the driver group, target and product set in common share all factors: a class. Sums over classes make
 * the factors cheap; one matrix product gives the inputs of all lanes. */
#ifndef TANLU_MODEL_ECONOMY_H
#define TANLU_MODEL_ECONOMY_H

#include "model/energy_rows.h"
#include "model/outside.h"

typedef struct {
  size_t group, target, product; /* TANLU_NONE where there is none */
  bool energy;                   /* energy rows take no r and s */
} tanlu_economy_class;

typedef struct {
  const tanlu_technology *technology;
  const tanlu_dataset *dataset;
  size_t width, n, categories, targets, products;
  size_t unknowns; /* 1 + targets + products: F, phi, q */
  size_t classes, *class_of;
  tanlu_economy_class *kind; /* classes */
  double *class_inputs;      /* n x classes: column sums of A over the class's rows outside energy */
  double *class_demand;      /* classes x categories: base-year final use by the scenario's weights */
  double *mean_weight;       /* targets + 1 (the rest): base-year domestic final demand outside energy */
  double *lowest_domestic;   /* n: smallest domestic share of a use that imports can change */
  double *domestic;          /* n x n: A o D, split only */
  double *demand, *foreign;  /* n x categories: base-year final use, domestic; and the part that imports can displace */
  size_t *set_of;            /* n: product whose path may control the sector */
  double base_gdp, base_use; /* final use without inventories and what goes to other regions */
  const tanlu_outside *outside; /* NULL: nothing; its owner sets it */
  double *base_product;         /* products: base-year output of the controlled set, 10^4 CNY */
  /* of the year */
  double *gdp_index;    /* lanes */
  bool *binds;          /* unknowns x lanes */
  double *goal;         /* unknowns x lanes: GDP, share, output of the set */
  double *held;         /* unknowns x lanes: where they do not bind */
  double *fixed_demand; /* n x lanes: domestic demand outside the factors */
  double *final_demand; /* n x lanes: y_d at the present factors */
  double *energy_money; /* categories x lanes: energy products inside household categories */
  bool imports_change;  /* is there a lane with an import index other than 1? */
  /* of the factors */
  double *shaped;        /* unknowns x lanes: the unknowns that columns were last restored for; NaN: none */
  double *final_use;     /* lanes: all final use but inventories, 10^4 CNY */
  double *phi;           /* targets + 1 (1 for the rest) x lanes */
  double *pull;          /* the same: (phi / mean phi)^theta */
  double *q;             /* products x lanes */
  double *factor;        /* classes x lanes: r q, 0 for energy */
  double *demand_factor; /* classes x categories x lanes: y_ki / y0_ki */
  double *own_sum, *s;   /* n x lanes: sum_i A0_ij r_i q_i, and s */
  double *other_inputs;  /* n x lanes: column sums of A_t outside energy */
  /* of the output */
  double *scaled;      /* n x lanes: s x */
  double *product;     /* n x lanes: A0 scaled, domestic under a split */
  double *product_all; /* n x lanes: A0 scaled, under a split with changed imports and for imports */
  double *v;           /* n x lanes */
  double *sum;         /* unknowns x lanes: what the equations add up */
} tanlu_economy;

tanlu_status tanlu_economy_create(tanlu_economy **economy, const tanlu_technology *technology,
                                  const tanlu_levers *levers, size_t width, tanlu_context *context);
void tanlu_economy_free(tanlu_economy **economy);

/* Fix the year: goals, import shares, demand outside the factors. A lane fails when import shares leave 0..1. */
void tanlu_economy_year(tanlu_economy *economy, const tanlu_levers *levers, const double *gdp_index, const double *held,
                        const tanlu_energy_rows *rows, tanlu_lane_report *report);
/* What other regions take has changed within the year. */
void tanlu_economy_outside(tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows);
/* Everything that the unknowns (unknowns x lanes) decide. */
void tanlu_economy_factors(tanlu_economy *economy, const tanlu_levers *levers, const double *unknown);
/* Inputs of output x (n x lanes, 10^4 CNY). */
void tanlu_economy_multiply(tanlu_economy *economy, const double *output);
/* The same where lane l has the output and inputs of `base` (lane 0 of an earlier product: n, n for all inputs), but for one
 * sector first + l, l < count. */
void tanlu_economy_multiply_near(tanlu_economy *economy, const double *output, const double *base,
                                 const double *base_all, const double *base_output, size_t first, size_t count);
/* balance (out): n x lanes; gap (out): unknowns x lanes, logarithms of reached over wanted. A lane fails where a sector pays
 * more for inputs than it earns or a sum is not positive. */
void tanlu_economy_balance(tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                           const double *output, const double *unknown, double *balance, double *gap,
                           tanlu_lane_report *report);

/* Imports by product (n x lanes) at the output of the last balance. */
void tanlu_economy_imports(tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                           const double *output, double *imports);

/* A goal as it stands in a scenario, of lane 0: "structure.share.services = 0.6", "products.cement = 800 Mt". */
enum { TANLU_GOAL_TEXT = 160 };
void tanlu_economy_goal(const tanlu_economy *economy, const tanlu_levers *levers, size_t unknown,
                        char text[TANLU_GOAL_TEXT]);

/* ---- economy_read.c: a lane of the solved year, one number a sector ------------------------------------------------- */

/* A_d, and A with imported inputs (NULL where nobody wants it): n x n each, column-major. */
void tanlu_economy_matrix(const tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                          size_t lane, double *domestic, double *all);
/* Final use by category and product, with imported products, and the domestic part of it (may be NULL): n x categories each. */
void tanlu_economy_final_use(const tanlu_economy *economy, const tanlu_levers *levers, const tanlu_energy_rows *rows,
                             size_t lane, double *all, double *domestic);
/* phi q, the multiplier of final demand of the product, and r q of its use as an input: n each. */
void tanlu_economy_multipliers(const tanlu_economy *economy, size_t lane, double *demand, double *input);

#endif
