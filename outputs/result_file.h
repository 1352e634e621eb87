/* Result files: HDF5 that is also valid netCDF-4 with CF attributes. */
#ifndef TANLU_OUTPUTS_RESULT_FILE_H
#define TANLU_OUTPUTS_RESULT_FILE_H

#include <stdbool.h>

#include "model/region_fields.h"
#include "model/region_projection.h"

/* Names of the variables of places of tiles. */
#define TANLU_RESULT_TILE_X "region_tile_x"
#define TANLU_RESULT_TILE_Y "region_tile_y"

/* A scenario by region. The scenarios of a file are all of the same regions, or none has any. */
typedef struct {
  const tanlu_labels *region;
  const tanlu_dataset *dataset;              /* of any region: its axes are those of all */
  const tanlu_projection *const *projection; /* regions; of the years of the nation's */
  tanlu_regional_flow flow;                  /* NULL arrays are left out */
  const double *gap;                         /* years x TANLU_FIELD_COUNT; NULL: left out */
  const double *tile;  /* regions x 2, column-major: column and row in a map of tiles, whole numbers; NULL: left out */
  const int *peak_aim; /* regions: a year, 0 for none (inputs/scenario_regions.h); NULL: none has an aim */
  const char *statistics, *grouping, *lead; /* words; grouping: "" for all regions, a level, or "one/rest" */
} tanlu_result_regions;

typedef struct {
  const char *name, *title, *text; /* text: resolved scenario */
  const tanlu_projection *projection;
  const tanlu_result_regions *regions; /* NULL: of the nation alone */
} tanlu_result_scenario;

typedef struct {
  const char *version, *commit, *build_flags, *blas_core, *command_line;
  int threads, ranks; /* threads of each MPI rank; ranks 0: no MPI */
  size_t inputs;      /* input files by name, with SHA-256 */
  const char *const *input, *const *sha256;
} tanlu_provenance;

/* Write the scenarios of one dataset beside `path`, flush, fsync and rename. TANLU_ERR_INPUT when the file exists and
 * !force, TANLU_ERR_IO when it cannot be written; nothing is left behind on failure.
 *
 * Scenarios by region: every variable of the nation as ever, and beside them
 *
 *     regional_<field>       (scenario, region, year, axes of model/region_fields.h)    units of the nation's
 *     regional_summary       (scenario, region, summary)
 *     regional_peak_aim      (scenario, region)    year; NaN where a region has no aim, left out where none has any
 *     regional_trade         (scenario, year, region_from, region_to)    all products, 1e8 CNY_2020
 *     regional_electricity   (scenario, year, region_from, region_to)    TWh as received
 *     regional_gap           (scenario, year, field)    sum over regions against the nation before anything is scaled
 *     region_tile_x, region_tile_y   (region)    auxiliary coordinates: column and row in a map of tiles, where there are such places
 *
 * categories of final demand being those of regions (`regional_category`, with `other_regions`), and the root attributes
 * regional_statistics, regional_grouping (where regions are grouped) and regional_lead (one word, or one for each scenario).
 * Written region by region: no variable is held twice. */
tanlu_status tanlu_result_write(const char *path, bool force, const tanlu_dataset *dataset,
                                const tanlu_result_scenario *scenario, size_t count, const tanlu_provenance *provenance,
                                tanlu_context *context);
/* Can `path` be written, before any work is done? The same errors as tanlu_result_write. */
tanlu_status tanlu_result_writable(const char *path, bool force, tanlu_context *context);

/* Reading: one open file. TANLU_ERR_INPUT when it does not exist or is no result file, TANLU_ERR_IO when it cannot be
 * read. */
typedef struct tanlu_result tanlu_result;
tanlu_status tanlu_result_open(tanlu_result **result, const char *path, tanlu_context *context);
void tanlu_result_close(tanlu_result **result);

/* Is this text a result file rather than the name of a scenario: an HDF5 file, or a name that ends as one, ".h5" or ".nc"? */
bool tanlu_result_recognise(const char *path);

/* Labels along a dimension by its name in the file ("scenario", "sector", ...); NULL when absent. */
const tanlu_labels *tanlu_result_labels(tanlu_result *result, const char *dimension);
/* Places of regions in a map of tiles: regions x 2, column-major, columns from the left and rows from the top; NULL where the file has
 * none. */
const double *tanlu_result_tiles(tanlu_result *result);
/* Years of the file. */
const int *tanlu_result_years(tanlu_result *result, size_t *count);

enum { TANLU_RESULT_RANK = 5 }; /* most dimensions of a variable */
typedef struct {
  char *name, *unit, *long_name;
  size_t rank, extent[TANLU_RESULT_RANK];
  char *dimension[TANLU_RESULT_RANK];
  double *value; /* row-major; NULL until read */
} tanlu_result_variable;
size_t tanlu_result_variable_count(tanlu_result *result); /* numeric data variables, coordinates apart */
const tanlu_result_variable *tanlu_result_variable_at(tanlu_result *result, size_t i);
const tanlu_result_variable *tanlu_result_variable_find(tanlu_result *result, const char *name); /* NULL when absent */
tanlu_status tanlu_result_variable_read(tanlu_result *result, const char *name, const tanlu_result_variable **variable,
                                        tanlu_context *context);
/* `count` members of each axis from `first` on into `value`, row-major, which is not kept. */
tanlu_status tanlu_result_part_read(tanlu_result *result, const tanlu_result_variable *variable, const size_t *first,
                                    const size_t *count, double *value, tanlu_context *context);
/* `rows` members of the first axis from `first` on into `value` (rows x the cells of one), which is not kept. */
tanlu_status tanlu_result_rows_read(tanlu_result *result, const tanlu_result_variable *variable, size_t first,
                                    size_t rows, double *value, tanlu_context *context);
/* Texts along one dimension: coordinates, labels, units, definitions, "scenario_text". */
typedef struct {
  char *name, *dimension;
  size_t count;
  char **text;
} tanlu_result_texts;
size_t tanlu_result_texts_count(tanlu_result *result);
const tanlu_result_texts *tanlu_result_texts_at(tanlu_result *result, size_t i);
const tanlu_result_texts *tanlu_result_texts_find(tanlu_result *result, const char *name); /* NULL when absent */

const char *tanlu_result_path(const tanlu_result *result);
/* Text of a root attribute (lists joined by newlines) or of scenario_text; NULL when absent. Owned by the result. */
const char *tanlu_result_attribute(tanlu_result *result, const char *name);
const char *tanlu_result_scenario_text(tanlu_result *result, size_t scenario);

/* Compare all data variables of two files, some megabytes at a time. One line per difference in *report (caller frees): variable, how many values
 * differ, the largest absolute and relative difference and where it is; TANLU_DIFFERENT when any value differs by more
 * than `tolerance` relative to the largest magnitude of its variable (0: bitwise; of its indicator, scalar or product where
 * units differ along that axis), or when variables or labels differ. Members of a dimension are matched by their codes, so
 * that what both files hold is compared even where one holds more; along an axis without codes (samples, blocks) by their place,
 * and other lengths of it are a difference. Attributes (history, host, threads, ...) do not count,
 * nor, with a tolerance, do `residual` and `balance_gap`, which are rounding errors;
 * a difference of scenario_text or input files is a line that starts "note: ". */
tanlu_status tanlu_result_compare(tanlu_result *a, tanlu_result *b, double tolerance, char **report,
                                  tanlu_context *context);

#endif
