/* Sweep files: which numbers of a scenario vary, how, and by what design.
 *
 *   name: peak-drivers
 *   scenario: dual-carbon          # a name or path, as in `tanlu run`
 *   design: saltelli               # grid, list, monte-carlo, lhs, sobol, saltelli, morris
 *   samples: 64                    # of the design; base samples of saltelli, trajectories of morris
 *   seed: 1
 *   second_order: false            # saltelli
 *   levels: 4                      # grid, morris
 *   parameters:
 *     - {path: gdp.growth, mode: scale, distribution: {uniform: [0.8, 1.2]}, label: growth}
 *     - {simplex: {members: [power.mix.pv.2060, power.mix.nuclear.2060], total: 0.6, uniform: [[0.3, 0.5], [0.1, 0.3]]}}
 *   correlation: [{between: [growth, efficiency], rank: 0.4}]    # monte-carlo, lhs, sobol
 *   points: [[0.9], [1.1]]         # list: one value a parameter, a row a sample, or a CSV file; no distributions then
 *   outputs: {indicators: [co2_net], years: [2030, 2060], quantiles: {co2_net: [-1000, 12000]}}
 *   keep: indicators               # statistics: no samples; groups: sums by policy group too; full: every field too
 *   failures: skip                 # stop, or {at_most: 0.05}
 *
 * A path names a number (gdp.growth.2030), a timeline or any mapping of them: then all numbers written there, knots and
 * rates of a trend alike, move together. Several paths in a list move together too. `scale` multiplies, `add` adds,
 * `replace` puts the value there; only `replace` may name what the scenario does not give. Where parameters name the same
 * number they act on it in their order.
 *
 * Instead of a path a parameter may name statistics of the dataset, which are not known exactly either:
 *
 *     - {statistic: emission_factors.raw_coal, mode: scale, distribution: {normal: [1, 0.03]}}
 *     - {statistic: branch_energy.chemicals.diesel, keep_total: true, mode: scale, distribution: {uniform: [0.9, 1.1]}}
 *     - {statistic: coefficients, mode: replace, distribution: {discrete: [0.1]}}     # relative deviation of each cell
 *
 * WHAT.all and the class of a carrier (where no carrier has its name) stand for all their members; lists are possible. What
 * gives way is said in model/perturb.h. Samples of such a sweep have a dataset and a model of their own, and the scenario is
 * resolved against that dataset: values that it takes from the base year are those of the sample.
 *
 * A simplex draws numbers that replace its members and sum to `total`: k parameters, whose values are the members', from k - 1
 * dimensions of the design. Sensitivity indices that are shares of variance are those of the simplex as a whole (a saltelli
 * design swaps its dimensions together): they do not depend on the order of the members, while indices of single members,
 * which depend on each other, would. Elementary effects of a morris design are those of its dimensions.
 *
 * Where the scenario has a block `regions`, a sample is the nation with all of its regions. Paths below regions.set.REGION move what a
 * region says otherwise, all other paths move the nation and what its regions inherit alike; no statistics vary. Outputs may name
 * indicators of regions, as guangdong.co2_energy, or those of every region, as all.co2_energy; scalars, sums by group and fields are
 * the nation's. */
#ifndef TANLU_INPUTS_SWEEP_FILE_H
#define TANLU_INPUTS_SWEEP_FILE_H

#include "inputs/file_hash.h"
#include "inputs/region_set.h"
#include "inputs/scenario_file.h"
#include "model/sweep.h"
#include "solvers/design.h"
#include "solvers/distribution.h"
#include "solvers/simplex.h"

typedef enum { TANLU_MODE_SCALE, TANLU_MODE_ADD, TANLU_MODE_REPLACE, TANLU_MODES } tanlu_sweep_mode;
extern const char *const tanlu_sweep_mode_word[TANLU_MODES];

/* Statistics that a parameter changes (model/perturb.h). */
typedef enum {
  TANLU_STATISTIC_EMISSION_FACTORS,
  TANLU_STATISTIC_BRANCH_ENERGY,
  TANLU_STATISTIC_COEFFICIENTS,
  TANLU_STATISTICS,
  TANLU_STATISTIC_NONE = TANLU_STATISTICS
} tanlu_sweep_statistic;

typedef struct {
  char *label, *path; /* path: all of them, joined by ", "; "statistic ..." where it names statistics */
  char *described;    /* its distribution as written; "" for a list */
  tanlu_sweep_mode mode;
  tanlu_distribution *distribution; /* NULL for a list and for the member of a simplex */
  size_t simplex;                   /* of which it is a member; TANLU_NONE: none */
  size_t dimension;                 /* of the design, by which it is drawn; meaningless for the member of a simplex */
  size_t numbers, *number;          /* numbers of the scenario that it moves: indices of sweep->base */
  tanlu_sweep_statistic statistic;  /* once bound; TANLU_STATISTIC_NONE: it moves numbers of the scenario */
  bool *marked;                     /* carriers, or branches x carriers, whose statistics it changes; NULL for others */
  bool keep_total;                  /* other branches make up for it */
  const struct tanlu_yaml *node;    /* its entry in the file */
  const struct tanlu_yaml *paths;   /* one path, or name of a statistic, or a list of them */
} tanlu_sweep_parameter;

/* Numbers that sum to `total`. */
typedef struct {
  char *name; /* its label; where it has none its members' paths, joined by ", " */
  tanlu_simplex *shares;
  double total;
  size_t first, count; /* its members among the parameters */
  size_t dimension;    /* of the design, the first by which it is drawn */
} tanlu_sweep_simplex;

typedef struct tanlu_sweep {
  char *name, *title, *path;
  char sha256[TANLU_SHA256_TEXT]; /* of its file; where there is another, of the text "SHA256\nSHA256\n" of both */
  size_t files;                   /* the sweep, and the points of a list where they are in a file */
  struct tanlu_sweep_input {
    char *path, sha256[TANLU_SHA256_TEXT];
  } file[2];
  tanlu_scenario *scenario;
  tanlu_design *design;
  tanlu_design_options options; /* of the design; its pointers belong to the sweep */
  size_t samples;               /* of the whole design, once bound */
  size_t parameters, simplexes;
  size_t statistics; /* parameters that change statistics: with any, every sample has a model of its own */
  tanlu_sweep_parameter *parameter;
  tanlu_sweep_simplex *simplex;
  size_t factors;            /* what sensitivity indices are of: parameters and whole simplexes; morris: dimensions */
  char **factor;             /* factors: its label */
  size_t *factor_dimensions; /* factors: how many dimensions of the design, 1 and more; their sum is all of them */
  tanlu_sweep_shape shape;   /* years once bound, groups and fields once its outputs are */
  size_t failures_allowed;   /* once bound; TANLU_NONE: any number */
  /* private */
  struct tanlu_yaml *root;
  double failure_share; /* NaN: skip; 0: stop */
  size_t *dimension_factor;
  size_t *levels;
  double *points, *tails, *correlation;
  size_t numbers;              /* numbers of the scenario that move */
  double *base;                /* numbers: as the scenario gives them */
  size_t *place;               /* numbers: which scalar of the scenario's keys, counted in file order */
  size_t *mover;               /* numbers: last parameter that moves it */
  tanlu_drivers *base_drivers; /* of these numbers; NULL where they do not resolve */
  tanlu_region_set *set;       /* the regions, once made; NULL without */
  tanlu_drivers **region;      /* of the set, of the scenario itself */
  tanlu_sweep_regions regions; /* of the same */
} tanlu_sweep;

/* Read a sweep (a path, or a name looked up as tanlu_input_find says in "sweeps") and its scenario. All errors of the file
 * are reported, with line and column. */
tanlu_status tanlu_sweep_read(tanlu_sweep **sweep, const char *name, tanlu_context *context);
/* Resolve its scenario, find the numbers its paths name, make the design. */
tanlu_status tanlu_sweep_bind(tanlu_sweep *sweep, const tanlu_dataset *dataset, tanlu_context *context);
/* The regions of its scenario; none where it has no block `regions`. Before outputs, workers and plans; nation and dataset must live
 * longer than the sweep. */
tanlu_status tanlu_sweep_regions_make(tanlu_sweep *sweep, const tanlu_model *nation, const tanlu_dataset *dataset,
                                      tanlu_context *context);
/* What a plan of the sweep needs of them; NULL where there are none. */
const tanlu_sweep_regions *tanlu_sweep_regions_of(const tanlu_sweep *sweep);
/* Sizes of the groups and fields that it keeps. */
void tanlu_sweep_outputs_bind(tanlu_sweep *sweep, const tanlu_dataset *dataset);
void tanlu_sweep_free(tanlu_sweep **sweep);

/* What is drawn for a sample, one value a parameter: a pure function of the sweep and the sample. */
void tanlu_sweep_draw(const tanlu_sweep *sweep, size_t sample, double *parameter);

/* Drivers of drawn values. A worker holds a copy of the scenario's keys; one a thread. */
typedef struct tanlu_sweep_worker tanlu_sweep_worker;
tanlu_status tanlu_sweep_worker_create(tanlu_sweep_worker **worker, const tanlu_sweep *sweep,
                                       const tanlu_dataset *dataset, tanlu_context *context);
void tanlu_sweep_worker_free(tanlu_sweep_worker **worker);
/* Arrays that no parameter touches are borrowed, the same for all samples and workers: the drivers are freed before the sweep.
 * statistics: those of the sample (tanlu_sweep_perturb), NULL: those of the worker's dataset. TANLU_ERR_INPUT when the values
 * are not allowed (out of bounds, shares beyond 1), at the parameter that did it. */
tanlu_status tanlu_sweep_drivers(tanlu_sweep_worker *worker, const double *parameter, const tanlu_dataset *statistics,
                                 tanlu_drivers **drivers, tanlu_context *context);

/* A copy of the dataset with the drawn statistics; *own is NULL where the sweep changes none. The noise of coefficients is that
 * of the seed and the sample; in the designs saltelli and morris, which compare samples that share the values of all parameters
 * but one, that of the seed and the coordinate by which the deviation is drawn, so that it belongs to this parameter.
 * Errors at the parameter. */
tanlu_status tanlu_sweep_perturb(const tanlu_sweep *sweep, size_t sample, const double *parameter,
                                 const tanlu_dataset *dataset, tanlu_dataset **own, tanlu_context *context);

/* The sample as a scenario of its own, YAML that runs, without what it changes in the statistics; the caller frees. */
tanlu_status tanlu_sweep_worker_text(tanlu_sweep_worker *worker, const double *parameter, char **text,
                                     tanlu_context *context);

/* The source of a plan: user is an array of workers, one a thread. */
tanlu_status tanlu_sweep_source_draw(void *user, int thread, size_t sample, double *parameter, tanlu_sweep_drawn *drawn,
                                     tanlu_context *context);

#endif
