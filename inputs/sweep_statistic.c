/* Statistics that a sweep varies: what their names stand for, and the dataset of a sample. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/sweep_private.h"
#include "model/perturb.h"
#include "solvers/memory.h"

static const char *const statistic_word[TANLU_STATISTICS] = {"emission_factors", "branch_energy", "coefficients"};

enum { WORDS = 3, WORD = 64 };

/* ---- names -------------------------------------------------------------------------------------------------------------- */

/* A name in parts: "branch_energy.chemicals.diesel". */
typedef struct {
  const tanlu_yaml *node;
  const tanlu_dataset *dataset;
  tanlu_context *context;
  size_t count;
  char word[WORDS][WORD];
} statistic_name;

static tanlu_status unknown(const statistic_name *n, const char *what, const char *word, const char *const *words,
                            size_t count) {
  const char *nearest = tanlu_nearest(word, words, count);
  return tanlu_yaml_fail(n->node, n->context, "unknown %s '%s'%s%s%s", what, word, nearest ? "; did you mean '" : "",
                         nearest ? nearest : "", nearest ? "'?" : "");
}

static tanlu_status split_name(statistic_name *n) {
  const char *text = n->node->text;
  for (n->count = 0; n->count < WORDS; n->count++) {
    const size_t length = strcspn(text, ".");
    if (length == 0 || length >= WORD) break;
    memcpy(n->word[n->count], text, length);
    n->word[n->count][length] = '\0';
    text += length;
    if (*text == '\0') {
      n->count++;
      return TANLU_OK;
    }
    text++;
  }
  return tanlu_yaml_fail(n->node, n->context,
                         "'%s' names no statistic; expected emission_factors.CARRIER, branch_energy.BRANCH, "
                         "branch_energy.BRANCH.CARRIER or coefficients",
                         n->node->text);
}

/* Carriers that a word stands for: one, those of a class, or all. */
static tanlu_status find_carriers(const statistic_name *n, const char *word, bool *carrier) {
  const tanlu_carriers *c = &n->dataset->energy.carrier;
  const size_t count = c->label.count, own = tanlu_labels_find(&c->label, word);
  bool found = false;
  for (size_t k = 0; k < count; k++) {
    carrier[k] = own != TANLU_NONE ? k == own
                                   : strcmp(word, "all") == 0 || strcmp(word, tanlu_carrier_class_word(c->cls[k])) == 0;
    found = found || carrier[k];
  }
  if (found) return TANLU_OK;
  const char **words = tanlu_allocate(n->context, count + TANLU_CLASS_COUNT + 1, sizeof *words);
  if (!words) return TANLU_ERR_MEMORY;
  size_t known = 0;
  for (size_t k = 0; k < count; k++) words[known++] = c->label.code[k];
  for (size_t k = 0; k < TANLU_CLASS_COUNT; k++) words[known++] = tanlu_carrier_class_word((tanlu_carrier_class)k);
  words[known++] = "all";
  const tanlu_status status = unknown(n, "carrier", word, words, known);
  free(words);
  return status;
}

static tanlu_status find_branches(const statistic_name *n, const char *word, bool *branch) {
  const tanlu_labels *label = &n->dataset->energy.branch;
  const size_t own = tanlu_labels_find(label, word);
  const bool all = own == TANLU_NONE && strcmp(word, "all") == 0;
  for (size_t b = 0; b < label->count; b++) branch[b] = all || b == own;
  if (all || own != TANLU_NONE) return TANLU_OK;
  return unknown(n, "branch", word, (const char *const *)label->code, label->count);
}

/* ---- marks -------------------------------------------------------------------------------------------------------------- */

/* Mark carriers whose factor a name varies; one without any factor has nothing to vary. */
static tanlu_status mark_factors(const statistic_name *n, const bool *carrier, bool *marked) {
  const tanlu_energy_statistics *e = &n->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  bool any = false;
  for (size_t c = 0; c < carriers; c++) {
    if (!carrier[c]) continue;
    marked[c] = true;
    for (size_t g = 0; g < e->user_group.count; g++) any = any || e->emission_factor[g * carriers + c] != 0.0;
  }
  if (any) return TANLU_OK;
  return tanlu_yaml_fail(n->node, n->context, "'%s' has no emission factor to vary", n->word[1]);
}

static tanlu_status mark_cells(const statistic_name *n, const bool *branch, const bool *carrier, bool *marked) {
  const tanlu_energy_statistics *e = &n->dataset->energy;
  const size_t carriers = e->carrier.label.count;
  bool any = false;
  for (size_t b = 0; b < e->branch.count; b++) {
    for (size_t c = 0; c < carriers; c++) {
      if (!branch[b] || !carrier[c]) continue;
      marked[b * carriers + c] = true;
      any = any || e->final[b * carriers + c] > 0.0;
    }
  }
  if (any) return TANLU_OK;
  return tanlu_yaml_fail(n->node, n->context, "'%s' uses no '%s' in the base year", n->word[1],
                         n->count > 2 ? n->word[2] : "energy");
}

/* Where totals are kept somebody else must use the carrier. */
static tanlu_status check_others(const tanlu_sweep_parameter *p, const tanlu_dataset *dataset, tanlu_context *context) {
  const tanlu_energy_statistics *e = &dataset->energy;
  const size_t carriers = e->carrier.label.count;
  for (size_t c = 0; c < carriers; c++) {
    double own = 0.0, others = 0.0;
    for (size_t b = 0; b < e->branch.count; b++) {
      *(p->marked[b * carriers + c] ? &own : &others) += e->final[b * carriers + c];
    }
    if (own == 0.0 || others > 0.0) continue;
    return tanlu_yaml_fail(p->paths, context,
                           "keep_total: no other branch uses '%s', so its total cannot be kept; name the carriers that "
                           "others use too, as branch_energy.BRANCH.CARRIER",
                           e->carrier.label.code[c]);
  }
  return TANLU_OK;
}

/* One name of the parameter. */
static tanlu_status take_name(tanlu_sweep_parameter *p, statistic_name *n, bool *branch, bool *carrier) {
  static const size_t least[] = {2, 2, 1}, most[] = {2, 3, 1};
  const tanlu_energy_statistics *e = &n->dataset->energy;
  tanlu_status status = split_name(n);
  if (status != TANLU_OK) return status;
  size_t kind = 0;
  while (kind < TANLU_STATISTICS && strcmp(n->word[0], statistic_word[kind]) != 0) kind++;
  if (kind == TANLU_STATISTICS) return unknown(n, "statistic", n->word[0], statistic_word, TANLU_STATISTICS);
  if (n->count < least[kind] || n->count > most[kind]) {
    static const char *const form[] = {"emission_factors.CARRIER",
                                       "branch_energy.BRANCH or branch_energy.BRANCH.CARRIER", "coefficients"};
    return tanlu_yaml_fail(n->node, n->context, "'%s': expected %s", n->node->text, form[kind]);
  }
  if (p->statistic != TANLU_STATISTIC_NONE && (size_t)p->statistic != kind) {
    return tanlu_yaml_fail(n->node, n->context, "'%s' beside %s; expected statistics of one kind", n->node->text,
                           statistic_word[p->statistic]);
  }
  p->statistic = (tanlu_sweep_statistic)kind;
  if (kind == TANLU_STATISTIC_COEFFICIENTS) return TANLU_OK;
  if (!p->marked) {
    p->marked = tanlu_allocate(n->context, e->branch.count * e->carrier.label.count, sizeof *p->marked);
    if (!p->marked) return TANLU_ERR_MEMORY;
  }
  if (kind == TANLU_STATISTIC_EMISSION_FACTORS) {
    status = find_carriers(n, n->word[1], carrier);
    return status == TANLU_OK ? mark_factors(n, carrier, p->marked) : status;
  }
  status = find_branches(n, n->word[1], branch);
  const tanlu_status second = find_carriers(n, n->count > 2 ? n->word[2] : "all", carrier);
  if (status != TANLU_OK || second != TANLU_OK) return TANLU_ERR_INPUT;
  return mark_cells(n, branch, carrier, p->marked);
}

/* Modes and keep_total, once the kind is known. */
static tanlu_status check_kind(const tanlu_sweep_parameter *p, const tanlu_dataset *dataset, tanlu_context *context) {
  const tanlu_yaml *mode = tanlu_yaml_find(p->node, "mode"), *keep = tanlu_yaml_find(p->node, "keep_total");
  const bool cells = p->statistic == TANLU_STATISTIC_BRANCH_ENERGY;
  if (p->statistic == TANLU_STATISTIC_COEFFICIENTS) {
    if (p->mode != TANLU_MODE_REPLACE) {
      return tanlu_yaml_fail(mode, context, "the deviation of coefficients is drawn; expected the mode replace");
    }
  } else if (p->mode != TANLU_MODE_SCALE) {
    return tanlu_yaml_fail(mode, context, "%s vary by a factor; expected the mode scale", statistic_word[p->statistic]);
  }
  if (keep && !cells) return tanlu_yaml_fail_key(keep, context, "only the statistic branch_energy has 'keep_total'");
  return cells && p->keep_total ? check_others(p, dataset, context) : TANLU_OK;
}

tanlu_status tanlu_sweep_bind_statistic(tanlu_sweep_parameter *p, const tanlu_dataset *dataset,
                                        tanlu_context *context) {
  const size_t count = p->paths->kind == TANLU_YAML_SEQUENCE ? p->paths->count : 1;
  bool *branch = tanlu_allocate(context, dataset->energy.branch.count, sizeof *branch);
  bool *carrier = tanlu_allocate(context, dataset->energy.carrier.label.count, sizeof *carrier);
  tanlu_status status = branch && carrier ? TANLU_OK : TANLU_ERR_MEMORY;
  const bool open = status == TANLU_OK;
  p->statistic = TANLU_STATISTIC_NONE;
  free(p->marked);
  p->marked = NULL;
  for (size_t i = 0; open && i < count; i++) {
    statistic_name n = {.node = p->paths->kind == TANLU_YAML_SEQUENCE ? p->paths->child[i] : p->paths,
                        .dataset = dataset,
                        .context = context};
    const tanlu_status own = take_name(p, &n, branch, carrier);
    if (status == TANLU_OK) status = own;
  }
  free(branch);
  free(carrier);
  return status == TANLU_OK ? check_kind(p, dataset, context) : status;
}

/* ---- the dataset of a sample -------------------------------------------------------------------------------------------- */

/* What the noise of coefficients is drawn by, see tanlu_sweep_perturb. */
static tanlu_status noise_of(const tanlu_sweep *s, size_t dimension, size_t sample, uint64_t *draw,
                             tanlu_context *context) {
  const tanlu_design_kind kind = s->options.kind;
  *draw = sample;
  if (kind != TANLU_DESIGN_SALTELLI && kind != TANLU_DESIGN_MORRIS) return TANLU_OK;
  double *point = tanlu_allocate_doubles(context, s->options.dimensions, 1);
  if (!point) return TANLU_ERR_MEMORY;
  tanlu_design_point(s->design, sample, point);
  memcpy(draw, point + dimension, sizeof *draw);
  free(point);
  return TANLU_OK;
}

static tanlu_status change(const tanlu_sweep *s, size_t index, size_t sample, double value, tanlu_dataset *dataset,
                           tanlu_context *context) {
  const tanlu_sweep_parameter *p = &s->parameter[index];
  uint64_t draw = 0;
  tanlu_status status = TANLU_OK;
  switch (p->statistic) {
  case TANLU_STATISTIC_EMISSION_FACTORS:
    return tanlu_perturb_emission_factors(dataset, p->marked, value, context);
  case TANLU_STATISTIC_BRANCH_ENERGY:
    return tanlu_perturb_branch_energy(dataset, p->marked, value, p->keep_total, context);
  case TANLU_STATISTIC_COEFFICIENTS:
    status = noise_of(s, p->dimension, sample, &draw, context);
    return status == TANLU_OK ? tanlu_perturb_coefficients(dataset, value, s->options.seed, draw, context) : status;
  case TANLU_STATISTIC_NONE:
    break;
  }
  return TANLU_OK;
}

tanlu_status tanlu_sweep_perturb(const tanlu_sweep *s, size_t sample, const double *parameter,
                                 const tanlu_dataset *dataset, tanlu_dataset **own, tanlu_context *context) {
  *own = NULL;
  if (s->statistics == 0) return TANLU_OK;
  tanlu_context *inner = tanlu_context_create();
  const tanlu_yaml *place = NULL;
  tanlu_status status = inner ? tanlu_dataset_copy(own, dataset, inner) : TANLU_ERR_MEMORY;
  for (size_t p = 0; status == TANLU_OK && p < s->parameters; p++) {
    if (s->parameter[p].statistic == TANLU_STATISTIC_NONE) continue;
    place = s->parameter[p].node;
    status = change(s, p, sample, parameter[p], *own, inner);
  }
  if (status == TANLU_OK) status = tanlu_perturb_finish(*own, inner);
  if (status == TANLU_ERR_MEMORY || !place) {
    if (status != TANLU_OK)
      status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the statistics of a sample");
  } else if (status != TANLU_OK) {
    (void)tanlu_sweep_refuse(place, "", inner, context);
  }
  if (status != TANLU_OK) tanlu_dataset_free(own);
  tanlu_context_free(&inner);
  return status;
}
