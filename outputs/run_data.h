/* Numbers of the file of a run, as figures want them: indicators by year, and stacks, which part a total into kinds.
 *
 * What a stack shows adds up to the indicator it parts, in every scenario and year; a member that no kind takes (of a dataset
 * with groups of its own) goes into the last kind, "Other", never into nothing. */
#ifndef TANLU_OUTPUTS_RUN_DATA_H
#define TANLU_OUTPUTS_RUN_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "outputs/result_file.h"

/* Variables of the file; NULL where it has none of that name and shape. */
typedef struct {
  tanlu_result *result;
  const int *year;
  size_t years;
  const tanlu_labels *scenario; /* of the file */
  size_t chosen;                /* scenarios that are shown, in their order: */
  size_t *place;                /* chosen: place in the file */
  size_t main;                  /* place in the file: the scenario of figures that show one */
  const tanlu_result_variable *indicator, *summary, *generation, *capacity, *final_energy, *household_energy,
      *vehicle_energy, *co2, *household_co2, *vehicle_co2, *value_added, *product;
} tanlu_run_data;

/* Read what reports show. names (count; 0: all): scenarios to be shown, the first is the main one; without names that is
 * "dual-carbon" where the file holds it, else the last. TANLU_ERR_INPUT for a name that the file does not hold (the nearest is
 * named) or that is given twice, and for a file without scenarios or years. */
tanlu_status tanlu_run_data_read(tanlu_run_data *data, tanlu_result *result, const char *const *names, size_t count,
                                 tanlu_context *context);
void tanlu_run_data_clear(tanlu_run_data *data);

/* Of the scenario at `place` of the file; NaN where it has no such number. t: place of the year; TANLU_NONE: NaN. */
double tanlu_run_indicator(const tanlu_run_data *data, size_t place, size_t t, const char *code);
double tanlu_run_summary(const tanlu_run_data *data, size_t place, const char *code);
double tanlu_run_product(const tanlu_run_data *data, size_t place, size_t t, size_t product);
/* Place of a year, TANLU_NONE where the file does not hold it. */
size_t tanlu_run_year(const tanlu_run_data *data, int year);
/* Last year for which the scenario has an indicator; TANLU_NONE for none. */
size_t tanlu_run_last(const tanlu_run_data *data, size_t place, const char *code);

/* ---- stacks ---------------------------------------------------------------------------------------------------------------- */

typedef enum {
  TANLU_STACK_GENERATION,    /* TWh, of generation_total */
  TANLU_STACK_CAPACITY,      /* GW, of capacity_total */
  TANLU_STACK_FINAL_CARRIER, /* EJ, of final_energy_total */
  TANLU_STACK_FINAL_USE,     /* EJ, of final_energy_total */
  TANLU_STACK_PRIMARY,       /* Mtce, coal-equivalent, of energy_consumption */
  TANLU_STACK_CO2,           /* Mt, of co2_net: sinks below zero */
  TANLU_STACK_VALUE_ADDED,   /* 1e12 CNY of the base year, of gdp */
  TANLU_STACK_COUNT
} tanlu_stack;

enum { TANLU_STACK_KINDS_MOST = 16 };

typedef struct {
  const char *name;
  int role; /* tanlu_colour_role */
} tanlu_stack_kind;

typedef struct {
  const char *unit;
  const char *total; /* code of the indicator that is parted */
  double per_unit;   /* units of the stack in one of the indicator */
  size_t kinds;
  const tanlu_stack_kind *kind; /* from the bottom of the stack upwards */
} tanlu_stack_info;

const tanlu_stack_info *tanlu_stack_about(tanlu_stack stack);
/* Can the file say it? */
bool tanlu_stack_known(const tanlu_run_data *data, tanlu_stack stack);
/* value (out): kinds; NaN all of them in a year the scenario does not reach. */
void tanlu_stack_fill(const tanlu_run_data *data, tanlu_stack stack, size_t place, size_t t, double *value);

#endif
