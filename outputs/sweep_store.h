/* Files of a sweep: HDF5 that is also netCDF-4, written block by block so that nothing that was said to be done is ever lost.
 *
 * All variables are contiguous and allocated when the file is made, and so is its room on the disk; after that no metadata
 * changes. A block is written straight to its place. Ten times a second at most, as a sync may take longer than a block, those
 * written since become done: data and flags, sync, and then one byte that makes them count, sync. A file is
 * thus readable at any moment, and a sweep that was killed goes on from its flags and ends with the same bytes of data as one that
 * was not.
 *
 * Statistics of every output (indicators by year, scalars, sums by year and policy group) are taken on the fly, whatever is
 * kept: whole numbers (solvers/moments.h), whose sums do not depend on order, threads, shards or interruptions. The file holds
 * them twice: of the blocks done before and with those done last, whose flags bear the mark of their place (2 or 3; 1 when
 * settled). state/place says which one counts, so that state and flags, of one block or many, change together. Means, deviations, extremes and quantiles are derived from it when a run ends or is stopped. */
#ifndef TANLU_OUTPUTS_SWEEP_STORE_H
#define TANLU_OUTPUTS_SWEEP_STORE_H

#include <stdint.h>

#include "model/sweep.h"
#include "outputs/result_file.h"

/* What a file says about its sweep. Texts belong to the caller. */
typedef struct {
  const char *name, *title, *scenario, *scenario_text, *sweep_text;
  const char *dataset, *dataset_title, *region, *design;
  const char *sweep_sha256, *scenario_sha256, *dataset_sha256; /* what makes two sweeps the same */
  size_t design_samples; /* as the sweep gives them: base samples, trajectories, ... */
  uint64_t seed;
  size_t levels; /* of a morris design */
  bool second_order;
  const char *const *label, *const *path, *const *mode, *const *distribution; /* shape.parameters each */
  const char *const *simplex; /* shape.parameters: name of the one it is a member of, "" for none */
  size_t factors;            /* what indices are of: parameters and whole simplexes; morris: dimensions of the design */
  const char *const *factor; /* factors: labels */
  const size_t *factor_dimensions; /* factors: dimensions of the design */
  tanlu_sweep_shape shape;
  int from; /* calendar year of year index 0 */
  /* axes of sums by group and of fields that are kept; NULL where not needed */
  const tanlu_labels *labels[TANLU_DIM_COUNT];
  const char *const *product_unit, *const *sector_group; /* one a product, a sector; may be NULL */
  size_t samples;                                        /* of the whole sweep */
  size_t first_block, last_block;                        /* those of this file: all, or a shard */
  tanlu_provenance provenance;
} tanlu_sweep_description;

typedef struct tanlu_sweep_store tanlu_sweep_store;

/* Make the file and open it. TANLU_ERR_INPUT when it exists and !force; TANLU_ERR_IO when the disk has no room for it. */
tanlu_status tanlu_sweep_store_create(tanlu_sweep_store **store, const char *path, bool force,
                                      const tanlu_sweep_description *description, tanlu_context *context);
/* Open a file to go on with. TANLU_ERR_INPUT, with the difference named, unless sweep, scenario, dataset, program, BLAS core and
 * shard are the same; TANLU_ERR_IO when it is damaged. A file in use by another process is refused by both. */
tanlu_status tanlu_sweep_store_resume(tanlu_sweep_store **store, const char *path,
                                      const tanlu_sweep_description *description, tanlu_context *context);
/* Takes blocks; borrows the store. */
tanlu_sweep_sink tanlu_sweep_store_sink(tanlu_sweep_store *store);
size_t tanlu_sweep_store_done(const tanlu_sweep_store *store);     /* samples in blocks that are done */
size_t tanlu_sweep_store_failures(const tanlu_sweep_store *store); /* of them failed, when it was opened */
/* Derive count, mean, deviation, minimum, maximum, and quantiles and numbers outside where a range is declared, of every output
 * over the blocks that are done. */
tanlu_status tanlu_sweep_store_finish(tanlu_sweep_store *store, tanlu_context *context);
void tanlu_sweep_store_close(tanlu_sweep_store **store);

/* Join shards, in any order, into one file that holds the data of an unsharded run. TANLU_ERR_INPUT naming the blocks that are
 * missing or there twice, a shard that is not finished, or what shards differ in. */
tanlu_status tanlu_sweep_merge(const char *path, bool force, const char *const *shard, size_t shards,
                               const tanlu_provenance *provenance, tanlu_context *context);

#endif
