/* Sweeps: many samples of one scenario, block by block.
 *
 * A source draws the parameters of a sample and turns them into drivers; the samples of a block are projected in step on one
 * thread, around the path of the scenario itself (tanlu_centres); finished blocks go to a sink in their order, which also
 * fixes the order of all sums over samples. A block is a fixed number of consecutive samples, the unit of resuming, of shards
 * and of what moves between processes (a transport). Memory is that of a few blocks a thread (model/sweep_queue.h) and of the
 * centres, whatever the number of samples; a sample's numbers depend on sample and scenario alone, not on threads, processes,
 * blocks or what ran before.
 *
 * A sample with statistics of its own (model/perturb.h) shares no A with the others: it gets a model of its own, freed after it,
 * and is projected on its own with factorisations of its own, as tanlu_project does it.
 *
 * A sweep may hold indicators of regions beside the nation's: then a sample is the nation with all of its regions, projected
 * together (model/region_projection.h) on one thread, whose memory serves sample after sample. Scalars, sums by group and fields are
 * the nation's. */
#ifndef TANLU_MODEL_SWEEP_H
#define TANLU_MODEL_SWEEP_H

#include <stdbool.h>

#include "model/region_projection.h"

enum { TANLU_SWEEP_BLOCK = 32, TANLU_SWEEP_REASON = 240, TANLU_SWEEP_CODE = 160 };

/* What became of a sample, as stored. Zero is what a file holds where nothing was written. */
#define TANLU_SAMPLE_LIST(X)                                                                                           \
  X(TANLU_SAMPLE_OPEN, "not_computed")                                                                                 \
  X(TANLU_SAMPLE_SOLVED, "solved")                                                                                     \
  X(TANLU_SAMPLE_REFUSED, "values_not_allowed")                                                                        \
  X(TANLU_SAMPLE_UNSOLVED, "not_solvable")
typedef enum {
#define X(code, word) code,
  TANLU_SAMPLE_LIST(X)
#undef X
      TANLU_SAMPLE_STATES
} tanlu_sample_status;
extern const char *const tanlu_sample_word[TANLU_SAMPLE_STATES];

/* What is stored of every sample; statistics are taken of all. */
typedef enum {
  TANLU_KEEP_INDICATORS,
  TANLU_KEEP_STATISTICS, /* nothing but what became of it */
  TANLU_KEEP_GROUPS,     /* indicators and sums by policy group */
  TANLU_KEEP_FULL,       /* indicators and every field */
  TANLU_KEEPS
} tanlu_sweep_keep;
extern const char *const tanlu_sweep_keep_word[TANLU_KEEPS];

/* Fields by policy group. */
#define TANLU_GROUPED_LIST(X) X(VALUE_ADDED) X(FINAL_ENERGY) X(CO2)
typedef enum {
#define X(field) TANLU_GROUPED_##field,
  TANLU_GROUPED_LIST(X)
#undef X
      TANLU_GROUPED
} tanlu_grouped_id;
extern const tanlu_field_id tanlu_grouped_field[TANLU_GROUPED];

/* Outputs of a sample: indicators by year, scalars, sums by year and group. */
enum { TANLU_OUTPUT_INDICATOR, TANLU_OUTPUT_SUMMARY, TANLU_OUTPUT_GROUPED, TANLU_OUTPUTS = 2 + TANLU_GROUPED };

/* Range over which values are counted for quantiles. */
typedef struct {
  size_t output; /* TANLU_OUTPUT_GROUPED + tanlu_grouped_id for a sum by group */
  size_t index;  /* of the indicator in the shape, of the scalar; a range of a sum is that of every group */
  double lower, upper;
} tanlu_sweep_range;

/* What is kept of a sample. */
typedef struct {
  size_t parameters;
  size_t indicators, *indicator; /* indices of tanlu_indicator() */
  size_t *region;                /* indicators: whose they are, TANLU_NONE: the nation's; NULL: all are the nation's */
  const tanlu_labels *regions;   /* what `region` counts; NULL without */
  size_t years, *year;           /* indices of the years, 0 = base year */
  tanlu_sweep_keep keep;
  size_t groups;                   /* policy groups; 0: no sums by group */
  size_t field[TANLU_FIELD_COUNT]; /* numbers a year of the fields that are kept, else 0 */
  size_t ranges;
  tanlu_sweep_range *range;
} tanlu_sweep_shape;

/* The region of indicator k of the shape, TANLU_NONE: the nation. */
size_t tanlu_sweep_region(const tanlu_sweep_shape *shape, size_t k);
/* Its code, "guangdong.co2_energy" for that of a region: `text` or one that lives for ever. */
const char *tanlu_sweep_code(const tanlu_sweep_shape *shape, size_t k, char text[TANLU_SWEEP_CODE]);

/* Finished samples first .. first + count - 1. Rows are samples; missing numbers (failed samples) are NaN. */
typedef struct {
  size_t index, first, count;
  bool brief;        /* done and kept by another process: here are only its place, `own`, status, reason and summary */
  size_t own;        /* samples projected with statistics, and so with a factorisation, of their own */
  int *status;       /* count, tanlu_sample_status */
  char *reason;      /* count x TANLU_SWEEP_REASON: why a sample failed, zero-padded UTF-8 */
  double *parameter; /* count x parameters: what was drawn */
  double *indicator; /* count x years x indicators */
  double *summary;   /* count x tanlu_summary_count() */
  /* in units of results */
  double *grouped[TANLU_GROUPED];   /* count x years x groups; NULL without groups */
  double *field[TANLU_FIELD_COUNT]; /* count x years x numbers a year; NULL where not kept */
} tanlu_sweep_block;

/* What a sample is projected with. */
typedef struct {
  tanlu_drivers *drivers;
  tanlu_dataset *dataset; /* statistics of its own, with the axes of the plan's; NULL: those of the plan */
  tanlu_drivers **region; /* of every region, where the plan has them; the array and all in it */
} tanlu_sweep_drawn;
void tanlu_sweep_drawn_clear(tanlu_sweep_drawn *drawn, size_t regions);

/* Draw sample `sample`: its parameters, its drivers, its statistics where they are its own and the drivers of its regions
 * (newly created, freed by the caller; NULL on failure). Called from thread 0 .. threads - 1, by several at a time.
 * TANLU_ERR_INPUT: the values are not allowed. */
typedef struct {
  void *user;
  tanlu_status (*draw)(void *user, int thread, size_t sample, double *parameter, tanlu_sweep_drawn *drawn,
                       tanlu_context *context);
} tanlu_sweep_source;

/* Where blocks go: is a block there already, and take one. One call at a time, blocks in their order. */
typedef struct {
  void *user;
  bool (*done)(void *user, size_t block);
  tanlu_status (*write)(void *user, const tanlu_sweep_block *block, tanlu_context *context);
} tanlu_sweep_sink;

/* Other processes that work on the same sweep. One process has the sink; its transport gives out blocks of the queue and takes
 * them in. The others are told their blocks and send what they did: their sink is the transport's. */
typedef struct tanlu_sweep_queue tanlu_sweep_queue;
typedef struct {
  void *user;
  bool told;      /* this process is told its blocks: first_block, last_block and sink.done are not used */
  size_t workers; /* threads of the processes that this one gives blocks to; 0 where told */
  bool brief;     /* blocks come back brief: the processes keep what they computed, see tanlu_sweep_brief */
  /* Move blocks (tanlu_sweep_queue_*) until there is nothing more to do. On the thread that calls tanlu_sweep_run, beside its
   * threads; errors end the queue. */
  void (*serve)(void *user, tanlu_sweep_queue *queue, tanlu_context *context);
} tanlu_sweep_transport;

/* What a sweep of a nation with its regions has beside: samples have no statistics of their own. */
typedef struct {
  const tanlu_regional_model *model;
  const tanlu_drivers *const
      *scenario; /* regions: drivers of the scenario itself, whose targets those of its samples are */
  tanlu_regional_lead lead;
} tanlu_sweep_regions;

typedef struct {
  const tanlu_model *model;
  const tanlu_dataset *dataset;
  const tanlu_sweep_regions *regions; /* NULL: the nation alone */
  const char *name;                   /* of the scenario, for messages */
  const tanlu_drivers *scenario;      /* its drivers: the centre of the samples, which have its years and targets */
  tanlu_sweep_shape shape;
  tanlu_sweep_source source;
  tanlu_sweep_sink sink;
  const tanlu_sweep_transport *transport; /* NULL: all blocks are done here */
  size_t samples;                         /* of the whole sweep: the last block may be shorter */
  size_t first_block, last_block;         /* blocks first .. last - 1 are run */
  int threads;
  size_t failures;         /* recorded before */
  size_t failures_allowed; /* more end the sweep; TANLU_NONE: any number */
  int (*stop)(
      void *user); /* polled before every block; non-zero: TANLU_INTERRUPTED, once begun blocks are done. May be NULL */
  /* after every block: how many more samples, how many of them failed. May be NULL */
  void (*progress)(void *user, const tanlu_sweep_block *block, size_t failures);
  void *user;
} tanlu_sweep_plan;

size_t tanlu_sweep_blocks(size_t samples); /* number of blocks of so many samples */

/* Run the blocks that are not done. Errors: TANLU_INTERRUPTED, TANLU_ERR_MODEL when more than failures_allowed failed (the
 * block in which that happens is written, none after it), those of the sink, memory. */
tanlu_status tanlu_sweep_run(tanlu_sweep_plan *plan, tanlu_context *context);

/* One sample, by running its block (where there are regions it alone): the same bits as in the sweep. projection: of the
 * scenario's years, with the fields that are wanted. block (out): the caller clears it. Errors: TANLU_ERR_INPUT or
 * TANLU_ERR_MODEL with the reason of the sample. */
tanlu_status tanlu_sweep_sample_run(const tanlu_sweep_plan *plan, size_t sample, tanlu_projection *projection,
                                    tanlu_sweep_block *block, tanlu_context *context);
void tanlu_sweep_block_clear(tanlu_sweep_block *block);

/* A block as so many doubles in a row, to travel between processes of one program. */
size_t tanlu_sweep_block_doubles(const tanlu_sweep_shape *shape);
void tanlu_sweep_block_pack(const tanlu_sweep_block *block, const tanlu_sweep_shape *shape, double *packed);
/* The shape of what moves of a block that is kept where it was computed: what became of its samples. */
extern const tanlu_sweep_shape tanlu_sweep_brief;

#endif
