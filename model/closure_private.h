/* Inside of the closure, shared by its three files. */
#ifndef TANLU_MODEL_CLOSURE_PRIVATE_H
#define TANLU_MODEL_CLOSURE_PRIVATE_H

#include "model/closure.h"

typedef enum { TANLU_EQUATION_GDP, TANLU_EQUATION_SHARE, TANLU_EQUATION_PRODUCT } tanlu_equation_kind;
typedef struct {
  tanlu_equation_kind kind;
  size_t member; /* target or product */
  size_t slot;   /* of its unknown in log_factor */
} tanlu_closure_equation;

struct tanlu_closure {
  const tanlu_technology *technology;
  const tanlu_dataset *dataset;
  size_t n, categories, targets, products;
  size_t unknowns;                  /* of this year, GDP first */
  tanlu_closure_equation *equation; /* 1 + targets + products */
  double *log_factor; /* 1 + targets + products: log F, log phi, log q; held where nothing binds in a year */
  double *good;       /* the last log_factor of the year for which the accounts had a solution */
  double *start;      /* the first ones */
  bool solvable;      /* there are any */
  double gdp_index;   /* of the last year begun: F starts where growth puts it */
  bool *in_target;    /* targets x n */
  size_t *set_of;     /* n: product that may control the sector, TANLU_NONE */
  double base_use;    /* final use without inventories in the base year */
  double base_gdp;
  double *phi, *q, *r, *s; /* n each: phi of the product; q of its set; r without q */
  double *factor;          /* n: r q as the columns of the set factors_of see it; work of the refinement */
  size_t factors_of;
  double *domestic;          /* n x n: D of the year */
  double *final_domestic;    /* n x categories of the year */
  double *base_domestic;     /* n x n: A of the base year o D of the year */
  bool base_imports;         /* D is the base year's */
  const double *energy_rows; /* rows x n: coefficients of the present A_t */
  double *ad;                /* n x n: A_d,t */
  double *inputs;            /* n: column sums of A_t over the non-energy rows */
  double *v, *x, *yd;        /* n */
  double *y;                 /* n x categories */
  double *rhs, *shift;       /* n x unknowns */
  double *weight;            /* n x unknowns: of each equation's sum */
  size_t *list;              /* n: work of the Jacobian */
  double *gap, *work;        /* unknowns */
  double *jacobian;          /* unknowns x unknowns, factored */
  int *pivot;
  bool jacobian_known;
  double last_gap;
  tanlu_leontief *solver;
  bool factored; /* the solver holds the factors of an A_d of this year */
};

/* closure_build.c: D of the year; A, y and v at the present unknowns; x to `accuracy` (relative residual). */
tanlu_status tanlu_closure_change_imports(tanlu_closure *closure, const tanlu_closure_year *year,
                                          tanlu_context *context);
tanlu_status tanlu_closure_solve_output(tanlu_closure *closure, const tanlu_closure_year *year, double accuracy,
                                        tanlu_context *context);

/* closure_jacobian.c: derivatives of the equations by the unknowns at the solved x, factored into closure->jacobian. */
tanlu_status tanlu_closure_build_jacobian(tanlu_closure *closure, const tanlu_closure_year *year,
                                          tanlu_context *context);

/* closure.c: sum over the sectors of equation number e, v_j x_j for GDP and shares, x_j for products. */
double tanlu_closure_sum(const tanlu_closure *closure, size_t e, const double *x);

/* A_t of an input outside the energy rows: q is left out inside the product's own set. */
static inline double tanlu_closure_input(const tanlu_closure *c, size_t i, size_t j) {
  const bool own = c->set_of[i] != TANLU_NONE && c->set_of[i] == c->set_of[j];
  return c->technology->a[j * c->n + i] * c->r[i] * (own ? 1.0 : c->q[i]) * c->s[j];
}

static inline size_t tanlu_closure_policy_group(const tanlu_closure *closure, size_t sector) {
  return closure->dataset->level[closure->dataset->policy_level].of_sector[sector];
}

#endif
