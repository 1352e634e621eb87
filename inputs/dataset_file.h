/* Reads a dataset directory (inputs/FORMAT.md) into the model's struct and validates it. */
#ifndef TANLU_INPUTS_DATASET_FILE_H
#define TANLU_INPUTS_DATASET_FILE_H

#include "model/dataset.h"

/* Where a dataset or scenario named in a file or on the command line lies: a text with a slash is a path (relative to
 * `beside`, the directory of the file that names it, or to the working directory when beside is NULL), and where nothing lies
 * there a name with its folder, "stress/no-capture", unless it begins with a dot or slash. A plain name is looked for beside
 * the file, and all names in the directories of TANLU_PATH, in the project's inputs/ when run from its tree, and in
 * PREFIX/share/tanlu. kind is "data" or "scenarios". The caller frees *path. */
tanlu_status tanlu_input_find(char **path, const char *kind, const char *name, const char *beside,
                              tanlu_context *context);

/* All plain names and names with their folder that tanlu_input_find finds from anywhere (but in the working directory), sorted. The
 * caller frees each of the *count names and *name. */
tanlu_status tanlu_input_list(char ***name, size_t *count, const char *kind, tanlu_context *context);

/* Every error of the directory is reported, at most 20. The history is part of the dataset's files but is read with each
 * scenario (inputs/scenario_file.h). */
tanlu_status tanlu_dataset_read(tanlu_dataset **dataset, const char *directory, tanlu_context *context);

/* TJ in one of a unit of energy as dataset.yaml names it; 0 for a word that is none. */
double tanlu_energy_unit(const char *word);

#endif
