/* Shared by the files that read the parts of a dataset; nothing outside inputs/dataset_*.c needs it. */
#ifndef TANLU_INPUTS_DATASET_READER_H
#define TANLU_INPUTS_DATASET_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "inputs/csv_table.h"
#include "inputs/yaml_tree.h"
#include "model/dataset.h"

/* Where a row or a column of the table stands in its file, for messages of checks made later. */
typedef struct {
  size_t *line;  /* by row label */
  size_t *field; /* by column label */
} tanlu_matrix_place;

/* Sums of flows, 10^4 CNY. */
typedef struct {
  double *uses;     /* n: of product i by all sectors */
  double *inputs;   /* n: of sector j, of all products */
  double *domestic; /* n: of product i by all sectors, split only: what is made at home */
} tanlu_table_sums;

typedef struct {
  tanlu_dataset *dataset;
  const char *directory;
  tanlu_context *context;
  tanlu_status status;           /* first problem; reading goes on so that all are reported */
  double money, energy;          /* factors from the file's units to 10^4 CNY and TJ */
  tanlu_yaml *settings;          /* dataset.yaml */
  tanlu_csv *power;              /* power.csv, kept until the carriers that it names are known */
  size_t power_fuel, power_like; /* its columns */
  tanlu_matrix_place flows, branch_energy;
  tanlu_table_sums sums; /* of the flows, where they are not kept */
} tanlu_reader;

/* A reader of a directory with a new dataset, which is the caller's. TANLU_ERR_INPUT where there is no such directory. */
tanlu_status tanlu_reader_begin(tanlu_reader *reader, const char *directory, tanlu_context *context);
/* Remember a status; true when it is TANLU_OK. */
bool tanlu_reader_ok(tanlu_reader *reader, tanlu_status status);
/* An array owned by the dataset; NULL (remembered) when out of memory. */
void *tanlu_reader_allocate(tanlu_reader *reader, size_t count, size_t size);
/* DIRECTORY/NAME; the caller frees. */
char *tanlu_reader_path(tanlu_reader *reader, const char *name);
/* An error in a file of the dataset; line or field 0 is left out. */
void tanlu_reader_fail(tanlu_reader *reader, const char *file, size_t line, size_t field, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Add a file that was read to the provenance of the dataset. */
void tanlu_reader_record(tanlu_reader *reader, const char *name, const char *digest);
/* Read a CSV file of the dataset; NULL (remembered) when it cannot be read. */
tanlu_csv *tanlu_reader_open(tanlu_reader *reader, const char *name);
bool tanlu_reader_has(tanlu_reader *reader, const char *name); /* does the file exist? */

/* A CSV file with the columns `names` (the first `required` of them must be there), opened and its columns checked. */
tanlu_csv *tanlu_reader_table(tanlu_reader *reader, const char *file, const char *const *names, size_t required,
                              size_t count, size_t *index);
/* Append the label of a row (columns code, name, name_zh by index[0..2]); false with an error for an empty, malformed or
 * duplicate code. */
bool tanlu_reader_label(tanlu_reader *reader, const tanlu_csv *table, size_t row, const size_t *index, const char *noun,
                        tanlu_labels *labels);

/* The flows of a file; `take` as in a matrix file, whose value and place it fills in else. */
void tanlu_dataset_read_flows(tanlu_reader *reader, const char *file, double *flows,
                              tanlu_status (*take)(void *user, size_t i, const double *row), void *user,
                              tanlu_matrix_place *place);

/* The domestic part of what sector j uses of product i against all of it; an error where it is larger. */
void tanlu_dataset_check_domestic(tanlu_reader *reader, size_t i, size_t j, double domestic, double total);

/* A matrix file: column `key` with a code of `row` in each row, then a column for each code of `column`. */
typedef struct {
  const char *file, *key, *noun;
  const tanlu_labels *row, *column;
  double *value; /* entry (i, j) goes to value[i * row_stride + j * column_stride] */
  size_t row_stride, column_stride;
  double factor, lowest;    /* factor to internal units; lowest value in units of the file */
  const char *const *extra; /* further columns, as numbers; the last `extra_optional` may be absent */
  size_t extras, extra_optional;
  double **extra_value; /* extras: row-indexed arrays */
  const double *extra_lowest;
  tanlu_matrix_place *place; /* may be NULL; arrays are made here, freed by the reader's owner */
  /* Where set, rows go here as they are read, in the order of the file, and `value` is not used. */
  tanlu_status (*take)(void *user, size_t i, const double *row);
  void *user;
} tanlu_matrix_file;
void tanlu_reader_matrix(tanlu_reader *reader, const tanlu_matrix_file *matrix);
/* Columns `key`, value: one number a code, absent codes are 0. */
void tanlu_reader_vector(tanlu_reader *reader, const char *file, const char *key, const char *noun,
                         const tanlu_labels *labels, double factor, double lowest, double *value);
/* The codes of a cell separated by blanks, one by one: copies the next one into *word (freed and replaced), false at the
 * end. */
bool tanlu_reader_next_word(const char **cursor, char **word);

/* The parts, in the order in which they are read. */
void tanlu_dataset_read_settings(tanlu_reader *reader);        /* dataset.yaml */
void tanlu_dataset_read_base_population(tanlu_reader *reader); /* history.yaml or dataset.yaml */
void tanlu_dataset_read_branches(tanlu_reader *reader);        /* efficiency.csv, branches.csv */
void tanlu_dataset_read_sectors(tanlu_reader *reader);         /* groups.csv, sectors.csv */
void tanlu_dataset_read_carriers(tanlu_reader *reader);        /* carriers.csv; after sectors and power */
void tanlu_dataset_read_accounts(tanlu_reader *reader);        /* categories.csv and the table */
bool tanlu_dataset_read_margins(tanlu_reader *reader);    /* the same but for the flows; false: the axes are wrong */
void tanlu_dataset_check_accounts(tanlu_reader *reader);  /* identities */
void tanlu_dataset_read_energy(tanlu_reader *reader);     /* branch energy, non-energy use, balance */
void tanlu_dataset_read_conversion(tanlu_reader *reader); /* processes.csv, conversion.csv */
void tanlu_dataset_read_allocation(tanlu_reader *reader); /* allocation.csv, throughput.csv */
void tanlu_dataset_read_factors(tanlu_reader *reader);    /* emission_factors.csv */
void tanlu_dataset_check_energy(tanlu_reader *reader);    /* closure per carrier, efficiencies, zero outputs */
void tanlu_dataset_read_power(tanlu_reader *reader);      /* power.csv but for the carriers; before the carriers */
void tanlu_dataset_finish_power(tanlu_reader *reader);    /* fuels of power.csv, primary_electricity.csv */
void tanlu_dataset_read_products(tanlu_reader *reader);   /* products.csv, emissions.csv */
void tanlu_dataset_read_policy(tanlu_reader *reader);     /* policy files; after tanlu_dataset_derive */
void tanlu_dataset_read_observed(tanlu_reader *reader);   /* observed.csv */

#endif
