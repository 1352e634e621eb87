#include "outputs/energy_flows.h"

#include <math.h>
#include <string.h>

#include "model/record.h"
#include "outputs/figure.h"
#include "outputs/iamc_private.h"

enum { LANE = 0, PROCESS_NODES = 2, FIRST_END = TANLU_FLOW_USE_STEEL };
static const double petajoule = 1e-3; /* of the accounts' TJ */
static const tanlu_flow_node process_node[PROCESS_NODES] = {TANLU_FLOW_COKING, TANLU_FLOW_REFINING};
static const tanlu_flow_node process_source[PROCESS_NODES] = {TANLU_FLOW_SOURCE_COAL, TANLU_FLOW_SOURCE_CRUDE};

static const tanlu_flow_node_info nodes[TANLU_FLOW_NODES] = {
#define X(id, label, column, role) {label, column, role},
    TANLU_FLOW_NODE_LIST(X)
#undef X
};

const tanlu_flow_node_info *tanlu_flow_node_about(tanlu_flow_node node) {
  return &nodes[node];
}

typedef struct {
  tanlu_energy_flows *flows;
  const tanlu_solved_accounts *accounts;
  const tanlu_dataset *dataset;
  const tanlu_energy_year *year;
  const tanlu_energy_rows *rows;
  double net[PROCESS_NODES][TANLU_FLOW_NODES]; /* of processes, by node of carriers: output less input, TJ */
  double recovered[TANLU_FLOW_NODES];          /* TJ, by node of carriers */
  double heat_for_power;                       /* TJ: of heat supply, into power plants */
} work;

/* Energy in TJ, not below zero but for rounding. Crude oil that is not refined goes by way of oil products. */
static void add(work *w, size_t from, size_t to, double energy) {
  if (from == TANLU_FLOW_SOURCE_CRUDE && to != TANLU_FLOW_REFINING && to != TANLU_FLOW_COKING) {
    w->flows->flow[from][TANLU_FLOW_PRODUCTS] += petajoule * energy;
    from = TANLU_FLOW_PRODUCTS;
  }
  if (from != to) w->flows->flow[from][to] += petajoule * energy;
}

/* ---- nodes of carriers --------------------------------------------------------------------------------------------------- */

/* Oil that conversion takes and never makes. */
static bool is_crude(const tanlu_dataset *d, size_t carrier) {
  const tanlu_energy_statistics *e = &d->energy;
  bool taken = false, made = false;
  for (size_t p = 0; p < e->process.count; p++) {
    const double flow = e->conversion[p * e->carrier.label.count + carrier];
    if (e->process_kind[p] != TANLU_PROCESS_CONVERSION) continue;
    taken = taken || flow < 0.0;
    made = made || flow > 0.0;
  }
  return taken && !made;
}

static size_t node_of(const tanlu_dataset *d, size_t carrier) {
  static const tanlu_flow_node by_class[TANLU_CLASS_COUNT] = {
      [TANLU_CLASS_COAL] = TANLU_FLOW_COAL,         [TANLU_CLASS_COKE] = TANLU_FLOW_COKE,
      [TANLU_CLASS_OIL] = TANLU_FLOW_PRODUCTS,      [TANLU_CLASS_GAS] = TANLU_FLOW_GAS,
      [TANLU_CLASS_BIOMASS] = TANLU_FLOW_BIOMASS,   [TANLU_CLASS_BYPRODUCT_GAS] = TANLU_FLOW_COKE,
      [TANLU_CLASS_ELECTRICITY] = TANLU_FLOW_POWER, [TANLU_CLASS_HEAT] = TANLU_FLOW_HEAT,
      [TANLU_CLASS_HYDROGEN] = TANLU_FLOW_HYDROGEN};
  const tanlu_carrier_class class = d->energy.carrier.cls[carrier];
  return class == TANLU_CLASS_OIL && is_crude(d, carrier) ? TANLU_FLOW_SOURCE_CRUDE : by_class[class];
}

/* Where what is mined, grown or imported of a carrier begins. */
static size_t source_of(size_t node) {
  switch (node) {
  case TANLU_FLOW_COAL:
    return TANLU_FLOW_SOURCE_COAL;
  case TANLU_FLOW_GAS:
    return TANLU_FLOW_SOURCE_GAS;
  case TANLU_FLOW_BIOMASS:
    return TANLU_FLOW_SOURCE_BIOMASS;
  default:
    return TANLU_FLOW_SOURCE_TRADE;
  }
}

static size_t carriers_of(const work *w) {
  return w->dataset->energy.carrier.label.count;
}
/* Of an array of carriers x lanes. */
static double at(const work *w, const double *array, size_t carrier) {
  return array[carrier * w->year->width + LANE];
}

/* ---- supply -------------------------------------------------------------------------------------------------------------- */

static void net_of_processes(work *w) {
  const tanlu_energy_statistics *e = &w->dataset->energy;
  const size_t carriers = carriers_of(w);
  for (size_t p = 0; p < e->process.count; p++) {
    const tanlu_process_kind kind = e->process_kind[p];
    if (kind != TANLU_PROCESS_CONVERSION && kind != TANLU_PROCESS_RECOVERY) continue;
    bool refines = false;
    for (size_t c = 0; c < carriers; c++) {
      refines = refines || (e->process_main[p * carriers + c] && e->carrier.cls[c] == TANLU_CLASS_OIL);
    }
    for (size_t c = 0; c < carriers; c++) {
      const double flow = e->conversion[p * carriers + c] * w->rows->scale[p * w->year->width + LANE];
      const bool recovered = kind == TANLU_PROCESS_RECOVERY && flow > 0.0;
      *(recovered ? &w->recovered[node_of(w->dataset, c)] : &w->net[refines][node_of(w->dataset, c)]) += flow;
    }
  }
}

/* What processes take comes from the source of the carrier, then from that of the other process where this one makes it, then from
 * the carrier's node. */
static void add_process_inputs(work *w, size_t node, double *available) {
  for (size_t p = 0; p < PROCESS_NODES; p++) {
    double *made = &w->net[1 - p][node], wanted = -w->net[p][node];
    if (!(wanted > 0.0)) continue;
    if (node == TANLU_FLOW_SOURCE_CRUDE) {
      add(w, node, process_node[p], wanted);
      continue;
    }
    const double direct = fmin(wanted, fmax(*available, 0.0)), passed = fmin(wanted - direct, fmax(*made, 0.0));
    *available -= direct;
    *made -= passed;
    add(w, source_of(node), process_node[p], direct);
    add(w, process_source[1 - p], process_node[p], passed);
    add(w, process_source[1 - p], process_node[1 - p], -passed); /* which makes that much less */
    add(w, node, process_node[p], wanted - direct - passed);
  }
}

/* Sources, coking and refining into the nodes of carriers. Electricity: net imports alone, plants come later. */
static void add_supply(work *w) {
  double primary[TANLU_FLOW_NODES] = {0.0}, lost[PROCESS_NODES] = {0.0};
  for (size_t c = 0; c < carriers_of(w); c++) primary[node_of(w->dataset, c)] += at(w, w->year->primary, c);
  primary[TANLU_FLOW_POWER] -= w->rows->power.primary[LANE];
  net_of_processes(w);
  for (size_t p = 0; p < PROCESS_NODES; p++) {
    for (size_t k = 0; k < TANLU_FLOW_NODES; k++) lost[p] -= w->net[p][k];
    add(w, lost[p] >= 0.0 ? process_node[p] : TANLU_FLOW_SOURCE_AMBIENT,
        lost[p] >= 0.0 ? TANLU_FLOW_LOSSES : process_node[p], fabs(lost[p]));
  }
  for (size_t k = 0; k < TANLU_FLOW_NODES; k++) {
    double available = primary[k];
    add_process_inputs(w, k, &available);
    if (k == TANLU_FLOW_SOURCE_CRUDE) continue; /* the source itself */
    for (size_t p = 0; p < PROCESS_NODES; p++) add(w, process_node[p], k, fmax(w->net[p][k], 0.0));
    if (available < 0.0) add(w, k, TANLU_FLOW_EXPORTS, -available);
    if (available > 0.0) add(w, source_of(k), k, available);
  }
}

/* ---- power, hydrogen, heat ----------------------------------------------------------------------------------------------- */

/* A plant that takes and gives: the rest is lost, or comes from its surroundings. */
static void add_loss(work *w, size_t node, double lost) {
  if (lost > 0.0) add(w, node, TANLU_FLOW_LOSSES, lost);
  if (lost < 0.0) add(w, TANLU_FLOW_SOURCE_AMBIENT, node, -lost);
}

static void add_power(work *w) {
  static const tanlu_flow_node source[] = {[TANLU_SOURCE_HYDRO] = TANLU_FLOW_SOURCE_HYDRO,
                                           [TANLU_SOURCE_NUCLEAR] = TANLU_FLOW_SOURCE_NUCLEAR,
                                           [TANLU_SOURCE_WIND] = TANLU_FLOW_SOURCE_WIND,
                                           [TANLU_SOURCE_SOLAR] = TANLU_FLOW_SOURCE_SOLAR};
  const tanlu_power_year *power = &w->rows->power;
  const size_t carriers = carriers_of(w), width = power->width;
  double lost = 0.0;
  for (size_t i = 0; i < w->dataset->power.technology.count; i++) {
    const tanlu_power_source kind = w->dataset->power.source[i];
    const double generation = power->generation[i * width + LANE];
    if (kind != TANLU_SOURCE_THERMAL) {
      add(w, source[kind], TANLU_FLOW_POWER, generation);
      continue;
    }
    lost -= generation;
    for (size_t c = 0; c < carriers; c++) {
      const double fuel = power->fuel[(i * carriers + c) * width + LANE];
      const size_t node = node_of(w->dataset, c);
      double *recovered = &w->recovered[TANLU_FLOW_HEAT];
      const double direct = node == TANLU_FLOW_HEAT ? fmin(fuel, *recovered) : 0.0;
      *recovered -= direct;
      lost += fuel;
      add(w, TANLU_FLOW_SOURCE_RECOVERED, TANLU_FLOW_POWER, direct);
      if (node == TANLU_FLOW_HEAT) {
        w->heat_for_power += fuel - direct;
      } else {
        add(w, node, TANLU_FLOW_POWER, fuel - direct);
      }
    }
  }
  add_loss(w, TANLU_FLOW_POWER, lost);
}

static void add_hydrogen(work *w) {
  const tanlu_hydrogen_statistics *h = &w->dataset->hydrogen;
  double lost = -w->year->hydrogen[LANE];
  for (size_t k = 0; k < TANLU_HYDROGEN_ROUTES; k++) {
    const double input = w->year->hydrogen_input[k * w->year->width + LANE];
    if (!(input > 0.0)) continue;
    const size_t carrier = k == TANLU_HYDROGEN_COAL ? h->coal_carrier : h->gas_carrier;
    lost += input;
    add(w, k == TANLU_HYDROGEN_ELECTROLYSIS ? TANLU_FLOW_POWER : node_of(w->dataset, carrier), TANLU_FLOW_HYDROGEN,
        input);
  }
  add_loss(w, TANLU_FLOW_HYDROGEN, lost);
}

/* Heat supply. What of its heat goes into power plants stands there with the fuel it took, so that no energy goes back: a part of
 * what is burned, as large as the whole supply needs for it. */
static void add_heat(work *w) {
  double input = 0.0, burned = 0.0;
  for (size_t c = 0; c < carriers_of(w); c++) {
    const size_t node = node_of(w->dataset, c);
    input += at(w, w->year->heat_fuel, c);
    if (node != TANLU_FLOW_POWER && node != TANLU_FLOW_HYDROGEN) burned += at(w, w->year->heat_fuel, c);
  }
  const double output = w->rows->heat_output[LANE];
  const double fuel = output > 0.0 ? w->heat_for_power * input / output : 0.0;
  const double share = burned > 0.0 && fuel <= burned ? fuel / burned : 0.0,
               moved = share > 0.0 ? w->heat_for_power : 0.0;
  for (size_t c = 0; c < carriers_of(w); c++) {
    const size_t node = node_of(w->dataset, c);
    const double whole = at(w, w->year->heat_fuel, c);
    const double part = node != TANLU_FLOW_POWER && node != TANLU_FLOW_HYDROGEN ? share * whole : 0.0;
    add(w, node, TANLU_FLOW_HEAT, whole - part);
    add(w, node, TANLU_FLOW_POWER, part);
  }
  add(w, TANLU_FLOW_HEAT, TANLU_FLOW_POWER, w->heat_for_power - moved);
  add_loss(w, TANLU_FLOW_POWER, share * burned - moved);
  add_loss(w, TANLU_FLOW_HEAT, input - share * burned - (output - moved));
}

/* ---- use ----------------------------------------------------------------------------------------------------------------- */

static size_t use_of(const tanlu_dataset *d, size_t sector) {
  static const struct {
    const char *class;
    tanlu_flow_node node;
  } use[] = {{"industry.steel", TANLU_FLOW_USE_STEEL},
             {"industry.chemicals", TANLU_FLOW_USE_CHEMICALS},
             {"industry.minerals", TANLU_FLOW_USE_MINERALS},
             {"industry.non_ferrous", TANLU_FLOW_USE_METALS},
             {"supply", TANLU_FLOW_USE_SUPPLY},
             {"transport", TANLU_FLOW_USE_TRANSPORT},
             {"agriculture", TANLU_FLOW_USE_SERVICES},
             {"commercial", TANLU_FLOW_USE_SERVICES}};
  const tanlu_level *level = &d->level[d->policy_level];
  const size_t group = level->of_sector[sector];
  const char *class = group < level->group.count ? tanlu_iamc_class("sector", level->group.code[group]) : NULL;
  for (size_t k = 0; class != NULL && k < sizeof use / sizeof *use; k++) {
    if (strncmp(class, use[k].class, strlen(use[k].class)) == 0) return use[k].node;
  }
  return TANLU_FLOW_USE_INDUSTRY;
}

static void add_use(work *w) {
  static const tanlu_flow_node household[TANLU_HOUSEHOLDS] = {
      [TANLU_URBAN] = TANLU_FLOW_USE_URBAN, [TANLU_RURAL] = TANLU_FLOW_USE_RURAL};
  const tanlu_solved_accounts *a = w->accounts;
  for (size_t c = 0; c < a->carriers; c++) {
    const size_t node = node_of(w->dataset, c);
    for (size_t j = 0; j < a->n; j++) {
      const double feedstock = a->non_energy[c * a->n + j];
      add(w, node, TANLU_FLOW_USE_FEEDSTOCK, feedstock);
      add(w, node, use_of(w->dataset, j), a->final_energy[c * a->n + j] - feedstock);
    }
    for (size_t h = 0; h < TANLU_HOUSEHOLDS; h++) add(w, node, household[h], a->household_energy[h * a->carriers + c]);
    add(w, node, TANLU_FLOW_LOSSES, at(w, w->year->losses, c));
  }
}

/* What two nodes give each other counts net. */
static void take_off_returns(tanlu_energy_flows *flows) {
  for (size_t i = 0; i < TANLU_FLOW_NODES; i++) {
    for (size_t k = 0; k < i; k++) {
      const double both = fmin(flows->flow[i][k], flows->flow[k][i]);
      if (!(both > 0.0)) continue;
      flows->flow[i][k] -= both;
      flows->flow[k][i] -= both;
    }
  }
}

/* ---- all of it ----------------------------------------------------------------------------------------------------------- */

tanlu_status tanlu_energy_flows_make(tanlu_energy_flows *flows, const tanlu_solved_accounts *accounts,
                                     tanlu_context *context) {
  *flows = (tanlu_energy_flows){.year = accounts->year};
  if (accounts->solved == NULL) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "energy flows need a year that is being visited");
  }
  work w = {.flows = flows,
            .accounts = accounts,
            .dataset = accounts->dataset,
            .year = accounts->solved->energy,
            .rows = accounts->solved->equilibrium->rows};
  add_supply(&w);
  add_power(&w);
  add_hydrogen(&w);
  add_heat(&w);
  for (size_t k = 0; k < TANLU_FLOW_NODES; k++) add(&w, TANLU_FLOW_SOURCE_RECOVERED, k, w.recovered[k]);
  add_use(&w);
  take_off_returns(flows);
  return TANLU_OK;
}

double tanlu_energy_flows_gap(const tanlu_energy_flows *flows) {
  double gap = 0.0, whole = 0.0;
  for (size_t k = 0; k < TANLU_FLOW_NODES; k++) {
    double in = 0.0, out = 0.0;
    for (size_t i = 0; i < TANLU_FLOW_NODES; i++) {
      in += flows->flow[i][k];
      out += flows->flow[k][i];
    }
    if (nodes[k].column == 0) {
      whole += out;
    } else if (k < FIRST_END) {
      gap = fmax(gap, fabs(in - out));
    }
  }
  return whole > 0.0 ? gap / whole : 0.0;
}
