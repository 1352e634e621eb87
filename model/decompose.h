/* Decomposition of a change between two solved states (years or scenarios): Kaya, LMDI-I or structural decomposition behind one
 * interface. A state keeps what its method needs of a visited year; effects of two states add up to the change between them,
 * in all and for every part. */
#ifndef TANLU_MODEL_DECOMPOSE_H
#define TANLU_MODEL_DECOMPOSE_H

#include "model/solved_accounts.h"

typedef enum { TANLU_DECOMPOSE_LMDI, TANLU_DECOMPOSE_KAYA, TANLU_DECOMPOSE_SDA } tanlu_decompose_method;
typedef enum { TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_CO2_ENERGY, TANLU_DECOMPOSE_OUTPUT } tanlu_decompose_of;
typedef enum { TANLU_DECOMPOSE_BY_GROUP, TANLU_DECOMPOSE_BY_SECTOR, TANLU_DECOMPOSE_BY_CARRIER } tanlu_decompose_by;
/* Factors that technology stands for: one; inputs of energy products and other inputs; inputs from each policy group. */
typedef enum { TANLU_TECHNOLOGY_WHOLE, TANLU_TECHNOLOGY_ENERGY, TANLU_TECHNOLOGY_GROUPS } tanlu_decompose_technology;

/* lmdi: of co2_total or co2_energy, by group (policy groups and household uses), sector or carrier (terms by group).
 * kaya: of co2_energy, one part.  sda: of co2_total or output, by group or sector; technology as said. */
typedef struct {
  tanlu_decompose_method method;
  tanlu_decompose_of of;
  tanlu_decompose_by by;
  tanlu_decompose_technology technology;
} tanlu_decompose_plan;

typedef struct tanlu_decomposer tanlu_decomposer;
typedef struct tanlu_decompose_state tanlu_decompose_state;

/* One thread at a time. TANLU_ERR_INTERNAL for a plan outside the above. */
tanlu_status tanlu_decomposer_create(tanlu_decomposer **decomposer, const tanlu_decompose_plan *plan,
                                     const tanlu_model *model, tanlu_context *context);
void tanlu_decomposer_free(tanlu_decomposer **decomposer);
const tanlu_labels *tanlu_decomposer_effects(const tanlu_decomposer *decomposer);
const tanlu_labels *tanlu_decomposer_parts(const tanlu_decomposer *decomposer);
const char *tanlu_decomposer_what(const tanlu_decomposer *decomposer); /* "co2_total", "gross_output" */
const char *tanlu_decomposer_unit(const tanlu_decomposer *decomposer); /* "Mt", "1e8 CNY_2020" */

/* A state from a year that is being visited. */
tanlu_status tanlu_decompose_state_create(tanlu_decompose_state **state, const tanlu_decomposer *decomposer,
                                          const tanlu_solved_accounts *accounts, tanlu_context *context);
void tanlu_decompose_state_free(tanlu_decompose_state **state); /* accepts NULL */
int tanlu_decompose_state_year(const tanlu_decompose_state *state);
double tanlu_decompose_state_total(const tanlu_decompose_state *state); /* as the model's accounts have it */
const double *tanlu_decompose_state_parts(const tanlu_decompose_state *state);

/* effect (out): effects x parts, in the unit. Errors: TANLU_ERR_MODEL where the method does not apply, as said in the headers of
 * the methods; memory. */
tanlu_status tanlu_decompose_between(tanlu_decomposer *decomposer, const tanlu_decompose_state *from,
                                     const tanlu_decompose_state *to, double *effect, tanlu_context *context);

#endif
