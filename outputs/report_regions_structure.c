/* Of a report on regions: what they are made of, how their energy statistics were adjusted, what is assumed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outputs/report_regions_private.h"
#include "solvers/memory.h"

/* ---- small multiples ------------------------------------------------------------------------------------------------------ */

enum { PANELS = 9 };

typedef struct {
  const char *name, *title, *quantity, *rest; /* rest: of what is not among the largest */
  const char *const *label;                   /* columns */
  const double *value;                        /* regions x columns */
  size_t columns;
} composition;

/* Shares of the panels in each region, percent: regions x panels; the last one holds the rest where there are more columns. */
static tanlu_status make_shares(const tanlu_regions_page *page, const composition *c, size_t *order, double **share,
                                size_t *panels) {
  const size_t regions = page->region->count;
  double *sum = tanlu_allocate_doubles(page->context, c->columns + 1, 1);
  *share = tanlu_allocate_doubles(page->context, regions, PANELS);
  if (sum == NULL || *share == NULL) {
    free(sum);
    return TANLU_ERR_MEMORY;
  }
  for (size_t k = 0; k < c->columns; k++) {
    for (size_t p = 0; p < regions; p++) sum[k] += c->value[k * regions + p];
  }
  tanlu_rank(sum, c->columns, order);
  size_t used = c->columns;
  while (used > 0 && !(sum[order[used - 1]] > 0.0)) used--;
  *panels = used < PANELS ? used : PANELS;
  for (size_t p = 0; p < regions; p++) {
    double whole = 0.0;
    for (size_t k = 0; k < c->columns; k++) whole += c->value[k * regions + p];
    for (size_t k = 0; k < c->columns; k++) {
      const size_t panel = k < *panels ? k : *panels - 1;
      if (*panels > 0) (*share)[panel * regions + p] += c->value[order[k] * regions + p];
    }
    for (size_t k = 0; k < *panels; k++) {
      (*share)[k * regions + p] = whole > 0.0 ? 100.0 * (*share)[k * regions + p] / whole : (double)NAN;
    }
  }
  if (used <= PANELS) order[c->columns] = 0; /* nothing is left for the rest */
  free(sum);
  return TANLU_OK;
}

static void draw_maps(const tanlu_regions_page *page, tanlu_figure *figure, const char *const *label,
                      const double *share, size_t panels) {
  const size_t regions = page->region->count;
  const double *tile = page->input->facts->tile;
  for (size_t k = 0; k < panels; k++) {
    const size_t panel = tanlu_figure_panel(figure, label[k]);
    const size_t series = tanlu_figure_series(figure, panel, label[k], TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
    for (size_t p = 0; p < regions; p++) {
      tanlu_figure_interval(figure, series, tile[p], share[k * regions + p], tile[regions + p], tile[regions + p]);
      tanlu_figure_point_label(figure, series, tanlu_label_text(page->region, p));
    }
  }
}

static void draw_tiles(const tanlu_regions_page *page, tanlu_figure *figure, const char *const *label,
                       const double *share, size_t panels) {
  for (size_t k = 0; k < panels; k++) tanlu_figure_category(figure, label[k]);
  for (size_t i = 0; i < page->drawn; i++) {
    const size_t p = page->order[i];
    const size_t series =
        tanlu_figure_series(figure, 0, tanlu_label_text(page->region, p), TANLU_ROLE_SERIES, TANLU_STYLE_SOLID);
    for (size_t k = 0; k < panels; k++) {
      tanlu_figure_point(figure, series, (double)k, share[k * page->region->count + p]);
    }
  }
}

static tanlu_status add_composition(const tanlu_regions_page *page, const composition *c, const char *caption) {
  size_t panels = 0, *order = tanlu_allocate(page->context, c->columns + 1, sizeof *order);
  double *share = NULL;
  if (order != NULL) order[c->columns] = 1;
  const tanlu_status status = order != NULL ? make_shares(page, c, order, &share, &panels) : TANLU_ERR_MEMORY;
  const bool maps = page->input->facts->tile != NULL, rest = status == TANLU_OK && order[c->columns] == 1;
  tanlu_figure *figure = NULL;
  if (status == TANLU_OK && panels > 0) {
    const char *label[PANELS];
    for (size_t k = 0; k < panels; k++) label[k] = rest && k + 1 == panels ? c->rest : c->label[order[k]];
    figure = tanlu_figure_create(maps ? TANLU_CHART_MAP : TANLU_CHART_TILES, c->name, c->title, page->context);
    if (figure != NULL) {
      tanlu_figure_y(figure, c->quantity, "%");
      (maps ? draw_maps : draw_tiles)(page, figure, label, share, panels);
    }
    tanlu_report_figure(page->report, &figure, "%s%s", caption,
                        maps ? " One map of the same tiles each, with one scale of colours." : "");
  }
  free(order);
  free(share);
  return status;
}

static tanlu_status add_groups(const tanlu_regions_page *page) {
  const tanlu_region_profile *profile = page->input->profile;
  const tanlu_labels *group = &page->input->dataset->level[profile->by].group;
  const char **label = tanlu_allocate(page->context, group->count, sizeof *label);
  char title[160], quantity[128];
  if (label == NULL) return TANLU_ERR_MEMORY;
  for (size_t g = 0; g < group->count; g++) label[g] = tanlu_label_text(group, g);
  (void)snprintf(title, sizeof title, "%s of production by branch, %d", page->what, page->input->dataset->base_year);
  (void)snprintf(quantity, sizeof quantity, "Share in %s of the region", page->what);
  const composition c = {.name = "regions-branches",
                         .title = title,
                         .quantity = quantity,
                         .rest = "All other branches",
                         .label = label,
                         .value = profile->by_group,
                         .columns = group->count};
  const tanlu_status status = add_composition(page, &c, "Which branches the emissions of a region come from.");
  free(label);
  return status;
}

static tanlu_status add_energy(const tanlu_regions_page *page) {
  static const char *const class_name[TANLU_CLASS_COUNT] = {
#define X(code, word, name) name,
      TANLU_CARRIER_CLASS_LIST(X)
#undef X
  };
  char title[160];
  (void)snprintf(title, sizeof title, "Final energy of production by class of carriers, %d",
                 page->input->dataset->base_year);
  const composition c = {.name = "regions-energy",
                         .title = title,
                         .quantity = "Share in final energy of the region",
                         .rest = "All other classes",
                         .label = class_name,
                         .value = page->input->profile->energy,
                         .columns = TANLU_CLASS_COUNT};
  return add_composition(page, &c, "Which energy production uses; households are not in it.");
}

tanlu_status tanlu_regions_section_structure(tanlu_regions_page *page) {
  const tanlu_region_profile *profile = page->input->profile;
  tanlu_status status = TANLU_OK;
  if (profile->by_group == NULL && profile->energy == NULL) return TANLU_OK;
  tanlu_report_section(page->report, "structure", "Structure of the regions");
  if (profile->by_group != NULL) status = add_groups(page);
  if (status == TANLU_OK && profile->energy != NULL) status = add_energy(page);
  return status;
}

/* ---- adjustment of energy statistics -------------------------------------------------------------------------------------- */

static bool is_reported(const tanlu_region_facts *f, size_t regions, size_t carrier) {
  for (size_t p = 0; p < regions; p++) {
    if (f->reported[carrier * regions + p] > 0.0) return true;
  }
  return false;
}

void tanlu_regions_section_adjustment(tanlu_regions_page *page) {
  const tanlu_region_facts *f = page->input->facts;
  const size_t regions = page->region->count;
  if (f->used == NULL) return;
  tanlu_report_section(page->report, "adjustment", "Adjustment of energy statistics");
  tanlu_report_text(
      page->report,
      "What regions report rarely adds up to the nation. Every carrier is scaled to the national balance, "
      "and its use stands where the sectors that use it are; the table says by how much each region's "
      "own figure was moved.");
  tanlu_table *table = tanlu_table_create(page->context);
  if (table != NULL) {
    tanlu_table_column(table, "region", TANLU_LEFT);
    for (size_t c = 0; c < f->carrier.count; c++) {
      if (is_reported(f, regions, c)) tanlu_table_column(table, f->carrier.code[c], TANLU_RIGHT);
    }
    for (size_t p = 0; p < regions; p++) {
      tanlu_table_text(table, tanlu_label_text(page->region, p));
      for (size_t c = 0; c < f->carrier.count; c++) {
        const double reported = f->reported[c * regions + p], used = f->used[c * regions + p];
        if (!is_reported(f, regions, c)) continue;
        tanlu_table_number(table, reported > 0.0 ? used / reported : (double)NAN, 2);
      }
    }
  }
  tanlu_report_table(page->report, &table, true, "Final energy used here over what regions report");
  tanlu_report_remark(page->report, "-: nothing is reported. Both numbers of each cell are in regional_energy.csv of "
                                    "the dataset.");
}

/* ---- assumptions ---------------------------------------------------------------------------------------------------------- */

/* The part of SOURCES.md under "## What is assumed": points as paragraphs, its table as a table. */
typedef struct {
  const tanlu_regions_page *page;
  char point[1024];
  tanlu_table *table;
  size_t lines; /* of the table */
} assumptions;

static void end_point(assumptions *a) {
  if (a->point[0] != '\0') tanlu_report_text(a->page->report, "%s", a->point);
  a->point[0] = '\0';
}

static void end_table(assumptions *a, const char *caption) {
  if (a->lines > 0) tanlu_report_table(a->page->report, &a->table, true, "%s", caption);
  a->lines = 0;
}

/* "| sector | indicator |": cells of two columns. */
static void take_row(assumptions *a, const char *line, size_t length) {
  char cell[2][512] = {"", ""};
  const char *at = line;
  for (size_t k = 0; k < 2; k++) {
    const char *begin = memchr(at, '|', length - (size_t)(at - line));
    const char *end = begin != NULL ? memchr(begin + 1, '|', length - (size_t)(begin + 1 - line)) : NULL;
    if (end == NULL) return;
    while (begin + 1 < end && begin[1] == ' ') begin++;
    const char *last = end;
    while (last > begin + 1 && last[-1] == ' ') last--;
    (void)snprintf(cell[k], sizeof cell[k], "%.*s", (int)(last - begin - 1), begin + 1);
    at = end;
  }
  if (strncmp(cell[0], "--", 2) == 0) return;
  if (a->lines++ == 0) {
    a->table = tanlu_table_create(a->page->context);
    if (a->table == NULL) return;
    tanlu_table_column(a->table, cell[0], TANLU_LEFT);
    tanlu_table_column(a->table, cell[1], TANLU_LEFT);
    return;
  }
  if (a->table == NULL) return;
  tanlu_table_text(a->table, cell[0]);
  tanlu_table_text(a->table, cell[1]);
}

static void take_line(assumptions *a, const char *line, size_t length) {
  if (length > 1 && line[0] == '|') {
    end_point(a);
    take_row(a, line, length);
    return;
  }
  end_table(a, "By what regions share in the output of a sector");
  if (length > 2 && strncmp(line, "- ", 2) == 0) {
    end_point(a);
    (void)snprintf(a->point, sizeof a->point, "%.*s", (int)(length - 2), line + 2);
  } else if (length > 0 && a->point[0] != '\0') { /* the point goes on */
    const size_t used = strlen(a->point);
    while (length > 0 && *line == ' ') line++, length--;
    (void)snprintf(a->point + used, sizeof a->point - used, " %.*s", (int)length, line);
  } else if (length > 0 && line[0] != '#') {
    (void)snprintf(a->point, sizeof a->point, "%.*s", (int)length, line);
  } else {
    end_point(a);
  }
}

void tanlu_regions_section_sources(tanlu_regions_page *page) {
  static const char heading[] = "## What is assumed\n";
  const char *text = page->input->sources;
  assumptions a = {.page = page};
  if (text == NULL) return;
  tanlu_report_section(page->report, "assumptions", "Assumptions and sources");
  const char *line = strstr(text, heading);
  if (line != NULL) line += strlen(heading);
  while (line != NULL && *line != '\0' && strncmp(line, "## ", 3) != 0) {
    const size_t length = strcspn(line, "\n");
    take_line(&a, line, length);
    line += length + (line[length] == '\n');
  }
  end_point(&a);
  end_table(&a, "By what regions share in the output of a sector");
  tanlu_report_source(page->report, "SOURCES.md of the dataset", text);
}
