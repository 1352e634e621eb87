#include "model/conversion.h"

#include <stdlib.h>
#include <string.h>

#include "solvers/memory.h"

/* Demand for the main carriers of process p: what is used finally and in power and heat, and what other processes take. */
static double main_demand(const tanlu_energy_statistics *e, size_t p, const double *use, const double *scale) {
  const size_t carriers = e->carrier.label.count;
  double demand = 0.0;
  for (size_t c = 0; c < carriers; c++) {
    if (!e->process_main[p * carriers + c]) continue;
    demand += use[c];
    for (size_t q = 0; q < e->process.count; q++) {
      const double flow = e->conversion[q * carriers + c];
      if (q != p && e->process_kind[q] == TANLU_PROCESS_CONVERSION && flow < 0.0) demand -= scale[q] * flow;
    }
  }
  return demand;
}

tanlu_status tanlu_conversion_create(tanlu_conversion **conversion, const tanlu_dataset *dataset,
                                     const double *base_use, tanlu_context *context) {
  *conversion = NULL;
  const tanlu_energy_statistics *e = &dataset->energy;
  tanlu_status status = TANLU_ERR_MEMORY;
  double *one = NULL;
  tanlu_conversion *v = tanlu_allocate(context, 1, sizeof *v);
  if (v == NULL) return TANLU_ERR_MEMORY;
  v->dataset = dataset;
  v->processes = e->process.count;
  v->carriers = e->carrier.label.count;
  v->demand = tanlu_allocate_doubles(context, v->processes, 1);
  v->loss_rate = tanlu_allocate_doubles(context, v->carriers, 1);
  one = tanlu_allocate_doubles(context, v->processes, 1);
  if (v->demand == NULL || v->loss_rate == NULL || one == NULL) goto cleanup;
  for (size_t p = 0; p < v->processes; p++) one[p] = 1.0;
  for (size_t p = 0; p < v->processes; p++) {
    if (e->process_kind[p] != TANLU_PROCESS_CONVERSION) continue;
    v->demand[p] = main_demand(e, p, base_use, one);
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
  free(one);
  if (status != TANLU_OK) tanlu_conversion_free(&v);
  *conversion = v;
  return status;
}

void tanlu_conversion_free(tanlu_conversion **conversion) {
  if (*conversion == NULL) return;
  free((*conversion)->demand);
  free((*conversion)->loss_rate);
  free(*conversion);
  *conversion = NULL;
}

void tanlu_conversion_solve(const tanlu_conversion *conversion, const double *use, double coke_ratio, double *scale,
                            double *inputs, double *net) {
  const tanlu_energy_statistics *e = &conversion->dataset->energy;
  const size_t processes = conversion->processes, carriers = conversion->carriers;
  for (size_t p = 0; p < processes; p++) {
    scale[p] = e->process_kind[p] == TANLU_PROCESS_RECOVERY ? coke_ratio : 1.0;
  }
  /* Chains of processes (washing feeds coking) settle in as many passes as the chain is long. */
  for (size_t pass = 0; pass < processes; pass++) {
    double moved = 0.0;
    for (size_t p = 0; p < processes; p++) {
      if (e->process_kind[p] != TANLU_PROCESS_CONVERSION) continue;
      const double now = main_demand(e, p, use, scale) / conversion->demand[p];
      moved += now > scale[p] ? now - scale[p] : scale[p] - now;
      scale[p] = now;
    }
    if (moved <= 0.0) break;
  }
  memset(inputs, 0, carriers * sizeof *inputs);
  memset(net, 0, carriers * sizeof *net);
  for (size_t p = 0; p < processes; p++) {
    const bool conversion_kind = e->process_kind[p] == TANLU_PROCESS_CONVERSION;
    if (!conversion_kind && e->process_kind[p] != TANLU_PROCESS_RECOVERY) continue;
    for (size_t c = 0; c < carriers; c++) {
      const double flow = scale[p] * e->conversion[p * carriers + c];
      net[c] += flow;
      if (conversion_kind && flow < 0.0) inputs[c] -= flow;
    }
  }
}
