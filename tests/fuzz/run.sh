#!/bin/sh
# run.sh FORMAT SECONDS - fuzzes the reader of cif, poscar or extxyz with clang's libFuzzer, one thread.
# The seeds are the crystals of tests/data; findings are written to build/fuzz/FORMAT-*.
set -eu
cd "$(dirname "$0")/../.."
format=$1 seconds=$2
out=build/fuzz
mkdir -p "$out/corpus-$format"
[ -x "$out/fuzz_read" ] || clang -std=c11 -D_GNU_SOURCE -O1 -g -I. -fsanitize=fuzzer,address,undefined \
    -o "$out/fuzz_read" tests/fuzz/fuzz_read.c dft-lite/crystal/*.c dft-lite/base/alloc.c \
    dft-lite/base/status.c dft-lite/base/file.c -lsymspg -lm
find tests/data/crystals -iname "*$format" -exec cp {} "$out/corpus-$format" \;
exec nice -n 19 "$out/fuzz_read" -max_total_time="$seconds" -timeout=10 -max_len=4096 -rss_limit_mb=1024 \
    -dict="tests/fuzz/$format.dict" -artifact_prefix="$out/$format-" -print_final_stats=1 \
    "$out/corpus-$format"
