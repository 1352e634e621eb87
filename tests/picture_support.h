/* SVG pictures read back by tests: are they well formed, and what do they show? */
#ifndef TANLU_TESTS_PICTURE_SUPPORT_H
#define TANLU_TESTS_PICTURE_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "outputs/figure.h"

/* Picture or CSV of a figure as a string; fails the test on any error. The caller frees. */
char *tanlu_test_svg(const tanlu_figure *figure, bool alone);
char *tanlu_test_csv(const tanlu_figure *figure);

/* What is wrong with an XML document, NULL when it is well formed: tags that do not match, attributes without quotes, loose < or &, control
 * characters, two attributes or two ids of one name, references to ids that are not there. */
const char *tanlu_test_xml_fault(const char *text);
/* Times `part` occurs. */
size_t tanlu_test_count(const char *text, const char *part);
/* Numbers of the attribute of the first element after `from` that has this class: for d, points of a path. Returns how many; *end (or NULL)
 * points behind the element; 0 and NULL where there is none. */
size_t tanlu_test_numbers(const char *from, const char *class, const char *attribute, double *number, size_t most,
                          const char **end);
/* Attribute x or y of the first <text> whose content is `text`; NaN where there is none. */
double tanlu_test_text_at(const char *svg, const char *text, char axis);
/* Where on the y axis a value stands, read off two of its tick labels. */
double tanlu_test_y_of(const char *svg, const char *low_label, double low, const char *high_label, double high,
                       double value);
/* The same on the x axis. */
double tanlu_test_x_of(const char *svg, const char *low_label, double low, const char *high_label, double high,
                       double value);

#endif
