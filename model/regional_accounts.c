#include "model/regional_accounts_private.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/regional_output.h"
#include "model/technology.h"
#include "solvers/memory.h"

static const double kept = 1e-8; /* gap of sums, relative to the nation's output of the product */

typedef tanlu_regional_accounts work;

static bool make(work *w, double **array, size_t rows, size_t columns) {
  *array = tanlu_allocate_doubles(w->context, rows, columns);
  return *array != NULL;
}

static tanlu_status make_all(work *w) {
  tanlu_regional_facts *f = &w->facts;
  const size_t n = w->n, regions = w->regions, categories = w->categories;
  *f = (tanlu_regional_facts){.regions = regions, .n = n, .groups = w->nation->level[w->c->value_level].group.count};
  const struct {
    double **array;
    size_t rows, columns;
  } wanted[] = {{&f->scaled, f->groups, 1},
                {&f->moved, n, 1},
                {&f->flows_moved, n, 1},
                {&f->cut, n, 1},
                {&f->output, regions, 1},
                {&f->value_of, regions, 1},
                {&f->sent, regions, 1},
                {&f->received, regions, 1},
                {&f->imports, regions, 1},
                {&f->exports, regions, 1},
                {&w->domestic, n, n},
                {&w->final_domestic, n, categories},
                {&w->demand_share, regions, categories},
                {&w->value_added, n, 1},
                {&w->row, w->all, 1},
                {&w->domestic_row, w->all, 1},
                {&w->use, regions, categories},
                {&w->final_use, w->all, regions * categories},
                {&w->final_home, w->all, regions * categories},
                {&w->imports, w->all, 1},
                {&w->discrepancy, w->all, 1},
                {&w->components, w->a->component.count, w->all},
                {&w->output, w->all, 1},
                {&w->cell, n, n}};
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    if (!make(w, wanted[k].array, wanted[k].rows, wanted[k].columns)) return TANLU_ERR_MEMORY;
  }
  w->role = tanlu_allocate(w->context, regions * categories, sizeof *w->role);
  w->level = tanlu_allocate(w->context, 1 + w->c->levels + w->nation->levels, sizeof *w->level);
  return w->role != NULL && w->level != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

void tanlu_regional_accounts_free(tanlu_regional_accounts **accounts) {
  work *w = *accounts;
  if (w == NULL) return;
  const tanlu_regional_facts *f = &w->facts;
  double *const owned[] = {
      f->scaled,    f->moved,          f->flows_moved,  f->cut,         f->output,     f->value_of,     f->sent,
      f->received,  f->imports,        f->exports,

      w->domestic,  w->final_domestic, w->demand_share, w->value_added, w->row,        w->domestic_row, w->use,
      w->final_use, w->final_home,     w->imports,      w->discrepancy, w->components, w->output,       w->cell};
  for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) free(owned[k]);
  for (size_t l = 0; w->level != NULL && l < w->levels; l++)
    free(w->level[l].of_sector); /* names and groups are borrowed */
  free(w->level);
  free(w->role);
  tanlu_labels_clear(&w->sector);
  tanlu_labels_clear(&w->category);
  tanlu_regional_table_free(&w->table);
  free(w);
  *accounts = NULL;
}

const tanlu_regional_facts *tanlu_regional_accounts_facts(const tanlu_regional_accounts *accounts) {
  return &accounts->facts;
}

/* ---- the nation ----------------------------------------------------------------------------------------------------------- */

static tanlu_status domestic_of_nation(work *w) {
  const tanlu_accounts *a = w->a;
  const size_t n = w->n;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < n; i++) {
    double uses = 0.0, mu = 0.0;
    for (size_t j = 0; j < n; j++) uses += a->flows[j * n + i];
    const tanlu_status found = tanlu_import_share(w->nation, i, uses, &mu, w->context);
    if (status == TANLU_OK) status = found;
    for (size_t j = 0; j < n; j++) {
      const size_t k = j * n + i;
      w->domestic[k] = a->flows_domestic != NULL ? a->flows_domestic[k] : (1.0 - mu) * a->flows[k];
    }
    for (size_t k = 0; k < w->categories; k++) {
      w->final_domestic[k * n + i] = a->final_domestic != NULL
                                         ? a->final_domestic[k * n + i]
                                         : a->final_use[k * n + i] * tanlu_final_domestic_share(a, i, k, mu);
    }
    for (size_t c = 0; c < a->component.count; c++) w->value_added[i] += a->value_added[i * a->component.count + c];
  }
  return status;
}

/* h: households by who consumes, others by value added. */
static void share_demand(work *w) {
  const size_t regions = w->regions;
  double people = 0.0, value = 0.0;
  for (size_t q = 0; q < regions; q++) {
    for (size_t j = 0; j < w->n; j++) w->facts.value_of[q] += w->c->share[j * regions + q] * w->value_added[j];
    value += w->facts.value_of[q];
    people += w->c->households != NULL ? w->c->households[q] : 0.0;
  }
  for (size_t k = 0; k < w->categories; k++) {
    const bool household = w->a->role[k] == TANLU_ROLE_RURAL || w->a->role[k] == TANLU_ROLE_URBAN;
    for (size_t q = 0; q < regions; q++) {
      w->demand_share[k * regions + q] =
          household && people > 0.0 ? w->c->households[q] / people : w->facts.value_of[q] / value;
    }
  }
}

static tanlu_status share_output(work *w) {
  const tanlu_level *level = &w->nation->level[w->c->value_level];
  const tanlu_regional_output_problem problem = {.regions = w->regions,
                                                 .n = w->n,
                                                 .groups = level->group.count,
                                                 .region = w->c->region,
                                                 .sector = &w->a->sector,
                                                 .group = &level->group,
                                                 .of_sector = level->of_sector,
                                                 .value_added = w->value_added,
                                                 .regional = w->c->value_added};
  const tanlu_regional_output_report report = {.scaled = w->facts.scaled, .moved = w->facts.moved};
  return tanlu_regional_output(&problem, w->c->share, &report, w->context);
}

/* ---- heads ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status add_joined(work *w, tanlu_labels *labels, size_t region, const tanlu_labels *of, size_t k) {
  const tanlu_labels *r = w->c->region;
  char code[256], name[512], name_zh[512];
  (void)snprintf(code, sizeof code, "%s_%s", r->code[region], of->code[k]);
  (void)snprintf(name, sizeof name, "%s: %s", r->name[region], of->name[k]);
  (void)snprintf(name_zh, sizeof name_zh, "%s%s", r->name_zh[region], of->name_zh[k]);
  return tanlu_labels_add(labels, code, name, of->name_zh[k][0] != '\0' ? name_zh : "", w->context);
}

/* A level of the new table: `group_of` (NULL: the region itself) of the region, or of the sector where `by_sector`. */
static tanlu_status add_level(work *w, const char *name, const tanlu_labels *group, const size_t *group_of,
                              bool by_sector) {
  tanlu_level *level = &w->level[w->levels++];
  level->name = (char *)name;
  level->group = *group;
  level->of_sector = tanlu_allocate(w->context, w->all, sizeof *level->of_sector);
  if (level->of_sector == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < w->all; k++) {
    const size_t member = by_sector ? k % w->n : k / w->n;
    level->of_sector[k] = group_of != NULL ? group_of[member] : member;
  }
  return TANLU_OK;
}

static tanlu_status make_heads(work *w) {
  tanlu_status status = TANLU_OK;
  for (size_t p = 0; p < w->regions && status == TANLU_OK; p++) {
    for (size_t j = 0; j < w->n && status == TANLU_OK; j++) status = add_joined(w, &w->sector, p, &w->a->sector, j);
    for (size_t k = 0; k < w->categories && status == TANLU_OK; k++) {
      w->role[p * w->categories + k] = w->a->role[k];
      status = add_joined(w, &w->category, p, &w->a->category, k);
    }
  }
  if (status == TANLU_OK) status = add_level(w, "region", w->c->region, NULL, false);
  for (size_t l = 0; l < w->c->levels && status == TANLU_OK; l++) {
    status = add_level(w, w->c->level[l].name, &w->c->level[l].group, w->c->level[l].of_sector, false);
  }
  for (size_t l = 0; l < w->nation->levels && status == TANLU_OK; l++) {
    const tanlu_level *level = &w->nation->level[l];
    status = add_level(w, level->name, &level->group, level->of_sector, true);
  }
  return status;
}

/* ---- rows and margins ----------------------------------------------------------------------------------------------------- */

static bool imports_anything(const work *w) {
  for (size_t i = 0; i < w->n; i++) {
    if (w->a->imports[i] != 0.0) return true;
  }
  return false;
}

/* Where domestic flows of a row go, for the facts: sent to others by p, received by them. */
static void note_trade(work *w, size_t p, const double *by_region, size_t columns, bool final) {
  for (size_t q = 0; q < w->regions; q++) {
    for (size_t k = 0; k < columns; k++) {
      const double flow = by_region[q * columns + k];
      if (final && w->a->role[k] == TANLU_ROLE_EXPORTS) {
        w->facts.exports[p] += flow;
      } else if (q != p) {
        w->facts.sent[p] += flow;
        w->facts.received[q] += flow;
      }
    }
  }
}

/* The row of product i made in p; imports of i used in p are booked in it too. */
static double fill_row(work *w, size_t p, size_t i, bool imports) {
  const size_t n = w->n, row = p * n + i, regions = w->regions;
  double sum = w->discrepancy[row];
  tanlu_regional_table_flows(w->table, p, i, w->domestic_row);
  memcpy(w->row, w->domestic_row, w->all * sizeof *w->row);
  for (size_t k = 0; k < w->all; k++) {
    sum += w->domestic_row[k];
    w->cell[(k % n) * n + i] += w->domestic_row[k];
  }
  for (size_t j = 0; imports && j < n; j++) {
    const double imported = w->c->share[j * regions + p] * (w->a->flows[j * n + i] - w->domestic[j * n + i]);
    w->row[p * n + j] += imported;
    w->imports[row] += imported;
  }
  tanlu_regional_table_final(w->table, p, i, w->use);
  for (size_t q = 0; q < regions; q++) {
    for (size_t k = 0; k < w->categories; k++) {
      const size_t column = (q * w->categories + k) * w->all + row;
      w->final_home[column] = w->final_use[column] = w->use[q * w->categories + k];
      sum += w->use[q * w->categories + k];
      if (q != p || !imports) continue;
      const bool stays = w->a->role[k] == TANLU_ROLE_EXPORTS || w->a->role[k] == TANLU_ROLE_INVENTORIES;
      const double part = stays ? w->c->share[i * regions + p] : w->demand_share[k * regions + p];
      const double imported = part * (w->a->final_use[k * n + i] - w->final_domestic[k * n + i]);
      w->final_use[column] += imported;
      w->imports[row] += imported;
    }
  }
  note_trade(w, p, w->domestic_row, n, false);
  note_trade(w, p, w->use, w->categories, true);
  w->facts.imports[p] += w->imports[row];
  return sum;
}

/* What gaps of a product are measured against: its output, or its imports where none is made. */
static double size_of(const work *w, size_t i) {
  return w->a->output[i] > 0.0 ? w->a->output[i] : fmax(w->a->imports[i], DBL_MIN);
}

static tanlu_status give_rows(work *w, const tanlu_table_sink *sink, bool imports) {
  for (size_t p = 0; p < w->regions; p++) {
    for (size_t i = 0; i < w->n; i++) {
      const size_t row = p * w->n + i;
      const double share = w->c->share[i * w->regions + p], nation = size_of(w, i);
      w->output[row] = share * w->a->output[i];
      w->facts.output[p] += w->output[row];
      w->discrepancy[row] = share * w->a->discrepancy[i];
      for (size_t c = 0; c < w->a->component.count; c++) {
        w->components[row * w->a->component.count + c] = share * w->a->value_added[i * w->a->component.count + c];
      }
      const double sum = fill_row(w, p, i, imports);
      w->facts.worst_row = fmax(w->facts.worst_row, fabs(sum - w->output[row]) / nation);
      const tanlu_status status = sink->flows(sink->user, w->row, imports ? w->domestic_row : NULL, w->context);
      if (status != TANLU_OK) return status;
    }
  }
  return TANLU_OK;
}

static tanlu_status check_sums(work *w) {
  for (size_t j = 0; j < w->n; j++) {
    for (size_t i = 0; i < w->n; i++) {
      const double gap = fabs(w->cell[j * w->n + i] - w->domestic[j * w->n + i]);
      w->facts.worst_cell = fmax(w->facts.worst_cell, gap / size_of(w, i));
    }
  }
  if (w->facts.worst_cell <= kept && w->facts.worst_row <= kept) return TANLU_OK;
  return tanlu_fail(w->context, TANLU_ERR_INTERNAL,
                    "regions do not add up to the nation: cells by %g, rows by %g of output", w->facts.worst_cell,
                    w->facts.worst_row);
}

/* How much of what quotients would have bought at home the regions do not make. */
static void note_cuts(work *w) {
  for (size_t i = 0; i < w->n; i++) {
    double before = 0.0, after = 0.0;
    for (size_t q = 0; q < w->regions; q++) {
      const double own = w->table->own[i * w->regions + q], scaled = w->table->scaled[i * w->regions + q];
      after += own;
      before += scaled > 0.0 ? own / scaled : 0.0;
    }
    w->facts.cut[i] = before > 0.0 ? 1.0 - after / before : 0.0;
    w->facts.flows_moved[i] = w->table->moved[i];
  }
}

tanlu_status tanlu_regional_accounts_give(tanlu_regional_accounts *w, const tanlu_table_sink *sink,
                                          tanlu_context *context) {
  const bool imports = imports_anything(w);
  w->context = context;
  w->heads = (tanlu_table_heads){.name = w->c->name,
                                 .title = w->c->title,
                                 .region = w->nation->region,
                                 .base_year = w->nation->base_year,
                                 .money = tanlu_dataset_money(w->nation),
                                 .import_treatment = imports ? TANLU_IMPORT_SPLIT : TANLU_IMPORT_NONE,
                                 .balance_tolerance = fmax(w->a->balance_tolerance, kept),
                                 .n = w->all,
                                 .sector = &w->sector,
                                 .category = &w->category,
                                 .component = &w->a->component,
                                 .role = w->role,
                                 .levels = w->levels,
                                 .level = w->level,
                                 .sources = w->c->sources};
  tanlu_status status = sink->begin(sink->user, &w->heads, context);
  if (status == TANLU_OK) status = give_rows(w, sink, imports);
  if (status == TANLU_OK) status = check_sums(w);
  if (status != TANLU_OK) return status;
  note_cuts(w);
  const tanlu_table_margins margins = {.final_use = w->final_use,
                                       .final_domestic = imports ? w->final_home : NULL,
                                       .imports = w->imports,
                                       .discrepancy = w->discrepancy,
                                       .value_added = w->components,
                                       .output = w->output};
  return sink->margins(sink->user, &margins, context);
}

static tanlu_status trade(work *w) {
  const tanlu_regional_choice *c = w->c;
  const tanlu_regional_problem problem = {.region = c->region,
                                          .n = w->n,
                                          .categories = w->categories,
                                          .sector = &w->a->sector,
                                          .role = w->a->role,
                                          .domestic = w->domestic,
                                          .final_domestic = w->final_domestic,
                                          .discrepancy = w->a->discrepancy,
                                          .output = w->a->output,
                                          .output_share = c->share,
                                          .demand_share = w->demand_share,
                                          .distance = c->distance,
                                          .quotient = c->quotient,
                                          .delta = c->delta,
                                          .beta = c->beta,
                                          .known_flows = c->known_flows,
                                          .known = c->known};
  return tanlu_regional_table_create(&w->table, &problem, w->context);
}

tanlu_status tanlu_regional_accounts_create(tanlu_regional_accounts **accounts, const tanlu_dataset *nation,
                                            const tanlu_regional_choice *choice, tanlu_context *context) {
  work *w = tanlu_allocate(context, 1, sizeof *w);
  *accounts = NULL;
  if (w == NULL) return TANLU_ERR_MEMORY;
  *w = (work){.nation = nation,
              .a = &nation->accounts,
              .c = choice,
              .context = context,
              .regions = choice->region->count,
              .n = nation->accounts.n,
              .categories = nation->accounts.category.count};
  w->all = w->regions * w->n;
  tanlu_status status = make_all(w);
  if (status == TANLU_OK) status = domestic_of_nation(w);
  if (status == TANLU_OK) status = share_output(w);
  if (status == TANLU_OK) {
    share_demand(w);
    status = trade(w);
  }
  if (status == TANLU_OK) status = make_heads(w);
  if (status != TANLU_OK) tanlu_regional_accounts_free(&w);
  *accounts = w;
  return status;
}
