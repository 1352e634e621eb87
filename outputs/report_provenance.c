/* Where the results of a report come from: the attributes of their file. */
#include <string.h>

#include "outputs/report.h"
#include "outputs/table.h"

/* The next line of a list of lines; its length is 0 at the end. */
static const char *next_line(const char **lines, size_t *length) {
  const char *line = *lines;
  *length = line != NULL ? strcspn(line, "\n") : 0;
  if (line != NULL) *lines = line[*length] == '\n' ? line + *length + 1 : NULL;
  return line;
}

static const char inputs_caption[] = "Input files with SHA-256";

static tanlu_table *inputs_table(tanlu_context *context) {
  tanlu_table *table = tanlu_table_create(context);
  if (table == NULL) return NULL;
  tanlu_table_column(table, "input file", TANLU_LEFT);
  tanlu_table_column(table, "SHA-256", TANLU_LEFT);
  return table;
}

static void put_inputs(tanlu_report *report, const char *files, const char *digests, tanlu_context *context) {
  tanlu_table *table = inputs_table(context);
  char text[512];
  while (table != NULL && files != NULL) {
    size_t length = 0, digits = 0;
    const char *file = next_line(&files, &length), *digest = next_line(&digests, &digits);
    (void)snprintf(text, sizeof text, "%.*s", (int)length, file);
    tanlu_table_text(table, text);
    (void)snprintf(text, sizeof text, "%.*s", (int)digits, digest != NULL ? digest : "");
    tanlu_table_text(table, text);
  }
  tanlu_report_table(report, &table, true, inputs_caption);
}

void tanlu_report_provenance(tanlu_report *report, tanlu_result *result) {
  static const struct {
    const char *attribute, *term;
  } line[] = {{"source", "Program"},    {"dataset", "Dataset"},     {"dataset_title", "Its title"},
              {"region", "Region"},     {"base_year", "Base year"}, {"history", "Command"},
              {"build_flags", "Build"}, {"blas_core", "BLAS core"}, {"threads", "Threads"}};
  tanlu_report_section(report, "provenance", "Provenance");
  tanlu_report_text(report,
                    "Every number of this page comes from the result file or from projecting its scenarios again "
                    "with the dataset whose files it names.");
  const char *path = tanlu_result_path(result), *slash = strrchr(path, '/');
  tanlu_report_term(report, "Result file", "%s", slash != NULL ? slash + 1 : path);
  for (size_t k = 0; k < sizeof line / sizeof *line; k++) {
    const char *text = tanlu_result_attribute(result, line[k].attribute);
    if (text != NULL && text[0] != '\0') tanlu_report_term(report, line[k].term, "%s", text);
  }
  put_inputs(report, tanlu_result_attribute(result, "input_files"), tanlu_result_attribute(result, "input_sha256"),
             NULL);
}

void tanlu_report_provenance_dataset(tanlu_report *report, const tanlu_dataset *dataset, const char *program) {
  tanlu_report_section(report, "provenance", "Provenance");
  tanlu_report_text(report, "Every number of this page comes from the files of the dataset.");
  tanlu_report_term(report, "Program", "%s", program);
  tanlu_report_term(report, "Dataset", "%s", dataset->name);
  tanlu_report_term(report, "Its title", "%s", dataset->title);
  if (dataset->region != NULL && dataset->region[0] != '\0') tanlu_report_term(report, "Region", "%s", dataset->region);
  tanlu_report_term(report, "Base year", "%d", dataset->base_year);
  tanlu_table *table = inputs_table(NULL);
  for (size_t k = 0; table != NULL && k < dataset->files; k++) {
    tanlu_table_text(table, dataset->file[k]);
    tanlu_table_text(table, dataset->sha256[k]);
  }
  tanlu_report_table(report, &table, true, inputs_caption);
}
