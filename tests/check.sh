#!/bin/sh
# The whole test run: warnings are errors, then every unit test plain and under ASan + UBSan.
# Last line: "N passed, N failed".
set -eu
pass=0
fail=0
count() { # count LOG: add up what a cmocka program printed in TAP
	pass=$((pass + $(grep -c '^ok ' "$1" || true)))
	fail=$((fail + $(grep -c '^not ok ' "$1" || true)))
}
run_units() { # run_units BUILD
	for bin in "$1"/unit/*; do
		[ -x "$bin" ] && [ -f "$bin" ] || continue
		status=0
		CMOCKA_MESSAGE_OUTPUT=TAP "$bin" >"$bin.log" 2>&1 || status=$?
		count "$bin.log"
		if [ "$status" != 0 ]; then
			cat "$bin.log"
			grep -q '^not ok ' "$bin.log" || fail=$((fail + 1))
		fi
	done
}
make -s unit BUILD=build-check EXTRA=-Werror
run_units build-check
make -s unit BUILD=build-san EXTRA=-Werror SAN='-fsanitize=address,undefined -fno-sanitize-recover=all'
run_units build-san
echo "$pass passed, $fail failed"
[ "$fail" = 0 ]
