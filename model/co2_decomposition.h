/* LMDI-I of national CO2 (model/lmdi.h) over users and carriers. With X the activity (GDP; population for households), s the
 * size of a user (value added; urban or rural population), E its final energy, c carriers, i power technologies:
 *
 *     direct        X (s/X) (E/s) (E_c/E) (CO2_c/E_c)
 *     heat          X (s/X) (E/s) (E_heat/E) (CO2 of heat supply / heat)
 *     electricity   X (s/X) (E/s) (E_c/E) (electricity/E_c) (G_i/G) (G/D CO2_i/G_i)
 *                   for electricity itself, and what heat supply and hydrogen take of it
 *     process       X (s/X) (process CO2 / s)
 *     captured      less the change of what is captured, as it is
 *
 * D is the demand for electricity, G generation: G/D are grid losses, storage and trade. CO2 of power and heat supply so stands
 * with who uses them. All terms are zero or positive, capture is apart: new carriers, users that vanish and plants that take
 * CO2 out of the air have defined effects, and these add up to the change of co2_total without residual. */
#ifndef TANLU_MODEL_CO2_DECOMPOSITION_H
#define TANLU_MODEL_CO2_DECOMPOSITION_H

#include "model/carbon_accounts.h"

/* id, code, name */
#define TANLU_CO2_EFFECT_LIST(X)                                                                                       \
  X(ACTIVITY, "activity", "Activity: GDP; population for households")                                                  \
  X(STRUCTURE, "structure", "Structure: shares in value added; urban and rural")                                       \
  X(INTENSITY, "intensity", "Final energy per value added, per head")                                                  \
  X(CARRIERS, "carriers", "Carriers in final energy")                                                                  \
  X(FACTORS, "factors", "CO2 per unit of fuel, and of hydrogen")                                                       \
  X(HEAT, "heat", "CO2 and electricity per unit of heat")                                                              \
  X(POWER_MIX, "power_mix", "Technologies in generation")                                                              \
  X(POWER_RATE, "power_rate", "CO2 per unit generated, grid losses, trade")                                            \
  X(PROCESS, "process", "Process CO2 per value added")                                                                 \
  X(CAPTURE, "capture", "CO2 captured")

typedef enum {
#define X(id, code, name) TANLU_CO2_EFFECT_##id,
  TANLU_CO2_EFFECT_LIST(X)
#undef X
      TANLU_CO2_EFFECTS
} tanlu_co2_effect;

/* Effects of the change from one state to another, t CO2. by_user (out): effects x users; by_carrier (out; NULL: not wanted):
 * effects x (carriers + 2), the last two process CO2 and capture. process: decompose co2_total; else co2_energy. Both states have the
 * same users, carriers and technologies. TANLU_ERR_MODEL naming user and year where a user has energy or process CO2 but
 * nothing it could be related to. */
tanlu_status tanlu_co2_decompose(const tanlu_carbon_accounts *from, const tanlu_carbon_accounts *to, bool process,
                                 const tanlu_labels *users, double *by_user, double *by_carrier,
                                 tanlu_context *context);

#endif
