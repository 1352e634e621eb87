/* Several regions projected together: every region with the nation's equations on a dataset of its own (model/region_datasets.h),
 * tied by what they send each other.
 *
 * In a year, given what the others want of it, region q solves its own equilibrium (model/equilibrium.h). What it wants
 * of product i from others, W_qi, comes from regions p by their base-year parts, turned to those that grow:
 *
 *     E_pi = sum_q T_pq,i,t W_qi        T_pq,i,t = T_pq,i kappa_p,t / sum_p' T_p'q,i kappa_p',t
 *
 * E is the demand that reaches p from outside (category `other_regions`), kappa_p how much all others turn to p. GDP of every region is what
 * its growth says: kappa is solved for it, one number a region. Final use of a region per GDP moves as the nation's, so that nobody
 * spends what others earn and shares of trade in GDP stay in their order: log F_r = log F + log (G_r / G) + f with F and the growth G of the
 * nation, f one number for all regions that makes up the sum. Of two regions each has but one other to turn to; there F is solved for GDP
 * instead. (With kappa fixed and F solved for GDP, provinces whose services the nation's structure favours ended with final use of a
 * tenth of their GDP.)
 *
 * Electricity moves with its own balance: q covers by links the part of its demand that it covered in the base year, senders share it by
 * kappa too. What coking, refining, washing and gas works process is the nation's demand for their main carriers, wherever it is used;
 * where they are run follows the output of the sectors that run them. These are repeated until nothing moves by more than 1e-10, which
 * solves the multi-regional table of regions x sectors with all of its feedback. What one region wants of others is, use by use, the
 * part that the nation makes at home less the part that the region makes itself, as in the base year: import shares cannot change.
 *
 * Factors phi, q of structure targets and product paths are those the nation's own scenario finds (they are national policies), except
 * where a region gives targets or paths of its own. Where the nation gives a product's path, energy of all sectors of its set follows
 * what they put out together in the region, as it follows the tonnes in the nation.
 *
 * Who leads. REGIONS: the nation is the sum of its regions. NATION: every quantity of the regions that adds up is scaled, member
 * by member and year by year, to the path of the nation's own projection; what is one sum over another (per head, per GDP) is formed anew, shares and rates stay
 * the region's (model/region_closure.h).
 * One region gives the nation's projection. */
#ifndef TANLU_MODEL_REGION_PROJECTION_H
#define TANLU_MODEL_REGION_PROJECTION_H

#include "model/projection.h"
#include "model/region_datasets.h"

typedef enum { TANLU_LEAD_NATION, TANLU_LEAD_REGIONS } tanlu_regional_lead;

/* The models of all regions; nation and datasets must live. Errors: those of tanlu_model_create, naming the region. */
typedef struct tanlu_regional_model tanlu_regional_model;
tanlu_status tanlu_regional_model_create(tanlu_regional_model **model, const tanlu_model *nation,
                                         const tanlu_region_datasets *datasets, tanlu_context *context);
void tanlu_regional_model_free(tanlu_regional_model **model); /* accepts NULL and half-built objects */
const tanlu_model *tanlu_regional_model_of(const tanlu_regional_model *model, size_t region);
size_t tanlu_regional_model_regions(const tanlu_regional_model *model);

/* What moves between regions; years x regions x regions, [(t regions + q) regions + p]: from p to q. */
typedef struct {
  double *money;       /* all products, 10^4 CNY */
  double *electricity; /* TJ, as received; senders generate 1 / (1 - their rate of losses) of it */
} tanlu_regional_flow;

typedef struct {
  const char *name;                   /* for messages */
  const tanlu_drivers *nation;        /* of the nation's dataset */
  const tanlu_drivers *const *region; /* regions: of the regions' datasets (model/region_drivers.h), same years */
  tanlu_regional_lead lead;
  tanlu_projection *national;          /* out: the nation's own projection */
  tanlu_projection *const *projection; /* out: regions; of the regions' datasets */
  tanlu_regional_flow flow;            /* out; arrays are the caller's, NULL: not wanted */
  /* out: years x TANLU_FIELD_COUNT, sum over regions against the nation's own path, largest over members and relative to the field's
   * total, before anything is scaled; NaN for fields that do not add up; NULL: not wanted */
  double *gap;
  size_t rounds; /* out: of the exchange between regions, all years */
} tanlu_regional_scenario;

/* Project `count` scenarios, each on its own; `threads` share the scenarios, or the regions of a single one, and bits do not depend on
 * their number. `progress` is called
 * with scenario-years done. Errors: TANLU_ERR_MODEL naming scenario, region, year and the cause. */
tanlu_status tanlu_regional_project(const tanlu_regional_model *model, tanlu_regional_scenario *scenario, size_t count,
                                    int threads, tanlu_progress progress, void *user, tanlu_context *context);

/* Memory to project scenarios one after the other whose drivers are like those of `like` (the same years and structure targets, in the
 * nation and in each region), which must live. A scenario has the bits of tanlu_regional_project, whatever ran before, failures
 * included. `like` needs no projections. */
typedef struct tanlu_regional_projector tanlu_regional_projector;
tanlu_status tanlu_regional_projector_create(tanlu_regional_projector **projector, const tanlu_regional_model *model,
                                             const tanlu_regional_scenario *like, int threads, tanlu_context *context);
tanlu_status tanlu_regional_projector_one(tanlu_regional_projector *projector, tanlu_regional_scenario *scenario,
                                          tanlu_context *context);
void tanlu_regional_projector_free(tanlu_regional_projector **projector); /* accepts NULL */

#endif
