/* A national table as one of several regions (model/regional_table.h), handed on row by row.
 *
 * Sectors of the new table are (region, sector), regions one after the other; its categories (region, category); components of
 * value added those of the nation. Its imports are booked in the region and at the product where they are used, apart from domestic
 * flows, which say from where to where: a split, or `none` where the nation imports nothing. Sums over regions are the nation's
 * flows, final use, imports, value added and output, cell by cell.
 *
 * Consumption of households is shared out by `households`, other final demand by value added of the region, exports, inventories and
 * the discrepancy with output. */
#ifndef TANLU_MODEL_REGIONAL_ACCOUNTS_H
#define TANLU_MODEL_REGIONAL_ACCOUNTS_H

#include "model/regional_table.h"
#include "model/table_sink.h"

typedef struct {
  const char *name, *title, *sources; /* of the new table */
  const tanlu_labels *region;
  size_t levels; /* groupings of regions; of_sector: by region */
  const tanlu_level *level;
  const double *distance;    /* regions x regions, column-major as all here */
  size_t value_level;        /* level of the nation whose groups value_added has */
  const double *value_added; /* regions x groups, any unit */
  const double *households;  /* regions: who consumes; NULL: by value added */
  double *share;             /* regions x n: indicators; becomes the shares in output */
  size_t known_flows;
  const tanlu_known_flows *known;
  tanlu_quotient quotient;
  double delta, beta;
} tanlu_regional_choice;

/* What was done, for a report.  */
typedef struct {
  size_t regions, n, groups;
  double *scaled;      /* groups: factor on regional value added */
  double *moved;       /* n: part of a sector's output that RAS moved between regions */
  double *flows_moved; /* n: part of known flows that moved; NaN where there are none */
  double *cut;         /* n: output-weighted part of local purchases that regions do not make */
  /* regions; unit of the accounts */
  double *output, *value_of, *sent, *received, *imports, *exports;
  /* largest gaps, sums over regions against the nation: relative to its output of the product, to imports where none is made */
  double worst_cell, worst_row;
} tanlu_regional_facts;

typedef struct tanlu_regional_accounts tanlu_regional_accounts;

/* Shares and trade; the choice and what it names must live, its shares become those in output. Errors: those of
 * model/regional_output.h and model/regional_table.h. */
tanlu_status tanlu_regional_accounts_create(tanlu_regional_accounts **accounts, const tanlu_dataset *nation,
                                            const tanlu_regional_choice *choice, tanlu_context *context);
/* Heads, rows and margins into a sink; the heads live as long as the accounts. Once. Errors: those of the sink; TANLU_ERR_INTERNAL
 * where sums are not kept to 1e-8. */
tanlu_status tanlu_regional_accounts_give(tanlu_regional_accounts *accounts, const tanlu_table_sink *sink,
                                          tanlu_context *context);
/* Gaps, imports and trade are known after tanlu_regional_accounts_give. */
const tanlu_regional_facts *tanlu_regional_accounts_facts(const tanlu_regional_accounts *accounts);
void tanlu_regional_accounts_free(tanlu_regional_accounts **accounts); /* accepts NULL and half-built objects */

#endif
