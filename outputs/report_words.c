/* Words of reports: what indicators are called, names of figures, numbers. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/report.h"

const char *tanlu_report_figure_name(char *text, size_t size, const char *prefix, const char *code) {
  (void)snprintf(text, size, "%s-%s", prefix, code);
  for (char *c = text; *c != '\0'; c++) {
    *c = (char)tolower((unsigned char)*c);
    if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))) *c = '-';
  }
  return text;
}

const char *tanlu_report_words(char *text, size_t size, const char *code) {
  static const char *const words[][2] = {{"gdp", "GDP"},
                                         {"co2_energy", "Energy CO₂"},
                                         {"co2_process_total", "Process CO₂"},
                                         {"co2_total", "CO₂ before sinks"},
                                         {"co2_net", "Net CO₂"},
                                         {"co2_energy_per_gdp", "Energy CO₂ per GDP"},
                                         {"co2_per_gdp_change_2005", "Energy CO₂ per GDP on 2005"},
                                         {"co2_per_gdp_change_2020", "Energy CO₂ per GDP on 2020"},
                                         {"energy_per_gdp_change_2020", "Energy per GDP on 2020"},
                                         {"energy_consumption", "Primary energy"},
                                         {"final_energy_total", "Final energy"},
                                         {"nonfossil_share", "Non-fossil share of primary energy"},
                                         {"coal_share", "Coal share of primary energy"},
                                         {"electricity_share", "Electricity share of final energy"},
                                         {"generation_total", "Generation"},
                                         {"wind_solar_capacity", "Wind and solar capacity"},
                                         {"peak_year", "Peak year"},
                                         {"peak_co2", "Energy CO₂ in the peak year"},
                                         {"plateau_from", "First year of the plateau"},
                                         {"plateau_to", "Last year of the plateau"},
                                         {"peak_year_total", "Peak year with process CO₂"},
                                         {"cumulative_co2", "Cumulative CO₂"},
                                         {"neutrality_year", "Year of net zero"},
                                         {"residual_co2", "Residual CO₂"}};
  const size_t length = strcspn(code, ".");
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strlen(words[i][0]) != length || strncmp(words[i][0], code, length) != 0) continue;
    (void)snprintf(text, size, "%s%s%s", words[i][1], code[length] == '.' ? " " : "",
                   code[length] == '.' ? code + length + 1 : "");
    return text;
  }
  (void)snprintf(text, size, "%s", code);
  return text;
}

const char *tanlu_report_typeset(char *text, size_t size, const char *plain) {
  static const char formula[] = "CO2", set[] = "CO₂";
  size_t used = 0;
  if (size == 0) return text;
  for (const char *p = plain; *p != '\0';) {
    const bool before = p > plain && (isalnum((unsigned char)p[-1]) != 0 || strchr("_|", p[-1]) != NULL);
    const bool found = !before && strncmp(p, formula, strlen(formula)) == 0;
    const char after = found ? p[strlen(formula)] : '\0';
    const bool whole = found && isalnum((unsigned char)after) == 0 && after != '_' && after != '|';
    const char *piece = whole ? set : p;
    const size_t length = whole ? strlen(set) : 1;
    if (used + length + 1 > size) break;
    memcpy(text + used, piece, length);
    used += length;
    p += whole ? strlen(formula) : 1;
  }
  text[used] = '\0';
  return text;
}

const char *tanlu_report_number(char *text, size_t size, double value, int decimals) {
  char plain[352]; /* the largest double has 309 digits before the point */
  if (size == 0) return text;
  text[0] = '\0';
  if (isnan(value)) {
    (void)snprintf(text, size, "–");
    return text;
  }
  (void)snprintf(plain, sizeof plain, "%.*f", decimals < 0 ? 0 : decimals > 17 ? 17 : decimals, value);
  const bool zero = strtod(plain, NULL) == 0.0; /* no "-0.0" */
  const char *digits = plain[0] == '-' ? plain + 1 : plain;
  const size_t whole = strspn(digits, "0123456789");
  size_t used = 0;
  if (plain[0] == '-' && !zero && size > 4) used += (size_t)snprintf(text, size, "−");
  for (size_t k = 0; digits[k] != '\0' && used + 3 < size; k++) {
    if (k > 0 && k < whole && (whole - k) % 3 == 0) text[used++] = ',';
    text[used++] = digits[k];
  }
  text[used] = '\0';
  return text;
}
