/* Every region as a dataset of its own, made from the nation's statistics and from those of its regions: what the model takes to
 * project a region with the nation's equations.
 *
 * Accounts of region q: flows are what its sectors use of every product, s_qj Z_ij (model/regional_table.h), domestic flows what of
 * it is made in q itself; imports hold products of other regions and of other countries alike. A category of its own,
 * `other_regions` (TANLU_ROLE_REGIONS, the last one), is what q sends to them. So rows and columns close as the nation's do.
 *
 * Energy: every sector is a branch, so that nothing is allocated again: final energy E_q,uc of model/regional_energy.h, non-energy use
 * by sector as the nation's sector splits its use. Processes (coking, refining, washing, gas works) go by the output of the sector that
 * runs them, heat supply by the use of heat, recovery by the use of what is recovered; power plants by generation and fuel that
 * regions report. Everything is scaled to the nation, so that sums over regions are the nation's in every cell of the balance:
 * final and non-energy use, conversion, losses, supply and statistical difference by carrier, generation and capacity by technology,
 * product tonnes, process CO2, population, employment, sinks. Electricity is closed by what regions send each other:
 *
 *     generation_q - losses_q = demand_q - received_q + sent_q - abroad_q        losses at the nation's rate of generation
 *
 * Net imports of the nation go with demand. Where generation of every technology is reported, it stands (scaled to the nation), and links
 * are as near to the known ones as that allows (tanlu_known_trade); otherwise links keep the proportions that are reported and are as
 * large against demand as against all reported flows, generation follows, and what is reported of it by technology is scaled by RAS to
 * these totals and the nation's technologies. A technology burns by region what is reported of its fuel where that would make its
 * plants at most twice and at least half as efficient as the nation's, else by generation. What regions use of a carrier beyond what
 * they make of it comes under the nation's items of supply, in their proportions: supply by other regions cannot be told apart from them.
 *
 * A region that reports no heat at all has a millionth of the nation's use and supply of it: what a scenario adds starts there. With
 * one region its dataset is the nation's: the same sums, the same equations. */
#ifndef TANLU_MODEL_REGION_DATASETS_H
#define TANLU_MODEL_REGION_DATASETS_H

#include "model/projection.h"
#include "model/regional_accounts.h"
#include "model/regional_energy.h"

/* Code of the category of what a region sends to the others. */
#define TANLU_OTHER_REGIONS "other_regions"

typedef struct {
  /* accounts: shares, distances, known flows (of electricity among them), quotients */
  const tanlu_regional_choice *choice;
  tanlu_regional_reports reports; /* final energy and plant fuel; output_share and consumers are those of the choice */
  /* regions x technologies, column-major, any unit; a column of NaN: not reported, goes by output of the power sector; NULL: nobody
   * reports */
  const double *generation;
} tanlu_region_statistics;

typedef struct {
  size_t regions, n, processes, technologies;
  const tanlu_labels *region; /* of the choice */
  /* regions: accounts, energy, power, products, ...; names are "<nation>_<region>" */
  tanlu_dataset **dataset;
  /* n x regions x regions, [(i regions + q) regions + p]: part of p in what q gets of product i from other regions; sums over p to 1,
   * or to 0 where q gets none; 0 for p = q */
  double *origin;
  /* regions x regions, [q regions + p]: electricity from p to q in the base year, TJ, as received; 0 for p = q */
  double *link;
  double *output; /* regions x n, [j regions + q]: shares in output */
  /* what was done, for a report */
  /* technologies: part of reported generation that moved between regions; NaN where not reported */
  double *generation_moved;
  /* 1: part of known flows that moved, own use included; where not all generation is reported: TJ of a link per unit that is known */
  double *link_moved;
} tanlu_region_datasets;

/* The choice and its labels must live as long as the datasets; its shares become those in output; of reports, output_share and consumers
 * are not read. The nation's base year is solved once. Errors: those of tanlu_regional_accounts_create and
 * tanlu_regional_energy_create; TANLU_ERR_INPUT for generation below zero, reported by some regions only, or of a technology that no
 * region reports but the nation has; for a region whose power sector has no output or whom links leave nothing to generate; those of
 * tanlu_ras for generation; TANLU_ERR_INTERNAL where sums are not the nation's to 1e-9. */
tanlu_status tanlu_region_datasets_create(tanlu_region_datasets **datasets, const tanlu_model *nation,
                                          const tanlu_region_statistics *statistics, tanlu_context *context);
void tanlu_region_datasets_free(tanlu_region_datasets **datasets); /* accepts NULL and half-built objects */

#endif
