#include "model/aggregation_energy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/allocation.h"
#include "model/energy.h"
#include "solvers/memory.h"

/* Shares that differ by less come of the same numbers. */
static const double rounding = 1e-12;

typedef struct {
  const tanlu_dataset *old;
  const tanlu_accounts *accounts;
  const tanlu_concordance *g;
  tanlu_aggregated_energy *e;
  size_t carriers, old_branches;
  bool largest;
  double *share;      /* old sectors x carriers: of the branch's use; 0 where the branch does not use it */
  double *non_energy; /* old branches x carriers */
  double *emitting;   /* old sectors x carriers: q */
  size_t *root;       /* old branches: branches that hang together have one root */
  bool *several;      /* old branches: of a root, more than one branch hangs together */
  size_t *new_of;     /* old branches: the new branch where it is kept */
  tanlu_context *context;
} job;

static bool of_households(const tanlu_energy_statistics *s, size_t b) {
  return s->branch_kind[b] == TANLU_BRANCH_URBAN || s->branch_kind[b] == TANLU_BRANCH_RURAL;
}

/* ---- what old sectors use -------------------------------------------------------------------------------------------------- */

static void add_process_inputs(job *k) {
  const tanlu_energy_statistics *s = &k->old->energy;
  for (size_t p = 0; p < s->process.count; p++) {
    if (s->process_kind[p] != TANLU_PROCESS_THERMAL_POWER && s->process_kind[p] != TANLU_PROCESS_HEAT_SUPPLY) continue;
    for (size_t c = 0; c < k->carriers; c++) {
      k->emitting[s->process_sector[p] * k->carriers + c] += fmax(-s->conversion[p * k->carriers + c], 0.0);
    }
  }
}

static tanlu_status find_use(job *k) {
  const tanlu_energy_statistics *s = &k->old->energy;
  const size_t n = k->old->accounts.n;
  double *amount = tanlu_allocate_doubles(k->context, k->old_branches, 1);
  double *share = tanlu_allocate_doubles(k->context, n, 1);
  tanlu_status status = amount != NULL && share != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t c = 0; status == TANLU_OK && c < k->carriers; c++) {
    tanlu_allocate_non_energy(k->old, c, amount);
    for (size_t b = 0; status == TANLU_OK && b < k->old_branches; b++) {
      const double use = s->final[b * k->carriers + c];
      k->non_energy[b * k->carriers + c] = amount[b];
      if (use <= 0.0 || of_households(s, b)) continue;
      status = tanlu_allocate_branch(k->old, b, c, share, k->context);
      const double feedstock = s->carrier.burned[c] ? amount[b] : use;
      const double emitted = use - feedstock + feedstock * (1.0 - s->carrier.stored_fraction[c]);
      for (size_t i = 0; i < n; i++) {
        if (s->sector_branch[i] != b) continue;
        k->share[i * k->carriers + c] = share[i];
        k->emitting[i * k->carriers + c] = share[i] * emitted;
      }
    }
  }
  if (status == TANLU_OK) add_process_inputs(k);
  free(amount);
  free(share);
  return status;
}

/* ---- branches ---------------------------------------------------------------------------------------------------------------- */

static size_t root_of(const job *k, size_t b) {
  while (k->root[b] != b) b = k->root[b];
  return b;
}

/* Branches whose sectors meet in a new sector hang together. */
static void join_branches(job *k, size_t *first) {
  const size_t *branch = k->old->energy.sector_branch;
  for (size_t b = 0; b < k->old_branches; b++) k->root[b] = b;
  for (size_t j = 0; j < k->g->to; j++) first[j] = TANLU_NONE;
  for (size_t i = 0; i < k->g->from; i++) {
    const size_t j = tanlu_concordance_of(k->g, i);
    if (first[j] == TANLU_NONE) first[j] = branch[i];
    const size_t a = root_of(k, first[j]), b = root_of(k, branch[i]);
    if (a != b) k->root[a < b ? b : a] = a < b ? a : b;
  }
  for (size_t b = 0; b < k->old_branches; b++) {
    if (root_of(k, b) != b) k->several[root_of(k, b)] = true;
  }
}

/* The number of new branches, kept ones in their old order; those that are made follow in the order of the sectors. */
static tanlu_status name_branches(job *k, const size_t *first) {
  tanlu_aggregated_energy *e = k->e;
  const size_t most = k->old_branches + k->g->to;
  e->carriers = k->carriers;
  e->kept = tanlu_allocate(k->context, most, sizeof *e->kept);
  e->sector = tanlu_allocate(k->context, most, sizeof *e->sector);
  e->like = tanlu_allocate(k->context, most, sizeof *e->like);
  e->rank = tanlu_allocate(k->context, most, sizeof *e->rank);
  e->user_group = tanlu_allocate(k->context, most, sizeof *e->user_group);
  e->sector_branch = tanlu_allocate(k->context, k->g->to, sizeof *e->sector_branch);
  e->final = tanlu_allocate_doubles(k->context, most, k->carriers);
  e->non_energy = tanlu_allocate_doubles(k->context, most, k->carriers);
  e->factor = tanlu_allocate_doubles(k->context, most, k->carriers);
  if (e->kept == NULL || e->sector == NULL || e->like == NULL || e->rank == NULL || e->user_group == NULL ||
      e->sector_branch == NULL || e->final == NULL || e->non_energy == NULL || e->factor == NULL) {
    return TANLU_ERR_MEMORY;
  }
  for (size_t b = 0; b < k->old_branches; b++) {
    k->new_of[b] = TANLU_NONE;
    if (k->several[root_of(k, b)]) continue;
    k->new_of[b] = e->branches;
    e->kept[e->branches] = e->like[e->branches] = b;
    e->sector[e->branches++] = TANLU_NONE;
  }
  for (size_t j = 0; j < k->g->to; j++) {
    e->sector_branch[j] = k->new_of[first[j]];
    if (e->sector_branch[j] != TANLU_NONE) continue;
    e->made = true;
    e->sector_branch[j] = e->branches;
    e->kept[e->branches] = TANLU_NONE;
    e->sector[e->branches++] = j;
  }
  return TANLU_OK;
}

static void keep_branch(const job *k, size_t at) {
  const tanlu_energy_statistics *s = &k->old->energy;
  const size_t b = k->e->kept[at], size = k->carriers * sizeof(double);
  k->e->rank[at] = s->branch_non_energy_rank[b];
  k->e->user_group[at] = s->branch_user_group[b];
  memcpy(k->e->final + at * k->carriers, s->final + b * k->carriers, size);
  memcpy(k->e->non_energy + at * k->carriers, k->non_energy + b * k->carriers, size);
}

/* Energy that branch b brings into new sector j. */
static double brought(const job *k, size_t j, size_t b) {
  const tanlu_energy_statistics *s = &k->old->energy;
  double sum = 0.0;
  for (size_t i = 0; i < k->g->from; i++) {
    if (tanlu_concordance_of(k->g, i) != j || s->sector_branch[i] != b) continue;
    for (size_t c = 0; c < k->carriers; c++) sum += k->share[i * k->carriers + c] * s->final[b * k->carriers + c];
  }
  return sum;
}

/* Kind and uses: those of the branch that brings most, which the others must share unless `largest`. */
static tanlu_status choose_like(const job *k, size_t at) {
  const tanlu_energy_statistics *s = &k->old->energy;
  const size_t j = k->e->sector[at];
  size_t like = TANLU_NONE, other = TANLU_NONE;
  double most = -1.0;
  for (size_t b = 0; b < k->old_branches; b++) {
    bool member = false;
    for (size_t i = 0; i < k->g->from; i++) {
      member = member || (tanlu_concordance_of(k->g, i) == j && s->sector_branch[i] == b);
    }
    const double energy = member ? brought(k, j, b) : -1.0;
    if (energy <= most) continue;
    most = energy;
    like = b;
  }
  k->e->like[at] = like;
  for (size_t i = 0; i < k->g->from; i++) {
    const size_t b = s->sector_branch[i];
    if (tanlu_concordance_of(k->g, i) != j || b == other) continue;
    if (s->branch_kind[b] == s->branch_kind[like] && s->branch_use[b] == s->branch_use[like] &&
        s->branch_vehicle_use[b] == s->branch_vehicle_use[like]) {
      continue;
    }
    other = b;
    if (!k->largest) {
      return tanlu_fail(k->context, TANLU_ERR_INPUT,
                        "new sector '%s' has members of branches '%s' and '%s', whose kind or end use of energy differ",
                        k->accounts->sector.code[j], s->branch.code[like], s->branch.code[b]);
    }
    tanlu_note(k->context, "energy of branch '%s' in new sector '%s' is used as that of branch '%s'", s->branch.code[b],
               k->accounts->sector.code[j], s->branch.code[like]);
  }
  return TANLU_OK;
}

/* Energy, rank and user group of a branch that is made, and the factors where the group is its own. */
static tanlu_status make_branch(const job *k, size_t at, double *sum) {
  const tanlu_energy_statistics *s = &k->old->energy;
  tanlu_aggregated_energy *e = k->e;
  const size_t C = k->carriers, j = e->sector[at];
  double all = 0.0, *mean = sum + C; /* by all carriers */
  memset(sum, 0, 2 * C * sizeof *sum);
  e->rank[at] = -1;
  e->user_group[at] = s->branch_user_group[k->e->like[at]];
  for (size_t i = 0; i < k->g->from; i++) {
    if (tanlu_concordance_of(k->g, i) != j) continue;
    const size_t b = s->sector_branch[i], user = s->branch_user_group[b];
    const int rank = s->branch_non_energy_rank[b];
    double weight = 0.0;
    if (e->rank[at] <= 0 ? rank > e->rank[at] : rank > 0 && rank < e->rank[at]) e->rank[at] = rank;
    for (size_t c = 0; c < C; c++) {
      const double share = k->share[i * C + c], q = k->emitting[i * C + c];
      e->final[at * C + c] += share * s->final[b * C + c];
      e->non_energy[at * C + c] += share * k->non_energy[b * C + c];
      e->factor[at * C + c] += q * s->emission_factor[user * C + c];
      sum[c] += q;
      weight += q;
    }
    all += weight;
    for (size_t c = 0; c < C; c++) mean[c] += weight * s->emission_factor[user * C + c];
    if (weight > 0.0 && user != s->branch_user_group[e->like[at]]) e->user_group[at] = TANLU_NONE;
  }
  for (size_t c = 0; c < C; c++) {
    const double otherwise = all > 0.0 ? mean[c] / all : s->emission_factor[s->branch_user_group[e->like[at]] * C + c];
    e->factor[at * C + c] = sum[c] > 0.0 ? e->factor[at * C + c] / sum[c] : otherwise;
  }
  return TANLU_OK;
}

static tanlu_status fill_branches(const job *k) {
  double *sum = tanlu_allocate_doubles(k->context, k->carriers, 2);
  tanlu_status status = sum != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t at = 0; sum != NULL && at < k->e->branches; at++) {
    tanlu_status made = TANLU_OK;
    if (k->e->kept[at] != TANLU_NONE) {
      keep_branch(k, at);
    } else {
      made = choose_like(k, at);
      if (made == TANLU_OK) made = make_branch(k, at, sum);
    }
    if (made != TANLU_OK) status = made;
  }
  free(sum);
  return status;
}

/* ---- the override table -------------------------------------------------------------------------------------------------------- */

static void add_override(tanlu_aggregated_energy *e, tanlu_allocation o, size_t of) {
  for (size_t i = 0; i < e->overrides; i++) {
    tanlu_allocation *have = &e->override[i];
    if (have->branch != o.branch || have->carrier != o.carrier || have->sector != o.sector) continue;
    have->share += o.share;
    return;
  }
  e->override_of[e->overrides] = of;
  e->override[e->overrides++] = o;
}

/* The old table on the new sectors, as far as its branches are kept. */
static tanlu_status map_overrides(const job *k) {
  const tanlu_energy_statistics *s = &k->old->energy;
  tanlu_aggregated_energy *e = k->e;
  const size_t most = s->allocations + k->g->to * k->carriers; /* a sector is of one branch */
  e->override = tanlu_allocate(k->context, most, sizeof *e->override);
  e->override_of = tanlu_allocate(k->context, most, sizeof *e->override_of);
  if (e->override == NULL || e->override_of == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < s->allocations; i++) {
    tanlu_allocation o = s->allocation[i];
    o.branch = k->new_of[o.branch];
    o.sector = tanlu_concordance_of(k->g, o.sector);
    if (o.branch != TANLU_NONE) add_override(e, o, i);
  }
  return TANLU_OK;
}

static void state_shares(const job *k, size_t at, size_t c, const double *share) {
  tanlu_aggregated_energy *e = k->e;
  size_t left = 0;
  for (size_t i = 0; i < e->overrides; i++) {
    if (e->override[i].branch == at && e->override[i].carrier == c) continue;
    e->override[left] = e->override[i];
    e->override_of[left++] = e->override_of[i];
  }
  e->overrides = left;
  for (size_t j = 0; j < k->g->to; j++) {
    if (share[j] > 0.0) add_override(e, (tanlu_allocation){at, c, j, share[j]}, TANLU_NONE);
  }
}

/* The dataset as it will be read, as far as shares are concerned. */
static tanlu_status probe_of(const job *k, tanlu_dataset *probe) {
  const tanlu_carriers *old = &k->old->energy.carrier;
  const size_t size = k->carriers * old->suppliers_max;
  *probe = *k->old;
  probe->accounts = *k->accounts;
  probe->energy.sector_branch = k->e->sector_branch;
  probe->energy.carrier.suppliers = tanlu_allocate(k->context, size, sizeof *old->suppliers);
  if (probe->energy.carrier.suppliers == NULL) return TANLU_ERR_MEMORY;
  for (size_t c = 0; c < k->carriers; c++) {
    size_t *to = probe->energy.carrier.suppliers + c * old->suppliers_max, count = 0;
    for (size_t i = 0; i < old->suppliers_max; i++) {
      const size_t row = old->suppliers[c * old->suppliers_max + i];
      bool have = row == TANLU_NONE;
      for (size_t l = 0; !have && l < count; l++) have = to[l] == tanlu_concordance_of(k->g, row);
      if (!have) to[count++] = tanlu_concordance_of(k->g, row);
    }
    while (count < old->suppliers_max) to[count++] = TANLU_NONE;
  }
  return TANLU_OK;
}

/* Where the shares of a branch that is kept would change they are stated. */
static tanlu_status keep_shares(const job *k) {
  const tanlu_energy_statistics *s = &k->old->energy;
  const size_t N = k->g->to;
  tanlu_dataset probe;
  double *wanted = tanlu_allocate_doubles(k->context, N, 1), *got = tanlu_allocate_doubles(k->context, N, 1);
  tanlu_status status = wanted != NULL && got != NULL ? probe_of(k, &probe) : TANLU_ERR_MEMORY;
  const bool made = status == TANLU_OK;
  for (size_t at = 0; status == TANLU_OK && at < k->e->branches; at++) {
    const size_t b = k->e->kept[at];
    if (b == TANLU_NONE || of_households(s, b)) continue;
    for (size_t c = 0; status == TANLU_OK && c < k->carriers; c++) {
      if (s->final[b * k->carriers + c] <= 0.0) continue;
      double gap = 0.0;
      memset(wanted, 0, N * sizeof *wanted);
      for (size_t i = 0; i < k->g->from; i++) {
        if (s->sector_branch[i] == b) wanted[tanlu_concordance_of(k->g, i)] += k->share[i * k->carriers + c];
      }
      probe.energy.allocation = k->e->override;
      probe.energy.allocations = k->e->overrides;
      status = tanlu_allocate_branch(&probe, at, c, got, k->context);
      for (size_t j = 0; j < N; j++) gap = fmax(gap, fabs(got[j] - wanted[j]));
      if (gap > rounding) state_shares(k, at, c, wanted);
    }
  }
  if (made) free(probe.energy.carrier.suppliers);
  free(wanted);
  free(got);
  return status;
}

/* ---- all ------------------------------------------------------------------------------------------------------------------------ */

void tanlu_aggregated_energy_clear(tanlu_aggregated_energy *e) {
  free(e->kept);
  free(e->sector);
  free(e->like);
  free(e->rank);
  free(e->user_group);
  free(e->sector_branch);
  free(e->final);
  free(e->non_energy);
  free(e->factor);
  free(e->override);
  free(e->override_of);
  *e = (tanlu_aggregated_energy){0};
}

tanlu_status tanlu_aggregate_energy(tanlu_aggregated_energy *energy, const tanlu_dataset *old,
                                    const tanlu_accounts *accounts, const tanlu_concordance *g, bool largest,
                                    tanlu_context *context) {
  const size_t branches = old->energy.branch.count, carriers = old->energy.carrier.label.count;
  *energy = (tanlu_aggregated_energy){0};
  job k = {.old = old,
           .accounts = accounts,
           .g = g,
           .e = energy,
           .carriers = carriers,
           .old_branches = branches,
           .largest = largest,
           .context = context};
  k.share = tanlu_allocate_doubles(context, g->from, carriers);
  k.emitting = tanlu_allocate_doubles(context, g->from, carriers);
  k.non_energy = tanlu_allocate_doubles(context, branches, carriers);
  k.root = tanlu_allocate(context, branches, sizeof *k.root);
  k.several = tanlu_allocate(context, branches, sizeof *k.several);
  k.new_of = tanlu_allocate(context, branches, sizeof *k.new_of);
  size_t *first = tanlu_allocate(context, g->to, sizeof *first);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (k.share != NULL && k.emitting != NULL && k.non_energy != NULL && k.root != NULL && k.several != NULL &&
      k.new_of != NULL && first != NULL) {
    status = find_use(&k);
    if (status == TANLU_OK) join_branches(&k, first);
    if (status == TANLU_OK) status = name_branches(&k, first);
    if (status == TANLU_OK) status = fill_branches(&k);
    if (status == TANLU_OK) status = map_overrides(&k);
    if (status == TANLU_OK) status = keep_shares(&k);
  }
  free(k.share);
  free(k.emitting);
  free(k.non_energy);
  free(k.root);
  free(k.several);
  free(k.new_of);
  free(first);
  if (status != TANLU_OK) tanlu_aggregated_energy_clear(energy);
  return status;
}

tanlu_status tanlu_nation_of(tanlu_nation *nation, const tanlu_dataset *d, tanlu_context *context) {
  const tanlu_energy_statistics *s = &d->energy;
  tanlu_energy *energy = NULL;
  *nation = (tanlu_nation){0};
  const tanlu_status status = tanlu_energy_create(&energy, d, NULL, context);
  if (status != TANLU_OK) return status;
  const size_t C = energy->carriers;
  for (size_t user = 0; user < energy->users; user++) {
    const double *factor = s->emission_factor + energy->user_group[user] * C;
    for (size_t c = 0; c < C; c++) {
      const double burned = energy->final[user * C + c], kept = energy->non_energy[user * C + c];
      nation->energy += burned + kept;
      nation->co2 += factor[c] * (burned + kept * (1.0 - s->carrier.stored_fraction[c]));
    }
  }
  for (size_t p = 0; p < s->process.count; p++) {
    if (s->process_kind[p] != TANLU_PROCESS_THERMAL_POWER) continue; /* heat supply is a user */
    const double *factor = s->emission_factor + s->branch_user_group[s->sector_branch[s->process_sector[p]]] * C;
    for (size_t c = 0; c < C; c++) {
      const double input = fmax(-s->conversion[p * C + c], 0.0);
      nation->energy += input;
      nation->co2 += factor[c] * input;
    }
  }
  tanlu_energy_free(&energy);
  return TANLU_OK;
}
