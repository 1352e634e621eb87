#include "outputs/iamc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/csv_write.h"
#include "outputs/iamc_private.h"
#include "outputs/region_slice.h"
#include "solvers/memory.h"

enum { REASON_MAX = 200, FIRST_AXIS = 2 /* after scenario and year */ };

typedef struct {
  tanlu_result *result;
  tanlu_iamc *iamc;
  size_t *scenario;  /* iamc->scenarios: place in the file */
  size_t first_year; /* of the chosen ones in the file */
  size_t region;     /* of the file's regions; TANLU_NONE: the nation */
  bool *member[2];   /* of the axes after year: taken? */
  double *sum;       /* scenarios x years: of one definition */
  char *reason;      /* why the file cannot say it */
  tanlu_context *context;
} conversion;

/* ---- terms ------------------------------------------------------------------------------------------------------------ */

/* Is `class` `wanted` or below it? */
static bool belongs(const char *class, const char *wanted) {
  const size_t length = strlen(wanted);
  return strncmp(class, wanted, length) == 0 && (class[length] == '\0' || class[length] == '.');
}

/* The word that decides the class of a member: for a sector its policy group. NULL where the file does not tell. */
static const char *word_of(tanlu_result *result, const char *axis, size_t i) {
  if (strcmp(axis, "sector") == 0) {
    const tanlu_result_texts *group = tanlu_result_texts_find(result, "sector_group");
    return group != NULL && i < group->count ? group->text[i] : NULL;
  }
  const tanlu_labels *labels = tanlu_result_labels(result, axis);
  return labels != NULL && i < labels->count ? labels->code[i] : NULL;
}

/* Choose the members of an axis of `count`. False where that cannot be said. */
static bool choose(conversion *c, const char *axis, const char *wanted, size_t count, bool *member) {
  bool any = false;
  for (size_t i = 0; i < count; i++) {
    const char *word = word_of(c->result, axis, i), *class = word != NULL ? tanlu_iamc_class(axis, word) : NULL;
    if (class == NULL) {
      (void)snprintf(c->reason, REASON_MAX, "%s '%s' has no class", strcmp(axis, "sector") == 0 ? "the group" : axis,
                     word != NULL ? word : "?");
      return false;
    }
    member[i] = belongs(class, wanted);
    any = any || member[i];
  }
  if (!any) (void)snprintf(c->reason, REASON_MAX, "the file has no %s of class '%s'", axis, wanted);
  return any;
}

/* A product whose unit is not the one of the table. */
static bool other_unit(conversion *c, const char *unit) {
  const tanlu_result_texts *units = tanlu_result_texts_find(c->result, "product_unit");
  for (size_t i = 0; units != NULL && i < units->count; i++) {
    const size_t length = strlen(units->text[i]);
    if (c->member[0][i] && (strncmp(unit, units->text[i], length) != 0 || strcmp(unit + length, "/yr") != 0)) {
      (void)snprintf(c->reason, REASON_MAX, "its unit in the file is %s", units->text[i]);
      return true;
    }
  }
  return units == NULL;
}

/* Which cells of the variable a term takes. */
static bool choose_members(conversion *c, const tanlu_iamc_term *term, const char *unit,
                           const tanlu_result_variable *v) {
  size_t used = 0;
  for (size_t k = FIRST_AXIS; k < v->rank; k++) {
    bool *member = c->member[k - FIRST_AXIS];
    for (size_t i = 0; i < v->extent[k]; i++) member[i] = true;
    for (size_t s = 0; s < term->selectors; s++) {
      if (strcmp(term->selector[s].axis, v->dimension[k]) != 0) continue;
      used++;
      if (!choose(c, term->selector[s].axis, term->selector[s].class, v->extent[k], member)) return false;
    }
    if (strcmp(v->dimension[k], "product") == 0 && other_unit(c, unit)) return false;
  }
  if (used == term->selectors) return true;
  (void)snprintf(c->reason, REASON_MAX, "variable %s of the file has other axes", term->variable);
  return false;
}

/* Sum of the chosen cells behind one scenario and year. */
static double sum_members(const conversion *c, const tanlu_result_variable *v, const double *cell) {
  const size_t rows = v->rank > FIRST_AXIS ? v->extent[FIRST_AXIS] : 1;
  const size_t columns = v->rank > FIRST_AXIS + 1 ? v->extent[FIRST_AXIS + 1] : 1;
  double sum = 0.0;
  for (size_t i = 0; i < rows; i++) {
    if (v->rank > FIRST_AXIS && !c->member[0][i]) continue;
    for (size_t j = 0; j < columns; j++) {
      if (v->rank <= FIRST_AXIS + 1 || c->member[1][j]) sum += cell[i * columns + j];
    }
  }
  return sum;
}

/* A variable (scenario, year, ...) of the nation or, as a slice with values of its own, of the region; *v NULL where the file has
 * none. */
static tanlu_status read_variable(conversion *c, const char *name, tanlu_result_variable *slice,
                                  const tanlu_result_variable **v) {
  const bool nation = c->region == TANLU_NONE;
  *v = nation ? tanlu_result_variable_find(c->result, name) : tanlu_regional_variable_find(c->result, name);
  if (*v == NULL) return TANLU_OK;
  const size_t year = nation ? 1 : 2;
  if ((*v)->rank <= year || strcmp((*v)->dimension[0], "scenario") != 0 || strcmp((*v)->dimension[year], "year") != 0) {
    *v = NULL;
    return TANLU_OK;
  }
  if (nation) return tanlu_result_variable_read(c->result, name, v, c->context);
  const tanlu_status status = tanlu_result_slice_read(slice, c->result, *v, 1, c->region, c->context);
  *v = slice;
  return status;
}

static void add_cells(conversion *c, const tanlu_iamc_term *term, const tanlu_result_variable *v) {
  size_t cells = 1;
  for (size_t k = FIRST_AXIS; k < v->rank; k++) cells *= v->extent[k];
  for (size_t s = 0; s < c->iamc->scenarios; s++) {
    for (size_t t = 0; t < c->iamc->years; t++) {
      const size_t at = c->scenario[s] * v->extent[1] + c->first_year + t;
      c->sum[s * c->iamc->years + t] += term->factor * sum_members(c, v, v->value + at * cells);
    }
  }
}

static tanlu_status add_term(conversion *c, const tanlu_iamc_term *term, const char *unit) {
  tanlu_result_variable slice = {.value = NULL};
  const tanlu_result_variable *v = NULL;
  tanlu_status status = read_variable(c, term->variable, &slice, &v);
  if (status == TANLU_OK && v == NULL) {
    (void)snprintf(c->reason, REASON_MAX, "the file has no variable %s", term->variable);
    return TANLU_OK;
  }
  size_t longest = 1;
  for (size_t k = FIRST_AXIS; status == TANLU_OK && k < v->rank; k++) {
    if (v->extent[k] > longest) longest = v->extent[k];
  }
  for (size_t k = 0; k < 2; k++) c->member[k] = tanlu_allocate(c->context, longest, sizeof *c->member[k]);
  if (c->member[0] == NULL || c->member[1] == NULL) status = TANLU_ERR_MEMORY;
  if (status == TANLU_OK && choose_members(c, term, unit, v)) add_cells(c, term, v);
  for (size_t k = 0; k < 2; k++) free(c->member[k]);
  tanlu_result_slice_clear(&slice);
  return status;
}

/* One definition; c->reason tells why where the file cannot say it. */
static tanlu_status convert(conversion *c, const tanlu_iamc_definition *definition) {
  const char *rest = definition->of;
  tanlu_iamc_term term;
  tanlu_status status = TANLU_OK;
  int more = 1;
  memset(c->sum, 0, c->iamc->scenarios * c->iamc->years * sizeof *c->sum);
  c->reason[0] = '\0';
  while (status == TANLU_OK && c->reason[0] == '\0' && (more = tanlu_iamc_next_term(&rest, &term)) > 0) {
    status = add_term(c, &term, definition->unit);
  }
  if (more >= 0) return status;
  return tanlu_fail(c->context, TANLU_ERR_INTERNAL, "the definition of %s is not a sum of terms: %s", definition->name,
                    definition->of);
}

/* ---- choice ------------------------------------------------------------------------------------------------------------ */

/* "Tanlu 0.1.0" of "Tanlu 0.1.0 (commit)", or the name given. */
static char *model_of(const char *model, tanlu_result *result, tanlu_context *context) {
  const char *source = tanlu_result_attribute(result, "source");
  char *name = tanlu_string_copy(context, model != NULL ? model : source != NULL ? source : "Tanlu");
  char *end = name != NULL && model == NULL ? strstr(name, " (") : NULL;
  if (end != NULL) *end = '\0';
  return name;
}

static tanlu_status choose_scenarios(conversion *c, const tanlu_iamc_choice *choice) {
  const tanlu_labels *all = tanlu_result_labels(c->result, "scenario");
  tanlu_iamc *x = c->iamc;
  x->scenarios = choice->scenario != NULL ? choice->scenarios : all->count;
  x->scenario = tanlu_allocate(c->context, x->scenarios, sizeof *x->scenario);
  c->scenario = tanlu_allocate(c->context, x->scenarios, sizeof *c->scenario);
  if (x->scenario == NULL || c->scenario == NULL) return TANLU_ERR_MEMORY;
  for (size_t s = 0; s < x->scenarios; s++) {
    c->scenario[s] = choice->scenario != NULL ? tanlu_labels_find(all, choice->scenario[s]) : s;
    for (size_t k = 0; k < s && c->scenario[s] != TANLU_NONE; k++) {
      if (c->scenario[k] != c->scenario[s]) continue;
      return tanlu_fail(c->context, TANLU_ERR_INPUT, "scenario '%s' is named twice", choice->scenario[s]);
    }
    if (c->scenario[s] == TANLU_NONE) {
      const char *nearest = tanlu_labels_nearest(all, choice->scenario[s]);
      return tanlu_fail_at(c->context, TANLU_ERR_INPUT, tanlu_result_path(c->result), 0, 0,
                           "has no scenario '%s'%s%s%s", choice->scenario[s], nearest != NULL ? "; did you mean '" : "",
                           nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
    }
    x->scenario[s] = all->code[c->scenario[s]];
  }
  return TANLU_OK;
}

static tanlu_status choose_years(conversion *c, const tanlu_iamc_choice *choice) {
  size_t count = 0;
  const int *year = tanlu_result_years(c->result, &count);
  size_t first = 0, end = count;
  while (first < count && year[first] < choice->from) first++;
  while (end > first && year[end - 1] > choice->to) end--;
  c->first_year = first;
  c->iamc->year = year + first;
  c->iamc->years = end - first;
  if (end > first) return TANLU_OK;
  return tanlu_fail_at(c->context, TANLU_ERR_INPUT, tanlu_result_path(c->result), 0, 0,
                       "has none of the years %d-%d; it holds %d to %d", choice->from, choice->to, year[0],
                       year[count - 1]);
}

static tanlu_status check_kind(tanlu_result *result, tanlu_context *context) {
  if (tanlu_result_attribute(result, "sweep") == NULL) return TANLU_OK;
  return tanlu_fail_at(context, TANLU_ERR_INPUT, tanlu_result_path(result), 0, 0,
                       "is the file of a sweep; expected one of `tanlu run`: IAMC has one value a scenario and year. "
                       "`tanlu sweep --only SAMPLE` writes one sample as such a file");
}

/* ---- the whole ---------------------------------------------------------------------------------------------------------- */

/* One note a reason, with all names it holds for. reason: definitions texts, "" for what is exported. */
static tanlu_status note_reasons(const conversion *c, char (*reason)[REASON_MAX]) {
  for (size_t i = 0; i < tanlu_iamc_definitions(); i++) {
    char why[REASON_MAX], *names = NULL;
    size_t length = 0, count = 0;
    if (reason[i][0] == '\0') continue;
    memcpy(why, reason[i], sizeof why);
    FILE *stream = open_memstream(&names, &length);
    if (stream == NULL) return tanlu_fail(c->context, TANLU_ERR_MEMORY, "out of memory for a note");
    for (size_t k = i; k < tanlu_iamc_definitions(); k++) {
      if (strcmp(reason[k], why) != 0) continue;
      (void)fprintf(stream, "%s%s", count++ > 0 ? "; " : "", tanlu_iamc_definition_at(k)->name);
      reason[k][0] = '\0';
    }
    if (fclose(stream) != 0) {
      free(names);
      return tanlu_fail(c->context, TANLU_ERR_MEMORY, "out of memory for a note");
    }
    tanlu_note(c->context, "left out%s, since %s: %s", c->region != TANLU_NONE ? " of regions" : "", why, names);
    free(names);
  }
  return TANLU_OK;
}

static tanlu_status convert_nation(conversion *c, char (*reason)[REASON_MAX]) {
  tanlu_iamc *x = c->iamc;
  const size_t cells = x->scenarios * x->years;
  c->region = TANLU_NONE;
  for (size_t i = 0; i < tanlu_iamc_definitions(); i++) {
    c->reason = reason[i];
    const tanlu_status status = convert(c, tanlu_iamc_definition_at(i));
    if (status != TANLU_OK) return status;
    if (reason[i][0] != '\0') continue;
    memcpy(x->value + x->variables * x->regions * cells, c->sum, cells * sizeof *c->sum);
    x->said[x->variables * x->regions] = true;
    x->variable[x->variables++] = tanlu_iamc_definition_at(i);
  }
  if (x->variables > 0) return note_reasons(c, reason);
  return tanlu_fail_at(c->context, TANLU_ERR_INPUT, tanlu_result_path(c->result), 0, 0, "has nothing to export");
}

/* What the nation has, of every region. All regions have the same axes, so that one note serves for all. */
static tanlu_status convert_regions(conversion *c, char (*reason)[REASON_MAX]) {
  tanlu_iamc *x = c->iamc;
  const size_t cells = x->scenarios * x->years;
  for (c->region = 0; c->region + 1 < x->regions; c->region++) {
    memset(reason, 0, tanlu_iamc_definitions() * sizeof *reason);
    for (size_t v = 0; v < x->variables; v++) {
      const size_t at = v * x->regions + c->region + 1;
      size_t i = 0;
      while (tanlu_iamc_definition_at(i) != x->variable[v]) i++;
      c->reason = reason[i];
      const tanlu_status status = convert(c, x->variable[v]);
      if (status != TANLU_OK) return status;
      x->said[at] = reason[i][0] == '\0';
      for (size_t k = 0; k < cells; k++) x->value[at * cells + k] = x->said[at] ? c->sum[k] : (double)NAN;
    }
    const tanlu_status status = c->region == 0 ? note_reasons(c, reason) : TANLU_OK;
    if (status != TANLU_OK) return status;
  }
  return TANLU_OK;
}

static tanlu_status convert_all(conversion *c) {
  tanlu_iamc *x = c->iamc;
  const size_t cells = x->scenarios * x->years;
  char(*reason)[REASON_MAX] = tanlu_allocate(c->context, tanlu_iamc_definitions(), sizeof *reason);
  x->variable = tanlu_allocate(c->context, tanlu_iamc_definitions(), sizeof *x->variable);
  x->value = tanlu_allocate_doubles(c->context, tanlu_iamc_definitions() * x->regions, cells);
  x->said = tanlu_allocate(c->context, tanlu_iamc_definitions() * x->regions, sizeof *x->said);
  c->sum = tanlu_allocate_doubles(c->context, cells, 1);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (reason != NULL && x->variable != NULL && x->value != NULL && x->said != NULL && c->sum != NULL) {
    status = convert_nation(c, reason);
    if (status == TANLU_OK) status = convert_regions(c, reason);
  }
  free(reason);
  return status;
}

/* The nation's name, and those of its regions behind it. */
static tanlu_status name_regions(conversion *c, const tanlu_iamc_choice *choice) {
  const tanlu_labels *regions = tanlu_result_regions_of(c->result);
  const char *own = tanlu_result_attribute(c->result, "region");
  const char *nation = choice->region != NULL ? choice->region : own != NULL ? own : "China";
  tanlu_iamc *x = c->iamc;
  x->region = tanlu_allocate(c->context, regions != NULL ? regions->count + 1 : 1, sizeof *x->region);
  if (x->region == NULL) return TANLU_ERR_MEMORY;
  x->region[0] = tanlu_string_copy(c->context, nation);
  if (x->region[x->regions++] == NULL) return TANLU_ERR_MEMORY;
  for (size_t r = 0; regions != NULL && r < regions->count; r++) {
    const char *name = regions->name[r][0] != '\0' ? regions->name[r] : regions->code[r];
    const size_t size = strlen(nation) + strlen(name) + 2;
    char *full = tanlu_allocate(c->context, size, 1);
    if (full == NULL) return TANLU_ERR_MEMORY;
    (void)snprintf(full, size, "%s|%s", nation, name);
    x->region[x->regions++] = full;
  }
  return TANLU_OK;
}

tanlu_status tanlu_iamc_create(tanlu_iamc **iamc, tanlu_result *result, const tanlu_iamc_choice *choice,
                               tanlu_context *context) {
  *iamc = NULL;
  tanlu_status status = check_kind(result, context);
  if (status != TANLU_OK) return status;
  tanlu_iamc *x = tanlu_allocate(context, 1, sizeof *x);
  if (x == NULL) return TANLU_ERR_MEMORY;
  conversion c = {.result = result, .iamc = x, .context = context};
  x->model = model_of(choice->model, result, context);
  status = x->model != NULL ? name_regions(&c, choice) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) status = choose_scenarios(&c, choice);
  if (status == TANLU_OK) status = choose_years(&c, choice);
  if (status == TANLU_OK) status = convert_all(&c);
  free(c.scenario);
  free(c.sum);
  if (status != TANLU_OK) tanlu_iamc_free(&x);
  *iamc = x;
  return status;
}

void tanlu_iamc_free(tanlu_iamc **iamc) {
  tanlu_iamc *x = *iamc;
  if (x == NULL) return;
  for (size_t r = 0; r < x->regions; r++) free(x->region[r]);
  free(x->region);
  free(x->said);
  free(x->model);
  free(x->variable);
  free(x->scenario);
  free(x->value);
  free(x);
  *iamc = NULL;
}

/* ---- text ---------------------------------------------------------------------------------------------------------------- */

void tanlu_iamc_print_definitions(FILE *stream) {
  (void)fprintf(stream, "Variables of the export, each with its unit and what it is of a result file\n");
  for (size_t i = 0; i < tanlu_iamc_definitions(); i++) {
    const tanlu_iamc_definition *d = tanlu_iamc_definition_at(i);
    (void)fprintf(stream, "\n%s [%s]\n    = %s\n", d->name, d->unit, d->of);
    if (d->comment[0] != '\0') (void)fprintf(stream, "    %s\n", d->comment);
  }
  (void)fprintf(stream, "\nLeft out, since a result file cannot say it\n\n");
  for (size_t i = 0; i < tanlu_iamc_omissions(); i++) {
    const tanlu_iamc_omission *o = tanlu_iamc_omission_at(i);
    (void)fprintf(stream, "%s: %s\n", o->name, o->reason);
  }
}

static void put_key(const tanlu_iamc *x, size_t variable, size_t region, size_t scenario, FILE *stream) {
  tanlu_csv_put_text(stream, true, x->model);
  tanlu_csv_put_text(stream, false, x->scenario[scenario]);
  tanlu_csv_put_text(stream, false, x->region[region]);
  tanlu_csv_put_text(stream, false, x->variable[variable]->name);
  tanlu_csv_put_text(stream, false, x->variable[variable]->unit);
}

/* The record, or in long form records, of one variable, region and scenario. */
static void put_values(const tanlu_iamc *x, size_t v, size_t r, size_t s, bool long_form, FILE *stream) {
  const double *value = x->value + ((v * x->regions + r) * x->scenarios + s) * x->years;
  if (!long_form) put_key(x, v, r, s, stream);
  for (size_t t = 0; t < x->years; t++) {
    if (long_form && isnan(value[t])) continue;
    if (long_form) {
      put_key(x, v, r, s, stream);
      (void)fprintf(stream, ",%d", x->year[t]);
    }
    tanlu_csv_put_number(stream, false, value[t]);
    if (long_form) tanlu_csv_put_end(stream);
  }
  if (!long_form) tanlu_csv_put_end(stream);
}

void tanlu_iamc_write_csv(const tanlu_iamc *x, bool long_form, FILE *stream) {
  (void)fputs("Model,Scenario,Region,Variable,Unit", stream);
  if (long_form) (void)fputs(",Year,Value", stream);
  for (size_t t = 0; !long_form && t < x->years; t++) (void)fprintf(stream, ",%d", x->year[t]);
  tanlu_csv_put_end(stream);
  for (size_t s = 0; s < x->scenarios; s++) {
    for (size_t r = 0; r < x->regions; r++) {
      for (size_t v = 0; v < x->variables; v++) {
        if (x->said[v * x->regions + r]) put_values(x, v, r, s, long_form, stream);
      }
    }
  }
}
