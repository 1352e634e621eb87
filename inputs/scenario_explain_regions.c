/* What regions say, in words: origins and values beside those that they inherit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "inputs/scenario_explain.h"
#include "inputs/scenario_region_drivers.h"
#include "inputs/scenario_tree.h"
#include "model/region_drivers.h"
#include "solvers/memory.h"

enum { YEARS_SHOWN = 6, DECADE = 10 };

/* The last year of the history, then decades, then the last year. */
static size_t years_shown(const tanlu_drivers *d, int history_to, int *year) {
  size_t count = 0;
  if (history_to <= d->to) year[count++] = history_to;
  for (int y = (history_to / DECADE + 1) * DECADE; y < d->to && count < YEARS_SHOWN - 1; y += DECADE) year[count++] = y;
  if (history_to < d->to) year[count++] = d->to;
  return count;
}

/* "metals", "metals electricity"; nothing for a single number. */
static void member_name(char *text, size_t size, const tanlu_dataset *dataset, const tanlu_drivers *d,
                        tanlu_driver_id id, size_t member) {
  const tanlu_driver_info *info = &tanlu_driver_table[id];
  if (id == TANLU_DRIVER_STRUCTURE_SHARE) {
    (void)snprintf(text, size, "%s", dataset->level[d->target_level[member]].group.code[d->target_group[member]]);
    return;
  }
  const size_t inner = d->inner[id];
  const char *outer = tanlu_axis_code(dataset, info->axis[0], member / inner);
  const char *last = tanlu_axis_code(dataset, info->axis[1], member % inner);
  (void)snprintf(text, size, "%s%s%s", outer, *outer && *last ? " " : "", last);
}

static void print_row(FILE *stream, const char *name, const tanlu_drivers *d, tanlu_driver_id id, size_t member,
                      const int *year, size_t years) {
  (void)fprintf(stream, "  %-34s", name);
  for (size_t k = 0; k < years; k++) {
    const double value = d->value[id][(size_t)(year[k] - d->from) * d->size[id] + member];
    if (isnan(value)) {
      (void)fprintf(stream, " %9s", "-");
    } else {
      (void)fprintf(stream, " %9.4g", value);
    }
  }
  (void)fputc('\n', stream);
}

static bool differs(const tanlu_region_said *said, tanlu_driver_id id, size_t member) {
  if (id == TANLU_DRIVER_STRUCTURE_SHARE) return true; /* none is inherited */
  const size_t size = said->own->size[id];
  for (size_t t = 0; t < said->own->years; t++) {
    const double own = said->own->value[id][t * size + member], had = said->inherited->value[id][t * size + member];
    if (own != had && !(isnan(own) && isnan(had))) return true;
  }
  return false;
}

static void print_values(FILE *stream, const tanlu_region_said *said, const tanlu_dataset *nation, tanlu_driver_id id,
                         const tanlu_dataset *region) {
  int year[YEARS_SHOWN];
  const size_t years = years_shown(said->own, nation->history_to, year);
  (void)fprintf(stream, "  %-34s", "values");
  for (size_t k = 0; k < years; k++) (void)fprintf(stream, " %9d", year[k]);
  (void)fputc('\n', stream);
  for (size_t k = 0; k < said->own->size[id]; k++) {
    char name[128];
    if (!said->says[id][k] || !differs(said, id, k)) continue;
    member_name(name, sizeof name, region, said->own, id, k);
    print_row(stream, *name ? name : "here", said->own, id, k, year, years);
    if (id != TANLU_DRIVER_STRUCTURE_SHARE) print_row(stream, "  inherited", said->inherited, id, k, year, years);
  }
}

static void explain_region(const tanlu_scenario *scenario, const tanlu_yaml *keys, const tanlu_dataset *nation,
                           const tanlu_dataset *region, const double *power_mix, FILE *stream) {
  tanlu_region_said said;
  const size_t k = tanlu_labels_find(&scenario->regions->code, keys->key);
  const tanlu_status status =
      tanlu_region_said_find(&said, scenario, keys, nation, region ? region : nation, power_mix, region == NULL, NULL);
  (void)fprintf(stream, "\n## region %s%s%s%s: what it says otherwise\n", keys->key, k != TANLU_NONE ? " (" : "",
                k != TANLU_NONE ? scenario->regions->code.name[k] : "", k != TANLU_NONE ? ")" : "");
  const tanlu_yaml *peak = tanlu_yaml_find(keys, "peak");
  if (peak) {
    (void)fprintf(stream, "\n# peak: aim, energy CO2 (co2_energy) peaks in that year or before (year)\n");
    tanlu_explain_value(stream, peak, keys->key);
  }
  for (int i = 0; status == TANLU_OK && i < TANLU_DRIVER_COUNT; i++) {
    const tanlu_driver_id id = (tanlu_driver_id)i;
    const tanlu_driver_info *info = &tanlu_driver_table[id];
    if (!said.says[id]) continue;
    (void)fprintf(stream, "\n# %s: %s (%s)\n", info->path, info->meaning, info->unit);
    tanlu_explain_keys(stream, keys, id, keys->key, false);
    if (region || !tanlu_driver_by_region(id)) {
      print_values(stream, &said, nation, id, region ? region : nation);
    } else {
      (void)fprintf(stream, "  values go by the base year of the region\n");
    }
  }
  tanlu_region_said_clear(&said);
}

void tanlu_scenario_explain_regions(const tanlu_scenario *scenario, const tanlu_dataset *nation,
                                    tanlu_dataset *const *region, FILE *stream) {
  const tanlu_scenario_regions *r = scenario->regions;
  if (!r) return;
  (void)fprintf(stream, "\n# regions: %s of %s, the %s; table by %s, delta %g, beta %g\n",
                r->level    ? r->level
                : r->region ? r->region
                            : "all",
                r->statistics, r->lead == TANLU_LEAD_NATION ? "nation leads" : "regions lead",
                tanlu_quotient_word[r->quotient], r->delta, r->beta);
  const tanlu_yaml *set = tanlu_yaml_find(tanlu_yaml_find(scenario->tree->root, "regions"), "set");
  const size_t cells = scenario->drivers ? scenario->drivers->years * nation->power.technology.count : 0;
  double *mix = region && cells > 0 ? tanlu_allocate_doubles(NULL, r->code.count, cells) : NULL;
  if (mix && tanlu_region_power_mixes(mix, scenario->drivers, nation, region, r->code.count, NULL) != TANLU_OK) {
    free(mix);
    mix = NULL;
  }
  for (size_t i = 0; set && i < set->count; i++) {
    const tanlu_yaml *keys = set->child[i];
    const size_t k = tanlu_labels_find(&r->code, keys->key);
    const bool known = region && k != TANLU_NONE;
    if (keys->count == 0) continue;
    explain_region(scenario, keys, nation, known ? region[k] : NULL, known && mix ? mix + k * cells : NULL, stream);
  }
  free(mix);
}
