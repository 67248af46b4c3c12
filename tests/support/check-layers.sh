#!/bin/sh
# check-layers.sh [DIR] - reads every #include of DIR (default: this repository) against the design.
#
# Checks the arrows between folders, the order of the folders inside dft-lite, and that each
# third-party library is seen behind its one door only.  tests/ may include anything and is included
# by nobody else.  Prints each violation as file:line and exits 1 if there is any.
set -eu
cd "${1:-$(dirname "$0")/../..}"

sources() {                             # tracked and new files; without git, all but build/
    if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
        git ls-files -co --exclude-standard -- '*.c' '*.h' | while IFS= read -r file; do
            [ -f "$file" ] && echo "$file"
        done
    else
        find . -path ./build -prune -o -name '*.[ch]' -print | sed 's|^\./||'
    fi | grep -v '^tests/' | LC_ALL=C sort
}

list=$(sources)
[ -n "$list" ] || { echo "check-layers: no C files below $(pwd)" >&2; exit 1; }

echo "$list" | tr '\n' '\0' | xargs -0 awk '
function words(text, set,    parts, n, i) {
    n = split(text, parts, " ")
    for (i = 1; i <= n; i++) set[parts[i]] = i
}
BEGIN {
    # Arrows: what each folder may include besides itself.
    arrow["screen"] = "workflows candidates descriptors results dft-lite"
    arrow["workflows"] = "candidates descriptors results dft-lite"
    arrow["candidates"] = arrow["descriptors"] = arrow["results"] = "dft-lite"
    arrow["dft-lite"] = ""
    # dft-lite: a folder includes itself and those before it.
    words("base math crystal atomdata xc basis terms hamiltonian eigen scf properties tools", order)
    # Doors: header pattern -> where it may be seen (prefixes of the path).
    door["^fftw3"] = "dft-lite/basis/"
    door["^(lapacke|cblas|lapack|openblas_config|f77blas)"] = "dft-lite/math/"
    door["^xc(_funcs)?\\.h$"] = "dft-lite/xc/"
    door["^spglib\\.h$"] = "dft-lite/crystal/"
    door["^(expat|zlib)\\.h$"] = "dft-lite/atomdata/"
    door["^nettle/"] = "dft-lite/atomdata/ dft-lite/base/hash."
    door["^omp\\.h$"] = "dft-lite/base/threads."
    door["^yaml\\.h$"] = "screen/"
    door["^sqlite3\\.h$"] = "results/"
    door["^jansson\\.h$"] = "dft-lite/tools/ descriptors/hull_read. workflows/ results/ screen/"
    door["^glpk\\.h$"] = "descriptors/"
    door["^cmocka\\.h$"] = "tests/"
}
function complain(text) { print FILENAME ":" FNR ": " text; bad++ }
function top(path) { sub(/\/.*/, "", path); return path }
function second(path) { sub(/^[^\/]*\//, "", path); sub(/\/.*/, "", path); return path }

function check_own(target,    from, to, allowed) {
    from = top(FILENAME); to = top(target)
    if (to == "tests") {
        complain("tests/ is included by nobody but tests")
    } else if (!(to in arrow)) {
        complain("\"" target "\" is not a path from the top (such as \"dft-lite/base/status.h\")")
    } else if (from != to) {
        words(arrow[from], allowed)
        if (!(to in allowed)) complain(from " must not include " to " (" target ")")
    } else if (from == "dft-lite" && order[second(FILENAME)] < order[second(target)]) {
        complain("dft-lite/" second(FILENAME) " comes before dft-lite/" second(target) \
                 " and must not include " target)
    } else if (from == "dft-lite" && !(second(target) in order)) {
        complain("dft-lite has no folder " second(target) " (" target ")")
    }
}
function check_door(target,    pattern, places, n, i) {
    for (pattern in door) {
        if (target !~ pattern) continue
        n = split(door[pattern], places, " ")
        for (i = 1; i <= n; i++) if (index(FILENAME, places[i]) == 1) return
        complain(target " may be included from " door[pattern] " only")
    }
}

FNR == 1 && !(top(FILENAME) in arrow) { complain("the design has no folder " top(FILENAME) "/") }
FNR == 1 && top(FILENAME) == "dft-lite" && !(second(FILENAME) in order) {
    complain("the design has no folder dft-lite/" second(FILENAME) "/")
}
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
    target = $0
    sub(/^[ \t]*#[ \t]*include[ \t]*["<]/, "", target)
    quoted = ($0 ~ /include[ \t]*"/)
    sub(/[">].*/, "", target)
    check_door(target)
    if (quoted && (top(FILENAME) in arrow)) check_own(target)
}
END { exit bad ? 1 : 0 }' || { echo "check-layers: the includes above go against the layout (README.md)" >&2; exit 1; }
