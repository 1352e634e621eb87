/* tanlu decompose: what the change between two years, or two scenarios in a year, comes from. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysis.h"
#include "cli/region_changes.h"
#include "model/decompose.h"
#include "model/lmdi.h"
#include "outputs/decomposition_view.h"
#include "outputs/result_file.h"
#include "solvers/memory.h"

static const cli_usage usage = {
    .command = "decompose",
    .synopsis = "RESULT.h5|SCENARIO",
    .purpose =
        "Decompose the change of CO2 or output between two years, or between two scenarios in a year, into effects\n"
        "that add up to it without residual.\n\n"
        "  lmdi  co2_total or co2_energy by logarithmic mean Divisia index (LMDI-I): activity, structure, energy\n"
        "        intensity, carriers, emission factors, heat supply, power mix and rate, processes, capture. CO2 of\n"
        "        power and heat stands with who uses them\n"
        "  kaya  co2_energy: population, GDP per head, energy per GDP, CO2 per energy\n"
        "  sda   co2_total or gross_output of sectors by structural decomposition: domestic inputs (technology),\n"
        "        level and mix of final demand, CO2 per output; the mean of all sequences up to six factors, of the\n"
        "        two polar ones above. CO2 stands with the sector that emits it\n\n"
        "--regions decomposes co2_total of a result file with regions by LMDI over regions and groups: GDP, regions' "
        "and\n"
        "groups' shares, energy per value added, CO2 per energy, households; with --against why regions differ per "
        "head\n"
        "in the year --to. 'tanlu downscale --decompose' does the same for a national scenario.",
    .examples =
        "  tanlu decompose --scenario dual-carbon --from 2020 --to 2030 results/china-2020.h5\n"
        "  tanlu decompose --method kaya --chain dual-carbon\n"
        "  tanlu decompose --method sda --of gross_output --by sector --top 15 reference\n"
        "  tanlu decompose --scenario dual-carbon --against reference --levers structure,energy-mix "
        "results/china-2020.h5\n"
        "  tanlu decompose --regions --from 2020 --to 2060 results/regions.h5\n"
        "  tanlu decompose --regions --region guangdong --against nation --to 2030 results/regions.h5\n"
        "  tanlu decompose --scenario dual-carbon --chain --by sector --csv effects.csv results/china-2020.h5\n",
    .least = 1,
    .most = 1,
    .operands = "a result file or a scenario",
};

/* The scenarios of a comparison; within one scenario only the last. */
enum { NONE, FIRST_LEVER, SECOND_LEVER, ALL, SCENARIOS_MOST };
/* More effects than a table by part has room for. */
enum { PART_COLUMNS = 12 };

typedef struct {
  const char *against, *levers, *method, *of, *by, *technology, *region;
  int from, to;
  bool chain, additive, multiplicative, regions;
} options;

typedef struct {
  cli_analysis frame;
  options options;
  tanlu_decompose_plan plan;
  char *lever; /* "structure,energy-mix", cut in two */
  const char *lever_name[2];
  cli_solved solved[SCENARIOS_MOST];
  tanlu_decomposer *decomposer;
  tanlu_decompose_state *state[SCENARIOS_MOST], *last; /* last: of the year before, in a chain */
  size_t effects, parts, at;                           /* at: the scenario that is visited */
  double *effect, *whole, *chained;                    /* effects x parts; effects; effects */
} work;

/* ---- options --------------------------------------------------------------------------------------------------------- */

/* The place of a word in a list; the first for none. */
static tanlu_status choose(const char *option, const char *given, const char *const *words, size_t count,
                           size_t *chosen, tanlu_context *context) {
  char list[128] = "";
  *chosen = 0;
  for (size_t i = 0; given != NULL && i < count; i++) {
    if (strcmp(given, words[i]) == 0) {
      *chosen = i;
      return TANLU_OK;
    }
    (void)snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i > 0 ? ", " : "", words[i]);
  }
  if (given == NULL) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "--%s '%s': expected one of %s", option, given, list);
}

static tanlu_status make_plan(work *w) {
  static const char *const method[] = {
      [TANLU_DECOMPOSE_LMDI] = "lmdi", [TANLU_DECOMPOSE_KAYA] = "kaya", [TANLU_DECOMPOSE_SDA] = "sda"};
  static const char *const of[] = {[TANLU_DECOMPOSE_CO2_TOTAL] = "co2_total",
                                   [TANLU_DECOMPOSE_CO2_ENERGY] = "co2_energy",
                                   [TANLU_DECOMPOSE_OUTPUT] = "gross_output"};
  static const char *const by[] = {[TANLU_DECOMPOSE_BY_GROUP] = "group",
                                   [TANLU_DECOMPOSE_BY_SECTOR] = "sector",
                                   [TANLU_DECOMPOSE_BY_CARRIER] = "carrier"};
  static const char *const technology[] = {"energy", "whole", "groups"};
  static const tanlu_decompose_technology kind[] = {TANLU_TECHNOLOGY_ENERGY, TANLU_TECHNOLOGY_WHOLE,
                                                    TANLU_TECHNOLOGY_GROUPS};
  const options *o = &w->options;
  size_t chosen[4] = {0};
  tanlu_status status = choose("method", o->method, method, 3, &chosen[0], w->frame.context);
  if (status == TANLU_OK) status = choose("of", o->of, of, 3, &chosen[1], w->frame.context);
  if (status == TANLU_OK) status = choose("by", o->by, by, 3, &chosen[2], w->frame.context);
  if (status == TANLU_OK) status = choose("technology", o->technology, technology, 3, &chosen[3], w->frame.context);
  if (status != TANLU_OK) return status;
  w->plan = (tanlu_decompose_plan){(tanlu_decompose_method)chosen[0], (tanlu_decompose_of)chosen[1],
                                   (tanlu_decompose_by)chosen[2], kind[chosen[3]]};
  if (w->plan.method == TANLU_DECOMPOSE_KAYA && o->of == NULL) w->plan.of = TANLU_DECOMPOSE_CO2_ENERGY;
  static const char *const possible[] = {
      [TANLU_DECOMPOSE_LMDI] = "--method lmdi decomposes co2_total or co2_energy, by group, sector or carrier",
      [TANLU_DECOMPOSE_KAYA] = "--method kaya decomposes co2_energy of the nation; --by does not go with it",
      [TANLU_DECOMPOSE_SDA] =
          ("--method sda decomposes co2_total or gross_output, by group or sector; --multiplicative "
           "does not go with it")};
  const bool kaya = w->plan.method == TANLU_DECOMPOSE_KAYA, sda = w->plan.method == TANLU_DECOMPOSE_SDA;
  if ((kaya && (w->plan.of != TANLU_DECOMPOSE_CO2_ENERGY || o->by != NULL)) ||
      (w->plan.method == TANLU_DECOMPOSE_LMDI && w->plan.of == TANLU_DECOMPOSE_OUTPUT) ||
      (sda &&
       (w->plan.of == TANLU_DECOMPOSE_CO2_ENERGY || w->plan.by == TANLU_DECOMPOSE_BY_CARRIER || o->multiplicative))) {
    return tanlu_fail(w->frame.context, TANLU_ERR_INPUT, "%s", possible[w->plan.method]);
  }
  if (o->technology != NULL && !sda) {
    return tanlu_fail(w->frame.context, TANLU_ERR_INPUT, "--technology is a choice of --method sda");
  }
  return TANLU_OK;
}

/* What goes with what. */
static tanlu_status check_options(work *w) {
  const options *o = &w->options;
  const char *wrong = NULL;
  if (o->additive && o->multiplicative) wrong = "--additive and --multiplicative: expected one of them";
  if (o->against != NULL && (o->from != 0 || o->chain)) {
    wrong = "--against compares two scenarios in the year --to; --from and --chain do not go with it";
  }
  if (o->levers != NULL && (o->against == NULL || o->multiplicative)) {
    wrong = "--levers ONE,OTHER splits the additive change from --against to the scenario";
  }
  if (wrong != NULL) return tanlu_fail(w->frame.context, TANLU_ERR_INPUT, "%s", wrong);
  if (o->levers == NULL) return TANLU_OK;
  w->lever = tanlu_string_copy(w->frame.context, o->levers);
  if (w->lever == NULL) return TANLU_ERR_MEMORY;
  char *comma = strchr(w->lever, ',');
  if (comma == NULL || comma == w->lever || comma[1] == '\0' || strchr(comma + 1, ',') != NULL) {
    return tanlu_fail(w->frame.context, TANLU_ERR_INPUT,
                      "--levers '%s': expected two scenarios, each with one of the two levers, as in "
                      "structure,energy-mix",
                      o->levers);
  }
  *comma = '\0';
  w->lever_name[0] = w->lever;
  w->lever_name[1] = comma + 1;
  return TANLU_OK;
}

/* ---- scenarios ------------------------------------------------------------------------------------------------------- */

/* A scenario of the comparison: from the same result file, or by name. */
static tanlu_status open_other(work *w, size_t which, const char *name) {
  cli_solved_request request = w->frame.request;
  if (tanlu_result_recognise(request.operand)) {
    request.scenario = name;
  } else {
    request = (cli_solved_request){.operand = name};
  }
  const tanlu_status status = cli_solved_open(&w->solved[which], &request, w->frame.context);
  const char *own = w->solved[ALL].dataset->path;
  if (status != TANLU_OK || strcmp(w->solved[which].dataset->path, own) == 0) return status;
  return tanlu_fail(w->frame.context, TANLU_ERR_INPUT, "%s and %s are scenarios of different datasets: %s and %s",
                    w->frame.request.operand, name, own, w->solved[which].dataset->path);
}

static tanlu_status open_scenarios(work *w) {
  const options *o = &w->options;
  tanlu_status status = cli_solved_open(&w->solved[ALL], &w->frame.request, w->frame.context);
  if (status == TANLU_OK && o->against != NULL) status = open_other(w, NONE, o->against);
  for (size_t i = 0; i < 2 && status == TANLU_OK && o->levers != NULL; i++) {
    status = open_other(w, FIRST_LEVER + i, w->lever_name[i]);
  }
  return status;
}

static tanlu_decomposition describe(const work *w, const tanlu_decompose_state *from, const char *from_name,
                                    const tanlu_decompose_state *to, const char *to_name) {
  static const char *const name[] = {"lmdi", "kaya", "sda"};
  return (tanlu_decomposition){
      .method = name[w->plan.method],
      .what = tanlu_decomposer_what(w->decomposer),
      .unit = tanlu_decomposer_unit(w->decomposer),
      .multiplicative = w->options.multiplicative,
      .effects = tanlu_decomposer_effects(w->decomposer),
      .parts = tanlu_decomposer_parts(w->decomposer),
      .from = {from_name, tanlu_decompose_state_year(from), tanlu_decompose_state_total(from),
               tanlu_decompose_state_parts(from)},
      .to = {to_name, tanlu_decompose_state_year(to), tanlu_decompose_state_total(to), tanlu_decompose_state_parts(to)},
      .effect = w->effect,
  };
}

/* Effects of the whole, from those of the parts. */
static void add_parts(const work *w, double scale, double *whole) {
  for (size_t k = 0; k < w->effects; k++) {
    for (size_t p = 0; p < w->parts; p++) whole[k] += scale * w->effect[k * w->parts + p];
  }
}

/* One year of a chain. */
static tanlu_status add_link(work *w, const tanlu_decompose_state *now) {
  tanlu_status status = tanlu_decompose_between(w->decomposer, w->last, now, w->effect, w->frame.context);
  if (status != TANLU_OK) return status;
  if (w->options.multiplicative) {
    memset(w->whole, 0, w->effects * sizeof *w->whole);
    add_parts(w, 1.0, w->whole);
    const double before = tanlu_decompose_state_total(w->last), after = tanlu_decompose_state_total(now);
    if (!tanlu_lmdi_multiplicative(w->effects, before, after, w->whole)) {
      return tanlu_fail(w->frame.context, TANLU_ERR_MODEL,
                        "%s goes from %.6g to %.6g %s in %d: there is no ratio of it",
                        tanlu_decomposer_what(w->decomposer), before, after, tanlu_decomposer_unit(w->decomposer),
                        tanlu_decompose_state_year(now));
    }
    for (size_t k = 0; k < w->effects; k++) w->chained[k] *= w->whole[k];
  } else {
    add_parts(w, 1.0, w->chained);
  }
  if (w->frame.tables.csv == NULL) return TANLU_OK;
  const char *name = w->solved[ALL].scenario->name;
  const tanlu_decomposition link = describe(w, w->last, name, now, name);
  return tanlu_decomposition_csv(&link, w->frame.tables.csv, w->frame.context);
}

/* In a comparison every scenario has one state; within a scenario the first year is NONE and the last one ALL. */
static tanlu_status take_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  work *w = user;
  tanlu_decompose_state *state = NULL;
  tanlu_status status = tanlu_decompose_state_create(&state, w->decomposer, accounts, context);
  if (status != TANLU_OK) return status;
  if (w->options.against != NULL) {
    w->state[w->at] = state;
    return TANLU_OK;
  }
  if (w->state[NONE] == NULL) {
    w->state[NONE] = w->last = state;
    return TANLU_OK;
  }
  if (w->options.chain) status = add_link(w, state);
  tanlu_decompose_state_free(&w->state[ALL]); /* the year before */
  w->last = w->state[ALL] = state;
  return status;
}

/* ---- decomposing ----------------------------------------------------------------------------------------------------- */

static tanlu_status choose_years(const work *w, bool *wanted) {
  const options *o = &w->options;
  const tanlu_drivers *drivers = w->solved[ALL].scenario->drivers;
  const int first = drivers->from, last = first + (int)drivers->years - 1;
  const int to = o->to != 0 ? o->to : last, from = o->against != NULL ? to : o->from != 0 ? o->from : first;
  if (from < first || to > last || from > last || to < first) {
    return tanlu_fail(w->frame.context, TANLU_ERR_INPUT, "%s %d is outside the years of scenario '%s', %d to %d",
                      to > last || to < first ? "--to" : "--from", to > last || to < first ? to : from,
                      w->solved[ALL].scenario->name, first, last);
  }
  if (o->against == NULL && from >= to) {
    return tanlu_fail(w->frame.context, TANLU_ERR_INPUT, "--from %d: expected a year before --to %d", from, to);
  }
  for (int year = from; year <= to; year++) wanted[year - first] = o->chain || year == from || year == to;
  return TANLU_OK;
}

static tanlu_status visit(work *w) {
  const size_t years = w->solved[ALL].scenario->drivers->years;
  bool *wanted = tanlu_allocate(w->frame.context, years, sizeof *wanted);
  tanlu_status status = wanted != NULL ? choose_years(w, wanted) : TANLU_ERR_MEMORY;
  for (w->at = 0; w->at < SCENARIOS_MOST && status == TANLU_OK; w->at++) {
    const cli_solved *solved = &w->solved[w->at];
    if (solved->scenario == NULL) continue;
    const tanlu_drivers *drivers = solved->scenario->drivers, *own = w->solved[ALL].scenario->drivers;
    if (drivers->from != own->from || drivers->years != years) {
      status = tanlu_fail(w->frame.context, TANLU_ERR_INPUT, "scenarios '%s' and '%s' have different years",
                          solved->scenario->name, w->solved[ALL].scenario->name);
    }
    if (status == TANLU_OK) status = cli_solved_visit(solved, wanted, take_year, w, w->frame.context);
  }
  free(wanted);
  return status;
}

static tanlu_status prepare(work *w) {
  tanlu_status status = tanlu_decomposer_create(&w->decomposer, &w->plan, w->solved[ALL].model, w->frame.context);
  if (status != TANLU_OK) return status;
  w->effects = tanlu_decomposer_effects(w->decomposer)->count;
  w->parts = tanlu_decomposer_parts(w->decomposer)->count;
  w->effect = tanlu_allocate_doubles(w->frame.context, w->effects, w->parts);
  w->whole = tanlu_allocate_doubles(w->frame.context, 2, w->effects);
  w->chained = tanlu_allocate_doubles(w->frame.context, w->effects, 1);
  if (w->effect == NULL || w->whole == NULL || w->chained == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < w->effects; k++) w->chained[k] = w->options.multiplicative ? 1.0 : 0.0;
  return TANLU_OK;
}

/* Each lever first and second: the mean of its two steps. */
static tanlu_status show_levers(work *w, const tanlu_decomposition *d) {
  static const size_t step[2][2][2] = {{{NONE, FIRST_LEVER}, {SECOND_LEVER, ALL}},
                                       {{NONE, SECOND_LEVER}, {FIRST_LEVER, ALL}}};
  tanlu_lever_split split = {.name = {w->lever_name[0], w->lever_name[1]}, .lever = w->whole};
  memset(w->whole, 0, 2 * w->effects * sizeof *w->whole);
  for (size_t i = 0; i < 2; i++) {
    split.alone[i] = tanlu_decompose_state_total(w->state[FIRST_LEVER + i]) - d->from.total;
    for (size_t k = 0; k < 2; k++) {
      const tanlu_status status = tanlu_decompose_between(w->decomposer, w->state[step[i][k][0]],
                                                          w->state[step[i][k][1]], w->effect, w->frame.context);
      if (status != TANLU_OK) return status;
      add_parts(w, 0.5, w->whole + i * w->effects);
    }
  }
  return tanlu_decomposition_print_levers(d, &split, w->frame.tables.out, w->frame.context);
}

static tanlu_status decompose(work *w) {
  const options *o = &w->options;
  tanlu_status status = prepare(w);
  if (status == TANLU_OK && w->frame.tables.csv != NULL) tanlu_decomposition_csv_header(w->frame.tables.csv);
  if (status == TANLU_OK) status = visit(w);
  if (status == TANLU_OK) {
    status = tanlu_decompose_between(w->decomposer, w->state[NONE], w->state[ALL], w->effect, w->frame.context);
  }
  if (status != TANLU_OK) return status;
  const char *name = w->solved[ALL].scenario->name;
  const tanlu_decomposition d =
      describe(w, w->state[NONE], o->against != NULL ? w->solved[NONE].scenario->name : name, w->state[ALL], name);
  status = tanlu_decomposition_print(&d, o->chain ? w->chained : NULL, w->frame.tables.out, w->frame.context);
  if (status == TANLU_OK && !o->multiplicative && w->parts > 1 && w->effects <= PART_COLUMNS) {
    status = tanlu_decomposition_print_parts(&d, (size_t)w->frame.top, w->frame.tables.out, w->frame.context);
  }
  const bool written = o->chain && d.to.year == d.from.year + 1; /* as the only link */
  if (status == TANLU_OK && w->frame.tables.csv != NULL && !written)
    status = tanlu_decomposition_csv(&d, w->frame.tables.csv, w->frame.context);
  if (status == TANLU_OK && o->levers != NULL) status = show_levers(w, &d);
  return status;
}

static tanlu_status decompose_regions(work *w) {
  const options *o = &w->options;
  const cli_analysis *f = &w->frame;
  if (o->levers != NULL || o->by != NULL || o->chain || o->multiplicative || w->plan.method != TANLU_DECOMPOSE_LMDI ||
      w->plan.of != TANLU_DECOMPOSE_CO2_TOTAL || f->request.set.count > 0) {
    return tanlu_fail(f->context, TANLU_ERR_INPUT,
                      "--regions is additive lmdi of co2_total; expected no other option than --region, --against, "
                      "--scenario, --from, --to and those of tables");
  }
  if ((o->region != NULL && o->against == NULL) || (o->against != NULL && o->from != 0)) {
    return tanlu_fail(f->context, TANLU_ERR_INPUT,
                      "--regions --region REGION --against OTHER compares two regions in the year --to; expected "
                      "--against with --region, and no --from");
  }
  const cli_region_changes changes = {
      .year_from = o->from, .year_to = o->to, .against = o->against, .region = o->region, .top = (size_t)f->top};
  return cli_region_changes_of_result(f->request.operand, f->request.scenario, &changes, f->tables.out, f->tables.csv,
                                      f->context);
}

static tanlu_status plan_and_run(void *user) {
  work *w = user;
  tanlu_status status = make_plan(w);
  if (status == TANLU_OK && w->options.regions) return decompose_regions(w);
  if (status == TANLU_OK && w->options.region != NULL) {
    status = tanlu_fail(w->frame.context, TANLU_ERR_INPUT, "--region goes with --regions and --against");
  }
  if (status == TANLU_OK) status = check_options(w);
  if (status == TANLU_OK) status = open_scenarios(w);
  return status == TANLU_OK ? decompose(w) : status;
}

static void clear(work *w) {
  for (size_t i = 0; i < SCENARIOS_MOST; i++) {
    tanlu_decompose_state_free(&w->state[i]);
    cli_solved_close(&w->solved[i]);
  }
  tanlu_decomposer_free(&w->decomposer);
  free(w->lever);
  free(w->effect);
  free(w->whole);
  free(w->chained);
  cli_analysis_clear(&w->frame);
}

int cli_decompose(cli_environment *environment, int argc, char **argv) {
  work w = {.frame = {.top = 30}};
  options *o = &w.options;
  const cli_option option[] = {
      {"method", 'm', CLI_TEXT, "lmdi|kaya|sda", "how (default: lmdi)", &o->method},
      {"of", 0, CLI_TEXT, "co2_total|co2_energy|gross_output", "what changes (default: co2_total)", &o->of},
      {"from", 0, CLI_COUNT, "YEAR", "first year (default: the scenario's)", &o->from},
      {"to", 0, CLI_COUNT, "YEAR", "last year (default: the scenario's)", &o->to},
      {"against", 0, CLI_TEXT, "SCENARIO", "from SCENARIO to the scenario, in the year --to", &o->against},
      {"regions", 0, CLI_FLAG, NULL, "by region; --against is a region or 'nation' to differ from, per head",
       &o->regions},
      {"region", 0, CLI_TEXT, "REGION", "with --regions --against: this one alone, by group", &o->region},
      {"levers", 0, CLI_TEXT, "ONE,OTHER", "two scenarios between them, each with one of two levers: a part for each",
       &o->levers},
      {"by", 0, CLI_TEXT, "group|sector|carrier", "parts (default: group)", &o->by},
      {"technology", 0, CLI_TEXT, "energy|whole|groups", "of sda: energy inputs and others (default), all, or groups",
       &o->technology},
      {"chain", 0, CLI_FLAG, NULL, "also year by year, added up", &o->chain},
      {"additive", 0, CLI_FLAG, NULL, "effects that add up (default)", &o->additive},
      {"multiplicative", 0, CLI_FLAG, NULL, "factors whose product is the ratio", &o->multiplicative},
      CLI_ANALYSIS_TABLES(w.frame, "30"),
      CLI_SOLVED_OPTIONS(w.frame.request),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) status = cli_analysis_run(environment, &w.frame, operand[0], plan_and_run, &w);
  clear(&w);
  return status;
}
