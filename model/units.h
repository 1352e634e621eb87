/* Constants of unit conversion and of definition; statistics are data, never here. */
#ifndef TANLU_MODEL_UNITS_H
#define TANLU_MODEL_UNITS_H

#define TANLU_TJ_PER_TWH 3600.0      /* 1 kWh = 3.6 MJ */
#define TANLU_TJ_PER_MWH 0.0036      /* 1 kWh = 3.6 MJ */
#define TANLU_TJ_PER_1E4_TCE 293.076 /* 1 tce = 29.3076 GJ (7000 kcal/kg, GB/T 2589) */
#define TANLU_TJ_PER_TCE 0.0293076
#define TANLU_HOURS_PER_YEAR 8760.0
#define TANLU_CO2_PER_CARBON (44.0 / 12.0)

#endif
