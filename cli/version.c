#include "cli/command.h"

/* The build gives these to this file only, so that a new commit recompiles nothing else. */
#ifndef TANLU_VERSION
#define TANLU_VERSION "0.0.0"
#endif
#ifndef TANLU_COMMIT
#define TANLU_COMMIT "unknown"
#endif
#ifndef TANLU_BUILD_FLAGS
#define TANLU_BUILD_FLAGS "unknown"
#endif

const char *cli_version(void) {
  return TANLU_VERSION;
}
const char *cli_commit(void) {
  return TANLU_COMMIT;
}
const char *cli_build_flags(void) {
  return TANLU_BUILD_FLAGS;
}
