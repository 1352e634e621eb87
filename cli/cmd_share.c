/* tanlu share: a nation's CO2 path shared between provinces. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysis.h"
#include "cli/provinces.h"
#include "inputs/regional_levels_file.h"
#include "inputs/regions_file.h"
#include "model/indicators.h"
#include "outputs/share_view.h"
#include "solvers/memory.h"

typedef struct {
  cli_analysis frame;
  const char *provinces_name, *rule, *weights, *indicator_code, *growth_file;
  int from, to, period, converge; /* 0: not given */
  double price;
  bool intensity;
  cli_provinces provinces;
  tanlu_regions regions;
  size_t indicator;
  double weight[TANLU_SHARES];
  bool asked;                    /* for one rule, else all are compared */
  double *path, *gdp;            /* years of the scenario up to `to`, from the base year */
  double *historic, *own_growth; /* regions; own_growth: NULL: all grow alike */
} sharing;

/* What becomes of one rule. */
typedef struct {
  double *share;
  tanlu_region_allowances *allowances;
  double *intensity, *nation; /* NULL: not asked for */
} outcome;

/* ---- what is asked for ---------------------------------------------------------------------------------------------------- */

static int check_usage(sharing *j) {
  if (j->provinces_name == NULL) {
    return cli_wrong_usage("share", "expected regional accounts: --provinces DATASET, as 'tanlu regionalise' makes");
  }
  if (j->rule != NULL && j->weights != NULL) return cli_wrong_usage("share", "--rule and --weights exclude each other");
  j->asked = j->rule != NULL || j->weights != NULL;
  if (j->intensity && !j->asked) return cli_wrong_usage("share", "--intensity needs --rule or --weights");
  if (j->growth_file != NULL && !j->intensity) return cli_wrong_usage("share", "--growth goes with --intensity");
  if (!isnan(j->price) && (!j->asked || j->intensity)) {
    return cli_wrong_usage("share", "--price goes with --rule or --weights, and not with --intensity");
  }
  j->indicator = tanlu_indicator_find(j->indicator_code);
  if (j->indicator == TANLU_NONE || strcmp(tanlu_indicator(j->indicator)->unit, "Mt") != 0) {
    return cli_wrong_usage("share", "--indicator '%s': expected an indicator in Mt, e.g. co2_total", j->indicator_code);
  }
  for (size_t k = 0; j->rule != NULL && k < TANLU_SHARES; k++) {
    j->weight[k] = strcmp(j->rule, tanlu_share_word[k]) == 0 ? 1.0 : 0.0;
    if (j->weight[k] > 0.0) return CLI_GO_ON;
  }
  if (j->rule == NULL) return CLI_GO_ON;
  return cli_wrong_usage("share", "--rule '%s': expected historic, per-head, gdp, efficiency or consumption", j->rule);
}

/* ---- what is shared, and between whom ---------------------------------------------------------------------------------------- */

static tanlu_status see_year(void *user, const tanlu_solved_accounts *accounts, tanlu_context *context) {
  sharing *j = user;
  (void)context;
  j->path[accounts->t] = accounts->indicator[j->indicator];
  j->gdp[accounts->t] = accounts->indicator[TANLU_INDICATOR_GDP];
  return TANLU_OK;
}

static tanlu_status solve(sharing *j) {
  const tanlu_drivers *d = j->frame.solved.scenario->drivers;
  enum { USUAL_END = 2030 };
  const int last = d->from + (int)d->years - 1;
  tanlu_context *context = j->frame.context;
  if (j->from == 0) j->from = d->from + 1;
  if (j->to == 0) j->to = last < USUAL_END || j->from > USUAL_END ? last : USUAL_END;
  if (j->from <= d->from || j->to > last || j->to < j->from) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "--from %d --to %d: expected years from %d to %d in order", j->from,
                      j->to, d->from + 1, last);
  }
  bool *wanted = tanlu_allocate(context, d->years, sizeof *wanted);
  j->path = tanlu_allocate_doubles(context, d->years, 1);
  j->gdp = tanlu_allocate_doubles(context, d->years, 1);
  tanlu_status status = wanted != NULL && j->path != NULL && j->gdp != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (int t = 0; wanted != NULL && t <= j->to - d->from; t++) wanted[t] = true;
  if (status == TANLU_OK) status = cli_solved_visit(&j->frame.solved, wanted, see_year, j, context);
  free(wanted);
  return status;
}

/* co2 of extensions.csv, where shares by consumption are wanted. */
static tanlu_status find_co2(const sharing *j, const double **co2) {
  const tanlu_dataset *d = j->provinces.dataset;
  *co2 = NULL;
  if (j->asked && !(j->weight[TANLU_SHARE_CONSUMPTION] > 0.0)) return TANLU_OK;
  const size_t k = d->extension.label.count > 0 ? tanlu_labels_find(&d->extension.label, "co2") : TANLU_NONE;
  if (k == TANLU_NONE) {
    return tanlu_fail(j->frame.context, TANLU_ERR_INPUT,
                      "dataset %s has no extension 'co2'; shares by consumption need it", d->name);
  }
  *co2 = d->extension.value + k * d->accounts.n;
  return TANLU_OK;
}

static tanlu_status read_regions(sharing *j) {
  const double *co2 = NULL;
  tanlu_context *context = j->frame.context;
  tanlu_status status = cli_provinces_read(&j->provinces, j->provinces_name, context);
  if (status == TANLU_OK) {
    status = cli_provinces_check(&j->provinces, j->frame.solved.scenario->drivers->from,
                                 j->frame.solved.dataset->region, "the scenario", context);
  }
  if (status == TANLU_OK) status = find_co2(j, &co2);
  if (status == TANLU_OK) {
    status = tanlu_regional_levels_regions(&j->provinces.levels, j->provinces.dataset, j->provinces.level, co2,
                                           &j->regions, context);
  }
  if (status != TANLU_OK) return status;
  const size_t count = j->regions.label.count;
  double weight[TANLU_SHARES] = {[TANLU_SHARE_HISTORIC] = 1.0};
  j->historic = tanlu_allocate_doubles(context, count, 1);
  if (j->historic == NULL) return TANLU_ERR_MEMORY;
  tanlu_region_shares(&j->regions, weight, j->historic, NULL);
  if (j->growth_file == NULL) return TANLU_OK;
  j->own_growth = tanlu_allocate_doubles(context, count, 1);
  if (j->own_growth == NULL) return TANLU_ERR_MEMORY;
  return tanlu_regional_growth_read(&j->regions.label, j->growth_file, j->own_growth, context);
}

/* ---- sharing ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status find_intensity(const sharing *j, outcome *o) {
  const tanlu_region_allowances *a = o->allowances;
  const int base = j->frame.solved.scenario->drivers->from;
  double *level = tanlu_allocate_doubles(j->frame.context, a->regions, 1);
  o->intensity = tanlu_allocate_doubles(j->frame.context, a->regions, a->periods);
  o->nation = tanlu_allocate_doubles(j->frame.context, a->periods, 1);
  for (size_t p = 0; level != NULL && o->intensity != NULL && o->nation != NULL && p < a->periods; p++) {
    const int years = a->period[p].to - base;
    const double emissions = j->path[years] / j->path[0], growth = j->gdp[years] / j->gdp[0];
    (void)tanlu_region_gdp_levels(a->regions, j->regions.gdp, j->own_growth, years, growth, level);
    tanlu_region_intensity_changes(a->regions, j->historic, a->share + p * a->regions, emissions, level,
                                   o->intensity + p * a->regions);
    o->nation[p] = emissions / growth - 1.0;
  }
  const bool room = level != NULL && o->intensity != NULL && o->nation != NULL;
  free(level);
  return room ? TANLU_OK : TANLU_ERR_MEMORY;
}

static tanlu_status share_by(const sharing *j, const double *weight, outcome *o) {
  const size_t count = j->regions.label.count;
  o->share = tanlu_allocate_doubles(j->frame.context, count, 1);
  if (o->share == NULL) return TANLU_ERR_MEMORY;
  tanlu_region_shares(&j->regions, weight, o->share, NULL);
  const tanlu_allowance_request request = {.regions = count,
                                           .historic = j->historic,
                                           .rule = o->share,
                                           .base_year = j->frame.solved.scenario->drivers->from,
                                           .converge = j->converge,
                                           .from = j->from,
                                           .to = j->to,
                                           .period = j->period,
                                           .path = j->path};
  tanlu_status status = tanlu_region_allowances_create(&o->allowances, &request, j->frame.context);
  if (status == TANLU_OK && j->intensity) status = find_intensity(j, o);
  return status;
}

static void forget(outcome *o, size_t count) {
  for (size_t k = 0; k < count; k++) {
    free(o[k].share);
    free(o[k].intensity);
    free(o[k].nation);
    tanlu_region_allowances_free(&o[k].allowances);
  }
}

/* What the numbers stand on. */
static void print_basis(const sharing *j) {
  FILE *out = j->frame.tables.out;
  const int base = j->frame.solved.scenario->drivers->from;
  double sum = 0.0;
  for (size_t i = 0; i < j->regions.label.count; i++) sum += j->regions.co2[i];
  (void)fprintf(out, "%s of scenario '%s', shared between the regions of %s\n", j->indicator_code,
                j->frame.solved.scenario->name, j->provinces.dataset->name);
  (void)fprintf(out, "%d: %.1f Mt; CO2 of the regions, processes included: %.1f Mt, which only shares are taken from\n",
                base, j->path[0], sum);
  (void)fprintf(out, "baseline: every region moves with the nation\n");
  if (j->converge != 0) (void)fprintf(out, "shares go from those of %d to the rule's in %d\n", base, j->converge);
  if (j->intensity && j->own_growth == NULL) (void)fprintf(out, "GDP of all regions is taken to grow alike\n");
  if (j->own_growth != NULL) (void)fprintf(out, "GDP of regions by %s, scaled to the nation's\n", j->growth_file);
  (void)fputc('\n', out);
}

static tanlu_status share_all(void *user) {
  sharing *j = user;
  tanlu_context *context = j->frame.context;
  outcome found[TANLU_SHARES] = {0};
  tanlu_share_view view[TANLU_SHARES];
  tanlu_status status = TANLU_OK;
  if (j->weights != NULL) status = tanlu_share_weights(j->weights, "--weights", j->weight, context);
  if (status == TANLU_OK) status = cli_analysis_open(&j->frame, "share");
  if (status == TANLU_OK) status = read_regions(j);
  if (status == TANLU_OK) status = solve(j);
  tanlu_analysis_csv_header(j->frame.view.csv);
  const size_t count = j->asked ? 1 : TANLU_SHARES;
  for (size_t k = 0; k < count && status == TANLU_OK; k++) {
    double one[TANLU_SHARES] = {0};
    one[k] = 1.0;
    status = share_by(j, j->asked ? j->weight : one, &found[k]);
    view[k] = (tanlu_share_view){
        .view = &j->frame.view,
        .regions = &j->regions,
        .rule = j->rule != NULL ? j->rule : (j->asked ? "weights" : tanlu_share_word[k]),
        .historic = j->historic,
        .allowances = found[k].allowances,
        .price = j->price,
        .intensity = found[k].intensity,
        .nation = found[k].nation,
    };
  }
  if (status == TANLU_OK) print_basis(j);
  if (status == TANLU_OK) {
    status = j->asked ? tanlu_share_print(view, context) : tanlu_share_compare(view, count, context);
  }
  forget(found, count);
  return status;
}

static void clear(sharing *j) {
  cli_provinces_clear(&j->provinces);
  tanlu_regions_clear(&j->regions);
  free(j->path);
  free(j->gdp);
  free(j->historic);
  free(j->own_growth);
  cli_analysis_clear(&j->frame);
}

/* ---- the command ---------------------------------------------------------------------------------------------------------- */

static const cli_usage usage = {
    .command = "share",
    .synopsis = "--provinces DATASET RESULT.h5|SCENARIO",
    .purpose =
        "Share the CO2 of a scenario between regions: allowances by region and period by a rule, or by weights of\n"
        "several, and what the rule transfers against a baseline in which every region moves with the nation. Without\n"
        "--rule or --weights the transfers of all rules stand side by side; with --intensity the change of CO2 per\n"
        "GDP that a region's allowance asks for. DATASET is one that `tanlu regionalise` made. Rules: shares in CO2\n"
        "(historic), people (per-head), GDP (gdp), GDP by the inverse of its CO2 intensity (efficiency), CO2 of\n"
        "consumption (consumption). A rule holds at once, or with --converge from that year on.",
    .examples = "  tanlu regionalise -o provinces-2020 china-2020-42\n"
                "  tanlu share --provinces ./provinces-2020 dual-carbon\n"
                "  tanlu share --provinces ./provinces-2020 --rule per-head --period 3 --price 80 dual-carbon\n"
                "  tanlu share --provinces ./provinces-2020 --weights historic=0.5,gdp=0.5 --intensity dual-carbon\n",
    .least = 1,
    .most = 1,
    .operands = "a result file or a scenario",
};

int cli_share(cli_environment *environment, int argc, char **argv) {
  sharing j = {.indicator_code = "co2_energy", .period = 5, .price = (double)NAN};
  const cli_option option[] = {
      {"provinces", 'p', CLI_TEXT, "DATASET", "regional accounts, made by tanlu regionalise", &j.provinces_name},
      {"rule", 'r', CLI_TEXT, "historic|per-head|gdp|efficiency|consumption", "one rule", &j.rule},
      {"weights", 'w', CLI_TEXT, "LIST", "several: historic=W,per-head=W,gdp=W,efficiency=W,consumption=W", &j.weights},
      {"from", 0, CLI_COUNT, "YEAR", "first year (default: the one after the base year)", &j.from},
      {"to", 0, CLI_COUNT, "YEAR", "last year (default: 2030)", &j.to},
      {"period", 0, CLI_COUNT, "YEARS", "length of a period (default: 5)", &j.period},
      {"converge", 0, CLI_COUNT, "YEAR", "year to which shares go from those of the base year to the rule's",
       &j.converge},
      {"intensity", 'i', CLI_FLAG, NULL, "CO2 per GDP against the base year instead of allowances", &j.intensity},
      {"growth", 0, CLI_TEXT, "FILE.csv", "GDP growth of regions: region, growth (percent a year)", &j.growth_file},
      {"price", 0, CLI_NUMBER, "CNY", "what a tonne that is transferred is worth", &j.price},
      {"indicator", 0, CLI_TEXT, "CODE", "what is shared, in Mt (default: co2_energy)", &j.indicator_code},
      {"csv", 'c', CLI_TEXT, "FILE", "write everything into a CSV file too", &j.frame.csv},
      {"force", 'f', CLI_FLAG, NULL, "replace an existing CSV file", &j.frame.force},
      CLI_SOLVED_OPTIONS(j.frame.request),
  };
  char **operand = NULL;
  int count = 0, status = cli_parse(&usage, option, sizeof option / sizeof *option, argc, argv, &operand, &count);
  if (status == CLI_GO_ON) status = check_usage(&j);
  if (status == CLI_GO_ON) status = cli_analysis_run(environment, &j.frame, operand[0], share_all, &j);
  clear(&j);
  return status;
}
