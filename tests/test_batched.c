/* The batched method driven through its table of operations. Oracles: residuals of the original systems, computed here in
 * double with plain loops; a system solved by hand; identities of the transposed system and of scaling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "solvers/batched_kernel_private.h"
#include "solvers/blas.h"
#include "solvers/block_private.h"
#include "solvers/memory.h"

static const tanlu_block_operations *const method = &tanlu_block_batched;
static const double tolerance = 1e-10;
static tanlu_context *context;

static int group_setup(void **state) {
  (void)state;
  context = tanlu_context_create();
  tanlu_blas_serial();
  return context ? 0 : -1;
}

static int group_teardown(void **state) {
  (void)state;
  tanlu_context_free(&context);
  return 0;
}

static int each_setup(void **state) {
  (void)state;
  tanlu_context_clear(context);
  return 0;
}

/* Uniform numbers in [0, 1): Knuth's MMIX linear congruential generator, upper 53 bits. */
static double uniform(uint64_t *seed) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return (double)(*seed >> 11) * 0x1p-53;
}

/* A set of systems; diagonal = 1 / (1 + spread w), w in [-1, 1] for each entry, or the same for a whole system. */
typedef struct {
  size_t n, rows, count;
  size_t row[TANLU_BATCHED_ROWS_MAX];
  double *a, *centre, *diagonal, *row_values, *b, *u;
} systems;

enum { EACH_ITS_OWN, TOGETHER };

/* Column sums of A from 0.4 to 0.8, a third of the entries zero, row and column n / 2 zero (a sector without flows) where
 * n > 3. Dense rows are those of A times 0.4 to 1.4. */
static systems make(size_t n, size_t rows, size_t count, double spread, int kind, uint64_t seed) {
  systems all = {.n = n, .rows = rows, .count = count};
  all.a = tanlu_allocate_doubles(context, n, n);
  all.centre = tanlu_allocate_doubles(context, n, 1);
  all.diagonal = tanlu_allocate_doubles(context, n, count);
  all.row_values = rows ? tanlu_allocate_doubles(context, n * rows, count) : NULL;
  all.b = tanlu_allocate_doubles(context, n, count);
  all.u = tanlu_allocate_doubles(context, n, count);
  for (size_t j = 0; j < n; j++) {
    double sum = 0.01;
    for (size_t i = 0; i < n; i++) {
      const double x = uniform(&seed);
      if (n > 3 && (i == n / 2 || j == n / 2)) continue;
      sum += all.a[j * n + i] = uniform(&seed) < 0.33 ? 0 : x * x * x;
    }
    const double wanted = 0.4 + 0.4 * uniform(&seed);
    for (size_t i = 0; i < n; i++) all.a[j * n + i] *= wanted / sum;
    all.centre[j] = 1;
  }
  for (size_t k = 0; k < rows; k++) all.row[k] = (2 * k + 1) * n / (2 * rows + 1);
  for (size_t s = 0; s < count; s++) {
    const double whole = 2 * uniform(&seed) - 1;
    for (size_t i = 0; i < n; i++) {
      const double own = 2 * uniform(&seed) - 1;
      all.diagonal[s * n + i] = 1 / (1 + spread * (kind == TOGETHER ? whole : own));
      all.b[s * n + i] = uniform(&seed) < 0.1 ? 0 : uniform(&seed);
    }
    all.b[s * n] += 0.5;
    for (size_t k = 0; k < rows; k++)
      for (size_t j = 0; j < n; j++)
        all.row_values[(s * rows + k) * n + j] = all.a[j * n + all.row[k]] * (0.4 + uniform(&seed));
  }
  return all;
}

static void drop(systems *all) {
  free(all->a);
  free(all->centre);
  free(all->diagonal);
  free(all->row_values);
  free(all->b);
  free(all->u);
}

static tanlu_block_options options_of(const systems *all) {
  return (tanlu_block_options){.n = all->n,
                               .a = all->a,
                               .centre = all->centre,
                               .rows = all->rows,
                               .row = all->row,
                               .tolerance = tolerance,
                               .threads = 1};
}

static void *create(const systems *all) {
  const tanlu_block_options options = options_of(all);
  void *content = NULL;
  assert_int_equal(method->create(&content, &options, method->width(&options, all->count), context), TANLU_OK);
  return content;
}

/* Solves systems [first, first + width) as one block. */
static size_t solve_block(const void *content, const systems *all, size_t first, size_t width, bool transposed,
                          double *u) {
  const tanlu_block_options options = options_of(all);
  void *work = tanlu_allocate(context, 1, method->work_bytes(&options, width));
  assert_non_null(work);
  const tanlu_block_systems block = {
      .width = width,
      .diagonal = all->diagonal + first * all->n,
      .row_values = all->row_values ? all->row_values + first * all->n * all->rows : NULL,
      .b = all->b + first * all->n,
      .u = u + first * all->n,
      .transposed = transposed,
  };
  size_t iterations = 0;
  method->solve(content, &block, work, &iterations);
  free(work);
  return iterations;
}

/* Entry (i, j) of D - A of system s. */
static double entry(const systems *all, size_t s, size_t i, size_t j) {
  double value = -all->a[j * all->n + i];
  for (size_t k = 0; k < all->rows; k++)
    if (all->row[k] == i) value = -all->row_values[(s * all->rows + k) * all->n + j];
  return i == j ? all->diagonal[s * all->n + i] + value : value;
}

/* max|b - (D - A) u| / max|b| of system s; NaN where u is. */
static double residual(const systems *all, size_t s, bool transposed, const double *u) {
  const size_t n = all->n;
  double worst = 0, size = 0;
  for (size_t i = 0; i < n; i++) {
    double r = all->b[s * n + i];
    for (size_t j = 0; j < n; j++) r -= (transposed ? entry(all, s, j, i) : entry(all, s, i, j)) * u[s * n + j];
    if (isnan(r)) return r;
    worst = fmax(worst, fabs(r));
    size = fmax(size, fabs(all->b[s * n + i]));
  }
  return size > 0 ? worst / size : worst;
}

/* Checks every system; `missed` may be left to the fall-back, each with a residual that says so. */
static void check_all(const systems *all, bool transposed, const double *u, size_t missed, const char *what) {
  size_t found = 0;
  double worst = 0;
  for (size_t s = 0; s < all->count; s++) {
    const double r = residual(all, s, transposed, u);
    if (!(r <= worst)) worst = r;
    if (!(r <= tolerance)) found++;
  }
  if (found > missed)
    fail_msg("%s, n = %zu, %zu rows%s: %zu of %zu systems miss the tolerance, worst residual %.2g", what, all->n,
             all->rows, transposed ? ", transposed" : "", found, all->count, worst);
}

/* --- accuracy ---------------------------------------------------------------------------------------------------------- */

static const size_t orders[] = {1, 2, 3, 7, 42, 153, 400};
enum { ORDERS = sizeof orders / sizeof *orders };

/* Sizes, spreads, with and without dense rows, plain and transposed: residual of the original system. A prediction may be
 * wrong for one system in 50, which the fall-back then solves; for three where all rows lie in one tile, so that a sweep has
 * nothing in place. The width, 50, leaves lanes of the second panel unused. */
static void random_systems_meet_the_tolerance(void **state) {
  (void)state;
  const double spreads[] = {0, 0.05, 0.1, 0.4};
  const char *const labels[] = {"spread 0", "spread 5 %", "spread 10 %", "spread 40 %"};
  for (size_t o = 0; o < ORDERS; o++)
    for (size_t k = 0; k < 4; k++)
      for (size_t rows = 0; rows <= 3 && rows < orders[o]; rows += 3) {
        systems all = make(orders[o], rows, 50, spreads[k], EACH_ITS_OWN, 7 + o + 100 * k + 10 * rows);
        void *content = create(&all);
        for (int transposed = 0; transposed < 2; transposed++) {
          solve_block(content, &all, 0, all.count, transposed, all.u);
          check_all(&all, transposed, all.u, orders[o] <= TANLU_BATCHED_TILE ? 3 : 1, labels[k]);
        }
        method->free(&content);
        assert_null(content);
        drop(&all);
      }
}

/* Together, the diagonals move along the dominant direction of the inverse, which stalls plain sweeps: from 0.77 to 1.43
 * times the centre, where the spectral radius is about 0.6. */
static void diagonals_that_move_together_converge(void **state) {
  (void)state;
  for (size_t rows = 0; rows <= 6; rows += 6) {
    systems all = make(153, rows, 48, 0.3, TOGETHER, 99);
    void *content = create(&all);
    const size_t sweeps = solve_block(content, &all, 0, all.count, false, all.u);
    check_all(&all, false, all.u, 1, "together");
    assert_true(sweeps <= 16); /* plain sweeps need more than 40 */
    method->free(&content);
    drop(&all);
  }
}

/* Functions are compiled for each usual number of dense rows, and once for any number: all of them, in every kernel. */
static void every_number_of_dense_rows(void **state) {
  (void)state;
  for (size_t rows = 1; rows <= TANLU_BATCHED_ROWS_MAX; rows++) {
    systems all = make(42, rows, 48, 0.2, EACH_ITS_OWN, 300 + rows);
    void *content = create(&all);
    for (size_t rank = 0; tanlu_batched_kernel_choose(rank); rank++)
      for (int transposed = 0; transposed < 2; transposed++) {
        tanlu_batched_use(content, tanlu_batched_kernel_choose(rank));
        const size_t sweeps = solve_block(content, &all, 0, all.count, transposed, all.u);
        check_all(&all, transposed, all.u, 1, method->kernel(content));
        assert_true(sweeps <= 14); /* as many as without dense rows at this spread, and some */
      }
    method->free(&content);
    drop(&all);
  }
}

/* The width follows from the order and the number of systems: never more than four panels, one panel for small systems, and
 * wide blocks only where there are enough systems for four threads. */
static void width_by_order_and_count(void **state) {
  (void)state;
  enum { LANES = TANLU_BATCHED_LANES };
  static const struct {
    size_t n, count, panels;
  } cases[] = {{42, 100000, 1}, {192, 100000, 1}, {1302, 1, 1}, {1302, 4 * LANES, 1}, {1302, 16 * LANES, 4}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    tanlu_block_options options = {.n = cases[k].n, .threads = 1};
    assert_int_equal(method->width(&options, cases[k].count), cases[k].panels * LANES);
    options.threads = 64;
    assert_int_equal(method->width(&options, cases[k].count), cases[k].panels * LANES);
    for (size_t count = 1; count < 3000; count += 7)
      assert_true(method->width(&options, count) <= method->width(&options, SIZE_MAX));
  }
}

/* Spreads of 60 %: some systems are hardly productive or not at all. Their sweeps end, and the residual of the original
 * matrices, by which the dispatcher judges, tells them from the others, which are accurate. */
static void wide_spreads_converge_or_are_flagged(void **state) {
  (void)state;
  for (size_t o = 0; o < ORDERS; o++) {
    systems all = make(orders[o], orders[o] > 6 ? 2 : 0, 96, 0.6, EACH_ITS_OWN, 1234 + o);
    void *content = create(&all);
    const size_t sweeps = solve_block(content, &all, 0, all.count, false, all.u);
    check_all(&all, false, all.u, all.count / (orders[o] <= TANLU_BATCHED_TILE ? 4 : 8), "60 %");
    assert_true(sweeps <= 2 * 6 * 20);
    method->free(&content);
    drop(&all);
  }
}

/* Diagonals at a tenth of the centre are far from productive: the sweeps diverge, end early and leave a large residual. */
static void divergence_ends_early(void **state) {
  (void)state;
  systems all = make(42, 0, 48, 0, EACH_ITS_OWN, 5);
  for (size_t k = 0; k < all.n * all.count; k++) all.diagonal[k] = 0.1 + 0.001 * (double)(k % 7);
  void *content = create(&all);
  const size_t sweeps = solve_block(content, &all, 0, all.count, false, all.u);
  assert_true(sweeps <= 60);
  method->free(&content);
  drop(&all);
}

/* The spectral radius of A is 0.999: all columns sum to it. (Dc - A)^-1 is of size 1000. */
static void nearly_singular_centre(void **state) {
  (void)state;
  systems all = make(42, 0, 48, 0.05, EACH_ITS_OWN, 17);
  for (size_t j = 0; j < all.n; j++) {
    double sum = 0;
    for (size_t i = 0; i < all.n; i++) sum += all.a[j * all.n + i];
    if (sum > 0)
      for (size_t i = 0; i < all.n; i++) all.a[j * all.n + i] *= 0.999 / sum;
  }
  for (size_t k = 0; k < all.n * all.count; k++) all.diagonal[k] = fmax(all.diagonal[k], 1.0); /* stay productive */
  void *content = create(&all);
  solve_block(content, &all, 0, all.count, false, all.u);
  check_all(&all, false, all.u, all.count / 4, "spectral radius 0.999");
  method->free(&content);
  drop(&all);
}

/* Right-hand sides of 1e-36 and 1e+30 beside each other; scaling is by powers of two, so u(2^k b) = 2^k u(b) to the bit. */
static void sizes_of_right_hand_sides_do_not_matter(void **state) {
  (void)state;
  systems all = make(42, 2, 96, 0.2, EACH_ITS_OWN, 23);
  void *content = create(&all);
  solve_block(content, &all, 0, all.count, false, all.u);
  double *first = tanlu_allocate_doubles(context, all.n, all.count);
  memcpy(first, all.u, all.n * all.count * sizeof *first);
  for (size_t s = 0; s < all.count; s++)
    for (size_t i = 0; i < all.n; i++) all.b[s * all.n + i] = ldexp(all.b[s * all.n + i], s % 2 ? -120 : 100);
  solve_block(content, &all, 0, all.count, false, all.u);
  for (size_t s = 0; s < all.count; s++)
    for (size_t i = 0; i < all.n; i++)
      assert_true(all.u[s * all.n + i] == ldexp(first[s * all.n + i], s % 2 ? -120 : 100));
  check_all(&all, false, all.u, 1, "tiny");
  free(first);
  method->free(&content);
  drop(&all);
}

/* A zero right-hand side gives zeros, also beside others that are not. */
static void zero_right_hand_side(void **state) {
  (void)state;
  systems all = make(7, 0, 5, 0.1, EACH_ITS_OWN, 3);
  memset(all.b + 2 * all.n, 0, all.n * sizeof *all.b);
  void *content = create(&all);
  solve_block(content, &all, 0, all.count, false, all.u);
  for (size_t i = 0; i < all.n; i++) assert_true(all.u[2 * all.n + i] == 0);
  check_all(&all, false, all.u, 0, "zero");
  memset(all.b, 0, all.n * all.count * sizeof *all.b);
  solve_block(content, &all, 0, all.count, true, all.u);
  for (size_t k = 0; k < all.n * all.count; k++) assert_true(all.u[k] == 0);
  method->free(&content);
  drop(&all);
}

/* A = [0.1 0.4; 0.3 0.2]: |I - A| = 0.6, L = [0.8 0.4; 0.3 0.9] / 0.6. b = (6, 3): L b = (4.8 + 1.2, 1.8 + 2.7) / 0.6 =
 * (10, 7.5), L' b = (4.8 + 0.9, 2.4 + 2.7) / 0.6 = (9.5, 8.5). */
static void two_sectors_by_hand(void **state) {
  (void)state;
  double a[4] = {0.1, 0.3, 0.4, 0.2}, centre[2] = {1, 1}, b[2] = {6, 3}, u[2];
  const systems all = {.n = 2, .count = 1, .a = a, .centre = centre, .diagonal = centre, .b = b, .u = u};
  void *content = create(&all);
  solve_block(content, &all, 0, 1, false, u);
  assert_true(fabs(u[0] - 10) < 1e-8 && fabs(u[1] - 7.5) < 1e-8);
  solve_block(content, &all, 0, 1, true, u);
  assert_true(fabs(u[0] - 9.5) < 1e-8 && fabs(u[1] - 8.5) < 1e-8);
  method->free(&content);
}

/* <c, (D - A)^-1 b> = <(D - A)'^-1 c, b>, with dense rows. */
static void transposed_identity(void **state) {
  (void)state;
  systems all = make(153, 6, 48, 0.1, EACH_ITS_OWN, 41);
  const size_t numbers = all.n * all.count;
  double *c = tanlu_allocate_doubles(context, all.n, all.count), *v = tanlu_allocate_doubles(context, all.n, all.count);
  uint64_t seed = 4;
  for (size_t k = 0; k < numbers; k++) c[k] = uniform(&seed);
  void *content = create(&all);
  solve_block(content, &all, 0, all.count, false, all.u);
  double *b = all.b;
  all.b = c;
  solve_block(content, &all, 0, all.count, true, v);
  all.b = b;
  for (size_t s = 0; s < all.count; s++) {
    double left = 0, right = 0;
    for (size_t i = s * all.n; i < (s + 1) * all.n; i++) left += c[i] * all.u[i], right += v[i] * b[i];
    assert_true(fabs(left - right) <= 1e-8 * fabs(left)); /* residuals of 1e-10 times the size of the inverse */
  }
  free(c);
  free(v);
  method->free(&content);
  drop(&all);
}

/* --- kernels, bits ----------------------------------------------------------------------------------------------------- */

/* Every kernel of this machine solves the same systems to the tolerance. */
static void kernels_agree(void **state) {
  (void)state;
  systems all = make(153, 3, 50, 0.3, EACH_ITS_OWN, 77);
  void *content = create(&all);
  assert_string_equal(method->kernel(content), tanlu_batched_kernel_choose(0)->name);
  double *first = NULL;
  for (size_t rank = 0; tanlu_batched_kernel_choose(rank); rank++) {
    tanlu_batched_use(content, tanlu_batched_kernel_choose(rank));
    solve_block(content, &all, 0, all.count, false, all.u);
    check_all(&all, false, all.u, 1, method->kernel(content));
    if (!first) {
      first = tanlu_allocate_doubles(context, all.n, all.count);
      memcpy(first, all.u, all.n * all.count * sizeof *first);
    }
    for (size_t k = 0; k < all.n * all.count; k++) assert_true(fabs(first[k] - all.u[k]) < 1e-8 * (1 + fabs(first[k])));
  }
  free(first);
  method->free(&content);
  drop(&all);
}

/* Twice the same bits; the same bits of a block whether it is solved first, last, or alone. */
static void bits_repeat(void **state) {
  (void)state;
  systems all = make(42, 2, 4 * 96, 0.3, EACH_ITS_OWN, 8);
  const size_t numbers = all.n * all.count;
  double *other = tanlu_allocate_doubles(context, all.n, all.count);
  for (size_t rank = 0; tanlu_batched_kernel_choose(rank); rank++) {
    void *content = create(&all), *second = create(&all);
    tanlu_batched_use(content, tanlu_batched_kernel_choose(rank));
    tanlu_batched_use(second, tanlu_batched_kernel_choose(rank));
    for (size_t block = 0; block < 4; block++) solve_block(content, &all, 96 * block, 96, false, all.u);
    for (size_t block = 4; block-- > 0;) solve_block(second, &all, 96 * block, 96, false, other);
    assert_memory_equal(all.u, other, numbers * sizeof *other);
    method->free(&content);
    method->free(&second);
  }
  free(other);
  drop(&all);
}

/* The transposition of gather and scatter loses nothing: panel values are floats, and every lane comes back to its column,
 * through a permutation, for sizes beside the multiples of eight. */
static void gather_and_scatter_are_inverse(void **state) {
  (void)state;
  enum { LANES = TANLU_BATCHED_LANES, N_MAX = 19 };
  for (size_t n = 1; n <= N_MAX; n++)
    for (size_t rank = 0; tanlu_batched_kernel_choose(rank); rank++) {
      const tanlu_batched_kernel *kernel = tanlu_batched_kernel_choose(rank);
      double *from = tanlu_allocate_doubles(context, n, LANES), *to = tanlu_allocate_doubles(context, n, LANES);
      float *panel = tanlu_allocate(context, n * LANES, sizeof *panel);
      size_t place[N_MAX];
      const double *in[LANES];
      double *out[LANES], two[LANES], half[LANES];
      for (size_t i = 0; i < n; i++) place[i] = n - 1 - i;
      for (size_t s = 0; s < LANES; s++) {
        in[s] = from + s * n, out[s] = to + s * n, two[s] = 2, half[s] = 0.5;
        for (size_t i = 0; i < n; i++) from[s * n + i] = (double)(s * 100 + i);
      }
      kernel->gather(n, place, in, two, NULL, panel);
      for (size_t s = 0; s < LANES; s++)
        for (size_t i = 0; i < n; i++) assert_true((double)panel[(n - 1 - i) * LANES + s] == 2 * from[s * n + i]);
      kernel->scatter(n, place, panel, half, 41, true, out);
      assert_memory_equal(from, to, 41 * n * sizeof *to);
      for (size_t k = 41 * n; k < LANES * n; k++) assert_true(to[k] == 0);
      kernel->scatter(n, place, panel, half, 41, false, out);
      for (size_t k = 0; k < 41 * n; k++) assert_true(to[k] == 2 * from[k]);
      free(from);
      free(to);
      free(panel);
    }
}

/* --- limits ------------------------------------------------------------------------------------------------------------ */

/* Systems with NaN or infinity spoil no neighbour. */
static void a_spoiled_system_stays_alone(void **state) {
  (void)state;
  systems all = make(42, 2, 50, 0.2, EACH_ITS_OWN, 31);
  void *content = create(&all);
  all.diagonal[3 * all.n + 5] = (double)NAN;
  all.b[7 * all.n + 1] = (double)INFINITY;
  all.row_values[9 * all.n * 2 + 4] = (double)NAN;
  solve_block(content, &all, 0, all.count, false, all.u);
  for (size_t s = 0; s < all.count; s++) {
    if (s == 3 || s == 7 || s == 9) continue;
    const double r = residual(&all, s, false, all.u);
    if (!(r <= tolerance)) fail_msg("system %zu beside spoiled ones has the residual %.2g", s, r);
  }
  method->free(&content);
  drop(&all);
}

/* More dense rows than are taken out exactly: nothing is claimed. */
static void too_many_dense_rows_are_left_to_the_fall_back(void **state) {
  (void)state;
  enum { ROWS = TANLU_BATCHED_ROWS_MAX + 1 };
  systems all = make(42, 0, 4, 0.1, EACH_ITS_OWN, 12);
  size_t row[ROWS];
  for (size_t k = 0; k < ROWS; k++) row[k] = k;
  double *row_values = tanlu_allocate_doubles(context, all.n * ROWS, all.count);
  tanlu_block_options options = options_of(&all);
  options.rows = ROWS;
  options.row = row;
  void *content = NULL;
  assert_int_equal(method->create(&content, &options, 4, context), TANLU_OK);
  void *work = tanlu_allocate(context, 1, method->work_bytes(&options, 4));
  const tanlu_block_systems block = {
      .width = 4, .diagonal = all.diagonal, .row_values = row_values, .b = all.b, .u = all.u};
  size_t iterations = 1;
  method->solve(content, &block, work, &iterations);
  assert_true(isnan(all.u[0]));
  assert_int_equal(iterations, 0);
  free(work);
  free(row_values);
  method->free(&content);
  drop(&all);
}

/* I - A = [0.5 -0.5; -0.5 0.5] is singular; I - A with a_11 = 2 is not productive. Both are errors. */
static void a_centre_that_is_not_productive_is_an_error(void **state) {
  (void)state;
  double singular[4] = {0.5, 0.5, 0.5, 0.5}, heavy[4] = {2, 0, 0, 0.5}, centre[2] = {1, 1};
  for (int k = 0; k < 2; k++) {
    const tanlu_block_options options = {.n = 2, .a = k ? heavy : singular, .centre = centre, .threads = 1};
    void *content = NULL;
    assert_int_equal(method->create(&content, &options, 48, context), TANLU_ERR_MODEL);
    method->free(&content);
    assert_null(content);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(random_systems_meet_the_tolerance, each_setup),
      cmocka_unit_test_setup(diagonals_that_move_together_converge, each_setup),
      cmocka_unit_test_setup(every_number_of_dense_rows, each_setup),
      cmocka_unit_test_setup(width_by_order_and_count, each_setup),
      cmocka_unit_test_setup(wide_spreads_converge_or_are_flagged, each_setup),
      cmocka_unit_test_setup(divergence_ends_early, each_setup),
      cmocka_unit_test_setup(nearly_singular_centre, each_setup),
      cmocka_unit_test_setup(sizes_of_right_hand_sides_do_not_matter, each_setup),
      cmocka_unit_test_setup(zero_right_hand_side, each_setup),
      cmocka_unit_test_setup(two_sectors_by_hand, each_setup),
      cmocka_unit_test_setup(transposed_identity, each_setup),
      cmocka_unit_test_setup(kernels_agree, each_setup),
      cmocka_unit_test_setup(bits_repeat, each_setup),
      cmocka_unit_test_setup(gather_and_scatter_are_inverse, each_setup),
      cmocka_unit_test_setup(a_spoiled_system_stays_alone, each_setup),
      cmocka_unit_test_setup(too_many_dense_rows_are_left_to_the_fall_back, each_setup),
      cmocka_unit_test_setup(a_centre_that_is_not_productive_is_an_error, each_setup),
  };
  return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
