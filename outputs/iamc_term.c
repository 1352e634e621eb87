/* Reads the sums of terms of the IAMC table: [+|-] [number[/number]] variable [(axis=class[, axis=class])] */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/iamc_private.h"

static void skip_spaces(const char **text) {
  while (**text == ' ') ++*text;
}

static bool take(const char **text, char wanted) {
  skip_spaces(text);
  if (**text != wanted) return false;
  ++*text;
  skip_spaces(text);
  return true;
}

static bool take_word(const char **text, char word[TANLU_IAMC_WORD]) {
  size_t length = 0;
  while (isalnum((unsigned char)(*text)[length]) || (*text)[length] == '_' || (*text)[length] == '.') length++;
  if (length == 0 || length >= TANLU_IAMC_WORD) return false;
  memcpy(word, *text, length);
  word[length] = '\0';
  *text += length;
  return true;
}

static double take_factor(const char **text) {
  if (!isdigit((unsigned char)**text) && !(**text == '-' && isdigit((unsigned char)(*text)[1]))) return 1.0;
  char *end = NULL;
  double factor = strtod(*text, &end);
  if (*end == '/') factor /= strtod(end + 1, &end);
  *text = end;
  skip_spaces(text);
  return factor;
}

int tanlu_iamc_next_term(const char **text, tanlu_iamc_term *term) {
  *term = (tanlu_iamc_term){.factor = 1.0};
  skip_spaces(text);
  if (**text == '\0') return 0;
  double sign = 1.0;
  if (**text == '-' && (*text)[1] == ' ') {
    sign = -1.0;
    ++*text;
  } else if (**text == '+') {
    ++*text;
  }
  skip_spaces(text);
  term->factor = sign * take_factor(text);
  if (!take_word(text, term->variable)) return -1;
  if (take(text, '(')) {
    do {
      if (term->selectors == TANLU_IAMC_AXES || !take_word(text, term->selector[term->selectors].axis) ||
          !take(text, '=') || !take_word(text, term->selector[term->selectors].class)) {
        return -1;
      }
      term->selectors++;
    } while (take(text, ','));
    if (!take(text, ')')) return -1;
  }
  skip_spaces(text);
  return **text == '\0' || **text == '+' || **text == '-' ? 1 : -1;
}
