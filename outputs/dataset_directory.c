/* Directories of datasets: which files they may hold, whether one may be replaced, and how a finished one comes into place. */
#include "outputs/dataset_directory_private.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outputs/dataset_write.h"
#include "outputs/hdf5_util_private.h"
#include "solvers/memory.h"

/* All files that a dataset can have: those of accounts alone first. */
static const char *const files[] = {"dataset.yaml",
                                    "groups.csv",
                                    "sectors.csv",
                                    "categories.csv",
                                    "final_demand.csv",
                                    "final_demand_domestic.csv",
                                    "value_added.csv",
                                    "flows.csv",
                                    "flows_domestic.csv",
                                    "extensions.csv",
                                    "extension_units.csv",
                                    "SOURCES.md",
                                    "IMPORT.md",
                                    "AGGREGATE.md",
                                    "regions.csv",
                                    "regional_energy.csv",
                                    "allocation.csv",
                                    "branch_energy.csv",
                                    "branch_non_energy.csv",
                                    "branches.csv",
                                    "carriers.csv",
                                    "conversion.csv",
                                    "efficiency.csv",
                                    "emission_factors.csv",
                                    "emissions.csv",
                                    "employment.csv",
                                    "history.yaml",
                                    "losses.csv",
                                    "non_energy.csv",
                                    "observed.csv",
                                    "power.csv",
                                    "primary_electricity.csv",
                                    "processes.csv",
                                    "products.csv",
                                    "statistical_difference.csv",
                                    "supply.csv",
                                    "throughput.csv",
                                    "efficiency-tiers.csv",
                                    "routes.csv",
                                    "investment.csv",
                                    "investment-bridge.csv"};
enum { FILES = sizeof files / sizeof *files, FILES_OF_ACCOUNTS = 16 };
/* A whole dataset that has it was made from another one. */
static const char made[] = "AGGREGATE.md";

size_t tanlu_dataset_files(void) {
  return FILES;
}

size_t tanlu_dataset_file_of(const char *name) {
  size_t k = 0;
  while (k < FILES && strcmp(files[k], name) != 0) k++;
  return k;
}

static bool has_file(const char *directory, const char *name) {
  char *path = NULL;
  struct stat found;
  const bool has = asprintf(&path, "%s/%s", directory, name) >= 0 && lstat(path, &found) == 0;
  free(path);
  return has;
}

int tanlu_dataset_directory_remove(const char *path) {
  for (size_t k = 0; k < FILES; k++) {
    char *file = NULL;
    if (asprintf(&file, "%s/%s", path, files[k]) < 0) return -1;
    (void)unlink(file);
    free(file);
  }
  return rmdir(path);
}

/* Is there a dataset of accounts alone, or one made from another, which --force may replace? */
static tanlu_status check_replaced(const char *path, tanlu_context *context) {
  DIR *directory = opendir(path);
  if (directory == NULL) return tanlu_system_fail(context, path, "replace the dataset", errno);
  tanlu_status status = TANLU_OK;
  const size_t replaced = has_file(path, made) ? FILES : FILES_OF_ACCOUNTS;
  for (const struct dirent *entry; status == TANLU_OK && (entry = readdir(directory)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (tanlu_dataset_file_of(entry->d_name) < replaced) continue;
    status = tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                           "holds '%s', which no dataset of accounts alone has; it is not replaced", entry->d_name);
  }
  (void)closedir(directory);
  return status;
}

tanlu_status tanlu_dataset_writer_check(const char *path, bool force, tanlu_context *context) {
  struct stat found;
  if (*path == '\0') return tanlu_fail(context, TANLU_ERR_INPUT, "the name of the dataset to write is empty");
  if (lstat(path, &found) != 0) {
    return errno == ENOENT ? TANLU_OK : tanlu_system_fail(context, path, "write the dataset", errno);
  }
  if (!S_ISDIR(found.st_mode)) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0,
                         "is no directory; expected the name of a directory to make");
  }
  if (!force) {
    return tanlu_fail_at(context, TANLU_ERR_INPUT, path, 0, 0, "exists already; choose another name or give --force");
  }
  return check_replaced(path, context);
}

tanlu_status tanlu_dataset_name_for(char **name, const char *given, const char *path, tanlu_context *context) {
  size_t end = given != NULL ? strlen(given) : strlen(path);
  while (given == NULL && end > 1 && path[end - 1] == '/') end--;
  size_t begin = given != NULL ? 0 : end;
  while (begin > 0 && path[begin - 1] != '/') begin--;
  *name = tanlu_string_copy(context, (given != NULL ? given : path) + begin);
  if (*name == NULL) return TANLU_ERR_MEMORY;
  (*name)[end - begin] = '\0';
  if (tanlu_code_well_formed(*name)) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_INPUT, "'%s' is no name for a dataset; expected letters, digits, _ and -",
                    *name);
}

tanlu_status tanlu_dataset_directory_place(const char *temporary, const char *path, bool force,
                                           tanlu_context *context) {
  char *old = NULL;
  struct stat found;
  const bool there = lstat(path, &found) == 0;
  tanlu_status status = tanlu_context_stopped(context);
  if (status == TANLU_OK) status = tanlu_dataset_writer_check(path, force, context); /* it may have appeared */
  if (status != TANLU_OK) return status;
  if (there && asprintf(&old, "%s.%ld.old", path, (long)getpid()) < 0) {
    return tanlu_fail(context, TANLU_ERR_MEMORY, "out of memory for a path");
  }
  if (there && rename(path, old) != 0) {
    status = tanlu_system_fail(context, path, "replace the dataset", errno);
  } else if (rename(temporary, path) != 0) {
    status = tanlu_system_fail(context, path, "put the dataset in place", errno);
    if (there) (void)rename(old, path);
  } else if (there) {
    (void)tanlu_dataset_directory_remove(old);
  }
  free(old);
  return status;
}
