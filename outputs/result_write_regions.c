/* Writes what a result file holds of regions, one region or one year at a time. */
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/indicators.h"
#include "outputs/hdf5_util_private.h"
#include "outputs/result_write_private.h"
#include "solvers/memory.h"

typedef tanlu_result_writer writer;
enum {
  SCENARIO = TANLU_RESULT_DIM_SCENARIO,
  REGION = TANLU_RESULT_DIM_REGION,
  FIELD = TANLU_RESULT_DIM_FIELD,
};
static const double money_factor = 1e-4, electricity_factor = 1.0 / 3600.0; /* 1e4 to 1e8 CNY, TJ to TWh */

/* ---- dimensions ---------------------------------------------------------------------------------------------------- */

static tanlu_status write_fields_axis(writer *w) {
  tanlu_labels field = {0};
  tanlu_status status = TANLU_OK;
  for (size_t id = 0; status == TANLU_OK && id < TANLU_FIELD_COUNT; id++) {
    status = tanlu_labels_add(&field, tanlu_field_table[id].name, NULL, NULL, w->context);
  }
  if (status == TANLU_OK) status = tanlu_result_write_labels(w, FIELD, "variable", &field);
  tanlu_labels_clear(&field);
  return status;
}

/* Columns (k = 0) and rows (k = 1) of the places of tiles, as whole numbers. */
static tanlu_status write_tiles(writer *w, const double *tile, size_t k) {
  static const char *const name[] = {TANLU_RESULT_TILE_X, TANLU_RESULT_TILE_Y};
  static const char *const long_name[] = {"Column in a map of tiles, from the left",
                                          "Row in a map of tiles, from the top"};
  const hsize_t extent = w->size[REGION];
  int *place = tanlu_allocate(w->context, w->size[REGION], sizeof *place);
  if (place == NULL) return TANLU_ERR_MEMORY;
  for (size_t r = 0; r < w->size[REGION]; r++) place[r] = (int)tile[k * w->size[REGION] + r];
  const hid_t variable = tanlu_h5_create_dataset(w->file, name[k], H5T_NATIVE_INT, 1, &extent, NULL);
  const bool good = variable >= 0 && H5DSattach_scale(variable, w->scale[REGION], 0) >= 0 &&
                    H5Dwrite(variable, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, place) >= 0 &&
                    tanlu_h5_attribute_text(variable, "units", "1") >= 0 &&
                    tanlu_h5_attribute_text(variable, "long_name", long_name[k]) >= 0;
  const tanlu_status status = good ? TANLU_OK : tanlu_result_write_failed(w);
  if (variable >= 0) (void)H5Dclose(variable);
  free(place);
  if (good) tanlu_result_add_auxiliary(w, REGION, name[k]);
  return status;
}

static tanlu_status write_axes(writer *w) {
  const tanlu_result_regions *regions = w->scenario[0].regions;
  tanlu_labels codes = *regions->region, none = {0};
  tanlu_status status = tanlu_result_write_labels(w, REGION, "region", regions->region);
  for (size_t k = 0; status == TANLU_OK && regions->tile != NULL && k < 2; k++) {
    status = write_tiles(w, regions->tile, k);
  }
  for (size_t r = 0; status == TANLU_OK && r < codes.count; r++) {
    status = tanlu_labels_add(&none, codes.code[r], NULL, NULL, w->context); /* names are those of `region` */
  }
  if (status == TANLU_OK) {
    status = tanlu_result_write_labels(w, TANLU_RESULT_DIM_REGION_FROM, "region that sends", &none);
  }
  if (status == TANLU_OK) {
    status = tanlu_result_write_labels(w, TANLU_RESULT_DIM_REGION_TO, "region that receives", &none);
  }
  if (status == TANLU_OK) {
    status = tanlu_result_write_labels(w, TANLU_RESULT_DIM_REGIONAL_CATEGORY, "category of a region",
                                       &regions->dataset->accounts.category);
  }
  tanlu_labels_clear(&none);
  return status == TANLU_OK ? write_fields_axis(w) : status;
}

/* ---- fields -------------------------------------------------------------------------------------------------------- */

/* Write `value` into the cells of `variable` from `start` on, `count` along each axis. */
static tanlu_status write_part(const writer *w, hid_t variable, size_t rank, const hsize_t *start, const hsize_t *count,
                               const double *value) {
  const hid_t to = H5Dget_space(variable), from = H5Screate_simple((int)rank, count, NULL);
  const bool good = to >= 0 && from >= 0 && H5Sselect_hyperslab(to, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                    H5Dwrite(variable, H5T_NATIVE_DOUBLE, from, to, H5P_DEFAULT, value) >= 0;
  const tanlu_status status = good ? TANLU_OK : tanlu_result_write_failed(w);
  if (from >= 0) (void)H5Sclose(from);
  if (to >= 0) (void)H5Sclose(to);
  return status;
}

static size_t field_axes(const tanlu_region_field_info *info, size_t dim[TANLU_RESULT_RANK]) {
  const tanlu_field_info *field = &tanlu_field_table[info->id];
  size_t rank = 0;
  dim[rank++] = SCENARIO;
  dim[rank++] = REGION;
  dim[rank++] = TANLU_DIM_YEAR;
  for (size_t k = 0; k < (info->summed ? 1 : 2); k++) {
    if (field->dim[k] == TANLU_DIM_NONE) continue;
    dim[rank++] =
        field->dim[k] == TANLU_DIM_CATEGORY ? (size_t)TANLU_RESULT_DIM_REGIONAL_CATEGORY : (size_t)field->dim[k];
  }
  return rank;
}

static tanlu_status write_field(writer *w, const tanlu_region_field_info *info) {
  const tanlu_field_info *field = &tanlu_field_table[info->id];
  const tanlu_dataset *dataset = w->scenario[0].regions->dataset;
  size_t dim[TANLU_RESULT_RANK], most = 0;
  const size_t rank = field_axes(info, dim);
  char name[96], long_name[192];
  if (!tanlu_result_has_cells(w, rank, dim)) return TANLU_OK;
  (void)snprintf(name, sizeof name, TANLU_REGIONAL_PREFIX "%s", field->name);
  (void)snprintf(long_name, sizeof long_name, "%s, by region%s", field->long_name,
                 info->summed ? ", summed over sectors" : "");
  for (size_t s = 0; s < w->count; s++) {
    const size_t years = w->scenario[s].projection->years;
    if (years > most) most = years;
  }
  double *value = tanlu_allocate_doubles(w->context, most, tanlu_region_field_size(info, dataset));
  if (value == NULL) return TANLU_ERR_MEMORY;
  const hid_t variable = tanlu_result_create_variable(w, name, field->unit, long_name, rank, dim);
  tanlu_status status = variable < 0 ? TANLU_ERR_IO : TANLU_OK;
  for (size_t s = 0; status == TANLU_OK && s < w->count; s++) {
    for (size_t r = 0; status == TANLU_OK && r < w->size[REGION]; r++) {
      const tanlu_projection *p = w->scenario[s].regions->projection[r];
      const hsize_t start[TANLU_RESULT_RANK] = {s, r, (hsize_t)(p->from - w->from)};
      hsize_t count[TANLU_RESULT_RANK] = {1, 1, p->years};
      for (size_t k = 3; k < rank; k++) count[k] = w->size[dim[k]];
      tanlu_region_field_values(info, dataset, p, value);
      status = write_part(w, variable, rank, start, count, value);
    }
  }
  if (variable >= 0) (void)H5Dclose(variable);
  free(value);
  return status;
}

/* ---- scalars, what moves between regions, the gap ------------------------------------------------------------------ */

static tanlu_status write_summary(writer *w) {
  const size_t dim[] = {SCENARIO, REGION, TANLU_RESULT_DIM_SUMMARY}, scalars = tanlu_summary_count();
  double *value = tanlu_allocate_doubles(w->context, scalars, 1);
  if (value == NULL) return TANLU_ERR_MEMORY;
  const hid_t variable = tanlu_result_create_variable(w, TANLU_REGIONAL_PREFIX "summary", "see summary_unit",
                                                      "Scalars of the scenario, by region", 3, dim);
  tanlu_status status = variable < 0 ? TANLU_ERR_IO : TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < w->count * w->size[REGION]; i++) {
    const hsize_t start[] = {i / w->size[REGION], i % w->size[REGION], 0}, count[] = {1, 1, scalars};
    const tanlu_projection *p = w->scenario[start[0]].regions->projection[start[1]];
    tanlu_summary_compute(p->value[TANLU_FIELD_INDICATOR], p->from, p->years, value);
    status = write_part(w, variable, 3, start, count, value);
  }
  if (variable >= 0) (void)H5Dclose(variable);
  free(value);
  return status;
}

/* The year of a region's aim for its peak, 0 for none. */
static int aim_of(const writer *w, size_t scenario, size_t region) {
  const int *aim = w->scenario[scenario].regions->peak_aim;
  return aim != NULL ? aim[region] : 0;
}

static tanlu_status write_aims(writer *w) {
  const size_t dim[] = {SCENARIO, REGION}, cells = w->count * w->size[REGION];
  const hsize_t start[] = {0, 0}, count[] = {w->count, w->size[REGION]};
  bool any = false;
  for (size_t i = 0; i < cells; i++) any = any || aim_of(w, i / w->size[REGION], i % w->size[REGION]) != 0;
  if (!any) return TANLU_OK;
  double *value = tanlu_allocate_doubles(w->context, w->count, w->size[REGION]);
  if (value == NULL) return TANLU_ERR_MEMORY;
  for (size_t i = 0; i < cells; i++) {
    const int aim = aim_of(w, i / w->size[REGION], i % w->size[REGION]);
    value[i] = aim != 0 ? aim : (double)NAN;
  }
  const hid_t variable = tanlu_result_create_variable(w, TANLU_REGIONAL_PREFIX "peak_aim", "year",
                                                      "Year in which or before which energy CO2 is to peak", 2, dim);
  const tanlu_status status = variable < 0 ? TANLU_ERR_IO : write_part(w, variable, 2, start, count, value);
  if (variable >= 0) (void)H5Dclose(variable);
  free(value);
  return status;
}

static const double *flow_of(const writer *w, size_t scenario, bool electricity) {
  const tanlu_regional_flow *flow = &w->scenario[scenario].regions->flow;
  return electricity ? flow->electricity : flow->money;
}

/* What moves between regions in all years, from [(t regions + q) regions + p], p to q, to (year, region_from, region_to). */
static tanlu_status write_flow(writer *w, bool electricity) {
  const size_t dim[] = {SCENARIO, TANLU_DIM_YEAR, TANLU_RESULT_DIM_REGION_FROM, TANLU_RESULT_DIM_REGION_TO};
  const size_t regions = w->size[REGION];
  const double factor = electricity ? electricity_factor : money_factor;
  bool any = false;
  for (size_t s = 0; s < w->count; s++) any = any || flow_of(w, s, electricity) != NULL;
  if (!any) return TANLU_OK;
  double *value = tanlu_allocate_doubles(w->context, regions, regions);
  if (value == NULL) return TANLU_ERR_MEMORY;
  const hid_t variable =
      electricity ? tanlu_result_create_variable(w, TANLU_REGIONAL_PREFIX "electricity", "TWh",
                                                 "Electricity sent between regions, as received", 4, dim)
                  : tanlu_result_create_variable(w, TANLU_REGIONAL_PREFIX "trade", "1e8 CNY_2020",
                                                 "Products sent between regions at 2020 producers' prices", 4, dim);
  tanlu_status status = variable < 0 ? TANLU_ERR_IO : TANLU_OK;
  for (size_t s = 0; s < w->count; s++) {
    const tanlu_projection *p = w->scenario[s].projection;
    const double *from = flow_of(w, s, electricity);
    for (size_t t = 0; status == TANLU_OK && from != NULL && t < p->years; t++) {
      const hsize_t start[] = {s, (hsize_t)(p->from - w->from) + t, 0, 0}, count[] = {1, 1, regions, regions};
      for (size_t i = 0; i < regions * regions; i++) {
        value[i % regions * regions + i / regions] = factor * from[t * regions * regions + i];
      }
      status = write_part(w, variable, 4, start, count, value);
    }
  }
  if (variable >= 0) (void)H5Dclose(variable);
  free(value);
  return status;
}

static tanlu_status write_gap(writer *w) {
  const size_t dim[] = {SCENARIO, TANLU_DIM_YEAR, FIELD};
  bool any = false;
  for (size_t s = 0; s < w->count; s++) any = any || w->scenario[s].regions->gap != NULL;
  if (!any) return TANLU_OK;
  const hid_t variable = tanlu_result_create_variable(w, TANLU_REGIONAL_PREFIX "gap", "1",
                                                      "Sum over regions against the nation before anything is scaled: "
                                                      "largest over the members of the variable, relative "
                                                      "to its total; missing where it does not add up",
                                                      3, dim);
  tanlu_status status = variable < 0 ? TANLU_ERR_IO : TANLU_OK;
  for (size_t s = 0; status == TANLU_OK && s < w->count; s++) {
    const tanlu_projection *p = w->scenario[s].projection;
    const hsize_t start[] = {s, (hsize_t)(p->from - w->from), 0}, count[] = {1, p->years, TANLU_FIELD_COUNT};
    const double *gap = w->scenario[s].regions->gap;
    if (gap != NULL) status = write_part(w, variable, 3, start, count, gap);
  }
  if (variable >= 0) (void)H5Dclose(variable);
  return status;
}

/* ---- the whole ----------------------------------------------------------------------------------------------------- */

/* One word where all scenarios have the same lead, else one for each. */
static tanlu_status write_attributes(writer *w) {
  const tanlu_result_regions *first = w->scenario[0].regions;
  const char **lead = tanlu_allocate(w->context, w->count, sizeof *lead);
  if (lead == NULL) return TANLU_ERR_MEMORY;
  bool alike = true;
  for (size_t s = 0; s < w->count; s++) {
    lead[s] = w->scenario[s].regions->lead;
    alike = alike && strcmp(lead[s], lead[0]) == 0;
  }
  const bool grouped = first->grouping != NULL && first->grouping[0] != '\0';
  const bool good =
      tanlu_h5_attribute_text(w->file, TANLU_REGIONAL_PREFIX "statistics", first->statistics) >= 0 &&
      (!grouped || tanlu_h5_attribute_text(w->file, TANLU_REGIONAL_PREFIX "grouping", first->grouping) >= 0) &&
      tanlu_h5_attribute_texts(w->file, TANLU_REGIONAL_PREFIX "lead", lead, alike ? 1 : w->count) >= 0;
  free(lead);
  return good ? TANLU_OK : tanlu_result_write_failed(w);
}

/* Regions of one kind, with years and axes as the file has them. */
static tanlu_status check(const writer *w) {
  const tanlu_result_regions *first = w->scenario[0].regions;
  for (size_t s = 0; s < w->count; s++) {
    const tanlu_result_regions *own = w->scenario[s].regions;
    bool good = own->region->count == first->region->count && own->region->count > 0;
    for (size_t r = 0; good && r < own->region->count; r++) {
      const tanlu_projection *p = own->projection[r], *nation = w->scenario[s].projection;
      good = strcmp(own->region->code[r], first->region->code[r]) == 0 && p->from == nation->from &&
             p->years == nation->years;
      for (size_t id = 0; good && id < TANLU_FIELD_COUNT; id++) {
        good = id == TANLU_FIELD_FINAL_DEMAND || p->size[id] == nation->size[id];
      }
    }
    if (good) continue;
    return tanlu_fail(w->context, TANLU_ERR_INTERNAL, "%s: regions of scenario '%s' do not fit the file", w->path,
                      w->scenario[s].name);
  }
  return TANLU_OK;
}

tanlu_status tanlu_result_write_regions(writer *w) {
  tanlu_status status = check(w);
  if (status == TANLU_OK) status = write_attributes(w);
  if (status == TANLU_OK) status = write_axes(w);
  for (size_t i = 0; status == TANLU_OK && i < TANLU_REGION_FIELD_COUNT; i++) {
    status = write_field(w, &tanlu_region_field_table[i]);
  }
  if (status == TANLU_OK) status = write_summary(w);
  if (status == TANLU_OK) status = write_aims(w);
  if (status == TANLU_OK) status = write_flow(w, false);
  if (status == TANLU_OK) status = write_flow(w, true);
  if (status == TANLU_OK) status = write_gap(w);
  return status;
}
