#!/bin/bash
#SBATCH --job-name=tanlu-merge
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --time=00:30:00
#SBATCH --requeue
#SBATCH --open-mode=append
# Joins the shards of a sweep into OUTPUT.h5.
#   sbatch --dependency=afterok:JOB --kill-on-invalid-dep=yes merge.sh OUTPUT.h5 N
#
# Environment: TANLU the program (tanlu); HDF5_USE_FILE_LOCKING (BEST_EFFORT).
set -euo pipefail

if [ $# != 2 ]; then
  echo "usage: sbatch merge.sh OUTPUT.h5 N" >&2
  exit 2
fi
output=$1 shards=$2
export HDF5_USE_FILE_LOCKING=${HDF5_USE_FILE_LOCKING:-BEST_EFFORT}

files=()
for ((i = 1; i <= shards; i++)); do files+=("${output%.h5}-${i}of$shards.h5"); done
exec "${TANLU:-tanlu}" merge --output "$output" "${files[@]}"
