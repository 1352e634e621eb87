#include "inputs/file_hash.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void write_hexadecimal(struct sha256_ctx *hash, char digest[TANLU_SHA256_TEXT]) {
  static const char digit[] = "0123456789abcdef";
  uint8_t bytes[SHA256_DIGEST_SIZE];
  sha256_digest(hash, sizeof bytes, bytes);
  for (size_t i = 0; i < sizeof bytes; i++) {
    digest[2 * i] = digit[bytes[i] >> 4];
    digest[2 * i + 1] = digit[bytes[i] & 15];
  }
  digest[TANLU_SHA256_TEXT - 1] = '\0';
}

void tanlu_sha256(const void *bytes, size_t length, char digest[TANLU_SHA256_TEXT]) {
  struct sha256_ctx hash;
  sha256_init(&hash);
  sha256_update(&hash, length, bytes);
  write_hexadecimal(&hash, digest);
}

/* Open a regular file for reading. */
static tanlu_status open_file(const char *path, FILE **file, tanlu_context *context) {
  *file = fopen(path, "rb");
  if (!*file) {
    const int cause = errno;
    if (cause == ENOENT || cause == ENOTDIR) {
      return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "the file does not exist");
    }
    return tanlu_fail_at(context, TANLU_ERR_IO, path, 0, 0, "cannot be opened: %s", strerror(cause));
  }
  struct stat info;
  if (fstat(fileno(*file), &info) != 0 || S_ISDIR(info.st_mode)) {
    fclose(*file);
    *file = NULL;
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "is a directory; expected a file");
  }
  return TANLU_OK;
}

tanlu_status tanlu_file_sha256(const char *path, char digest[TANLU_SHA256_TEXT], tanlu_context *context) {
  FILE *file = NULL;
  tanlu_status status = open_file(path, &file, context);
  if (status != TANLU_OK) return status;
  struct sha256_ctx hash;
  sha256_init(&hash);
  uint8_t buffer[65536];
  for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;) sha256_update(&hash, got, buffer);
  if (ferror(file)) status = tanlu_fail_at(context, TANLU_ERR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
  fclose(file);
  if (status == TANLU_OK) write_hexadecimal(&hash, digest);
  return status;
}

/* Length of the UTF-8 character at `text`, 0 when it is not one (overlong forms and surrogates included). */
static size_t utf8_length(const unsigned char *text, size_t left) {
  if (text[0] < 0x80) return 1;
  size_t length = 0;
  unsigned char low = 0x80, high = 0xBF; /* bounds of the second byte */
  if (text[0] >= 0xC2 && text[0] <= 0xDF) {
    length = 2;
  } else if ((text[0] & 0xF0) == 0xE0) {
    length = 3;
    if (text[0] == 0xE0) low = 0xA0;
    if (text[0] == 0xED) high = 0x9F;
  } else if (text[0] >= 0xF0 && text[0] <= 0xF4) {
    length = 4;
    if (text[0] == 0xF0) low = 0x90;
    if (text[0] == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  if (left < length || text[1] < low || text[1] > high) return 0;
  for (size_t i = 2; i < length; i++) {
    if ((text[i] & 0xC0) != 0x80) return 0;
  }
  return length;
}

/* Eight bytes of ASCII without NUL? */
static bool is_plain_word(const char *text) {
  const uint64_t ones = 0x0101010101010101U, high = 0x8080808080808080U;
  uint64_t word;
  memcpy(&word, text, sizeof word);
  return ((word | (word - ones)) & high) == 0;
}

static size_t count_lines(const char *text, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) count += text[i] == '\n';
  return count;
}

/* Every byte belongs to a UTF-8 character and none is NUL; otherwise an error with the line, `line` being the first. */
static tanlu_status check_text(const char *path, const char *text, size_t length, size_t line, tanlu_context *context) {
  for (size_t i = 0; i < length;) {
    if (length - i >= 8 && is_plain_word(text + i)) {
      i += 8;
      continue;
    }
    const size_t step = utf8_length((const unsigned char *)text + i, length - i);
    if (step == 0 || text[i] == '\0') {
      return tanlu_fail_at(context, TANLU_ERR_INPUT, path, line + count_lines(text, i), 0, "%s",
                           step == 0 ? "not UTF-8 text; save the file as UTF-8" : "holds a NUL byte; expected text");
    }
    i += step;
  }
  return TANLU_OK;
}

/* Read to the end of the file into a growing buffer that keeps room for the closing NUL. */
static tanlu_status read_all(FILE *file, const char *path, size_t limit, char **text, size_t *length,
                             tanlu_context *context) {
  size_t capacity = 0;
  for (;;) {
    if (capacity - *length < 2) {
      capacity = capacity ? 2 * capacity : 65536;
      char *larger = realloc(*text, capacity);
      if (!larger)
        return tanlu_fail_at(context, TANLU_ERR_MEMORY, path, 0, 0, "out of memory after %zu bytes", *length);
      *text = larger;
    }
    const size_t got = fread(*text + *length, 1, capacity - *length - 1, file);
    *length += got;
    if (*length > limit) {
      return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "larger than %zu MiB, the most that is read",
                           limit >> 20);
    }
    if (got == 0) break;
  }
  if (ferror(file)) return tanlu_fail_at(context, TANLU_ERR_IO, path, 0, 0, "cannot be read: %s", strerror(errno));
  return TANLU_OK;
}

tanlu_status tanlu_file_text(const char *path, size_t limit, char **text, size_t *length,
                             char digest[TANLU_SHA256_TEXT], tanlu_context *context) {
  *text = NULL;
  *length = 0;
  FILE *file = NULL;
  tanlu_status status = open_file(path, &file, context);
  if (status != TANLU_OK) return status;
  status = read_all(file, path, limit, text, length, context);
  fclose(file);
  if (status != TANLU_OK || !*text) goto failed;
  if (digest) tanlu_sha256(*text, *length, digest);
  if (*length >= 3 && memcmp(*text, "\xEF\xBB\xBF", 3) == 0) {
    *length -= 3;
    memmove(*text, *text + 3, *length);
  }
  (*text)[*length] = '\0';
  status = check_text(path, *text, *length, 1, context);
  if (status == TANLU_OK) return TANLU_OK;
failed:
  free(*text);
  *text = NULL;
  *length = 0;
  return status;
}

/* ---- by lines -------------------------------------------------------------------------------------------------------- */

struct tanlu_text_lines {
  FILE *file;
  char *path, *text;           /* text: what was read of the file and not yet handed on, at begin .. end */
  size_t begin, end, capacity; /* capacity: of text */
  size_t line;
  bool ended; /* nothing is left in the file */
  struct sha256_ctx hash;
};

tanlu_status tanlu_text_lines_open(tanlu_text_lines **lines, const char *path, tanlu_context *context) {
  tanlu_text_lines *l = calloc(1, sizeof *l);
  *lines = l;
  if (!l || !(l->path = strdup(path))) {
    tanlu_text_lines_close(lines);
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory reading %s", path);
  }
  sha256_init(&l->hash);
  const tanlu_status status = open_file(path, &l->file, context);
  if (status != TANLU_OK) tanlu_text_lines_close(lines);
  return status;
}

/* Read on into the buffer, which grows up to the longest line. */
static tanlu_status read_on(tanlu_text_lines *l, tanlu_context *context) {
  if (l->begin > 0) memmove(l->text, l->text + l->begin, l->end - l->begin);
  l->end -= l->begin;
  l->begin = 0;
  if (l->end > TANLU_LINE_BYTES) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, l->path, l->line + 1, 0,
                         "the line is longer than %d MiB, the most that is read", TANLU_LINE_BYTES >> 20);
  }
  if (l->end == l->capacity) {
    const size_t larger = l->capacity ? 2 * l->capacity : 1 << 18;
    char *moved = realloc(l->text, larger);
    if (!moved) return tanlu_fail_at(context, TANLU_ERR_MEMORY, l->path, l->line + 1, 0, "out of memory for the line");
    l->text = moved;
    l->capacity = larger;
  }
  const size_t got = fread(l->text + l->end, 1, l->capacity - l->end, l->file);
  if (ferror(l->file)) {
    return tanlu_fail_at(context, TANLU_ERR_IO, l->path, l->line + 1, 0, "cannot be read: %s", strerror(errno));
  }
  l->ended = got == 0;
  l->end += got;
  return TANLU_OK;
}

tanlu_status tanlu_text_lines_next(tanlu_text_lines *lines, const char **line, size_t *length, tanlu_context *context) {
  *line = NULL;
  size_t seen = 0; /* bytes without a line end */
  const char *mark = NULL;
  for (;;) {
    const size_t there = lines->end - lines->begin;
    if (there > seen) mark = memchr(lines->text + lines->begin + seen, '\n', there - seen);
    if (mark != NULL || lines->ended) break;
    seen = there;
    const tanlu_status status = read_on(lines, context);
    if (status != TANLU_OK) return status;
  }
  const char *text = lines->text + lines->begin;
  const size_t bytes = mark != NULL ? (size_t)(mark + 1 - text) : lines->end - lines->begin;
  if (bytes == 0) return TANLU_OK;
  lines->begin += bytes;
  sha256_update(&lines->hash, bytes, (const uint8_t *)text);
  const size_t skipped = ++lines->line == 1 && bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  *line = text + skipped;
  *length = bytes - skipped;
  return check_text(lines->path, *line, *length, lines->line, context);
}

void tanlu_text_lines_digest(tanlu_text_lines *lines, char digest[TANLU_SHA256_TEXT]) {
  write_hexadecimal(&lines->hash, digest);
}

void tanlu_text_lines_close(tanlu_text_lines **lines) {
  if (!*lines) return;
  if ((*lines)->file) fclose((*lines)->file);
  free((*lines)->path);
  free((*lines)->text);
  free(*lines);
  *lines = NULL;
}
