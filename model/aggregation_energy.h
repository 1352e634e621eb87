/* Energy statistics of a dataset whose sectors are aggregated, so that every new sector keeps the energy of its members and the nation
 * its energy and CO2 of the base year.
 *
 * Branches whose sectors go into new sectors of their own stay as they are; where the shares that purchases, output and the override
 * table would give a new sector are not those of its members together, the shares are stated in the override table. Where a new sector
 * has members of several branches, these branches and all that hang together with them by other new sectors end, and each of
 * their new sectors gets a branch of its own with
 *
 *     e_Jc = sum_(i in J) share_ic e_bc,   non-energy use likewise,
 *     factor_Jc = sum_i factor_ic q_ic / sum_i q_ic
 *
 * q: what member i emits by: fuel burned, the part of non-energy use whose carbon is not stored, and inputs of power and heat where it
 * runs them. A carrier that no member emits by has the mean by all carriers. */
#ifndef TANLU_MODEL_AGGREGATION_ENERGY_H
#define TANLU_MODEL_AGGREGATION_ENERGY_H

#include "model/aggregation.h"

typedef struct {
  size_t branches, carriers;
  size_t *kept;          /* branches: the old branch that this one is, TANLU_NONE for one that is made */
  size_t *sector;        /* branches: the new sector of one that is made, else TANLU_NONE */
  size_t *like;          /* branches: the old branch whose kind and uses it has */
  int *rank;             /* branches: as of tanlu_energy_statistics */
  size_t *user_group;    /* branches: old user group, TANLU_NONE for one of its own */
  size_t *sector_branch; /* new sectors: branch */
  double *final;         /* branches x carriers, TJ */
  double *non_energy;    /* branches x carriers, TJ: by branch */
  double *factor;        /* branches x carriers: of user groups of their own, tCO2/TJ */
  bool made;             /* is any branch made? */
  size_t overrides;
  tanlu_allocation *override; /* branch and sector are new */
  size_t *override_of;        /* overrides: the old one that it comes of, TANLU_NONE where the share is stated anew */
} tanlu_aggregated_energy;

/* accounts: the new ones; the concordance must be whole. `largest`: where branches of different kind or use come together, those of the
 * branch with most energy count (told in a note), else they are an error. Errors: TANLU_ERR_INPUT, naming the new sector and the
 * branches. */
tanlu_status tanlu_aggregate_energy(tanlu_aggregated_energy *energy, const tanlu_dataset *old,
                                    const tanlu_accounts *accounts, const tanlu_concordance *concordance, bool largest,
                                    tanlu_context *context);
/* What the nation uses and emits by using it in the base year: sectors, households, heat supply and power. */
typedef struct {
  double energy; /* TJ: final energy, non-energy use, and inputs of power and heat */
  double co2;    /* t */
} tanlu_nation;
tanlu_status tanlu_nation_of(tanlu_nation *nation, const tanlu_dataset *dataset, tanlu_context *context);

void tanlu_aggregated_energy_clear(tanlu_aggregated_energy *energy);

#endif
