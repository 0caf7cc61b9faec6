# Finding ConnectWise, proving the keys, and what each failure is called.
load bridge_helper

says() { await "the log to say: $1" logged "$1"; }
# shellcheck disable=SC2034
failing() { NO_ORACLE=1; }

@test "the site is found however people type it" {
	for typed in "localhost:$PORT" "https://localhost:$PORT" "HTTPS://LocalHost:$PORT/" "https://localhost:$PORT/v4_6_release/"; do
		setting connectwise.site "\"$typed\""
		bridge_start
		bridge_stop
	done
}

@test "the versioned codebase of the cloud is found and used" {
	connectwise_stop
	rm -f "$DIR/cw/port"
	connectwise_start --cloud --iscloud-string
	setting connectwise.site "\"localhost:$PORT\""
	bridge_start
	opb status --json | jq -r .connection.api | grep v2025_1/apis/3.0/
}

@test "after an upgrade of ConnectWise the new codebase is found, and no event suffers" {
	connectwise_stop
	rm -f "$DIR/cw/port"
	connectwise_start --cloud
	setting connectwise.site "\"localhost:$PORT\""
	bridge_start
	map_three
	admin POST /config '{"codebase":"v2026_1/"}'
	event e1
	settle
	[ "$(ticket_count)" = 1 ]
	logged v2026_1
}

@test "a pinned base address asks nobody for the codebase" {
	setting connectwise.base_url "\"https://localhost:$PORT/v4_6_release/apis/3.0/\""
	bridge_start
	[ "$(asked GET login)" = 0 ]
}

@test "an unknown company id is called that" {
	failing
	setting connectwise.company '"nobody"'
	bridge_run
	says 'company id'
}

@test "refused keys are called that, and intake goes on" {
	failing
	setting connectwise.public_key '"WrongKey"'
	bridge_run
	says 'refused the keys'
	event e1
	[ "$(state_of e1)" = held ]
}

@test "keys that the cloud answers with 404 are called that too" {
	failing
	admin POST /config '{"auth_failure_status":404}'
	setting connectwise.public_key '"WrongKey"'
	bridge_run
	says 'keys'
}

@test "a wrong clientId is named, with where to get one" {
	failing
	admin POST /config '{"restrict_client_id":"aaaaaaaa-4b5a-4978-8796-a5b4c3d2e1f0"}'
	bridge_run
	says 'clientId'
	says 'developer.connectwise.com'
}

@test "keys mended by a reload are taken without a restart" {
	setting connectwise.public_key '"WrongKey"'
	bridge_run
	says 'refused the keys'
	setting connectwise.public_key '"SandboxPublic01"'
	bridge_reload
	await "the daemon to be connected" connected
}

# new_key TEXT: into the file that the configuration names
new_key() { printf '%s' "$1" >"$DIR/private.key"; }

@test "a new key is proven, then taken over without a pause" {
	bridge_start
	map_three
	admin POST /config '{"private_key":"SandboxPrivate-second"}' >/dev/null
	new_key SandboxPrivate-second
	opb reload
	logged 'msg="login changed" key=[0-9a-f]* was_key=[0-9a-f]* proven=yes'
	connected
	event e1
	settle
	[ "$(ticket_count)" = 1 ]
	if grep -q SandboxPrivate "$DIR/bridge.log"; then false; fi
	if logged 'refused the keys'; then false; fi
}

@test "a new key that is refused never replaces one that works" {
	bridge_start
	map_three
	new_key not-the-key
	run opb reload
	[ "$status" = 78 ]
	[[ $output == *"the old one stays in use"*"refused the keys"* ]]
	connected
	event e1
	settle
	[ "$(ticket_count)" = 1 ]
	kill -HUP "$BRIDGE_PID"
	await "the second refusal" eval '[ "$(grep -c "reload refused" "$DIR/bridge.log")" = 2 ]'
	connected
}

@test "while a new key is being proven the old one goes on working" {
	bridge_start
	map_three
	new_key not-the-key
	fault hang GET 'company/companies'
	kill -HUP "$BRIDGE_PID"
	await "the trial" logged 'trying the new login'
	event e1
	settle
	[ "$(ticket_count)" = 1 ]
	await "the end of the trial" logged 'the new login does not work'
	new_key SandboxPrivate-7d1f4c09
	fault_gone
	opb reload
}

@test "a reload during a trial counts instead of it" {
	bridge_start
	new_key not-the-key
	fault hang GET 'company/companies'
	kill -HUP "$BRIDGE_PID"
	await "the trial" logged 'trying the new login'
	new_key SandboxPrivate-7d1f4c09
	opb reload
	if logged 'reload refused'; then false; fi
	bridge_stop
}

@test "a missing permission is named as the row to change" {
	may "Service Tickets" '"add":"None"'
	bridge_start
	map_three
	event e1
	says 'Service Desk > Service Tickets'
	[ "$(opb status --json | jq -r '.permissions[] | select(.function == "Service Tickets" and .level == "Add") | .state')" = missing ]
	NO_ORACLE=1
}

@test "a certificate nobody vouches for is refused: no credentials leave" {
	failing
	fault cert_unknown_ca '*' '*' '"times":0'
	bridge_run
	says 'certificate'
	[ "$(asked GET .)" = 0 ]
}

@test "certificates of another host and expired ones are refused" {
	failing
	fault cert_bad_host '*' '*' '"times":0'
	bridge_run
	says 'certificate'
	bridge_stop
	fault_gone
	fault cert_expired '*' '*' '"times":0'
	: >"$DIR/bridge.log"
	bridge_run
	says 'certificate'
}

@test "a redirect is never followed, and its target is named" {
	failing
	fault redirect GET 'company/*' '"times":0,"location":"https://evil.example/"'
	bridge_run
	says 'evil.example'
}

@test "an HTML page in between is called that" {
	failing
	fault html GET 'company/*' '"times":0,"status":200'
	bridge_run
	says 'a web page answered'
}

@test "429 is waited out as asked, and nothing doubles" {
	bridge_start
	map_three
	fault rate_limit POST service/tickets '"retry_after":"1"'
	event e1
	settle
	[ "$(ticket_count)" = 1 ]
}

@test "when ConnectWise is away the breaker opens, and closes by itself when it is back" {
	bridge_start
	map_three
	fault shut '*' '*' '"times":0'
	event e1
	says 'breaker opened'
	opb status | grep -i breaker
	fault_gone
	settle
	[ "$(ticket_count)" = 1 ]
}

@test "every request names the version of opbridge, and its request id is logged" {
	bridge_start
	map_three
	event e1
	settle
	grep -q 'request_id=' "$DIR/bridge.log"
}

@test "the check proves each required permission, and creates nothing" {
	bridge_start
	opb check
	[ "$(ticket_count)" = 0 ]
	for level in add edit inquire; do
		may "Service Tickets" "\"$level\":\"None\""
		run opb check
		[ "$status" = 78 ]
		[[ ${output,,} == *"service tickets"*"set $level to all"* ]]
		may "Service Tickets" "\"$level\":\"All\""
	done
	opb check
}

@test "when a missing permission returns, what waited for it goes out at once" {
	may "Service Tickets" '"add":"None"'
	bridge_start
	map_three
	event e1
	says 'permission missing'
	may "Service Tickets" '"add":"All"'
	opb check
	settle
	[ "$(did_of e1)" = created ]
}

@test "status never calls a connection good while the breaker is open" {
	bridge_start
	map_three
	fault shut '*' '*' '"times":0'
	event e1
	says 'breaker opened'
	[ "$(opb status --json | jq -r .connection.state)" = failed ]
	opb status | grep -A30 'waits for' | grep -q 'could not be reached'
	opb metrics | grep -x 'opbridge_connected 0'
	fault_gone
	settle
}

@test "a person can have a waiting event tried at once" {
	setting delivery.backoff_base '"1min"'
	setting delivery.backoff_cap '"1h"'
	bridge_start
	map_three
	fault rate_limit POST service/tickets '"retry_after":"0"'
	event e1
	says 'tries again later'
	opb retry e1 || delivered e1 # unless the dice gave it a short wait
	await "it to be delivered" delivered e1
}
delivered() { [ "$(state_of "$1")" = delivered ]; }
