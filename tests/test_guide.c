/* The user guide, cli/guide/, page by page in an empty directory: files that a page shows are written, its commands run in
 * their order, and the lines it prints must be in what they said.
 *
 *     ```sh             each line (joined where it ends with a backslash) is a command; it must end with status 0, or with
 *                       what `# status N` at its end says; `# needs PACKAGES` leaves it out where one is not installed
 *     ```text           every line must be printed by the commands of the block before; runs of blanks count as one
 *     ```yaml, ...      a file, named by its first line: `# mine.yaml`
 *
 * Blocks indented by four spaces are not run, but for the commands of README.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/program_support.h"

enum { LINE = 1024 };

typedef struct {
  char directory[TANLU_TEST_PATH], path[2 * TANLU_TEST_PATH];
  tanlu_test_run run;
  const char *page; /* its name, for messages */
  char *said;       /* by the commands of the last block */
  size_t commands, lines, files, left_out;
} guide;

/* ---- text ---------------------------------------------------------------------------------------------------------------- */

/* Copy with runs of blanks as one and none at the ends. */
static char *squeezed(const char *text) {
  char *copy = malloc(strlen(text) + 1), *to = copy;
  assert_non_null(copy);
  for (const char *p = text; *p != '\0'; p++) {
    const bool blank = *p == ' ' || *p == '\t';
    if (blank && (to == copy || to[-1] == ' ' || to[-1] == '\n')) continue;
    if (*p == '\n' && to > copy && to[-1] == ' ') to--;
    *to++ = blank ? ' ' : *p;
  }
  if (to > copy && to[-1] == ' ') to--;
  *to = '\0';
  return copy;
}

static void keep_said(guide *g, const char *text) {
  const size_t had = g->said != NULL ? strlen(g->said) : 0, more = strlen(text);
  g->said = realloc(g->said, had + more + 1);
  assert_non_null(g->said);
  memcpy(g->said + had, text, more + 1);
}

/* ---- blocks -------------------------------------------------------------------------------------------------------------- */

static bool installed(guide *g, const char *packages) {
  char text[2 * LINE];
  snprintf(text, sizeof text, "dpkg-query -W -f='${Status}\\n' %s 2>&1 | grep -qv 'ok installed' && exit 1 || exit 0",
           packages);
  tanlu_test_execute(&g->run, g->directory, "/bin/sh", (const char *const[]){"-c", text, NULL});
  return g->run.status == 0;
}

static void run_command(guide *g, char *line) {
  int status = 0;
  char *remark = strstr(line, "# status "), *needs = strstr(line, "# needs ");
  if (remark != NULL) status = atoi(remark + strlen("# status "));
  if (needs != NULL && !installed(g, needs + strlen("# needs "))) {
    g->left_out++;
    return;
  }
  tanlu_test_execute(&g->run, g->directory, "/bin/sh", (const char *const[]){"-c", line, NULL});
  if (g->run.status != status) {
    fail_msg("%s: '%s' ended with status %d instead of %d:\n%s%s", g->page, line, g->run.status, status, g->run.out,
             g->run.err);
  }
  keep_said(g, g->run.out);
  g->commands++;
}

static void run_commands(guide *g, const char *block) {
  char line[LINE] = "";
  free(g->said);
  g->said = NULL;
  keep_said(g, "");
  for (const char *p = block; *p != '\0';) {
    const size_t length = strcspn(p, "\n"), had = strlen(line);
    const bool goes_on = length > 0 && p[length - 1] == '\\';
    assert_true(had + length + 2 < sizeof line);
    memcpy(line + had, p, length - (goes_on ? 1 : 0));
    line[had + length - (goes_on ? 1 : 0)] = '\0';
    p += length + (p[length] == '\n' ? 1 : 0);
    if (goes_on) continue;
    if (line[0] != '\0') run_command(g, line);
    line[0] = '\0';
  }
}

static void expect_lines(guide *g, const char *block) {
  assert_non_null(g->said);
  char *said = squeezed(g->said);
  for (const char *p = block; *p != '\0';) {
    char line[LINE];
    const size_t length = strcspn(p, "\n");
    assert_true(length < sizeof line);
    memcpy(line, p, length);
    line[length] = '\0';
    char *wanted = squeezed(line);
    if (strstr(said, wanted) == NULL) fail_msg("%s: nothing printed '%s', but:\n%s", g->page, line, g->said);
    free(wanted);
    g->lines++;
    p += length + (p[length] == '\n' ? 1 : 0);
  }
  free(said);
}

static void write_file(guide *g, const char *block) {
  char name[LINE];
  if (sscanf(block, "%*[#%%] %1000s", name) != 1) fail_msg("%s: a block of a file must begin with '# NAME'", g->page);
  assert_int_equal(tanlu_test_write_file(g->directory, name, block), 0);
  g->files++;
}

static void run_page(guide *g, const char *text) {
  for (const char *p = text; (p = strstr(p, "\n```")) != NULL;) {
    char kind[32] = "";
    p += 4;
    const size_t word = strcspn(p, "\n");
    assert_true(word > 0 && word < sizeof kind); /* a fence without a kind would hide commands */
    memcpy(kind, p, word);
    kind[word] = '\0';
    const char *begin = p + word + 1, *end = strstr(begin, "\n```");
    if (end == NULL) fail_msg("%s: a block is not closed", g->page);
    char *block = strndup(begin, (size_t)(end - begin) + 1);
    assert_non_null(block);
    if (strcmp(kind, "sh") == 0) {
      run_commands(g, block);
    } else if (strcmp(kind, "text") == 0) {
      expect_lines(g, block);
    } else {
      write_file(g, block);
    }
    free(block);
    p = end + 4;
  }
}

/* ---- pages --------------------------------------------------------------------------------------------------------------- */

static int set_up(void **state) {
  guide *g = calloc(1, sizeof *g);
  if (g == NULL || tanlu_test_program_setup(state) != 0) return 1;
  *state = g;
  const char *path = getenv("PATH"), *program = tanlu_test_program();
  const int directory = (int)(strrchr(program, '/') - program);
  if (snprintf(g->path, sizeof g->path, "%.*s:%s", directory, program, path) >= (int)sizeof g->path) return 1;
  return setenv("PATH", g->path, 1);
}

static int tear_down(void **state) {
  guide *g = *state;
  tanlu_test_forget(&g->run);
  free(g->said);
  free(g);
  return 0;
}

/* Every page has commands that are run, but for those that are text alone. */
static void page(void **state, const char *name, size_t least) {
  guide *g = *state;
  char file[128];
  snprintf(file, sizeof file, "cli/guide/%s", name);
  char *text = tanlu_test_read_file(tanlu_test_root(), file);
  assert_non_null(text);
  assert_int_equal(tanlu_test_temp_dir(g->directory), 0);
  g->page = name;
  g->commands = g->lines = g->files = g->left_out = 0;
  run_page(g, text);
  assert_true(g->commands + g->left_out >= least);
  tanlu_test_remove_dir(g->directory);
  free(text);
}

/* Lines of README.md that begin with build/tanlu, in their order, after `make run` and with the file that it says to save. */
static void the_lines_of_the_readme(void **state) {
  guide *g = *state;
  char *text = tanlu_test_read_file(tanlu_test_root(), "README.md"), build[2 * TANLU_TEST_PATH];
  assert_non_null(text);
  assert_int_equal(tanlu_test_temp_dir(g->directory), 0);
  g->page = "README.md";
  g->commands = 0;
  const char *program = tanlu_test_program();
  snprintf(build, sizeof build, "ln -s '%.*s' build", (int)(strrchr(program, '/') - program), program);
  char make_run[] = "tanlu run -q -o results/china-2020.h5 reference structure energy-mix dual-carbon accelerated";
  run_command(g, build);
  run_command(g, make_run);
  tanlu_test_write_example(g->directory, "Save as `mine.yaml`", "mine.yaml");
  char line[LINE] = "";
  for (const char *p = text; (p = strstr(p, "\n    build/tanlu ")) != NULL; p += 5) {
    const size_t length = strcspn(p + 5, "\n");
    assert_true(length < sizeof line && p[4 + length] != '\\'); /* of one line */
    memcpy(line, p + 5, length);
    line[length] = '\0';
    run_command(g, line);
  }
  assert_true(g->commands >= 10);
  tanlu_test_remove_dir(g->directory);
  free(text);
}

static void first_scenario(void **state) {
  page(state, "first-scenario.md", 15);
}
static void own_dataset(void **state) {
  page(state, "own-dataset.md", 8);
}
static void analyses(void **state) {
  page(state, "analyses.md", 20);
}
static void provinces(void **state) {
  page(state, "provinces.md", 8);
}
static void sweep(void **state) {
  page(state, "sweep.md", 10);
}
static void cluster(void **state) {
  page(state, "cluster.md", 6);
}
static void reading_results(void **state) {
  page(state, "reading-results.md", 10);
}
static void the_model(void **state) {
  page(state, "model.md", 0);
}
static void limitations(void **state) {
  page(state, "limitations.md", 0);
}

/* A page that no test knows is not run; and the index must lead to each. */
static void no_page_is_forgotten(void **state) {
  (void)state;
  static const char *const known[] = {"README.md",    "first-scenario.md", "own-dataset.md", "analyses.md",
                                      "provinces.md", "sweep.md",          "cluster.md",     "reading-results.md",
                                      "model.md",     "limitations.md"};
  char *index = tanlu_test_read_file(tanlu_test_root(), "cli/guide/README.md");
  char directory[TANLU_TEST_PATH + 16];
  snprintf(directory, sizeof directory, "%s/cli/guide", tanlu_test_root());
  DIR *entries = opendir(directory);
  assert_true(index != NULL && entries != NULL);
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    bool found = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) found = found || strcmp(known[i], entry->d_name) == 0;
    if (!found) fail_msg("cli/guide/%s is not run by this test", entry->d_name);
    if (strcmp(entry->d_name, "README.md") != 0) assert_non_null(strstr(index, entry->d_name));
  }
  (void)closedir(entries);
  free(index);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_lines_of_the_readme),
      cmocka_unit_test(first_scenario),
      cmocka_unit_test(own_dataset),
      cmocka_unit_test(analyses),
      cmocka_unit_test(provinces),
      cmocka_unit_test(sweep),
      cmocka_unit_test(cluster),
      cmocka_unit_test(reading_results),
      cmocka_unit_test(the_model),
      cmocka_unit_test(limitations),
      cmocka_unit_test(no_page_is_forgotten),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
