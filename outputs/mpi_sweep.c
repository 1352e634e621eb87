#include "outputs/mpi_sweep.h"

#include <hdf5.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "outputs/hdf5_util_private.h"
#include "outputs/sweep_store_private.h"
#include "solvers/memory.h"

#ifdef H5_HAVE_PARALLEL

enum { TAG_STATISTICS = 1 };

struct tanlu_sweep_shared {
  MPI_Comm ranks;
  int rank, size;
  char *path;
  hid_t file, transfer, dataset[TANLU_STORE_ALL]; /* those that blocks go to; negative: not there */
  tanlu_sweep_variable variable[TANLU_STORE_ALL];
  size_t first_block;
  tanlu_sweep_statistics *own, *other; /* of the blocks below; of another rank */
  unsigned char *packed;
  unsigned long *block; /* written and not settled; rank 0, while settling: of all */
  size_t blocks, room;
  int *said;   /* rank 0: size x 4, work of settling: status and blocks of every rank; blocks; place of the first */
  bool broken; /* rank 0: something was lost, nothing more becomes done */
  tanlu_sweep_store *store; /* rank 0; borrowed */
};

bool tanlu_sweep_shared_available(void) {
  return true;
}

/* ---- life --------------------------------------------------------------------------------------------------------------- */

void tanlu_sweep_shared_close(tanlu_sweep_shared **shared) {
  tanlu_sweep_shared *s = *shared;
  if (s == NULL) return;
  for (size_t id = 0; id < TANLU_STORE_ALL; id++) {
    if (s->dataset[id] >= 0) (void)H5Dclose(s->dataset[id]);
  }
  if (s->transfer >= 0) (void)H5Pclose(s->transfer);
  if (s->file >= 0) (void)H5Fclose(s->file);
  if (s->ranks != MPI_COMM_NULL) (void)MPI_Comm_free(&s->ranks);
  tanlu_sweep_statistics_free(&s->own);
  tanlu_sweep_statistics_free(&s->other);
  free(s->packed);
  free(s->block);
  free(s->said);
  free(s->path);
  free(s);
  *shared = NULL;
}

static bool of_blocks(const tanlu_sweep_variable *v, size_t id) {
  return tanlu_sweep_along(v, TANLU_AXIS_SAMPLE) || (id == TANLU_STORE_REASON && v->rank > 0);
}

static tanlu_status open_file(tanlu_sweep_shared *s, tanlu_context *context) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  tanlu_h5_quiet();
  if (access >= 0 && H5Pset_fapl_mpio(access, s->ranks, MPI_INFO_NULL) >= 0) {
    s->file = H5Fopen(s->path, H5F_ACC_RDWR, access);
  }
  tanlu_status status = s->file < 0 ? tanlu_h5_fail(context, s->path, "open the sweep file on all ranks") : TANLU_OK;
  if (access >= 0) (void)H5Pclose(access);
  s->transfer = H5Pcreate(H5P_DATASET_XFER);
  if (status == TANLU_OK && (s->transfer < 0 || H5Pset_dxpl_mpio(s->transfer, H5FD_MPIO_INDEPENDENT) < 0)) {
    status = tanlu_h5_fail(context, s->path, "open the sweep file on all ranks");
  }
  for (size_t id = 0; status == TANLU_OK && id < TANLU_STORE_ALL; id++) {
    if (!of_blocks(&s->variable[id], id)) continue;
    s->dataset[id] = H5Dopen2(s->file, s->variable[id].name, H5P_DEFAULT);
    if (s->dataset[id] < 0) status = tanlu_h5_fail(context, s->path, "open the sweep file on all ranks");
  }
  return status;
}

tanlu_status tanlu_sweep_shared_open(tanlu_sweep_shared **shared, MPI_Comm ranks, const char *path,
                                     const tanlu_sweep_description *d, tanlu_sweep_store *store,
                                     tanlu_context *context) {
  tanlu_sweep_shared *s = tanlu_allocate(context, 1, sizeof *s);
  *shared = s;
  if (s == NULL) return TANLU_ERR_MEMORY;
  s->store = store;
  s->first_block = d->first_block;
  s->file = s->transfer = H5I_INVALID_HID;
  for (size_t id = 0; id < TANLU_STORE_ALL; id++) s->dataset[id] = H5I_INVALID_HID;
  tanlu_sweep_variables(d, s->variable);
  (void)MPI_Comm_dup(ranks, &s->ranks);
  (void)MPI_Comm_rank(s->ranks, &s->rank);
  (void)MPI_Comm_size(s->ranks, &s->size);
  s->path = tanlu_string_copy(context, path);
  tanlu_status status = s->path != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_sweep_statistics_create(&s->own, &d->shape, context);
  if (status == TANLU_OK) status = tanlu_sweep_statistics_create(&s->other, &d->shape, context);
  if (status == TANLU_OK && tanlu_sweep_statistics_bytes(s->own) > INT_MAX) {
    status = tanlu_fail(context, TANLU_ERR_INPUT, "statistics of %zu bytes, MPI moves %d at once",
                        tanlu_sweep_statistics_bytes(s->own), INT_MAX);
  }
  if (status == TANLU_OK) s->packed = tanlu_allocate(context, tanlu_sweep_statistics_bytes(s->own), 1);
  if (status == TANLU_OK && s->packed == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK && s->rank == 0) {
    s->said = tanlu_allocate(context, (size_t)s->size, 4 * sizeof *s->said);
    if (s->said == NULL) status = TANLU_ERR_MEMORY;
  }
  /* by all or by none */
  int failed = status != TANLU_OK ? 1 : 0, any = 0;
  (void)MPI_Allreduce(&failed, &any, 1, MPI_INT, MPI_MAX, s->ranks);
  if (any != 0 && status == TANLU_OK) status = tanlu_fail(context, TANLU_ERR_MEMORY, "another rank is out of memory");
  if (status == TANLU_OK) status = open_file(s, context);
  if (status != TANLU_OK) tanlu_sweep_shared_close(shared);
  return status;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------------- */

static tanlu_status put_rows(void *user, size_t id, size_t row, size_t rows, const void *bytes,
                             tanlu_context *context) {
  const tanlu_sweep_shared *s = user;
  const tanlu_sweep_variable *v = &s->variable[id];
  hsize_t first[4] = {row}, count[4] = {rows};
  for (int k = 1; k < v->rank; k++) count[k] = v->extent[k];
  const hid_t space = H5Dget_space(s->dataset[id]), memory = H5Screate_simple(v->rank, count, NULL),
              type = H5Dget_type(s->dataset[id]);
  tanlu_status status = TANLU_OK;
  if (space < 0 || memory < 0 || type < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, count, NULL) < 0 ||
      H5Dwrite(s->dataset[id], type, memory, space, s->transfer, bytes) < 0) {
    status = tanlu_h5_fail(context, s->path, "write the sweep file");
  }
  if (type >= 0) (void)H5Tclose(type);
  if (memory >= 0) (void)H5Sclose(memory);
  if (space >= 0) (void)H5Sclose(space);
  return status;
}

static tanlu_status make_room(tanlu_sweep_shared *s, size_t blocks, tanlu_context *context) {
  if (blocks <= s->room) return TANLU_OK;
  const size_t room = 2 * blocks + 64;
  unsigned long *grown = realloc(s->block, room * sizeof *grown);
  if (grown == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a list of blocks");
  s->block = grown;
  s->room = room;
  return TANLU_OK;
}

tanlu_status tanlu_sweep_shared_write(tanlu_sweep_shared *s, const tanlu_sweep_block *block, tanlu_context *context) {
  tanlu_status status = make_room(s, s->blocks + 1, context);
  if (status == TANLU_OK) {
    status = tanlu_sweep_block_put(s->variable, s->first_block, put_rows, s, block, context);
  }
  if (status != TANLU_OK) return status;
  tanlu_sweep_statistics_add(s->own, block);
  s->block[s->blocks++] = block->index;
  return TANLU_OK;
}

/* ---- settling ----------------------------------------------------------------------------------------------------------- */

/* Wait for all ranks asleep: MPI waits by burning the core, and a disk may take its time. */
static void meet(const tanlu_sweep_shared *s) {
  const struct timespec pause = {.tv_nsec = 500000};
  MPI_Request request;
  (void)MPI_Ibarrier(s->ranks, &request);
  for (int done = 0;; (void)nanosleep(&pause, NULL)) {
    (void)MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done != 0) return;
  }
}

/* s->own: of all ranks on rank 0. In steps of 1, 2, 4, ... a rank adds its neighbour's to its own. */
static tanlu_status add_up(tanlu_sweep_shared *s, tanlu_context *context) {
  const int bytes = (int)tanlu_sweep_statistics_bytes(s->own);
  tanlu_status status = TANLU_OK;
  for (int step = 1; step < s->size; step *= 2) {
    if ((s->rank & step) != 0) {
      tanlu_sweep_statistics_pack(s->own, s->packed);
      (void)MPI_Send(s->packed, bytes, MPI_BYTE, s->rank - step, TAG_STATISTICS, s->ranks);
      break;
    }
    if (s->rank + step >= s->size) continue;
    (void)MPI_Recv(s->packed, bytes, MPI_BYTE, s->rank + step, TAG_STATISTICS, s->ranks, MPI_STATUS_IGNORE);
    if (status == TANLU_OK) status = tanlu_sweep_statistics_unpack(s->other, s->packed, context);
    if (status == TANLU_OK) status = tanlu_sweep_statistics_merge(s->own, s->other, context);
  }
  return status;
}

/* Rank 0: s->block holds the blocks of all ranks. *status: joined with theirs. */
static tanlu_status gather_blocks(tanlu_sweep_shared *s, tanlu_status status, tanlu_context *context) {
  int own[2] = {(int)status, (int)s->blocks}, total = 0, enough = 1;
  int *all = s->said, *count = s->rank == 0 ? all + 2 * s->size : NULL, *first = s->rank == 0 ? count + s->size : NULL;
  (void)MPI_Gather(own, 2, MPI_INT, all, 2, MPI_INT, 0, s->ranks);
  for (int r = 0; s->rank == 0 && r < s->size; r++) {
    if (status == TANLU_OK && all[2 * r] != TANLU_OK) {
      status = tanlu_fail(context, (tanlu_status)all[2 * r], "rank %d could not write its part of %s", r, s->path);
    }
    count[r] = all[2 * r + 1];
    first[r] = total;
    total += count[r];
  }
  unsigned long *block = s->rank == 0 ? tanlu_allocate(context, (size_t)total, sizeof *block) : NULL;
  if (s->rank == 0) enough = block != NULL ? 1 : 0;
  (void)MPI_Bcast(&enough, 1, MPI_INT, 0, s->ranks); /* what rank 0 has no room for nobody sends */
  if (enough == 0) return status != TANLU_OK ? status : TANLU_ERR_MEMORY;
  (void)MPI_Gatherv(s->block, own[1], MPI_UNSIGNED_LONG, block, count, first, MPI_UNSIGNED_LONG, 0, s->ranks);
  if (s->rank == 0) {
    free(s->block);
    s->block = block;
    s->blocks = s->room = (size_t)total;
  }
  return status;
}

static tanlu_status commit(tanlu_sweep_shared *s, tanlu_context *context) {
  if (s->blocks == 0) return TANLU_OK;
  size_t *block = tanlu_allocate(context, s->blocks, sizeof *block);
  if (block == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < s->blocks; i++) block[i] = s->block[i];
  tanlu_status status = tanlu_sweep_statistics_merge(s->store->statistics, s->own, context);
  if (status == TANLU_OK) status = tanlu_sweep_store_commit(s->store, block, s->blocks, context);
  free(block);
  return status;
}

tanlu_status tanlu_sweep_shared_settle(tanlu_sweep_shared *s, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  meet(s);
  if (H5Fflush(s->file, H5F_SCOPE_LOCAL) < 0) status = tanlu_h5_fail(context, s->path, "write the sweep file");
  meet(s);
  const tanlu_status added = add_up(s, context); /* a rank is heard only after its flush */
  status = gather_blocks(s, status != TANLU_OK ? status : added, context);
  if (s->rank == 0) {
    if (status == TANLU_OK && !s->broken) status = commit(s, context);
    s->broken = s->broken || status != TANLU_OK;
  }
  tanlu_sweep_statistics_clear(s->own);
  s->blocks = 0;
  return status;
}

#else

bool tanlu_sweep_shared_available(void) {
  return false;
}

tanlu_status tanlu_sweep_shared_open(tanlu_sweep_shared **shared, MPI_Comm ranks, const char *path,
                                     const tanlu_sweep_description *description, tanlu_sweep_store *store,
                                     tanlu_context *context) {
  (void)ranks, (void)description, (void)store;
  *shared = NULL;
  return tanlu_fail(context, TANLU_ERR_INTERNAL, "%s: this program was built with serial HDF5", path);
}

tanlu_status tanlu_sweep_shared_write(tanlu_sweep_shared *shared, const tanlu_sweep_block *block,
                                      tanlu_context *context) {
  (void)shared, (void)block;
  return tanlu_fail(context, TANLU_ERR_INTERNAL, "no file is shared");
}

tanlu_status tanlu_sweep_shared_settle(tanlu_sweep_shared *shared, tanlu_context *context) {
  (void)shared;
  return tanlu_fail(context, TANLU_ERR_INTERNAL, "no file is shared");
}

void tanlu_sweep_shared_close(tanlu_sweep_shared **shared) {
  (void)shared;
}

#endif
