/* Regions of a table in numbers beside its trade: what they make, by whom and with what energy, per head and per value added.
 *
 *     V_p  = sum_{j in p} v_j                value added, all components, in the unit of tanlu_dataset_result_money
 *     e_pg = sum_{j in p and g} e_j          emissions of production by group g of another level
 *     f_pc = sum_{j in p} f_jc               final energy by carrier class, where the dataset has extensions named as classes
 *     E_p = sum_g e_pg,  E_p / N_p,  E_p / V_p
 *
 * Production is that of model/embodied.h, to rounding. */
#ifndef TANLU_MODEL_REGION_PROFILE_H
#define TANLU_MODEL_REGION_PROFILE_H

#include "model/dataset.h"

/* What is told of regions beside the table; matrices column-major, NULL where nothing is told. */
typedef struct {
  double *population; /* regions: persons */
  double *households; /* regions: Mt CO2 that households burn themselves, not in the table */
  double *tile;       /* regions x 2: column from the left, row from the top in a map of tiles; whole numbers */
  tanlu_labels carrier;
  double *reported, *used; /* regions x carriers: TJ as reported, and after scaling to the nation; NaN: not told */
} tanlu_region_facts;
void tanlu_region_facts_clear(tanlu_region_facts *facts); /* frees what it holds; all zero afterwards */

typedef struct {
  size_t regions, groups;
  size_t by;           /* level of the groups; TANLU_NONE: the dataset has no other level */
  double *production;  /* regions: unit of the emission */
  double *value_added; /* regions */
  double *per_head;    /* regions: unit of the emission per million persons; NULL without population */
  double *per_value;   /* regions: unit of the emission per unit of value added; NaN where that is not above 0 */
  double *by_group;    /* regions x groups; NULL without */
  double *energy;      /* regions x TANLU_CLASS_COUNT; NULL where no extension is named as a class */
} tanlu_region_profile;

/* level: of the regions. Groups are those of `policy_group`, or of `sector` (imported tables), or there are none. emission: n. */
tanlu_status tanlu_region_profile_create(tanlu_region_profile **profile, const tanlu_dataset *dataset, size_t level,
                                         const double *emission, const tanlu_region_facts *facts,
                                         tanlu_context *context);
void tanlu_region_profile_free(tanlu_region_profile **profile); /* accepts NULL and half-built objects */

#endif
