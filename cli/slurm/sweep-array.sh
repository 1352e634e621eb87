#!/bin/bash
#SBATCH --job-name=tanlu-sweep
#SBATCH --array=1-8
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --time=01:00:00
#SBATCH --signal=B:USR1@90
#SBATCH --requeue
#SBATCH --open-mode=append
# One shard of a sweep, the task of a job array. Options on the command line of sbatch override those above.
#   sbatch --array=1-N sweep-array.sh SWEEP OUTPUT.h5 [N]
# Task I writes OUTPUT-IofN.h5 and goes on with it where it is there already. Give N where only some of the shards are run
# again (--array=3,7). submit.sh submits this together with merge.sh.
#
# Environment: TANLU the program (tanlu), TANLU_SLURM the directory of these scripts, and that of run-or-requeue.sh.
set -euo pipefail

if [ $# -lt 2 ] || [ $# -gt 3 ] || [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
  echo "usage: sbatch --array=1-N sweep-array.sh SWEEP OUTPUT.h5 [N]" >&2
  exit 2
fi
sweep=$1 output=$2 shards=${3:-$SLURM_ARRAY_TASK_COUNT}
# shellcheck disable=SC2153 # both are set by Slurm
if [ $# = 2 ] && { [ "$SLURM_ARRAY_TASK_MIN" != 1 ] || [ "$SLURM_ARRAY_TASK_MAX" != "$shards" ]; }; then
  echo "sweep-array: the array is not 1-N: give the number of shards as third argument" >&2
  exit 2
fi

tanlu=$(command -v "${TANLU:-tanlu}") || {
  echo "sweep-array: no program '${TANLU:-tanlu}': load its module or set TANLU" >&2
  exit 2
}
scripts=${TANLU_SLURM:-$(dirname "$tanlu")/../share/tanlu/slurm} # Slurm runs a copy of this file, from another place

exec "$scripts/run-or-requeue.sh" "$tanlu" sweep --resume --shard "$SLURM_ARRAY_TASK_ID/$shards" \
  --output "${output%.h5}-${SLURM_ARRAY_TASK_ID}of$shards.h5" "$sweep"
