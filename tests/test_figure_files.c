/* Figures as files of a directory.
 *
 * Oracles: the signatures of PNG (ISO 15948) and PDF; directories compared before and after failures; small shell scripts in the
 * place of rsvg-convert that fail in known ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <omp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "outputs/figure_files.h"
#include "tests/support.h"

typedef struct {
  char directory[TANLU_TEST_PATH], tools[TANLU_TEST_PATH + 16], figures[TANLU_TEST_PATH + 16];
  char *path; /* as it was */
  tanlu_context *context;
  tanlu_figure *figure[2];
} fixture;

static tanlu_figure *make(const char *name, double value, tanlu_context *context) {
  tanlu_figure *figure = tanlu_figure_create(TANLU_CHART_LINES, name, "A figure", context);
  tanlu_figure_x(figure, "Year", NULL);
  tanlu_figure_y(figure, "CO2", "Mt");
  const size_t series = tanlu_figure_series(figure, 0, "Line", TANLU_ROLE_COAL, TANLU_STYLE_SOLID);
  tanlu_figure_point(figure, series, 2020, value);
  tanlu_figure_point(figure, series, 2030, 2.0 * value);
  return figure;
}

static int setup(void **state) {
  static fixture f;
  f = (fixture){.context = tanlu_context_create()};
  if (f.context == NULL || tanlu_test_temp_dir(f.directory) != 0) return 1;
  (void)snprintf(f.tools, sizeof f.tools, "%s/tools", f.directory);
  (void)snprintf(f.figures, sizeof f.figures, "%s/figures", f.directory);
  f.figure[0] = make("one", 1, f.context);
  f.figure[1] = make("two", 2, f.context);
  const char *path = getenv("PATH");
  f.path = strdup(path != NULL ? path : "");
  *state = &f;
  return f.path == NULL || mkdir(f.tools, 0777) != 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  (void)setenv("PATH", f->path, 1);
  free(f->path);
  for (size_t i = 0; i < 2; i++) tanlu_figure_free(&f->figure[i]);
  tanlu_context_free(&f->context);
  tanlu_test_remove_dir(f->directory);
  return 0;
}

/* A script called rsvg-convert, the only program in PATH; NULL: none. */
static void put_converter(fixture *f, const char *body) {
  char path[TANLU_TEST_PATH + 64], text[512];
  (void)snprintf(path, sizeof path, "%s/rsvg-convert", f->tools);
  (void)remove(path);
  if (body != NULL) {
    (void)snprintf(text, sizeof text, "#!/bin/sh\n%s\n", body);
    assert_int_equal(tanlu_test_write_file(f->tools, "rsvg-convert", text), 0);
    assert_int_equal(chmod(path, 0755), 0);
  }
  assert_int_equal(setenv("PATH", f->tools, 1), 0);
}

static tanlu_status put(fixture *f, unsigned formats, bool asked, bool force) {
  const tanlu_figure_files files = {.directory = f->figures, .formats = formats, .asked = asked, .force = force};
  tanlu_context_clear(f->context);
  return tanlu_figure_files_write(&files, (const tanlu_figure *const *)f->figure, 2, f->context);
}

static int entries(const char *path) {
  int count = 0;
  DIR *directory = opendir(path);
  if (directory == NULL) return -1;
  for (const struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    count += entry->d_name[0] != '.';
  }
  closedir(directory);
  return count;
}

static void expect_failure(fixture *f, tanlu_status status, tanlu_status wanted, const char *part) {
  if (status != wanted || !tanlu_test_has_message(f->context, part)) tanlu_test_print_messages(f->context);
  assert_int_equal(status, wanted);
  assert_true(tanlu_test_has_message(f->context, part));
  assert_int_equal(entries(f->figures), -1); /* not even the directory */
}

/* ---- tests ---------------------------------------------------------------------------------------------------------------------- */

static void formats_of_a_list(void **state) {
  fixture *f = *state;
  unsigned formats = 0;
  assert_int_equal(tanlu_figure_formats_read("svg", &formats, f->context), TANLU_OK);
  assert_int_equal(formats, TANLU_FORMAT_SVG);
  assert_int_equal(tanlu_figure_formats_read("png,csv,pdf,svg", &formats, f->context), TANLU_OK);
  assert_int_equal(formats, TANLU_FORMATS_ALL);
  static const char *const wrong[] = {"", "svg,", ",svg", "SVG", "jpg", "svgpdf", "svg pdf"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    tanlu_context_clear(f->context);
    assert_int_equal(tanlu_figure_formats_read(wrong[i], &formats, f->context), TANLU_ERR_INPUT);
    assert_true(tanlu_test_has_message(f->context, "expected svg, csv, pdf or png"));
  }
}

static void files_are_written_and_kept(void **state) {
  fixture *f = *state;
  assert_int_equal(put(f, TANLU_FORMAT_SVG | TANLU_FORMAT_CSV, true, false), TANLU_OK);
  assert_int_equal(entries(f->figures), 4);
  char *csv = tanlu_test_read_file(f->figures, "two.csv"), *svg = tanlu_test_read_file(f->figures, "one.svg");
  assert_string_equal(csv, "panel,series,x,label,value,low,high,unit\r\n,Line,2020,,2,,,Mt\r\n,Line,2030,,4,,,Mt\r\n");
  assert_int_equal(strncmp(svg, "<?xml", 5), 0);
  free(svg);
  free(csv);
  assert_int_equal(put(f, TANLU_FORMAT_CSV, true, false), TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(f->context, "one.csv"));
  assert_true(tanlu_test_has_message(f->context, "exists already"));
  assert_int_equal(put(f, TANLU_FORMAT_CSV, true, true), TANLU_OK);
  assert_int_equal(entries(f->figures), 4);
}

static void converter_gives_the_pictures(void **state) {
  fixture *f = *state;
  put_converter(f, "while read -r line; do printf '%s|%s|' \"$*\" \"$line\"; break; done"); /* no cat in this PATH */
  assert_int_equal(put(f, TANLU_FORMATS_ALL, true, false), TANLU_OK);
  assert_int_equal(entries(f->figures), 8);
  char *png = tanlu_test_read_file(f->figures, "one.png"), *pdf = tanlu_test_read_file(f->figures, "one.pdf");
  const char *xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>|";
  assert_non_null(strstr(png, "--format=png --zoom=2 --background-color=white|"));
  assert_non_null(strstr(png, xml));
  assert_non_null(strstr(pdf, "--format=pdf"));
  assert_non_null(strstr(pdf, xml));
  free(pdf);
  free(png);
}

/* Each run waits until two have begun (or ten seconds, and fails then): none ends where they go one after the other. */
static void conversions_run_side_by_side(void **state) {
  fixture *f = *state;
  if (omp_get_num_procs() < 2) {
    fprintf(stderr, "left out: one processor\n");
    skip();
  }
  put_converter(f, "echo begun >> \"${0%/*}/begun\"\nn=0\nwhile [ $n -lt 100 ]; do\nread -r one < /dev/null\n"
                   "c=0; while read -r line; do c=$((c + 1)); done < \"${0%/*}/begun\"\n"
                   "[ $c -ge 2 ] && echo picture && exit 0\nn=$((n + 1)); /bin/sleep 0.1\ndone\nexit 7");
  assert_int_equal(put(f, TANLU_FORMATS_ALL, true, false), TANLU_OK);
  assert_int_equal(entries(f->figures), 8);
}

typedef struct {
  size_t done, most;
} counting;

static void count_one(void *user) {
  ((counting *)user)->done++;
}

static bool is_enough(void *user) {
  return ((counting *)user)->done >= ((counting *)user)->most;
}

/* Every file is counted; stopped after any number of them, nothing is there, not even the directory. */
static void stops_are_heard(void **state) {
  fixture *f = *state;
  counting c = {.most = 100};
  tanlu_figure_files files = {.directory = f->figures,
                              .formats = TANLU_FORMATS_ALL,
                              .asked = true,
                              .done = count_one,
                              .stopped = is_enough,
                              .user = &c};
  put_converter(f, "echo picture");
  for (c.most = 0; c.most < 8; c.most++) {
    c.done = 0;
    const tanlu_status status = tanlu_figure_files_write(&files, (const tanlu_figure *const *)f->figure, 2, f->context);
    expect_failure(f, status, TANLU_INTERRUPTED, "stopped");
  }
  c = (counting){.most = 100};
  assert_int_equal(tanlu_figure_files_write(&files, (const tanlu_figure *const *)f->figure, 2, f->context), TANLU_OK);
  assert_int_equal(c.done, 2 * tanlu_figure_formats_count(TANLU_FORMATS_ALL));
  assert_int_equal(entries(f->figures), 8);
}

static void converter_is_missing(void **state) {
  fixture *f = *state;
  put_converter(f, NULL);
  expect_failure(f, put(f, TANLU_FORMATS_ALL, true, false), TANLU_ERR_IO, "librsvg2-bin");
  assert_int_equal(put(f, TANLU_FORMATS_ALL, false, false), TANLU_OK); /* where it was the default: a note */
  assert_true(tanlu_test_has_message(f->context, "librsvg2-bin"));
  assert_int_equal(tanlu_context_errors(f->context), 0);
  assert_int_equal(entries(f->figures), 4);
  assert_int_equal(put(f, TANLU_FORMAT_SVG, true, true), TANLU_OK); /* not needed */
}

static void converter_fails(void **state) {
  fixture *f = *state;
  put_converter(f, "echo 'no fonts here' >&2; echo part; exit 3");
  expect_failure(f, put(f, TANLU_FORMATS_ALL, true, false), TANLU_ERR_IO, "exit status 3: no fonts here");
  put_converter(f, "kill -9 $$");
  expect_failure(f, put(f, TANLU_FORMATS_ALL, true, false), TANLU_ERR_IO, "ended by signal 9");
  put_converter(f, "exit 0");
  expect_failure(f, put(f, TANLU_FORMATS_ALL, true, false), TANLU_ERR_IO, "wrote nothing");
}

static void wrong_places(void **state) {
  fixture *f = *state;
  const tanlu_figure *twice[] = {f->figure[0], f->figure[0]};
  tanlu_figure_files files = {.directory = f->figures, .formats = TANLU_FORMAT_SVG};
  expect_failure(f, tanlu_figure_files_write(&files, twice, 2, f->context), TANLU_ERR_INPUT,
                 "two figures are called 'one'");
  twice[1] = NULL; /* a figure for which there was no memory */
  expect_failure(f, tanlu_figure_files_write(&files, twice, 2, f->context), TANLU_ERR_MEMORY, "out of memory");
  char path[TANLU_TEST_PATH + 32];
  (void)snprintf(path, sizeof path, "%s/none/figures", f->directory);
  files.directory = path;
  expect_failure(f, tanlu_figure_files_write(&files, twice, 1, f->context), TANLU_ERR_IO, "there is no directory");
  assert_int_equal(tanlu_test_write_file(f->directory, "plain", "text"), 0);
  (void)snprintf(path, sizeof path, "%s/plain", f->directory);
  unsigned formats = 0;
  expect_failure(f, tanlu_figure_files_check(&files, NULL, 0, &formats, f->context), TANLU_ERR_INPUT,
                 "is no directory");
}

/* A figure that cannot be drawn comes last: those before it are not left behind. */
static void all_or_none(void **state) {
  fixture *f = *state;
  tanlu_figure_point(f->figure[1], 7, 2020, 1);
  expect_failure(f, put(f, TANLU_FORMAT_SVG | TANLU_FORMAT_CSV, true, false), TANLU_ERR_INTERNAL,
                 "a series is used that was not added");
}

/* A limit of the size of files stands for a full disk. */
static void disk_is_full(void **state) {
  fixture *f = *state;
  struct rlimit before, small;
  for (int k = 0; k < 400; k++) tanlu_figure_note(f->figure[1], "Note %d that makes the second file a large one.", k);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  small = before;
  small.rlim_cur = 20000;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  const tanlu_status status = put(f, TANLU_FORMAT_SVG, true, false);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  (void)signal(SIGXFSZ, handler);
  expect_failure(f, status, TANLU_ERR_IO, "File too large");
  assert_int_equal(put(f, TANLU_FORMAT_SVG, true, false), TANLU_OK);
}

static size_t read_bytes(const char *directory, const char *name, unsigned char *bytes, size_t most) {
  char path[TANLU_TEST_PATH + 64];
  (void)snprintf(path, sizeof path, "%s/%s", directory, name);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  const size_t size = fread(bytes, 1, most, file);
  fclose(file);
  return size;
}

/* With rsvg-convert itself, where it is. */
static void true_pictures(void **state) {
  fixture *f = *state;
  static unsigned char first[1 << 20], again[1 << 20];
  const tanlu_status status = put(f, TANLU_FORMATS_ALL, true, false);
  if (status != TANLU_OK && tanlu_test_has_message(f->context, "not in PATH")) {
    fprintf(stderr, "left out: no rsvg-convert (on Debian: librsvg2-bin)\n");
    skip();
  }
  assert_int_equal(status, TANLU_OK);
  size_t size = read_bytes(f->figures, "one.png", first, sizeof first);
  static const unsigned char signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  assert_true(size > 1000);
  assert_memory_equal(first, signature, sizeof signature);
  assert_int_equal(first[18] << 8 | first[19], 1440); /* width of IHDR */
  size = read_bytes(f->figures, "one.pdf", first, sizeof first);
  assert_memory_equal(first, "%PDF-", 5);
  assert_int_equal(put(f, TANLU_FORMATS_ALL, true, true), TANLU_OK);
  assert_int_equal(read_bytes(f->figures, "one.pdf", again, sizeof again), size);
  assert_memory_equal(first, again, size); /* no date in it */
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(formats_of_a_list),
      TEST(files_are_written_and_kept),
      TEST(converter_gives_the_pictures),
      TEST(conversions_run_side_by_side),
      TEST(stops_are_heard),
      TEST(converter_is_missing),
      TEST(converter_fails),
      TEST(wrong_places),
      TEST(all_or_none),
      TEST(disk_is_full),
      TEST(true_pictures),
  };
  return cmocka_run_group_tests_name("figure files", tests, NULL, NULL);
}
