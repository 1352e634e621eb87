#include "outputs/sankey_layout.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* A node, or the place of a link that passes a column. */
typedef struct {
  size_t column, place; /* place: in its column, from the top */
  bool node;
  double value;       /* the larger of in and out */
  double top, wanted; /* wanted: middle */
  double key;
} cell;

/* A part of a link, from one column to the next. */
typedef struct {
  size_t from, to, link; /* cells */
  double value;
  double start, end; /* middles */
} edge;

typedef struct {
  const tanlu_sankey *sankey;
  const tanlu_sankey_room *room;
  tanlu_sankey_layout *layout;
  size_t cells, edges, columns;
  cell *cell;
  edge *edge;
  size_t *order, *begin; /* order: cells of column c are order[begin[c]] .. order[begin[c + 1] - 1] */
  size_t *side, *first;  /* edges of a cell to its left and right: side[first[2 cell]], side[first[2 cell + 1]] */
  size_t *best;          /* cells: the best order so far */
  double *offset, *level, *weight;
  size_t *block; /* work of a column */
} work;

void tanlu_sankey_layout_clear(tanlu_sankey_layout *layout) {
  free(layout->top);
  free(layout->extent);
  free(layout->in);
  free(layout->out);
  free(layout->first);
  free(layout->middle);
  *layout = (tanlu_sankey_layout){0};
}

static void clear_work(work *w) {
  free(w->cell);
  free(w->edge);
  free(w->order);
  free(w->begin);
  free(w->side);
  free(w->first);
  free(w->best);
  free(w->offset);
  free(w->level);
  free(w->weight);
  free(w->block);
}

static bool drawn(const tanlu_sankey *s, size_t link) {
  return s->value[link] > 0.0;
}

static tanlu_status check(const tanlu_sankey *s, tanlu_context *context) {
  for (size_t l = 0; l < s->links; l++) {
    if (s->from[l] >= s->nodes || s->to[l] >= s->nodes || s->column[s->from[l]] >= s->column[s->to[l]]) {
      return tanlu_fail(context, TANLU_ERR_INTERNAL,
                        "link %zu of a Sankey diagram does not lead to a node of a later column", l);
    }
    if (s->value[l] < 0.0 || isinf(s->value[l])) {
      return tanlu_fail(context, TANLU_ERR_INTERNAL,
                        "link %zu of a Sankey diagram has the value %g; expected 0 or more", l, s->value[l]);
    }
  }
  return TANLU_OK;
}

/* ---- cells and edges ---------------------------------------------------------------------------------------------------- */

static tanlu_status allocate(work *w, tanlu_context *context) {
  const tanlu_sankey *s = w->sankey;
  tanlu_sankey_layout *l = w->layout;
  w->cells = s->nodes;
  for (size_t i = 0; i < s->nodes; i++) {
    if (s->column[i] >= w->columns) w->columns = s->column[i] + 1;
  }
  for (size_t i = 0; i < s->links; i++) {
    const size_t parts = drawn(s, i) ? s->column[s->to[i]] - s->column[s->from[i]] : 0;
    w->edges += parts;
    w->cells += parts > 0 ? parts - 1 : 0;
  }
  w->cell = tanlu_allocate(context, w->cells, sizeof *w->cell);
  w->edge = tanlu_allocate(context, w->edges, sizeof *w->edge);
  w->order = tanlu_allocate(context, w->cells, sizeof *w->order);
  w->best = tanlu_allocate(context, w->cells, sizeof *w->best);
  w->block = tanlu_allocate(context, w->cells, sizeof *w->block);
  w->begin = tanlu_allocate(context, w->columns + 1, sizeof *w->begin);
  w->side = tanlu_allocate(context, 2 * w->edges, sizeof *w->side);
  w->first = tanlu_allocate(context, 2 * w->cells + 1, sizeof *w->first);
  w->offset = tanlu_allocate_doubles(context, w->cells, 1);
  w->level = tanlu_allocate_doubles(context, w->cells, 1);
  w->weight = tanlu_allocate_doubles(context, w->cells, 1);
  l->columns = w->columns;
  l->top = tanlu_allocate_doubles(context, s->nodes, 1);
  l->extent = tanlu_allocate_doubles(context, s->nodes, 1);
  l->in = tanlu_allocate_doubles(context, s->nodes, 1);
  l->out = tanlu_allocate_doubles(context, s->nodes, 1);
  l->first = tanlu_allocate(context, s->links + 1, sizeof *l->first);
  l->middle = tanlu_allocate_doubles(context, w->edges + s->links, 1);
  const bool enough = w->cell && w->edge && w->order && w->best && w->block && w->begin && w->side && w->first &&
                      w->offset && w->level && w->weight && l->top && l->extent && l->in && l->out && l->first &&
                      l->middle;
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* Cells: nodes in their order, then the places of the links in theirs. */
static void make_cells(work *w) {
  const tanlu_sankey *s = w->sankey;
  tanlu_sankey_layout *layout = w->layout;
  size_t next = s->nodes, edges = 0;
  for (size_t i = 0; i < s->nodes; i++) w->cell[i] = (cell){.column = s->column[i], .node = true};
  for (size_t l = 0; l < s->links; l++) {
    size_t from = s->from[l];
    if (!drawn(s, l)) continue;
    layout->out[from] += s->value[l];
    layout->in[s->to[l]] += s->value[l];
    for (size_t c = s->column[from] + 1; c <= s->column[s->to[l]]; c++) {
      const bool last = c == s->column[s->to[l]];
      const size_t to = last ? s->to[l] : next++;
      if (!last) w->cell[to] = (cell){.column = c, .value = s->value[l]};
      w->edge[edges++] = (edge){.from = from, .to = to, .link = l, .value = s->value[l]};
      from = to;
    }
  }
  for (size_t i = 0; i < s->nodes; i++) w->cell[i].value = fmax(layout->in[i], layout->out[i]);
}

/* Edges by the cell and side on which they are. */
static void list_sides(work *w) {
  for (size_t e = 0; e < w->edges; e++) {
    w->first[2 * w->edge[e].to + 1]++;
    w->first[2 * w->edge[e].from + 2]++;
  }
  for (size_t i = 0; i < 2 * w->cells; i++) w->first[i + 1] += w->first[i];
  for (size_t e = w->edges; e-- > 0;) { /* from behind: each takes the last free place of its list */
    w->side[--w->first[2 * w->edge[e].to + 1]] = e;
    w->side[--w->first[2 * w->edge[e].from + 2]] = e;
  }
  /* every list but the first has been moved to its beginning: so have their ends, one list back */
  for (size_t i = 0; i < 2 * w->cells; i++) w->first[i] = w->first[i + 1];
  w->first[2 * w->cells] = 2 * w->edges;
}

static void number_places(work *w) {
  for (size_t c = 0; c < w->columns; c++) {
    for (size_t i = w->begin[c]; i < w->begin[c + 1]; i++) w->cell[w->order[i]].place = i - w->begin[c];
  }
}

static void first_order(work *w) {
  for (size_t i = 0; i < w->cells; i++) w->begin[w->cell[i].column + 1]++;
  for (size_t c = 0; c < w->columns; c++) w->begin[c + 1] += w->begin[c];
  size_t next = 0;
  for (size_t c = 0; c < w->columns; c++) {
    for (size_t i = 0; i < w->cells; i++) {
      if (w->cell[i].column == c) w->order[next++] = i;
    }
  }
  number_places(w);
}

/* ---- order -------------------------------------------------------------------------------------------------------------- */

static size_t other_place(const work *w, size_t e, int side) {
  return w->cell[side == 0 ? w->edge[e].from : w->edge[e].to].place;
}

/* Crossings of the edges of cell a with those of cell b below it, on one side. */
static double crossings(const work *w, size_t a, size_t b, int side) {
  double sum = 0.0;
  for (size_t i = w->first[2 * a + (size_t)side]; i < w->first[2 * a + (size_t)side + 1]; i++) {
    const size_t e = w->side[i];
    for (size_t k = w->first[2 * b + (size_t)side]; k < w->first[2 * b + (size_t)side + 1]; k++) {
      const size_t f = w->side[k];
      if (other_place(w, e, side) > other_place(w, f, side)) sum += w->edge[e].value * w->edge[f].value;
    }
  }
  return sum;
}

static double all_crossings(const work *w) {
  double sum = 0.0;
  for (size_t c = 0; c + 1 < w->columns; c++) {
    for (size_t i = w->begin[c]; i < w->begin[c + 1]; i++) {
      for (size_t k = i + 1; k < w->begin[c + 1]; k++) sum += crossings(w, w->order[i], w->order[k], 1);
    }
  }
  return sum;
}

/* Order a column by the mean place of what its cells lead to on a side; cells that lead nowhere stay where they are among it. */
static void sort_column(work *w, size_t column, int side) {
  const size_t first = w->begin[column], end = w->begin[column + 1];
  const size_t there = side == 0 ? column - 1 : column + 1;
  const double ratio = (double)(w->begin[there + 1] - w->begin[there]) / (double)(end - first);
  for (size_t i = first; i < end; i++) {
    cell *c = &w->cell[w->order[i]];
    const size_t list = 2 * w->order[i] + (size_t)side;
    double sum = 0.0, weight = 0.0;
    for (size_t k = w->first[list]; k < w->first[list + 1]; k++) {
      const size_t e = w->side[k];
      sum += w->edge[e].value * ((double)other_place(w, e, side) + 0.5);
      weight += w->edge[e].value;
    }
    c->key = weight > 0.0 ? sum / weight : ((double)c->place + 0.5) * ratio;
  }
  for (size_t i = first + 1; i < end; i++) {
    const size_t moved = w->order[i];
    size_t k = i;
    for (; k > first && w->cell[w->order[k - 1]].key > w->cell[moved].key; k--) w->order[k] = w->order[k - 1];
    w->order[k] = moved;
  }
  for (size_t i = first; i < end; i++) w->cell[w->order[i]].place = i - first;
}

/* Exchange neighbours as long as that lessens crossings. */
static void exchange(work *w) {
  enum { PASSES_MOST = 100 };
  bool changed = true;
  for (int pass = 0; changed && pass < PASSES_MOST; pass++) {
    changed = false;
    for (size_t c = 0; c < w->columns; c++) {
      for (size_t i = w->begin[c]; i + 1 < w->begin[c + 1]; i++) {
        const size_t a = w->order[i], b = w->order[i + 1];
        const double now = crossings(w, a, b, 0) + crossings(w, a, b, 1);
        if (!(now > (crossings(w, b, a, 0) + crossings(w, b, a, 1)) * (1.0 + 1e-12))) continue;
        w->order[i] = b;
        w->order[i + 1] = a;
        w->cell[b].place = i - w->begin[c];
        w->cell[a].place = i + 1 - w->begin[c];
        changed = true;
      }
    }
  }
}

static void find_order(work *w) {
  enum { SWEEPS = 12 };
  const size_t bytes = w->cells * sizeof *w->order;
  double least = all_crossings(w);
  memcpy(w->best, w->order, bytes);
  for (int sweep = 0; sweep < SWEEPS && least > 0.0; sweep++) {
    if (sweep % 2 == 0) {
      for (size_t c = 1; c < w->columns; c++) sort_column(w, c, 0);
    } else {
      for (size_t c = w->columns - 1; c-- > 0;) sort_column(w, c, 1);
    }
    if (sweep % 4 == 3) exchange(w);
    const double now = all_crossings(w);
    if (!(now < least)) continue;
    least = now;
    memcpy(w->best, w->order, bytes);
  }
  memcpy(w->order, w->best, bytes);
  number_places(w);
  exchange(w);
}

/* ---- heights ------------------------------------------------------------------------------------------------------------ */

static double height(const work *w, size_t i) {
  return w->cell[i].value * w->layout->scale;
}

/* What the text of a node stands out above and below it. */
static double overhang(const work *w, size_t i) {
  return w->cell[i].node && w->room->text != NULL ? fmax(0.0, 0.5 * (w->room->text[i] - height(w, i))) : 0.0;
}

static double between(const work *w, size_t above, size_t below) {
  const bool nodes = w->cell[above].node || w->cell[below].node;
  return fmax(nodes ? w->room->gap : 0.25 * w->room->gap, overhang(w, above) + overhang(w, below));
}

/* Height that a column needs at the scale at hand. */
static double column_height(const work *w, size_t column) {
  const size_t first = w->begin[column], end = w->begin[column + 1];
  if (first == end) return 0.0;
  double sum = overhang(w, w->order[first]) + overhang(w, w->order[end - 1]);
  for (size_t i = first; i < end; i++) {
    sum += height(w, w->order[i]);
    if (i > first) sum += between(w, w->order[i - 1], w->order[i]);
  }
  return sum;
}

static double largest_height(const work *w) {
  double largest = 0.0;
  for (size_t c = 0; c < w->columns; c++) largest = fmax(largest, column_height(w, c));
  return largest;
}

/* The largest scale at which every column fits, by bisection: what a column needs does not fall as the scale grows. A third of the
 * height is left to the values however many lines there are. */
static void find_scale(work *w) {
  enum { STEPS = 60 };
  tanlu_sankey_layout *l = w->layout;
  double value = 0.0, low = 0.0;
  for (size_t c = 0; c < w->columns; c++) {
    double sum = 0.0;
    for (size_t i = w->begin[c]; i < w->begin[c + 1]; i++) sum += w->cell[w->order[i]].value;
    value = fmax(value, sum);
  }
  l->scale = 0.0;
  l->height = fmax(w->room->height, 1.5 * largest_height(w));
  if (!(value > 0.0)) return;
  double high = l->height / value;
  for (int step = 0; step < STEPS; step++) {
    l->scale = 0.5 * (low + high);
    if (largest_height(w) <= l->height) {
      low = l->scale;
    } else {
      high = l->scale;
    }
  }
  l->scale = low;
}

/* ---- positions ---------------------------------------------------------------------------------------------------------- */

static double middle_of(const work *w, size_t i) {
  return w->cell[i].top + 0.5 * height(w, i);
}

/* Tops nearest to the wanted middles, weighted by value, in the order of the column, with its distances, within the diagram:
 * isotonic regression by pooling neighbours, of the tops less what lies above them at least. */
static void place_column(work *w, size_t column) {
  const size_t begin = w->begin[column], count = w->begin[column + 1] - begin;
  const size_t *order = w->order + begin;
  size_t blocks = 0;
  if (count == 0) return;
  const double least = overhang(w, order[0]), room = fmax(0.0, w->layout->height - column_height(w, column));
  w->offset[0] = 0.0;
  for (size_t i = 1; i < count; i++) {
    w->offset[i] = w->offset[i - 1] + height(w, order[i - 1]) + between(w, order[i - 1], order[i]);
  }
  for (size_t i = 0; i < count; i++) {
    const cell *c = &w->cell[order[i]];
    w->level[blocks] = c->wanted - 0.5 * height(w, order[i]) - w->offset[i];
    w->weight[blocks] = fmax(c->value * w->layout->scale, 1e-3);
    w->block[blocks++] = i + 1; /* end of the block */
    while (blocks > 1 && w->level[blocks - 2] >= w->level[blocks - 1]) {
      const double sum = w->weight[blocks - 2] + w->weight[blocks - 1];
      w->level[blocks - 2] =
          (w->level[blocks - 2] * w->weight[blocks - 2] + w->level[blocks - 1] * w->weight[blocks - 1]) / sum;
      w->weight[blocks - 2] = sum;
      w->block[blocks - 2] = w->block[blocks - 1];
      blocks--;
    }
  }
  for (size_t b = 0, i = 0; b < blocks; b++) {
    const double level = fmin(fmax(w->level[b], least), least + room);
    for (; i < w->block[b]; i++) w->cell[order[i]].top = level + w->offset[i];
  }
}

/* Wanted: the mean middle of the neighbours on the sides asked for, or to stay. */
static void want(work *w, size_t i, bool left, bool right) {
  double sum = 0.0, weight = 0.0;
  for (int side = left ? 0 : 1; side <= (right ? 1 : 0); side++) {
    const size_t list = 2 * i + (size_t)side;
    for (size_t k = w->first[list]; k < w->first[list + 1]; k++) {
      const edge *e = &w->edge[w->side[k]];
      sum += e->value * middle_of(w, side == 0 ? e->from : e->to);
      weight += e->value;
    }
  }
  w->cell[i].wanted = weight > 0.0 ? sum / weight : middle_of(w, i);
}

static void find_positions(work *w) {
  enum { ROUNDS = 24 };
  for (size_t c = 0; c < w->columns; c++) { /* first: about the middle of the diagram */
    for (size_t i = w->begin[c]; i < w->begin[c + 1]; i++) w->cell[w->order[i]].wanted = 0.5 * w->layout->height;
    place_column(w, c);
  }
  for (int round = 0; round < ROUNDS; round++) {
    const bool forth = round % 2 == 0, both = round + 2 >= ROUNDS;
    for (size_t n = 0; n < w->columns; n++) {
      const size_t c = forth ? n : w->columns - 1 - n;
      for (size_t i = w->begin[c]; i < w->begin[c + 1]; i++) want(w, w->order[i], forth || both, !forth || both);
      place_column(w, c);
    }
  }
}

/* ---- links -------------------------------------------------------------------------------------------------------------- */

/* Links on a side of a cell, one below the other from its top, in the order of where they lead. */
static void spread_links(work *w, size_t i, int side) {
  const size_t first = w->first[2 * i + (size_t)side], end = w->first[2 * i + (size_t)side + 1];
  double top = w->cell[i].top;
  for (size_t k = first + 1; k < end; k++) { /* equal places keep the order of the links */
    const size_t moved = w->side[k];
    size_t n = k;
    for (; n > first && other_place(w, w->side[n - 1], side) > other_place(w, moved, side); n--) {
      w->side[n] = w->side[n - 1];
    }
    w->side[n] = moved;
  }
  for (size_t k = first; k < end; k++) {
    edge *e = &w->edge[w->side[k]];
    const double width = e->value * w->layout->scale;
    *(side == 0 ? &e->end : &e->start) = top + 0.5 * width;
    top += width;
  }
}

static void give_layout(work *w) {
  tanlu_sankey_layout *l = w->layout;
  for (size_t i = 0; i < w->cells; i++) {
    for (int side = 0; side < 2; side++) spread_links(w, i, side);
  }
  for (size_t i = 0; i < w->sankey->nodes; i++) {
    l->top[i] = w->cell[i].top;
    l->extent[i] = height(w, i);
  }
  size_t next = 0;
  for (size_t link = 0, e = 0; link < w->sankey->links; link++) { /* edges are in the order of the links */
    l->first[link] = next;
    if (e < w->edges && w->edge[e].link == link) l->middle[next++] = w->edge[e].start;
    for (; e < w->edges && w->edge[e].link == link; e++) l->middle[next++] = w->edge[e].end;
  }
  l->first[w->sankey->links] = next;
}

tanlu_status tanlu_sankey_layout_compute(tanlu_sankey_layout *layout, const tanlu_sankey *sankey,
                                         const tanlu_sankey_room *room, tanlu_context *context) {
  work w = {.sankey = sankey, .room = room, .layout = layout};
  *layout = (tanlu_sankey_layout){.height = room->height};
  tanlu_status status = check(sankey, context);
  if (status == TANLU_OK) status = allocate(&w, context);
  if (status == TANLU_OK && w.columns > 0) {
    make_cells(&w);
    list_sides(&w);
    first_order(&w);
    find_order(&w);
    find_scale(&w);
    find_positions(&w);
    give_layout(&w);
  }
  clear_work(&w);
  return status;
}
