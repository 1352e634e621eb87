#include "outputs/figure_files.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outputs/figure_convert_private.h"
#include "outputs/output_file.h"
#include "solvers/memory.h"

enum { FORMATS = 4 };
static const char *const word[FORMATS] = {"svg", "csv", "pdf", "png"}; /* in the order of their bits */
static const unsigned converted = TANLU_FORMAT_PDF | TANLU_FORMAT_PNG;

tanlu_status tanlu_figure_formats_read(const char *list, unsigned *formats, tanlu_context *context) {
  *formats = 0;
  while (true) {
    const size_t length = strcspn(list, ",");
    unsigned found = 0;
    for (unsigned k = 0; k < FORMATS; k++) {
      if (length == strlen(word[k]) && strncmp(list, word[k], length) == 0) found = 1u << k;
    }
    if (found == 0) {
      return tanlu_fail(context, TANLU_ERR_INPUT, "'%.*s' is no format of figures; expected svg, csv, pdf or png",
                        (int)length, list);
    }
    *formats |= found;
    if (list[length] == '\0') return TANLU_OK;
    list += length + 1;
  }
}

size_t tanlu_figure_formats_count(unsigned formats) {
  size_t count = 0;
  for (unsigned k = 0; k < FORMATS; k++) count += formats >> k & 1;
  return count;
}

/* ---- before anything is written ------------------------------------------------------------------------------------------------------ */

/* DIRECTORY/NAME.FORMAT, newly allocated. */
static char *path_of(const char *directory, const char *name, unsigned format, tanlu_context *context) {
  const size_t length = strlen(directory), size = length + strlen(name) + 8;
  char *path = tanlu_allocate(context, size, 1);
  const bool slash = length > 0 && directory[length - 1] == '/';
  if (path != NULL) (void)snprintf(path, size, "%s%s%s.%s", directory, slash ? "" : "/", name, word[format]);
  return path;
}

static tanlu_status find_converter(const tanlu_figure_files *files, unsigned *formats, char **converter,
                                   tanlu_context *context) {
  *formats = files->formats;
  *converter = NULL;
  if ((*formats & converted) == 0) return TANLU_OK;
  const size_t errors = tanlu_context_errors(context);
  *converter = tanlu_converter_find(context);
  if (*converter != NULL) return TANLU_OK;
  if (tanlu_context_errors(context) > errors) return TANLU_ERR_MEMORY;
  if (files->asked) {
    return tanlu_fail(context, TANLU_ERR_IO,
                      "PDF and PNG need the program rsvg-convert, which is not in PATH (on Debian: librsvg2-bin)");
  }
  tanlu_note(context, "figures are written without PDF and PNG: the program rsvg-convert is not in PATH (on Debian: "
                      "librsvg2-bin)");
  *formats &= ~converted;
  return TANLU_OK;
}

static tanlu_status check_names(const tanlu_figure_files *files, const tanlu_figure *const *figure, size_t count,
                                unsigned formats, tanlu_context *context) {
  struct stat found;
  if (files->directory[0] == '\0') {
    return tanlu_fail(context, TANLU_ERR_INPUT, "the name of the directory of figures is empty");
  }
  if (stat(files->directory, &found) == 0 && !S_ISDIR(found.st_mode)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, files->directory, 0, 0, "is no directory; figures go to one");
  }
  for (size_t i = 0; i < count; i++) {
    const char *name = tanlu_figure_name(figure[i]);
    for (size_t k = 0; k < i; k++) {
      if (strcmp(name, tanlu_figure_name(figure[k])) == 0) {
        return tanlu_fail(context, TANLU_ERR_INPUT, "two figures are called '%s'", name);
      }
    }
    for (unsigned format = 0; format < FORMATS; format++) {
      if (!(formats >> format & 1)) continue;
      char *path = path_of(files->directory, name, format, context);
      if (path == NULL) return TANLU_ERR_MEMORY;
      const tanlu_status status = tanlu_output_file_check(path, files->force, context);
      free(path);
      if (status != TANLU_OK) return status;
    }
  }
  return TANLU_OK;
}

static tanlu_status check(const tanlu_figure_files *files, const tanlu_figure *const *figure, size_t count,
                          unsigned *formats, char **converter, tanlu_context *context) {
  for (size_t i = 0; i < count; i++) {
    if (figure[i] == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a figure");
  }
  const tanlu_status status = find_converter(files, formats, converter, context);
  return status == TANLU_OK ? check_names(files, figure, count, *formats, context) : status;
}

tanlu_status tanlu_figure_files_check(const tanlu_figure_files *files, const tanlu_figure *const *figure, size_t count,
                                      unsigned *formats, tanlu_context *context) {
  char *converter = NULL;
  const tanlu_status status = check(files, figure, count, formats, &converter, context);
  free(converter);
  return status;
}

/* ---- writing ---------------------------------------------------------------------------------------------------------------------------- */

/* The bytes of a figure in a format that needs no other program. */
static tanlu_status render(const tanlu_figure *figure, bool csv, char **bytes, size_t *size, tanlu_context *context) {
  FILE *stream = open_memstream(bytes, size);
  if (stream == NULL) return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a figure");
  tanlu_status status =
      csv ? tanlu_figure_csv(figure, stream, context) : tanlu_figure_svg(figure, true, stream, context);
  if (fclose(stream) != 0 && status == TANLU_OK) {
    status = tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a figure");
  }
  return status;
}

enum { CONVERSIONS_MOST = 16 };

typedef struct {
  const tanlu_figure *figure;
  unsigned format;
  tanlu_conversion conversion;
} picture;

typedef struct {
  const tanlu_figure_files *files;
  const char *converter;
  unsigned formats;
  tanlu_output_file *open; /* begun and complete, in the order of their commits */
  size_t count;
  picture running[CONVERSIONS_MOST]; /* a ring of those that have been started: the first of them, how many, room */
  size_t first, running_count, width;
  tanlu_context *context;
} batch;

static tanlu_status write_one(batch *b, const tanlu_figure *figure, unsigned format, const char *bytes, size_t size) {
  char *path = path_of(b->files->directory, tanlu_figure_name(figure), format, b->context);
  if (path == NULL) return TANLU_ERR_MEMORY;
  tanlu_output_file *file = &b->open[b->count];
  tanlu_status status = tanlu_output_file_begin(file, path, b->files->force, b->context);
  if (status == TANLU_OK) {
    b->count++;
    status = tanlu_output_file_write(file, bytes, size, b->context);
  }
  free(path);
  if (status == TANLU_OK && b->files->done != NULL) b->files->done(b->files->user);
  return status;
}

static tanlu_status check_stop(const batch *b) {
  if (b->files->stopped == NULL || !b->files->stopped(b->files->user)) return TANLU_OK;
  return tanlu_fail(b->context, TANLU_INTERRUPTED, "stopped; nothing is written");
}

/* Wait for the picture that was started first. A signal that stops us ends the converter too: not its failure. */
static tanlu_status finish_first(batch *b) {
  picture *p = &b->running[b->first];
  char *bytes = NULL;
  size_t size = 0;
  tanlu_context *apart = tanlu_context_create();
  if (apart == NULL) return tanlu_fail(b->context, TANLU_ERR_MEMORY, "out of memory for a figure");
  tanlu_status status = tanlu_conversion_finish(&p->conversion, &bytes, &size, apart);
  b->first = (b->first + 1) % b->width;
  b->running_count--;
  const tanlu_status stop = check_stop(b);
  if (stop == TANLU_OK) tanlu_context_append(b->context, apart);
  tanlu_context_free(&apart);
  if (stop != TANLU_OK) status = stop;
  if (status == TANLU_OK) status = write_one(b, p->figure, p->format, bytes, size);
  free(bytes);
  return status;
}

static tanlu_status start_picture(batch *b, const tanlu_figure *figure, unsigned format, const char *svg,
                                  size_t length) {
  if (b->running_count == b->width) {
    const tanlu_status status = finish_first(b);
    if (status != TANLU_OK) return status;
  }
  picture *p = &b->running[(b->first + b->running_count) % b->width];
  *p = (picture){.figure = figure, .format = format};
  const tanlu_status status =
      tanlu_conversion_start(&p->conversion, b->converter, word[format], svg, length, b->context);
  b->running_count += status == TANLU_OK;
  return status;
}

static tanlu_status write_figure(batch *b, const tanlu_figure *figure) {
  char *svg = NULL;
  size_t length = 0;
  tanlu_status status = render(figure, false, &svg, &length, b->context);
  for (unsigned format = 0; format < FORMATS && status == TANLU_OK; format++) {
    char *bytes = NULL;
    size_t size = 0;
    if (!(b->formats >> format & 1)) continue;
    if (1u << format & converted) {
      status = start_picture(b, figure, format, svg, length);
      continue;
    }
    if (1u << format == TANLU_FORMAT_CSV) status = render(figure, true, &bytes, &size, b->context);
    if (status == TANLU_OK) {
      status = write_one(b, figure, format, bytes != NULL ? bytes : svg, bytes != NULL ? size : length);
    }
    free(bytes);
  }
  free(svg);
  return status == TANLU_OK ? check_stop(b) : status;
}

static tanlu_status write_all(batch *b, const tanlu_figure *const *figure, size_t count) {
  const int processors = omp_get_num_procs();
  tanlu_status status = TANLU_OK;
  b->width = (size_t)(processors < 1 ? 1 : processors > CONVERSIONS_MOST ? CONVERSIONS_MOST : processors);
  for (size_t i = 0; i < count && status == TANLU_OK; i++) status = write_figure(b, figure[i]);
  while (b->running_count > 0 && status == TANLU_OK) status = finish_first(b);
  for (size_t i = 0; i < b->width; i++) tanlu_conversion_abandon(&b->running[i].conversion);
  return status;
}

/* New files are taken back when a later one cannot be put in place; replaced ones cannot. */
static tanlu_status commit(batch *b, char **placed) {
  tanlu_status status = TANLU_OK;
  size_t done = 0;
  for (; done < b->count && status == TANLU_OK; done++) {
    placed[done] = tanlu_string_copy(b->context, b->open[done].path);
    if (placed[done] == NULL) return TANLU_ERR_MEMORY;
    status = tanlu_output_file_commit(&b->open[done], b->context);
  }
  for (size_t i = 0; i + 1 < done && status != TANLU_OK && !b->files->force; i++) (void)unlink(placed[i]);
  return status;
}

tanlu_status tanlu_figure_files_write(const tanlu_figure_files *files, const tanlu_figure *const *figure, size_t count,
                                      tanlu_context *context) {
  batch b = {.files = files, .context = context};
  char *converter = NULL, **placed = NULL;
  tanlu_status status = check(files, figure, count, &b.formats, &converter, context);
  b.converter = converter;
  if (status == TANLU_OK) {
    b.open = tanlu_allocate(context, FORMATS * count, sizeof *b.open);
    placed = b.open != NULL ? tanlu_allocate(context, FORMATS * count, sizeof *placed) : NULL;
    if (placed == NULL) status = TANLU_ERR_MEMORY;
  }
  if (status == TANLU_OK) status = write_all(&b, figure, count);
  if (status == TANLU_OK) status = commit(&b, placed);
  for (size_t i = b.count; i-- > 0;) tanlu_output_file_abandon(&b.open[i]); /* the first made the directory */
  for (size_t i = 0; placed != NULL && i < FORMATS * count; i++) free(placed[i]);
  free(placed);
  free(b.open);
  free(converter);
  return status;
}
