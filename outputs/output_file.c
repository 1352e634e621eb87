#include "outputs/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outputs/hdf5_util_private.h"
#include "solvers/memory.h"

/* Directory part of a path, "." when it has none; newly allocated. */
static char *directory_of(const char *path, tanlu_context *context) {
  const char *slash = strrchr(path, '/');
  char *directory = tanlu_string_copy(context, slash == NULL ? "." : path);
  if (directory != NULL && slash != NULL) directory[slash == path ? 1 : slash - path] = '\0';
  return directory;
}

/* PATH.PID.tmp beside the path, newly allocated. */
static char *temporary_of(const char *path, tanlu_context *context) {
  const size_t size = strlen(path) + 32;
  char *name = tanlu_allocate(context, size, 1);
  if (name != NULL) (void)snprintf(name, size, "%s.%ld.tmp", path, (long)getpid());
  return name;
}

/* The name itself: not a directory, not there already unless force. */
static tanlu_status check_name(const char *path, bool force, tanlu_context *context) {
  struct stat status;
  const size_t length = strlen(path);
  if (length == 0) return tanlu_fail(context, TANLU_ERR_INPUT, "the name of the output file is empty");
  if (stat(path, &status) != 0) {
    if (errno != ENOENT) return tanlu_system_fail(context, path, "write the result file", errno);
    if (path[length - 1] == '/') {
      return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "names a directory; expected the name of a file");
    }
    return TANLU_OK;
  }
  if (S_ISDIR(status.st_mode)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is a directory; expected the name of a file");
  }
  if (!S_ISREG(status.st_mode)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                         "is not a regular file; results cannot be written there");
  }
  if (!force) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "exists already; choose another name or give --force");
  }
  return TANLU_OK;
}

/* Descriptor of a new file, or -1 with errno. */
static int create_empty(const char *path) {
  return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

/* The directory of `path` is missing and cannot be made: mostly because `parent` does not exist either. */
static tanlu_status directory_fail(const char *path, const char *parent, int error, tanlu_context *context) {
  if (error != ENOENT) return tanlu_system_fail(context, path, "write the result file", error);
  return tanlu_fail_at(context, TANLU_ERR_IO, path, 0, 0, "cannot write the result file: there is no directory '%s'",
                       parent);
}

tanlu_status tanlu_output_file_check(const char *path, bool force, tanlu_context *context) {
  tanlu_status status = check_name(path, force, context);
  if (status != TANLU_OK) return status;
  struct stat found;
  char *directory = directory_of(path, context), *parent = NULL, *temporary = NULL;
  status = TANLU_ERR_MEMORY;
  if (directory == NULL || (parent = directory_of(directory, context)) == NULL ||
      (temporary = temporary_of(path, context)) == NULL) {
    goto done;
  }
  if (stat(directory, &found) == 0) { /* the only sure test is to try */
    const int descriptor = create_empty(temporary);
    status = descriptor < 0 ? tanlu_system_fail(context, path, "write the result file", errno) : TANLU_OK;
    if (descriptor >= 0) {
      (void)close(descriptor);
      (void)unlink(temporary);
    }
  } else if (errno == ENOENT && access(parent, W_OK | X_OK) == 0) {
    status = TANLU_OK; /* begin can make the directory */
  } else {
    status = directory_fail(path, parent, errno, context);
  }
done:
  free(temporary);
  free(parent);
  free(directory);
  return status;
}

tanlu_status tanlu_output_file_begin(tanlu_output_file *file, const char *path, bool force, tanlu_context *context) {
  *file = (tanlu_output_file){.force = force, .descriptor = -1};
  tanlu_status status = check_name(path, force, context);
  if (status != TANLU_OK) return status;
  file->path = tanlu_string_copy(context, path);
  file->directory = directory_of(path, context);
  char *temporary = temporary_of(path, context);
  if (file->path == NULL || file->directory == NULL || temporary == NULL) {
    status = TANLU_ERR_MEMORY;
  } else if (mkdir(file->directory, 0777) == 0) {
    file->made_directory = true;
  } else if (errno != EEXIST) {
    const int error = errno;
    char *parent = directory_of(file->directory, context);
    status = parent != NULL ? directory_fail(path, parent, error, context) : TANLU_ERR_MEMORY;
    free(parent);
  }
  if (status == TANLU_OK) {
    file->descriptor = create_empty(temporary);
    if (file->descriptor < 0) status = tanlu_system_fail(context, path, "write the result file", errno);
  }
  if (status == TANLU_OK) {
    file->temporary = temporary;
  } else {
    free(temporary);
    tanlu_output_file_abandon(file);
  }
  return status;
}

tanlu_status tanlu_output_file_write(tanlu_output_file *file, const void *bytes, size_t size, tanlu_context *context) {
  const char *next = bytes;
  while (size > 0) {
    const ssize_t written = write(file->descriptor, next, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int error = written < 0 ? errno : ENOSPC;
      const tanlu_status status = tanlu_system_fail(context, file->path, "write the result file", error);
      tanlu_output_file_abandon(file);
      return status;
    }
    next += written;
    size -= (size_t)written;
  }
  return TANLU_OK;
}

/* Not every file system can sync a directory, and the file itself is safe: a failure is passed over. */
static void sync_directory(const char *path) {
  const int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)fsync(descriptor);
  (void)close(descriptor);
}

/* fsync and close: both tell of writes that failed late (NFS, quotas). */
static int finish_descriptor(tanlu_output_file *file) {
  int error = fsync(file->descriptor) != 0 ? errno : 0;
  if (close(file->descriptor) != 0 && error == 0) error = errno;
  file->descriptor = -1;
  return error;
}

tanlu_status tanlu_output_file_commit(tanlu_output_file *file, tanlu_context *context) {
  tanlu_status status = check_name(file->path, file->force, context); /* it may have appeared meanwhile */
  const int error = finish_descriptor(file);
  if (status == TANLU_OK && error != 0) status = tanlu_system_fail(context, file->path, "write the result file", error);
  if (status == TANLU_OK && rename(file->temporary, file->path) != 0) {
    status = tanlu_system_fail(context, file->path, "put the result file in place", errno);
  }
  if (status == TANLU_OK) {
    sync_directory(file->directory);
    free(file->temporary);
    file->temporary = NULL;
    file->made_directory = false;
  }
  tanlu_output_file_abandon(file);
  return status;
}

void tanlu_output_file_abandon(tanlu_output_file *file) {
  if (file->temporary != NULL) {
    if (file->descriptor >= 0) (void)close(file->descriptor);
    (void)unlink(file->temporary);
  }
  if (file->made_directory) (void)rmdir(file->directory);
  free(file->temporary);
  free(file->directory);
  free(file->path);
  *file = (tanlu_output_file){.descriptor = -1};
}

tanlu_status tanlu_output_file_put(const char *path, bool force, const void *bytes, size_t size,
                                   tanlu_context *context) {
  tanlu_output_file file = {0};
  tanlu_status status = tanlu_output_file_begin(&file, path, force, context);
  if (status == TANLU_OK) status = tanlu_output_file_write(&file, bytes, size, context);
  if (status == TANLU_OK) status = tanlu_output_file_commit(&file, context);
  tanlu_output_file_abandon(&file);
  return status;
}
