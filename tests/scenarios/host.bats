# The host around the daemon: a disk that turns read-only, addresses that go nowhere, a machine that sleeps.
load bridge_helper

setup() {
	scenario_begin
	HOLES=''
	setting connectwise.connect_timeout '"1s"'
	setting connectwise.read_timeout '"1s"'
	setting connectwise.write_timeout '"1s"'
	setting delivery.doubt_wait '"50ms"'
}
teardown() {
	local hole
	for hole in $HOLES; do
		kill "$hole" && wait "$hole" || true
	done
	scenario_end
}
# post ID: prints the status
post() {
	events_post application/json "${@:2}" <<<"{\"id\":\"$1\",\"tenant\":{\"domain\":\"contoso.com\"},\"type\":\"Too Many Logins\",\"entities\":{\"user\":\"$1@contoso.com\"}}" | head -n 1
}
taken() { [ "$(post "$1")" = 202 ]; }

# ==== a disk that is read-only ====

# in_own_mounts COMMANDS: the daemon starts after these, with mounts that nobody else sees
in_own_mounts() {
	unshare -m --propagation private true 2>/dev/null || skip "mounting needs root (CAP_SYS_ADMIN)"
	mkdir -p "$DIR/disk"
	setting store.database "\"$DIR/disk/queue.db\""
	printf 'set -e\n%s\nexec "$@"\n' "$1" >"$DIR/mounts.sh"
	BRIDGE_UNDER="unshare -m --propagation private sh $DIR/mounts.sh"
}
# refused_start PATTERN: it ends by itself, not for good, with a sentence
refused_start() {
	local status=0
	bridge_run || true
	await "the daemon to end" ended
	wait "$BRIDGE_PID" || status=$?
	BRIDGE_PID=
	[ "$status" = 74 ]
	tail -n 1 "$DIR/bridge.log" | grep -E "$1"
}

@test "a disk that is read-only at start is named, the queue on it untouched; then it starts as if nothing was" {
	in_own_mounts ":"
	bridge_start
	map_three
	event a-
	settle
	bridge_stop
	before=$(cat "$DIR"/disk/queue.db* | sha256sum)
	in_own_mounts "mount --bind $DIR/disk $DIR/disk; mount -o remount,bind,ro $DIR/disk"
	refused_start 'Read-only|read-only|readonly'
	[ "$(cat "$DIR"/disk/queue.db* | sha256sum)" = "$before" ]
	BRIDGE_UNDER=
	bridge_start
	event b-
	settle
	[ "$(did_of b-)" = noted ]
}

@test "a file system that turns read-only on an error: 503, and after a mount all that was acknowledged is there" {
	command -v mkfs.ext4 >/dev/null || skip "mkfs.ext4 is not installed"
	truncate -s 64M "$DIR/image"
	mkfs.ext4 -q -F "$DIR/image"
	in_own_mounts "mount -o loop,errors=remount-ro $DIR/image $DIR/disk"
	sh -c "exec unshare -m --propagation private sh $DIR/mounts.sh true" 2>/dev/null || skip "loop devices cannot be mounted here"
	bridge_start
	map_three
	event a-
	settle
	[ "$(post b-)" = 202 ]
	nsenter -t "$BRIDGE_PID" -m mount -o remount,abort "$DIR/disk"
	[ "$(post c-)" = 503 ]
	await "the daemon to end" ended
	status=0
	wait "$BRIDGE_PID" || status=$?
	[ "$status" = 74 ]
	bridge_start
	settle
	[ "$(state_of a-)" = delivered ]
	[ "$(state_of b-)" = delivered ]
	taken c-
	settle
	[ "$(ticket_count)" = 3 ]
}

@test "writes refused for a moment: 503 that says why, and it goes on by itself" {
	under_host_faults
	bridge_start
	map_three
	host_fault write EROFS 1 0 queue.db
	answer=$(events_post application/json <<<'{"id":"a-","tenant":{"domain":"contoso.com"},"type":"Too Many Logins","entities":{"user":"a@contoso.com"}}')
	[ "$(head -n 1 <<<"$answer")" = 503 ]
	grep -q 'nothing was taken' <<<"$answer"
	host_fault_gone
	await "the next event to be taken" taken a-
	settle
	[ "$(ticket_count)" = 1 ]
	[ -z "$(grep 'giving up' "$DIR/bridge.log")" ]
}

# ==== addresses that go nowhere ====

# hole ADDRESS: connections to it hang from now on
hole() {
	"$BIN/hole" "$1" "$PORT" >"$DIR/hole$1" 2>&1 3>&- &
	HOLES="$HOLES $!"
	await "the black hole" test -s "$DIR/hole$1"
	if ! grep -q ready "$DIR/hole$1"; then
		HOLES=${HOLES% *} NO_ORACLE=1
		skip "no black hole here: $(cat "$DIR/hole$1")"
	fi
}

@test "a name whose IPv6 address swallows all while IPv4 works: delivery goes on within a second or two" {
	setting connectwise.connect_timeout '"3s"'
	setting connectwise.read_timeout '"3s"'
	setting connectwise.write_timeout '"3s"'
	hole ::1
	bridge_start
	map_three
	began=$(date +%s%N)
	event a-
	settle
	event b-
	settle
	[ $((($(date +%s%N) - began) / 1000000)) -lt 6000 ]
	[ "$(ticket_count)" = 1 ]
	[ "$(opb status --json | jq -r .breaker.state)" = closed ]
}

@test "addresses that all swallow: clients are answered, the log names it, the breaker opens; later all is delivered" {
	bridge_start
	map_three
	port=$PORT
	connectwise_stop
	hole ::1
	hole 127.0.0.1
	event a-
	await "the breaker to open" breaker_open
	for i in 1 2 3 4 5; do
		[ "$(curl -s -o /dev/null -w '%{http_code} %{time_total}' --max-time 2 --unix-socket "$DIR/control.sock" http://x/healthz | awk '{ print $1, $2 < 0.5 }')" = "200 1" ]
		[ "$(post "m$i-")" = 202 ]
	done
	logged 'could not be reached'
	[ "$(asleep)" -gt 0 ]
	for hole in $HOLES; do kill "$hole"; done
	for hole in $HOLES; do wait "$hole" || true; done
	HOLES=
	rm -f "$DIR/cw/port"
	connectwise_start --port "$port"
	await "the daemon to be connected" connected
	settle
	[ "$(account delivered)" = 6 ]
	[ "$(ticket_count)" = 6 ]
}
breaker_open() { opb status --json | jq -en 'input | .breaker.state != "closed"'; }
# asleep: how many of ten looks find the daemon waiting, not spinning
asleep() {
	local i n=0
	for i in 1 2 3 4 5 6 7 8 9 10; do
		grep -q '^State:.*S' "/proc/$BRIDGE_PID/status" && n=$((n + 1))
	done
	echo $n
}

# ==== a machine that sleeps ====

frozen() { grep -q '^State:.*T' "/proc/$BRIDGE_PID/status"; }
sent() { [ "$(asked POST "$1")" -ge "${2:-1}" ]; }

# frozen_until_too_late: the daemon stands still until well after the time limit of its requests
frozen_until_too_late() {
	kill -STOP "$BRIDGE_PID"
	await "it to stand still" frozen
	sleep 1.5 # the time that passes is the test
	kill -CONT "$BRIDGE_PID"
}

@test "frozen while a ticket is being made: it is made once" {
	bridge_start
	map_three
	fault delay POST service/tickets '"delay_ms":300'
	event a-
	await "the request" sent 'service/tickets$'
	frozen_until_too_late
	settle
	[ "$(ticket_count)" = 1 ]
	[ "$(state_of a-)" = delivered ]
}

@test "frozen while a note is written, whose reply is lost meanwhile: it is written once" {
	bridge_start
	map_three
	event a-
	settle
	fault drop_after_commit POST 'service/tickets/*/notes'
	event b-
	frozen_until_too_late
	settle
	[ "$(ticket 0 '[.notes[].text | select(test("(^|[^0-9A-Za-z])b-"))] | length')" = 1 ]
}

@test "clients that come while it is frozen wait, and are answered when it wakes" {
	bridge_start
	map_three
	kill -STOP "$BRIDGE_PID"
	await "it to stand still" frozen
	for i in 1 2 3; do
		post "p$i-" >"$DIR/answer$i" &
	done
	sleep 1.5 # the time that passes is the test
	kill -CONT "$BRIDGE_PID"
	answered() { [ "$(cat "$DIR"/answer? | sort | uniq -c | awk '{ print $1, $2 }')" = "3 202" ]; }
	await "the answers" answered
	settle
	[ "$(ticket_count)" = 3 ]
}

@test "asleep for eight hours in the middle of a request: the clock's jump is said, nothing expires, one ticket each" {
	faketime_library=$(find /usr/lib -name libfaketime.so.1 | head -n 1)
	[ -n "$faketime_library" ] || skip "libfaketime is not installed"
	[ -z "${BUILD_SANITIZED:-}" ] || skip "a sanitizer and libfaketime do not go together"
	echo "+0" >"$DIR/clock"
	BRIDGE_UNDER="env LD_PRELOAD=$faketime_library FAKETIME_TIMESTAMP_FILE=$DIR/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1"
	bridge_start
	map_three
	fault status POST service/tickets '"status":503,"times":1'
	fault drop_after_commit POST service/tickets
	event a-
	event b- --entity user=ben@contoso.com
	await "the requests" sent 'service/tickets$'
	kill -STOP "$BRIDGE_PID"
	await "it to stand still" frozen
	echo "+8h" >"$DIR/clock"
	kill -CONT "$BRIDGE_PID"
	settle
	await "the log to say so" logged 'the clock was set'
	[ "$(account delivered)" = 2 ]
	[ "$(ticket_count)" = 2 ]
	echo "+0" >"$DIR/clock" # and back, as when the time server is reached
	event c-
	settle
	[ "$(did_of c-)" = noted ]
	[ "$(ticket_count)" = 2 ]
}
