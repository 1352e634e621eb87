/* The step of the exchange between regions by its derivative: what a change of E, kappa and f does through the multi-regional table.
 *
 * With L_q = (I - A_d,q)^-1, O_q,ij what of an input comes from other regions, B_q = O_q L_q, parts of origin T and wants W of the year in
 * which it is made,
 *
 *     dE_pi   = sum_q T_pq,i (B_q (dE_q + y_q df) + w_q df)_i + sum_q T_pq,i W_qi (dkappa_p - sum_p' T_p'q,i dkappa_p')
 *     dgap_p  = v_p' L_p (dE_p + y_p df) / GDP_p,      sum_p dkappa_p = 0
 *
 * y_q: domestic final use that F moves, w_q what of it comes from other regions. One factorisation of regions x n + regions + 1 numbers
 * serves many years; it decides how many rounds are needed, never where they end. */
#include <cblas.h>
#include <lapack.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/region_projection_private.h"
#include "solvers/memory.h"

typedef tanlu_regional_projector work;

enum { NUMBERS_MOST = 4000 }; /* 128 MB: beyond it rounds go without a derivative */

static size_t numbers(const work *w) {
  return w->regions * w->n + w->regions + 1;
}

bool tanlu_exchange_may_prepare(const work *w) {
  return w->regions > 2 && numbers(w) <= NUMBERS_MOST;
}

/* What a region adds to the derivative; column-major. */
typedef struct {
  double *inverse, *sourced, *through; /* n x n: L, O, B */
  double *final, *sourced_final;       /* n: y, w */
  double *by_final, *value;            /* n: B y + w; v' L */
  int *pivot;
  double *square; /* n x n: work of the inversion */
} part;

static void clear_part(part *p) {
  double *const owned[] = {p->inverse,       p->sourced,  p->through, p->final,
                           p->sourced_final, p->by_final, p->value,   p->square};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  free(p->pivot);
}

static tanlu_status make_part(part *p, size_t n, tanlu_context *context) {
  double **const square[] = {&p->inverse, &p->sourced, &p->through, &p->square};
  double **const line[] = {&p->final, &p->sourced_final, &p->by_final, &p->value};
  bool enough = (p->pivot = tanlu_allocate(context, n, sizeof *p->pivot)) != NULL;
  for (size_t k = 0; k < 4; k++) {
    *square[k] = tanlu_allocate_doubles(context, n, n);
    *line[k] = tanlu_allocate_doubles(context, n, 1);
    enough = enough && *square[k] != NULL && *line[k] != NULL;
  }
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* False where I - A_d has no inverse. */
static bool fill_part(const work *w, size_t q, part *p) {
  const tanlu_region_member *r = &w->member[q];
  const tanlu_accounts *a = &r->model->dataset->accounts;
  const tanlu_technology *nation = w->m->nation->technology, *own = r->model->technology;
  const size_t n = w->n;
  const int order = (int)n, room = (int)(n * n);
  int info = 0;
  for (size_t k = 0; k < n * n; k++) {
    p->inverse[k] = (k % (n + 1) == 0 ? 1.0 : 0.0) - r->domestic[k];
    p->sourced[k] = (nation->domestic[k] - own->domestic[k]) * r->inputs[k];
  }
  LAPACK_dgetrf(&order, &order, p->inverse, &order, p->pivot, &info);
  if (info == 0) LAPACK_dgetri(&order, p->inverse, &order, p->pivot, p->square, &room, &info);
  if (info != 0) return false;
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, order, order, order, 1.0, p->sourced, order, p->inverse, order,
              0.0, p->through, order);
  memset(p->final, 0, n * sizeof *p->final);
  memset(p->sourced_final, 0, n * sizeof *p->sourced_final);
  for (size_t k = 0; k < nation->categories; k++) {
    for (size_t i = 0; !tanlu_role_apart(a->role[k]) && i < n; i++) {
      const size_t at = k * n + i;
      p->final[i] += own->final_domestic[at] * r->use[at];
      p->sourced_final[i] += (nation->final_domestic[at] - own->final_domestic[at]) * r->use[at];
    }
  }
  memcpy(p->by_final, p->sourced_final, n * sizeof *p->by_final);
  cblas_dgemv(CblasColMajor, CblasNoTrans, order, order, 1.0, p->through, order, p->final, 1, 1.0, p->by_final, 1);
  for (size_t j = 0; j < n; j++) p->square[j] = r->projector->equilibrium->economy->v[j * w->lanes];
  cblas_dgemv(CblasColMajor, CblasTrans, order, order, 1.0, p->inverse, order, p->square, 1, 0.0, p->value, 1);
  return true;
}

/* Columns of region q: its own E, and what its wants do to everybody through kappa and f. */
static void add_columns(const work *w, size_t q, const part *p) {
  const size_t n = w->n, regions = w->regions, size = numbers(w), pulls = regions * n, common = pulls + regions;
  const tanlu_region_member *r = &w->member[q];
  double *m = w->matrix;
  for (size_t i = 0; i < n; i++) {
    const double *origin = w->m->datasets->origin + (i * regions + q) * regions;
    double all = 0.0;
    for (size_t s = 0; s < regions; s++) all += origin[s] * w->pull[s];
    for (size_t s = 0; all > 0.0 && s < regions; s++) {
      const double share = origin[s] * w->pull[s] / all, size_of = w->member[s].size[i];
      if (share == 0.0) continue;
      const size_t row = s * n + i;
      for (size_t j = 0; j < n; j++) {
        m[(q * n + j) * size + row] -= share * p->through[j * n + i] * r->size[j] / size_of;
      }
      m[common * size + row] -= share * p->by_final[i] / size_of;
      m[(pulls + s) * size + row] -= share * r->wanted[i] / size_of;
      for (size_t other = 0; other < regions; other++) {
        m[(pulls + other) * size + row] += share * (origin[other] * w->pull[other] / all) * r->wanted[i] / size_of;
      }
    }
  }
  const double gdp = r->projector->equilibrium->economy->sum[0];
  double by_final = 0.0;
  for (size_t j = 0; j < n; j++) {
    m[(q * n + j) * size + pulls + q] -= p->value[j] * r->size[j] / gdp;
    by_final += p->value[j] * p->final[j];
  }
  m[common * size + pulls + q] -= by_final / gdp;
  m[(pulls + q) * size + common] = 1.0;
}

tanlu_status tanlu_exchange_prepare(work *w, tanlu_context *context) {
  const size_t size = numbers(w);
  if (w->matrix == NULL) {
    w->matrix = tanlu_allocate_doubles(context, size, size);
    w->pivot = tanlu_allocate(context, size, sizeof *w->pivot);
    w->right = tanlu_allocate_doubles(context, size, 1);
    if (w->matrix == NULL || w->pivot == NULL || w->right == NULL) return TANLU_ERR_MEMORY;
  }
  tanlu_exchange_find_pulls(w);
  part p = {0};
  const tanlu_status status = make_part(&p, w->n, context);
  bool good = status == TANLU_OK;
  memset(w->matrix, 0, size * size * sizeof *w->matrix);
  for (size_t k = 0; k < w->regions * w->n; k++) w->matrix[k * size + k] = 1.0;
  for (size_t q = 0; good && q < w->regions; q++) {
    good = fill_part(w, q, &p);
    if (good) add_columns(w, q, &p);
  }
  clear_part(&p);
  const int order = (int)size;
  int info = 0;
  if (good) LAPACK_dgetrf(&order, &order, w->matrix, &order, w->pivot, &info);
  w->prepared = good && info == 0;
  return status;
}

void tanlu_exchange_by_derivative(const work *w) {
  const size_t numbers_of_demand = w->regions * w->n, size = numbers(w);
  const int order = (int)size, one = 1;
  double *pull = tanlu_exchange_pull(w, w->step);
  int info = 0;
  memcpy(w->right, w->step, numbers_of_demand * sizeof *w->right);
  for (size_t q = 0; q < w->regions; q++) w->right[numbers_of_demand + q] = w->member[q].gap;
  w->right[size - 1] = 0.0;
  LAPACK_dgetrs("N", &order, &one, w->matrix, &order, w->pivot, w->right, &order, &info);
  for (size_t k = 0; k < size; k++) {
    if (!isfinite(w->right[k])) return; /* a table nearly without an inverse: this round goes without it */
  }
  memcpy(w->step, w->right, numbers_of_demand * sizeof *w->right);
  memcpy(pull, w->right + numbers_of_demand, (w->regions + 1) * sizeof *pull);
}
