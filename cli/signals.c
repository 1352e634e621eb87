#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

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

void cli_signals_catch_batch(void) {
  struct sigaction action = {.sa_handler = remember}, ignored = {.sa_handler = SIG_IGN};
  (void)sigemptyset(&action.sa_mask);
  (void)sigemptyset(&ignored.sa_mask);
  (void)sigaction(SIGUSR1, &action, NULL);
  (void)sigaction(SIGXFSZ, &ignored, NULL);
}

int cli_signal_received(void) {
  return (int)received;
}
