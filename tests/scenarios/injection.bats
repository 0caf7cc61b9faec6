# Every call of the kernel that can fail, failing at its first and at a later occurrence while events go
# their way: intake answers 202 or 503 and never a 202 that it cannot keep; when the fault is over, all
# that was acknowledged is delivered, once. The faults are made by tests/faults/faults.c.
# INJECT_POINTS=N: at each of the first N occurrences, as far as there are that many.
# INJECT_SEED=S: the later occurrences of a run that is to be repeated.
load bridge_helper

setup() {
	scenario_begin
	SEED=${INJECT_SEED:-$(date +%s)}
	RANDOM=$((SEED + BATS_TEST_NUMBER))
	ROUND=0
	: >"$DIR/acked"
	under_host_faults
	setting connectwise.connect_timeout '"1s"'
	setting connectwise.read_timeout '"1s"'
	setting connectwise.write_timeout '"1s"'
	setting delivery.doubt_wait '"50ms"'
	setting delivery.flood_limit 0
}

# ==== the words ====

over() { [ "$(host_fault_hits)" -ge "$1" ] || settled || ended; }

# give ID USER: hand one event over, once; what was acknowledged is written down
give() {
	local code
	code=$(curl -s -o /dev/null --max-time 4 -w '%{http_code} %{content_type}' --unix-socket "$DIR/events.sock" \
		-H 'Content-Type: application/json' http://x/v1/events \
		-d "{\"id\":\"$1\",\"tenant\":{\"domain\":\"contoso.com\"},\"type\":\"Too Many Logins\",\"entities\":{\"user\":\"$2@contoso.com\"}}") || true
	case $code in
	202\ *) echo "$1" >>"$DIR/acked" ;;
	503\ * | 000\ *) ;; # 000: the connection broke, so nothing was promised
	400\ text/html*) ;; # libevent's own, when it has no memory for the request's head
	*) echo "the answer to $1 was $code" >&2 && return 1 ;;
	esac
}
# give_all: two events of one incident, one of another; those that are acknowledged are not sent again.
# ALSO=d: and one more, when the fault is over, which shows that the queue takes events again
give_all() {
	local id
	for id in a b c ${ALSO:-}; do
		grep -qx "r$ROUND$id-" "$DIR/acked" || give "r$ROUND$id-" "$([ $id = c ] && echo ben || echo anna)$ROUND" || return 1
	done
}
# all_given EXITS: a client tries again until it is acknowledged; a daemon that ends is started again
all_given() {
	local end=$((SECONDS + WAIT_S)) ALSO=d
	until [ "$(grep -c "^r${ROUND}[abcd]-" "$DIR/acked")" = 4 ]; do
		[ "$SECONDS" -lt "$end" ] || { echo "events are not acknowledged" >&2; return 1; }
		revive "$1" && give_all || return 1
		sleep 0.02
	done
}
# revive EXITS: if the daemon has ended, with one of these (- = none), it is started again, as systemd does
revive() {
	local status=0
	ended || return 0
	wait "$BRIDGE_PID" || status=$?
	BRIDGE_PID=
	[[ " ${1//,/ } " == *" $status "* ]] || { echo "the daemon ended with $status" >&2; return 1; }
	bridge_start
}
# round CALL HOW FROM TIMES ONLY EXITS: one fault on the way of three events; false with 2: it struck nothing
round() {
	local call=$1 how=$2 from=$3 times=$4 only=$5 exits=$6 hits
	ROUND=$((ROUND + 1))
	[ "$only" != - ] || only=
	host_fault "$call" "$how" "$from" "$times" "$only"
	give_all || return 1
	WAIT_S=4 await "the fault" over "$times" 2>/dev/null || true
	hits=$(host_fault_hits)
	host_fault_gone
	all_given "$exits" || return 1
	revive "$exits" || return 1
	settle || return 1
	[ "$hits" -gt 0 ] || return 2
}
# points CALL HOW TIMES ONLY EXITS: the fault at the first occurrence and a later one, or at each
points() {
	local from r
	for from in $([ -n "${INJECT_POINTS:-}" ] && seq "$INJECT_POINTS" || echo 1 $((RANDOM % 8 + 2))); do
		r=0
		round "$1" "$2" "$from" "$3" "$4" "$5" || r=$?
		[ $r != 1 ] || { echo "$1 fails with $2 at occurrence $from (seed $SEED, round $ROUND)" >&2; return 1; }
		[ $r != 2 ] || [ "$from" != 1 ] || { echo "$1 $2: no such call was made" >&2; return 1; }
		[ $r = 0 ] || break # fewer calls than that
	done
}
# table: rows of CALL HOW TIMES ONLY EXITS from standard input
table() {
	local call how times only exits
	bridge_start
	map_three
	while read -r call how times only exits <&4; do
		[ -n "$call" ] || continue
		points "$call" "$how" "$times" "$only" "$exits" || return 1
	done 4<&0
	accounted
}
# accounted: each acknowledged event is delivered, each incident has its one ticket
accounted() {
	all_events >"$DIR/all"
	jq -r '.events[] | select(.state == "delivered") | .id' "$DIR/all" | sort >"$DIR/delivered"
	sort -u "$DIR/acked" | comm -23 - "$DIR/delivered" >"$DIR/lost"
	if [ -s "$DIR/lost" ]; then
		echo "acknowledged, not delivered:" >&2
		jq -c --rawfile lost "$DIR/lost" '.events[] | select(.id + "\n" | inside($lost))' "$DIR/all" >&2
		return 1
	fi
	[ "$(ticket_count)" = $((2 * ROUND)) ] || { echo "$(ticket_count) tickets for $((2 * ROUND)) incidents" >&2; return 1; }
	echo "# $ROUND rounds, seed $SEED" >&3
}

# ==== while it runs ====

@test "the queue's disk fails while events come: 503, then all of them once" {
	table <<-END
		write    ENOSPC  1  queue.db  -
		write    EDQUOT  2  queue.db  -
		write    EIO     1  queue.db  -
		write    EROFS   1  queue.db  -
		write    EINTR   3  queue.db  -
		write    short   2  queue.db  -
		sync     EIO     1  queue.db  74
		sync     ENOSPC  1  queue.db  74
		statvfs  EIO     1  queue.db  -
	END
}

@test "accepting clients, waiting and chance fail: no client is lost for good" {
	table <<-END
		accept     EMFILE        3  unix  -
		accept     ENFILE        1  unix  -
		accept     ENOMEM        1  unix  -
		accept     ECONNABORTED  2  unix  -
		accept     EINTR         2  unix  -
		wait       EINTR         3  -     -
		wait       ENOMEM        1  -     70
		watch      ENOMEM        1  unix  134
		watch      ENOMEM        1  inet  134
	END
}

@test "a try that comes again waits for a random time, even if chance is interrupted" {
	bridge_start
	map_three
	fault status GET 'service/tickets/*' '"status":503,"times":2'
	host_fault getrandom EINTR 1 3
	ROUND=1
	all_given -
	settle
	[ "$(host_fault_hits)" = 3 ]
	accounted
}

@test "connections to ConnectWise cannot be made: nothing is lost, nothing doubles" {
	table <<-END
		socket   EMFILE         1  inet  -
		socket   ENFILE         2  inet  -
		socket   ENOBUFS        1  inet  -
		connect  ENETUNREACH    2  inet  -
		connect  EADDRNOTAVAIL  1  inet  -
		connect  EHOSTUNREACH   1  inet  -
		connect  ENETDOWN       1  inet  -
		connect  ECONNREFUSED   1  inet  -
		connect  EPERM          1  inet  -
		connect  EINTR          1  inet  -
		open     EMFILE         2  ca.pem  -
	END
}

@test "connections break while they are used: what is in doubt is looked up, one ticket each" {
	table <<-END
		send  EPIPE       1  inet  -
		send  ENOBUFS     1  inet  -
		send  ECONNRESET  1  inet  -
		send  EINTR       2  inet  -
		send  short       3  inet  -
		recv  ECONNRESET  1  inet  -
		recv  ETIMEDOUT   1  inet  -
		recv  EINTR       2  inet  -
		send  EPIPE       1  unix  -
		send  ENOBUFS     1  unix  -
		send  short       2  unix  -
		recv  ECONNRESET  1  unix  -
		recv  EINTR       1  unix  -
	END
}

# ==== at start ====

# start_under CALL HOW FROM TIMES ONLY ENDS: a start that fails says why and ends with one of these; the
# next one, without the fault, has all that was promised. False with 2: it struck nothing.
start_under() {
	local status=0 hits said
	host_fault "$1" "$2" "$3" "$4" "${5#-}"
	: >"$DIR/bridge.log"
	bridge_run || true
	takes_or_ends || return 1
	hits=$(host_fault_hits)
	host_fault_gone
	takes_or_ends || return 1 # a queue that was lost meanwhile takes none
	if ended; then
		wait "$BRIDGE_PID" || status=$?
		said=$(wc -c <"$DIR/bridge.log")
		BRIDGE_PID=
		[[ " ${6//,/ } " == *" $status "* ]] || { echo "the start ended with $status" >&2; return 1; }
		# with no memory left there is none for a sentence
		[ "$said" -gt 0 ] || [ "$status" = 134 ] || { echo "the start failed without a word" >&2; return 1; }
		bridge_run || return 1
	fi
	await "the daemon to be connected" connected || return 1
	[ "$(state_of r1a-)" = delivered ] || return 1
	bridge_stop || return 1
	[ "$hits" -gt 0 ] || return 2
}
takes_or_ends() {
	START=$((${START:-0} + 1))
	await "it to take an event, or to end" takes_or_ended
}
takes_or_ended() { ended || { give "s$START-" anna1 && grep -qx "s$START-" "$DIR/acked"; }; }
# starts: rows of CALL HOW TIMES ONLY ENDS; a queue with four delivered events is there already
starts() {
	local call how times only ends from r
	bridge_start
	map_three
	ROUND=1
	all_given -
	settle
	bridge_stop
	while read -r call how times only ends <&4; do
		# each socket that is listened to is watched: one of them deaf is another fault than the first
		for from in $(seq "${INJECT_POINTS:-$([ "$call" = watch ] && echo 4 || echo 1)}"); do
			r=0
			start_under "$call" "$how" "$from" "$times" "$only" "$ends" || r=$?
			[ $r != 1 ] || { echo "$call fails with $how at occurrence $from of the start (seed $SEED)" >&2; return 1; }
			[ $r != 2 ] || [ "$from" != 1 ] || { echo "$call $how: no such call was made" >&2; return 1; }
			[ $r = 0 ] || break
		done
	done 4<&0
	bridge_start
	settle
	accounted
}

@test "files that cannot be opened or read at start: a sentence, an exit status that says whether to try again" {
	starts <<-END
		open      EMFILE  1  queue.db     71,74
		open      EACCES  1  queue.db     74
		open      EIO     1  queue.db     74
		open      ENOMEM  1  queue.db     71,74
		read      EIO     1  queue.db     74
		sync      EIO     1  queue.db     74
		write     ENOSPC  1  queue.db     74
		write     EROFS   1  queue.db     74
		open      EMFILE  1  private.key  71
		open      ENFILE  1  private.key  71
		open      EIO     1  private.key  71
		open      ENOMEM  1  private.key  71
		read      EIO     1  private.key  71
		read      EINTR   1  private.key  71
		open      EACCES  1  private.key  78
		open      EMFILE  1  opbridge.conf    71
		open      EIO     1  event-types.conf 71
		open      EACCES  1  opbridge.conf    78
		open      EMFILE  2  ca.pem       -
		socket    EMFILE  1  unix         71
		watch     ENOMEM  1  -            71,134
	END
}

# ==== at stop, at a backup, at a reload ====

@test "faults while it stops: the next start has everything" {
	local row call how from only status
	bridge_start
	map_three
	for row in 'truncate EIO 1 queue.db' 'unlink EIO 1 queue.db' 'sync EIO 1 queue.db' 'sync EIO 2 queue.db' 'write ENOSPC 1 queue.db' \
		'write EIO 2 queue.db' 'read EIO 1 queue.db' 'unlink EROFS 1 sock'; do
		read -r call how from only <<<"$row"
		ROUND=$((ROUND + 1))
		all_given -
		settle
		host_fault "$call" "$how" "$from" 0 "$only"
		kill -TERM "$BRIDGE_PID"
		status=0
		wait "$BRIDGE_PID" || status=$?
		host_fault_gone
		[[ $status == 0 || $status == 74 ]] || { echo "$row: ended with $status" >&2; return 1; }
		bridge_start
	done
	accounted
}

@test "a backup that meets a fault says so; the queue goes on, and the next one is good" {
	local row
	bridge_start
	map_three
	ROUND=1
	all_given -
	settle
	for row in 'open EMFILE 1 1 copy.db' 'open EACCES 1 1 copy.db' 'write ENOSPC 1 1 copy.db' 'write EIO 2 1 copy.db' 'sync EIO 1 1 copy.db'; do
		# shellcheck disable=SC2086 # words of a rule
		host_fault $row
		run opb backup "$DIR/copy.db"
		echo "$row: $status $output"
		[ "$(host_fault_hits)" -gt 0 ]
		host_fault_gone
		[ "$status" -ne 0 ]
		[ -n "$output" ]
		[ ! -e "$DIR/copy.db" ]
		taken
	done
	opb backup "$DIR/copy.db"
	settle
	accounted
}
taken() { ROUND=$((ROUND + 1)) && all_given -; }

@test "a reload that meets a fault says so, and everything stays as it was" {
	local row
	bridge_start
	for row in 'open EMFILE 1 1 opbridge.conf' 'open ENFILE 1 1 private.key' 'read EIO 1 1 private.key' 'open EIO 1 1 event-types.conf'; do
		# shellcheck disable=SC2086 # words of a rule
		host_fault $row
		run opb reload
		echo "$row: $status $output"
		[ "$(host_fault_hits)" -gt 0 ]
		host_fault_gone
		[ "$status" -ne 0 ]
		connected
	done
	opb reload
}

@test "no thread for the resolver: said, and clients are answered" {
	NO_ORACLE=1
	setting connectwise.site '"no-such-host.invalid"'
	write_conf
	host_fault thread EAGAIN 1 0
	bridge_run
	await "the log to say so" logged 'not connected'
	[ "$(host_fault_hits)" -gt 0 ]
	healthy
	event e1
	[ "$(account accepted)" = 1 ]
}

# ==== no memory ====

@test "no memory for one request, anywhere: the daemon may end, nothing acknowledged is lost or doubled" {
	[ -z "${BUILD_SANITIZED:-}" ] || skip "a sanitizer keeps its own memory"
	bridge_start
	map_three
	local i r
	for i in $(seq "${INJECT_POINTS:-8}"); do
		r=0
		round malloc ENOMEM $((RANDOM % 6000 + 1)) 1 - 70,71,74,78,134 || r=$?
		[ $r != 1 ] || { echo "no memory, round $i (seed $SEED)" >&2; return 1; }
	done
	accounted
}

@test "no memory for a while: the daemon ends and comes back" {
	[ -z "${BUILD_SANITIZED:-}" ] || skip "a sanitizer keeps its own memory"
	bridge_start
	map_three
	for i in 1 2 3; do
		round malloc ENOMEM $((RANDOM % 3000 + 1)) 1000 - 70,71,74,78,134
	done
	accounted
}

@test "no memory at start: it ends, and the next start has everything" {
	[ -z "${BUILD_SANITIZED:-}" ] || skip "a sanitizer keeps its own memory"
	local points=${INJECT_POINTS:-}
	INJECT_POINTS=${points:-6} starts <<-END
		malloc ENOMEM 1 - 70,71,74,75,78,134
	END
}

@test "under a limit of its memory (RLIMIT_AS) the daemon ends or refuses, and comes back" {
	[ -z "${BUILD_SANITIZED:-}" ] || skip "a sanitizer needs memory without limit"
	bridge_start
	map_three
	ROUND=1
	all_given -
	now=$(awk '/^VmSize/ { print $2 }' "/proc/$BRIDGE_PID/status")
	prlimit --pid "$BRIDGE_PID" --as=$(((now + 2048) * 1024)):
	seq 100 | jq -c '{id: "big\(.)-", tenant: {domain: "contoso.com"}, type: "Too Many Logins", description: ("x" * 8000), entities: {user: "u\(.)@contoso.com"}}' >"$DIR/big"
	code=$(events_post application/x-ndjson <"$DIR/big" | head -n 1) || true
	[[ $code == 202 || $code == 503 || -z $code || $code == 000 ]]
	if ended; then
		wait "$BRIDGE_PID" || [ $? = 134 ]
		bridge_start
	else
		prlimit --pid "$BRIDGE_PID" --as=unlimited:
	fi
	again() { [ "$(events_post application/x-ndjson <"$DIR/big" | head -n 1)" = 202 ]; }
	await "the events to be taken" again
	settle
	[ "$(account delivered)" = 104 ]
	NO_ORACLE=1 # 100 events, some in one roll-up: covered by the flood scenarios
}
