#!/bin/bash
# Runs a command of Tanlu inside a Slurm job, and puts the job back into the queue when its time is up.
#   run-or-requeue.sh COMMAND [ARGUMENT...]
# SIGUSR1, which Slurm sends to the batch shell some time before the limit (--signal=B:USR1@90), goes on to the command.
# A sweep then finishes its blocks and ends with status 75; the job is requeued and goes on with --resume. Every other
# status is the job's.
#
# Environment: TANLU_RESTARTS (100) how often a job may be requeued; HDF5_USE_FILE_LOCKING (BEST_EFFORT); OMP_PROC_BIND.
set -euo pipefail

if [ $# = 0 ] || [ -z "${SLURM_JOB_ID:-}" ]; then
  echo "usage, inside a Slurm job: run-or-requeue.sh COMMAND [ARGUMENT...]" >&2
  exit 2
fi

# As many threads as cores were asked for: the default of --threads. srun does not take the number over by itself.
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
export SRUN_CPUS_PER_TASK=$OMP_NUM_THREADS

# Bind threads only where Slurm confines the job to its cores and has one task on a node: elsewhere all jobs, or all ranks, of a
# node would bind to the first ones. Ranks are bound by what starts them.
if [ "$(env -u OMP_NUM_THREADS nproc)" -le "${SLURM_CPUS_ON_NODE:-0}" ] &&
  [[ ${SLURM_TASKS_PER_NODE:-1} =~ ^1(\(x[0-9]+\))?$ ]]; then
  export OMP_PLACES=${OMP_PLACES:-cores} OMP_PROC_BIND=${OMP_PROC_BIND:-close}
fi

# Go on without locks where the file system has none. Set to FALSE where opening a file fails all the same (older NFS).
export HDF5_USE_FILE_LOCKING=${HDF5_USE_FILE_LOCKING:-BEST_EFFORT}

child='' signal=''
pass_on() {
  signal=$1
  if [ -n "$child" ]; then kill -s "$signal" "$child" 2>/dev/null || true; fi
}
trap 'pass_on USR1' USR1
trap 'pass_on TERM' TERM

"$@" &
child=$!
if [ -n "$signal" ]; then pass_on "$signal"; fi # it came before the command was there

# A signal ends `wait` while the command runs on: wait again. Bash keeps the status of a command that has ended meanwhile.
status=0
while true; do
  signal='' status=0
  wait "$child" || status=$?
  if [ -z "$signal" ]; then break; fi
done

# 138: SIGUSR1 came before the command was ready for it.
if [ "$status" != 75 ] && [ "$status" != 138 ]; then exit "$status"; fi

restarts=${SLURM_RESTART_COUNT:-0} most=${TANLU_RESTARTS:-100}
if [ "$restarts" -ge "$most" ]; then
  echo "run-or-requeue: job $SLURM_JOB_ID was requeued $restarts times; TANLU_RESTARTS=$most allows no more" >&2
  exit 75
fi
echo "run-or-requeue: job $SLURM_JOB_ID stopped, requeued: restart $((restarts + 1))" >&2
requeued=0
scontrol requeue "$SLURM_JOB_ID" || requeued=$?
if [ "$requeued" != 0 ] && [ "$requeued" -le 128 ]; then # above: ended by Slurm together with the job, which is requeued
  echo "run-or-requeue: the job cannot be requeued here; submit it again, it goes on where it stopped" >&2
fi
exit 75 # of no account once the job is back in the queue
