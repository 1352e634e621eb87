/* Multipliers, linkages, key sectors and supply chains as tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/footprint_view.h"
#include "outputs/table.h"
#include "solvers/memory.h"

/* ---- multipliers and linkages ---------------------------------------------------------------------------------------------- */

tanlu_status tanlu_multipliers_print(const tanlu_analysis_view *view, const tanlu_linkages *linkages,
                                     tanlu_context *context) {
  static const char *const heading[TANLU_MULTIPLIER_COUNT] = {"output", "value added", "CO2, t/1e4 CNY",
                                                              "persons/1e6 CNY"};
  static const char *const direct[TANLU_MULTIPLIER_COUNT] = {"output_direct", "value_added_direct", "co2_direct",
                                                             "employment_direct"};
  const tanlu_linkages *k = linkages;
  const size_t n = k->n;
  double *shown = tanlu_allocate_doubles(context, n, 2 * TANLU_MULTIPLIER_COUNT);
  if (shown == NULL) return TANLU_ERR_MEMORY;
  tanlu_analysis_column column[2 * TANLU_MULTIPLIER_COUNT];
  size_t columns = 0;
  for (size_t m = 0; m < TANLU_MULTIPLIER_COUNT; m++) {
    const tanlu_multiplier_info *info = &tanlu_multiplier_table[m];
    if (m == TANLU_MULTIPLIER_EMPLOYMENT && !k->employment) continue;
    double *total = shown + 2 * m * n, *own = total + n;
    for (size_t i = 0; i < n; i++) {
      total[i] = info->factor * k->multiplier[m * n + i];
      own[i] = info->factor * k->direct[m * n + i];
    }
    column[columns++] = (tanlu_analysis_column){heading[m], "", info->code, info->unit, 3, total, NULL};
    if (m != TANLU_MULTIPLIER_OUTPUT) {
      column[columns++] = (tanlu_analysis_column){"direct", "", direct[m], info->unit, 3, own, NULL};
    }
  }
  char title[160];
  (void)snprintf(title, sizeof title, "Multipliers of final demand, %d: all sectors at home per unit", view->year);
  const tanlu_status status =
      tanlu_analysis_print(view, title, "product", shown + 2 * TANLU_MULTIPLIER_CO2 * n, column, columns, context);
  free(shown);
  return status;
}

tanlu_status tanlu_linkages_print(const tanlu_analysis_view *view, const tanlu_linkages *linkages,
                                  tanlu_context *context) {
  const tanlu_linkages *k = linkages;
  const size_t n = k->n;
  double *both = tanlu_allocate_doubles(context, n, 1);
  const char **kind = tanlu_allocate(context, n, sizeof *kind);
  tanlu_status status = both != NULL && kind != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t i = 0; status == TANLU_OK && i < n; i++) {
    const bool backward = k->power_dispersion[i] > 1.0, forward = k->forward_relative[i] > 1.0;
    both[i] = k->power_dispersion[i] + k->forward_relative[i];
    kind[i] = backward && forward ? "key" : backward ? "backward" : forward ? "forward" : "";
  }
  const tanlu_analysis_column column[] = {
      {"backward", "", "backward", "1", 2, k->backward, NULL},
      {"forward (Ghosh)", "", "forward", "1", 2, k->forward, NULL},
      {"power of dispersion", "", "power_of_dispersion", "1", 2, k->power_dispersion, NULL},
      {"sensitivity", "", "sensitivity_of_dispersion", "1", 2, k->sensitivity, NULL},
      {"forward / mean", "", "forward_relative", "1", 2, k->forward_relative, NULL},
      {"above the mean", NULL, NULL, NULL, 0, NULL, kind},
  };
  char title[160];
  (void)snprintf(title, sizeof title, "Linkages, %d: key where power of dispersion and forward / mean exceed 1",
                 view->year);
  if (status == TANLU_OK) {
    status = tanlu_analysis_print(view, title, "sector", both, column, sizeof column / sizeof *column, context);
  }
  free(both);
  free(kind);
  return status;
}

/* ---- key sectors ---------------------------------------------------------------------------------------------------------- */

/* How many members reach a mean share, what they have together in the mean, and the least of all years. */
static void sum_up(const tanlu_analysis_view *view, size_t years, const double *percent, const double *mean,
                   double from) {
  const size_t members = view->member->count;
  double together = 0.0, least = (double)INFINITY;
  size_t count = 0;
  for (size_t i = 0; i < members; i++) {
    if (mean[i] < from) continue;
    together += mean[i];
    count++;
  }
  for (size_t t = 0; t < years; t++) {
    double sum = 0.0;
    for (size_t i = 0; i < members; i++) sum += mean[i] >= from ? percent[t * members + i] : 0.0;
    least = fmin(least, sum);
  }
  (void)fprintf(view->out,
                "%zu with a mean share of at least %.0f %%: %.1f %% together, in every year at least %.1f %%\n", count,
                100.0 * from, 100.0 * together, least);
}

static void shares_csv(const tanlu_analysis_view *view, size_t years, const int *year, const double *percent) {
  tanlu_analysis_view of_year = *view;
  for (size_t t = 0; t < years; t++) {
    of_year.year = year[t];
    for (size_t i = 0; i < view->member->count; i++) {
      tanlu_analysis_csv(&of_year, view->member->code[i], view->member->name[i], "", "share", "%",
                         percent[t * view->member->count + i]);
    }
  }
}

tanlu_status tanlu_key_sectors_print(const tanlu_analysis_view *view, size_t years, const int *year, const double *co2,
                                     tanlu_context *context) {
  const size_t members = view->member->count;
  double *mean = tanlu_allocate_doubles(context, members, 2), *share = tanlu_allocate_doubles(context, members, years);
  const char **kind = tanlu_allocate(context, members, sizeof *kind);
  tanlu_status status = mean != NULL && share != NULL && kind != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t t = 0; t < years && status == TANLU_OK; t++) {
    status = tanlu_mean_shares(members, 1, co2 + t * members, share + t * members, context);
  }
  if (status == TANLU_OK) status = tanlu_mean_shares(members, years, co2, mean, context);
  if (status == TANLU_OK) {
    double *percent = mean + members, *first = share, *last = share + (years - 1) * members;
    char title[160], span[48] = "", heading[2][24];
    for (size_t i = 0; i < members; i++) {
      percent[i] = 100.0 * mean[i];
      kind[i] = mean[i] >= TANLU_KEY_SHARE_HIGH ? "key" : mean[i] >= TANLU_KEY_SHARE_LOW ? "important" : "";
    }
    for (size_t k = 0; k < years * members; k++) share[k] *= 100.0;
    (void)snprintf(heading[0], sizeof heading[0], "%d, %%", year[0]);
    (void)snprintf(heading[1], sizeof heading[1], "%d, %%", year[years - 1]);
    const tanlu_analysis_column column[] = {{"mean share, %", "", "mean_share", "%", 1, percent, NULL},
                                            {heading[0], NULL, NULL, NULL, 1, first, NULL},
                                            {years > 1 ? heading[1] : NULL, NULL, NULL, NULL, 1, last, NULL},
                                            {"", NULL, NULL, NULL, 0, NULL, kind}};
    shares_csv(view, years, year, share);
    if (years > 1) (void)snprintf(span, sizeof span, " to %d, %zu years", year[years - 1], years);
    (void)snprintf(title, sizeof title, "Shares in the CO2 of all sectors, %d%s", year[0], span);
    status = tanlu_analysis_print(view, title, "sector", percent, column, sizeof column / sizeof *column, context);
    sum_up(view, years, share, mean, TANLU_KEY_SHARE_LOW);
    sum_up(view, years, share, mean, TANLU_KEY_SHARE_HIGH);
  }
  free(mean);
  free(share);
  free(kind);
  return status;
}

/* ---- supply chains ---------------------------------------------------------------------------------------------------------- */

/* "Cement > Concrete > Housing": from the sector that emits to the product bought. */
static char *chain_text(const tanlu_analysis_view *view, const tanlu_path *path, bool codes) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  if (stream == NULL) return NULL;
  for (size_t k = path->length; k-- > 0;) {
    (void)fprintf(stream, "%s%s", (codes ? view->member->code : view->member->name)[path->sector[k]],
                  k > 0 ? " > " : "");
  }
  if (fclose(stream) == 0) return text;
  free(text);
  return NULL;
}

static tanlu_status print_chains(const tanlu_analysis_view *view, const char *demand, const tanlu_paths *paths,
                                 tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  double sum = 0.0;
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return TANLU_ERR_MEMORY;
  tanlu_table_column(table, "", TANLU_RIGHT);
  tanlu_table_column(table, "Mt", TANLU_RIGHT);
  tanlu_table_column(table, "%", TANLU_RIGHT);
  tanlu_table_column(table, "sum, %", TANLU_RIGHT);
  tanlu_table_column(table, "from the sector that emits to the product bought", TANLU_LEFT);
  for (size_t k = 0; k < paths->count && status == TANLU_OK; k++) {
    const tanlu_path *path = &paths->path[k];
    char *names = chain_text(view, path, false), *codes = chain_text(view, path, true);
    sum += path->value;
    if (names == NULL || codes == NULL) {
      status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a supply chain");
    } else {
      tanlu_table_number(table, (double)(k + 1), 0);
      tanlu_table_number(table, 1e-6 * path->value, 2);
      tanlu_table_number(table, 100.0 * path->value / paths->total, 2);
      tanlu_table_number(table, 100.0 * sum / paths->total, 1);
      tanlu_table_text(table, names);
      tanlu_analysis_csv(view, codes, names, demand, "path", "Mt", 1e-6 * path->value);
    }
    free(names);
    free(codes);
  }
  if (status == TANLU_OK) status = tanlu_table_print(table, view->out, context);
  tanlu_table_free(&table);
  return status;
}

tanlu_status tanlu_paths_print(const tanlu_analysis_view *view, const char *demand, const tanlu_paths *paths,
                               const tanlu_path_limits *limits, tanlu_context *context) {
  const double percent = 100.0 / paths->total;
  (void)fprintf(view->out, "The largest supply chains of the CO2 at home for %s, %d: %.1f Mt in all\n", demand,
                view->year, 1e-6 * paths->total);
  const tanlu_status status = print_chains(view, demand, paths, context);
  if (status != TANLU_OK) return status;
  (void)fprintf(view->out, "%zu chains carry %.1f %%", paths->count, percent * paths->listed);
  if (paths->deeper != 0.0) {
    (void)fprintf(view->out, "; %.1f %% lie beyond %zu purchase%s", percent * paths->deeper, limits->depth,
                  limits->depth == 1 ? "" : "s");
  }
  (void)fprintf(view->out, "; the rest, %.1f %%, are chains of at most %.3g Mt each%s\n", percent * paths->rest,
                1e-6 * paths->next, paths->end == TANLU_PATHS_WORK ? " (stopped by --work)" : "");
  const struct {
    const char *quantity;
    double value;
  } whole[] = {{"paths_total", paths->total},
               {"paths_listed", paths->listed},
               {"paths_deeper", paths->deeper},
               {"paths_rest", paths->rest},
               {"paths_largest_of_rest", paths->next}};
  for (size_t k = 0; k < sizeof whole / sizeof *whole; k++) {
    tanlu_analysis_csv(view, "", "", demand, whole[k].quantity, "Mt", 1e-6 * whole[k].value);
  }
  return TANLU_OK;
}
