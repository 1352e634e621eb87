/* Readers of published tables of several regions, each into a sink. inputs/FORMAT.md tells the layouts. */
#ifndef TANLU_INPUTS_IMPORT_REGIONS_H
#define TANLU_INPUTS_IMPORT_REGIONS_H

#include <stdbool.h>

#include "model/table_sink.h"

typedef struct {
  const char *name;  /* of the dataset */
  const char *title; /* NULL: what the source says */
  const char *money; /* "1e6 EUR"; NULL: what the source says */
  int year;          /* 0: what the source says */
  double tolerance;  /* of the balances, relative to output */
  bool fold;         /* oecd-icio: parts of China and Mexico become one region each */
} tanlu_region_options;

/* A directory as pymrio saves tables as text (file_parameters.json). */
tanlu_status tanlu_import_pymrio(const char *path, const tanlu_region_options *options, const tanlu_table_sink *sink,
                                 tanlu_context *context);
/* The same of EXIOBASE 3, where file_parameters.json may be missing. */
tanlu_status tanlu_import_exiobase(const char *path, const tanlu_region_options *options, const tanlu_table_sink *sink,
                                   tanlu_context *context);
/* A world table of WIOD, release 2013 or 2016, as CSV. */
tanlu_status tanlu_import_wiod(const char *path, const tanlu_region_options *options, const tanlu_table_sink *sink,
                               tanlu_context *context);
/* An inter-country table or a national table of the OECD as CSV. */
tanlu_status tanlu_import_oecd(const char *path, const tanlu_region_options *options, const tanlu_table_sink *sink,
                               tanlu_context *context);

#endif
