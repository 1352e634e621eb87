#include "outputs/overlay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/units.h"
#include "solvers/memory.h"

struct tanlu_overlay {
  char *region;
  size_t curves;
  tanlu_overlay_curve *curve;
  tanlu_overlay_left left;
};

tanlu_status tanlu_overlay_create(tanlu_overlay **overlay, const char *region, tanlu_context *context) {
  tanlu_overlay *o = tanlu_allocate(context, 1, sizeof *o);
  *overlay = o;
  if (o == NULL) return TANLU_ERR_MEMORY;
  o->region = tanlu_string_copy(context, region);
  if (o->region != NULL) return TANLU_OK;
  tanlu_overlay_free(overlay);
  return TANLU_ERR_MEMORY;
}

void tanlu_overlay_free(tanlu_overlay **overlay) {
  tanlu_overlay *o = overlay != NULL ? *overlay : NULL;
  if (o == NULL) return;
  for (size_t i = 0; i < o->curves; i++) {
    free(o->curve[i].model);
    free(o->curve[i].scenario);
    free(o->curve[i].year);
    free(o->curve[i].value);
  }
  free(o->curve);
  free(o->region);
  free(o->left.first_unknown);
  free(o->left.first_region);
  free(o);
  *overlay = NULL;
}

/* ---- units --------------------------------------------------------------------------------------------------------------- */

/* International Energy Agency: 1 toe = 10 Gcal. */
#define PETAJOULE_PER_MTOE 41.868

typedef enum { KIND_CO2, KIND_ENERGY, KIND_POWER, KIND_MASS, KIND_PERSONS, KIND_NONE } unit_kind;

static const struct {
  const char *name;
  unit_kind kind;
  double size;
} units[] = {{"kt CO2", KIND_CO2, 1e-3},
             {"Mt CO2", KIND_CO2, 1.0},
             {"Gt CO2", KIND_CO2, 1e3},
             {"TJ", KIND_ENERGY, 1e-3},
             {"PJ", KIND_ENERGY, 1.0},
             {"EJ", KIND_ENERGY, 1e3},
             {"GWh", KIND_ENERGY, 1e-3 * TANLU_TJ_PER_TWH * 1e-3},
             {"TWh", KIND_ENERGY, 1e-3 * TANLU_TJ_PER_TWH},
             {"ktoe", KIND_ENERGY, 1e-3 * PETAJOULE_PER_MTOE},
             {"Mtoe", KIND_ENERGY, PETAJOULE_PER_MTOE},
             {"ktce", KIND_ENERGY, TANLU_TJ_PER_TCE},
             {"Mtce", KIND_ENERGY, 1e3 * TANLU_TJ_PER_TCE},
             {"MW", KIND_POWER, 1e-3},
             {"GW", KIND_POWER, 1.0},
             {"TW", KIND_POWER, 1e3},
             {"kt", KIND_MASS, 1e-3},
             {"Mt", KIND_MASS, 1.0},
             {"Gt", KIND_MASS, 1e3},
             {"thousand", KIND_PERSONS, 1e-3},
             {"million", KIND_PERSONS, 1.0},
             {"billion", KIND_PERSONS, 1e3}};

/* Length of a unit without "/yr", "/a" or "/year". */
static size_t base_length(const char *unit) {
  static const char *const year[] = {"/yr", "/a", "/year"};
  const size_t length = strlen(unit);
  for (size_t k = 0; k < sizeof year / sizeof *year; k++) {
    const size_t tail = strlen(year[k]);
    if (length > tail && strcmp(unit + length - tail, year[k]) == 0) return length - tail;
  }
  return length;
}

static bool same(const char *text, size_t length, const char *word) {
  return strlen(word) == length && strncmp(text, word, length) == 0;
}

/* "billion USD_2020": size of the number and length of its word; 0 for no money. */
static double money(const char *unit, size_t length, size_t *word) {
  static const char *const name[] = {"million ", "billion ", "trillion "};
  static const double size[] = {1.0, 1e3, 1e6};
  for (size_t k = 0; k < sizeof name / sizeof *name; k++) {
    *word = strlen(name[k]);
    if (length > *word && strncmp(unit, name[k], *word) == 0) return size[k];
  }
  return 0.0;
}

static unit_kind find_unit(const char *unit, size_t length, double *size) {
  for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
    if (!same(unit, length, units[k].name)) continue;
    *size = units[k].size;
    return units[k].kind;
  }
  return KIND_NONE;
}

bool tanlu_unit_factor(const char *from, const char *to, double *factor) {
  const size_t own = base_length(from), other = base_length(to);
  double size[2] = {0.0, 0.0};
  *factor = 1.0;
  if (own == other && strncmp(from, to, own) == 0) return true;
  const unit_kind kind = find_unit(from, own, &size[0]), wanted = find_unit(to, other, &size[1]);
  if (kind == KIND_NONE || wanted == KIND_NONE) {
    size_t word[2];
    size[0] = money(from, own, &word[0]);
    size[1] = money(to, other, &word[1]);
    if (size[0] == 0.0 || size[1] == 0.0 || own - word[0] != other - word[1] ||
        strncmp(from + word[0], to + word[1], own - word[0]) != 0) {
      return false;
    }
  } else if (kind != wanted) {
    return false;
  }
  *factor = size[0] / size[1];
  return true;
}

/* ---- rows ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status keep_first(char **first, const char *text, tanlu_context *context) {
  if (*first == NULL) *first = tanlu_string_copy(context, text);
  return *first != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
}

static size_t find_definition(const char *name) {
  for (size_t i = 0; i < tanlu_iamc_definitions(); i++) {
    if (strcmp(tanlu_iamc_definition_at(i)->name, name) == 0) return i;
  }
  return TANLU_NONE;
}

/* The curve of a row, a new one where there is none. */
static tanlu_overlay_curve *curve_of(tanlu_overlay *overlay, const tanlu_overlay_row *row, size_t definition,
                                     tanlu_context *context) {
  for (size_t i = 0; i < overlay->curves; i++) {
    tanlu_overlay_curve *c = &overlay->curve[i];
    if (c->definition == definition && strcmp(c->model, row->model) == 0 && strcmp(c->scenario, row->scenario) == 0) {
      return c;
    }
  }
  tanlu_overlay_curve *grown = realloc(overlay->curve, (overlay->curves + 1) * sizeof *grown);
  if (grown == NULL) {
    (void)tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the curves of %s", row->file);
    return NULL;
  }
  overlay->curve = grown;
  tanlu_overlay_curve *added = &grown[overlay->curves++];
  *added = (tanlu_overlay_curve){.definition = definition};
  added->model = tanlu_string_copy(context, row->model);
  added->scenario = tanlu_string_copy(context, row->scenario);
  return added->model != NULL && added->scenario != NULL ? added : NULL;
}

/* Put a point in its place. */
static tanlu_status add_point(tanlu_overlay_curve *curve, const tanlu_overlay_row *row, int year, double value,
                              tanlu_context *context) {
  size_t at = 0;
  while (at < curve->points && curve->year[at] < year) at++;
  if (at < curve->points && curve->year[at] == year) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, row->file, row->line, 0,
                         "duplicate value of %s of %s, %s in %d; expected one", row->variable, row->model,
                         row->scenario, year);
  }
  int *years = realloc(curve->year, (curve->points + 1) * sizeof *years);
  if (years != NULL) curve->year = years;
  double *values = realloc(curve->value, (curve->points + 1) * sizeof *values);
  if (values != NULL) curve->value = values;
  if (years == NULL || values == NULL) {
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the curves of %s", row->file);
  }
  memmove(years + at + 1, years + at, (curve->points - at) * sizeof *years);
  memmove(values + at + 1, values + at, (curve->points - at) * sizeof *values);
  years[at] = year;
  values[at] = value;
  curve->points++;
  return TANLU_OK;
}

tanlu_status tanlu_overlay_add(tanlu_overlay *overlay, const tanlu_overlay_row *row, tanlu_context *context) {
  double factor;
  overlay->left.rows++;
  if (strcmp(row->region, overlay->region) != 0) {
    overlay->left.other_region++;
    return keep_first(&overlay->left.first_region, row->region, context);
  }
  const size_t definition = find_definition(row->variable);
  if (definition == TANLU_NONE) {
    overlay->left.unknown++;
    return keep_first(&overlay->left.first_unknown, row->variable, context);
  }
  const char *unit = tanlu_iamc_definition_at(definition)->unit;
  if (!tanlu_unit_factor(row->unit, unit, &factor)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, row->file, row->line, 0,
                         "unit '%s' of %s cannot be brought to %s; expected that unit or one of its kind", row->unit,
                         row->variable, unit);
  }
  tanlu_overlay_curve *curve = curve_of(overlay, row, definition, context);
  if (curve == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  for (size_t k = 0; k < row->points; k++) {
    const tanlu_status added = add_point(curve, row, row->year[k], factor * row->value[k], context);
    if (added != TANLU_OK) status = added;
  }
  return status;
}

size_t tanlu_overlay_curves(const tanlu_overlay *overlay) {
  return overlay->curves;
}
const tanlu_overlay_curve *tanlu_overlay_curve_at(const tanlu_overlay *overlay, size_t i) {
  return &overlay->curve[i];
}
const tanlu_overlay_left *tanlu_overlay_left_out(const tanlu_overlay *overlay) {
  return &overlay->left;
}
