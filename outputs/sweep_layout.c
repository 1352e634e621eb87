/* The empty file of a sweep: axes, labels, provenance, and room for every variable. */
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/indicators.h"
#include "outputs/hdf5_util_private.h"
#include "outputs/sweep_store_private.h"
#include "solvers/memory.h"

const char *const tanlu_sweep_variable_name[TANLU_SWEEP_VARIABLES] = {
#define X(id, name) name,
    TANLU_SWEEP_VARIABLE_LIST(X)
#undef X
};

enum { DIM_SAMPLE, DIM_PARAMETER, DIM_YEAR, DIM_INDICATOR, DIM_SUMMARY, DIM_BLOCK, DIM_CHARACTER, DIM_MOMENT, DIM_ALL };
static const char *const dim_name[DIM_ALL] = {"sample",  "parameter", "year",      "indicator",
                                              "summary", "block",     "character", "moment"};
enum { DIM_NONE = -1 };

/* What each variable is. */
static const struct {
  int dim[3];
  const char *unit, *long_name;
} variable_form[TANLU_SWEEP_VARIABLES] = {
    [TANLU_STORE_PARAMETER] = {{DIM_SAMPLE, DIM_PARAMETER, DIM_NONE}, "see parameter_mode", "Drawn values"},
    [TANLU_STORE_STATUS] = {{DIM_SAMPLE, DIM_NONE, DIM_NONE}, "1", "What became of the sample"},
    [TANLU_STORE_REASON] = {{DIM_SAMPLE, DIM_CHARACTER, DIM_NONE}, "1", "Why it failed: UTF-8, padded with zeros"},
    [TANLU_STORE_INDICATOR] = {{DIM_SAMPLE, DIM_YEAR, DIM_INDICATOR}, "see indicator_unit", "Indicators"},
    [TANLU_STORE_SUMMARY] = {{DIM_SAMPLE, DIM_SUMMARY, DIM_NONE}, "see summary_unit", "Scalars of the sample"},
    [TANLU_STORE_MOMENT] = {{DIM_BLOCK, DIM_MOMENT, DIM_NONE}, "see moment", "Moments of the indicators by block"},
    [TANLU_STORE_DONE] = {{DIM_BLOCK, DIM_NONE, DIM_NONE}, "1", "1: the block of samples is done"},
    [TANLU_STORE_MEAN] = {{DIM_YEAR, DIM_INDICATOR, DIM_NONE}, "see indicator_unit", "Mean over the solved samples"},
    [TANLU_STORE_DEVIATION] = {{DIM_YEAR, DIM_INDICATOR, DIM_NONE},
                               "see indicator_unit",
                               "Standard deviation over the solved samples"},
    [TANLU_STORE_MINIMUM] = {{DIM_YEAR, DIM_INDICATOR, DIM_NONE},
                             "see indicator_unit",
                             "Smallest of the solved samples"},
    [TANLU_STORE_MAXIMUM] = {{DIM_YEAR, DIM_INDICATOR, DIM_NONE},
                             "see indicator_unit",
                             "Largest of the solved samples"},
};

typedef struct {
  const char *path;
  const tanlu_sweep_description *d;
  hid_t file, scale[DIM_ALL];
  hsize_t size[DIM_ALL];
  tanlu_context *context;
} layout;

static tanlu_status failed(const layout *l) {
  return tanlu_h5_fail(l->context, l->path, "write the sweep file");
}

/* ---- sizes -------------------------------------------------------------------------------------------------------------- */

static size_t own_samples(const tanlu_sweep_description *d) {
  const size_t first = d->first_block * TANLU_SWEEP_BLOCK, last = d->last_block * TANLU_SWEEP_BLOCK;
  return (last < d->samples ? last : d->samples) - first;
}

static bool present(const tanlu_sweep_description *d, size_t variable) {
  if (variable == TANLU_STORE_INDICATOR) return !d->statistics_only;
  return variable != TANLU_STORE_MOMENT || d->statistics_only;
}

size_t tanlu_sweep_layout_size(const tanlu_sweep_description *d) {
  const size_t cells = d->shape.years * d->shape.indicators, blocks = d->last_block - d->first_block;
  const size_t text = strlen(d->scenario_text) + strlen(d->sweep_text);
  const size_t sample =
      (d->shape.parameters + tanlu_summary_count() + (d->statistics_only ? 0 : cells)) * 8 + TANLU_SWEEP_REASON + 4 + 8;
  return own_samples(d) * sample + blocks * (1 + (d->statistics_only ? cells * TANLU_MOMENTS * 8 : 0)) + cells * 32 +
         text + (1 << 17);
}

/* ---- axes --------------------------------------------------------------------------------------------------------------- */

static tanlu_status add_scale(layout *l, int dim, hid_t variable, const char *long_name) {
  if (variable < 0) return failed(l);
  l->scale[dim] = variable;
  if (H5DSset_scale(variable, dim_name[dim]) < 0 || tanlu_h5_attribute_text(variable, "long_name", long_name) < 0) {
    return failed(l);
  }
  return TANLU_OK;
}

static tanlu_status text_scale(layout *l, int dim, const char *const *text, const char *long_name) {
  return add_scale(l, dim, tanlu_h5_write_texts(l->file, dim_name[dim], text, (size_t)l->size[dim]), long_name);
}

static tanlu_status text_label(layout *l, int dim, const char *name, const char *long_name, const char *const *text) {
  const hid_t variable = tanlu_h5_write_texts(l->file, name, text, (size_t)l->size[dim]);
  if (variable < 0) return failed(l);
  tanlu_status status = TANLU_OK;
  if (H5DSattach_scale(variable, l->scale[dim], 0) < 0 ||
      tanlu_h5_attribute_text(variable, "long_name", long_name) < 0) {
    status = failed(l);
  }
  (void)H5Dclose(variable);
  return status;
}

/* An axis of numbers that count from `first` (years from a list). */
static tanlu_status number_scale(layout *l, int dim, hid_t type, const long long *value, const char *long_name) {
  const hid_t variable = tanlu_h5_create_dataset(l->file, dim_name[dim], type, 1, &l->size[dim], NULL);
  tanlu_status status = add_scale(l, dim, variable, long_name);
  if (status == TANLU_OK && H5Dwrite(variable, H5T_NATIVE_LLONG, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) < 0) {
    status = failed(l);
  }
  return status;
}

/* Samples are counted through the whole sweep, shards or not; blocks and characters have no numbers of their own. */
static tanlu_status write_number_axes(layout *l) {
  const tanlu_sweep_description *d = l->d;
  const size_t samples = (size_t)l->size[DIM_SAMPLE], years = d->shape.years;
  long long *number = tanlu_allocate(l->context, samples > years ? samples : years, sizeof *number);
  if (number == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < samples; i++) number[i] = (long long)d->first_block * TANLU_SWEEP_BLOCK + (long long)i;
  tanlu_status status = number_scale(l, DIM_SAMPLE, H5T_NATIVE_LLONG, number, "Number of the sample");
  for (size_t t = 0; t < years; t++) number[t] = d->from + (long long)d->shape.year[t];
  if (status == TANLU_OK) status = number_scale(l, DIM_YEAR, H5T_NATIVE_INT, number, "Calendar year");
  free(number);
  for (int dim = DIM_BLOCK; status == TANLU_OK && dim <= DIM_CHARACTER; dim++) {
    char name[80]; /* what netCDF-4 calls an axis without a variable */
    (void)snprintf(name, sizeof name, "This is a netCDF dimension but not a netCDF variable. %10zu",
                   (size_t)l->size[dim]);
    l->scale[dim] = tanlu_h5_create_dataset(l->file, dim_name[dim], H5T_IEEE_F32BE, 1, &l->size[dim], NULL);
    if (l->scale[dim] < 0 || H5DSset_scale(l->scale[dim], name) < 0) status = failed(l);
  }
  return status;
}

/* Code, unit and definition of indicators or scalars. */
static tanlu_status write_indicator_axis(layout *l, int dim, const tanlu_indicator_info *(*info)(size_t),
                                         const size_t *chosen, const char *long_name) {
  const size_t count = (size_t)l->size[dim];
  char name[64];
  const char **text = tanlu_allocate(l->context, count, sizeof *text);
  if (text == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < count; i++) text[i] = info(chosen != NULL ? chosen[i] : i)->code;
  tanlu_status status = text_scale(l, dim, text, long_name);
  for (size_t i = 0; i < count; i++) text[i] = info(chosen != NULL ? chosen[i] : i)->unit;
  (void)snprintf(name, sizeof name, "%s_unit", dim_name[dim]);
  if (status == TANLU_OK) status = text_label(l, dim, name, "Unit", text);
  for (size_t i = 0; i < count; i++) text[i] = info(chosen != NULL ? chosen[i] : i)->definition;
  (void)snprintf(name, sizeof name, "%s_definition", dim_name[dim]);
  if (status == TANLU_OK) status = text_label(l, dim, name, "Definition", text);
  free(text);
  return status;
}

static tanlu_status write_axes(layout *l) {
  static const char *const moments[TANLU_MOMENTS] = {"count", "mean", "sum_of_squares", "minimum", "maximum"};
  const tanlu_sweep_description *d = l->d;
  tanlu_status status = write_number_axes(l);
  if (status == TANLU_OK) status = text_scale(l, DIM_PARAMETER, d->label, "Label of the parameter");
  if (status == TANLU_OK) status = text_label(l, DIM_PARAMETER, "parameter_path", "What it moves", d->path);
  if (status == TANLU_OK) status = text_label(l, DIM_PARAMETER, "parameter_mode", "How it moves it", d->mode);
  if (status == TANLU_OK) {
    status = text_label(l, DIM_PARAMETER, "parameter_distribution", "Its distribution", d->distribution);
  }
  if (status == TANLU_OK) {
    status = write_indicator_axis(l, DIM_INDICATOR, tanlu_indicator, d->shape.indicator, "Code of the indicator");
  }
  if (status == TANLU_OK) status = write_indicator_axis(l, DIM_SUMMARY, tanlu_summary, NULL, "Code of the scalar");
  if (status == TANLU_OK && d->statistics_only) status = text_scale(l, DIM_MOMENT, moments, "Moment");
  return status;
}

/* ---- variables ---------------------------------------------------------------------------------------------------------- */

static hid_t type_of(size_t variable) {
  if (variable == TANLU_STORE_STATUS) return H5T_NATIVE_INT;
  if (variable == TANLU_STORE_REASON || variable == TANLU_STORE_DONE) return H5T_NATIVE_UCHAR;
  return H5T_NATIVE_DOUBLE;
}

/* Contiguous, allocated now, never filled: nothing but the bytes of the data changes later. */
static hid_t create_room(hid_t file, const char *name, hid_t type, int rank, const hsize_t *extent) {
  const double missing = (double)NAN;
  const hid_t space = H5Screate_simple(rank, extent, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
  const bool real = H5Tget_class(type) == H5T_FLOAT;
  hid_t variable = H5I_INVALID_HID;
  if (space >= 0 && list >= 0 && H5Pset_layout(list, H5D_CONTIGUOUS) >= 0 &&
      H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
      H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY) >= 0 && H5Pset_fill_time(list, H5D_FILL_TIME_NEVER) >= 0 &&
      (!real || H5Pset_fill_value(list, type, &missing) >= 0)) {
    variable = H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
  }
  if (list >= 0) (void)H5Pclose(list);
  if (space >= 0) (void)H5Sclose(space);
  return variable;
}

static tanlu_status describe_status(const layout *l, hid_t variable) {
  char words[160] = "";
  for (size_t i = 0; i < TANLU_SAMPLE_STATES; i++) {
    const size_t used = strlen(words);
    (void)snprintf(words + used, sizeof words - used, "%s%s", i > 0 ? " " : "", tanlu_sample_word[i]);
  }
  static const int values[TANLU_SAMPLE_STATES] = {0, 1, 2, 3};
  if (tanlu_h5_attribute_text(variable, "flag_meanings", words) < 0 ||
      H5LTset_attribute_int(l->file, "status", "flag_values", values, TANLU_SAMPLE_STATES) < 0) {
    return failed(l);
  }
  return TANLU_OK;
}

static tanlu_status write_variable(layout *l, size_t id) {
  const int *dim = variable_form[id].dim;
  int dims[4], rank = 0;
  hsize_t extent[4];
  for (int k = 0; k < 3; k++) {
    if (dim[k] == DIM_NONE) continue;
    dims[rank++] = dim[k];
    if (id == TANLU_STORE_MOMENT && dim[k] == DIM_MOMENT) {
      dims[rank++] = DIM_YEAR;
      dims[rank++] = DIM_INDICATOR;
    }
  }
  for (int k = 0; k < rank; k++) extent[k] = l->size[dims[k]];
  const hid_t type = type_of(id), variable = create_room(l->file, tanlu_sweep_variable_name[id], type, rank, extent);
  if (variable < 0) return failed(l);
  tanlu_status status = TANLU_OK;
  for (int k = 0; status == TANLU_OK && k < rank; k++) {
    if (H5DSattach_scale(variable, l->scale[dims[k]], (unsigned)k) < 0) status = failed(l);
  }
  if (status == TANLU_OK && (tanlu_h5_attribute_text(variable, "units", variable_form[id].unit) < 0 ||
                             tanlu_h5_attribute_text(variable, "long_name", variable_form[id].long_name) < 0)) {
    status = failed(l);
  }
  if (status == TANLU_OK && H5Tget_class(type) == H5T_FLOAT &&
      tanlu_h5_attribute_double(variable, "_FillValue", (double)NAN) < 0) {
    status = failed(l);
  }
  if (status == TANLU_OK && id == TANLU_STORE_STATUS) status = describe_status(l, variable);
  (void)H5Dclose(variable);
  return status;
}

/* ---- attributes --------------------------------------------------------------------------------------------------------- */

static tanlu_status write_attributes(const layout *l) {
  const tanlu_sweep_description *d = l->d;
  const tanlu_provenance *p = &d->provenance;
  char source[160], stamp[32] = "", host[128] = "", number[8][32], *history = NULL;
  const time_t now = time(NULL);
  struct tm utc;
  if (gmtime_r(&now, &utc) != NULL) (void)strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
  (void)gethostname(host, sizeof host - 1);
  (void)snprintf(source, sizeof source, "Tanlu %s (%s)", p->version, p->commit);
  const unsigned long long value[] = {d->samples,        d->first_block * TANLU_SWEEP_BLOCK,
                                      d->seed,           d->design_samples,
                                      TANLU_SWEEP_BLOCK, (unsigned)p->threads,
                                      d->levels};
  for (size_t i = 0; i < sizeof value / sizeof *value; i++)
    (void)snprintf(number[i], sizeof number[i], "%llu", value[i]);
  if (asprintf(&history, "%s: %s", stamp, p->command_line != NULL ? p->command_line : "") < 0) return TANLU_ERR_MEMORY;
  const struct {
    const char *name, *text;
  } attribute[] = {{"Conventions", "CF-1.10"},
                   {"title", d->title[0] != '\0' ? d->title : d->name},
                   {"source", source},
                   {"history", history},
                   {"sweep", d->name},
                   {"design", d->design},
                   {"samples", number[0]},
                   {"first_sample", number[1]},
                   {"seed", number[2]},
                   {"design_samples", number[3]},
                   {"levels", number[6]},
                   {"second_order", d->second_order ? "true" : "false"},
                   {"block_samples", number[4]},
                   {"keep", d->statistics_only ? "statistics" : "indicators"},
                   {"scenario_name", d->scenario},
                   {"dataset", d->dataset},
                   {"dataset_title", d->dataset_title},
                   {"sweep_sha256", d->sweep_sha256},
                   {"scenario_sha256", d->scenario_sha256},
                   {"dataset_sha256", d->dataset_sha256},
                   {"build_flags", p->build_flags},
                   {"blas_core", p->blas_core},
                   {"host", host},
                   {"threads", number[5]},
                   {"scenario_text", d->scenario_text},
                   {"sweep_text", d->sweep_text}};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < sizeof attribute / sizeof *attribute; i++) {
    if (tanlu_h5_attribute_text(l->file, attribute[i].name, attribute[i].text) < 0) status = failed(l);
  }
  if (status == TANLU_OK && (tanlu_h5_attribute_texts(l->file, "input_files", p->input, p->inputs) < 0 ||
                             tanlu_h5_attribute_texts(l->file, "input_sha256", p->sha256, p->inputs) < 0)) {
    status = failed(l);
  }
  free(history);
  return status;
}

/* ---- the file ----------------------------------------------------------------------------------------------------------- */

static hid_t create_file(const char *path) {
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  const hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (creation >= 0 && access >= 0 && H5Pset_link_creation_order(creation, order) >= 0 &&
      H5Pset_attr_creation_order(creation, order) >= 0 &&
      H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 &&
      H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0) {
    file = H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
  }
  if (creation >= 0) (void)H5Pclose(creation);
  if (access >= 0) (void)H5Pclose(access);
  return file;
}

tanlu_status tanlu_sweep_layout_write(const char *path, const tanlu_sweep_description *d, tanlu_context *context) {
  layout l = {.path = path, .d = d, .context = context};
  const size_t size[DIM_ALL] = {own_samples(d),      d->shape.parameters,   d->shape.years,
                                d->shape.indicators, tanlu_summary_count(), d->last_block - d->first_block,
                                TANLU_SWEEP_REASON,  TANLU_MOMENTS};
  for (int dim = 0; dim < DIM_ALL; dim++) {
    l.size[dim] = size[dim];
    l.scale[dim] = H5I_INVALID_HID;
  }
  tanlu_h5_quiet();
  l.file = create_file(path);
  if (l.file < 0) return failed(&l);
  tanlu_status status = write_attributes(&l);
  if (status == TANLU_OK) status = write_axes(&l);
  for (size_t id = 0; status == TANLU_OK && id < TANLU_SWEEP_VARIABLES; id++) {
    if (present(d, id)) status = write_variable(&l, id);
  }
  for (int dim = 0; dim < DIM_ALL; dim++) {
    if (l.scale[dim] >= 0) (void)H5Dclose(l.scale[dim]);
  }
  if (H5Fclose(l.file) < 0 && status == TANLU_OK) status = failed(&l);
  return status;
}
