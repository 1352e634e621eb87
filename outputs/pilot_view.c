#include "outputs/pilot_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/table.h"

static const double percent = 100.0, missing = (double)NAN;
enum { CELL = 32 };

static bool is_shown(const tanlu_pilot_view *v, size_t i) {
  return v->only == TANLU_NONE || v->only == i;
}

static bool is_document(const tanlu_pilot_view *v, size_t i) {
  return !isnan(v->pilots->pilot[i].co2_per_head);
}

static void columns(tanlu_table *table, const char *const *heading, size_t count, size_t left) {
  for (size_t k = 0; k < count; k++) tanlu_table_column(table, heading[k], k < left ? TANLU_LEFT : TANLU_RIGHT);
}
#define COLUMNS(table, left, ...)                                                                                      \
  columns(table, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), left)

static tanlu_status close_table(tanlu_table *table, FILE *out, tanlu_context *context) {
  const tanlu_status status = tanlu_table_print(table, out, context);
  tanlu_table_free(&table);
  return status;
}

/* ---- types --------------------------------------------------------------------------------------------------------------- */

static void put_type(const tanlu_pilot_view *v, tanlu_table *table, size_t i) {
  const tanlu_pilot *pilot = &v->pilots->pilot[i];
  tanlu_table_text(table, v->pilots->label.name[i]);
  tanlu_table_text(table, tanlu_pilot_kind_word(pilot->kind));
  tanlu_table_text(table, tanlu_pilot_type_text(tanlu_pilot_type_of(v->pilots, i, TANLU_BASIS_DOCUMENT)));
  tanlu_table_text(table, tanlu_pilot_type_text(tanlu_pilot_type_of(v->pilots, i, TANLU_BASIS_CEADS)));
  tanlu_table_number(table, pilot->batch > 0 ? (double)pilot->batch : missing, 0);
  tanlu_table_number(table, tanlu_pilot_gdp_per_head(pilot, TANLU_BASIS_DOCUMENT), 0);
  for (int b = 0; b < TANLU_PILOT_BASES; b++) {
    tanlu_table_number(table, tanlu_pilot_co2_per_head(pilot, (tanlu_pilot_basis)b), 1);
  }
}

static tanlu_status print_types(const tanlu_pilot_view *v, FILE *out, tanlu_context *context) {
  const tanlu_pilot *nation = &v->pilots->pilot[v->pilots->nation];
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  (void)fprintf(
      out,
      "Types in 2010: high is at or above the nation's %.0f CNY and %.1f t per head (an assumption: the documents\n"
      "print no limits). CO2 of the document and of two inventories of cities, whose boundaries differ\n\n",
      nation->gdp_per_head, nation->co2_per_head);
  COLUMNS(table, 4, "pilot", "kind", "type", "type by CEADs", "batch", "CNY per head", "t per head", "CEADs", "EDGAR");
  for (int type = 0; type < TANLU_PILOT_TYPES; type++) {
    for (size_t i = 0; i < v->pilots->label.count; i++) {
      if (!is_shown(v, i) || tanlu_pilot_type_of(v->pilots, i, TANLU_BASIS_DOCUMENT) != (tanlu_pilot_type)type)
        continue;
      if (i != v->pilots->nation || v->only == i) put_type(v, table, i);
    }
  }
  return close_table(table, out, context);
}

/* ---- goals and what they implied ------------------------------------------------------------------------------------------ */

static tanlu_pilot_path path_of(const tanlu_pilot_view *v, size_t i) {
  return tanlu_pilot_path_of(v->pilots, i, v->goals, v->files);
}

/* A goal of -0.48 on 2005 is -34 on 2010: "-34 (-48 on 2005)". */
static void put_goal(const tanlu_pilot_view *v, tanlu_table *table, size_t i, size_t t) {
  const tanlu_goal *goal = tanlu_pilot_goal(v->goals, v->files, v->pilots->label.name[i], t);
  char text[CELL] = "-";
  if (goal != NULL) {
    const double on_2010 = percent * (tanlu_pilot_intensity(v->pilots, i, goal) - 1.0);
    const bool moved = goal->base_year != tanlu_pilot_year(0);
    (void)snprintf(text, sizeof text, moved ? "%.1f (%.0f on %d)" : "%.1f", on_2010, percent * goal->value,
                   goal->base_year);
  }
  tanlu_table_text(table, text);
}

static void put_path(const tanlu_pilot_view *v, tanlu_table *table, size_t i, const tanlu_pilot_path *path) {
  const tanlu_pilot *pilot = &v->pilots->pilot[i];
  const double document = tanlu_pilot_co2(pilot, TANLU_BASIS_DOCUMENT),
               ceads = tanlu_pilot_co2(pilot, TANLU_BASIS_CEADS);
  tanlu_table_text(table, v->pilots->label.name[i]);
  for (size_t t = 1; t < TANLU_PILOT_YEARS; t++) put_goal(v, table, i, t);
  for (size_t t = 0; t < TANLU_PILOT_YEARS; t++) {
    tanlu_table_number(table, document * tanlu_pilot_path_co2(path, t), 1);
  }
  for (size_t t = 1; t < TANLU_PILOT_YEARS; t++) {
    tanlu_table_number(table, tanlu_pilot_growth(1.0, tanlu_pilot_path_co2(path, t), 0, t), 1);
  }
  tanlu_table_number(table, ceads, 1);
  tanlu_table_number(table, ceads * tanlu_pilot_path_co2(path, TANLU_PILOT_YEARS - 1), 1);
}

/* Is there a goal that gives a path? */
static bool has_path(const tanlu_pilot_path *path) {
  return !isnan(tanlu_pilot_path_co2(path, 1)) || !isnan(tanlu_pilot_path_co2(path, 2));
}

static size_t print_paths(const tanlu_pilot_view *v, tanlu_table *table) {
  size_t rows = 0;
  COLUMNS(table, 1, "pilot", "goal 2015, %", "goal 2020, %", "Mt 2010", "2015", "2020", "% a year to 2015", "to 2020",
          "CEADs 2010", "2020");
  for (size_t i = 0; i < v->pilots->label.count; i++) {
    const tanlu_pilot_path path = path_of(v, i);
    if (!is_shown(v, i) || !has_path(&path)) continue;
    put_path(v, table, i, &path);
    rows++;
  }
  return rows;
}

static tanlu_status print_implied(const tanlu_pilot_view *v, FILE *out, tanlu_context *context) {
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  const size_t rows = print_paths(v, table);
  const tanlu_pilot *nation = &v->pilots->pilot[v->pilots->nation];
  (void)fprintf(
      out,
      "\nGoals on CO2 per GDP, and the CO2 they allowed with GDP as it came, at constant prices by the nation's\n"
      "deflator (%.3f in 2015, %.3f in 2020). Goals on 2005 are moved to 2010 by the nation's %.0f %%\n\n",
      tanlu_pilots_deflator(v->pilots, 1), tanlu_pilots_deflator(v->pilots, 2), percent * nation->co2_per_gdp_on_2005);
  const tanlu_status status = rows > 0 ? tanlu_table_print(table, out, context) : TANLU_OK;
  tanlu_table_free(&table);
  const size_t without = (v->only == TANLU_NONE ? v->pilots->label.count : 1) - rows;
  if (without > 0) {
    (void)fprintf(out, "%s%zu pilot%s without such a goal in the documents\n", rows > 0 ? "and " : "", without,
                  without == 1 ? "" : "s");
  }
  return status;
}

/* ---- Kaya -------------------------------------------------------------------------------------------------------------------- */

static bool put_effects(const tanlu_pilot_view *v, tanlu_table *table, size_t i, size_t from, size_t to) {
  const tanlu_pilot *pilot = &v->pilots->pilot[i];
  const tanlu_pilot_path path = path_of(v, i);
  const tanlu_pilot_basis basis = is_document(v, i) ? TANLU_BASIS_DOCUMENT : TANLU_BASIS_CEADS;
  const double co2 = tanlu_pilot_co2(pilot, basis);
  double effect[TANLU_PILOT_EFFECTS];
  char years[CELL];
  if (!tanlu_pilot_kaya(&path, co2, from, to, effect)) return false;
  (void)snprintf(years, sizeof years, "%d-%d", tanlu_pilot_year(from), tanlu_pilot_year(to));
  tanlu_table_text(table, v->pilots->label.name[i]);
  tanlu_table_text(table, years);
  tanlu_table_text(table, tanlu_pilot_basis_word(basis));
  tanlu_table_number(table, co2 * tanlu_pilot_path_co2(&path, from), 1);
  for (size_t k = 0; k < TANLU_PILOT_EFFECTS; k++) tanlu_table_number(table, effect[k], 1);
  tanlu_table_number(table, co2 * tanlu_pilot_path_co2(&path, to), 1);
  return true;
}

static tanlu_status print_kaya(const tanlu_pilot_view *v, FILE *out, tanlu_context *context) {
  tanlu_table *table = tanlu_table_create(context);
  size_t rows = 0;
  if (table == NULL) return TANLU_ERR_MEMORY;
  COLUMNS(table, 3, "pilot", "years", "CO2 of", "Mt from", "population", "GDP per head", "CO2 per GDP", "Mt to");
  for (size_t i = 0; i < v->pilots->label.count; i++) {
    if (!is_shown(v, i)) continue;
    const bool first = put_effects(v, table, i, 0, 1), second = put_effects(v, table, i, 1, 2);
    const bool across = !first && !second && put_effects(v, table, i, 0, 2);
    rows += first || second || across;
  }
  if (rows > 0) {
    (void)fputs(
        "\nKaya split of the CO2 allowed, Mt: population and GDP per head as they came, CO2 per GDP by the goals\n\n",
        out);
    return close_table(table, out, context);
  }
  tanlu_table_free(&table);
  return TANLU_OK;
}

/* ---- structure ---------------------------------------------------------------------------------------------------------------- */

static void put_services_goal(const tanlu_pilot_view *v, tanlu_table *table, size_t i, size_t t) {
  const tanlu_goal *goal = tanlu_pilot_services_goal(v->goals, v->files, v->pilots->label.name[i], t);
  char text[CELL] = "-";
  if (goal != NULL) {
    const tanlu_goal_outcome outcome =
        tanlu_goal_judge(goal, tanlu_pilot_share(&v->pilots->pilot[i], t, TANLU_PILOT_INDUSTRIES - 1));
    static const char *const sign[] = {"✓ ", "✗ ", ""};
    (void)snprintf(text, sizeof text, "%s%.0f", sign[outcome], percent * goal->value);
  }
  tanlu_table_text(table, text);
}

static void put_structure(const tanlu_pilot_view *v, tanlu_table *table, size_t i) {
  const tanlu_pilot *pilot = &v->pilots->pilot[i];
  char name[2 * CELL];
  const bool falls = pilot->state[2].gdp < pilot->state[1].gdp;
  (void)snprintf(name, sizeof name, "%s%s", v->pilots->label.name[i], falls ? " *" : "");
  tanlu_table_text(table, name);
  tanlu_table_number(table, pilot->state[2].gdp / pilot->state[0].gdp, 2);
  for (size_t t = 1; t < TANLU_PILOT_YEARS; t++) {
    tanlu_table_number(
        table,
        tanlu_pilot_growth(tanlu_pilot_volume(v->pilots, i, t - 1), tanlu_pilot_volume(v->pilots, i, t), t - 1, t), 1);
  }
  for (size_t k = 0; k < TANLU_PILOT_INDUSTRIES; k++) {
    for (size_t t = 0; t < TANLU_PILOT_YEARS; t++) {
      tanlu_table_number(table, percent * tanlu_pilot_share(pilot, t, k), 1);
    }
  }
  for (size_t t = 1; t < TANLU_PILOT_YEARS; t++) put_services_goal(v, table, i, t);
}

static tanlu_status print_structure(const tanlu_pilot_view *v, FILE *out, tanlu_context *context) {
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  (void)fputs("\nGDP and structure as they came: GDP of 2020 over 2010 at current prices, % a year at constant prices, "
              "shares of\n"
              "the three industries in value added at current prices, %, and goals for the share of services\n"
              "* GDP falls from 2015 to 2020: most likely a correction of earlier figures, no decline of that size\n\n",
              out);
  COLUMNS(table, 1, "pilot", "20/10", "% 10-15", "% 15-20", "primary 10", "15", "20", "secondary 10", "15", "20",
          "tertiary 10", "15", "20", "goal 15", "goal 20");
  for (size_t i = 0; i < v->pilots->label.count; i++) {
    if (is_shown(v, i)) put_structure(v, table, i);
  }
  return close_table(table, out, context);
}

/* ---- one pilot -------------------------------------------------------------------------------------------------------------- */

static void put_one_goal(tanlu_table *table, const tanlu_goals *goals, size_t g) {
  const tanlu_goal *goal = &goals->goal[g];
  tanlu_table_text(table, goals->label.name[g]);
  tanlu_table_text(table, tanlu_goal_operator_word(goal->relation));
  tanlu_table_number(table, goal->value, goal->value == floor(goal->value) ? 0 : 3);
  tanlu_table_text(table, goal->unit);
  tanlu_table_text(table, goal->incentive ? "incentive" : "");
  tanlu_table_text(table, goal->source);
}

static tanlu_status print_goals(const tanlu_pilot_view *v, FILE *out, tanlu_context *context) {
  const char *scope = v->pilots->label.name[v->only];
  tanlu_table *table = tanlu_table_create(context);
  size_t rows = 0;
  if (table == NULL) return TANLU_ERR_MEMORY;
  COLUMNS(table, 2, "goal", "", "value", "unit", "", "source");
  for (size_t f = 0; f < v->files; f++) {
    for (size_t g = 0; g < v->goals[f]->label.count; g++) {
      const tanlu_goal *goal = &v->goals[f]->goal[g];
      if (strcmp(goal->scope, scope) != 0 || goal->year > tanlu_pilot_year(TANLU_PILOT_YEARS - 1)) continue;
      put_one_goal(table, v->goals[f], g);
      rows++;
    }
  }
  if (rows == 0) {
    tanlu_table_free(&table);
    return TANLU_OK;
  }
  (void)fprintf(out, "\nGoals of %s to 2020 and for its peak, shares and changes as parts of 1\n\n", scope);
  return close_table(table, out, context);
}

tanlu_status tanlu_pilot_print(const tanlu_pilot_view *v, FILE *out, tanlu_context *context) {
  tanlu_status status = print_types(v, out, context);
  if (status == TANLU_OK) status = print_implied(v, out, context);
  if (status == TANLU_OK) status = print_kaya(v, out, context);
  if (status == TANLU_OK) status = print_structure(v, out, context);
  if (status == TANLU_OK && v->only != TANLU_NONE) status = print_goals(v, out, context);
  if (status == TANLU_OK && v->accounts != NULL) status = tanlu_city_print(v, out, context);
  return status;
}
