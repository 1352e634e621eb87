#include "cli/report_projection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/solved.h"
#include "model/decompose.h"
#include "solvers/memory.h"

enum { METHODS = 2, STATES = 3, MILESTONE = 2030 };
static const char *const method_name[METHODS] = {"kaya", "lmdi"};
static const tanlu_decompose_plan plan[METHODS] = {
    {TANLU_DECOMPOSE_KAYA, TANLU_DECOMPOSE_CO2_ENERGY, TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_ENERGY},
    {TANLU_DECOMPOSE_LMDI, TANLU_DECOMPOSE_CO2_TOTAL, TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_ENERGY}};

typedef struct {
  cli_report_projection *projection;
  cli_solved solved;
  int year; /* of the flows */
  size_t years;
  int decomposed[STATES]; /* years, rising */
  tanlu_decomposer *decomposer[METHODS];
  tanlu_decompose_state *state[METHODS][STATES];
} work;

/* The first year, 2030 where it lies between, and the last year. */
static void choose_years(work *w) {
  const tanlu_drivers *d = w->solved.scenario->drivers;
  const int last = d->from + (int)d->years - 1;
  w->decomposed[w->years++] = d->from;
  if (d->from < MILESTONE && MILESTONE < last) w->decomposed[w->years++] = MILESTONE;
  if (d->from < last) w->decomposed[w->years++] = last;
}

static tanlu_status take_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  work *w = user;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < w->years; i++) {
    for (size_t m = 0; m < METHODS && status == TANLU_OK && w->decomposed[i] == accounts->year; m++) {
      status = tanlu_decompose_state_create(&w->state[m][i], w->decomposer[m], accounts, context);
    }
  }
  if (status != TANLU_OK || accounts->year != w->year) return status;
  w->projection->has_flows = true;
  return tanlu_energy_flows_make(&w->projection->flows, accounts, context);
}

/* Effects of the whole between two states. */
static tanlu_status add_change(work *w, size_t m, size_t i, tanlu_context *context) {
  const tanlu_labels *effects = tanlu_decomposer_effects(w->decomposer[m]);
  const size_t parts = tanlu_decomposer_parts(w->decomposer[m])->count;
  tanlu_report_change *c = &w->projection->change[w->projection->changes++];
  const tanlu_decompose_state *from = w->state[m][i], *to = w->state[m][i + 1];
  *c = (tanlu_report_change){.method = method_name[m],
                             .what = tanlu_decomposer_what(w->decomposer[m]),
                             .from = w->decomposed[i],
                             .to = w->decomposed[i + 1],
                             .start = tanlu_decompose_state_total(from),
                             .end = tanlu_decompose_state_total(to)};
  double *effect = tanlu_allocate_doubles(context, effects->count, parts);
  c->value = tanlu_allocate_doubles(context, effects->count, 1);
  tanlu_status status = effect != NULL && c->value != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = tanlu_decompose_between(w->decomposer[m], from, to, effect, context);
  for (size_t k = 0; k < effects->count && status == TANLU_OK; k++) {
    for (size_t p = 0; p < parts; p++) c->value[k] += effect[k * parts + p];
    status = tanlu_labels_add(&c->effect, effects->code[k], effects->name[k], NULL, context);
  }
  free(effect);
  return status;
}

static tanlu_status project(work *w, tanlu_context *context) {
  const tanlu_drivers *d = w->solved.scenario->drivers;
  bool *wanted = tanlu_allocate(context, d->years, sizeof *wanted);
  tanlu_status status = wanted != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  choose_years(w);
  for (size_t m = 0; m < METHODS && status == TANLU_OK; m++) {
    status = tanlu_decomposer_create(&w->decomposer[m], &plan[m], w->solved.model, context);
  }
  for (size_t t = 0; status == TANLU_OK && t < d->years; t++) {
    const int year = d->from + (int)t;
    wanted[t] = year == w->year;
    for (size_t i = 0; i < w->years; i++) wanted[t] = wanted[t] || year == w->decomposed[i];
  }
  if (status == TANLU_OK) status = cli_solved_visit(&w->solved, wanted, take_year, w, context);
  for (size_t m = 0; m < METHODS && status == TANLU_OK; m++) {
    for (size_t i = 0; i + 1 < w->years && status == TANLU_OK; i++) status = add_change(w, m, i, context);
  }
  free(wanted);
  return status;
}

/* Say once why there is nothing: the first error, without the word. */
static tanlu_status leave_out(cli_report_projection *projection, const tanlu_context *apart, tanlu_context *context) {
  static const char word[] = "error: ";
  const char *first = "the scenario cannot be projected again";
  for (size_t i = tanlu_context_count(apart); i > 0; i--) {
    if (tanlu_context_severity(apart, i - 1) == TANLU_ERROR) first = tanlu_context_message(apart, i - 1);
  }
  projection->missing = tanlu_string_copy(context, first);
  if (projection->missing == NULL) return TANLU_ERR_MEMORY;
  char *found = strstr(projection->missing, word);
  if (found != NULL) memmove(found, found + strlen(word), strlen(found + strlen(word)) + 1);
  tanlu_warn(context, "decompositions and energy flows are left out: %s", projection->missing);
  return TANLU_OK;
}

tanlu_status cli_report_project(cli_report_projection *projection, const char *path, const char *scenario, int year,
                                tanlu_context *context) {
  const cli_solved_request request = {.operand = path, .scenario = scenario};
  work w = {.projection = projection, .year = year};
  tanlu_context *apart = tanlu_context_create();
  *projection = (cli_report_projection){0};
  if (apart == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  tanlu_status status = cli_solved_open(&w.solved, &request, apart);
  if (status == TANLU_OK) status = project(&w, apart);
  for (size_t m = 0; m < METHODS; m++) {
    for (size_t i = 0; i < STATES; i++) tanlu_decompose_state_free(&w.state[m][i]);
    tanlu_decomposer_free(&w.decomposer[m]);
  }
  cli_solved_close(&w.solved);
  if (status == TANLU_ERR_INPUT || status == TANLU_ERR_MODEL || status == TANLU_ERR_IO) {
    cli_report_projection_clear(projection);
    status = leave_out(projection, apart, context);
  } else if (status != TANLU_OK) {
    tanlu_context_append(context, apart);
  }
  tanlu_context_free(&apart);
  return status;
}

void cli_report_projection_clear(cli_report_projection *projection) {
  for (size_t i = 0; i < projection->changes; i++) tanlu_report_change_clear(&projection->change[i]);
  free(projection->missing);
  *projection = (cli_report_projection){0};
}
