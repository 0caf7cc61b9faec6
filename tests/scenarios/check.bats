# shellcheck shell=bash disable=SC2030,SC2031,SC2154,SC2314
# The ladder: what each missing permission, wrong setting and broken way looks like to the user.
load bridge_helper

# alone [OPTION...]: opbridged --check with the settings of now
alone() {
	write_conf
	run timeout 60 "$BIN/opbridged" -c "$DIR/opbridge.conf" --check "$@"
}
# step NAME FILTER: of the last --json run
step() { jq -r --arg n "$1" "select(.name == \$n) | $2" <<<"$output"; }
last() { tail -n 1 <<<"$output" | jq -r "$1"; }

@test "before the first start the ladder is climbed without a queue, and nothing is created" {
	alone
	[ "$status" = 0 ]
	for name in DNS TCP TLS "company id" codebase clientId keys clock "read companies" "security role" "read tickets" \
		"add tickets" "edit tickets" "structure level" "default board" "ticket statuses" "creation status" disk; do
		grep -q "^ok   $name: " <<<"$output"
	done
	[ ! -e "$DIR/queue.db" ]
	[ "$(ticket_count)" = 0 ]
}

@test "it also runs beside the service that uses the same queue" {
	bridge_start
	alone
	[ "$status" = 0 ]
	healthy
}

@test "each permission missing in turn: the sentence, the row and the level" {
	while IFS='|' read -r function level step state row; do
		may "$function" "\"$level\":\"None\""
		alone --json
		[ "$(step "$step" .state)" = "$state" ]
		[[ $(step "$step" .remedy) == *"System > Security Roles"*"$row"* ]]
		if [ "$state" = failed ]; then [ "$status" = 78 ]; else [ "$status" = 0 ]; fi
		last '.permissions[] | select(.state == "missing") | "\(.module) > \(.function): set \(.level) to All"' >"$DIR/missing"
		grep -qxF "$row" "$DIR/missing"
		may "$function" "\"$level\":\"All\""
	done <<-'TABLE'
		Company Maintenance|inquire|read companies|failed|Companies > Company Maintenance: set Inquire to All
		Service Tickets|add|add tickets|failed|Service Desk > Service Tickets: set Add to All
		Service Tickets|edit|edit tickets|failed|Service Desk > Service Tickets: set Edit to All
		Service Tickets|inquire|read tickets|failed|Service Desk > Service Tickets: set Inquire to All
		Table Setup|inquire|ticket statuses|warning|System > Table Setup: set Inquire to All
	TABLE
	alone
	[ "$status" = 0 ]
}

@test "without the right to ask who we are only the default board's name is lost" {
	admin POST /config '{"my_members_open":false}' >/dev/null
	may "Member Maintenance" '"inquire":"None"'
	alone
	[ "$status" = 0 ]
	[[ $output == *"warn default board"*"Member Maintenance: set Inquire to All"* ]]
}

@test "closing is looked up in the role when a policy closes tickets" {
	alone
	[[ $output == *"-    close tickets: no policy"* ]]
	setting ticket.on_resolved '"close"'
	alone
	[ "$status" = 0 ]
	[[ $output == *"warn close tickets"*"Close Service Tickets: set Edit to All"* ]]
	may "Close Service Tickets" '"edit":"All"'
	alone
	[[ $output == *"ok   close tickets"* ]]
	admin POST /config '{"my_security_open":false}' >/dev/null
	alone
	[[ $output == *"-    security role"*"-    close tickets: it cannot be tried"* ]]
}

@test "the level My and a structure level below the top shorten lists, and are warned of" {
	may "Company Maintenance" '"inquire":"My"'
	admin POST /config '{"structure_level":"Branch (Level 2)"}' >/dev/null
	alone
	[ "$status" = 0 ]
	[[ $output == *"warn read companies"*"level My"*"Company Maintenance: set Inquire to All"* ]]
	[[ $output == *"warn structure level: Branch (Level 2)"*"Corporate (Level 1)"* ]]
}

@test "a broken way is told by its stage" {
	setting connectwise.site '"nowhere.invalid"'
	alone
	[ "$status" = 69 ]
	[[ $output == *"FAIL DNS"*"-    TCP"*"-    TLS"* ]]
	setting connectwise.site '"localhost:1"'
	alone
	[ "$status" = 69 ]
	[[ $output == *"ok   DNS"*"FAIL TCP"*"-    TLS"* ]]
	setting connectwise.site "\"localhost:$PORT\""
	setting connectwise.ca_file '"/etc/ssl/certs/ca-certificates.crt"'
	alone
	[ "$status" = 69 ]
	[[ $output == *"ok   TCP"*"FAIL TLS"*"not trusted"* ]]
}

@test "company id, clientId and keys are told apart" {
	setting connectwise.company '"nobody"'
	alone
	[ "$status" = 78 ]
	[[ $output == *"FAIL company id"*"-    keys"* ]]
	setting connectwise.company '"acme_test"'
	admin POST /config '{"restrict_client_id":"99999999-0000-4000-8000-000000000000"}' >/dev/null
	alone
	[ "$status" = 78 ]
	[[ $output == *"FAIL clientId"*"developer.connectwise.com"*"-    keys"* ]]
	admin POST /config '{"restrict_client_id":null}' >/dev/null
	setting connectwise.public_key '"Wrong"'
	alone
	[ "$status" = 78 ]
	[[ $output == *"FAIL keys: ConnectWise refused the keys"* ]]
}

@test "boards and statuses to choose from come with the JSON" {
	alone --json
	[ "$status" = 0 ]
	[ "$(last '.board.name')" = "Security Alerts" ]
	[ "$(last '[.boards[] | select(.default)] | length')" = 1 ]
	[ "$(last '[.statuses[] | select(.default)][0].name')" = New ]
	setting board.board '"Help Desk"'
	alone --json
	[ "$(last '.board.name')" = "Help Desk" ]
}

@test "the emergency contact is a rung of its own" {
	alone
	[ "$status" = 0 ]
	[[ $output == *"-    emergency contact: nobody is told"*"alarm.mail_to"* ]]
	setting alarm.mail_to '"ops@example.org"'
	setting alarm.smtp '"smtp://mail.example.org"'
	alone
	[ "$status" = 0 ]
	[[ $output == *"ok   emergency contact: ops@example.org"* ]]
}

@test "a board or a status that does not exist is named with the valid ones" {
	setting board.board '"Nope"'
	alone
	[ "$status" = 78 ]
	[[ $output == *'FAIL board: board.board = "Nope"'* ]]
	setting board.board '""'
	setting board.status '"Nope"'
	alone
	[ "$status" = 78 ]
	[[ $output == *'FAIL creation status'*'valid ones: "New"'* ]]
}

@test "the private key is never printed" {
	alone --json
	[[ $output != *SandboxPrivate* ]]
	alone
	[[ $output != *SandboxPrivate* ]]
}

@test "--json needs --check" {
	run "$BIN/opbridged" --json
	[ "$status" = 64 ]
}

@test "the daemon climbs by itself once connected, and says what is not well" {
	setting connectwise.self_check true
	may "Service Tickets" '"edit":"None"'
	bridge_start
	await "the check's end" logged 'msg="check done".*ok=no by=itself'
	logged 'msg="check: not well" step="edit tickets".*set Edit to All'
	if logged 'check: not well" step="add tickets"'; then false; fi
	[ "$(ticket_count)" = 0 ]
}

@test "after a refusal it climbs again, and says what changed and when it is well again" {
	setting connectwise.self_check true
	bridge_start
	map_three
	await "the first check" logged 'msg="check done".*ok=yes'
	may "Service Tickets" '"add":"None"'
	run opb check
	[ "$status" = 78 ]
	logged 'msg="check: not well" step="add tickets".*was=ok'
	may "Service Tickets" '"add":"All"'
	opb check
	logged 'msg="check: well again" step="add tickets".*was=failed'
}

@test "a check while the queue cannot be written says so at once" {
	bridge_start
	prlimit --pid "$BRIDGE_PID" --fsize=4096:
	printf '{"id":"e1","tenant":{"domain":"x.example"},"type":"T"}' | events_post application/json >"$DIR/answer"
	run timeout 20 "$BIN/opbridge" --socket "$DIR/control.sock" check
	[ "$status" != 0 ]
	[[ $output == *"✗ disk"* ]]
	prlimit --pid "$BRIDGE_PID" --fsize=unlimited:
	await "the queue to be written again" logged 'queue can be written again'
	NO_ORACLE=1
}

@test "after a check every permission that can be tried is known to status and metrics" {
	bridge_start
	opb check
	[ "$(opb status --json | jq -r '[.permissions[] | select(.state != "ok") | "\(.function) \(.state)"] | join(",")')" = "Close Service Tickets unknown" ]
	setting ticket.on_resolved '"close"'
	bridge_reload
	opb check
	[ "$(opb status --json | jq -r '[.permissions[] | select(.state != "ok") | "\(.function) \(.state)"] | join(",")')" = "Close Service Tickets missing" ]
}
