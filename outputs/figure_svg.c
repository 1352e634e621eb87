/* The svg element around a figure, its description, and the choice of the function that draws its kind. */
#include <stdlib.h>
#include <string.h>

#include "outputs/figure_private.h"
#include "outputs/markup.h"

typedef struct {
  const char *name; /* for the description */
  tanlu_figure_drawer *draw;
} kind;

static const kind kinds[] = {
    [TANLU_CHART_LINES] = {"Line chart", tanlu_figure_draw_lines},
    [TANLU_CHART_AREAS] = {"Stacked area chart", tanlu_figure_draw_areas},
    [TANLU_CHART_BARS] = {"Bar chart", tanlu_figure_draw_bars},
    [TANLU_CHART_STACKED] = {"Stacked bar chart", tanlu_figure_draw_stacked},
    [TANLU_CHART_WATERFALL] = {"Waterfall chart", tanlu_figure_draw_waterfall},
    [TANLU_CHART_TORNADO] = {"Tornado chart", tanlu_figure_draw_tornado},
    [TANLU_CHART_SCATTER] = {"Scatter plot", tanlu_figure_draw_scatter},
    [TANLU_CHART_SANKEY] = {"Sankey diagram", tanlu_figure_draw_sankey},
    [TANLU_CHART_TILES] = {"Tile chart", tanlu_figure_draw_tiles},
    [TANLU_CHART_MAP] = {"Map of tiles", tanlu_figure_draw_map},
};

/* ---- description for screen readers -------------------------------------------------------------------------------------------- */

static void put_axis(FILE *stream, const char *before, const tanlu_figure_axis *axis) {
  if (axis->quantity == NULL || *axis->quantity == '\0') return;
  (void)fputs(before, stream);
  tanlu_markup_put(stream, axis->quantity);
  if (*axis->unit == '\0' || strcmp(axis->unit, "1") == 0 || strcmp(axis->unit, "year") == 0) return;
  (void)fputs(" in ", stream);
  tanlu_markup_put(stream, axis->unit);
}

/* The first names of series, each once, and how many there are beyond them. */
static void put_names(const tanlu_figure *figure, FILE *stream) {
  enum { MOST = 12 };
  size_t names = 0;
  for (size_t i = 0; i < figure->all_series; i++) {
    bool known = *figure->series[i].name == '\0';
    for (size_t k = 0; k < i && !known; k++) known = strcmp(figure->series[i].name, figure->series[k].name) == 0;
    if (known) continue;
    if (names < MOST) {
      (void)fputs(names == 0 ? " Series: " : ", ", stream);
      tanlu_markup_put(stream, figure->series[i].name);
    }
    names++;
  }
  if (names > MOST) (void)fprintf(stream, " and %zu more", names - MOST);
  if (names > 0) (void)fputc('.', stream);
}

static void put_description(const tanlu_figure *figure, FILE *stream) {
  char low[TANLU_NUMBER_SIZE], high[TANLU_NUMBER_SIZE];
  (void)fputs(kinds[figure->chart].name, stream);
  put_axis(stream, " of ", &figure->y);
  put_axis(stream, " over ", &figure->x);
  if (figure->panels > 1) (void)fprintf(stream, " in %zu panels", figure->panels);
  (void)fputc('.', stream);
  put_names(figure, stream);
  if (figure->nodes > 0) (void)fprintf(stream, " %zu nodes, %zu links.", figure->nodes, figure->links);
  const tanlu_extent extent = tanlu_figure_extent_y(figure);
  if (extent.low <= extent.high) {
    (void)fprintf(stream, " Values from %s to %s.", tanlu_number_text(extent.low, 4, low),
                  tanlu_number_text(extent.high, 4, high));
  }
  for (size_t i = 0; i < figure->marks; i++) {
    if (*figure->mark[i].label == '\0') continue;
    static const char *const sign[] = {" Marked: ", " Met: ", " Missed: ", " Marked: ", " Marked: "};
    (void)fputs(sign[figure->mark[i].mark], stream);
    tanlu_markup_put(stream, figure->mark[i].label);
    (void)fputc('.', stream);
  }
}

/* ---- the picture ---------------------------------------------------------------------------------------------------------------- */

static void draw_title(tanlu_canvas *canvas) {
  const tanlu_text style = {.size = TANLU_TEXT_TITLE, .role = TANLU_PAINT_INK, .bold = true};
  const size_t lines =
      tanlu_canvas_paragraph(canvas, TANLU_CANVAS_MARGIN, canvas->bottom + style.size,
                             TANLU_CANVAS_WIDTH - 2.0 * TANLU_CANVAS_MARGIN, style, canvas->figure->title);
  canvas->bottom += (double)lines * TANLU_LINE_HEIGHT * style.size + 6.0;
}

static void draw_no_data(tanlu_canvas *canvas) {
  const tanlu_box box = {TANLU_CANVAS_MARGIN, canvas->bottom, TANLU_CANVAS_WIDTH - 2.0 * TANLU_CANVAS_MARGIN, 120.0};
  tanlu_text style = {.size = TANLU_TEXT_BODY, .anchor = TANLU_ANCHOR_MIDDLE, .role = TANLU_PAINT_MUTED};
  tanlu_canvas_rect(canvas, box, tanlu_paint_stroke(TANLU_PAINT_GRID, 1.0));
  tanlu_canvas_text(canvas, box.x + 0.5 * box.width, box.y + 0.5 * box.height + 5.0, style, "no data");
  canvas->bottom += box.height;
}

static size_t count_too_large(const tanlu_figure *figure) {
  size_t count = 0;
  for (size_t i = 0; i < figure->all_series; i++) {
    for (size_t k = 0; k < figure->series[i].points; k++) {
      const tanlu_figure_datum *point = &figure->series[i].point[k];
      const double value[] = {point->value, point->low, point->high};
      for (size_t j = 0; j < sizeof value / sizeof *value; j++) {
        count += value[j] < -TANLU_FIGURE_LARGEST || value[j] > TANLU_FIGURE_LARGEST;
      }
    }
  }
  return count;
}

static void draw_note(tanlu_canvas *canvas, const char *note) {
  tanlu_text style = tanlu_text_small(TANLU_ANCHOR_START);
  style.role = TANLU_PAINT_MUTED;
  const size_t lines = tanlu_canvas_paragraph(canvas, TANLU_CANVAS_MARGIN, canvas->bottom + style.size,
                                              TANLU_CANVAS_WIDTH - 2.0 * TANLU_CANVAS_MARGIN, style, note);
  canvas->bottom += (double)lines * TANLU_LINE_HEIGHT * style.size + 2.0;
}

static void draw_notes(tanlu_canvas *canvas) {
  const size_t large = count_too_large(canvas->figure);
  if (canvas->figure->notes > 0 || large > 0 || canvas->turns) canvas->bottom += 8.0;
  for (size_t i = 0; i < canvas->figure->notes; i++) draw_note(canvas, canvas->figure->note[i]);
  if (canvas->turns)
    draw_note(canvas, "Lines that lie on each other take turns: dashes of one between those of another.");
  if (large == 0) return;
  char note[96];
  (void)snprintf(note, sizeof note, "%zu value%s infinite or beyond 1e300 not shown.", large,
                 large == 1 ? " that is" : "s that are");
  draw_note(canvas, note);
}

static tanlu_status draw(tanlu_canvas *canvas) {
  const tanlu_figure *figure = canvas->figure;
  tanlu_status status = TANLU_OK;
  canvas->bottom = TANLU_CANVAS_MARGIN;
  if (*figure->title != '\0') draw_title(canvas);
  if (!tanlu_figure_has_data(figure)) {
    draw_no_data(canvas);
  } else {
    status = kinds[figure->chart].draw(figure, canvas);
  }
  draw_notes(canvas);
  canvas->bottom += TANLU_CANVAS_MARGIN;
  return status;
}

/* ---- the element ---------------------------------------------------------------------------------------------------------------- */

static void put_head(const tanlu_canvas *canvas, bool alone, FILE *stream) {
  const tanlu_figure *figure = canvas->figure;
  const char *name = figure->name;
  if (alone) (void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", stream);
  (void)fprintf(stream,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"tanlu-%s\" class=\"tanlu-figure\" role=\"img\" "
                "aria-labelledby=\"tanlu-%s-title tanlu-%s-desc\" viewBox=\"0 0 ",
                name, name, name);
  tanlu_svg_number(stream, TANLU_CANVAS_WIDTH);
  (void)fputc(' ', stream);
  tanlu_svg_number(stream, canvas->bottom);
  (void)fputs("\" font-family=\"Helvetica, Arial, 'Liberation Sans', 'Noto Sans', 'Noto Sans CJK SC', "
              "'PingFang SC', 'Microsoft YaHei', sans-serif\" stroke-linejoin=\"round\"",
              stream);
  if (alone) {
    (void)fputs(" width=\"", stream);
    tanlu_svg_number(stream, TANLU_CANVAS_WIDTH);
    (void)fputs("\" height=\"", stream);
    tanlu_svg_number(stream, canvas->bottom);
    (void)fputs("\" color=\"#1A1A1A\"", stream);
  }
  (void)fprintf(stream, ">\n<title id=\"tanlu-%s-title\">", name);
  tanlu_markup_put(stream, figure->title);
  (void)fprintf(stream, "</title>\n<desc id=\"tanlu-%s-desc\">", name);
  put_description(figure, stream);
  (void)fputs("</desc>\n", stream);
  tanlu_figure_style(name, canvas->filled, canvas->stroked, canvas->hatched, stream);
  if (!alone) return;
  (void)fprintf(stream, "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n",
                tanlu_paint_colour(TANLU_PAINT_GROUND));
}

tanlu_status tanlu_figure_svg(const tanlu_figure *figure, bool alone, FILE *stream, tanlu_context *context) {
  tanlu_status status = tanlu_figure_state(figure, context);
  if (status != TANLU_OK) return status;
  if ((size_t)figure->chart >= sizeof kinds / sizeof *kinds || kinds[figure->chart].draw == NULL) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "figure '%s': charts of kind %d cannot be drawn yet", figure->name,
                      (int)figure->chart);
  }
  char *body = NULL;
  size_t size = 0;
  tanlu_canvas canvas = {.figure = figure, .stream = open_memstream(&body, &size), .context = context};
  if (canvas.stream == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a figure");
  status = draw(&canvas);
  const bool lost = ferror(canvas.stream) != 0;
  if (fclose(canvas.stream) != 0 || lost || (status == TANLU_OK && canvas.failed)) {
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a figure");
  }
  if (status == TANLU_OK) {
    put_head(&canvas, alone, stream);
    (void)fwrite(body, 1, size, stream);
    (void)fputs("</svg>\n", stream);
    if (ferror(stream)) {
      status = tanlu_fail(context, TANLU_ERR_IO, "figure '%s': its picture cannot be written", figure->name);
    }
  }
  free(canvas.taken);
  free(body);
  return status;
}
