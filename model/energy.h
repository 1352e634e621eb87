/* Energy of the base year by user, and its use in any year: useful energy, its mix, and the carriers that supply it.
 *
 * A user is a sector, one of the four household uses, or heat supply (whose useful energy is the heat it puts out):
 * users = n + TANLU_HOUSEHOLD_USES + 1, in that order. With a the activity of a user (base year = 1),
 *
 *     useful energy of class c    u_c = a u_0 index m_c
 *     final energy of class c     e_c = u_c / (efficiency_c index_c)
 *     mix                         m_c = m_c0 rho_c + gamma_c sum_k m_k0 (1 - rho_k)
 *
 * Within a class carriers keep their base-year proportions. Non-energy use and carriers that are never burned stand beside
 * the mix and follow activity. By-product gases have the retention of coke in the group that recovers them. */
#ifndef TANLU_MODEL_ENERGY_H
#define TANLU_MODEL_ENERGY_H

#include "model/dataset.h"
#include "model/levers.h"

typedef struct {
  const tanlu_dataset *dataset;
  size_t n, carriers, users;
  size_t *mix_group;       /* users: member of TANLU_AXIS_MIX_GROUP */
  size_t *use;             /* users: end use */
  size_t *user_group;      /* users: user group of the emission factors */
  double *final;           /* users x carriers: base-year energy use without non-energy use, TJ */
  double *non_energy;      /* users x carriers: non-energy use, never-burned carriers included, TJ */
  double *efficiency;      /* users x classes: final to useful */
  double *useful;          /* users x classes: base-year useful energy, TJ */
  double *useful_total;    /* users */
  double *within_class;    /* users x carriers: share of a carrier in its class */
  size_t recovery_group;   /* policy group that recovers by-product gases, TANLU_NONE when none does */
  double worst_allocation; /* largest relative gap of the sectors' sum against a branch's use */
} tanlu_energy;

/* Allocate the branch statistics to sectors: overrides, then purchases of the supplying products, then output; totals by
 * branch and carrier are kept. What a region has none of is as in its nation (NULL: the dataset is one): the carrier that leads a
 * class. Errors: TANLU_ERR_INPUT naming branch and carrier where the table gives no base. */
tanlu_status tanlu_energy_create(tanlu_energy **energy, const tanlu_dataset *dataset, const tanlu_dataset *nation,
                                 tanlu_context *context);
void tanlu_energy_free(tanlu_energy **energy);

/* Base-year mix of useful energy by mix group: groups x classes, 0 where a group uses none. */
void tanlu_energy_useful_share(const tanlu_energy *energy, double *share);

/* The same in TJ, with final energy, non-energy use and efficiencies, by policy group and class. */
void tanlu_energy_of_groups(const tanlu_energy *energy, tanlu_group_energy *groups);

/* Energy per unit of activity in a year, by class and lane. */
typedef struct {
  double *rho, *gamma;    /* mix groups x classes x lanes: retention and gain */
  double *inverse;        /* uses x classes x lanes: 1 / index of efficiency */
  double *final, *useful; /* users x classes x lanes, TJ; without non-energy use */
} tanlu_energy_mix;

tanlu_status tanlu_energy_mix_create(tanlu_energy_mix **mix, const tanlu_energy *energy, size_t width,
                                     tanlu_context *context);
void tanlu_energy_mix_free(tanlu_energy_mix **mix);
/* Fills the mix. A lane fails that moves to a class without a stated efficiency. */
void tanlu_energy_mix_year(const tanlu_energy *energy, const tanlu_levers *levers, tanlu_energy_mix *mix,
                           tanlu_lane_report *report);

static inline size_t tanlu_user_household(const tanlu_energy *energy, size_t use) {
  return energy->n + use;
}
static inline size_t tanlu_user_heat(const tanlu_energy *energy) {
  return energy->n + TANLU_HOUSEHOLD_USES;
}

#endif
