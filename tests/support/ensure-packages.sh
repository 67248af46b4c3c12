#!/bin/sh
# ensure-packages.sh - the Debian 12 packages that building and running need.
#
# Says nothing and does nothing when all are there (one dpkg-query, about 15 ms).  Otherwise installs
# the missing ones by name, as root or with a sudo that asks no password.  Where it may not install, or
# the installation fails, it ends with exit 75 and the line to type; make reports it as "Error 75".
set -u

# "a|b": either will do; the first is the one installed.
needed='gcc make libc6-dev pkg-config|pkgconf libxc-dev libsymspg-dev libfftw3-dev
    libopenblas-openmp-dev liblapacke-dev libsqlite3-dev libexpat1-dev zlib1g-dev libyaml-dev
    libglpk-dev libjansson-dev nettle-dev libcmocka-dev gnuplot-nox gpaw-data cp2k-data'
[ $# -eq 0 ] || needed=$*              # other packages, named on the command line

say() { echo "setup: $*" >&2; }

# The packages of $needed that are not installed, on one line.
missing_packages() {
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' \
        $(echo "$needed" | tr '|' ' ') 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ')
    missing=
    for choice in $needed; do
        found=
        for name in $(echo "$choice" | tr '|' ' '); do
            case " $installed" in *" $name "*) found=yes ;; esac
        done
        [ "$found" ] || missing="$missing ${choice%%|*}"
    done
    echo "${missing# }"
}

give_up() {                             # give_up REASON: the line to type comes last
    say "$1"
    say "install them by hand, then run make again:"
    echo "    ${sudo_hint}apt-get update && ${sudo_hint}apt-get install --no-install-recommends $missing" >&2
    exit 75
}

sudo_hint=
if ! command -v dpkg-query >/dev/null 2>&1; then
    say "this is not a Debian system (there is no dpkg-query), so packages cannot be checked here;"
    say "with these libraries installed your own way, 'make all tests' builds without this check:"
    echo "    $(echo $needed)" >&2
    exit 75
fi

missing=$(missing_packages)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=
else
    sudo_hint='sudo '
    if ! command -v sudo >/dev/null 2>&1 || ! sudo -n true 2>/dev/null; then
        give_up "missing packages: $missing; installing needs root or a sudo without a password"
    fi
    as_root='sudo -n'
fi

apt() {                                 # apt-get without questions, waiting for another apt
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}
install() { apt install --no-install-recommends $missing; }

say "installing $missing"
# Package lists that do not know every name, or are too old to download from, are renewed once.
if apt-get -s -qq install --no-install-recommends $missing >/dev/null 2>&1; then
    install || { apt update && install; } || give_up "apt-get could not install: $missing"
else
    { apt update && install; } || give_up "apt-get could not install: $missing"
fi

missing=$(missing_packages)
[ -z "$missing" ] || give_up "still missing after apt-get: $missing"
