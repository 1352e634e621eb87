/* Tables of others: a format reads files and hands a table on to a sink, with a report of all it found. A new format is a function
 * in a file of its own, inputs/import_FORMAT.c, and a line in the table of inputs/import.c. inputs/region_table.h does what is
 * common to them: codes, levels, negative flows, the checks of sums. */
#ifndef TANLU_INPUTS_IMPORT_H
#define TANLU_INPUTS_IMPORT_H

#include "inputs/csv_table.h"
#include "inputs/region_table.h"
#include "model/table_report.h"
#include "model/table_sink.h"

/* What the user asked for; a text that was not given is NULL. */
typedef struct {
  const char *path;        /* file or directory */
  const char *name;        /* of the dataset; never NULL */
  const char *title;       /* of the dataset */
  const char *region;      /* the place it is of */
  const char *money;       /* unit of money, where the files do not tell: "1e6 EUR" */
  int year;                /* base year; 0: not given */
  double tolerance;        /* largest gap of a sum, relative to output */
  bool fold;               /* oecd-icio: parts of China and of Mexico become one region each */
  const char *dataset;     /* directory of a dataset: formats that add to one */
  const char *concordance; /* file: its sectors and those of the format */
  const tanlu_table_sink *sink;
  tanlu_table_report *report; /* never NULL */
} tanlu_import;

typedef struct {
  const char *name;    /* "nbs" */
  const char *purpose; /* what it reads: one line */
  bool on_dataset;     /* needs `dataset`, and takes `concordance`; else both are an error */
  tanlu_status (*read)(const tanlu_import *import, tanlu_context *context);
} tanlu_import_format;

const tanlu_import_format *tanlu_import_formats(size_t *count);
/* The format of a name. TANLU_ERR_INPUT with the nearest. */
tanlu_status tanlu_import_format_find(const tanlu_import_format **format, const char *name, tanlu_context *context);

/* The heads of a table: what the user gave, else what the format says (money and title may be NULL there, year 0). Errors:
 * TANLU_ERR_INPUT where nobody tells the year or the unit of money, or the unit is none. */
tanlu_status tanlu_import_heads(tanlu_region_heads *heads, const tanlu_import *import, const char *title,
                                const char *money, int year, tanlu_import_treatment treatment, tanlu_context *context);
/* A CSV file with commas (inputs/csv_table.h), noted in the report. TANLU_ERR_INPUT too where the header has another delimiter,
 * or there are no rows. */
tanlu_status tanlu_import_csv(tanlu_csv **table, const tanlu_import *import, const char *path, tanlu_context *context);
/* The file of the import itself without comments and with rows of any length, as world tables have them; noted too. */
tanlu_status tanlu_import_wide(tanlu_csv **table, const tanlu_import *import, tanlu_context *context);
/* Note a file that was read, with its SHA-256, in the report: it is read again. */
tanlu_status tanlu_import_note_file(const tanlu_import *import, const char *path, tanlu_context *context);

/* The formats. */
tanlu_status tanlu_import_nbs(const tanlu_import *import, tanlu_context *context);
tanlu_status tanlu_import_ceads(const tanlu_import *import, tanlu_context *context);
tanlu_status tanlu_import_pymrio(const tanlu_import *import, tanlu_context *context);
tanlu_status tanlu_import_exiobase(const tanlu_import *import, tanlu_context *context);
tanlu_status tanlu_import_wiod(const tanlu_import *import, tanlu_context *context);
tanlu_status tanlu_import_oecd(const tanlu_import *import, tanlu_context *context);

#endif
