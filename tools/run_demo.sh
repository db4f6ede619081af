#!/usr/bin/env bash
# Starts the server on a demo workspace and the desktop app beside it; ends both together. Called by "./dev run".
set -euo pipefail
bin=$1 data=$2 port=$3

umask 077
mkdir -p "$data" 2>/dev/null || { echo "dev: cannot make the data directory $data" >&2; exit 1; }
server=
app=
finish() {
    trap - EXIT INT TERM
    [ -z "$app" ] || kill "$app" 2>/dev/null || true
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The server prints the demo workspace's sign-in once, then "listening on http://…" when it is ready.
coproc SERVER { exec "$bin/deskbelld" serve --data "$data" --listen "127.0.0.1:$port" --drain 0 --demo; }
server=$SERVER_PID
url=
while read -r line <&"${SERVER[0]}"; do
    echo "$line"
    case $line in
    "listening on "*) url=${line#listening on }; break ;;
    esac
done
[ -n "$url" ] || { status=0; wait "$server" || status=$?; server=; exit "$status"; }

echo
echo "Demo page:    $url/demo"
echo "Desktop app:  $bin/deskbell --server $url"
echo "Ctrl-C ends it all."
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    "$bin/deskbell" --server "$url" &
    app=$!
else
    echo "No display here: run the desktop app on a machine that has one, or under xvfb-run."
fi
while read -r line <&"${SERVER[0]}"; do echo "$line"; done || true
wait "$server" || exit $?
