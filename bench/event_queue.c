#include "bench/event_queue.h"

#include <stdlib.h>

static bool before(const event *a, const event *b) {
  return a->time < b->time || (a->time == b->time && a->number < b->number);
}

void event_push(event_queue *q, event e) {
  if (q->count == q->room) {
    const size_t room = 2 * q->room + 1024;
    event *grown = realloc(q->heap, room * sizeof *grown);
    q->failed = q->failed || grown == NULL;
    if (grown == NULL) return;
    q->heap = grown;
    q->room = room;
  }
  e.number = q->number++;
  size_t at = q->count++;
  for (size_t parent; at > 0 && before(&e, &q->heap[parent = (at - 1) / 4]); at = parent) q->heap[at] = q->heap[parent];
  q->heap[at] = e;
}

event event_pop(event_queue *q) {
  const event top = q->heap[0], last = q->heap[--q->count];
  size_t at = 0;
  for (;;) {
    const size_t child = 4 * at + 1, end = child + 4 < q->count ? child + 4 : q->count;
    size_t least = child;
    if (child >= q->count) break;
    for (size_t k = child + 1; k < end; k++) {
      if (before(&q->heap[k], &q->heap[least])) least = k;
    }
    if (!before(&q->heap[least], &last)) break;
    q->heap[at] = q->heap[least];
    at = least;
  }
  q->heap[at] = last;
  return top;
}

void event_append(event_row *row, event e) {
  if (row->count == row->room) {
    const size_t room = 2 * row->room + 1024;
    event *grown = malloc(room * sizeof *grown);
    row->failed = row->failed || grown == NULL;
    if (grown == NULL) return;
    for (size_t k = 0; k < row->count; k++) grown[k] = row->item[(row->first + k) % row->room];
    free(row->item);
    *row = (event_row){grown, 0, row->count, room, row->failed};
  }
  row->item[(row->first + row->count++) % row->room] = e;
}

event event_shift(event_row *row) {
  const event e = row->item[row->first];
  row->first = (row->first + 1) % row->room;
  row->count--;
  return e;
}
