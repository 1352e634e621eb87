#include "solvers/copula.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "solvers/memory.h"

struct tanlu_copula {
  size_t dimensions;
  double *factor; /* dimensions x dimensions, row by row: L */
  size_t *first;  /* dimensions: the first j with L_ij != 0; i for a member without correlation to earlier ones */
};

enum { NAME_SIZE = 96 };

static const char *member(char text[NAME_SIZE], const char *const *names, size_t i) {
  if (names && names[i])
    snprintf(text, NAME_SIZE, "%s", names[i]);
  else
    snprintf(text, NAME_SIZE, "member %zu", i + 1);
  return text;
}

static tanlu_status check(size_t n, const double *r, const char *const *names, tanlu_context *context) {
  char a[NAME_SIZE], b[NAME_SIZE];
  for (size_t i = 0; i < n; i++) {
    if (r[i * n + i] != 1.0)
      return tanlu_fail(context, TANLU_ERR_INPUT, "the correlation of %s with itself is %g; expected 1",
                        member(a, names, i), r[i * n + i]);
    for (size_t j = 0; j < i; j++) {
      if (r[i * n + j] != r[j * n + i])
        return tanlu_fail(context, TANLU_ERR_INPUT, "the correlation of %s and %s is %g, the other way round %g",
                          member(a, names, j), member(b, names, i), r[j * n + i], r[i * n + j]);
      if (!(fabs(r[i * n + j]) < 1.0))
        return tanlu_fail(context, TANLU_ERR_INPUT,
                          "the correlation of %s and %s is %g; expected more than -1 and less than 1",
                          member(a, names, j), member(b, names, i), r[i * n + j]);
    }
  }
  return TANLU_OK;
}

/* L_ij = (r_ij - sum_{m < j} L_im L_jm) / L_jj, L_ii = sqrt(1 - sum L_im^2). A pivot that is rounding error counts as none. */
static tanlu_status factorise(tanlu_copula *c, const double *r, const char *const *names, tanlu_context *context) {
  const size_t n = c->dimensions;
  for (size_t i = 0; i < n; i++) {
    double *row = c->factor + i * n, rest = 1.0;
    c->first[i] = i;
    for (size_t j = 0; j < i; j++) {
      const double *other = c->factor + j * n;
      double sum = r[i * n + j];
      for (size_t m = 0; m < j; m++) sum -= row[m] * other[m];
      row[j] = sum / other[j];
      rest -= row[j] * row[j];
      if (row[j] != 0.0 && c->first[i] == i) c->first[i] = j;
    }
    if (rest <= 1e-12) {
      char a[NAME_SIZE], b[NAME_SIZE];
      size_t worst = 0;
      for (size_t j = 1; j < i; j++)
        if (fabs(r[i * n + j]) > fabs(r[i * n + worst])) worst = j;
      return tanlu_fail(
          context, TANLU_ERR_INPUT,
          "the correlation of %s and %s, %g, cannot hold together with the others: the matrix is not positive "
          "definite",
          member(a, names, worst), member(b, names, i), r[i * n + worst]);
    }
    row[i] = sqrt(rest);
  }
  return TANLU_OK;
}

tanlu_status tanlu_copula_create(tanlu_copula **copula, size_t dimensions, const double *correlation,
                                 const char *const *names, tanlu_context *context) {
  *copula = NULL;
  tanlu_status status = check(dimensions, correlation, names, context);
  if (status) return status;
  tanlu_copula *c = tanlu_allocate(context, 1, sizeof *c);
  if (!c) return TANLU_ERR_MEMORY;
  c->dimensions = dimensions;
  c->factor = tanlu_allocate_doubles(context, dimensions, dimensions);
  c->first = tanlu_allocate(context, dimensions, sizeof *c->first);
  status = c->factor && c->first ? factorise(c, correlation, names, context) : TANLU_ERR_MEMORY;
  if (status)
    tanlu_copula_free(&c);
  else
    *copula = c;
  return status;
}

void tanlu_copula_free(tanlu_copula **copula) {
  if (!copula || !*copula) return;
  free((*copula)->factor);
  free((*copula)->first);
  free(*copula);
  *copula = NULL;
}

const double *tanlu_copula_factor(const tanlu_copula *copula) {
  return copula->factor;
}

/* From the last member back, a row needs only the independent u of those before it, so they are replaced in place. */
void tanlu_copula_apply(const tanlu_copula *copula, double *u) {
  const size_t n = copula->dimensions;
  for (size_t i = n; i-- > 0;) {
    if (copula->first[i] == i) continue;
    const double *row = copula->factor + i * n;
    double score = row[i] * gsl_cdf_ugaussian_Pinv(u[i]);
    for (size_t j = copula->first[i]; j < i; j++)
      if (row[j] != 0.0) score += row[j] * gsl_cdf_ugaussian_Pinv(u[j]);
    /* beyond 8.2 deviations the probability rounds to 1 */
    u[i] = fmin(fmax(gsl_cdf_ugaussian_P(score), 0x1p-1074), 1.0 - 0x1p-53);
  }
}
