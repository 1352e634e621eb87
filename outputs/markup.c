#include "outputs/markup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the well-formed UTF-8 character at p (RFC 3629), 0 where there is none. */
static size_t character(const unsigned char *p) {
  const size_t length = p[0] < 0x80 ? 1 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
  if (length == 1) return 1;
  if (p[0] < 0xC2 || p[0] > 0xF4) return 0;
  uint32_t code = p[0] & (0x7Fu >> length);
  for (size_t k = 1; k < length; k++) {
    if ((p[k] & 0xC0) != 0x80) return 0;
    code = code << 6 | (p[k] & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF, no_character = (code & 0xFFFE) == 0xFFFE;
  return overlong || surrogate || no_character || code > 0x10FFFF ? 0 : length;
}

static const char *reference(unsigned char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F ? "\xEF\xBF\xBD" : NULL;
  }
}

void tanlu_markup_put(FILE *stream, const char *text) {
  const unsigned char *p = (const unsigned char *)text;
  while (p != NULL && *p != '\0') {
    const size_t length = character(p);
    const char *instead = length == 0 ? "\xEF\xBF\xBD" : length == 1 ? reference(*p) : NULL;
    if (instead != NULL) {
      (void)fputs(instead, stream);
    } else {
      (void)fwrite(p, 1, length, stream);
    }
    p += length == 0 ? 1 : length;
  }
}
