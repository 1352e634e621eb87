/* Pilot provinces and cities as tables, CSV and a figure. */
#ifndef TANLU_OUTPUTS_PILOT_VIEW_H
#define TANLU_OUTPUTS_PILOT_VIEW_H

#include <stdio.h>

#include "model/city_accounts.h"
#include "model/pilots.h"
#include "outputs/figure.h"

typedef struct {
  const tanlu_pilots *pilots;
  const tanlu_goals *const *goals; /* files of them */
  size_t files;
  size_t only;                         /* one pilot; TANLU_NONE: all */
  const tanlu_provinces *provinces;    /* NULL: no city accounts */
  const tanlu_city_accounts *accounts; /* of the provinces */
} tanlu_pilot_view;

/* Types, goals and what they implied, its Kaya split, GDP and structure, city accounts; of one pilot also its goals one by one and the
 * sectors of its account. */
tanlu_status tanlu_pilot_print(const tanlu_pilot_view *view, FILE *out, tanlu_context *context);
/* The tables of accounts alone: by three proxies, and sectors where one pilot is asked for. */
tanlu_status tanlu_city_print(const tanlu_pilot_view *view, FILE *out, tanlu_context *context);

/* Long form: pilot, quantity, item, year, basis, value, low, high, unit. What is not known is left out. */
void tanlu_pilot_write(const tanlu_pilot_view *view, FILE *csv);
void tanlu_city_write(const tanlu_pilot_view *view, FILE *csv); /* the records of city accounts, without a header */

/* A record of the CSV. */
typedef struct {
  const char *pilot, *quantity, *item, *basis, *unit;
  int year; /* 0: none */
  double value, low, high;
} tanlu_pilot_record;
void tanlu_pilot_put(FILE *csv, const tanlu_pilot_record *record);

/* CO2 per head of 2010 against GDP per head, a point a pilot, the nation's means as lines. NULL with a message when out of
 * memory. */
tanlu_figure *tanlu_pilot_figure(const tanlu_pilot_view *view, tanlu_context *context);

#endif
