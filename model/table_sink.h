/* A table on its way from where it is read or made to where it is written, row by row, so that a table of any size needs
 * vectors of length n and one row. inputs/ and model/ fill a sink; outputs/dataset_write.h is one.
 *
 * Order: begin, then the n rows of flows, then margins (extensions any time after begin). The heads stay in place until all of
 * these are there; until the margins components of value added may still be added and the tolerance be set. */
#ifndef TANLU_MODEL_TABLE_SINK_H
#define TANLU_MODEL_TABLE_SINK_H

#include "model/dataset.h"

typedef struct {
  const char *name, *title, *region; /* region: the place, NULL: not told */
  int base_year;
  const char *money; /* unit of all money as in dataset.yaml: "1e4 CNY", "1e6 EUR", ... */
  tanlu_import_treatment import_treatment;
  double balance_tolerance; /* relative to output */
  size_t n;                 /* sectors */
  const tanlu_labels *sector, *category, *component;
  const tanlu_category_role *role;
  size_t levels; /* groupings; at least one */
  const tanlu_level *level;
  const char *sources; /* text of SOURCES.md */
} tanlu_table_heads;

/* Matrices as in tanlu_accounts (column-major). */
typedef struct {
  const double *final_use;      /* n x categories */
  const double *final_domestic; /* n x categories, split only, else NULL */
  const double *imports;        /* n */
  const double *discrepancy;    /* n; NULL where there is none */
  const double *value_added;    /* components x n */
  const double *output;         /* n */
} tanlu_table_margins;

/* Numbers by sector that are no money: emissions, energy, employment, ... */
typedef struct {
  size_t count;
  const tanlu_labels *label; /* codes are the columns */
  const char *const *unit;   /* count */
  const double *value;       /* n x count, column-major: column k holds extension k */
} tanlu_table_extensions;

typedef struct {
  void *user;
  tanlu_status (*begin)(void *user, const tanlu_table_heads *heads, tanlu_context *context);
  /* The next row of flows (n numbers, in the order of the sectors); `domestic` NULL unless the import treatment is split. */
  tanlu_status (*flows)(void *user, const double *row, const double *domestic, tanlu_context *context);
  tanlu_status (*margins)(void *user, const tanlu_table_margins *margins, tanlu_context *context);
  tanlu_status (*extensions)(void *user, const tanlu_table_extensions *extensions, tanlu_context *context);
} tanlu_table_sink;

/* The heads of a dataset's table as they are; name, title and sources may be set afterwards. */
tanlu_table_heads tanlu_table_heads_of(const tanlu_dataset *dataset);
/* All rows and the margins of accounts in memory, after begin. */
tanlu_status tanlu_table_put_accounts(const tanlu_table_sink *sink, const tanlu_accounts *accounts,
                                      tanlu_context *context);

#endif
