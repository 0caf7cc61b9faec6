#!/bin/sh
# gcc's path analysis over the daemon, the command and the client library. It follows one file at a time.
set -eu
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make -s BUILD="$dir" OPT='-O1 -g' EXTRA='-fanalyzer -Werror' all >"$dir/said" 2>&1 || {
	grep -E 'warning:|error:' "$dir/said"
	exit 1
}
