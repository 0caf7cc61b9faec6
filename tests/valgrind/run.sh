#!/usr/bin/env bash
# The scenarios with the daemon under valgrind's memcheck: every wrong access, use of what was never set, and
# leak at the end. Needs build-valgrind/real (make valgrind builds it).
# usage: run.sh [FILE.bats...]   Default: all. Prints TAP; a last test says whether memcheck found anything.
# Not counted: what is "possibly lost". SQLite's cache points into its pages, which are alive when a scenario
# makes the daemon abort.
# BUILD_SANITIZED and VALGRIND are set: scenarios that measure memory or time, or need another preloaded library, leave that out.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
here=$PWD/build-valgrind
logs=$here/logs
rm -rf "$logs"
mkdir -p "$logs"
for file in "$here"/real/*; do
	if [ -f "$file" ]; then ln -sf "$file" "$here/"; fi
done
rm -f "$here/opbridged"
cat >"$here/opbridged" <<END
#!/bin/sh
exec valgrind -q --child-silent-after-fork=yes --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \\
	--errors-for-leak-kinds=definite,indirect --num-callers=24 \\
	--suppressions=$PWD/tests/valgrind/libraries.supp --log-file=$logs/%p.log \\
	$here/real/opbridged "\$@"
END
chmod 755 "$here/opbridged"
[ $# -gt 0 ] || set -- tests/scenarios/*.bats
status=0
for file in "$@"; do
	echo "# $file"
	BUILD=build-valgrind BUILD_SANITIZED=1 VALGRIND=1 WAIT_S=${WAIT_S:-120} bats --formatter tap "$file" || status=1
done
find "$logs" -type f -size 0 -delete
found=$(find "$logs" -type f | wc -l)
if [ "$found" -gt 0 ]; then
	echo "not ok - memcheck found something in $found runs of the daemon: $logs"
	head -n 40 "$(find "$logs" -type f | head -n 1)" | sed 's/^/# /'
	status=1
else
	echo "ok - memcheck found nothing"
fi
exit $status
