/* Directories of datasets, as their writer fills, replaces and removes them. */
#ifndef TANLU_OUTPUTS_DATASET_DIRECTORY_PRIVATE_H
#define TANLU_OUTPUTS_DATASET_DIRECTORY_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

/* How many files a dataset can have, and the number of the one of this name; tanlu_dataset_files() where none is called so. */
size_t tanlu_dataset_files(void);
size_t tanlu_dataset_file_of(const char *name);

/* Remove a directory that holds nothing but files of a dataset; 0 on success. */
int tanlu_dataset_directory_remove(const char *path);

/* Put a finished directory in place; one that is replaced goes aside first and comes back where that fails. Errors: input (it may
 * not be replaced), memory, i/o, cancelled. */
tanlu_status tanlu_dataset_directory_place(const char *temporary, const char *path, bool force, tanlu_context *context);

#endif
