/* Energy of a year from source to use: what a Sankey diagram draws, PJ, calorific.
 *
 * Sources (primary energy, net of trade) go through coking and gas works, refining, power plants, hydrogen plants and heat supply
 * to those who use the carriers finally, with non-energy use apart. Every node between sources and ends gives what it takes:
 *
 *     sum_i flow[i][k] = sum_j flow[k][j]
 *
 * to 1e-9 of the whole; what is lost in conversion and on the way ends in "Losses", and what a plant delivers beyond what it takes
 * of carriers (heat pumps) begins in "Ambient heat". Flows are net by process and class of carriers: washed coal goes from coal to
 * coal and is not seen. Net exports, and what goes into stocks, end in "Net exports". */
#ifndef TANLU_OUTPUTS_ENERGY_FLOWS_H
#define TANLU_OUTPUTS_ENERGY_FLOWS_H

#include <stdbool.h>

#include "model/solved_accounts.h"

/* id, label, column, colour */
#define TANLU_FLOW_NODE_LIST(X)                                                                                        \
  X(SOURCE_COAL, "Coal supply", 0, TANLU_ROLE_COAL)                                                                    \
  X(SOURCE_CRUDE, "Crude oil", 0, TANLU_ROLE_OIL)                                                                      \
  X(SOURCE_PRODUCTS, "Oil product imports", 0, TANLU_ROLE_OIL)                                                         \
  X(SOURCE_COKE, "Coke imports", 0, TANLU_ROLE_COAL)                                                                   \
  X(SOURCE_GAS, "Gas supply", 0, TANLU_ROLE_GAS)                                                                       \
  X(SOURCE_BIOMASS, "Biomass, other", 0, TANLU_ROLE_BIOMASS)                                                           \
  X(SOURCE_RECOVERED, "Recovered gas and heat", 0, TANLU_ROLE_REST)                                                    \
  X(SOURCE_NUCLEAR, "Nuclear", 0, TANLU_ROLE_NUCLEAR)                                                                  \
  X(SOURCE_HYDRO, "Hydro", 0, TANLU_ROLE_HYDRO)                                                                        \
  X(SOURCE_WIND, "Wind", 0, TANLU_ROLE_WIND)                                                                           \
  X(SOURCE_SOLAR, "Solar", 0, TANLU_ROLE_SOLAR)                                                                        \
  X(SOURCE_TRADE, "Electricity, heat and hydrogen imports", 0, TANLU_ROLE_ELECTRICITY)                                 \
  X(SOURCE_AMBIENT, "Ambient heat", 0, TANLU_ROLE_HEAT)                                                                \
  X(COKING, "Coking, gas works", 1, TANLU_ROLE_COAL)                                                                   \
  X(REFINING, "Refining", 2, TANLU_ROLE_OIL)                                                                           \
  X(COAL, "Coal", 3, TANLU_ROLE_COAL)                                                                                  \
  X(COKE, "Coke", 3, TANLU_ROLE_COAL)                                                                                  \
  X(BYPRODUCT, "By-product gas", 3, TANLU_ROLE_REST)                                                                   \
  X(PRODUCTS, "Oil products", 3, TANLU_ROLE_OIL)                                                                       \
  X(GAS, "Gas", 3, TANLU_ROLE_GAS)                                                                                     \
  X(BIOMASS, "Biomass, other", 3, TANLU_ROLE_BIOMASS)                                                                  \
  X(POWER, "Electricity", 4, TANLU_ROLE_ELECTRICITY)                                                                   \
  X(HYDROGEN, "Hydrogen", 5, TANLU_ROLE_HYDROGEN)                                                                      \
  X(HEAT, "Heat", 6, TANLU_ROLE_HEAT)                                                                                  \
  X(USE_STEEL, "Iron and steel", 7, TANLU_ROLE_REST)                                                                   \
  X(USE_CHEMICALS, "Chemicals", 7, TANLU_ROLE_REST)                                                                    \
  X(USE_MINERALS, "Building materials", 7, TANLU_ROLE_REST)                                                            \
  X(USE_METALS, "Non-ferrous metals", 7, TANLU_ROLE_REST)                                                              \
  X(USE_INDUSTRY, "Other industry", 7, TANLU_ROLE_REST)                                                                \
  X(USE_SUPPLY, "Energy industries", 7, TANLU_ROLE_REST)                                                               \
  X(USE_TRANSPORT, "Transport", 7, TANLU_ROLE_REST)                                                                    \
  X(USE_SERVICES, "Services, agriculture", 7, TANLU_ROLE_REST)                                                         \
  X(USE_URBAN, "Urban households", 7, TANLU_ROLE_REST)                                                                 \
  X(USE_RURAL, "Rural households", 7, TANLU_ROLE_REST)                                                                 \
  X(USE_FEEDSTOCK, "Non-energy use", 7, TANLU_ROLE_REST)                                                               \
  X(EXPORTS, "Net exports", 7, TANLU_ROLE_REST)                                                                        \
  X(LOSSES, "Losses", 7, TANLU_ROLE_BAD)

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
