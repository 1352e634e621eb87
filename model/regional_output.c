#include "model/regional_output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"
#include "solvers/ras.h"

static const tanlu_ras_options options = {.tolerance = 1e-12, .most = 100000};
static const double whole = 1e-9; /* of shares given */

static tanlu_status check_shares(const tanlu_regional_output_problem *p, const double *share, tanlu_context *context) {
  for (size_t j = 0; j < p->n; j++) {
    double sum = 0.0, least = 0.0;
    for (size_t r = 0; r < p->regions; r++) {
      sum += share[j * p->regions + r];
      least = fmin(least, share[j * p->regions + r]);
    }
    if (least < 0.0 || !(fabs(sum - 1.0) <= whole)) {
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "shares of regions in sector %s: sum %.12g, least %g; expected 1 and 0", p->sector->code[j],
                        sum, least);
    }
  }
  return TANLU_OK;
}

/* Sectors of a group that have value added to share out. */
static size_t members(const tanlu_regional_output_problem *p, size_t group, size_t *member, double *sum) {
  size_t count = 0;
  *sum = 0.0;
  for (size_t j = 0; j < p->n; j++) {
    if (p->of_sector[j] != group || !(p->value_added[j] > 0.0)) continue;
    member[count++] = j;
    *sum += p->value_added[j];
  }
  return count;
}

typedef struct {
  size_t *member;
  const char **name;
  double *matrix, *rows, *columns;
} workspace;

static tanlu_status share_out(const tanlu_regional_output_problem *p, size_t group, workspace *w, double *share,
                              double *scaled, tanlu_context *context) {
  const size_t regions = p->regions;
  double sum = 0.0, regional = 0.0;
  const size_t count = members(p, group, w->member, &sum);
  for (size_t r = 0; r < regions; r++) regional += p->regional[group * regions + r];
  *scaled = regional > 0.0 ? sum / regional : (double)NAN;
  if (count == 0) return TANLU_OK;
  if (!(regional > 0.0)) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "no region has value added of %s, the nation has; expected some",
                      p->group->code[group]);
  }
  for (size_t r = 0; r < regions; r++) w->rows[r] = p->regional[group * regions + r] * *scaled;
  for (size_t k = 0; k < count; k++) {
    const size_t j = w->member[k];
    w->name[k] = p->sector->code[j];
    w->columns[k] = p->value_added[j];
    for (size_t r = 0; r < regions; r++) w->matrix[k * regions + r] = share[j * regions + r] * p->value_added[j];
  }
  const tanlu_status status = tanlu_ras(regions, count, w->matrix, w->rows, w->columns,
                                        (const char *const *)p->region->code, w->name, &options, NULL, context);
  if (status != TANLU_OK) {
    return tanlu_fail(context, status, "value added of %s cannot be shared out to regions and sectors",
                      p->group->code[group]);
  }
  for (size_t k = 0; k < count; k++) {
    double of_all = 0.0; /* v_j but for rounding: shares sum to 1 */
    double *column = share + w->member[k] * regions;
    for (size_t r = 0; r < regions; r++) of_all += w->matrix[k * regions + r];
    for (size_t r = 0; r < regions; r++) column[r] = w->matrix[k * regions + r] / of_all;
  }
  return TANLU_OK;
}

static void note_moves(const tanlu_regional_output_problem *p, const double *before, const double *share,
                       double *moved) {
  for (size_t j = 0; j < p->n; j++) {
    moved[j] = 0.0;
    for (size_t r = 0; r < p->regions; r++) {
      moved[j] += 0.5 * fabs(share[j * p->regions + r] - before[j * p->regions + r]);
    }
  }
}

tanlu_status tanlu_regional_output(const tanlu_regional_output_problem *p, double *share,
                                   const tanlu_regional_output_report *report, tanlu_context *context) {
  tanlu_status status = check_shares(p, share, context);
  if (status != TANLU_OK) return status;
  workspace w = {.member = tanlu_allocate(context, p->n, sizeof *w.member),
                 .name = tanlu_allocate(context, p->n, sizeof *w.name),
                 .matrix = tanlu_allocate_doubles(context, p->regions, p->n),
                 .rows = tanlu_allocate_doubles(context, p->regions, 1),
                 .columns = tanlu_allocate_doubles(context, p->n, 1)};
  double *before = tanlu_allocate_doubles(context, p->regions, p->n);
  if (w.member == NULL || w.name == NULL || w.matrix == NULL || w.rows == NULL || w.columns == NULL || before == NULL) {
    status = TANLU_ERR_MEMORY;
  } else {
    memcpy(before, share, p->regions * p->n * sizeof *before);
  }
  for (size_t g = 0; g < p->groups && status == TANLU_OK; g++) {
    double scaled = 0.0;
    status = share_out(p, g, &w, share, &scaled, context);
    if (report != NULL) report->scaled[g] = scaled;
  }
  if (status == TANLU_OK && report != NULL) note_moves(p, before, share, report->moved);
  free(w.member);
  free(w.name);
  free(w.matrix);
  free(w.rows);
  free(w.columns);
  free(before);
  return status;
}
