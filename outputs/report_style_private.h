/* Private to outputs/report.c. */
#ifndef TANLU_OUTPUTS_REPORT_STYLE_PRIVATE_H
#define TANLU_OUTPUTS_REPORT_STYLE_PRIVATE_H

/* The style sheet of a page, piece by piece up to a NULL: wide screens, phones, paper; light and dark. */
extern const char *const tanlu_report_style[];

#endif
