/* Reads result files: the index of everything is taken on opening, values of a variable when they are asked for. */
#include <errno.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "outputs/hdf5_util_private.h"
#include "outputs/result_file.h"
#include "solvers/memory.h"

enum { RANK_MAX = TANLU_RESULT_RANK, NAME_MAX_LENGTH = 256 };

typedef struct {
  char *name;
  tanlu_labels labels;
} dimension;

typedef struct {
  char *name, *text;
} attribute;

struct tanlu_result {
  char *path;
  hid_t file;
  size_t years;
  int *year;
  size_t variables, texts, dimensions, attributes;
  tanlu_result_variable *variable;
  tanlu_result_texts *text;
  dimension *dimension;
  attribute *attribute; /* root attributes */
  double *tile[2];      /* [0]: regions x 2, columns and rows of tiles, NULL without; [1]: rows as they were read */
  size_t tiles[2];      /* how many were read */
};

/* Room for one more element in a list; NULL when out of memory, the list stays as it was. */
static void *grow(void *list, size_t count, size_t size, tanlu_context *context) {
  void *grown = realloc(list, (count + 1) * size);
  if (grown == NULL) {
    (void)tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
    return NULL;
  }
  memset((char *)grown + count * size, 0, size);
  return grown;
}

static tanlu_status failed(const tanlu_result *result, tanlu_context *context) {
  return tanlu_h5_fail(context, result->path, "read the result file");
}

/* ---- the index ----------------------------------------------------------------------------------------------------- */

static herr_t scale_name(hid_t variable, unsigned axis, hid_t scale, void *data) {
  char name[NAME_MAX_LENGTH] = "";
  char **copy = data;
  (void)variable;
  (void)axis;
  if (H5Iget_name(scale, name, sizeof name) <= 0) return -1;
  *copy = tanlu_string_copy(NULL, name[0] == '/' ? name + 1 : name);
  return *copy == NULL ? -1 : 1; /* the first scale names the axis */
}

/* Name of the dimension along an axis; "" where none is attached. NULL on failure. */
static char *axis_dimension(hid_t dataset, const char *name, unsigned axis) {
  char *dimension_name = NULL;
  if (H5DSis_scale(dataset) > 0) return tanlu_string_copy(NULL, name);
  const int scales = H5DSget_num_scales(dataset, axis);
  if (scales <= 0) return scales < 0 ? NULL : tanlu_string_copy(NULL, "");
  if (H5DSiterate_scales(dataset, axis, NULL, scale_name, &dimension_name) < 0) {
    free(dimension_name);
    return NULL;
  }
  return dimension_name;
}

static tanlu_status index_texts(tanlu_result *result, hid_t dataset, const char *name, size_t count,
                                tanlu_context *context) {
  tanlu_result_texts *grown = grow(result->text, result->texts, sizeof *grown, context);
  if (grown == NULL) return TANLU_ERR_MEMORY;
  result->text = grown;
  tanlu_result_texts *texts = &grown[result->texts++];
  texts->name = tanlu_string_copy(context, name);
  texts->dimension = axis_dimension(dataset, name, 0);
  if (texts->name == NULL) return TANLU_ERR_MEMORY;
  if (texts->dimension == NULL || tanlu_h5_read_texts(dataset, count, &texts->text) < 0) return failed(result, context);
  texts->count = count;
  return TANLU_OK;
}

static tanlu_status index_years(tanlu_result *result, hid_t dataset, size_t count, tanlu_context *context) {
  if (result->year != NULL) return TANLU_OK;
  result->year = tanlu_allocate(context, count, sizeof *result->year);
  if (result->year == NULL) return TANLU_ERR_MEMORY;
  if (H5Dread(dataset, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, result->year) < 0) return failed(result, context);
  result->years = count;
  return TANLU_OK;
}

/* Columns or rows of the places of tiles. */
static tanlu_status index_tiles(tanlu_result *result, hid_t dataset, const char *name, size_t count,
                                tanlu_context *context) {
  const size_t k = strcmp(name, TANLU_RESULT_TILE_Y) == 0 ? 1 : 0;
  if (result->tile[k] != NULL) return TANLU_OK;
  result->tile[k] = tanlu_allocate_doubles(context, count, 2); /* columns have room for the rows */
  if (result->tile[k] == NULL) return TANLU_ERR_MEMORY;
  result->tiles[k] = count;
  if (H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, result->tile[k]) < 0) {
    return failed(result, context);
  }
  return TANLU_OK;
}

/* Whole numbers 0 .. 99, no two regions at one place? */
static bool are_places(const double *x, const double *y, size_t count) {
  for (size_t r = 0; r < count; r++) {
    const bool within = x[r] >= 0.0 && x[r] < 100.0 && y[r] >= 0.0 && y[r] < 100.0;
    if (!within || (double)(int)x[r] < x[r] || (double)(int)y[r] < y[r]) return false;
    for (size_t q = 0; q < r; q++) {
      if (!(x[q] < x[r] || x[q] > x[r] || y[q] < y[r] || y[q] > y[r])) return false;
    }
  }
  return true;
}

/* A place for each region, or no places. */
static tanlu_status join_tiles(tanlu_result *result, tanlu_context *context) {
  const tanlu_labels *regions = tanlu_result_labels(result, "region");
  double *x = result->tile[0], *y = result->tile[1];
  if (x == NULL && y == NULL) return TANLU_OK;
  const size_t count = regions != NULL ? regions->count : 0;
  if (x == NULL || y == NULL || result->tiles[0] != count || result->tiles[1] != count || !are_places(x, y, count)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, result->path, 0, 0,
                         "%s and %s are no places; expected whole numbers from 0 to 99, a place of its own for each "
                         "region",
                         TANLU_RESULT_TILE_X, TANLU_RESULT_TILE_Y);
  }
  memcpy(x + count, y, count * sizeof *y);
  return TANLU_OK;
}

static tanlu_status index_variable(tanlu_result *result, hid_t dataset, const char *name, size_t rank,
                                   const hsize_t *extent, tanlu_context *context) {
  tanlu_result_variable *grown = grow(result->variable, result->variables, sizeof *grown, context);
  if (grown == NULL) return TANLU_ERR_MEMORY;
  result->variable = grown;
  tanlu_result_variable *variable = &grown[result->variables++];
  variable->rank = rank;
  variable->name = tanlu_string_copy(context, name);
  variable->unit = tanlu_h5_read_attribute(dataset, "units");
  variable->long_name = tanlu_h5_read_attribute(dataset, "long_name");
  if (variable->unit == NULL) variable->unit = tanlu_string_copy(context, "");
  if (variable->long_name == NULL) variable->long_name = tanlu_string_copy(context, "");
  if (variable->name == NULL || variable->unit == NULL || variable->long_name == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < rank; k++) {
    variable->extent[k] = (size_t)extent[k];
    variable->dimension[k] = axis_dimension(dataset, name, (unsigned)k);
    if (variable->dimension[k] == NULL) return failed(result, context);
  }
  return TANLU_OK;
}

/* One data set: texts along a dimension, the years, or a numeric variable. What else there may be is left alone. */
static tanlu_status index_dataset(tanlu_result *result, const char *name, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  hsize_t extent[RANK_MAX] = {0};
  hid_t type = H5I_INVALID_HID, space = H5I_INVALID_HID;
  const hid_t dataset = H5Dopen2(result->file, name, H5P_DEFAULT);
  if (dataset < 0) return failed(result, context);
  if ((type = H5Dget_type(dataset)) < 0 || (space = H5Dget_space(dataset)) < 0) {
    status = failed(result, context);
    goto done;
  }
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 1 || rank > RANK_MAX || H5Sget_simple_extent_dims(space, extent, NULL) < 0) goto done;
  const H5T_class_t kind = H5Tget_class(type);
  if (kind == H5T_STRING && rank == 1 && H5Tis_variable_str(type) > 0) {
    status = index_texts(result, dataset, name, (size_t)extent[0], context);
  } else if (kind == H5T_INTEGER && rank == 1 && strcmp(name, "year") == 0) {
    status = index_years(result, dataset, (size_t)extent[0], context);
  } else if (kind != H5T_STRING && rank == 1 &&
             (strcmp(name, TANLU_RESULT_TILE_X) == 0 || strcmp(name, TANLU_RESULT_TILE_Y) == 0)) {
    status = index_tiles(result, dataset, name, (size_t)extent[0], context);
  } else if ((kind == H5T_FLOAT || kind == H5T_INTEGER) && H5DSis_scale(dataset) <= 0) {
    status = index_variable(result, dataset, name, (size_t)rank, extent, context);
  }
done:
  if (space >= 0) (void)H5Sclose(space);
  if (type >= 0) (void)H5Tclose(type);
  (void)H5Dclose(dataset);
  return status;
}

static const tanlu_result_texts *find_label(tanlu_result *result, const char *name, const char *suffix) {
  char label[NAME_MAX_LENGTH + 16];
  (void)snprintf(label, sizeof label, "%s%s", name, suffix);
  return tanlu_result_texts_find(result, label);
}

/* Labels of every dimension, from its coordinate and its label variables. */
static tanlu_status index_dimensions(tanlu_result *result, tanlu_context *context) {
  for (size_t i = 0; i < result->texts; i++) {
    const tanlu_result_texts *codes = &result->text[i];
    if (strcmp(codes->name, codes->dimension) != 0) continue;
    const tanlu_result_texts *names = find_label(result, codes->name, "_label");
    if (names == NULL) names = find_label(result, codes->name, "_title");
    if (names == NULL) names = find_label(result, codes->name, "_definition");
    const tanlu_result_texts *chinese = find_label(result, codes->name, "_label_zh");
    dimension *grown = grow(result->dimension, result->dimensions, sizeof *grown, context);
    if (grown == NULL) return TANLU_ERR_MEMORY;
    result->dimension = grown;
    dimension *d = &grown[result->dimensions++];
    d->name = tanlu_string_copy(context, codes->name);
    if (d->name == NULL) return TANLU_ERR_MEMORY;
    for (size_t k = 0; k < codes->count; k++) {
      const tanlu_status status = tanlu_labels_add(
          &d->labels, codes->text[k], names != NULL && names->count == codes->count ? names->text[k] : NULL,
          chinese != NULL && chinese->count == codes->count ? chinese->text[k] : NULL, context);
      if (status != TANLU_OK) return status;
    }
  }
  return TANLU_OK;
}

static tanlu_status index_attribute(tanlu_result *result, hid_t root, hsize_t i, tanlu_context *context) {
  char name[NAME_MAX_LENGTH] = "";
  if (H5Aget_name_by_idx(root, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT) < 0) {
    return failed(result, context);
  }
  char *text = tanlu_h5_read_attribute(root, name);
  if (text == NULL) return TANLU_OK; /* of a kind no one asks for */
  attribute *grown = grow(result->attribute, result->attributes, sizeof *grown, context);
  if (grown == NULL) {
    free(text);
    return TANLU_ERR_MEMORY;
  }
  result->attribute = grown;
  attribute *added = &grown[result->attributes++];
  added->text = text;
  added->name = tanlu_string_copy(context, name);
  return added->name == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
}

static tanlu_status index_attributes(tanlu_result *result, tanlu_context *context) {
  const hid_t root = H5Gopen2(result->file, "/", H5P_DEFAULT); /* the file itself cannot be asked for their number */
  if (root < 0) return failed(result, context);
  const int count = H5Aget_num_attrs(root);
  tanlu_status status = count < 0 ? failed(result, context) : TANLU_OK;
  for (int i = 0; status == TANLU_OK && i < count; i++) {
    status = index_attribute(result, root, (hsize_t)i, context);
  }
  (void)H5Gclose(root);
  return status;
}

static tanlu_status index_file(tanlu_result *result, tanlu_context *context) {
  H5G_info_t info;
  if (H5Gget_info(result->file, &info) < 0) return failed(result, context);
  H5_index_t order = H5_INDEX_CRT_ORDER;
  char name[NAME_MAX_LENGTH];
  if (H5Lget_name_by_idx(result->file, ".", order, H5_ITER_INC, 0, name, sizeof name, H5P_DEFAULT) < 0) {
    order = H5_INDEX_NAME; /* rewritten by a program that keeps no order */
  }
  for (hsize_t i = 0; i < info.nlinks; i++) {
    if (H5Lget_name_by_idx(result->file, ".", order, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT) < 0) {
      return failed(result, context);
    }
    const hid_t object = H5Oopen(result->file, name, H5P_DEFAULT);
    if (object < 0) return failed(result, context);
    const bool is_dataset = H5Iget_type(object) == H5I_DATASET;
    (void)H5Oclose(object);
    const tanlu_status status = is_dataset ? index_dataset(result, name, context) : TANLU_OK;
    if (status != TANLU_OK) return status;
  }
  tanlu_status status = index_dimensions(result, context);
  if (status == TANLU_OK) status = join_tiles(result, context);
  if (status == TANLU_OK) status = index_attributes(result, context);
  if (status == TANLU_OK && (result->years == 0 || (tanlu_result_labels(result, "scenario") == NULL &&
                                                    tanlu_result_attribute(result, "sweep") == NULL))) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, result->path, 0, 0,
                           "is not a result file: it has no scenarios or years");
  }
  return status;
}

/* ---- opening and closing --------------------------------------------------------------------------------------------- */

tanlu_status tanlu_result_open(tanlu_result **result, const char *path, tanlu_context *context) {
  struct stat found;
  *result = NULL;
  if (stat(path, &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "no such file; expected a result file");
    }
    return tanlu_system_fail(context, path, "read the result file", errno);
  }
  if (!S_ISREG(found.st_mode)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is not a regular file; expected a result file");
  }
  tanlu_h5_quiet();
  const htri_t known = H5Fis_hdf5(path);
  if (known < 0) return tanlu_h5_fail(context, path, "read the result file");
  if (known == 0) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is not an HDF5 file; expected a result of `tanlu run`");
  }
  tanlu_result *opened = tanlu_allocate(context, 1, sizeof *opened);
  if (opened == NULL) return TANLU_ERR_MEMORY;
  opened->file = H5I_INVALID_HID;
  opened->path = tanlu_string_copy(context, path);
  tanlu_status status = opened->path == NULL ? TANLU_ERR_MEMORY : TANLU_OK;
  if (status == TANLU_OK) {
    opened->file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    status = opened->file < 0 ? failed(opened, context) : index_file(opened, context);
  }
  if (status != TANLU_OK) {
    tanlu_result_close(&opened);
    return status;
  }
  *result = opened;
  return TANLU_OK;
}

void tanlu_result_close(tanlu_result **result) {
  tanlu_result *r = result != NULL ? *result : NULL;
  if (r == NULL) return;
  for (size_t i = 0; i < r->variables; i++) {
    tanlu_result_variable *variable = &r->variable[i];
    free(variable->name);
    free(variable->unit);
    free(variable->long_name);
    for (size_t k = 0; k < RANK_MAX; k++) free(variable->dimension[k]);
    free(variable->value);
  }
  for (size_t i = 0; i < r->texts; i++) {
    free(r->text[i].name);
    free(r->text[i].dimension);
    tanlu_free_texts(r->text[i].text, r->text[i].count);
  }
  for (size_t i = 0; i < r->dimensions; i++) {
    free(r->dimension[i].name);
    tanlu_labels_clear(&r->dimension[i].labels);
  }
  for (size_t i = 0; i < r->attributes; i++) {
    free(r->attribute[i].name);
    free(r->attribute[i].text);
  }
  free(r->tile[0]);
  free(r->tile[1]);
  free(r->variable);
  free(r->text);
  free(r->dimension);
  free(r->attribute);
  free(r->year);
  free(r->path);
  if (r->file >= 0) (void)H5Fclose(r->file);
  free(r);
  *result = NULL;
}

/* ---- asking --------------------------------------------------------------------------------------------------------- */

const tanlu_labels *tanlu_result_labels(tanlu_result *result, const char *dimension_name) {
  for (size_t i = 0; i < result->dimensions; i++) {
    if (strcmp(result->dimension[i].name, dimension_name) == 0) return &result->dimension[i].labels;
  }
  return NULL;
}

const double *tanlu_result_tiles(tanlu_result *result) {
  return result->tile[0];
}

const int *tanlu_result_years(tanlu_result *result, size_t *count) {
  *count = result->years;
  return result->year;
}

size_t tanlu_result_variable_count(tanlu_result *result) {
  return result->variables;
}

const tanlu_result_variable *tanlu_result_variable_at(tanlu_result *result, size_t i) {
  return &result->variable[i];
}

static tanlu_result_variable *find_variable(tanlu_result *result, const char *name) {
  for (size_t i = 0; i < result->variables; i++) {
    if (strcmp(result->variable[i].name, name) == 0) return &result->variable[i];
  }
  return NULL;
}

const tanlu_result_variable *tanlu_result_variable_find(tanlu_result *result, const char *name) {
  return find_variable(result, name);
}

tanlu_status tanlu_result_variable_read(tanlu_result *result, const char *name, const tanlu_result_variable **variable,
                                        tanlu_context *context) {
  *variable = NULL;
  tanlu_result_variable *found = find_variable(result, name);
  if (found == NULL) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, result->path, 0, 0, "has no variable \"%s\"", name);
  }
  if (found->value == NULL) {
    size_t cells = 1;
    for (size_t k = 0; k < found->rank; k++) {
      if (__builtin_mul_overflow(cells, found->extent[k], &cells)) {
        return tanlu_fail_at(context, TANLU_ERR_MEMORY, result->path, 0, 0, "variable \"%s\" is too large", name);
      }
    }
    double *value = tanlu_allocate_doubles(context, cells, 1);
    if (value == NULL) return TANLU_ERR_MEMORY;
    const hid_t dataset = H5Dopen2(result->file, name, H5P_DEFAULT);
    if (dataset < 0 || H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) < 0) {
      const tanlu_status status = failed(result, context);
      if (dataset >= 0) (void)H5Dclose(dataset);
      free(value);
      return status;
    }
    (void)H5Dclose(dataset);
    found->value = value;
  }
  *variable = found;
  return TANLU_OK;
}

tanlu_status tanlu_result_part_read(tanlu_result *result, const tanlu_result_variable *v, const size_t *first,
                                    const size_t *count, double *value, tanlu_context *context) {
  hsize_t start[RANK_MAX], size[RANK_MAX];
  for (size_t k = 0; k < v->rank; k++) {
    start[k] = first[k];
    size[k] = count[k];
  }
  const hid_t dataset = H5Dopen2(result->file, v->name, H5P_DEFAULT);
  const hid_t from = dataset >= 0 ? H5Dget_space(dataset) : H5I_INVALID_HID;
  const hid_t to = H5Screate_simple((int)v->rank, size, NULL);
  const bool good = from >= 0 && to >= 0 && H5Sselect_hyperslab(from, H5S_SELECT_SET, start, NULL, size, NULL) >= 0 &&
                    H5Dread(dataset, H5T_NATIVE_DOUBLE, to, from, H5P_DEFAULT, value) >= 0;
  const tanlu_status status = good ? TANLU_OK : failed(result, context);
  if (to >= 0) (void)H5Sclose(to);
  if (from >= 0) (void)H5Sclose(from);
  if (dataset >= 0) (void)H5Dclose(dataset);
  return status;
}

tanlu_status tanlu_result_rows_read(tanlu_result *result, const tanlu_result_variable *v, size_t first, size_t rows,
                                    double *value, tanlu_context *context) {
  const size_t start[RANK_MAX] = {first};
  size_t count[RANK_MAX] = {rows};
  for (size_t k = 1; k < v->rank; k++) count[k] = v->extent[k];
  return tanlu_result_part_read(result, v, start, count, value, context);
}

size_t tanlu_result_texts_count(tanlu_result *result) {
  return result->texts;
}

const tanlu_result_texts *tanlu_result_texts_at(tanlu_result *result, size_t i) {
  return &result->text[i];
}

const tanlu_result_texts *tanlu_result_texts_find(tanlu_result *result, const char *name) {
  for (size_t i = 0; i < result->texts; i++) {
    if (strcmp(result->text[i].name, name) == 0) return &result->text[i];
  }
  return NULL;
}

bool tanlu_result_recognise(const char *path) {
  static const char signature[] = "\211HDF\r\n\032\n"; /* HDF5 File Format Specification, III.A */
  const size_t length = strlen(path);
  if (length > 3 && (strcmp(path + length - 3, ".h5") == 0 || strcmp(path + length - 3, ".nc") == 0)) return true;
  char begin[sizeof signature - 1] = "";
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  const bool whole = fread(begin, 1, sizeof begin, file) == sizeof begin;
  (void)fclose(file);
  return whole && memcmp(begin, signature, sizeof begin) == 0;
}

const char *tanlu_result_path(const tanlu_result *result) {
  return result->path;
}

const char *tanlu_result_attribute(tanlu_result *result, const char *name) {
  for (size_t i = 0; i < result->attributes; i++) {
    if (strcmp(result->attribute[i].name, name) == 0) return result->attribute[i].text;
  }
  return NULL;
}

const char *tanlu_result_scenario_text(tanlu_result *result, size_t scenario) {
  const tanlu_result_texts *texts = tanlu_result_texts_find(result, "scenario_text");
  return texts != NULL && scenario < texts->count ? texts->text[scenario] : NULL;
}
