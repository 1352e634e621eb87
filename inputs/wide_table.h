/* An input-output table in one sheet: rows and columns that are sectors, final demand, components of value added or totals,
 * told by the labels that a format knows. What each is, is given; numbers are read, added up by sector, and totals checked. */
#ifndef TANLU_INPUTS_WIDE_TABLE_H
#define TANLU_INPUTS_WIDE_TABLE_H

#include "inputs/csv_table.h"
#include "inputs/region_table.h"

typedef enum {
  TANLU_WIDE_LEFT_OUT,
  TANLU_WIDE_SECTOR,    /* index: the sector; several rows or columns may be one */
  TANLU_WIDE_DOMESTIC,  /* a row: the domestic part of that of the sector `index`, beside TANLU_WIDE_IMPORTED */
  TANLU_WIDE_IMPORTED,  /* a row: its imported part */
  TANLU_WIDE_FINAL,     /* a column; index: the category */
  TANLU_WIDE_IMPORTS,   /* a column: imports, below zero */
  TANLU_WIDE_COMPONENT, /* a row; index: the component */
  TANLU_WIDE_INPUTS,    /* a row: what the columns of the sectors add up to, with `before` components */
  TANLU_WIDE_OUTPUT     /* a row or column: output */
} tanlu_wide_kind;

typedef struct {
  tanlu_wide_kind kind;
  size_t index;
} tanlu_wide_place;

typedef struct {
  const tanlu_csv *csv;
  tanlu_wide_place *row, *column; /* csv->rows, csv->columns */
  tanlu_labels component;         /* names; TANLU_WIDE_COMPONENT counts in them */
  size_t before;                  /* the first so many of them are part of TANLU_WIDE_INPUTS */
} tanlu_wide_table;

/* Places for all rows and columns, all left out. */
tanlu_status tanlu_wide_table_create(tanlu_wide_table *wide, const tanlu_csv *csv, tanlu_context *context);
void tanlu_wide_table_clear(tanlu_wide_table *wide);
/* The component with this name, added where it is not there; TANLU_NONE when out of memory. */
size_t tanlu_wide_table_component(tanlu_wide_table *wide, const char *name, tanlu_context *context);

/* Read all numbers into a table that is begun and has a report, and end it. A sector without row or column, and a total that differs, are
 * errors. */
tanlu_status tanlu_wide_table_read(const tanlu_wide_table *wide, tanlu_region_table *table);

#endif
