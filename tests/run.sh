#!/bin/bash
# Run the test programs of a build from the repository root and count their tests.
#   tests/run.sh [--fast] [BUILD]     BUILD is the build directory (build); --fast leaves the slow programs out
# As many programs at a time as there are cores, or as TEST_JOBS says; what they say is printed in the order of their names.
# The last line reads "N passed, N failed, N skipped"; status 1 when a test failed or a program crashed, did not end in
# time, reported fewer tests than it announced or could not be built. TANLU_PROGRAM names the built program for the tests.
set -u
cd "$(dirname "$0")/.." || exit 1

SLOW="test_program test_scenarios test_guide test_report_browser"
TIME_LIMIT=900 # seconds a program

fast=no
if [ "${1:-}" = --fast ]; then
  fast=yes
  shift
fi
build=${1:-build}
jobs=${TEST_JOBS:-$(nproc 2>/dev/null || echo 1)}
[[ $jobs =~ ^[1-9][0-9]*$ ]] || { echo "tests/run.sh: TEST_JOBS is $jobs; expected a number of programs" >&2; exit 2; }
export TANLU_PROGRAM="$PWD/$build/tanlu"
export CMOCKA_MESSAGE_OUTPUT=TAP
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}                # threads that wait leave the cores to other programs
export ASAN_OPTIONS=allocator_may_return_null=1:${ASAN_OPTIONS:-} # tests ask for impossible sizes
unset CMOCKA_XML_FILE CMOCKA_TEST_ABORT

passed=0 failed=0 skipped=0
logs=$build/tests/logs
mkdir -p "$logs"
rm -f "$logs"/*.end

# run NAME: its output in NAME.log, then its exit status and seconds in NAME.end.
run() {
  local begin status log=$logs/$1.log end=$logs/$1.end
  begin=$(date +%s%N)
  timeout "$TIME_LIMIT" "$build/tests/$1" >"$log" 2>&1 </dev/null
  status=$?
  awk -v status=$status -v ns=$(($(date +%s%N) - begin)) 'BEGIN { printf "%d %.2f\n", status, ns / 1e9 }' >"$end.part"
  mv "$end.part" "$end"
}

left_out() { [ $fast = yes ] && [[ " $SLOW " == *" $1 "* ]]; }

# report NAME: count its tests and say how it went. Status 1, and nothing done, while it runs.
report() {
  local name=$1 status seconds ok bad skip planned problem=
  local log=$logs/$name.log
  if left_out "$name"; then
    printf '%-28s left out: slow\n' "$name"
    return 0
  elif [ ! -x "$build/tests/$name" ]; then
    printf '%-28s FAILED: could not be built\n' "$name"
    failed=$((failed + 1))
    return 0
  fi
  [ -e "$logs/$name.end" ] || return 1
  read -r status seconds <"$logs/$name.end"

  # TAP as cmocka writes it: "ok 1 - name", "not ok 2 - name", "not ok 3 # SKIP name", and a plan "1..N" for each group.
  read -r ok bad skip planned <<<"$(awk '
    /^ok [0-9]+ - /                                  { ok++; next }
    /^not ok [0-9]+ # SKIP/                          { skip++; next }
    /^not ok( [0-9]+)? - /                           { bad++; next }
    /^1\.\.[0-9]+$/                                  { planned += substr($0, 4); next }
    END                                              { print ok + 0, bad + 0, skip + 0, planned + 0 }' "$log")"
  if [ "$status" = 124 ]; then
    problem="not done after $TIME_LIMIT s"
  elif [ "$status" -gt 128 ]; then
    problem="ended by signal $((status - 128)) ($(kill -l $((status - 128))))"
  elif [ "$bad" = 0 ] && [ "$status" != 0 ]; then
    problem="exit status $status without a failed test"
  elif [ "$planned" = 0 ]; then
    problem="no test reported"
  elif [ $((ok + bad + skip)) -lt "$planned" ]; then
    problem="only $((ok + bad + skip)) of $planned tests reported"
  fi
  [ -n "$problem" ] && bad=$((bad + 1))
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))

  if [ "$bad" = 0 ]; then
    printf '%-28s ok      %3d tests %7s s%s\n' "$name" "$ok" "$seconds" "$([ "$skip" != 0 ] && echo ", $skip left out")"
  else
    printf '%-28s FAILED  %3d of %d %7s s%s\n' "$name" "$bad" "$((ok + bad))" "$seconds" "${problem:+, $problem}"
    grep -v -E '^(ok [0-9]+ - |# ok - |1\.\.[0-9]+$)' "$log" | tail -n 200 | sed 's/^/    | /'
  fi
  return 0
}

if compgen -G 'cli/*.c' >/dev/null && [ ! -x "$TANLU_PROGRAM" ]; then
  printf '%-28s FAILED: could not be built\n' tanlu
  failed=1
fi

names=()
for source in tests/test_*.c; do
  [ -e "$source" ] && names+=("$(basename "$source" .c)")
done

running=0 reported=0
report_finished() {
  while [ $reported -lt ${#names[@]} ] && report "${names[$reported]}"; do reported=$((reported + 1)); done
}
for name in "${names[@]}"; do
  left_out "$name" || [ ! -x "$build/tests/$name" ] && continue
  if [ $running = "$jobs" ]; then
    wait -n
    running=$((running - 1))
    report_finished
  fi
  run "$name" &
  running=$((running + 1))
done
wait
report_finished
for name in "${names[@]:$reported}"; do # nothing is left, unless a shell that runs a program was ended
  report "$name" || { printf '%-28s FAILED: how it ended is not known\n' "$name" && failed=$((failed + 1)); }
done

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
