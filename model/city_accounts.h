/* CO2 of a city by downscaling the accounts of its province, for want of its own.
 *
 * With c_s the CO2 of production of sector s of the province, h that of its households, v_k value added of industry k of the three,
 * k(s) the industry of the sector, p population, and the same with ' for the city,
 *
 *     by industry     sum_s c_s v'_k(s) / v_k(s)  +  h p' / p        the account, sector by sector
 *     by GDP          (sum_s c_s + h) v' / v,  v = sum_k v_k
 *     by population   (sum_s c_s + h) p' / p
 *
 * All hold that one part of the city is like that part of the province: that a yuan of its secondary industry emits what one of the
 * province's does. What the three say differs; the range is their spread, lowest to highest. It is no confidence interval: a city
 * with the province's only steelworks lies outside of it.
 *
 * Units: CO2 Mt, value added 10^8 CNY, population 10^4 persons; any, if the same on both sides. */
#ifndef TANLU_MODEL_CITY_ACCOUNTS_H
#define TANLU_MODEL_CITY_ACCOUNTS_H

#include "model/labels.h"
#include "model/pilots.h"

/* What a place is measured by; NaN: not known. */
typedef struct {
  double industry[TANLU_PILOT_INDUSTRIES], population;
} tanlu_place_size;

/* Regions of a table with CO2, and how large they are. */
typedef struct {
  char *name;    /* of the dataset */
  int base_year; /* of the accounts */
  tanlu_labels region, sector;
  size_t *region_of, *industry_of; /* sectors */
  double *co2;                     /* sectors: of production */
  double *households;              /* regions */
  tanlu_place_size *size;          /* regions */
} tanlu_provinces;

void tanlu_provinces_clear(tanlu_provinces *provinces);

enum { TANLU_CITY_BY_INDUSTRY, TANLU_CITY_BY_GDP, TANLU_CITY_BY_POPULATION, TANLU_CITY_PROXIES };
const char *tanlu_city_proxy_text(size_t proxy);

typedef struct {
  double share[TANLU_PILOT_INDUSTRIES], gdp_share, population_share; /* of the province */
  double industry[TANLU_PILOT_INDUSTRIES], households;               /* the account by industry */
  double co2[TANLU_CITY_PROXIES], low, high;
} tanlu_city_account;

/* The account of a city in region r. `city` NULL: the region as a whole, all shares 1. *sector (may be NULL): all sectors of the
 * provinces, those of r receive their CO2. Everything is NaN where a size of the city is not known. Errors: TANLU_ERR_INPUT where
 * the city is larger than its province in anything, or the size of the province is not known or 0. */
tanlu_status tanlu_city_account_of(const tanlu_provinces *provinces, size_t r, const char *name,
                                   const tanlu_place_size *city, double *sector, tanlu_city_account *account,
                                   tanlu_context *context);

/* ---- of all pilots ---------------------------------------------------------------------------------------------------------- */

typedef struct {
  size_t year;    /* of the panel: that of the provinces' accounts */
  size_t *region; /* pilots: their province; TANLU_NONE where the table has no such region, and of the country */
  tanlu_city_account *account; /* pilots */
  double *sector;              /* pilots x sectors of the provinces: CO2, 0 outside of the region */
} tanlu_city_accounts;

/* Provinces and municipalities are regions as a whole. Errors: as above, and TANLU_ERR_INPUT where no pilot lies in any of the regions
 * or the year of the accounts is none of the panel's. */
tanlu_status tanlu_city_accounts_make(tanlu_city_accounts *accounts, const tanlu_pilots *pilots,
                                      const tanlu_provinces *provinces, tanlu_context *context);
void tanlu_city_accounts_clear(tanlu_city_accounts *accounts);

#endif
