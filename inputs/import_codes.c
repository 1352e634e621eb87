#include "inputs/import_codes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/label_index.h"
#include "inputs/number.h"
#include "solvers/memory.h"

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

char *tanlu_code_of(const char *text, tanlu_context *context) {
  char *code = tanlu_allocate(context, strlen(text) + 2, 1);
  if (code == NULL) return NULL;
  size_t length = 0;
  bool gap = false;
  for (; *text != '\0'; text++) {
    const bool kept = is_letter(*text) || is_digit(*text);
    if (kept && gap && length > 0) code[length++] = '_';
    if (kept) code[length++] = lower(*text);
    gap = !kept;
  }
  if (length == 0) code[length++] = 'x';
  code[length] = '\0';
  return code;
}

/* `code` with _2, _3, ... behind it, the first that is free. */
static char *numbered(const tanlu_label_index *taken, const char *code, tanlu_context *context) {
  const size_t length = strlen(code) + 24;
  char *text = tanlu_allocate(context, length, 1);
  for (size_t k = 2; text != NULL; k++) {
    snprintf(text, length, "%s_%zu", code, k);
    if (tanlu_label_index_find(taken, text, "") == TANLU_NONE) break;
  }
  return text;
}

static tanlu_status assign(tanlu_labels *labels, size_t k, bool verbatim, tanlu_label_index *taken, size_t *changed,
                           tanlu_context *context) {
  const bool given = labels->code[k][0] != '\0';
  char *code = given      ? tanlu_string_copy(context, labels->code[k])
               : verbatim ? tanlu_string_copy(context, labels->name[k])
                          : tanlu_code_of(labels->name[k], context);
  if (code != NULL && tanlu_label_index_find(taken, code, "") != TANLU_NONE) {
    char *other = numbered(taken, code, context);
    free(code);
    code = other;
    (*changed)++;
  }
  if (code == NULL) return TANLU_ERR_MEMORY;
  free(labels->code[k]);
  labels->code[k] = code;
  return tanlu_label_index_add(taken, code, "", k, context);
}

/* Letters, digits, _ and -. */
static bool is_code(const char *text) {
  for (const char *c = text; *c != '\0'; c++) {
    if (!is_letter(*c) && !is_digit(*c) && *c != '_' && *c != '-') return false;
  }
  return *text != '\0';
}

tanlu_status tanlu_codes_assign(tanlu_labels *labels, const char *const *taken, size_t *changed,
                                tanlu_context *context) {
  tanlu_label_index index = {0};
  tanlu_status status = TANLU_OK;
  bool verbatim = true;
  size_t count = 0;
  for (size_t k = 0; k < labels->count; k++) {
    verbatim = verbatim && (labels->code[k][0] != '\0' || is_code(labels->name[k]));
  }
  for (; status == TANLU_OK && taken != NULL && *taken != NULL; taken++) {
    if (tanlu_label_index_find(&index, *taken, "") != TANLU_NONE) continue;
    status = tanlu_label_index_add(&index, *taken, "", 0, context);
  }
  for (size_t k = 0; status == TANLU_OK && k < labels->count; k++) {
    status = assign(labels, k, verbatim, &index, &count, context);
  }
  tanlu_label_index_clear(&index);
  if (changed != NULL) *changed = count;
  return status;
}

/* ---- what texts mean ----------------------------------------------------------------------------------------------------- */

/* Does `text` begin, or hold, `part`? Letters of either size. */
static bool begins(const char *text, const char *part) {
  for (; *part != '\0'; text++, part++) {
    if (lower(*text) != lower(*part)) return false;
  }
  return true;
}

static bool holds(const char *text, const char *part) {
  for (; *text != '\0'; text++) {
    if (begins(text, part)) return true;
  }
  return false;
}

static bool is_word(const char *text, const char *word) {
  return strlen(text) == strlen(word) && begins(text, word);
}

tanlu_category_role tanlu_role_of(const char *category) {
  static const struct {
    const char *text;
    bool whole; /* the text is the whole category; else a part of it */
    tanlu_category_role role;
  } known[] = {
      {"government", false, TANLU_ROLE_GOVERNMENT},
      {"GGFC", true, TANLU_ROLE_GOVERNMENT},
      {"CONS_g", true, TANLU_ROLE_GOVERNMENT},
      {"c39", true, TANLU_ROLE_GOVERNMENT},
      {"fixed capital", false, TANLU_ROLE_FIXED_CAPITAL},
      {"GFCF", true, TANLU_ROLE_FIXED_CAPITAL},
      {"c41", true, TANLU_ROLE_FIXED_CAPITAL},
      {"inventor", false, TANLU_ROLE_INVENTORIES},
      {"INVNT", true, TANLU_ROLE_INVENTORIES},
      {"INVEN", true, TANLU_ROLE_INVENTORIES},
      {"INV", true, TANLU_ROLE_INVENTORIES},
      {"c42", true, TANLU_ROLE_INVENTORIES},
      {"EXPO", true, TANLU_ROLE_EXPORTS},
      {"export", false, TANLU_ROLE_EXPORTS},
      {"CONS_NONRES", true, TANLU_ROLE_EXPORTS},
  };
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    if (known[k].whole ? is_word(category, known[k].text) : holds(category, known[k].text)) return known[k].role;
  }
  return TANLU_ROLE_OTHER;
}

/* The next word of letters and digits, "$" for a dollar; false after the last one. */
static bool next_word(const char **text, char word[16]) {
  const char *c = *text;
  size_t length = 0;
  while (*c != '\0' && !is_letter(*c) && !is_digit(*c) && *c != '$') c++;
  if (*c == '$') {
    word[length++] = *c++;
  } else {
    for (; is_letter(*c) || is_digit(*c); c++) {
      if (length < 15) word[length++] = *c;
    }
  }
  word[length] = '\0';
  *text = c;
  return length > 0;
}

bool tanlu_money_of(const char *text, char money[32]) {
  static const struct {
    const char *word, *scale;
  } scales[] = {{"M", "1e6"},        {"MN", "1e6"},       {"MIO", "1e6"},  {"Mill", "1e6"},    {"Million", "1e6"},
                {"Millions", "1e6"}, {"B", "1e9"},        {"BN", "1e9"},   {"Billion", "1e9"}, {"Billions", "1e9"},
                {"K", "1e3"},        {"Thousand", "1e3"}, {"1e4", "1e4"},  {"1e6", "1e6"},     {"1e8", "1e8"},
                {"1e9", "1e9"},      {"1e3", "1e3"},      {"1000", "1e3"}, {"1000000", "1e6"}};
  const char *scale = NULL;
  char currency[4] = "", word[16];
  while (next_word(&text, word)) {
    size_t k = 0;
    while (k < sizeof scales / sizeof *scales && !is_word(word, scales[k].word)) k++;
    if (k < sizeof scales / sizeof *scales) {
      if (scale != NULL) return false;
      scale = scales[k].scale;
    } else if (is_word(word, "$") || is_word(word, "US") || is_word(word, "dollars")) {
      memcpy(currency, "USD", 4);
    } else if (is_word(word, "euro") || is_word(word, "euros")) {
      memcpy(currency, "EUR", 4);
    } else if (strlen(word) == 3 && word[0] >= 'A' && word[0] <= 'Z' && word[1] >= 'A' && word[1] <= 'Z' &&
               word[2] >= 'A' && word[2] <= 'Z') {
      memcpy(currency, word, 4);
    } else if (!is_word(word, "of") && !is_word(word, "current")) {
      return false;
    }
  }
  if (currency[0] == '\0') return false;
  snprintf(money, 32, "%s %s", scale != NULL ? scale : "1", currency);
  return true;
}

int tanlu_year_of(const char *path) {
  size_t end = strlen(path);
  while (end > 0 && path[end - 1] == '/') end--;
  size_t begin = end;
  while (begin > 0 && path[begin - 1] != '/') begin--;
  for (size_t k = end; k >= begin + 4; k--) {
    const char *text = path + k - 4;
    char digits[5] = {text[0], text[1], text[2], text[3], '\0'};
    int year = 0;
    const bool apart = (k == end || !is_digit(path[k])) && (k - 4 == begin || !is_digit(text[-1]));
    if (apart && is_digit(text[0]) && tanlu_integer_parse(digits, &year) && year >= 1900 && year <= 2100) return year;
  }
  return 0;
}
