/* Private to outputs/result_write*.c. */
#ifndef TANLU_OUTPUTS_RESULT_WRITE_PRIVATE_H
#define TANLU_OUTPUTS_RESULT_WRITE_PRIVATE_H

#include <hdf5.h>

#include "outputs/result_file.h"

/* Dimensions of a file: those of the model's fields, and its own: id, word. */
#define TANLU_RESULT_DIM_LIST(X)                                                                                       \
  X(SCENARIO, "scenario")                                                                                              \
  X(SUMMARY, "summary")                                                                                                \
  X(REGION, "region")                                                                                                  \
  X(REGION_FROM, "region_from")                                                                                        \
  X(REGION_TO, "region_to")                                                                                            \
  X(REGIONAL_CATEGORY, "regional_category")                                                                            \
  X(FIELD, "field")
enum {
  TANLU_RESULT_DIM_BEFORE = TANLU_DIM_COUNT - 1,
#define X(id, word) TANLU_RESULT_DIM_##id,
  TANLU_RESULT_DIM_LIST(X)
#undef X
      TANLU_RESULT_DIMS,
  TANLU_RESULT_AUXILIARY = 256 /* bytes */
};
const char *tanlu_result_dim_name(size_t dim);

typedef struct {
  const char *path; /* the final name, for messages */
  const tanlu_dataset *dataset;
  const tanlu_result_scenario *scenario;
  size_t count;
  int from; /* years of the file: those of any scenario */
  size_t years;
  hid_t file;
  hid_t scale[TANLU_RESULT_DIMS]; /* coordinate variables, open until the end */
  size_t size[TANLU_RESULT_DIMS];
  char auxiliary[TANLU_RESULT_DIMS]
                [TANLU_RESULT_AUXILIARY]; /* label variables of the dimension, for the attribute `coordinates` */
  tanlu_context *context;
} tanlu_result_writer;

/* With the reason of HDF5. */
tanlu_status tanlu_result_write_failed(const tanlu_result_writer *w);
/* Coordinate variable of codes, and the label variables in English and Chinese where there are any. */
tanlu_status tanlu_result_write_labels(tanlu_result_writer *w, size_t dim, const char *noun,
                                       const tanlu_labels *labels);
/* A variable along `dim` that says more of its members: named in the attribute `coordinates` of every variable created later. */
void tanlu_result_add_auxiliary(tanlu_result_writer *w, size_t dim, const char *name);
/* Is there anything along every axis? A variable without cells is left out. */
bool tanlu_result_has_cells(const tanlu_result_writer *w, size_t rank, const size_t *dim);
/* An open data variable of NaN, the missing value, with its attributes; negative, after a message, on failure. */
hid_t tanlu_result_create_variable(tanlu_result_writer *w, const char *name, const char *unit, const char *long_name,
                                   size_t rank, const size_t *dim);
/* The dimensions, variables and attributes of regions. */
tanlu_status tanlu_result_write_regions(tanlu_result_writer *w);

#endif
