#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

enum { EXIT_BATCH = 75 }; /* stopped by SIGUSR1: the job can be queued again */

/* A handler has no other way to tell. */
static volatile sig_atomic_t received;

static void remember(int number) {
  received = number;
}

void cli_signals_catch(void) {
  struct sigaction action = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND};
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
}

void cli_signals_stop(tanlu_context *context) {
  cli_signals_catch();
  tanlu_context_stop_when(context, cli_signal_received);
}

void cli_signals_catch_batch(void) {
  struct sigaction action = {.sa_handler = remember};
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(SIGUSR1, &action, NULL);
}

void cli_signals_file_limit(void) {
  struct sigaction ignored = {.sa_handler = SIG_IGN};
  (void)sigemptyset(&ignored.sa_mask);
  (void)sigaction(SIGXFSZ, &ignored, NULL);
}

int cli_signal_received(void) {
  return (int)received;
}

int cli_status_exit(tanlu_status status) {
  const int number = cli_signal_received();
  if (status != TANLU_INTERRUPTED || number == 0) return tanlu_status_exit(status);
  return number == SIGUSR1 ? EXIT_BATCH : 128 + number;
}
