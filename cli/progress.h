/* Progress on stderr: on a terminal a bar with rate and time left, otherwise a line a minute; silent for the first two
 * seconds, so that short work shows nothing. */
#ifndef TANLU_CLI_PROGRESS_H
#define TANLU_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct cli_progress cli_progress;

/* total units of `unit` ("years"); NULL when quiet or out of memory, which all functions accept. */
cli_progress *cli_progress_start(const char *unit, size_t total, bool quiet);
/* `count` more are done. May be called from several threads. */
void cli_progress_add(cli_progress *progress, size_t count);
/* `count` more failed; their number is shown once there is one. */
void cli_progress_failed(cli_progress *progress, size_t count);
/* Remove the bar. */
void cli_progress_finish(cli_progress **progress);

#endif
