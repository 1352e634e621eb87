#!/bin/bash
# The job scripts of cli/slurm on a real Slurm: munged, slurmctld and slurmd of this one node, with their own configuration,
# key, socket and ports in a temporary directory; nothing outside it is touched. Sweeps run as jobs must have the bits of the
# same sweep run by hand.
#   tests/slurm/run.sh [BUILD]
# The last line reads "N passed, N failed, N skipped". Where Slurm cannot start all tests are skipped, with the reason.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
build=${1:-build}
export TANLU=$root/$build/tanlu TANLU_PATH=$root/inputs/scenarios:$root/inputs/data
unset "${!SLURM_@}" "${!SBATCH_@}" OMP_NUM_THREADS TANLU_SLURM TANLU_RESTARTS
PATH=$PATH:/usr/sbin:/sbin

TESTS=4
passed=0 failed=0
work=$(mktemp -d /tmp/tanlu-slurm.XXXXXX) # a short path: sockets allow 107 characters
daemons=() large_serial=''

finish() {
  trap - EXIT
  if [ -n "$large_serial" ]; then kill "$large_serial" 2>/dev/null; fi
  if [ -n "${SLURM_CONF:-}" ] && [ ${#daemons[@]} -gt 0 ]; then
    timeout 10 scancel --user="$(id -un)" --full 2>/dev/null
    for ((i = 0; i < 20; i++)); do [ -z "$(timeout 5 squeue -h 2>/dev/null)" ] && break; sleep 0.5; done
  fi
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
    kill "${daemons[i]}" 2>/dev/null && { timeout 10 tail --pid="${daemons[i]}" -f /dev/null || kill -9 "${daemons[i]}"; }
  done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

skip() {
  echo "Slurm cannot start here: $*; its tests are left out"
  echo
  echo "0 passed, 0 failed, $TESTS skipped"
  exit 0
}

# --- a Slurm of one node ----------------------------------------------------------------------------------------------------

free_port() {
  local port
  for ((try = 0; try < 50; try++)); do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
  done
}

start() { # NAME COMMAND...: in the foreground of its own, so that it can be ended by its id
  local name=$1
  shift
  "$@" >"$work/$name.out" 2>&1 </dev/null &
  daemons+=($!)
}

write_configuration() {
  local host user controller node
  host=$(hostname -s) user=$(id -un) controller=$(free_port) node=$(free_port)
  mkdir -p "$work"/{state,spool,munge}
  chmod 755 "$work" "$work/munge"
  (umask 077 && head -c 1024 /dev/urandom >"$work/munge.key")
  : >"$work/plugstack.conf"
  # cred_expire is also the pause before a requeued job starts; three CPUs, whatever the machine has, for three shards at once
  cat >"$work/slurm.conf" <<END
ClusterName=tanlu
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller
SlurmdPort=$node
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$work/munge/socket,cred_expire=5
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
PlugStackConfig=$work/plugstack.conf
MailProg=/bin/true
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SlurmdParameters=config_overrides
SchedulerParameters=bf_interval=2,sched_interval=5
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
KillWait=10
NodeName=$host NodeAddr=127.0.0.1 CPUs=3 State=UNKNOWN
PartitionName=test Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
  export SLURM_CONF=$work/slurm.conf
}

start_slurm() {
  for program in munged slurmctld slurmd sbatch srun scontrol scancel squeue; do
    command -v "$program" >/dev/null || skip "no $program (packages slurm-wlm and munge)"
  done
  write_configuration
  start munged munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge/socket" \
    --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed"
  for ((i = 0; i < 20; i++)); do [ -S "$work/munge/socket" ] && break; sleep 0.25; done
  [ -S "$work/munge/socket" ] || skip "munged: $(tail -n 1 "$work/munged.out")"
  start slurmctld slurmctld -D -f "$SLURM_CONF"
  start slurmd slurmd -D -f "$SLURM_CONF"
  for ((i = 0; i < 30; i++)); do
    [ "$(timeout 5 sinfo -h -o %T 2>/dev/null)" = idle ] && return
    sleep 0.5
  done
  skip "no idle node after 15 s: $(tail -qn 1 "$work/slurmctld.out" "$work/slurmd.out" | tr '\n' ' ')"
}

# --- sweeps and jobs --------------------------------------------------------------------------------------------------------

write_sweep() { # NAME SAMPLES
  cat >"$1.yaml" <<END
name: $1
scenario: reference-42
design: monte-carlo
samples: $2
seed: 7
parameters:
  - {label: growth, path: gdp.growth, mode: scale, distribution: {triangular: [0.75, 1.0, 1.2]}}
  - {label: sun, path: power.mix.pv, mode: scale, distribution: {uniform: [0.7, 1.2]}}
outputs: {indicators: [co2_net], years: [2030, 2060], quantiles: {co2_net: [-5000, 15000]}}
keep: statistics
failures: {at_most: 0.05}
END
}

# Samples that take SECONDS of one core of this machine.
samples_of() {
  awk -v s="$1" -v t="$seconds_of_3200" 'BEGIN { n = int(3200 * s / t); print n < 2000 ? 2000 : n }'
}

gone() { # SECONDS JOB...: all jobs have left the queue
  local seconds=$1
  shift
  for ((t = 0; t < seconds; t++)); do
    [ -z "$(squeue -h -o %A -j "$(IFS=,; echo "$*")" 2>/dev/null)" ] && return 0
    sleep 1
  done
  squeue
  echo "jobs still there after $seconds s"
  return 1
}

jobs_in() { grep -o 'job [0-9]*' <<<"$1" | grep -o '[0-9]*'; }
same() { "$TANLU" compare "$1" "$2"; }
submit() { "$root/cli/slurm/submit.sh" "$@"; }

run() { # TEST
  local begin=$SECONDS
  if "$1" >"$work/$1.log" 2>&1; then
    passed=$((passed + 1))
    printf '%-48s ok      %4d s\n' "${1//_/ }" $((SECONDS - begin))
  else
    failed=$((failed + 1))
    printf '%-48s FAILED  %4d s\n' "${1//_/ }" $((SECONDS - begin))
    tail -n 40 "$work/$1.log" | sed 's/^/    | /'
    tail -qn 3 slurm-*.out 2>/dev/null | sed 's/^/    | job: /'
  fi
}

# --- tests ------------------------------------------------------------------------------------------------------------------

an_array_is_merged_to_the_bits_of_one_run() {
  local jobs
  jobs=$(submit -n 3 -o array.h5 small.yaml --cpus-per-task=1) || return
  mapfile -t jobs < <(jobs_in "$jobs")
  gone 90 "${jobs[@]}" && same array.h5 small-serial.h5
}

# One minute is Slurm's shortest limit. Slurm looks every 30 s, so that the signal comes 5 to 35 s after the start.
a_job_stopped_at_its_time_limit_goes_on() {
  local jobs
  jobs=$(submit -n 1 -o limit.h5 large.yaml --cpus-per-task=1 --time=1 --signal=B:USR1@25) || return
  mapfile -t jobs < <(jobs_in "$jobs")
  gone 200 "${jobs[@]}" && wait "$large_serial" && grep 'requeued: restart 1' "slurm-${jobs[0]}_1.out" &&
    ! grep 'DUE TO TIME LIMIT' "slurm-${jobs[0]}_1.out" && same limit.h5 large-serial.h5
}

# sweep-mpi.sh with the serial program as its one process: the signal must reach it through srun.
a_job_of_srun_is_requeued_on_a_signal() {
  local job
  job=$(TANLU_MPI=$TANLU TANLU_SLURM=$root/cli/slurm sbatch --parsable --nodes=1 --ntasks-per-node=1 --cpus-per-task=1 \
    "$root/cli/slurm/sweep-mpi.sh" small.yaml mpi.h5) || return
  for ((i = 0; i < 150; i++)); do [ -e mpi.h5 ] && break; sleep 0.2; done
  sleep 1
  scancel --batch --signal=USR1 "$job" && gone 90 "$job" && grep 'requeued: restart 1' "slurm-$job.out" &&
    same mpi.h5 small-serial.h5
}

# A shard's place taken by another sweep: its job fails without being requeued, the merge never runs.
a_failed_shard_stops_the_merge() {
  local jobs
  cp small-serial.h5 failed-1of2.h5
  sed 's/seed: 7/seed: 8/' small.yaml >other.yaml
  ! submit -n 2 -o failed.h5 nosuch.yaml || return
  jobs=$(submit -n 2 -o failed.h5 other.yaml --cpus-per-task=1) || return
  mapfile -t jobs < <(jobs_in "$jobs")
  gone 60 "${jobs[@]}" && [ ! -e failed.h5 ] && ! grep requeued "slurm-${jobs[0]}"_*.out
}

[ -x "$TANLU" ] || { echo "no program $TANLU: make build" >&2; exit 1; }
start_slurm
cd "$work" || exit 1
cp "$TANLU" tanlu && export TANLU=$work/tanlu # a sweep does not go on with a program that was rebuilt meanwhile
write_sweep probe 3200
TIMEFORMAT=%U
seconds_of_3200=$({ time "$TANLU" sweep --threads 1 -q -o probe.h5 probe.yaml >/dev/null 2>&1; } 2>&1)
write_sweep small "$(samples_of 6)"
write_sweep large "$(samples_of 45)"
"$TANLU" sweep --threads 1 -q -o small-serial.h5 small.yaml || exit 1
"$TANLU" sweep --threads 1 -q -o large-serial.h5 large.yaml &
large_serial=$!

run an_array_is_merged_to_the_bits_of_one_run
run a_job_of_srun_is_requeued_on_a_signal
run a_failed_shard_stops_the_merge
run a_job_stopped_at_its_time_limit_goes_on

echo
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
