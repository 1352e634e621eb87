#include "outputs/sweep_indices.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outputs/hdf5_util_private.h"
#include "outputs/sweep_store_private.h"
#include "solvers/memory.h"

struct tanlu_sweep_indices {
  const char *path;
  int descriptor;
  struct {
    off_t offset; /* -1: not in this file */
    size_t count; /* numbers an output */
  } variable[TANLU_INDICES];
};

void tanlu_sweep_indices_close(tanlu_sweep_indices **indices) {
  tanlu_sweep_indices *x = *indices;
  if (x == NULL) return;
  if (x->descriptor >= 0) (void)close(x->descriptor);
  free(x);
  *indices = NULL;
}

size_t tanlu_sweep_indices_find(tanlu_result *result, const char *output) {
  const tanlu_labels *outputs = tanlu_result_labels(result, "output");
  return outputs != NULL ? tanlu_labels_find(outputs, output) : TANLU_NONE;
}

/* Places of all variables that the file has, which must lie within it. */
static tanlu_status locate(tanlu_sweep_indices *x, tanlu_result *result, size_t end, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  tanlu_h5_quiet();
  const hid_t file = H5Fopen(x->path, H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file < 0) return tanlu_h5_fail(context, x->path, "read the sweep file");
  for (size_t i = 0; status == TANLU_OK && i < TANLU_INDICES; i++) {
    const tanlu_result_variable *v = tanlu_result_variable_find(result, tanlu_sweep_index_name(i));
    x->variable[i].offset = -1;
    if (v == NULL) continue;
    const hid_t variable = H5Dopen2(file, v->name, H5P_DEFAULT);
    const haddr_t place = variable >= 0 ? H5Dget_offset(variable) : HADDR_UNDEF;
    const hsize_t size = variable >= 0 ? H5Dget_storage_size(variable) : 0;
    if (variable >= 0) (void)H5Dclose(variable);
    x->variable[i].count = v->rank > 1 ? v->extent[1] : 1;
    if (place == HADDR_UNDEF || size != v->extent[0] * x->variable[i].count * sizeof(double) || place + size > end) {
      status = tanlu_fail_at(context, TANLU_ERR_IO, x->path, 0, 0, "is damaged: variable \"%s\" is not whole", v->name);
    }
    x->variable[i].offset = (off_t)place;
  }
  (void)H5Fclose(file);
  return status;
}

tanlu_status tanlu_sweep_indices_open(tanlu_sweep_indices **indices, tanlu_result *result, tanlu_context *context) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  struct stat found;
  char text[128] = "";
  *indices = NULL;
  if (tanlu_result_labels(result, "output") == NULL) return TANLU_OK;
  tanlu_sweep_indices *x = tanlu_allocate(context, 1, sizeof *x);
  if (x == NULL) return TANLU_ERR_MEMORY;
  x->path = tanlu_result_path(result);
  x->descriptor = open(x->path, O_RDWR | O_CLOEXEC);
  if (x->descriptor < 0 || fstat(x->descriptor, &found) != 0) {
    tanlu_warn(context, "%s: the indices are not stored: %s", x->path, strerror_r(errno, text, sizeof text));
    tanlu_sweep_indices_close(&x);
    return TANLU_OK;
  }
  if (fcntl(x->descriptor, F_OFD_SETLK, &whole) != 0 && (errno == EAGAIN || errno == EACCES)) {
    tanlu_warn(context, "%s: the indices are not stored: another process writes the file", x->path);
    tanlu_sweep_indices_close(&x);
    return TANLU_OK;
  }
  const tanlu_status status = locate(x, result, (size_t)found.st_size, context);
  if (status != TANLU_OK) tanlu_sweep_indices_close(&x);
  *indices = x;
  return status;
}

static tanlu_status put(tanlu_sweep_indices *x, size_t index, size_t output, const double *value, size_t count,
                        tanlu_context *context) {
  if (x->variable[index].offset < 0 || count != x->variable[index].count) return TANLU_OK;
  const char *next = (const char *)value;
  off_t place = x->variable[index].offset + (off_t)(output * count * sizeof *value);
  for (size_t size = count * sizeof *value; size > 0;) {
    const ssize_t written = pwrite(x->descriptor, next, size, place);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      return tanlu_system_fail(context, x->path, "store the indices", written < 0 ? errno : ENOSPC);
    }
    next += written;
    place += written;
    size -= (size_t)written;
  }
  return TANLU_OK;
}

static tanlu_status synchronise(const tanlu_sweep_indices *x, tanlu_context *context) {
  if (fdatasync(x->descriptor) == 0 || errno == EINVAL) return TANLU_OK;
  return tanlu_system_fail(context, x->path, "store the indices", errno);
}

tanlu_status tanlu_sweep_indices_begin(tanlu_sweep_indices *x, size_t output, tanlu_context *context) {
  const double missing = (double)NAN;
  if (x == NULL || output == TANLU_NONE) return TANLU_OK;
  const tanlu_status status = put(x, TANLU_INDEX_USED, output, &missing, 1, context);
  return status == TANLU_OK ? synchronise(x, context) : status;
}

tanlu_status tanlu_sweep_indices_put(tanlu_sweep_indices *x, const char *name, size_t output, const double *value,
                                     size_t count, tanlu_context *context) {
  if (x == NULL || output == TANLU_NONE) return TANLU_OK;
  for (size_t i = 0; i < TANLU_INDICES; i++) {
    if (strcmp(tanlu_sweep_index_name(i), name) == 0) return put(x, i, output, value, count, context);
  }
  return tanlu_fail(context, TANLU_ERR_INTERNAL, "there is no index '%s'", name);
}

tanlu_status tanlu_sweep_indices_end(tanlu_sweep_indices *x, size_t output, double used, tanlu_context *context) {
  if (x == NULL || output == TANLU_NONE) return TANLU_OK;
  tanlu_status status = synchronise(x, context);
  if (status == TANLU_OK) status = put(x, TANLU_INDEX_USED, output, &used, 1, context);
  return status == TANLU_OK ? synchronise(x, context) : status;
}
