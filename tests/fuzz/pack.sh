#!/bin/sh
# pack.sh FORMAT - the smallest set of fuzzed inputs that reaches what the whole corpus reaches, in one file:
# tests/data/crystals/fuzz-FORMAT.bin, "SIZE\n" and SIZE bytes for each input.  Findings come first.
set -eu
cd "$(dirname "$0")/../.."
format=$1
small=build/fuzz/small-$format
rm -rf "$small" && mkdir -p "$small"
build/fuzz/fuzz_read -set_cover_merge=1 -max_len=1200 "$small" "build/fuzz/corpus-$format" 2> /dev/null
for file in build/fuzz/"$format"-* "$small"/*; do
    [ -f "$file" ] || continue
    printf '%d\n' "$(wc -c < "$file")"
    cat "$file"
done > "tests/data/crystals/fuzz-$format.bin"
ls -l "tests/data/crystals/fuzz-$format.bin"
