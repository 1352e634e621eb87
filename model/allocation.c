/* Branch statistics to sectors. */
#include "model/allocation.h"

#include <math.h>

/* Money that sector j pays for the products that supply carrier c. */
static double purchases(const tanlu_dataset *d, size_t c, size_t j) {
  const tanlu_carriers *carrier = &d->energy.carrier;
  double sum = 0.0;
  for (size_t s = 0; s < carrier->suppliers_max; s++) {
    const size_t row = carrier->suppliers[c * carrier->suppliers_max + s];
    if (row != TANLU_NONE) sum += d->accounts.flows[j * d->accounts.n + row];
  }
  return sum;
}

/* Fixed share of a sector in the branch's use of a carrier; negative when the override table does not name it. */
static double override_share(const tanlu_energy_statistics *e, size_t branch, size_t carrier, size_t sector) {
  for (size_t i = 0; i < e->allocations; i++) {
    const tanlu_allocation *a = &e->allocation[i];
    if (a->branch == branch && a->carrier == carrier && a->sector == sector) return a->share;
  }
  return -1.0;
}

tanlu_status tanlu_allocate_branch(const tanlu_dataset *d, size_t branch, size_t carrier, double *share,
                                   tanlu_context *context) {
  const tanlu_energy_statistics *e = &d->energy;
  const size_t n = d->accounts.n;
  double fixed = 0.0, bought = 0.0, output = 0.0;
  for (size_t j = 0; j < n; j++) {
    share[j] = 0.0;
    if (e->sector_branch[j] != branch) continue;
    const double own = override_share(e, branch, carrier, j);
    if (own >= 0.0) {
      share[j] = own;
      fixed += own;
    } else {
      bought += purchases(d, carrier, j);
      output += d->accounts.output[j];
    }
  }
  double rest = 1.0 - fixed;
  if (fabs(rest) < 1e-12) rest = 0.0; /* decimal shares that add to one */
  if (rest > 0.0 && bought <= 0.0 && output <= 0.0) {
    if (fixed <= 0.0) {
      return tanlu_fail(context, TANLU_ERR_INPUT,
                        "dataset %s: branch %s uses %s, but no sector with output belongs to the branch", d->name,
                        e->branch.code[branch], e->carrier.label.code[carrier]);
    }
    for (size_t j = 0; j < n; j++) share[j] /= fixed; /* the overrides name every sector of the branch */
    return TANLU_OK;
  }
  for (size_t j = 0; rest > 0.0 && j < n; j++) {
    if (e->sector_branch[j] != branch || override_share(e, branch, carrier, j) >= 0.0) continue;
    share[j] = rest * (bought > 0.0 ? purchases(d, carrier, j) / bought : d->accounts.output[j] / output);
  }
  return TANLU_OK;
}

void tanlu_allocate_non_energy(const tanlu_dataset *d, size_t carrier, double *amount) {
  const tanlu_energy_statistics *e = &d->energy;
  const size_t branches = e->branch.count, carriers = e->carrier.label.count;
  double left = e->non_energy[carrier];
  int last = 0;
  for (size_t b = 0; b < branches; b++) {
    const size_t at = b * carriers + carrier;
    amount[b] = e->branch_non_energy != NULL ? fmin(e->branch_non_energy[at], e->final[at]) : 0.0;
    left -= amount[b];
    if (e->branch_non_energy_rank[b] > last) last = e->branch_non_energy_rank[b];
  }
  if (fabs(left) <= 1e-9 * e->non_energy[carrier]) return; /* sums of parts are rounded */
  for (int rank = 1; rank <= last + 1; rank++) {           /* the ranks in order, then the branches of rank 0 */
    const int wanted = rank <= last ? rank : 0;
    double use = 0.0;
    for (size_t b = 0; b < branches; b++) {
      if (e->branch_non_energy_rank[b] == wanted) use += e->final[b * carriers + carrier] - amount[b];
    }
    if (use <= 0.0 || left <= 0.0) continue;
    const double part = left < use ? left / use : 1.0;
    for (size_t b = 0; b < branches; b++) {
      if (e->branch_non_energy_rank[b] != wanted) continue;
      amount[b] += part * (e->final[b * carriers + carrier] - amount[b]);
    }
    left = left < use ? 0.0 : left - use;
  }
}
