#include "outputs/sweep_store.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "outputs/hdf5_util_private.h"
#include "outputs/output_file.h"
#include "outputs/sweep_store_private.h"
#include "solvers/memory.h"

enum { STATES_AT_ONCE = 4096 };
/* Seconds between two times that blocks become done, and these as a multiple of what one takes. */
static const double commit_pause = 0.1, commit_share = 20.0;
enum { SETTLED = 1, MARK = 2 /* + place */ }; /* flags of blocks that are done */

void tanlu_sweep_store_close(tanlu_sweep_store **store) {
  tanlu_sweep_store *s = *store;
  if (s == NULL) return;
  if (s->descriptor >= 0) (void)close(s->descriptor);
  tanlu_sweep_statistics_free(&s->statistics);
  free(s->path);
  free(s->done);
  free(s->recent);
  free(s->fresh);
  free(s);
  *store = NULL;
}

/* ---- bytes -------------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_sweep_store_read(const tanlu_sweep_store *s, size_t id, size_t row, size_t rows, void *bytes,
                                    tanlu_context *context) {
  const tanlu_sweep_variable *v = &s->variable[id];
  char *next = bytes;
  off_t place = v->offset + (off_t)(row * v->row);
  for (size_t size = v->rank > 0 ? rows * v->row : 0; size > 0;) {
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

tanlu_status tanlu_sweep_store_put(const tanlu_sweep_store *s, size_t id, size_t row, size_t rows, const void *bytes,
                                   tanlu_context *context) {
  const tanlu_sweep_variable *v = &s->variable[id];
  const char *next = bytes;
  off_t place = v->offset + (off_t)(row * v->row);
  for (size_t size = v->rank > 0 ? rows * v->row : 0; size > 0;) {
    const ssize_t put = pwrite(s->descriptor, next, size, place);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return tanlu_system_fail(context, s->path, "write the sweep file", put < 0 ? errno : ENOSPC);
    next += put;
    place += put;
    size -= (size_t)put;
  }
  return TANLU_OK;
}

tanlu_status tanlu_sweep_store_sync(const tanlu_sweep_store *s, tanlu_context *context) {
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
static tanlu_status locate(hid_t file, const char *path, tanlu_sweep_variable *v, size_t end, tanlu_context *context) {
  if (v->rank == 0) return TANLU_OK;
  if (strncmp(v->name, "state/", 6) == 0 && H5Lexists(file, "state", H5P_DEFAULT) <= 0) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "has no group \"state\"");
  }
  if (H5Lexists(file, v->name, H5P_DEFAULT) <= 0) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "has no variable \"%s\"", v->name);
  }
  const hid_t variable = H5Dopen2(file, v->name, H5P_DEFAULT);
  if (variable < 0) return tanlu_h5_fail(context, path, "read the sweep file");
  const haddr_t place = H5Dget_offset(variable);
  const hsize_t size = H5Dget_storage_size(variable);
  (void)H5Dclose(variable);
  if (place == HADDR_UNDEF || size != v->extent[0] * v->row) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "variable \"%s\" is not as this sweep writes it",
                         v->name);
  }
  if (place + size > end) {
    return tanlu_fail_at(context, TANLU_ERR_IO, path, 0, 0, "is cut off: %zu bytes, variable \"%s\" ends at %llu", end,
                         v->name, (unsigned long long)(place + size));
  }
  v->offset = (off_t)place;
  return TANLU_OK;
}

static tanlu_status locate_all(hid_t file, tanlu_sweep_store *s, size_t end, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t id = 0; status == TANLU_OK && id < TANLU_STORE_ALL; id++) {
    status = locate(file, s->path, &s->variable[id], end, context);
  }
  return status;
}

/* A byte that no file has stands for the file: MPI locks the bytes it writes. */
static struct flock lock_mark(void) {
  return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = INT64_MAX - 1, .l_len = 1};
}

/* A lock of the open file, whatever else has it open for reading; gone when the process is. */
static tanlu_status lock(const tanlu_sweep_store *s, tanlu_context *context) {
  struct flock mark = lock_mark();
  if (fcntl(s->descriptor, F_OFD_SETLK, &mark) == 0) return TANLU_OK;
  if (errno == EAGAIN || errno == EACCES) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, s->path, 0, 0, "is in use: another process writes it");
  }
  if (errno == ENOLCK || errno == ENOTSUP || errno == ENOSYS) {
    tanlu_warn(context, "%s: the file system has no locks; take care that one process writes it", s->path);
    return TANLU_OK;
  }
  return tanlu_system_fail(context, s->path, "lock the sweep file", errno);
}

/* Flags of the blocks: those with the mark of the place that does not count are of a run that was killed; where the file is
 * written they are taken back, and those with the mark of the other settled, by one who knows that they are on the disk. */
static tanlu_status read_flags(tanlu_sweep_store *s, bool writing, tanlu_context *context) {
  const size_t blocks = s->last_block - s->first_block;
  bool marked = false;
  s->done = tanlu_allocate(context, blocks, 1);
  if (s->done == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_sweep_store_read(s, TANLU_STORE_PLACE, 0, 1, &s->place, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_read(s, TANLU_STORE_DONE, 0, blocks, s->done, context);
  for (size_t b = 0; b < blocks; b++) {
    marked = marked || s->done[b] > SETTLED;
    s->done[b] = s->done[b] == SETTLED || s->done[b] == MARK + s->place;
    s->blocks_done += s->done[b];
  }
  if (status != TANLU_OK || !writing || !marked) return status;
  status = tanlu_sweep_store_put(s, TANLU_STORE_DONE, 0, blocks, s->done, context);
  return status == TANLU_OK ? tanlu_sweep_store_sync(s, context) : status;
}

/* How many samples were solved and failed in the blocks that are done. */
static tanlu_status count_states(tanlu_sweep_store *s, tanlu_context *context) {
  int state[STATES_AT_ONCE] = {0};
  tanlu_status status = TANLU_OK;
  for (size_t first = 0; status == TANLU_OK && first < s->own_samples; first += STATES_AT_ONCE) {
    const size_t left = s->own_samples - first, count = left < STATES_AT_ONCE ? left : STATES_AT_ONCE;
    status = tanlu_sweep_store_read(s, TANLU_STORE_STATUS, first, count, state, context);
    for (size_t i = 0; status == TANLU_OK && i < count; i++) {
      const bool done = s->done[(first + i) / TANLU_SWEEP_BLOCK] != 0;
      s->failures += done && state[i] != TANLU_SAMPLE_SOLVED;
      s->solved += done && state[i] == TANLU_SAMPLE_SOLVED;
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
  tanlu_sweep_variables(d, s->variable);
  s->samples = d->samples;
  s->first_block = d->first_block;
  s->last_block = d->last_block;
  s->first_sample = d->first_block * TANLU_SWEEP_BLOCK;
  s->own_samples = tanlu_sweep_extent(d, TANLU_AXIS_SAMPLE);
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
  if (status == TANLU_OK) status = read_flags(s, writing, context);
  if (status == TANLU_OK) status = count_states(s, context);
  if (status == TANLU_OK) status = tanlu_sweep_statistics_create(&s->statistics, &d->shape, context);
  if (status == TANLU_OK && s->blocks_done > 0) {
    status = tanlu_sweep_statistics_load(s->statistics, s, s->place, s->solved, context);
  }
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
  struct flock mark = lock_mark();
  const int descriptor = open(path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return TANLU_OK;
  const bool used = fcntl(descriptor, F_OFD_GETLK, &mark) == 0 && mark.l_type != F_UNLCK;
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

/* Rows of the samples, as far as the file has them. */
tanlu_status tanlu_sweep_block_put(const tanlu_sweep_variable *variable, size_t first_block, tanlu_sweep_put put,
                                   void *user, const tanlu_sweep_block *b, tanlu_context *context) {
  const void *bytes[TANLU_STORE_STATISTIC] = {[TANLU_STORE_PARAMETER] = b->parameter,
                                              [TANLU_STORE_STATUS] = b->status,
                                              [TANLU_STORE_REASON] = b->reason,
                                              [TANLU_STORE_VALUE + TANLU_OUTPUT_INDICATOR] = b->indicator,
                                              [TANLU_STORE_VALUE + TANLU_OUTPUT_SUMMARY] = b->summary};
  for (size_t g = 0; g < TANLU_GROUPED; g++) bytes[TANLU_STORE_VALUE + TANLU_OUTPUT_GROUPED + g] = b->grouped[g];
  for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) bytes[TANLU_STORE_FIELD + f] = b->field[f];
  tanlu_status status = TANLU_OK;
  for (size_t id = 0; status == TANLU_OK && id < TANLU_STORE_STATISTIC; id++) {
    if (bytes[id] == NULL || !tanlu_sweep_along(&variable[id], TANLU_AXIS_SAMPLE)) continue;
    status = put(user, id, b->first - first_block * TANLU_SWEEP_BLOCK, b->count, bytes[id], context);
  }
  if (status != TANLU_OK || !tanlu_sweep_along(&variable[TANLU_STORE_REASON], TANLU_AXIS_BLOCK)) return status;
  size_t row = 0; /* the first that failed; where none did, a reason that is empty */
  while (row + 1 < b->count && b->status[row] == TANLU_SAMPLE_SOLVED) row++;
  return put(user, TANLU_STORE_REASON, b->index - first_block, 1, b->reason + row * TANLU_SWEEP_REASON, context);
}

static tanlu_status put_row(void *user, size_t variable, size_t row, size_t rows, const void *bytes,
                            tanlu_context *context) {
  return tanlu_sweep_store_put(user, variable, row, rows, bytes, context);
}

static tanlu_status put_flags(const tanlu_sweep_store *s, const size_t *block, size_t count, unsigned char flag,
                              tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < count; i++) {
    status = tanlu_sweep_store_put(s, TANLU_STORE_DONE, block[i] - s->first_block, 1, &flag, context);
  }
  return status;
}

static tanlu_status keep_recent(tanlu_sweep_store *s, const size_t *block, size_t count, tanlu_context *context) {
  if (count > s->room) {
    free(s->recent);
    s->room = 0;
    s->recent = tanlu_allocate(context, count, sizeof *s->recent);
    if (s->recent == NULL) return TANLU_ERR_MEMORY;
    s->room = count;
  }
  memcpy(s->recent, block, count * sizeof *block);
  s->recents = count;
  return TANLU_OK;
}

/* What has the mark of the place that counts is settled before the other place counts: then the mark is free again. */
tanlu_status tanlu_sweep_store_commit(tanlu_sweep_store *s, const size_t *block, size_t count, tanlu_context *context) {
  const unsigned char other = s->place == 0 ? 1 : 0;
  tanlu_status status = tanlu_sweep_statistics_save(s->statistics, s, other, context);
  if (status == TANLU_OK) status = put_flags(s, s->recent, s->recents, SETTLED, context);
  if (status == TANLU_OK) status = put_flags(s, block, count, (unsigned char)(MARK + other), context);
  if (status == TANLU_OK) status = tanlu_sweep_store_sync(s, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_put(s, TANLU_STORE_PLACE, 0, 1, &other, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_sync(s, context);
  if (status != TANLU_OK) return status;
  s->place = other;
  s->blocks_done += count;
  for (size_t i = 0; i < count; i++) s->done[block[i] - s->first_block] = 1;
  return keep_recent(s, block, count, context);
}

static double now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static tanlu_status keep_fresh(tanlu_sweep_store *s, size_t block, tanlu_context *context) {
  if (s->freshes == s->fresh_room) {
    const size_t room = 2 * s->fresh_room + 64;
    size_t *grown = realloc(s->fresh, room * sizeof *grown);
    if (grown == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a list of blocks");
    s->fresh = grown;
    s->fresh_room = room;
  }
  s->fresh[s->freshes++] = block;
  return TANLU_OK;
}

static tanlu_status commit_fresh(tanlu_sweep_store *s, tanlu_context *context) {
  if (s->freshes == 0) return TANLU_OK;
  const double begin = now();
  const tanlu_status status = tanlu_sweep_store_commit(s, s->fresh, s->freshes, context);
  s->freshes = 0;
  s->committed = now();
  s->pause = commit_share * (s->committed - begin);
  if (s->pause < commit_pause) s->pause = commit_pause;
  return status;
}

static tanlu_status write_block(void *user, const tanlu_sweep_block *b, tanlu_context *context) {
  tanlu_sweep_store *s = user;
  tanlu_sweep_statistics_add(s->statistics, b);
  tanlu_status status = tanlu_sweep_block_put(s->variable, s->first_block, put_row, s, b, context);
  if (status == TANLU_OK) status = keep_fresh(s, b->index, context);
  return status == TANLU_OK && now() - s->committed >= s->pause ? commit_fresh(s, context) : status;
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

/* ---- the end ------------------------------------------------------------------------------------------------------------ */

/* With all blocks done both places hold the same state and all flags are settled, so that files that were joined, or written by
 * several processes, are no different. */
static tanlu_status settle(tanlu_sweep_store *s, tanlu_context *context) {
  const unsigned char first = 0;
  tanlu_status status = tanlu_sweep_statistics_save(s->statistics, s, s->place == 0 ? 1 : 0, context);
  if (status == TANLU_OK) status = put_flags(s, s->recent, s->recents, SETTLED, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_sync(s, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_put(s, TANLU_STORE_PLACE, 0, 1, &first, context);
  s->place = first;
  s->recents = 0;
  return status;
}

tanlu_status tanlu_sweep_store_finish(tanlu_sweep_store *s, tanlu_context *context) {
  tanlu_status status = commit_fresh(s, context);
  if (status == TANLU_OK && s->blocks_done == s->last_block - s->first_block) status = settle(s, context);
  if (status == TANLU_OK) status = tanlu_sweep_statistics_derive(s->statistics, s, context);
  return status == TANLU_OK ? tanlu_sweep_store_sync(s, context) : status;
}

tanlu_status tanlu_sweep_store_complete(tanlu_sweep_store *s, tanlu_context *context) {
  const size_t blocks = s->last_block - s->first_block;
  memset(s->done, SETTLED, blocks);
  s->blocks_done = blocks;
  tanlu_status status = tanlu_sweep_statistics_save(s->statistics, s, 0, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_finish(s, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_put(s, TANLU_STORE_DONE, 0, blocks, s->done, context);
  return status == TANLU_OK ? tanlu_sweep_store_sync(s, context) : status;
}
