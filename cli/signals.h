/* SIGINT and SIGTERM end a command cleanly: work looks here and stops. */
#ifndef TANLU_CLI_SIGNALS_H
#define TANLU_CLI_SIGNALS_H

#include "solvers/context.h"

/* Catch both from now on; a second one of the same kind ends the program at once. */
void cli_signals_catch(void);
/* The same for a command that writes a dataset: work on this context ends with TANLU_INTERRUPTED between two rows. */
void cli_signals_stop(tanlu_context *context);
/* SIGUSR1 too: a batch system's warning that time runs out. */
void cli_signals_catch_batch(void);
/* A file-size limit is an error of writing from now on, not an end. */
void cli_signals_file_limit(void);
/* The signal that came, 0 for none. */
int cli_signal_received(void);
/* Exit status of a status code: 128 and the signal (130, 143) for TANLU_INTERRUPTED, 75 after SIGUSR1. */
int cli_status_exit(tanlu_status status);

#endif
