/* The library in a few calls, for programs in other languages and for those that want nothing but results: open a dataset, run
 * scenarios with settings of their own, run sweeps, read numbers by name. Everything is opaque; arguments are texts, int, size_t
 * and double arrays, so that the interface stays the same where structures change.
 *
 * Functions that can fail return the exit status of the program (README.md): 0 done, 2 wrong input, 3 the model cannot be solved
 * as asked, 4 reading or out of memory; tanlu_session_messages then says why. A session is for one thread at a time. Texts that
 * are returned belong to the session and hold until the next call that changes it.
 *
 * tanlu_session_create pins OpenBLAS to one thread for the whole process (solvers/blas.h): the library is parallel over samples. */
#ifndef TANLU_INPUTS_SESSION_H
#define TANLU_INPUTS_SESSION_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tanlu_session tanlu_session;

tanlu_session *tanlu_session_create(void); /* NULL: out of memory */
void tanlu_session_free(tanlu_session **session);
/* What the last call had to say, errors and warnings, one a line; "" for nothing. */
const char *tanlu_session_messages(const tanlu_session *session);
const char *tanlu_session_version(void);

/* ---- a dataset and a scenario ------------------------------------------------------------------------------------------ */

/* Read a dataset by name or path, as in a scenario file, also where it is loaded already. */
int tanlu_session_load(tanlu_session *session, const char *dataset);
/* Project a scenario (name or path) with settings "path=value", as `tanlu run --set` takes them, on its own dataset, which is
 * read only where another directory is loaded; a sweep of that one is forgotten then. After a failure there are no
 * results. */
int tanlu_session_run(tanlu_session *session, const char *scenario, const char *const *setting, size_t settings);

/* ---- results ----------------------------------------------------------------------------------------------------------- */

/* Variables of a result file (`tanlu show --list`), in its units: names by number, NULL beyond the last. */
const char *tanlu_session_field(size_t i);
const char *tanlu_session_unit(const char *field);      /* NULL: no such field */
const char *tanlu_session_long_name(const char *field); /* NULL: no such field */
/* Axes of a field, the first one "year": their number (2 or 3), extents and names; 0 without results or such a field. */
int tanlu_session_shape(const tanlu_session *session, const char *field, size_t extent[3], const char *axis[3]);
/* Copy it, row-major. 2 where `count` is not the product of the extents. */
int tanlu_session_values(tanlu_session *session, const char *field, double *value, size_t count);
/* Members of an axis ("sector", "carrier", "indicator", ...) of the dataset: code and name; NULL beyond the last. */
const char *tanlu_session_label(const tanlu_session *session, const char *axis, size_t i);
const char *tanlu_session_label_name(const tanlu_session *session, const char *axis, size_t i);
int tanlu_session_first_year(const tanlu_session *session); /* of the results; 0 without */
/* One indicator of one year. */
int tanlu_session_indicator(tanlu_session *session, const char *code, int year, double *value);

/* ---- sweeps ------------------------------------------------------------------------------------------------------------ */

/* Read a sweep (name or path) and its scenario and dataset. size: samples, parameters, years and indicators that it keeps,
 * scalars of a scenario. */
enum {
  TANLU_SESSION_SAMPLES,
  TANLU_SESSION_PARAMETERS,
  TANLU_SESSION_YEARS,
  TANLU_SESSION_INDICATORS,
  TANLU_SESSION_SCALARS,
  TANLU_SESSION_SIZES
};
int tanlu_session_sweep(tanlu_session *session, const char *sweep, size_t size[TANLU_SESSION_SIZES]);
/* Labels by TANLU_SESSION_PARAMETERS, _INDICATORS (of regions: "REGION.CODE") or _SCALARS; NULL beyond the last. Years by number,
 * 0 beyond the last. */
const char *tanlu_session_sweep_label(const tanlu_session *session, int of, size_t i);
int tanlu_session_sweep_year(const tanlu_session *session, size_t i);
/* Run it in memory on so many threads (0: all processors): the numbers of `tanlu sweep`, bit for bit, with any number of them.
 * state: samples, 1 solved, 2 values not allowed, 3 not solvable; parameter: samples x parameters; indicator: samples x years x
 * indicators; scalar: samples x scalars; NaN where a sample failed. Each may be NULL. 3 where more samples fail than it allows. */
int tanlu_session_sweep_run(tanlu_session *session, int threads, int *state, double *parameter, double *indicator,
                            double *scalar);
/* One sample with all fields as results. */
int tanlu_session_sweep_sample(tanlu_session *session, size_t sample);

#ifdef __cplusplus
}
#endif

#endif
