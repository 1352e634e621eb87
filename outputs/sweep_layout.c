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

typedef struct {
  const char *path;
  const tanlu_sweep_description *d;
  tanlu_sweep_variable variable[TANLU_STORE_ALL];
  hid_t file, scale[TANLU_AXES_NAMED];
  tanlu_context *context;
} layout;

static tanlu_status failed(const layout *l) {
  return tanlu_h5_fail(l->context, l->path, "write the sweep file");
}

static size_t extent(const layout *l, int axis) {
  return tanlu_sweep_extent(l->d, axis);
}

size_t tanlu_sweep_layout_size(const tanlu_sweep_description *d) {
  enum { HEAD = 1 << 17, TEXT = 64 }; /* bytes of all headers, of a label */
  tanlu_sweep_variable variable[TANLU_STORE_ALL];
  size_t size = HEAD + strlen(d->scenario_text) + strlen(d->sweep_text);
  tanlu_sweep_variables(d, variable);
  for (size_t id = 0; id < TANLU_STORE_ALL; id++) {
    if (variable[id].rank > 0) size += variable[id].extent[0] * variable[id].row;
  }
  return size + tanlu_sweep_extent(d, TANLU_AXIS_SAMPLE) * sizeof(long long) +
         (tanlu_sweep_extent(d, TANLU_AXIS_OUTPUT) + tanlu_sweep_extent(d, TANLU_AXIS_PAIR)) * TEXT;
}

/* ---- axes --------------------------------------------------------------------------------------------------------------- */

static tanlu_status add_scale(layout *l, int dim, hid_t variable, const char *long_name) {
  if (variable < 0) return failed(l);
  l->scale[dim] = variable;
  if (H5DSset_scale(variable, tanlu_sweep_axis_name(dim)) < 0 ||
      tanlu_h5_attribute_text(variable, "long_name", long_name) < 0) {
    return failed(l);
  }
  return TANLU_OK;
}

static tanlu_status text_scale(layout *l, int dim, const char *const *text, const char *long_name) {
  return add_scale(l, dim, tanlu_h5_write_texts(l->file, tanlu_sweep_axis_name(dim), text, extent(l, dim)), long_name);
}

static tanlu_status text_label(layout *l, int dim, const char *name, const char *long_name, const char *const *text) {
  const hid_t variable = tanlu_h5_write_texts(l->file, name, text, extent(l, dim));
  if (variable < 0) return failed(l);
  tanlu_status status = TANLU_OK;
  if (H5DSattach_scale(variable, l->scale[dim], 0) < 0 ||
      tanlu_h5_attribute_text(variable, "long_name", long_name) < 0) {
    status = failed(l);
  }
  (void)H5Dclose(variable);
  return status;
}

/* An axis of numbers. */
static tanlu_status number_scale(layout *l, int dim, hid_t type, hid_t memory, const void *value,
                                 const char *long_name) {
  const hsize_t size = extent(l, dim);
  const hid_t variable = tanlu_h5_create_dataset(l->file, tanlu_sweep_axis_name(dim), type, 1, &size, NULL);
  tanlu_status status = add_scale(l, dim, variable, long_name);
  if (status == TANLU_OK && H5Dwrite(variable, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) < 0) status = failed(l);
  return status;
}

/* Samples are counted through the whole sweep, shards or not. */
static tanlu_status write_samples(layout *l) {
  enum { AT_ONCE = 1 << 16 };
  const hsize_t samples = extent(l, TANLU_AXIS_SAMPLE), most = samples < AT_ONCE ? samples : AT_ONCE;
  const hid_t variable =
      tanlu_h5_create_dataset(l->file, tanlu_sweep_axis_name(TANLU_AXIS_SAMPLE), H5T_NATIVE_LLONG, 1, &samples, NULL);
  tanlu_status status = add_scale(l, TANLU_AXIS_SAMPLE, variable, "Number of the sample");
  if (status != TANLU_OK) return status;
  long long *number = tanlu_allocate(l->context, most, sizeof *number);
  const hid_t space = H5Dget_space(variable), part = H5Screate_simple(1, &most, NULL);
  if (number == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK && (space < 0 || part < 0)) status = failed(l);
  for (hsize_t first = 0; status == TANLU_OK && first < samples; first += most) {
    const hsize_t count = samples - first < most ? samples - first : most, begin = 0;
    for (hsize_t i = 0; i < count; i++) {
      number[i] = (long long)(l->d->first_block * TANLU_SWEEP_BLOCK) + (long long)(first + i);
    }
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, NULL, &count, NULL) < 0 ||
        H5Sselect_hyperslab(part, H5S_SELECT_SET, &begin, NULL, &count, NULL) < 0 ||
        H5Dwrite(variable, H5T_NATIVE_LLONG, part, space, H5P_DEFAULT, number) < 0) {
      status = failed(l);
    }
  }
  if (part >= 0) (void)H5Sclose(part);
  if (space >= 0) (void)H5Sclose(space);
  free(number);
  return status;
}

/* Blocks and characters have no numbers of their own. */
static tanlu_status write_number_axes(layout *l) {
  const tanlu_sweep_description *d = l->d;
  const size_t years = d->shape.years;
  long long *number = tanlu_allocate(l->context, years, sizeof *number);
  if (number == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = write_samples(l);
  for (size_t t = 0; t < years; t++) number[t] = d->from + (long long)d->shape.year[t];
  if (status == TANLU_OK) {
    status = number_scale(l, TANLU_DIM_YEAR, H5T_NATIVE_INT, H5T_NATIVE_LLONG, number, "Calendar year");
  }
  free(number);
  if (status == TANLU_OK && d->shape.ranges > 0) {
    status = number_scale(l, TANLU_AXIS_PROBABILITY, H5T_NATIVE_DOUBLE, H5T_NATIVE_DOUBLE, tanlu_sweep_probability,
                          "Share of the samples below the quantile");
  }
  for (int dim = TANLU_AXIS_BLOCK; status == TANLU_OK && dim <= TANLU_AXIS_CHARACTER; dim++) {
    char name[80]; /* what netCDF-4 calls an axis without a variable */
    const hsize_t size = extent(l, dim);
    (void)snprintf(name, sizeof name, "This is a netCDF dimension but not a netCDF variable. %10zu", (size_t)size);
    l->scale[dim] = tanlu_h5_create_dataset(l->file, tanlu_sweep_axis_name(dim), H5T_IEEE_F32BE, 1, &size, NULL);
    if (l->scale[dim] < 0 || H5DSset_scale(l->scale[dim], name) < 0) status = failed(l);
  }
  return status;
}

/* Of sweeps with regions: whose an indicator is, "" the nation's, and its code there. */
static tanlu_status write_indicator_regions(layout *l) {
  const tanlu_sweep_shape *shape = &l->d->shape;
  const char **text = tanlu_allocate(l->context, shape->indicators, sizeof *text);
  if (text == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < shape->indicators; k++) {
    const size_t region = tanlu_sweep_region(shape, k);
    text[k] = region == TANLU_NONE ? "" : shape->regions->code[region];
  }
  tanlu_status status = text_label(l, TANLU_DIM_INDICATOR, "indicator_region", "Region, empty for the nation", text);
  for (size_t k = 0; k < shape->indicators; k++) text[k] = tanlu_indicator(shape->indicator[k])->code;
  if (status == TANLU_OK) {
    status = text_label(l, TANLU_DIM_INDICATOR, "indicator_code", "Code of the indicator without its region", text);
  }
  free(text);
  return status;
}

/* Code, unit and definition of indicators or scalars. */
static tanlu_status write_indicator_axis(layout *l, int dim, const tanlu_indicator_info *(*info)(size_t),
                                         const size_t *chosen, const char *long_name) {
  const size_t count = extent(l, dim);
  char name[64], (*code)[TANLU_SWEEP_CODE] = tanlu_allocate(l->context, count, sizeof *code);
  const char **text = tanlu_allocate(l->context, count, sizeof *text);
  if (text == NULL || code == NULL) {
    free(code);
    free(text);
    return TANLU_ERR_MEMORY;
  }
  for (size_t i = 0; i < count; i++) {
    text[i] = chosen != NULL ? tanlu_sweep_code(&l->d->shape, i, code[i]) : info(i)->code;
  }
  tanlu_status status = text_scale(l, dim, text, long_name);
  for (size_t i = 0; i < count; i++) text[i] = info(chosen != NULL ? chosen[i] : i)->unit;
  (void)snprintf(name, sizeof name, "%s_unit", tanlu_sweep_axis_name(dim));
  if (status == TANLU_OK) status = text_label(l, dim, name, "Unit", text);
  for (size_t i = 0; i < count; i++) text[i] = info(chosen != NULL ? chosen[i] : i)->definition;
  (void)snprintf(name, sizeof name, "%s_definition", tanlu_sweep_axis_name(dim));
  if (status == TANLU_OK) status = text_label(l, dim, name, "Definition", text);
  free(code);
  free(text);
  return status;
}

static bool any_text(char *const *text, size_t count) {
  for (size_t i = 0; text != NULL && i < count; i++) {
    if (text[i] != NULL && text[i][0] != '\0') return true;
  }
  return false;
}

/* Codes and names of an axis of the model, as in result files. */
static tanlu_status write_labels(layout *l, int dim) {
  const tanlu_labels *labels = l->d->labels[dim];
  const char *word = tanlu_sweep_axis_name(dim), *noun = dim == TANLU_DIM_CLASS ? "carrier class" : word;
  char name[64], long_name[96];
  (void)snprintf(long_name, sizeof long_name, "Code of the %s", noun);
  tanlu_status status = text_scale(l, dim, (const char *const *)labels->code, long_name);
  if (status == TANLU_OK && any_text(labels->name, labels->count)) {
    (void)snprintf(name, sizeof name, "%s_label", word);
    (void)snprintf(long_name, sizeof long_name, "Name of the %s", noun);
    status = text_label(l, dim, name, long_name, (const char *const *)labels->name);
  }
  if (status == TANLU_OK && any_text(labels->name_zh, labels->count)) {
    (void)snprintf(name, sizeof name, "%s_label_zh", word);
    (void)snprintf(long_name, sizeof long_name, "Chinese name of the %s", noun);
    status = text_label(l, dim, name, long_name, (const char *const *)labels->name_zh);
  }
  if (status == TANLU_OK && dim == TANLU_DIM_PRODUCT && l->d->product_unit != NULL) {
    status = text_label(l, dim, "product_unit", "Unit of the product", l->d->product_unit);
  }
  if (status == TANLU_OK && dim == TANLU_DIM_SECTOR && l->d->sector_group != NULL) {
    status = text_label(l, dim, "sector_group", "Policy group of the sector", l->d->sector_group);
  }
  return status;
}

/* Labels of outputs as `tanlu sensitivity` takes them, or of pairs of factors; freed by the caller. */
static char **make_labels(const layout *l, int axis) {
  const tanlu_sweep_description *d = l->d;
  const size_t count = extent(l, axis), scalars = tanlu_summary_count();
  size_t first = 0, second = 0;
  char **text = tanlu_allocate(l->context, count, sizeof *text);
  for (size_t i = 0; text != NULL && i < count; i++) {
    int length = 0;
    if (axis == TANLU_AXIS_PAIR) {
      if (++second == d->factors) second = ++first + 1;
      length = asprintf(&text[i], "%s, %s", d->factor[first], d->factor[second]);
    } else if (i < scalars) {
      length = asprintf(&text[i], "%s", tanlu_summary(i)->code);
    } else {
      const size_t t = (i - scalars) / d->shape.indicators, k = (i - scalars) % d->shape.indicators;
      char code[TANLU_SWEEP_CODE];
      length = asprintf(&text[i], "%s.%d", tanlu_sweep_code(&d->shape, k, code), d->from + (int)d->shape.year[t]);
    }
    if (length >= 0) continue;
    tanlu_free_texts(text, i);
    return NULL;
  }
  return text;
}

static tanlu_status write_made_labels(layout *l, int axis, const char *long_name) {
  char **text = make_labels(l, axis);
  if (text == NULL) return TANLU_ERR_MEMORY;
  const tanlu_status status = text_scale(l, axis, (const char *const *)text, long_name);
  tanlu_free_texts(text, extent(l, axis));
  return status;
}

/* Is there a variable along this axis? */
static bool used(const layout *l, int axis) {
  for (size_t id = 0; id < TANLU_STORE_ALL; id++) {
    for (int k = 0; k < l->variable[id].rank; k++) {
      if (l->variable[id].axis[k] == axis) return true;
    }
  }
  return false;
}

static tanlu_status write_axes(layout *l) {
  const tanlu_sweep_description *d = l->d;
  const int parameter = TANLU_AXIS_PARAMETER;
  tanlu_status status = write_number_axes(l);
  if (status == TANLU_OK) status = text_scale(l, parameter, d->label, "Label of the parameter");
  if (status == TANLU_OK) status = text_label(l, parameter, "parameter_path", "What it moves", d->path);
  if (status == TANLU_OK) status = text_label(l, parameter, "parameter_mode", "How it moves it", d->mode);
  if (status == TANLU_OK) {
    status = text_label(l, parameter, "parameter_distribution", "Its distribution", d->distribution);
  }
  if (status == TANLU_OK) {
    status = text_label(l, parameter, "parameter_simplex", "The simplex that it is a member of", d->simplex);
  }
  if (status == TANLU_OK) {
    status = write_indicator_axis(l, TANLU_DIM_INDICATOR, tanlu_indicator, d->shape.indicator, "Code of the indicator");
  }
  if (status == TANLU_OK && d->shape.regions != NULL) status = write_indicator_regions(l);
  if (status == TANLU_OK) {
    status = write_indicator_axis(l, TANLU_AXIS_SUMMARY, tanlu_summary, NULL, "Code of the scalar");
  }
  for (int dim = TANLU_DIM_YEAR + 1; status == TANLU_OK && dim < TANLU_DIM_COUNT; dim++) {
    if (dim != TANLU_DIM_INDICATOR && used(l, dim)) status = write_labels(l, dim);
  }
  if (status == TANLU_OK && used(l, TANLU_AXIS_OUTPUT)) {
    status = write_made_labels(l, TANLU_AXIS_OUTPUT, "Scalar, or indicator and year");
  }
  if (status == TANLU_OK && used(l, TANLU_AXIS_FACTOR)) {
    status = text_scale(l, TANLU_AXIS_FACTOR, d->factor, "Parameter, or simplex or a dimension of it");
  }
  if (status == TANLU_OK && used(l, TANLU_AXIS_PAIR)) {
    status = write_made_labels(l, TANLU_AXIS_PAIR, "Pair of factors");
  }
  return status;
}

/* ---- variables ---------------------------------------------------------------------------------------------------------- */

static hid_t type_of(tanlu_sweep_type type) {
  switch (type) {
  case TANLU_TYPE_INT:
    return H5T_NATIVE_INT;
  case TANLU_TYPE_BYTE:
    return H5T_NATIVE_UCHAR;
  case TANLU_TYPE_WHOLE:
    return H5T_NATIVE_INT64;
  default:
    return H5T_NATIVE_DOUBLE;
  }
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

/* What is not written before the end is missing until then. */
static tanlu_status fill_missing(const layout *l, const tanlu_sweep_variable *v, hid_t variable) {
  const size_t count = v->extent[0] * (v->row / sizeof(double));
  double *value = tanlu_allocate_doubles(l->context, count, 1);
  if (value == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < count; i++) value[i] = (double)NAN;
  const herr_t written = H5Dwrite(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value);
  free(value);
  return written < 0 ? failed(l) : TANLU_OK;
}

static tanlu_status write_variable(layout *l, size_t id) {
  const tanlu_sweep_variable *v = &l->variable[id];
  hsize_t size[4];
  for (int k = 0; k < v->rank; k++) size[k] = v->extent[k];
  const hid_t type = type_of(v->type), variable = create_room(l->file, v->name, type, v->rank, size);
  if (variable < 0) return failed(l);
  tanlu_status status = TANLU_OK;
  for (int k = 0; status == TANLU_OK && k < v->rank; k++) {
    if (v->axis[k] >= TANLU_AXES_NAMED) continue;
    if (H5DSattach_scale(variable, l->scale[v->axis[k]], (unsigned)k) < 0) status = failed(l);
  }
  if (status == TANLU_OK && (tanlu_h5_attribute_text(variable, "units", v->unit) < 0 ||
                             tanlu_h5_attribute_text(variable, "long_name", v->long_name) < 0)) {
    status = failed(l);
  }
  if (status == TANLU_OK && v->type == TANLU_TYPE_REAL &&
      tanlu_h5_attribute_double(variable, "_FillValue", (double)NAN) < 0) {
    status = failed(l);
  }
  if (status == TANLU_OK && id == TANLU_STORE_STATUS) status = describe_status(l, variable);
  if (status == TANLU_OK && v->missing) status = fill_missing(l, v, variable);
  (void)H5Dclose(variable);
  return status;
}

/* The group of what only a sweep that goes on, or is joined, reads. */
static tanlu_status create_state(const layout *l) {
  const hid_t list = H5Pcreate(H5P_GROUP_CREATE);
  hid_t group = H5I_INVALID_HID;
  if (list >= 0 && H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0) {
    group = H5Gcreate2(l->file, "state", H5P_DEFAULT, list, H5P_DEFAULT);
  }
  if (list >= 0) (void)H5Pclose(list);
  if (group < 0) return failed(l);
  (void)H5Gclose(group);
  return TANLU_OK;
}

/* ---- attributes --------------------------------------------------------------------------------------------------------- */

/* Declared ranges of quantiles, a line each: output, index, bounds. */
static tanlu_status write_ranges(const layout *l) {
  const tanlu_sweep_shape *shape = &l->d->shape;
  char **text = tanlu_allocate(l->context, shape->ranges, sizeof *text);
  bool enough = text != NULL;
  for (size_t i = 0; enough && i < shape->ranges; i++) {
    const tanlu_sweep_range *r = &shape->range[i];
    char code[TANLU_SWEEP_CODE];
    const char *name = r->output == TANLU_OUTPUT_INDICATOR ? tanlu_sweep_code(shape, r->index, code)
                       : r->output == TANLU_OUTPUT_SUMMARY ? tanlu_summary(r->index)->code
                                                           : tanlu_sweep_output_name(r->output);
    enough = asprintf(&text[i], "%s: %.17g to %.17g", name, r->lower, r->upper) >= 0;
    if (!enough) text[i] = NULL;
  }
  tanlu_status status = enough ? TANLU_OK : tanlu_fail(l->context, TANLU_ERR_MEMORY, "out of memory for texts");
  if (enough && tanlu_h5_attribute_texts(l->file, "quantile_ranges", (const char *const *)text, shape->ranges) < 0) {
    status = failed(l);
  }
  tanlu_free_texts(text, shape->ranges);
  return status;
}

/* Numbers of dimensions, one a factor. */
static tanlu_status write_dimensions(const layout *l) {
  const tanlu_sweep_description *d = l->d;
  char **text = tanlu_allocate(l->context, d->factors, sizeof *text);
  bool enough = text != NULL;
  for (size_t i = 0; enough && i < d->factors; i++) {
    enough = asprintf(&text[i], "%zu", d->factor_dimensions[i]) >= 0;
    if (!enough) text[i] = NULL;
  }
  tanlu_status status = enough ? TANLU_OK : tanlu_fail(l->context, TANLU_ERR_MEMORY, "out of memory for texts");
  if (enough && tanlu_h5_attribute_texts(l->file, "factor_dimensions", (const char *const *)text, d->factors) < 0) {
    status = failed(l);
  }
  tanlu_free_texts(text, d->factors);
  return status;
}

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
                                      d->levels,         p->ranks > 1 ? (unsigned)p->ranks : 1U};
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
                   {"keep", tanlu_sweep_keep_word[d->shape.keep]},
                   {"scenario_name", d->scenario},
                   {"dataset", d->dataset},
                   {"dataset_title", d->dataset_title},
                   {"region", d->region},
                   {"sweep_sha256", d->sweep_sha256},
                   {"scenario_sha256", d->scenario_sha256},
                   {"dataset_sha256", d->dataset_sha256},
                   {"build_flags", p->build_flags},
                   {"blas_core", p->blas_core},
                   {"host", host},
                   {"threads", number[5]},
                   {"ranks", number[7]},
                   {"scenario_text", d->scenario_text},
                   {"sweep_text", d->sweep_text}};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < sizeof attribute / sizeof *attribute; i++) {
    if (tanlu_h5_attribute_text(l->file, attribute[i].name, attribute[i].text) < 0) status = failed(l);
  }
  if (status == TANLU_OK) status = write_dimensions(l);
  if (status == TANLU_OK) status = write_ranges(l);
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
  for (int axis = 0; axis < TANLU_AXES_NAMED; axis++) l.scale[axis] = H5I_INVALID_HID;
  tanlu_sweep_variables(d, l.variable);
  tanlu_h5_quiet();
  l.file = create_file(path);
  if (l.file < 0) return failed(&l);
  tanlu_status status = write_attributes(&l);
  if (status == TANLU_OK) status = write_axes(&l);
  if (status == TANLU_OK) status = create_state(&l);
  for (size_t id = 0; status == TANLU_OK && id < TANLU_STORE_ALL; id++) {
    if (l.variable[id].rank > 0) status = write_variable(&l, id);
  }
  for (int axis = 0; axis < TANLU_AXES_NAMED; axis++) {
    if (l.scale[axis] >= 0) (void)H5Dclose(l.scale[axis]);
  }
  if (H5Fclose(l.file) < 0 && status == TANLU_OK) status = failed(&l);
  return status;
}
