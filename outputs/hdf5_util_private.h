/* Helpers over HDF5, private to outputs/: objects that are also netCDF-4, and failures with the reason of the system.
 *
 * netCDF-4 asks for creation order on the file, its datasets and their attributes; texts are variable-length UTF-8. */
#ifndef TANLU_OUTPUTS_HDF5_UTIL_PRIVATE_H
#define TANLU_OUTPUTS_HDF5_UTIL_PRIVATE_H

#include <hdf5.h>
#include <stddef.h>

#include "solvers/context.h"

/* Keep HDF5 from printing its error stack in the calling thread. */
void tanlu_h5_quiet(void);

/* TANLU_ERR_IO "PATH: error: cannot DOING: reason", the reason taken from HDF5's error stack: the system's own text (disk full,
 * no permission) where a system call failed. Call directly after the failing call; the next one clears the stack. */
tanlu_status tanlu_h5_fail(tanlu_context *context, const char *path, const char *doing);
/* The same for a system call, from errno. */
tanlu_status tanlu_system_fail(tanlu_context *context, const char *path, const char *doing, int error);

/* A new file in memory, creation order tracked, in the format every netCDF-4 reader knows; negative on failure. In memory
 * because HDF5 1.10 cannot recover from a write that fails: closing the file fails too and the process crashes on exit. */
hid_t tanlu_h5_create_image(void);
/* The bytes of such a file, complete up to here: *bytes stays with the file and holds until it changes or is closed. */
herr_t tanlu_h5_image(hid_t file, const void **bytes, size_t *size);
/* Variable-length UTF-8 string type, to be closed with H5Tclose. */
hid_t tanlu_h5_text_type(void);
/* Contiguous dataset of `rank` axes; fill (may be NULL) points to one element of `type` and becomes the fill value. */
hid_t tanlu_h5_create_dataset(hid_t file, const char *name, hid_t type, int rank, const hsize_t *extent,
                              const void *fill);
/* A one-dimensional dataset of texts, written; its id, or negative. */
hid_t tanlu_h5_write_texts(hid_t file, const char *name, const char *const *text, size_t count);

/* Attributes; negative on failure. An empty list is left out. */
herr_t tanlu_h5_attribute_text(hid_t object, const char *name, const char *text);
herr_t tanlu_h5_attribute_texts(hid_t object, const char *name, const char *const *text, size_t count);
herr_t tanlu_h5_attribute_int(hid_t object, const char *name, int value);
herr_t tanlu_h5_attribute_double(hid_t object, const char *name, double value);

/* Text of an attribute (numbers as text, lists joined by newlines), newly allocated; NULL when absent or unreadable. */
char *tanlu_h5_read_attribute(hid_t object, const char *name);
/* Texts of a one-dimensional dataset of variable-length strings: *text is `count` newly allocated strings and itself
 * allocated. Negative on failure. */
herr_t tanlu_h5_read_texts(hid_t dataset, size_t count, char ***text);
void tanlu_free_texts(char **text, size_t count);

#endif
