/* Compares two result files member by member of every dimension. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/result_slab.h"
#include "solvers/memory.h"

enum { RANK_MAX = TANLU_RESULT_RANK };

typedef struct {
  tanlu_result *a, *b;
  double tolerance;
  FILE *report;
  bool different;
  tanlu_context *context;
} comparison;

static void differ(comparison *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void differ(comparison *c, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)vfprintf(c->report, format, arguments);
  va_end(arguments);
  c->different = true;
}

/* ---- dimensions ---------------------------------------------------------------------------------------------------- */

/* Code of member i along a dimension; years as numbers, axes without labels by their index. */
static const char *member(tanlu_result *result, const char *dimension, size_t i, char *buffer, size_t size) {
  size_t years = 0;
  const int *year = tanlu_result_years(result, &years);
  const tanlu_labels *labels = tanlu_result_labels(result, dimension);
  if (strcmp(dimension, "year") == 0 && i < years) {
    (void)snprintf(buffer, size, "%d", year[i]);
  } else if (labels != NULL && i < labels->count) {
    return labels->code[i];
  } else {
    (void)snprintf(buffer, size, "#%zu", i);
  }
  return buffer;
}

static bool has_codes(tanlu_result *result, const char *dimension) {
  return strcmp(dimension, "year") == 0 || tanlu_result_labels(result, dimension) != NULL;
}

/* Index in `to` of each of the `count` members of a dimension of `from`; TANLU_NONE where it has no such member. */
static tanlu_status match_members(tanlu_result *from, tanlu_result *to, const char *dimension, size_t count,
                                  size_t to_count, size_t **map, tanlu_context *context) {
  char here[32], there[32];
  *map = tanlu_allocate(context, count, sizeof **map);
  if (*map == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < count; i++) {
    (*map)[i] = TANLU_NONE;
    if (!has_codes(from, dimension) && !has_codes(to, dimension)) {
      if (i < to_count) (*map)[i] = i;
      continue;
    }
    const char *code = member(from, dimension, i, here, sizeof here);
    for (size_t k = 0; k < to_count && (*map)[i] == TANLU_NONE; k++) {
      const size_t guess = (i + k) % to_count; /* mostly the same place */
      if (strcmp(code, member(to, dimension, guess, there, sizeof there)) == 0) (*map)[i] = guess;
    }
  }
  return TANLU_OK;
}

/* Members that only one of the files has. */
static tanlu_status report_missing(comparison *c, tanlu_result *from, tanlu_result *to, const char *dimension,
                                   size_t count, size_t to_count) {
  enum { NAMED = 5 };
  size_t *map = NULL, missing = 0;
  char buffer[32];
  const tanlu_status status = match_members(from, to, dimension, count, to_count, &map, c->context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < count; i++) {
    if (map[i] != TANLU_NONE) continue;
    if (missing < NAMED) {
      differ(c, "%s%s", missing == 0 ? dimension : ",", missing == 0 ? ": " : " ");
      differ(c, "%s", member(from, dimension, i, buffer, sizeof buffer));
    }
    missing++;
  }
  if (missing > NAMED) differ(c, " and %zu more", missing - NAMED);
  if (missing > 0) differ(c, ": only in %s\n", tanlu_result_path(from));
  free(map);
  return TANLU_OK;
}

static tanlu_status compare_dimension(comparison *c, const char *dimension, size_t count_a, size_t count_b) {
  tanlu_status status = report_missing(c, c->a, c->b, dimension, count_a, count_b);
  if (status == TANLU_OK) status = report_missing(c, c->b, c->a, dimension, count_b, count_a);
  return status;
}

/* ---- texts --------------------------------------------------------------------------------------------------------- */

/* Labels, units and definitions of the members both files have. A scenario's text is an input, so it is only noted. */
static tanlu_status compare_texts(comparison *c, const tanlu_result_texts *a, const tanlu_result_texts *b) {
  size_t *map = NULL, changed = 0, first = 0;
  char buffer[32];
  const tanlu_status status = match_members(c->a, c->b, a->dimension, a->count, b->count, &map, c->context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < a->count; i++) {
    if (map[i] == TANLU_NONE || strcmp(a->text[i], b->text[map[i]]) == 0) continue;
    if (changed++ == 0) first = i;
  }
  if (changed > 0) {
    const char *code = member(c->a, a->dimension, first, buffer, sizeof buffer);
    if (strcmp(a->name, "scenario_text") == 0) {
      (void)fprintf(c->report, "note: %s: differs for %zu of %zu, first for %s\n", a->name, changed, a->count, code);
    } else {
      differ(c, "%s: %zu of %zu differ, first %s: \"%s\" against \"%s\"\n", a->name, changed, a->count, code,
             a->text[first], b->text[map[first]]);
    }
  }
  free(map);
  return TANLU_OK;
}

static tanlu_status compare_all_texts(comparison *c) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < tanlu_result_texts_count(c->a); i++) {
    const tanlu_result_texts *a = tanlu_result_texts_at(c->a, i), *b = tanlu_result_texts_find(c->b, a->name);
    if (b == NULL) {
      differ(c, "%s: only in %s\n", a->name, tanlu_result_path(c->a));
    } else if (strcmp(a->name, a->dimension) == 0) {
      status = compare_dimension(c, a->name, a->count, b->count);
    } else {
      status = compare_texts(c, a, b);
    }
  }
  for (size_t i = 0; i < tanlu_result_texts_count(c->b); i++) {
    const tanlu_result_texts *b = tanlu_result_texts_at(c->b, i);
    if (tanlu_result_texts_find(c->a, b->name) == NULL) {
      differ(c, "%s: only in %s\n", b->name, tanlu_result_path(c->b));
    }
  }
  size_t years_a = 0, years_b = 0;
  (void)tanlu_result_years(c->a, &years_a);
  (void)tanlu_result_years(c->b, &years_b);
  if (status == TANLU_OK) status = compare_dimension(c, "year", years_a, years_b);
  return status;
}

/* ---- variables ----------------------------------------------------------------------------------------------------- */

/* Difference of two values: 0 when equal (both missing counts as equal), infinite when one is missing. */
static double difference(double a, double b) {
  if (isnan(a) && isnan(b)) return 0.0;
  if (isnan(a) || isnan(b)) return (double)INFINITY;
  return a == b ? 0.0 : fabs(a - b); /* equal infinities have no difference */
}

static bool bits_differ(double a, double b) {
  return !(isnan(a) && isnan(b)) && memcmp(&a, &b, sizeof a) != 0;
}

static double magnitude(double value) {
  return isfinite(value) ? fabs(value) : 0.0;
}

/* Offset in a row of `b` of the cell at `index` of `a`; TANLU_NONE when b has no such cell. */
static size_t cell_in(const tanlu_result_variable *b, size_t *const *map, const size_t *index) {
  size_t offset = 0;
  for (size_t k = 1; k < b->rank; k++) {
    const size_t at = map[k][index[k]];
    if (at == TANLU_NONE) return TANLU_NONE;
    offset = offset * b->extent[k] + at;
  }
  return offset;
}

/* Step a row-major index within its row; false after the last cell. */
static bool next_cell(const tanlu_result_variable *v, size_t *index) {
  for (size_t k = v->rank; k-- > 1;) {
    if (++index[k] < v->extent[k]) return true;
    index[k] = 0;
  }
  return false;
}

/* Axis along which units differ from member to member (indicators, scalars, products), so that each member has a largest
 * magnitude of its own; TANLU_NONE where there is none. */
static size_t unit_axis(const tanlu_result_variable *v) {
  static const char *const dimension[] = {"indicator", "summary", "product"};
  for (size_t k = 0; k < v->rank; k++) {
    for (size_t i = 0; i < sizeof dimension / sizeof *dimension; i++) {
      if (strcmp(v->dimension[k], dimension[i]) == 0) return k;
    }
  }
  return TANLU_NONE;
}

/* The worst of the cells that differ. */
typedef struct {
  size_t compared, differing, index[RANK_MAX];
  double gap, relative;
} finding;

/* Two variables whose cells are compared row by row. */
typedef struct {
  const comparison *c;
  tanlu_result_slab a, b;
  size_t *map[RANK_MAX]; /* members of a's axes in b */
  size_t axis;           /* of the units */
  double *largest;       /* magnitude along it, or of all */
  bool bits;             /* do any differ? */
  finding worst;
} pair;

static void report_values(comparison *c, const tanlu_result_variable *v, const finding *f, size_t axis) {
  char buffer[32], name[64];
  const char *unit = strcmp(v->unit, "1") != 0 ? v->unit : "";
  if (axis != TANLU_NONE) {
    (void)snprintf(name, sizeof name, "%s_unit", v->dimension[axis]);
    const tanlu_result_texts *units = tanlu_result_texts_find(c->a, name);
    unit = units != NULL && f->index[axis] < units->count ? units->text[f->index[axis]] : "";
  }
  differ(c, "%s: %zu of %zu values differ, ", v->name, f->differing, f->compared);
  if (isinf(f->gap)) {
    differ(c, "one missing or infinite");
  } else {
    differ(c, "by at most %.6g%s%s (%.3g of the largest magnitude)", f->gap, unit[0] != '\0' ? " " : "", unit,
           f->relative);
  }
  for (size_t k = 0; k < v->rank; k++) {
    differ(c, "%s%s", k == 0 ? ", at " : ", ", member(c->a, v->dimension[k], f->index[k], buffer, sizeof buffer));
  }
  differ(c, "\n");
}

/* The largest magnitudes of a row. */
static void measure_row(pair *p, const double *a, const double *b, size_t *index) {
  size_t cell = 0;
  do {
    const size_t other = cell_in(p->b.variable, p->map, index), here = cell++;
    if (other == TANLU_NONE) continue;
    double *of = &p->largest[p->axis != TANLU_NONE ? index[p->axis] : 0];
    *of = fmax(*of, fmax(magnitude(a[here]), magnitude(b[other])));
    p->bits = p->bits || bits_differ(a[here], b[other]);
    p->worst.compared++;
  } while (next_cell(p->a.variable, index));
}

/* Which cells of a row differ by more than the tolerance. The worst is the one that differs most against the largest magnitude. */
static void compare_row(pair *p, const double *a, const double *b, size_t *index) {
  const double tolerance = p->c->tolerance;
  size_t cell = 0;
  do {
    const size_t other = cell_in(p->b.variable, p->map, index), here = cell++;
    if (other == TANLU_NONE) continue;
    const double scale = p->largest[p->axis != TANLU_NONE ? index[p->axis] : 0];
    const double gap = difference(a[here], b[other]);
    const double relative = gap > 0.0 && scale > 0.0 ? gap / scale : gap;
    if (tolerance > 0.0 ? !(gap > tolerance * scale) : !bits_differ(a[here], b[other])) continue;
    p->worst.differing++;
    if (relative > p->worst.relative) {
      p->worst.gap = gap;
      p->worst.relative = relative;
      memcpy(p->worst.index, index, sizeof p->worst.index);
    }
  } while (next_cell(p->a.variable, index));
}

static tanlu_status scan_rows(pair *p, void (*row)(pair *p, const double *a, const double *b, size_t *index)) {
  for (size_t i = 0; i < p->a.variable->extent[0]; i++) {
    size_t index[RANK_MAX] = {i};
    const size_t other = p->map[0][i];
    if (other == TANLU_NONE) continue;
    const double *a = tanlu_result_slab_row(&p->a, i, p->c->context);
    const double *b = a != NULL ? tanlu_result_slab_row(&p->b, other, p->c->context) : NULL;
    if (b == NULL) return TANLU_ERR_IO;
    row(p, a, b, index);
  }
  return TANLU_OK;
}

/* The cells both variables have: the largest magnitudes first and then, where there is any difference, how large. */
static tanlu_status scan_values(comparison *c, pair *p) {
  const tanlu_result_variable *a = p->a.variable;
  p->axis = unit_axis(a);
  p->worst.relative = -1.0;
  p->largest = tanlu_allocate_doubles(c->context, p->axis != TANLU_NONE ? a->extent[p->axis] : 1, 1);
  tanlu_status status = p->largest != NULL ? scan_rows(p, measure_row) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && p->bits) status = scan_rows(p, compare_row);
  if (status == TANLU_OK && p->worst.differing > 0) report_values(c, a, &p->worst, p->axis);
  free(p->largest);
  return status;
}

/* Axes whose members have no codes must be of one length. */
static void compare_lengths(comparison *c, const tanlu_result_variable *a, const tanlu_result_variable *b) {
  for (size_t k = 0; k < a->rank; k++) {
    if (a->extent[k] == b->extent[k] || has_codes(c->a, a->dimension[k])) continue;
    differ(c, "%s: %zu against %zu along %s\n", a->name, a->extent[k], b->extent[k],
           a->dimension[k][0] != '\0' ? a->dimension[k] : "an axis");
  }
}

static tanlu_status compare_variable(comparison *c, const char *name) {
  const tanlu_result_variable *a = tanlu_result_variable_find(c->a, name), *b = tanlu_result_variable_find(c->b, name);
  pair p = {.c = c};
  bool alike = a->rank == b->rank;
  size_t cells = 1;
  for (size_t k = 0; alike && k < a->rank; k++) {
    alike = strcmp(a->dimension[k], b->dimension[k]) == 0;
    cells *= a->extent[k] > 0 && b->extent[k] > 0;
  }
  if (!alike) {
    differ(c, "%s: has other dimensions\n", name);
    return TANLU_OK;
  }
  if (strcmp(a->unit, b->unit) != 0) differ(c, "%s: unit \"%s\" against \"%s\"\n", name, a->unit, b->unit);
  compare_lengths(c, a, b);
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; status == TANLU_OK && k < a->rank; k++) {
    status = match_members(c->a, c->b, a->dimension[k], a->extent[k], b->extent[k], &p.map[k], c->context);
  }
  if (status == TANLU_OK) status = tanlu_result_slab_open(&p.a, c->a, a, false, c->context);
  if (status == TANLU_OK) status = tanlu_result_slab_open(&p.b, c->b, b, false, c->context);
  if (status == TANLU_OK && cells > 0) status = scan_values(c, &p);
  tanlu_result_slab_close(&p.a);
  tanlu_result_slab_close(&p.b);
  for (size_t k = 0; k < RANK_MAX; k++) free(p.map[k]);
  return status;
}

/* Sizes of rounding errors: equal only where every bit is. */
static bool is_rounding(const char *name) {
  return strcmp(name, "residual") == 0 || strcmp(name, "balance_gap") == 0;
}

static tanlu_status compare_variables(comparison *c) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < tanlu_result_variable_count(c->a); i++) {
    const char *name = tanlu_result_variable_at(c->a, i)->name;
    if (tanlu_result_variable_find(c->b, name) == NULL) {
      differ(c, "%s: only in %s\n", name, tanlu_result_path(c->a));
    } else if (c->tolerance == 0.0 || !is_rounding(name)) {
      status = compare_variable(c, name);
    }
  }
  for (size_t i = 0; i < tanlu_result_variable_count(c->b); i++) {
    const char *name = tanlu_result_variable_at(c->b, i)->name;
    if (tanlu_result_variable_find(c->a, name) == NULL) differ(c, "%s: only in %s\n", name, tanlu_result_path(c->b));
  }
  return status;
}

static void note_inputs(comparison *c) {
  const char *a = tanlu_result_attribute(c->a, "input_sha256"), *b = tanlu_result_attribute(c->b, "input_sha256");
  if (a != NULL && b != NULL && strcmp(a, b) != 0) (void)fprintf(c->report, "note: the input files differ\n");
}

tanlu_status tanlu_result_compare(tanlu_result *a, tanlu_result *b, double tolerance, char **report,
                                  tanlu_context *context) {
  size_t length = 0;
  *report = NULL;
  comparison c = {.a = a, .b = b, .tolerance = tolerance, .context = context};
  c.report = open_memstream(report, &length);
  if (c.report == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the comparison");
  tanlu_status status = compare_all_texts(&c);
  if (status == TANLU_OK) status = compare_variables(&c);
  note_inputs(&c);
  if (fclose(c.report) != 0 && status == TANLU_OK) {
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the comparison");
  }
  if (status == TANLU_OK && c.different) status = TANLU_DIFFERENT;
  if (status != TANLU_OK && status != TANLU_DIFFERENT) {
    free(*report);
    *report = NULL;
  }
  return status;
}
