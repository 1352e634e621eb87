/* Layout of a sweep's file, shared by what makes, fills and joins such files. */
#ifndef TANLU_OUTPUTS_SWEEP_STORE_PRIVATE_H
#define TANLU_OUTPUTS_SWEEP_STORE_PRIVATE_H

#include <sys/types.h>

#include "outputs/sweep_store.h"
#include "solvers/moments.h"

/* ---- axes: those of the fields (tanlu_dim), and the sweep's own ---- */

enum {
  TANLU_AXIS_SAMPLE = TANLU_DIM_COUNT,
  TANLU_AXIS_PARAMETER,
  TANLU_AXIS_SUMMARY,
  TANLU_AXIS_BLOCK,
  TANLU_AXIS_CHARACTER,
  TANLU_AXIS_PROBABILITY,
  TANLU_AXIS_OUTPUT, /* scalars, and indicators by year, as `tanlu sensitivity` names them */
  TANLU_AXIS_FACTOR, /* what indices are of */
  TANLU_AXIS_PAIR,   /* of factors */
  TANLU_AXES_NAMED,
  /* of the state of the statistics; without names */
  TANLU_AXIS_PLACE = TANLU_AXES_NAMED,
  TANLU_AXIS_SINGLE,
  TANLU_AXIS_CELL,
  TANLU_AXIS_WORD,
  TANLU_AXIS_BOUND,
  TANLU_AXIS_RANGE,
  TANLU_AXIS_BIN,
  TANLU_AXES
};
const char *tanlu_sweep_axis_name(int axis); /* of a named one */

/* ---- variables ---- */

/* Statistics of an output: suffix of the variable, long name; the last three where a range is declared. */
#define TANLU_STATISTIC_LIST(X)                                                                                        \
  X(COUNT, "count", "Solved samples in which it is not missing")                                                       \
  X(MEAN, "mean", "Mean over the solved samples")                                                                      \
  X(DEVIATION, "deviation", "Standard deviation over the solved samples")                                              \
  X(MINIMUM, "minimum", "Smallest of the solved samples")                                                              \
  X(MAXIMUM, "maximum", "Largest of the solved samples")                                                               \
  X(BELOW, "below", "Solved samples below the range of its quantiles")                                                 \
  X(ABOVE, "above", "Solved samples above the range of its quantiles")                                                 \
  X(QUANTILE, "quantile", "Quantiles over the solved samples, within 1/200 of the declared range")
enum {
#define X(id, suffix, text) TANLU_STATISTIC_##id,
  TANLU_STATISTIC_LIST(X)
#undef X
      TANLU_STATISTICS
};
enum { TANLU_SWEEP_BINS = 200, TANLU_SWEEP_PROBABILITIES = 5 };
extern const double tanlu_sweep_probability[TANLU_SWEEP_PROBABILITIES];
/* "indicator", "summary", "co2_by_group": what the variables of its statistics start with. */
const char *tanlu_sweep_output_name(size_t output);

/* Sensitivity indices: name, designs that have it, second axis, unit, long name. */
#define TANLU_INDEX_LIST(X)                                                                                            \
  X(USED, "sensitivity_used", ANY, NONE, "Base samples, trajectories or samples that the indices are from")            \
  X(RESAMPLES, "sensitivity_resamples", GROUPED, NONE, "Resamples of the bootstrap intervals")                         \
  X(LEVEL, "sensitivity_level", GROUPED, NONE, "Level of the bootstrap intervals")                                     \
  X(FIRST, "sobol_first", SALTELLI, FACTOR, "First-order Sobol index: share of the variance")                          \
  X(FIRST_LOW, "sobol_first_low", SALTELLI, FACTOR, "Lower end of its interval")                                       \
  X(FIRST_HIGH, "sobol_first_high", SALTELLI, FACTOR, "Upper end of its interval")                                     \
  X(TOTAL, "sobol_total", SALTELLI, FACTOR, "Total Sobol index: with all it interacts with")                           \
  X(TOTAL_LOW, "sobol_total_low", SALTELLI, FACTOR, "Lower end of its interval")                                       \
  X(TOTAL_HIGH, "sobol_total_high", SALTELLI, FACTOR, "Upper end of its interval")                                     \
  X(SECOND, "sobol_second", SECOND, PAIR, "Second-order Sobol index")                                                  \
  X(SECOND_LOW, "sobol_second_low", SECOND, PAIR, "Lower end of its interval")                                         \
  X(SECOND_HIGH, "sobol_second_high", SECOND, PAIR, "Upper end of its interval")                                       \
  X(MU_STAR, "morris_mu_star", MORRIS, FACTOR, "Mean size of the elementary effects")                                  \
  X(MU_STAR_LOW, "morris_mu_star_low", MORRIS, FACTOR, "Lower end of its interval")                                    \
  X(MU_STAR_HIGH, "morris_mu_star_high", MORRIS, FACTOR, "Upper end of its interval")                                  \
  X(MU, "morris_mu", MORRIS, FACTOR, "Mean of the elementary effects over the whole range")                            \
  X(SIGMA, "morris_sigma", MORRIS, FACTOR, "Standard deviation of the elementary effects")                             \
  X(COEFFICIENT, "regression_coefficient", OTHER, PARAMETER, "Standardised regression coefficient")                    \
  X(RANK, "rank_correlation", OTHER, PARAMETER, "Partial rank correlation")                                            \
  X(EXPLAINED, "regression_explained", OTHER, NONE, "Share of the variance that the regression explains")
enum {
#define X(id, name, designs, axis, text) TANLU_INDEX_##id,
  TANLU_INDEX_LIST(X)
#undef X
      TANLU_INDICES
};
const char *tanlu_sweep_index_name(size_t index);

enum {
  TANLU_STORE_PARAMETER,
  TANLU_STORE_STATUS,
  TANLU_STORE_REASON, /* of a sample; where no samples are kept, of the first one of a block that failed */
  TANLU_STORE_DONE,
  TANLU_STORE_PLACE, /* which place of the state counts */
  TANLU_STORE_WORDS, /* state of the statistics */
  TANLU_STORE_EXTREMES,
  TANLU_STORE_HISTOGRAM,
  TANLU_STORE_VALUE,                                             /* + output */
  TANLU_STORE_FIELD = TANLU_STORE_VALUE + TANLU_OUTPUTS,         /* + tanlu_field_id */
  TANLU_STORE_STATISTIC = TANLU_STORE_FIELD + TANLU_FIELD_COUNT, /* + output x TANLU_STATISTICS + statistic */
  TANLU_STORE_INDEX = TANLU_STORE_STATISTIC + TANLU_OUTPUTS * TANLU_STATISTICS,
  TANLU_STORE_ALL = TANLU_STORE_INDEX + TANLU_INDICES
};

typedef enum { TANLU_TYPE_REAL, TANLU_TYPE_INT, TANLU_TYPE_BYTE, TANLU_TYPE_WHOLE } tanlu_sweep_type;
typedef struct {
  char name[64];
  const char *unit, *long_name;
  int rank; /* 0: the file has no such variable */
  int axis[4];
  size_t extent[4];
  tanlu_sweep_type type;
  bool missing; /* NaN until it is written */
  size_t row;   /* bytes of one member of its first axis */
  off_t offset; /* in an open file */
} tanlu_sweep_variable;

/* All TANLU_STORE_ALL variables of a file; text in them belongs to the code. */
void tanlu_sweep_variables(const tanlu_sweep_description *description, tanlu_sweep_variable *variable);
size_t tanlu_sweep_extent(const tanlu_sweep_description *description, int axis);
/* Is the first axis of a variable that of samples, of blocks? */
static inline bool tanlu_sweep_along(const tanlu_sweep_variable *variable, int axis) {
  return variable->rank > 0 && variable->axis[0] == axis;
}

/* `rows` rows of a variable from row `row` on, to wherever `user` stands for. */
typedef tanlu_status (*tanlu_sweep_put)(void *user, size_t variable, size_t row, size_t rows, const void *bytes,
                                        tanlu_context *context);
/* All rows of a block, of the variables that the file has; it begins with block `first_block`. */
tanlu_status tanlu_sweep_block_put(const tanlu_sweep_variable *variable, size_t first_block, tanlu_sweep_put put,
                                   void *user, const tanlu_sweep_block *block, tanlu_context *context);

/* ---- statistics ---- */

typedef struct tanlu_sweep_statistics tanlu_sweep_statistics;
tanlu_status tanlu_sweep_statistics_create(tanlu_sweep_statistics **statistics, const tanlu_sweep_shape *shape,
                                           tanlu_context *context);
void tanlu_sweep_statistics_free(tanlu_sweep_statistics **statistics);
void tanlu_sweep_statistics_add(tanlu_sweep_statistics *statistics, const tanlu_sweep_block *block);
tanlu_status tanlu_sweep_statistics_merge(tanlu_sweep_statistics *statistics, const tanlu_sweep_statistics *other,
                                          tanlu_context *context);
void tanlu_sweep_statistics_clear(tanlu_sweep_statistics *statistics); /* of no samples */
/* As so many bytes, to travel between processes of one program. */
size_t tanlu_sweep_statistics_bytes(const tanlu_sweep_statistics *statistics);
void tanlu_sweep_statistics_pack(tanlu_sweep_statistics *statistics, unsigned char *packed);
tanlu_status tanlu_sweep_statistics_unpack(tanlu_sweep_statistics *statistics, const unsigned char *packed,
                                           tanlu_context *context);
/* State from and to one of the two places in the file. TANLU_ERR_IO unless it is that of `solved` samples. */
tanlu_status tanlu_sweep_statistics_load(tanlu_sweep_statistics *statistics, const tanlu_sweep_store *store,
                                         size_t place, size_t solved, tanlu_context *context);
tanlu_status tanlu_sweep_statistics_save(tanlu_sweep_statistics *statistics, const tanlu_sweep_store *store,
                                         size_t place, tanlu_context *context);
/* What is derived from the state into its variables. */
tanlu_status tanlu_sweep_statistics_derive(const tanlu_sweep_statistics *statistics, const tanlu_sweep_store *store,
                                           tanlu_context *context);

/* ---- the file ---- */

struct tanlu_sweep_store {
  char *path;
  int descriptor; /* of the file, locked when it is written */
  tanlu_sweep_variable variable[TANLU_STORE_ALL];
  size_t samples; /* of the whole sweep */
  size_t first_block, last_block;
  size_t first_sample, own_samples; /* of this file */
  unsigned char *done;              /* of its blocks: 1 where they are done */
  size_t blocks_done, solved, failures;
  unsigned char place;                /* of the state that counts */
  size_t *recent, recents, room;      /* blocks whose flags bear the mark of that place; room for so many */
  size_t *fresh, freshes, fresh_room; /* blocks that are written and not yet done */
  double committed, pause;            /* seconds: when blocks became done last, until they do again */
  tanlu_sweep_statistics *statistics; /* of the blocks done */
};

/* Write a new HDF5 file at `path` (replaced): axes, labels, attributes, and room for all variables. */
tanlu_status tanlu_sweep_layout_write(const char *path, const tanlu_sweep_description *description,
                                      tanlu_context *context);
/* Bytes that such a file takes, about. */
size_t tanlu_sweep_layout_size(const tanlu_sweep_description *description);

/* Open a file of these dimensions for reading, or for writing with a lock. */
tanlu_status tanlu_sweep_store_open(tanlu_sweep_store **store, const char *path,
                                    const tanlu_sweep_description *description, bool writing, tanlu_context *context);
/* `rows` rows of a variable from row `row` on. A variable that the file does not have is passed over. */
tanlu_status tanlu_sweep_store_read(const tanlu_sweep_store *store, size_t variable, size_t row, size_t rows,
                                    void *bytes, tanlu_context *context);
tanlu_status tanlu_sweep_store_put(const tanlu_sweep_store *store, size_t variable, size_t row, size_t rows,
                                   const void *bytes, tanlu_context *context);
tanlu_status tanlu_sweep_store_sync(const tanlu_sweep_store *store, tanlu_context *context);
/* Blocks whose data are written, and of which the statistics are, become done together: state to the place that does not count,
 * their flags with its mark, sync; that place counts now, sync. */
tanlu_status tanlu_sweep_store_commit(tanlu_sweep_store *store, const size_t *block, size_t count,
                                      tanlu_context *context);
/* All blocks at once, after their data, in this order: state to both places, sync, flags, sync. */
tanlu_status tanlu_sweep_store_complete(tanlu_sweep_store *store, tanlu_context *context);

#endif
