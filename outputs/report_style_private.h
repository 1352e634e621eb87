/* Private to outputs/report.c. */
#ifndef TANLU_OUTPUTS_REPORT_STYLE_PRIVATE_H
#define TANLU_OUTPUTS_REPORT_STYLE_PRIVATE_H

/* The style sheet of a page: wide screens, phones, paper; light and dark. */
extern const char tanlu_report_style[];

#endif
