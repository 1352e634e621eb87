/* The export as netCDF-4, with the axes that pyam expects. */
#include <ctype.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/hdf5_util_private.h"
#include "outputs/iamc_private.h"
#include "outputs/output_file.h"
#include "solvers/memory.h"

enum { AXIS_TIME, AXIS_MODEL, AXIS_SCENARIO, AXIS_REGION, AXES, NAME_MAX_LENGTH = 128 };

typedef struct {
  const tanlu_iamc *iamc;
  const char *path;
  hid_t file, axis[AXES];
  hsize_t extent[AXES];
  double *value; /* of one variable: years x scenarios x regions */
  tanlu_context *context;
} writer;

static tanlu_status failed(const writer *w) {
  return tanlu_h5_fail(w->context, w->path, "write the netCDF file");
}

/* Make an open dataset the coordinate of an axis. */
static tanlu_status add_axis(writer *w, size_t axis, const char *name, const char *long_name, hid_t variable) {
  if (variable < 0) return failed(w);
  w->axis[axis] = variable;
  if (H5DSset_scale(variable, name) < 0 || tanlu_h5_attribute_text(variable, "long_name", long_name) < 0) {
    return failed(w);
  }
  return TANLU_OK;
}

static tanlu_status write_axes(writer *w) {
  const tanlu_iamc *x = w->iamc;
  const char *const model = x->model;
  int64_t *year = tanlu_allocate(w->context, x->years, sizeof *year); /* pyam takes integers for years */
  if (year == NULL) return TANLU_ERR_MEMORY;
  for (size_t t = 0; t < x->years; t++) year[t] = x->year[t];
  const hid_t time = tanlu_h5_create_dataset(w->file, "time", H5T_NATIVE_INT64, 1, &w->extent[AXIS_TIME], NULL);
  tanlu_status status = add_axis(w, AXIS_TIME, "time", "year", time);
  if (status == TANLU_OK && H5Dwrite(time, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, year) < 0) {
    status = failed(w);
  }
  free(year);
  if (status == TANLU_OK) {
    status = add_axis(w, AXIS_MODEL, "model", "model", tanlu_h5_write_texts(w->file, "model", &model, 1));
  }
  if (status == TANLU_OK) {
    status = add_axis(w, AXIS_SCENARIO, "scenario", "scenario",
                      tanlu_h5_write_texts(w->file, "scenario", x->scenario, x->scenarios));
  }
  if (status == TANLU_OK) {
    status = add_axis(w, AXIS_REGION, "region", "region",
                      tanlu_h5_write_texts(w->file, "region", (const char *const *)x->region, x->regions));
  }
  return status;
}

/* "Secondary Energy|Coal|w/ CCS" as Secondary_Energy__Coal__w_CCS: letters, digits and underscores. */
static void identifier(const char *name, char *result) {
  size_t length = 0;
  for (const char *p = name; *p != '\0' && length + 3 < NAME_MAX_LENGTH; p++) {
    if (*p == '|') result[length++] = '_';
    if (*p == '|' || *p == ' ' || *p == '-') result[length++] = '_';
    if (isalnum((unsigned char)*p)) result[length++] = *p;
  }
  result[length] = '\0';
}

static tanlu_status write_variable(writer *w, size_t v) {
  const tanlu_iamc *x = w->iamc;
  const tanlu_iamc_definition *definition = x->variable[v];
  const double fill = (double)NAN;
  char name[NAME_MAX_LENGTH];
  identifier(definition->name, name);
  for (size_t i = 0; i < x->regions * x->scenarios; i++) {
    const size_t r = i / x->scenarios, s = i % x->scenarios;
    for (size_t t = 0; t < x->years; t++) {
      w->value[(t * x->scenarios + s) * x->regions + r] =
          x->value[((v * x->regions + r) * x->scenarios + s) * x->years + t];
    }
  }
  const hid_t variable = tanlu_h5_create_dataset(w->file, name, H5T_NATIVE_DOUBLE, AXES, w->extent, &fill);
  if (variable < 0) return failed(w);
  bool good = true;
  for (unsigned k = 0; good && k < AXES; k++) good = H5DSattach_scale(variable, w->axis[k], k) >= 0;
  good = good && tanlu_h5_attribute_double(variable, "_FillValue", fill) >= 0 &&
         tanlu_h5_attribute_text(variable, "unit", definition->unit) >= 0 &&
         tanlu_h5_attribute_text(variable, "long_name", definition->name) >= 0 &&
         (definition->comment[0] == '\0' || tanlu_h5_attribute_text(variable, "comment", definition->comment) >= 0) &&
         H5Dwrite(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, w->value) >= 0;
  const tanlu_status status = good ? TANLU_OK : failed(w);
  (void)H5Dclose(variable);
  return status;
}

static tanlu_status write_content(writer *w, tanlu_output_file *place, const char *history) {
  const void *bytes = NULL;
  size_t size = 0;
  w->file = tanlu_h5_create_image();
  if (w->file < 0) return failed(w);
  tanlu_status status = TANLU_OK;
  if (tanlu_h5_attribute_text(w->file, "Conventions", "CF-1.10") < 0 ||
      tanlu_h5_attribute_text(w->file, "title", "Scenarios under the common definitions of the IAMC") < 0 ||
      tanlu_h5_attribute_text(w->file, "history", history) < 0) {
    status = failed(w);
  }
  if (status == TANLU_OK) status = write_axes(w);
  for (size_t v = 0; status == TANLU_OK && v < w->iamc->variables; v++) status = write_variable(w, v);
  for (size_t k = 0; k < AXES; k++) {
    if (w->axis[k] >= 0) (void)H5Dclose(w->axis[k]);
  }
  if (status == TANLU_OK && tanlu_h5_image(w->file, &bytes, &size) < 0) status = failed(w);
  if (status == TANLU_OK) status = tanlu_output_file_write(place, bytes, size, w->context);
  (void)H5Fclose(w->file); /* only memory is given back */
  return status;
}

tanlu_status tanlu_iamc_write_netcdf(const tanlu_iamc *iamc, const char *path, bool force, const char *history,
                                     tanlu_context *context) {
  tanlu_output_file place;
  tanlu_status status = tanlu_output_file_begin(&place, path, force, context);
  if (status != TANLU_OK) return status;
  writer w = {.iamc = iamc,
              .path = path,
              .file = H5I_INVALID_HID,
              .axis = {H5I_INVALID_HID, H5I_INVALID_HID, H5I_INVALID_HID, H5I_INVALID_HID},
              .extent = {iamc->years, 1, iamc->scenarios, iamc->regions},
              .context = context};
  w.value = tanlu_allocate_doubles(context, iamc->years * iamc->regions, iamc->scenarios);
  tanlu_h5_quiet();
  status = w.value != NULL ? write_content(&w, &place, history) : TANLU_ERR_MEMORY;
  free(w.value);
  if (status == TANLU_OK) return tanlu_output_file_commit(&place, context);
  tanlu_output_file_abandon(&place);
  return status;
}
