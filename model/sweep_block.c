#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "model/sweep_private.h"
#include "solvers/memory.h"

size_t tanlu_sweep_region(const tanlu_sweep_shape *shape, size_t k) {
  return shape->region != NULL ? shape->region[k] : TANLU_NONE;
}

const char *tanlu_sweep_code(const tanlu_sweep_shape *shape, size_t k, char text[TANLU_SWEEP_CODE]) {
  const char *code = tanlu_indicator(shape->indicator[k])->code;
  const size_t region = tanlu_sweep_region(shape, k);
  if (region == TANLU_NONE) return code;
  (void)snprintf(text, TANLU_SWEEP_CODE, "%s.%s", shape->regions->code[region], code);
  return text;
}

void tanlu_sweep_block_clear(tanlu_sweep_block *block) {
  free(block->status);
  free(block->reason);
  free(block->parameter);
  free(block->indicator);
  free(block->summary);
  for (size_t g = 0; g < TANLU_GROUPED; g++) free(block->grouped[g]);
  for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) free(block->field[f]);
  *block = (tanlu_sweep_block){0};
}

tanlu_status tanlu_sweep_block_create(tanlu_sweep_block *block, const tanlu_sweep_shape *shape,
                                      tanlu_context *context) {
  const size_t rows = TANLU_SWEEP_BLOCK;
  *block = (tanlu_sweep_block){0};
  block->status = tanlu_allocate(context, rows, sizeof *block->status);
  block->reason = tanlu_allocate(context, rows, TANLU_SWEEP_REASON);
  block->parameter = tanlu_allocate_doubles(context, rows, shape->parameters);
  block->indicator = tanlu_allocate_doubles(context, rows * shape->years, shape->indicators);
  block->summary = tanlu_allocate_doubles(context, rows, tanlu_summary_count());
  bool enough = block->status != NULL && block->reason != NULL && block->parameter != NULL &&
                block->indicator != NULL && block->summary != NULL;
  for (size_t g = 0; shape->groups > 0 && g < TANLU_GROUPED; g++) {
    block->grouped[g] = tanlu_allocate_doubles(context, rows * shape->years, shape->groups);
    enough = enough && block->grouped[g] != NULL;
  }
  for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) {
    if (shape->field[f] == 0) continue;
    block->field[f] = tanlu_allocate_doubles(context, rows * shape->years, shape->field[f]);
    enough = enough && block->field[f] != NULL;
  }
  if (!enough) tanlu_sweep_block_clear(block);
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}

void tanlu_sweep_block_place(tanlu_sweep_block *block, size_t samples, size_t index) {
  block->index = index;
  block->first = index * TANLU_SWEEP_BLOCK;
  const size_t left = samples - block->first;
  block->count = left < TANLU_SWEEP_BLOCK ? left : TANLU_SWEEP_BLOCK;
  block->own = 0;
  block->brief = false;
  memset(block->reason, 0, (size_t)TANLU_SWEEP_BLOCK * TANLU_SWEEP_REASON);
  memset(block->status, 0, TANLU_SWEEP_BLOCK * sizeof *block->status);
}

const tanlu_sweep_shape tanlu_sweep_brief = {.keep = TANLU_KEEP_STATISTICS};

/* ---- packed ------------------------------------------------------------------------------------------------------------ */

/* Its arrays, whole: of a short block too. */
enum { PARTS = 5 + TANLU_GROUPED + TANLU_FIELD_COUNT };
typedef struct {
  void *data;
  size_t bytes;
} part;

static void list_parts(const tanlu_sweep_block *b, const tanlu_sweep_shape *shape, part *p) {
  const size_t rows = TANLU_SWEEP_BLOCK, row = rows * sizeof(double), years = row * shape->years;
  *p++ = (part){b->status, rows * sizeof *b->status};
  *p++ = (part){b->reason, rows * TANLU_SWEEP_REASON};
  *p++ = (part){b->parameter, row * shape->parameters};
  *p++ = (part){b->indicator, years * shape->indicators};
  *p++ = (part){b->summary, row * tanlu_summary_count()};
  for (size_t g = 0; g < TANLU_GROUPED; g++) *p++ = (part){b->grouped[g], years * shape->groups};
  for (size_t f = 0; f < TANLU_FIELD_COUNT; f++) *p++ = (part){b->field[f], years * shape->field[f]};
}

static size_t doubles_of(size_t bytes) {
  return bytes / sizeof(double) + (bytes % sizeof(double) != 0);
}

size_t tanlu_sweep_block_doubles(const tanlu_sweep_shape *shape) {
  const tanlu_sweep_block none = {0};
  part p[PARTS];
  size_t doubles = 2; /* its number, samples with statistics of their own */
  list_parts(&none, shape, p);
  for (size_t k = 0; k < PARTS; k++) doubles += doubles_of(p[k].bytes);
  return doubles;
}

void tanlu_sweep_block_pack(const tanlu_sweep_block *block, const tanlu_sweep_shape *shape, double *packed) {
  part p[PARTS];
  memcpy(packed++, &block->index, sizeof block->index);
  memcpy(packed++, &block->own, sizeof block->own);
  list_parts(block, shape, p);
  for (size_t k = 0; k < PARTS; k++) {
    if (p[k].bytes > 0) memcpy(packed, p[k].data, p[k].bytes);
    packed += doubles_of(p[k].bytes);
  }
}

size_t tanlu_sweep_block_packed_index(const double *packed) {
  size_t index = 0;
  memcpy(&index, packed, sizeof index);
  return index;
}

void tanlu_sweep_block_unpack(tanlu_sweep_block *block, const tanlu_sweep_shape *shape, const double *packed) {
  part p[PARTS];
  memcpy(&block->own, packed + 1, sizeof block->own);
  packed += 2;
  list_parts(block, shape, p);
  for (size_t k = 0; k < PARTS; k++) {
    if (p[k].bytes > 0) memcpy(p[k].data, packed, p[k].bytes);
    packed += doubles_of(p[k].bytes);
  }
}
