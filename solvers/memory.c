#include "solvers/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 }; /* a cache line, and the widest vector register */

void *tanlu_allocate(tanlu_context *context, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX - ALIGNMENT) {
    tanlu_fail(context, TANLU_ERR_MEMORY, "%zu items of %zu bytes are more than the address space holds", count, size);
    return NULL;
  }
  const size_t rounded = bytes ? (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
  void *memory = aligned_alloc(ALIGNMENT, rounded);
  if (!memory) {
    tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory: no %zu bytes left", bytes);
    return NULL;
  }
  return memset(memory, 0, rounded);
}

double *tanlu_allocate_doubles(tanlu_context *context, size_t rows, size_t columns) {
  size_t count;
  if (__builtin_mul_overflow(rows, columns, &count)) {
    tanlu_fail(context, TANLU_ERR_MEMORY, "a matrix of %zu x %zu is more than the address space holds", rows, columns);
    return NULL;
  }
  return tanlu_allocate(context, count, sizeof(double));
}

char *tanlu_string_copy(tanlu_context *context, const char *text) {
  if (!text) text = "";
  const size_t size = strlen(text) + 1;
  char *copy = tanlu_allocate(context, size, 1);
  return copy ? memcpy(copy, text, size) : NULL;
}
