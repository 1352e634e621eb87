#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/csv_write.h"
#include "outputs/figure_private.h"
#include "solvers/memory.h"

/* ---- growing lists ---------------------------------------------------------------------------------------------------------- */

static char *copy(tanlu_figure *figure, const char *text) {
  char *result = tanlu_string_copy(NULL, text);
  if (result == NULL) figure->failed = true;
  return result;
}

/* Room for one more item; NULL, the figure marked as failed and the list as it was, when there is none. Zeroed. */
static void *add(tanlu_figure *figure, void *list, size_t count, size_t *room, size_t size) {
  void **items = list;
  if (count == *room) {
    const size_t wider = *room > 0 ? 2 * *room : 8;
    void *grown = wider > *room ? tanlu_allocate(NULL, wider, size) : NULL;
    if (grown == NULL) {
      figure->failed = true;
      return NULL;
    }
    if (count > 0) memcpy(grown, *items, count * size);
    free(*items);
    *items = grown;
    *room = wider;
  }
  return (char *)*items + count * size;
}

static const char unplaced[] = "some panels have places and others have none";

static void wrong(tanlu_figure *figure, const char *what) {
  if (figure->wrong == NULL) figure->wrong = what;
}

/* ---- create and free -------------------------------------------------------------------------------------------------------- */

tanlu_figure *tanlu_figure_create(tanlu_chart chart, const char *name, const char *title, tanlu_context *context) {
  tanlu_figure *figure = tanlu_allocate(context, 1, sizeof *figure);
  if (figure == NULL) return NULL;
  *figure = (tanlu_figure){.chart = chart, .y_low = (double)NAN, .y_high = (double)NAN};
  figure->name = tanlu_string_copy(context, name);
  figure->title = figure->name != NULL ? tanlu_string_copy(context, title) : NULL;
  if (figure->title == NULL) {
    tanlu_figure_free(&figure);
    return NULL;
  }
  if (*figure->name == '\0' || strspn(figure->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(figure->name)) {
    wrong(figure, "its name must consist of a-z, 0-9 and -");
  }
  return figure;
}

void tanlu_figure_free(tanlu_figure **figure) {
  tanlu_figure *f = figure != NULL ? *figure : NULL;
  if (f == NULL) return;
  for (size_t i = 0; i < f->notes; i++) free(f->note[i]);
  for (size_t i = 0; i < f->panels; i++) free(f->panel[i]);
  for (size_t i = 0; i < f->all_series; i++) {
    for (size_t k = 0; k < f->series[i].points; k++) free(f->series[i].point[k].label);
    free(f->series[i].point);
    free(f->series[i].name);
  }
  for (size_t i = 0; i < f->categories; i++) free(f->category[i].label);
  for (size_t i = 0; i < f->marks; i++) free(f->mark[i].label);
  for (size_t i = 0; i < f->nodes; i++) free(f->node[i].label);
  void *own[] = {f->note, f->panel, f->cell, f->series, f->category, f->mark, f->node, f->link, f->name, f->title};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) free(own[i]);
  for (const tanlu_figure_axis *axis = &f->x; axis <= &f->y; axis++) {
    free(axis->quantity);
    free(axis->unit);
  }
  free(f);
  *figure = NULL;
}

const char *tanlu_figure_name(const tanlu_figure *figure) {
  return figure->name;
}

const char *tanlu_figure_title(const tanlu_figure *figure) {
  return figure->title;
}

/* ---- axes and notes --------------------------------------------------------------------------------------------------------- */

static void set_axis(tanlu_figure *figure, tanlu_figure_axis *axis, const char *quantity, const char *unit) {
  free(axis->quantity);
  free(axis->unit);
  axis->quantity = copy(figure, quantity);
  axis->unit = copy(figure, unit);
}

void tanlu_figure_x(tanlu_figure *figure, const char *quantity, const char *unit) {
  if (figure != NULL) set_axis(figure, &figure->x, quantity, unit);
}

void tanlu_figure_y(tanlu_figure *figure, const char *quantity, const char *unit) {
  if (figure != NULL) set_axis(figure, &figure->y, quantity, unit);
}

void tanlu_figure_y_range(tanlu_figure *figure, double low, double high, bool free_zero) {
  if (figure == NULL) return;
  figure->y_low = low;
  figure->y_high = high;
  figure->free_zero = free_zero;
  if ((!isnan(low) && !tanlu_figure_drawable(low)) || (!isnan(high) && !tanlu_figure_drawable(high)) || low > high) {
    wrong(figure, "the range of its y axis is none");
  }
}

void tanlu_figure_note(tanlu_figure *figure, const char *format, ...) {
  if (figure == NULL) return;
  char **note = add(figure, &figure->note, figure->notes, &figure->note_room, sizeof *note);
  if (note == NULL) return;
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  const int length = vsnprintf(NULL, 0, format, arguments);
  *note = length >= 0 ? tanlu_allocate(NULL, (size_t)length + 1, 1) : NULL;
  if (*note != NULL) {
    (void)vsnprintf(*note, (size_t)length + 1, format, again);
    figure->notes++;
  } else {
    figure->failed = true;
  }
  va_end(again);
  va_end(arguments);
}

/* ---- panels, series, points -------------------------------------------------------------------------------------------------- */

size_t tanlu_figure_panel(tanlu_figure *figure, const char *title) {
  if (figure == NULL) return 0;
  char **panel = add(figure, &figure->panel, figure->panels, &figure->panel_room, sizeof *panel);
  if (panel != NULL && (*panel = copy(figure, title)) != NULL) return figure->panels++;
  return 0;
}

size_t tanlu_figure_panel_at(tanlu_figure *figure, const char *title, size_t column, size_t row) {
  if (figure == NULL) return 0;
  tanlu_figure_cell *cell = add(figure, &figure->cell, figure->cells, &figure->cell_room, sizeof *cell);
  if (cell == NULL) return 0;
  if (figure->cells != figure->panels) wrong(figure, unplaced);
  for (size_t i = 0; i < figure->cells; i++) {
    if (figure->cell[i].column == column && figure->cell[i].row == row) wrong(figure, "two panels have one place");
  }
  *cell = (tanlu_figure_cell){column, row};
  figure->cells++;
  return tanlu_figure_panel(figure, title);
}

/* Panel 0 is there when it is used. */
static bool has_panel(tanlu_figure *figure, size_t panel) {
  if (panel == 0 && figure->panels == 0) (void)tanlu_figure_panel(figure, "");
  if (panel >= figure->panels && !figure->failed) wrong(figure, "a panel is used that was not added");
  return panel < figure->panels;
}

size_t tanlu_figure_series(tanlu_figure *figure, size_t panel, const char *name, int role, tanlu_line_style style) {
  if (figure == NULL || !has_panel(figure, panel)) return SIZE_MAX;
  tanlu_figure_line *series =
      add(figure, &figure->series, figure->all_series, &figure->series_room, sizeof *figure->series);
  char *named = series != NULL ? copy(figure, name) : NULL;
  if (named == NULL) return SIZE_MAX;
  if (role < 0) wrong(figure, "a role of colour is negative");
  *series = (tanlu_figure_line){.panel = panel, .name = named, .role = role, .style = style};
  return figure->all_series++;
}

void tanlu_figure_interval(tanlu_figure *figure, size_t series, double x, double value, double low, double high) {
  if (figure == NULL || figure->failed) return;
  if (series >= figure->all_series) {
    wrong(figure, "a series is used that was not added");
    return;
  }
  tanlu_figure_line *line = &figure->series[series];
  if (!tanlu_figure_drawable(x)) wrong(figure, "a point has an x that is not finite");
  if (low > high) wrong(figure, "an interval ends below its beginning");
  tanlu_figure_datum *point = add(figure, &line->point, line->points, &line->room, sizeof *point);
  if (point == NULL) return;
  *point = (tanlu_figure_datum){.x = x, .value = value, .low = low, .high = high};
  line->points++;
}

void tanlu_figure_point(tanlu_figure *figure, size_t series, double x, double value) {
  tanlu_figure_interval(figure, series, x, value, (double)NAN, (double)NAN);
}

void tanlu_figure_point_label(tanlu_figure *figure, size_t series, const char *label) {
  if (figure == NULL || figure->failed) return;
  if (series >= figure->all_series || figure->series[series].points == 0) {
    wrong(figure, "a label is given to a point that was not added");
    return;
  }
  tanlu_figure_datum *point = &figure->series[series].point[figure->series[series].points - 1];
  free(point->label);
  point->label = copy(figure, label);
}

size_t tanlu_figure_category(tanlu_figure *figure, const char *label) {
  if (figure == NULL) return 0;
  tanlu_figure_row *row =
      add(figure, &figure->category, figure->categories, &figure->category_room, sizeof *figure->category);
  char *text = row != NULL ? copy(figure, label) : NULL;
  if (text == NULL) return SIZE_MAX;
  *row = (tanlu_figure_row){.label = text};
  return figure->categories++;
}

void tanlu_figure_total(tanlu_figure *figure, size_t category) {
  if (figure == NULL || figure->failed) return;
  if (category < figure->categories) {
    figure->category[category].total = true;
  } else {
    wrong(figure, "a category is used that was not added");
  }
}

void tanlu_figure_mark(tanlu_figure *figure, size_t panel, tanlu_mark mark, double x, double y, int role,
                       const char *label) {
  if (figure == NULL || !has_panel(figure, panel)) return;
  tanlu_figure_sign *sign = add(figure, &figure->mark, figure->marks, &figure->mark_room, sizeof *sign);
  char *text = sign != NULL ? copy(figure, label) : NULL;
  if (text == NULL) return;
  *sign = (tanlu_figure_sign){.panel = panel, .mark = mark, .x = x, .y = y, .role = role, .label = text};
  figure->marks++;
}

size_t tanlu_figure_node(tanlu_figure *figure, const char *label, size_t column, int role) {
  if (figure == NULL) return 0;
  tanlu_figure_place *node = add(figure, &figure->node, figure->nodes, &figure->node_room, sizeof *node);
  char *text = node != NULL ? copy(figure, label) : NULL;
  if (text == NULL) return SIZE_MAX;
  *node = (tanlu_figure_place){.label = text, .column = column, .role = role};
  return figure->nodes++;
}

void tanlu_figure_link(tanlu_figure *figure, size_t from, size_t to, double value, int role) {
  if (figure == NULL || figure->failed) return;
  if (from >= figure->nodes || to >= figure->nodes) {
    wrong(figure, "a link joins nodes that were not added");
    return;
  }
  tanlu_figure_flow *link = add(figure, &figure->link, figure->links, &figure->link_room, sizeof *link);
  if (link == NULL) return;
  *link = (tanlu_figure_flow){.from = from, .to = to, .value = value, .role = role};
  figure->links++;
}

/* ---- questions -------------------------------------------------------------------------------------------------------------- */

bool tanlu_figure_drawable(double value) {
  return fabs(value) <= TANLU_FIGURE_LARGEST;
}

tanlu_extent tanlu_extent_none(void) {
  return (tanlu_extent){(double)INFINITY, -(double)INFINITY};
}

void tanlu_extent_add(tanlu_extent *extent, double value) {
  if (!tanlu_figure_drawable(value)) return;
  extent->low = fmin(extent->low, value);
  extent->high = fmax(extent->high, value);
}

tanlu_extent tanlu_figure_extent_x(const tanlu_figure *figure) {
  tanlu_extent extent = tanlu_extent_none();
  for (size_t i = 0; i < figure->all_series; i++) {
    for (size_t k = 0; k < figure->series[i].points; k++) tanlu_extent_add(&extent, figure->series[i].point[k].x);
  }
  for (size_t i = 0; i < figure->marks; i++) {
    if (figure->mark[i].mark != TANLU_MARK_HORIZONTAL) tanlu_extent_add(&extent, figure->mark[i].x);
  }
  return extent;
}

tanlu_extent tanlu_figure_extent_y(const tanlu_figure *figure) {
  tanlu_extent extent = tanlu_extent_none();
  for (size_t i = 0; i < figure->all_series; i++) {
    for (size_t k = 0; k < figure->series[i].points; k++) {
      const tanlu_figure_datum *point = &figure->series[i].point[k];
      tanlu_extent_add(&extent, point->value);
      tanlu_extent_add(&extent, point->low);
      tanlu_extent_add(&extent, point->high);
    }
  }
  for (size_t i = 0; i < figure->marks; i++) {
    if (figure->mark[i].mark != TANLU_MARK_VERTICAL) tanlu_extent_add(&extent, figure->mark[i].y);
  }
  return extent;
}

bool tanlu_series_has_data(const tanlu_figure_line *series) {
  for (size_t k = 0; k < series->points; k++) {
    const tanlu_figure_datum *point = &series->point[k];
    if (tanlu_figure_drawable(point->value)) return true;
    if (tanlu_figure_drawable(point->low) && tanlu_figure_drawable(point->high)) return true;
  }
  return false;
}

bool tanlu_figure_has_data(const tanlu_figure *figure) {
  for (size_t i = 0; i < figure->links; i++) {
    if (tanlu_figure_drawable(figure->link[i].value) && figure->link[i].value > 0.0) return true;
  }
  for (size_t i = 0; i < figure->all_series; i++) {
    if (tanlu_series_has_data(&figure->series[i])) return true;
  }
  return false;
}

bool tanlu_figure_has_years(const tanlu_figure *figure) {
  return figure->x.quantity != NULL && strcmp(figure->x.quantity, "Year") == 0 && *figure->x.unit == '\0';
}

bool tanlu_figure_counts_years(const tanlu_figure *figure) {
  return figure->y.unit != NULL && strcmp(figure->y.unit, "year") == 0;
}

char *tanlu_figure_axis_title(const tanlu_figure_axis *axis, tanlu_context *context) {
  const char *quantity = axis->quantity != NULL ? axis->quantity : "", *unit = axis->unit != NULL ? axis->unit : "";
  const size_t size = strlen(quantity) + strlen(unit) + 4;
  char *title = tanlu_allocate(context, size, 1);
  if (title == NULL) return NULL;
  if (strcmp(unit, "1") == 0 || strcmp(unit, "year") == 0) unit = "";
  if (*unit == '\0' || *quantity == '\0') {
    (void)snprintf(title, size, "%s%s", quantity, unit);
  } else {
    (void)snprintf(title, size, "%s (%s)", quantity, unit);
  }
  return title;
}

/* ---- CSV -------------------------------------------------------------------------------------------------------------------- */

static void put_header(FILE *stream, const char *const *name, size_t count) {
  for (size_t i = 0; i < count; i++) tanlu_csv_put_text(stream, i == 0, name[i]);
  tanlu_csv_put_end(stream);
}

static void put_links(const tanlu_figure *figure, FILE *stream) {
  static const char *const header[] = {"from", "to", "value", "unit"};
  put_header(stream, header, sizeof header / sizeof *header);
  for (size_t i = 0; i < figure->links; i++) {
    const tanlu_figure_flow *link = &figure->link[i];
    tanlu_csv_put_text(stream, true, figure->node[link->from].label);
    tanlu_csv_put_text(stream, false, figure->node[link->to].label);
    tanlu_csv_put_number(stream, false, link->value);
    tanlu_csv_put_text(stream, false, figure->y.unit != NULL ? figure->y.unit : "");
    tanlu_csv_put_end(stream);
  }
}

/* Label of a point: its own, or that of the category that its x numbers. */
static const char *label_of(const tanlu_figure *figure, const tanlu_figure_datum *point) {
  if (point->label != NULL) return point->label;
  const bool counted = point->x >= 0.0 && point->x < (double)figure->categories && floor(point->x) == point->x;
  return counted ? figure->category[(size_t)point->x].label : "";
}

static void put_points(const tanlu_figure *figure, FILE *stream) {
  static const char *const header[] = {"panel", "series", "x", "label", "value", "low", "high", "unit"};
  put_header(stream, header, sizeof header / sizeof *header);
  for (size_t i = 0; i < figure->all_series; i++) {
    const tanlu_figure_line *series = &figure->series[i];
    for (size_t k = 0; k < series->points; k++) {
      const tanlu_figure_datum *point = &series->point[k];
      tanlu_csv_put_text(stream, true, figure->panel[series->panel]);
      tanlu_csv_put_text(stream, false, series->name);
      tanlu_csv_put_number(stream, false, point->x);
      tanlu_csv_put_text(stream, false, label_of(figure, point));
      tanlu_csv_put_number(stream, false, point->value);
      tanlu_csv_put_number(stream, false, point->low);
      tanlu_csv_put_number(stream, false, point->high);
      tanlu_csv_put_text(stream, false, figure->y.unit != NULL ? figure->y.unit : "");
      tanlu_csv_put_end(stream);
    }
  }
}

tanlu_status tanlu_figure_state(const tanlu_figure *figure, tanlu_context *context) {
  if (figure == NULL || figure->failed) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a figure");
  const bool mixed = figure->cells > 0 && figure->cells != figure->panels;
  if (figure->wrong != NULL || mixed) {
    return tanlu_fail(context, TANLU_ERR_INTERNAL, "figure '%s': %s", figure->name,
                      figure->wrong != NULL ? figure->wrong : unplaced);
  }
  return TANLU_OK;
}

tanlu_status tanlu_figure_csv(const tanlu_figure *figure, FILE *stream, tanlu_context *context) {
  const tanlu_status status = tanlu_figure_state(figure, context);
  if (status != TANLU_OK) return status;
  if (figure->chart == TANLU_CHART_SANKEY) {
    put_links(figure, stream);
  } else {
    put_points(figure, stream);
  }
  return ferror(stream) ? tanlu_fail(context, TANLU_ERR_IO, "figure '%s': its numbers cannot be written", figure->name)
                        : TANLU_OK;
}
