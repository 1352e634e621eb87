/* Results under the names and units of the IAMC: the common definitions of the Integrated Assessment Modeling Consortium
 * (IAMconsortium/common-definitions), for pyam and the databases that speak them.
 *
 * One table says what every variable is of ours, as a sum of terms
 *
 *     [factor] variable [(axis=class, ...)]
 *
 * over the variables of a result file, each summed over the members of its axes that belong to the class: "sector=industry"
 * are the sectors whose policy group is in class `industry` or below it (`industry.chemicals`), "carrier=gas.natural" the
 * carriers of that class, "indicator=gdp" and "product=cement" one member. An axis without a class is summed whole. So an
 * aggregate adds up to its parts as far as the result file does. What a file cannot say (a member without a class, a class
 * without members, a variable it does not have) is left out by name, never filled. */
#ifndef TANLU_OUTPUTS_IAMC_H
#define TANLU_OUTPUTS_IAMC_H

#include <stdbool.h>
#include <stdio.h>

#include "outputs/result_file.h"

typedef struct {
  const char *name, *unit;
  const char *of;      /* sum of terms */
  const char *comment; /* where it differs from the usual meaning; "" nowhere */
} tanlu_iamc_definition;
size_t tanlu_iamc_definitions(void);
const tanlu_iamc_definition *tanlu_iamc_definition_at(size_t i);

/* Names one might look for, and why they are not exported. */
typedef struct {
  const char *name, *reason;
} tanlu_iamc_omission;
size_t tanlu_iamc_omissions(void);
const tanlu_iamc_omission *tanlu_iamc_omission_at(size_t i);

/* The table of both, as `tanlu export --list` prints it. */
void tanlu_iamc_print_definitions(FILE *stream);

/* What is exported. */
typedef struct {
  const char *model;           /* NULL: the program that made the results, with its version */
  const char *region;          /* of the nation; NULL: that of the file, China where it names none */
  const char *const *scenario; /* scenarios; NULL: all of the file */
  size_t scenarios;
  int from, to; /* years */
} tanlu_iamc_choice;

typedef struct {
  char *model;
  size_t variables, regions, scenarios, years;
  char **region; /* the nation's and, of scenarios by region, "China|Guangdong" for each of theirs */
  const tanlu_iamc_definition **variable; /* those the file can say, in the order of the table */
  const char **scenario;                  /* owned by the result */
  const int *year;                        /* of the result; the chosen ones */
  bool *said; /* variables x regions: can the file say it of the region? Of the nation always */
  double
      *value; /* variables x regions x scenarios x years; NaN where missing, as after the end of a shorter scenario */
} tanlu_iamc;

/* Read and convert. What the file cannot say is a note in the context. TANLU_ERR_INPUT for the file of a sweep (IAMC has one
 * value a scenario and year), for an unknown scenario and for years that the file does not have. */
tanlu_status tanlu_iamc_create(tanlu_iamc **iamc, tanlu_result *result, const tanlu_iamc_choice *choice,
                               tanlu_context *context);
void tanlu_iamc_free(tanlu_iamc **iamc);

/* CSV with the columns Model, Scenario, Region, Variable, Unit and one for each year, or (`long_form`) Year and Value. A
 * missing value is an empty field, in long form no record. Failures of the stream are its own (ferror). */
void tanlu_iamc_write_csv(const tanlu_iamc *iamc, bool long_form, FILE *stream);

/* netCDF-4 as pyam.read_netcdf takes it: every variable over (time, model, scenario, region), 64-bit integer years, attributes
 * `unit`, `long_name` (the name) and `comment`. `history` says what wrote it. Errors as tanlu_result_write. */
tanlu_status tanlu_iamc_write_netcdf(const tanlu_iamc *iamc, const char *path, bool force, const char *history,
                                     tanlu_context *context);

#endif
