#include "model/measures.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

enum { CLASSES = TANLU_CLASS_COUNT };

void tanlu_measures_free(tanlu_measures **measures) {
  tanlu_measures *m = *measures;
  if (m == NULL) return;
  free(m->main);
  free(m->cell);
  free(m->weight);
  free(m->by_class);
  free(m->feedstock);
  free(m->uses);
  free(m->route);
  free(m->route_carbon);
  free(m->fuel);
  free(m->added);
  free(m->input);
  free(m->carbon);
  free(m->feedstock_carbon);
  free(m);
  *measures = NULL;
}

static size_t count_passed(const tanlu_technology *g) {
  size_t count = 0;
  for (size_t k = 0; k < g->rows * g->n; k++) count += g->throughput[k];
  return count;
}

/* The weights of every measure. */
static void weigh(tanlu_measures *m, const tanlu_system *system, const tanlu_technology *g) {
  const tanlu_energy_statistics *e = &system->dataset->energy;
  const size_t carriers = m->carriers;
  m->weight[TANLU_MEASURE_ELECTRICITY * carriers + e->electricity] = 1.0;
  m->weight[TANLU_MEASURE_HEAT * carriers + e->heat] = 1.0;
  m->weight[TANLU_MEASURE_COKE * carriers + e->coke] = 1.0;
  size_t next = TANLU_MEASURE_FIXED;
  for (size_t p = 0; p < m->processes; p++) {
    m->main[p] = TANLU_NONE;
    if (e->process_kind[p] != TANLU_PROCESS_CONVERSION) continue;
    m->main[p] = next;
    for (size_t c = 0; c < carriers; c++)
      m->weight[next * carriers + c] = e->process_main[p * carriers + c] ? 1.0 : 0.0;
    next++;
  }
  for (size_t k = 0; k < g->rows; k++) {
    for (size_t j = 0; j < g->n; j++) {
      if (!g->throughput[k * g->n + j]) continue;
      const size_t own = g->row_of[j];
      m->cell[m->passed][0] = k;
      m->cell[m->passed][1] = j;
      m->cell[m->passed++][2] = next;
      for (size_t c = 0; c < carriers; c++) { /* the carriers that both sell */
        const bool shared = own == TANLU_NONE || g->weight[own * carriers + c] != 0.0;
        m->weight[next * carriers + c] = shared ? g->weight[k * carriers + c] : 0.0;
      }
      next++;
    }
  }
  memcpy(m->weight + m->national * carriers, g->weight, g->rows * carriers * sizeof *g->weight);
}

/* What users, plants, hydrogen and processes take, measured. */
static void measure(tanlu_measures *m, const tanlu_system *system) {
  const tanlu_energy_statistics *e = &system->dataset->energy;
  const tanlu_hydrogen_statistics *h = &system->dataset->hydrogen;
  const tanlu_energy *energy = system->energy;
  const size_t carriers = m->carriers;
  for (size_t i = 0; i < m->count; i++) {
    const double *weight = m->weight + i * carriers;
    if (e->hydrogen != TANLU_NONE && i != TANLU_MEASURE_HEAT && i != TANLU_MEASURE_COKE) {
      m->route[i][TANLU_HYDROGEN_ELECTROLYSIS] = weight[e->electricity] / h->electrolysis_efficiency;
      m->route[i][TANLU_HYDROGEN_COAL] = weight[h->coal_carrier] / h->coal_efficiency;
      m->route[i][TANLU_HYDROGEN_GAS] = weight[h->gas_carrier] / h->gas_efficiency;
    }
    for (size_t c = 0; c < carriers; c++) {
      if (weight[c] == 0.0 || c == e->hydrogen) continue;
      const size_t cls = e->carrier.cls[c];
      for (size_t user = 0; user < m->users; user++) {
        const double part = weight[c] * energy->within_class[user * carriers + c];
        const double feedstock = weight[c] * energy->non_energy[user * carriers + c];
        m->by_class[(i * m->users + user) * CLASSES + cls] += part;
        m->feedstock[i * m->users + user] += feedstock;
        if (part != 0.0) m->uses[i * (CLASSES + 1) + cls] = true;
        if (feedstock != 0.0) m->uses[i * (CLASSES + 1) + CLASSES] = true;
      }
      for (size_t k = 0; k < m->technologies; k++) {
        m->fuel[i * m->technologies + k] += weight[c] * tanlu_power_fuel_rate(system->power, k, c);
        if (system->dataset->power.fuel[k] == c) m->added[i * m->technologies + k] += weight[c];
      }
      for (size_t p = 0; p < m->processes; p++) {
        const double flow = e->conversion[p * carriers + c];
        if (m->main[p] != TANLU_NONE && flow < 0.0) m->input[i * m->processes + p] -= weight[c] * flow;
      }
    }
  }
  for (size_t user = 0; user < m->users; user++) {
    const double *factor = e->emission_factor + energy->user_group[user] * carriers;
    for (size_t c = 0; c < carriers; c++) {
      m->carbon[user * CLASSES + (size_t)e->carrier.cls[c]] += energy->within_class[user * carriers + c] * factor[c];
      m->feedstock_carbon[user] +=
          energy->non_energy[user * carriers + c] * (1.0 - e->carrier.stored_fraction[c]) * factor[c];
    }
    if (e->hydrogen == TANLU_NONE) continue;
    m->route_carbon[user][TANLU_HYDROGEN_COAL] = factor[h->coal_carrier] / h->coal_efficiency;
    m->route_carbon[user][TANLU_HYDROGEN_GAS] = factor[h->gas_carrier] / h->gas_efficiency;
  }
}

tanlu_status tanlu_measures_create(tanlu_measures **measures, const tanlu_system *system,
                                   const tanlu_technology *technology, tanlu_context *context) {
  *measures = NULL;
  const tanlu_energy_statistics *e = &system->dataset->energy;
  tanlu_measures *m = tanlu_allocate(context, 1, sizeof *m);
  if (m == NULL) return TANLU_ERR_MEMORY;
  size_t following = 0;
  for (size_t p = 0; p < e->process.count; p++) following += e->process_kind[p] == TANLU_PROCESS_CONVERSION;
  const size_t cells = count_passed(technology);
  m->users = system->energy->users;
  m->carriers = system->energy->carriers;
  m->technologies = system->power->technologies;
  m->processes = e->process.count;
  m->national = TANLU_MEASURE_FIXED + following + cells;
  m->rows = technology->rows;
  m->count = m->national + m->rows;
  const struct {
    double **array;
    size_t rows, columns;
  } wanted[] = {
      {&m->weight, m->count, m->carriers},    {&m->by_class, m->count * m->users, CLASSES},
      {&m->feedstock, m->count, m->users},    {&m->fuel, m->count, m->technologies},
      {&m->added, m->count, m->technologies}, {&m->input, m->count, m->processes},
      {&m->carbon, m->users, CLASSES},        {&m->feedstock_carbon, m->users, 1},
  };
  bool complete = true;
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].array = tanlu_allocate_doubles(context, wanted[i].rows, wanted[i].columns);
    complete = complete && *wanted[i].array != NULL;
  }
  m->main = tanlu_allocate(context, m->processes, sizeof *m->main);
  m->cell = tanlu_allocate(context, cells, sizeof *m->cell);
  m->uses = tanlu_allocate(context, m->count * (CLASSES + 1), sizeof *m->uses);
  m->route = tanlu_allocate(context, m->count, sizeof *m->route);
  m->route_carbon = tanlu_allocate(context, m->users, sizeof *m->route_carbon);
  if (!complete || m->main == NULL || m->cell == NULL || m->uses == NULL || m->route == NULL ||
      m->route_carbon == NULL) {
    tanlu_measures_free(&m);
    return TANLU_ERR_MEMORY;
  }
  weigh(m, system, technology);
  measure(m, system);
  *measures = m;
  return TANLU_OK;
}
