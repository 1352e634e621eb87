/* Where the nodes and links of a Sankey diagram go: numbers only, no drawing.
 *
 * A node is a bar in its column, as high as the larger of what comes in and what goes out, times one scale for the whole diagram;
 * a link is as wide as its value times that scale, wherever it runs. A link over several columns keeps a place of its own in the
 * columns between, so that it passes no node. The order in the columns comes from barycentres (K. Sugiyama et al., IEEE Trans.
 * Syst. Man Cybern. 11 (1981)) and exchanges of neighbours, which lessen sum over crossings of the product of the two values;
 * positions from isotonic regression about the mean of the neighbours. The same input gives the same layout. */
#ifndef TANLU_OUTPUTS_SANKEY_LAYOUT_H
#define TANLU_OUTPUTS_SANKEY_LAYOUT_H

#include "solvers/context.h"

typedef struct {
  size_t nodes, links;
  const size_t *column;    /* nodes: 0 is the leftmost */
  const size_t *from, *to; /* links: nodes, from in a column before that of to */
  const double *value;     /* links: > 0; zero or NaN: no link */
} tanlu_sankey;

typedef struct {
  double height; /* of the diagram, at least */
  double gap;    /* between nodes of a column, at least */
  /* nodes: height of its text beside its middle, which lies within the diagram and meets no other of its column; NULL: none */
  const double *text;
} tanlu_sankey_room;

typedef struct {
  size_t columns;
  double height;        /* that of the room, or more where the lines of a column need it */
  double scale;         /* height of one unit of value */
  double *top, *extent; /* nodes: from the top edge downwards */
  double *in, *out;     /* nodes: sums of values */
  size_t *first;        /* links + 1 */
  double *
      middle; /* of link l in the columns from column[from] to column[to]: middle[first[l]] .. middle[first[l + 1] - 1]; none
                     for a link without a value */
} tanlu_sankey_layout;

/* TANLU_ERR_INTERNAL for links that go back or stay in their column, unknown nodes, negative or infinite values. A diagram without
 * a link of a value has scale 0. Cleared by the caller in any case. */
tanlu_status tanlu_sankey_layout_compute(tanlu_sankey_layout *layout, const tanlu_sankey *sankey,
                                         const tanlu_sankey_room *room, tanlu_context *context);
void tanlu_sankey_layout_clear(tanlu_sankey_layout *layout);

#endif
