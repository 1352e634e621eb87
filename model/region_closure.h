/* What regions add up to against the nation's own path, and the regions scaled to it.
 *
 * A field adds up where it is a quantity (money, energy, CO2, generation, tonnes, persons); multipliers do not, and of the indicators
 * those that are sums. Member by member and year by year a quantity of region r becomes
 *
 *     f_r <- f_r + |f_r| (N - sum_q f_q) / sum_q |f_q|        N: the nation's
 *
 * which is in proportion where all have one sign, and all stay as they are where all are 0;
 * indicators that are made of others (co2_total, co2_net, capacities)
 * or one sum over another (per head, per GDP) are formed anew. A total and its parts in other fields (generation_total and generation by
 * technology) are each scaled to the nation's and, in a region, no longer each other's sum to the last per cent. Shares, rates and multipliers stay the region's. */
#ifndef TANLU_MODEL_REGION_CLOSURE_H
#define TANLU_MODEL_REGION_CLOSURE_H

#include "model/fields.h"
#include "model/indicators.h"

/* Does the indicator add up over regions? */
bool tanlu_indicator_adds_up(tanlu_indicator_id id);
/* Does the field (its members, all but INDICATOR)? */
bool tanlu_field_adds_up(tanlu_field_id id);

/* gap (NULL: not wanted): years x TANLU_FIELD_COUNT, largest |sum - N| of a member over the sum of |N| of the field (for indicators:
 * over its own largest |N| of all years), NaN for what does not add up. Scales when `scale`. Members that only the nation or only
 * regions have are left. Errors: TANLU_ERR_INTERNAL where years or sizes differ. */
tanlu_status tanlu_region_close(const tanlu_projection *national, tanlu_projection *const *region, size_t regions,
                                bool scale, double *gap, tanlu_context *context);

#endif
