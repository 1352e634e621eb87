/* A table of one or several regions on its way from a foreign file into a sink (model/table_sink.h): who its sectors and
 * categories are, its margins, its rows in any order, and what is checked and done to all such tables alike.
 *
 * Sectors are pairs of region and industry, codes REGION_INDUSTRY (INDUSTRY where there is one region without a name); categories
 * are pairs of region and kind. Levels: `region`, where there are several, and `sector`.
 *
 *   Z1 + sum y_k - m + err = x ; 1'Z + 1'w = x'        to the tolerance, relative to x; a gap beyond it is an error naming the sector
 *
 * A smaller gap that is more than rounding (1e-9) is added to the discrepancy of the row or, of a column, to the component
 * "balance gap" of value added, so that the dataset keeps its identities to 1e-9. Imports above domestic use, which cannot be in
 * proportion to it, are re-exports: the excess is taken off imports and exports.
 *
 * A flow below zero z_ij is no input: it becomes 0, its row keeps it as discrepancy and its column as the component
 * "negative flows" of value added, so that both sums stay. Without any component value added is x less the column sum. What
 * was done is said in remarks. */
#ifndef TANLU_INPUTS_REGION_TABLE_H
#define TANLU_INPUTS_REGION_TABLE_H

#include <stdbool.h>

#include "inputs/label_index.h"
#include "model/table_report.h"
#include "model/table_sink.h"

typedef struct {
  tanlu_context *context;
  const char *source;         /* file or directory, for messages */
  bool has_lines;             /* `line` is of the file `source` */
  tanlu_table_report *report; /* where remarks go; NULL: into the text of SOURCES.md */

  tanlu_labels region, industry, kind;       /* names as in the file */
  tanlu_labels sector, category;             /* codes are known from begin on */
  char **described;                          /* industry.count: what the industries are called, NULL: as above */
  size_t *sector_region, *sector_industry;   /* sector.count */
  size_t *category_region, *category_kind;   /* category.count */
  size_t sector_capacity, category_capacity; /* of these */
  tanlu_label_index sectors, categories, regions, industries, kinds;

  /* from begin on; n = sector.count */
  double *output;                     /* n; may be filled until end */
  bool has_output;                    /* else output is what the rows add up to */
  double *final_use, *final_domestic; /* n x categories; final_domestic with a split only */
  double *imports;                    /* n */
  double *stated;                     /* n: discrepancy of the source */
  size_t *line;                       /* n: where row i was read, 0: not yet; kept by the format */

  /* inside */
  const tanlu_table_sink *sink;
  tanlu_table_heads heads;
  tanlu_level level[2];
  tanlu_category_role *role;
  tanlu_labels component, extension;
  double **added, **extended;     /* by component and by extension: n */
  char **unit;                    /* of the extensions */
  double *uses, *inputs;          /* n: row and column sums of the flows */
  double *made;                   /* n: row sums of the domestic flows, split only */
  double *discrepancy, *negative; /* n: of flows below zero and of all else, by row; of flows below zero by column */
  size_t negatives, missing;      /* flows below zero; rows not yet handed on */
  double **kept, **kept_domestic; /* n: rows ahead of their turn */
  size_t next;                    /* row whose turn it is */
  double *scratch;                /* n */
  char *sources;                  /* remarks, a line each */
  size_t sources_length;
} tanlu_region_table;

void tanlu_region_table_init(tanlu_region_table *table, const char *source, tanlu_context *context);
void tanlu_region_table_clear(tanlu_region_table *table);

/* Look for a sector or a category (TANLU_NONE: there is none) and add one that is not there. */
size_t tanlu_region_table_sector(const tanlu_region_table *table, const char *region, const char *industry);
size_t tanlu_region_table_category(const tanlu_region_table *table, const char *region, const char *kind);
tanlu_status tanlu_region_table_add_sector(tanlu_region_table *table, const char *region, const char *industry);
tanlu_status tanlu_region_table_add_category(tanlu_region_table *table, const char *region, const char *kind);

/* What an industry that is there is called, where its name in the file is a code; the first call counts. */
tanlu_status tanlu_region_table_describe(tanlu_region_table *table, const char *industry, const char *description);

/* What is told of the whole table. */
typedef struct {
  const char *name, *title, *region, *money;
  int base_year;
  double tolerance;
  tanlu_import_treatment treatment;
} tanlu_region_heads;
/* All sectors and categories are there: codes, levels and roles are made, arrays allocated, the sink is begun. */
tanlu_status tanlu_region_table_begin(tanlu_region_table *table, const tanlu_region_heads *heads,
                                      const tanlu_table_sink *sink);
/* A new component of value added, or extension: n zeros to be filled before end. NULL when out of memory. */
double *tanlu_region_table_component(tanlu_region_table *table, const char *name);
double *tanlu_region_table_extension(tanlu_region_table *table, const char *name, const char *unit);
/* Row i of the flows, once each in any order; `domestic` with a split only. Rows ahead of their turn are kept in memory. */
tanlu_status tanlu_region_table_row(tanlu_region_table *table, size_t i, const double *flows, const double *domestic);
/* Everything is there: sums are checked, margins and extensions handed on. */
tanlu_status tanlu_region_table_end(tanlu_region_table *table);

/* Something that was found or done, for SOURCES.md and the report. */
tanlu_status tanlu_region_table_remark(tanlu_region_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
