/* The variables of a projection: one table names each field, its axes and the factor to result units. outputs/ writes
 * and reads by this table; the projection fills the arrays. */
#ifndef TANLU_MODEL_FIELDS_H
#define TANLU_MODEL_FIELDS_H

#include <stddef.h>

#include "model/dataset.h"
#include "solvers/context.h"

typedef enum {
  TANLU_DIM_NONE,
  TANLU_DIM_YEAR,
  TANLU_DIM_SECTOR,
  TANLU_DIM_CATEGORY,
  TANLU_DIM_CARRIER,
  TANLU_DIM_CLASS,
  TANLU_DIM_TECHNOLOGY,
  TANLU_DIM_PRODUCT,
  TANLU_DIM_INDICATOR,
  TANLU_DIM_HOUSEHOLD, /* urban, rural */
  TANLU_DIM_GROUP,     /* policy groups */
  TANLU_DIM_COUNT
} tanlu_dim;

/* id, variable name, axes after (scenario, year), unit in results, factor from internal units, long name */
#define TANLU_FIELD_LIST(X)                                                                                            \
  X(OUTPUT, "gross_output", SECTOR, NONE, "1e8 CNY_2020", 1e-4, "Gross output at 2020 producers' prices")              \
  X(VALUE_ADDED, "value_added", SECTOR, NONE, "1e8 CNY_2020", 1e-4, "Value added at 2020 prices")                      \
  X(IMPORTS, "imports", SECTOR, NONE, "1e8 CNY_2020", 1e-4, "Imports by product at 2020 prices")                       \
  X(FINAL_DEMAND, "final_demand", CATEGORY, SECTOR, "1e8 CNY_2020", 1e-4,                                              \
    "Final use by category and product, domestic and imported, at 2020 prices")                                        \
  X(FINAL_ENERGY, "final_energy", CARRIER, SECTOR, "PJ", 1e-3,                                                         \
    "Final energy by carrier and sector, non-energy use "                                                              \
    "included")                                                                                                        \
  X(NON_ENERGY, "non_energy_use", CARRIER, SECTOR, "PJ", 1e-3, "Non-energy use by carrier and sector")                 \
  X(HOUSEHOLD_ENERGY, "household_energy", HOUSEHOLD, CARRIER, "PJ", 1e-3, "Final energy of households by carrier")     \
  X(VEHICLE_ENERGY, "household_vehicle_energy", HOUSEHOLD, CARRIER, "PJ", 1e-3,                                        \
    "Final energy of the vehicles of households by carrier, part of household_energy")                                 \
  X(USEFUL_ENERGY, "useful_energy", GROUP, CLASS, "PJ", 1e-3, "Useful energy by policy group and carrier class")       \
  X(PRIMARY_ENERGY, "primary_energy", CARRIER, NONE, "PJ", 1e-3, "Primary energy by carrier, calorific, net of trade") \
  X(TRANSFORMATION, "transformation", CARRIER, NONE, "PJ", 1e-3,                                                       \
    "Conversion by carrier: input negative, output positive")                                                          \
  X(CO2, "co2", SECTOR, NONE, "Mt", 1e-6, "CO2 by sector: combustion and process, less capture")                       \
  X(CO2_COMBUSTION, "co2_combustion", SECTOR, NONE, "Mt", 1e-6, "CO2 of combustion by sector before capture")          \
  X(CO2_PROCESS, "co2_process", SECTOR, NONE, "Mt", 1e-6, "Process CO2 by sector before capture")                      \
  X(CO2_CAPTURED, "co2_captured", SECTOR, NONE, "Mt", 1e-6, "CO2 captured by sector")                                  \
  X(CAPTURED_PROCESS, "co2_captured_process", SECTOR, NONE, "Mt", 1e-6,                                                \
    "Process CO2 captured by sector, part of co2_captured")                                                            \
  X(HOUSEHOLD_CO2, "household_co2", HOUSEHOLD, NONE, "Mt", 1e-6, "CO2 of households")                                  \
  X(VEHICLE_CO2, "household_vehicle_co2", HOUSEHOLD, NONE, "Mt", 1e-6,                                                 \
    "CO2 of the vehicles of households, part of household_co2")                                                        \
  X(GENERATION, "generation", TECHNOLOGY, NONE, "TWh", 1.0 / 3600.0, "Electricity generation by technology")           \
  X(CAPACITY, "capacity", TECHNOLOGY, NONE, "GW", 1e-3, "Capacity by technology")                                      \
  X(PRODUCT_OUTPUT, "product_output", PRODUCT, NONE, "unit of the product", 1.0, "Output in physical units")           \
  X(FINAL_FACTOR, "closure_factor", SECTOR, NONE, "1", 1.0,                                                            \
    "phi: multiplier of final demand of the product against base-year composition")                                    \
  X(INPUT_FACTOR, "substitution_factor", SECTOR, NONE, "1", 1.0, "r: multiplier of the product's use as an input")     \
  X(GROUP_VALUE_ADDED, "value_added_by_group", GROUP, NONE, "1e8 CNY_2020", 1e-4,                                      \
    "Value added at 2020 prices by policy group")                                                                      \
  X(GROUP_FINAL_ENERGY, "final_energy_by_group", GROUP, NONE, "PJ", 1e-3,                                              \
    "Final energy by policy group, non-energy use included")                                                           \
  X(GROUP_CO2, "co2_by_group", GROUP, NONE, "Mt", 1e-6, "CO2 by policy group: combustion and process, less capture")   \
  X(GROUP_EMPLOYMENT, "employment_by_group", GROUP, NONE, "million", 1e-6,                                             \
    "Persons employed by policy group; missing where the dataset has no employment")                                   \
  X(CAPACITY_ADDED, "capacity_added", TECHNOLOGY, NONE, "GW", 1e-3,                                                    \
    "Capacity built within the year by technology; missing in the base year")                                          \
  X(INVESTMENT, "investment", TECHNOLOGY, NONE, "1e8 CNY_2020", 1e-4,                                                  \
    "Investment in power plants by technology; missing in the base year")                                              \
  X(INDICATOR, "indicator_value", INDICATOR, NONE, "see indicator_unit", 1.0, "Indicators")

typedef enum {
#define X(id, name, d1, d2, unit, factor, text) TANLU_FIELD_##id,
  TANLU_FIELD_LIST(X)
#undef X
      TANLU_FIELD_COUNT
} tanlu_field_id;

typedef struct {
  const char *name;
  tanlu_dim dim[2]; /* after year; TANLU_DIM_NONE where absent; the second runs fastest */
  const char *unit;
  double factor; /* result unit = internal unit x factor */
  const char *long_name;
} tanlu_field_info;
extern const tanlu_field_info tanlu_field_table[TANLU_FIELD_COUNT];

/* Labels of a dimension (NULL for NONE and YEAR). Indicators, classes and households come from the code's own tables. */
const tanlu_labels *tanlu_dim_labels(const tanlu_dataset *dataset, tanlu_dim dim);
size_t tanlu_dim_size(const tanlu_dataset *dataset, tanlu_dim dim);
const char *tanlu_dim_name(tanlu_dim dim); /* "sector", ...; "year" */

/* Stages of a projection, for measuring. */
typedef enum { TANLU_STAGE_SETUP, TANLU_STAGE_EQUILIBRIUM, TANLU_STAGE_RECORD, TANLU_STAGE_COUNT } tanlu_stage;

/* Results of one scenario, in internal units. */
typedef struct {
  int from;
  size_t years;
  size_t size[TANLU_FIELD_COUNT];    /* numbers a year */
  double *value[TANLU_FIELD_COUNT];  /* years x size */
  double *carrier_work;              /* 2 x carriers: work of recording */
  double worst_residual;             /* largest relative residual of the solved systems */
  double worst_balance;              /* largest relative gap of the conservation checks */
  bool alone;                        /* left the neighbourhood of a common centre */
  size_t iterations;                 /* steps of the equilibrium in all */
  double seconds[TANLU_STAGE_COUNT]; /* wall time by stage; no result */
} tanlu_projection;

tanlu_status tanlu_projection_create(tanlu_projection **projection, const tanlu_dataset *dataset, int from,
                                     size_t years, tanlu_context *context);
/* With the fields named in `wanted` alone, a combination of 1 << id; the others stay NULL. */
tanlu_status tanlu_projection_create_some(tanlu_projection **projection, const tanlu_dataset *dataset, int from,
                                          size_t years, unsigned long wanted, tanlu_context *context);
void tanlu_projection_free(tanlu_projection **projection);
/* As it was when created. */
void tanlu_projection_reset(tanlu_projection *projection);

#endif
