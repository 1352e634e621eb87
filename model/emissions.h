/* CO2 of a year: combustion, process, capture.
 *
 *     combustion = energy burned x carbon content x oxidation x 44/12, by user group and carrier; non-energy use gives the
 *     part of its carbon that is not stored; hydrogen gives the CO2 of the coal and gas that made it
 *     process    = base-year CO2 x product ratio x factor index
 *     captured   = rate of the group x (combustion + process), and the stacks of plants with capture: biomass plants with
 *                  capture take biogenic CO2, which makes the power sector's net emission smaller or negative */
#ifndef TANLU_MODEL_EMISSIONS_H
#define TANLU_MODEL_EMISSIONS_H

#include "model/energy_year.h"

/* combustion of every user at its activity, process CO2, capture at sectors; needs final energy and hydrogen. */
void tanlu_emissions_of_users(const tanlu_system *system, const tanlu_drivers *drivers, size_t t,
                              tanlu_energy_year *year);
/* combustion and capture of power plants; needs power. Adds the plants' capture to `captured` of their sector. */
void tanlu_emissions_of_plants(const tanlu_system *system, tanlu_energy_year *year);

/* Carbon that leaves in conversion beyond power and heat (coking, refining, gas works, recovery), t CO2: stated apart. */
double tanlu_emissions_of_conversion(const tanlu_system *system, const tanlu_energy_year *year);

#endif
