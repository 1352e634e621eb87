/* Drivers: everything a scenario decides, one number for every year and member.
 *
 * One table describes them all: the path in a scenario file, the axes its members come from, unit, bounds and the value
 * where nothing is said. inputs/ turns timelines into these arrays; the model reads nothing else of a scenario. */
#ifndef TANLU_MODEL_DRIVERS_H
#define TANLU_MODEL_DRIVERS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/labels.h"
#include "solvers/context.h"

struct tanlu_dataset;

/* Members of the axes that are the same for every dataset. */
enum {
  TANLU_MIX_BUILDINGS,
  TANLU_MIX_VEHICLES,
  TANLU_MIX_HEAT_SUPPLY,
  TANLU_EXTRA_MIX_GROUPS
}; /* after the policy groups */
enum { TANLU_HYDROGEN_ELECTROLYSIS, TANLU_HYDROGEN_COAL, TANLU_HYDROGEN_GAS, TANLU_HYDROGEN_ROUTES };
enum { TANLU_URBAN_BUILDINGS, TANLU_URBAN_VEHICLES, TANLU_RURAL_BUILDINGS, TANLU_RURAL_VEHICLES, TANLU_HOUSEHOLD_USES };

/* Axes of driver members. */
typedef enum {
  TANLU_AXIS_ONE,          /* a single number */
  TANLU_AXIS_CATEGORY,     /* categories of final demand */
  TANLU_AXIS_POLICY_GROUP, /* groups of the driver level; a file may name a group of any level, or `all` */
  TANLU_AXIS_MIX_GROUP,    /* policy groups, then buildings, vehicles (households), heat_supply */
  TANLU_AXIS_CLASS,        /* carrier classes */
  TANLU_AXIS_USE,          /* end uses */
  TANLU_AXIS_TECHNOLOGY,   /* power technologies */
  TANLU_AXIS_PRODUCT,
  TANLU_AXIS_EMISSION,      /* process emissions */
  TANLU_AXIS_HYDROGEN,      /* electrolysis, coal, gas */
  TANLU_AXIS_HOUSEHOLD,     /* urban_buildings, urban_vehicles, rural_buildings, rural_vehicles */
  TANLU_AXIS_TIER_PROCESS,  /* industrial processes with efficiency tiers; a file may name `all` */
  TANLU_AXIS_TIER_MOVE,     /* below_to_between, below_to_above, between_to_above */
  TANLU_AXIS_ROUTE_PROCESS, /* industrial processes with technology routes */
  TANLU_AXIS_ROUTE,         /* routes of all of them */
  TANLU_AXIS_TARGET         /* structure targets of the scenario: groups of any level, in file order */
} tanlu_axis;

/* How the value of a driver is written and what it means where nothing is written. */
typedef enum {
  TANLU_FORM_LEVEL,      /* a number in `unit`; default as given in the table */
  TANLU_FORM_INDEX,      /* base year = 1; `{trend: P}` (percent a year after the history) is also accepted */
  TANLU_FORM_SHARE,      /* a list of shares along the last axis: unnamed members keep their last recorded share, the
                           `balance` member takes the rest, and the sum is 1 in every year */
  TANLU_FORM_SHARE_PATH, /* as SHARE, but NaN for every member of the list where the scenario gives none */
  TANLU_FORM_PATH        /* optional: NaN where the scenario gives none */
} tanlu_driver_form;

/* id, path with * for the members, axis 1, axis 2, form, unit, lowest, highest, default, meaning.
 * Axis 2 is the one that runs fastest in memory. */
#define TANLU_DRIVER_LIST(X)                                                                                           \
  X(GDP_GROWTH, "gdp.growth", ONE, ONE, LEVEL, "percent a year", -20.0, 20.0, (double)NAN,                             \
    "growth of GDP at base-year prices")                                                                               \
  X(POPULATION, "population", ONE, ONE, LEVEL, "million", 1.0, 1e5, (double)NAN, "population at the end of the year")  \
  X(URBANISATION, "urbanisation", ONE, ONE, LEVEL, "1", 0.0, 1.0, (double)NAN, "urban share of the population")        \
  X(CATEGORY_SHARE, "final_demand.share.*", CATEGORY, ONE, SHARE, "1", 0.0, 1.0, (double)NAN,                          \
    "share of final use (exports included, inventories apart)")                                                        \
  X(INVENTORIES, "final_demand.inventories", ONE, ONE, INDEX, "base year = 1", 0.0, 10.0, 1.0,                         \
    "stock building per GDP")                                                                                          \
  X(COMPOSITION, "final_demand.composition.*.*", CATEGORY, POLICY_GROUP, INDEX, "base year = 1", 0.0, 100.0, 1.0,      \
    "weight of a group's products within a category")                                                                  \
  X(IMPORT_SHARE, "imports.*", POLICY_GROUP, ONE, INDEX, "base year = 1", 0.0, 100.0, 1.0,                             \
    "share of imports in domestic use")                                                                                \
  X(SUBSTITUTION, "technology.substitution.*", POLICY_GROUP, ONE, INDEX, "base year = 1", 0.0, 100.0, 1.0,             \
    "r: use of a group's products per unit of every sector's output")                                                  \
  X(FABRICATION, "technology.fabrication.*", POLICY_GROUP, ONE, INDEX, "base year = 1", 0.0, 100.0, 1.0,               \
    "s: intermediate input per unit of a group's output")                                                              \
  X(LABOUR_PRODUCTIVITY, "labour_productivity.*", POLICY_GROUP, ONE, INDEX, "base year = 1", 0.01, 1000.0, 1.0,        \
    "value added per person employed")                                                                                 \
  X(STRUCTURE_SUBSTITUTION, "structure.substitution", ONE, ONE, LEVEL, "1", 0.0, 2.0, 0.5,                             \
    "theta: how far inputs follow the structure of final demand")                                                      \
  X(STRUCTURE_SHARE, "structure.share.*", TARGET, ONE, PATH, "1", 0.0, 1.0, (double)NAN,                               \
    "share of a group in value added at base-year prices")                                                             \
  X(PRODUCT_PATH, "products.*", PRODUCT, ONE, PATH, "unit of the product", 0.0, 1e7, (double)NAN,                      \
    "output in physical units")                                                                                        \
  X(CAPACITY_START, "capacity.*.start", PRODUCT, ONE, PATH, "unit of the product", 0.0, 1e7, (double)NAN,              \
    "capacity at the end of the last recorded year")                                                                   \
  X(CAPACITY_RETIREMENT, "capacity.*.retire", PRODUCT, ONE, PATH, "share a year", 0.0, 1.0, (double)NAN,               \
    "part of the capacity that is retired within the year")                                                            \
  X(CAPACITY_REPLACEMENT, "capacity.*.replace", PRODUCT, ONE, PATH, "1", 1.0, 100.0, (double)NAN,                      \
    "capacity retired per capacity built in its place")                                                                \
  X(CAPACITY_CAP, "capacity.*.cap", PRODUCT, ONE, PATH, "unit of the product", 0.0, 1e7, (double)NAN,                  \
    "upper bound of output")                                                                                           \
  X(PRODUCT_VALUE, "product_value.*", PRODUCT, ONE, INDEX, "base year = 1", 0.01, 100.0, 1.0,                          \
    "value of output per physical unit")                                                                               \
  X(INTENSITY, "energy.intensity.*", POLICY_GROUP, ONE, INDEX, "base year = 1", 0.0, 100.0, 1.0,                       \
    "useful energy per unit of output")                                                                                \
  X(FEEDSTOCK, "energy.feedstock.*", POLICY_GROUP, ONE, INDEX, "base year = 1", 0.0, 100.0, 1.0,                       \
    "non-energy use per unit of output")                                                                               \
  X(EFFICIENCY, "energy.efficiency.*.*", USE, CLASS, INDEX, "base year = 1", 0.01, 100.0, 1.0,                         \
    "efficiency from final to useful energy")                                                                          \
  X(RETAIN, "energy.mix.*.retain.*", MIX_GROUP, CLASS, INDEX, "base year = 1", 0.0, 1.0, 1.0,                          \
    "rho: retention of a carrier class in useful energy")                                                              \
  X(GAIN, "energy.mix.*.gain.*", MIX_GROUP, CLASS, SHARE, "1", 0.0, 1.0, (double)NAN,                                  \
    "gamma: share of a carrier class in what the others lose")                                                         \
  X(MIX_SHARE, "energy.mix.*.share.*", MIX_GROUP, CLASS, SHARE_PATH, "1", 0.0, 1.0, (double)NAN,                       \
    "path of a carrier class in a group's useful energy, instead of retain and gain")                                  \
  X(HOUSEHOLD_USE, "households.*", HOUSEHOLD, ONE, INDEX, "base year = 1", 0.0, 100.0, 1.0,                            \
    "useful energy per head of urban or rural households")                                                             \
  X(POWER_MIX, "power.mix.*", TECHNOLOGY, ONE, SHARE, "1", 0.0, 1.0, (double)NAN,                                      \
    "share of generation; recovered follows coke")                                                                     \
  X(POWER_HOURS, "power.hours.*", TECHNOLOGY, ONE, INDEX, "base year = 1", 0.01, 10.0, 1.0,                            \
    "full-load hours of a technology")                                                                                 \
  X(COAL_RATE, "power.coal_rate", ONE, ONE, LEVEL, "gce/kWh", 100.0, 1000.0, (double)NAN,                              \
    "net coal rate of the thermal fleet")                                                                              \
  X(GRID_LOSSES, "power.losses", ONE, ONE, INDEX, "base year = 1", 0.0, 10.0, 1.0, "loss rate of the grid")            \
  X(POWER_IMPORTS, "power.net_imports", ONE, ONE, LEVEL, "TWh", -1000.0, 1000.0, (double)NAN,                          \
    "net imports of electricity")                                                                                      \
  X(HYDROGEN_MIX, "hydrogen.mix.*", HYDROGEN, ONE, SHARE, "1", 0.0, 1.0, (double)NAN,                                  \
    "share of a route in hydrogen supply")                                                                             \
  X(PROCESS_FACTOR, "process.*", EMISSION, ONE, INDEX, "base year = 1", 0.0, 10.0, 1.0,                                \
    "process CO2 per physical unit of product")                                                                        \
  X(CAPTURE, "capture.*", POLICY_GROUP, ONE, LEVEL, "1", 0.0, 0.99, 0.0,                                               \
    "share of a group's combustion and process CO2 captured; plants by CCS technologies")                              \
  X(CAPTURE_ELECTRICITY, "capture_electricity", ONE, ONE, LEVEL, "MWh/t", 0.0, 10.0, 0.0,                              \
    "electricity used per tonne of CO2 captured outside power plants")                                                 \
  X(TIER_RATE, "efficiency_tiers.*.*", TIER_PROCESS, TIER_MOVE, PATH, "share a year", 0.0, 1.0, (double)NAN,           \
    "part of a tier of capacity that moves to a better one within the year")                                           \
  X(ROUTE_SHARE, "routes.*.share.*", ROUTE_PROCESS, ROUTE, SHARE_PATH, "1", 0.0, 1.0, (double)NAN,                     \
    "share of a technology route in the output of a process")                                                          \
  X(INVESTMENT_COST, "investment.power.*", TECHNOLOGY, ONE, PATH, "CNY_2020/kW", 0.0, 1e6, (double)NAN,                \
    "cost of a power plant, for reported investment; that of the dataset where not given")                             \
  X(STRESS_PRICE, "stress.price", ONE, ONE, PATH, "CNY/t", 0.0, 1e5, (double)NAN,                                      \
    "price of CO2 that 'tanlu stress' charges; moves no quantity")                                                     \
  X(SINKS, "sinks", ONE, ONE, LEVEL, "Mt", 0.0, 1e5, (double)NAN, "net CO2 removal by land")

typedef enum {
#define X(id, path, a1, a2, form, unit, lo, hi, def, text) TANLU_DRIVER_##id,
  TANLU_DRIVER_LIST(X)
#undef X
      TANLU_DRIVER_COUNT
} tanlu_driver_id;

typedef struct {
  const char *path;
  tanlu_axis axis[2];
  tanlu_driver_form form;
  const char *unit;
  double lowest, highest, fallback;
  const char *meaning;
} tanlu_driver_info;
extern const tanlu_driver_info tanlu_driver_table[TANLU_DRIVER_COUNT];

/* Resolved scenario: drivers for the years from..to, from = base year of the dataset. */
typedef struct tanlu_drivers {
  int from, to;
  size_t years;                        /* to - from + 1 */
  size_t targets;                      /* structure targets */
  size_t *target_level, *target_group; /* targets: which group of which level */
  size_t size[TANLU_DRIVER_COUNT];     /* members of each driver: axis 1 x axis 2 */
  size_t inner[TANLU_DRIVER_COUNT];    /* members along axis 2 */
  double *value[TANLU_DRIVER_COUNT];   /* years x size, member (a, b) of year t at t * size + a * inner + b */
  bool borrowed[TANLU_DRIVER_COUNT];   /* the array belongs to other drivers, which live longer; not to be written */
} tanlu_drivers;

/* Arrays for a dataset, every driver at its fallback (index 1; SHARE and other NaN fallbacks at the base-year value of
 * the dataset; PATH NaN): the scenario in which nothing changes. `targets` structure targets, unset. */
tanlu_status tanlu_drivers_create(tanlu_drivers **drivers, const struct tanlu_dataset *dataset, int from, int to,
                                  size_t targets, tanlu_context *context);
/* Drivers that differ from `base` in some arrays only: where own[id] a copy of base's, to be written; all others are base's own
 * arrays, borrowed. Equal pointers thus mean equal values, also between drivers that share one base. `base` outlives them. */
tanlu_status tanlu_drivers_share(tanlu_drivers **drivers, const tanlu_drivers *base, const bool own[TANLU_DRIVER_COUNT],
                                 tanlu_context *context);
/* Frees what the drivers do not borrow. */
void tanlu_drivers_free(tanlu_drivers **drivers);

static inline double tanlu_driver(const tanlu_drivers *d, tanlu_driver_id id, size_t t, size_t a, size_t b) {
  return d->value[id][t * d->size[id] + a * d->inner[id] + b];
}

/* Codes of an axis in memory order: the number of members, and the code of member i. */
size_t tanlu_axis_count(const struct tanlu_dataset *dataset, tanlu_axis axis);
const char *tanlu_axis_code(const struct tanlu_dataset *dataset, tanlu_axis axis, size_t i);
size_t tanlu_axis_find(const struct tanlu_dataset *dataset, tanlu_axis axis, const char *code); /* or TANLU_NONE */

/* Base-year value of one driver member (share of a category, of a technology, population of history ...); NaN when the
 * dataset has none. */
double tanlu_driver_base(const struct tanlu_dataset *dataset, tanlu_driver_id id, size_t a, size_t b);

#endif
