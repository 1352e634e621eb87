#include "outputs/hdf5_util_private.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

void tanlu_h5_quiet(void) {
  (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

/* ---- failures ------------------------------------------------------------------------------------------------------ */

typedef struct {
  int error;        /* errno that HDF5 noted, 0 when none */
  char reason[160]; /* innermost description otherwise */
} h5_cause;

static herr_t find_cause(unsigned depth, const H5E_error2_t *entry, void *data) {
  h5_cause *cause = data;
  (void)depth;
  if (entry->desc == NULL) return 0;
  const char *number = strstr(entry->desc, "errno = ");
  if (number != NULL && cause->error == 0) cause->error = (int)strtol(number + strlen("errno = "), NULL, 10);
  if (cause->reason[0] == '\0') (void)snprintf(cause->reason, sizeof cause->reason, "%s", entry->desc);
  return 0;
}

tanlu_status tanlu_h5_fail(tanlu_context *context, const char *path, const char *doing) {
  h5_cause cause = {0};
  (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, find_cause, &cause);
  if (cause.error != 0) return tanlu_system_fail(context, path, doing, cause.error);
  return tanlu_fail_at(context, TANLU_ERR_IO, path, 0, 0, "cannot %s: %s", doing,
                       cause.reason[0] != '\0' ? cause.reason : "the HDF5 library gives no reason");
}

tanlu_status tanlu_system_fail(tanlu_context *context, const char *path, const char *doing, int error) {
  char text[128] = "";
  return tanlu_fail_at(context, TANLU_ERR_IO, path, 0, 0, "cannot %s: %s", doing, strerror_r(error, text, sizeof text));
}

/* Close two ids (negative ones are skipped); after a failure the error stack survives it. */
static void release(bool failed, hid_t a, hid_t b) {
  const hid_t stack = failed ? H5Eget_current_stack() : H5I_INVALID_HID;
  if (a >= 0) (void)H5Idec_ref(a);
  if (b >= 0) (void)H5Idec_ref(b);
  if (stack >= 0) (void)H5Eset_current_stack(stack);
}

/* ---- files and datasets -------------------------------------------------------------------------------------------- */

hid_t tanlu_h5_create_image(void) {
  enum { GROWTH = 1 << 20 }; /* bytes the image grows by */
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  const hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (creation >= 0 && access >= 0 && H5Pset_link_creation_order(creation, order) >= 0 &&
      H5Pset_attr_creation_order(creation, order) >= 0 &&
      H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 &&
      H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 && H5Pset_fapl_core(access, GROWTH, false) >= 0) {
    file = H5Fcreate("tanlu-result", H5F_ACC_TRUNC, creation, access); /* the name is never used */
  }
  release(file < 0, creation, access);
  return file;
}

herr_t tanlu_h5_image(hid_t file, const void **bytes, size_t *size) {
  void *handle = NULL;
  if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) return -1;
  const ssize_t length = H5Fget_file_image(file, NULL, 0);
  if (length <= 0 || H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0) return -1;
  *bytes = *(void **)handle; /* what the handle of a file in memory is */
  *size = (size_t)length;
  return 0;
}

hid_t tanlu_h5_text_type(void) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0) return type;
  if (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
    (void)H5Tclose(type);
    return H5I_INVALID_HID;
  }
  return type;
}

hid_t tanlu_h5_create_dataset(hid_t file, const char *name, hid_t type, int rank, const hsize_t *extent,
                              const void *fill) {
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  hid_t dataset = H5I_INVALID_HID;
  const hid_t space = H5Screate_simple(rank, extent, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
  if (space >= 0 && list >= 0 && H5Pset_layout(list, H5D_CONTIGUOUS) >= 0 &&
      H5Pset_attr_creation_order(list, order) >= 0 && (fill == NULL || H5Pset_fill_value(list, type, fill) >= 0)) {
    dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
  }
  release(dataset < 0, list, space);
  return dataset;
}

hid_t tanlu_h5_write_texts(hid_t file, const char *name, const char *const *text, size_t count) {
  const hsize_t extent = count;
  const hid_t type = tanlu_h5_text_type();
  if (type < 0) return type;
  hid_t dataset = tanlu_h5_create_dataset(file, name, type, 1, &extent, NULL);
  if (dataset >= 0 && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) < 0) {
    release(true, dataset, type);
    return H5I_INVALID_HID;
  }
  release(dataset < 0, type, H5I_INVALID_HID);
  return dataset;
}

/* ---- attributes ---------------------------------------------------------------------------------------------------- */

static herr_t write_attribute(hid_t object, const char *name, hid_t type, size_t count, const void *value) {
  const hsize_t extent = count;
  hid_t attribute = H5I_INVALID_HID;
  herr_t result = -1;
  const hid_t space = count == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &extent, NULL);
  if (space >= 0) attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  if (attribute >= 0) result = H5Awrite(attribute, type, value);
  release(result < 0, attribute, space);
  return result;
}

herr_t tanlu_h5_attribute_texts(hid_t object, const char *name, const char *const *text, size_t count) {
  if (count == 0) return 0;
  const hid_t type = tanlu_h5_text_type();
  if (type < 0) return -1;
  const herr_t result = write_attribute(object, name, type, count, text);
  release(result < 0, type, H5I_INVALID_HID);
  return result;
}

herr_t tanlu_h5_attribute_text(hid_t object, const char *name, const char *text) {
  const char *value = text != NULL ? text : "";
  return tanlu_h5_attribute_texts(object, name, &value, 1);
}

herr_t tanlu_h5_attribute_int(hid_t object, const char *name, int value) {
  return write_attribute(object, name, H5T_NATIVE_INT, 1, &value);
}

herr_t tanlu_h5_attribute_double(hid_t object, const char *name, double value) {
  return write_attribute(object, name, H5T_NATIVE_DOUBLE, 1, &value);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* Variable-length strings of an attribute joined by newlines. */
static char *read_attribute_texts(hid_t attribute, hid_t space, size_t count) {
  char *joined = NULL;
  size_t length = 1;
  char **text = tanlu_allocate(NULL, count, sizeof *text);
  const hid_t type = tanlu_h5_text_type();
  if (text == NULL || type < 0 || H5Aread(attribute, type, text) < 0) goto done;
  for (size_t i = 0; i < count; i++) length += (text[i] != NULL ? strlen(text[i]) : 0) + 1;
  joined = tanlu_allocate(NULL, length, 1);
  for (size_t i = 0; joined != NULL && i < count; i++) {
    if (i > 0) strcat(joined, "\n");
    if (text[i] != NULL) strcat(joined, text[i]);
  }
  (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, text);
done:
  if (type >= 0) (void)H5Tclose(type);
  free(text);
  return joined;
}

char *tanlu_h5_read_attribute(hid_t object, const char *name) {
  if (H5Aexists(object, name) <= 0) return NULL;
  char *result = NULL;
  char number[40];
  hid_t type = H5I_INVALID_HID, space = H5I_INVALID_HID;
  const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
  if (attribute < 0) return NULL;
  type = H5Aget_type(attribute);
  space = H5Aget_space(attribute);
  if (type < 0 || space < 0) goto done;
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  const H5T_class_t kind = H5Tget_class(type);
  if (kind == H5T_STRING && H5Tis_variable_str(type) > 0 && count > 0) {
    result = read_attribute_texts(attribute, space, (size_t)count);
  } else if (kind == H5T_STRING && count == 1) { /* fixed length, as other programs write it */
    result = tanlu_allocate(NULL, H5Tget_size(type) + 1, 1);
    if (result != NULL && H5Aread(attribute, type, result) < 0) result[0] = '\0';
  } else if (kind == H5T_INTEGER && count == 1) {
    int value = 0;
    if (H5Aread(attribute, H5T_NATIVE_INT, &value) < 0) goto done;
    (void)snprintf(number, sizeof number, "%d", value);
    result = tanlu_string_copy(NULL, number);
  } else if (kind == H5T_FLOAT && count == 1) {
    double value = 0.0;
    if (H5Aread(attribute, H5T_NATIVE_DOUBLE, &value) < 0) goto done;
    (void)snprintf(number, sizeof number, "%.17g", value);
    result = tanlu_string_copy(NULL, number);
  }
done:
  if (type >= 0) (void)H5Tclose(type);
  if (space >= 0) (void)H5Sclose(space);
  (void)H5Aclose(attribute);
  return result;
}

herr_t tanlu_h5_read_texts(hid_t dataset, size_t count, char ***text) {
  herr_t result = -1;
  char **raw = tanlu_allocate(NULL, count, sizeof *raw), **copy = tanlu_allocate(NULL, count, sizeof *copy);
  const hid_t type = tanlu_h5_text_type(), space = H5Dget_space(dataset);
  if (raw == NULL || copy == NULL || type < 0 || space < 0) goto done;
  if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw) < 0) goto done;
  result = 0;
  for (size_t i = 0; i < count; i++) {
    copy[i] = tanlu_string_copy(NULL, raw[i]);
    if (copy[i] == NULL) result = -1;
  }
  (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw);
done:
  if (result >= 0) {
    *text = copy;
  } else {
    tanlu_free_texts(copy, count);
  }
  free(raw);
  if (type >= 0) (void)H5Tclose(type);
  if (space >= 0) (void)H5Sclose(space);
  return result;
}

void tanlu_free_texts(char **text, size_t count) {
  if (text == NULL) return;
  for (size_t i = 0; i < count; i++) free(text[i]);
  free(text);
}
