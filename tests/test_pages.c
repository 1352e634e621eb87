/* Pages of the manual and completions of shells, as the build has made them from the tables of options.
 *
 * Oracles: what `tanlu COMMAND --help` says of options, read as a user reads it; mandoc; the shells themselves, asked to complete a
 * line; names of scenarios that the test has made. */
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

enum { COMMANDS = 64, FORMS = 48 };

typedef struct {
  tanlu_test_place place;
  char build[TANLU_TEST_PATH]; /* directory of the program, with man/ and completions/ */
  char *command[COMMANDS];
  size_t commands;
} fixture;

/* Commands from the help of the program. */
static void read_commands(fixture *f) {
  tanlu(&f->place.run, f->place.directory, "--help");
  const char *line = strstr(f->place.run.out, "Commands:\n");
  while (line != NULL && (line = strchr(line, '\n')) != NULL && strncmp(line, "\n  ", 3) == 0) {
    line += 3;
    if (f->commands < COMMANDS) f->command[f->commands++] = strndup(line, strcspn(line, " "));
  }
}

static int set_up(void **state) {
  fixture *f = calloc(1, sizeof *f);
  void *place = NULL;
  if (f == NULL || tanlu_test_program_setup(NULL) != 0 || tanlu_test_place_set_up(&place) != 0) return 1;
  f->place = *(tanlu_test_place *)place;
  free(place);
  snprintf(f->build, sizeof f->build, "%s", tanlu_test_program());
  *strrchr(f->build, '/') = '\0';
  read_commands(f);
  *state = f;
  return f->commands > 20 ? 0 : 1;
}

static int tear_down(void **state) {
  fixture *f = *state;
  tanlu_test_forget(&f->place.run);
  tanlu_test_forget(&f->place.other);
  tanlu_test_remove_dir(f->place.directory);
  for (size_t i = 0; i < f->commands; i++) free(f->command[i]);
  free(f);
  return 0;
}

/* A file that the build has made, whole; the caller frees. */
static char *built(const fixture *f, const char *name) {
  char path[2 * TANLU_TEST_PATH];
  snprintf(path, sizeof path, "%s/%s", f->build, name);
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    fail_msg("%s is missing: make build", path);
    return NULL;
  }
  char *text = NULL;
  size_t size = 0;
  (void)getdelim(&text, &size, '\0', file);
  (void)fclose(file);
  return text;
}

/* Is there such a program? */
static bool has(fixture *f, const char *program) {
  char script[64];
  snprintf(script, sizeof script, "command -v %s", program);
  tanlu_test_execute(&f->place.other, f->place.directory, "/bin/sh", (const char *const[]){"-c", script, NULL});
  return f->place.other.status == 0;
}

/* ---- every option is everywhere -------------------------------------------------------------------------------------------- */

/* "--name" as troff writes it: a backslash before each hyphen. */
static void troff_name(char *text, size_t size, const char *name) {
  size_t used = (size_t)snprintf(text, size, "\\fB\\-\\-");
  for (const char *p = name; *p != '\0' && used + 8 < size; p++) {
    used += (size_t)snprintf(text + used, size - used, *p == '-' ? "\\-" : "%c", *p);
  }
  (void)snprintf(text + used, size - used, "\\fR");
}

static void every_option_is_in_the_page_and_in_the_completions(void **state) {
  static const char *const completion[] = {"completions/tanlu", "completions/_tanlu", "completions/tanlu.fish"};
  fixture *f = *state;
  size_t seen = 0;
  char *table[3];
  for (size_t k = 0; k < 3; k++) table[k] = built(f, completion[k]);
  for (size_t i = 0; i < f->commands; i++) {
    char file[64], name[64], text[160];
    snprintf(file, sizeof file, "man/tanlu-%s.1", f->command[i]);
    char *page = built(f, file);
    tanlu(&f->place.run, f->place.directory, "help", f->command[i]);
    expect_status(&f->place.run, 0);
    const char *line = strstr(f->place.run.out, "\nOptions:\n"), *end = strstr(f->place.run.out, "\nExamples:\n");
    assert_non_null(line);
    assert_non_null(end);
    while ((line = strstr(line, "--")) != NULL && line < end) {
      const bool first = strncmp(line - 7, "\n      --", 9) == 0 || (line[-7] == '\n' && line[-2] == ',');
      line += 2;
      if (!first) continue; /* spoken of in a help text */
      snprintf(name, sizeof name, "%.*s", (int)strcspn(line, "= \n"), line);
      troff_name(text, sizeof text, name);
      if (strstr(page, text) == NULL) fail_msg("%s has no %s", file, text);
      snprintf(text, sizeof text, "\noption\t%s\t%s\t", f->command[i], name);
      for (size_t k = 0; k < 3; k++) {
        if (strstr(table[k], text) == NULL) fail_msg("%s has no --%s of %s", completion[k], name, f->command[i]);
      }
      seen++;
    }
    free(page);
  }
  for (size_t k = 0; k < 3; k++) free(table[k]);
  assert_true(seen > 8 * f->commands); /* the loop has found them */
}

static void pages_are_whole(void **state) {
  static const char *const section[] = {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS"};
  fixture *f = *state;
  size_t details = 0;
  for (size_t i = 0; i < f->commands; i++) {
    char file[64], text[64];
    snprintf(file, sizeof file, "man/tanlu-%s.1", f->command[i]);
    char *page = built(f, file);
    for (size_t k = 0; k < sizeof section / sizeof *section; k++) {
      snprintf(text, sizeof text, "\n.SH %s\n", section[k]);
      if (strstr(page, text) == NULL) fail_msg("%s has no section %s", file, section[k]);
    }
    details += strstr(page, "\n.SH DETAILS\n") != NULL;
    free(page);
  }
  assert_true(details > 15); /* most commands have a section in cli/tanlu.1 */
  char *page = built(f, "man/tanlu-solve-for.1");
  assert_non_null(strstr(page, "sequential quadratic programming")); /* that of solve-for, not of solve */
  free(page);
}

static void mandoc_finds_nothing_wrong(void **state) {
  fixture *f = *state;
  if (!has(f, "mandoc")) skip();
  char script[2 * TANLU_TEST_PATH]; /* pages carry a version and no date */
  snprintf(script, sizeof script, "mandoc -Tlint -W warning %s/man/tanlu-*.1 %s/cli/tanlu.1 | grep -v 'missing date'",
           f->build, tanlu_test_root());
  tanlu_test_execute(&f->place.run, f->place.directory, "/bin/sh", (const char *const[]){"-c", script, NULL});
  assert_string_equal(f->place.run.out, "");
}

/* ---- names ------------------------------------------------------------------------------------------------------------------ */

static void names_are_those_that_can_be_found(void **state) {
  fixture *f = *state;
  tanlu_test_run *run = &f->place.run;
  tanlu(run, f->place.directory, "--list", "scenarios");
  expect_status(run, 0);
  expect_out(run, "\ndual-carbon\n");
  expect_out(run, "\nstress/no-capture\n");
  expect_not_out(run, "probe"); /* beside the working directory: a file, completed as such */
  tanlu(run, f->place.directory, "--list", "<datasets>");
  expect_status(run, 0);
  expect_out(run, "china-2020\nchina-2020-42\n");
  char paths[2 * TANLU_TEST_PATH];
  snprintf(paths, sizeof paths, "TANLU_PATH=%s:%s/inputs", f->place.directory, tanlu_test_root());
  tanlu_test_execute(run, "/", "/usr/bin/env",
                     (const char *const[]){paths, tanlu_test_program(), "--list", "scenarios", NULL});
  expect_out(run, "\nprobe\n");
  tanlu_test_execute(run, "/", "/usr/bin/env",
                     (const char *const[]){paths, tanlu_test_program(), "--list", "datasets", NULL});
  expect_out(run, "\ntiny\n");
}

static void names_of_a_result_file(void **state) {
  fixture *f = *state;
  tanlu_test_run *run = &f->place.run;
  tanlu(run, f->place.directory, "run", "--quiet", "--force", "-o", "out.h5", "probe.yaml");
  expect_status(run, 0);
  tanlu(run, f->place.directory, "--list", "variables", "out.h5");
  expect_out(run, "\nvalue_added\n");
  tanlu(run, f->place.directory, "--list", "indicators", "out.h5");
  expect_out(run, "\nco2_net\n");
  expect_not_out(run, "cumulative_co2");
  tanlu(run, f->place.directory, "--list", "outputs", "out.h5");
  expect_out(run, "\ncumulative_co2\n");
  tanlu(run, f->place.directory, "--list", "file-scenarios", "out.h5");
  assert_string_equal(run->out, "probe\n");
}

static void wrong_lists_are_refused(void **state) {
  fixture *f = *state;
  tanlu_test_run *run = &f->place.run;
  const char *const wrong[][2] = {{NULL, NULL}, {"nonsense", NULL}, {"variables", NULL}, {"scenarios", "out.h5"}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    tanlu(run, f->place.directory, "--list", wrong[i][0], wrong[i][1]);
    expect_status(run, 2);
    expect_err(run, "expected");
    assert_string_equal(run->out, "");
  }
  tanlu(run, f->place.directory, "show", "--help=nonsense");
  expect_status(run, 2);
  expect_err(run, "takes no value");
}

/* ---- bash ------------------------------------------------------------------------------------------------------------------- */

/* What bash offers for a line, one a line of run->out. As bash splits words: at blanks and around "=". */
static const char bash_script[] =
    ". \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\"; COMP_POINT=${#COMP_LINE};\n"
    "[[ $(complete -p tanlu) == *'-F _tanlu tanlu' ]] || exit 9\n"
    "_tanlu \"$1\" \"${@: -1}\" \"${@: -2:1}\"; ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"";

#define bash(f, ...) ask_bash(f, (const char *const[]){__VA_ARGS__, NULL})
static void ask_bash(fixture *f, const char *const *word) {
  char file[2 * TANLU_TEST_PATH];
  snprintf(file, sizeof file, "%s/completions/tanlu", f->build);
  const char *argument[FORMS] = {"--norc", "--noprofile", "-ic", bash_script, "bash", file, tanlu_test_program()};
  for (size_t i = 0; word[i] != NULL; i++) argument[7 + i] = word[i];
  tanlu_test_execute(&f->place.run, f->place.directory, "/bin/bash", argument);
  expect_status(&f->place.run, 0);
}

static void bash_completes_commands_and_options(void **state) {
  fixture *f = *state;
  if (access("/bin/bash", X_OK) != 0) skip();
  bash(f, "");
  for (size_t i = 0; i < f->commands; i++) expect_out(&f->place.run, f->command[i]);
  bash(f, "help", "stre");
  assert_string_equal(f->place.run.out, "stress\n");
  bash(f, "foot");
  assert_string_equal(f->place.run.out, "footprint\n");
  bash(f, "run", "--q");
  assert_string_equal(f->place.run.out, "--quiet\n");
  bash(f, "decompose", "--meth");
  assert_string_equal(f->place.run.out, "--method=\n");
  bash(f, "decompose", "--method", "=", "");
  assert_string_equal(f->place.run.out, "kaya\nlmdi\nsda\n");
  bash(f, "decompose", "--method", "=", "l");
  assert_string_equal(f->place.run.out, "lmdi\n");
  bash(f, "decompose", "-m", "k");
  assert_string_equal(f->place.run.out, "kaya\n");
  bash(f, "nosuch", "");
  assert_string_equal(f->place.run.out, "");
}

static void bash_completes_names_and_files(void **state) {
  fixture *f = *state;
  if (access("/bin/bash", X_OK) != 0) skip();
  tanlu(&f->place.run, f->place.directory, "run", "--quiet", "--force", "-o", "out.h5", "probe.yaml");
  expect_status(&f->place.run, 0);
  bash(f, "run", "-o", "new.h5", "dual-carbon-r");
  assert_string_equal(f->place.run.out, "dual-carbon-routes\n");
  bash(f, "run", "prob"); /* a file, by its extension */
  assert_string_equal(f->place.run.out, "probe.yaml\n");
  bash(f, "show", "");
  assert_string_equal(f->place.run.out, "out.h5\ntiny\n"); /* results, and directories on the way to them */
  bash(f, "show", "out.h5", "co2_ne");
  assert_string_equal(f->place.run.out, "co2_net\n");
  bash(f, "show", "--scenario", "=", "", NULL);
  assert_string_equal(f->place.run.out, "");
  bash(f, "show", "out.h5", "--scenario", "");
  assert_string_equal(f->place.run.out, "probe\n");
  bash(f, "sweep", "peak");
  assert_string_equal(f->place.run.out, "peak-drivers\n");
  bash(f, "ets", "--market", "shen");
  assert_string_equal(f->place.run.out, "shenzhen\n");
}

/* The name of a file is text, whatever it says. */
static void bash_runs_no_names(void **state) {
  fixture *f = *state;
  if (access("/bin/bash", X_OK) != 0) skip();
  char folder[2 * TANLU_TEST_PATH];
  const char *name = "x$(touch pwned)`touch pwned`.yaml";
  assert_int_equal(tanlu_test_write_file(f->place.directory, name, tanlu_test_probe), 0);
  snprintf(folder, sizeof folder, "%s:%s", f->place.directory, getenv("TANLU_PATH"));
  char *before = strdup(getenv("TANLU_PATH"));
  setenv("TANLU_PATH", folder, 1);
  bash(f, "run", "x");
  setenv("TANLU_PATH", before, 1);
  free(before);
  expect_out(&f->place.run, "x$(touch pwned)`touch pwned`\n");
  assert_false(tanlu_test_exists(f->place.directory, "pwned"));
  snprintf(folder, sizeof folder, "%s/%s", f->place.directory, name);
  assert_int_equal(unlink(folder), 0);
}

/* ---- fish, zsh -------------------------------------------------------------------------------------------------------------- */

static void fish(fixture *f, const char *line) {
  char script[4 * TANLU_TEST_PATH];
  snprintf(script, sizeof script, "set -gx PATH %s $PATH; source %s/completions/tanlu.fish; complete -C '%s'", f->build,
           f->build, line);
  tanlu_test_execute(&f->place.run, f->place.directory, "/usr/bin/env",
                     (const char *const[]){"fish", "--no-config", "-c", script, NULL});
  expect_status(&f->place.run, 0);
  assert_string_equal(f->place.run.err, "");
}

static void fish_completes(void **state) {
  fixture *f = *state;
  if (!has(f, "fish")) skip();
  tanlu(&f->place.run, f->place.directory, "run", "--quiet", "--force", "-o", "out.h5", "probe.yaml");
  expect_status(&f->place.run, 0);
  fish(f, "tanlu ");
  for (size_t i = 0; i < f->commands; i++) expect_out(&f->place.run, f->command[i]);
  fish(f, "tanlu run --q");
  assert_string_equal(f->place.run.out, "--quiet\tno progress, notes or summary\n");
  fish(f, "tanlu decompose --method=k");
  expect_out(&f->place.run, "--method=kaya");
  fish(f, "tanlu decompose -m ");
  expect_out(&f->place.run, "lmdi");
  fish(f, "tanlu run -o new.h5 dual-carbon-r");
  expect_out(&f->place.run, "dual-carbon-routes");
  fish(f, "tanlu show ");
  expect_out(&f->place.run, "out.h5");
  expect_not_out(&f->place.run, "probe.yaml");
  fish(f, "tanlu show out.h5 co2_ne");
  expect_out(&f->place.run, "co2_net");
}

/* A line typed on a terminal of its own, TAB, and what then stands there. */
static const char zsh_script[] =
    "zmodload zsh/zpty || exit 77\n"
    "zpty z zsh -f -i; : > lines\n"
    "zpty -w z 'PS1=; fpath=('$1'/completions $fpath); path=('$1' $path); autoload -Uz compinit; compinit -u -d "
    "./dump'\n"
    "zpty -w z 'tell() { zle complete-word; print -r -- \"$BUFFER\" >> lines; BUFFER=; }; zle -N tell; bindkey \"^I\" "
    "tell'\n"
    "zpty -w z 'print -r -- ready >> lines'; shift; integer want=1 tries\n"
    "wait_for() { for ((tries = 0; tries < 200; tries++)); do (( ${#${(f)\"$(<lines)\"}} >= want )) && return; "
    "while zpty -r -t z out; do :; done; sleep 0.05; done; print late; exit 1 }\n"
    "wait_for; for line in \"$@\"; do want+=1; zpty -n -w z \"$line\"$'\\t'; wait_for; done; zpty -d z; cat lines";

static void zsh_completes(void **state) {
  fixture *f = *state;
  tanlu_test_run *run = &f->place.run;
  if (!has(f, "zsh")) skip();
  char file[2 * TANLU_TEST_PATH];
  snprintf(file, sizeof file, "%s/completions/_tanlu", f->build);
  tanlu_test_execute(run, f->place.directory, "/usr/bin/env", (const char *const[]){"zsh", "-n", file, NULL});
  expect_status(run, 0);
  assert_string_equal(run->err, "");
  tanlu(run, f->place.directory, "run", "--quiet", "--force", "-o", "out.h5", "probe.yaml");
  expect_status(run, 0);
  tanlu_test_execute(run, f->place.directory, "/usr/bin/env",
                     (const char *const[]){"zsh", "-f", "-c", zsh_script, "zsh", f->build, "tanlu bala",
                                           "tanlu run --qui", "tanlu decompose --method=ka",
                                           "tanlu run -o n.h5 dual-carbon-r", "tanlu show out.h5 co2_ne",
                                           "tanlu show ou", "tanlu help stre", NULL});
  if (run->status == 77) skip(); /* no zpty */
  expect_status(run, 0);
  assert_string_equal(run->out, "ready\n"
                                "tanlu balance \n"
                                "tanlu run --quiet \n"
                                "tanlu decompose --method=kaya \n"
                                "tanlu run -o n.h5 dual-carbon-routes \n"
                                "tanlu show out.h5 co2_net \n"
                                "tanlu show out.h5 \n"
                                "tanlu help stress \n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_option_is_in_the_page_and_in_the_completions),
      cmocka_unit_test(pages_are_whole),
      cmocka_unit_test(mandoc_finds_nothing_wrong),
      cmocka_unit_test(names_are_those_that_can_be_found),
      cmocka_unit_test(names_of_a_result_file),
      cmocka_unit_test(wrong_lists_are_refused),
      cmocka_unit_test(bash_completes_commands_and_options),
      cmocka_unit_test(bash_completes_names_and_files),
      cmocka_unit_test(bash_runs_no_names),
      cmocka_unit_test(fish_completes),
      cmocka_unit_test(zsh_completes),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
