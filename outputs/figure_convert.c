#include "outputs/figure_convert_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outputs/hdf5_util_private.h"
#include "solvers/memory.h"

static const char program[] = "rsvg-convert";

char *tanlu_converter_find(tanlu_context *context) {
  const char *next = getenv("PATH");
  const size_t room = next != NULL ? strlen(next) + sizeof program + 3 : 0;
  char *path = next != NULL ? tanlu_allocate(context, room, 1) : NULL;
  while (path != NULL && next != NULL) {
    const size_t length = strcspn(next, ":");
    struct stat found;
    (void)snprintf(path, room, "%.*s%s%s", (int)length, next, length > 0 ? "/" : "./", program);
    if (stat(path, &found) == 0 && S_ISREG(found.st_mode) && access(path, X_OK) == 0) return path;
    next = next[length] == ':' ? next + length + 1 : NULL;
  }
  free(path);
  return NULL;
}

/* ---- the process ------------------------------------------------------------------------------------------------------------------ */

/* The environment with a fixed date, which a PDF would otherwise hold; newly allocated, the texts are not. */
static char **environment(tanlu_context *context) {
  static char date[] = "SOURCE_DATE_EPOCH=0";
  size_t count = 0;
  while (environ[count] != NULL) count++;
  char **copy = tanlu_allocate(context, count + 2, sizeof *copy);
  if (copy == NULL) return NULL;
  for (size_t i = 0; i < count; i++) copy[i] = environ[i];
  if (getenv("SOURCE_DATE_EPOCH") == NULL) copy[count] = date;
  return copy;
}

/* Error number, or 0 with the process that has been started. */
static int spawn(const char *converter, char *const *argument, char *const *variables, tanlu_conversion *conversion) {
  posix_spawn_file_actions_t actions;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  for (int i = 0; i < 3 && error == 0; i++) {
    error = posix_spawn_file_actions_adddup2(&actions, fileno(conversion->stream[i]), i);
  }
  if (error == 0) error = posix_spawn(&conversion->process, converter, &actions, NULL, argument, variables);
  (void)posix_spawn_file_actions_destroy(&actions);
  return error;
}

static int wait_for(pid_t process, int *wait_status) {
  while (waitpid(process, wait_status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

static void close_streams(tanlu_conversion *conversion) {
  for (int i = 0; i < 3; i++) {
    if (conversion->stream[i] != NULL) (void)fclose(conversion->stream[i]);
  }
  *conversion = (tanlu_conversion){0};
}

/* All of a stream, with a zero behind; NULL and a message when it cannot be read. */
static char *read_back(FILE *stream, size_t *size, tanlu_context *context) {
  if (fseek(stream, 0, SEEK_END) != 0) goto failed;
  const long length = ftell(stream);
  if (length < 0) goto failed;
  rewind(stream);
  char *bytes = tanlu_allocate(context, (size_t)length + 1, 1);
  if (bytes == NULL) return NULL;
  *size = fread(bytes, 1, (size_t)length, stream);
  if (*size == (size_t)length) return bytes;
  free(bytes);
failed:
  (void)tanlu_system_fail(context, program, "read what it wrote", errno);
  return NULL;
}

/* Why it failed: its first line, its exit status or its signal. */
static tanlu_status tell_failure(int wait_status, FILE *said, tanlu_context *context) {
  size_t size = 0;
  char *text = read_back(said, &size, context);
  if (text == NULL) return TANLU_ERR_IO;
  text[strcspn(text, "\n")] = '\0';
  const char *colon = *text != '\0' ? ": " : "";
  tanlu_status status;
  if (WIFSIGNALED(wait_status)) {
    status =
        tanlu_fail(context, TANLU_ERR_IO, "%s was ended by signal %d%s%s", program, WTERMSIG(wait_status), colon, text);
  } else {
    status = tanlu_fail(context, TANLU_ERR_IO, "%s failed with exit status %d%s%s", program, WEXITSTATUS(wait_status),
                        colon, text);
  }
  free(text);
  return status;
}

/* Files without a name, the first with the picture in it. Not handed to other processes. Error number or 0. */
static int open_streams(tanlu_conversion *conversion, const char *svg, size_t length) {
  for (int i = 0; i < 3; i++) {
    conversion->stream[i] = tmpfile();
    if (conversion->stream[i] == NULL || fcntl(fileno(conversion->stream[i]), F_SETFD, FD_CLOEXEC) != 0) return errno;
  }
  FILE *picture = conversion->stream[0];
  (void)fwrite(svg, 1, length, picture);
  if (fflush(picture) != 0 || ferror(picture)) return errno;
  rewind(picture);
  return 0;
}

tanlu_status tanlu_conversion_start(tanlu_conversion *conversion, const char *converter, const char *format,
                                    const char *svg, size_t length, tanlu_context *context) {
  char wanted[32], zoom[] = "--zoom=2", ground[] = "--background-color=white", name[] = "rsvg-convert";
  char *const argument[] = {name, wanted, strcmp(format, "png") == 0 ? zoom : NULL, ground, NULL};
  *conversion = (tanlu_conversion){0};
  (void)snprintf(wanted, sizeof wanted, "--format=%s", format);
  char **variables = environment(context);
  if (variables == NULL) return TANLU_ERR_MEMORY;
  int error = open_streams(conversion, svg, length);
  if (error == 0) error = spawn(converter, argument, variables, conversion);
  free(variables);
  if (error == 0) return TANLU_OK;
  close_streams(conversion);
  return tanlu_system_fail(context, converter, "make a picture", error);
}

tanlu_status tanlu_conversion_finish(tanlu_conversion *conversion, char **bytes, size_t *size, tanlu_context *context) {
  int wait_status = 0;
  tanlu_status status = TANLU_OK;
  *bytes = NULL;
  const int error = wait_for(conversion->process, &wait_status);
  if (error != 0) {
    status = tanlu_system_fail(context, program, "make a picture", error);
  } else if (!WIFEXITED(wait_status) || WEXITSTATUS(wait_status) != 0) {
    status = tell_failure(wait_status, conversion->stream[2], context);
  } else {
    *bytes = read_back(conversion->stream[1], size, context);
    if (*bytes == NULL) {
      status = TANLU_ERR_IO;
    } else if (*size == 0) {
      status = tanlu_fail(context, TANLU_ERR_IO, "%s wrote nothing", program);
    }
  }
  close_streams(conversion);
  return status;
}

void tanlu_conversion_abandon(tanlu_conversion *conversion) {
  int wait_status = 0;
  if (conversion->process > 0 && kill(conversion->process, SIGTERM) == 0) {
    (void)wait_for(conversion->process, &wait_status);
  }
  close_streams(conversion);
}
