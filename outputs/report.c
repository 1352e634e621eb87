#include "outputs/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/markup.h"
#include "outputs/report_style_private.h"
#include "solvers/memory.h"

/* What the body ends with: cards, and terms, that follow each other share an element. */
typedef enum { OPEN_NOTHING, OPEN_CARDS, OPEN_TERMS } open_element;

struct tanlu_report {
  char *title, *subtitle;
  FILE *body, *navigation;
  char *body_text, *navigation_text; /* of the streams */
  size_t body_length, navigation_length, sections, figures, tables;
  tanlu_figure **figure;
  open_element open;
  tanlu_status status; /* the first failure */
  tanlu_context *context;
};

tanlu_report *tanlu_report_create(const char *title, const char *subtitle, tanlu_context *context) {
  tanlu_report *r = tanlu_allocate(context, 1, sizeof *r);
  if (r == NULL) return NULL;
  r->context = context;
  r->title = tanlu_string_copy(context, title);
  r->subtitle = tanlu_string_copy(context, subtitle != NULL ? subtitle : "");
  r->body = open_memstream(&r->body_text, &r->body_length);
  r->navigation = open_memstream(&r->navigation_text, &r->navigation_length);
  if (r->title != NULL && r->subtitle != NULL && r->body != NULL && r->navigation != NULL) return r;
  (void)tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the report");
  tanlu_report_free(&r);
  return NULL;
}

void tanlu_report_free(tanlu_report **report) {
  tanlu_report *r = report != NULL ? *report : NULL;
  if (r == NULL) return;
  if (r->body != NULL) (void)fclose(r->body);
  if (r->navigation != NULL) (void)fclose(r->navigation);
  for (size_t i = 0; i < r->figures; i++) tanlu_figure_free(&r->figure[i]);
  free(r->figure);
  free(r->body_text);
  free(r->navigation_text);
  free(r->title);
  free(r->subtitle);
  free(r);
  *report = NULL;
}

static void remember(tanlu_report *report, tanlu_status status) {
  if (report->status == TANLU_OK) report->status = status;
}

/* ---- texts --------------------------------------------------------------------------------------------------------------- */

/* End what the body ends with, unless it goes on. */
static void go_on(tanlu_report *report, open_element wanted) {
  static const char *const start[] = {
      [OPEN_NOTHING] = "", [OPEN_CARDS] = "<div class=\"cards\">\n", [OPEN_TERMS] = "<dl>\n"};
  static const char *const end[] = {[OPEN_NOTHING] = "", [OPEN_CARDS] = "</div>\n", [OPEN_TERMS] = "</dl>\n"};
  if (report->open == wanted) return;
  (void)fputs(end[report->open], report->body);
  (void)fputs(start[wanted], report->body);
  report->open = wanted;
}

/* A formatted text; NULL, remembered, when out of memory. The caller frees it. */
__attribute__((format(printf, 2, 0))) static char *format_text(tanlu_report *report, const char *format,
                                                               va_list arguments) {
  char *text = NULL;
  va_list again;
  va_copy(again, arguments);
  const int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (length >= 0) text = tanlu_allocate(report->context, (size_t)length + 1, 1);
  if (text == NULL) {
    remember(report, TANLU_ERR_MEMORY);
    return NULL;
  }
  (void)vsnprintf(text, (size_t)length + 1, format, arguments);
  return text;
}

/* The text of a caption with CO2 set as a formula; NULL, remembered, when out of memory. The caller frees it. */
__attribute__((format(printf, 2, 0))) static char *format_caption(tanlu_report *report, const char *format,
                                                                  va_list arguments) {
  char *plain = format_text(report, format, arguments);
  const size_t size = plain != NULL ? 2 * strlen(plain) + 1 : 0; /* three bytes become five */
  char *text = plain != NULL ? tanlu_allocate(report->context, size, 1) : NULL;
  if (text != NULL) {
    (void)tanlu_report_typeset(text, size, plain);
  } else {
    remember(report, TANLU_ERR_MEMORY);
  }
  free(plain);
  return text;
}

/* A text between two tags, in the body. */
__attribute__((format(printf, 4, 0))) static void put_element(tanlu_report *report, const char *start, const char *end,
                                                              const char *format, va_list arguments) {
  char *text = format_text(report, format, arguments);
  (void)fputs(start, report->body);
  tanlu_markup_put(report->body, text);
  (void)fputs(end, report->body);
  free(text);
}

void tanlu_report_section(tanlu_report *report, const char *id, const char *heading) {
  go_on(report, OPEN_NOTHING);
  if (report->sections++ > 0) (void)fputs("</section>\n", report->body);
  (void)fprintf(report->body, "<section id=\"%s\" aria-labelledby=\"%s-heading\">\n<h2 id=\"%s-heading\">", id, id, id);
  tanlu_markup_put(report->body, heading);
  (void)fputs("</h2>\n", report->body);
  (void)fprintf(report->navigation, "<li><a href=\"#%s\">", id);
  tanlu_markup_put(report->navigation, heading);
  (void)fputs("</a></li>\n", report->navigation);
}

void tanlu_report_heading(tanlu_report *report, const char *format, ...) {
  va_list arguments;
  go_on(report, OPEN_NOTHING);
  va_start(arguments, format);
  put_element(report, "<h3>", "</h3>\n", format, arguments);
  va_end(arguments);
}

void tanlu_report_text(tanlu_report *report, const char *format, ...) {
  va_list arguments;
  go_on(report, OPEN_NOTHING);
  va_start(arguments, format);
  put_element(report, "<p>", "</p>\n", format, arguments);
  va_end(arguments);
}

void tanlu_report_remark(tanlu_report *report, const char *format, ...) {
  va_list arguments;
  go_on(report, OPEN_NOTHING);
  va_start(arguments, format);
  put_element(report, "<p class=\"remark\">", "</p>\n", format, arguments);
  va_end(arguments);
}

void tanlu_report_term(tanlu_report *report, const char *term, const char *format, ...) {
  va_list arguments;
  go_on(report, OPEN_TERMS);
  (void)fputs("<dt>", report->body);
  tanlu_markup_put(report->body, term);
  va_start(arguments, format);
  put_element(report, "</dt><dd>", "</dd>\n", format, arguments);
  va_end(arguments);
}

void tanlu_report_source(tanlu_report *report, const char *heading, const char *text) {
  go_on(report, OPEN_NOTHING);
  (void)fputs("<details><summary>", report->body);
  tanlu_markup_put(report->body, heading);
  (void)fputs("</summary>\n<pre tabindex=\"0\">", report->body);
  tanlu_markup_put(report->body, text);
  (void)fputs("</pre></details>\n", report->body);
}

static void put_division(FILE *stream, const char *class, const char *text) {
  if (text == NULL || text[0] == '\0') return;
  (void)fprintf(stream, "<div class=\"%s\">", class);
  tanlu_markup_put(stream, text);
  (void)fputs("</div>", stream);
}

void tanlu_report_card(tanlu_report *report, const char *label, const char *value, const char *unit, const char *note) {
  go_on(report, OPEN_CARDS);
  (void)fputs("<div class=\"card\">", report->body);
  put_division(report->body, "label", label);
  (void)fputs("<div class=\"value\">", report->body);
  tanlu_markup_put(report->body, value);
  if (unit != NULL && unit[0] != '\0') {
    (void)fputs(" <span class=\"unit\">", report->body);
    tanlu_markup_put(report->body, unit);
    (void)fputs("</span>", report->body);
  }
  (void)fputs("</div>", report->body);
  put_division(report->body, "note", note);
  (void)fputs("</div>\n", report->body);
}

/* ---- figures and tables -------------------------------------------------------------------------------------------------- */

static bool keep_figure(tanlu_report *report, tanlu_figure *figure) {
  tanlu_figure **grown = figure != NULL ? realloc(report->figure, (report->figures + 1) * sizeof *grown) : NULL;
  if (grown == NULL) {
    remember(report, tanlu_fail(report->context, TANLU_ERR_MEMORY, "out of memory for a figure"));
    tanlu_figure_free(&figure);
    return false;
  }
  report->figure = grown;
  report->figure[report->figures++] = figure;
  return true;
}

void tanlu_report_figure(tanlu_report *report, tanlu_figure **figure, const char *caption, ...) {
  tanlu_figure *own = *figure;
  *figure = NULL;
  if (!keep_figure(report, own)) return;
  go_on(report, OPEN_NOTHING);
  (void)fprintf(report->body, "<figure id=\"figure-%s\">\n<div class=\"drawing\">\n", tanlu_figure_name(own));
  const tanlu_status status = tanlu_figure_svg(own, false, report->body, report->context);
  if (status != TANLU_OK) remember(report, status);
  (void)fprintf(report->body, "</div>\n<figcaption><b>Figure %zu.</b> ", report->figures);
  va_list arguments;
  va_start(arguments, caption);
  char *text = format_caption(report, caption, arguments);
  va_end(arguments);
  tanlu_markup_put(report->body, text);
  (void)fputs("</figcaption>\n</figure>\n", report->body);
  free(text);
}

void tanlu_report_table(tanlu_report *report, tanlu_table **table, bool folded, const char *caption, ...) {
  tanlu_table *own = *table;
  *table = NULL;
  if (own == NULL) {
    remember(report, TANLU_ERR_MEMORY);
    return;
  }
  va_list arguments;
  go_on(report, OPEN_NOTHING);
  va_start(arguments, caption);
  char *text = format_caption(report, caption, arguments);
  va_end(arguments);
  report->tables++;
  (void)fprintf(report->body, folded ? "<details><summary id=\"table-%zu\">" : "<p class=\"caption\" id=\"table-%zu\">",
                report->tables);
  (void)fprintf(report->body, "<b>Table %zu.</b> ", report->tables);
  tanlu_markup_put(report->body, text);
  (void)fputs(folded ? "</summary>\n" : "</p>\n", report->body);
  (void)fprintf(report->body, "<div class=\"scroll\" tabindex=\"0\"><table aria-labelledby=\"table-%zu\">\n",
                report->tables);
  const tanlu_status status = tanlu_table_html(own, report->body, report->context);
  if (status != TANLU_OK) remember(report, status);
  (void)fputs(folded ? "</table></div></details>\n" : "</table></div>\n", report->body);
  tanlu_table_free(&own);
  free(text);
}

/* ---- the page ------------------------------------------------------------------------------------------------------------ */

tanlu_status tanlu_report_html(tanlu_report *report, FILE *stream, tanlu_context *context) {
  if (report->status != TANLU_OK) return report->status;
  go_on(report, OPEN_NOTHING);
  if (fflush(report->body) != 0 || fflush(report->navigation) != 0 || ferror(report->body) != 0) {
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for the report");
  }
  (void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
              "<link rel=\"icon\" href=\"data:,\">\n<title>",
              stream);
  tanlu_markup_put(stream, report->title);
  (void)fputs("</title>\n<style>\n", stream);
  for (const char *const *piece = tanlu_report_style; *piece != NULL; piece++) (void)fputs(*piece, stream);
  (void)fputs("</style>\n</head>\n<body>\n", stream);
  (void)fputs("<a class=\"skip\" href=\"#content\">To the content</a>\n<div class=\"page\">\n<header>\n<h1>", stream);
  tanlu_markup_put(stream, report->title);
  (void)fputs("</h1>\n<p class=\"subtitle\">", stream);
  tanlu_markup_put(stream, report->subtitle);
  (void)fprintf(stream, "</p>\n<nav aria-label=\"Sections\"><ul>\n%s</ul></nav>\n</header>\n<main id=\"content\">\n",
                report->navigation_text);
  (void)fwrite(report->body_text, 1, report->body_length, stream);
  (void)fputs(report->sections > 0 ? "</section>\n</main>\n</div>\n</body>\n</html>\n"
                                   : "</main>\n</div>\n</body>\n</html>\n",
              stream);
  return TANLU_OK;
}

const tanlu_figure *const *tanlu_report_figures(const tanlu_report *report, size_t *count) {
  *count = report->figures;
  return (const tanlu_figure *const *)report->figure;
}
