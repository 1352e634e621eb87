#include "model/conversion.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* What the other processes take of the main carriers of each. */
static void find_takes(tanlu_conversion *v) {
  const tanlu_energy_statistics *e = &v->dataset->energy;
  for (size_t p = 0; p < v->processes; p++) {
    for (size_t q = 0; q < v->processes; q++) {
      if (q == p || e->process_kind[q] != TANLU_PROCESS_CONVERSION) continue;
      for (size_t c = 0; c < v->carriers; c++) {
        const double flow = e->conversion[q * v->carriers + c];
        if (e->process_main[p * v->carriers + c] && flow < 0.0) v->takes[p * v->processes + q] -= flow;
      }
    }
  }
}

/* Base-year demand for the main carriers of process p: what is used finally and in power and heat, and by other processes. */
static double main_demand(const tanlu_conversion *v, size_t p, const double *use) {
  const tanlu_energy_statistics *e = &v->dataset->energy;
  double demand = 0.0;
  for (size_t c = 0; c < v->carriers; c++) {
    if (e->process_main[p * v->carriers + c]) demand += use[c];
  }
  for (size_t q = 0; q < v->processes; q++) demand += v->takes[p * v->processes + q];
  return demand;
}

tanlu_status tanlu_conversion_create(tanlu_conversion **conversion, const tanlu_dataset *dataset,
                                     const double *base_use, const tanlu_conversion *nation, tanlu_context *context) {
  *conversion = NULL;
  const tanlu_energy_statistics *e = &dataset->energy;
  tanlu_status status = TANLU_ERR_MEMORY;
  tanlu_conversion *v = tanlu_allocate(context, 1, sizeof *v);
  if (v == NULL) return TANLU_ERR_MEMORY;
  v->dataset = dataset;
  v->processes = e->process.count;
  v->carriers = e->carrier.label.count;
  v->demand = tanlu_allocate_doubles(context, v->processes, 1);
  v->loss_rate = tanlu_allocate_doubles(context, v->carriers, 1);
  v->takes = tanlu_allocate_doubles(context, v->processes, v->processes);
  if (v->demand == NULL || v->loss_rate == NULL || v->takes == NULL) goto cleanup;
  if (nation != NULL) {
    memcpy(v->demand, nation->demand, v->processes * sizeof *v->demand);
    memcpy(v->takes, nation->takes, v->processes * v->processes * sizeof *v->takes);
    memcpy(v->loss_rate, nation->loss_rate, v->carriers * sizeof *v->loss_rate);
    *conversion = v;
    return TANLU_OK;
  }
  find_takes(v);
  for (size_t p = 0; p < v->processes; p++) {
    if (e->process_kind[p] != TANLU_PROCESS_CONVERSION) continue;
    v->demand[p] = main_demand(v, p, base_use);
    if (!(v->demand[p] > 0.0)) {
      status = tanlu_fail(context, TANLU_ERR_INPUT, "dataset %s: nobody uses the main carriers of the process %s",
                          dataset->name, e->process.code[p]);
      goto cleanup;
    }
  }
  for (size_t c = 0; c < v->carriers; c++) {
    double use = base_use[c];
    for (size_t p = 0; p < v->processes; p++) {
      const double flow = e->conversion[p * v->carriers + c];
      if (e->process_kind[p] == TANLU_PROCESS_CONVERSION && flow < 0.0) use -= flow;
    }
    if (c != e->electricity && e->losses[c] > 0.0) v->loss_rate[c] = use > 0.0 ? e->losses[c] / use : 0.0;
  }
  status = TANLU_OK;
cleanup:
  if (status != TANLU_OK) tanlu_conversion_free(&v);
  *conversion = v;
  return status;
}

void tanlu_conversion_free(tanlu_conversion **conversion) {
  if (*conversion == NULL) return;
  free((*conversion)->demand);
  free((*conversion)->takes);
  free((*conversion)->loss_rate);
  free(*conversion);
  *conversion = NULL;
}

TANLU_EACH_ISA
void tanlu_conversion_scale(const tanlu_conversion *conversion, size_t width, const double *main_use,
                            const double *coke_ratio, double *scale) {
  const tanlu_energy_statistics *e = &conversion->dataset->energy;
  const size_t processes = conversion->processes;
  for (size_t p = 0; p < processes; p++) {
    const bool recovery = e->process_kind[p] == TANLU_PROCESS_RECOVERY;
    for (size_t l = 0; l < width; l++) scale[p * width + l] = recovery ? coke_ratio[l] : 1.0;
  }
  /* Chains of processes (washing feeds coking) settle in as many passes as the chain is long. */
  bool moving = true;
  for (size_t pass = 0; moving && pass < processes; pass++) {
    moving = false;
    for (size_t p = 0; p < processes; p++) {
      if (e->process_kind[p] != TANLU_PROCESS_CONVERSION) continue;
      double now[TANLU_LANES_MAX];
      memcpy(now, main_use + p * width, width * sizeof *now);
      for (size_t q = 0; q < processes; q++) {
        const double taken = conversion->takes[p * processes + q];
        if (taken != 0.0) tanlu_lane_add_scaled(width, taken, scale + q * width, now);
      }
      for (size_t l = 0; l < width; l++) {
        now[l] /= conversion->demand[p];
        moving = moving || now[l] != scale[p * width + l];
        scale[p * width + l] = now[l];
      }
    }
  }
}

TANLU_EACH_ISA
void tanlu_conversion_flows(const tanlu_conversion *conversion, size_t width, const double *scale, double *inputs,
                            double *net) {
  const tanlu_energy_statistics *e = &conversion->dataset->energy;
  const size_t carriers = conversion->carriers;
  memset(inputs, 0, carriers * width * sizeof *inputs);
  memset(net, 0, carriers * width * sizeof *net);
  for (size_t p = 0; p < conversion->processes; p++) {
    const bool conversion_kind = e->process_kind[p] == TANLU_PROCESS_CONVERSION;
    if (!conversion_kind && e->process_kind[p] != TANLU_PROCESS_RECOVERY) continue;
    for (size_t c = 0; c < carriers; c++) {
      const double flow = e->conversion[p * carriers + c];
      if (flow == 0.0) continue;
      tanlu_lane_add_scaled(width, flow, scale + p * width, net + c * width);
      if (conversion_kind && flow < 0.0) tanlu_lane_add_scaled(width, -flow, scale + p * width, inputs + c * width);
    }
  }
}
