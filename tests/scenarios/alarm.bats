# The emergency contact: what is told, when, how often, and that it never stands in anybody's way.
bats_require_minimum_version 1.5.0
load bridge_helper
load ../smtp/smtp_helper

bridge_setup() {
	bridge_start
	map_three
}
alarm_settings() {
	setting alarm.mail_to '"oncall@example.com, it@example.com"'
	setting alarm.mail_from '"opbridge@example.com"'
	setting alarm.smtp "\"smtp://localhost:$SMTP_PORT\""
	setting alarm.smtp_user '"bridge"'
	setting alarm.smtp_password_file "\"$DIR/smtp.password\""
	setting alarm.smtp_ca_file "\"$DIR/smtp/ca.pem\""
	setting alarm.smtp_timeout '"3s"'
	setting alarm.hold '"100ms"'
	setting alarm.remind_every '"0s"'
	setting alarm.disk_free '"0%"'
	printf '%s\n' "$SMTP_PASSWORD" >"$DIR/smtp.password"
	chmod 600 "$DIR/smtp.password"
}
setup() {
	scenario_begin
	smtp_start
	alarm_settings
}
teardown() {
	local status=0
	smtp_stop
	scenario_end || status=1
	! grep -rlaF "$SMTP_PASSWORD" "$DIR/bridge.log" "$DIR"/queue.db* "$DIR/smtp/mail" >&2 || status=1
	return $status
}
# told N: wait for the N-th mail
told() { await "mail number $1" has_mails "$1"; }
subject() { mail_part "$1" subject; }
text() { mail_part "$1" text; }
sign_in() { opb submit --id "$1" --domain "${2:-contoso.com}" --type "Too Many Logins" --entity user="$1@contoso.com" >/dev/null; }
alarms() { opb status --json | jq -r '[.alarm.active[].cause] | join(" ")'; }
alarm_is() { [ "$(alarms)" = "$1" ]; }

@test "refused keys are told once, with what it means and what to do, and their end once" {
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	bridge_run
	told 1
	[ "$(jq -r '.to | join(" ")' "$DIR/smtp/mail/1.json")" = "oncall@example.com it@example.com" ]
	[ "$(jq -r '.tls, .user' "$DIR/smtp/mail/1.json" | xargs)" = "true bridge" ]
	[[ $(mail_part 1 subject) == "[opbridge "*"] Problem: ConnectWise refuses the keys" ]]
	[ "$(mail_part 1 Auto-Submitted)" = auto-generated ]
	mail_part 1 text | grep 'For your customers: No ticket is created'
	mail_part 1 text | grep 'What to do: .*System > Members > API Members'
	[ "$(alarms)" = keys ]
	opb metrics | grep -x 'opbridge_alarm{cause="keys"} 1'
	opb status | grep -A3 '^ *alarm' | grep 'ConnectWise refuses the keys'
	setting connectwise.public_key '"SandboxPublic01"'
	bridge_reload
	told 2
	[[ $(mail_part 2 subject) == *"Over: ConnectWise refuses the keys" ]]
	opb metrics | grep -x 'opbridge_alarm{cause="keys"} 0'
	[ "$(mails)" = 2 ]
}

@test "a certificate nobody vouches for is told as that" {
	NO_ORACLE=1
	fault cert_unknown_ca '*' '*' '"times":0'
	bridge_run
	told 1
	[[ $(subject 1) == *"Problem: the certificate of ConnectWise is not trusted" ]]
	text 1 | grep 'What to do: .*connectwise.ca_file'
	fault_gone
	told 2
	[[ $(subject 2) == *"Over: the certificate"* ]]
}

@test "a lost permission is told with the row to change" {
	bridge_setup
	may "Service Tickets" '"add":"None"'
	event e1
	told 1
	[[ $(subject 1) == *"Problem: the API member lost a permission in ConnectWise" ]]
	text 1 | grep 'set to All: Service Desk > Service Tickets: Add\. '
	may "Service Tickets" '"add":"All"'
	opb check
	told 2
	[[ $(subject 2) == *"Over: the API member lost a permission"* ]]
	settle
}

@test "a second permission that is lost is news, and what flaps for less than the hold time is none" {
	setting alarm.hold '"1s"'
	bridge_setup
	for _ in 1 2; do
		may "Service Tickets" '"add":"None"'
		opb check >/dev/null || true
		may "Service Tickets" '"add":"All"'
		opb check >/dev/null
	done
	[ "$(grep -c 'permission missing' "$DIR/bridge.log")" = 2 ]
	setting alarm.hold '"10ms"' # worse is told once in 60 of them
	bridge_reload
	may "Service Tickets" '"add":"None","edit":"None"'
	opb check >/dev/null || true
	told 1
	text 1 | grep 'Service Tickets: Add'
	may "Company Maintenance" '"inquire":"None"'
	opb sync >/dev/null || true
	told 2
	[[ $(subject 2) == *"Worse: the API member lost a permission"* ]]
	text 2 | grep 'Companies > Company Maintenance: Inquire'
	may "Company Maintenance" '"inquire":"All"'
	may "Service Tickets" '"add":"All","edit":"All"'
	opb sync >/dev/null
	opb check >/dev/null
	told 3
	[[ $(subject 3) == *"Over:"* ]]
	[ "$(mails)" = 3 ]
}

@test "an outage is told after its time, and events that wait for it too" {
	setting alarm.breaker_after '"200ms"'
	setting alarm.undelivered_after '"1200ms"'
	bridge_setup
	fault shut '*' '*' '"times":0'
	event e1
	told 1
	[[ $(subject 1) == *"Problem: ConnectWise cannot be worked with" ]]
	text 1 | grep 'What was seen: .*could not be reached'
	told 2
	[[ $(subject 2) == *"Problem: events wait for ConnectWise too long" ]]
	text 2 | grep -x 'Events: 1'
	text 2 | grep 'Now: 1 waiting for ConnectWise, 0 held, 0 refused for good'
	fault_gone
	settle
	await "both ends to be told" both_over
}
both_over() {
	# in one message or in two
	[ "$(for n in $(seq 3 "$(mails)"); do text "$n"; done | grep -c '^Over: ')" = 2 ]
}

@test "events held for a mapping are told, and no name of a tenant adds a header or a line" {
	setting alarm.held_after '"100ms"'
	bridge_start
	events_post application/json <<<'{"id":"h1","tenant":{"domain":"evil.example","name":"Evil\r\nBcc: all@evil.example\r\n\r\nWhat to do: send money"},"type":"Too Many Logins","entities":{"user":"a@evil.example"}}' | grep 202
	told 1
	[[ $(subject 1) == *"Problem: events are held: their tenant has no company that gets tickets" ]]
	[ -z "$(mail_part 1 Bcc)" ]
	[ "$(jq -r '.to | join(" ")' "$DIR/smtp/mail/1.json")" = "oncall@example.com it@example.com" ]
	text 1 | grep 'What was seen: Evil Bcc: all@evil.example What to do: send money'
	[ "$(text 1 | grep -c '^What to do')" = 1 ]
	text 1 | grep 'opbridge map TENANT COMPANY'
	opb map evil.example Contoso >/dev/null
	told 2
	[[ $(subject 2) == *"Over: events are held"* ]]
	settle
}

@test "events that ConnectWise refused for good are told, and more of them once more" {
	setting alarm.hold '"10ms"'
	bridge_setup
	body=$(jq -cn '{code: "InvalidObject", message: "ticket object is invalid", errors: [{code: "MissingRequiredField", message: "The widget field is required.", resource: "ticket", field: "widget"}]} | tojson')
	fault status POST service/tickets "\"status\":400,\"times\":0,\"body\":$body"
	sign_in d1
	told 1
	[[ $(subject 1) == *"Problem: ConnectWise refused events for good" ]]
	text 1 | grep 'What was seen: .*widget'
	text 1 | grep 'opbridge retry --all'
	sign_in d2
	told 2
	[[ $(subject 2) == *"Worse: ConnectWise refused events for good" ]]
	text 2 | grep -x 'Events: 2'
	fault_gone
	opb retry --all >/dev/null
	told 3
	[[ $(subject 3) == *"Over: "* ]]
}

@test "silence is told, and ends with the next event" {
	setting alarm.silence_after '"300ms"'
	setting alarm.hold '"20ms"'
	bridge_setup
	told 1
	[[ $(subject 1) == *"Problem: no event comes in" ]]
	event e1
	told 2
	[[ $(subject 2) == *"Over: no event comes in" ]]
	settle
}

@test "little room is told, and what begins together goes in one message" {
	setting alarm.disk_free '"1023GiB"'
	setting alarm.hold "\"$([ -n "${VALGRIND:-}" ] && echo 6s || echo 400ms)\""
	NO_ORACLE=1
	setting connectwise.public_key '"WrongKey"'
	bridge_run
	told 1
	[[ $(subject 1) == *"Problem: ConnectWise refuses the keys (+ 1 more)" ]]
	text 1 | grep -x 'Problem: little room is left for events'
	text 1 | grep 'What was seen: .*queue.db: .*MiB free'
	[ "$(alarms)" = "keys room" ]
	setting connectwise.public_key '"SandboxPublic01"'
	setting alarm.disk_free '"1MiB"'
	bridge_reload
	told 2
	[ "$(text 2 | grep -c '^Over: ')" = 2 ]
	[ "$(mails)" = 2 ]
}

@test "a restart neither repeats nor forgets" {
	setting connectwise.public_key '"WrongKey"'
	setting alarm.breaker_after '"0s"'
	NO_ORACLE=1
	bridge_run
	told 1
	bridge_stop
	: >"$DIR/bridge.log"
	bridge_run
	await "the keys to be refused again" logged 'refused the keys'
	alarm_is keys
	bridge_kill
	setting connectwise.public_key '"SandboxPublic01"'
	bridge_start
	told 2
	[[ $(subject 2) == *"Over: ConnectWise refuses the keys" ]]
	alarm_is ""
	[ "$(mails)" = 2 ]
	bridge_stop
	[ "$(mails)" = 2 ]
}

@test "a login that the mail server refuses is named with its words and the remedy, and tried again" {
	printf 'wrong\n' >"$DIR/smtp.password"
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	bridge_run
	await "the failure to be logged" logged 'alarm could not be told.*535.*alarm.smtp_user and its password'
	opb status | grep 'mail fails: .*535'
	opb metrics | grep -E '^opbridge_alarm_messages_total\{way="mail",result="failed"\} [1-9]'
	run opb check --mail
	[ "$status" = 78 ]
	[[ $output == *"✓ mail server"*"✗ mail"*"535"* ]]
	[ "$(mails)" = 0 ]
	printf '%s' "$SMTP_PASSWORD" >"$DIR/smtp.password"
	bridge_reload
	told 1
	[[ $(subject 1) == *"ConnectWise refuses the keys" ]]
	# once, and once more if a try was under way at the reload
	[ "$(grep -c 'level=error.*alarm could not be told' "$DIR/bridge.log")" -le 2 ]
}

@test "a mail server that repeats the password as it refuses it does not get it shown anywhere" {
	local both
	both=$(printf '\0bridge\0%s' "$SMTP_PASSWORD" | base64 -w0)
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	smtp_fault repeat plain
	bridge_run
	await "the failure to be logged" logged 'alarm could not be told.*535'
	smtp_fault repeat
	run opb check --mail
	[[ $output == *"535"* ]]
	[[ $output != *"$SMTP_PASSWORD"* && $output != *"$both"* ]]
	opb status --json >"$DIR/status"
	[ -z "$(grep -laF -e "$SMTP_PASSWORD" -e "$both" "$DIR/status" "$DIR/bridge.log" "$DIR"/queue.db*)" ]
}

@test "a test that waits for a way which is then taken out of the configuration ends" {
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	smtp_fault hang
	bridge_run
	await "a mail that hangs" test -s "$DIR/smtp/hangs"
	curl -sS --unix-socket "$DIR/control.sock" -X POST http://x/v1/test-alarm | jq -e .check.running
	sed -i '/^alarm\.smtp/d; /^alarm\.mail/d' "$DIR/settings"
	bridge_reload
	await "the test to end" sh -c "curl -sS --unix-socket '$DIR/control.sock' http://x/v1/test-alarm | jq -e '.check.running | not'"
}

@test "a mail server that is down is tried until it is back, also over a restart, and told once" {
	smtp_stop
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	bridge_run
	await "the failure to be logged" logged 'alarm could not be told'
	run opb check --mail
	[ "$status" = 69 ]
	bridge_stop
	smtp_start --port "$SMTP_PORT"
	bridge_run
	told 1
	[[ $(subject 1) == *"Problem: ConnectWise refuses the keys" ]]
	setting connectwise.public_key '"SandboxPublic01"'
	bridge_reload
	told 2
	[[ $(subject 2) == *"Over:"* ]]
}

@test "what began and ended while no mail could leave is told as over" {
	smtp_stop
	setting alarm.smtp_timeout '"200ms"'
	bridge_setup
	may "Service Tickets" '"add":"None"'
	opb check >/dev/null || true
	await "the failure to be logged" logged 'alarm could not be told'
	may "Service Tickets" '"add":"All"'
	opb check >/dev/null
	await "the log to say it is over" logged 'alarm over'
	smtp_start --port "$SMTP_PORT"
	told 1
	[[ $(subject 1) == *"Over: the API member lost a permission"* ]]
	text 1 | grep -E '^Since: .* until '
}

@test "a mail server that says nothing is complained of once, however long each try took" {
	[ -z "${VALGRIND:-}" ] || skip "it is about time, and valgrind takes too much of it"
	setting alarm.smtp_timeout '"100ms"'
	smtp_fault hang
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	bridge_run
	await "five tries" tried_mail 5
	[ "$(grep -c 'level=error.*alarm could not be told' "$DIR/bridge.log")" = 1 ]
}
tried_mail() { (($(opb metrics | sed -n 's/^opbridge_alarm_messages_total{way="mail",result="failed"} //p') >= $1)); }

@test "without STARTTLS nothing is sent, least of all the password" {
	smtp_stop
	smtp_start --tls none
	setting alarm.smtp "\"smtp://localhost:$SMTP_PORT\""
	bridge_setup
	run opb check --mail
	[ "$status" = 78 ]
	[[ $output == *"✗ mail"*"no STARTTLS"* ]]
	[ "$(mails)" = 0 ]
}

@test "a mail server whose certificate nobody vouches for gets nothing" {
	setting alarm.smtp_ca_file "\"$DIR/cw/ca.pem\""
	bridge_setup
	run opb check --mail
	[ "$status" = 78 ]
	[[ $output == *"certificate is not trusted"*"alarm.smtp_ca_file"* ]]
	setting alarm.smtp_ca_file "\"$DIR/smtp/ca.pem\""
	setting alarm.smtp "\"smtp://127.0.0.2:$SMTP_PORT\""
	bridge_reload
	run opb check --mail
	[ "$status" -ne 0 ]
	[ "$(mails)" = 0 ]
}

@test "TLS from the start works, and plain mail without a login to this machine" {
	smtp_stop
	smtp_start --tls smtps
	setting alarm.smtp "\"smtps://localhost:$SMTP_PORT\""
	bridge_setup
	opb check --mail | grep 'Taken as number 1'
	[ "$(jq -r .tls "$DIR/smtp/mail/1.json")" = true ]
	smtp_stop
	smtp_start --tls none --user ''
	setting alarm.smtp "\"smtp://localhost:$SMTP_PORT\""
	setting alarm.smtp_user '""'
	setting alarm.smtp_tls '"none"'
	bridge_reload
	opb check --mail
	[ "$(jq -r '.tls, .user' "$DIR/smtp/mail/1.json" | xargs)" = "false null" ]
}

@test "a mail server that hangs never delays an event, and stopping does not wait for it long" {
	setting alarm.smtp_timeout '"1min"'
	setting delivery.stop_timeout '"200ms"'
	smtp_fault hang
	may "Member Maintenance" '"inquire":"None"'
	bridge_setup
	setting alarm.silence_after '"10ms"'
	bridge_reload
	await "a mail to hang" test -s "$DIR/smtp/hangs"
	event e1
	settle
	[ "$(state_of e1)" = delivered ]
	[ "$(mails)" = 0 ]
	oracle
	asked=$EPOCHREALTIME
	bridge_stop
	[ $((${EPOCHREALTIME%.*} - ${asked%.*})) -lt 30 ]
	grep -A9 'msg="stopping' "$DIR/bridge.log" | grep 'msg=stopped'
}

@test "a mail server that never says good-bye holds nothing up" {
	smtp_fault stay
	bridge_setup
	run timeout 10 "$BIN/opbridge" --socket "$DIR/control.sock" check --mail
	[ "$status" = 0 ]
	[ "$(cat "$DIR/smtp/quits")" = QUIT ]
	printf 'wrong\n' >"$DIR/smtp.password"
	bridge_reload
	run timeout 10 "$BIN/opbridge" --socket "$DIR/control.sock" check --mail
	[ "$status" = 78 ]
	[[ $output == *535* ]]
}

@test "one address that is refused does not keep the others from being told" {
	smtp_fault refuse it@example.com
	bridge_setup
	run opb check --mail
	[ "$status" = 0 ]
	[[ $output == *"550"* ]]
	[ "$(jq -r '.to | join(" ")' "$DIR/smtp/mail/1.json")" = "oncall@example.com" ]
	logged 'alarm mail refused for one of the addresses'
	smtp_fault refuse
	run opb check --mail
	[ "$status" = 78 ]
	[[ $output == *"✗ mail"*"550"*"alarm.mail_to"* ]]
}

# hook SCRIPT-TEXT: the command of the emergency contact
hook() {
	printf '#!/bin/bash\n%s\n' "$1" >"$DIR/hook"
	chmod 700 "$DIR/hook"
	setting alarm.hook "\"$DIR/hook\""
}

@test "a command is told as well: JSON on its input, a clean environment, no descriptors" {
	hook "cat >'$DIR/hook.json'; env >'$DIR/hook.env'; ls /proc/self/fd >'$DIR/hook.fds'; echo said so; touch '$DIR/hook.ran'"
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	SECRET_OF_MINE=x bridge_run
	told 1
	await "the command" test -e "$DIR/hook.ran"
	[ "$(jq -r '.kind, .alarms[0].cause, .alarms[0].kind' "$DIR/hook.json" | xargs)" = "raised keys raised" ]
	jq -r '.alarms[0].remedy' "$DIR/hook.json" | grep 'API Members'
	grep -x 'OPBRIDGE_ALARM_KIND=raised' "$DIR/hook.env"
	grep -x 'OPBRIDGE_ALARM_CAUSES=keys' "$DIR/hook.env"
	[ "$(grep -c SECRET "$DIR/hook.env")" = 0 ]
	# 0 1 2, and the one that ls itself opens
	[ "$(wc -l <"$DIR/hook.fds")" -le 4 ]
	await "its output in the log" logged 'said so'
	await "both to be told" logged 'alarm told" way=hook'
	run opb status
	[[ $output == *"told "* ]]
}

@test "a command that hangs is ended, with what it started, and tried again; mail does not wait for it" {
	hook "trap '' TERM; echo \$\$ >>'$DIR/hook.pids'; sleep 600 & echo \$! >>'$DIR/hook.pids'; while :; do sleep 600; done"
	setting alarm.hook_timeout '"300ms"'
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	bridge_run
	told 1
	await "the command to be ended" logged 'alarm could not be told.*killed after alarm.hook_timeout'
	first=$(head -n 1 "$DIR/hook.pids")
	await "it to be gone" gone "$first"
	await "its child to be gone" gone "$(sed -n 2p "$DIR/hook.pids")"
	hook "touch '$DIR/hook.ran'"
	await "the next try" test -e "$DIR/hook.ran"
	[ "$(mails)" = 1 ]
}
gone() { ! kill -0 "$1" 2>/dev/null; }

@test "a command that fails is named with its status and words, one that is gone with what to look at" {
	hook 'echo no pager today >&2; exit 3'
	setting alarm.mail_to '""'
	setting alarm.smtp '""'
	bridge_setup
	run opb check --mail
	[ "$status" = 78 ]
	[[ $output == *"✗ command"*"status 3"*"no pager today"* ]]
	[ -z "${VALGRIND:-}" ] || return 0 # it makes a fork of vfork, so the parent does not hear that there is no such file
	rm "$DIR/hook"
	run opb check --mail
	[ "$status" = 78 ]
	[[ $output == *"ExecPaths="* ]]
}

@test "without anybody to tell, the log and the status tell, and the check says how to set it" {
	setting alarm.mail_to '""'
	setting alarm.smtp '""'
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	bridge_run
	await "the log to tell" logged 'msg=alarm cause=keys'
	alarm_is keys
	run opb check --mail
	[ "$status" = 78 ]
	[[ $output == *"✗ emergency contact"*"alarm.mail_to"* ]]
}

@test "what lasts is reminded of, and the reminder says so" {
	setting alarm.remind_every '"400ms"'
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	bridge_run
	told 3
	[[ $(subject 1) == *"Problem: "* ]]
	[[ $(subject 2) == *"Still: ConnectWise refuses the keys" ]]
	[[ $(subject 3) == *"Still: "* ]]
}

@test "over the limit of an hour nothing more is sent, and the last message says so" {
	setting alarm.per_hour 1
	bridge_setup
	may "Service Tickets" '"add":"None"'
	opb check >/dev/null || true
	told 1
	text 1 | grep 'limit of messages in an hour'
	may "Service Tickets" '"add":"All"'
	opb check >/dev/null
	await "the log to say it is over" logged 'alarm over'
	bridge_stop
	bridge_start
	setting alarm.per_hour 2
	bridge_reload
	told 2
	[[ $(subject 2) == *"Over: "* ]]
	[ "$(mails)" = 2 ]
}

@test "a full disk is told while nothing can be written, and its end" {
	under_host_faults
	bridge_setup
	sign_in before
	settle
	host_fault write ENOSPC 1 0 queue.db
	run opb submit --wait 0 --id full --domain contoso.com --type "Too Many Logins" --entity user=full@contoso.com
	[ "$status" = 75 ]
	told 1
	[[ $(subject 1) == *"Problem: the queue cannot be written" ]]
	text 1 | grep 'New events are refused'
	host_fault_gone
	told 2
	[[ $(subject 2) == *"Over: the queue cannot be written" ]]
	sign_in after
	settle
}

@test "messages follow the language of the tickets" {
	setting ticket.language '"fr"'
	setting connectwise.public_key '"WrongKey"'
	NO_ORACLE=1
	bridge_run
	told 1
	[[ $(subject 1) == *"Problème : ConnectWise refuse les clés" ]]
	text 1 | grep "Que faire : .*l'onglet API Keys"
	grep -aq '^Subject: =?UTF-8?B?' "$DIR/smtp/mail/1.eml"
	[ "$(grep -acP '[^\x00-\x7f]' "$DIR/smtp/mail/1.eml")" = 0 ]
}

# tell_failure: as opbridged-failed.service does, with what systemd says of the unit
tell_failure() {
	write_conf
	MONITOR_SERVICE_RESULT=exit-code MONITOR_EXIT_STATUS=78 timeout 20 "$BIN/opbridged" -c "$DIR/opbridge.conf" --tell-failure >>"$DIR/bridge.log" 2>&1 3>&-
}

@test "a daemon that stays ended is told by every way, though its configuration is what is wrong" {
	hook "cat >'$DIR/hook.json'"
	setting delivery.slots 99
	setting connectwise.private_key_file '"/nowhere/private.key"'
	tell_failure
	[ "$(mails)" = 1 ]
	[[ $(subject 1) == *"Problem: opbridge has stopped, and does not start again by itself" ]]
	text 1 | grep -F "What was seen: exit-code, status 78; $DIR/opbridge.conf:"
	text 1 | grep 'What to do: .*systemctl status opbridged'
	[ "$(jq -r '.alarms[0].cause' "$DIR/hook.json")" = stopped ]
	logged 'the service ended.*saw="exit-code, status 78'
	logged 'alarm told" way=mail'
	logged 'alarm told" way=hook'
	[ ! -e "$DIR/queue.db" ]
	[ ! -e "$DIR/control.sock" ]
}

@test "the end of the daemon that cannot be told is said in the log and by the exit code" {
	smtp_stop
	run tell_failure
	[ "$status" = 69 ]
	logged 'level=error.*alarm could not be told" way=mail'
	run ! logged next_try_ms
	hook "touch '$DIR/hook.ran'"
	setting alarm.smtp_password_file "\"$DIR/nowhere\"" # one way has a fault: the other is taken
	tell_failure
	[ -e "$DIR/hook.ran" ]
	setting alarm.hook '""'
	tell_failure
	logged 'level=warn.*nobody is told of it'
	write_conf() { echo 'alarm = {' >"$DIR/opbridge.conf"; }
	run tell_failure
	[ "$status" = 78 ]
	logged 'whom to tell cannot be read'
}
