/* Sankey diagrams: drawing what outputs/sankey_layout.h has laid out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "outputs/sankey_layout.h"
#include "solvers/memory.h"

#define NODE_WIDTH 14.0
#define TEXT_GAP 6.0    /* between a node and its text */
#define SIDE_MOST 165.0 /* room for texts beside the first and the last column */
#define THINNEST 1.2    /* thinner links are drawn as lines of this width */
#define LINKS_OPACITY 0.42

typedef struct {
  const tanlu_figure *figure;
  tanlu_canvas *canvas;
  tanlu_sankey sankey;
  tanlu_sankey_layout layout;
  size_t *column, *from, *to;
  double *value, *text, *room; /* text: heights; room: widths of texts */
  char **label;                /* with the value */
  size_t columns;
  double left, step, top; /* of the nodes of the first column, between columns */
} diagram;

static void clear(diagram *d) {
  for (size_t i = 0; d->label != NULL && i < d->figure->nodes; i++) free(d->label[i]);
  free(d->label);
  free(d->column);
  free(d->from);
  free(d->to);
  free(d->value);
  free(d->text);
  free(d->room);
  tanlu_sankey_layout_clear(&d->layout);
}

static tanlu_status gather(diagram *d, tanlu_context *context) {
  const tanlu_figure *figure = d->figure;
  d->column = tanlu_allocate(context, figure->nodes, sizeof *d->column);
  d->from = tanlu_allocate(context, figure->links, sizeof *d->from);
  d->to = tanlu_allocate(context, figure->links, sizeof *d->to);
  d->value = tanlu_allocate_doubles(context, figure->links, 1);
  d->text = tanlu_allocate_doubles(context, figure->nodes, 1);
  d->room = tanlu_allocate_doubles(context, figure->nodes, 1);
  d->label = tanlu_allocate(context, figure->nodes, sizeof *d->label);
  if (!d->column || !d->from || !d->to || !d->value || !d->text || !d->room || !d->label) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < figure->nodes; i++) {
    d->column[i] = figure->node[i].column;
    if (d->column[i] >= d->columns) d->columns = d->column[i] + 1;
  }
  for (size_t l = 0; l < figure->links; l++) {
    d->from[l] = figure->link[l].from;
    d->to[l] = figure->link[l].to;
    d->value[l] = tanlu_figure_drawable(figure->link[l].value) ? figure->link[l].value : (double)NAN;
  }
  d->sankey = (tanlu_sankey){figure->nodes, figure->links, d->column, d->from, d->to, d->value};
  return TANLU_OK;
}

/* ---- texts -------------------------------------------------------------------------------------------------------------- */

/* "Coal 2 862"; nothing beside a node through which nothing flows. */
static tanlu_status make_labels(diagram *d, tanlu_context *context) {
  const tanlu_figure *figure = d->figure;
  for (size_t i = 0; i < figure->nodes; i++) {
    double in = 0.0, out = 0.0;
    char number[TANLU_NUMBER_SIZE];
    for (size_t l = 0; l < figure->links; l++) {
      if (!(d->value[l] > 0.0)) continue;
      in += d->to[l] == i ? d->value[l] : 0.0;
      out += d->from[l] == i ? d->value[l] : 0.0;
    }
    const size_t size = strlen(figure->node[i].label) + sizeof number + 2;
    d->label[i] = tanlu_allocate(context, size, 1);
    if (d->label[i] == NULL) return TANLU_ERR_MEMORY;
    if (in > 0.0 || out > 0.0) {
      (void)snprintf(d->label[i], size, "%s %s", figure->node[i].label, tanlu_number_text(fmax(in, out), 3, number));
    }
  }
  return TANLU_OK;
}

static double widest_of(const diagram *d, size_t column, double most) {
  double widest = 0.0;
  for (size_t i = 0; i < d->figure->nodes; i++) {
    double wide = 0.0;
    if (d->column[i] != column) continue;
    (void)tanlu_text_lines(d->label[i], TANLU_TEXT_SMALL, most, &wide);
    widest = fmax(widest, wide);
  }
  return widest;
}

/* Texts of the first column stand left of it, of the others right of them, up to the next. */
static void place_columns(diagram *d) {
  const double line = TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL;
  const double left = widest_of(d, 0, SIDE_MOST), right = widest_of(d, d->columns - 1, SIDE_MOST);
  const double end = TANLU_CANVAS_WIDTH - TANLU_CANVAS_MARGIN - TEXT_GAP - right - NODE_WIDTH;
  d->left = TANLU_CANVAS_MARGIN + left + TEXT_GAP;
  d->step = (end - d->left) / (double)(d->columns > 1 ? d->columns - 1 : 1);
  for (size_t i = 0; i < d->figure->nodes; i++) {
    const bool side = d->column[i] == 0 || d->column[i] + 1 == d->columns;
    const double word = tanlu_text_longest_word(d->label[i], TANLU_TEXT_SMALL); /* never broken: it runs over links */
    d->room[i] = side ? SIDE_MOST : fmax(d->step - NODE_WIDTH - 2.0 * TEXT_GAP, word + 0.5);
    d->text[i] = line * (double)tanlu_text_lines(d->label[i], TANLU_TEXT_SMALL, d->room[i], NULL);
  }
}

static double column_x(const diagram *d, size_t column) {
  return d->left + (double)column * d->step;
}

/* ---- shapes ------------------------------------------------------------------------------------------------------------- */

/* One edge of a link, from its beginning to its end, or back: `shift` below its middle. */
static void draw_edge(const diagram *d, size_t l, double shift, bool back) {
  const size_t first = d->layout.first[l], parts = d->layout.first[l + 1] - first - 1;
  const size_t column = d->column[d->from[l]];
  for (size_t n = 0; n < parts; n++) {
    const size_t k = back ? parts - 1 - n : n;
    const double x1 = column_x(d, column + k) + NODE_WIDTH, x2 = column_x(d, column + k + 1), middle = 0.5 * (x1 + x2);
    const double y1 = d->top + d->layout.middle[first + k] + shift,
                 y2 = d->top + d->layout.middle[first + k + 1] + shift;
    if (n > 0) tanlu_canvas_draw(d->canvas, back ? x2 : x1, back ? y2 : y1); /* straight past a column */
    if (back) {
      tanlu_canvas_curve(d->canvas, middle, y2, middle, y1, x1, y1);
    } else {
      tanlu_canvas_curve(d->canvas, middle, y1, middle, y2, x2, y2);
    }
  }
}

static void draw_link(const diagram *d, size_t l) {
  const tanlu_figure *figure = d->figure;
  const size_t first = d->layout.first[l], last = d->layout.first[l + 1];
  const double width = d->value[l] * d->layout.scale;
  const bool thin = !(width > THINNEST);
  const double half = thin ? 0.0 : 0.5 * width;
  char number[TANLU_NUMBER_SIZE];
  if (first == last) return;
  tanlu_paint paint =
      thin ? tanlu_paint_stroke(figure->link[l].role, THINNEST) : tanlu_paint_fill(figure->link[l].role);
  paint.opacity = thin ? 0.7 : LINKS_OPACITY;
  tanlu_canvas_group(d->canvas, NULL);
  tanlu_canvas_tooltip(d->canvas, "%s → %s: %s %s", figure->node[d->from[l]].label, figure->node[d->to[l]].label,
                       tanlu_number_text(d->value[l], 4, number), figure->y.unit != NULL ? figure->y.unit : "");
  tanlu_canvas_path(d->canvas);
  tanlu_canvas_move(d->canvas, column_x(d, d->column[d->from[l]]) + NODE_WIDTH,
                    d->top + d->layout.middle[first] - half);
  draw_edge(d, l, -half, false);
  if (!thin) {
    tanlu_canvas_draw(d->canvas, column_x(d, d->column[d->to[l]]), d->top + d->layout.middle[last - 1] + half);
    draw_edge(d, l, half, true);
    tanlu_canvas_close(d->canvas);
  }
  tanlu_canvas_path_end(d->canvas, paint);
  tanlu_canvas_group_end(d->canvas);
}

static void draw_node(const diagram *d, size_t i) {
  const tanlu_figure_place *node = &d->figure->node[i];
  const double x = column_x(d, node->column), height = fmax(d->layout.extent[i], THINNEST);
  const double y = d->top + d->layout.top[i] + 0.5 * (d->layout.extent[i] - height);
  char in[TANLU_NUMBER_SIZE], out[TANLU_NUMBER_SIZE];
  if (*d->label[i] == '\0') return;
  tanlu_canvas_group(d->canvas, NULL);
  tanlu_canvas_tooltip(d->canvas, "%s: in %s, out %s %s", node->label, tanlu_number_text(d->layout.in[i], 4, in),
                       tanlu_number_text(d->layout.out[i], 4, out), d->figure->y.unit != NULL ? d->figure->y.unit : "");
  tanlu_canvas_rect(d->canvas, (tanlu_box){x, y, NODE_WIDTH, height}, tanlu_paint_fill(node->role));
  tanlu_canvas_group_end(d->canvas);
}

static void write_label(const diagram *d, size_t i) {
  const bool first = d->column[i] == 0;
  const double x = column_x(d, d->column[i]), line = TANLU_LINE_HEIGHT * TANLU_TEXT_SMALL;
  const double middle = d->top + d->layout.top[i] + 0.5 * d->layout.extent[i];
  tanlu_text style = tanlu_text_small(first ? TANLU_ANCHOR_END : TANLU_ANCHOR_START);
  style.halo = !first && d->column[i] + 1 < d->columns; /* over links */
  (void)tanlu_canvas_paragraph(d->canvas, first ? x - TEXT_GAP : x + NODE_WIDTH + TEXT_GAP,
                               middle - 0.5 * d->text[i] + 0.5 * line + 0.35 * TANLU_TEXT_SMALL, d->room[i], style,
                               d->label[i]);
}

/* ---- the figure --------------------------------------------------------------------------------------------------------- */

/* Higher with more nodes in a column. */
static double wanted_height(const diagram *d) {
  size_t most = 0;
  for (size_t c = 0; c < d->columns; c++) {
    size_t count = 0;
    for (size_t i = 0; i < d->figure->nodes; i++) count += d->column[i] == c && *d->label[i] != '\0';
    if (count > most) most = count;
  }
  return fmin(fmax(300.0, 120.0 + 32.0 * (double)most), 620.0);
}

/* Thin links last: a wide one would hide them. */
static tanlu_status draw_links(const diagram *d, tanlu_context *context) {
  const size_t links = d->figure->links;
  size_t *order = tanlu_allocate(context, links, sizeof *order);
  if (order == NULL) return TANLU_ERR_MEMORY;
  for (size_t l = 0; l < links; l++) {
    size_t k = l;
    const double value = d->value[l] > 0.0 ? d->value[l] : 0.0;
    for (; k > 0 && !(d->value[order[k - 1]] >= value); k--) order[k] = order[k - 1];
    order[k] = l;
  }
  for (size_t l = 0; l < links; l++) draw_link(d, order[l]);
  free(order);
  return TANLU_OK;
}

tanlu_status tanlu_figure_draw_sankey(const tanlu_figure *figure, tanlu_canvas *canvas) {
  diagram d = {.figure = figure, .canvas = canvas};
  tanlu_status status = gather(&d, canvas->context);
  if (status == TANLU_OK) status = make_labels(&d, canvas->context);
  if (status == TANLU_OK) {
    tanlu_canvas_axis_heading(canvas, &figure->y);
    place_columns(&d);
    const tanlu_sankey_room room = {.height = wanted_height(&d), .gap = 10.0, .text = d.text};
    status = tanlu_sankey_layout_compute(&d.layout, &d.sankey, &room, canvas->context);
  }
  if (status == TANLU_OK) {
    d.top = canvas->bottom + 4.0;
    status = draw_links(&d, canvas->context);
  }
  for (size_t i = 0; status == TANLU_OK && i < figure->nodes; i++) draw_node(&d, i);
  for (size_t i = 0; status == TANLU_OK && i < figure->nodes; i++) write_label(&d, i);
  if (status == TANLU_OK) canvas->bottom = d.top + d.layout.height + 4.0;
  clear(&d);
  return status;
}
