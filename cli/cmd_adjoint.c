/* tanlu sensitivity --adjoint: gradients of a scenario's outputs by everything they are made of. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/adjoint.h"
#include "cli/tables.h"
#include "inputs/dataset_file.h"
#include "inputs/named_output.h"
#include "inputs/scenario_numbers.h"
#include "inputs/scenario_tree.h"
#include "model/adjoint.h"
#include "outputs/gradient_view.h"
#include "solvers/memory.h"

typedef struct {
  const cli_adjoint_options *options;
  tanlu_context *context;
  tanlu_scenario *scenario;
  tanlu_dataset *dataset;
  tanlu_model *model;
  tanlu_adjoint *adjoint;
  tanlu_scenario_numbers numbers;
  tanlu_moves *moves;
  tanlu_number_directions directions;
  size_t outputs;
  tanlu_goal *output;
  double *weight; /* outputs x years x indicators */
  tanlu_gradients gradients;
  cli_tables tables;
  double forward, all; /* seconds: one projection; everything, with it */
} analysis;

static double wall_time(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- computing ------------------------------------------------------------------------------------------------------- */

static tanlu_status read_inputs(analysis *a) {
  const cli_adjoint_options *o = a->options;
  tanlu_status status = tanlu_scenario_read(&a->scenario, o->scenario, o->set.item, o->set.count, a->context);
  if (status == TANLU_OK) status = tanlu_dataset_read(&a->dataset, a->scenario->dataset_path, a->context);
  if (status == TANLU_OK) status = tanlu_scenario_resolve(a->scenario, a->dataset, a->context);
  return status;
}

/* Outputs by their names; the usual ones without. */
static tanlu_status name_outputs(analysis *a) {
  static const char *const usual[] = {"cumulative_co2", "residual_co2"};
  const cli_list *named = &a->options->indicator;
  const bool any = named->count > 0;
  a->outputs = any ? named->count : sizeof usual / sizeof *usual;
  a->output = tanlu_allocate(a->context, a->outputs, sizeof *a->output);
  if (a->output == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t o = 0; o < a->outputs; o++) {
    const tanlu_status own = tanlu_output_named(&a->output[o], any ? named->item[o] : usual[o], a->scenario->from,
                                                a->scenario->to, "--indicator", a->context);
    if (status == TANLU_OK) status = own;
  }
  return status;
}

static tanlu_status find_moves(analysis *a) {
  tanlu_status status = tanlu_scenario_numbers_find(&a->numbers, a->scenario, a->dataset, a->context);
  const tanlu_yaml **node = tanlu_allocate(a->context, a->numbers.count, sizeof *node);
  double *value = tanlu_allocate_doubles(a->context, a->numbers.count, 1);
  if (node == NULL || value == NULL) status = TANLU_ERR_MEMORY;
  for (size_t k = 0; status == TANLU_OK && k < a->numbers.count; k++) {
    node[k] = a->numbers.number[k].node;
    value[k] = a->numbers.number[k].value;
  }
  if (status == TANLU_OK) {
    status = tanlu_moves_create(&a->moves, a->scenario->tree->root, a->scenario->tree->history, a->dataset,
                                a->numbers.count, node, a->scenario->drivers, a->context);
  }
  if (status == TANLU_OK && a->moves == NULL) {
    status = tanlu_fail(a->context, TANLU_ERR_INPUT, "scenario '%s' has no year after the history to change",
                        a->scenario->name);
  }
  if (status == TANLU_OK) {
    status = tanlu_number_directions_find(&a->directions, &a->numbers, value, a->moves, a->scenario->drivers, true,
                                          a->context);
  }
  free(node);
  free(value);
  return status;
}

static tanlu_status compute(analysis *a) {
  tanlu_status status = tanlu_model_create(&a->model, a->dataset, a->context);
  if (status != TANLU_OK) return status;
  const double start = wall_time();
  status = tanlu_adjoint_create(&a->adjoint, a->model, a->scenario->drivers, a->scenario->name, a->context);
  a->forward = wall_time() - start;
  if (status != TANLU_OK) return status;
  const tanlu_projection *projection = tanlu_adjoint_projection(a->adjoint);
  const size_t size = projection->years * TANLU_INDICATOR_COUNT;
  a->weight = tanlu_allocate_doubles(a->context, a->outputs, size);
  if (a->weight == NULL) return TANLU_ERR_MEMORY;
  for (size_t o = 0; o < a->outputs && status == TANLU_OK; o++) {
    status = tanlu_output_weights(&a->output[o], projection, a->weight + o * size, a->context);
  }
  if (status == TANLU_OK) status = find_moves(a);
  if (status != TANLU_OK) return status;
  const tanlu_adjoint_request request = {
      .outputs = a->outputs,
      .weight = a->weight,
      .directions = a->directions.directions,
      .direction = a->directions.direction,
      .emission_factors = true,
      .coefficients = true,
  };
  status = tanlu_adjoint_gradients(a->adjoint, &request, &a->gradients, a->context);
  a->all = wall_time() - start;
  return status;
}

/* ---- what is shown --------------------------------------------------------------------------------------------------- */

static tanlu_gradient_list list_numbers(const analysis *a, size_t output) {
  tanlu_gradient_list list = {.kind = "number", .title = "Numbers of the scenario", .heading = {"path", NULL}};
  const double *gradient = a->gradients.direction + output * a->directions.directions;
  list.line = tanlu_allocate(a->context, a->numbers.count, sizeof *list.line);
  for (size_t k = 0; list.line != NULL && k < a->numbers.count; k++) {
    const tanlu_scenario_number *n = &a->numbers.number[k];
    list.line[list.count++] = (tanlu_gradient_line){
        .name = {n->path, NULL},
        .unit = n->unit,
        .value = n->value,
        .gradient = tanlu_number_gradient(&a->directions, k, gradient),
    };
  }
  return list;
}

/* Factors of combustion, then those of processes: tonnes per unit of product. */
static tanlu_gradient_list list_factors(const analysis *a, size_t output) {
  tanlu_gradient_list list = {
      .kind = "emission factor", .title = "Emission factors", .heading = {"user group", "carrier"}};
  const tanlu_energy_statistics *e = &a->dataset->energy;
  const tanlu_product_statistics *p = &a->dataset->products;
  const size_t groups = e->user_group.count, carriers = e->carrier.label.count;
  const double *gradient = a->gradients.emission_factor + output * groups * carriers;
  const double *direction = a->gradients.direction + output * a->directions.directions;
  list.line = tanlu_allocate(a->context, groups * carriers + p->emission.count, sizeof *list.line);
  for (size_t i = 0; list.line != NULL && i < groups * carriers; i++) {
    if (e->emission_factor[i] == 0.0) continue;
    list.line[list.count++] = (tanlu_gradient_line){
        .name = {e->user_group.code[i / carriers], e->carrier.label.code[i % carriers]},
        .unit = "t/TJ",
        .value = e->emission_factor[i],
        .gradient = gradient[i],
    };
  }
  for (size_t i = 0; list.line != NULL && i < p->emission.count; i++) {
    const double base = p->emission_base[i] * 1e-6,
                 slope = tanlu_number_gradient(&a->directions, a->numbers.count + i, direction);
    list.line[list.count++] = (tanlu_gradient_line){
        .name = {"process", p->emission.code[i]},
        .unit = "Mt in the base year",
        .value = base,
        .gradient = base > 0.0 ? slope / base : 0.0,
    };
  }
  return list;
}

static tanlu_gradient_list list_coefficients(const analysis *a, size_t output) {
  tanlu_gradient_list list = {
      .kind = "coefficient", .title = "Coefficients of the base-year table", .heading = {"input", "of sector"}};
  const tanlu_accounts *t = &a->dataset->accounts;
  const size_t n = t->n;
  const double *gradient = a->gradients.coefficient + output * n * n;
  list.line = tanlu_allocate(a->context, n * n, sizeof *list.line);
  for (size_t k = 0; list.line != NULL && k < n * n; k++) {
    const size_t i = k % n, j = k / n;
    const double flow = t->flows[k];
    if (flow == 0.0 || t->output[j] == 0.0) continue;
    list.line[list.count++] = (tanlu_gradient_line){
        .name = {t->sector.name[i], t->sector.name[j]},
        .unit = "1",
        .value = flow / t->output[j],
        .gradient = gradient[k],
    };
  }
  return list;
}

static tanlu_status show(const analysis *a) {
  static tanlu_gradient_list (*const make[])(const analysis *, size_t) = {list_numbers, list_factors,
                                                                          list_coefficients};
  FILE *stream = a->tables.out, *csv = a->tables.csv;
  tanlu_status status = TANLU_OK;
  if (csv != NULL) tanlu_gradient_csv_header(csv);
  for (size_t o = 0; o < a->outputs; o++) {
    char name[TANLU_OUTPUT_NAME];
    tanlu_output_name(&a->output[o], name);
    const tanlu_gradient_output output = {name, tanlu_output_unit(&a->output[o]), a->gradients.value[o]};
    (void)fprintf(stream, "%s%s of '%s': %.6g %s\n", o > 0 ? "\n" : "", name, a->scenario->name, output.value,
                  output.unit);
    for (size_t k = 0; k < sizeof make / sizeof *make && status == TANLU_OK; k++) {
      tanlu_gradient_list list = make[k](a, o);
      if (list.line == NULL) return TANLU_ERR_MEMORY;
      (void)fputc('\n', stream);
      status = tanlu_gradient_print(&output, &list, (size_t)a->options->top, stream, a->context);
      if (csv != NULL) tanlu_gradient_csv(&output, &list, csv);
      free(list.line);
    }
  }
  return status;
}

static void note_cost(const analysis *a) {
  const size_t n = a->dataset->accounts.n;
  tanlu_note(a->context,
             "gradients of %zu outputs by %zu numbers, %zu emission factors and %zu coefficients in %.2f s: %.1f times "
             "one projection (%.3f s)",
             a->outputs, a->numbers.count,
             a->dataset->energy.user_group.count * a->dataset->energy.carrier.label.count +
                 a->dataset->products.emission.count,
             n * n, a->all, a->all / a->forward, a->forward);
}

int cli_adjoint(cli_environment *environment, const cli_adjoint_options *options) {
  analysis a = {.options = options, .context = tanlu_context_create()};
  tanlu_status status = a.context != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = cli_tables_open(&a.tables, options->csv, options->force, a.context);
  if (status == TANLU_OK) status = read_inputs(&a);
  if (status == TANLU_OK) status = name_outputs(&a);
  if (status == TANLU_OK) status = compute(&a);
  if (status == TANLU_OK) status = show(&a);
  if (a.context != NULL) status = cli_tables_close(&a.tables, status, a.context);
  if (status == TANLU_OK) note_cost(&a);
  if (a.context != NULL) cli_print_messages(environment, a.context, true);
  tanlu_gradients_clear(&a.gradients);
  tanlu_number_directions_clear(&a.directions);
  tanlu_moves_free(&a.moves);
  tanlu_scenario_numbers_clear(&a.numbers);
  tanlu_adjoint_free(&a.adjoint);
  tanlu_model_free(&a.model);
  tanlu_scenario_free(&a.scenario);
  tanlu_dataset_free(&a.dataset);
  tanlu_context_free(&a.context);
  free(a.output);
  free(a.weight);
  return tanlu_status_exit(status);
}
