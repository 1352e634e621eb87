/* Wrong input, one thing at a time: a small dataset and scenario that work, broken in one place, given to the built
 * program.
 *
 * Oracle: the promises of the command line. Exit status 2 for wrong input, 3 for what cannot be solved, 4 for what cannot be
 * written; messages FILE:LINE:COLUMN with what was expected (places counted by hand in the texts of
 * tests/support.c and tests/program_support.c); nothing on stdout; afterwards no file that was not there before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/program_support.h"

#define S "probe.yaml"

/* before and after: the first occurrence is replaced; before NULL: after is the whole file; both NULL: it is removed. */
typedef struct {
  const char *file, *before, *after;
} change;

typedef struct {
  const char *name;
  change changes[5];
  const char *arguments[8]; /* of `tanlu run`; none: -o out.h5 probe.yaml */
  const char *messages[4];  /* all must be on stderr */
  int status;
  bool check; /* `tanlu check probe.yaml` must say the same */
} wrong;

/* A mapping 40 levels deep. */
#define FIVE(x) x x x x x
#define DEEP "a: " FIVE(FIVE("{a: ")) FIVE(FIVE("{a: ")) "1" FIVE(FIVE("}")) FIVE(FIVE("}")) "\n"

static const wrong cases[] = {
    /* ---- the dataset ---- */
    {.name = "missing_file",
     .changes = {{"tiny/flows.csv", NULL, NULL}},
     .status = 2,
     .messages = {"tiny/flows.csv", "error: "},
     .check = true},
    {.name = "missing_dataset",
     .changes = {{S, "./tiny", "./tinny"}},
     .status = 2,
     .messages = {S ":3:10: error: ", "tinny"},
     .check = true},
    {.name = "missing_column",
     .changes = {{"tiny/losses.csv", NULL, "carrier\nheat\n"}},
     .status = 2,
     .messages = {"tiny/losses.csv:1: error: ", "'value'"},
     .check = true},
    {.name = "unknown_column",
     .changes = {{"tiny/branches.csv", "name_zh,kind", "name_zh,kinds"}},
     .status = 2,
     .messages = {"tiny/branches.csv:1:4: error: ", "'kinds'", "'kind'"},
     .check = true},
    {.name = "non_energy_use_by_branch_falls_short",
     .changes = {{"tiny/branch_non_energy.csv", NULL,
                  "branch,raw_coal,coke,natural_gas,gasoline,bf_gas,other_energy,electricity,heat,"
                  "hydrogen\nmanufacturing,,,9,,,,,,\n"
                  "mining,,,,,,,,,\npower_supply,,,,,,,,,\nurban,,,,,,,,,\nrural,,,,,,,,,\n"}},
     .status = 2,
     .messages = {"tiny/branch_non_energy.csv: error: ", "'natural_gas' by branch adds up to 9 TJ", "the 10 TJ"},
     .check = true},
    {.name = "non_energy_use_above_use",
     .changes = {{"tiny/branch_non_energy.csv", NULL,
                  "branch,raw_coal,coke,natural_gas,gasoline,bf_gas,other_energy,electricity,heat,"
                  "hydrogen\nmanufacturing,,,10,51,,,,,\n"
                  "mining,,,,,,,,,\npower_supply,,,,,,,,,\nurban,,,,,,,,,\nrural,,,,,,,,,\n"}},
     .status = 2,
     .messages = {"non-energy use of 'gasoline' by branch 'manufacturing' (51 TJ) is above its final use (50 TJ)"},
     .check = true},
    {.name = "text_in_a_number",
     .changes = {{"tiny/flows.csv", "goods,30,300,40", "goods,30,3OO,40"}},
     .status = 2,
     .messages = {"tiny/flows.csv:3:3: error: ", "'3OO'", "expected"},
     .check = true},
    {.name = "half_a_number",
     .changes = {{"tiny/flows.csv", "goods,30,300,40", "goods,30,300x,40"}},
     .status = 2,
     .messages = {"tiny/flows.csv:3:3: error: ", "'300x'", "expected"},
     .check = true},
    {.name = "not_a_number",
     .changes = {{"tiny/flows.csv", "goods,30,300,40", "goods,30,nan,40"}},
     .status = 2,
     .messages = {"tiny/flows.csv:3:3: error: ", "'nan'", "expected"},
     .check = true},
    {.name = "infinite",
     .changes = {{"tiny/final_demand.csv", "goods,100,250", "goods,100,inf"}},
     .status = 2,
     .messages = {"tiny/final_demand.csv:3:3: error: ", "'inf'", "expected"},
     .check = true},
    {.name = "unbalanced_row", /* 390 + 730 - 100 = 1020 less 1 */
     .changes = {{"tiny/final_demand.csv", "goods,100,250,120,200", "goods,100,250,119,200"}},
     .status = 2,
     .messages = {"tiny/f", ":3", "error: ", "goods"},
     .check = true},
    {.name = "unbalanced_column",
     .changes = {{"tiny/value_added.csv", "30,300,40", "30,301,40"}},
     .status = 2,
     .messages = {"tiny/", "error: ", "goods"},
     .check = true},
    {.name = "negative_flow",
     .changes = {{"tiny/flows.csv", "coal,10,40,50", "coal,-10,40,50"}},
     .status = 2,
     .messages = {"tiny/flows.csv:2:2: error: ", "-10", "expected"},
     .check = true},
    {.name = "duplicate_sector",
     .changes = {{"tiny/sectors.csv", "power,Power", "coal,Power"}},
     .status = 2,
     .messages = {"tiny/sectors.csv:4:1: error: ", "'coal'"},
     .check = true},
    {.name = "unknown_carrier",
     .changes = {{"tiny/losses.csv", "electricity,20", "electricty,20"}},
     .status = 2,
     .messages = {"tiny/losses.csv:3:1: error: ", "'electricty'", "'electricity'"},
     .check = true},
    {.name = "ragged_row",
     .changes = {{"tiny/flows.csv", "goods,30,300,40", "goods,30,300"}},
     .status = 2,
     .messages = {"tiny/flows.csv:3", "error: ", "expected"},
     .check = true},
    {.name = "open_quote",
     .changes = {{"tiny/groups.csv", "coal_mining,Coal mining", "coal_mining,\"Coal mining"}},
     .status = 2,
     .messages = {"tiny/groups.csv:", "error: "},
     .check = true},
    {.name = "unknown_group",
     .changes = {{"tiny/sectors.csv", "tertiary,goods", "tertiery,goods"}},
     .status = 2,
     .messages = {"tiny/sectors.csv:3:4: error: ", "'tertiery'", "'tertiary'"},
     .check = true},
    {.name = "unknown_dataset_key",
     .changes = {{"tiny/dataset.yaml", "urbanisation:", "urbanization:"}},
     .status = 2,
     .messages = {"tiny/dataset.yaml:11:1: error: ", "'urbanization'", "'urbanisation'"},
     .check = true},
    {.name = "history_beyond_its_end",
     .changes = {{"tiny/history.yaml", "urbanisation: {2022:", "urbanisation: {2023:"}},
     .status = 2,
     .messages = {"tiny/history.yaml:3:", "error: ", "2023"},
     .check = true},
    {.name = "zero_output_with_energy",
     .changes = {{"tiny/sectors.csv", "power,Power", "ghost,Ghost,,tertiary,goods,manufacturing\npower,Power"},
                 {"tiny/flows.csv", NULL,
                  "code,coal,goods,ghost,power\ncoal,10,40,,50\ngoods,30,300,,40\nghost,,,,\npower,10,110,,10\n"},
                 {"tiny/final_demand.csv", "power,20", "ghost,0,0,0,0,0,0,0,0,0\npower,20"},
                 {"tiny/value_added.csv", NULL,
                  "code,name,name_zh,coal,goods,ghost,power\nlabour,L,,30,300,,40\ntaxes,T,,10,50,,10\n"
                  "surplus,S,,30,200,,50\n"},
                 {"tiny/allocation.csv", "manufacturing,raw_coal,goods,0.5", "manufacturing,raw_coal,ghost,0.5"}},
     .status = 2,
     .messages = {"error: ", "ghost", "no output", "raw_coal"},
     .check = true},
    {.name = "non_productive_table", /* goods takes 1300 of itself for an output of 1000 */
     .changes = {{"tiny/flows.csv", "goods,30,300,40", "goods,30,1300,40"},
                 {"tiny/final_demand.csv", "100,0,1000", "100,-1000,1000"},
                 {"tiny/value_added.csv", "30,200,50", "30,-800,50"}},
     .status = 3,
     .messages = {"error: ", "goods"}},
    {.name = "errors_are_reported_together",
     .changes = {{"tiny/flows.csv", "goods,30,300,40", "goods,30,3OO,40"},
                 {"tiny/flows.csv", "power,10,110,10", "power,1O,110,10"},
                 {"tiny/losses.csv", "electricity,20", "electricty,20"}},
     .status = 2,
     .messages = {"tiny/flows.csv:3:3: error: ", "tiny/flows.csv:4:2: error: ", "tiny/losses.csv:3:1: error: "},
     .check = true},

    /* ---- the scenario ---- */
    {.name = "missing_scenario", .changes = {{S, NULL, NULL}}, .status = 2, .messages = {S, "error: "}, .check = true},
    {.name = "unknown_key",
     .changes = {{S, "power:", "powr:"}},
     .status = 2,
     .messages = {S ":6:1: error: ", "'powr'", "'power'"},
     .check = true},
    {.name = "unknown_inner_key",
     .changes = {{S, "{growth:", "{grwth:"}},
     .status = 2,
     .messages = {S ":5:7: error: ", "grwth", "growth"},
     .check = true},
    {.name = "unknown_technology",
     .changes = {{S, "wind:", "wnd:"}},
     .status = 2,
     .messages = {S ":6:15: error: ", "'wnd'", "'wind'"},
     .check = true},
    {.name = "text_as_value",
     .changes = {{S, "2030: 4}", "2030: four}"}},
     .status = 2,
     .messages = {S ":5:31: error: ", "'four'", "expected"},
     .check = true},
    {.name = "value_out_of_bounds",
     .changes = {{S, "2030: 4}", "2030: 400}"}},
     .status = 2,
     .messages = {S ":5:31: error: ", "400", "expected"},
     .check = true},
    {.name = "share_above_one",
     .changes = {{S, "0.08", "1.08"}},
     .status = 2,
     .messages = {S ":6:28: error: ", "1.08", "expected"},
     .check = true},
    {.name = "shares_above_one_together",
     .changes = {{S, "{2030: 0.08}", "{2030: 0.7}, pv: {2030: 0.6}"}},
     .status = 2,
     .messages = {S ":6:", "error: ", "add up to", "balance"},
     .check = true},
    {.name = "list_without_balance",
     .changes = {{S, ", balance: coal", ""}},
     .status = 2,
     .messages = {S ":6:", "error: ", "balance"},
     .check = true},
    {.name = "knots_out_of_order",
     .changes = {{S, "{2023: 5, 2030: 4}", "{2030: 4, 2023: 5}"}},
     .status = 2,
     .messages = {S ":5:", "error: ", "2023", "2030"},
     .check = true},
    {.name = "knots_inside_the_history",
     .changes = {{S, "2023: 5", "2022: 5"}},
     .status = 2,
     .messages = {S ":5:16: error: ", "2022", "history"},
     .check = true},
    {.name = "years_beyond_the_range",
     .changes = {{S, "to: 2030", "to: 2500"}},
     .status = 2,
     .messages = {S ":4:25: error: ", "2500", "expected"},
     .check = true},
    {.name = "years_from_elsewhere",
     .changes = {{S, "from: 2020", "from: 2015"}},
     .status = 2,
     .messages = {S ":4:15: error: ", "2015", "2020"},
     .check = true},
    {.name = "years_backwards",
     .changes = {{S, "to: 2030", "to: 2019"}},
     .status = 2,
     .messages = {S ":4:25: error: ", "2019", "expected"},
     .check = true},
    {.name = "knot_outside_the_range",
     .changes = {{S, "2030: 4}", "20300: 4}"}},
     .status = 2,
     .messages = {S ":5:25: error: ", "20300", "2100"},
     .check = true},
    {.name = "parent_of_itself",
     .changes = {{S, "dataset: ./tiny", "parent: ./probe.yaml"}},
     .status = 2,
     .messages = {S ":3:9: error: ", "probe"},
     .check = true},
    {.name = "circular_parents",
     .changes = {{S, "dataset: ./tiny", "parent: ./a.yaml"},
                 {"a.yaml", NULL, "name: a\nparent: ./b.yaml\n"},
                 {"b.yaml", NULL, "name: b\nparent: ./a.yaml\n"}},
     .status = 2,
     .messages = {".yaml:2:9: error: ", "a.yaml", "b.yaml"},
     .check = true},
    {.name = "missing_parent",
     .changes = {{S, "dataset: ./tiny", "parent: ./nobody.yaml"}},
     .status = 2,
     .messages = {S ":3:9: error: ", "nobody"},
     .check = true},
    {.name = "aliases",
     .changes = {{S, "sinks: {2030: 0.01}", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]"}},
     .status = 2,
     .messages = {S ":7:4: error: ", "anchor"},
     .check = true},
    {.name = "deep_nesting",
     .changes = {{S, NULL, DEEP}},
     .status = 2,
     .messages = {S ":1:", "error: ", "32"},
     .check = true},
    {.name = "duplicate_key",
     .changes = {{S, "2030: 4}", "2023: 4}"}},
     .status = 2,
     .messages = {S ":5:25: error: ", "2023"},
     .check = true},
    {.name = "tags",
     .changes = {{S, "0.01", "!!float 0.01"}},
     .status = 2,
     .messages = {S ":7:15: error: ", "tag"},
     .check = true},
    {.name = "second_document",
     .changes = {{S, "sinks: {2030: 0.01}", "---\nname: other"}},
     .status = 2,
     .messages = {S ":7:1: error: ", "document"},
     .check = true},
    {.name = "broken_yaml",
     .changes = {{S, "{2030: 0.08}, balance: coal}}", "{2030: 0.08}, balance: coal"}},
     .status = 2,
     .messages = {S ":", "error: "},
     .check = true},
    {.name = "tiers_without_data",
     .changes = {{S, "sinks:", "efficiency_tiers: {all: {between_to_above: 0.1}}\nsinks:"}},
     .status = 2,
     .messages = {S ":7:20: error: the dataset names no process with efficiency tiers"},
     .check = true},
    {.name = "routes_without_balance",
     .changes = {{"tiny/dataset.yaml", "sources:", "policy: {routes: routes.csv}\nsources:"},
                 {"tiny/routes.csv", NULL,
                  "process,route,item,member,value,unit,source\nmaking,,group,goods,,,x\nmaking,,output,,1,Mt,x\n"
                  "making,a,share,,1,1,x\nmaking,b,share,,0,1,x\n"},
                 {S, "sinks:", "routes: {making: {share: {b: 0.5}}}\nsinks:"}},
     .status = 2,
     .messages = {S ":7:19: error: the shares of 'share' name no `balance`"},
     .check = true},
    {.name = "unknown_policy_key",
     .changes = {{"tiny/dataset.yaml", "sources:", "policy: {route: routes.csv}\nsources:"}},
     .status = 2,
     .messages = {"tiny/dataset.yaml:20:10: error: unknown key 'route' in policy; did you mean 'routes'?"},
     .check = true},
    {.name = "empty_file", .changes = {{S, NULL, ""}}, .status = 2, .messages = {S, "error: ", "empty"}, .check = true},
    {.name = "binary_file",
     .changes = {{S, NULL,
                  "\x7f"
                  "ELF\x02\x01\x01\xff\xfe\xc3\x28\n\x01\x02"}},
     .status = 2,
     .messages = {S ":1", "error: "},
     .check = true},
    {.name = "not_utf8",
     .changes = {{S, "One change", "One \xc3\x28hange"}},
     .status = 2,
     .messages = {S ":2", "error: ", "UTF-8"},
     .check = true},
    /* without substitution industry goes on buying from farms: they keep some 5 % of GDP */
    {.name = "unreachable_structure_target",
     .changes = {{S, NULL,
                  "name: probe\nparent: reference-42\nyears: {from: 2020, to: 2030}\n"
                  "structure: {substitution: 0, share: {agriculture: {2025: 0.01}}}\n"}},
     .status = 3,
     .messages = {"error: scenario probe: year 2025: ", "structure.share.agriculture = 0.01 ", "reached",
                  "it can be 0.0"}},
    {.name = "contradicting_structure_targets", /* more than the whole */
     .changes = {{S, NULL,
                  "name: probe\nparent: reference-42\nyears: {from: 2020, to: 2030}\n"
                  "structure: {share: {agriculture: {2030: 0.6}, machinery: {2030: 0.5}}}\n"}},
     .status = 2,
     .messages = {"reference-42.yaml:", "error: ", "add up to", "balance"}},

    /* ---- the command line ---- */
    {.name = "output_below_a_file",
     .arguments = {"-o", S "/out.h5", S},
     .status = 4,
     .messages = {S "/out.h5", "error: "}},
    {.name = "output_where_nobody_may_write",
     .arguments = {"-o", "/proc/out.h5", S},
     .status = 4,
     .messages = {"/proc/out.h5", "error: "}},
    {.name = "output_two_directories_missing",
     .arguments = {"-o", "no/where/out.h5", S},
     .status = 4,
     .messages = {"no/where/out.h5", "error: "}},
    {.name = "output_is_a_directory",
     .arguments = {"--force", "-o", "tiny", S},
     .status = 2,
     .messages = {"tiny", "error: "}},
    {.name = "output_is_a_device",
     .arguments = {"--force", "-o", "/dev/full", S},
     .status = 2,
     .messages = {"/dev/full", "error: "}},
    {.name = "output_exists",
     .changes = {{"out.h5", NULL, "mine"}},
     .status = 2,
     .messages = {"out.h5", "error: ", "--force"}},
    {.name = "default_output_exists",
     .changes = {{"results/probe.h5", NULL, "mine"}},
     .arguments = {S},
     .status = 2,
     .messages = {"results/probe.h5", "error: ", "--force"}},
    {.name = "two_datasets",
     .changes = {{"other.yaml", NULL, "name: other\nparent: ./probe.yaml\ndataset: china-2020-42\n"}},
     .arguments = {"-o", "out.h5", S, "other.yaml"},
     .status = 2,
     .messages = {"error: ", "other", "probe", "dataset"}},
    {.name = "scenario_twice",
     .arguments = {"-o", "out.h5", S, "./" S},
     .status = 2,
     .messages = {"error: ", "'probe'"}},
    {.name = "mistyped_scenario",
     .arguments = {"-o", "out.h5", "referense"},
     .status = 2,
     .messages = {"'referense'", "'reference'"}},
    {.name = "setting_of_nothing",
     .arguments = {"-o", "out.h5", "--set", "gdp.grwth.2030=4", S},
     .status = 2,
     .messages = {"--set", "error: ", "grwth", "growth"}},
    {.name = "setting_without_value",
     .arguments = {"-o", "out.h5", "--set", "gdp.growth.2030", S},
     .status = 2,
     .messages = {"gdp.growth.2030", "="}},
    {.name = "setting_of_a_text",
     .arguments = {"-o", "out.h5", "--set", "gdp.growth.2030=fast", S},
     .status = 2,
     .messages = {"--set", "error: ", "'fast'"}},
    {.name = "setting_inside_the_history",
     .arguments = {"-o", "out.h5", "--set", "gdp.growth.2021=4", S},
     .status = 2,
     .messages = {"--set", "error: ", "2021"}},
    {.name = "no_threads",
     .arguments = {"-o", "out.h5", "--threads", "0", S},
     .status = 2,
     .messages = {"--threads", "'0'", "expected"}},
    {.name = "no_scenario", .arguments = {"-o", "out.h5"}, .status = 2, .messages = {"scenario"}},
    {.name = "unknown_option",
     .arguments = {"-o", "out.h5", "--froce", S},
     .status = 2,
     .messages = {"'--froce'", "'--force'"}},
};
enum { CASES = sizeof cases / sizeof *cases };

static void apply(const char *directory, const change *c) {
  if (c->before != NULL) {
    assert_int_equal(tanlu_test_edit(directory, c->file, c->before, c->after), 0);
  } else if (c->after != NULL) {
    assert_int_equal(tanlu_test_write_file(directory, c->file, c->after), 0);
  } else {
    char path[2 * TANLU_TEST_PATH];
    snprintf(path, sizeof path, "%s/%s", directory, c->file);
    assert_int_equal(unlink(path), 0);
  }
}

static void expect_messages(const tanlu_test_run *run, const wrong *w) {
  for (size_t i = 0; i < sizeof w->messages / sizeof *w->messages && w->messages[i] != NULL; i++) {
    expect_err(run, w->messages[i]);
  }
  expect_not_err(run, "nternal");
  assert_string_equal(run->out, "");
}

static void is_refused(void **state) {
  const wrong *w = *state;
  char directory[TANLU_TEST_PATH];
  assert_int_equal(tanlu_test_temp_dir(directory), 0);
  tanlu_test_write_probe(directory);
  for (size_t i = 0; i < sizeof w->changes / sizeof *w->changes && w->changes[i].file != NULL; i++) {
    apply(directory, &w->changes[i]);
  }
  const size_t before = tanlu_test_entries(directory);

  const char *argument[12] = {"run", "-o", "out.h5", S};
  for (size_t i = 0; w->arguments[0] != NULL && i < 10; i++) argument[i + 1] = i < 8 ? w->arguments[i] : NULL;
  tanlu_test_run run = {0};
  tanlu_test_execute(&run, directory, tanlu_test_program(), argument);
  expect_status(&run, w->status);
  expect_messages(&run, w);
  assert_int_equal(tanlu_test_entries(directory), before);
  if (w->check) {
    tanlu(&run, directory, "check", S);
    expect_status(&run, w->status);
    for (size_t i = 0; i < 4 && w->messages[i] != NULL; i++) expect_err(&run, w->messages[i]);
  }
  char *mine = tanlu_test_read_file(directory, "out.h5"); /* the file that was there is untouched */
  if (mine != NULL) assert_string_equal(mine, "mine");
  free(mine);
  tanlu_test_forget(&run);
  tanlu_test_remove_dir(directory);
}

/* The range that the message names: inside it the target is met, outside it is not. A tenth is left on
 * either side: the range is taken with the other factors as they were when the solver gave up. */
static void the_reachable_range_is_reachable(void **state) {
  (void)state;
  char directory[TANLU_TEST_PATH], setting[96];
  assert_int_equal(tanlu_test_temp_dir(directory), 0);
  tanlu_test_run run = {0};
  tanlu(&run, directory, "run", "-o", "out.h5", "--set", "years.to=2025", "--set", "structure.substitution=0", "--set",
        "structure.share.agriculture.2025=0.01", "reference-42");
  expect_status(&run, 3);
  const char *range = strstr(run.err, "it can be ");
  assert_non_null(range);
  char *end = NULL;
  const double lowest = strtod(range + strlen("it can be "), &end);
  assert_true(strncmp(end, " to ", 4) == 0);
  const double highest = strtod(end + 4, NULL);
  assert_true(lowest > 0.01 && lowest < highest && highest < 1.0);
  const struct {
    double share;
    int status;
  } tried[] = {{1.1 * lowest, 0}, {0.9 * lowest, 3}};
  for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
    snprintf(setting, sizeof setting, "structure.share.agriculture.2025=%.9f", tried[i].share);
    tanlu(&run, directory, "run", "--force", "-o", "out.h5", "--set", "years.to=2025", "--set",
          "structure.substitution=0", "--set", setting, "reference-42");
    expect_status(&run, tried[i].status);
  }
  tanlu_test_forget(&run);
  tanlu_test_remove_dir(directory);
}

/* ---- what looks odd and is right ------------------------------------------------------------------------------------- */

static void run_unbroken(const change *changes, size_t count) {
  char directory[TANLU_TEST_PATH];
  assert_int_equal(tanlu_test_temp_dir(directory), 0);
  tanlu_test_write_probe(directory);
  for (size_t i = 0; i < count; i++) apply(directory, &changes[i]);
  tanlu_test_run run = {0};
  tanlu(&run, directory, "run", "-o", "out.h5", S);
  expect_status(&run, 0);
  expect_not_err(&run, "error");
  assert_true(tanlu_test_exists(directory, "out.h5"));
  tanlu_test_forget(&run);
  tanlu_test_remove_dir(directory);
}

/* Without it the cases above would prove nothing. */
static void unbroken_input_is_accepted(void **state) {
  (void)state;
  run_unbroken(NULL, 0);
}

static void byte_order_marks_are_accepted(void **state) {
  (void)state;
  static const change changes[] = {{S, "name: probe", "\xef\xbb\xbfname: probe"},
                                   {"tiny/flows.csv", "code,",
                                    "\xef\xbb\xbf"
                                    "code,"},
                                   {"tiny/dataset.yaml", "name:", "\xef\xbb\xbfname:"}};
  run_unbroken(changes, sizeof changes / sizeof *changes);
}

static void carriage_returns_are_accepted(void **state) {
  (void)state;
  static const change changes[] = {
      {S, NULL,
       "name: probe\r\ntitle: Lines of another system\r\ndataset: ./tiny\r\nyears: {from: 2020, to: 2030}\r\n"
       "gdp: {growth: {2023: 5}}\r\n"},
      {"tiny/flows.csv", NULL, "code,coal,goods,power\r\ncoal,10,40,50\r\ngoods,30,300,40\r\npower,10,110,10\r\n"}};
  run_unbroken(changes, sizeof changes / sizeof *changes);
}

static void a_knot_after_the_last_year_is_accepted(void **state) {
  (void)state; /* a parent may reach further than its child runs */
  static const change changes[] = {{S, "2030: 4}", "2050: 4}"}};
  run_unbroken(changes, sizeof changes / sizeof *changes);
}

int main(void) {
  const struct CMUnitTest single[] = {
      cmocka_unit_test(the_reachable_range_is_reachable),       cmocka_unit_test(unbroken_input_is_accepted),
      cmocka_unit_test(byte_order_marks_are_accepted),          cmocka_unit_test(carriage_returns_are_accepted),
      cmocka_unit_test(a_knot_after_the_last_year_is_accepted),
  };
  enum { SINGLE = sizeof single / sizeof *single };
  struct CMUnitTest tests[CASES + SINGLE];
  wrong copy[CASES]; /* cmocka takes states that may change */
  for (size_t i = 0; i < CASES; i++) {
    copy[i] = cases[i];
    tests[i] = (struct CMUnitTest){.name = cases[i].name, .test_func = is_refused, .initial_state = &copy[i]};
  }
  for (size_t i = 0; i < SINGLE; i++) tests[CASES + i] = single[i];
  return cmocka_run_group_tests(tests, tanlu_test_program_setup, NULL);
}
