#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/dataset_file.h"
#include "inputs/sweep_outputs_private.h"
#include "inputs/sweep_private.h"
#include "solvers/memory.h"

const char *const tanlu_sweep_mode_word[TANLU_MODES] = {"scale", "add", "replace"};

static const double samples_most = 1e9;

void tanlu_sweep_free(tanlu_sweep **sweep) {
  tanlu_sweep *s = *sweep;
  if (!s) return;
  for (size_t p = 0; s->parameter && p < s->parameters; p++) {
    free(s->parameter[p].label);
    free(s->parameter[p].path);
    free(s->parameter[p].described);
    free(s->parameter[p].number);
    free(s->parameter[p].marked);
    tanlu_distribution_free(&s->parameter[p].distribution);
  }
  for (size_t k = 0; k < s->simplexes; k++) {
    free(s->simplex[k].name);
    tanlu_simplex_free(&s->simplex[k].shares);
  }
  for (size_t k = 0; s->factor && k < s->factors; k++) free(s->factor[k]);
  free(s->factor);
  free(s->factor_dimensions);
  free(s->dimension_factor);
  for (size_t k = 0; k < s->files; k++) free(s->file[k].path);
  free(s->parameter);
  free(s->simplex);
  free(s->name);
  free(s->title);
  free(s->path);
  free(s->shape.indicator);
  free(s->shape.region);
  free(s->shape.year);
  free(s->shape.range);
  free(s->levels);
  free(s->points);
  free(s->tails);
  free(s->correlation);
  free(s->base);
  free(s->place);
  free(s->mover);
  tanlu_sweep_regions_clear(s);
  tanlu_drivers_free(&s->base_drivers);
  tanlu_design_free(&s->design);
  tanlu_scenario_free(&s->scenario);
  tanlu_yaml_free(&s->root);
  free(s);
  *sweep = NULL;
}

/* ---- design, outputs, failures ------------------------------------------------------------------------------------------ */

/* Kind and counts; read before the parameters, since a list has no distributions. */
static tanlu_status read_design(tanlu_sweep *s, tanlu_context *context) {
  const char *words[TANLU_DESIGN_KINDS];
  for (size_t k = 0; k < TANLU_DESIGN_KINDS; k++) words[k] = tanlu_design_kind_name((tanlu_design_kind)k);
  const tanlu_yaml *node = tanlu_yaml_find(s->root, "design"), *samples = tanlu_yaml_find(s->root, "samples");
  const tanlu_yaml *seed = tanlu_yaml_find(s->root, "seed"), *levels = tanlu_yaml_find(s->root, "levels");
  const tanlu_yaml *second = tanlu_yaml_find(s->root, "second_order");
  size_t kind = 0;
  double count = 0.0, number = 1.0, level = 4.0;
  if (!node) return tanlu_yaml_fail(s->root, context, "missing key 'design'");
  tanlu_status status = tanlu_sweep_read_word(node, "design", words, TANLU_DESIGN_KINDS, &kind, context);
  if (status != TANLU_OK) return status;
  s->options.kind = (tanlu_design_kind)kind;
  const bool counted = kind != TANLU_DESIGN_GRID && kind != TANLU_DESIGN_LIST;
  if (counted && !samples) status = tanlu_yaml_fail(s->root, context, "missing key 'samples'");
  if (!counted && samples) status = tanlu_yaml_fail_key(samples, context, "a %s has no 'samples'", words[kind]);
  if (counted && samples) status = tanlu_sweep_read_count(samples, 1.0, samples_most, &count, context);
  if (status == TANLU_OK && seed) status = tanlu_sweep_read_count(seed, 0.0, 9007199254740992.0, &number, context);
  if (status == TANLU_OK && levels) {
    status = kind == TANLU_DESIGN_GRID || kind == TANLU_DESIGN_MORRIS
                 ? tanlu_sweep_read_count(levels, 2.0, 1000.0, &level, context)
                 : tanlu_yaml_fail_key(levels, context, "only the designs grid and morris have levels");
  }
  if (status == TANLU_OK && second) {
    status = kind == TANLU_DESIGN_SALTELLI
                 ? tanlu_sweep_read_bool(second, &s->options.second_order, context)
                 : tanlu_yaml_fail_key(second, context, "only the design saltelli gives second-order indices");
  }
  s->options.samples = (uint64_t)count;
  s->options.seed = (uint64_t)number;
  s->options.morris_levels = (size_t)level;
  return status;
}

static tanlu_status read_keep(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *keep = tanlu_yaml_find(s->root, "keep");
  size_t word = 0;
  const tanlu_status status =
      keep ? tanlu_sweep_read_word(keep, "keep", tanlu_sweep_keep_word, TANLU_KEEPS, &word, context) : TANLU_OK;
  s->shape.keep = (tanlu_sweep_keep)word;
  return status;
}

static tanlu_status read_failures(tanlu_sweep *s, tanlu_context *context) {
  static const char *const policies[] = {"skip", "stop"}, *const keys[] = {"at_most"};
  const tanlu_yaml *node = tanlu_yaml_find(s->root, "failures");
  size_t policy = 0;
  s->failure_share = (double)NAN;
  if (!node) return TANLU_OK;
  if (node->kind == TANLU_YAML_SCALAR) {
    const tanlu_status status = tanlu_sweep_read_word(node, "policy", policies, 2, &policy, context);
    if (policy == 1) s->failure_share = 0.0;
    return status == TANLU_OK ? status
                              : tanlu_yaml_fail(node, context, "a share of failures is written {at_most: 0.05}");
  }
  const tanlu_status status = tanlu_yaml_check_keys(node, "failures", keys, 1, context);
  if (status != TANLU_OK) return status;
  if (node->count != 1) return tanlu_yaml_fail(node, context, "expected skip, stop or {at_most: SHARE}");
  const tanlu_yaml *share = node->child[0];
  if (tanlu_yaml_number(share, &s->failure_share, context) != TANLU_OK) return TANLU_ERR_INPUT;
  if (s->failure_share >= 0.0 && s->failure_share < 1.0) return TANLU_OK;
  return tanlu_yaml_fail(share, context, "%s is not a share; expected 0 to 1", share->text);
}

/* The scenario, found beside the sweep or by name. */
static tanlu_status read_scenario(tanlu_sweep *s, tanlu_context *context) {
  const tanlu_yaml *node = tanlu_yaml_find(s->root, "scenario");
  if (!node || node->kind != TANLU_YAML_SCALAR) {
    return tanlu_yaml_fail(node ? node : s->root, context, "expected the name of a scenario as 'scenario'");
  }
  char *beside = tanlu_sweep_directory(s), *path = NULL;
  tanlu_context *inner = tanlu_context_create();
  tanlu_status status = beside && inner ? tanlu_input_find(&path, "scenarios", node->text, beside, inner)
                                        : tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory");
  if (status != TANLU_OK && inner) status = tanlu_sweep_refuse(node, "scenario: ", inner, context);
  if (status == TANLU_OK) status = tanlu_scenario_read(&s->scenario, path, NULL, 0, context);
  tanlu_context_free(&inner);
  free(beside);
  free(path);
  return status;
}

/* All problems of the file are reported, as far as the design is known. */
static tanlu_status read_all(tanlu_sweep *s, tanlu_context *context) {
  static const char *const keys[] = {"name",    "title",        "scenario", "design",     "samples",
                                     "seed",    "second_order", "levels",   "parameters", "points",
                                     "outputs", "keep",         "failures", "correlation"};
  tanlu_status status = tanlu_yaml_check_keys(s->root, "the sweep", keys, sizeof keys / sizeof *keys, context);
  if (s->root->kind != TANLU_YAML_MAPPING) return status;
  const tanlu_status scenario = read_scenario(s, context), design = read_design(s, context);
  const bool regional = s->scenario && s->scenario->regions; /* its regions are known once it is resolved */
  const tanlu_yaml *outputs = tanlu_yaml_find(s->root, "outputs");
  const tanlu_status each[] = {
      design,
      tanlu_yaml_text(s->root, "name", true, &s->name, context),
      tanlu_yaml_text(s->root, "title", false, &s->title, context),
      design == TANLU_OK ? tanlu_sweep_read_parameters(s, context) : design,
      s->parameters > 0 ? tanlu_sweep_read_points(s, context) : TANLU_OK,
      s->parameters > 0 ? tanlu_sweep_read_correlation(s, context) : TANLU_OK,
      regional ? TANLU_OK : tanlu_sweep_outputs_read(&s->shape, outputs, NULL, context),
      read_keep(s, context),
      read_failures(s, context),
      scenario,
  };
  for (size_t k = 0; k < sizeof each / sizeof *each && status == TANLU_OK; k++) status = each[k];
  return status;
}

tanlu_status tanlu_sweep_read(tanlu_sweep **sweep, const char *name, tanlu_context *context) {
  tanlu_sweep *s = tanlu_allocate(context, 1, sizeof *s);
  *sweep = NULL;
  if (!s) return TANLU_ERR_MEMORY;
  tanlu_status status = tanlu_input_find(&s->path, "sweeps", name, NULL, context);
  char sha256[TANLU_SHA256_TEXT];
  if (status == TANLU_OK) status = tanlu_yaml_read(&s->root, s->path, sha256, context);
  if (status == TANLU_OK) status = tanlu_sweep_add_file(s, tanlu_string_copy(context, s->path), sha256, context);
  if (status == TANLU_OK) status = read_all(s, context);
  if (status != TANLU_OK) tanlu_sweep_free(&s);
  *sweep = s;
  return status;
}
