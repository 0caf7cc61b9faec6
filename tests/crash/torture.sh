#!/usr/bin/env bash
# kill -9 at random moments while ConnectWise misbehaves, round after round, then the oracle.
# usage: torture.sh [ROUNDS] [SEED]   (BUILD=build). Prints TAP, one line.
# The seed decides the whole schedule: which events, faults, people's acts, moments and kills come in which
# round. What the daemon has done by then is up to the machine's timing. The result names the digest of the
# schedule; PLAN_ONLY=1 writes the schedule instead of running it.
set -uo pipefail
ROUNDS=${1:-200}
SEED=${2:-$(date +%s)}
BATS_TEST_DIRNAME=$(cd "$(dirname "$0")/../scenarios" && pwd)
BATS_TEST_TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/opbridge-torture.XXXXXX")
# shellcheck disable=SC1091
. "$BATS_TEST_DIRNAME/bridge_helper.bash"
RANDOM=$SEED
export WAIT_S=60
users=(anna ben carla dora emil fritz greta hugo ida jan kim lars)
domains=(contoso.com fabrikam.com wingtiptoys.fr unmapped.example)
states=(raised raised raised updated resolved)
faults=(drop_before_commit drop_after_commit reset_after_commit reply_500_after_commit truncated bad_json empty_201 status rate_limit html)
targets=('POST service/tickets' 'POST service/tickets/*/notes' 'GET service/tickets*' 'PATCH service/tickets/*' '* company/*')

# of this host: CALL HOW TIMES [ONLY]
hosts=('write ENOSPC 1 queue.db' 'write EIO 1 queue.db' 'write short 2 queue.db' 'sync EIO 1 queue.db' 'statvfs EIO 1'
	'connect ENETUNREACH 2 inet' 'socket EMFILE 1 inet' 'send EPIPE 1 inet' 'recv ECONNRESET 1 inet'
	'recv ECONNRESET 1 unix' 'send EPIPE 1 unix' 'accept EMFILE 2 unix' 'malloc ENOMEM 1' 'wait EINTR 3')

fail() {
	echo "not ok 1 - $ROUNDS rounds of kill -9 and faults, seed $SEED: $*"
	echo "# again: BUILD=${BUILD:-build} tests/crash/torture.sh $ROUNDS $SEED (schedule $(plan_digest))"
	tail -n 30 "$DIR/bridge.log" | sed 's/^/# /'
	sed 's/^/# /' "$DIR/oracle.faults" 2>/dev/null
	echo "# kept: $DIR"
	connectwise_stop
	exit 1
}
# plan WORDS: one act of the schedule, noted before it is done; true when it is to be done
plan() {
	echo "$round $*" >>"$BATS_TEST_TMPDIR/schedule"
	[ -z "${PLAN_ONLY:-}" ]
}
plan_digest() { sha256sum "$BATS_TEST_TMPDIR/schedule" | cut -c 1-12; }
pick() { # pick ARRAY-ELEMENTS...: into $picked; not in a subshell, which would repeat its dice
	picked=${*:$((RANDOM % $# + 1)):1}
}
arm() {
	local kind method path target
	pick "${faults[@]}"
	kind=$picked
	pick "${targets[@]}"
	target=$picked
	read -r method path <<<"$target"
	local times=$((RANDOM % 3 + 1))
	plan fault "$kind" "$target" "$times" || return 0
	admin POST /fault "{\"kind\":\"$kind\",\"method\":\"$method\",\"path\":\"$path\",\"times\":$times,\"retry_after\":\"0\"}" >/dev/null 2>&1 || true
}
# one call of the kernel fails, at a random occurrence from now on
host() {
	local call how times only from
	pick "${hosts[@]}"
	read -r call how times only <<<"$picked"
	from=$((RANDOM % 12 + 1))
	[ "$call" != malloc ] || from=$((from * 150))
	plan host "$call" "$how" "$from" "$times" "$only" || return 0
	host_fault "$call" "$how" "$from" "$times" "$only"
	hurt=1 armed=1
}
# a daemon that such a fault has ended, at once or a few tries later, is started again, as systemd does
revive() {
	local status=0
	ended || return 0
	wait "$BRIDGE_PID" || status=$?
	[[ -n $hurt && $status =~ ^(70|71|74|134)$ ]] || fail "round $round: the daemon has ended by itself ($status)"
	ends=$((ends + 1))
	host_fault_gone
	bridge_run || fail "round $round: it does not come back"
	hurt=
}
# submit a few events beside everything else; what was acknowledged is written down
feed() {
	local i n=$((RANDOM % 6 + 1)) body='' said=''
	for ((i = 0; i < n; i++)); do
		next=$((next + 1))
		pick "${domains[@]}"; local domain=$picked
		pick "${users[@]}"; local user=$picked
		pick "${states[@]}"; local state=$picked
		said+=" $next/$domain/$user/$state"
		body+="{\"id\":\"ev-$next-\",\"tenant\":{\"domain\":\"$domain\"},\"type\":\"Too Many Logins\",\"state\":\"$state\",\"entities\":{\"user\":\"$user@$domain\"}}"$'\n'
	done
	plan "events$said" || return 0
	printf '%s' "$body" | curl -s --max-time 5 --unix-socket "$DIR/events.sock" -H 'Content-Type: application/x-ndjson' \
		--data-binary @- http://x/v1/events 2>/dev/null |
		jq -r '.results[]? | select(.result == "accepted") | .id' >>"$DIR/acked" 2>/dev/null &
	feeders+=($!)
}

# a technician closes or deletes a ticket
technician() {
	local n which=$((RANDOM % 1000)) act=$((RANDOM % 4)) # of a thousand tickets; fewer are scaled
	plan technician "$which" "$act" || return 0
	n=$(ticket_count 2>/dev/null) || return 0
	[ "${n:-0}" -gt 0 ] || return 0
	n=$((70001 + which * n / 1000))
	case $act in
	0) admin DELETE "/tickets/$n" >/dev/null 2>&1 ;;
	*) admin POST "/tickets/$n/close" '{}' >/dev/null 2>&1 ;;
	esac
	return 0
}

# a person unmaps a tenant and maps it again, or turns its flow off and on
person() {
	local act=$((RANDOM % 3))
	plan person "$act" || return 0
	case $act in
	0)
		opb unmap contoso.com >/dev/null 2>&1
		opb map --yes contoso.com Contoso >/dev/null 2>&1
		;;
	1)
		opb flow fabrikam.com off >/dev/null 2>&1
		opb flow fabrikam.com on >/dev/null 2>&1
		;;
	2) opb sync --no-wait >/dev/null 2>&1 ;;
	esac
	return 0
}

next=0 kills=0 ends=0 strikes=0 round=0 hurt=''
: >"$BATS_TEST_TMPDIR/schedule"
# one_round: its acts, then a random moment, then perhaps the kill
one_round() {
	local moment dies=''
	feeders=() armed=
	feed
	[ $((RANDOM % 3)) = 0 ] || arm
	[ $((RANDOM % 2)) = 0 ] && feed
	[ $((RANDOM % 4)) = 0 ] && technician
	[ $((RANDOM % 5)) = 0 ] && person
	[ $((RANDOM % 2)) = 0 ] && host
	printf -v moment '0.%03d' $((RANDOM % 160))
	[ $((RANDOM % 10)) -lt 6 ] && dies=1
	plan "${dies:+kill }at" "$moment" || return 0
	sleep "$moment"
	[ -z "$dies" ] || bridge_kill
	wait "${feeders[@]}" 2>/dev/null
	[ -z "$armed" ] || strikes=$((strikes + ($(host_fault_hits) > 0)))
	host_fault_gone
	[ -n "$dies" ] || { revive; return; }
	kills=$((kills + 1))
	bridge_run || fail "round $round: it does not come back"
	hurt=
}
if [ -n "${PLAN_ONLY:-}" ]; then
	for ((round = 1; round <= ROUNDS; round++)); do one_round; done
	cat "$BATS_TEST_TMPDIR/schedule"
	echo "# schedule $(plan_digest)"
	rm -rf "$BATS_TEST_TMPDIR"
	exit
fi
trap 'bridge_kill 2>/dev/null; connectwise_stop; rm -rf "$BATS_TEST_TMPDIR"' INT TERM
scenario_begin
under_host_faults
setting ticket.on_closed '"new"'
setting delivery.doubt_wait '"60ms"'
setting log.level '"info"'
: >"$DIR/acked"
bridge_start || fail "no start"
map_three
for ((round = 1; round <= ROUNDS; round++)); do
	one_round
done
fault_gone
still_ends() { revive && opb sync; } # a queue that is lost to the daemon ends it within a few tries
[ -z "$hurt" ] || await "the daemon to be well" still_ends || fail "it is not well"
map_three
for d in contoso.com fabrikam.com; do opb flow $d on >/dev/null; done
settle || fail "not settled"
lost=$(sort -u "$DIR/acked" | while read -r id; do
	grep -qF "$id" <(curl -s --unix-socket "$DIR/control.sock" "http://x/v1/events/$id") || echo "$id"
done)
[ -z "$lost" ] || fail "acknowledged and lost: $lost"
oracle || fail "oracle"
acked=$(sort -u "$DIR/acked" | wc -l)
echo "ok 1 - $ROUNDS rounds, $kills kills, $strikes faults of the host ($ends ends), $acked acknowledged events, $(ticket_count) tickets: none lost, none doubled (seed $SEED, schedule $(plan_digest))"
bridge_stop || fail "it does not stop cleanly"
connectwise_stop
rm -rf "$BATS_TEST_TMPDIR"
