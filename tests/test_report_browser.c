/* The pages of tanlu report on a run, on provinces and on a run by province in a browser: chromium without a window, at the width of a desk and of a phone. Skipped where chromium is
 * not installed.
 *
 * Oracles: the browser's own measure of the page (nothing reaches beyond the window) and its console (no error). The page has no script:
 * a copy with one that measures stands in a frame of the wanted width. */
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

static const char *const browsers[] = {"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"};

static const char *browser(void) {
  for (size_t k = 0; k < sizeof browsers / sizeof *browsers; k++) {
    if (access(browsers[k], X_OK) == 0) return browsers[k];
  }
  return NULL;
}

static int set_up(void **state) {
  if (tanlu_test_program_setup(state) != 0 || tanlu_test_place_set_up(state) != 0) return 1;
  tanlu_test_place *p = *state;
  if (browser() == NULL) {
    print_message("chromium is not installed: the page is not looked at\n");
    return 0;
  }
  tanlu(&p->run, p->directory, "run", "--quiet", "-o", "r.h5", "reference-42", "dual-carbon-42");
  if (p->run.status != 0) return 1;
  tanlu(&p->run, p->directory, "report", "-o", "r.html", "r.h5");
  if (p->run.status != 0) return 1;
  tanlu(&p->run, p->directory, "regionalise", "-o", "provinces", "china-2020-42");
  if (p->run.status != 0) return 1;
  tanlu(&p->run, p->directory, "report", "-o", "p.html", "./provinces");
  if (p->run.status != 0) return 1;
  static const char regional[] = "name: regional\nparent: dual-carbon-42\nyears: {to: 2032}\n"
                                 "regions: {statistics: china-2020}\n";
  if (tanlu_test_write_file(p->directory, "regional.yaml", regional) != 0) return 1;
  tanlu(&p->run, p->directory, "run", "--quiet", "-o", "q.h5", "./regional.yaml");
  if (p->run.status != 0) return 1;
  tanlu(&p->run, p->directory, "report", "-o", "q.html", "q.h5");
  return p->run.status;
}

/* What is wider than the window and not inside something that scrolls, and the page's width. */
static const char checker[] =
    "<script>\n"
    "addEventListener('load', () => {\n"
    "  const width = document.documentElement.clientWidth, wide = [];\n"
    "  const scrolls = e => e && (['auto', 'scroll'].includes(getComputedStyle(e).overflowX) || "
    "scrolls(e.parentElement));\n"
    "  for (const e of document.querySelectorAll('body *')) {\n"
    "    if (e.getBoundingClientRect().right > width + 1 && !scrolls(e.parentElement) && !e.closest('svg'))\n"
    "      wide.push(e.tagName + '.' + e.className);\n"
    "  }\n"
    "  const text = 'width ' + width + ' page ' + document.documentElement.scrollWidth + ' wide ' + wide.length + ' '\n"
    "    + wide.slice(0, 5).join(' ') + ' figures ' + document.querySelectorAll('figure svg').length + ' end';\n"
    "  parent.postMessage(text, '*');\n"
    "});\n"
    "</script>\n</body>";

/* A copy of the page with more in it and the checker, and a page that holds it in a frame and shows what it measures. */
static void write_frame(tanlu_test_place *p, const char *name, int width, const char *more) {
  char *page = tanlu_test_read_file(p->directory, name), *text = NULL;
  size_t length = 0;
  assert_non_null(page);
  const char *end = strstr(page, "</body>");
  assert_non_null(end);
  FILE *stream = open_memstream(&text, &length);
  (void)fprintf(stream, "%.*s%s%s%s", (int)(end - page), page, more, checker, end + strlen("</body>"));
  (void)fclose(stream);
  assert_int_equal(tanlu_test_write_file(p->directory, "copy.html", text), 0);
  free(text);
  free(page);
  char frame[512];
  (void)snprintf(
      frame, sizeof frame,
      "<!DOCTYPE html><body style=\"margin:0\"><p id=said>nothing</p><script>addEventListener('message', e => "
      "{document.getElementById('said').textContent = e.data});</script>"
      "<iframe src=\"copy.html\" style=\"width:%dpx;height:900px;border:0\"></iframe></body>",
      width);
  assert_int_equal(tanlu_test_write_file(p->directory, "frame.html", frame), 0);
}

/* Open a file of the place; `what` is an option of chromium such as --dump-dom. */
static void browse(tanlu_test_place *p, const char *name, const char *what, int width, int height) {
  char profile[TANLU_TEST_PATH + 32], size[48], address[TANLU_TEST_PATH + 48];
  (void)snprintf(profile, sizeof profile, "--user-data-dir=%s/profile", p->directory);
  (void)snprintf(size, sizeof size, "--window-size=%d,%d", width, height);
  (void)snprintf(address, sizeof address, "file://%s/%s", p->directory, name);
  const char *const argument[] = {"--headless",
                                  "--no-sandbox",
                                  "--disable-gpu",
                                  "--no-first-run",
                                  "--disable-background-networking",
                                  "--disable-component-update",
                                  "--disable-sync",
                                  "--disable-quic",
                                  "--enable-logging=stderr",
                                  "--hide-scrollbars",
                                  "--virtual-time-budget=10000",
                                  profile,
                                  size,
                                  what,
                                  address,
                                  NULL};
  tanlu_test_execute(&p->run, p->directory, browser(), argument);
  expect_status(&p->run, 0);
  expect_not_err(&p->run, "CONSOLE");
  tanlu_test_remove_dir(strchr(profile, '/'));
}

static void fits(tanlu_test_place *p, const char *name, int width) {
  char expected[96];
  write_frame(p, name, width, "");
  browse(p, "frame.html", "--dump-dom", 1400, 1000);
  (void)snprintf(expected, sizeof expected, "<p id=\"said\">width %d page %d wide 0  figures ", width, width);
  expect_out(&p->run, expected);
}

static void a_desk_shows_it_whole(void **state) {
  if (browser() == NULL) skip();
  fits(*state, "r.html", 1280);
  fits(*state, "p.html", 1280);
  fits(*state, "q.html", 1280);
}

static void a_phone_shows_it_whole(void **state) {
  if (browser() == NULL) skip();
  fits(*state, "r.html", 390);
  fits(*state, "p.html", 390);
  fits(*state, "q.html", 390);
}

/* The measure sees what does not fit. */
static void what_does_not_fit_is_seen(void **state) {
  tanlu_test_place *p = *state;
  if (browser() == NULL) skip();
  write_frame(p, "r.html", 390, "<div class=\"far\" style=\"width:800px\">far</div>");
  browse(p, "frame.html", "--dump-dom", 1400, 1000);
  expect_out(&p->run, "<p id=\"said\">width 390 page 8");
  expect_out(&p->run, " wide 1 DIV.far figures ");
}

/* A picture of the page, with more on it than white. */
static void it_can_be_pictured(void **state) {
  tanlu_test_place *p = *state;
  if (browser() == NULL) skip();
  browse(p, "r.html", "--screenshot=page.png", 1280, 4000);
  char path[TANLU_TEST_PATH + 32];
  (void)snprintf(path, sizeof path, "%s/page.png", p->directory);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  unsigned char head[24] = {0};
  assert_int_equal(fread(head, 1, sizeof head, file), sizeof head);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  const long size = ftell(file);
  (void)fclose(file);
  assert_memory_equal(head + 1, "PNG", 3);
  assert_int_equal(head[18] << 8 | head[19], 1280); /* the width in the header */
  assert_true(size > 50000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_desk_shows_it_whole),
      cmocka_unit_test(a_phone_shows_it_whole),
      cmocka_unit_test(what_does_not_fit_is_seen),
      cmocka_unit_test(it_can_be_pictured),
  };
  return cmocka_run_group_tests(tests, set_up, tanlu_test_place_tear_down);
}
