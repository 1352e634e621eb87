/* What the files of the energy rows share. */
#ifndef TANLU_MODEL_ENERGY_ROWS_PRIVATE_H
#define TANLU_MODEL_ENERGY_ROWS_PRIVATE_H

#include "model/energy_rows.h"

/* Coefficients of sector j for physical use per unit of output (rows x lanes). */
void tanlu_energy_sector_coefficients(tanlu_energy_rows *rows, size_t j, const double *per_output);

#endif
