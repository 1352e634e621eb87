#include "tests/program_support.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOT_STARTED = 127 };
static const char python[] = "/usr/bin/python3";

static char program[PATH_MAX], root[PATH_MAX];

int tanlu_test_program_setup(void **state) {
  (void)state;
  const char *name = getenv("TANLU_PROGRAM");
  if (name == NULL || *name == '\0') name = "build/tanlu";
  if (getcwd(root, sizeof root) == NULL || realpath(name, program) == NULL || access(program, X_OK) != 0) {
    fprintf(stderr, "no program at %s\n", name);
    return 1;
  }
  char inputs[PATH_MAX + 16];
  snprintf(inputs, sizeof inputs, "%s/inputs", root);
  return setenv("TANLU_PATH", inputs, 1);
}

const char *tanlu_test_program(void) {
  return program;
}
const char *tanlu_test_root(void) {
  return root;
}

/* ---- processes ------------------------------------------------------------------------------------------------------ */

static void become(const tanlu_test_run *run, int descriptor, const char *directory, const char *command,
                   const char *const *argument) {
  static const int signals[] = {SIGINT, SIGTERM, SIGPIPE, SIGALRM};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  const char *all[TANLU_TEST_ARGUMENTS + 2] = {command};
  for (size_t i = 0; argument[i] != NULL && i < TANLU_TEST_ARGUMENTS; i++) all[i + 1] = argument[i];
  const int input = open("/dev/null", O_RDONLY);
  if (chdir(directory) != 0 || dup2(input, STDIN_FILENO) < 0 || dup2(descriptor, STDOUT_FILENO) < 0 ||
      dup2(fileno(run->err_file), STDERR_FILENO) < 0) {
    _exit(NOT_STARTED);
  }
  alarm(TANLU_TEST_SECONDS);
  char *copy[TANLU_TEST_ARGUMENTS + 2];
  memcpy(copy, all, sizeof copy); /* execv takes char *, and changes none of them */
  execv(command, copy);
  _exit(NOT_STARTED);
}

static void start(tanlu_test_run *run, int descriptor, const char *directory, const char *command,
                  const char *const *argument) {
  tanlu_test_forget(run);
  run->out_file = tmpfile();
  run->err_file = tmpfile();
  assert_non_null(run->out_file);
  assert_non_null(run->err_file);
  fflush(NULL);
  run->process = fork();
  assert_true(run->process >= 0);
  if (run->process == 0) {
    become(run, descriptor >= 0 ? descriptor : fileno(run->out_file), directory, command, argument);
  }
}

void tanlu_test_start(tanlu_test_run *run, const char *directory, const char *command, const char *const *argument) {
  start(run, -1, directory, command, argument);
}

static char *read_all(FILE *file) {
  fseek(file, 0, SEEK_END);
  const long length = ftell(file);
  assert_true(length >= 0);
  rewind(file);
  char *text = malloc((size_t)length + 1);
  assert_non_null(text);
  text[fread(text, 1, (size_t)length, file)] = '\0';
  fclose(file);
  return text;
}

void tanlu_test_finish(tanlu_test_run *run) {
  int status = 0;
  assert_int_equal(waitpid(run->process, &status, 0), run->process);
  run->process = 0;
  run->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run->out = read_all(run->out_file);
  run->err = read_all(run->err_file);
  run->out_file = run->err_file = NULL;
  if (run->status == NOT_STARTED) fail_msg("the program could not be started");
}

void tanlu_test_execute(tanlu_test_run *run, const char *directory, const char *command, const char *const *argument) {
  tanlu_test_start(run, directory, command, argument);
  tanlu_test_finish(run);
}

void tanlu_test_execute_into(tanlu_test_run *run, int descriptor, const char *directory, const char *command,
                             const char *const *argument) {
  start(run, descriptor, directory, command, argument);
  tanlu_test_finish(run);
}

void tanlu_test_forget(tanlu_test_run *run) {
  if (run->process > 0) { /* a test failed while it ran */
    kill(run->process, SIGKILL);
    waitpid(run->process, NULL, 0);
  }
  if (run->out_file != NULL) fclose(run->out_file);
  if (run->err_file != NULL) fclose(run->err_file);
  free(run->out);
  free(run->err);
  *run = (tanlu_test_run){0};
}

/* ---- expectations --------------------------------------------------------------------------------------------------- */

static void show(const tanlu_test_run *run) {
  fprintf(stderr, "exit status %d\n--- stdout\n%.4000s\n--- stderr\n%.4000s\n---\n", run->status, run->out, run->err);
}

void tanlu_test_expect_status(const tanlu_test_run *run, int status, const char *file, int line) {
  if (run->status == status) return;
  fprintf(stderr, "%s:%d: exit status %d, expected %d\n", file, line, run->status, status);
  show(run);
  _fail(file, line);
}

void tanlu_test_expect_part(const tanlu_test_run *run, const char *text, const char *part, bool wanted,
                            const char *file, int line) {
  if ((strstr(text, part) != NULL) == wanted) return;
  fprintf(stderr, "%s:%d: '%s' %s in %s\n", file, line, part, wanted ? "is not" : "must not be",
          text == run->out ? "stdout" : "stderr");
  show(run);
  _fail(file, line);
}

/* ---- files ---------------------------------------------------------------------------------------------------------- */

bool tanlu_test_exists(const char *directory, const char *name) {
  char path[2 * TANLU_TEST_PATH];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  struct stat info;
  return lstat(path, &info) == 0;
}

size_t tanlu_test_entries(const char *directory) {
  DIR *stream = opendir(directory);
  if (stream == NULL) return 0;
  size_t count = 0;
  for (const struct dirent *entry; (entry = readdir(stream)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char path[2 * TANLU_TEST_PATH];
    snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
    count += 1 + tanlu_test_entries(path);
  }
  closedir(stream);
  return count;
}

const char tanlu_test_probe[] = "name: probe\n"
                                "title: One change at a time\n"
                                "dataset: ./tiny\n"
                                "years: {from: 2020, to: 2030}\n"
                                "gdp: {growth: {2023: 5, 2030: 4}}\n"
                                "power: {mix: {wind: {2030: 0.08}, balance: coal}}\n"
                                "sinks: {2030: 0.01}\n";

void tanlu_test_write_probe(const char *directory) {
  char tiny[TANLU_TEST_PATH + 8];
  snprintf(tiny, sizeof tiny, "%s/tiny", directory);
  assert_int_equal(tanlu_test_write_dataset(tiny), 0);
  /* one sector makes nearly everything here: its tonnes and GDP cannot both be given */
  assert_int_equal(tanlu_test_edit(tiny, "history.yaml", "products: {widgets: {2021: 10.5, 2022: 10.4}}\n", ""), 0);
  assert_int_equal(tanlu_test_write_file(directory, "probe.yaml", tanlu_test_probe), 0);
}

void tanlu_test_write_not_productive(const char *directory, bool singular) {
  /* no imports, so that the shares of goods in goods are exactly 1.3 and 1 */
  static const char *const flows[] = {"code,coal,goods,power\ncoal,10,40,50\ngoods,30,1300,40\npower,10,110,10\n",
                                      "code,coal,goods,power\ncoal,10,0,50\ngoods,30,1000,40\npower,10,0,10\n"};
  static const char *const final[] = {"coal,4,6,0,0,5,5,0,0,120\ngoods,100,250,120,200,-1090,50,0,0,1000\n"
                                      "power,20,45,0,0,0,5,0,0,200\n",
                                      "coal,4,6,0,0,45,5,0,0,120\ngoods,100,250,120,200,-790,50,0,0,1000\n"
                                      "power,20,45,0,0,110,5,0,0,200\n"};
  static const char *const surplus[] = {"30,-800,50", "30,-350,50"};
  char text[512];
  snprintf(text, sizeof text,
           "code,rural_households,urban_households,government,fixed_capital,inventories,exports,imports,discrepancy,"
           "gross_output\n%s",
           final[singular]);
  tanlu_test_write_probe(directory);
  assert_int_equal(tanlu_test_write_file(directory, "tiny/flows.csv", flows[singular]), 0);
  assert_int_equal(tanlu_test_write_file(directory, "tiny/final_demand.csv", text), 0);
  assert_int_equal(tanlu_test_edit(directory, "tiny/value_added.csv", "30,200,50", surplus[singular]), 0);
}

/* ---- python --------------------------------------------------------------------------------------------------------- */

void tanlu_test_write_example(const char *directory, const char *heading, const char *name) {
  char *readme = tanlu_test_read_file(root, "README.md"), *code = NULL;
  size_t length = 0;
  assert_non_null(readme);
  FILE *stream = open_memstream(&code, &length);
  assert_non_null(stream);
  const char *line = strstr(readme, heading);
  if (line == NULL) fail_msg("README.md has no '%s'", heading);
  line = strstr(line, "\n    ");
  while (line != NULL && (strncmp(line, "\n    ", 5) == 0 || strncmp(line, "\n\n    ", 6) == 0)) {
    if (line[1] != '\n') fprintf(stream, "%.*s", (int)strcspn(line + 5, "\n"), line + 5);
    fputc('\n', stream);
    line = strchr(line + 1, '\n');
  }
  assert_int_equal(fclose(stream), 0);
  assert_true(length > 40);
  assert_int_equal(tanlu_test_write_file(directory, name, code), 0);
  free(code);
  free(readme);
}

int tanlu_test_place_set_up(void **state) {
  tanlu_test_place *place = calloc(1, sizeof *place);
  if (place == NULL || tanlu_test_temp_dir(place->directory) != 0) return 1;
  tanlu_test_write_probe(place->directory);
  *state = place;
  return 0;
}

int tanlu_test_program_place_set_up(void **state) {
  return tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0;
}

int tanlu_test_place_tear_down(void **state) {
  tanlu_test_place *place = *state;
  tanlu_test_forget(&place->run);
  tanlu_test_forget(&place->other);
  tanlu_test_remove_dir(place->directory);
  free(place);
  return 0;
}

bool tanlu_test_python_has(const char *module) {
  if (access(python, X_OK) != 0) return false;
  char script[128];
  snprintf(script, sizeof script, "import %s", module);
  tanlu_test_run run = {0};
  tanlu_test_execute(&run, root, python, (const char *const[]){"-c", script, NULL});
  const bool has = run.status == 0;
  tanlu_test_forget(&run);
  return has;
}

void tanlu_test_python(tanlu_test_run *run, const char *directory, const char *script, const char *const *argument) {
  const char *all[16] = {"-c", script};
  for (size_t i = 0; i < 13 && argument[i] != NULL; i++) all[i + 2] = argument[i];
  tanlu_test_execute(run, directory, python, all);
}

double tanlu_test_csv_sum(const char *csv, const char *first, const char *second) {
  double sum = 0.0;
  for (const char *line = csv; *line != '\0';) {
    const char *end = strchr(line, '\n');
    char record[512];
    snprintf(record, sizeof record, "%.*s", (int)(end - line), line);
    if (strstr(record, first) != NULL && strstr(record, second) != NULL) sum += strtod(strrchr(record, ',') + 1, NULL);
    line = end + 1;
  }
  return sum;
}

void tanlu_test_interrupt(tanlu_test_run *run, const char *directory, int number, long milliseconds,
                          const char *const *argument) {
  const struct timespec pause = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
  tanlu_test_start(run, directory, tanlu_test_program(), argument);
  (void)nanosleep(&pause, NULL);
  (void)kill(run->process, number);
  tanlu_test_finish(run);
}
