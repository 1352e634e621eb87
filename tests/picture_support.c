#include "tests/picture_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "tests/support.h"

/* ---- making ----------------------------------------------------------------------------------------------------------------- */

static char *written(const tanlu_figure *figure, bool csv, bool alone) {
  char *text = NULL;
  size_t size = 0;
  tanlu_context *context = tanlu_context_create();
  FILE *stream = open_memstream(&text, &size);
  assert_non_null(stream);
  const tanlu_status status =
      csv ? tanlu_figure_csv(figure, stream, context) : tanlu_figure_svg(figure, alone, stream, context);
  assert_int_equal(fclose(stream), 0);
  if (status != TANLU_OK) tanlu_test_print_messages(context);
  assert_int_equal(status, TANLU_OK);
  tanlu_context_free(&context);
  return text;
}

char *tanlu_test_svg(const tanlu_figure *figure, bool alone) {
  return written(figure, false, alone);
}

char *tanlu_test_csv(const tanlu_figure *figure) {
  return written(figure, true, false);
}

/* ---- well-formedness --------------------------------------------------------------------------------------------------------- */

enum { DEPTH_MAX = 32, ATTRIBUTES_MAX = 32, IDS_MAX = 64 };

typedef struct {
  const char *start;
  size_t length;
} slice;

static bool same(slice a, slice b) {
  return a.length == b.length && strncmp(a.start, b.start, a.length) == 0;
}

static slice name_at(const char *p) {
  return (slice){p, strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_")};
}

/* Text up to `stop`: no < and only references that XML knows. */
static const char *skip_text(const char *p, char stop) {
  static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
  while (*p != '\0' && *p != stop) {
    bool fine = *p != '<' && ((unsigned char)*p >= 0x20 || *p == '\n');
    if (*p == '&') {
      fine = false;
      for (size_t i = 0; i < sizeof known / sizeof *known; i++) fine |= strncmp(p, known[i], strlen(known[i])) == 0;
    }
    if (!fine) return NULL;
    p++;
  }
  return p;
}

/* From behind the name of a tag to its > or />; ids are noted. NULL when an attribute is wrong. */
static const char *skip_attributes(const char *p, slice *id, size_t *ids) {
  slice seen[ATTRIBUTES_MAX];
  size_t count = 0;
  while (*p == ' ') {
    const slice name = name_at(p + 1);
    p = name.start + name.length;
    for (size_t i = 0; i < count; i++) {
      if (same(name, seen[i])) return NULL;
    }
    if (name.length == 0 || p[0] != '=' || p[1] != '"' || count == ATTRIBUTES_MAX) return NULL;
    seen[count++] = name;
    const char *end = skip_text(p + 2, '"');
    if (end == NULL || *end != '"') return NULL;
    if (name.length == 2 && strncmp(name.start, "id", 2) == 0 && *ids < IDS_MAX) {
      id[(*ids)++] = (slice){p + 2, (size_t)(end - p - 2)};
    }
    p = end + 1;
  }
  return *p == '>' || strncmp(p, "/>", 2) == 0 ? p : NULL;
}

static bool has_id(const slice *id, size_t ids, slice wanted) {
  for (size_t i = 0; i < ids; i++) {
    if (same(id[i], wanted)) return true;
  }
  return false;
}

static const char *reference_fault(const char *text, const slice *id, size_t ids) {
  for (size_t i = 0; i < ids; i++) {
    for (size_t k = 0; k < i; k++) {
      if (same(id[i], id[k])) return "two elements have one id";
    }
  }
  for (const char *p = text; (p = strstr(p, "url(#")) != NULL; p += 5) {
    if (!has_id(id, ids, (slice){p + 5, strcspn(p + 5, ")")})) return "url() names no id";
  }
  for (const char *p = strstr(text, "aria-labelledby=\""); p != NULL; p = strstr(p, "aria-labelledby=\"")) {
    p += strlen("aria-labelledby=\"");
    for (; *p != '"'; p += *p == ' ') {
      const slice name = {p, strcspn(p, " \"")};
      if (!has_id(id, ids, name)) return "aria-labelledby names no id";
      p += name.length;
    }
  }
  return NULL;
}

const char *tanlu_test_xml_fault(const char *text) {
  slice open[DEPTH_MAX], id[IDS_MAX];
  size_t depth = 0, ids = 0, roots = 0;
  const char *p = text;
  if (strncmp(p, "<?xml", 5) == 0) p = strstr(p, "?>") + 2;
  while (*p != '\0') {
    if (*p != '<') {
      const char *end = p + strcspn(p, "<");
      if (depth == 0 && strspn(p, "\n") != (size_t)(end - p)) return "text outside the root";
      for (; p < end; p++) {
        char one[8] = {0};
        (void)snprintf(one, sizeof one, "%.6s", p);
        if (*p == '&' && skip_text(one, ';') == NULL) return "a loose & in a text";
        if ((unsigned char)*p < 0x20 && *p != '\n') return "a control character in a text";
      }
      continue;
    }
    const bool closes = p[1] == '/';
    const slice name = name_at(p + 1 + closes);
    p = name.start + name.length;
    if (name.length == 0) return "a tag without a name";
    if (closes) {
      if (depth == 0 || !same(open[--depth], name) || *p != '>') return "a closing tag that does not match";
      p++;
      continue;
    }
    p = skip_attributes(p, id, &ids);
    if (p == NULL) return "a wrong attribute";
    if (depth == 0 && roots++ > 0) return "two roots";
    if (*p == '>') {
      if (depth == DEPTH_MAX) return "too deep";
      open[depth++] = name;
      p++;
    } else {
      p += 2;
    }
  }
  return depth > 0 ? "a tag is not closed" : roots == 0 ? "no root" : reference_fault(text, id, ids);
}

/* ---- reading ------------------------------------------------------------------------------------------------------------------ */

size_t tanlu_test_count(const char *text, const char *part) {
  size_t count = 0;
  for (const char *p = text; (p = strstr(p, part)) != NULL; p += strlen(part)) count++;
  return count;
}

static size_t read_numbers(const char *p, const char *end, double *number, size_t most) {
  size_t count = 0;
  while (p < end && count < most) {
    char *next = NULL;
    const double value = strchr("0123456789-.", *p) != NULL ? strtod(p, &next) : 0.0;
    if (next == NULL || next == p) {
      p++;
    } else {
      number[count++] = value;
      p = next;
    }
  }
  return count;
}

size_t tanlu_test_numbers(const char *from, const char *class, const char *attribute, double *number, size_t most,
                          const char **end) {
  char wanted[64], name[32];
  (void)snprintf(wanted, sizeof wanted, "class=\"%s\"", class);
  (void)snprintf(name, sizeof name, " %s=\"", attribute);
  if (end != NULL) *end = NULL;
  for (const char *p = strstr(from, wanted); p != NULL; p = strstr(p + 1, wanted)) {
    const char *start = p;
    while (start > from && *start != '<') start--;
    const char *value = strstr(start, name), *stop = strchr(start, '>');
    if (value == NULL || stop == NULL || value > stop) continue;
    value += strlen(name);
    if (end != NULL) *end = stop;
    return read_numbers(value, strchr(value, '"'), number, most);
  }
  return 0;
}

double tanlu_test_text_at(const char *svg, const char *text, char axis) {
  char content[128], name[8];
  (void)snprintf(content, sizeof content, ">%s</text>", text);
  (void)snprintf(name, sizeof name, " %c=\"", axis);
  const char *p = strstr(svg, content);
  if (p == NULL) return (double)NAN;
  while (p > svg && *p != '<') p--;
  return strtod(strstr(p, name) + 4, NULL);
}

static double between(double at_low, double low, double at_high, double high, double value) {
  return at_low + (value - low) / (high - low) * (at_high - at_low);
}

double tanlu_test_y_of(const char *svg, const char *low_label, double low, const char *high_label, double high,
                       double value) {
  const double baseline = 0.35 * 13.0; /* the labels are centred on their ticks */
  return between(tanlu_test_text_at(svg, low_label, 'y') - baseline, low,
                 tanlu_test_text_at(svg, high_label, 'y') - baseline, high, value);
}

double tanlu_test_x_of(const char *svg, const char *low_label, double low, const char *high_label, double high,
                       double value) {
  return between(tanlu_test_text_at(svg, low_label, 'x'), low, tanlu_test_text_at(svg, high_label, 'x'), high, value);
}
