#include "bench/simulate_cluster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/event_queue.h"
#include "solvers/random.h"

enum { STREAM_BLOCK = TANLU_STREAM_CALLER, STREAM_POLL };
typedef struct {
  uint32_t first, count;
} block_range;

typedef struct {
  block_range *hand;              /* blocks that are here and not begun: a ring of `ranges` */
  uint32_t hand_first, hands;     /* ranges in use */
  uint32_t ready, coming;         /* blocks in hand, blocks asked for */
  uint32_t idle, under_way;       /* threads; blocks begun and not written */
  uint32_t unwritten, unreported; /* computed: for the rank's own writer, for rank 0 */
  bool writing, refused;
  double taken; /* from its cores, by the main thread, and not yet added to a block */
} rank_state;

typedef struct {
  const cluster_setting *set;
  cluster_outcome *out;
  rank_state *rank;
  block_range *hand; /* of all ranks */
  uint32_t ranges;
  event_queue queue;
  /* rank 0 */
  event_row message, held; /* messages that wait; requests that cannot be answered yet */
  event job;
  bool settling, busy, borrowed,
      stale; /* borrowed: the thread of a serial program writes; stale: it has not looked round since */
  unsigned char *done;
  size_t given, written, computed, reported, window, hold;
  /* files */
  double *channel, channel_rate;
  size_t channels;
  double occupied;
} cluster;

/* ---- blocks -------------------------------------------------------------------------------------------------------------- */

static double seconds_of(const cluster_setting *set, size_t block) {
  return set->seconds[tanlu_random_index(set->seed, STREAM_BLOCK, block, 0, set->times)];
}

/* With the looks for messages that its core also does. */
static double lasts(const cluster_setting *set, size_t block) {
  const double looks = set->poll > 0.0 && !set->alone ? set->watch / set->poll / (double)set->threads : 0.0;
  return seconds_of(set, block) * (1.0 + looks);
}

/* What a main thread that sleeps lets a message wait. */
static double nap(const cluster *c) {
  return c->set->poll > 0.0 ? c->set->poll * tanlu_random_uniform(c->set->seed, STREAM_POLL, c->queue.number, 0) : 0.0;
}

static bool one_writer(const cluster *c) {
  return c->set->writing == CLUSTER_ONE_WRITER;
}

/* The most blocks that may be given out now. */
static size_t room(const cluster *c) {
  if (!one_writer(c) && c->set->report == 0) return c->set->blocks;
  return c->window - (c->given - (one_writer(c) ? c->written : c->reported));
}

/* Of the next blocks, up to so many. 0: as many as may be are given out and not written. */
static size_t give(cluster *c, size_t wanted, block_range *range) {
  size_t left = c->set->blocks - c->given;
  const size_t share = left / (2 * c->set->ranks) + (left > 0 ? 1 : 0);
  if (left > wanted) left = wanted;
  if (left > share) left = share;
  if (left > room(c)) left = room(c);
  *range = (block_range){(uint32_t)c->given, (uint32_t)left};
  c->given += left;
  return left;
}

static bool take(cluster *c, uint32_t rank, uint32_t *block) {
  rank_state *r = &c->rank[rank];
  if (r->hands == 0) {
    block_range one;
    if (rank > 0 || c->set->divided || give(c, 1, &one) == 0) return false;
    *block = one.first;
    return true;
  }
  block_range *range = &r->hand[r->hand_first];
  *block = range->first++;
  r->ready--;
  if (--range->count == 0) {
    r->hand_first = (r->hand_first + 1) % c->ranges;
    r->hands--;
  }
  return true;
}

static bool may_begin(const cluster *c, const rank_state *r) {
  return one_writer(c) || r->under_way < c->hold;
}

/* Idle threads begin what there is, and the rank asks for more. */
static void begin(cluster *c, uint32_t rank, double now) {
  const cluster_setting *set = c->set;
  rank_state *r = &c->rank[rank];
  uint32_t block = 0;
  while (r->idle > 0 && may_begin(c, r) && take(c, rank, &block)) {
    r->idle--;
    r->under_way++;
    event_push(&c->queue, (event){.time = now + lasts(set, block), .kind = FINISH, .rank = rank, .block = block});
  }
  if (rank == 0 || set->divided) return;
  const size_t wanted = (may_begin(c, r) ? r->idle : 0) + set->ahead * set->threads;
  while (!r->refused && wanted > r->ready + r->coming && r->hands + r->coming / set->ask < c->ranges) {
    event_push(&c->queue, (event){.time = now + set->latency, .kind = REQUEST, .rank = rank});
    r->coming += (uint32_t)set->ask;
  }
}

/* ---- files --------------------------------------------------------------------------------------------------------------- */

/* The channel that is free first carries the bytes; returns when they are there. */
static double carry(cluster *c, double now, double bytes) {
  if (c->channel_rate <= 0.0 || bytes <= 0.0) return now;
  const double spent = bytes / c->channel_rate, end = (c->channel[0] > now ? c->channel[0] : now) + spent;
  c->occupied += spent;
  size_t at = 0;
  for (size_t child; (child = 2 * at + 1) < c->channels; at = child) {
    if (child + 1 < c->channels && c->channel[child + 1] < c->channel[child]) child++;
    if (c->channel[child] >= end) break;
    c->channel[at] = c->channel[child];
  }
  c->channel[at] = end;
  return end;
}

static bool settles(const cluster *c) {
  return !one_writer(c) && c->set->settle > 0.0;
}

/* States of the statistics into one. */
static double adding(const cluster *c) {
  const cluster_setting *set = c->set;
  const double step = set->latency + set->merge + (set->bandwidth > 0.0 ? set->state_bytes / set->bandwidth : 0.0);
  const double steps = set->flat ? (double)(set->ranks - 1) : ceil(log2((double)set->ranks));
  return one_writer(c) ? 0.0 : steps * step;
}

/* When a write of so many blocks that begins now ends; its core's time is charged to the rank. */
static double write_blocks(cluster *c, uint32_t rank, size_t count, double now) {
  const cluster_setting *set = c->set;
  const double core = set->write * (double)count, opened = set->open * (double)(rank + 1);
  if (!set->alone) c->rank[rank].taken += core;
  if (!one_writer(c) && now < opened) now = opened;
  const double carried = carry(c, now, set->file_bytes * (double)count),
               end = fmax(now + core, carried) + (settles(c) ? 0.0 : set->sync);
  c->out->writers += end - now;
  return end;
}

static void wrote(cluster *c, uint32_t rank, size_t count, double now) {
  c->written += count;
  c->out->written = now;
  if (!one_writer(c)) c->rank[rank].under_way -= (uint32_t)count;
}

/* The writer of a rank other than 0. */
static void write_own(cluster *c, uint32_t rank, double now) {
  rank_state *r = &c->rank[rank];
  if (r->writing || r->unwritten == 0) return;
  const uint32_t count = r->unwritten < c->set->flush ? r->unwritten : (uint32_t)c->set->flush;
  r->unwritten -= count;
  r->writing = true;
  event_push(&c->queue,
             (event){.time = write_blocks(c, rank, count, now), .kind = WROTE, .rank = rank, .count = count});
}

/* ---- rank 0 -------------------------------------------------------------------------------------------------------------- */

static void start(cluster *c, event job, double begin_at, double end, cluster_duty duty) {
  c->job = job;
  c->busy = true;
  c->out->duty[duty] += end - begin_at;
  if (duty != CLUSTER_WRITES && duty != CLUSTER_SETTLES && !c->set->alone) c->rank[0].taken += end - begin_at;
  event_push(&c->queue, (event){.time = end, .kind = SERVED});
}

/* How many blocks rank 0 can write now. */
static size_t writable(const cluster *c) {
  size_t count = 0;
  if (!one_writer(c)) count = c->rank[0].unwritten < c->set->flush ? c->rank[0].unwritten : c->set->flush;
  while (one_writer(c) && count < c->set->flush && c->written + count < c->given &&
         c->done[(c->written + count) % c->window]) {
    count++;
  }
  return count;
}

/* Rank 0 does the next thing: a message, a write, a look round, or nothing. */
static void serve(cluster *c, double now, bool asleep) {
  const cluster_setting *set = c->set;
  if (c->busy) return;
  const double looking = set->round * (double)set->ranks;
  if (c->settling) {
    c->settling = false;
    start(c, (event){.kind = SETTLE}, now, now + set->sync + adding(c), CLUSTER_SETTLES);
    return;
  }
  if (c->message.count > 0) {
    const event job = event_shift(&c->message);
    const double at = now + (asleep ? nap(c) : 0.0);
    double spent = set->request;
    if (job.kind == BLOCK) {
      spent = set->receive + set->unpack * (double)job.count;
      if (set->bandwidth > 0.0) spent += set->sent_bytes * (double)job.count / set->bandwidth;
    } else {
      c->out->wait += at - job.time;
      c->out->requests++;
    }
    c->stale = true;
    start(c, job, at, at + spent, job.kind == BLOCK ? CLUSTER_RECEIVES : CLUSTER_ANSWERS);
    return;
  }
  const size_t count = writable(c);
  if (count > 0) {
    if (one_writer(c)) {
      for (size_t k = 0; k < count; k++) c->done[(c->written + k) % c->window] = 0;
    } else {
      c->rank[0].unwritten -= (uint32_t)count;
    }
    const event job = {.kind = WROTE, .count = (uint32_t)count};
    start(c, job, now, write_blocks(c, 0, count, now) + looking, CLUSTER_WRITES);
  } else if (c->stale && looking > 0.0) {
    c->stale = false;
    start(c, (event){.kind = SERVED}, now, now + looking, CLUSTER_LOOKS);
  }
}

/* False: not now. */
static bool answer(cluster *c, const event *request, double now) {
  block_range range;
  const bool ended = c->given == c->set->blocks;
  if (give(c, c->set->ask, &range) == 0 && !ended) return false;
  const double arrives = now + c->set->latency + nap(c);
  event_push(
      &c->queue,
      (event){.time = arrives, .kind = ANSWER, .rank = request->rank, .block = range.first, .count = range.count});
  return true;
}

static void served(cluster *c, double now) {
  const event job = c->job;
  c->busy = false;
  if (job.kind == REQUEST && (c->held.count > 0 || !answer(c, &job, now))) event_append(&c->held, job);
  if (job.kind == BLOCK && one_writer(c)) c->done[job.block % c->window] = 1;
  if (job.kind == BLOCK && !one_writer(c)) c->reported += job.count;
  if (job.kind == WROTE) wrote(c, 0, job.count, now);
  if (job.kind == SETTLE && c->computed < c->set->blocks) {
    event_push(&c->queue, (event){.time = now + c->set->settle, .kind = SETTLE});
  }
  if (job.kind == WROTE || job.kind == BLOCK) {
    while (c->held.count > 0 && answer(c, &c->held.item[c->held.first], now)) (void)event_shift(&c->held);
    begin(c, 0, now);
  }
  if (c->borrowed && writable(c) == 0) { /* the thread of a serial program computes again */
    c->borrowed = false;
    c->rank[0].idle++;
    begin(c, 0, now);
    return;
  }
  serve(c, now, false);
}

/* ---- what happens -------------------------------------------------------------------------------------------------------- */

/* Of computed blocks, when there are enough of them or nothing else to do. */
static void report(cluster *c, uint32_t rank, double now) {
  const cluster_setting *set = c->set;
  rank_state *r = &c->rank[rank];
  if (rank == 0 || set->report == 0) return;
  r->unreported++;
  if (r->unreported < set->report && r->ready + set->threads > r->idle) return;
  r->taken += set->send;
  event_push(&c->queue,
             (event){.time = now + set->send + set->latency, .kind = BLOCK, .rank = rank, .count = r->unreported});
  r->unreported = 0;
}

static void finish(cluster *c, event *e) {
  const cluster_setting *set = c->set;
  rank_state *r = &c->rank[e->rank];
  const double now = e->time;
  if (r->taken > 0.0 && e->count == 0) { /* the main thread had its core for a while */
    const double own = lasts(set, e->block), longer = r->taken < own ? r->taken : own;
    r->taken -= longer;
    c->out->taken += longer;
    event_push(&c->queue,
               (event){.time = now + longer, .kind = FINISH, .rank = e->rank, .block = e->block, .count = 1});
    return;
  }
  c->computed++;
  c->out->computed = now;
  r->idle++;
  if (!one_writer(c)) {
    r->unwritten++;
    if (e->rank == 0) c->reported++;
    begin(c, e->rank, now);
    report(c, e->rank, now);
    if (e->rank > 0) write_own(c, e->rank, now);
    if (e->rank == 0) serve(c, now, false);
  } else if (e->rank > 0) {
    r->taken += set->send;
    begin(c, e->rank, now);
    event_push(
        &c->queue,
        (event){.time = now + set->send + set->latency, .kind = BLOCK, .rank = e->rank, .block = e->block, .count = 1});
  } else {
    c->done[e->block % c->window] = 1;
    if (set->alone && !c->borrowed && writable(c) > 0) {
      c->borrowed = true;
      r->idle--;
    }
    begin(c, 0, now);
    if (!set->alone || !c->busy) serve(c, now, false);
  }
}

static void answered(cluster *c, const event *e) {
  rank_state *r = &c->rank[e->rank];
  r->coming -= (uint32_t)c->set->ask;
  if (e->count == 0) {
    r->refused = true;
  } else {
    r->hand[(r->hand_first + r->hands++) % c->ranges] = (block_range){e->block, e->count};
    r->ready += e->count;
  }
  begin(c, e->rank, e->time);
}

static void happen(cluster *c, event *e) {
  switch (e->kind) {
  case FINISH:
    finish(c, e);
    break;
  case REQUEST:
  case BLOCK:
    event_append(&c->message, *e);
    serve(c, e->time, true);
    break;
  case ANSWER:
    answered(c, e);
    break;
  case SERVED:
    served(c, e->time);
    break;
  case SETTLE:
    c->settling = c->computed < c->set->blocks;
    serve(c, e->time, false);
    break;
  case WROTE:
    wrote(c, e->rank, e->count, e->time);
    c->rank[e->rank].writing = false;
    begin(c, e->rank, e->time);
    write_own(c, e->rank, e->time);
    break;
  }
}

/* ---- life ---------------------------------------------------------------------------------------------------------------- */

static bool prepare(cluster *c) {
  const cluster_setting *set = c->set;
  const size_t threads = set->threads, room = threads * (2 + set->ahead) + 1;
  c->ranges = (uint32_t)room;
  c->window = set->window > 0 ? set->window : set->blocks;
  c->hold = set->hold > 0 ? set->hold : set->blocks;
  c->rank = calloc(set->ranks, sizeof *c->rank);
  c->hand = calloc(set->ranks * room, sizeof *c->hand);
  c->done = calloc(one_writer(c) ? c->window : 1, 1);
  if (set->file_rate > 0.0 || set->rank_rate > 0.0) {
    const double most = set->rank_rate > 0.0 && set->file_rate > 0.0 ? ceil(set->file_rate / set->rank_rate) : 1.0;
    c->channels = set->file_rate > 0.0 && most < (double)set->ranks ? (size_t)most : set->ranks;
    c->channel_rate = set->file_rate > 0.0 ? set->file_rate / (double)c->channels : set->rank_rate;
    if (set->rank_rate > 0.0 && c->channel_rate > set->rank_rate) c->channel_rate = set->rank_rate;
    c->channel = calloc(c->channels, sizeof *c->channel);
  }
  if (c->rank == NULL || c->hand == NULL || c->done == NULL || (c->channels > 0 && c->channel == NULL)) return false;
  for (size_t k = 0; k < set->ranks; k++) {
    rank_state *r = &c->rank[k];
    r->hand = c->hand + k * room;
    r->idle = set->leader_free && k == 0 ? 0 : (uint32_t)threads;
    if (!set->divided) continue;
    const size_t first = set->blocks * k / set->ranks, last = set->blocks * (k + 1) / set->ranks;
    r->hand[0] = (block_range){(uint32_t)first, (uint32_t)(last - first)};
    r->hands = last > first ? 1 : 0;
    r->ready = (uint32_t)(last - first);
  }
  if (set->divided) c->given = set->blocks;
  return true;
}

static void add_up(const cluster *c) {
  const cluster_setting *set = c->set;
  cluster_outcome *out = c->out;
  out->reduction = adding(c) + (settles(c) ? set->sync : 0.0);
  out->seconds = out->written + out->reduction;
  double all = 0.0;
  for (size_t k = 0; k < set->blocks; k++) all += seconds_of(set, k);
  out->ideal = all / (double)(set->ranks * set->threads);
  out->efficiency = out->ideal / out->seconds;
  out->files = set->file_rate > 0.0 ? c->occupied / ((double)c->channels * out->seconds) : 0.0;
  out->writers /= out->seconds * (one_writer(c) ? 1.0 : (double)set->ranks);
  if (out->requests > 0) out->wait /= (double)out->requests;
  out->limit = cluster_limit(set, out);
}

const char *cluster_limit(const cluster_setting *set, const cluster_outcome *out) {
  static const char *const name[CLUSTER_DUTIES] = {"hand-out", "receiving", "writing", "hand-out", "settling"};
  double all = 0.0;
  size_t most = 0;
  for (size_t k = 0; k < CLUSTER_DUTIES; k++) {
    all += out->duty[k];
    if (out->duty[k] > out->duty[most]) most = k;
  }
  const double lost = out->seconds - out->ideal, cores = (double)(set->ranks * set->threads);
  if (out->efficiency >= 0.9) return "none";
  if (out->files >= 0.9) return "files";
  if (all >= 0.9 * out->seconds && !set->alone) return name[most];
  if (out->writers >= 0.9 || out->taken > 0.5 * lost * cores) return "writing";
  return out->reduction > 0.5 * lost ? "reduction" : "last blocks";
}

bool cluster_simulate(const cluster_setting *set, cluster_outcome *out) {
  *out = (cluster_outcome){.limit = "none"};
  if (set->blocks == 0 || set->blocks >= UINT32_MAX || set->ranks == 0 || set->ranks >= UINT32_MAX ||
      set->threads == 0 || set->times == 0 || set->ask == 0 || set->flush == 0) {
    return false;
  }
  if ((set->leader_free && (set->ranks < 2 || set->divided)) || (set->alone && set->ranks > 1)) return false;
  if (set->divided && one_writer(&(cluster){.set = set}) && set->ranks > 1) return false;
  cluster c = {.set = set, .out = out};
  bool good = prepare(&c);
  for (size_t k = 0; good && k < set->ranks; k++) begin(&c, (uint32_t)k, 0.0);
  if (settles(&c)) event_push(&c.queue, (event){.time = set->settle, .kind = SETTLE});
  while (good && c.queue.count > 0 && !c.queue.failed && !c.message.failed && !c.held.failed) {
    event e = event_pop(&c.queue);
    happen(&c, &e);
  }
  good = good && !c.queue.failed && !c.message.failed && !c.held.failed && c.written == set->blocks;
  if (good) add_up(&c);
  free(c.rank);
  free(c.hand);
  free(c.done);
  free(c.channel);
  free(c.queue.heap);
  free(c.message.item);
  free(c.held.item);
  return good;
}
