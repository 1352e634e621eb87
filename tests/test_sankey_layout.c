/* Layout of Sankey diagrams: conservation, no overlaps, few crossings. Oracles: the identities that a Sankey diagram is, and
 * diagrams that can be drawn without a crossing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/sankey_layout.h"
#include "solvers/random.h"
#include "tests/support.h"

enum { NODES_MOST = 40, LINKS_MOST = 120 };
static const double pitch = 14.0;
static const double rounding = 1e-9;

typedef struct {
  size_t column[NODES_MOST], from[LINKS_MOST], to[LINKS_MOST];
  double value[LINKS_MOST];
  tanlu_sankey sankey;
} diagram;

static void start(diagram *d) {
  *d = (diagram){.sankey = {.nodes = 0}};
  d->sankey.column = d->column;
  d->sankey.from = d->from;
  d->sankey.to = d->to;
  d->sankey.value = d->value;
}

static void add_nodes(diagram *d, size_t column, size_t count) {
  for (size_t i = 0; i < count; i++) d->column[d->sankey.nodes++] = column;
}

static void add_link(diagram *d, size_t from, size_t to, double value) {
  const size_t l = d->sankey.links++;
  d->from[l] = from;
  d->to[l] = to;
  d->value[l] = value;
}

static tanlu_sankey_room make_room(void) {
  static double text[NODES_MOST];
  for (size_t i = 0; i < NODES_MOST; i++) text[i] = pitch;
  return (tanlu_sankey_room){.height = 400.0, .gap = 8.0, .text = text};
}

static tanlu_sankey_layout lay_out(const diagram *d) {
  const tanlu_sankey_room room = make_room();
  tanlu_sankey_layout layout;
  assert_int_equal(tanlu_sankey_layout_compute(&layout, &d->sankey, &room, NULL), TANLU_OK);
  return layout;
}

/* Every identity of a layout:
 *   extent = scale max(in, out), in and out being the sums of the links;
 *   nodes of a column apart by the gap, their middles by their texts, all within the height;
 *   links of a side side by side within the node, without a gap or an overlap, from its top on. */
static void check_identities(const diagram *d, const tanlu_sankey_layout *l) {
  const tanlu_sankey *s = &d->sankey;
  const tanlu_sankey_room room = make_room();
  for (size_t i = 0; i < s->nodes; i++) {
    double sum[2] = {0.0, 0.0}, end[2] = {-1e300, -1e300}, begin[2] = {1e300, 1e300};
    for (size_t k = 0; k < s->links; k++) {
      for (int side = 0; side < 2; side++) {
        if ((side == 0 ? s->to[k] : s->from[k]) != i || !(s->value[k] > 0.0)) continue;
        const double half = 0.5 * s->value[k] * l->scale;
        const double middle = l->middle[side == 0 ? l->first[k + 1] - 1 : l->first[k]];
        sum[side] += s->value[k];
        begin[side] = fmin(begin[side], middle - half);
        end[side] = fmax(end[side], middle + half);
        for (size_t n = 0; n < k; n++) { /* no overlap with another of the side */
          if ((side == 0 ? s->to[n] : s->from[n]) != i || !(s->value[n] > 0.0)) continue;
          const double other = l->middle[side == 0 ? l->first[n + 1] - 1 : l->first[n]];
          assert_true(fabs(other - middle) >= half + 0.5 * s->value[n] * l->scale - rounding);
        }
      }
    }
    for (int side = 0; side < 2; side++) {
      if (!(sum[side] > 0.0)) continue;
      assert_true(fabs(begin[side] - l->top[i]) < rounding); /* with the sums below: no gap between them */
      assert_true(fabs(end[side] - begin[side] - sum[side] * l->scale) < rounding);
      assert_true(end[side] <= l->top[i] + l->extent[i] + rounding);
    }
    assert_true(fabs(l->in[i] - sum[0]) < rounding && fabs(l->out[i] - sum[1]) < rounding);
    assert_true(fabs(l->extent[i] - l->scale * fmax(sum[0], sum[1])) < rounding);
    const double text = fmax(0.0, 0.5 * (pitch - l->extent[i]));
    assert_true(l->top[i] - text >= -rounding && l->top[i] + l->extent[i] + text <= l->height + rounding);
    for (size_t k = 0; k < i; k++) {
      if (s->column[k] != s->column[i]) continue;
      const size_t above = l->top[k] < l->top[i] ? k : i, below = above == k ? i : k;
      assert_true(l->top[below] - l->top[above] - l->extent[above] >= room.gap - rounding);
      assert_true(fabs(l->top[i] + 0.5 * l->extent[i] - l->top[k] - 0.5 * l->extent[k]) >= pitch - rounding);
    }
  }
}

static double place(const diagram *d, const tanlu_sankey_layout *l, size_t link, size_t column) {
  return l->middle[l->first[link] + column - d->column[d->from[link]]];
}

/* Pairs of links that change sides between two columns. */
static size_t count_crossings(const diagram *d, const tanlu_sankey_layout *l) {
  size_t count = 0;
  for (size_t a = 0; a < d->sankey.links; a++) {
    for (size_t b = 0; b < a; b++) {
      for (size_t c = 0; c + 1 < l->columns; c++) {
        if (d->column[d->from[a]] > c || d->column[d->from[b]] > c) continue;
        if (d->column[d->to[a]] <= c || d->column[d->to[b]] <= c) continue;
        count += (place(d, l, a, c) - place(d, l, b, c)) * (place(d, l, a, c + 1) - place(d, l, b, c + 1)) < 0.0;
      }
    }
  }
  return count;
}

/* Four to four in turned order: drawn as given every pair crosses, 6 of them; the best order has none. */
static void turned_columns_are_untangled(void **state) {
  (void)state;
  diagram d;
  start(&d);
  add_nodes(&d, 0, 4);
  add_nodes(&d, 1, 4);
  for (size_t i = 0; i < 4; i++) add_link(&d, i, 7 - i, 1.0 + (double)i);
  tanlu_sankey_layout l = lay_out(&d);
  check_identities(&d, &l);
  assert_int_equal(count_crossings(&d, &l), 0);
  /* straight: a node of one link lies where its partner does, as the columns are alike */
  for (size_t i = 0; i < 4; i++) assert_true(fabs(l.top[i] - l.top[7 - i]) < 1e-6);
  tanlu_sankey_layout_clear(&l);
}

/* A tree, its leaves given in an order that mixes the branches: trees have no crossing. Two of its links pass columns. */
static void trees_have_no_crossing(void **state) {
  (void)state;
  diagram d;
  start(&d);
  add_nodes(&d, 0, 1);
  add_nodes(&d, 1, 3);
  add_nodes(&d, 2, 6);
  add_nodes(&d, 3, 2);
  for (size_t i = 0; i < 3; i++) add_link(&d, 0, 1 + i, 6.0);
  for (size_t i = 0; i < 6; i++) add_link(&d, 1 + i % 3, 4 + i, 2.0);
  add_link(&d, 1, 10, 1.5);
  add_link(&d, 2, 11, 1.5);
  tanlu_sankey_layout l = lay_out(&d);
  check_identities(&d, &l);
  assert_int_equal(count_crossings(&d, &l), 0);
  assert_int_equal(l.first[10] - l.first[9], 3); /* columns 1, 2, 3 */
  tanlu_sankey_layout_clear(&l);
}

/* Full height: one node of the left column and one of the right; the scale is height / value. In and out may differ. */
static void the_scale_is_that_of_the_fullest_column(void **state) {
  (void)state;
  diagram d;
  start(&d);
  add_nodes(&d, 0, 1);
  add_nodes(&d, 1, 1);
  add_nodes(&d, 2, 2);
  add_link(&d, 0, 1, 100.0);
  add_link(&d, 1, 2, 30.0);
  add_link(&d, 1, 3, 10.0); /* 60 are lost */
  tanlu_sankey_layout l = lay_out(&d);
  check_identities(&d, &l);
  assert_true(fabs(l.scale - 4.0) < 1e-9 && l.height == 400.0);
  assert_true(fabs(l.extent[1] - 400.0) < 1e-6 && l.in[1] == 100.0 && l.out[1] == 40.0);
  tanlu_sankey_layout_clear(&l);
}

/* More lines of text than the height has room for make the diagram higher; zero and NaN are no links. */
static void many_thin_nodes_make_it_higher(void **state) {
  (void)state;
  diagram d;
  start(&d);
  add_nodes(&d, 0, 1);
  add_nodes(&d, 1, 38);
  for (size_t i = 0; i < 38; i++) add_link(&d, 0, 1 + i, i == 0 ? 1e6 : i == 5 ? (double)NAN : i == 6 ? 0.0 : 1e-3);
  tanlu_sankey_layout l = lay_out(&d);
  check_identities(&d, &l);
  assert_true(l.height >= 38.0 * pitch && l.scale > 0.0);
  assert_true(l.extent[6] == 0.0 && l.first[6] == l.first[5] && l.first[7] == l.first[5]);
  tanlu_sankey_layout_clear(&l);
}

/* Diagrams at random, of links over one to three columns: all identities, the same bits twice, and no more crossings than as given. */
static void any_diagram_keeps_the_identities(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 40; seed++) {
    diagram d;
    uint32_t draw = 0;
    start(&d);
    for (size_t c = 0; c < 4; c++)
      add_nodes(&d, c, 2 + tanlu_random_index(seed, TANLU_STREAM_CALLER + 0, draw++, 0, 7));
    for (int k = 0; k < 60; k++) {
      const size_t a = tanlu_random_index(seed, TANLU_STREAM_CALLER + 1, draw++, 0, d.sankey.nodes);
      const size_t b = tanlu_random_index(seed, TANLU_STREAM_CALLER + 1, draw++, 0, d.sankey.nodes);
      if (d.column[a] >= d.column[b]) continue;
      add_link(&d, a, b, pow(10.0, (double)tanlu_random_index(seed, TANLU_STREAM_CALLER + 2, draw++, 0, 5) - 2.0));
    }
    tanlu_sankey_layout l = lay_out(&d), again = lay_out(&d);
    check_identities(&d, &l);
    assert_memory_equal(l.top, again.top, d.sankey.nodes * sizeof *l.top);
    assert_memory_equal(l.middle, again.middle, l.first[d.sankey.links] * sizeof *l.middle);
    tanlu_sankey_layout_clear(&l);
    tanlu_sankey_layout_clear(&again);
  }
}

static void links_must_go_forward(void **state) {
  (void)state;
  tanlu_context *context = tanlu_context_create();
  const tanlu_sankey_room room = make_room();
  tanlu_sankey_layout l;
  diagram d;
  start(&d);
  add_nodes(&d, 0, 2);
  add_link(&d, 0, 1, 1.0);
  assert_int_equal(tanlu_sankey_layout_compute(&l, &d.sankey, &room, context), TANLU_ERR_INTERNAL);
  assert_true(tanlu_test_has_message(context, "does not lead to a node of a later column"));
  tanlu_sankey_layout_clear(&l);
  d.column[1] = 1;
  d.value[0] = -1.0;
  assert_int_equal(tanlu_sankey_layout_compute(&l, &d.sankey, &room, context), TANLU_ERR_INTERNAL);
  assert_true(tanlu_test_has_message(context, "has the value -1"));
  tanlu_sankey_layout_clear(&l);
  start(&d);
  l = lay_out(&d); /* nothing at all */
  assert_true(l.columns == 0 && l.scale == 0.0);
  tanlu_sankey_layout_clear(&l);
  tanlu_context_free(&context);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(turned_columns_are_untangled),
      cmocka_unit_test(trees_have_no_crossing),
      cmocka_unit_test(the_scale_is_that_of_the_fullest_column),
      cmocka_unit_test(many_thin_nodes_make_it_higher),
      cmocka_unit_test(any_diagram_keeps_the_identities),
      cmocka_unit_test(links_must_go_forward),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
