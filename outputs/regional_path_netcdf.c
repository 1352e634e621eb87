/* A national path by region as netCDF-4. */
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>

#include "outputs/hdf5_util_private.h"
#include "outputs/output_file.h"
#include "outputs/regional_path_view.h"
#include "solvers/memory.h"

enum { AXIS_YEAR, AXIS_GROUP, AXIS_REGION, AXES };

typedef struct {
  const tanlu_regional_path_view *view;
  const char *path;
  hid_t file, axis[AXES];
  hsize_t extent[AXES];
  tanlu_context *context;
} writer;

static tanlu_status failed(const writer *w) {
  return tanlu_h5_fail(w->context, w->path, "write the netCDF file");
}

static tanlu_status add_axis(writer *w, size_t axis, const char *name, const char *long_name, hid_t variable) {
  w->axis[axis] = variable;
  const bool good = variable >= 0 && H5DSset_scale(variable, name) >= 0 &&
                    tanlu_h5_attribute_text(variable, "long_name", long_name) >= 0;
  return good ? TANLU_OK : failed(w);
}

/* Names along an axis, beside its codes. */
static tanlu_status write_names(writer *w, size_t axis, const char *name, const char *const *text, size_t count) {
  const hid_t variable = tanlu_h5_write_texts(w->file, name, text, count);
  const bool good = variable >= 0 && H5DSattach_scale(variable, w->axis[axis], 0) >= 0 &&
                    tanlu_h5_attribute_text(variable, "long_name", "names") >= 0;
  const tanlu_status status = good ? TANLU_OK : failed(w);
  if (variable >= 0) (void)H5Dclose(variable);
  return status;
}

static tanlu_status write_axes(writer *w) {
  const tanlu_regional_path *p = w->view->path;
  const tanlu_labels *region = w->view->region, *group = tanlu_dataset_policy_groups(w->view->dataset);
  int *year = tanlu_allocate(w->context, p->years, sizeof *year);
  const char **code = tanlu_allocate(w->context, p->groups, sizeof *code);
  const char **name = tanlu_allocate(w->context, p->groups, sizeof *name);
  tanlu_status status = year != NULL && code != NULL && name != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  for (size_t t = 0; status == TANLU_OK && t < p->years; t++) year[t] = p->from + (int)t;
  for (size_t g = 0; status == TANLU_OK && g < p->groups; g++) {
    code[g] = g < group->count ? group->code[g] : "households";
    name[g] = g < group->count ? group->name[g] : "Households";
  }
  if (status == TANLU_OK) {
    const hid_t time = tanlu_h5_create_dataset(w->file, "year", H5T_NATIVE_INT, 1, &w->extent[AXIS_YEAR], NULL);
    status = add_axis(w, AXIS_YEAR, "year", "year", time);
    if (status == TANLU_OK && H5Dwrite(time, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, year) < 0)
      status = failed(w);
  }
  if (status == TANLU_OK) {
    status = add_axis(w, AXIS_GROUP, "group", "policy group", tanlu_h5_write_texts(w->file, "group", code, p->groups));
  }
  if (status == TANLU_OK) {
    const hid_t codes = tanlu_h5_write_texts(w->file, "region", (const char *const *)region->code, region->count);
    status = add_axis(w, AXIS_REGION, "region", "region", codes);
  }
  if (status == TANLU_OK) status = write_names(w, AXIS_GROUP, "group_label", name, p->groups);
  if (status == TANLU_OK) {
    status = write_names(w, AXIS_REGION, "region_label", (const char *const *)region->name, region->count);
  }
  if (status == TANLU_OK) {
    status = write_names(w, AXIS_REGION, "region_label_zh", (const char *const *)region->name_zh, region->count);
  }
  free(year);
  free(code);
  free(name);
  return status;
}

/* A variable over year, groups where `by_group`, and region. */
static tanlu_status write_variable(writer *w, const char *name, tanlu_regional_quantity q, bool by_group,
                                   const double *value) {
  const tanlu_regional_path *p = w->view->path;
  const tanlu_regional_info *info = &tanlu_regional_table_of[q];
  const hsize_t extent[] = {w->extent[AXIS_YEAR], by_group ? w->extent[AXIS_GROUP] : w->extent[AXIS_REGION],
                            w->extent[AXIS_REGION]};
  const hid_t axis[] = {w->axis[AXIS_YEAR], by_group ? w->axis[AXIS_GROUP] : w->axis[AXIS_REGION],
                        w->axis[AXIS_REGION]};
  const int rank = by_group ? 3 : 2;
  const size_t cells = p->years * p->regions * (by_group ? p->groups : 1);
  const double fill = (double)NAN;
  double *scaled = tanlu_allocate_doubles(w->context, cells, 1);
  if (scaled == NULL) return TANLU_ERR_MEMORY;
  for (size_t k = 0; k < cells; k++) scaled[k] = value[k] * info->factor;
  const hid_t variable = tanlu_h5_create_dataset(w->file, name, H5T_NATIVE_DOUBLE, rank, extent, &fill);
  bool good = variable >= 0;
  for (int k = 0; good && k < rank; k++) good = H5DSattach_scale(variable, axis[k], (unsigned)k) >= 0;
  good = good && tanlu_h5_attribute_double(variable, "_FillValue", fill) >= 0 &&
         tanlu_h5_attribute_text(variable, "units", info->unit) >= 0 &&
         tanlu_h5_attribute_text(variable, "long_name", info->text) >= 0 &&
         H5Dwrite(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, scaled) >= 0;
  const tanlu_status status = good ? TANLU_OK : failed(w);
  if (variable >= 0) (void)H5Dclose(variable);
  free(scaled);
  return status;
}

static tanlu_status write_content(writer *w, tanlu_output_file *place, const char *history) {
  const tanlu_regional_path *p = w->view->path;
  const void *bytes = NULL;
  size_t size = 0;
  w->file = tanlu_h5_create_image();
  if (w->file < 0) return failed(w);
  const bool headed = tanlu_h5_attribute_text(w->file, "Conventions", "CF-1.10") >= 0 &&
                      tanlu_h5_attribute_text(w->file, "title", "A national path by region; the nation leads") >= 0 &&
                      tanlu_h5_attribute_text(w->file, "scenario", w->view->scenario) >= 0 &&
                      tanlu_h5_attribute_text(w->file, "dataset", w->view->dataset->name) >= 0 &&
                      tanlu_h5_attribute_text(w->file, "regions", w->view->regions) >= 0 &&
                      tanlu_h5_attribute_text(w->file, "history", history) >= 0;
  tanlu_status status = headed ? write_axes(w) : failed(w);
  for (int q = 0; q < TANLU_REGIONAL_COUNT && status == TANLU_OK; q++) {
    status = write_variable(w, tanlu_regional_table_of[q].name, (tanlu_regional_quantity)q, false,
                            p->value + (size_t)q * p->years * p->regions);
  }
  if (status == TANLU_OK) status = write_variable(w, "co2_by_group", TANLU_REGIONAL_CO2_TOTAL, true, p->group_co2);
  if (status == TANLU_OK) {
    status = write_variable(w, "value_added_by_group", TANLU_REGIONAL_VALUE_ADDED, true, p->group_value);
  }
  if (status == TANLU_OK) {
    status = write_variable(w, "final_energy_by_group", TANLU_REGIONAL_FINAL_ENERGY, true, p->group_energy);
  }
  for (size_t k = 0; k < AXES; k++) {
    if (w->axis[k] >= 0) (void)H5Dclose(w->axis[k]);
  }
  if (status == TANLU_OK && tanlu_h5_image(w->file, &bytes, &size) < 0) status = failed(w);
  if (status == TANLU_OK) status = tanlu_output_file_write(place, bytes, size, w->context);
  (void)H5Fclose(w->file); /* only memory is given back */
  return status;
}

tanlu_status tanlu_regional_path_write(const tanlu_regional_path_view *view, const char *path, bool force,
                                       const char *history, tanlu_context *context) {
  tanlu_output_file place;
  tanlu_status status = tanlu_output_file_begin(&place, path, force, context);
  if (status != TANLU_OK) return status;
  writer w = {.view = view,
              .path = path,
              .file = H5I_INVALID_HID,
              .axis = {H5I_INVALID_HID, H5I_INVALID_HID, H5I_INVALID_HID},
              .extent = {view->path->years, view->path->groups, view->path->regions},
              .context = context};
  tanlu_h5_quiet();
  status = write_content(&w, &place, history);
  if (status == TANLU_OK) return tanlu_output_file_commit(&place, context);
  tanlu_output_file_abandon(&place);
  return status;
}
