/* A report: one HTML page that needs nothing else, neither network nor script. Sections are added one after the other, each with
 * headings, paragraphs, cards, figures and tables; the page puts title, navigation and style around them.
 *
 * All texts are plain (UTF-8, nothing is markup) and copied. Memory failures and those of figures and tables are remembered and
 * reported by tanlu_report_html: adding needs no checks, but for what computing the added takes. The page holds no time and no
 * place but those of the results, so the same results give the same bytes. */
#ifndef TANLU_OUTPUTS_REPORT_H
#define TANLU_OUTPUTS_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "model/dataset.h"
#include "outputs/figure.h"
#include "outputs/result_file.h"
#include "outputs/table.h"

typedef struct tanlu_report tanlu_report;

/* title: h1 and title of the page; subtitle: the line under it, NULL for none. NULL with a message when out of memory. */
tanlu_report *tanlu_report_create(const char *title, const char *subtitle, tanlu_context *context);
void tanlu_report_free(tanlu_report **report);

/* A section: an h2 and a line of the navigation. id: [a-z0-9-], unique in the page. Everything below goes into the last one. */
void tanlu_report_section(tanlu_report *report, const char *id, const char *heading);
/* An h3. */
void tanlu_report_heading(tanlu_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A paragraph. */
void tanlu_report_text(tanlu_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A paragraph in small print: definitions, sources, what a figure leaves out. */
void tanlu_report_remark(tanlu_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A headline number in a box; boxes that follow each other stand in a row. unit, note: "" for none. */
void tanlu_report_card(tanlu_report *report, const char *label, const char *value, const char *unit, const char *note);
/* A line of a list of terms, as of the provenance. Lines that follow each other are one list. */
void tanlu_report_term(tanlu_report *report, const char *term, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A preformatted text that scrolls inside, folded under a heading. */
void tanlu_report_source(tanlu_report *report, const char *heading, const char *text);

/* A figure, taken over and set to NULL; NULL (out of memory) is remembered. The caption stands under it, after its number, with CO2 as
 * tanlu_report_typeset sets it, as in captions of tables; the names of all figures of a report must differ. */
void tanlu_report_figure(tanlu_report *report, tanlu_figure **figure, const char *caption, ...)
    __attribute__((format(printf, 3, 4)));
/* A table, taken over and set to NULL; NULL (out of memory) is remembered. folded: the reader opens it by its caption. A cell that
 * starts with "✓" or "✗" is coloured as met or missed. */
void tanlu_report_table(tanlu_report *report, tanlu_table **table, bool folded, const char *caption, ...)
    __attribute__((format(printf, 4, 5)));

/* The last section of every report: where the results come from, from the attributes of their file: version, commit, dataset,
 * command, input files with SHA-256. */
void tanlu_report_provenance(tanlu_report *report, tanlu_result *result);
/* The same of a report on a dataset alone; program: name and version of what makes the page. */
void tanlu_report_provenance_dataset(tanlu_report *report, const tanlu_dataset *dataset, const char *program);

/* "12,345.6": a number for cards and texts, groups of three apart; "–" for NaN. Returns text. */
const char *tanlu_report_number(char *text, size_t size, double value, int decimals);

/* What the code of an indicator or scalar is called: "Energy CO₂"; the code itself where there is no name. With a year after a point
 * the year too. Returns text, as all of these. */
const char *tanlu_report_words(char *text, size_t size, const char *code);
/* Name of a figure, PREFIX-CODE in letters that names may have. */
const char *tanlu_report_figure_name(char *text, size_t size, const char *prefix, const char *code);
/* "CO2" as a word set as "CO₂"; not inside of codes and names of the IAMC. */
const char *tanlu_report_typeset(char *text, size_t size, const char *plain);

/* ---- output -------------------------------------------------------------------------------------------------------------- */

/* The page. Errors: what was remembered. */
tanlu_status tanlu_report_html(tanlu_report *report, FILE *stream, tanlu_context *context);
/* The figures in their order; owned by the report. */
const tanlu_figure *const *tanlu_report_figures(const tanlu_report *report, size_t *count);

#endif
