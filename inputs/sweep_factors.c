/* What the sensitivity indices of a sweep are of. */
#include <stdio.h>
#include <stdlib.h>

#include "inputs/sweep_private.h"
#include "solvers/memory.h"

static tanlu_status add(tanlu_sweep *s, const char *label, size_t dimensions, size_t *next, tanlu_context *context) {
  s->factor[s->factors] = tanlu_string_copy(context, label);
  if (!s->factor[s->factors]) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < dimensions; i++) s->dimension_factor[(*next)++] = s->factors;
  s->factor_dimensions[s->factors++] = dimensions;
  return TANLU_OK;
}

/* A simplex is one factor; the elementary effects of its dimensions have signs and are each of their own, called after the member
 * that the dimension decides on. */
tanlu_status tanlu_sweep_list_factors(tanlu_sweep *s, tanlu_context *context) {
  const size_t most = s->options.dimensions;
  size_t next = 0;
  s->factor = tanlu_allocate(context, most, sizeof *s->factor);
  s->factor_dimensions = tanlu_allocate(context, most, sizeof *s->factor_dimensions);
  s->dimension_factor = tanlu_allocate(context, most, sizeof *s->dimension_factor);
  tanlu_status status = s->factor && s->factor_dimensions && s->dimension_factor ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t p = 0; status == TANLU_OK && p < s->parameters; p++) {
    const size_t index = s->parameter[p].simplex;
    if (index == TANLU_NONE) {
      status = add(s, s->parameter[p].label, 1, &next, context);
      continue;
    }
    const tanlu_sweep_simplex *x = &s->simplex[index];
    const size_t dimensions = tanlu_simplex_dimensions(x->shares);
    if (s->options.kind != TANLU_DESIGN_MORRIS && dimensions > 0) { /* none where the bounds leave no choice */
      status = add(s, x->name, dimensions, &next, context);
    }
    for (size_t i = 0; status == TANLU_OK && s->options.kind == TANLU_DESIGN_MORRIS && i < dimensions; i++) {
      status = add(s, s->parameter[p + tanlu_simplex_member(x->shares, i)].label, 1, &next, context);
    }
    p += x->count - 1;
  }
  return status;
}
