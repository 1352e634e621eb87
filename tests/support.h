/* Shared by the test programs: temporary directories and a tiny, valid dataset whose figures can be checked by hand. */
#ifndef TANLU_TESTS_SUPPORT_H
#define TANLU_TESTS_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "solvers/context.h"

enum { TANLU_TEST_PATH = 512 };

/* Is the test program built with the address sanitizer? Its programs are some times slower: long loops then take fewer steps, and
 * waits of a program are so many times longer. */
#ifdef __SANITIZE_ADDRESS__
enum { TANLU_TEST_SANITIZED = true, TANLU_TEST_SLOWER = 5 };
#else
enum { TANLU_TEST_SANITIZED = false, TANLU_TEST_SLOWER = 1 };
#endif

/* A new directory below TMPDIR (or /tmp); 0 on success. */
int tanlu_test_temp_dir(char path[TANLU_TEST_PATH]);
/* Remove it with everything inside. */
void tanlu_test_remove_dir(const char *path);

/* DIR/NAME holds exactly `text` afterwards (DIR is made when missing; NAME may hold one sub-directory); 0 on success. */
int tanlu_test_write_file(const char *dir, const char *name, const char *text);
int tanlu_test_write_bytes(const char *dir, const char *name, const char *bytes, size_t length);
/* The whole file as a string, NULL when it cannot be read; the caller frees. */
char *tanlu_test_read_file(const char *dir, const char *name);
/* Replace the first occurrence of `before` in a file; non-zero when it does not occur. */
int tanlu_test_edit(const char *dir, const char *name, const char *before, const char *after);

/* Does a message of the context contain `part`? Prints all messages to stderr when none does. */
bool tanlu_test_has_message(const tanlu_context *context, const char *part);
/* Print every message to stderr (for a test that expected none). */
void tanlu_test_print_messages(const tanlu_context *context);

/* The tiny dataset "tiny-2020": base year 2020, history to 2022, money in 1e4 CNY, energy in TJ.
 *
 *   flows    coal goods power | rural urban gov capital stocks exports | imports | output
 *   coal       10    40    50 |     4     6   0       0      5      10 |       5 |    120
 *   goods      30   300    40 |   100   250 120     200     10      50 |     100 |   1000
 *   power      10   110    10 |    20    45   0       0      0       5 |       0 |    200
 *   labour     30   300    40
 *   taxes      10    50    10
 *   surplus    30   200    50     value added 70 + 550 + 100 = 720
 *
 *   energy, TJ      raw_coal coke natural_gas gasoline bf_gas other_energy electricity heat hydrogen
 *   mining                20    0           0        2      0            0          15    2        0
 *   manufacturing        200  100          60       50      0           10         250   60        0
 *   power_supply           0    0           0        1      0            0          10    2        0
 *   urban                 10    0          30       40      0            0          60   30        0
 *   rural                 30    0           0       10      0           20          30    6        0
 *   final                260  100          90      103      0           30         365  100        0
 *   non-energy             0    0          10        0      0            0           0    0        0
 *   thermal_power       -900    0         -50        0    -20            0         340    0        0
 *   heat_supply         -130    0           0        0      0            0           0  105        0
 *   coking              -140  110           0        0      0            0           0    0        0
 *   recovery               0    0           0        0     20            0           0    0        0
 *   losses                 0    0           2        0      0            0          20    5        0
 *   available           1434  -10         143      103      0           30          50    0        0
 *   difference             4    0           1        0      0            0           5    0        0
 *
 * Groups: industry3 (secondary = coal, power; tertiary = goods), policy_group (coal_mining, goods, power_heat).
 * Technologies: coal, gas, biomass, recovered, coal_ccs (thermal), hydro, nuclear, wind, pv. */
int tanlu_test_write_dataset(const char *dir);

#endif
