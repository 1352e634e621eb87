/* Branch statistics to sectors, on the four-sector dataset: branch manufacturing holds farm (output 120) and goods (880). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/allocation.h"
#include "tests/model_support.h"

enum { COAL, FARM, GOODS, POWER };

static int open_four(void **state) {
  static tanlu_test_model m;
  tanlu_test_open_four(&m, NULL, 0);
  *state = &m;
  return 0;
}

static int close_model(void **state) {
  tanlu_test_close(*state);
  return 0;
}

static void allocate(const tanlu_test_model *m, const char *branch, const char *carrier, double share[4]) {
  const size_t b = tanlu_test_find(&m->dataset->energy.branch, branch);
  const size_t c = tanlu_test_find(&m->dataset->energy.carrier.label, carrier);
  assert_int_equal(tanlu_allocate_branch(m->dataset, b, c, share, m->context), TANLU_OK);
}

/* farm pays 6 and goods 104 for the products of power. */
static void purchases_of_the_supplier_share_out(void **state) {
  double share[4];
  allocate(*state, "manufacturing", "electricity", share);
  assert_same(share, ((double[]){0, 6.0 / 110, 104.0 / 110, 0}), 4, 1e-15);
  allocate(*state, "manufacturing", "heat", share);
  assert_same(share, ((double[]){0, 6.0 / 110, 104.0 / 110, 0}), 4, 1e-15);
}

/* Nobody sells coke in this dataset. */
static void output_shares_out_what_nobody_sells(void **state) {
  double share[4];
  allocate(*state, "manufacturing", "coke", share);
  assert_same(share, ((double[]){0, 0.12, 0.88, 0}), 4, 1e-15);
}

/* The table gives goods half of the raw coal; what is left goes by purchases among the others, here farm alone. */
static void overrides_come_first(void **state) {
  double share[4];
  allocate(*state, "manufacturing", "raw_coal", share);
  assert_same(share, ((double[]){0, 0.5, 0.5, 0}), 4, 1e-15);
  allocate(*state, "mining", "raw_coal", share); /* a branch of one sector; the override is of another branch */
  assert_same(share, ((double[]){1, 0, 0, 0}), 4, 1e-15);
}

/* An override of everything leaves nothing; one of all sectors that falls short is scaled up. */
static void overrides_of_the_whole_branch(void **state) {
  tanlu_test_model *m = *state;
  tanlu_energy_statistics *e = &m->dataset->energy;
  double share[4];
  e->allocation[0].share = 1.0;
  allocate(m, "manufacturing", "raw_coal", share);
  assert_same(share, ((double[]){0, 0, 1, 0}), 4, 1e-15);
  tanlu_allocation both[] = {e->allocation[0], e->allocation[0]};
  both[0].share = 0.6;
  both[1].share = 0.2;
  both[1].sector = FARM;
  tanlu_allocation *const kept = e->allocation;
  e->allocation = both;
  e->allocations = 2;
  allocate(m, "manufacturing", "raw_coal", share);
  e->allocation = kept;
  e->allocations = 1;
  e->allocation[0].share = 0.5;
  assert_same(share, ((double[]){0, 0.25, 0.75, 0}), 4, 1e-15);
}

static void a_branch_without_sectors_is_an_error(void **state) {
  tanlu_test_model *m = *state;
  tanlu_energy_statistics *e = &m->dataset->energy;
  const size_t mining = tanlu_test_find(&e->branch, "mining");
  const size_t coal = tanlu_test_find(&e->carrier.label, "raw_coal");
  double share[4];
  e->sector_branch[COAL] = e->sector_branch[GOODS];
  const tanlu_status status = tanlu_allocate_branch(m->dataset, mining, coal, share, m->context);
  e->sector_branch[COAL] = mining;
  assert_int_equal(status, TANLU_ERR_INPUT);
  assert_true(tanlu_test_has_message(m->context, "branch mining uses raw_coal"));
}

static void non_energy_use_fills_the_ranks(void **state) {
  tanlu_test_model *m = *state;
  tanlu_energy_statistics *e = &m->dataset->energy;
  const size_t gasoline = tanlu_test_find(&e->carrier.label, "gasoline");
  const int ranks[] = {3, 1, 0, -1, -1};
  const struct {
    double national, amount[5];
  } cases[] = {
      {30, {0, 30, 0, 0, 0}},
      {51, {1, 50, 0, 0, 0}},
      {52.5, {2, 50, 0.5, 0, 0}},
      {0, {0, 0, 0, 0, 0}},
  };
  int kept[5];
  for (size_t b = 0; b < 5; b++) {
    kept[b] = e->branch_non_energy_rank[b];
    e->branch_non_energy_rank[b] = ranks[b];
  }
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double amount[5];
    e->non_energy[gasoline] = cases[i].national;
    tanlu_allocate_non_energy(m->dataset, gasoline, amount);
    assert_same(amount, cases[i].amount, 5, 1e-15);
  }
  e->non_energy[gasoline] = 0.0;
  for (size_t b = 0; b < 5; b++) e->branch_non_energy_rank[b] = kept[b];
}

/* Gasoline: mining 2, manufacturing 50, power supply 1, households 40 and 10. With manufacturing in rank 1, mining in rank
 * 3 (a rank may be left out) and power supply in rank 0, national non-energy use of
 *   30    goes to manufacturing alone
 *   51    fills manufacturing and leaves 1 for mining
 *   52.5  fills both and leaves 0.5 for power supply. */
/* Gasoline: mining 2, manufacturing 50, power supply 1, urban 40, rural 10 TJ. What branches are known to take goes first, up to their use
 * (manufacturing's 60 are 50); the rest by the ranks: mining (rank 1) has 2 - 1.5 left, then power supply and urban (rank 0)
 * share the last 4.1 in proportion to the 1 and 30 that they have left. */
static void known_non_energy_use_comes_first(void **state) {
  tanlu_test_model *m = *state;
  tanlu_energy_statistics *e = &m->dataset->energy;
  const size_t gasoline = tanlu_test_find(&e->carrier.label, "gasoline"), carriers = e->carrier.label.count;
  static const int ranks[] = {1, -1, 0, 0, -1};
  static const double known[] = {1.5, 60, 0, 10, 0};
  double table[5 * 16] = {0}, amount[5];
  int kept[5];
  assert_true(carriers <= 16 && e->branch.count == 5);
  for (size_t b = 0; b < 5; b++) {
    kept[b] = e->branch_non_energy_rank[b];
    e->branch_non_energy_rank[b] = ranks[b];
    table[b * carriers + gasoline] = known[b];
  }
  e->branch_non_energy = table;
  e->non_energy[gasoline] = 1.5 + 50 + 10 + 0.5 + 4.1;
  tanlu_allocate_non_energy(m->dataset, gasoline, amount);
  assert_same(amount, ((double[]){2, 50, 4.1 / 31, 10 + 30 * 4.1 / 31, 0}), 5, 1e-14);
  e->non_energy[gasoline] = 61.5; /* nothing left for the ranks */
  tanlu_allocate_non_energy(m->dataset, gasoline, amount);
  assert_same(amount, ((double[]){1.5, 50, 0, 10, 0}), 5, 0);
  e->branch_non_energy = NULL;
  e->non_energy[gasoline] = 0.0;
  for (size_t b = 0; b < 5; b++) e->branch_non_energy_rank[b] = kept[b];
}

/* Branches of rank 0 share in proportion to their use: 10 over mining (2) and manufacturing (50). */
static void rank_zero_shares_by_use(void **state) {
  tanlu_test_model *m = *state;
  tanlu_energy_statistics *e = &m->dataset->energy;
  const size_t gasoline = tanlu_test_find(&e->carrier.label, "gasoline");
  e->branch_non_energy_rank[0] = e->branch_non_energy_rank[1] = 0;
  e->non_energy[gasoline] = 10.0;
  double amount[5];
  tanlu_allocate_non_energy(m->dataset, gasoline, amount);
  e->branch_non_energy_rank[0] = -1;
  e->branch_non_energy_rank[1] = 1;
  e->non_energy[gasoline] = 0.0;
  assert_same(amount, ((double[]){20.0 / 52, 500.0 / 52, 0, 0, 0}), 5, 1e-15);
}

/* Shares of every branch and carrier of the Chinese statistics: none negative, none outside the branch, sum one (a sum of at
 * most 153 rounded quotients: 1e-13). Non-energy use is placed in full and never above a branch's use. */
static void totals_are_kept_in_china(void **state) {
  (void)state;
  tanlu_test_model m;
  tanlu_test_open(&m, "china-2020");
  const tanlu_energy_statistics *e = &m.dataset->energy;
  const size_t n = m.dataset->accounts.n, carriers = e->carrier.label.count;
  double share[153], amount[64];
  assert_int_equal(n, 153);
  assert_true(e->branch.count <= 64);
  for (size_t c = 0; c < carriers; c++) {
    for (size_t b = 0; b < e->branch.count; b++) {
      const bool household = e->branch_kind[b] == TANLU_BRANCH_URBAN || e->branch_kind[b] == TANLU_BRANCH_RURAL;
      if (household || e->final[b * carriers + c] <= 0.0) continue;
      assert_int_equal(tanlu_allocate_branch(m.dataset, b, c, share, m.context), TANLU_OK);
      double sum = 0.0;
      for (size_t j = 0; j < n; j++) {
        assert_true(share[j] >= 0.0);
        assert_true(e->sector_branch[j] == b || share[j] == 0.0);
        sum += share[j];
      }
      assert_near(sum, 1, 1e-13);
    }
    double placed = 0.0;
    tanlu_allocate_non_energy(m.dataset, c, amount);
    for (size_t b = 0; b < e->branch.count; b++) {
      assert_true(amount[b] >= 0.0 && amount[b] <= e->final[b * carriers + c] * (1.0 + 1e-12));
      placed += amount[b];
    }
    assert_near(placed, e->non_energy[c], 1e-12);
  }
  tanlu_test_close(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(purchases_of_the_supplier_share_out),
      cmocka_unit_test(output_shares_out_what_nobody_sells),
      cmocka_unit_test(overrides_come_first),
      cmocka_unit_test(overrides_of_the_whole_branch),
      cmocka_unit_test(a_branch_without_sectors_is_an_error),
      cmocka_unit_test(non_energy_use_fills_the_ranks),
      cmocka_unit_test(known_non_energy_use_comes_first),
      cmocka_unit_test(rank_zero_shares_by_use),
      cmocka_unit_test(totals_are_kept_in_china),
  };
  return cmocka_run_group_tests(tests, open_four, close_model);
}
