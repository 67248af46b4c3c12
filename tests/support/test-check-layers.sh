#!/bin/sh
# test-check-layers.sh - deliberately wrong files must be found by check-layers.sh, right ones not.
set -u
check="$(cd "$(dirname "$0")" && pwd)/check-layers.sh"
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
failed=0

try() {                                 # try EXPECTED(ok|bad) FILE LINE
    mkdir -p "$dir/$(dirname "$2")"
    printf '/* a file */\n%s\n' "$3" > "$dir/$2"
    out=$("$check" "$dir" 2>/dev/null) && got=ok || got=bad
    if [ "$got" != "$1" ]; then
        echo "expected $1, got $got: $2: $3"; failed=1
    elif [ "$got" = bad ] && [ "${out#"$2:2: "}" = "$out" ]; then
        echo "does not name $2:2 first: $out"; failed=1
    fi
    rm "$dir/$2"
}

mkdir -p "$dir/dft-lite/base" && echo '#include <stdio.h>' > "$dir/dft-lite/base/ok.c"
try ok  screen/a.c        '#include "workflows/relax.h"'
try ok  workflows/a.c     '#include "results/record.h"'
try ok  dft-lite/scf/a.c  '#include "dft-lite/base/status.h"'
try ok  dft-lite/scf/a.c  '#include "dft-lite/scf/mixing.h"'
try ok  dft-lite/base/hash.c '#include <nettle/sha2.h>'
try ok  results/a.c       '#include <sqlite3.h>'
try bad results/a.c       '#include "candidates/library.h"'
try bad descriptors/a.c   '  #  include "results/record.h"'
try bad workflows/a.c     '#include "screen/campaign.h"'
try bad dft-lite/base/a.h '#include "dft-lite/math/lapack.h"'
try bad dft-lite/terms/a.h '#include "dft-lite/scf/scf.h"'
try bad dft-lite/scf/a.c  '#include "results/record.h"'
try bad dft-lite/scf/a.c  '#include "mixing.h"'
try bad screen/a.c        '#include "tests/support/assert_close.h"'
try bad dft-lite/scf/a.c  '#include <fftw3.h>'
try bad dft-lite/scf/a.c  '#include <lapacke.h>'
try bad screen/a.c        '#include <sqlite3.h>'
try bad dft-lite/scf/a.c  '#include <omp.h>'
try bad dft-lite/base/a.c '#include <nettle/sha2.h>'
[ "$failed" -eq 0 ]
