#!/bin/bash
# Submits a sweep as a job array of shards, and the job that joins them once all are done.
#   submit.sh [-n SHARDS] [-o OUTPUT.h5] SWEEP [SBATCH-OPTION...]
#     -n  number of shards (8)            -o  file of the whole sweep (results/NAME.h5, from the file name of SWEEP)
# SBATCH-OPTIONs are for the array, for example --time=04:00:00 --cpus-per-task=32. What both jobs need is taken from the
# environment: SBATCH_ACCOUNT, SBATCH_PARTITION, SBATCH_QOS. TANLU names the program (tanlu).
# Submitted again after a failure or a cancellation, every shard goes on where it stopped.
set -euo pipefail

usage() { echo "usage: submit.sh [-n SHARDS] [-o OUTPUT.h5] SWEEP [SBATCH-OPTION...]" >&2; exit 2; }
fail() { echo "submit: $*" >&2; exit 2; }

shards=8 output=''
while getopts n:o: option; do
  case $option in
    n) shards=$OPTARG ;;
    o) output=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -ge 1 ] || usage
sweep=$1
shift
if [ -z "$output" ]; then
  output=${sweep##*/}
  output=results/${output%.yaml}.h5
fi

[[ $shards =~ ^[1-9][0-9]*$ ]] || fail "-n '$shards': expected a number of shards, from 1"
[[ $output == *.h5 ]] || fail "-o '$output': expected a name that ends in .h5"
[ ! -e "$output" ] || fail "$output exists: remove it or name another file"
command -v sbatch >/dev/null || fail "no sbatch here: is this a Slurm cluster?"
TANLU=$(command -v "${TANLU:-tanlu}") || fail "no program '${TANLU:-tanlu}': load its module or set TANLU"
TANLU_SLURM=$(cd "$(dirname "$0")" && pwd)
TANLU=$(realpath "$TANLU")
export TANLU TANLU_SLURM

"$TANLU" check "$sweep" >/dev/null || exit # mistakes are found here, not after a night in the queue
mkdir -p "$(dirname "$output")"

array=$(sbatch --parsable --array="1-$shards" "$@" "$TANLU_SLURM/sweep-array.sh" "$sweep" "$output" "$shards")
array=${array%%;*} # JOB;CLUSTER where there are several
if ! merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes \
  "$TANLU_SLURM/merge.sh" "$output" "$shards"); then
  scancel "$array"
  fail "the merge job could not be submitted; the array was cancelled"
fi
echo "sweep: job $array, $shards shards; merge: job ${merge%%;*}, to $output"
