/* Regional statistics, a directory beside datasets (inputs/FORMAT.md), read against the sectors of a national dataset: what
 * `tanlu regionalise` takes a table apart with. */
#ifndef TANLU_INPUTS_REGIONAL_FILE_H
#define TANLU_INPUTS_REGIONAL_FILE_H

#include <stdbool.h>

#include "model/dataset.h"
#include "model/regional_energy.h"
#include "model/regional_table.h"

typedef struct {
  size_t product;
  double *flow; /* regions x regions, column-major, from p to q */
} tanlu_regional_flows;

typedef struct {
  char *name, *title, *directory;
  size_t sectors, groups; /* of the dataset, of its level value_level */
  tanlu_labels region;
  size_t levels;       /* groupings of regions */
  tanlu_level *level;  /* of_sector: by region */
  double *distance;    /* regions x regions, column-major, km */
  double *tile;        /* regions x 2: column and row in a map of tiles, whole numbers; NULL without */
  size_t value_level;  /* level of the dataset whose groups value_added has */
  double *value_added; /* regions x groups of it, column-major */
  tanlu_labels indicator;
  double *indicator_value; /* regions x indicators, column-major */
  size_t households;       /* indicator that shares out consumption of households; TANLU_NONE: value added */
  double persons;          /* in one unit of it */
  double *share;           /* regions x n, column-major: what indicators say, columns sum to 1 */
  char **basis;            /* n: in words, "0.52 crude_steel + 0.43 nonferrous" */
  size_t known_flows;
  tanlu_regional_flows *known;
  int history_from; /* first of the recorded years */
  size_t history_years;
  double *
      gdp_share; /* regions x history_years, column-major: shares in nominal GDP, columns sum to 1; NULL: not reported */
  /* of a dataset with energy, else NULL */
  size_t carriers, technologies;
  double *final;      /* regions x carriers, TJ; NaN where not reported */
  bool *own_column;   /* carriers: reported by itself, not like another carrier */
  double *plant_fuel; /* regions x TANLU_CLASS_COUNT, any unit; NaN where not reported */
  double *generation; /* regions x technologies, column-major, in the unit of the file; a column of NaN: not reported */
} tanlu_regional_data;

/* carriers.csv, final_energy.csv, power_fuel.csv, generation.csv and generation_sources.csv, each of which may be absent, against the
 * carriers and technologies of a dataset with energy. Technologies that share a column of generation.csv split it in the nation's
 * proportion p_k: with the column G_r of region r, g_rk = p_k G_r. Technologies W that stand in a group R_k of regions alone have their
 * part of the nation there, the others what is left,
 *     g_rk = p_k sum_s G_s  G_r / sum over s in R_k of G_s     r in R_k, k in W
 *     g_rk = (G_r - sum over W of g_rj) p_k / (1 - sum over W of p_j)
 * so that sums over regions are in the nation's proportion either way. Errors as of tanlu_regional_data_read, and where W would generate
 * more than a region's column. */
tanlu_status tanlu_regional_energy_read(tanlu_regional_data *data, const tanlu_dataset *dataset,
                                        tanlu_context *context);
/* history.csv, which may be absent. Errors: unknown and repeated regions; years that are missing between the first and the last,
 * fewer than two; GDP that is not above 0. */
tanlu_status tanlu_regional_history_read(tanlu_regional_data *data, tanlu_context *context);

/* Every error of the directory is reported, with file, line and field: unknown, repeated and missing regions, groups, sectors and
 * indicators; numbers below zero; distances that are not symmetric or not above zero; weights that do not add up to 1; an indicator
 * that is zero everywhere. */
tanlu_status tanlu_regional_data_read(tanlu_regional_data **data, const char *directory, const tanlu_dataset *dataset,
                                      tanlu_context *context);
void tanlu_regional_data_free(tanlu_regional_data **data); /* accepts NULL and half-built objects */

/* Fewer regions: of_region gives each its place among `merged`. Indicators, value added and flows add up; the distance between two
 * is the mean over their members, weighted by value added. Levels and tiles are gone. */
tanlu_status tanlu_regional_data_merge(tanlu_regional_data *data, const tanlu_labels *merged, const size_t *of_region,
                                       tanlu_context *context);
/* The places for --level (a level of the regions) or --region (one against the rest, "rest"); of_region: regions. */
tanlu_status tanlu_regional_groups(const tanlu_regional_data *data, const char *level, const char *region,
                                   tanlu_labels *merged, size_t *of_region, tanlu_context *context);

/* All of it for a command line: statistics by name (inputs/dataset_file.h), with or without energy, of all regions or fewer. */
typedef struct {
  const char *name;
  const char *level, *region; /* as tanlu_regional_groups; both NULL: all regions */
  bool energy;
} tanlu_regional_request;
tanlu_status tanlu_regional_data_find(tanlu_regional_data **data, const tanlu_regional_request *request,
                                      const tanlu_dataset *dataset, tanlu_context *context);

#endif
