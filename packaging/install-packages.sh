#!/bin/sh
# Installs what packages.txt names for the given purposes ("build", "test") and is missing. Used by run.sh and test.sh.
set -eu
list=$(dirname "$0")/packages.txt
# By its name or by what another package provides: nodejs of some sources brings npm with it.
installed=" $(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' | sed -n 's/^installed //p' |
    tr ',' '\n' | awk '{print $1}' | sort -u | tr '\n' ' ') "
missing=""
for purpose in "$@"; do
    for package in $(awk -v purpose="$purpose" '$1 == purpose {print $2}' "$list"); do
        case "$installed" in *" $package "*) ;; *) missing="$missing $package" ;; esac
    done
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "These Debian packages are missing:$missing" >&2
        echo "Install them as root (apt-get install$missing), or run this again as root." >&2
        exit 1
    fi
    as_root="sudo"
fi
echo "Installing$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
