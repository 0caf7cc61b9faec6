# kill -9 exactly at the n-th system call of a kind, on the whole way of events from the socket into
# tickets and notes; then a restart, and the oracle.
load bridge_helper

# one_walk: two events of one incident, one of another, handed over by a client that tries again until it
# is told "accepted" or "duplicate", as every client should
one_walk() {
	local id
	for id in w1- w2- w3-; do
		local user=anna
		[ $id = w3- ] && user=ben
		until opb submit --quiet --id "$id" --domain contoso.com --type "Too Many Logins" \
			--time 2026-11-20T10:00:00Z --entity user=$user@contoso.com >/dev/null 2>&1; do
			kill -0 "$BRIDGE_PID" 2>/dev/null || return 0
		done
	done
	await "the walk to end, or the daemon" walked
}
walked() { ! kill -0 "$BRIDGE_PID" 2>/dev/null || settled; }

# killed_at CALL N: the daemon dies at its N-th such call. 1: the walk ended before that many.
killed_at() {
	rm -f "$DIR"/queue.db* "$DIR/trace"
	admin POST /reset >/dev/null
	bridge_start
	map_three
	strace -f -q -e trace="$1" -e inject="$1:signal=KILL:when=$2" -o "$DIR/trace" -p "$BRIDGE_PID" 3>&- &
	local tracer=$!
	await "strace" grep -q 'TracerPid.*[1-9]' "/proc/$BRIDGE_PID/status"
	one_walk
	local died=0
	kill -0 "$BRIDGE_PID" 2>/dev/null && died=1
	if [ $died = 0 ]; then
		wait "$BRIDGE_PID" 2>/dev/null || true
		BRIDGE_PID=
	else
		kill $tracer 2>/dev/null
	fi
	wait $tracer 2>/dev/null || true
	[ -n "$BRIDGE_PID" ] || bridge_start
	one_walk
	settle
	[ "$(ticket_count)" = 2 ] || { echo "killed at $1 number $2: $(ticket_count) tickets" >&2; return 2; }
	oracle || { echo "killed at $1 number $2" >&2; return 2; }
	bridge_stop
	return $died
}
# each_point CALL: N = 1, 2, … until a walk ends alive
each_point() {
	local n=0 r step=${STEP:-1}
	[ -z "${BUILD_SANITIZED:-}" ] || step=$((step * 5)) # slow there: fewer points
	command -v strace >/dev/null || skip "strace is not installed"
	while [ $n -lt 120 ]; do
		n=$((n + step))
		r=0
		killed_at "$1" $n || r=$?
		[ $r != 2 ] || return 1
		[ $r != 1 ] || break
	done
	echo "# $1: killed at $((n - 1)) points" >&3
	[ $n -gt 1 ]
}

@test "killed at each sync of the queue" { each_point fdatasync; }
@test "killed at each write to the queue's files" { STEP=3 each_point pwrite64; }
@test "killed at each send to ConnectWise or a client" { STEP=2 each_point write,writev,sendto,sendmsg; }
@test "killed at each connection" { each_point connect; }
