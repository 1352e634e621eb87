/* The low-carbon pilot provinces and cities: their accounts of 2010, their types, and the paths that their goals implied.
 *
 * Types compare GDP per head and CO2 per head of 2010 with the nation's in the same table: at or above it is high. The documents draw
 * the four quadrants without printing where they cut; the nation's means are an assumption.
 *
 * Paths from 2010 to t = 2015, 2020: a goal on CO2 per GDP and GDP as it came give
 *     CO2_t = CO2_2010 G_t I_t
 *     G_t   = volume of GDP, 2010 = 1: the place's own where known, else its GDP at current prices over the nation's deflator
 *             D_t = (nation's GDP_t / GDP_2010) / (its volume_t / volume_2010)
 *     I_t   = 1 + v                for a goal of v on 2010
 *           = (1 + v) / (1 + c)    for a goal of v on 2005, c the change of CO2 per GDP from 2005 to 2010: the place's own where
 *                                  known, else the nation's
 * It is what the goal allowed, not what was emitted. With population P_t it splits by LMDI-I (model/lmdi.h) into population, GDP per
 * head and CO2 per GDP, without residual.
 *
 * Units: population 10^4 persons, money 10^8 CNY at current prices, CO2 Mt and t per head, area km2. What is not known is NaN.
 * Accounts of several inventories stand side by side and are never mixed. */
#ifndef TANLU_MODEL_PILOTS_H
#define TANLU_MODEL_PILOTS_H

#include "model/goals.h"
#include "model/labels.h"

/* id, how files write it */
#define TANLU_PILOT_KIND_LIST(X)                                                                                       \
  X(PROVINCE, "province")                                                                                              \
  X(MUNICIPALITY, "municipality")                                                                                      \
  X(CITY, "city")                                                                                                      \
  X(PREFECTURE, "prefecture")                                                                                          \
  X(COUNTRY, "country")

typedef enum {
#define X(id, word) TANLU_PILOT_##id,
  TANLU_PILOT_KIND_LIST(X)
#undef X
      TANLU_PILOT_KIND_COUNT
} tanlu_pilot_kind;

const char *tanlu_pilot_kind_word(tanlu_pilot_kind kind);

/* Where CO2 of 2010 comes from. id, how tables write it */
#define TANLU_PILOT_BASIS_LIST(X)                                                                                      \
  X(DOCUMENT, "document")                                                                                              \
  X(CEADS, "CEADs")                                                                                                    \
  X(EDGAR, "EDGAR")

typedef enum {
#define X(id, word) TANLU_BASIS_##id,
  TANLU_PILOT_BASIS_LIST(X)
#undef X
      TANLU_PILOT_BASES
} tanlu_pilot_basis;

const char *tanlu_pilot_basis_word(tanlu_pilot_basis basis);

enum { TANLU_PILOT_YEARS = 3, TANLU_PILOT_INDUSTRIES = 3, TANLU_PILOT_INVENTORIES = 2 };
/* Year t of the panel: 2010, 2015, 2020. */
int tanlu_pilot_year(size_t t);
/* "primary", "secondary", "tertiary". */
const char *tanlu_pilot_industry(size_t k);

typedef struct {
  double gdp, industry[TANLU_PILOT_INDUSTRIES], population, area;
  double co2[TANLU_PILOT_INVENTORIES]; /* CEADs, EDGAR */
  double volume;                       /* of GDP, in any unit that is the same in all years */
} tanlu_pilot_state;

typedef struct {
  tanlu_pilot_kind kind;
  int batch;      /* 1, 2; 0: none */
  char *province; /* code of its province, its own where it is one; "" of the country */
  char *source;   /* of the accounts below */
  double population, gdp, gdp_per_head, co2_per_head; /* 2010, as the documents print them; CNY and t per head */
  double co2_per_gdp_on_2005;                         /* change of CO2 per GDP 2005 to 2010 */
  tanlu_pilot_state state[TANLU_PILOT_YEARS];         /* the panel */
} tanlu_pilot;

typedef struct {
  tanlu_labels label;
  tanlu_pilot *pilot; /* label.count, the nation among them */
  size_t nation;      /* the one of kind country */
} tanlu_pilots;

void tanlu_pilots_clear(tanlu_pilots *pilots);

/* ---- accounts of 2010 ------------------------------------------------------------------------------------------------------ */

/* Mt, and t per head: of the document as printed (times population), of inventories with the population of the panel. */
double tanlu_pilot_co2(const tanlu_pilot *pilot, tanlu_pilot_basis basis);
double tanlu_pilot_co2_per_head(const tanlu_pilot *pilot, tanlu_pilot_basis basis);
/* CNY: of the document as printed, beside inventories of the panel. */
double tanlu_pilot_gdp_per_head(const tanlu_pilot *pilot, tanlu_pilot_basis basis);

/* Income against CO2 per head. id, text */
#define TANLU_PILOT_TYPE_LIST(X)                                                                                       \
  X(HIGH_HIGH, "high income, high CO2")                                                                                \
  X(HIGH_LOW, "high income, low CO2")                                                                                  \
  X(LOW_HIGH, "low income, high CO2")                                                                                  \
  X(LOW_LOW, "low income, low CO2")                                                                                    \
  X(UNKNOWN, "not known")

typedef enum {
#define X(id, text) TANLU_PILOT_TYPE_##id,
  TANLU_PILOT_TYPE_LIST(X)
#undef X
      TANLU_PILOT_TYPES
} tanlu_pilot_type;

const char *tanlu_pilot_type_text(tanlu_pilot_type type);
/* Pilot i on a basis; the nation's means are those of the document on every basis. */
tanlu_pilot_type tanlu_pilot_type_of(const tanlu_pilots *pilots, size_t i, tanlu_pilot_basis basis);

/* ---- paths ------------------------------------------------------------------------------------------------------------------- */

/* D_t. */
double tanlu_pilots_deflator(const tanlu_pilots *pilots, size_t t);
/* G_t of pilot i. */
double tanlu_pilot_volume(const tanlu_pilots *pilots, size_t i, size_t t);
/* Share of industry k in the value added of all three. */
double tanlu_pilot_share(const tanlu_pilot *pilot, size_t t, size_t k);

/* The goal on CO2 per GDP of the place named `scope` for year t among several files of goals: on 2010 before on 2005, basic
 * goals alone (of a range that is its lower end); the first of several. NULL: none. */
const tanlu_goal *tanlu_pilot_goal(const tanlu_goals *const *goals, size_t files, const char *scope, size_t t);
/* The goal for the share of services, likewise. */
const tanlu_goal *tanlu_pilot_services_goal(const tanlu_goals *const *goals, size_t files, const char *scope, size_t t);
/* I_t of pilot i under the goal; NaN without one, or on 2005 where no change from 2005 to 2010 is known. */
double tanlu_pilot_intensity(const tanlu_pilots *pilots, size_t i, const tanlu_goal *goal);

/* All against 2010 = 1. */
typedef struct {
  double population[TANLU_PILOT_YEARS], volume[TANLU_PILOT_YEARS], intensity[TANLU_PILOT_YEARS];
} tanlu_pilot_path;
tanlu_pilot_path tanlu_pilot_path_of(const tanlu_pilots *pilots, size_t i, const tanlu_goals *const *goals,
                                     size_t files);
/* CO2_t / CO2_2010; NaN where something is not known. */
double tanlu_pilot_path_co2(const tanlu_pilot_path *path, size_t t);
/* Percent a year between two years; NaN where there is none. */
double tanlu_pilot_growth(double from, double to, size_t t_from, size_t t_to);

enum { TANLU_PILOT_POPULATION, TANLU_PILOT_INCOME, TANLU_PILOT_INTENSITY, TANLU_PILOT_EFFECTS };
/* What CO2 of `co2` (Mt) in 2010 changes by between two years, Mt, by population, GDP per head and CO2 per GDP; the three
 * add up to it. False, and NaN, where something is not known. */
bool tanlu_pilot_kaya(const tanlu_pilot_path *path, double co2, size_t from, size_t to,
                      double effect[TANLU_PILOT_EFFECTS]);

#endif
