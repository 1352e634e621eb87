#include "cli/pictures.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "solvers/memory.h"

static const char converter[] = "rsvg-convert";
static const char *const ending[CLI_PICTURE_KINDS] = {"svg", "csv", "pdf", "png"};

bool cli_pictures_converter(void) {
  const char *path = getenv("PATH");
  char name[4096];
  while (path != NULL && *path != '\0') {
    const size_t length = strcspn(path, ":");
    (void)snprintf(name, sizeof name, "%.*s/%s", (int)length, path, converter);
    if (length > 0 && access(name, X_OK) == 0) return true;
    path += length + (path[length] == ':');
  }
  return false;
}

/* All that a stream holds. */
static tanlu_status read_all(FILE *stream, char **bytes, size_t *size, tanlu_context *context) {
  char block[65536];
  FILE *memory = open_memstream(bytes, size);
  if (memory == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a picture");
  for (size_t got; (got = fread(block, 1, sizeof block, stream)) > 0;) (void)fwrite(block, 1, got, memory);
  if (fclose(memory) == 0 && ferror(stream) == 0) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a picture");
}

/* In the child: nothing comes back. */
static void become_converter(FILE *input, FILE *output, int kind, long long stamp) {
  char seconds[32];
  (void)snprintf(seconds, sizeof seconds, "%lld", stamp);
  if (dup2(fileno(input), STDIN_FILENO) < 0 || dup2(fileno(output), STDOUT_FILENO) < 0 ||
      setenv("SOURCE_DATE_EPOCH", seconds, 1) != 0) {
    _exit(EXIT_FAILURE);
  }
  if (kind == CLI_PICTURE_PDF) {
    (void)execlp(converter, converter, "--format=pdf", (char *)NULL);
  } else {
    (void)execlp(converter, converter, "--format=png", "--zoom=2", (char *)NULL);
  }
  _exit(EXIT_FAILURE);
}

static tanlu_status convert(cli_picture *picture, int kind, long long stamp, tanlu_context *context) {
  FILE *input = tmpfile(), *output = tmpfile();
  tanlu_status status = TANLU_OK;
  int outcome = 0;
  if (input == NULL || output == NULL ||
      fwrite(picture->bytes[CLI_PICTURE_SVG], 1, picture->size[CLI_PICTURE_SVG], input) <
          picture->size[CLI_PICTURE_SVG] ||
      fflush(input) != 0 || fseek(input, 0, SEEK_SET) != 0) {
    status = tanlu_fail(context, TANLU_ERR_IO, "cannot write a temporary file for %s: %s", converter, strerror(errno));
    goto done;
  }
  const pid_t child = fork();
  if (child == 0) become_converter(input, output, kind, stamp);
  while (child > 0 && waitpid(child, &outcome, 0) < 0 && errno == EINTR) continue;
  if (child < 0 || !WIFEXITED(outcome) || WEXITSTATUS(outcome) != 0 || fseek(output, 0, SEEK_SET) != 0) {
    status = tanlu_fail(context, TANLU_ERR_IO, "%s could not make %s", converter, picture->path[kind]);
    goto done;
  }
  status = read_all(output, &picture->bytes[kind], &picture->size[kind], context);
done:
  if (input != NULL) (void)fclose(input);
  if (output != NULL) (void)fclose(output);
  return status;
}

/* SVG or CSV, in memory. */
static tanlu_status draw(cli_picture *picture, int kind, const tanlu_figure *figure, tanlu_context *context) {
  FILE *stream = open_memstream(&picture->bytes[kind], &picture->size[kind]);
  if (stream == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a picture");
  tanlu_status status = kind == CLI_PICTURE_SVG ? tanlu_figure_svg(figure, true, stream, context)
                                                : tanlu_figure_csv(figure, stream, context);
  if (fclose(stream) != 0 && status == TANLU_OK) {
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a picture");
  }
  return status;
}

tanlu_status cli_picture_make(cli_picture *picture, const tanlu_figure *figure, const char *directory, bool convert_too,
                              long long stamp, tanlu_context *context) {
  tanlu_status status = TANLU_OK;
  *picture = (cli_picture){0};
  for (int k = 0; k < CLI_PICTURE_KINDS && status == TANLU_OK; k++) {
    if (k >= CLI_PICTURE_PDF && !convert_too) break;
    const size_t length = strlen(directory) + strlen(tanlu_figure_name(figure)) + 8;
    picture->path[k] = tanlu_allocate(context, length, 1);
    if (picture->path[k] == NULL) return TANLU_ERR_MEMORY;
    (void)snprintf(picture->path[k], length, "%s/%s.%s", directory, tanlu_figure_name(figure), ending[k]);
    status = k < CLI_PICTURE_PDF ? draw(picture, k, figure, context) : convert(picture, k, stamp, context);
  }
  return status;
}

void cli_picture_clear(cli_picture *picture) {
  for (int k = 0; k < CLI_PICTURE_KINDS; k++) {
    free(picture->path[k]);
    free(picture->bytes[k]);
  }
  *picture = (cli_picture){0};
}
