/* Shared by the tests of tanlu import: a table of two regions with numbers of its own, and a look at the dataset made of it.
 *
 *                      aa                  bb            | aa                  bb
 *                 Paddy rice  Steel   Paddy rice  Steel  | households capital  households capital | output
 *   aa rice             8       16          0        4   |     20        0         12        4    |   64
 *   aa steel            4       32          2       26   |     30       20          6        8    |  128
 *   bb rice             1        0          8        7   |      2        0         14        0    |   32
 *   bb steel            3       16          5       64   |     10        8        100       50    |  256
 *   compensation       30       40         10      100
 *   taxes              18       24          7       55
 *   CO2, kt             2        9          1       20
 *
 * Rows: 28 + 36 = 64, 64 + 64 = 128, 16 + 16 = 32, 88 + 168 = 256; columns: 16 + 48, 64 + 64, 15 + 17, 101 + 155. Outputs are powers of
 * two, so that coefficients times output give the flows to the last bit. */
#ifndef TANLU_TESTS_IMPORT_SUPPORT_H
#define TANLU_TESTS_IMPORT_SUPPORT_H

#include "model/dataset.h"
#include "tests/program_support.h"

enum { TANLU_TEST_N = 4, TANLU_TEST_CATEGORIES = 4 };
extern const double tanlu_test_flows[4][4], tanlu_test_final[4][4], tanlu_test_added[2][4], tanlu_test_co2[4];
extern const double tanlu_test_outputs[4];

/* Run `tanlu import ...` and read the dataset NAME that it made; fails the test when it does not. The caller frees. */
tanlu_dataset *tanlu_test_import(tanlu_test_place *place, const char *format, const char *path, const char *name,
                                 const char *option);
/* The table above to the last bit, times `factor`. */
void tanlu_test_expect_table(const tanlu_dataset *dataset, double factor);
/* The command fails with status 2, says `message`, and there is no dataset. */
void tanlu_test_expect_no_import(tanlu_test_place *place, const char *format, const char *path, const char *message);

/* A matrix as pymrio saves it: header rows of regions and second labels, index columns (1 or 2), a row of the index names. */
typedef struct {
  size_t rows, columns, indices;
  const char *const (*row)[2], *const (*column)[2];
  const double *value; /* rows x columns, row by row */
  bool names;
} tanlu_test_matrix;
void tanlu_test_write_matrix(const char *directory, const char *name, const tanlu_test_matrix *matrix);

#endif
