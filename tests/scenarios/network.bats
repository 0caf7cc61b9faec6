# Resolvers, proxies and clocks that misbehave.
load bridge_helper

says() { await "the log to say: $1" logged "$1"; }

@test "a proxy of the environment is never asked" {
	export https_proxy=http://127.0.0.1:1 HTTPS_PROXY=http://127.0.0.1:1
	bridge_start
	map_three
	event e1
	settle
	[ "$(ticket_count)" = 1 ]
}

@test "a configured proxy that is dead is named; events wait, and go out when it is taken away" {
	setting connectwise.proxy '"http://127.0.0.1:1"'
	bridge_run
	says 'proxy'
	setting connectwise.proxy '""'
	bridge_reload
	await "the daemon to be connected" connected
}

@test "a name that does not resolve never freezes the loop: clients are answered meanwhile" {
	NO_ORACLE=1
	setting connectwise.site '"no-such-host.invalid"'
	setting connectwise.connect_timeout '"1s"'
	bridge_run
	says 'not connected'
	for i in 1 2 3 4 5; do
		[ "$(curl -s -o /dev/null -w '%{http_code}' --max-time 2 --unix-socket "$DIR/control.sock" http://x/healthz)" = 200 ]
	done
	event e1
	[ "$(account accepted)" = 1 ]
}

@test "an address that goes nowhere is given up after connect_timeout" {
	NO_ORACLE=1
	setting connectwise.site '"[::1]:1"'
	setting connectwise.connect_timeout '"500ms"'
	bridge_run
	says 'could not be reached\|not connected'
}

@test "a reply that never ends is cut off by its size, one that drips by its time" {
	setting connectwise.read_timeout '"1s"'
	setting connectwise.connect_timeout '"1s"'
	setting connectwise.reply_max '"1MiB"'
	bridge_start
	fault huge GET 'company/*' '"mib":64'
	opb sync --full || true
	[ "$(awk '/VmHWM/ { print $2 }' "/proc/$BRIDGE_PID/status")" -lt "$([ -n "${BUILD_SANITIZED:-}" ] && echo 600000 || echo 65536)" ]
	fault drip GET 'company/*' '"delay_ms":200'
	run opb sync --full
	await "the daemon to be connected" connected
}

# clock SECONDS-AHEAD: restart the daemon with the wall clock that much ahead
clock() {
	bridge_stop
	write_conf
	LD_PRELOAD=$faketime_library FAKETIME="+$1s" FAKETIME_DONT_FAKE_MONOTONIC=1 \
		"$BIN/opbridged" -c "$DIR/opbridge.conf" >>"$DIR/bridge.log" 2>&1 3>&- &
	BRIDGE_PID=$!
	await "the daemon to answer" healthy_or_dead
	healthy
}
@test "after a clock that was days ahead is set back, nothing waits for days" {
	faketime_library=$(find /usr/lib -name libfaketime.so.1 | head -n 1)
	[ -n "$faketime_library" ] || skip "libfaketime is not installed"
	[ -z "${BUILD_SANITIZED:-}" ] || skip "a sanitizer and libfaketime do not go together"
	setting delivery.backoff_cap '"1h"'
	setting delivery.backoff_base '"1min"'
	bridge_start
	map_three
	clock 500000
	fault status POST service/tickets '"status":503,"times":1'
	event e1 # its next try is due days from now
	await "the first try to fail" logged 'request in doubt\|tries again later'
	clock 0
	settle
	[ "$(ticket_count)" = 1 ]
}
