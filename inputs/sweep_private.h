/* Between the files that read and bind sweeps. */
#ifndef TANLU_INPUTS_SWEEP_PRIVATE_H
#define TANLU_INPUTS_SWEEP_PRIVATE_H

#include "inputs/sweep_file.h"
#include "inputs/yaml_tree.h"

/* Plain values. Words: one of `count`, - and _ are the same. Numbers: a list, freed by the caller. */
tanlu_status tanlu_sweep_read_word(const tanlu_yaml *node, const char *what, const char *const *words, size_t count,
                                   size_t *index, tanlu_context *context);
tanlu_status tanlu_sweep_read_count(const tanlu_yaml *node, double least, double most, double *value,
                                    tanlu_context *context);
tanlu_status tanlu_sweep_read_bool(const tanlu_yaml *node, bool *value, tanlu_context *context);
tanlu_status tanlu_sweep_read_numbers(const tanlu_yaml *node, size_t least, size_t most, double **value, size_t *count,
                                      tanlu_context *context);
/* What `inner` found wrong, said at a place of the file. Returns TANLU_ERR_INPUT. */
tanlu_status tanlu_sweep_refuse(const tanlu_yaml *node, const char *prefix, const tanlu_context *inner,
                                tanlu_context *context);

/* One distribution, {KIND: [NUMBER, ...]}; `described` is its text. */
tanlu_status tanlu_sweep_read_distribution(const tanlu_yaml *node, tanlu_distribution **distribution, char **described,
                                           tanlu_context *context);
/* How the `count` members of a simplex share its total: dirichlet or uniform. */
tanlu_status tanlu_sweep_read_shares(const tanlu_yaml *node, tanlu_sweep_simplex *simplex, char **described,
                                     tanlu_context *context);

/* Parts of the file; the design's kind is read before. */
tanlu_status tanlu_sweep_read_parameters(tanlu_sweep *sweep, tanlu_context *context);
tanlu_status tanlu_sweep_read_points(tanlu_sweep *sweep, tanlu_context *context);
tanlu_status tanlu_sweep_read_correlation(tanlu_sweep *sweep, tanlu_context *context);

/* Factors of the design, once all parameters are read. */
tanlu_status tanlu_sweep_list_factors(tanlu_sweep *sweep, tanlu_context *context);

/* Every scalar below a node, in file order; the caller frees the list. NULL when out of memory. */
tanlu_yaml **tanlu_sweep_scalars(tanlu_yaml *root, tanlu_context *context);

/* What the parameter names among the statistics: kind and marks. */
tanlu_status tanlu_sweep_bind_statistic(tanlu_sweep_parameter *parameter, const tanlu_dataset *dataset,
                                        tanlu_context *context);

/* Drivers of every region of the sweep for the scenario's keys `root` and the drivers that the nation has of them, newly allocated. */
tanlu_status tanlu_sweep_regions_resolve(const tanlu_sweep *sweep, tanlu_yaml *root, tanlu_drivers *nation,
                                         const tanlu_dataset *dataset, tanlu_drivers ***region, tanlu_context *context);
void tanlu_sweep_regions_clear(tanlu_sweep *sweep);

/* The directory of the sweep's file; the caller frees. NULL when out of memory. */
char *tanlu_sweep_directory(const tanlu_sweep *sweep);
/* One more file that the sweep was read from. Takes `path` over. */
tanlu_status tanlu_sweep_add_file(tanlu_sweep *sweep, char *path, const char sha256[TANLU_SHA256_TEXT],
                                  tanlu_context *context);

#endif
