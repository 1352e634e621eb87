#include "model/fields.h"

#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "solvers/memory.h"

const tanlu_field_info tanlu_field_table[TANLU_FIELD_COUNT] = {
#define X(id, name, d1, d2, unit, factor, text) {name, {TANLU_DIM_##d1, TANLU_DIM_##d2}, unit, factor, text},
    TANLU_FIELD_LIST(X)
#undef X
};

static char *class_codes[] = {
#define X(code, word, name) word,
    TANLU_CARRIER_CLASS_LIST(X)
#undef X
};
static char *class_names[] = {
#define X(code, word, name) name,
    TANLU_CARRIER_CLASS_LIST(X)
#undef X
};
static char *class_names_zh[] = {"煤炭", "焦炭", "石油", "天然气与人工煤气", "生物质与其他能源", "副产煤气",
                                 "电力", "热力", "氢"};
static const tanlu_labels class_labels = {TANLU_CLASS_COUNT, class_codes, class_names, class_names_zh};

static char *household_codes[] = {"urban", "rural"};
static char *household_names[] = {"Urban households", "Rural households"};
static char *household_names_zh[] = {"城镇居民", "农村居民"};
static const tanlu_labels household_labels = {2, household_codes, household_names, household_names_zh};

const tanlu_labels *tanlu_dim_labels(const tanlu_dataset *dataset, tanlu_dim dim) {
  switch (dim) {
  case TANLU_DIM_SECTOR:
    return &dataset->accounts.sector;
  case TANLU_DIM_CATEGORY:
    return &dataset->accounts.category;
  case TANLU_DIM_CARRIER:
    return &dataset->energy.carrier.label;
  case TANLU_DIM_CLASS:
    return &class_labels;
  case TANLU_DIM_TECHNOLOGY:
    return &dataset->power.technology;
  case TANLU_DIM_PRODUCT:
    return &dataset->products.product;
  case TANLU_DIM_INDICATOR:
    return tanlu_indicator_labels();
  case TANLU_DIM_HOUSEHOLD:
    return &household_labels;
  case TANLU_DIM_GROUP:
    return tanlu_dataset_policy_groups(dataset);
  default:
    return NULL;
  }
}

size_t tanlu_dim_size(const tanlu_dataset *dataset, tanlu_dim dim) {
  const tanlu_labels *labels = tanlu_dim_labels(dataset, dim);
  return labels == NULL ? 1 : labels->count;
}

const char *tanlu_dim_name(tanlu_dim dim) {
  static const char *const name[TANLU_DIM_COUNT] = {
      [TANLU_DIM_NONE] = "",
      [TANLU_DIM_YEAR] = "year",
      [TANLU_DIM_SECTOR] = "sector",
      [TANLU_DIM_CATEGORY] = "category",
      [TANLU_DIM_CARRIER] = "carrier",
      [TANLU_DIM_CLASS] = "carrier_class",
      [TANLU_DIM_TECHNOLOGY] = "technology",
      [TANLU_DIM_PRODUCT] = "product",
      [TANLU_DIM_INDICATOR] = "indicator",
      [TANLU_DIM_HOUSEHOLD] = "household",
      [TANLU_DIM_GROUP] = "group",
  };
  return name[dim];
}

tanlu_status tanlu_projection_create(tanlu_projection **projection, const tanlu_dataset *dataset, int from,
                                     size_t years, tanlu_context *context) {
  return tanlu_projection_create_some(projection, dataset, from, years, (1UL << TANLU_FIELD_COUNT) - 1, context);
}

tanlu_status tanlu_projection_create_some(tanlu_projection **projection, const tanlu_dataset *dataset, int from,
                                          size_t years, unsigned long wanted, tanlu_context *context) {
  *projection = NULL;
  tanlu_projection *p = tanlu_allocate(context, 1, sizeof *p);
  if (p == NULL) return TANLU_ERR_MEMORY;
  p->from = from;
  p->years = years;
  p->carrier_work = tanlu_allocate_doubles(context, 2, dataset->energy.carrier.label.count);
  if (p->carrier_work == NULL) {
    tanlu_projection_free(&p);
    return TANLU_ERR_MEMORY;
  }
  for (int f = 0; f < TANLU_FIELD_COUNT; f++) {
    const tanlu_field_info *info = &tanlu_field_table[f];
    p->size[f] = tanlu_dim_size(dataset, info->dim[0]) * tanlu_dim_size(dataset, info->dim[1]);
    if ((wanted >> f & 1) == 0) continue;
    p->value[f] = tanlu_allocate_doubles(context, years, p->size[f]);
    if (p->value[f] == NULL) {
      tanlu_projection_free(&p);
      return TANLU_ERR_MEMORY;
    }
  }
  *projection = p;
  return TANLU_OK;
}

void tanlu_projection_free(tanlu_projection **projection) {
  if (*projection == NULL) return;
  for (int f = 0; f < TANLU_FIELD_COUNT; f++) free((*projection)->value[f]);
  free((*projection)->carrier_work);
  free(*projection);
  *projection = NULL;
}

void tanlu_projection_reset(tanlu_projection *projection) {
  tanlu_projection *p = projection;
  for (int f = 0; f < TANLU_FIELD_COUNT; f++) {
    if (p->value[f] != NULL) memset(p->value[f], 0, p->years * p->size[f] * sizeof *p->value[f]);
  }
  p->worst_residual = p->worst_balance = 0.0;
  p->iterations = 0;
  p->alone = false;
  memset(p->seconds, 0, sizeof p->seconds);
}
