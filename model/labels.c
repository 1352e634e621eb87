#include "model/labels.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

tanlu_status tanlu_labels_add(tanlu_labels *labels, const char *code, const char *name, const char *name_zh,
                              tanlu_context *context) {
  const char *text[3] = {code, name, name_zh};
  char ***list[3] = {&labels->code, &labels->name, &labels->name_zh};
  char *copy[3] = {NULL, NULL, NULL};
  const size_t count = labels->count + 1;
  for (int k = 0; k < 3; k++) {
    char **grown = realloc(*list[k], count * sizeof *grown);
    if (grown == NULL) goto out_of_memory;
    *list[k] = grown;
    copy[k] = tanlu_string_copy(context, text[k]);
    if (copy[k] == NULL) goto out_of_memory;
  }
  for (int k = 0; k < 3; k++) (*list[k])[labels->count] = copy[k];
  labels->count = count;
  return TANLU_OK;
out_of_memory:
  for (int k = 0; k < 3; k++) free(copy[k]);
  return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for %zu labels", count);
}

size_t tanlu_labels_find(const tanlu_labels *labels, const char *code) {
  for (size_t i = 0; i < labels->count; i++) {
    if (strcmp(labels->code[i], code) == 0) return i;
  }
  return TANLU_NONE;
}

/* Levenshtein distance of two words, given up (returning limit + 1) once it must exceed `limit`. */
static size_t edit_distance(const char *a, const char *b, size_t limit) {
  enum { LONGEST = 64 };
  const size_t m = strlen(a), n = strlen(b);
  if (m > LONGEST || n > LONGEST) return limit + 1;
  size_t row[LONGEST + 1];
  for (size_t j = 0; j <= n; j++) row[j] = j;
  for (size_t i = 1; i <= m; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= n; j++) {
      const size_t above = row[j];
      size_t best = diagonal + (a[i - 1] != b[j - 1]);
      if (above + 1 < best) best = above + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      row[j] = best;
      diagonal = above;
    }
  }
  return row[n] <= limit ? row[n] : limit + 1;
}

const char *tanlu_nearest(const char *word, const char *const *words, size_t count) {
  const char *nearest = NULL;
  size_t limit = strlen(word) / 3 + 1;
  for (size_t i = 0; i < count; i++) {
    const size_t distance = edit_distance(word, words[i], limit);
    if (distance < limit || (distance == limit && nearest == NULL)) {
      nearest = words[i];
      limit = distance;
    }
  }
  return nearest;
}

const char *tanlu_labels_nearest(const tanlu_labels *labels, const char *code) {
  return tanlu_nearest(code, (const char *const *)labels->code, labels->count);
}

void tanlu_labels_clear(tanlu_labels *labels) {
  for (size_t i = 0; i < labels->count; i++) {
    free(labels->code[i]);
    free(labels->name[i]);
    free(labels->name_zh[i]);
  }
  free(labels->code);
  free(labels->name);
  free(labels->name_zh);
  *labels = (tanlu_labels){0};
}

bool tanlu_code_well_formed(const char *code) {
  for (const char *c = code; *c; c++) {
    const bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
    if (!letter && !(*c >= '0' && *c <= '9') && *c != '_' && *c != '-') return false;
  }
  return *code != '\0';
}
