/* Energy of a year from source to use: what a Sankey diagram draws, PJ, calorific.
 *
 * Sources (primary energy, net of trade) go through coking and gas works, refining, power plants, hydrogen plants and heat supply
 * to those who use the carriers finally, with non-energy use apart. Every node between sources and ends gives what it takes:
 *
 *     sum_i flow[i][k] = sum_j flow[k][j]
 *
 * to 1e-9 of the whole; what is lost in conversion and on the way ends in "Losses", and what a plant delivers beyond what it takes
 * of carriers (heat pumps) begins in "Ambient heat". Flows are net by process and class of carriers: washed coal goes from coal to
 * coal and is not seen; heat supplied to power plants stands there with the fuel it took,
 * and what refining and coking take of each other with the source of the giver. Coke stands with coke oven, furnace and converter
 * gas; what is recovered is that gas and heat. Private vehicles stand with homes. Net exports, and what goes into stocks, end in "Net exports, stocks". */
#ifndef TANLU_OUTPUTS_ENERGY_FLOWS_H
#define TANLU_OUTPUTS_ENERGY_FLOWS_H

#include <stdbool.h>

#include "model/solved_accounts.h"

/* id, label, column, colour */
#define TANLU_FLOW_NODE_LIST(X)                                                                                        \
  X(SOURCE_COAL, "Primary coal", 0, TANLU_ROLE_COAL)                                                                   \
  X(SOURCE_CRUDE, "Crude oil", 0, TANLU_ROLE_OIL)                                                                      \
  X(SOURCE_GAS, "Natural gas", 0, TANLU_ROLE_GAS)                                                                      \
  X(SOURCE_BIOMASS, "Biomass, other", 0, TANLU_ROLE_BIOMASS)                                                           \
  X(SOURCE_NUCLEAR, "Nuclear", 0, TANLU_ROLE_NUCLEAR)                                                                  \
  X(SOURCE_HYDRO, "Hydro", 0, TANLU_ROLE_HYDRO)                                                                        \
  X(SOURCE_WIND, "Wind", 0, TANLU_ROLE_WIND)                                                                           \
  X(SOURCE_SOLAR, "Solar", 0, TANLU_ROLE_SOLAR)                                                                        \
  X(SOURCE_RECOVERED, "Recovered", 0, TANLU_ROLE_REST)                                                                 \
  X(SOURCE_TRADE, "Imports", 0, TANLU_ROLE_REST)                                                                       \
  X(SOURCE_AMBIENT, "Ambient heat", 0, TANLU_ROLE_HEAT)                                                                \
  X(REFINING, "Refining", 1, TANLU_ROLE_OIL)                                                                           \
  X(COKING, "Coking, gas works", 1, TANLU_ROLE_COAL)                                                                   \
  X(COAL, "Coal", 2, TANLU_ROLE_COAL)                                                                                  \
  X(COKE, "Coke, its gases", 2, TANLU_ROLE_REST)                                                                       \
  X(PRODUCTS, "Oil products", 2, TANLU_ROLE_OIL)                                                                       \
  X(GAS, "Gas", 2, TANLU_ROLE_GAS)                                                                                     \
  X(BIOMASS, "Biomass", 2, TANLU_ROLE_BIOMASS)                                                                         \
  X(POWER, "Electricity", 3, TANLU_ROLE_ELECTRICITY)                                                                   \
  X(HYDROGEN, "Hydrogen", 4, TANLU_ROLE_HYDROGEN)                                                                      \
  X(HEAT, "Heat", 4, TANLU_ROLE_HEAT)                                                                                  \
  X(USE_STEEL, "Iron and steel", 5, TANLU_ROLE_REST)                                                                   \
  X(USE_CHEMICALS, "Chemicals", 5, TANLU_ROLE_REST)                                                                    \
  X(USE_MINERALS, "Building materials", 5, TANLU_ROLE_REST)                                                            \
  X(USE_METALS, "Other metals", 5, TANLU_ROLE_REST)                                                                    \
  X(USE_INDUSTRY, "Other industry", 5, TANLU_ROLE_REST)                                                                \
  X(USE_SUPPLY, "Energy industries", 5, TANLU_ROLE_REST)                                                               \
  X(USE_TRANSPORT, "Transport", 5, TANLU_ROLE_REST)                                                                    \
  X(USE_SERVICES, "Services, farms", 5, TANLU_ROLE_REST)                                                               \
  X(USE_URBAN, "Urban homes", 5, TANLU_ROLE_REST)                                                                      \
  X(USE_RURAL, "Rural homes", 5, TANLU_ROLE_REST)                                                                      \
  X(USE_FEEDSTOCK, "Non-energy use", 5, TANLU_ROLE_REST)                                                               \
  X(EXPORTS, "Exports, stocks", 5, TANLU_ROLE_REST)                                                                    \
  X(LOSSES, "Losses", 5, TANLU_ROLE_BAD)

typedef enum {
#define X(id, label, column, role) TANLU_FLOW_##id,
  TANLU_FLOW_NODE_LIST(X)
#undef X
      TANLU_FLOW_NODES
} tanlu_flow_node;

typedef struct {
  const char *label;
  size_t column;
  int role;
} tanlu_flow_node_info;
const tanlu_flow_node_info *tanlu_flow_node_about(tanlu_flow_node node);

typedef struct {
  int year;
  double flow[TANLU_FLOW_NODES][TANLU_FLOW_NODES]; /* from, to: PJ */
} tanlu_energy_flows;

/* Flows of a year that is being visited (not of a copy). Errors: memory. */
tanlu_status tanlu_energy_flows_make(tanlu_energy_flows *flows, const tanlu_solved_accounts *accounts,
                                     tanlu_context *context);
/* Largest gap of a node between sources and ends, relative to all that the sources give. */
double tanlu_energy_flows_gap(const tanlu_energy_flows *flows);

#endif
