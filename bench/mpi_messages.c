/* What messages between two ranks cost here: mpirun -n 2 build/bench/mpi_messages BYTES... Prints, in seconds, one line
 *
 *   request   rank 0's time for a request with its answer, while more requests wait than it can answer
 *   latency   one way of a message of one number
 *   watch     a core's time to look for messages once, where there are none, with sleeps of PAUSE between
 *   receive   rank 0's time to receive a message of BYTES, one after another; one number for each of the arguments
 *
 * Messages are as in cli/mpi_transport.c: probe for any, receive by its tag, answer by a blocking send. Best of five. */
#include <float.h>
#include <mpi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
  REPEATS = 5,
  REQUESTS = 20000,
  AHEAD = 64,
  LOOKS = 1000,
  PAUSE = 200000 /* nanoseconds */,
  TAG_REQUEST = 1,
  TAG_ANSWER,
  TAG_BLOCK
};
static const double volume = 1e8; /* bytes a repeat */

/* Rank 1 asks AHEAD times before the first answer; seconds a request. */
static double ask(int rank) {
  long number = 0;
  MPI_Barrier(MPI_COMM_WORLD);
  const double begin = MPI_Wtime();
  if (rank == 1) {
    for (int k = 0; k < AHEAD; k++) MPI_Send(&number, 1, MPI_LONG, 0, TAG_REQUEST, MPI_COMM_WORLD);
    for (int k = 0; k < REQUESTS; k++) {
      MPI_Recv(&number, 1, MPI_LONG, 0, TAG_ANSWER, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      if (k + AHEAD < REQUESTS) MPI_Send(&number, 1, MPI_LONG, 0, TAG_REQUEST, MPI_COMM_WORLD);
    }
  }
  for (int k = 0; rank == 0 && k < REQUESTS;) {
    int there = 0;
    MPI_Status from;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &from);
    if (there == 0) continue;
    MPI_Recv(&number, 1, MPI_LONG, from.MPI_SOURCE, from.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Send(&number, 1, MPI_LONG, from.MPI_SOURCE, TAG_ANSWER, MPI_COMM_WORLD);
    k++;
  }
  return (MPI_Wtime() - begin) / REQUESTS;
}

/* Half a way there and back. */
static double bounce(int rank) {
  long number = 0;
  MPI_Barrier(MPI_COMM_WORLD);
  const double begin = MPI_Wtime();
  for (int k = 0; k < REQUESTS; k++) {
    if (rank == 1) MPI_Send(&number, 1, MPI_LONG, 0, TAG_REQUEST, MPI_COMM_WORLD);
    MPI_Recv(&number, 1, MPI_LONG, 1 - rank, MPI_ANY_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (rank == 0) MPI_Send(&number, 1, MPI_LONG, 1, TAG_ANSWER, MPI_COMM_WORLD);
  }
  return (MPI_Wtime() - begin) / (2.0 * REQUESTS);
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

/* Seconds a message of so many doubles. */
static double stream(int rank, int doubles, double *data) {
  int count = (int)(volume / (8.0 * doubles));
  if (count < 3) count = 3;
  if (count > REQUESTS) count = REQUESTS;
  MPI_Barrier(MPI_COMM_WORLD);
  const double begin = MPI_Wtime();
  for (int k = 0; k < count; k++) {
    if (rank == 1) MPI_Send(data, doubles, MPI_DOUBLE, 0, TAG_BLOCK, MPI_COMM_WORLD);
    if (rank == 0) MPI_Recv(data, doubles, MPI_DOUBLE, 1, TAG_BLOCK, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  return (MPI_Wtime() - begin) / count;
}

static double least(double a, double b) {
  return a < b ? a : b;
}

int main(int argc, char **argv) {
  int rank = 0, ranks = 0, status = 1;
  (void)setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 0); /* as the program does */
  if (MPI_Init(&argc, &argv) != MPI_SUCCESS) return 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  double request = DBL_MAX, latency = DBL_MAX, looking = DBL_MAX;
  bool good = ranks == 2;
  for (int k = 0; good && k < REPEATS; k++) {
    request = least(request, ask(rank));
    latency = least(latency, bounce(rank));
    looking = least(looking, watch());
  }
  if (good && rank == 0) printf("%.9f %.9f %.9f", request, latency, looking);
  for (int i = 1; good && i < argc; i++) {
    const long bytes = strtol(argv[i], NULL, 10);
    double *data = bytes >= 8 ? calloc((size_t)bytes / 8, sizeof *data) : NULL, receive = DBL_MAX;
    good = data != NULL;
    for (int k = 0; good && k < REPEATS; k++) receive = least(receive, stream(rank, (int)(bytes / 8), data));
    if (good && rank == 0) printf(" %.9f", receive);
    free(data);
  }
  if (good && rank == 0) printf("\n");
  if (good) status = 0;
  MPI_Finalize();
  return status;
}
