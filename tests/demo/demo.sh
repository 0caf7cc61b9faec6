#!/usr/bin/env bash
# The whole bridge in one minute: a ConnectWise look-alike, the daemon, a dozen events, the tickets.
# Everything happens in a temporary directory and on 127.0.0.1. KEEP=1: leave both running.
set -euo pipefail
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
KEEP=${KEEP:-0}
bin=$PWD/$BUILD
dir=$(mktemp -d "${TMPDIR:-/tmp}/opbridge-demo.XXXXXX")
sandbox_pid='' daemon_pid='' began=$(date +%s)

stop() {
	for pid in $daemon_pid $sandbox_pid; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	rm -rf "$dir"
}
failed() {
	echo "demo: $1" >&2
	[ -f "$dir/opbridged.log" ] && tail -n 20 "$dir/opbridged.log" >&2
	exit 1
}
trap stop EXIT
trap 'exit 1' INT TERM

say() {
	if [ -t 1 ]; then printf '\n\033[1m== %s\033[0m\n' "$*"; else printf '\n== %s\n' "$*"; fi
}
await() { # await WHAT COMMAND...: until the command succeeds, 30 s at most
	local what=$1 end=$((SECONDS + 30))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || failed "waited 30 s in vain for $what"
		sleep 0.05
	done
}
admin() { # admin METHOD PATH
	curl -sS --fail --unix-socket "$dir/sandbox/admin.sock" -X "$1" "http://sandbox$2"
}
opb() {
	OPBRIDGE_CONTROL_SOCKET="$dir/control.sock" OPBRIDGE_SOCKET="$dir/events.sock" "$bin/opbridge" "$@"
}
settled() { # nothing is queued or under way any more
	opb status --json | jq -en 'input | .account | .queued == 0 and .sending == 0'
}
dated() { # "@-42min" becomes that time, so that the demo never grows old
	local text at
	text=$(cat "$1")
	while [[ $text =~ @-([0-9]+)min ]]; do
		at=$(date -u -d "@$((began - 60 * BASH_REMATCH[1]))" +%Y-%m-%dT%H:%M:%SZ)
		text=${text/"@-${BASH_REMATCH[1]}min"/$at}
	done
	printf '%s\n' "$text"
}

say "A sandbox ConnectWise (HTTPS with its own test CA), 250 companies"
mkdir -m 700 "$dir/sandbox"
"$bin/sandbox" --dir "$dir/sandbox" --cloud --companies 250 --log "$dir/sandbox/requests.log" >"$dir/sandbox/errors.log" 2>&1 </dev/null &
sandbox_pid=$!
await "the sandbox" test -s "$dir/sandbox/port"
port=$(cat "$dir/sandbox/port")
echo "https://localhost:$port, company id $(jq -r .company "$dir/sandbox/keys.json")"

say "opbridged, with its queue in $dir"
jq -j .private_key "$dir/sandbox/keys.json" | (umask 077 && cat >"$dir/private.key")
cat >"$dir/opbridge.conf" <<CONF
connectwise = {
	site = "localhost:$port";
	company = "$(jq -r .company "$dir/sandbox/keys.json")";
	client_id = "$(jq -r .client_id "$dir/sandbox/keys.json")";
	public_key = "$(jq -r .public_key "$dir/sandbox/keys.json")";
	private_key_file = "$dir/private.key";
	ca_file = "$dir/sandbox/ca.pem";
};
intake = { events_socket = "$dir/events.sock"; control_socket = "$dir/control.sock"; };
store = { database = "$dir/queue.db"; };
log = { format = "logfmt"; };
types_file = "$PWD/conf/event-types.conf";
CONF
"$bin/opbridged" -t -c "$dir/opbridge.conf" || failed "the configuration is not good"
"$bin/opbridged" -c "$dir/opbridge.conf" >"$dir/opbridged.log" 2>&1 </dev/null &
daemon_pid=$!
await "the daemon" opb status
await "the first company sync" sh -c "OPBRIDGE_CONTROL_SOCKET=$dir/control.sock $bin/opbridge status --json | jq -en 'input | .companies > 0 and (.sync.running | not) and .board.board != null'"
opb check

say "Three tenants mapped to their companies"
opb map 11111111-aaaa-4bbb-8ccc-000000000001 Contoso --domain contoso.com --name Contoso
opb map 22222222-aaaa-4bbb-8ccc-000000000002 Fabrikam --domain fabrikam.com --name Fabrikam
opb map 33333333-aaaa-4bbb-8ccc-000000000003 WingtipFR --domain wingtiptoys.fr --name "Wingtip Toys"

say "Nine events of nine types, then one of them again, one update, one resolved"
dated tests/demo/events.json | opb submit
await "delivery" settled
dated tests/demo/later.ndjson | opb submit
await "delivery" settled

say "What became of each event"
{
	printf 'EVENT\tTENANT\tCOMPANY\tTICKET\tBOARD\tSTATUS\tDONE\n'
	opb events --json | jq -r '.events | reverse[] | [.id + (if .event_state == "raised" then "" else " (\(.event_state))" end),
		.tenant.domain, .company.name // "-", .ticket // "-", .board // "-", .status // "-", .did // .state] | @tsv'
} | column -t -s$'\t'
say "The same, as the command shows it"
opb events
say "The tenants"
opb tenants
say "The tickets as ConnectWise holds them"
admin GET /tickets | jq -r '
	(if type == "array" then . else .tickets end)[]
	| "#\(.id)  \(.company.name)  |  \(.board.name) / \(.status.name)\n    \(.summary)\n"
	+ (.initialDescription as $first | ([$first // empty] + [.notes[]?.text | select(. != $first)]) | map(split("\n") | map("      " + .) | join("\n")) | join("\n    -- note --\n")) + "\n"'
say "The state of the bridge"
opb status
say "The log of what happened"
grep -E 'msg="?event ' "$dir/opbridged.log" || true

tickets=$(admin GET /tickets | jq '(if type == "array" then . else .tickets end) | length')
[ "$tickets" = 8 ] || failed "expected 8 tickets, ConnectWise holds $tickets"
opb status --json | jq -en 'input | .account | .balanced and .accepted == 11 and .held == 1 and .delivered == 10' >/dev/null ||
	failed "the account is not as expected"

if [ "$KEEP" = 1 ]; then
	trap - EXIT
	say "Both keep running"
	cat <<TEXT
Play with them:
  export OPBRIDGE_CONTROL_SOCKET=$dir/control.sock OPBRIDGE_SOCKET=$dir/events.sock PATH=$bin:\$PATH
  opbridge map newcustomer.example Litware     # releases the held event
  opbridge submit --id my-1 --domain contoso.com --type "Too Many Logins" --entity user=me@contoso.com
  opbridge events; opbridge event my-1; opbridge status
  tail -f $dir/opbridged.log                   # what the daemon says
  curl -s --unix-socket $dir/sandbox/admin.sock http://x/tickets | jq .   # as ConnectWise holds them
Faults to try, in tests/sandbox/README.md, for example a lost reply:
  curl --unix-socket $dir/sandbox/admin.sock http://x/fault -d '{"kind":"drop_after_commit","method":"POST"}'
Stop them and clean up:
  kill $daemon_pid $sandbox_pid; rm -rf $dir
TEXT
else
	say "Done: $tickets tickets, each event accounted for; nothing is left behind"
fi
