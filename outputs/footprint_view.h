/* Footprints, scopes, multipliers, linkages, key sectors and supply chains as tables and CSV. */
#ifndef TANLU_OUTPUTS_FOOTPRINT_VIEW_H
#define TANLU_OUTPUTS_FOOTPRINT_VIEW_H

#include "model/footprint.h"
#include "model/linkages.h"
#include "model/structural_paths.h"
#include "outputs/year_table.h"

/* The accounts of one year more. */
tanlu_status tanlu_footprint_add(tanlu_year_table *table, const tanlu_footprint *footprint,
                                 const tanlu_solved_accounts *accounts, tanlu_context *context);

/* Tables of one year, the largest members first: products by the CO2 at home that all final demand for them causes, scopes by
 * their sum, multipliers by that of CO2, linkages by power of dispersion and forward linkage together. */
tanlu_status tanlu_footprint_products_print(const tanlu_analysis_view *view, const tanlu_footprint *footprint,
                                            const tanlu_solved_accounts *accounts, tanlu_context *context);
tanlu_status tanlu_scopes_print(const tanlu_analysis_view *view, const tanlu_footprint *footprint,
                                const tanlu_solved_accounts *accounts, tanlu_context *context);
tanlu_status tanlu_multipliers_print(const tanlu_analysis_view *view, const tanlu_linkages *linkages,
                                     tanlu_context *context);
tanlu_status tanlu_linkages_print(const tanlu_analysis_view *view, const tanlu_linkages *linkages,
                                  tanlu_context *context);

/* Members by their mean share in the CO2 of all sectors. co2: members x years, t, column-major. */
tanlu_status tanlu_key_sectors_print(const tanlu_analysis_view *view, size_t years, const int *year, const double *co2,
                                     tanlu_context *context);

/* Supply chains of one year; demand: what final demand they serve, for the title. */
tanlu_status tanlu_paths_print(const tanlu_analysis_view *view, const char *demand, const tanlu_paths *paths,
                               const tanlu_path_limits *limits, tanlu_context *context);

#endif
