#!/bin/sh
# run-tests.sh BUILD PROGRAM...: runs each cmocka program, prints failures whole, and one total.
build=$1; shift
export OMP_WAIT_POLICY=passive          # waiting threads that spin slow a busy machine down
passed=0; failed=0; programs=0
for program in "$@"; do
    programs=$((programs + 1))
    log="$build/$(basename "$program").log"
    if "$program" > "$log" 2>&1; then status=0; else status=$?; fi
    p=$(grep -c '^\[       OK \]' "$log")
    f=$(grep '^\[  FAILED  \] [a-z]' "$log" | sort -u | wc -l)     # cmocka lists each failure twice
    [ "$status" -ne 0 ] && [ "$f" -eq 0 ] && f=1
    [ "$status" -ne 0 ] && { echo "--- $program (exit $status)"; cat "$log"; }
    passed=$((passed + p)); failed=$((failed + f))
done
echo "$programs test programs"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
