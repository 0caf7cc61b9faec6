#!/usr/bin/env bash
# kill -9 at random moments while ConnectWise misbehaves, round after round, then the oracle.
# usage: torture.sh [ROUNDS] [SEED]   (BUILD=build). Prints TAP, one line; the seed makes a run repeatable
# as far as the machine's timing allows.
set -uo pipefail
ROUNDS=${1:-200}
SEED=${2:-$(date +%s)}
BATS_TEST_DIRNAME=$(cd "$(dirname "$0")/../scenarios" && pwd)
BATS_TEST_TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/opbridge-torture.XXXXXX")
# shellcheck disable=SC1091
. "$BATS_TEST_DIRNAME/bridge_helper.bash"
RANDOM=$((SEED % 32768))
export WAIT_S=60
users=(anna ben carla dora emil fritz greta hugo ida jan kim lars)
domains=(contoso.com fabrikam.com wingtiptoys.fr unmapped.example)
states=(raised raised raised updated resolved)
faults=(drop_before_commit drop_after_commit reset_after_commit reply_500_after_commit truncated bad_json empty_201 status rate_limit html)
targets=('POST service/tickets' 'POST service/tickets/*/notes' 'GET service/tickets*' 'PATCH service/tickets/*' '* company/*')

fail() {
	echo "not ok 1 - $ROUNDS rounds of kill -9 and faults, seed $SEED: $*"
	tail -n 30 "$DIR/bridge.log" | sed 's/^/# /'
	sed 's/^/# /' "$DIR/oracle.faults" 2>/dev/null
	echo "# kept: $DIR"
	connectwise_stop
	exit 1
}
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
	admin POST /fault "{\"kind\":\"$kind\",\"method\":\"$method\",\"path\":\"$path\",\"times\":$((RANDOM % 3 + 1)),\"retry_after\":\"0\"}" >/dev/null 2>&1 || true
}
# submit a few events beside everything else; what was acknowledged is written down
feed() {
	local i n=$((RANDOM % 6 + 1)) body=
	for ((i = 0; i < n; i++)); do
		next=$((next + 1))
		pick "${domains[@]}"; local domain=$picked
		pick "${users[@]}"; local user=$picked
		pick "${states[@]}"; local state=$picked
		body+="{\"id\":\"ev-$next-\",\"tenant\":{\"domain\":\"$domain\"},\"type\":\"Too Many Logins\",\"state\":\"$state\",\"entities\":{\"user\":\"$user@$domain\"}}"$'\n'
	done
	printf '%s' "$body" | curl -s --max-time 5 --unix-socket "$DIR/events.sock" -H 'Content-Type: application/x-ndjson' \
		--data-binary @- http://x/v1/events 2>/dev/null |
		jq -r '.results[]? | select(.result == "accepted") | .id' >>"$DIR/acked" 2>/dev/null &
	feeders+=($!)
}

# a technician closes or deletes a ticket
technician() {
	local n
	n=$(ticket_count 2>/dev/null) || return 0
	[ "${n:-0}" -gt 0 ] || return 0
	n=$((70001 + RANDOM % n))
	case $((RANDOM % 4)) in
	0) admin DELETE "/tickets/$n" >/dev/null 2>&1 ;;
	*) admin POST "/tickets/$n/close" '{}' >/dev/null 2>&1 ;;
	esac
	return 0
}

# a person unmaps a tenant and maps it again, or turns its flow off and on
person() {
	case $((RANDOM % 3)) in
	0)
		opb unmap contoso.com >/dev/null 2>&1
		opb map contoso.com Contoso >/dev/null 2>&1
		;;
	1)
		opb flow fabrikam.com off >/dev/null 2>&1
		opb flow fabrikam.com on >/dev/null 2>&1
		;;
	2) opb sync --no-wait >/dev/null 2>&1 ;;
	esac
	return 0
}

trap 'bridge_kill 2>/dev/null; connectwise_stop; rm -rf "$BATS_TEST_TMPDIR"' INT TERM
scenario_begin
setting ticket.on_closed '"new"'
setting delivery.doubt_wait '"60ms"'
setting log.level '"info"'
next=0 kills=0
: >"$DIR/acked"
bridge_start || fail "no start"
map_three
for ((round = 1; round <= ROUNDS; round++)); do
	feeders=()
	feed
	[ $((RANDOM % 3)) = 0 ] || arm
	[ $((RANDOM % 2)) = 0 ] && feed
	[ $((RANDOM % 4)) = 0 ] && technician
	[ $((RANDOM % 5)) = 0 ] && person
	sleep "0.$(printf '%03d' $((RANDOM % 160)))" # the random moment
	if [ $((RANDOM % 10)) -lt 7 ]; then
		bridge_kill
		kills=$((kills + 1))
		wait "${feeders[@]}" 2>/dev/null
		bridge_run || fail "round $round: it does not come back"
	else
		wait "${feeders[@]}" 2>/dev/null
	fi
	kill -0 "$BRIDGE_PID" 2>/dev/null || fail "round $round: the daemon has ended by itself"
done
fault_gone
map_three
for d in contoso.com fabrikam.com; do opb flow $d on >/dev/null; done
settle || fail "not settled"
lost=$(sort -u "$DIR/acked" | while read -r id; do
	grep -qF "$id" <(curl -s --unix-socket "$DIR/control.sock" "http://x/v1/events/$id") || echo "$id"
done)
[ -z "$lost" ] || fail "acknowledged and lost: $lost"
oracle || fail "oracle"
acked=$(sort -u "$DIR/acked" | wc -l)
echo "ok 1 - $ROUNDS rounds, $kills kills, $acked acknowledged events, $(ticket_count) tickets: none lost, none doubled (seed $SEED)"
bridge_stop || fail "it does not stop cleanly"
connectwise_stop
rm -rf "$BATS_TEST_TMPDIR"
