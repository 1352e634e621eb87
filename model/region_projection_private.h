/* Private to model/regional_model.c and what projects with it. */
#ifndef TANLU_MODEL_REGION_PROJECTION_PRIVATE_H
#define TANLU_MODEL_REGION_PROJECTION_PRIVATE_H

#include "model/projection_private.h"
#include "model/region_projection.h"

struct tanlu_regional_model {
  const tanlu_model *nation;
  const tanlu_region_datasets *datasets;
  size_t regions;
  tanlu_model **model;
};

/* A region in a year: what reaches it, what it answers. */
typedef struct {
  const tanlu_model *model;
  tanlu_projector *projector;
  tanlu_centre centre;
  tanlu_outside outside;
  double *demand, *main_use, *place, *passed; /* n, processes, processes, cells: x lanes, all lanes alike */
  double coke[TANLU_LANES_LEAST];             /* lanes */
  double links[TANLU_LANES_LEAST], clean[TANLU_LANES_LEAST], nuclear[TANLU_LANES_LEAST]; /* lanes */
  double *held;                                                                          /* unknowns */
  size_t *factor;                  /* unknowns: the nation's unknown whose factor it takes, TANLU_NONE */
  double *inputs, *domestic, *use; /* n x n, n x n, n x categories: A, A_d and final use of the year */
  double covered, abroad;          /* of its electricity by links; of the nation's net imports */
  double *size;                    /* n: what demand of others is measured in, 10^4 CNY */
  /* the answer */
  double *wanted;     /* n: of the products of other regions, 10^4 CNY */
  double *own_use;    /* processes: its use of their main carriers, TJ */
  double coke_use;    /* TJ */
  double electricity; /* what is used, without losses, TJ */
  double gap;         /* logarithm of GDP reached over GDP wanted */
  tanlu_context *context;
  tanlu_status status;
} tanlu_region_member;

struct tanlu_regional_projector {
  const tanlu_regional_model *m;
  tanlu_regional_scenario *s; /* the one at hand */
  tanlu_context *context;     /* for its messages */
  int threads;
  size_t regions, n, processes, unknowns, lanes, years;
  tanlu_projector *nation;
  double *factor;              /* years x unknowns of the nation: logarithms */
  double *output;              /* years x n: of the nation, 10^4 CNY */
  bool *ruled;                 /* products: the nation gives a path in the year at hand */
  double *mean_weight;         /* targets + 1: the nation's weights of mean phi */
  tanlu_region_member *member; /* regions */
  double *weight;              /* regions x regions, [q regions + p]: part of p in the electricity that q receives */
  double used;                 /* electricity of the nation in the base year, TJ */
  double enough;               /* tolerance of the regions in this round, in units of that of the equilibrium */
  double nation_growth;        /* GDP of the nation against the base year */
  double *z, *step;            /* what moves between regions, and its change */
  double *by_sender, *pull;    /* regions: parts of an order; how much others turn to each */
  tanlu_lane_anderson *acceleration;
  bool prepared, stale;   /* is there a derivative, is it to be made anew? (region_newton.c) */
  double *matrix, *right; /* its factors; a right-hand side */
  int *pivot;
};

/* ---- region_member.c --------------------------------------------------------------------------------------------------------- */

/* Member q for scenarios like this one; half-built ones are cleared with the others. Errors: those of tanlu_projector_create. */
tanlu_status tanlu_region_member_make(tanlu_regional_projector *w, size_t q, const tanlu_regional_scenario *like,
                                      tanlu_context *context);
void tanlu_region_members_clear(tanlu_regional_projector *w);

/* ---- region_exchange.c ------------------------------------------------------------------------------------------------------

 * What moves between regions is a vector z that regions are solved at and that their answers give anew, z <- G(z): demand of others by
 * product against output of the base year, use of main carriers by others against the nation's, place of processes, electricity
 * received and sent against the nation's, what is passed on per output, and logarithms of how much others turn to a region (kappa) and
 * of what final use of all regions is multiplied by. */

/* Parts of z. */
double *tanlu_exchange_demand(const tanlu_regional_projector *w, double *z, size_t p); /* n */
double *tanlu_exchange_use(const tanlu_regional_projector *w, double *z, size_t p);    /* processes */
double *tanlu_exchange_place(const tanlu_regional_projector *w, double *z, size_t p);  /* processes */
double *tanlu_exchange_links(const tanlu_regional_projector *w, double *z, size_t p);  /* received, sent */
double *tanlu_exchange_passed(const tanlu_regional_projector *w, double *z);           /* cells */
double *tanlu_exchange_pull(const tanlu_regional_projector *w, double *z); /* regions, and final use of all */
size_t tanlu_exchange_size(const tanlu_regional_projector *w);
/* How much others turn to each region, into w->pull. */
void tanlu_exchange_find_pulls(const tanlu_regional_projector *w);
/* From the answers of all regions the next z, accelerated; how far this one was from standing still. */
double tanlu_exchange(const tanlu_regional_projector *w);
/* How much moves less than this stands still: of output, of the nation's use, of GDP. */
#define TANLU_EXCHANGE_SETTLED 1e-10
/* What electricity that is received and sent was made from, into every region. */
void tanlu_exchange_trace(const tanlu_regional_projector *w);
/* Flows of year t into the scenario. */
void tanlu_exchange_note(const tanlu_regional_projector *w, size_t t);
/* All lanes of number i. */
static inline void tanlu_region_lanes(const tanlu_regional_projector *w, double *to, size_t i, double value) {
  for (size_t l = 0; l < w->lanes; l++) to[i * w->lanes + l] = value;
}

/* ---- region_newton.c -------------------------------------------------------------------------------------------------------- */

/* Is the table small enough to be factorised? */
bool tanlu_exchange_may_prepare(const tanlu_regional_projector *w);
/* The derivative at the answers of all regions. Without an inverse there is none. Errors: memory. */
tanlu_status tanlu_exchange_prepare(tanlu_regional_projector *w, tanlu_context *context);
/* Demand, kappa and f of w->step, which holds G(z) - z, by the derivative. */
void tanlu_exchange_by_derivative(const tanlu_regional_projector *w);

#endif
