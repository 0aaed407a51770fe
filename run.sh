#!/bin/sh
# Builds assistd and runs it from this folder.
#
#   ./run.sh              build, start the daemon on 127.0.0.1:8080 with its state in ./var, stop it with Ctrl-C
#   ./run.sh build        only build
#   ./run.sh ask "TEXT"   one question; starts a daemon in the background if none answers
#   ./run.sh stop         stops the daemon that "ask" started
#
# The address and the state folder are ASSISTD_LISTEN and ASSISTD_STATE; they win over a configuration file's, which is
# ASSISTD_CONFIG.
set -eu
called_from=$PWD
cd "$(dirname "$0")"

listen=${ASSISTD_LISTEN:-127.0.0.1:8080}
state=${ASSISTD_STATE:-./var}
export ASSISTD_LISTEN="$listen" ASSISTD_STATE="$state"
bin=build/release/bin
pid_file=$state/assistd.pid
log=$state/assistd.log
# As it can be typed where this script was called, for assistctl names itself as it was called.
assistctl=$bin/assistctl
[ "$PWD" = "$called_from" ] || assistctl=$PWD/$assistctl

say_building() {
    [ "$said" ] || echo "Building (first time: about ten minutes); output in build.log" >&2
    said=yes
}

# Ninja's lines: into build.log, and as "[12/300]" on one line of a terminal. What has nothing to build stays quiet.
show_progress() {
    while IFS= read -r line; do
        printf '%s\n' "$line" >>build.log
        case $line in
            *Re-checking* | *Re-running*) ;;
            \[*/*\]*)
                say_building
                [ -t 2 ] && printf '\r%s]' "${line%%]*}" >&2
                ;;
        esac
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
}

build() {
    packaging/install-packages.sh build
    mkdir -p build
    said=""
    [ -x "$bin/assistd" ] || say_building
    rm -f build/failed
    cmake --preset release >build.log 2>&1 || : >build/failed
    if [ ! -e build/failed ]; then
        { cmake --build --preset release --target product 2>&1 || : >build/failed; } | show_progress
    fi
    if [ -e build/failed ]; then
        rm -f build/failed
        tail -n 40 build.log >&2
        echo "The build failed; all of its output is in build.log." >&2
        exit 1
    fi
    rm -f build.log
}

answers() { "$bin/assistctl" --server "http://$listen" status >/dev/null 2>&1; }

# Why the daemon did not start: its own sentence, or when it ended without one, the end of what it logged from byte $1 on.
say_why() {
    tail -c "+$1" "$log" | {
        lines=$(tail -n 100)
        if ! printf '%s\n' "$lines" | grep '^assistd: ' | tail -n 1 | grep .; then
            printf '%s\n' "$lines" | tail -n 5
            echo "assistd ended; its log is $log."
        fi
    } >&2
}

# Starts the daemon in the background and returns when it listens, with its pid in $daemon.
start() {
    mkdir -p "$state"
    chmod 700 "$state"
    rm -f "$state/assistd.out"
    touch "$log"
    begin=$(($(wc -c <"$log") + 1))
    "$bin/assistd" >"$state/assistd.out" 2>>"$log" &
    daemon=$!
    while ! grep -qs '^assistd: listening' "$state/assistd.out"; do
        if ! kill -0 "$daemon" 2>/dev/null; then
            say_why "$begin"
            exit 1
        fi
        sleep 0.05
    done
}

case "${1:-run}" in
    build)
        build
        echo "Built: $bin/assistd, $bin/assistctl and the plugins in build/release/plugins."
        ;;
    run)
        build
        if answers; then
            echo "assistd answers at http://$listen already; ./run.sh stop ends one that \"ask\" started." >&2
            exit 1
        fi
        start
        trap 'kill "$daemon" 2>/dev/null; wait "$daemon" 2>/dev/null; exit 0' INT TERM
        cat "$state/assistd.out"
        cat <<EOF

The chat page is at http://$listen/. Or try, in another terminal:
  ./run.sh ask "Run a DLA simulation with 500 particles, then analyze it and export it as CSV"
  $assistctl chat
  curl -s http://$listen/api/v1/ai/tools | head -c 600
State is in $state, the log in $log. Stop with Ctrl-C.
EOF
        wait "$daemon"
        ;;
    ask)
        [ $# -ge 2 ] || { echo 'Usage: ./run.sh ask "TEXT"' >&2; exit 2; }
        shift
        build
        if ! answers; then
            start
            echo "$daemon" >"$pid_file"
            echo "Started assistd on http://$listen in the background; ./run.sh stop ends it." >&2
        fi
        exec "$assistctl" --server "http://$listen" ask "$@"
        ;;
    stop)
        if [ -f "$pid_file" ] && kill "$(cat "$pid_file")" 2>/dev/null; then
            echo "Stopped."
        else
            echo "No daemon that \"ask\" started is running."
        fi
        rm -f "$pid_file"
        ;;
    *)
        sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
