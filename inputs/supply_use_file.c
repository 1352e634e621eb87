#include "inputs/supply_use_file.h"

#include <stdlib.h>
#include <string.h>

#include "inputs/coded_matrix.h"
#include "solvers/memory.h"

enum { IMPORTS, MARGINS, TAXES, EXTRAS };
static const char *const extra[EXTRAS] = {"imports", "margins", "taxes"};

typedef struct {
  tanlu_supply_use *tables;
  tanlu_coded_matrix supply, use;
  const char *supply_file, *use_file;
  tanlu_context *context;
} reader;

static void keep(tanlu_status *status, tanlu_status next) {
  if (*status == TANLU_OK) *status = next;
}

static size_t extra_of(const char *code) {
  size_t k = 0;
  while (k < EXTRAS && strcmp(code, extra[k]) != 0) k++;
  return k;
}

/* ---- axes ---------------------------------------------------------------------------------------------------------------- */

static tanlu_status add(tanlu_labels *labels, const char *code, const char *what, const char *file,
                        tanlu_context *context) {
  if (tanlu_code_well_formed(code)) return tanlu_labels_add(labels, code, code, NULL, context);
  return tanlu_fail_at(context, TANLU_ERR_INPUT, file, 0, 0,
                       "'%s' is no code for %s; expected letters, digits, _ and -", code, what);
}

/* Codes of the supply table that the use table lacks; the nearest of its others may be meant. */
static tanlu_status check_there(const reader *r, const tanlu_labels *wanted, const tanlu_labels *there,
                                const char *noun) {
  const char **others = tanlu_allocate(r->context, there->count, sizeof *others);
  tanlu_status status = others != NULL ? TANLU_OK : TANLU_ERR_MEMORY;
  size_t count = 0;
  for (size_t k = 0; others != NULL && k < there->count; k++) {
    if (tanlu_labels_find(wanted, there->code[k]) == TANLU_NONE) others[count++] = there->code[k];
  }
  for (size_t k = 0; others != NULL && k < wanted->count; k++) {
    const char *code = wanted->code[k];
    if (tanlu_labels_find(there, code) != TANLU_NONE) continue;
    const char *nearest = tanlu_nearest(code, others, count);
    status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->use_file, 0, 0,
                           nearest != NULL ? "missing %s '%s' of the supply table; is it '%s'?"
                                           : "missing %s '%s' of the supply table%s",
                           noun, code, nearest != NULL ? nearest : "");
  }
  free(others);
  return status;
}

static tanlu_status read_axes(reader *r) {
  tanlu_supply_use *t = r->tables;
  tanlu_status status = TANLU_OK;
  for (size_t i = 0; i < r->supply.row.count; i++) {
    keep(&status, add(&t->product, r->supply.row.code[i], "a product", r->supply_file, r->context));
  }
  for (size_t j = 0; j < r->supply.column.count; j++) {
    const char *code = r->supply.column.code[j];
    if (extra_of(code) == EXTRAS) keep(&status, add(&t->industry, code, "an industry", r->supply_file, r->context));
  }
  if (status == TANLU_OK && t->industry.count == 0) {
    status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->supply_file, 0, 0, "holds no industries");
  }
  if (status != TANLU_OK) return status;
  status = check_there(r, &t->product, &r->use.row, "product");
  keep(&status, check_there(r, &t->industry, &r->use.column, "industry"));
  for (size_t i = 0; i < r->use.row.count; i++) {
    const char *code = r->use.row.code[i];
    if (tanlu_labels_find(&t->product, code) != TANLU_NONE) continue;
    keep(&status, add(&t->component, code, "a component of value added", r->use_file, r->context));
  }
  for (size_t j = 0; j < r->use.column.count; j++) {
    const char *code = r->use.column.code[j];
    if (tanlu_labels_find(&t->industry, code) != TANLU_NONE) continue;
    keep(&status, add(&t->category, code, "a category of final use", r->use_file, r->context));
  }
  if (status == TANLU_OK && (t->component.count == 0 || t->category.count == 0)) {
    status = tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->use_file, 0, 0,
                           "holds no %s; expected %s beside the products and industries of the supply table",
                           t->component.count == 0 ? "value added" : "final use",
                           t->component.count == 0 ? "rows of value added" : "columns of final use");
  }
  return status;
}

static tanlu_category_role role_of(const char *code) {
  static const struct {
    const char *code;
    tanlu_category_role role;
  } known[] = {{"rural_households", TANLU_ROLE_RURAL},  {"urban_households", TANLU_ROLE_URBAN},
               {"government", TANLU_ROLE_GOVERNMENT},   {"fixed_capital", TANLU_ROLE_FIXED_CAPITAL},
               {"inventories", TANLU_ROLE_INVENTORIES}, {"exports", TANLU_ROLE_EXPORTS}};
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    if (strcmp(code, known[k].code) == 0) return known[k].role;
  }
  return TANLU_ROLE_OTHER;
}

static tanlu_status allocate(reader *r) {
  tanlu_supply_use *t = r->tables;
  const size_t p = t->product.count, n = t->industry.count;
  t->role = tanlu_allocate(r->context, t->category.count, sizeof *t->role);
  t->supply = tanlu_allocate_doubles(r->context, p, n);
  t->use = tanlu_allocate_doubles(r->context, p, n);
  t->final_use = tanlu_allocate_doubles(r->context, p, t->category.count);
  t->value_added = tanlu_allocate_doubles(r->context, t->component.count, n);
  t->imports = tanlu_allocate_doubles(r->context, p, 1);
  bool enough = t->role != NULL && t->supply != NULL && t->use != NULL && t->final_use != NULL &&
                t->value_added != NULL && t->imports != NULL;
  double **const told[] = {&t->margins, &t->taxes};
  for (size_t k = 0; k < 2; k++) {
    if (tanlu_labels_find(&r->supply.column, extra[MARGINS + k]) == TANLU_NONE) continue;
    *told[k] = tanlu_allocate_doubles(r->context, p, 1);
    enough = enough && *told[k] != NULL;
  }
  for (size_t k = 0; enough && k < t->category.count; k++) t->role[k] = role_of(t->category.code[k]);
  return enough ? TANLU_OK : TANLU_ERR_MEMORY;
}

/* ---- numbers ------------------------------------------------------------------------------------------------------------- */

static tanlu_status below_zero(const reader *r, const char *file, const char *row, const char *column, double value) {
  return tanlu_fail_at(r->context, TANLU_ERR_INPUT, file, 0, 0, "row '%s', column '%s' is %.10g; expected at least 0",
                       row, column, value);
}

static tanlu_status take_supply(const reader *r) {
  const tanlu_supply_use *t = r->tables;
  const size_t p = t->product.count;
  double *const column[EXTRAS] = {t->imports, t->margins, t->taxes};
  tanlu_status status = TANLU_OK;
  for (size_t c = 0; c < r->supply.column.count; c++) {
    const char *code = r->supply.column.code[c];
    const size_t k = extra_of(code);
    double *to = k < EXTRAS ? column[k] : &t->supply[tanlu_labels_find(&t->industry, code) * p];
    memcpy(to, &r->supply.value[c * p], p * sizeof *to);
    for (size_t i = 0; i < p && (k == EXTRAS || k == IMPORTS); i++) {
      if (to[i] < 0.0) status = below_zero(r, r->supply_file, t->product.code[i], code, to[i]);
    }
  }
  return status;
}

static tanlu_status take_use_cell(const reader *r, size_t row, size_t column, double value) {
  const tanlu_supply_use *t = r->tables;
  const char *row_code = r->use.row.code[row], *column_code = r->use.column.code[column];
  const size_t i = tanlu_labels_find(&t->product, row_code), j = tanlu_labels_find(&t->industry, column_code);
  if (i != TANLU_NONE && j != TANLU_NONE) {
    t->use[j * t->product.count + i] = value;
    return value < 0.0 ? below_zero(r, r->use_file, row_code, column_code, value) : TANLU_OK;
  }
  if (i != TANLU_NONE) {
    t->final_use[tanlu_labels_find(&t->category, column_code) * t->product.count + i] = value;
  } else if (j != TANLU_NONE) {
    t->value_added[j * t->component.count + tanlu_labels_find(&t->component, row_code)] = value;
  } else if (value != 0.0) {
    return tanlu_fail_at(r->context, TANLU_ERR_INPUT, r->use_file, 0, 0,
                         "row '%s' of value added holds %.10g in column '%s' of final use; expected 0", row_code, value,
                         column_code);
  }
  return TANLU_OK;
}

static tanlu_status take_use(const reader *r) {
  const size_t rows = r->use.row.count;
  tanlu_status status = TANLU_OK;
  for (size_t j = 0; j < r->use.column.count; j++) {
    for (size_t i = 0; i < rows; i++) {
      const tanlu_status cell = take_use_cell(r, i, j, r->use.value[j * rows + i]);
      if (cell != TANLU_OK) status = cell;
    }
  }
  return status;
}

tanlu_status tanlu_supply_use_read(tanlu_supply_use *tables, const char *supply, const char *use,
                                   tanlu_context *context) {
  reader r = {.tables = tables, .supply_file = supply, .use_file = use, .context = context};
  *tables = (tanlu_supply_use){0};
  tanlu_status status = tanlu_coded_matrix_read(&r.supply, supply, context);
  keep(&status, tanlu_coded_matrix_read(&r.use, use, context));
  if (status == TANLU_OK) status = read_axes(&r);
  if (status == TANLU_OK) status = allocate(&r);
  if (status == TANLU_OK) {
    status = take_supply(&r);
    keep(&status, take_use(&r));
  }
  tanlu_coded_matrix_clear(&r.supply);
  tanlu_coded_matrix_clear(&r.use);
  return status;
}
