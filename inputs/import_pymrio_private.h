/* Shared by inputs/import_pymrio*.c: the files of a saved table, and what is read of them. */
#ifndef TANLU_INPUTS_IMPORT_PYMRIO_PRIVATE_H
#define TANLU_INPUTS_IMPORT_PYMRIO_PRIVATE_H

#include <stdbool.h>

#include "inputs/labelled_text.h"
#include "inputs/region_table.h"

/* A file that file_parameters.json names. */
typedef struct {
  char *key, *path; /* "Z"; path in full */
  size_t headers, indices;
} tanlu_pymrio_file;

typedef struct {
  tanlu_pymrio_file *file;
  size_t count;
} tanlu_pymrio_files;

/* The files of a directory: those that its file_parameters.json names, or, where it has none and `usual` is set, those that
 * stand there under the usual names of a table (`extension` false) or of an extension. TANLU_ERR_INPUT where the file is missing
 * or holds something else. */
tanlu_status tanlu_pymrio_files_read(tanlu_pymrio_files *files, const char *directory, bool extension, bool usual,
                                     tanlu_context *context);
bool tanlu_pymrio_is_saved(const char *directory, tanlu_context *context); /* it has a file_parameters.json */
const tanlu_pymrio_file *tanlu_pymrio_files_find(const tanlu_pymrio_files *files,
                                                 const char *key); /* NULL: not there */
void tanlu_pymrio_files_clear(tanlu_pymrio_files *files);

/* What metadata.json tells, "" where it does not. */
typedef struct {
  char *name, *description, *version;
} tanlu_pymrio_metadata;
tanlu_status tanlu_pymrio_metadata_read(tanlu_pymrio_metadata *metadata, const char *directory, tanlu_context *context);
void tanlu_pymrio_metadata_clear(tanlu_pymrio_metadata *metadata);

/* Directories below `directory` that can hold an extension, sorted by name. */
tanlu_status tanlu_pymrio_directories(const char *directory, char ***names, size_t *count, tanlu_context *context);

/* Extensions of the directory `name` below that of the table: F into components of value added or into extensions. */
tanlu_status tanlu_pymrio_extension_read(tanlu_region_table *table, const char *directory, const char *name,
                                         bool usual);

/* at[c]: the sector of column c of a file whose columns are all the sectors, each once; allocated, NULL after an error. */
size_t *tanlu_pymrio_columns(const tanlu_region_table *table, const tanlu_labelled_text *text, tanlu_status *status);
/* DIRECTORY/NAME; the caller frees, NULL when out of memory. */
char *tanlu_pymrio_path(const char *directory, const char *name, tanlu_context *context);
/* Empty cells of a file that was read, for the remarks. */
tanlu_status tanlu_pymrio_remark_empty(tanlu_region_table *table, const tanlu_labelled_text *text);

#endif
