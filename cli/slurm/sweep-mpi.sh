#!/bin/bash
#SBATCH --job-name=tanlu-mpi
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=8
#SBATCH --cpus-per-task=8
#SBATCH --time=01:00:00
#SBATCH --signal=B:USR1@120
#SBATCH --requeue
#SBATCH --open-mode=append
# A sweep as one MPI job that writes one file. It needs the program of the MPI build, tanlu-mpi; without it use submit.sh.
#   sbatch [--nodes=N] sweep-mpi.sh SWEEP OUTPUT.h5 [SWEEP-OPTION...]
# It goes on with OUTPUT.h5 where that is there already. SWEEP-OPTIONs: --one-writer, --report-binding, or --per-rank, whose files
# OUTPUT-IofR.h5 merge.sh joins.
#
# Environment: TANLU_MPI the program (tanlu-mpi); TANLU_LAUNCH what starts it ("srun", or "srun --mpi=pmix",
# "mpirun --map-by slot:PE=8": all pass SIGUSR1 on to every process); TANLU_SLURM the directory of these scripts, and that of
# run-or-requeue.sh.
set -euo pipefail

if [ $# -lt 2 ]; then
  echo "usage: sbatch sweep-mpi.sh SWEEP OUTPUT.h5 [SWEEP-OPTION...]" >&2
  exit 2
fi
sweep=$1 output=$2
shift 2
tanlu=$(command -v "${TANLU_MPI:-tanlu-mpi}") || {
  echo "sweep-mpi: no program '${TANLU_MPI:-tanlu-mpi}': load its module or set TANLU_MPI" >&2
  exit 2
}
scripts=${TANLU_SLURM:-$(dirname "$tanlu")/../share/tanlu/slurm} # Slurm runs a copy of this file, from another place
read -ra launch <<<"${TANLU_LAUNCH:-srun}"

exec "$scripts/run-or-requeue.sh" "${launch[@]}" "$tanlu" sweep --resume --output "$output" "$@" "$sweep"
