#include "inputs/import.h"

#include <string.h>

#include "inputs/file_hash.h"
#include "model/labels.h"

static const tanlu_import_format formats[] = {
    {"nbs", "national table of the National Bureau of Statistics of China as CSV, competitive or split", false,
     tanlu_import_nbs},
    {"ceads", "sectoral CO2 inventory of the CEADs as CSV, as extensions of --dataset", true, tanlu_import_ceads},
    {"pymrio", "directory of a table that pymrio saved as text", false, tanlu_import_pymrio},
    {"exiobase", "directory of EXIOBASE 3: IOT_2020_pxp", false, tanlu_import_exiobase},
    {"wiod", "world table of WIOD, release 2013 or 2016, as CSV", false, tanlu_import_wiod},
    {"oecd-icio", "inter-country or national table of the OECD as CSV", false, tanlu_import_oecd},
};
enum { FORMATS = sizeof formats / sizeof *formats };

const tanlu_import_format *tanlu_import_formats(size_t *count) {
  *count = FORMATS;
  return formats;
}

tanlu_status tanlu_import_format_find(const tanlu_import_format **format, const char *name, tanlu_context *context) {
  const char *names[FORMATS];
  for (size_t k = 0; k < FORMATS; k++) {
    names[k] = formats[k].name;
    *format = &formats[k];
    if (strcmp(name, names[k]) == 0) return TANLU_OK;
  }
  *format = NULL;
  const char *nearest = tanlu_nearest(name, names, FORMATS);
  if (nearest != NULL) {
    return tanlu_fail(context, TANLU_ERR_INPUT, "unknown format '%s'; did you mean '%s'?", name, nearest);
  }
  return tanlu_fail(context, TANLU_ERR_INPUT, "unknown format '%s'; 'tanlu import --help' names all", name);
}

tanlu_status tanlu_import_heads(tanlu_region_heads *heads, const tanlu_import *import, const char *title,
                                const char *money, int year, tanlu_import_treatment treatment, tanlu_context *context) {
  *heads = (tanlu_region_heads){.name = import->name,
                                .title = import->title != NULL ? import->title : title,
                                .region = import->region,
                                .money = import->money != NULL ? import->money : money,
                                .base_year = import->year != 0 ? import->year : year,
                                .tolerance = import->tolerance,
                                .treatment = treatment};
  tanlu_status status = TANLU_OK;
  if (heads->base_year == 0) {
    status = tanlu_fail(context, TANLU_ERR_INPUT, "%s does not tell its year; give it with --year", import->path);
  }
  if (heads->money == NULL) {
    status =
        tanlu_fail(context, TANLU_ERR_INPUT,
                   "%s does not tell its unit of money; give it with --money, as in --money '1e6 EUR'", import->path);
  } else if (!tanlu_money_well_formed(heads->money)) {
    status = tanlu_fail(context, TANLU_ERR_INPUT,
                        "'%s' is no unit of money; expected a factor and a currency, as in '1e6 EUR'", heads->money);
  }
  if (status == TANLU_OK) {
    tanlu_table_report_fact(import->report, "money: %s, %s; base year %d, %s", heads->money,
                            import->money != NULL ? "as given" : "of the format", heads->base_year,
                            import->year != 0 ? "as given" : "of the files");
  }
  return status;
}

static void note(const tanlu_import *import, const char *path, const char *digest) {
  const char *slash = strrchr(path, '/');
  tanlu_table_report_fact(import->report, "file %s, SHA-256 %s", slash != NULL ? slash + 1 : path, digest);
}

tanlu_status tanlu_import_note_file(const tanlu_import *import, const char *path, tanlu_context *context) {
  char digest[TANLU_SHA256_TEXT];
  const tanlu_status status = tanlu_file_sha256(path, digest, context);
  if (status == TANLU_OK) note(import, path, digest);
  return status;
}

tanlu_status tanlu_import_wide(tanlu_csv **table, const tanlu_import *import, tanlu_context *context) {
  char digest[TANLU_SHA256_TEXT];
  const tanlu_status status = tanlu_csv_read_delimited(table, import->path, ',', digest, context);
  if (status == TANLU_OK) note(import, import->path, digest);
  return status;
}

tanlu_status tanlu_import_csv(tanlu_csv **table, const tanlu_import *import, const char *path, tanlu_context *context) {
  char digest[TANLU_SHA256_TEXT];
  tanlu_status status = tanlu_csv_read(table, path, digest, context);
  if (status != TANLU_OK) return status;
  const tanlu_csv *t = *table;
  const char *header = tanlu_csv_header(t, 0);
  if (t->columns == 1 && strpbrk(header, ";\t|") != NULL) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, t->header_line, 1,
                           "the fields are separated by '%s'; expected commas",
                           strchr(header, ';') != NULL    ? ";"
                           : strchr(header, '\t') != NULL ? "a tab"
                                                          : "|");
  } else if (t->columns < 2 || t->rows == 0) {
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, t->header_line, 0,
                           "holds no table; expected a header with "
                           "several columns and rows below it");
  }
  if (status == TANLU_OK) note(import, path, digest);
  if (status != TANLU_OK) tanlu_csv_free(table);
  return status;
}
