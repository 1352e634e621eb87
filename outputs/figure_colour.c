/* The palette. It was searched so that any two carriers, not only neighbours, differ by 20 units of CIE 1976 L*a*b* at least, also as
 * deuteranopes and protanopes see them (Machado, Oliveira and Fernandes 2009, IEEE TVCG 15(6): 1291-1298), started from the
 * colours energy statistics use; series are the palette of Okabe and Ito (2008, "Color universal design") with two dark
 * colours of Tol's muted scheme (SRON/EPS/TN/09-002) for its black and its yellow, which white paper swallows. */
#include <stdlib.h>

#include "outputs/figure_private.h"

typedef struct {
  const char *word, *colour;
} coloured;

static const coloured paints[TANLU_PAINTS] = {
    {"muted", "currentColor"},  {"grid", "currentColor"}, {"ground", "#FFFFFF"},   {"none", "none"},
    {"coal", "#3E3E3E"},        {"oil", "#7E4500"},       {"gas", "#E8B071"},      {"nuclear", "#B23473"},
    {"hydro", "#005FB6"},       {"wind", "#81C7FA"},      {"solar", "#E3B323"},    {"biomass", "#127E46"},
    {"electricity", "#D28183"}, {"heat", "#C26C00"},      {"hydrogen", "#2F99B7"}, {"capture", "#7A7A7A"},
    {"other", "#C1C1C1"},       {"good", "#007F5C"},      {"bad", "#D55E00"},      {"ink", "currentColor"},
    {"back", "#B0B0B0"},        {"series-0", "#0072B2"},  {"series-1", "#D55E00"}, {"series-2", "#009E73"},
    {"series-3", "#CC79A7"},    {"series-4", "#E69F00"},  {"series-5", "#332288"}, {"series-6", "#56B4E9"},
    {"series-7", "#882255"},
};

static size_t index_of(int role) {
  if (role < 0) return (size_t)(role + 4);
  const int series = role - TANLU_ROLE_SERIES;
  return (size_t)(4 + (series < 0 ? role : TANLU_ROLE_SERIES + series % 8));
}

uint64_t tanlu_paint_bit(int role) {
  return (uint64_t)1 << index_of(role);
}

const char *tanlu_paint_colour(int role) {
  return paints[index_of(role)].colour;
}

const char *tanlu_paint_word(int role) {
  return paints[index_of(role)].word;
}

double tanlu_paint_opacity(int role) {
  return role == TANLU_PAINT_MUTED ? 0.7 : role == TANLU_PAINT_GRID ? 0.16 : 1.0;
}

bool tanlu_paint_dark(int role) {
  const char *colour = tanlu_paint_colour(role);
  if (*colour != '#') return true;
  const unsigned long code = strtoul(colour + 1, NULL, 16);
  /* Luma of ITU-R BT.709 on the coded values: white text from the middle down. */
  const double luma =
      0.2126 * (double)(code >> 16) + 0.7152 * (double)(code >> 8 & 0xFF) + 0.0722 * (double)(code & 0xFF);
  return luma < 140.0;
}

static void put_rule(FILE *stream, const char *name, char property, const coloured *paint) {
  (void)fprintf(stream, "#tanlu-%s .%c-%s{%s:var(--tanlu-%s,%s)}\n", name, property, paint->word,
                property == 'f' ? "fill" : "stroke", paint->word, paint->colour);
}

void tanlu_figure_style(const char *name, uint64_t filled, uint64_t stroked, uint64_t hatched, FILE *stream) {
  static const size_t none = 3;
  filled |= hatched;
  if (hatched != 0) stroked |= tanlu_paint_bit(TANLU_PAINT_GROUND);
  (void)fputs("<style>\n", stream);
  for (size_t i = 0; i < TANLU_PAINTS; i++) {
    if (i != none && filled >> i & 1) put_rule(stream, name, 'f', &paints[i]);
    if (i != none && stroked >> i & 1) put_rule(stream, name, 's', &paints[i]);
  }
  (void)fputs("</style>\n", stream);
  if (hatched == 0) return;
  (void)fputs("<defs>\n", stream);
  for (size_t i = 0; i < TANLU_PAINTS; i++) {
    if (!(hatched >> i & 1)) continue;
    (void)fprintf(stream,
                  "<pattern id=\"tanlu-%s-hatch-%s\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
                  "patternTransform=\"rotate(45)\"><rect width=\"7\" height=\"7\" class=\"f-%s\" fill=\"%s\"/>"
                  "<path d=\"M0 0V7\" class=\"s-ground\" stroke=\"%s\" stroke-width=\"5\"/></pattern>\n",
                  name, paints[i].word, paints[i].word, paints[i].colour, tanlu_paint_colour(TANLU_PAINT_GROUND));
  }
  (void)fputs("</defs>\n", stream);
}
