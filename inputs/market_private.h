/* Values of a market's block, shared by market_file.c and market_group.c. Every function reports what is wrong and goes on. */
#ifndef TANLU_INPUTS_MARKET_PRIVATE_H
#define TANLU_INPUTS_MARKET_PRIVATE_H

#include "inputs/market_file.h"

typedef struct {
  const tanlu_dataset *dataset;
  int first, last; /* years of the scenario */
  bool complete;
  tanlu_context *context;
  tanlu_status status; /* of the first error */
} tanlu_market_reader;

/* Remember an error; true where there is none. */
bool tanlu_market_ok(tanlu_market_reader *r, tanlu_status status);
/* `key` of `node`, which would be needed: an error where everything is. path: how --rule names it. */
void tanlu_market_missing(tanlu_market_reader *r, const tanlu_yaml *node, const char *path, const char *expected);
/* A mapping with these keys, or NULL: not there, or wrong. */
const tanlu_yaml *tanlu_market_mapping(tanlu_market_reader *r, const tanlu_yaml *parent, const char *key,
                                       const char *const *keys, size_t count);
/* A number times a factor; *value is untouched, and the answer false, where there is none. */
bool tanlu_market_number(tanlu_market_reader *r, const tanlu_yaml *mapping, const char *key, double lowest,
                         double highest, double factor, double *value);
/* A year of the scenario. */
bool tanlu_market_year(tanlu_market_reader *r, const tanlu_yaml *mapping, const char *key, int *year);
/* yes or no (true or false). */
bool tanlu_market_yes_no(tanlu_market_reader *r, const tanlu_yaml *mapping, const char *key, bool *value);
/* A number, or {YEAR: NUMBER, ..., interpolation: WORD}, times a factor, into an empty timeline. */
bool tanlu_market_timeline(tanlu_market_reader *r, const tanlu_yaml *mapping, const char *key, double lowest,
                           double highest, double factor, tanlu_timeline *timeline);

/* One covered group: node->key is its code. `market` knows years and threshold. */
void tanlu_market_group_read(tanlu_market_reader *r, const tanlu_yaml *node, const tanlu_market_rules *market,
                             tanlu_market_group *group);

#endif
