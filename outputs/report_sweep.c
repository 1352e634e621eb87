#include "outputs/report_sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/report_sweep_private.h"
#include "outputs/result_slab.h"
#include "outputs/sweep_spread.h"
#include "outputs/sweep_tables.h"
#include "outputs/sweep_view.h"
#include "solvers/memory.h"

/* ---- words -------------------------------------------------------------------------------------------------------------- */

const char *tanlu_sweep_page_attribute(const tanlu_sweep_page *page, const char *name) {
  const char *text = tanlu_result_attribute(page->result, name);
  return text != NULL ? text : "";
}

const char *tanlu_sweep_page_text(const tanlu_sweep_page *page, const char *name, size_t i) {
  const tanlu_result_texts *texts = tanlu_result_texts_find(page->result, name);
  return texts != NULL && i < texts->count ? texts->text[i] : "";
}

const char *tanlu_sweep_page_unit(const char *unit) {
  return strcmp(unit, "1") == 0 || strcmp(unit, "year") == 0 ? "" : unit;
}

/* ---- what was swept ----------------------------------------------------------------------------------------------------- */

/* "2,560", with commas. */
static const char *whole(char text[32], size_t number) {
  return tanlu_report_number(text, 32, (double)number, 0);
}

static void say_design(const tanlu_sweep_page *p) {
  static const struct {
    const char *design, *words, *unit;
  } known[] = {{"grid", "every combination of the values (a grid)", NULL},
               {"list", "the samples of a list", NULL},
               {"monte_carlo", "independent random draws (Monte Carlo)", NULL},
               {"lhs", "a Latin hypercube", NULL},
               {"sobol", "Sobol points with a random shift", NULL},
               {"saltelli", "a Saltelli design for Sobol indices", "base samples"},
               {"morris", "a Morris design of elementary effects", "trajectories"}};
  const char *design = tanlu_sweep_page_attribute(p, "design"), *words = design, *unit = NULL;
  char count[32], base[96] = "";
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(known[i].design, design) != 0) continue;
    words = known[i].words;
    unit = known[i].unit;
  }
  if (unit != NULL) {
    (void)snprintf(base, sizeof base, " (%s %s)", tanlu_sweep_page_attribute(p, "design_samples"), unit);
  }
  tanlu_report_text(p->report,
                    "The parameters of scenario %s on dataset %s were varied together: %s, %s samples%s, seed %s.",
                    tanlu_sweep_page_attribute(p, "scenario_name"), tanlu_sweep_page_attribute(p, "dataset"), words,
                    whole(count, p->samples.of), base, tanlu_sweep_page_attribute(p, "seed"));
}

/* What is not there, said before anything else. */
static void say_state(const tanlu_sweep_page *p) {
  const tanlu_sweep_samples *s = &p->samples;
  char a[32], b[32], c[32];
  if (s->samples < s->of) {
    tanlu_report_text(p->report,
                      "This file is a shard: it holds samples %s to %s of %s. What follows is of these alone; "
                      "'tanlu merge' joins the shards.",
                      whole(a, s->begin), whole(b, s->begin + s->samples - 1), whole(c, s->of));
  }
  if (s->count[TANLU_SAMPLE_OPEN] > 0) {
    tanlu_report_text(
        p->report,
        "Provisional: the sweep is not finished. %s of %s samples are not computed yet; all that follows is of "
        "the samples that are done and will change. 'tanlu sweep --resume' goes on with it.",
        whole(a, s->count[TANLU_SAMPLE_OPEN]), whole(b, s->samples));
  }
  if (!p->sampled) {
    tanlu_report_text(p->report, "%s",
                      p->derived
                          ? "The file keeps statistics alone, no samples: no histograms, no scatter plots and no "
                            "sensitivities can be made from it. Quantiles are within 1/200 of the range declared "
                            "for them; outputs without a declared range show mean and extremes."
                          : "The file keeps statistics alone, which are written when the sweep ends or is stopped by "
                            "a signal: there are none yet.");
  }
}

static void add_cards(const tanlu_sweep_page *p) {
  const tanlu_sweep_samples *s = &p->samples;
  const tanlu_labels *parameters = tanlu_result_labels(p->result, "parameter");
  char text[32];
  tanlu_report_card(p->report, "Parameters", whole(text, parameters != NULL ? parameters->count : 0), "", "");
  tanlu_report_card(p->report, "Samples", whole(text, s->samples), "",
                    s->samples < s->of ? "a shard of the sweep" : "");
  tanlu_report_card(p->report, "Solved", whole(text, s->count[TANLU_SAMPLE_SOLVED]), "", "");
  tanlu_report_card(p->report, "Failed", whole(text, s->count[TANLU_SAMPLE_REFUSED] + s->count[TANLU_SAMPLE_UNSOLVED]),
                    "", "");
  if (s->count[TANLU_SAMPLE_OPEN] > 0) {
    tanlu_report_card(p->report, "Not computed", whole(text, s->count[TANLU_SAMPLE_OPEN]), "", "provisional");
  }
}

void tanlu_sweep_page_caveat(const tanlu_sweep_page *p, tanlu_figure *figure) {
  const tanlu_sweep_samples *s = &p->samples;
  if (figure == NULL) return;
  if (s->count[TANLU_SAMPLE_OPEN] > 0) {
    tanlu_figure_note(figure, "Provisional: %zu of %zu samples are not computed yet.", s->count[TANLU_SAMPLE_OPEN],
                      s->samples);
  }
  if (s->samples < s->of) tanlu_figure_note(figure, "A shard: %zu of %zu samples.", s->samples, s->of);
}

/* ---- failures ----------------------------------------------------------------------------------------------------------- */

typedef struct {
  char text[TANLU_SWEEP_REASON + 1];
  int state;
  size_t count, first;
} failure;

enum { REASONS_MOST = 2000, REASONS_SHOWN = 12 };

/* A reason without its numbers, so that "in 2031" and "in 2032" count as one. Letters compare up to here. */
static void without_numbers(const char *text, char *plain) {
  for (; *text != '\0'; text++) {
    const bool digit = *text >= '0' && *text <= '9';
    if (digit && (text[1] == '.' || (text[1] >= '0' && text[1] <= '9'))) continue;
    *plain++ = digit ? '#' : *text;
  }
  *plain = '\0';
}

static failure *find_failure(failure *list, size_t *count, size_t room, const char *text, int state) {
  char own[TANLU_SWEEP_REASON + 1], other[TANLU_SWEEP_REASON + 1];
  without_numbers(text, own);
  for (size_t i = 0; i < *count; i++) {
    without_numbers(list[i].text, other);
    if (list[i].state == state && strcmp(own, other) == 0) return &list[i];
  }
  if (*count == room) return NULL;
  failure *f = &list[(*count)++];
  *f = (failure){.state = state};
  (void)snprintf(f->text, sizeof f->text, "%s", text);
  return f;
}

static int more_often(const void *a, const void *b) {
  const failure *x = a, *y = b;
  if (x->count != y->count) return x->count < y->count ? 1 : -1;
  return (x->first > y->first) - (x->first < y->first);
}

/* Kinds of failures among the first REASONS_MOST samples that failed; where reasons are kept by block, among the first of each. */
static tanlu_status list_failures(const tanlu_sweep_page *p, failure *list, size_t *kinds, size_t *read,
                                  size_t *other) {
  const double *state = p->samples.state->value;
  tanlu_status status = TANLU_OK;
  size_t last = TANLU_NONE;
  for (size_t i = 0; status == TANLU_OK && i < p->samples.samples && *read < REASONS_MOST; i++) {
    char text[TANLU_SWEEP_REASON + 1];
    size_t sample = i;
    if ((int)state[i] != TANLU_SAMPLE_REFUSED && (int)state[i] != TANLU_SAMPLE_UNSOLVED) continue;
    status = tanlu_sweep_reason_read(&p->samples, p->result, &sample, text, p->context);
    if (status != TANLU_OK || sample == last) continue;
    last = sample;
    ++*read;
    failure *f = find_failure(list, kinds, REASONS_SHOWN, text, (int)state[i]);
    if (f == NULL) {
      ++*other;
    } else if (f->count++ == 0) {
      f->first = p->samples.begin + sample;
    }
  }
  return status;
}

static tanlu_status add_failures(const tanlu_sweep_page *p) {
  static const char *const word[] = {
      [TANLU_SAMPLE_REFUSED] = "values not allowed", [TANLU_SAMPLE_UNSOLVED] = "not solvable"};
  const size_t failed = p->samples.count[TANLU_SAMPLE_REFUSED] + p->samples.count[TANLU_SAMPLE_UNSOLVED];
  size_t kinds = 0, read = 0, other = 0;
  if (failed == 0) return TANLU_OK;
  failure *list = tanlu_allocate(p->context, REASONS_SHOWN, sizeof *list);
  tanlu_status status = list != NULL ? list_failures(p, list, &kinds, &read, &other) : TANLU_ERR_MEMORY;
  if (status == TANLU_OK) {
    tanlu_table *table = tanlu_table_create(p->context);
    qsort(list, kinds, sizeof *list, more_often);
    if (table != NULL) {
      tanlu_table_column(table, "failure", TANLU_LEFT);
      tanlu_table_column(table, "samples", TANLU_RIGHT);
      tanlu_table_column(table, "first", TANLU_RIGHT);
      tanlu_table_column(table, "reason of the first", TANLU_LEFT);
    }
    for (size_t i = 0; table != NULL && i < kinds; i++) {
      tanlu_table_text(table, word[list[i].state]);
      tanlu_table_number(table, (double)list[i].count, 0);
      tanlu_table_number(table, (double)list[i].first, 0);
      tanlu_table_text(table, list[i].text);
    }
    tanlu_report_table(p->report, &table, false, "Why samples failed, alike but for their numbers counted as one");
    if (read < failed) {
      tanlu_report_remark(p->report, "Reasons of %zu of the %zu failed samples were read%s.", read, failed,
                          p->sampled ? "" : ": without samples the file keeps one reason a block");
    }
    if (other > 0) tanlu_report_remark(p->report, "%zu samples failed for other reasons.", other);
  }
  free(list);
  return status;
}

static tanlu_status add_overview(const tanlu_sweep_page *p) {
  tanlu_table *table = NULL;
  tanlu_report_section(p->report, "sweep", "What was swept");
  say_design(p);
  say_state(p);
  add_cards(p);
  tanlu_status status = tanlu_sweep_parameters_table(&table, p->result, p->context);
  if (status != TANLU_OK) return status;
  tanlu_report_table(p->report, &table, false, "Parameters and their distributions");
  status = add_failures(p);
  tanlu_report_source(p->report, "The sweep as it was read", tanlu_sweep_page_attribute(p, "sweep_text"));
  return status;
}

/* ---- the scenario itself ------------------------------------------------------------------------------------------------ */

/* Is there a solved sample whose factors are all 1 and summands all 0? Values that replace cannot be told. */
static tanlu_status find_nominal(tanlu_sweep_page *p) {
  const tanlu_labels *parameters = tanlu_result_labels(p->result, "parameter");
  const tanlu_result_variable *drawn = tanlu_result_variable_find(p->result, "parameter_value");
  tanlu_result_slab slab;
  p->nominal = TANLU_NONE;
  if (drawn == NULL || parameters == NULL || drawn->rank != 2 || drawn->extent[1] != parameters->count) return TANLU_OK;
  for (size_t k = 0; k < parameters->count; k++) {
    const char *mode = tanlu_sweep_page_text(p, "parameter_mode", k);
    if (strcmp(mode, "scale") != 0 && strcmp(mode, "add") != 0) return TANLU_OK;
    if (tanlu_sweep_page_text(p, "parameter_simplex", k)[0] != '\0') return TANLU_OK;
  }
  tanlu_status status = tanlu_result_slab_open(&slab, p->result, drawn, false, p->context);
  for (size_t i = 0; status == TANLU_OK && i < p->samples.samples && p->nominal == TANLU_NONE; i++) {
    if ((int)p->samples.state->value[i] != TANLU_SAMPLE_SOLVED) continue;
    const double *value = tanlu_result_slab_row(&slab, i, p->context);
    bool same = value != NULL;
    if (value == NULL) status = TANLU_ERR_IO;
    for (size_t k = 0; same && k < parameters->count; k++) {
      const double neutral = strcmp(tanlu_sweep_page_text(p, "parameter_mode", k), "scale") == 0 ? 1.0 : 0.0;
      same = !(fabs(value[k] - neutral) > 0.0);
    }
    if (same) p->nominal = i;
  }
  tanlu_result_slab_close(&slab);
  return status;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------- */

static tanlu_status check_file(tanlu_result *result, tanlu_context *context) {
  const char *path = tanlu_result_path(result);
  if (!tanlu_result_is_sweep(result)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is not the file of a sweep");
  }
  if (tanlu_result_labels(result, "parameter") == NULL || tanlu_result_labels(result, "summary") == NULL ||
      tanlu_result_labels(result, "indicator") == NULL) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is not a complete file of a sweep");
  }
  return TANLU_OK;
}

tanlu_status tanlu_report_sweep(tanlu_report *report, tanlu_result *result, tanlu_context *context) {
  const tanlu_result_variable *count = NULL;
  tanlu_sweep_page page = {.report = report, .result = result, .context = context, .nominal = TANLU_NONE};
  tanlu_status status = check_file(result, context);
  if (status == TANLU_OK) status = tanlu_sweep_samples_count(&page.samples, result, context);
  if (status == TANLU_OK) status = tanlu_result_variable_read(result, "indicator_count", &count, context);
  if (status != TANLU_OK) return status;
  page.sampled = tanlu_sweep_sampled(result);
  page.derived = !isnan(count->value[0]);
  status = find_nominal(&page);
  if (status == TANLU_OK) status = add_overview(&page);
  if (status == TANLU_OK && (page.sampled || page.derived)) {
    status = tanlu_sweep_page_course(&page);
    if (status == TANLU_OK) status = tanlu_sweep_page_spread(&page);
  }
  if (status == TANLU_OK && page.sampled) status = tanlu_sweep_page_importance(&page);
  return status;
}
