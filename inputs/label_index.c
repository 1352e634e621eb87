#include "inputs/label_index.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/labels.h"
#include "solvers/memory.h"

/* FNV-1a, 64 bits (Fowler, Noll, Vo); the parts are held apart by a byte that no UTF-8 text has. */
static uint64_t hash(const char *first, const char *second) {
  uint64_t h = 14695981039346656037U;
  for (; *first != '\0'; first++) h = (h ^ (unsigned char)*first) * 1099511628211U;
  h = (h ^ 0xFF) * 1099511628211U;
  for (; *second != '\0'; second++) h = (h ^ (unsigned char)*second) * 1099511628211U;
  return h;
}

/* The parts lie one behind the other, each closed by NUL. */
static size_t slot_of(const tanlu_label_index *index, const char *first, const char *second) {
  size_t slot = hash(first, second) & (index->capacity - 1);
  for (; index->text[slot] != NULL; slot = (slot + 1) & (index->capacity - 1)) {
    const char *text = index->text[slot];
    if (strcmp(text, first) == 0 && strcmp(text + strlen(text) + 1, second) == 0) break;
  }
  return slot;
}

static tanlu_status grow(tanlu_label_index *index, tanlu_context *context) {
  tanlu_label_index larger = {.capacity = index->capacity > 0 ? 2 * index->capacity : 64, .count = index->count};
  larger.text = tanlu_allocate(context, larger.capacity, sizeof *larger.text);
  larger.value = tanlu_allocate(context, larger.capacity, sizeof *larger.value);
  if (larger.text == NULL || larger.value == NULL) {
    free(larger.text);
    free(larger.value);
    return TANLU_ERR_MEMORY;
  }
  for (size_t k = 0; k < index->capacity; k++) {
    if (index->text[k] == NULL) continue;
    const size_t slot = slot_of(&larger, index->text[k], index->text[k] + strlen(index->text[k]) + 1);
    larger.text[slot] = index->text[k];
    larger.value[slot] = index->value[k];
  }
  free(index->text);
  free(index->value);
  *index = larger;
  return TANLU_OK;
}

size_t tanlu_label_index_find(const tanlu_label_index *index, const char *first, const char *second) {
  if (index->capacity == 0) return TANLU_NONE;
  const size_t slot = slot_of(index, first, second);
  return index->text[slot] != NULL ? index->value[slot] : TANLU_NONE;
}

tanlu_status tanlu_label_index_add(tanlu_label_index *index, const char *first, const char *second, size_t value,
                                   tanlu_context *context) {
  if (2 * (index->count + 1) > index->capacity) {
    const tanlu_status status = grow(index, context);
    if (status != TANLU_OK) return status;
  }
  const size_t length = strlen(first) + 1, more = strlen(second) + 1, slot = slot_of(index, first, second);
  char *text = tanlu_allocate(context, length + more, 1);
  if (text == NULL) return TANLU_ERR_MEMORY;
  memcpy(text, first, length);
  memcpy(text + length, second, more);
  index->text[slot] = text;
  index->value[slot] = value;
  index->count++;
  return TANLU_OK;
}

void tanlu_label_index_clear(tanlu_label_index *index) {
  for (size_t k = 0; k < index->capacity; k++) free(index->text[k]);
  free(index->text);
  free(index->value);
  *index = (tanlu_label_index){0};
}
