/* The parts of a tanlu_model. */
#ifndef TANLU_MODEL_MODEL_PRIVATE_H
#define TANLU_MODEL_MODEL_PRIVATE_H

#include "model/energy_year.h"
#include "model/measures.h"
#include "model/projection.h"
#include "model/technology.h"

struct tanlu_model {
  const tanlu_dataset *dataset;
  tanlu_system *system;
  tanlu_technology *technology;
  tanlu_measures *measures;
  double *base_co2; /* (groups + 1) x classes: combustion, t */
  tanlu_model_facts facts;
};

#endif
