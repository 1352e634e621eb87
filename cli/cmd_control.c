#include "cli/command.h"
int cli_control(cli_environment *environment, int argc, char **argv) {
  (void)environment;
  (void)argc;
  (void)argv;
  return 0;
}
