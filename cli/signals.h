/* SIGINT and SIGTERM end a command cleanly: work looks here and stops. */
#ifndef TANLU_CLI_SIGNALS_H
#define TANLU_CLI_SIGNALS_H

/* Catch both from now on; a second one of the same kind ends the program at once. */
void cli_signals_catch(void);
/* SIGUSR1 too: a batch system's warning that time runs out. A file-size limit then is an error of writing, not an end. */
void cli_signals_catch_batch(void);
/* The signal that came, 0 for none. */
int cli_signal_received(void);

#endif
