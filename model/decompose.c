#include "model/decompose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/co2_decomposition.h"
#include "model/kaya.h"
#include "model/model_private.h"
#include "model/structural_decomposition.h"
#include "solvers/memory.h"

/* From internal units, t and 10^4 CNY, to those of results. */
static const double mt = 1e-6, money = 1e-4;

struct tanlu_decomposer {
  tanlu_decompose_plan plan;
  const tanlu_model *model;
  const tanlu_dataset *dataset;
  tanlu_labels effects, parts, users; /* users: of carbon accounts */
  size_t groups, *group_of;           /* of sectors, by plan.by */
  size_t n, categories;               /* categories: of final demand, and the discrepancy of the table */
  tanlu_sda *sda;
  double *work; /* lmdi: effects x users; sda: factors x n */
};

struct tanlu_decompose_state {
  int year;
  double total, *part;            /* in the unit of results */
  double *indicator;              /* kaya */
  tanlu_carbon_accounts *carbon;  /* lmdi */
  double *a, *demand, *intensity; /* sda: n x n, n x categories, n (NULL for output) */
  double households;              /* sda of CO2: direct CO2 of households */
};

/* ---- labels ------------------------------------------------------------------------------------------------------------ */

static const char *const household_name[] = {"Urban homes", "Urban vehicles of households", "Rural homes",
                                             "Rural vehicles of households"};

static tanlu_status add_all(tanlu_labels *to, const tanlu_labels *from, const char *prefix, const char *of,
                            tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < from->count && status == TANLU_OK; i++) {
    char code[128], name[256];
    (void)snprintf(code, sizeof code, "%s%s", prefix, from->code[i]);
    (void)snprintf(name, sizeof name, "%s%s", of, from->name[i]);
    status = tanlu_labels_add(to, code, name, from->name_zh[i], context);
  }
  return status;
}

static const tanlu_labels *sector_groups(const tanlu_decomposer *d) {
  return d->plan.by == TANLU_DECOMPOSE_BY_SECTOR ? &d->dataset->accounts.sector
                                                 : tanlu_dataset_policy_groups(d->dataset);
}

typedef struct {
  const char *code, *name;
} word;

static tanlu_status add_words(tanlu_labels *to, const word *words, size_t count, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < count && status == TANLU_OK; i++) {
    status = tanlu_labels_add(to, words[i].code, words[i].name, NULL, context);
  }
  return status;
}

static tanlu_status label_kaya(tanlu_decomposer *d, tanlu_context *context) {
  static const word effects[] = {
#define X(id, code, name) {code, name},
      TANLU_KAYA_LIST(X)
#undef X
  };
  const tanlu_status status = add_words(&d->effects, effects, TANLU_KAYA_EFFECTS, context);
  return status != TANLU_OK ? status : tanlu_labels_add(&d->parts, "nation", "Nation", NULL, context);
}

static tanlu_status label_lmdi(tanlu_decomposer *d, tanlu_context *context) {
  static const word effects[] = {
#define X(id, code, name) {code, name},
      TANLU_CO2_EFFECT_LIST(X)
#undef X
  };
  static const word rest[] = {{"process", "Processes and released feedstock"}, {"captured", "Captured"}};
  const bool carriers = d->plan.by == TANLU_DECOMPOSE_BY_CARRIER;
  tanlu_status status = add_words(&d->effects, effects, TANLU_CO2_EFFECTS, context);
  if (status == TANLU_OK) status = add_all(&d->users, sector_groups(d), "", "", context);
  for (size_t u = 0; u < TANLU_HOUSEHOLD_USES && status == TANLU_OK; u++) {
    status = tanlu_labels_add(&d->users, tanlu_axis_code(d->dataset, TANLU_AXIS_HOUSEHOLD, u), household_name[u], NULL,
                              context);
  }
  if (status == TANLU_OK) {
    status = add_all(&d->parts, carriers ? &d->dataset->energy.carrier.label : &d->users, "", "", context);
  }
  return status == TANLU_OK && carriers ? add_words(&d->parts, rest, 2, context) : status;
}

static tanlu_status label_sda(tanlu_decomposer *d, tanlu_context *context) {
  static const word whole = {"technology", "Technology: domestic inputs per output"};
  static const word split[] = {{"other_inputs", "Domestic inputs per output, energy apart"},
                               {"energy_inputs", "Domestic inputs of energy products per output"}};
  static const word demand[] = {{"level", "Level of domestic final demand"},
                                {"categories", "Mix of categories of final demand"},
                                {"products", "Mix of products in each category"}};
  static const word co2[] = {{"intensity", "CO2 per output"}, {"households", "Direct CO2 of households"}};
  const bool output = d->plan.of == TANLU_DECOMPOSE_OUTPUT;
  tanlu_status status = TANLU_OK;
  if (d->plan.technology == TANLU_TECHNOLOGY_WHOLE) status = add_words(&d->effects, &whole, 1, context);
  if (d->plan.technology == TANLU_TECHNOLOGY_ENERGY) status = add_words(&d->effects, split, 2, context);
  if (d->plan.technology == TANLU_TECHNOLOGY_GROUPS) {
    status = add_all(&d->effects, tanlu_dataset_policy_groups(d->dataset), "inputs_", "Inputs: ", context);
  }
  if (status == TANLU_OK) status = add_words(&d->effects, demand, 3, context);
  if (status == TANLU_OK && !output) status = add_words(&d->effects, co2, 2, context);
  if (status == TANLU_OK) status = add_all(&d->parts, sector_groups(d), "", "", context);
  if (status == TANLU_OK && !output) status = add_words(&d->parts, &co2[1], 1, context);
  return status;
}

const tanlu_labels *tanlu_decomposer_effects(const tanlu_decomposer *decomposer) {
  return &decomposer->effects;
}
const tanlu_labels *tanlu_decomposer_parts(const tanlu_decomposer *decomposer) {
  return &decomposer->parts;
}
const char *tanlu_decomposer_what(const tanlu_decomposer *decomposer) {
  static const char *const what[] = {[TANLU_DECOMPOSE_CO2_TOTAL] = "co2_total",
                                     [TANLU_DECOMPOSE_CO2_ENERGY] = "co2_energy",
                                     [TANLU_DECOMPOSE_OUTPUT] = "gross_output"};
  return what[decomposer->plan.of];
}
const char *tanlu_decomposer_unit(const tanlu_decomposer *decomposer) {
  return decomposer->plan.of == TANLU_DECOMPOSE_OUTPUT ? "1e8 CNY_2020" : "Mt";
}

/* ---- creation ---------------------------------------------------------------------------------------------------------- */

static bool is_planned(const tanlu_decompose_plan *p) {
  switch (p->method) {
  case TANLU_DECOMPOSE_KAYA:
    return p->of == TANLU_DECOMPOSE_CO2_ENERGY;
  case TANLU_DECOMPOSE_LMDI:
    return p->of != TANLU_DECOMPOSE_OUTPUT;
  case TANLU_DECOMPOSE_SDA:
    return p->of != TANLU_DECOMPOSE_CO2_ENERGY && p->by != TANLU_DECOMPOSE_BY_CARRIER;
  }
  return false;
}

static tanlu_status create_sda(tanlu_decomposer *d, tanlu_context *context) {
  const tanlu_technology *technology = d->model->technology;
  const tanlu_level *level = &d->dataset->level[d->dataset->policy_level];
  const bool intensity = d->plan.of != TANLU_DECOMPOSE_OUTPUT;
  size_t parts = 1, *part = tanlu_allocate(context, d->n, sizeof *part);
  if (part == NULL) return TANLU_ERR_MEMORY;
  if (d->plan.technology == TANLU_TECHNOLOGY_ENERGY) {
    parts = 2;
    for (size_t i = 0; i < d->n; i++) part[i] = technology->row_of[i] != TANLU_NONE ? 1 : 0;
  } else if (d->plan.technology == TANLU_TECHNOLOGY_GROUPS) {
    parts = level->group.count;
    memcpy(part, level->of_sector, d->n * sizeof *part);
  }
  tanlu_status status = tanlu_sda_create(&d->sda, d->n, d->categories, parts, part, intensity, context);
  free(part);
  if (status != TANLU_OK) return status;
  d->work = tanlu_allocate_doubles(context, tanlu_sda_factors(d->sda), d->n);
  return d->work != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status prepare(tanlu_decomposer *d, tanlu_context *context) {
  const tanlu_level *level = &d->dataset->level[d->dataset->policy_level];
  d->groups = sector_groups(d)->count;
  d->group_of = tanlu_allocate(context, d->n, sizeof *d->group_of);
  if (d->group_of == NULL) return TANLU_ERR_MEMORY;
  for (size_t j = 0; j < d->n; j++) {
    d->group_of[j] = d->plan.by == TANLU_DECOMPOSE_BY_SECTOR ? j : level->of_sector[j];
  }
  tanlu_status status = TANLU_OK;
  switch (d->plan.method) {
  case TANLU_DECOMPOSE_KAYA:
    return label_kaya(d, context);
  case TANLU_DECOMPOSE_LMDI:
    status = label_lmdi(d, context);
    d->work = tanlu_allocate_doubles(context, TANLU_CO2_EFFECTS, d->groups + TANLU_HOUSEHOLD_USES);
    return status == TANLU_OK && d->work == NULL ? TANLU_ERR_MEMORY : status;
  case TANLU_DECOMPOSE_SDA:
    status = label_sda(d, context);
    return status == TANLU_OK ? create_sda(d, context) : status;
  }
  return TANLU_ERR_INTERNAL;
}

tanlu_status tanlu_decomposer_create(tanlu_decomposer **decomposer, const tanlu_decompose_plan *plan,
                                     const tanlu_model *model, tanlu_context *context) {
  *decomposer = NULL;
  if (!is_planned(plan)) return tanlu_fail(context, TANLU_ERR_INTERNAL, "no decomposition of this kind");
  tanlu_decomposer *d = tanlu_allocate(context, 1, sizeof *d);
  if (d == NULL) return TANLU_ERR_MEMORY;
  d->plan = *plan;
  d->model = model;
  d->dataset = model->dataset;
  d->n = model->dataset->accounts.n;
  d->categories = model->dataset->accounts.category.count + 1;
  const tanlu_status status = prepare(d, context);
  if (status != TANLU_OK) tanlu_decomposer_free(&d);
  *decomposer = d;
  return status;
}

void tanlu_decomposer_free(tanlu_decomposer **decomposer) {
  tanlu_decomposer *d = *decomposer;
  if (d == NULL) return;
  tanlu_labels_clear(&d->effects);
  tanlu_labels_clear(&d->parts);
  tanlu_labels_clear(&d->users);
  tanlu_sda_free(&d->sda);
  free(d->group_of);
  free(d->work);
  free(d);
  *decomposer = NULL;
}

/* ---- states ------------------------------------------------------------------------------------------------------------ */

void tanlu_decompose_state_free(tanlu_decompose_state **state) {
  tanlu_decompose_state *s = *state;
  if (s == NULL) return;
  tanlu_carbon_accounts_free(&s->carbon);
  free(s->part);
  free(s->indicator);
  free(s->a);
  free(s->demand);
  free(s->intensity);
  free(s);
  *state = NULL;
}

static tanlu_status keep_kaya(tanlu_decompose_state *s, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  s->indicator = tanlu_allocate_doubles(context, TANLU_INDICATOR_COUNT, 1);
  if (s->indicator == NULL) return TANLU_ERR_MEMORY;
  memcpy(s->indicator, accounts->indicator, TANLU_INDICATOR_COUNT * sizeof *s->indicator);
  s->total = s->part[0] = s->indicator[TANLU_INDICATOR_CO2_ENERGY];
  return TANLU_OK;
}

static tanlu_status keep_lmdi(tanlu_decompose_state *s, const tanlu_decomposer *d,
                              const tanlu_solved_accounts *accounts, tanlu_context *context) {
  tanlu_status status = tanlu_carbon_accounts_create(&s->carbon, accounts, d->groups, d->group_of, context);
  if (status != TANLU_OK) return status;
  const bool process = d->plan.of == TANLU_DECOMPOSE_CO2_TOTAL;
  const tanlu_carbon_accounts *c = s->carbon;
  s->total = mt * (process ? c->co2_total : c->co2_energy);
  if (d->plan.by == TANLU_DECOMPOSE_BY_CARRIER) {
    tanlu_carbon_by_carrier(c, process, s->part);
  } else {
    for (size_t u = 0; u < c->users; u++) s->part[u] = tanlu_carbon_of_user(c, u, process);
  }
  for (size_t i = 0; i < d->parts.count; i++) s->part[i] *= mt;
  return status;
}

static tanlu_status keep_sda(tanlu_decompose_state *s, const tanlu_decomposer *d, const tanlu_solved_accounts *accounts,
                             tanlu_context *context) {
  const size_t n = d->n, categories = accounts->categories;
  const bool output = d->plan.of == TANLU_DECOMPOSE_OUTPUT;
  s->a = tanlu_allocate_doubles(context, n, n);
  s->demand = tanlu_allocate_doubles(context, n, d->categories);
  if (!output) s->intensity = tanlu_allocate_doubles(context, n, 1);
  if (s->a == NULL || s->demand == NULL || (!output && s->intensity == NULL)) return TANLU_ERR_MEMORY;
  memcpy(s->a, accounts->domestic_inputs, n * n * sizeof *s->a);
  memcpy(s->demand, accounts->final_domestic, n * categories * sizeof *s->demand);
  memcpy(s->demand + n * categories, accounts->discrepancy, n * sizeof *s->demand);
  s->households = output ? 0.0 : accounts->household_co2[TANLU_URBAN] + accounts->household_co2[TANLU_RURAL];
  if (!output) s->part[d->groups] = mt * s->households;
  for (size_t j = 0; j < n; j++) {
    const double x = accounts->output[j], co2 = accounts->co2[j];
    if (!output && x == 0.0 && co2 != 0.0) {
      return tanlu_fail(context, TANLU_ERR_MODEL, "year %d: %s emits CO2 without output", accounts->year,
                        accounts->dataset->accounts.sector.code[j]);
    }
    if (!output) s->intensity[j] = x != 0.0 ? co2 / x : 0.0;
    s->part[d->group_of[j]] += output ? money * x : mt * co2;
    if (output) s->total += money * x;
  }
  if (!output) s->total = accounts->indicator[TANLU_INDICATOR_CO2_TOTAL];
  return TANLU_OK;
}

tanlu_status tanlu_decompose_state_create(tanlu_decompose_state **state, const tanlu_decomposer *decomposer,
                                          const tanlu_solved_accounts *accounts, tanlu_context *context) {
  *state = NULL;
  tanlu_decompose_state *s = tanlu_allocate(context, 1, sizeof *s);
  if (s == NULL) return TANLU_ERR_MEMORY;
  s->year = accounts->year;
  s->part = tanlu_allocate_doubles(context, decomposer->parts.count, 1);
  tanlu_status status = s->part != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  if (status == TANLU_OK && decomposer->plan.method == TANLU_DECOMPOSE_KAYA) status = keep_kaya(s, accounts, context);
  if (status == TANLU_OK && decomposer->plan.method == TANLU_DECOMPOSE_LMDI) {
    status = keep_lmdi(s, decomposer, accounts, context);
  }
  if (status == TANLU_OK && decomposer->plan.method == TANLU_DECOMPOSE_SDA) {
    status = keep_sda(s, decomposer, accounts, context);
  }
  if (status != TANLU_OK) tanlu_decompose_state_free(&s);
  *state = s;
  return status;
}

int tanlu_decompose_state_year(const tanlu_decompose_state *state) {
  return state->year;
}
double tanlu_decompose_state_total(const tanlu_decompose_state *state) {
  return state->total;
}
const double *tanlu_decompose_state_parts(const tanlu_decompose_state *state) {
  return state->part;
}

/* ---- effects ----------------------------------------------------------------------------------------------------------- */

static tanlu_status between_kaya(const tanlu_decompose_state *from, const tanlu_decompose_state *to, double *effect,
                                 tanlu_context *context) {
  if (tanlu_kaya_decompose(from->indicator, to->indicator, effect)) return TANLU_OK;
  const bool first = !(from->total > 0.0);
  return tanlu_fail(
      context, TANLU_ERR_MODEL,
      "energy CO2 is %.6g Mt in %d, and the Kaya identity needs positive numbers; lmdi takes capture apart",
      first ? from->total : to->total, first ? from->year : to->year);
}

static tanlu_status between_lmdi(tanlu_decomposer *d, const tanlu_decompose_state *from,
                                 const tanlu_decompose_state *to, double *effect, tanlu_context *context) {
  const bool carriers = d->plan.by == TANLU_DECOMPOSE_BY_CARRIER;
  const tanlu_status status =
      tanlu_co2_decompose(from->carbon, to->carbon, d->plan.of == TANLU_DECOMPOSE_CO2_TOTAL, &d->users,
                          carriers ? d->work : effect, carriers ? effect : NULL, context);
  for (size_t i = 0; i < d->effects.count * d->parts.count; i++) effect[i] *= mt;
  return status;
}

static tanlu_status between_sda(tanlu_decomposer *d, const tanlu_decompose_state *from, const tanlu_decompose_state *to,
                                double *effect, tanlu_context *context) {
  const tanlu_sda_state before = {from->a, from->demand, from->intensity}, after = {to->a, to->demand, to->intensity};
  const size_t factors = tanlu_sda_factors(d->sda), parts = d->parts.count;
  const double unit = d->plan.of == TANLU_DECOMPOSE_OUTPUT ? money : mt;
  const tanlu_status status = tanlu_sda_decompose(d->sda, &before, &after, d->work, context);
  memset(effect, 0, d->effects.count * parts * sizeof *effect);
  for (size_t k = 0; k < factors; k++) {
    for (size_t j = 0; j < d->n; j++) effect[k * parts + d->group_of[j]] += unit * d->work[k * d->n + j];
  }
  if (d->plan.of != TANLU_DECOMPOSE_OUTPUT) {
    effect[factors * parts + d->groups] = unit * (to->households - from->households);
  }
  return status;
}

tanlu_status tanlu_decompose_between(tanlu_decomposer *decomposer, const tanlu_decompose_state *from,
                                     const tanlu_decompose_state *to, double *effect, tanlu_context *context) {
  switch (decomposer->plan.method) {
  case TANLU_DECOMPOSE_KAYA:
    return between_kaya(from, to, effect, context);
  case TANLU_DECOMPOSE_LMDI:
    return between_lmdi(decomposer, from, to, effect, context);
  case TANLU_DECOMPOSE_SDA:
    return between_sda(decomposer, from, to, effect, context);
  }
  return TANLU_ERR_INTERNAL;
}
