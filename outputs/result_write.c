/* Writes result files. The layout, by name: every dimension has a coordinate variable of its own name and, where there
 * are any, label variables; every field of model/fields.h is a variable (scenario, year, its own axes). */
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/indicators.h"
#include "outputs/hdf5_util_private.h"
#include "outputs/output_file.h"
#include "outputs/result_write_private.h"
#include "solvers/memory.h"

typedef tanlu_result_writer writer;
enum {
  DIM_SCENARIO = TANLU_RESULT_DIM_SCENARIO,
  DIM_SUMMARY = TANLU_RESULT_DIM_SUMMARY,
  DIM_ALL = TANLU_RESULT_DIMS,
  AUXILIARY_MAX = TANLU_RESULT_AUXILIARY,
};

const char *tanlu_result_dim_name(size_t dim) {
  static const char *const name[DIM_ALL - TANLU_DIM_COUNT] = {
#define X(id, word) [TANLU_RESULT_DIM_##id - TANLU_DIM_COUNT] = word,
      TANLU_RESULT_DIM_LIST(X)
#undef X
  };
  return dim < TANLU_DIM_COUNT ? tanlu_dim_name((tanlu_dim)dim) : name[dim - TANLU_DIM_COUNT];
}

tanlu_status tanlu_result_write_failed(const writer *w) {
  return tanlu_h5_fail(w->context, w->path, "write the result file");
}

static tanlu_status failed(const writer *w) {
  return tanlu_result_write_failed(w);
}

/* ---- dimensions and labels ----------------------------------------------------------------------------------------- */

/* Make `variable` the scale of dimension `dim` and keep it open. Coordinates carry no _FillValue: CF wants none there. */
static tanlu_status add_scale(writer *w, size_t dim, size_t size, hid_t variable, const char *long_name,
                              const char *units) {
  if (variable < 0) return failed(w);
  w->scale[dim] = variable;
  w->size[dim] = size;
  if (H5DSset_scale(variable, tanlu_result_dim_name(dim)) < 0 ||
      tanlu_h5_attribute_text(variable, "long_name", long_name) < 0 ||
      (units != NULL && tanlu_h5_attribute_text(variable, "units", units) < 0)) {
    return failed(w);
  }
  return TANLU_OK;
}

/* A text variable along `dim`. */
static tanlu_status write_text(writer *w, size_t dim, const char *name, const char *long_name,
                               const char *const *text) {
  const hid_t variable = tanlu_h5_write_texts(w->file, name, text, w->size[dim]);
  if (variable < 0) return failed(w);
  tanlu_status status = TANLU_OK;
  if (H5DSattach_scale(variable, w->scale[dim], 0) < 0 ||
      tanlu_h5_attribute_text(variable, "long_name", long_name) < 0) {
    status = failed(w);
  }
  (void)H5Dclose(variable);
  return status;
}

void tanlu_result_add_auxiliary(writer *w, size_t dim, const char *name) {
  char *list = w->auxiliary[dim];
  const size_t used = strlen(list);
  (void)snprintf(list + used, AUXILIARY_MAX - used, "%s%s", used > 0 ? " " : "", name);
}

/* A text variable that labels the members of the dimension: an auxiliary coordinate of every variable along it. */
static tanlu_status write_label(writer *w, size_t dim, const char *name, const char *long_name,
                                const char *const *text) {
  tanlu_result_add_auxiliary(w, dim, name);
  return write_text(w, dim, name, long_name, text);
}

static bool any_text(char *const *text, size_t count) {
  for (size_t i = 0; text != NULL && i < count; i++) {
    if (text[i] != NULL && text[i][0] != '\0') return true;
  }
  return false;
}

tanlu_status tanlu_result_write_labels(writer *w, size_t dim, const char *noun, const tanlu_labels *labels) {
  char name[64], long_name[96];
  const char *word = tanlu_result_dim_name(dim);
  if (labels->count == 0) return TANLU_OK;
  (void)snprintf(long_name, sizeof long_name, "Code of the %s", noun);
  const hid_t codes = tanlu_h5_write_texts(w->file, word, (const char *const *)labels->code, labels->count);
  tanlu_status status = add_scale(w, dim, labels->count, codes, long_name, NULL);
  /* the name of an indicator is its definition, written with its unit */
  if (status == TANLU_OK && dim != TANLU_DIM_INDICATOR && any_text(labels->name, labels->count)) {
    (void)snprintf(name, sizeof name, "%s_label", word);
    (void)snprintf(long_name, sizeof long_name, "Name of the %s", noun);
    status = write_label(w, dim, name, long_name, (const char *const *)labels->name);
  }
  if (status == TANLU_OK && any_text(labels->name_zh, labels->count)) {
    (void)snprintf(name, sizeof name, "%s_label_zh", word);
    (void)snprintf(long_name, sizeof long_name, "Chinese name of the %s", noun);
    status = write_label(w, dim, name, long_name, (const char *const *)labels->name_zh);
  }
  return status;
}

static tanlu_status write_years(writer *w) {
  const hsize_t extent = w->years;
  int *year = tanlu_allocate(w->context, w->years, sizeof *year);
  if (year == NULL) return TANLU_ERR_MEMORY;
  for (size_t t = 0; t < w->years; t++) year[t] = w->from + (int)t;
  const hid_t variable = tanlu_h5_create_dataset(w->file, "year", H5T_NATIVE_INT, 1, &extent, NULL);
  tanlu_status status = add_scale(w, TANLU_DIM_YEAR, w->years, variable, "Calendar year", "year");
  if (status == TANLU_OK && H5Dwrite(variable, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, year) < 0) {
    status = failed(w);
  }
  free(year);
  return status;
}

static tanlu_status write_scenarios(writer *w) {
  const char **text = tanlu_allocate(w->context, w->count, sizeof *text);
  if (text == NULL) return TANLU_ERR_MEMORY;
  for (size_t s = 0; s < w->count; s++) text[s] = w->scenario[s].name;
  tanlu_status status = add_scale(w, DIM_SCENARIO, w->count, tanlu_h5_write_texts(w->file, "scenario", text, w->count),
                                  "Name of the scenario", NULL);
  for (size_t s = 0; s < w->count; s++) text[s] = w->scenario[s].title != NULL ? w->scenario[s].title : "";
  if (status == TANLU_OK) status = write_label(w, DIM_SCENARIO, "scenario_title", "Title of the scenario", text);
  for (size_t s = 0; s < w->count; s++) text[s] = w->scenario[s].text != NULL ? w->scenario[s].text : "";
  if (status == TANLU_OK) {
    status = write_text(w, DIM_SCENARIO, "scenario_text", "Resolved scenario, as YAML that runs on its own", text);
  }
  free(text);
  return status;
}

/* Code, unit and definition of a table of indicators. codes: the coordinate is not written yet. */
static tanlu_status write_indicators(writer *w, size_t dim, size_t count, const tanlu_indicator_info *(*info)(size_t),
                                     bool codes) {
  char name[64];
  const char *word = tanlu_result_dim_name(dim);
  if (count == 0) return TANLU_OK;
  const char **text = tanlu_allocate(w->context, count, sizeof *text);
  if (text == NULL) return TANLU_ERR_MEMORY;
  tanlu_status status = TANLU_OK;
  if (codes) {
    for (size_t i = 0; i < count; i++) text[i] = info(i)->code;
    status =
        add_scale(w, dim, count, tanlu_h5_write_texts(w->file, word, text, count), "Code of the scenario scalar", NULL);
  }
  if (status == TANLU_OK) {
    for (size_t i = 0; i < count; i++) text[i] = info(i)->unit;
    (void)snprintf(name, sizeof name, "%s_unit", word);
    status = write_label(w, dim, name, "Unit", text);
  }
  if (status == TANLU_OK) {
    for (size_t i = 0; i < count; i++) text[i] = info(i)->definition;
    (void)snprintf(name, sizeof name, "%s_definition", word);
    status = write_label(w, dim, name, "Definition", text);
  }
  free(text);
  return status;
}

static tanlu_status write_sector_groups(writer *w) {
  const tanlu_dataset *data = w->dataset;
  const size_t n = data->accounts.sector.count;
  const tanlu_level *level = data->levels > data->policy_level ? &data->level[data->policy_level] : NULL;
  if (level == NULL || n == 0) return TANLU_OK;
  const char **text = tanlu_allocate(w->context, n, sizeof *text);
  if (text == NULL) return TANLU_ERR_MEMORY;
  for (size_t j = 0; j < n; j++) {
    text[j] = level->of_sector[j] < level->group.count ? level->group.code[level->of_sector[j]] : "";
  }
  const tanlu_status status = write_label(w, TANLU_DIM_SECTOR, "sector_group", "Policy group of the sector", text);
  free(text);
  return status;
}

static tanlu_status write_dimensions(writer *w) {
  tanlu_status status = write_scenarios(w);
  if (status == TANLU_OK) status = write_years(w);
  for (size_t dim = TANLU_DIM_YEAR + 1; status == TANLU_OK && dim < TANLU_DIM_COUNT; dim++) {
    const tanlu_labels *labels = tanlu_dim_labels(w->dataset, (tanlu_dim)dim);
    const char *noun = dim == TANLU_DIM_CLASS ? "carrier class" : tanlu_result_dim_name(dim);
    if (labels != NULL) status = tanlu_result_write_labels(w, dim, noun, labels);
  }
  if (status == TANLU_OK) status = write_sector_groups(w);
  if (status == TANLU_OK && w->size[TANLU_DIM_PRODUCT] > 0 && w->dataset->products.unit != NULL) {
    status = write_label(w, TANLU_DIM_PRODUCT, "product_unit", "Unit of the product",
                         (const char *const *)w->dataset->products.unit);
  }
  if (status == TANLU_OK && w->size[TANLU_DIM_INDICATOR] > 0) {
    status = write_indicators(w, TANLU_DIM_INDICATOR, w->size[TANLU_DIM_INDICATOR], tanlu_indicator, false);
  }
  if (status == TANLU_OK) status = write_indicators(w, DIM_SUMMARY, tanlu_summary_count(), tanlu_summary, true);
  return status;
}

/* ---- data variables ------------------------------------------------------------------------------------------------ */

hid_t tanlu_result_create_variable(writer *w, const char *name, const char *unit, const char *long_name, size_t rank,
                                   const size_t *dim) {
  hsize_t extent[TANLU_RESULT_RANK];
  char coordinates[TANLU_RESULT_RANK * AUXILIARY_MAX] = "";
  const double fill = (double)NAN;
  for (size_t k = 0; k < rank; k++) {
    extent[k] = w->size[dim[k]];
    const size_t used = strlen(coordinates);
    const bool space = used > 0 && w->auxiliary[dim[k]][0] != '\0';
    (void)snprintf(coordinates + used, sizeof coordinates - used, "%s%s", space ? " " : "", w->auxiliary[dim[k]]);
  }
  const hid_t variable = tanlu_h5_create_dataset(w->file, name, H5T_NATIVE_DOUBLE, (int)rank, extent, &fill);
  bool good = variable >= 0;
  for (size_t k = 0; good && k < rank; k++) good = H5DSattach_scale(variable, w->scale[dim[k]], (unsigned)k) >= 0;
  if (good && tanlu_h5_attribute_double(variable, "_FillValue", fill) >= 0 &&
      tanlu_h5_attribute_text(variable, "units", unit) >= 0 &&
      tanlu_h5_attribute_text(variable, "long_name", long_name) >= 0 &&
      tanlu_h5_attribute_text(variable, "coordinates", coordinates) >= 0) {
    return variable;
  }
  (void)failed(w);
  if (variable >= 0) (void)H5Dclose(variable);
  return H5I_INVALID_HID;
}

bool tanlu_result_has_cells(const writer *w, size_t rank, const size_t *dim) {
  for (size_t k = 0; k < rank; k++) {
    if (w->size[dim[k]] == 0) return false;
  }
  return true;
}

/* A data variable over `rank` dimensions; value is row-major. */
static tanlu_status write_variable(writer *w, const char *name, const char *unit, const char *long_name, size_t rank,
                                   const size_t *dim, const double *value) {
  if (!tanlu_result_has_cells(w, rank, dim)) return TANLU_OK;
  const hid_t variable = tanlu_result_create_variable(w, name, unit, long_name, rank, dim);
  if (variable < 0) return TANLU_ERR_IO;
  tanlu_status status = TANLU_OK;
  if (H5Dwrite(variable, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) < 0) status = failed(w);
  (void)H5Dclose(variable);
  return status;
}

/* One field of all scenarios in result units; years a scenario does not reach stay NaN. */
static tanlu_status write_field(writer *w, tanlu_field_id id) {
  const tanlu_field_info *info = &tanlu_field_table[id];
  const size_t size = w->scenario[0].projection->size[id];
  if (size == 0) return TANLU_OK;
  size_t dim[4] = {DIM_SCENARIO, TANLU_DIM_YEAR}, rank = 2;
  for (int k = 0; k < 2; k++) {
    if (info->dim[k] != TANLU_DIM_NONE) dim[rank++] = (size_t)info->dim[k];
  }
  double *value = tanlu_allocate_doubles(w->context, w->years * size, w->count);
  if (value == NULL) return TANLU_ERR_MEMORY;
  for (size_t s = 0; s < w->count; s++) {
    const tanlu_projection *p = w->scenario[s].projection;
    double *part = value + s * w->years * size;
    const size_t before = (size_t)(p->from - w->from) * size, own = p->years * size;
    for (size_t i = 0; i < w->years * size; i++) {
      part[i] = i >= before && i < before + own ? p->value[id][i - before] * info->factor : (double)NAN;
    }
  }
  const tanlu_status status = write_variable(w, info->name, info->unit, info->long_name, rank, dim, value);
  free(value);
  return status;
}

/* Scalars of the scenarios: the summary, and how well the equations closed. */
static tanlu_status write_scalars(writer *w) {
  const size_t scalars = tanlu_summary_count();
  const size_t summary_dim[] = {DIM_SCENARIO, DIM_SUMMARY}, scenario_dim[] = {DIM_SCENARIO};
  double *summary = tanlu_allocate_doubles(w->context, scalars, w->count);
  double *residual = tanlu_allocate_doubles(w->context, w->count, 1);
  double *balance = tanlu_allocate_doubles(w->context, w->count, 1);
  tanlu_status status = TANLU_ERR_MEMORY;
  if (summary == NULL || residual == NULL || balance == NULL) goto done;
  for (size_t s = 0; s < w->count; s++) {
    const tanlu_projection *p = w->scenario[s].projection;
    tanlu_summary_compute(p->value[TANLU_FIELD_INDICATOR], p->from, p->years, summary + s * scalars);
    residual[s] = p->worst_residual;
    balance[s] = p->worst_balance;
  }
  status = write_variable(w, "summary_value", "see summary_unit", "Scalars of the scenario", 2, summary_dim, summary);
  if (status == TANLU_OK) {
    status = write_variable(w, "residual", "1", "Largest relative residual of the solved systems", 1, scenario_dim,
                            residual);
  }
  if (status == TANLU_OK) {
    status = write_variable(w, "balance_gap", "1", "Largest relative gap of the conservation checks", 1, scenario_dim,
                            balance);
  }
done:
  free(summary);
  free(residual);
  free(balance);
  return status;
}

/* ---- root attributes ----------------------------------------------------------------------------------------------- */

static tanlu_status write_provenance(writer *w, const tanlu_provenance *p) {
  char source[160], title[256], stamp[32] = "", host[128] = "";
  const time_t now = time(NULL);
  struct tm utc;
  if (gmtime_r(&now, &utc) != NULL) (void)strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
  (void)gethostname(host, sizeof host - 1);
  (void)snprintf(source, sizeof source, "Tanlu %s (%s)", p->version, p->commit);
  (void)snprintf(title, sizeof title, "Carbon pathways projected from %s", w->dataset->title);
  const char *command = p->command_line != NULL ? p->command_line : "";
  const size_t length = strlen(stamp) + strlen(command) + 4;
  char *history = tanlu_allocate(w->context, length, 1);
  if (history == NULL) return TANLU_ERR_MEMORY;
  (void)snprintf(history, length, "%s: %s", stamp, command);
  const struct {
    const char *name, *text;
  } attribute[] = {{"Conventions", "CF-1.10"},
                   {"title", title},
                   {"source", source},
                   {"history", history},
                   {"dataset", w->dataset->name},
                   {"dataset_title", w->dataset->title},
                   {"region", w->dataset->region != NULL ? w->dataset->region : "China"},
                   {"build_flags", p->build_flags},
                   {"blas_core", p->blas_core},
                   {"host", host}};
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; status == TANLU_OK && i < sizeof attribute / sizeof *attribute; i++) {
    if (tanlu_h5_attribute_text(w->file, attribute[i].name, attribute[i].text) < 0) status = failed(w);
  }
  if (status == TANLU_OK && (tanlu_h5_attribute_int(w->file, "base_year", w->dataset->base_year) < 0 ||
                             tanlu_h5_attribute_int(w->file, "threads", p->threads) < 0 ||
                             tanlu_h5_attribute_texts(w->file, "input_files", p->input, p->inputs) < 0 ||
                             tanlu_h5_attribute_texts(w->file, "input_sha256", p->sha256, p->inputs) < 0)) {
    status = failed(w);
  }
  free(history);
  return status;
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

static tanlu_status write_content(writer *w, tanlu_output_file *place, const tanlu_provenance *provenance) {
  const void *bytes = NULL;
  size_t size = 0;
  w->file = tanlu_h5_create_image();
  if (w->file < 0) return failed(w);
  tanlu_status status = write_provenance(w, provenance);
  if (status == TANLU_OK) status = write_dimensions(w);
  for (size_t id = 0; status == TANLU_OK && id < TANLU_FIELD_COUNT; id++) status = write_field(w, (tanlu_field_id)id);
  if (status == TANLU_OK) status = write_scalars(w);
  if (status == TANLU_OK && w->scenario[0].regions != NULL) status = tanlu_result_write_regions(w);
  for (size_t dim = 0; dim < DIM_ALL; dim++) {
    if (w->scale[dim] >= 0) (void)H5Dclose(w->scale[dim]);
  }
  if (status == TANLU_OK && tanlu_h5_image(w->file, &bytes, &size) < 0) status = failed(w);
  if (status == TANLU_OK) status = tanlu_output_file_write(place, bytes, size, w->context);
  (void)H5Fclose(w->file); /* only memory is given back */
  return status;
}

/* First and last year of any scenario. */
static void span_years(writer *w) {
  int last = w->scenario[0].projection->from;
  w->from = last;
  for (size_t s = 0; s < w->count; s++) {
    const tanlu_projection *p = w->scenario[s].projection;
    const int end = p->from + (int)p->years;
    if (p->from < w->from) w->from = p->from;
    if (end > last) last = end;
  }
  w->years = (size_t)(last - w->from);
}

tanlu_status tanlu_result_write(const char *path, bool force, const tanlu_dataset *dataset,
                                const tanlu_result_scenario *scenario, size_t count, const tanlu_provenance *provenance,
                                tanlu_context *context) {
  if (count == 0) return tanlu_fail(context, TANLU_ERR_INTERNAL, "%s: no scenario to write", path);
  for (size_t s = 1; s < count; s++) {
    if ((scenario[s].regions == NULL) == (scenario[0].regions == NULL)) continue;
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "%s: some scenarios have regions, some have none", path);
  }
  tanlu_output_file place;
  tanlu_status status = tanlu_output_file_begin(&place, path, force, context);
  if (status != TANLU_OK) return status;
  writer w = {.path = path, .dataset = dataset, .scenario = scenario, .count = count, .context = context};
  for (size_t dim = 0; dim < DIM_ALL; dim++) w.scale[dim] = H5I_INVALID_HID;
  span_years(&w);
  tanlu_h5_quiet();
  status = write_content(&w, &place, provenance);
  if (status == TANLU_OK) return tanlu_output_file_commit(&place, context);
  tanlu_output_file_abandon(&place);
  return status;
}

tanlu_status tanlu_result_writable(const char *path, bool force, tanlu_context *context) {
  return tanlu_output_file_check(path, force, context);
}
