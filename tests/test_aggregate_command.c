/* tanlu aggregate and tanlu disaggregate from outside. Oracles: a concordance of every sector with itself, whose projection must be the
 * same to the last bit; energy of the new sectors as the sum of their members', and CO2 of the nation as it was, after branches were
 * merged; a table that comes back when what was split is added up; places of wrong cells counted by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs/accounts_file.h"
#include "inputs/dataset_file.h"
#include "model/energy.h"
#include "solvers/random.h"
#include "tests/program_support.h"

typedef tanlu_test_place fixture;

static tanlu_dataset *read_dataset(const fixture *f, const char *name, bool whole) {
  char path[TANLU_TEST_PATH + 64];
  tanlu_context *context = tanlu_context_create();
  tanlu_dataset *d = NULL;
  snprintf(path, sizeof path, name[0] == '/' ? "%s%s" : "%s/%s", name[0] == '/' ? "" : f->directory, name);
  const tanlu_status status = whole ? tanlu_dataset_read(&d, path, context) : tanlu_accounts_read(&d, path, context);
  if (status != TANLU_OK) tanlu_test_print_messages(context);
  assert_int_equal(status, TANLU_OK);
  tanlu_context_free(&context);
  return d;
}

static tanlu_dataset *read_shipped(const fixture *f, bool whole) {
  char path[TANLU_TEST_PATH + 64];
  snprintf(path, sizeof path, "%s/inputs/data/china-2020", tanlu_test_root());
  return read_dataset(f, path, whole);
}

static FILE *create(const fixture *f, const char *name, const char *header) {
  char path[TANLU_TEST_PATH + 64];
  snprintf(path, sizeof path, "%s/%s", f->directory, name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fprintf(file, "%s\n", header);
  return file;
}

/* The group of a sector on a level. */
static const char *group_of(const tanlu_dataset *d, size_t i, const char *level) {
  size_t l = 0;
  while (strcmp(d->level[l].name, level) != 0) l++;
  return d->level[l].group.code[d->level[l].of_sector[i]];
}

/* The controlled product of a sector, "" without one. */
static const char *product_of(const tanlu_dataset *d, size_t i) {
  for (size_t p = 0; p < d->products.product.count; p++) {
    if (d->products.kind[p] == TANLU_PRODUCT_CONTROLLED && d->products.in_set[p * d->accounts.n + i]) {
      return d->products.product.code[p];
    }
  }
  return "";
}

/* Policy groups of china-2020, apart by controlled product: branches of industry meet, their factors differ (gas and water), and so do
 * the ranks of their non-energy use (chemicals). */
static void write_groups(const fixture *f, const tanlu_dataset *d, const char *name, bool level) {
  FILE *file = create(f, name, level ? "from,to,to_name,industry3" : "from,to,to_name");
  for (size_t i = 0; i < d->accounts.n; i++) {
    const char *group = group_of(d, i, "policy_group"), *product = product_of(d, i);
    fprintf(file, "%s,%s%s%s,Group %s", d->accounts.sector.code[i], group, *product != '\0' ? "-" : "", product, group);
    fprintf(file, level ? ",%s\n" : "\n", strcmp(group, "other_manufacturing") == 0 ? "secondary" : "");
  }
  fclose(file);
}

/* ---- whole datasets ------------------------------------------------------------------------------------------------------- */

static void one_to_one_is_the_same_to_the_last_bit(void **state) {
  fixture *f = *state;
  tanlu_dataset *d = read_shipped(f, true);
  FILE *file = create(f, "same.csv", "to,from,weight");
  for (size_t i = 0; i < d->accounts.n; i++) {
    fprintf(file, "%s,%s,%s\n", d->accounts.sector.code[i], d->accounts.sector.code[i], i % 2 == 0 ? "" : "1.0");
  }
  fclose(file);
  tanlu_dataset_free(&d);
  tanlu(&f->run, f->directory, "aggregate", "china-2020", "--by", "same.csv", "-o", "same");
  expect_status(&f->run, 0);
  expect_out(&f->run, "same: 153 sectors, from china-2020 with 153");
  expect_out(&f->run, "multipliers change by 0.00 % on average. First order: 0.00 % of intermediate use.");
  expect_not_err(&f->run, "note");
  tanlu(&f->run, f->directory, "check", "./same");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "before.h5", "reference");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "--set", "dataset=./same", "-o", "after.h5", "reference");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "compare", "before.h5", "after.h5");
  expect_status(&f->run, 0);
  expect_out(&f->run, "no differences");
}

/* e' = G'e for final energy and non-energy use of every carrier. */
static void assert_energy_follows(const tanlu_dataset *old, const tanlu_dataset *made, const size_t *of) {
  tanlu_context *context = tanlu_context_create();
  tanlu_energy *before = NULL, *after = NULL;
  assert_int_equal(tanlu_energy_create(&before, old, NULL, context), TANLU_OK);
  assert_int_equal(tanlu_energy_create(&after, made, NULL, context), TANLU_OK);
  const size_t carriers = before->carriers, cells = made->accounts.n * carriers;
  double *sum[2], largest = 0.0;
  for (size_t k = 0; k < 2; k++) {
    sum[k] = calloc(cells, sizeof *sum[k]);
    assert_non_null(sum[k]);
    const double *value = k == 0 ? before->final : before->non_energy;
    for (size_t i = 0; i < old->accounts.n; i++) {
      for (size_t c = 0; c < carriers; c++) sum[k][of[i] * carriers + c] += value[i * carriers + c];
    }
    for (size_t at = 0; at < cells; at++) largest = fmax(largest, sum[k][at]);
    for (size_t at = 0; at < cells; at++) {
      const double got = (k == 0 ? after->final : after->non_energy)[at];
      assert_true(fabs(got - sum[k][at]) <= 1e-12 * fmax(sum[k][at], 1e-3 * largest));
    }
    free(sum[k]);
  }
  tanlu_energy_free(&before);
  tanlu_energy_free(&after);
  tanlu_context_free(&context);
}

/* The value of an indicator in a year, from the CSV of tanlu show. */
static double indicator(fixture *f, const char *result, const char *code, const char *year) {
  tanlu(&f->run, f->directory, "show", "--csv", result, code);
  expect_status(&f->run, 0);
  for (const char *line = f->run.out; line != NULL; line = strchr(line + 1, '\n')) {
    const char *at = strstr(line, year), *end = strchr(line + 1, '\n');
    if (at == NULL || end == NULL || at > end) continue;
    const char *last = end;
    while (last > line && *(last - 1) != ',') last--;
    return strtod(last, NULL);
  }
  fail();
  return 0.0;
}

static void groups_keep_the_energy_of_their_members(void **state) {
  fixture *f = *state;
  tanlu_dataset *old = read_shipped(f, true);
  size_t of[200];
  write_groups(f, old, "groups.csv", true);
  tanlu(&f->run, f->directory, "aggregate", "china-2020", "--by", "groups.csv", "-o", "groups");
  expect_status(&f->run, 0);
  expect_out(&f->run, "groups: 30 sectors, from china-2020 with 153");
  tanlu_dataset *made = read_dataset(f, "groups", true);
  for (size_t i = 0; i < old->accounts.n; i++) {
    char code[128];
    const char *product = product_of(old, i);
    snprintf(code, sizeof code, "%s%s%s", group_of(old, i, "policy_group"), *product != '\0' ? "-" : "", product);
    of[i] = tanlu_labels_find(&made->accounts.sector, code);
    assert_true(of[i] != TANLU_NONE);
  }
  assert_energy_follows(old, made, of);
  assert_true(tanlu_labels_find(&made->energy.branch, "construction") != TANLU_NONE);  /* kept */
  assert_int_equal(tanlu_labels_find(&made->energy.branch, "beverages"), TANLU_NONE);  /* merged */
  assert_true(tanlu_labels_find(&made->energy.user_group, "gas_water") != TANLU_NONE); /* factors differ */
  tanlu_dataset_free(&made);
  tanlu_dataset_free(&old);
  tanlu(&f->run, f->directory, "run", "-q", "-o", "all.h5", "reference");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "--set", "dataset=./groups", "-o", "groups.h5", "reference");
  expect_status(&f->run, 0);
  static const char *const same[] = {
      "co2_energy", "co2_net", "gdp", "energy_consumption", "final_energy_total", "non_energy_use_total"};
  for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
    const double before = indicator(f, "all.h5", same[k], "2020"), after = indicator(f, "groups.h5", same[k], "2020");
    assert_true(before > 0.0 && fabs(after / before - 1.0) <= 1e-11); /* printed to 15 digits and more */
  }
}

/* Policy groups cut into two at random, so that branches are cut too and hang together by several new sectors. */
static void branches_cut_at_random_keep_their_energy(void **state) {
  fixture *f = *state;
  tanlu_dataset *old = read_shipped(f, true);
  for (uint32_t seed = 1; seed <= 3; seed++) {
    size_t of[200];
    char code[200][96];
    FILE *file = create(f, "cut.csv", "from,to");
    for (size_t i = 0; i < old->accounts.n; i++) {
      const char *product = product_of(old, i);
      const bool half = tanlu_random_uniform(seed, TANLU_STREAM_CALLER, 0, (uint32_t)i) < 0.5;
      snprintf(code[i], sizeof code[i], "%s-%s", group_of(old, i, "policy_group"),
               *product != '\0' ? product
               : half           ? "a"
                                : "b");
      fprintf(file, "%s,%s\n", old->accounts.sector.code[i], code[i]);
    }
    fclose(file);
    tanlu(&f->run, f->directory, "aggregate", "china-2020", "--by", "cut.csv", "--mixed", "largest", "--force", "-o",
          "cut");
    expect_status(&f->run, 0);
    tanlu_dataset *made = read_dataset(f, "cut", true);
    for (size_t i = 0; i < old->accounts.n; i++) of[i] = tanlu_labels_find(&made->accounts.sector, code[i]);
    assert_energy_follows(old, made, of);
    tanlu_dataset_free(&made);
  }
  tanlu_dataset_free(&old);
}

/* Officially split imports, and the level alone. */
static void a_level_is_a_concordance(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "aggregate", "china-2020-42", "--to", "policy_group", "-o", "level");
  expect_status(&f->run, 2);
  expect_err(&f->run, "level 'industry3': new sector 'other_manufacturing' has members of different groups, '22' of "
                      "'secondary' and '23' of 'tertiary'");
  assert_false(tanlu_test_exists(f->directory, "level"));
  tanlu(&f->run, f->directory, "aggregate", "china-2020-42", "--to", "policy_group", "--mixed", "largest", "-o",
        "level");
  expect_status(&f->run, 0);
  expect_err(&f->run, "note: level 'industry3': new sector 'other_manufacturing' belongs to 'secondary' as '22' does; "
                      "'23' was in 'tertiary'");
  tanlu(&f->run, f->directory, "check", "./level");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "run", "-q", "--set", "dataset=./level", "-o", "level.h5", "reference-42");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "aggregate", "china-2020", "--to", "policy_grop", "-o", "other");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--to: unknown level 'policy_grop'; did you mean 'policy_group'?");
}

static void regions_of_a_made_up_table(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "synth", "--regions", "3", "--sectors", "4", "-o", "regions");
  expect_status(&f->run, 0);
  tanlu(&f->run, f->directory, "aggregate", "./regions", "--to", "region", "--accounts", "--mixed", "drop", "-o",
        "by-region");
  expect_status(&f->run, 0);
  expect_err(&f->run, "note: level 'policy_group' is left out");
  tanlu_dataset *old = read_dataset(f, "regions", false), *made = read_dataset(f, "by-region", false);
  assert_int_equal(made->accounts.n, 3);
  assert_int_equal(made->levels, 1);
  double flow = 0.0;
  for (size_t i = 0; i < 4; i++) { /* from region 1 to region 3 */
    for (size_t j = 8; j < 12; j++) flow += old->accounts.flows[j * 12 + i];
  }
  assert_true(flow > 0.0 && fabs(made->accounts.flows[2 * 3 + 0] / flow - 1.0) < 1e-12);
  tanlu_dataset_free(&old);
  tanlu_dataset_free(&made);
}

static void what_a_whole_dataset_cannot_be_is_refused(void **state) {
  fixture *f = *state;
  tanlu_dataset *old = read_shipped(f, true);
  write_groups(f, old, "ambiguous.csv", false);
  FILE *file = create(f, "products.csv", "from,to,weight,industry3,policy_group,structure");
  for (size_t i = 0; i < old->accounts.n; i++) {
    const char *code = old->accounts.sector.code[i];
    const bool chemical = strcmp(code, "043") == 0 || strcmp(code, "044") == 0;
    const bool used = strcmp(code, "103") == 0 || strcmp(code, "109") == 0;
    fprintf(file, "%s,%s,,,%s,%s\n", code,
            chemical ? "basics"
            : used   ? "meet"
                     : code,
            used ? "construction" : "", used ? "services" : "");
  }
  fclose(file);
  tanlu_dataset_free(&old);
  tanlu(&f->run, f->directory, "aggregate", "china-2020", "--by", "ambiguous.csv", "-o", "new");
  expect_status(&f->run, 2);
  expect_err(&f->run, "expected its group in a column 'industry3' of the concordance, or --mixed");
  tanlu(&f->run, f->directory, "aggregate", "china-2020", "--by", "products.csv", "--mixed", "largest", "-o", "new");
  expect_status(&f->run, 2);
  expect_err(&f->run, "new sector 'basics' makes two controlled products, 'ethylene' and 'synthetic_ammonia'");
  tanlu(&f->run, f->directory, "aggregate", "china-2020", "--by", "products.csv", "-o", "new");
  expect_status(&f->run, 2);
  expect_err(&f->run, "new sector 'meet' has members of branches '");
  tanlu(&f->run, f->directory, "aggregate", "china-2020", "--by", "products.csv", "--mixed", "drop", "-o", "new");
  expect_status(&f->run, 2);
  assert_false(tanlu_test_exists(f->directory, "new"));
}

/* ---- concordance files ------------------------------------------------------------------------------------------------------ */

/* Sectors of the tiny dataset: coal, goods, power. */
static void wrong_concordance(fixture *f, const char *command, const char *text, const char *message) {
  assert_int_equal(tanlu_test_write_file(f->directory, "wrong.csv", text), 0);
  tanlu(&f->run, f->directory, command, "./tiny", "--accounts", "--by", "wrong.csv", "-o", "new");
  expect_status(&f->run, 2);
  expect_err(&f->run, message);
  assert_false(tanlu_test_exists(f->directory, "new"));
}

static void wrong_concordances_are_told_by_their_place(void **state) {
  fixture *f = *state;
  static const char *const both[] = {"aggregate", "disaggregate"};
  for (size_t k = 0; k < 2; k++) {
    wrong_concordance(f, both[k], "from,to\ncoal,a\ngods,a\n",
                      "wrong.csv:3:1: error: unknown sector 'gods'; did you mean 'goods'?");
    wrong_concordance(f, both[k], "from,to,weigth\ncoal,a,1\n", "wrong.csv:1:3: error: unknown column 'weigth'");
    wrong_concordance(f, both[k], "from\ncoal\n", "missing column 'to'");
    wrong_concordance(f, both[k], "from,to\n", "no rows; expected one for each sector");
    wrong_concordance(f, both[k], "from,to\ncoal,a b\n", "wrong.csv:2:2: error: 'a b' is no code for a sector");
    wrong_concordance(f, both[k], "from,to,weight\ncoal,a,-1\n", "wrong.csv:2:3: error: weight -1; expected above 0");
    wrong_concordance(f, both[k], "from,to,weight\ncoal,a,x\n", "wrong.csv:2:3: error:");
    wrong_concordance(f, both[k], "from,to,weight\ncoal,a,0.5\ncoal,b,0.4\ngoods,c,1\npower,d,1\n",
                      "wrong.csv:3: error: the weights of sector 'coal' add up to 0.9; expected 1");
    wrong_concordance(f, both[k], "from,to\ncoal,a\ncoal,a\n",
                      "wrong.csv:3:2: error: 'coal' goes into 'a', where line 2 has put 'coal' already");
    wrong_concordance(f, both[k], "from,to,industry3\ncoal,a,secndary\ngoods,b,\npower,c,\n",
                      "wrong.csv:2:3: error: unknown group 'secndary'; did you mean 'secondary'?");
  }
  wrong_concordance(f, "aggregate", "from,to\ncoal,a\n", "wrong.csv: error: no row for sector 'goods'");
  expect_err(&f->run, "no row for sector 'power'");
  wrong_concordance(f, "aggregate", "from,to,to_name\ncoal,a,One\ngoods,a,Two\npower,b,\n",
                    "wrong.csv:3:3: error: 'Two', but 'One' in line 2; expected the same");
  wrong_concordance(f, "aggregate", "from,to,sales\ncoal,a,1\n", "column 'sales' belongs to 'tanlu disaggregate'");
  wrong_concordance(f, "disaggregate", "from,to,weight\ncoal,a,0.5\ncoal,b,0.5\ngoods,b,0.5\ngoods,c,0.5\n",
                    "wrong.csv:4:2: error: 'goods' goes into 'b', where line 3 has put 'coal' already");
  wrong_concordance(f, "disaggregate", "from,to,weight\ncoal,goods,0.5\ncoal,b,0.5\n",
                    "wrong.csv:2:2: error: 'goods' is a sector of the dataset that is not split");
  wrong_concordance(f, "disaggregate", "from,to,weight,sales\ncoal,a,0.5,0.5\ncoal,b,0.5,0.6\n",
                    "the sales of sector 'coal' add up to 1.1; expected 1");
}

static void wrong_usage(void **state) {
  fixture *f = *state;
  tanlu(&f->run, f->directory, "aggregate", "./tiny", "-o", "new");
  expect_status(&f->run, 2);
  expect_err(&f->run, "expected either --by FILE or --to LEVEL");
  tanlu(&f->run, f->directory, "aggregate", "./tiny", "--to", "industry3");
  expect_status(&f->run, 2);
  expect_err(&f->run, "expected the directory to make: -o DIR");
  tanlu(&f->run, f->directory, "aggregate", "./tiny", "--to", "industry3", "--mixed", "some", "-o", "new");
  expect_status(&f->run, 2);
  expect_err(&f->run, "unknown way 'some'; expected refuse, drop or largest");
  tanlu(&f->run, f->directory, "aggregate", "./tiny", "--to", "industry3", "-o", "a name");
  expect_status(&f->run, 2);
  expect_err(&f->run, "'a name' is no name for a dataset");
  tanlu(&f->run, f->directory, "aggregate", "./tiny", "--to", "industry3", "--force", "-o", "tiny");
  expect_status(&f->run, 2);
  expect_err(&f->run, "it is not replaced");
  tanlu(&f->run, f->directory, "aggregate", "./none", "--to", "industry3", "-o", "new");
  expect_status(&f->run, 2);
  tanlu(&f->run, f->directory, "disaggregate", "./tiny", "-o", "new");
  expect_status(&f->run, 2);
  expect_err(&f->run, "--by is missing");
  assert_int_equal(tanlu_test_write_file(f->directory, "two.csv", "from,to,weight\ncoal,a,0.5\ncoal,b,0.5\n"), 0);
  tanlu(&f->run, f->directory, "disaggregate", "./tiny", "--by", "two.csv", "-o", "new");
  expect_status(&f->run, 2);
  expect_err(&f->run, "cannot be split with its sectors; --accounts writes the accounts alone");
  assert_int_equal(
      tanlu_test_write_file(f->directory, "w.csv", "from,to,weight\ncoal,a,0.5\ncoal,b,0.5\ngoods,a,1\npower,b,1\n"),
      0);
  tanlu(&f->run, f->directory, "aggregate", "./tiny", "--by", "w.csv", "-o", "new");
  expect_status(&f->run, 2);
  expect_err(&f->run, "sector 'coal' goes into several new ones; energy, power and products cannot follow it");
  assert_false(tanlu_test_exists(f->directory, "new"));
}

/* ---- accounts alone ----------------------------------------------------------------------------------------------------------- */

/* Split, with a known flow and shares of sales, then added up: the accounts of the tiny dataset. */
static void what_is_split_adds_up(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "split.csv",
                                         "from,to,weight,sales,to_name\ngoods,food,0.3,0.31,Food\n"
                                         "goods,steel,0.7,0.69,Steel\n"),
                   0);
  assert_int_equal(tanlu_test_write_file(f->directory, "known.csv", "row,column,value\nfood,steel,50\nsteel,coal,25\n"),
                   0);
  assert_int_equal(
      tanlu_test_write_file(f->directory, "back.csv", "from,to\ncoal,coal\nfood,goods\nsteel,goods\npower,power\n"), 0);
  tanlu(&f->run, f->directory, "disaggregate", "./tiny", "--accounts", "--by", "split.csv", "--known", "known.csv",
        "-o", "split");
  expect_status(&f->run, 0);
  expect_out(&f->run, "split: 4 sectors, from tiny-2020 with 3");
  tanlu(&f->run, f->directory, "check", "./split");
  expect_status(&f->run, 0);
  tanlu_dataset *d = read_dataset(f, "split", false);
  assert_true(d->accounts.flows[2 * 4 + 1] == 50.0 && d->accounts.flows[0 * 4 + 2] == 25.0);
  assert_string_equal(d->accounts.sector.name[1], "Food");
  tanlu_dataset_free(&d);
  tanlu(&f->run, f->directory, "aggregate", "./split", "--by", "back.csv", "-o", "back");
  expect_status(&f->run, 0);
  tanlu_dataset *old = read_dataset(f, "tiny", false), *back = read_dataset(f, "back", false);
  for (size_t k = 0; k < 9; k++) {
    assert_true(fabs(back->accounts.flows[k] - old->accounts.flows[k]) <= 1e-12 * 300.0);
  }
  for (size_t k = 0; k < 18; k++) {
    assert_true(fabs(back->accounts.final_use[k] - old->accounts.final_use[k]) <= 1e-12 * 250.0);
  }
  assert_true(fabs(back->accounts.imports[1] - 100.0) < 1e-10);
  tanlu_dataset_free(&old);
  tanlu_dataset_free(&back);
}

static void wrong_known_cells(void **state) {
  fixture *f = *state;
  static const struct {
    const char *text, *message;
  } wrong[] = {{"row,column,value\nfood,stel,1\n", "k.csv:2:2: error: unknown sector 'stel'; did you mean 'steel'?"},
               {"row,column,value\nfood,steel,1\nfood,steel,2\n",
                "k.csv:3:1: error: duplicate cell 'food', 'steel', first in line 2"},
               {"row,column,value\nfood,steel,\n", "k.csv:2:3: error:"},
               {"row,column,value\nfood,steel,-1\n", "k.csv:2:3: error:"},
               {"row,column,value\nfood,coal,31\n", "adds up to 31; expected at most 30"}};
  assert_int_equal(tanlu_test_write_file(f->directory, "s.csv", "from,to,weight\ngoods,food,0.3\ngoods,steel,0.7\n"),
                   0);
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
    assert_int_equal(tanlu_test_write_file(f->directory, "k.csv", wrong[k].text), 0);
    tanlu(&f->run, f->directory, "disaggregate", "./tiny", "--accounts", "--by", "s.csv", "--known", "k.csv", "-o",
          "new");
    expect_status(&f->run, 2);
    expect_err(&f->run, wrong[k].message);
    assert_false(tanlu_test_exists(f->directory, "new"));
  }
}

/* Extensions go by the weights: 7 of coal, a quarter of it with goods. */
static void extensions_follow(void **state) {
  fixture *f = *state;
  assert_int_equal(tanlu_test_write_file(f->directory, "self.csv", "from,to\ncoal,coal\ngoods,goods\npower,power\n"),
                   0);
  tanlu(&f->run, f->directory, "aggregate", "./tiny", "--accounts", "--by", "self.csv", "-o", "alone");
  expect_status(&f->run, 0);
  assert_int_equal(
      tanlu_test_write_file(f->directory, "alone/extensions.csv", "sector,co2,jobs\ncoal,7,1\ngoods,10,2\npower,20,\n"),
      0);
  assert_int_equal(tanlu_test_write_file(f->directory, "alone/extension_units.csv",
                                         "code,name,name_zh,unit\nco2,CO2,,Mt\njobs,Jobs,,1\n"),
                   0);
  assert_int_equal(
      tanlu_test_write_file(f->directory, "some.csv", "from,to,weight\ncoal,a,0.25\ncoal,b,0.75\ngoods,a,\npower,b,\n"),
      0);
  tanlu(&f->run, f->directory, "aggregate", "./alone", "--by", "some.csv", "--mixed", "largest", "-o", "some");
  expect_status(&f->run, 0);
  tanlu_dataset *d = read_dataset(f, "some", false);
  assert_int_equal(d->extension.label.count, 2);
  assert_string_equal(d->extension.unit[0], "Mt");
  assert_true(d->extension.value[0] == 11.75 && d->extension.value[1] == 25.25 && d->extension.value[2] == 2.25);
  tanlu_dataset_free(&d);
  tanlu(&f->run, f->directory, "aggregate", "./alone", "--by", "some.csv", "--mixed", "largest", "-o", "some");
  expect_status(&f->run, 2);
  expect_err(&f->run, "exists already; choose another name or give --force");
  tanlu(&f->run, f->directory, "aggregate", "./alone", "--by", "some.csv", "--mixed", "largest", "-f", "-o", "some");
  expect_status(&f->run, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(one_to_one_is_the_same_to_the_last_bit, tanlu_test_place_set_up,
                                      tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(groups_keep_the_energy_of_their_members, tanlu_test_place_set_up,
                                      tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(branches_cut_at_random_keep_their_energy, tanlu_test_place_set_up,
                                      tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(a_level_is_a_concordance, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(regions_of_a_made_up_table, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(what_a_whole_dataset_cannot_be_is_refused, tanlu_test_place_set_up,
                                      tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(wrong_concordances_are_told_by_their_place, tanlu_test_place_set_up,
                                      tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(wrong_usage, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(what_is_split_adds_up, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(wrong_known_cells, tanlu_test_place_set_up, tanlu_test_place_tear_down),
      cmocka_unit_test_setup_teardown(extensions_follow, tanlu_test_place_set_up, tanlu_test_place_tear_down),
  };
  return cmocka_run_group_tests(tests, tanlu_test_program_setup, NULL);
}
