#!/bin/bash
# The job scripts of cli/slurm on a real Slurm: munged, slurmctld and slurmd of this one node, with their own configuration,
# key, socket and ports in a temporary directory; nothing outside it is touched. Sweeps run as jobs, also of several MPI ranks,
# must have the bits of the same sweep run by hand.
#   tests/slurm/run.sh [BUILD]
# TANLU_NO_MPI: a reason to leave the tests of MPI out.
# The last line reads "N passed, N failed, N skipped". Where Slurm cannot start all tests are skipped, those of MPI where BUILD
# has no tanlu-mpi or nothing starts its ranks, with the reason.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
build=${1:-build}
export TANLU=$root/$build/tanlu TANLU_PATH=$root/inputs TANLU_SLURM=$root/cli/slurm
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
unset "${!SLURM_@}" "${!SBATCH_@}" "${!OMP_@}" "${!PMI@}" TANLU_RESTARTS TANLU_LAUNCH TANLU_MPI
PATH=$PATH:/usr/sbin:/sbin

TESTS=8
passed=0 failed=0 skipped=0
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

# What starts two ranks in a job that know of each other: then rank 0 alone says its version.
find_launchers() {
  local candidate
  [ -z "$no_mpi" ] || return
  [ -x "$root/$build/tanlu-mpi" ] || { no_mpi="no $build/tanlu-mpi (make MPI=1)"; return; }
  cp "$root/$build/tanlu-mpi" tanlu-mpi
  TANLU_MPI=$work/tanlu-mpi
  for candidate in "srun --mpi=pmix" "srun --mpi=pmi2" "mpirun --bind-to none"; do
    [ "$(timeout 60 salloc -Q -n 2 $candidate "$TANLU_MPI" --version 2>"$work/launch.err" | grep -c '^tanlu ')" = 1 ] &&
      launchers+=("$candidate")
  done
  [ ${#launchers[@]} -gt 0 ] || no_mpi="neither srun nor mpirun starts ranks that know of each other: $(tail -n 1 "$work/launch.err")"
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

state_of() { scontrol show job --oneliner "$1" | grep -o 'JobState=[^ ]*\|ExitCode=[^ ]*' | xargs; }
jobs_in() { grep -o 'job [0-9]*' <<<"$1" | grep -o '[0-9]*'; }
same() { "$TANLU" compare "$1" "$2"; }
submit() { "$TANLU_SLURM/submit.sh" "$@"; }
submit_mpi() { # RANKS [SBATCH-OPTION...] -- ARGUMENT...
  local options=(--parsable --nodes=1 --ntasks-per-node="$1" --cpus-per-task=1)
  shift
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  shift
  sbatch "${options[@]}" "$TANLU_SLURM/sweep-mpi.sh" "$@"
}

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

run_mpi() { # TEST
  if [ -z "$no_mpi" ]; then
    run "$1"
  else
    skipped=$((skipped + 1))
    printf '%-48s skipped: %s\n' "${1//_/ }" "$no_mpi"
  fi
}

# --- tests ------------------------------------------------------------------------------------------------------------------

an_array_is_merged_to_the_bits_of_one_run() {
  local jobs
  jobs=$(submit -n 3 -o array.h5 small.yaml --cpus-per-task=1) || return
  mapfile -t jobs < <(jobs_in "$jobs")
  gone 90 "${jobs[@]}" && same array.h5 small-serial.h5
}

# sweep-mpi.sh with the serial program as its one process: the signal must reach it through srun.
a_job_of_srun_is_requeued_on_a_signal() {
  local job
  job=$(TANLU_MPI=$TANLU submit_mpi 1 -- small.yaml signal.h5) || return
  for ((i = 0; i < 150; i++)); do [ -e signal.h5 ] && break; sleep 0.2; done
  sleep 1
  scancel --batch --signal=USR1 "$job" && gone 90 "$job" && grep 'requeued: restart 1' "slurm-$job.out" &&
    same signal.h5 small-serial.h5
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

# Every process would do all the work. The program without MPI under srun, mpirun and sweep-mpi.sh; tanlu-mpi under a srun that
# says nothing of the others (some MPI end it themselves, before it can).
processes_that_are_alone_stop() {
  local job status
  for launch in "srun -n 2" "mpirun -n 2 --oversubscribe"; do
    command -v "${launch%% *}" || continue
    for command in "sweep -o alone.h5 small.yaml" "run -o alone.h5 reference-42"; do
      $launch "$TANLU" $command >alone.out 2>&1
      status=$?
      cat alone.out
      [ $status = 2 ] && grep -q 'one of 2 processes.*program without MPI' alone.out && [ ! -e alone.h5 ] || return
    done
  done
  job=$(TANLU_LAUNCH=srun TANLU_MPI=$TANLU submit_mpi 2 -- small.yaml alone.h5) || return
  gone 60 "$job" && state_of "$job" && [ "$(state_of "$job")" = "JobState=FAILED ExitCode=2:0" ] && [ ! -e alone.h5 ] || return
  [ -n "$no_mpi" ] || { ! srun -n 2 --mpi=none "$TANLU_MPI" sweep -o alone.h5 small.yaml && [ ! -e alone.h5 ]; }
}

# By every launcher there is. Ranks that nothing binds must not bind themselves to the same core.
an_mpi_job_has_the_bits_of_one_run() {
  local job
  for launch in "${launchers[@]}"; do
    job=$(TANLU_LAUNCH=$launch submit_mpi 2 -- small.yaml "mpi-${launch%% *}.h5" --report-binding) || return
    gone 90 "$job" && grep 'rank 1 of 2' "slurm-$job.out" && same "mpi-${launch%% *}.h5" small-serial.h5 || return
    [ "$(nproc)" = 1 ] || ! grep 'fewer ranks or threads' "slurm-$job.out" || return
  done
}

files_of_mpi_ranks_are_joined() {
  local job merge
  job=$(TANLU_LAUNCH=${launchers[-1]} submit_mpi 2 -- small.yaml ranks.h5 --per-rank) &&
    merge=$(sbatch --parsable --dependency="afterok:$job" "$TANLU_SLURM/merge.sh" ranks.h5 2) || return
  gone 90 "$job" "$merge" && [ -e ranks-2of2.h5 ] && same ranks.h5 small-serial.h5
}

# One minute is Slurm's shortest limit. Slurm looks every 30 s, so that the signal comes 5 to 35 s after the start: ranks share one
# core, that they are not done before.
submit_long_jobs() {
  local core
  limit=(--time=1 --signal=B:USR1@25)
  long_jobs=$(submit -n 1 -o limit.h5 large.yaml --cpus-per-task=1 "${limit[@]}") || return
  [ -z "$no_mpi" ] || return 0
  core=$(taskset --cpu-list --pid $$ | grep -o '[0-9]*' | sed -n 2p)
  long_mpi_job=$(TANLU_LAUNCH="${launchers[0]} taskset --cpu-list $core" submit_mpi 2 "${limit[@]}" -- large.yaml limit-mpi.h5)
}

went_on() { # OUTPUT-OF-JOB: stopped with 75 before its limit, requeued
  cat "$1"
  grep -q 'stopped by a signal; .* go on with --resume' "$1" && grep -q 'requeued: restart 1' "$1" &&
    ! grep -q 'DUE TO TIME LIMIT' "$1"
}

a_job_stopped_at_its_time_limit_goes_on() {
  local jobs
  mapfile -t jobs < <(jobs_in "$long_jobs")
  gone 300 "${jobs[@]}" && went_on "slurm-${jobs[0]}_1.out" && same limit.h5 large-serial.h5
}

an_mpi_job_stopped_at_its_time_limit_goes_on() {
  gone 300 "$long_mpi_job" && went_on "slurm-$long_mpi_job.out" && same limit-mpi.h5 large-serial.h5
}

[ -x "$TANLU" ] || { echo "no program $TANLU: make build" >&2; exit 1; }
start_slurm
cd "$work" || exit 1
cp "$TANLU" tanlu && export TANLU=$work/tanlu # a sweep does not go on with a program that was rebuilt meanwhile
launchers=() no_mpi=${TANLU_NO_MPI:-}
find_launchers
export TANLU_MPI
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
run processes_that_are_alone_stop
run_mpi an_mpi_job_has_the_bits_of_one_run
run_mpi files_of_mpi_ranks_are_joined
wait "$large_serial" || exit 1
submit_long_jobs || exit 1
run a_job_stopped_at_its_time_limit_goes_on
run_mpi an_mpi_job_stopped_at_its_time_limit_goes_on

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
