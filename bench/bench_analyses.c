/* Time of the analyses of a solved scenario: all years of dual-carbon, 2020 to 2060 on 153 sectors, on one thread. Projecting again
 * and the matrices of every year are one line; each analysis is that and its own work. Best and median of several repeats. Run from the root
 * of the tree. Prints a table and one JSON line.
 *
 * The goal is 0.2 s for each analysis. */
#include <omp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/scenario_file.h"
#include "model/decompose.h"
#include "model/footprint.h"
#include "model/linkages.h"
#include "model/prices.h"
#include "model/shock.h"
#include "model/structural_paths.h"
#include "solvers/blas.h"

enum { REPEATS = 7, CHAINS = 100 };
static const double goal_seconds = 0.2;
static const char scenario_name[] = "dual-carbon";

typedef struct {
  tanlu_context *context;
  tanlu_scenario *scenario;
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_footprint *footprint;
  tanlu_linkages *linkages;
  tanlu_prices *prices;
  tanlu_shock *shock;
  bool *extracted;
  double *demand;
  size_t years, work; /* seen; steps of the search for chains */
  tanlu_decomposer *decomposer;
  tanlu_decompose_state *state; /* of the year before */
  double *effect;
} work;

/* ---- what is measured -------------------------------------------------------------------------------------------------- */

static tanlu_status see(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  (void)accounts;
  (void)context;
  ((work *)user)->years++;
  return TANLU_OK;
}

static tanlu_status footprints(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  return tanlu_footprint_year(((work *)user)->footprint, accounts, context);
}

static tanlu_status linkages(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  return tanlu_linkages_year(((work *)user)->linkages, accounts, context);
}

static tanlu_status prices(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  static const double hundred = 0.01; /* 10^4 CNY per t */
  const tanlu_carbon_charge charge = {.price = hundred, .households = true, .border = true};
  return tanlu_prices_year(((work *)user)->prices, accounts, &charge, context);
}

static tanlu_status supply(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  static const double loss = 0.05;
  return tanlu_shock_supply(((work *)user)->shock, accounts, 1, &accounts->power_sector, &loss, context);
}

static tanlu_status extraction(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  work *w = user;
  w->extracted[accounts->power_sector] = true;
  return tanlu_shock_extract(w->shock, accounts, w->extracted, TANLU_EXTRACT_BOTH, context);
}

static tanlu_status chains(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  work *w = user;
  const size_t n = accounts->n;
  tanlu_paths paths;
  tanlu_status status = tanlu_footprint_year(w->footprint, accounts, context);
  if (status != TANLU_OK) return status;
  for (size_t i = 0; i < n; i++) {
    w->demand[i] = accounts->discrepancy[i];
    for (size_t k = 0; k < accounts->categories; k++) w->demand[i] += accounts->final_domestic[k * n + i];
  }
  const tanlu_path_system system = {.n = n,
                                    .inputs = accounts->domestic_inputs,
                                    .direct = w->footprint->direct,
                                    .total = w->footprint->total,
                                    .demand = w->demand};
  const tanlu_path_limits limits = {.most = CHAINS, .depth = TANLU_NONE, .work = TANLU_NONE};
  status = tanlu_paths_find(&paths, &system, &limits, context);
  if (status == TANLU_OK) w->work += paths.work;
  tanlu_paths_clear(&paths);
  return status;
}

/* Year by year: a state of every year, decomposed from the one before. */
static tanlu_status decompositions(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  work *w = user;
  tanlu_decompose_state *state = NULL;
  tanlu_status status = tanlu_decompose_state_create(&state, w->decomposer, accounts, context);
  if (status == TANLU_OK && accounts->t > 0) {
    status = tanlu_decompose_between(w->decomposer, w->state, state, w->effect, context);
  }
  tanlu_decompose_state_free(&w->state);
  w->state = state;
  return status;
}

static const tanlu_decompose_plan kaya = {TANLU_DECOMPOSE_KAYA, TANLU_DECOMPOSE_CO2_ENERGY, TANLU_DECOMPOSE_BY_GROUP,
                                          TANLU_TECHNOLOGY_WHOLE};
static const tanlu_decompose_plan lmdi_group = {TANLU_DECOMPOSE_LMDI, TANLU_DECOMPOSE_CO2_TOTAL,
                                                TANLU_DECOMPOSE_BY_GROUP, TANLU_TECHNOLOGY_WHOLE};
static const tanlu_decompose_plan lmdi_sector = {TANLU_DECOMPOSE_LMDI, TANLU_DECOMPOSE_CO2_TOTAL,
                                                 TANLU_DECOMPOSE_BY_SECTOR, TANLU_TECHNOLOGY_WHOLE};
static const tanlu_decompose_plan sda_energy = {TANLU_DECOMPOSE_SDA, TANLU_DECOMPOSE_CO2_TOTAL,
                                                TANLU_DECOMPOSE_BY_SECTOR, TANLU_TECHNOLOGY_ENERGY};
static const tanlu_decompose_plan sda_groups = {TANLU_DECOMPOSE_SDA, TANLU_DECOMPOSE_CO2_TOTAL,
                                                TANLU_DECOMPOSE_BY_SECTOR, TANLU_TECHNOLOGY_GROUPS};

static const struct {
  const char *name, *title;
  tanlu_accounts_seen run;
  const tanlu_decompose_plan *plan;
} analyses[] = {
    {"accounts", "accounts of every year alone", see, NULL},
    {"footprints", "footprints and scopes", footprints, NULL},
    {"linkages", "multipliers and linkages", linkages, NULL},
    {"prices", "price of CO2, charge at the border", prices, NULL},
    {"supply", "supply shock", supply, NULL},
    {"extraction", "hypothetical extraction", extraction, NULL},
    {"chains", "100 largest supply chains a year", chains, NULL},
    {"kaya", "Kaya, year by year", decompositions, &kaya},
    {"lmdi_group", "LMDI by group, year by year", decompositions, &lmdi_group},
    {"lmdi_sector", "LMDI by sector, year by year", decompositions, &lmdi_sector},
    {"sda", "SDA of 6 factors, year by year", decompositions, &sda_energy},
    {"sda_groups", "SDA of 31 factors, year by year", decompositions, &sda_groups},
};
enum { ANALYSES = sizeof analyses / sizeof *analyses };

/* ---- measuring ---------------------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static tanlu_status prepare(work *w) {
  w->context = tanlu_context_create();
  tanlu_status status = tanlu_scenario_read(&w->scenario, scenario_name, NULL, 0, w->context);
  if (status == TANLU_OK) status = tanlu_dataset_read(&w->dataset, w->scenario->dataset_path, w->context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(w->scenario, w->dataset, w->context);
  if (status == TANLU_OK) status = tanlu_model_create(&w->model, w->dataset, w->context);
  if (status == TANLU_OK) status = tanlu_footprint_create(&w->footprint, w->dataset, w->context);
  if (status == TANLU_OK) status = tanlu_linkages_create(&w->linkages, w->dataset->accounts.n, w->context);
  const size_t n = status == TANLU_OK ? w->dataset->accounts.n : 0;
  if (status == TANLU_OK) {
    status = tanlu_prices_create(&w->prices, n, w->dataset->accounts.category.count, w->context);
  }
  if (status == TANLU_OK) status = tanlu_shock_create(&w->shock, n, w->context);
  w->extracted = status == TANLU_OK ? calloc(n, sizeof *w->extracted) : NULL;
  if (status == TANLU_OK && w->extracted == NULL) return TANLU_ERR_MEMORY;
  w->demand = status == TANLU_OK ? calloc(w->dataset->accounts.n, sizeof *w->demand) : NULL;
  return status == TANLU_OK && w->demand == NULL ? TANLU_ERR_MEMORY : status;
}

static tanlu_status open_plan(work *w, const tanlu_decompose_plan *plan) {
  const tanlu_status status = tanlu_decomposer_create(&w->decomposer, plan, w->model, w->context);
  if (status != TANLU_OK) return status;
  w->effect = calloc(tanlu_decomposer_effects(w->decomposer)->count * tanlu_decomposer_parts(w->decomposer)->count,
                     sizeof *w->effect);
  return w->effect != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static void close_plan(work *w) {
  tanlu_decompose_state_free(&w->state);
  tanlu_decomposer_free(&w->decomposer);
  free(w->effect);
  w->effect = NULL;
}

static tanlu_status measure(work *w, size_t which, double seconds[REPEATS]) {
  if (analyses[which].plan != NULL) {
    const tanlu_status status = open_plan(w, analyses[which].plan);
    if (status != TANLU_OK) return status;
  }
  for (size_t r = 0; r < REPEATS; r++) {
    const double begin = omp_get_wtime();
    const tanlu_status status = tanlu_solved_accounts_visit(w->model, w->scenario->drivers, scenario_name, NULL,
                                                            analyses[which].run, w, w->context);
    seconds[r] = omp_get_wtime() - begin;
    if (status != TANLU_OK) return status;
  }
  close_plan(w);
  qsort(seconds, REPEATS, sizeof *seconds, ascending);
  return TANLU_OK;
}

static void clear(work *w) {
  for (size_t i = 0; i < tanlu_context_count(w->context); i++) {
    fprintf(stderr, "%s\n", tanlu_context_message(w->context, i));
  }
  close_plan(w);
  free(w->demand);
  free(w->extracted);
  tanlu_prices_free(&w->prices);
  tanlu_shock_free(&w->shock);
  tanlu_linkages_free(&w->linkages);
  tanlu_footprint_free(&w->footprint);
  tanlu_model_free(&w->model);
  tanlu_scenario_free(&w->scenario);
  tanlu_dataset_free(&w->dataset);
  tanlu_context_free(&w->context);
}

int main(void) {
  work w = {0};
  double seconds[ANALYSES][REPEATS];
  (void)tanlu_blas_serial();
  tanlu_status status = prepare(&w);
  for (size_t k = 0; status == TANLU_OK && k < ANALYSES; k++) status = measure(&w, k, seconds[k]);
  if (status == TANLU_OK) {
    const size_t years = w.years / REPEATS;
    printf("Analyses of %s, %zu sectors, %zu years, one thread, %s; goal %.1f s each\n\n", scenario_name,
           w.dataset->accounts.n, years, tanlu_blas_core(), goal_seconds);
    printf("%-36s %10s %10s\n", "", "best, s", "median, s");
    for (size_t k = 0; k < ANALYSES; k++) {
      printf("%-36s %10.3f %10.3f%s\n", analyses[k].title, seconds[k][0], seconds[k][REPEATS / 2],
             seconds[k][0] <= goal_seconds ? "" : "  above the goal");
    }
    printf("\n{\"bench\": \"analyses\", \"sectors\": %zu, \"years\": %zu, \"blas_core\": \"%s\"", w.dataset->accounts.n,
           years, tanlu_blas_core());
    for (size_t k = 0; k < ANALYSES; k++) printf(", \"%s_seconds\": %.4f", analyses[k].name, seconds[k][0]);
    printf(", \"chain_steps_a_year\": %zu}\n", w.work / REPEATS / years);
  }
  clear(&w);
  return status == TANLU_OK ? 0 : 1;
}
