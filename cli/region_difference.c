#include "cli/region_difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/region_facts_file.h"
#include "model/region_sda.h"
#include "outputs/region_decomposition_view.h"
#include "solvers/memory.h"

typedef struct {
  const cli_region_difference *wanted;
  tanlu_context *context;
  const tanlu_labels *regions; /* of the level */
  double *population;          /* regions, millions; NULL: not known */
  size_t region, against;
  bool per_head;
  tanlu_region_sda *sda;
  tanlu_region_consumption *other;  /* of `against` */
  tanlu_labels effects, shown;      /* shown: regions of the view */
  double *from, *to, *effect, *own; /* of the view; effects x products of one region */
  char unit[96];
} work;

static tanlu_status find_region(const tanlu_labels *regions, const char *code, const char *option, bool nation,
                                size_t *found, tanlu_context *context) {
  *found = tanlu_labels_find(regions, code);
  if (*found != TANLU_NONE || (nation && strcmp(code, CLI_NATION) == 0)) return TANLU_OK;
  const char *nearest = tanlu_labels_nearest(regions, code);
  if (nearest != NULL) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "%s: no region '%s'; did you mean '%s'?", option, code, nearest);
  }
  return tanlu_fail(context, TANLU_ERR_INPUT, "%s: no region '%s'; expected one such as '%s'%s", option, code,
                    regions->code[0], nation ? ", or '" CLI_NATION "'" : "");
}

tanlu_status cli_find_pair(const tanlu_labels *regions, const char *region, const char *against, size_t *first,
                           size_t *second, tanlu_context *context) {
  *first = TANLU_NONE;
  tanlu_status status = find_region(regions, against, "--against", true, second, context);
  if (status == TANLU_OK && region != NULL) status = find_region(regions, region, "--region", false, first, context);
  if (status != TANLU_OK || region == NULL || *first != *second) return status;
  return tanlu_fail(context, TANLU_ERR_INPUT, "--region and --against are both '%s'; expected two regions", region);
}

/* Regions' population, summed where the level holds groups of them. */
static tanlu_status read_population(work *w) {
  tanlu_dataset *d = w->wanted->dataset;
  const tanlu_level *level = &d->level[w->wanted->level];
  size_t places = 0;
  tanlu_region_facts facts = {0};
  while (places < d->levels && strcmp(d->level[places].name, "region") != 0) places++;
  if (places == d->levels) return TANLU_OK;
  tanlu_status status = tanlu_region_facts_read(&facts, d, places, w->context);
  if (status == TANLU_OK && facts.population != NULL) {
    const tanlu_level *place = &d->level[places];
    w->population = tanlu_allocate_doubles(w->context, level->group.count, 1);
    if (w->population == NULL) status = TANLU_ERR_MEMORY;
    for (size_t p = 0; status == TANLU_OK && p < place->group.count; p++) {
      size_t i = 0;
      while (i < d->accounts.n && place->of_sector[i] != p) i++;
      if (i < d->accounts.n) w->population[level->of_sector[i]] += 1e-6 * facts.population[p];
    }
  }
  tanlu_region_facts_clear(&facts);
  return status;
}

static tanlu_status prepare(work *w) {
  const cli_region_difference *o = w->wanted;
  tanlu_status status = cli_find_pair(w->regions, o->region, o->against, &w->region, &w->against, w->context);
  if (status == TANLU_OK) status = read_population(w);
  if (status != TANLU_OK) return status;
  const tanlu_extension_statistics *e = &o->dataset->extension;
  const char *unit = e->unit[o->extension];
  w->per_head = o->per_head || o->region == NULL || w->against == TANLU_NONE;
  (void)snprintf(w->unit, sizeof w->unit, "%s%s", w->per_head && strcmp(unit, "Mt") == 0 ? "t" : unit,
                 !w->per_head              ? ""
                 : strcmp(unit, "Mt") == 0 ? " per head"
                                           : " per million persons");
  if (w->population == NULL && !w->per_head) {
    tanlu_note(w->context, "the population of regions is not known (regions.csv): it stands in the volume of demand");
  }
  return tanlu_region_sda_create(&w->sda, o->dataset, o->level, e->value + o->extension * o->dataset->accounts.n,
                                 w->population, w->context);
}

/* Column `at` of the view: the region against the other. */
static tanlu_status decompose(work *w, size_t region, size_t at, size_t columns) {
  tanlu_region_consumption *c = NULL;
  const size_t cells = TANLU_REGION_SDA_FACTORS * tanlu_region_sda_products(w->sda)->count;
  tanlu_status status = tanlu_region_consumption_create(&c, w->sda, region, w->per_head, w->context);
  if (status == TANLU_OK) status = tanlu_region_sda_between(w->sda, w->other, c, w->own, w->context);
  if (status == TANLU_OK) {
    w->from[at] = w->other->total;
    w->to[at] = c->total;
    for (size_t k = 0; k < cells; k++) w->effect[k * columns + at] = w->own[k];
    status = tanlu_labels_add(&w->shown, w->regions->code[region], w->regions->name[region], NULL, w->context);
  }
  tanlu_region_consumption_free(&c);
  return status;
}

static tanlu_status decompose_all(work *w) {
  const size_t all = w->regions->count, products = tanlu_region_sda_products(w->sda)->count;
  size_t columns = 0;
  for (size_t q = 0; q < all; q++) columns += w->region != TANLU_NONE ? q == w->region : q != w->against;
  w->from = tanlu_allocate_doubles(w->context, columns, 1);
  w->to = tanlu_allocate_doubles(w->context, columns, 1);
  w->effect = tanlu_allocate_doubles(w->context, columns * products, TANLU_REGION_SDA_FACTORS);
  w->own = tanlu_allocate_doubles(w->context, products, TANLU_REGION_SDA_FACTORS);
  if (w->from == NULL || w->to == NULL || w->effect == NULL || w->own == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_region_consumption_create(&w->other, w->sda, w->against, w->per_head, w->context);
  for (size_t q = 0, at = 0; q < all && status == TANLU_OK; q++) {
    if (w->region != TANLU_NONE ? q == w->region : q != w->against) status = decompose(w, q, at++, columns);
  }
  return status;
}

static tanlu_status show(const work *w, cli_tables *tables) {
  const cli_region_difference *o = w->wanted;
  char what[128];
  (void)snprintf(what, sizeof what, "%s of consumption", o->dataset->extension.label.code[o->extension]);
  const tanlu_region_decomposition view = {.method = "sda",
                                           .what = what,
                                           .unit = w->unit,
                                           .name = o->dataset->name,
                                           .against = o->against,
                                           .year_from = o->dataset->base_year,
                                           .year_to = o->dataset->base_year,
                                           .effects = &w->effects,
                                           .parts = tanlu_region_sda_products(w->sda),
                                           .region = &w->shown,
                                           .from = w->from,
                                           .to = w->to,
                                           .effect = w->effect,
                                           .decimals = w->per_head ? 2 : 1};
  if (tables->csv != NULL) tanlu_region_decomposition_put(&view, tables->csv);
  const tanlu_status status = tanlu_region_decomposition_print(&view, o->top, tables->out, w->context);
  (void)fprintf(tables->out, "\nof production alone; imports from outside the table and what households burn carry "
                             "nothing here\n");
  return status;
}

tanlu_status cli_region_difference_show(const cli_region_difference *difference, cli_tables *tables,
                                        tanlu_context *context) {
  work w = {.wanted = difference, .context = context, .regions = &difference->dataset->level[difference->level].group};
  tanlu_status status = prepare(&w);
  if (status == TANLU_OK) status = tanlu_region_sda_labels(&w.effects, context);
  if (status == TANLU_OK) status = decompose_all(&w);
  if (status == TANLU_OK) status = show(&w, tables);
  tanlu_region_consumption_free(&w.other);
  tanlu_region_sda_free(&w.sda);
  tanlu_labels_clear(&w.effects);
  tanlu_labels_clear(&w.shown);
  double *const owned[] = {w.population, w.from, w.to, w.effect, w.own};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  return status;
}
