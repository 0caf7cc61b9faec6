# Who changed what: every change by a person is on record, in the transaction of the change.
load bridge_helper
bats_require_minimum_version 1.5.0

me() { id -un; }
# change N FILTER: of the N-th newest change
change() { opb audit --json | jq -r ".audit[$1] | $2"; }
changes() { opb audit --json --limit 500 "$@" | jq '.audit | length'; }

@test "a mapping is on record: who, from which company to which, and how many events it released" {
	bridge_start
	event e1
	opb map contoso.com Contoso
	opb map contoso.com Fabrikam
	[ "$(change 0 '[.action, .how, .user, .from.name, .to.name, .released] | join("|")')" = "map|command|$(me)|Contoso Ltd|Fabrikam Inc.|0" ]
	[ "$(change 1 '[.action, .from, .to.id, .released, .tenant.label] | join("|")')" = "map||101|1|contoso.com" ]
	[ "$(change 1 .uid)" = "$(id -u)" ]
	[ "$(opb tenants --json | jq -r '.tenants[0].mapped_by')" = "$(me) (uid $(id -u))" ]
	NO_ORACLE=1 # its first ticket rightly stands under the company of then
}

@test "unmap, flow and what changes nothing" {
	bridge_start
	event e1
	opb map contoso.com Contoso
	opb flow contoso.com on # as it is
	opb flow contoso.com off
	event e2
	opb flow contoso.com on
	opb unmap contoso.com
	opb unmap contoso.com # as it is
	[ "$(opb audit contoso.com --json | jq -r '[.audit[].action] | join(" ")')" = "unmap flow_on flow_off map" ]
	[ "$(change 0 '[.from.id, .to] | join("|")')" = "101|" ]
}

@test "retry, sync, backup and reload are on record; what was refused is not" {
	bridge_start
	opb sync --full
	opb backup "$DIR/copy.db"
	opb reload
	run ! opb retry nothing
	run ! opb map contoso.com Nobody
	[ "$(opb audit --json | jq -r '[.audit[] | .action + ":" + .detail] | join(" ")')" = "reload:nothing backup:$DIR/copy.db sync:full" ]
	kill -HUP "$BRIDGE_PID"
	await "the signal's reload to be on record" signal_seen
}
signal_seen() { [ "$(change 0 '[.action, .how, .uid] | join("|")')" = "reload|signal|" ]; }

@test "the trail survives a kill, and fits 80 columns" {
	bridge_start
	opb map contoso.com Contoso --name "A tenant with quite a long name, for which there is no room"
	bridge_kill
	bridge_start
	[ "$(opb audit | wc -l)" -ge 2 ]
	run env OPBRIDGE_CONTROL_SOCKET="$DIR/control.sock" TERM=xterm script -qec "stty cols 80; $BIN/opbridge audit" /dev/null </dev/null
	[[ $output == *"Contoso Ltd (101)"* ]]
	[ "$(tr -d '\r' <<<"$output" | sed 's/\x1b\[[0-9;]*m//g' | wc -L)" -le 80 ]
}

@test "beyond store.audit_max the oldest changes go, and the command says so" {
	setting store.audit_max 100
	bridge_start
	event e1
	for i in {1..51}; do
		for on in false true; do
			printf 'unix-socket="%s"\nurl="http://x/v1/tenants/contoso.com/flow"\noutput="/dev/null"\nfail\n' "$DIR/control.sock"
			printf 'request="PUT"\ndata="{\\"on\\":%s}"\nnext\n' $on
		done
	done | sed '$d' | curl -sS -K -
	[ "$(changes)" = 100 ]
	[ "$(opb audit --json | jq .dropped)" = 2 ]
	run opb audit --before 4
	[[ $output == *"2 older ones are no longer kept"* ]]
}

@test "the trail is read page by page, and only by who may use the control socket" {
	bridge_start
	map_three
	[ "$(opb audit --json --limit 2 | jq '.audit | length')" = 2 ]
	local before
	before=$(opb audit --json --limit 2 | jq .next_before)
	[ "$(opb audit --json --limit 500 --before "$before" | jq '.next_before')" = null ]
	run opb audit nobody.example
	[ "$status" = 66 ]
	run curl -s -o /dev/null -w '%{http_code}' --unix-socket "$DIR/events.sock" http://x/v1/audit
	[ "$output" = 403 ]
}

@test "root's changes say for whom, as sudo tells it; only plain names are taken" {
	bridge_start
	opb map contoso.com Contoso
	if [ "$(id -u)" = 0 ] && [ "$(cat /proc/self/loginuid)" = 4294967295 ]; then
		SUDO_USER=alice opb map contoso.com Fabrikam
		[ "$(change 0 .for)" = alice ]
		opb audit | grep -q "root for alice"
		[ "$(opb tenants --json | jq -r '.tenants[0].mapped_by')" = "root (uid 0) for alice" ]
	fi
	curl -s -X PUT -d '{"on":false}' --unix-socket "$DIR/control.sock" 'http://x/v1/tenants/contoso.com/flow?for=bob'
	[ "$(change 0 '.action + " " + .for')" = "flow_off bob" ]
	curl -s -X PUT -d '{"on":true}' --unix-socket "$DIR/control.sock" 'http://x/v1/tenants/contoso.com/flow?for=a%1Bb%20c'
	[ "$(change 0 '[.action, .for] | join("|")')" = "flow_on|" ]
}
