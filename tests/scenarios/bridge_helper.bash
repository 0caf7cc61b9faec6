# Words for scenarios: a sandbox ConnectWise, the real daemon, the real command. Each test has its own
# directory; what it starts, it stops; and every test ends with the oracle.
# shellcheck shell=bash disable=SC2034
ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
BIN=$ROOT/${BUILD:-build}
WAIT_S=${WAIT_S:-20}
CONTOSO=11111111-aaaa-4bbb-8ccc-000000000001
FABRIKAM=22222222-aaaa-4bbb-8ccc-000000000002
WINGTIP=33333333-aaaa-4bbb-8ccc-000000000003

# ==== waiting ====

# await WHAT COMMAND...: until it succeeds; a condition, never a sleep of a guessed length
await() {
	local what=$1 end=$((SECONDS + WAIT_S))
	shift
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "waited ${WAIT_S}s in vain for: $what" >&2
			tail -n 15 "$DIR/bridge.log" >&2
			return 1
		fi
		sleep 0.02
	done
}

# ==== the sandbox ====

# connectwise_start [OPTION...]: options of the sandbox, such as --companies 500
connectwise_start() {
	mkdir -p "$DIR/cw"
	"$BIN/sandbox" --dir "$DIR/cw" --log "$DIR/cw/requests.log" "$@" >>"$DIR/cw/out.log" 2>&1 3>&- &
	CW_PID=$!
	await "the sandbox" test -s "$DIR/cw/port"
	PORT=$(cat "$DIR/cw/port")
}
connectwise_stop() {
	[ -z "${CW_PID:-}" ] || { kill "$CW_PID" 2>/dev/null && wait "$CW_PID"; } || true
	CW_PID=
}
# admin METHOD PATH [JSON]
admin() {
	curl -sS --fail-with-body --max-time 20 --unix-socket "$DIR/cw/admin.sock" -X "$1" "http://x$2" ${3:+-d "$3"}
}
# fault KIND METHOD PATH [MORE-JSON-MEMBERS]: for the next such request
fault() {
	admin POST /fault "{\"kind\":\"$1\",\"method\":\"$2\",\"path\":\"$3\"${4:+,$4}}" >/dev/null
}
fault_gone() { admin DELETE /fault >/dev/null; }
fault_struck() { admin GET /fault | jq -en 'input | [(.faults? // .)[] | .hits] | add > 0'; }
# may FUNCTION LEVEL-JSON: change the role, such as  may "Table Setup" '"inquire":"None"'
may() { admin POST /role "{\"function\":\"$1\",$2}" >/dev/null; }
tickets() { admin GET /tickets | jq -c '[(.tickets? // .)[]]'; }
# ticket N FILTER: of the N-th ticket made (from 0)
ticket() { tickets | jq -r ".[$1] | $2"; }
ticket_count() { tickets | jq length; }
# asked METHOD PATH-REGEX: how many such requests came in so far
asked() {
	admin GET '/requests?since=0' | jq --arg m "$1" --arg p "$2" '[(.requests? // .)[] | select(.method == $m and ((.path // "") | test($p)))] | length'
}

# ==== faults of this host ====

# under_host_faults: the daemon is started so that calls of the kernel can be made to fail (tests/faults)
under_host_faults() {
	host_fault_gone
	BRIDGE_UNDER="env LD_PRELOAD=$BIN/faults.so OPBRIDGE_FAULTS=$DIR/faults ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0"
}
# host_fault CALL HOW FROM TIMES [ONLY]: the rule is written while nothing is armed, and counts from 0
host_fault() {
	host_fault_gone
	printf '0%-1022s\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' "$*" 1<>"$DIR/faults"
	printf 1 1<>"$DIR/faults"
}
host_fault_gone() { printf 0 1<>"$DIR/faults"; }
host_fault_hits() { od -An -tu8 -j1032 -N8 "$DIR/faults" | tr -d ' '; }
ended() { ! kill -0 "$BRIDGE_PID" 2>/dev/null; }

# ==== the bridge ====

# setting KEY VALUE: one line of the configuration, such as  setting delivery.slots 1
setting() { printf '%s %s\n' "$1" "$2" >>"$DIR/settings"; }

write_conf() {
	local section
	printf '%s' "SandboxPrivate-7d1f4c09" >"$DIR/private.key"
	chmod 600 "$DIR/private.key"
	{
		# the last value of a key counts
		tac "$DIR/settings" | awk '!seen[$1]++' >"$DIR/settings.now"
		for section in connectwise board ticket sync delivery intake store alarm log; do
			echo "$section = {"
			awk -v s="$section." 'index($1, s) == 1 { k = substr($1, length(s) + 1); $1 = ""; print "\t" k " =" $0 ";" }' "$DIR/settings.now"
			echo "};"
		done
		echo "types_file = \"$ROOT/conf/event-types.conf\";"
	} >"$DIR/opbridge.conf"
}
default_settings() {
	: >"$DIR/settings"
	setting connectwise.site "\"localhost:$PORT\""
	setting connectwise.company '"acme_test"'
	setting connectwise.client_id '"0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0"'
	setting connectwise.public_key '"SandboxPublic01"'
	setting connectwise.private_key_file "\"$DIR/private.key\""
	setting connectwise.ca_file "\"$DIR/cw/ca.pem\""
	setting connectwise.connect_timeout '"3s"'
	setting connectwise.write_timeout '"5s"'
	setting connectwise.read_timeout '"5s"'
	setting connectwise.self_check false # armed faults are for the requests of the test
	setting intake.events_socket "\"$DIR/events.sock\""
	setting intake.control_socket "\"$DIR/control.sock\""
	setting store.database "\"$DIR/queue.db\""
	setting delivery.backoff_base '"20ms"'
	setting delivery.backoff_cap '"200ms"'
	setting delivery.doubt_wait '"100ms"'
	setting delivery.breaker_wait '"50ms"'
	setting delivery.breaker_wait_max '"200ms"'
	setting delivery.per_minute 6000
	setting log.format '"logfmt"'
	setting log.level '"debug"'
}
# bridge_run: start and come back when it answers
bridge_run() {
	write_conf
	# shellcheck disable=SC2086 # BRIDGE_UNDER: a command and its words, such as env NAME=VALUE
	${BRIDGE_UNDER:-} "$BIN/opbridged" -c "$DIR/opbridge.conf" >>"$DIR/bridge.log" 2>&1 3>&- &
	BRIDGE_PID=$!
	await "the daemon to answer" healthy_or_dead
	healthy
}
healthy_or_dead() { healthy || ! kill -0 "$BRIDGE_PID"; }
healthy() { curl -sf -o /dev/null --max-time 2 --unix-socket "$DIR/control.sock" http://x/healthz; }
connected() { opb status --json | jq -en 'input | .connection.state == "ok" and .companies > 0 and .board.read_at != null and (.sync.running | not)'; }
# bridge_start: start and wait until it is connected and knows the companies
bridge_start() {
	bridge_run
	await "the daemon to be connected" connected
}
bridge_stop() {
	[ -n "${BRIDGE_PID:-}" ] || return 0
	kill -TERM "$BRIDGE_PID"
	wait "$BRIDGE_PID"
	local status=$?
	BRIDGE_PID=
	return $status
}
bridge_kill() {
	kill -KILL "$BRIDGE_PID"
	wait "$BRIDGE_PID" 2>/dev/null || true
	BRIDGE_PID=
}
bridge_reload() { write_conf && opb reload; }
opb() {
	OPBRIDGE_CONTROL_SOCKET="$DIR/control.sock" OPBRIDGE_SOCKET="$DIR/events.sock" "$BIN/opbridge" "$@"
}
# events_post CONTENT-TYPE [curl option...]: body from standard input; prints "STATUS BODY"
events_post() {
	local type=$1
	shift
	curl -sS --max-time 20 --unix-socket "$DIR/events.sock" -H "Content-Type: $type" -H 'Expect:' --data-binary @- \
		-w '\n%{http_code}' "$@" http://x/v1/events | awk '{ a[NR] = $0 } END { print a[NR]; for (i = 1; i < NR; i++) print a[i] }'
}
map_three() {
	opb map $CONTOSO Contoso --domain contoso.com --yes >/dev/null
	opb map $FABRIKAM Fabrikam --domain fabrikam.com --yes >/dev/null
	opb map $WINGTIP WingtipFR --domain wingtiptoys.fr --yes >/dev/null
}
# event ID [OPTION...]: submit one; by default a sign-in of anna at Contoso
event() {
	local id=$1
	shift
	opb submit --id "$id" --domain contoso.com --type "Sign-In from Unauthorized Country" \
		--title "Sign-in of anna from Brazil" --entity user=anna@contoso.com --entity country=Brazil \
		--entity ip=203.0.113.9 "$@"
}
# event_of ID FILTER: what the daemon says of it
event_of() { opb event "$1" --json | jq -r ".events[-1] | $2"; }
state_of() { event_of "$1" .state; }
did_of() { event_of "$1" .did; }
account() { opb status --json | jq -r ".account.$1"; }
settled() { opb status --json | jq -en 'input | .account | .queued == 0 and .sending == 0'; }
settle() { await "all events to be delivered" settled; }
logged() { grep -q -- "$1" "$DIR/bridge.log"; }

# all_events: page by page
all_events() {
	local before='' page
	while :; do
		page=$(curl -sS --unix-socket "$DIR/control.sock" "http://x/v1/events?limit=500${before:+&before=$before}")
		jq -c '.events[]' <<<"$page"
		before=$(jq -r '.next_before // empty' <<<"$page")
		[ -n "$before" ] || break
	done | jq -cs '{events: .}'
}

# ==== the oracle ====

# Each delivered event is in exactly one ticket, no incident has two open tickets, no ticket is under
# another tenant's company, the account balances, and no secret is in anything that was written.
oracle() {
	all_events >"$DIR/oracle.events"
	tickets >"$DIR/oracle.tickets" # later: what was delivered by then is in one
	opb tenants --json >"$DIR/oracle.tenants"
	opb status --json | jq -en 'input | .account.balanced' >/dev/null || { echo "oracle: the account does not balance" >&2; return 1; }
	jq -n --slurpfile t "$DIR/oracle.tickets" --slurpfile e "$DIR/oracle.events" --slurpfile n "$DIR/oracle.tenants" '
		def texts: [.initialDescription // ""] + [.notes[]?.text // ""];
		$t[0] as $tickets | $e[0].events as $events | $n[0].tenants as $tenants |
		[ $tickets[] | select(.externalXRef != null and (.closed | not) and (.deleted | not) and (.mergedInto // 0) == 0)
		  | .externalXRef | split(":")[1] ] as $open |
		[ $events[] | select(.state == "delivered") | . as $ev
		  | [ $tickets[] | select(any(texts[]; test("(^|[^0-9A-Za-z])" + $ev.id + "([^0-9A-Za-z]|$)"))) ] as $all
		  | [ $all[] | select(.deleted | not) ] as $live # one that was deleted meanwhile is made good by another
		  | [ (if ($live | length) > 0 then $live else $all[:1] end)[] | .id ] as $in
		  | select(($in | length) != 1) | "event \($ev.id) is in tickets \($in)" ] +
		[ $open | group_by(.)[] | select(length > 1) | "incident \(.[0]) has \(length) open tickets" ] +
		[ $events[] | select(.state == "delivered") | . as $ev | $tickets[] | select(.id == $ev.ticket)
		  | select($ev.company != null and .company.id != $ev.company.id)
		  | "ticket \(.id) of \($ev.tenant.domain) is under company \(.company.name)" ]
		| .[]' -r >"$DIR/oracle.faults" || return 1
	if [ -s "$DIR/oracle.faults" ]; then
		sed 's/^/oracle: /' "$DIR/oracle.faults" >&2
		return 1
	fi
	no_secret
}
no_secret() {
	! grep -rlaF "SandboxPrivate-7d1f4c09" "$DIR/bridge.log" "$DIR"/queue.db* "$DIR/cw/requests.log" >&2 || {
		echo "oracle: the private key was written to the files above" >&2
		return 1
	}
}

# ==== a test's beginning and end ====

scenario_begin() {
	DIR=$(mktemp -d "$BATS_TEST_TMPDIR/s.XXXXXX")
	: >"$DIR/bridge.log"
	CW_PID='' BRIDGE_PID=''
	connectwise_start "$@"
	default_settings
}
# shellcheck disable=SC2317
scenario_end() {
	local status=0
	if [ -n "${BRIDGE_PID:-}" ] && kill -0 "$BRIDGE_PID" 2>/dev/null; then
		[ -n "${NO_ORACLE:-}" ] || [ -z "${BATS_TEST_COMPLETED:-}" ] || oracle || status=1
		bridge_stop || status=1
	fi
	connectwise_stop
	if grep -qE 'ERROR: (Address|Leak)Sanitizer|runtime error:' "$DIR/bridge.log" "$DIR/cw/out.log"; then
		grep -E -A 30 'Sanitizer|runtime error:' "$DIR/bridge.log" "$DIR/cw/out.log" >&2
		status=1
	fi
	[ -n "${BATS_TEST_COMPLETED:-}" ] || { echo "--- log ---"; tail -n 40 "$DIR/bridge.log"; } >&2
	return $status
}
setup() { scenario_begin; }
teardown() { scenario_end; }
