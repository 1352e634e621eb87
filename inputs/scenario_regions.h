/* The block `regions:` of a scenario: which regions are projected together with the nation, and what they say otherwise.
 *
 * What a region says stands below `regions.set.CODE` in the keys of a scenario. It replaces, after the history, what the region inherits
 * (model/region_drivers.h), the effect of the nation's tiers and routes included: a key for a group replaces the nation's for every
 * member of that group, whatever smaller groups the nation names. Knots and trends run from the value that the region inherits in the
 * last year of the history; in a list of shares members that the region does not name keep the path they inherit, and the region's
 * `balance` takes the rest. Paths of structure.share and products run from the region's own base-year value times what the
 * nation's history records of it; there are none (NaN) in the years of the history, where the nation's factors hold.
 *
 * `peak: YEAR` there is an aim, that energy CO2 of the region peaks in that year or before: it moves no driver and is judged
 * (outputs/region_view.h) where the scenario reaches that year. Import shares cannot change with regions (model/region_projection.h),
 * so that with two or more neither they nor the nation can say `imports`; `power.net_imports` is the nation's and of what moves between regions. */
#ifndef TANLU_INPUTS_SCENARIO_REGIONS_H
#define TANLU_INPUTS_SCENARIO_REGIONS_H

#include <stdio.h>

#include "model/dataset.h"
#include "model/drivers.h"
#include "model/location_quotients.h"
#include "model/region_projection.h"

struct tanlu_scenario;

typedef struct tanlu_scenario_regions {
  char *statistics;         /* as it is written: a name or a path (inputs/regional_file.h) */
  char *directory;          /* where they lie; NULL: not found, which only a text from a result file may have */
  char *level, *region;     /* fewer regions, as tanlu_regional_groups takes them; NULL: not said */
  tanlu_regional_lead lead; /* nation where not said */
  bool recorded_growth; /* in the years of the history regions grow by their shares in recorded GDP at current prices */
  tanlu_quotient quotient; /* of the table of regions, as `tanlu regionalise`: flq, 0.3, 1 where not said */
  double delta, beta;
  tanlu_labels code; /* what is projected: regions, groups of them, or one and the rest; empty until the scenario is
                        resolved, and where statistics are not found */
  int *
      peak; /* code.count: the year in which or before which energy CO2 is to peak; 0: no aim. NULL as `code` is empty */
} tanlu_scenario_regions;

extern const char *const tanlu_regional_lead_word[]; /* "nation", "regions" */

void tanlu_scenario_regions_free(tanlu_scenario_regions **regions); /* accepts NULL and half-built objects */

/* Read the block of a scenario whose keys are merged into scenario->regions; NULL where it has none. Errors at the key or value that
 * is wrong; keys below `set` are left to the check. `lenient`: statistics that are not found are a warning. */
tanlu_status tanlu_scenario_regions_read(struct tanlu_scenario *scenario, bool lenient, tanlu_context *context);

/* Check what can be checked without the datasets of regions: codes against the statistics, keys, members, years, bounds, sums of
 * the shares that are named, structure targets; and that the nation's import shares stay. Reads the aims. Part of
 * tanlu_scenario_resolve. */
tanlu_status tanlu_scenario_regions_check(struct tanlu_scenario *scenario, const tanlu_dataset *nation,
                                          tanlu_context *context);

/* Does the scenario say anything of a region? */
bool tanlu_scenario_says_of_region(const struct tanlu_scenario *scenario, const char *code);

/* Drivers of one region, by its code in the statistics: inherited from scenario->drivers (resolved), over which lies what the
 * scenario says of it; `region` is its dataset (model/region_datasets.h), with the nation's sectors, levels and history_to; power_mix: of
 * tanlu_region_power_mixes, years x technologies (NULL: the region by itself). Errors: those
 * of the keys, with file, line and column; those of tanlu_region_drivers_create. */
tanlu_status tanlu_scenario_resolve_region(const struct tanlu_scenario *scenario, const char *code,
                                           const tanlu_dataset *nation, const tanlu_dataset *region,
                                           const double *power_mix, tanlu_drivers **drivers, tanlu_context *context);

/* After tanlu_scenario_explain: what each region says, with the origin of every value, and its values in some years beside those it
 * inherits. `region` are the datasets of the regions in the order of scenario->regions->code; NULL: only values that do not depend on
 * them are shown. */
void tanlu_scenario_explain_regions(const struct tanlu_scenario *scenario, const tanlu_dataset *nation,
                                    tanlu_dataset *const *region, FILE *stream);

#endif
