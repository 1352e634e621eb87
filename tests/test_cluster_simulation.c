/* The simulation of a sweep on many cores (bench/simulate_cluster.h) against cases that can be worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/simulate_cluster.h"
#include "tests/support.h"

enum { POINTS = 4096 };
static const double one_second = 1.0;

/* Blocks of one second on ranks x threads, and nothing else takes time. */
static cluster_setting plain(size_t ranks, size_t threads, size_t blocks, cluster_writing writing) {
  return (cluster_setting){.blocks = blocks,
                           .seconds = &one_second,
                           .times = 1,
                           .seed = 1,
                           .ranks = ranks,
                           .threads = threads,
                           .ask = 1,
                           .flush = 1,
                           .writing = writing};
}

static cluster_outcome run(const cluster_setting *setting) {
  cluster_outcome outcome;
  assert_true(cluster_simulate(setting, &outcome));
  return outcome;
}

static void expect_near(double value, double expected, double relative) {
  if (fabs(value - expected) <= relative * fabs(expected)) return;
  fail_msg("%.9g, expected %.9g within %g", value, expected, relative);
}

/* Without overhead: ceil(blocks / cores) times the time of a block. */
static void nothing_but_blocks(void **unused) {
  (void)unused;
  static const size_t ranks[] = {1, 2, 7, 64}, threads[] = {1, 3}, blocks[] = {1, 6, 64, 1000};
  for (size_t k = 0; k < 96; k++) {
    const cluster_writing writing = (cluster_writing)(k / 32);
    cluster_setting s = plain(ranks[k % 4], threads[k / 4 % 2], blocks[k / 8 % 4], writing);
    const size_t cores = s.ranks * s.threads;
    const double expected = ceil((double)s.blocks / (double)cores);
    expect_near(run(&s).seconds, expected, 1e-12);
    s.window = 4 * cores;
    expect_near(run(&s).seconds, expected, 1e-12);
    s.alone = s.ranks == 1;
    expect_near(run(&s).seconds, expected, 1e-12);
    s.alone = false;
    s.ahead = 2;
    s.ask = writing == CLUSTER_ONE_WRITER ? 1 : 2;
    assert_true(run(&s).seconds <= expected + 2.0); /* blocks in hand are not shared: the end is less even */
  }
}

/* Divided beforehand: the rank with most blocks, ceil(blocks / ranks), takes ceil(that / threads). */
static void divided_beforehand(void **unused) {
  (void)unused;
  cluster_setting s = plain(6, 2, 100, CLUSTER_FILE_A_RANK);
  s.divided = true;
  s.request = 10.0; /* nobody asks */
  const cluster_outcome o = run(&s);
  expect_near(o.seconds, 9.0, 1e-12);
  assert_int_equal(o.requests, 0);
}

/* n blocks, each asked for when the one before is done: n (1 + 2 latency + request); one ahead hides all but the first. */
static void latency_and_asking_ahead(void **unused) {
  (void)unused;
  cluster_setting s = plain(2, 1, 200, CLUSTER_SHARED_FILE);
  s.leader_free = true;
  s.latency = 0.1;
  s.request = 0.05;
  expect_near(run(&s).written, 200.0 * 1.25, 1e-12);
  s.ahead = 1;
  expect_near(run(&s).written, 200.0 + 0.25, 1e-12);
}

/* Rank 0 answers 1 / request a second when the others could do more. */
static void hand_out_is_the_limit(void **unused) {
  (void)unused;
  cluster_setting s = plain(1001, 1, 50000, CLUSTER_SHARED_FILE);
  s.leader_free = true;
  s.request = 0.004;
  s.latency = 0.001;
  cluster_outcome o = run(&s);
  expect_near(o.computed, 50000 * 0.004 + 1.0 + 0.002, 1e-6);
  assert_string_equal(o.limit, "hand-out");
  /* Four at a time until a share, left / 2002 + 1, is less; then 2002 blocks by threes, by twos, one by one. */
  s.ask = 4;
  s.blocks = 400000;
  s.request = 0.008;
  o = run(&s);
  expect_near(o.computed, ((400000 - 3 * 2002) / 4.0 + 2002 / 3.0 + 2002 / 2.0 + 2002) * 0.008 + 1.0 + 0.002, 1e-4);
}

/* One writer: blocks / rate, by its core, by the file system, by the disk's syncs. */
static void one_writer_is_the_limit(void **unused) {
  (void)unused;
  cluster_setting s = plain(200, 1, 4000, CLUSTER_ONE_WRITER);
  s.window = 800;
  s.write = 0.02;
  cluster_outcome o = run(&s);
  expect_near(o.seconds, 1.0 + 4000 * 0.02, 1e-6);
  assert_string_equal(o.limit, "writing");
  s.write = 0.0;
  s.file_bytes = 3e6;
  s.rank_rate = 1e8;
  expect_near(run(&s).seconds, 1.0 + 4000 * 0.03, 1e-6);
  s.file_rate = 0.5e8; /* less than one rank could write */
  o = run(&s);
  expect_near(o.seconds, 1.0 + 4000 * 0.06, 1e-6);
  assert_string_equal(o.limit, "files");
  s.rank_rate = s.file_rate = 0.0;
  s.sync = 0.02;
  s.flush = 4;                                            /* blocks are there in their order */
  expect_near(run(&s).seconds, 1.0 + 1000 * 0.02, 0.003); /* the first ones alone */
}

/* Bytes through the one link of rank 0. Nine of ten blocks travel. */
static void receiving_is_the_limit(void **unused) {
  (void)unused;
  cluster_setting s = plain(101, 1, 20000, CLUSTER_ONE_WRITER);
  s.leader_free = true;
  s.sent_bytes = 2e6;
  s.bandwidth = 1e8;
  s.receive = 0.005;
  const cluster_outcome o = run(&s);
  expect_near(o.seconds, 1.0 + 20000 * 0.025, 1e-3);
  assert_string_equal(o.limit, "receiving");
}

/* With a writer a rank the file system is the limit together, and each rank alone where it is slower. */
static void many_writers(void **unused) {
  (void)unused;
  cluster_setting s = plain(101, 1, 10000, CLUSTER_FILE_A_RANK);
  s.leader_free = true; /* whose writing would keep requests waiting */
  s.hold = 4;
  s.file_bytes = 1e9;
  s.rank_rate = 2e9;
  cluster_outcome o = run(&s);
  expect_near(o.seconds, 100.0 + 0.5, 1e-9); /* written beside the next block */
  s.file_rate = 40e9;
  o = run(&s);
  expect_near(o.seconds, 10000 * 1e9 / 40e9, 0.01);
  assert_string_equal(o.limit, "files");
  s.file_rate = 0.0;
  s.rank_rate = 0.5e9;
  o = run(&s);
  expect_near(o.seconds, 1.0 + 100 * 2.0, 0.05);
  assert_string_equal(o.limit, "writing");
}

/* The core's part of a write: by the thread itself in the serial program, out of the core's time otherwise. */
static void writing_takes_the_core(void **unused) {
  (void)unused;
  cluster_setting s = plain(1, 1, 100, CLUSTER_ONE_WRITER);
  s.write = 0.25;
  s.sync = 0.25;
  s.alone = true;
  expect_near(run(&s).seconds, 100 * 1.5, 1e-12);
  s.alone = false; /* the disk is waited for beside the next block */
  expect_near(run(&s).seconds, 100 * 1.25 - 0.25 + 0.5, 1e-12);
  s = plain(3, 2, 60, CLUSTER_SHARED_FILE); /* looking round takes a fifth of a core of two: a tenth of each */
  s.poll = 1e-9;
  s.watch = 0.2e-9;
  expect_near(run(&s).written, 10 * 1.1, 1e-6);
  s = plain(1, 2, 100, CLUSTER_ONE_WRITER);
  s.alone = true;
  s.write = 0.25;
  assert_true(run(&s).seconds >= 50.0 + 100 * 0.25 / 2.0);
}

/* M/D/1: requests that come at random, at the rate l, to a server of s seconds each wait l s^2 / (2 (1 - l s)) on average
 * (Pollaczek-Khinchine). 5000 threads whose blocks last 10 s on average, exponentially, ask nearly so: l = 5000 / (10 + wait). */
static void queue_of_requests(void **unused) {
  (void)unused;
  static double exponential[POINTS];
  for (size_t k = 0; k < POINTS; k++) exponential[k] = -10.0 * log(((double)k + 0.5) / POINTS);
  static const double load[] = {0.3, 0.6, 0.8};
  for (size_t k = 0; k < 3; k++) {
    cluster_setting s = plain(5001, 1, 100000, CLUSTER_SHARED_FILE);
    s.leader_free = true;
    s.seconds = exponential;
    s.times = POINTS;
    s.request = load[k] / 500.0;
    const cluster_outcome first = run(&s); /* all ask at once in the beginning: left out of the mean */
    s.blocks = 900000;
    const cluster_outcome all = run(&s);
    const double n = (double)all.requests, m = (double)first.requests;
    expect_near((all.wait * n - first.wait * m) / (n - m), load[k] * s.request / (2.0 * (1.0 - load[k])), 0.03);
  }
}

/* Whoever is free takes the next block: at most the mean plus the longest block (R. L. Graham, SIAM J. Appl. Math. 17 (1969)). */
static void uneven_blocks(void **unused) {
  (void)unused;
  static const double uneven[] = {0.5, 1.0, 1.0, 5.0};
  for (uint64_t seed = 0; seed < 20; seed++) {
    cluster_setting s = plain(9, 2, 300, CLUSTER_SHARED_FILE);
    s.seconds = uneven;
    s.times = 4;
    s.seed = seed;
    const cluster_outcome o = run(&s);
    assert_true(o.seconds >= o.ideal && o.seconds <= o.ideal + 5.0);
    s.divided = true;
    assert_true(run(&s).seconds >= o.ideal);
  }
}

/* Reports of blocks that are written elsewhere: rank 0 hears 1 / (receive + unpack) blocks a second one by one, ten together
 * 10 / (receive + 10 unpack). */
static void reports_are_the_limit(void **unused) {
  (void)unused;
  cluster_setting s = plain(1001, 1, 50000, CLUSTER_SHARED_FILE);
  s.leader_free = true;
  s.report = 1;
  s.window = 4000;
  s.receive = 0.004;
  s.unpack = 0.001;
  cluster_outcome o = run(&s);
  expect_near(o.computed, 50000 * 0.005, 0.08); /* the last 4000 are not waited for */
  assert_string_equal(o.limit, "receiving");
  s.report = s.ask = 10;
  s.window = 40000;
  s.blocks = 200000;
  o = run(&s);
  assert_true(o.duty[CLUSTER_RECEIVES] >= 20000 * 0.004 + 200000 * 0.001);
  assert_true(o.duty[CLUSTER_RECEIVES] < 1.3 * (20000 * 0.004 + 200000 * 0.001)); /* smaller ones at the end */
}

/* Every ten seconds rank 0 is away for half a second, in which all 100 ranks get to wait for half a second; and so it is at the
 * end. With two blocks in hand nobody waits. */
static void all_settle(void **unused) {
  (void)unused;
  cluster_setting s = plain(101, 1, 10000, CLUSTER_SHARED_FILE);
  s.leader_free = true;
  s.settle = 9.75;
  s.sync = 0.5;
  cluster_outcome o = run(&s);
  expect_near(o.seconds, 100.0 + 9 * 0.25 + 0.5, 0.01);
  s.ahead = 2;
  expect_near(run(&s).seconds, 100.0 + 0.5, 0.01);
}

static void statistics_are_added(void **unused) {
  (void)unused;
  cluster_setting s = plain(1000, 1, 1000, CLUSTER_SHARED_FILE);
  s.latency = 0.01;
  s.merge = 0.03;
  s.state_bytes = 1e6;
  s.bandwidth = 1e8;
  expect_near(run(&s).reduction, 10 * 0.05, 1e-12); /* 2^10 ranks at most */
  s.flat = true;
  const cluster_outcome o = run(&s);
  expect_near(o.reduction, 999 * 0.05, 1e-12);
  assert_string_equal(o.limit, "reduction");
  s.writing = CLUSTER_ONE_WRITER;
  expect_near(run(&s).reduction, 0.0, 0.0);
}

/* The metadata server opens 10 files a second: the last of 50 ranks writes its block after 5 s. */
static void files_are_opened(void **unused) {
  (void)unused;
  cluster_setting s = plain(50, 1, 50, CLUSTER_FILE_A_RANK);
  s.open = 0.1;
  s.write = 0.5;
  expect_near(run(&s).seconds, 5.5, 1e-12);
}

static void same_seed_same_run(void **unused) {
  (void)unused;
  static const double uneven[] = {0.5, 1.0, 1.5};
  cluster_setting s = plain(40, 2, 5000, CLUSTER_ONE_WRITER);
  s.seconds = uneven;
  s.times = 3;
  s.window = 300;
  s.latency = 1e-3;
  s.poll = 1e-2;
  s.request = s.receive = s.write = 1e-3;
  const cluster_outcome one = run(&s), two = run(&s);
  assert_true(one.seconds == two.seconds && one.wait == two.wait && one.taken == two.taken);
  s.seed = 2;
  assert_true(run(&s).seconds != one.seconds);
}

static void what_makes_no_sense(void **unused) {
  (void)unused;
  cluster_outcome o;
  cluster_setting s = plain(0, 1, 1, CLUSTER_ONE_WRITER);
  assert_false(cluster_simulate(&s, &o));
  s = plain(1, 1, 0, CLUSTER_ONE_WRITER);
  assert_false(cluster_simulate(&s, &o));
  s = plain(1, 1, 1, CLUSTER_SHARED_FILE);
  s.leader_free = true;
  assert_false(cluster_simulate(&s, &o));
  s = plain(2, 1, 1, CLUSTER_ONE_WRITER);
  s.alone = true;
  assert_false(cluster_simulate(&s, &o));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_but_blocks),
      cmocka_unit_test(divided_beforehand),
      cmocka_unit_test(latency_and_asking_ahead),
      cmocka_unit_test(hand_out_is_the_limit),
      cmocka_unit_test(one_writer_is_the_limit),
      cmocka_unit_test(receiving_is_the_limit),
      cmocka_unit_test(many_writers),
      cmocka_unit_test(writing_takes_the_core),
      cmocka_unit_test(queue_of_requests),
      cmocka_unit_test(uneven_blocks),
      cmocka_unit_test(reports_are_the_limit),
      cmocka_unit_test(all_settle),
      cmocka_unit_test(statistics_are_added),
      cmocka_unit_test(files_are_opened),
      cmocka_unit_test(same_seed_same_run),
      cmocka_unit_test(what_makes_no_sense),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
