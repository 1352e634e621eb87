/* Groups of aggregated sectors. */
#include <stdlib.h>

#include "model/aggregation.h"
#include "solvers/memory.h"

void tanlu_levels_free(tanlu_level **level, size_t levels) {
  for (size_t l = 0; *level != NULL && l < levels; l++) {
    free((*level)[l].name);
    tanlu_labels_clear(&(*level)[l].group);
    free((*level)[l].of_sector);
  }
  free(*level);
  *level = NULL;
}

typedef struct {
  const tanlu_dataset *old;
  const tanlu_concordance *g;
  const tanlu_labels *sector;
  const size_t *group; /* of the level: as given */
  tanlu_mixed mixed;
  bool needed;
  size_t *largest; /* new sectors: member with the largest output */
  double *output;  /* new sectors: of that member */
  bool *told;      /* new sectors: of the level */
  tanlu_context *context;
} job;

/* The group of every new sector; *dropped where the level goes. */
static tanlu_status find_groups(const job *k, const tanlu_level *level, size_t *of_sector, bool *dropped) {
  const tanlu_labels *code = &k->old->accounts.sector;
  tanlu_status status = TANLU_OK;
  for (size_t j = 0; j < k->g->to; j++) {
    k->told[j] = false;
    of_sector[j] = k->group[j] != TANLU_NONE ? k->group[j] : level->of_sector[k->largest[j]];
  }
  for (size_t i = 0; i < k->g->from && !*dropped; i++) {
    for (size_t e = k->g->start[i]; e < k->g->start[i + 1] && !*dropped; e++) {
      const size_t j = k->g->member[e];
      if (k->group[j] != TANLU_NONE || level->of_sector[i] == of_sector[j] || k->told[j]) continue;
      k->told[j] = true;
      const char *here = level->group.code[of_sector[j]], *there = level->group.code[level->of_sector[i]];
      if (k->mixed == TANLU_MIXED_LARGEST) {
        tanlu_note(k->context, "level '%s': new sector '%s' belongs to '%s' as '%s' does; '%s' was in '%s'",
                   level->name, k->sector->code[j], here, code->code[k->largest[j]], code->code[i], there);
      } else if (k->mixed == TANLU_MIXED_DROP && !k->needed) {
        tanlu_note(k->context, "level '%s' is left out: new sector '%s' has members of '%s' and '%s'", level->name,
                   k->sector->code[j], here, there);
        *dropped = true;
      } else {
        status = tanlu_fail(k->context, TANLU_ERR_INPUT,
                            "level '%s': new sector '%s' has members of different groups, '%s' of '%s' and '%s' of "
                            "'%s'; expected its group in a column '%s' of the concordance, or --mixed",
                            level->name, k->sector->code[j], code->code[k->largest[j]], here, code->code[i], there,
                            level->name);
      }
    }
  }
  return status;
}

/* Groups with a sector, in their old order. */
static tanlu_status pack(tanlu_level *to, const tanlu_level *from, size_t n, tanlu_context *context) {
  to->name = tanlu_string_copy(context, from->name);
  if (to->name == NULL) return TANLU_ERR_MEMORY;
  for (size_t g = 0; g < from->group.count; g++) {
    bool used = false;
    for (size_t j = 0; j < n; j++) used = used || to->of_sector[j] == g;
    if (!used) continue;
    const size_t at = to->group.count;
    const tanlu_status status =
        tanlu_labels_add(&to->group, from->group.code[g], from->group.name[g], from->group.name_zh[g], context);
    if (status != TANLU_OK) return status;
    for (size_t j = 0; j < n; j++) {
      if (to->of_sector[j] == g) to->of_sector[j] = at; /* at <= g: no group that is still to come */
    }
  }
  return TANLU_OK;
}

static tanlu_status make_levels(tanlu_level *level, size_t *levels, job *k, const size_t *group, size_t needed) {
  tanlu_status status = TANLU_OK;
  for (size_t l = 0; l < k->old->levels; l++) {
    tanlu_level *to = &level[*levels];
    bool dropped = false;
    k->group = group + l * k->g->to;
    k->needed = l == needed;
    to->of_sector = tanlu_allocate(k->context, k->g->to, sizeof *to->of_sector);
    if (to->of_sector == NULL) return TANLU_ERR_MEMORY;
    tanlu_status found = find_groups(k, &k->old->level[l], to->of_sector, &dropped);
    if (found == TANLU_OK && !dropped) found = pack(to, &k->old->level[l], k->g->to, k->context);
    if (found != TANLU_OK) status = found;
    if (found == TANLU_OK && !dropped) {
      (*levels)++;
    } else {
      free(to->name);
      tanlu_labels_clear(&to->group);
      free(to->of_sector);
      *to = (tanlu_level){0};
    }
  }
  if (status == TANLU_OK && *levels == 0) {
    status = tanlu_fail(k->context, TANLU_ERR_INPUT, "no level of groups is left; expected one in the concordance");
  }
  return status;
}

tanlu_status tanlu_aggregate_levels(tanlu_level **level, size_t *levels, const tanlu_dataset *old,
                                    const tanlu_concordance *g, const tanlu_labels *sector, const size_t *group,
                                    tanlu_mixed mixed, size_t needed, tanlu_context *context) {
  *levels = 0;
  *level = tanlu_allocate(context, old->levels, sizeof **level);
  job k = {.old = old, .g = g, .sector = sector, .mixed = mixed, .context = context};
  k.largest = tanlu_allocate(context, g->to, sizeof *k.largest);
  k.output = tanlu_allocate_doubles(context, g->to, 1);
  k.told = tanlu_allocate(context, g->to, sizeof *k.told);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (*level != NULL && k.largest != NULL && k.output != NULL && k.told != NULL) {
    for (size_t j = 0; j < g->to; j++) k.output[j] = -1.0;
    for (size_t i = 0; i < g->from; i++) {
      for (size_t e = g->start[i]; e < g->start[i + 1]; e++) {
        const double output = g->weight[e] * old->accounts.output[i];
        if (output <= k.output[g->member[e]]) continue;
        k.output[g->member[e]] = output;
        k.largest[g->member[e]] = i;
      }
    }
    status = make_levels(*level, levels, &k, group, needed);
  }
  free(k.largest);
  free(k.output);
  free(k.told);
  if (status != TANLU_OK) tanlu_levels_free(level, *levels);
  return status;
}
