/* Oracles: a case worked by hand, and the axioms of the Shapley value (what is contributed adds up; equal factors
 * contribute equally; a factor without effect contributes nothing). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "model/two_by_two.h"

/* CO2 10; structure alone 8; energy mix alone 5; both 4. Structure takes 2 alone and 1 after the mix, so 1.5; the mix
 * takes 5 alone and 4 after structure, so 4.5; together they take 6, one less than 2 + 5. */
static void a_case_by_hand(void **state) {
  (void)state;
  const tanlu_two_by_two split = tanlu_two_by_two_split(10.0, 8.0, 5.0, 4.0);
  assert_true(split.first == -1.5);
  assert_true(split.second == -4.5);
  assert_true(split.interaction == 1.0);
}

/* Shares of thirds and sevenths, so that rounding takes part: the bound is a few units in the last place of the inputs. */
static void contributions_add_up(void **state) {
  (void)state;
  for (int i = 0; i < 1000; i++) {
    const double none = 9000.0 / (i + 1.0), first = 10.0 * i / 7.0, second = 300.0 - i / 3.0, both = -50.0 + i * 0.1;
    const tanlu_two_by_two split = tanlu_two_by_two_split(none, first, second, both);
    const double scale = fabs(none) + fabs(first) + fabs(second) + fabs(both);
    assert_true(fabs(split.first + split.second - (both - none)) <= 8.0 * 2.3e-16 * scale);
  }
}

static void axioms(void **state) {
  (void)state;
  const tanlu_two_by_two equal = tanlu_two_by_two_split(10.0, 7.0, 7.0, 1.0);
  assert_true(equal.first == equal.second);
  const tanlu_two_by_two idle = tanlu_two_by_two_split(10.0, 10.0, 4.0, 4.0);
  assert_true(idle.first == 0.0 && idle.second == -6.0 && idle.interaction == 0.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_case_by_hand), cmocka_unit_test(contributions_add_up),
                                     cmocka_unit_test(axioms)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
