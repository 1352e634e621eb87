#include "model/perturb.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/identities.h"
#include "solvers/memory.h"
#include "solvers/random.h"
#include "solvers/ras.h"

static const tanlu_ras_options balancing = {.tolerance = 1e-12, .most = 20000};

static tanlu_status check_factor(const tanlu_dataset *dataset, const char *what, double value, tanlu_context *context) {
  if (value >= 0.0 && isfinite(value)) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s: %g as %s; expected 0 or more", dataset->name, value, what);
}

/* ---- emission factors -------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_perturb_emission_factors(tanlu_dataset *dataset, const bool *carrier, double factor,
                                            tanlu_context *context) {
  tanlu_energy_statistics *e = &dataset->energy;
  const size_t carriers = e->carrier.label.count;
  const tanlu_status status = check_factor(dataset, "a factor on emission factors", factor, context);
  if (status != TANLU_OK) return status;
  for (size_t g = 0; g < e->user_group.count; g++) {
    for (size_t c = 0; c < carriers; c++) {
      if (carrier[c]) e->emission_factor[g * carriers + c] *= factor;
    }
  }
  return TANLU_OK;
}

/* ---- use by branch ------------------------------------------------------------------------------------------------------ */

/* Use of a carrier by the marked branches and by the others. */
static void use_of(const tanlu_energy_statistics *e, const bool *cell, size_t c, double *marked, double *others) {
  const size_t carriers = e->carrier.label.count;
  *marked = *others = 0.0;
  for (size_t b = 0; b < e->branch.count; b++) {
    *(cell[b * carriers + c] ? marked : others) += e->final[b * carriers + c];
  }
}

/* Generation that meets `more` TJ of use, beside what the grid loses of it: all plants alike, with their fuels. */
static tanlu_status generate(tanlu_dataset *dataset, double more, tanlu_context *context) {
  tanlu_energy_statistics *e = &dataset->energy;
  const size_t carriers = e->carrier.label.count, electricity = e->electricity;
  double *const primary[] = {&e->primary_hydro, &e->primary_nuclear, &e->primary_wind, &e->primary_solar};
  double own = 0.0, thermal = 0.0;
  for (size_t k = 0; k < sizeof primary / sizeof *primary; k++) own += *primary[k];
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] == TANLU_PROCESS_THERMAL_POWER) thermal += e->conversion[p * carriers + electricity];
  }
  const double supplied = own + thermal - e->losses[electricity], factor = 1.0 + more / supplied;
  if (!(supplied > 0.0 && factor > 0.0)) {
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "dataset %s: generation of %.6g TJ cannot follow a change of %.6g TJ in the use of electricity",
                      dataset->name, supplied, more);
  }
  for (size_t p = 0; p < e->process.count; p++) {
    if (e->process_kind[p] != TANLU_PROCESS_THERMAL_POWER) continue;
    for (size_t c = 0; c < carriers; c++) {
      double *flow = &e->conversion[p * carriers + c];
      if (c != electricity) e->statistical_difference[c] += (factor - 1.0) * *flow;
      *flow *= factor;
    }
  }
  size_t largest = 0; /* primary electricity is the largest item of its supply */
  for (size_t s = 1; s < e->supply_item.count; s++) {
    if (e->supply[s * carriers + electricity] > e->supply[largest * carriers + electricity]) largest = s;
  }
  if (e->supply_item.count > 0) e->supply[largest * carriers + electricity] += (factor - 1.0) * own;
  for (size_t k = 0; k < sizeof primary / sizeof *primary; k++) *primary[k] *= factor;
  e->losses[electricity] *= factor;
  return TANLU_OK;
}

/* One carrier: its marked cells by `factor`, and what gives way. */
static tanlu_status scale_use(tanlu_dataset *dataset, const bool *cell, size_t c, double factor, bool keep_total,
                              tanlu_context *context) {
  tanlu_energy_statistics *e = &dataset->energy;
  const size_t carriers = e->carrier.label.count;
  double marked, others;
  use_of(e, cell, c, &marked, &others);
  const double more = marked * (factor - 1.0);
  if (more == 0.0) return TANLU_OK;
  if (keep_total && !(others - more >= 0.0 && others > 0.0)) {
    return tanlu_fail(
        context, TANLU_ERR_INPUT,
        "dataset %s: the total of '%s' cannot be kept: the branch would use %.6g TJ more, of %.6g TJ that "
        "the others use",
        dataset->name, e->carrier.label.code[c], more, others);
  }
  const double other = keep_total ? 1.0 - more / others : 1.0;
  for (size_t b = 0; b < e->branch.count; b++) {
    e->final[b * carriers + c] *= cell[b * carriers + c] ? factor : other;
  }
  if (keep_total) return TANLU_OK;
  if (c == e->electricity) return generate(dataset, more, context);
  e->statistical_difference[c] -= more;
  return TANLU_OK;
}

tanlu_status tanlu_perturb_branch_energy(tanlu_dataset *dataset, const bool *cell, double factor, bool keep_total,
                                         tanlu_context *context) {
  tanlu_status status = check_factor(dataset, "a factor on energy use", factor, context);
  for (size_t c = 0; status == TANLU_OK && c < dataset->energy.carrier.label.count; c++) {
    status = scale_use(dataset, cell, c, factor, keep_total, context);
  }
  return status;
}

/* ---- coefficients -------------------------------------------------------------------------------------------------------- */

/* The factors of all cells, n x n. Cells are numbered column by column. */
static void draw_factors(double *factor, size_t cells, double deviation, uint64_t seed, uint64_t draw) {
  const double variance = log1p(deviation * deviation), spread = sqrt(variance);
  for (size_t k = 0; k < cells; k++) {
    const double u = tanlu_random_uniform(seed, TANLU_STREAM_CELL, draw, (uint32_t)k);
    factor[k] = exp(spread * gsl_cdf_ugaussian_Pinv(u) - 0.5 * variance);
  }
}

/* Flows to be balanced, one above the other: parts x n rows. */
typedef struct {
  size_t n, parts;      /* 1: flows; 2: domestic flows, imported flows */
  double *matrix;       /* parts n x n */
  double *row, *column; /* sums that they keep: parts n, n */
  const char **name;    /* parts n: sectors */
} stack;

static double *part_of(const stack *s, size_t part, size_t i, size_t j) {
  return &s->matrix[j * s->parts * s->n + part * s->n + i];
}

/* Imported flows are what is not domestic; below zero (rounding of the statistics) they are left out and stay as they are. */
static void fill_stack(stack *s, const tanlu_accounts *a) {
  const size_t n = s->n;
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) {
      const double flow = a->flows[j * n + i];
      *part_of(s, 0, i, j) = s->parts == 1 ? flow : a->flows_domestic[j * n + i];
      if (s->parts == 2) *part_of(s, 1, i, j) = fmax(flow - a->flows_domestic[j * n + i], 0.0);
    }
  }
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < s->parts * n; i++) {
      s->row[i] += s->matrix[j * s->parts * n + i];
      s->column[j] += s->matrix[j * s->parts * n + i];
    }
  }
  for (size_t i = 0; i < s->parts * n; i++) s->name[i] = a->sector.code[i % n];
}

static void take_stack(const stack *s, tanlu_accounts *a) {
  const size_t n = s->n;
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) {
      double *flow = &a->flows[j * n + i];
      if (s->parts == 1) {
        *flow = *part_of(s, 0, i, j);
        continue;
      }
      double *domestic = &a->flows_domestic[j * n + i];
      const double below = fmin(*flow - *domestic, 0.0);
      *domestic = *part_of(s, 0, i, j);
      *flow = *domestic + *part_of(s, 1, i, j) + below;
    }
  }
}

static void stack_clear(stack *s) {
  free(s->matrix);
  free(s->row);
  free(s->column);
  free(s->name);
}

tanlu_status tanlu_perturb_coefficients(tanlu_dataset *dataset, double deviation, uint64_t seed, uint64_t draw,
                                        tanlu_context *context) {
  tanlu_accounts *a = &dataset->accounts;
  const size_t n = a->n, parts = a->import_treatment == TANLU_IMPORT_SPLIT ? 2 : 1;
  tanlu_status status = check_factor(dataset, "a deviation of coefficients", deviation, context);
  if (status != TANLU_OK || deviation == 0.0) return status;
  stack s = {.n = n,
             .parts = parts,
             .matrix = tanlu_allocate_doubles(context, parts * n, n),
             .row = tanlu_allocate_doubles(context, parts * n, 1),
             .column = tanlu_allocate_doubles(context, n, 1),
             .name = tanlu_allocate(context, parts * n, sizeof *s.name)};
  double *factor = tanlu_allocate_doubles(context, n, n);
  if (s.matrix == NULL || s.row == NULL || s.column == NULL || s.name == NULL || factor == NULL) {
    status = TANLU_ERR_MEMORY;
  } else {
    fill_stack(&s, a);
    draw_factors(factor, n * n, deviation, seed, draw);
    for (size_t k = 0; k < n * n; k++) {
      for (size_t part = 0; part < parts; part++) *part_of(&s, part, k % n, k / n) *= factor[k];
    }
    status = tanlu_ras(parts * n, n, s.matrix, s.row, s.column, s.name, s.name, &balancing, NULL, context);
    if (status == TANLU_OK) take_stack(&s, a);
  }
  free(factor);
  stack_clear(&s);
  return status;
}

tanlu_status tanlu_perturb_finish(tanlu_dataset *dataset, tanlu_context *context) {
  const tanlu_status status = tanlu_identities_check(dataset, context);
  return status == TANLU_OK ? tanlu_dataset_derive(dataset, context) : status;
}
