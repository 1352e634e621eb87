#include "outputs/sweep_store.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/indicators.h"
#include "outputs/hdf5_util_private.h"
#include "outputs/output_file.h"
#include "outputs/sweep_store_private.h"
#include "solvers/memory.h"

enum { STATES_AT_ONCE = 4096 };

void tanlu_sweep_store_close(tanlu_sweep_store **store) {
  tanlu_sweep_store *s = *store;
  if (s == NULL) return;
  if (s->descriptor >= 0) (void)close(s->descriptor);
  free(s->path);
  free(s->done);
  free(s);
  *store = NULL;
}

/* ---- bytes -------------------------------------------------------------------------------------------------------------- */

static off_t place_of(const tanlu_sweep_store *s, tanlu_sweep_variable variable, size_t row) {
  return s->offset[variable] + (off_t)(row * s->row[variable]);
}

tanlu_status tanlu_sweep_store_read(const tanlu_sweep_store *s, tanlu_sweep_variable variable, size_t row, void *bytes,
                                    size_t size, tanlu_context *context) {
  char *next = bytes;
  off_t place = place_of(s, variable, row);
  while (size > 0) {
    const ssize_t got = pread(s->descriptor, next, size, place);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tanlu_system_fail(context, s->path, "read the sweep file", errno);
    if (got == 0) return tanlu_fail_at(context, TANLU_ERR_IO, s->path, 0, 0, "is cut off: it ends within its data");
    next += got;
    place += got;
    size -= (size_t)got;
  }
  return TANLU_OK;
}

tanlu_status tanlu_sweep_store_put(const tanlu_sweep_store *s, tanlu_sweep_variable variable, size_t row,
                                   const void *bytes, size_t size, tanlu_context *context) {
  const char *next = bytes;
  off_t place = place_of(s, variable, row);
  while (size > 0) {
    const ssize_t put = pwrite(s->descriptor, next, size, place);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return tanlu_system_fail(context, s->path, "write the sweep file", put < 0 ? errno : ENOSPC);
    next += put;
    place += put;
    size -= (size_t)put;
  }
  return TANLU_OK;
}

static tanlu_status synchronise(const tanlu_sweep_store *s, tanlu_context *context) {
  if (fdatasync(s->descriptor) == 0 || errno == EINVAL) return TANLU_OK;
  return tanlu_system_fail(context, s->path, "write the sweep file", errno);
}

/* ---- opening ------------------------------------------------------------------------------------------------------------ */

/* What must be the same to go on with a file, in the words of a message. */
static tanlu_status compare_description(hid_t file, const char *path, const tanlu_sweep_description *d,
                                        tanlu_context *context) {
  char source[160], samples[32], first[32];
  (void)snprintf(source, sizeof source, "Tanlu %s (%s)", d->provenance.version, d->provenance.commit);
  (void)snprintf(samples, sizeof samples, "%zu", d->samples);
  (void)snprintf(first, sizeof first, "%zu", d->first_block * TANLU_SWEEP_BLOCK);
  const struct {
    const char *attribute, *expected, *what;
  } same[] = {{"sweep_sha256", d->sweep_sha256, "the sweep file has changed"},
              {"scenario_sha256", d->scenario_sha256, "the scenario has changed"},
              {"dataset_sha256", d->dataset_sha256, "the dataset has changed"},
              {"samples", samples, "the number of samples differs"},
              {"first_sample", first, "it is another shard"},
              {"blas_core", d->provenance.blas_core, "the OpenBLAS core differs"},
              {"source", source, "it was written by another version of the program"},
              {"build_flags", d->provenance.build_flags, "the program was built with other flags"}};
  tanlu_status status = TANLU_OK;
  char *sweep = tanlu_h5_read_attribute(file, "sweep");
  if (sweep == NULL) return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is not the file of a sweep");
  free(sweep);
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    char *found = tanlu_h5_read_attribute(file, same[i].attribute);
    if (found == NULL || strcmp(found, same[i].expected) != 0) {
      status =
          tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "cannot go on: %s (%s: '%.16s' in the file, '%.16s' now)",
                        same[i].what, same[i].attribute, found != NULL ? found : "", same[i].expected);
    }
    free(found);
  }
  return status;
}

/* Where a variable lies, when it has the size it should have. */
static tanlu_status locate(hid_t file, tanlu_sweep_store *s, size_t id, size_t rows, size_t end,
                           tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  s->offset[id] = -1;
  if (H5Lexists(file, tanlu_sweep_variable_name[id], H5P_DEFAULT) <= 0) return TANLU_OK;
  const hid_t variable = H5Dopen2(file, tanlu_sweep_variable_name[id], H5P_DEFAULT);
  if (variable < 0) return tanlu_h5_fail(context, s->path, "read the sweep file");
  const haddr_t place = H5Dget_offset(variable);
  const hsize_t size = H5Dget_storage_size(variable);
  (void)H5Dclose(variable);
  if (place == HADDR_UNDEF || size != rows * s->row[id]) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0, "variable \"%s\" is not as this sweep writes it",
                           tanlu_sweep_variable_name[id]);
  } else if (place + size > end) {
    status = tanlu_fail_at(context, TANLU_ERR_IO, s->path, 0, 0, "is cut off: %zu bytes, variable \"%s\" ends at %llu",
                           end, tanlu_sweep_variable_name[id], (unsigned long long)(place + size));
  } else {
    s->offset[id] = (off_t)place;
  }
  return status;
}

static tanlu_status locate_all(hid_t file, tanlu_sweep_store *s, size_t end, tanlu_context *context) {
  const size_t real = sizeof(double), blocks = s->last_block - s->first_block;
  const struct {
    size_t id, row, rows;
  } size[TANLU_SWEEP_VARIABLES] = {{TANLU_STORE_PARAMETER, s->parameters * real, s->own_samples},
                                   {TANLU_STORE_STATUS, sizeof(int), s->own_samples},
                                   {TANLU_STORE_REASON, TANLU_SWEEP_REASON, s->own_samples},
                                   {TANLU_STORE_INDICATOR, s->cells * real, s->own_samples},
                                   {TANLU_STORE_SUMMARY, tanlu_summary_count() * real, s->own_samples},
                                   {TANLU_STORE_MOMENT, TANLU_MOMENTS * s->cells * real, blocks},
                                   {TANLU_STORE_DONE, 1, blocks},
                                   {TANLU_STORE_MEAN, s->cells * real, 1},
                                   {TANLU_STORE_DEVIATION, s->cells * real, 1},
                                   {TANLU_STORE_MINIMUM, s->cells * real, 1},
                                   {TANLU_STORE_MAXIMUM, s->cells * real, 1}};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < TANLU_SWEEP_VARIABLES; i++) {
    s->row[size[i].id] = size[i].row;
    status = locate(file, s, size[i].id, size[i].rows, end, context);
    const size_t other = s->statistics_only ? TANLU_STORE_INDICATOR : TANLU_STORE_MOMENT;
    if (status == TANLU_OK && s->offset[size[i].id] < 0 && size[i].id != other) {
      status = tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0, "has no variable \"%s\"",
                             tanlu_sweep_variable_name[size[i].id]);
    }
  }
  return status;
}

/* A lock of the open file, whatever else has it open for reading; gone when the process is. */
static tanlu_status lock(const tanlu_sweep_store *s, tanlu_context *context) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(s->descriptor, F_OFD_SETLK, &whole) == 0) return TANLU_OK;
  if (errno == EAGAIN || errno == EACCES) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0, "is in use: another process writes it");
  }
  if (errno == ENOLCK || errno == ENOTSUP || errno == ENOSYS) {
    tanlu_warn(context, "%s: the file system has no locks; take care that one process writes it", s->path);
    return TANLU_OK;
  }
  return tanlu_system_fail(context, s->path, "lock the sweep file", errno);
}

/* Flags of the blocks, and how many samples failed in those that are done. */
static tanlu_status read_flags(tanlu_sweep_store *s, tanlu_context *context) {
  int state[STATES_AT_ONCE];
  const size_t blocks = s->last_block - s->first_block;
  s->done = tanlu_allocate(context, blocks, 1);
  if (s->done == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_sweep_store_read(s, TANLU_STORE_DONE, 0, s->done, blocks, context);
  for (size_t first = 0; status == TANLU_OK && first < s->own_samples; first += STATES_AT_ONCE) {
    const size_t left = s->own_samples - first, count = left < STATES_AT_ONCE ? left : STATES_AT_ONCE;
    status = tanlu_sweep_store_read(s, TANLU_STORE_STATUS, first, state, count * sizeof *state, context);
    for (size_t i = 0; status == TANLU_OK && i < count; i++) {
      const bool done = s->done[(first + i) / TANLU_SWEEP_BLOCK] != 0;
      s->failures += done && state[i] != TANLU_SAMPLE_SOLVED;
    }
  }
  return status;
}

tanlu_status tanlu_sweep_store_open(tanlu_sweep_store **store, const char *path, const tanlu_sweep_description *d,
                                    bool writing, tanlu_context *context) {
  struct stat found;
  tanlu_sweep_store *s = tanlu_allocate(context, 1, sizeof *s);
  *store = s;
  if (s == NULL) return TANLU_ERR_MEMORY;
  s->parameters = d->shape.parameters;
  s->cells = d->shape.years * d->shape.indicators;
  s->samples = d->samples;
  s->first_block = d->first_block;
  s->last_block = d->last_block;
  s->first_sample = d->first_block * TANLU_SWEEP_BLOCK;
  const size_t end = d->last_block * TANLU_SWEEP_BLOCK;
  s->own_samples = (end < d->samples ? end : d->samples) - s->first_sample;
  s->statistics_only = d->statistics_only;
  s->path = tanlu_string_copy(context, path);
  s->descriptor = open(path, (writing ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  tanlu_status status = s->path != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && s->descriptor < 0) {
    status = errno == ENOENT
                 ? tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "there is no such file to go on with")
                 : tanlu_system_fail(context, path, "open the sweep file", errno);
  }
  if (status == TANLU_OK && (fstat(s->descriptor, &found) != 0 || !S_ISREG(found.st_mode))) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is not a regular file");
  }
  if (status == TANLU_OK && writing) status = lock(s, context);
  if (status == TANLU_OK) {
    tanlu_h5_quiet();
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0) {
      status = tanlu_h5_fail(context, path, "read the sweep file");
    } else {
      if (writing) status = compare_description(file, path, d, context);
      if (status == TANLU_OK) status = locate_all(file, s, (size_t)found.st_size, context);
      (void)H5Fclose(file);
    }
  }
  if (status == TANLU_OK) status = read_flags(s, context);
  if (status != TANLU_OK) tanlu_sweep_store_close(store);
  return status;
}

tanlu_status tanlu_sweep_store_resume(tanlu_sweep_store **store, const char *path, const tanlu_sweep_description *d,
                                      tanlu_context *context) {
  return tanlu_sweep_store_open(store, path, d, true, context);
}

/* ---- making ------------------------------------------------------------------------------------------------------------- */

/* Room on the disk for all that will be written, so that a full disk is met now and not in a week. */
static tanlu_status reserve(const tanlu_output_file *place, size_t size, tanlu_context *context) {
  const int error = posix_fallocate(place->descriptor, 0, (off_t)size);
  if (error == 0 || error == EINVAL || error == EOPNOTSUPP) return TANLU_OK;
  char text[128] = "";
  return tanlu_fail_at(context, TANLU_ERR_IO, place->path, 0, 0, "cannot write the sweep file, which needs %.1f MB: %s",
                       (double)size * 1e-6, strerror_r(error, text, sizeof text));
}

/* A file that another process is writing must not be replaced under it. */
static tanlu_status check_unused(const char *path, tanlu_context *context) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  const int descriptor = open(path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return TANLU_OK;
  const bool used = fcntl(descriptor, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
  (void)close(descriptor);
  if (!used) return TANLU_OK;
  return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is in use: another process writes it");
}

tanlu_status tanlu_sweep_store_create(tanlu_sweep_store **store, const char *path, bool force,
                                      const tanlu_sweep_description *d, tanlu_context *context) {
  tanlu_output_file place;
  struct stat made;
  *store = NULL;
  tanlu_status status = check_unused(path, context);
  if (status == TANLU_OK) status = tanlu_output_file_begin(&place, path, force, context);
  if (status != TANLU_OK) return status;
  status = reserve(&place, tanlu_sweep_layout_size(d), context);
  if (status == TANLU_OK) status = tanlu_sweep_layout_write(place.temporary, d, context);
  if (status == TANLU_OK && fstat(place.descriptor, &made) == 0) {
    status = reserve(&place, (size_t)made.st_size, context);
  }
  if (status != TANLU_OK) {
    tanlu_output_file_abandon(&place);
    return status;
  }
  status = tanlu_output_file_commit(&place, context);
  return status == TANLU_OK ? tanlu_sweep_store_open(store, path, d, true, context) : status;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------------- */

static bool is_done(void *user, size_t block) {
  const tanlu_sweep_store *s = user;
  return s->done[block - s->first_block] != 0;
}

/* Moments of one cell over the solved samples of a block. */
static void block_moments(const tanlu_sweep_store *s, const int *state, size_t count, const double *value,
                          double *moment) {
  for (size_t c = 0; c < s->cells; c++) {
    double sum = 0.0, squares = 0.0, number = 0.0, smallest = (double)INFINITY, largest = -(double)INFINITY;
    for (size_t i = 0; i < count; i++) {
      const double v = value[i * s->cells + c];
      if (state[i] != TANLU_SAMPLE_SOLVED || isnan(v)) continue;
      number += 1.0;
      sum += v;
      smallest = fmin(smallest, v);
      largest = fmax(largest, v);
    }
    const double mean = number > 0.0 ? sum / number : 0.0;
    for (size_t i = 0; i < count; i++) {
      const double v = value[i * s->cells + c];
      if (state[i] == TANLU_SAMPLE_SOLVED && !isnan(v)) squares += (v - mean) * (v - mean);
    }
    moment[TANLU_MOMENT_COUNT * s->cells + c] = number;
    moment[TANLU_MOMENT_MEAN * s->cells + c] = mean;
    moment[TANLU_MOMENT_SQUARES * s->cells + c] = squares;
    moment[TANLU_MOMENT_MIN * s->cells + c] = smallest;
    moment[TANLU_MOMENT_MAX * s->cells + c] = largest;
  }
}

static tanlu_status write_moments(const tanlu_sweep_store *s, const tanlu_sweep_block *b, tanlu_context *context) {
  double *moment = tanlu_allocate_doubles(context, TANLU_MOMENTS, s->cells);
  if (moment == NULL) return TANLU_ERR_MEMORY;
  block_moments(s, b->status, b->count, b->indicator, moment);
  const tanlu_status status = tanlu_sweep_store_put(s, TANLU_STORE_MOMENT, b->index - s->first_block, moment,
                                                    s->row[TANLU_STORE_MOMENT], context);
  free(moment);
  return status;
}

/* Data, sync, flag, sync: a flag that is set stands before data that is there. */
static tanlu_status write_block(void *user, const tanlu_sweep_block *b, tanlu_context *context) {
  tanlu_sweep_store *s = user;
  const size_t row = b->first - s->first_sample, block = b->index - s->first_block;
  const struct {
    tanlu_sweep_variable id;
    const void *bytes;
  } part[] = {{TANLU_STORE_PARAMETER, b->parameter},
              {TANLU_STORE_STATUS, b->status},
              {TANLU_STORE_REASON, b->reason},
              {TANLU_STORE_SUMMARY, b->summary}};
  const unsigned char flag = 1;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < sizeof part / sizeof *part; i++) {
    status = tanlu_sweep_store_put(s, part[i].id, row, part[i].bytes, b->count * s->row[part[i].id], context);
  }
  if (status == TANLU_OK) {
    status = s->statistics_only ? write_moments(s, b, context)
                                : tanlu_sweep_store_put(s, TANLU_STORE_INDICATOR, row, b->indicator,
                                                        b->count * s->row[TANLU_STORE_INDICATOR], context);
  }
  if (status == TANLU_OK) status = synchronise(s, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_put(s, TANLU_STORE_DONE, block, &flag, 1, context);
  if (status == TANLU_OK) status = synchronise(s, context);
  if (status == TANLU_OK) s->done[block] = flag;
  return status;
}

tanlu_sweep_sink tanlu_sweep_store_sink(tanlu_sweep_store *store) {
  return (tanlu_sweep_sink){.user = store, .done = is_done, .write = write_block};
}

size_t tanlu_sweep_store_failures(const tanlu_sweep_store *store) {
  return store->failures;
}

size_t tanlu_sweep_store_done(const tanlu_sweep_store *s) {
  size_t samples = 0;
  for (size_t b = 0; b < s->last_block - s->first_block; b++) {
    if (s->done[b] == 0) continue;
    const size_t left = s->own_samples - b * TANLU_SWEEP_BLOCK;
    samples += left < TANLU_SWEEP_BLOCK ? left : TANLU_SWEEP_BLOCK;
  }
  return samples;
}

/* ---- statistics --------------------------------------------------------------------------------------------------------- */

/* Join the moments of a block to those before it (T. F. Chan, G. H. Golub, R. J. LeVeque 1983). */
static void join_moments(double *all, const double *own, size_t cells) {
  for (size_t c = 0; c < cells; c++) {
    double *count = &all[TANLU_MOMENT_COUNT * cells + c], *mean = &all[TANLU_MOMENT_MEAN * cells + c];
    double *squares = &all[TANLU_MOMENT_SQUARES * cells + c];
    double *smallest = &all[TANLU_MOMENT_MIN * cells + c], *largest = &all[TANLU_MOMENT_MAX * cells + c];
    const double more = own[TANLU_MOMENT_COUNT * cells + c];
    if (more <= 0.0) continue;
    const double total = *count + more, apart = own[TANLU_MOMENT_MEAN * cells + c] - *mean;
    *squares += own[TANLU_MOMENT_SQUARES * cells + c] + apart * apart * (*count * more / total);
    *mean += apart * (more / total);
    *count = total;
    *smallest = fmin(*smallest, own[TANLU_MOMENT_MIN * cells + c]);
    *largest = fmax(*largest, own[TANLU_MOMENT_MAX * cells + c]);
  }
}

/* Moments of block b of the file: stored, or from its samples. */
static tanlu_status moments_of(const tanlu_sweep_store *s, size_t b, double *value, double *moment,
                               tanlu_context *context) {
  if (s->statistics_only) {
    return tanlu_sweep_store_read(s, TANLU_STORE_MOMENT, b, moment, s->row[TANLU_STORE_MOMENT], context);
  }
  int state[TANLU_SWEEP_BLOCK];
  const size_t first = b * TANLU_SWEEP_BLOCK, left = s->own_samples - first;
  const size_t count = left < TANLU_SWEEP_BLOCK ? left : TANLU_SWEEP_BLOCK;
  tanlu_status status = tanlu_sweep_store_read(s, TANLU_STORE_STATUS, first, state, count * sizeof *state, context);
  if (status == TANLU_OK) {
    status =
        tanlu_sweep_store_read(s, TANLU_STORE_INDICATOR, first, value, count * s->row[TANLU_STORE_INDICATOR], context);
  }
  if (status == TANLU_OK) block_moments(s, state, count, value, moment);
  return status;
}

static tanlu_status write_statistics(const tanlu_sweep_store *s, double *all, tanlu_context *context) {
  double *count = all + TANLU_MOMENT_COUNT * s->cells, *squares = all + TANLU_MOMENT_SQUARES * s->cells;
  for (size_t c = 0; c < s->cells; c++) {
    squares[c] = count[c] > 1.0 ? sqrt(squares[c] / (count[c] - 1.0)) : (double)NAN;
    if (count[c] > 0.0) continue;
    all[TANLU_MOMENT_MEAN * s->cells + c] = (double)NAN;
    all[TANLU_MOMENT_MIN * s->cells + c] = all[TANLU_MOMENT_MAX * s->cells + c] = (double)NAN;
  }
  static const struct {
    tanlu_sweep_variable id;
    size_t moment;
  } part[] = {{TANLU_STORE_MEAN, TANLU_MOMENT_MEAN},
              {TANLU_STORE_DEVIATION, TANLU_MOMENT_SQUARES},
              {TANLU_STORE_MINIMUM, TANLU_MOMENT_MIN},
              {TANLU_STORE_MAXIMUM, TANLU_MOMENT_MAX}};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < sizeof part / sizeof *part; i++) {
    status = tanlu_sweep_store_put(s, part[i].id, 0, all + part[i].moment * s->cells, s->row[part[i].id], context);
  }
  return status == TANLU_OK ? synchronise(s, context) : status;
}

tanlu_status tanlu_sweep_store_finish(tanlu_sweep_store *s, tanlu_context *context) {
  const size_t blocks = s->last_block - s->first_block;
  if (memchr(s->done, 0, blocks) != NULL) return TANLU_OK;
  double *all = tanlu_allocate_doubles(context, TANLU_MOMENTS, s->cells);
  double *own = tanlu_allocate_doubles(context, TANLU_MOMENTS, s->cells);
  double *value = tanlu_allocate_doubles(context, TANLU_SWEEP_BLOCK, s->cells);
  tanlu_status status = all != NULL && own != NULL && value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t c = 0; status == TANLU_OK && c < s->cells; c++) {
    all[TANLU_MOMENT_MIN * s->cells + c] = (double)INFINITY;
    all[TANLU_MOMENT_MAX * s->cells + c] = -(double)INFINITY;
  }
  for (size_t b = 0; status == TANLU_OK && b < blocks; b++) {
    status = moments_of(s, b, value, own, context);
    if (status == TANLU_OK) join_moments(all, own, s->cells);
  }
  if (status == TANLU_OK) status = write_statistics(s, all, context);
  free(all);
  free(own);
  free(value);
  return status;
}
