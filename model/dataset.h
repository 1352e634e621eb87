/* The statistics of one base year, as the model takes them. inputs/ fills the struct from the files of a dataset
 * directory; model/ derives everything else from it and never changes it (model/perturb.h changes copies).
 *
 * Units: money 10^4 CNY at base-year producers' prices; energy TJ; generation TJ (1 TWh = 3600 TJ); capacity MW; mass as
 * stated; CO2 t; persons. Matrices are column-major. */
#ifndef TANLU_MODEL_DATASET_H
#define TANLU_MODEL_DATASET_H

#include <stdbool.h>
#include <stddef.h>

#include "model/drivers.h"
#include "model/labels.h"
#include "solvers/context.h"

/* ---- the table ------------------------------------------------------------------------------------------------- */

typedef enum { TANLU_IMPORT_PROPORTIONAL, TANLU_IMPORT_SPLIT, TANLU_IMPORT_NONE } tanlu_import_treatment;

/* What a category of final demand is to the model. */
typedef enum {
  TANLU_ROLE_RURAL,
  TANLU_ROLE_URBAN,
  TANLU_ROLE_GOVERNMENT,
  TANLU_ROLE_FIXED_CAPITAL,
  TANLU_ROLE_INVENTORIES,
  TANLU_ROLE_EXPORTS,
  TANLU_ROLE_REGIONS, /* to other regions of the nation: given from outside */
  TANLU_ROLE_OTHER
} tanlu_category_role;
enum { TANLU_ROLES = TANLU_ROLE_OTHER + 1 };

/* Does the category leave the place the table is of? */
static inline bool tanlu_role_leaves(tanlu_category_role role) {
  return role == TANLU_ROLE_EXPORTS || role == TANLU_ROLE_REGIONS;
}
/* Does it stand outside the shares of final use, with a rule of its own? */
static inline bool tanlu_role_apart(tanlu_category_role role) {
  return role == TANLU_ROLE_INVENTORIES || role == TANLU_ROLE_REGIONS;
}

/* "rural", "urban", ...: the word in files. */
const char *tanlu_category_role_word(tanlu_category_role role);

typedef struct {
  size_t n;                  /* sectors */
  tanlu_labels sector;       /* n */
  tanlu_labels category;     /* categories of final demand */
  tanlu_category_role *role; /* category.count */
  tanlu_labels component;    /* components of value added */
  double *flows;             /* n x n: use of product i by sector j, domestic and imported together */
  double *flows_domestic;    /* n x n, split only, else NULL */
  double *final_use;         /* n x categories, domestic and imported together */
  double *final_domestic;    /* n x categories, split only, else NULL */
  double *imports;           /* n */
  double *discrepancy;       /* n: err */
  double *value_added;       /* components x n: column j belongs to sector j */
  double *output;            /* n: x */
  tanlu_import_treatment import_treatment;
  double balance_tolerance; /* relative to output */
} tanlu_accounts;

void tanlu_accounts_clear(tanlu_accounts *accounts); /* frees what it holds; all zero afterwards */

/* ---- groupings -------------------------------------------------------------------------------------------------- */

typedef struct {
  char *name; /* "industry3", "policy_group", "structure" */
  tanlu_labels group;
  size_t *of_sector; /* n: index of the sector's group */
} tanlu_level;

/* ---- energy ------------------------------------------------------------------------------------------------------ */

#define TANLU_CARRIER_CLASS_LIST(X)                                                                                    \
  X(TANLU_CLASS_COAL, "coal", "Coal")                                                                                  \
  X(TANLU_CLASS_COKE, "coke", "Coke")                                                                                  \
  X(TANLU_CLASS_OIL, "oil", "Oil")                                                                                     \
  X(TANLU_CLASS_GAS, "gas", "Natural and manufactured gas")                                                            \
  X(TANLU_CLASS_BIOMASS, "biomass", "Biomass and other energy")                                                        \
  X(TANLU_CLASS_BYPRODUCT_GAS, "byproduct_gas", "By-product gas")                                                      \
  X(TANLU_CLASS_ELECTRICITY, "electricity", "Electricity")                                                             \
  X(TANLU_CLASS_HEAT, "heat", "Heat")                                                                                  \
  X(TANLU_CLASS_HYDROGEN, "hydrogen", "Hydrogen")

typedef enum {
#define X(code, word, name) code,
  TANLU_CARRIER_CLASS_LIST(X)
#undef X
      TANLU_CLASS_COUNT
} tanlu_carrier_class;

typedef struct {
  tanlu_labels label;       /* carriers */
  tanlu_carrier_class *cls; /* class of each */
  bool *burned;             /* false: never burned (bitumen, lubricants, waxes, white spirit) */
  bool *vehicle_fuel;       /* drives vehicles outside the transport branch (gasoline, diesel, kerosene) */
  double *stored_fraction;  /* share of the carbon of non-energy use that stays in the product */
  double *row_weight;       /* weight in the physical use of its energy row: 1; heat 0.3 */
  size_t *technology;       /* power technology that burns it in the thermal row of the balance, or TANLU_NONE */
  size_t *suppliers;        /* suppliers_max per carrier: sectors (rows) that sell it, TANLU_NONE-padded */
  size_t suppliers_max;
} tanlu_carriers;

typedef enum {
  TANLU_BRANCH_INDUSTRY,
  TANLU_BRANCH_AGRICULTURE,
  TANLU_BRANCH_CONSTRUCTION,
  TANLU_BRANCH_TRANSPORT,
  TANLU_BRANCH_SERVICES,
  TANLU_BRANCH_URBAN, /* urban households */
  TANLU_BRANCH_RURAL  /* rural households */
} tanlu_branch_kind;

/* Conversion processes of the energy balance. */
typedef enum {
  TANLU_PROCESS_THERMAL_POWER,
  TANLU_PROCESS_HEAT_SUPPLY,
  TANLU_PROCESS_CONVERSION, /* scales with the demand for its main carriers */
  TANLU_PROCESS_RECOVERY    /* by-product gases and waste heat: scales with coke use */
} tanlu_process_kind;

typedef struct {
  size_t branch;  /* the branch's use of */
  size_t carrier; /* this carrier: */
  size_t sector;  /* this sector takes */
  double share;   /* this fixed fraction; the rest goes by purchases among the sectors not named */
} tanlu_allocation;

typedef struct {
  tanlu_carriers carrier;
  tanlu_labels branch;
  tanlu_branch_kind *branch_kind;
  size_t *branch_user_group;   /* index into user_group */
  size_t *branch_use;          /* index into use: end use of the branch */
  size_t *branch_vehicle_use;  /* end use of vehicle fuels in the branch (the same index where not apart) */
  int *branch_non_energy_rank; /* 1, 2, ...: filled first; 0: takes the rest, in proportion to use; -1: none */
  size_t *sector_branch;       /* n: branch of each sector (never a household branch) */
  double *final;               /* branches x carriers (row-major): final energy, non-energy use included, TJ */
  double *non_energy;          /* carriers: national non-energy use, TJ */
  double *branch_non_energy;   /* branches x carriers (row-major): part of it, TJ; NULL: it goes by the ranks */
  tanlu_labels process;        /* conversion processes */
  tanlu_process_kind *process_kind;
  size_t *process_sector;         /* sector that runs it: its purchases of inputs follow them */
  bool *process_main;             /* processes x carriers: main products, whose demand scales the process */
  double *conversion;             /* processes x carriers: input negative, output positive, TJ */
  double *losses;                 /* carriers, TJ */
  tanlu_labels supply_item;       /* primary_production, imports, exports, ... */
  double *supply;                 /* supply items x carriers, signed so that their sum is what is available, TJ */
  double *statistical_difference; /* carriers: available + conversion - losses - final, TJ */
  double primary_hydro, primary_nuclear, primary_wind, primary_solar; /* of primary electricity, TJ */
  double electricity_coal_equivalent; /* coal-equivalent of 1 TJ of primary electricity: 2.4246 in 2020 */
  size_t allocations;
  tanlu_allocation *allocation; /* override table */
  tanlu_labels use;             /* end uses: industry_heat, transport, buildings */
  double *efficiency;           /* uses x TANLU_CLASS_COUNT: final to useful energy; 0 where none is stated */
  tanlu_labels user_group;      /* user groups of the emission factors */
  double *emission_factor;      /* user groups x carriers: tCO2 per TJ burned (content x oxidation x 44/12) */
  size_t throughputs;
  size_t (*throughput)[2]; /* (row, column): purchases that pass on the carriers both supply: grid, gas network */
  /* carriers with a part of their own in the equations */
  size_t electricity, heat, coke, hydrogen, biomass; /* hydrogen: zero in the base year */
} tanlu_energy_statistics;

/* ---- power, heat, hydrogen ---------------------------------------------------------------------------------------- */

typedef enum {
  TANLU_SOURCE_THERMAL, /* share of the balance's thermal generation */
  TANLU_SOURCE_HYDRO,   /* share of primary hydro ... */
  TANLU_SOURCE_NUCLEAR,
  TANLU_SOURCE_WIND,
  TANLU_SOURCE_SOLAR
} tanlu_power_source;

typedef struct {
  tanlu_labels technology;
  tanlu_power_source *source;
  double *source_share;    /* share of the source's base-year generation */
  double *capacity;        /* MW in the base year */
  double *hours;           /* hours a year where the base year has no generation to tell, else 0 */
  bool *follows_coke;      /* recovered gases and waste heat: generation follows coke use, not the scenario's mix */
  bool *variable;          /* wind and PV: counts towards the variable share */
  double *capacity_credit; /* firm capacity per unit of capacity */
  double *capture_rate;    /* share of the stack's CO2 captured (CCS technologies), else 0 */
  size_t *fuel;            /* carrier burned by generation beyond the base year's fuel mix, or TANLU_NONE */
  size_t *like;            /* CCS: technology whose fuel mix it takes, or TANLU_NONE */
  double *efficiency;      /* net efficiency of generation without a base year (and of added biomass), else 0 */
  double coal_rate;        /* gce/kWh of the base year: the index is 1 there */
  double variable_threshold, curtailment_slope, storage_slope, storage_cycle_share, storage_efficiency;
  double load_factor, reserve_margin, biomass_bound; /* biomass_bound TJ a year for power */
  double biogenic_factor; /* tCO2 per TJ of biomass: what a biomass plant with capture takes out of its stack */
} tanlu_power_statistics;

typedef struct {
  double electrolysis_efficiency, coal_efficiency, gas_efficiency; /* hydrogen out per TJ in */
  size_t coal_carrier, gas_carrier;
} tanlu_hydrogen_statistics;

/* ---- products and processes ----------------------------------------------------------------------------------------- */

typedef enum {
  TANLU_PRODUCT_CONTROLLED, /* may have a path in physical units; one per sector set */
  TANLU_PRODUCT_FOLLOWS,    /* follows the output of its sectors (tonnes where a path rules them) */
  TANLU_PRODUCT_PRIMARY     /* follows primary production of a carrier class (coal): an outcome */
} tanlu_product_kind;

typedef struct {
  tanlu_labels product;
  char **unit;  /* "Mt", ... */
  double *base; /* base-year output in `unit` */
  tanlu_product_kind *kind;
  bool *in_set;             /* products x n (row-major): the sectors of the product */
  tanlu_carrier_class *cls; /* PRIMARY: class whose primary supply it follows */
  tanlu_labels emission;    /* process emissions: cement, lime, ... */
  size_t *emission_product; /* the product whose tonnes it follows */
  size_t *emission_sector;  /* the sector that emits */
  double *emission_base;    /* t CO2 in the base year = activity x ratio x factor */
} tanlu_product_statistics;

/* ---- efficiency tiers and technology routes ------------------------------------------------------------------------- */

/* Capacity by specific energy: worse than the baseline level, from there to the benchmark level, better than it. */
typedef enum { TANLU_TIER_BELOW, TANLU_TIER_BETWEEN, TANLU_TIER_ABOVE, TANLU_TIERS } tanlu_tier;
/* Moves of capacity within a year. */
enum { TANLU_BELOW_TO_BETWEEN, TANLU_BELOW_TO_ABOVE, TANLU_BETWEEN_TO_ABOVE, TANLU_TIER_MOVES };

typedef struct {
  tanlu_labels process; /* industrial processes whose specific energy is regulated */
  size_t *group;        /* policy group whose energy use a process is part of */
  double *output;       /* base year, in millions of the unit of its products */
  double *beyond;       /* mean of the tier below = baseline + beyond (baseline - benchmark) */
  bool *feedstock;      /* the specific energy holds raw materials: it acts on non-energy use too */
  bool *has_shares;     /* the shares are known */
  double *share;        /* processes x TANLU_TIERS: of capacity, end of the base year; 0 where not known */
  int *goal_year;       /* 0 where there is no goal */
  double *goal;         /* processes x TANLU_TIERS: shares aimed at, NaN where there is none */
  tanlu_labels product; /* products, of which a process has one or more */
  size_t *of_process;
  double *weight;               /* share of the product in the output of its process */
  char **unit;                  /* of the levels: "kgce/t", ... */
  double *energy;               /* GJ per unit of the numerator of `unit` */
  double *baseline, *benchmark; /* in `unit` */
} tanlu_tier_statistics;

typedef struct {
  tanlu_labels process; /* industrial processes with a choice of routes */
  size_t *group;        /* policy group whose energy use a process is part of */
  double *output;       /* base year, Mt */
  tanlu_labels route;   /* routes of all processes */
  bool *has;            /* processes x routes */
  double *share;        /* processes x routes: of output in the base year */
  double *final;        /* processes x routes x classes: final energy without raw materials, GJ/t */
  double *feedstock;    /* processes x routes x classes: non-energy use, GJ/t */
  double *emission;     /* processes x routes x process emissions: t CO2 per t */
  double *capture;      /* processes x routes: share of the CO2 that is captured */
} tanlu_route_statistics;

/* Power plants, technologies; NULL where the dataset has no costs. */
typedef struct {
  double *cost;     /* CNY per kW at base-year prices; NaN where not known */
  double *lifetime; /* years; NaN where not known */
  double *
      bridge; /* technologies x policy groups: share of a group's products in the cost; a technology without one has zeros. NULL
                       where the dataset has none */
} tanlu_investment_statistics;

/* Base-year energy of the policy groups, groups x classes (tanlu_dataset_derive). */
typedef struct {
  double *final, *useful; /* TJ, without non-energy use */
  double *non_energy;     /* TJ */
  double *efficiency;     /* final to useful; where the group uses none that of its end use, 0 where none is stated */
} tanlu_group_energy;

/* ---- numbers by sector ------------------------------------------------------------------------------------------------ */

/* Emissions, energy, employment, ... of the base year, whatever the table came with. */
typedef struct {
  tanlu_labels label; /* extensions */
  char **unit;        /* count: "Mt", "1e4 persons", ...; "" where not told */
  double *value;      /* n x count: column k holds extension k */
} tanlu_extension_statistics;

/* ---- the dataset --------------------------------------------------------------------------------------------------- */

typedef struct tanlu_dataset {
  char *name, *title, *path;
  char *region;              /* the place it is of: "China"; goals of other places are not judged on it */
  int base_year, history_to; /* history is recorded for base_year .. history_to */
  bool accounts_only;        /* a table, its levels and extensions; all else is empty */
  char *money;               /* accounts alone: unit of their money, "1e6 EUR"; NULL: 10^4 CNY (tanlu_dataset_money) */
  tanlu_accounts accounts;
  size_t levels;
  tanlu_level *level;
  size_t policy_level; /* index of the level whose groups carry the drivers: "policy_group" */
  tanlu_energy_statistics energy;
  tanlu_power_statistics power;
  tanlu_hydrogen_statistics hydrogen;
  tanlu_product_statistics products;
  double *useful_share;            /* mix groups x classes: base-year mix of useful energy, see tanlu_dataset_derive */
  tanlu_group_energy group_energy; /* see tanlu_dataset_derive */
  tanlu_tier_statistics tiers;
  tanlu_route_statistics routes;
  tanlu_investment_statistics investment;
  double population, urbanisation;      /* base year: persons, urban share */
  double sinks;                         /* base year: net CO2 removal by land, Mt a year */
  tanlu_extension_statistics extension; /* none where the dataset has no extensions.csv, or was read whole */
  double *employment;                   /* n: persons in the base year; NULL where not recorded */
  double co2_gdp_change_from_2005;      /* energy CO2 per GDP, base year against 2005: -0.484 for 2020 */
  tanlu_labels observed;                /* recorded yearly quantities, for comparison only */
  char **observed_unit;
  double *observed_value; /* observed x (history_to - base_year + 1); NaN where not recorded */
  size_t files;           /* files read, for provenance */
  char **file;            /* names relative to path */
  char **sha256;          /* 64 hexadecimal digits each */
} tanlu_dataset;

void tanlu_dataset_free(tanlu_dataset **dataset); /* accepts NULL and half-built objects */
/* A dataset of its own with the same numbers, for who changes some of them. */
tanlu_status tanlu_dataset_copy(tanlu_dataset **copy, const tanlu_dataset *dataset, tanlu_context *context);

/* Fill useful_share and group_energy from the allocated energy; called once by whoever fills the struct, after all else but tiers
 * and routes is in place. */
tanlu_status tanlu_dataset_derive(tanlu_dataset *dataset, tanlu_context *context);

/* The level of this name; TANLU_NONE where there is none, which the second one reports, with the nearest (TANLU_ERR_INPUT). */
size_t tanlu_dataset_level(const tanlu_dataset *dataset, const char *name);
tanlu_status tanlu_dataset_find_level(const tanlu_dataset *dataset, const char *name, size_t *level,
                                      tanlu_context *context);
/* A group of any level by code: *level and *group. A code on two levels must name the same set of sectors. */
tanlu_status tanlu_dataset_find_group(const tanlu_dataset *dataset, const char *code, size_t *level, size_t *group);
/* Labels of the groups of the driver level. */
const tanlu_labels *tanlu_dataset_policy_groups(const tanlu_dataset *dataset);

/* Unit of the accounts in memory: "1e4 CNY", or the own one of accounts alone. */
const char *tanlu_dataset_money(const tanlu_dataset *dataset);
/* FACTOR CURRENCY, as a unit of money of accounts alone must be: a number above 0 and a word of letters and digits, "1e6 EUR". */
bool tanlu_money_well_formed(const char *text);
/* Unit in which results show money, and the factor to it from memory: "1e8 CNY" and 1e-4, or the own one and 1. */
const char *tanlu_dataset_result_money(const tanlu_dataset *dataset, double *factor);

const char *tanlu_carrier_class_word(tanlu_carrier_class cls);

#endif
