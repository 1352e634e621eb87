/* What happens when in a simulation of a cluster, and rows of messages that wait. */
#ifndef TANLU_BENCH_EVENT_QUEUE_H
#define TANLU_BENCH_EVENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { FINISH, REQUEST, BLOCK, ANSWER, SERVED, WROTE, SETTLE } event_kind;

typedef struct {
  double time;
  uint64_t number; /* given by event_push: of two at the same time the one that was pushed first comes first */
  uint32_t rank, block, count;
  event_kind kind;
} event;

/* A heap with four children a node, the earliest on top. {0} is an empty one; the owner frees heap. */
typedef struct {
  event *heap;
  size_t count, room;
  uint64_t number;
  bool failed; /* for want of memory: something is missing */
} event_queue;
void event_push(event_queue *queue, event e);
event event_pop(event_queue *queue); /* there is one */

/* First in, first out; {0} is an empty one; the owner frees item. */
typedef struct {
  event *item;
  size_t first, count, room;
  bool failed;
} event_row;
void event_append(event_row *row, event e);
event event_shift(event_row *row); /* there is one */

#endif
