#!/bin/sh
# clang-tidy over the daemon, the command and the client library; .clang-tidy says what counts and why.
set -eu
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# shellcheck disable=SC2046 # a list of words on purpose
printf '%s\n' -std=gnu11 -D_GNU_SOURCE '-DOPBRIDGE_VERSION="0"' '-DOPBRIDGE_DATADIR="/d"' \
	'-DOPBRIDGE_SYSCONFDIR="/e"' "-I$PWD/daemon" "-I$PWD/include" \
	$(pkg-config --cflags libevent libcurl libcjson libconfig sqlite3 libsystemd libcrypto glib-2.0) \
	>"$dir/compile_flags.txt"
# On stderr it only counts the warnings that it left out.
find "$PWD/daemon" -name '*.c' | sort |
	xargs -P 2 -n 4 clang-tidy --quiet -p "$dir" >"$dir/said" 2>"$dir/errors" || {
	[ -s "$dir/said" ] || cp "$dir/errors" "$dir/said"
	sed "s|^$PWD/||" "$dir/said"
	exit 1
}
