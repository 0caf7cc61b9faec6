#!/bin/sh
# The whole test run: every part built with warnings as errors by gcc and clang, unit tests and scenarios
# plain and under ASan + UBSan, the checks of the source. Last line: "N passed, N failed".
# Logs stay in build-check/logs. ONLY="unit lint" runs some of: unit replay scenarios crash valgrind lint
set -eu
only=${ONLY:-unit replay scenarios crash valgrind lint}
logs="build-check/logs"
rm -rf "$logs"
mkdir -p "$logs"
san='-fsanitize=address,undefined -fno-sanitize-recover=all'
began=$(date +%s)

say() { echo "[$(($(date +%s) - began)) s] $*"; }
wants() { case " $only " in *" $1 "*) true ;; *) false ;; esac }

say "building with gcc, clang and sanitizers; warnings are errors"
make -s BUILD=build-check EXTRA=-Werror all sandbox-all unit replay >"$logs/build-gcc.log" 2>&1 || { cat "$logs/build-gcc.log"; exit 1; }
make -s BUILD=build-san EXTRA=-Werror SAN="$san" all sandbox-all unit replay >"$logs/build-san.log" 2>&1 || { cat "$logs/build-san.log"; exit 1; }
make -s BUILD=build-clang CC=clang EXTRA=-Werror all sandbox-all >"$logs/build-clang.log" 2>&1 || { cat "$logs/build-clang.log"; exit 1; }

run_units() { # run_units BUILD: every cmocka program, as TAP
	for bin in "$1"/unit/*; do
		if [ ! -f "$bin" ] || [ ! -x "$bin" ]; then continue; fi
		log=$logs/unit-$1-$(basename "$bin").tap
		status=0
		CMOCKA_MESSAGE_OUTPUT=TAP "$bin" >"$log" 2>&1 || status=$?
		sed -i 's/^not ok \([0-9]*\) # SKIP/ok \1 # SKIP/' "$log" # which cmocka counts as failed
		if [ "$status" != 0 ] && ! grep -q '^not ok ' "$log"; then
			echo "not ok - $bin ended with status $status" >>"$log"
		fi
	done
}
# Every bats file, two at a time: they mostly wait for something.
run_scenarios() { # run_scenarios BUILD
	printf '%s\n' tests/scenarios/*.bats | xargs -P 2 -n 1 sh tests/scenarios/run.sh "$1" "$logs" || true
}

if wants unit; then
	say "unit tests, plain and under ASan + UBSan"
	run_units build-check
	run_units build-san
fi
if wants replay; then
	say "the corpora of the fuzzers, plain and under ASan + UBSan"
	for build in build-check build-san; do
		for bin in "$build"/replay/*; do
			if [ ! -f "$bin" ] || [ ! -x "$bin" ]; then continue; fi
			log=$logs/replay-$build-$(basename "$bin").tap
			"$bin" "tests/fuzz/corpus/$(basename "$bin")" >"$log" 2>&1 || grep -q '^not ok' "$log" || echo "not ok - $bin" >>"$log"
		done
	done
fi
lint_pid=
if wants lint; then
	say "checks of the source (beside the scenarios)"
	sh tests/lint/run.sh >"$logs/lint.tap" 2>&1 &
	lint_pid=$!
fi
if wants scenarios; then
	say "scenarios against the real daemon, plain and under ASan + UBSan side by side"
	run_scenarios build-check &
	plain_pid=$!
	run_scenarios build-san
	wait "$plain_pid" || true
fi
valgrind_pid=
if wants valgrind; then
	say "delivery under valgrind's memcheck (beside the kills)"
	make -s valgrind FILES=tests/scenarios/delivery.bats >"$logs/valgrind.tap" 2>&1 &
	valgrind_pid=$!
fi
if wants crash; then
	say "kill -9 at random moments under random faults: 200 rounds, and 60 under ASan + UBSan"
	BUILD=build-san bash tests/crash/torture.sh 60 >"$logs/crash-san.tap" 2>&1 &
	crash_pid=$!
	BUILD=build-check bash tests/crash/torture.sh 200 >"$logs/crash.tap" 2>&1 || true
	wait "$crash_pid" || true
fi
[ -z "$valgrind_pid" ] || wait "$valgrind_pid" || grep -q '^not ok ' "$logs/valgrind.tap" || echo "not ok - valgrind" >>"$logs/valgrind.tap"
[ -z "$lint_pid" ] || wait "$lint_pid" || grep -q '^not ok ' "$logs/lint.tap" || echo "not ok - lint" >>"$logs/lint.tap"

for log in "$logs"/*.tap; do
	if grep -q '^not ok ' "$log"; then
		echo "--- $log"
		cat "$log"
	fi
done
pass=$(cat "$logs"/*.tap | grep -c '^ok ' || true)
fail=$(cat "$logs"/*.tap | grep -c '^not ok ' || true)
skipped=$(cat "$logs"/*.tap | grep -ci '^ok .*# skip' || true)
[ "$skipped" = 0 ] || say "of those passed, $skipped were skipped"
say "done"
echo "$pass passed, $fail failed"
[ "$fail" = 0 ] && [ "$pass" -gt 0 ]
