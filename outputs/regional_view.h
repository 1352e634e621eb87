/* What became of a nation taken apart into regions, as tables and CSV. */
#ifndef TANLU_OUTPUTS_REGIONAL_VIEW_H
#define TANLU_OUTPUTS_REGIONAL_VIEW_H

#include <stdio.h>

#include "model/regional_accounts.h"
#include "model/regional_energy.h"

typedef struct {
  const tanlu_dataset *nation;
  const tanlu_labels *region;
  const tanlu_regional_facts *facts;
  size_t value_level;                  /* level of the nation whose groups value_added has */
  const double *value_added;           /* regions x groups, as given */
  const double *people;                /* regions, as given; NULL: no indicator of them */
  char *const *basis;                  /* n: by what regions share in a sector */
  const tanlu_regional_energy *energy; /* NULL: accounts alone */
  const double *reported;              /* regions x carriers, TJ, NaN where not reported; NULL: none */
  const bool *own_column;              /* carriers: reported by itself */
  double persons;                      /* in one unit of people */
  const double *tile;                  /* regions x 2: column and row in a map of tiles; NULL without */
} tanlu_regional_view;

/* Accounts by region, what was assumed by sector, and how far sums are kept; then energy and CO2 by region and what carriers were
 * scaled by. */
tanlu_status tanlu_regional_print(const tanlu_regional_view *view, FILE *out, tanlu_context *context);

/* CSV: region, co2_production_mt, co2_households_mt, final_energy_pj; as the regional statistics give them, population (times
 * `persons`; empty: none), value_added and value_added_GROUP for each group in their unit; tile_x and tile_y where there are some. Read
 * by inputs/region_rows_file.h. */
void tanlu_regional_put_regions(const tanlu_regional_view *view, FILE *csv);
/* CSV: region, carrier, reported_tj, used_tj, factor: used over reported. */
void tanlu_regional_put_energy(const tanlu_regional_view *view, FILE *csv);

#endif
