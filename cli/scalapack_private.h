/* What of BLACS and ScaLAPACK the program calls; Debian ships the library without headers. Integers are of 32 bits, matrices
 * column-major, indices from 1. The lengths of texts come last where the routine is in Fortran. */
#ifndef TANLU_CLI_SCALAPACK_PRIVATE_H
#define TANLU_CLI_SCALAPACK_PRIVATE_H

#include <mpi.h>
#include <stddef.h>

enum { SCALAPACK_DESCRIPTOR = 9, SCALAPACK_CONTEXT = 1 /* place of the context in it; -1: not of this process */ };

int Csys2blacs_handle(MPI_Comm communicator);
void Cfree_blacs_system_handle(int handle);
void Cblacs_gridinit(int *context, const char *order, int rows, int columns);
void Cblacs_gridmap(int *context, int *ranks, int leading, int rows, int columns);
void Cblacs_gridexit(int context);

int numroc_(const int *n, const int *block, const int *process, const int *first, const int *processes);
void descinit_(int *descriptor, const int *rows, const int *columns, const int *row_block, const int *column_block,
               const int *first_row, const int *first_column, const int *context, const int *leading, int *info);
/* Copy a matrix from one distribution to another. */
void Cpdgemr2d(int rows, int columns, const double *a, int ia, int ja, const int *a_descriptor, double *b, int ib,
               int jb, const int *b_descriptor, int context);

void pdgetrf_(const int *m, const int *n, double *a, const int *ia, const int *ja, const int *descriptor, int *pivots,
              int *info);
void pdgetrs_(const char *transposed, const int *n, const int *columns, const double *a, const int *ia, const int *ja,
              const int *a_descriptor, const int *pivots, double *b, const int *ib, const int *jb,
              const int *b_descriptor, int *info, size_t transposed_length);
double pdlange_(const char *norm, const int *m, const int *n, const double *a, const int *ia, const int *ja,
                const int *descriptor, double *work, size_t norm_length);
void pdgemm_(const char *a_transposed, const char *b_transposed, const int *m, const int *n, const int *k,
             const double *alpha, const double *a, const int *ia, const int *ja, const int *a_descriptor,
             const double *b, const int *ib, const int *jb, const int *b_descriptor, const double *beta, double *c,
             const int *ic, const int *jc, const int *c_descriptor);

#endif
