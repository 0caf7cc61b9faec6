#!/bin/sh
# run.sh BUILD LOGS FILE: one file of scenarios with the programs of BUILD, as TAP in LOGS. For tests/check.sh.
set -eu
build=$1 log=$2/scenarios-$1-$(basename "$3" .bats).tap
BUILD=$build BUILD_SANITIZED=
[ "$build" = build-san ] && BUILD_SANITIZED=1
export BUILD BUILD_SANITIZED ASAN_OPTIONS=detect_leaks=1
status=0
bats --formatter tap "$3" >"$log" 2>&1 || status=$?
if [ "$status" != 0 ] && ! grep -q '^not ok ' "$log"; then
	echo "not ok - $3 ended with status $status" >>"$log"
fi
