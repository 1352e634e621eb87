/* What messages between two ranks cost here: mpirun -n 2 build/bench/mpi_messages BYTES... Prints, in seconds, one line
 *
 *   request   rank 0's time for a request with its answer, of requests that are there already
 *   latency   one way of a message of one number
 *   watch     a core's time to look for messages once, where there are none, with sleeps of PAUSE between
 *   receive   rank 0's time to receive a message of BYTES, of messages one after another; one number for each of the arguments
 *
 * Messages are as in cli/mpi_transport.c: probe for any, receive by its tag, answer by a blocking send. The least of many short
 * times, which other programs on the machine disturb least. */
#include <float.h>
#include <mpi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCHES = 100, AHEAD = 64, BOUNCES = 10, MESSAGES = 100, LOOKS = 500, PAUSE = 200000 /* nanoseconds */ };
enum { TAG_REQUEST = 1, TAG_ANSWER, TAG_BLOCK };
static const double volume = 1e8; /* bytes at most, of a size */

static double least(double a, double b) {
  return a < b ? a : b;
}

/* Seconds a request of AHEAD that rank 1 has sent before. */
static double ask(int rank) {
  long number = 0;
  MPI_Barrier(MPI_COMM_WORLD);
  for (int k = 0; rank == 1 && k < AHEAD; k++) MPI_Send(&number, 1, MPI_LONG, 0, TAG_REQUEST, MPI_COMM_WORLD);
  MPI_Barrier(MPI_COMM_WORLD);
  const double begin = MPI_Wtime();
  for (int k = 0; rank == 0 && k < AHEAD;) {
    int there = 0;
    MPI_Status from;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &from);
    if (there == 0) continue;
    MPI_Recv(&number, 1, MPI_LONG, from.MPI_SOURCE, from.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Send(&number, 1, MPI_LONG, from.MPI_SOURCE, TAG_ANSWER, MPI_COMM_WORLD);
    k++;
  }
  const double end = MPI_Wtime();
  for (int k = 0; rank == 1 && k < AHEAD; k++) {
    MPI_Recv(&number, 1, MPI_LONG, 0, TAG_ANSWER, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  }
  return (end - begin) / AHEAD;
}

/* Half a way there and back. */
static double bounce(int rank) {
  long number = 0;
  MPI_Barrier(MPI_COMM_WORLD);
  const double begin = MPI_Wtime();
  for (int k = 0; k < BOUNCES; k++) {
    if (rank == 1) MPI_Send(&number, 1, MPI_LONG, 0, TAG_REQUEST, MPI_COMM_WORLD);
    MPI_Recv(&number, 1, MPI_LONG, 1 - rank, MPI_ANY_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (rank == 0) MPI_Send(&number, 1, MPI_LONG, 1, TAG_ANSWER, MPI_COMM_WORLD);
  }
  return (MPI_Wtime() - begin) / (2.0 * BOUNCES);
}

static double core_seconds(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double watch(void) {
  const struct timespec pause = {.tv_nsec = PAUSE};
  MPI_Barrier(MPI_COMM_WORLD);
  const double begin = core_seconds();
  for (int k = 0; k < LOOKS; k++) {
    int there = 0;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
    (void)nanosleep(&pause, NULL);
  }
  return (core_seconds() - begin) / LOOKS;
}

/* Seconds a message of so many doubles; of rank 0. */
static double stream(int rank, int doubles, double *data) {
  const double fit = volume / (8.0 * doubles);
  const int count = fit > MESSAGES ? MESSAGES : (int)fit + 2;
  double best = DBL_MAX;
  for (int k = 0; k < count; k++) {
    const double begin = MPI_Wtime();
    if (rank == 1) MPI_Send(data, doubles, MPI_DOUBLE, 0, TAG_BLOCK, MPI_COMM_WORLD);
    if (rank == 0) MPI_Recv(data, doubles, MPI_DOUBLE, 1, TAG_BLOCK, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    best = least(best, MPI_Wtime() - begin);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  return best;
}

int main(int argc, char **argv) {
  int rank = 0, ranks = 0, status = 1;
  (void)setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 0); /* as the program does */
  if (MPI_Init(&argc, &argv) != MPI_SUCCESS) return 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  double request = DBL_MAX, latency = DBL_MAX, looking = DBL_MAX;
  bool good = ranks == 2;
  for (int k = 0; good && k < BATCHES; k++) {
    request = least(request, ask(rank));
    latency = least(latency, bounce(rank));
  }
  if (good) looking = watch();
  if (good && rank == 0) printf("%.9f %.9f %.9f", request, latency, looking);
  for (int i = 1; good && i < argc; i++) {
    const long bytes = strtol(argv[i], NULL, 10);
    double *data = bytes >= 8 ? calloc((size_t)bytes / 8, sizeof *data) : NULL;
    good = data != NULL;
    const double receive = good ? stream(rank, (int)(bytes / 8), data) : 0.0;
    if (good && rank == 0) printf(" %.9f", receive);
    free(data);
  }
  if (good && rank == 0) printf("\n");
  if (good) status = 0;
  MPI_Finalize();
  return status;
}
