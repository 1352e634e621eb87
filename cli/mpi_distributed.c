/* A Leontief system in pieces: A and the factor of I - A lie block-cyclic in all ranks (ScaLAPACK).
 *
 * P ranks form a grid of p x q, p the largest divisor of P up to its root. Block (I, J) of `block` rows and columns lies in rank
 * (I mod p) q + (J mod q): every rank has an equal part of what is left in each step of
 *
 *     P (I - A) = L U         pdgetrf: partial pivoting, 2/3 n^3 operations in all
 *     L U X = P B             pdgetrs: up to 64 right-hand sides together
 *     R = B - X + A X         pdgemm with A as it was read, solvers/row_system.h
 *
 * Memory of a rank: 16 n^2 / P bytes for A and its factor, 8 n 64 / P for a block of vectors; rank 0 holds whole vectors too.
 * BLAS runs on one thread: one rank for every core. The bits depend on P and the block, results agree to 1e-10.
 *
 * Rank 0 runs the command; the others wait (cli_mpi_end) for what it orders. All ranks then do the same, with the numbers that
 * rank 0 sends along, and agree on how it went. */
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/mpi_private.h"
#include "cli/scalapack_private.h"
#include "solvers/memory.h"

enum { ORDER_BEGIN = -2, ORDER_ROWS = -3, ORDER_FACTOR = -4, ORDER_SOLVE = -5, ORDER_MULTIPLY = -6, ORDER_MEMORY = -7 };
enum { ORDER_END = -8, TAG_ROW = 100, BLOCK = 64, POLL = 50000 /* nanoseconds */ };
enum { SLOTS = 32 /* rows on their way */ };
static const int one = 1, zero = 0;

static struct {
  int n, block;
  int p, q, row, column;  /* the grid, and this rank's place in it */
  int handle, grid, root; /* BLACS contexts: all ranks; rank 0 alone, -1 elsewhere */
  int rows, columns;      /* of this rank's part */
  int descriptor[SCALAPACK_DESCRIPTOR];
  double *a, *lu; /* rows x columns: A, factor of I - A */
  int *pivots;    /* rows + block */
  /* Rows on their way are cut for the columns of the grid; each piece starts with the number of the row. Rank 0: SLOTS x (q + n),
   * elsewhere one piece. */
  double *packed;
  MPI_Request *sending; /* rank 0: SLOTS x q */
  size_t sent;          /* rows */
  bool begun, open;     /* rank 0: the others have memory; they wait for rows */
} own;

static int least(int a, int b) {
  return a < b ? a : b;
}

static int part(int n, int block, int process, int processes) {
  return numroc_(&n, &block, &process, &zero, &processes);
}

/* The worst of all ranks. */
static tanlu_status agree(tanlu_status status) {
  int worst = (int)status;
  (void)MPI_Allreduce(MPI_IN_PLACE, &worst, 1, MPI_INT, MPI_MAX, cli_mpi_own.world);
  return (tanlu_status)worst;
}

static tanlu_status out_of_memory(tanlu_status status, const char *what, tanlu_context *context) {
  if (status == TANLU_OK) return TANLU_OK;
  return tanlu_fail(context, TANLU_ERR_MEMORY, "a rank is out of memory for %s; more ranks or nodes share it", what);
}

/* ---- begin and end ------------------------------------------------------------------------------------------------------- */

static void release(void) {
  free(own.a);
  free(own.lu);
  free(own.pivots);
  free(own.packed);
  free(own.sending);
  if (own.root >= 0) Cblacs_gridexit(own.root);
  if (own.grid >= 0) Cblacs_gridexit(own.grid);
  Cfree_blacs_system_handle(own.handle);
  own.a = own.lu = own.packed = NULL;
  own.pivots = NULL;
  own.sending = NULL;
  own.begun = false;
}

static void make_grid(void) {
  const int ranks = cli_mpi_own.ranks;
  for (int p = 1; p * p <= ranks; p++) {
    if (ranks % p == 0) own.p = p;
  }
  own.q = ranks / own.p;
  own.row = cli_mpi_own.rank / own.q;
  own.column = cli_mpi_own.rank % own.q;
  own.handle = own.grid = own.root = Csys2blacs_handle(cli_mpi_own.world);
  Cblacs_gridinit(&own.grid, "Row", own.p, own.q);
  int first = 0;
  Cblacs_gridmap(&own.root, &first, 1, 1, 1);
}

static tanlu_status take_memory(void) {
  int info = 0;
  own.rows = part(own.n, own.block, own.row, own.p);
  own.columns = part(own.n, own.block, own.column, own.q);
  const int leading = own.rows > 0 ? own.rows : 1;
  descinit_(own.descriptor, &own.n, &own.n, &own.block, &own.block, &zero, &zero, &own.grid, &leading, &info);
  const size_t rows = (size_t)own.rows, columns = (size_t)own.columns;
  own.a = tanlu_allocate_doubles(NULL, rows, columns);
  own.lu = tanlu_allocate_doubles(NULL, rows, columns);
  own.pivots = tanlu_allocate(NULL, rows + (size_t)own.block, sizeof *own.pivots);
  const bool leads = cli_mpi_own.rank == 0;
  const size_t line = leads ? (size_t)own.n + (size_t)own.q : 1 + columns, requests = leads ? SLOTS * (size_t)own.q : 0;
  own.packed = tanlu_allocate_doubles(NULL, leads ? SLOTS : 1, line);
  own.sending = tanlu_allocate(NULL, requests, sizeof(MPI_Request));
  for (size_t k = 0; own.sending != NULL && k < requests; k++) own.sending[k] = MPI_REQUEST_NULL;
  own.sent = 0;
  const bool all =
      own.a != NULL && own.lu != NULL && own.pivots != NULL && own.packed != NULL && own.sending != NULL && info == 0;
  return agree(all ? TANLU_OK : TANLU_ERR_MEMORY);
}

static tanlu_status begin_here(void) {
  int size[2] = {own.n, own.block};
  (void)MPI_Bcast(size, 2, MPI_INT, 0, cli_mpi_own.world);
  own.n = size[0];
  own.block = size[1];
  make_grid();
  return take_memory();
}

static tanlu_status begin(void *user, size_t n, tanlu_context *context) {
  (void)user;
  const double share = (double)n * (double)n / cli_mpi_own.ranks;
  if (n > INT_MAX ||
      share > 0.9 * INT_MAX) { /* ScaLAPACK counts the numbers of a rank in 32 bits; parts are not quite equal */
    return tanlu_fail(context, TANLU_ERR_INPUT,
                      "%zu sectors on %d ranks: a rank can hold 2^31 numbers of the matrix; use more ranks", n,
                      cli_mpi_own.ranks);
  }
  own.n = (int)n;
  (void)cli_mpi_tell(ORDER_BEGIN);
  own.begun = true;
  return out_of_memory(begin_here(), "its part of the matrix", context);
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------ */

/* This rank's piece of a row into its part of the matrix. */
static void store_row(const double *piece) {
  const int i = (int)piece[0], local = i / own.block / own.p * own.block + i % own.block;
  for (int j = 0; j < own.columns; j++) own.a[(size_t)j * (size_t)own.rows + (size_t)local] = piece[1 + j];
}

/* Without burning the core that rank 0 may need to read. */
static void finish(MPI_Request *request, int count) {
  for (int done = 0;;) {
    (void)MPI_Testall(count, request, &done, MPI_STATUSES_IGNORE);
    if (done != 0) return;
    cli_mpi_pause(POLL);
  }
}

static void receive_rows(void) {
  for (;;) {
    MPI_Request request;
    (void)MPI_Irecv(own.packed, 1 + own.columns, MPI_DOUBLE, 0, TAG_ROW, cli_mpi_own.world, &request);
    finish(&request, 1);
    if (own.packed[0] < 0.0) return;
    store_row(own.packed);
  }
}

static tanlu_status send_row(void *user, size_t i, const double *a, tanlu_context *context) {
  (void)user;
  (void)context;
  if (!own.open) (void)cli_mpi_tell(ORDER_ROWS);
  own.open = true;
  const size_t slot = own.sent++ % SLOTS, q = (size_t)own.q;
  MPI_Request *sending = own.sending + slot * q;
  double *piece = own.packed + slot * ((size_t)own.n + q);
  finish(sending, own.q);
  for (int column = 0; column < own.q; column++) {
    int count = 0;
    piece[count++] = (double)i;
    for (int j = column * own.block; j < own.n; j += own.q * own.block) {
      const int length = least(own.block, own.n - j);
      memcpy(piece + count, a + j, (size_t)length * sizeof *a);
      count += length;
    }
    const int rank = (int)(i / (size_t)own.block) % own.p * own.q + column;
    if (rank == 0) {
      store_row(piece);
    } else {
      (void)MPI_Isend(piece, count, MPI_DOUBLE, rank, TAG_ROW, cli_mpi_own.world, &sending[column]);
    }
    piece += count;
  }
  return TANLU_OK;
}

static void close_rows(void) {
  const double last = -1.0;
  if (!own.open) return;
  finish(own.sending, SLOTS * own.q);
  for (int rank = 1; rank < cli_mpi_own.ranks; rank++) {
    (void)MPI_Send(&last, 1, MPI_DOUBLE, rank, TAG_ROW, cli_mpi_own.world);
  }
  own.open = false;
}

static void end(void *user) {
  (void)user;
  if (!own.begun) return;
  close_rows();
  (void)cli_mpi_tell(ORDER_END);
  release();
}

/* ---- factor ----------------------------------------------------------------------------------------------------------------- */

/* Of the diagonal entry in local column j: its local row, or -1 when another rank has it. */
static int diagonal_row(int j) {
  const int global = (j / own.block * own.q + own.column) * own.block + j % own.block;
  if (global / own.block % own.p != own.row) return -1;
  return global / own.block / own.p * own.block + global % own.block;
}

static tanlu_status factor_here(void) {
  const size_t count = (size_t)own.rows * (size_t)own.columns;
  double *work = tanlu_allocate_doubles(NULL, (size_t)own.columns + 1, 1);
  if (agree(work != NULL ? TANLU_OK : TANLU_ERR_MEMORY) != TANLU_OK) {
    free(work);
    return TANLU_ERR_MEMORY;
  }
  for (size_t k = 0; k < count; k++) own.lu[k] = -own.a[k];
  for (int j = 0; j < own.columns; j++) {
    const int i = diagonal_row(j);
    if (i >= 0) own.lu[(size_t)j * (size_t)own.rows + (size_t)i] += 1.0;
  }
  /* As in solvers/direct.c: pivots as small as rounding errors count as zero. */
  const double smallest =
      own.n * DBL_EPSILON * pdlange_("1", &own.n, &own.n, own.lu, &one, &one, own.descriptor, work, 1);
  int info = 0;
  pdgetrf_(&own.n, &own.n, own.lu, &one, &one, own.descriptor, own.pivots, &info);
  free(work);
  bool regular = info == 0;
  for (int j = 0; j < own.columns; j++) {
    const int i = diagonal_row(j);
    if (i >= 0 && !(fabs(own.lu[(size_t)j * (size_t)own.rows + (size_t)i]) > smallest)) regular = false;
  }
  return agree(regular ? TANLU_OK : TANLU_ERR_MODEL);
}

static tanlu_status factor(void *user, tanlu_context *context) {
  (void)user;
  close_rows();
  (void)cli_mpi_tell(ORDER_FACTOR);
  const tanlu_status status = factor_here();
  return status == TANLU_ERR_MODEL ? status : out_of_memory(status, "the factorisation", context);
}

/* ---- solve and multiply ------------------------------------------------------------------------------------------------------ */

/* A block of vectors: whole in rank 0 (`whole`), distributed like the rows of A in `local`; its columns go evenly to the columns
 * of the grid. */
typedef struct {
  int columns, root[SCALAPACK_DESCRIPTOR], spread[SCALAPACK_DESCRIPTOR];
  double *local;
} vectors;

static tanlu_status vectors_create(vectors *v, int columns) {
  const int block = (columns + own.q - 1) / own.q, leading = own.rows > 0 ? own.rows : 1;
  int info = 0;
  v->columns = columns;
  descinit_(v->spread, &own.n, &columns, &own.block, &block, &zero, &zero, &own.grid, &leading, &info);
  v->root[SCALAPACK_CONTEXT] = -1;
  if (own.root >= 0) descinit_(v->root, &own.n, &columns, &own.n, &columns, &zero, &zero, &own.root, &own.n, &info);
  v->local = tanlu_allocate_doubles(NULL, (size_t)own.rows, (size_t)part(columns, block, own.column, own.q));
  return v->local != NULL && info == 0 ? TANLU_OK : TANLU_ERR_MEMORY;
}

static void spread(const vectors *v, const double *whole) {
  Cpdgemr2d(own.n, v->columns, whole, 1, 1, v->root, v->local, 1, 1, v->spread, own.grid);
}

static void collect(const vectors *v, double *whole) {
  Cpdgemr2d(own.n, v->columns, v->local, 1, 1, v->spread, whole, 1, 1, v->root, own.grid);
}

static tanlu_status solve_here(double *b, int columns) {
  vectors x = {0};
  int info = 0;
  (void)MPI_Bcast(&columns, 1, MPI_INT, 0, cli_mpi_own.world);
  const tanlu_status status = agree(vectors_create(&x, columns));
  if (status == TANLU_OK) {
    spread(&x, b);
    pdgetrs_("N", &own.n, &columns, own.lu, &one, &one, own.descriptor, own.pivots, x.local, &one, &one, x.spread,
             &info, 1);
    collect(&x, b);
  }
  free(x.local);
  return status;
}

static tanlu_status multiply_here(const double *x, double *y, int columns) {
  vectors from = {0}, to = {0};
  const double alpha = 1.0, beta = 0.0;
  (void)MPI_Bcast(&columns, 1, MPI_INT, 0, cli_mpi_own.world);
  tanlu_status status = vectors_create(&from, columns);
  if (status == TANLU_OK) status = vectors_create(&to, columns);
  status = agree(status);
  if (status == TANLU_OK) {
    spread(&from, x);
    pdgemm_("N", "N", &own.n, &columns, &own.n, &alpha, own.a, &one, &one, own.descriptor, from.local, &one, &one,
            from.spread, &beta, to.local, &one, &one, to.spread);
    collect(&to, y);
  }
  free(from.local);
  free(to.local);
  return status;
}

static tanlu_status solve(void *user, double *b, size_t columns, tanlu_context *context) {
  (void)user;
  (void)cli_mpi_tell(ORDER_SOLVE);
  return out_of_memory(solve_here(b, (int)columns), "its part of the vectors", context);
}

static tanlu_status multiply(void *user, const double *x, double *y, size_t columns, tanlu_context *context) {
  (void)user;
  close_rows();
  (void)cli_mpi_tell(ORDER_MULTIPLY);
  return out_of_memory(multiply_here(x, y, (int)columns), "its part of the vectors", context);
}

/* ---- all -------------------------------------------------------------------------------------------------------------------- */

static void measure(double *all) {
  const double peak = cli_peak_memory();
  (void)MPI_Gather(&peak, 1, MPI_DOUBLE, all, 1, MPI_DOUBLE, 0, cli_mpi_own.world);
}

static void report(tanlu_context *context) {
  const int ranks = cli_mpi_own.ranks;
  double *peak = tanlu_allocate_doubles(context, (size_t)ranks, 1), largest = 0.0;
  if (peak == NULL) return;
  (void)cli_mpi_tell(ORDER_MEMORY);
  measure(peak);
  for (int rank = 1; rank < ranks; rank++) largest = fmax(largest, peak[rank]);
  const double rows = part(own.n, own.block, 0, own.p), columns = part(own.n, own.block, 0, own.q);
  tanlu_note(context, "%d x %d ranks, blocks of %d: matrix and factor %.1f MB a rank at most (all %.1f MB)", own.p,
             own.q, own.block, 16e-6 * rows * columns, 16e-6 * own.n * own.n);
  if (ranks == 1) tanlu_note(context, "peak of the process %.1f MB", 1e-6 * peak[0]);
  if (ranks > 1) {
    tanlu_note(context, "peak of rank 0, which reads, %.1f MB, of the others at most %.1f MB", 1e-6 * peak[0],
               1e-6 * largest);
  }
  free(peak);
}

void cli_mpi_obey(int order) {
  switch (order) {
  case ORDER_BEGIN:
    (void)begin_here();
    break;
  case ORDER_ROWS:
    receive_rows();
    break;
  case ORDER_FACTOR:
    (void)factor_here();
    break;
  case ORDER_SOLVE:
    (void)solve_here(NULL, 0);
    break;
  case ORDER_MULTIPLY:
    (void)multiply_here(NULL, NULL, 0);
    break;
  case ORDER_MEMORY:
    measure(NULL);
    break;
  default:
    release();
  }
}

const cli_distributed *cli_mpi_distributed(int block) {
  static const cli_distributed distributed = {.system = {.name = "distributed (ScaLAPACK LU)",
                                                         .begin = begin,
                                                         .row = send_row,
                                                         .factor = factor,
                                                         .solve = solve,
                                                         .multiply = multiply,
                                                         .end = end},
                                              .report = report};
  own.block = block > 0 ? block : BLOCK;
  return &distributed;
}
