#!/bin/bash
# Run the test programs of a build from the repository root and count their tests.
#   tests/run.sh [--fast] [BUILD]     BUILD is the build directory (build); --fast leaves the slow programs out
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
export TANLU_PROGRAM="$PWD/$build/tanlu"
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS=allocator_may_return_null=1:${ASAN_OPTIONS:-} # tests ask for impossible sizes
unset CMOCKA_XML_FILE CMOCKA_TEST_ABORT

passed=0 failed=0 skipped=0
logs=$build/tests/logs
mkdir -p "$logs"

if compgen -G 'cli/*.c' >/dev/null && [ ! -x "$TANLU_PROGRAM" ]; then
  printf '%-28s FAILED: could not be built\n' tanlu
  failed=1
fi

for source in tests/test_*.c; do
  [ -e "$source" ] || continue
  name=$(basename "$source" .c)
  if [ $fast = yes ] && [[ " $SLOW " == *" $name "* ]]; then
    printf '%-28s left out: slow\n' "$name"
    continue
  fi
  program=$build/tests/$name log=$logs/$name.log
  if [ ! -x "$program" ]; then
    printf '%-28s FAILED: could not be built\n' "$name"
    failed=$((failed + 1))
    continue
  fi
  begin=$(date +%s%N)
  timeout "$TIME_LIMIT" "$program" >"$log" 2>&1 </dev/null
  status=$?
  seconds=$(awk -v ns=$(($(date +%s%N) - begin)) 'BEGIN { printf "%.2f", ns / 1e9 }')

  # TAP as cmocka writes it: "ok 1 - name", "not ok 2 - name", "not ok 3 # SKIP name", and a plan "1..N" for each group.
  read -r ok bad skip planned <<<"$(awk '
    /^ok [0-9]+ - /                                  { ok++; next }
    /^not ok [0-9]+ # SKIP/                          { skip++; next }
    /^not ok( [0-9]+)? - /                           { bad++; next }
    /^1\.\.[0-9]+$/                                  { planned += substr($0, 4); next }
    END                                              { print ok + 0, bad + 0, skip + 0, planned + 0 }' "$log")"
  problem=
  if [ $status = 124 ]; then
    problem="not done after $TIME_LIMIT s"
  elif [ $status -gt 128 ]; then
    problem="ended by signal $((status - 128)) ($(kill -l $((status - 128))))"
  elif [ "$bad" = 0 ] && [ $status != 0 ]; then
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
done

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
