#!/bin/sh
# Installs what the tests need, builds, and runs the whole suite. With --long also the tests that take minutes.
set -eu
cd "$(dirname "$0")"

without="-LE long"
case "${1:-}" in
    "") ;;
    --long) without="" ;;
    *) echo "Usage: ./test.sh [--long]" >&2; exit 2 ;;
esac

packaging/install-packages.sh build test
tests/e2e/node/install.sh
cmake --preset release -DASSISTD_TESTS=ON
cmake --build --preset release
# shellcheck disable=SC2086 # two words or none
ctest --preset release -j 2 --output-on-failure $without && exit 0
status=$?
python3 -B tests/failures.py build/release
exit "$status"
