/* Layout of a sweep's file, shared by what makes, fills and joins such files. */
#ifndef TANLU_OUTPUTS_SWEEP_STORE_PRIVATE_H
#define TANLU_OUTPUTS_SWEEP_STORE_PRIVATE_H

#include <sys/types.h>

#include "outputs/sweep_store.h"

/* id, name */
#define TANLU_SWEEP_VARIABLE_LIST(X)                                                                                   \
  X(PARAMETER, "parameter_value")                                                                                      \
  X(STATUS, "status")                                                                                                  \
  X(REASON, "reason")                                                                                                  \
  X(INDICATOR, "indicator_value")                                                                                      \
  X(SUMMARY, "summary_value")                                                                                          \
  X(MOMENT, "block_moment")                                                                                            \
  X(DONE, "block_done")                                                                                                \
  X(MEAN, "indicator_mean")                                                                                            \
  X(DEVIATION, "indicator_deviation")                                                                                  \
  X(MINIMUM, "indicator_minimum")                                                                                      \
  X(MAXIMUM, "indicator_maximum")
typedef enum {
#define X(id, name) TANLU_STORE_##id,
  TANLU_SWEEP_VARIABLE_LIST(X)
#undef X
      TANLU_SWEEP_VARIABLES
} tanlu_sweep_variable;
extern const char *const tanlu_sweep_variable_name[TANLU_SWEEP_VARIABLES];

/* Moments of a block: how many numbers, their mean, the sum of squares around it, smallest, largest. */
enum { TANLU_MOMENT_COUNT, TANLU_MOMENT_MEAN, TANLU_MOMENT_SQUARES, TANLU_MOMENT_MIN, TANLU_MOMENT_MAX, TANLU_MOMENTS };

struct tanlu_sweep_store {
  char *path;
  int descriptor;                      /* of the file, locked */
  off_t offset[TANLU_SWEEP_VARIABLES]; /* of each variable in the file; -1 where it has none */
  size_t row[TANLU_SWEEP_VARIABLES];   /* bytes of one sample (block, year) */
  size_t parameters, cells;            /* cells: years x indicators */
  size_t samples;                      /* of the whole sweep */
  size_t first_block, last_block;
  size_t first_sample, own_samples; /* of this file */
  unsigned char *done;              /* flags of its blocks */
  size_t failures;
  bool statistics_only;
};

/* Write a new HDF5 file at `path` (replaced): axes, labels, attributes, and room for all variables. */
tanlu_status tanlu_sweep_layout_write(const char *path, const tanlu_sweep_description *description,
                                      tanlu_context *context);
/* Bytes that such a file takes, about. */
size_t tanlu_sweep_layout_size(const tanlu_sweep_description *description);

/* Open a file of these dimensions for reading, or for writing with a lock. */
tanlu_status tanlu_sweep_store_open(tanlu_sweep_store **store, const char *path,
                                    const tanlu_sweep_description *description, bool writing, tanlu_context *context);
/* All `size` bytes at a place of a variable. */
tanlu_status tanlu_sweep_store_read(const tanlu_sweep_store *store, tanlu_sweep_variable variable, size_t row,
                                    void *bytes, size_t size, tanlu_context *context);
tanlu_status tanlu_sweep_store_put(const tanlu_sweep_store *store, tanlu_sweep_variable variable, size_t row,
                                   const void *bytes, size_t size, tanlu_context *context);

#endif
